#include "roles/parent/inherit.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_FD = 3, SAFE_FD = 200, NUMBER_BYTES = 24 };

static bool read_number(const char *name, uint64_t *out)
{
    const char *text = getenv(name);
    return text != NULL && slice_to_u64(slice_from(text), INT32_MAX, out);
}

static void forget_environment(void)
{
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
}

void inherit_read(struct inherited *inherited)
{
    uint64_t pid, count;
    const char *text = getenv("LISTEN_FDNAMES");
    struct slice names = text == NULL ? SLICE_NONE : slice_from(text);
    *inherited = (struct inherited){0};
    if (!read_number("LISTEN_PID", &pid) || (pid_t)pid != getpid() || !read_number("LISTEN_FDS", &count))
        return;
    for (size_t i = 0; i < count && i < INHERIT_MAX; i++) {
        size_t end = slice_find(names, LIT(":"), 0);
        struct slice name = slice_sub(names, 0, end);
        int fd = FIRST_FD + (int)i;
        names = slice_sub(names, end == SIZE_MAX ? names.len : end + 1, names.len);
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || name.len >= INHERIT_NAME_BYTES)
            continue;
        inherited->items[inherited->count].fd = fd;
        snprintf(inherited->items[inherited->count++].name, INHERIT_NAME_BYTES, "%.*s", SLICE_ARG(name));
    }
    forget_environment();
}

int *inherit_find(struct inherited *inherited, const char *name)
{
    for (size_t i = 0; i < inherited->count; i++)
        if (strcmp(inherited->items[i].name, name) == 0)
            return &inherited->items[i].fd;
    return NULL;
}

int inherit_take(struct inherited *inherited, const char *name)
{
    int *found = inherit_find(inherited, name), fd = found == NULL ? -1 : *found;
    if (found != NULL)
        *found = -1;
    return fd;
}

void inherit_close(struct inherited *inherited)
{
    for (size_t i = 0; i < inherited->count; i++)
        fd_close(&inherited->items[i].fd);
    inherited->count = 0;
}

void inherit_add(struct inherited *list, const char *name, int fd)
{
    if (fd < 0)
        return;
    assert(list->count < INHERIT_MAX && strlen(name) < INHERIT_NAME_BYTES);
    snprintf(list->items[list->count].name, INHERIT_NAME_BYTES, "%s", name);
    list->items[list->count++].fd = fd;
}

struct slice inherit_names(const struct inherited *list, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(INHERIT_NAMES_BYTES);
    for (size_t i = 0; i < list->count; i++)
        buffer_add_format(&text, "%s%s", i == 0 ? "" : ":", list->items[i].name);
    return arena_copy(arena, buffer_slice(&text));
}

/* First all of them up, out of each other's way, then down to their places. */
static bool place(const struct inherited *list)
{
    int high[INHERIT_MAX];
    for (size_t i = 0; i < list->count; i++)
        if ((high[i] = fcntl(list->items[i].fd, F_DUPFD_CLOEXEC, SAFE_FD)) < 0)
            return false;
    for (size_t i = 0; i < list->count; i++)
        if (dup2(high[i], FIRST_FD + (int)i) < 0)
            return false;
    return true;
}

static bool tell(const struct inherited *list)
{
    AUTO_ARENA arena = arena_create(4 * INHERIT_NAMES_BYTES);
    char pid[NUMBER_BYTES], count[NUMBER_BYTES];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    snprintf(count, sizeof count, "%zu", list->count);
    return setenv("LISTEN_PID", pid, 1) == 0 && setenv("LISTEN_FDS", count, 1) == 0 &&
           setenv("LISTEN_FDNAMES", arena_text(arena, inherit_names(list, arena)), 1) == 0;
}

void inherit_exec(int program, char *const *argv, const struct inherited *list)
{
    /* Everything else of ours is closed on exec. */
    int safe = fcntl(program, F_DUPFD_CLOEXEC, SAFE_FD);
    if (safe < 0 || !place(list) || !tell(list))
        return;
    fexecve(safe, argv, environ);
}
