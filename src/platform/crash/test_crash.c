/* Processes that fall, in the real sandbox: what their note says. */
#include "platform/crash/crash.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "platform/sandbox/sandbox.h"

enum { SAYS = 'c' };

typedef void fall_fn(void);

/* The compiler must not know where these lead. */
static int *volatile nowhere = (int *)16;
static volatile int deepest = -1;

#define UNCHECKED __attribute__((noinline, no_sanitize("address", "undefined")))

UNCHECKED static void by_address(void)
{
    *nowhere = 1;
}
static void by_assertion(void)
{
    assert(getpid() == 0);
}
static void by_abort(void)
{
    abort();
}
static void by_trap(void)
{
    __builtin_trap();
}
static void by_library(void)
{
    volatile size_t nothing = 8;
    exit((int)strlen((const char *)nothing));
}
static void by_signal(void)
{
    raise(SIGBUS);
}
UNCHECKED static int recurse(volatile int *depth)
{
    volatile char room[4096];
    room[0] = (char)++*depth;
    return *depth == deepest ? 0 : recurse(depth) + room[0];
}
static void by_depth(void)
{
    volatile int depth = 0;
    recurse(&depth);
}
/* Frames that lead nowhere: the walk itself falls. */
UNCHECKED static void by_rubbish(void)
{
    uintptr_t *frame = __builtin_frame_address(0);
    for (size_t i = 0; i < 64; i++)
        frame[i] = 0x7f00deadbeefULL;
    *nowhere = 1;
}

static void fall_in_child(int fd, fall_fn *fall)
{
    struct sandbox_rules nothing = {0};
    struct problem why;
    close(STDERR_FILENO); /* the last words of assert and sanitizers are not ours */
    crash_watch(fd, SAYS);
    if (sandbox_enter(&nothing, &why) == ST_OK)
        fall();
    _exit(99);
}

/* How it ended, and its note. */
static int fall_of(fall_fn *fall, struct crash_note *note, enum status *status)
{
    int fds[2], how = 0;
    char bytes[512];
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        fall_in_child(fds[1], fall);
    close(fds[1]);
    CHECK(waitpid(child, &how, 0) == child);
    ssize_t got = recv(fds[0], bytes, sizeof bytes, MSG_DONTWAIT);
    *status = crash_note_read((struct slice){bytes, got < 0 ? 0 : (size_t)got}, note, NULL);
    ssize_t more = recv(fds[0], bytes, sizeof bytes, MSG_DONTWAIT);
    CHECK(more <= 0); /* one note each */
    close(fds[0]);
    return how;
}

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static const struct {
    const char *name;
    fall_fn *fall;
    int signal;
    unsigned addresses; /* at least */
} falls[] = {
    {"an address", by_address, SIGSEGV, 3},
    {"an assertion", by_assertion, SIGABRT, 3},
    {"abort", by_abort, SIGABRT, 2},
    {"a trap", by_trap, SIGILL, 3},
    {"inside a library", by_library, SIGSEGV, 2},
    {"a signal", by_signal, SIGBUS, 2},
    {"depth", by_depth, SIGSEGV, CRASH_ADDRESSES_MAX},
    {"a stack that leads nowhere", by_rubbish, SIGSEGV, 1},
};

static void each_fall_leaves_a_note(void)
{
    for (size_t i = 0; i < sizeof falls / sizeof *falls; i++) {
        struct crash_note note = {0};
        enum status status;
        check_row(falls[i].name);
        int how = fall_of(falls[i].fall, &note, &status);
        CHECK_OK(status);
        CHECK_NUMBER(note.says, SAYS);
        CHECK_NUMBER(note.signal, falls[i].signal);
        CHECK(note.count >= falls[i].addresses);
        CHECK(SANITIZED ? how != 0 : WIFSIGNALED(how) && WTERMSIG(how) == falls[i].signal);
    }
}

static void the_same_place_twice_is_the_same(void)
{
    static fall_fn *const three[] = {by_address, by_address, by_trap}; /* from one place */
    struct crash_note notes[3] = {0};
    enum status status;
    for (size_t i = 0; i < 3; i++)
        fall_of(three[i], &notes[i], &status);
    struct crash_note first = notes[0], second = notes[1], other = notes[2];
    CHECK(first.count == second.count);
    /* The two innermost: the compiler may have laid this loop out flat. */
    CHECK(memcmp(first.addresses, second.addresses, 2 * sizeof *first.addresses) == 0);
    CHECK(memcmp(first.addresses, other.addresses, 2 * sizeof *first.addresses) != 0);
    /* Small numbers: nothing of where the program lies. */
    for (size_t i = 0; i < first.count; i++)
        CHECK(first.addresses[i] > 0 && first.addresses[i] < (64U << 20));
    AUTO_ARENA arena = arena_create(1024);
    CHECK_TEXT(crash_note_build(&first, arena), crash_build());
    CHECK(strcmp(crash_build(), "none") != 0);
}

static void a_refused_call_leaves_none(void)
{
    /* seccomp kills; the parent sees SIGSYS. */
    struct crash_note note = {0};
    enum status status;
    int how = fall_of((fall_fn *)sync, &note, &status);
    CHECK(WIFSIGNALED(how) && WTERMSIG(how) == SIGSYS);
    CHECK_NUMBER(status, ST_INVALID);
}

static void rubbish_is_refused(void)
{
    struct crash_note note = {.says = SAYS, .signal = SIGSEGV, .count = 1}, read;
    struct slice bytes = {(const char *)&note, sizeof note};
    CHECK_OK(crash_note_read(bytes, &read, NULL));
    CHECK_NUMBER(crash_note_read(slice_sub(bytes, 0, bytes.len - 1), &read, NULL), ST_INVALID);
    note.count = CRASH_ADDRESSES_MAX + 1;
    CHECK_NUMBER(crash_note_read(bytes, &read, NULL), ST_INVALID);
    note.count = 1, note.build_len = CRASH_BUILD_BYTES + 1;
    CHECK_NUMBER(crash_note_read(bytes, &read, NULL), ST_INVALID);
    note.build_len = 0, note.signal = 0;
    CHECK_NUMBER(crash_note_read(bytes, &read, NULL), ST_INVALID);
    CHECK(strcmp(crash_signal_name(SIGSEGV), "SIGSEGV") == 0);
    CHECK(strcmp(crash_signal_name(SIGKILL), "SIGKILL") == 0);
    CHECK(strcmp(crash_signal_name(0), "signal") == 0);
}

int main(void)
{
    TEST(each_fall_leaves_a_note);
    TEST(the_same_place_twice_is_the_same);
    TEST(a_refused_call_leaves_none);
    TEST(rubbish_is_refused);
    return check_done();
}
