#include "roles/authd/authd.h"
#include "roles/config/config.h"

struct authd_options authd_options_from(const struct config *config)
{
    return (struct authd_options){
        .public_url = config->public_url,
        .networks = config->access.networks,
        .rooms = config->supervision.rooms,
        .session_idle_minutes = config->identity.session_idle_minutes,
        .session_hours = config->identity.session_hours,
        .invitation_days = config->identity.invitation_days,
        .certificates = {.folder = config->folders.pki,
                         .crl_url = config->pki.crl_url,
                         .person_days = config->pki.person_days,
                         .device_days = config->pki.device_days,
                         .server_days = config->pki.server_days,
                         .crl_hours = config->pki.crl_hours},
        .hosts = config->http.hosts,
        .console_url = config->console.public_url,
        .zone = zone_or_utc(config->assistant.time_zone),
        .door_refuses = slice_equal(config->supervision.door, LIT("refuse")),
    };
}
