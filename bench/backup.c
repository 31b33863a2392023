/* Fills a store for the measuring of backups: MEGABYTES of sealed messages, each of 64 kB, in meetings of fifty.
 * Its keys are those of the installation, so that all of it opens.
 * usage: bench_backup INSTALLATION MEGABYTES */
#include <stdio.h>
#include <stdlib.h>

#include "domain/meeting/meeting.h"
#include "platform/store/sealing.h"
#include "platform/store/store.h"
#include "roles/directory/directory.h"
#include "roles/keyd/keyd.h"

enum { MESSAGE_BYTES = 64 * 1024, MESSAGES_EACH = 50 };

static void must(enum status status, const struct problem *why)
{
    if (status == ST_OK)
        return;
    fprintf(stderr, "bench_backup: %s\n", why->detail);
    exit(1);
}

struct fill {
    struct directory *directory;
    struct store *store;
    struct slice organisation;
    struct stored_key organisation_key;
    struct problem why;
};

static void add_message(struct fill *fill, const struct secret *key, struct slice meeting, size_t number,
                        struct arena *arena)
{
    struct slice id = arena_format(arena, "in-%.*s-%zu", SLICE_ARG(meeting), number);
    char *raw = arena_alloc(arena, MESSAGE_BYTES);
    struct seal_place place = sealing_place(SEALED_MESSAGE_RAW, fill->organisation, id);
    struct stored_message row = {.id = id, .meeting = meeting, .at = {1}};
    must(vault_seal(key, &place, (struct slice){raw, MESSAGE_BYTES}, arena, &row.raw, &fill->why), &fill->why);
    must(store_add_message(fill->store, &row, &fill->why), &fill->why);
}

static void add_meeting(struct fill *fill, size_t number)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    AUTO_SECRET key = NULL;
    struct slice id = arena_format(arena, "m_bench%zu", number);
    struct meeting meeting = {.state = MEETING_CANCELLED, .subject = LIT("Bench")};
    struct stored_meeting row = {.id = id, .organisation = fill->organisation, .state = LIT("cancelled"), .created = {1}};
    struct seal_place place = sealing_place(SEALED_MEETING, fill->organisation, id);
    must(keyd_new_meeting_key(directory_keyd(fill->directory), fill->organisation, fill->organisation_key.key, id, 1,
                              arena, &row.key, &key, &fill->why),
         &fill->why);
    must(sealing_seal(key, &place, &meeting_record, &meeting, arena, &row.record, &fill->why), &fill->why);
    must(store_begin(fill->store, &fill->why), &fill->why);
    must(store_save_meeting(fill->store, &row, &fill->why), &fill->why);
    for (size_t i = 0; i < MESSAGES_EACH; i++)
        add_message(fill, key, id, i, arena);
    must(store_commit(fill->store, &fill->why), &fill->why);
}

int main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_DIRECTORY directory = NULL;
    struct fill fill = {.organisation = LIT("main")};
    struct organisation_entry organisation;
    if (argc != 3)
        return 2;
    must(directory_open(argv[1], NULL, &directory, &fill.why), &fill.why);
    fill.directory = directory;
    fill.store = directory_store(directory);
    must(directory_find_organisation(directory, SLICE_NONE, arena, &organisation, &fill.why), &fill.why);
    fill.organisation = organisation.id;
    must(store_load_key(fill.store, KEY_OF_ORGANISATION, fill.organisation, 0, arena, &fill.organisation_key, &fill.why), &fill.why);
    size_t meetings = strtoul(argv[2], NULL, 10) * (1 << 20) / ((size_t)MESSAGE_BYTES * MESSAGES_EACH);
    for (size_t i = 0; i < meetings; i++)
        add_meeting(&fill, i);
    return 0;
}
