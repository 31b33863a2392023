#include "roles/keyd/codes.h"

#include <liboath/oath.h>
#include <openssl/crypto.h>

const char *const code_algorithm_names[CODE_ALGORITHM_COUNT_] = {"sha1", "sha256", "sha512"};

static const int flags[CODE_ALGORITHM_COUNT_] = {0, OATH_TOTP_HMAC_SHA256, OATH_TOTP_HMAC_SHA512};

static enum status check_kind(const struct secret *secret, struct code_kind kind,
                              struct problem *why)
{
    size_t len = secret_len(secret);
    if (len < CODE_SECRET_MIN || len > CODE_SECRET_MAX)
        return problem_set(why, ST_INVALID, "a code's secret is of 16 to 64 bytes");
    if (kind.digits < CODE_DIGITS_MIN || kind.digits > CODE_DIGITS_MAX ||
        (unsigned)kind.algorithm >= CODE_ALGORITHM_COUNT_)
        return problem_set(why, ST_INVALID, "a code is of 6 to 8 digits, by SHA-1, 256 or 512");
    return ST_OK;
}

enum status code_of_step(const struct secret *secret, struct code_kind kind, int64_t step,
                         struct code_text *out, struct problem *why)
{
    TRY(check_kind(secret, kind, why));
    if (step < 0 || step > INT64_MAX / CODE_PERIOD_S)
        return problem_set(why, ST_INVALID, "a code of a time that is none");
    /* liboath takes the secret as char * and does not change it. */
    int made = oath_totp_generate2((const char *)secret_bytes(secret), secret_len(secret),
                                   (time_t)(step * CODE_PERIOD_S), CODE_PERIOD_S, 0, kind.digits,
                                   flags[kind.algorithm], out->digits);
    return made == OATH_OK ? ST_OK
                           : problem_set(why, ST_UNAVAILABLE, "liboath: %s", oath_strerror(made));
}

/* Code and candidate as blocks of one size, so that the length tells nothing either. */
static bool is_code(struct slice code, const struct code_text *right)
{
    struct code_text said = {{0}};
    if (code.len > 0)
        memcpy(said.digits, code.data,
               code.len < sizeof said.digits ? code.len : sizeof said.digits - 1);
    bool same = CRYPTO_memcmp(said.digits, right->digits, sizeof said.digits) == 0;
    return same && code.len == strlen(right->digits);
}

enum status code_check(const struct secret *secret, struct code_kind kind, struct slice code,
                       struct instant at, int64_t last, int64_t *step, struct problem *why)
{
    int64_t now = at.us / 1000000 / CODE_PERIOD_S, found = CODE_NO_STEP;
    struct code_text right = {{0}};
    if (at.us < 0)
        return problem_set(why, ST_INVALID, "a code of a time that is none");
    for (int64_t one = now - CODE_WINDOW; one <= now + CODE_WINDOW; one++) {
        TRY(code_of_step(secret, kind, one < 0 ? 0 : one, &right, why));
        /* The latest that fits: were two steps to have one code, it would count once. */
        if (is_code(code, &right) && one >= 0 && one > last)
            found = one;
    }
    OPENSSL_cleanse(&right, sizeof right);
    if (found == CODE_NO_STEP)
        return problem_set(why, ST_DENIED, "no code of this time, or one that was used");
    *step = found;
    return ST_OK;
}

void code_secret_encode(const struct secret *secret, struct buffer *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const unsigned char *bytes = secret_bytes(secret);
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < secret_len(secret); i++) {
        held = (held << 8 | bytes[i]) & 0xFFFF;
        for (bits += 8; bits >= 5; bits -= 5)
            buffer_add_char(out, digits[held >> (bits - 5) & 31]);
    }
    if (bits > 0)
        buffer_add_char(out, digits[held << (5 - bits) & 31]);
}
