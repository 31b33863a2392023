#ifndef RENDEZ_DOMAIN_CASEFILE_FUZZ_PEOPLE_H
#define RENDEZ_DOMAIN_CASEFILE_FUZZ_PEOPLE_H

#include "domain/casefile/mask.h"

enum { FUZZ_PEOPLE_MAX = 8 };

/* What stands before the next `end`, which goes with it. */
static inline struct slice fuzz_take(struct slice *rest, char end)
{
    size_t len = 0;
    while (len < rest->len && rest->data[len] != end)
        len++;
    struct slice part = slice_sub(*rest, 0, len);
    *rest = slice_sub(*rest, len + 1, rest->len);
    return part;
}

/* "name|address|phone", ';' between them. */
static inline void fuzz_people(struct slice line, struct arena *arena, struct case_person_list *out)
{
    while (line.len > 0 && out->count < FUZZ_PEOPLE_MAX) {
        struct slice one = fuzz_take(&line, ';');
        struct case_person person = {.name = fuzz_take(&one, '|')};
        person.address = fuzz_take(&one, '|');
        person.phone = one;
        ARENA_PUSH(arena, out, person);
    }
}

#endif
