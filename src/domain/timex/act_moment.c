#include "domain/timex/actions.h"

/* Parts of the day, and the union of days with times. */

enum { HOUR = 3600, DAY = 86400 };

/* "dans la matinée", "dès la matinée", "le 15 février le matin": at any hour of it, not the
 * office's only. */
bool any_hour(const struct reader *r, struct meaning *part)
{
    bool morning = part->part == PART_MORNING;
    if ((!morning && part->part != PART_AFTERNOON) || part->edge != EDGE_NONE || r->meals ||
        !habit(r, HABIT_INSIDE_IS_ANY_HOUR))
        return false;
    part->t0 = morning ? 4 * HOUR : 12 * HOUR;
    part->t1 = morning ? 12 * HOUR : 19 * HOUR;
    return true;
}

/* A part of the day, maybe its early or late end. */
bool act_part_word(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *pod = kid_of(k, BIT(CAT_pod), 0);
    out->cat = CAT_part;
    out->part = (uint8_t)pod->value;
    out->edge = (uint8_t)pod->value2;
    out->grain = GRAIN_PART;
    out->flags = (pod->flags & (F_PLURAL | F_LATENT)) | F_PERIOD;
    if (arg & 1)
        out->flags &= ~(uint32_t)F_LATENT;
    if (arg & 2)
        out->flags |= F_LATENT;
    if (arg & 4)
        out->flags |= F_PLURAL;
    if (arg & 8)
        out->flags |= F_THE;
    const struct meaning *in = kid_of(k, BIT(CAT_in), 0);
    if (in != NULL && in->value == 0 && any_hour(r, out))
        return true;
    return part_hours(r, pod->value, out->edge, &out->t0, &out->t1);
}

bool act_part_edge(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)arg;
    const struct meaning *edge = kid_of(k, BIT(CAT_edge), 0);
    const struct meaning *part = kid_of(k, BIT(CAT_part) | BIT(CAT_pod), 0);
    int p = part->cat == CAT_pod ? part->value : part->part;
    if (part->cat == CAT_part && part->edge)
        return false;
    if (part->cat == CAT_pod && part->value2)
        return false;
    out->cat = CAT_part;
    out->part = (uint8_t)p;
    out->edge = (uint8_t)edge->value;
    out->grain = GRAIN_PART;
    out->flags = F_PERIOD | (part->flags & F_PLURAL);
    return part_hours(r, p, edge->value, &out->t0, &out->t1);
}

/* "cet après-midi", "this morning", "tonight": of today (the argument: days to add). */
bool act_part_this(const struct reader *r, int days, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *part = kid_of(k, BIT(CAT_part) | BIT(CAT_pod), 0);
    if (part->day1 > part->day0 || part->flags & F_PLURAL)
        return false;
    const struct meaning *edge = kid_of(k, BIT(CAT_edge), 0);
    *out = *part;
    if (edge != NULL && part->cat == CAT_pod) {
        *out = meaning_none(CAT_part);
        out->part = (uint8_t)part->value;
        out->edge = (uint8_t)edge->value;
        if (!part_hours(r, part->value, edge->value, &out->t0, &out->t1))
            return false;
    } else if (part->cat == CAT_pod) {
        *out = meaning_none(CAT_part);
        out->part = (uint8_t)part->value;
        out->edge = (uint8_t)part->value2;
        if (!part_hours(r, part->value, part->value2, &out->t0, &out->t1))
            return false;
    }
    out->cat = CAT_moment;
    out->day0 = r->today + days;
    out->day1 = out->day0 + 1;
    out->grain = GRAIN_PART;
    out->flags = F_PERIOD | F_DEICTIC;
    return true;
}

static bool one_day(const struct reader *r, const struct meaning *date, struct meaning *out)
{
    *out = *date;
    return date_resolve(r, out) && out->day1 - out->day0 >= 1;
}

/* "Thursdays at 4": each week. */
static bool weekly_join(const struct meaning *date, const struct meaning *time, struct meaning *out)
{
    if (date->wd < 0)
        return false;
    *out = *time;
    out->cat = CAT_set;
    out->freq = 2;
    out->byday = (uint8_t)(1u << date->wd);
    out->flags &= ~(uint32_t)F_LATENT;
    return true;
}

/* Whether what stands between them joins them; a dash does so in dates with their year, and in some
 * languages. */
static bool may_join(const struct reader *r, const struct meaning *dash, const struct meaning *date,
                     const struct meaning *time)
{
    bool spaced = habit(r, HABIT_DASH_JOINS_HOUR) && dash != NULL &&
                  (dash->value2 == 1 || dash->value == '/') && time->cat != CAT_num &&
                  (date->wd >= 0 || date->month || date->dom || date->day1 > date->day0);
    if (dash != NULL && !(date->flags & F_FIXED) && !spaced)
        return false;
    if (time->cat == CAT_clock && time->value == 1 && (time->flags & F_LATENT))
        return false; /* "le 8 mai 1945" */
    return time->cat != CAT_num ||
           (!(date->flags & F_PLURAL) && (date->flags & F_DEICTIC) && hour_number(time));
}

/* The time on that one day. */
static void put_on_day(const struct meaning *date, const struct meaning *day, const struct meaning *time,
                       struct meaning *out)
{
    *out = *day;
    out->cat = CAT_moment;
    out->nth = (int8_t)(date->day1 <= date->day0 && !date->dom && !date->month ? date->wd + 1 : 0);
    out->year = 0, out->month = 0, out->dom = 0, out->wd = -1;
    out->t0 = time->t0;
    out->t1 = time->t1;
    out->part = time->part;
    out->edge = time->edge;
    out->zone = time->zone;
    out->grain = time->grain;
    out->flags =
        (day->flags & (F_BAD | F_WHICH | F_SWAP | F_DEICTIC | F_FIXED | F_ANAPHOR | F_NTH)) |
        (time->flags & ~(uint32_t)(F_LATENT | F_PLURAL | F_THE));
}

/* date ∩ time, in either order: "mardi à 14h", "3pm Tuesday", "jeudi matin" */
bool act_moment_join(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *date = kid_of(k, BIT(CAT_date), 0);
    const struct meaning *time =
        kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_part) | BIT(CAT_num), 0);
    struct meaning day, clock;
    if (date == NULL || time == NULL || date->grain > GRAIN_DAY ||
        (time->cat == CAT_part && time->part == PART_WORK && (time->flags & F_LATENT)) ||
        !may_join(r, kid_of(k, BIT(CAT_dash), 0), date, time))
        return false;
    if (time->cat == CAT_num) {
        clock = meaning_none(CAT_clock);
        clock_set(&clock, time->value * HOUR, ambiguity(time), GRAIN_HOUR);
        time = &clock;
    }
    bool each_part = (time->flags & F_PLURAL) && date->wd >= 0 && !date->dom &&
                     date->day1 <= date->day0 && !habit(r, HABIT_PLURALS_AGREE);
    if (date->flags & F_PLURAL || each_part)
        return weekly_join(date, time, out);
    if (!one_day(r, date, &day) || day.day1 - day.day0 != 1)
        return false;
    if ((date->flags & F_LATENT) && time->cat == CAT_part && date->wd < 0 && date->dom &&
        !(date->flags & F_THE))
        return false;
    put_on_day(date, &day, time, out);
    if (arg == 1)
        out->flags |= F_TIMEFIRST;
    else if (time->cat == CAT_part && time->flags & F_THE)
        any_hour(r, out);
    return true;
}

/* "demain matin à 9h", "9 tomorrow morning": the time within the part. */
bool act_moment_part_clock(const struct reader *r, int arg, struct meaning *const *k,
                           struct meaning *out)
{
    (void)r;
    const struct meaning *moment = kid_of(k, BIT(CAT_moment), 0);
    const struct meaning *time = kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_num), 0);
    if (moment == NULL || time == NULL || !(moment->flags & F_PERIOD) || moment->t1 < 0 ||
        (time->cat == CAT_clock && time->value == 1 && (time->flags & F_LATENT)))
        return false; /* "the morning of 3 May 2027" */
    struct meaning t = *time;
    if (t.cat == CAT_num) {
        if (!hour_number(&t))
            return false;
        clock_set(&t, t.value * HOUR, ambiguity(&t), GRAIN_HOUR);
        t.t1 = -1;
    }
    uint32_t flags = t.flags & ~(uint32_t)F_LATENT;
    if (t.t0 < 12 * HOUR && t.t1 < 0 && t.value != 3)
        flags |= F_AMPM0;
    const uint64_t joints = BIT(CAT_on) | BIT(CAT_of) | BIT(CAT_in) | BIT(CAT_at) | BIT(CAT_comma);
    bool counts = arg == 1 && moment->nth > 0 && kid_of(k, joints, 0) == NULL &&
                  habit(r, HABIT_PLURALS_AGREE); /* "dix mercredi matin": so many of them */
    if (time->cat == CAT_num && (time->flags & F_PARTWORD) && (time->value == 1 || counts))
        return false; /* "un vendredi, le matin" */
    if (time->cat == CAT_num && kid_of(k, BIT(CAT_comma), 0) != NULL &&
        !(moment->flags & F_DEICTIC))
        return false;
    bool both = flags & F_AMPM1;
    int32_t before = t.t0;
    fit_part(&t.t0, &flags, moment->part, F_AMPM0);
    if (both)
        t.t1 += t.t0 - before;
    *out = *moment;
    out->t0 = t.t0;
    out->t1 = t.t1;
    out->zone = t.zone;
    out->grain = t.grain;
    out->flags = (moment->flags & ~(uint32_t)F_PERIOD) | F_HAS24 | (arg ? F_TIMEFIRST : 0);
    return true;
}

/* "ce soir, mardi 24 novembre": the day that "ce soir" names. Another day contradicts it, where
 * the hour was said ("8pm tonight, 1 Jan"); without it the two are a list. */
bool act_moment_dated(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *moment = k[0];
    struct meaning date = *k[3];
    (void)arg;
    if (!(moment->flags & F_DEICTIC) || moment->flags & F_FROMNOW || moment->t0 < 0 ||
        moment->day1 - moment->day0 != 1 || !date.month || !date.dom || date.flags & F_PLURAL ||
        !date_resolve(r, &date))
        return false;
    bool same = date.day0 == moment->day0;
    if (!same && (r->meals || moment->flags & F_PERIOD || k[1] == NULL || k[2] != NULL))
        return false;
    *out = *moment;
    out->day0 = date.day0;
    out->day1 = date.day1;
    out->flags |= (date.flags & (F_BAD | F_SWAP)) | (same ? 0 : F_BAD);
    return true;
}

/* What looks like the two ends of a range and is none. */
static bool is_no_range(const struct meaning *from, const struct meaning *to, bool dashed)
{
    if ((from->flags & F_LATENT) && from->cat == CAT_num)
        return true;
    if (dashed && to->cat == CAT_num && (to->flags & F_PARTWORD))
        return true; /* "demain à sept vingt-sept" */
    if (to->cat == CAT_clock && to->value == 1 && (to->flags & F_LATENT) && !(to->flags & F_HAS24))
        return true; /* "3:30pm 3-Dec-2026" */
    return from->cat == CAT_date && !(from->flags & F_DEICTIC) &&
           (to->flags & F_PERIOD); /* "entre le 16 et le 20, l'après-midi" */
}

/* A range already. */
static bool has_end(const struct meaning *moment)
{
    return moment->cat == CAT_moment && moment->t1 >= 0 && !(moment->flags & F_PERIOD);
}

/* A bare number is an hour; false: it can be none. */
static bool number_to_hour(struct meaning *end)
{
    if (end->cat != CAT_num)
        return true;
    if (!hour_number(end))
        return false;
    clock_set(end, end->value * HOUR, ambiguity(end), GRAIN_HOUR);
    return true;
}

/* One end has a date and the other an hour only: both are of that date. */
static bool range_of_one_date(const struct meaning *from, const struct meaning *to,
                              struct meaning *out)
{
    const struct meaning *dated = from->cat == CAT_clock ? to : from;
    struct meaning range = meaning_none(CAT_clocks);
    if (dated->cat != CAT_moment || !range_of(&range, from->t0, from->flags, to->t0, to->flags))
        return false;
    *out = *dated;
    out->cat = CAT_moment;
    out->t0 = range.t0;
    out->t1 = range.t1;
    out->flags = (dated->flags & ~(uint32_t)(F_AMPM0 | F_AMPM1 | F_PERIOD)) | range.flags;
    out->zone = to->zone ? to->zone : from->zone;
    return true;
}

static bool range_of_two_dates(const struct reader *r, struct meaning *from, struct meaning *to,
                               struct meaning *out)
{
    if (!date_resolve(r, from) || !date_resolve(r, to) || from->grain > GRAIN_DAY ||
        to->grain > GRAIN_DAY)
        return false;
    if (to->day0 < from->day0 && to->nth > 0) { /* "de mardi 14h à mercredi 18h", of one week */
        int32_t weeks = (from->day0 - to->day0 + 6) / 7;
        to->day0 += 7 * weeks;
        to->day1 += 7 * weeks;
    }
    if (to->day0 < from->day0)
        return false;
    *out = *from;
    out->cat = CAT_moment;
    out->day1 = to->day1;
    out->t1 = to->t1 >= 0 ? to->t1 : to->t0;
    if (out->day1 - out->day0 == 1 && out->t1 <= out->t0)
        return false;
    out->flags = (from->flags | to->flags) & ~(uint32_t)(F_PERIOD | F_LATENT);
    return true;
}

/* From one moment to another; either may lack its date. */
bool act_moment_range(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const uint64_t ends = BIT(CAT_moment) | BIT(CAT_date) | BIT(CAT_clock) | BIT(CAT_num);
    const struct meaning *a = kid_of(k, ends, 0), *b = kid_of(k, ends, 1);
    (void)arg;
    if (a == NULL || b == NULL || (a->cat != CAT_moment && b->cat != CAT_moment))
        return false;
    struct meaning from = *a, to = *b;
    if (is_no_range(&from, &to, kid_of(k, BIT(CAT_dash), 0) != NULL) || has_end(a) || has_end(b) ||
        !number_to_hour(&to) || !number_to_hour(&from))
        return false;
    if (from.cat == CAT_clock || to.cat == CAT_clock)
        return range_of_one_date(&from, &to, out);
    return range_of_two_dates(r, &from, &to, out);
}

/* "on the 14th from 9:30 for 7 hours". "At 14:00 for 30 minutes" (arg 1: as it is written) says
 * two things, when it begins and how long it takes; what a message allows is one all the same. */
bool act_moment_for(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *at = kid_of(k, BIT(CAT_moment) | BIT(CAT_clock) | BIT(CAT_open), 0);
    const struct meaning *dur = kid_of(k, BIT(CAT_dur), 0);
    if (at != NULL && dur != NULL && at->cat == CAT_open && at->open == TIMEX_AFTER && at->t0 < 0 &&
        at->day1 - at->day0 == 1 && dur->seconds % DAY == 0 && dur->seconds < DAY * 400L &&
        dur->months >= 0 && dur->months < 60) { /* "starting Monday for 3 days" */
        absolute(out, at->day0, 0, GRAIN_DAY);
        out->day1 = day_shift_months(at->day0, dur->months) + (int32_t)(dur->seconds / DAY);
        out->cat = CAT_dates;
        return out->day1 > out->day0;
    }
    const struct meaning *lead = kid_of(k, BIT(CAT_for), 0);
    if (arg == 1 && lead != NULL && lead->value == 0 && at->cat != CAT_open && !r->meals)
        return false; /* but "demain 14h pendant deux heures" is a stretch */
    if (at == NULL || dur == NULL || at->t0 < 0 || at->t1 >= 0 || dur->months ||
        dur->seconds <= 0 || dur->seconds > 14 * HOUR ||
        (at->cat == CAT_open && at->open != TIMEX_AFTER))
        return false;
    *out = *at;
    if (at->cat != CAT_moment)
        out->cat = at->day1 > at->day0 ? CAT_moment : CAT_clocks;
    out->open = 0;
    out->t1 = at->t0 + (int32_t)dur->seconds;
    return true;
}

/* "mardi matin" as people in a hurry write it: "Tue am", "lundi pm" */
bool act_moment_ampm(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning part = meaning_none(CAT_part);
    (void)arg;
    bool dated = k[0]->month && k[0]->dom && habit(r, HABIT_DATE_TAKES_AMPM);
    if (k[0]->wd < 0 && !(k[0]->flags & F_DEICTIC) && !dated)
        return false;
    part.part = kid_of(k, BIT(CAT_ampm), 0)->value ? PART_AFTERNOON : PART_MORNING;
    part.grain = GRAIN_PART;
    part.flags = F_PERIOD;
    part_hours(r, part.part, EDGE_NONE, &part.t0, &part.t1);
    struct meaning *kids[PATTERN_MAX] = {k[0], &part};
    return act_moment_join(r, 0, kids, out);
}

/* "tonight" says its day. */
bool act_part_tonight(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    return kid_of(k, BIT(CAT_pod), 0)->value == PART_TONIGHT && act_part_this(r, arg, k, out);
}

/* "for 10 days from 18 December", "2 weeks starting May 20", "on the 14th for 7 hours from
 * 9:30". arg 2: a date, a length and a clock. */
bool act_moment_lasting(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    const struct meaning *dur = kid_of(k, BIT(CAT_dur), 0), *since = kid_of(k, BIT(CAT_since), 0);
    const struct meaning *from = kid_of(k, BIT(CAT_date) | BIT(CAT_moment) | BIT(CAT_clock), 0);
    if (arg == 1 && since != NULL && since->value2 == 7)
        return false; /* "3 days from Tuesday" is a day */
    if (dur->months < 0 || dur->months > 1200 || dur->seconds > INT64_C(86400) * 4000)
        return false;
    if (arg == 2 || from->t0 >= 0) {
        struct meaning at = *from;
        if (arg == 2) {
            struct meaning *const kids[PATTERN_MAX] = {k[0], k[4]};
            if (!act_moment_join(r, 0, kids, &at))
                return false;
        }
        struct meaning length = *dur;
        struct meaning *const kids[PATTERN_MAX] = {&at, &length};
        return act_moment_for(r, 0, kids, out);
    }
    struct meaning day = *from;
    if (dur->seconds % DAY != 0 || day.grain > GRAIN_DAY || !date_resolve(r, &day))
        return false;
    *out = meaning_none(CAT_dates);
    out->day0 = day.day0;
    out->day1 = day_shift_months(day.day0, dur->months) + (int32_t)(dur->seconds / DAY);
    out->grain = GRAIN_DAY;
    return out->day1 > out->day0;
}

/* "Wed Oct 26 15:50:06 2016": the year behind the time, as Unix writes it. */
bool act_moment_year(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning date = *kid_of(k, BIT(CAT_date), 0);
    struct meaning time = *kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks), 0);
    (void)arg;
    if (!date.dom || !date.month || date.year)
        return false;
    date.year = kid_of(k, BIT(CAT_year), 0)->year;
    date.day0 = date.day1 = 0;
    date.flags = (date.flags & ~(uint32_t)F_BAD) | F_FIXED;
    struct meaning *const both[PATTERN_MAX] = {&date, &time};
    return act_moment_join(r, 0, both, out);
}

/* "22-23 Feb at 7pm", "Monday to Friday, 9 to 5": from the first day to the last one. Wishes
 * keep them apart, for there the hours hold on each day. */
bool act_dates_clock(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *dates = kid_of(k, BIT(CAT_dates), 0);
    const struct meaning *time = kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks), 0);
    (void)arg;
    if (r->meals || dates->edge || dates->t0 >= 0 || dates->day1 - dates->day0 < 2 ||
        dates->day1 - dates->day0 > 31 || (time->flags & F_LATENT))
        return false;
    *out = *dates;
    out->cat = CAT_moment;
    out->t0 = time->t0;
    out->t1 = time->t1 >= 0 ? time->t1 : time->t0;
    out->zone = time->zone;
    out->grain = GRAIN_MINUTE;
    out->flags |= time->flags & ~(uint32_t)F_LATENT;
    return true;
}
