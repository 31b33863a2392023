#include "roles/prober/release.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/prober/digest.h"
#include "roles/prober/prober.h"

enum { MANIFEST_BYTES_MAX = 64 * 1024 };

/* As seen from rendez-prober's folder: roles beside it, and where they are installed, the others there. */
static const char *const places[] = {"", "../../sbin/", "../../bin/"};
static const char *const elsewhere[] = {"rendezd", "rendez", "rendez-verify", "rendez-witness"};

static const char *folder; /* with its slash; of this process, from its start on */

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
    rules->paths[count++] = (struct sandbox_path){folder, SANDBOX_READ};
    for (size_t place = 1; place < sizeof places / sizeof *places; place++)
        for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere && count < SANDBOX_PATHS_MAX; i++)
            rules->paths[count++] = (struct sandbox_path){
                arena_format(arena, "%s%s%s", folder, places[place], elsewhere[i]).data, SANDBOX_READ};
    return ST_OK;
}

static bool is_digest(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_digit(text.data[i]) && (text.data[i] < 'a' || text.data[i] > 'f'))
            return false;
    return text.len == DIGEST_CHARS;
}

static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.data[i]) && text.data[i] != '-')
            return false;
    return text.len > 0;
}

/* "program DIGEST NAME" */
static bool take_program(struct check *c, struct slice rest, struct check_release *out)
{
    struct check_program program = {slice_sub(rest, DIGEST_CHARS + 1, SIZE_MAX), slice_sub(rest, 0, DIGEST_CHARS)};
    if (!is_digest(program.digest) || rest.len < DIGEST_CHARS + 2 || rest.data[DIGEST_CHARS] != ' ' ||
        !is_name(program.name))
        return false;
    ARENA_PUSH(c->arena, &out->programs, program);
    return true;
}

static bool take_line(struct check *c, struct slice line, struct check_release *out)
{
    size_t space = slice_find(line, LIT(" "), 0);
    struct slice word = slice_sub(line, 0, space), rest = slice_sub(line, space, SIZE_MAX);
    uint64_t builds;
    rest = slice_sub(rest, 1, SIZE_MAX);
    if (slice_equal(word, LIT("program")))
        return take_program(c, rest, out);
    if (slice_equal(word, LIT("version")))
        out->version = rest;
    else if (slice_equal(word, LIT("source")))
        out->source = rest;
    else if (slice_equal(word, LIT("sbom")) && is_digest(rest))
        out->sbom = rest;
    else if (slice_equal(word, LIT("builds")) && slice_to_u64(rest, UINT32_MAX, &builds))
        out->builds = (uint32_t)builds;
    else
        return false;
    return true;
}

enum status check_manifest(struct check *c, struct check_release *out, struct problem *why)
{
    struct slice text, line;
    const char *path = arena_format(c->arena, "%srelease.manifest", folder).data;
    *out = (struct check_release){0};
    TRY(file_read(path, MANIFEST_BYTES_MAX, c->arena, &text, why));
    while (slice_next_line(&text, &line))
        if (!take_line(c, line, out))
            return problem_set(why, ST_INVALID, "release.manifest has a line that is none");
    return out->programs.count > 0 && out->sbom.len > 0
               ? ST_OK
               : problem_set(why, ST_INVALID, "release.manifest names no programs, or no parts");
}

static int open_beside(struct slice name, struct arena *arena)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *path = arena_format(arena, "%s%s%.*s", folder, places[i], SLICE_ARG(name)).data;
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 || (errno != ENOENT && errno != EACCES))
            return fd;
    }
    return -1;
}

enum status check_program_file(struct check *c, struct slice name, struct check_file *out, struct problem *why)
{
    struct stat about;
    AUTO_FD fd = open_beside(name, c->arena);
    if (fd < 0)
        return problem_set(why, ST_NOT_FOUND, "%.*s is not where programs are", SLICE_ARG(name));
    if (fstat(fd, &about) < 0)
        return problem_errno(why, "a program");
    out->device = about.st_dev;
    out->inode = about.st_ino;
    return file_digest(fd, c->arena, &out->digest, why);
}
