/* The log that others verify, from its folder (C2SP tlog-tiles): a checkpoint, which changes, and tiles,
 * which never do. Nothing else that lies there has a path. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/api/internal.h"

enum { FILE_BYTES_MAX = 2 << 20, PATH_CHARS_MAX = 64 };

static struct slice next_part(struct slice *rest)
{
    size_t end = slice_find(*rest, LIT("/"), 0);
    struct slice part = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end == SIZE_MAX ? rest->len : end + 1, rest->len);
    return part;
}

static bool is_number(struct slice part, size_t least, size_t most)
{
    for (size_t i = 0; i < part.len; i++)
        if (part.data[i] < '0' || part.data[i] > '9')
            return false;
    return part.len >= least && part.len <= most;
}

/* "entries/x001/234", "0/067.p/12": a level, groups of three digits, perhaps a width. */
static bool is_tile(struct slice path)
{
    struct slice part = next_part(&path);
    if (!slice_equal(part, LIT("entries")) && !is_number(part, 1, 1))
        return false;
    do
        part = next_part(&path);
    while (part.len == 4 && part.data[0] == 'x' && is_number(slice_sub(part, 1, 4), 3, 3) && path.len > 0);
    if (part.len == 5 && slice_ends(part, LIT(".p")))
        return is_number(slice_sub(part, 0, 3), 3, 3) && is_number(path, 1, 3);
    return path.len == 0 && is_number(part, 3, 3);
}

static bool is_served(struct slice path)
{
    struct slice tiles = LIT("tile/");
    if (path.len > PATH_CHARS_MAX || slice_ends(path, LIT("/")))
        return false;
    return slice_equal(path, LIT("checkpoint")) ||
           (slice_starts(path, tiles) && is_tile(slice_sub(path, tiles.len, path.len)));
}

enum status reply_log(struct request *request, const struct answer *answer, struct response *response,
                      struct problem *why)
{
    struct slice path = request->values[0], bytes = SLICE_NONE;
    struct stat about;
    int folder = web_log_folder(request->web);
    bool tile = slice_starts(path, LIT("tile/"));
    (void)answer;
    if (folder < 0 || !is_served(path))
        return problem_set(why, ST_NOT_FOUND, "there is no such file of the log");
    AUTO_FD fd = openat(folder, arena_text(request->arena, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &about) < 0 || !S_ISREG(about.st_mode))
        return problem_set(why, ST_NOT_FOUND, "there is no such file of the log");
    struct slice etag = tile ? LIT("\"tile\"")
                             : arena_format(request->arena, "\"%lld.%09ld\"", (long long)about.st_mtim.tv_sec,
                                            about.st_mtim.tv_nsec);
    bool same = slice_equal(request_header(request, "If-None-Match"), etag);
    if (!same)
        TRY(fd_read_all(fd, FILE_BYTES_MAX, request->arena, &bytes, why));
    *response = (struct response){
        .status = same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK,
        .type = tile ? "application/octet-stream" : "text/plain; charset=utf-8",
        .body = bytes,
        .etag = etag,
        .cache = tile ? "public, max-age=31536000, immutable" : "no-cache",
    };
    return ST_OK;
}
