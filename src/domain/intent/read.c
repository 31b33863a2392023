#include "domain/intent/acts.h"
#include "domain/intent/series.h"

/* What a message does, from its cues, its times and the state of the conversation. Each
 * state of a conversation has its own list of acts, tried in order; the first that holds
 * is the reading. How sure it is: confidence.c. */

enum { SURE_UNCLEAR = 300 }; /* of what is not clear to anybody, whatever the evidence */

void span_note(struct view *view, struct span tokens)
{
    const struct text *text = &view->text;
    if (tokens.first >= tokens.end || view->out->spans.count >= TIMEX_MAX)
        return;
    const struct token *last = &text->tokens[tokens.end - 1];
    uint32_t offset = text->tokens[tokens.first].offset;
    struct span_item item = {offset, last->offset + last->length - offset};
    for (size_t i = 0; i < view->out->spans.count; i++)
        if (view->out->spans.items[i].offset == item.offset)
            return;
    ARENA_PUSH(view->arena, &view->out->spans, item);
}

/* The states. */

static void read_new(struct view *view)
{
    uint32_t score = 0;
    if (act_hostile(view))
        return;
    if (request_wanted(view, &score)) {
        request_read(view);
        enum rule_strength sure = score >= 3 ? RULE_GOOD : RULE_FAIR;
        decide(view, INTENT_REQUEST, hedges(view) > 2 ? RULE_LOW : sure);
        return;
    }
    view->out->spans.count = 0;
    bool order = has(view, CUE_OFFTOPIC) || has(view, CUE_REQUEST);
    if (!order && (act_question(view) || act_thanks(view)))
        return;
    decide(view, INTENT_OTHER, score > 0 && !has(view, CUE_OFFTOPIC) ? RULE_LOW : RULE_GOOD);
}

static void read_confirmed(struct view *view)
{
    if (act_hostile(view) || act_inform_address(view) || act_new_request(view))
        return;
    if (view->context->writer_is_organizer && act_off_topic(view))
        return;
    if (act_unclear(view) || act_cancel(view) || act_late(view) ||
        act_change_people(view) || act_change_in_place(view) || act_change_settled(view) ||
        act_settled_suits(view))
        return;
    if (act_series(view, INTENT_CHANGE))
        return;
    if (act_decline(view) && said(view, CUE_RESCHEDULE) == NULL)
        return;
    if (act_reschedule(view) || act_other_time(view) || act_change_facts(view) || act_delegate(view) ||
        act_inform_fact(view) || act_question(view))
        return;
    if (act_settled_refused(view))
        return;
    if (hedges(view) == 0 && act_thanks(view))
        return;
    decide(view, hedges(view) > 0 ? INTENT_UNCLEAR : INTENT_OTHER, RULE_LOW);
}

/* "30 minutes ce sera trop juste : compte plutôt une heure": no time but lengths. */
static bool says_only_facts(const struct view *view)
{
    for (size_t i = 0; i < view->text.timexes.count; i++)
        if (view->text.timexes.items[i].kind != TIMEX_DURATION)
            return false;
    return said(view, CUE_CHANGE) != NULL || changes_length(view);
}

static void read_answer(struct view *view)
{
    struct verdict verdict = {0};
    bool organizer = view->context->writer_is_organizer;
    if (act_hostile(view) || act_inform_address(view) || (organizer && (act_new_request(view) || act_off_topic(view))))
        return;
    offers_read(view, &verdict);
    view->out->accepted = verdict.accepted;
    view->out->refused = verdict.refused;
    view->out->any_offer =
        verdict.any && verdict.accepted.count > 0 &&
        verdict.accepted.count == view->context->offers.count; /* "mercredi ou jeudi, peu importe" */
    view->out->conditional = verdict.conditional;
    if (act_cancel(view) || (organizer && act_change_people(view)) || act_series(view, INTENT_COUNTER))
        return;
    if (!organizer && verdict.accepted.count > 0 && !verdict.none && act_confirms_later(view)) {
        view->out->accepted = (struct number_list){0};
        return;
    }
    if (act_accept(view, &verdict)) {
        if (view->out->intent == INTENT_ACCEPT && said(view, CUE_ADD) != NULL)
            people_read_change(view, &act_facts(view)->people);
        act_facts(view);
        return;
    }
    if (act_delegate(view) || (organizer && says_only_facts(view) && act_change_facts(view)))
        return;
    if ((!verdict.offered || cue_count(&view->text, CUE_DECLINE) > 1) && act_decline(view)) {
        if (organizer)
            view->out->intent = INTENT_CANCEL;
        return;
    }
    if (act_accept_within(view, &verdict) || act_counter(view, &verdict, organizer) ||
        (!organizer && !verdict.named_time && !has(view, CUE_HOLD) && act_other_kind(view)) ||
        act_accept_vague(view, &verdict))
        return;
    if (act_change_facts(view) || act_change_people(view) || act_inform_fact(view) ||
        (!organizer && act_other_kind(view)) || act_unclear(view) || act_question(view) || act_thanks(view))
        return;
    decide(view, hedges(view) > 0 ? INTENT_UNCLEAR : INTENT_OTHER, RULE_LOW);
}

/* "The Tuesday you offered would suit", "I'm still keen to talk", long after: they would meet. */
static bool wants_after_all(const struct view *view)
{
    static const enum cue wishes[] = {CUE_REQUEST, CUE_RESCHEDULE, CUE_FREE, CUE_WISH_TO_MEET,
                                      CUE_NONE,    CUE_ANY};
    const struct text *text = &view->text;
    if (view->context->writer_is_client || said(view, CUE_DECLINE) != NULL)
        return false;
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (said(view, wishes[i]) != NULL)
            return true;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        bool pointed = token->timex != 0 || in_class(text, i, CLASS_offer_word);
        if (!token->masked && pointed &&
            (cue_in_sentence(text, CUE_ACCEPT, token->sentence) ||
             cue_in_sentence(text, CUE_PREFER, token->sentence)) &&
            !cue_in_sentence(text, CUE_WELL_WISHES, token->sentence))
            return true;
    }
    return false;
}

static void read_closed(struct view *view)
{
    struct verdict verdict = {0};
    if (act_hostile(view) || act_new_request(view))
        return;
    offers_read(view, &verdict);
    if (verdict.accepted.count > 0 && !verdict.any) {
        view->out->accepted = verdict.accepted;
        decide(view, INTENT_ACCEPT, accept_strength(&verdict));
        return;
    }
    bool again = wants_after_all(view);
    if (!again && act_thanks(view) && (!view->context->writer_is_client || verdict.starts.count == 0))
        return;
    if (act_counter(view, &verdict, view->context->writer_is_client))
        return;
    if (again) {
        decide(view, INTENT_COUNTER, RULE_GOOD);
        return;
    }
    if (act_question(view))
        return;
    decide(view, INTENT_OTHER, RULE_FAIR);
}

static void (*const readers[])(struct view *) = {
    [THREAD_NEW] = read_new,
    [THREAD_GATHERING] = read_answer,
    [THREAD_PROPOSING] = read_answer,
    [THREAD_CONFIRMED] = read_confirmed,
    [THREAD_CLOSED] = read_closed,
};

static bool is_automatic(const struct mail *mail)
{
    return mail->nature == MAIL_AUTO_REPLIED || mail->nature == MAIL_AUTO_GENERATED ||
           mail->nature == MAIL_BOUNCE;
}

/* A reading that is unclear goes to a person, however clear that is. */
static uint32_t confidence_of(const struct view *view, const struct evidence *evidence)
{
    return view->out->intent == INTENT_UNCLEAR ? SURE_UNCLEAR : evidence_weigh(evidence);
}

enum status intent_read_evidence(const struct mail *mail, const struct intent_context *context,
                                 struct arena *arena, struct reading *out,
                                 struct evidence *evidence, struct problem *why)
{
    if (mail->new_text.len > TIMEX_BODY_MAX)
        return problem_set(why, ST_LIMIT, "the text has more than %d bytes", TIMEX_BODY_MAX);
    struct reading reading = {.language = timex_language(mail->new_text)};
    struct view *view = ARENA_NEW(arena, struct view);
    view_make(view, mail, context, arena, &reading);
    if (is_automatic(mail)) {
        decide(view, INTENT_OTHER, RULE_GOOD);
    } else {
        view_mask_orders(view);
        act_note_question(view);
        if (context->writer_is_client)
            languages_read(view, &reading.write_in);
        reading.points_back = request_points_back(&view->text);
        readers[context->state](view);
        reading.one_of_series = series_one_meant(view);
        reading.asks_person = intent_asks_person(mail->new_text);
        if (reading.one_of_series && reading.intent == INTENT_OTHER && series_skips(view))
            decide(view, INTENT_CHANGE, RULE_FAIR);
        if (reading.requests.count > 0 && context->state != THREAD_NEW)
            series_begin_later(view, &reading.requests.items[0].times);
    }
    evidence_collect(view, view->strength, evidence);
    reading.confidence = is_automatic(mail) ? 1000 : confidence_of(view, evidence);
    if (view->limited && !is_automatic(mail) && reading.confidence > INTENT_IN_PART)
        reading.confidence = INTENT_IN_PART;
    if (context->explain)
        explain_reading(view);
    *out = reading;
    return ST_OK;
}

enum status intent_read(const struct mail *mail, const struct intent_context *context,
                        struct arena *arena, struct reading *out, struct problem *why)
{
    struct evidence evidence;
    return intent_read_evidence(mail, context, arena, out, &evidence, why);
}
