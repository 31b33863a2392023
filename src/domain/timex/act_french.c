#include "domain/timex/actions.h"

/* What French writes in its own way: weeks by their number, periods that the bare unit names
 * ("le premier lundi du mois"), "dans les 15 jours", "un lundi sur deux". */

static int32_t first_week(int year)
{
    int32_t day = (int32_t)civil_date_to_days((struct civil_date){year, 1, 4});
    return day - weekday(day);
}

static bool week_number(const struct meaning *n)
{
    return n->value >= 1 && n->value <= 53 && n->seconds % 1000 == 0 &&
           (n->flags & F_PARTWORD ? n->value > 10 : n->value2 <= 2);
}

/* The Monday of an ISO week; without a year that of the coming one. */
static bool week_start(const struct reader *r, int week, int year, int32_t *monday)
{
    if (year == 0) {
        /* The year of a week is that of its Thursday. */
        year = civil_date_from_days(r->today - weekday(r->today) + 3).year;
        year += first_week(year) + 7 * week <= r->today;
    }
    *monday = first_week(year) + 7 * (week - 1);
    return *monday < first_week(year + 1);
}

/* "semaine 14", "S14", "la semaine n° 3 de 2027", "semaines 50 et 51" */
bool act_date_week_number(const struct reader *r, int arg, struct meaning *const *k,
                          struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *year = kid_of(k, BIT(CAT_year), 0);
    const struct meaning *word = kid_of(k, BIT(CAT_word), 0);
    const struct meaning *a = kid_of(k, BIT(CAT_num), 0), *b = kid_of(k, BIT(CAT_num), 1);
    (void)arg;
    if (unit != NULL
            ? unit->value != UNIT_WEEK || unit->value2 != 0 || (b == NULL && unit->flags & F_PLURAL)
            : word->value != WORD_WEEK)
        return false;
    if (unit != NULL && word != NULL && word->value != WORD_NUMBER)
        return false;
    if (unit == NULL && year != NULL && a->value <= 2) { /* "S1 2027" */
        struct meaning half = meaning_none(CAT_unit), rank = meaning_none(CAT_ord), when = *year;
        half.value = UNIT_SEMESTER;
        rank.value = a->value;
        struct meaning *const kids[PATTERN_MAX] = {&rank, &half, &when};
        return act_date_part_of_year(r, 0, kids, out);
    }
    int32_t from, last;
    int said = year != NULL ? year->year : 0;
    if (!week_number(a) || (b != NULL && (!week_number(b) || b->value <= a->value)) ||
        !week_start(r, a->value, said, &from))
        return false;
    last = b != NULL ? from + 7 * (b->value - a->value) : from;
    const struct meaning *joint = kid_of(k, BIT(CAT_and) | BIT(CAT_or) | BIT(CAT_comma), 0);
    if (joint != NULL && last - from > 7)
        return false; /* "semaines 3 et 7" leave out what lies between */
    absolute(out, from, last + 7 - from, b != NULL ? GRAIN_DAY : GRAIN_WEEK);
    if (b != NULL)
        out->cat = CAT_dates;
    out->flags |= F_WEEKDAYS | (year != NULL ? F_FIXED : 0);
    return true;
}

static const struct meaning *last_unit(struct meaning *const *k)
{
    const struct meaning *unit = NULL;
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && k[i]->cat == CAT_unit)
            unit = k[i];
    return unit;
}

/* "of the month": the current one, or the next when the day of the current one is over. */
static bool in_current(const struct reader *r, const struct meaning *unit, action_fn *action,
                       struct meaning *const *k, struct meaning *out)
{
    for (int shift = 0; shift < 2; shift++) {
        struct meaning frame = meaning_none(CAT_date), found = *out;
        days_of_unit(unit->value, r->today, shift, &frame);
        struct meaning *kids[PATTERN_MAX] = {k[1], k[2], &frame};
        if (action(r, 0, kids, &found) && found.day1 > r->today) {
            *out = found;
            return true;
        }
    }
    return false;
}

/* "le premier lundi du mois", "le dernier jour de l'année": k[1] the rank, k[2] what */
bool act_date_nth_of_unit(const struct reader *r, int arg, struct meaning *const *k,
                          struct meaning *out)
{
    const struct meaning *unit = last_unit(k), *of = kid_of(k, BIT(CAT_of), 0);
    (void)arg;
    if (of->value == 0 || unit->value < UNIT_WEEK || unit->value > UNIT_YEAR || unit->value2 != 0 ||
        unit->flags & F_PLURAL || k[2]->flags & F_PLURAL)
        return false;
    return in_current(r, unit, act_date_nth_of, k, out);
}

/* "le 15 du mois" */
bool act_date_dom_of_unit(const struct reader *r, int arg, struct meaning *const *k,
                          struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 0), *unit = last_unit(k);
    (void)arg;
    if (unit->value != UNIT_MONTH || unit->flags & F_PLURAL || n->value < 1 || n->value > 31 ||
        n->seconds % 1000 || (n->value2 > 2 && !(n->flags & F_PARTWORD)))
        return false;
    out->dom = (int8_t)n->value;
    out->grain = GRAIN_DAY;
    return date_resolve(r, out);
}

/* "les prochains jours", "dans les semaines à venir", "ces derniers jours": a few of them;
 * "prochaine heures" is one that was misspelt. */
bool act_date_few_units(const struct reader *r, int shift, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *side = kid_of(k, BIT(CAT_next) | BIT(CAT_last), 0);
    struct meaning one = *unit, few = meaning_none(CAT_num);
    if (!(unit->flags & F_PLURAL))
        return false;
    if (!(side->flags & F_PLURAL)) {
        one.flags &= ~(uint32_t)F_PLURAL;
        struct meaning *const kids[PATTERN_MAX] = {&one};
        return act_date_rel_unit(r, shift, kids, out);
    }
    few.value = 3;
    struct meaning *const kids[PATTERN_MAX] = {&few, &one};
    return act_date_rel_num_unit(r, shift, kids, out);
}

/* "dans les 15 jours", "dans l'heure", "dans la quinzaine": from now until then */
bool act_date_within_the(const struct reader *r, int arg, struct meaning *const *k,
                         struct meaning *out)
{
    const struct meaning *in = kid_of(k, BIT(CAT_in), 0), *the = kid_of(k, BIT(CAT_the), 0);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit) | BIT(CAT_hour), 0);
    const struct meaning *dur = kid_of(k, BIT(CAT_dur), 0);
    struct meaning length = meaning_none(CAT_dur);
    if (in->value != 0 || (the == NULL && in->value2 != 1))
        return false;
    if (unit != NULL) {
        bool counted = unit->cat == CAT_hour || unit->value == UNIT_HOUR ||
                       unit->value == UNIT_MINUTE || unit->value == UNIT_HALFMONTH ||
                       unit->value2 == WEEK_OF_EIGHT;
        if (!counted || unit->flags & F_PLURAL || unit->value2 == 9)
            return false;
        duration_of(unit->cat == CAT_hour ? UNIT_HOUR : unit->value, 1000, &length);
    } else if (dur->flags & F_TOTAL)
        return false;
    else
        length = *dur;
    struct meaning *const kids[PATTERN_MAX] = {&length};
    return act_date_within(r, arg, kids, out);
}

/* "lundi en 8", "mardi en 15": eight days with both ends counted, a week */
bool act_date_wd_eight(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num), 0), *in = kid_of(k, BIT(CAT_in), 0);
    struct meaning weeks = meaning_none(CAT_word);
    if (in->value != 1 || n->seconds % 1000 || (n->value != 8 && n->value != 15))
        return false;
    weeks.value = n->value == 8 ? 1 : 2;
    struct meaning *const kids[PATTERN_MAX] = {k[0], &weeks};
    return act_date_wd_weeks(r, 1 + 0 * arg, kids, out);
}

/* "vendredi au plus tôt" */
bool act_open_earliest(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    return kid_of(k, BIT(CAT_since), 0)->value2 == 8 && act_open_after(r, arg, k, out);
}

/* "le matin du 3" */
bool act_moment_part_dom(const struct reader *r, int arg, struct meaning *const *k,
                         struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 0);
    struct meaning part = *kid_of(k, BIT(CAT_part), 0), day = meaning_none(CAT_date);
    if (kid_of(k, BIT(CAT_of), 0)->value != 1 || n->value < 1 || n->value > 31 ||
        n->seconds % 1000 || (n->value2 > 2 && !(n->flags & F_PARTWORD)))
        return false;
    day.dom = (int8_t)n->value;
    day.grain = GRAIN_DAY;
    day.flags = F_THE;
    struct meaning *const kids[PATTERN_MAX] = {&day, &part};
    return act_moment_join(r, arg, kids, out);
}

/* "toute la journée de mardi", "mardi toute la journée": the whole of it */
bool act_date_all_day(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *dur = kid_of(k, BIT(CAT_dur), 0), *date = kid_of(k, BIT(CAT_date), 0);
    (void)arg;
    /* What a message allows takes "toute la journée" as a cue of its own. */
    if (r->meals || !(dur->flags & F_TOTAL) || dur->value != UNIT_DAY || date->grain > GRAIN_DAY)
        return false;
    *out = *date;
    out->flags &= ~(uint32_t)F_LATENT;
    return true;
}

/* "un lundi sur deux", "une semaine sur trois", "un samedi matin sur deux" */
bool act_set_one_of(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    const struct meaning *pod = kid_of(k, BIT(CAT_pod), 0);
    const struct meaning *count = k[4];
    struct meaning every = meaning_none(CAT_every), n = meaning_none(CAT_ord);
    (void)arg;
    if (k[0]->value != 1 || count->value < 2 || count->value > 12 || count->seconds % 1000)
        return false;
    n.value = count->value;
    struct meaning *const kids[PATTERN_MAX] = {&every, &n, k[1], k[2]};
    if (wd == NULL)
        return unit != NULL && pod == NULL && act_set_every_unit(r, 0, kids, out);
    if (pod != NULL && !act_set_part(r, 0, kids, out))
        return false;
    if (pod == NULL && !act_set_every_wd(r, 1, kids, out))
        return false;
    out->interval = (int16_t)count->value;
    return true;
}

/* "le mardi, une semaine sur deux": the weekday of a weekly series */
bool act_set_on_wd(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *date = kid_of(k, BIT(CAT_date), 0), *set = kid_of(k, BIT(CAT_set), 0);
    (void)r;
    (void)arg;
    if (date->wd < 0 || date->dom || date->month || date->day1 > date->day0 || set->byday != 0 ||
        set->freq != 2)
        return false;
    *out = *set;
    out->byday = (uint8_t)(1u << date->wd);
    return true;
}

/* "tous les deux lundis" */
bool act_set_every_num_wd(const struct reader *r, int arg, struct meaning *const *k,
                          struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num), 0);
    (void)arg;
    if (n->value < 2 || n->value > 12 || n->seconds % 1000 || !act_set_every_wd(r, 0, k, out))
        return false;
    out->interval = (int16_t)n->value;
    return true;
}

/* "tous les 15 du mois" */
bool act_set_every_dom(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *every = kid_of(k, BIT(CAT_every), 0), *unit = last_unit(k);
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_ord), 0);
    (void)r;
    (void)arg;
    if (every->value == 2 || unit->value != UNIT_MONTH || n->value < 1 || n->value > 31 ||
        n->seconds % 1000)
        return false;
    out->cat = CAT_set;
    out->freq = 3;
    out->interval = 1;
    out->bymonthday = (int8_t)n->value;
    return true;
}

/* "le 1er trimestre 2027", "second semestre", "le dernier trimestre de l'année prochaine" */
bool act_date_part_of_year(const struct reader *r, int arg, struct meaning *const *k,
                           struct meaning *out)
{
    const struct meaning *rank = kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0), *unit = last_unit(k);
    const struct meaning *year = kid_of(k, BIT(CAT_year), 0), *date = kid_of(k, BIT(CAT_date), 0);
    (void)arg;
    int months = unit->value == UNIT_QUARTER ? 3 : unit->value == UNIT_SEMESTER ? 6 : 0;
    if (months == 0)
        return false;
    int n = rank->cat == CAT_last ? 12 / months : rank->value;
    int y = civil_date_from_days(r->today).year;
    if (date != NULL) {
        struct meaning frame = *date;
        if (frame.grain != GRAIN_YEAR || !date_resolve(r, &frame))
            return false;
        y = civil_date_from_days(frame.day0).year;
    }
    if (year != NULL)
        y = year->year;
    if (n < 1 || n > 12 / months)
        return false;
    int32_t day =
        (int32_t)civil_date_to_days((struct civil_date){y, (uint8_t)(1 + (n - 1) * months), 1});
    if (year == NULL && date == NULL && day_shift_months(day, months) <= r->today)
        day = day_shift_months(day, 12);
    absolute(out, day, day_shift_months(day, months) - day,
             months == 3 ? GRAIN_QUARTER : GRAIN_DAY);
    if (months == 6)
        out->cat = CAT_dates;
    return true;
}

/* "ce mardi 1er décembre" */
bool act_date_this(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    *out = *k[1];
    return out->wd >= 0 && out->dom > 0;
}

/* "jusqu'au 15 inclus" */
bool act_open_inclusive(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)arg;
    *out = *k[0];
    if (r->meals || k[1]->value != WORD_INCLUDED || out->open != TIMEX_BEFORE || out->t0 >= 0 ||
        out->day1 <= out->day0 || out->flags & F_INCLUSIVE)
        return false;
    out->day0 = out->day1;
    out->day1 = out->day0 + 1;
    out->flags |= F_INCLUSIVE;
    return true;
}

/* "pendant 1h30", "une réunion d'1h", "1h30 maximum": a length, though written like a time */
bool act_dur_of_clock(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *lead = kid_of(k, BIT(CAT_for) | BIT(CAT_of), 0);
    const struct meaning *word = kid_of(k, BIT(CAT_word), 0), *clock = kid_of(k, BIT(CAT_clock), 0);
    if ((arg == 2 ? word->value != WORD_AT_MOST : lead->value != 3) ||
        (arg == 1 && clock->t0 / 3600 != 1))
        return false;
    return act_dur_clock(r, 0, k, out);
}

/* "2-3 jours", "deux ou trois semaines": the longer */
bool act_dur_span(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *a = kid_of(k, BIT(CAT_num), 0), *b = kid_of(k, BIT(CAT_num), 1);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    if (unit->value == UNIT_HOUR || unit->value2 != 0 || a->value >= b->value || a->value < 1)
        return false;
    struct meaning longer = *b, each = *unit;
    struct meaning *const kids[PATTERN_MAX] = {&longer, &each};
    return act_dur_num_unit(r, arg, kids, out);
}

/* "le week-end du 5", "du 5-6 décembre": the one that holds the day, or comes next */
bool act_date_weekend_of(const struct reader *r, int arg, struct meaning *const *k,
                         struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *n = kid_of(k, BIT(CAT_num), 0);
    struct meaning day = meaning_none(CAT_date);
    (void)arg;
    if (unit->value != UNIT_WEEKEND || unit->flags & F_PLURAL ||
        (n != NULL && kid_of(k, BIT(CAT_of), 0)->value != 1))
        return false;
    if (n == NULL)
        day = *kid_of(k, BIT(CAT_date) | BIT(CAT_dates), 0);
    else if (n->value < 1 || n->value > 31 || n->seconds % 1000)
        return false;
    else {
        day.dom = (int8_t)n->value;
        day.grain = GRAIN_DAY;
    }
    if (day.grain > GRAIN_DAY || !date_resolve(r, &day))
        return false;
    absolute(out, 0, 0, 0);
    days_of_unit(UNIT_WEEKEND, day.day0, 0, out);
    return true;
}

/* "dans la nuit de mardi à mercredi" */
bool act_moment_night(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *pod = kid_of(k, BIT(CAT_pod), 0);
    struct meaning from = *kid_of(k, BIT(CAT_date), 0), to = *kid_of(k, BIT(CAT_date), 1);
    struct meaning part = meaning_none(CAT_part);
    if (pod->value != PART_NIGHT || !date_resolve(r, &from) || !date_resolve(r, &to) ||
        weekday(to.day0) != weekday(from.day0 + 1))
        return false;
    struct meaning word = *pod;
    struct meaning *const name[PATTERN_MAX] = {&word};
    if (!act_part_word(r, 0, name, &part))
        return false;
    struct meaning *const kids[PATTERN_MAX] = {&from, &part};
    return act_moment_join(r, arg, kids, out);
}

/* "la seconde moitié de janvier", "la première moitié du mois" */
bool act_date_half(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    struct meaning rank = *kid_of(k, BIT(CAT_ord) | BIT(CAT_last), 0);
    struct meaning frame = meaning_none(CAT_date);
    if (kid_of(k, BIT(CAT_half), 0)->value != 50)
        return false;
    if (unit == NULL)
        frame = *kid_of(k, BIT(CAT_date), 0);
    else if (unit->value < UNIT_WEEK || unit->value > UNIT_YEAR || unit->flags & F_PLURAL)
        return false;
    else
        days_of_unit(unit->value, r->today, 0, &frame);
    struct meaning *const kids[PATTERN_MAX] = {&rank, &frame};
    return act_date_half_of(r, arg, kids, out);
}

/* "ok pour 14h30", "pour 10h": a time of day, where "pour 2h" is a length */
bool act_clock_for(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *time = kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks), 0);
    (void)r;
    (void)arg;
    if (kid_of(k, BIT(CAT_for), 0)->value == 3 || !(time->flags & F_CLOCKONLY) ||
        time->t0 < 7 * 3600 || time->t0 >= 24 * 3600)
        return false;
    *out = *time;
    return true;
}

/* "les premiers jours de janvier", "les dernières semaines de l'année": three of them */
bool act_dates_few_of(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    struct meaning few = meaning_none(CAT_num);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    struct meaning *kids[PATTERN_MAX];
    if (!(unit->flags & F_PLURAL))
        return false;
    memcpy(kids, k, sizeof kids);
    few.value = 3;
    few.seconds = 3000;
    few.flags = F_PARTWORD;
    kids[0] = &few; /* in the place of "dans" */
    return act_dates_count_of(r, arg, kids, out);
}

/* "tôt lundi matin", "tard mardi soir" */
bool act_moment_edge(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning day = *k[1], part = meaning_none(CAT_part), edge = *k[0], pod = *k[2];
    struct meaning *const words[PATTERN_MAX] = {&edge, &pod};
    if (day.cat == CAT_day) {
        struct meaning word = day;
        struct meaning *const kids[PATTERN_MAX] = {&word};
        if (!act_date_offset(r, 0, kids, &day))
            return false;
    }
    if (!act_part_edge(r, 0, words, &part))
        return false;
    struct meaning *const kids[PATTERN_MAX] = {&day, &part};
    return act_moment_join(r, arg, kids, out);
}

/* "20 du mois prochain" */
bool act_dom_of_date(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *n = k[0];
    struct meaning day = meaning_none(CAT_date), frame = *kid_of(k, BIT(CAT_date), 0);
    if (kid_of(k, BIT(CAT_of), 0)->value != 1 || frame.grain != GRAIN_MONTH || frame.month != 0 ||
        n->value < 1 || n->value > 31 || n->seconds % 1000 ||
        (n->value2 > 2 && !(n->flags & F_PARTWORD)))
        return false;
    day.dom = (int8_t)n->value;
    day.grain = GRAIN_DAY;
    struct meaning *const kids[PATTERN_MAX] = {&day, &frame};
    return act_date_in(r, arg, kids, out);
}

/* "dans 1h30", "il y a 1h15", "d'ici 1h30" */
bool act_clock_shift(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *lead = k[0], *clock = kid_of(k, BIT(CAT_clock), 0);
    struct meaning length = meaning_none(CAT_dur);
    struct meaning *const kids[PATTERN_MAX] = {&length}, *const written[PATTERN_MAX] = {k[2]};
    if (!(clock->flags & F_CLOCKONLY) || clock->grain != GRAIN_MINUTE || clock->t0 >= 8 * 3600 ||
        (lead->cat == CAT_in && lead->value != 0) || !act_dur_clock(r, 0, written, &length))
        return false;
    if (lead->cat == CAT_within)
        return act_date_within(r, arg, kids, out);
    return act_date_dur_shift(r, lead->cat == CAT_ago ? -1 : 1, kids, out);
}

/* "dans deux semaines à compter de lundi" */
bool act_in_dur_from(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *since = kid_of(k, BIT(CAT_since), 0);
    struct meaning *const kids[PATTERN_MAX] = {k[1], k[4]};
    (void)arg;
    return k[0]->value == 0 && since != NULL && since->value == 1 &&
           act_date_dur_from(r, 1, kids, out);
}

/* "mercredi soir la semaine prochaine", "mardi 14h, semaine 50" */
bool act_moment_in(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning week = *kid_of(k, BIT(CAT_date), 0);
    const struct meaning *moment = kid_of(k, BIT(CAT_moment), 0);
    (void)arg;
    if (moment->nth <= 0 || moment->flags & F_PLURAL || week.grain != GRAIN_WEEK ||
        !date_resolve(r, &week) || week.day1 - week.day0 != 7)
        return false;
    *out = *moment;
    out->day0 = week.day0 + moment->nth - 1;
    out->day1 = out->day0 + 1;
    out->nth = 0;
    return true;
}

/* "à 15 heures 30 minutes" */
bool act_clock_dur(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *clock = k[1], *dur = k[3];
    (void)r;
    (void)arg;
    if (clock->t0 < 0 || clock->t0 % 3600 != 0 || dur->months || dur->grain != GRAIN_MINUTE ||
        dur->seconds <= 0 || dur->seconds >= 3600 || dur->seconds % 60)
        return false;
    *out = *clock;
    out->t0 += (int32_t)dur->seconds;
    out->grain = GRAIN_MINUTE;
    out->flags &= ~(uint32_t)F_LATENT;
    return true;
}

/* "jusqu'à 2027" */
bool act_until_year(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning year = meaning_none(CAT_date), lead = meaning_none(CAT_until);
    struct meaning *const kids[PATTERN_MAX] = {&lead, &year};
    if (k[0]->cat == CAT_to && k[0]->value != 2)
        return false;
    year.year = k[1]->year;
    year.grain = GRAIN_YEAR;
    year.flags = F_FIXED;
    return act_open_before(r, arg, kids, out);
}

/* "on se voit sur 15 à 8:00" */
bool act_on_num_clock(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *n = k[1];
    struct meaning day = meaning_none(CAT_date), time = *kid_of(k, BIT(CAT_clock), 0);
    if (n->value < 1 || n->value > 31 || n->value2 > 2 || n->flags & F_PARTWORD ||
        n->seconds % 1000 || time.flags & F_LATENT)
        return false;
    day.dom = (int8_t)n->value;
    day.grain = GRAIN_DAY;
    struct meaning *const kids[PATTERN_MAX] = {&day, &time};
    return act_moment_join(r, arg, kids, out);
}

/* "mardi 8 au matin", "mardi 8 dans la matinée": the number is the day's when both agree */
bool act_wd_dom_part(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning day = meaning_none(CAT_date), part = meaning_none(CAT_part), trial;
    struct meaning wd = *k[0], n = *k[1], in = *k[2], pod = *k[4];
    struct meaning *const date[PATTERN_MAX] = {&wd, NULL, &n};
    struct meaning *const word[PATTERN_MAX] = {&in, &pod};
    if (!act_date_wd_dom(r, 0, date, &day) || !act_part_word(r, 0, word, &part))
        return false;
    trial = day;
    if (!date_resolve(r, &trial) || trial.flags & F_BAD)
        return false;
    struct meaning *const kids[PATTERN_MAX] = {&day, &part};
    return act_moment_join(r, arg, kids, out);
}

/* "jeudi le 12 à 9h", as in Quebec: the article makes it the twelfth, never from twelve to nine */
bool act_wd_le_dom_clock(const struct reader *r, int arg, struct meaning *const *k,
                         struct meaning *out)
{
    const struct meaning *n = k[3];
    struct meaning day = meaning_none(CAT_date), time = *k[5];
    if (k[0]->flags & F_PLURAL || n->value < 1 || n->value > 31 || n->value2 > 2 ||
        n->flags & F_PARTWORD || n->seconds % 1000 || time.flags & F_LATENT)
        return false;
    day.wd = (int8_t)k[0]->value;
    day.dom = (int8_t)n->value;
    day.grain = GRAIN_DAY;
    struct meaning *const kids[PATTERN_MAX] = {&day, &time};
    return act_moment_join(r, arg, kids, out);
}

/* "la semaine avant Noël", "la semaine d'après le 15" */
bool act_unit_beside(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = k[2], *side = k[3];
    struct meaning day = *k[5];
    (void)arg;
    if (unit->value < UNIT_WEEK || unit->value > UNIT_YEAR || unit->flags & F_PLURAL ||
        unit->value2 != 0 || (side->cat == CAT_next && side->value != 2) || day.grain > GRAIN_DAY ||
        !date_resolve(r, &day))
        return false;
    absolute(out, 0, 0, 0);
    days_of_unit(unit->value, day.day0, side->cat == CAT_before ? -1 : 1, out);
    out->flags |= unit->value == UNIT_WEEK ? F_WEEKDAYS : 0;
    return true;
}

/* "la semaine en cours" */
bool act_unit_current(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    return kid_of(k, BIT(CAT_rest), 0)->value == 1 && act_date_rel_unit(r, arg, k, out);
}

/* "entre 9 du matin et 6 après-midi" */
bool act_clocks_to_part(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    struct meaning first = *k[1], hour = *k[3], pod = *k[4], of = meaning_none(CAT_of);
    struct meaning last = meaning_none(CAT_clock);
    struct meaning *const late[PATTERN_MAX] = {&hour, &of, &pod};
    struct meaning *const kids[PATTERN_MAX] = {&first, &last};
    (void)arg;
    return act_clock_part(r, 0, late, &last) && act_clocks_range(r, 2, kids, out);
}

/* "une heure avant midi": surer than "une heure" of an "avant-midi" */
bool act_clock_before(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)arg;
    if (!act_date_dur_from(r, -1, k, out))
        return false;
    out->flags |= F_THE; /* told apart from what the shared rule makes */
    return true;
}

/* "mardi 8 le matin", "mardi 8 en fin de matinée" */
bool act_wd_dom_the_part(const struct reader *r, int arg, struct meaning *const *k,
                         struct meaning *out)
{
    struct meaning wd = *k[0], n = *k[1], part = *k[2], day = meaning_none(CAT_date), trial;
    struct meaning *const date[PATTERN_MAX] = {&wd, NULL, &n};
    if (!(part.flags & F_THE) && part.edge == EDGE_NONE)
        return false;
    if (!act_date_wd_dom(r, 0, date, &day))
        return false;
    trial = day;
    if (!date_resolve(r, &trial) || trial.flags & F_BAD)
        return false;
    struct meaning *const kids[PATTERN_MAX] = {&day, &part};
    return act_moment_join(r, arg, kids, out);
}

/* "à partir de 9h30 et jusqu'à midi"; "avant 10h et après 17h" are two times */
bool act_open_span(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *from = kid_of(k, BIT(CAT_open), 0), *to = kid_of(k, BIT(CAT_open), 1);
    if (from->open != TIMEX_AFTER || (from->t0 >= 0 && to->t0 >= 0 && to->t0 <= from->t0))
        return false;
    return act_open_pair(r, arg, k, out);
}
