#ifndef RENDEZ_PLATFORM_ROUNDS_H
#define RENDEZ_PLATFORM_ROUNDS_H

#include <stdbool.h>

#include "base/problem/problem.h"

/* A small program that does one thing again and again, until SIGTERM or SIGINT. */
struct rounds {
    unsigned every_s;
    long long next_ms; /* monotonic */
};

/* One a process: takes the signals. The first round is at once. */
struct rounds rounds_begin(unsigned every_s);
/* Waits for the next one; after a sleep of the machine it does not catch up. False: it is to end. */
bool rounds_go_on(struct rounds *rounds);
bool rounds_end(void); /* a signal has come */

/* Says on stderr once that something is wrong, and once that it is well again: "PROGRAM: WHAT: WHY". */
void rounds_tell(const char *program, bool *wrong, enum status status, const char *what, const struct problem *why);

#endif
