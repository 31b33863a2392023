#include "domain/timex/wish_scan.h"

enum {
    DAY = 86400,
    OPENING_WORDS = 8, /* between the verb and its hour */
    EDGE_WORDS = 3,    /* from "début" to "la suivante" */
};

/* What words do to what was said before them: rule it out, wish it, take it back, name it again. */

/* Whether days are named in a frame: then these are ruled out, not the frame. */
bool scan_has_single_days(const struct wish_reader *w, size_t first)
{
    for (size_t i = first; i < w->notes.count; i++) {
        const struct note *n = &w->notes.items[i];
        if (!n->frame && !n->dropped && (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH))
            return true;
    }
    return false;
}

/* "la semaine prochaine je ne travaille pas le mercredi": the verdict is of what follows. */
bool scan_day_follows(const struct scan *s, size_t token)
{
    const struct token_list *tokens = &s->w->reader->tokens;
    for (size_t i = 0; i < s->mentions->count; i++) {
        size_t start = s->mentions->items[i].token_start;
        if (start < token || start > token + 2)
            continue;
        for (size_t k = token; k < start; k++)
            if (!in_class(&tokens->items[k], CLASS_verdict_small))
                return false;
        return true;
    }
    return false;
}

/* "Because Thursday is impossible": what a reason rules out is ruled out. */
void scan_refuse_given(struct scan *s, size_t first)
{
    for (size_t i = first; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        if (n->given && n->clause == s->clause)
            n->dropped = n->given = false;
    }
}

/* What was said before is ruled out: "lundi je ne peux pas", "Tuesday's out". */
void scan_refuse_back(struct scan *s, const struct hit *hit, bool forward)
{
    bool any = false;
    size_t first = s->contrast_first;
    if (s->clause_first > first && s->clause_first < s->w->notes.count) {
        first = s->clause_first;
        bool joint = false; /* "Mondays, Tuesdays and Fridays don't work" */
        while (first > s->contrast_first && !s->w->notes.items[first - 1].excluded &&
               (s->w->notes.items[first].conjoined || (joint && s->w->notes.items[first].listed))) {
            joint |= s->w->notes.items[first].conjoined;
            first--;
        }
    }
    scan_refuse_given(s, first);
    bool single = scan_has_single_days(s->w, first);
    if (!single && first < s->w->notes.count && scan_day_follows(s, hit->end)) {
        s->excluding = true; /* "next week I can't do Tuesday" */
        s->reason = false;
        return;
    }
    s->refused_from = first;
    s->refused_end = hit->end;
    for (size_t i = first; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        bool around = single && n->frame && i + 1 < s->w->notes.count && !n[1].conjoined;
        if (n->dropped || n->wished || around)
            continue;
        n->excluded = any = true;
    }
    if (any) {
        s->contrast_first = s->clause_first = s->w->notes.count;
        s->excluding = false;
        return;
    }
    s->pending_not_back = s->sentence_first == s->w->notes.count &&
                          verdict_alone(s->w, s->first_token, hit->token);
    if (!forward)
        return;
    s->reason = false;
    s->excluding = true;
    s->not_end = hit->end;
}

/* "Mardi ou mercredi, avant 11h si possible": behind a comma only the hours are wished. */
static bool split_hours(struct scan *s)
{
    struct note *last = scan_last_note(s);
    bool comma = false;
    if (last->kind != NOTE_BOTH || last->window_count == 0 || last->excluded || last->dropped)
        return false;
    for (uint32_t i = last->token_start; i < last->token_end && !comma; i++) {
        const struct token *t = &s->w->reader->tokens.items[i];
        comma = t->kind == TOKEN_SIGN && t->value == ',';
        if (lexicon_is(s->w->reader, t, CAT_pod))
            return false; /* "mardi au matin, avant 11h": hours of the day too */
    }
    if (!comma)
        return false;
    struct note hours = *last;
    hours.kind = NOTE_TIME;
    hours.bare = hours.frame = hours.each = hours.generic = false;
    hours.listed = hours.conjoined = false;
    hours.wd = -1;
    hours.spans = (struct span_set){0};
    last->kind = NOTE_DAYS;
    last->window_count = 0;
    last->exact = false;
    scan_note_add(s, &hours);
    return true;
}

void scan_wish_back(struct scan *s, bool avoid)
{
    size_t from = s->clause_first < s->w->notes.count ? s->clause_first : s->sentence_first;
    bool any = false;
    if (from < s->w->notes.count && split_hours(s))
        from = s->w->notes.count - 1;
    if (s->target >= 0 && (size_t)s->target < s->w->notes.count) {
        s->w->notes.items[s->target].wished = true;
        s->w->notes.items[s->target].fallback = true;
        s->target = -1;
        s->free_wish = false;
        return;
    }
    for (size_t i = from; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        if (n->excluded || n->dropped)
            continue;
        *(avoid ? &n->avoided : &n->wished) = true;
        any = true;
    }
    if (!any)
        *(avoid ? &s->avoiding : &s->wishing) = true;
    s->free_wish = false;
}

/* "Friday's fine", "mercredi c'est ok": the cue speaks of what stands right before it. */
static bool stands_behind(const struct scan *s, const struct note *n, size_t token)
{
    for (size_t i = n->token_end; i < token; i++)
        if (!in_class(&s->w->reader->tokens.items[i], CLASS_be_ok))
            return false;
    return n->token_end <= token;
}

/* "pas dispo lundi, mardi ok": the comma carried what "ok" takes back. */
void scan_clear_last(struct scan *s, const struct hit *hit)
{
    struct note *last = scan_last_note(s);
    size_t count = s->w->notes.count;
    bool next = count > 1 && last->token_start == last[-1].token_end; /* "Can't do Tue. Thurs OK" */
    bool listed = last != NULL && last->listed && (!last->conjoined || next);
    if (s->excluding && last != NULL && last->sentence == s->sentence && last->excluded &&
        (listed || s->absent) && stands_behind(s, last, hit->token) && last->clause == s->clause)
        last->excluded = last->absent = false;
    if (listed && last->engaged && last->sentence == s->sentence && stands_behind(s, last, hit->token))
        last->engaged = false; /* "a course on Thursday, Friday's fine" */
}

void scan_take_back(struct scan *s)
{
    size_t from = s->sentence_first;
    struct note_list *notes = &s->w->notes;
    if (from == notes->count && notes->count > 0) {
        while (from > 0 &&
               notes->items[from - 1].sentence == notes->items[notes->count - 1].sentence)
            from--;
    }
    s->heirs_from = from;
    s->heirs_to = notes->count;
    for (size_t i = from; i < notes->count; i++)
        notes->items[i].dropped = true;
    scan_contrast(s);
    s->corrected = true;
}

void scan_otherwise(struct scan *s)
{
    s->else_said = true;
    s->else_first = s->w->notes.count;
    size_t from = s->sentence_first;
    struct note_list *notes = &s->w->notes;
    if (s->free_wish)
        scan_wish_back(s, false);
    while (from == notes->count && from > 0 && notes->items[from - 1].sentence + 1 >= s->sentence) {
        unsigned sentence = notes->items[from - 1].sentence;
        while (from > 0 && notes->items[from - 1].sentence == sentence)
            from--;
    }
    scan_contrast(s);
    s->fallback = true;
    s->else_said = true;
    s->heirs_from = from; /* what is better, if something follows */
}

/* "I land at 3", "mon cours finit à 16h", "out of the dentist at 11": from then on the writer is free. */
static bool begins_there(const struct scan *s, const struct note *n)
{
    const struct token *tokens = s->w->reader->tokens.items;
    for (uint32_t i = n->token_start; i-- > 0 && n->token_start - i <= OPENING_WORDS;) {
        if (tokens[i].kind != TOKEN_WORD)
            return false;
        if (in_class(&tokens[i], CLASS_opens_time))
            return true;
    }
    return false;
}

/* "A class from 9 to 11, any time after that", but "9 to 11 works, or any time after that". */
static bool is_told_before(const struct scan *s, const struct note *from, const struct note *beyond)
{
    const struct token *tokens = s->w->reader->tokens.items;
    if (s->friendly || from->sentence != beyond->sentence)
        return false;
    for (uint32_t i = from->token_end; i < beyond->token_start; i++)
        if (in_class(&tokens[i], CLASS_or))
            return false;
    return true;
}

/* "After that I'm free", "any time after that": what lies behind the time before it is what may be. */
void scan_allow_beyond(struct scan *s)
{
    size_t made = s->beyond;
    s->beyond = 0;
    if (made != s->w->notes.count || made < 2)
        return;
    struct note *beyond = &s->w->notes.items[made - 1], *from = &s->w->notes.items[made - 2];
    beyond->conditional = false;
    from->opens = true;
    from->dropped |= from->ends || (from->exact ? begins_there(s, from) : is_told_before(s, from, beyond));
}

/* "avant c'est impossible", "nothing after that": before or after what was named last. */
void scan_add_beyond(struct scan *s, bool before, size_t token)
{
    struct note *last = scan_last_note(s);
    if (last == NULL)
        return;
    struct note made = {.kind = NOTE_BOUND,
                        .wd = -1,
                        .sentence = s->sentence,
                        .clause = s->clause,
                        .token_start = (uint32_t)token,
                        .token_end = (uint32_t)token + 1};
    if (last->ends) {
        made = *last;
        made.sentence = s->sentence;
        if (!before && s->excluding)
            return;
        if (!before && last->window_count > 0) {
            made.windows[0] = (struct window){last->windows[0].t1, 24 * 3600};
            made.ends = false;
        }
    } else if (last->window_count > 0) {
        made.kind = last->kind;
        made.spans = last->spans;
        made.each = last->each;
        made.bare = last->bare;
        made.generic = last->generic;
        made.wd = last->wd;
        made.window_count = 1;
        made.windows[0] =
            before ? (struct window){0, last->windows[0].t0}
                   : (struct window){last->exact ? last->windows[0].t0 : last->windows[0].t1,
                                     24 * 3600};
    } else if (last->spans.count > 0) {
        int64_t a = last->spans.items[0].a, b = last->spans.items[last->spans.count - 1].b;
        made.spans = before ? spans_one(s->w->from - 86400, a, s->w->arena)
                            : spans_one(b, s->w->to, s->w->arena);
    } else
        return;
    made.excluded = s->excluding && !s->absent;
    made.conditional = !made.excluded; /* a verdict must follow */
    scan_note_add(s, &made);
    s->beyond = !before && made.conditional && made.window_count > 0 ? s->w->notes.count : 0;
}

/* "Au début de la suivante", "the end of the following one": the days of that week, from Monday. */
static struct span edge_days(const struct scan *s, size_t token)
{
    const struct reader *reader = s->w->reader;
    for (size_t back = 1; back <= EDGE_WORDS && back <= token; back++) {
        const struct token *t = &reader->tokens.items[token - back];
        if (t->kind != TOKEN_WORD)
            break;
        if (!lexicon_is(reader, t, CAT_edge))
            continue;
        int edge = lexicon_value(reader, t, CAT_edge);
        return edge == EDGE_LATE || edge == EDGE_END ? (struct span){3 * DAY, 5 * DAY}
               : edge == EDGE_MID                    ? (struct span){1 * DAY, 4 * DAY}
                                                     : (struct span){0, 2 * DAY};
    }
    return (struct span){0, 5 * DAY};
}

/* "celle d'après", "that week": a week by the week named last. */
bool scan_add_week(struct scan *s, int32_t shift_days, size_t token, size_t end)
{
    for (size_t i = s->w->notes.count; i-- > 0;) {
        const struct note *n = &s->w->notes.items[i];
        if (n->kind != NOTE_DAYS || n->spans.count == 0 || (!n->frame && shift_days != 0 && i > 0))
            continue;
        int64_t a = n->spans.items[0].a, monday = a - ((a / 86400 + 3) % 7) * 86400;
        struct note made = {.kind = NOTE_DAYS,
                            .wd = -1,
                            .frame = true,
                            .sentence = s->sentence,
                            .clause = s->clause,
                            .excluded = s->excluding,
                            .wished = s->wishing,
                            .fallback = s->fallback,
                            .listed = s->only_joints,
                            .token_start = (uint32_t)token,
                            .token_end = (uint32_t)end};
        struct span days = edge_days(s, token);
        made.spans = spans_one(monday + shift_days * DAY + days.a, monday + shift_days * DAY + days.b, s->w->arena);
        scan_note_add(s, &made);
        s->only_joints = s->only_or = true;
        return true;
    }
    return false;
}

void scan_add_day_again(struct scan *s, size_t token, size_t end)
{
    for (size_t i = s->w->notes.count; i-- > 0;) {
        const struct note *n = &s->w->notes.items[i];
        if (n->kind != NOTE_DAYS && n->kind != NOTE_BOTH)
            continue;
        struct note made = *n;
        made.kind = NOTE_DAYS;
        made.window_count = 0;
        made.excluded = s->excluding;
        made.dropped = !s->excluding;
        made.token_start = (uint32_t)token;
        made.token_end = (uint32_t)end;
        scan_note_add(s, &made);
        return;
    }
}
