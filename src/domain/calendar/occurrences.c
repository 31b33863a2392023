#include "domain/calendar/internal.h"

#include <stdlib.h>
#include <string.h>

enum { REACH_DAYS = 366 }; /* how far before a window a recurring event may begin */

/* One UID: its masters and its exceptions. */
struct series {
    const struct ical_event **exceptions;
    size_t exception_count;
};

/* Excluded starts of one master, sorted. */
struct keys {
    int64_t *items;
    size_t count, capacity;
};

/* Times */

static const struct zone *zone_of(struct expansion *x, struct ical_time time)
{
    if (time.kind == ICAL_UTC)
        return zone_utc();
    if (time.kind != ICAL_ZONED)
        return x->zone;
    if (!slice_equal(time.zone, x->last_zone_name)) {
        x->last_zone_name = time.zone;
        if (zone_load(time.zone, &x->last_zone, NULL) != ST_OK)
            x->last_zone = x->zone;
    }
    return x->last_zone;
}

struct instant expansion_instant(struct expansion *x, struct ical_time time)
{
    return civil_to_instant(time.wall, zone_of(x, time));
}

static int64_t day_of(struct civil wall)
{
    return civil_date_to_days(wall.date);
}

/* How long each instance of an event is: whole days, or exact time (RFC 5545 section
 * 3.8.5.3 for DTEND). */
struct length {
    int64_t days, us;
};

static struct length length_of(struct expansion *x, const struct ical_event *event)
{
    struct length length = {0, 0};
    bool has_end = event->end.kind != ICAL_NO_TIME;
    if (event->start.kind == ICAL_DATE) {
        length.days = has_end ? day_of(event->end.wall) - day_of(event->start.wall)
                              : event->duration_s / 86400;
        if (length.days < 1)
            length.days = 1;
        return length;
    }
    length.us = has_end
                    ? expansion_instant(x, event->end).us - expansion_instant(x, event->start).us
                    : event->duration_s * 1000000;
    if (length.us < 0)
        length.us = 0;
    return length;
}

static struct interval span_of(const struct zone *zone, struct civil start, struct length length)
{
    struct instant from = civil_to_instant(start, zone);
    if (length.days == 0)
        return (struct interval){from, {from.us + length.us}};
    struct civil end = start;
    end.date = civil_date_add(start.date, length.days);
    return (struct interval){from, civil_to_instant(end, zone)};
}

/* Events */

static bool declined_by(const struct ical_event *event, struct slice owner)
{
    for (size_t i = 0; i < event->attendees.count; i++)
        if (event->attendees.items[i].partstat == PARTSTAT_DECLINED && owner.len > 0 &&
            slice_equal_nocase(event->attendees.items[i].address, owner))
            return true;
    return false;
}

static bool is_busy(const struct ical_event *event, struct slice owner)
{
    return !event->transparent && !event->cancelled &&
           !slice_equal(event->busy_status, LIT("FREE")) &&
           !slice_equal(event->busy_status, LIT("WORKINGELSEWHERE")) && !declined_by(event, owner);
}

static bool in_window(const struct expansion *x, struct interval span)
{
    if (span.start.us == span.end.us)
        return span.start.us >= x->window.start.us && span.start.us < x->window.end.us;
    return interval_overlaps(span, x->window);
}

void expansion_push(struct expansion *x, const struct ical_event *event, struct interval span)
{
    if (!in_window(x, span))
        return;
    if (x->out.count == CALENDAR_OCCURRENCES_MAX) {
        x->full = true;
        return;
    }
    struct occurrence occurrence = {
        .span = span,
        .uid = event->uid,
        .summary = event->summary,
        .busy = is_busy(event, x->owner),
        .all_day = event->start.kind == ICAL_DATE,
        .tentative = event->tentative,
    };
    ARENA_PUSH(x->arena, &x->out, occurrence);
}

/* Exceptions and excluded dates. A key is an instant in microseconds or, of an all-day
 * series or an EXDATE without time, a day number: the two never meet in one list. */

static int compare_keys(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static bool has_key(const struct keys *keys, int64_t key)
{
    return keys->count > 0 &&
           bsearch(&key, keys->items, keys->count, sizeof key, compare_keys) != NULL;
}

static void sort_keys(struct keys *keys)
{
    if (keys->count > 1)
        qsort(keys->items, keys->count, sizeof *keys->items, compare_keys);
}

struct master {
    struct expansion *x;
    const struct ical_event *event;
    const struct series *series;
    const struct zone *zone;
    struct length length;
    bool has_range; /* some exception is for this and future instances */
    struct keys gone_instants, gone_days;
    struct keys starts; /* civil microseconds; collected first where rules are mixed */
};

static void exclude(struct master *master, struct ical_time time)
{
    bool by_day = master->event->start.kind == ICAL_DATE || time.kind == ICAL_DATE;
    if (master->x->steps-- <= 0) /* many masters and exceptions of one UID */
        return;
    if (by_day)
        ARENA_PUSH(master->x->arena, &master->gone_days, day_of(time.wall));
    else
        ARENA_PUSH(master->x->arena, &master->gone_instants, expansion_instant(master->x, time).us);
}

static bool is_gone(const struct master *master, struct civil start)
{
    return has_key(&master->gone_days, day_of(start)) ||
           (master->gone_instants.count > 0 &&
            has_key(&master->gone_instants, civil_to_instant(start, master->zone).us));
}

static void collect_gone(struct master *master)
{
    const struct ical_event *event = master->event;
    for (size_t i = 0; i < event->exdates.count; i++)
        exclude(master, event->exdates.items[i]);
    for (size_t i = 0; i < master->series->exception_count; i++)
        if (master->series->exceptions[i]->this_and_future)
            master->has_range = true;
        else
            exclude(master, master->series->exceptions[i]->recurrence_id);
    sort_keys(&master->gone_instants);
    sort_keys(&master->gone_days);
}

/* The exception with RANGE=THISANDFUTURE that rules this instance, or NULL. */
static const struct ical_event *range_for(const struct master *master, struct instant start)
{
    const struct ical_event *found = NULL;
    if (!master->has_range)
        return NULL;
    master->x->steps -= (int64_t)master->series->exception_count;
    int64_t found_us = INT64_MIN;
    for (size_t i = 0; i < master->series->exception_count; i++) {
        const struct ical_event *exception = master->series->exceptions[i];
        if (!exception->this_and_future)
            continue;
        int64_t from_us = expansion_instant(master->x, exception->recurrence_id).us;
        if (from_us <= start.us && from_us >= found_us) {
            found = exception;
            found_us = from_us;
        }
    }
    return found;
}

static void push_ranged(struct master *master, const struct ical_event *range, struct civil start)
{
    struct expansion *x = master->x;
    int64_t moved_us = civil_to_us(range->start.wall) - civil_to_us(range->recurrence_id.wall);
    if (moved_us > REACH_DAYS * DAY_US || moved_us < -REACH_DAYS * DAY_US)
        return;
    start = civil_add(start, (struct duration){moved_us});
    expansion_push(x, range, span_of(zone_of(x, range->start), start, length_of(x, range)));
}

static bool push_instance(void *context, struct civil start)
{
    struct master *master = context;
    if (is_gone(master, start))
        return !master->x->full;
    struct interval span = span_of(master->zone, start, master->length);
    const struct ical_event *range = range_for(master, span.start);
    if (range != NULL)
        push_ranged(master, range, start);
    else
        expansion_push(master->x, master->event, span);
    return !master->x->full;
}

/* Recurrence sets */

static bool collect_start(void *context, struct civil start)
{
    struct master *master = context;
    ARENA_PUSH(master->x->arena, &master->starts, civil_to_us(start));
    return master->starts.count < CALENDAR_OCCURRENCES_MAX;
}

static bool collect_gone_start(void *context, struct civil start)
{
    struct master *master = context;
    int64_t instant_us = civil_to_instant(start, master->zone).us;
    ARENA_PUSH(master->x->arena, &master->gone_instants, instant_us);
    return master->gone_instants.count < CALENDAR_OCCURRENCES_MAX;
}

static struct civil window_edge(const struct master *master, struct instant at, int64_t days)
{
    int64_t earliest = INT64_C(-62135596800) * 1000000, latest = INT64_C(253000000000) * 1000000;
    int64_t us = at.us + days * DAY_US;
    us = us < earliest ? earliest : us > latest ? latest : us;
    return civil_from_instant((struct instant){us}, master->zone);
}

static void run_rule(struct master *master, struct slice text, bool has_start,
                     recur_visit_fn *visit)
{
    struct recur recur = {.dtstart = master->event->start.wall,
                          .has_start = has_start,
                          .is_date = master->event->start.kind == ICAL_DATE,
                          .zone = master->zone};
    if (recur_rule_parse(text, &recur.rule, NULL) != ST_OK) {
        /* A rule that nobody can read leaves the first instance. */
        if (has_start)
            (void)visit(master, recur.dtstart);
        return;
    }
    int64_t days = master->length.days + master->length.us / DAY_US + 2;
    if (days > REACH_DAYS || master->has_range)
        days = REACH_DAYS;
    recur_run(&recur, window_edge(master, master->x->window.start, -days),
              window_edge(master, master->x->window.end, days), &master->x->steps, visit, master);
}

/* An RDATE as a reading of the master's clock. */
static struct civil rdate_wall(struct master *master, struct ical_time time)
{
    if (master->event->start.kind == ICAL_DATE || time.kind == ICAL_DATE) {
        struct civil wall = master->event->start.wall;
        wall.date = time.wall.date;
        return wall;
    }
    return civil_from_instant(expansion_instant(master->x, time), master->zone);
}

static void expand_set(struct master *master)
{
    const struct ical_event *event = master->event;
    if (event->rrule.len > 0)
        run_rule(master, event->rrule, true, collect_start);
    else
        (void)collect_start(master, event->start.wall);
    for (size_t i = 0; i < event->rrules_more.count; i++)
        run_rule(master, event->rrules_more.items[i], false, collect_start);
    for (size_t i = 0; i < event->rdates.count; i++)
        (void)collect_start(master, rdate_wall(master, event->rdates.items[i]));
    for (size_t i = 0; i < event->exrules.count; i++)
        run_rule(master, event->exrules.items[i], false, collect_gone_start);
    sort_keys(&master->gone_instants);
    sort_keys(&master->starts);
    for (size_t i = 0; i < master->starts.count; i++)
        if (i == 0 || master->starts.items[i] != master->starts.items[i - 1])
            if (!push_instance(master, civil_from_us(master->starts.items[i])))
                return;
}

static void expand_master(struct expansion *x, const struct ical_event *event,
                          const struct series *series)
{
    struct master master = {.x = x,
                            .event = event,
                            .series = series,
                            .zone = zone_of(x, event->start),
                            .length = length_of(x, event)};
    collect_gone(&master);
    if (event->rdates.count > 0 || event->rrules_more.count > 0 || event->exrules.count > 0)
        expand_set(&master);
    else if (event->rrule.len > 0)
        run_rule(&master, event->rrule, true, push_instance);
    else
        (void)push_instance(&master, event->start.wall);
}

void expansion_add(struct expansion *x, const struct ical_event *event)
{
    struct series alone = {NULL, 0};
    expand_master(x, event, &alone);
}

/* Groups of one UID */

static int compare_events(const void *left, const void *right)
{
    const struct ical_event *a = *(const struct ical_event *const *)left;
    const struct ical_event *b = *(const struct ical_event *const *)right;
    int order = slice_compare(a->uid, b->uid);
    if (order != 0)
        return order;
    bool a_is_exception = a->recurrence_id.kind != ICAL_NO_TIME;
    bool b_is_exception = b->recurrence_id.kind != ICAL_NO_TIME;
    if (a_is_exception != b_is_exception)
        return a_is_exception ? 1 : -1;
    if (a_is_exception) {
        order = civil_compare(a->recurrence_id.wall, b->recurrence_id.wall);
        if (order != 0)
            return order;
    }
    if (a->sequence != b->sequence)
        return a->sequence > b->sequence ? -1 : 1;
    return a < b ? -1 : a > b; /* as in the text */
}

static bool is_superseded(const struct ical_event *event, const struct ical_event *before)
{
    return before != NULL && event->sequence < before->sequence &&
           civil_compare(event->recurrence_id.wall, before->recurrence_id.wall) == 0 &&
           event->recurrence_id.kind == before->recurrence_id.kind;
}

/* Of a master that is there twice the higher SEQUENCE counts; with the same one both do,
 * since some programs give every event one UID. */
static void expand_group(struct expansion *x, const struct ical_event **events, size_t count)
{
    size_t masters = 0;
    while (masters < count && events[masters]->recurrence_id.kind == ICAL_NO_TIME)
        masters++;
    struct series series = {events + masters, count - masters};
    for (size_t i = 0; i < masters && !x->full; i++)
        if (events[i]->sequence == events[0]->sequence)
            expand_master(x, events[i], &series);
    const struct ical_event *before = NULL;
    for (size_t i = masters; i < count && !x->full; i++) {
        if (is_superseded(events[i], before))
            continue;
        before = events[i];
        if (!before->this_and_future || masters == 0)
            expansion_push(
                x, before,
                span_of(zone_of(x, before->start), before->start.wall, length_of(x, before)));
    }
}

static void expand_events(struct expansion *x)
{
    const struct ical_event_list *list = &x->calendar->events;
    const struct ical_event **events =
        ARENA_ARRAY(x->arena, list->count, const struct ical_event *);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].start.kind != ICAL_NO_TIME)
            events[count++] = &list->items[i];
    qsort(events, count, sizeof *events, compare_events);
    for (size_t from = 0, end; from < count && !x->full && x->steps > 0; from = end) {
        end = from + 1;
        while (end < count && events[from]->uid.len > 0 &&
               slice_equal(events[end]->uid, events[from]->uid))
            end++;
        expand_group(x, events + from, end - from);
    }
}

static void push_periods(struct expansion *x)
{
    const struct ical_period_list *periods = &x->calendar->freebusy;
    for (size_t i = 0; i < periods->count && !x->full; i++) {
        struct ical_event event = {.start = periods->items[i].start,
                                   .tentative = periods->items[i].tentative};
        expansion_push(x, &event,
                       (struct interval){expansion_instant(x, periods->items[i].start),
                                         expansion_instant(x, periods->items[i].end)});
    }
}

static int compare_occurrences(const void *left, const void *right)
{
    const struct occurrence *a = left, *b = right;
    if (a->span.start.us != b->span.start.us)
        return a->span.start.us < b->span.start.us ? -1 : 1;
    if (a->span.end.us != b->span.end.us)
        return a->span.end.us < b->span.end.us ? -1 : 1;
    return slice_compare(a->uid, b->uid);
}

enum status calendar_occurrences(const struct ical_calendar *calendar, struct slice owner,
                                 const struct zone *zone, struct interval window,
                                 struct arena *arena, struct occurrence_list *out,
                                 struct problem *why)
{
    struct expansion x = {.calendar = calendar,
                          .owner = owner,
                          .zone = zone,
                          .window = window,
                          .arena = arena,
                          .steps = CALENDAR_STEPS_MAX,
                          .last_zone = zone};
    if (window.start.us < window.end.us) {
        expand_events(&x);
        push_periods(&x);
        expansion_push_unavailable(&x);
    }
    if (x.full)
        return problem_set(why, ST_LIMIT, "more than %d occurrences", CALENDAR_OCCURRENCES_MAX);
    if (x.steps <= 0)
        return problem_set(why, ST_LIMIT, "the calendar's recurrence rules take too much work");
    if (x.out.count > 1)
        qsort(x.out.items, x.out.count, sizeof *x.out.items, compare_occurrences);
    *out = x.out;
    return ST_OK;
}

enum status calendar_busy(const struct ical_calendar *calendar, struct slice owner,
                          const struct zone *zone, struct interval window, struct arena *arena,
                          struct interval_list *busy, struct problem *why)
{
    struct occurrence_list all;
    struct interval_list found = {0};
    TRY(calendar_occurrences(calendar, owner, zone, window, arena, &all, why));
    for (size_t i = 0; i < all.count; i++) {
        struct interval span = all.items[i].span;
        if (!all.items[i].busy)
            continue;
        if (span.start.us < window.start.us)
            span.start = window.start;
        if (span.end.us > window.end.us)
            span.end = window.end;
        ARENA_PUSH(arena, &found, span);
    }
    intervals_normalise(&found);
    *busy = found;
    return ST_OK;
}

struct collection {
    struct arena *arena;
    struct civil_interval_list *starts;
    size_t max;
};

static bool collect_reading(void *context, struct civil start)
{
    struct collection *collection = context;
    ARENA_PUSH(collection->arena, collection->starts, ((struct civil_interval){start, start}));
    return collection->starts->count < collection->max;
}

enum status calendar_recur(struct civil dtstart, bool is_date, struct slice rrule,
                           const struct zone *zone, struct civil until, size_t count_max,
                           struct arena *arena, struct civil_interval_list *starts,
                           struct problem *why)
{
    struct recur recur = {.dtstart = dtstart, .is_date = is_date, .has_start = true, .zone = zone};
    struct civil_interval_list found = {0};
    struct collection collection = {arena, &found, count_max};
    int64_t steps = RECUR_STEPS_MAX;
    TRY(recur_rule_parse(rrule, &recur.rule, why));
    if (count_max > 0)
        recur_run(&recur, dtstart, until, &steps, collect_reading, &collection);
    *starts = found;
    return ST_OK;
}
