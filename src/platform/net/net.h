#ifndef RENDEZ_PLATFORM_NET_H
#define RENDEZ_PLATFORM_NET_H

#include "base/bytes/bytes.h"

/* HTTP requests to calendar servers, through libcurl. Blocks: for roles that may wait.
 *
 * What it never does: another protocol than http and https; a redirect to another host,
 * port or from https to http; a password over plain http, except to loopback; a proxy or
 * a netrc of the environment; certificates that do not verify; link-local addresses
 * (metadata services of clouds); a body over its limit. */
struct net;

struct net_options {
    const char *ca_file; /* PEM; NULL: the system's */
    const char *certificate_file, *key_file; /* PEM, shown to a server that asks who we are; NULL: none */
    uint32_t connect_ms, total_ms; /* 0: 10 s and 60 s */
};

/* Before a sandbox: libcurl and its TLS library set themselves up. */
MUST_USE enum status net_create(const struct net_options *options, struct net **out,
                                struct problem *why);
void net_destroy(struct net **net);

struct net_request {
    const char *method; /* "GET", "PUT", "PROPFIND" … */
    struct slice url;
    struct slice user, password; /* basic authentication; empty user: none */
    struct slice body;
    const char *content_type; /* with a body */
    int depth;                /* Depth header; -1: none */
    struct slice if_match;    /* an etag with its quotes */
    bool if_none_match_any;   /* If-None-Match: * */
    size_t body_bytes_max;    /* of the answer */
};
struct net_response {
    uint32_t code;      /* HTTP status */
    struct slice url;   /* where the answer came from, after redirects */
    struct slice body, etag, content_type;
};

/* ST_OK for any HTTP answer: the caller looks at the code.
 * ST_INVALID      no http or https URL
 * ST_DENIED       the rules above forbid it; certificate not trusted
 * ST_LIMIT        body too long, too many redirects
 * ST_UNAVAILABLE  no connection, no answer in time */
MUST_USE enum status net_send(struct net *net, const struct net_request *request,
                              struct arena *arena, struct net_response *response,
                              struct problem *why);

/* `reference` as seen from `base`: "/x", "y", "https://…". ST_DENIED when that is on
 * another host than the base (hrefs of a server stay on it). */
MUST_USE enum status net_resolve(struct slice base, struct slice reference, struct arena *arena,
                                 struct slice *url, struct problem *why);
/* "answered 403", as a status: 401 and 403 DENIED, 404 and 410 NOT_FOUND, 409 and 412
 * CONFLICT, 413 and 507 LIMIT, 5xx and 429 UNAVAILABLE, 2xx OK, the rest INVALID. */
enum status net_code_status(uint32_t code, const char *what, struct problem *why);

#endif
