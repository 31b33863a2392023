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
enum { WINDOWS_MAX = 4, NOTES_MAX = TIMEX_WISHES_MAX };
struct window {
    int32_t t0, t1; /* seconds of the day; t1 at most a day and a half */
};
/* The words that decided something; end 0: none. */
struct wish_cue {
    enum cue cue;
    uint32_t token, end;
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
    bool own_week; /* "my week": the one that is spoken of, never another */
    bool engaged;  /* what the writer does then: "mardi j'ai le conseil" */
    bool told;     /* engaged by the look of it: a statement that welcomes nothing */
    bool sure;     /* told, and its form leaves no doubt */
    bool given;    /* dropped as part of a reason: "because we start at 11" */
    bool aside;    /* no matter of when to meet */
    bool opens;    /* "I land at 3, any time after that": only what lies behind it is possible */
    bool away;     /* until when, or the whole week, of such a statement */
    struct wish_cue cue; /* with a trace: what made it more or less than allowed */
};
struct note_list {
    struct note *items;
    size_t count, capacity;
};

/* What the scan notes for those who ask why (wish_trace.c). */
enum trace_bit {
    TRACE_EXCLUDING,
    TRACE_WISHING,
    TRACE_AVOIDING,
    TRACE_FALLBACK,
    TRACE_RETURNING,
    TRACE_NOISE,
    TRACE_REASON,
    TRACE_CONDITION,
    TRACE_ENDING,
    TRACE_PENDING,
    TRACE_GREETING,
    TRACE_BITS,
};
/* A mention that became no note. */
struct wish_aside {
    uint32_t token_start, token_end;
    enum timex_stance stance;
    struct wish_cue cue;
};
struct wish_aside_list {
    struct wish_aside *items;
    size_t count, capacity;
};
enum { TRACED_MAX = 200 };
struct wish_trace {
    uint32_t state; /* bits of what holds */
    uint32_t notes[TRACED_MAX]; /* of the first ones */
    size_t count;
    struct wish_cue by[TRACE_BITS]; /* what made it hold */
    struct wish_aside_list asides;
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
    struct wish_trace *trace; /* NULL: nobody asks why */
    bool limited;             /* there was more than NOTES_MAX */
};

/* wish_note.c */
bool note_from(struct wish_reader *w, const struct mention *mention, struct note *out);
struct span_set note_spans(const struct wish_reader *w, const struct note *note);
/* What of a set is not farther than that from the horizon, or else how it begins: a range of
 * centuries is not counted out in days. */
struct span_set spans_near(const struct wish_reader *w, struct span_set set, int days);
/* wish_scan.c */
void wish_scan(struct wish_reader *w, struct mention_found_list *mentions);
/* wish_taken.c: each is asked at a token; *end is the token behind the words. */
bool taken_day_at(const struct wish_reader *w, size_t token, size_t *end);
bool taken_days_are_at(const struct wish_reader *w, size_t token, size_t *end);
bool engaged_at(const struct wish_reader *w, size_t token, size_t *end);
bool kept_at(const struct wish_reader *w, size_t token, size_t *end);
/* What a word does to a statement that no cue judges. */
enum statement_word { STATEMENT_NOTHING, STATEMENT_SUBJECT, STATEMENT_WELCOME, STATEMENT_OTHER };
enum statement_word statement_word(const struct token *token);
/* What its form does to the days of a statement. */
enum statement {
    STATEMENT_UNKNOWN,
    STATEMENT_TAKEN, /* the writer is taken then */
    STATEMENT_MAYBE, /* it looks so */
    STATEMENT_LIKELY, /* it looks so, though a verb in it may also plan a meeting */
    STATEMENT_WISH,  /* a time that is wished for or asked about */
    STATEMENT_ASIDE, /* no matter of when to meet: "could you send it by Friday" */
};
/* wish_statement.c */
bool is_deadline(const struct note *n); /* "by Thursday" */
/* Of the tokens [from, end); `note`: its first. */
enum statement statement_read(const struct wish_reader *w, size_t from, size_t end, size_t note);
bool is_own_week(const struct wish_reader *w, const struct mention *mention);
bool is_until(const struct note *n); /* "until the 20th", however it is meant */
bool is_clock_elsewhere(const struct wish_reader *w, const struct note *n);
bool is_equation(const struct wish_reader *w, const struct note *a, const struct note *b);
bool verdict_alone(const struct wish_reader *w, size_t first, size_t token);
bool is_topic_noun(const struct wish_reader *w, size_t token);
/* wish_sense.c: "After Saturday's open day" says nothing of what Saturday is. */
bool sense_possessive(const struct wish_reader *w, size_t token);
/* After drop_past: what "my week" and the writer's engagements come to among all notes. */
void settle_taken(struct wish_reader *w);
/* wish_trace.c: around each cue (NULL: a mention, or the end of a sentence). */
void trace_before(struct wish_reader *w, uint32_t state);
void trace_after(struct wish_reader *w, uint32_t state, const struct wish_cue *cue);
void trace_greeting(struct wish_reader *w, const struct mention *mention);
void trace_any_day(struct wish_reader *w, const struct mention *mention);
/* The note of the expression, or NULL. Both stand in the order of the text: `next` goes on. */
const struct note *scope_note(const struct wish_reader *w, const struct timex *timex, size_t *next);
/* What is done with it (NULL: no note), after drop_past and before wish_join. */
void scope_explain(const struct wish_reader *w, const struct note *n, struct timex *timex);
/* Where the message puts its weekday, after wish_join. */
void scope_place(const struct wish_reader *w, const struct note *n, struct timex *timex);
/* wish_join.c */
void wish_join(struct wish_reader *w);

#endif
