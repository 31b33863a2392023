#include "roles/cli/vpn.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/datetime/datetime.h"

enum { READ_BYTES = 4096 };

struct deadline deadline_in(int64_t ms)
{
    return (struct deadline){clock_monotonic_ms() + ms};
}

enum status vpn_connect(const char *path, int *out, struct problem *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return problem_set(why, ST_INVALID, "the path of the socket is longer than %zu bytes",
                           sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path));
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return problem_errno(why, "open a socket");
    /* At a socket of this kind it succeeds at once or not at all. */
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        return errno == EACCES || errno == EPERM
                   ? problem_set(why, ST_DENIED, "this user may not use the socket (its group may)")
                   : problem_set(why, ST_UNAVAILABLE, "nobody answers at the socket");
    *out = fd;
    fd = -1;
    return ST_OK;
}

static enum status wait_for(int fd, short events, struct deadline until, struct problem *why)
{
    for (;;) {
        struct pollfd watched = {.fd = fd, .events = events};
        int64_t left = until.ms - clock_monotonic_ms();
        int ready = left <= 0 ? 0 : poll(&watched, 1, (int)left);
        if (ready > 0)
            return ST_OK;
        if (ready == 0)
            return problem_set(why, ST_UNAVAILABLE, "no answer in time");
        if (errno != EINTR)
            return problem_errno(why, "poll");
    }
}

enum status vpn_write(int fd, struct slice bytes, struct deadline until, struct problem *why)
{
    while (bytes.len > 0) {
        TRY(wait_for(fd, POLLOUT, until, why));
        ssize_t sent = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (sent < 0)
            return problem_set(why, ST_UNAVAILABLE, "the connection broke");
        bytes = slice_sub(bytes, (size_t)sent, SIZE_MAX);
    }
    return ST_OK;
}

enum status vpn_read(int fd, struct buffer *in, struct deadline until, struct problem *why)
{
    char *bytes = (char[READ_BYTES]){0};
    for (;;) {
        TRY(wait_for(fd, POLLIN, until, why));
        ssize_t got = recv(fd, bytes, READ_BYTES, 0);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return problem_set(why, ST_UNAVAILABLE, "the connection ended");
        buffer_add(in, (struct slice){bytes, (size_t)got});
        return buffer_check(in, "what the other end sends", why);
    }
}

static size_t count_lines(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == '\n';
    return count;
}

enum status vpn_ask(const char *socket, const struct vpn_ask *ask, struct deadline until, bool *yes,
                    struct problem *why)
{
    size_t wanted = ask->kind == VPN_ALIVE ? ask->tunnels.count : 1;
    AUTO_FD fd = -1;
    AUTO_BUFFER answers = buffer_create(8 * VPN_TUNNELS_MAX);
    struct buffer text = buffer_create(VPN_ASK_BYTES_MAX); /* may hold a code */
    TRY(vpn_connect(socket, &fd, why));
    vpn_ask_format(ask, &text);
    enum status status = vpn_write(fd, buffer_slice(&text), until, why);
    buffer_wipe(&text);
    while (status == ST_OK && count_lines(buffer_slice(&answers)) < wanted)
        status = vpn_read(fd, &answers, until, why);
    TRY(status);
    return vpn_answers_parse(buffer_slice(&answers), wanted, yes, why);
}
