#include "domain/timex/wish.h"

/* Statements about days that hold no word of refusal: that a day is taken ("Tuesdays are market
 * days for me", "mardi j'ai le conseil"), whose week is spoken of ("my week is packed"), and
 * what one zone's hours are in another ("my mornings are your late afternoons"). */

enum { WORDS_AHEAD = 4 };

/* The token, or one that is no word behind the end. */
static const struct token *token_at(const struct wish_reader *w, size_t at)
{
    static const struct token none = {.kind = TOKEN_LINE};
    return at < w->reader->tokens.count ? &w->reader->tokens.items[at] : &none;
}

/* "Friday is a good day", "my free days", "office days": no word of being taken. */
/* "mes jours de présence" */

/* "… market days": the token behind it, 0 if it is nothing of the kind. */
static size_t taken_day_en(const struct wish_reader *w, size_t at)
{
    for (size_t i = at; i < at + 3; i++) {
        const struct token *t = token_at(w, i);
        if (in_class(t, CLASS_day_behind))
            return i > at ? i + 1 : 0;
        if (t->kind != TOKEN_WORD || in_class(t, CLASS_day_welcome))
            return 0;
    }
    return 0;
}

/* "… jours de marché", "… journée chargée" */
static size_t taken_day_fr(const struct wish_reader *w, size_t at)
{
    if (!in_class(token_at(w, at), CLASS_day_before))
        return 0;
    const struct token *after = token_at(w, at + 1);
    if (in_class(after, CLASS_day_full))
        return at + 2;
    bool of = in_class(after, CLASS_day_of) && token_at(w, at + 2)->kind == TOKEN_WORD;
    return of && !in_class(token_at(w, at + 2), CLASS_day_presence) ? at + 3 : 0;
}

bool taken_day_at(const struct wish_reader *w, size_t token, size_t *end)
{
    token += in_class(token_at(w, token), CLASS_it_is);
    if (!in_class(token_at(w, token), CLASS_be) || sense_possessive(w, token))
        return false;
    size_t at = token + 1;
    while (at < token + WORDS_AHEAD && in_class(token_at(w, at), CLASS_day_owner))
        at++;
    size_t found = taken_day_en(w, at);
    found = found > 0 ? found : taken_day_fr(w, at);
    if (found > 0)
        *end = found;
    return found > 0;
}

/* "My market days are …", "mes jours de marché sont …": what follows is taken. */
bool taken_days_are_at(const struct wish_reader *w, size_t token, size_t *end)
{
    if (!in_class(token_at(w, token), CLASS_mine))
        return false;
    size_t at = taken_day_en(w, token + 1);
    at = at > 0 ? at : taken_day_fr(w, token + 1);
    if (at == 0 || !in_class(token_at(w, at), CLASS_be))
        return false;
    *end = at + 1;
    return true;
}

/* "I'm teaching", "I have my students", "j'ai le conseil": what the writer does then. */
/* "I have a gap", "j'ai un créneau": free then; or no matter of a day at all. */

/* "J'ai rendez-vous avec Rémy", "a call with Ann": that may be the meeting itself. */
static bool is_time_word(const struct wish_reader *w, const struct token *t)
{
    static const enum category times[] = {CAT_month, CAT_wd, CAT_season, CAT_holiday, CAT_pod, CAT_unit};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (lexicon_is(w->reader, t, times[i]))
            return true;
    return false;
}

static bool keeps(const struct wish_reader *w, size_t from, size_t to)
{
    bool who = false, verb = false;
    for (size_t i = from; i < to; i++) {
        const struct token *t = token_at(w, i);
        who |= in_class(t, CLASS_person) || in_class(t, CLASS_be);
        verb |= in_class(t, CLASS_kept);
    }
    return who && verb;
}

/* "I keep Friday clear for writing", "le vendredi est réservé à ma thèse": taken by something else.
 * Asked at the "for" behind what was named last. */
bool kept_at(const struct wish_reader *w, size_t token, size_t *end)
{
    const struct note *last = w->notes.count > 0 ? &w->notes.items[w->notes.count - 1] : NULL;
    if (last == NULL || !in_class(token_at(w, token), CLASS_kept_for) || token < last->token_end ||
        token > last->token_end + WORDS_AHEAD)
        return false;
    const struct token *what = token_at(w, token + 1);
    if (what->kind != TOKEN_WORD || in_class(what, CLASS_kept_for_us) || is_time_word(w, what))
        return false;
    size_t from = last->token_start;
    while (from > 0 && from + 6 > last->token_start && token_at(w, from - 1)->kind == TOKEN_WORD)
        from--;
    bool before = keeps(w, from, last->token_start), aside = true;
    for (size_t i = last->token_end; i < token; i++)
        aside = aside && in_class(token_at(w, i), CLASS_kept_aside);
    if (!(before && aside) && !keeps(w, last->token_end, token))
        return false;
    *end = token + 1;
    return true;
}

static bool with_name(const struct wish_reader *w, size_t at)
{
    for (size_t i = at; i < at + 6; i++) {
        const struct token *t = token_at(w, i);
        if (t->kind != TOKEN_WORD && !(t->kind == TOKEN_SIGN && t->value == '-'))
            return false;
        if (in_class(t, CLASS_with))
            return token_at(w, i + 1)->capital;
    }
    return false;
}

static bool has_engagement(const struct wish_reader *w, size_t at)
{
    if (with_name(w, at))
        return false;
    if (in_class(token_at(w, at), CLASS_engagement))
        return true;
    if (!in_class(token_at(w, at), CLASS_some))
        return false;
    for (size_t i = at + 1; i < at + 4; i++) {
        const struct token *t = token_at(w, i);
        if (t->kind != TOKEN_WORD)
            return i > at + 1;
        if (in_class(t, CLASS_room))
            return false;
    }
    return true;
}

/* Whether the text speaks of a meeting over a wire: who is elsewhere then cannot. */
static bool meets_by_wire(const struct wish_reader *w)
{
    for (size_t i = 0; i < w->reader->tokens.count; i++)
        if (in_class(token_at(w, i), CLASS_wire))
            return true;
    return false;
}

/* "I'm in Lisbon until Thursday, so Friday": a reason against these days. */
static bool so_follows(const struct wish_reader *w, size_t at)
{
    for (size_t i = at; i < at + 16; i++) {
        const struct token *t = token_at(w, i);
        if (t->kind == TOKEN_LINE || (t->kind == TOKEN_SIGN && t->value != ',' && t->value != '-'))
            return false;
        if (in_class(t, CLASS_hence))
            return true;
    }
    return false;
}


/* "in Leeds", "à Lyon" */
static bool is_elsewhere(const struct wish_reader *w, size_t at)
{
    const struct token *place = token_at(w, at + 1);
    return in_class(token_at(w, at), CLASS_in) && place->kind == TOKEN_WORD && place->capital &&
           !is_time_word(w, place) && (meets_by_wire(w) || so_follows(w, at));
}

bool engaged_at(const struct wish_reader *w, size_t token, size_t *end)
{
    if (!in_class(token_at(w, token), CLASS_person))
        return false;
    size_t at = token + 1;
    while (at < token + 3 && in_class(token_at(w, at), CLASS_person_is))
        at++;
    if (at > token + 1 && is_elsewhere(w, at)) {
        *end = at + 1;
        return true;
    }
    if (at > token + 1 && in_class(token_at(w, at), CLASS_occupied)) {
        bool you = in_class(token_at(w, at + 1), CLASS_you);
        *end = at + 1;
        return !you;
    }
    at = token + 1;
    while (at < token + 3 && in_class(token_at(w, at), CLASS_person_has))
        at++;
    if (at == token + 1 || !has_engagement(w, at))
        return false;
    *end = at + 1;
    return true;
}

/* "Friday we're moving offices", "je garde mes petits-enfants mercredi": a subject, something that
 * is said of it, and no word by which people welcome a time, ask for it or plan it. */

enum statement_word statement_word(const struct token *t)
{
    if (in_class(t, CLASS_statement_subject))
        return STATEMENT_SUBJECT;
    if (t->kind != TOKEN_WORD || in_class(t, CLASS_statement_small))
        return STATEMENT_NOTHING;
    return in_class(t, CLASS_statement_welcome) ? STATEMENT_WELCOME : STATEMENT_OTHER;
}

/* "my week", "ma semaine": no week of its own, but the one that is spoken of. */
bool is_own_week(const struct wish_reader *w, const struct mention *mention)
{
    size_t last = mention->token_end - 1;
    return last > 0 && in_class(token_at(w, last), CLASS_week) && in_class(token_at(w, last - 1), CLASS_own_week);
}

/* Between two parts of the day: "are your", "c'est", "here are … there". */
bool is_equation(const struct wish_reader *w, const struct note *a, const struct note *b)
{
    bool is = false, other = b->token_start > 0 && in_class(token_at(w, b->token_start - 1), CLASS_equation_apart);
    other |= a->token_start > 0 && in_class(token_at(w, a->token_start - 1), CLASS_equation_apart);
    if (b->token_start <= a->token_end || b->token_start - a->token_end > 6)
        return false;
    for (size_t i = a->token_end; i < b->token_start; i++) {
        const struct token *t = token_at(w, i);
        bool comma = t->kind == TOKEN_SIGN && t->value == ',';
        if (!comma && !in_class(t, CLASS_equation_joint))
            return false;
        is |= in_class(t, CLASS_be);
        other |= in_class(t, CLASS_equation_apart);
    }
    for (size_t i = a->token_start; i < b->token_end; i++) /* the rules take "your" in */
        other |= in_class(token_at(w, i), CLASS_equation_apart);
    for (size_t i = b->token_end; i < b->token_end + 2; i++)
        other |= in_class(token_at(w, i), CLASS_equation_apart);
    other |= in_class(token_at(w, b->token_end), CLASS_in) && token_at(w, b->token_end + 1)->capital;
    return is && other;
}

/* "It's 9am there when it's 3pm here", "il est 9h chez eux": what the clock shows somewhere. */
bool is_clock_elsewhere(const struct wish_reader *w, const struct note *n)
{
    size_t at = n->token_start;
    return at > 1 && in_class(token_at(w, at - 1), CLASS_clock_is) && in_class(token_at(w, at - 2), CLASS_clock_it) &&
           in_class(token_at(w, n->token_end), CLASS_clock_where);
}

/* Whether a verdict may speak of what the sentence before named: "Next week? Impossible.", "That
 * won't work"; not "my train is full". */
bool verdict_alone(const struct wish_reader *w, size_t first, size_t token)
{
    for (size_t i = first; i < token; i++)
        if (in_class(token_at(w, i), CLASS_own))
            return false;
    return true;
}

/* "pour le séminaire de janvier", "about the spring training": what it is about, not where the
 * writer is. `token`: of the noun. */
bool is_topic_noun(const struct wish_reader *w, size_t token)
{
    size_t at = token;
    while (at > 0 && in_class(token_at(w, at - 1), CLASS_topic_article) && token - at < 3)
        at--;
    if (at == token || at == 0 || !in_class(token_at(w, at - 1), CLASS_topic_about))
        return false;
    for (size_t i = at - 1; i > 0 && token_at(w, i - 1)->kind == TOKEN_WORD; i--)
        if (in_class(token_at(w, i - 1), CLASS_topic_away))
            return false;
    return true;
}

static bool is_live(const struct note *n)
{
    return !n->dropped && !n->excluded && !n->engaged && !n->own_week;
}

/* A week that was asked for is not ruled out by how full it is; without one, "my week" is this
 * one. */
static void settle_own_week(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    for (size_t i = 0; i < index; i++)
        if (is_live(&w->notes.items[i]) && w->notes.items[i].kind != NOTE_TIME)
            n->dropped = true;
    if (!n->excluded)
        n->dropped = true;
}

static bool same_days(const struct note *a, const struct note *b)
{
    if (a->bare && b->bare)
        return a->wd == b->wd;
    return !b->frame && a->spans.count > 0 && b->spans.count > 0 &&
           a->spans.items[0].a == b->spans.items[0].a;
}

/* Where other times are spoken of, what the writer does is in the way; where there are none, it
 * may be the very occasion ("I'm at the fair on Tuesday, could we meet there?"). */
static void settle_engaged(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    bool others = w->all || (w->any_day && !n->told);
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *other = &w->notes.items[i];
        if (i == index || other->dropped || other->engaged)
            continue;
        others |= !n->told || (is_live(other) && other->frame && other->kind == NOTE_DAYS);
        if (is_live(other) && same_days(n, other))
            return;
    }
    if (!others || n->dropped || n->excluded || n->wished || n->avoided || n->ends)
        return;
    if (n->told && !n->sure && !n->each && !n->generic)
        w->writer_decides = true; /* likely, not sure */
    if (n->kind == NOTE_TIME && n->exact)
        n->dropped = true;
    else
        n->excluded = n->absent = true;
}

bool is_until(const struct note *n)
{
    const struct meaning *m = n->meaning;
    return n->kind == NOTE_BOUND && !n->dropped && !n->excluded && !n->wished && !n->conditional &&
           m != NULL && m->cat == CAT_open && m->open == TIMEX_BEFORE && m->value == 1;
}

/* "Next week I'm in Lisbon, but the week of the 23rd, Tuesday": a Tuesday of that one. */
static bool has_own_frame(const struct wish_reader *w, size_t away, size_t weekday)
{
    for (size_t i = away + 1; i < weekday; i++)
        if (is_live(&w->notes.items[i]) && w->notes.items[i].frame)
            return true;
    return false;
}

/* "We're harvesting until the 22nd. Thursday or Friday after that": the writer is away, if other
 * days are welcome; of a week, if one of those lies outside it. */
static void settle_away(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    bool outside = false, inside = false;
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *other = &w->notes.items[i];
        if (i == index || !is_live(other) || other->away || other->engaged || other->back ||
            (other->kind != NOTE_DAYS && other->kind != NOTE_BOTH))
            continue;
        bool placed = other->spans.count > 0 && !other->bare &&
                      !(other->meaning != NULL && other->meaning->flags & F_WHICH);
        bool within = placed && spans_within(other->spans, n->spans);
        inside |= within || (!placed && n->frame && !has_own_frame(w, index, i));
        outside |= !within;
    }
    if (outside && !inside && is_live(n) && !n->wished && !n->avoided)
        n->excluded = n->absent = true;
}

/* "La semaine prochaine, jeudi excepté", "… jeudi de préférence": read as the Thursday of next
 * week; of it the rest is asked for, or may be. */
static void ask_for_week(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    bool in_week = (n->excluded || n->wished) && !n->dropped && n->meaning != NULL &&
                   (n->kind == NOTE_DAYS || (n->kind == NOTE_BOTH && n->excluded)) &&
                   (n->meaning->flags & F_NTH) && n->meaning->day1 - n->meaning->day0 == 1;
    bool comma = false;
    for (uint32_t i = n->token_start; in_week && i < n->token_end; i++)
        comma |= token_at(w, i)->kind == TOKEN_SIGN && token_at(w, i)->value == ',';
    for (size_t i = 0; comma && i < w->notes.count; i++)
        comma = !is_live(&w->notes.items[i]) || w->notes.items[i].kind == NOTE_TIME ||
                w->notes.items[i].wished;
    if (!comma || w->notes.count >= NOTES_MAX)
        return;
    int64_t monday = ((int64_t)n->meaning->day0 - ((n->meaning->day0 + 3) % 7 + 7) % 7) * 86400;
    struct note week = {.kind = n->kind, .window_count = n->window_count, .wd = -1, .frame = true, .sentence = n->sentence,
                        .clause = n->clause, .token_start = n->token_start,
                        .token_end = n->token_start};
    week.spans = spans_one(monday, monday + 5 * 86400, w->arena);
    memcpy(week.windows, n->windows, sizeof week.windows); /* "an evening next week, Friday excepted" */
    ARENA_PUSH(w->arena, &w->notes, week);
}

/* "Let me know by Wednesday" bounds no meeting; a day is left out where others are spoken of. */
static void settle_aside(struct wish_reader *w)
{
    bool others = w->all;
    for (size_t i = 0; i < w->notes.count; i++)
        others |= !w->notes.items[i].dropped && !w->notes.items[i].aside;
    for (size_t i = 0; i < w->notes.count; i++) {
        struct note *n = &w->notes.items[i];
        n->dropped |= n->aside && (others || is_deadline(n));
        n->engaged = n->engaged && !n->aside;
    }
}

void settle_taken(struct wish_reader *w)
{
    settle_aside(w);
    for (size_t i = 0; i < w->notes.count; i++)
        ask_for_week(w, i);
    for (size_t i = 0; i < w->notes.count; i++)
        if (w->notes.items[i].own_week)
            settle_own_week(w, i);
    for (size_t i = 0; i < w->notes.count; i++)
        if (w->notes.items[i].engaged)
            settle_engaged(w, i);
    for (size_t i = 0; i < w->notes.count; i++)
        if (w->notes.items[i].away)
            settle_away(w, i);
}
