#include "domain/timex/wish.h"

/* One walk over the words of a message: cues set what holds for the mentions after them,
 * or change what was said of those before. */

struct scan {
    struct wish_reader *w;
    const struct mention_found_list *mentions;
    unsigned sentence, clause;
    size_t sentence_first; /* note */
    size_t contrast_first; /* note: since the last "mais", verdict or sentence */
    size_t clause_first;
    bool excluding, wishing, avoiding, absent, coming_back, fallback;
    bool noise, reason, condition, condition_day, ending, starting, sides;
    bool forgiven;    /* a comma stands, and no word has come since */
    bool only_joints; /* nothing but "ou", "et", commas since the last note */
    bool only_or;
    bool else_said;
    bool any_said;
    bool pending_not_back; /* a verdict without anything before it in the sentence */
    bool than;
    size_t else_first;
    size_t heirs_from, heirs_to; /* notes taken back last */
    bool before_or;              /* "avant ou après le déjeuner" */
    bool free_wish;              /* a wish that found nothing before it */
    int target;                  /* the note that "la première" means, or -1 */
    bool if_used, greeting, corrected;
    uint32_t greeting_at;
    size_t day_condition;
    bool has_day_condition;
    size_t first_token;     /* of the sentence */
    bool engaged, friendly; /* what the writer does is told; the sentence says that it suits */
    size_t engaged_from, engaged_to; /* days before its comma, unless it names its own */
    struct wish_cue engaged_by;
    size_t bracket_end;               /* of one with times in it */
    bool others;                      /* "les autres jours", until their verdict */
    size_t refused_from, refused_end; /* notes and words of the last refusal */
    size_t topic_end;                 /* behind a noun that is only what it is about */
};

/* One cue of the text: the tokens [token, end). */
struct hit {
    enum cue cue;
    size_t token, end;
};

static struct note *last_note(struct scan *s)
{
    struct note_list *notes = &s->w->notes;
    return notes->count > 0 ? &notes->items[notes->count - 1] : NULL;
}

static void note_add(struct scan *s, const struct note *note)
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
static uint32_t state_of(const struct scan *s)
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

static void set_engaged(const struct scan *s, struct note *n)
{
    n->engaged = true;
    n->cue = s->engaged_by;
}

static void wish_back(struct scan *s, bool avoid);

static void close_sentence(struct scan *s)
{
    if (s->free_wish)
        wish_back(s, false);
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
        unsigned sentence = last_note(s)->sentence;
        for (size_t i = 0; i < s->w->notes.count; i++)
            if (s->w->notes.items[i].sentence == sentence)
                s->w->notes.items[i].excluded = true;
    }
    if (s->if_used)
        for (size_t i = s->sentence_first; i < s->w->notes.count; i++)
            if (!s->w->notes.items[i].excluded)
                s->w->writer_decides = true;
    for (size_t i = s->engaged_from; i < s->engaged_to; i++)
        set_engaged(s, &s->w->notes.items[i]);
    s->engaged_from = s->engaged_to = 0;
    if (s->friendly)
        for (size_t i = s->sentence_first; i < s->w->notes.count; i++)
            s->w->notes.items[i].engaged = false;
    forget(s);
    s->absent = s->fallback = s->forgiven = s->else_said = s->any_said = false;
    s->corrected = s->friendly = false;
    s->pending_not_back = s->free_wish = s->if_used = s->has_day_condition = false;
    s->only_joints = s->only_or = false;
    s->refused_end = 0;
    s->target = -1;
    s->sentence++;
    s->clause++;
    s->sentence_first = s->contrast_first = s->clause_first = s->w->notes.count;
}

static void end_sentence(struct scan *s, size_t token)
{
    const struct token *t = &s->w->reader->tokens.items[token];
    s->friendly |= token < s->w->reader->tokens.count && t->kind == TOKEN_SIGN && t->value == '?';
    if (s->w->trace != NULL)
        trace_before(s->w, state_of(s));
    close_sentence(s);
    if (s->w->trace != NULL)
        trace_after(s->w, state_of(s), NULL);
    s->first_token = token + 1;
}

static void contrast(struct scan *s)
{
    if (s->free_wish)
        wish_back(s, false);
    s->free_wish = false;
    forget(s);
    s->absent = false;
    s->fallback = s->fallback && s->else_said;
    s->only_joints = s->only_or = false;
    s->clause++;
    s->clause_first = s->contrast_first = s->w->notes.count;
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
    bool single = has_single_days(s->w, first);
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
    s->pending_not_back =
        s->sentence_first == s->w->notes.count && verdict_alone(s->w, s->first_token, hit->token);
    if (forward)
        s->excluding = true;
}

static void wish_back(struct scan *s, bool avoid)
{
    size_t from = s->clause_first < s->w->notes.count ? s->clause_first : s->sentence_first;
    bool any = false;
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
    contrast(s);
    s->corrected = true;
}

static void otherwise(struct scan *s)
{
    s->else_said = true;
    s->else_first = s->w->notes.count;
    size_t from = s->sentence_first;
    struct note_list *notes = &s->w->notes;
    if (s->free_wish)
        wish_back(s, false);
    while (from == notes->count && from > 0 && notes->items[from - 1].sentence + 1 >= s->sentence) {
        unsigned sentence = notes->items[from - 1].sentence;
        while (from > 0 && notes->items[from - 1].sentence == sentence)
            from--;
    }
    contrast(s);
    s->fallback = true;
    s->else_said = true;
    s->heirs_from = from; /* what is better, if something follows */
}

/* "avant c'est impossible", "nothing after that": before or after what was named last. */
static void add_anaphora(struct scan *s, bool before, size_t token)
{
    struct note *last = last_note(s);
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
    note_add(s, &made);
}

/* "celle d'après", "that week": a week by the week named last. */
static void add_week(struct scan *s, int32_t shift_days, size_t token, size_t end)
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
        note_add(s, &made);
        s->only_joints = s->only_or = true;
        return;
    }
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
        note_add(s, &made);
        return;
    }
}

typedef void cue_fn(struct scan *s, const struct hit *hit);

static bool refuse_others(struct scan *s);

static void cue_not(struct scan *s, const struct hit *hit)
{
    (void)hit;
    if (refuse_others(s))
        return;
    s->excluding = true;
    s->clause_first = s->w->notes.count;
}

static void cue_except(struct scan *s, const struct hit *hit)
{
    (void)hit;
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

static void cue_refuse(struct scan *s, const struct hit *hit)
{
    if (!is_tag(s, hit) && !refuse_others(s))
        refuse_back(s, hit, hit->cue == CUE_NOT_BACK);
}

/* "jeudi je suis en formation" as well as "en formation jeudi" */
static void cue_absent(struct scan *s, const struct hit *hit)
{
    if (s->coming_back || refuse_others(s))
        return;
    if (is_topic_noun(s->w, hit->token)) {
        s->topic_end = hit->end;
        return;
    }
    s->refused_from = s->w->notes.count;
    s->refused_end = hit->end;
    for (size_t i = s->contrast_first; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        if (n->clause != s->clause || n->excluded || n->dropped)
            continue;
        n->excluded = n->absent = true;
        s->refused_from = i < s->refused_from ? i : s->refused_from;
    }
    s->absent = s->excluding = true;
}

static void cue_back(struct scan *s, const struct hit *hit)
{
    (void)hit;
    s->coming_back = true;
    s->excluding = s->absent = false;
}

/* "pas dispo lundi, mardi ok": the comma carried what "ok" takes back. */
static void clear_last(struct scan *s, const struct hit *hit)
{
    struct note *last = last_note(s);
    if (s->excluding && last != NULL && last->sentence == s->sentence && last->excluded &&
        last->listed && !last->conjoined && last->token_end == hit->token)
        last->excluded = false;
}

static void cue_free(struct scan *s, const struct hit *hit)
{
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
    s->friendly = true;
    if (hit->cue == CUE_PREFER_BACK) {
        wish_back(s, false);
    } else if (!s->corrected) {
        s->wishing = s->free_wish = true;
        s->excluding = false;
    }
}

static void cue_avoid(struct scan *s, const struct hit *hit)
{
    (void)hit;
    s->avoiding = true;
    s->excluding = false;
}

/* "Any afternoon but Tuesday" */
static bool excepts(struct scan *s, const struct hit *hit)
{
    static const char *const words[] = {"any", "every", "each", "all"};
    const struct note *last = last_note(s);
    if (hit->cue != CUE_BUT || last == NULL || last->token_end != hit->token)
        return false;
    for (uint32_t i = last->token_start > 0 ? last->token_start - 1 : 0; i < last->token_end; i++) {
        const struct token *t = &s->w->reader->tokens.items[i];
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (t->folded_len == strlen(words[k]) && !memcmp(t->folded, words[k], t->folded_len))
                return true;
    }
    return false;
}

static void cue_turn(struct scan *s, const struct hit *hit)
{
    if (excepts(s, hit))
        cue_except(s, hit);
    else if (hit->cue == CUE_ELSE)
        otherwise(s);
    else if (hit->cue == CUE_BUT)
        contrast(s);
    else
        take_back(s);
}

static void cue_all(struct scan *s, const struct hit *hit)
{
    (void)hit;
    s->any_said = s->w->any_day = true;
    s->excluding = s->excluding && !s->forgiven;
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

/* "Les autres jours c'est pris": true when the verdict is about those. */
static bool refuse_others(struct scan *s)
{
    if (!s->others)
        return false;
    s->others = s->any_said = s->excluding = false;
    return true;
}

static void cue_if(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_IF_DAY)
        s->condition_day = true;
    else
        s->condition = s->if_used = true;
}

static void cue_aside(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_NOISE)
        s->noise = true;
    else if (hit->cue == CUE_REASON)
        s->reason = !s->starting;
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
    else
        add_week(s, hit->cue == CUE_NEXTONE ? 7 : 0, hit->token, hit->end);
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
    s->ending |= hit->cue == CUE_ENDS;
    s->starting |= hit->cue == CUE_NOTE;
    s->sides |= hit->cue == CUE_SIDES;
}

static void cue_all_day(struct scan *s, const struct hit *hit)
{
    (void)hit;
    if (last_note(s) != NULL)
        last_note(s)->whole = true;
}

/* "Tuesday rather than Wednesday", "plutôt jeudi que vendredi" */
static void cue_than(struct scan *s, const struct hit *hit)
{
    struct note *last = last_note(s);
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
    [CUE_WORSE] = cue_worse,   [CUE_OTHERS] = cue_others,
};

static void on_cue(struct scan *s, enum cue cue, size_t token, size_t end)
{
    struct hit hit = {cue, token, end};
    struct wish_cue words = {cue, (uint32_t)token, (uint32_t)end};
    if (s->w->trace != NULL)
        trace_before(s->w, state_of(s));
    if (cue != CUE_OR && cue != CUE_NOT && cue != CUE_EXCEPT && cue != CUE_NONE)
        s->only_or = false;
    if (cue != CUE_OR && cue != CUE_NONE)
        s->only_joints = false;
    if (cue_handlers[cue] != NULL)
        cue_handlers[cue](s, &hit);
    if (s->w->trace != NULL)
        trace_after(s->w, state_of(s), &words);
    s->forgiven = false;
}

static bool greets(const struct scan *s, const struct mention *mention)
{
    const struct meaning *m = &mention->m;
    bool vague = m->cat == CAT_part || m->cat == CAT_dates || (m->cat == CAT_date && m->wd < 0) ||
                 (m->cat == CAT_moment && (m->flags & F_PERIOD)) || m->cat == CAT_dur;
    return s->greeting && s->greeting_at == mention->token_start && vague;
}

/* "1h30 avec Paul": as long as a meeting, without "à" before it: a length. */
static bool is_length(const struct scan *s, const struct mention *mention)
{
    const struct meaning *m = &mention->m;
    if (m->cat != CAT_clock || !(m->flags & F_HAS24) || m->t0 > 4 * 3600)
        return false;
    const struct token *first = &s->w->reader->tokens.items[mention->token_start];
    return first->kind == TOKEN_NUMBER && first->value <= 4 && first->digits == 1 && m->t0 >= 1800;
}

static void make_sides(struct note *n)
{
    int32_t from = n->windows[0].t0, to = n->windows[0].t1;
    if (n->windows[0].t0 == 13 * 3600 + 1800)
        from = 12 * 3600, to = 13 * 3600 + 1800;
    n->window_count = 2;
    n->windows[0] = (struct window){0, from};
    n->windows[1] = (struct window){to, 24 * 3600};
}

/* "mardi 14h-16h, pardon 15h-17h": the day stays. */
static void inherit(struct scan *s, struct note *n)
{
    if (s->else_said || s->heirs_to <= s->heirs_from || n->kind != NOTE_TIME)
        return;
    for (size_t i = s->heirs_from; i < s->heirs_to; i++) {
        const struct note *old = &s->w->notes.items[i];
        if (old->kind != NOTE_BOTH && old->kind != NOTE_DAYS)
            continue;
        n->spans = old->spans;
        n->bare = old->bare;
        n->each = old->each;
        n->generic = old->generic;
        n->wd = old->wd;
        n->kind = NOTE_BOTH;
    }
    s->heirs_to = s->heirs_from = 0;
}

/* "X, sinon Y": X is the better one. */
static void prefer_before_else(struct scan *s, struct note *n)
{
    if (!s->else_said || !s->fallback || n->excluded || n->dropped)
        return;
    n->fallback = true;
    for (size_t i = s->heirs_from; i < s->w->notes.count; i++) {
        struct note *better = &s->w->notes.items[i];
        if (better->excluded || better->dropped || better->fallback)
            continue;
        better->wished = true;
        better->than = true;
    }
    s->heirs_from = s->w->notes.count;
}

/* "si c'est un vendredi, …": what follows, or hours said before, hold on that weekday only.
 * True when the mention is used up by it. */
static bool take_condition(struct scan *s, struct note *n)
{
    bool day = s->condition_day && n->wd >= 0;
    s->condition_day = false;
    if (!day || (n->kind != NOTE_DAYS && n->kind != NOTE_BOTH))
        return false;
    n->has_condition = true;
    n->condition = spans_weekday(s->w->horizon, n->wd, s->w->arena);
    n->bare = false;
    if (n->kind == NOTE_BOTH) {
        n->kind = NOTE_TIME;
        n->excluded = s->excluding;
        note_add(s, n);
        return true;
    }
    n->dropped = true;
    note_add(s, n);
    s->has_day_condition = true;
    s->day_condition = s->w->notes.count - 1;
    for (size_t i = s->sentence_first; i < s->day_condition; i++)
        if (s->w->notes.items[i].kind == NOTE_TIME) {
            s->w->notes.items[i].has_condition = true;
            s->w->notes.items[i].condition = n->condition;
        }
    s->contrast_first = s->clause_first = s->w->notes.count;
    return true;
}

/* What the cues before it say of a note. */
static void take_state(struct scan *s, struct note *n)
{
    n->sentence = s->sentence;
    n->clause = s->clause;
    n->listed = s->only_joints;
    n->conjoined = s->only_or;
    n->dropped = s->noise || s->reason || s->condition ||
                 (s->topic_end > 0 && n->token_start <= s->topic_end + 1);
    if (s->engaged) {
        set_engaged(s, n);
        s->engaged_to = s->engaged_from;
    }
    n->excluded = s->excluding;
    n->absent = s->absent && s->excluding;
    n->wished = s->wishing && !s->excluding;
    n->avoided = s->avoiding;
    n->fallback = s->fallback;
    n->back = s->coming_back;
    n->than = s->than;
    if (s->has_day_condition && n->kind == NOTE_TIME) {
        n->has_condition = true;
        n->condition = s->w->notes.items[s->day_condition].condition;
    }
}

/* "My mornings are your late afternoons" wishes for neither. */
static void take_equation(struct scan *s, struct note *n)
{
    struct note *last = last_note(s);
    if (last == NULL || last->sentence != n->sentence || last->kind != NOTE_TIME ||
        n->kind != NOTE_TIME || last->exact || n->exact || !is_equation(s->w, last, n))
        return;
    last->dropped = n->dropped = true;
}

/* "avant ou après le déjeuner", "either side of lunch" */
static void take_sides(struct scan *s, struct note *n)
{
    struct note *last = last_note(s);
    bool before_or = s->before_or && n->kind == NOTE_TIME && !s->only_or &&
                     n->meaning->cat != CAT_clocks && last != NULL && last->meaning == NULL &&
                     last->token_end + 1 == n->token_start;
    if (n->window_count != 1 || !(before_or || s->sides))
        return;
    if (before_or)
        last->dropped = true;
    make_sides(n);
}

/* "fini à 11h30" ends there; "je finis à 16h le jeudi" rules out what is later; "une fois que
 * j'aurai déposé mon fils à 9h15" begins there. */
static void take_edge(struct scan *s, struct note *n)
{
    if (n->window_count != 1)
        return;
    int32_t t = n->windows[0].t0;
    bool weekly = n->meaning->cat == CAT_set ||
                  (n->exact && n->kind == NOTE_BOTH && n->wd >= 0 && n->generic);
    if (s->ending && (weekly || n->exact)) {
        n->windows[0] = weekly ? (struct window){t, 24 * 3600} : (struct window){0, t};
        n->excluded |= weekly;
        n->ends = true;
        n->exact = s->ending = false;
    } else if (s->ending && n->kind == NOTE_TIME && n->meaning->cat == CAT_open) {
        n->ends = true;
    }
    if (s->starting && n->exact) {
        n->windows[0] = (struct window){t, 24 * 3600};
        n->exact = s->starting = false;
    }
}

/* The time that a move gives up; when its day stays ("décaler mardi de 14h à 15h"), that day. */
static bool leaves(const struct scan *s, struct mention *mention)
{
    const struct token *tokens = s->w->reader->tokens.items;
    size_t first = mention->token_start;
    if (tokens[first].leaving || (first > 0 && tokens[first - 1].leaving))
        return true;
    for (size_t i = first; i < mention->token_end; i++)
        if (tokens[i].leaving && mention->m.cat == CAT_moment) {
            mention->m.cat = CAT_date;
            mention->m.grain = GRAIN_DAY;
            mention->m.t0 = mention->m.t1 = -1;
        }
    return false;
}

static void add_mention(struct scan *s, struct mention *mention)
{
    struct note n;
    if (leaves(s, mention)) {
        s->noise = false; /* "la réunion du 7" was the old one */
        return;
    }
    if (mention->m.cat == CAT_set && mention->m.byday == 0 && mention->m.t0 < 0) {
        trace_any_day(s->w, mention);
        on_cue(s, CUE_ALL, mention->token_start, mention->token_end); /* "tous les jours" */
        return;
    }
    if (mention->m.cat == CAT_dur && (mention->m.flags & F_TOTAL) && last_note(s) != NULL) {
        last_note(s)->whole = true;
        return;
    }
    bool greeting = greets(s, mention);
    if (greeting)
        trace_greeting(s->w, mention);
    bool counts = !greeting && !is_length(s, mention) && note_from(s->w, mention, &n);
    s->greeting = false;
    if (!counts)
        return;
    s->pending_not_back = s->others = false;
    take_state(s, &n);
    n.own_week = is_own_week(s->w, mention);
    take_equation(s, &n);
    if (take_condition(s, &n))
        return;
    take_sides(s, &n);
    take_edge(s, &n);
    s->free_wish = s->free_wish && !s->wishing;
    s->coming_back = false;
    inherit(s, &n);
    prefer_before_else(s, &n);
    note_add(s, &n);
    s->only_joints = s->only_or = true;
    s->forgiven = false;
}

static void on_mention(struct scan *s, struct mention *mention)
{
    if (s->w->trace != NULL)
        trace_before(s->w, state_of(s));
    add_mention(s, mention);
    if (s->w->trace != NULL)
        trace_after(s->w, state_of(s), NULL);
}

static bool is_break(const struct wish_reader *w, size_t i)
{
    const struct token *t = &w->reader->tokens.items[i];
    if (t->kind == TOKEN_LINE)
        return true;
    if (t->kind != TOKEN_SIGN)
        return false;
    if (t->value == '!' || t->value == '?' || t->value == ';' || t->value == 0x2026)
        return true;
    if (t->value != '.')
        return false;
    const struct token *next = i + 1 < w->reader->tokens.count ? t + 1 : NULL;
    return next == NULL || next->space || next->kind == TOKEN_LINE;
}

static bool is_small_word(const struct token *t)
{
    static const char *const words[] = {"le",  "la", "les", "l",  "the", "a",    "du",   "de",
                                        "des", "au", "on",  "in", "at",  "en",   "c",    "est",
                                        "y",   "d",  "of",  "to", "for", "pour", "also", "aussi"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (t->folded_len == strlen(words[i]) && memcmp(t->folded, words[i], t->folded_len) == 0)
            return true;
    return false;
}

static void on_comma(struct scan *s)
{
    s->forgiven = true;
    s->clause++;
    if (s->free_wish && s->w->notes.count > s->clause_first) {
        if (s->w->trace != NULL)
            trace_before(s->w, state_of(s));
        wish_back(s, false);
        if (s->w->trace != NULL)
            trace_after(s->w, state_of(s), NULL);
        s->wishing = false;
    }
    s->clause_first = s->w->notes.count;
    s->reason = s->noise = false;
    s->condition = false;
    s->only_or = false;
}

/* "(je fais le pont lundi)": a bracket with times of its own says nothing of those before it;
 * "lundi (congé)" does. The token of its end, 0 if it holds none. */
static size_t bracket_end(const struct scan *s, size_t open)
{
    const struct token_list *tokens = &s->w->reader->tokens;
    size_t close = open + 1;
    while (close < tokens->count && !is_break(s->w, close) &&
           !(tokens->items[close].kind == TOKEN_SIGN && tokens->items[close].value == ')'))
        close++;
    for (size_t i = 0; i < s->mentions->count; i++)
        if (s->mentions->items[i].token_start > open && s->mentions->items[i].token_start < close)
            return close;
    return 0;
}

static void on_bracket(struct scan *s, const struct token *t)
{
    size_t at = (size_t)(t - s->w->reader->tokens.items);
    if (t->value == '(')
        s->bracket_end = bracket_end(s, at);
    if (s->bracket_end == 0 || (t->value == ')' && s->bracket_end != at))
        return;
    contrast(s);
    if (t->value == ')')
        s->bracket_end = 0;
}

static void on_sign(struct scan *s, const struct token *t)
{
    if (t->value == '(' || t->value == ')')
        on_bracket(s, t);
    if (t->value == ',' || t->value == '(' || t->value == ':' || (t->value == '-' && t->space)) {
        if (t->value == ',')
            on_comma(s);
        return;
    }
    if (t->value != '/')
        s->only_joints = s->only_or = false;
}

static void on_word(struct scan *s, const struct token *t)
{
    if (t->kind == TOKEN_NUMBER) {
        s->only_joints = s->only_or = false;
        return;
    }
    if (is_small_word(t))
        return;
    s->only_joints = s->only_or = false;
    s->than = false;
    if (s->forgiven) {
        s->forgiven = false;
        s->excluding = s->absent;
        s->wishing = s->free_wish;
        s->avoiding = s->engaged = false;
    }
}

/* "On Thursday I have my students": the days of the clause, or those that open the sentence. */
static void engage(struct scan *s, size_t token, size_t end)
{
    bool opens = s->clause_first == s->w->notes.count && s->only_joints;
    on_word(s, &s->w->reader->tokens.items[token]);
    s->engaged_by = (struct wish_cue){CUE_ABSENT, (uint32_t)token, (uint32_t)end};
    for (size_t i = s->clause_first; i < s->w->notes.count; i++)
        set_engaged(s, &s->w->notes.items[i]);
    s->engaged_from = opens ? s->sentence_first : s->w->notes.count;
    s->engaged_to = s->w->notes.count;
    s->engaged = true;
}

/* What is said of days without a cue; *end is the token behind it. */
static bool on_statement(struct scan *s, size_t token, size_t *end)
{
    if (taken_day_at(s->w, token, end)) {
        on_cue(s, CUE_REFUSE_BACK, token, *end);
        return true;
    }
    if (taken_days_are_at(s->w, token, end)) {
        on_cue(s, CUE_ABSENT, token, *end);
        return true;
    }
    size_t after;
    if (engaged_at(s->w, token, &after))
        engage(s, token, after);
    return false; /* its words count by themselves too */
}

/* Whether a week was spoken of. */
static bool has_week(const struct wish_reader *w)
{
    for (size_t i = 0; i < w->notes.count; i++)
        if (w->notes.items[i].frame)
            return true;
    return false;
}

void wish_scan(struct wish_reader *w, struct mention_found_list *mentions)
{
    struct scan s = {.w = w, .mentions = mentions, .target = -1};
    size_t next = 0;
    for (size_t i = 0; i < w->reader->tokens.count;) {
        while (next < mentions->count && mentions->items[next].token_start < i)
            next++;
        if (next < mentions->count && mentions->items[next].token_start == i) {
            size_t end;
            enum cue cue = cue_at(w->reader, i, w->reader->tokens.count, &end);
            bool follows = cue == CUE_NEXTONE && end == mentions->items[next].token_end &&
                           has_week(w); /* "la semaine d'après": after that one, not this */
            if (!follows && (end <= mentions->items[next].token_end || cue == CUE_NONE)) {
                on_mention(&s, &mentions->items[next]);
                i = mentions->items[next++].token_end;
                continue;
            }
        }
        const struct token *t = &w->reader->tokens.items[i];
        size_t said;
        if (is_break(w, i)) {
            end_sentence(&s, i);
            i++;
        } else if (t->kind == TOKEN_SIGN) {
            on_sign(&s, t);
            i++;
        } else if (on_statement(&s, i, &said)) {
            i = said;
        } else {
            size_t end;
            size_t limit = next < mentions->count && mentions->items[next].token_start > i
                               ? mentions->items[next].token_start
                               : w->reader->tokens.count;
            enum cue cue = cue_at(w->reader, i, w->reader->tokens.count, &end);
            if (end > limit && end < mentions->items[next].token_end)
                cue = cue_at(w->reader, i, limit, &end);
            if (end > i + 1 || cue != CUE_NONE)
                on_cue(&s, cue, i, end);
            else
                on_word(&s, t);
            i = end;
        }
    }
    end_sentence(&s, w->reader->tokens.count);
}
