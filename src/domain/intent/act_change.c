#include "domain/intent/acts.h"

/* Another guest, length, place or kind, at the same time. */

bool act_change_people(struct view *view)
{
    struct mention_list people = {0};
    people_read_change(view, &people);
    if (people.count == 0)
        return false;
    act_facts(view)->people = people;
    note_cue(view, CUE_ADD);
    note_cue(view, CUE_REMOVE);
    note_cue(view, CUE_WITHOUT);
    note_cue(view, CUE_OPTIONAL);
    decide(view, INTENT_CHANGE, RULE_GOOD);
    return true;
}

/* "Make Ben's call 45 minutes instead of 30", "passe le point à 45 minutes": a length and
 * no time. */
bool changes_length(const struct view *view)
{
    const struct text *text = &view->text;
    bool verb = false, length = false;
    if (shift_read(text) != 0)
        return false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        verb |= !token->masked && in_class(text, i, CLASS_length_verb);
        if (token->timex == 0 || token->masked)
            continue;
        if (text->timexes.items[token->timex - 1].kind != TIMEX_DURATION)
            return false;
        length = true;
    }
    return verb && length;
}

bool act_change_facts(struct view *view)
{
    const struct meeting_request *request = act_facts(view);
    bool fact = request->place.kind != PLACE_UNKNOWN || request->duration_min > 0 ||
                (request->kind != KIND_UNKNOWN && request->kind != view->context->kind);
    bool change = said(view, CUE_CHANGE) != NULL || has(view, CUE_KEEP) ||
                  (request->duration_min > 0 && changes_length(view));
    if (!change || !fact)
        return false;
    note_cue(view, CUE_CHANGE);
    decide(view, INTENT_CHANGE, RULE_GOOD);
    return true;
}

/* Whether all times that are named are the settled day or hour, the first of them in at. */
static bool names_settled_only(const struct view *view, uint32_t *at)
{
    const struct text *text = &view->text;
    bool found = false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        const struct timex *timex = token->timex == 0 ? NULL : &text->timexes.items[token->timex - 1];
        if (timex == NULL || token->masked || timex->kind == TIMEX_DURATION)
            continue;
        if (timex->grain > GRAIN_DAY || timex->negated || !covers_settled(view, timex))
            return false;
        *at = found ? *at : i;
        found = true;
    }
    return found;
}

/* "An hour and a half for the 24th", "le 24, il faut deux heures"; but "on the 24th I need two hours for
 * the accounts". */
static bool asks_length(const struct text *text, uint32_t day)
{
    struct span part = text->sentences[text->tokens[day].sentence].tokens;
    bool need = false, bound = false, length = false;
    for (uint32_t i = part.first; i < part.end; i++) {
        uint16_t id = text->tokens[i].timex;
        length |= id != 0 && text->timexes.items[id - 1].kind == TIMEX_DURATION;
        bool to = in_class(text, i, CLASS_length_for);
        need |= in_class(text, i, CLASS_length_need);
        bound |= (i <= day && day <= i + 2 && to) || (i > day && length) || in_class(text, i, CLASS_length_not);
        if (length && i > day && to)
            return false;
    }
    return need && bound && length;
}

/* "Let's have the 24th at our office", "le rendez-vous du 24 aura lieu chez nous"; but "on the 24th I'll
 * be at our office". */
static bool holds_there(const struct text *text, uint32_t day)
{
    uint32_t s = text->tokens[day].sentence;
    struct span part = text->sentences[s].tokens;
    bool held = false, be = false, me = false;
    for (uint32_t i = part.first; i < part.end; i++) {
        held |= in_class(text, i, CLASS_held_verb);
        be |= in_class(text, i, CLASS_held_be);
        me |= in_class(text, i, CLASS_held_not);
    }
    bool meeting = cue_in_sentence(text, CUE_KIND_MEETING, s) || cue_in_sentence(text, CUE_KIND_CALL, s);
    return !me && (held || (be && meeting)) &&
           (cue_in_sentence(text, CUE_PLACE_OURS, s) || cue_in_sentence(text, CUE_PLACE_YOURS, s));
}

/* "We need an hour and a half for the 24th, not one", of a meeting on the 24th: the day is no news. */
bool act_change_settled(struct view *view)
{
    static const enum cue others[] = {CUE_BUSY, CUE_DECLINE, CUE_CANCEL, CUE_NONE, CUE_LATE, CUE_CONDITION};
    uint32_t day = 0;
    if (!view->context->writer_is_organizer || shift_read(&view->text) != 0 || !names_settled_only(view, &day))
        return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (has(view, others[i]))
            return false;
    if (view->text.sentences[view->text.tokens[day].sentence].question && !has(view, CUE_REQUEST))
        return false;
    const struct meeting_request *request = act_facts(view);
    bool length = request->duration_min > 0 && request->duration_min != view->context->duration_min &&
                  asks_length(&view->text, day);
    bool place = request->place.kind == PLACE_IN_PERSON && holds_there(&view->text, day);
    if (!length && !place)
        return false;
    decide(view, INTENT_CHANGE, RULE_GOOD);
    return true;
}

/* A guest who would rather ring, or receive: no time is said. */
bool act_other_kind(struct view *view)
{
    const struct meeting_request *request = act_facts(view);
    bool wishes = has(view, CUE_PREFER) || has(view, CUE_REQUEST) || said(view, CUE_CHANGE) != NULL;
    bool other = (request->kind != KIND_UNKNOWN && request->kind != view->context->kind) ||
                 request->place.kind != PLACE_UNKNOWN;
    if (!wishes || !other)
        return false;
    decide(view, INTENT_CHANGE, RULE_FAIR);
    return true;
}

/* "Let's make it a video call instead, same time": nothing is said of another time. */
bool act_change_in_place(struct view *view)
{
    struct said_times times;
    times_read(view, text_all(&view->text), true, &times);
    const struct cue_hit *cancels = said(view, CUE_CANCEL);
    if (cancels != NULL && asked_instead(view, cancels).end > 0)
        return false; /* "… off. Is Hugo around on Wednesday at the same time?" */
    bool elsewhere = has(view, CUE_CHANGE) && act_facts(view)->place.text.len > 0;
    bool moves = said(view, CUE_RESCHEDULE) != NULL && times.constrained && !elsewhere;
    bool stays = (has(view, CUE_KEEP) && !moves) ||
                 (!times.constrained && times.starts.count == 0);
    return (stays || changes_length(view)) && act_change_facts(view);
}
