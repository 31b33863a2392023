#include "roles/parent/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* As it travels. */
struct packet {
    uint32_t word, a, b;
    char text[INHERIT_NAMES_BYTES];
};
union control { /* aligned as CMSG wants it */
    struct cmsghdr header;
    char bytes[CMSG_SPACE(INHERIT_MAX * sizeof(int))];
};

void wire_send(int wire, const struct wire_message *message)
{
    struct packet packet = {message->word, message->a, message->b, {0}};
    union control control = {0};
    struct iovec data = {&packet, sizeof packet};
    struct msghdr header = {.msg_iov = &data, .msg_iovlen = 1};
    size_t bytes = message->fd_count * sizeof *message->fds;
    memcpy(packet.text, message->text, sizeof packet.text);
    if (bytes > 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(bytes);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(bytes);
        memcpy(CMSG_DATA(rights), message->fds, bytes);
    }
    while (sendmsg(wire, &header, MSG_NOSIGNAL) < 0 && errno == EINTR)
        continue;
}

enum status wire_receive(int wire, struct wire_message *message)
{
    struct packet packet;
    union control control = {0};
    struct iovec data = {&packet, sizeof packet};
    struct msghdr header = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    ssize_t got = recvmsg(wire, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return ST_NOT_FOUND;
    *message = (struct wire_message){0};
    struct cmsghdr *rights = got < 0 ? NULL : CMSG_FIRSTHDR(&header);
    if (rights != NULL && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
        size_t bytes = rights->cmsg_len - CMSG_LEN(0);
        message->fd_count = bytes / sizeof *message->fds;
        memcpy(message->fds, CMSG_DATA(rights), bytes);
    }
    if (got != (ssize_t)sizeof packet) {
        wire_close(message);
        return ST_UNAVAILABLE;
    }
    message->word = packet.word;
    message->a = packet.a;
    message->b = packet.b;
    memcpy(message->text, packet.text, sizeof packet.text);
    message->text[sizeof message->text - 1] = '\0';
    return ST_OK;
}

void wire_close(struct wire_message *message)
{
    for (size_t i = 0; i < message->fd_count; i++)
        fd_close(&message->fds[i]);
    message->fd_count = 0;
}
