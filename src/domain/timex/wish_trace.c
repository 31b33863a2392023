#include "domain/timex/wish.h"

/* Which words decided what the message does with each time it names. The scan tells what
 * holds before and after each cue and each mention; what is new is the doing of the cue. */

enum note_bit { /* as enum trace_bit */
    NOTE_EXCLUDED = 1 << TRACE_EXCLUDING,
    NOTE_WISHED = 1 << TRACE_WISHING,
    NOTE_AVOIDED = 1 << TRACE_AVOIDING,
    NOTE_FALLBACK = 1 << TRACE_FALLBACK,
    NOTE_BACK = 1 << TRACE_RETURNING,
    NOTE_DROPPED = 1 << TRACE_NOISE,
};

static uint32_t note_bits(const struct note *n)
{
    return (n->excluded ? NOTE_EXCLUDED : 0u) | (n->wished ? NOTE_WISHED : 0u) |
           (n->avoided ? NOTE_AVOIDED : 0u) | (n->fallback || n->than ? NOTE_FALLBACK : 0u) |
           (n->back ? NOTE_BACK : 0u) | (n->dropped ? NOTE_DROPPED : 0u);
}

/* What a cue begins even where it holds already: "pas mardi, ni jeudi". */
static uint32_t begun_by(enum cue cue)
{
    switch (cue) {
    case CUE_NOT:
    case CUE_EXCEPT:
    case CUE_ABSENT:
        return 1u << TRACE_EXCLUDING;
    case CUE_PREFER:
        return 1u << TRACE_WISHING;
    case CUE_ELSE:
        return 1u << TRACE_FALLBACK;
    case CUE_NOISE:
        return 1u << TRACE_NOISE;
    default:
        return 0;
    }
}

static size_t traced(const struct wish_reader *w)
{
    return w->notes.count < TRACED_MAX ? w->notes.count : TRACED_MAX;
}

void trace_before(struct wish_reader *w, uint32_t state)
{
    struct wish_trace *trace = w->trace;
    trace->state = state;
    trace->count = traced(w);
    for (size_t i = 0; i < trace->count; i++)
        trace->notes[i] = note_bits(&w->notes.items[i]);
}

/* The cue that gave a note its new bits, as far as they came from what held before it. */
static struct wish_cue held(const struct wish_trace *trace, uint32_t bits, bool is_new)
{
    const uint32_t state = trace->state;
    if (bits & NOTE_DROPPED)
        return trace->by[state & 1u << TRACE_NOISE      ? TRACE_NOISE
                         : state & 1u << TRACE_REASON ? TRACE_REASON
                                                        : TRACE_CONDITION];
    if (bits & NOTE_EXCLUDED)
        return trace->by[state & 1u << TRACE_EXCLUDING ? TRACE_EXCLUDING
                         : state & 1u << TRACE_PENDING ? TRACE_PENDING
                                                       : TRACE_ENDING];
    if (bits & NOTE_WISHED)
        return trace->by[!is_new && !(state & 1u << TRACE_WISHING) ? TRACE_FALLBACK
                                                                   : TRACE_WISHING];
    return trace->by[bits & NOTE_AVOIDED    ? TRACE_AVOIDING
                     : bits & NOTE_FALLBACK ? TRACE_FALLBACK
                                            : TRACE_RETURNING];
}

void trace_after(struct wish_reader *w, uint32_t state, const struct wish_cue *cue)
{
    struct wish_trace *trace = w->trace;
    uint32_t begun = cue != NULL ? state & (~trace->state | begun_by(cue->cue)) : 0;
    for (int i = 0; i < TRACE_BITS; i++)
        if (begun & 1u << i)
            trace->by[i] = *cue;
    for (size_t i = 0; i < traced(w); i++) {
        bool is_new = i >= trace->count;
        uint32_t bits = note_bits(&w->notes.items[i]) & ~(is_new ? 0u : trace->notes[i]);
        if (bits != 0)
            w->notes.items[i].cue = cue != NULL ? *cue : held(trace, bits, is_new);
        trace->notes[i] = note_bits(&w->notes.items[i]);
    }
}

void trace_greeting(struct wish_reader *w, const struct mention *mention)
{
    if (w->trace == NULL)
        return;
    struct wish_aside aside = {mention->token_start, mention->token_end, STANCE_IGNORED,
                               w->trace->by[TRACE_GREETING]};
    ARENA_PUSH(w->arena, &w->trace->asides, aside);
}

void trace_any_day(struct wish_reader *w, const struct mention *mention)
{
    if (w->trace == NULL)
        return;
    struct wish_aside aside = {mention->token_start, mention->token_end, STANCE_ALLOWED, {0}};
    ARENA_PUSH(w->arena, &w->trace->asides, aside);
}

/* Results */

static enum timex_cause cause_of(enum cue cue)
{
    static const uint8_t causes[CUE_COUNT_] = {
        [CUE_NOT] = CAUSE_NEGATION,        [CUE_NOT_BACK] = CAUSE_NEGATION,
        [CUE_REFUSE_BACK] = CAUSE_NEGATION, [CUE_EXCEPT] = CAUSE_EXCEPTION,
        [CUE_ABSENT] = CAUSE_ABSENCE,      [CUE_BACK] = CAUSE_RETURN,
        [CUE_PREFER] = CAUSE_PREFERENCE,   [CUE_PREFER_BACK] = CAUSE_PREFERENCE,
        [CUE_RATHER] = CAUSE_PREFERENCE,   [CUE_THAN] = CAUSE_PREFERENCE,
        [CUE_ONLY] = CAUSE_PREFERENCE,     [CUE_AVOID] = CAUSE_RELUCTANCE,
        [CUE_ELSE] = CAUSE_ALTERNATIVE,    [CUE_WORSE] = CAUSE_ALTERNATIVE,
        [CUE_WRONG] = CAUSE_CORRECTION,    [CUE_IF] = CAUSE_CONDITION,
        [CUE_IF_DAY] = CAUSE_CONDITION,    [CUE_ENDS] = CAUSE_ENDING,
        [CUE_REASON] = CAUSE_REASON,       [CUE_NOISE] = CAUSE_ASIDE,
        [CUE_GREETING] = CAUSE_GREETING,
    };
    return (enum timex_cause)causes[cue];
}

static enum timex_stance stance_of(const struct note *n)
{
    if (n->dropped)
        return STANCE_IGNORED;
    if (n->excluded)
        return STANCE_EXCLUDED;
    if (n->wished)
        return STANCE_PREFERRED;
    if (n->avoided)
        return STANCE_AVOIDED;
    return n->fallback || n->than ? STANCE_FALLBACK : STANCE_ALLOWED;
}

static void put(const struct wish_reader *w, struct timex *timex, enum timex_stance stance,
                const struct wish_cue *cue)
{
    const struct token *tokens = w->reader->tokens.items;
    struct timex_explanation *out = timex->explanation;
    out->stance = stance;
    out->cause = cause_of(cue->cue);
    if (cue->end <= cue->token)
        return;
    out->cue_offset = tokens[cue->token].offset;
    out->cue_length = tokens[cue->end - 1].offset + tokens[cue->end - 1].length - out->cue_offset;
}

static bool overlaps(const struct wish_reader *w, const struct timex *timex, uint32_t start,
                     uint32_t end)
{
    const struct token *a = &w->reader->tokens.items[start];
    const struct token *b = &w->reader->tokens.items[end - 1];
    return a->offset < timex->offset + timex->length && timex->offset < b->offset + b->length;
}

const struct note *scope_note(const struct wish_reader *w, const struct timex *timex, size_t *next)
{
    const struct token *tokens = w->reader->tokens.items;
    for (; *next < w->notes.count; ++*next) {
        const struct note *n = &w->notes.items[*next];
        if (tokens[n->token_start].offset >= timex->offset + timex->length)
            return NULL;
        if (n->meaning != NULL && overlaps(w, timex, n->token_start, n->token_end))
            return n;
    }
    return NULL;
}

static void put_note(const struct wish_reader *w, const struct note *n, struct timex *timex)
{
    static const struct wish_cue none;
    size_t index = (size_t)(n - w->notes.items);
    bool past = n->dropped && index < TRACED_MAX && !(w->trace->notes[index] & NOTE_DROPPED);
    put(w, timex, stance_of(n), past ? &none : &n->cue);
    if (past)
        timex->explanation->cause = CAUSE_PAST;
}

static void explain_aside(const struct wish_reader *w, struct timex *timex)
{
    for (size_t i = 0; i < w->trace->asides.count; i++) {
        const struct wish_aside *aside = &w->trace->asides.items[i];
        if (overlaps(w, timex, aside->token_start, aside->token_end))
            put(w, timex, aside->stance, &aside->cue);
    }
}

void scope_explain(const struct wish_reader *w, const struct note *n, struct timex *timex)
{
    if (n != NULL)
        put_note(w, n, timex);
    else
        explain_aside(w, timex);
}

void scope_place(const struct wish_reader *w, const struct note *n, struct timex *timex)
{
    if (n == NULL || !n->bare || n->each || n->spans.count == 0)
        return;
    struct civil_date day = civil_date_from_days(n->spans.items[0].a / 86400);
    if (civil_date_to_days(day) != civil_date_to_days(timex->start.date))
        timex->explanation->placed =
            arena_format(w->arena, "%04d-%02d-%02d", day.year, day.month, day.day);
}
