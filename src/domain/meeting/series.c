/* Meetings that come again: one offer is one weekday and hour, told by its first occurrence,
 * and is compared with the calendars over the occurrences to come. */
#include "domain/meeting/internal.h"

#include <string.h>

enum {
    STEPS = 4,        /* the first occurrence lies within so many weeks or fortnights */
    DAY_OFFERS = 40,  /* of one day that are compared */
    TOLERATED = 4,    /* one in so many occurrences may clash; else the time is not free */
    FIRST_TRIES = 4,  /* an exact time begins at one of its first occurrences */
    WEEKS_REFUSED = 8, /* a refused weekday and hour is not offered again as a later first */
};

bool is_series(const struct turn *turn)
{
    return series_is(&turn->meeting->series);
}

struct interval_list occurrences(const struct turn *turn, struct interval first)
{
    const struct zone *zone = organizer_zone(turn);
    struct instant now = turn->env->now, far = {now.us + SERIES_DAYS * DAY_US};
    struct series left = series_rest(&turn->meeting->series, first, zone, now);
    struct interval begin = series_next(&turn->meeting->series, first, zone, now);
    if (far.us <= begin.start.us)
        far.us = begin.start.us + 1;
    return series_spans(&left, begin, zone, far, SERIES_CHECKED_MAX, turn->arena);
}

struct interval occurrence_now(const struct turn *turn)
{
    const struct meeting *meeting = turn->meeting;
    return series_next(&meeting->series, meeting->confirmed, organizer_zone(turn), turn->env->now);
}

static const struct known_person *counted(const struct turn *turn, size_t i)
{
    const struct participant *person = &turn->meeting->people.items[i];
    if (!is_active(person) || person->role == ROLE_OPTIONAL)
        return NULL;
    return env_person(turn->env, person->address);
}

static bool is_taken(const struct turn *turn, struct interval span, size_t *who)
{
    for (size_t i = 0; i < turn->meeting->people.count; i++) {
        const struct known_person *known = counted(turn, i);
        if (known == NULL || !intervals_overlap(known->busy, span))
            continue;
        if (who != NULL)
            *who = i;
        return true;
    }
    return false;
}

struct interval_list clashes(const struct turn *turn, struct interval first)
{
    struct interval_list out = {0}, spans = occurrences(turn, first);
    for (size_t i = 1; is_series(turn) && i < spans.count; i++)
        if (is_taken(turn, spans.items[i], NULL))
            ARENA_PUSH(turn->arena, &out, spans.items[i]);
    return out;
}

/* Of anybody who takes part and is known here: it is no secret, so guests read it as well. */
static bool is_anybodys_holiday(const struct turn *turn, struct instant at)
{
    for (size_t i = 0; i < turn->meeting->people.count; i++) {
        const struct known_person *known = counted(turn, i);
        if (known != NULL && known->person.holidays.len > 0 &&
            calendar_is_holiday(known->person.holidays, civil_from_instant(at, known->zone).date,
                                NULL))
            return true;
    }
    return false;
}

struct interval_list holidays_met(const struct turn *turn, struct interval first)
{
    struct interval_list out = {0}, spans = occurrences(turn, first);
    for (size_t i = 0; is_series(turn) && i < spans.count; i++)
        if (is_anybodys_holiday(turn, spans.items[i].start))
            ARENA_PUSH(turn->arena, &out, spans.items[i]);
    return out;
}

/* Whether the time is free as a rule; *who is somebody in whose way it mostly is. */
bool suits_series(const struct turn *turn, struct interval first, size_t *who)
{
    struct interval_list spans = occurrences(turn, first);
    size_t taken = 0, blocker = 0;
    if (!is_series(turn) || turn->forced || turn->meeting->agreed)
        return true;
    for (size_t i = 1; i < spans.count; i++)
        taken += is_taken(turn, spans.items[i], &blocker);
    if (taken * TOLERATED <= spans.count)
        return true;
    if (who != NULL)
        *who = blocker;
    return false;
}

/* "Tous les mardis à 10h", of which the next one is taken or a holiday: from the one after. */
struct interval first_that_fits(struct turn *turn, struct interval span)
{
    struct interval_list spans = occurrences(turn, span);
    for (size_t i = 0; is_series(turn) && i < spans.count && i < FIRST_TRIES; i++) {
        enum slot_refusal found = check_span(turn, spans.items[i], true, NULL);
        if (found == SLOT_FREE && !turn->meeting->agreed &&
            check_span(turn, spans.items[i], false, NULL) == SLOT_HOLIDAY)
            found = SLOT_HOLIDAY;
        if (found == SLOT_FREE)
            return spans.items[i];
    }
    return span;
}

struct interval_list with_later_weeks(const struct turn *turn, struct interval_list list)
{
    struct interval_list out = {0};
    const struct zone *zone = organizer_zone(turn);
    for (int week = 0; week < (is_series(turn) ? WEEKS_REFUSED : 1); week++)
        for (size_t i = 0; i < list.count; i++) {
            struct civil start = civil_from_instant(list.items[i].start, zone);
            struct civil end = civil_from_instant(list.items[i].end, zone);
            start.date = civil_date_add(start.date, 7 * week);
            end.date = civil_date_add(end.date, 7 * week);
            ARENA_PUSH(turn->arena, &out,
                       ((struct interval){civil_to_instant(start, zone),
                                          civil_to_instant(end, zone)}));
        }
    intervals_normalise(&out);
    return out;
}

/* Search */

struct weighed {
    struct interval span;
    size_t clashes;
};
struct weighed_list {
    struct weighed *items;
    size_t count, capacity;
};

static struct interval whole_day(const struct turn *turn, struct civil_date date)
{
    const struct zone *zone = organizer_zone(turn);
    return (struct interval){civil_to_instant(civil_at(date, 0, 0), zone),
                             civil_to_instant(civil_at(civil_date_add(date, 1), 0, 0), zone)};
}

static void weigh_day(struct turn *turn, const struct search *search, struct civil_date date,
                      struct weighed_list *out)
{
    struct search one = *search;
    struct interval_list day = {0};
    if (!search->any_day && !series_allows(&turn->meeting->series, date))
        return;
    ARENA_PUSH(turn->arena, &day, whole_day(turn, date));
    one.allowed = search->bounded ? intervals_intersect(turn->arena, search->allowed, day) : day;
    one.bounded = true;
    one.count = DAY_OFFERS;
    struct interval_list slots = find_single(turn, &one);
    for (size_t i = 0; i < slots.count; i++) {
        struct interval span = slots.items[i];
        if (suits_series(turn, span, NULL))
            ARENA_PUSH(turn->arena, out, ((struct weighed){span, clashes(turn, span).count}));
    }
}

static size_t fewest(const struct weighed_list *list)
{
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].clashes < least)
            least = list->items[i].clashes;
    return least;
}

/* What has no clash stays free when such times touch: the usual choice among all of them. */
static struct interval_list choose_free(struct turn *turn, const struct search *search,
                                        const struct weighed_list *list)
{
    struct search among = *search;
    among.bounded = true;
    among.allowed = (struct interval_list){0};
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].clashes == 0)
            ARENA_PUSH(turn->arena, &among.allowed, list->items[i].span);
    intervals_normalise(&among.allowed);
    return find_single(turn, &among);
}

static bool same_day(const struct turn *turn, struct interval a, struct interval b)
{
    const struct zone *zone = organizer_zone(turn);
    return civil_date_compare(civil_from_instant(a.start, zone).date,
                              civil_from_instant(b.start, zone).date) == 0;
}

/* Nothing is free throughout: the fewest clashes, one time a day. */
static struct interval_list choose_least(struct turn *turn, const struct search *search,
                                         const struct weighed_list *list, size_t least)
{
    struct interval_list out = {0};
    for (size_t i = 0; i < list->count && out.count < search->count; i++) {
        bool again = list->items[i].clashes != least;
        for (size_t k = 0; k < out.count; k++)
            again |= same_day(turn, out.items[k], list->items[i].span);
        if (!again)
            ARENA_PUSH(turn->arena, &out, list->items[i].span);
    }
    return out;
}

static struct civil_date search_begin(const struct turn *turn, const struct search *search)
{
    struct instant begin = turn->env->now;
    if (search->bounded && search->allowed.count > 0 &&
        search->allowed.items[0].start.us > begin.us)
        begin = search->allowed.items[0].start;
    return civil_from_instant(begin, organizer_zone(turn)).date;
}

/* The first week (of a monthly series: fortnight, or month where its day is said) in which a
 * time is free at every occurrence; else the fewest clashes of all weeks that were tried. */
struct interval_list find_series(struct turn *turn, const struct search *search)
{
    const struct series *series = &turn->meeting->series;
    struct weighed_list all = {0};
    struct civil_date date = search_begin(turn, search);
    bool placed = series->nth > 0 || series->monthday > 0;
    int step = series->freq == SERIES_WEEKLY ? 7 : placed && !search->any_day ? 31 : 14;
    for (int i = 0; i < STEPS; i++) {
        struct weighed_list now = {0};
        for (int day = 0; day < step; day++, date = civil_date_add(date, 1))
            weigh_day(turn, search, date, &now);
        if (fewest(&now) == 0)
            return choose_free(turn, search, &now);
        for (size_t k = 0; k < now.count; k++)
            ARENA_PUSH(turn->arena, &all, now.items[k]);
    }
    return choose_least(turn, search, &all, fewest(&all));
}

/* Facts */

static void take_shape(struct series *series, const struct series *said)
{
    bool same_freq = series->freq == said->freq;
    series->freq = said->freq;
    series->interval = said->interval;
    if (said->nth != 0 || said->monthday != 0 || said->days != 0 || !same_freq) {
        series->nth = said->nth;
        series->monthday = said->monthday;
        series->days = said->days;
    }
}

static void take_end(struct series *series, const struct series *said)
{
    if (!series_ends(said) || !series_is(series))
        return;
    series->count = said->count;
    series->until_day = said->until_day;
}

void take_series(struct turn *turn)
{
    struct series *series = &turn->meeting->series;
    const struct said_times *times = &turn->request->times;
    if (series_is(&turn->request->series))
        take_shape(series, &turn->request->series);
    else if (turn->request->series.days != 0 || times->starts.count > 0) {
        series->days = times->starts.count > 0 ? 0 : turn->request->series.days;
        series->monthday = 0; /* another day than the one said before */
    }
    take_end(series, &turn->request->series);
}

bool changes_series(struct turn *turn)
{
    struct series *series = &turn->meeting->series, before = *series;
    if (!is_series(turn))
        return false;
    if (series_is(&turn->request->series))
        take_shape(series, &turn->request->series);
    take_end(series, &turn->request->series);
    fix_series(turn, turn->meeting->confirmed);
    return memcmp(&before, series, sizeof before) != 0;
}

/* Day and hour are settled: what was said of the day gives way where it was left. */
void fix_series(struct turn *turn, struct interval first)
{
    struct meeting *meeting = turn->meeting;
    const struct zone *zone = organizer_zone(turn);
    struct series *series = &meeting->series;
    if (!is_series(turn))
        return;
    if (meeting->moved_from.end.us > 0)
        *series = series_rest(series, meeting->moved_from, zone, turn->env->now);
    struct civil_date date = civil_from_instant(first.start, zone).date;
    if (series->until_day != 0 && civil_date_to_days(date) > series->until_day)
        *series = (struct series){0};
    if (!series_allows(series, date))
        series->nth = series->monthday = series->days = 0;
}
