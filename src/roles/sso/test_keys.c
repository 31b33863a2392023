#include "roles/sso/test_keys.h"

#include "platform/jose/test_sign.h"

static struct signer signers[TEST_KEY_COUNT_];

void test_keys_make(void)
{
    for (int i = 0; i < TEST_KEY_COUNT_; i++)
        signers[i] = signer_create(KEY_P256);
}

void test_keys_destroy(void)
{
    for (int i = 0; i < TEST_KEY_COUNT_; i++)
        signer_destroy(&signers[i]);
}

struct slice test_key_set(enum test_key key, const char *id, struct arena *arena)
{
    return arena_format(arena, "{\"keys\":[%.*s]}", SLICE_ARG(signer_jwk(&signers[key], id, "", arena)));
}

struct slice test_token(enum test_key key, const char *id, struct slice payload, struct arena *arena)
{
    struct slice header = arena_format(arena, "{\"alg\":\"ES256\",\"kid\":\"%s\"}", id);
    return sign_token(&signers[key], JOSE_ES256, header, payload, arena);
}
