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
        if (put < 0)
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

enum status file_write_durably(const char *path, struct slice bytes, unsigned mode,
                               struct problem *why)
{
    char beside[PATH_MAX];
    int len = snprintf(beside, sizeof beside, "%s.new", path);
    if (len < 0 || (size_t)len >= sizeof beside) {
        errno = ENAMETOOLONG;
        return problem_errno(why, "write a file");
    }
    AUTO_FD folder = open_folder(path);
    if (folder < 0)
        return problem_errno(why, path);
    AUTO_FD fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (fd < 0)
        return problem_errno(why, path);
    enum status written = fd_write_all(fd, bytes, why);
    if (written == ST_OK && (fsync(fd) < 0 || rename(beside, path) < 0 || fsync(folder) < 0))
        written = problem_errno(why, path);
    if (written != ST_OK)
        unlink(beside);
    return written;
}
