#ifndef RENDEZ_ROLES_SSO_TEST_KEYS_H
#define RENDEZ_ROLES_SSO_TEST_KEYS_H

#include "base/bytes/bytes.h"

/* Two keys of a provider (ES256), for tests: apart from them, as OpenSSL's headers and those of
 * messages both have a struct timex. */
enum test_key { FIRST_KEY, SECOND_KEY, TEST_KEY_COUNT_ };
void test_keys_make(void);
void test_keys_destroy(void);
struct slice test_key_set(enum test_key key, const char *id, struct arena *arena); /* {"keys":[…]} */
struct slice test_token(enum test_key key, const char *id, struct slice payload, struct arena *arena);

#endif
