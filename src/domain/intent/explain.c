#include "domain/intent/internal.h"

/* For those who ask why: the phrases that were found and which of them speak for what was
 * understood, and what looked like a time and is none. */

/* What speaks for each intent. */
static const uint8_t supports[INTENT_COUNT_][12] = {
    [INTENT_OTHER] = {CUE_OFFTOPIC},
    [INTENT_REQUEST] = {CUE_REQUEST, CUE_WISH_TO_MEET, CUE_INVITE, CUE_AGREED, CUE_SLOT, CUE_TALK,
                        CUE_OFFER_PROMISE},
    [INTENT_ACCEPT] = {CUE_ACCEPT, CUE_ANY, CUE_BOTH, CUE_ONLY, CUE_FREE},
    [INTENT_DECLINE] = {CUE_DECLINE, CUE_CANCEL, CUE_REFUSE, CUE_NONE, CUE_BUSY},
    [INTENT_COUNTER] = {CUE_REFUSE, CUE_NONE, CUE_BUSY, CUE_FREE, CUE_PREFER},
    [INTENT_RESCHEDULE] = {CUE_RESCHEDULE, CUE_MISHAP, CUE_REFUSE, CUE_PREFER, CUE_CORRECTION},
    [INTENT_CANCEL] = {CUE_CANCEL},
    [INTENT_LATE] = {CUE_LATE},
    [INTENT_CHANGE] = {CUE_CHANGE, CUE_KEEP, CUE_ADD, CUE_REMOVE, CUE_WITHOUT, CUE_OPTIONAL,
                       CUE_REQUIRED},
    [INTENT_DELEGATE] = {CUE_DELEGATE},
    [INTENT_INFORM] = {CUE_CALL_ME, CUE_PLACE_LABEL, CUE_PLACE_OURS, CUE_PLACE_YOURS},
    [INTENT_QUESTION] = {CUE_ASKING},
    [INTENT_THANKS] = {CUE_THANKS, CUE_HOLD, CUE_ACCEPT},
    [INTENT_UNCLEAR] = {CUE_HEDGE},
    [INTENT_HOSTILE] = {CUE_THREAT, CUE_COMPLAINT},
};

static bool speaks_for(enum intent intent, const struct cue_hit *hit)
{
    for (size_t i = 0; i < sizeof supports[0] && supports[intent][i] != CUE_IDLE; i++)
        if (supports[intent][i] == hit->cue)
            return !hit->negated;
    return false;
}

static void explain_cues(struct view *view)
{
    const struct text *text = &view->text;
    struct said_cue_list *out = &view->out->cues;
    for (size_t i = 0; i < text->cues.count && out->count < SAID_CUES_MAX; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_IDLE || hit->tokens.end <= hit->tokens.first)
            continue;
        const struct token *first = &text->tokens[hit->tokens.first];
        const struct token *last = &text->tokens[hit->tokens.end - 1];
        struct said_cue cue = {.offset = first->offset,
                               .length = last->offset + last->length - first->offset,
                               .name = slice_from(cue_name(hit->cue)),
                               .negated = hit->negated};
        cue.decisive = speaks_for(view->out->intent, hit);
        ARENA_PUSH(view->arena, out, cue);
    }
}

void explain_reading(struct view *view)
{
    struct timex_context context = {.ref = view->ref, .zone = view->writer_zone};
    explain_cues(view);
    if (timex_find_ignored(view->text.body, &context, view->arena, &view->out->ignored, NULL) !=
        ST_OK)
        view->out->ignored = (struct timex_ignored_list){0};
}
