#include "domain/intent/acts.h"

/* Answers to offers. */

enum {
    NAMED_WITHIN = 60,    /* words in which it is said who chose */
    LEAVES_DAYS_MAX = 62, /* days that may be allowed at once */
};

enum rule_strength accept_strength(const struct verdict *verdict)
{
    return verdict->none ? RULE_FAIR : RULE_GOOD;
}

/* "Tom rang, he's taking Wednesday at 11", "c'est réglé avec elle pour mardi": what an organizer
 * says of the guest's choice is no choice of their own. */
static bool guest_chose(struct view *view)
{
    const struct text *text = &view->text;
    bool them = false, choice = false;
    if (!view->context->writer_is_organizer || view->out->asks_question)
        return false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        them |= in_class(text, i, CLASS_third_person);
        choice |= in_class(text, i, CLASS_chosen);
        choice |= in_class(text, i, CLASS_will_choose) &&
                  ((i > 0 && in_class(text, i - 1, CLASS_third_person)) ||
                   (i > 1 && in_class(text, i - 2, CLASS_third_person))); /* "he'll take Wednesday" */
    }
    for (uint32_t i = 0; choice && !them && i < text->token_count && i < NAMED_WITHIN; i++)
        them = people_address_at(view, i).len > 0;
    return them && choice;
}

/* The offer that the guest has taken, as a time that is agreed. */
static void take_agreed(struct view *view, uint32_t number)
{
    struct meeting_request *request = act_facts(view);
    for (size_t i = 0; i < view->context->offers.count; i++) {
        const struct offer_context *offer = &view->context->offers.items[i];
        if (offer->number != number)
            continue;
        request->times = (struct said_times){.constrained = true, .hours_named = true};
        ARENA_PUSH(view->arena, &request->times.starts, offer->span);
        ARENA_PUSH(view->arena, &request->times.allowed, offer->span);
        request->agreed = true;
    }
}

/* "Pencil me in for Wednesday, I'll confirm tomorrow", "le mercredi a priori, je vous le confirmerai":
 * the answer itself is still to come. */
bool act_confirms_later(struct view *view)
{
    const struct text *text = &view->text;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        for (uint32_t t = hit->tokens.first; hit->cue == CUE_HOLD && !hit->negated && t < hit->tokens.end; t++)
            if (in_class(text, t, CLASS_will_confirm)) {
                decide(view, INTENT_THANKS, RULE_GOOD);
                return true;
            }
    }
    return false;
}

bool act_accept(struct view *view, const struct verdict *verdict)
{
    if (verdict->accepted.count == 0)
        return false;
    if (act_unclear(view))
        return true;
    if (verdict->accepted.count == 1 && guest_chose(view))
        take_agreed(view, verdict->accepted.items[0].number);
    decide(view, INTENT_ACCEPT, accept_strength(verdict));
    return true;
}

/* Too wide to say which of some offers are meant: "not Monday". */
static bool is_narrow(const struct said_times *times)
{
    int64_t open = 0;
    for (size_t i = 0; i < times->allowed.count; i++)
        open += times->allowed.items[i].end.us - times->allowed.items[i].start.us;
    return open < 30 * DAY_US;
}

/* "Les après-midi uniquement", "I'm only back from Wednesday": the offers within what is possible,
 * where no other time is named or asked for. */
bool act_accept_within(struct view *view, struct verdict *verdict)
{
    const struct text *text = &view->text;
    struct said_times times;
    if (view->context->writer_is_organizer || verdict->none || verdict->starts.count > 0 ||
        verdict->contradiction || view->context->offers.count < 2 || view->text.timexes.count == 0 ||
        has(view, CUE_HOLD) || has(view, CUE_PREFER) || hedges(view) > 0 || view->out->asks_question)
        return false;
    for (uint32_t s = 0; s < text->sentence_count; s++)
        if (text->sentences[s].question)
            return false;
    times_allow_offers(view, &times);
    if (!times.constrained || times.doubt != TIMEX_CLEAR || (!has(view, CUE_ONLY) && !is_narrow(&times)))
        return false;
    struct number_list within = {0}, outside = {0};
    for (size_t i = 0; i < view->context->offers.count; i++) {
        const struct offer_context *offer = &view->context->offers.items[i];
        bool fits = false, refused = numbers_have(&verdict->refused, offer->number);
        for (size_t k = 0; k < times.allowed.count && !refused; k++)
            fits |= times.allowed.items[k].start.us <= offer->span.start.us &&
                    offer->span.end.us <= times.allowed.items[k].end.us;
        numbers_add(view->arena, fits ? &within : &outside, offer->number);
    }
    if (within.count == 0 || outside.count == 0)
        return false;
    view->out->accepted = within;
    view->out->refused = outside;
    decide(view, INTENT_ACCEPT, RULE_FAIR);
    return true;
}

/* Agreement without saying to what. */
bool act_accept_vague(struct view *view, const struct verdict *verdict)
{
    if (!verdict->vague_accept || verdict->vague_refuse || verdict->named_time ||
        has(view, CUE_HOLD)) /* "super, je te confirme ce soir" */
        return false;
    if (view->context->offers.count == 1) {
        numbers_add(view->arena, &view->out->accepted, view->context->offers.items[0].number);
        decide(view, INTENT_ACCEPT, hedges(view) > 0 ? RULE_LOW : RULE_GOOD);
        return true;
    }
    if (view->context->offers.count == 0 ||
        (view->context->writer_is_organizer && view->context->asked.len == 0))
        return false; /* an organizer who has all that is offered to others says thanks */
    decide(view, INTENT_ACCEPT, hedges(view) > 0 ? RULE_LOW : RULE_FAIR); /* which, is asked */
    return true;
}

/* The starts of the verdict are in the week of the offers, where the words alone may
 * mean this week. */
static void take_moved(struct view *view, const struct verdict *verdict, struct said_times *times)
{
    uint32_t length = view->context->duration_min > 0 ? view->context->duration_min : 60;
    times->allowed = times->preferred = (struct interval_list){0};
    for (size_t i = 0; i < verdict->starts.count; i++) {
        struct interval start = verdict->starts.items[i];
        if (start.end.us < instant_add(start.start, minutes(length)).us)
            start.end = instant_add(start.start, minutes(length));
        ARENA_PUSH(view->arena, &times->allowed, start);
    }
}

/* "Le 25 à 10h ou le 26 à 15h (préférence pour le 26)": what suits best stands first. */
static struct interval_list preferred_first(struct view *view, const struct interval_list *starts,
                                            const struct interval_list *preferred)
{
    struct interval_list out = {0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < starts->count; i++) {
            bool liked = false;
            for (size_t k = 0; k < preferred->count; k++)
                liked |= preferred->items[k].start.us <= starts->items[i].start.us &&
                         starts->items[i].start.us < preferred->items[k].end.us;
            if (liked == (pass == 0))
                ARENA_PUSH(view->arena, &out, starts->items[i]);
        }
    return out;
}

/* "I have a train at 4": what is possible is over by then, whatever the day. */
static void end_before_leaving(struct view *view, struct said_times *times)
{
    struct interval_list open = times->allowed, cut = {0};
    for (size_t i = 0; view->leaves_min > 0 && i < open.count; i++) {
        struct interval rest = open.items[i];
        for (uint32_t days = 0; days < LEAVES_DAYS_MAX && rest.start.us < rest.end.us; days++) {
            struct civil_date day = civil_from_instant(rest.start, view->writer_zone).date;
            struct civil leaves = civil_add(civil_at(day, 0, 0), (struct duration){view->leaves_min * MINUTE_US});
            struct instant next = civil_to_instant(civil_at(civil_date_add(day, 1), 0, 0), view->writer_zone);
            struct instant end = civil_to_instant(leaves, view->writer_zone);
            struct interval part = {rest.start, end.us < rest.end.us ? end : rest.end};
            if (part.start.us < part.end.us)
                ARENA_PUSH(view->arena, &cut, part);
            rest.start = next;
        }
    }
    if (cut.count > 0)
        times->allowed = times->preferred = cut;
}

bool act_counter(struct view *view, const struct verdict *verdict, bool request)
{
    struct meeting_request *request_out = act_facts(view);
    times_read(view, text_all(&view->text), request, &request_out->times);
    struct said_times *times = &request_out->times;
    struct interval_list preferred = times->preferred;
    if (verdict->starts.count > 0 && !verdict->contradiction) {
        times->starts = verdict->starts; /* they know what is refused */
        if (verdict->moved || times->allowed.count == 0)
            take_moved(view, verdict, times);
        if (times->doubt == TIMEX_CONTRADICTION)
            times->doubt = TIMEX_CLEAR;
    }
    times->starts = preferred_first(view, &times->starts, &preferred);
    end_before_leaving(view, times);
    if (verdict->contradiction) {
        times->doubt = TIMEX_CONTRADICTION;
        times->starts.count = times->allowed.count = 0;
    }
    bool speaks = verdict->none || verdict->refused.count > 0 || verdict->unmatched ||
                  verdict->contradiction || verdict->vague_refuse ||
                  (times->constrained && (verdict->named_time || times->starts.count > 0 ||
                                          has(view, CUE_ONLY) ||
                                          slice_equal(view->context->asked, LIT("time"))));
    bool only_tone = !verdict->none && verdict->refused.count == 0 && !verdict->unmatched &&
                     !verdict->contradiction && times->starts.count == 0;
    if (!speaks || (only_tone && view->out->asks_question))
        return false;
    if (act_unclear(view))
        return true;
    note_cue(view, CUE_NONE);
    note_cue(view, CUE_REFUSE);
    bool said = (times->constrained || verdict->none) && !verdict->contradiction;
    bool guess = verdict->conditional && !times->constrained;
    decide(view, INTENT_COUNTER, guess ? RULE_LOW : said ? RULE_GOOD : RULE_FAIR);
    return true;
}
