/* Decisions as the console and scenarios write them. */
#include "check.h"
#include "roles/planner/decision.h"

/* The third is only spoken of, the fourth by name alone. */
static struct case_person rows[4];
static const struct case_person_list people = {rows, 4, 4};
static struct meeting meeting = {.duration_min = 30};

static enum status parse(const char *text, struct arena *arena, struct supervisor_decision *out,
                         enum decision_act *act)
{
    AUTO_JSON json = NULL;
    struct decision_context context = {.meeting = &meeting, .people = &people};
    CHECK_OK(json_read(slice_from(text), &json, NULL));
    *out = (struct supervisor_decision){0};
    return decision_read(json, &context, arena, out, act, NULL);
}

static const struct {
    const char *json;
    enum decision_act act;
    const char *changes;
} good[] = {
    {"{\"approve\":true}", DECISION_APPROVE, ""},
    {"{\"take_over\":\" Dear [P2] \"}", DECISION_TAKE_OVER, ""},
    {"{\"ask_back\":{\"whom\":\"writer\",\"text\":\"When?\"}}", DECISION_ASK_BACK, ""},
    {"{\"refuse\":true}", DECISION_REFUSE, ""},
    {"{\"refuse\":true,\"text\":\"No.\"}", DECISION_REFUSE, ""},
    {"{\"reading\":{}}", DECISION_CORRECT, ""},
    {"{\"reading\":{\"intent\":\"accept\",\"accepted\":[1,2]}}", DECISION_CORRECT, "intent accepted"},
    {"{\"reading\":{\"intent\":\"accept\",\"proposals\":[2]}}", DECISION_CORRECT, "intent accepted"},
    {"{\"reading\":{\"kind\":\"lunch\",\"duration_min\":90,\"place\":\"Chez [P2]\"}}", DECISION_CORRECT,
     "kind duration place"},
    {"{\"reading\":{\"duration_minutes\":45}}", DECISION_CORRECT, "duration"},
    {"{\"reading\":{\"windows\":[{\"start\":\"2026-03-03T09:00:00Z\",\"end\":\"2026-03-03T12:00:00Z\","
     "\"wish\":\"wanted\"}]}}", DECISION_CORRECT, "windows"},
    {"{\"reading\":{\"windows\":[[\"2026-03-03T09:00:00Z\",\"2026-03-03T12:00:00Z\"]]}}", DECISION_CORRECT, "windows"},
    {"{\"reading\":{\"people\":[{\"id\":\"P2\",\"role\":\"remove\"}],\"refused\":[]}}", DECISION_CORRECT,
     "refused people"},
    {"{\"reading\":{\"participants\":[\"eve@other.example\"]}}", DECISION_CORRECT, "people"},
};

static const char *const bad[] = {
    "{}", "{\"approve\":false}", "{\"approve\":true,\"refuse\":true}", "{\"take_over\":\"  \"}",
    "{\"take_over\":7}", "{\"reading\":\"accept\"}", "{\"reading\":{\"intent\":\"agree\"}}",
    "{\"reading\":{\"kind\":\"party\"}}", "{\"reading\":{\"duration_min\":-5}}",
    "{\"reading\":{\"duration_min\":90000}}", "{\"reading\":{\"accepted\":[0]}}",
    "{\"reading\":{\"accepted\":[\"1\"]}}", "{\"reading\":{\"accepted\":1}}",
    "{\"reading\":{\"people\":[{\"id\":\"P9\",\"role\":\"add\"}]}}",
    "{\"reading\":{\"people\":[{\"address\":\"nobody\",\"role\":\"add\"}]}}",
    "{\"reading\":{\"people\":[{\"id\":\"P1\",\"role\":\"boss\"}]}}",
    "{\"reading\":{\"windows\":[{\"start\":\"now\",\"end\":\"then\",\"wish\":\"wanted\"}]}}",
    "{\"reading\":{\"windows\":[{\"start\":\"2026-03-03T12:00:00Z\",\"end\":\"2026-03-03T09:00:00Z\",\"wish\":\"wanted\"}]}}",
    "{\"reading\":{\"windows\":[{\"start\":\"2026-03-03T09:00:00Z\",\"end\":\"2026-03-03T12:00:00Z\",\"wish\":\"perhaps\"}]}}",
    "{\"ask_back\":{\"whom\":\"everybody\",\"text\":\"x\"}}", "{\"ask_back\":{\"whom\":\"writer\"}}", "{\"refuse\":1}",
};

static void reads_what_is_a_decision(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct supervisor_decision decision;
    enum decision_act act;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        check_row(good[i].json);
        CHECK_OK(parse(good[i].json, arena, &decision, &act));
        CHECK_NUMBER(act, good[i].act);
        CHECK_TEXT(decision_changes(&decision, arena), good[i].changes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_row(bad[i]);
        CHECK_NUMBER(parse(bad[i], arena, &decision, &act), ST_INVALID);
    }
    check_row("");
}

/* A window that leaves no room is a time; the others are windows. */
static void windows_and_times(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct supervisor_decision decision;
    enum decision_act act;
    CHECK_OK(parse("{\"reading\":{\"windows\":["
                   "{\"start\":\"2026-03-03T09:00:00Z\",\"end\":\"2026-03-03T09:30:00Z\",\"wish\":\"wanted\"},"
                   "{\"start\":\"2026-03-04T09:00:00Z\",\"end\":\"2026-03-04T12:00:00Z\",\"wish\":\"wanted\"},"
                   "{\"start\":\"2026-03-05T09:00:00Z\",\"end\":\"2026-03-05T12:00:00Z\",\"wish\":\"refused\"},"
                   "{\"start\":\"2026-03-06T09:00:00Z\",\"end\":\"2026-03-06T12:00:00Z\",\"wish\":\"preferred\"}]}}",
                   arena, &decision, &act));
    const struct said_times *times = &decision.reading.requests.items[0].times;
    CHECK(times->constrained && decision.has_times);
    CHECK_NUMBER(times->starts.count, 1);
    CHECK_NUMBER(times->allowed.count, 1);
    CHECK_NUMBER(times->excluded.count, 1);
    CHECK_NUMBER(times->preferred.count, 1);
    CHECK_OK(parse("{\"reading\":{\"windows\":[]}}", arena, &decision, &act));
    CHECK(decision.has_times && !decision.reading.requests.items[0].times.constrained);
}

static const struct {
    const char *text, *want;
} names[] = {
    {"Dear [P2],", "Dear Bob Serre,"},        {"[P1] and [P2]", "ada@bureau.example and Bob Serre"},
    {"[P5] stays, [P] too", "[P5] stays, [P] too"}, {"[…] [Pxx] [P2", "[…] [Pxx] [P2"},
    {"[P3] knows", "Cleo Vance knows"},
    {"nothing", "nothing"},                   {"[[P2]]", "[Bob Serre]"},
};

static void names_are_put_back(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct supervisor_decision decision;
    enum decision_act act;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice json = arena_format(arena, "{\"take_over\":\"%s\"}", names[i].text);
        CHECK_OK(parse(arena_text(arena, json), arena, &decision, &act));
        CHECK_TEXT(decision.take_over, names[i].want);
    }
}

static const struct {
    const char *id, *address, *name;
} spoken_of[] = {
    {"P2", "bob@guest.example", "Bob Serre"}, {"P3", "cleo@other.example", "Cleo Vance"}, {"P4", "", "Dario"},
};

static void who_is_spoken_of_may_come(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct supervisor_decision decision;
    enum decision_act act;
    for (size_t i = 0; i < sizeof spoken_of / sizeof *spoken_of; i++) {
        check_row(spoken_of[i].id);
        struct slice json = arena_format(arena, "{\"reading\":{\"people\":[{\"id\":\"%s\",\"role\":\"optional\"}]}}",
                                         spoken_of[i].id);
        CHECK_OK(parse(arena_text(arena, json), arena, &decision, &act));
        const struct mention_list *said = &decision.reading.requests.items[0].people;
        CHECK_NUMBER(said->count, 1);
        CHECK_TEXT(said->items[0].address, spoken_of[i].address);
        CHECK_TEXT(said->items[0].name, spoken_of[i].name);
        CHECK_NUMBER(said->items[0].role, MENTION_OPTIONAL);
    }
    check_row("");
}

static void what_is_long_is_refused(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct supervisor_decision decision;
    enum decision_act act;
    AUTO_BUFFER text = buffer_create(1 << 16);
    buffer_add_text(&text, "{\"take_over\":\"");
    for (int i = 0; i <= DECISION_TEXT_MAX; i++)
        buffer_add_char(&text, 'a');
    buffer_add_text(&text, "\"}");
    CHECK_NUMBER(parse(arena_text(arena, buffer_slice(&text)), arena, &decision, &act), ST_LIMIT);
    buffer_clear(&text);
    buffer_add_text(&text, "{\"reading\":{\"accepted\":[1");
    for (int i = 0; i < DECISION_ITEMS_MAX; i++)
        buffer_add_text(&text, ",1");
    buffer_add_text(&text, "]}}");
    CHECK_NUMBER(parse(arena_text(arena, buffer_slice(&text)), arena, &decision, &act), ST_LIMIT);
}

/* Words of a decision as somebody typed them, wherever it has some. */
static void words_stay_as_they_were_typed(void)
{
    static const struct {
        const char *json;
        enum case_typed_words which;
        const char *words;
    } cases[] = {
        {"{\"take_over\":\" Dear [P2] \"}", CASE_TYPED_REPLY, "Dear [P2]"},
        {"{\"ask_back\":{\"whom\":\"writer\",\"text\":\"[P1]?\"}}", CASE_TYPED_QUESTION, "[P1]?"},
        {"{\"refuse\":true,\"text\":\"No, [P4].\"}", CASE_TYPED_REFUSAL, "No, [P4]."},
        {"{\"reading\":{\"place\":\"Chez [P2]\"}}", CASE_TYPED_PLACE, "Chez [P2]"},
        {"{\"approve\":true}", CASE_TYPED_REPLY, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_JSON json = NULL;
        struct case_typed typed;
        check_row(cases[i].json);
        CHECK_OK(json_read(slice_from(cases[i].json), &json, NULL));
        decision_typed(json, &typed);
        for (int which = 0; which < CASE_TYPED_COUNT_; which++)
            CHECK_TEXT(typed.words[which], which == (int)cases[i].which ? cases[i].words : "");
    }
    check_row("");
}

int main(void)
{
    rows[0] = (struct case_person){.address = LIT("ada@bureau.example")};
    rows[1] = (struct case_person){.address = LIT("bob@guest.example"), .name = LIT("Bob Serre")};
    rows[2] = (struct case_person){.address = LIT("cleo@other.example"), .name = LIT("Cleo Vance")};
    rows[3] = (struct case_person){.name = LIT("Dario")};
    TEST(reads_what_is_a_decision);
    TEST(windows_and_times);
    TEST(names_are_put_back);
    TEST(words_stay_as_they_were_typed);
    TEST(who_is_spoken_of_may_come);
    TEST(what_is_long_is_refused);
    return check_done();
}
