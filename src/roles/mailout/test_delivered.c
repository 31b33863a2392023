#include "roles/mailout/delivered.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/rendez-delivered-XXXXXX", path[64];

static struct slice id_of(struct arena *arena, unsigned number)
{
    return arena_format(arena, "out_%06u", number);
}

static void the_next_process_knows_what_was_delivered(void)
{
    struct delivered *delivered = NULL;
    struct stat about;
    unlink(path);
    for (int run = 0; run < 3; run++) {
        static const char *const ids[] = {"out_a", "out_b", "out_c"};
        CHECK_OK(delivered_open(path, &delivered, NULL));
        for (int i = 0; i < 3; i++)
            CHECK_NUMBER(delivered_has(delivered, slice_from(ids[i])), i < run);
        CHECK_OK(delivered_note(delivered, slice_from(ids[run]), NULL));
        CHECK(delivered_has(delivered, slice_from(ids[run])));
        CHECK(!delivered_has(delivered, SLICE_NONE));
        delivered_close(&delivered);
        CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600);
    }
}

static void the_oldest_are_forgotten_and_the_file_does_not_grow(void)
{
    enum { MORE = 100 };
    AUTO_ARENA arena = arena_create(4 << 20);
    struct delivered *delivered = NULL;
    struct stat before, after;
    unlink(path);
    CHECK_OK(delivered_open(path, &delivered, NULL));
    CHECK(stat(path, &before) == 0);
    for (unsigned i = 0; i < DELIVERED_MAX + MORE; i++) {
        CHECK_OK(delivered_note(delivered, id_of(arena, i), NULL));
        if (i % 1000 == 999) { /* in another process's hands */
            delivered_close(&delivered);
            CHECK_OK(delivered_open(path, &delivered, NULL));
        }
    }
    CHECK(!delivered_has(delivered, id_of(arena, MORE - 1)));
    CHECK(delivered_has(delivered, id_of(arena, MORE)));
    CHECK(delivered_has(delivered, id_of(arena, DELIVERED_MAX + MORE - 1)));
    delivered_close(&delivered);
    CHECK(stat(path, &after) == 0 && after.st_size == before.st_size);
}

/* In an upgrade the next mailout is there before the last has ended. */
static void what_another_process_noted_counts(void)
{
    struct delivered *before = NULL, *next = NULL;
    unlink(path);
    CHECK_OK(delivered_open(path, &before, NULL));
    CHECK_OK(delivered_note(before, LIT("out_1"), NULL));
    CHECK_OK(delivered_open(path, &next, NULL));
    CHECK_OK(delivered_note(before, LIT("out_2"), NULL));
    CHECK(!delivered_has(next, LIT("out_2")));
    CHECK_OK(delivered_read(next, NULL));
    CHECK(delivered_has(next, LIT("out_1")) && delivered_has(next, LIT("out_2")));
    CHECK_OK(delivered_note(next, LIT("out_3"), NULL));
    CHECK_OK(delivered_read(before, NULL));
    CHECK(delivered_has(before, LIT("out_2")) && delivered_has(before, LIT("out_3")));
    delivered_close(&before);
    delivered_close(&next);
}

static void a_bent_file_does_no_harm(void)
{
    static const char *const contents[] = {"", "x", "not a list of ours, but somebody's letter"};
    AUTO_ARENA arena = arena_create(1 << 20);
    struct delivered *delivered = NULL;
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(file_write_durably(path, slice_from(contents[i]), 0600, NULL));
        CHECK_OK(delivered_open(path, &delivered, NULL));
        CHECK(!delivered_has(delivered, LIT("x")));
        CHECK_OK(delivered_note(delivered, LIT("out_1"), NULL));
        delivered_close(&delivered);
        CHECK_OK(delivered_open(path, &delivered, NULL));
        CHECK(delivered_has(delivered, LIT("out_1")));
        delivered_close(&delivered);
    }
    /* Of the right size, with bytes of chance in it. */
    struct slice whole;
    CHECK_OK(file_read(path, 1 << 20, arena, &whole, NULL));
    char *bytes = arena_text(arena, whole);
    for (size_t i = 0; i < whole.len; i++)
        bytes[i] = (char)(i * 2654435761u >> 13);
    CHECK_OK(file_write_durably(path, (struct slice){bytes, whole.len}, 0600, NULL));
    CHECK_OK(delivered_open(path, &delivered, NULL));
    CHECK_OK(delivered_note(delivered, LIT("out_2"), NULL));
    CHECK(delivered_has(delivered, LIT("out_2")));
    delivered_close(&delivered);
}

static void ids_that_are_none_are_refused(void)
{
    struct delivered *delivered = NULL;
    char long_id[DELIVERED_ID_BYTES + 2] = {0};
    memset(long_id, 'a', sizeof long_id - 1);
    CHECK_OK(delivered_open(NULL, &delivered, NULL));
    CHECK_NUMBER(delivered_note(delivered, SLICE_NONE, NULL), ST_INVALID);
    CHECK_NUMBER(delivered_note(delivered, slice_from(long_id), NULL), ST_INVALID);
    CHECK_OK(delivered_note(delivered, LIT("out_1"), NULL));
    CHECK(delivered_has(delivered, LIT("out_1")));
    delivered_close(&delivered);
    CHECK_NUMBER(delivered_open("/nowhere/at/all", &delivered, NULL), ST_NOT_FOUND);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/delivered", folder);
    TEST(the_next_process_knows_what_was_delivered);
    TEST(the_oldest_are_forgotten_and_the_file_does_not_grow);
    TEST(what_another_process_noted_counts);
    TEST(a_bent_file_does_no_harm);
    TEST(ids_that_are_none_are_refused);
    unlink(path);
    rmdir(folder);
    return check_done();
}
