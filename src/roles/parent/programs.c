#include "roles/parent/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* As seen from rendezd's folder; roles/cli/cmd_serve.c looks for rendezd the same way. */
static const char *const places[] = {"", "../libexec/rendez/"};

enum status program_open(const char *rendezd, enum role_id id, int *fd, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 * PATH_MAX);
    const char *slash = strrchr(rendezd, '/');
    int folder_len = slash == NULL ? 0 : (int)(slash - rendezd) + 1;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *path = arena_format(arena, "%.*s%srendez-%s", folder_len, rendezd, places[i],
                                        role_rows[id].name).data;
        int found = open(path, O_PATH | O_CLOEXEC);
        if (found >= 0) {
            *fd = found;
            return ST_OK;
        }
        if (errno != ENOENT)
            return problem_errno(why, path);
    }
    return problem_set(why, ST_NOT_FOUND,
                       "rendez-%s is neither beside rendezd nor in ../libexec/rendez: install it again",
                       role_rows[id].name);
}

enum status program_open_own(enum role_id id, int *fd, struct problem *why)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self);
    if (len <= 0 || (size_t)len >= sizeof self)
        return problem_errno(why, "/proc/self/exe");
    self[len] = '\0';
    return program_open(self, id, fd, why);
}
