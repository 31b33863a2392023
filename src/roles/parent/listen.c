#include "roles/parent/listen.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 512 };

static bool is_path(struct slice where)
{
    return slice_contains(where, LIT("/")); /* no numeric address has one */
}

static void free_info(struct addrinfo **info)
{
    if (*info != NULL)
        freeaddrinfo(*info);
}
#define AUTO_INFO __attribute__((cleanup(free_info))) struct addrinfo *

/* "127.0.0.1:8080", "[::1]:8080": numbers only, so that nothing is asked of a resolver. */
static enum status find_address(struct slice where, const char *key, struct addrinfo **out,
                                struct problem *why)
{
    AUTO_ARENA arena = arena_create(16384);
    size_t colon = where.len;
    while (colon > 0 && where.data[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return problem_set(why, ST_INVALID, "%s must be ADDRESS:PORT", key);
    struct slice host = slice_sub(where, 0, colon - 1), port = slice_sub(where, colon, where.len);
    if (slice_starts(host, LIT("[")) && slice_ends(host, LIT("]")))
        host = slice_sub(host, 1, host.len - 1);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    if (getaddrinfo(arena_text(arena, host), arena_text(arena, port), &hints, out) != 0)
        return problem_set(why, ST_INVALID, "%s must be ADDRESS:PORT, in numbers", key);
    return ST_OK;
}

static enum status listen_address(struct slice where, const char *key, bool early, int *out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1024);
    AUTO_INFO info = NULL;
    TRY(find_address(where, key, &info, why));
    AUTO_FD fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (early && setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof on) != 0))
        return problem_errno(why, "open a socket");
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0)
        return problem_errno(why, arena_format(arena, "%s: take that address and port", key).data);
    if (listen(fd, BACKLOG) != 0)
        return problem_errno(why, key);
    *out = fd;
    fd = -1;
    return ST_OK;
}

static enum status unix_address(struct slice path, const char *key, struct sockaddr_un *out,
                                struct problem *why)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (path.len >= sizeof out->sun_path)
        return problem_set(why, ST_INVALID, "%s: the path is longer than %zu bytes", key,
                           sizeof out->sun_path - 1);
    memcpy(out->sun_path, path.data, path.len);
    return ST_OK;
}

/* A socket file left by an earlier process is replaced. */
static enum status listen_path(struct slice path, const char *key, mode_t mode, int *out,
                               struct problem *why)
{
    struct sockaddr_un address;
    TRY(unix_address(path, key, &address, why));
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return problem_errno(why, key);
    unlink(address.sun_path);
    /* Nobody comes in before listen(). */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        chmod(address.sun_path, mode) < 0 || listen(fd, BACKLOG) < 0)
        return problem_errno(why, key);
    *out = fd;
    fd = -1;
    return ST_OK;
}

enum status listen_at(const struct listen_place *place, int *out, struct problem *why)
{
    return is_path(place->where) ? listen_path(place->where, place->key, place->mode, out, why)
                                 : listen_address(place->where, place->key, place->early, out, why);
}

/* Whether a socket that was handed to us is the one of the settings. */
static bool listens_at(int fd, struct slice where)
{
    struct sockaddr_storage own = {0};
    struct sockaddr_un path;
    socklen_t len = sizeof own;
    if (getsockname(fd, (struct sockaddr *)&own, &len) < 0)
        return false;
    if (is_path(where))
        return unix_address(where, "", &path, NULL) == ST_OK && len <= sizeof path &&
               strncmp(((const struct sockaddr_un *)(const void *)&own)->sun_path, path.sun_path,
                       sizeof path.sun_path) == 0 && own.ss_family == AF_UNIX;
    AUTO_INFO info = NULL;
    return find_address(where, "", &info, NULL) == ST_OK && info->ai_addrlen == len &&
           memcmp(&own, info->ai_addr, len) == 0;
}

enum status listen_take(int *inherited, const struct listen_place *place, int *out, struct problem *why)
{
    AUTO_FD fd = *inherited;
    *inherited = -1;
    if (fd < 0 || !listens_at(fd, place->where))
        return listen_at(place, out, why);
    *out = fd;
    fd = -1;
    return ST_OK;
}
