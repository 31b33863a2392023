#include "domain/timex/actions.h"
#include "domain/timex/names.h"

/* Weeks, months, quarters, seasons, holidays, and their early and late parts. */

/* Where the middle and the late part of a span begin and end, counted in days of a week or a
 * month and in months of a year. Rules say whose habit: 0 English, 1 French. */
static const struct edges {
    int week_mid, week_mid_end, week_late;
    int month_mid, month_mid_end;
    int year_early_end, year_late;
} edges[] = {
    {2, 4, 4, 10, 20, 3, 8},
    {2, 4, 3, 9, 19, 2, 10},
};
enum { WEEK_EARLY_END = 3, MONTH_EARLY_END = 10, MONTH_LATE = 20, YEAR_MID = 4, YEAR_MID_END = 8 };

/* The early, middle or late part of a week, month, season or year. */
static bool edge_days(struct meaning *out, int edge, int habit)
{
    const struct edges *at = &edges[habit];
    int32_t from = out->day0, to = out->day1, length = to - from;
    bool early = edge == EDGE_EARLY || edge == EDGE_START, mid = edge == EDGE_MID;
    if (length == 1)
        return false;
    if (length == 7) {
        out->day0 = from + (early ? 0 : mid ? at->week_mid : at->week_late);
        out->day1 = from + (early ? WEEK_EARLY_END : mid ? at->week_mid_end : 7);
    } else if (length >= 28 && length <= 31) {
        out->day0 = from + (early ? 0 : mid ? at->month_mid : MONTH_LATE);
        out->day1 = early ? from + MONTH_EARLY_END : mid ? from + at->month_mid_end : to;
    } else if (length >= 365) {
        out->day0 = early ? from : day_shift_months(from, mid ? YEAR_MID : at->year_late);
        out->day1 = early ? day_shift_months(from, at->year_early_end)
                    : mid ? day_shift_months(from, YEAR_MID_END)
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
    const uint64_t joints = BIT(CAT_of) | BIT(CAT_dash);
    if (edge == NULL || frame == NULL ||
        (habit(r, HABIT_EDGES_ARE_VERBS) && edge->value2 != 1 && kid_of(k, joints, 0) == NULL))
        return false; /* "can we start next week", "it should start in the next month" */
    *out = *frame;
    out->cat = CAT_date;
    if (frame->cat == CAT_unit) {
        if (frame->value < UNIT_WEEK || frame->value > UNIT_YEAR)
            return false;
        *out = meaning_none(CAT_date);
        days_of_unit(frame->value, r->today, 0, out);
        if (edge->value == EDGE_EARLY && arg == 1 && frame->value == UNIT_MONTH)
            days_of_unit(frame->value, r->today, 1, out);
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
    int y = civil_date_from_days(r->today).year, which = holiday->value;
    int32_t from, to;
    if (which == HOL_MOTHERS && habit(r, HABIT_MOTHERING_SUNDAY) && !r->context->month_first)
        which = HOL_MOTHERINGSUNDAY; /* who writes the day first is British */
    if (year != NULL) {
        struct meaning frame = *year;
        if (frame.cat == CAT_date && !date_resolve(r, &frame))
            return false;
        y = frame.cat == CAT_year ? frame.year : civil_date_from_days(frame.day0).year;
    }
    bool found = year != NULL && holiday_day(which, y, &from, &to);
    for (int i = 0; year == NULL && !found && i < 5; i++)
        found = holiday_day(which, shift < 0 ? y - i : y + i, &from, &to) &&
                (shift < 0 ? from < r->today : from >= r->today + (shift > 0));
    if (!found)
        return false;
    absolute(out, from, to - from, GRAIN_DAY);
    return true;
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
        days_of_unit(frame->value, r->today, 0, &whole);
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
            days_of_unit(k[i]->value, r->today, shift, out);
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
    int32_t half = frame.grain == GRAIN_YEAR && frame.day1 - frame.day0 < 367
                       ? day_shift_months(frame.day0, 6) - frame.day0
                       : (frame.day1 - frame.day0) / 2;
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
    days_of_unit(unit, r->today, 0, out);
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
    days_of_unit(unit->value, r->today, 0, out);
    if (!article) {
        if (!some_habit(r, HABIT_BARE_WEEK_IS_WORKDAYS))
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
    if (unit->value != UNIT_WEEKEND || unit->flags & F_PLURAL ||
        (unit->value2 == 7 && kid_of(k, BIT(CAT_the), 0) == NULL)) /* "we" may be English */
        return false;
    absolute(out, 0, 0, 0);
    days_of_unit(UNIT_WEEKEND, r->today, 0, out);
    return true;
}

/* "Q3 2016", "the 3rd quarter (of 2016)" */
bool act_date_quarter(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)arg;
    int q = 0, year = civil_date_from_days(r->today).year;
    const struct meaning *word = kid_of(k, BIT(CAT_word), 0), *unit = kid_of(k, BIT(CAT_unit), 0);
    bool half = word != NULL && word->value == WORD_HALF;
    if ((word != NULL && word->value != WORD_QUARTER && !half) ||
        (unit != NULL && unit->value != UNIT_QUARTER))
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
    if (q < 1 || q > (half ? 2 : 4) || (half && !said))
        return false; /* "h 1" alone is an hour */
    int months = half ? 6 : 3;
    int32_t day =
        (int32_t)civil_date_to_days((struct civil_date){year, (uint8_t)((q - 1) * months + 1), 1});
    if (!said && day_shift_months(day, months) <= r->today)
        day = day_shift_months(day, 12);
    absolute(out, day, day_shift_months(day, months) - day, GRAIN_QUARTER);
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

/* "the end of today", "early on Friday", "late Tuesday afternoon": a part of that day. */
bool act_day_edge(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *edge = kid_of(k, BIT(CAT_edge), 0);
    struct meaning day = *kid_of(k, BIT(CAT_date) | BIT(CAT_moment), 0);
    bool period = day.cat == CAT_moment && day.flags & F_PERIOD && !day.edge && day.part;
    (void)arg;
    if ((day.cat == CAT_moment && !period) || day.grain > GRAIN_DAY || day.flags & F_PLURAL ||
        (edge->value2 != 1 && kid_of(k, BIT(CAT_of), 0) == NULL))
        return false; /* "it will end on Friday" */
    struct meaning bare = day;
    if (!date_resolve(r, &day) || day.day1 - day.day0 != 1)
        return false;
    const int part = period ? day.part : PART_DAY;
    *out = day;
    out->cat = CAT_moment;
    if (!period)
        out->nth = (int8_t)(bare.day1 <= bare.day0 && !bare.dom && !bare.month ? bare.wd + 1 : 0);
    out->year = 0, out->month = 0, out->dom = 0, out->wd = -1;
    out->part = (uint8_t)part;
    out->edge = (uint8_t)edge->value;
    out->grain = GRAIN_PART;
    out->flags = (day.flags & ~(uint32_t)(F_LATENT | F_THE)) | F_PERIOD;
    return part_hours(r, part, edge->value, &out->t0, &out->t1);
}

/* "the nineties", "the nineteen seventies", "the two thousand and tens" */
bool act_decade_word(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *word = kid_of(k, BIT(CAT_word), 0), *n = kid_of(k, BIT(CAT_num), 0);
    (void)r;
    (void)arg;
    if (word->value < WORD_DECADE || (n == NULL && kid_of(k, BIT(CAT_the), 0) == NULL) ||
        (n != NULL && !(n->flags & F_PARTWORD)))
        return false;
    int year = word->value - WORD_DECADE;
    if (n == NULL)
        year += year < 30 ? 2000 : 1900;
    else if (n->value >= 15 && n->value <= 21)
        year += n->value * 100;
    else if (n->value == 2000)
        year += 2000;
    else
        return false;
    int32_t day = (int32_t)civil_date_to_days((struct civil_date){year, 1, 1});
    absolute(out, day, day_shift_months(day, 120) - day, GRAIN_YEAR);
    out->cat = CAT_dates;
    return true;
}
