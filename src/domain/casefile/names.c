/* The people's names in a text: each run of words that one of them can be called by. */
#include "domain/casefile/internal.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES_MAX = 400, PARTS_MAX = 12, MAILBOX_LETTERS_MIN = 4, UNKNOWN_WORDS_MAX = 3, OTHERS_WORDS_MAX = 8,
       OTHERS_BYTES_MAX = 120, RUN_WORDS_MAX = 24 };

static struct people_set just(size_t person)
{
    struct people_set set = {0};
    set.bits[person / 64] = UINT64_C(1) << (person % 64);
    return set;
}

static struct people_set both(struct people_set a, struct people_set b)
{
    for (size_t i = 0; i < MASK_PEOPLE_MAX / 64; i++)
        a.bits[i] &= b.bits[i];
    return a;
}

static bool is_empty(const struct people_set *set)
{
    uint64_t any = 0;
    for (size_t i = 0; i < MASK_PEOPLE_MAX / 64; i++)
        any |= set->bits[i];
    return any == 0;
}

static bool is_among(const struct people_set *set, size_t person)
{
    return (set->bits[person / 64] >> (person % 64) & 1) != 0;
}

/* What the people can be called by */

static void add_word(struct mask *mask, struct arena *arena, struct slice folded, size_t person)
{
    enum name_kind kind = word_is_weak(folded) ? NAME_WEAK : word_is_common(folded) ? NAME_WORD : NAME_STRONG;
    if (folded.len == 0)
        return;
    mask->words = arena_grow(arena, mask->words, mask->word_count, &mask->word_capacity, sizeof *mask->words);
    mask->words[mask->word_count++] = (struct name_word){folded, just(person), kind};
}

static struct slice joined(struct arena *arena, const struct slice *parts, size_t count, bool backwards)
{
    struct slice text = SLICE_NONE;
    for (size_t i = 0; i < count; i++)
        text = arena_format(arena, "%.*s%.*s", SLICE_ARG(text), SLICE_ARG(parts[backwards ? count - 1 - i : i]));
    return text;
}

/* "Anne-Laure O'Brien" can be "annelaure", "obrien", "annelaureobrien" and "obrienannelaure" too. */
static void add_name(struct mask *mask, struct arena *arena, struct slice name, size_t person)
{
    struct text_word_list words;
    struct slice parts[PARTS_MAX];
    size_t count = 0;
    name = arena_copy(arena, slice_sub(name, 0, NAME_BYTES_MAX));
    words_split(name, arena, &words);
    for (size_t i = 0; i < words.count && count < PARTS_MAX; i++) {
        if (word_is_title(words.items[i].folded) && i + 1 < words.count)
            continue;
        add_word(mask, arena, words.items[i].folded, person);
        parts[count++] = words.items[i].folded;
        if (count > 1 && slice_find(slice_sub(name, words.items[i - 1].to, words.items[i].from), LIT(" "), 0) == SIZE_MAX)
            add_word(mask, arena, joined(arena, parts + count - 2, 2, false), person);
    }
    mask->name_words[person] = (uint8_t)count;
    if (count > 1) {
        add_word(mask, arena, joined(arena, parts, count, false), person);
        add_word(mask, arena, joined(arena, parts, count, true), person);
    }
}

/* "mdupont" of "mdupont@…"; of who has no name, its parts as well. */
static void add_mailbox(struct mask *mask, struct arena *arena, struct slice address, bool nameless, size_t person)
{
    struct text_word_list words;
    struct slice parts[PARTS_MAX];
    size_t at = slice_find(address, LIT("@"), 0), count = 0;
    if (at == SIZE_MAX)
        return;
    words_split(arena_copy(arena, slice_sub(address, 0, at < NAME_BYTES_MAX ? at : NAME_BYTES_MAX)), arena, &words);
    for (size_t i = 0; i < words.count && count < PARTS_MAX; i++) {
        struct slice folded = words.items[i].folded;
        if (nameless && folded.len >= MAILBOX_LETTERS_MIN && !word_is_mailbox(folded))
            add_word(mask, arena, folded, person);
        parts[count++] = folded;
    }
    struct slice whole = joined(arena, parts, count, false);
    if (whole.len >= MAILBOX_LETTERS_MIN && !word_is_mailbox(whole))
        add_word(mask, arena, whole, person);
}

static int by_folded(const void *a, const void *b)
{
    return slice_compare(((const struct name_word *)a)->folded, ((const struct name_word *)b)->folded);
}

/* One row for a word, with all that it can mean. */
static void merge_words(struct mask *mask)
{
    size_t kept = 0;
    if (mask->word_count > 0)
        qsort(mask->words, mask->word_count, sizeof *mask->words, by_folded);
    for (size_t i = 0; i < mask->word_count; i++) {
        struct name_word *last = kept > 0 ? &mask->words[kept - 1] : NULL;
        if (last == NULL || !slice_equal(last->folded, mask->words[i].folded)) {
            mask->words[kept++] = mask->words[i];
            continue;
        }
        for (size_t k = 0; k < MASK_PEOPLE_MAX / 64; k++)
            last->people.bits[k] |= mask->words[i].people.bits[k];
    }
    mask->word_count = kept;
}

/* The others: whole names only, since of many people nearly every word is somebody's. */

static int by_text(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static void add_other(struct mask *mask, struct arena *arena, struct slice name)
{
    struct text_word_list words;
    struct slice parts[PARTS_MAX];
    size_t count = 0;
    words_split(slice_sub(name, 0, NAME_BYTES_MAX), arena, &words);
    for (size_t i = 0; i < words.count && count < PARTS_MAX; i++)
        if (!word_is_title(words.items[i].folded) || i + 1 == words.count)
            parts[count++] = words.items[i].folded;
    for (int backwards = 0; backwards < 2 && count > 1; backwards++) {
        mask->others = arena_grow(arena, mask->others, mask->other_count, &mask->other_capacity, sizeof *mask->others);
        mask->others[mask->other_count++] = joined(arena, parts, count, backwards == 1);
    }
}

static void add_others(struct mask *mask, struct arena *arena, const struct case_person_list *others)
{
    for (size_t i = 0; others != NULL && i < others->count; i++)
        add_other(mask, arena, others->items[i].name);
    if (mask->other_count > 0)
        qsort(mask->others, mask->other_count, sizeof *mask->others, by_text);
}

struct mask *mask_create(const struct case_person_list *people, const struct case_person_list *others, struct arena *arena)
{
    struct mask *mask = ARENA_NEW(arena, struct mask);
    *mask = (struct mask){.count = people->count < MASK_PEOPLE_MAX ? people->count : MASK_PEOPLE_MAX};
    struct case_person *copies = ARENA_ARRAY(arena, mask->count + 1, struct case_person);
    for (size_t i = 0; i < mask->count; i++) {
        const struct case_person *person = &people->items[i];
        copies[i] = (struct case_person){arena_copy(arena, person->name), arena_copy(arena, person->address),
                                         arena_copy(arena, person->phone)};
        add_name(mask, arena, person->name, i);
        add_mailbox(mask, arena, person->address, person->name.len == 0, i);
    }
    mask->people = copies;
    merge_words(mask);
    add_others(mask, arena, others);
    return mask;
}

/* Finding them */

static const struct name_word *find_name(const struct mask *mask, struct slice folded)
{
    struct name_word key = {.folded = folded};
    return mask->word_count == 0 ? NULL
                                 : bsearch(&key, mask->words, mask->word_count, sizeof *mask->words, by_folded);
}

/* Between two words of one name: blanks, a hyphen, an apostrophe, "J. Dupont", "Dupont, Marc". */
static bool is_bridge(struct slice gap)
{
    static const char *const bridges[] = {"", " ", "-", "'", ". ", ", ", ".", "  ", "\t", "\u2019", "\u00a0", "\u2010",
                                          "\u2011", "\u202f", "\n", "_", "\r\n", "- ", " -", ".-", " - ", ",", ".\u00a0"};
    for (size_t i = 0; i < sizeof bridges / sizeof *bridges; i++)
        if (slice_equal(gap, slice_from(bridges[i])))
            return true;
    return false;
}

struct search {
    const struct mask *mask;
    struct slice text;
    const struct text_word_list *words;
    const struct name_word **names; /* of each word, or NULL */
};

static struct slice gap_before(const struct search *s, size_t i)
{
    return slice_sub(s->text, s->words->items[i - 1].to, s->words->items[i].from);
}

/* Can be part of a name where it stands. */
static bool counts(const struct search *s, size_t i)
{
    return s->names[i] != NULL && (s->names[i]->kind != NAME_WORD || s->words->items[i].upper);
}

static bool behind_title(const struct search *s, size_t i)
{
    return i > 0 && word_is_title(s->words->items[i - 1].folded) && s->words->items[i].upper &&
           is_bridge(gap_before(s, i));
}

/* The end of the run that begins at `first`; *who: whom all of its words can mean. */
static size_t end_of_run(const struct search *s, size_t first, struct people_set *who)
{
    size_t end = first + 1;
    *who = s->names[first]->people;
    while (end < s->words->count && end - first < RUN_WORDS_MAX && counts(s, end) && is_bridge(gap_before(s, end))) {
        struct people_set common = both(*who, s->names[end]->people);
        if (is_empty(&common))
            break;
        *who = common;
        end++;
    }
    return end;
}

/* "Marc de la compta": what is weak and small at an end is not of the name. */
static void trim(const struct search *s, size_t *first, size_t *end)
{
    while (*end > *first && s->names[*end - 1]->kind == NAME_WEAK && !s->words->items[*end - 1].upper)
        (*end)--;
    while (*first < *end && s->names[*first]->kind == NAME_WEAK && !s->words->items[*first].upper)
        (*first)++;
}

static bool is_name(const struct search *s, size_t first, size_t end)
{
    bool strong = false, upper = false;
    for (size_t i = first; i < end; i++) {
        strong = strong || s->names[i]->kind != NAME_WEAK;
        upper = upper || s->words->items[i].upper;
    }
    return strong || (upper && (end - first > 1 || behind_title(s, first)));
}

/* Whom the run means: the only one, or the only one whose whole name it is. */
static int person_of(const struct search *s, const struct people_set *who, size_t words)
{
    int only = MARK_ANYBODY, whole = MARK_ANYBODY;
    size_t count = 0, wholes = 0;
    for (size_t i = 0; i < s->mask->count; i++) {
        if (!is_among(who, i))
            continue;
        only = (int)i;
        count++;
        if (s->mask->name_words[i] == words) {
            whole = (int)i;
            wholes++;
        }
    }
    return count == 1 ? only : wholes == 1 ? whole : MARK_ANYBODY;
}

/* "Mme Roche", "M. Jean Petit": somebody whom we do not know, by the title before. Where the words with a capital end
 * that follow those of [first, from). */
static size_t end_of_capitals(const struct search *s, size_t first, size_t from)
{
    const struct text_word_list *words = s->words;
    size_t end = from;
    while (end < words->count && end - first < UNKNOWN_WORDS_MAX && words->items[end].upper &&
           !word_is_common(words->items[end].folded) && !word_is_title(words->items[end].folded) &&
           (end == first || slice_equal(gap_before(s, end), LIT(" ")) || slice_equal(gap_before(s, end), LIT("-"))))
        end++;
    return end;
}

static void mark_words(const struct search *s, struct arena *arena, size_t first, size_t end, int who,
                       struct mark_list *marks)
{
    struct mark mark = {s->words->items[first].from, s->words->items[end - 1].to, who};
    ARENA_PUSH(arena, marks, mark);
}

/* The end of the longest whole name of one of the others that begins here. */
static size_t end_of_other(const struct search *s, size_t first)
{
    char name[OTHERS_BYTES_MAX];
    size_t len = 0, found = first;
    for (size_t end = first; s->mask->other_count > 0 && end < s->words->count && end - first < OTHERS_WORDS_MAX; end++) {
        struct slice folded = s->words->items[end].folded;
        if (folded.len > sizeof name - len || (end > first && !is_bridge(gap_before(s, end))))
            break;
        memcpy(name + len, folded.data, folded.len);
        len += folded.len;
        struct slice key = {name, len};
        if (bsearch(&key, s->mask->others, s->mask->other_count, sizeof key, by_text) != NULL)
            found = end + 1;
    }
    return found;
}

/* The name of one of the people that begins at the word: [*first, end), and whose. `i` itself where none does. */
static size_t end_of_person(const struct search *s, size_t i, size_t *first, int *who)
{
    struct people_set set;
    *first = i;
    if (!counts(s, i))
        return i;
    size_t end = end_of_run(s, i, &set);
    trim(s, first, &end);
    if (*first >= end || !is_name(s, *first, end))
        return i;
    size_t longer = behind_title(s, *first) ? end_of_capitals(s, *first, end) : end;
    *who = longer > end ? MARK_ANYBODY : person_of(s, &set, end - *first);
    return longer;
}

/* Marks what begins at the word; how many words that took. */
static size_t mark_from(const struct search *s, size_t i, struct arena *arena, struct mark_list *marks)
{
    size_t first, other = end_of_other(s, i);
    int who = MARK_ANYBODY;
    size_t end = end_of_person(s, i, &first, &who);
    if (other > end) {
        first = i;
        end = other;
        who = MARK_ANYBODY;
    }
    if (end == i && behind_title(s, i) && s->words->items[i - 1].upper)
        end = end_of_capitals(s, i, i);
    if (end == i)
        return 1;
    mark_words(s, arena, first, end, who, marks);
    return end - i;
}

void names_mark(const struct mask *mask, struct slice text, struct arena *arena, struct mark_list *marks)
{
    struct text_word_list words;
    words_split(text, arena, &words);
    struct search search = {mask, text, &words, ARENA_ARRAY(arena, words.count + 1, const struct name_word *)};
    for (size_t i = 0; i < words.count; i++)
        search.names[i] = find_name(mask, words.items[i].folded);
    for (size_t i = 0; i < words.count;)
        i += mark_from(&search, i, arena, marks);
}
