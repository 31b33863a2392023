#ifndef RENDEZ_ROLES_PROBER_REACH_H
#define RENDEZ_ROLES_PROBER_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes/bytes.h"

/* A listener, seen from outside: HTTP by libcurl, handshakes by OpenSSL. Apart from check.h, since the
 * headers of libcurl and ours do not go together. */

struct check_response {
    long code;
    struct slice headers; /* lines "Name: value" with CRLF */
    struct slice body;    /* at most 1 MB */
};

/* The value of the nth header of that name (any case), from 0; empty: there is none. */
struct slice check_header(const struct check_response *response, const char *name, size_t nth);

/* One TLS handshake with a listener, offering just this. */
struct check_offer {
    int version_min, version_max; /* 0x0301 (TLS 1.0) to 0x0304 (TLS 1.3) */
    const char *ciphers;          /* of OpenSSL, for TLS 1.2 and before; NULL: any, weak ones too */
    const char *suites;           /* of TLS 1.3; NULL: any */
    const char *signatures;       /* "RSA+SHA1"; NULL: any */
};
struct check_handshake {
    bool accepted;
    int version;         /* 0x0303 … */
    struct slice cipher; /* "TLS_AES_256_GCM_SHA384" */
    struct slice certificate; /* of the server, DER */
};

/* Where, and how long it may take. */
struct reach {
    const char *address; /* in numbers */
    uint16_t port;
    const char *host;    /* the name that is asked for */
    int timeout_ms;
};
struct reach_request {
    const char *url, *method;
    const char *const *headers; /* NULL at the end; or NULL */
    struct slice body;
};

/* What no library offers any more: a ClientHello of our own making (RFC 5246 section 7.4.1.2), and whether the server
 * goes on with it. Lists end with 0; signatures empty: the usual ones. */
enum { HELLO_LIST_MAX = 24 };
struct check_hello {
    uint16_t version; /* 0x0301 … 0x0303 */
    uint16_t ciphers[HELLO_LIST_MAX], signatures[HELLO_LIST_MAX];
};

MUST_USE enum status reach_begin(struct problem *why); /* once, before a sandbox */
void reach_end(void);
/* ST_UNAVAILABLE: no answer */
MUST_USE enum status reach_http(const struct reach *at, const struct reach_request *request,
                                struct arena *arena, struct check_response *out, struct problem *why);
MUST_USE enum status reach_tls(const struct reach *at, const struct check_offer *offer, struct arena *arena,
                               struct check_handshake *out, struct problem *why);
/* *accepted: it answered with a ServerHello. ST_UNAVAILABLE: nobody answers at that port. */
MUST_USE enum status reach_hello(const struct reach *at, const struct check_hello *hello, bool *accepted,
                                 struct problem *why);

#endif
