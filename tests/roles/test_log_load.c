/* The real logd, in its sandbox, and at the other end of its channels a keyd, a planner and an authd that
 * say entries as fast as it takes them; it is killed at random moments. argv[1] is rendezd.
 *   test_log_load RENDEZD --rate SECONDS   only measures: durable entries a second, and how long one waits
 *                                      for its checkpoint */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "check.h"
#include "roles/logd/logbook.h"
#include "roles/parent/prepare.h"

enum { BATCH = 1000, KILLS = 7, MARKS_MAX = 1 << 16 };

static const char *program;
static struct bench bench;
static struct secret *seed;

/* Who says entries. */
static struct source {
    enum role_id role;
    const char *name;
    int64_t kept, said;
    bool asked; /* how far it has come */
} sources[] = {{.role = ROLE_PLANNER, .name = "store"}, {.role = ROLE_AUTHD, .name = "identity"}};
enum { SOURCES = sizeof sources / sizeof *sources };
static int64_t kept_before; /* no source ever hears a smaller number */

/* When so many were on disk; in the order of their coming. */
static struct {
    int64_t entries, ms;
} marks[MARKS_MAX];
static size_t mark_count, mark_first;
static int64_t waits_ms[MARKS_MAX];
static size_t wait_count;

static int64_t kept_all(void)
{
    return sources[0].kept + sources[1].kept;
}

static void say(struct source *source)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct log_append append = {.source = slice_from(source->name), .first = source->kept + 1};
    for (int i = 0; i < BATCH && source->asked; i++)
        ARENA_PUSH(arena, &append.lines,
                   ((struct log_line){clock_now(), LIT("meeting.state.moved"),
                                      arena_format(arena, "meeting=m_%08lld organisation=acme state=confirmed",
                                                   (long long)(source->kept + 1 + i))}));
    source->said = source->kept + (int64_t)append.lines.count;
    if (ipc_is_open(bench.peers[source->role]))
        (void)!ipc_send(bench.peers[source->role], MESSAGE_LOG_APPEND, &append, NULL);
}

static void receive_kept(const struct log_kept *kept)
{
    for (size_t i = 0; i < SOURCES; i++) {
        struct source *source = &sources[i];
        if (!slice_equal(kept->source, slice_from(source->name)))
            continue;
        CHECK(kept->number >= source->kept); /* what was said to be on disk is there */
        source->kept = kept->number;
        source->asked = true;
        if (mark_count < MARKS_MAX) {
            marks[mark_count].entries = kept_all();
            marks[mark_count++].ms = clock_monotonic_ms();
        }
        say(source);
    }
}

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct key_given key = {.key = {(const char *)secret_bytes(seed), secret_len(seed)}, .version = 1};
    (void)context, (void)at;
    if (message->kind == MESSAGE_KEY_ASK)
        CHECK_OK(ipc_answer(message, MESSAGE_KEY, &key, NULL));
    if (message->kind == MESSAGE_LOG_KEPT)
        receive_kept(message->object);
}

/* Everybody asks how far it has come, until it says. */
static void begin(void)
{
    CHECK(bench_start(&bench, program));
    for (size_t i = 0; i < SOURCES; i++)
        sources[i].asked = false;
    int64_t end = clock_monotonic_ms() + 10 * 1000;
    for (int64_t next = 0; clock_monotonic_ms() < end && !(sources[0].asked && sources[1].asked);) {
        bench_turn(&bench);
        for (size_t i = 0; i < SOURCES && clock_monotonic_ms() >= next; i++)
            if (!sources[i].asked)
                say(&sources[i]);
        if (clock_monotonic_ms() >= next)
            next = clock_monotonic_ms() + 200;
    }
    CHECK(sources[0].asked && sources[1].asked);
}

static void prepare(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct config config;
    bench_create(&bench, ROLE_LOGD, "public_url = \"https://meet.example\";\n");
    bench.receive = receive;
    CHECK_OK(config_load(bench.folder, arena, &config, NULL));
    CHECK_OK(prepare_folders(&config, ROLE_LOGD, NULL));
}

static int64_t published(void)
{
    AUTO_ARENA arena = arena_create(1 << 18);
    struct slice text, line;
    uint64_t size = 0;
    if (file_read(bench_path(&bench, "log/checkpoint"), 1 << 16, arena, &text, NULL) != ST_OK ||
        !slice_next_line(&text, &line) || !slice_next_line(&text, &line) || !slice_to_u64(line, INT64_MAX, &size))
        return 0;
    return (int64_t)size;
}

/* Each source's next number; anything else is a gap, a repetition, or another order. */
static enum status see(void *context, uint64_t number, struct slice line, struct problem *why)
{
    int64_t *seen = context;
    struct logbook_entry entry;
    (void)number, (void)why;
    CHECK(logbook_read_entry(line, &entry));
    for (size_t i = 0; i < SOURCES; i++) {
        AUTO_ARENA arena = arena_create(256);
        struct slice want = arena_format(arena, "%s/%lld", sources[i].name, (long long)seen[i] + 1);
        if (slice_equal(entry.source, want))
            seen[i]++;
        else
            CHECK(!slice_starts(entry.source, slice_from(sources[i].name)));
    }
    return ST_OK;
}

static void what_was_kept_is_there_once_whenever_it_dies(void)
{
    AUTO_LEDGER ledger = NULL;
    int64_t seen[SOURCES] = {0};
    unsigned dice = (unsigned)clock_now().us;
    printf("# seed %u\n", dice);
    srand(dice);
    prepare();
    begin();
    for (int kill = 0; kill < KILLS; kill++) {
        /* Some within the first write, some while a checkpoint is made. */
        int64_t end = clock_monotonic_ms() + rand() % (kill % 3 == 0 ? 2600 : 300);
        while (clock_monotonic_ms() < end)
            bench_turn(&bench);
        CHECK(kept_all() >= kept_before);
        kept_before = kept_all();
        bench_kill(&bench, SIGKILL);
        begin();
    }
    int64_t end = clock_monotonic_ms() + 12 * 1000, wanted = kept_all();
    while (published() < wanted && clock_monotonic_ms() < end)
        bench_turn(&bench);
    CHECK(published() >= wanted && wanted > 1000);
    bench_kill(&bench, SIGKILL);
    CHECK_OK(ledger_open(bench_path(&bench, "log"), LIT("meet.example/log"), seed, &ledger, NULL));
    CHECK_OK(ledger_each(ledger, 0, see, seen, NULL));
    for (size_t i = 0; i < SOURCES; i++)
        CHECK(seen[i] >= sources[i].kept);
    bench_destroy(&bench);
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return one < other ? -1 : one > other;
}

static void see_published(void)
{
    for (int64_t size = published(); mark_first < mark_count && marks[mark_first].entries <= size; mark_first++)
        waits_ms[wait_count++] = clock_monotonic_ms() - marks[mark_first].ms;
}

static void measure(int seconds)
{
    prepare();
    begin();
    int64_t first = kept_all(), begun = clock_monotonic_ms(), look = 0;
    while (clock_monotonic_ms() < begun + seconds * 1000) {
        bench_turn(&bench);
        if (clock_monotonic_ms() < look)
            continue;
        look = clock_monotonic_ms() + 20;
        see_published();
    }
    for (; mark_first < mark_count; mark_first++) /* so long they have waited already */
        waits_ms[wait_count++] = clock_monotonic_ms() - marks[mark_first].ms;
    double rate = (double)(kept_all() - first) * 1000.0 / (double)(clock_monotonic_ms() - begun);
    qsort(waits_ms, wait_count, sizeof *waits_ms, by_size);
    printf("log              %.0f durable entries/s through the role, two sources; from the disk to a checkpoint p50 %.1f s, "
           "p99 %.1f s, worst %.1f s\n", rate, wait_count == 0 ? 0.0 : (double)waits_ms[wait_count / 2] / 1000.0,
           wait_count == 0 ? 0.0 : (double)waits_ms[wait_count * 99 / 100] / 1000.0,
           wait_count == 0 ? 0.0 : (double)waits_ms[wait_count - 1] / 1000.0);
    bench_destroy(&bench);
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "";
    seed = secret_random(VAULT_KEY_BYTES);
    if (argc == 4 && strcmp(argv[2], "--rate") == 0)
        measure(atoi(argv[3]));
    else
        TEST(what_was_kept_is_there_once_whenever_it_dies);
    secret_destroy(&seed);
    return argc == 4 ? 0 : check_done();
}
