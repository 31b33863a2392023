#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/archive/internal.h"

enum { DEPTH_MAX = 12 };

enum status progress_stopped(struct problem *why)
{
    return problem_set(why, ST_UNAVAILABLE, "it was stopped");
}

static bool tell(struct progress *progress)
{
    const struct archive_ports *ports = progress->ports;
    if (progress->step.total < progress->step.done)
        progress->step.total = progress->step.done; /* a WAL is not in the size of its file */
    return ports->go_on == NULL || ports->go_on(ports->self, &progress->step);
}

bool progress_add(struct progress *progress, uint64_t bytes)
{
    progress->before += bytes;
    progress->step.done = progress->before;
    return tell(progress);
}

bool progress_at(void *context, uint64_t done, uint64_t total)
{
    struct progress *progress = context;
    (void)total;
    progress->step.done = progress->before + done;
    return tell(progress);
}

bool is_there(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

uint64_t file_bytes(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
}

enum status make_folder(const char *path, struct problem *why)
{
    struct stat about;
    if (mkdir(path, 0700) == 0)
        return ST_OK;
    int failed = errno;
    if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return ST_OK;
    errno = failed;
    return problem_errno(why, path);
}

enum status make_folders_for(const char *root, struct slice path, struct arena *arena, struct problem *why)
{
    for (size_t at = slice_find(path, LIT("/"), 0); at != SIZE_MAX; at = slice_find(path, LIT("/"), at + 1))
        TRY(make_folder(arena_format(arena, "%s/%.*s", root, (int)at, path.data).data, why));
    return ST_OK;
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}
#define AUTO_DIR __attribute__((cleanup(close_folder))) DIR *

static int by_name(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

enum status list_folder(const char *path, struct arena *arena, struct slice_list *out, struct problem *why)
{
    struct slice_list list = {0};
    AUTO_DIR folder = opendir(path);
    if (folder == NULL && errno != ENOENT)
        return problem_errno(why, path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            ARENA_PUSH(arena, &list, arena_copy(arena, slice_from(entry->d_name)));
    if (list.count > 1)
        qsort(list.items, list.count, sizeof *list.items, by_name);
    *out = list;
    return ST_OK;
}

static enum status list_below(const char *root, struct slice at, int depth, struct arena *arena,
                              struct slice_list *out, struct problem *why)
{
    struct slice_list names;
    const char *folder = at.len == 0 ? root : arena_format(arena, "%s/%.*s", root, SLICE_ARG(at)).data;
    TRY(list_folder(folder, arena, &names, why));
    for (size_t i = 0; i < names.count; i++) {
        struct stat about;
        struct slice path = at.len == 0 ? names.items[i]
                                        : arena_format(arena, "%.*s/%.*s", SLICE_ARG(at), SLICE_ARG(names.items[i]));
        const char *whole = arena_format(arena, "%s/%.*s", root, SLICE_ARG(path)).data;
        if (lstat(whole, &about) < 0)
            continue; /* it has just gone */
        if (S_ISREG(about.st_mode) && out->count < BACKUP_FILES_MAX)
            ARENA_PUSH(arena, out, path);
        else if (S_ISDIR(about.st_mode) && depth < DEPTH_MAX)
            TRY(list_below(root, path, depth + 1, arena, out, why));
    }
    return ST_OK;
}

enum status list_files(const char *path, struct arena *arena, struct slice_list *out, struct problem *why)
{
    *out = (struct slice_list){0};
    return list_below(path, SLICE_NONE, 0, arena, out, why);
}

static enum status remove_below(const char *path, int depth, struct arena *arena, struct problem *why)
{
    struct stat about;
    if (lstat(path, &about) < 0)
        return errno == ENOENT ? ST_OK : problem_errno(why, path);
    if (!S_ISDIR(about.st_mode))
        return unlink(path) == 0 || errno == ENOENT ? ST_OK : problem_errno(why, path);
    if (depth > DEPTH_MAX)
        return problem_set(why, ST_LIMIT, "folders in folders: too deep");
    struct slice_list names;
    TRY(list_folder(path, arena, &names, why));
    for (size_t i = 0; i < names.count; i++)
        TRY(remove_below(arena_format(arena, "%s/%.*s", path, SLICE_ARG(names.items[i])).data, depth + 1, arena, why));
    return rmdir(path) == 0 || errno == ENOENT ? ST_OK : problem_errno(why, path);
}

enum status remove_tree(const char *path, struct problem *why)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 30);
    return remove_below(path, 0, arena, why);
}

enum status sync_folder(const char *path, struct problem *why)
{
    AUTO_FD fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? ST_OK : problem_errno(why, path);
}

enum status copy_durably(const char *from, const char *to, struct arena *arena, struct problem *why)
{
    struct slice bytes;
    TRY(file_read(from, ROOT_FILE_MAX * 16, arena, &bytes, why));
    return file_write_durably(to, bytes, 0600, why);
}

static enum status fill_with_zeros(int fd, struct problem *why)
{
    static const char zeros[64 * 1024];
    struct stat about;
    if (fstat(fd, &about) < 0 || lseek(fd, 0, SEEK_SET) < 0)
        return problem_errno(why, "wipe the copy of keys before");
    for (off_t left = about.st_size; left > 0; left -= (off_t)sizeof zeros)
        TRY(fd_write_all(fd, (struct slice){zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros}, why));
    return fsync(fd) == 0 ? ST_OK : problem_errno(why, "wipe the copy of keys before");
}

static enum status sync_file(const char *path, struct problem *why)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return fd >= 0 && fsync(fd) == 0 ? ST_OK : problem_errno(why, path);
}

enum status replace_and_wipe(const char *fresh, const char *path, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_FD before = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    const char *slash = strrchr(path, '/');
    TRY(sync_file(fresh, why));
    if (rename(fresh, path) < 0)
        return problem_errno(why, path);
    TRY(sync_folder(arena_format(arena, "%.*s", (int)(slash - path), path).data, why));
    return before < 0 ? ST_OK : fill_with_zeros(before, why);
}
