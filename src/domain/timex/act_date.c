#include "domain/timex/actions.h"
#include "domain/timex/names.h"

/* Dates: fields, names, relative words, intersections. */

static void absolute(struct meaning *out, int32_t day, int32_t count, int grain)
{
    out->cat = CAT_date;
    out->day0 = day;
    out->day1 = day + count;
    out->grain = (uint8_t)grain;
    out->year = 0;
    out->month = out->dom = 0;
    out->wd = -1;
}

static int weekday(int32_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

static bool set_year(struct meaning *out, const struct meaning *year)
{
    if (year == NULL)
        return true;
    int y = year->cat == CAT_year ? year->year : year->value;
    if (year->cat == CAT_num && (year->flags & F_PARTWORD))
        return false;
    if (year->cat == CAT_num) {
        if ((year->value2 != 2 && year->value2 != 4) || (year->value2 == 2 && y < 32))
            return false;
        if (year->value2 == 2)
            y += y < 70 ? 2000 : 1900;
    }
    if (y < 1000 || y > 2199)
        return false;
    out->year = (int16_t)y;
    out->flags |= F_FIXED;
    return true;
}

/* the? num|ord of? month year? : the number at k[1], the month at k[3], the year at k[5] */
bool act_date_dom_month(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)r;
    (void)arg;
    if (k[1]->value < 1 || k[1]->value > 31 || k[1]->seconds % 1000 != 0)
        return false;
    if (k[1]->cat == CAT_num && k[1]->value2 > 2 && !(k[1]->flags & F_PARTWORD))
        return false;
    out->month = k[3]->month;
    out->dom = (int8_t)k[1]->value;
    out->grain = GRAIN_DAY;
    return set_year(out, k[5]);
}

/* month the? num|ord comma|of? year */
bool act_date_month_dom(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)r;
    (void)arg;
    if (k[2]->value < 1 || k[2]->value > 31 || k[2]->seconds % 1000 != 0)
        return false;
    if (k[2]->cat == CAT_num && k[2]->value2 > 2 && !(k[2]->flags & F_PARTWORD))
        return false;
    out->month = k[0]->month;
    out->dom = (int8_t)k[2]->value;
    out->grain = GRAIN_DAY;
    return set_year(out, k[4]);
}

/* "le 15", "the 15th": a day of the month; bare ordinals and numbers need their article. */
bool act_date_dom(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    const struct meaning *n = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (k[i]->cat == CAT_num || k[i]->cat == CAT_ord))
            n = k[i];
        else if (k[i] != NULL && k[i]->cat == CAT_the && k[i]->value != 1)
            return false;
    if (n->value < 1 || n->value > 31 || n->seconds % 1000 != 0 ||
        (n->cat == CAT_num && n->value2 > 2 && !(n->flags & F_PARTWORD)))
        return false;
    if (n->cat == CAT_ord && (n->flags & F_PARTWORD) && n->value < 4 && arg == 0)
        return false;
    out->dom = (int8_t)n->value;
    out->grain = GRAIN_DAY;
    out->flags |= F_THE | (arg == 2 ? F_LATENT : 0);
    return true;
}

bool act_date_month(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    const struct meaning *month = NULL, *year = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_month)
            month = k[i];
        else if (k[i] != NULL && (k[i]->cat == CAT_year || k[i]->cat == CAT_num))
            year = k[i];
    out->month = month->month;
    out->grain = GRAIN_MONTH;
    if ((month->flags & (F_ABBR | F_LATENT)) && !(arg & 16))
        out->flags |= F_LATENT;
    if (year != NULL && year->cat == CAT_num && year->value < 32)
        return false;
    return set_year(out, year);
}

/* "2020/23/Sep", "Sep-23-2020", "23-2020-septembre": a number beside year and month */
bool act_date_year_month(const struct reader *r, int with_day, struct meaning *const *k,
                         struct meaning *out)
{
    (void)r;
    out->grain = with_day ? GRAIN_DAY : GRAIN_MONTH;
    out->flags = F_FIXED;
    for (int i = 0; i < PATTERN_MAX; i++) {
        if (k[i] == NULL)
            continue;
        if (k[i]->cat == CAT_year)
            out->year = k[i]->year;
        if (k[i]->cat == CAT_month)
            out->month = k[i]->month;
        if (k[i]->cat == CAT_num || k[i]->cat == CAT_ord) {
            if (k[i]->value < 1 || k[i]->value > 31)
                return false;
            out->dom = (int8_t)k[i]->value;
        }
    }
    return !with_day || out->dom > 0;
}

bool act_date_year(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    out->year = k[1]->year;
    out->grain = GRAIN_YEAR;
    out->flags = F_FIXED | (uint32_t)(arg ? 0 : F_LATENT);
    return true;
}

bool act_date_wd(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    *out = *k[arg];
    out->cat = CAT_date;
    out->grain = GRAIN_DAY;
    return true;
}

/* A weekday beside a date that names a day: both must agree. k[0], k[3] in either order. */
bool act_date_wd_date(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *wd = k[arg ? 3 : 0], *date = k[arg ? 0 : 3];
    if (date->cat != CAT_date || date->wd >= 0 || wd->flags & F_PLURAL)
        return false;
    *out = *date;
    if (date->day1 > date->day0) {
        if (date->day1 - date->day0 == 1) {
            if (weekday(date->day0) != wd->value)
                return false;
            return true;
        }
        return false;
    }
    if (date->dom == 0)
        return false;
    out->wd = (int8_t)wd->value;
    out->flags &= ~(uint32_t)F_LATENT;
    return date_resolve(r, out);
}

/* "mardi 25", "Monday 13th" */
bool act_date_wd_dom(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    const struct meaning *n = k[2];
    if (k[0]->flags & F_PLURAL || n->value < 1 || n->value > 31 || n->seconds % 1000 != 0 ||
        (n->cat == CAT_num && (n->value2 > 2)))
        return false;
    out->wd = (int8_t)k[0]->value;
    out->dom = (int8_t)n->value;
    out->grain = GRAIN_DAY;
    struct meaning trial = *out;
    return date_resolve(r, &trial) &&
           (n->cat == CAT_ord || n->value >= 13 || !(trial.flags & F_BAD));
}

bool act_date_num_wd(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning *const swapped[PATTERN_MAX] = {k[2], NULL, k[1]};
    if (!act_date_wd_dom(r, arg, swapped, out))
        return false;
    struct meaning trial = *out;
    return date_resolve(r, &trial) && !(trial.flags & F_BAD);
}

bool act_date_offset(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    absolute(out, r->today + k[0]->value, 1, GRAIN_DAY);
    out->flags = F_DEICTIC | k[0]->flags;
    return true;
}

/* The unit moved by the argument: next 1, this 0, last -1. k[0] or k[1] is the unit. */
bool act_date_rel_unit(const struct reader *r, int shift, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *unit = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_unit)
            unit = k[i];
    if (unit == NULL || unit->value2 == 9)
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
    absolute(out, 0, 0, 0);
    days_of_unit(r, unit->value, r->today, shift, out);
    if (unit->value == UNIT_WEEKEND && shift == 1 && weekday(r->today) < 0)
        return false;
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
    if (wd < 0)
        return false;
    if (shift == 0) {
        absolute(out, r->today + ahead, 1, GRAIN_DAY);
    } else if (shift < 0) {
        absolute(out, r->today + (ahead == 0 ? -7 : ahead - 7), 1, GRAIN_DAY);
    } else {
        /* Of the coming calendar week; doubtful while this week's is still ahead. */
        absolute(out, r->today - now + 7 + wd, 1, GRAIN_DAY);
        if (wd > now)
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
    if (unit < UNIT_DAY) {
        int32_t step = (unit == UNIT_HOUR ? 3600 : unit == UNIT_MINUTE ? 60 : 1) * count;
        int64_t from = (int64_t)r->today * 86400 + r->now + (shift < 0 ? -step : 0),
                to = from + step;
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
    days_of_unit(r, unit, r->today, shift > 0 ? 1 : -count, out);
    days_of_unit(r, unit, r->today, shift > 0 ? count : -1, &far);
    out->day1 = far.day1;
    out->cat = CAT_dates;
    out->grain = GRAIN_DAY;
    out->flags |= F_DEICTIC;
    return true;
}

static bool nth_weekday(int nth, int wd, int32_t from, int32_t to, int32_t *day)
{
    if (nth > 0)
        *day = from + (wd - weekday(from) + 7) % 7 + 7 * (nth - 1);
    else
        *day = to - 1 - (weekday(to - 1) - wd + 7) % 7 + 7 * (nth + 1);
    return *day >= from && *day < to;
}

static bool nth_unit(const struct reader *r, int nth, int unit, const struct meaning *frame,
                     struct meaning *out)
{
    int32_t from = frame->day0, to = frame->day1;
    if (unit == UNIT_DAY) {
        absolute(out, nth > 0 ? from + nth - 1 : to + nth, 1, GRAIN_DAY);
        return out->day0 >= from && out->day0 < to;
    }
    if (unit == UNIT_WEEK) {
        /* The first week of a period is the first that begins with a Monday of it. */
        /* The last one is the last that holds its Friday; which it is, is doubtful. */
        int32_t monday = nth > 0 ? from + (7 - weekday(from)) % 7 + 7 * (nth - 1)
                                 : to - 1 - weekday(to - 1) + 7 * (nth + 1);
        bool cut = nth < 0 && weekday(to - 1) < FRIDAY;
        absolute(out, cut ? monday - 7 : monday, 7, GRAIN_WEEK);
        if (cut)
            out->flags |= F_WHICH;
        out->flags |= F_WEEKDAYS;
        return true;
    }
    if (unit == UNIT_WEEKEND) {
        int32_t saturday;
        if (!nth_weekday(nth, SATURDAY, from, to, &saturday))
            return false;
        absolute(out, saturday, 2, GRAIN_PART);
        return true;
    }
    if (unit == UNIT_MONTH || unit == UNIT_QUARTER) {
        days_of_unit(r, unit, nth > 0 ? from : to - 1, nth > 0 ? nth - 1 : nth + 1, out);
        out->wd = -1;
        return out->day0 >= from && out->day1 <= to;
    }
    if (unit == UNIT_HALFMONTH && (nth == 1 || nth == 2)) {
        absolute(out, nth == 1 ? from : from + 15, 15, GRAIN_DAY);
        if (nth == 2)
            out->day1 = to;
        return true;
    }
    return false;
}

/* ord|last wd|unit of? date : "le premier lundi de mars", "last week of July". The argument
 * says how many the kids before: k[1] ord or last, k[2] wd or unit, k[5] the frame. */
bool act_date_nth_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *ord = kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0);
    const struct meaning *what = kid_of(k, BIT(CAT_wd) | BIT(CAT_unit), 0);
    const struct meaning *of = kid_of(k, BIT(CAT_date), 0);
    struct meaning frame = *of;
    int nth = ord->cat == CAT_last ? -1 : ord->value;
    if (arg == 1)
        nth = -ord->value;
    if (nth == 0 || nth > 60 || nth < -60)
        return false;
    if (of->grain <= GRAIN_DAY || !date_resolve(r, &frame))
        return false;
    if (what->cat == CAT_wd) {
        int32_t day;
        if (!nth_weekday(nth, what->value, frame.day0, frame.day1, &day))
            return false;
        /* "le premier lundi de mars" said after it means next year's. */
        if (day < r->today && frame.year == 0 && of->month && of->year == 0) {
            int32_t from = day_shift_months(frame.day0, 12), to = day_shift_months(frame.day1, 12);
            if (!nth_weekday(nth, what->value, from, to, &day))
                return false;
        }
        absolute(out, day, 1, GRAIN_DAY);
        return true;
    }
    return nth_unit(r, nth, what->value, &frame, out);
}

/* "la semaine du 18 mai", "week of the 20th", "w/c 9th": the week that holds it. */
bool act_date_week_of(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    struct meaning day = *k[arg];
    if (day.cat == CAT_num || day.cat == CAT_ord) {
        if (day.value < 1 || day.value > 31 || day.seconds % 1000)
            return false;
        int dom = day.value;
        day = meaning_none(CAT_date);
        day.dom = (int8_t)dom;
        day.grain = GRAIN_DAY;
    }
    if (day.grain > GRAIN_DAY || !date_resolve(r, &day))
        return false;
    int32_t monday = day.day0 - weekday(day.day0);
    if (weekday(day.day0) == SUNDAY)
        monday += 7; /* a week that is said to begin on a Sunday */
    absolute(out, monday, 7, GRAIN_WEEK);
    out->flags |= F_WEEKDAYS | (day.flags & F_BAD);
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
    if (dur == NULL || !sane(dur))
        return false;
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
    if (date == NULL || !sane(dur))
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
    shift_by(from.day0, from.t0 < 0 ? 0 : from.t0, dur, sign, out);
    return true;
}

/* "d'ici 15 jours", "within a fortnight": from now on. */
bool act_date_within(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *dur = NULL, *date = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_dur)
            dur = k[i];
        else if (k[i] != NULL &&
                 (k[i]->cat == CAT_date || k[i]->cat == CAT_dates || k[i]->cat == CAT_moment))
            date = k[i];
    (void)arg;
    struct meaning end = meaning_none(CAT_date), made = meaning_none(CAT_dur);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *n = kid_of(k, BIT(CAT_num), 0);
    const struct meaning *word = kid_of(k, BIT(CAT_within), 0);
    if (unit != NULL && dur == NULL) {
        if (unit->value < UNIT_DAY || unit->value2 == 9 || unit->flags & F_PLURAL)
            return false;
        duration_of(unit->value, 1000, &made);
        dur = &made;
    } else if (n != NULL && dur == NULL) {
        if (word == NULL || word->value2 != 1 || n->value < 1 || n->value > 31)
            return false;
        made = meaning_none(CAT_date);
        made.dom = (int8_t)n->value;
        made.grain = GRAIN_DAY;
        date = &made;
    }
    if (dur != NULL && sane(dur)) {
        shift_by(r->today, r->now, dur, 1, &end);
        absolute(out, r->today, end.day0 + 1 - r->today, end.grain);
        out->cat = CAT_moment;
        out->t0 = r->now;
        out->t1 = end.t0 >= 0 ? end.t0 : 0;
    } else if (date != NULL) {
        end = *date;
        if (!date_resolve(r, &end) || end.day1 <= r->today)
            return false;
        absolute(out, r->today, end.day1 - r->today, GRAIN_DAY);
        out->part = end.part;
        out->t1 = end.t1 >= 0 ? end.t1 : end.t0;
        if (out->t1 < 0) {
            out->day1++;
            out->t1 = 0;
        }
        out->cat = CAT_moment;
        out->t0 = r->now;
    } else
        return false;
    out->cat = out->cat == CAT_moment ? CAT_moment : CAT_dates;
    out->flags |= F_FROMNOW | F_DEICTIC;
    return true;
}

/* The early, middle or late part of a week, month or year. */
static bool edge_days(struct meaning *out, int edge, int language_fr_mode)
{
    int32_t from = out->day0, to = out->day1, length = to - from;
    bool early = edge == EDGE_EARLY || edge == EDGE_START, mid = edge == EDGE_MID;
    if (length == 1)
        return false;
    if (length == 7) {
        int32_t start = early ? 0 : mid ? 2 : language_fr_mode ? 3 : 4;
        out->day0 = from + start;
        out->day1 = from + (early ? (language_fr_mode ? 3 : 3)
                            : mid ? (language_fr_mode ? 4 : 4)
                                  : 7);
    } else if (length >= 28 && length <= 31) {
        out->day0 = from + (early ? 0 : mid ? (language_fr_mode ? 9 : 10) : 20);
        out->day1 = early ? from + 10 : mid ? from + (language_fr_mode ? 19 : 20) : to;
    } else if (length >= 365) {
        out->day0 = early ? from : day_shift_months(from, mid ? 4 : 8);
        out->day1 = early ? day_shift_months(from, language_fr_mode ? 2 : 3)
                    : mid ? day_shift_months(from, 8)
                          : to;
    } else if (length > 80 && length < 100) { /* a season */
        out->day0 = from + (early ? 0 : mid ? 24 : 55);
        out->day1 = early ? from + 25 : mid ? from + 56 : to;
    } else {
        out->day0 = from + (early ? 0 : mid ? length / 3 : length * 2 / 3);
        out->day1 = early ? from + length / 3 : mid ? from + length * 2 / 3 : to;
    }
    return true;
}

/* k: edge … date. The argument 1: French habits. */
bool act_date_edge(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *edge = NULL, *frame = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_edge)
            edge = k[i];
        else if (k[i] != NULL &&
                 (k[i]->cat == CAT_date || k[i]->cat == CAT_unit || k[i]->cat == CAT_month))
            frame = k[i];
    if (edge == NULL || frame == NULL)
        return false;
    *out = *frame;
    out->cat = CAT_date;
    if (frame->cat == CAT_unit) {
        if (frame->value < UNIT_WEEK || frame->value > UNIT_YEAR)
            return false;
        *out = meaning_none(CAT_date);
        days_of_unit(r, frame->value, r->today, 0, out);
        if (edge->value == EDGE_EARLY && arg == 1 && frame->value == UNIT_MONTH)
            days_of_unit(r, frame->value, r->today, 1, out);
    }
    if (frame->cat == CAT_date && frame->grain < GRAIN_WEEK)
        return false;
    if (!date_resolve(r, out))
        return false;
    int32_t frame_start = out->day0, frame_days = out->day1 - out->day0;
    if (!edge_days(out, edge->value, arg))
        return false;
    int32_t day0 = out->day0, day1 = out->day1;
    out->until = frame_start;
    out->count = (int16_t)frame_days;
    uint32_t flags = out->flags & ~(uint32_t)F_LATENT;
    absolute(out, day0, day1 - day0, GRAIN_DAY);
    out->cat = CAT_dates;
    out->edge = (uint8_t)edge->value;
    out->part = (uint8_t)(frame->cat == CAT_unit ? frame->value : 0);
    out->flags = flags;
    return true;
}

/* "mi-mars" */
bool act_date_mi_month(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    return act_date_edge(r, arg, k, out);
}

bool act_date_season(const struct reader *r, int shift, struct meaning *const *k,
                     struct meaning *out)
{
    static const int8_t from[][2] = {{3, 20}, {6, 21}, {9, 23}, {12, 21}};
    static const int8_t to[][2] = {{6, 21}, {9, 24}, {12, 21}, {3, 21}};
    const struct meaning *season = NULL, *year = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_season)
            season = k[i];
        else if (k[i] != NULL && k[i]->cat == CAT_year)
            year = k[i];
    if (season == NULL)
        return false;
    int s = season->value, y = civil_date_from_days(r->today).year;
    if (year != NULL)
        y = year->year;
    for (int pass = 0, back = year == NULL ? 1 : 0; pass < 4; pass++, y += back ? 0 : 1, back = 0) {
        if (back)
            y--;
        int32_t a = (int32_t)civil_date_to_days(
            (struct civil_date){y, (uint8_t)from[s][0], (uint8_t)from[s][1]});
        int32_t b = (int32_t)civil_date_to_days(
            (struct civil_date){y + (s == 3), (uint8_t)to[s][0], (uint8_t)to[s][1]});
        if (year == NULL && b <= r->today)
            continue;
        if (year == NULL && shift == 1 && a <= r->today)
            continue;
        absolute(out, a, b - a, GRAIN_QUARTER);
        break;
    }
    if (year == NULL && shift == -1) {
        int32_t length = out->day1 - out->day0;
        out->day0 = day_shift_months(out->day0, -12);
        out->day1 = out->day0 + length;
    }
    return out->day1 > out->day0;
}

bool act_date_holiday(const struct reader *r, int shift, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *holiday = NULL, *year = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_holiday)
            holiday = k[i];
        else if (k[i] != NULL &&
                 (k[i]->cat == CAT_year || (k[i]->cat == CAT_date && k[i]->grain == GRAIN_YEAR)))
            year = k[i];
    if (holiday == NULL)
        return false;
    int y = civil_date_from_days(r->today).year;
    int32_t from, to;
    if (year != NULL) {
        struct meaning frame = *year;
        if (frame.cat == CAT_date && !date_resolve(r, &frame))
            return false;
        y = frame.cat == CAT_year ? frame.year : civil_date_from_days(frame.day0).year;
    }
    if (!holiday_day(holiday->value, y, &from, &to))
        return false;
    if (year == NULL && shift >= 0 && from < r->today + (shift > 0) &&
        !holiday_day(holiday->value, y + 1, &from, &to))
        return false;
    if (year == NULL && shift < 0 && from >= r->today &&
        !holiday_day(holiday->value, y - 1, &from, &to))
        return false;
    absolute(out, from, to - from, GRAIN_DAY);
    return true;
}

/* A weekday, a day number or a part of the week within an interval: "mardi de la semaine
 * prochaine", "the 15th of next month", "Thursday, week of the 9th". */
bool act_date_in(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *small = NULL, *large = NULL;
    for (int i = 0; i < PATTERN_MAX; i++) {
        if (k[i] == NULL || k[i]->cat != CAT_date)
            continue;
        if (small == NULL)
            small = k[i];
        else
            large = k[i];
    }
    if (small == NULL || large == NULL)
        return false;
    if (arg == 1) {
        const struct meaning *t = small;
        small = large;
        large = t;
    }
    struct meaning frame = *large;
    if (frame.grain < GRAIN_WEEK ||
        (large->month && large->year == 0 && large->day1 <= large->day0 && small->wd < 0 &&
         false) ||
        !date_resolve(r, &frame))
        return false;
    if (small->day1 > small->day0 || small->year || small->flags & F_PLURAL)
        return false;
    if (small->month && small->dom && frame.grain == GRAIN_YEAR) {
        *out = *small;
        out->year = (int16_t)civil_date_from_days(frame.day0).year;
        return true;
    }
    if (small->month && !small->dom && frame.grain == GRAIN_YEAR && !large->month) {
        *out = *small;
        out->year = (int16_t)civil_date_from_days(frame.day0).year;
        out->flags &= ~(uint32_t)F_LATENT;
        return true;
    }
    if (small->month)
        return false;
    for (int32_t day = frame.day0; day < frame.day1 && day < frame.day0 + 31; day++) {
        struct civil_date date = civil_date_from_days(day);
        if ((small->wd >= 0 && weekday(day) != small->wd) || (small->dom && date.day != small->dom))
            continue;
        if (small->wd >= 0 && !small->dom && frame.day1 - frame.day0 > 7)
            return false;
        absolute(out, day, 1, GRAIN_DAY);
        out->flags = (small->flags & F_BAD) | F_DEICTIC |
                     (small->wd >= 0 && !small->dom ? F_NTH : 0);
        return true;
    }
    return false;
}

bool act_date_dom_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    return act_date_in(r, arg, k, out);
}

/* "le reste de la semaine", "later this month": from today on. */
bool act_date_rest(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *frame = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (k[i]->cat == CAT_date || k[i]->cat == CAT_unit))
            frame = k[i];
    struct meaning whole = frame != NULL ? *frame : meaning_none(CAT_date);
    if (frame == NULL)
        return false;
    if (frame->cat == CAT_unit) {
        if (frame->value < UNIT_WEEK || frame->value > UNIT_YEAR)
            return false;
        whole = meaning_none(CAT_date);
        days_of_unit(r, frame->value, r->today, 0, &whole);
    }
    if (whole.grain < GRAIN_WEEK || !date_resolve(r, &whole) || whole.day0 > r->today ||
        whole.day1 <= r->today)
        return false;
    const struct meaning *rest = kid_of(k, BIT(CAT_rest), 0);
    int32_t end = whole.day1 - (whole.grain == GRAIN_WEEK && arg == 0 && rest->value != 1);
    absolute(out, r->today, end - r->today, GRAIN_DAY);
    out->cat = CAT_dates;
    return out->day1 > out->day0;
}

/* "the week after next", "friday after next", "la semaine d'après" */
bool act_date_after_next(const struct reader *r, int shift, struct meaning *const *k,
                         struct meaning *out)
{
    for (int i = 0; i < PATTERN_MAX; i++) {
        if (k[i] == NULL)
            continue;
        if (k[i]->cat == CAT_unit) {
            if (k[i]->value < UNIT_DAY)
                return false;
            absolute(out, 0, 0, 0);
            days_of_unit(r, k[i]->value, r->today, shift, out);
            if (k[i]->value == UNIT_WEEK)
                out->flags |= F_WEEKDAYS;
            out->flags |= F_DEICTIC;
            return true;
        }
        if (k[i]->cat == CAT_wd) {
            int ahead = (k[i]->value - weekday(r->today) + 7) % 7;
            absolute(out, r->today + (ahead ? ahead : 7) + 7 * (shift - 1), 1, GRAIN_DAY);
            return true;
        }
        if (k[i]->cat == CAT_month) {
            struct meaning first = meaning_none(CAT_date);
            first.month = k[i]->month;
            if (!date_resolve(r, &first))
                return false;
            out->month = k[i]->month;
            out->year = (int16_t)(civil_date_from_days(first.day0).year + shift - 1);
            out->grain = GRAIN_MONTH;
            return true;
        }
    }
    return false;
}

/* "the second half of April" */
bool act_date_half_of(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *ord = NULL, *date = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (k[i]->cat == CAT_ord || k[i]->cat == CAT_last))
            ord = k[i];
        else if (k[i] != NULL && k[i]->cat == CAT_date)
            date = k[i];
    (void)arg;
    if (ord == NULL || date == NULL || date->grain < GRAIN_WEEK || ord->value > 2)
        return false;
    struct meaning frame = *date;
    if (!date_resolve(r, &frame))
        return false;
    int32_t half = (frame.day1 - frame.day0) / 2;
    bool second = ord->cat == CAT_last || ord->value == 2;
    absolute(out, second ? frame.day0 + half : frame.day0,
             second ? frame.day1 - frame.day0 - half : half, GRAIN_DAY);
    out->cat = CAT_dates;
    return true;
}

/* "now": a moment; "asap": after it. */
bool act_date_now(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    if (k[0]->value < 100)
        return false;
    arg = k[0]->value == 102;
    absolute(out, r->today, 1, GRAIN_SECOND);
    if (k[0]->value == 101)
        return true;
    out->cat = arg ? CAT_open : CAT_moment;
    out->open = arg ? TIMEX_AFTER : TIMEX_BOUNDED;
    out->t0 = r->now;
    out->flags = F_DEICTIC | F_HAS24;
    return true;
}

/* "EOD", "EOM", "COB": the end of the day, month, year; by: from now until then. */
bool act_date_eod(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *word = kid_of(k, BIT(CAT_tenday), 0);
    int unit = word->value % 50;
    bool begins = word->value >= 50;
    *out = meaning_none(CAT_date);
    if (word->value >= 100 || (arg && begins))
        return false;
    days_of_unit(r, unit, r->today, 0, out);
    if (arg) { /* "by EOM" */
        out->cat = CAT_moment;
        out->day0 = r->today;
        out->day1++;
        out->t0 = r->now;
        out->t1 = 0;
        out->flags = F_FROMNOW | F_DEICTIC;
        return true;
    }
    if (unit == UNIT_DAY) {
        out->cat = CAT_moment;
        out->part = PART_DAY;
        out->edge = EDGE_LATE;
        out->flags = F_PERIOD;
        out->grain = GRAIN_PART;
        return part_hours(r, PART_DAY, EDGE_LATE, &out->t0, &out->t1);
    }
    edge_days(out, begins ? EDGE_START : EDGE_END, 0);
    out->cat = CAT_dates;
    return true;
}

bool act_date_wd_part(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    *out = *k[arg];
    return true;
}

/* "dans la semaine", "en semaine", "in the month" */
bool act_date_in_unit(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *the = kid_of(k, BIT(CAT_the), 0);
    const struct meaning *in = kid_of(k, BIT(CAT_in), 0);
    bool article = the != NULL || in->value2 == 1;
    (void)arg;
    if (unit->value < UNIT_WEEK || unit->value > UNIT_YEAR || unit->flags & F_PLURAL ||
        unit->value2 == 9 || (!article && unit->value != UNIT_WEEK))
        return false;
    absolute(out, 0, 0, 0);
    days_of_unit(r, unit->value, r->today, 0, out);
    if (!article) {
        if (!(r->languages & 1u << LANGUAGE_FR))
            return false;
        out->day1 = out->day0 + 5;
        out->cat = CAT_dates;
    }
    return true;
}

/* "le week-end", "on the weekend": the coming one */
bool act_date_weekend(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    (void)arg;
    if (unit->value != UNIT_WEEKEND || unit->flags & F_PLURAL)
        return false;
    absolute(out, 0, 0, 0);
    days_of_unit(r, UNIT_WEEKEND, r->today, 0, out);
    return true;
}

/* "three Fridays from now" */
bool act_date_nth_hence(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num), 0), *wd = kid_of(k, BIT(CAT_wd), 0);
    (void)arg;
    if (n->value < 1 || n->value > 60 || n->seconds % 1000)
        return false;
    int ahead = (wd->value - weekday(r->today) + 7) % 7;
    absolute(out, r->today + (ahead ? ahead : 7) + 7 * (n->value - 1), 1, GRAIN_DAY);
    return true;
}

/* "Q3 2016", "the 3rd quarter (of 2016)" */
bool act_date_quarter(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)arg;
    int q = 0, year = civil_date_from_days(r->today).year;
    const struct meaning *word = kid_of(k, BIT(CAT_word), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    if ((word != NULL && word->value != 77) || (unit != NULL && unit->value != UNIT_QUARTER))
        return false;
    bool said_year = false;
    if (word != NULL) {
        const struct meaning *first = kid_of(k, BIT(CAT_num), 0),
                             *second = kid_of(k, BIT(CAT_num), 1);
        q = second != NULL ? second->value : first->value;
        if (second != NULL)
            year = 2000 + first->value % 100, said_year = true;
        if (second != NULL && first->value2 != 2)
            return false;
    }
    bool said = said_year;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (k[i]->cat == CAT_ord || k[i]->cat == CAT_quarter))
            q = k[i]->value;
        else if (k[i] != NULL && k[i]->cat == CAT_year)
            year = k[i]->year, said = true;
    if (q < 1 || q > 4)
        return false;
    int32_t day = (int32_t)civil_date_to_days((struct civil_date){year, (uint8_t)(q * 3 - 2), 1});
    if (!said && day_shift_months(day, 3) <= r->today)
        day = day_shift_months(day, 12);
    absolute(out, day, day_shift_months(day, 3) - day, GRAIN_QUARTER);
    return true;
}

/* "the 1990s", "les années 90", "in the seventies" */
bool act_date_decade(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    int year = 0;
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    if (arg == 2 ? unit->value2 != 9 || unit->value != UNIT_SECOND
                 : unit->value != UNIT_YEAR || !(unit->flags & F_PLURAL))
        return false;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_year)
            year = k[i]->year;
        else if (k[i] != NULL && k[i]->cat == CAT_num)
            year = k[i]->value;
    if (year < 100)
        year += year < 30 ? 2000 : 1900;
    if (year % 10 != 0 || year < 1000 || year > 2190)
        return false;
    int32_t day = (int32_t)civil_date_to_days((struct civil_date){year, 1, 1});
    absolute(out, day, day_shift_months(day, 120) - day, GRAIN_YEAR);
    out->cat = CAT_dates;
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

/* "du 13 au dimanche 15 juillet": a number, then a whole date. */
bool act_dates_num_date(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 0);
    struct meaning from = meaning_none(CAT_date), to = *kid_of(k, BIT(CAT_date), 0);
    if (n->value < 1 || n->value > 31 || n->seconds % 1000 ||
        (n->value2 > 2 && !(n->flags & F_PARTWORD)) || to.dom == 0)
        return false;
    from.dom = (int8_t)n->value;
    from.grain = GRAIN_DAY;
    struct meaning *const kids[PATTERN_MAX] = {&from, &to};
    return act_dates_range(r, arg, kids, out);
}
