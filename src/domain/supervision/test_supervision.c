/* Moves of tasks, who gets which, and what always holds whatever people do. */
#include "check.h"
#include "domain/supervision/supervision.h"

enum { SECOND = 1000000, START = 1000 * SECOND };

static struct instant at_second(int64_t second)
{
    return (struct instant){START + second * SECOND};
}

static struct supervision_task open_at(const char *reason, int64_t second, int64_t about_hours)
{
    struct supervision_task task;
    struct task_opening opening = {
        .id = LIT("t1"), .meeting = LIT("m1"), .organisation = LIT("o"), .reason = slice_from(reason),
        .language = LANGUAGE_FR, .at = at_second(second),
    };
    if (about_hours > 0)
        opening.about.us = opening.at.us + about_hours * HOUR_US;
    supervision_open(&opening, &supervision_defaults, &task);
    return task;
}

static const struct {
    const char *reason;
    int64_t about_hours; /* 0: unknown */
    enum task_priority priority;
    enum task_skill skill;
    uint32_t minutes;
} openings[] = {
    {"unclear", 0, TASK_NORMAL, SKILL_NONE, 60},
    {"unclear", 23, TASK_URGENT, SKILL_NONE, 10},
    {"unclear", 25, TASK_NORMAL, SKILL_NONE, 60},
    {"policy", 0, TASK_NORMAL, SKILL_NONE, 60},
    {"hostile", 0, TASK_HIGH, SKILL_COMPLAINT, 20},
    {"complaint", 2, TASK_URGENT, SKILL_COMPLAINT, 10},
    {"asked", 0, TASK_HIGH, SKILL_GUEST, 20},
    {"too_large", 0, TASK_HIGH, SKILL_TECHNICAL, 20},
    {"sample", 2, TASK_LOW, SKILL_NONE, 240},
    {"something_new", 0, TASK_HIGH, SKILL_TECHNICAL, 20},
};

static void reasons_say_how_much_it_presses(void)
{
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct supervision_task task = open_at(openings[i].reason, 0, openings[i].about_hours);
        check_row(openings[i].reason);
        CHECK_NUMBER(task.priority, openings[i].priority);
        CHECK_NUMBER(task.skill, openings[i].skill);
        CHECK_NUMBER(task.deadline.us - task.opened.us, openings[i].minutes * MINUTE_US);
        CHECK_NUMBER(task.due.us - task.opened.us, openings[i].minutes * MINUTE_US / 2);
        CHECK_NUMBER(task.rank, TASK_PRIORITY_COUNT_ - openings[i].priority);
    }
    check_row("");
}

static void settings_are_read(void)
{
    struct supervision_rules rules = supervision_defaults;
    unsigned bits;
    CHECK_OK(supervision_minutes_parse(LIT("100 50 20 5"), &rules, NULL));
    CHECK_NUMBER(rules.minutes[TASK_LOW], 100);
    CHECK_NUMBER(rules.minutes[TASK_URGENT], 5);
    static const char *const bad[] = {"", "1 2 3", "1 2 3 4 5", "1 2 3 0", "1 2 3 x", "1 2 3 20000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_row(bad[i]);
        CHECK_NUMBER(supervision_minutes_parse(slice_from(bad[i]), &rules, NULL), ST_INVALID);
    }
    check_row("");
    CHECK_NUMBER(rules.minutes[TASK_LOW], 100);
    CHECK_OK(supervision_four_eyes_parse(LIT("refuse take_over"), &rules, NULL));
    CHECK_NUMBER(rules.four_eyes, 1 << DECISION_REFUSE | 1 << DECISION_TAKE_OVER);
    CHECK_OK(supervision_four_eyes_parse(SLICE_NONE, &rules, NULL));
    CHECK_NUMBER(rules.four_eyes, 0);
    CHECK_NUMBER(supervision_four_eyes_parse(LIT("refuse all"), &rules, NULL), ST_INVALID);
    CHECK_OK(supervisor_languages_parse(LIT("fr,en"), &bits, NULL));
    CHECK_NUMBER(bits, SUPERVISOR_LANGUAGES);
    CHECK_OK(supervisor_skills_parse(LIT("complaint, technical"), &bits, NULL));
    CHECK_NUMBER(bits, 1 << SKILL_COMPLAINT | 1 << SKILL_TECHNICAL);
    CHECK_NUMBER(supervisor_languages_parse(LIT("de"), &bits, NULL), ST_INVALID);
}

static struct supervisor person(const char *id)
{
    return (struct supervisor){.person = slice_from(id), .languages = SUPERVISOR_LANGUAGES};
}

static enum status act(struct supervision_task *task, enum task_act what, const char *by, int64_t second,
                       struct arena *arena)
{
    struct supervisor who = person(by != NULL ? by : "nobody");
    struct task_input input = {.act = what, .by = by != NULL ? &who : NULL, .now = at_second(second)};
    who.lead = by != NULL && by[0] == 'L';
    return supervision_step(task, &input, arena, NULL);
}

static void a_task_goes_back_by_itself(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervision_task task = open_at("unclear", 0, 0);
    unsigned done;
    CHECK_OK(act(&task, TASK_TAKE, "p1", 10, arena));
    CHECK_NUMBER(task.state, TASK_TAKEN);
    CHECK_NUMBER(task.due.us, at_second(10 + TASK_HELD_SECONDS).us);
    CHECK_NUMBER(act(&task, TASK_TAKE, "p2", 11, arena), ST_CONFLICT);
    CHECK_OK(act(&task, TASK_BEAT, "p1", 40, arena));
    CHECK_NUMBER(act(&task, TASK_BEAT, "p2", 41, arena), ST_DENIED);
    CHECK_OK(supervision_wake(&task, at_second(129), 1, arena, &done, NULL));
    CHECK_NUMBER(done, 0);
    CHECK_TEXT(task.taken_by, "p1");
    CHECK_OK(supervision_wake(&task, at_second(130), 1, arena, &done, NULL));
    CHECK_NUMBER(done, 1 << TASK_EXPIRE);
    CHECK_NUMBER(task.state, TASK_WAITING);
    CHECK_NUMBER(task.taken_by.len, 0);
    CHECK_NUMBER(act(&task, TASK_DECIDE, "p1", 131, arena), ST_CONFLICT);
    CHECK_OK(act(&task, TASK_TAKE, "p1", 132, arena));
    CHECK_OK(act(&task, TASK_DECIDE, "p1", 133, arena));
    CHECK_NUMBER(task.state, TASK_CLOSED);
    CHECK_NUMBER(task.due.us, 0);
    CHECK_TEXT(task.taken_by, "p1"); /* who is told */
    CHECK_NUMBER(task.first_taken.us, at_second(10).us);
    CHECK_NUMBER(act(&task, TASK_DECIDE, "p1", 134, arena), ST_CONFLICT);
}

static void it_rises_and_is_breached_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervision_task task = open_at("hostile", 0, 0);
    unsigned done, with_it = 1 << SKILL_NONE | 1 << SKILL_COMPLAINT;
    CHECK_OK(supervision_wake(&task, at_second(599), with_it, arena, &done, NULL));
    CHECK_NUMBER(done, 0);
    CHECK_OK(supervision_wake(&task, at_second(600), with_it, arena, &done, NULL));
    CHECK_NUMBER(done, 1 << TASK_RISE);
    CHECK_NUMBER(task.priority, TASK_URGENT);
    CHECK_NUMBER(task.skill, SKILL_COMPLAINT); /* somebody who has it is there */
    CHECK_NUMBER(task.due.us, task.deadline.us);
    CHECK_OK(act(&task, TASK_TAKE, "Lea", 700, arena));
    CHECK_OK(supervision_wake(&task, at_second(1200), with_it, arena, &done, NULL));
    CHECK_NUMBER(done, 1 << TASK_EXPIRE | 1 << TASK_BREACH);
    CHECK_NUMBER(task.rank, 0);
    CHECK_NUMBER(task.skill, SKILL_NONE);
    CHECK_NUMBER(task.due.us, at_second(1200 + TASK_AGAIN_SECONDS).us);
    CHECK_OK(supervision_wake(&task, at_second(1201), with_it, arena, &done, NULL));
    CHECK_NUMBER(done, 0);
    CHECK_OK(supervision_wake(&task, at_second(1200 + TASK_AGAIN_SECONDS), with_it, arena, &done, NULL));
    CHECK_NUMBER(done, 1 << TASK_AGAIN);
    CHECK_NUMBER(task.due.us, at_second(1200 + 2 * TASK_AGAIN_SECONDS).us);
    /* Held when it is to be told again: who has it knows, and the clock goes on. */
    CHECK_OK(act(&task, TASK_TAKE, "Lea", 1199 + 2 * TASK_AGAIN_SECONDS, arena));
    CHECK_OK(supervision_wake(&task, at_second(1200 + 2 * TASK_AGAIN_SECONDS), with_it, arena, &done, NULL));
    CHECK_NUMBER(done, 0);
    CHECK(task.due.us > at_second(1200 + 2 * TASK_AGAIN_SECONDS).us);
}

static void a_skill_that_nobody_has_is_not_waited_for(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervision_task task = open_at("hostile", 0, 0);
    struct supervisor plain = person("p1");
    unsigned done;
    CHECK(!supervision_may_take(&task, &plain, false, at_second(1)));
    CHECK_OK(supervision_wake(&task, at_second(600), 1 << SKILL_NONE, arena, &done, NULL));
    CHECK_NUMBER(task.skill, SKILL_NONE);
    CHECK(supervision_may_take(&task, &plain, false, at_second(601)));
    const struct supervisor people[] = {
        {.person = LIT("a"), .skills = 1 << SKILL_COMPLAINT, .seen = at_second(0)},
        {.person = LIT("b"), .skills = 1 << SKILL_GUEST, .seen = at_second(-SUPERVISOR_ON_DUTY_SECONDS - 1)},
    };
    CHECK_NUMBER(supervision_skills_on_duty(people, 2, at_second(0)), 1 << SKILL_NONE | 1 << SKILL_COMPLAINT);
}

static void a_second_opinion_comes_back(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervision_task task = open_at("unclear", 0, 0);
    struct supervisor one = person("p1"), two = person("p2");
    unsigned done;
    CHECK_OK(act(&task, TASK_TAKE, "p1", 1, arena));
    CHECK_NUMBER(act(&task, TASK_ANSWER, "p1", 2, arena), ST_CONFLICT);
    CHECK_OK(act(&task, TASK_ASK, "p1", 2, arena));
    CHECK(!supervision_may_take(&task, &one, false, at_second(3)));
    CHECK_OK(act(&task, TASK_TAKE, "p2", 3, arena));
    CHECK_NUMBER(act(&task, TASK_DECIDE, "p2", 4, arena), ST_CONFLICT); /* they were asked, no more */
    CHECK_NUMBER(act(&task, TASK_PROPOSE, "p2", 4, arena), ST_CONFLICT);
    CHECK_OK(act(&task, TASK_ANSWER, "p2", 5, arena));
    CHECK(!supervision_may_take(&task, &two, false, at_second(6)));
    CHECK(supervision_may_take(&task, &one, false, at_second(6)));
    CHECK_OK(supervision_wake(&task, at_second(5 + TASK_KEPT_SECONDS), 1, arena, &done, NULL));
    CHECK_NUMBER(done, 1 << TASK_FREE);
    CHECK(supervision_may_take(&task, &two, false, at_second(6 + TASK_KEPT_SECONDS)));
}

static void two_people_decide_where_two_must(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervision_task task = open_at("unclear", 0, 0);
    struct supervisor one = person("p1"), two = person("p2"), lead = person("p1");
    lead.lead = true;
    CHECK_OK(act(&task, TASK_TAKE, "p1", 1, arena));
    CHECK_OK(act(&task, TASK_PROPOSE, "p1", 2, arena));
    CHECK_NUMBER(task.state, TASK_SECONDING);
    CHECK(!supervision_may_take(&task, &one, false, at_second(3)));
    CHECK(!supervision_may_take(&task, &lead, true, at_second(3))); /* a lead neither */
    CHECK(supervision_may_take(&task, &two, false, at_second(3)));
    CHECK_NUMBER(act(&task, TASK_SECOND, "p1", 3, arena), ST_DENIED);
    CHECK_NUMBER(act(&task, TASK_SECOND, "p2", 3, arena), ST_DENIED); /* has not taken it */
    CHECK_OK(act(&task, TASK_TAKE, "p2", 4, arena));
    CHECK_NUMBER(task.state, TASK_SECONDING);
    CHECK_OK(act(&task, TASK_DISSENT, "p2", 5, arena));
    CHECK_NUMBER(task.state, TASK_WAITING);
    CHECK_NUMBER(task.proposed_by.len, 0);
    CHECK_TEXT(task.kept_for, "p1");
    CHECK_OK(act(&task, TASK_TAKE, "p1", 6, arena));
    CHECK_OK(act(&task, TASK_PROPOSE, "p1", 7, arena));
    CHECK_OK(act(&task, TASK_BREACH, NULL, 3600, arena));
    CHECK(!supervision_may_take(&task, &one, false, at_second(3601))); /* nor when it is late */
    CHECK_OK(act(&task, TASK_TAKE, "p2", 3601, arena));
    CHECK_OK(act(&task, TASK_SECOND, "p2", 3602, arena));
    CHECK_NUMBER(task.how, TASK_DECIDED);
}

static void a_lead_may_take_over(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervision_task task = open_at("hostile", 0, 0);
    struct supervisor lead = {.person = LIT("L"), .lead = true}, plain = person("p2");
    CHECK(!supervision_may_take(&task, &lead, false, at_second(1))); /* not by "next" */
    CHECK(supervision_may_take(&task, &lead, true, at_second(1)));
    plain.skills = 1 << SKILL_COMPLAINT;
    struct task_input take = {.act = TASK_TAKE, .by = &plain, .now = at_second(2)};
    CHECK_OK(supervision_step(&task, &take, arena, NULL));
    CHECK_NUMBER(act(&task, TASK_HAND_ON, "p3", 3, arena), ST_DENIED);
    CHECK_OK(act(&task, TASK_HAND_ON, "L", 3, arena));
    CHECK_NUMBER(task.state, TASK_WAITING);
    CHECK(!supervision_may_take(&task, &plain, false, at_second(4))); /* they had it */
    /* To a lead: nobody else, until it is late. */
    struct task_input again = {.act = TASK_TAKE, .by = &lead, .now = at_second(5)};
    struct task_input on = {.act = TASK_HAND_ON, .by = &lead, .now = at_second(6), .to_lead = true};
    struct supervisor third = {.person = LIT("p3"), .languages = 6, .skills = 1 << SKILL_COMPLAINT};
    struct supervisor other = {.person = LIT("L2"), .lead = true, .languages = 6, .skills = 1 << SKILL_COMPLAINT};
    CHECK_OK(supervision_step(&task, &again, arena, NULL));
    CHECK_OK(supervision_step(&task, &on, arena, NULL));
    CHECK(!supervision_may_take(&task, &third, false, at_second(7)));
    CHECK(supervision_may_take(&task, &other, false, at_second(7)));
    CHECK_OK(act(&task, TASK_BREACH, NULL, 1200, arena));
    CHECK(supervision_may_take(&task, &third, false, at_second(1201)));
}

/* The queue */

static struct supervision_task waiting(const char *id, const char *meeting, const char *reason, int64_t second)
{
    struct supervision_task task = open_at(reason, second, 0);
    task.id = slice_from(id);
    task.meeting = slice_from(meeting);
    return task;
}

static const struct {
    const char *what, *held[6]; /* meeting, person, … */
    const char *chosen;
} choices[] = {
    {"the most urgent one that needs nothing special", {NULL}, "normal"},
    {"somebody else has its meeting", {"m1", "p2"}, "later"},
    {"their own meeting first", {"m3", "p1"}, "low"},
    {"three are enough", {"m7", "p1", "m8", "p1", "m9", "p1"}, NULL},
};

static void people_take_what_is_most_urgent(void)
{
    struct supervision_task tasks[] = {
        waiting("skilled", "m0", "hostile", 0), waiting("normal", "m1", "unclear", 0),
        waiting("later", "m2", "unclear", 60), waiting("low", "m3", "sample", 0)};
    struct supervision_task_list list = {tasks, 4, 4};
    struct supervisor who = person("p1");
    for (size_t i = 1; i < list.count; i++)
        CHECK(supervision_before(&tasks[i - 1], &tasks[i]));
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct task_holder held[3];
        struct task_holder_list holders = {held, 0, 3};
        check_row(choices[i].what);
        for (size_t k = 0; k < 6 && choices[i].held[k] != NULL; k += 2)
            held[holders.count++] =
                (struct task_holder){slice_from(choices[i].held[k]), slice_from(choices[i].held[k + 1])};
        const struct supervision_task *got = supervision_choose(&list, &who, &holders, at_second(100));
        CHECK_TEXT(got == NULL ? SLICE_NONE : got->id, choices[i].chosen == NULL ? "" : choices[i].chosen);
    }
    check_row("");
    who.languages = 1 << LANGUAGE_EN;
    CHECK(supervision_choose(&list, &who, &(struct task_holder_list){0}, at_second(100)) == NULL);
}

/* Whatever people do */

enum { PEOPLE = 5, STEPS = 400, WALKS = 300 };
static const char *const names[PEOPLE] = {"p0", "p1", "p2", "p3", "L4"};

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % below;
}

static void check_always(const struct supervision_task *task, struct instant now)
{
    bool held = task->state == TASK_TAKEN || (task->state == TASK_SECONDING && task->taken_by.len > 0);
    if (task->state == TASK_CLOSED) {
        CHECK(task->due.us == 0 && task->closed.us != 0 && task->how != TASK_OPEN);
        return;
    }
    CHECK(task->due.us != 0 && task->closed.us == 0 && task->how == TASK_OPEN);
    CHECK(task->due.us - now.us <= (int64_t)TASK_AGAIN_SECONDS * SECOND);
    CHECK(held == (task->taken_by.len > 0));
    CHECK(!held || task->taken_until.us != 0);
    CHECK((task->state == TASK_SECONDING) == (task->proposed_by.len > 0));
    CHECK(task->state != TASK_SECONDING || !slice_equal(task->taken_by, task->proposed_by));
    CHECK((task->rank == 0) == (task->breached.us != 0));
}

/* One task, five people who do at random what there is to do, and a clock. */
static void walk(uint64_t seed, struct arena *arena)
{
    struct supervision_task task = open_at(draw(&seed, 2) == 0 ? "unclear" : "hostile", 0, 0);
    int64_t second = 0;
    unsigned breaches = 0, done;
    for (int step = 0; step < STEPS; step++) {
        struct supervision_task before = task;
        const char *by = names[draw(&seed, PEOPLE)];
        enum task_act what = (enum task_act)draw(&seed, TASK_SETTLE);
        if (what >= TASK_SECOND && draw(&seed, 12) != 0)
            continue; /* or it ends too soon */
        second += draw(&seed, 40);
        struct supervisor who = person(by);
        struct task_input input = {.act = what, .by = &who, .now = at_second(second), .to_lead = draw(&seed, 2)};
        who.lead = by[0] == 'L';
        who.skills = 1 << SKILL_COMPLAINT;
        if (task.state != TASK_CLOSED) {
            CHECK_OK(supervision_wake(&task, input.now, 1, arena, &done, NULL));
            CHECK(task.due.us > input.now.us);
            breaches += (done & 1u << TASK_BREACH) != 0;
            before = task;
        }
        enum status status = supervision_step(&task, &input, arena, NULL);
        CHECK(status == ST_OK || status == ST_CONFLICT || status == ST_DENIED);
        if (status != ST_OK)
            CHECK(memcmp(&before, &task, sizeof task) == 0);
        if (status == ST_OK && what == TASK_SECOND)
            CHECK(!slice_equal(before.proposed_by, who.person));
        if (before.state == TASK_CLOSED)
            CHECK_NUMBER(status, ST_CONFLICT);
        check_always(&task, input.now);
    }
    CHECK(breaches <= 1);
}

static void whatever_people_do(void)
{
    for (uint64_t seed = 1; seed <= WALKS; seed++) {
        AUTO_ARENA arena = arena_create(4 << 20);
        walk(seed, arena);
    }
}

/* Each pair is in the table, or refused and nothing changes. */
static void each_pair_moves_or_is_refused(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervisor who = person("p1");
    for (int state = 0; state < TASK_STATE_COUNT_; state++)
        for (int what = 0; what < TASK_ACT_COUNT_; what++) {
            struct supervision_task task = open_at("unclear", 0, 0);
            task.state = (enum task_state)state;
            if (state != TASK_WAITING)
                task.taken_by = LIT("p1");
            if (what == TASK_TAKE)
                task.taken_by = SLICE_NONE;
            task.taken_until = at_second(500);
            task.asked_by = what == TASK_ANSWER ? LIT("p2") : SLICE_NONE;
            task.proposed_by = LIT("p2");
            task.kept_for = what == TASK_FREE ? LIT("p2") : SLICE_NONE;
            task.breached = what == TASK_AGAIN ? at_second(1) : (struct instant){0};
            struct task_input input = {.act = (enum task_act)what, .by = &who, .now = at_second(9), .skills = 1};
            check_row(task_act_names[what]);
            bool moves = supervision_has_move((enum task_state)state, (enum task_act)what);
            if (state == TASK_WAITING && what == TASK_EXPIRE)
                continue;
            CHECK_NUMBER(supervision_step(&task, &input, arena, NULL), moves ? ST_OK : ST_CONFLICT);
        }
    check_row("");
}

static void samples_are_drawn_by_share(void)
{
    struct supervision_rules rules = {.sample_permille = 20};
    unsigned drawn = 0;
    for (uint64_t i = 0; i < 10000; i++)
        drawn += supervision_is_sampled(i * UINT64_C(0x9E3779B97F4A7C15), &rules);
    CHECK(drawn > 120 && drawn < 280);
    rules.sample_permille = 0;
    CHECK(!supervision_is_sampled(0, &rules));
    rules.sample_permille = 1000;
    CHECK(supervision_is_sampled(999, &rules));
}

int main(void)
{
    TEST(reasons_say_how_much_it_presses);
    TEST(settings_are_read);
    TEST(a_task_goes_back_by_itself);
    TEST(it_rises_and_is_breached_once);
    TEST(a_skill_that_nobody_has_is_not_waited_for);
    TEST(a_second_opinion_comes_back);
    TEST(two_people_decide_where_two_must);
    TEST(a_lead_may_take_over);
    TEST(people_take_what_is_most_urgent);
    TEST(each_pair_moves_or_is_refused);
    TEST(whatever_people_do);
    TEST(samples_are_drawn_by_share);
    return check_done();
}
