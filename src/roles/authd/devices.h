#ifndef RENDEZ_ROLES_AUTHD_DEVICES_H
#define RENDEZ_ROLES_AUTHD_DEVICES_H

#include "platform/identity/certificates.h"
#include "roles/authd/internal.h"

/* Of a question of the console: fills call->device, or refuses with the word "device" (no certificate of ours for a
 * device, or one that counts no more), "network" (from outside of the supervision network) or "posture" (its last report
 * is older than a minute, or not good).
 *   posture  whether that counts here */
MUST_USE enum status check_device(struct call *call, bool posture);
/* After check_device has refused it: an entry of the log, of each certificate once a minute; ST_OK: it needs none. A step
 * of a transaction. */
MUST_USE enum status note_stranger(struct call *call);

/* Whether it counts: it is of the last POSTURE_SECONDS. */
bool device_is_heard(struct instant reported, struct instant now);

/* A command, {"items": [{"item", "state", "cause"}]}: the device says how it is. A workstation that is not as it must be is an
 * alert (device.posture.failed). */
enum status device_report_take(struct call *call);

#endif
