/* A probe at work: one process, one thread, in a sandbox. */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "platform/sandbox/sandbox.h"
#include "probe/probe.h"

enum { MEMORY_BYTES_MAX = 512 << 20, CATCH_UP_MAX = 20 };

static volatile sig_atomic_t ending;

static void end(int number)
{
    (void)number;
    ending = 1;
}

static void wait_until(int64_t at_ms)
{
    const struct timespec until = {at_ms / 1000, at_ms % 1000 * 1000000};
    while (!ending && clock_monotonic_ms() < at_ms)
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* Says once that something is wrong, and once that it is well again. */
static void tell(bool *wrong, enum status status, const char *what, const struct problem *why)
{
    if (status != ST_OK && !*wrong)
        fprintf(stderr, "rendez-probe: %s: %s\n", what, why->detail);
    else if (status == ST_OK && *wrong)
        fprintf(stderr, "rendez-probe: %s: well again\n", what);
    *wrong = status != ST_OK;
}

static enum status report_all(struct probe *probe, struct problem *why)
{
    for (int i = 0; i < CATCH_UP_MAX && probe_waiting(probe) > 0 && !ending; i++)
        TRY(probe_report(probe, why));
    return ST_OK;
}

enum status probe_serve(struct probe *probe, const struct probe_options *options, unsigned every_s,
                        struct problem *why)
{
    struct sigaction stop = {.sa_handler = end};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct sandbox_rules rules = {.may = MAY_CONNECT | MAY_FILES, .paths = {{options->folder, SANDBOX_WRITE}, {options->ca_file, SANDBOX_READ}},
                                  .memory_bytes_max = MEMORY_BYTES_MAX};
    TRY(sandbox_enter(&rules, why));
    bool kept_wrong = false, sent_wrong = false, up;
    for (int64_t next = clock_monotonic_ms(); !ending; next += every_s * INT64_C(1000)) {
        struct problem failed = {0};
        tell(&kept_wrong, probe_look(probe, clock_now(), &up, &failed), "what was seen cannot be kept", &failed);
        if (up)
            tell(&sent_wrong, report_all(probe, &failed), "the report is not taken", &failed);
        if (next < clock_monotonic_ms() - every_s * INT64_C(1000))
            next = clock_monotonic_ms(); /* after a sleep of this machine */
        wait_until(next + every_s * INT64_C(1000));
    }
    return ST_OK;
}
