#include "domain/account/internal.h"

/* Costs, in eighths of a bit, after measuring (doc/identity.md): what common passwords and their
 * variants need, against random ones and words put together at random. */
enum {
    COST_JOIN = 2 * BIT,     /* another part begins */
    COST_DIGIT = 44,         /* log2(10), and that it is one */
    COST_AGAIN = 3 * BIT,    /* the part before once more */
    COST_MIRRORED = 4 * BIT, /* … from its end */
    COST_SAME = 8 * BIT,     /* one character many times */
    COST_KEYS = 7 * BIT,     /* keys beside each other, and for each: */
    COST_KEYS_EACH = 14,
    COST_SEQUENCE = 7 * BIT, /* abcdef, fedcba, 123456 */
    RUN_MIN = 4,             /* keys and sequences */
};

unsigned password_word_cost(struct slice folded)
{
    if (folded.len < WORD_BYTES_MIN || folded.len > WORD_BYTES_MAX)
        return COST_NONE;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < folded.len; i++)
        hash = (hash ^ (unsigned char)folded.data[i]) * UINT64_C(0x100000001B3);
    hash &= ~(uint64_t)WORD_COST_MASK;
    size_t low = 0, high = password_word_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (password_words[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == password_word_count || (password_words[low] & ~(uint64_t)WORD_COST_MASK) != hash)
        return COST_NONE;
    return (unsigned)(password_words[low] & WORD_COST_MASK) * BIT;
}

/* The keyboards of our users. Each row begins a little further right, in quarters of a key. */
static const struct keyboard {
    const char *rows[4];
} keyboards[] = {
    {{"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"}},
    {{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"}},
};
static const int row_starts[] = {0, 2, 3, 5};
enum { KEYBOARD_COUNT = 2, KEY_QUARTERS = 4 };

static bool find_key(const struct keyboard *keyboard, char c, int *x, int *y)
{
    for (int row = 0; row < 4; row++) {
        const char *at = strchr(keyboard->rows[row], c);
        if (at == NULL)
            continue;
        *x = (int)(at - keyboard->rows[row]) * KEY_QUARTERS + row_starts[row];
        *y = row;
        return true;
    }
    return false;
}

static bool are_near(const struct keyboard *keyboard, char a, char b)
{
    int ax, ay, bx, by;
    return find_key(keyboard, a, &ax, &ay) && find_key(keyboard, b, &bx, &by) && ay - by <= 1 &&
           by - ay <= 1 && ax - bx <= KEY_QUARTERS && bx - ax <= KEY_QUARTERS;
}

static unsigned letter_index(char c)
{
    return ascii_is_alpha(c) ? (unsigned)(c - 'a') + 1 : 0;
}

/* For each character: on which keyboards, one bit each, it is beside the one before. */
static unsigned char *find_neighbours(struct slice core, struct arena *arena)
{
    unsigned char *near = arena_alloc(arena, core.len + 1);
    for (size_t i = 1; i < core.len; i++)
        for (size_t k = 0; k < KEYBOARD_COUNT; k++)
            if (are_near(&keyboards[k], core.data[i - 1], core.data[i]))
                near[i] |= (unsigned char)(1 << k);
    return near;
}

/* A part that grows from `from`: what is known of it so far. */
struct part {
    struct slice core;
    const unsigned char *near;
    size_t from, to;
    unsigned letters;      /* cost as letters that follow as in words */
    unsigned before, last; /* the two letters before */
    unsigned char keys;    /* all keys beside each other, on these keyboards */
    bool same, rising, falling;
};

static void begin_part(struct part *part, struct slice core, const unsigned char *near, size_t from)
{
    *part = (struct part){.core = core,
                          .near = near,
                          .from = from,
                          .to = from,
                          .keys = UINT8_MAX,
                          .same = true,
                          .rising = true,
                          .falling = true};
}

static void grow_part(struct part *part)
{
    char c = part->core.data[part->to++];
    unsigned letter = letter_index(c);
    part->letters += letter == 0
                         ? COST_DIGIT
                         : password_letters[(part->before * 27 + part->last) * 26 + letter - 1];
    part->before = letter == 0 ? 0 : part->last;
    part->last = letter;
    if (part->to - part->from < 2)
        return;
    char previous = part->core.data[part->to - 2];
    part->keys &= part->near[part->to - 1];
    part->same = part->same && c == previous;
    part->rising = part->rising && c == previous + 1;
    part->falling = part->falling && c == previous - 1;
}

static bool repeats(const struct part *part, bool mirrored)
{
    size_t len = part->to - part->from;
    if (len < 2 || part->from < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (part->core.data[part->from + i] !=
            part->core.data[mirrored ? part->from - 1 - i : part->from - len + i])
            return false;
    return true;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned part_cost(const struct part *part)
{
    unsigned len = (unsigned)(part->to - part->from), cost = part->letters;
    cost = least(cost, password_word_cost(slice_sub(part->core, part->from, part->to)));
    if (part->same && len > 2)
        cost = least(cost, COST_SAME);
    if (part->keys != 0 && len >= RUN_MIN)
        cost = least(cost, COST_KEYS + (len - 1) * COST_KEYS_EACH);
    if ((part->rising || part->falling) && len >= RUN_MIN)
        cost = least(cost, COST_SEQUENCE);
    if (repeats(part, false))
        cost = least(cost, COST_AGAIN);
    if (repeats(part, true))
        cost = least(cost, COST_MIRRORED);
    return cost;
}

/* Longer ones from the same beginning cost more than `limit`. */
static bool is_spent(const struct part *part, unsigned limit)
{
    size_t len = part->to - part->from;
    return part->letters >= limit && len > WORD_BYTES_MAX && len > part->from && !part->same &&
           part->keys == 0 && !part->rising && !part->falling;
}

unsigned password_core_cost(struct slice core, unsigned limit, struct arena *arena)
{
    unsigned *best = ARENA_ARRAY(arena, core.len + 1, unsigned);
    const unsigned char *near = find_neighbours(core, arena);
    for (size_t i = 1; i <= core.len; i++)
        best[i] = COST_NONE;
    for (size_t from = 0; from < core.len; from++) {
        struct part part;
        unsigned begun = best[from] + (from > 0 ? COST_JOIN : 0);
        begin_part(&part, core, near, from);
        if (begun >= limit || begun >= best[core.len])
            continue; /* no way through here is the cheapest */
        while (part.to < core.len && !is_spent(&part, limit)) {
            grow_part(&part);
            if (begun < best[part.to])
                best[part.to] = least(best[part.to], begun + part_cost(&part));
        }
    }
    return best[core.len];
}
