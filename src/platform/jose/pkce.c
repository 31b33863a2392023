#include <assert.h>

#include "platform/jose/internal.h"

static struct slice base64url(struct slice bytes, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(bytes.len * 2 + 8);
    base64url_encode(bytes, &text);
    return arena_copy(arena, buffer_slice(&text));
}

struct slice pkce_verifier(const unsigned char random[PKCE_RANDOM_BYTES], struct arena *arena)
{
    return base64url((struct slice){(const char *)random, PKCE_RANDOM_BYTES}, arena);
}

static bool is_unreserved(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

enum status pkce_challenge(struct slice verifier, struct arena *arena, struct slice *challenge,
                           struct problem *why)
{
    unsigned char digest[32];
    if (verifier.len < 43 || verifier.len > 128)
        return problem_set(why, ST_INVALID, "a verifier has 43 to 128 characters");
    for (size_t i = 0; i < verifier.len; i++)
        if (!is_unreserved(verifier.data[i]))
            return problem_at(why, ST_INVALID, i, "a verifier has unreserved characters only");
    int good = EVP_Digest(verifier.data, verifier.len, digest, NULL, EVP_sha256(), NULL);
    assert(good == 1);
    *challenge = base64url((struct slice){(const char *)digest, sizeof digest}, arena);
    return ST_OK;
}
