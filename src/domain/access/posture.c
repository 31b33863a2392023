#include "domain/access/posture.h"

const char *const device_kind_names[DEVICE_KIND_COUNT_] = {"workstation", "gateway", "recorder"};
const char *const device_kind_prefixes[DEVICE_KIND_COUNT_] = {"d", "g", "r"};
const unsigned posture_late_s[DEVICE_KIND_COUNT_] = {POSTURE_SECONDS, POSTURE_SECONDS, 600};

const char *const posture_item_names[POSTURE_ITEM_COUNT_] = {
#define ITEM(symbol, id, kind) [POSTURE_##symbol] = (id),
#include "domain/access/posture.def"
#undef ITEM
};
const enum device_kind posture_item_kinds[POSTURE_ITEM_COUNT_] = {
#define ITEM(symbol, id, kind) [POSTURE_##symbol] = DEVICE_##kind,
#include "domain/access/posture.def"
#undef ITEM
};
const char *const posture_state_names[POSTURE_STATE_COUNT_] = {"unknown", "fails", "holds"};

static int find(const char *const *names, int count, struct slice name)
{
    for (int i = 0; i < count; i++)
        if (slice_equal(name, slice_from(names[i])))
            return i;
    return -1;
}

bool device_kind_from_name(struct slice name, enum device_kind *out)
{
    int kind = find(device_kind_names, DEVICE_KIND_COUNT_, name);
    if (kind >= 0)
        *out = (enum device_kind)kind;
    return kind >= 0;
}

enum device_kind device_kind_of(struct slice id)
{
    int kind = find(device_kind_prefixes, DEVICE_KIND_COUNT_, slice_sub(id, 0, slice_find(id, LIT("_"), 0)));
    return kind < 0 ? DEVICE_WORKSTATION : (enum device_kind)kind;
}

static bool counts(const struct posture *posture, int item)
{
    return posture_item_kinds[item] == posture->kind;
}

bool posture_is_good(const struct posture *posture)
{
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        if (counts(posture, item) && posture->items[item] != POSTURE_HOLDS)
            return false;
    return true;
}

struct slice posture_cause(const struct posture *posture)
{
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        if (counts(posture, item) && posture->items[item] != POSTURE_HOLDS)
            return posture->causes[item];
    return SLICE_NONE;
}

static bool is_word(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != '_' && !ascii_is_digit(text.data[i]) && (text.data[i] < 'a' || text.data[i] > 'z'))
            return false;
    return text.len <= POSTURE_CAUSE_MAX;
}

bool posture_set(struct posture *posture, struct slice item, struct slice state, struct slice cause)
{
    int which = find(posture_item_names, POSTURE_ITEM_COUNT_, item);
    int what = find(posture_state_names, POSTURE_STATE_COUNT_, state);
    if (which < 0 || what < 0 || !counts(posture, which) || !is_word(cause))
        return false;
    posture->items[which] = (enum posture_state)what;
    posture->causes[which] = what == POSTURE_HOLDS ? SLICE_NONE : cause;
    return true;
}

struct slice posture_text(const struct posture *posture, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(POSTURE_ITEM_COUNT_ * 128);
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++) {
        struct slice cause = posture->causes[item];
        if (counts(posture, item))
            buffer_add_format(&out, "%s%s=%s%s%.*s", out.len > 0 ? " " : "", posture_item_names[item],
                              posture_state_names[posture->items[item]], cause.len > 0 ? "/" : "", SLICE_ARG(cause));
    }
    return arena_copy(arena, buffer_slice(&out));
}

struct posture posture_read(struct slice text, enum device_kind kind)
{
    struct posture posture = {.kind = kind};
    while (text.len > 0) {
        size_t end = slice_find(text, LIT(" "), 0);
        struct slice word = slice_sub(text, 0, end);
        size_t sign = slice_find(word, LIT("="), 0), bar = slice_find(word, LIT("/"), 0);
        if (sign != SIZE_MAX)
            (void)posture_set(&posture, slice_sub(word, 0, sign), slice_sub(word, sign + 1, bar),
                              bar == SIZE_MAX ? SLICE_NONE : slice_sub(word, bar + 1, word.len));
        text = slice_sub(text, end == SIZE_MAX ? text.len : end + 1, text.len);
    }
    return posture;
}
