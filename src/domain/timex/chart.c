#include "domain/timex/internal.h"

#include <assert.h>

/* The chart of one island. Starts are worked from right to left, so whatever a rule needs
 * behind its first element is complete when that element appears; each item meets each rule
 * of its category once. Work is bounded by ITEMS_PER_START, ITEMS_PER_TEXT, STEPS_PER_TEXT; over
 * them `limited` is set and nothing more is tried. */

enum { RULES_MAX = 640 };

struct compiled {
    const struct rule *rule;
    uint8_t count, languages;
    uint16_t optional;            /* a bit for each element */
    uint64_t any_of[PATTERN_MAX]; /* the elements: categories */
    uint64_t ahead[PATTERN_MAX];  /* what may stand behind an element; all bits: nothing need */
};
_Static_assert(PATTERN_MAX <= 16, "the optional elements are a set of 16 bits");
static bool is_optional(const struct compiled *rule, size_t element)
{
    return rule->optional >> element & 1;
}
/* Where an item of a category may begin a rule; what is looked at first is here, side by side. */
struct start {
    uint64_t later[2]; /* the last elements behind it that must be; all bits: none */
    uint16_t rule;
    uint8_t position, languages;
};
/* Those of one category: sets of 64 bits each of them, by what stands right behind the item. */
enum { START_WORDS = 6 };
struct start_sets {
    uint64_t any[START_WORDS]; /* nothing need stand there */
    uint64_t before[CAT_COUNT_][START_WORDS];
};

static struct compiled compiled[RULES_MAX];
static size_t compiled_count;
static struct start *starts[CAT_COUNT_];
static size_t start_words[CAT_COUNT_]; /* of its sets, used */
static struct start_sets start_sets[CAT_COUNT_];
static struct start start_pool[RULES_MAX * 24];
bool *rules_exercised;

static const char *const category_names[CAT_COUNT_] = {
#define X(name) #name,
    CATEGORIES(X)
#undef X
};

const char *category_name(int category)
{
    return category_names[category];
}

static uint64_t category_bit(struct slice name)
{
    for (int i = 0; i < CAT_COUNT_; i++)
        if (slice_equal(name, slice_from(category_names[i])))
            return BIT(i);
    assert(!"a rule names an unknown category");
    return 0;
}

/* "the? num|ord of? month" */
static void compile(const struct rule *rule, unsigned languages)
{
    assert(compiled_count < RULES_MAX);
    struct compiled *out = &compiled[compiled_count++];
    out->rule = rule;
    out->languages = (uint8_t)languages;
    struct slice rest = slice_from(rule->pattern);
    while (rest.len > 0) {
        size_t end = slice_find(rest, LIT(" "), 0);
        struct slice part = slice_sub(rest, 0, end == SIZE_MAX ? rest.len : end);
        rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(rest, end + 1, rest.len);
        assert(out->count < PATTERN_MAX);
        if (slice_ends(part, LIT("?"))) {
            out->optional |= (uint16_t)(1u << out->count);
            part.len--;
        }
        while (part.len > 0) {
            size_t bar = slice_find(part, LIT("|"), 0);
            out->any_of[out->count] |=
                category_bit(slice_sub(part, 0, bar == SIZE_MAX ? part.len : bar));
            part = bar == SIZE_MAX ? SLICE_NONE : slice_sub(part, bar + 1, part.len);
        }
        out->count++;
    }
}

/* What can come right behind each element: its neighbours up to the next that must be. */
static void look_ahead(struct compiled *rule)
{
    for (size_t p = 0; p < rule->count; p++) {
        uint64_t any_of = 0;
        size_t next = p + 1;
        while (next < rule->count && is_optional(rule, next))
            any_of |= rule->any_of[next++];
        rule->ahead[p] = next < rule->count ? any_of | rule->any_of[next] : UINT64_MAX;
    }
}

static void compile_set(const struct language_data *data, unsigned languages)
{
    for (size_t i = 0; i < data->rules.count; i++)
        compile(&data->rules.rules[i], languages);
    for (size_t i = 0; i < compiled_count; i++)
        look_ahead(&compiled[i]);
}

static void put_start(int cat, size_t index, const struct compiled *rule, uint8_t position)
{
    struct start *start = &starts[cat][index];
    *start = (struct start){.rule = (uint16_t)(rule - compiled), .position = position,
                            .languages = rule->languages, .later = {UINT64_MAX, UINT64_MAX}};
    size_t found = 0;
    for (size_t p = rule->count; p-- > position + 1u && found < 2;)
        if (!is_optional(rule, p))
            start->later[found++] = rule->any_of[p];
    assert(index / 64 < START_WORDS);
    const uint64_t bit = UINT64_C(1) << index % 64, ahead = rule->ahead[position];
    if (ahead == UINT64_MAX)
        start_sets[cat].any[index / 64] |= bit;
    for (int behind = 0; ahead != UINT64_MAX && behind < CAT_COUNT_; behind++)
        if (ahead & BIT(behind))
            start_sets[cat].before[behind][index / 64] |= bit;
    start_words[cat] = index / 64 + 1;
}

void rules_prepare(void)
{
    if (compiled_count > 0)
        return;
    compile_set(&language_all, every_language());
    for (size_t i = 0; i < LANGUAGES; i++)
        compile_set(timex_languages[i], 1u << timex_languages[i]->language);
    size_t used = 0;
    for (int cat = 0; cat < CAT_COUNT_; cat++) {
        starts[cat] = &start_pool[used];
        for (size_t r = 0; r < compiled_count; r++)
            for (uint8_t p = 0; p < compiled[r].count; p++) {
                assert(used < sizeof start_pool / sizeof *start_pool);
                if (compiled[r].any_of[p] & BIT(cat)) {
                    put_start(cat, (size_t)(&start_pool[used] - starts[cat]), &compiled[r], p);
                    used++;
                }
                if (!is_optional(&compiled[r], p))
                    break;
            }
    }
}

size_t rules_count(void)
{
    rules_prepare();
    return compiled_count;
}

const struct rule *rules_get(size_t index)
{
    return compiled[index].rule;
}

static bool chart_has(const struct reader *reader, const struct meaning *m, size_t start,
                      size_t end)
{
    for (uint32_t i = reader->first[start]; i != 0; i = reader->items[i].next)
        if (reader->items[i].end == end && memcmp(&reader->items[i].m, m, sizeof *m) == 0)
            return true;
    return false;
}

uint32_t chart_add(struct reader *reader, const struct meaning *m, size_t start, size_t end,
                   int rule, int score)
{
    if (chart_has(reader, m, start, end))
        return 0;
    if (reader->per_start[start] >= ITEMS_PER_START || reader->items_made >= ITEMS_PER_TEXT) {
        reader->limited = true;
        return 0;
    }
    if (reader->item_count == reader->item_capacity)
        reader->items = arena_grow(reader->arena, reader->items, reader->item_count,
                                   &reader->item_capacity, sizeof *reader->items);
    uint32_t index = (uint32_t)reader->item_count++;
    struct item *item = &reader->items[index];
    item->m = *m;
    item->start = (uint16_t)start;
    item->end = (uint16_t)end;
    item->rule = (int16_t)rule;
    item->score = (int16_t)score;
    item->next = 0;
    item->kid_count = 0;
    if (reader->first[start] == 0)
        reader->first[start] = index;
    else
        reader->items[reader->last[start]].next = index;
    reader->last[start] = index;
    reader->cats_at[start] |= BIT(m->cat);
    reader->per_start[start]++;
    reader->items_made++;
    return index;
}

struct match {
    struct reader *reader;
    const struct compiled *compiled;
    int rule;
    uint32_t kids[PATTERN_MAX];
    size_t start;
};

static void complete(struct match *match, size_t end)
{
    struct reader *reader = match->reader;
    struct meaning *copies = reader->kids, *kids[PATTERN_MAX] = {0};
    int score = match->compiled->rule->score;
    for (size_t i = 0; i < match->compiled->count; i++)
        if (match->kids[i] != 0) {
            copies[i] = reader->items[match->kids[i]].m;
            kids[i] = &copies[i];
            score += reader->items[match->kids[i]].score;
        }
    struct meaning out = meaning_none(CAT_date);
    if (!match->compiled->rule->action(reader, match->compiled->rule->argument, kids, &out))
        return;
    if (rules_exercised != NULL)
        rules_exercised[match->rule] = true;
    uint32_t index = chart_add(reader, &out, match->start, end, match->rule, score);
    if (index == 0)
        return;
    struct item *item = &reader->items[index];
    for (size_t i = 0; i < match->compiled->count; i++)
        if (match->kids[i] != 0)
            item->kids[item->kid_count++] = match->kids[i];
}

static bool may_follow(uint64_t ahead, uint64_t here)
{
    return (ahead & here) != 0 || ahead == UINT64_MAX;
}

static void match_rest(struct match *match, size_t position, size_t at)
{
    struct reader *reader = match->reader;
    if (reader->limited || reader->steps >= STEPS_PER_TEXT) {
        reader->limited = true;
        return;
    }
    reader->steps++;
    if (position == match->compiled->count) {
        complete(match, at);
        return;
    }
    const uint64_t any_of = match->compiled->any_of[position];
    uint64_t here = reader->cats_at[at];
    match->kids[position] = 0;
    if (is_optional(match->compiled, position) && may_follow(match->compiled->ahead[position], here))
        match_rest(match, position + 1, at);
    if (!(here & any_of))
        return;
    for (uint32_t i = reader->first[at]; i != 0; i = reader->items[i].next)
        if (BIT(reader->items[i].m.cat) & any_of &&
            may_follow(match->compiled->ahead[position], reader->cats_at[reader->items[i].end])) {
            match->kids[position] = i;
            match_rest(match, position + 1, reader->items[i].end);
        }
    match->kids[position] = 0;
}

static void apply_rule(struct reader *reader, uint32_t index, const struct start *begin)
{
    const size_t start = reader->items[index].start, end = reader->items[index].end;
    const uint64_t from = reader->cats_from[end];
    if (!(begin->languages & reader->languages) ||
        (begin->later[0] != UINT64_MAX && !(begin->later[0] & from)) ||
        (begin->later[1] != UINT64_MAX && !(begin->later[1] & from)))
        return;
    struct match match = {.reader = reader, .rule = begin->rule, .start = start};
    match.compiled = &compiled[begin->rule];
    match.kids[begin->position] = index;
    match_rest(&match, begin->position + 1u, end);
}

static void apply_rules(struct reader *reader, uint32_t index)
{
    const int cat = reader->items[index].m.cat;
    const struct start_sets *sets = &start_sets[cat];
    const uint64_t behind = reader->cats_at[reader->items[index].end];
    for (size_t w = 0; w < start_words[cat]; w++) {
        uint64_t some = sets->any[w];
        for (uint64_t rest = behind; rest != 0; rest &= rest - 1)
            some |= sets->before[__builtin_ctzll(rest)][w];
        for (; some != 0; some &= some - 1)
            apply_rule(reader, index, &starts[cat][64 * w + (size_t)__builtin_ctzll(some)]);
    }
}

static bool is_meal(const struct meaning *m)
{
    return m->cat == CAT_part &&
           (m->part == PART_LUNCH || m->part == PART_DINNER || m->part == PART_BREAKFAST);
}

static bool is_reportable(const struct reader *reader, const struct meaning *m)
{
    if (reader->meals && is_meal(m))
        return true;
    const uint64_t kinds = BIT(CAT_date) | BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_part) |
                           BIT(CAT_dur) | BIT(CAT_set) | BIT(CAT_dates) | BIT(CAT_moment) |
                           BIT(CAT_open);
    if (m->cat == CAT_zone)
        return m->zone > 0; /* "I'm on Eastern time" */
    if (m->cat == CAT_set && m->freq == 0)
        return false;
    return (BIT(m->cat) & kinds) && !(m->flags & F_LATENT);
}

/* "two to four people": the numbers are no hours. */
static bool counts_things(const struct reader *reader, const struct item *item)
{
    size_t next = reader->island_start + item->end;
    const struct meaning *m = &item->m;
    if (next >= reader->tokens.count)
        return false;
    const struct token *thing = &reader->tokens.items[next];
    if (m->cat == CAT_date && m->dom && !m->month && m->wd < 0 && m->day1 <= m->day0)
        return noise_ranks(thing); /* "the second option" */
    bool days = m->cat == CAT_dates && thing[-1].kind == TOKEN_NUMBER;
    bool hours =
        m->cat == CAT_clock || m->cat == CAT_clocks || (m->cat == CAT_open && m->day1 <= m->day0);
    return (hours || days) && noise_counts(thing);
}

/* French "a" without its accent is a verb where a thing follows: "il y a deux questions". */
static bool is_verb(const struct reader *reader, const struct item *item)
{
    const struct token *first = &reader->tokens.items[reader->island_start + item->start];
    size_t next = reader->island_start + item->end;
    if (item->m.cat != CAT_clock || item->end - item->start != 2 || first->length != 1 ||
        !habit(reader, HABIT_HAS_A) || reader->body.data[first->offset] != 'a' ||
        next >= reader->tokens.count)
        return false;
    const struct token *thing = &reader->tokens.items[next];
    return thing->kind == TOKEN_WORD && !in_class(thing, CLASS_has_a_after) && !lexicon_knows(reader, thing);
}

/* "a contract at 35 hours", "compter à 37 heures": no such time of day, and no length either. */
static bool is_measure(const struct reader *reader, const struct item *item)
{
    size_t first = reader->island_start + item->start;
    return item->m.cat == CAT_dur && item->m.value == UNIT_HOUR && item->m.seconds > 24 * 3600 &&
           first > 0 && lexicon_is(reader, &reader->tokens.items[first - 1], CAT_at);
}

/* "Good night", "bonne soirée" */
static bool is_greeting(const struct reader *reader, const struct item *item)
{
    size_t first = reader->island_start + item->start;
    bool week = item->m.cat == CAT_date && item->m.grain == GRAIN_PART;
    week |= item->m.cat == CAT_dates && item->m.edge != 0;
    if ((item->m.cat != CAT_part && !week) || first == 0)
        return false;
    const struct token *tokens = reader->tokens.items;
    first += in_class(&tokens[first], CLASS_of);
    if (first > 2 && in_class(&tokens[first - 2], CLASS_end) && in_class(&tokens[first - 1], CLASS_of))
        first -= 2; /* "bonne fin de journée" */
    return in_class(&reader->tokens.items[first - 1], CLASS_greets);
}

bool chart_reports(const struct reader *reader, const struct item *item)
{
    return is_reportable(reader, &item->m);
}

bool chart_mistakes(const struct reader *reader, const struct item *item,
                    enum timex_mistake *mistake)
{
    bool greeting = is_greeting(reader, item);
    *mistake = greeting ? MISTAKE_GREETING : MISTAKE_PRICE;
    return greeting || counts_things(reader, item);
}

/* The best row of readings that do not overlap: many words in few readings. */
static void select_best(struct reader *reader, size_t count, struct mention_found_list *found)
{
    int32_t best[ISLAND_MAX + 1] = {0};
    uint32_t choice[ISLAND_MAX + 1] = {0};
    int32_t words[ISLAND_MAX + 1]; /* weight of the tokens before; signs weigh little */
    words[0] = 0;
    for (size_t i = 0; i < count; i++) {
        const struct token *token = &reader->tokens.items[reader->island_start + i];
        words[i + 1] = words[i] + (token->kind == TOKEN_SIGN ? 5 : 100);
    }
    for (size_t i = count; i-- > 0;) {
        best[i] = best[i + 1];
        for (uint32_t k = reader->first[i]; k != 0; k = reader->items[k].next) {
            const struct item *item = &reader->items[k];
            if (!is_reportable(reader, &item->m) || counts_things(reader, item) ||
                is_verb(reader, item) || is_measure(reader, item) || is_greeting(reader, item))
                continue;
            int32_t weight =
                words[item->end] - words[item->start] - 50 + item->score + best[item->end];
            if (weight > best[i] || (weight == best[i] && choice[i] != 0 &&
                                     item->kid_count < reader->items[choice[i]].kid_count)) {
                best[i] = weight;
                choice[i] = k;
            }
        }
    }
    for (size_t i = 0; i < count;) {
        if (choice[i] == 0) {
            i++;
            continue;
        }
        const struct item *item = &reader->items[choice[i]];
        struct mention mention = {item->m, (uint32_t)(reader->island_start + item->start),
                                  (uint32_t)(reader->island_start + item->end), item->rule,
                                  reader->explain ? explain_item(reader, choice[i]) : NULL};
        ARENA_PUSH(reader->arena, found, mention);
        i = item->end;
    }
}

void chart_read(struct reader *reader, size_t start, size_t end, struct mention_found_list *found)
{
    size_t count = end - start;
    reader->island_start = start;
    reader->island_end = end;
    reader->item_count = 1; /* 0 means none */
    if (reader->items == NULL) {
        reader->item_capacity = 64;
        reader->items = ARENA_ARRAY(reader->arena, reader->item_capacity, struct item);
    }
    memset(reader->first, 0, (count + 1) * sizeof *reader->first);
    memset(reader->per_start, 0, (count + 1) * sizeof *reader->per_start);
    memset(reader->cats_at, 0, (count + 1) * sizeof *reader->cats_at);
    reader->cats_from[count] = 0;
    for (size_t i = count; i-- > 0;) {
        const struct token *token = &reader->tokens.items[start + i];
        if (token->kind == TOKEN_WORD)
            lexicon_add(reader, start + i, end);
        else if (!token->noise)
            shapes_add(reader, start + i, end);
        for (uint32_t k = reader->first[i]; k != 0; k = reader->items[k].next)
            apply_rules(reader, k);
        reader->cats_from[i] = reader->cats_at[i] | reader->cats_from[i + 1];
    }
    select_best(reader, count, found);
    if (reader->ignored != NULL)
        explain_mistakes(reader, count);
}
