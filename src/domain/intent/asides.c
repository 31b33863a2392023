/* Times that a text tells and that are no matter of when to meet. */
#include "domain/intent/internal.h"

/* "As we start at 11", "comme nous ouvrons à 9 h"; but "as we said, at 11". */
static bool gives_reason(const struct text *text, uint32_t at)
{
    if (in_class(text, at, CLASS_because) ||
        (in_class(text, at, CLASS_because_fr) && in_class(text, at + 1, CLASS_that_fr)))
        return true;
    return in_class(text, at, CLASS_because_as) && in_class(text, at + 1, CLASS_because_who) &&
           !in_class(text, at + 2, CLASS_because_not) && !in_class(text, at + 3, CLASS_because_not);
}

/* "Before eleven, because the lorry comes at noon": the hours of a reason are no wishes, where times
 * were said before it. */
static void mask_reasons(struct text *text)
{
    for (uint32_t i = 1; i < text->token_count; i++) {
        bool reason = gives_reason(text, i);
        struct span sentence = text->sentences[text->tokens[i].sentence].tokens;
        bool said = false;
        for (uint32_t k = sentence.first; k < i && reason; k++)
            said |= text->tokens[k].timex != 0;
        uint32_t end = text->clauses[text->tokens[i].clause].tokens.end;
        for (uint32_t k = i; k < end && said; k++)
            if (text->tokens[k].timex != 0 &&
                text->timexes.items[text->tokens[k].timex - 1].has_clock)
                text->tokens[k].masked = true;
    }
}

/* "Evening. …", "Morning Camille, …": a greeting. */
static void mask_greeting(struct text *text)
{
    uint32_t end = 1, limit = 3;
    if (!in_class(text, 0, CLASS_greeting_part) || in_class(text, 1, CLASS_or))
        return;
    while (end < text->token_count && end < limit && text->tokens[end].kind == TOKEN_WORD &&
           (text->tokens[end].capital || in_class(text, end, CLASS_greeted)))
        end++;
    if (end + 1 >= text->token_count || text->tokens[end].kind != TOKEN_PUNCT)
        return;
    for (uint32_t i = 0; i < end; i++)
        text->tokens[i].masked = true;
}

static bool confides_at(const struct text *text, uint32_t at)
{
    if (in_class(text, at, CLASS_between) && in_class(text, at + 1, CLASS_between_us))
        return !in_class(text, at + 1, CLASS_you_word) || in_class(text, at + 3, CLASS_between_me);
    return (in_class(text, at, CLASS_between_fr) && in_class(text, at + 1, CLASS_us_fr)) ||
           in_class(text, at, CLASS_confided) ||
           (in_class(text, at, CLASS_in_week) && in_class(text, at + 1, CLASS_in_confidence));
}

/* "Between us, we are dropping her list in January": no time of a meeting is confided. */
static void mask_confidences(struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++) {
        if (!confides_at(text, i) || cue_in_sentence(text, CUE_AGREED, text->tokens[i].sentence))
            continue; /* "c'est convenu entre nous : jeudi à 11h" */
        struct span sentence = text->sentences[text->tokens[i].sentence].tokens;
        for (uint32_t k = sentence.first; k < sentence.end; k++)
            if (text->tokens[k].timex != 0 && text->timexes.items[text->tokens[k].timex - 1].kind != TIMEX_DURATION)
                text->tokens[k].masked = true;
    }
}

static bool in_clock(const struct text *text, uint32_t at)
{
    if (at >= text->token_count || text->tokens[at].timex == 0)
        return false;
    const struct timex *timex = &text->timexes.items[text->tokens[at].timex - 1];
    return timex->has_clock && timex->clock_only && timex->grain < GRAIN_PART;
}

/* Somebody takes the train at hand: "I'll be on the", "je prends le", behind it only an article. */
static bool travels_before(const struct text *text, uint32_t at)
{
    uint32_t back = 1;
    while (back <= 3 && back <= at && in_class(text, at - back, CLASS_journey_article))
        back++;
    return back > 1 && back <= at && in_class(text, at - back, CLASS_journey_verb);
}

/* "I'll take the 9.15 train", "je prends le train de 8h": the hour of a train. */
static void mask_journeys(struct text *text)
{
    for (uint32_t i = 1; i < text->token_count; i++) {
        if (!in_class(text, i, CLASS_journey))
            continue;
        uint32_t first = i, end = i + 1;
        while (first > 0 && in_clock(text, first - 1) &&
               !in_class(text, first - 1, CLASS_journey_article))
            first--;
        if (!travels_before(text, first))
            continue;
        end += in_class(text, end, CLASS_journey_at);
        while (in_clock(text, end))
            end++;
        while (first > 0 && in_clock(text, first - 1)) /* "on the 14:05" */
            first--;
        for (uint32_t k = first; k < end; k++)
            text->tokens[k].masked |= in_clock(text, k);
    }
}

/* "Tuesday works for me now", "je peux mardi maintenant": since when it is so, beside a day. */
static void mask_now(struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint16_t id = text->tokens[i].timex;
        if (id == 0 || !in_class(text, i, CLASS_now) || text->timexes.items[id - 1].grain != GRAIN_SECOND)
            continue;
        struct span sentence = text->sentences[text->tokens[i].sentence].tokens;
        for (uint32_t k = sentence.first; k < sentence.end; k++) {
            uint16_t other = text->tokens[k].timex;
            if (other != 0 && other != id && text->timexes.items[other - 1].kind != TIMEX_DURATION)
                text->tokens[i].masked = true;
        }
    }
}

void text_mask_asides(struct text *text)
{
    mask_now(text);
    mask_greeting(text);
    mask_reasons(text);
    mask_confidences(text);
    mask_journeys(text);
}

/* "My site visit", "the audit", "mon déplacement", but not "the call", "our meeting": a thing of the
 * writer's own, named between the two tokens. */
static bool names_own_thing(const struct text *text, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i + 1 < end; i++) {
        bool meeting = in_class(text, i + 1, CLASS_freed_meeting);
        if (in_class(text, i, CLASS_freed_mine))
            return true; /* "my Tuesday visit" too */
        if (text->tokens[i].timex == 0 && in_class(text, i, CLASS_freed_article) && !meeting &&
            text->tokens[i + 1].timex == 0 && text->tokens[i + 1].kind == TOKEN_WORD)
            return true;
    }
    return false;
}

/* Whether something is said to suit behind a token, in its sentence or the next. */
static bool suits_behind(const struct text *text, uint32_t at)
{
    for (size_t i = cue_from(text, at); i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        bool suits = hit->cue == CUE_ACCEPT || hit->cue == CUE_FREE || hit->cue == CUE_AGREED || hit->cue == CUE_KEEP;
        if (suits && !hit->negated && hit->sentence <= text->tokens[at].sentence + 1)
            return true;
    }
    return false;
}

void view_mask_freed(struct view *view)
{
    struct text *text = &view->text;
    bool any = false;
    if (view->context->writer_is_organizer || view->context->offers.count == 0)
        return;
    for (uint32_t i = 1; i + 1 < text->token_count; i++) {
        uint32_t first = text->clauses[text->tokens[i].clause].tokens.first;
        bool called_off = in_class(text, i, CLASS_freed) ||
                          (in_class(text, i, CLASS_freed_if_off) && in_class(text, i - 1, CLASS_freed_before));
        if (!called_off || !names_own_thing(text, first, i) || !suits_behind(text, i + 1))
            continue;
        for (uint32_t k = first; k <= i; k++)
            text->tokens[k].masked = any = true;
    }
    if (any)
        text_drop_masked_cues(text);
}
