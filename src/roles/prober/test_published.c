/* The log as a client sees it, on copies that are whole and on such that were changed. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/check.h" /* beside this file is another one of that name */
#include "platform/ledger/ledger.h"
#include "roles/prober/published.h"

#define ORIGIN "rendez.example/log"
enum { ARENA_BYTES = 64 << 20, BATCH = 500 };

static char folder[] = "/tmp/rendez-published-XXXXXX";
static struct secret *seed;
static struct ledger *ledger;

/* What the log was at some sizes, each published. */
static const uint64_t sizes[] = {1, 2, 3, 255, 256, 257, 511, 512, 700, 66000, 66001};
enum { SIZES = sizeof sizes / sizeof *sizes };
static char roots[SIZES][PUBLISHED_ROOT_CHARS + 1];

static enum status get_file(void *context, const char *path, struct slice *out, struct problem *why)
{
    struct arena *arena = context;
    return file_read(arena_format(arena, "%s/%s", folder, path).data, 4 << 20, arena, out, why);
}

static struct slice log_key(struct arena *arena)
{
    struct slice key = SLICE_NONE;
    CHECK_OK(ledger_public_key(LIT(ORIGIN), seed, 1, arena, &key, NULL));
    return key;
}

static struct published *open_log(struct arena *arena, const char **wrong)
{
    struct published_source *source = ARENA_NEW(arena, struct published_source);
    struct published *log = NULL;
    *source = (struct published_source){.get = get_file, .context = arena, .key = log_key(arena)};
    CHECK_OK(published_open(source, arena, &log, wrong, NULL));
    return log;
}

static void grow(uint64_t size)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    while (ledger_size(ledger) < size) {
        struct slice entries[BATCH];
        uint64_t first, count = 0, from = ledger_size(ledger);
        for (; count < BATCH && from + count < size; count++)
            entries[count] = arena_format(arena, "1 %llu control.check.done control=TRA-05 source=trust/%llu",
                                          1000000ull + (unsigned long long)(from + count),
                                          (unsigned long long)(from + count));
        CHECK_OK(ledger_append(ledger, entries, count, &first, NULL));
    }
    CHECK_OK(ledger_publish(ledger, false, NULL, NULL, NULL));
}

/* As the service serves it: the proof with its entry. */
static struct slice proof_of(uint64_t number, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(1 << 16);
    struct slice entry, proof;
    CHECK_OK(ledger_read(ledger, number, arena, &entry, NULL));
    CHECK_OK(ledger_proof_file(ledger, number, arena, &proof, NULL));
    size_t line = slice_find(proof, LIT("\n"), 0) + 1;
    buffer_add(&out, slice_sub(proof, 0, line));
    buffer_add_text(&out, "extra ");
    base64_encode(entry, &out);
    buffer_add_char(&out, '\n');
    buffer_add(&out, slice_sub(proof, line, proof.len));
    return arena_copy(arena, buffer_slice(&out));
}

static void no_wrong(const char *wrong)
{
    CHECK_TEXT(slice_from(wrong == NULL ? "" : wrong), "");
}

/* Every size goes on from every one before, all of its entries hold, the first, a middle and the last have proofs. */
static void whole_at(size_t at)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    const char *wrong = NULL;
    uint64_t walked = 0;
    struct slice entry = SLICE_NONE;
    struct published *log = open_log(arena, &wrong);
    no_wrong(wrong);
    CHECK_NUMBER((int64_t)published_size(log), (int64_t)sizes[at]);
    CHECK_OK(published_walk(log, 0, 1000, &walked, &wrong, NULL));
    no_wrong(wrong);
    CHECK_NUMBER((int64_t)walked, (int64_t)published_tiles(log));
    memcpy(roots[at], published_root(log).data, PUBLISHED_ROOT_CHARS);
    for (size_t before = 0; before <= at; before++) {
        CHECK_OK(published_continues(log, sizes[before], slice_from(roots[before]), &wrong, NULL));
        no_wrong(wrong);
    }
    const uint64_t numbers[] = {0, sizes[at] / 2, sizes[at] - 1};
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(published_prove(log, proof_of(numbers[i], arena), &entry, &wrong, NULL));
        no_wrong(wrong);
        CHECK(slice_ends(entry, arena_format(arena, "/%llu", (unsigned long long)numbers[i])));
    }
}

static void grows(void)
{
    for (size_t i = 0; i < SIZES; i++) {
        grow(sizes[i]);
        whole_at(i);
    }
}

/* A file whose byte is turned, seen by a walk over all of it, and as it was after that. */
static const struct {
    const char *path;
    size_t at;
    const char *wrong;
} turned[] = {
    {"tile/entries/000", 40, "tile_changed"},
    {"tile/entries/000", 0, "tile_changed"},  /* a length */
    {"tile/entries/257.p/209", 90, "tile_changed"},
    {"tile/0/000", 33, "tile_changed"},
    {"tile/0/257.p/209", 0, "tile_changed"},
    {"tile/1/000", 64, "tile_changed"},
    {"tile/1/000", 8191, "tile_changed"},
    {"tile/1/001.p/1", 31, "tile_changed"},
};

static void turn(const char *path, size_t at)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    FILE *file = fopen(arena_format(arena, "%s/%s", folder, path).data, "r+b");
    CHECK(file != NULL);
    if (file == NULL)
        return;
    CHECK(fseek(file, (long)at, SEEK_SET) == 0);
    int byte = fgetc(file);
    CHECK(fseek(file, (long)at, SEEK_SET) == 0 && fputc(byte ^ 1, file) != EOF);
    fclose(file);
}

static const char *walk_all(void)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    const char *wrong = NULL;
    uint64_t walked;
    struct published *log = open_log(arena, &wrong);
    if (wrong == NULL)
        CHECK_OK(published_walk(log, 0, 1000, &walked, &wrong, NULL));
    return wrong == NULL ? "" : wrong;
}

static void finds_a_bit(void)
{
    for (size_t i = 0; i < sizeof turned / sizeof *turned; i++) {
        check_row(turned[i].path);
        turn(turned[i].path, turned[i].at);
        CHECK_TEXT(slice_from(walk_all()), turned[i].wrong);
        turn(turned[i].path, turned[i].at);
    }
    CHECK_TEXT(slice_from(walk_all()), "");
}

static void finds_what_is_gone(void)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    const char *path = arena_format(arena, "%s/tile/entries/100", folder).data;
    const char *away = arena_format(arena, "%s/away", folder).data;
    CHECK(rename(path, away) == 0);
    CHECK_TEXT(slice_from(walk_all()), "tile_missing");
    CHECK(rename(away, path) == 0);
}

static void finds_another_history(void)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    const char *wrong = NULL;
    struct published *log = open_log(arena, &wrong);
    char other[PUBLISHED_ROOT_CHARS + 1];
    memcpy(other, roots[8], sizeof other);
    other[5] = other[5] == 'a' ? 'b' : 'a';
    CHECK_OK(published_continues(log, 700, slice_from(other), &wrong, NULL));
    CHECK_TEXT(slice_from(wrong), "rewritten");
    CHECK_OK(published_continues(log, 701, slice_from(roots[8]), &wrong, NULL));
    CHECK_TEXT(slice_from(wrong), "rewritten");
    CHECK_OK(published_continues(log, published_size(log), slice_from(roots[8]), &wrong, NULL));
    CHECK_TEXT(slice_from(wrong), "rewritten");
    CHECK_OK(published_continues(log, published_size(log) + 1, slice_from(roots[8]), &wrong, NULL));
    CHECK_TEXT(slice_from(wrong), "rolled_back");
    CHECK_NUMBER(published_continues(log, 700, LIT("no root"), &wrong, NULL), ST_INVALID);
}

static void finds_a_forged_proof(void)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    const char *wrong = NULL;
    struct published *log = open_log(arena, &wrong);
    struct slice good = proof_of(500, arena), entry = SLICE_NONE;
    static const char *const marks[] = {"extra MSA", "index 50", "\nindex", "\n\n"}; /* entry, place, no hash, root */
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        char *bad = arena_text(arena, good);
        size_t at = slice_find(good, slice_from(marks[i]), 0);
        CHECK(at != SIZE_MAX);
        check_row(marks[i]);
        bad[at + strlen(marks[i])] ^= 1;
        CHECK_OK(published_prove(log, (struct slice){bad, good.len}, &entry, &wrong, NULL));
        CHECK_TEXT(slice_from(wrong == NULL ? "" : wrong), "not_included");
    }
    CHECK_OK(published_prove(log, LIT("nothing\n"), &entry, &wrong, NULL));
    CHECK_TEXT(slice_from(wrong), "not_included");
}

static void finds_another_key(void)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    AUTO_SECRET other = secret_random(32);
    const char *wrong = NULL;
    struct published *log = NULL;
    struct slice witness;
    struct published_source source = {.get = get_file, .context = arena};
    CHECK_OK(ledger_public_key(LIT(ORIGIN), other, 1, arena, &source.key, NULL));
    CHECK_OK(published_open(&source, arena, &log, &wrong, NULL));
    CHECK_TEXT(slice_from(wrong), "not_signed");
    struct slice pin = published_pin(source.key, arena), own = published_pin(log_key(arena), arena);
    CHECK_NUMBER(pin.len, PUBLISHED_ROOT_CHARS);
    CHECK(!slice_equal(pin, own));
    source.key = LIT("no key");
    CHECK_NUMBER(published_open(&source, arena, &log, &wrong, NULL), ST_INVALID);
    /* A witness that has not signed is none that is forged. */
    source.key = log_key(arena);
    CHECK_OK(ledger_public_key(LIT("witness.example"), other, 4, arena, &witness, NULL));
    source.witnesses[source.witness_count++] = witness;
    CHECK_OK(published_open(&source, arena, &log, &wrong, NULL));
    no_wrong(wrong);
    CHECK_NUMBER(published_witnessed(log), 0);
}

static void finds_no_checkpoint(void)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    const char *path = arena_format(arena, "%s/checkpoint", folder).data, *wrong = NULL;
    CHECK(truncate(path, 10) == 0);
    (void)open_log(arena, &wrong);
    CHECK_TEXT(slice_from(wrong), "no_checkpoint");
    CHECK(unlink(path) == 0);
    (void)open_log(arena, &wrong);
    CHECK_TEXT(slice_from(wrong), "no_checkpoint");
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    seed = secret_random(32);
    CHECK_OK(ledger_open(folder, LIT(ORIGIN), seed, &ledger, NULL));
    TEST(grows);
    TEST(finds_a_bit);
    TEST(finds_what_is_gone);
    TEST(finds_another_history);
    TEST(finds_a_forged_proof);
    TEST(finds_another_key);
    TEST(finds_no_checkpoint);
    ledger_destroy(&ledger);
    secret_destroy(&seed);
    AUTO_ARENA arena = arena_create(1 << 16);
    (void)!system(arena_format(arena, "rm -rf %s", folder).data);
    return check_done();
}
