#ifndef RENDEZ_FORMATS_LMTP_H
#define RENDEZ_FORMATS_LMTP_H

#include "base/bytes/bytes.h"

/* The server's side of LMTP (RFC 2033, over RFC 5321; SIZE RFC 1870, 8BITMIME RFC 6152,
 * SMTPUTF8 RFC 6531, PIPELINING RFC 2920, enhanced codes RFC 2034 and 3463), as a machine
 * between bytes that came and bytes to send: no socket, no clock.
 *
 * Strict where laxness is dangerous: only CRLF ends a command, only CRLF.CRLF ends a
 * message, so that nothing can be smuggled in between. */

enum {
    LMTP_LINE_BYTES_MAX = 2048,    /* RFC 5321 wants 512 and what extensions add */
    LMTP_PATH_BYTES_MAX = 512,     /* RFC 5321: 256 */
    LMTP_RECIPIENTS_MAX = 100,
    LMTP_ERRORS_MAX = 20,          /* then the connection is closed */
    LMTP_REPLIES_BYTES_MAX = 64 * 1024,
};

struct lmtp_options {
    struct slice host;     /* our name in the greeting */
    size_t message_bytes_max;
    /* Whether we take mail for an address (without angle brackets). */
    bool (*takes)(void *context, struct slice address);
    void *context;
};

struct lmtp;

struct lmtp *lmtp_create(const struct lmtp_options *options); /* options' slices must last */
void lmtp_destroy(struct lmtp **lmtp); /* accepts NULL; wipes */

/* The first line, before anything is read. */
void lmtp_greet(const struct lmtp *lmtp, struct buffer *replies);

enum lmtp_event {
    LMTP_MORE,    /* everything is used up */
    LMTP_MESSAGE, /* a whole message: lmtp_message, keep it, lmtp_answer, then feed the rest */
    LMTP_CLOSE,   /* send the replies and close the connection */
};

/* Takes bytes that came; *used says how many (all of them with LMTP_MORE). Replies are
 * appended. Not to be called between LMTP_MESSAGE and lmtp_answer. */
enum lmtp_event lmtp_feed(struct lmtp *lmtp, struct slice bytes, size_t *used,
                          struct buffer *replies);

/* Lives until lmtp_answer. Lines end as they came, dots are unstuffed. */
struct lmtp_message {
    struct slice sender;           /* empty: a bounce */
    const struct slice *recipients;
    size_t recipient_count;
    struct slice raw;
};
const struct lmtp_message *lmtp_message(const struct lmtp *lmtp);

/* What becomes of the message: one reply for each recipient, as RFC 2033 wants.
 *   ST_OK           250: it is ours now
 *   ST_LIMIT        452: no room (the disk is full)
 *   ST_UNAVAILABLE  451: try again later
 *   else            554 */
void lmtp_answer(struct lmtp *lmtp, enum status status, struct buffer *replies);

/* 421, before the caller closes the connection on its own: idle, stopping, too many. */
void lmtp_farewell(const char *reason, struct buffer *replies);

/* Bytes of the message that is just coming and kept; 0 between messages. */
size_t lmtp_held(const struct lmtp *lmtp);
/* Whether bytes of a message come: after DATA, before its end. */
bool lmtp_in_message(const struct lmtp *lmtp);

/* Whether the client has begun a message that is neither answered nor given up: after MAIL. */
bool lmtp_in_transaction(const struct lmtp *lmtp);

/* For events: messages refused for their size so far. */
unsigned lmtp_refused(const struct lmtp *lmtp);

#endif
