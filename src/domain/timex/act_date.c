#include "domain/timex/actions.h"

/* Dates by their fields, and one date within another. */

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

/* "le vingt-sept" is a number, "trente sept minutes" too: a month cut short takes figures. */
static bool figures_only(const struct reader *r, const struct meaning *month,
                         const struct meaning *day)
{
    return habit(r, HABIT_SHORT_MONTHS_TAKE_FIGURES) && month->flags & F_ABBR &&
           day->cat == CAT_num && day->flags & F_PARTWORD;
}

/* the? num|ord of? month year? : the number at k[1], the month at k[3], the year at k[5] */
bool act_date_dom_month(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)arg;
    if (k[1]->value < 1 || k[1]->value > 31 || k[1]->seconds % 1000 != 0)
        return false;
    if (k[1]->cat == CAT_num && k[1]->value2 > 2 && !(k[1]->flags & F_PARTWORD))
        return false;
    if (figures_only(r, k[3], k[1]))
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
    (void)arg;
    if (k[2]->value < 1 || k[2]->value > 31 || k[2]->seconds % 1000 != 0)
        return false;
    if (k[2]->cat == CAT_num && k[2]->value2 > 2 && !(k[2]->flags & F_PARTWORD))
        return false;
    if (figures_only(r, k[0], k[2]))
        return false;
    if (k[1] != NULL && k[1]->cat == CAT_comma && k[2]->flags & F_PARTWORD)
        return false; /* "12 July, third reminder" */
    out->month = k[0]->month;
    out->dom = (int8_t)k[2]->value;
    out->grain = GRAIN_DAY;
    return set_year(out, k[4]);
}

/* "le 15", "the 15th": a day of the month; bare ordinals and numbers need their article. */
bool act_date_dom(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *n = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (k[i]->cat == CAT_num || k[i]->cat == CAT_ord))
            n = k[i];
        else if (k[i] != NULL && k[i]->cat == CAT_the && k[i]->value != 1 && arg != 4)
            return false;
    const struct meaning *at = kid_of(k, BIT(CAT_at), 0);
    if (n->value < 1 || n->value > 31 || n->seconds % 1000 != 0 || (at != NULL && at->value != 1) ||
        (n->cat == CAT_num && n->value2 > 2 && !(n->flags & F_PARTWORD)))
        return false;
    if (n->cat == CAT_ord && (n->flags & F_PARTWORD) && n->value < 4 && arg == 0)
        return false;
    if (n->cat == CAT_ord && n->value > 1 && habit(r, HABIT_CARDINAL_DAYS))
        return false; /* "le deuxième" is no day: French counts them "le 2" */
    out->dom = (int8_t)n->value;
    out->grain = GRAIN_DAY;
    out->flags |= (n->flags & F_PARTWORD) | F_THE | (arg == 2 ? F_LATENT : 0);
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

/* "Tues 3/10": the weekday tells which is the month. */
static void settle_order(const struct reader *r, const struct meaning *trial, struct meaning *out)
{
    struct meaning other = *out;
    if (!(out->flags & F_SWAP))
        return;
    other.dom = out->month;
    other.month = out->dom;
    other.flags &= ~(uint32_t)F_SWAP;
    struct meaning swapped = other;
    bool fits = date_resolve(r, &swapped) && !(swapped.flags & F_BAD);
    if (fits && trial->flags & F_BAD)
        *out = other;
    else if (!fits && !(trial->flags & F_BAD))
        out->flags &= ~(uint32_t)F_SWAP;
}

/* A weekday beside a date that names a day: both must agree. k[0], k[3] in either order. */
bool act_date_wd_date(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *wd = k[arg ? 3 : 0], *date = k[arg ? 0 : 3];
    if (date->cat != CAT_date || date->wd >= 0 || wd->flags & F_PLURAL)
        return false;
    *out = *date;
    out->flags |= arg ? F_WDLAST : 0;
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
    struct meaning trial = *out; /* its year may still come from the other end of a range */
    if (!date_resolve(r, &trial))
        return false;
    settle_order(r, &trial, out);
    return true;
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
           (n->cat == CAT_ord || n->value >= 13 ||
            (!(trial.flags & F_BAD) && trial.day0 >= r->today));
}

bool act_date_num_wd(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    if (habit(r, HABIT_FIGURE_BEFORE_WEEKDAY_IS_HOUR) && k[1]->cat == CAT_num && k[1]->value <= 12)
        return false; /* "from 3 to 4 Monday" */
    struct meaning *const swapped[PATTERN_MAX] = {k[2], NULL, k[1]};
    if (!act_date_wd_dom(r, arg, swapped, out))
        return false;
    struct meaning trial = *out;
    return date_resolve(r, &trial) && !(trial.flags & F_BAD);
}

bool nth_weekday(int nth, int wd, int32_t from, int32_t to, int32_t *day)
{
    if (nth > 0)
        *day = from + (wd - weekday(from) + 7) % 7 + 7 * (nth - 1);
    else
        *day = to - 1 - (weekday(to - 1) - wd + 7) % 7 + 7 * (nth + 1);
    return *day >= from && *day < to;
}

static bool nth_workday(int nth, int32_t from, int32_t to, struct meaning *out)
{
    int32_t day = nth > 0 ? from : to - 1, left = nth > 0 ? nth : -nth;
    for (; day >= from && day < to; day += nth > 0 ? 1 : -1)
        if (weekday(day) < SATURDAY && --left == 0) {
            absolute(out, day, 1, GRAIN_DAY);
            return true;
        }
    return false;
}

/* The first week of a period is the first that begins with a Monday of it. The last one is the
 * last that holds its Friday; which it is, is doubtful. */
static void nth_week(int nth, int32_t from, int32_t to, struct meaning *out)
{
    int32_t monday = nth > 0 ? from + (7 - weekday(from)) % 7 + 7 * (nth - 1)
                             : to - 1 - weekday(to - 1) + 7 * (nth + 1);
    bool cut = nth < 0 && weekday(to - 1) < FRIDAY;
    absolute(out, cut ? monday - 7 : monday, 7, GRAIN_WEEK);
    out->flags |= cut ? F_WHICH | F_WEEKDAYS : F_WEEKDAYS;
}

bool nth_unit(int nth, int unit, const struct meaning *frame, struct meaning *out)
{
    int32_t from = frame->day0, to = frame->day1;
    if (unit == UNIT_DAY) {
        absolute(out, nth > 0 ? from + nth - 1 : to + nth, 1, GRAIN_DAY);
        return out->day0 >= from && out->day0 < to;
    }
    if (unit == UNIT_WORKDAY)
        return nth_workday(nth, from, to, out);
    if (unit == UNIT_WEEK) {
        nth_week(nth, from, to, out);
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
        days_of_unit(unit, nth > 0 ? from : to - 1, nth > 0 ? nth - 1 : nth + 1, out);
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
    int nth = ord->cat == CAT_last ? -ord->value : ord->value;
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
    return nth_unit(nth, what->value, &frame, out);
}

/* "la semaine du 18 mai", "week of the 20th", "w/c 9th": the week that holds it. */
bool act_date_week_of(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    struct meaning day = *k[arg];
    if (day.cat == CAT_num || day.cat == CAT_ord) {
        if (day.value < 1 || day.value > 31 || day.seconds % 1000 ||
            kid_of(k, BIT(CAT_weekof), 0)->value == 1)
            return false; /* "la semaine de quatre jours" */
        int dom = day.value;
        day = meaning_none(CAT_date);
        day.dom = (int8_t)dom;
        day.grain = GRAIN_DAY;
    }
    if (day.grain > GRAIN_DAY || day.flags & F_WDLAST || !date_resolve(r, &day))
        return false; /* "the week of 5 October, Wednesday or Friday": a day of that week */
    int32_t monday = day.day0 - weekday(day.day0);
    if (weekday(day.day0) == SUNDAY && kid_of(k, BIT(CAT_weekof), 0)->value == 0)
        monday += 7; /* a week that is said to begin on a Sunday */
    absolute(out, monday, 7, GRAIN_WEEK);
    out->flags |= F_WEEKDAYS | (day.flags & F_BAD);
    return true;
}

/* "Octobre de l'an prochain", "the 15th of October next year" */
static bool month_in_year(const struct meaning *small, const struct meaning *large, int32_t day,
                          struct meaning *out)
{
    if (!small->dom && large->month)
        return false;
    *out = *small;
    out->year = (int16_t)civil_date_from_days(day).year;
    if (!small->dom)
        out->flags &= ~(uint32_t)F_LATENT;
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
    if (frame.grain < GRAIN_WEEK || !date_resolve(r, &frame))
        return false;
    if (small->day1 > small->day0 || small->year || small->flags & F_PLURAL)
        return false;
    if (small->month)
        return frame.grain == GRAIN_YEAR && month_in_year(small, large, frame.day0, out);
    for (int32_t day = frame.day0; day < frame.day1 && day < frame.day0 + 31; day++) {
        struct civil_date date = civil_date_from_days(day);
        if ((small->wd >= 0 && weekday(day) != small->wd) || (small->dom && date.day != small->dom))
            continue;
        if (small->wd >= 0 && !small->dom && frame.day1 - frame.day0 > 7)
            return false;
        absolute(out, day, 1, GRAIN_DAY);
        out->freq = large->freq; /* of "that week" */
        out->flags =
            (small->flags & F_BAD) | F_DEICTIC | (small->wd >= 0 && !small->dom ? F_NTH : 0);
        return true;
    }
    return false;
}

bool act_date_dom_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    return act_date_in(r, arg, k, out);
}

bool act_date_wd_part(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    *out = *k[arg];
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

/* "Thursday (3 December)": what the bracket closes. */
bool act_date_paren(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    *out = *k[0];
    return k[1]->value == ')' && !(k[0]->flags & F_PLURAL);
}
