#include "domain/timex/actions.h"

/* Ranges of days and bounds that are open on one side. */

static bool between(const struct reader *r, struct meaning from, struct meaning to,
                    struct meaning *out)
{
    if (!date_resolve(r, &from) || !date_resolve(r, &to))
        return false;
    *out = meaning_none(CAT_dates);
    out->day0 = from.day0;
    out->day1 = to.day1;
    out->grain = GRAIN_DAY;
    out->flags = (from.flags | to.flags) & (F_BAD | F_SWAP | F_DEICTIC | F_FIXED | F_WHICH);
    if (from.flags & F_WHICH && to.flags & F_WHICH)
        out->flags &= ~(uint32_t)F_WHICH;
    return true;
}

/* Two dates with a dash that are one date, or with grains that make no range. */
static bool is_no_range(const struct meaning *from, const struct meaning *to,
                        const struct meaning *dash)
{
    if ((from->grain > GRAIN_DAY) != (to->grain > GRAIN_DAY) && !(from->flags & F_FIXED) &&
        to->grain < GRAIN_YEAR && from->grain < GRAIN_MONTH)
        return true;
    if (dash == NULL)
        return false;
    if (from->flags & F_PARTWORD && from->dom)
        return true; /* "le vingt-cinq" */
    if (from->grain <= GRAIN_DAY && to->grain == GRAIN_MONTH && to->flags & F_LATENT)
        return true; /* "1er juin deux mille vingt-sept" */
    if (from->grain != to->grain && (to->grain >= GRAIN_YEAR || from->grain >= GRAIN_YEAR))
        return true; /* "Sep-23-2020" */
    return from->grain == GRAIN_MONTH && /* "Dec-1st", "Dec/1/2026" */
           ((to->dom && !to->month) ||
            (dash->value == '/' && !from->year && to->grain == GRAIN_MONTH));
}

/* What the first date lacks it takes from the second; false if they are the same weekday. */
static bool complete_first(struct meaning *from, const struct meaning *to)
{
    if (from->day1 <= from->day0 && from->dom && !from->month && to->month && to->day1 > to->day0) {
        from->month = to->month;
        from->year = (int16_t)civil_date_from_days(to->day0).year;
    }
    if (from->day1 > from->day0 || to->day1 > to->day0)
        return true;
    if (from->dom && !from->month && to->month)
        from->month = to->month;
    if (from->dom && !from->year && to->year) /* "Nov 10 - Apr 12, 2027" */
        from->year = (int16_t)(to->year - (from->month && to->month && from->month > to->month));
    if (from->grain == GRAIN_MONTH && from->month && !from->year && to->year)
        from->year = (int16_t)(to->year - (from->month > to->month));
    return !(from->wd >= 0 && to->wd >= 0 && !from->dom && !to->dom && from->wd == to->wd);
}

/* The second date lies behind the first, which is resolved. */
static bool resolve_second(const struct reader *r, const struct meaning *from, struct meaning *to)
{
    bool free_end = to->day1 <= to->day0 && to->year == 0;
    struct reader later = *r;
    if (free_end && from->day0 >= r->today)
        later.today = from->day0;
    if (to->wd < 0 || to->dom || !free_end)
        return date_resolve(&later, to);
    to->day0 = from->day0 + (to->wd - (from->day0 + 3) % 7 + 7) % 7;
    to->day1 = to->day0 + 1;
    return true;
}

/* The days of a range that was said backwards, marked as bad. */
static void turn_round(struct meaning *m)
{
    int32_t t = m->day0;
    m->day0 = m->day1 - 1;
    m->day1 = t + 1;
    m->flags |= F_BAD;
}

/* "du 20 au 30 novembre", said on the 25th: it is under way, not of next year. */
static void begin_before(const struct reader *r, struct meaning *from, struct meaning to)
{
    if (from->year || !from->month || from->day0 <= r->today || to.year || !date_resolve(r, &to))
        return;
    const int32_t begin = day_shift_months(from->day0, -12);
    if (begin > r->today || to.day1 <= r->today || to.day1 - begin > 366)
        return;
    from->day1 -= from->day0 - begin;
    from->day0 = begin;
}

static bool says_until(struct meaning *const *k)
{
    const struct meaning *to = kid_of(k, BIT(CAT_to) | BIT(CAT_until), 0);
    return to != NULL && (to->cat == CAT_until || to->value == 2); /* "jusqu'à" is both */
}

/* "du lundi 15 au jeudi 18", "10 August - 12 September": what the first lacks it takes from
 * the second; the second lies behind the first. arg: 1 a mere dash stands between them, 2 it may
 * run backwards. */
bool act_dates_range(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *a = kid_of(k, BIT(CAT_date), 0), *b = kid_of(k, BIT(CAT_date), 1);
    if (a == NULL || b == NULL || a->flags & F_PLURAL || b->flags & F_PLURAL)
        return false;
    struct meaning from = *a, to = *b;
    bool months = a->month && b->month && !a->dom && !b->dom && !a->year && !b->year &&
                  a->month != b->month && habit(r, HABIT_MONTHS_RANGE);
    if (arg & 1 && (a->flags & b->flags & F_LATENT) && !months)
        return false; /* "2014-2018", but "Oct to Dec" */
    const bool day_after = b->flags & F_ANAPHOR && to.day1 - to.day0 == 1;
    if (is_no_range(&from, &to, kid_of(k, BIT(CAT_dash), 0)) || !complete_first(&from, &to) ||
        !date_resolve(r, &from))
        return false;
    if (day_after) { /* "mardi jusqu'au lendemain": of the first day */
        to.day0 += from.day0 - r->today;
        to.day1 = to.day0 + 1;
    }
    if (a->day1 <= a->day0 && to.day1 <= to.day0 && to.month)
        begin_before(r, &from, to);
    if (!resolve_second(r, &from, &to))
        return false;
    if (from.year == 0 && a->day1 <= a->day0 && from.day0 > to.day0 && b->year) {
        int32_t back = day_shift_months(from.day0, -12);
        from.day1 -= from.day0 - back;
        from.day0 = back;
    }
    if (!between(r, from, to, out))
        return false;
    if (day_after && !r->meals && says_until(k)) /* until the day after has come */
        out->day1 = to.day0;
    if (out->day1 > out->day0)
        return true;
    if (arg & 2)
        turn_round(out);
    return arg & 2;
}

/* Two numbers that are days of a month, and not two days of a list or one spelled number. */
static bool is_dom_range(const struct reader *r, const struct meaning *a, const struct meaning *b,
                         struct meaning *const *k)
{
    bool and = kid_of(k, BIT(CAT_and), 0) != NULL;
    if (a->value < 1 || a->value > 31 || b->value < 1 || b->value > 31 || a->seconds % 1000 ||
        b->seconds % 1000 || (a->value2 > 2 && !(a->flags & F_PARTWORD)) ||
        (b->value2 > 2 && !(b->flags & F_PARTWORD)))
        return false;
    if (kid_of(k, BIT(CAT_dash), 0) != NULL && (a->flags & F_PARTWORD))
        return false; /* "May twenty-fourth" */
    if (kid_of(k, BIT(CAT_date), 0) != NULL && and &&
        kid_of(k, BIT(CAT_between) | BIT(CAT_from) | BIT(CAT_since) | BIT(CAT_of), 0) == NULL)
        return false; /* "les 7 et 10 décembre": two days */
    return !and || !habit(r, HABIT_AND_LISTS_DAYS) ||
           kid_of(k, BIT(CAT_between), 0) != NULL; /* "18 and 19 June": not what lies between */
}

/* The month of the frame is that of both days; false if the frame is none. */
static bool take_frame(const struct reader *r, const struct meaning *frame, struct meaning *from,
                       struct meaning *to)
{
    if (frame == NULL)
        return true;
    struct meaning whole = *frame;
    if (whole.grain != GRAIN_MONTH || !date_resolve(r, &whole))
        return false;
    struct civil_date first = civil_date_from_days(whole.day0);
    from->month = to->month = (int8_t)first.month;
    from->year = to->year = (int16_t)first.year;
    return true;
}

enum { NO_DAY = 32 };

/* "February 20 - 29, 2027": no such day, and so no such days. A message that rules them out
 * rules out those that there are, in doubt. */
static bool ends_nowhere(const struct reader *r, struct meaning *from, struct meaning *to)
{
    const int last = from->month ? days_in_month(from->year ? from->year : 2024, from->month) : 31;
    if (to->dom <= last)
        return false;
    to->dom = r->meals ? (int8_t)last : NO_DAY;
    from->flags |= F_BAD;
    return !r->meals;
}

/* "13 to 15 July", "du 2 au 9", "August 10 - 22, 2012". k: numbers and a month and a year.
 * arg: 1 without month, 4 it ends in the same month. */
bool act_dates_dom_range(const struct reader *r, int arg, struct meaning *const *k,
                         struct meaning *out)
{
    const uint64_t numbers = BIT(CAT_num) | BIT(CAT_ord);
    const struct meaning *a = kid_of(k, numbers, 0), *b = kid_of(k, numbers, 1);
    const struct meaning *month = kid_of(k, BIT(CAT_month), 0), *year = kid_of(k, BIT(CAT_year), 0);
    const struct meaning *wd = kid_of(k, BIT(CAT_wd), 0);
    if (!is_dom_range(r, a, b, k))
        return false;
    struct meaning from = meaning_none(CAT_date), to;
    from.dom = (int8_t)a->value;
    from.grain = GRAIN_DAY;
    from.month = month != NULL ? month->month : from.month;
    from.year = year != NULL ? year->year : from.year;
    to = from;
    to.dom = (int8_t)b->value;
    if (!take_frame(r, kid_of(k, BIT(CAT_date), 0), &from, &to) || to.dom == from.dom ||
        (from.month && to.dom < from.dom))
        return false;
    if (ends_nowhere(r, &from, &to)) {
        *out = from;
        out->dom = to.dom;
        return true;
    }
    if (!date_resolve(r, &from))
        return false;
    if (from.month)
        begin_before(r, &from, to);
    struct civil_date first = civil_date_from_days(from.day0);
    bool next = to.month == 0 && !(arg & 4) && to.dom < from.dom; /* "from the 28th to the 3rd" */
    to.month = (int8_t)(next ? first.month % 12 + 1 : first.month);
    to.year = (int16_t)(first.year + (next && first.month == 12));
    if (!date_resolve(r, &to) || !between(r, from, to, out) ||
        (wd != NULL && (from.day0 + 3) % 7 != wd->value))
        return false;
    out->flags |= arg & 1 ? F_LATENT : 0;
    return out->day1 > out->day0;
}

/* "from May to September": months */
bool act_dates_month_range(const struct reader *r, int arg, struct meaning *const *k,
                           struct meaning *out)
{
    return act_dates_range(r, arg, k, out);
}

bool act_dates_wd_range(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *a = kid_of(k, BIT(CAT_wd), 0), *b = kid_of(k, BIT(CAT_wd), 1);
    const struct meaning *frame = kid_of(k, BIT(CAT_date), 0);
    (void)arg;
    struct meaning whole = *frame;
    if (whole.grain != GRAIN_WEEK || !date_resolve(r, &whole) || a->value >= b->value)
        return false;
    *out = meaning_none(CAT_dates);
    out->day0 = whole.day0 + a->value;
    out->day1 = whole.day0 + b->value + 1;
    out->grain = GRAIN_DAY;
    return true;
}

/* A range of days cut down to a frame: "Mon to Weds next week", "du 4 au 22 de ce mois". */
bool act_dates_list(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    return act_dates_wd_range(r, arg, k, out);
}

static bool bound(const struct reader *r, const struct meaning *m, struct meaning *out)
{
    *out = *m;
    if (m->cat == CAT_num) {
        if (m->value < 1 || m->value > 24 || m->seconds % 1000 ||
            (m->value == 1 && (m->flags & F_PARTWORD)) ||
            (m->value2 > 2 && !(m->flags & F_PARTWORD)))
            return false;
        *out = meaning_none(CAT_clock);
        out->t0 = m->value * 3600;
        out->grain = GRAIN_HOUR;
        out->flags = m->value <= 12 ? F_AMPM0 : F_HAS24;
    }
    out->flags &= ~(uint32_t)(F_LATENT | F_THE);
    if (m->cat == CAT_clock || m->cat == CAT_num || m->cat == CAT_part)
        return true;
    return date_resolve(r, out);
}

static bool as_dom(const struct meaning *number, struct meaning *out)
{
    if (number->value < 1 || number->value > 31 || number->seconds % 1000 ||
        (number->value2 > 2 && !(number->flags & F_PARTWORD)))
        return false;
    *out = meaning_none(CAT_date);
    out->dom = (int8_t)number->value;
    out->grain = GRAIN_DAY;
    return true;
}

/* "from 2 to 9 December" is a range, not "from" and a range. */
static bool no_range(const struct meaning *m)
{
    if (m == NULL)
        return false;
    if (m->cat == CAT_dates)
        return m->edge != 0;
    return m->t1 < 0 || (m->flags & F_PERIOD);
}

/* "past Sunday", "l'un des deux": no bound. */
static bool is_no_bound(const struct reader *r, const struct meaning *m, const struct meaning *since,
                        const struct meaning *after)
{
    if (after != NULL && after->value2 == 9 && m->t0 < 0 && m->cat != CAT_num)
        return true; /* "past 3pm", but "past Sunday" */
    if (since != NULL && m->cat == CAT_clock && m->value == 4)
        return true;
    if (since != NULL && m->cat == CAT_num && m->flags & F_PARTWORD &&
        habit(r, HABIT_ONE_IS_AN_ARTICLE))
        return true; /* "l'un des deux" */
    return !no_range(m) || m->flags & F_PLURAL;
}

/* "depuis lundi", "since Monday": the last one */
static bool counts_back(const struct reader *r, int arg, const struct meaning *m)
{
    bool day = habit(r, HABIT_SINCE_TAKES_DATES) ? m->wd >= 0 || m->month : m->wd >= 0 && !m->dom;
    return arg == 2 && m->cat == CAT_date && m->year == 0 && m->day1 <= m->day0 && day;
}

/* After a part of the day another one begins: "after work", "after lunch". */
static bool part_behind(const struct reader *r, enum part part, struct meaning *out)
{
    out->cat = CAT_part;
    out->open = 0;
    if (part == PART_WORK) {
        out->part = PART_AFTERWORK;
        out->flags |= F_PERIOD;
        return part_hours(r, PART_AFTERWORK, EDGE_NONE, &out->t0, &out->t1);
    }
    out->t0 = 13 * 3600;
    out->t1 = 17 * 3600;
    out->part = PART_AFTERNOON;
    out->edge = EDGE_START;
    out->flags |= F_AFTERSAID;
    return true;
}

/* arg: 0 after, 1 from (inclusive), 2 since; a part of the day or a day counts from its end
 * when one is after it. */
bool act_open_after(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const uint64_t bounds = BIT(CAT_clock) | BIT(CAT_date) | BIT(CAT_moment) | BIT(CAT_num) |
                            BIT(CAT_part) | BIT(CAT_dates) | BIT(CAT_ord);
    const struct meaning *m = kid_of(k, bounds, 0);
    const struct meaning *since = kid_of(k, BIT(CAT_since), 0);
    struct meaning dom, past;
    if (since != NULL)
        arg = since->value;
    if (is_no_bound(r, m, since, kid_of(k, BIT(CAT_after), 0)))
        return false;
    if (since != NULL && since->value2 == 1 && (m->cat == CAT_num || m->cat == CAT_ord)) {
        if (!as_dom(m, &dom))
            return false;
        m = &dom;
    }
    if (m->cat == CAT_ord)
        return false;
    if (counts_back(r, arg, m)) {
        past = *m;
        past.flags |= F_PAST;
        m = &past;
    }
    if (!bound(r, m, out) || (m->flags & F_LATENT && m->cat == CAT_clock && m->value == 1))
        return false;
    out->open = TIMEX_AFTER;
    out->value = arg;
    if (m->cat == CAT_moment && (m->flags & F_TIMEFIRST) && m->day1 - m->day0 == 1)
        out->value2 = 1; /* "after 6:30 tomorrow evening" */
    if (arg == 1)
        out->flags |= F_INCLUSIVE;
    if (arg == 1 && m->cat == CAT_part) { /* "dès la matinée" */
        *out = *m;
        out->flags &= ~(uint32_t)F_LATENT;
        any_hour(r, out);
        return true;
    }
    if (arg == 0 && m->cat == CAT_part && (m->part == PART_WORK || m->part == PART_LUNCH))
        return part_behind(r, (enum part)m->part, out);
    out->cat = CAT_open;
    return true;
}

/* arg: 0 before, 1 until, 2 by */
bool act_open_before(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const uint64_t bounds = BIT(CAT_clock) | BIT(CAT_date) | BIT(CAT_moment) | BIT(CAT_num) |
                            BIT(CAT_part) | BIT(CAT_dates);
    const struct meaning *m = kid_of(k, bounds, 0);
    struct meaning dom;
    const struct meaning *word = kid_of(k, BIT(CAT_before) | BIT(CAT_until) | BIT(CAT_by), 0);
    arg = word->cat == CAT_before ? 0 : word->cat == CAT_until ? 1 : 2;
    if (!no_range(m) || m->flags & F_PLURAL)
        return false;
    if (word->value2 == 1 && m->cat == CAT_num) {
        if (!as_dom(m, &dom))
            return false;
        m = &dom;
    }
    if (!bound(r, m, out))
        return false;
    if (m->flags & F_LATENT && m->cat == CAT_clock && m->value == 1)
        return false;
    if (arg == 0 && m->cat == CAT_part && m->part == PART_LUNCH) {
        out->t0 = 10 * 3600;
        out->t1 = 12 * 3600;
        out->part = PART_MORNING;
        out->edge = EDGE_LATE;
        out->flags |= F_AFTERSAID;
        return true;
    }
    if (!r->meals && m->cat == CAT_dates && m->edge == EDGE_LATE) {
        /* "avant la fin du mois", "before the end of the month": before it ends */
        out->day0 = m->day1;
        out->day1 = out->day0 + 1;
    }
    out->cat = CAT_open;
    out->open = TIMEX_BEFORE;
    out->value = arg;
    if (word->cat == CAT_until && word->value >= 2) /* "before or in May", "through January" */
        out->flags |= F_INCLUSIVE;
    return true;
}

/* "jeudi après 9h30", "avant 17h demain": an open time of day on a day. */
bool act_open_join(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *date = kid_of(k, BIT(CAT_date) | BIT(CAT_moment), 0);
    const struct meaning *open = kid_of(k, BIT(CAT_open), 0);
    (void)arg;
    if (date == NULL || open == NULL || open->day1 > open->day0 || open->t0 < 0)
        return false;
    struct meaning day = *date;
    if (date->cat == CAT_moment && !(date->flags & F_PERIOD))
        return false;
    if (date->flags & F_PLURAL || day.grain > GRAIN_DAY || !date_resolve(r, &day) ||
        day.day1 - day.day0 != 1)
        return false;
    *out = *open;
    out->day0 = day.day0;
    out->day1 = day.day1;
    out->nth = (int8_t)(date->day1 <= date->day0 && !date->dom && !date->month ? date->wd + 1 : 0);
    out->value2 = 1; /* a part of that day, not everything before or after it */
    if (date->cat == CAT_moment && (open->flags & F_AMPM0) && date->part >= PART_AFTERNOON &&
        date->t0 >= 12 * 3600 && out->t0 < 12 * 3600) /* "first thing" is none of the later ones */
        out->t0 += 12 * 3600;
    if (date->cat == CAT_moment)
        out->flags &= ~(uint32_t)F_AMPM0;
    out->flags |= day.flags & (F_BAD | F_WHICH | F_SWAP | F_DEICTIC);
    return true;
}

bool act_open_part(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *open = kid_of(k, BIT(CAT_open), 0);
    *out = *open;
    out->flags |= F_INCLUSIVE;
    return true;
}

/* "from 3 onwards", "à partir de mardi et au-delà" */
bool act_open_onwards(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *word = kid_of(k, BIT(CAT_word), 0);
    (void)arg;
    if (word->value != WORD_ONWARDS || !act_open_after(r, 1, k, out))
        return false;
    out->value = 1;
    return true;
}

/* "from mid-March to the end of April", "between May and now": early and late parts as the ends
 * of a range, the whole of them. */
bool act_dates_edges(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const uint64_t ends = BIT(CAT_date) | BIT(CAT_dates) | BIT(CAT_moment);
    const struct meaning *a = kid_of(k, ends, 0), *b = kid_of(k, ends, 1);
    (void)arg;
    bool now = b->cat == CAT_moment && b->grain == GRAIN_SECOND && b->flags & F_DEICTIC;
    bool edge_a = a->cat == CAT_dates && a->edge, edge_b = b->cat == CAT_dates && b->edge;
    if (a->cat == CAT_moment || (b->cat == CAT_moment && !now) || (!edge_a && !edge_b && !now) ||
        (a->cat == CAT_dates && !edge_a) || (b->cat == CAT_dates && !edge_b))
        return false;
    struct meaning from = *a, to = *b;
    if (from.flags & F_PLURAL || to.flags & F_PLURAL || !date_resolve(r, &from) ||
        !date_resolve(r, &to))
        return false;
    if (to.day1 <= from.day0 && !((a->flags | b->flags) & F_FIXED)) {
        to.day0 = day_shift_months(to.day0, 12);
        to.day1 = day_shift_months(to.day1, 12);
    }
    absolute(out, from.day0, to.day1 - from.day0, GRAIN_DAY);
    out->cat = CAT_dates;
    if (now) {
        out->cat = CAT_moment;
        out->t0 = 0;
        out->t1 = to.t0;
    }
    return out->day1 > out->day0 && (!now || out->day1 - out->day0 > 1);
}
