#include "domain/timex/actions.h"

/* Lengths of time. */

enum { HOUR = 3600, DAY = 86400 };

/* Durations. */
bool act_dur_num_unit(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_few), 0);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit) | BIT(CAT_hour), 0);
    const struct meaning *of = kid_of(k, BIT(CAT_of), 0);
    if (n == NULL || unit == NULL || n->seconds < 0 || n->value > 99999 ||
        (of != NULL && of->value == 1)) /* "20 du mois" */
        return false;
    if (n->cat == CAT_num && n->value2 > 5 && !(n->flags & F_PARTWORD))
        return false;
    duration_of(unit->cat == CAT_hour ? UNIT_HOUR : unit->value, n->seconds, out);
    return true;
}

bool act_dur_unit(const struct reader *r, int thousandths, struct meaning *const *k,
                  struct meaning *out)
{
    (void)r;
    const struct meaning *unit = kid_of(k, BIT(CAT_unit) | BIT(CAT_hour), 0);
    if (unit->flags & F_PLURAL || unit->value2 == 9)
        return false;
    int u = unit->cat == CAT_hour ? UNIT_HOUR : unit->value;
    duration_of(u, thousandths, out);
    if (u == UNIT_SECOND && kid_of(k, BIT(CAT_a), 0) != NULL)
        out->flags |= F_LATENT; /* "a second round" */
    return true;
}

bool act_dur_half_unit(const struct reader *r, int thousandths, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit) | BIT(CAT_hour), 0);
    if (unit->cat == CAT_unit && unit->value == UNIT_YEAR && thousandths == 500) {
        duration_of(UNIT_MONTH, 6000, out);
        return true;
    }
    return act_dur_unit(r, thousandths, k, out);
}

/* "1 heure et 20 minutes", "two hours, ten minutes" */
bool act_dur_plus(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *a = kid_of(k, BIT(CAT_dur), 0), *b = kid_of(k, BIT(CAT_dur), 1);
    if (a == NULL || b == NULL || b->grain >= a->grain || b->months > 0
            ? !(a->months && b->months && b->grain < a->grain)
            : false)
        return false;
    if (b->grain >= a->grain || b->flags & F_AFTERSAID)
        return false;
    *out = *a;
    out->months += b->months;
    out->seconds += b->seconds;
    out->grain = b->grain;
    out->value2 = 0;
    return true;
}

/* "une heure et demie", "an hour and a half" */
bool act_dur_half_more(const struct reader *r, int thousandths, struct meaning *const *k,
                       struct meaning *out)
{
    (void)r;
    const struct meaning *a = kid_of(k, BIT(CAT_dur), 0);
    if (a->value2 <= 0 || a->value2 % 1000 != 0 || a->value2 > 999000)
        return false;
    int unit = a->value;
    if (unit == UNIT_YEAR) {
        duration_of(UNIT_MONTH, (int64_t)a->value2 * 12 + thousandths * 12, out);
        return true;
    }
    duration_of(unit, (int64_t)a->value2 + thousandths, out);
    return true;
}

/* "1h30" as a length: after "pendant", "for", "dure" */
bool act_dur_clock(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    const struct meaning *clock = kid_of(k, BIT(CAT_clock), 0);
    if (!(clock->flags & F_HAS24) || clock->t0 == 0 || clock->t0 > 8 * HOUR)
        return false;
    duration_of(UNIT_MINUTE, (int64_t)(clock->t0 / 60) * 1000, out);
    out->flags = arg ? F_LATENT : 0;
    return true;
}

/* "2 hours ten" */
bool act_dur_hour_num(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *a = kid_of(k, BIT(CAT_dur), 0), *n = kid_of(k, BIT(CAT_num), 0);
    if (a->value != UNIT_HOUR || a->value2 % 1000 != 0 || n->value < 1 || n->value > 59 ||
        a->seconds > 6 * HOUR || n->seconds % 1000 != 0)
        return false;
    duration_of(UNIT_MINUTE, a->seconds / 60 * 1000 + n->value * 1000, out);
    return true;
}

/* "all day", "toute la semaine": as a length */
bool act_dur_all(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit) | BIT(CAT_pod), 0);
    (void)r;
    (void)arg;
    if (unit->cat == CAT_pod ? unit->value != PART_DAY : unit->value2 == 9)
        return false;
    duration_of(unit->cat == CAT_pod ? UNIT_DAY : unit->value, 1000, out);
    out->flags |= F_TOTAL;
    return true;
}

/* "trois quarts d'heure", "three quarters of an hour", "un quart d'heure" */
bool act_dur_quarters(const struct reader *r, int count, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    const struct meaning *n = kid_of(k, BIT(CAT_num), 0);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit) | BIT(CAT_hour), 0);
    const struct meaning *quarter = kid_of(k, BIT(CAT_quarter), 0);
    const struct meaning *more = kid_of(k, BIT(CAT_num), 1);
    if (more != NULL && (n->value < 1 || n->value > 99 || more->value < 1 || more->value > 3))
        return false;
    if (more != NULL && unit->value2 != 9) { /* "one and three quarters of an hour" */
        duration_of(unit->cat == CAT_hour ? UNIT_HOUR : unit->value,
                    n->value * 1000 + more->value * 250, out);
        return true;
    }
    int quarters = n != NULL ? n->value : quarter != NULL ? quarter->value / 15 : count;
    if (quarters < 1 || quarters > 12 || unit->value2 == 9)
        return false;
    duration_of(unit->cat == CAT_hour ? UNIT_HOUR : unit->value, quarters * 250, out);
    return true;
}

/* "2 more minutes", "an extra half hour", "another 15 minutes" */
bool act_dur_more(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *dur = kid_of(k, BIT(CAT_dur), 0);
    if (kid_of(k, BIT(CAT_word), 0)->value != WORD_MORE)
        return false;
    if (dur != NULL) {
        *out = *dur;
        return true;
    }
    return kid_of(k, BIT(CAT_num) | BIT(CAT_few), 0) != NULL ? act_dur_num_unit(r, arg, k, out)
                                                             : act_dur_unit(r, 1000, k, out);
}
