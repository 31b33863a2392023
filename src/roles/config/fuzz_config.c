/* Any text as rendez.conf: what is taken keeps the promises of the keys, and a refusal names
 * the file. */
#include <assert.h>

#include "roles/config/config.h"

/* libconfig 1.5 forgets a string that the end of the file leaves open. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)16 << 20);
    struct slice text = {(const char *)data, size};
    struct config config = {0};
    struct problem why = {0};
    /* libconfig would read the file that is named there; a role's sandbox has none. */
    if (size > 65536 || slice_contains(text, LIT("@include")))
        return 0;
    if (config_parse(text, LIT("/srv"), arena, &config, &why) != ST_OK) {
        assert(slice_starts(slice_from(why.detail), LIT("rendez.conf")));
        return 0;
    }
    assert(config.mail.port > 0 && config.mail.port <= 65535);
    assert(config.mode != CONFIG_MAILBOX || config.imap.host.len > 0);
    assert((config.http.certificate.len > 0) == (config.http.key.len > 0));
    assert(config.folders.spool.len > 0 && config.folders.spool.data[0] == '/');
    return 0;
}
