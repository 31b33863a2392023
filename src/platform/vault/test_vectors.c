/* Public vectors from files, where they are at hand: Wycheproof's HKDF-SHA256 and
 * HMAC-SHA256, and lines of {"key", "nonce", "aad", "msg", "ct", "tag", "result"} for
 * XAES-256-GCM. Each argument is such a file. */
#include <stdlib.h>

#include "check.h"
#include "formats/json/json.h"
#include "platform/vault/internal.h"

enum { FILE_BYTES_MAX = 32 << 20, OKM_MAX = 255 * 32 };

static struct slice hex(const json_t *object, const char *name, struct arena *arena)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(hex_decode(json_text(object, name), arena, &bytes));
    return bytes;
}

static bool hkdf_case(const json_t *object, struct arena *arena)
{
    size_t size = (size_t)json_number(object, "size", 0);
    unsigned char *out = arena_alloc(arena, size + 1);
    return size <= OKM_MAX &&
           hkdf_sha256(hex(object, "ikm", arena), hex(object, "salt", arena),
                       hex(object, "info", arena), out, size) &&
           slice_equal((struct slice){(char *)out, size}, hex(object, "okm", arena));
}

/* Some groups cut the tag. */
static bool hmac_case(const json_t *object, struct arena *arena)
{
    unsigned char mac[32];
    struct slice tag = hex(object, "tag", arena);
    hmac_sha256(hex(object, "key", arena), hex(object, "msg", arena), mac);
    return tag.len > 0 && tag.len <= sizeof mac &&
           slice_equal((struct slice){(char *)mac, tag.len}, tag);
}

static bool xaes_case(const json_t *object, struct arena *arena)
{
    struct slice key = hex(object, "key", arena), nonce = hex(object, "nonce", arena), plain;
    struct slice text = hex(object, "ct", arena), tag = hex(object, "tag", arena);
    struct slice cipher = arena_format(arena, "%*s", (int)(text.len + tag.len), "");
    char *bytes = (char *)(uintptr_t)cipher.data;
    memcpy(bytes, text.len == 0 ? "" : text.data, text.len);
    memcpy(bytes + text.len, tag.len == 0 ? "" : tag.data, tag.len);
    return key.len == 32 && nonce.len == 24 &&
           xaes_decrypt((const unsigned char *)key.data, (const unsigned char *)nonce.data, cipher,
                        hex(object, "aad", arena), arena, &plain, NULL) == ST_OK &&
           slice_equal(plain, hex(object, "msg", arena));
}

static const struct {
    const char *member; /* that only these cases have */
    bool (*fn)(const json_t *object, struct arena *arena);
} kinds[] = {{"okm", hkdf_case}, {"nonce", xaes_case}, {"tag", hmac_case}};

static bool run_case(const json_t *object)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    bool wanted = !slice_equal(json_text(object, "result"), LIT("invalid"));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (json_object_get(object, kinds[i].member) != NULL) {
            CHECK(kinds[i].fn(object, arena) == wanted);
            return true;
        }
    return false;
}

static size_t run_groups(const json_t *file)
{
    size_t count = 0, i, j;
    json_t *group, *one;
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
        json_array_foreach(json_object_get(group, "tests"), j, one) count += run_case(one);
    return count;
}

static size_t run_lines(struct slice text)
{
    size_t count = 0;
    for (struct slice line; slice_next_line(&text, &line);) {
        AUTO_JSON object = NULL;
        if (line.len > 0 && json_read(line, &object, NULL) == ST_OK)
            count += run_case(object);
    }
    return count;
}

static void run_file(const char *path)
{
    AUTO_ARENA arena = arena_create((size_t)4 * FILE_BYTES_MAX);
    AUTO_JSON whole = NULL;
    struct slice text;
    check_row(path);
    CHECK_OK(file_read(path, FILE_BYTES_MAX, arena, &text, NULL));
    size_t count = json_read(text, &whole, NULL) == ST_OK ? run_groups(whole) : run_lines(text);
    CHECK(count > 0);
    printf("# %s: %zu cases\n", path, count);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        run_file(argv[i]);
        test_done(argv[i]);
    }
    return check_done();
}
