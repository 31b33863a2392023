#ifndef RENDEZ_PLATFORM_IPC_H
#define RENDEZ_PLATFORM_IPC_H

#include "base/record/record.h"
#include "platform/loop/loop.h"

/* Messages between processes over a stream socket. A message is a struct with a record
 * table; what may be sent and received on a channel is a list of kinds. This module knows
 * numbers, not roles: who may say what to whom is in roles/messages.
 *
 * A frame on the wire, integers little-endian:
 *   u32 length of the payload, at most IPC_PAYLOAD_BYTES_MAX
 *   u16 kind
 *   u32 call: 0, or the number that the answer carries again
 *   payload: the record
 * A frame with another kind, a longer payload or a payload that its table refuses closes
 * the channel; the process lives on. See README.md. */

enum {
    IPC_PAYLOAD_BYTES_MAX = 32 * 1024 * 1024,
    IPC_HEADER_BYTES = 10,
    IPC_WAITING_BYTES_MAX = 4 * IPC_PAYLOAD_BYTES_MAX, /* a peer that does not read */
    IPC_MESSAGE_BYTES_MAX = 4 * IPC_PAYLOAD_BYTES_MAX, /* a message unfolded in memory */
};

struct ipc_kind {
    uint16_t number; /* from 1 */
    const char *name;
    const struct record_type *type;
};
struct ipc_kinds {
    const struct ipc_kind *const *items;
    size_t count;
};

struct ipc_channel;

/* One message received. Everything in it lives until the receiver returns. */
struct ipc_message {
    struct ipc_channel *channel;
    uint16_t kind;
    uint32_t call;      /* not 0: an answer to that question, or a question to answer */
    const void *object; /* of the kind's record type */
    struct arena *arena; /* wiped; for what the receiver makes of it */
};

typedef void ipc_receive_fn(void *context, const struct ipc_message *message,
                            const struct moment *at);
/* The channel has closed: the peer is gone (why->status ST_UNAVAILABLE), or it sent what
 * it may not (ST_INVALID, ST_LIMIT). Messages that waited in it are lost. */
typedef void ipc_closed_fn(void *context, struct ipc_channel *channel, const struct problem *why);

struct ipc_rules {
    const char *name; /* "mailin-keyd", for problems and events */
    struct ipc_kinds sends, receives;
    ipc_receive_fn *receive;
    ipc_closed_fn *closed;
    void *context;
};

/* Owns `fd` from now on (-1: closed until ipc_replace), in failure too. */
MUST_USE enum status ipc_open(struct loop *loop, int fd, const struct ipc_rules *rules,
                              struct ipc_channel **out, struct problem *why);
void ipc_destroy(struct ipc_channel **channel); /* accepts NULL */

/* From the loop: delivers what has arrived, to the last word of a peer that is gone. Before
 * ipc_replace, or that word is lost. */
void ipc_hear(struct ipc_channel *channel, const struct moment *at);
/* A new peer: what waited for the old one is dropped, `closed` is not called. */
MUST_USE enum status ipc_replace(struct ipc_channel *channel, int fd, struct problem *why);
bool ipc_is_open(const struct ipc_channel *channel);
const char *ipc_name(const struct ipc_channel *channel);
/* Since it was opened, over all its sockets; and the bytes that its peer has not taken yet. */
struct ipc_counts {
    uint64_t in, out, waiting_bytes;
};
struct ipc_counts ipc_counts(const struct ipc_channel *channel);

/* Queues a message; the loop sends it. Sending a kind that the rules do not list is a bug.
 * ST_UNAVAILABLE  the channel is closed
 * ST_LIMIT        the message is too long, or the peer does not read */
MUST_USE enum status ipc_send(struct ipc_channel *channel, uint16_t kind, const void *object,
                              struct problem *why);

/* A question: the answer comes to `receive` with the same call number (never 0). */
MUST_USE enum status ipc_ask(struct ipc_channel *channel, uint16_t kind, const void *object,
                             uint32_t *call, struct problem *why);

/* Answers `question` with its call number. */
MUST_USE enum status ipc_answer(const struct ipc_message *question, uint16_t kind,
                                const void *object, struct problem *why);

/* Asks and waits, for roles that may block. Other messages that arrive meanwhile are kept
 * and delivered by the loop afterwards; a late answer to an earlier call is dropped.
 *   answer  a struct of `answer_kind`, filled in the arena (use a wiped one for keys); the
 *           arena needs room for the message
 * ST_UNAVAILABLE  no answer in time, or the channel closed (`closed` was called then) */
MUST_USE enum status ipc_call(struct ipc_channel *channel, uint16_t kind, const void *object,
                              uint16_t answer_kind, int timeout_ms, struct arena *arena,
                              void *answer, struct problem *why);

/* Descriptors, over a SOCK_SEQPACKET socket: one word of ours and one descriptor. */
MUST_USE enum status ipc_send_fd(int socket, uint32_t word, int fd, struct problem *why);
/* *fd is -1 when none came. ST_NOT_FOUND: nothing there now; ST_UNAVAILABLE: peer gone. */
MUST_USE enum status ipc_receive_fd(int socket, uint32_t *word, int *fd, struct problem *why);

#endif
