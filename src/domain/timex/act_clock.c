#include "domain/timex/actions.h"
#include "domain/timex/names.h"

/* Times of day and their ranges. */

enum { HOUR = 3600, DAY = 86400 };

void clock_set(struct meaning *out, int32_t t, uint32_t flags, int grain)
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

bool hour_number(const struct meaning *n)
{
    return n->value >= 0 && n->value <= 24 && n->seconds % 1000 == 0 &&
           (n->value2 <= 2 || (n->flags & F_PARTWORD));
}

uint32_t ambiguity(const struct meaning *n)
{
    bool padded = !(n->flags & F_PARTWORD) && n->value2 == 2 && n->value < 10;
    return n->value >= 1 && n->value <= 12 && !padded ? F_AMPM0 : F_HAS24;
}

/* A bare number where a time of day is due: "at 7", "à sept". arg 1: stays latent. */
bool act_clock_num(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
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
    if (n->value == 1 && n->flags & F_PARTWORD && habit(r, HABIT_ONE_IS_AN_ARTICLE))
        return false; /* "à un collègue" */
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
    bool composed = (arg & 1) && min != NULL && minutes >= 10 &&
                    (hours >= 13 || min->value2 == 3); /* "vingt-deux trente" */
    bool latent = ((arg & 1) && !composed) ||
                  (word != NULL && word->value == 24 && min == NULL && hours < 7 && hours > 0);
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
    out->value = clock != NULL && clock->value == 4 ? 4 : 3; /* the half of the day was said */
    return true;
}

/* Hours that a part of the day reaches to, for the choice of morning or afternoon. */
bool fit_part(int32_t *t, uint32_t *ambiguous, int part, uint32_t flag)
{
    bool late = part == PART_AFTERNOON || part == PART_EVENING || part == PART_NIGHT ||
                part == PART_TONIGHT || part == PART_DINNER || part == PART_AFTERWORK ||
                part == PART_DUSK || part == PART_AFTERSCHOOL;
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
    if (clock != NULL && clock->value == 1 && (clock->flags & F_LATENT) && clock->t0 >= 19 * HOUR &&
        clock->t0 < 22 * HOUR)
        return false; /* "3 December 2026, evening" */
    const uint64_t joints = BIT(CAT_in) | BIT(CAT_of) | BIT(CAT_at) | BIT(CAT_the);
    bool lunch = p == PART_LUNCH && !(part->flags & F_LATENT) && n != NULL &&
                 (n->value >= 11 || n->value <= 2); /* "12 lunchtime" */
    if (clock == NULL && kid_of(k, joints, 0) == NULL && p != PART_TONIGHT && !lunch)
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
    /* "10 to 4" in figures is a range, "nine to five" too; "ten to four" is a time */
    if (!swapped && min->cat == CAT_num && m <= 12 &&
        (!(min->flags & F_PARTWORD) || (m % 5 != 0 && base->cat == CAT_num)))
        return false;
    if (!shifted(out, base, -m * 60))
        return false;
    if (min->cat == CAT_num && (m <= 12 || (m <= 24 && !(min->flags & F_PARTWORD))))
        out->value = 4; /* behind "from" it is a range: "from ten to four" */
    return true;
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
    (void)arg;
    const struct meaning *clock = kid_of(k, BIT(CAT_clock), 0), *at = kid_of(k, BIT(CAT_at), 0);
    if (at == NULL && clock->flags & F_LATENT && clock->value != 1 &&
        kid_of(k, BIT(CAT_about), 0) != NULL && kid_of(k, BIT(CAT_about), 0)->value != 9)
        return false; /* "environ 2 heures" is a length */
    bool year = clock->value == 1 && clock->t0 >= 19 * HOUR && clock->t0 < 21 * HOUR;
    if (year && (at == NULL || at->value != 0 || !some_habit(r, HABIT_FOUR_DIGIT_HOURS)))
        return false; /* "about 2019", "jusqu'à 2027" */
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
        kid_of(k, BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_moment) | BIT(CAT_open) | BIT(CAT_part), 0);
    const struct meaning *zone = kid_of(k, BIT(CAT_zone), 0);
    if (time->zone != 0 || time->t0 < 0 || zone->value == ZONE_ALL || zone->zone != 0)
        return false;
    *out = *time;
    out->zone = (int16_t)(zone->value + 1);
    out->flags &= ~(uint32_t)F_LATENT;
    return true;
}

/* "I'm on Eastern time": timex_take_zone gives it to the hours of the text. */
bool act_zone_own(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    if (k[0]->value != ZONE_ALL || k[1]->value == ZONE_ALL || k[1]->zone != 0)
        return false;
    *out = *k[1];
    out->zone = (int16_t)(out->value + 1);
    return true;
}

bool act_clocks_zone(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    return act_clock_zone(r, arg, k, out);
}

/* Two times of day, either of them without its half of the day. */
bool range_of(struct meaning *out, int32_t a, uint32_t fa, int32_t b, uint32_t fb)
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
    const uint64_t hours = BIT(CAT_clock) | BIT(CAT_num);
    const struct meaning *a = kid_of(k, hours, 0), *b = kid_of(k, hours, 1);
    int32_t ta, tb;
    uint32_t fa, fb;
    if (a == NULL || b == NULL || !hour_of(a, &ta, &fa) || !hour_of(b, &tb, &fb))
        return false;
    const struct meaning *slash = kid_of(k, BIT(CAT_dash), 0);
    if (slash != NULL && slash->value == '/' && habit(r, HABIT_SLASH_PARTS_ZONES))
        return false; /* "2pm EST/11am PST" */
    if (kid_of(k, BIT(CAT_dash), 0) != NULL && a->cat == CAT_num && a->flags & F_PARTWORD)
        return false; /* "dix-sept heures" */
    if (kid_of(k, BIT(CAT_dash), 0) != NULL && b->cat == CAT_num && b->flags & F_PARTWORD &&
        habit(r, HABIT_DASHED_NUMBERS))
        return false; /* "sept vingt-sept" */
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
    out->value = a->cat == CAT_clock && a->value == 3 ? 3 : 0; /* its half of the day was said */
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
    if (range->value == 3)
        return false; /* "de 5 du matin à 6" and "de l'après-midi" */
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

/* "15h précises", "8:45 sharp", "11ish" */
bool act_clock_sharp(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    if (kid_of(k, BIT(CAT_about), 0)->value != 9)
        return false;
    return kid_of(k, BIT(CAT_clock), 0) != NULL ? act_clock_believe(r, arg, k, out)
                                                : act_clock_num(r, 0, k, out);
}

/* "nine oh five" */
bool act_clock_spoken(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    const struct meaning *h = kid_of(k, BIT(CAT_num), 0), *min = kid_of(k, BIT(CAT_num), 1);
    (void)r;
    (void)arg;
    if (kid_of(k, BIT(CAT_word), 0)->value != WORD_OH || !hour_number(h) ||
        !(h->flags & min->flags & F_PARTWORD) || min->value < 1 || min->value > 9)
        return false;
    clock_set(out, h->value * HOUR + min->value * 60, ambiguity(h), GRAIN_MINUTE);
    return true;
}

/* "at six forty-three minutes" */
bool act_clock_minutes(const struct reader *r, int arg, struct meaning *const *k,
                       struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0);
    return unit->value == UNIT_MINUTE && unit->flags & F_PLURAL && act_clock_num_hour(r, arg, k, out);
}

/* "1530 hours", "0900 hrs" */
bool act_clock_hours(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    const struct meaning *unit = kid_of(k, BIT(CAT_unit), 0), *clock = kid_of(k, BIT(CAT_clock), 0);
    (void)r;
    (void)arg;
    bool round = clock->t0 % (10 * HOUR) == 0; /* "1000 hours" may be many */
    if (unit->value != UNIT_HOUR || !(unit->flags & F_PLURAL) || clock->value != 1 ||
        (round && kid_of(k, BIT(CAT_at), 0) == NULL))
        return false;
    *out = *clock;
    out->flags = (out->flags & ~(uint32_t)(F_LATENT | F_AMPM0)) | F_HAS24;
    return true;
}
