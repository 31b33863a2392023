/* What is due of the store: mail, jobs, meetings, and who takes it when. */
#include "test_help.h"

static void mail_goes_out_in_order_and_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct duration lease = {50};
    struct outbox_entry taken, entries[] = {any_entry("x1", "k1", 20), any_entry("x2", "k2", 10),
                                            any_entry("x3", "k1", 5)};
    bool added[3];
    for (size_t i = 0; i < 3; i++)
        CHECK_OK(store_add_outbox(store, &entries[i], &added[i], NULL));
    CHECK(added[0] && added[1] && !added[2]);
    CHECK_NUMBER(store_take_outbox(store, (struct instant){9}, lease, arena, &taken, NULL),
                 ST_NOT_FOUND);
    CHECK_OK(store_take_outbox(store, (struct instant){30}, lease, arena, &taken, NULL));
    CHECK_TEXT(taken.id, "x2");
    CHECK_NUMBER(taken.attempts, 1);
    CHECK_NUMBER(taken.state, WORK_TAKEN);
    CHECK_TEXT(taken.message_id, "1@rendez.example");
    CHECK_OK(store_take_outbox(store, (struct instant){30}, lease, arena, &taken, NULL));
    CHECK_TEXT(taken.id, "x1");
    CHECK_NUMBER(store_take_outbox(store, (struct instant){79}, lease, arena, &taken, NULL),
                 ST_NOT_FOUND);
    CHECK_OK(store_mark_sent(store, LIT("x2"), NULL));
    CHECK_NUMBER(store_mark_sent(store, LIT("x2"), NULL), ST_CONFLICT);
    /* The lease of x1 ends: whoever took it is gone. */
    CHECK_OK(store_take_outbox(store, (struct instant){80}, lease, arena, &taken, NULL));
    CHECK_TEXT(taken.id, "x1");
    CHECK_NUMBER(taken.attempts, 2);
    CHECK_OK(store_defer_outbox(store, LIT("x1"), (struct instant){1000}, NULL));
    struct instant due = {0};
    CHECK_OK(store_next_due(store, &due, NULL));
    CHECK_NUMBER(due.us, 1000);
    CHECK_OK(store_fail_outbox(store, LIT("x1"), NULL));
    CHECK_NUMBER(store_next_due(store, &due, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(store_defer_outbox(store, LIT("x1"), (struct instant){1}, NULL), ST_CONFLICT);
    struct outbox_list list;
    CHECK_OK(store_list_outbox(store, SLICE_NONE, arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_NUMBER(list.items[0].state, WORK_FAILED);
    CHECK_NUMBER(list.items[1].state, WORK_DONE);
}

static void jobs_are_taken_like_mail(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct job taken,
        job = {
            .id = LIT("j1"), .idempotency_key = LIT("k"), .kind = LIT("calendar.put"), .due = {10}};
    bool added;
    CHECK_OK(store_add_job(store, &job, &added, NULL));
    CHECK(added);
    job.id = LIT("j2");
    CHECK_OK(store_add_job(store, &job, &added, NULL));
    CHECK(!added);
    CHECK_OK(
        store_take_job(store, (struct instant){10}, (struct duration){5}, arena, &taken, NULL));
    CHECK_TEXT(taken.id, "j1");
    CHECK_TEXT(taken.kind, "calendar.put");
    CHECK_OK(store_defer_job(store, LIT("j1"), (struct instant){100}, NULL));
    CHECK_NUMBER(
        store_take_job(store, (struct instant){99}, (struct duration){5}, arena, &taken, NULL),
        ST_NOT_FOUND);
    CHECK_OK(
        store_take_job(store, (struct instant){100}, (struct duration){5}, arena, &taken, NULL));
    CHECK_OK(store_finish_job(store, LIT("j1"), NULL));
    CHECK_NUMBER(store_fail_job(store, LIT("j1"), NULL), ST_CONFLICT);
}

static void what_was_taken_is_due_again_after_a_crash(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct duration lease = {1000};
    struct outbox_entry taken, sent = any_entry("x1", "k1", 1), cut_off = any_entry("x2", "k2", 2);
    struct job job = {.id = LIT("j"), .idempotency_key = LIT("k"), .kind = LIT("w"), .due = {1}},
               got;
    CHECK_OK(store_add_outbox(store, &sent, NULL, NULL));
    CHECK_OK(store_add_outbox(store, &cut_off, NULL, NULL));
    CHECK_OK(store_add_job(store, &job, NULL, NULL));
    CHECK_OK(store_take_outbox(store, (struct instant){5}, lease, arena, &taken, NULL));
    CHECK_OK(store_mark_sent(store, taken.id, NULL));
    CHECK_OK(store_take_outbox(store, (struct instant){5}, lease, arena, &taken, NULL));
    CHECK_OK(store_take_job(store, (struct instant){5}, lease, arena, &got, NULL));
    CHECK_OK(store_resume_work(store, (struct instant){6}, NULL));
    CHECK_OK(store_take_outbox(store, (struct instant){6}, lease, arena, &taken, NULL));
    CHECK_TEXT(taken.id, "x2");
    CHECK_NUMBER(store_take_outbox(store, (struct instant){6}, lease, arena, &taken, NULL),
                 ST_NOT_FOUND);
    CHECK_OK(store_take_job(store, (struct instant){6}, lease, arena, &got, NULL));
    CHECK_NUMBER(got.attempts, 2);
    CHECK_OK(store_load_outbox(store, LIT("x1"), arena, &taken, NULL));
    CHECK_NUMBER(taken.state, WORK_DONE);
    CHECK_NUMBER(store_load_outbox(store, LIT("x3"), arena, &taken, NULL), ST_NOT_FOUND);
}

static void a_clock_that_is_set_back_does_not_keep_work_waiting(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct instant due, at;
    struct outbox_entry entry = any_entry("x1", "k1", 5000), sent = any_entry("x2", "k2", 1), got;
    struct job job = {.id = LIT("j"), .idempotency_key = LIT("k"), .kind = LIT("w"), .due = {7000}};
    CHECK_NUMBER(store_latest_logged(store, LIT("k"), &at, NULL), ST_NOT_FOUND);
    static const struct { const char *kind; int at, latest; } log[] = {
        {"x", 4000, 4000}, {"x", 5000, 5000}, {"x", 400, 5000}, {"k", 401, 401}, {"x", 402, 402},
        {"x", 403, 403}, {"x", 300, 403},
    };
    for (size_t i = 0; i < sizeof log / sizeof *log; i++) {
        CHECK_OK(store_append_log(store, (struct instant){log[i].at}, slice_from(log[i].kind), LIT("a=b"), NULL));
        CHECK_OK(store_latest_logged(store, LIT("k"), &at, NULL));
        CHECK_NUMBER(at.us, log[i].latest);
    }
    CHECK_OK(store_last_logged(store, LIT("k"), &at, NULL));
    CHECK_NUMBER(at.us, 401);
    CHECK_NUMBER(store_last_logged(store, LIT("y"), &at, NULL), ST_NOT_FOUND);
    CHECK_OK(store_add_outbox(store, &sent, NULL, NULL));
    CHECK_OK(store_take_outbox(store, (struct instant){1}, (struct duration){9}, arena, &got, NULL));
    CHECK_OK(store_mark_sent(store, got.id, NULL));
    CHECK_OK(store_add_outbox(store, &entry, NULL, NULL));
    CHECK_OK(store_add_job(store, &job, NULL, NULL));
    CHECK_OK(store_bring_forward(store, (struct duration){3600}, NULL));
    CHECK_OK(store_next_due(store, &due, NULL));
    CHECK_NUMBER(due.us, 1400);
    CHECK_OK(store_take_outbox(store, (struct instant){1400}, (struct duration){9999}, arena, &got, NULL));
    CHECK_TEXT(got.id, "x1");
    CHECK_OK(store_next_due(store, &due, NULL));
    CHECK_NUMBER(due.us, 3400);
    CHECK_OK(store_load_outbox(store, LIT("x2"), arena, &got, NULL));
    CHECK_NUMBER(got.due.us, 10); /* done: its date stays */
}

static void what_was_tried_waits_no_longer_than_its_turn(void)
{
    static const struct { int waits_s; unsigned tries; int then_s; } cases[] = {
        {10, 1, 10}, {11, 1, 0}, {3610, 1, 0}, {3610, 0, 3610}, {40, 3, 40}, {41, 3, 0},
        {100, 8, 100}, {101, 8, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        AUTO_STORE store = open_memory();
        const struct waits waits = {{5 * 1000000}, {5 * 1000000}, {100 * 1000000}};
        const struct instant now = {INT64_C(1000000000000)};
        struct outbox_entry entry = any_entry("x", "k", 1), got;
        struct job job = {.id = LIT("j"), .idempotency_key = LIT("k"), .kind = LIT("w"), .due = {1}}, taken;
        struct instant due = {now.us + (int64_t)cases[i].waits_s * 1000000}, first;
        CHECK_OK(store_add_outbox(store, &entry, NULL, NULL));
        CHECK_OK(store_add_job(store, &job, NULL, NULL));
        for (unsigned k = 0; k < cases[i].tries; k++) {
            CHECK_OK(store_take_outbox(store, (struct instant){1}, (struct duration){0}, arena, &got, NULL));
            CHECK_OK(store_take_job(store, (struct instant){1}, (struct duration){0}, arena, &taken, NULL));
        }
        CHECK_OK(store_defer_outbox(store, entry.id, due, NULL));
        CHECK_OK(store_defer_job(store, job.id, due, NULL));
        CHECK_OK(store_bound_waits(store, now, &waits, NULL));
        CHECK_OK(store_load_outbox(store, entry.id, arena, &got, NULL));
        CHECK_NUMBER((got.due.us - now.us) / 1000000, cases[i].then_s);
        CHECK_OK(store_next_due(store, &first, NULL)); /* the job is due as the mail is */
        CHECK_NUMBER((first.us - now.us) / 1000000, cases[i].then_s);
    }
}

static void due_meetings_come_most_urgent_first(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    static const int dues[] = {300, 0, 100, 200};
    for (size_t i = 0; i < 4; i++) {
        char id[] = {(char)('a' + i), '\0'};
        struct stored_meeting meeting = any_meeting(id);
        meeting.due = (struct instant){dues[i]};
        CHECK_OK(store_save_meeting(store, &meeting, NULL));
    }
    struct stored_meeting_list due;
    CHECK_OK(store_due_meetings(store, (struct instant){200}, arena, &due, NULL));
    CHECK_NUMBER(due.count, 2);
    CHECK_TEXT(due.items[0].id, "c");
    CHECK_TEXT(due.items[1].id, "d");
    struct instant next = {0};
    CHECK_OK(store_next_due(store, &next, NULL));
    CHECK_NUMBER(next.us, 100);
}

static void done_work_is_purged_and_waiting_work_stays(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct outbox_entry taken;
    struct outbox_list rows;
    struct job job = {.id = LIT("j"), .idempotency_key = LIT("jk"), .kind = LIT("k"), .due = {2}};
    for (int i = 0; i < 3; i++) {
        struct outbox_entry entry = {.id = arena_format(arena, "out-%d", i),
                                     .idempotency_key = arena_format(arena, "k-%d", i),
                                     .due = {i},
                                     .draft = any_sealed("draft")};
        CHECK_OK(store_add_outbox(store, &entry, NULL, NULL));
    }
    CHECK_OK(store_add_job(store, &job, NULL, NULL));
    CHECK_OK(store_take_outbox(store, (struct instant){5}, (struct duration){10}, arena, &taken, NULL));
    CHECK_OK(store_mark_sent(store, taken.id, NULL)); /* due 15 now */
    CHECK_OK(store_fail_outbox(store, LIT("out-1"), NULL)); /* due 1 */
    struct purge before = {{14}, {14}};
    CHECK_OK(store_purge(store, &before, NULL));
    CHECK_OK(store_list_outbox(store, SLICE_NONE, arena, &rows, NULL));
    CHECK_NUMBER(rows.count, 2);
    before.work.us = 15;
    CHECK_OK(store_purge(store, &before, NULL));
    CHECK_OK(store_list_outbox(store, SLICE_NONE, arena, &rows, NULL));
    CHECK_NUMBER(rows.count, 1);
    CHECK_TEXT(rows.items[0].id, "out-2");
    CHECK_OK(store_finish_job(store, LIT("j"), NULL));
    CHECK_OK(store_purge(store, &before, NULL));
    bool added = false;
    CHECK_OK(store_add_job(store, &job, &added, NULL));
    CHECK(added);
}

int main(void)
{
    TEST(mail_goes_out_in_order_and_once);
    TEST(jobs_are_taken_like_mail);
    TEST(what_was_taken_is_due_again_after_a_crash);
    TEST(a_clock_that_is_set_back_does_not_keep_work_waiting);
    TEST(what_was_tried_waits_no_longer_than_its_turn);
    TEST(due_meetings_come_most_urgent_first);
    TEST(done_work_is_purged_and_waiting_work_stays);
    return check_done();
}
