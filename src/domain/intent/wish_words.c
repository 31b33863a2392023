/* The text in which wishes of time are looked for: what must not be read as one is blank. */
#include <string.h>

#include "domain/intent/offers.h"


struct blank {
    const struct view *view;
    const struct text *text;
    char *body; /* a copy */
    bool week_after;         /* speaks_of_week_after */
    int32_t offered, other;  /* the first two sentences that offer days; -1: none */
};

static void blank_tokens(struct blank *b, struct span span)
{
    if (span.first >= span.end)
        return;
    const struct token *last = &b->text->tokens[span.end - 1];
    size_t from = b->text->tokens[span.first].offset, to = last->offset + last->length;
    for (size_t i = from; i < to; i++)
        if (b->body[i] != '\n')
            b->body[i] = ' ';
    for (uint32_t t = span.first; t < span.end; t++) { /* what stood before ends there still */
        const struct token *token = &b->text->tokens[t];
        size_t next = token->offset + 1;
        bool ends = next >= b->text->body.len || ascii_is_space(b->text->body.data[next]); /* no "5.30" */
        if (token->kind == TOKEN_PUNCT && ends && token->length == 1 &&
            strchr(".!?", b->text->body.data[token->offset]) != NULL)
            b->body[token->offset] = b->text->body.data[token->offset];
    }
}

static struct span clause_rest(const struct text *text, const struct cue_hit *hit)
{
    return (struct span){hit->tokens.first, text->clauses[hit->clause].tokens.end};
}

static bool cue_after(const struct text *text, enum cue cue, const struct cue_hit *hit)
{
    if (!cue_in_clause(text, cue, hit->clause))
        return false;
    for (size_t i = cue_from(text, hit->tokens.end); i < text->cues.count; i++)
        if (text->cues.items[i].cue == cue && text->cues.items[i].clause == hit->clause)
            return true;
    return false;
}

/* Another person's day in a request: "he is at the yard in the afternoon", unless it
 * says when that person is free. */
static bool is_third_party(const struct text *text, const struct cue_hit *hit)
{
    return !cue_in_clause(text, CUE_FREE, hit->clause) &&
           !cue_in_clause(text, CUE_ACCEPT, hit->clause) &&
           !cue_in_clause(text, CUE_REFUSE, hit->clause) &&
           !cue_in_clause(text, CUE_BUSY, hit->clause) &&
           !cue_in_clause(text, CUE_REQUEST, hit->clause) &&
           !cue_in_clause(text, CUE_OFFER_PROMISE, hit->clause);
}

static bool offers_day(const struct text *text, const struct token *token)
{
    if (token->timex == 0 || token->masked || cue_in_sentence(text, CUE_BUSY, token->sentence) ||
        cue_in_sentence(text, CUE_REFUSE, token->sentence))
        return false;
    const struct timex *timex = &text->timexes.items[token->timex - 1];
    return timex->kind != TIMEX_DURATION && !timex->clock_only && !timex->negated &&
           timex->grain <= GRAIN_DAY;
}

static void find_days_offered(struct blank *b)
{
    b->offered = b->other = -1;
    for (uint32_t i = 0; i < b->text->token_count && b->other < 0; i++) {
        int32_t sentence = b->text->tokens[i].sentence;
        if (sentence == b->offered || !offers_day(b->text, &b->text->tokens[i]))
            continue;
        b->other = b->offered < 0 ? -1 : sentence;
        b->offered = b->offered < 0 ? sentence : b->offered;
    }
}

/* An absence beside days that are offered says nothing more of those days. */
static bool days_are_offered(const struct blank *b, int32_t but_sentence)
{
    return b->offered >= 0 && (b->offered != but_sentence || b->other >= 0);
}

bool week_after_at(const struct text *text, uint32_t at)
{
    if (in_class(text, at, CLASS_week_fr))
        return (in_class(text, at + 1, CLASS_short_of) && in_class(text, at + 2, CLASS_week_after_apres)) ||
               in_class(text, at + 1, CLASS_week_after_suivante) ||
               (in_class(text, at + 1, CLASS_plus) && in_class(text, at + 2, CLASS_late_fr));
    if (in_class(text, at, CLASS_week_en))
        return in_class(text, at + 1, CLASS_later) ||
               (in_class(text, at + 1, CLASS_week_after_after) && !in_class(text, at + 2, CLASS_week_next));
    return in_class(text, at, CLASS_week_after_following) && in_class(text, at + 1, CLASS_week_en);
}

static bool speaks_of_week_after(const struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++)
        if (week_after_at(text, i))
            return true;
    return false;
}

/* "Un imprévu m'oblige à reporter à vendredi": where it goes is in the same clause. */
static bool moves_on(const struct text *text, const struct cue_hit *mishap)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_RESCHEDULE && hit->clause == mishap->clause &&
            hit->tokens.first >= mishap->tokens.end)
            return true;
    }
    return false;
}

/* "Filming until the 20th": behind which day others are counted. */
static bool says_until(const struct text *text, uint32_t sentence)
{
    struct span span = text->sentences[sentence].tokens;
    for (uint32_t i = span.first; i < span.end; i++)
        if (text->tokens[i].timex != 0 &&
            text->timexes.items[text->tokens[i].timex - 1].open == TIMEX_BEFORE)
            return true;
    return false;
}

/* "Le matin il est sur les machines", "she leaves at 5": what is told of a time bears on ours. */
static bool tells_of_time(const struct text *text, const struct cue_hit *third)
{
    for (uint32_t i = third->tokens.first; i <= third->tokens.end && i < text->token_count; i++)
        if (in_class(text, i, CLASS_leaves_work))
            return true;
    for (uint32_t i = text->clauses[third->clause].tokens.first; i < third->tokens.first; i++)
        if (text->tokens[i].timex != 0 && !text->tokens[i].masked)
            return true;
    return false;
}

/* "I bumped into Ann yesterday and we've agreed to speak on Wednesday": the past ends there. */
static struct span past_rest(const struct text *text, const struct cue_hit *past)
{
    struct span rest = clause_rest(text, past);
    for (size_t i = cue_from(text, past->tokens.end); i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->tokens.first >= rest.end)
            break;
        if (hit->cue == CUE_AGREED && !hit->negated && hit->tokens.end - hit->tokens.first > 1)
            rest.end = hit->tokens.first;
    }
    return rest;
}

/* "Après le 20 avril" is a bound, "après le déjeuner de lundi" may be what was. */
static bool is_after_time(const struct text *text, const struct cue_hit *hit)
{
    uint16_t id = text->tokens[hit->tokens.first].timex;
    return hit->cue == CUE_PAST && id != 0 && text->timexes.items[id - 1].open == TIMEX_AFTER;
}

/* "I can't do any of these, could we look at the week of the 19th": what is refused is the offers. */
static bool refuses_offers(const struct text *text, const struct cue_hit *hit)
{
    bool all = false;
    for (uint32_t i = hit->tokens.first; i < hit->tokens.end; i++) {
        all |= in_class(text, i, CLASS_none_of);
        if (text->tokens[i].timex != 0)
            return false;
    }
    return hit->cue == CUE_NONE && all && (hit->tokens.end >= text->token_count || text->tokens[hit->tokens.end].timex == 0);
}

static void blank_hit(struct blank *b, const struct cue_hit *hit, bool request)
{
    const struct text *text = b->text;
    struct span span = hit->tokens;
    if (hit->cue == CUE_WELL_WISHES) {
        while (span.end < text->token_count && text->tokens[span.end].timex != 0 &&
               text->tokens[span.end].timex == text->tokens[span.end - 1].timex)
            span.end++;
        blank_tokens(b, span);
    } else if (hit->cue == CUE_PAST || hit->cue == CUE_DEADLINE) {
        if (!is_after_time(text, hit) && !cue_after(text, CUE_REQUEST, hit) && !cue_after(text, CUE_FREE, hit) &&
            !cue_in_clause(text, CUE_SLOT, hit->clause))
            blank_tokens(b, hit->cue == CUE_PAST ? past_rest(text, hit) : clause_rest(text, hit));
    } else if (refuses_offers(text, hit)) {
        blank_tokens(b, span);
    } else if (hit->cue == CUE_URGENT && days_are_offered(b, -1)) {
        blank_tokens(b, span);
    } else if (hit->cue == CUE_THIRD && request && is_third_party(text, hit) &&
               !cue_in_clause(text, CUE_AGREED, hit->clause) && !tells_of_time(text, hit)) {
        blank_tokens(b, clause_rest(text, hit));
    } else if (hit->cue == CUE_BUSY && !request && days_are_offered(b, hit->sentence) &&
               !b->week_after && !says_until(text, hit->sentence)) {
        blank_tokens(b, text->sentences[hit->sentence].tokens);
    } else if (hit->cue == CUE_LATE || hit->cue == CUE_HOLD || hit->cue == CUE_OFFTOPIC ||
               (hit->cue == CUE_MISHAP && !moves_on(text, hit))) {
        blank_tokens(b, text->clauses[hit->clause].tokens);
    }
}

static bool sentence_has_time(const struct text *text, uint32_t s)
{
    struct span span = text->sentences[s].tokens;
    for (uint32_t i = span.first; i < span.end; i++)
        if (text->tokens[i].timex != 0 &&
            text->timexes.items[text->tokens[i].timex - 1].kind != TIMEX_DURATION)
            return true;
    return false;
}

/* ", plutôt le matin" qualifies what stands before as a sentence of its own would. */
static void part_preferences(struct blank *b)
{
    for (size_t i = 0; i < b->text->cues.count; i++) {
        const struct cue_hit *hit = &b->text->cues.items[i];
        if (hit->cue != CUE_PREFER || hit->tokens.first == 0)
            continue;
        const struct token *before = &b->text->tokens[hit->tokens.first - 1];
        if (before->kind == TOKEN_PUNCT && b->body[before->offset] == ',')
            b->body[before->offset] = '.';
    }
}

/* A comma, or a dash between spaces: "I can't make Wednesday - could you find something else?" */
static bool parts_statements(const struct blank *b, uint32_t at)
{
    const struct token *token = &b->text->tokens[at];
    size_t next = token->offset + token->length;
    char mark = b->body[token->offset];
    bool apart = token->offset > 0 && b->body[token->offset - 1] == ' ' && next < b->text->body.len &&
                 b->body[next] == ' ';
    return token->kind == TOKEN_PUNCT && (mark == ',' || (mark == '-' && apart));
}

/* "je suis en vacances la semaine prochaine, on peut voir la semaine du 18 ?": what
 * stands behind the comma is no part of the absence. */
static void part_absences(struct blank *b)
{
    const struct text *text = b->text;
    for (uint32_t c = 1; c < text->clause_count; c++) {
        uint32_t first = text->clauses[c].tokens.first;
        bool same = text->clauses[c].sentence == text->clauses[c - 1].sentence;
        bool away = cue_in_clause(text, CUE_BUSY, c - 1) || cue_in_clause(text, CUE_REFUSE, c - 1);
        bool offers = cue_in_clause(text, CUE_FREE, c) || cue_in_clause(text, CUE_REQUEST, c) ||
                      cue_in_clause(text, CUE_ACCEPT, c) || cue_in_clause(text, CUE_PREFER, c);
        bool refuses = cue_in_clause(text, CUE_BUSY, c) || cue_in_clause(text, CUE_REFUSE, c);
        if (same && away && offers && !refuses && first > 0 && parts_statements(b, first - 1))
            b->body[text->tokens[first - 1].offset] = '.';
    }
}

/* "about the autumn catalogue, next week": the season is not when. */
static void blank_long(struct blank *b)
{
    const struct timex_list *list = &b->text->timexes;
    bool near = false;
    for (size_t i = 0; i < list->count; i++)
        near |= list->items[i].kind != TIMEX_DURATION && list->items[i].open == TIMEX_BOUNDED &&
                civil_to_us(list->items[i].end) - civil_to_us(list->items[i].start) <= 14 * DAY_US;
    for (size_t i = 0; near && i < list->count; i++) {
        const struct timex *timex = &list->items[i];
        if (timex->kind != TIMEX_DURATION && timex->open == TIMEX_BOUNDED && !timex->negated &&
            civil_to_us(timex->end) - civil_to_us(timex->start) > 40 * DAY_US)
            memset(b->body + timex->offset, ' ', timex->length);
    }
}

/* "décaler de mardi à mercredi": the settled day is no wish where another is named. */
static void blank_settled(struct blank *b)
{
    const struct timex_list *list = &b->text->timexes;
    struct instant settled = b->view->context->confirmed.start;
    size_t others = 0;
    if (settled.us == 0)
        return;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < list->count; i++) {
            const struct timex *timex = &list->items[i];
            if (timex->kind == TIMEX_DURATION || timex->clock_only)
                continue;
            struct interval span = timex_interval(timex, b->view, b->view->writer_zone);
            bool same = timex->open == TIMEX_BOUNDED && timex->grain <= GRAIN_DAY &&
                        span.start.us <= settled.us && settled.us <= span.end.us &&
                        span.end.us - span.start.us <= DAY_US;
            if (pass == 0)
                others += !same;
            else if (same && others > 0)
                memset(b->body + timex->offset, ' ', timex->length);
        }
}

/* "Dinner next week": the kind says when one dines and how long it may last, so that a table at
 * 20:15 for two hours is no breach of it; "after dinner" is a time. */
static void blank_meals(struct blank *b, struct span part)
{
    static const enum class names[KIND_COUNT_] = {
        [KIND_LUNCH] = CLASS_lunch,
        [KIND_BREAKFAST] = CLASS_breakfast,
        [KIND_DINNER] = CLASS_dinner,
    };
    const struct text *text = b->text;
    enum meeting_kind kind = kind_read(text, part);
    for (uint32_t i = part.first; names[kind] != CLASS_NONE && i < part.end && i < text->token_count; i++) {
        uint32_t before = i > 0 ? i - 1 : i;
        while (before > 0 && in_class(text, before, CLASS_article_window))
            before--;
        if (!in_class(text, i, names[kind]) || in_class(text, before, CLASS_bound))
            continue;
        bool over = in_class(text, before, CLASS_over_word); /* "Tuesday over Wednesday" prefers */
        blank_tokens(b, (struct span){over ? before : i, i + 1});
    }
}

/* "apart from": blank for who looks for single times (make_said), needed for what is left out. */
static void restore_exceptions(struct blank *b)
{
    for (uint32_t i = 1; i < b->text->token_count; i++)
        if (in_class(b->text, i, CLASS_from) && in_class(b->text, i - 1, CLASS_apart))
            memcpy(b->body + b->text->tokens[i].offset, "from", 4);
}

/* "Otherwise I'm free.", "Not those.": without a time of its own, but about those of others. */
static bool refers_to_times(const struct text *text, uint32_t s)
{
    struct span span = text->sentences[s].tokens;
    for (uint32_t i = span.first; i < span.end; i++)
        if (in_class(text, i, CLASS_other_times))
            return true;
    return false;
}

struct slice wish_words(struct view *view, const struct text *text, struct span part, bool request)
{
    struct blank b = {.view = view, .text = text, .body = arena_text(view->arena, text->said)};
    restore_exceptions(&b);
    b.week_after = speaks_of_week_after(text);
    find_days_offered(&b);
    bool timed = false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint16_t sentence = text->tokens[i].sentence;
        if (i == 0 || text->tokens[i - 1].sentence != sentence)
            timed = sentence_has_time(text, sentence) || refers_to_times(text, sentence);
        if (text->tokens[i].masked || !span_has(part, i) || !timed)
            blank_tokens(&b, (struct span){i, i + 1});
    }
    if (request)
        part_preferences(&b);
    if (request)
        blank_meals(&b, part);
    part_absences(&b);
    if (view->context->state == THREAD_CONFIRMED)
        blank_settled(&b);
    blank_long(&b);
    for (size_t i = 0; i < text->cues.count; i++)
        blank_hit(&b, &text->cues.items[i], request);
    return (struct slice){b.body, text->body.len};
}
