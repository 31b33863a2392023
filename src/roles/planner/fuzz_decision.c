/* Any JSON as a decision of a supervisor. What is read is bounded and one thing; done to a meeting that waits for it, and
 * tried on a copy first, it moves or is refused; what a case shows of it has no name in it. */
#include <assert.h>
#include <stddef.h>

#include "../../domain/meeting/test_world.h"
#include "domain/casefile/casefile.h"
#include "roles/planner/decision.h"

enum { INPUT_BYTES_MAX = 1 << 16 };

static void check_decision(const struct supervisor_decision *decision, enum decision_act act)
{
    unsigned acts = decision->approve + decision->has_reading + (decision->take_over.len > 0) +
                    (decision->ask_back != ASK_NOBODY) + decision->refuse;
    assert(acts == 1 && act >= 0 && act < DECISION_ACT_COUNT_);
    assert(!decision->has_reading || decision->reading.requests.count == 1);
    assert(decision->take_over.len <= DECISION_TEXT_MAX * MASK_PEOPLE_MAX);
    assert(decision->ask_back == ASK_NOBODY || decision->question.len > 0);
}

static struct meeting_env env_of(struct world *world)
{
    return (struct meeting_env){.now = world->now, .people = world->people, .people_count = 3, .random = &world->random,
                                .assistant = {LIT("Camille"), LIT("camille@assist.example")}};
}

static struct case_facts facts_of(const struct world *world, const struct task *task, const struct meeting_env *env)
{
    return (struct case_facts){.meeting = &world->meeting, .answered = &world->meeting, .task = task,
                               .reading = &task->reading, .env = env};
}

static void try_it(struct world *world, const struct supervisor_decision *decision, json_t *json)
{
    struct meeting after;
    struct case_mail_list mails = {0};
    struct task task = world->meeting.tasks.items[0];
    struct meeting_env env = env_of(world);
    struct case_facts facts = facts_of(world, &task, &env);
    if (case_try(&world->meeting, &task, decision, &env, world->arena, &after, &mails, NULL) != ST_OK)
        return;
    assert(world->meeting.tasks.count == 1);
    facts.meeting = &after;
    facts.mails = mails;
    if (decision->has_reading)
        facts.reading = meeting_corrected(&task, decision, world->arena);
    case_mask_strings(&facts, json, world->arena);
    AUTO_JSON shown = case_shown_json(&facts, world->arena);
    struct slice text = json_write(shown, world->arena);
    assert(slice_find_nocase(text, LIT("karim@guest.example"), 0) == SIZE_MAX);
    struct meeting_input input = {.kind = INPUT_SUPERVISED, .decision = decision, .task = task.id};
    world->effects.count = 0;
    world_input(world, &input);
    assert(world->status == ST_OK && world->meeting.state == after.state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)256 << 20);
    AUTO_JSON json = NULL;
    struct world world;
    struct supervisor_decision decision;
    enum decision_act act;
    if (size > INPUT_BYTES_MAX || json_read((struct slice){(const char *)data, size}, &json, NULL) != ST_OK)
        return 0;
    world_start(&world, arena);
    world_do(&world, "2026-03-02T10:00", "anna", "request in:2026-03-09/2026-03-13 +karim +nadia");
    world_do(&world, "2026-03-03T10:00", "karim", "unclear");
    assert(world.meeting.tasks.count == 1);
    struct meeting_env env = env_of(&world);
    struct case_facts facts = facts_of(&world, &world.meeting.tasks.items[0], &env);
    struct case_person_list people;
    case_people(&facts, arena, &people);
    struct decision_context context = {&world.meeting, &facts.task->reading, &people};
    if (decision_read(json, &context, arena, &decision, &act, NULL) != ST_OK)
        return 0;
    check_decision(&decision, act);
    (void)decision_changes(&decision, arena);
    try_it(&world, &decision, json);
    return 0;
}
