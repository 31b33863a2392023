#include "domain/timex/wish_scan.h"

/* The statements of a text, from clause to clause: what is told of the days they name. */

/* What a statement says of one of its days: that it is taken. */
static void tell(struct scan *s, struct note *n, bool sure)
{
    n->away = !n->back && !n->fallback && (is_until(n) || (n->frame && n->kind == NOTE_DAYS));
    bool day = (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH) && !n->frame && !n->back &&
               !n->fallback && !n->has_condition;
    bool part = n->kind == NOTE_TIME && !n->exact && n->meaning != NULL && !n->has_condition &&
                n->meaning->flags & F_PERIOD;
    if ((!day && !part) || n->engaged || n->dropped)
        return;
    n->engaged = n->told = true;
    n->sure = sure;
    size_t token = s->part_token != SIZE_MAX ? s->part_token : s->part_from;
    if (s->w->trace != NULL && !n->excluded)
        n->cue = (struct wish_cue){CUE_ABSENT, (uint32_t)token, (uint32_t)token + 1};
}

/* "On Tuesdays I run the choir." The days of a statement that welcomes nothing are taken, unless
 * its form says that it is of something else. */
void scan_end_statement(struct scan *s)
{
    bool days = s->part_first < s->w->notes.count;
    enum statement form = days ? statement_read(s->w, s->part_from, s->at, s->part_first)
                               : STATEMENT_UNKNOWN;
    bool like = s->part_token != SIZE_MAX && (s->part_subject || s->told_before);
    bool told = !s->part_welcome && form != STATEMENT_WISH && form != STATEMENT_ASIDE &&
                (like || form == STATEMENT_TAKEN || form == STATEMENT_MAYBE);
    told |= form == STATEMENT_LIKELY && !s->part_liked;
    for (size_t i = s->part_first; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        n->aside = form == STATEMENT_ASIDE && !n->excluded && !n->wished && !n->ends;
        n->engaged = n->engaged && form != STATEMENT_WISH;
        if (told)
            tell(s, n, form == STATEMENT_TAKEN);
    }
    s->told_before = told && days;
    s->part_first = s->w->notes.count;
    s->part_from = s->at;
    s->part_token = SIZE_MAX;
    s->part_subject = s->part_welcome = s->part_liked = false;
}

/* "Plutôt l'après-midi, le matin il est en tournée": what is told behind what is preferred is no
 * more of it. */
bool scan_told_apart(struct scan *s)
{
    if (s->wish_over == 0 || s->wish_over != s->part_first || s->wish_over >= s->w->notes.count ||
        statement_read(s->w, s->part_from, s->at, s->part_first) != STATEMENT_TAKEN)
        return false;
    for (size_t i = s->wish_over; i < s->w->notes.count; i++)
        s->w->notes.items[i].wished = false;
    return true;
}

void scan_statement_word(struct scan *s, size_t token)
{
    switch (statement_word(&s->w->reader->tokens.items[token])) {
    case STATEMENT_SUBJECT:
        s->part_subject = true;
        break;
    case STATEMENT_WELCOME:
        s->part_welcome = true;
        break;
    case STATEMENT_OTHER:
        s->part_token = s->part_token == SIZE_MAX ? token : s->part_token;
        break;
    case STATEMENT_NOTHING:
        break;
    }
}

/* "Next week, Tuesday is …": what stands behind the frame is a statement of its own; and behind
 * the comma of "mardi, c'est l'inventaire, donc mercredi" stands another. */
void scan_end_clause(struct scan *s)
{
    const struct note *last = scan_last_note(s);
    bool frame = last != NULL && last->frame && s->part_first + 1 == s->w->notes.count;
    bool liked = s->wish_part == s->part_from + 1 && s->part_first < s->w->notes.count;
    bool empty = s->part_first == s->w->notes.count; /* "I can't, we're harvesting until the 22nd" */
    if (frame || empty || liked || s->part_token != SIZE_MAX)
        scan_end_statement(s);
    if (liked)
        s->wish_over = s->part_first;
}
