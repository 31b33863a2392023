/* Apart from claims.c, so that who only looks at a token needs nothing that checks one. */
#include "platform/jose/internal.h"

static bool has_control(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.data[i] < 0x20 || s.data[i] == 0x7F)
            return true;
    return false;
}

enum status claim_text(const json_t *object, const char *name, size_t max, struct arena *arena,
                       struct slice *out, struct problem *why)
{
    const json_t *value = json_object_get(object, name);
    struct slice text = json_text(object, name);
    if (value == NULL)
        return problem_set(why, ST_INVALID, "\"%s\" is missing", name);
    if (!json_is_string(value) || text.len == 0 || text.len > max || has_control(text))
        return problem_set(why, ST_INVALID, "\"%s\" is no text of 1 to %zu bytes", name, max);
    *out = arena_copy(arena, text);
    return ST_OK;
}
