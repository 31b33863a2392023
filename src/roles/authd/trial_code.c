#include "roles/authd/trial_code.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <string.h>

enum { SECRET_BYTES_MAX = 64, STEP_BYTES = 8, SHA1_BYTES = 20 };

static size_t decode(struct slice secret, unsigned char out[SECRET_BYTES_MAX])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t held = 0;
    unsigned bits = 0;
    size_t len = 0;
    for (size_t i = 0; i < secret.len && len < SECRET_BYTES_MAX; i++) {
        const char *digit = secret.data[i] == '\0' ? NULL : strchr(digits, secret.data[i]);
        if (digit == NULL)
            return 0;
        held = (held << 5 | (uint32_t)(digit - digits)) & 0xFFFF;
        bits += 5;
        if (bits >= 8)
            out[len++] = (unsigned char)(held >> (bits -= 8));
    }
    return len;
}

struct slice trial_code(struct slice secret, int64_t step, struct arena *arena)
{
    unsigned char key[SECRET_BYTES_MAX] = {0}, counter[STEP_BYTES], digest[SHA1_BYTES] = {0};
    size_t len = decode(secret, key);
    for (int i = 0; i < STEP_BYTES; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    const unsigned char *made = HMAC(EVP_sha1(), key, (int)len, counter, sizeof counter, digest, NULL);
    OPENSSL_cleanse(key, sizeof key);
    if (made == NULL)
        return LIT("none");
    const unsigned char *at = digest + (digest[SHA1_BYTES - 1] & 0x0F);
    uint32_t number = (uint32_t)(at[0] & 0x7F) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return arena_format(arena, "%06u", (unsigned)(number % 1000000));
}
