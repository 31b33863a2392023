#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/ledger/internal.h"

/* 1234067 is "x001/x234/067" (C2SP tlog-tiles). */
static void put_index(uint64_t index, struct buffer *out)
{
    unsigned groups[8], count = 0;
    do {
        groups[count++] = (unsigned)(index % 1000);
        index /= 1000;
    } while (index > 0);
    while (count-- > 0)
        buffer_add_format(out, count > 0 ? "x%03u/" : "%03u", groups[count]);
}

static struct slice tile_path(const char *folder, int level, uint64_t index, unsigned width,
                              struct arena *arena)
{
    AUTO_BUFFER path = buffer_create(PATH_BYTES_MAX);
    buffer_add_format(&path, "%s/tile/", folder);
    if (level < 0)
        buffer_add_text(&path, "entries/");
    else
        buffer_add_format(&path, "%d/", level);
    put_index(index, &path);
    if (width < LEDGER_WIDTH)
        buffer_add_format(&path, ".p/%u", width);
    return arena_copy(arena, buffer_slice(&path));
}

/* Every folder above the file, from `from` on. */
static enum status make_folders(char *path, size_t from, struct problem *why)
{
    for (char *slash = path + from; (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        bool made = mkdir(path, 0755) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return problem_errno(why, "log folder");
    }
    return ST_OK;
}

/* A name of its own first, so that nobody reads half of one. */
static enum status write_beside(const char *path, struct slice bytes, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 * PATH_BYTES_MAX);
    const char *beside = arena_format(arena, "%s.new", path).data;
    AUTO_FD fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return problem_errno(why, "log tile");
    TRY(fd_write_all(fd, bytes, why));
    return rename(beside, path) < 0 ? problem_errno(why, "log tile") : ST_OK;
}

enum status tile_write(const char *folder, int level, uint64_t index, unsigned width,
                       struct slice bytes, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 * PATH_BYTES_MAX);
    char *path = arena_text(arena, tile_path(folder, level, index, width, arena));
    TRY(make_folders(path, strlen(folder), why));
    return write_beside(path, bytes, why);
}

enum status tiles_sync(const char *folder, struct problem *why)
{
    AUTO_FD fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 || syncfs(fd) < 0 ? problem_errno(why, "log tiles") : ST_OK;
}

enum status tile_read(const char *folder, int level, uint64_t index, unsigned width,
                      struct arena *arena, struct slice *bytes, struct problem *why)
{
    size_t max = level < 0 ? BUNDLE_BYTES_MAX : LEDGER_WIDTH * sizeof(struct ledger_hash);
    const char *path = arena_text(arena, tile_path(folder, level, index, width, arena));
    TRY(file_read(path, max, arena, bytes, why));
    if (level >= 0 && bytes->len != width * sizeof(struct ledger_hash))
        return problem_set(why, ST_INVALID, "log: a tile of level %d has another length", level);
    return ST_OK;
}
