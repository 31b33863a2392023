#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/web/request.h"

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".json", "application/json"},
};

static const char *type_of(struct slice path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (slice_ends(path, slice_from(types[i].ending)))
            return types[i].type;
    return "application/octet-stream";
}

/* FNV-1a, 64 bits: tells versions of a file apart; nobody gains by a collision. */
static struct slice etag_of(struct slice bytes, struct arena *arena)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (unsigned char)bytes.data[i]) * UINT64_C(1099511628211);
    return arena_format(arena, "\"%016llx\"", (unsigned long long)hash);
}

static enum status load_file(int folder_fd, const char *name, struct slice path, size_t *left,
                             struct arena *arena, struct web_files *files, struct problem *why)
{
    AUTO_FD fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return problem_errno(why, "open web file");
    struct web_file file = {.path = path, .type = type_of(path)};
    TRY(fd_read_all(fd, *left, arena, &file.bytes, why));
    *left -= file.bytes.len;
    file.etag = etag_of(file.bytes, arena);
    /* Names in /assets/ change with their content (vite.config.ts). */
    file.cache = slice_starts(path, LIT("/assets/")) ? "public, max-age=31536000, immutable"
                                                     : "no-cache";
    ARENA_PUSH(arena, files, file);
    return ST_OK;
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}

/* web/dist has one level of folders. */
static enum status load_folder(int parent, const char *name, struct slice prefix, int depth,
                               size_t *left, struct arena *arena, struct web_files *files,
                               struct problem *why)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return problem_errno(why, "open the web folder (make builds it)");
    __attribute__((cleanup(close_folder))) DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        fd_close(&fd);
        return problem_errno(why, "read the web folder");
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct stat stat;
        if (entry->d_name[0] == '.')
            continue;
        if (fstatat(fd, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
            return problem_errno(why, "look at a web file");
        struct slice path = arena_format(arena, "%.*s/%s", SLICE_ARG(prefix), entry->d_name);
        if (S_ISDIR(stat.st_mode) && depth > 0)
            TRY(load_folder(fd, entry->d_name, path, depth - 1, left, arena, files, why));
        if (S_ISREG(stat.st_mode))
            TRY(load_file(fd, entry->d_name, path, left, arena, files, why));
    }
    return ST_OK;
}

enum status web_files_load(const char *folder, struct arena *arena, struct web_files *out,
                           struct problem *why)
{
    struct web_files files = {0};
    size_t left = WEB_STATIC_BYTES_MAX;
    TRY(load_folder(AT_FDCWD, folder, LIT(""), 2, &left, arena, &files, why));
    *out = files;
    return ST_OK;
}

const struct web_file *web_files_find(const struct web_files *files, struct slice path)
{
    for (size_t i = 0; i < files->count; i++)
        if (slice_equal(files->items[i].path, path))
            return &files->items[i];
    return NULL;
}

enum status reply_page(struct request *request, struct slice path, struct response *response,
                       struct problem *why)
{
    const struct web_file *file = web_files_find(web_pages(request->web), path);
    if (file == NULL)
        return problem_set(why, ST_NOT_FOUND, "there is no such file");
    bool same = slice_equal(request_header(request, "If-None-Match"), file->etag);
    *response = (struct response){
        .status = same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK,
        .type = file->type,
        .body = same ? SLICE_NONE : file->bytes,
        .etag = file->etag,
        .cache = file->cache,
    };
    return ST_OK;
}

enum status reply_file(struct request *request, const struct answer *answer,
                       struct response *response, struct problem *why)
{
    (void)answer;
    return reply_page(request, request->path, response, why);
}
