/* Expands one recurrence rule, period by period. Days pass through one filter for every
 * frequency; what RFC 5545 calls expanding is a filter over a longer period. */
#include "domain/calendar/internal.h"

#include <stdlib.h>

enum { PERIOD_DAYS_MAX = 400 };

/* Longest first: nothing recurs beyond the years that civil time has. */
static const int32_t last_year = 9990;

struct run {
    const struct recur *recur;
    struct recur_rule rule; /* with what DTSTART implies filled in */
    struct civil from, until;
    int64_t dtstart_us, last_us;
    uint32_t given; /* instances, DTSTART among them */
    int64_t steps, *total_steps;
    recur_visit_fn *visit;
    void *context;
    bool over;
    int64_t period_first;          /* first day of the period at hand */
    int64_t days[PERIOD_DAYS_MAX]; /* those that fit, ascending */
    size_t day_count;
    uint8_t hours[24], minutes[60], seconds[61];
    size_t hour_count, minute_count, second_count;
};

static bool number_fits(const struct number_set *set, int from_start, int from_end)
{
    return (set->from_start[from_start / 64] >> (from_start % 64) & 1) != 0 ||
           (set->from_end[from_end / 64] >> (from_end % 64) & 1) != 0;
}

static void number_add(struct number_set *set, int number)
{
    set->given = true;
    set->from_start[number / 64] |= UINT64_C(1) << (number % 64);
}

static void spend(struct run *run, int64_t steps)
{
    run->steps -= steps;
    *run->total_steps -= steps;
    if (run->steps <= 0 || *run->total_steps <= 0)
        run->over = true;
}

/* Days */

static int year_days(int32_t year)
{
    return days_in_month(year, 2) + 337;
}

static int64_t day_number(int32_t year, int month, int day)
{
    return civil_date_to_days((struct civil_date){year, (uint8_t)month, (uint8_t)day});
}

/* Week number as ISO 8601 counts, with any first day of the week: week 1 has at least
 * four days in its year. */
static bool week_fits(const struct recur_rule *rule, int64_t day)
{
    struct civil_date date = civil_date_from_days(day);
    int into = ((int)civil_date_weekday(date) - (int)rule->week_start + 7) % 7;
    int64_t fourth = day - into + 3;
    int32_t year = civil_date_from_days(fourth).year;
    int64_t first = day_number(year, 1, 1);
    int index = (int)(fourth - first); /* of the fourth day in its year, from 0 */
    int weeks = (year_days(year) - 1 - index % 7) / 7 + 1;
    return number_fits(&rule->weeks, index / 7 + 1, weeks - index / 7);
}

static bool weekday_fits(const struct recur_rule *rule, struct civil_date date, int day_of_year)
{
    unsigned weekday = civil_date_weekday(date);
    if ((rule->weekdays >> weekday & 1) != 0)
        return true;
    bool in_month = rule->freq == FREQ_MONTHLY || rule->months != 0;
    int at = in_month ? date.day : day_of_year;
    int last = in_month ? days_in_month(date.year, date.month) : year_days(date.year);
    for (size_t i = 0; i < rule->nth_count; i++) {
        const struct weekday_nth *day = &rule->nths[i];
        if (day->weekday == weekday &&
            (day->nth == (at - 1) / 7 + 1 || day->nth == -((last - at) / 7 + 1)))
            return true;
    }
    return false;
}

static bool month_fits(const struct recur_rule *rule, int month)
{
    return rule->months == 0 || (rule->months >> month & 1) != 0;
}

static bool day_fits(const struct recur_rule *rule, int64_t day)
{
    struct civil_date date = civil_date_from_days(day);
    if (!month_fits(rule, date.month))
        return false;
    int in_month = days_in_month(date.year, date.month);
    if (rule->monthdays.given && !number_fits(&rule->monthdays, date.day, in_month - date.day + 1))
        return false;
    int day_of_year = (int)(day - day_number(date.year, 1, 1)) + 1;
    int in_year = year_days(date.year);
    if (rule->yeardays.given &&
        !number_fits(&rule->yeardays, day_of_year, in_year - day_of_year + 1))
        return false;
    if (rule->weeks.given && !week_fits(rule, day))
        return false;
    return (rule->weekdays == 0 && rule->nth_count == 0) || weekday_fits(rule, date, day_of_year);
}

static void push_day(struct run *run, int64_t day)
{
    if (run->day_count < PERIOD_DAYS_MAX)
        run->days[run->day_count++] = day;
}

static void filter_days(struct run *run, int64_t first, int64_t end)
{
    spend(run, (end - first) / 30);
    for (int64_t day = first; day < end; day++)
        if (day_fits(&run->rule, day))
            push_day(run, day);
}

static int compare_days(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* RFC 7529 section 4.1: a day that the period lacks moves to the one before or after. */
static int64_t skipped_day(const struct recur_rule *rule, int64_t first, int length, int number)
{
    int day = number > 0 ? number : length + 1 + number;
    if (day >= 1 && day <= length)
        return first + day - 1;
    bool forward = rule->skip == SKIP_FORWARD;
    return day < 1 ? (forward ? first : first - 1)
                   : (forward ? first + length : first + length - 1);
}

static void push_skipped(struct run *run, const struct number_set *set, int64_t first, int length,
                         int largest)
{
    const struct recur_rule *rule = &run->rule;
    for (int number = 1; number <= largest; number++) {
        if ((set->from_start[number / 64] >> (number % 64) & 1) != 0)
            push_day(run, skipped_day(rule, first, length, number));
        if ((set->from_end[number / 64] >> (number % 64) & 1) != 0)
            push_day(run, skipped_day(rule, first, length, -number));
    }
}

static void skip_days(struct run *run, int32_t year, int first_month, int last_month)
{
    const struct recur_rule *rule = &run->rule;
    for (int month = first_month; month <= last_month; month++)
        if (month_fits(rule, month) && rule->monthdays.given)
            push_skipped(run, &rule->monthdays, day_number(year, month, 1),
                         days_in_month(year, month), 31);
    if (rule->yeardays.given && rule->freq == FREQ_YEARLY)
        push_skipped(run, &rule->yeardays, day_number(year, 1, 1), year_days(year), 366);
    qsort(run->days, run->day_count, sizeof *run->days, compare_days);
}

/* Readings */

static bool is_past_until(const struct run *run, struct civil at)
{
    const struct recur_rule *rule = &run->rule;
    switch (rule->until_kind) {
    case ICAL_NO_TIME:
        return false;
    case ICAL_UTC:
        if (!run->recur->is_date && run->recur->zone != NULL)
            return civil_to_instant(at, run->recur->zone).us > civil_to_us(rule->until);
        break;
    default:
        break;
    }
    if (rule->until_kind == ICAL_DATE || run->recur->is_date)
        return civil_date_compare(at.date, rule->until.date) > 0;
    return civil_compare(at, rule->until) > 0;
}

/* One instance behind DTSTART. */
static void give(struct run *run, int64_t at_us)
{
    spend(run, 1);
    if (at_us <= run->last_us || run->over)
        return;
    struct civil at = civil_from_us(at_us);
    if (civil_compare(at, run->until) >= 0 || is_past_until(run, at) ||
        (run->rule.count != 0 && run->given >= run->rule.count)) {
        run->over = true;
        return;
    }
    run->last_us = at_us;
    run->given++;
    if (civil_compare(at, run->from) >= 0 && !run->visit(run->context, at))
        run->over = true;
}

/* The index-th reading of the period: days by hours by minutes by seconds. */
static int64_t reading_at(const struct run *run, size_t index)
{
    size_t second = index % run->second_count;
    index /= run->second_count;
    size_t minute = index % run->minute_count;
    index /= run->minute_count;
    size_t hour = index % run->hour_count;
    int64_t time_s =
        (run->hours[hour] * INT64_C(60) + run->minutes[minute]) * 60 + run->seconds[second];
    return run->days[index / run->hour_count] * DAY_US + time_s * 1000000;
}

static int compare_indexes(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

static void give_positions(struct run *run, size_t total)
{
    size_t indexes[RECUR_SETPOS_MAX], count = 0;
    for (size_t i = 0; i < run->rule.position_count; i++) {
        int position = run->rule.positions[i];
        size_t distance = (size_t)(position < 0 ? -position : position);
        if (distance <= total)
            indexes[count++] = position > 0 ? distance - 1 : total - distance;
    }
    qsort(indexes, count, sizeof *indexes, compare_indexes);
    for (size_t i = 0; i < count && !run->over; i++)
        give(run, reading_at(run, indexes[i]));
}

static void give_period(struct run *run)
{
    size_t total = run->day_count * run->hour_count * run->minute_count * run->second_count;
    if (run->rule.position_count > 0) {
        give_positions(run, total);
        return;
    }
    for (size_t i = 0; i < total && !run->over; i++)
        give(run, reading_at(run, i));
}

static size_t list_bits(uint64_t bits, uint8_t otherwise, uint8_t *list)
{
    size_t count = 0;
    for (uint8_t n = 0; n < 64 && bits != 0; n++)
        if ((bits >> n & 1) != 0)
            list[count++] = n;
    if (count == 0)
        list[count++] = otherwise;
    return count;
}

/* Second 60 is the first of the next minute on a clock without leap seconds. */
static void list_times(struct run *run)
{
    const struct civil *start = &run->recur->dtstart;
    run->hour_count = list_bits(run->rule.hours, start->hour, run->hours);
    run->minute_count = list_bits(run->rule.minutes, start->minute, run->minutes);
    run->second_count = list_bits(run->rule.seconds, start->second, run->seconds);
    if (run->recur->is_date) {
        run->hour_count = run->minute_count = run->second_count = 1;
        run->hours[0] = run->minutes[0] = run->seconds[0] = 0;
    }
}

/* What a rule leaves open it takes from DTSTART. */
static void imply(struct recur_rule *rule, struct civil_date start)
{
    bool has_day =
        rule->monthdays.given || rule->yeardays.given || rule->weekdays != 0 || rule->nth_count > 0;
    /* "FREQ=YEARLY;BYMONTHDAY=29": in the month of DTSTART, as libical and ical.js read it. */
    if (rule->freq == FREQ_YEARLY && rule->monthdays.given && rule->months == 0 &&
        !rule->yeardays.given && !rule->weeks.given && rule->weekdays == 0 && rule->nth_count == 0)
        rule->months = UINT64_C(1) << start.month;
    if (has_day || rule->freq < FREQ_WEEKLY)
        return;
    if (rule->freq == FREQ_WEEKLY || rule->weeks.given) {
        rule->weekdays = (uint8_t)(1u << civil_date_weekday(start));
        return;
    }
    number_add(&rule->monthdays, start.day);
    if (rule->freq == FREQ_YEARLY && rule->months == 0)
        rule->months = UINT64_C(1) << start.month;
}

/* Periods of days: the n-th from the one of DTSTART. False beyond the calendar. */

static bool year_period(struct run *run, int64_t n)
{
    int64_t year = run->recur->dtstart.date.year + n * run->rule.interval;
    if (year > last_year)
        return false;
    run->period_first = day_number((int32_t)year, 1, 1);
    if (run->rule.skip != SKIP_OMIT)
        skip_days(run, (int32_t)year, 1, 12);
    else
        filter_days(run, day_number((int32_t)year, 1, 1), day_number((int32_t)year + 1, 1, 1));
    return true;
}

static bool month_period(struct run *run, int64_t n)
{
    struct civil_date start = run->recur->dtstart.date;
    int64_t months = (int64_t)start.year * 12 + start.month - 1 + n * run->rule.interval;
    int32_t year = (int32_t)(months / 12 > last_year ? last_year + 1 : months / 12);
    int month = (int)(months % 12) + 1;
    if (year > last_year)
        return false;
    int64_t first = run->period_first = day_number(year, month, 1);
    if (!month_fits(&run->rule, month))
        return true;
    if (run->rule.skip != SKIP_OMIT)
        skip_days(run, year, month, month);
    else
        filter_days(run, first, first + days_in_month(year, month));
    return true;
}

static bool day_periods(struct run *run, int64_t n, int64_t first, int64_t length)
{
    int64_t day = first + n * run->rule.interval * length;
    if (day + length > day_number(last_year, 1, 1))
        return false;
    run->period_first = day;
    filter_days(run, day, day + length);
    return true;
}

static bool week_period(struct run *run, int64_t n)
{
    struct civil_date start = run->recur->dtstart.date;
    int into = ((int)civil_date_weekday(start) - (int)run->rule.week_start + 7) % 7;
    return day_periods(run, n, civil_date_to_days(start) - into, 7);
}

static bool day_period(struct run *run, int64_t n)
{
    return day_periods(run, n, civil_date_to_days(run->recur->dtstart.date), 1);
}

/* The period in which `from` falls may be reached without its predecessors, unless they
 * are counted. */
static int64_t first_period(const struct run *run, int64_t period_days)
{
    int64_t days = civil_date_to_days(run->from.date) -
                   civil_date_to_days(run->recur->dtstart.date) - 2 * period_days;
    if (run->rule.count != 0 || days <= 0)
        return 0;
    return days / (period_days * run->rule.interval);
}

static void run_days(struct run *run)
{
    static const struct {
        bool (*find)(struct run *run, int64_t n);
        int64_t days; /* at most, so that a jump stops before */
    } periods[] = {
        [FREQ_DAILY] = {day_period, 1},
        [FREQ_WEEKLY] = {week_period, 7},
        [FREQ_MONTHLY] = {month_period, 31},
        [FREQ_YEARLY] = {year_period, 366},
    };
    enum recur_freq freq = run->rule.freq;
    int64_t last = civil_date_to_days(run->until.date) + 1; /* SKIP may go a day back */
    for (int64_t n = first_period(run, periods[freq].days); !run->over; n++) {
        run->day_count = 0;
        spend(run, 1);
        if (!periods[freq].find(run, n) || run->period_first > last)
            return;
        give_period(run);
    }
}

/* Periods of hours, minutes and seconds */

static bool bit_fits(uint64_t bits, int n)
{
    return bits == 0 || (bits >> n & 1) != 0;
}

/* Where the clock may be moved on to, when nothing before can fit; `at` when it fits. */
static int64_t next_possible(struct run *run, int64_t at_us)
{
    const struct recur_rule *rule = &run->rule;
    struct civil at = civil_from_us(at_us);
    if (!month_fits(rule, at.date.month)) {
        struct civil_date first = {at.date.year, at.date.month, 1};
        return civil_date_to_days(civil_date_add_months(first, 1)) * DAY_US;
    }
    int64_t day = civil_date_to_days(at.date);
    if (!day_fits(rule, day))
        return (day + 1) * DAY_US;
    int64_t hour_us = day * DAY_US + at.hour * HOUR_US;
    if (!bit_fits(rule->hours, at.hour))
        return hour_us + HOUR_US;
    if (rule->freq < FREQ_HOURLY && !bit_fits(rule->minutes, at.minute))
        return hour_us + (at.minute + 1) * MINUTE_US;
    if (rule->freq < FREQ_MINUTELY && !bit_fits(rule->seconds, at.second))
        return at_us + 1;
    return at_us;
}

static void give_hour_or_less(struct run *run, int64_t at_us)
{
    struct civil at = civil_from_us(at_us);
    run->days[0] = civil_date_to_days(at.date);
    run->day_count = run->hour_count = 1;
    run->hours[0] = at.hour;
    if (run->rule.freq < FREQ_HOURLY) {
        run->minute_count = 1;
        run->minutes[0] = at.minute;
    }
    if (run->rule.freq < FREQ_MINUTELY) {
        run->second_count = 1;
        run->seconds[0] = at.second;
    }
    give_period(run);
}

static void run_times(struct run *run)
{
    static const int64_t units_us[] = {1000000, MINUTE_US, HOUR_US};
    int64_t step_us = units_us[run->rule.freq] * run->rule.interval;
    if (step_us > DAY_US * 366 * 2000)
        return;
    int64_t end_us = civil_to_us(run->until), skip_us = civil_to_us(run->from) - run->dtstart_us;
    int64_t n = run->rule.count == 0 && skip_us > step_us ? skip_us / step_us - 1 : 0;
    while (!run->over) {
        int64_t at_us = run->dtstart_us + n * step_us;
        if (at_us >= end_us + HOUR_US)
            return;
        spend(run, 1);
        int64_t possible_us = next_possible(run, at_us);
        if (possible_us > at_us) {
            n = (possible_us - run->dtstart_us + step_us - 1) / step_us;
            continue;
        }
        give_hour_or_less(run, at_us);
        n++;
    }
}

void recur_run(const struct recur *recur, struct civil from, struct civil until, int64_t *steps,
               recur_visit_fn *visit, void *context)
{
    struct run run = {.recur = recur,
                      .rule = recur->rule,
                      .from = from,
                      .until = until,
                      .dtstart_us = civil_to_us(recur->dtstart),
                      .last_us = civil_to_us(recur->dtstart) - !recur->has_start,
                      .given = recur->has_start,
                      .steps = RECUR_STEPS_MAX,
                      .total_steps = steps,
                      .visit = visit,
                      .context = context};
    if (civil_compare(recur->dtstart, until) >= 0)
        return;
    /* RFC 5545 section 3.8.5.3: DTSTART is the first instance, whatever the rule. */
    if (recur->has_start && civil_compare(recur->dtstart, from) >= 0 &&
        !visit(context, recur->dtstart))
        return;
    imply(&run.rule, recur->dtstart.date);
    list_times(&run);
    if (run.rule.freq >= FREQ_DAILY)
        run_days(&run);
    else if (!recur->is_date) /* hours of a day without clock mean nothing */
        run_times(&run);
}
