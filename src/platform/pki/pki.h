#ifndef RENDEZ_PLATFORM_PKI_H
#define RENDEZ_PLATFORM_PKI_H

#include "base/datetime/datetime.h"
#include "platform/vault/vault.h"

/* Certificates of our own (RFC 5280) by OpenSSL: a root authority, an issuing authority below it,
 * and what that one signs for people, devices and servers. ECDSA on P-256 with SHA-256, nothing
 * else. Certificates, requests and lists are DER unless a name says PEM. doc/identity.md says why
 * there are two authorities and where each key is.
 *
 * What is wrong with the input is ST_INVALID or ST_LIMIT; ST_UNAVAILABLE is OpenSSL's own trouble. */

enum {
    PKI_SERIAL_BYTES = 16, /* random: says nothing, and collides with none */
    PKI_DIGEST_BYTES = 32,
    PKI_INPUT_BYTES_MAX = 16 * 1024, /* a request or a certificate, DER or PEM */
    PKI_CRL_BYTES_MAX = 8 << 20,
    PKI_SUBJECT_BYTES_MAX = 64, /* ub-common-name */
    PKI_NAMES_MAX = 16,
    PKI_REVOKED_MAX = 100 * 1000,
};

enum pki_kind {
    PKI_ROOT,
    PKI_ISSUING,
    PKI_PERSON, /* clientAuth; the subject is an account's id */
    PKI_DEVICE, /* clientAuth; the subject is a device's id */
    PKI_SERVER, /* serverAuth; the subject is its first name */
    PKI_KIND_COUNT_,
};
extern const char *const pki_kind_names[PKI_KIND_COUNT_]; /* root, issuing, person, device, server */

/* Reasons of RFC 5280 section 5.3.1 that we use. */
enum pki_cause {
    PKI_UNSPECIFIED,
    PKI_KEY_COMPROMISE, /* its key is known to others, or lost */
    PKI_SUPERSEDED,     /* another one took its place */
    PKI_CESSATION,      /* its owner left, or the device is gone */
    PKI_WITHDRAWN,      /* the right to it ended */
    PKI_CAUSE_COUNT_,
};
extern const char *const pki_cause_names[PKI_CAUSE_COUNT_]; /* unspecified, key_compromise, … */

/* Private keys: the 32 bytes of the scalar, so that they fit where keys live (struct secret) and
 * are wrapped as the others are (key_wrap). */
MUST_USE enum status pki_key_create(struct secret **out, struct problem *why);
/* Its public half: SubjectPublicKeyInfo. ST_INVALID: no scalar of P-256. */
MUST_USE enum status pki_key_public(const struct secret *key, struct arena *arena,
                                    struct slice *out, struct problem *why);
/* PKCS#8 in PEM; with a passphrase encrypted (PBKDF2 with 600,000 rounds, AES-256). Use a wiped arena. */
MUST_USE enum status pki_key_to_pem(const struct secret *key, struct slice passphrase,
                                    struct arena *arena, struct slice *pem, struct problem *why);
/* ST_DENIED: another passphrase. */
MUST_USE enum status pki_key_from_pem(struct slice pem, struct slice passphrase,
                                      struct secret **out, struct problem *why);

/* A certificate signing request (PKCS#10, DER or PEM) of somebody who keeps the key. Only the public
 * key is taken from it; names and extensions that it asks for are not ours to believe.
 *   public_key  SubjectPublicKeyInfo
 * ST_INVALID  no request, not on P-256, or not signed by its own key;  ST_LIMIT  too long */
MUST_USE enum status pki_request_read(struct slice request, struct arena *arena,
                                      struct slice *public_key, struct problem *why);

struct pki_authority {
    struct slice certificate;
    const struct secret *key;
};

/* What a certificate is to say. */
struct pki_order {
    enum pki_kind kind;
    struct slice subject;    /* letters, digits, "_", "-", "."; authorities: also spaces */
    struct slice_list names; /* PKI_SERVER: host names and addresses; others: none */
    struct slice public_key; /* SubjectPublicKeyInfo */
    struct instant from, until; /* whole seconds count */
    struct slice crl_url;    /* where the issuer's list is, or empty */
};
/* With a serial number of its own. A root is signed by its own key: issuer->certificate is empty.
 * ST_INVALID   names, key or dates that no certificate of ours has
 * ST_CONFLICT  it would outlive its issuer, or the issuer is none of that kind */
MUST_USE enum status pki_issue(const struct pki_order *order, const struct pki_authority *issuer,
                               struct arena *arena, struct slice *certificate, struct problem *why);

/* What one of ours says. Nothing is checked here but that it has our form: pki_identify checks. */
struct pki_certificate {
    enum pki_kind kind;
    struct slice subject;
    struct slice serial;     /* hexadecimal, small letters, 32 digits */
    struct slice digest;     /* SHA-256 of all of it */
    struct slice key_digest; /* SHA-256 of SubjectPublicKeyInfo */
    struct slice key_id;     /* subject key identifier */
    struct slice_list names;
    struct slice crl_url;
    struct instant from, until;
};
MUST_USE enum status pki_read(struct slice certificate, struct arena *arena,
                              struct pki_certificate *out, struct problem *why);

/* Lists of what was revoked. */
struct pki_revoked {
    struct slice serial; /* as in pki_certificate */
    struct instant at;
    enum pki_cause cause;
};
struct pki_revoked_list {
    struct pki_revoked *items;
    size_t count, capacity;
};
/*   number  grows with every list
 *   until   when the next one is there at the latest
 * ST_INVALID  a serial that is none;  ST_LIMIT  over PKI_REVOKED_MAX */
MUST_USE enum status pki_crl(const struct pki_authority *issuer, uint32_t number,
                             struct instant at, struct instant until,
                             const struct pki_revoked_list *revoked, struct arena *arena,
                             struct slice *crl, struct problem *why);
struct pki_crl_about {
    uint32_t number;
    struct instant at, until;
    struct pki_revoked_list revoked;
};
MUST_USE enum status pki_crl_read(struct slice crl, struct arena *arena, struct pki_crl_about *out,
                                  struct problem *why);

/* What is trusted: the root, authorities below it, and a current list of each of them. */
struct pki_trust {
    struct slice root;
    struct slice_list issuing, crls;
};
/* The chain to the root, dates, use, revocation (a list that is missing or too old: refused), and
 * that it is of that kind.
 * ST_DENIED  it does not hold; why says what, in OpenSSL's words */
MUST_USE enum status pki_verify(const struct pki_trust *trust, struct slice certificate,
                                enum pki_kind kind, struct instant now, struct problem *why);

/* Who is at the other end of a TLS connection: the one that showed this certificate and proved to
 * have its key. Every check of pki_verify; a person or a device, never a server or an authority.
 * The subject is an account's or device's id; whether that still is active is the account's matter. */
MUST_USE enum status pki_identify(const struct pki_trust *trust, struct slice certificate,
                                  struct instant now, struct arena *arena,
                                  struct pki_certificate *peer, struct problem *why);

/* Between DER and PEM. */
enum pki_label { PKI_PEM_CERTIFICATE, PKI_PEM_CRL };
struct slice pki_to_pem(enum pki_label label, struct slice der, struct arena *arena);
/* All of that label, in order; other blocks are passed over.
 * ST_INVALID  a block that is damaged;  ST_LIMIT  over PKI_CRL_BYTES_MAX */
MUST_USE enum status pki_from_pem(enum pki_label label, struct slice pem, struct arena *arena,
                                  struct slice_list *out, struct problem *why);

/* Key, certificate and those above it in one PKCS#12 file, for clients that want one (AES-256,
 * PBKDF2, SHA-256). Use a wiped arena. ST_INVALID: the passphrase is empty. */
MUST_USE enum status pki_pkcs12(const struct secret *key, struct slice certificate,
                                const struct slice_list *above, struct slice passphrase,
                                struct arena *arena, struct slice *out, struct problem *why);

/* A host name or address that a certificate may carry. No wildcard. */
bool pki_is_host(struct slice name);

#endif
