/* Fills a store with sealed entries, as many as there are in a large installation: COUNT of them in
 * meetings' messages, of MEETINGS meetings of an organisation "bench".
 * usage: fill STORE COUNT MEETINGS */
#include <stdio.h>
#include <stdlib.h>

#include "platform/store/sealing.h"
#include "platform/store/store.h"

enum { AT_ONCE = 10000, TEXT_BYTES = 100 };

static void must(enum status status, const struct problem *why)
{
    if (status == ST_OK)
        return;
    fprintf(stderr, "fill: %s\n", why->detail);
    exit(1);
}

struct fill {
    struct store *store;
    struct secret *key;
    struct problem why;
};

static struct sealed seal(struct fill *fill, enum sealed_column column, struct slice row, struct arena *arena)
{
    static const char text[TEXT_BYTES] = "of a bench";
    struct sealed sealed = {SLICE_NONE};
    struct seal_place place = sealing_place(column, LIT("bench"), row);
    must(vault_seal(fill->key, &place, (struct slice){text, sizeof text}, arena, &sealed, &fill->why), &fill->why);
    return sealed;
}

static struct wrapped_key wrap(struct fill *fill, enum sealed_column column, struct slice row, struct arena *arena)
{
    struct wrapped_key out = {.version = 1};
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    struct seal_place place = sealing_place(column, LIT("bench"), row);
    must(key_wrap(fill->key, &place, key, arena, &out.sealed, &fill->why), &fill->why);
    return out;
}

static void add_organisation(struct fill *fill)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice id = LIT("bench");
    struct stored_organisation row = {.id = id, .state = LIT("active"), .created = {1},
                                      .key = wrap(fill, WRAPPED_ORGANISATION_KEY, id, arena),
                                      .record = seal(fill, SEALED_ORGANISATION, id, arena)};
    must(store_save_organisation(fill->store, &row, &fill->why), &fill->why);
}

/* Keys in one transaction of the key file: one by one they would be synced one by one. */
static void add_meetings(struct fill *fill, size_t from, size_t count)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    struct stored_key_list keys = {0};
    must(store_begin(fill->store, &fill->why), &fill->why);
    for (size_t i = from; i < from + count; i++) {
        struct slice id = arena_format(arena, "m_%zu", i);
        struct stored_key key = {.kind = KEY_OF_MEETING, .id = id, .organisation = LIT("bench"),
                                 .key = wrap(fill, WRAPPED_MEETING_KEY, id, arena)};
        ARENA_PUSH(arena, &keys, key);
    }
    must(store_put_keys(fill->store, &keys, &fill->why), &fill->why);
    for (size_t i = 0; i < count; i++) {
        struct slice id = keys.items[i].id;
        struct stored_meeting row = {.id = id, .organisation = LIT("bench"), .state = LIT("confirmed"),
                                     .created = {1}, .record = seal(fill, SEALED_MEETING, id, arena)};
        must(store_save_meeting(fill->store, &row, &fill->why), &fill->why);
    }
    must(store_commit(fill->store, &fill->why), &fill->why);
}

static void add_messages(struct fill *fill, size_t from, size_t count, size_t meetings)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    must(store_begin(fill->store, &fill->why), &fill->why);
    for (size_t i = from; i < from + count; i++) {
        struct slice id = arena_format(arena, "in-%zu", i);
        struct stored_message row = {.id = id, .meeting = arena_format(arena, "m_%zu", i % meetings), .at = {1},
                                     .raw = seal(fill, SEALED_MESSAGE_RAW, id, arena)};
        must(store_add_message(fill->store, &row, &fill->why), &fill->why);
    }
    must(store_commit(fill->store, &fill->why), &fill->why);
}

int main(int argc, char **argv)
{
    struct fill fill = {.key = secret_random(VAULT_KEY_BYTES)};
    if (argc != 4)
        return 2;
    size_t count = strtoul(argv[2], NULL, 10), meetings = strtoul(argv[3], NULL, 10);
    must(store_open(&sqlite_driver, argv[1], &fill.store, &fill.why), &fill.why);
    add_organisation(&fill);
    for (size_t i = 0; i < meetings; i += AT_ONCE)
        add_meetings(&fill, i, meetings - i < AT_ONCE ? meetings - i : AT_ONCE);
    for (size_t i = 0; i < count; i += AT_ONCE)
        add_messages(&fill, i, count - i < AT_ONCE ? count - i : AT_ONCE, meetings);
    store_destroy(&fill.store);
    secret_destroy(&fill.key);
    return 0;
}
