/* Input: a set of keys. What is kept is usable, and a token that names one of its keys is
 * refused for its signature, not for anything else. */
#include <assert.h>

#include "platform/jose/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_token(const struct jose_keys *keys, struct slice token)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct jws jws;
    assert(jws_verify(token, keys, JOSE_ALGS_ALL, arena, &jws, NULL) != ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_JOSE_KEYS keys = NULL;
    if (jose_keys_parse((struct slice){(const char *)data, size}, &keys, NULL) != ST_OK)
        return 0;
    assert(jose_keys_count(keys) <= JOSE_KEYS_MAX);
    for (size_t i = 0; i < keys->count; i++)
        assert(keys->items[i].kind != KEY_KIND_NONE && keys->items[i].signature_bytes >= 64 &&
               (keys->items[i].jwk != NULL) != (keys->items[i].ed25519 != NULL));
    /* {"alg":"ES256"}, {"alg":"RS256","kid":"k"}, {"alg":"EdDSA","kid":"k"}; {}; 64 zeros */
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    check_token(keys, LIT("eyJhbGciOiJFUzI1NiJ9.e30." ZEROS ZEROS));
    check_token(keys, LIT("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30." ZEROS ZEROS));
    return 0;
}
