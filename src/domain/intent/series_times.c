/* When the first occurrence of a series may be, and which occurrences later mails mean. */
#include "domain/intent/series.h"

enum { FIRST_WITHIN_DAYS = 62, YEAR_DAYS = 366, DAY_MIN = 24 * 60, HOUR_MIN = 60,
       WEEKS_AHEAD = 8 };

static bool is_one_day(const struct series *series)
{
    return series->monthday > 0 || (series->days != 0 && (series->days & (series->days - 1)) == 0);
}

static struct civil begin_of(const struct view *view, const struct series_said *said)
{
    bool later = said->has_from && civil_compare(said->from, view->ref) > 0;
    return later ? said->from : view->ref;
}

/* The first reading at that minute of a day that is allowed. */
static bool first_at(const struct series *series, struct civil from, int32_t minute,
                     struct civil *out)
{
    for (int day = 0; day < YEAR_DAYS; day++) {
        struct civil at = civil_at(civil_date_add(from.date, day), minute / 60, minute % 60);
        if (civil_compare(at, from) < 0 || !series_allows(series, at.date))
            continue;
        *out = at;
        return true;
    }
    return false;
}

static struct said_times exact_time(struct view *view, struct civil start, uint32_t length)
{
    struct said_times times = {.constrained = true, .hours_named = true};
    struct instant at = civil_to_instant(start, view->writer_zone);
    ARENA_PUSH(view->arena, &times.starts, ((struct interval){at, at}));
    ARENA_PUSH(view->arena, &times.allowed,
               ((struct interval){at, instant_add(at, minutes(length))}));
    return times;
}

/* The days that may be, whole or from a minute on. */
static struct interval_list days_of(struct view *view, const struct series_said *said,
                                    int32_t minute, uint32_t length)
{
    struct interval_list out = {0};
    struct civil from = begin_of(view, said);
    for (int day = 0; day < FIRST_WITHIN_DAYS; day++) {
        struct civil_date date = civil_date_add(from.date, day);
        if (!series_allows(&said->series, date))
            continue;
        struct civil start = civil_at(date, 0, 0), end = civil_at(civil_date_add(date, 1), 0, 0);
        if (minute >= 0) {
            start = civil_at(date, minute / 60, minute % 60);
            end = civil_add(start, minutes(length));
        }
        if (civil_compare(end, from) <= 0)
            continue;
        if (civil_compare(start, from) < 0 && minute < 0)
            start = from;
        ARENA_PUSH(view->arena, &out,
                   ((struct interval){civil_to_instant(start, view->writer_zone),
                                      civil_to_instant(end, view->writer_zone)}));
    }
    return out;
}

static struct interval_list both(struct view *view, const struct interval_list *a,
                                 const struct interval_list *b)
{
    struct interval_list out = {0};
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        struct interval x = a->items[i], y = b->items[k];
        struct interval part = {x.start.us > y.start.us ? x.start : y.start,
                                x.end.us < y.end.us ? x.end : y.end};
        if (part.start.us < part.end.us)
            ARENA_PUSH(view->arena, &out, part);
        if (x.end.us < y.end.us)
            i++;
        else
            k++;
    }
    return out;
}

/* An hour alone, "chaque semaine à 9h", is that of any day. */
static int32_t hour_alone(const struct view *view, const struct said_times *times)
{
    const struct timex_list *list = &view->text.timexes;
    if (times->starts.count == 0)
        return -1;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind != TIMEX_DURATION && list->items[i].has_clock &&
            list->items[i].clock_only)
            return list->items[i].start.hour * 60 + list->items[i].start.minute;
    return -1;
}

/* The windows of one week, in the weeks behind it. */
static struct interval_list weekly(struct view *view, const struct interval_list *windows)
{
    struct interval_list out = {0};
    const struct zone *zone = view->writer_zone;
    for (int week = 0; week < WEEKS_AHEAD; week++)
        for (size_t i = 0; i < windows->count; i++) {
            struct civil start = civil_from_instant(windows->items[i].start, zone);
            struct civil end = civil_from_instant(windows->items[i].end, zone);
            start.date = civil_date_add(start.date, 7 * week);
            end.date = civil_date_add(end.date, 7 * week);
            ARENA_PUSH(view->arena, &out,
                       ((struct interval){civil_to_instant(start, zone),
                                          civil_to_instant(end, zone)}));
        }
    return out;
}

void series_place(struct view *view, const struct series_said *said,
                  struct meeting_request *request)
{
    struct said_times *times = &request->times;
    if (request->duration_min == 0)
        request->duration_min = said->length_min;
    uint32_t length = request->duration_min > 0 ? request->duration_min : HOUR_MIN;
    int32_t alone = hour_alone(view, times), minute = said->minute >= 0 ? said->minute : alone;
    struct civil start;
    if (said->has_date && times->starts.count > 0 && alone < 0)
        return;
    if (minute >= 0 && is_one_day(&said->series)) {
        if (first_at(&said->series, begin_of(view, said), minute, &start))
            *times = exact_time(view, start, length);
        return;
    }
    struct interval_list days = days_of(view, said, minute, length);
    bool free_days = said->series.days == 0 && said->series.monthday == 0 && !said->has_from;
    times->starts.count = 0;
    if (minute >= 0) {
        times->hours_named = true;
        times->allowed = days;
    } else if (times->constrained) {
        if (said->each)
            times->allowed = weekly(view, &times->allowed);
        struct interval_list within = both(view, &times->allowed, &days);
        times->allowed = within.count > 0 ? within : days;
    } else if (!free_days) {
        times->allowed = days;
    }
    times->constrained |= minute >= 0 || !free_days;
    if (times->allowed.count > 0)
        times->preferred = both(view, &times->preferred, &times->allowed);
}
