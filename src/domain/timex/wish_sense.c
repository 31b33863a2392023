#include <string.h>

#include "domain/timex/wish_scan.h"

/* Whether a word that may rule out a time, or take it away, does so where it stands: "Friday is
 * off" but "to sign off the accounts", "a conference on Friday" but "a conference call", "nothing
 * on Friday" but "nothing against Friday", "the contract of 3 March" but "the contract on Friday". */

enum { SMALL_MAX = 3, OBJECT_MAX = 8, FILLING_MAX = 6, DELAYED_MAX = 20 };

static const struct token *token_at(const struct scan *s, size_t at)
{
    static const struct token none = {.kind = TOKEN_LINE};
    return at < s->w->reader->tokens.count ? &s->w->reader->tokens.items[at] : &none;
}

static bool starts_mention(const struct scan *s, size_t token)
{
    for (size_t i = s->next; i < s->mentions->count; i++)
        if (s->mentions->items[i].token_start >= token)
            return s->mentions->items[i].token_start == token;
    return false;
}

static bool ends_mention(const struct scan *s, size_t token)
{
    const struct note_list *notes = &s->w->notes;
    return notes->count > 0 && notes->items[notes->count - 1].token_end == token;
}

/* "kick-off", "aller-retour" */
static bool is_hyphen(const struct token *t)
{
    return t->kind == TOKEN_SIGN && t->value == '-' && !t->space;
}

/* Behind a time, the verb "to be", a word of time or nothing at all: "I'm off", "Friday off",
 * "a day off"; not "kick off", "right away". */
static bool is_predicate(const struct scan *s, size_t token)
{
    size_t at = token;
    while (at > s->first_token && in_class(token_at(s, at - 1), CLASS_absence_degree))
        at--;
    if (at == s->first_token || ends_mention(s, at))
        return true;
    const struct token *before = token_at(s, at - 1);
    return (before->kind != TOKEN_WORD && !is_hyphen(before)) || in_class(before, CLASS_absence_before);
}

/* "On leave", "my leave", "leave from Monday to Friday"; else what one does. */
static bool is_verb(const struct scan *s, const struct hit *hit)
{
    const struct token *before = token_at(s, hit->token - 1);
    if (!in_class(token_at(s, hit->token), CLASS_absence_verb) || ends_mention(s, hit->token))
        return false;
    if (hit->token == s->first_token || before->kind != TOKEN_WORD)
        return !starts_mention(s, hit->end);
    return !in_class(before, CLASS_absence_verb_not);
}

/* "a conference call", "the holiday rota", "le plan de formation": part of another thing's name. */
static bool is_part_of_name(const struct scan *s, const struct hit *hit)
{
    const struct token *next = token_at(s, hit->end);
    bool compound = next->kind == TOKEN_WORD && !in_class(next, CLASS_absence_behind) &&
                    !starts_mention(s, hit->end) && in_class(token_at(s, hit->end - 1), CLASS_absence_noun);
    size_t of = hit->token > s->first_token ? hit->token - 1 : hit->token;
    bool attribute = of > s->first_token && in_class(token_at(s, of), CLASS_day_of) &&
                     in_class(token_at(s, of), CLASS_of_attribute) &&
                     token_at(s, of - 1)->kind == TOKEN_WORD && !ends_mention(s, of) &&
                     !in_class(token_at(s, of - 1), CLASS_absence_unit);
    return compound || attribute;
}

/* "A meeting with the doctor": whom it is with. */
static bool is_company(const struct scan *s, size_t token)
{
    size_t at = token;
    while (at > s->first_token && token - at < SMALL_MAX && in_class(token_at(s, at - 1), CLASS_topic_article))
        at--;
    return at > s->first_token && in_class(token_at(s, at - 1), CLASS_with);
}

/* "I have booked the room", but "I'm booked", "booked all day". */
static bool does_something(const struct scan *s, const struct hit *hit)
{
    return in_class(token_at(s, hit->end - 1), CLASS_absence_done) &&
           in_class(token_at(s, hit->end), CLASS_object_lead) && !starts_mention(s, hit->end) &&
           !(hit->token > s->first_token && in_class(token_at(s, hit->token - 1), CLASS_be_any));
}

/* "The busy café", "dans le petit salon" */
static bool is_attribute(const struct scan *s, size_t token)
{
    const struct token *t = token_at(s, token);
    if (token <= s->first_token)
        return false;
    if (in_class(t, CLASS_absence_attribute))
        return in_class(token_at(s, token - 1), CLASS_say_article) && token_at(s, token + 1)->kind == TOKEN_WORD;
    for (size_t at = token; in_class(t, CLASS_absence_noun) && at > s->first_token && token - at < SMALL_MAX; at--)
        if (in_class(token_at(s, at - 1), CLASS_absence_place))
            return true;
    return false;
}

bool sense_absent(const struct scan *s, const struct hit *hit)
{
    if (hit->end != hit->token + 1)
        return true;
    const struct token *t = token_at(s, hit->token);
    if (in_class(t, CLASS_absence_particle) && !is_predicate(s, hit->token))
        return false;
    if (is_attribute(s, hit->token))
        return false;
    return !is_verb(s, hit) && !is_part_of_name(s, hit) && !does_something(s, hit) &&
           !(in_class(t, CLASS_absence_noun) && is_company(s, hit->token));
}

/* "Everyone except Paul can do Thursday", "à part ça, jeudi me va", "sauf erreur": somebody or
 * something else is left out, of which a statement of its own, or a comma, follows. */
static bool spares_another(const struct scan *s, const struct hit *hit)
{
    bool object = false;
    if (ends_mention(s, hit->token))
        return false;
    for (size_t at = hit->end; at < hit->end + OBJECT_MAX; at++) {
        const struct token *t = token_at(s, at);
        if (starts_mention(s, at) || t->kind == TOKEN_LINE || in_class(t, CLASS_time_pointer))
            return false;
        if (object && (t->kind == TOKEN_SIGN || in_class(t, CLASS_except_verb)))
            return true;
        if (t->kind == TOKEN_SIGN)
            return false;
        object |= t->kind == TOKEN_WORD && !in_class(t, CLASS_except_small);
    }
    return false;
}

/* "Bar Tuesday", "without my Mondays": what is left out follows; "without slides on Tuesday",
 * "drinks at the bar on Tuesday" leave out no time. */
bool sense_except(const struct scan *s, const struct hit *hit)
{
    if (spares_another(s, hit))
        return false;
    if (!in_class(token_at(s, hit->token), CLASS_except_direct))
        return true;
    size_t at = hit->end;
    while (at < hit->end + SMALL_MAX && !starts_mention(s, at) && in_class(token_at(s, at), CLASS_except_small))
        at++;
    bool place = in_class(token_at(s, hit->end), CLASS_except_place); /* "at the bar on Thursday" */
    return !place && (starts_mention(s, at) || token_at(s, at)->kind != TOKEN_WORD);
}

/* "Let's rule out misunderstandings and talk on Thursday", "évitons les malentendus et voyons-nous
 * jeudi": a thing is left out, and another verb has the time. */
bool sense_avoids_thing(const struct scan *s, const struct hit *hit)
{
    bool object = false;
    if (!in_class(token_at(s, hit->end - 1), CLASS_avoided_verb))
        return false;
    for (size_t at = hit->end; at < hit->end + OBJECT_MAX && !starts_mention(s, at); at++) {
        const struct token *t = token_at(s, at);
        if (t->kind != TOKEN_WORD || in_class(t, CLASS_time_pointer))
            return false;
        if (object && in_class(t, CLASS_avoided_joint))
            return !starts_mention(s, at + 1) && !in_class(token_at(s, at + 1), CLASS_except_small);
        object |= statement_word(t) == STATEMENT_OTHER;
    }
    return false;
}

/* "On ne refuse rien", "I never say no to a lunch": what is negated is itself a no. */
bool sense_negates_refusal(const struct scan *s, const struct hit *hit)
{
    size_t at = hit->token;
    if (at <= s->first_token)
        return false;
    if (in_class(token_at(s, at - 1), CLASS_adverse_verb))
        return true;
    if (!in_class(token_at(s, at - 1), CLASS_says))
        return false;
    for (at--; at > s->first_token && hit->token - at < SMALL_MAX + 1; at--)
        if (in_class(token_at(s, at - 1), CLASS_negative))
            return true;
    return false;
}

/* "No objection", "rien ne s'oppose": right behind the no. */
bool sense_adverse(const struct scan *s, size_t token)
{
    size_t at = token;
    if (!in_class(token_at(s, token), CLASS_adverse))
        return false;
    while (at > s->not_end && in_class(token_at(s, at - 1), CLASS_adverse_between))
        at--;
    return at == s->not_end;
}

/* "Nothing works on Friday", "rien ne va vendredi" */
bool sense_none_free(const struct scan *s, const struct hit *hit)
{
    size_t at = hit->token;
    if (!s->excluding || s->not_end <= s->first_token)
        return false;
    while (at > s->not_end && in_class(token_at(s, at - 1), CLASS_adverse_between))
        at--;
    return at == s->not_end && in_class(token_at(s, at - 1), CLASS_nothing);
}

/* "No slides, Tuesday at 10": what is negated is a thing, not the times behind the comma; but "not
 * the market days, Tuesday and Friday". */
bool sense_other_object(const struct scan *s, size_t sign)
{
    bool object = false;
    if (s->not_end == 0 || s->not_end > sign || sign - s->not_end > OBJECT_MAX)
        return false;
    for (size_t i = s->not_end; i < sign; i++) {
        const struct token *t = token_at(s, i);
        bool next = in_class(t, CLASS_next_alone); /* "this week and not the next, Thursday or Friday" */
        if ((in_class(t, CLASS_time_pointer) && !next) || t->kind != TOKEN_WORD)
            return false;
        object |= next || (statement_word(t) == STATEMENT_OTHER && !in_class(t, CLASS_regret));
    }
    return object && !ends_mention(s, sign);
}

/* "The contract", "the delivery" that is talked about: only a date of its own belongs to it. */
bool sense_is_paper(const struct scan *s, const struct hit *hit)
{
    return in_class(token_at(s, hit->end - 1), CLASS_paper) || is_topic_noun(s->w, hit->token);
}

/* "… of 3 March", "du 3 mars", "budget 2027" */
bool sense_dates_paper(const struct scan *s, const struct note *n)
{
    const struct meaning *m = n->meaning;
    for (size_t i = n->token_start > 0 ? n->token_start - 1 : 0; i <= n->token_start; i++)
        if (in_class(token_at(s, i), CLASS_dated_by))
            return true;
    return s->paper_end == n->token_start && m != NULL && m->grain >= GRAIN_MONTH;
}

static bool is_filling(const struct token *t)
{
    return t->kind == TOKEN_SIGN || in_class(t, CLASS_correction_small);
}

/* A time right behind, but for signs and small words. */
static bool time_behind(const struct scan *s, size_t token)
{
    size_t at = token;
    while (at < token + FILLING_MAX && !starts_mention(s, at) && is_filling(token_at(s, at)))
        at++;
    return starts_mention(s, at);
}

/* A time of the sentence or of the one before right in front, likewise. */
static bool time_before(const struct scan *s, size_t token)
{
    size_t at = token;
    while (at > 0 && token - at < FILLING_MAX && !ends_mention(s, at) && is_filling(token_at(s, at - 1)))
        at--;
    return ends_mention(s, at);
}

/* The word opens its clause, or stands behind "oh", "no", "but". */
static bool leads_clause(const struct scan *s, size_t token)
{
    size_t at = token;
    while (at > s->first_token && in_class(token_at(s, at - 1), CLASS_correction_lead))
        at--;
    return at <= s->first_token || token_at(s, at - 1)->kind != TOKEN_WORD;
}

/* "Mardi, enfin mercredi", "Actually, could we …", but "what I can actually manage", "we needn't
 * wait for him", "jeudi, enfin sur le papier": a correction stands between two times or opens a
 * clause, and is about nothing else. */
bool sense_corrects(const struct scan *s, const struct hit *hit)
{
    bool timed = time_behind(s, hit->end);
    if (timed && time_before(s, hit->token))
        return true;
    if (!timed && in_class(token_at(s, hit->end - 1), CLASS_correction_timed))
        return false;
    if (in_class(token_at(s, hit->token), CLASS_correction_takes) &&
        in_class(token_at(s, hit->end), CLASS_correction_object))
        return false;
    return leads_clause(s, hit->token);
}

/* "Set an hour aside", "un dossier complet", "a toast to Anna": a verdict of something else. */
bool sense_refuses(const struct scan *s, const struct hit *hit)
{
    size_t at = hit->token;
    if (!in_class(token_at(s, hit->end - 1), CLASS_refusal_attribute))
        return true;
    for (size_t back = at; back > s->first_token && at - back < OBJECT_MAX; back--)
        if (in_class(token_at(s, back - 1), CLASS_set_aside))
            return false;
    if (ends_mention(s, at) || at <= s->first_token || token_at(s, at - 1)->kind != TOKEN_WORD)
        return true;
    if (in_class(token_at(s, at - 1), CLASS_say_article) || in_class(token_at(s, at - 1), CLASS_say_own))
        return false;
    const struct token *lead = at > s->first_token + 1 ? token_at(s, at - 2) : token_at(s, SIZE_MAX);
    bool named = in_class(lead, CLASS_say_article) || in_class(lead, CLASS_say_own) || in_class(lead, CLASS_say_whose);
    return !named || statement_word(token_at(s, at - 1)) != STATEMENT_OTHER ||
           in_class(token_at(s, at - 1), CLASS_refusal_diary);
}

/* "I'm back on Thursday", "au retour", but "call me back", "the tax return", "la reprise du bail". */
bool sense_back(const struct scan *s, const struct hit *hit)
{
    if (!in_class(token_at(s, hit->token), CLASS_back_word))
        return true;
    if (in_class(token_at(s, hit->end), CLASS_back_of) && !starts_mention(s, hit->end) &&
        !starts_mention(s, hit->end + 1))
        return false;
    const struct token *before = token_at(s, hit->token > 0 ? hit->token - 1 : SIZE_MAX);
    return hit->token == s->first_token || ends_mention(s, hit->token) ||
           (before->kind != TOKEN_WORD && !is_hyphen(before)) || in_class(before, CLASS_back_before);
}

/* "Put off my call with Ann until May", "repousse le point avec Luc jusqu'en mai": what is put off
 * stands between. "We postponed it, she is away until May" does not end so. */
static bool delays_object(const struct scan *s, size_t token)
{
    bool off = token > s->first_token && in_class(token_at(s, token - 1), CLASS_delaying_off); /* "push it back till" */
    for (size_t at = token; at > s->first_token && token - at < DELAYED_MAX; at--) {
        const struct token *t = token_at(s, at - 1), *next = token_at(s, at);
        if (in_class(t, CLASS_delaying) || (in_class(t, CLASS_delaying_object) && (off || in_class(next, CLASS_delaying_off))))
            return true;
        bool mark = t->kind == TOKEN_SIGN && t->value < 0x80 && strchr(".,;:!?", (int)t->value) != NULL;
        if (in_class(t, CLASS_delaying_ends) || t->kind == TOKEN_LINE || (mark && next->space))
            return false; /* the dots of a mail address end nothing */
    }
    return false;
}

/* "Wait until Thursday", "repoussons jusqu'au 7": from then on. */
bool sense_delays(const struct scan *s, size_t token)
{
    for (size_t at = token; at > s->first_token && token - at < SMALL_MAX + 1; at--) {
        const struct token *t = token_at(s, at - 1);
        if (in_class(t, CLASS_delaying) || (at < token && in_class(t, CLASS_delaying_object)))
            return true;
    }
    return delays_object(s, token);
}

/* "About Saturday's event", "après la foire de samedi": when something else is. */
bool sense_of_event(const struct scan *s, const struct mention *mention)
{
    size_t at = mention->token_start, end = mention->token_end;
    bool owns = in_class(token_at(s, end), CLASS_possessive) && token_at(s, end + 1)->kind == TOKEN_WORD;
    if (mention->m.cat == CAT_open || mention->m.t0 >= 0)
        return false;
    if (!owns && !(at > s->first_token && in_class(token_at(s, at - 1), CLASS_of_attribute)))
        return false;
    for (size_t back = 0; back < SMALL_MAX + 2 && at > s->first_token; back++) {
        const struct token *t = token_at(s, --at);
        if (t->kind != TOKEN_WORD || in_class(t, CLASS_event_offered))
            return false;
        if (in_class(t, CLASS_event_about))
            return owns || back > 1;
    }
    return false;
}

/* "After Saturday's open day": no "Saturday is open day". */
bool sense_possessive(const struct wish_reader *w, size_t token)
{
    const struct note_list *notes = &w->notes;
    const struct note *last = notes->count > 0 ? &notes->items[notes->count - 1] : NULL;
    if (last == NULL || last->token_end != token || !in_class(&w->reader->tokens.items[token], CLASS_possessive))
        return false;
    size_t first = last->token_start;
    return in_class(&w->reader->tokens.items[first], CLASS_event_about) ||
           (first > 0 && in_class(&w->reader->tokens.items[first - 1], CLASS_event_about));
}

/* "Any day next week": the word stands before what else is said of the time. */
static bool any_before(const struct scan *s, const struct note *note)
{
    enum { NEAR = 4 };
    for (size_t i = note->token_start; i > s->first_token && note->token_start - i < NEAR; i--)
        if (in_class(&s->w->reader->tokens.items[i - 1], CLASS_any))
            return true;
    return false;
}

/* A time begins at the token, and nothing is said of it. */
static bool stands_last(const struct scan *s, size_t token)
{
    const struct token_list *tokens = &s->w->reader->tokens;
    for (size_t i = s->next; i < s->mentions->count; i++) {
        const struct mention *mention = &s->mentions->items[i];
        if (mention->token_start == token)
            return mention->token_end >= tokens->count || tokens->items[mention->token_end].kind != TOKEN_WORD;
    }
    return false;
}

/* "Any afternoon but Tuesday", "any day next week but Friday" */
bool sense_excepts(const struct scan *s, const struct hit *hit)
{
    const struct note_list *notes = &s->w->notes;
    const struct note *last = notes->count > 0 ? &notes->items[notes->count - 1] : NULL;
    if (hit->cue != CUE_BUT || last == NULL || last->token_end != hit->token)
        return false;
    for (uint32_t i = last->token_start > 0 ? last->token_start - 1 : 0; i < last->token_end; i++)
        if (in_class(&s->w->reader->tokens.items[i], CLASS_any))
            return true;
    return any_before(s, last) && stands_last(s, hit->end);
}
