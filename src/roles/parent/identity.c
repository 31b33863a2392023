#include "roles/parent/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 64 * 1024 };

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static enum status copy_file(const char *path, const char *key, struct arena *arena, int to,
                             struct problem *why)
{
    struct slice text;
    struct problem own;
    if (file_read(path, FILE_BYTES_MAX, arena, &text, &own) != ST_OK)
        return problem_set(why, ST_UNAVAILABLE, "%s: %.90s", key, own.detail);
    TRY(fd_write_all(to, text, why));
    return fd_write_all(to, LIT("\n"), why); /* a file may lack its last one */
}

enum status identity_read(const struct config *config, bool always, struct identity *identity,
                          struct problem *why)
{
    static const char *const keys[2] = {"http.certificate", "http.key"};
    AUTO_ARENA arena = arena_create_wiped(8 * FILE_BYTES_MAX);
    const char *paths[2] = {arena_text(arena, config->http.certificate),
                            arena_text(arena, config->http.key)};
    struct stat now[2];
    for (int i = 0; i < 2; i++)
        if (stat(paths[i], &now[i]) < 0)
            return problem_set(why, ST_UNAVAILABLE, "%s: %s", keys[i], strerror(errno));
    if (!always && same_file(&now[0], &identity->seen[0]) && same_file(&now[1], &identity->seen[1]))
        return ST_NOT_FOUND;
    AUTO_FD memory = memfd_create("identity", MFD_CLOEXEC);
    if (memory < 0)
        return problem_errno(why, "memfd_create");
    for (int i = 0; i < 2; i++)
        TRY(copy_file(paths[i], keys[i], arena, memory, why));
    fd_close(&identity->fd);
    *identity = (struct identity){memory, {now[0], now[1]}};
    memory = -1;
    return ST_OK;
}

int identity_rewind(const struct identity *identity)
{
    if (identity->fd >= 0)
        lseek(identity->fd, 0, SEEK_SET);
    return identity->fd;
}
