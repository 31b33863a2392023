/* The log: ledger FOLDER ENTRIES [BATCH]. Durable entries a second when BATCH callers wait for
 * each fdatasync together, with a checkpoint a second; the folder stays, for rendez-verify. */
#include <stdio.h>
#include <stdlib.h>

#include "platform/ledger/ledger.h"

static void die(const struct problem *why)
{
    fprintf(stderr, "ledger: %s\n", why->detail);
    exit(1);
}

int main(int argc, char **argv)
{
    struct problem why = {0};
    if (argc < 3) {
        fprintf(stderr, "usage: ledger FOLDER ENTRIES [BATCH]\n");
        return 2;
    }
    size_t wanted = strtoul(argv[2], NULL, 10), batch = argc > 3 ? strtoul(argv[3], NULL, 10) : 64;
    AUTO_SECRET seed = secret_random(32);
    AUTO_LEDGER ledger = NULL;
    AUTO_ARENA arena = arena_create(64 << 20);
    struct slice key;
    if (ledger_open(argv[1], LIT("bench.example/log"), seed, &ledger, &why) != ST_OK ||
        ledger_public_key(LIT("bench.example/log"), seed, 1, arena, &key, &why) != ST_OK)
        die(&why);
    int64_t start = clock_monotonic_ms(), published = start, longest = 0;
    struct slice *entries = ARENA_ARRAY(arena, batch, struct slice);
    for (size_t done = 0; done < wanted;) {
        AUTO_ARENA texts = arena_create(8 << 20);
        size_t count = wanted - done < batch ? wanted - done : batch;
        for (size_t i = 0; i < count; i++)
            entries[i] = arena_format(texts, "1 %lld key.lease.opened organisation=acme meeting=m_%zu purpose=planning",
                                      (long long)(1764100800000000 + (int64_t)(done + i)), done + i);
        if (ledger_append(ledger, entries, count, NULL, &why) != ST_OK)
            die(&why);
        done += count;
        if (clock_monotonic_ms() - published < 1000 && done < wanted)
            continue;
        int64_t before = clock_monotonic_ms();
        if (ledger_publish(ledger, false, NULL, NULL, &why) != ST_OK)
            die(&why);
        published = clock_monotonic_ms();
        longest = published - before > longest ? published - before : longest;
    }
    double seconds = (double)(clock_monotonic_ms() - start) / 1000;
    printf("%zu entries in batches of %zu: %.0f a second, all durable; the longest publishing took %lld ms\n",
           wanted, batch, (double)wanted / seconds, (long long)longest);
    printf("key %.*s\n", SLICE_ARG(key));
    return 0;
}
