#ifndef RENDEZ_DOMAIN_TIMEX_WISH_H
#define RENDEZ_DOMAIN_TIMEX_WISH_H

#include "domain/timex/cues.h"
#include "domain/timex/spans.h"

/* Inside of timex_wishes: every mention becomes a note that says which days and hours it
 * means and what the words around it do with them; the notes together give the sets. */

enum note_kind {
    NOTE_DAYS, /* days without hours */
    NOTE_TIME, /* hours without days */
    NOTE_BOTH,
    NOTE_BOUND, /* everything before or after some day */
};
enum { WINDOWS_MAX = 4, NOTES_MAX = 100 };
struct window {
    int32_t t0, t1; /* seconds of the day; t1 at most a day and a half */
};
struct note {
    enum note_kind kind;
    struct span_set spans; /* the days, or the bound itself */
    struct span_set all;   /* days and hours together, once the notes are joined */
    struct window windows[WINDOWS_MAX];
    size_t window_count;
    const struct meaning *meaning; /* NULL: made from an anaphora */
    uint32_t token_start, token_end;
    unsigned sentence, clause;
    bool excluded, wished, avoided, fallback; /* fallback: after "sinon" */
    bool absent, back, dropped, conditional;
    bool listed;    /* only "ou", "et" or a comma stand between the note before and this one */
    bool conjoined; /* only "ou", "et" */
    bool frame;     /* a week, a month, a range: others lie within it */
    bool each;      /* every such weekday */
    bool bare;      /* a weekday that only the frame can place */
    bool whole;     /* all day, said so */
    bool exact;     /* a time without its end */
    bool generic;   /* "le lundi": each one unless the context names a single one */
    int8_t wd;
    bool floating;             /* "milieu de semaine": of the week that is spoken of */
    const struct zone *zone;   /* of the hours, when another than the writer's was said */
    struct span_set condition; /* holds only on these days */
    bool has_condition;
    bool ends;
    bool than; /* the lesser of two that are both possible */
};
struct note_list {
    struct note *items;
    size_t count, capacity;
};

struct wish_reader {
    struct reader *reader;
    struct arena *arena;
    struct span_set horizon;
    int64_t from, to;
    bool request;
    struct note_list notes;
    bool all;            /* "n'importe quand", "otherwise open" */
    bool writer_decides; /* a condition that only the writer can decide */
    bool any_day;        /* a quantifier over days */
    enum timex_doubt doubt;
};

/* wish_note.c */
bool note_from(struct wish_reader *w, const struct mention *mention, struct note *out);
struct span_set note_spans(const struct wish_reader *w, const struct note *note);
/* wish_scan.c */
void wish_scan(struct wish_reader *w, struct mention_found_list *mentions);
/* wish_join.c */
void wish_join(struct wish_reader *w);

#endif
