#include <assert.h>

#include "platform/webauthn/internal.h"

/* Any bytes as what a page posts: an assertion as JSON, then its parts through the ceremony, with
 * a key that nobody has. Nothing is ever taken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The generator point of P-256: a key of the curve whose private part is 1, so no secret. */
#define KEY                                                                                        \
    "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"                                                     \
    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"                             \
    "\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96"                             \
    "\x22\x58\x20"                                                                                 \
    "\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16"                             \
    "\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice origins[] = {{"https://meet.example", 20}};
    struct webauthn_site site = {.rp_id = LIT("meet.example"), .origins = origins, .origin_count = 1};
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    AUTO_JSON post = NULL;
    struct webauthn_assertion sent;
    if (size > 65536 || json_read((struct slice){(const char *)data, size}, &post, NULL) != ST_OK ||
        webauthn_read_assertion(post, arena, &sent, NULL) != ST_OK)
        return 0;
    struct webauthn_credential kept = {.id = sent.id, .key = LIT(KEY), .user = sent.user_handle};
    struct webauthn_seen seen;
    struct auth_data parts;
    if (auth_data_read(sent.auth_data, &parts, NULL) == ST_OK)
        kept.backup_eligible = parts.backup_eligible;
    enum status status = webauthn_verify(&site, LIT("a"), &kept, false, &sent, &seen, NULL);
    assert(status != ST_OK && status != ST_CONFLICT);
    return 0;
}
