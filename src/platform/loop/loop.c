#include "platform/loop/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { EVENTS_A_TURN = 64 };

struct loop_watch {
    struct loop_watch *next;
    struct loop *loop; /* NULL: unwatched, freed at the end of the turn */
    int fd;
    loop_watch_fn *fn;
    void *context;
};

struct loop_timer {
    struct loop_timer *next;
    struct loop *loop; /* NULL: destroyed, freed at the end of the turn */
    bool set;
    struct monotonic at;
    loop_timer_fn *fn;
    void *context;
};

struct loop {
    int epoll_fd, signal_fd;
    bool stopping;
    struct moment moment;
    bool turned;    /* once at least: what went before was no turn */
    int64_t lag_ms;
    struct loop_watch *watches;
    struct loop_timer *timers; /* few: a role has some tens, so a list is enough */
    struct loop_watch *signal_watch;
    loop_signal_fn *signal_fn;
    void *signal_context;
};

static void read_clocks(struct loop *loop)
{
    loop->moment = (struct moment){clock_now(), {clock_monotonic_ms()}};
}

enum status loop_create(struct loop **out, struct problem *why)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0)
        return problem_errno(why, "epoll_create");
    struct loop *loop = must_calloc(1, sizeof *loop);
    loop->epoll_fd = fd;
    loop->signal_fd = -1;
    read_clocks(loop);
    *out = loop;
    return ST_OK;
}

/* Frees what callbacks of this turn unwatched or destroyed. */
static void sweep(struct loop *loop)
{
    for (struct loop_watch **at = &loop->watches; *at != NULL;) {
        struct loop_watch *watch = *at;
        if (watch->loop != NULL) {
            at = &watch->next;
            continue;
        }
        *at = watch->next;
        free(watch);
    }
    for (struct loop_timer **at = &loop->timers; *at != NULL;) {
        struct loop_timer *timer = *at;
        if (timer->loop != NULL) {
            at = &timer->next;
            continue;
        }
        *at = timer->next;
        free(timer);
    }
}

void loop_destroy(struct loop **out)
{
    struct loop *loop = *out;
    if (loop == NULL)
        return;
    for (struct loop_watch *watch = loop->watches; watch != NULL; watch = watch->next)
        watch->loop = NULL;
    for (struct loop_timer *timer = loop->timers; timer != NULL; timer = timer->next)
        timer->loop = NULL;
    sweep(loop);
    fd_close(&loop->signal_fd);
    fd_close(&loop->epoll_fd);
    free(loop);
    *out = NULL;
}

const struct moment *loop_moment(const struct loop *loop)
{
    return &loop->moment;
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
}

static uint32_t epoll_mask(unsigned events)
{
    return ((events & LOOP_READ) != 0 ? EPOLLIN : 0u) |
           ((events & LOOP_WRITE) != 0 ? EPOLLOUT : 0u);
}

static unsigned ready_mask(uint32_t epoll_events)
{
    unsigned ready = 0;
    if ((epoll_events & (EPOLLIN | EPOLLRDHUP)) != 0)
        ready |= LOOP_READ;
    if ((epoll_events & EPOLLOUT) != 0)
        ready |= LOOP_WRITE;
    if ((epoll_events & (EPOLLHUP | EPOLLERR)) != 0)
        ready |= LOOP_CLOSED;
    return ready;
}

enum status loop_watch(struct loop *loop, int fd, unsigned events, loop_watch_fn *fn, void *context,
                       struct loop_watch **out, struct problem *why)
{
    struct loop_watch *watch = must_calloc(1, sizeof *watch);
    struct epoll_event event = {.events = epoll_mask(events), .data.ptr = watch};
    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
        free(watch);
        return problem_errno(why, "epoll_ctl");
    }
    *watch = (struct loop_watch){loop->watches, loop, fd, fn, context};
    loop->watches = watch;
    *out = watch;
    return ST_OK;
}

void loop_watch_events(struct loop_watch *watch, unsigned events)
{
    struct epoll_event event = {.events = epoll_mask(events), .data.ptr = watch};
    int changed = epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_MOD, watch->fd, &event);
    assert(changed == 0); /* the descriptor was closed before loop_unwatch */
}

void loop_unwatch(struct loop_watch **out)
{
    struct loop_watch *watch = *out;
    if (watch == NULL)
        return;
    epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    watch->loop = NULL;
    *out = NULL;
}

struct loop_timer *loop_timer_create(struct loop *loop, loop_timer_fn *fn, void *context)
{
    struct loop_timer *timer = must_calloc(1, sizeof *timer);
    *timer = (struct loop_timer){.next = loop->timers, .loop = loop, .fn = fn, .context = context};
    loop->timers = timer;
    return timer;
}

void loop_timer_set(struct loop_timer *timer, struct monotonic at)
{
    timer->set = true;
    timer->at = at;
}

void loop_timer_after(struct loop_timer *timer, int64_t ms)
{
    loop_timer_set(timer, monotonic_after(timer->loop->moment.clock, ms));
}

void loop_timer_stop(struct loop_timer *timer)
{
    timer->set = false;
}

void loop_timer_destroy(struct loop_timer **timer)
{
    if (*timer == NULL)
        return;
    (*timer)->loop = NULL;
    (*timer)->set = false;
    *timer = NULL;
}

int64_t loop_lag_ms(struct loop *loop)
{
    int64_t lag_ms = loop->lag_ms;
    loop->lag_ms = 0;
    return lag_ms;
}

static void note_lag(struct loop *loop, int64_t now_ms)
{
    int64_t busy_ms = now_ms - loop->moment.clock.ms;
    if (loop->turned && busy_ms > loop->lag_ms)
        loop->lag_ms = busy_ms;
    loop->turned = true;
}

/* How long epoll may wait: until the first timer, at most timeout_ms. */
static int wait_ms(struct loop *loop, int timeout_ms)
{
    int64_t shortest = timeout_ms < 0 ? INT64_MAX : timeout_ms;
    int64_t now_ms = clock_monotonic_ms();
    note_lag(loop, now_ms);
    for (const struct loop_timer *timer = loop->timers; timer != NULL; timer = timer->next) {
        if (!timer->set)
            continue;
        int64_t left = timer->at.ms - now_ms;
        if (left < shortest)
            shortest = left < 0 ? 0 : left;
    }
    if (shortest == INT64_MAX)
        return -1;
    return shortest > INT_MAX ? INT_MAX : (int)shortest;
}

static void fire_timers(struct loop *loop)
{
    /* New timers go to the head of the list, so this walk meets none that it created. */
    for (struct loop_timer *timer = loop->timers; timer != NULL; timer = timer->next) {
        if (!timer->set || timer->at.ms > loop->moment.clock.ms)
            continue;
        timer->set = false;
        timer->fn(timer->context, &loop->moment);
    }
}

enum status loop_turn(struct loop *loop, int timeout_ms, struct problem *why)
{
    struct epoll_event events[EVENTS_A_TURN];
    int count = epoll_wait(loop->epoll_fd, events, EVENTS_A_TURN, wait_ms(loop, timeout_ms));
    if (count < 0 && errno != EINTR)
        return problem_errno(why, "epoll_wait");
    read_clocks(loop);
    for (int i = 0; i < count; i++) {
        struct loop_watch *watch = events[i].data.ptr;
        if (watch->loop != NULL)
            watch->fn(watch->context, ready_mask(events[i].events), &loop->moment);
    }
    fire_timers(loop);
    sweep(loop);
    return ST_OK;
}

enum status loop_run(struct loop *loop, struct problem *why)
{
    while (!loop->stopping)
        TRY(loop_turn(loop, -1, why));
    return ST_OK;
}

static void read_signal(void *context, unsigned ready, const struct moment *at)
{
    struct loop *loop = context;
    struct signalfd_siginfo info;
    (void)ready;
    if (read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
        loop->signal_fn(loop->signal_context, (int)info.ssi_signo, at);
}

enum status loop_signals(struct loop *loop, const int *signals, loop_signal_fn *fn, void *context,
                         struct problem *why)
{
    assert(loop->signal_fd < 0);
    sigset_t set;
    sigemptyset(&set);
    for (; *signals != 0; signals++)
        sigaddset(&set, *signals);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return problem_errno(why, "sigprocmask");
    loop->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (loop->signal_fd < 0)
        return problem_errno(why, "signalfd");
    loop->signal_fn = fn;
    loop->signal_context = context;
    return loop_watch(loop, loop->signal_fd, LOOP_READ, read_signal, loop, &loop->signal_watch, why);
}
