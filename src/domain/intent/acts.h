#ifndef RENDEZ_DOMAIN_INTENT_ACTS_H
#define RENDEZ_DOMAIN_INTENT_ACTS_H

#include "domain/intent/internal.h"

/* Acts: what a message may do. Each returns true when it is the reading, and has filled
 * view->out then. Which are tried in which state of a conversation: read.c. */

/* Small questions about the text. */

static inline bool has(const struct view *view, enum cue cue)
{
    return cue_first(&view->text, cue) != NULL;
}

static inline const struct cue_hit *said(const struct view *view, enum cue cue)
{
    for (size_t i = 0; i < view->text.cues.count; i++)
        if (view->text.cues.items[i].cue == cue && !view->text.cues.items[i].negated)
            return &view->text.cues.items[i];
    return NULL;
}

static inline size_t hedges(const struct view *view)
{
    return cue_count(&view->text, CUE_HEDGE);
}

static inline void decide(struct view *view, enum intent intent, enum rule_strength strength)
{
    view->out->intent = intent;
    view->strength = strength;
}

static inline void note_cue(struct view *view, enum cue cue)
{
    for (size_t i = 0; i < view->text.cues.count; i++)
        if (view->text.cues.items[i].cue == cue)
            span_note(view, view->text.cues.items[i].tokens);
}

/* acts.c: those of any state */
/* Facts that may come with any act: place, number, kind, duration. */
struct meeting_request *act_facts(struct view *view);
void act_note_question(struct view *view);
bool act_hostile(struct view *view);
bool act_inform_address(struct view *view);
bool act_inform_fact(struct view *view);
bool act_decline(struct view *view);
bool act_delegate(struct view *view);
bool act_unclear(struct view *view);
bool act_settled_suits(struct view *view);
bool act_settled_refused(struct view *view);
bool act_thanks(struct view *view);
/* An order of the organizer's that has nothing to do with meeting. */
bool act_off_topic(struct view *view);
bool act_question(struct view *view);
bool act_new_request(struct view *view);
/* The organizer wants it to come again, or otherwise than so far. */
bool act_series(struct view *view, enum intent intent);

/* act_change.c: who comes, how long, where, of which kind */
bool changes_length(const struct view *view);
bool act_change_people(struct view *view);
bool act_change_facts(struct view *view);
bool act_change_in_place(struct view *view);
bool act_change_settled(struct view *view);
bool act_other_kind(struct view *view);

/* act_settled.c: on a meeting whose time is settled, or that is no longer wanted */
/* Behind the words that cancel another time is asked for: the words from there on; empty if
 * there are none. */
struct span asked_instead(const struct view *view, const struct cue_hit *hit);
bool covers_settled(const struct view *view, const struct timex *timex);
bool act_cancel(struct view *view);
bool act_late(struct view *view);

/* act_move.c: to another time */
bool act_reschedule(struct view *view);
bool act_other_time(struct view *view);

/* act_answer.c: to offers */
enum rule_strength accept_strength(const struct verdict *verdict);
bool act_confirms_later(struct view *view);
bool act_accept(struct view *view, const struct verdict *verdict);
bool act_accept_within(struct view *view, struct verdict *verdict);
bool act_accept_vague(struct view *view, const struct verdict *verdict);
bool act_counter(struct view *view, const struct verdict *verdict, bool request);

#endif
