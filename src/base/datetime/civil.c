#include "base/datetime/datetime.h"

#include <time.h>

int days_in_month(int32_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool civil_date_is_valid(struct civil_date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

enum { NEAR_YEARS = 100000 }; /* of which 32 bits are enough */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from March, so that the leap day is the last of its year. */
int64_t civil_date_to_days(struct civil_date date)
{
    if (date.year > 0 && date.year < NEAR_YEARS && date.month >= 1 && date.month <= 12) {
        const uint32_t before_march = date.month <= 2, y = (uint32_t)date.year - before_march;
        const uint32_t m = date.month + 12 * before_march - 3; /* 979 / 32 days each */
        return (int64_t)(y * 1461 / 4 - y / 100 + y / 400 + (979 * m + 15) / 32 + date.day) -
               719469;
    }
    int64_t year = date.month > 2 ? date.year : date.year - 1;
    int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* C. Neri, L. Schneider, "Euclidean affine functions and their application to calendar
 * algorithms", 2022: multiplications in place of divisions. */
static struct civil_date near_date(uint32_t days)
{
    const uint32_t n1 = 4 * days + 3, century = n1 / 146097, n2 = n1 % 146097 | 3;
    const uint64_t p2 = UINT64_C(2939745) * n2;
    const uint32_t year = 100 * century + (uint32_t)(p2 >> 32);
    const uint32_t day_of_year = (uint32_t)p2 / 2939745 / 4, n3 = 2141 * day_of_year + 197913;
    const uint32_t month = n3 >> 16, next = day_of_year >= 306;
    return (struct civil_date){(int32_t)(year + next), (uint8_t)(next ? month - 12 : month),
                               (uint8_t)((n3 & 0xFFFF) / 2141 + 1)};
}

struct civil_date civil_date_from_days(int64_t days)
{
    days += 719468;
    if (days >= 0 && days < (int64_t)NEAR_YEARS * 365)
        return near_date((uint32_t)days);
    int64_t era = floor_div(days, 146097), day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct civil_date date;
    date.day = (uint8_t)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (uint8_t)(month < 10 ? month + 3 : month - 9);
    date.year = (int32_t)(year_of_era + era * 400 + (date.month <= 2));
    return date;
}

struct civil_date civil_date_add(struct civil_date date, int64_t days)
{
    return civil_date_from_days(civil_date_to_days(date) + days);
}

struct civil_date civil_date_add_months(struct civil_date date, int32_t months)
{
    int64_t total = (int64_t)date.year * 12 + (date.month - 1) + months;
    struct civil_date moved = {(int32_t)floor_div(total, 12),
                               (uint8_t)(total - floor_div(total, 12) * 12 + 1), date.day};
    int last = days_in_month(moved.year, moved.month);
    if (moved.day > last)
        moved.day = (uint8_t)last;
    return moved;
}

enum weekday civil_date_weekday(struct civil_date date)
{
    int64_t days = civil_date_to_days(date) + 3; /* 1970-01-01 was a Thursday */
    return (enum weekday)(days - floor_div(days, 7) * 7);
}

int civil_date_compare(struct civil_date a, struct civil_date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return a.day < b.day ? -1 : a.day > b.day;
}

int civil_date_iso_week(struct civil_date date, int32_t *year_out)
{
    /* The Thursday of a week decides which year the week belongs to. */
    struct civil_date thursday =
        civil_date_add(date, (int64_t)THURSDAY - (int64_t)civil_date_weekday(date));
    struct civil_date first = {thursday.year, 1, 1};
    if (year_out != NULL)
        *year_out = thursday.year;
    return (int)((civil_date_to_days(thursday) - civil_date_to_days(first)) / 7 + 1);
}

/* Meeus, Jones and Butcher. */
struct civil_date civil_date_easter(int32_t year)
{
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
    int f = (b + 8) / 25, g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return (struct civil_date){year, (uint8_t)(n / 31), (uint8_t)(n % 31 + 1)};
}

int64_t civil_to_us(struct civil wall)
{
    int64_t seconds = ((int64_t)wall.hour * 60 + wall.minute) * 60 + wall.second;
    return civil_date_to_days(wall.date) * DAY_US + seconds * 1000000;
}

struct civil civil_from_us(int64_t us)
{
    int64_t days = floor_div(us, DAY_US), seconds = (us - days * DAY_US) / 1000000;
    return (struct civil){civil_date_from_days(days), (uint8_t)(seconds / 3600),
                          (uint8_t)(seconds / 60 % 60), (uint8_t)(seconds % 60)};
}

struct civil civil_add(struct civil wall, struct duration d)
{
    return civil_from_us(civil_to_us(wall) + d.us);
}

int civil_compare(struct civil a, struct civil b)
{
    int64_t left = civil_to_us(a), right = civil_to_us(b);
    return left < right ? -1 : left > right;
}

struct instant clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){(int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000};
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_cpu_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}
