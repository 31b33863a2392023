#include "domain/timex/internal.h"

/* The calendar algebra: what fields and words mean on the calendar of the writer. */

static int32_t day_of(int year, int month, int dom)
{
    return (int32_t)civil_date_to_days((struct civil_date){year, (uint8_t)month, (uint8_t)dom});
}

int32_t day_shift_months(int32_t day, int months)
{
    struct civil_date date = civil_date_from_days(day);
    int32_t total = date.year * 12 + date.month - 1 + months;
    if (total < 12 || total >= 9999 * 12)
        return day;
    return (int32_t)civil_date_to_days(civil_date_add_months(date, months));
}

static int weekday_of(int32_t day)
{
    int wd = (day + 3) % 7;
    return wd < 0 ? wd + 7 : wd;
}

struct civil civil_of(int32_t day, int32_t second)
{
    return civil_from_us(((int64_t)day * 86400 + second) * 1000000);
}

int unit_grain(int unit)
{
    static const uint8_t grains[] = {
        [UNIT_SECOND] = GRAIN_SECOND,   [UNIT_MINUTE] = GRAIN_MINUTE,
        [UNIT_HOUR] = GRAIN_HOUR,       [UNIT_DAY] = GRAIN_DAY,
        [UNIT_WEEK] = GRAIN_WEEK,       [UNIT_MONTH] = GRAIN_MONTH,
        [UNIT_QUARTER] = GRAIN_QUARTER, [UNIT_YEAR] = GRAIN_YEAR,
        [UNIT_FORTNIGHT] = GRAIN_WEEK,  [UNIT_WEEKEND] = GRAIN_PART,
        [UNIT_WORKDAY] = GRAIN_DAY,     [UNIT_DECADE] = GRAIN_YEAR,
        [UNIT_CENTURY] = GRAIN_YEAR,    [UNIT_NIGHT] = GRAIN_DAY,
        [UNIT_SEMESTER] = GRAIN_MONTH,  [UNIT_TENMINUTES] = GRAIN_MINUTE,
        [UNIT_HALFMONTH] = GRAIN_DAY,
    };
    return (size_t)unit < sizeof grains ? grains[unit] : GRAIN_DAY;
}

/* How many months the unit has, 0 if it is not made of months; *first: its first day, of the one that
 * holds `day`. */
static int months_of_unit(int unit, int32_t day, int32_t *first)
{
    struct civil_date date = civil_date_from_days(day);
    switch (unit) {
    case UNIT_MONTH:
        *first = day_of(date.year, date.month, 1);
        return 1;
    case UNIT_QUARTER:
        *first = day_of(date.year, (date.month - 1) / 3 * 3 + 1, 1);
        return 3;
    case UNIT_SEMESTER:
        *first = day_of(date.year, (date.month - 1) / 6 * 6 + 1, 1);
        return 6;
    case UNIT_YEAR:
        *first = day_of(date.year, 1, 1);
        return 12;
    case UNIT_DECADE:
        *first = day_of(date.year / 10 * 10, 1, 1);
        return 120;
    case UNIT_CENTURY:
        *first = day_of(date.year / 100 * 100 + 1, 1, 1);
        return 1200;
    default:
        return 0;
    }
}

/* The `unit` that holds `day`, moved by `count` units. */
void days_of_unit(int unit, int32_t day, int count, struct meaning *out)
{
    int32_t monday = day - weekday_of(day), first = day;
    int months = months_of_unit(unit, day, &first), days = 1;
    out->grain = (uint8_t)unit_grain(unit);
    if (months > 0) {
        out->day0 = day_shift_months(first, months * count);
        out->day1 = day_shift_months(out->day0, months);
        return;
    }
    if (unit == UNIT_WEEK || unit == UNIT_FORTNIGHT) {
        days = unit == UNIT_WEEK ? 7 : 14;
        out->day0 = monday + days * count;
    } else if (unit == UNIT_WEEKEND) {
        days = 2;
        out->day0 = monday + 5 + 7 * count;
    } else
        out->day0 = unit == UNIT_DAY || unit == UNIT_NIGHT || unit == UNIT_WORKDAY ? day + count : day;
    out->day1 = out->day0 + days;
}

/* count_thousandths: 1500 is one and a half. */
void duration_of(int unit, int64_t count, struct meaning *out)
{
    static const int64_t seconds[] = {
        [UNIT_SECOND] = 1,       [UNIT_MINUTE] = 60,         [UNIT_HOUR] = 3600,
        [UNIT_DAY] = 86400,      [UNIT_WEEK] = 604800,       [UNIT_FORTNIGHT] = 1209600,
        [UNIT_WEEKEND] = 172800, [UNIT_WORKDAY] = 86400,     [UNIT_NIGHT] = 86400,
        [UNIT_TENMINUTES] = 600, [UNIT_HALFMONTH] = 1296000, [UNIT_CENTURY] = 0,
    };
    static const int16_t months[] = {
        [UNIT_MONTH] = 1,      [UNIT_QUARTER] = 3,  [UNIT_YEAR] = 12,     [UNIT_DECADE] = 120,
        [UNIT_CENTURY] = 1200, [UNIT_SEMESTER] = 6, [UNIT_HALFMONTH] = 0,
    };
    if ((size_t)unit >= sizeof seconds / sizeof *seconds)
        unit = UNIT_DAY;
    int32_t per = (size_t)unit < sizeof months / sizeof *months ? months[unit] : 0;
    out->cat = CAT_dur;
    out->grain = (uint8_t)unit_grain(unit);
    out->months = (int32_t)(per * count / 1000);
    if (per > 0)
        out->seconds = 0;
    else
        out->seconds = seconds[unit] * count / 1000;
    if (unit == UNIT_MONTH && count % 1000 == 500) {
        out->months = 0; /* a month and a half: 45 days */
        out->seconds = count / 500 * 15 * 86400;
    }
    out->value = unit;
    out->value2 = (int32_t)count;
}

/* Reads nothing smaller than a day: fields to [day0, day1). */

static void set_days(struct meaning *m, int32_t day, int32_t count, int grain)
{
    m->day0 = day;
    m->day1 = day + count;
    m->grain = (uint8_t)grain;
}

static bool matches(const struct meaning *m, int32_t day)
{
    struct civil_date date = civil_date_from_days(day);
    return (m->wd < 0 || weekday_of(day) == m->wd) && (m->dom == 0 || date.day == m->dom) &&
           (m->month == 0 || date.month == m->month);
}

/* The weekday that stands nearest to the number is kept in doubt: the number decides. */
static bool resolve_day_month(const struct reader *reader, struct meaning *m)
{
    struct civil_date today = civil_date_from_days(reader->today);
    int year = m->year;
    if (year == 0) {
        year = today.year;
        if (m->dom <= days_in_month(year, m->month) &&
            day_of(year, m->month, m->dom) < reader->today - (m->flags & F_PAST ? 400 : 0))
            year++;
        if (m->flags & F_PAST)
            year -= day_of(year, m->month, m->dom) >= reader->today;
        while (m->month == 2 && m->dom == 29 && days_in_month(year, 2) < 29 && m->year == 0)
            year++;
    }
    if (m->dom > days_in_month(year, m->month)) {
        if (m->month == 2 ? m->dom > 29 : m->dom > 31)
            return false;
        m->flags |= F_BAD;
        set_days(m, day_of(year, m->month, days_in_month(year, m->month)), 1, GRAIN_DAY);
        return true;
    }
    int32_t day = day_of(year, m->month, m->dom);
    if (m->wd >= 0 && weekday_of(day) != m->wd)
        m->flags |= F_BAD;
    set_days(m, day, 1, GRAIN_DAY);
    return true;
}

/* The first day from `day` on that fits; weekday and number must agree within a year. */
static bool search_day(struct meaning *m, int32_t day, int32_t limit)
{
    const bool weekday = m->wd >= 0; /* then only every seventh day may */
    for (int32_t i = weekday ? (m->wd - weekday_of(day) + 7) % 7 : 0; i < limit; i += weekday ? 7 : 1)
        if (matches(m, day + i)) {
            set_days(m, day + i, 1, GRAIN_DAY);
            return true;
        }
    return false;
}

/* "le mardi 25", said on Friday the 28th, is no Tuesday in four months: it is over. */
static bool of_this_month(const struct reader *reader, struct meaning *m)
{
    const int32_t first = reader->today + 1 - civil_date_from_days(reader->today).day;
    return search_day(m, first, reader->today - first);
}

enum { SMALL_HOURS = 4 * 3600 };

static bool resolve_fields(const struct reader *reader, struct meaning *m)
{
    if (m->month && m->dom)
        return resolve_day_month(reader, m);
    if (m->dom) {
        int32_t from = reader->today;
        if (m->wd < 0)
            return search_day(m, from, 62);
        if (!search_day(m, from, 800))
            return false;
        if (m->day0 > reader->today + 62 && !of_this_month(reader, m))
            m->flags |= F_BAD;
        return true;
    }
    if (m->wd >= 0) {
        int ahead = (m->wd - weekday_of(reader->today) + 7) % 7;
        /* The name of today's weekday means next week's, but not for one who is still up. */
        if (ahead == 0 && reader->now >= SMALL_HOURS)
            ahead = 7;
        if (m->flags & F_PAST)
            ahead -= 7;
        set_days(m, reader->today + ahead, 1, GRAIN_DAY);
        return true;
    }
    if (m->month) {
        struct civil_date today = civil_date_from_days(reader->today);
        int year = m->year ? m->year : today.year + (m->month < today.month);
        if (m->year == 0 && (m->flags & F_PAST))
            year = today.year - (m->month >= today.month);
        set_days(m, day_of(year, m->month, 1), days_in_month(year, m->month), GRAIN_MONTH);
        return true;
    }
    if (m->year) {
        int32_t day = day_of(m->year, 1, 1);
        set_days(m, day, day_of(m->year + 1, 1, 1) - day, GRAIN_YEAR);
        return true;
    }
    return false;
}

bool date_resolve(const struct reader *reader, struct meaning *m)
{
    if (m->day1 > m->day0)
        return true;
    if (m->year && (m->year < 1 || m->year > 9998))
        return false;
    return resolve_fields(reader, m);
}

/* Hours of the parts of a day, in minutes: as a whole, its early, middle and late part.
 * The end of a day's last part is 23:59, as people and calendars write it. */
static const int16_t parts[PART_COUNT_][8] = {
    [PART_MORNING] = {480, 720, 480, 600, 540, 660, 600, 720},
    [PART_NOONISH] = {720, 780, 720, 780, 720, 780, 720, 780},
    [PART_LUNCH] = {720, 840, 720, 780, 720, 840, 780, 840},
    [PART_AFTERNOON] = {720, 960, 720, 840, 840, 1020, 840, 960},
    [PART_EVENING] = {960, 1200, 960, 1080, 1080, 1200, 1080, 1200},
    [PART_NIGHT] = {1200, 1439, 1200, 1320, 1320, 1439, 1320, 1439},
    [PART_TONIGHT] = {1200, 1439, 1200, 1320, 1320, 1439, 1320, 1439},
    [PART_DAY] = {480, 1080, 360, 600, 660, 960, 1020, 1260},
    [PART_DINNER] = {1140, 1320, 1140, 1200, 1200, 1260, 1260, 1320},
    [PART_BREAKFAST] = {420, 600, 420, 480, 480, 540, 540, 600},
    [PART_WORK] = {540, 1020, 540, 660, 660, 900, 900, 1020},
    [PART_DAWN] = {240, 480, 240, 360, 300, 420, 360, 480},
    [PART_DUSK] = {1140, 1320, 1140, 1200, 1200, 1260, 1260, 1320},
    [PART_BRUNCH] = {600, 840, 600, 720, 660, 780, 720, 840},
    [PART_LUNCHHOURS] = {720, 840, 720, 780, 720, 840, 780, 840},
    [PART_FIRST] = {540, 600, 540, 600, 540, 600, 540, 600},
    [PART_AFTERWORK] = {1020, 1260, 1020, 1140, 1080, 1200, 1140, 1260},
    [PART_AFTERSCHOOL] = {900, 1260, 900, 1020, 1020, 1140, 1140, 1260},
    [PART_SUNSET] = {1140, 1320, 1140, 1200, 1200, 1260, 1260, 1320},
};

static bool own_hours(const struct reader *reader, int part, int column, int32_t *t0, int32_t *t1)
{
    const struct language_data *language = only_language(reader);
    for (size_t i = 0; language != NULL && i < language->part_count; i++)
        if (language->parts[i].part == part && language->parts[i].column == column) {
            *t0 = language->parts[i].from * 60;
            *t1 = language->parts[i].to * 60;
            return true;
        }
    return false;
}

bool part_hours(const struct reader *reader, int part, int edge, int32_t *t0, int32_t *t1)
{
    static const uint8_t column[] = {
        [EDGE_NONE] = 0, [EDGE_EARLY] = 2, [EDGE_START] = 2, [EDGE_VERYEARLY] = 2,
        [EDGE_MID] = 4,  [EDGE_LATE] = 6,  [EDGE_END] = 6,
    };
    if (part <= PART_NONE || part >= PART_COUNT_)
        return false;
    if (own_hours(reader, part, column[edge], t0, t1))
        return true;
    *t0 = parts[part][column[edge]] * 60;
    *t1 = parts[part][column[edge] + 1] * 60;
    return true;
}
