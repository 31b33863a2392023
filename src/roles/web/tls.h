#ifndef RENDEZ_ROLES_WEB_TLS_H
#define RENDEZ_ROLES_WEB_TLS_H

#include <gnutls/abstract.h>

#include "base/bytes/bytes.h"

/* TLS of the public listener, by GnuTLS under libmicrohttpd. */

enum { TLS_CHAIN_MAX = 10, TLS_RSA_BITS_MIN = 2048, TLS_DIGEST_BYTES = 32 };

/* What GnuTLS may speak: Mozilla's intermediate profile (server side TLS guideline 6.0). */
extern const char tls_priorities[];

/* The certificate chain, the server's own first, and its private key, as PEM in one text; behind them, where
 * clients are asked for certificates, the authorities whose certificates count.
 *   section  of the settings that name the files: "http"
 * A handshake that has begun ends with the identity that it began with: that one is kept for
 * `keep_ms` more, the time that a handshake has.
 * ST_INVALID  unreadable, encrypted, an RSA key that is too short, or the two do not belong
 *             together: the identity stays what it was */
MUST_USE enum status tls_identity_set(struct slice pem, const char *section, int64_t now_ms, int64_t keep_ms,
                                      struct problem *why);
struct slice tls_authorities(struct slice pem); /* of such a text */
void tls_identity_drop(void);

/* MHD_OPTION_HTTPS_CERT_CALLBACK: it has no context, so a process has one identity. */
int tls_identity_get(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
                     const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                     gnutls_pcert_st **chain, unsigned *chain_count, gnutls_privkey_t *key);

/* Clients are asked for a certificate. From outside of `networks` (access_networks_check) no handshake ends well,
 * and with a certificate that counts, `elsewhere` is told. */
struct tls_clients {
    bool asked;
    struct slice networks; /* stays the caller's, who keeps it */
    void (*elsewhere)(void *context);
    void *context;
};
void tls_clients_ask(const struct tls_clients *clients); /* before tls_identity_set */
/* SHA-256 of the certificate that the client has shown and whose key it has. False: none that counts. */
bool tls_client_digest(gnutls_session_t session, unsigned char digest[TLS_DIGEST_BYTES]);
/* The same of whatever was shown, whoever signed it. False: nothing was. */
bool tls_client_shown(gnutls_session_t session, unsigned char digest[TLS_DIGEST_BYTES]);

#endif
