/* A case from a small meeting: who and what is in it, and that nobody is. */
#include "domain/casefile/casefile.h"

#include "../meeting/test_world.h"

#define MON "2026-03-02T10:00"
#define TUE "2026-03-03T10:00"

/* Anna has asked karim and nadia, and karim has written `words`, which were read so. */
struct scene {
    struct world world;
    struct arena *arena;
    struct case_facts facts;
    struct task task;
};

static struct case_message message_of(struct slice from, const char *at, const char *text)
{
    return (struct case_message){.from = from, .at = world_time(at), .text = slice_from(text), .language = LANGUAGE_FR};
}

static struct interval day_of(const char *from, const char *to)
{
    return (struct interval){world_time(from), world_time(to)};
}

static void open_scene(struct scene *scene, struct arena *arena, const char *reading, const char *words)
{
    *scene = (struct scene){.arena = arena};
    struct world *world = &scene->world;
    world_start(world, arena);
    world_do(world, MON, "anna", "request in:2026-03-09/2026-03-13 +karim +nadia");
    world_do(world, TUE, "karim", reading);
    CHECK_NUMBER(world->meeting.tasks.count, 1);
    scene->task = world->meeting.tasks.items[0];
    world->meeting.people.items[1].name = LIT("Karim Benali");
    world->meeting.people.items[1].phone = LIT("06 12 34 56 78");
    struct offer unseen = {9, day_of("2026-03-20T09:00", "2026-03-20T10:00"), true};
    ARENA_PUSH(arena, &world->meeting.offers, unseen);
    static struct meeting_env env;
    env = (struct meeting_env){.now = world->now, .people = world->people, .people_count = 3, .random = &world->random,
                               .assistant = {LIT("Camille"), LIT("camille@assist.example")}};
    scene->facts = (struct case_facts){.meeting = &world->meeting, .answered = &world->meeting, .task = &scene->task,
                                       .reading = &scene->task.reading,
                                       .env = &env, .drafts = true};
    ARENA_PUSH(arena, &scene->facts.thread,
               message_of(world->meeting.people.items[0].address, MON, "Une heure avec Karim et Nadia, merci."));
    ARENA_PUSH(arena, &scene->facts.thread, message_of(SLICE_NONE, MON, "Bonjour Karim, lundi à 10h ?"));
    scene->facts.thread.items[1].ours = true;
    ARENA_PUSH(arena, &scene->facts.thread, message_of(world->meeting.people.items[1].address, TUE, words));
}

static void add_timex(struct scene *scene, const char *words, const char *from, const char *to)
{
    struct slice text = scene->facts.thread.items[2].text, part = slice_from(words);
    size_t at = slice_find(text, part, 0);
    struct timex timex = {.text = part, .offset = (uint32_t)at, .length = (uint32_t)part.len, .kind = TIMEX_INTERVAL};
    CHECK(at != SIZE_MAX);
    CHECK_OK(civil_parse(slice_from(from), &timex.start, NULL));
    CHECK_OK(civil_parse(slice_from(to), &timex.end, NULL));
    ARENA_PUSH(scene->arena, &scene->task.reading.timexes, timex);
}

static struct slice at_path(const json_t *json, const char *path, struct arena *arena)
{
    struct slice rest = slice_from(path);
    while (json != NULL && rest.len > 0) {
        size_t dot = slice_find(rest, LIT("."), 0), end = dot == SIZE_MAX ? rest.len : dot;
        struct slice step = slice_sub(rest, 0, end);
        uint64_t index;
        json = slice_to_u64(step, 1000, &index) && json_is_array(json)
                   ? json_array_get(json, (size_t)index)
                   : json_object_get(json, arena_text(arena, step));
        rest = slice_sub(rest, end + 1, rest.len);
    }
    if (json == NULL)
        return LIT("(none)");
    return json_is_string(json) ? arena_copy(arena, slice_from(json_string_value(json))) : json_write(json, arena);
}

static void check_at(const json_t *json, const char *path, const char *want, struct arena *arena)
{
    check_row(path);
    CHECK_TEXT(at_path(json, path, arena), want);
}

static void a_case_says_what_is_known(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct scene scene;
    open_scene(&scene, arena, "accept 1 low in:2026-03-10/2026-03-10",
               "Karim ici, plutôt mardi 10 mars si Éloïse (eloise@ext.example) peut. 06.12.34.56.78");
    add_timex(&scene, "mardi 10 mars", "2026-03-10T00:00:00", "2026-03-11T00:00:00");
    ARENA_PUSH(arena, &scene.task.reading.spans, ((struct span_item){11, 7})); /* "plutôt" */
    ARENA_PUSH(arena, &scene.facts.thread.items[2].cues,
               ((struct said_cue){.offset = 33, .length = 2, .name = LIT("condition")})); /* "si" */
    ARENA_PUSH(arena, &scene.facts.thread.items[2].cues, ((struct said_cue){.offset = 0, .length = 5, .name = LIT("slot")}));
    AUTO_JSON json = case_shown_json(&scene.facts, arena);
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"task.reason", "unsure"},
        {"meeting.state", "supervision"},
        {"meeting.zone", "Europe/Paris"},
        {"people.0.id", "P1"},
        {"people.0.role", "organiser"},
        {"people.1.label", "K. B. · g…"},
        {"people.2.active", "true"},
        {"thread.0.from", "P1"},
        {"thread.0.text", "Une heure avec [P2] et [P3], merci."},
        {"thread.1.from", "us"},
        {"thread.1.text", "Bonjour [P2], lundi à 10h ?"},
        {"thread.2.from", "P2"},
        {"thread.2.language", "fr"},
        {"thread.2.text", "[P2] ici, plutôt mardi 10 mars si Éloïse ([…]) peut. [P2]"},
        {"reading.intent", "accept"},
        {"reading.accepted", "[1]"},
        {"reading.windows.0.wish", "wanted"},
        {"reading.windows.0.start", "2026-03-10T00:00:00+01:00"},
        {"reading.windows.0.at", "18"},
        {"reading.windows.0.len", "13"},
        {"task.reason_words.0", "{\"at\":32,\"len\":2,\"means\":\"condition\"}"},
        {"task.reason_words.1", "{\"at\":10,\"len\":7,\"means\":\"accept\"}"},
        {"task.reason_words.2", "{\"at\":18,\"len\":13,\"means\":\"time\"}"},
        {"task.reason_words.3", "(none)"},
        {"offers.0.number", "1"},
        {"offers.0.withdrawn", "false"},
        {"offers.3.number", "0"}, /* karim never saw it */
        {"draft", "null"},
        {"does", "sends_draft"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_at(json, rows[i].path, rows[i].want, arena);
}

/* Nobody's name, address or number is anywhere in it, in whatever place they were put. */
static void nobody_is_in_it(void)
{
    static const char *const secrets[] = {"karim", "benali", "guest.example", "06 12", "612345678", "anna@", "titre secret"};
    AUTO_ARENA arena = arena_create(64 << 20);
    struct scene scene;
    open_scene(&scene, arena, "unclear in:2026-03-10/2026-03-10 tel:0612345678 +zoe",
               "KARIM BENALI, karim@guest.example, +33 6 12 34 56 78");
    scene.world.meeting.subject = LIT("Point avec Karim Benali <karim@guest.example>");
    ARENA_PUSH(arena, &scene.facts.mails, ((struct case_mail){scene.task.from, LIT("Re: Karim"), LIT("Bonjour Karim,")}));
    ARENA_PUSH(arena, &scene.facts.mails,
               ((struct case_mail){scene.world.meeting.people.items[0].address, LIT("Benali"), LIT("06 12 34 56 78")}));
    AUTO_JSON json = case_shown_json(&scene.facts, arena);
    struct slice text = json_write(json, arena);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        check_row(secrets[i]);
        CHECK(slice_find_nocase(text, slice_from(secrets[i]), 0) == SIZE_MAX);
    }
    check_at(json, "draft.to.0", "P2", arena);
    check_at(json, "draft.text", "Bonjour [P2],", arena);
    check_at(json, "also.0.to.0", "P1", arena);
    check_at(json, "also.0.text", "[P2]", arena);
    check_at(json, "meeting.subject", "Point avec [P2] <[P2]>", arena);
    AUTO_JSON people = case_people_json(&scene.facts, arena);
    check_at(people, "people.1.name", "Karim Benali", arena);
    check_at(people, "people.1.address", "karim@guest.example", arena);
    AUTO_JSON words = case_words_json(&scene.facts, arena);
    check_at(words, "thread.2.text", "KARIM BENALI, karim@guest.example, +33 6 12 34 56 78", arena);
    AUTO_JSON draft = case_draft_json(&scene.facts, arena);
    check_at(draft, "to.0", "karim@guest.example", arena);
    check_at(draft, "also.0.subject", "Benali", arena);
}

/* Calendars are when somebody is taken, two weeks of it, of who takes part and has one here. */
static void calendars_are_busy_and_free(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct scene scene;
    open_scene(&scene, arena, "unclear in:2026-03-10/2026-03-10", "mardi");
    static const char *const spans[][2] = {{"2026-03-05T09:00", "2026-03-05T10:00"},
                                           {"2026-03-11T09:00", "2026-03-11T10:00"},
                                           {"2026-03-30T09:00", "2026-03-30T10:00"}};
    for (size_t p = 0; p < 3; p++) {
        scene.world.people[p].busy.count = 0;
        for (size_t i = 0; i < 3; i++)
            ARENA_PUSH(arena, &scene.world.people[p].busy, day_of(spans[i][0], spans[i][1]));
    }
    AUTO_JSON json = case_shown_json(&scene.facts, arena);
    check_at(json, "busy", "[{\"who\":\"P1\",\"spans\":[{\"start\":\"2026-03-11T09:00:00+01:00\","
                           "\"end\":\"2026-03-11T10:00:00+01:00\"}]}]", arena);
}

/* A second look says nothing of what the machine has read. */
static void a_second_look_is_blind(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct scene scene;
    open_scene(&scene, arena, "accept 1 low", "Oui, le premier.");
    ARENA_PUSH(arena, &scene.task.reading.spans, ((struct span_item){0, 3}));
    scene.facts.reading = NULL;
    AUTO_JSON json = case_shown_json(&scene.facts, arena);
    check_at(json, "reading", "null", arena);
    check_at(json, "task.reason_words", "[]", arena);
    CHECK(!slice_contains(json_write(json, arena), LIT("accept")));
}

/* What deciding would do, and that nothing was done. */
static void trying_changes_nothing(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct scene scene;
    struct supervisor_decision take_over = {.take_over = LIT("Bonjour Karim.")}, approve = {.approve = true};
    struct meeting after;
    struct case_mail_list mails;
    open_scene(&scene, arena, "accept 1 low", "Oui, le premier.");
    AUTO_BUFFER before = buffer_create(1 << 20);
    AUTO_BUFFER now = buffer_create(1 << 20);
    record_encode(&meeting_record, &scene.world.meeting, &before);
    uint64_t random = scene.world.random;
    CHECK_OK(case_try(&scene.world.meeting, &scene.task, &take_over, scene.facts.env, arena, &after, &mails, NULL));
    CHECK_NUMBER(mails.count, 1);
    CHECK_TEXT(mails.items[0].to, "karim@guest.example");
    CHECK(slice_starts(mails.items[0].text, LIT("Bonjour Karim.")));
    CHECK_NUMBER(after.state, MEETING_PROPOSING);
    CHECK_OK(case_try(&scene.world.meeting, &scene.task, &approve, scene.facts.env, arena, &after, &mails, NULL));
    CHECK_NUMBER(after.tasks.count, 0);
    struct task gone = {.id = LIT("none")};
    CHECK_NUMBER(case_try(&scene.world.meeting, &gone, &approve, scene.facts.env, arena, &after, &mails, NULL), ST_CONFLICT);
    record_encode(&meeting_record, &scene.world.meeting, &now);
    CHECK(slice_equal(buffer_slice(&before), buffer_slice(&now)) && random == scene.world.random);
}

/* What is typed into a decision stands as it was typed, but for the case's own people: of nobody else it tells whether the
 * organisation knows them. */
static void typed_names_tell_nothing(void)
{
#define WITH " avec Sylvie Petit (sylvie@house.example), Paul Inconnu (paul@nulle.example) et karim@acme.example."
    static const char words[] = "Bonjour Karim Benali," WITH;
    static const char shown[] = "Bonjour [P2]," WITH;
#undef WITH
    static const struct {
        const char *name;
        struct supervisor_decision decision;
    } rows[] = {
        {"take over", {.take_over = {words, sizeof words - 1}}},
        {"ask back", {.ask_back = ASK_WRITER, .question = {words, sizeof words - 1}}},
        {"refuse", {.refuse = true, .refusal = {words, sizeof words - 1}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        struct scene scene;
        struct meeting after;
        const struct case_typed typed = {{[CASE_TYPED_REPLY] = rows[i].decision.take_over,
                                          [CASE_TYPED_QUESTION] = rows[i].decision.question,
                                          [CASE_TYPED_REFUSAL] = rows[i].decision.refusal}};
        struct supervisor_decision decision = rows[i].decision;
        open_scene(&scene, arena, "accept 1 low", "Oui, avec Sylvie Petit.");
        ARENA_PUSH(arena, &scene.facts.others, ((struct case_person){.name = LIT("Sylvie Petit"), .address = LIT("sylvie@house.example")}));
        check_row(rows[i].name);
        case_set_aside(&decision);
        CHECK_OK(case_try(&scene.world.meeting, &scene.task, &decision, scene.facts.env, arena, &after, &scene.facts.mails, NULL));
        CHECK(scene.facts.mails.count > 0);
        scene.facts.typed = &typed;
        AUTO_JSON json = case_shown_json(&scene.facts, arena);
        struct slice text = json_text(json_object_get(json, "draft"), "text");
        CHECK(slice_contains(text, slice_from(shown)));
        CHECK(!slice_contains(json_write(json, arena), LIT("zqx")));
        check_at(json, "thread.2.text", "Oui, avec […].", arena); /* of the request it stays what is masked */
    }
}

static void a_typed_place_tells_nothing(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct scene scene;
    struct meeting after;
    static const struct case_typed typed = {{[CASE_TYPED_PLACE] = {"chez Sylvie Petit et Karim Benali", 33}}};
    struct meeting_request request = {.place = {PLACE_IN_PERSON, typed.words[CASE_TYPED_PLACE]}};
    struct supervisor_decision decision = {.has_reading = true, .has_place = true, .reading = {.requests = {&request, 1, 1}}};
    open_scene(&scene, arena, "accept 1 low", "Oui.");
    ARENA_PUSH(arena, &scene.facts.others, ((struct case_person){.name = LIT("Sylvie Petit")}));
    case_set_aside(&decision);
    CHECK_OK(case_try(&scene.world.meeting, &scene.task, &decision, scene.facts.env, arena, &after, &scene.facts.mails, NULL));
    scene.facts.reading = meeting_corrected(&scene.task, &decision, arena);
    scene.facts.typed = &typed;
    AUTO_JSON json = case_shown_json(&scene.facts, arena);
    check_at(json, "reading.place", "chez Sylvie Petit et [P2]", arena);
    CHECK(!slice_contains(json_write(json, arena), LIT("zqx")));
}

static void long_threads_keep_their_begin_and_end(void)
{
    struct case_message items[50];
    struct case_message_list thread = {items, 50, 50};
    for (int i = 0; i < 50; i++)
        items[i] = (struct case_message){.at = {i}};
    case_shorten(&thread);
    CHECK_NUMBER(thread.count, CASE_THREAD_MAX);
    CHECK_NUMBER(items[0].at.us, 0);
    CHECK_NUMBER(items[1].at.us, 31);
    CHECK_NUMBER(items[CASE_THREAD_MAX - 1].at.us, 49);
    thread.count = 3;
    case_shorten(&thread);
    CHECK_NUMBER(thread.count, 3);
}

int main(void)
{
    TEST(a_case_says_what_is_known);
    TEST(nobody_is_in_it);
    TEST(calendars_are_busy_and_free);
    TEST(a_second_look_is_blind);
    TEST(trying_changes_nothing);
    TEST(typed_names_tell_nothing);
    TEST(a_typed_place_tells_nothing);
    TEST(long_threads_keep_their_begin_and_end);
    return check_done();
}
