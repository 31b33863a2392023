/* Certificates as read, and the small parts that others need: serials, dates, PEM. */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "platform/pki/internal.h"

const char *const pki_kind_names[PKI_KIND_COUNT_] = {
    [PKI_ROOT] = "root",     [PKI_ISSUING] = "issuing", [PKI_PERSON] = "person",
    [PKI_DEVICE] = "device", [PKI_SERVER] = "server",
};

X509 *pki_x509(struct slice der)
{
    const unsigned char *at = (const unsigned char *)der.data;
    if (der.len == 0 || der.len > PKI_INPUT_BYTES_MAX)
        return NULL;
    X509 *x509 = d2i_X509(NULL, &at, (long)der.len);
    if (x509 != NULL && at == (const unsigned char *)der.data + der.len)
        return x509;
    X509_free(x509);
    return NULL;
}

STACK_OF(X509) *pki_stack(const struct slice_list *certificates)
{
    AUTO_OPENSSL(stack) STACK_OF(X509) *stack = sk_X509_new_null();
    for (size_t i = 0; stack != NULL && i < certificates->count; i++) {
        X509 *x509 = pki_x509(certificates->items[i]);
        if (x509 == NULL || sk_X509_push(stack, x509) <= 0) {
            X509_free(x509);
            return NULL;
        }
    }
    STACK_OF(X509) *made = stack;
    stack = NULL;
    return made;
}

X509_CRL *pki_x509_crl(struct slice der)
{
    const unsigned char *at = (const unsigned char *)der.data;
    if (der.len == 0 || der.len > PKI_CRL_BYTES_MAX)
        return NULL;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.len);
    if (crl != NULL && at == (const unsigned char *)der.data + der.len)
        return crl;
    X509_CRL_free(crl);
    return NULL;
}

ASN1_INTEGER *pki_serial_from_hex(struct slice hex)
{
    AUTO_ARENA arena = arena_create(1024);
    struct slice bytes;
    if (hex.len != 2 * PKI_SERIAL_BYTES || hex_decode(hex, arena, &bytes) != ST_OK)
        return NULL;
    AUTO_OPENSSL(bn) BIGNUM *number =
        BN_bin2bn((const unsigned char *)bytes.data, (int)bytes.len, NULL);
    return number == NULL || BN_is_zero(number) ? NULL : BN_to_ASN1_INTEGER(number, NULL);
}

bool pki_serial_to_hex(const ASN1_INTEGER *serial, struct arena *arena, struct slice *hex)
{
    unsigned char bytes[PKI_SERIAL_BYTES];
    AUTO_OPENSSL(bn) BIGNUM *number = serial == NULL ? NULL : ASN1_INTEGER_to_BN(serial, NULL);
    if (number == NULL || BN_is_negative(number) || BN_is_zero(number) ||
        BN_bn2binpad(number, bytes, sizeof bytes) != sizeof bytes)
        return false;
    AUTO_BUFFER text = buffer_create(64);
    hex_encode((struct slice){(char *)bytes, sizeof bytes}, &text);
    *hex = arena_copy(arena, buffer_slice(&text));
    return true;
}

PKI_RELEASED(time, ASN1_TIME, ASN1_TIME_free)
PKI_RELEASED(constraints, BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free)
PKI_RELEASED(points, CRL_DIST_POINTS, CRL_DIST_POINTS_free)

bool pki_instant_from(const ASN1_TIME *time, struct instant *out)
{
    int days = 0, seconds = 0;
    AUTO_OPENSSL(time) ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    if (epoch == NULL || time == NULL || ASN1_TIME_diff(&days, &seconds, epoch, time) != 1)
        return false;
    *out = (struct instant){days * DAY_US + seconds * INT64_C(1000000)};
    return true;
}

static struct slice text_of(const ASN1_STRING *string)
{
    return (struct slice){(const char *)ASN1_STRING_get0_data(string),
                          (size_t)ASN1_STRING_length(string)};
}

/* The common name, which stands alone. */
static bool read_subject(const X509 *x509, struct arena *arena, struct slice *out)
{
    X509_NAME *name = X509_get_subject_name(x509);
    X509_NAME_ENTRY *entry = X509_NAME_entry_count(name) == 1 ? X509_NAME_get_entry(name, 0) : NULL;
    if (entry == NULL || OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName)
        return false;
    *out = arena_copy(arena, text_of(X509_NAME_ENTRY_get_data(entry)));
    return out->len > 0 && out->len <= PKI_SUBJECT_BYTES_MAX && utf8_bad_at(*out) == SIZE_MAX &&
           memchr(out->data, '\0', out->len) == NULL;
}

static bool read_name(const GENERAL_NAME *name, struct arena *arena, struct slice *text)
{
    int kind;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &kind);
    if (kind == GEN_IPADD) {
        struct slice bytes = text_of(value);
        *text = pki_address_text(bytes, arena);
        return text->len > 0;
    }
    if (kind != GEN_DNS && kind != GEN_URI)
        return false;
    *text = arena_copy(arena, text_of(value));
    return text->len > 0 && memchr(text->data, '\0', text->len) == NULL;
}

static bool read_names(const X509 *x509, struct arena *arena, struct slice_list *out)
{
    AUTO_OPENSSL(names) GENERAL_NAMES *names =
        X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    int count = names == NULL ? 0 : sk_GENERAL_NAME_num(names);
    if (count > PKI_NAMES_MAX)
        return false;
    for (int i = 0; i < count; i++) {
        struct slice name;
        if (!read_name(sk_GENERAL_NAME_value(names, i), arena, &name))
            return false;
        ARENA_PUSH(arena, out, name);
    }
    return true;
}

/* Takes our own name out of the list: "urn:x-rendez:KIND:SUBJECT" says which kind it is of. */
static enum pki_kind kind_of_names(struct slice subject, struct slice_list *names,
                                   struct arena *arena)
{
    for (int kind = PKI_PERSON; kind <= PKI_DEVICE && names->count == 1; kind++) {
        struct slice urn = pki_urn((enum pki_kind)kind, subject, arena);
        if (!slice_equal(names->items[0], urn))
            continue;
        names->count = 0;
        return (enum pki_kind)kind;
    }
    for (size_t i = 0; i < names->count; i++)
        if (!pki_is_host(names->items[i]))
            return PKI_KIND_COUNT_;
    return names->count > 0 ? PKI_SERVER : PKI_KIND_COUNT_;
}

static enum pki_kind kind_of(X509 *x509, struct pki_certificate *read, struct arena *arena)
{
    AUTO_OPENSSL(constraints) BASIC_CONSTRAINTS *constraints =
        X509_get_ext_d2i(x509, NID_basic_constraints, NULL, NULL);
    if (constraints == NULL)
        return PKI_KIND_COUNT_;
    if (!constraints->ca)
        return kind_of_names(read->subject, &read->names, arena);
    if (read->names.count > 0)
        return PKI_KIND_COUNT_;
    return X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0 ? PKI_ROOT
                                                                                     : PKI_ISSUING;
}

static bool read_crl_url(const X509 *x509, struct arena *arena, struct slice *out)
{
    AUTO_OPENSSL(points) CRL_DIST_POINTS *points =
        X509_get_ext_d2i(x509, NID_crl_distribution_points, NULL, NULL);
    if (points == NULL)
        return true;
    const DIST_POINT *point = sk_DIST_POINT_num(points) == 1 ? sk_DIST_POINT_value(points, 0) : NULL;
    if (point == NULL || point->distpoint == NULL || point->distpoint->type != 0 ||
        sk_GENERAL_NAME_num(point->distpoint->name.fullname) != 1)
        return false;
    return read_name(sk_GENERAL_NAME_value(point->distpoint->name.fullname, 0), arena, out);
}

static struct slice digest_of(struct slice bytes, struct arena *arena)
{
    unsigned char *digest = arena_alloc(arena, PKI_DIGEST_BYTES);
    vault_sha256(bytes, digest);
    return (struct slice){(char *)digest, PKI_DIGEST_BYTES};
}

static int encode_key(const void *key, unsigned char **out)
{
    return i2d_X509_PUBKEY(key, out);
}

static bool read_parts(X509 *x509, struct slice der, struct arena *arena,
                       struct pki_certificate *read)
{
    struct slice key;
    const ASN1_OCTET_STRING *key_id = X509_get0_subject_key_id(x509);
    bool good = X509_get_version(x509) == X509_VERSION_3 && key_id != NULL &&
                read_subject(x509, arena, &read->subject) &&
                pki_serial_to_hex(X509_get0_serialNumber(x509), arena, &read->serial) &&
                pki_instant_from(X509_get0_notBefore(x509), &read->from) &&
                pki_instant_from(X509_get0_notAfter(x509), &read->until) &&
                read_names(x509, arena, &read->names) && read_crl_url(x509, arena, &read->crl_url) &&
                pki_der(encode_key, X509_get_X509_PUBKEY(x509), arena, &key) && pki_is_our_key(key);
    if (!good)
        return false;
    read->key_id = arena_copy(arena, text_of(key_id));
    read->key_digest = digest_of(key, arena);
    read->digest = digest_of(der, arena);
    read->kind = kind_of(x509, read, arena);
    return read->kind != PKI_KIND_COUNT_;
}

enum status pki_read(struct slice certificate, struct arena *arena, struct pki_certificate *out,
                     struct problem *why)
{
    struct pki_certificate read = {0};
    AUTO_OPENSSL(x509) X509 *x509 = pki_x509(certificate);
    if (x509 == NULL)
        return pki_refuse(why, ST_INVALID, "this is no certificate");
    if (!read_parts(x509, certificate, arena, &read))
        return pki_refuse(why, ST_INVALID, "this is no certificate of ours");
    ERR_clear_error();
    *out = read;
    return ST_OK;
}

static const char *const labels[] = {[PKI_PEM_CERTIFICATE] = PEM_STRING_X509,
                                     [PKI_PEM_CRL] = PEM_STRING_X509_CRL};

struct slice pki_to_pem(enum pki_label label, struct slice der, struct arena *arena)
{
    enum { LINE = 64 };
    AUTO_BUFFER body = buffer_create(2 * PKI_CRL_BYTES_MAX);
    AUTO_BUFFER text = buffer_create(2 * PKI_CRL_BYTES_MAX);
    base64_encode(der, &body);
    struct slice rest = buffer_slice(&body);
    buffer_add_format(&text, "-----BEGIN %s-----\n", labels[label]);
    for (size_t at = 0; at < rest.len; at += LINE) {
        buffer_add(&text, slice_sub(rest, at, at + LINE));
        buffer_add_char(&text, '\n');
    }
    buffer_add_format(&text, "-----END %s-----\n", labels[label]);
    return arena_copy(arena, buffer_slice(&text));
}

struct pem_block {
    char *name, *header;
    unsigned char *data;
    long len;
};

static void free_block(struct pem_block *block)
{
    OPENSSL_free(block->name);
    OPENSSL_free(block->header);
    OPENSSL_clear_free(block->data, block->len > 0 ? (size_t)block->len : 0);
}

/* ST_NOT_FOUND: no more blocks. */
static enum status next_block(BIO *bio, enum pki_label label, struct arena *arena,
                              struct slice_list *out)
{
    __attribute__((cleanup(free_block))) struct pem_block block = {0};
    if (PEM_read_bio(bio, &block.name, &block.header, &block.data, &block.len) != 1)
        return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE ? ST_NOT_FOUND
                                                                           : ST_INVALID;
    if (strcmp(block.name, labels[label]) == 0)
        ARENA_PUSH(arena, out,
                   arena_copy(arena, (struct slice){(char *)block.data, (size_t)block.len}));
    return ST_OK;
}

enum status pki_from_pem(enum pki_label label, struct slice pem, struct arena *arena,
                         struct slice_list *out, struct problem *why)
{
    struct slice_list list = {0};
    if (pem.len > PKI_CRL_BYTES_MAX)
        return pki_refuse(why, ST_LIMIT, "the file is too long");
    AUTO_OPENSSL(bio) BIO *bio = BIO_new_mem_buf(pem.data != NULL ? pem.data : "", (int)pem.len);
    if (bio == NULL)
        return pki_trouble(why, "read PEM");
    enum status status = ST_OK;
    while (status == ST_OK)
        status = next_block(bio, label, arena, &list);
    if (status != ST_NOT_FOUND)
        return pki_refuse(why, ST_INVALID, "a block of the PEM file is damaged");
    ERR_clear_error();
    *out = list;
    return ST_OK;
}
