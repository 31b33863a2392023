#include "platform/sql/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *half_name(const char *database, struct arena *arena)
{
    return arena_format(arena, "%s.half", database).data;
}

static const char *whole_name(const char *database, size_t next, struct arena *arena)
{
    return arena_format(arena, "%s.before-%zu", database, next).data;
}

const char *backup_begin(const char *database, struct arena *arena)
{
    const char *half = half_name(database, arena);
    (void)unlink(half);
    return half;
}

static enum status sync_path(const char *path, int flags, struct problem *why)
{
    AUTO_FD fd = open(path, flags | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? ST_OK : problem_errno(why, "back up database");
}

static const char *folder_of(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? "." : arena_format(arena, "%.*s", (int)(slash - path) + 1, path).data;
}

enum status backup_finish(const char *database, uint32_t version, struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 * 1024);
    const char *half = half_name(database, arena);
    TRY(sync_path(half, O_RDONLY, why));
    if (rename(half, whole_name(database, (size_t)version + 1, arena)) != 0)
        return problem_errno(why, "back up database");
    for (size_t next = 1; next <= version; next++)
        (void)unlink(whole_name(database, next, arena));
    return sync_path(folder_of(database, arena), O_RDONLY | O_DIRECTORY, why);
}

enum status backup_forget(const char *database, size_t versions, struct instant before,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 * 1024);
    for (size_t next = 1; next <= versions; next++) {
        const char *path = whole_name(database, next, arena);
        struct stat about;
        AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0 && errno == ENOENT)
            continue;
        if (fd < 0 || fstat(fd, &about) != 0)
            return problem_errno(why, "backup of the database");
        if ((int64_t)about.st_mtim.tv_sec * 1000000 < before.us && unlink(path) != 0)
            return problem_errno(why, "remove the backup of the database");
    }
    return ST_OK;
}
