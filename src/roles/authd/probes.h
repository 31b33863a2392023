#ifndef RENDEZ_ROLES_AUTHD_PROBES_H
#define RENDEZ_ROLES_AUTHD_PROBES_H

#include "domain/access/posture.h"
#include "platform/identity/certificates.h"
#include "roles/authd/internal.h"
#include "roles/messages/stored_probe.h"

/* What authd tries when the prober asks (messages/probe.h). Before role_enter; *authd is there once it is
 * asked. */
struct entry_probe *authd_probes(struct role *role, struct authd **authd);
struct stored_probe *authd_stored_probe(struct role *role, struct authd **authd); /* stored.c */
/* "rights": every function tries every right that the table does not give it. The argument says, a line each, what a
 * function may have at most ("supervisor requests.read requests.edit"), whatever the table gives. Causes:
 * "right_not_had", "more_than_needed", "closed_allowed", "outside_allowed", "ended_allowed". rights_probe.c */
void authd_rights_probe(struct role *role, struct authd **authd);

/* A trial on the real database: runs in one transaction that is rolled back whatever comes of it, and nobody
 * hears of what was done in it. It must not wait for a hash or for sso. */
typedef enum status trial_fn(struct call *call, struct probe *probe);
MUST_USE enum status authd_try(struct authd *authd, struct probe *probe, trial_fn *fn, struct problem *why);
/* In a trial: a person of a made-up client (who supervises: of a made-up sub-processor), who may sign in, and is the caller
 * from here on. `function`: "organizer", "administrator", "supervisor" … */
MUST_USE enum status made_up_person(struct call *call, const char *function, struct account *out);

/* The same with a password and an authenticator, so that they can sign in; its secret. Later by a minute. */
MUST_USE enum status made_up_member(struct call *call, const char *function, struct account *out,
                                    struct slice *secret);
/* A certificate for it; vpn_probe.c. */
MUST_USE enum status trial_certificate(struct call *call, enum certificate_kind kind, struct slice account,
                                       struct certificate *out);
/* A certificate of that kind, of the account, and the supervision network are where the call comes from; what the device
 * says of itself; devices_probe.c. Where no network is set there is one in the trial (trial_in_a_network). */
MUST_USE enum status trial_comes_from(struct call *call, enum certificate_kind kind, struct slice account);
MUST_USE enum status trial_reports(struct call *call, enum posture_item item, enum posture_state state, struct instant at);
MUST_USE enum status trial_in_a_network(struct authd *authd, struct probe *probe, trial_fn *fn, struct problem *why);
/* Whether every peer that may hold something of somebody who ended was told; access_probe.c. */
bool trial_told_peers(const struct call *call);
/* The same for a device of that kind. */
MUST_USE enum status trial_device(struct call *call, enum device_kind kind, struct slice account, struct certificate *out);
/* Who holds that session is the caller from here on, or nobody. */
MUST_USE enum status trial_caller(struct call *call, struct slice session);
/* A command as a browser asks it; takes the reference `in`. */
MUST_USE enum status trial_ask(struct call *call, call_fn *command, json_t *in);

/* What can be asked of authd, by file; each registers its questions. */
void authd_sign_in_probes(struct role *role, struct authd **authd);
void authd_access_probes(struct role *role, struct authd **authd);
void authd_rows_probes(struct role *role, struct authd **authd);
void authd_vpn_probes(struct role *role, struct authd **authd);
void authd_device_probes(struct role *role, struct authd **authd);
void authd_supervision_probes(struct role *role, struct authd **authd);
void authd_room_probes(struct role *role, struct authd **authd);

#endif
