/* Input: a provider's document, of https://id.example. Every address in what is taken is one
 * that may be spoken to. */
#include <assert.h>

#include "platform/jose/oidc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct slice issuer = LIT("https://id.example");
    struct oidc_document document, strict;
    if (oidc_document_parse((struct slice){(const char *)data, size}, issuer, true, arena, &document, NULL) != ST_OK)
        return 0;
    assert(slice_equal(document.issuer, issuer));
    assert(oidc_url_fits(document.authorization_endpoint, true) && oidc_url_fits(document.token_endpoint, true));
    assert(oidc_url_fits(document.jwks_uri, true));
    assert(document.end_session_endpoint.len == 0 || oidc_url_fits(document.end_session_endpoint, true));
    assert(document.algs != 0 && (document.algs & ~JOSE_ALGS_ALL) == 0);
    if (oidc_document_parse((struct slice){(const char *)data, size}, issuer, false, arena, &strict, NULL) == ST_OK)
        assert(slice_starts(strict.token_endpoint, LIT("https://")));
    return 0;
}
