#include "base/arena/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t size, used;
    bool zero; /* it is, as yet: made for one object */
    _Alignas(ALIGNMENT) unsigned char data[];
};

struct arena {
    struct block *blocks; /* the newest first */
    size_t used, max;
    bool wiped;
};

static void die(const char *what)
{
    fprintf(stderr, "arena: %s\n", what);
    abort();
}

void *must_calloc(size_t count, size_t bytes)
{
    void *memory = calloc(count == 0 ? 1 : count, bytes);
    if (memory == NULL)
        die("out of memory");
    return memory;
}

static struct arena *create(size_t bytes_max, bool wiped)
{
    struct arena *arena = must_calloc(1, sizeof *arena);
    arena->max = bytes_max;
    arena->wiped = wiped;
    return arena;
}

struct arena *arena_create(size_t bytes_max)
{
    return create(bytes_max, false);
}

struct arena *arena_create_wiped(size_t bytes_max)
{
    return create(bytes_max, true);
}

/* Frees the blocks but for `kept`. */
static void free_blocks(struct arena *arena, const struct block *kept)
{
    for (struct block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        if (arena->wiped)
            explicit_bzero(block->data, block->used);
        if (block != kept)
            free(block);
    }
}

void arena_destroy(struct arena **arena)
{
    if (*arena == NULL)
        return;
    free_blocks(*arena, NULL);
    free(*arena);
    *arena = NULL;
}

void arena_clear(struct arena *arena)
{
    struct block *kept = arena->blocks;
    while (kept != NULL && kept->size != BLOCK_BYTES)
        kept = kept->next;
    free_blocks(arena, kept);
    if (kept != NULL) {
        kept->next = NULL;
        kept->used = 0;
    }
    arena->blocks = kept;
    arena->used = 0;
}

static struct block *add_block(struct arena *arena, size_t bytes)
{
    const bool large = bytes > BLOCK_BYTES / 4;
    const size_t size = large ? bytes : BLOCK_BYTES;
    /* calloc knows pages that are zero as they come from the kernel, and does not touch them */
    struct block *block = large ? calloc(1, sizeof *block + size) : malloc(sizeof *block + size);
    if (block == NULL)
        die("out of memory");
    block->size = size;
    block->used = 0;
    block->zero = large;
    /* A large object gets its own block behind the newest, which keeps serving small ones. */
    if (size != BLOCK_BYTES && arena->blocks != NULL) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGNMENT)
        die("size overflow");
    size_t rounded = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (rounded == 0)
        rounded = ALIGNMENT;
    if (rounded > arena->max - arena->used)
        die("cap exceeded: a parser did not bound its work");
    struct block *block = arena->blocks;
    if (block == NULL || rounded > block->size - block->used)
        block = add_block(arena, rounded);
    void *memory = block->data + block->used;
    block->used += rounded;
    arena->used += rounded;
    if (!block->zero)
        memset(memory, 0, rounded);
    block->zero = false;
    return memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        die("size overflow");
    return arena_alloc(arena, bytes);
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

size_t arena_room(const struct arena *arena)
{
    return arena->max - arena->used;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    assert(count <= *capacity);
    if (count < *capacity)
        return items;
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    void *moved = arena_alloc_array(arena, wanted, size);
    if (count > 0)
        memcpy(moved, items, count * size);
    *capacity = wanted;
    return moved;
}
