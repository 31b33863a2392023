#include "domain/timex/actions.h"
#include "domain/timex/names.h"

/* What counts: numbered weeks, "the first two weeks of May", "more than a week ago", the second
 * Tuesday, and two bounds that close on each other. */

enum { DAY = 86400 };

/* The Monday of an ISO week: week 1 holds the fourth of January. */
static int32_t iso_monday(int year, int week)
{
    int32_t fourth = (int32_t)civil_date_to_days((struct civil_date){year, 1, 4});
    return fourth - weekday(fourth) + 7 * (week - 1);
}

static bool plain(const struct meaning *n, int32_t max)
{
    return n->value >= 1 && n->value <= max && n->seconds % 1000 == 0;
}

/* Without a year, the week that is not over yet. */
static bool numbered_week(const struct reader *r, const struct meaning *n,
                          const struct meaning *year, int32_t *monday)
{
    if (!plain(n, 53))
        return false;
    int y = year != NULL ? year->year : civil_date_from_days(r->today).year;
    *monday = iso_monday(y, n->value);
    if (year == NULL && *monday + 7 <= r->today)
        *monday = iso_monday(y + 1, n->value);
    return true;
}

static bool is_week(const struct meaning *unit)
{
    return unit->value == UNIT_WEEK && unit->value2 != 9;
}

/* "week 14", "CW 14 of 2027", "2027-W14" (arg 1: "w" may be the word) */
bool act_week_number(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 0);
    int32_t monday;
    if ((arg ? unit->value != UNIT_WEEK : !is_week(unit)) || unit->flags & F_PLURAL ||
        n->flags & F_PARTWORD || !numbered_week(r, n, kid_of(k, BIT(CAT_year), 0), &monday))
        return false;
    absolute(out, monday, 7, GRAIN_WEEK);
    out->flags |= F_WEEKDAYS;
    if (n->value <= 5 && kid_of(k, BIT(CAT_year), 0) == NULL && monday > r->today + 28)
        out->flags |= F_WHICH; /* "week 2" may be the second of something else */
    return true;
}

/* "weeks 14 to 16", "week 14 or 15" */
bool act_week_numbers(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *a = kid_of(k, BIT(CAT_num), 0), *b = kid_of(k, BIT(CAT_num), 1);
    const struct meaning *year = kid_of(k, BIT(CAT_year), 0);
    int32_t from, to;
    (void)arg;
    if (!is_week(unit) || a->value >= b->value || !numbered_week(r, a, year, &from) ||
        !numbered_week(r, b, year, &to) || to <= from)
        return false;
    absolute(out, from, to + 7 - from, GRAIN_DAY);
    out->cat = CAT_dates;
    out->flags |= F_WEEKDAYS;
    return true;
}

/* What the days are counted in: a date, or "the month" and the like, `ahead` of this one. */
static bool frame_of(const struct reader *r, struct meaning *const *k, int ahead,
                     struct meaning *frame)
{
    const struct meaning *date = kid_of(k, BIT(CAT_date), 0);
    const struct meaning *first = kid_of(k, BIT(CAT_unit), 0), *unit = kid_of(k, BIT(CAT_unit), 1);
    if (date != NULL) {
        *frame = *date;
        return ahead == 0 && frame->grain >= GRAIN_WEEK && date_resolve(r, frame);
    }
    unit = unit != NULL ? unit : first;
    if (unit->value < UNIT_WEEK || unit->value > UNIT_YEAR || unit->flags & F_PLURAL ||
        unit->value2 == 9)
        return false;
    *frame = meaning_none(CAT_date);
    days_of_unit(unit->value, r->today, ahead, frame);
    return true;
}

static bool counted(const struct meaning *rank, const struct meaning *n, const struct meaning *unit,
                    const struct meaning *frame, struct meaning *out)
{
    bool last = rank->cat == CAT_last;
    struct meaning near = meaning_none(CAT_date), far = meaning_none(CAT_date);
    if (!nth_unit(last ? -1 : 1, unit->value, frame, &near) ||
        !nth_unit(last ? -n->value : n->value, unit->value, frame, &far))
        return false;
    int32_t from = last ? far.day0 : near.day0, to = last ? near.day1 : far.day1;
    absolute(out, from, to - from, GRAIN_DAY);
    out->cat = CAT_dates;
    return to > from;
}

/* "the first two weeks of May", "the last 10 days of the year" */
bool act_dates_count_of(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *rank = kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0);
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_few), 0);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    struct meaning frame;
    (void)arg;
    if ((rank->cat == CAT_ord && rank->value != 1) || !plain(n, 60) || unit->value < UNIT_DAY)
        return false;
    for (int ahead = 0; ahead < 2; ahead++)
        if (frame_of(r, k, ahead, &frame) && counted(rank, n, unit, &frame, out) &&
            (out->day1 > r->today || ahead == 1 || kid_of(k, BIT(CAT_date), 0) != NULL))
            return true;
    return false;
}

/* "the last Friday of the month", "the first week of the quarter": of this one, or of the next
 * when it is over. */
bool act_nth_of_unit(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning rank = *kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0), frame;
    struct meaning what = *kid_of(k, BIT(CAT_wd) | BIT(CAT_unit), 0);
    struct meaning *const kids[PATTERN_MAX] = {&rank, &what, &frame};
    if (what.cat == CAT_unit && kid_of(k, BIT(CAT_unit), 1) == NULL)
        return false;
    for (int ahead = 0; ahead < 2; ahead++)
        if (frame_of(r, k, ahead, &frame) && act_date_nth_of(r, arg, kids, out) &&
            out->day1 > r->today)
            return true;
    return false;
}

/* Whole days while nothing smaller is said. */
static bool stretch(int64_t from, int64_t to, struct meaning *out)
{
    int32_t day0 = (int32_t)(from / DAY), day1 = (int32_t)(to / DAY);
    if (from < 0 || to <= from)
        return false;
    if (from % DAY == 0 && to % DAY == 0) {
        absolute(out, day0, day1 - day0, GRAIN_DAY);
        out->cat = CAT_dates;
        return true;
    }
    absolute(out, day0, day1 - day0 + 1, GRAIN_MINUTE);
    out->cat = CAT_moment;
    out->t0 = (int32_t)(from % DAY);
    out->t1 = (int32_t)(to % DAY);
    return true;
}

static int64_t second_of(const struct meaning *m)
{
    return (int64_t)m->day0 * DAY + (m->t0 >= 0 ? m->t0 : 0);
}

/* "more than two weeks ago", "less than 3 days before Monday": from an anchor (now, when none is
 * said) one way; the sign says which. More leaves it open, less closes it at the anchor. */
bool act_open_than(const struct reader *r, int sign, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *than = kid_of(k, BIT(CAT_than), 0), *dur = kid_of(k, BIT(CAT_dur), 0);
    const struct meaning *said = kid_of(k, BIT(CAT_date) | BIT(CAT_clock) | BIT(CAT_moment), 0);
    struct meaning anchor = meaning_none(CAT_date), far = meaning_none(CAT_date);
    bool fine = dur->grain <= GRAIN_HOUR || dur->seconds % DAY != 0;
    if (than->value > 2 || dur->months > 1200 || dur->seconds > INT64_C(86400) * 4000)
        return false;
    if (said != NULL && said->cat != CAT_clock) {
        anchor = *said;
        if (anchor.grain > GRAIN_DAY || !date_resolve(r, &anchor))
            return false;
    } else {
        absolute(&anchor, r->today, 1, GRAIN_DAY);
        anchor.t0 = said != NULL ? said->t0 : fine ? r->now : -1;
    }
    int64_t at = second_of(&anchor);
    int64_t end = (int64_t)day_shift_months(anchor.day0, sign * dur->months) * DAY +
                  (at - (int64_t)anchor.day0 * DAY) + sign * dur->seconds;
    if (than->value == 2)
        return sign > 0 ? stretch(at, end, out) : stretch(end, at, out);
    if (end < 0)
        return false;
    absolute(&far, (int32_t)(end / DAY), 1, GRAIN_DAY);
    if (anchor.t0 >= 0 || end % DAY != 0) {
        far.cat = CAT_moment;
        far.t0 = (int32_t)(end % DAY);
        far.grain = GRAIN_MINUTE;
    }
    *out = far;
    out->cat = CAT_open;
    out->open = sign > 0 ? TIMEX_AFTER : TIMEX_BEFORE;
    out->value = 1;
    out->flags = F_DEICTIC;
    return true;
}

/* "more than two hours", "at least 30 minutes" */
bool act_dur_than(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    *out = *kid_of(k, BIT(CAT_dur), 0);
    out->flags |= F_AFTERSAID; /* a bound: nothing adds to it */
    return true;
}

/* "after 9:30 but before 11", "before Friday and after Tuesday": what lies between. */
bool act_open_pair(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *a = kid_of(k, BIT(CAT_open), 0), *b = kid_of(k, BIT(CAT_open), 1);
    (void)r;
    (void)arg;
    if (a->open == b->open)
        return false;
    struct meaning from = a->open == TIMEX_AFTER ? *a : *b, to = a->open == TIMEX_AFTER ? *b : *a;
    bool dated_from = from.day1 > from.day0, dated_to = to.day1 > to.day0;
    if (from.t0 >= 0 && to.t0 >= 0 && (!dated_from || !dated_to)) {
        const struct meaning *dated = dated_from ? &from : &to;
        if (!range_of(out, from.t0, from.flags, to.t0, to.flags))
            return false;
        out->zone = to.zone ? to.zone : from.zone;
        if (!dated_from && !dated_to)
            return true;
        out->cat = CAT_moment;
        out->day0 = dated->day0;
        out->day1 = dated->day1;
        out->flags |= dated->flags & (F_BAD | F_WHICH | F_SWAP | F_DEICTIC);
        return true;
    }
    if (!dated_from || !dated_to || from.t0 >= 0 || to.t0 >= 0)
        return false;
    if (to.day1 <= from.day1 && to.wd >= 0 && !to.dom)
        to.day0 += 7, to.day1 += 7;
    int32_t day0 = from.value == 0 ? from.day1 : from.day0;
    int32_t day1 = to.value == 0 && to.edge != EDGE_LATE ? to.day0 : to.day1;
    absolute(out, day0, day1 - day0, GRAIN_DAY);
    out->cat = CAT_dates;
    return day1 > day0;
}

/* "Monday two weeks from now", "Sunday, 3 weeks after January 15": that weekday of the week it
 * leads to, a week that begins on a Sunday as the calendars of those who say so. */
bool act_wd_dur_from(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0);
    struct meaning dur = *kid_of(k, BIT(CAT_dur), 0), then = meaning_none(CAT_date);
    struct meaning *const shift[PATTERN_MAX] = {&dur};
    struct meaning *const from[PATTERN_MAX] = {&dur, k[6]};
    if (arg ? !act_date_dur_from(r, 1, from, &then) : !act_date_dur_shift(r, 1, shift, &then))
        return false;
    if (wd->flags & F_PLURAL || then.day1 - then.day0 != 1 || then.t0 >= 0 ||
        (dur.months == 0 && dur.seconds < INT64_C(7) * DAY))
        return false;
    int32_t sunday = then.day0 - (weekday(then.day0) + 1) % 7;
    absolute(out, sunday + (wd->value + 1) % 7, 1, GRAIN_DAY);
    out->flags |= F_DEICTIC;
    return true;
}

/* "the second Tuesday": of this month, or of the next one when it is over. */
bool act_nth_here(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *rank = kid_of(k, BIT(CAT_ord), 0), *wd = kid_of(k, BIT(CAT_wd), 0);
    struct meaning month = meaning_none(CAT_date);
    int32_t day;
    (void)arg;
    if (rank->value < 1 || rank->value > 5 || wd->flags & F_PLURAL)
        return false;
    for (int ahead = 0; ahead < 4; ahead++) {
        days_of_unit(UNIT_MONTH, r->today, ahead, &month);
        if (nth_weekday(rank->value, wd->value, month.day0, month.day1, &day) && day >= r->today) {
            absolute(out, day, 1, GRAIN_DAY);
            return true;
        }
    }
    return false;
}

/* "the first Monday evening of next month", "the last Friday at 3pm in May" */
bool act_nth_part_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const uint64_t times = BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_part);
    struct meaning rank = *kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0);
    struct meaning wd = *kid_of(k, BIT(CAT_wd), 0), frame = *kid_of(k, BIT(CAT_date), 0);
    struct meaning time = *kid_of(k, times, 0), day = meaning_none(CAT_date);
    struct meaning *const days[PATTERN_MAX] = {&rank, &wd, &frame};
    struct meaning *const both[PATTERN_MAX] = {&day, &time};
    (void)arg;
    return act_date_nth_of(r, 0, days, &day) && act_moment_join(r, 0, both, out);
}

/* "second to last", "the third-last": how far from the end. */
bool act_last_but(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *rank = kid_of(k, BIT(CAT_ord), 0);
    (void)r;
    (void)arg;
    if (rank->value < 1 || rank->value > 10 || kid_of(k, BIT(CAT_last), 0)->value2 != 1)
        return false;
    *out = meaning_none(CAT_last);
    out->value = rank->value;
    return true;
}
