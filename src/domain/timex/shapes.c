#include "domain/timex/internal.h"

/* Numbers and what signs make of them: "14h30", "9/11/2026", "2026-11-09T14:00Z", "21st",
 * "1.5", "3/4". A shape proposes items; rules and ranking decide. */

struct cursor {
    struct reader *reader;
    size_t start, end; /* tokens */
};

static const struct token *token_at(const struct cursor *c, size_t i)
{
    return c->start + i < c->end ? &c->reader->tokens.items[c->start + i] : NULL;
}

static const struct token *number_at(const struct cursor *c, size_t i)
{
    const struct token *t = token_at(c, i);
    return t != NULL && t->kind == TOKEN_NUMBER ? t : NULL;
}

static const struct token *tight_number(const struct cursor *c, size_t i)
{
    const struct token *t = number_at(c, i);
    return t != NULL && !t->space ? t : NULL;
}

static bool tight_sign(const struct cursor *c, size_t i, uint32_t sign)
{
    const struct token *t = token_at(c, i);
    return t != NULL && t->kind == TOKEN_SIGN && !t->space && t->value == sign;
}

static bool sign(const struct cursor *c, size_t i, uint32_t code)
{
    const struct token *t = token_at(c, i);
    return t != NULL && t->kind == TOKEN_SIGN && t->value == code;
}

static bool word(const struct token *t, const char *text)
{
    size_t length = strlen(text);
    return t != NULL && t->kind == TOKEN_WORD && t->folded_len == length &&
           memcmp(t->folded, text, length) == 0;
}

static void put(const struct cursor *c, const struct meaning *m, size_t tokens, int score)
{
    chart_add(c->reader, m, c->start - c->reader->island_start,
              c->start + tokens - c->reader->island_start, -1, score);
}

static void put_number(const struct cursor *c, uint64_t value, int64_t thousandths, size_t tokens,
                       int digits)
{
    struct meaning m = meaning_none(CAT_num);
    if (value > 999999)
        return;
    m.value = (int32_t)value;
    m.value2 = digits;
    m.seconds = thousandths;
    put(c, &m, tokens, 0);
}

static int full_year(const struct token *t)
{
    if (t->digits == 4)
        return t->value >= 1000 && t->value < 2200 ? (int)t->value : 0;
    if (t->digits == 2)
        return (int)t->value + (t->value < 70 ? 2000 : 1900);
    return 0;
}

static void put_date(const struct cursor *c, int year, int month, int dom, uint32_t flags,
                     size_t tokens)
{
    if (month < 1 || month > 12 || dom < 0 || dom > 31)
        return;
    struct meaning m = meaning_none(CAT_date);
    m.year = (int16_t)year;
    m.month = (int8_t)month;
    m.dom = (int8_t)dom;
    m.grain = dom ? GRAIN_DAY : GRAIN_MONTH;
    m.flags = flags | (year ? F_FIXED : 0);
    put(c, &m, tokens, 3);
}

/* Day and month in the order of the language; the other order when only that is a date. */
static void put_day_month(const struct cursor *c, int a, int b, int year, size_t tokens,
                          uint32_t flags)
{
    if ((flags & F_NTH) &&
        (!c->reader->context->month_first || b > 12)) { /* with full stops: always the day first */
        put_date(c, year, b, a, flags & ~(uint32_t)F_NTH, tokens);
        return;
    }
    const struct timex_context *context = c->reader->context;
    bool month_first = context->month_first;
    flags &= ~(uint32_t)F_NTH;
    bool open = a <= 12 && b <= 12 && a != b &&
                !(language_habits(context->language) & 1u << HABIT_DAY_FIRST) && !month_first;
    if (a > 12 || b > 12)
        month_first = b > 12;
    if (month_first)
        put_date(c, year, a, b, flags | (open ? F_SWAP : 0), tokens);
    else
        put_date(c, year, b, a, flags | (open ? F_SWAP : 0), tokens);
}

/* "le 8.12", "on 5.12" */
static bool behind_day(const struct cursor *c)
{
    if (c->start == c->reader->island_start)
        return false;
    const struct token *before = token_at(c, 0) - 1;
    return in_class(before, CLASS_day_lead);
}

/* "13.12 PM": a day in its afternoon, or an hour? Only "le 13.12 PM" says. */
static bool before_half(const struct cursor *c)
{
    const struct token *half = token_at(c, 3);
    return half != NULL && lexicon_is(c->reader, half, CAT_ampm) && !behind_day(c);
}

/* "9/11", "9/11/2026", "9.11.26", "2026/11/9", "11/2026", "9-11-2026" */
static void shape_date(const struct cursor *c)
{
    const struct token *a = token_at(c, 0);
    const struct token *s = token_at(c, 1);
    if (s == NULL || s->kind != TOKEN_SIGN ||
        (s->value != '/' && s->value != '.' && s->value != '-'))
        return;
    uint32_t mark = (uint32_t)s->value;
    const struct token *b = number_at(c, 2);
    if (b == NULL)
        return;
    bool tight = !s->space && !b->space;
    const struct token *third = number_at(c, 4);
    /* "14.05. 15-17": what stands apart behind a full stop is no year, unless it looks like one */
    if (third != NULL && third->space && third->digits != 4 && tight_sign(c, 3, '.'))
        third = NULL;
    if (third != NULL && sign(c, 3, mark) && (tight || mark == '/' || mark == '.')) {
        if (a->digits == 4 && full_year(a) && b->digits <= 2 && third->digits <= 2) {
            if (b->value > 12 && third->value <= 12)
                put_date(c, full_year(a), (int)third->value, (int)b->value, 0, 5);
            else if (b->value <= 12 && third->value <= 31)
                put_date(c, full_year(a), (int)b->value, (int)third->value, 0, 5);
        } else if (a->digits <= 2 && b->digits <= 2 && full_year(third) && third->digits != 1)
            put_day_month(c, (int)a->value, (int)b->value, full_year(third), 5, 0);
        return;
    }
    if (b->digits == 4 && a->digits <= 2 && full_year(b) >= 1900)
        put_date(c, full_year(b), (int)a->value, 0, 0, 3);
    else if (a->digits == 4 && b->digits <= 2 && full_year(a) >= 1900)
        put_date(c, full_year(a), (int)b->value, 0, 0, 3);
    else if (tight && a->digits <= 2 && b->digits <= 2 && a->value > 0 && b->value > 0 &&
             !(mark == '/' && tight_sign(c, 3, '.') && tight_number(c, 4))) {
        if (mark == '/')
            put_day_month(c, (int)a->value, (int)b->value, 0, 3, 0);
        else if (mark == '.' && a->value > 12 && before_half(c))
            return;
        else if (mark == '.' && (behind_day(c) || (b->digits == 2 && a->digits == 2))) {
            size_t tokens = tight_sign(c, 3, '.') ? 4 : 3;
            put_day_month(c, (int)a->value, (int)b->value, 0, tokens, F_NTH);
        } else if (mark == '.' && tight_sign(c, 3, '.') && tight_number(c, 4) == NULL)
            put_day_month(c, (int)a->value, (int)b->value, 0, 4, F_NTH);
    }
}

static void put_clock(const struct cursor *c, int hour, int minute, int second, uint32_t flags,
                      size_t tokens, int score)
{
    if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && minute > 0))
        return;
    struct meaning m = meaning_none(CAT_clock);
    m.t0 = hour * 3600 + minute * 60 + second;
    m.grain = tokens <= 2 ? GRAIN_HOUR : GRAIN_MINUTE;
    m.flags = flags;
    if (!(flags & F_HAS24) && hour >= 1 && hour <= 12)
        m.flags |= F_AMPM0;
    put(c, &m, tokens, score);
}

/* The "min" of "3h48min", tight behind its number. */
static bool minutes_word(const struct token *t)
{
    return t != NULL && !t->space && (word(t, "m") || word(t, "min") || word(t, "mn"));
}

static void put_length(const struct cursor *c, uint64_t minutes, size_t tokens)
{
    struct meaning m = meaning_none(CAT_dur);
    duration_of(UNIT_MINUTE, (int64_t)minutes * 1000, &m);
    put(c, &m, tokens, 0);
}

/* "at 06 30": two figures each, spoken or typed without their colon. */
static void shape_pair(const struct cursor *c)
{
    const struct token *a = token_at(c, 0), *b = number_at(c, 1);
    if (a->digits != 2 || a->value > 23 || b == NULL || b->digits != 2 || b->value > 59 ||
        c->start == c->reader->island_start || !in_class(a - 1, CLASS_at) || number_at(c, 2) != NULL)
        return;
    struct meaning m = meaning_none(CAT_clock);
    m.t0 = (int32_t)(a->value * 3600 + b->value * 60);
    m.grain = GRAIN_MINUTE;
    m.flags = a->value < 10 || a->value > 12 ? F_HAS24 : F_AMPM0;
    put(c, &m, 2, 0);
}

/* "14:30", "9:00:15", "2.30", "14h30", "14h", "8 h 15" */
static void shape_clock(const struct cursor *c)
{
    const struct token *a = token_at(c, 0), *s = token_at(c, 1);
    if (a->digits > 2 || s == NULL)
        return;
    const struct token *b = number_at(c, 2);
    uint32_t h24 = a->digits == 2 && a->value < 10 ? F_HAS24 : 0;
    if (s->kind == TOKEN_SIGN && s->value == ':' && b != NULL && b->digits == 2 && !s->space) {
        const struct token *sec = sign(c, 3, ':') ? number_at(c, 4) : NULL;
        if (minutes_word(token_at(c, 3)))
            put_clock(c, (int)a->value, (int)b->value, 0, h24, 4, 0);
        else if (sec != NULL && sec->digits == 2) {
            size_t tokens = tight_sign(c, 5, '.') && tight_number(c, 6) != NULL ? 7 : 5;
            put_clock(c, (int)a->value, (int)b->value, (int)sec->value, h24, tokens, 0);
        } else if (tight_sign(c, 3, '/') == false || number_at(c, 4) == NULL)
            put_clock(c, (int)a->value, (int)b->value, 0, h24, 3, 0);
    } else if (s->kind == TOKEN_SIGN && s->value == '.' && b != NULL && b->digits == 2 &&
               !s->space && !b->space && !(tight_sign(c, 3, '.') && tight_number(c, 4)) &&
               !(a->value > 12 && before_half(c)))
        put_clock(c, (int)a->value, (int)b->value, 0, h24 | (b->value <= 12 ? F_LATENT : 0), 3, 0);
    else if (word(s, "h") || (word(s, "hr") && !s->space)) {
        const struct token *m = token_at(c, 3);
        bool minutes =
            minutes_word(m) || (m != NULL && s->space && (word(m, "min") || word(m, "mn")));
        bool broken = tight_sign(c, 3, ':') && tight_number(c, 4) != NULL; /* "12h12:99" */
        if (b != NULL && b->digits == 2 && broken)
            return;
        bool length = habit(c->reader, HABIT_HOURS_AND_MINUTES);
        if (length && b != NULL && b->value < 60 && (minutes || word(m, "mins") || word(m, "m"))) {
            put_length(c, a->value * 60 + b->value, 4); /* "1h 30m" */
            return;
        }
        if (b != NULL && b->digits == 2 && (!b->space || s->space || minutes))
            put_clock(c, (int)a->value, (int)b->value, 0, F_HAS24 | F_CLOCKONLY, minutes ? 4 : 3,
                      0);
        else
            put_clock(c, (int)a->value, 0, 0, F_HAS24 | F_CLOCKONLY, 2, 0);
    }
}

/* "0500", "1030", "340": hours and minutes written together; rules say when to believe it. */
static void shape_military(const struct cursor *c)
{
    const struct token *a = token_at(c, 0);
    if ((a->digits != 3 && a->digits != 4) || a->value % 100 > 59 || a->value / 100 > 24)
        return;
    struct meaning m = meaning_none(CAT_clock);
    m.t0 = (int32_t)(a->value / 100 * 3600 + a->value % 100 * 60);
    m.grain = GRAIN_MINUTE;
    m.flags = F_LATENT;
    if (a->digits == 4 && a->value < 1000)
        m.flags |= F_HAS24;
    else if (a->value < 1260)
        m.flags |= F_AMPM0;
    m.value = 1; /* military */
    put(c, &m, 1, 0);
}

static bool is_ordinal_suffix(const struct token *t)
{
    return t != NULL && !t->space && in_class(t, CLASS_ordinal_suffix);
}

/* "02-02-2027": its numbers are nothing else. */
static bool begins_date(const struct cursor *c)
{
    const struct token *a = token_at(c, 0), *b = tight_number(c, 2), *year = tight_number(c, 4);
    return b != NULL && year != NULL && a->digits <= 2 && b->digits <= 2 && year->digits == 4 &&
           tight_sign(c, 1, '-') && tight_sign(c, 3, '-') && a->value <= 31 && b->value <= 31;
}

static void shape_number(const struct cursor *c)
{
    const struct token *a = token_at(c, 0), *b = tight_number(c, 2);
    if (a->value > 999999 || begins_date(c))
        return;
    if (!is_ordinal_suffix(token_at(c, 1)) || word(token_at(c, 1), "d"))
        put_number(c, a->value, (int64_t)a->value * 1000, 1, a->digits);
    if (a->digits == 4 && a->value >= 1900 && a->value < 2200) {
        struct meaning m = meaning_none(CAT_year);
        m.year = (int16_t)a->value;
        put(c, &m, 1, 0);
    }
    if (is_ordinal_suffix(token_at(c, 1)) && a->value > 0 && a->value < 1000) {
        struct meaning m = meaning_none(CAT_ord);
        m.value = (int32_t)a->value;
        m.value2 = 1;
        put(c, &m, 2, 0);
    }
    if (b != NULL && (tight_sign(c, 1, '.') || tight_sign(c, 1, ',')) && b->digits <= 2 &&
        !tight_sign(c, 3, '.') && a->digits <= 4) {
        int64_t fraction = (int64_t)b->value * (b->digits == 1 ? 100 : 10);
        put_number(c, a->value, (int64_t)a->value * 1000 + fraction, 3, 0);
    }
    const struct token *over = number_at(c, 1), *under = tight_number(c, 3);
    if (over != NULL && over->space && under != NULL && tight_sign(c, 2, '/') && over->value > 0 &&
        over->value < under->value && under->value <= 4 && a->digits <= 2)
        put_number(c, a->value, (int64_t)(a->value * 1000 + over->value * 1000 / under->value), 4,
                   0); /* "2 1/2 hours" */
    const struct token *part = token_at(c, 1);
    if (part != NULL && part->kind == TOKEN_SIGN && part->value >= 0xBC && part->value <= 0xBE)
        put_number(c, a->value, (int64_t)a->value * 1000 + (int64_t)(part->value - 0xBB) * 250, 2,
                   0);
    if (b != NULL && tight_sign(c, 1, '/') && a->value < b->value && b->value <= 4 && a->value > 0)
        put_number(c, 0, (int64_t)(a->value * 1000 / b->value), 3, 0);
}

/* "le 20 02 2014": day, month and year with spaces between, as French writes by hand. */
static void shape_spaced_date(const struct cursor *c)
{
    const struct token *a = token_at(c, 0), *b = number_at(c, 1), *y = number_at(c, 2);
    if (b == NULL || y == NULL || a->digits > 2 || b->digits > 2 || a->value < 1 || a->value > 31 ||
        b->value < 1 || b->value > 12 || number_at(c, 3) != NULL || !full_year(y))
        return;
    if (y->digits != 4 && !(language_habits(c->reader->context->language) & 1u << HABIT_DAY_FIRST))
        return;
    put_date(c, full_year(y), (int)b->value, (int)a->value, 0, 3);
}

/* RFC 3339 after its date: "T14:00", "T14:00:30.5Z", "T14:00+01:00" */
static void shape_iso(const struct cursor *c)
{
    const struct token *y = token_at(c, 0), *mo = tight_number(c, 2), *d = tight_number(c, 4);
    const struct token *t = token_at(c, 5), *h = tight_number(c, 6), *mi = tight_number(c, 8);
    if (y->digits != 4 || mo == NULL || d == NULL || !word(t, "t") || t->space || h == NULL ||
        mi == NULL || !tight_sign(c, 1, '-') || !tight_sign(c, 3, '-') || !tight_sign(c, 7, ':') ||
        mo->value < 1 || mo->value > 12 || d->value < 1 || d->value > 31 || h->value > 23 ||
        mi->value > 59)
        return;
    struct meaning m = meaning_none(CAT_moment);
    m.year = (int16_t)y->value;
    m.month = (int8_t)mo->value;
    m.dom = (int8_t)d->value;
    m.grain = GRAIN_SECOND;
    m.t0 = (int32_t)(h->value * 3600 + mi->value * 60);
    size_t at = 9;
    const struct token *s = tight_number(c, at + 1);
    if (tight_sign(c, at, ':') && s != NULL && s->value < 60) {
        m.t0 += (int32_t)s->value;
        at += 2;
        if (tight_sign(c, at, '.') && tight_number(c, at + 1))
            at += 2;
    }
    const struct token *z = token_at(c, at), *hour = tight_number(c, at + 1);
    if (word(z, "z") && !z->space) {
        m.zone = (int16_t)(zone_of_offset(0) + 1);
        at++;
    } else if (hour != NULL && hour->digits == 2 && hour->value <= 12 &&
               (tight_sign(c, at, '+') || tight_sign(c, at, '-'))) {
        int offset = (int)hour->value * (z->value == '+' ? 1 : -1);
        m.zone = (int16_t)(zone_of_offset(offset) + 1);
        at += tight_sign(c, at + 2, ':') && tight_number(c, at + 3) != NULL ? 4 : 2;
    }
    if (date_resolve(c->reader, &m)) {
        m.cat = CAT_moment;
        m.flags |= F_HAS24 | F_FIXED;
        m.day1 = m.day0 + 1;
        put(c, &m, at, 20);
    }
}

static bool between_numbers(const struct cursor *c)
{
    const struct token *t = token_at(c, 0);
    return c->start > c->reader->island_start && t[-1].kind == TOKEN_NUMBER &&
           number_at(c, 1) != NULL;
}

/* The second sign of "Dec/1/2026" */
static bool after_month(const struct cursor *c)
{
    const struct token *t = token_at(c, 0);
    return c->start > c->reader->island_start + 2 && t[-2].kind == TOKEN_SIGN &&
           t[-2].value == '/' && t[-3].kind == TOKEN_WORD && !t[-1].space;
}

/* "14h00/15h30" */
static bool joins_clocks(const struct cursor *c)
{
    const struct token *t = token_at(c, 0);
    return c->start > c->reader->island_start + 2 && word(&t[-2], "h") && word(token_at(c, 2), "h");
}

/* The first sign of "2026/23/sept" */
static bool before_month(const struct cursor *c)
{
    const struct token *month = token_at(c, 3), *behind = token_at(c, 2);
    if (behind != NULL && behind->kind == TOKEN_WORD && /* "7/9 décembre" */
        habit(c->reader, HABIT_SLASH_LISTS_DAYS) && lexicon_is(c->reader, behind, CAT_month))
        return true;
    return tight_sign(c, 2, '/') && month != NULL && month->kind == TOKEN_WORD && !month->space;
}

/* "14:00:00 +0100", as mail headers say their zone */
static bool put_offset(const struct cursor *c)
{
    const struct token *sign = token_at(c, 0), *n = tight_number(c, 1);
    if (n == NULL || n->digits != 4 || n->value % 100 != 0 || n->value > 1400 ||
        (sign->value == '-' && n->value > 900) || c->start < c->reader->island_start + 3 ||
        sign[-1].kind != TOKEN_NUMBER || sign[-2].kind != TOKEN_SIGN || sign[-2].value != ':')
        return false;
    struct meaning m = meaning_none(CAT_zone);
    int hours = (int)n->value / 100;
    m.value = zone_of_offset(sign->value == '+' ? hours : -hours);
    put(c, &m, 2, 0);
    return true;
}

/* The year of "Jan '27" */
static bool put_short_year(const struct cursor *c)
{
    const struct token *n = tight_number(c, 1), *next = token_at(c, 2);
    if (n == NULL || n->digits != 2 || (next != NULL && !next->space && next->kind != TOKEN_SIGN))
        return false;
    struct meaning m = meaning_none(CAT_year);
    m.year = (int16_t)full_year(n);
    put(c, &m, 2, 0);
    return true;
}

/* "<=" and ">=": until and from. */
static void put_bound(const struct cursor *c, bool before, size_t tokens)
{
    struct meaning m = meaning_none(before ? CAT_until : CAT_since);
    m.value = before ? 3 : 1;
    put(c, &m, tokens, 0);
}

/* "<" and ">" between words, "<=" and ">=": bounds; not a tag, not a quoted line. */
static bool sign_bounds(const struct cursor *c, const struct token *t, struct meaning *m)
{
    if (sign(c, 1, '=')) {
        put_bound(c, t->value == '<', 2);
        return false;
    }
    if ((!t->space && c->start > c->reader->island_start) ||
        (t->value == '>' && (c->start == 0 || t[-1].kind == TOKEN_LINE)))
        return false;
    m->cat = t->value == '<' ? CAT_before : CAT_after;
    return true;
}

/* Minutes and seconds, only tight behind a number. */
static bool sign_units(const struct cursor *c, const struct token *t, struct meaning *m)
{
    bool minute = t->value == '\'';
    if (t->space && minute)
        put_short_year(c);
    m->value = minute ? UNIT_MINUTE : UNIT_SECOND;
    m->value2 = 9;
    return !t->space;
}

/* What else a sign may mean: "~" about, "@" at. */
static void put_second_sense(const struct cursor *c, const struct token *t, struct meaning m)
{
    if (t->value == '~') {
        m.cat = CAT_about;
        m.value = 0;
        put(c, &m, 1, 0);
    }
    if (t->value == '@') {
        m.cat = CAT_at;
        put(c, &m, 1, 0);
    }
}

/* Between numbers a list, "jeudi / vendredi"; else a shape's affair. */
static bool sign_lists(const struct cursor *c, const struct token *t, struct meaning *m)
{
    (void)m;
    return !t->space && (!between_numbers(c) || before_month(c) || after_month(c) || joins_clocks(c));
}

static bool sign_spaced(const struct cursor *c, const struct token *t, struct meaning *m)
{
    (void)c;
    m->value2 = t->space;
    return true;
}

static bool sign_dash(const struct cursor *c, const struct token *t, struct meaning *m)
{
    return !(t->space && put_offset(c)) && sign_spaced(c, t, m);
}

/* "semaine n° 14" */
static bool sign_ordinal(const struct cursor *c, const struct token *t, struct meaning *m)
{
    if (t->space || c->start == c->reader->island_start || !word(&t[-1], "n"))
        return false;
    m->value = WORD_NUMBER;
    return true;
}

/* Less or equal, greater or equal. */
static bool sign_bound(const struct cursor *c, const struct token *t, struct meaning *m)
{
    (void)m;
    put_bound(c, t->value == 0x2264, 1);
    return false;
}

/* "+15 minutes" */
static bool sign_plus(const struct cursor *c, const struct token *t, struct meaning *m)
{
    (void)t;
    m->value2 = 9;
    return !put_offset(c) && (tight_number(c, 1) != NULL || number_at(c, 1) != NULL);
}

static bool sign_fraction(const struct cursor *c, const struct token *t, struct meaning *m)
{
    (void)m;
    put_number(c, 0, t->value == 0xBC ? 250 : t->value == 0xBD ? 500 : 750, 1, 0);
    return false;
}

/* What a sign is; `read`, if there is one, may say more, or that it is nothing. */
static const struct sign_sense {
    uint32_t sign;
    enum category cat;
    bool (*read)(const struct cursor *, const struct token *, struct meaning *);
} sign_senses[] = {
    {'/', CAT_dash, sign_lists},     {'-', CAT_dash, sign_dash},      {'~', CAT_dash, sign_spaced},
    {',', CAT_comma, NULL},          {'(', CAT_comma, NULL},          {')', CAT_comma, NULL},
    {':', CAT_comma, NULL},          {'@', CAT_comma, NULL},          {'*', CAT_comma, NULL},
    {'|', CAT_comma, NULL},          {'&', CAT_and, NULL},            {'+', CAT_in, sign_plus},
    {'<', CAT_dash, sign_bounds},    {'>', CAT_dash, sign_bounds},    {0x2264, CAT_dash, sign_bound},
    {0x2265, CAT_dash, sign_bound},  {0xB0, CAT_word, sign_ordinal},  {0xBA, CAT_word, sign_ordinal},
    {0xBC, CAT_dash, sign_fraction}, {0xBD, CAT_dash, sign_fraction}, {0xBE, CAT_dash, sign_fraction},
    {'\'', CAT_unit, sign_units},    {'"', CAT_unit, sign_units},
};

static void shape_sign(const struct cursor *c, const struct token *t)
{
    const struct sign_sense *sense = sign_senses, *end = sense + sizeof sign_senses / sizeof *sense;
    while (sense < end && sense->sign != t->value)
        sense++;
    if (sense == end)
        return;
    struct meaning m = meaning_none(sense->cat);
    m.value = (int32_t)t->value;
    if (sense->read != NULL && !sense->read(c, t, &m))
        return;
    put(c, &m, 1, 0);
    put_second_sense(c, t, m);
}

/* The digits behind a decimal point: no number of their own. */
static bool is_fraction(const struct token *t)
{
    bool minutes =
        t[-1].kind == TOKEN_WORD && t[-1].folded_len == 1 && t[-1].folded[0] == 'h' && !t[-1].space;
    if (!t->space && minutes && t[-2].kind == TOKEN_NUMBER)
        return true; /* the 30 of "9h30" */
    if (!t->space && t[-1].kind == TOKEN_SIGN && t[-1].value == ':' && !t[-1].space &&
        t[-2].kind == TOKEN_NUMBER)
        return true; /* the 30 of "9:30" */
    return !t->space && t[-1].kind == TOKEN_SIGN && (t[-1].value == '.' || t[-1].value == ',') &&
           !t[-1].space && t[-2].kind == TOKEN_NUMBER;
}

void shapes_add(struct reader *reader, size_t token, size_t end)
{
    struct cursor c = {reader, token, end};
    const struct token *t = &reader->tokens.items[token];
    if (t->kind == TOKEN_SIGN) {
        shape_sign(&c, t);
        return;
    }
    if (t->kind != TOKEN_NUMBER || (token > reader->island_start + 1 && is_fraction(t)))
        return;
    shape_number(&c);
    shape_date(&c);
    shape_clock(&c);
    shape_pair(&c);
    shape_military(&c);
    shape_spaced_date(&c);
    shape_iso(&c);
}
