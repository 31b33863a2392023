#include <fido.h>

#include "platform/webauthn/internal.h"

#define AUTO_CRED __attribute__((cleanup(fido_cred_free))) fido_cred_t *

enum { FORMAT_BYTES_MAX = 32 }; /* L3 section 8.1 */

/* One member of the attestation object; false when it is unknown, there twice or of another
 * kind. */
static bool read_member(struct slice *rest, struct slice name, struct attestation *out)
{
    struct slice head = *rest, *whole = NULL;
    struct item item;
    if (!item_next(&head, &item))
        return false;
    if (slice_equal(name, LIT("attStmt")) && item.kind == ITEM_MAP)
        return out->statement.data == NULL && item_whole(rest, &out->statement);
    if (slice_equal(name, LIT("fmt")) && item.kind == ITEM_TEXT)
        whole = &out->format;
    if (slice_equal(name, LIT("authData")) && item.kind == ITEM_BYTES)
        whole = &out->auth_data;
    if (whole == NULL || whole->data != NULL)
        return false;
    *whole = item.bytes;
    *rest = head;
    return true;
}

enum status attestation_read(struct slice bytes, struct attestation *out, struct problem *why)
{
    struct attestation read = {0};
    struct item map, name;
    bool good = item_next(&bytes, &map) && map.kind == ITEM_MAP && map.count == 3;
    for (size_t i = 0; good && i < map.count; i++)
        good = item_next(&bytes, &name) && name.kind == ITEM_TEXT &&
               read_member(&bytes, name.bytes, &read);
    if (!good || bytes.len != 0 || read.format.len > FORMAT_BYTES_MAX)
        return problem_set(why, ST_INVALID, "passkey: the attestation is no attestation object");
    *out = read;
    return ST_OK;
}

/* A packed statement: "alg", "sig", and certificates unless the new key signed for itself. */
struct packed {
    int64_t alg;
    struct slice signature, certificate; /* certificate: the first; empty without */
    bool has_certificates;
};

/* `rest` stands at the list. Its first certificate signed; the others lead to its maker. */
static bool read_certificates(struct slice *rest, struct packed *packed)
{
    struct item list, item;
    if (packed->has_certificates || !item_next(rest, &list) || list.kind != ITEM_LIST ||
        list.count == 0)
        return false;
    packed->has_certificates = true;
    for (size_t i = 0; i < list.count; i++) {
        if (!item_next(rest, &item) || item.kind != ITEM_BYTES || item.bytes.len == 0)
            return false;
        if (i == 0)
            packed->certificate = item.bytes;
    }
    return true;
}

static bool read_packed_member(struct slice *rest, struct slice name, struct packed *packed)
{
    struct item item;
    if (slice_equal(name, LIT("x5c")))
        return read_certificates(rest, packed);
    if (!item_next(rest, &item))
        return false;
    if (slice_equal(name, LIT("alg")) && item.kind == ITEM_NUMBER && packed->alg == 0) {
        packed->alg = item.number;
        return true;
    }
    if (slice_equal(name, LIT("sig")) && item.kind == ITEM_BYTES &&
        packed->signature.data == NULL) {
        packed->signature = item.bytes;
        return true;
    }
    return false;
}

static bool read_packed(struct slice statement, struct packed *packed)
{
    struct item map, name;
    if (!item_next(&statement, &map))
        return false;
    for (size_t i = 0; i < map.count; i++)
        if (!item_next(&statement, &name) || name.kind != ITEM_TEXT ||
            !read_packed_member(&statement, name.bytes, packed))
            return false;
    return packed->signature.len > 0 && packed->signature.len <= WEBAUTHN_SIGNATURE_BYTES_MAX;
}

/* libfido2 compares the extensions that came with those that were asked for. Browsers add the
 * protection of the credential by themselves (CTAP 2.1 section 12.1). */
static bool expect_extensions(fido_cred_t *cred, struct slice extensions)
{
    struct item map, name, value;
    if (extensions.len == 0)
        return true;
    if (!item_next(&extensions, &map))
        return false;
    for (size_t i = 0; i < map.count; i++) {
        struct slice whole, head;
        if (!item_next(&extensions, &name) || !item_whole(&extensions, &whole))
            return false;
        head = whole;
        if (name.kind == ITEM_TEXT && slice_equal(name.bytes, LIT("credProtect")) &&
            item_next(&head, &value) && value.kind == ITEM_NUMBER && value.number >= 1 &&
            value.number <= 3 && fido_cred_set_prot(cred, (int)value.number) != FIDO_OK)
            return false;
    }
    return true;
}

/* The rules of section 8.2, by libfido2: the signature over authenticator data and the hash of
 * the client data. */
static enum status check_packed(const struct webauthn_site *site,
                                const struct attestation *attestation, const struct auth_data *data,
                                enum webauthn_alg alg, struct slice client_data,
                                enum webauthn_attestation *out, struct problem *why)
{
    struct packed packed = {0};
    if (!read_packed(attestation->statement, &packed))
        return problem_set(why, ST_INVALID, "passkey: the packed attestation is none");
    if (packed.has_certificates)
        TRY(attestation_certificate_check(packed.certificate, data->aaguid, why));
    else if (packed.alg != alg)
        return problem_set(why, ST_DENIED, "passkey: attested by another algorithm than the key's");
    unsigned char hash[SHA256_BYTES];
    sha256(client_data, hash);
    AUTO_ARENA arena = arena_create((size_t)1 << 12);
    AUTO_CRED cred = fido_cred_new();
    bool ready =
        cred != NULL && fido_cred_set_type(cred, alg) == FIDO_OK &&
        fido_cred_set_rp(cred, arena_text(arena, site->rp_id), NULL) == FIDO_OK &&
        fido_cred_set_clientdata_hash(cred, hash, sizeof hash) == FIDO_OK &&
        fido_cred_set_authdata_raw(cred, bytes_of(data->whole), data->whole.len) == FIDO_OK &&
        fido_cred_set_fmt(cred, "packed") == FIDO_OK &&
        fido_cred_set_attstmt(cred, bytes_of(attestation->statement), attestation->statement.len) ==
            FIDO_OK &&
        expect_extensions(cred, data->extensions);
    if (!ready)
        return problem_set(why, ST_INVALID, "passkey: libfido2 refuses the packed attestation");
    if ((packed.has_certificates ? fido_cred_verify(cred) : fido_cred_verify_self(cred)) != FIDO_OK)
        return problem_set(why, ST_DENIED, "passkey: the attestation's signature is wrong");
    *out = packed.has_certificates ? WEBAUTHN_BASIC : WEBAUTHN_SELF;
    return ST_OK;
}

enum status attestation_check(const struct webauthn_site *site,
                              const struct attestation *attestation, const struct auth_data *data,
                              enum webauthn_alg alg, struct slice client_data,
                              enum webauthn_attestation *out, struct problem *why)
{
    if (slice_equal(attestation->format, LIT("packed")))
        return check_packed(site, attestation, data, alg, client_data, out, why);
    if (slice_equal(attestation->format, LIT("none"))) {
        if (attestation->statement.len != 1) /* the empty map (section 8.7) */
            return problem_set(why, ST_INVALID, "passkey: an attestation of none with content");
        *out = WEBAUTHN_NONE;
        return ST_OK;
    }
    if (!site->takes_any_format)
        return problem_set(why, ST_DENIED, "passkey: an attestation of another format");
    *out = WEBAUTHN_UNCHECKED;
    return ST_OK;
}
