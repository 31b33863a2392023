#ifndef RENDEZ_DOMAIN_INTENT_OFFERS_H
#define RENDEZ_DOMAIN_INTENT_OFFERS_H

#include "domain/intent/internal.h"

/* Shared by offers.c (which offers an answer takes), pointers.c (what points at offers),
 * meant.c (what of that is meant) and judge.c (what is said of it). */

enum { OFFERS_MAX = 32, REFS_MAX = 120 };
typedef uint32_t offer_set; /* bit i: offer i of the context */

enum polarity { NEUTRAL, POSITIVE, NEGATIVE };

/* Something in the text that points at offers, or at a time that is none of them. */
struct ref {
    struct span tokens;
    offer_set offers;
    enum polarity polarity;
    const struct timex *timex; /* or NULL */
    bool clock, day;           /* a time alone, a day alone */
    bool part;                 /* a part of a day: "Thursday afternoon" */
    bool others;               /* all that was not spoken of before */
    bool coarse;               /* a week or more, with offers in it */
    bool told;                 /* its clause says more: "jeudi je déjeune avec ma mère" */
    bool spent;                /* a day whose time stands elsewhere in the sentence */
    bool joined_day;           /* a time moved to that day */
    bool other_half;           /* "at eight" of a dinner, moved to the evening */
    bool joined;               /* "ou vendredi": goes with what stands before */
};
struct refs {
    struct ref items[REFS_MAX];
    size_t count;
    bool all_but; /* "any slot but the first" */
    struct view *view;
};

/* pointers.c */
size_t offer_count(const struct view *view);
offer_set all_offers(const struct view *view);
void refs_find(struct refs *refs); /* times, ordinals and numbers, in this order */
offer_set offers_match_in_zone(const struct view *view, const struct timex *timex,
                               const struct zone *zone, bool weekday);
bool is_bare_weekday(const struct text *text, struct span tokens, const struct timex *timex);
bool is_week_ahead(const struct view *view, struct span tokens, const struct timex *timex);
bool is_night_by_chance(const struct view *view, const struct timex *timex);
struct interval timex_shifted(const struct timex *timex, const struct view *view,
                              const struct zone *zone, int64_t days, int64_t hours);

/* meant.c */
/* Takes from the references what their words take back, ask about or say of whole weeks. */
void refs_drop(struct refs *refs);
/* Joins the days and hours that belong together, once it is known what is said of each. */
/* "Same time": words that keep the hour; and the hour that some offers share. */
bool keeps_hour(const struct text *text);
bool shared_hour(const struct view *view, offer_set some, struct civil *hour);
void refs_join(struct refs *refs);
/* A weekday without a date is that of the offers, even at another hour than offered: days to it. */
int64_t weeks_to_offers(const struct view *view, const struct timex *timex, struct span tokens);
bool counts_weeks(const struct text *text, struct span tokens); /* "a week later" */

/* judge.c */
void refs_judge(struct refs *refs);
/* A judgement without a time or number: "ça me va", "impossible". */
bool has_judgement(const struct text *text, enum polarity polarity);
bool is_conditional(const struct text *text);
/* A condition that the offers themselves answer: those that end in time are accepted.
 * False when none does, or the condition is another. */
offer_set over_before_leaving(struct refs *refs); /* by the hour at which the writer leaves */
bool condition_met(const struct view *view, offer_set *accepted);

#endif
