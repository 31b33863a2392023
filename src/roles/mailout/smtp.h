#ifndef RENDEZ_ROLES_SMTP_H
#define RENDEZ_ROLES_SMTP_H

#include "platform/transfers/transfers.h"

/* Delivery to our MTA (RFC 5321) or submission to a provider (RFC 6409) through libcurl,
 * inside the role's loop: several at a time, connections kept open between them. */

struct smtp_options {
    struct transfer_server server;
    const char *hello; /* EHLO name */
};
struct smtp;

enum { SMTP_ENHANCED_BYTES = 12 }; /* "5.999.999", RFC 3463 */

/* How a delivery ended.
 *   status      ST_OK: the MTA has taken it; ST_UNAVAILABLE: try later; ST_INVALID: never
 *   reply_code  the MTA's last one, or 0
 *   enhanced    its enhanced status code, or ""
 *   login_refused, distrusted  no mail's fault: user and password, or the certificate */
struct smtp_result {
    enum status status;
    long reply_code;
    char enhanced[SMTP_ENHANCED_BYTES];
    bool login_refused, distrusted;
    struct problem why; /* the MTA's words are not in it: they may name people */
};
typedef void smtp_done_fn(void *context, const struct smtp_result *result);

/* Before the sandbox: libcurl and TLS load what they load lazily. */
MUST_USE enum status smtp_create(struct loop *loop, const struct smtp_options *options,
                                 struct smtp **out, struct problem *why);
/* Deliveries under way are dropped without `done`. */
void smtp_destroy(struct smtp **smtp);

/* Begins one; everything is copied. `done` comes from the loop, never from inside. */
MUST_USE enum status smtp_send(struct smtp *smtp, struct slice from, const struct slice *to,
                               size_t to_count, struct slice raw, smtp_done_fn *done,
                               void *context, struct problem *why);

#endif
