/* The spool of mailin on a failing disk: what it says is kept is there, whole and once. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "roles/mailin/place.h"
#include "faults/trial.h"

#define ID "00112233445566778899aabbccddeeff"
#define OTHER "ffeeddccbbaa99887766554433221100"
#define WRAPPED "a wrapped key"
#define CONTENT "sealed content of some length, so that half of it is something"

struct place {
    char folder[64];
    struct slice id_of_a_mail; /* as the key of ids gave it before the trial */
    char id_bytes[SPOOL_ID_BYTES];
};

static const char *path_of(const struct place *place, const char *name)
{
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", place->folder, name);
    return path;
}

/* Where no spool was ever opened. */
static void make_folder(void *context)
{
    struct place *place = context;
    *place = (struct place){.folder = "/tmp/rendez-faults-XXXXXX"};
    if (mkdtemp(place->folder) == NULL)
        abort();
}

static void put(struct spool *spool, const char *id)
{
    CHECK_OK(spool_put(spool, slice_from(id), LIT(WRAPPED), (struct sealed){LIT(CONTENT)}, NULL));
}

static void make_spool(void *context)
{
    struct place *place = context;
    struct spool *spool = NULL;
    AUTO_ARENA arena = arena_create(1 << 20);
    make_folder(place);
    CHECK_OK(spool_open(place->folder, &spool, NULL));
    struct slice id = spool_id(spool, LIT("a mail"), arena);
    memcpy(place->id_bytes, id.data, SPOOL_ID_BYTES);
    place->id_of_a_mail = (struct slice){place->id_bytes, SPOOL_ID_BYTES};
    spool_close(&spool);
}

static void make_spool_with_two(void *context)
{
    struct place *place = context;
    struct spool *spool = NULL;
    make_spool(place);
    CHECK_OK(spool_open(place->folder, &spool, NULL));
    put(spool, ID);
    put(spool, OTHER);
    spool_close(&spool);
    /* And what a crash has left half written. */
    CHECK_OK(file_write_durably(path_of(place, "0123.new"), LIT("half"), 0600, NULL));
}

static void remove_spool(void *context)
{
    struct place *place = context;
    DIR *folder = opendir(place->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            unlink(path_of(place, entry->d_name));
    closedir(folder);
    CHECK(rmdir(place->folder) == 0);
}

/* What another process would find: ids, all whole. */
static size_t count_messages(const struct place *place)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct spool *spool = NULL;
    struct slice_list ids = {0};
    struct slice wrapped;
    struct sealed content;
    CHECK_OK(spool_open(place->folder, &spool, NULL));
    CHECK_OK(spool_list(spool, arena, &ids, NULL));
    for (size_t i = 0; i < ids.count; i++) {
        CHECK_OK(spool_get(spool, ids.items[i], arena, &wrapped, &content, NULL));
        CHECK_TEXT(wrapped, WRAPPED);
        CHECK_TEXT(content.bytes, CONTENT);
    }
    spool_close(&spool);
    return ids.count;
}

static unsigned count_half(const struct place *place)
{
    unsigned count = 0;
    DIR *folder = opendir(place->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        count += slice_ends(slice_from(entry->d_name), LIT(".new"));
    closedir(folder);
    return count;
}

static enum status open_spool(void *context, struct problem *why)
{
    struct place *place = context;
    struct spool *spool = NULL;
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice_list ids = {0};
    TRY(spool_open(place->folder, &spool, why));
    enum status status = spool_list(spool, arena, &ids, why);
    spool_close(&spool);
    return status;
}

/* Ids follow from a key: with another one a mail that comes twice would be two. */
static void same_key_of_ids(void *context)
{
    struct place *place = context;
    struct spool *spool = NULL;
    AUTO_ARENA arena = arena_create(1 << 20);
    CHECK_OK(spool_open(place->folder, &spool, NULL));
    struct slice id = spool_id(spool, LIT("a mail"), arena);
    CHECK(place->id_of_a_mail.len == 0 || slice_equal(id, place->id_of_a_mail));
    struct slice_list ids = {0};
    CHECK_OK(spool_list(spool, arena, &ids, NULL));
    spool_close(&spool);
    CHECK_NUMBER(count_half(place), 0);
}

static void nothing_yet(void *context)
{
    (void)context;
}

/* As mailin does: a message comes while the spool is open. */
static enum status take_message(void *context, struct problem *why)
{
    struct place *place = context;
    struct spool *spool = NULL;
    TRY(spool_open(place->folder, &spool, why));
    enum status status =
        spool_put(spool, LIT(ID), LIT(WRAPPED), (struct sealed){LIT(CONTENT)}, why);
    spool_close(&spool);
    return status;
}

/* The MTA was told that we do not have it, so we must not. */
static void not_ours(void *context)
{
    CHECK_NUMBER(count_messages(context), 0);
    same_key_of_ids(context);
}

static void ours_once(void *context)
{
    CHECK_NUMBER(count_messages(context), 1);
    same_key_of_ids(context);
}

/* After a start: every message is listed and read. */
static enum status recover(void *context, struct problem *why)
{
    struct place *place = context;
    AUTO_ARENA arena = arena_create(1 << 20);
    struct spool *spool = NULL;
    struct slice_list ids = {0};
    struct slice wrapped;
    struct sealed content;
    TRY(spool_open(place->folder, &spool, why));
    enum status status = spool_list(spool, arena, &ids, why);
    CHECK(status != ST_OK || ids.count == 2); /* none is passed over */
    for (size_t i = 0; i < ids.count && status == ST_OK; i++)
        status = spool_get(spool, ids.items[i], arena, &wrapped, &content, why);
    spool_close(&spool);
    return status;
}

static void both_there(void *context)
{
    CHECK_NUMBER(count_messages(context), 2);
    same_key_of_ids(context);
}

static enum status finish_one(void *context, struct problem *why)
{
    struct place *place = context;
    struct spool *spool = NULL;
    TRY(spool_open(place->folder, &spool, why));
    enum status status = spool_remove(spool, LIT(ID), why);
    spool_close(&spool);
    return status;
}

static void one_or_two(void *context)
{
    size_t count = count_messages(context);
    CHECK(count == 1 || count == 2);
}

static void one_left(void *context)
{
    CHECK_NUMBER(count_messages(context), 1);
}

static enum status set_one_aside(void *context, struct problem *why)
{
    struct place *place = context;
    struct spool *spool = NULL;
    TRY(spool_open(place->folder, &spool, why));
    enum status status = spool_set_aside(spool, LIT(ID), why);
    spool_close(&spool);
    return status;
}

static void one_aside(void *context)
{
    CHECK_NUMBER(count_messages(context), 1);
    CHECK(access(path_of(context, ID ".bad"), F_OK) == 0);
}

/* A mailbox's place moves on: what was known before, or what is known now. */
static const char *mailbox_of(const struct place *place)
{
    return path_of(place, "mailbox");
}

static struct mailbox_place place_at(uint32_t high)
{
    return (struct mailbox_place){.account = LIT("a"), .uidvalidity = 7, .high = high, .known = 20};
}

static void with_a_place(void *context)
{
    make_folder(context);
    struct mailbox_place at = place_at(30);
    CHECK_OK(place_save(mailbox_of(context), &at, NULL));
}

static enum status move_place(void *context, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct mailbox_place at;
    TRY(place_load(mailbox_of(context), LIT("a"), arena, &at, why));
    at = place_at(31);
    return place_save(mailbox_of(context), &at, why);
}

static uint32_t high_of(const struct place *place)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct mailbox_place at = {0};
    CHECK_OK(place_load(mailbox_of(place), LIT("a"), arena, &at, NULL));
    CHECK_NUMBER(at.uidvalidity, 7);
    return at.high;
}

static void place_is_known(void *context)
{
    CHECK(high_of(context) == 30 || high_of(context) == 31);
}

static void place_has_moved(void *context)
{
    CHECK_NUMBER(high_of(context), 31);
}

enum {
    OPENING = MAKES(FAULT_OPEN) | MAKES(FAULT_READ) | MAKES(FAULT_MEMORY),
    WRITING = MAKES(FAULT_OPEN) | MAKES(FAULT_WRITE) | MAKES(FAULT_FSYNC) | MAKES(FAULT_RENAME),
};
static const struct fault_trial trials[] = {
    {"first opening", make_folder, open_spool, nothing_yet, same_key_of_ids, remove_spool,
     (OPENING & ~MAKES(FAULT_READ)) | WRITING | MAKES(FAULT_LIST)},
    {"opening", make_spool, open_spool, same_key_of_ids, same_key_of_ids, remove_spool,
     OPENING | MAKES(FAULT_LIST)},
    {"taking a message", make_spool, take_message, not_ours, ours_once, remove_spool,
     OPENING | WRITING},
    {"finding what waits", make_spool_with_two, recover, both_there, both_there, remove_spool,
     OPENING | MAKES(FAULT_LIST) | MAKES(FAULT_STAT) | MAKES(FAULT_REMOVE)},
    {"a message is done", make_spool_with_two, finish_one, one_or_two, one_left, remove_spool,
     OPENING | MAKES(FAULT_REMOVE)},
    {"a message is set aside", make_spool_with_two, set_one_aside, one_or_two, one_aside,
     remove_spool, OPENING | MAKES(FAULT_RENAME)},
    {"a mailbox's place", with_a_place, move_place, place_is_known, place_has_moved, remove_spool,
     MAKES(FAULT_READ) | MAKES(FAULT_MEMORY) | MAKES(FAULT_REMOVE) | WRITING},
};

static void each_message_is_there_once(void)
{
    struct place place;
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        fault_try_each(&trials[i], disk_faults, DISK_FAULT_COUNT, &place);
}

int main(void)
{
    TEST(each_message_is_there_once);
    return check_done();
}
