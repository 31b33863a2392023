#include "domain/timex/wish.h"

/* What a statement does to the days it names when no cue judges them: by its form, since no list
 * of verbs is complete. Who is its subject, whether something is where somebody is or what they
 * do, whether it speaks to the reader of something else than the meeting. What the form does not
 * show stays UNKNOWN, and is told with a doubt if it looks like an occupation. */

enum { WORDS_MAX = 24, NAME_AFTER = 4 };

struct phrase {
    const struct wish_reader *w;
    const struct token *words[WORDS_MAX]; /* without those of its expressions of time */
    size_t count;
    size_t day_at;             /* words before the first day */
    const struct token *lead;  /* what governs the day: "for", "on"; or NULL */
    bool bound;                /* "by Thursday" */
};
/* Behind the subject. */
struct objects {
    bool me, us, you, yours, them, paper, meeting, together, contact;
    bool name, name_next; /* of somebody, or of something with a name; behind the verb */
};

static bool is_in(const struct phrase *p, size_t at, enum class class)
{
    return at < p->count && in_class(p->words[at], class);
}

static bool ends(const struct phrase *p, size_t at, const char *suffix, size_t longer_than)
{
    size_t len = strlen(suffix);
    if (at >= p->count || p->words[at]->folded_len < len + longer_than)
        return false;
    return memcmp(p->words[at]->folded + p->words[at]->folded_len - len, suffix, len) == 0;
}

static bool is_tied(const struct phrase *p, size_t at)
{
    const struct token *t = p->words[at];
    return at > 0 && !t->space && t[-1].kind == TOKEN_SIGN && t[-1].value == '-';
}

/* "relance-la jeudi": no article of the day. */
static bool is_tied_to_verb(const struct token *t, size_t at)
{
    return at > 0 && in_class(t, CLASS_say_tied) && !t->space && t[-1].kind == TOKEN_SIGN &&
           t[-1].value == '-' && !t[-1].space;
}

/* The word that governs a day, an article between them left out. */
static const struct token *lead_of(const struct wish_reader *w, size_t from, const struct note *n)
{
    const struct token *tokens = w->reader->tokens.items;
    size_t at = n->token_start;
    if (in_class(&tokens[at], CLASS_say_in))
        return &tokens[at]; /* the expression took it in */
    while (at > from && in_class(&tokens[at - 1], CLASS_say_article))
        at--;
    return at > from ? &tokens[at - 1] : NULL;
}

bool is_deadline(const struct note *n)
{
    const struct meaning *m = n->meaning;
    return m != NULL && ((n->kind == NOTE_BOUND && m->open == TIMEX_BEFORE) || m->flags & F_FROMNOW);
}

static struct phrase phrase_of(const struct wish_reader *w, size_t from, size_t end, size_t note)
{
    struct phrase p = {.w = w, .day_at = SIZE_MAX};
    for (size_t i = from; i < end && p.count < WORDS_MAX;) {
        while (note < w->notes.count && w->notes.items[note].token_start < i)
            note++;
        const struct note *n = note < w->notes.count ? &w->notes.items[note] : NULL;
        if (n != NULL && n->token_start == i && n->token_end > i) {
            if (p.day_at == SIZE_MAX) {
                p.day_at = p.count;
                p.lead = lead_of(w, from, n);
            }
            p.bound |= is_deadline(n);
            if (is_tied_to_verb(&w->reader->tokens.items[i], i))
                p.words[p.count++] = &w->reader->tokens.items[i];
            i = n->token_end;
            continue;
        }
        if (w->reader->tokens.items[i].kind == TOKEN_WORD)
            p.words[p.count++] = &w->reader->tokens.items[i];
        i++;
    }
    return p;
}

static bool is_governed(const struct phrase *p, size_t at)
{
    return at > 0 && is_in(p, at - 1, CLASS_say_in) && !is_in(p, at - 1, CLASS_say_to);
}

/* "j'ai Luc au téléphone", not the verb of "I'll ring you". */
static bool is_on_wire(const struct phrase *p, size_t at)
{
    return is_in(p, at, CLASS_wire) && !is_in(p, at + 1, CLASS_say_to_you) && !is_in(p, at + 1, CLASS_say_him);
}

static struct objects objects_of(const struct phrase *p, size_t from)
{
    struct objects o = {0};
    for (size_t i = from; i < p->count; i++) {
        if (p->words[i]->row == 0 && !p->words[i]->capital)
            continue; /* of no class */
        bool free_form = !is_governed(p, i);
        o.me |= free_form && is_in(p, i, CLASS_say_me);
        o.us |= free_form && is_in(p, i, CLASS_say_us);
        o.you |= free_form && is_in(p, i, CLASS_say_to_you);
        o.them |= free_form && (is_in(p, i, CLASS_say_him) || (is_tied(p, i) && is_in(p, i, CLASS_say_tied)));
        o.yours |= is_in(p, i, CLASS_say_yours);
        o.paper |= is_in(p, i, CLASS_say_paper);
        o.meeting |= is_in(p, i, CLASS_say_meeting) || is_in(p, i, CLASS_say_meet) || is_on_wire(p, i);
        o.together |= is_in(p, i, CLASS_say_together);
        o.contact |= is_in(p, i, CLASS_say_contact);
        bool name = p->words[i]->capital && !is_governed(p, i) && !is_in(p, i, CLASS_say_first);
        o.name |= name && i > from && i <= from + NAME_AFTER;
        o.name_next |= name && i == from + 1;
    }
    return o;
}

/* "would", "pourrions", "jetterais": no plan, a wish. */
static bool is_modal(const struct phrase *p, size_t at)
{
    return is_in(p, at, CLASS_say_asks) || ends(p, at, "rais", 2) || ends(p, at, "rait", 2) ||
           ends(p, at, "rions", 2) || ends(p, at, "raient", 2);
}

static bool is_noun_phrase(const struct phrase *p, size_t at)
{
    return is_in(p, at, CLASS_say_article) || is_in(p, at, CLASS_say_own) ||
           is_in(p, at, CLASS_say_whose);
}

/* "for Thursday", "sur jeudi": the day is what the verb is about. */
static bool is_about_day(const struct phrase *p)
{
    return p->lead != NULL && in_class(p->lead, CLASS_say_toward);
}

/* "I need an answer by Thursday", "il me faut le devis jeudi". */
static bool awaits(const struct phrase *p, size_t from, const struct objects *o)
{
    for (size_t i = from; i < p->count && o->paper && !o->meeting; i++)
        if (is_in(p, i, CLASS_say_get))
            return true;
    return false;
}

/* No word but the one at `at` welcomes a time or plans a meeting. */
static bool welcomes_only(const struct phrase *p, size_t at)
{
    for (size_t i = 0; i < p->count; i++)
        if (i != at && is_in(p, i, CLASS_statement_welcome))
            return false;
    return is_in(p, at, CLASS_say_light);
}

/* "I'm at the orthodontist's", "she's re-tiling the roof", but "I'm for Thursday". */
static enum statement of_being(const struct phrase *p, size_t at, const struct objects *o)
{
    bool doing = ends(p, at, "ing", 2);
    if (is_about_day(p))
        return STATEMENT_WISH;
    if (is_in(p, at, CLASS_say_in) && at + 1 < p->count && at + 1 != p->day_at)
        return is_in(p, at + 1, CLASS_say_to_you) ? STATEMENT_UNKNOWN : STATEMENT_TAKEN;
    if (doing && o->you && !o->meeting)
        return STATEMENT_ASIDE;
    if (doing && !o->paper && !o->meeting && !o->you && p->day_at != at + 1)
        return STATEMENT_TAKEN;
    return STATEMENT_UNKNOWN;
}

/* "I officiate at a regatta on Thursday", "je te rappelle jeudi", "on se voit jeudi". `at`: behind
 * the subject. */
static enum statement of_first(const struct phrase *p, size_t at)
{
    struct objects o = objects_of(p, at);
    bool being = is_in(p, at + is_in(p, at, CLASS_say_will), CLASS_say_be);
    bool other = o.you && !o.meeting && !o.together && !being;
    if (is_in(p, at, CLASS_say_self) || o.together)
        return STATEMENT_WISH;
    if (p->bound && o.yours && !o.meeting) /* "I'd be glad of your views by Thursday" */
        return STATEMENT_ASIDE;
    if (awaits(p, at, &o) || other || (is_in(p, at, CLASS_say_dative) && !o.meeting))
        return STATEMENT_ASIDE;
    if (is_modal(p, at))
        return STATEMENT_WISH;
    at += is_in(p, at, CLASS_say_will);
    while (is_in(p, at, CLASS_say_be))
        at++;
    if (being)
        return of_being(p, at, &o);
    if (is_about_day(p))
        return o.paper ? STATEMENT_ASIDE : STATEMENT_WISH;
    bool own = is_in(p, at + 1, CLASS_say_own) && !o.meeting && !o.paper; /* "je passe mon permis" */
    return own && welcomes_only(p, at) ? STATEMENT_LIKELY : STATEMENT_UNKNOWN;
}

/* "She umpires on Thursday", "she'll email you the agenda". */
static enum statement of_third(const struct phrase *p, size_t at)
{
    struct objects o = objects_of(p, at);
    if (awaits(p, at, &o) || (o.you && !o.meeting))
        return STATEMENT_ASIDE;
    at += is_in(p, at, CLASS_say_will);
    if (!is_in(p, at, CLASS_say_be))
        return STATEMENT_UNKNOWN;
    while (is_in(p, at, CLASS_say_be))
        at++;
    return of_being(p, at, &o);
}

/* "You'll get my comments on Thursday", "pourriez-vous m'expédier le contrat". */
static enum statement of_second(const struct phrase *p, size_t at)
{
    struct objects o = objects_of(p, at);
    return (o.paper || (o.me && p->bound)) && !o.meeting && !o.contact && !o.together ? STATEMENT_ASIDE : STATEMENT_UNKNOWN;
}

/* "There's a fire drill on Thursday", "jeudi il y a un exercice". */
static enum statement of_there(const struct phrase *p, size_t at)
{
    struct objects o = objects_of(p, at);
    for (size_t i = at; i < p->count; i++)
        if (is_in(p, i, CLASS_room))
            return STATEMENT_UNKNOWN;
    return is_noun_phrase(p, at) && !o.meeting ? STATEMENT_TAKEN : STATEMENT_UNKNOWN;
}

/* "Thursday is the nativity play", "jeudi c'est l'inventaire", "Thursday would be grand". */
static enum statement of_day(const struct phrase *p, size_t at)
{
    struct objects o = objects_of(p, at);
    if (is_modal(p, at) || is_in(p, at, CLASS_say_dative_first) || is_in(p, at, CLASS_say_seems))
        return STATEMENT_WISH;
    if (o.paper && !o.meeting)
        return STATEMENT_ASIDE;
    at += is_in(p, at, CLASS_say_will);
    if (!is_in(p, at, CLASS_say_be))
        return o.meeting || o.together ? STATEMENT_UNKNOWN : STATEMENT_MAYBE;
    while (is_in(p, at, CLASS_say_be))
        at++;
    return is_noun_phrase(p, at) && !o.meeting ? STATEMENT_TAKEN : STATEMENT_UNKNOWN;
}

/* The form of a verb: "belongs", "will", "appartient". */
static bool is_verb(const struct phrase *p, size_t at)
{
    static const enum class forms[] = {CLASS_say_be, CLASS_say_have, CLASS_say_will, CLASS_say_asks,
                                       CLASS_say_self, CLASS_say_dative};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (is_in(p, at, forms[i]))
            return true;
    if (at >= p->count || p->words[at]->capital || is_in(p, at, CLASS_say_in))
        return false;
    return (ends(p, at, "s", 3) && !ends(p, at, "ss", 1)) || ends(p, at, "ent", 2);
}

/* Likewise behind a noun, where a word that looks like one of these is hardly another:
 * "le plombier vient", "ma sœur accouche". */
static bool is_verb_of_noun(const struct phrase *p, size_t at)
{
    if (is_verb(p, at))
        return true;
    if (at >= p->count || p->words[at]->capital || is_in(p, at, CLASS_say_in) ||
        !(at + 1 >= p->day_at || is_noun_phrase(p, at + 1)))
        return false;
    return ends(p, at, "t", 3) ||
           (ends(p, at, "e", 3) && some_habit(p->w->reader, HABIT_VERBS_END_IN_E));
}

/* "My brother marries on Thursday", "le devis arrive jeudi", not "the Crown on Thursday". `at`: behind
 * the article. */
static enum statement of_noun(const struct phrase *p, size_t at)
{
    struct objects o = objects_of(p, at);
    size_t verb = at + 1;
    if (is_in(p, at, CLASS_say_paper) || is_in(p, at + 1, CLASS_say_paper))
        return o.meeting ? STATEMENT_UNKNOWN : STATEMENT_ASIDE;
    while (verb < at + 3 && !is_in(p, verb, CLASS_say_in) && !is_verb_of_noun(p, verb))
        verb++;
    if (!is_verb_of_noun(p, verb) || o.meeting || o.together)
        return STATEMENT_UNKNOWN;
    if (is_modal(p, verb) || o.you)
        return o.you ? STATEMENT_ASIDE : STATEMENT_UNKNOWN;
    return welcomes_only(p, verb) ? STATEMENT_LIKELY : STATEMENT_MAYBE; /* "the plumber comes" */
}

/* "Remind me on Thursday", "relance-la jeudi", "chase Ann"; "grignotons un morceau". */
static enum statement of_order(const struct phrase *p, size_t at, bool please)
{
    struct objects o = objects_of(p, at);
    bool direct = p->day_at == at + 1 || (p->day_at == at + 2 && p->lead == p->words[at + 1]);
    if (is_in(p, at, CLASS_say_let))
        return is_in(p, at + 1, CLASS_say_me) ? STATEMENT_ASIDE : STATEMENT_WISH;
    if (ends(p, at, "ons", 3) && !is_in(p, at, CLASS_say_in) && !o.them && !o.name_next)
        return STATEMENT_WISH;
    if (o.meeting || o.together || o.us || o.contact || is_about_day(p))
        return STATEMENT_WISH;
    if ((o.me && (p->bound || !direct)) || (o.name && p->bound))
        return STATEMENT_ASIDE;
    if (o.paper || o.them || (o.name_next && !is_in(p, at, CLASS_statement_welcome)))
        return STATEMENT_ASIDE;
    return please && p->bound ? STATEMENT_ASIDE : STATEMENT_UNKNOWN;
}

static bool begins_sentence(const struct phrase *p, size_t at)
{
    const struct token *t = p->words[at];
    return t == p->w->reader->tokens.items || t[-1].kind == TOKEN_LINE ||
           (t[-1].kind == TOKEN_SIGN && t[-1].value != ',' && t[-1].value != '-');
}

/* A verb may stand there: no small word, and a capital letter only where a sentence begins. */
static bool is_plain(const struct phrase *p, size_t at)
{
    static const enum class small[] = {CLASS_say_in, CLASS_say_be, CLASS_say_have, CLASS_say_asks,
                                       CLASS_say_will, CLASS_say_meeting, CLASS_say_paper,
                                       CLASS_say_it,      CLASS_say_article, CLASS_say_whose,
                                       CLASS_statement_small};
    if (at >= p->count || (p->words[at]->capital && !begins_sentence(p, at)))
        return false;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        if (is_in(p, at, small[i]))
            return is_in(p, at, CLASS_say_let);
    return true;
}

static bool is_first(const struct phrase *p, size_t at)
{
    if (!is_in(p, at, CLASS_say_first))
        return false;
    bool on = p->words[at]->folded_len == 2 && at + 1 < p->count && is_in(p, at, CLASS_say_in);
    return !on || (some_habit(p->w->reader, HABIT_ON_IS_WE) && p->day_at != at + 1);
}

/* `at`: behind what links it to what was said before. */
static enum statement by_subject(const struct phrase *p, size_t at, bool please)
{
    bool there = is_in(p, at, CLASS_say_there) && is_in(p, at + 1, CLASS_say_there_is);
    bool it_is = is_in(p, at, CLASS_say_it) && is_in(p, at + 1, CLASS_say_be) && p->day_at <= at;
    if (p->day_at > at && is_in(p, p->day_at - 1, CLASS_say_be) && (p->lead == NULL || in_class(p->lead, CLASS_say_be)))
        return STATEMENT_WISH; /* "it has to be Thursday" */
    bool day_first = p->day_at <= at && (p->lead == NULL || !in_class(p->lead, CLASS_say_in));
    if (there)
        return of_there(p, at + 2 + is_in(p, at + 2, CLASS_say_there_is));
    if (it_is)
        return of_day(p, at + 1);
    if (is_in(p, at, CLASS_say_asks) && is_in(p, at + 1, CLASS_say_second))
        return of_second(p, at + 2);
    if (is_first(p, at))
        return of_first(p, at + 1);
    if (is_in(p, at, CLASS_say_second))
        return of_second(p, at + 1);
    if (is_in(p, at, CLASS_say_third))
        return of_third(p, at + 1);
    if (is_in(p, at, CLASS_say_own) || is_in(p, at, CLASS_say_definite))
        return of_noun(p, at + 1);
    if (day_first && !is_in(p, at, CLASS_say_in) && (is_verb(p, at) || is_in(p, at, CLASS_say_dative_first)))
        return of_day(p, at);
    return please || (is_plain(p, at) && p->day_at > at) ? of_order(p, at, please) : STATEMENT_UNKNOWN;
}

enum statement statement_read(const struct wish_reader *w, size_t from, size_t end, size_t note)
{
    struct phrase p = phrase_of(w, from, end, note);
    bool please = false;
    size_t at = 0;
    while (is_in(&p, at, CLASS_say_link) || is_in(&p, at, CLASS_say_please)) {
        please |= is_in(&p, at, CLASS_say_please);
        at++;
    }
    if (p.day_at == SIZE_MAX || at >= p.count)
        return STATEMENT_UNKNOWN;
    return by_subject(&p, at, please);
}
