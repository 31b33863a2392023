/* What the planner counts of itself, for logd. */
#include <sys/stat.h>

#include "roles/planner/process.h"

/* The database and what SQLite keeps beside it. */
static int64_t store_bytes(const struct config *config)
{
    static const char *const ends[] = {"", "-wal"};
    AUTO_ARENA arena = arena_create(16 * 1024);
    int64_t bytes = 0;
    struct stat about;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *path = arena_format(arena, "%.*s%s", SLICE_ARG(config->folders.store), ends[i]).data;
        bytes += stat(path, &about) == 0 ? about.st_size : 0;
    }
    return bytes;
}

void process_measure(void *context, struct metric_list *list, struct arena *arena)
{
    struct planner_role *p = context;
    uint32_t mails, tasks;
    struct problem why;
    metric_add_histogram(list, arena, METRIC_MAIL_ANSWER, &p->answers);
    metric_add(list, arena, METRIC_STORE_BYTES, "name=store", store_bytes(role_config(p->role)));
    if (p->store == NULL || store_count_waiting(p->store, &mails, &tasks, &why) != ST_OK)
        return;
    metric_add(list, arena, METRIC_OUTBOX, "", mails);
    metric_add(list, arena, METRIC_DOUBTS, "", tasks);
}
