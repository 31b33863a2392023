#include <string.h>

#include "domain/intent/offers.h"

/* What is said of an offer that an answer points at: good, bad, or on a condition. */

static enum polarity polarity_of(const struct cue_hit *hit)
{
    switch (hit->cue) {
    case CUE_ACCEPT: case CUE_FREE: case CUE_PREFER: case CUE_ANY: case CUE_BOTH: case CUE_ONLY:
    case CUE_AGREED:
        return hit->negated && hit->cue != CUE_ONLY && hit->cue != CUE_ANY ? NEGATIVE : POSITIVE;
    case CUE_REFUSE: case CUE_BUSY: case CUE_NONE:
        return NEGATIVE;
    default:
        return NEUTRAL;
    }
}

static uint32_t distance(struct span a, struct span b)
{
    if (a.end <= b.first)
        return b.first - a.end;
    return b.end <= a.first ? a.first - b.end : 0;
}

/* The nearest judgement in a clause. "mardi je suis pris mercredi ça va" has no comma:
 * what stands behind a time is its judgement rather than what stands before. */
static enum polarity judge_clause(const struct text *text, uint32_t clause, struct span near)
{
    enum polarity best = NEUTRAL;
    uint32_t best_distance = UINT32_MAX;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        enum polarity polarity = polarity_of(hit);
        bool inside = hit->cue == CUE_BOTH && near.first < hit->tokens.end &&
                      hit->tokens.first < near.end; /* "les deux premiers" */
        if (hit->clause != clause || polarity == NEUTRAL || inside)
            continue;
        uint32_t d = 2 * distance(hit->tokens, near) + (hit->tokens.end <= near.first ? 1 : 0);
        if (d < best_distance || (d == best_distance && polarity == NEGATIVE)) {
            best_distance = d;
            best = polarity;
        }
    }
    return best;
}

static bool said_before(const struct text *text, uint32_t at, uint32_t from, enum class class)
{
    while (at-- > from)
        if (in_class(text, at, class))
            return true;
    return false;
}

/* "Anything but", "any of them but", "any slot but": what stands before "but" is all of them. */
static bool all_before_but(const struct text *text, uint32_t but)
{
    uint32_t at = but, from = text->sentences[text->tokens[but].sentence].tokens.first;
    while (at-- > from && at + 4 > but) {
        if (in_class(text, at, CLASS_any_before_but))
            return true;
        if (!in_class(text, at, CLASS_offer_noun) && !in_class(text, at, CLASS_of) &&
            !in_class(text, at, CLASS_all_of_them))
            return false;
    }
    return false;
}

/* Only articles stand between "but" and what is left out. */
static bool is_left_out(const struct text *text, const struct ref *ref)
{
    uint32_t at = ref->tokens.first;
    while (at > 0 && in_class(text, at - 1, CLASS_refuse_filler))
        at--;
    return at > 0 && in_class(text, at - 1, CLASS_but) && all_before_but(text, at - 1);
}

static bool is_negated(const struct text *text, const struct ref *ref)
{
    uint32_t from = text->clauses[text->tokens[ref->tokens.first].clause].tokens.first;
    for (uint32_t back = 1; back <= 3 && ref->tokens.first >= from + back; back++) {
        uint32_t at = ref->tokens.first - back;
        if (text->tokens[at].idle)
            return false;
        bool but = in_class(text, at, CLASS_but) && all_before_but(text, at);
        bool apart = at > 0 && ((in_class(text, at, CLASS_from) && in_class(text, at - 1, CLASS_apart)) ||
                                (in_class(text, at, CLASS_apart_part) && in_class(text, at - 1, CLASS_a_half)));
        if (but || apart || in_class(text, at, CLASS_refuse_before) ||
            (in_class(text, at, CLASS_than_before) && said_before(text, at, from, CLASS_better_before)))
            return !in_class(text, at, CLASS_of) || (at > 0 && in_class(text, at - 1, CLASS_instead_of));
        if (!in_class(text, at, CLASS_refuse_filler))
            return false;
    }
    return false;
}

/* "Tout est pris sauf jeudi", "I can't do any except Monday": what is left. */
static bool is_exception_to_refusal(const struct text *text, const struct ref *ref)
{
    uint32_t clause = text->tokens[ref->tokens.first].clause;
    bool except = said_before(text, ref->tokens.first, text->clauses[clause].tokens.first, CLASS_except);
    for (size_t i = 0; i < text->cues.count && except; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->clause == clause && hit->tokens.end <= ref->tokens.first &&
            (hit->cue == CUE_REFUSE || hit->cue == CUE_NONE || hit->cue == CUE_BUSY))
            return true;
    }
    return false;
}

static bool ends_clause(const struct text *text, uint32_t at)
{
    return at >= text->token_count || text->tokens[at].kind == TOKEN_PUNCT;
}

/* "jeudi non", "1: oui": a plain word right behind. */
static enum polarity judge_plainly(const struct text *text, const struct ref *ref)
{
    uint32_t at = ref->tokens.end;
    bool mark = at < text->token_count && text->tokens[at].kind == TOKEN_PUNCT &&
                strchr(":)=-", text->body.data[text->tokens[at].offset]) != NULL;
    at += mark;
    if (in_class(text, at, CLASS_it_is) && in_class(text, at + 1, CLASS_is_verdict))
        at += 2; /* "le matin, c'est non" */
    else if (in_class(text, at, CLASS_is))
        at++;
    if (at >= text->token_count || text->tokens[at].idle || text->tokens[at].masked)
        return NEUTRAL;
    if (in_class(text, at, CLASS_no_answer) && !in_class(text, at + 1, CLASS_no_trouble))
        return NEGATIVE;
    if (in_class(text, at, CLASS_not_end) && ends_clause(text, at + 1))
        return NEGATIVE; /* "first two fine, third not" */
    bool please = in_class(text, at, CLASS_please) ||
                  (in_class(text, at, CLASS_possessive_s) && in_class(text, at + 2, CLASS_please_you) && in_class(text, at + 3, CLASS_please_plait));
    return please || in_class(text, at, CLASS_yes_answer) ? POSITIVE : NEUTRAL;
}

static bool has_pointer(const struct refs *refs, uint32_t clause)
{
    for (size_t i = 0; i < refs->count; i++)
        if (refs->view->text.tokens[refs->items[i].tokens.first].clause == clause)
            return true;
    return false;
}

/* The clause says more than which offer: "mercredi je garde les enfants". What is said of
 * another day is no judgement on this one. */
static bool says_more(const struct refs *refs, const struct ref *ref)
{
    const struct text *text = &refs->view->text;
    uint32_t more = 0;
    struct span clause = text->clauses[text->tokens[ref->tokens.first].clause].tokens;
    for (uint32_t i = clause.first; i < clause.end && more == 0; i++) {
        bool pointer = text->tokens[i].kind != TOKEN_WORD || text->tokens[i].timex != 0;
        for (size_t k = 0; k < refs->count && !pointer; k++)
            pointer = span_has(refs->items[k].tokens, i);
        for (size_t k = 0; k < text->cues.count && !pointer; k++)
            pointer = (polarity_of(&text->cues.items[k]) != NEUTRAL ||
                       text->cues.items[k].cue == CUE_FALLBACK) &&
                      span_has(text->cues.items[k].tokens, i);
        more += !pointer && !in_class(text, i, CLASS_pointing);
    }
    return more >= 1 && !cue_in_clause(text, CUE_CONDITION, text->tokens[ref->tokens.first].clause);
}

/* "Sorry, can't do Tuesday, Wednesday at 11 instead": said against what stands before. */
static bool turns(const struct text *text, uint32_t clause)
{
    struct span span = text->clauses[clause].tokens;
    if (in_class(text, span.first, CLASS_hence))
        return true;
    for (uint32_t i = span.first; i < span.end; i++)
        if (in_class(text, i, CLASS_turn))
            return true;
    return false;
}

/* timex knows the negated list "pas lundi ni mardi"; but "pas lundi, mardi" and "can't do
 * Tuesday, Wednesday instead" set one day against the other. */
static bool stands_against(const struct text *text, const struct ref *ref)
{
    uint32_t clause = text->tokens[ref->tokens.first].clause;
    struct span span = text->clauses[clause].tokens;
    uint32_t before = span.first == 0 ? 0 : span.first - 1;
    if (turns(text, clause) || in_class(text, span.first, CLASS_hence_then))
        return true;
    bool comma = span.first > 0 && text->tokens[before].sentence == text->tokens[span.first].sentence &&
                 text->tokens[before].kind == TOKEN_PUNCT;
    for (uint32_t i = text->sentences[text->clauses[clause].sentence].tokens.first; i < span.end; i++)
        if (in_class(text, i, CLASS_list_or))
            return false;
    bool last = span.end >= text->sentences[text->clauses[clause].sentence].tokens.end;
    return comma && last && ref->tokens.first == span.first;
}

/* "I'm back from leave on Tuesday so that's fine", "je rentre mardi": why another day suits. */
static bool is_return(const struct text *text, const struct ref *ref)
{
    uint32_t from = text->clauses[text->tokens[ref->tokens.first].clause].tokens.first;
    uint32_t at = ref->tokens.first;
    return said_before(text, at, at > from + 5 ? at - 5 : from, CLASS_return);
}

static enum polarity judge(const struct refs *refs, const struct ref *ref)
{
    const struct text *text = &refs->view->text;
    uint32_t clause = text->tokens[ref->tokens.first].clause;
    if (is_negated(text, ref))
        return is_exception_to_refusal(text, ref) ? POSITIVE : NEGATIVE;
    enum polarity found = judge_plainly(text, ref);
    if (found == NEUTRAL && is_return(text, ref))
        return NEUTRAL;
    if (found == NEUTRAL)
        found = judge_clause(text, clause, ref->tokens);
    uint16_t sentence = text->clauses[clause].sentence;
    bool more = says_more(refs, ref);
    uint32_t first = text->sentences[sentence].tokens.first;
    if (found == NEUTRAL && ref->timex != NULL && ref->timex->negated &&
        said_before(text, ref->tokens.first, first, CLASS_refusing))
        return stands_against(text, ref) ? NEUTRAL : NEGATIVE;
    for (uint32_t c = clause + 1; found == NEUTRAL && c < text->clause_count &&
                                  text->clauses[c].sentence == sentence &&
                                  !text->clauses[c].contrast && !(more && has_pointer(refs, c)); c++)
        found = judge_clause(text, c, ref->tokens);
    for (uint32_t c = clause; found == NEUTRAL && c-- > 0 && text->clauses[c].sentence == sentence &&
                              !text->clauses[c + 1].contrast && !(more && has_pointer(refs, c));) {
        if (more && cue_in_clause(text, CUE_ANY, c))
            break; /* "any of the three, though Monday is my day of rest" */
        found = judge_clause(text, c, ref->tokens);
        if (found == NEGATIVE && turns(text, clause))
            return NEUTRAL;
    }
    return found;
}

bool has_judgement(const struct text *text, enum polarity polarity)
{
    for (size_t i = 0; i < text->cues.count; i++)
        if (polarity_of(&text->cues.items[i]) == polarity && text->cues.items[i].cue != CUE_PREFER &&
            text->cues.items[i].cue != CUE_ONLY && text->cues.items[i].cue != CUE_FREE)
            return true;
    return false;
}

bool is_conditional(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_CONDITION && (cue_in_sentence(text, CUE_ACCEPT, hit->sentence) ||
                                          cue_in_sentence(text, CUE_FREE, hit->sentence)))
            return true;
    }
    return false;
}

/* The hour of "si on finit avant 15h", "if we are done by 3pm"; NULL for other conditions. */
static const struct timex *condition_end(const struct text *text, const struct cue_hit *hit)
{
    struct span rest = {hit->tokens.end, text->sentences[hit->sentence].tokens.end};
    bool ending = false;
    for (uint32_t i = rest.first; i < rest.end && i < rest.first + 10; i++) {
        ending |= in_class(text, i, CLASS_ending);
        const struct timex *timex = text->tokens[i].timex == 0
                                        ? NULL : &text->timexes.items[text->tokens[i].timex - 1];
        if (ending && timex != NULL && timex->has_clock && timex->kind != TIMEX_DURATION)
            return timex;
    }
    return NULL;
}

/* Minutes of the day of an end that bounds; "by 3" is the afternoon. */
static int end_minutes(const struct timex *timex)
{
    const struct civil *at = timex->open == TIMEX_BEFORE ? &timex->end : &timex->start;
    int hour = at->hour == 0 ? 24 : at->hour < 8 ? at->hour + 12 : at->hour;
    return hour * 60 + at->minute;
}

/* "As long as we stay on video", "si ça ne dépasse pas 30 minutes": that is what it is. */
static bool asks_what_is(const struct view *view, const struct cue_hit *hit)
{
    const struct text *text = &view->text;
    struct span rest = {hit->tokens.end, text->clauses[hit->clause].tokens.end};
    uint32_t length = 0;
    for (uint32_t i = rest.first; i < rest.end; i++) {
        const struct timex *timex = text->tokens[i].timex == 0
                                        ? NULL : &text->timexes.items[text->tokens[i].timex - 1];
        if (timex != NULL && timex->kind != TIMEX_DURATION)
            return false;
        length = timex != NULL ? (uint32_t)(timex->duration_s / 60) : length;
    }
    enum meeting_kind kind = kind_read(text, rest);
    bool same = kind == view->context->kind && kind != KIND_UNKNOWN;
    return (same && length == 0) || (length > 0 && length == view->context->duration_min && (same || kind == KIND_UNKNOWN));
}

bool condition_met(const struct view *view, offer_set *accepted)
{
    const struct text *text = &view->text;
    offer_set fits = *accepted;
    for (size_t k = 0; k < text->cues.count; k++) {
        const struct cue_hit *hit = &text->cues.items[k];
        if (hit->cue != CUE_CONDITION || asks_what_is(view, hit))
            continue;
        const struct timex *limit = condition_end(text, hit);
        if (limit == NULL)
            return false;
        for (size_t i = 0; i < offer_count(view); i++) {
            struct civil end =
                civil_from_instant(view->context->offers.items[i].span.end, view->offer_zone);
            if (end.hour * 60 + end.minute > end_minutes(limit))
                fits &= ~(UINT32_C(1) << i);
        }
    }
    if (fits == 0)
        return false;
    *accepted = fits;
    return true;
}
/* "J'ai un train à 17h", "I've a plane to catch at 4". */
static bool has_to_catch(const struct text *text, uint32_t at, uint32_t from)
{
    uint32_t near = at > from + 4 ? at - 4 : from, wide = at > from + 8 ? at - 8 : from;
    return said_before(text, at, near, CLASS_journey) && said_before(text, at, wide, CLASS_journey_held) &&
           !said_before(text, at, wide, CLASS_journey_end);
}

/* "Il faudrait avoir fini avant 16h30", "we need to be done by 3": when the meeting has to be over. */
static bool has_to_end(const struct text *text, const struct timex *timex, uint32_t at, uint32_t from)
{
    return timex->open == TIMEX_BEFORE && said_before(text, at, at > from + 2 ? at - 2 : from, CLASS_ending) &&
           !cue_in_clause(text, CUE_CONDITION, text->tokens[at].clause);
}

/* "I have a hard stop at 4", "je pars à 16h30": the writer leaves then. */
static bool is_leaving(const struct text *text, const struct ref *ref)
{
    uint32_t from = text->clauses[text->tokens[ref->tokens.first].clause].tokens.first;
    uint32_t at = ref->tokens.first;
    return ref->timex != NULL && ref->timex->clock_only &&
           (said_before(text, at, at > from + 4 ? at - 4 : from, CLASS_leaving) || has_to_catch(text, at, from) ||
            has_to_end(text, ref->timex, at, from));
}

offer_set over_before_leaving(struct refs *refs)
{
    struct view *view = refs->view;
    offer_set fits = all_offers(view);
    for (size_t k = 0; k < refs->count; k++) {
        struct ref *ref = &refs->items[k];
        if (!is_leaving(&view->text, ref))
            continue;
        ref->offers = 0;
        ref->clock = false;
        ref->spent = true;
        for (uint32_t t = ref->tokens.first; t < ref->tokens.end; t++)
            view->text.tokens[t].masked = true; /* no wish either */
        int leaves = end_minutes(ref->timex);
        view->leaves_min = view->leaves_min == 0 || leaves < view->leaves_min ? leaves : view->leaves_min;
        for (size_t i = 0; i < offer_count(view); i++) {
            struct civil end =
                civil_from_instant(view->context->offers.items[i].span.end, view->offer_zone);
            if (end.hour * 60 + end.minute > end_minutes(ref->timex))
                fits &= ~(UINT32_C(1) << i);
        }
    }
    return fits;
}

/* The one judgement of a few words. */
static enum polarity judge_span(const struct text *text, struct span span)
{
    enum polarity found = NEUTRAL;
    for (size_t i = 0; i < text->cues.count; i++)
        if (span_has(span, text->cues.items[i].tokens.first) && found != NEGATIVE &&
            polarity_of(&text->cues.items[i]) != NEUTRAL)
            found = polarity_of(&text->cues.items[i]);
    for (uint32_t i = span.first; i < span.end; i++) {
        if (text->tokens[i].masked || text->tokens[i].idle)
            continue;
        if (in_class(text, i, CLASS_no_answer))
            found = NEGATIVE;
        else if (in_class(text, i, CLASS_yes_answer) && found == NEUTRAL)
            found = POSITIVE;
    }
    return found;
}

/* "1) ok 2) non 3) ok": every number has what stands behind it, up to the next one. */
static void judge_list(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    struct ref *items[OFFERS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < refs->count && count < OFFERS_MAX; i++) {
        uint32_t end = refs->items[i].tokens.end;
        bool marked = refs->items[i].timex == NULL && end < text->token_count &&
                      text->tokens[end].kind == TOKEN_PUNCT &&
                      strchr(":).=-", text->body.data[text->tokens[end].offset]) != NULL;
        if (marked)
            items[count++] = &refs->items[i];
    }
    for (size_t i = 0; count >= 2 && i < count; i++) {
        struct span said = {items[i]->tokens.end, i + 1 < count ? items[i + 1]->tokens.first
                                                               : text->token_count};
        items[i]->polarity = judge_span(text, said);
    }
}

/* "Oui, non, oui": one word for each offer, in their order. */
static void judge_in_order(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    enum polarity said[OFFERS_MAX];
    size_t count = 0, refusals = 0;
    struct span part = {0, 0};
    for (uint32_t i = 0; i <= text->token_count && refs->count == 0; i++) {
        if (i < text->token_count && text->tokens[i].kind != TOKEN_PUNCT)
            continue;
        part.end = i;
        if (part.end > part.first) {
            if (count >= offer_count(refs->view) || part.end - part.first > 4)
                return;
            said[count] = judge_span(text, part);
            refusals += said[count] == NEGATIVE;
            if (said[count++] == NEUTRAL)
                return;
        }
        part.first = i + 1;
    }
    if (count < 2 || count != offer_count(refs->view) || refusals == 0)
        return;
    for (size_t i = 0; i < count; i++)
        refs->items[refs->count++] = (struct ref){.tokens = {0, 1}, .offers = UINT32_C(1) << i,
                                                  .polarity = said[i]};
}

/* "I'm in Lille on Tuesday; the others are fine": what is not among the others is not. */
static void judge_others(struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *others = &refs->items[i];
        for (size_t k = 0; k < i && others->others && others->polarity != NEUTRAL; k++) {
            struct ref *ref = &refs->items[k];
            uint32_t clause = refs->view->text.tokens[ref->tokens.first].clause;
            if (judge_plainly(&refs->view->text, ref) == NEUTRAL &&
                judge_clause(&refs->view->text, clause, ref->tokens) == NEUTRAL)
                ref->polarity = others->polarity == POSITIVE ? NEGATIVE : POSITIVE;
        }
    }
}

/* "On Tuesday, but not the early one": what is refused is not meant by the wider word. */
static void take_out_exceptions(struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++) {
        offer_set refused = refs->items[i].polarity == NEGATIVE ? refs->items[i].offers : 0;
        for (size_t k = 0; k < refs->count && refused != 0; k++) {
            struct ref *wider = &refs->items[k];
            if (wider->polarity != NEGATIVE && (wider->offers & refused) == refused &&
                wider->offers != refused)
                wider->offers &= ~refused;
        }
    }
}

/* "Le 2, j'ai un conseil", "for the last one, I'll be on a train": the clause behind the comma tells
 * what the writer does then. */
static bool is_topic(const struct refs *refs, const struct ref *ref)
{
    const struct text *text = &refs->view->text;
    uint32_t own = text->tokens[ref->tokens.first].clause, next = own + 1;
    struct span span = next < text->clause_count ? text->clauses[next].tokens : (struct span){0, 0};
    if (ref->polarity != NEUTRAL || next >= text->clause_count || has_pointer(refs, next) ||
        text->clauses[next].sentence != text->clauses[own].sentence || text->clauses[next].contrast ||
        !in_class(text, span.first, CLASS_me_word) || text->sentences[text->clauses[own].sentence].question)
        return false;
    for (uint32_t i = span.first; i < span.end; i++)
        if (in_class(text, i, CLASS_here))
            return false;
    return judge_clause(text, next, ref->tokens) == NEUTRAL || cue_in_clause(text, CUE_BUSY, next);
}

/* "En congés, de retour le lundi 12": when the writer is back is no choice, unless something of the
 * sentence says that it suits. */
static bool only_returns(const struct refs *refs, const struct ref *ref)
{
    const struct text *text = &refs->view->text;
    uint16_t sentence = text->tokens[ref->tokens.first].sentence;
    if (ref->polarity != NEUTRAL || !is_return(text, ref) || text->sentences[sentence].question)
        return false;
    for (size_t i = 0; i < text->cues.count; i++)
        if (text->cues.items[i].sentence == sentence && polarity_of(&text->cues.items[i]) == POSITIVE)
            return false;
    return true;
}

void refs_judge(struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++) {
        refs->items[i].polarity = judge(refs, &refs->items[i]);
        refs->all_but |= is_left_out(&refs->view->text, &refs->items[i]);
        if (only_returns(refs, &refs->items[i])) {
            refs->items[i].offers = 0;
            refs->items[i].spent = true;
        }
        refs->items[i].told = says_more(refs, &refs->items[i]) || is_topic(refs, &refs->items[i]);
    }
    judge_list(refs);
    judge_in_order(refs);
    judge_others(refs);
    take_out_exceptions(refs);
}
