#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/ipc/ipc.h"

union control { /* aligned as CMSG wants it */
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

enum status ipc_send_fd(int socket, uint32_t word, int fd, struct problem *why)
{
    union control control = {0};
    struct iovec data = {&word, sizeof word};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof word ? ST_OK : problem_errno(why, "send a descriptor");
}

/* The one descriptor that came, or -1. There is room for two: such a message is none of ours,
 * and what we do not hand out must not stay open. */
static int take_fd(struct msghdr *message)
{
    int fds[2] = {-1, -1};
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        return -1;
    memcpy(fds, CMSG_DATA(header), header->cmsg_len == CMSG_LEN(sizeof fds) ? sizeof fds : sizeof *fds);
    if (fds[1] >= 0) {
        fd_close(&fds[0]);
        fd_close(&fds[1]);
    }
    return fds[0];
}

enum status ipc_receive_fd(int socket, uint32_t *word, int *fd, struct problem *why)
{
    union control control = {0};
    uint32_t received = 0;
    struct iovec data = {&received, sizeof received};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t got = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return ST_NOT_FOUND;
    int came = got < 0 ? -1 : take_fd(&message);
    if (got != (ssize_t)sizeof received) {
        fd_close(&came);
        return problem_set(why, ST_UNAVAILABLE, "the peer of the control channel is gone");
    }
    *word = received;
    *fd = came;
    return ST_OK;
}
