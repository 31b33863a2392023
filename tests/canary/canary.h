#ifndef RENDEZ_TESTS_CANARY_H
#define RENDEZ_TESTS_CANARY_H

#include "base/bytes/bytes.h"

/* Strings that occur nowhere else, to be sent through everything that handles private
 * text, and a search for them in all files of a folder: as they are, in UTF-16 of both
 * orders, reversed, in hexadecimal, and in base64 at each of the three alignments. */
struct canaries;
#define AUTO_CANARIES __attribute__((cleanup(canaries_destroy))) struct canaries *

enum { CANARY_LENGTH = 24 };

/* The same seed gives the same strings; only letters, so that every format takes them. */
struct canaries *canaries_create(size_t count, uint64_t seed);
void canaries_destroy(struct canaries **canaries);
struct slice canary(const struct canaries *canaries, size_t index);

struct canary_hit {
    struct slice file;
    const char *form; /* "plain", "base64", … */
    size_t index, offset;
};
struct canary_search {
    size_t files, bytes; /* looked through */
    struct canary_hit *items;
    size_t count, capacity;
};
/* In every regular file below `folder`; at most 100 hits. A folder that cannot be read is
 * an error: what was not searched is not clean. */
MUST_USE enum status canaries_search(const struct canaries *canaries, const char *folder,
                                     struct arena *arena, struct canary_search *out,
                                     struct problem *why);

#endif
