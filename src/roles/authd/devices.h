#ifndef RENDEZ_ROLES_AUTHD_DEVICES_H
#define RENDEZ_ROLES_AUTHD_DEVICES_H

#include "roles/authd/internal.h"

/* Of a question of the console: fills call->device, or refuses with the word "device" (no certificate of ours for a
 * device, or one that counts no more), "network" (from outside of the supervision network) or "posture" (its last report
 * is older than a minute, or not good).
 *   posture  whether that counts here */
MUST_USE enum status check_device(struct call *call, bool posture);

/* A command, {"items": [{"item", "state", …}]}: the device says how it is. */
enum status device_report_take(struct call *call);

#endif
