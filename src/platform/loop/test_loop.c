#include "platform/loop/loop.h"

#include <signal.h>
#include <unistd.h>

#include "check.h"

static int order[8], order_count;

static void note(int what)
{
    if (order_count < 8)
        order[order_count++] = what;
}

static void timer_first(void *context, const struct moment *at)
{
    (void)context, (void)at;
    note(1);
}

static void timer_last(void *context, const struct moment *at)
{
    (void)at;
    note(2);
    loop_stop(context);
}

static void timers_fire_in_time(void)
{
    struct loop *loop;
    CHECK_OK(loop_create(&loop, NULL));
    order_count = 0;
    struct loop_timer *late = loop_timer_create(loop, timer_last, loop);
    struct loop_timer *early = loop_timer_create(loop, timer_first, loop);
    struct loop_timer *never = loop_timer_create(loop, timer_first, loop);
    loop_timer_after(late, 40);
    loop_timer_after(early, 5);
    loop_timer_after(never, 10);
    loop_timer_stop(never);
    int64_t begun = clock_monotonic_ms();
    CHECK_OK(loop_run(loop, NULL));
    CHECK(clock_monotonic_ms() - begun >= 39);
    CHECK_NUMBER(order_count, 2);
    CHECK_NUMBER(order[0], 1);
    CHECK_NUMBER(order[1], 2);
    loop_destroy(&loop);
    CHECK(loop == NULL);
}

struct pipe_pair {
    struct loop *loop;
    struct loop_watch *mine, *other;
    int read_fd;
};

/* Unwatches the other pipe too: its event of the same turn must not be delivered. */
static void read_and_unwatch(void *context, unsigned ready, const struct moment *at)
{
    struct pipe_pair *pair = context;
    (void)at;
    note((int)ready);
    loop_unwatch(&pair->mine);
    loop_unwatch(&pair->other);
}

static void unwatching_inside_a_callback_is_safe(void)
{
    int a[2], b[2];
    struct loop *loop;
    CHECK(pipe(a) == 0 && pipe(b) == 0);
    CHECK_OK(loop_create(&loop, NULL));
    struct pipe_pair pair = {.loop = loop};
    CHECK_OK(loop_watch(loop, a[0], LOOP_READ, read_and_unwatch, &pair, &pair.mine, NULL));
    CHECK_OK(loop_watch(loop, b[0], LOOP_READ, read_and_unwatch, &pair, &pair.other, NULL));
    CHECK(write(a[1], "x", 1) == 1 && write(b[1], "x", 1) == 1);
    order_count = 0;
    CHECK_OK(loop_turn(loop, 100, NULL));
    CHECK_OK(loop_turn(loop, 0, NULL));
    CHECK_NUMBER(order_count, 1);
    CHECK_NUMBER(order[0], LOOP_READ);
    CHECK(pair.mine == NULL && pair.other == NULL);
    loop_destroy(&loop);
    for (int i = 0; i < 2; i++)
        close(a[i]), close(b[i]);
}

static void note_signal(void *context, int signal, const struct moment *at)
{
    (void)at;
    note(signal);
    loop_stop(context);
}

static void signals_come_through_the_loop(void)
{
    struct loop *loop;
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_OK(loop_signals(loop, (const int[]){SIGUSR1, SIGTERM, 0}, note_signal, loop, NULL));
    order_count = 0;
    kill(getpid(), SIGTERM);
    CHECK_OK(loop_run(loop, NULL));
    CHECK_NUMBER(order_count, 1);
    CHECK_NUMBER(order[0], SIGTERM);
    loop_destroy(&loop);
}

static void a_closed_peer_is_reported(void)
{
    int a[2];
    struct loop *loop;
    CHECK(pipe(a) == 0);
    CHECK_OK(loop_create(&loop, NULL));
    struct pipe_pair pair = {.loop = loop};
    CHECK_OK(loop_watch(loop, a[0], LOOP_READ, read_and_unwatch, &pair, &pair.mine, NULL));
    close(a[1]);
    order_count = 0;
    CHECK_OK(loop_turn(loop, 100, NULL));
    CHECK_NUMBER(order_count, 1);
    CHECK((order[0] & LOOP_CLOSED) != 0);
    loop_destroy(&loop);
    close(a[0]);
}

int main(void)
{
    TEST(timers_fire_in_time);
    TEST(unwatching_inside_a_callback_is_safe);
    TEST(signals_come_through_the_loop);
    TEST(a_closed_peer_is_reported);
    return check_done();
}
