#include "domain/access/review.h"

static const struct {
    const char *name, *fr, *en;
} kinds[REVIEW_KIND_COUNT_] = {
#define REVIEWED(symbol, id, fr, en) {id, fr, en},
#include "domain/access/reviews.def"
#undef REVIEWED
};
const char *const review_decision_names[] = {"open", "keep", "remove", "change"};
const char *const review_doubt_names[] = {"", "unused", "overdue"};

const char *review_kind_name(enum review_kind kind)
{
    return kinds[kind].name;
}
const char *review_kind_word(enum review_kind kind, bool french)
{
    return french ? kinds[kind].fr : kinds[kind].en;
}
bool review_kind_from_name(struct slice name, enum review_kind *out)
{
    for (int i = 0; i < REVIEW_KIND_COUNT_; i++)
        if (slice_equal(name, slice_from(kinds[i].name))) {
            *out = (enum review_kind)i;
            return true;
        }
    return false;
}
bool review_decision_from_name(struct slice name, enum review_decision *out)
{
    for (int i = 0; i < REVIEW_DECISION_COUNT_; i++)
        if (slice_equal(name, slice_from(review_decision_names[i]))) {
            *out = (enum review_decision)i;
            return true;
        }
    return false;
}

/* How gladly somebody is taken: 0 not at all, then the more the better. */
static int fitness(const struct review_person *person, const struct review_thing *thing)
{
    if (slice_equal(person->id, thing->account))
        return 0;
    bool approver = slice_equal(person->id, thing->approved_by);
    return 1 + !approver + 2 * !person->operator;
}

static struct slice choose(const struct review_thing *thing, struct review_person_list *people)
{
    struct review_person *best = NULL;
    int best_fitness = 0;
    for (size_t i = 0; i < people->count; i++) {
        struct review_person *person = &people->items[i];
        int fit = fitness(person, thing);
        if (fit > best_fitness ||
            (fit > 0 && fit == best_fitness && person->given < best->given)) {
            best = person;
            best_fitness = fit;
        }
    }
    if (best == NULL)
        return SLICE_NONE;
    best->given++;
    return best->id;
}

void review_plan(const struct review_thing_list *things, struct review_person_list *people,
                 struct instant now, struct arena *arena, struct review_item_list *items)
{
    *items = (struct review_item_list){0};
    for (size_t i = 0; i < things->count; i++) {
        struct review_item item = {
            .id = arena_format(arena, "%zu", i + 1),
            .thing = things->items[i],
            .reviewer = choose(&things->items[i], people),
            .due = instant_add(now, REVIEW_TIME),
        };
        ARENA_PUSH(arena, items, item);
    }
}

enum review_doubt review_doubt(const struct review_item *item, struct instant now)
{
    if (review_is_overdue(item, now))
        return REVIEW_OVERDUE;
    const struct review_thing *thing = &item->thing;
    struct instant last = thing->used.us > thing->made.us ? thing->used : thing->made;
    if (!thing->uncounted && now.us - last.us >= REVIEW_UNUSED_AFTER.us)
        return REVIEW_UNUSED;
    return REVIEW_CLEAR;
}

unsigned review_reminders(const struct review_item *item, struct instant now)
{
    static const int64_t before_due_us[] = {14 * DAY_US, 7 * DAY_US, DAY_US};
    unsigned count = 0;
    if (item->decision != REVIEW_OPEN || item->reviewer.len == 0)
        return 0;
    for (size_t i = 0; i < sizeof before_due_us / sizeof *before_due_us; i++)
        count += now.us >= item->due.us - before_due_us[i];
    return count;
}

struct civil_date review_next(struct civil_date last)
{
    return civil_date_add_months(last, REVIEW_MONTHS);
}

static enum status check_change(const struct review_item *item, enum access_function function,
                                enum access_kind kind, struct problem *why)
{
    if (item->thing.kind != REVIEW_ACCOUNT)
        return problem_set(why, ST_INVALID, "a %s can be kept or removed",
                           kinds[item->thing.kind].en);
    if (function == item->thing.function || function == FUNCTION_SERVICE ||
        !access_function_fits(function, kind))
        return problem_set(why, ST_INVALID, "name another function of this kind of organisation");
    if (access_function_administers(function))
        return problem_set(why, ST_DENIED, "a review makes nobody %s: that takes rights.change",
                           access_function_name(function));
    return ST_OK;
}

enum status review_decide(struct review_item *item, const struct access_caller *caller,
                          enum review_decision decision, enum access_function function,
                          enum access_kind kind, struct instant now, struct problem *why)
{
    if (slice_equal(caller->person, item->thing.account))
        return problem_set(why, ST_DENIED, "nobody decides on what is their own");
    struct access_ask ask = {
        .caller = *caller,
        .right = RIGHT_REVIEWS_ANSWER,
        .object = {.organisation = caller->organisation, .owner = item->reviewer},
        .now = now,
    };
    enum access_denial denial = access_decide(&ask).denial;
    if (denial != DENIED_ALLOWED)
        return problem_set(why, ST_DENIED, "%s", access_denial_sentence(denial));
    if (item->executed.us != 0)
        return problem_set(why, ST_CONFLICT, "this is decided and done already");
    if (decision <= REVIEW_OPEN || decision >= REVIEW_DECISION_COUNT_)
        return problem_set(why, ST_INVALID, "keep, remove or change");
    if (decision == REVIEW_CHANGE)
        TRY(check_change(item, function, kind, why));
    item->decision = decision;
    item->change = decision == REVIEW_CHANGE ? function : FUNCTION_NONE;
    item->decided = now;
    return ST_OK;
}
