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

static enum status own_path(struct arena *arena, const char **out, struct problem *why)
{
    char *self = arena_alloc(arena, PATH_MAX);
    ssize_t len = readlink("/proc/self/exe", self, PATH_MAX - 1);
    if (len <= 0)
        return problem_errno(why, "/proc/self/exe");
    self[len] = '\0';
    *out = self;
    return ST_OK;
}

enum status program_open_own(enum role_id id, int *fd, struct problem *why)
{
    AUTO_ARENA arena = arena_create(2 * PATH_MAX);
    const char *self;
    TRY(own_path(arena, &self, why));
    return program_open(self, id, fd, why);
}

static enum status open_folder(const char *path, int *fd, struct problem *why)
{
    *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *fd < 0 ? problem_errno(why, path) : ST_OK;
}

/* Where the pages are: installed, in the source tree, and what says another place. api's, then the console's. */
static const struct pages_row {
    const char *installed, *built, *setting;
} pages_rows[] = {
    {RENDEZ_WEB_DIR, "web/dist", "http.web"},
    {RENDEZ_CONSOLE_DIR, "web/dist-console", "console.web"},
};

enum status pages_open(enum role_id id, struct slice configured, int *fd, struct problem *why)
{
    const struct pages_row *row = &pages_rows[id == ROLE_CONSOLE];
    AUTO_ARENA arena = arena_create(4 * PATH_MAX);
    if (configured.len > 0)
        return open_folder(arena_text(arena, configured), fd, why);
    if (open_folder(row->installed, fd, why) == ST_OK)
        return ST_OK;
    const char *self;
    TRY(own_path(arena, &self, why));
    int folder_len = (int)(strrchr(self, '/') - self);
    const char *tree = arena_format(arena, "%.*s/../../../../%s", folder_len, self, row->built).data;
    if (open_folder(tree, fd, why) == ST_OK)
        return ST_OK;
    return problem_set(why, ST_NOT_FOUND, "no built pages in %s: install them, or say where in %s", row->installed,
                       row->setting);
}
