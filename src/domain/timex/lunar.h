#ifndef RENDEZ_DOMAIN_TIMEX_LUNAR_H
#define RENDEZ_DOMAIN_TIMEX_LUNAR_H

#include <stdint.h>

/* Days of calendars that follow the moon, as day numbers since 1970-01-01. */

/* The k-th new moon (half: full moon) since that of 2000-01-06, in minutes of UTC since
 * 1970; good to a few minutes between 1800 and 2200 (Meeus, Astronomical Algorithms 49). */
int64_t moon_minutes(int k, int half);
/* The first one at or after a day. */
int moon_first_after(int32_t day, int half);

/* month and dom of the Hebrew calendar (1 Nisan … 7 Tishri … 12 Adar, in a leap year the
 * second Adar), in the Gregorian year. */
int32_t hebrew_day(int gregorian_year, int month, int dom);

/* The first day in the Gregorian year that has this Islamic date; a month begins on the
 * evening after the moon was new in Mecca. 0: none in that year. */
int32_t islamic_day(int gregorian_year, int month, int dom);

/* Easter of the Orthodox churches. */
int32_t orthodox_easter(int year);

#endif
