#include "domain/timex/wish_scan.h"

/* One walk over the words of a message: cues set what holds for the mentions after them,
 * or change what was said of those before. */

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
        scan_note_add(s, n);
        return true;
    }
    n->dropped = true;
    scan_note_add(s, n);
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
    bool noise = s->noise && (s->paper_end == 0 || sense_dates_paper(s, n));
    n->dropped = noise || s->reason || s->condition ||
                 (s->topic_end > 0 && n->token_start <= s->topic_end + 1);
    n->given = s->reason && !noise && !s->condition;
    if (s->engaged) {
        scan_set_engaged(s, n);
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
    struct note *last = scan_last_note(s);
    n->dropped |= n->kind == NOTE_TIME && is_clock_elsewhere(s->w, n);
    if (last == NULL || last->sentence != n->sentence || last->kind != NOTE_TIME ||
        n->kind != NOTE_TIME || last->exact || n->exact || !is_equation(s->w, last, n))
        return;
    last->dropped = n->dropped = true;
}

/* Whether a word before the hours, or in them, says whose they are. */
static bool is_owned(const struct scan *s, const struct note *n, enum class whose)
{
    for (uint32_t i = n->token_start > 0 ? n->token_start - 1 : 0; i < n->token_end; i++)
        if (in_class(&s->w->reader->tokens.items[i], whose))
            return true;
    return false;
}

/* "My morning and your afternoon": hours that both clocks show. */
static void take_two_clocks(struct scan *s, struct note *n)
{
    const struct timex_context *context = s->w->reader->context;
    struct note *last = scan_last_note(s);
    bool part = n->kind == NOTE_TIME && n->meaning != NULL && n->meaning->cat == CAT_part;
    bool yours = part && is_owned(s, n, CLASS_owner_you);
    if (yours)
        n->zone = context->reader;
    if (!part || n->dropped || last == NULL || last->kind != NOTE_TIME || last->sentence != n->sentence ||
        n->token_start > last->token_end + 2) /* "and your" */
        return;
    if (!(yours && is_owned(s, last, CLASS_owner_me)) &&
        !(is_owned(s, n, CLASS_owner_me) && is_owned(s, last, CLASS_owner_you)))
        return;
    struct note *pair[] = {last, n};
    for (size_t i = 0; i < 2; i++) {
        bool other = i == (yours ? 1u : 0u);
        pair[i]->has_condition = true;
        pair[i]->condition = s->w->horizon;
        pair[i]->excluded = pair[i]->absent = false;
        pair[i]->dropped |= other && (context->reader == NULL || context->reader == context->zone);
    }
}

/* "avant ou après le déjeuner", "either side of lunch" */
static void take_sides(struct scan *s, struct note *n)
{
    struct note *last = scan_last_note(s);
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
        scan_cue(s, CUE_ALL, mention->token_start, mention->token_end); /* "tous les jours" */
        return;
    }
    if (mention->m.cat == CAT_dur && (mention->m.flags & F_TOTAL) && scan_last_note(s) != NULL) {
        scan_last_note(s)->whole = true;
        return;
    }
    if (sense_of_event(s, mention))
        return;
    if (mention->m.cat == CAT_open && mention->m.open == TIMEX_BEFORE && mention->m.value == 1 &&
        sense_delays(s, mention->token_start)) {
        mention->m.open = TIMEX_AFTER;
        mention->m.value = 1;
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
    take_two_clocks(s, &n);
    if (take_condition(s, &n))
        return;
    take_sides(s, &n);
    take_edge(s, &n);
    s->free_wish = s->free_wish && !s->wishing;
    s->coming_back = false;
    inherit(s, &n);
    prefer_before_else(s, &n);
    scan_note_add(s, &n);
    s->only_joints = s->only_or = true;
    s->forgiven = false;
}

static void on_mention(struct scan *s, struct mention *mention)
{
    if (s->w->trace != NULL)
        trace_before(s->w, scan_state(s));
    add_mention(s, mention);
    if (s->w->trace != NULL)
        trace_after(s->w, scan_state(s), NULL);
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
    return in_class(t, CLASS_listless);
}

static void on_comma(struct scan *s, size_t sign)
{
    scan_end_clause(s);
    s->excluding = s->excluding && (s->absent || !sense_other_object(s, sign));
    s->forgiven = true;
    s->clause++;
    if (s->free_wish && s->w->notes.count > s->clause_first) {
        if (s->w->trace != NULL)
            trace_before(s->w, scan_state(s));
        scan_wish_back(s, false);
        if (s->w->trace != NULL)
            trace_after(s->w, scan_state(s), NULL);
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
    scan_contrast(s);
    if (t->value == ')')
        s->bracket_end = 0;
}

static void on_sign(struct scan *s, const struct token *t)
{
    size_t at = (size_t)(t - s->w->reader->tokens.items);
    if (t->value == '(' || t->value == ')')
        on_bracket(s, t);
    if (t->value == ',' || t->value == '(' || t->value == ':' || (t->value == '-' && t->space)) {
        if (t->value == ',')
            on_comma(s, at);
        bool done = s->w->notes.count > s->sentence_first || sense_other_object(s, at);
        if (t->value == ':' && !s->absent && done)
            s->excluding = false; /* "not Tuesday: Thursday" */
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
        scan_set_engaged(s, &s->w->notes.items[i]);
    s->engaged_from = opens ? s->sentence_first : s->w->notes.count;
    s->engaged_to = s->w->notes.count;
    s->engaged = true;
}

/* "Rien ne s'oppose à mardi", "never say no to a lunch": the no is taken back. */
static bool on_adverse(struct scan *s, size_t token)
{
    if (!s->excluding || s->absent || s->not_end <= s->first_token || !sense_adverse(s, token))
        return false;
    s->excluding = false;
    s->part_welcome = s->friendly = true;
    return true;
}

/* What is said of days without a cue; *end is the token behind it. */
static bool on_statement(struct scan *s, size_t token, size_t *end)
{
    if (taken_day_at(s->w, token, end)) {
        scan_cue(s, CUE_REFUSE_BACK, token, *end);
        return true;
    }
    if (taken_days_are_at(s->w, token, end)) {
        scan_cue(s, CUE_ABSENT, token, *end);
        return true;
    }
    if (kept_at(s->w, token, end)) {
        scan_cue(s, CUE_REFUSE_BACK, token, *end);
        return true;
    }
    size_t after;
    if (engaged_at(s->w, token, &after))
        engage(s, token, after);
    return false; /* its words count by themselves too */
}

/* "Not before thurs. Thurs or fri after 3": the full stop that shortens a word ends the sentence
 * too, where a day follows a bound with nothing to join them. */
static bool ends_with_stop(const struct wish_reader *w, const struct mention *mention,
                           const struct mention *next)
{
    const struct token *last = &w->reader->tokens.items[mention->token_end - 1];
    return next != NULL && next->token_start == mention->token_end && last->kind == TOKEN_SIGN &&
           last->value == '.' && mention->m.cat == CAT_open && mention->m.t0 < 0;
}

/* Whether a week was spoken of. */
static bool has_week(const struct wish_reader *w)
{
    for (size_t i = 0; i < w->notes.count; i++)
        if (w->notes.items[i].frame)
            return true;
    return false;
}

/* The mention at the token, if that is what its words are; *end is the token behind it. */
static bool walk_mention(struct scan *s, size_t token, size_t *end)
{
    const struct wish_reader *w = s->w;
    while (s->next < s->mentions->count && s->mentions->items[s->next].token_start < token)
        s->next++;
    if (s->next == s->mentions->count || s->mentions->items[s->next].token_start != token)
        return false;
    struct mention *mention = &s->mentions->items[s->next];
    size_t cue_end;
    enum cue cue = cue_at(w->reader, token, w->reader->tokens.count, &cue_end);
    if (cue == CUE_NEXTONE && cue_end == mention->token_end && has_week(w))
        return false; /* "la semaine d'après": after that one, not this */
    if (cue_end > mention->token_end && cue != CUE_NONE)
        return false;
    s->next++;
    on_mention(s, mention);
    *end = mention->token_end;
    if (ends_with_stop(w, mention, s->next < s->mentions->count ? mention + 1 : NULL))
        scan_end_sentence(s, *end - 1);
    return true;
}

/* A cue, or else a word, of which no mention begins before its end; the token behind it. */
static size_t walk_words(struct scan *s, size_t token)
{
    const struct reader *reader = s->w->reader;
    const struct mention *next =
        s->next < s->mentions->count && s->mentions->items[s->next].token_start > token
            ? &s->mentions->items[s->next]
            : NULL;
    size_t end;
    scan_statement_word(s, token);
    enum cue cue = cue_at(reader, token, reader->tokens.count, &end);
    if (next != NULL && end > next->token_start && end < next->token_end)
        cue = cue_at(reader, token, next->token_start, &end);
    if (end > token + 1 || cue != CUE_NONE)
        scan_cue(s, cue, token, end);
    else
        on_word(s, &reader->tokens.items[token]);
    return end;
}

/* What stands at the token; the one behind it. */
static size_t walk_token(struct scan *s, size_t token)
{
    const struct token *t = &s->w->reader->tokens.items[token];
    size_t end;
    if (walk_mention(s, token, &end))
        return end;
    if (is_break(s->w, token)) {
        scan_end_sentence(s, token);
        return token + 1;
    }
    if (t->kind == TOKEN_SIGN) {
        on_sign(s, t);
        return token + 1;
    }
    if (on_adverse(s, token))
        return token + 1;
    return on_statement(s, token, &end) ? end : walk_words(s, token);
}

void wish_scan(struct wish_reader *w, struct mention_found_list *mentions)
{
    struct scan s = {.w = w, .mentions = mentions, .part_token = SIZE_MAX, .target = -1};
    for (size_t i = 0; i < w->reader->tokens.count; i = walk_token(&s, i))
        s.at = i;
    s.at = w->reader->tokens.count;
    scan_end_sentence(&s, s.at);
    scan_close(&s);
}
