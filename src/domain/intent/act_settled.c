#include "domain/intent/acts.h"
#include "domain/intent/series.h"

/* That a meeting is off, and that somebody will be late for it. */

/* "Scrap that, Tuesday's no good; I can only make the Wednesday": what was said before. */
static bool takes_back_words(const struct text *text, const struct cue_hit *hit)
{
    bool that = in_class(text, hit->tokens.end - 1, CLASS_taken_back);
    bool goes_on = hit->tokens.end + 1 < text->token_count;
    return that && goes_on && text->tokens[hit->tokens.end].kind == TOKEN_PUNCT &&
           text->timexes.count > 0;
}

/* "Retire ce créneau", "drop that date": one of those that are offered. */
static bool cancels_offer(const struct view *view, const struct cue_hit *hit)
{
    return view->context->state == THREAD_PROPOSING &&
           in_class(&view->text, hit->tokens.end - 1, CLASS_offered_thing);
}

/* "Annule mardi et repropose-lui des dates", "cancel it and offer him something in May". */
static bool cancels_to_move(const struct view *view, const struct cue_hit *hit)
{
    for (size_t i = 0; i < view->text.cues.count; i++) {
        const struct cue_hit *other = &view->text.cues.items[i];
        if (other->negated)
            continue;
        if ((other->cue == CUE_RESCHEDULE && other->sentence >= hit->sentence) ||
            (other->cue == CUE_NONE && other->tokens.first >= hit->tokens.end))
            return true;
    }
    return false;
}

/* "Scrap the call, let's do it over lunch": the meeting stays, of another kind. */
static bool cancels_kind(struct view *view, const struct cue_hit *hit)
{
    const struct text *text = &view->text;
    struct span rest = {hit->tokens.end, text->token_count};
    enum meeting_kind kind = kind_read(text, rest);
    bool instead = false;
    if (!view->context->writer_is_organizer || kind == KIND_UNKNOWN || kind == view->context->kind)
        return false;
    for (size_t i = cue_from(text, rest.first); i < text->cues.count; i++)
        instead |= text->cues.items[i].cue == CUE_CHANGE && !text->cues.items[i].negated;
    for (uint32_t i = rest.first; i < rest.end; i++) {
        bool meal = text->tokens[i].timex != 0 && in_class(text, i, CLASS_meal);
        if (text->tokens[i].kind == TOKEN_MAIL || (text->tokens[i].timex != 0 && !meal))
            return false; /* another meeting, or another time as well */
        instead |= in_class(text, i, CLASS_instead);
    }
    if (!instead)
        return false;
    act_facts(view)->kind = kind;
    note_cue(view, CUE_CHANGE);
    decide(view, INTENT_CHANGE, RULE_GOOD);
    return true;
}

/* An organizer who asks for another time of the same meeting: nobody else is named, and only that is
 * asked. */
static bool only_moves(const struct text *text, struct span rest)
{
    bool asks = false;
    for (uint32_t i = rest.first; i < rest.end; i++) {
        if (text->tokens[i].kind == TOKEN_MAIL || name_at(text, i).end > i)
            return false;
        asks |= text->tokens[i].timex != 0 && text->sentences[text->tokens[i].sentence].question;
    }
    return asks && !cue_in_sentence(text, CUE_REQUEST, text->tokens[rest.first].sentence);
}

/* "Je suis obligé d'annuler demain. Vendredi à la même heure ?": behind the words that cancel
 * another time is asked for. The words from there on; empty if there are none. */
struct span asked_instead(const struct view *view, const struct cue_hit *hit)
{
    const struct text *text = &view->text;
    struct span rest = {text->clauses[hit->clause].tokens.end, text->token_count};
    bool time = false, asks = false;
    for (uint32_t i = rest.first; i < rest.end; i++) {
        const struct token *token = &text->tokens[i];
        if (token->masked)
            continue;
        time |= token->timex != 0 && text->timexes.items[token->timex - 1].kind != TIMEX_DURATION;
        asks |= text->sentences[token->sentence].question || in_class(text, i, CLASS_rather_than);
    }
    for (size_t i = 0; i < text->cues.count; i++)
        asks |= text->cues.items[i].tokens.first >= rest.first &&
                (text->cues.items[i].cue == CUE_REQUEST || text->cues.items[i].cue == CUE_KEEP);
    bool own = view->context->writer_is_organizer && !only_moves(text, rest);
    return time && asks && !own ? rest : (struct span){0, 0};
}

/* "My trip has been cancelled", "mon déplacement est annulé": something of the writer's, which is
 * no meeting. */
static bool cancels_own_thing(const struct text *text, const struct cue_hit *hit)
{
    static const char between[] = "has have had been is was are were got gets just now finally est a ete sont "
                                  "etait vient d etre m finalement enfin s";
    static const char mine[] = "my our his her their mon ma mes notre nos son sa ses leur leurs";
    static const char meetings[] = "meeting call lunch dinner coffee appointment visit session chat rendez vous rdv "
                                   "reunion appel visio dejeuner diner cafe entretien point rencontre";
    uint32_t first = text->clauses[hit->clause].tokens.first, at = hit->tokens.first;
    while (at > first && word_in(text, at - 1, between))
        at--;
    if (at == hit->tokens.first && !word_in(text, hit->tokens.first, "cancelled canceled annule annulee"))
        return false;
    for (uint32_t back = 1; back <= 4 && at >= first + back; back++) {
        if (word_in(text, at - back, meetings))
            return false;
        if (back > 1 && word_in(text, at - back, mine))
            return true;
    }
    return false;
}

bool act_cancel(struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_CANCEL);
    if (hit == NULL || cue_in_clause(&view->text, CUE_CONDITION, hit->clause) ||
        takes_back_words(&view->text, hit) || cancels_own_thing(&view->text, hit) || cancels_offer(view, hit) || cancels_to_move(view, hit))
        return false;
    if (cancels_kind(view, hit))
        return true;
    if (asked_instead(view, hit).end > 0)
        return false;
    note_cue(view, CUE_CANCEL);
    bool guest = !view->context->writer_is_organizer && view->context->state != THREAD_CONFIRMED;
    decide(view, guest ? INTENT_DECLINE : INTENT_CANCEL, hedges(view) > 1 ? RULE_LOW : RULE_GOOD);
    return true;
}

/* Minutes of delay: the duration beside the word. */
static uint32_t late_minutes(const struct view *view)
{
    const struct text *text = &view->text;
    const struct cue_hit *hit = cue_first(text, CUE_LATE);
    if (hit == NULL)
        return 0;
    struct span part = text->sentences[hit->sentence].tokens;
    uint64_t bare = 0; /* "with you in 5" */
    if (slice_to_u64(text->tokens[hit->tokens.end - 1].word, 60, &bare) &&
        !in_class(text, hit->tokens.end, CLASS_minute) &&
        text->tokens[hit->tokens.end - 1].timex == 0)
        return (uint32_t)bare;
    for (uint32_t i = hit->tokens.first; i < hit->tokens.end; i++) /* "running 10 late" */
        if (text->tokens[i].timex == 0 && slice_to_u64(text->tokens[i].word, 240, &bare) && bare > 0)
            return (uint32_t)bare;
    for (uint32_t i = part.first; i < part.end; i++) {
        const struct token *token = &text->tokens[i];
        uint64_t number;
        if (token->timex != 0) {
            const struct timex *timex = &text->timexes.items[token->timex - 1];
            if (timex->kind == TIMEX_DURATION && timex->duration_s > 0 &&
                timex->duration_s <= 4 * 3600)
                return (uint32_t)(timex->duration_s / 60);
        }
        bool minutes = in_class(text, i + 1, CLASS_minute_short);
        if (minutes && slice_to_u64(token->word, 240, &number))
            return (uint32_t)number;
    }
    return 0;
}

/* "there at 10:15" for a meeting at 10; "Wednesday at 10:15" is another time. */
static uint32_t late_until(const struct view *view, bool late_said)
{
    for (size_t i = 0; i < view->text.timexes.count; i++) {
        const struct timex *timex = &view->text.timexes.items[i];
        if (!timex->has_clock || timex->kind == TIMEX_DURATION || (!late_said && !timex->clock_only))
            continue;
        struct civil start = civil_from_instant(view->context->confirmed.start, view->writer_zone);
        int64_t late = (timex->start.hour - start.hour) * 60 + timex->start.minute - start.minute;
        if (late > 0 && late <= 180)
            return (uint32_t)late;
    }
    return 0;
}

bool act_late(struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_LATE);
    uint32_t until = late_until(view, hit != NULL);
    bool arrives = cue_first(&view->text, CUE_AGREED) != NULL && !has(view, CUE_RESCHEDULE) &&
                   until > 0 && until <= 60; /* "je serai là vers 12h50" */
    if ((hit == NULL && !arrives) || (hit != NULL &&
        cue_in_sentence(&view->text, CUE_CANCEL, hit->sentence)))
        return false;
    view->out->late_min = late_minutes(view);
    if (view->out->late_min == 0 && said(view, CUE_DECLINE) != NULL)
        return false; /* "je ne pourrai pas être des vôtres, commencez sans moi" */
    if (view->out->late_min == 0)
        view->out->late_min = until;
    note_cue(view, CUE_LATE);
    decide(view, INTENT_LATE, hit != NULL || view->out->late_min > 0 ? RULE_GOOD : RULE_FAIR);
    return true;
}

/* Whether an expression covers the settled start. */
bool covers_settled(const struct view *view, const struct timex *timex)
{
    struct instant settled = view->context->confirmed.start;
    if (timex->kind == TIMEX_DURATION || timex->open != TIMEX_BOUNDED || settled.us == 0)
        return false;
    if (series_is(&view->context->series))
        return series_occurs(view, timex);
    struct interval span = timex_interval(timex, view, view->writer_zone);
    return span.start.us <= settled.us && (settled.us < span.end.us || settled.us == span.start.us);
}

static bool is_welcome(const struct text *text, uint32_t clause)
{
    static const enum cue cues[] = {CUE_ACCEPT, CUE_AGREED, CUE_FREE};
    for (size_t i = 0; i < text->cues.count; i++)
        for (size_t k = 0; k < sizeof cues / sizeof *cues; k++)
            if (text->cues.items[i].cue == cues[k] && text->cues.items[i].clause == clause &&
                !text->cues.items[i].negated)
                return !cue_in_clause(text, CUE_REFUSE, clause) && !cue_in_clause(text, CUE_BUSY, clause);
    return false;
}

/* "Ten on Tuesday is good. Friday is not possible", of a meeting on Tuesday at ten. */
bool act_settled_suits(struct view *view)
{
    const struct text *text = &view->text;
    bool suits = false;
    if (view->context->writer_is_organizer || has(view, CUE_RESCHEDULE) || has(view, CUE_NONE))
        return false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        if (token->timex == 0 || token->masked ||
            text->timexes.items[token->timex - 1].kind == TIMEX_DURATION)
            continue;
        bool settled = covers_settled(view, &text->timexes.items[token->timex - 1]);
        if (text->sentences[token->sentence].question)
            return false;
        suits |= settled && is_welcome(text, token->clause);
        if (!settled && (is_welcome(text, token->clause) || cue_in_clause(text, CUE_PREFER, token->clause)))
            return false; /* another time is what suits */
    }
    if (suits)
        decide(view, has(view, CUE_THANKS) ? INTENT_THANKS : INTENT_ACCEPT, RULE_GOOD);
    return suits;
}

/* The words of refusal are the writer's, and about the settled time or about none. */
static bool refuses_settled(const struct view *view, const struct cue_hit *hit)
{
    const struct text *text = &view->text;
    struct span sentence = text->sentences[hit->sentence].tokens;
    bool other = false, settled = false;
    struct span clause = text->clauses[hit->clause].tokens;
    bool booked = in_class(text, hit->tokens.first, CLASS_booked) &&
                  clause.end - clause.first <= hit->tokens.end - hit->tokens.first + 1;
    if (booked) /* "Booked! Ta very much" */
        return false;
    if (text->sentences[hit->sentence].question || cue_in_clause(text, CUE_REQUEST, hit->clause) ||
        (cue_in_clause(text, CUE_THIRD, hit->clause) && !view->context->writer_is_organizer))
        return false;
    for (uint32_t i = sentence.first; i < hit->tokens.first; i++)
        if (in_class(text, i, CLASS_asked_when))
            return false; /* "dites-moi quand Viviane est prise" */
    struct span near = clause; /* "vendredi, impossible": else the one before */
    if (clause.end - clause.first <= 4 && hit->clause > 0 &&
        text->clauses[hit->clause - 1].sentence == hit->sentence)
        near.first = text->clauses[hit->clause - 1].tokens.first;
    for (uint32_t i = near.first; i < near.end; i++) {
        if (text->tokens[i].timex == 0 || text->tokens[i].masked ||
            text->timexes.items[text->tokens[i].timex - 1].kind == TIMEX_DURATION)
            continue;
        const struct timex *timex = &text->timexes.items[text->tokens[i].timex - 1];
        bool past = timex->open == TIMEX_BOUNDED && timex_interval(timex, view, view->writer_zone).end.us <=
                                                        view->context->received.us;
        bool covers = covers_settled(view, timex);
        settled |= covers;
        other |= !covers && !past;
    }
    return settled || !other;
}

bool act_settled_refused(struct view *view)
{
    for (size_t i = 0; i < view->text.cues.count; i++) {
        const struct cue_hit *hit = &view->text.cues.items[i];
        if ((hit->cue == CUE_REFUSE || hit->cue == CUE_BUSY) && refuses_settled(view, hit)) {
            decide(view, INTENT_DECLINE, RULE_FAIR);
            return true;
        }
    }
    return false;
}
