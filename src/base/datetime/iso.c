#include "base/datetime/datetime.h"

/* Reads exactly `digits` decimal digits at *at. */
static bool read_number(struct slice text, size_t *at, int digits, int *value)
{
    int sum = 0;
    for (int i = 0; i < digits; i++, ++*at) {
        if (*at >= text.len || !ascii_is_digit(text.data[*at]))
            return false;
        sum = sum * 10 + (text.data[*at] - '0');
    }
    *value = sum;
    return true;
}

static bool read_char(struct slice text, size_t *at, char c)
{
    if (*at >= text.len || text.data[*at] != c)
        return false;
    ++*at;
    return true;
}

static bool read_date(struct slice text, size_t *at, struct civil_date *out)
{
    int year, month, day;
    if (!read_number(text, at, 4, &year) || !read_char(text, at, '-') ||
        !read_number(text, at, 2, &month) || !read_char(text, at, '-') ||
        !read_number(text, at, 2, &day))
        return false;
    *out = (struct civil_date){year, (uint8_t)month, (uint8_t)day};
    return civil_date_is_valid(*out);
}

/* "HH:MM", then ":SS" and a fraction where present. */
static bool read_clock(struct slice text, size_t *at, struct civil *out, int *fraction_us)
{
    int hour, minute, second = 0;
    *fraction_us = 0;
    if (!read_number(text, at, 2, &hour) || !read_char(text, at, ':') ||
        !read_number(text, at, 2, &minute))
        return false;
    if (read_char(text, at, ':')) {
        if (!read_number(text, at, 2, &second))
            return false;
        if (read_char(text, at, '.')) {
            int scale = 100000;
            size_t start = *at;
            for (; *at < text.len && ascii_is_digit(text.data[*at]); ++*at, scale /= 10)
                *fraction_us += (text.data[*at] - '0') * scale;
            if (*at == start)
                return false;
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    out->hour = (uint8_t)hour;
    out->minute = (uint8_t)minute;
    out->second = (uint8_t)second;
    return true;
}

static bool read_offset(struct slice text, size_t *at, int32_t *seconds)
{
    if (read_char(text, at, 'Z')) {
        *seconds = 0;
        return true;
    }
    int sign = read_char(text, at, '+') ? 1 : read_char(text, at, '-') ? -1 : 0;
    int hour, minute;
    if (sign == 0 || !read_number(text, at, 2, &hour))
        return false;
    read_char(text, at, ':');
    if (!read_number(text, at, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *seconds = sign * (hour * 3600 + minute * 60);
    return true;
}

enum status instant_parse(struct slice text, struct instant *out, int32_t *offset_s,
                          struct problem *why)
{
    size_t at = 0;
    struct civil wall = {0};
    int fraction;
    int32_t offset;
    if (!read_date(text, &at, &wall.date) || !read_char(text, &at, 'T') ||
        !read_clock(text, &at, &wall, &fraction) || !read_offset(text, &at, &offset) ||
        at != text.len)
        return problem_at(why, ST_INVALID, at,
                          "not a date and time with offset, as 2026-03-02T10:12:40+01:00");
    out->us = civil_to_us(wall) + fraction - (int64_t)offset * 1000000;
    if (offset_s != NULL)
        *offset_s = offset;
    return ST_OK;
}

enum status civil_parse(struct slice text, struct civil *out, struct problem *why)
{
    size_t at = 0;
    struct civil wall = {0};
    int fraction;
    if (!read_date(text, &at, &wall.date) ||
        (at < text.len && (!read_char(text, &at, 'T') || !read_clock(text, &at, &wall, &fraction))) ||
        at != text.len)
        return problem_at(why, ST_INVALID, at, "not a local date or time, as 2026-03-02T10:12");
    *out = wall;
    return ST_OK;
}

enum status civil_date_parse(struct slice text, struct civil_date *out, struct problem *why)
{
    size_t at = 0;
    struct civil_date date;
    if (!read_date(text, &at, &date) || at != text.len)
        return problem_at(why, ST_INVALID, at, "not a date, as 2026-03-02");
    *out = date;
    return ST_OK;
}

static char *put_number(char *out, int value, int digits, char behind)
{
    for (int i = digits; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    out[digits] = behind;
    return out + digits + 1;
}

struct slice civil_format(struct civil wall, struct arena *arena)
{
    enum { LENGTH = 19 };
    if (wall.date.year >= 0 && wall.date.year <= 9999) { /* batches write many */
        char *text = arena_alloc(arena, LENGTH + 1), *at = text;
        at = put_number(at, wall.date.year, 4, '-');
        at = put_number(at, wall.date.month, 2, '-');
        at = put_number(at, wall.date.day, 2, 'T');
        at = put_number(at, wall.hour, 2, ':');
        at = put_number(at, wall.minute, 2, ':');
        put_number(at, wall.second, 2, '\0');
        return (struct slice){text, LENGTH};
    }
    return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d", wall.date.year, wall.date.month,
                        wall.date.day, wall.hour, wall.minute, wall.second);
}

struct slice instant_format(struct instant at, const struct zone *zone, struct arena *arena)
{
    int32_t offset = zone_offset_s(zone, at, NULL);
    struct civil wall = civil_from_instant(at, zone);
    int32_t minutes_east = (offset < 0 ? -offset : offset) / 60;
    return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", wall.date.year,
                        wall.date.month, wall.date.day, wall.hour, wall.minute, wall.second,
                        offset < 0 ? '-' : '+', minutes_east / 60, minutes_east % 60);
}
