/* What is given of a request to who handles it: sealed, in parts, to nobody else, with nobody in the first one. */
#include "formats/json/json.h"
#include "platform/vault/vault.h"
#include "roles/planner/internal.h"
#include "roles/planner/test_house.h"

struct scene {
    struct house *house;
    struct slice task;
    struct slice out; /* of the last command */
};

/* The words with the task's id where they say TASK. */
static struct slice of_task(struct scene *scene, const char *words)
{
    struct slice text = slice_from(words);
    size_t at = slice_find(text, LIT("TASK"), 0);
    return arena_format(scene->house->arena, "%.*s%.*s%s", SLICE_ARG(slice_sub(text, 0, at)), SLICE_ARG(scene->task),
                        words + at + 4);
}

static enum status ask_as(struct scene *scene, const char *person, const char *function, const char *name,
                          const char *right, const char *json)
{
    struct planner_caller caller = {slice_from(person), LIT("desk"), slice_from(right), slice_from(function)};
    return planner_command(scene->house->planner, &caller, slice_from(name), of_task(scene, json), scene->house->now,
                           scene->house->arena, &scene->out);
}

static enum status ask(struct scene *scene, const char *name, const char *json)
{
    bool reads = strcmp(name, "case.show") == 0 || strcmp(name, "case.part") == 0;
    return ask_as(scene, "p_sup", "supervisor", name, reads ? "requests.read" : "requests.edit", json);
}

#define IT "{\"task\":\"TASK\"}"

static void answer_of_bob(struct house *house, const char *text)
{
    enum meeting_outcome outcome;
    const struct outgoing *offer = last_to(house, "bob@guest.example");
    house->now.us += INT64_C(3600) * 1000000;
    struct slice head = arena_format(house->arena,
                                     "From: Bob Serre <bob@guest.example>\r\nTo: iris@bureau.example\r\nSubject: Re: Budget\r\n"
                                     "Message-ID: <bob-%u@guest.example>\r\nIn-Reply-To: <%.*s>",
                                     house->mails, SLICE_ARG(offer->draft.message_id));
    CHECK_OK(receive(house, head.data, text, MAIL_ORIGIN_PASS, &outcome));
}

static const char doubtful[] =
    "Hello, Bob here. Thursday at 10 would work if my boss Eve Dumas agrees. Ring 06 12 34 56 78, or ask Ned Vasquez, "
    "see www.guest.example/bob.\r\n"
    "\r\n"
    "On Mon, 2 Mar 2026 at 09:00, Eve Dumas <eve@other.example> wrote:\r\n"
    "> Bob, I may be in court on Thursday.\r\n";

static struct scene begin_scene(void)
{
    struct scene scene = {.house = begin(false)};
    struct task_list tasks;
    add_person(scene.house, "p-ned", "Ned Vasquez", "ned@bureau.example", false); /* has no part in it */
    ask_for_a_meeting(scene.house, bob_and_eve);
    answer_of_bob(scene.house, doubtful);
    CHECK_OK(planner_open_tasks(scene.house->planner, scene.house->arena, &tasks, NULL));
    CHECK_NUMBER(tasks.count, 1);
    scene.task = tasks.count == 0 ? LIT("none") : tasks.items[0].id;
    CHECK_OK(ask(&scene, "case.take", IT));
    return scene;
}

static struct slice decoded(struct scene *scene, const json_t *json, const char *name)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(base64url_decode(json_text(json, name), scene->house->arena, &bytes));
    return bytes;
}

/* As the console does with a lease of that part. */
static enum status open_with(struct scene *scene, const char *part, struct slice *plain)
{
    struct arena *arena = scene->house->arena;
    AUTO_JSON json = NULL;
    AUTO_SECRET meeting_key = NULL;
    struct key_given given;
    CHECK_OK(json_read(scene->out, &json, NULL));
    struct key_ask wish = {.purpose = KEY_OPEN_MEETING,
                           .organisation = json_text(json, "organisation"),
                           .organisation_key = decoded(scene, json, "organisation_key"),
                           .organisation_version = (uint32_t)json_number(json, "organisation_version", 0),
                           .meeting = json_text(json, "meeting"),
                           .wrapped = decoded(scene, json, "wrapped"),
                           .version = (uint32_t)json_number(json, "version", 0)};
    TRY(keyd_give_key(scene->house->keyd, &wish, arena, &given, &meeting_key, NULL));
    AUTO_SECRET key = vault_part_key(meeting_key, slice_from(part));
    struct seal_place place = vault_part_place(wish.organisation, wish.meeting, slice_from(part));
    return vault_open(key, &place, (struct sealed){decoded(scene, json, "sealed")}, arena, plain, NULL);
}

static json_t *opened(struct scene *scene, const char *part)
{
    struct slice plain = SLICE_NONE;
    json_t *json = NULL;
    CHECK_OK(open_with(scene, part, &plain));
    CHECK_OK(json_read(plain, &json, NULL));
    return json;
}

static struct slice member(struct scene *scene, const json_t *json, const char *name)
{
    return arena_copy(scene->house->arena, json_text(json, name));
}

static bool has_code(const struct scene *scene, const char *code)
{
    return slice_contains(scene->out, arena_format(scene->house->arena, "\"code\":\"%s\"", code));
}

static unsigned entries(const struct scene *scene, const char *words)
{
    struct log_entry_list list;
    unsigned count = 0;
    CHECK_OK(store_list_log(scene->house->store, 0, scene->house->arena, &list, NULL));
    for (size_t i = 0; i < list.count; i++)
        count += slice_equal(list.items[i].kind, LIT("supervision.part.given")) &&
                 slice_contains(list.items[i].ids, slice_from(words));
    return count;
}

static void the_first_part_names_nobody(void)
{
    static const char *const secrets[] = {"bob", "serre", "dumas", "ada", "lorrain", "guest.example", "other.example",
                                          "bureau.example", "12 34", "https://", "vasquez"};
    struct scene scene = begin_scene();
    CHECK_OK(ask(&scene, "case.show", IT));
    AUTO_JSON nameless = opened(&scene, "case");
    json_object_del(json_object_get(nameless, "task"), "id"); /* random letters spell short names at times */
    json_object_del(json_object_get(nameless, "meeting"), "id");
    struct slice plain = json_write(nameless, scene.house->arena);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        check_row(secrets[i]);
        CHECK(slice_find_nocase(plain, slice_from(secrets[i]), 0) == SIZE_MAX);
    }
    CHECK(!slice_contains(scene.out, LIT(".example")) && !slice_contains(scene.out, LIT("\"thread\""))); /* it is sealed */
    AUTO_JSON json = opened(&scene, "case");
    const json_t *thread = json_object_get(json, "thread"), *last = json_array_get(thread, json_array_size(thread) - 1);
    CHECK_NUMBER(json_array_size(thread), 4); /* the request, our proposal, what was quoted, and the doubt */
    CHECK_TEXT(json_text(json_array_get(thread, 0), "from"), "P1");
    CHECK_TEXT(json_text(json_array_get(thread, 1), "from"), "us");
    CHECK(json_is_true(json_object_get(json_array_get(thread, 2), "quoted")));
    CHECK_TEXT(json_text(json_array_get(thread, 2), "from"), "P3");
    CHECK_TEXT(json_text(json_array_get(thread, 2), "text"), "[P2], I may be in court on Thursday.");
    CHECK_TEXT(json_text(last, "from"), "P2");
    CHECK_TEXT(json_text(last, "text"),
               "Hello, [P2] here. Thursday at 10 would work if my boss [P3] agrees. Ring […], or ask […], see […].");
    const json_t *task = json_object_get(json, "task"), *reading = json_object_get(json, "reading");
    CHECK(slice_equal(json_text(task, "id"), scene.task));
    CHECK_TEXT(json_text(task, "priority"), "normal");
    CHECK_TEXT(json_text(task, "language"), "en");
    CHECK(json_is_null(json_object_get(task, "proposed")) && json_is_null(json_object_get(task, "question")));
    CHECK(slice_contains(json_write(json_object_get(task, "reason_words"), scene.house->arena), LIT("\"means\":\"condition\"")));
    const json_t *window = json_array_get(json_object_get(reading, "windows"), 0);
    struct slice words = slice_sub(json_text(last, "text"), (size_t)json_number(window, "at", 0),
                                   (size_t)(json_number(window, "at", 0) + json_number(window, "len", 0)));
    CHECK_TEXT(words, "Thursday at 10");
    CHECK_TEXT(json_text(json_array_get(json_object_get(json, "busy"), 0), "who"), "P1");
    CHECK_NUMBER(entries(&scene, "part=case purpose=handle person=p_sup"), 1);
    finish(scene.house);
}

static void each_part_opens_by_its_own_key(void)
{
    static const char *const parts[] = {"case", "people", "words", "draft"};
    struct scene scene = begin_scene();
    for (size_t i = 0; i < 4; i++) {
        struct slice plain;
        const char *json = i == 0 ? IT : arena_format(scene.house->arena, "{\"task\":\"TASK\",\"part\":\"%s\",\"purpose\":\"identify\"}",
                                                      parts[i]).data;
        CHECK_OK(ask(&scene, i == 0 ? "case.show" : "case.part", json));
        check_row(parts[i]);
        for (size_t k = 0; k < 4; k++)
            CHECK_NUMBER(open_with(&scene, parts[k], &plain), k == i ? ST_OK : ST_DENIED);
        if (i > 0)
            CHECK(!slice_contains(scene.out, LIT(".example")));
    }
    CHECK_NUMBER(entries(&scene, "purpose=identify"), 3);
    finish(scene.house);
}

static void what_is_opened_is_in_full(void)
{
    struct scene scene = begin_scene();
    CHECK_OK(ask(&scene, "case.part", "{\"task\":\"TASK\",\"part\":\"people\",\"purpose\":\"identify\"}"));
    AUTO_JSON people = opened(&scene, "people");
    const json_t *second = json_array_get(json_object_get(people, "people"), 1);
    CHECK_TEXT(json_text(second, "id"), "P2");
    CHECK_TEXT(json_text(second, "name"), "Bob Serre");
    CHECK_TEXT(json_text(second, "address"), "bob@guest.example");
    CHECK_OK(ask(&scene, "case.part", "{\"task\":\"TASK\",\"part\":\"words\",\"purpose\":\"understand\"}"));
    AUTO_JSON words = opened(&scene, "words");
    const json_t *thread = json_object_get(words, "thread");
    CHECK_NUMBER(json_array_size(thread), 4);
    CHECK(slice_contains(member(&scene, json_array_get(thread, 3), "text"), LIT("Eve Dumas agrees. Ring 06 12 34 56 78")));
    /* Their personal links are theirs alone. */
    CHECK(!slice_contains(json_write(words, scene.house->arena), LIT("https://link.example")));
    CHECK_OK(ask(&scene, "case.part", "{\"task\":\"TASK\",\"part\":\"draft\",\"purpose\":\"write\"}"));
    AUTO_JSON draft = opened(&scene, "draft");
    CHECK(json_is_array(json_object_get(draft, "to")));
    finish(scene.house);
}

static void it_is_given_to_who_has_it(void)
{
    static const struct {
        const char *name, *person, *function, *command, *right, *json;
        enum status status;
        const char *code;
    } cases[] = {
        {"theirs", "p_sup", "supervisor", "case.show", "requests.read", IT, ST_OK, ""},
        {"another's", "p_other", "supervisor", "case.show", "requests.read", IT, ST_DENIED, "not_assigned"},
        {"a lead's", "p_lead", "supervision_lead", "case.show", "requests.read", IT, ST_OK, ""},
        {"another right", "p_sup", "supervisor", "case.show", "meetings.read", IT, ST_DENIED, ""},
        {"no such task", "p_sup", "supervisor", "case.show", "requests.read", "{\"task\":\"xTASK\"}", ST_DENIED, "over"},
        {"no purpose", "p_sup", "supervisor", "case.part", "requests.read",
         "{\"task\":\"TASK\",\"part\":\"words\"}", ST_INVALID, "purpose"},
        {"another purpose", "p_sup", "supervisor", "case.part", "requests.read",
         "{\"task\":\"TASK\",\"part\":\"words\",\"purpose\":\"curiosity\"}", ST_INVALID, "purpose"},
        {"no such part", "p_sup", "supervisor", "case.part", "requests.read",
         "{\"task\":\"TASK\",\"part\":\"all\",\"purpose\":\"write\"}", ST_INVALID, "part"},
        {"another's part", "p_other", "supervisor", "case.part", "requests.read",
         "{\"task\":\"TASK\",\"part\":\"words\",\"purpose\":\"write\"}", ST_DENIED, "not_assigned"},
        {"a lead does not decide", "p_lead", "supervision_lead", "case.preview", "requests.edit",
         "{\"task\":\"TASK\",\"decision\":{\"approve\":true}}", ST_DENIED, "not_assigned"},
        {"no decision", "p_sup", "supervisor", "case.preview", "requests.edit", IT, ST_INVALID, "decision"},
    };
    struct scene scene = begin_scene();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].name);
        CHECK_NUMBER(ask_as(&scene, cases[i].person, cases[i].function, cases[i].command, cases[i].right, cases[i].json),
                     cases[i].status);
        CHECK(cases[i].code[0] == '\0' || has_code(&scene, cases[i].code));
        CHECK(cases[i].status == ST_OK || !slice_contains(scene.out, LIT("sealed")));
    }
    CHECK_NUMBER(entries(&scene, "person=p_other"), 0);
    finish(scene.house);
}

static void a_preview_does_nothing(void)
{
    struct scene scene = begin_scene();
    struct meeting before = only_meeting(scene.house);
    uint32_t mails = 0, tasks = 0, mails_after = 0;
    CHECK_OK(store_count_waiting(scene.house->store, &mails, &tasks, NULL));
    CHECK_OK(ask(&scene, "case.preview",
                 "{\"task\":\"TASK\",\"decision\":{\"take_over\":\"Dear [P2], Eve Dumas has agreed. Ada\"}}"));
    AUTO_JSON json = opened(&scene, "case");
    CHECK(slice_starts(member(&scene, json_object_get(json, "draft"), "text"), LIT("Dear [P2], [P3] has agreed. [P1]")));
    CHECK_TEXT(json_text(json_object_get(json, "meeting"), "state"), "proposing");
    CHECK_OK(ask(&scene, "case.preview",
                 "{\"task\":\"TASK\",\"decision\":{\"reading\":{\"intent\":\"decline\",\"windows\":[]}}}"));
    AUTO_JSON declined = opened(&scene, "case");
    CHECK_TEXT(json_text(json_object_get(declined, "reading"), "intent"), "decline");
    CHECK_NUMBER(json_number(json_object_get(declined, "reading"), "confidence", 0), 1000);
    CHECK_TEXT(json_text(declined, "does"), "acts");
    struct meeting after = only_meeting(scene.house);
    CHECK_NUMBER(after.version, before.version);
    CHECK_NUMBER(after.tasks.count, 1);
    CHECK_OK(store_count_waiting(scene.house->store, &mails_after, &tasks, NULL));
    CHECK_NUMBER(mails_after, mails);
    finish(scene.house);
}

/* What is asked back and refused reads as it would arrive. */
static void questions_and_refusals_are_previewed(void)
{
    static const struct {
        const char *decision, *to, *says;
    } cases[] = {
        {"{\"ask_back\":{\"whom\":\"writer\",\"text\":\"Morning or noon?\"}}", "P2", "Morning or noon?"},
        {"{\"ask_back\":{\"whom\":\"organizer\",\"text\":\"Is Bob to come?\"}}", "P1", "Is [P2] to come?"},
        {"{\"ask_back\":{\"whom\":\"organizer\",\"text\":\"Is [P2] to come?\"}}", "P1", "[P2] has written to me"},
        {"{\"refuse\":true}", "P2", "I am sorry that I cannot take care of this."},
        {"{\"refuse\":true,\"text\":\"No, [P2].\"}", "P2", "No, [P2]."},
        /* An address stands as it was typed, whosever it is. */
        {"{\"take_over\":\"See [P2], bob@guest.example, ada@bureau.example, eve@other.example.\"}", "P2",
         "See [P2], bob@guest.example, ada@bureau.example, eve@other.example."},
        {"{\"ask_back\":{\"whom\":\"writer\",\"text\":\"Is bob@guest.example Bob?\"}}", "P2", "Is bob@guest.example [P2]?"},
        {"{\"refuse\":true,\"text\":\"Ask nobody@nowhere.example.\"}", "P2", "Ask nobody@nowhere.example."},
    };
    struct scene scene = begin_scene();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_OK(ask(&scene, "case.preview",
                     arena_format(scene.house->arena, "{\"task\":\"TASK\",\"decision\":%s}", cases[i].decision).data));
        AUTO_JSON json = opened(&scene, "case");
        const json_t *draft = json_object_get(json, "draft");
        check_row(cases[i].decision);
        CHECK_TEXT(slice_from(json_string_value(json_array_get(json_object_get(draft, "to"), 0))), cases[i].to);
        CHECK(slice_contains(member(&scene, draft, "text"), slice_from(cases[i].says)));
    }
    finish(scene.house);
}

/* While calendars are away the words can be read, and what would be sent is not guessed. */
static void without_calendars_it_is_shown_all_the_same(void)
{
    struct scene scene = begin_scene();
    scene.house->calendars = ST_UNAVAILABLE;
    CHECK_OK(ask(&scene, "case.show", IT));
    AUTO_JSON json = opened(&scene, "case");
    CHECK_NUMBER(json_array_size(json_object_get(json, "thread")), 4);
    CHECK(json_is_null(json_object_get(json, "draft")));
    scene.house->calendars = ST_OK;
    CHECK_OK(ask(&scene, "case.show", IT));
    AUTO_JSON again = opened(&scene, "case");
    CHECK(json_is_object(json_object_get(again, "draft")));
    finish(scene.house);
}

/* A calendar may be far away: what does not depend on it does not wait for it. */
static void for_its_words_no_calendar_is_read(void)
{
    static const struct {
        const char *json;
        bool reads;
    } rows[] = {
        {"{\"task\":\"TASK\",\"part\":\"words\",\"purpose\":\"understand\"}", false},
        {"{\"task\":\"TASK\",\"part\":\"people\",\"purpose\":\"understand\"}", true},
        {"{\"task\":\"TASK\",\"part\":\"draft\",\"purpose\":\"understand\"}", true},
    };
    struct scene scene = begin_scene();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned before = scene.house->calendars_read;
        CHECK_OK(ask(&scene, "case.part", rows[i].json));
        CHECK_NUMBER(scene.house->calendars_read > before, rows[i].reads);
        check_row(rows[i].json);
    }
    finish(scene.house);
}

/* Decided, and so over: nothing of it is given any more, whoever asks. */
static void of_a_closed_one_nothing_is_given(void)
{
    struct scene scene = begin_scene();
    struct slice decide = arena_format(scene.house->arena, "{\"task\":\"TASK\",\"version\":%u,\"decision\":{\"take_over\":\"Noted.\"}}",
                                       only_meeting(scene.house).version);
    CHECK_OK(ask(&scene, "case.decide", decide.data));
    CHECK_NUMBER(ask(&scene, "case.show", IT), ST_DENIED);
    CHECK(has_code(&scene, "over"));
    CHECK_NUMBER(ask(&scene, "case.part", "{\"task\":\"TASK\",\"part\":\"words\",\"purpose\":\"write\"}"), ST_DENIED);
    CHECK_NUMBER(ask_as(&scene, "p_lead", "supervision_lead", "case.show", "requests.read", IT), ST_DENIED);
    CHECK(has_code(&scene, "over") && !slice_contains(scene.out, LIT("sealed")));
    finish(scene.house);
}

static void what_nobody_could_read_says_nothing(void)
{
    struct scene scene = {.house = begin(false)};
    struct unreadable unreadable = {LIT("spool-1"), LIT("unreadable"), LIT("From: bob@guest.example")};
    struct task_list tasks;
    CHECK_OK(planner_report_unreadable(scene.house->planner, &unreadable, scene.house->now, NULL));
    CHECK_OK(planner_open_tasks(scene.house->planner, scene.house->arena, &tasks, NULL));
    scene.task = tasks.items[0].id;
    CHECK_OK(ask_as(&scene, "p_lead", "supervision_lead", "case.take", "requests.edit", IT));
    CHECK_OK(ask_as(&scene, "p_lead", "supervision_lead", "case.show", "requests.read", IT));
    CHECK(slice_contains(scene.out, LIT("\"meeting\":null")) && slice_contains(scene.out, LIT("\"reason\":\"unreadable\"")));
    CHECK(!slice_contains(scene.out, LIT("bob")) && !slice_contains(scene.out, LIT("wrapped")));
    CHECK_OK(ask_as(&scene, "p_lead", "supervision_lead", "case.hand_on", "requests.edit",
                    "{\"task\":\"TASK\",\"to\":\"lead\",\"note\":\"from bob@guest.example?\"}"));
    CHECK_OK(ask_as(&scene, "p_chief", "supervision_lead", "case.take", "requests.edit", IT));
    CHECK_OK(ask_as(&scene, "p_chief", "supervision_lead", "case.show", "requests.read", IT));
    CHECK(slice_contains(scene.out, LIT("\"note\":\"from […]?\"")));
    CHECK_NUMBER(ask_as(&scene, "p_lead", "supervision_lead", "case.part", "requests.read",
                        "{\"task\":\"TASK\",\"part\":\"words\",\"purpose\":\"write\"}"), ST_INVALID);
    finish(scene.house);
}

/* Who looks a second time sees the message, and nothing that followed from how it was read. */
static void a_second_look_does_not_tell(void)
{
    struct scene scene = {.house = begin(false)};
    scene.house->planner->options.supervision.sample_permille = 1000;
    ask_for_a_meeting(scene.house, bob_and_eve);
    struct planner_caller caller = {LIT("p_sup"), LIT("desk"), LIT("requests.edit"), LIT("supervisor")};
    CHECK_OK(planner_command(scene.house->planner, &caller, LIT("case.take"), LIT("{}"), scene.house->now,
                             scene.house->arena, &scene.out));
    AUTO_JSON taken = NULL;
    CHECK_OK(json_read(scene.out, &taken, NULL));
    scene.task = member(&scene, taken, "task");
    CHECK_OK(ask(&scene, "case.show", IT));
    AUTO_JSON json = opened(&scene, "case");
    CHECK_TEXT(json_text(json_object_get(json, "task"), "reason"), "sample");
    CHECK_NUMBER(json_array_size(json_object_get(json, "thread")), 1);
    CHECK(json_is_null(json_object_get(json, "reading")) && json_is_null(json_object_get(json, "draft")));
    CHECK_NUMBER(json_array_size(json_object_get(json, "offers")), 0);
    CHECK_NUMBER(json_array_size(json_object_get(json_object_get(json, "task"), "reason_words")), 0);
    finish(scene.house);
}

/* What colleagues say to each other is shown like the rest. */
static void colleagues_words_name_nobody(void)
{
    struct scene scene = begin_scene();
    CHECK_OK(ask(&scene, "case.opinion", "{\"task\":\"TASK\",\"question\":\"Does [P2], I mean Bob, accept?\"}"));
    CHECK_OK(ask_as(&scene, "p_other", "supervisor", "case.take", "requests.edit", IT));
    CHECK_OK(ask_as(&scene, "p_other", "supervisor", "case.show", "requests.read", IT));
    AUTO_JSON asked = opened(&scene, "case");
    CHECK_TEXT(json_text(json_object_get(asked, "task"), "question"), "Does [P2], I mean [P2], accept?");
    CHECK_OK(ask_as(&scene, "p_other", "supervisor", "case.answer", "requests.edit", "{\"task\":\"TASK\",\"text\":\"Bob does.\"}"));
    CHECK_OK(ask(&scene, "case.take", IT));
    CHECK_OK(ask(&scene, "case.show", IT));
    AUTO_JSON answered = opened(&scene, "case");
    CHECK_TEXT(json_text(json_object_get(answered, "task"), "opinion"), "[P2] does.");
    CHECK(json_is_null(json_object_get(json_object_get(answered, "task"), "question")));
    finish(scene.house);
}

static const json_t *person_in(const json_t *json, const char *id)
{
    const json_t *people = json_object_get(json, "people"), *one;
    size_t index;
    json_array_foreach(people, index, one) if (slice_equal(json_text(one, "id"), slice_from(id))) return one;
    return NULL;
}

static const char complains[] =
    "I wish to make a formal complaint.\r\n"
    "\r\n"
    "On Mon, 2 Mar 2026 at 09:00, Eve Dumas <eve@other.example> wrote:\r\n"
    "> Ada, what about me?\r\n";
#define WITH_EVE "\"decision\":{\"reading\":{\"intent\":\"change\",\"people\":[" \
                 "{\"address\":\"zoe@far.example\",\"role\":\"add\"},{\"id\":\"P3\",\"role\":\"add_optional\"}]}}}"

/* Whoever the case names can be asked to come, and keeps their number where others come before them. */
static void who_is_only_spoken_of_may_be_added(void)
{
    struct scene scene = {.house = begin(false)};
    struct house *house = scene.house;
    enum meeting_outcome outcome;
    ask_for_a_meeting(house, bob);
    house->now.us += INT64_C(3600) * 1000000;
    struct slice head = arena_format(house->arena, ADA "To: iris@bureau.example\r\nMessage-ID: <again@b.example>\r\n"
                                     "In-Reply-To: <%.*s>", SLICE_ARG(last_to(house, "bob@guest.example")->draft.message_id));
    CHECK_OK(receive(house, arena_text(house->arena, head), complains, MAIL_ORIGIN_PASS, &outcome));
    scene.task = only_meeting(house).tasks.items[0].id;
    CHECK_OK(ask_as(&scene, "p_lead", "supervision_lead", "case.take", "requests.edit", IT));
    CHECK_OK(ask_as(&scene, "p_lead", "supervision_lead", "case.show", "requests.read", IT));
    AUTO_JSON before = opened(&scene, "case");
    CHECK_TEXT(json_text(person_in(before, "P3"), "role"), "none");
    CHECK(person_in(before, "P4") == NULL);
    CHECK_OK(ask_as(&scene, "p_lead", "supervision_lead", "case.preview", "requests.edit", "{\"task\":\"TASK\"," WITH_EVE));
    CHECK(!slice_contains(scene.out, LIT(".example")));
    AUTO_JSON json = opened(&scene, "case");
    CHECK_TEXT(json_text(person_in(json, "P3"), "label"), json_string_value(json_object_get(person_in(before, "P3"), "label")));
    CHECK_TEXT(json_text(person_in(json, "P3"), "role"), "optional");
    CHECK_TEXT(json_text(person_in(json, "P4"), "role"), "required");
    struct slice decide = arena_format(house->arena, "{\"task\":\"TASK\",\"version\":%u," WITH_EVE, only_meeting(house).version);
    CHECK_OK(ask_as(&scene, "p_lead", "supervision_lead", "case.decide", "requests.edit", arena_text(house->arena, decide)));
    struct meeting meeting = only_meeting(house);
    CHECK_NUMBER(meeting.people.count, 4);
    CHECK_TEXT(meeting.people.items[2].address, "zoe@far.example");
    CHECK_TEXT(meeting.people.items[3].address, "eve@other.example");
    CHECK_NUMBER(meeting.people.items[3].role, ROLE_OPTIONAL);
    collect(house);
    CHECK_TEXT(last_to(house, "eve@other.example")->order.to.address, "eve@other.example");
    finish(house);
}

int main(void)
{
    TEST(the_first_part_names_nobody);
    TEST(each_part_opens_by_its_own_key);
    TEST(what_is_opened_is_in_full);
    TEST(it_is_given_to_who_has_it);
    TEST(a_preview_does_nothing);
    TEST(questions_and_refusals_are_previewed);
    TEST(without_calendars_it_is_shown_all_the_same);
    TEST(for_its_words_no_calendar_is_read);
    TEST(of_a_closed_one_nothing_is_given);
    TEST(what_nobody_could_read_says_nothing);
    TEST(a_second_look_does_not_tell);
    TEST(colleagues_words_name_nobody);
    TEST(who_is_only_spoken_of_may_be_added);
    return check_done();
}
