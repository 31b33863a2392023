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

/* The files of a role's identity, in the order in which it gets them. */
struct files {
    size_t count;
    struct {
        const char *key;
        struct slice path;
    } items[IDENTITY_FILES_MAX];
};

static struct files files_of(const struct config *config, enum role_id id)
{
    if (id == ROLE_CONSOLE)
        return (struct files){3, {{"console.certificate", config->console.certificate},
                                  {"console.key", config->console.key},
                                  {"console.authorities", config->console.authorities}}};
    return (struct files){2, {{"http.certificate", config->http.certificate}, {"http.key", config->http.key}}};
}

bool identity_is_set(const struct config *config, enum role_id id)
{
    bool has = id == ROLE_API || (id == ROLE_CONSOLE && role_is_wanted(config, id));
    return has && files_of(config, id).items[0].path.len > 0;
}

static bool same_files(const struct stat *a, const struct stat *b, size_t count)
{
    size_t same = 0;
    while (same < count && same_file(&a[same], &b[same]))
        same++;
    return same == count;
}

enum status identity_read(const struct config *config, enum role_id id, bool always, struct identity *identity,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(8 * FILE_BYTES_MAX);
    const struct files files = files_of(config, id);
    struct identity found = {.fd = -1};
    for (size_t i = 0; i < files.count; i++)
        if (stat(arena_text(arena, files.items[i].path), &found.seen[i]) < 0)
            return problem_set(why, ST_UNAVAILABLE, "%s: %s", files.items[i].key, strerror(errno));
    if (!always && same_files(found.seen, identity->seen, files.count))
        return ST_NOT_FOUND;
    AUTO_FD memory = memfd_create("identity", MFD_CLOEXEC);
    if (memory < 0)
        return problem_errno(why, "memfd_create");
    for (size_t i = 0; i < files.count; i++)
        TRY(copy_file(arena_text(arena, files.items[i].path), files.items[i].key, arena, memory, why));
    fd_close(&identity->fd);
    *identity = found;
    identity->fd = memory;
    memory = -1;
    return ST_OK;
}

int identity_rewind(const struct identity *identity)
{
    if (identity->fd >= 0)
        lseek(identity->fd, 0, SEEK_SET);
    return identity->fd;
}
