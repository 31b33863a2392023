/* Seals and opens values of the given sizes for a second each; prints "size sealed opened",
 * both in bytes a second. usage: seal SIZE… */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "platform/vault/vault.h"

enum { SIZE_MAX_BYTES = 1 << 20, ROUND = 8 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void give_up(const struct problem *why)
{
    fprintf(stderr, "seal: %s\n", why->detail);
    exit(1);
}

/* One arena a round: a transaction seals about as many values. */
static void run_round(const struct secret *key, struct slice plain, const struct sealed *opened)
{
    struct seal_place place = {LIT("org_bench"), LIT("meeting"), LIT("record"), LIT("m_bench"), 1};
    struct problem why;
    AUTO_ARENA arena = arena_create_wiped((size_t)ROUND * (SIZE_MAX_BYTES + 4096));
    for (int i = 0; i < ROUND; i++) {
        struct sealed sealed;
        struct slice out;
        enum status status = opened == NULL ? vault_seal(key, &place, plain, arena, &sealed, &why)
                                            : vault_open(key, &place, *opened, arena, &out, &why);
        if (status != ST_OK)
            give_up(&why);
    }
}

static double bytes_per_s(const struct secret *key, struct slice plain, const struct sealed *opened)
{
    double start = now_s(), end = start;
    size_t rounds = 0;
    for (; end - start < 1; end = now_s(), rounds++)
        run_round(key, plain, opened);
    return (double)(rounds * ROUND) * (double)plain.len / (end - start);
}

static void measure(size_t size)
{
    struct seal_place place = {LIT("org_bench"), LIT("meeting"), LIT("record"), LIT("m_bench"), 1};
    struct problem why;
    struct sealed sealed;
    AUTO_ARENA arena = arena_create(4 * SIZE_MAX_BYTES);
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    char *bytes = arena_alloc(arena, size);
    vault_random(bytes, size);
    struct slice plain = {bytes, size};
    if (vault_seal(key, &place, plain, arena, &sealed, &why) != ST_OK)
        give_up(&why);
    double sealing = bytes_per_s(key, plain, NULL);
    printf("%zu %.0f %.0f\n", size, sealing, bytes_per_s(key, plain, &sealed));
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size = strtoul(argv[i], NULL, 10);
        if (size == 0 || size > SIZE_MAX_BYTES) {
            fprintf(stderr, "seal: a size is 1 to %d bytes\n", SIZE_MAX_BYTES);
            return 2;
        }
        measure(size);
    }
    return 0;
}
