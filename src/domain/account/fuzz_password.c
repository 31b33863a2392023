#include <assert.h>

#include "domain/account/password.h"

/* Any bytes as a password: a judgement, within the memory that the header names; the same for what
 * it is normalised to. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice context[] = {{"Ann Martin", 10}, {"ann.martin@client.example", 25}};
    struct slice typed = {(const char *)data, size}, normal;
    AUTO_ARENA first = arena_create_wiped(PASSWORD_ARENA_BYTES);
    AUTO_ARENA second = arena_create_wiped(PASSWORD_ARENA_BYTES);
    AUTO_ARENA third = arena_create_wiped(PASSWORD_ARENA_BYTES);
    enum password_fault fault = password_judge(typed, context, 2, first);
    if (password_normal(typed, second, &normal, NULL) == ST_OK && normal.len <= PASSWORD_BYTES_MAX)
        assert(password_judge(normal, context, 2, third) == fault);
    return 0;
}
