#include "domain/timex/internal.h"

/* Mentions of one list lend each other what only one of them says: "the 22nd, 23rd or 24th of
 * March", "Monday, Thursday and Friday next week". */

static bool is_joint(const struct token *t)
{
    if (t->kind == TOKEN_SIGN)
        return t->value == ',' || t->value == '/' || t->value == '&';
    return in_class(t, CLASS_list_joint);
}

static bool joined(const struct reader *reader, const struct mention *a, const struct mention *b)
{
    const struct token *first = &reader->tokens.items[b->token_start];
    bool comma = first->kind == TOKEN_SIGN && first->value == ','; /* some rules take it in */
    if (b->token_start < a->token_end + !comma)
        return false;
    for (uint32_t i = a->token_end; i < b->token_start; i++)
        if (!is_joint(&reader->tokens.items[i]))
            return false;
    return true;
}

static bool bare_day(const struct meaning *m)
{
    return m->cat == CAT_date && m->day1 <= m->day0 && m->dom && !m->month && !m->year && m->wd < 0;
}

static bool bare_weekday(const struct meaning *m)
{
    if (m->cat == CAT_moment) /* "lunch on Thursday": act_moment_join leaves the weekday in `nth` */
        return m->nth > 0 && !(m->flags & F_PLURAL);
    return m->cat == CAT_date && m->day1 <= m->day0 && m->wd >= 0 && !m->dom && !m->month &&
           !(m->flags & F_PLURAL);
}

static bool names_month(const struct meaning *m)
{
    return (m->cat == CAT_date || m->cat == CAT_moment) && m->month && m->dom;
}

/* A weekday that was placed in a week by the text (act_date_in leaves the mark). */
static bool in_week(const struct meaning *m)
{
    return (m->flags & F_NTH) && m->day1 - m->day0 == 1;
}

static void place(struct meaning *m, const struct meaning *in)
{
    int32_t monday = in->day0 - ((in->day0 + 3) % 7 + 7) % 7;
    m->day0 = monday + (m->cat == CAT_moment ? m->nth - 1 : m->wd);
    if (m->cat == CAT_moment)
        m->nth = 0;
    m->day1 = m->day0 + 1;
    m->flags |= F_NTH;
}

/* "mardi 10h-12h ou 14h-16h", "demain 10h, 11h ou 14h": what has no day takes that of the list. */
static bool lacks_day(const struct meaning *m)
{
    return (m->cat == CAT_clock || m->cat == CAT_clocks || m->cat == CAT_part) &&
           m->day1 <= m->day0 && m->t0 >= 0 && !(m->flags & F_PLURAL);
}

static void lend_day(const struct meaning *from, struct meaning *to)
{
    to->cat = CAT_moment;
    to->day0 = from->day0;
    to->day1 = from->day1;
    to->nth = from->nth;
    to->flags |= from->flags & (F_BAD | F_WHICH | F_SWAP | F_DEICTIC | F_FIXED);
}

/* "mardi 1er, ou le lendemain": counted from the last day named before. */
static void count_on(const struct reader *reader, struct mention_found_list *found, size_t index)
{
    struct meaning *m = &found->items[index].m;
    if (!(m->flags & F_ANAPHOR) || m->day1 <= m->day0)
        return;
    for (size_t i = index; i-- > 0;) {
        struct meaning day = found->items[i].m;
        if ((day.cat != CAT_date && day.cat != CAT_moment) || day.grain > GRAIN_DAY ||
            !date_resolve(reader, &day) || day.day1 - day.day0 != 1)
            continue;
        int32_t shift = day.day0 - reader->today;
        m->day0 += shift;
        m->day1 += shift;
        return;
    }
}

void timex_share(const struct reader *reader, struct mention_found_list *found)
{
    for (size_t i = 1; i < found->count; i++)
        count_on(reader, found, i);
    for (size_t i = found->count; i-- > 1;) {
        struct meaning *a = &found->items[i - 1].m;
        const struct meaning *b = &found->items[i].m;
        if (!joined(reader, &found->items[i - 1], &found->items[i]))
            continue;
        if (bare_day(a) && names_month(b) && a->dom < b->dom) {
            a->month = b->month;
            a->year = b->year;
        } else if (bare_weekday(a) && in_week(b))
            place(a, b);
    }
    for (size_t i = 1; i < found->count; i++) {
        struct meaning *to = &found->items[i].m;
        const struct meaning *from = &found->items[i - 1].m;
        if (!reader->meals && from->cat == CAT_moment && from->day1 - from->day0 == 1 &&
            lacks_day(to) && joined(reader, &found->items[i - 1], &found->items[i]))
            lend_day(from, to);
    }
    for (size_t i = 1; i < found->count; i++) {
        struct meaning *b = &found->items[i].m;
        const struct meaning *a = &found->items[i - 1].m;
        if (!joined(reader, &found->items[i - 1], &found->items[i]))
            continue;
        if (bare_weekday(b) && in_week(a))
            place(b, a);
        else if (bare_day(b) && names_month(a) && a->day1 <= a->day0 && b->dom > a->dom) {
            b->month = a->month; /* "March 3rd and 4th" */
            b->year = a->year;
        }
    }
}
