/* Where a series begins and ends, on which days, and how often it is. */
#include "domain/intent/series_set.h"

enum { SERIES_YEARS = 10 };

/* The last day that may be, of an end that timex gives as the beginning of what is named, or,
 * "fin juin", as the end of it. "Until June" stops short of June, "jusqu'en juin" does not. */
static int64_t last_day(const struct text *text, const struct timex *timex, struct span tokens)
{
    struct civil_date end = timex->end.date;
    int64_t day = civil_date_to_days(end);
    bool named = timex->open == TIMEX_BEFORE && timex->grain <= GRAIN_DAY;
    if (series_has_word(text, tokens, SERIES_WORD_end)) /* what is named is inside */
        return end.day == 2 && !set_has_number(text, tokens) ? day - 2 : day - 1;
    if (timex->open != TIMEX_BEFORE)
        return timex->end.hour == 0 && timex->end.minute == 0 ? day - 1 : day;
    if (end.day != 1 || set_has_number(text, tokens) || named)
        return day;
    if (in_class(text, tokens.first + 1, CLASS_in_week))
        return civil_date_to_days(civil_date_add_months(end, 1)) - 1;
    return day - 1;
}

/* "le mardi matin", "Tuesday at 10": in a series, each of them. */
bool series_bare_day(const struct text *text, const struct timex *timex, struct span tokens)
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

bool series_stops(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (!text->tokens[i].masked && IS(stop, text, i))
            return true;
    return false;
}

static void take_bound(struct view *view, const struct timex *timex, struct span tokens,
                       struct series_said *out)
{
    const struct text *text = &view->text;
    bool until = series_leads(text, tokens, SERIES_WORD_until) ||
                 series_stops(text, text->clauses[text->tokens[tokens.first].clause].tokens);
    bool before = series_leads(text, tokens, SERIES_WORD_before);
    bool from = timex->open == TIMEX_AFTER || series_leads(text, tokens, SERIES_WORD_from);
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    bool long_one = timex->open == TIMEX_BOUNDED && length > 14 * DAY_US;
    if (long_one && series_leads(text, tokens, SERIES_WORD_for) &&
        series_has_word(text, tokens, SERIES_WORD_next)) {
        out->series.until_day = civil_date_to_days(view->ref.date) + length / DAY_US;
        series_hide_tokens(view, tokens, out); /* "for the next two months": from now on */
        return;
    }
    if (!until && !before && !from && take_date_of_month(text, timex, tokens, out))
        return;
    if (from && !until && !before && !long_one)
        take_day_of_start(text, timex, tokens, out);
    if (!until && !before && !from && series_bare_day(text, timex, tokens)) {
        take_day(timex, out);
        return;
    }
    if (timex->open == TIMEX_BEFORE) { /* its end is where the day begins that is named */
        out->series.until_day = last_day(text, timex, tokens) - before;
    } else if (until && !from && !(long_one && civil_compare(timex->start, view->ref) > 0 && before)) {
        out->series.until_day = last_day(text, timex, tokens);
    } else {
        if (civil_compare(timex->start, view->ref) > 0)
            series_begin_at(out, timex->start);
        if (long_one)
            out->series.until_day = last_day(text, timex, tokens);
        out->has_date |= timex->has_clock && !long_one;
    }
    if (until || before || from || long_one || timex->open != TIMEX_BOUNDED) {
        if (!timex->has_clock)
            series_hide_tokens(view, tokens, out);
    }
}

/* "for six weeks": so many times; "pendant trois mois". */
static void take_length(struct view *view, const struct timex *timex, struct span tokens,
                        struct series_said *out)
{
    struct series *series = &out->series;
    int64_t weeks = timex->duration_s / (7 * 86400), months = timex->duration_months;
    if (!series_leads(&view->text, tokens, SERIES_WORD_for) || (weeks == 0 && months == 0))
        return;
    series_hide_tokens(view, tokens, out);
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
            count = (uint32_t)set_number(text->tokens[i].word);
        if (count > 1 && count <= SERIES_COUNT_MAX && counts_times(text, i) &&
            set_several_times(text, i) == 0 && !text->tokens[i].masked)
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
                series_begin_at(out, found.items[k].start);
        return;
    }
}

void series_take_bounds(struct view *view, struct span part, struct series_said *out)
{
    const struct text *text = &view->text;
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        struct set_said set;
        if (!set_begins(text, part, i))
            continue;
        const struct timex *timex = set_timex(text, i);
        struct span tokens = set_tokens(text, i);
        if (timex->kind == TIMEX_SET) {
            take_inner_start(view, tokens, out);
            take_inner_length(view, tokens, out);
        }
        if (timex->kind == TIMEX_SET || timex->negated || set_read(text, i, &set))
            continue;
        if (timex->kind == TIMEX_DURATION)
            take_length(view, timex, tokens, out);
        else if (!timex->clock_only)
            take_bound(view, timex, tokens, out);
    }
    take_count(text, part, out);
    struct series *series = &out->series;
    if (series->count > SERIES_COUNT_MAX)
        series->count = SERIES_COUNT_MAX;
    int64_t today = civil_date_to_days(view->ref.date);
    if (series->until_day > today + SERIES_YEARS * 366 || series->until_day <= today)
        series->until_day = 0; /* no end that anybody meant */
}
