#include "domain/account/internal.h"

#include <unictype.h>

/* A password is a core with things around it: "Soleil2026!" is "soleil", a year and a sign. It is
 * easy when core and things together cost fewer tries than this. */
enum {
    EASY_COST = 40 * BIT,
    AROUND_MAX = 8,           /* bytes that may stand before or behind the core */
    COST_YEAR = 3 * BIT,
    COST_COUNTED = 3 * BIT,   /* 12, 123, 1234 */
    COST_ONE = BIT,           /* "1", "!" */
    COST_ONE_DIGIT = 36,
    COST_USUAL_SIGN = 5 * BIT,
    COST_SIGN = 6 * BIT,
    COST_REPEATED = BIT,
    COST_LETTER_FOR = 28, /* "@" for "a" */
    COST_GAP = 4 * BIT,       /* a sign left out of the core */
    COST_BACKWARDS = 2 * BIT,
    COST_CAPITAL = BIT,       /* the first letter */
    COST_ALL_CAPITALS = 2 * BIT,
    COST_CAPITALS_EACH = 4 * BIT,
    PERIOD_MAX = 4,           /* characters that come again and again, whatever they are */
};

static const char usual_signs[] = ".?*-_@#$&+,;: ";
static const char gaps[] = "-_.' ";

/* What stands for a letter; "1" and "!" are i or l. */
static const struct {
    char sign, letter;
} leet[] = {{'@', 'a'}, {'4', 'a'}, {'3', 'e'}, {'0', 'o'}, {'$', 's'}, {'5', 's'},
            {'7', 't'}, {'+', 't'}, {'8', 'b'}, {'9', 'g'}};

struct slice password_unleet(struct slice folded, char one, struct arena *arena, unsigned *changed)
{
    char *out = arena_text(arena, folded);
    *changed = 0;
    for (size_t i = 0; i < folded.len; i++) {
        char letter = out[i] == '1' || out[i] == '!' ? one : '\0';
        for (size_t k = 0; letter == '\0' && k < sizeof leet / sizeof *leet; k++)
            if (out[i] == leet[k].sign)
                letter = leet[k].letter;
        if (letter == '\0')
            continue;
        out[i] = letter;
        (*changed)++;
    }
    return (struct slice){out, folded.len};
}

static bool is_year(struct slice text)
{
    return text.len >= 4 && (slice_starts(text, LIT("19")) || slice_starts(text, LIT("20"))) &&
           ascii_is_digit(text.data[2]) && ascii_is_digit(text.data[3]);
}

/* How many digits count up from the first: 3 for "1239". */
static size_t counted(struct slice text)
{
    size_t len = 0;
    while (len < text.len && ascii_is_digit(text.data[len]) &&
           (len == 0 || text.data[len] == text.data[len - 1] + 1))
        len++;
    return len;
}

static unsigned sign_cost(char c)
{
    if (c == '1' || c == '!')
        return COST_ONE;
    if (ascii_is_digit(c))
        return COST_ONE_DIGIT;
    return strchr(usual_signs, c) != NULL ? COST_USUAL_SIGN : COST_SIGN;
}

static unsigned around_cost(struct slice text)
{
    unsigned cost = 0;
    char previous = '\0';
    while (text.len > 0) {
        char c = text.data[0];
        size_t step = 1;
        if (c == previous)
            cost += COST_REPEATED;
        else if (is_year(text))
            cost += COST_YEAR, step = 4;
        else if (counted(text) > 1)
            cost += COST_COUNTED, step = counted(text);
        else
            cost += sign_cost(c);
        previous = c;
        text = slice_sub(text, step, text.len);
    }
    return cost;
}

/* Capitals where nobody expects them. Of other scripts too. */
static unsigned capitals_cost(struct slice text)
{
    unsigned capitals = 0, small = 0, letters = 0;
    bool first = false;
    size_t at = 0;
    uint32_t c;
    while (utf8_next(text, &at, &c)) {
        bool capital =
            uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Lu | UC_CATEGORY_MASK_Lt);
        if (!capital && !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L))
            continue;
        first = letters++ == 0 ? capital : first;
        capitals += capital;
        small += !capital;
    }
    if (capitals == 0)
        return 0;
    if (small == 0)
        return COST_ALL_CAPITALS;
    if (first && capitals == 1)
        return COST_CAPITAL;
    return (capitals < small ? capitals : small) * COST_CAPITALS_EACH;
}

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.data[i]) && !ascii_is_digit(text.data[i]))
            return false;
    return text.len > 0;
}

/* The core without the signs between its parts. */
static struct slice without_gaps(struct slice core, struct arena *arena, unsigned *cost)
{
    char *out = arena_alloc(arena, core.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < core.len; i++)
        if (strchr(gaps, core.data[i]) != NULL)
            *cost += COST_GAP;
        else
            out[len++] = core.data[i];
    return (struct slice){out, len};
}

static unsigned reading_cost(struct slice core, struct arena *arena)
{
    unsigned whole = password_word_cost(core), gap_cost = 0;
    if (whole != COST_NONE)
        return whole;
    core = without_gaps(core, arena, &gap_cost);
    return is_plain(core) ? gap_cost + password_core_cost(core, EASY_COST, arena) : COST_NONE;
}

/* As it is, with letters for signs, and from its end. */
static unsigned any_reading_cost(struct slice core, struct arena *arena)
{
    unsigned cost = reading_cost(core, arena), changed;
    for (const char *one = "il"; *one != '\0'; one++) {
        struct slice letters = password_unleet(core, *one, arena, &changed);
        unsigned read = changed * COST_LETTER_FOR;
        if (changed > 0 && (read += reading_cost(letters, arena)) < cost)
            cost = read;
    }
    char *reversed = arena_alloc(arena, core.len + 1);
    for (size_t i = 0; i < core.len; i++)
        reversed[i] = core.data[core.len - 1 - i];
    unsigned read = password_word_cost((struct slice){reversed, core.len});
    return read != COST_NONE && read + COST_BACKWARDS < cost ? read + COST_BACKWARDS : cost;
}

/* How many bytes at the end (or the beginning) are no letters. */
static size_t no_letters(struct slice text, bool at_end)
{
    size_t len = 0;
    while (len < text.len && len < AROUND_MAX) {
        char c = text.data[at_end ? text.len - 1 - len : len];
        if (ascii_is_alpha(c) || (unsigned char)c >= 0x80)
            break;
        len++;
    }
    return len;
}

/* "Ab1!Ab1!Ab1!" */
static bool is_periodic(struct slice text)
{
    for (size_t period = 1; period <= PERIOD_MAX; period++)
        if (text.len >= 2 * period && memcmp(text.data, text.data + period, text.len - period) == 0)
            return true;
    return false;
}

bool password_is_easy(struct slice text, struct slice folded)
{
    size_t before = no_letters(folded, false), behind = no_letters(folded, true);
    unsigned capitals = capitals_cost(text);
    if (is_periodic(folded))
        return true;
    for (size_t from = 0; from <= before; from++)
        for (size_t cut = 0; cut <= behind && from + cut + WORD_BYTES_MIN <= folded.len; cut++) {
            struct slice core = slice_sub(folded, from, folded.len - cut);
            unsigned around = capitals + around_cost(slice_sub(folded, 0, from)) +
                              around_cost(slice_sub(folded, folded.len - cut, folded.len));
            AUTO_ARENA work = arena_create_wiped(PASSWORD_ARENA_BYTES);
            if (around < EASY_COST && around + any_reading_cost(core, work) < EASY_COST)
                return true;
        }
    return false;
}
