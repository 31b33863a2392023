#ifndef RENDEZ_DOMAIN_TIMEX_ACTIONS_H
#define RENDEZ_DOMAIN_TIMEX_ACTIONS_H

#include "domain/timex/internal.h"

/* What rules do with the meanings of their parts. An action gets its rule's argument and one
 * kid per element of the pattern (NULL: an optional one that is absent), and refuses by
 * returning false. */

/* The nth kid (from 0) of one of the categories, or NULL. */
static inline const struct meaning *kid_of(struct meaning *const *k, uint64_t cats, int nth)
{
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (BIT(k[i]->cat) & cats) && nth-- == 0)
            return k[i];
    return NULL;
}

/* Whole days. */
static inline void absolute(struct meaning *out, int32_t day, int32_t count, int grain)
{
    out->cat = CAT_date;
    out->day0 = day;
    out->day1 = day + count;
    out->grain = (uint8_t)grain;
    out->year = 0;
    out->month = out->dom = 0;
    out->wd = -1;
}

static inline int weekday(int32_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

/* Of act_clock.c, for the moments too. */
void clock_set(struct meaning *out, int32_t t, uint32_t flags, int grain);
bool hour_number(const struct meaning *n);
bool any_hour(const struct reader *r, struct meaning *part); /* of act_moment.c */
uint32_t ambiguity(const struct meaning *n);
bool fit_part(int32_t *t, uint32_t *ambiguous, int part, uint32_t flag);
bool range_of(struct meaning *out, int32_t a, uint32_t fa, int32_t b, uint32_t fb);
/* Of act_date.c: the nth weekday or unit of a frame of days, from its end when nth < 0. */
bool nth_weekday(int nth, int wd, int32_t from, int32_t to, int32_t *day);
bool nth_unit(int nth, int unit, const struct meaning *frame, struct meaning *out);

#define ACTIONS(X)                                                                                 \
    X(num_tens)                                                                                    \
    X(num_times)                                                                                   \
    X(num_plus)                                                                                    \
    X(ord_tens)                                                                                    \
    X(num_and_half)                                                                                \
    X(num_year)                                                                                    \
    X(pass)                                                                                        \
    X(date_dom_month)                                                                              \
    X(date_month_dom)                                                                              \
    X(date_dom)                                                                                    \
    X(date_month)                                                                                  \
    X(date_year_month) X(date_wd) X(date_wd_date) X(date_wd_dom) X(date_offset) X(                 \
        date_rel_unit) X(date_rel_wd) X(date_rel_month) X(date_rel_num_unit) X(date_nth_of)        \
        X(date_week_of) X(date_wd_weeks) X(date_dur_shift) X(date_dur_from) X(date_within) X(      \
            date_edge) X(date_season) X(date_holiday) X(date_in) X(date_year) X(date_rest)         \
            X(date_mi_month) X(date_after_next) X(date_dom_of) X(date_num_wd) X(date_half_of) X(   \
                date_now) X(date_eod) X(date_wd_part) X(date_quarter) X(date_decade) X(clock_noon) \
                X(clock_num) X(clock_num_hour) X(clock_ampm) X(clock_part) X(clock_past) X(        \
                    clock_to) X(clock_half_past) X(clock_half_to) X(clock_believe) X(clock_zone) X(zone_own)   \
                    X(clock_military) X(clocks_range) X(clocks_nums) X(clocks_part) X(             \
                        clocks_zone) X(part_word) X(part_edge) X(moment_join) X(moment_part_clock) \
                        X(moment_range) X(moment_for) X(part_this) X(moment_ampm) X(               \
                            dates_range) X(dates_dom_range) X(dates_month_range) X(dates_wd_range) \
                            X(dates_list) X(dur_num_unit) X(dur_unit) X(dur_half_unit) X(          \
                                dur_plus) X(dur_half_more) X(dur_clock) X(dur_hour_num) X(dur_all) \
                                X(dur_quarters) X(open_after) X(open_before) X(open_join) X(       \
                                    open_part) X(set_every_unit) X(set_every_wd) X(set_plural)     \
                                    X(set_join_clock) X(set_list) X(set_nth) X(set_every_date)     \
                                        X(set_adverb) X(set_part) X(set_until) X(set_count)        \
                                            X(set_except) X(set_month) X(set_on_dom) X(set_times)  \
                                                X(date_in_unit) X(date_weekend) X(date_nth_hence)  \
                                                    X(clock_sharp) X(part_tonight)                 \
                                                        X(moment_lasting) X(holiday_shift)         \
                                                            X(open_onwards) X(set_weekends)        \
                                                                X(date_day_after)                  \
                                                                    X(dates_num_date) X(set_edge)  \
                                                                        X(set_merge)               \
                                                                            X(set_nth_month)       \
                                                                                X(set_on_parts)    \
                                                                                    X(moment_dated)
/* Of act_french.c: what only the rules of fr/ call. */
#define ACTIONS_FR(X)                                                                              \
    X(date_week_number)                                                                            \
    X(date_nth_of_unit)                                                                            \
    X(date_dom_of_unit)                                                                            \
    X(date_few_units)                                                                              \
    X(date_within_the)                                                                             \
    X(date_wd_eight)                                                                               \
    X(date_part_of_year)                                                                           \
    X(date_this)                                                                                   \
    X(open_inclusive)                                                                              \
    X(set_every_num_wd)                                                                            \
    X(dur_of_clock)                                                                                \
    X(dur_span)                                                                                    \
    X(date_weekend_of)                                                                             \
    X(moment_night)                                                                                \
    X(clock_for)                                                                                   \
    X(dates_few_of)                                                                                \
    X(moment_edge)                                                                                 \
    X(dom_of_date)                                                                                 \
    X(clock_shift)                                                                                 \
    X(in_dur_from)                                                                                 \
    X(moment_in)                                                                                   \
    X(clock_dur)                                                                                   \
    X(until_year)                                                                                  \
    X(on_num_clock)                                                                                \
    X(wd_dom_part)                                                                                 \
    X(wd_le_dom_clock)                                                                             \
    X(unit_beside)                                                                                 \
    X(unit_current)                                                                                \
    X(clocks_to_part)                                                                              \
    X(clock_before)                                                                                \
    X(wd_dom_the_part)                                                                             \
    X(open_span)                                                                                   \
    X(date_all_day)                                                                                \
    X(date_half)                                                                                   \
    X(open_earliest)                                                                               \
    X(moment_part_dom)                                                                             \
    X(set_one_of)                                                                                  \
    X(set_on_wd)                                                                                   \
    X(set_every_dom)

/* Of act_count.c and its neighbours: what only the rules of en/ call. */
#define ACTIONS_EN(X)                                                                              \
    X(week_number)                                                                                 \
    X(week_numbers)                                                                                \
    X(dates_count_of)                                                                              \
    X(nth_of_unit)                                                                                 \
    X(open_than)                                                                                   \
    X(dur_than)                                                                                    \
    X(open_pair)                                                                                   \
    X(wd_dur_from)                                                                                 \
    X(nth_here)                                                                                    \
    X(nth_part_of)                                                                                 \
    X(moment_year)                                                                                 \
    X(dates_edges)                                                                                 \
    X(dates_clock)                                                                                 \
    X(dur_more)                                                                                    \
    X(clock_spoken)                                                                                \
    X(day_edge)                                                                                    \
    X(decade_word)                                                                                 \
    X(last_but)                                                                                    \
    X(set_two_doms)                                                                                \
    X(set_weekend_of)                                                                              \
    X(set_last_dom)                                                                                \
    X(set_every_dur)                                                                                \
    X(beside)                                                                                      \
    X(clock_minutes)                                                                               \
    X(dur_the_hour)                                                                                \
    X(clock_hours)                                                                                 \
    X(date_paren)                                                                                  \
    X(that_unit)                                                                                   \
    X(before_last)                                                                                 \
    X(next_units)                                                                                  \
    X(eod_of)                                                                                      \
    X(weekend_of)                                                                                  \
    X(half_of_unit)                                                                                \
    X(quarter_in)                                                                                  \
    X(first_of)                                                                                    \
    X(rest_of_day)                                                                                 \
    X(dur_upper)                                                                                   \
    X(in_next_dur)                                                                                 \
    X(my_unit)                                                                                     \
    X(now_less)                                                                                    \
    X(rel_date)                                                                                    \
    X(to_date)                                                                                     \
    X(fiscal_year)                                                                                 \
    X(said_year)                                                                                   \
    X(century)                                                                                     \
    X(within_of)                                                                                   \
    X(nth_beside)                                                                                  \
    X(weekends_from)                                                                               \
    X(closest)                                                                                     \
    X(open_latest)                                                                                 \
    X(holiday_unit)

#define X(name) action_fn act_##name;
ACTIONS(X)
ACTIONS_FR(X)
ACTIONS_EN(X)
#undef X

#endif
