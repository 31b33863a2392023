#ifndef RENDEZ_PLATFORM_PKI_INTERNAL_H
#define RENDEZ_PLATFORM_PKI_INTERNAL_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "platform/pki/pki.h"

/* What OpenSSL makes, released at the end of its block. */
#define PKI_RELEASED(name, type, free_fn)                                                          \
    static inline void pki_release_##name(type **p) { free_fn(*p); }
PKI_RELEASED(pkey, EVP_PKEY, EVP_PKEY_free)
PKI_RELEASED(x509, X509, X509_free)
PKI_RELEASED(crl, X509_CRL, X509_CRL_free)
PKI_RELEASED(req, X509_REQ, X509_REQ_free)
PKI_RELEASED(bn, BIGNUM, BN_clear_free)
PKI_RELEASED(bio, BIO, BIO_free_all)
PKI_RELEASED(names, GENERAL_NAMES, GENERAL_NAMES_free)
static inline void pki_release_stack(STACK_OF(X509) **p) { sk_X509_pop_free(*p, X509_free); }
#define AUTO_OPENSSL(name) __attribute__((cleanup(pki_release_##name)))

/* Empties OpenSSL's queue of errors, which else speak of a later call. */
enum status pki_trouble(struct problem *why, const char *what);
enum status pki_refuse(struct problem *why, enum status status, const char *text);

/* Both halves; NULL if it is no scalar of P-256. */
EVP_PKEY *pki_pkey(const struct secret *key);
bool pki_is_p256(const EVP_PKEY *pkey);
MUST_USE bool pki_public_of(const EVP_PKEY *pkey, struct arena *arena, struct slice *out);
/* One object and nothing behind it; NULL if it is none. */
X509 *pki_x509(struct slice der);
X509_CRL *pki_x509_crl(struct slice der);
/* NULL if one of them is none. */
STACK_OF(X509) *pki_stack(const struct slice_list *certificates);
/* Serial numbers: 32 hexadecimal digits. NULL if they are none. */
ASN1_INTEGER *pki_serial_from_hex(struct slice hex);
MUST_USE bool pki_serial_to_hex(const ASN1_INTEGER *serial, struct arena *arena, struct slice *hex);
MUST_USE bool pki_instant_from(const ASN1_TIME *time, struct instant *out);

/* Copies what an i2d_… of OpenSSL writes. */
typedef int pki_encode_fn(const void *object, unsigned char **out);
MUST_USE bool pki_der(pki_encode_fn *encode, const void *object, struct arena *arena,
                      struct slice *out);
struct slice pki_bio_text(BIO *bio, struct arena *arena);

/* What a person's or device's certificate has for an alternative name: "urn:x-rendez:person:p_…". */
struct slice pki_urn(enum pki_kind kind, struct slice subject, struct arena *arena);

/* A point on P-256, named and not compressed: the one way that we write and take a public key
 * (SubjectPublicKeyInfo), so that one key has one digest. The point itself OpenSSL checks. */
bool pki_is_our_key(struct slice public_key);

/* Addresses of hosts: 4 or 16 bytes and their text. len 0: it is none. */
enum { PKI_ADDRESS_BYTES_MAX = 16 };
size_t pki_address_bytes(struct slice text, unsigned char out[PKI_ADDRESS_BYTES_MAX]);
struct slice pki_address_text(struct slice bytes, struct arena *arena);

#endif
