#ifndef RENDEZ_PLATFORM_WEBAUTHN_INTERNAL_H
#define RENDEZ_PLATFORM_WEBAUTHN_INTERNAL_H

#include "platform/webauthn/webauthn.h"

enum { SHA256_BYTES = 32, ALG_COUNT = 4 };
/* Those that we offer, best first. */
extern const enum webauthn_alg webauthn_algs[ALG_COUNT];

/* One item of CBOR (RFC 8949): a whole one, or the head of a list or map. */
enum item_kind { ITEM_NUMBER, ITEM_BYTES, ITEM_TEXT, ITEM_LIST, ITEM_MAP, ITEM_OTHER };
struct item {
    enum item_kind kind;
    int64_t number;     /* of ITEM_NUMBER */
    size_t count;       /* items of ITEM_LIST, pairs of ITEM_MAP; not more than bytes follow */
    struct slice bytes; /* of ITEM_BYTES and ITEM_TEXT */
};
/* Takes the item at *rest. False at the end, and for what CTAP2 forbids: indefinite lengths and
 * tags (CTAP 2.1, section 8); *rest stays there. */
bool item_next(struct slice *rest, struct item *item);
/* Takes a whole item with all it holds, four levels deep at most. */
bool item_whole(struct slice *rest, struct slice *bytes);

/* L3 section 5.8.1.
 *   type  "webauthn.create" or "webauthn.get" */
MUST_USE enum status client_data_check(const struct webauthn_site *site, struct slice client_data,
                                       struct slice type, struct slice challenge,
                                       struct problem *why);

/* L3 section 6.1, and 6.5.2 for the part of a new credential. */
struct auth_data {
    struct slice whole, rp_id_hash, extensions; /* extensions: a map, or empty */
    bool present, verified, backup_eligible, backed_up, has_credential;
    uint32_t sign_count;
    struct slice aaguid, id, key; /* with has_credential */
};
MUST_USE enum status auth_data_read(struct slice bytes, struct auth_data *out,
                                    struct problem *why);
/* What both ceremonies ask of it: our site, a touch, verification, flags that can be. */
MUST_USE enum status auth_data_check(const struct webauthn_site *site, const struct auth_data *data,
                                     struct problem *why);

/* A public key as libfido2 wants it. */
struct key {
    enum webauthn_alg alg;
    void *fido; /* es256_pk_t * … by `alg` */
};
#define AUTO_KEY __attribute__((cleanup(key_close))) struct key
MUST_USE enum status key_open(struct slice cose, struct key *out, struct problem *why);
void key_close(struct key *key); /* accepts a zero one */

/* L3 section 8: the statement `attestation`, a map, about `data`. */
struct attestation {
    struct slice format, statement, auth_data;
};
MUST_USE enum status attestation_read(struct slice bytes, struct attestation *out,
                                      struct problem *why);
MUST_USE enum status attestation_check(const struct webauthn_site *site,
                                       const struct attestation *attestation,
                                       const struct auth_data *data, enum webauthn_alg alg,
                                       struct slice client_data, enum webauthn_attestation *out,
                                       struct problem *why);
/* L3 section 8.2.1. `der` is the certificate that signed a packed statement. */
MUST_USE enum status attestation_certificate_check(struct slice der, struct slice aaguid,
                                                   struct problem *why);

void sha256(struct slice bytes, unsigned char out[SHA256_BYTES]);
static inline const unsigned char *bytes_of(struct slice slice)
{
    return (const unsigned char *)(slice.len == 0 ? "" : slice.data);
}

#endif
