#include "roles/logd/publishers.h"

#include <inttypes.h>
#include <stdlib.h>

struct publisher {
    struct desk_caller *caller;
    int64_t store, identity;
    struct monotonic end;
    bool covered; /* by the checkpoint that is just made */
};

struct publishers {
    struct loop_timer *late;
    struct publisher items[DESK_CALLERS_MAX]; /* no more ask at a time */
    size_t count;
};

static void take_out(struct publishers *publishers, size_t i)
{
    publishers->items[i] = publishers->items[--publishers->count];
}

static void look_for_late(void *context, const struct moment *at)
{
    struct publishers *publishers = context;
    struct problem why;
    problem_set(&why, ST_UNAVAILABLE, "the log is late: see the service's events");
    for (size_t i = publishers->count; i-- > 0;) {
        if (publishers->items[i].end.ms <= at->clock.ms) {
            desk_fail(publishers->items[i].caller, &why);
            take_out(publishers, i);
        }
    }
    if (publishers->count > 0)
        loop_timer_after(publishers->late, PUBLISHERS_WAIT_MS / 20);
}

struct publishers *publishers_create(struct loop *loop)
{
    struct publishers *publishers = must_calloc(1, sizeof *publishers);
    publishers->late = loop_timer_create(loop, look_for_late, publishers);
    return publishers;
}

void publishers_destroy(struct publishers **publishers)
{
    if (*publishers == NULL)
        return;
    loop_timer_destroy(&(*publishers)->late);
    free(*publishers);
    *publishers = NULL;
}

void publishers_add(struct publishers *publishers, struct desk_caller *caller, int64_t store, int64_t identity,
                    const struct moment *at)
{
    publishers->items[publishers->count++] =
        (struct publisher){caller, store, identity, monotonic_after(at->clock, PUBLISHERS_WAIT_MS), false};
    loop_timer_after(publishers->late, PUBLISHERS_WAIT_MS / 20);
}

bool publishers_wait(const struct publishers *publishers)
{
    return publishers->count > 0;
}

void publishers_begin(struct publishers *publishers, struct logbook *book)
{
    for (size_t i = 0; i < publishers->count; i++) {
        struct publisher *item = &publishers->items[i];
        item->covered = logbook_kept(book, LIT("store")) >= item->store &&
                        logbook_kept(book, LIT("identity")) >= item->identity;
    }
}

static void answer(struct desk_caller *caller, uint64_t entries)
{
    AUTO_BUFFER line = buffer_create(128);
    buffer_add_format(&line, "{\"status\":\"ok\",\"entries\":%" PRIu64 "}", entries);
    desk_say(caller, buffer_slice(&line));
    desk_end(caller);
}

void publishers_end(struct publishers *publishers, uint64_t entries)
{
    for (size_t i = publishers->count; i-- > 0;) {
        if (publishers->items[i].covered) {
            answer(publishers->items[i].caller, entries);
            take_out(publishers, i);
        }
    }
}
