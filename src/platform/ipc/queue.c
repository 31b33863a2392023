#include "platform/ipc/queue.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_MIN = 16 * 1024, CAPACITY_KEPT = 256 * 1024 };

/* Not realloc: it would leave the old bytes behind unwiped. */
static void move_to(struct queue *queue, size_t capacity)
{
    char *data = malloc(capacity);
    if (data == NULL) {
        fprintf(stderr, "ipc: out of memory\n");
        abort();
    }
    size_t len = queue_len(queue);
    if (queue->data != NULL) {
        memcpy(data, queue->data + queue->start, len);
        explicit_bzero(queue->data, queue->end);
        free(queue->data);
    }
    *queue = (struct queue){data, 0, len, capacity};
}

char *queue_room(struct queue *queue, size_t bytes)
{
    if (queue->capacity - queue->end >= bytes && queue->data != NULL)
        return queue->data + queue->end;
    size_t need = queue_len(queue) + bytes;
    if (queue->data != NULL && need <= queue->capacity && queue->start >= queue->capacity / 2) {
        size_t len = queue_len(queue);
        memmove(queue->data, queue->data + queue->start, len);
        explicit_bzero(queue->data + len, queue->end - len);
        queue->start = 0;
        queue->end = len;
        return queue->data + len;
    }
    size_t capacity = queue->capacity < CAPACITY_MIN ? CAPACITY_MIN : queue->capacity;
    while (capacity < need)
        capacity += capacity / 2;
    move_to(queue, capacity);
    return queue->data + queue->end;
}

void queue_add(struct queue *queue, struct slice bytes)
{
    char *at = queue_room(queue, bytes.len);
    if (bytes.len > 0)
        memcpy(at, bytes.data, bytes.len);
    queue->end += bytes.len;
}

void queue_take(struct queue *queue, size_t bytes)
{
    assert(bytes <= queue_len(queue));
    if (bytes == 0)
        return;
    explicit_bzero(queue->data + queue->start, bytes);
    queue->start += bytes;
    if (queue->start < queue->end)
        return;
    queue->start = queue->end = 0;
    if (queue->capacity > CAPACITY_KEPT)
        queue_clear(queue);
}

void queue_cut(struct queue *queue, size_t at, size_t bytes)
{
    assert(at + bytes <= queue_len(queue));
    if (at == 0) {
        queue_take(queue, bytes);
        return;
    }
    char *from = queue->data + queue->start + at;
    size_t rest = queue_len(queue) - at - bytes;
    memmove(from, from + bytes, rest);
    explicit_bzero(from + rest, bytes);
    queue->end -= bytes;
}

void queue_clear(struct queue *queue)
{
    if (queue->data != NULL) {
        explicit_bzero(queue->data, queue->end);
        free(queue->data);
    }
    *queue = (struct queue){0};
}
