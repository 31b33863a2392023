#include "domain/timex/actions.h"

/* Dates by their distance from now or from each other. */

bool act_date_offset(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    if (r->meals && k[0]->value == 0 && k[0]->flags & F_ANAPHOR)
        return false; /* "ce jour-là" is a cue there */
    absolute(out, r->today + k[0]->value, 1, GRAIN_DAY);
    out->flags = F_DEICTIC | k[0]->flags;
    return true;
}

/* "passé" folds to the verb "passe": it is believed behind a unit only ("le mois passé"). */
static bool is_verb(struct meaning *const *k)
{
    bool unit = false;
    for (int i = 0; i < PATTERN_MAX; i++) {
        if (k[i] == NULL)
            continue;
        unit |= k[i]->cat == CAT_unit;
        if (k[i]->cat == CAT_last && k[i]->value2 == 7)
            return !unit;
    }
    return false;
}

/* The unit moved by the argument: next 1, this 0, last -1. k[0] or k[1] is the unit. */
bool act_date_rel_unit(const struct reader *r, int shift, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *unit = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_unit)
            unit = k[i];
    if (unit == NULL || unit->value2 == 9 || is_verb(k))
        return false;
    if (unit->value < UNIT_DAY) {
        int32_t step = unit->value == UNIT_HOUR ? 3600 : unit->value == UNIT_MINUTE ? 60 : 1;
        if (shift == 0 || unit->flags & F_PLURAL)
            return false;
        absolute(out, r->today, 1, unit_grain(unit->value));
        out->cat = CAT_moment;
        out->t0 = r->now + (shift < 0 ? -step : 0);
        out->t1 = out->t0 + step;
        return out->t0 >= 0;
    }
    if (unit->flags & F_PLURAL || unit->value == UNIT_NIGHT)
        return false;
    const struct meaning *next = kid_of(k, BIT(CAT_next), 0);
    if (unit->value == UNIT_WEEKEND && next != NULL && next->value2 == 1 &&
        weekday(r->today) < SATURDAY)
        shift = 0; /* "the coming weekend" */
    absolute(out, 0, 0, 0);
    days_of_unit(unit->value, r->today, shift, out);
    if (unit->value == UNIT_WEEK && unit->value2 == 5) { /* "next work week" */
        out->day1 = out->day0 + 5;
        out->cat = CAT_dates;
        out->grain = GRAIN_DAY;
    }
    if (unit->value == UNIT_WEEK)
        out->flags |= F_WEEKDAYS;
    out->flags |= F_DEICTIC;
    return true;
}

/* "mardi prochain", "next Tuesday", "this Friday", "lundi dernier" */
bool act_date_rel_wd(const struct reader *r, int shift, struct meaning *const *k,
                     struct meaning *out)
{
    int wd = -1;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_wd) {
            wd = k[i]->value;
            if (k[i]->flags & F_PLURAL)
                return false;
        }
    int now = weekday(r->today), ahead = (wd - now + 7) % 7;
    if (wd < 0 || is_verb(k))
        return false;
    if (shift == 0) {
        absolute(out, r->today + ahead, 1, GRAIN_DAY);
    } else if (shift < 0) {
        absolute(out, r->today + (ahead == 0 ? -7 : ahead - 7), 1, GRAIN_DAY);
    } else {
        const struct meaning *next = kid_of(k, BIT(CAT_next), 0);
        bool nearest = next != NULL && next->value2 == 1; /* "the coming Friday" */
        /* Of the coming calendar week; doubtful while this week's is still ahead. */
        absolute(out, nearest ? r->today + (ahead ? ahead : 7) : r->today - now + 7 + wd, 1,
                 GRAIN_DAY);
        if (wd > now && !nearest)
            out->flags |= F_WHICH;
    }
    out->flags |= F_DEICTIC;
    return true;
}

bool act_date_rel_month(const struct reader *r, int shift, struct meaning *const *k,
                        struct meaning *out)
{
    int month = 0;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_month) {
            month = k[i]->month;
            if (shift == 0 && k[i]->flags & F_LATENT)
                return false; /* "this may" */
        }
    if (is_verb(k))
        return false;
    struct civil_date today = civil_date_from_days(r->today);
    int year = today.year;
    if (shift > 0)
        year += month <= today.month;
    if (shift < 0)
        year -= month >= today.month;
    out->month = (int8_t)month;
    out->year = (int16_t)year;
    out->grain = GRAIN_MONTH;
    return true;
}

/* "on en a compté 13, dernière minute": a number before what is written in the singular alone. */
static bool nothing_plural(struct meaning *const *k)
{
    const struct meaning *the = k[0], *number = k[1], *a = k[2], *b = k[3];
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    if (number == NULL || number->cat != CAT_num || a == NULL || b == NULL || unit == NULL ||
        unit->value == UNIT_MONTH) /* "mois" is its own plural */
        return false;
    return (the == NULL || the->value != 2) && !((a->flags | b->flags) & F_PLURAL);
}

/* "next 3 days", "les deux prochaines semaines", "last two weeks" */
bool act_date_rel_num_unit(const struct reader *r, int shift, struct meaning *const *k,
                           struct meaning *out)
{
    int unit = -1, count = 3;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_unit)
            unit = k[i]->value;
        else if (k[i] != NULL && k[i]->cat == CAT_num)
            count = k[i]->value;
    if (unit < 0 || count < 1 || count > 999)
        return false;
    if (count > 1 && habit(r, HABIT_PLURALS_AGREE) && nothing_plural(k))
        return false;
    if (is_verb(k))
        return false;
    if (unit < UNIT_DAY) {
        int32_t step = (unit == UNIT_HOUR ? 3600 : unit == UNIT_MINUTE ? 60 : 1) * count;
        int64_t from = (int64_t)r->today * 86400 + r->now + (shift < 0 ? -step : 0);
        if (shift > 0 && unit < UNIT_HOUR && count > 1) /* like days: the one that runs is not next */
            from += step / count - from % (step / count);
        int64_t to = from + step;
        absolute(out, (int32_t)(from / 86400), (int32_t)(to / 86400 - from / 86400 + 1),
                 unit_grain(unit));
        out->cat = CAT_moment;
        out->t0 = (int32_t)(from % 86400);
        out->t1 = (int32_t)(to % 86400);
        return true;
    }
    absolute(out, 0, 0, 0);
    if (unit == UNIT_WORKDAY) {
        int32_t day = r->today + (shift > 0 ? 1 : -1), left = count;
        while (left > 0) {
            left -= weekday(day) < 5;
            day += left > 0 ? shift : 0;
        }
        absolute(out, shift > 0 ? r->today + 1 : day, 0, GRAIN_DAY);
        out->day1 = shift > 0 ? day + 1 : r->today;
        return true;
    }
    struct meaning far = meaning_none(CAT_date);
    if (unit == UNIT_FORTNIGHT)
        unit = UNIT_WEEK, count *= 2;
    days_of_unit(unit, r->today, shift > 0 ? 1 : -count, out);
    days_of_unit(unit, r->today, shift > 0 ? count : -1, &far);
    out->day1 = far.day1;
    out->cat = CAT_dates;
    out->grain = GRAIN_DAY;
    out->flags |= F_DEICTIC;
    return true;
}

/* "lundi en huit", "Thursday week": a week after the coming one. */
bool act_date_wd_weeks(const struct reader *r, int weeks, struct meaning *const *k,
                       struct meaning *out)
{
    struct meaning day = meaning_none(CAT_date);
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (k[i]->cat == CAT_wd || k[i]->cat == CAT_day || k[i]->cat == CAT_date))
            day = *k[i];
        else if (k[i] != NULL && (k[i]->cat == CAT_num || k[i]->cat == CAT_word))
            weeks *= k[i]->value;
        else if (k[i] != NULL && k[i]->cat == CAT_unit && k[i]->value == UNIT_FORTNIGHT)
            weeks *= 2;
        else if (k[i] != NULL && k[i]->cat == CAT_unit && k[i]->value != UNIT_WEEK)
            return false;
    if (weeks > 52 || weeks < -52)
        return false;
    if (day.cat == CAT_day)
        absolute(&day, r->today + day.value, 1, GRAIN_DAY);
    else if (day.grain > GRAIN_DAY || !date_resolve(r, &day))
        return false;
    absolute(out, day.day0 + 7 * weeks, 1, GRAIN_DAY);
    out->flags |= F_DEICTIC;
    return true;
}

static void shift_by(int32_t day, int32_t second, const struct meaning *dur, int sign,
                     struct meaning *out)
{
    int32_t moved = day_shift_months(day, sign * dur->months);
    int64_t at = (int64_t)moved * 86400 + second + sign * dur->seconds;
    int32_t to = (int32_t)(at >= 0 ? at / 86400 : -((-at + 86399) / 86400));
    absolute(out, to, 1, GRAIN_DAY);
    if (dur->grain <= GRAIN_HOUR || dur->seconds % 86400 != 0) {
        out->cat = CAT_moment;
        out->t0 = (int32_t)(at - (int64_t)to * 86400);
        out->grain = dur->grain <= GRAIN_HOUR ? dur->grain : GRAIN_MINUTE;
    }
}

static bool sane(const struct meaning *dur)
{
    return dur->months >= 0 && dur->months <= 2400 && dur->seconds >= 0 &&
           dur->seconds <= INT64_C(86400) * 40000;
}

/* "dans 3 jours", "il y a une semaine", "two weeks ago": from now. */
bool act_date_dur_shift(const struct reader *r, int sign, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *dur = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_dur)
            dur = k[i];
    const struct meaning *after = kid_of(k, BIT(CAT_after), 0);
    if (dur == NULL || !sane(dur) || (after != NULL && after->value2 == 9))
        return false; /* "past three months" */
    shift_by(r->today, r->now, dur, sign, out);
    if (dur->value == UNIT_WORKDAY && dur->value2 % 1000 == 0 && dur->value2 > 0) {
        int32_t day = r->today;
        for (int32_t left = dur->value2 / 1000; left > 0 && left < 400;) {
            day += sign;
            left -= weekday(day) < SATURDAY;
        }
        absolute(out, day, 1, GRAIN_DAY);
    }
    out->flags |= F_DEICTIC;
    /* "in two weeks" is a week's worth of days for a meeting, a day for a clockmaker */
    if (sign > 0 && dur->value == UNIT_WEEK)
        out->flags |= F_TOTAL;
    return true;
}

/* "deux jours après lundi", "2 weeks before Christmas", "3 days from Tuesday" */
bool act_date_dur_from(const struct reader *r, int sign, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *dur = k[0];
    const struct meaning *date = NULL;
    for (int i = 1; i < PATTERN_MAX; i++)
        if (k[i] != NULL &&
            (k[i]->cat == CAT_date || k[i]->cat == CAT_clock || k[i]->cat == CAT_moment))
            date = k[i];
    struct meaning from;
    const struct meaning *joint = kid_of(k, BIT(CAT_from), 0);
    if (date == NULL || !sane(dur) ||
        (joint != NULL && joint->value2 == 5)) /* "une heure de jeudi" */
        return false;
    from = *date;
    if (from.cat == CAT_clock) {
        int32_t t = from.t0 + sign * (int32_t)(dur->seconds % 86400);
        if (dur->grain > GRAIN_HOUR || dur->months || t < 0)
            return false;
        *out = from;
        out->t0 = t % 86400;
        out->grain = GRAIN_MINUTE;
        return true;
    }
    if (!date_resolve(r, &from))
        return false;
    if (dur->grain <= GRAIN_HOUR && from.t0 < 0)
        return false;
    bool part = sign > 0 && !dur->months && dur->seconds <= 86400 && from.day1 - from.day0 >= 5;
    if (part) /* "un jour de la semaine prochaine": one of its days */
        return false;
    if (from.t0 >= 0 && dur->grain > GRAIN_HOUR && dur->seconds % 86400 == 0) {
        *out = from; /* "a week after Monday at 3pm" */
        out->day0 = day_shift_months(from.day0, sign * dur->months) +
                    sign * (int32_t)(dur->seconds / 86400);
        out->day1 = out->day0 + from.day1 - from.day0;
        out->nth = 0;
        return true;
    }
    shift_by(from.day0, from.t0 < 0 ? 0 : from.t0, dur, sign, out);
    return true;
}

/* "the Monday after Christmas", "the week before the 9th", "the day after tomorrow's call" */
bool act_beside(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *holiday = kid_of(k, BIT(CAT_holiday), 0);
    struct meaning date = meaning_none(CAT_date);
    bool before = kid_of(k, BIT(CAT_before), 0) != NULL;
    (void)arg;
    if (holiday != NULL) {
        struct meaning name = *holiday;
        struct meaning *const kids[PATTERN_MAX] = {&name};
        if (!act_date_holiday(r, 0, kids, &date))
            return false;
    } else
        date = *kid_of(k, BIT(CAT_date), 0);
    if (date.flags & F_PLURAL || !date_resolve(r, &date))
        return false;
    if (wd != NULL) {
        int32_t day = before ? date.day0 - 1 - (weekday(date.day0 - 1) - wd->value + 7) % 7
                             : date.day1 + (wd->value - weekday(date.day1) + 7) % 7;
        absolute(out, day, 1, GRAIN_DAY);
        return !(wd->flags & F_PLURAL);
    }
    if (unit->value < UNIT_DAY || unit->flags & F_PLURAL || unit->value2 == 9)
        return false;
    int32_t edge = before ? date.day0 : date.day1 - 1;
    if (unit->value == UNIT_WEEKEND) /* the nearest one that is not over or begun */
        edge = before ? date.day0 - 2 : date.day1 + 1, edge -= before ? 5 : 0;
    absolute(out, 0, 0, 0);
    days_of_unit(unit->value, edge, unit->value == UNIT_WEEKEND ? 0 : before ? -1 : 1, out);
    if (unit->value == UNIT_WEEKEND && before && out->day1 + 7 <= date.day0)
        out->day0 += 7, out->day1 += 7;
    out->flags |= F_DEICTIC | (unit->value == UNIT_WEEK ? F_WEEKDAYS : 0);
    return true;
}

/* "within the month", "d'ici le 12": what stands there in place of a length or a date. */
static bool within_made(struct meaning *const *k, struct meaning *made)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *n = kid_of(k, BIT(CAT_num), 0);
    const struct meaning *word = kid_of(k, BIT(CAT_within), 0);
    if (unit != NULL) {
        if (unit->value < UNIT_DAY || unit->value2 == 9 || unit->flags & F_PLURAL)
            return false;
        duration_of(unit->value, 1000, made);
        return true;
    }
    if (n == NULL || word == NULL || word->value2 != 1 || n->value < 1 || n->value > 31)
        return false;
    *made = meaning_none(CAT_date);
    made->dom = (int8_t)n->value;
    made->grain = GRAIN_DAY;
    return true;
}

static void within_length(const struct reader *r, const struct meaning *length, bool in_days,
                          struct meaning *out)
{
    struct meaning end = meaning_none(CAT_date);
    shift_by(r->today, r->now, length, 1, &end);
    absolute(out, r->today, end.day0 + 1 - r->today, end.grain);
    out->t0 = r->now;
    out->t1 = end.t0 >= 0 ? end.t0 : 0;
    if (end.t0 < 0 && in_days) {
        out->t0 = 0; /* "d'ici 15 jours": whole days, the last one too */
        out->day1++;
    }
}

static bool within_date(const struct reader *r, const struct meaning *date, struct meaning *out)
{
    struct meaning end = *date;
    if (!date_resolve(r, &end) || end.day1 <= r->today)
        return false;
    absolute(out, r->today, end.day1 - r->today, GRAIN_DAY);
    out->part = end.part;
    out->t1 = end.t1 >= 0 ? end.t1 : end.t0;
    if (end.grain == GRAIN_QUARTER && date->cat == CAT_date && !(date->flags & F_DEICTIC) &&
        end.day0 > r->today) /* "d'ici l'été" */
        out->day1 = end.day0;
    if (end.part == PART_DAY && end.edge == EDGE_LATE && !r->meals && habit(r, HABIT_BY_DAYS_END))
        out->t1 = 86400; /* "by EOD Friday": while that day lasts */
    if (end.day1 - 1 == r->today && out->t1 >= 0 && out->t1 <= r->now)
        out->t1 = 86400; /* "by EOD", said in the evening */
    if (out->t1 < 0) {
        out->day1++;
        out->t1 = 0;
    }
    out->t0 = r->now;
    return true;
}

/* "d'ici 15 jours", "within a fortnight", "by Friday": from now on. */
bool act_date_within(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const uint64_t dated = BIT(CAT_date) | BIT(CAT_dates) | BIT(CAT_moment);
    const struct meaning *word = kid_of(k, BIT(CAT_within), 0), *end = NULL;
    struct meaning made = meaning_none(CAT_dur);
    (void)arg;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && BIT(k[i]->cat) & (dated | BIT(CAT_dur)))
            end = k[i];
    if (end == NULL) {
        if (!within_made(k, &made))
            return false;
        end = &made;
    }
    if (end->cat == CAT_dur) {
        if (!sane(end))
            return false;
        within_length(r, end, word != NULL && word->value == WITHIN_DAYS, out);
    } else if (!within_date(r, end, out)) {
        return false;
    }
    out->cat = CAT_moment;
    out->flags |= F_FROMNOW | F_DEICTIC;
    return true;
}

/* "three Fridays from now" */
bool act_date_nth_hence(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num), 0), *wd = kid_of(k, BIT(CAT_wd), 0);
    if (n->value < 1 || n->value > 60 || n->seconds % 1000)
        return false;
    if (arg < 0) { /* "two Thursdays ago" */
        int back = (weekday(r->today) - wd->value + 7) % 7;
        absolute(out, r->today - (back ? back : 7) - 7 * (n->value - 1), 1, GRAIN_DAY);
        return true;
    }
    int ahead = (wd->value - weekday(r->today) + 7) % 7;
    absolute(out, r->today + (ahead ? ahead : 7) + 7 * (n->value - 1), 1, GRAIN_DAY);
    return true;
}

/* "thanksgiving in 3 years", "two years ago": the first one from that day on. */
bool act_holiday_shift(const struct reader *r, int sign, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *holiday = kid_of(k, BIT(CAT_holiday), 0),
                         *dur = kid_of(k, BIT(CAT_dur), 0);
    struct meaning then = meaning_none(CAT_date);
    if (!sane(dur))
        return false;
    shift_by(r->today, 0, dur, sign, &then);
    int year = civil_date_from_days(then.day0).year;
    int32_t from, to;
    if (!holiday_day(holiday->value, year, &from, &to))
        return false;
    if (from < then.day0 && !holiday_day(holiday->value, year + 1, &from, &to))
        return false;
    absolute(out, from, to - from, GRAIN_DAY);
    return true;
}

/* "le lendemain du 13 février", "la veille de Noël" */
bool act_date_day_after(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *day = kid_of(k, BIT(CAT_day), 0);
    (void)arg;
    struct meaning date = *kid_of(k, BIT(CAT_date), 0);
    if (day->value == 0 || date.grain > GRAIN_DAY || !date_resolve(r, &date))
        return false;
    absolute(out, day->value > 0 ? date.day1 - 1 + day->value : date.day0 + day->value, 1,
             GRAIN_DAY);
    return true;
}
