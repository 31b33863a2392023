#include "domain/timex/actions.h"

/* Recurrences, after RFC 5545. freq: 1 daily, 2 weekly, 3 monthly, 4 yearly, 5 hourly,
 * 6 minutely, 7 secondly. */

static void repeat(struct meaning *out, int freq, int interval)
{
    out->cat = CAT_set;
    out->freq = (uint8_t)freq;
    out->interval = (int16_t)interval;
}

static bool repeat_unit(struct meaning *out, int unit, int n)
{
    static const uint8_t freqs[] = {
        [UNIT_SECOND] = 7,    [UNIT_MINUTE] = 6,    [UNIT_HOUR] = 5,    [UNIT_DAY] = 1,
        [UNIT_WEEK] = 2,      [UNIT_MONTH] = 3,     [UNIT_QUARTER] = 3, [UNIT_YEAR] = 4,
        [UNIT_FORTNIGHT] = 2, [UNIT_WEEKEND] = 2,   [UNIT_WORKDAY] = 2, [UNIT_NIGHT] = 1,
        [UNIT_SEMESTER] = 3,  [UNIT_HALFMONTH] = 2,
    };
    if ((size_t)unit >= sizeof freqs || freqs[unit] == 0 || n < 1 || n > 999)
        return false;
    int factor = unit == UNIT_QUARTER                               ? 3
                 : unit == UNIT_SEMESTER                            ? 6
                 : unit == UNIT_FORTNIGHT || unit == UNIT_HALFMONTH ? 2
                                                                    : 1;
    repeat(out, freqs[unit], n * factor);
    if (unit == UNIT_WEEKEND)
        out->byday = 1u << SATURDAY | 1u << SUNDAY;
    if (unit == UNIT_WORKDAY)
        out->byday = 31;
    return true;
}

/* "chaque jour", "every two weeks", "every 3rd month", "every other day" */
bool act_set_every_unit(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)arg;
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 0);
    if (unit->value2 == 9 || every->value == 2 || unit->value == UNIT_NIGHT)
        return false;
    int count = n != NULL ? n->value : every->value2 > 0 ? every->value2 : 1;
    if (unit->value == UNIT_DAY && (count == 8 || count == 15) &&
        habit(r, HABIT_COUNTS_BOTH_ENDS)) /* both ends are counted: weeks */
        return repeat_unit(out, UNIT_WEEK, count / 7);
    return repeat_unit(out, unit->value, count);
}

bool act_set_every_wd(const struct reader *r, int nth, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0), *wd = kid_of(k, BIT(CAT_wd), 0);
    if (every->value == 2)
        return false;
    const struct meaning *ord = kid_of(k, BIT(CAT_ord) | BIT(CAT_num), 0);
    if (ord != NULL && (ord->value < 1 || ord->value > 52))
        return false;
    const struct meaning *last = kid_of(k, BIT(CAT_last), 0);
    if (last != NULL || (ord != NULL && ord->cat == CAT_ord && ord->value == 1)) {
        repeat(out, 3, 1); /* "every first Monday": of the month */
        out->nth = (int8_t)(last != NULL ? -last->value : 1);
        out->byday = (uint8_t)(1u << wd->value);
        return true;
    }
    repeat(out, 2, nth && ord ? ord->value : every->value2 > 0 ? every->value2 : 1);
    out->byday = (uint8_t)(1u << wd->value);
    return true;
}

bool act_set_part(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0), *pod = kid_of(k, BIT(CAT_pod), 0);
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0);
    if (every->value == 2)
        return false;
    repeat(out, wd != NULL ? 2 : 1, 1);
    if (wd != NULL)
        out->byday = (uint8_t)(1u << wd->value);
    out->part = (uint8_t)pod->value;
    out->edge = (uint8_t)pod->value2;
    out->flags = F_PERIOD;
    return part_hours(r, pod->value, pod->value2, &out->t0, &out->t1);
}

/* "on mornings" */
bool act_set_on_parts(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)arg;
    const struct meaning *pod = kid_of(k, BIT(CAT_pod), 0);
    if (!(pod->flags & F_PLURAL))
        return false;
    repeat(out, 1, 1);
    out->part = (uint8_t)pod->value;
    out->flags = F_PERIOD;
    return part_hours(r, pod->value, EDGE_NONE, &out->t0, &out->t1);
}

/* "daily", "hebdomadaire"; a word that is a set by itself */
bool act_set_adverb(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    if (k[0]->freq != 0 || k[0]->value < 1)
        return false;
    if (r->meals && k[0]->value == 3 && k[0]->value2 > 1)
        return false; /* "point trimestriel": its name, no wish */
    repeat(out, k[0]->value, k[0]->value2 > 0 ? k[0]->value2 : 1);
    return true;
}

/* "on Mondays", "les lundis" */
/* "on weekends" */
bool act_set_weekends(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    if (!(unit->flags & F_PLURAL) || (unit->value != UNIT_WEEKEND && unit->value != UNIT_WORKDAY))
        return false;
    return repeat_unit(out, unit->value, 1);
}

bool act_set_plural(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *date = kid_of(k, BIT(CAT_date), 0);
    if (!(date->flags & F_PLURAL) || date->wd < 0)
        return false;
    repeat(out, 2, 1);
    out->byday = (uint8_t)(1u << date->wd);
    return true;
}

static uint8_t days_between(int from, int to)
{
    uint8_t days = 0;
    for (int wd = from;; wd = (wd + 1) % 7) {
        days |= (uint8_t)(1u << wd);
        if (wd == to)
            return days;
    }
}

static int single_day(uint8_t days)
{
    for (int wd = 0; wd < 7; wd++)
        if (days == 1u << wd)
            return wd;
    return -1;
}

/* "mondays and thursdays", "every Mon thru Wed" */
bool act_set_list(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const uint64_t days = BIT(CAT_set) | BIT(CAT_wd) | BIT(CAT_date);
    const struct meaning *a = kid_of(k, days, 0), *b = kid_of(k, days, 1);
    const struct meaning *joint = kid_of(k, BIT(CAT_to) | BIT(CAT_dash), 0);
    uint8_t first = a->cat == CAT_set ? a->byday : a->wd >= 0 ? (uint8_t)(1u << a->wd) : 0;
    uint8_t second = b->cat == CAT_set ? b->byday : b->wd >= 0 ? (uint8_t)(1u << b->wd) : 0;
    if (first == 0 || second == 0 || (a->cat == CAT_set && a->freq != 2))
        return false;
    if ((a->cat == CAT_date && (a->dom || a->month)) ||
        (b->cat == CAT_set && b->t0 >= 0 && a->t0 >= 0))
        return false;
    *out = a->cat == CAT_set ? *a : *b;
    out->byday = first | second;
    if (joint != NULL) {
        if (single_day(first) < 0 || single_day(second) < 0)
            return false;
        out->byday = days_between(single_day(first), single_day(second));
    }
    if (b->cat == CAT_set && b->t0 >= 0) {
        out->t0 = b->t0;
        out->t1 = b->t1;
        out->part = b->part;
        out->flags |= b->flags;
    }
    if (b->cat == CAT_set && (b->until || b->count || b->flags & F_EXCEPT)) {
        out->until = b->until;
        out->count = b->count;
        out->flags |= b->flags & F_EXCEPT;
    }
    out->cat = CAT_set;
    return out->freq == 2;
}

bool act_set_join_clock(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0);
    const struct meaning *time =
        kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_part) | BIT(CAT_num), 0);
    if (time->cat == CAT_part && (time->flags & F_LATENT))
        return false;
    if (set->freq == 0 || (set->t0 >= 0 && !(set->flags & F_PERIOD)) || set->flags & F_EXCEPT ||
        (time->cat == CAT_clock && time->value == 1 && (time->flags & F_LATENT)))
        return false; /* "daily except tomorrow at 8", "Mondays in 2027" */
    int32_t t0 = time->t0;
    uint32_t flags = time->flags & ~(uint32_t)(F_LATENT | F_PLURAL);
    if (time->cat == CAT_num) {
        if (!(set->flags & F_PERIOD) || time->value > 12 || time->value < 1)
            return false;
        t0 = time->value * 3600;
        flags = F_AMPM0;
    }
    *out = *set;
    if ((set->flags & F_PERIOD) && time->cat != CAT_part) {
        if ((flags & F_AMPM0) && t0 < 43200 && set->part >= PART_AFTERNOON)
            t0 += 43200;
        flags &= ~(uint32_t)F_AMPM0;
        out->flags &= ~(uint32_t)F_PERIOD;
        out->part = 0;
    }
    out->t0 = t0;
    out->t1 = time->t1;
    if (time->cat == CAT_part) {
        out->part = time->part;
        out->edge = time->edge;
    }
    out->flags |= flags;
    return true;
}

/* "le premier lundi de chaque mois", "2nd and last fri of each month" */
bool act_set_nth(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const uint64_t ranks = BIT(CAT_ord) | BIT(CAT_last);
    const struct meaning *a = kid_of(k, ranks, 0), *b = kid_of(k, ranks, 1);
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), wd != NULL ? 0 : 1);
    if (unit == NULL || (unit->value != UNIT_MONTH && unit->value != UNIT_YEAR))
        return false;
    repeat(out, unit->value == UNIT_MONTH ? 3 : 4, 1);
    out->nth = (int8_t)(a->cat == CAT_last ? -a->value : a->value);
    out->nth2 = (int8_t)(b == NULL ? 0 : b->cat == CAT_last ? -b->value : b->value);
    if (a->value > 31)
        return false;
    if (wd != NULL) {
        out->byday = (uint8_t)(1u << wd->value);
        return out->nth <= 5;
    }
    if (kid_of(k, BIT(CAT_unit), 0)->value != UNIT_DAY || unit->value != UNIT_MONTH)
        return false;
    out->bymonthday = out->nth;
    out->nth = 0;
    return true;
}

/* "every 3 months on the 4th", "every week on Tuesday", "the 15th of each month" */
bool act_set_on_dom(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0), *unit = NULL;
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0), *date = kid_of(k, BIT(CAT_date), 0);
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 0);
    if (set != NULL)
        *out = *set;
    else {
        for (int i = 0; i < PATTERN_MAX; i++)
            if (k[i] != NULL && k[i]->cat == CAT_unit)
                unit = k[i];
        const struct meaning *every = kid_of(k, BIT(CAT_every), 0);
        const struct meaning *times = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 1);
        int count = times != NULL ? times->value : every->value2 > 0 ? every->value2 : 1;
        if (unit->value2 == 9 || every->value == 2 || !repeat_unit(out, unit->value, count))
            return false;
    }
    if (out->freq == 0 || out->byday != 0 || out->bymonthday != 0)
        return false;
    if (wd != NULL || (date != NULL && date->wd >= 0 && !date->dom)) {
        out->byday = (uint8_t)(1u << (wd != NULL ? wd->value : date->wd));
        return out->freq == 2 || out->freq == 3;
    }
    if (date != NULL && date->month && date->dom && out->freq == 4) { /* "every year on March 3" */
        out->bymonths = (uint16_t)(1u << (date->month - 1));
        out->bymonthday = date->dom;
        return true;
    }
    int dom = n != NULL ? n->value : date != NULL && !date->month ? date->dom : 0;
    if (dom < 1 || dom > 31)
        return false;
    if (out->freq == 2 && dom <= 7) {
        out->byday = (uint8_t)(1u << ((dom + 5) % 7));
        return true;
    }
    out->bymonthday = (int8_t)dom;
    return out->freq == 3;
}

/* "the 1st and 15th of each month", "every 4th and 10th of the month", "every 20th and 30th of
 * August": two days of the month, the second kept in `nth2`. */
bool act_set_two_doms(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const uint64_t numbers = BIT(CAT_num) | BIT(CAT_ord);
    const struct meaning *a = kid_of(k, numbers, 0), *b = kid_of(k, numbers, 1);
    const struct meaning *month = kid_of(k, BIT(CAT_month), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0);
    (void)r;
    (void)arg;
    if (every->value == 2 || a->value < 1 || a->value > 31 || b->value < 1 || b->value > 31 ||
        a->value == b->value || (unit != NULL && unit->value != UNIT_MONTH))
        return false;
    repeat(out, month != NULL ? 4 : 3, every->value2 > 0 && month == NULL ? every->value2 : 1);
    out->bymonthday = (int8_t)a->value;
    out->nth2 = (int8_t)b->value;
    if (month != NULL)
        out->bymonths = (uint16_t)(1u << (month->month - 1));
    return true;
}

/* "the second to last of each month" */
bool act_set_last_dom(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *last = kid_of(k, BIT(CAT_last), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)r;
    (void)arg;
    if (unit->value != UNIT_MONTH || kid_of(k, BIT(CAT_every), 0)->value == 2 || last->value > 28)
        return false;
    repeat(out, 3, 1);
    out->bymonthday = (int8_t)-last->value;
    return true;
}

/* "every half hour" */
bool act_set_every_dur(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0), *dur = kid_of(k, BIT(CAT_dur), 0);
    (void)r;
    (void)arg;
    if (every->value == 2 || every->value2 > 0 || dur->months || dur->seconds % 60 != 0 ||
        dur->seconds < 60 || dur->seconds >= 86400)
        return false;
    bool hours = dur->seconds % 3600 == 0;
    repeat(out, hours ? 5 : 6, (int)(dur->seconds / (hours ? 3600 : 60)));
    return true;
}

/* "every other week on the weekend" */
bool act_set_weekend_of(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)r;
    (void)arg;
    if (set->freq != 2 || set->byday ||
        (unit->value != UNIT_WEEKEND && unit->value != UNIT_WORKDAY))
        return false;
    *out = *set;
    out->byday = unit->value == UNIT_WEEKEND ? 1u << SATURDAY | 1u << SUNDAY : 31;
    return true;
}

/* "every 15/4", "chaque 1er mai" */
bool act_set_every_date(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0), *date = kid_of(k, BIT(CAT_date), 0);
    if (every->value == 2 || date->day1 > date->day0 || date->year || date->wd >= 0)
        return false;
    if (date->month && date->dom) {
        repeat(out, 4, 1);
        out->bymonths = (uint16_t)(1u << (date->month - 1));
        out->bymonthday = date->dom;
        return true;
    }
    if (date->month) {
        repeat(out, 4, 1);
        out->bymonths = (uint16_t)(1u << (date->month - 1));
        return true;
    }
    repeat(out, 3, 1);
    out->bymonthday = date->dom;
    return date->dom > 0;
}

/* The end of a series: "until March", "for two months"; arg 1: only its beginning. */
bool act_set_until(const struct reader *r, int starts, struct meaning *const *k,
                   struct meaning *out)
{
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0), *dur = kid_of(k, BIT(CAT_dur), 0);
    const struct meaning *date = kid_of(k, BIT(CAT_date) | BIT(CAT_dates), 0);
    const struct meaning *second = kid_of(k, BIT(CAT_date) | BIT(CAT_dates), 1);
    if (r->meals || set->freq == 0 || set->until)
        return false;
    *out = *set;
    if (starts) /* "once a week on Sunday" is its day, not its beginning */
        return date->dom || date->month || date->year ||
               kid_of(k, BIT(CAT_since), 0) != NULL ||
               kid_of(k, BIT(CAT_on) | BIT(CAT_in) | BIT(CAT_of), 0) == NULL;
    if (dur != NULL && dur->months == 0 && dur->seconds < 86400)
        return false; /* "chaque mardi de 9h à 10h" */
    if (dur != NULL) {
        out->until = day_shift_months(r->today, dur->months) + (int32_t)(dur->seconds / 86400);
        return true;
    }
    if (date->cat == CAT_dates && kid_of(k, BIT(CAT_since) | BIT(CAT_from), 0) != NULL) {
        out->until = date->day1 - 1; /* "from January 1 to March 25" in one */
        return true;
    }
    if (date->cat == CAT_dates && second == NULL && date->flags & F_DEICTIC) {
        out->until = r->today + date->day1 - date->day0; /* "for the next six weeks" */
        return true;
    }
    if (second == NULL && date->wd >= 0 && !date->dom && date->day1 <= date->day0)
        return false; /* "Saturdays through Tuesdays" */
    struct meaning end = second != NULL ? *second : *date;
    struct reader later = *r;
    if (second != NULL) {
        struct meaning begin = *date;
        if (!date_resolve(r, &begin))
            return false;
        later.today = begin.day0;
    }
    if (!date_resolve(&later, &end))
        return false;
    out->until = end.cat == CAT_dates ? end.day1 - (end.edge != 0) : end.day0;
    return true;
}

bool act_set_count(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0), *n = kid_of(k, BIT(CAT_num), 0);
    const struct meaning *few = kid_of(k, BIT(CAT_few), 0);
    if (set->freq == 0 ||
        (n != NULL ? few->value != 99 || n->value < 1 || n->value > 999 : few->value < 100))
        return false;
    *out = *set;
    out->count = (int16_t)(n != NULL ? n->value : few->value - 100);
    return true;
}

/* "daily except in June": the rule with less than it says is marked. */
bool act_set_except(const struct reader *r, int more, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0);
    if (r->meals || set->freq == 0 || (more && !(set->flags & F_EXCEPT)))
        return false;
    *out = *set;
    out->flags |= F_EXCEPT;
    return true;
}

bool act_set_month(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0), *month = kid_of(k, BIT(CAT_month), 0);
    if (set->freq == 0 || set->freq > 4)
        return false;
    *out = *set;
    out->bymonths |= (uint16_t)(1u << (month->month - 1));
    return true;
}

/* "at the beginning of each month", "every month at the end" */
bool act_set_edge(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *edge = kid_of(k, BIT(CAT_edge), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0);
    if (unit->value != UNIT_MONTH || every->value == 2 || edge->value == EDGE_MID)
        return false;
    repeat(out, 3, 1);
    out->bymonthday = edge->value == EDGE_LATE ? -1 : 1;
    return true;
}

/* "every 4 weeks on weekends" */
bool act_set_merge(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *a = kid_of(k, BIT(CAT_set), 0), *b = kid_of(k, BIT(CAT_set), 1);
    if (a->freq != 2 || a->byday || b->freq != 2 || !b->byday || b->interval > 1)
        return false;
    *out = *a;
    out->byday = b->byday;
    if (b->t0 >= 0 && a->t0 < 0) { /* "hebdo tous les lundis à 9h" */
        out->t0 = b->t0;
        out->t1 = b->t1;
        out->part = b->part;
        out->edge = b->edge;
        out->flags |= b->flags & ~(uint32_t)F_EXCEPT;
    }
    if (b->until || b->count || b->flags & F_EXCEPT) {
        out->until = b->until;
        out->count = b->count;
        out->flags |= b->flags & F_EXCEPT;
    }
    return true;
}

/* "every fourth Thursday in November", "le premier lundi de chaque mois de mai" */
bool act_set_nth_month(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *rank = kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0);
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0), *month = kid_of(k, BIT(CAT_month), 0);
    const struct meaning *set = kid_of(k, BIT(CAT_set), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    if (set != NULL && set->freq != (month != NULL ? 4 : 3))
        return false;
    if (unit != NULL && unit->value != UNIT_MONTH)
        return false;
    if (rank->value > 5)
        return false;
    repeat(out, month != NULL ? 4 : 3, set != NULL && set->interval > 1 ? set->interval : 1);
    out->nth = (int8_t)(rank->cat == CAT_last ? -rank->value : rank->value);
    out->byday = (uint8_t)(1u << wd->value);
    if (month != NULL)
        out->bymonths = (uint16_t)(1u << (month->month - 1));
    return true;
}

static struct slice join(struct arena *arena, struct slice text, const char *part)
{
    return arena_format(arena, "%.*s%s", SLICE_ARG(text), part);
}

static struct slice put_days(const struct meaning *m, struct slice text, struct arena *arena)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    if (m->byday == 0)
        return text;
    text = join(arena, text, ";BYDAY=");
    bool first = true;
    for (int wd = 0; wd < 7; wd++) {
        if (!(m->byday & 1u << wd))
            continue;
        for (int i = 0; i < (m->nth2 ? 2 : 1); i++) {
            int nth = i == 0 ? m->nth : m->nth2;
            text = nth != 0 ? arena_format(arena, "%.*s%s%d%s", SLICE_ARG(text), first ? "" : ",",
                                           nth, names[wd])
                            : arena_format(arena, "%.*s%s%s", SLICE_ARG(text), first ? "" : ",",
                                           names[wd]);
            first = false;
        }
    }
    return text;
}

struct slice set_rrule(const struct meaning *m, struct arena *arena)
{
    static const char *const names[] = {"",       "DAILY",  "WEEKLY",   "MONTHLY",
                                        "YEARLY", "HOURLY", "MINUTELY", "SECONDLY"};
    struct slice text = arena_format(arena, "FREQ=%s", names[m->freq]);
    if (m->interval > 1)
        text = arena_format(arena, "%.*s;INTERVAL=%d", SLICE_ARG(text), m->interval);
    if (m->until != 0) {
        struct civil_date end = civil_date_from_days(m->until);
        text = arena_format(arena, "%.*s;UNTIL=%04d%02d%02d", SLICE_ARG(text), end.year, end.month,
                            end.day);
    }
    if (m->count != 0)
        text = arena_format(arena, "%.*s;COUNT=%d", SLICE_ARG(text), m->count);
    bool first = true;
    for (int month = 1; month <= 12; month++)
        if (m->bymonths & 1u << (month - 1)) {
            text =
                arena_format(arena, "%.*s%s%d", SLICE_ARG(text), first ? ";BYMONTH=" : ",", month);
            first = false;
        }
    if (m->bymonthday != 0)
        text = arena_format(arena, "%.*s;BYMONTHDAY=%d", SLICE_ARG(text), m->bymonthday);
    if (m->bymonthday != 0 && m->nth2 != 0)
        text = arena_format(arena, "%.*s,%d", SLICE_ARG(text), m->nth2);
    text = put_days(m, text, arena);
    if (m->t0 >= 0 && !(m->flags & F_PERIOD))
        text = arena_format(arena, "%.*s;BYHOUR=%d;BYMINUTE=%d", SLICE_ARG(text), m->t0 / 3600 % 24,
                            m->t0 % 3600 / 60);
    return text;
}
