#ifndef RENDEZ_ROLES_AUTHD_TRIAL_CODE_H
#define RENDEZ_ROLES_AUTHD_TRIAL_CODE_H

#include "base/bytes/bytes.h"

/* The authenticator of a made-up person: six digits for a step of 30 s (RFC 6238, SHA-1). Apart from all
 * that checks codes, and in a file of its own since OpenSSL's headers and those of messages both have a
 * struct timex.
 *   secret  in base 32 */
struct slice trial_code(struct slice secret, int64_t step, struct arena *arena);

#endif
