/* What an administrator may ask of the service that runs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "roles/parent/internal.h"
#include "roles/parent/listen.h"

enum { CLIENTS_MAX = 8, SOCKET_MODE = 0600 };

struct asker {
    struct parent *parent;
    int fd; /* -1: free */
    struct loop_watch *watch;
};

struct commands {
    struct loop_watch *watch;
    struct asker askers[CLIENTS_MAX];
    size_t next; /* the oldest: it makes room */
};

void command_answer(int *client, const char *outcome, const char *text)
{
    AUTO_BUFFER line = buffer_create(512);
    if (*client < 0)
        return;
    buffer_add_format(&line, "%s %s\n", outcome, text);
    (void)!send(*client, line.data, line.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    fd_close(client);
}

static void carry_out(struct parent *parent, char command, int client)
{
    struct problem why;
    if (command == CONFIG_ASK_UPGRADE) {
        if (upgrade_begin(parent, client, &why) != ST_OK)
            command_answer(&client, "failed", why.detail);
    } else if (command == CONFIG_ASK_LIFT) {
        child_say(&parent->children[ROLE_KEYD], ROLE_WORD_LIFT, -1);
        command_answer(&client, "ok", "whoever was paused may open requests again");
    } else if (command == CONFIG_ASK_VERSION) {
        command_answer(&client, "ok", RENDEZ_VERSION);
    } else {
        command_answer(&client, "failed", "unknown command");
    }
}

static void asker_ready(void *context, unsigned ready, const struct moment *at)
{
    struct asker *asker = context;
    char command;
    (void)ready, (void)at;
    ssize_t got = recv(asker->fd, &command, 1, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    int client = asker->fd;
    loop_unwatch(&asker->watch);
    asker->fd = -1;
    if (got == 1)
        carry_out(asker->parent, command, client);
    else
        fd_close(&client);
}

/* The socket's mode says the same; this holds whatever becomes of its folder. */
static bool may_ask(int fd)
{
    struct ucred user;
    socklen_t len = sizeof user;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &len) == 0 &&
           (user.uid == 0 || user.uid == geteuid());
}

static void listen_ready(void *context, unsigned ready, const struct moment *at)
{
    struct parent *parent = context;
    struct commands *commands = parent->commands;
    (void)ready, (void)at;
    AUTO_FD fd = accept4(parent->command, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 || !may_ask(fd))
        return;
    struct asker *asker = &commands->askers[commands->next];
    commands->next = (commands->next + 1) % CLIENTS_MAX;
    loop_unwatch(&asker->watch);
    fd_close(&asker->fd);
    if (loop_watch(parent->loop, fd, LOOP_READ, asker_ready, asker, &asker->watch, NULL) != ST_OK)
        return;
    asker->fd = fd;
    fd = -1;
}

static enum status open_socket(struct parent *parent, struct problem *why)
{
    struct listen_place place = {.where = arena_format(parent->arena, "%.*s/" CONFIG_CONTROL_SOCKET,
                                                       SLICE_ARG(parent->config.folders.run)),
                                 .key = "folders.run", .mode = SOCKET_MODE};
    int inherited = inherit_take(&parent->inherited, "command");
    TRY(listen_take(&inherited, &place, &parent->command, why));
    return successor_waits(parent) ? ST_OK
                                   : loop_watch(parent->loop, parent->command, LOOP_READ, listen_ready,
                                                parent, &parent->commands->watch, why);
}

/* A service without this socket still serves; it is upgraded by a signal or a restart. */
enum status commands_open(struct parent *parent, struct problem *why)
{
    struct problem local;
    (void)why;
    parent->commands = calloc(1, sizeof *parent->commands);
    if (parent->commands == NULL)
        abort();
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        parent->commands->askers[i] = (struct asker){.parent = parent, .fd = -1};
    if (open_socket(parent, &local) != ST_OK)
        event_log(EVENT_COMMANDS_FAILED, field_status(local.status), field_problem(&local));
    return ST_OK;
}

void commands_close(struct parent *parent)
{
    if (parent->commands == NULL)
        return;
    for (size_t i = 0; i < CLIENTS_MAX; i++) {
        loop_unwatch(&parent->commands->askers[i].watch);
        fd_close(&parent->commands->askers[i].fd);
    }
    loop_unwatch(&parent->commands->watch);
    fd_close(&parent->command);
    free(parent->commands);
    parent->commands = NULL;
}
