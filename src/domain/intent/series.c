/* Meetings that come again, in words. timex reads the recurrences; here it is decided whether
 * one is asked for, and of what kind. */
#include "domain/intent/series_set.h"

enum { LEAD_WORDS = 4, ASIDE_WORDS = 6 };

/* Whether it is asked for. */

static bool clause_asks(const struct text *text, uint32_t clause)
{
    struct span tokens = text->clauses[clause].tokens;
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (IS(asking, text, i) && !cue_in_clause(text, CUE_BUSY, clause) &&
            !cue_in_clause(text, CUE_FREE, clause) && !cue_in_clause(text, CUE_REFUSE, clause))
            return true;
    return cue_in_clause(text, CUE_REQUEST, clause) || cue_in_clause(text, CUE_INVITE, clause) ||
           cue_in_clause(text, CUE_WISH_TO_MEET, clause) ||
           cue_in_clause(text, CUE_OFFER_PROMISE, clause) || cue_in_clause(text, CUE_AGREED, clause);
}

static bool clause_tells(const struct text *text, uint32_t clause)
{
    if (cue_in_clause(text, CUE_BUSY, clause) || cue_in_clause(text, CUE_FREE, clause) ||
        cue_in_clause(text, CUE_REFUSE, clause) || cue_in_clause(text, CUE_THIRD, clause))
        return true;
    struct span tokens = text->clauses[clause].tokens;
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (IS(states, text, i))
            return true;
    return false;
}

static bool is_usual(const struct text *text, uint32_t sentence)
{
    struct span tokens = text->sentences[sentence].tokens;
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (IS(usual, text, i))
            return true;
    return false;
}

/* "before our weekly meeting", "the weekly report": of something else. */
static bool is_of_other(const struct text *text, struct span tokens, bool asks)
{
    uint32_t at = tokens.first, back = 0;
    bool definite = at > 0 && IS(determiner, text, at - 1) && !in_class(text, at - 1, CLASS_article_any);
    while (at > 0 && back++ < LEAD_WORDS &&
           (IS(determiner, text, at - 1) || text->tokens[at - 1].kind == TOKEN_NUMBER))
        at--;
    bool around = at > 0 && IS(around, text, at - 1);
    /* "la réunion hebdo": the noun stands before */
    for (uint32_t i = tokens.first; !around && i > 0 && tokens.first - i < LEAD_WORDS &&
                                    text->tokens[i - 1].clause == text->tokens[tokens.first].clause;
         i--)
        around = IS(around, text, i - 1) && !in_class(text, i - 1, CLASS_from_at);
    if (around || IS(thing, text, tokens.end) || IS(thing, text, tokens.end + 1) ||
        (tokens.first > 0 && IS(thing, text, tokens.first - 1)))
        return true;
    return definite && !asks;
}

/* "Tous les jours me vont sauf lundi", "every day but Monday works": when it may be. */
static bool says_which_suit(const struct text *text, uint32_t at)
{
    return in_class(text, at, CLASS_except_me) ||
           (in_class(text, at, CLASS_of_part) && in_class(text, at + 1, CLASS_article_la) &&
            in_class(text, at + 3, CLASS_except_who));
}

/* Days and hours beside words that ask for a series. */
static bool is_meant_too(const struct text *text, struct span tokens)
{
    uint32_t clause = text->tokens[tokens.first].clause;
    bool not_so = tokens.first > 0 && IS(not, text, tokens.first - 1);
    return !not_so && !cue_in_clause(text, CUE_BUSY, clause) &&
           !cue_in_clause(text, CUE_REFUSE, clause) && !is_usual(text, text->tokens[tokens.first].sentence);
}

static bool in_request_cue(const struct text *text, uint32_t at)
{
    for (size_t i = 0; i < text->cues.count; i++)
        if ((text->cues.items[i].cue == CUE_REQUEST || text->cues.items[i].cue == CUE_WISH_TO_MEET ||
             text->cues.items[i].cue == CUE_AGREED) &&
            span_has(text->cues.items[i].tokens, at))
            return true;
    return false;
}

/* "… at the place we go to every Friday": told within a sentence that asks. */
static bool is_told_aside(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i > 0 && tokens.first - i < ASIDE_WORDS; i--) {
        const struct token *token = &text->tokens[i - 1];
        if (token->sentence != text->tokens[tokens.first].sentence || in_request_cue(text, i - 1))
            return false;
        if (IS(subject, text, i - 1))
            return !IS(modal, text, i) && (i < 2 || !IS(modal, text, i - 2)) &&
                   !text->sentences[token->sentence].question;
    }
    return false;
}

static bool is_asked(const struct text *text, struct span tokens)
{
    const struct token *token = &text->tokens[tokens.first];
    bool asks = clause_asks(text, token->clause);
    bool adjective = IS(adjective, text, tokens.first);
    if (tokens.end == tokens.first + 1 && IS(yearly, text, tokens.first))
        return false; /* "l'entretien annuel": its name */
    if ((tokens.first > 0 && IS(not, text, tokens.first - 1)) || is_usual(text, token->sentence) ||
        says_which_suit(text, tokens.end) || is_told_aside(text, tokens))
        return false;
    if (adjective && is_of_other(text, tokens, asks))
        return false;
    return asks || !clause_tells(text, token->clause);
}

/* "The weekly sync this week", "our weekly podcast on Saturday 9 May": one meeting of a series
 * that there is already. */
static bool is_known_series(const struct view *view, struct span part, const struct set_said *set)
{
    const struct text *text = &view->text;
    uint32_t first = set->tokens.first;
    uint32_t at = first; /* the determiner, before "weekly" or before "point hebdo" */
    if (first > 0 && IS(determiner, text, first - 1))
        at = first - 1;
    else if (first > 1 && IS(determiner, text, first - 2))
        at = first - 2;
    bool known = IS(adjective, text, first) && at < first &&
                 !in_class(text, at, CLASS_article_any);
    if (known && IS(next, text, first - 1))
        return true; /* "our next weekly" */
    for (uint32_t i = part.first; known && i < part.end && i < text->token_count; i++) {
        if (!set_begins(text, part, i))
            continue;
        const struct timex *timex = set_timex(text, i);
        struct span tokens = set_tokens(text, i);
        int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
        if (timex->kind != TIMEX_SET && timex->kind != TIMEX_DURATION && !timex->clock_only &&
            timex->open == TIMEX_BOUNDED && length <= 7 * DAY_US &&
            !series_bare_day(text, timex, tokens) && !series_leads(text, tokens, SERIES_WORD_from) &&
            !series_leads(text, tokens, SERIES_WORD_until))
            return true;
    }
    return false;
}

/* What is said of it, put together. */

static bool same_freq(const struct series_said *out, enum series_freq freq, uint32_t interval)
{
    bool first = !series_is(&out->series);
    return first || (out->series.freq == freq && (interval == 1 || out->series.interval == 1 ||
                                                  out->series.interval == interval));
}

static void take_days(const struct set_said *set, struct series_said *out)
{
    struct series *series = &out->series;
    if (set->days != 0 && series->days == 0)
        series->days = set->days;
    if (set->nth != 0)
        series->nth = set->nth;
    if (set->monthday != 0)
        series->monthday = set->monthday;
    if (set->minute >= 0 && out->minute < 0)
        out->minute = set->minute;
    if (set->until_day != 0)
        series->until_day = set->until_day;
    if (set->count != 0)
        series->count = set->count;
}

void series_begin_at(struct series_said *out, struct civil from)
{
    if (!out->has_from || civil_compare(from, out->from) > 0)
        out->from = from;
    out->has_from = true;
}

/* "tous les mercredis de juin": the coming June. */
static void take_month(const struct view *view, uint32_t month, struct series_said *out)
{
    struct civil_date first = {view->ref.date.year, (uint8_t)month, 1};
    if (month == 0)
        return;
    if (month < view->ref.date.month)
        first.year++;
    series_begin_at(out, civil_at(first, 0, 0));
    out->series.until_day = civil_date_to_days(civil_date_add_months(first, 1)) - 1;
}

/* False for what is no series of ours. */
static bool take_set(const struct view *view, const struct set_said *set, struct series_said *out)
{
    bool monthly = slice_equal(set->freq, LIT("MONTHLY"));
    enum series_freq freq = monthly ? SERIES_MONTHLY : SERIES_WEEKLY;
    if (set->odd || (!monthly && !slice_equal(set->freq, LIT("WEEKLY"))) ||
        set->interval > (monthly ? 1u : 2u) || (set->strong && !same_freq(out, freq, set->interval)))
        return false;
    if (set->strong) {
        out->series.freq = freq;
        if (set->interval > out->series.interval)
            out->series.interval = set->interval;
    }
    take_days(set, out);
    take_month(view, set->month, out);
    return true;
}

void series_hide_tokens(struct view *view, struct span tokens, struct series_said *out)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (!view->text.tokens[i].masked)
            ARENA_PUSH(view->arena, &out->hidden, ((struct span_item){i, i + 1}));
}

/* The recurrences that say how often come first, then the days of others. */
static bool take_sets(struct view *view, struct span part, bool strong, struct series_said *out)
{
    const struct text *text = &view->text;
    bool ours = true;
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        struct set_said set;
        bool read = set_begins(text, part, i) ? set_read(text, i, &set)
                                                : set_read_loose(text, i, &set);
        if (!read || set.strong != strong || (strong && !is_asked(text, set.tokens)) ||
            (!strong && !is_meant_too(text, set.tokens)) || is_known_series(view, part, &set))
            continue;
        if (strong && !out->asked)
            out->at = set.tokens.first;
        if (strong && !out->asked)
            out->words = text_of_span(text, set.tokens);
        out->asked |= strong;
        if (!out->asked)
            continue;
        ours &= take_set(view, &set, out);
        if (set.days == 0 && set.minute < 0)
            series_hide_tokens(view, set.tokens, out);
    }
    return ours;
}

/* "every first and third Monday", which timex does not read. */
static uint32_t unread_every_at(const struct text *text, uint32_t at)
{
    if (!IS(every, text, at) || text->tokens[at].timex != 0)
        return 0;
    for (uint32_t i = at + 1; i < at + 6; i++)
        if (IS(weekday, text, i) && IS(ordinal, text, at + 1 + (uint32_t)IS(article, text, at + 1)))
            return i + 1 - at;
    return 0;
}

/* "Twice a week", "une réunion récurrente": asked for, but not of a kind that we have. */
static bool asks_otherwise(const struct text *text, struct span part, struct series_said *out)
{
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        uint32_t length = set_several_times(text, i);
        if (length == 0)
            length = unread_every_at(text, i);
        if (length == 0 && in_class(text, i, CLASS_recurring))
            length = 1;
        struct span tokens = {i, i + length};
        if (length == 0 || text->tokens[i].masked || !is_asked(text, tokens))
            continue;
        if (length == 1 && out->asked)
            continue; /* how often is said beside it */
        out->asked = true;
        out->words = text_of_span(text, tokens);
        return true;
    }
    return false;
}

void series_read(struct view *view, struct span part, struct series_said *out)
{
    *out = (struct series_said){.minute = -1, .series = {.interval = 0}};
    bool ours = take_sets(view, part, true, out);
    bool other = asks_otherwise(&view->text, part, out);
    if (!out->asked)
        return;
    ours = ours && !other && series_is(&out->series) && take_sets(view, part, false, out);
    if (ours) {
        series_take_bounds(view, part, out);
        return;
    }
    out->series = (struct series){0};
    out->hidden.count = 0;
}

void series_hide(struct view *view, const struct series_said *said, bool hide)
{
    for (size_t i = 0; i < said->hidden.count; i++)
        view->text.tokens[said->hidden.items[i].offset].masked = hide;
}
