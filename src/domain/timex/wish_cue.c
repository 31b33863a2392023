#include <limits.h>

#include "domain/timex/wish_scan.h"

/* What the cues of a text do to the notes before them and to what holds for those behind. */

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

static bool add_week(struct scan *s, int32_t shift_days, size_t token, size_t end);

/* "The week after would be better, I'm away next week." */
static void add_later_week(struct scan *s)
{
    struct wish_cue later = s->later;
    s->later.end = 0;
    if (later.end == 0 || s->w->notes.count == s->sentence_first)
        return;
    s->excluding = s->wishing = s->fallback = s->only_joints = false;
    (void)add_week(s, 7, later.token, later.end);
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

static void close_sentence(struct scan *s)
{
    add_later_week(s);
    swap_pair(s);
    if (s->free_wish)
        scan_wish_back(s, false);
    if (s->any_said) {
        bool days = false;
        for (size_t i = s->else_said ? s->else_first : s->sentence_first; i < s->w->notes.count;
             i++) {
            const struct note *n = &s->w->notes.items[i];
            days |= !n->excluded && !n->dropped && !n->wished;
        }
        if (!days)
            s->w->all = true;
    }
    if (s->pending_not_back && s->w->notes.count > 0 && s->w->notes.count == s->sentence_first) {
        unsigned sentence = scan_last_note(s)->sentence;
        for (size_t i = 0; i < s->w->notes.count; i++)
            if (s->w->notes.items[i].sentence == sentence)
                s->w->notes.items[i].excluded = true;
    }
    if (s->if_used)
        for (size_t i = s->sentence_first; i < s->w->notes.count; i++)
            if (!s->w->notes.items[i].excluded)
                s->w->writer_decides = true;
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

/* Whether days are named in a frame: then these are ruled out, not the frame. */
static bool has_single_days(const struct wish_reader *w, size_t first)
{
    for (size_t i = first; i < w->notes.count; i++) {
        const struct note *n = &w->notes.items[i];
        if (!n->frame && !n->dropped && (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH))
            return true;
    }
    return false;
}

/* "la semaine prochaine je ne travaille pas le mercredi": the verdict is of what follows. */
static bool day_follows(const struct scan *s, size_t token)
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
static void refuse_given(struct scan *s, size_t first)
{
    for (size_t i = first; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        if (n->given && n->clause == s->clause)
            n->dropped = n->given = false;
    }
}

/* What was said before is ruled out: "lundi je ne peux pas", "Tuesday's out". */
static void refuse_back(struct scan *s, const struct hit *hit, bool forward)
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
    refuse_given(s, first);
    bool single = has_single_days(s->w, first);
    if (!single && first < s->w->notes.count && day_follows(s, hit->end)) {
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

/* "Pardon", "my mistake": what is wrong may be in another mail. */
static bool is_excuse(const struct scan *s, const struct hit *hit)
{
    return in_class(&s->w->reader->tokens.items[hit->end - 1], CLASS_excuse);
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

static void take_back(struct scan *s)
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

static void otherwise(struct scan *s)
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

/* "avant c'est impossible", "nothing after that": before or after what was named last. */
static void add_anaphora(struct scan *s, bool before, size_t token)
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
}

/* "celle d'après", "that week": a week by the week named last. */
static bool add_week(struct scan *s, int32_t shift_days, size_t token, size_t end)
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
        made.spans =
            spans_one(monday + shift_days * 86400, monday + (shift_days + 5) * 86400, s->w->arena);
        scan_note_add(s, &made);
        s->only_joints = s->only_or = true;
        return true;
    }
    return false;
}

static void add_day_again(struct scan *s, size_t token, size_t end)
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

typedef void cue_fn(struct scan *s, const struct hit *hit);

/* "Les autres jours c'est pris": true when the verdict is about those. */
static bool refuse_others(struct scan *s)
{
    if (!s->others)
        return false;
    s->others = s->any_said = s->excluding = false;
    return true;
}

static void cue_not(struct scan *s, const struct hit *hit)
{
    if (refuse_others(s) || sense_negates_refusal(s, hit) || sense_avoids_thing(s, hit))
        return;
    s->not_end = hit->end;
    s->excluding = true;
    s->clause_first = s->w->notes.count;
}

/* "Jeudi excepté", "Tuesday excepted." */
static bool ends_there(struct scan *s, const struct hit *hit)
{
    const struct token_list *tokens = &s->w->reader->tokens;
    return s->clause_first < s->w->notes.count && scan_last_note(s)->token_end == hit->token &&
           (hit->end >= tokens->count || tokens->items[hit->end].kind != TOKEN_WORD);
}

/* "Any day save Friday", but "save the date: 5 May" */
static bool saves(struct scan *s, const struct hit *hit)
{
    const struct token *t = &s->w->reader->tokens.items[hit->token];
    const struct note *last = scan_last_note(s);
    return hit->end == hit->token + 1 && t->folded_len == 4 && memcmp(t->folded, "save", 4) == 0 &&
           (last == NULL || last->token_end != hit->token || last->sentence != s->sentence);
}

static void cue_except(struct scan *s, const struct hit *hit)
{
    if (saves(s, hit) || !sense_except(s, hit))
        return;
    if (ends_there(s, hit)) {
        s->clause_first = s->w->notes.count - 1;
        refuse_back(s, hit, false);
        return;
    }
    bool void_refusal = s->sentence_first == s->w->notes.count && !s->forgiven &&
                        (s->excluding || s->pending_not_back);
    if (void_refusal) { /* "tout est pris sauf jeudi", "I can't do anything except Thursday" */
        s->excluding = s->absent = s->pending_not_back = s->any_said = false;
        return;
    }
    s->excluding = s->w->any_day = true;
    s->clause++;
    s->contrast_first = s->clause_first = s->w->notes.count;
}

/* "Tu es à Paris la semaine prochaine, non ?" asks for a yes. */
static bool is_tag(const struct scan *s, const struct hit *hit)
{
    const struct token_list *tokens = &s->w->reader->tokens;
    return hit->cue == CUE_REFUSE_BACK && hit->end < tokens->count &&
           tokens->items[hit->end].kind == TOKEN_SIGN && tokens->items[hit->end].value == '?';
}

/* "Je bloque jeudi" books it; "jeudi est bloqué" rules it out. */
static bool is_blocking(const struct scan *s, const struct hit *hit)
{
    const struct token *t = &s->w->reader->tokens.items[hit->token];
    if (hit->end != hit->token + 1 || hit->token == 0 || t->folded_len != 6 ||
        memcmp(t->folded, "bloque", 6) != 0)
        return false;
    return in_class(&t[-1], CLASS_blocks);
}

static void cue_refuse(struct scan *s, const struct hit *hit)
{
    if (is_blocking(s, hit) || s->starting || !sense_refuses(s, hit)) /* "once the orders are out" */
        return;
    if (!is_tag(s, hit) && !refuse_others(s))
        refuse_back(s, hit, hit->cue == CUE_NOT_BACK);
}

/* "jeudi je suis en formation" as well as "en formation jeudi" */
static void cue_absent(struct scan *s, const struct hit *hit)
{
    if (s->not_end > 0 && s->not_end == hit->token) { /* "the only day I'm not travelling" */
        s->excluding = false;
        s->part_welcome = s->friendly = true;
        return;
    }
    if (s->coming_back || refuse_others(s) || !sense_absent(s, hit))
        return;
    if (is_topic_noun(s->w, hit->token)) {
        s->topic_end = hit->end;
        return;
    }
    s->refused_from = s->w->notes.count;
    s->refused_end = hit->end;
    refuse_given(s, s->contrast_first);
    bool ahead = !has_single_days(s->w, s->contrast_first) && day_follows(s, hit->end);
    for (size_t i = ahead ? s->w->notes.count : s->contrast_first; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        bool opens = s->joints_before && s->clause_first == s->w->notes.count && !n->frame &&
                     n->sentence == s->sentence; /* "mardi, visite médicale" */
        if ((n->clause != s->clause && !opens) || n->excluded || n->dropped)
            continue;
        n->excluded = n->absent = true;
        s->refused_from = i < s->refused_from ? i : s->refused_from;
    }
    s->absent = s->excluding = true;
}

static void cue_back(struct scan *s, const struct hit *hit)
{
    if (!sense_back(s, hit))
        return;
    s->coming_back = true;
    s->excluding = s->absent = false;
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
static void clear_last(struct scan *s, const struct hit *hit)
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

static void cue_free(struct scan *s, const struct hit *hit)
{
    if (sense_none_free(s, hit)) {
        s->pending_not_back = s->sentence_first == s->w->notes.count;
        return;
    }
    clear_last(s, hit);
    s->friendly = true;
    if (!s->condition && !s->absent)
        s->excluding = s->noise = false;
    if (s->absent && s->forgiven)
        s->excluding = s->absent = false;
    s->condition = false;
}

/* "17h possible aussi mais moins bien": what was said before is better. */
static void cue_worse(struct scan *s, const struct hit *hit)
{
    (void)hit;
    otherwise(s);
    for (size_t i = s->sentence_first; i < s->w->notes.count; i++)
        s->w->notes.items[i].fallback = true;
    if (s->sentence_first == s->w->notes.count)
        return;
    for (size_t i = 0; i < s->sentence_first; i++) {
        struct note *n = &s->w->notes.items[i];
        if (!n->excluded)
            n->wished = n->than = true;
    }
}

static void cue_prefer(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_PREFER_BACK)
        clear_last(s, hit);
    s->friendly = true;
    if (hit->cue == CUE_PREFER_BACK) {
        scan_wish_back(s, false);
    } else if (!s->corrected) {
        s->wishing = s->free_wish = true;
        s->excluding = false;
        s->wish_part = s->part_from + 1;
    }
}

static void cue_avoid(struct scan *s, const struct hit *hit)
{
    (void)hit;
    s->avoiding = true;
    s->excluding = false;
}

static void cue_turn(struct scan *s, const struct hit *hit)
{
    if (sense_excepts(s, hit))
        cue_except(s, hit);
    else if (hit->cue == CUE_ELSE)
        otherwise(s);
    else if (hit->cue == CUE_BUT)
        scan_contrast(s);
    else if (sense_corrects(s, hit)) {
        s->excused = is_excuse(s, hit);
        take_back(s);
    }
}

static void cue_all(struct scan *s, const struct hit *hit)
{
    (void)hit;
    s->w->any_day = true;
    s->excluding = s->excluding && !s->forgiven;
    s->any_said |= !s->excluding; /* "can't do anything before Thursday" says no more than that */
}

/* "Les autres jours": all but those that were named; refused, these are the only ones. */
static void cue_others(struct scan *s, const struct hit *hit)
{
    bool refused = s->excluding || s->absent || s->pending_not_back;
    if (s->refused_end > 0 && hit->token == s->refused_end) { /* "pas dispo les autres jours" */
        for (size_t i = s->refused_from; i < s->w->notes.count; i++)
            s->w->notes.items[i].excluded = s->w->notes.items[i].absent = false;
        refused = true;
    }
    if (!refused || s->forgiven) {
        s->others = true;
        cue_all(s, hit);
        return;
    }
    s->excluding = s->absent = s->pending_not_back = false;
}

static void cue_if(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_IF_DAY)
        s->condition_day = true;
    else
        s->condition = s->if_used = true;
}

/* The "re" of "we're", which is no "re: …". */
static bool is_contraction(const struct scan *s, const struct hit *hit)
{
    const struct token *t = &s->w->reader->tokens.items[hit->token];
    return hit->token > 0 && !t->space && in_class(t, CLASS_re) && in_class(&t[-1], CLASS_we);
}

static void cue_aside(struct scan *s, const struct hit *hit)
{
    if (is_contraction(s, hit))
        return;
    if (hit->cue == CUE_NOISE) {
        s->noise = true;
        s->paper_end = sense_is_paper(s, hit) ? hit->end : 0;
    } else if (hit->cue == CUE_REASON) /* "I can't because of a wedding on Friday": that one */
        s->reason = !s->starting && !(s->excluding && s->w->notes.count == s->sentence_first);
    else {
        s->greeting = true;
        s->greeting_at = (uint32_t)hit->end;
    }
}

static void cue_anaphora(struct scan *s, const struct hit *hit)
{
    s->before_or |= hit->cue == CUE_BEFORE;
    add_anaphora(s, hit->cue == CUE_BEFORE, hit->token);
}

static void cue_week(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_THATDAY)
        add_day_again(s, hit->token, hit->end);
    else if (!add_week(s, hit->cue == CUE_NEXTONE ? 7 : 0, hit->token, hit->end) &&
             hit->cue == CUE_NEXTONE && !s->excluding)
        s->later = (struct wish_cue){hit->cue, (uint32_t)hit->token, (uint32_t)hit->end};
}

static void cue_one_of(struct scan *s, const struct hit *hit)
{
    for (size_t i = 0; i < s->w->notes.count; i++) {
        const struct note *n = &s->w->notes.items[i];
        if (n->dropped || n->excluded)
            continue;
        s->target = (int)i;
        if (hit->cue == CUE_FIRST)
            return;
    }
}

/* What the next time of day means: an end, a beginning, both sides of it. */
static void cue_edge(struct scan *s, const struct hit *hit)
{
    const struct note *last = scan_last_note(s);
    bool ruled_out = s->excluding && !s->absent && last != NULL && last->excluded && last->token_start >= s->not_end;
    bool wished = s->wishing && last != NULL && last->wished && last->sentence == s->sentence;
    if (hit->cue == CUE_ENDS && ruled_out)
        s->excluding = false; /* "pas jeudi, et je dois partir à 17h": the no has had its day */
    if (hit->cue == CUE_ENDS && (wished || ruled_out))
        s->wishing = false; /* "plutôt l'après-midi, et je dois partir à 17h": no mere wish */
    s->ending |= hit->cue == CUE_ENDS;
    s->starting |= hit->cue == CUE_NOTE;
    s->sides |= hit->cue == CUE_SIDES;
}

static void cue_all_day(struct scan *s, const struct hit *hit)
{
    (void)hit;
    if (scan_last_note(s) != NULL)
        scan_last_note(s)->whole = true;
}

/* "Tuesday rather than Wednesday", "plutôt jeudi que vendredi" */
static void cue_than(struct scan *s, const struct hit *hit)
{
    struct note *last = scan_last_note(s);
    bool here = last != NULL && last->sentence == s->sentence;
    if (hit->cue == CUE_RATHER && here)
        last->wished = last->than = s->than = true;
    if (hit->cue == CUE_RATHER)
        return;
    if (hit->cue == CUE_THAN && here && last->wished)
        last->than = true;
    if (s->wishing || (last != NULL && last->wished)) {
        s->wishing = s->free_wish = false;
        s->than = true;
    }
}

/* "Tuesday is my day off, so Thursday please": what follows is not told of the same. */
static void cue_so(struct scan *s, const struct hit *hit)
{
    struct note *last = scan_last_note(s);
    scan_end_statement(s);
    if (last != NULL && last->token_end == hit->token && last->excluded && s->excluding &&
        last->clause == s->clause && s->w->notes.count > s->sentence_first + 1)
        last->excluded = last->absent = false; /* "can't do Tuesday, Wednesday instead" */
    s->excluding = s->absent = s->engaged = false;
    s->clause++;
    s->clause_first = s->w->notes.count;
}

/* Cues that make a statement more than one of what the writer does. */
static bool is_welcome(const struct hit *hit)
{
    static const enum cue cues[] = {CUE_FREE,  CUE_PREFER, CUE_PREFER_BACK, CUE_ALL,  CUE_OTHERS,
                                    CUE_ELSE,  CUE_IF,     CUE_IF_DAY,      CUE_BACK, CUE_AVOID,
                                    CUE_WRONG, CUE_RATHER, CUE_NOTE,         CUE_ENDS,
                                    CUE_FIRST, CUE_LAST_OF, CUE_BOTH,       CUE_ONLY, CUE_RETURNED,
                                    CUE_WORSE, CUE_FILLER};
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
        if (hit->cue == cues[i])
            return true;
    return hit->cue == CUE_NONE && hit->end > hit->token + 1;
}

static cue_fn *const cue_handlers[CUE_COUNT_] = {
    [CUE_NOT] = cue_not,       [CUE_NOT_BACK] = cue_refuse, [CUE_REFUSE_BACK] = cue_refuse,
    [CUE_EXCEPT] = cue_except, [CUE_ABSENT] = cue_absent,   [CUE_BACK] = cue_back,
    [CUE_FREE] = cue_free,     [CUE_PREFER] = cue_prefer,   [CUE_PREFER_BACK] = cue_prefer,
    [CUE_AVOID] = cue_avoid,   [CUE_ELSE] = cue_turn,       [CUE_ALL] = cue_all,
    [CUE_BUT] = cue_turn,      [CUE_WRONG] = cue_turn,      [CUE_IF] = cue_if,
    [CUE_IF_DAY] = cue_if,     [CUE_NOISE] = cue_aside,     [CUE_GREETING] = cue_aside,
    [CUE_REASON] = cue_aside,  [CUE_BEFORE] = cue_anaphora, [CUE_AFTER] = cue_anaphora,
    [CUE_NEXTONE] = cue_week,  [CUE_THATWEEK] = cue_week,   [CUE_THATDAY] = cue_week,
    [CUE_FIRST] = cue_one_of,  [CUE_LAST_OF] = cue_one_of,  [CUE_ENDS] = cue_edge,
    [CUE_NOTE] = cue_edge,     [CUE_SIDES] = cue_edge,      [CUE_ALLDAY] = cue_all_day,
    [CUE_RATHER] = cue_than,   [CUE_THAN] = cue_than,       [CUE_ONLY] = cue_than,
    [CUE_WORSE] = cue_worse,   [CUE_OTHERS] = cue_others,   [CUE_SO] = cue_so,
};

void scan_cue(struct scan *s, enum cue cue, size_t token, size_t end)
{
    struct hit hit = {cue, token, end};
    struct wish_cue words = {cue, (uint32_t)token, (uint32_t)end};
    if (s->w->trace != NULL)
        trace_before(s->w, scan_state(s));
    if (cue != CUE_OR && cue != CUE_NOT && cue != CUE_EXCEPT && cue != CUE_NONE)
        s->only_or = false;
    if (cue == CUE_NOT || cue == CUE_ABSENT || cue == CUE_EXCEPT)
        s->reason = false; /* "because I'm away on Thursday" rules it out */
    s->joints_before = s->only_joints;
    if (cue != CUE_OR && cue != CUE_NONE)
        s->only_joints = false;
    s->part_welcome |= is_welcome(&hit);
    s->part_liked |= is_welcome(&hit);
    if (cue_handlers[cue] != NULL)
        cue_handlers[cue](s, &hit);
    if (s->w->trace != NULL)
        trace_after(s->w, scan_state(s), &words);
    s->forgiven = false;
}
