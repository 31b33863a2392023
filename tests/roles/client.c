#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool client_open(struct client *client, struct bench *bench, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)bench;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    *client = (struct client){socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), buffer_create(65536)};
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) == 0)
        return true;
    client_close(client);
    return false;
}

void client_close(struct client *client)
{
    fd_close(&client->fd);
    buffer_destroy(&client->in);
}

bool client_send(struct client *client, struct bench *bench, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(client->fd, bytes.data, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN)
            return false;
        if (sent > 0)
            bytes = slice_sub(bytes, (size_t)sent, bytes.len);
        else
            bench_turn(bench);
    }
    return true;
}

/* Takes whole lines until one that ends a reply. */
static int take_code(struct client *client)
{
    for (;;) {
        struct slice in = buffer_slice(&client->in);
        size_t end = slice_find(in, LIT("\r\n"), 0);
        if (end == SIZE_MAX)
            return 0;
        int code = end >= 4 && in.data[3] == ' ' ? atoi(in.data) : 0;
        buffer_consume(&client->in, end + 2);
        if (code != 0)
            return code;
    }
}

int client_code(struct client *client, struct bench *bench, int timeout_ms)
{
    int64_t end_ms = clock_monotonic_ms() + timeout_ms;
    while (clock_monotonic_ms() < end_ms) {
        char bytes[4096];
        int code = take_code(client);
        if (code != 0)
            return code;
        ssize_t got = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return 0;
        if (got > 0)
            buffer_add(&client->in, (struct slice){bytes, (size_t)got});
        else
            bench_turn(bench);
    }
    return 0;
}
