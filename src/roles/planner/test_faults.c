/* The planner on a failing disk: a mail is handled whole or not at all, the next try does it
 * once, and a mail of ours goes out. The planner and its store stay open, as in the service. */
#include "faults/sqlite_faults.h"
#include "faults/trial.h"
#include "roles/planner/test_house.h"

static const struct fault faults[] = {
    {.name = "read: I/O error", .call = FAULT_READ, .error = EIO},
    {.name = "write: half, then no space", .call = FAULT_WRITE, .error = ENOSPC, .torn = true},
    {.name = "fsync: I/O error", .call = FAULT_FSYNC, .error = EIO},
    {.name = "no memory for SQLite", .call = FAULT_LIBRARY, .error = ENOMEM},
};

/* What lies in the database, as another process sees it. */
struct counts {
    size_t meetings, confirmed, messages, holds, outbox, sent, log;
};

struct scene {
    char folder[64], db[80];
    struct house *house;
    struct counts before, after; /* of the work; after: as it was without a fault */
};

static struct counts count_rows(const struct scene *scene)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    AUTO_STORE store = NULL;
    struct stored_meeting_list meetings;
    struct outbox_list outbox;
    struct log_entry_list log;
    struct counts counts = {0};
    CHECK_OK(store_open(&sqlite_driver, scene->db, &store, NULL));
    CHECK_OK(store_list_meetings(store, SLICE_NONE, arena, &meetings, NULL));
    CHECK_OK(store_list_outbox(store, SLICE_NONE, arena, &outbox, NULL));
    CHECK_OK(store_list_log(store, 0, arena, &log, NULL));
    CHECK_OK(store_verify_log(store, NULL));
    counts.meetings = meetings.count;
    counts.outbox = outbox.count;
    counts.log = log.count;
    for (size_t i = 0; i < meetings.count; i++) {
        struct stored_message_list messages;
        struct hold_list holds;
        struct slice id = meetings.items[i].id;
        CHECK_OK(store_list_messages(store, id, arena, &messages, NULL));
        CHECK_OK(store_list_meeting_holds(store, id, arena, &holds, NULL));
        counts.messages += messages.count;
        counts.holds += holds.count;
        counts.confirmed += slice_equal(meetings.items[i].state, LIT("confirmed"));
    }
    for (size_t i = 0; i < outbox.count; i++)
        counts.sent += outbox.items[i].state == WORK_DONE;
    return counts;
}

static bool same(const struct counts *a, const struct counts *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void open_house(void *context)
{
    struct scene *scene = context;
    snprintf(scene->folder, sizeof scene->folder, "%s/rendez-faults-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(scene->folder) == NULL)
        abort();
    snprintf(scene->db, sizeof scene->db, "%s/rendez.db", scene->folder);
    scene->house = begin_in(scene->db, false, (struct planner_limits){0});
    scene->before = count_rows(scene);
}

static void close_house(void *context)
{
    struct scene *scene = context;
    static const char *const others[] = {"rendez.keys", "rendez.keys-journal"};
    finish(scene->house);
    unlink(scene->db);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char path[sizeof scene->db + 16];
        snprintf(path, sizeof path, "%s/%s", scene->folder, others[i]);
        unlink(path);
    }
    CHECK(rmdir(scene->folder) == 0); /* nothing else was left there */
}

/* Handled under one spool id, however often it comes. */
static enum status handle(struct house *house, const char *id, const char *head, const char *text,
                          struct problem *why)
{
    struct mail mail;
    enum meeting_outcome outcome;
    struct slice raw = arena_format(house->arena, "%s\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\n\r\n%s\r\n",
                                    head, text);
    struct received_mail received = {.id = slice_from(id), .raw = raw, .mail = &mail};
    TRY(mime_parse(raw, SLICE_NONE, house->arena, &mail, why));
    mail.origin = MAIL_ORIGIN_PASS;
    return planner_receive(house->planner, &received, house->now, &outcome, why);
}

static enum status ask(void *context, struct problem *why)
{
    return handle(((struct scene *)context)->house, "in-ask",
                  ADA "To: Bob Serre <bob@guest.example>\r\nCc: iris@bureau.example\r\n"
                      "Message-ID: <ask@b.example>",
                  "Iris, please find us 30 minutes on Wednesday or Thursday for a call.", why);
}

static enum status answer(void *context, struct problem *why)
{
    return handle(((struct scene *)context)->house, "in-answer",
                  "From: Bob Serre <bob@guest.example>\r\nTo: iris@bureau.example\r\n"
                  "Subject: Re: Budget\r\nMessage-ID: <answer@guest.example>",
                  "The first one suits me.", why);
}

/* All that waits; what a failed try had taken comes back when its lease is over. */
static enum status send_all(void *context, struct problem *why)
{
    struct house *house = ((struct scene *)context)->house;
    struct outgoing mail;
    struct slice id;
    enum status status;
    house->now.us += INT64_C(3600) * 1000000;
    while ((status = planner_next_mail(house->planner, house->now, house->arena, &id, &mail, why)) == ST_OK)
        TRY(planner_mail_done(house->planner, id, ST_OK, house->now, why));
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static void asked(void *context)
{
    struct scene *scene = context;
    open_house(scene);
    CHECK_OK(ask(scene, NULL));
    scene->before = count_rows(scene);
}

static void asked_and_sent(void *context)
{
    struct scene *scene = context;
    asked(scene);
    CHECK_OK(send_all(scene, NULL));
    scene->before = count_rows(scene);
}

static void all_or_nothing(void *context)
{
    struct scene *scene = context;
    struct counts now = count_rows(scene);
    CHECK(same(&now, &scene->before) || same(&now, &scene->after));
}

/* Sending is one transaction a mail; nothing but that changes. */
static void some_sent(void *context)
{
    struct scene *scene = context;
    struct counts now = count_rows(scene);
    CHECK(now.sent <= scene->after.sent);
    now.sent = scene->after.sent;
    CHECK(same(&now, &scene->after));
}

static void all_once(void *context)
{
    struct scene *scene = context;
    struct counts now = count_rows(scene);
    CHECK(same(&now, &scene->after));
}

static const struct fault_trial trials[] = {
    {"a mail asks for a meeting", open_house, ask, all_or_nothing, all_once, close_house, 0},
    {"its proposal goes out", asked, send_all, some_sent, all_once, close_house, 0},
    {"a guest's answer confirms", asked_and_sent, answer, all_or_nothing, all_once, close_house, 0},
};

/* What the work leads to where nothing fails. */
static void try_without(const struct fault_trial *trial, struct scene *scene)
{
    trial->prepare(scene);
    CHECK_OK(trial->work(scene, NULL));
    scene->after = count_rows(scene);
    CHECK(!same(&scene->before, &scene->after));
    trial->clean(scene);
}

static void a_mail_is_handled_once(void)
{
    struct scene scene = {0};
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        try_without(&trials[i], &scene);
        for (size_t j = 0; j < sizeof faults / sizeof *faults; j++)
            for (int lasting = 0; lasting < 2; lasting++) {
                struct fault fault = faults[j];
                fault.lasting = lasting != 0;
                unsigned made = fault_try(&trials[i], &fault, &scene);
                CHECK(made > 0 || fault.call == FAULT_READ);
            }
        check_row("");
    }
    CHECK_NUMBER(scene.after.confirmed, 1);
}

int main(void)
{
    sqlite_faults();
    TEST(a_mail_is_handled_once);
    return check_done();
}
