/* The command line's side of a role's desk. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "roles/messages/desk.h"

enum { READ_BYTES = 65536, STATUS_PATTERN_MAX = 48 };

/* By the folder's descriptor: its path may be longer than a socket's address. */
static enum status reach(const char *run_folder, const char *role, int *out, struct problem *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    AUTO_FD folder = open(run_folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return problem_errno(why, run_folder);
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s.sock", folder, role);
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return problem_errno(why, "open a socket");
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        return errno == EACCES ? problem_set(why, ST_DENIED, "only root and the service's own user may ask it")
                               : problem_set(why, ST_NOT_FOUND, "no service runs there");
    *out = fd;
    fd = -1;
    return ST_OK;
}

/* Waits for more; false: nothing more comes, and *why says it when that is not the end. */
static bool receive_more(int fd, int patience_ms, struct buffer *in, struct problem *why)
{
    char bytes[READ_BYTES];
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int some = poll(&ready, 1, patience_ms);
    if (some < 0 && errno == EINTR)
        return true;
    if (some <= 0) {
        problem_set(why, ST_UNAVAILABLE, "the service does not answer");
        return false;
    }
    ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got > 0)
        buffer_add(in, (struct slice){bytes, (size_t)got});
    if (in->full)
        problem_set(why, ST_LIMIT, "the answer is too long");
    return got > 0 && !in->full;
}

/* The name behind "status": of a line, which is our own role's: compact JSON. */
static enum status status_of(struct slice line, bool *last)
{
    for (int status = ST_OK; status <= ST_UNAVAILABLE; status++) {
        char pattern[STATUS_PATTERN_MAX];
        int len = snprintf(pattern, sizeof pattern, "{\"status\":\"%s\"", status_name((enum status)status));
        *last = slice_starts(line, (struct slice){pattern, (size_t)len});
        if (*last)
            return (enum status)status;
    }
    return ST_OK;
}

static struct slice problem_of(struct slice line)
{
    size_t from = slice_find(line, LIT("\"problem\":\""), 0);
    if (from == SIZE_MAX)
        return LIT("it says no");
    from += LIT("\"problem\":\"").len;
    return slice_sub(line, from, slice_find(line, LIT("\""), from));
}

/* Takes the whole lines that are there. True: the last one was among them. */
static bool take_lines(struct buffer *in, desk_line_fn *each, void *context, struct arena *arena,
                       struct slice *answer, enum status *status)
{
    for (;;) {
        size_t end = slice_find(buffer_slice(in), LIT("\n"), 0);
        if (end == SIZE_MAX)
            return false;
        struct slice line = slice_sub(buffer_slice(in), 0, end);
        bool last;
        *status = status_of(line, &last);
        if (last) {
            *answer = arena_copy(arena, line);
            return true;
        }
        if (each != NULL)
            each(context, line);
        buffer_consume(in, end + 1);
    }
}

enum status desk_ask(const char *run_folder, const char *role, struct slice question, int patience_ms,
                     desk_line_fn *each, void *context, struct arena *arena, struct slice *answer,
                     struct problem *why)
{
    AUTO_FD fd = -1;
    AUTO_BUFFER in = buffer_create(DESK_ANSWER_MAX);
    struct problem late = {0};
    enum status status = ST_OK;
    TRY(reach(run_folder, role, &fd, why));
    TRY(fd_write_all(fd, question, why));
    TRY(fd_write_all(fd, LIT("\n"), why));
    while (!take_lines(&in, each, context, arena, answer, &status))
        if (!receive_more(fd, patience_ms, &in, &late))
            return late.status != ST_OK ? problem_set(why, late.status, "%s", late.detail)
                                        : problem_set(why, ST_UNAVAILABLE, "the service ended without an answer");
    struct slice text = problem_of(*answer);
    return status == ST_OK ? ST_OK : problem_set(why, status, "%.*s", SLICE_ARG(text));
}
