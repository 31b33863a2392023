#ifndef RENDEZ_ROLES_WEB_CLIENTS_H
#define RENDEZ_ROLES_WEB_CLIENTS_H

#include <microhttpd.h>

#include "roles/web/web.h"

/* The connections: accepted here, counted by address and as a whole, each with one deadline.
 * libmicrohttpd speaks HTTP (and TLS) on them; it has no deadline that a byte now and then
 * would not push back, and counts a proxy's clients as one. */

/* What a connection is busy with. Each phase has a time that nothing prolongs. */
enum client_phase {
    CLIENT_PROXIED, /* the proxy has not said yet who this is */
    CLIENT_HEADER,  /* new: TLS and the headers of the first request */
    CLIENT_BODY,    /* headers are there, the body is not */
    CLIENT_ANSWER,  /* the answer goes out */
    CLIENT_IDLE,    /* kept open: until the next request's headers are there */
    CLIENT_WAITING, /* for the planner: its time is the request's */
    CLIENT_CLOSING, /* cut off; libmicrohttpd will notice */
    CLIENT_PHASE_COUNT_,
};

struct client;
struct clients;

/* Reads the addresses of config->proxy; opens an epoll. ST_INVALID: no address there. */
MUST_USE enum status clients_create(const struct web_config *config, struct clients **out,
                                    struct problem *why);
/* Accepts NULL. After MHD_stop_daemon of every daemon. */
void clients_destroy(struct clients **clients);

/* Connections of `fd` (bound, listening; stays the caller's) go to `daemon`, after clients_open. */
MUST_USE enum status clients_listen(struct clients *clients, int fd, struct MHD_Daemon *daemon,
                                    struct problem *why);

/* From now on connections are taken, or not. */
MUST_USE enum status clients_open(struct clients *clients, struct problem *why);
/* Takes none any more; one that is new or kept open has at most `idle_ms` left to ask. */
void clients_leave(struct clients *clients, int64_t idle_ms);

/* For the loop: readable when there is something to do, for libmicrohttpd too. */
int clients_fd(const struct clients *clients);
/* Accepts what is there and cuts off what is late; before MHD_run. */
void clients_turn(struct clients *clients, int64_t now_ms);
/* Until the next deadline; -1: none. */
int64_t clients_wait_ms(const struct clients *clients, int64_t now_ms);

/* MHD_OPTION_NOTIFY_CONNECTION, with the clients as its context. */
void clients_notify(void *context, struct MHD_Connection *connection, void **socket_context,
                    enum MHD_ConnectionNotificationCode code);
void client_enter(struct MHD_Connection *connection, enum client_phase phase);
/* In numbers, of the client behind a proxy; empty: unknown. */
struct slice client_address(struct MHD_Connection *connection, struct arena *arena);

/* How many there are; without those that are cut off. */
size_t clients_count(const struct clients *clients);

#endif
