#ifndef RENDEZ_DOMAIN_TIMEX_H
#define RENDEZ_DOMAIN_TIMEX_H

#include "domain/people/people.h"

/* Dates, times, durations, recurrences and windows in French and English text.
 * A lexicon and rules per language (a folder each) give typed meanings; doubts are
 * results, never silent guesses. No I/O, no clock; work is bounded per text. */

enum { TIMEX_BODY_MAX = 64 * 1024, TIMEX_MAX = 200, TIMEX_WISHES_MAX = 100 };

enum timex_doubt {
    TIMEX_CLEAR,
    TIMEX_WHICH_WEEK,
    TIMEX_AM_PM,
    TIMEX_DAY_OR_MONTH,
    TIMEX_PAST,
    TIMEX_CONTRADICTION, /* weekday and date disagree, no such date, backwards range */
    TIMEX_OTHER,
};
extern const char *const timex_doubt_names[7]; /* "", "which_week", … */

enum timex_kind { TIMEX_INSTANT, TIMEX_INTERVAL, TIMEX_DURATION, TIMEX_SET };
extern const char *const timex_kind_names[4];
enum timex_grain {
    GRAIN_SECOND,
    GRAIN_MINUTE,
    GRAIN_HOUR,
    GRAIN_PART,
    GRAIN_DAY,
    GRAIN_WEEK,
    GRAIN_MONTH,
    GRAIN_QUARTER,
    GRAIN_YEAR,
};
extern const char *const timex_grain_names[9];
enum timex_open { TIMEX_BOUNDED, TIMEX_AFTER, TIMEX_BEFORE }; /* AFTER: no end */

/* One step of a derivation: a rule over the steps below it, or a word. Steps stand in
 * preorder, each with its depth, so that a list is the tree. */
struct timex_step {
    uint32_t depth;
    struct slice rule;          /* its name; empty: a word or a figure of the text */
    uint32_t offset, length;    /* the words it covers, in bytes of the body */
    struct slice kind, value;   /* "weekday", "tuesday"; kind "joint" says nothing of time */
    struct slice resolved;      /* "2026-12-08", when the value is a day on the calendar */
};
struct timex_step_list {
    struct timex_step *items;
    size_t count, capacity;
};

enum timex_loss {
    LOSS_SHORTER, /* leaves words of the expression unread */
    LOSS_RANK,    /* the same words, by rules of lower rank */
    LOSS_COVERED, /* shares words with better expressions */
    LOSS_DOUBT,   /* could be meant as well; that is the doubt */
};
extern const char *const timex_loss_names[4];
struct timex_rival {
    uint32_t offset, length;
    struct slice rule, kind, value, resolved;
    enum timex_loss loss;
    enum timex_doubt doubt; /* that this reading would carry */
};
struct timex_rival_list {
    struct timex_rival *items;
    size_t count, capacity;
};

/* What the message does with an expression. */
enum timex_stance {
    STANCE_NONE, /* no wish: a length, a greeting */
    STANCE_ALLOWED,
    STANCE_PREFERRED,
    STANCE_AVOIDED,  /* possible, but not liked */
    STANCE_FALLBACK, /* when nothing better is found */
    STANCE_EXCLUDED,
    STANCE_IGNORED, /* taken back, past, of something else */
};
extern const char *const timex_stance_names[7];
enum timex_cause {
    CAUSE_NONE,
    CAUSE_NEGATION,   /* pas, not */
    CAUSE_EXCEPTION,  /* sauf, except, any day but */
    CAUSE_ABSENCE,    /* en congé, out of office */
    CAUSE_RETURN,     /* de retour, back */
    CAUSE_PREFERENCE, /* plutôt, ideally */
    CAUSE_RELUCTANCE, /* rather not */
    CAUSE_ALTERNATIVE, /* sinon, failing that */
    CAUSE_CORRECTION, /* pardon, scratch that */
    CAUSE_CONDITION,  /* si, if */
    CAUSE_ENDING,     /* je finis à, I leave at */
    CAUSE_REASON,     /* that's our stand-up */
    CAUSE_ASIDE,      /* facture du, signed on */
    CAUSE_GREETING,   /* bonne, have a great */
    CAUSE_PAST,       /* already over; no word says it */
};
extern const char *const timex_cause_names[15];

enum { TIMEX_RIVALS_MAX = 6, TIMEX_STEPS_MAX = 60 };
struct timex_explanation {
    struct timex_step_list steps;   /* at most TIMEX_STEPS_MAX */
    struct timex_rival_list rivals; /* at most TIMEX_RIVALS_MAX, the strongest first */
    uint32_t rivals_left;           /* how many more lost */
    enum timex_stance stance;
    enum timex_cause cause;
    uint32_t cue_offset, cue_length; /* the words that say so; length 0: none */
    struct slice placed; /* "2026-12-03": where the message puts a weekday ("next week … Thursday");
                            empty: as read */
};

struct timex {
    struct slice text;       /* borrowed from the body */
    uint32_t offset, length; /* of it, in bytes */
    enum timex_kind kind;
    enum timex_grain grain;
    struct civil start, end; /* half-open; for an instant, the span of its grain */
    enum timex_open open;
    int64_t duration_s, duration_months; /* DURATION */
    struct slice rrule;                  /* SET, RFC 5545 without the name */
    bool has_clock;                      /* a time of day was said */
    bool clock_only;                     /* only a time of day was said; the date is a guess */
    struct slice zone;                   /* IANA name said ("heure de Londres"); "writer" for "my
                                            time", "reader" for "15h chez vous"; else empty. start
                                            and end are readings in that zone */
    enum timex_doubt doubt;
    bool exception;                        /* SET: something is taken out of it */
    bool negated; /* the message rules it out: "pas", "sauf", "except", …; with context.scope */
    struct timex_explanation *explanation; /* NULL without context.explain */
};
struct timex_list {
    struct timex *items;
    size_t count, capacity;
};
extern const struct record_type timex_record;

struct timex_context {
    struct civil ref;        /* writer's local time when it was written */
    enum language language;  /* UNKNOWN: both lexicons */
    bool month_first;        /* American order of numeric dates */
    bool scope;              /* fill timex.negated; explain does so too */
    bool explain;            /* fill timex.explanation */
    const struct zone *zone; /* the writer's; for zones said in the text; may be NULL */
    const struct zone *reader; /* of whom "your time" means; NULL: not known */
};

/* Finds every expression, in order of appearance.
 * ST_INVALID  not UTF-8; why->offset is the first bad byte
 * ST_LIMIT    body too long; more than TIMEX_MAX expressions; more than 6000 words and marks, or
 *             more to try than any real text needs (the bounds of work in internal.h). Nothing
 *             is found then: the beginning alone could say otherwise than the whole */
MUST_USE enum status timex_find(struct slice body, const struct timex_context *context,
                                struct arena *arena, struct timex_list *found, struct problem *why);

/* What looks like a time and is none. */
enum timex_mistake {
    MISTAKE_TELEPHONE,
    MISTAKE_PRICE, /* or a count of things */
    MISTAKE_REFERENCE,
    MISTAKE_ADDRESS, /* of a street */
    MISTAKE_LINK,
    MISTAKE_GREETING,
    MISTAKE_IMPOSSIBLE, /* no such day or hour */
};
extern const char *const timex_mistake_names[7];
struct timex_ignored {
    uint32_t offset, length;
    enum timex_mistake mistake;
};
struct timex_ignored_list {
    struct timex_ignored *items;
    size_t count, capacity;
};
extern const struct record_type timex_ignored_record;

enum { TIMEX_IGNORED_MAX = 40 };
/* The words that timex_find leaves out for such a reason, in order; at most TIMEX_IGNORED_MAX. */
MUST_USE enum status timex_find_ignored(struct slice body, const struct timex_context *context,
                                        struct arena *arena, struct timex_ignored_list *out,
                                        struct problem *why);

/* What a whole message allows: sentences, negation, exception, alternatives,
 * preference, correction, absence. Rules: corpora README-wishes. */
struct wishes {
    bool constrained; /* the text says something of time; else everything is allowed */
    struct civil_interval_list allowed, preferred; /* sorted; in the writer's zone */
    struct civil_interval_list excluded;           /* what the words rule out explicitly */
    bool hours_named;                              /* clock times or parts of day were said */
    enum timex_doubt doubt;
};
extern const struct record_type wishes_record;

/* Over [ref, ref + horizon_days). An excluded time never comes out as allowed.
 *   request  the writer asks for a meeting (else answers): a bare mention lists
 * ST_LIMIT  as for timex_find; more than TIMEX_WISHES_MAX days and hours that are wished or
 *           ruled out */
MUST_USE enum status timex_wishes(struct slice body, const struct timex_context *context,
                                  uint32_t horizon_days, bool request, struct arena *arena,
                                  struct wishes *out, struct problem *why);

/* FR or EN by its words; UNKNOWN for too little text. */
enum language timex_language(struct slice text);

/* How many letters of a folded word stand before an apostrophe that was left out ("cant": 3), 0 if
 * none was. `hash` is its word_hash; UNKNOWN: in any language. */
size_t timex_elided(struct slice folded, uint32_t hash, enum language language);

#endif
