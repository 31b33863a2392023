/* Random histories of asking, approving, ending, changes of function and leaving, over a few
 * organisations. After every step, against a record kept apart from the module's own:
 * no grant without two people, none longer than its limit, nobody approves themself, those who
 * left have nothing, and nobody does what administration needs without such a grant. */
#include "check.h"
#include "domain/access/access.h"

enum { HISTORIES = 100, STEPS = 250, GRANTS_MAX = 64 };

static uint64_t seed;
static uint32_t draw(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

static const struct {
    const char *id;
    enum access_kind kind;
} houses[] = {{"o_a", ACCESS_CLIENT}, {"o_b", ACCESS_CLIENT}, {"o_p", ACCESS_PROCESSOR},
              {"o_z", ACCESS_OPERATOR}};
enum { HOUSES = sizeof houses / sizeof *houses };

static struct {
    const char *id;
    unsigned house;
    enum access_function function;
    bool ended;
} people[] = {
    {"p_1", 0}, {"p_2", 0}, {"p_3", 0}, {"p_4", 1}, {"p_5", 2},
    {"p_6", 2}, {"p_7", 3}, {"p_8", 3}, {"p_9", 3},
};
enum { PEOPLE = sizeof people / sizeof *people };

/* What the test itself saw: who asked and who approved, when. */
static struct access_grant grants[GRANTS_MAX];
static struct seen {
    unsigned asker, approver;
    enum access_function asker_was, approver_was;
    int64_t approved_us;
    bool approved, alone;
} seen[GRANTS_MAX];
static size_t grant_count;
static struct instant now;
static unsigned approvals, refusals, allowed, glasses, orphans, raised;

static struct access_caller caller(unsigned who)
{
    return (struct access_caller){
        .person = slice_from(people[who].id),
        .organisation = slice_from(houses[people[who].house].id),
        .kind = houses[people[who].house].kind,
        .function = people[who].function,
        .active = !people[who].ended,
        .session = draw(8) == 0 ? SESSION_TOKEN : SESSION_FULL,
        .factor = draw(8) == 0 ? FACTOR_RECOVERY : FACTOR_PASSKEY,
        .scopes = UINT32_MAX,
        .inside = true,
    };
}

static void become(unsigned who)
{
    do
        people[who].function = (enum access_function)draw(FUNCTION_COUNT_);
    while (!access_function_fits(people[who].function, houses[people[who].house].kind) ||
           people[who].function == FUNCTION_SERVICE);
    if (draw(2) == 0)
        people[who].function = people[who].house == 3 ? FUNCTION_OPERATOR : FUNCTION_ADMINISTRATOR;
}

static bool may_approve(enum access_function function)
{
    return function == FUNCTION_ADMINISTRATOR || function == FUNCTION_OPERATOR;
}
static size_t others_of(unsigned asker)
{
    size_t count = 0;
    for (unsigned i = 0; i < PEOPLE; i++)
        count += i != asker && people[i].house == people[asker].house && !people[i].ended &&
                 may_approve(people[i].function);
    return count;
}

/* One that the function could raise, mostly. */
static enum access_right draw_right(enum access_function function)
{
    for (unsigned tries = 0; tries < 20; tries++) {
        const struct access_row *row = &access_rows[draw((uint32_t)access_row_count)];
        if (row->function == function && row->hold == HOLD_RAISED)
            return row->right;
    }
    return (enum access_right)draw(RIGHT_COUNT_);
}

static void ask_something(unsigned who)
{
    if (grant_count == GRANTS_MAX)
        return;
    struct access_caller me = caller(who);
    struct access_grant *grant = &grants[grant_count];
    *grant = (struct access_grant){.id = LIT("g")};
    enum status status;
    struct slice target = draw(3) == 0 ? SLICE_NONE : slice_from(houses[draw(HOUSES)].id);
    if (draw(4) == 0)
        status = access_glass_ask(&me, target, LIT("it is on fire"), now, grant, NULL);
    else
        status = access_raise_ask(&me, draw_right(people[who].function), target,
                                  LIT("a person begins"), minutes(1 + draw(520)), now, grant, NULL);
    if (status != ST_OK)
        return;
    seen[grant_count++] = (struct seen){.asker = who, .asker_was = people[who].function};
}

static void approve_something(unsigned who)
{
    if (grant_count == 0)
        return;
    size_t at = draw(2) == 0 ? grant_count - 1 : draw((uint32_t)grant_count);
    struct access_caller me = caller(who);
    size_t others = others_of(seen[at].asker);
    if (access_grant_approve(&grants[at], &me, others, now, NULL) != ST_OK) {
        refusals++;
        return;
    }
    CHECK(!seen[at].approved && !people[who].ended && me.session == SESSION_FULL);
    approvals++;
    seen[at].approver = who;
    seen[at].approver_was = people[who].function;
    seen[at].approved = true;
    seen[at].approved_us = now.us;
    seen[at].alone = others == 0;
}

static void end_something(unsigned who)
{
    if (grant_count == 0)
        return;
    struct access_caller me = caller(who);
    size_t at = draw((uint32_t)grant_count);
    if (access_grant_end(&grants[at], &me, others_of(seen[at].asker), now, NULL) == ST_OK)
        CHECK(seen[at].asker == who || may_approve(people[who].function));
}

static void step(void)
{
    unsigned who = draw(PEOPLE);
    switch (draw(12)) {
    case 0: people[who].ended = draw(4) == 0; break;
    case 1: become(who); break;
    case 2: end_something(who); break;
    case 3: case 4: case 5: ask_something(who); break;
    case 6: case 7: case 8: case 9: case 10: approve_something(who); break;
    default: now = instant_add(now, minutes(1 + draw(200))); break;
    }
}

static void check_grants(void)
{
    for (size_t i = 0; i < grant_count; i++) {
        if (access_grant_state(&grants[i], now) != GRANT_ACTIVE)
            continue;
        bool glass = grants[i].cause == CAUSE_GLASS;
        CHECK(seen[i].approved && seen[i].asker != seen[i].approver);
        CHECK(now.us - seen[i].approved_us < (glass ? HOUR_US : 8 * HOUR_US));
        bool together = people[seen[i].asker].house == people[seen[i].approver].house;
        CHECK(together || (seen[i].alone && seen[i].approver_was == FUNCTION_OPERATOR));
        CHECK(may_approve(seen[i].approver_was));
        CHECK(!glass || (seen[i].asker_was == FUNCTION_OPERATOR &&
                         seen[i].approver_was == FUNCTION_OPERATOR));
        glasses += glass;
        orphans += !together;
    }
}

/* Whether the record has two people behind this right of this person now. */
static bool two_behind(unsigned who, enum access_right right)
{
    for (size_t i = 0; i < grant_count; i++) {
        bool glass = grants[i].cause == CAUSE_GLASS;
        if (seen[i].asker == who && seen[i].approved && seen[i].approver != who &&
            grants[i].ended.us == 0 && (glass || grants[i].right == right) &&
            now.us - seen[i].approved_us < (glass ? HOUR_US : 8 * HOUR_US))
            return true;
    }
    return false;
}

static void check_people(void)
{
    struct access_grant_list list = {grants, grant_count, GRANTS_MAX};
    for (unsigned who = 0; who < PEOPLE; who++) {
        struct access_caller me = caller(who);
        if (people[who].ended)
            CHECK_NUMBER(access_rights(&me, &list, now), 0);
        for (int right = 1; right < RIGHT_COUNT_; right++) {
            struct access_ask ask = {.caller = me, .grants = &list, .right = right, .now = now};
            ask.object.organisation = slice_from(houses[draw(HOUSES)].id);
            ask.object.owner = slice_from(people[draw(PEOPLE)].id);
            if (!access_allows(&ask))
                continue;
            allowed++;
            CHECK(!people[who].ended);
            CHECK(access_rights(&me, &list, now) >> right & 1);
            if (!(access_right_needs(right) & NEED_ADMIN))
                continue;
            raised++;
            CHECK(two_behind(who, right));
        }
    }
}

static void histories(void)
{
    for (seed = 1; seed <= HISTORIES; seed++) {
        uint64_t kept = seed;
        grant_count = 0;
        now = (struct instant){INT64_C(1790000000000000)};
        for (unsigned i = 0; i < PEOPLE; i++) {
            people[i].ended = false;
            become(i);
        }
        for (unsigned i = 0; i < STEPS; i++) {
            step();
            check_grants();
            check_people();
        }
        seed = kept;
    }
    printf("# %u approved, %u refused, %u break-glasses and %u raises by the operator seen, %u allowed, "
           "%u of administration\n",
           approvals, refusals, glasses, orphans, allowed, raised);
    CHECK(approvals > 200 && refusals > 1000 && glasses > 50 && orphans > 10 && allowed > 10000 && raised > 100);
}

int main(void)
{
    TEST(histories);
    return check_done();
}
