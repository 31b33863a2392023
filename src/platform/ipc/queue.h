#ifndef RENDEZ_PLATFORM_IPC_QUEUE_H
#define RENDEZ_PLATFORM_IPC_QUEUE_H

#include "base/bytes/bytes.h"

/* Bytes on their way through a channel: added at the end, taken at the start, wiped when
 * they have gone, since keys and mail pass here. */
struct queue {
    char *data;
    size_t start, end, capacity;
};

static inline size_t queue_len(const struct queue *queue)
{
    return queue->end - queue->start;
}
static inline struct slice queue_slice(const struct queue *queue)
{
    return (struct slice){queue->data == NULL ? "" : queue->data + queue->start, queue_len(queue)};
}
/* Room for `bytes` at the end; the caller adds to queue->end what it filled. */
char *queue_room(struct queue *queue, size_t bytes);
void queue_add(struct queue *queue, struct slice bytes);
void queue_take(struct queue *queue, size_t bytes);
/* Takes bytes out of the middle: [at, at + bytes) counted from the start. */
void queue_cut(struct queue *queue, size_t at, size_t bytes);
void queue_clear(struct queue *queue); /* wipes and frees */

#endif
