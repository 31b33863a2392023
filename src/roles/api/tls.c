#include "roles/api/tls.h"

#include <stdlib.h>
#include <string.h>

/* Suites, groups and versions of the profile; X25519MLKEM768 is not in GnuTLS 3.7. The
 * server's order counts although the profile leaves it to the client: all of them are good,
 * and scanners take the absence of an order for a mistake. */
const char tls_priorities[] =
    "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AEAD:+ECDHE-ECDSA:+ECDHE-RSA"
    ":+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305"
    ":+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1"
    ":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384"
    ":+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384"
    ":+CTYPE-X509:+COMP-NULL:%SERVER_PRECEDENCE";

struct identity {
    struct identity *older;
    int64_t end_ms; /* of one that is no longer given out */
    gnutls_pcert_st chain[TLS_CHAIN_MAX];
    unsigned count;
    gnutls_privkey_t key;
};
/* The present one; behind it those that handshakes may still use. */
static struct identity *current;

static void release(struct identity *identity)
{
    for (unsigned i = 0; i < identity->count; i++)
        gnutls_pcert_deinit(&identity->chain[i]);
    if (identity->key != NULL)
        gnutls_privkey_deinit(identity->key);
    free(identity);
}

static void release_all(struct identity **list)
{
    struct identity *next;
    for (struct identity *at = *list; at != NULL; at = next) {
        next = at->older;
        release(at);
    }
    *list = NULL;
}

static enum status check(int code, const char *what, struct problem *why)
{
    if (code >= 0)
        return ST_OK;
    return problem_set(why, ST_INVALID, "%s: %s", what, gnutls_strerror(code));
}

static enum status read_chain(const gnutls_datum_t *pem, struct identity *identity,
                              gnutls_x509_crt_t own, struct problem *why)
{
    unsigned count = TLS_CHAIN_MAX;
    TRY(check(gnutls_pcert_list_import_x509_raw(identity->chain, &count, pem, GNUTLS_X509_FMT_PEM, 0),
              "http.certificate", why));
    identity->count = count;
    return check(gnutls_x509_crt_import(own, pem, GNUTLS_X509_FMT_PEM), "http.certificate", why);
}

static enum status check_strength(gnutls_x509_crt_t own, struct problem *why)
{
    unsigned bits = 0;
    int kind = gnutls_x509_crt_get_pk_algorithm(own, &bits);
    if ((kind == GNUTLS_PK_RSA && bits >= TLS_RSA_BITS_MIN) || kind == GNUTLS_PK_ECDSA)
        return ST_OK;
    return problem_set(why, ST_INVALID, "http.certificate: ECDSA, or RSA of %d bits, is wanted",
                       TLS_RSA_BITS_MIN);
}

static enum status check_pair(gnutls_x509_crt_t own, gnutls_privkey_t key, gnutls_pubkey_t public,
                              struct problem *why)
{
    unsigned char ids[2][64];
    size_t lens[2] = {sizeof ids[0], sizeof ids[1]};
    TRY(check(gnutls_pubkey_import_privkey(public, key, 0, 0), "http.key", why));
    TRY(check(gnutls_pubkey_get_key_id(public, 0, ids[0], &lens[0]), "http.key", why));
    TRY(check(gnutls_x509_crt_get_key_id(own, 0, ids[1], &lens[1]), "http.certificate", why));
    if (lens[0] != lens[1] || memcmp(ids[0], ids[1], lens[0]) != 0)
        return problem_set(why, ST_INVALID, "http.key is not the key of http.certificate");
    return ST_OK;
}

static void free_certificate(gnutls_x509_crt_t *certificate)
{
    gnutls_x509_crt_deinit(*certificate);
}

static void free_public(gnutls_pubkey_t *key)
{
    gnutls_pubkey_deinit(*key);
}

static enum status read_identity(struct slice text, struct identity *identity, struct problem *why)
{
    __attribute__((cleanup(free_certificate))) gnutls_x509_crt_t own = NULL;
    __attribute__((cleanup(free_public))) gnutls_pubkey_t public = NULL;
    gnutls_datum_t pem = {(unsigned char *)(uintptr_t)text.data, (unsigned)text.len};
    TRY(check(gnutls_x509_crt_init(&own), "http.certificate", why));
    TRY(check(gnutls_pubkey_init(&public), "http.key", why));
    TRY(check(gnutls_privkey_init(&identity->key), "http.key", why));
    TRY(read_chain(&pem, identity, own, why));
    TRY(check_strength(own, why));
    TRY(check(gnutls_privkey_import_x509_raw(identity->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0),
              "http.key", why));
    return check_pair(own, identity->key, public, why);
}

/* Those whose time is over; they are in the order in which it ends, latest first. */
static void release_old(int64_t now_ms)
{
    for (struct identity **at = &current->older; *at != NULL; at = &(*at)->older)
        if ((*at)->end_ms <= now_ms) {
            release_all(at);
            return;
        }
}

enum status tls_identity_set(struct slice pem, int64_t now_ms, int64_t keep_ms,
                             struct problem *why)
{
    struct identity *found = calloc(1, sizeof *found);
    if (found == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    enum status status = read_identity(pem, found, why);
    if (status != ST_OK) {
        release(found);
        return status;
    }
    if (current != NULL)
        current->end_ms = now_ms + keep_ms;
    found->older = current;
    current = found;
    release_old(now_ms);
    return ST_OK;
}

void tls_identity_drop(void)
{
    release_all(&current);
}

int tls_identity_get(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
                     const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                     gnutls_pcert_st **chain, unsigned *chain_count, gnutls_privkey_t *key)
{
    (void)session, (void)authorities, (void)count, (void)algorithms, (void)algorithm_count;
    if (current == NULL)
        return -1;
    *chain = current->chain;
    *chain_count = current->count;
    *key = current->key;
    return 0;
}
