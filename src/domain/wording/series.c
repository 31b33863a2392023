/* What comes again, in words: "tous les mardis à 10h, à partir du 6 janvier". */
#include "domain/wording/internal.h"

enum { NAMED_DATES = 6, FAR_DAYS = 300 };

/* The hour of a reader elsewhere while the clocks of the two places are apart otherwise. */
struct shift {
    bool found, ends;
    struct instant from, until; /* the first and the last occurrence at that hour */
};

static bool is_french(const struct recurrence *r)
{
    return r->language == LANGUAGE_FR;
}

/* Where "the first Tuesday" of the organizer is a Wednesday, or the 15th the 14th, the reader
 * is told of the organizer's clock. */
static const struct zone *told_zone(const struct recurrence *r)
{
    struct civil here = civil_from_instant(r->first.start, r->zone);
    struct civil there = civil_from_instant(r->first.start, r->home);
    bool same = civil_date_compare(here.date, there.date) == 0;
    return same || r->series->freq == SERIES_WEEKLY ? r->zone : r->home;
}

static uint32_t rank_of(const struct series *series, struct civil_date date)
{
    uint32_t rank = (uint32_t)(date.day - 1) / 7 + 1;
    rank = series->nth > 0 ? series->nth : rank;
    return rank > SERIES_LAST ? SERIES_LAST : rank;
}

static const char *const fr_ranks[] = {"", "premier", "deuxième", "troisième", "quatrième",
                                       "dernier"};
static const char *const en_ranks[] = {"", "first", "second", "third", "fourth", "last"};

static struct slice french_days(const struct recurrence *r, struct civil at, bool each)
{
    const char *day = wording_weekday(at.date, LANGUAGE_FR);
    if (r->series->freq == SERIES_WEEKLY && r->series->interval > 1 && each)
        return arena_format(r->arena, "un %s sur deux", day);
    if (r->series->freq == SERIES_WEEKLY)
        return arena_format(r->arena, each ? "tous les %ss" : "%s", day);
    if (r->series->monthday > 0)
        return arena_format(r->arena, each ? "le %u de chaque mois" : "%u du mois",
                            r->series->monthday);
    return arena_format(r->arena, each ? "le %s %s de chaque mois" : "%s %s du mois",
                        fr_ranks[rank_of(r->series, at.date)], day);
}

static const char *english_suffix(uint32_t number)
{
    static const char *const suffixes[] = {"th", "st", "nd", "rd"};
    bool teen = number % 100 / 10 == 1;
    return teen || number % 10 > 3 ? "th" : suffixes[number % 10];
}

static struct slice english_days(const struct recurrence *r, struct civil at, bool each)
{
    const char *day = wording_weekday(at.date, LANGUAGE_EN);
    if (r->series->freq == SERIES_WEEKLY && r->series->interval > 1)
        return arena_format(r->arena, "every other %s", day);
    if (r->series->freq == SERIES_WEEKLY)
        return arena_format(r->arena, each ? "every %s" : "%ss", day);
    if (r->series->monthday > 0)
        return arena_format(r->arena, "the %u%s of %s month", r->series->monthday,
                            english_suffix(r->series->monthday), each ? "each" : "the");
    return arena_format(r->arena, "the %s %s of %s month", en_ranks[rank_of(r->series, at.date)],
                        day, each ? "each" : "the");
}

static struct slice at_hour(const struct recurrence *r, bool each)
{
    const struct zone *zone = told_zone(r);
    struct civil at = civil_from_instant(r->first.start, zone);
    struct slice days = is_french(r) ? french_days(r, at, each) : english_days(r, at, each);
    struct slice text = arena_format(r->arena, is_french(r) ? "%.*s à %.*s" : "%.*s at %.*s",
                                     SLICE_ARG(days),
                                     SLICE_ARG(wording_clock(at, r->language, r->arena)));
    if (!r->zone_named && zone == r->zone)
        return text;
    struct slice name = wording_zone(zone, r->language, r->arena);
    return arena_format(r->arena, "%.*s (%.*s)", SLICE_ARG(text), SLICE_ARG(name));
}

struct slice wording_usual(const struct recurrence *r)
{
    struct slice text = at_hour(r, false);
    if (is_french(r) && r->series->freq == SERIES_WEEKLY && r->series->interval > 1)
        return arena_format(r->arena, "%.*s, une semaine sur deux", SLICE_ARG(text));
    return text;
}

/* With the year where the reader might take it for the coming one. */
static struct slice day_in(const struct recurrence *r, struct civil_date date, struct instant since)
{
    struct civil_date from = civil_from_instant(since, r->zone).date;
    struct slice day = wording_date(date, r->zone, r->language, r->arena);
    if (civil_date_to_days(date) - civil_date_to_days(from) < FAR_DAYS)
        return day;
    return arena_format(r->arena, "%.*s %d", SLICE_ARG(day), date.year);
}

static struct slice end_of(const struct recurrence *r)
{
    const struct series *series = r->series;
    if (series->count > 0)
        return arena_format(r->arena, is_french(r) ? ", %u fois" : ", %u times", series->count);
    if (series->until_day == 0)
        return SLICE_NONE;
    struct slice last = day_in(r, civil_date_from_days(series->until_day), r->first.start);
    return arena_format(r->arena, is_french(r) ? ", jusqu'au %.*s" : ", until %.*s",
                        SLICE_ARG(last));
}

struct slice wording_series(const struct recurrence *r)
{
    struct slice text = at_hour(r, true), end = end_of(r);
    struct civil first = civil_from_instant(r->first.start, told_zone(r));
    struct slice day = wording_date(first.date, r->zone, r->language, r->arena);
    return arena_format(r->arena, is_french(r) ? "%.*s, à partir du %.*s%.*s" : "%.*s, from %.*s%.*s",
                        SLICE_ARG(text), SLICE_ARG(day), SLICE_ARG(end));
}

struct slice wording_how_often(const struct series *series, enum language language)
{
    bool french = language == LANGUAGE_FR, other = series->interval > 1;
    switch (series->freq) {
    case SERIES_WEEKLY:
        return french ? other ? LIT("toutes les deux semaines") : LIT("chaque semaine")
               : other ? LIT("every two weeks") : LIT("every week");
    case SERIES_MONTHLY:
        return french ? LIT("chaque mois") : LIT("every month");
    case SERIES_NONE:
        break;
    }
    return SLICE_NONE;
}

struct slice wording_dates(const struct recurrence *r, const struct interval_list *spans)
{
    struct slice text = SLICE_NONE;
    for (size_t i = 0; i < spans->count && i < NAMED_DATES; i++) {
        struct civil at = civil_from_instant(spans->items[i].start, r->zone);
        struct slice day = day_in(r, at.date, r->first.start);
        text = arena_format(r->arena, "%.*s%s%.*s", SLICE_ARG(text), i > 0 ? ", " : "",
                            SLICE_ARG(day));
    }
    if (spans->count > NAMED_DATES)
        text = arena_format(r->arena, "%.*s…", SLICE_ARG(text));
    return text;
}

static int minute_at(struct instant at, const struct zone *zone)
{
    struct civil wall = civil_from_instant(at, zone);
    return wall.hour * 60 + wall.minute;
}

static struct shift find_shift(const struct recurrence *r)
{
    struct shift shift = {0};
    struct instant far = {r->first.start.us + SERIES_DAYS * DAY_US};
    struct interval_list spans =
        series_spans(r->series, r->first, r->home, far, SERIES_CHECKED_MAX, r->arena);
    int usual = minute_at(r->first.start, r->zone);
    for (size_t i = 1; i < spans.count && !shift.ends; i++) {
        bool other = minute_at(spans.items[i].start, r->zone) != usual;
        if (other && !shift.found)
            shift.from = spans.items[i].start;
        if (other)
            shift.until = spans.items[i].start;
        shift.ends = shift.found && !other;
        shift.found |= other;
    }
    return shift;
}

struct slice wording_shift(const struct recurrence *r, bool informal)
{
    if (r->zone == r->home || told_zone(r) != r->zone)
        return SLICE_NONE;
    struct shift shift = find_shift(r);
    if (!shift.found)
        return SLICE_NONE;
    struct civil from = civil_from_instant(shift.from, r->zone);
    struct civil until = civil_from_instant(shift.until, r->zone);
    struct slice clock = wording_clock(from, r->language, r->arena);
    struct slice first = wording_date(from.date, r->zone, r->language, r->arena);
    struct slice last = wording_date(until.date, r->zone, r->language, r->arena);
    struct slice city = wording_zone(r->home, r->language, r->arena);
    bool once = !shift.ends || shift.from.us == shift.until.us;
    struct slice when =
        !shift.ends ? arena_format(r->arena, is_french(r) ? "À partir du %.*s" : "From %.*s on",
                                   SLICE_ARG(first))
        : once      ? arena_format(r->arena, is_french(r) ? "Le %.*s" : "On %.*s", SLICE_ARG(first))
                    : arena_format(r->arena, is_french(r) ? "Du %.*s au %.*s" : "From %.*s to %.*s",
                                   SLICE_ARG(first), SLICE_ARG(last));
    if (is_french(r))
        return arena_format(r->arena, "%.*s, ce sera à %.*s pour %s : la série suit l'%.*s.",
                            SLICE_ARG(when), SLICE_ARG(clock), informal ? "toi" : "vous",
                            SLICE_ARG(city));
    return arena_format(r->arena, "%.*s, that is at %.*s for you: the series follows %.*s.",
                        SLICE_ARG(when), SLICE_ARG(clock), SLICE_ARG(city));
}

/* Of several times: how far the two clocks are apart otherwise, and on which days. */
static int32_t apart(const struct recurrence *r, struct instant at)
{
    return zone_offset_s(r->zone, at, NULL) - zone_offset_s(r->home, at, NULL);
}

struct slice wording_shift_of_all(const struct recurrence *r, bool informal)
{
    int32_t usual = apart(r, r->first.start), other = usual;
    struct instant from = {0}, until = {0};
    for (int day = 1; day < SERIES_DAYS; day++) {
        struct instant at = {r->first.start.us + day * DAY_US};
        if (apart(r, at) != usual) {
            other = from.us == 0 ? apart(r, at) : other;
            from = from.us == 0 ? at : from;
            until = at;
        } else if (from.us != 0) {
            break;
        }
    }
    bool ends = until.us < r->first.start.us + (SERIES_DAYS - 1) * DAY_US;
    if (r->zone == r->home || (other - usual != 3600 && usual - other != 3600))
        return SLICE_NONE;
    struct slice first = wording_date(civil_from_instant(from, r->zone).date, r->zone, r->language, r->arena);
    struct slice last = wording_date(civil_from_instant(until, r->zone).date, r->zone, r->language, r->arena);
    struct slice city = wording_zone(r->home, r->language, r->arena);
    bool later = other > usual;
    struct slice when =
        ends ? arena_format(r->arena, is_french(r) ? "Du %.*s au %.*s" : "From %.*s to %.*s",
                            SLICE_ARG(first), SLICE_ARG(last))
             : arena_format(r->arena, is_french(r) ? "À partir du %.*s" : "From %.*s on",
                            SLICE_ARG(first));
    if (is_french(r))
        return arena_format(r->arena, "%.*s, ce sera une heure plus %s pour %s : la série suit l'%.*s.",
                            SLICE_ARG(when), later ? "tard" : "tôt", informal ? "toi" : "vous",
                            SLICE_ARG(city));
    return arena_format(r->arena, "%.*s, that is an hour %s for you: the series follows %.*s.",
                        SLICE_ARG(when), later ? "later" : "earlier", SLICE_ARG(city));
}
