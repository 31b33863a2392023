#ifndef RENDEZ_ROLES_WEB_INTERNAL_H
#define RENDEZ_ROLES_WEB_INTERNAL_H

#include "roles/web/request.h"

/* The inside of the server: its state, and what its files call of each other. */

struct web {
    struct MHD_Daemon *daemon, *redirect_daemon; /* the second may be NULL */
    struct web_config config;
    struct clients *clients;
    struct redirect redirect;
    struct names names;
    struct arena *arena; /* of the static files and names */
    struct web_files files;
    struct request *waiting; /* newest first */
    size_t waiting_count;
    uint64_t last_ticket;
    int64_t now_ms;
    size_t bodies_bytes; /* of all requests */
    int64_t refusals_ms; /* since when they are counted */
    unsigned refusals;
    const char *authorities; /* PEM, as they were at the start */
    bool secure; /* public_url is https */
    bool tls;    /* that is our own, not a proxy's */
    bool held, leaving;
    struct web_counts counts;
    struct shared *shared;
    bool resumed; /* since the last turn: its descriptor need not become readable for that */
};

/* headers.c */
void headers_add(struct request *request, const struct response *response, struct MHD_Response *mhd);

/* questions.c: the connection is suspended already, for the answer may come before these return. */
void question_ask(struct request *request, const struct web_question *question);
/* What needs somebody is asked of its peer once authd has said who. */
void question_ask_who(struct request *request, const struct web_question *planned);
void questions_expire(struct web *web);
int64_t questions_wait_ms(const struct web *web, int64_t now_ms); /* -1: nobody waits */

/* requests.c: an MHD_AccessHandlerCallback (context: struct web) and MHD_OPTION_NOTIFY_COMPLETED. */
enum MHD_Result request_take(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *data, size_t *size,
                             void **kept);
void request_end(void *context, struct MHD_Connection *connection, void **kept,
                 enum MHD_RequestTerminationCode code);

#endif
