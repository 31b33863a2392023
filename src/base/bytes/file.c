#include "base/bytes/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

enum status fd_read_all(int fd, size_t bytes_max, struct arena *arena, struct slice *out,
                        struct problem *why)
{
    AUTO_BUFFER buffer = buffer_create(bytes_max);
    char chunk[65536];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_errno(why, "read");
        if (got == 0)
            break;
        buffer_add(&buffer, (struct slice){chunk, (size_t)got});
        TRY(buffer_check(&buffer, "the input", why));
    }
    *out = arena_copy(arena, buffer_slice(&buffer));
    return ST_OK;
}

enum status fd_write_all(int fd, struct slice bytes, struct problem *why)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.data, bytes.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put == 0)
            errno = ENOSPC; /* no file takes nothing for ever */
        if (put <= 0)
            return problem_errno(why, "write");
        bytes = slice_sub(bytes, (size_t)put, bytes.len);
    }
    return ST_OK;
}

enum status file_read(const char *path, size_t bytes_max, struct arena *arena, struct slice *out,
                      struct problem *why)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return problem_errno(why, path);
    return fd_read_all(fd, bytes_max, arena, out, why);
}

/* The folder of `path`, opened, so that a rename in it can be made durable. */
static int open_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int len = slash == NULL ? snprintf(folder, sizeof folder, ".")
                            : snprintf(folder, sizeof folder, "%.*s", (int)(slash - path + 1), path);
    if (len < 0 || (size_t)len >= sizeof folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The bytes in "PATH.new", on disk. */
static enum status write_beside(const char *beside, struct slice bytes, unsigned mode,
                                struct problem *why)
{
    /* A new file: what a crash has left there may be linked under another name. */
    unlink(beside);
    AUTO_FD fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (fd < 0)
        return problem_errno(why, beside);
    /* What others are to read, they are, whatever the umask of this process. */
    if (fchmod(fd, (mode_t)mode) < 0) {
        unlink(beside);
        return problem_errno(why, beside);
    }
    enum status written = fd_write_all(fd, bytes, why);
    if (written == ST_OK && fsync(fd) < 0)
        written = problem_errno(why, beside);
    if (written != ST_OK)
        unlink(beside);
    return written;
}

static enum status name_beside(const char *path, char beside[PATH_MAX], struct problem *why)
{
    int len = snprintf(beside, PATH_MAX, "%s.new", path);
    if (len >= 0 && len < PATH_MAX)
        return ST_OK;
    errno = ENAMETOOLONG;
    return problem_errno(why, "write a file");
}

/* Puts the bytes beside, and opens the folder, which the caller closes in any case. */
static enum status prepare(const char *path, struct slice bytes, unsigned mode, char beside[PATH_MAX],
                           int *folder, struct problem *why)
{
    TRY(name_beside(path, beside, why));
    *folder = open_folder(path);
    return *folder < 0 ? problem_errno(why, path) : write_beside(beside, bytes, mode, why);
}

enum status file_write_durably(const char *path, struct slice bytes, unsigned mode,
                               struct problem *why)
{
    char beside[PATH_MAX];
    AUTO_FD folder = -1;
    TRY(prepare(path, bytes, mode, beside, &folder, why));
    if (rename(beside, path) == 0 && fsync(folder) == 0)
        return ST_OK;
    enum status failed = problem_errno(why, path);
    unlink(beside);
    return failed;
}

enum status file_create_durably(const char *path, struct slice bytes, unsigned mode,
                                struct problem *why)
{
    char beside[PATH_MAX];
    AUTO_FD folder = -1;
    TRY(prepare(path, bytes, mode, beside, &folder, why));
    enum status status = ST_OK;
    if (link(beside, path) < 0) /* unlike rename it replaces nothing */
        status = errno == EEXIST ? problem_set(why, ST_CONFLICT, "%s: it is there already", path)
                                 : problem_errno(why, path);
    unlink(beside);
    if (status == ST_OK && fsync(folder) < 0) {
        status = problem_errno(why, path);
        unlink(path);
    }
    return status;
}
