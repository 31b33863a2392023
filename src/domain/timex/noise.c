#include "domain/timex/internal.h"

/* Numbers that are no time: telephone numbers, prices, references, addresses, links. Their
 * tokens are marked, so that no chart reads them. */

enum { BRACKET_REACH = 60, ITEMS_MAX = 12 };

struct noise_word {
    const char *word;
    uint8_t reach; /* how many tokens after it */
};

static bool sign_is(const struct token *t, uint32_t sign)
{
    return t->kind == TOKEN_SIGN && t->value == sign;
}

static bool word_is(const struct token *t, const char *text)
{
    return t->kind == TOKEN_WORD && t->folded[0] == text[0] && t->folded_len == strlen(text) &&
           memcmp(t->folded, text, t->folded_len) == 0;
}

static void mark(struct reader *r, size_t from, size_t to, enum timex_mistake mistake)
{
    for (size_t i = from; i < to && i < r->tokens.count; i++)
        r->tokens.items[i].noise = (uint8_t)(mistake + 1);
}

/* Numbers that follow each other with nothing but blanks and signs between them. */
struct run {
    size_t at, last; /* tokens, half-open */
    size_t digits, groups, longest, slashes;
    const struct token *number[3];
    bool plus;
};

static struct run run_of(const struct reader *r, size_t at)
{
    const struct token *t = r->tokens.items;
    struct run run = {.at = at, .last = at, .plus = at > 0 && sign_is(&t[at - 1], '+')};
    for (size_t i = at; i < r->tokens.count && run.groups < 12; i++) {
        const struct token *k = &t[i];
        bool sign = sign_is(k, '-') || sign_is(k, '.') || sign_is(k, '/') || sign_is(k, ')') ||
                    sign_is(k, '(');
        if (k->kind == TOKEN_NUMBER) {
            if (run.groups < 3)
                run.number[run.groups] = k;
            run.groups++;
            run.digits += k->digits;
            run.longest = k->digits > run.longest ? k->digits : run.longest;
            run.last = i + 1;
        } else if (!sign || (k->space && i + 1 < r->tokens.count && t[i + 1].space)) {
            break;
        }
        run.slashes += sign_is(k, '/');
    }
    return run;
}

static bool is_year(const struct token *t)
{
    return t->digits == 4 && t->value >= 1900 && t->value < 2200;
}

static bool is_short(const struct token *t, uint64_t max)
{
    return t != NULL && t->digits <= 2 && t->value >= 1 && t->value <= max;
}

/* "29.02.2020 13.12", "20 02 2014": day, month and year, maybe with a time */
static bool is_whole_date(const struct run *run)
{
    const struct token *a = run->number[0], *b = run->number[1], *c = run->number[2];
    if (run->plus || c == NULL || !is_short(a, 31) || !is_short(b, 31) ||
        (a->value > 12 && b->value > 12))
        return false;
    return is_year(c) || (c->digits == 2 && (run->groups == 3 || run->groups == 5) &&
                          (run->groups == 3 || sign_is(a + 1, '.')));
}

/* "9.30-11.00" */
static bool is_clock_range(const struct run *run)
{
    const struct token *t = run->number[0];
    return run->groups == 4 && run->last - run->at == 7 && sign_is(t + 1, '.') &&
           sign_is(t + 3, '-') && sign_is(t + 5, '.') && is_short(t, 24) && t[2].digits == 2 &&
           t[2].value < 60 && is_short(t + 4, 24) && t[6].digits == 2 && t[6].value < 60;
}

/* "01 40 22 13 30", "0161 496 0930", "+33 6 12…", "650-650-6500", "80-32-89-89" */
static bool is_telephone(const struct reader *r, const struct run *run)
{
    const struct token *next = &r->tokens.items[run->at] + 1;
    if (run->slashes == 1 && run->longest <= 2 && run->groups == 4)
        return false; /* "8/12 14.30" */
    if (run->longest >= 5 || (run->plus && run->digits >= 7))
        return true;
    if (is_year(run->number[0]) && run->groups <= 5 && sign_is(next, '('))
        return false; /* "Dec 3, 2026 (3.30pm)" */
    if ((run->groups >= 3 && run->digits >= 7) || (run->groups >= 2 && run->digits >= 10))
        return true;
    return run->groups >= 3 && run->digits >= 6 && run->longest <= 3 && sign_is(next, '-');
}

/* Where to look on. */
static size_t mark_digits(struct reader *r, size_t at)
{
    const struct token *t = r->tokens.items;
    struct run run = run_of(r, at);
    const struct token *a = run.number[0], *b = run.number[1];
    bool iso = is_year(a) && run.groups >= 3 && run.longest == 4 && run.digits <= 14 &&
               (sign_is(a + 1, '-') || sign_is(a + 1, '/') || sign_is(a + 1, '.'));
    if (iso)
        return at + 1;
    if (a->digits <= 2 && !a->space && at > 0 &&
        (sign_is(&t[at - 1], ':') || word_is(&t[at - 1], "h")))
        return at + 1; /* the minutes of "15:30 2026-12-03" */
    if (is_clock_range(&run))
        return run.last;
    if (run.slashes > 1 && b != NULL) {
        if (a->digits == 2 && a->value > 12 && b->digits == 2 && b->value > 12)
            mark(r, at, run.last, MISTAKE_IMPOSSIBLE); /* "13/31/2018" */
        return run.last;
    }
    /* "13.05. 9-11": a day and its month, then something else */
    if (at + 4 < r->tokens.count && sign_is(&t[at + 1], '.') && is_short(a, 31) &&
        t[at + 2].kind == TOKEN_NUMBER && is_short(&t[at + 2], 12) && sign_is(&t[at + 3], '.') &&
        t[at + 4].space)
        return at + 4;
    if (at > 0 && lexicon_is(r, &t[at - 1], CAT_month))
        return run.last;
    if (is_whole_date(&run))
        return run.last;
    if (!is_telephone(r, &run))
        return at + 1;
    mark(r, at, run.last, MISTAKE_TELEPHONE);
    return run.last;
}

bool noise_ranks(const struct token *token)
{
    return in_class(token, CLASS_ranked);
}

bool noise_counts(const struct token *token)
{
    return in_class(token, CLASS_counted) || in_class(token, CLASS_thing);
}

static bool money(const struct token *t)
{
    return t->kind == TOKEN_SIGN &&
           (t->value == 0x20AC || t->value == '$' || t->value == 0xA3 || t->value == '%');
}

static void mark_number(struct reader *r, size_t at)
{
    struct token *t = r->tokens.items;
    size_t count = r->tokens.count;
    if (at > 0 && money(&t[at - 1]))
        mark(r, at,
             at + (at + 2 < count && (sign_is(&t[at + 1], '.') || sign_is(&t[at + 1], ',')) &&
                           !t[at + 2].space && t[at + 2].kind == TOKEN_NUMBER
                       ? 3
                       : 1),
             MISTAKE_PRICE);
    if (at + 1 < count &&
        (money(&t[at + 1]) || (t[at + 1].space && in_class(&t[at + 1], CLASS_counted))))
        mark(r, at, at + 2, MISTAKE_PRICE);
    if (at + 1 < count && t[at + 1].space && in_class(&t[at + 1], CLASS_street) && t[at].digits <= 4)
        mark(r, at, at + 1, MISTAKE_ADDRESS);
    if (at + 2 < count && !t[at + 1].space &&
        in_class(&t[at + 1], CLASS_storey_suffix) &&
        in_class(&t[at + 2], CLASS_storey))
        mark(r, at, at + 2, MISTAKE_ADDRESS); /* "2nd floor", "5th Avenue" */
    if (at + 2 < count && sign_is(&t[at + 1], ',') && t[at + 2].space &&
        in_class(&t[at + 2], CLASS_street))
        mark(r, at, at + 1, MISTAKE_ADDRESS);
    if (at > 1 && at + 1 < count && in_class(&t[at - 1], CLASS_street_of) && in_class(&t[at - 2], CLASS_street) &&
        !in_class(&t[at - 2], CLASS_no_street) && lexicon_is(r, &t[at + 1], CAT_month))
        mark(r, at, at + (at + 2 < count && is_year(&t[at + 2]) ? 3 : 2),
             MISTAKE_ADDRESS); /* "rue du 4 Septembre" */
}

/* "facture n° 2026-1104", "Réf. dossier 14/16-B": the numbers that follow closely. */
static void mark_reference(struct reader *r, size_t at)
{
    struct token *t = r->tokens.items;
    for (size_t i = at + 1; i < r->tokens.count && i < at + 5; i++) {
        if (t[i].kind == TOKEN_LINE)
            return;
        if (t[i].kind == TOKEN_WORD && t[i].folded_len > 3 && !in_class(&t[i], CLASS_reference))
            return;
        if (in_class(&t[i], CLASS_reference_ends))
            return;
        if (t[i].kind == TOKEN_SIGN && (t[i].value == ',' || t[i].value == ';'))
            return;
        if (t[i].kind != TOKEN_NUMBER)
            continue;
        if (t[i].noise)
            return; /* and so is the rest of it, which may be as long as the text */
        size_t end = i + 1;
        while (end < r->tokens.count && !t[end].space && t[end].kind != TOKEN_LINE &&
               !(t[end].kind == TOKEN_SIGN &&
                 (t[end].value == ',' || t[end].value == '.' || t[end].value == ')')))
            end++;
        mark(r, i, end, MISTAKE_REFERENCE);
        return;
    }
}

/* "12h75", "25:10", "12h12:99": no time of day, so nothing of it is. */
static size_t mark_false_clock(struct reader *r, size_t at)
{
    struct token *t = r->tokens.items;
    size_t end = at + 1;
    if (at > 0 && !t[at].space && t[at - 1].kind != TOKEN_WORD)
        return end; /* within a longer one */
    bool wrong = t[at].digits <= 2 && t[at].value > 24;
    while (end + 1 < r->tokens.count && !t[end].space && !t[end + 1].space &&
           (sign_is(&t[end], ':') || word_is(&t[end], "h")) && t[end + 1].kind == TOKEN_NUMBER &&
           t[end + 1].digits == 2) {
        wrong |= t[end + 1].value > 59;
        end += 2;
    }
    if (!wrong || end == at + 1)
        return at + 1;
    while (end < r->tokens.count && !t[end].space && t[end].kind == TOKEN_WORD)
        end++;
    mark(r, at, end, MISTAKE_IMPOSSIBLE);
    return end;
}

/* Links and addresses: to the next white space. */
static void mark_links(struct reader *r)
{
    struct token *t = r->tokens.items;
    for (size_t i = 0; i + 1 < r->tokens.count; i++) {
        bool link = (word_is(&t[i], "http") || word_is(&t[i], "https") || word_is(&t[i], "www") ||
                     word_is(&t[i], "mailto")) &&
                    t[i + 1].kind == TOKEN_SIGN && !t[i + 1].space;
        bool mail = sign_is(&t[i], '@') && !t[i].space && i > 0 && t[i - 1].kind == TOKEN_WORD &&
                    !t[i + 1].space && t[i + 1].kind == TOKEN_WORD;
        if (!link && !mail)
            continue;
        size_t from = i, to = i + 1;
        while (mail && from > 0 && !t[from].space)
            from--;
        while (to < r->tokens.count && !t[to].space && t[to].kind != TOKEN_LINE)
            to++;
        mark(r, from, to, MISTAKE_LINK);
        i = to - 1;
    }
}

/* "semaine n° 14", "semaine numéro 14" */
static bool numbers_week(const struct reader *r, size_t at)
{
    const struct token *t = &r->tokens.items[at];
    bool number = in_class(t, CLASS_number_sign);
    return at > 0 && number && lexicon_is(r, &t[-1], CAT_unit);
}

/* Whether a bracket closes one that stands open on its line. */
static bool closes(const struct reader *r, size_t at)
{
    const struct token *t = r->tokens.items;
    for (size_t i = at; i > 0 && t[i - 1].kind != TOKEN_LINE && at - i < BRACKET_REACH; i--) {
        if (sign_is(&t[i - 1], '('))
            return true;
        if (sign_is(&t[i - 1], ')'))
            return false;
    }
    return false;
}

/* "2) a call with Ann", "3. Un café": the number of an item of a list. A mail may have wrapped its
 * lines, so that "2)" stands within one. */
static bool numbers_item(const struct reader *r, size_t at)
{
    const struct token *t = &r->tokens.items[at];
    bool opens = at == 0 || t[-1].kind == TOKEN_LINE;
    if (t->digits > 2 || at + 2 >= r->tokens.count || t[1].space || !t[2].space || t[2].kind == TOKEN_LINE)
        return false;
    if (sign_is(&t[1], ')') && t[2].kind == TOKEN_WORD)
        return opens || (t->space && t->value <= ITEMS_MAX && !closes(r, at + 1));
    return opens && sign_is(&t[1], '.') && !lexicon_is(r, &t[2], CAT_month);
}

void timex_mark_noise(struct reader *r)
{
    struct token *t = r->tokens.items;
    bool digits = false;
    for (size_t i = 0; i < r->tokens.count; i++)
        digits |= t[i].kind == TOKEN_NUMBER;
    if (!digits)
        return;
    mark_links(r);
    for (size_t i = 0; i < r->tokens.count; i++)
        if ((in_class(&t[i], CLASS_reference) && !numbers_week(r, i)) ||
            (t[i].kind == TOKEN_SIGN && (t[i].value == '#' || t[i].value == 0x2116)) ||
            (word_is(&t[i], "n") && i + 1 < r->tokens.count && t[i + 1].kind == TOKEN_SIGN &&
             !numbers_week(r, i) && (t[i + 1].value == 0xB0 || t[i + 1].value == 0xBA)))
            mark_reference(r, i);
    for (size_t i = 0; i < r->tokens.count;) {
        if (t[i].kind == TOKEN_NUMBER && numbers_item(r, i))
            mark(r, i, i + 1, MISTAKE_REFERENCE);
        if (t[i].kind != TOKEN_NUMBER || t[i].noise) {
            i++;
            continue;
        }
        size_t next = mark_digits(r, i);
        size_t clock = t[i].digits <= 2 && !t[i].noise ? mark_false_clock(r, i) : next;
        next = clock > next ? clock : next;
        if (!t[i].noise)
            mark_number(r, i);
        i = next;
    }
}
