#include "domain/timex/actions.h"

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

/* "Next Tuesday, Wednesday or Thursday": days of the week that "next" says. */
static bool leads_on(const struct reader *reader, const struct mention *mention)
{
    if (mention->m.day1 - mention->m.day0 != 1)
        return false;
    for (uint32_t i = mention->token_start; i < mention->token_end; i++)
        if (lexicon_is(reader, &reader->tokens.items[i], CAT_next))
            return true;
    return false;
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

enum { APART_MAX = 4 }; /* words between a part of the day and the hour that it holds */

/* Only words between them, and few. */
static bool same_clause(const struct reader *reader, const struct mention *a,
                        const struct mention *b)
{
    if (b->token_start < a->token_end || b->token_start - a->token_end > APART_MAX)
        return false;
    for (uint32_t i = a->token_end; i < b->token_start; i++)
        if (reader->tokens.items[i].kind != TOKEN_WORD)
            return false;
    return true;
}

/* "l'après-midi, je préfère vers 4h30": the part of the day says which half, when the hour is one
 * of it. True when the hour has taken it. */
static bool take_half(const struct mention *part, struct mention *hour)
{
    const struct meaning *from = &part->m;
    struct meaning *to = &hour->m;
    if (from->cat != CAT_part || from->flags & F_PLURAL || from->edge != EDGE_NONE ||
        from->t1 < 0 || to->cat != CAT_clock || to->t1 >= 0 || to->t0 >= 12 * 3600 ||
        to->value == 3)
        return false;
    int32_t t = to->t0;
    uint32_t flags = to->flags | F_AMPM0;
    fit_part(&t, &flags, from->part, F_AMPM0);
    if (t < from->t0 || t > from->t1 + 3600 * 3) /* parts end early in texts, late in speech */
        return false;
    to->t0 = t;
    to->flags = flags | F_HAS24;
    return true;
}

static void take_halves(const struct reader *reader, struct mention_found_list *found)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        bool next = i + 1 < found->count;
        if (next && same_clause(reader, &found->items[i], &found->items[i + 1]) &&
            take_half(&found->items[i], &found->items[i + 1]) && !reader->meals)
            continue; /* wishes keep the part: a cue may speak of it */
        found->items[kept++] = found->items[i];
    }
    found->count = kept;
}

void timex_share(const struct reader *reader, struct mention_found_list *found)
{
    take_halves(reader, found);
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
        bool later = (b->cat == CAT_moment ? b->nth - 1 : b->wd) > ((a->day0 + 3) % 7 + 7) % 7;
        if (bare_weekday(b) && (in_week(a) || (later && leads_on(reader, &found->items[i - 1]))))
            place(b, a);
        else if (bare_day(b) && names_month(a) && a->day1 <= a->day0 && b->dom > a->dom) {
            b->month = a->month; /* "March 3rd and 4th" */
            b->year = a->year;
        }
    }
}

void timex_take_zone(struct mention_found_list *found)
{
    int16_t zone = 0;
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        if (found->items[i].m.cat == CAT_zone)
            zone = found->items[i].m.zone;
        else
            found->items[kept++] = found->items[i];
    }
    found->count = kept;
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].m.t0 >= 0 && found->items[i].m.zone == 0)
            found->items[i].m.zone = zone;
}
