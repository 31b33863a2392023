#ifndef RENDEZ_PLATFORM_FETCH_H
#define RENDEZ_PLATFORM_FETCH_H

#include "platform/transfers/transfers.h"

/* One HTTP exchange with somebody else's server, inside the loop. What it never does: another protocol than
 * https (or http to this machine, where allowed); a redirect, which is an answer like any other;
 * addresses of this machine or of a private network, unless allowed; a proxy or netrc of the
 * environment; a certificate that does not verify; cookies; more than so many bytes and seconds. */

struct fetch_rules {
    const char *who; /* "the provider", for problems; lives as long as the fetch */
    bool loopback; /* http and https to this machine */
    bool private_network; /* https to addresses of RFC 1918 and the like */
    struct slice authority; /* PEM: these certificates and no others; empty: the system's */
};
struct fetch_request {
    struct slice url;
    struct slice form; /* application/x-www-form-urlencoded: a POST; empty: a GET */
    struct slice body, type; /* a POST of something else, and its media type; empty: none */
    struct slice header;     /* one more line, "NAME: value"; empty: none */
    struct slice user, password; /* basic authentication (RFC 6749 section 2.3.1); empty: none */
    size_t body_bytes_max;
};
/* status is ST_OK for any answer; the body is borrowed. ST_UNAVAILABLE, ST_DENIED (certificate,
 * address) and ST_LIMIT (the body) are of the exchange. */
typedef void fetch_done_fn(void *context, enum status status, uint32_t code, struct slice body,
                           const struct problem *why);

struct fetch;
/* Everything is copied; the URL is one that was looked at: libcurl takes what it is given, but no other
 * protocol. `done` comes from the loop, once, and never from inside; the fetch ends
 * with it. */
MUST_USE enum status fetch_begin(struct transfers *transfers, const struct fetch_rules *rules,
                                 const struct fetch_request *request, fetch_done_fn *done,
                                 void *context, struct fetch **out, struct problem *why);
void fetch_cancel(struct fetch **fetch); /* accepts NULL; `done` does not come */

#endif
