#include "domain/timex/actions.h"

/* Times of day, parts of the day, and their union with dates. */

enum { HOUR = 3600, DAY = 86400 };

static void clock_set(struct meaning *out, int32_t t, uint32_t flags, int grain)
{
    out->cat = CAT_clock;
    out->t0 = t;
    out->grain = (uint8_t)grain;
    out->flags = flags;
}

/* "midi", "noon", "minuit", "midnight" */
bool act_clock_noon(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *noon = kid_of(k, BIT(CAT_noon), 0);
    clock_set(out, noon->value * HOUR, F_HAS24 | F_PARTWORD, GRAIN_HOUR);
    return true;
}

static bool hour_number(const struct meaning *n)
{
    return n->value >= 0 && n->value <= 24 && n->seconds % 1000 == 0 &&
           (n->value2 <= 2 || (n->flags & F_PARTWORD));
}

static uint32_t ambiguity(const struct meaning *n)
{
    bool padded = !(n->flags & F_PARTWORD) && n->value2 == 2 && n->value < 10;
    return n->value >= 1 && n->value <= 12 && !padded ? F_AMPM0 : F_HAS24;
}

/* A bare number where a time of day is due: "at 7", "à sept". arg 1: stays latent. */
bool act_clock_num(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    const struct meaning *n = kid_of(k, BIT(CAT_num), 0);
    const struct meaning *clock = kid_of(k, BIT(CAT_clock), 0);
    if (clock != NULL) {
        *out = *clock;
        out->flags &= ~(uint32_t)F_LATENT;
        return true;
    }
    const struct meaning *at = kid_of(k, BIT(CAT_at), 0);
    if (!hour_number(n) || (at != NULL && at->value == 1))
        return false; /* "au 15" is a day */
    clock_set(out, n->value * HOUR, F_CLOCKONLY | ambiguity(n) | (arg == 1 ? F_LATENT : 0),
              GRAIN_HOUR);
    return true;
}

/* "quinze heures trente", "7 o'clock", "8:10", number hour? number? */
bool act_clock_num_hour(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    (void)r;
    const struct meaning *h = kid_of(k, BIT(CAT_num), 0), *min = kid_of(k, BIT(CAT_num), 1);
    const struct meaning *word = kid_of(k, BIT(CAT_hour), 0);
    int32_t hours = h->value;
    if (hours >= 100 && hours <= 2400 && hours % 100 == 0 && min == NULL && word != NULL &&
        h->value2 == 4)
        hours /= 100;
    else if (!hour_number(h))
        return false;
    int32_t minutes = min != NULL ? min->value : 0;
    if (minutes > 59 || (min != NULL && min->seconds % 1000 != 0))
        return false;
    if (word == NULL && min != NULL &&
        (!(h->flags & F_PARTWORD) || !(min->flags & F_PARTWORD) || min->value < 1))
        return false;
    if (word == NULL && min != NULL && min->value < 10 && !(arg & 2))
        return false;
    uint32_t flags = ambiguity(h);
    if (word != NULL && word->value == 24)
        flags = hours < 8 ? F_AMPM0 | F_HAS24 : F_HAS24;
    bool composed =
        (arg & 1) && hours >= 13 && min != NULL && minutes >= 10; /* "vingt-deux trente" */
    bool latent =
        ((arg & 1) && !composed) || (word != NULL && word->value == 24 && min == NULL && hours < 7);
    clock_set(out, hours * HOUR + minutes * 60, flags | (latent ? F_LATENT : 0),
              min ? GRAIN_MINUTE : GRAIN_HOUR);
    return true;
}

static bool to_half(int32_t *t, int pm)
{
    if (*t >= 13 * HOUR)
        return pm == 1 || *t >= 13 * HOUR;
    if (pm == 1 && *t < 12 * HOUR)
        *t += 12 * HOUR;
    if (pm == 0 && *t >= 12 * HOUR)
        *t -= 12 * HOUR;
    return true;
}

/* "3pm", "4:30 p.m.", "8 du soir" */
bool act_clock_ampm(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *clock = kid_of(k, BIT(CAT_clock), 0), *n = kid_of(k, BIT(CAT_num), 0);
    const struct meaning *half = kid_of(k, BIT(CAT_ampm), 0);
    if (clock == NULL && (!hour_number(n) || n->value > 23))
        return false;
    int32_t t = clock != NULL ? clock->t0 : n->value * HOUR;
    if (t >= 13 * HOUR && clock != NULL && clock->grain == GRAIN_HOUR &&
        !(clock->flags & F_LATENT) && half->value == 0)
        return false;
    if (!to_half(&t, half->value))
        return false;
    if (clock != NULL && clock->value == 2)
        return false;
    clock_set(out, t, F_HAS24, clock != NULL ? clock->grain : GRAIN_HOUR);
    out->value = 3; /* the half of the day was said */
    return true;
}

/* Hours that a part of the day reaches to, for the choice of morning or afternoon. */
static bool fit_part(int32_t *t, uint32_t *ambiguous, int part, uint32_t flag)
{
    bool late = part == PART_AFTERNOON || part == PART_EVENING || part == PART_NIGHT ||
                part == PART_TONIGHT || part == PART_DINNER || part == PART_AFTERWORK ||
                part == PART_DUSK;
    if (*ambiguous & flag) {
        if (late && *t < 12 * HOUR &&
            !(part >= PART_NIGHT && part <= PART_TONIGHT && *t < 5 * HOUR))
            *t += 12 * HOUR;
        if ((part == PART_NIGHT || part == PART_TONIGHT) && *t >= 12 * HOUR && *t < 13 * HOUR)
            *t += 12 * HOUR;
        if ((part == PART_LUNCH || part == PART_NOONISH || part == PART_LUNCHHOURS) &&
            *t < 5 * HOUR)
            *t += 12 * HOUR;
        *ambiguous &= ~flag;
    }
    return true;
}

/* "8 in the evening", "4h45 du matin" */
bool act_clock_part(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *clock = kid_of(k, BIT(CAT_clock), 0), *n = kid_of(k, BIT(CAT_num), 0);
    const struct meaning *part = kid_of(k, BIT(CAT_part) | BIT(CAT_pod), 0);
    if (clock == NULL && !hour_number(n))
        return false;
    int p = part->cat == CAT_pod ? part->value : part->part;
    const uint64_t joints = BIT(CAT_in) | BIT(CAT_of) | BIT(CAT_at) | BIT(CAT_the);
    if (clock == NULL && kid_of(k, joints, 0) == NULL && p != PART_TONIGHT)
        return false; /* "1 night", "2 morning sessions" */
    int32_t t = clock != NULL ? clock->t0 : n->value * HOUR;
    uint32_t flags = clock != NULL ? clock->flags & ~(uint32_t)F_LATENT : ambiguity(n);
    if (p == PART_DAY || p == PART_WORK || p == PART_NONE)
        return false;
    if (t < 12 * HOUR && (clock == NULL || clock->value != 3))
        flags |= F_AMPM0;
    fit_part(&t, &flags, p, F_AMPM0);
    clock_set(out, t, flags | F_HAS24, clock != NULL ? clock->grain : GRAIN_HOUR);
    if (part->day1 > part->day0) {
        out->cat = CAT_moment;
        out->day0 = part->day0;
        out->day1 = part->day1;
    }
    return true;
}

static bool hour_of(const struct meaning *m, int32_t *t, uint32_t *flags)
{
    if (m->cat == CAT_num) {
        if (!hour_number(m))
            return false;
        *t = m->value * HOUR;
        *flags = ambiguity(m);
        return true;
    }
    *t = m->t0;
    *flags = m->flags & ~(uint32_t)F_LATENT;
    return m->cat == CAT_clock;
}

static bool shifted(struct meaning *out, const struct meaning *base, int32_t delta)
{
    int32_t t;
    uint32_t flags;
    if (!hour_of(base, &t, &flags))
        return false;
    t += delta;
    if (t < 0)
        t += (flags & F_AMPM0) ? 12 * HOUR : DAY;
    clock_set(out, t % DAY, flags, GRAIN_MINUTE);
    /* "une heure et demie" is a length, until "à" makes it a time. */
    if (base->cat == CAT_clock && base->flags & F_LATENT && base->value != 1 && delta == 1800)
        out->flags |= F_LATENT;
    return true;
}

static int32_t minutes_of(const struct meaning *m)
{
    if (m->cat == CAT_num)
        return m->value;
    if (m->cat == CAT_quarter || m->cat == CAT_half)
        return m->value;
    if (m->cat == CAT_dur && m->months == 0 && m->seconds < 3600)
        return (int32_t)(m->seconds / 60);
    return -1;
}

/* k[1] minutes past k[last]: "twenty past five", "a quarter past 3pm" */
bool act_clock_past(const struct reader *r, int swapped, struct meaning *const *k,
                    struct meaning *out)
{
    (void)r;
    const struct meaning *min = NULL, *base = NULL;
    const uint64_t hours = BIT(CAT_clock) | BIT(CAT_num);
    for (int i = 0; i < PATTERN_MAX; i++) {
        if (k[i] == NULL || k[i]->cat == CAT_past || k[i]->cat == CAT_after || k[i]->cat == CAT_and)
            continue;
        const uint64_t mins = BIT(CAT_num) | BIT(CAT_quarter) | BIT(CAT_half) | BIT(CAT_dur);
        if (swapped ? base == NULL && (BIT(k[i]->cat) & hours)
                    : min != NULL && (BIT(k[i]->cat) & hours))
            base = k[i];
        else if (BIT(k[i]->cat) & mins)
            min = k[i];
    }
    if (min == NULL || base == NULL)
        return false;
    int32_t m = minutes_of(min);
    if (m < 1 || m > 59 ||
        (min->cat == CAT_num && m % 5 != 0 && !(min->flags & F_PARTWORD) && swapped))
        return false;
    return shifted(out, base, m * 60);
}

/* "quarter to seven", "midi moins le quart", "huit heures moins vingt" */
bool act_clock_to(const struct reader *r, int swapped, struct meaning *const *k,
                  struct meaning *out)
{
    (void)r;
    const struct meaning *min = NULL, *base = NULL;
    for (int i = 0; i < PATTERN_MAX; i++) {
        if (k[i] == NULL)
            continue;
        const uint64_t mins = BIT(CAT_num) | BIT(CAT_quarter) | BIT(CAT_half) | BIT(CAT_dur);
        const uint64_t hours = BIT(CAT_clock) | BIT(CAT_num);
        if (swapped ? base == NULL && (BIT(k[i]->cat) & hours)
                    : min != NULL && base == NULL && (BIT(k[i]->cat) & hours))
            base = k[i];
        else if (min == NULL && (BIT(k[i]->cat) & mins))
            min = k[i];
    }
    if (min == NULL || base == NULL)
        return false;
    int32_t m = minutes_of(min);
    if (m < 1 || m > 59)
        return false;
    /* "10 to 4" in figures is a range, "ten to four" a time */
    if (!swapped && min->cat == CAT_num && !(min->flags & F_PARTWORD) && m <= 12)
        return false;
    return shifted(out, base, -m * 60);
}

/* "half past seven", "sept heures et demie" (the argument: minutes) */
bool act_clock_half_past(const struct reader *r, int minutes, struct meaning *const *k,
                         struct meaning *out)
{
    (void)r;
    const struct meaning *base = kid_of(k, BIT(CAT_clock), 0);
    if (base == NULL)
        base = kid_of(k, BIT(CAT_num), 0);
    return base != NULL && base->grain != GRAIN_MINUTE && shifted(out, base, minutes * 60);
}

/* British "half ten" is 10:30. */
bool act_clock_half_to(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *n = kid_of(k, BIT(CAT_num), 0);
    (void)r;
    (void)arg;
    return n->value >= 1 && n->value <= 12 && shifted(out, n, 1800);
}

/* A latent clock behind "at": now it is one. */
bool act_clock_believe(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *clock = kid_of(k, BIT(CAT_clock), 0), *at = kid_of(k, BIT(CAT_at), 0);
    if (at == NULL && clock->flags & F_LATENT && clock->value != 1 &&
        kid_of(k, BIT(CAT_about), 0) != NULL && kid_of(k, BIT(CAT_about), 0)->value != 9)
        return false; /* "environ 2 heures" is a length */
    bool year = clock->value == 1 && clock->t0 >= 19 * HOUR && clock->t0 < 21 * HOUR;
    if (year && (at == NULL || at->value != 0))
        return false; /* "about 2019" */
    *out = *clock;
    out->flags &= ~(uint32_t)F_LATENT;
    return true;
}

bool act_clock_military(const struct reader *r, int arg, struct meaning *const *k,
                        struct meaning *out)
{
    if (kid_of(k, BIT(CAT_clock), 0)->value != 1)
        return false;
    return act_clock_believe(r, arg, k, out);
}

bool act_clock_zone(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *time =
        kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_moment) | BIT(CAT_open), 0);
    const struct meaning *zone = kid_of(k, BIT(CAT_zone), 0);
    if (time->zone != 0 || time->t0 < 0)
        return false;
    *out = *time;
    out->zone = (int16_t)(zone->value + 1);
    out->flags &= ~(uint32_t)F_LATENT;
    return true;
}

bool act_clocks_zone(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    return act_clock_zone(r, arg, k, out);
}

/* Two times of day, either of them without its half of the day. */
static bool range_of(struct meaning *out, int32_t a, uint32_t fa, int32_t b, uint32_t fb)
{
    bool open_a = fa & F_AMPM0, open_b = fb & F_AMPM0;
    uint32_t left = 0;
    if (open_a && open_b) {
        if (b <= a)
            b += 12 * HOUR;
        else
            left = F_AMPM0 | F_AMPM1;
    } else if (open_a) {
        if (a < 12 * HOUR && a + 12 * HOUR < b)
            a += 12 * HOUR;
        else if (a >= 12 * HOUR && a >= b && a - 12 * HOUR < b)
            a -= 12 * HOUR;
    } else if (open_b) {
        if (b <= a && b + 12 * HOUR > a)
            b += 12 * HOUR;
    }
    if (b <= a && b < 8 * HOUR && a < b + 12 * HOUR)
        b += 12 * HOUR; /* "de 11h30 à 1h30" */
    if (b <= a)
        b += DAY;
    out->cat = CAT_clocks;
    out->t0 = a;
    out->t1 = b;
    out->grain = GRAIN_MINUTE;
    out->flags = left | (left ? 0 : F_HAS24);
    return true;
}

/* arg bits: 1 latent, 2 both must be digits written tightly */
bool act_clocks_range(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    const uint64_t hours = BIT(CAT_clock) | BIT(CAT_num);
    const struct meaning *a = kid_of(k, hours, 0), *b = kid_of(k, hours, 1);
    int32_t ta, tb;
    uint32_t fa, fb;
    if (a == NULL || b == NULL || !hour_of(a, &ta, &fa) || !hour_of(b, &tb, &fb))
        return false;
    if (kid_of(k, BIT(CAT_dash), 0) != NULL && a->cat == CAT_num && a->flags & F_PARTWORD)
        return false; /* "dix-sept heures" */
    if (a->cat == CAT_num && b->cat == CAT_num) {
        if (a->value == b->value)
            return false;
        if (arg & 4 && (a->flags & F_PARTWORD || b->flags & F_PARTWORD))
            return false;
        if (arg & 8 && (a->value > 12 || b->value > 12 || b->value < 1 || a->value < 1))
            return false;
    }
    bool military_a = a->cat == CAT_clock && a->value == 1 && !(a->flags & F_HAS24);
    bool military_b = b->cat == CAT_clock && b->value == 1 && !(b->flags & F_HAS24);
    if ((military_a || military_b) && !(arg & 2))
        return false; /* "2017 - 6:37", "2010-2015" */
    if (a->cat == CAT_num && a->value2 > 2 && !(a->flags & F_PARTWORD))
        return false;
    if (!range_of(out, ta, fa, tb, fb))
        return false;
    if (a->cat == CAT_num && b->cat == CAT_num && out->t1 - out->t0 > 14 * HOUR)
        return false;
    out->flags |= arg & 1 ? F_LATENT : 0;
    out->zone = b->zone ? b->zone : a->zone;
    return true;
}

bool act_clocks_nums(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    return act_clocks_range(r, arg, k, out);
}

/* "5 à 7 du matin", "2 to 4 in the afternoon", "from 3-8pm yesterday afternoon" */
bool act_clocks_part(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *range = kid_of(k, BIT(CAT_clocks), 0);
    const struct meaning *part = kid_of(k, BIT(CAT_part) | BIT(CAT_pod), 0);
    int p = part->cat == CAT_pod ? part->value : part->part;
    *out = *range;
    out->flags &= ~(uint32_t)F_LATENT;
    if (out->flags & F_AMPM0 && p != PART_MORNING && p != PART_DAY) {
        if (out->t0 < 12 * HOUR && out->t1 <= 12 * HOUR)
            out->t0 += 12 * HOUR, out->t1 += 12 * HOUR;
    }
    out->flags &= ~(uint32_t)(F_AMPM0 | F_AMPM1);
    if (part->day1 > part->day0) {
        out->cat = CAT_moment;
        out->day0 = part->day0;
        out->day1 = part->day1;
    }
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

/* date ∩ time, in either order: "mardi à 14h", "3pm Tuesday", "jeudi matin" */
bool act_moment_join(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *date = kid_of(k, BIT(CAT_date), 0);
    const struct meaning *time =
        kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_part) | BIT(CAT_num), 0);
    struct meaning day, clock;
    if (date == NULL || time == NULL || date->grain > GRAIN_DAY ||
        (time->cat == CAT_part && time->part == PART_WORK && (time->flags & F_LATENT)))
        return false;
    const struct meaning *dash = kid_of(k, BIT(CAT_dash), 0);
    if (dash != NULL && !(date->flags & F_FIXED))
        return false;
    if (time->cat == CAT_clock && time->value == 1 && (time->flags & F_LATENT))
        return false; /* "le 8 mai 1945" */
    if (time->cat == CAT_num && (date->flags & F_PLURAL || !(date->flags & F_DEICTIC)))
        return false;
    if (time->cat == CAT_num) {
        if (!hour_number(time))
            return false;
        clock = meaning_none(CAT_clock);
        clock_set(&clock, time->value * HOUR, ambiguity(time), GRAIN_HOUR);
        time = &clock;
    }
    bool each_part =
        (time->flags & F_PLURAL) && date->wd >= 0 && !date->dom && date->day1 <= date->day0;
    if (date->flags & F_PLURAL || each_part)
        return weekly_join(date, time, out);
    if (!one_day(r, date, &day) || day.day1 - day.day0 != 1)
        return false;
    if ((date->flags & F_LATENT) && time->cat == CAT_part && date->wd < 0 && date->dom &&
        !(date->flags & F_THE))
        return false;
    *out = day;
    out->cat = CAT_moment;
    out->nth = (int8_t)(date->day1 <= date->day0 && !date->dom && !date->month ? date->wd + 1 : 0);
    out->year = 0, out->month = 0, out->dom = 0, out->wd = -1;
    out->t0 = time->t0;
    out->t1 = time->t1;
    out->part = time->part;
    out->edge = time->edge;
    out->zone = time->zone;
    out->grain = time->grain;
    out->flags = (day.flags & (F_BAD | F_WHICH | F_SWAP | F_DEICTIC | F_FIXED)) |
                 (time->flags & ~(uint32_t)(F_LATENT | F_PLURAL | F_THE));
    if (arg == 1)
        out->flags |= F_TIMEFIRST;
    return true;
}

/* "demain matin à 9h", "9 tomorrow morning": the time within the part. */
bool act_moment_part_clock(const struct reader *r, int arg, struct meaning *const *k,
                           struct meaning *out)
{
    (void)r;
    const struct meaning *moment = kid_of(k, BIT(CAT_moment), 0);
    const struct meaning *time = kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_num), 0);
    if (moment == NULL || time == NULL || !(moment->flags & F_PERIOD) || moment->t1 < 0)
        return false;
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
    if (time->cat == CAT_num && (time->flags & F_PARTWORD) && time->value == 1)
        return false; /* "un vendredi, le matin" */
    if (time->cat == CAT_num && kid_of(k, BIT(CAT_comma), 0) != NULL && !(moment->flags & F_DEICTIC))
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
    if (from.flags & F_LATENT && from.cat == CAT_num)
        return false;
    if (from.cat == CAT_date && !(from.flags & F_DEICTIC) && (to.flags & F_PERIOD))
        return false; /* "entre le 16 et le 20, l'après-midi" */
    if ((a->cat == CAT_moment && a->t1 >= 0 && !(a->flags & F_PERIOD)) ||
        (b->cat == CAT_moment && b->t1 >= 0 && !(b->flags & F_PERIOD)))
        return false;
    if (to.cat == CAT_num) {
        if (!hour_number(&to))
            return false;
        clock_set(&to, to.value * HOUR, ambiguity(&to), GRAIN_HOUR);
    }
    if (from.cat == CAT_num) {
        if (!hour_number(&from))
            return false;
        clock_set(&from, from.value * HOUR, ambiguity(&from), GRAIN_HOUR);
    }
    if (from.cat == CAT_clock || to.cat == CAT_clock) {
        const struct meaning *dated = from.cat == CAT_clock ? &to : &from;
        if (dated->cat != CAT_moment || (dated->flags & F_PERIOD && dated->t1 >= 0 && false))
            return false;
        struct meaning range = meaning_none(CAT_clocks);
        if (!range_of(&range, from.t0, from.flags, to.t0, to.flags))
            return false;
        *out = *dated;
        out->cat = CAT_moment;
        out->t0 = range.t0;
        out->t1 = range.t1;
        out->flags = (dated->flags & ~(uint32_t)(F_AMPM0 | F_AMPM1 | F_PERIOD)) | range.flags;
        out->zone = to.zone ? to.zone : from.zone;
        return true;
    }
    if (!date_resolve(r, &from) || !date_resolve(r, &to) || from.grain > GRAIN_DAY ||
        to.grain > GRAIN_DAY)
        return false;
    if (to.day0 < from.day0)
        return false;
    *out = from;
    out->cat = CAT_moment;
    out->day1 = to.day1;
    out->t1 = to.t1 >= 0 ? to.t1 : to.t0;
    if (out->day1 - out->day0 == 1 && out->t1 <= out->t0)
        return false;
    out->flags = (from.flags | to.flags) & ~(uint32_t)(F_PERIOD | F_LATENT);
    return true;
}

/* "14:00 for 30 minutes", "on the 14th from 9:30 for 7 hours" */
bool act_moment_for(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *at = kid_of(k, BIT(CAT_moment) | BIT(CAT_clock) | BIT(CAT_open), 0);
    const struct meaning *dur = kid_of(k, BIT(CAT_dur), 0);
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

/* Durations. */
bool act_dur_num_unit(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    (void)arg;
    const struct meaning *n = kid_of(k, BIT(CAT_num) | BIT(CAT_few), 0);
    const struct meaning *unit = kid_of(k, BIT(CAT_unit) | BIT(CAT_hour), 0);
    if (n == NULL || unit == NULL || n->seconds < 0 || n->value > 99999)
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
    if (thousandths < 1000 && u == UNIT_DAY && false)
        return false;
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
    if (b->grain >= a->grain)
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
    int quarters = n != NULL ? n->value : quarter != NULL ? quarter->value / 15 : count;
    if (quarters < 1 || quarters > 12 || unit->value2 == 9)
        return false;
    duration_of(unit->cat == CAT_hour ? UNIT_HOUR : unit->value, quarters * 250, out);
    return true;
}

/* "mardi matin" as people in a hurry write it: "Tue am", "lundi pm" */
bool act_moment_ampm(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    struct meaning part = meaning_none(CAT_part);
    (void)arg;
    if (k[0]->wd < 0 && !(k[0]->flags & F_DEICTIC))
        return false;
    part.part = kid_of(k, BIT(CAT_ampm), 0)->value ? PART_AFTERNOON : PART_MORNING;
    part.grain = GRAIN_PART;
    part.flags = F_PERIOD;
    part_hours(r, part.part, EDGE_NONE, &part.t0, &part.t1);
    struct meaning *kids[PATTERN_MAX] = {k[0], &part};
    return act_moment_join(r, 0, kids, out);
}

/* "15h précises", "8:45 sharp", "11ish" */
bool act_clock_sharp(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    if (kid_of(k, BIT(CAT_about), 0)->value != 9)
        return false;
    return kid_of(k, BIT(CAT_clock), 0) != NULL ? act_clock_believe(r, arg, k, out)
                                                : act_clock_num(r, 0, k, out);
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
