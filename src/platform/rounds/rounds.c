#include "platform/rounds/rounds.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "base/datetime/datetime.h"

static volatile sig_atomic_t ending;

static void end(int number)
{
    (void)number;
    ending = 1;
}

struct rounds rounds_begin(unsigned every_s)
{
    struct sigaction stop = {.sa_handler = end};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    return (struct rounds){.every_s = every_s, .next_ms = clock_monotonic_ms()};
}

bool rounds_end(void)
{
    return ending;
}

bool rounds_go_on(struct rounds *rounds)
{
    const struct timespec until = {rounds->next_ms / 1000, rounds->next_ms % 1000 * 1000000};
    while (!ending && clock_monotonic_ms() < rounds->next_ms)
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    long long step_ms = rounds->every_s * 1000LL, now_ms = clock_monotonic_ms();
    if (rounds->next_ms < now_ms - step_ms)
        rounds->next_ms = now_ms;
    rounds->next_ms += step_ms;
    return !ending;
}

void rounds_tell(const char *program, bool *wrong, enum status status, const char *what, const struct problem *why)
{
    if (status != ST_OK && !*wrong)
        fprintf(stderr, "%s: %s: %s\n", program, what, why->detail);
    else if (status == ST_OK && *wrong)
        fprintf(stderr, "%s: %s: well again\n", program, what);
    *wrong = status != ST_OK;
}
