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
    if (sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)sizeof word)
        return ST_OK;
    return problem_errno(why, "send a descriptor");
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
    if (got != (ssize_t)sizeof received)
        return problem_set(why, ST_UNAVAILABLE, "the peer of the control channel is gone");
    *word = received;
    *fd = -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof *fd))
        memcpy(fd, CMSG_DATA(header), sizeof *fd);
    return ST_OK;
}
