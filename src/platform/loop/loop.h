#ifndef RENDEZ_PLATFORM_LOOP_H
#define RENDEZ_PLATFORM_LOOP_H

#include "base/datetime/datetime.h"

/* The event loop of a role: one thread, epoll, timers on the monotonic clock, signals by
 * signalfd. It reads the clocks once a turn and hands `now` down; nobody below asks. */

/* The monotonic clock: timeouts only, never a date. */
struct monotonic {
    int64_t ms;
};
static inline struct monotonic monotonic_after(struct monotonic at, int64_t ms)
{
    return (struct monotonic){at.ms + ms};
}

/* When a turn of the loop began. */
struct moment {
    struct instant now;
    struct monotonic clock;
};

struct loop;
struct loop_watch;
struct loop_timer;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_CLOSED = 4 }; /* CLOSED is reported, not asked for */

typedef void loop_watch_fn(void *context, unsigned ready, const struct moment *at);
typedef void loop_timer_fn(void *context, const struct moment *at);
typedef void loop_signal_fn(void *context, int signal, const struct moment *at);

MUST_USE enum status loop_create(struct loop **out, struct problem *why);
/* Accepts NULL. Watches and timers of the loop end with it; descriptors stay open. */
void loop_destroy(struct loop **loop);

/* Turns until loop_stop. ST_UNAVAILABLE when epoll fails. */
MUST_USE enum status loop_run(struct loop *loop, struct problem *why);
/* One turn, waiting at most timeout_ms (-1: until something happens). */
MUST_USE enum status loop_turn(struct loop *loop, int timeout_ms, struct problem *why);
void loop_stop(struct loop *loop);
/* The present turn's moment; before the first turn, of the creation. */
const struct moment *loop_moment(const struct loop *loop);

/* The longest turn since this was asked for the last time: so long everybody else waited. */
int64_t loop_lag_ms(struct loop *loop);

/* Calls fn while `fd` is ready for what `events` (LOOP_READ | LOOP_WRITE) asks; level
 * triggered. The descriptor stays the caller's: unwatch before closing it. */
MUST_USE enum status loop_watch(struct loop *loop, int fd, unsigned events, loop_watch_fn *fn,
                                void *context, struct loop_watch **out, struct problem *why);
void loop_watch_events(struct loop_watch *watch, unsigned events);
void loop_unwatch(struct loop_watch **watch); /* accepts NULL; safe inside any callback */

/* A timer is created idle. It fires once per set; set again in its function to repeat. */
struct loop_timer *loop_timer_create(struct loop *loop, loop_timer_fn *fn, void *context);
void loop_timer_set(struct loop_timer *timer, struct monotonic at);
void loop_timer_after(struct loop_timer *timer, int64_t ms); /* from this turn's clock */
void loop_timer_stop(struct loop_timer *timer);
void loop_timer_destroy(struct loop_timer **timer); /* accepts NULL; safe inside callbacks */

/* Blocks the signals and reports them through the loop; 0 ends the list. Once a loop. */
MUST_USE enum status loop_signals(struct loop *loop, const int *signals, loop_signal_fn *fn,
                                  void *context, struct problem *why);

#endif
