#ifndef RENDEZ_ROLES_KEYD_CODES_H
#define RENDEZ_ROLES_KEYD_CODES_H

#include "base/datetime/datetime.h"
#include "platform/vault/vault.h"

/* One-time codes by time (RFC 6238 on RFC 4226), by liboath. */

enum code_algorithm { CODE_SHA1, CODE_SHA256, CODE_SHA512, CODE_ALGORITHM_COUNT_ };
extern const char *const code_algorithm_names[CODE_ALGORITHM_COUNT_]; /* sha1, sha256, sha512 */

struct code_kind {
    enum code_algorithm algorithm;
    unsigned digits; /* CODE_DIGITS_MIN to CODE_DIGITS_MAX */
};
enum {
    CODE_DIGITS_MIN = 6,
    CODE_DIGITS_MAX = 8,
    CODE_PERIOD_S = 30,
    CODE_WINDOW = 1,        /* steps before and after that count too: clocks differ */
    CODE_SECRET_BYTES = 20, /* of a new one (RFC 4226, R6: 160 bits) */
    CODE_SECRET_MIN = 16, CODE_SECRET_MAX = 64,
    CODE_NO_STEP = -1,
};

/* The code of one step. ST_INVALID: a secret or kind outside of the limits above. */
struct code_text {
    char digits[CODE_DIGITS_MAX + 1];
};
MUST_USE enum status code_of_step(const struct secret *secret, struct code_kind kind, int64_t step,
                                  struct code_text *out, struct problem *why);

/* Whether `code` is that of a step around `at`, and later than `last` (CODE_NO_STEP: none yet):
 * each step counts once, however often its code is shown. *step is which it was. Takes the same
 * time whatever is wrong with the code.
 * ST_DENIED  it is not */
MUST_USE enum status code_check(const struct secret *secret, struct code_kind kind,
                                struct slice code, struct instant at, int64_t last, int64_t *step,
                                struct problem *why);

/* As an authenticator takes it: RFC 4648 base 32 without padding. */
void code_secret_encode(const struct secret *secret, struct buffer *out);

#endif
