/* What people send to be certified, and certificates, lists and keys from elsewhere. The first byte
 * says which of them the rest is taken for. */
#include <assert.h>

#include "platform/pki/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FROM = 1700000000, UNTIL = 1800000000 };

/* A request that is taken gives a certificate that we read again. */
static void certify(struct slice public_key, struct arena *arena)
{
    static const unsigned char scalar[VAULT_KEY_BYTES] = {1};
    static struct slice root;
    static struct arena *kept;
    AUTO_SECRET key = secret_create(scalar, sizeof scalar);
    struct pki_order order = {.kind = PKI_ROOT, .subject = LIT("Fuzz"),
                              .from = {FROM * INT64_C(1000000)}, .until = {UNTIL * INT64_C(1000000)}};
    struct pki_authority issuer = {.key = key};
    struct pki_certificate read;
    if (kept == NULL) {
        kept = arena_create(1 << 20);
        assert(pki_key_public(key, kept, &order.public_key, NULL) == ST_OK);
        assert(pki_issue(&order, &issuer, kept, &root, NULL) == ST_OK);
    }
    issuer.certificate = root;
    order.kind = PKI_ISSUING;
    order.public_key = public_key;
    struct slice certificate;
    assert(pki_issue(&order, &issuer, arena, &certificate, NULL) == ST_OK);
    assert(pki_read(certificate, arena, &read, NULL) == ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    AUTO_ARENA arena = arena_create_wiped(((size_t)64 << 20) + 64 * size);
    AUTO_SECRET key = NULL;
    struct slice input = {(const char *)data + 1, size - 1}, public_key;
    struct slice_list list = {0};
    struct pki_certificate read;
    struct pki_crl_about about;
    switch (data[0]) {
    case 'r':
        if (pki_request_read(input, arena, &public_key, NULL) == ST_OK)
            certify(public_key, arena);
        break;
    case 'c': (void)!pki_read(input, arena, &read, NULL); break;
    case 'l': (void)!pki_crl_read(input, arena, &about, NULL); break;
    case 'p': (void)!pki_from_pem(PKI_PEM_CRL, input, arena, &list, NULL); break;
    case 'k': (void)!pki_key_from_pem(input, LIT("fuzz"), &key, NULL); break;
    case 'h': (void)pki_is_host(input); break;
    }
    return 0;
}
