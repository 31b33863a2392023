#include "domain/access/posture.h"

const char *const posture_item_names[POSTURE_ITEM_COUNT_] = {
#define ITEM(symbol, id) [POSTURE_##symbol] = (id),
#include "domain/access/posture.def"
#undef ITEM
};
const char *const posture_state_names[POSTURE_STATE_COUNT_] = {"unknown", "fails", "holds"};

bool posture_is_good(const struct posture *posture)
{
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        if (posture->items[item] != POSTURE_HOLDS)
            return false;
    return true;
}

static int find(const char *const *names, int count, struct slice name)
{
    for (int i = 0; i < count; i++)
        if (slice_equal(name, slice_from(names[i])))
            return i;
    return -1;
}

bool posture_set(struct posture *posture, struct slice item, struct slice state)
{
    int which = find(posture_item_names, POSTURE_ITEM_COUNT_, item);
    int what = find(posture_state_names, POSTURE_STATE_COUNT_, state);
    if (which < 0 || what < 0)
        return false;
    posture->items[which] = (enum posture_state)what;
    return true;
}

struct slice posture_text(const struct posture *posture, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(POSTURE_ITEM_COUNT_ * 64);
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        buffer_add_format(&out, "%s%s=%s", item > 0 ? " " : "", posture_item_names[item],
                          posture_state_names[posture->items[item]]);
    return arena_copy(arena, buffer_slice(&out));
}

struct posture posture_read(struct slice text)
{
    struct posture posture = {0};
    while (text.len > 0) {
        size_t end = slice_find(text, LIT(" "), 0);
        struct slice word = slice_sub(text, 0, end);
        size_t sign = slice_find(word, LIT("="), 0);
        if (sign != SIZE_MAX)
            (void)posture_set(&posture, slice_sub(word, 0, sign), slice_sub(word, sign + 1, word.len));
        text = slice_sub(text, end == SIZE_MAX ? text.len : end + 1, text.len);
    }
    return posture;
}
