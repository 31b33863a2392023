/* doctor: whether somebody hears of a fault of the service. */
#include <sys/stat.h>

#include "roles/cli/doctor.h"

enum { SECRET_BYTES_MIN = 16 };

static void check_people(struct doctor *doctor)
{
    const struct config *config = &doctor->config;
    if (config->alerts.mail.len == 0 && config->alerts.webhook.len == 0)
        doctor_say(doctor, "alerts", FINDING_WARNING, "set alerts.mail",
                   "nobody is told when a process of the service falls");
    else if (config->mode == CONFIG_SANDBOX && config->alerts.webhook.len == 0)
        doctor_say(doctor, "alerts", FINDING_WARNING, "set alerts.webhook, or another mode",
                   "in a sandbox no mail leaves, alerts neither");
    else
        doctor_say(doctor, "alerts", FINDING_OK, NULL, "%s%s%s hear%s of faults within seconds",
                   config->alerts.mail.len > 0 ? "people by mail" : "",
                   config->alerts.mail.len > 0 && config->alerts.webhook.len > 0 ? " and " : "",
                   config->alerts.webhook.len > 0 ? "the webhook" : "", config->alerts.mail.len > 0 ? "" : "s");
}

static void check_secret(struct doctor *doctor)
{
    struct slice setting = doctor->config.alerts.webhook_secret_file;
    struct stat about;
    if (doctor->config.alerts.webhook.len == 0)
        return;
    if (setting.len == 0)
        doctor_say(doctor, "alerts.webhook", FINDING_UNKNOWN, NULL, "its secret is systemd's credential rendez.webhook");
    else if (stat(arena_text(doctor->arena, setting), &about) < 0)
        doctor_say(doctor, "alerts.webhook", FINDING_FAILED, "see alerts.webhook_secret_file", "its secret is not there");
    else if ((about.st_mode & 0007) != 0)
        doctor_say(doctor, "alerts.webhook", FINDING_FAILED, "chmod 600 it", "others can read its secret");
    else if (about.st_size < SECRET_BYTES_MIN)
        doctor_say(doctor, "alerts.webhook", FINDING_FAILED, "take a longer one", "its secret is too short");
    else
        doctor_say(doctor, "alerts.webhook", FINDING_OK, NULL, "its secret is there");
}

void doctor_check_alerts(struct doctor *doctor)
{
    check_people(doctor);
    check_secret(doctor);
}
