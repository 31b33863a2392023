#ifndef RENDEZ_PLATFORM_TRANSFERS_H
#define RENDEZ_PLATFORM_TRANSFERS_H

#include "platform/loop/loop.h"

/* libcurl's transfers inside a role's loop: several at a time, none of them blocks. The one
 * place that joins the two; who uses it sets up easy handles. This header does without
 * libcurl's own, which brings in system headers whose names are taken here. */
struct transfers;
typedef void curl_handle; /* CURL */
typedef int curl_result;  /* CURLcode */

/* Before the sandbox: libcurl and TLS load what they load lazily. */
MUST_USE enum status transfers_create(struct loop *loop, unsigned connections_max,
                                      struct transfers **out, struct problem *why);
/* Every transfer must have been removed. */
void transfers_destroy(struct transfers **transfers); /* accepts NULL */

/* Begins one. `done` comes from the loop, never from inside, once. The easy handle stays
 * the caller's, who takes it out (in `done`, or before, or later: the connection of
 * CURLOPT_CONNECT_ONLY lives until then) and only then cleans it up. */
typedef void transfer_done_fn(void *context, curl_result code);
MUST_USE enum status transfers_add(struct transfers *transfers, curl_handle *easy, transfer_done_fn *done,
                                   void *context, struct problem *why);
void transfers_remove(struct transfers *transfers, curl_handle *easy);

/* How a mail server is reached. */
enum transfer_tls {
    TRANSFER_PLAIN,
    TRANSFER_TRY,      /* STARTTLS where there is one, whatever the certificate (RFC 7435) */
    TRANSFER_STARTTLS, /* required, certificate verified */
    TRANSFER_IMPLICIT, /* TLS from the first byte (RFC 8314), certificate verified */
};
struct transfer_server {
    const char *host;
    uint16_t port;
    enum transfer_tls tls;
    const char *ca_file;        /* PEM; NULL: the system's */
    const char *user, *password; /* NULL: no login. Never sent without verified TLS */
};
/* Sets what holds for any mail server: URL "SCHEME[s]://host:port/PATH", TLS 1.2 at least,
 * no proxy, no netrc, login.
 *   scheme  "imap", "smtp"
 * ST_INVALID  a login without verified TLS, to another machine */
MUST_USE enum status transfer_prepare(curl_handle *easy, const char *scheme, const char *path,
                                      const struct transfer_server *server, struct problem *why);
/* Whose fault a failure is, and in words without anything that the server said. */
enum transfer_fault {
    TRANSFER_FAULT_OTHER, /* ST_UNAVAILABLE: later may be better */
    TRANSFER_FAULT_LOGIN, /* ST_DENIED: user or password */
    TRANSFER_FAULT_TRUST, /* ST_DENIED: the certificate, or our list of authorities */
};
enum transfer_fault transfer_failure(curl_result code, const char *what, struct problem *why);

#endif
