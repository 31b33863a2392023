/* VTIMEZONE components from tzdata (RFC 5545 section 3.6.5): explicit onsets where the
 * changes are irregular, then yearly rules, which Outlook needs. */
#include "formats/ical/internal.h"

#include <stdio.h>

enum { CHANGES_MAX = 400, REGULAR_YEARS = 6, AFTER_YEARS = 12 };

struct change {
    struct civil wall; /* by the clock before the change */
    int32_t from_s, to_s;
    const char *name;
    int nth; /* the week of the month that fits all years of a rule; -1 the last */
};

static size_t collect_changes(const struct zone *zone, int32_t first_year, int32_t last_year,
                              struct change *changes)
{
    struct instant at = {civil_to_us(civil_at((struct civil_date){first_year, 1, 1}, 0, 0))};
    size_t count = 0;
    while (count < CHANGES_MAX && zone_next_transition(zone, at, &at)) {
        struct change change = {.from_s = zone_offset_s(zone, (struct instant){at.us - 1}, NULL)};
        change.to_s = zone_offset_s(zone, at, &change.name);
        change.wall = civil_from_us(at.us + (int64_t)change.from_s * 1000000);
        if (change.wall.date.year > last_year)
            break;
        if (change.from_s != change.to_s)
            changes[count++] = change;
    }
    return count;
}

static bool same_rule(const struct change *a, const struct change *b)
{
    return a->wall.date.month == b->wall.date.month && a->wall.hour == b->wall.hour &&
           a->wall.minute == b->wall.minute && a->from_s == b->from_s && a->to_s == b->to_s &&
           civil_date_weekday(a->wall.date) == civil_date_weekday(b->wall.date);
}

/* The week of the month in which every second change from `at` on falls; 0 for none. */
static int week_of_rule(const struct change *changes, size_t at, size_t count)
{
    int nth = (changes[at].wall.date.day + 6) / 7;
    bool all_nth = true, all_last = true;
    for (size_t i = at; i < count; i += 2) {
        struct civil_date date = changes[i].wall.date;
        if (!same_rule(&changes[at], &changes[i]) ||
            date.year != changes[at].wall.date.year + (int32_t)(i - at) / 2)
            return 0;
        all_nth &= (date.day + 6) / 7 == nth;
        all_last &= date.day + 7 > days_in_month(date.year, date.month);
    }
    return all_last ? -1 : all_nth ? nth : 0;
}

/* The first change from which two yearly rules say all; `count` when there is none. */
static size_t regular_from(struct change *changes, size_t count)
{
    for (size_t at = 0; at + 2 * REGULAR_YEARS <= count; at++) {
        changes[at].nth = week_of_rule(changes, at, count);
        changes[at + 1].nth = week_of_rule(changes, at + 1, count);
        if (changes[at].nth != 0 && changes[at + 1].nth != 0)
            return at;
    }
    return count;
}

static struct icaltimetype floating(struct civil wall)
{
    struct icaltimetype at = icaltime_null_time();
    at.year = wall.date.year;
    at.month = wall.date.month;
    at.day = wall.date.day;
    at.hour = wall.hour;
    at.minute = wall.minute;
    at.second = wall.second;
    return at;
}

static icalcomponent *observance_create(const struct change *change, bool yearly)
{
    static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    icalcomponent *part = icalcomponent_new(
        change->to_s > change->from_s ? ICAL_XDAYLIGHT_COMPONENT : ICAL_XSTANDARD_COMPONENT);
    icalcomponent_add_property(part, icalproperty_new_dtstart(floating(change->wall)));
    icalcomponent_add_property(part, icalproperty_new_tzoffsetfrom(change->from_s));
    icalcomponent_add_property(part, icalproperty_new_tzoffsetto(change->to_s));
    icalcomponent_add_property(part, icalproperty_new_tzname(change->name));
    if (yearly) {
        char rule[64];
        snprintf(rule, sizeof rule, "FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", change->wall.date.month,
                 change->nth, days[civil_date_weekday(change->wall.date)]);
        icalcomponent_add_property(part,
                                   icalproperty_new_rrule(icalrecurrencetype_from_string(rule)));
    }
    return part;
}

/* What holds before the first change, from 1970 on. */
static struct change steady(const struct zone *zone, int32_t year)
{
    struct change change = {.wall = civil_at((struct civil_date){1970, 1, 1}, 0, 0)};
    struct instant at = {civil_to_us(civil_at((struct civil_date){year, 1, 1}, 0, 0))};
    change.from_s = change.to_s = zone_offset_s(zone, at, &change.name);
    return change;
}

icalcomponent *vtimezone_create(const struct zone *zone, int32_t first_year, int32_t last_year)
{
    struct change changes[CHANGES_MAX];
    int32_t from = first_year > 1 ? first_year - 1 : 1;
    size_t count = collect_changes(zone, from, last_year + AFTER_YEARS, changes);
    size_t regular = regular_from(changes, count);
    icalcomponent *vtimezone = icalcomponent_new(ICAL_VTIMEZONE_COMPONENT);
    icalcomponent_add_property(vtimezone, icalproperty_new_tzid(zone_name(zone)));
    if (regular > 0 || count == 0) {
        struct change before = steady(zone, from);
        icalcomponent_add_component(vtimezone, observance_create(&before, false));
    }
    for (size_t i = 0; i < regular && i < count; i++)
        icalcomponent_add_component(vtimezone, observance_create(&changes[i], false));
    for (size_t i = regular; i < count && i < regular + 2; i++)
        icalcomponent_add_component(vtimezone, observance_create(&changes[i], true));
    return vtimezone;
}
