#include "domain/timex/internal.h"

/* Why a text was read as it was: the derivation of each expression, the readings that lost
 * against it, and what was not read at all. Runs only when somebody asks. */

static void cover(const struct reader *reader, const struct item *item, uint32_t *offset,
                  uint32_t *length)
{
    const struct token *tokens = &reader->tokens.items[reader->island_start];
    const struct token *last = &tokens[item->end - 1];
    *offset = tokens[item->start].offset;
    *length = last->offset + last->length - *offset;
}

static struct slice rule_name(const struct item *item)
{
    return item->rule < 0 ? SLICE_NONE : slice_from(rules_get((size_t)item->rule)->name);
}

/* The derivation, in preorder. */

static void add_steps(const struct reader *reader, uint32_t index, uint32_t depth,
                      struct timex_step_list *out)
{
    const struct item *item = &reader->items[index];
    if (out->count >= TIMEX_STEPS_MAX)
        return;
    struct meaning_words words = describe(reader, &item->m);
    struct timex_step step = {.depth = depth,
                              .rule = rule_name(item),
                              .kind = words.kind,
                              .value = words.value,
                              .resolved = words.resolved};
    cover(reader, item, &step.offset, &step.length);
    ARENA_PUSH(reader->arena, out, step);
    for (size_t i = 0; i < item->kid_count; i++)
        add_steps(reader, item->kids[i], depth + 1, out);
}

/* Readings that lost */

static bool says_same(const struct timex_step *step, const struct meaning_words *words,
                      struct slice rule)
{
    bool same_value = slice_equal(step->value, words->value) &&
                      slice_equal(step->resolved, words->resolved) &&
                      slice_equal(step->kind, words->kind);
    return same_value || slice_equal(step->rule, rule);
}

/* Part of the derivation, or another way to the same meaning. */
static bool is_part(const struct reader *reader, const struct timex_step_list *steps,
                    const struct item *item, const struct meaning_words *words)
{
    uint32_t offset, length;
    cover(reader, item, &offset, &length);
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].offset == offset && steps->items[i].length == length &&
            says_same(&steps->items[i], words, rule_name(item)))
            return true;
    return steps->count > 0 && says_same(&steps->items[0], words, LIT("-"));
}

static enum timex_loss loss_against(const struct item *item, const struct item *winner)
{
    if (item->start < winner->start || item->end > winner->end)
        return LOSS_COVERED;
    bool shorter = item->end - item->start < winner->end - winner->start;
    return shorter ? LOSS_SHORTER : LOSS_RANK;
}

static enum timex_doubt doubt_of_rival(const struct reader *reader, struct meaning m)
{
    if (m.cat == CAT_dur || m.cat == CAT_set || !date_resolve(reader, &m))
        return TIMEX_CLEAR;
    if (m.flags & F_BAD)
        return TIMEX_CONTRADICTION;
    return m.day1 <= reader->today ? TIMEX_PAST : TIMEX_CLEAR;
}

/* The same meaning from other words tells nothing more. */
static bool has_rival(const struct timex_rival_list *rivals, const struct timex_rival *rival)
{
    for (size_t i = 0; i < rivals->count; i++) {
        const struct timex_rival *r = &rivals->items[i];
        if (slice_equal(r->kind, rival->kind) && slice_equal(r->value, rival->value) &&
            slice_equal(r->resolved, rival->resolved))
            return true;
    }
    return false;
}

/* The longest first; of equal length, the one of higher rank. */
struct candidate {
    struct timex_rival rival;
    int32_t weight;
};

static void add_rival(struct timex_explanation *out, int32_t *weights,
                      const struct candidate *candidate, struct arena *arena)
{
    struct timex_rival_list *rivals = &out->rivals;
    if (has_rival(rivals, &candidate->rival))
        return;
    size_t at = rivals->count;
    if (rivals->count == TIMEX_RIVALS_MAX) {
        out->rivals_left++;
        if (weights[--at] >= candidate->weight)
            return;
    } else {
        ARENA_PUSH(arena, rivals, candidate->rival);
    }
    for (; at > 0 && weights[at - 1] < candidate->weight; at--) {
        rivals->items[at] = rivals->items[at - 1];
        weights[at] = weights[at - 1];
    }
    rivals->items[at] = candidate->rival;
    weights[at] = candidate->weight;
}

static void consider(const struct reader *reader, uint32_t index, const struct item *winner,
                     struct timex_explanation *out, int32_t *weights)
{
    const struct item *item = &reader->items[index];
    enum timex_mistake mistake;
    bool apart = item->end <= winner->start || item->start >= winner->end;
    if (apart || item == winner || !chart_reports(reader, item) ||
        chart_mistakes(reader, item, &mistake))
        return;
    struct meaning_words words = describe(reader, &item->m);
    if (is_part(reader, &out->steps, item, &words))
        return;
    struct candidate candidate = {
        .rival = {.rule = rule_name(item),
                  .kind = words.kind,
                  .value = words.value,
                  .resolved = words.resolved,
                  .loss = loss_against(item, winner),
                  .doubt = doubt_of_rival(reader, item->m)},
        .weight = (item->end - item->start) * 100 + item->score,
    };
    cover(reader, item, &candidate.rival.offset, &candidate.rival.length);
    add_rival(out, weights, &candidate, reader->arena);
}

struct timex_explanation *explain_item(const struct reader *reader, uint32_t chosen)
{
    struct timex_explanation *out = ARENA_NEW(reader->arena, struct timex_explanation);
    const struct item *winner = &reader->items[chosen];
    int32_t weights[TIMEX_RIVALS_MAX + 1] = {0};
    memset(out, 0, sizeof *out);
    add_steps(reader, chosen, 0, &out->steps);
    for (size_t i = 1; i < reader->item_count; i++)
        consider(reader, (uint32_t)i, winner, out, weights);
    return out;
}

struct timex_explanation *explain_mention(const struct reader *reader,
                                          const struct mention *mention, const char *rule)
{
    struct timex_explanation *out = ARENA_NEW(reader->arena, struct timex_explanation);
    const struct token *first = &reader->tokens.items[mention->token_start];
    const struct token *last = &reader->tokens.items[mention->token_end - 1];
    struct meaning_words words = describe(reader, &mention->m);
    struct timex_step step = {.rule = slice_from(rule),
                              .offset = first->offset,
                              .length = last->offset + last->length - first->offset,
                              .kind = words.kind,
                              .value = words.value,
                              .resolved = words.resolved};
    memset(out, 0, sizeof *out);
    ARENA_PUSH(reader->arena, &out->steps, step);
    return out;
}

/* What a doubt leaves open */

/* "10/03" the other way round: the next such day, if no year was said. */
static struct civil_date exchanged(const struct reader *reader, const struct meaning *m,
                                   struct civil_date date)
{
    struct civil_date out = {date.year, date.day, date.month};
    if (m->flags & F_FIXED)
        return out;
    out.year = civil_date_from_days(reader->today).year;
    out.year += civil_date_to_days(out) < reader->today;
    return out;
}

static struct slice instead(const struct reader *reader, const struct meaning *m,
                            const struct timex *out)
{
    const enum timex_doubt doubt = out->doubt;
    struct civil at = out->start;
    int64_t days = civil_date_to_days(at.date);
    if (doubt == TIMEX_DAY_OR_MONTH && at.date.day <= 12)
        at.date = exchanged(reader, m, at.date);
    else if (doubt == TIMEX_WHICH_WEEK)
        at.date = civil_date_add(at.date, days - 7 >= reader->today ? -7 : 7);
    else if (doubt == TIMEX_AM_PM && at.hour < 12)
        at.hour = (uint8_t)(at.hour + 12);
    else if (doubt == TIMEX_AM_PM) {
        at.hour = (uint8_t)(at.hour - 12);
        if (out->clock_only && days == reader->today && at.hour * 3600 < reader->now)
            at.date = civil_date_add(at.date, 1);
    } else
        return SLICE_NONE;
    if (!out->has_clock)
        return arena_format(reader->arena, "%04d-%02d-%02d", at.date.year, at.date.month,
                            at.date.day);
    return arena_format(reader->arena, "%04d-%02d-%02d %02d:%02d", at.date.year, at.date.month,
                        at.date.day, at.hour, at.minute);
}

static void add_doubt(const struct reader *reader, const struct meaning *m,
                      const struct timex *out)
{
    struct timex_explanation *explanation = out->explanation;
    const struct timex_step *root = &explanation->steps.items[0];
    struct slice other = instead(reader, m, out);
    if (other.len == 0)
        return;
    struct timex_rival rival = {.offset = root->offset,
                                .length = root->length,
                                .rule = root->rule,
                                .kind = root->kind,
                                .resolved = other,
                                .loss = LOSS_DOUBT,
                                .doubt = out->doubt};
    struct timex_rival_list all = {0};
    ARENA_PUSH(reader->arena, &all, rival);
    for (size_t i = 0; i < explanation->rivals.count && all.count < TIMEX_RIVALS_MAX; i++)
        ARENA_PUSH(reader->arena, &all, explanation->rivals.items[i]);
    explanation->rivals_left += (uint32_t)(explanation->rivals.count + 1 - all.count);
    explanation->rivals = all;
}

void explain_result(const struct reader *reader, const struct meaning *m, const struct timex *out)
{
    struct timex_step *root = &out->explanation->steps.items[0];
    struct meaning_words words = describe(reader, m);
    root->value = words.value;
    root->resolved = words.resolved;
    add_doubt(reader, m, out);
}

/* What was not read */

static void ignore(struct reader *reader, size_t token, size_t end, enum timex_mistake mistake)
{
    struct timex_ignored_list *list = reader->ignored;
    const struct token *a = &reader->tokens.items[token], *b = &reader->tokens.items[end - 1];
    struct timex_ignored ignored = {a->offset, b->offset + b->length - a->offset, mistake};
    size_t at = list->count;
    if (list->count >= TIMEX_IGNORED_MAX)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (ignored.offset < list->items[i].offset + list->items[i].length &&
            list->items[i].offset < ignored.offset + ignored.length)
            return;
    ARENA_PUSH(reader->arena, list, ignored);
    for (; at > 0 && list->items[at - 1].offset > ignored.offset; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = ignored;
}

void explain_mistakes(struct reader *reader, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct item *longest = NULL;
        enum timex_mistake mistake = MISTAKE_IMPOSSIBLE, found;
        for (uint32_t k = reader->first[i]; k != 0; k = reader->items[k].next) {
            const struct item *item = &reader->items[k];
            if (!chart_reports(reader, item) || !chart_mistakes(reader, item, &found) ||
                (longest != NULL && item->end <= longest->end))
                continue;
            longest = item;
            mistake = found;
        }
        if (longest != NULL)
            ignore(reader, reader->island_start + i, reader->island_start + longest->end, mistake);
    }
}

void explain_impossible(struct reader *reader, const struct mention *mention)
{
    ignore(reader, mention->token_start, mention->token_end, MISTAKE_IMPOSSIBLE);
}

/* A run of such tokens is one thing: "numéro 06 12 34 56 78" is a telephone number. */
void explain_noise(struct reader *reader)
{
    const struct token *tokens = reader->tokens.items;
    for (size_t i = 0, end; i < reader->tokens.count; i = end) {
        uint8_t noise = tokens[i].noise;
        end = i + 1;
        if (noise == 0 || noise == NOISE_OF_CUE)
            continue;
        for (; end < reader->tokens.count && tokens[end].noise != 0 &&
               tokens[end].noise != NOISE_OF_CUE;
             end++)
            if (tokens[end].noise == MISTAKE_TELEPHONE + 1)
                noise = MISTAKE_TELEPHONE + 1;
        ignore(reader, i, end, (enum timex_mistake)(noise - 1));
    }
}
