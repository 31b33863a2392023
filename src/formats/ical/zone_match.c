/* From the zone a calendar names or describes to one of tzdata. */
#include "formats/ical/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By name */

static struct slice known_zone(struct slice name)
{
    const struct zone *zone;
    if (zone_load(name, &zone, NULL) != ST_OK)
        return SLICE_NONE;
    return slice_from(zone_name(zone));
}

static struct slice by_alias(struct slice name)
{
    for (size_t i = 0; i < zone_aliases_count; i++)
        if (slice_equal_nocase(name, slice_from(zone_aliases[i].alias)))
            return known_zone(slice_from(zone_aliases[i].iana));
    /* Outlook numbers a second definition: "Romance Standard Time 1". */
    size_t len = name.len;
    while (len > 0 && ascii_is_digit(name.data[len - 1]))
        len--;
    if (len == name.len || len < 2 || name.data[len - 1] != ' ')
        return SLICE_NONE;
    return by_alias(slice_sub(name, 0, len - 1));
}

/* "/mozilla.org/20050126_1/Europe/Paris", "custom_Europe/Paris": the longest tail that
 * is a zone with a region. */
static struct slice by_tail(struct slice name)
{
    for (size_t at = 0; at + 1 < name.len; at++) {
        if (name.data[at] != '/' && name.data[at] != '_')
            continue;
        struct slice tail = slice_sub(name, at + 1, name.len);
        struct slice found = slice_contains(tail, LIT("/")) ? known_zone(tail) : SLICE_NONE;
        if (found.len > 0)
            return found;
    }
    return SLICE_NONE;
}

/* "America-Chicago", "US-Eastern". */
static struct slice by_hyphen(struct slice name)
{
    char text[64];
    if (name.len >= sizeof text)
        return SLICE_NONE;
    memcpy(text, name.data, name.len);
    char *hyphen = memchr(text, '-', name.len);
    if (hyphen == NULL)
        return SLICE_NONE;
    *hyphen = '/';
    return known_zone((struct slice){text, name.len});
}

static struct slice city_zone(struct slice city)
{
    static const char *const regions[] = {"Europe/",    "America/", "Asia/",    "Africa/",
                                          "Australia/", "Pacific/", "Atlantic/"};
    char text[64];
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        size_t len = strlen(regions[i]);
        if (city.len == 0 || city.len + len >= sizeof text)
            return SLICE_NONE;
        memcpy(text, regions[i], len);
        for (size_t k = 0; k < city.len; k++)
            text[len + k] = city.data[k] == ' ' ? '_' : city.data[k];
        struct slice found = known_zone((struct slice){text, len + city.len});
        if (found.len > 0)
            return found;
    }
    return SLICE_NONE;
}

/* "(UTC+01:00) Amsterdam, Berlin, Rome" and "Canberra, Melbourne, Sydney". */
static struct slice by_city(struct slice name)
{
    size_t bracket = slice_find(name, LIT(")"), 0);
    if (slice_starts(name, LIT("(")) && bracket != SIZE_MAX)
        name = slice_sub(name, bracket + 1, name.len);
    else if (!slice_contains(name, LIT(",")))
        return SLICE_NONE;
    while (name.len > 0) {
        size_t comma = slice_find(name, LIT(","), 0);
        struct slice found = city_zone(slice_trim(slice_sub(name, 0, comma)));
        if (found.len > 0)
            return found;
        name = comma == SIZE_MAX ? SLICE_NONE : slice_sub(name, comma + 1, name.len);
    }
    return SLICE_NONE;
}

static struct slice fixed_zone(int32_t offset_s)
{
    static const struct {
        int32_t offset_s;
        const char *name;
    } odd[] = {
        {-34200, "Pacific/Marquesas"}, {-12600, "America/St_Johns"}, {12600, "Asia/Tehran"},
        {16200, "Asia/Kabul"},         {19800, "Asia/Kolkata"},      {20700, "Asia/Kathmandu"},
        {23400, "Asia/Yangon"},        {31500, "Australia/Eucla"},   {34200, "Australia/Darwin"},
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (odd[i].offset_s == offset_s)
            return known_zone(slice_from(odd[i].name));
    if (offset_s % 3600 != 0 || offset_s < -12 * 3600 || offset_s > 14 * 3600)
        return SLICE_NONE;
    if (offset_s == 0)
        return LIT("UTC");
    char text[16]; /* POSIX signs: Etc/GMT-1 is east of Greenwich */
    int len = snprintf(text, sizeof text, "Etc/GMT%+d", -offset_s / 3600);
    return known_zone((struct slice){text, (size_t)len});
}

/* "UTC+01:00", "GMT-0330", "(GMT +01.00)". */
static struct slice by_offset(struct slice name)
{
    size_t at = slice_starts(name, LIT("(")) ? 1 : 0;
    if (!slice_starts_nocase(slice_sub(name, at, name.len), LIT("UTC")) &&
        !slice_starts_nocase(slice_sub(name, at, name.len), LIT("GMT")))
        return SLICE_NONE;
    for (at += 3; at < name.len && name.data[at] == ' '; at++)
        ;
    if (at == name.len || (name.data[at] != '+' && name.data[at] != '-'))
        return at == name.len || name.data[at] == ')' ? LIT("UTC") : SLICE_NONE;
    bool west = name.data[at++] == '-';
    int digits[4] = {0}, count = 0;
    for (; at < name.len && count < 4; at++) {
        if (ascii_is_digit(name.data[at]))
            digits[count++] = name.data[at] - '0';
        else if (count == 0 || (name.data[at] != ':' && name.data[at] != '.'))
            break;
    }
    if (count == 0)
        return SLICE_NONE;
    int hours = count == 1 || count == 3 ? digits[0] : digits[0] * 10 + digits[1];
    int minutes_ = count == 3   ? digits[1] * 10 + digits[2]
                   : count == 4 ? digits[2] * 10 + digits[3]
                                : 0;
    int32_t offset_s = hours * 3600 + minutes_ * 60;
    return fixed_zone(west ? -offset_s : offset_s);
}

struct slice ical_zone_name(struct slice tzid)
{
    static struct slice (*const ways[])(struct slice) = {known_zone, by_alias, by_tail,
                                                         by_hyphen,  by_city,  by_offset};
    tzid = slice_trim(tzid);
    if (tzid.len >= 2 && tzid.data[0] == '"' && tzid.data[tzid.len - 1] == '"')
        tzid = slice_sub(tzid, 1, tzid.len - 1);
    if (tzid.len == 0 || tzid.len > 200)
        return SLICE_NONE;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct slice found = ways[i](tzid);
        if (found.len > 0)
            return found;
    }
    return SLICE_NONE;
}

/* By behaviour */

enum { OBSERVANCES_MAX = 64, ONSETS_MAX = 8 };

struct observance {
    struct civil from;
    int32_t offset_from_s, offset_to_s;
    bool yearly; /* goes on for ever: month and (day of week and its number, or day) */
    int month, weekday, nth, monthday;
};
struct onset {
    int64_t at_s;
    int32_t from_s, to_s;
};

static void read_yearly(struct observance *observance, struct icalrecurrencetype rule)
{
    if (rule.freq != ICAL_YEARLY_RECURRENCE || rule.interval != 1 || rule.count != 0 ||
        !icaltime_is_null_time(rule.until) || rule.by_month[0] == ICAL_RECURRENCE_ARRAY_MAX)
        return;
    observance->month = rule.by_month[0];
    if (rule.by_day[0] != ICAL_RECURRENCE_ARRAY_MAX) {
        observance->weekday = ((int)icalrecurrencetype_day_day_of_week(rule.by_day[0]) + 5) % 7;
        observance->nth = icalrecurrencetype_day_position(rule.by_day[0]);
    }
    if (rule.by_month_day[0] != ICAL_RECURRENCE_ARRAY_MAX)
        observance->monthday = rule.by_month_day[0];
    observance->yearly = observance->month >= 1 && observance->month <= 12 &&
                         abs(observance->nth) <= 5 &&
                         (observance->nth != 0 || observance->monthday > 0);
}

static bool read_observance(icalcomponent *part, struct observance *observance)
{
    icalproperty *from = icalcomponent_get_first_property(part, ICAL_TZOFFSETFROM_PROPERTY);
    icalproperty *to = icalcomponent_get_first_property(part, ICAL_TZOFFSETTO_PROPERTY);
    icalproperty *start = icalcomponent_get_first_property(part, ICAL_DTSTART_PROPERTY);
    icalproperty *rule = icalcomponent_get_first_property(part, ICAL_RRULE_PROPERTY);
    if (from == NULL || to == NULL || start == NULL)
        return false;
    struct icaltimetype at = icalproperty_get_dtstart(start);
    struct civil_date date = {at.year, (uint8_t)at.month, (uint8_t)at.day};
    if (!civil_date_is_valid(date) || at.hour > 23 || at.minute > 59 || at.hour < 0)
        return false;
    *observance = (struct observance){
        .from = civil_at(date, at.hour, at.minute),
        .offset_from_s = icalproperty_get_tzoffsetfrom(from),
        .offset_to_s = icalproperty_get_tzoffsetto(to),
    };
    if (rule != NULL)
        read_yearly(observance, icalproperty_get_rrule(rule));
    return abs(observance->offset_from_s) <= 86400 && abs(observance->offset_to_s) <= 86400;
}

static size_t read_observances(icalcomponent *vtimezone, struct observance *found)
{
    size_t count = 0;
    icalcomponent *part = icalcomponent_get_first_component(vtimezone, ICAL_ANY_COMPONENT);
    for (; part != NULL && count < OBSERVANCES_MAX;
         part = icalcomponent_get_next_component(vtimezone, ICAL_ANY_COMPONENT)) {
        icalcomponent_kind kind = icalcomponent_isa(part);
        if (kind == ICAL_XSTANDARD_COMPONENT || kind == ICAL_XDAYLIGHT_COMPONENT)
            count += read_observance(part, &found[count]);
    }
    return count;
}

static struct civil onset_in_year(const struct observance *observance, int32_t year)
{
    struct civil at = observance->from;
    int last = days_in_month(year, observance->month), day = observance->monthday;
    if (observance->nth != 0) {
        /* "BYMONTHDAY=8,9,…;BYDAY=SU" gives its own first day. */
        int first = observance->monthday > 0 ? observance->monthday : 1;
        struct civil_date from = {year, (uint8_t)observance->month, (uint8_t)first};
        int weekday = civil_date_weekday(from);
        day = first + (observance->weekday - weekday + 7) % 7;
        if (observance->nth > 0)
            day += 7 * (observance->nth - 1);
        else {
            while (day + 7 <= last)
                day += 7;
            day += 7 * (observance->nth + 1);
        }
    }
    day = day < 1 ? 1 : day > last ? last : day;
    at.date = (struct civil_date){year, (uint8_t)observance->month, (uint8_t)day};
    return at;
}

/* The year whose onsets are compared: rules may be newer than most calendars. */
static int32_t reference_year(const struct observance *list, size_t count)
{
    int32_t year = 2020;
    for (size_t i = 0; i < count; i++)
        if (list[i].yearly && list[i].from.date.year > year)
            year = list[i].from.date.year;
    return year + 1 > 9000 ? 9000 : year + 1;
}

static size_t collect_onsets(const struct observance *list, size_t count, int32_t year,
                             struct onset *onsets)
{
    size_t found = 0;
    for (size_t i = 0; i < count && found < ONSETS_MAX; i++) {
        if (!list[i].yearly)
            continue;
        int64_t local_s = civil_to_us(onset_in_year(&list[i], year)) / 1000000;
        onsets[found++] = (struct onset){local_s - list[i].offset_from_s, list[i].offset_from_s,
                                         list[i].offset_to_s};
    }
    return found;
}

static int32_t offset_at(const struct zone *zone, int64_t at_s)
{
    return zone_offset_s(zone, (struct instant){at_s * 1000000}, NULL);
}

/* exact: changes at the very instants; else the same offsets in mid-season. */
static bool behaves(const struct zone *zone, const struct onset *onsets, size_t count, bool exact)
{
    enum { SEASON_S = 60 * 86400 };
    for (size_t i = 0; i < count; i++) {
        int64_t at = onsets[i].at_s;
        if (offset_at(zone, at + (exact ? 0 : SEASON_S)) != onsets[i].to_s ||
            offset_at(zone, at - (exact ? 1 : SEASON_S)) != onsets[i].from_s)
            return false;
    }
    return true;
}

static struct slice find_behaving(const struct onset *onsets, size_t count, bool exact)
{
    const struct zone *zone;
    for (size_t i = 0; i < zones_preferred_count; i++)
        if (zone_load(slice_from(zones_preferred[i]), &zone, NULL) == ST_OK &&
            behaves(zone, onsets, count, exact))
            return slice_from(zone_name(zone));
    for (size_t i = 0; i < zone_aliases_count; i++)
        if (zone_load(slice_from(zone_aliases[i].iana), &zone, NULL) == ST_OK &&
            behaves(zone, onsets, count, exact))
            return slice_from(zone_name(zone));
    return SLICE_NONE;
}

struct slice zone_of_vtimezone(icalcomponent *vtimezone)
{
    struct observance list[OBSERVANCES_MAX];
    struct onset onsets[ONSETS_MAX];
    size_t count = read_observances(vtimezone, list);
    if (count == 0)
        return SLICE_NONE;
    size_t onset_count = collect_onsets(list, count, reference_year(list, count), onsets);
    if (onset_count >= 2) {
        struct slice found = find_behaving(onsets, onset_count, true);
        if (found.len == 0)
            found = find_behaving(onsets, onset_count, false);
        if (found.len > 0)
            return found;
    }
    /* No summer time that goes on: the offset that came last stays. */
    const struct observance *last = &list[0];
    for (size_t i = 1; i < count; i++)
        if (civil_compare(list[i].from, last->from) > 0)
            last = &list[i];
    return fixed_zone(last->offset_to_s);
}
