/* What a correction becomes: a draft without anybody in it, a lesson, a scenario; and what is looked at of them. */
#include "roles/planner/test_console.h"

#include "roles/planner/inspect.h"
#include "roles/planner/internal.h"
#include "roles/planner/learning.h"

/* A correction of Bob's words, in which he names himself and others. */
static struct slice corrected_task(struct house *house)
{
    bob_says(house, "Maybe, it depends, Bob Serre or bob@guest.example could see, call Zoltan Kovacs on 06 12 34 56 78, "
                    "mercredredi perhaps.");
    struct slice task = take(house, "p1");
    struct slice decision = arena_format(house->arena, ",\"version\":%u,\"decision\":{\"reading\":{\"intent\":\"decline\"}}",
                                         only_meeting(house).version);
    expect(house, "p1", "case.decide", task, decision.data, "closed");
    return task;
}

static void a_correction_is_a_lesson_without_anybody(void)
{
    static const char *const gone[] = {"Bob", "Serre", "guest", "Zoltan", "Kovacs", "12 34 56", "Ada", "Lorrain"};
    struct house *house = begin(false);
    AUTO_JSON draft = NULL;
    AUTO_JSON out = NULL;
    ask_for_a_meeting(house, bob);
    struct slice task = corrected_task(house);
    CHECK_OK(ask_of(house, "p1", "lesson.draft", task, "", &draft));
    struct slice whole = json_write(draft, house->arena), text = json_text(draft, "text");
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        CHECK(!slice_contains(whole, slice_from(gone[i])));
    CHECK(!slice_contains(whole, task));
    CHECK(slice_contains(text, LIT("mercredredi perhaps")));
    CHECK_TEXT(json_text(draft, "state"), "drafted");
    CHECK_TEXT(json_text(json_object_get(draft, "said"), "intent"), "decline");
    CHECK(!slice_equal(json_text(json_object_get(draft, "read"), "intent"), LIT("decline")));
    CHECK(json_object_get(draft, "scene") == NULL);
    const json_t *strange = json_object_get(draft, "strange");
    CHECK_NUMBER(json_array_size(strange), 1);
    CHECK_TEXT(json_text(json_array_get(strange, 0), "word"), "mercredredi");
    CHECK_NUMBER(json_number(json_array_get(strange, 0), "at", 0), slice_find(text, LIT("mercredredi"), 0));
    CHECK_NUMBER(json_number(json_array_get(strange, 0), "len", 0), sizeof "mercredredi" - 1);
    CHECK_NUMBER(ask_of(house, "p2", "lesson.draft", task, "", &out), ST_NOT_FOUND);
    json_release(&out);
    CHECK_OK(ask(house, "L", "lesson.list", LIT("{}"), &out)); /* not before it is kept */
    CHECK_NUMBER(json_array_size(json_object_get(out, "lessons")), 0);
    finish(house);
}

/* Who keeps it takes strange words out first; no others. */
static void strange_words_are_taken_out(void)
{
    static const char *const refused[] = {
        ",\"keep\":true,\"without\":[\"perhaps\"]", ",\"keep\":true,\"without\":[\"mercredredi\",7]",
        ",\"keep\":true,\"without\":\"mercredredi\"", ",\"keep\":true,\"without\":[\"\"]",
    };
    struct house *house = begin(false);
    AUTO_JSON out = NULL;
    ask_for_a_meeting(house, bob);
    struct slice task = corrected_task(house);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        check_row(refused[i]);
        expect(house, "p1", "lesson.keep", task, refused[i], "words");
    }
    check_row("");
    CHECK_OK(ask_of(house, "p1", "lesson.keep", task, ",\"keep\":true,\"without\":[\"mercredredi\"]", &out));
    CHECK(!slice_contains(json_text(out, "text"), LIT("mercredredi")));
    CHECK(slice_contains(json_text(out, "text"), LIT("perhaps")));
    CHECK_NUMBER(json_array_size(json_object_get(out, "strange")), 0);
    json_release(&out);
    CHECK_OK(ask(house, "L", "lesson.list", LIT("{}"), &out));
    CHECK(!slice_contains(json_write(out, house->arena), LIT("mercredredi")));
    finish(house);
}

static void a_lead_decides_what_was_kept(void)
{
    struct house *house = begin(false);
    AUTO_JSON out = NULL;
    ask_for_a_meeting(house, bob);
    struct slice task = corrected_task(house);
    CHECK_NUMBER(ask_of(house, "p1", "lesson.keep", task, "", &out), ST_INVALID);
    json_release(&out);
    CHECK_OK(ask_of(house, "p1", "lesson.keep", task, ",\"keep\":true", &out));
    CHECK_TEXT(json_text(out, "state"), "kept");
    struct slice id = arena_copy(house->arena, json_text(out, "id"));
    struct slice yes = arena_format(house->arena, "{\"id\":\"%.*s\",\"accept\":true}", SLICE_ARG(id));
    json_release(&out);
    CHECK_NUMBER(ask_of(house, "p1", "lesson.draft", task, "", &out), ST_NOT_FOUND); /* nobody's any more */
    json_release(&out);
    CHECK_OK(ask(house, "L", "lesson.list", LIT("{}"), &out));
    CHECK_NUMBER(json_array_size(json_object_get(out, "lessons")), 1);
    CHECK_NUMBER(json_array_size(json_object_get(out, "words")), 0); /* one lesson of one organisation */
    json_release(&out);
    CHECK_OK(ask(house, "L", "lesson.decide", yes, &out));
    CHECK_TEXT(json_text(out, "state"), "accepted");
    json_release(&out);
    CHECK_NUMBER(ask(house, "L", "lesson.decide", yes, &out), ST_CONFLICT);
    json_release(&out);
    CHECK_NUMBER(ask(house, "L", "lesson.decide", LIT("{\"id\":\"l_x\",\"accept\":true}"), &out), ST_NOT_FOUND);
    finish(house);
}

/* Bob's answer to our offers: a request, his words, and a calendar that is free when the offers were. */
static void a_lesson_is_a_scenario(void)
{
    struct house *house = begin(false);
    AUTO_JSON out = NULL;
    AUTO_JSON scenario = NULL;
    ask_for_a_meeting(house, bob);
    CHECK_OK(ask_of(house, "p1", "lesson.keep", corrected_task(house), ",\"keep\":true", &out));
    json_release(&out);
    CHECK_OK(planner_lessons(house->planner, true, house->arena, &out, NULL));
    const json_t *lesson = json_array_get(json_object_get(out, "lessons"), 0);
    struct lesson_scenario made = lesson_scenario(lesson, house->arena);
    CHECK_OK(json_read(made.scenario, &scenario, NULL));
    const json_t *steps = json_object_get(scenario, "steps"), *reply = json_object_get(json_array_get(steps, 1), "reply");
    CHECK_NUMBER(json_array_size(steps), 2);
    CHECK_TEXT(json_text(reply, "text"), arena_format(house->arena, "%.*s", SLICE_ARG(json_text(lesson, "text"))).data);
    CHECK(slice_ends(json_text(reply, "from"), LIT(".example")));
    CHECK(!json_flag(json_object_get(json_array_get(steps, 1), "expect"), "supervised", true));
    CHECK(!slice_contains(made.scenario, LIT("Serre")) && !slice_contains(made.scenario, LIT("bureau")));
    size_t offers = json_array_size(json_object_get(json_object_get(lesson, "scene"), "offers")), events = 0, at = 0;
    while ((at = slice_find(made.calendar, LIT("BEGIN:VEVENT"), at)) != SIZE_MAX) {
        events++;
        at++;
    }
    CHECK(offers > 0 && slice_contains(made.calendar, LIT("DTSTART:20260228T080000Z\r\n")));
    CHECK_NUMBER(events, offers + 1);
    finish(house);
}

static void a_draft_that_nobody_keeps_is_gone(void)
{
    struct house *house = begin(false);
    struct stored_lesson row;
    AUTO_JSON out = NULL;
    ask_for_a_meeting(house, bob);
    struct slice task = corrected_task(house);
    CHECK_OK(ask_of(house, "p1", "lesson.draft", task, "", &out));
    struct slice id = arena_copy(house->arena, json_text(out, "id"));
    json_release(&out);
    house->now.us += (LESSON_DRAFT_MINUTES + 1) * MINUTE_US;
    CHECK_NUMBER(ask_of(house, "p1", "lesson.keep", task, ",\"keep\":true", &out), ST_NOT_FOUND);
    CHECK_OK(store_load_lesson(house->store, id, house->arena, &row, NULL));
    CHECK_OK(planner_tidy(house->planner, house->now, NULL));
    CHECK_NUMBER(store_load_lesson(house->store, id, house->arena, &row, NULL), ST_NOT_FOUND);
    finish(house);
}

static void add_lesson(struct house *house, const char *id, const char *source, enum lesson_state state, const char *text)
{
    struct stored_lesson row = {.id = slice_from(id), .at = house->now, .state = state, .language = LANGUAGE_FR,
                                .reason = LIT("unsure"), .source = slice_from(source)};
    struct seal_place place = sealing_place(SEALED_LESSON, SLICE_NONE, row.id);
    struct slice content = arena_format(house->arena, "{\"text\":\"%s\",\"read\":{},\"said\":{}}", text);
    CHECK_OK(vault_seal(house->planner->service_key, &place, content, house->arena, &row.content, NULL));
    CHECK_OK(store_add_lesson(house->store, &row, NULL));
}

/* Three lessons of two organisations at least; once in each; dropped ones say nothing. */
static void count_fault(void *context, const char *what, struct slice id, const char *why)
{
    (void)context, (void)id, (void)why;
    check_row(what);
}

/* Lessons open in their place, and figures are such as can be. */
static void what_was_learnt_is_checked(void)
{
    static const struct { uint32_t confidence, sample, agreed, faults; } rows[] = {
        {1000, 0, AGREED_NONE, 0}, {0, 1, AGREED, 0}, {700, 1, AGREED_NOT, 0}, {1001, 0, AGREED_NONE, 1},
        {700, 1, AGREED_NONE, 1},  {700, 0, AGREED, 1},
    };
    struct house *house = begin(false);
    struct planner_checked found;
    uint32_t faults = 0;
    add_lesson(house, "l_a", "s1", LESSON_KEPT, "Mardi me va.");
    add_lesson(house, "l_b", "s1", LESSON_DROPPED, "Jeudi me va.");
    CHECK_OK(planner_check(house->planner, count_fault, NULL, &found, NULL));
    CHECK_NUMBER(found.lessons, 2);
    CHECK_NUMBER(found.faults, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct supervised one = {.task = arena_format(house->arena, "t_%zu", i), .at = house->now, .reason = LIT("sample"),
                                 .decision = LIT("correct"), .confidence = rows[i].confidence, .sample = rows[i].sample,
                                 .agreed = rows[i].agreed};
        faults += rows[i].faults;
        CHECK_OK(store_note_supervised(house->store, &one, NULL));
        CHECK_OK(planner_check(house->planner, count_fault, NULL, &found, NULL));
        check_row(one.task.data);
        CHECK_NUMBER(found.decisions, i + 1);
        CHECK_NUMBER(found.faults, faults);
    }
    struct stored_lesson moved;
    CHECK_OK(store_load_lesson(house->store, LIT("l_a"), house->arena, &moved, NULL));
    moved.id = LIT("l_c"); /* sealed for another place */
    CHECK_OK(store_add_lesson(house->store, &moved, NULL));
    CHECK_OK(planner_check(house->planner, count_fault, NULL, &found, NULL));
    CHECK_NUMBER(found.faults, faults + 1);
    check_row("");
    finish(house);
}

static void unknown_words_are_suggested(void)
{
    struct house *house = begin(false);
    AUTO_JSON out = NULL;
    add_lesson(house, "l1", "A", LESSON_KEPT, "mercredredi mercredredi, choukette, vidal");
    add_lesson(house, "l2", "A", LESSON_ACCEPTED, "mercredredi, choukette, vidal");
    add_lesson(house, "l3", "B", LESSON_DROPPED, "choukette");
    add_lesson(house, "l4", "A", LESSON_KEPT, "choukette");
    CHECK_OK(ask(house, "L", "lesson.list", LIT("{}"), &out));
    CHECK_NUMBER(json_array_size(json_object_get(out, "words")), 0);
    json_release(&out);
    add_lesson(house, "l5", "B", LESSON_KEPT, "mardi mercredredi, vidal");
    CHECK_OK(ask(house, "L", "lesson.list", LIT("{}"), &out));
    CHECK_NUMBER(json_array_size(json_object_get(out, "words")), 1);
    const json_t *word = json_array_get(json_object_get(out, "words"), 0);
    CHECK_TEXT(json_text(word, "word"), "mercredredi");
    CHECK_NUMBER(json_number(word, "lessons", 0), 3);
    finish(house);
}

int main(void)
{
    zone_load_all();
    TEST(a_correction_is_a_lesson_without_anybody);
    TEST(strange_words_are_taken_out);
    TEST(a_lead_decides_what_was_kept);
    TEST(a_lesson_is_a_scenario);
    TEST(a_draft_that_nobody_keeps_is_gone);
    TEST(what_was_learnt_is_checked);
    TEST(unknown_words_are_suggested);
    return check_done();
}
