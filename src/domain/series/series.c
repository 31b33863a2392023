#include "domain/series/series.h"

enum { SERIES_ARENA_BYTES = 4 << 20, SERIES_YEARS_MAX = 40 };

const char *const series_freq_names[] = {
    [SERIES_NONE] = "",
    [SERIES_WEEKLY] = "weekly",
    [SERIES_MONTHLY] = "monthly",
};

static const struct record_field series_fields[] = {
    FIELD_ENUM(series, freq, 1, series_freq_names), FIELD(series, interval, 2, RECORD_U32),
    FIELD(series, days, 3, RECORD_U32),             FIELD(series, nth, 4, RECORD_U32),
    FIELD(series, monthday, 5, RECORD_U32),         FIELD(series, count, 6, RECORD_U32),
    FIELD(series, until_day, 7, RECORD_I64),
};
RECORD_TYPE(series_record, series, series_fields);

/* Which of its weekday in the month; the fifth is the last, for not every month has one. */
static uint32_t nth_of(struct civil_date date)
{
    return (uint32_t)(date.day - 1) / 7 + 1;
}

static bool is_last(struct civil_date date)
{
    return date.day + 7 > days_in_month(date.year, date.month);
}

bool series_allows(const struct series *series, struct civil_date date)
{
    if (series->days != 0 && (series->days & 1u << civil_date_weekday(date)) == 0)
        return false;
    if (series->until_day != 0 && civil_date_to_days(date) > series->until_day)
        return false;
    if (series->freq != SERIES_MONTHLY)
        return true;
    if (series->monthday > 0)
        return date.day == series->monthday;
    if (series->nth == SERIES_LAST)
        return is_last(date);
    return series->nth == 0 || nth_of(date) == series->nth;
}

static struct slice month_part(const struct series *series, struct civil_date first,
                               struct arena *arena)
{
    static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    if (series->monthday > 0)
        return arena_format(arena, ";BYMONTHDAY=%u", series->monthday);
    uint32_t nth = series->nth == 0 ? nth_of(first) : series->nth;
    return arena_format(arena, ";BYDAY=%d%s", nth >= SERIES_LAST ? -1 : (int)nth,
                        days[civil_date_weekday(first)]);
}

/* Any time of the last day is inside. */
static struct slice end_part(const struct series *series, const struct zone *zone,
                             struct arena *arena)
{
    if (series->count > 0)
        return arena_format(arena, ";COUNT=%u", series->count);
    if (series->until_day == 0)
        return SLICE_NONE;
    struct civil last = civil_at(civil_date_from_days(series->until_day), 23, 59);
    struct civil end = civil_from_instant(civil_to_instant(last, zone), zone_utc());
    return arena_format(arena, ";UNTIL=%04d%02d%02dT%02d%02d00Z", end.date.year, end.date.month,
                        end.date.day, end.hour, end.minute);
}

struct slice series_rrule(const struct series *series, struct civil first, const struct zone *zone,
                          struct arena *arena)
{
    if (!series_is(series))
        return SLICE_NONE;
    bool monthly = series->freq == SERIES_MONTHLY;
    struct slice rule = arena_format(arena, "FREQ=%s", monthly ? "MONTHLY" : "WEEKLY");
    if (series->interval > 1)
        rule = arena_format(arena, "%.*s;INTERVAL=%u", SLICE_ARG(rule), series->interval);
    struct slice month = monthly ? month_part(series, first.date, arena) : SLICE_NONE;
    struct slice end = end_part(series, zone, arena);
    return arena_format(arena, "%.*s%.*s%.*s", SLICE_ARG(rule), SLICE_ARG(month), SLICE_ARG(end));
}

static bool expand(const struct series *series, struct interval first, const struct zone *zone,
                   struct instant until, size_t most, struct arena *arena,
                   struct civil_interval_list *starts)
{
    struct civil dtstart = civil_from_instant(first.start, zone);
    struct civil end = civil_from_instant(until, zone);
    struct slice rule = series_rrule(series, dtstart, zone, arena);
    return calendar_recur(dtstart, false, rule, zone, end, most, arena, starts, NULL) == ST_OK;
}

struct interval_list series_spans(const struct series *series, struct interval first,
                                  const struct zone *zone, struct instant until, size_t most,
                                  struct arena *arena)
{
    struct interval_list out = {0};
    struct civil_interval_list starts = {0};
    struct duration length = instant_since(first.end, first.start);
    if (!series_is(series) || !expand(series, first, zone, until, most, arena, &starts)) {
        ARENA_PUSH(arena, &out, first);
        return out;
    }
    for (size_t i = 0; i < starts.count && i < most; i++) {
        struct instant start = i == 0 ? first.start
                                      : civil_to_instant(starts.items[i].start, zone);
        ARENA_PUSH(arena, &out, ((struct interval){start, instant_add(start, length)}));
    }
    return out;
}

static struct instant years_after(struct instant at, int32_t years, const struct zone *zone)
{
    struct civil wall = civil_from_instant(at, zone);
    wall.date = civil_date_add_months(wall.date, 12 * years);
    return civil_to_instant(wall, zone);
}

struct interval series_next(const struct series *series, struct interval first,
                            const struct zone *zone, struct instant now)
{
    if (!series_is(series) || first.end.us > now.us || first.end.us == 0)
        return first;
    AUTO_ARENA arena = arena_create(SERIES_ARENA_BYTES);
    struct interval_list spans = series_spans(series, first, zone, years_after(now, 2, zone),
                                              SERIES_YEARS_MAX * 53, arena);
    for (size_t i = 0; i < spans.count; i++)
        if (spans.items[i].end.us > now.us)
            return spans.items[i];
    return spans.items[spans.count - 1];
}

struct instant series_end(const struct series *series, struct interval first,
                          const struct zone *zone)
{
    if (!series_is(series))
        return first.end;
    if (!series_ends(series))
        return (struct instant){INT64_MAX};
    AUTO_ARENA arena = arena_create(SERIES_ARENA_BYTES);
    struct interval_list spans =
        series_spans(series, first, zone, years_after(first.start, SERIES_YEARS_MAX, zone),
                     SERIES_YEARS_MAX * 53, arena);
    return spans.items[spans.count - 1].end;
}

struct series series_rest(const struct series *series, struct interval first,
                          const struct zone *zone, struct instant now)
{
    struct series rest = *series;
    if (series->count == 0 || first.start.us >= now.us)
        return rest;
    AUTO_ARENA arena = arena_create(SERIES_ARENA_BYTES);
    struct interval_list gone = series_spans(series, first, zone, now, SERIES_COUNT_MAX, arena);
    rest.count = gone.count >= series->count ? 1 : series->count - (uint32_t)gone.count;
    return rest;
}
