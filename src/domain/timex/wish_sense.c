#include "domain/timex/wish_scan.h"

/* Whether a word that may rule out a time, or take it away, does so where it stands: "Friday is
 * off" but "to sign off the accounts", "a conference on Friday" but "a conference call", "nothing
 * on Friday" but "nothing against Friday", "the contract of 3 March" but "the contract on Friday". */

enum { SMALL_MAX = 3, OBJECT_MAX = 8 };

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
    bool joined = before->kind == TOKEN_SIGN && before->value == '-' && !before->space; /* "kick-off" */
    return (before->kind != TOKEN_WORD && !joined) || in_class(before, CLASS_absence_before);
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

bool sense_absent(const struct scan *s, const struct hit *hit)
{
    if (hit->end != hit->token + 1)
        return true;
    const struct token *t = token_at(s, hit->token);
    if (in_class(t, CLASS_absence_particle) && !is_predicate(s, hit->token))
        return false;
    return !is_verb(s, hit) && !is_part_of_name(s, hit) && !does_something(s, hit) &&
           !(in_class(t, CLASS_absence_noun) && is_company(s, hit->token));
}

/* "Bar Tuesday", "without my Mondays": what is left out follows; "without slides on Tuesday",
 * "drinks at the bar on Tuesday" leave out no time. */
bool sense_except(const struct scan *s, const struct hit *hit)
{
    if (!in_class(token_at(s, hit->token), CLASS_except_direct))
        return true;
    size_t at = hit->end;
    while (at < hit->end + SMALL_MAX && !starts_mention(s, at) && in_class(token_at(s, at), CLASS_except_small))
        at++;
    bool place = in_class(token_at(s, hit->end), CLASS_except_place); /* "at the bar on Thursday" */
    return !place && (starts_mention(s, at) || token_at(s, at)->kind != TOKEN_WORD);
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
        if (in_class(t, CLASS_time_pointer) || t->kind != TOKEN_WORD)
            return false;
        object |= statement_word(t) == STATEMENT_OTHER && !in_class(t, CLASS_regret);
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

/* "Mardi, enfin mercredi", but "jeudi, enfin sur le papier" */
bool sense_corrects(const struct scan *s, const struct hit *hit)
{
    size_t at = hit->end;
    if (hit->end != hit->token + 1 || !in_class(token_at(s, hit->token), CLASS_weak_correction))
        return true;
    while (at < hit->end + SMALL_MAX && !starts_mention(s, at) &&
           (in_class(token_at(s, at), CLASS_correction_small) || token_at(s, at)->kind == TOKEN_SIGN))
        at++;
    return starts_mention(s, at);
}

/* "Wait until Thursday", "repoussons jusqu'au 7": from then on. */
bool sense_delays(const struct scan *s, size_t token)
{
    for (size_t at = token; at > s->first_token && token - at < SMALL_MAX + 1; at--) {
        const struct token *t = token_at(s, at - 1);
        if (in_class(t, CLASS_delaying) || (at < token && in_class(t, CLASS_delaying_object)))
            return true;
    }
    return false;
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
