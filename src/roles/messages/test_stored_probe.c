/* A store in memory, whole and broken in every way that "stored" can name. */
#include "check.h"
#include "roles/messages/stored_probe.h"

enum { FILE_BYTES = (1 << 20) + 4096, FILES = 2, ROUNDS_MAX = 100 };
static const char mark[] = "trial_mark_of_a_row";

static struct {
    char files[FILES][FILE_BYTES];
    struct slice canary;
    size_t canary_at; /* in the first file; 0: nowhere */
    bool mark_missing, lost, opens_elsewhere;
    const char *entry; /* one that is none; NULL: all are good */
    unsigned put, ended;
} house;

static enum status put(void *context, struct slice canary, struct instant now, struct arena *arena, struct slice *out,
                       bool *opens_elsewhere, struct problem *why)
{
    (void)context, (void)now;
    house.put++;
    memset(house.files, 0, sizeof house.files);
    if (house.canary_at > 0)
        memcpy(house.files[0] + house.canary_at, canary.data, canary.len);
    if (!house.mark_missing)
        memcpy(house.files[1] + FILE_BYTES - sizeof mark, mark, sizeof mark);
    *out = arena_copy(arena, slice_from(mark));
    *opens_elsewhere = house.opens_elsewhere;
    return house.lost ? problem_set(why, ST_INVALID, "lost") : ST_OK;
}

static enum status end(void *context, struct instant now, struct problem *why)
{
    (void)context, (void)now, (void)why;
    house.ended++;
    return ST_OK;
}

static enum status read_file(void *context, size_t file, int64_t at, char *into, size_t room, size_t *got,
                             struct problem *why)
{
    (void)context, (void)why;
    size_t left = at >= FILE_BYTES ? 0 : FILE_BYTES - (size_t)at;
    *got = left < room ? left : room;
    memcpy(into, house.files[file] + at, *got);
    return ST_OK;
}

static enum status page(void *context, struct entry_cursor *cursor, int64_t limit, probe_entry_fn *each,
                        void *each_context, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    struct seal_place place = {.table = LIT("t"), .column = LIT("c"), .row = LIT("r")};
    struct sealed sealed;
    (void)context, (void)limit;
    TRY(vault_seal(key, &place, LIT("a text of somebody, long enough to be read"), arena, &sealed, why));
    each(each_context, "t.c", 1, sealed);
    TRY(vault_seal(key, &place, SLICE_NONE, arena, &sealed, why));
    each(each_context, "t.c", 2, sealed);
    if (house.entry != NULL)
        each(each_context, "t.c", 3, (struct sealed){{house.entry, 5 + 24 + 40}});
    cursor->ended = true;
    return ST_OK;
}

static enum status run_round(struct stored_probe *probe)
{
    struct problem why;
    bool left = true;
    for (int i = 0; i < ROUNDS_MAX && left; i++)
        TRY(stored_probe_step(probe, (struct instant){1}, &left, &why));
    CHECK(!left);
    return ST_OK;
}

static void what_is_broken_is_named(void)
{
    static const char clear[] = "Camille prefers Thursdays, in the morning, by telephone if that is possible at all";
    static const char readable[] = "\1\0\0\0\1" "\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c"
                                   "\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c"
                                   "Camille prefers Thursdays, by telephone ";
    static const struct {
        const char *name;
        size_t canary_at;
        bool mark_missing, lost, opens_elsewhere;
        const char *entry;
        enum status status;
        const char *cause;
    } rows[] = {
        {"whole", 0, false, false, false, NULL, ST_OK, ""},
        {"a canary in a file", 77, false, false, false, NULL, ST_OK, "clear_on_disk"},
        {"where two chunks meet", (1 << 20) - 20, false, false, false, NULL, ST_OK, "clear_on_disk"},
        {"at the end of a file", FILE_BYTES - 47, false, false, false, NULL, ST_OK, "clear_on_disk"},
        {"a value opens elsewhere", 0, false, false, true, NULL, ST_OK, "moved_entry_opens"},
        {"what was written is lost", 0, false, true, false, NULL, ST_OK, "lost"},
        {"nothing is found at all", 0, true, false, false, NULL, ST_UNAVAILABLE, ""},
        {"clear text in a column", 0, false, false, false, clear, ST_OK, "not_sealed"},
        {"clear text that looks like an entry", 0, false, false, false, readable, ST_OK, "not_sealed"},
    };
    AUTO_STORED_PROBE probe = stored_probe_create(&(struct stored_ports){NULL, FILES, put, end, read_file, page});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].name);
        house.canary_at = rows[i].canary_at;
        house.mark_missing = rows[i].mark_missing;
        house.lost = rows[i].lost;
        house.opens_elsewhere = rows[i].opens_elsewhere;
        house.entry = rows[i].entry;
        house.put = house.ended = 0;
        CHECK_NUMBER(run_round(probe), rows[i].status);
        const char *cause = stored_probe_cause(probe);
        CHECK_TEXT(slice_from(cause == NULL ? "" : cause), rows[i].cause);
        CHECK_NUMBER(house.put, 1);
        CHECK(house.ended >= 1); /* its rows go, whatever came of it */
    }
}

int main(void)
{
    TEST(what_is_broken_is_named);
    return check_done();
}
