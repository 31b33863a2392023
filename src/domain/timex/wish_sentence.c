#include <limits.h>

#include "domain/timex/wish_scan.h"

/* What holds within a sentence, and what its end makes of the notes in it. */

struct note *scan_last_note(struct scan *s)
{
    struct note_list *notes = &s->w->notes;
    return notes->count > 0 ? &notes->items[notes->count - 1] : NULL;
}

void scan_note_add(struct scan *s, const struct note *note)
{
    s->w->limited |= s->w->notes.count >= NOTES_MAX;
    if (!s->w->limited)
        ARENA_PUSH(s->w->arena, &s->w->notes, *note);
}

static void forget(struct scan *s)
{
    s->excluding = s->wishing = s->avoiding = s->reason = s->condition = false;
    s->ending = s->starting = s->sides = s->noise = s->than = false;
    s->coming_back = s->before_or = s->engaged = s->others = false;
}

/* For the trace: what holds now. */
uint32_t scan_state(const struct scan *s)
{
    const bool holds[TRACE_BITS] = {
        [TRACE_EXCLUDING] = s->excluding,   [TRACE_WISHING] = s->wishing || s->free_wish,
        [TRACE_AVOIDING] = s->avoiding,     [TRACE_FALLBACK] = s->fallback || s->than,
        [TRACE_RETURNING] = s->coming_back, [TRACE_NOISE] = s->noise,
        [TRACE_REASON] = s->reason,         [TRACE_CONDITION] = s->condition,
        [TRACE_ENDING] = s->ending,         [TRACE_PENDING] = s->pending_not_back,
        [TRACE_GREETING] = s->greeting,
    };
    uint32_t state = 0;
    for (int i = 0; i < TRACE_BITS; i++)
        state |= holds[i] ? 1u << i : 0u;
    return state;
}

void scan_set_engaged(const struct scan *s, struct note *n)
{
    n->engaged = true;
    n->cue = s->engaged_by;
}

/* "Pas lundi, mardi.": one day for another. A list of days would say "ni", "ou". */
static void swap_pair(struct scan *s)
{
    struct note *n = s->w->notes.items + s->sentence_first;
    bool pair = s->w->notes.count == s->sentence_first + 2 && s->not_end > s->first_token;
    if (!pair || !n[0].excluded || !n[1].excluded || n[0].absent || n[1].absent || n[0].frame ||
        n[1].frame || n[0].kind != n[1].kind || n[0].kind == NOTE_TIME ||
        !n[1].listed || n[1].conjoined || n[0].token_start > s->not_end + 1)
        return;
    n[1].excluded = false;
}

/* "The week after would be better, I'm away next week." */
static void add_later_week(struct scan *s)
{
    struct wish_cue later = s->later;
    s->later.end = 0;
    if (later.end == 0 || s->w->notes.count == s->sentence_first)
        return;
    s->excluding = s->wishing = s->fallback = s->only_joints = false;
    (void)scan_add_week(s, 7, later.token, later.end);
}

/* "I have a course on Thursday, Friday's fine": what suits is another day, named behind it. */
static bool suits_elsewhere(const struct scan *s)
{
    unsigned taken = UINT_MAX;
    for (size_t i = s->sentence_first; i < s->w->notes.count; i++) {
        const struct note *n = &s->w->notes.items[i];
        if (n->engaged && !n->told)
            taken = taken == UINT_MAX ? n->clause : taken;
        else if (taken != UINT_MAX && n->clause > taken && !n->excluded && !n->dropped &&
                 (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH))
            return true;
    }
    return false;
}

/* "Any day", with no day beside it that would say which. */
static void allow_all(struct scan *s)
{
    size_t first = s->else_said ? s->else_first : s->sentence_first;
    for (size_t i = first; i < s->w->notes.count; i++) {
        const struct note *n = &s->w->notes.items[i];
        if (!n->excluded && !n->dropped && !n->wished)
            return;
    }
    s->w->all = true;
}

/* "Mardi ? Impossible.": a verdict without days is of the sentence before. */
static void refuse_last_sentence(struct scan *s)
{
    const struct note *last = scan_last_note(s);
    if (last == NULL || s->w->notes.count != s->sentence_first)
        return;
    for (size_t i = 0; i < s->w->notes.count; i++)
        if (s->w->notes.items[i].sentence == last->sentence)
            s->w->notes.items[i].excluded = true;
}

/* What is told of the days of the sentence: of one that says what suits, nothing is in the way. */
static void end_told(struct scan *s)
{
    for (size_t i = s->engaged_from; i < s->engaged_to; i++)
        scan_set_engaged(s, &s->w->notes.items[i]);
    s->engaged_from = s->engaged_to = 0;
    bool friendly = s->friendly && !scan_told_apart(s);
    s->part_welcome |= friendly;
    s->part_liked |= friendly;
    scan_end_statement(s);
    s->wish_part = s->wish_over = 0;
    if (friendly && !suits_elsewhere(s))
        for (size_t i = s->sentence_first; i < s->w->notes.count; i++)
            s->w->notes.items[i].engaged = false;
}

static void close_sentence(struct scan *s)
{
    add_later_week(s);
    swap_pair(s);
    if (s->free_wish)
        scan_wish_back(s, false);
    if (s->any_said)
        allow_all(s);
    if (s->pending_not_back)
        refuse_last_sentence(s);
    for (size_t i = s->sentence_first; s->if_used && i < s->w->notes.count; i++)
        s->w->writer_decides |= !s->w->notes.items[i].excluded;
    end_told(s);
    forget(s);
    s->absent = s->fallback = s->forgiven = s->else_said = s->any_said = false;
    s->corrected = s->friendly = s->told_before = false;
    s->pending_not_back = s->free_wish = s->if_used = s->has_day_condition = false;
    s->only_joints = s->only_or = false;
    s->refused_end = 0;
    s->target = -1;
    s->sentence++;
    s->clause++;
    s->sentence_first = s->contrast_first = s->clause_first = s->w->notes.count;
}

void scan_end_sentence(struct scan *s, size_t token)
{
    const struct token *t = &s->w->reader->tokens.items[token];
    s->friendly |= token < s->w->reader->tokens.count && t->kind == TOKEN_SIGN && t->value == '?';
    if (s->w->trace != NULL)
        trace_before(s->w, scan_state(s));
    close_sentence(s);
    if (s->w->trace != NULL)
        trace_after(s->w, scan_state(s), NULL);
    s->first_token = token + 1;
}

void scan_contrast(struct scan *s)
{
    if (s->free_wish)
        scan_wish_back(s, false);
    s->free_wish = false;
    forget(s);
    s->absent = false;
    s->fallback = s->fallback && s->else_said;
    s->only_joints = s->only_or = false;
    s->clause++;
    s->clause_first = s->contrast_first = s->w->notes.count;
    scan_end_statement(s);
}

/* "Mercredi 11, pardon": nothing is said in its stead, so it stands. */
void scan_close(struct scan *s)
{
    struct note_list *notes = &s->w->notes;
    if (!s->excused || s->heirs_to != notes->count)
        return;
    for (size_t i = s->heirs_from; i < s->heirs_to; i++)
        notes->items[i].dropped = false;
}
