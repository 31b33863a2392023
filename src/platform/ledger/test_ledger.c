/* The log, checked by rendez-verify's own functions, which share no code with it. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "platform/ledger/internal.h"
#include "verify/verify.h"

#define ORIGIN LIT("rendez.example/log")
#define WITNESS LIT("witness.example/w1")

static char folder[] = "/tmp/rendez-ledger-XXXXXX";
static unsigned char seed_bytes[32]; /* a secret is gone in a child that was forked */
static struct secret *seed, *witness_seed;
static struct arena *arena;

static void clear(void)
{
    CHECK(system(arena_format(arena, "rm -rf %s; mkdir %s", folder, folder).data) == 0);
}

static struct ledger *reopen(void)
{
    struct ledger *ledger = NULL;
    struct problem why = {0};
    if (ledger_open(folder, ORIGIN, seed, &ledger, &why) != ST_OK)
        printf("# %s\n", why.detail);
    CHECK(ledger != NULL);
    return ledger;
}

/* The n-th entry of any log here. */
static struct slice entry_of(uint64_t number)
{
    return arena_format(arena, "1 %llu test.entry.made organisation=%s number=%llu",
                        1764100800000000ULL + (unsigned long long)number,
                        number % 2 == 0 ? "acme" : "other", (unsigned long long)number);
}

static void append(struct ledger *ledger, uint64_t count)
{
    uint64_t first = 0, from = ledger_size(ledger);
    struct slice *entries = ARENA_ARRAY(arena, count + 1, struct slice);
    for (uint64_t i = 0; i < count; i++)
        entries[i] = entry_of(from + i);
    CHECK_OK(ledger_append(ledger, entries, count, &first, NULL));
    CHECK_NUMBER(first, from);
    CHECK_NUMBER(ledger_size(ledger), from + count);
}

static struct text as_text(struct slice s)
{
    return (struct text){s.data, s.len};
}

static struct key log_key(void)
{
    struct slice text;
    struct key key = {0};
    CHECK_OK(ledger_public_key(ORIGIN, seed, 1, arena, &text, NULL));
    CHECK(key_read(as_text(text), &key) == NULL);
    return key;
}

/* The whole folder by the verifier. */
static uint64_t verified(void)
{
    struct job job = {.folder = folder, .log = log_key()};
    struct report report = {0};
    bool holds = job_run(&job, &report);
    CHECK(holds);
    if (!holds)
        printf("# %s\n", report.wrong);
    uint64_t entries = report.entries;
    report_free(&report);
    return entries;
}

static const uint64_t sizes[] = {1, 2, 3, 255, 256, 257, 600, 65535, 65536, 65537, 66000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void grows_in_tiles(void)
{
    AUTO_LEDGER ledger = NULL;
    clear();
    ledger = reopen();
    CHECK_OK(ledger_publish(ledger, true, NULL, NULL, NULL));
    CHECK_NUMBER(verified(), 0);
    for (size_t i = 0; i < SIZES; i++) {
        append(ledger, sizes[i] - ledger_size(ledger));
        CHECK_OK(ledger_publish(ledger, false, NULL, NULL, NULL));
        CHECK_NUMBER(ledger_published(ledger), sizes[i]);
        CHECK_NUMBER(verified(), sizes[i]);
        if (i % 3 == 0) {
            ledger_destroy(&ledger);
            ledger = reopen();
            CHECK_NUMBER(ledger_size(ledger), sizes[i]);
        }
    }
}

/* Of the log that grows_in_tiles left. */
static void proofs_hold(void)
{
    AUTO_LEDGER ledger = reopen();
    struct hash roots[SIZES];
    struct tree tree = {0};
    for (size_t i = 0; i < SIZES; i++) {
        while (tree.size < sizes[i]) {
            struct slice entry = entry_of(tree.size);
            struct hash leaf = hash_leaf(entry.data, entry.len);
            tree_add(&tree, &leaf);
        }
        roots[i] = tree_root(&tree);
    }
    for (size_t i = 0; i < SIZES; i++) {
        struct ledger_proof proof;
        for (size_t j = i; j < SIZES; j++) {
            CHECK_OK(ledger_prove_consistency(ledger, sizes[i], sizes[j], &proof, NULL));
            CHECK(consistency_holds(sizes[i], sizes[j], (struct hash *)proof.items, proof.count,
                                    &roots[i], &roots[j]));
            CHECK(proof_is_consistent(sizes[i], sizes[j], &proof, (struct ledger_hash *)&roots[i],
                                      (struct ledger_hash *)&roots[j]));
            if (i == j)
                continue;
            proof.items[proof.count / 2].bytes[7] ^= 1;
            CHECK(!proof_is_consistent(sizes[i], sizes[j], &proof, (struct ledger_hash *)&roots[i],
                                       (struct ledger_hash *)&roots[j]));
        }
        for (uint64_t number = 0; number < sizes[i]; number += 1 + sizes[i] / 7) {
            struct slice entry;
            CHECK_OK(ledger_read(ledger, number, arena, &entry, NULL));
            CHECK(slice_equal(entry, entry_of(number)));
            struct hash leaf = hash_leaf(entry.data, entry.len);
            CHECK_OK(ledger_prove_inclusion(ledger, number, sizes[i], &proof, NULL));
            CHECK(inclusion_holds(number, sizes[i], &leaf, (struct hash *)proof.items, proof.count,
                                  &roots[i]));
        }
    }
    struct ledger_proof proof;
    CHECK_NUMBER(ledger_prove_inclusion(ledger, 5, 5, &proof, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(ledger_prove_inclusion(ledger, 0, 1 << 20, &proof, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(ledger_prove_consistency(ledger, 9, 8, &proof, NULL), ST_NOT_FOUND);
    struct slice entry;
    CHECK_NUMBER(ledger_read(ledger, 66000, arena, &entry, NULL), ST_NOT_FOUND);
}

static void proof_files_stand_alone(void)
{
    AUTO_LEDGER ledger = reopen();
    struct job job = {.log = log_key()};
    struct slice text, entry = entry_of(4711);
    struct report report = {0};
    const char *proof = arena_format(arena, "%s/proof", folder).data;
    const char *said = arena_format(arena, "%s/entry", folder).data;
    CHECK_OK(ledger_proof_file(ledger, 4711, arena, &text, NULL));
    CHECK_OK(file_write_durably(proof, text, 0600, NULL));
    CHECK_OK(file_write_durably(said, entry, 0600, NULL));
    CHECK(proof_run(&job, proof, said, &report));
    report_free(&report);
}

/* Killed after any append: what was said to be written is there, before and after publishing. */
static void survives_kills(void)
{
    clear();
    for (int round = 0; round < 20; round++) {
        int words[2], how;
        CHECK(pipe(words) == 0);
        pid_t child = fork();
        if (child == 0) {
            seed = secret_create(seed_bytes, sizeof seed_bytes);
            struct ledger *ledger = reopen();
            for (;;) {
                append(ledger, 40);
                uint64_t size = ledger_size(ledger);
                if (write(words[1], &size, sizeof size) != sizeof size)
                    _exit(1);
                if (size % 3 == 0)
                    CHECK_OK(ledger_publish(ledger, false, NULL, NULL, NULL));
            }
        }
        close(words[1]);
        uint64_t acknowledged = 0, size;
        usleep(3000 + 2500 * (unsigned)round);
        kill(child, SIGKILL);
        while (read(words[0], &size, sizeof size) == sizeof size)
            acknowledged = size;
        close(words[0]);
        CHECK(waitpid(child, &how, 0) == child);
        AUTO_LEDGER ledger = reopen();
        CHECK(ledger_size(ledger) >= acknowledged);
        CHECK_OK(ledger_publish(ledger, true, NULL, NULL, NULL));
        CHECK_NUMBER(verified(), ledger_size(ledger));
        arena_clear(arena);
    }
}

static void append_bytes(const char *name, const char *bytes)
{
    FILE *file = fopen(arena_format(arena, "%s/%s", folder, name).data, "ab");
    CHECK(file != NULL && fputs(bytes, file) >= 0 && fclose(file) == 0);
}

static void torn_journals_are_cut(void)
{
    clear();
    AUTO_LEDGER ledger = reopen();
    append(ledger, 5);
    append_bytes("journal", "half a record");
    ledger_destroy(&ledger);
    ledger = reopen();
    CHECK_NUMBER(ledger_size(ledger), 5);
    append(ledger, 2);
    ledger_destroy(&ledger);
    ledger = reopen();
    CHECK_NUMBER(ledger_size(ledger), 7);
}

static enum status open_status(const struct secret *key)
{
    struct ledger *ledger = NULL;
    enum status status = ledger_open(folder, ORIGIN, key, &ledger, NULL);
    ledger_destroy(&ledger);
    return status;
}

/* A folder that was changed is not written to. */
static void changed_logs_are_refused(void)
{
    AUTO_SECRET other = secret_random(32);
    AUTO_LEDGER ledger = NULL;
    clear();
    ledger = reopen();
    append(ledger, 300);
    CHECK_OK(ledger_publish(ledger, false, NULL, NULL, NULL));
    ledger_destroy(&ledger);
    CHECK_NUMBER(open_status(other), ST_DENIED);
    struct slice tile;
    const char *path = arena_format(arena, "%s/tile/1/000.p/1", folder).data;
    CHECK_OK(file_read(path, 4096, arena, &tile, NULL));
    CHECK_OK(file_write_durably(path, slice_sub(tile, 0, 31), 0644, NULL));
    CHECK_NUMBER(open_status(seed), ST_INVALID);
    char *changed = arena_text(arena, tile);
    changed[3] ^= 1;
    CHECK_OK(file_write_durably(path, (struct slice){changed, tile.len}, 0644, NULL));
    CHECK_NUMBER(open_status(seed), ST_INVALID);
    CHECK(unlink(path) == 0);
    CHECK_NUMBER(open_status(seed), ST_INVALID);
    CHECK_OK(file_write_durably(path, tile, 0644, NULL));
    CHECK_NUMBER(open_status(seed), ST_OK);
}

static void entries_are_lines(void)
{
    static char long_one[LEDGER_ENTRY_BYTES_MAX + 2];
    clear();
    AUTO_LEDGER ledger = reopen();
    memset(long_one, 'x', LEDGER_ENTRY_BYTES_MAX + 1);
    const struct slice rows[] = {LIT(""), LIT("two\nlines"), LIT("a\tb"), LIT("\xff"),
                                 slice_from(long_one)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_NUMBER(ledger_append(ledger, &rows[i], 1, NULL, NULL), ST_INVALID);
    CHECK_NUMBER(ledger_size(ledger), 0);
    struct slice longest = {long_one, LEDGER_ENTRY_BYTES_MAX};
    CHECK_OK(ledger_append(ledger, &longest, 1, NULL, NULL));
}

/* Witnesses. */

struct witness {
    struct slice kept;
    struct ledger *ledger; /* whom to ask for proofs */
    struct instant now;
    enum status last;
};

static void ask_witness(void *context, struct slice checkpoint, uint64_t before,
                        struct buffer *lines)
{
    struct witness *witness = context;
    struct slice key, line;
    struct ledger_proof proof = {.count = 0};
    CHECK_OK(ledger_public_key(ORIGIN, seed, 1, arena, &key, NULL));
    (void)before;
    witness->last = ledger_cosign(key, witness->kept, checkpoint, &proof, WITNESS, witness_seed,
                                  witness->now, arena, &line, NULL);
    if (witness->last != ST_OK)
        return;
    buffer_add(lines, line);
    witness->kept = arena_copy(arena, checkpoint);
}

static void witnesses_sign_what_they_saw(void)
{
    struct witness witness = {.now = {1764100900000000}};
    struct job job = {.folder = folder, .log = log_key(), .witness_count = 1, .quorum = 1};
    struct report report = {0};
    struct slice text;
    clear();
    AUTO_LEDGER ledger = reopen();
    CHECK_OK(ledger_public_key(WITNESS, witness_seed, 4, arena, &text, NULL));
    CHECK(key_read(as_text(text), &job.witnesses[0]) == NULL);
    append(ledger, 3);
    CHECK_OK(ledger_publish(ledger, false, ask_witness, &witness, NULL));
    CHECK_OK(witness.last);
    CHECK(job_run(&job, &report));
    CHECK_NUMBER(report.witness_times[0], 1764100900);
    report_free(&report);
    /* the same again, later: an idle log */
    witness.now.us += 60 * 1000000LL;
    CHECK_OK(ledger_publish(ledger, true, ask_witness, &witness, NULL));
    CHECK_OK(witness.last);
    /* another history of the same length, by the same key */
    struct slice kept = witness.kept;
    clear();
    ledger_destroy(&ledger);
    ledger = reopen();
    struct slice other = LIT("1 1 another.history.begun");
    for (int i = 0; i < 3; i++)
        CHECK_OK(ledger_append(ledger, &other, 1, NULL, NULL));
    CHECK_OK(ledger_publish(ledger, false, ask_witness, &witness, NULL));
    CHECK_NUMBER(witness.last, ST_DENIED);
    CHECK(slice_equal(witness.kept, kept));
    report = (struct report){0};
    CHECK(!job_run(&job, &report));
    CHECK(slice_contains(slice_from(report.wrong), LIT("witnesses")));
    report_free(&report);
}

static void witnesses_want_consistency(void)
{
    struct slice key, first, second, line;
    struct ledger_proof proof, none = {.count = 0};
    struct instant now = {1764100900000000};
    clear();
    AUTO_LEDGER ledger = reopen();
    CHECK_OK(ledger_public_key(ORIGIN, seed, 1, arena, &key, NULL));
    append(ledger, 300);
    CHECK_OK(ledger_publish(ledger, false, NULL, NULL, NULL));
    CHECK_OK(ledger_checkpoint(ledger, arena, &first, NULL));
    append(ledger, 700);
    CHECK_OK(ledger_publish(ledger, false, NULL, NULL, NULL));
    CHECK_OK(ledger_checkpoint(ledger, arena, &second, NULL));
    CHECK_OK(ledger_prove_consistency(ledger, 300, 1000, &proof, NULL));
#define COSIGN(kept, next, proof)                                                                  \
    ledger_cosign(key, kept, next, proof, WITNESS, witness_seed, now, arena, &line, NULL)
    CHECK_OK(COSIGN(first, second, &proof));
    CHECK_NUMBER(COSIGN(first, second, &none), ST_DENIED);
    CHECK_NUMBER(COSIGN(second, first, &proof), ST_DENIED);
    proof.items[1].bytes[0] ^= 1;
    CHECK_NUMBER(COSIGN(first, second, &proof), ST_DENIED);
    char *changed = arena_text(arena, second);
    changed[ORIGIN.len + 1] = '2';
    CHECK_NUMBER(COSIGN(SLICE_NONE, slice_from(changed), &none), ST_DENIED);
    CHECK_NUMBER(COSIGN(SLICE_NONE, LIT("no note"), &none), ST_INVALID);
}

/* Any text of lines, under a key of its own. */
static void notes_are_signed(void)
{
    AUTO_SECRET own = secret_random(32);
    AUTO_SECRET other = secret_random(32);
    struct slice note, key, other_key, body = SLICE_NONE;
    CHECK_OK(ledger_public_key(LIT("probe.example"), own, 1, arena, &key, NULL));
    CHECK_OK(ledger_public_key(LIT("probe.example"), other, 1, arena, &other_key, NULL));
    CHECK_OK(ledger_sign_note(LIT("probe.example"), own, LIT("one\ntwo\n"), arena, &note, NULL));
    CHECK_OK(ledger_open_note(note, key, arena, &body, NULL));
    CHECK_TEXT(body, "one\ntwo\n");
    CHECK_NUMBER(ledger_open_note(note, other_key, arena, &body, NULL), ST_DENIED);
    CHECK_NUMBER(ledger_open_note(note, LIT("no key"), arena, &body, NULL), ST_DENIED);
    CHECK_NUMBER(ledger_open_note(LIT("one\ntwo\n"), key, arena, &body, NULL), ST_INVALID);
    for (size_t i = 0; i < note.len; i++) {
        char *bad = arena_text(arena, note);
        bad[i] ^= 1;
        CHECK(ledger_open_note((struct slice){bad, note.len}, key, arena, &body, NULL) != ST_OK);
    }
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 3;
    vault_random(seed_bytes, sizeof seed_bytes);
    seed = secret_create(seed_bytes, sizeof seed_bytes);
    witness_seed = secret_random(32);
    arena = arena_create((size_t)256 << 20);
    TEST(grows_in_tiles);
    TEST(proofs_hold);
    TEST(notes_are_signed);
    TEST(proof_files_stand_alone);
    TEST(survives_kills);
    TEST(torn_journals_are_cut);
    TEST(changed_logs_are_refused);
    TEST(entries_are_lines);
    TEST(witnesses_sign_what_they_saw);
    TEST(witnesses_want_consistency);
    clear();
    rmdir(folder);
    arena_destroy(&arena);
    secret_destroy(&seed);
    secret_destroy(&witness_seed);
    return check_done();
}
