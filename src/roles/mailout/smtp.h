#ifndef RENDEZ_ROLES_SMTP_H
#define RENDEZ_ROLES_SMTP_H

#include "platform/loop/loop.h"

/* Delivery to our MTA by SMTP (RFC 5321) through libcurl, inside the role's loop: several
 * at a time, connections kept open between them. */

enum smtp_tls { SMTP_TLS_NONE, SMTP_TLS_TRY, SMTP_TLS_REQUIRE };
struct smtp_options {
    const char *host;
    uint16_t port;
    enum smtp_tls tls;
    const char *hello; /* EHLO name */
};
struct smtp;

/* How a delivery ended.
 *   status      ST_OK: the MTA has taken it; ST_UNAVAILABLE: try later; ST_INVALID: never
 *   reply_code  the MTA's last one, or 0 */
struct smtp_result {
    enum status status;
    long reply_code;
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
