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
