#include "domain/timex/internal.h"

/* What a list leaves out and the reader fills in: "Monday at 10 or 11", "2 or 3pm", "18 and 19
 * June", "Sept 22 and 23", "this week or next". A chart cannot read a bare number or "next"; the
 * mention beside it says what it is. */

enum { HOUR = 3600, HALF = 12 * HOUR };

static bool is_or(const struct token *t)
{
    return in_class(t, CLASS_or) || (t->kind == TOKEN_SIGN && t->value == '/' && t->space);
}

static bool is_and(const struct token *t)
{
    return in_class(t, CLASS_and) || (t->kind == TOKEN_SIGN && t->value == '&');
}

static bool is_comma(const struct token *t)
{
    return t->kind == TOKEN_SIGN && t->value == ',';
}

/* What the token counts, in figures or in words; 0 if nothing. */
static int32_t number_of(const struct reader *r, const struct token *t, bool ordinal)
{
    if (t->kind == TOKEN_NUMBER)
        return t->digits <= 2 ? (int32_t)t->value : 0;
    int value = ordinal ? lexicon_value(r, t, CAT_ord) : lexicon_value(r, t, CAT_num);
    return value > 0 && value <= 31 ? value : 0;
}

/* A number that stands alone: no figure, unit or thing belongs to it. */
static bool bare_number(const struct reader *r, size_t at, bool day)
{
    const struct token *t = &r->tokens.items[at];
    if (at >= r->tokens.count || t->noise || number_of(r, t, day) < 1 ||
        number_of(r, t, day) > (day ? 31 : 24) || (at > 0 && !t->space && t[-1].kind != TOKEN_SIGN))
        return false;
    if (at + 1 == r->tokens.count)
        return true;
    const struct token *next = t + 1;
    if (next->kind == TOKEN_LINE)
        return true;
    if (next->kind == TOKEN_SIGN)
        return next->value != '%' && next->value != 0x20AC &&
               (next->value != '-' || (next->space && at + 2 < r->tokens.count && next[1].space)) &&
               (at + 2 == r->tokens.count || next[1].kind != TOKEN_NUMBER || next[1].space);
    return next->space && next->kind == TOKEN_WORD && !noise_counts(next) &&
           !lexicon_is(r, next, CAT_unit) && !lexicon_is(r, next, CAT_month) &&
           !lexicon_is(r, next, CAT_ampm) && !lexicon_is(r, next, CAT_hour);
}

static bool single_clock(const struct meaning *m)
{
    return (m->cat == CAT_clock || m->cat == CAT_moment) && m->t0 >= 0 && m->t1 < 0 &&
           m->grain <= GRAIN_HOUR && m->day1 - m->day0 <= 1 && m->t0 % HOUR == 0 &&
           !(m->flags & (F_FROMNOW | F_PLURAL));
}

static bool single_day(const struct meaning *m)
{
    return m->cat == CAT_date && m->dom && m->month && m->day1 <= m->day0;
}

/* The same with another hour, in the half of the day that lies nearest behind (or before). */
static bool at_hour(const struct meaning *like, int32_t hour, bool before, struct meaning *out)
{
    int32_t t = hour * HOUR;
    *out = *like;
    if (!(like->flags & F_AMPM0) && hour < 12) {
        int32_t late = t + HALF;
        if (before)
            t = late < like->t0 ? late : t;
        else
            t = hour < 7 || (late > like->t0 && late - like->t0 <= 4 * HOUR) ? late : t;
    }
    out->t0 = t;
    if (hour > 12)
        out->flags = (out->flags & ~(uint32_t)F_AMPM0) | F_HAS24;
    return before ? t < like->t0 || (like->flags & F_AMPM0) : true;
}

static bool on_day(const struct meaning *like, int32_t dom, struct meaning *out)
{
    *out = *like;
    out->dom = (int8_t)dom;
    out->wd = -1;
    return dom <= 31;
}

static bool with_number(const struct meaning *like, int32_t n, bool before, struct meaning *out)
{
    return single_day(like) ? on_day(like, n, out) : at_hour(like, n, before, out);
}

static void push(struct reader *r, struct mention_found_list *out, const struct mention *like,
                 const struct meaning *m, size_t from, size_t to)
{
    struct mention one = *like;
    one.m = *m;
    one.token_start = (uint32_t)from;
    one.token_end = (uint32_t)to;
    one.explanation = r->explain ? explain_mention(r, &one, "ellipsis") : NULL;
    ARENA_PUSH(r->arena, out, one);
}

static bool fits(const struct meaning *like, int32_t number, bool before)
{
    if (single_day(like))
        return number <= 31 && (before ? number < like->dom : number > like->dom);
    return number <= 24;
}

/* "… at 10, 11 or 12": the numbers behind a mention, when "or" (of days also "and") is there. */
static void fill_behind(struct reader *r, const struct mention *like, size_t limit,
                        struct mention_found_list *out)
{
    const struct token *t = r->tokens.items;
    bool day = single_day(&like->m), joint = false;
    size_t at = like->token_end, end = at;
    while (at + 1 < limit && (is_or(&t[at]) || is_comma(&t[at]) || (day && is_and(&t[at]))) &&
           bare_number(r, at + 1, day) && fits(&like->m, number_of(r, &t[at + 1], day), false)) {
        joint |= !is_comma(&t[at]);
        at += 2;
        end = joint ? at : end;
    }
    struct mention last = *like;
    for (at = like->token_end; joint && at < end; at += 2) {
        struct meaning m;
        if (!with_number(&last.m, number_of(r, &t[at + 1], day), false, &m))
            return;
        push(r, out, like, &m, at + 1, at + 2);
        last.m = m;
    }
}

/* "2 or 3pm", "18 and 19 June": the number before a mention that begins with its own. */
static void fill_before(struct reader *r, const struct mention *like, size_t limit,
                        struct mention_found_list *out)
{
    const struct token *t = r->tokens.items;
    size_t start = like->token_start;
    bool day = single_day(&like->m);
    if (number_of(r, &t[start], day) == 0 || start < limit + 2 ||
        !(is_or(&t[start - 1]) || (day && is_and(&t[start - 1]))) ||
        !bare_number(r, start - 2, day) ||
        !fits(&like->m, number_of(r, &t[start - 2], day), true) ||
        (!day && number_of(r, &t[start], false) % 12 != like->m.t0 / HOUR % 12))
        return;
    struct meaning m;
    if (!with_number(&like->m, number_of(r, &t[start - 2], day), true, &m))
        return;
    size_t from = start - 2;
    size_t first = from; /* "les 7, 8, 9 et 10 décembre" */
    while (day && first >= limit + 2 && is_comma(&t[first - 1]) && bare_number(r, first - 2, day) &&
           number_of(r, &t[first - 2], day) < number_of(r, &t[first], day))
        first -= 2;
    for (; first < from; first += 2) {
        struct meaning one;
        if (with_number(&like->m, number_of(r, &t[first], day), true, &one))
            push(r, out, like, &one, first, first + 1);
    }
    push(r, out, like, &m, from, start - 1);
}

/* "looking at 18 and 19 June": what looked like a time of day is the first of two days. */
static void fill_taken(const struct reader *r, const struct mention *like,
                       struct mention_found_list *out)
{
    const struct token *t = r->tokens.items;
    struct mention *last = out->count > 0 ? &out->items[out->count - 1] : NULL;
    if (last == NULL || last->m.cat != CAT_clock || last->m.t1 >= 0 ||
        last->token_end + 1 != like->token_start || t[like->token_start].kind != TOKEN_NUMBER)
        return;
    const struct token *number = &t[last->token_end - 1], *joint = number + 1;
    struct meaning m;
    if (number->kind != TOKEN_NUMBER || !number->space || (!is_and(joint) && !is_or(joint)) ||
        (int32_t)number->value * HOUR != last->m.t0 % (24 * HOUR) ||
        !fits(&like->m, (int32_t)number->value, true) ||
        !on_day(&like->m, (int32_t)number->value, &m))
        return;
    last->m = m;
    last->token_start = last->token_end - 1;
}

/* "this week or next", "Friday this week or the next" */
static void fill_next(struct reader *r, const struct mention *like, size_t limit,
                      struct mention_found_list *out)
{
    const struct token *t = r->tokens.items;
    size_t at = like->token_end;
    bool whole =
        like->m.cat == CAT_date && like->m.flags & F_DEICTIC && like->m.day1 > like->m.day0;
    if (!whole || (like->m.grain != GRAIN_WEEK && like->m.grain != GRAIN_MONTH) ||
        at + 1 >= limit || !(is_or(&t[at]) || is_and(&t[at])))
        return;
    at += 1 + (size_t)(at + 2 < limit && in_class(&t[at + 1], CLASS_the));
    if (!lexicon_is(r, &t[at], CAT_next) || (at + 1 < limit && lexicon_is(r, &t[at + 1], CAT_unit)))
        return;
    struct meaning m = like->m;
    days_of_unit(m.grain == GRAIN_WEEK ? UNIT_WEEK : UNIT_MONTH, m.day0, 1, &m);
    push(r, out, like, &m, at, at + 1);
}

/* "tomorrow at 2 or at 3pm": one says the day, the other the half of the day. */
/* "I shall be late on Friday" says nothing of its evening. */
static void forget_lateness(const struct reader *r, struct mention *one)
{
    const struct token *first = &r->tokens.items[one->token_start];
    struct meaning *m = &one->m;
    if (one->token_start == 0 || m->cat != CAT_moment || m->part != PART_DAY ||
        m->edge != EDGE_LATE || !in_class(first, CLASS_late) ||
        !in_class(first - 1, CLASS_before_late))
        return;
    m->cat = CAT_date;
    m->grain = GRAIN_DAY;
    m->t0 = m->t1 = -1;
    m->part = m->edge = 0;
    m->nth = 0;
    m->flags &= ~(uint32_t)F_PERIOD;
}

/* "8am or 9am tomorrow", "9 to 12 and 2 to 5 on Thursday": the day that stands behind both. */
static void lend_day(const struct meaning *b, struct meaning *a)
{
    bool hours = (a->cat == CAT_clock || a->cat == CAT_clocks) && a->t0 >= 0;
    if (!hours || b->cat != CAT_moment || !(b->flags & F_TIMEFIRST) || b->day1 - b->day0 != 1 ||
        (a->t1 < 0) != (b->t1 < 0))
        return;
    struct meaning time = *a;
    *a = *b;
    a->t0 = time.t0;
    a->t1 = time.t1;
    a->grain = time.grain;
    a->flags = (b->flags & ~(uint32_t)(F_AMPM0 | F_AMPM1 | F_HAS24)) | time.flags;
    a->zone = time.zone ? time.zone : b->zone;
}

static void lend(const struct reader *r, struct meaning *a, struct meaning *b)
{
    bool said = !(b->flags & F_AMPM0);
    /* Wishes give the hours of a list to all its days by themselves. */
    if (!r->meals && a->cat == CAT_moment && b->cat == CAT_clock) {
        struct meaning time = *b;
        *b = *a;
        b->t0 = time.t0;
        b->grain = time.grain;
        b->flags = (a->flags & ~(uint32_t)(F_AMPM0 | F_HAS24)) | time.flags;
        b->zone = time.zone ? time.zone : a->zone;
    }
    if (a->flags & F_AMPM0 && !(a->flags & F_HAS24) && said && b->t0 >= HALF && a->t0 < HALF &&
        a->t0 + HALF < b->t0) {
        a->t0 += HALF;
        a->flags = (a->flags & ~(uint32_t)F_AMPM0) | F_HAS24;
    }
}

/* "that week", "early the week after": in the week of the last day that was named. Without one
 * it says nothing. */
static bool anchor(struct reader *r, const struct mention_found_list *before, struct meaning *m)
{
    for (size_t i = before->count; i-- > 0;) {
        struct meaning last = before->items[i].m;
        const uint64_t dated = BIT(CAT_date) | BIT(CAT_dates) | BIT(CAT_moment);
        if (!(BIT(last.cat) & dated) || !date_resolve(r, &last) || last.day1 - last.day0 > 31)
            continue;
        int32_t delta = last.day0 - r->today;
        delta -= ((last.day0 + 3) % 7 + 7) % 7 - ((r->today + 3) % 7 + 7) % 7;
        m->day0 += delta;
        m->day1 += delta;
        m->until += m->until != 0 ? delta : 0;
        m->freq = 0;
        return true;
    }
    m->freq = 0;
    if (m->day1 - m->day0 != 1)
        return false;
    int32_t ahead = m->day0 > r->today ? 0 : 7; /* "Tuesday that week": some Tuesday, then */
    m->day0 += ahead;
    m->day1 += ahead;
    return true;
}

static bool hangs(const struct meaning *m)
{
    return m->freq == FREQ_ANAPHOR && m->cat != CAT_set;
}

void timex_fill(struct reader *r, struct mention_found_list *found)
{
    struct mention_found_list all = {0};
    for (size_t i = 0; i < found->count; i++) {
        struct mention *one = &found->items[i];
        if (hangs(&one->m) && !anchor(r, &all, &one->m))
            continue;
        size_t before = i > 0 ? found->items[i - 1].token_end : 0;
        if (all.count > 0 && all.items[all.count - 1].token_end > before)
            before = all.items[all.count - 1].token_end; /* "10, 11 or 12, 2 or 3pm": the 2 is had once */
        size_t behind = i + 1 < found->count ? found->items[i + 1].token_start : r->tokens.count;
        bool listed = single_clock(&one->m) || single_day(&one->m);
        if (i > 0 && single_day(&one->m))
            fill_taken(r, one, &all);
        if (listed)
            fill_before(r, one, before, &all);
        ARENA_PUSH(r->arena, &all, *one);
        forget_lateness(r, &all.items[all.count - 1]);
        struct meaning *last = &all.items[all.count - 1].m;
        struct meaning *other = all.count > 1 ? &all.items[all.count - 2].m : NULL;
        const struct token *joint = &r->tokens.items[before];
        bool beside = i > 0 && other != NULL && one->token_start == before + 1;
        if (beside && is_or(joint) && single_clock(last) && single_clock(other))
            lend(r, other, last);
        if (beside && (is_or(joint) || is_and(joint)))
            lend_day(last, other);
        if (listed)
            fill_behind(r, one, behind, &all);
        else
            fill_next(r, one, behind, &all);
    }
    *found = all;
}
