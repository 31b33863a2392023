#ifndef RENDEZ_PLATFORM_WEBAUTHN_H
#define RENDEZ_PLATFORM_WEBAUTHN_H

#include "formats/json/json.h"

/* Passkeys: the two ceremonies of W3C Web Authentication Level 3 ("L3" below), the part of the
 * relying party. Signatures and keys by libfido2, CBOR by libcbor; no device is ever opened.
 * Strict where L3 leaves a choice: client data by exact text, no bytes left over, CBOR of
 * definite length only. All bytes come from a browser and are borrowed from the request. */

enum {
    WEBAUTHN_CHALLENGE_BYTES = 32,      /* ours; L3 section 13.4.3 wants 16 at least */
    WEBAUTHN_CHALLENGE_BYTES_MAX = 128,
    WEBAUTHN_ID_BYTES_MAX = 1023,       /* L3 section 4, "Credential ID" */
    WEBAUTHN_HANDLE_BYTES_MAX = 64,     /* L3 section 4, "User Handle" */
    WEBAUTHN_CLIENT_DATA_BYTES_MAX = 4096,
    WEBAUTHN_ATTESTATION_BYTES_MAX = 16384,
    WEBAUTHN_AUTH_DATA_BYTES_MAX = 2048, /* of an assertion */
    WEBAUTHN_SIGNATURE_BYTES_MAX = 512,
    WEBAUTHN_AAGUID_BYTES = 16,
    WEBAUTHN_TIMEOUT_MS = 300000,        /* L3 section 15.1: 5 minutes at least */
};

/* COSE algorithms (RFC 8812, RFC 9053) in the order in which we prefer them. RS256 is for keys
 * of 2048 bits, those of Windows' TPMs; libfido2 knows no others, nor ES512 or Ed448. */
enum webauthn_alg {
    WEBAUTHN_ES256 = -7,
    WEBAUTHN_EDDSA = -8,
    WEBAUTHN_ES384 = -35,
    WEBAUTHN_RS256 = -257,
};

/* Who we are, and what we ask for. */
struct webauthn_site {
    struct slice rp_id;          /* a host name: "meet.example" */
    struct slice name;           /* shown by some authenticators */
    const struct slice *origins; /* whole: "https://meet.example", a port if not 443 */
    size_t origin_count;
    const struct slice *top_origins; /* pages that may hold ours in a frame; none: no frames */
    size_t top_origin_count;
    bool needs_verification; /* PIN or finger, not just a touch */
    bool takes_any_format;   /* attestation that we cannot check counts as none */
};

/* What a browser sends, decoded (L3 section 5.1, RegistrationResponseJSON and
 * AuthenticationResponseJSON). */
struct webauthn_registration {
    struct slice id, client_data, attestation;
};
struct webauthn_assertion {
    struct slice id, client_data, auth_data, signature;
    struct slice user_handle; /* empty when the authenticator names no user */
};
/* `credential` is the object as the page posts it. Members that we do not use may be there.
 * ST_INVALID  a member is missing or no base64url
 * ST_LIMIT    one is longer than above */
MUST_USE enum status webauthn_read_registration(const json_t *credential, struct arena *arena,
                                                struct webauthn_registration *out,
                                                struct problem *why);
MUST_USE enum status webauthn_read_assertion(const json_t *credential, struct arena *arena,
                                             struct webauthn_assertion *out, struct problem *why);

/* What is known of the maker of the authenticator. Certificates are checked for their form
 * and signature; no list of makers is kept, so BASIC tells no more than which they claim. */
enum webauthn_attestation { WEBAUTHN_NONE, WEBAUTHN_SELF, WEBAUTHN_BASIC, WEBAUTHN_UNCHECKED };

/* A registered passkey: what is kept of it. */
struct webauthn_credential {
    struct slice id;  /* unique over all accounts: the caller sees to it */
    struct slice key; /* COSE_Key (RFC 9052 section 7), with its algorithm */
    enum webauthn_alg alg;
    uint32_t sign_count; /* 0 for ever where the authenticator counts nothing */
    bool backup_eligible, backed_up; /* it may live on several devices; it does */
    bool verified;                   /* PIN or finger at this ceremony */
    enum webauthn_attestation attestation;
    unsigned char aaguid[WEBAUTHN_AAGUID_BYTES]; /* model; zero if it does not tell */
    struct slice user; /* handle that it was made for; of the caller, empty after a registration */
};

/* L3 section 7.1. Slices of `out` are borrowed from `sent`.
 * ST_DENIED   well formed, but for another challenge, site or purpose, without the touch or
 *             verification that we need, or its attestation does not hold
 * ST_INVALID  not what L3 describes, or of an algorithm that we did not offer
 * ST_LIMIT    a part is too long */
MUST_USE enum status webauthn_register(const struct webauthn_site *site, struct slice challenge,
                                       const struct webauthn_registration *sent,
                                       struct webauthn_credential *out, struct problem *why);

/* What an assertion tells of a credential; to be kept in place of what was known. */
struct webauthn_seen {
    uint32_t sign_count;
    bool backed_up, verified;
};
/* L3 section 7.2, by the credential that `sent->id` names.
 *   must_name  the user must be named, because nobody said before who comes: allowCredentials
 *              was empty. A name that is there must be credential->user in any case
 * ST_DENIED    as above, or the signature is not of this key
 * ST_CONFLICT  all is well but the count did not grow: somebody may use a copy of the
 *              authenticator. Nobody comes in, and the caller raises the alarm (section 6.1.1)
 * ST_INVALID, ST_LIMIT  as above */
MUST_USE enum status webauthn_verify(const struct webauthn_site *site, struct slice challenge,
                                     const struct webauthn_credential *credential, bool must_name,
                                     const struct webauthn_assertion *sent,
                                     struct webauthn_seen *out, struct problem *why);

/* For navigator.credentials.create: a passkey that needs no user name, verification required,
 * no attestation (we would learn who made the device, and need it for nothing). */
struct webauthn_user {
    struct slice handle; /* opaque, nothing personal: it is stored in the device */
    struct slice name, display_name; /* shown to choose among passkeys */
};
json_t *webauthn_creation_options(const struct webauthn_site *site, struct slice challenge,
                                  const struct webauthn_user *user, const struct slice *have,
                                  size_t have_count);
/* For navigator.credentials.get: no list of credentials, the authenticator finds its own, so the
 * answer is the same whoever asks. */
json_t *webauthn_request_options(const struct webauthn_site *site, struct slice challenge);

#endif
