#include "domain/timex/internal.h"

/* Numbers that are no time: telephone numbers, prices, references, addresses, links. Their
 * tokens are marked, so that no chart reads them. */

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

static bool word_in(const struct token *t, const char *const *words)
{
    if (t->kind != TOKEN_WORD)
        return false;
    for (; *words != NULL; words++)
        if (word_is(t, *words))
            return true;
    return false;
}

static void mark(struct reader *r, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < r->tokens.count; i++)
        r->tokens.items[i].noise = true;
}

/* "01 40 22 13 30", "0161 496 0930", "+33 6 12…", "650-650-6500", "80-32-89-89": at least
 * seven digits in three groups or more, or a leading plus. */
static size_t mark_digits(struct reader *r, size_t at)
{
    const struct token *t = r->tokens.items;
    size_t end = at, digits = 0, groups = 0, colons = 0, slashes = 0, longest = 0;
    size_t last = at;
    bool plus = at > 0 && sign_is(&t[at - 1], '+');
    while (end < r->tokens.count && groups < 12) {
        const struct token *k = &t[end];
        if (k->kind == TOKEN_NUMBER) {
            digits += k->digits;
            groups++;
            longest = k->digits > longest ? k->digits : longest;
            last = end + 1;
        } else if (sign_is(k, '-') || sign_is(k, '.') || sign_is(k, '/') || sign_is(k, ')') ||
                   sign_is(k, '(')) {
            slashes += sign_is(k, '/');
            if (k->space && end + 1 < r->tokens.count && t[end + 1].space)
                break;
        } else
            break;
        end++;
    }
    bool iso = t[at].digits == 4 && groups >= 3 && t[at].value >= 1900 && t[at].value < 2200 &&
               longest == 4 && digits <= 14 && at + 1 < r->tokens.count &&
               (sign_is(&t[at + 1], '-') || sign_is(&t[at + 1], '/') || sign_is(&t[at + 1], '.'));
    (void)colons;
    if (iso)
        return at + 1;
    if (slashes > 1) {
        bool nonsense = at + 2 < r->tokens.count && t[at].digits == 2 && t[at].value > 12 &&
                        t[at + 2].kind == TOKEN_NUMBER && t[at + 2].value > 12 &&
                        t[at + 2].digits == 2;
        if (nonsense)
            mark(r, at, last);
        return last;
    }
    /* "13.05. 9-11": a day and its month, then something else */
    if (at + 4 < r->tokens.count && sign_is(&t[at + 1], '.') && t[at].digits <= 2 &&
        t[at].value <= 31 && t[at + 2].kind == TOKEN_NUMBER && t[at + 2].digits <= 2 &&
        t[at + 2].value <= 12 && sign_is(&t[at + 3], '.') && t[at + 4].space)
        return at + 4;
    if (at > 0 && t[at - 1].kind == TOKEN_WORD && lexicon_is(r, &t[at - 1], CAT_month))
        return last;
    /* "29.02.2020 13.12", "20 02 2014": a date of three parts, maybe with a time */
    bool date = groups >= 3 && t[at].digits <= 2 && t[at].value >= 1 && t[at].value <= 31 && !plus;
    size_t k = at + 1;
    const struct token *b = NULL, *c = NULL;
    while (k < last && t[k].kind != TOKEN_NUMBER)
        k++;
    if (k < last)
        b = &t[k++];
    while (k < last && t[k].kind != TOKEN_NUMBER)
        k++;
    if (k < last)
        c = &t[k];
    date = date && b != NULL && c != NULL && b->digits <= 2 && b->value >= 1 && b->value <= 31 &&
           (b->value <= 12 || t[at].value <= 12) && (c->digits == 2 || c->digits == 4) &&
           !(c->digits == 4 && (c->value < 1900 || c->value > 2199)) &&
           (groups == 3 || groups == 5 || c->digits == 4);
    if (date &&
        (groups == 3 || c->digits == 4 || (sign_is(&t[at + 1], '.') || sign_is(&t[at + 1], ' '))))
        return last;
    if ((plus && digits >= 7) || (groups >= 3 && digits >= 7) || (groups >= 2 && digits >= 10) ||
        (groups >= 3 && digits >= 6 && longest <= 3 && sign_is(&t[at + 1], '-')) || longest > 8 ||
        (longest >= 5)) {
        mark(r, at, last);
        return last;
    }
    return at + 1;
}

static const char *const currencies[] = {
    "eur",          "euro",     "euros", "usd",    "dollars", "gbp",         "pounds", "percent",
    "pourcent",     "k",        "ke",    "kg",     "km",      "m2",          "people", "personnes",
    "participants", "students", "adult", "adults", "brl",     "outstanding", "pages",  "slides",
    "points",       NULL};
static const char *const references[] = {
    "no",      "num",     "numero",   "ref",      "reference", "facture",  "invoice",   "devis",
    "quote",   "dossier", "lot",      "po",       "order",     "commande", "ticket",    "room",
    "salle",   "bureau",  "building", "batiment", "bat",       "floor",    "etage",     "version",
    "page",    "case",    "bp",       "cedex",    "suite",     "gate",     "vol",       "flight",
    "article", "tjm",     "tva",      "vat",      "unit",      "latitude", "longitude", "tel",
    "phone",   "ssn",     "fax",      "id",       "siret",     "digicode", "code",      "porte",
    "v",       NULL};
static const char *const streets[] = {"rue",     "avenue", "av",    "bd",   "boulevard", "place",
                                      "impasse", "chemin", "allee", "quai", "route",     "cours",
                                      "street",  "st",     "road",  "rd",   "ave",       "lane",
                                      "drive",   "square", "bis",   NULL};

bool noise_counts(const struct token *token)
{
    return word_in(token, currencies);
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
                       : 1));
    if (at + 1 < count &&
        (money(&t[at + 1]) || (t[at + 1].space && word_in(&t[at + 1], currencies))))
        mark(r, at, at + 2);
    if (at + 1 < count && t[at + 1].space && word_in(&t[at + 1], streets) && t[at].digits <= 4 &&
        !(at + 1 < count && word_is(&t[at + 1], "st") && false))
        mark(r, at, at + 1);
    if (at + 2 < count && sign_is(&t[at + 1], ',') && t[at + 2].space &&
        word_in(&t[at + 2], streets))
        mark(r, at, at + 1);
}

/* "facture n° 2026-1104", "Réf. dossier 14/16-B": the numbers that follow closely. */
static void mark_reference(struct reader *r, size_t at)
{
    struct token *t = r->tokens.items;
    for (size_t i = at + 1; i < r->tokens.count && i < at + 5; i++) {
        if (t[i].kind == TOKEN_LINE)
            return;
        if (t[i].kind == TOKEN_WORD && t[i].folded_len > 3 && !word_in(&t[i], references))
            return;
        if (t[i].kind == TOKEN_WORD &&
            (word_is(&t[i], "du") || word_is(&t[i], "le") || word_is(&t[i], "at") ||
             word_is(&t[i], "a") || word_is(&t[i], "on") || word_is(&t[i], "de") ||
             word_is(&t[i], "for")))
            return;
        if (t[i].kind == TOKEN_SIGN && (t[i].value == ',' || t[i].value == ';'))
            return;
        if (t[i].kind != TOKEN_NUMBER)
            continue;
        size_t end = i + 1;
        while (end < r->tokens.count && !t[end].space && t[end].kind != TOKEN_LINE &&
               !(t[end].kind == TOKEN_SIGN &&
                 (t[end].value == ',' || t[end].value == '.' || t[end].value == ')')))
            end++;
        mark(r, i, end);
        return;
    }
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
        mark(r, from, to);
        i = to - 1;
    }
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
        if (word_in(&t[i], references) ||
            (t[i].kind == TOKEN_SIGN && (t[i].value == '#' || t[i].value == 0x2116)) ||
            (word_is(&t[i], "n") && i + 1 < r->tokens.count && t[i + 1].kind == TOKEN_SIGN &&
             (t[i + 1].value == 0xB0 || t[i + 1].value == 0xBA)))
            mark_reference(r, i);
    for (size_t i = 0; i < r->tokens.count;) {
        if (t[i].kind != TOKEN_NUMBER || t[i].noise) {
            i++;
            continue;
        }
        size_t next = mark_digits(r, i);
        if (!t[i].noise)
            mark_number(r, i);
        i = next;
    }
}
