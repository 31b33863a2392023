#include "domain/timex/internal.h"
#include "domain/timex/lunar.h"
#include "domain/timex/names.h"

/* Holidays by their rule: a fixed date, a weekday's place in a month, days from Easter, a day
 * of a calendar that follows the moon. */

enum rule_kind {
    RULE_FIXED,
    RULE_NTH,
    RULE_EASTER,
    RULE_HEBREW,
    RULE_ISLAMIC,
    RULE_MOON,
    RULE_ORTHODOX,
    RULE_NEAR,
    RULE_FROM, /* the first such weekday from a day on */
};
struct holiday {
    uint8_t kind;
    int8_t a, b, c, d; /* what the macros below say */
};
static const struct holiday holidays[] = {
#define FIXED(month, dom)                                                                          \
    {                                                                                              \
        RULE_FIXED, month, dom, 0, 0                                                               \
    }
#define NTH(nth, wd, month)                                                                        \
    {                                                                                              \
        RULE_NTH, nth, wd, month, 0                                                                \
    }
#define WEEKDAY(nth, wd, month, days_after)                                                        \
    {                                                                                              \
        RULE_NTH, nth, wd, month, days_after                                                       \
    }
#define EASTER(days)                                                                               \
    {                                                                                              \
        RULE_EASTER, days, 0, 0, 0                                                                 \
    }
#define HEBREW(month, dom, days)                                                                   \
    {                                                                                              \
        RULE_HEBREW, month, dom, days, 0                                                           \
    }
#define ISLAMIC(month, dom)                                                                        \
    {                                                                                              \
        RULE_ISLAMIC, month, dom, 0, 0                                                             \
    }
#define MOON(full, month, dom, days_after)                                                         \
    {                                                                                              \
        RULE_MOON, full, month, dom, days_after                                                    \
    }
#define ORTHODOX(days)                                                                             \
    {                                                                                              \
        RULE_ORTHODOX, days, 0, 0, 0                                                               \
    }
#define NEAR(month, dom, how)                                                                      \
    {                                                                                              \
        RULE_NEAR, month, dom, how, 0                                                              \
    }
#define FROM(month, dom, wd)                                                                       \
    {                                                                                              \
        RULE_FROM, month, dom, wd, 0                                                               \
    }
#include "domain/timex/holidays.def"
};

static int32_t day_of(int year, int month, int dom)
{
    return (int32_t)civil_date_to_days((struct civil_date){year, (uint8_t)month, (uint8_t)dom});
}

static int weekday(int32_t day)
{
    return ((day + 3) % 7 + 7) % 7;
}

static int32_t nth_day(const struct holiday *h, int year)
{
    if (h->a > 0) {
        int32_t first = day_of(year, h->c, 1);
        return first + (h->b - weekday(first) + 7) % 7 + 7 * (h->a - 1) + h->d;
    }
    int32_t last = day_of(year, h->c, days_in_month(year, h->c));
    return last - (weekday(last) - h->b + 7) % 7 + h->d;
}

/* The evening (12:30 UTC is dusk in India, night in China) that the full or new moon follows
 * within a day; "days after" counts from it. */
static int32_t moon_day(const struct holiday *h, int year)
{
    int64_t minutes = moon_minutes(moon_first_after(day_of(year, h->b, h->c), h->a), h->a);
    int64_t day = minutes / 1440;
    if (minutes % 1440 < 12 * 60 + 30)
        day--;
    /* A Chinese new year is the day of the new moon in Beijing. */
    if (h == &holidays[HOL_CHINESENEWYEAR])
        return (int32_t)((minutes + 8 * 60) / 1440);
    return (int32_t)day + h->d;
}

/* Moved off the week-end: 1 to the nearest workday, 2 from Sunday to Saturday, 3 past it and
 * past the sixteenth of April, which Washington keeps. */
static int32_t near_day(const struct holiday *h, int year)
{
    int32_t day = day_of(year, h->a, h->b);
    int wd = weekday(day);
    if (h->c == 2)
        return wd == SUNDAY ? day - 1 : day;
    if (h->c == 1)
        return wd == SATURDAY ? day - 1 : wd == SUNDAY ? day + 1 : day;
    int32_t kept = day + 1;
    if (weekday(kept) == SATURDAY)
        kept--;
    else if (weekday(kept) == SUNDAY)
        kept++;
    while (weekday(day) >= SATURDAY || day == kept)
        day++;
    return day;
}

static int32_t day_by_rule(const struct holiday *h, int year)
{
    switch (h->kind) {
    case RULE_FIXED:
        return day_of(year, h->a, h->b);
    case RULE_NTH:
        return nth_day(h, year);
    case RULE_EASTER:
        return (int32_t)civil_date_to_days(civil_date_easter(year)) + h->a;
    case RULE_HEBREW:
        return hebrew_day(year, h->a, h->b) - 1;
    case RULE_ISLAMIC:
        return islamic_day(year, h->a, h->b);
    case RULE_MOON:
        return moon_day(h, year);
    case RULE_FROM:
        return day_of(year, h->a, h->b) + (h->c - weekday(day_of(year, h->a, h->b)) + 7) % 7;
    case RULE_ORTHODOX:
        return orthodox_easter(year) + h->a;
    default:
        return near_day(h, year);
    }
}

/* Those that another one fixes: days after thanksgiving, the last Friday of Ramadan. */
static bool from_other(int index, int year, int32_t *day, int32_t *day_end)
{
    static const struct {
        int holiday, base, after;
    } rows[] = {
        {HOL_BLACKFRIDAY, HOL_THANKSGIVING, 1},   {HOL_CYBERMONDAY, HOL_THANKSGIVING, 4},
        {HOL_GIVINGTUESDAY, HOL_THANKSGIVING, 5}, {HOL_SMALLBUSINESS, HOL_THANKSGIVING, 2},
        {HOL_JUMUATULWIDA, HOL_EIDFITR, -1},      {HOL_LANTERN, HOL_CHINESENEWYEAR, 14},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].holiday == index && holiday_day(rows[i].base, year, day, day_end)) {
            *day += rows[i].after;
            if (index == HOL_JUMUATULWIDA)
                *day -= (weekday(*day) - FRIDAY + 7) % 7;
            *day_end = *day + 1;
            return true;
        }
    return false;
}

bool holiday_day(int index, int year, int32_t *day, int32_t *day_end)
{
    if (year < 1600 || year > 2400)
        return false;
    if (from_other(index, year, day, day_end))
        return true;
    if (index == HOL_SUPERTUESDAY && year % 4 != 0)
        return false; /* only where a president is elected */
    if (index < 0 || (size_t)index >= sizeof holidays / sizeof *holidays)
        return false;
    const struct holiday *h = &holidays[index];
    *day = day_by_rule(h, year);
    *day_end = *day + (h->kind == RULE_HEBREW ? h->c : 1);
    return h->kind != RULE_ISLAMIC || *day != 0;
}
