#ifndef RENDEZ_TESTS_TRIAL_H
#define RENDEZ_TESTS_TRIAL_H

/* Trying a piece of work with a fault at every n. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "faults.h"

/* One piece of work that is tried. Each function may use CHECK. */
struct fault_trial {
    const char *name;
    void (*prepare)(void *context); /* a fresh place to work in */
    /* The work: opens what it needs and closes it again. */
    enum status (*work)(void *context, struct problem *why);
    /* After it failed, with nothing failing any more: whole or not there. */
    void (*look)(void *context);
    /* After it passed, perhaps at the second try: there once. */
    void (*done)(void *context);
    void (*clean)(void *context);
    unsigned makes; /* MAKES(FAULT_OPEN) | …: calls that the work makes, none of them less */
};
#define MAKES(call) (1u << (call))

enum { N_MAX = 200000, HANG_S = 20, WORDS_MAX = 4096 };

struct outcome {
    enum status status;
    bool ended; /* without memory, and it said so */
    unsigned hits;
};

static inline enum status attempt(const struct fault_trial *trial, void *context)
{
    struct problem why = {0};
    alarm(HANG_S); /* a hang ends the test */
    enum status status = trial->work(context, &why);
    alarm(0);
    if (status != ST_OK && (why.status != status || why.detail[0] == '\0')) {
        printf("# %s: status %s without a word\n", trial->name, status_name(status));
        CHECK(false);
    }
    return status;
}

/* What a child that was forked said before it ended. */
static inline struct slice read_words(int fd, char *out)
{
    size_t len = 0;
    for (ssize_t got; (got = read(fd, out + len, WORDS_MAX - len)) != 0 && len < WORDS_MAX;)
        if (got > 0)
            len += (size_t)got;
        else if (errno != EINTR)
            break;
    return (struct slice){out, len};
}

static inline void in_child(const struct fault_trial *trial, const struct fault *fault, unsigned n,
                     void *context, int words)
{
    struct problem why = {0};
    dup2(words, 2);
    close(words);
    alarm(HANG_S);
    fault_arm(fault, n);
    enum status status = trial->work(context, &why);
    _exit(status == ST_OK ? 0 : why.detail[0] == '\0' ? 99 : (int)status);
}

static inline struct outcome fork_attempt(const struct fault_trial *trial, const struct fault *fault,
                                   unsigned n, void *context)
{
    int words[2], how = 0;
    static char said[WORDS_MAX];
    fflush(stdout);
    fault_arm(fault, n); /* maps what is shared */
    if (pipe(words) < 0)
        abort();
    pid_t child = fork();
    if (child == 0)
        in_child(trial, fault, n, context, words[1]);
    close(words[1]);
    struct slice text = read_words(words[0], said);
    close(words[0]);
    CHECK(child > 0 && waitpid(child, &how, 0) == child);
    struct outcome outcome = {.hits = fault_disarm()};
    outcome.ended = WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT && slice_contains(text, LIT("memory"));
    outcome.status = WIFEXITED(how) ? (enum status)WEXITSTATUS(how) : ST_UNAVAILABLE;
    bool good = outcome.ended || (WIFEXITED(how) && WEXITSTATUS(how) <= ST_UNAVAILABLE);
    CHECK(good);
    if (!good)
        printf("# ended with wait status %d:\n%.*s\n", how, SLICE_ARG(text));
    return outcome;
}

static inline struct outcome try_once(const struct fault_trial *trial, const struct fault *fault,
                               unsigned n, void *context)
{
    /* Without memory our own code ends the process, with a line that says so. */
    if (fault->call == FAULT_MEMORY)
        return fork_attempt(trial, fault, n, context);
    struct outcome outcome = {0};
    fault_arm(fault, n);
    outcome.status = attempt(trial, context);
    outcome.hits = fault_disarm();
    return outcome;
}

static inline void after(const struct fault_trial *trial, const struct fault *fault,
                  const struct outcome *outcome, void *context)
{
    bool harmless = fault->error == EINTR || fault->error == EAGAIN || (fault->error == 0 && !fault->torn);
    bool passed = outcome->status == ST_OK && !outcome->ended;
    CHECK(passed || (outcome->hits > 0 && !harmless));
    if (!passed) {
        trial->look(context);
        CHECK_OK(attempt(trial, context));
    }
    trial->done(context);
}

/* Of n, those with n % of == which; {0, 0}: some. */
struct trial_share {
    unsigned which, of;
};

/* RENDEZ_FAULTS in the environment: "every", or a share of every, "3/100". */
static inline struct trial_share trial_share(void)
{
    const char *wanted = getenv("RENDEZ_FAULTS");
    struct trial_share share = {0, 0};
    if (wanted != NULL && strcmp(wanted, "every") == 0)
        share.of = 1;
    else if (wanted != NULL && (sscanf(wanted, "%u/%u", &share.which, &share.of) != 2 || share.which >= share.of)) {
        fprintf(stderr, "RENDEZ_FAULTS: every, or 0/100 to 99/100\n");
        abort();
    }
    return share;
}

/* Opening a database asks for memory thousands of times and writes hundreds of times, and a trial of one of them takes as long
 * as all of them: what is asked for twice as often takes four times as long. So each is tried only when it is asked for, and
 * in shares, which end and can run side by side; otherwise, after the first, some. */
static inline unsigned skip(const struct fault *fault, unsigned n)
{
    enum { FIRST = 16, MANY = 64 };
    const struct trial_share share = trial_share();
    if (n < FIRST)
        return 0;
    if (share.of == 0)
        return fault->lasting || n >= MANY ? n : n / 4;
    return share.of - 1 - (n + share.of - share.which) % share.of;
}

/* Tries it with the fault at n = 1, 2, … until it passes untouched; returns how many calls
 * of the kind there were. At least one is wanted. */
static inline unsigned fault_try(const struct fault_trial *trial, const struct fault *fault, void *context)
{
    unsigned n = 1;
    for (; n < N_MAX; n++) {
        char row[160];
        snprintf(row, sizeof row, "%s, %s%s, n = %u", trial->name, fault->name,
                 fault->lasting ? " from there on" : "", n);
        check_row(row);
        trial->prepare(context);
        struct outcome outcome = try_once(trial, fault, n, context);
        after(trial, fault, &outcome, context);
        trial->clean(context);
        if (outcome.hits == 0)
            break;
        n += skip(fault, n);
        if (check_failed > 40)
            break; /* one mistake, many rows */
    }
    check_row("");
    CHECK(n < N_MAX);
    if (getenv("RENDEZ_FAULTS") != NULL)
        printf("# %s, %s%s: passes at n = %u\n", trial->name, fault->name,
               fault->lasting ? " from there on" : "", n);
    return n - 1;
}

/* Each of the faults, once and lasting. */
static inline void fault_try_each(const struct fault_trial *trial, const struct fault *faults,
                                  size_t count, void *context)
{
    unsigned made = 0;
    for (size_t i = 0; i < count * 2; i++) {
        struct fault fault = faults[i / 2];
        fault.lasting = i % 2 == 1;
        if (fault_try(trial, &fault, context) > 0)
            made |= MAKES(fault.call);
    }
    check_row(trial->name);
    CHECK_NUMBER(made, trial->makes);
}

/* What disks do, and machines without memory. */
static const struct fault disk_faults[] = {
    {.name = "open: too many files", .call = FAULT_OPEN, .error = EMFILE},
    {.name = "read: I/O error", .call = FAULT_READ, .error = EIO},
    {.name = "read: interrupted", .call = FAULT_READ, .error = EINTR},
    {.name = "read: half", .call = FAULT_READ},
    {.name = "write: no space", .call = FAULT_WRITE, .error = ENOSPC},
    {.name = "write: half, then no space", .call = FAULT_WRITE, .error = ENOSPC, .torn = true},
    {.name = "write: I/O error", .call = FAULT_WRITE, .error = EIO},
    {.name = "write: interrupted", .call = FAULT_WRITE, .error = EINTR},
    {.name = "write: half", .call = FAULT_WRITE},
    {.name = "fsync: I/O error", .call = FAULT_FSYNC, .error = EIO},
    {.name = "rename: I/O error", .call = FAULT_RENAME, .error = EIO},
    {.name = "unlink: I/O error", .call = FAULT_REMOVE, .error = EIO},
    {.name = "readdir: I/O error", .call = FAULT_LIST, .error = EIO},
    {.name = "stat: I/O error", .call = FAULT_STAT, .error = EIO},
    {.name = "no memory", .call = FAULT_MEMORY, .error = ENOMEM},
};
enum { DISK_FAULT_COUNT = sizeof disk_faults / sizeof *disk_faults };

#endif
