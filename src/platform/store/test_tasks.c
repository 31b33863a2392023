/* Tasks of the supervision in the store: who has them, in which order they wait, what is counted. */
#include "test_help.h"

static void tasks_open_and_close_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    bool added;
    struct stored_task task = any_task("t1", "m", 20), earlier = any_task("t2", NULL, 10), loaded;
    struct stored_task_list list;
    add_meeting(store, "m");
    CHECK_OK(store_add_task(store, &task, &added, NULL));
    CHECK(added);
    CHECK_OK(store_add_task(store, &task, &added, NULL));
    CHECK(!added);
    CHECK_OK(store_add_task(store, &earlier, NULL, NULL));
    CHECK_OK(store_list_open_tasks(store, arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_TEXT(list.items[0].task.id, "t2");
    CHECK_NUMBER(list.items[1].task.deadline.us, 120);
    CHECK_OK(store_list_meeting_tasks(store, LIT("m"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
    CHECK_TEXT(list.items[0].task.id, "t1");
    task.task.state = TASK_CLOSED;
    task.task.how = TASK_DECIDED;
    task.task.closed = (struct instant){30};
    CHECK_OK(store_move_task(store, &task, NULL));
    CHECK_OK(store_list_meeting_tasks(store, LIT("m"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 0);
    task.task.version = 2;
    CHECK_NUMBER(store_move_task(store, &task, NULL), ST_CONFLICT);
    CHECK_OK(store_load_task(store, LIT("t1"), arena, &loaded, NULL));
    CHECK_NUMBER(loaded.task.closed.us, 30);
    CHECK_NUMBER(loaded.task.how, TASK_DECIDED);
    CHECK_NUMBER(loaded.task.version, 2);
    CHECK_NUMBER(loaded.record.bytes.len, 0);
}

/* Two who have loaded the same row: one of them moves it. */
static void a_task_is_taken_by_one(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct stored_task first = any_task("t1", "m", 20), other = any_task("t2", "m", 30), loaded;
    struct task_holder holder;
    struct task_holder_list held;
    struct stored_task_list waiting;
    add_meeting(store, "m");
    CHECK_OK(store_add_task(store, &first, NULL, NULL));
    CHECK_OK(store_add_task(store, &other, NULL, NULL));
    CHECK_NUMBER(store_find_holder(store, LIT("m"), arena, &holder, NULL), ST_NOT_FOUND);
    first.task.state = TASK_TAKEN;
    first.task.taken_by = LIT("p1");
    first.task.taken_until = (struct instant){90};
    CHECK_OK(store_move_task(store, &first, NULL));
    first.task.taken_by = LIT("p2");
    CHECK_NUMBER(store_move_task(store, &first, NULL), ST_CONFLICT);
    CHECK_OK(store_load_task(store, LIT("t1"), arena, &loaded, NULL));
    CHECK_TEXT(loaded.task.taken_by, "p1");
    CHECK_NUMBER(loaded.task.taken_until.us, 90);
    CHECK_NUMBER(loaded.task.state, TASK_TAKEN);
    other.task.state = TASK_TAKEN; /* one request, one person */
    other.task.taken_by = LIT("p2");
    CHECK_NUMBER(store_move_task(store, &other, NULL), ST_CONFLICT);
    other.task.taken_by = LIT("p1");
    CHECK_OK(store_move_task(store, &other, NULL));
    CHECK_OK(store_find_holder(store, LIT("m"), arena, &holder, NULL));
    CHECK_TEXT(holder.person, "p1");
    CHECK_OK(store_list_holders(store, arena, &held, NULL));
    CHECK_NUMBER(held.count, 2);
    other.task.state = TASK_CLOSED;
    other.task.how = TASK_DECIDED;
    other.task.closed = (struct instant){40};
    other.task.version = 2;
    CHECK_OK(store_list_taken_tasks(store, LIT("p1"), arena, &waiting, NULL));
    CHECK_NUMBER(waiting.count, 2);
    CHECK_TEXT(waiting.items[0].task.id, "t1");
    CHECK_OK(store_move_task(store, &other, NULL));
    CHECK_OK(store_list_taken_tasks(store, LIT("p1"), arena, &waiting, NULL));
    CHECK_NUMBER(waiting.count, 1);
    CHECK_OK(store_list_taken_tasks(store, LIT("p2"), arena, &waiting, NULL));
    CHECK_NUMBER(waiting.count, 0);
    CHECK_OK(store_list_waiting_tasks(store, 10, 0, arena, &waiting, NULL));
    CHECK_NUMBER(waiting.count, 0);
}

static void tasks_wait_in_order_and_are_due(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    static const struct {
        const char *id;
        uint32_t rank;
        int64_t deadline, due;
    } rows[] = {{"late", 2, 900, 30}, {"low", 4, 100, 20}, {"soon", 2, 500, 40}, {"escalated", 0, 800, 50}};
    static const char *const order[] = {"escalated", "soon", "late", "low"};
    struct stored_task_list list;
    struct task_count_list counts;
    struct instant next;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stored_task task = any_task(rows[i].id, NULL, 1);
        task.task.rank = rows[i].rank;
        task.task.deadline.us = rows[i].deadline;
        task.task.due.us = rows[i].due;
        CHECK_OK(store_add_task(store, &task, NULL, NULL));
    }
    for (uint32_t i = 0; i < 4; i++) {
        CHECK_OK(store_list_waiting_tasks(store, 1, i, arena, &list, NULL));
        CHECK_NUMBER(list.count, 1);
        CHECK_TEXT(list.items[0].task.id, order[i]);
    }
    CHECK_OK(store_next_due(store, &next, NULL));
    CHECK_NUMBER(next.us, 20);
    CHECK_OK(store_due_tasks(store, (struct instant){40}, arena, &list, NULL));
    CHECK_NUMBER(list.count, 3);
    CHECK_TEXT(list.items[0].task.id, "low");
    CHECK_OK(store_bring_forward(store, (struct duration){5}, NULL));
    CHECK_OK(store_next_due(store, &next, NULL));
    CHECK_NUMBER(next.us, 15);
    CHECK_OK(store_count_tasks(store, arena, &counts, NULL));
    CHECK_NUMBER(counts.count, 1);
    CHECK_NUMBER(counts.items[0].count, 4);
    CHECK_NUMBER(counts.items[0].deadline.us, 95);
    CHECK_NUMBER(counts.items[0].language, LANGUAGE_FR);
}

static void readings_are_counted_by_day(void)
{
    AUTO_STORE store = open_memory();
    AUTO_ARENA arena = arena_create(1 << 20);
    const struct read_count said[] = {
        {20000, LANGUAGE_FR, 5, 1, 1}, {20000, LANGUAGE_FR, 5, 1, 0}, {20000, LANGUAGE_UNKNOWN, 5, 1, 0},
        {20001, LANGUAGE_EN, 9, 1, 0},
    };
    struct read_count_list list;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        CHECK_OK(store_count_reading(store, &said[i], NULL));
    CHECK_OK(store_list_read_counts(store, 0, arena, &list, NULL));
    CHECK_NUMBER(list.count, 3);
    CHECK_NUMBER(list.items[0].language, LANGUAGE_UNKNOWN);
    CHECK_NUMBER(list.items[1].total, 2);
    CHECK_NUMBER(list.items[1].doubts, 1);
    CHECK_OK(store_list_read_counts(store, 20001, arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
    struct purge before = {.figures = {INT64_C(20000) * 86400 * 1000000}};
    CHECK_OK(store_purge(store, &before, NULL));
    CHECK_OK(store_list_read_counts(store, 0, arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
}

static void supervisors_figures_and_policy(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct supervisor who = {.person = LIT("p1"), .languages = 2, .skills = 4, .seen = {100}}, loaded;
    struct supervised figures = {.task = LIT("t"), .at = {50}, .reason = LIT("unclear"),
                                 .decision = LIT("approve"), .person = LIT("p1"), .confidence = 410,
                                 .waited_s = 7, .held_s = 9, .agreed = AGREED_NONE};
    struct supervised_list list;
    struct slice policy;
    CHECK_OK(store_save_supervisor(store, &who, NULL));
    who.languages = 6;
    who.seen.us = 10; /* whoever writes languages does not know when they were there */
    CHECK_OK(store_save_supervisor(store, &who, NULL));
    CHECK_OK(store_load_supervisor(store, LIT("p1"), arena, &loaded, NULL));
    CHECK_NUMBER(loaded.languages, 6);
    CHECK_NUMBER(loaded.seen.us, 100);
    CHECK_NUMBER(store_load_supervisor(store, LIT("p2"), arena, &loaded, NULL), ST_NOT_FOUND);
    CHECK_OK(store_note_supervised(store, &figures, NULL));
    CHECK_OK(store_note_supervised(store, &figures, NULL));
    CHECK_OK(store_list_supervised(store, (struct instant){50}, 10, arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
    CHECK_NUMBER(list.items[0].confidence, 410);
    CHECK_OK(store_list_supervised(store, (struct instant){51}, 10, arena, &list, NULL));
    CHECK_NUMBER(list.count, 0);
    add_meeting(store, "m");
    CHECK_OK(store_load_policy(store, LIT("o"), arena, &policy, NULL));
    CHECK_TEXT(policy, "doubt");
    CHECK_OK(store_set_policy(store, LIT("o"), LIT("always"), NULL));
    CHECK_OK(store_load_policy(store, LIT("o"), arena, &policy, NULL));
    CHECK_TEXT(policy, "always");
    CHECK_NUMBER(store_set_policy(store, LIT("o"), LIT("perhaps"), NULL), ST_CONFLICT);
    CHECK_NUMBER(store_set_policy(store, LIT("nobody"), LIT("never"), NULL), ST_NOT_FOUND);
}

int main(void)
{
    TEST(tasks_open_and_close_once);
    TEST(a_task_is_taken_by_one);
    TEST(tasks_wait_in_order_and_are_due);
    TEST(readings_are_counted_by_day);
    TEST(supervisors_figures_and_policy);
    return check_done();
}
