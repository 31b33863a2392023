#ifndef RENDEZ_TESTS_LIB_AUTHENTICATOR_H
#define RENDEZ_TESTS_LIB_AUTHENTICATOR_H

#include "platform/webauthn/webauthn.h"

/* A passkey and the browser around it, for tests: keys and signatures by OpenSSL, CBOR written by
 * libcbor. It answers as L3 describes, or in one of many wrong ways. */

enum { AUTHENTICATOR_ID_BYTES_MAX = 2048 };
enum authenticator_attests { ATTESTS_NONE, ATTESTS_SELF, ATTESTS_CERTIFICATE };
enum authenticator_flag {
    AUTHENTICATOR_PRESENT = 1,
    AUTHENTICATOR_VERIFIED = 4,
    AUTHENTICATOR_BACKUP_ELIGIBLE = 8,
    AUTHENTICATOR_BACKED_UP = 16,
    AUTHENTICATOR_CREDENTIAL = 64,
    AUTHENTICATOR_EXTENSIONS = 128,
};

struct authenticator {
    struct evp_pkey_st *key; /* OpenSSL's; its headers stay out of those of tests */
    enum webauthn_alg alg;
    const char *rp_id, *origin;
    unsigned char id[AUTHENTICATOR_ID_BYTES_MAX];
    size_t id_bytes;
    unsigned flags;      /* of every answer; at first present and verified */
    uint32_t sign_count; /* of the last answer; grows by `step` before each signature */
    uint32_t step;
    enum authenticator_attests attests;
    struct slice user; /* handle; borrowed */
};

/* What is wrong with one answer; all zero: nothing. Texts in hex where the name says so. */
struct authenticator_ways {
    const char *type, *origin, *rp_id; /* in place of the right ones */
    const char *client_data;           /* the whole of it */
    const char *extra;                 /* members after the origin: ",\"crossOrigin\":true" */
    bool other_challenge, padded_challenge;
    unsigned set, clear; /* flags */
    const char *extensions_hex, *after_hex, *key_hex;
    const char *format, *statement_hex, *object_hex; /* of the attestation */
    const char *aaguid_hex;       /* that the certificate names */
    bool authority, nameless;     /* certificates of nobody */
    int64_t statement_alg;
    bool spoilt_signature, other_id;
    const struct slice *user;
};

void authenticator_create(struct authenticator *out, enum webauthn_alg alg, const char *rp_id,
                          const char *origin);
void authenticator_destroy(struct authenticator *authenticator);

void authenticator_register(struct authenticator *authenticator, struct slice challenge,
                            const struct authenticator_ways *ways, struct arena *arena,
                            struct webauthn_registration *out);
void authenticator_sign(struct authenticator *authenticator, struct slice challenge,
                        const struct authenticator_ways *ways, struct arena *arena,
                        struct webauthn_assertion *out);

/* As a page posts them. */
json_t *authenticator_post_registration(const struct webauthn_registration *registration);
json_t *authenticator_post_assertion(const struct webauthn_assertion *assertion);

#endif
