/* Meetings that come again, in words. timex reads the recurrences; here it is decided whether
 * one is asked for, and of what kind. */
#include "domain/intent/series.h"

/* The words of both languages, each as a list of its own. */
#define WORDS(name, words) static const char en_##name[] = words;
#include "domain/intent/en/series.def"
#undef WORDS
#define WORDS(name, words) static const char fr_##name[] = words;
#include "domain/intent/fr/series.def"
#undef WORDS
#define IS(name, text, at) (word_in(text, at, en_##name) || word_in(text, at, fr_##name))
#define PLACE(name, text, at)                                                                      \
    (word_in(text, at, en_##name) ? word_place(text, at, en_##name)                                \
                                  : word_place(text, at, fr_##name))

enum { LEAD_WORDS = 4, DAY_MIN = 24 * 60 };

/* One recurrence of the text. */
struct set_said {
    struct span tokens;
    struct slice freq; /* "WEEKLY"; empty: days alone */
    uint32_t interval, days, nth, monthday, count;
    uint32_t month; /* the one in which it is, 1 to 12; 0: none said */
    int32_t minute;
    int64_t until_day;
    bool strong; /* says how often by a word of its own: "every", "hebdo" */
    bool odd;    /* more than a series of ours can say */
};

static struct span tokens_of(const struct text *text, uint32_t at)
{
    struct span span = {at, at + 1};
    while (span.end < text->token_count && text->tokens[span.end].timex == text->tokens[at].timex)
        span.end++;
    return span;
}

static bool begins_timex(const struct text *text, struct span part, uint32_t at)
{
    return text->tokens[at].timex != 0 && !text->tokens[at].masked &&
           (at == part.first || text->tokens[at - 1].timex != text->tokens[at].timex);
}

static const struct timex *timex_at(const struct text *text, uint32_t at)
{
    return &text->timexes.items[text->tokens[at].timex - 1];
}

/* Rules, as timex writes them. */

static int64_t number_of(struct slice text)
{
    uint64_t value = 0;
    return slice_to_u64(text, 99999999, &value) ? (int64_t)value : 0;
}

static void read_day(struct slice item, struct set_said *set)
{
    static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    bool back = slice_starts(item, LIT("-"));
    struct slice rank = slice_sub(item, back, item.len - 2);
    for (unsigned day = 0; day < 7; day++)
        if (slice_equal(slice_sub(item, item.len - 2, item.len), slice_from(days[day])))
            set->days |= 1u << day;
    if (rank.len == 0)
        return;
    uint32_t nth = back ? SERIES_LAST : (uint32_t)number_of(rank);
    set->odd |= (back && number_of(rank) != 1) || nth > SERIES_LAST || (!back && nth == SERIES_LAST) ||
                (set->nth != 0 && set->nth != nth);
    set->nth = nth;
}

static void read_days(struct slice list, struct set_said *set)
{
    while (list.len >= 2) {
        size_t comma = slice_find(list, LIT(","), 0);
        size_t end = comma == SIZE_MAX ? list.len : comma;
        read_day(slice_sub(list, 0, end), set);
        list = slice_sub(list, end + (comma != SIZE_MAX), list.len);
    }
}

static void read_part(struct slice name, struct slice value, struct set_said *set)
{
    int64_t number = number_of(value);
    if (slice_equal(name, LIT("FREQ"))) {
        set->freq = value;
    } else if (slice_equal(name, LIT("INTERVAL"))) {
        set->interval = (uint32_t)number;
    } else if (slice_equal(name, LIT("COUNT"))) {
        set->count = (uint32_t)number;
    } else if (slice_equal(name, LIT("UNTIL"))) {
        set->until_day = civil_date_to_days((struct civil_date){
            (int32_t)(number / 10000), (uint8_t)(number / 100 % 100), (uint8_t)(number % 100)});
    } else if (slice_equal(name, LIT("BYDAY"))) {
        read_days(value, set);
    } else if (slice_equal(name, LIT("BYMONTHDAY"))) {
        set->monthday = (uint32_t)number;
        set->odd |= number < 1 || number > 28; /* not every month has a 29th */
    } else if (slice_equal(name, LIT("BYMONTH"))) {
        set->month = (uint32_t)number;
        set->odd |= number < 1 || number > 12;
    } else if (slice_equal(name, LIT("BYHOUR"))) {
        set->minute = (int32_t)number * 60 + (set->minute > 0 ? set->minute : 0);
    } else if (slice_equal(name, LIT("BYMINUTE"))) {
        set->minute = (set->minute > 0 ? set->minute : 0) + (int32_t)number;
    } else {
        set->odd = true;
    }
}

/* "Every 14 days" is every other week. */
static void count_days_as_weeks(struct set_said *set)
{
    if (slice_equal(set->freq, LIT("DAILY")) && set->interval > 0 && set->interval % 7 == 0) {
        set->freq = LIT("WEEKLY");
        set->interval /= 7;
    }
}

static void read_rule(struct slice rule, struct set_said *set)
{
    *set = (struct set_said){.tokens = set->tokens, .interval = 1, .minute = -1};
    while (rule.len > 0) {
        size_t end = slice_find(rule, LIT(";"), 0);
        struct slice part = slice_sub(rule, 0, end == SIZE_MAX ? rule.len : end);
        size_t sign = slice_find(part, LIT("="), 0);
        if (sign != SIZE_MAX)
            read_part(slice_sub(part, 0, sign), slice_sub(part, sign + 1, part.len), set);
        rule = end == SIZE_MAX ? SLICE_NONE : slice_sub(rule, end + 1, rule.len);
    }
    count_days_as_weeks(set);
}

static bool has_number(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (text->tokens[i].kind == TOKEN_NUMBER)
            return true;
    return false;
}

/* Which month it is, is said: "le premier lundi du mois de juin", "of next month". */
static bool names_a_month(const struct text *text, struct span tokens)
{
    bool month = tokens.first > 0 && IS(next, text, tokens.first - 1);
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        month |= IS(next, text, i) ||
                 (i > tokens.first && IS(month, text, i - 1) && IS(of_that, text, i));
    return month || IS(of_that, text, tokens.end);
}

/* "Tuesdays at 2": by day, unless it says otherwise. */
static int32_t by_day(const struct text *text, struct span tokens, int32_t minute)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (word_in(text, i, "am matin morning 00") || slice_starts(text->tokens[i].word, LIT("0")) ||
            slice_ends(text->tokens[i].word, LIT("am")))
            return minute;
    return minute >= 60 && minute < 7 * 60 ? minute + 12 * 60 : minute;
}

/* "le premier mardi du mois", "le 15 du mois": timex takes it for the one of this month. */
static bool read_month_rank(const struct text *text, const struct timex *timex, struct span tokens,
                            struct set_said *set)
{
    uint32_t rank = 0, named = 0, month = 0;
    for (uint32_t i = tokens.first; i < tokens.end; i++) {
        rank = rank == 0 ? PLACE(ordinal, text, i) : rank;
        named += IS(weekday, text, i);
        month += IS(month, text, i);
    }
    bool day_of = rank == 0 && named == 0 && has_number(text, tokens);
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    if (month == 0 || timex->grain > GRAIN_DAY || length > DAY_US || timex->open != TIMEX_BOUNDED ||
        names_a_month(text, tokens) || ((rank == 0 || named == 0) && !day_of))
        return false;
    uint32_t day = timex->start.date.day;
    *set = (struct set_said){
        .tokens = tokens,
        .freq = LIT("MONTHLY"),
        .interval = 1,
        .nth = rank == 0 ? 0 : (rank - 1) % 5 + 1,
        .days = rank == 0 ? 0 : 1u << civil_date_weekday(timex->start.date),
        .monthday = rank == 0 ? day : 0,
        .odd = rank == 0 && day > 28, /* not every month has a 29th */
        .minute = timex->has_clock ? timex->start.hour * 60 + timex->start.minute : -1,
        .strong = true,
    };
    return true;
}

static bool has_freq_word(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (IS(freq, text, i))
            return true;
    return false;
}

static bool read_set(const struct text *text, uint32_t at, struct set_said *set)
{
    const struct timex *timex = timex_at(text, at);
    struct span tokens = tokens_of(text, at);
    set->tokens = tokens;
    if (timex->negated)
        return false;
    if (timex->kind != TIMEX_SET)
        return timex->kind != TIMEX_DURATION && read_month_rank(text, timex, tokens, set);
    read_rule(timex->rrule, set);
    set->minute = by_day(text, tokens, set->minute);
    set->strong = has_freq_word(text, tokens);
    set->odd |= timex->exception;
    if (timex->exception && !slice_equal(set->freq, LIT("WEEKLY")))
        return false; /* "tous les jours sauf lundi": when it may be */
    uint32_t choice = 0;
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        choice += IS(or, text, i);
    bool several = (set->days & (set->days - 1)) != 0;
    set->odd |= several && choice == 0; /* "Tuesdays or Thursdays": either will do */
    return true;
}

/* "cinq rendez-vous hebdomadaires", "une par semaine", "an hour a week": what timex leaves. */
static bool read_loose(const struct text *text, uint32_t at, struct set_said *set)
{
    bool per = at > 0 && IS(one, text, at - 1) && IS(per, text, at) &&
               (IS(week, text, at + 1) || IS(month, text, at + 1));
    bool weekly = IS(weekly, text, at) || IS(fortnightly, text, at);
    if (text->tokens[at].timex != 0 || text->tokens[at].masked ||
        (!per && !weekly && !IS(monthly, text, at)))
        return false;
    bool monthly = per ? IS(month, text, at + 1) : !weekly;
    *set = (struct set_said){
        .tokens = {at, at + 1 + per},
        .freq = monthly ? LIT("MONTHLY") : LIT("WEEKLY"),
        .interval = IS(fortnightly, text, at) ? 2 : 1,
        .minute = -1,
        .strong = true,
    };
    return true;
}

/* Twice a week and the like, which timex does not read: how many tokens, or 0. */
static uint32_t several_times_at(const struct text *text, uint32_t at)
{
    uint32_t number = PLACE(number, text, at);
    bool digits = text->tokens[at].kind == TOKEN_NUMBER && number_of(text->tokens[at].word) > 1;
    if (word_in(text, at, en_often) && IS(per, text, at + 1) && IS(period, text, at + 2))
        return 3;
    if ((number > 1 || digits) && in_class(text, at + 1, CLASS_times_over) && IS(per, text, at + 2) &&
        IS(period, text, at + 3))
        return 4;
    return 0;
}

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
           (in_class(text, at, CLASS_of_part) && in_class(text, at + 1, CLASS_article_la) && in_class(text, at + 3, CLASS_except_who));
}

/* Days and hours beside words that ask for a series. */
static bool is_meant_too(const struct text *text, struct span tokens)
{
    uint32_t clause = text->tokens[tokens.first].clause;
    bool not_so = tokens.first > 0 && IS(not, text, tokens.first - 1);
    return !not_so && !cue_in_clause(text, CUE_BUSY, clause) &&
           !cue_in_clause(text, CUE_REFUSE, clause) && !is_usual(text, text->tokens[tokens.first].sentence);
}

static bool is_asked(const struct text *text, struct span tokens)
{
    const struct token *token = &text->tokens[tokens.first];
    bool asks = clause_asks(text, token->clause);
    bool adjective = IS(adjective, text, tokens.first);
    if (tokens.end == tokens.first + 1 && IS(yearly, text, tokens.first))
        return false; /* "l'entretien annuel": its name */
    if ((tokens.first > 0 && IS(not, text, tokens.first - 1)) || is_usual(text, token->sentence) ||
        says_which_suit(text, tokens.end))
        return false;
    if (adjective && is_of_other(text, tokens, asks))
        return false;
    return asks || !clause_tells(text, token->clause);
}

static bool is_bare_day(const struct text *text, const struct timex *timex, struct span tokens);
static bool leads(const struct text *text, struct span tokens, const char *en, const char *fr);

/* "The weekly sync this week", "our weekly podcast on Saturday 9 May": one meeting of a series
 * that there is already. */
static bool is_known_series(const struct view *view, struct span part, const struct set_said *set)
{
    const struct text *text = &view->text;
    uint32_t first = set->tokens.first;
    bool known = IS(adjective, text, first) && first > 0 && IS(determiner, text, first - 1) &&
                 !word_in(text, first - 1, "a an un une");
    for (uint32_t i = part.first; known && i < part.end && i < text->token_count; i++) {
        if (!begins_timex(text, part, i))
            continue;
        const struct timex *timex = timex_at(text, i);
        struct span tokens = tokens_of(text, i);
        int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
        if (timex->kind != TIMEX_SET && timex->kind != TIMEX_DURATION && !timex->clock_only &&
            timex->open == TIMEX_BOUNDED && length <= 7 * DAY_US &&
            !is_bare_day(text, timex, tokens) && !leads(text, tokens, en_from, fr_from) &&
            !leads(text, tokens, en_until, fr_until))
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

static void begin_at(struct series_said *out, struct civil from)
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
    begin_at(out, civil_at(first, 0, 0));
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

static void hide_tokens(struct view *view, struct span tokens, struct series_said *out)
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
        bool read = begins_timex(text, part, i) ? read_set(text, i, &set)
                                                : read_loose(text, i, &set);
        if (!read || set.strong != strong || (strong && !is_asked(text, set.tokens)) ||
            (!strong && !is_meant_too(text, set.tokens)) || is_known_series(view, part, &set))
            continue;
        if (strong && !out->asked)
            out->words = text_of_span(text, set.tokens);
        out->asked |= strong;
        if (!out->asked)
            continue;
        ours &= take_set(view, &set, out);
        if (set.days == 0 && set.minute < 0)
            hide_tokens(view, set.tokens, out);
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
        uint32_t length = several_times_at(text, i);
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

/* Where it begins and ends. */

static bool leads(const struct text *text, struct span tokens, const char *en, const char *fr)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (word_in(text, i, en) || word_in(text, i, fr))
            return true;
    uint32_t at = tokens.first;
    for (uint32_t back = 0; at > 0 && back < LEAD_WORDS; back++, at--) {
        if (word_in(text, at - 1, en) || word_in(text, at - 1, fr))
            return true;
        if (!IS(article, text, at - 1))
            return false;
    }
    return false;
}

static bool has_word(const struct text *text, struct span tokens, const char *en, const char *fr)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (word_in(text, i, en) || word_in(text, i, fr))
            return true;
    return false;
}

/* The last day that may be, of an end that timex gives as the beginning of what is named, or,
 * "fin juin", as the end of it. "Until June" stops short of June, "jusqu'en juin" does not. */
static int64_t last_day(const struct text *text, const struct timex *timex, struct span tokens)
{
    struct civil_date end = timex->end.date;
    int64_t day = civil_date_to_days(end);
    bool named = timex->open == TIMEX_BEFORE && timex->grain <= GRAIN_DAY;
    if (has_word(text, tokens, en_end, fr_end))
        return day - end.day; /* the last of the month before */
    if (timex->open != TIMEX_BEFORE)
        return timex->end.hour == 0 && timex->end.minute == 0 ? day - 1 : day;
    if (end.day != 1 || has_number(text, tokens) || named)
        return day;
    if (in_class(text, tokens.first + 1, CLASS_in_week))
        return civil_date_to_days(civil_date_add_months(end, 1)) - 1;
    return day - 1;
}

/* "le mardi matin", "Tuesday at 10": in a series, each of them. */
static bool is_bare_day(const struct text *text, const struct timex *timex, struct span tokens)
{
    bool named = false;
    for (uint32_t i = tokens.first; i < tokens.end; i++) {
        if (IS(next, text, i) || IS(month_name, text, i))
            return false;
        named |= IS(weekday, text, i);
    }
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    return named && timex->open == TIMEX_BOUNDED && length <= DAY_US;
}

static void take_day(const struct timex *timex, struct series_said *out)
{
    out->series.days |= 1u << civil_date_weekday(timex->start.date);
    out->each |= timex->grain == GRAIN_PART;
    if (timex->has_clock && timex->grain <= GRAIN_HOUR && out->minute < 0)
        out->minute = timex->start.hour * 60 + timex->start.minute;
}

static int leading_number(struct slice word)
{
    int number = 0;
    for (size_t i = 0; i < word.len && i < 2 && ascii_is_digit(word.data[i]); i++)
        number = number * 10 + (word.data[i] - '0');
    return number;
}

/* "a monthly review on the 15th at 2pm" */
static bool take_date_of_month(const struct text *text, const struct timex *timex,
                               struct span tokens, struct series_said *out)
{
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    if (out->series.freq != SERIES_MONTHLY || out->series.days != 0 || length > DAY_US ||
        timex->open != TIMEX_BOUNDED || timex->start.date.day > 28)
        return false;
    bool number = false;
    for (uint32_t i = tokens.first; i < tokens.end; i++) {
        if (IS(weekday, text, i) || IS(month_name, text, i) || IS(next, text, i) ||
            IS(month, text, i))
            return false;
        number |= leading_number(text->tokens[i].word) == timex->start.date.day;
    }
    if (!number)
        return false;
    out->series.monthday = timex->start.date.day;
    if (timex->has_clock && timex->grain <= GRAIN_HOUR && out->minute < 0)
        out->minute = timex->start.hour * 60 + timex->start.minute;
    return true;
}

/* "starting Monday 18 May at 11am" tells the weekday and the hour as well. */
static void take_day_of_start(const struct text *text, const struct timex *timex,
                              struct span tokens, struct series_said *out)
{
    uint32_t day = 0;
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        day = IS(weekday, text, i) ? PLACE(weekday, text, i) : day;
    if (timex->grain > GRAIN_DAY || (day == 0 && !timex->has_clock))
        return;
    if (timex->has_clock && out->minute < 0)
        out->minute = timex->start.hour * 60 + timex->start.minute;
    if (out->series.days == 0 && out->series.monthday == 0)
        out->series.days = 1u << (day > 0 ? (day - 1) % 7
                                          : (uint32_t)civil_date_weekday(timex->start.date));
}

static void take_bound(struct view *view, const struct timex *timex, struct span tokens,
                       struct series_said *out)
{
    const struct text *text = &view->text;
    bool until = leads(text, tokens, en_until, fr_until);
    bool before = leads(text, tokens, en_before, fr_before);
    bool from = timex->open == TIMEX_AFTER || leads(text, tokens, en_from, fr_from);
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    bool long_one = timex->open == TIMEX_BOUNDED && length > 14 * DAY_US;
    if (long_one && leads(text, tokens, en_for, fr_for) && has_word(text, tokens, en_next, fr_next)) {
        out->series.until_day = civil_date_to_days(view->ref.date) + length / DAY_US;
        hide_tokens(view, tokens, out); /* "for the next two months": from now on */
        return;
    }
    if (!until && !before && !from && take_date_of_month(text, timex, tokens, out))
        return;
    if (from && !until && !before && !long_one)
        take_day_of_start(text, timex, tokens, out);
    if (!until && !before && !from && is_bare_day(text, timex, tokens)) {
        take_day(timex, out);
        return;
    }
    if (timex->open == TIMEX_BEFORE) { /* its end is where the day begins that is named */
        out->series.until_day = last_day(text, timex, tokens) - before;
    } else if (until && !from && !(long_one && civil_compare(timex->start, view->ref) > 0 && before)) {
        out->series.until_day = last_day(text, timex, tokens);
    } else {
        if (civil_compare(timex->start, view->ref) > 0)
            begin_at(out, timex->start);
        if (long_one)
            out->series.until_day = last_day(text, timex, tokens);
        out->has_date |= timex->has_clock && !long_one;
    }
    if (until || before || from || long_one || timex->open != TIMEX_BOUNDED) {
        if (!timex->has_clock)
            hide_tokens(view, tokens, out);
    }
}

/* "for six weeks": so many times; "pendant trois mois". */
static void take_length(struct view *view, const struct timex *timex, struct span tokens,
                        struct series_said *out)
{
    struct series *series = &out->series;
    int64_t weeks = timex->duration_s / (7 * 86400), months = timex->duration_months;
    if (!leads(&view->text, tokens, en_for, fr_for) || (weeks == 0 && months == 0))
        return;
    hide_tokens(view, tokens, out);
    if (series->freq == SERIES_WEEKLY && months == 0)
        series->count = (uint32_t)((weeks + series->interval - 1) / series->interval);
    else if (series->freq == SERIES_MONTHLY && months > 0)
        series->count = (uint32_t)months;
    else {
        struct civil_date start = out->has_from ? out->from.date : view->ref.date;
        start = civil_date_add_months(start, (int32_t)months);
        series->until_day = civil_date_to_days(start) + weeks * 7;
    }
}

/* "eight weekly coaching sessions" */
static bool counts_times(const struct text *text, uint32_t at)
{
    bool often = false;
    for (uint32_t i = at + 1; i <= at + 4; i++) {
        if (IS(times, text, i))
            return i == at + 1 || often;
        often |= IS(adjective, text, i);
    }
    return false;
}

/* "ten sessions", "dix séances", "8 fois". */
static void take_count(const struct text *text, struct span part, struct series_said *out)
{
    for (uint32_t i = part.first; i + 1 < part.end && i + 1 < text->token_count; i++) {
        uint32_t count = PLACE(number, text, i);
        if (text->tokens[i].kind == TOKEN_NUMBER)
            count = (uint32_t)number_of(text->tokens[i].word);
        if (count > 1 && count <= SERIES_COUNT_MAX && counts_times(text, i) &&
            several_times_at(text, i) == 0 && !text->tokens[i].masked)
            out->series.count = count;
    }
}

/* "every Thursday from 9 to 9:30": nor for its length. */
static void take_inner_length(struct view *view, struct span tokens, struct series_said *out)
{
    const struct text *text = &view->text;
    const struct token *last = &text->tokens[tokens.end - 1];
    struct timex_context context = {.ref = view->ref, .zone = view->writer_zone};
    for (uint32_t i = tokens.first + 1; i < tokens.end && out->length_min == 0; i++) {
        struct timex_list found = {0};
        size_t from = text->tokens[i].offset, end = last->offset + last->length;
        if (timex_find(slice_sub(text->said, from, end), &context, view->arena, &found, NULL) !=
                ST_OK || found.count == 0)
            continue;
        const struct timex *timex = &found.items[0];
        int64_t length = (civil_to_us(timex->end) - civil_to_us(timex->start)) / MINUTE_US;
        if (timex->kind == TIMEX_INTERVAL && timex->clock_only && timex->open == TIMEX_BOUNDED &&
            timex->grain <= GRAIN_HOUR && length >= 5 && length <= 240)
            out->length_min = (uint32_t)length;
    }
}

/* "tous les mardis à partir de janvier": a recurrence has no place for its beginning. */
static void take_inner_start(struct view *view, struct span tokens, struct series_said *out)
{
    const struct text *text = &view->text;
    const struct token *last = &text->tokens[tokens.end - 1];
    struct timex_context context = {.ref = view->ref, .zone = view->writer_zone};
    for (uint32_t i = tokens.first + 1; i < tokens.end; i++) {
        struct timex_list found = {0};
        size_t from = text->tokens[i].offset, end = last->offset + last->length;
        if (!IS(from, text, i) || timex_find(slice_sub(text->said, from, end), &context,
                                             view->arena, &found, NULL) != ST_OK)
            continue;
        for (size_t k = 0; k < found.count; k++)
            if (found.items[k].kind != TIMEX_SET && found.items[k].kind != TIMEX_DURATION &&
                !found.items[k].clock_only && civil_compare(found.items[k].start, view->ref) > 0)
                begin_at(out, found.items[k].start);
        return;
    }
}

static void take_bounds(struct view *view, struct span part, struct series_said *out)
{
    const struct text *text = &view->text;
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        struct set_said set;
        if (!begins_timex(text, part, i))
            continue;
        const struct timex *timex = timex_at(text, i);
        struct span tokens = tokens_of(text, i);
        if (timex->kind == TIMEX_SET) {
            take_inner_start(view, tokens, out);
            take_inner_length(view, tokens, out);
        }
        if (timex->kind == TIMEX_SET || timex->negated || read_set(text, i, &set))
            continue;
        if (timex->kind == TIMEX_DURATION)
            take_length(view, timex, tokens, out);
        else if (!timex->clock_only)
            take_bound(view, timex, tokens, out);
    }
    take_count(text, part, out);
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
        take_bounds(view, part, out);
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

static void read_as_said(struct view *view, struct series_said *out)
{
    struct timex_list now = view->text.timexes;
    if (view->as_said.count > 0)
        view->text.timexes = view->as_said;
    series_read(view, text_all(&view->text), out);
    if (!out->asked && series_is(&view->context->series)) {
        out->series = view->context->series; /* how its lengths are counted */
        out->series.count = 0;
        out->series.until_day = 0;
        take_bounds(view, text_all(&view->text), out);
    }
    view->text.timexes = now;
}

void series_read_again(struct view *view, struct meeting_request *request)
{
    struct series_said said;
    if (!series_is(&view->context->series) && !view->context->writer_is_organizer)
        return;
    read_as_said(view, &said);
    request->recurring = said.asked;
    request->recurs = said.words;
    request->series = said.series;
    if (!said.asked) /* at most where it ends */
        request->series = (struct series){.count = said.series.count,
                                          .until_day = said.series.until_day};
}

/* When the writer's "Thursdays" begin to count: in the week of what is offered or settled. */
static struct civil_date days_begin(const struct view *view)
{
    struct instant first = view->context->confirmed.start;
    for (size_t i = 0; i < view->context->offers.count; i++)
        if (first.us == 0 || view->context->offers.items[i].span.start.us < first.us)
            first = view->context->offers.items[i].span.start;
    struct civil_date tomorrow = civil_date_add(view->ref.date, 1);
    if (first.us == 0)
        return tomorrow;
    struct civil_date day = civil_from_instant(first, view->offer_zone).date;
    day = civil_date_add(day, -(int64_t)civil_date_weekday(day));
    return civil_date_compare(day, tomorrow) > 0 ? day : tomorrow;
}

/* "Le mardi à 9h, à partir de janvier": not the next Tuesday; and what is settled moves within the
 * week of its next occurrence at the earliest. */
void series_begin_later(struct view *view, struct said_times *times)
{
    struct series_said said;
    if (!series_is(&view->context->series) || times->starts.count != 1)
        return;
    read_as_said(view, &said);
    bool settled = view->context->state == THREAD_CONFIRMED;
    if (!said.has_from && !settled)
        return;
    struct civil begin = said.has_from ? said.from : civil_at(days_begin(view), 0, 0);
    struct instant from = civil_to_instant(begin, view->writer_zone);
    struct interval *start = &times->starts.items[0];
    while (start->start.us < from.us) {
        struct instant week = time_shift(start->start, 7 * DAY_MIN, view->writer_zone);
        start->end.us += week.us - start->start.us;
        start->start = week;
    }
    times->allowed = (struct interval_list){0};
    ARENA_PUSH(view->arena, &times->allowed,
               ((struct interval){start->start, instant_add(start->start, minutes(60))}));
}

static bool differs(const struct series *said, const struct series *old)
{
    return said->freq != old->freq || said->interval != old->interval;
}

bool series_asked_anew(struct view *view, struct meeting_request *request)
{
    struct series_said said;
    const struct intent_context *context = view->context;
    if (!context->writer_is_organizer)
        return false;
    read_as_said(view, &said);
    if (!said.asked || !series_is(&said.series) || !differs(&said.series, &context->series))
        return false;
    struct timex_list now = view->text.timexes;
    if (view->as_said.count > 0)
        view->text.timexes = view->as_said;
    series_hide(view, &said, true);
    times_read(view, text_all(&view->text), true, &request->times);
    series_hide(view, &said, false);
    series_place(view, &said, request);
    view->text.timexes = now;
    return true;
}

static void become_day(struct timex *timex, const struct set_said *set, struct civil_date from)
{
    while ((set->days & 1u << civil_date_weekday(from)) == 0)
        from = civil_date_add(from, 1);
    bool clock = set->minute >= 0;
    timex->kind = clock ? TIMEX_INSTANT : TIMEX_INTERVAL;
    timex->grain = clock ? GRAIN_MINUTE : GRAIN_DAY;
    timex->has_clock = clock;
    timex->open = TIMEX_BOUNDED;
    timex->start = civil_at(from, clock ? set->minute / 60 : 0, clock ? set->minute % 60 : 0);
    timex->end = clock ? timex->start : civil_at(civil_date_add(from, 1), 0, 0);
    timex->rrule = SLICE_NONE;
}

void series_as_days(struct view *view)
{
    struct text *text = &view->text;
    if (!series_is(&view->context->series))
        return;
    for (size_t i = 0; i < text->timexes.count; i++)
        ARENA_PUSH(view->arena, &view->as_said, text->timexes.items[i]);
    for (size_t i = 0; i < text->timexes.count; i++) {
        struct timex *timex = &text->timexes.items[i];
        struct set_said set = {0};
        if (timex->kind != TIMEX_SET || timex->exception)
            continue;
        read_rule(timex->rrule, &set);
        set.minute = by_day(text, text_timex_tokens(text, i), set.minute);
        if (set.days != 0 && (set.days & (set.days - 1)) == 0 && set.nth == 0)
            become_day(timex, &set, days_begin(view));
    }
}

bool series_occurs(const struct view *view, const struct timex *timex)
{
    const struct zone *zone = view->organizer_zone;
    struct interval said = timex_interval(timex, view, view->writer_zone);
    struct instant far = {view->context->received.us + SERIES_DAYS * DAY_US};
    struct interval_list spans = series_spans(&view->context->series, view->context->confirmed,
                                              zone, far, SERIES_CHECKED_MAX, view->arena);
    for (size_t i = 0; i < spans.count; i++)
        if (interval_overlaps(spans.items[i], said) ||
            spans.items[i].start.us == said.start.us)
            return true;
    return false;
}

/* "our Tuesday catch-up", "le point du mardi" speak of all of them; "Tuesday's", "celui de
 * mardi", "on 12 January" and "next week" of one. */
static bool means_one_day(const struct view *view, const struct timex *timex, struct span tokens)
{
    const struct text *text = &view->text;
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    if (timex->kind == TIMEX_SET || timex->kind == TIMEX_DURATION || timex->clock_only ||
        timex->open != TIMEX_BOUNDED || length > 7 * DAY_US)
        return false;
    if (leads(text, tokens, en_from, fr_from) || leads(text, tokens, en_until, fr_until))
        return false;
    if (!is_bare_day(text, timex, tokens))
        return true;
    bool habit = IS(habit, text, tokens.first) ||
                 (tokens.first > 0 && IS(habit, text, tokens.first - 1));
    return !habit && series_occurs(view, timex);
}

bool series_skips(const struct view *view)
{
    for (uint32_t i = 0; i < view->text.token_count; i++)
        if (!view->text.tokens[i].masked && IS(one_time, &view->text, i))
            return true;
    return false;
}

bool series_one_meant(const struct view *view)
{
    const struct text *text = &view->text;
    bool one = false;
    if (!series_is(&view->context->series) || view->context->state != THREAD_CONFIRMED)
        return false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].masked)
            continue;
        if (IS(the_series, text, i))
            return false;
        one |= IS(one_time, text, i);
        if (begins_timex(text, text_all(text), i) && text->tokens[i].timex <= view->as_said.count)
            one |= means_one_day(view, &view->as_said.items[text->tokens[i].timex - 1],
                                 tokens_of(text, i));
    }
    return one;
}
