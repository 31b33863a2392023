#include "roles/messages/told_queue.h"

enum { SLOT_BYTES_MAX = 16 * 1024 };

static struct told_waiting *slot_for(struct told_queue *queue, enum event event, struct slice signature)
{
    struct told_waiting *empty = NULL;
    for (size_t i = 0; i < TOLD_QUEUE_MAX; i++) {
        struct told_waiting *slot = &queue->slots[i];
        if (slot->count == 0)
            empty = slot;
        else if (slot->event == event && slice_equal(slot->signature, signature))
            return slot;
    }
    return empty;
}

bool told_queue_add(struct told_queue *queue, enum event event, const struct event_field *fields, size_t count,
                    struct instant now)
{
    struct arena *arena = arena_create(SLOT_BYTES_MAX * 2);
    struct slice_list words = told_words(fields, count, arena);
    struct slice signature = told_signature(&words, arena);
    struct told_waiting *slot = slot_for(queue, event, signature);
    if (slot == NULL) {
        arena_destroy(&arena);
        return false;
    }
    uint32_t before = slot->count;
    arena_destroy(&slot->arena);
    *slot = (struct told_waiting){before + 1, ++queue->added, event, now, arena, words, signature};
    return true;
}

struct told_waiting *told_queue_first(struct told_queue *queue)
{
    struct told_waiting *first = NULL;
    for (size_t i = 0; i < TOLD_QUEUE_MAX; i++) {
        struct told_waiting *slot = &queue->slots[i];
        if (slot->count > 0 && (first == NULL || slot->order < first->order))
            first = slot;
    }
    return first;
}

void told_queue_drop(struct told_waiting *waiting)
{
    arena_destroy(&waiting->arena);
    *waiting = (struct told_waiting){0};
}

void told_queue_clear(struct told_queue *queue)
{
    for (size_t i = 0; i < TOLD_QUEUE_MAX; i++)
        told_queue_drop(&queue->slots[i]);
}
