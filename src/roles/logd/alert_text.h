#ifndef RENDEZ_ROLES_LOGD_ALERT_TEXT_H
#define RENDEZ_ROLES_LOGD_ALERT_TEXT_H

#include "formats/mime/mime.h"
#include "platform/monitor/monitor.h"
#include "roles/config/config.h"

/* What people and programs get to read of an alert: fixed words and numbers only. */

/* The mail of a delivery, to alerts.mail (or, escalated, alerts.escalate); texts in the arena. */
void alert_mail(const struct config *config, const struct alert *alert, const struct delivery *delivery,
                struct instant now, struct arena *arena, struct mail_draft *out);
/* {"event": "opened", "alert": {…}, "service": URL}, for the webhook. */
struct slice alert_call(const struct config *config, const struct alert *alert, const struct delivery *delivery,
                        struct arena *arena);
/* "t=SECONDS,v1=HEX": HMAC-SHA256 of "SECONDS.BODY" under the secret. */
struct slice alert_signature(struct slice secret, struct slice body, struct instant now, struct arena *arena);
/* {"alerts": […]}, for the command line and the page. */
struct slice alert_list_json(const struct alert_list *alerts, struct arena *arena);
/* The event's sentence in that language ("fr" or "en"), without its end. */
const char *alert_sentence(struct slice kind, bool french);

#endif
