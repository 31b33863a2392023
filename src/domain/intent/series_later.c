/* What later mails say of a series: another rhythm, another day, or one of its dates. */
#include "domain/intent/series_set.h"

enum { DAY_MIN = 24 * 60 };

static void read_as_said(struct view *view, struct series_said *out)
{
    struct timex_list now = view->text.timexes;
    if (view->as_said.count > 0)
        view->text.timexes = view->as_said;
    series_read(view, text_all(&view->text), out);
    if (!out->asked && series_is(&view->context->series)) {
        out->series = view->context->series; /* how its lengths are counted */
        out->series.count = out->series.days = out->series.nth = out->series.monthday = 0;
        out->series.until_day = 0;
        series_take_bounds(view, text_all(&view->text), out);
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
    if (!said.asked) /* at most on which days, and where it ends */
        request->series = (struct series){.days = said.series.days,
                                          .count = said.series.count,
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

/* "La série doit s'arrêter fin janvier", "the weekly, until March only" */
static bool speaks_of_series(const struct text *text)
{
    bool said = series_stops(text, text_all(text));
    for (uint32_t i = 0; i < text->token_count; i++)
        said |= !text->tokens[i].masked && IS(the_series, text, i);
    return said && cue_first(text, CUE_BUSY) == NULL && cue_first(text, CUE_REFUSE) == NULL &&
           cue_first(text, CUE_RESCHEDULE) == NULL && cue_first(text, CUE_CANCEL) == NULL;
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
    bool same = !said.asked || (!differs(&said.series, &context->series) &&
                                said.series.days == 0 && said.minute < 0);
    if (same && context->state == THREAD_CONFIRMED && series_is(&context->series))
        return series_ends(&said.series) && speaks_of_series(&view->text);
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

/* "Thursday works for me": the one that is offered, however far ahead that is. */
static void move_to_offers(const struct view *view, struct timex *timex)
{
    struct civil_date from = days_begin(view);
    int64_t days = civil_date_to_days(from) - civil_date_to_days(timex->start.date);
    if (view->context->offers.count == 0 || days <= 0)
        return;
    days += (7 - days % 7) % 7;
    timex->start.date = civil_date_add(timex->start.date, days);
    timex->end.date = civil_date_add(timex->end.date, days);
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
        if (timex->kind != TIMEX_DURATION && timex->kind != TIMEX_SET && !timex->clock_only &&
            series_bare_day(text, timex, text_timex_tokens(text, i)))
            move_to_offers(view, timex);
        if (timex->kind != TIMEX_SET || timex->exception)
            continue;
        set_read_rule(timex->rrule, &set);
        set.minute = set_by_day(text, text_timex_tokens(text, i), set.minute);
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
    if (series_leads(text, tokens, SERIES_WORD_from) || series_leads(text, tokens, SERIES_WORD_until))
        return false;
    if (!series_bare_day(text, timex, tokens))
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
        if (set_begins(text, text_all(text), i) && text->tokens[i].timex <= view->as_said.count)
            one |= means_one_day(view, &view->as_said.items[text->tokens[i].timex - 1],
                                 set_tokens(text, i));
    }
    return one;
}
