/* A million entries: sealed here, by forked children, by processes that were killed and started again,
 * and by two that go on from the same memory, as a machine does that is put back to a snapshot. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "platform/vault/scan.h"

enum {
    TOTAL = 1000000,
    CHILDREN = 8,
    PER_CHILD = 50000,
    KILLED = 20,      /* processes, each killed somewhere in */
    PER_KILLED = 10000,
    ENTRY = VAULT_OVERHEAD + 1,
    SECONDS_MAX = 60,
};

/* What all processes write to. */
struct shared {
    volatile size_t count;
    unsigned char entries[TOTAL][ENTRY];
};
static struct shared *shared;
static const unsigned char key_bytes[VAULT_KEY_BYTES] = {7};

static struct seal_place somewhere(void)
{
    return (struct seal_place){LIT("o"), LIT("message"), LIT("sealed_raw"), LIT("m"), 1};
}

/* The kernel's source, which can be made to fail (ld's --wrap). */
static int random_fails; /* 0, an errno, or -1: it gives nothing */
ssize_t __real_getrandom(void *out, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *out, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *out, size_t len, unsigned flags)
{
    if (random_fails == 0)
        return __real_getrandom(out, len, flags);
    errno = random_fails;
    return random_fails < 0 ? 0 : -1;
}

enum { SEAL_REFUSED = 2 }; /* exit code of a child */

static void seal_some(size_t count)
{
    AUTO_SECRET key = secret_create(key_bytes, sizeof key_bytes);
    struct seal_place place = somewhere();
    for (size_t i = 0; i < count && shared->count < TOTAL; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct sealed sealed;
        if (vault_seal(key, &place, LIT("x"), arena, &sealed, NULL) != ST_OK)
            _exit(SEAL_REFUSED);
        memcpy(shared->entries[shared->count], sealed.bytes.data, ENTRY);
        shared->count++; /* one process at a time: each is waited for */
    }
}

static void in_a_child(size_t count, bool killed)
{
    pid_t child = fork();
    if (child == 0) {
        seal_some(count);
        if (killed)
            kill(getpid(), SIGKILL);
        _exit(0);
    }
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(killed ? WIFSIGNALED(status) : WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static struct sealed entry_of(size_t i)
{
    return (struct sealed){{(const char *)shared->entries[i], ENTRY}};
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void a_million_entries_repeat_nothing(void)
{
    seal_some(1000); /* the source is in use before anything forks */
    for (int i = 0; i < CHILDREN; i++)
        in_a_child(PER_CHILD, false);
    for (int i = 0; i < KILLED; i++)
        in_a_child(PER_KILLED, true);
    /* Both begin with the same memory, whatever was drawn before. */
    in_a_child(2 * PER_CHILD, false);
    in_a_child(2 * PER_CHILD, false);
    seal_some(TOTAL);
    CHECK_NUMBER(shared->count, TOTAL);

    double began = seconds();
    AUTO_ENTRY_SCAN scan = entry_scan_create();
    struct entry_scanned found;
    for (size_t i = 0; i < TOTAL; i++)
        entry_scan_add(scan, "message.sealed_raw", (int64_t)i, entry_of(i));
    entry_scan_conclude(scan, &found);
    double elapsed = seconds() - began;
    CHECK_NUMBER(found.entries, TOTAL);
    CHECK_NUMBER(found.malformed, 0);
    CHECK_NUMBER(found.repeated_salts, 0);
    CHECK_NUMBER(found.repeated_ivs, 0);
    CHECK(found.is_enough && found.looks_random);
    CHECK(elapsed < SECONDS_MAX);
    printf("# %d entries looked at in %.1f s; chi-square at most %.0f (255 is expected)\n", TOTAL, elapsed,
           found.worst_chi_square);
}

static void what_is_wrong_is_found(void)
{
    static const struct {
        const char *what;
        size_t salts, ivs, malformed;
        int from, to, at, len; /* bytes of one entry put into another */
    } cases[] = {
        {"a whole entry", 1, 1, 0, 10, 9000, 0, ENTRY},
        {"its salt", 1, 0, 0, 11, 8000, 5, 12},
        {"its IV", 0, 1, 0, 12, 7000, 17, 12},
        {"another version byte", 0, 0, 1, 13, 6000, 5, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ENTRY_SCAN scan = entry_scan_create();
        struct entry_scanned found;
        check_row(cases[i].what);
        for (int k = 0; k < 10000; k++) {
            unsigned char entry[ENTRY];
            memcpy(entry, shared->entries[k], ENTRY);
            if (k == cases[i].to)
                memcpy(entry + cases[i].at, shared->entries[cases[i].from] + cases[i].at, (size_t)cases[i].len);
            if (k == cases[i].to && cases[i].malformed > 0)
                entry[0] = 9;
            entry_scan_add(scan, "t.c", k, (struct sealed){{(const char *)entry, ENTRY}});
        }
        entry_scan_conclude(scan, &found);
        CHECK_NUMBER(found.repeated_salts, cases[i].salts);
        CHECK_NUMBER(found.repeated_ivs, cases[i].ivs);
        CHECK_NUMBER(found.malformed, cases[i].malformed);
        if (cases[i].salts + cases[i].ivs > 0)
            CHECK(found.first.row + found.second.row == cases[i].from + cases[i].to);
        else
            CHECK_NUMBER(found.bad.row, cases[i].to);
        CHECK(found.looks_random);
    }
    check_row("");
}

/* A byte that is always even, as of a broken source. */
static void bytes_that_are_not_random_are_found(void)
{
    AUTO_ENTRY_SCAN scan = entry_scan_create();
    struct entry_scanned found;
    for (size_t k = 0; k < 20000; k++) {
        shared->entries[k][5 + 20] &= 0xfe;
        entry_scan_add(scan, "t.c", (int64_t)k, entry_of(k));
    }
    entry_scan_conclude(scan, &found);
    CHECK(!found.looks_random);
    CHECK_NUMBER(found.worst_position, 20);
}

/* Nothing is written with a nonce that was not drawn: sealing is refused. */
static void without_random_bytes_nothing_is_sealed(void)
{
    static const int failures[] = {EPERM, ENOSYS, -1};
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        int status = 0;
        shared->count = 0;
        pid_t child = fork();
        if (child == 0) {
            random_fails = failures[i];
            fclose(stderr);
            seal_some(1);
            _exit(0);
        }
        CHECK(child > 0 && waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == SEAL_REFUSED);
        CHECK_NUMBER(shared->count, 0);
    }
}

int main(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 3;
    TEST(a_million_entries_repeat_nothing);
    TEST(what_is_wrong_is_found);
    TEST(bytes_that_are_not_random_are_found);
    TEST(without_random_bytes_nothing_is_sealed);
    return check_done();
}
