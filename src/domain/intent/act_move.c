#include "domain/intent/acts.h"

/* A settled meeting that is to move to another time. */

/* The words that say where a meeting moves to. */
static struct span words_of_move(const struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_CANCEL);
    struct span rest = hit == NULL ? (struct span){0, 0} : asked_instead(view, hit);
    return rest.end > rest.first ? rest : text_all(&view->text);
}

/* "mercredi à la même heure": the day that is named with the hour that was settled. */
static void keep_hour(struct view *view, struct said_times *times)
{
    const struct cue_hit *hit = cue_first(&view->text, CUE_KEEP);
    bool hour = false;
    for (uint32_t i = hit == NULL ? 0 : hit->tokens.first; hit != NULL && i < hit->tokens.end; i++)
        hour |= in_class(&view->text, i, CLASS_same_hour);
    if (!hour || times->starts.count > 0 || times->allowed.count != 1 ||
        times->allowed.items[0].end.us - times->allowed.items[0].start.us > DAY_US ||
        view->context->confirmed.start.us == 0)
        return;
    struct civil old = civil_from_instant(view->context->confirmed.start, view->writer_zone);
    struct civil day = civil_from_instant(times->allowed.items[0].start, view->writer_zone);
    struct civil wall = {day.date, old.hour, old.minute, 0};
    struct instant start = civil_to_instant(wall, view->writer_zone);
    ARENA_PUSH(view->arena, &times->starts, ((struct interval){start, start}));
}

/* "On avance d'une heure", "push it back by 30 minutes": so far from the settled time. */
static void shift_settled(struct view *view, struct said_times *times)
{
    int32_t far = shift_read(&view->text);
    if (times->starts.count > 0 || far == 0 || view->context->confirmed.start.us == 0)
        return;
    struct instant start = time_shift(view->context->confirmed.start, far, view->writer_zone);
    ARENA_PUSH(view->arena, &times->starts, ((struct interval){start, start}));
    struct interval span = {start, instant_add(start, minutes(view->context->duration_min))};
    times->allowed = times->preferred = (struct interval_list){0};
    ARENA_PUSH(view->arena, &times->allowed, span);
    times->constrained = times->hours_named = true;
}

/* "Vendredi après-midi, vous pourriez ?": a time in a question that refuses nothing. */
static bool asks_for_time(const struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        if (token->timex == 0 || token->masked || !text->sentences[token->sentence].question)
            continue;
        if (text->timexes.items[token->timex - 1].kind != TIMEX_DURATION &&
            !cue_in_clause(text, CUE_REFUSE, token->clause) &&
            !cue_in_clause(text, CUE_BUSY, token->clause))
            return true;
    }
    return false;
}

/* "17h serait possible ? Sinon on garde 15h": where it is now is not where it goes. */
static void drop_settled_start(const struct view *view, struct said_times *times)
{
    size_t kept = 0;
    if (times->starts.count < 2)
        return;
    for (size_t i = 0; i < times->starts.count; i++)
        if (times->starts.items[i].start.us != view->context->confirmed.start.us)
            times->starts.items[kept++] = times->starts.items[i];
    times->starts.count = kept;
}

/* Not "booked", by itself. */
static bool says_busy(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        struct span clause = text->clauses[hit->clause].tokens;
        if (hit->cue == CUE_BUSY && clause.end - clause.first > hit->tokens.end - hit->tokens.first + 1)
            return true;
    }
    return false;
}

/* "Jeudi 26 à 14h30, c'est top": of a day and an hour little more is said than that it suits. NULL if not. */
static const struct timex *agreed_time(const struct view *view)
{
    const struct text *text = &view->text;
    const struct timex *named = NULL;
    uint32_t at = 0, unread = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        const struct timex *timex = token->timex == 0 ? NULL : &text->timexes.items[token->timex - 1];
        if (timex == NULL || token->masked || timex == named || timex->kind == TIMEX_DURATION)
            continue;
        if (named != NULL || !timex->has_clock || timex->clock_only)
            return NULL;
        named = timex;
        at = i;
    }
    bool settles = said(view, CUE_ACCEPT) != NULL || said(view, CUE_AGREED) != NULL || has(view, CUE_THANKS);
    if (named == NULL || !settles || hedges(view) > 0 || has(view, CUE_CONDITION) || says_busy(text) ||
        has(view, CUE_PAST) || has(view, CUE_DEADLINE))
        return NULL;
    struct span clause = text->clauses[text->tokens[at].clause].tokens;
    for (uint32_t i = clause.first; i < clause.end; i++) {
        bool read = text->tokens[i].kind != TOKEN_WORD || text->tokens[i].timex != 0 ||
                    in_class(text, i, CLASS_agreed_filler);
        for (size_t k = cue_from(text, clause.first); k < text->cues.count && !read; k++)
            read = span_has(text->cues.items[k].tokens, i);
        unread += !read;
    }
    return unread <= 1 ? named : NULL;
}

/* "The Thursday one", "celui de jeudi", "le deuxième créneau": one of those that were offered. */
static bool points_at_offer(const struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++)
        if (!text->tokens[i].masked && in_class(text, i, CLASS_pointed_at))
            return true;
    return false;
}

/* Of the offers that are spoken of, the one that is not settled. */
static void take_offer_instead(struct view *view)
{
    struct verdict verdict = {0};
    struct number_list others = {0};
    offers_read(view, &verdict);
    for (size_t i = 0; i < view->context->offers.count; i++) {
        const struct offer_context *offer = &view->context->offers.items[i];
        if (numbers_have(&verdict.accepted, offer->number) &&
            offer->span.start.us != view->context->confirmed.start.us)
            numbers_add(view->arena, &others, offer->number);
    }
    if (others.count == 1)
        view->out->accepted = others;
}

bool act_reschedule(struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_RESCHEDULE);
    bool cannot = (has(view, CUE_REFUSE) || has(view, CUE_BUSY)) && !has(view, CUE_DECLINE);
    struct said_times times;
    times_read(view, words_of_move(view), true, &times);
    keep_hour(view, &times);
    const struct timex *suits_at = has(view, CUE_KEEP) ? NULL : agreed_time(view);
    if (suits_at != NULL && times.starts.count == 0 && said(view, CUE_ACCEPT) != NULL) { /* "it's reserved": for this meeting */
        struct instant start = civil_to_instant(suits_at->start, view->writer_zone);
        ARENA_PUSH(view->arena, &times.starts, ((struct interval){start, start}));
        times.excluded.count = 0;
    }
    bool agreed = suits_at != NULL && times.starts.count == 1;
    bool shifted = shift_read(&view->text) != 0 && !has(view, CUE_LATE);
    if (shifted)
        shift_settled(view, &times);
    drop_settled_start(view, &times);
    bool elsewhere = times.starts.count > 0 &&
                     !(times.starts.count == 1 &&
                       times.starts.items[0].start.us == view->context->confirmed.start.us);
    bool seeks = has(view, CUE_REQUEST) && has(view, CUE_SLOT);
    bool moves = cannot && (times.starts.count > 0 || has(view, CUE_FREE) || has(view, CUE_NONE) ||
                            seeks || asks_for_time(&view->text));
    bool named = elsewhere && (has(view, CUE_REQUEST) || has(view, CUE_FREE) ||
                               has(view, CUE_CORRECTION) || has(view, CUE_RETRACT) || has(view, CUE_PREFER)) &&
                 (!has(view, CUE_KEEP) || times.starts.count == 1);
    bool suits = cannot && (has(view, CUE_ACCEPT) || has(view, CUE_ANY));
    bool wished = (has(view, CUE_PREFER) || suits) && times.constrained &&
                  !times_include(&times, view->context->confirmed.start);
    bool asked = elsewhere && asks_for_time(&view->text) && !has(view, CUE_LATE);
    shifted |= said(view, CUE_CANCEL) != NULL && has(view, CUE_NONE); /* "and offer him others" */
    agreed = agreed && elsewhere;
    if (hit == NULL && !moves && !named && !wished && !shifted && !asked && !agreed)
        return false;
    if (has(view, CUE_KEEP) && times.starts.count == 0 && hit == NULL)
        return false;
    act_facts(view)->times = times;
    if (times.starts.count == 0 && points_at_offer(&view->text)) {
        take_offer_instead(view);
    }
    if (!has(view, CUE_CHANGE))
        act_facts(view)->duration_min = 0; /* "d'une heure" is how far it moves */
    note_cue(view, CUE_RESCHEDULE);
    bool open = moves && times.constrained && asks_for_time(&view->text); /* "can't now. Any time Tuesday?" */
    bool sure = hit != NULL || shifted || agreed || open || (wished && view->context->writer_is_organizer) || ((named || moves || asked) && times.starts.count == 1);
    decide(view, INTENT_RESCHEDULE, sure ? RULE_GOOD : RULE_FAIR);
    return true;
}

/* A time that is not the settled one, without a word of moving: hardly a certain wish. */
bool act_other_time(struct view *view)
{
    struct said_times times;
    times_read(view, text_all(&view->text), true, &times);
    if (times.starts.count == 0 || has(view, CUE_KEEP))
        return false;
    for (size_t i = 0; i < times.starts.count; i++)
        if (times.starts.items[i].start.us == view->context->confirmed.start.us)
            return false;
    act_facts(view)->times = times;
    decide(view, INTENT_RESCHEDULE, RULE_LOW);
    return true;
}
