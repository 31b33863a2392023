#include "roles/prober/release.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/prober/digest.h"
#include "roles/prober/prober.h"

/* As seen from rendez-prober's folder: roles beside it, and where they are installed, the others there. */
static const char *const places[] = {"", "../../sbin/", "../../bin/"};
static const char *const elsewhere[] = {"rendezd", "rendez", "rendez-verify", "rendez-witness", "rendez-probe",
                                        "rendez-workstation"};

static const char *folder; /* with its slash; of this process, from its start on */
static bool is_closed;     /* in somebody's home, from a clone: this role may not go there */

static size_t count_paths(const struct sandbox_rules *rules)
{
    size_t count = 0;
    while (count < SANDBOX_PATHS_MAX && rules->paths[count].path != NULL)
        count++;
    return count;
}

enum status release_see(struct arena *arena, struct sandbox_rules *rules, struct problem *why)
{
    char *self = arena_alloc(arena, PATH_MAX);
    ssize_t len = readlink("/proc/self/exe", self, PATH_MAX - 1);
    size_t count = count_paths(rules);
    if (len <= 0)
        return problem_errno(why, "/proc/self/exe");
    while (len > 0 && self[len - 1] != '/')
        len--;
    folder = arena_format(arena, "%.*s", (int)len, self).data;
    is_closed = access(folder, R_OK | X_OK) < 0;
    if (is_closed)
        return ST_OK;
    rules->paths[count++] = (struct sandbox_path){folder, SANDBOX_READ};
    for (size_t place = 1; place < sizeof places / sizeof *places; place++)
        for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere && count < SANDBOX_PATHS_MAX; i++)
            rules->paths[count++] = (struct sandbox_path){
                arena_format(arena, "%s%s%s", folder, places[place], elsewhere[i]).data, SANDBOX_READ};
    return ST_OK;
}

enum status check_manifest(struct check *c, struct check_release *out, struct problem *why)
{
    struct slice text;
    if (is_closed)
        return problem_set(why, ST_NOT_FOUND, "no release is installed in a closed folder");
    const char *path = arena_format(c->arena, "%srelease.manifest", folder).data;
    TRY(file_read(path, RELEASE_MANIFEST_MAX, c->arena, &text, why));
    return release_parse(text, c->arena, out, why);
}

/* -1: nowhere, or with EACCES there, but another file than the one that this process may read. */
static int open_beside(struct slice name, struct arena *arena)
{
    int why = ENOENT;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *path = arena_format(arena, "%s%s%.*s", folder, places[i], SLICE_ARG(name)).data;
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 || (errno != ENOENT && errno != EACCES))
            return fd;
        if (errno == EACCES)
            why = EACCES;
    }
    errno = why;
    return -1;
}

enum status check_program_file(struct check *c, struct slice name, struct check_file *out, struct problem *why)
{
    struct stat about;
    AUTO_FD fd = open_beside(name, c->arena);
    if (fd < 0 && errno == EACCES)
        return problem_set(why, ST_DENIED, "%.*s was replaced", SLICE_ARG(name));
    if (fd < 0)
        return problem_set(why, ST_NOT_FOUND, "%.*s is not where programs are", SLICE_ARG(name));
    if (fstat(fd, &about) < 0)
        return problem_errno(why, "a program");
    out->device = about.st_dev;
    out->inode = about.st_ino;
    return file_digest(fd, c->arena, &out->digest, why);
}
