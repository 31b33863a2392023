#include "roles/parent/listen.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 512 };

static enum status open_listener(const struct addrinfo *info, const char *key, int *out,
                                 struct problem *why)
{
    AUTO_ARENA arena = arena_create(1024);
    AUTO_FD fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return problem_errno(why, "open a socket for the pages");
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0)
        return problem_errno(why, arena_format(arena, "%s: take that address and port", key).data);
    if (listen(fd, BACKLOG) != 0)
        return problem_errno(why, key);
    *out = fd;
    fd = -1;
    return ST_OK;
}

static void free_info(struct addrinfo **info)
{
    if (*info != NULL)
        freeaddrinfo(*info);
}

/* "127.0.0.1:8080", "[::1]:8080": numbers only, so that nothing is asked of a resolver. */
enum status listen_at(struct slice where, const char *key, int *out, struct problem *why)
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
    __attribute__((cleanup(free_info))) struct addrinfo *info = NULL;
    if (getaddrinfo(arena_text(arena, host), arena_text(arena, port), &hints, &info) != 0)
        return problem_set(why, ST_INVALID, "%s must be ADDRESS:PORT, in numbers", key);
    return open_listener(info, key, out, why);
}
