#include "domain/timex/actions.h"
#include "domain/timex/names.h"

/* What English says of stretches that were named before, and of the ends of days. */

static bool calendar_unit(const struct meaning *unit)
{
    return unit->value >= UNIT_DAY && unit->value <= UNIT_WEEKEND && unit->value2 != 9 &&
           !(unit->flags & F_PLURAL);
}

/* "that week", "the same weekend"; arg 7: "the week after (that)". Days of this week until
 * ellipsis.c finds what they hang on. */
bool act_that_unit(const struct reader *r, int days, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *word = kid_of(k, BIT(CAT_word), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    bool known = unit->value == UNIT_WEEK || (unit->value == UNIT_WEEKEND && days == 0);
    if ((word != NULL && word->value != WORD_THAT) || !calendar_unit(unit) || !known)
        return false;
    days_of_unit(unit->value, r->today, days / 7, out);
    int32_t from = out->day0, count = out->day1 - out->day0;
    absolute(out, from, count, unit->value == UNIT_WEEK ? GRAIN_WEEK : GRAIN_PART);
    out->freq = FREQ_ANAPHOR;
    out->flags = F_DEICTIC | F_WEEKDAYS;
    return true;
}

/* "the week before last", "the night before last" */
bool act_before_last(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *pod = kid_of(k, BIT(CAT_pod), 0);
    (void)arg;
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0);
    if (kid_of(k, BIT(CAT_last), 0)->value != 1)
        return false;
    if (wd != NULL) { /* "the Friday before last" */
        int back = (weekday(r->today) - wd->value + 7) % 7;
        absolute(out, r->today - (back ? back : 7) - 7, 1, GRAIN_DAY);
        return !(wd->flags & F_PLURAL);
    }
    if (pod != NULL) {
        struct meaning part = *pod;
        struct meaning *const kids[PATTERN_MAX] = {&part};
        return act_part_this(r, -2, kids, out);
    }
    return unit->value >= UNIT_WEEK && unit->value != UNIT_NIGHT &&
           act_date_after_next(r, -2, k, out);
}

/* "in the coming weeks", "the last few days" without their number */
bool act_next_units(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)arg;
    if (!(unit->flags & F_PLURAL) || unit->value2 == 9 || unit->value < UNIT_HOUR)
        return false;
    return act_date_rel_num_unit(r, kid_of(k, BIT(CAT_next), 0) != NULL ? 1 : -1, k, out);
}

static bool late_part_of(const struct reader *r, const struct meaning *date, int edge,
                         struct meaning *out)
{
    struct meaning late = meaning_none(CAT_edge), day = *date;
    late.value = edge;
    late.value2 = 1;
    struct meaning *const kids[PATTERN_MAX] = {&late, &day};
    return act_day_edge(r, 1, kids, out);
}

/* "EOD Friday", "close of business on Monday" */
bool act_eod_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    return kid_of(k, BIT(CAT_tenday), 0)->value == UNIT_DAY &&
           late_part_of(r, kid_of(k, BIT(CAT_date), 0), EDGE_LATE, out);
}

/* "the weekend of the 12th": that holds it, or else follows it */
bool act_weekend_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    struct meaning date = *kid_of(k, BIT(CAT_date), 0);
    (void)arg;
    if (unit->value != UNIT_WEEKEND || unit->flags & F_PLURAL || date.grain > GRAIN_WEEK ||
        date.flags & F_PLURAL || !date_resolve(r, &date))
        return false;
    days_of_unit(UNIT_WEEKEND, date.day0, 0, out);
    return true;
}

/* "the second half of the month" */
bool act_half_of_unit(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    struct meaning rank = *kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0), frame;
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    if (unit->value < UNIT_WEEK || unit->value > UNIT_YEAR || unit->value2 == 9 ||
        unit->flags & F_PLURAL)
        return false;
    frame = meaning_none(CAT_date);
    days_of_unit(unit->value, r->today, 0, &frame);
    struct meaning *const kids[PATTERN_MAX] = {&rank, &frame};
    return act_date_half_of(r, arg, kids, out);
}

/* "Q1 next year", "Q3 of this year" */
bool act_quarter_in(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning date = *kid_of(k, BIT(CAT_date), 0), year = meaning_none(CAT_year);
    struct meaning word = *kid_of(k, BIT(CAT_word), 0), n = *kid_of(k, BIT(CAT_num), 0);
    if (date.grain != GRAIN_YEAR || !date_resolve(r, &date) || date.day1 - date.day0 > 366)
        return false;
    year.year = (int16_t)civil_date_from_days(date.day0).year;
    struct meaning *const kids[PATTERN_MAX] = {&word, &n, &year};
    return act_date_quarter(r, arg, kids, out);
}

/* "first thing tomorrow morning" */
bool act_first_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *part = kid_of(k, BIT(CAT_part), 0), *day = kid_of(k, BIT(CAT_moment), 0);
    (void)arg;
    if (part->part != PART_FIRST || !(day->flags & F_PERIOD))
        return false;
    *out = *day;
    out->part = PART_FIRST;
    out->edge = EDGE_NONE;
    return part_hours(r, PART_FIRST, EDGE_NONE, &out->t0, &out->t1);
}

/* "the rest of the day", "later today": from now to its end */
bool act_rest_of_day(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *date = kid_of(k, BIT(CAT_date), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)arg;
    if (r->meals) /* a message's "rest of the day" is bounded by its now already */
        return false;
    if (date != NULL ? date->day0 != r->today || date->day1 != r->today + 1
                     : unit->value != UNIT_DAY || unit->value2 == 9 || unit->flags & F_PLURAL)
        return false;
    absolute(out, r->today, 1, GRAIN_MINUTE);
    out->cat = CAT_moment;
    out->t0 = r->now;
    out->t1 = 24 * 3600;
    out->flags = F_DEICTIC | F_HAS24;
    return true;
}

/* "1-2 hours", "between 30 and 45 minutes": as long as it may take */
bool act_dur_upper(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *a = kid_of(k, BIT(CAT_num), 0), *b = kid_of(k, BIT(CAT_num), 1);
    const struct meaning *joint = kid_of(k, BIT(CAT_and), 0);
    struct meaning most = *b, unit = *kid_of(k, BIT(CAT_unit) | BIT(CAT_hour), 0);
    if (a->seconds >= b->seconds || a->seconds <= 0 || unit.cat == CAT_hour ||
        (joint != NULL && kid_of(k, BIT(CAT_between), 0) == NULL))
        return false;
    struct meaning *const kids[PATTERN_MAX] = {&most, &unit};
    return act_dur_num_unit(r, arg, kids, out);
}

/* "offline for the hour" */
bool act_dur_the_hour(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)r;
    (void)arg;
    if (unit->value != UNIT_HOUR || unit->flags & F_PLURAL)
        return false;
    duration_of(UNIT_HOUR, 1000, out);
    return true;
}

/* "in the next half hour" */
bool act_in_next_dur(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning dur = *kid_of(k, BIT(CAT_dur), 0);
    (void)arg;
    if (kid_of(k, BIT(CAT_next), 0) == NULL || dur.grain > GRAIN_HOUR)
        return false;
    struct meaning *const kids[PATTERN_MAX] = {&dur};
    return act_date_within(r, 0, kids, out);
}

/* "my week": this one. What a message allows does not follow from it. */
bool act_my_unit(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)arg;
    if (r->meals || k[0]->value != 4 || !calendar_unit(unit) || unit->value == UNIT_DAY ||
        unit->value > UNIT_MONTH)
        return false;
    absolute(out, 0, 0, 0);
    days_of_unit(unit->value, r->today, 0, out);
    out->flags |= F_DEICTIC;
    return true;
}

/* "now - 30 minutes" */
bool act_now_less(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    struct meaning dur = *k[2];
    struct meaning *const kids[PATTERN_MAX] = {&dur};
    return k[0]->grain == GRAIN_SECOND && k[0]->flags & F_DEICTIC &&
           act_date_dur_shift(r, -1, kids, out);
}

/* "next Friday 12/4", "this Sat, Sep 21": the date is the one that was written. */
bool act_rel_date(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    *out = *k[1];
    return k[1]->dom && k[1]->wd >= 0 && !(k[1]->flags & F_PLURAL);
}

/* "year to date", "YTD": until today */
bool act_to_date(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *word = kid_of(k, BIT(CAT_word), 0);
    (void)arg;
    int which = unit != NULL ? unit->value : word->value2;
    if (r->meals || word->value != WORD_TODATE ||
        (unit != NULL && (word->value2 || !calendar_unit(unit))) || which < UNIT_WEEK ||
        which > UNIT_YEAR)
        return false;
    days_of_unit(which, r->today, 0, out);
    int32_t from = out->day0;
    absolute(out, from, r->today - from, GRAIN_DAY);
    out->cat = CAT_dates;
    return out->day1 > out->day0;
}

/* "FY 2027", "calendar year 2027": whose year begins when is not said */
bool act_fiscal_year(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *year = kid_of(k, BIT(CAT_year), 0), *n = kid_of(k, BIT(CAT_num), 0);
    (void)arg;
    if (r->meals || kid_of(k, BIT(CAT_word), 0)->value != WORD_FISCAL ||
        (year == NULL && (n->value2 != 2 || n->flags & F_PARTWORD)))
        return false;
    out->year = (int16_t)(year != NULL ? year->year : 2000 + n->value);
    out->grain = GRAIN_YEAR;
    out->flags = F_FIXED;
    return true;
}

/* "in the year 2027" */
bool act_said_year(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)r;
    (void)arg;
    if (unit->value != UNIT_YEAR || unit->flags & F_PLURAL || unit->value2 == 9)
        return false;
    out->year = kid_of(k, BIT(CAT_year), 0)->year;
    out->grain = GRAIN_YEAR;
    out->flags = F_FIXED;
    return true;
}

/* "the 21st century" */
bool act_century(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    int n = kid_of(k, BIT(CAT_ord), 0)->value;
    (void)r;
    (void)arg;
    if (kid_of(k, BIT(CAT_unit), 0)->value != UNIT_CENTURY || n < 2 || n > 30)
        return false;
    int32_t from = (int32_t)civil_date_to_days((struct civil_date){(n - 1) * 100, 1, 1});
    absolute(out, from, day_shift_months(from, 1200) - from, GRAIN_YEAR);
    out->cat = CAT_dates;
    return true;
}

/* "within 3 days of Monday": from that day on */
bool act_within_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *dur = kid_of(k, BIT(CAT_dur), 0);
    struct meaning date = *kid_of(k, BIT(CAT_date), 0);
    (void)arg;
    if (date.grain > GRAIN_DAY || date.flags & F_PLURAL || !date_resolve(r, &date) ||
        dur->seconds % (24 * 3600) != 0 || dur->months < 0 || dur->months > 60 ||
        dur->seconds > INT64_C(86400) * 400 || kid_of(k, BIT(CAT_within), 0)->value2 != 0)
        return false;
    int32_t to = day_shift_months(date.day0, dur->months) + (int32_t)(dur->seconds / 86400);
    absolute(out, date.day0, to - date.day0, GRAIN_DAY);
    out->cat = CAT_dates;
    return to > date.day0;
}

/* "the second Monday after January 10" */
bool act_nth_beside(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    int n = kid_of(k, BIT(CAT_ord), 0)->value;
    struct meaning wd = *kid_of(k, BIT(CAT_wd), 0), date = *kid_of(k, BIT(CAT_date), 0);
    const struct meaning *before = kid_of(k, BIT(CAT_before), 0);
    struct meaning joint = meaning_none(before != NULL ? CAT_before : CAT_after);
    struct meaning *const kids[PATTERN_MAX] = {&wd, &joint, &date};
    if (n < 1 || n > 52 || !act_beside(r, arg, kids, out))
        return false;
    out->day0 += (before != NULL ? -7 : 7) * (n - 1);
    out->day1 = out->day0 + 1;
    return true;
}

/* "two weekends ago", "in 3 weekends" */
bool act_weekends_from(const struct reader *r, int sign, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_few), 0);
    if (unit->value != UNIT_WEEKEND || n->value < 1 || n->value > 60 || n->seconds % 1000)
        return false;
    days_of_unit(UNIT_WEEKEND, r->today, sign > 0 ? n->value - 1 : -n->value, out);
    out->flags = F_DEICTIC;
    return true;
}

/* "the closest Friday to the 9th", "the second closest Monday to October 5" */
bool act_closest(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *rank = kid_of(k, BIT(CAT_ord), 0), *wd = kid_of(k, BIT(CAT_wd), 0);
    const struct meaning *word = kid_of(k, BIT(CAT_day), 0);
    struct meaning date = meaning_none(CAT_date);
    int n = rank != NULL ? rank->value : 1;
    (void)arg;
    if (kid_of(k, BIT(CAT_word), 0)->value != WORD_CLOSEST || n < 1 || n > 9)
        return false;
    if (word != NULL)
        absolute(&date, r->today + word->value, 1, GRAIN_DAY);
    else
        date = *kid_of(k, BIT(CAT_date), 0);
    if (date.grain > GRAIN_DAY || !date_resolve(r, &date))
        return false;
    int32_t before = date.day0 - (weekday(date.day0) - wd->value + 7) % 7, after = before + 7;
    for (; n > 1; n--)
        if (date.day0 - before <= after - date.day0)
            before -= 7;
        else
            after += 7;
    absolute(out, date.day0 - before <= after - date.day0 ? before : after, 1, GRAIN_DAY);
    return true;
}

/* "Friday at the latest": "by" behind what it bounds */
bool act_open_latest(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    return kid_of(k, BIT(CAT_by), 0)->value2 == 8 && act_open_before(r, arg, k, out);
}

/* "Christmas week", "Easter weekend": that hold it, or the weekend behind it */
bool act_holiday_unit(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    struct meaning name = *kid_of(k, BIT(CAT_holiday), 0), day = meaning_none(CAT_date);
    struct meaning *const kids[PATTERN_MAX] = {&name};
    if ((unit->value != UNIT_WEEK && unit->value != UNIT_WEEKEND) || unit->flags & F_PLURAL ||
        unit->value2 == 9 || !act_date_holiday(r, arg, kids, &day))
        return false;
    days_of_unit(unit->value, day.day0, 0, out);
    if (unit->value == UNIT_WEEK)
        out->flags |= F_WEEKDAYS;
    return true;
}
