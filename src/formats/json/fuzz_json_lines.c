#include <assert.h>

#include "formats/json/json.h"

/* One pass without a tree must say what jansson says: the same lines refused, the same texts
 * and numbers found; and what it writes must be read back. */

static void compare(const struct json_member *member, const json_t *tree, struct arena *arena)
{
    const json_t *value = json_object_get(tree, arena_text(arena, member->name));
    struct slice text = json_is_string(value) ? (struct slice){json_string_value(value),
                                                               json_string_length(value)}
                                              : SLICE_NONE;
    assert(slice_equal(member->text, text));
    assert(member->has_number == json_is_integer(value));
    assert(!member->has_number || member->number == json_integer_value(value));
}

static void write_and_read(struct slice text)
{
    AUTO_BUFFER out = buffer_create(text.len * 6 + 16);
    AUTO_JSON back = NULL;
    json_put_text(&out, text);
    enum status again = json_read(buffer_slice(&out), &back, NULL);
    assert(again == ST_OK);
    assert(slice_equal((struct slice){json_string_value(back), json_string_length(back)}, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    AUTO_JSON tree = NULL;
    struct slice line = {(const char *)data, size};
    struct json_member members[] = {{LIT("id")}, {LIT("text")}, {LIT("n")}};
    struct problem one = {0}, other = {0};
    enum status status = json_members(line, members, 3, arena, &one);
    assert(status == json_read(line, &tree, &other));
    for (size_t i = 0; status == ST_OK && i < 3; i++) {
        compare(&members[i], tree, arena);
        write_and_read(members[i].text);
    }
    return 0;
}
