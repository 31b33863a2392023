#ifndef RENDEZ_BASE_ARENA_H
#define RENDEZ_BASE_ARENA_H

#include <stddef.h>

/* Zeroed memory for what lives longer than a unit of work; for free(). Never NULL: without
 * memory the process ends with a line that says so, and the parent starts it again. */
void *must_calloc(size_t count, size_t bytes) __attribute__((malloc, returns_nonnull));

/* Memory for one unit of work: a mail, a request, an IPC message. All of it is
 * freed at once by arena_destroy. */
struct arena;

#define AUTO_ARENA __attribute__((cleanup(arena_destroy))) struct arena *

/* bytes_max  the most that may be allocated from it; parsers bound their own work
 *            (ST_LIMIT), so reaching the cap is a bug and ends the process. */
struct arena *arena_create(size_t bytes_max);

/* The same; every byte is wiped at destroy and clear. For decrypted content. */
struct arena *arena_create_wiped(size_t bytes_max);

/* Accepts NULL; sets *arena to NULL. */
void arena_destroy(struct arena **arena);

/* Takes back all that was handed out, for the next unit of work; keeps a block or none. */
void arena_clear(struct arena *arena);

/* Zeroed, aligned for any type, never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes) __attribute__((malloc, returns_nonnull));

/* `count` zeroed objects of `size` bytes; the product is checked. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);
/* Bytes left under the cap: for decoders whose input decides how much they allocate. */
size_t arena_room(const struct arena *arena);

/* Grows an array kept in the arena: returns room for at least count + 1 objects,
 * moving them when *capacity is exhausted. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* Appends one object to a {items, count, capacity} list. */
#define ARENA_PUSH(arena, list, value)                                                             \
    do {                                                                                           \
        if ((list)->count == (list)->capacity)                                                     \
            (list)->items = arena_grow((arena), (list)->items, (list)->count, &(list)->capacity,   \
                                       sizeof *(list)->items);                                     \
        (list)->items[(list)->count++] = (value);                                                  \
    } while (0)

#endif
