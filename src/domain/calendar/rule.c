/* RRULE text (RFC 5545 section 3.3.10, RFC 7529 for SKIP in the Gregorian scale). */
#include "domain/calendar/internal.h"

static const char *const weekday_names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

static enum status wrong(struct problem *why, const char *part)
{
    return problem_set(why, ST_INVALID, "recurrence rule: %s cannot be read", part);
}

static bool next_item(struct slice *rest, struct slice *item)
{
    if (rest->data == NULL)
        return false;
    size_t comma = slice_find(*rest, LIT(","), 0);
    *item = slice_trim(slice_sub(*rest, 0, comma));
    *rest = comma == SIZE_MAX ? SLICE_NONE : slice_sub(*rest, comma + 1, rest->len);
    return true;
}

static bool read_signed(struct slice text, int max, int *value)
{
    bool negative = slice_starts(text, LIT("-"));
    if (negative || slice_starts(text, LIT("+")))
        text = slice_sub(text, 1, text.len);
    uint64_t number;
    if (!slice_to_u64(text, (uint64_t)max, &number))
        return false;
    *value = negative ? -(int)number : (int)number;
    return true;
}

static bool read_bits(struct slice list, int min, int max, uint64_t *bits)
{
    struct slice item;
    while (next_item(&list, &item)) {
        uint64_t number;
        if (!slice_to_u64(item, (uint64_t)max, &number) || number < (uint64_t)min)
            return false;
        *bits |= UINT64_C(1) << number;
    }
    return *bits != 0;
}

static bool read_numbers(struct slice list, int max, struct number_set *set)
{
    struct slice item;
    while (next_item(&list, &item)) {
        int number;
        if (!read_signed(item, max, &number) || number == 0)
            return false;
        unsigned at = (unsigned)(number < 0 ? -number : number);
        uint64_t *bits = number < 0 ? set->from_end : set->from_start;
        bits[at / 64] |= UINT64_C(1) << (at % 64);
        set->given = true;
    }
    return set->given;
}

static bool read_weekday(struct slice name, uint8_t *weekday)
{
    for (uint8_t i = 0; i < 7; i++)
        if (slice_equal_nocase(name, slice_from(weekday_names[i]))) {
            *weekday = i;
            return true;
        }
    return false;
}

static bool read_byday(struct slice list, struct recur_rule *rule)
{
    struct slice item;
    while (next_item(&list, &item)) {
        struct weekday_nth day = {0};
        int nth = 0;
        if (item.len < 2 || !read_weekday(slice_sub(item, item.len - 2, item.len), &day.weekday))
            return false;
        if (item.len > 2 && (!read_signed(slice_sub(item, 0, item.len - 2), 53, &nth) || nth == 0))
            return false;
        day.nth = (int16_t)nth;
        if (nth == 0)
            rule->weekdays |= (uint8_t)(1u << day.weekday);
        else if (rule->nth_count == RECUR_BYDAY_MAX)
            return false;
        else
            rule->nths[rule->nth_count++] = day;
    }
    return true;
}

static bool read_setpos(struct slice list, struct recur_rule *rule)
{
    struct slice item;
    while (next_item(&list, &item)) {
        int position;
        if (!read_signed(item, 366, &position) || position == 0 ||
            rule->position_count == RECUR_SETPOS_MAX)
            return false;
        rule->positions[rule->position_count++] = (int16_t)position;
    }
    return true;
}

static bool read_freq(struct slice value, struct recur_rule *rule)
{
    static const char *const names[] = {"SECONDLY", "MINUTELY", "HOURLY", "DAILY",
                                        "WEEKLY",   "MONTHLY",  "YEARLY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(value, slice_from(names[i]))) {
            rule->freq = (enum recur_freq)i;
            return true;
        }
    return false;
}

static bool read_digits(struct slice text, size_t from, size_t count, int *value)
{
    uint64_t number;
    if (!slice_to_u64(slice_sub(text, from, from + count), 9999, &number))
        return false;
    *value = (int)number;
    return true;
}

/* "20261231", "20261231T235959", "20261231T235959Z". */
static bool read_until(struct slice text, struct recur_rule *rule)
{
    int year, month, day, hour = 0, minute = 0, second = 0;
    bool has_time = text.len >= 15 && (text.data[8] == 'T' || text.data[8] == 't');
    if ((!has_time && text.len != 8) || text.len > 16 || !read_digits(text, 0, 4, &year) ||
        !read_digits(text, 4, 2, &month) || !read_digits(text, 6, 2, &day))
        return false;
    if (has_time && (!read_digits(text, 9, 2, &hour) || !read_digits(text, 11, 2, &minute) ||
                     !read_digits(text, 13, 2, &second)))
        return false;
    if (text.len == 16 && text.data[15] != 'Z' && text.data[15] != 'z')
        return false;
    struct civil_date date = {year, (uint8_t)month, (uint8_t)day};
    if (!civil_date_is_valid(date) || hour > 23 || minute > 59 || second > 60)
        return false;
    rule->until = civil_at(date, hour, minute);
    rule->until.second = (uint8_t)(second > 59 ? 59 : second);
    rule->until_kind = !has_time ? ICAL_DATE : text.len == 16 ? ICAL_UTC : ICAL_FLOATING;
    return true;
}

static bool read_u32(struct slice value, uint32_t *out)
{
    uint64_t number;
    if (!slice_to_u64(value, 1000000000, &number) || number == 0)
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool read_week_start(struct slice value, struct recur_rule *rule)
{
    uint8_t weekday;
    if (!read_weekday(value, &weekday))
        return false;
    rule->week_start = (enum weekday)weekday;
    return true;
}

static bool read_skip(struct slice value, struct recur_rule *rule)
{
    bool backward = slice_equal_nocase(value, LIT("BACKWARD"));
    bool forward = slice_equal_nocase(value, LIT("FORWARD"));
    rule->skip = backward ? SKIP_BACKWARD : forward ? SKIP_FORWARD : SKIP_OMIT;
    return backward || forward || slice_equal_nocase(value, LIT("OMIT"));
}

static bool read_interval(struct slice v, struct recur_rule *r)
{
    return read_u32(v, &r->interval);
}
static bool read_count(struct slice v, struct recur_rule *r)
{
    return read_u32(v, &r->count);
}
static bool read_second(struct slice v, struct recur_rule *r)
{
    return read_bits(v, 0, 60, &r->seconds);
}
static bool read_minute(struct slice v, struct recur_rule *r)
{
    return read_bits(v, 0, 59, &r->minutes);
}
static bool read_hour(struct slice v, struct recur_rule *r)
{
    return read_bits(v, 0, 23, &r->hours);
}
static bool read_month(struct slice v, struct recur_rule *r)
{
    return read_bits(v, 1, 12, &r->months);
}
static bool read_monthday(struct slice v, struct recur_rule *r)
{
    return read_numbers(v, 31, &r->monthdays);
}
static bool read_yearday(struct slice v, struct recur_rule *r)
{
    return read_numbers(v, 366, &r->yeardays);
}
static bool read_weekno(struct slice v, struct recur_rule *r)
{
    return read_numbers(v, 53, &r->weeks);
}
static bool read_rscale(struct slice v, struct recur_rule *r)
{
    (void)r; /* other calendars are not ours to count in */
    return slice_equal_nocase(v, LIT("GREGORIAN"));
}

static const struct {
    const char *name;
    bool (*read)(struct slice value, struct recur_rule *rule);
} parts[] = {
    {"FREQ", read_freq},           {"INTERVAL", read_interval}, {"COUNT", read_count},
    {"UNTIL", read_until},         {"WKST", read_week_start},   {"BYSECOND", read_second},
    {"BYMINUTE", read_minute},     {"BYHOUR", read_hour},       {"BYDAY", read_byday},
    {"BYMONTHDAY", read_monthday}, {"BYYEARDAY", read_yearday}, {"BYWEEKNO", read_weekno},
    {"BYMONTH", read_month},       {"BYSETPOS", read_setpos},   {"SKIP", read_skip},
    {"RSCALE", read_rscale},
};
enum { PART_COUNT = sizeof parts / sizeof *parts };

static enum status read_part(struct slice part, struct recur_rule *rule, uint32_t *seen,
                             struct problem *why)
{
    size_t equals = slice_find(part, LIT("="), 0);
    struct slice name = slice_trim(slice_sub(part, 0, equals));
    if (slice_starts_nocase(name, LIT("X-")))
        return ST_OK;
    if (equals == SIZE_MAX)
        return wrong(why, "a part without =");
    struct slice value = slice_trim(slice_sub(part, equals + 1, part.len));
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (!slice_equal_nocase(name, slice_from(parts[i].name)))
            continue;
        if ((*seen & 1u << i) != 0 || !parts[i].read(value, rule))
            return wrong(why, parts[i].name);
        *seen |= 1u << i;
        return ST_OK;
    }
    return wrong(why, "a part unknown to RFC 5545");
}

enum status recur_rule_parse(struct slice text, struct recur_rule *rule, struct problem *why)
{
    *rule = (struct recur_rule){.interval = 1, .week_start = MONDAY};
    uint32_t seen = 0;
    text = slice_trim(text);
    while (text.len > 0) {
        size_t end = slice_find(text, LIT(";"), 0);
        struct slice part = slice_trim(slice_sub(text, 0, end));
        text = end == SIZE_MAX ? SLICE_NONE : slice_sub(text, end + 1, text.len);
        if (part.len > 0)
            TRY(read_part(part, rule, &seen, why));
    }
    if ((seen & 1) == 0) /* FREQ is the first of the table */
        return wrong(why, "FREQ");
    /* An nth day of the week exists in months and years only. */
    if (rule->freq < FREQ_MONTHLY || (rule->freq == FREQ_YEARLY && rule->weeks.given)) {
        for (size_t i = 0; i < rule->nth_count; i++)
            rule->weekdays |= (uint8_t)(1u << rule->nths[i].weekday);
        rule->nth_count = 0;
    }
    return ST_OK;
}
