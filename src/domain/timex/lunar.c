#include "domain/timex/lunar.h"

#include <math.h>

#include "base/datetime/datetime.h"

enum { MINUTES = 1440, NEW_MOON_2000 = 10962 /* 2000-01-06 */ };

static double sine(double degrees)
{
    return sin(degrees * 3.14159265358979323846 / 180.0);
}

int64_t moon_minutes(int k, int half)
{
    double n = k + (half ? 0.5 : 0.0), t = n / 1236.85;
    double sun = 2.5534 + 29.10535670 * n, moon = 201.5643 + 385.81693528 * n;
    double node = 160.7108 + 390.67050284 * n;
    double julian = 2451550.09766 + 29.530588861 * n + 0.00015437 * t * t;
    double a = half ? -0.40614 : -0.40720, b = half ? 0.17302 : 0.17241;
    julian += a * sine(moon) + b * sine(sun) + 0.01608 * sine(2 * moon) + 0.01039 * sine(2 * node) +
              0.00739 * sine(moon - sun) - 0.00514 * sine(moon + sun) + 0.00208 * sine(2 * sun);
    return (int64_t)floor((julian - 2440587.5) * MINUTES - 1.1);
}

int moon_first_after(int32_t day, int half)
{
    int k = (int)floor((day - NEW_MOON_2000) / 29.530588861) - 2;
    while (moon_minutes(k, half) < (int64_t)day * MINUTES)
        k++;
    return k;
}

/* Days from the Hebrew epoch to the new year of `year` (Reingold and Dershowitz, Calendrical
 * Calculations). */
static int64_t hebrew_elapsed(int year)
{
    int64_t months = (235 * (int64_t)year - 234) / 19;
    int64_t parts = 12084 + 13753 * months;
    int64_t day = 29 * months + parts / 25920;
    return (3 * (day + 1)) % 7 < 3 ? day + 1 : day;
}

static int64_t hebrew_new_year(int year)
{
    int64_t before = hebrew_elapsed(year - 1), at = hebrew_elapsed(year);
    int64_t after = hebrew_elapsed(year + 1);
    int delay = after - at == 356 ? 2 : at - before == 382 ? 1 : 0;
    return at + delay - 2092590; /* the epoch is 3761 years before ours */
}

static int hebrew_month_length(int year, int month, int64_t year_length)
{
    int leap = (7 * year + 1) % 19 < 7;
    switch (month) {
    case 2:
    case 4:
    case 6:
    case 10:
        return 29;
    case 13:
        return 29;
    case 8:
        return year_length % 10 == 5 ? 30 : 29;
    case 9:
        return year_length % 10 == 3 ? 29 : 30;
    case 12:
        return leap ? 30 : 29;
    default:
        return 30;
    }
}

int32_t hebrew_day(int gregorian_year, int month, int dom)
{
    int year = gregorian_year + (month >= 7 && month <= 9 ? 3761 : 3760);
    int64_t start = hebrew_new_year(year), length = hebrew_new_year(year + 1) - start;
    int leap = (7 * year + 1) % 19 < 7;
    int last = leap ? 13 : 12, wanted = month == 12 && leap ? 13 : month;
    int64_t day = start;
    for (int m = 7; m != wanted; m = m == last ? 1 : m + 1)
        day += hebrew_month_length(year, m, length);
    return (int32_t)(day + dom - 1);
}

/* Sunset in Mecca is about 15:00 UTC. */
static int32_t islamic_month_start(int k)
{
    int64_t minutes = moon_minutes(k, 0);
    int64_t day = minutes / MINUTES;
    return (int32_t)(minutes % MINUTES < 15 * 60 ? day + 1 : day + 2);
}

int32_t islamic_day(int gregorian_year, int month, int dom)
{
    /* Muharram 1421 began with the new moon of 2000-04-04, which is the third since. */
    int32_t first = (int32_t)civil_date_to_days((struct civil_date){gregorian_year, 1, 1});
    int32_t last = (int32_t)civil_date_to_days((struct civil_date){gregorian_year, 12, 31});
    int k = moon_first_after(first - 32, 0);
    for (int i = 0; i < 16; i++, k++) {
        int of_year = ((k - 3) % 12 + 12) % 12 + 1;
        int32_t day = islamic_month_start(k) + dom - 1;
        if (of_year == month && day >= first && day <= last)
            return day;
    }
    return 0;
}

int32_t orthodox_easter(int year)
{
    int d = (19 * (year % 19) + 15) % 30, e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
    int month = (d + e + 114) / 31, dom = (d + e + 114) % 31 + 1;
    int shift = year / 100 - year / 400 - 2; /* from the Julian calendar */
    struct civil_date date = {year, (uint8_t)month, (uint8_t)dom};
    return (int32_t)civil_date_to_days(date) + shift;
}
