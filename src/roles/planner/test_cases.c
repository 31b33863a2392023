/* What the console asks of tasks, of the planner and the real store. */
#include "roles/planner/test_console.h"

#include "roles/planner/internal.h"
#include "roles/planner/learning.h"

static struct supervision_task row_of(struct house *house, struct slice task)
{
    struct stored_task row = {0};
    CHECK_OK(store_load_task(house->store, task, house->arena, &row, NULL));
    return row.task;
}

static void a_doubt_waits_in_clear_without_content(void)
{
    struct house *house = begin_with_doubt();
    struct slice id = only_meeting(house).tasks.items[0].id;
    struct supervision_task task = row_of(house, id);
    CHECK_TEXT(task.organisation, "o");
    CHECK_NUMBER(task.state, TASK_WAITING);
    CHECK_NUMBER(task.language, LANGUAGE_EN);
    CHECK(task.due.us > house->now.us && task.deadline.us > task.due.us);
    CHECK(task.reason.len > 0);
    finish(house);
}

static void one_person_takes_it_and_decides(void)
{
    struct house *house = begin_with_doubt();
    AUTO_JSON taken = NULL;
    CHECK_OK(ask(house, "p1", "case.take", LIT("{}"), &taken));
    struct slice task = json_text(taken, "task");
    CHECK(json_text(taken, "until").len > 0);
    CHECK_NUMBER(json_object_size(taken), 4); /* and nothing that opens it */
    CHECK_NUMBER(take(house, "p2").len, 0); /* nothing else waits */
    expect(house, "p2", "case.beat", task, "", "not_assigned");
    expect(house, "p2", "case.take", task, "", "not_assigned");
    expect(house, "p1", "case.take", task, "", "taken"); /* asked again: theirs already */
    struct meeting meeting = only_meeting(house);
    struct slice decision = arena_format(
        house->arena, ",\"version\":%u,\"decision\":{\"take_over\":\"Dear [P2], which day suits you?\"}",
        meeting.version);
    expect(house, "p2", "case.decide", task, decision.data, "not_assigned");
    expect(house, "p1", "case.decide", task, ",\"version\":1,\"decision\":{\"approve\":true}", "version");
    expect(house, "p1", "case.decide", task, decision.data, "closed");
    collect(house);
    CHECK(slice_contains(last_to(house, "bob@guest.example")->draft.text, LIT("Dear Bob Serre, which day")));
    expect(house, "p1", "case.decide", task, decision.data, "over");
    expect(house, "p1", "case.beat", task, "", "over");
    expect(house, "p2", "case.beat", task, "", "not_assigned");
    CHECK_NUMBER(row_of(house, task).how, TASK_DECIDED);
    struct supervised_list figures;
    CHECK_OK(store_list_supervised(house->store, (struct instant){0}, 10, house->arena, &figures, NULL));
    CHECK_NUMBER(figures.count, 1);
    CHECK_TEXT(figures.items[0].decision, "take_over");
    CHECK_TEXT(figures.items[0].person, "p1");
    finish(house);
}

/* The request and the riddle: two messages, one doubt; and a decision that changes what was read. */
static void figures_are_a_leads(void)
{
    struct house *house = begin_with_doubt();
    AUTO_JSON out = NULL;
    struct slice task = take(house, "p1");
    struct slice decision = arena_format(house->arena, ",\"version\":%u,\"decision\":{\"reading\":{\"intent\":\"decline\"}}",
                                         only_meeting(house).version);
    expect(house, "p1", "case.decide", task, decision.data, "closed");
    CHECK_OK(ask(house, "L", "supervision.stats", LIT("{}"), &out));
    const json_t *day = json_array_get(json_object_get(out, "days"), 0),
                 *group = json_array_get(json_object_get(out, "groups"), 0);
    CHECK_NUMBER(json_number(day, "messages", 0), 2);
    CHECK_NUMBER(json_number(day, "doubts", 0), 1);
    CHECK_NUMBER(json_number(day, "judged", 0), 1);
    CHECK_NUMBER(json_number(day, "agreed", 9), 0);
    CHECK_TEXT(json_text(group, "language"), "en");
    CHECK_NUMBER(json_array_size(json_object_get(out, "confidence")), FIGURE_LEVELS);
    json_release(&out);
    CHECK_OK(ask(house, "L", "supervision.stats", LIT("{\"since\":\"2030-01-01T00:00:00Z\"}"), &out));
    CHECK_NUMBER(json_array_size(json_object_get(out, "days")), 0);
    json_release(&out);
    CHECK_NUMBER(ask(house, "L", "supervision.stats", LIT("{\"since\":\"soon\"}"), &out), ST_INVALID);
    finish(house);
}

static void clear_words_overtake_it(void)
{
    struct house *house = begin_with_doubt();
    struct slice task = take(house, "p1");
    bob_says(house, "Wednesday works for me.");
    CHECK_NUMBER(row_of(house, task).how, TASK_OVERTAKEN);
    expect(house, "p1", "case.beat", task, "", "over");
    finish(house);
}

static void silence_gives_it_back(void)
{
    struct house *house = begin_with_doubt();
    struct slice task = take(house, "p1");
    struct instant due;
    CHECK(planner_next_due(house->planner, &due));
    CHECK_NUMBER(due.us - house->now.us, (int64_t)TASK_HELD_SECONDS * 1000000);
    house->now = due;
    CHECK_OK(planner_wake(house->planner, house->now, NULL));
    expect(house, "p1", "case.beat", task, "", "not_assigned");
    CHECK_TEXT(take(house, "p2"), row_of(house, task).id.data);
    finish(house);
}

/* The newest entry of that kind: its ids; empty: none. */
static struct slice last_logged(struct house *house, const char *kind, size_t *count)
{
    struct log_entry_list entries;
    struct slice ids = SLICE_NONE;
    uint32_t after = 0;
    *count = 0;
    do {
        CHECK_OK(store_list_log(house->store, after, house->arena, &entries, NULL));
        for (size_t i = 0; i < entries.count; i++)
            if (slice_equal(entries.items[i].kind, slice_from(kind))) {
                ids = entries.items[i].ids;
                ++*count;
            }
        after = entries.count > 0 ? entries.items[entries.count - 1].seq : 0;
    } while (entries.count > 0);
    return ids;
}

/* Once a day, of the days before; nothing where there was no second look. */
static void what_is_published_of_them(struct house *house)
{
    static const struct { int days; const char *looks; size_t count; } rows[] = {
        {0, "", 0}, {1, " looks=2 wrong=1", 1}, {0, " looks=2 wrong=1", 1}, {2, " looks=2 wrong=1", 2},
        {87, " looks=2 wrong=1", 3}, {1, " looks=2 wrong=1", 3} /* none of the 90 days any more */,
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t count;
        house->now.us += rows[i].days * DAY_US;
        check_row(arena_format(house->arena, "%zu", i).data);
        CHECK_OK(planner_count_looks(house->planner, house->now, NULL));
        struct slice said = last_logged(house, "supervision.looks.counted", &count);
        CHECK_NUMBER(count, rows[i].count);
        CHECK(slice_ends(said, slice_from(rows[i].looks)));
    }
    check_row("");
}

/* A second look is blind, changes nothing, and ends with what it is at. */
static void a_second_look(void)
{
    struct house *house = begin(false);
    house->planner->options.supervision.sample_permille = 1000;
    ask_for_a_meeting(house, bob_and_eve);
    bob_says(house, "The first one works for me.");
    struct meeting before = only_meeting(house);
    CHECK_NUMBER(before.state, MEETING_PROPOSING); /* no doubt: Eve is waited for */
    CHECK_NUMBER(before.tasks.count, 0);
    struct slice request = take(house, "p1"), answer = take(house, "p1");
    CHECK_TEXT(row_of(house, request).reason, "sample");
    CHECK_NUMBER(row_of(house, request).priority, TASK_LOW);
    expect(house, "p1", "case.decide", answer, with_version(house, "{\"approve\":true}").data, "decision");
    expect(house, "p1", "case.decide", answer,
           with_version(house, "{\"reading\":{\"intent\":\"accept\",\"accepted\":[1]}}").data, "closed");
    expect(house, "p1", "case.decide", request,
           with_version(house, "{\"reading\":{\"intent\":\"request\",\"duration_min\":45}}").data, "closed");
    CHECK_NUMBER(only_meeting(house).version, before.version);
    struct supervised_list figures;
    CHECK_OK(store_list_supervised(house->store, (struct instant){0}, 10, house->arena, &figures, NULL));
    CHECK_NUMBER(figures.count, 2);
    CHECK_NUMBER(figures.items[0].agreed, AGREED);
    CHECK_NUMBER(figures.items[1].agreed, AGREED_NOT); /* half an hour was asked for */
    CHECK_NUMBER(figures.items[1].sample, 1);
    size_t looks;
    struct slice logged = last_logged(house, "supervision.look.compared", &looks);
    CHECK_NUMBER(looks, 2);
    CHECK(slice_ends(logged, LIT(" agreed=no")));
    CHECK(slice_starts(logged, arena_format(house->arena, "task=%.*s organisation=", SLICE_ARG(request))));
    bob_says(house, "Sorry, the second one suits me better.");
    struct slice later = take(house, "p2");
    CHECK_TEXT(row_of(house, later).reason, "sample");
    enum meeting_outcome outcome;
    CHECK_OK(receive(house, "From: Ada Lorrain <ada@bureau.example>\r\nTo: iris@bureau.example\r\n"
                     "Message-ID: <stop@b.example>\r\nIn-Reply-To: <ask-0@b.example>\r\nSubject: Re: Budget 0",
                     "Please cancel the meeting.", MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(only_meeting(house).state, MEETING_CANCELLED);
    CHECK_NUMBER(row_of(house, later).how, TASK_OVERTAKEN);
    expect(house, "p2", "case.beat", later, "", "over");
    what_is_published_of_them(house);
    finish(house);
}

/* Whoever left, or was cut, has nothing any more. */
static void what_a_leaver_had_goes_back(void)
{
    struct house *house = begin_with_doubt();
    struct slice task = take(house, "p1");
    uint32_t ended;
    CHECK_OK(planner_person_ended(house->planner, LIT("p1"), LIT("cut"), house->now, &ended, NULL));
    CHECK_NUMBER(row_of(house, task).state, TASK_WAITING);
    expect(house, "p1", "case.beat", task, "", "not_assigned");
    finish(house);
}

/* keyd is told who has it, and that nobody has. */
static void marks_say_who_has_it(void)
{
    struct house *house = begin_with_doubt();
    struct meeting_progress_list list;
    bool all;
    uint32_t cursor = 0;
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    struct slice task = take(house, "p1");
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    CHECK_NUMBER(list.count, 1);
    CHECK(list.items[0].in_progress);
    CHECK_TEXT(list.items[0].assigned, "p1");
    CHECK_OK(planner_progress_all(house->planner, &cursor, house->arena, &list, NULL));
    CHECK_TEXT(list.items[0].assigned, "p1");
    expect(house, "p1", "case.give_back", task, ",\"note\":\"lunch\"", "waiting");
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    CHECK_NUMBER(list.items[0].assigned.len, 0);
    finish(house);
}

/* A settled meeting about which a person must look at something is in progress for as long. */
static void a_settled_meeting_is_open_while_its_task_is(void)
{
    struct house *house = begin(false);
    struct meeting_progress_list list;
    bool all;
    ask_for_a_meeting(house, bob);
    choose_first(house, "bob@guest.example");
    collect(house);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    CHECK(!list.items[0].in_progress);
    bob_says(house, "This is unacceptable. My lawyer will contact you, we will sue you.");
    struct slice task = only_meeting(house).tasks.items[0].id;
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    CHECK(list.items[0].in_progress);
    expect(house, "L1", "case.take", task, "", "taken");
    struct slice decision = arena_format(house->arena, ",\"version\":%u,\"decision\":{\"approve\":true}",
                                         only_meeting(house).version);
    expect(house, "L1", "case.decide", task, decision.data, "closed");
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    CHECK(!list.items[0].in_progress);
    finish(house);
}

/* What a client says to us and wants a person for, without any meeting. */
static const struct {
    const char *name, *head, *text;
    enum mail_origin origin;
    enum meeting_outcome outcome;
    const char *reason; /* of the task; NULL: none, and nothing is kept */
} talks[] = {
    {"a wish", ADA "To: iris@bureau.example", "Hello Iris,\r\nI would like to speak to a real person, please.",
     MAIL_ORIGIN_PASS, OUTCOME_ACCEPTED, "asked"},
    {"a complaint", ADA "To: iris@bureau.example", "I wish to make a formal complaint.", MAIL_ORIGIN_PASS, OUTCOME_ACCEPTED,
     "complaint"},
    {"a threat", ADA "To: iris@bureau.example", "This is unacceptable. My lawyer will contact you, we will sue you.",
     MAIL_ORIGIN_PASS, OUTCOME_ACCEPTED, "hostile"},
    {"to somebody else", ADA "To: bob@guest.example\r\nCc: iris@bureau.example",
     "This is unacceptable. My lawyer will contact you, we will sue you.", MAIL_ORIGIN_PASS, OUTCOME_IGNORED, NULL},
    {"kind words", ADA "To: iris@bureau.example", "Thank you so much, have a nice day.", MAIL_ORIGIN_PASS, OUTCOME_IGNORED,
     NULL},
    {"perhaps not hers", ADA "To: iris@bureau.example", "I would like to speak to a real person, please.",
     MAIL_ORIGIN_FAIL, OUTCOME_REJECTED, NULL},
    {"a stranger's", "From: Rex Odd <rex@odd.example>\r\nTo: iris@bureau.example\r\nSubject: Budget\r\n",
     "I would like to speak to a real person, please.", MAIL_ORIGIN_PASS, OUTCOME_IGNORED, NULL},
};

static void a_client_without_a_meeting_is_heard(void)
{
    for (size_t i = 0; i < sizeof talks / sizeof *talks; i++) {
        struct house *house = begin(true);
        struct meeting_list all;
        struct meeting_progress_list list;
        bool whole;
        enum meeting_outcome outcome;
        struct slice head = arena_format(house->arena, "%s\r\nMessage-ID: <talk@b.example>", talks[i].head);
        check_row(talks[i].name);
        CHECK_OK(receive(house, arena_text(house->arena, head), talks[i].text, talks[i].origin, &outcome));
        CHECK_NUMBER(outcome, talks[i].outcome);
        CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
        CHECK_NUMBER(all.count, talks[i].reason != NULL);
        if (talks[i].reason == NULL) {
            finish(house);
            continue;
        }
        CHECK_NUMBER(all.items[0].people.count, 1);
        CHECK_TEXT(all.items[0].tasks.items[0].reason, talks[i].reason);
        /* Lent by keyd like any other: in progress, and theirs who has the task. */
        struct slice task = all.items[0].tasks.items[0].id;
        expect(house, "L1", "case.take", task, "", "taken");
        check_row(talks[i].name);
        CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &whole, NULL));
        CHECK(list.count == 1 && list.items[0].in_progress);
        CHECK_TEXT(list.items[0].assigned, "L1");
        expect(house, "L1", "case.decide", task, with_version(house, "{\"take_over\":\"I will ring you. Jo\"}").data, "closed");
        check_row(talks[i].name);
        CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &whole, NULL));
        CHECK(!list.items[0].in_progress);
        CHECK_NUMBER(only_meeting(house).state, MEETING_CANCELLED);
        collect(house);
        CHECK_NUMBER(house->sent.count, 1);
        CHECK(slice_contains(last_to(house, "ada@bureau.example")->draft.text, LIT("I will ring you. Jo")));
        finish(house);
    }
    check_row("");
}

/* Two of the same client are one talk; a request of theirs is a meeting of its own, whatever it answers. */
static void a_talk_is_no_meeting(void)
{
    struct house *house = begin(false);
    struct meeting_list all;
    enum meeting_outcome outcome;
    CHECK_OK(receive(house, ADA "To: iris@bureau.example\r\nMessage-ID: <t1@b.example>",
                     "I would like to speak to a real person, please.", MAIL_ORIGIN_PASS, &outcome));
    CHECK_OK(receive(house, ADA "To: iris@bureau.example\r\nMessage-ID: <t2@b.example>",
                     "I wish to make a formal complaint.", MAIL_ORIGIN_PASS, &outcome));
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
    CHECK_NUMBER(all.count, 1);
    CHECK_NUMBER(all.items[0].tasks.count, 2);
    CHECK_OK(receive(house, ADA "To: iris@bureau.example\r\nCc: bob@guest.example\r\nMessage-ID: <t3@b.example>\r\n"
                                "In-Reply-To: <t2@b.example>",
                     "Iris, please find us 30 minutes on Wednesday or Thursday for a call.", MAIL_ORIGIN_PASS, &outcome));
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
    CHECK_NUMBER(all.count, 2);
    CHECK_NUMBER(all.items[0].people.count + all.items[1].people.count, 3);
    collect(house);
    CHECK_TEXT(last_to(house, "bob@guest.example")->order.to.address, "bob@guest.example");
    finish(house);
}

static void four_eyes_refuse(void)
{
    struct house *house = begin_with_doubt();
    struct slice task = take(house, "p1");
    struct slice refuse = with_version(house, "{\"refuse\":true,\"text\":\"We cannot help you with this, [P2].\"}");
    expect(house, "p1", "case.decide", task, refuse.data, "four_eyes");
    expect(house, "p1", "case.propose", task, refuse.data, "seconding");
    expect(house, "p1", "case.take", task, "", "not_assigned");
    expect(house, "p1", "case.second", task, ",\"yes\":true", "not_assigned");
    CHECK_TEXT(take(house, "p2"), row_of(house, task).id.data);
    struct slice yes = arena_format(house->arena, ",\"version\":%u,\"yes\":true", only_meeting(house).version);
    expect(house, "p2", "case.second", task, ",\"version\":1,\"yes\":true", "version");
    expect(house, "p2", "case.second", task, yes.data, "closed");
    collect(house);
    CHECK(slice_contains(last_to(house, "bob@guest.example")->draft.text, LIT("help you with this, Bob Serre")));
    CHECK_NUMBER(only_meeting(house).state, MEETING_PROPOSING); /* Ada's meeting goes on */
    finish(house);
}

static void who_does_not_second_sends_it_back(void)
{
    struct house *house = begin_with_doubt();
    struct slice task = take(house, "p1");
    expect(house, "p1", "case.propose", task, with_version(house, "{\"refuse\":true}").data, "seconding");
    CHECK_TEXT(take(house, "p2"), row_of(house, task).id.data);
    expect(house, "p2", "case.second", task, ",\"yes\":false", "waiting");
    CHECK_NUMBER(take(house, "p3").len, 0); /* kept for who proposed */
    CHECK_TEXT(take(house, "p1"), row_of(house, task).id.data);
    struct slice yes = arena_format(house->arena, ",\"version\":%u,\"yes\":true", only_meeting(house).version);
    expect(house, "p1", "case.second", task, yes.data, "decision"); /* nothing is proposed any more */
    finish(house);
}

static void a_second_opinion(void)
{
    struct house *house = begin_with_doubt();
    struct slice task = take(house, "p1");
    expect(house, "p1", "case.opinion", task, ",\"question\":\" \"", "words");
    expect(house, "p1", "case.opinion", task, ",\"question\":\"Is this a yes?\"", "waiting");
    CHECK_NUMBER(take(house, "p1").len, 0);
    CHECK_TEXT(take(house, "p2"), row_of(house, task).id.data);
    expect(house, "p2", "case.decide", task, with_version(house, "{\"approve\":true}").data, "version");
    expect(house, "p2", "case.answer", task, ",\"text\":\"No.\"", "waiting");
    CHECK_TEXT(take(house, "p1"), row_of(house, task).id.data);
    expect(house, "p1", "case.hand_on", task, ",\"to\":\"lead\",\"note\":\"for you\"", "waiting");
    CHECK_NUMBER(take(house, "p3").len, 0);
    CHECK_TEXT(take(house, "L1"), row_of(house, task).id.data);
    finish(house);
}

static void the_queue_tells_no_content(void)
{
    struct house *house = begin_with_doubt();
    AUTO_JSON before = NULL;
    AUTO_JSON mine = NULL;
    AUTO_JSON theirs = NULL;
    AUTO_JSON lead = NULL;
    CHECK_OK(ask(house, "p1", "case.queue", LIT("{}"), &before));
    const json_t *waiting = json_object_get(before, "waiting");
    CHECK_NUMBER(json_array_size(waiting), 1);
    CHECK_TEXT(json_text(json_array_get(waiting, 0), "language"), "en");
    CHECK_NUMBER(json_number(json_array_get(waiting, 0), "count", 0), 1);
    CHECK(json_text(before, "oldest").len > 0);
    CHECK(json_object_get(before, "open") == NULL);
    struct slice task = take(house, "p1");
    CHECK_OK(ask(house, "p1", "case.queue", LIT("{}"), &mine));
    CHECK_NUMBER(json_array_size(json_object_get(mine, "waiting")), 0);
    CHECK_TEXT(json_text(json_array_get(json_object_get(mine, "mine"), 0), "task"), task.data);
    CHECK_OK(ask(house, "p2", "case.queue", LIT("{}"), &theirs));
    CHECK_NUMBER(json_array_size(json_object_get(theirs, "mine")), 0);
    CHECK_OK(ask(house, "L1", "case.queue", LIT("{}"), &lead));
    const json_t *open = json_array_get(json_object_get(lead, "open"), 0);
    CHECK_TEXT(json_text(open, "taken_by"), "p1");
    CHECK_TEXT(json_text(open, "state"), "taken");
    CHECK(!slice_contains(json_write(lead, house->arena), LIT("Bob")));
    finish(house);
}

static void nobody_asks_without_the_right(void)
{
    struct house *house = begin_with_doubt();
    struct slice answer;
    struct planner_caller caller = {LIT("p1"), LIT("o"), LIT("meetings.read"), LIT("organizer")};
    CHECK_NUMBER(planner_command(house->planner, &caller, LIT("case.take"), LIT("{}"), house->now,
                                 house->arena, &answer), ST_DENIED);
    CHECK_NUMBER(planner_command(house->planner, NULL, LIT("case.queue"), LIT("{}"), house->now,
                                 house->arena, &answer), ST_DENIED);
    finish(house);
}

static void three_are_enough(void)
{
    struct house *house = begin(false);
    for (int i = 0; i < 4; i++) {
        struct unreadable unreadable = {arena_format(house->arena, "spool-%d", i), LIT("unclear"), LIT("bytes")};
        CHECK_OK(planner_report_unreadable(house->planner, &unreadable, house->now, NULL));
    }
    for (int i = 0; i < 3; i++)
        CHECK(take(house, "p1").len > 0);
    AUTO_JSON out = NULL;
    CHECK_NUMBER(ask(house, "p1", "case.take", LIT("{}"), &out), ST_CONFLICT);
    CHECK_TEXT(json_text(out, "code"), "enough");
    struct slice last = take(house, "p2");
    CHECK(last.len > 0);
    expect(house, "p2", "case.decide", last, ",\"decision\":{\"take_over\":\"x\"}", "decision");
    expect(house, "p2", "case.decide", last, ",\"decision\":{\"approve\":true}", "closed");
    CHECK_NUMBER(row_of(house, last).how, TASK_SEEN);
    struct stored_message row;
    CHECK_NUMBER(store_load_message(house->store, slice_sub(last, 5, last.len), house->arena, &row, NULL),
                 ST_NOT_FOUND);
    finish(house);
}

static void languages_and_skills_are_kept(void)
{
    struct house *house = begin_with_doubt();
    struct supervisor french = {.person = LIT("p1"), .languages = 1 << LANGUAGE_FR};
    CHECK_OK(store_save_supervisor(house->store, &french, NULL));
    CHECK_NUMBER(take(house, "p1").len, 0);
    french.languages = SUPERVISOR_LANGUAGES;
    CHECK_OK(store_save_supervisor(house->store, &french, NULL));
    CHECK(take(house, "p1").len > 0);
    finish(house);
}

static void an_overdue_task_goes_first(void)
{
    struct house *house = begin_with_doubt();
    struct slice task = only_meeting(house).tasks.items[0].id;
    house->now = row_of(house, task).deadline;
    CHECK_OK(planner_wake(house->planner, house->now, NULL));
    struct supervision_task late = row_of(house, task);
    CHECK(late.breached.us != 0);
    CHECK_NUMBER(late.rank, 0);
    struct log_entry_list log;
    unsigned overdue = 0;
    CHECK_OK(store_list_log(house->store, 0, house->arena, &log, NULL));
    for (size_t i = 0; i < log.count; i++)
        overdue += slice_equal(log.items[i].kind, LIT("supervision.task.overdue"));
    CHECK_NUMBER(overdue, 1);
    finish(house);
}

static unsigned told[2]; /* overdue, caught up */

static void count_told(void *context, enum event event, const struct event_field *fields, size_t count)
{
    (void)context, (void)fields, (void)count;
    told[0] += event == EVENT_TASK_OVERDUE;
    told[1] += event == EVENT_TASKS_CAUGHT_UP;
}

static void wake_at(struct house *house, struct instant at)
{
    house->now = at;
    CHECK_OK(planner_wake(house->planner, house->now, NULL));
}

/* It waits for a skill half of its time, then for anybody; late it is an alert, which ends with it. */
static void the_only_one_with_the_skill_has_left(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    uint32_t ended;
    struct supervisor skilled = {.person = LIT("p1"), .languages = SUPERVISOR_LANGUAGES, .skills = 1 << SKILL_COMPLAINT};
    CHECK_OK(store_save_supervisor(house->store, &skilled, NULL));
    CHECK_OK(receive(house, ADA "To: iris@bureau.example\r\nMessage-ID: <threat@b.example>",
                     "This is unacceptable. My lawyer will contact you, we will sue you.", MAIL_ORIGIN_PASS, &outcome));
    struct slice task = take(house, "p1");
    CHECK(task.len > 0);
    struct supervision_task row = row_of(house, task);
    CHECK_NUMBER(row.skill, SKILL_COMPLAINT);
    CHECK_OK(planner_person_ended(house->planner, LIT("p1"), LIT("cut"), house->now, &ended, NULL));
    CHECK_NUMBER(take(house, "p2").len, 0);
    struct instant half = {(row.opened.us + row.deadline.us) / 2};
    wake_at(house, half);
    CHECK_NUMBER(row_of(house, task).skill, SKILL_NONE);
    CHECK_NUMBER(row_of(house, task).priority, TASK_URGENT);
    memset(told, 0, sizeof told);
    event_log_sink(count_told, NULL);
    wake_at(house, row_of(house, task).deadline);
    CHECK_NUMBER(told[0], 1);
    CHECK_TEXT(take(house, "p2"), row.id.data);
    CHECK_NUMBER(told[1], 0);
    expect(house, "p2", "case.decide", task, with_version(house, "{\"approve\":true}").data, "closed");
    CHECK_NUMBER(told[1], 1);
    event_log_sink(NULL, NULL);
    finish(house);
}

int main(void)
{
    zone_load_all();
    TEST(a_doubt_waits_in_clear_without_content);
    TEST(one_person_takes_it_and_decides);
    TEST(figures_are_a_leads);
    TEST(clear_words_overtake_it);
    TEST(silence_gives_it_back);
    TEST(a_second_look);
    TEST(what_a_leaver_had_goes_back);
    TEST(marks_say_who_has_it);
    TEST(a_settled_meeting_is_open_while_its_task_is);
    TEST(a_client_without_a_meeting_is_heard);
    TEST(a_talk_is_no_meeting);
    TEST(four_eyes_refuse);
    TEST(who_does_not_second_sends_it_back);
    TEST(a_second_opinion);
    TEST(the_queue_tells_no_content);
    TEST(nobody_asks_without_the_right);
    TEST(three_are_enough);
    TEST(languages_and_skills_are_kept);
    TEST(an_overdue_task_goes_first);
    TEST(the_only_one_with_the_skill_has_left);
    return check_done();
}
