#include "roles/web/tls.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "domain/access/access.h"

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
    gnutls_x509_trust_list_t devices; /* whose certificates count; NULL: none is asked for */
};
/* The present one; behind it those that handshakes may still use. */
static struct identity *current;
static struct tls_clients clients;
static int good; /* a session's pointer leads here: its certificate counts */

static void release(struct identity *identity)
{
    for (unsigned i = 0; i < identity->count; i++)
        gnutls_pcert_deinit(&identity->chain[i]);
    if (identity->key != NULL)
        gnutls_privkey_deinit(identity->key);
    if (identity->devices != NULL)
        gnutls_x509_trust_list_deinit(identity->devices, 1);
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

/* What is read, from whose settings. */
struct reading {
    const char *section;
    gnutls_datum_t own, authorities; /* PEM */
    struct problem *why;
};

static enum status check(const struct reading *reading, int code, const char *what)
{
    if (code >= 0)
        return ST_OK;
    return problem_set(reading->why, ST_INVALID, "%s.%s: %s", reading->section, what, gnutls_strerror(code));
}

static enum status read_chain(const struct reading *reading, struct identity *identity, gnutls_x509_crt_t own)
{
    unsigned count = TLS_CHAIN_MAX;
    TRY(check(reading, gnutls_pcert_list_import_x509_raw(identity->chain, &count, &reading->own, GNUTLS_X509_FMT_PEM, 0),
              "certificate"));
    identity->count = count;
    return check(reading, gnutls_x509_crt_import(own, &reading->own, GNUTLS_X509_FMT_PEM), "certificate");
}

static enum status check_strength(const struct reading *reading, gnutls_x509_crt_t own)
{
    unsigned bits = 0;
    int kind = gnutls_x509_crt_get_pk_algorithm(own, &bits);
    if ((kind == GNUTLS_PK_RSA && bits >= TLS_RSA_BITS_MIN) || kind == GNUTLS_PK_ECDSA)
        return ST_OK;
    return problem_set(reading->why, ST_INVALID, "%s.certificate: ECDSA, or RSA of %d bits, is wanted",
                       reading->section, TLS_RSA_BITS_MIN);
}

static enum status check_pair(const struct reading *reading, gnutls_x509_crt_t own, gnutls_privkey_t key,
                              gnutls_pubkey_t public)
{
    unsigned char ids[2][64];
    size_t lens[2] = {sizeof ids[0], sizeof ids[1]};
    TRY(check(reading, gnutls_pubkey_import_privkey(public, key, 0, 0), "key"));
    TRY(check(reading, gnutls_pubkey_get_key_id(public, 0, ids[0], &lens[0]), "key"));
    TRY(check(reading, gnutls_x509_crt_get_key_id(own, 0, ids[1], &lens[1]), "certificate"));
    if (lens[0] != lens[1] || memcmp(ids[0], ids[1], lens[0]) != 0)
        return problem_set(reading->why, ST_INVALID, "%s.key is not the key of %s.certificate", reading->section,
                           reading->section);
    return ST_OK;
}

static enum status read_devices(const struct reading *reading, struct identity *identity)
{
    TRY(check(reading, gnutls_x509_trust_list_init(&identity->devices, 0), "authorities"));
    int count = gnutls_x509_trust_list_add_trust_mem(identity->devices, &reading->authorities, NULL,
                                                     GNUTLS_X509_FMT_PEM, 0, 0);
    TRY(check(reading, count, "authorities"));
    return count > 0 ? ST_OK
                     : problem_set(reading->why, ST_INVALID, "%s.authorities has no certificate", reading->section);
}

static void free_certificate(gnutls_x509_crt_t *certificate)
{
    gnutls_x509_crt_deinit(*certificate);
}

static void free_public(gnutls_pubkey_t *key)
{
    gnutls_pubkey_deinit(*key);
}

static enum status read_identity(const struct reading *reading, struct identity *identity)
{
    __attribute__((cleanup(free_certificate))) gnutls_x509_crt_t own = NULL;
    __attribute__((cleanup(free_public))) gnutls_pubkey_t public = NULL;
    TRY(check(reading, gnutls_x509_crt_init(&own), "certificate"));
    TRY(check(reading, gnutls_pubkey_init(&public), "key"));
    TRY(check(reading, gnutls_privkey_init(&identity->key), "key"));
    TRY(read_chain(reading, identity, own));
    TRY(check_strength(reading, own));
    TRY(check(reading, gnutls_privkey_import_x509_raw(identity->key, &reading->own, GNUTLS_X509_FMT_PEM, NULL, 0),
              "key"));
    TRY(check_pair(reading, own, identity->key, public));
    return clients.asked ? read_devices(reading, identity) : ST_OK;
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

/* Behind the key, the authorities of those who connect. */
static size_t end_of_own(struct slice pem)
{
    struct slice mark = LIT("PRIVATE KEY-----");
    size_t begin = slice_find(pem, mark, 0);
    size_t end = begin == SIZE_MAX ? SIZE_MAX : slice_find(pem, mark, begin + 1);
    return end == SIZE_MAX ? pem.len : end + mark.len;
}

static gnutls_datum_t datum_of(struct slice text)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)text.data, (unsigned)text.len};
}

struct slice tls_authorities(struct slice pem)
{
    return slice_sub(pem, end_of_own(pem), pem.len);
}

enum status tls_identity_set(struct slice pem, const char *section, int64_t now_ms, int64_t keep_ms,
                             struct problem *why)
{
    struct identity *found = must_calloc(1, sizeof *found);
    struct reading reading = {section, datum_of(slice_sub(pem, 0, end_of_own(pem))), datum_of(tls_authorities(pem)), why};
    enum status status = read_identity(&reading, found);
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

void tls_clients_ask(const struct tls_clients *asked)
{
    clients = *asked;
}

/* Who connects */

static bool read_peer(gnutls_session_t session, unsigned *count, gnutls_x509_crt_t out[TLS_CHAIN_MAX])
{
    const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, count);
    if (peers == NULL || *count == 0 || *count > TLS_CHAIN_MAX)
        return false;
    for (unsigned i = 0; i < *count; i++)
        if (gnutls_x509_crt_init(&out[i]) < 0 || gnutls_x509_crt_import(out[i], &peers[i], GNUTLS_X509_FMT_DER) < 0)
            return false;
    return true;
}

/* By the authorities of now, in its time, and to identify a client. */
static bool is_good(gnutls_session_t session)
{
    gnutls_typed_vdata_st use = {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT, 0};
    gnutls_x509_crt_t chain[TLS_CHAIN_MAX] = {NULL};
    unsigned count = 0, wrong = 1;
    bool holds = current != NULL && current->devices != NULL && read_peer(session, &count, chain) &&
                 gnutls_x509_trust_list_verify_crt2(current->devices, chain, count, &use, 1, 0, &wrong, NULL) >= 0 &&
                 wrong == 0;
    for (unsigned i = 0; i < TLS_CHAIN_MAX; i++)
        if (chain[i] != NULL)
            gnutls_x509_crt_deinit(chain[i]);
    return holds;
}

/* Where we are connected to, by the socket: there is no proxy before a listener that asks for certificates. */
static bool is_inside(gnutls_session_t session)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof at;
    char text[INET6_ADDRSTRLEN];
    if (getpeername(gnutls_transport_get_int(session), (struct sockaddr *)&at, &len) < 0 ||
        getnameinfo((const struct sockaddr *)&at, len, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
        return false;
    return access_networks_hold(clients.networks, slice_from(text));
}

/* Within the handshake, once the client has shown what it has. Who comes from elsewhere gets no further; who shows
 * nothing that counts is told so by an answer. */
static int look_at_peer(gnutls_session_t session)
{
    bool counts = is_good(session);
    gnutls_session_set_ptr(session, counts ? &good : NULL);
    if (is_inside(session))
        return 0;
    if (counts)
        clients.elsewhere(clients.context);
    return -1;
}

bool tls_client_shown(gnutls_session_t session, unsigned char digest[TLS_DIGEST_BYTES])
{
    unsigned count = 0;
    size_t len = TLS_DIGEST_BYTES;
    const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, &count);
    return peers != NULL && count > 0 && gnutls_fingerprint(GNUTLS_DIG_SHA256, &peers[0], digest, &len) >= 0;
}

bool tls_client_digest(gnutls_session_t session, unsigned char digest[TLS_DIGEST_BYTES])
{
    return gnutls_session_get_ptr(session) == &good && tls_client_shown(session, digest);
}

void tls_identity_drop(void)
{
    release_all(&current);
    clients = (struct tls_clients){.asked = false};
}

int tls_identity_get(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
                     const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                     gnutls_pcert_st **chain, unsigned *chain_count, gnutls_privkey_t *key)
{
    (void)authorities, (void)count, (void)algorithms, (void)algorithm_count;
    if (current == NULL)
        return -1;
    if (clients.asked) {
        gnutls_certificate_server_set_request(session, is_inside(session) ? GNUTLS_CERT_REQUEST : GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_function(session, look_at_peer);
    }
    *chain = current->chain;
    *chain_count = current->count;
    *key = current->key;
    return 0;
}
