#include "check.h"
#include "domain/access/review.h"

enum { WORK_BYTES_MAX = 8 << 20 };
#define AT ((struct instant){INT64_C(1790000000000000)})

static struct instant days_ago(int64_t days)
{
    return (struct instant){AT.us - days * DAY_US};
}

static struct access_caller reviewer_of(const char *person, enum access_function function)
{
    return (struct access_caller){
        .person = slice_from(person), .organisation = LIT("o_mine"), .kind = ACCESS_CLIENT,
        .function = function, .active = true, .session = SESSION_FULL, .factor = FACTOR_CODE};
}

/* 300 things of 40 people, who may all answer. */
static void everything_has_somebody_else(void)
{
    AUTO_ARENA arena = arena_create(WORK_BYTES_MAX);
    struct review_thing_list things = {0};
    struct review_person_list people = {0};
    struct review_item_list items;
    for (int i = 0; i < 40; i++)
        ARENA_PUSH(arena, &people, ((struct review_person){.id = arena_format(arena, "p_%d", i)}));
    for (int i = 0; i < 300; i++) {
        struct review_thing thing = {
            .kind = i % REVIEW_KIND_COUNT_,
            .id = arena_format(arena, "x_%d", i),
            .account = arena_format(arena, "p_%d", i % 40),
            .approved_by = arena_format(arena, "p_%d", (i + 1) % 40),
            .made = AT,
        };
        ARENA_PUSH(arena, &things, thing);
    }
    review_plan(&things, &people, AT, arena, &items);
    CHECK_NUMBER(items.count, 300);
    for (size_t i = 0; i < items.count; i++) {
        const struct review_item *item = &items.items[i];
        CHECK(slice_equal(item->thing.id, things.items[i].id));
        CHECK(item->reviewer.len > 0);
        CHECK(!slice_equal(item->reviewer, item->thing.account));
        CHECK(!slice_equal(item->reviewer, item->thing.approved_by));
        CHECK_NUMBER(item->due.us - AT.us, 21 * DAY_US);
    }
    for (size_t i = 0; i < people.count; i++)
        CHECK(people.items[i].given >= 6 && people.items[i].given <= 9);
}

/* Who answers, by who is there. */
static const struct {
    const char *people;   /* a '+' before operators */
    const char *account, *approved_by, *want;
} choices[] = {
    {"p_1 p_2", "p_1", "", "p_2"},
    {"p_1 p_2", "p_2", "", "p_1"},
    {"p_1 p_2 p_3", "p_1", "p_2", "p_3"},
    {"p_1 p_2", "p_1", "p_2", "p_2"}, /* better who approved than a stranger */
    {"p_1 +p_z", "p_1", "", "p_z"},
    {"p_1 +p_z", "p_3", "", "p_1"},
    {"p_1", "p_1", "", ""},
    {"+p_z", "p_z", "", ""},
    {"", "p_1", "", ""},
    {"p_1", "", "", "p_1"}, /* of the organisation itself */
};

static void who_answers(void)
{
    AUTO_ARENA arena = arena_create(WORK_BYTES_MAX);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        check_row(choices[i].people);
        struct review_person_list people = {0};
        struct slice rest = slice_from(choices[i].people);
        while (rest.len > 0) {
            size_t end = slice_find(rest, LIT(" "), 0);
            struct slice word = slice_sub(rest, 0, end);
            bool operator = slice_starts(word, LIT("+"));
            ARENA_PUSH(arena, &people,
                       ((struct review_person){slice_sub(word, operator, word.len), operator, 0}));
            rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(rest, end + 1, rest.len);
        }
        struct review_thing thing = {.kind = REVIEW_GRANT, .id = LIT("g_1"),
                                     .account = slice_from(choices[i].account),
                                     .approved_by = slice_from(choices[i].approved_by)};
        struct review_item_list items;
        review_plan(&(struct review_thing_list){&thing, 1, 1}, &people, AT, arena, &items);
        CHECK_TEXT(items.items[0].reviewer, choices[i].want);
    }
}

static const struct {
    int64_t made_days, used_days; /* ago; used -1: never */
    int64_t due_in_days;
    enum review_decision decision;
    bool uncounted;
    enum review_doubt doubt;
    unsigned reminders;
} doubts[] = {
    {400, 1, 21, REVIEW_OPEN, false, REVIEW_CLEAR, 0},
    {400, 89, 21, REVIEW_OPEN, false, REVIEW_CLEAR, 0},
    {400, 90, 21, REVIEW_OPEN, false, REVIEW_UNUSED, 0},
    {400, -1, 21, REVIEW_OPEN, false, REVIEW_UNUSED, 0},
    {89, -1, 21, REVIEW_OPEN, false, REVIEW_CLEAR, 0},
    {400, -1, 21, REVIEW_OPEN, true, REVIEW_CLEAR, 0},
    {400, 1, 14, REVIEW_OPEN, false, REVIEW_CLEAR, 1},
    {400, 1, 7, REVIEW_OPEN, false, REVIEW_CLEAR, 2},
    {400, 1, 1, REVIEW_OPEN, false, REVIEW_CLEAR, 3},
    {400, 1, 0, REVIEW_OPEN, false, REVIEW_OVERDUE, 3},
    {400, 1, -70, REVIEW_OPEN, true, REVIEW_OVERDUE, 3},
    {400, 1, 0, REVIEW_KEEP, false, REVIEW_CLEAR, 0},
};

static void what_is_doubtful(void)
{
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
        struct review_item item = {
            .thing = {.made = days_ago(doubts[i].made_days), .uncounted = doubts[i].uncounted},
            .reviewer = LIT("p_1"),
            .due = days_ago(-doubts[i].due_in_days),
            .decision = doubts[i].decision,
        };
        if (doubts[i].used_days >= 0)
            item.thing.used = days_ago(doubts[i].used_days);
        CHECK_NUMBER(review_doubt(&item, AT), doubts[i].doubt);
        CHECK_NUMBER(review_reminders(&item, AT), doubts[i].reminders);
    }
}

static const struct {
    const char *last, *next;
} quarters[] = {
    {"2026-01-15", "2026-04-15"}, {"2026-11-30", "2027-02-28"}, {"2027-11-30", "2028-02-29"},
    {"2026-10-31", "2027-01-31"}, {"2026-08-31", "2026-11-30"},
};

static void every_three_months(void)
{
    for (size_t i = 0; i < sizeof quarters / sizeof *quarters; i++) {
        struct civil_date last, next;
        check_row(quarters[i].last);
        CHECK_OK(civil_date_parse(slice_from(quarters[i].last), &last, NULL));
        CHECK_OK(civil_date_parse(slice_from(quarters[i].next), &next, NULL));
        CHECK_NUMBER(civil_date_compare(review_next(last), next), 0);
    }
}

static const struct {
    const char *who;
    enum access_function whose; /* function of who decides */
    enum review_kind kind;
    enum review_decision decision;
    enum access_function change;
    enum status status;
} decisions[] = {
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_KEEP, FUNCTION_NONE, ST_OK},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_TOKEN, REVIEW_REMOVE, FUNCTION_NONE, ST_OK},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_CHANGE, FUNCTION_AUDITOR, ST_OK},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_CHANGE, FUNCTION_ORGANIZER, ST_INVALID},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_CHANGE, FUNCTION_OPERATOR, ST_INVALID},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_CHANGE, FUNCTION_NONE, ST_INVALID},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_CHANGE, FUNCTION_ADMINISTRATOR, ST_DENIED},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_TOKEN, REVIEW_CHANGE, FUNCTION_AUDITOR, ST_INVALID},
    {"p_r", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_OPEN, FUNCTION_NONE, ST_INVALID},
    {"p_r", FUNCTION_ORGANIZER, REVIEW_ACCOUNT, REVIEW_KEEP, FUNCTION_NONE, ST_DENIED},
    {"p_x", FUNCTION_ADMINISTRATOR, REVIEW_ACCOUNT, REVIEW_KEEP, FUNCTION_NONE, ST_DENIED},
    {"p_me", FUNCTION_ADMINISTRATOR, REVIEW_GRANT, REVIEW_KEEP, FUNCTION_NONE, ST_DENIED},
};

static void who_decides_what(void)
{
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
        struct access_caller caller = reviewer_of(decisions[i].who, decisions[i].whose);
        struct review_item item = {.thing = {.kind = decisions[i].kind, .account = LIT("p_me"),
                                             .function = FUNCTION_ORGANIZER},
                                   .reviewer = LIT("p_r")}, before = item;
        check_row(decisions[i].who);
        CHECK_NUMBER(review_decide(&item, &caller, decisions[i].decision, decisions[i].change,
                                   ACCESS_CLIENT, AT, NULL), decisions[i].status);
        if (decisions[i].status == ST_OK) {
            CHECK_NUMBER(item.decision, decisions[i].decision);
            CHECK_NUMBER(item.change, decisions[i].change);
            CHECK_NUMBER(item.decided.us, AT.us);
        } else {
            CHECK(memcmp(&item, &before, sizeof item) == 0);
        }
    }
    struct access_caller caller = reviewer_of("p_r", FUNCTION_ADMINISTRATOR);
    struct review_item done = {.thing = {.account = LIT("p_me")}, .reviewer = LIT("p_r"),
                               .decision = REVIEW_REMOVE, .executed = AT};
    CHECK_NUMBER(review_decide(&done, &caller, REVIEW_KEEP, FUNCTION_NONE, ACCESS_CLIENT, AT, NULL),
                 ST_CONFLICT);
    /* Their own, even where a row names them as reviewer. */
    struct review_item own = {.thing = {.account = LIT("p_r")}, .reviewer = LIT("p_r")};
    CHECK_NUMBER(review_decide(&own, &caller, REVIEW_KEEP, FUNCTION_NONE, ACCESS_CLIENT, AT, NULL),
                 ST_DENIED);
}

static void names_lead_back(void)
{
    for (int i = 0; i < REVIEW_KIND_COUNT_; i++) {
        enum review_kind kind = REVIEW_KIND_COUNT_;
        CHECK(review_kind_from_name(slice_from(review_kind_name(i)), &kind));
        CHECK_NUMBER(kind, i);
        CHECK(*review_kind_word(i, true) && *review_kind_word(i, false));
    }
    enum review_decision decision = REVIEW_OPEN;
    CHECK(review_decision_from_name(LIT("remove"), &decision) && decision == REVIEW_REMOVE);
    CHECK(!review_decision_from_name(LIT("delete"), &decision));
}

int main(void)
{
    TEST(everything_has_somebody_else);
    TEST(who_answers);
    TEST(what_is_doubtful);
    TEST(every_three_months);
    TEST(who_decides_what);
    TEST(names_lead_back);
    return check_done();
}
