#ifndef RENDEZ_TESTS_CLIENT_H
#define RENDEZ_TESTS_CLIENT_H

#include "bench.h"

/* The MTA's side of an LMTP connection to a role on the bench. */
struct client {
    int fd;
    struct buffer in;
};

/* To the socket file; false: nobody listens. */
bool client_open(struct client *client, struct bench *bench, const char *path);
void client_close(struct client *client);
bool client_send(struct client *client, struct bench *bench, struct slice bytes);
/* The code of the next reply (its last line), or 0 when the connection ends or in time
 * none comes. The bench turns meanwhile. */
int client_code(struct client *client, struct bench *bench, int timeout_ms);

#endif
