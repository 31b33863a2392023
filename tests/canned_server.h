#ifndef RENDEZ_TESTS_CANNED_SERVER_H
#define RENDEZ_TESTS_CANNED_SERVER_H

/* An HTTP server in a child process: each connection gets the next answer and is closed;
 * what the clients sent comes back through a pipe. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

struct canned_server {
    pid_t pid;
    int port, seen; /* seen: requests, one after the other */
};

/* The length of head and body, or SIZE_MAX while the head is incomplete. */
static inline size_t canned_request_len(struct slice got)
{
    size_t end = slice_find(got, LIT("\r\n\r\n"), 0);
    size_t at = slice_find_nocase(slice_sub(got, 0, end), LIT("content-length:"), 0);
    if (end == SIZE_MAX)
        return SIZE_MAX;
    return end + 4 + (at == SIZE_MAX ? 0 : strtoul(got.data + at + 15, NULL, 10));
}

static inline void canned_answer(int client, const char *text, int seen)
{
    static char request[1 << 16];
    size_t len = 0;
    while (len < sizeof request - 1 && len < canned_request_len((struct slice){request, len})) {
        ssize_t got = read(client, request + len, sizeof request - 1 - len);
        if (got <= 0)
            break;
        len += (size_t)got;
        request[len] = '\0';
    }
    if (write(seen, request, len) < 0 || write(client, text, strlen(text)) < 0)
        _exit(1);
    close(client);
}

/* A port of this machine to answer at, where the answers say which. */
static inline int canned_listen(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 8) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    *port = ntohs(address.sin_port);
    return listener;
}

/* Takes the listener over. */
static inline struct canned_server canned_serve_at(int listener, int port, const char *const *answers, size_t count)
{
    int pipes[2];
    CHECK(pipe(pipes) == 0);
    struct canned_server server = {fork(), port, pipes[0]};
    if (server.pid == 0) {
        for (size_t i = 0; i < count; i++)
            canned_answer(accept(listener, NULL, NULL), answers[i], pipes[1]);
        _exit(0);
    }
    close(pipes[1]);
    close(listener);
    return server;
}

static inline struct canned_server canned_serve(const char *const *answers, size_t count)
{
    int port, listener = canned_listen(&port);
    return canned_serve_at(listener, port, answers, count);
}

/* Ends it and gives what it was sent. */
static inline struct slice canned_stop(struct canned_server *server, struct arena *arena)
{
    struct slice seen = SLICE_NONE;
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
    CHECK_OK(fd_read_all(server->seen, 1 << 20, arena, &seen, NULL));
    close(server->seen);
    return seen;
}

#endif
