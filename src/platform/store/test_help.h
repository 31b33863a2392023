#ifndef RENDEZ_PLATFORM_STORE_TEST_HELP_H
#define RENDEZ_PLATFORM_STORE_TEST_HELP_H

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "platform/store/store.h"

/* A store in a folder of its own, removed at the end. */
struct test_folder {
    char path[64];
    char db[128];
};

static inline struct test_folder folder_create(void)
{
    /* In memory where there is such a place: what these tests are about is not the disk's pace. */
    struct test_folder folder;
    snprintf(folder.path, sizeof folder.path, "%s/rendez-store-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(folder.path) == NULL)
        abort();
    snprintf(folder.db, sizeof folder.db, "%s/rendez.db", folder.path);
    return folder;
}

static inline void folder_remove_file(const struct test_folder *folder, const char *ending)
{
    char name[160];
    snprintf(name, sizeof name, "%s%s", folder->db, ending);
    unlink(name);
    snprintf(name, sizeof name, "%s/rendez.keys%s", folder->path, ending);
    unlink(name);
}

static inline void folder_remove(const struct test_folder *folder)
{
    enum { VERSIONS = 99 }; /* of the schema, of which there may be copies: more than there will be */
    static const char *const endings[] = {"", "-wal", "-shm", "-journal", ".half"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        folder_remove_file(folder, endings[i]);
    for (int version = 2; version <= VERSIONS; version++) {
        char ending[16];
        snprintf(ending, sizeof ending, ".before-%d", version);
        folder_remove_file(folder, ending);
    }
    rmdir(folder->path);
}

/* What the schema tests need is any sealed value; what sealing does is tested elsewhere. */
static inline struct sealed any_sealed(const char *text)
{
    return (struct sealed){slice_from(text)};
}

static inline struct stored_organisation any_organisation(const char *id)
{
    return (struct stored_organisation){.id = slice_from(id),
                                        .state = LIT("active"),
                                        .created = {1},
                                        .key = {any_sealed("key"), 1},
                                        .record = any_sealed("record")};
}

static inline struct stored_person any_person(const char *id, const char *hash)
{
    return (struct stored_person){.id = slice_from(id),
                                  .organisation = LIT("o"),
                                  .role = LIT("client"),
                                  .state = LIT("active"),
                                  .created = {1},
                                  .address_hash = slice_from(hash),
                                  .record = any_sealed("record")};
}

static inline struct stored_meeting any_meeting(const char *id)
{
    return (struct stored_meeting){.id = slice_from(id),
                                   .organisation = LIT("o"),
                                   .state = LIT("gathering"),
                                   .created = {1},
                                   .key = {any_sealed("key"), 1},
                                   .record = any_sealed("record")};
}

/* With one organisation, "o". */
static inline struct store *open_memory(void)
{
    struct store *store = NULL;
    CHECK_OK(store_open(&sqlite_driver, ":memory:", &store, NULL));
    if (store == NULL)
        abort();
    struct stored_organisation organisation = any_organisation("o");
    CHECK_OK(store_save_organisation(store, &organisation, NULL));
    return store;
}

static inline void add_person(struct store *store, const char *id, const char *hash)
{
    struct stored_person person = any_person(id, hash);
    CHECK_OK(store_save_person(store, &person, NULL));
}

static inline void add_meeting(struct store *store, const char *id)
{
    struct stored_meeting meeting = any_meeting(id);
    CHECK_OK(store_save_meeting(store, &meeting, NULL));
}

static inline struct outbox_entry any_entry(const char *id, const char *key, int due)
{
    return (struct outbox_entry){.id = slice_from(id),
                                 .idempotency_key = slice_from(key),
                                 .due = {due},
                                 .message_id = LIT("1@rendez.example"),
                                 .draft = any_sealed("draft")};
}

static inline struct stored_task any_task(const char *id, const char *meeting, int64_t opened)
{
    return (struct stored_task){.task = {.id = slice_from(id),
                                         .meeting = slice_from(meeting),
                                         .reason = LIT("unclear"),
                                         .language = LANGUAGE_FR,
                                         .priority = TASK_HIGH,
                                         .rank = 2,
                                         .opened = {opened},
                                         .deadline = {opened + 100},
                                         .due = {opened + 50},
                                         .version = 1},
                                .record = any_sealed("draft")};
}

/* What one mail leads to: one transaction with something in most tables. */
static inline enum status handle_once(struct store *store, struct problem *why)
{
    struct inbound inbound = {LIT("spool-1"), LIT("id-1"), LIT("camille"), {1}};
    struct slice hashes[] = {LIT("a"), LIT("b")};
    struct slice_list people = {hashes, 2, 2};
    struct stored_meeting meeting = any_meeting("m");
    struct stored_message message = {.id = LIT("x"),
                                     .meeting = LIT("m"),
                                     .at = {1},
                                     .message_id_hash = LIT("id-1"),
                                     .raw = any_sealed("raw")};
    struct hold hold = {LIT("p"), LIT("m"), {{10}, {20}}};
    struct outbox_entry entry = {.id = LIT("e"),
                                 .idempotency_key = LIT("m/1"),
                                 .meeting = LIT("m"),
                                 .due = {1},
                                 .draft = any_sealed("draft")};
    bool duplicate;
    TRY(store_note_inbound(store, &inbound, &duplicate, why));
    if (duplicate)
        return ST_OK;
    TRY(store_save_meeting(store, &meeting, why));
    TRY(store_set_participants(store, LIT("m"), &people, why));
    TRY(store_add_message(store, &message, why));
    TRY(store_put_hold(store, &hold, why));
    TRY(store_add_outbox(store, &entry, NULL, why));
    return store_append_log(store, (struct instant){1}, LIT("mail.message.handled"),
                            LIT("meeting=m"), why);
}

static inline enum status prepare_people(struct store *store, struct problem *why)
{
    struct stored_organisation organisation = any_organisation("o");
    struct stored_person person = any_person("p", "a");
    TRY(store_save_organisation(store, &organisation, why));
    return store_save_person(store, &person, why);
}

/* How many rows the transaction has left: all kinds, or none. */
static inline size_t traces(const char *where)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = NULL;
    CHECK_OK(store_open(&sqlite_driver, where, &store, NULL));
    struct stored_meeting_list meetings, by_person, by_message;
    struct stored_message_list messages;
    struct hold_list holds;
    struct outbox_list outbox;
    struct log_entry_list log;
    CHECK_OK(store_list_meetings(store, SLICE_NONE, arena, &meetings, NULL));
    CHECK_OK(store_find_meetings_by_participant(store, LIT("b"), arena, &by_person, NULL));
    CHECK_OK(store_find_meetings_by_message_id(store, LIT("id-1"), arena, &by_message, NULL));
    CHECK_OK(store_list_messages(store, LIT("m"), arena, &messages, NULL));
    CHECK_OK(store_list_meeting_holds(store, LIT("m"), arena, &holds, NULL));
    CHECK_OK(store_list_outbox(store, SLICE_NONE, arena, &outbox, NULL));
    CHECK_OK(store_list_log(store, 0, arena, &log, NULL));
    CHECK_OK(store_verify_log(store, NULL));
    return meetings.count + by_person.count + by_message.count + messages.count + holds.count +
           outbox.count + log.count;
}

enum { TRACES = 7 };

#endif
