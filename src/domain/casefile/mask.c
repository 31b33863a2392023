#include "domain/casefile/mask.h"

#include <stdlib.h>
#include <string.h>

#include "domain/casefile/internal.h"

static const char anybody[] = "[\u2026]";
enum { MARK_BYTES_MAX = 16 };

static int by_place(const void *a, const void *b)
{
    const struct mark *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return left->to > right->to ? -1 : left->to < right->to;
}

/* Sorted, and those that touch the same bytes one. */
static void merge_marks(struct mark_list *marks)
{
    size_t kept = 0;
    if (marks->count > 0)
        qsort(marks->items, marks->count, sizeof *marks->items, by_place);
    for (size_t i = 0; i < marks->count; i++) {
        struct mark *last = kept > 0 ? &marks->items[kept - 1] : NULL, next = marks->items[i];
        if (last == NULL || next.from >= last->to) {
            marks->items[kept++] = next;
            continue;
        }
        if (next.to > last->to) {
            last->to = next.to;
            last->who = MARK_ANYBODY;
        }
    }
    marks->count = kept;
}

/* Never in the middle of a letter. */
static size_t cut_at(struct slice text, size_t len)
{
    if (len >= text.len)
        return text.len;
    while (len > 0 && ((unsigned char)text.data[len] & 0xC0) == 0x80)
        len--;
    return len;
}

struct writer {
    struct buffer *out;
    size_t bytes_max;
    struct arena *arena;
    struct masked *masked;
};

static void put_piece(struct writer *w, size_t from, size_t to, struct slice text)
{
    if (w->masked->cut || w->out->len + text.len > w->bytes_max) {
        w->masked->cut = true;
        return;
    }
    struct mask_piece piece = {from, to, w->out->len, text.len};
    ARENA_PUSH(w->arena, &w->masked->pieces, piece);
    buffer_add(w->out, text);
}

/* Bytes of the text as they are; each that is no UTF-8 as U+FFFD. */
static void put_text(struct writer *w, struct slice text, size_t from, size_t to)
{
    while (from < to && !w->masked->cut) {
        size_t bad = utf8_bad_at(slice_sub(text, from, to));
        size_t len = bad == SIZE_MAX ? to - from : bad, room = w->bytes_max - w->out->len;
        if (len > room) {
            len = cut_at(slice_sub(text, from, to), room);
            w->masked->cut = true;
        }
        buffer_add(w->out, slice_sub(text, from, from + len));
        from += len;
        if (from < to && bad != SIZE_MAX && !w->masked->cut) {
            put_piece(w, from, from + 1, LIT("\uFFFD"));
            from++;
        }
    }
}

static struct slice mark_text(const struct mark *mark, struct arena *arena)
{
    return mark->who == MARK_ANYBODY ? slice_from(anybody) : arena_format(arena, "[P%d]", mark->who + 1);
}

/* `text` with what is marked replaced: sorted, none twice. */
static void write_masked(struct slice text, const struct mark_list *marks, size_t bytes_max, struct arena *arena,
                         struct masked *out)
{
    size_t at = 0;
    AUTO_BUFFER buffer = buffer_create(bytes_max + MARK_BYTES_MAX);
    struct masked made = {0};
    struct writer writer = {&buffer, bytes_max, arena, &made};
    for (size_t i = 0; i < marks->count; i++) {
        put_text(&writer, text, at, marks->items[i].from);
        put_piece(&writer, marks->items[i].from, marks->items[i].to, mark_text(&marks->items[i], arena));
        at = marks->items[i].to;
    }
    put_text(&writer, text, at, text.len);
    made.text = arena_copy(arena, buffer_slice(&buffer));
    *out = made;
    buffer_wipe(&buffer);
}

void mask_text(const struct mask *mask, struct slice text, size_t bytes_max, struct arena *arena, struct masked *out)
{
    struct mark_list marks = {0};
    struct slice shown = slice_sub(text, 0, cut_at(text, MASK_TEXT_MAX));
    patterns_mark(mask, shown, arena, &marks);
    names_mark(mask, shown, arena, &marks);
    merge_marks(&marks);
    write_masked(shown, &marks, bytes_max, arena, out);
    out->cut = out->cut || shown.len < text.len;
}

/* Leaves out of `marks` what touches one of `stay`; both sorted. */
static void keep_apart(struct mark_list *marks, const struct mark_list *stay)
{
    size_t kept = 0, next = 0;
    for (size_t i = 0; i < marks->count; i++) {
        struct mark mark = marks->items[i];
        while (next < stay->count && stay->items[next].to <= mark.from)
            next++;
        if (next == stay->count || stay->items[next].from >= mark.to)
            marks->items[kept++] = mark;
    }
    marks->count = kept;
}

void mask_names(const struct mask *mask, struct slice text, size_t bytes_max, struct arena *arena, struct masked *out)
{
    struct mark_list marks = {0}, stay = {0};
    struct slice shown = slice_sub(text, 0, cut_at(text, MASK_TEXT_MAX));
    names_mark(mask, shown, arena, &marks);
    patterns_mark(mask, shown, arena, &stay);
    merge_marks(&marks);
    merge_marks(&stay);
    keep_apart(&marks, &stay);
    write_masked(shown, &marks, bytes_max, arena, out);
    out->cut = out->cut || shown.len < text.len;
}

/* The place of a byte of the text: of what was replaced its begin, or (`behind`) its end. */
static size_t place_of(const struct masked *masked, size_t offset, bool behind)
{
    size_t source = 0, at = 0;
    for (size_t i = 0; i < masked->pieces.count; i++) {
        const struct mask_piece *piece = &masked->pieces.items[i];
        if (offset < piece->from || (behind && offset == piece->from))
            break;
        if (offset < piece->to)
            return behind ? piece->at + piece->len : piece->at;
        source = piece->to;
        at = piece->at + piece->len;
    }
    return at + (offset - source);
}

bool masked_span(const struct masked *masked, size_t offset, size_t len, size_t *at, size_t *shown_len)
{
    size_t from = place_of(masked, offset, false), to = place_of(masked, offset + len, true);
    if (len == 0 || from >= masked->text.len)
        return false;
    if (to > masked->text.len)
        to = masked->text.len;
    *at = from;
    *shown_len = to - from;
    return to > from;
}

/* Giving back */

static struct slice name_of(const struct case_person *person)
{
    return person->name.len > 0 ? person->name : person->address;
}

/* The number of a "[P12]" at `at`, and its end; 0: there is none. */
static size_t number_at(struct slice text, size_t at, size_t *end)
{
    uint64_t number;
    size_t close = slice_find(text, LIT("]"), at);
    if (!slice_starts(slice_sub(text, at, text.len), LIT("[P")) || close == SIZE_MAX ||
        !slice_to_u64(slice_sub(text, at + 2, close), MASK_PEOPLE_MAX, &number))
        return 0;
    *end = close + 1;
    return (size_t)number;
}

struct slice mask_restore(const struct case_person_list *people, struct slice text, struct arena *arena)
{
    struct slice out = SLICE_NONE;
    size_t at = 0, from = 0, end;
    AUTO_BUFFER buffer = buffer_create((size_t)16 << 20);
    while ((at = slice_find(text, LIT("[P"), at)) != SIZE_MAX) {
        size_t number = number_at(text, at, &end);
        struct slice name = number == 0 || number > people->count ? SLICE_NONE : name_of(&people->items[number - 1]);
        if (name.len == 0) {
            at += 2;
            continue;
        }
        buffer_add(&buffer, slice_sub(text, from, at));
        buffer_add(&buffer, name);
        from = at = end;
    }
    buffer_add(&buffer, slice_sub(text, from, text.len));
    out = arena_copy(arena, buffer_slice(&buffer));
    buffer_wipe(&buffer);
    return out;
}

/* Initials */

enum { INITIALS_MAX = 3 };

/* As it is written. */
static struct slice first_letter(struct slice text)
{
    size_t at = 0;
    uint32_t c;
    return utf8_next(text, &at, &c) ? slice_sub(text, 0, at) : SLICE_NONE;
}

struct slice mask_label(const struct case_person *person, struct arena *arena)
{
    size_t sign = slice_find(person->address, LIT("@"), 0), initials = 0;
    struct slice called = person->name.len > 0 ? person->name : slice_sub(person->address, 0, sign), text = SLICE_NONE;
    struct text_word_list words;
    words_split(called, arena, &words);
    for (size_t i = 0; i < words.count && initials < INITIALS_MAX; i++) {
        const struct text_word *word = &words.items[i];
        if (word_is_title(word->folded) && i + 1 < words.count)
            continue;
        text = arena_format(arena, "%.*s%s%.*s.", SLICE_ARG(text), initials == 0 ? "" : " ",
                            SLICE_ARG(first_letter(slice_sub(called, word->from, word->to))));
        initials++;
    }
    if (initials == 0)
        text = LIT("?");
    if (sign == SIZE_MAX || sign + 1 >= person->address.len)
        return text;
    return arena_format(arena, "%.*s \u00b7 %.*s\u2026", SLICE_ARG(text),
                        SLICE_ARG(first_letter(slice_sub(person->address, sign + 1, person->address.len))));
}
