#ifndef RENDEZ_PLATFORM_IMAP_SESSION_H
#define RENDEZ_PLATFORM_IMAP_SESSION_H

#include "formats/imap/imap.h"
#include "platform/transfers/transfers.h"

/* One connection to an IMAP server. libcurl connects, does TLS and logs in; then commands and
 * answers are ours (formats/imap): libcurl's own FETCH marks what it reads as seen, and its
 * custom commands take a line of a mail for the server's answer. */
struct imap_session;

struct imap_events {
    void (*opened)(void *context); /* logged in */
    /* Slices live until it returns. */
    void (*answered)(void *context, const struct imap_response *response);
    /* Once, at any time after the create; nothing comes after it. The session may be
     * destroyed in any of these calls.
     * ST_DENIED  login or certificate refused; ST_LIMIT, ST_INVALID  the server's answers
     * ST_UNAVAILABLE  no connection, silence, the server ended it */
    void (*closed)(void *context, enum transfer_fault fault, const struct problem *why);
    void *context;
};

enum {
    IMAP_CONNECT_S = 30,          /* to connect; as much again to log in */
    IMAP_SILENCE_MS = 60 * 1000,  /* while an answer is awaited */
};

/* Begins to connect; `server` must last until `opened` or `closed`.
 *   message_bytes_max  the largest literal that is taken */
MUST_USE enum status imap_session_create(struct loop *loop, struct transfers *transfers,
                                         const struct transfer_server *server,
                                         size_t message_bytes_max, const struct imap_events *events,
                                         struct imap_session **out, struct problem *why);
void imap_session_destroy(struct imap_session **session); /* accepts NULL; closes at once */

/* Sends one command, without its tag and CRLF; returns its tag, which counts from 1
 * ("A1"). Failures come as `closed`. */
unsigned imap_session_send(struct imap_session *session, struct slice command);
/* Whether a tagged answer is that of a command. */
bool imap_session_is_of(const struct imap_response *response, unsigned tag);

/* The silence of a server counts only while an answer is awaited: say so. */
void imap_session_wait(struct imap_session *session, bool waiting);

#endif
