#include "domain/intent/internal.h"

/* How likely a reading is to be right: evidence, weighed as confidence.def says. */

static const struct {
    const char *name;
    int32_t weight;
} signs[EVIDENCE_COUNT_] = {
#define EVIDENCE(name, prior, weight) [EVIDENCE_##name] = {#name, weight},
#include "domain/intent/confidence.def"
#undef EVIDENCE
};

const char *evidence_name(enum evidence_sign sign)
{
    return signs[sign].name;
}

/* 1000 / (1 + e^-x) for x = 0, 0.5, 1, …, 6; a table, so that every machine agrees. */
static const uint32_t logistic[] = {500, 622, 731, 818, 881, 924, 953, 971, 982, 989, 993, 996, 998};
enum { LOGISTIC_STEP = 500, LOGISTIC_LAST = sizeof logistic / sizeof *logistic - 1 };

static uint32_t permille(int32_t log_odds)
{
    int32_t x = log_odds < 0 ? -log_odds : log_odds;
    uint32_t at = (uint32_t)x / LOGISTIC_STEP, rest = (uint32_t)x % LOGISTIC_STEP;
    uint32_t value = at >= LOGISTIC_LAST
                         ? logistic[LOGISTIC_LAST]
                         : logistic[at] + (logistic[at + 1] - logistic[at]) * rest / LOGISTIC_STEP;
    return log_odds < 0 ? 1000 - value : value;
}

static uint8_t at_most(size_t count, uint8_t most)
{
    return count < most ? (uint8_t)count : most;
}

/* Which phrases speak for which acts. */
static const struct {
    enum cue cue;
    uint32_t acts; /* bits of enum intent */
} speaks_for[] = {
    {CUE_ACCEPT, 1u << INTENT_ACCEPT | 1u << INTENT_THANKS | 1u << INTENT_LATE}, /* "I'll be" */
    {CUE_ANY, 1u << INTENT_ACCEPT},
    {CUE_BOTH, 1u << INTENT_ACCEPT},
    {CUE_ONLY, 1u << INTENT_ACCEPT | 1u << INTENT_COUNTER},
    {CUE_FREE, 1u << INTENT_ACCEPT | 1u << INTENT_COUNTER | 1u << INTENT_RESCHEDULE},
    {CUE_PREFER, 1u << INTENT_ACCEPT | 1u << INTENT_COUNTER | 1u << INTENT_RESCHEDULE |
                     1u << INTENT_CHANGE},
    {CUE_NONE, 1u << INTENT_COUNTER | 1u << INTENT_RESCHEDULE},
    {CUE_REFUSE, 1u << INTENT_COUNTER | 1u << INTENT_RESCHEDULE | 1u << INTENT_DECLINE |
                     1u << INTENT_ACCEPT | 1u << INTENT_CANCEL},
    {CUE_BUSY, 1u << INTENT_COUNTER | 1u << INTENT_RESCHEDULE | 1u << INTENT_ACCEPT},
    {CUE_REQUEST, 1u << INTENT_REQUEST | 1u << INTENT_RESCHEDULE | 1u << INTENT_CHANGE |
                      1u << INTENT_COUNTER},
    {CUE_OFFER_PROMISE, 1u << INTENT_REQUEST},
    {CUE_WISH_TO_MEET, 1u << INTENT_REQUEST},
    {CUE_DECLINE, 1u << INTENT_DECLINE | 1u << INTENT_CANCEL},
    {CUE_CANCEL, 1u << INTENT_CANCEL | 1u << INTENT_DECLINE},
    {CUE_RESCHEDULE, 1u << INTENT_RESCHEDULE | 1u << INTENT_COUNTER},
    {CUE_MISHAP, 1u << INTENT_RESCHEDULE | 1u << INTENT_CANCEL | 1u << INTENT_DECLINE},
    {CUE_LATE, 1u << INTENT_LATE},
    {CUE_CHANGE, 1u << INTENT_CHANGE},
    {CUE_ADD, 1u << INTENT_CHANGE},
    {CUE_REMOVE, 1u << INTENT_CHANGE},
    {CUE_OPTIONAL, 1u << INTENT_CHANGE | 1u << INTENT_REQUEST},
    {CUE_DELEGATE, 1u << INTENT_DELEGATE},
    {CUE_THANKS, 0x3fff}, /* said with anything */
    {CUE_HOLD, 1u << INTENT_THANKS},
    {CUE_THREAT, 1u << INTENT_HOSTILE},
    {CUE_COMPLAINT, 1u << INTENT_HOSTILE},
    {CUE_OFFTOPIC, 1u << INTENT_OTHER},
};

/* "I have to call it off - I don't know when I'll be back" is sure of what it does. */
static size_t hedges_that_count(const struct view *view)
{
    const struct text *text = &view->text;
    size_t count = 0;
    uint32_t settled = 0; /* "j'hésite entre lundi et jeudi... allez, jeudi" */
    for (size_t i = 0; i < text->cues.count; i++)
        if (text->cues.items[i].cue == CUE_RETRACT)
            settled = text->cues.items[i].tokens.first;
    bool leaves = view->out->intent == INTENT_CANCEL || view->out->intent == INTENT_DECLINE ||
                  view->out->intent == INTENT_LATE;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        bool own = cue_in_clause(text, CUE_CANCEL, hit->clause) ||
                   cue_in_clause(text, CUE_DECLINE, hit->clause) ||
                   cue_in_clause(text, CUE_LATE, hit->clause);
        count += hit->cue == CUE_HEDGE && hit->tokens.first >= settled && (!leaves || own);
    }
    return count;
}

static void weigh_phrases(const struct view *view, uint8_t *amounts)
{
    const struct text *text = &view->text;
    size_t support = 0, rivals = 0;
    for (size_t i = 0; i < sizeof speaks_for / sizeof *speaks_for; i++) {
        size_t count = 0;
        for (size_t k = 0; k < text->cues.count; k++)
            count += text->cues.items[k].cue == speaks_for[i].cue &&
                     !(text->cues.items[k].cue == CUE_DELEGATE && text->cues.items[k].negated);
        bool own = (speaks_for[i].acts >> view->out->intent & 1) != 0;
        support += own && speaks_for[i].cue != CUE_THANKS ? count : 0;
        rivals += !own && count > 0;
    }
    amounts[EVIDENCE_SUPPORT] = at_most(support, 3);
    amounts[EVIDENCE_RIVALS] = view->out->intent == INTENT_REQUEST ? 0 : at_most(rivals, 3);
    amounts[EVIDENCE_HEDGES] = at_most(hedges_that_count(view), 2);
    amounts[EVIDENCE_CONDITION] = cue_count(text, CUE_CONDITION) > 0;
}


static uint8_t unread_tenths(const struct view *view)
{
    const struct text *text = &view->text;
    uint32_t words = 0, unread = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        if (token->kind != TOKEN_WORD || token->masked)
            continue;
        bool read = token->timex != 0 || token->idle || in_class(text, i, CLASS_small);
        for (size_t k = 0; k < text->cues.count && !read; k++)
            read = span_has(text->cues.items[k].tokens, i);
        for (size_t k = 0; k < view->out->spans.count && !read; k++) { /* "the second" */
            const struct span_item *span = &view->out->spans.items[k];
            read = span->offset <= token->offset && token->offset < span->offset + span->length;
        }
        words++;
        unread += !read;
    }
    return words == 0 ? 0 : (uint8_t)(unread * 10 / words);
}

static void weigh_words(const struct view *view, uint8_t *amounts)
{
    const struct text *text = &view->text;
    size_t words = 0, contrasts = 0;
    for (uint32_t i = 0; i < text->token_count; i++)
        words += text->tokens[i].kind != TOKEN_PUNCT && !text->tokens[i].masked;
    for (uint32_t i = 0; i < text->clause_count; i++)
        contrasts += text->clauses[i].contrast;
    amounts[EVIDENCE_SHORT] = words <= 3;
    amounts[EVIDENCE_LONG] = words > 30;
    amounts[EVIDENCE_CONTRAST] = at_most(contrasts, 2);
    amounts[EVIDENCE_UNREAD] = unread_tenths(view);
}

static void weigh_times(const struct view *view, uint8_t *amounts)
{
    const struct timex_list *timexes = &view->text.timexes;
    size_t doubts = 0;
    for (size_t i = 0; i < timexes->count; i++)
        doubts += timexes->items[i].doubt != TIMEX_CLEAR;
    amounts[EVIDENCE_TIME_DOUBT] = doubts > 0;
    amounts[EVIDENCE_TIMES] = timexes->count == 0 ? 0 : at_most(timexes->count - 1, 3);
}

static enum evidence_sign sign_of_act(const struct reading *reading)
{
    static const enum evidence_sign signs_of_acts[INTENT_COUNT_] = {
        [INTENT_OTHER] = EVIDENCE_ACT_OTHER,        [INTENT_REQUEST] = EVIDENCE_ACT_REQUEST,
        [INTENT_ACCEPT] = EVIDENCE_ACT_NUMBERED,    [INTENT_DECLINE] = EVIDENCE_ACT_LEAVES,
        [INTENT_COUNTER] = EVIDENCE_ACT_COUNTER,    [INTENT_RESCHEDULE] = EVIDENCE_ACT_MOVES,
        [INTENT_CANCEL] = EVIDENCE_ACT_LEAVES,      [INTENT_LATE] = EVIDENCE_ACT_MOVES,
        [INTENT_CHANGE] = EVIDENCE_ACT_CHANGES,     [INTENT_DELEGATE] = EVIDENCE_ACT_CHANGES,
        [INTENT_INFORM] = EVIDENCE_ACT_CHANGES,     [INTENT_QUESTION] = EVIDENCE_ACT_ASKS,
        [INTENT_THANKS] = EVIDENCE_ACT_THANKS,      [INTENT_UNCLEAR] = EVIDENCE_ACT_OTHER,
        [INTENT_HOSTILE] = EVIDENCE_ACT_LEAVES,
    };
    if (reading->intent == INTENT_ACCEPT && reading->any_offer)
        return EVIDENCE_ACT_ANY;
    if (reading->intent == INTENT_ACCEPT && reading->accepted.count == 0)
        return EVIDENCE_ACT_VAGUE;
    return signs_of_acts[reading->intent];
}

void evidence_collect(const struct view *view, enum rule_strength strength, struct evidence *out)
{
    *out = (struct evidence){0};
    uint8_t *amounts = out->amounts;
    amounts[EVIDENCE_BASE] = 1;
    amounts[sign_of_act(view->out)] = 1;
    amounts[EVIDENCE_RULE_FAIR] = strength == RULE_FAIR;
    amounts[EVIDENCE_RULE_LOW] = strength == RULE_LOW;
    amounts[EVIDENCE_ASKS_TOO] = view->out->asks_question && view->out->intent != INTENT_QUESTION;
    amounts[EVIDENCE_SUSPICIOUS] = view->out->suspicious;
    weigh_phrases(view, amounts);
    if (view->out->intent == INTENT_REQUEST)
        return; /* says much that an answer does not: times, people, reasons */
    weigh_words(view, amounts);
    weigh_times(view, amounts);
}

uint32_t evidence_weigh(const struct evidence *evidence)
{
    int32_t sum = 0;
    for (int i = 0; i < EVIDENCE_COUNT_; i++)
        sum += signs[i].weight * evidence->amounts[i];
    return permille(sum);
}
