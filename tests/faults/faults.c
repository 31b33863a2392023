#include "faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AGAIN_MAX = 100 };

struct fault_state {
    struct fault fault;
    unsigned n, calls, hits;
};
static struct fault_state *state;

static struct fault_state *map(int fd, int flags)
{
    void *memory = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, 0);
    if (memory == MAP_FAILED) {
        perror("faults");
        abort();
    }
    return memory;
}

void fault_arm(const struct fault *fault, unsigned n)
{
    if (state == NULL)
        state = map(-1, MAP_ANONYMOUS);
    *state = (struct fault_state){.n = n};
    state->fault = *fault; /* its name is a constant of the caller: other processes do not read it */
}

unsigned fault_disarm(void)
{
    state->fault.call = FAULT_NONE;
    return state->hits;
}

void fault_leave(void)
{
    state = NULL;
}

bool fault_share(int fd)
{
    if (ftruncate(fd, sizeof *state) < 0)
        return false;
    state = map(fd, 0);
    return true;
}

const struct fault *fault_now(void)
{
    return &state->fault;
}

bool fault_hits(enum fault_call call)
{
    if (state == NULL || state->fault.call != call)
        return false;
    unsigned calls = ++state->calls;
    const struct fault *fault = &state->fault;
    bool torn = fault->torn && calls > state->n;
    if (calls != state->n && !(fault->lasting && calls > state->n) && !torn)
        return false;
    if ((fault->error == EINTR || fault->error == EAGAIN) && state->hits >= AGAIN_MAX)
        return false;
    state->hits++;
    return true;
}

/* True: the call has failed and errno says why. Otherwise *bytes may be fewer. */
static bool fails(enum fault_call call, size_t *bytes)
{
    if (!fault_hits(call))
        return false;
    bool first = state->hits == 1;
    if (state->fault.error == 0 || (state->fault.torn && first)) {
        if (bytes != NULL && *bytes > 1)
            *bytes /= 2;
        return false;
    }
    errno = state->fault.error;
    return true;
}

/* What the linker calls in place of NAME, and NAME itself. */
#define WRAP(type, name, ...)                                                                      \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

static mode_t mode_of(int flags, va_list args)
{
    return (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
}

WRAP(int, open64, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return fails(FAULT_OPEN, NULL) ? -1 : __real_open64(path, flags, mode);
}

WRAP(int, openat64, int folder, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return fails(FAULT_OPEN, NULL) ? -1 : __real_openat64(folder, path, flags, mode);
}

WRAP(ssize_t, read, int fd, void *out, size_t bytes)
{
    return fails(FAULT_READ, &bytes) ? -1 : __real_read(fd, out, bytes);
}

WRAP(ssize_t, write, int fd, const void *data, size_t bytes)
{
    return fails(FAULT_WRITE, &bytes) ? -1 : __real_write(fd, data, bytes);
}

WRAP(int, fsync, int fd)
{
    return fails(FAULT_FSYNC, NULL) ? -1 : __real_fsync(fd);
}

WRAP(int, rename, const char *from, const char *to)
{
    return fails(FAULT_RENAME, NULL) ? -1 : __real_rename(from, to);
}

WRAP(int, renameat, int folder, const char *from, int other, const char *to)
{
    return fails(FAULT_RENAME, NULL) ? -1 : __real_renameat(folder, from, other, to);
}

WRAP(int, link, const char *from, const char *to)
{
    return fails(FAULT_RENAME, NULL) ? -1 : __real_link(from, to);
}

WRAP(int, unlink, const char *path)
{
    return fails(FAULT_REMOVE, NULL) ? -1 : __real_unlink(path);
}

WRAP(int, unlinkat, int folder, const char *path, int flags)
{
    return fails(FAULT_REMOVE, NULL) ? -1 : __real_unlinkat(folder, path, flags);
}

WRAP(struct dirent64 *, readdir64, DIR *folder)
{
    return fails(FAULT_LIST, NULL) ? NULL : __real_readdir64(folder);
}

WRAP(DIR *, fdopendir, int fd)
{
    return fails(FAULT_OPEN, NULL) ? NULL : __real_fdopendir(fd);
}

WRAP(int, fstat64, int fd, struct stat64 *out)
{
    return fails(FAULT_STAT, NULL) ? -1 : __real_fstat64(fd, out);
}

WRAP(int, fstatat64, int folder, const char *path, struct stat64 *out, int flags)
{
    return fails(FAULT_STAT, NULL) ? -1 : __real_fstatat64(folder, path, out, flags);
}

WRAP(ssize_t, send, int fd, const void *data, size_t bytes, int flags)
{
    return fails(FAULT_SEND, &bytes) ? -1 : __real_send(fd, data, bytes, flags);
}

WRAP(ssize_t, recv, int fd, void *out, size_t bytes, int flags)
{
    return fails(FAULT_RECEIVE, &bytes) ? -1 : __real_recv(fd, out, bytes, flags);
}

WRAP(ssize_t, sendmsg, int fd, const struct msghdr *message, int flags)
{
    return fails(FAULT_SEND, NULL) ? -1 : __real_sendmsg(fd, message, flags);
}

WRAP(ssize_t, recvmsg, int fd, struct msghdr *message, int flags)
{
    return fails(FAULT_RECEIVE, NULL) ? -1 : __real_recvmsg(fd, message, flags);
}

WRAP(int, poll, struct pollfd *fds, nfds_t count, int timeout_ms)
{
    return fails(FAULT_WAIT, NULL) ? -1 : __real_poll(fds, count, timeout_ms);
}

WRAP(int, epoll_wait, int fd, struct epoll_event *events, int count, int timeout_ms)
{
    return fails(FAULT_WAIT, NULL) ? -1 : __real_epoll_wait(fd, events, count, timeout_ms);
}

WRAP(int, epoll_create1, int flags)
{
    return fails(FAULT_WATCH, NULL) ? -1 : __real_epoll_create1(flags);
}

WRAP(int, epoll_ctl, int epoll, int action, int fd, struct epoll_event *event)
{
    /* Changing or taking away needs nothing that a machine could lack. */
    return action == EPOLL_CTL_ADD && fails(FAULT_WATCH, NULL)
               ? -1
               : __real_epoll_ctl(epoll, action, fd, event);
}

WRAP(int, accept4, int fd, struct sockaddr *from, socklen_t *len, int flags)
{
    return fails(FAULT_ACCEPT, NULL) ? -1 : __real_accept4(fd, from, len, flags);
}

WRAP(void *, malloc, size_t bytes)
{
    return fails(FAULT_MEMORY, NULL) ? NULL : __real_malloc(bytes);
}

WRAP(void *, calloc, size_t count, size_t bytes)
{
    return fails(FAULT_MEMORY, NULL) ? NULL : __real_calloc(count, bytes);
}

WRAP(void *, realloc, void *memory, size_t bytes)
{
    return fails(FAULT_MEMORY, NULL) ? NULL : __real_realloc(memory, bytes);
}

WRAP(char *, strdup, const char *text)
{
    return fails(FAULT_MEMORY, NULL) ? NULL : __real_strdup(text);
}
