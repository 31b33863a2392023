#ifndef RENDEZ_ROLES_ARCHIVE_LOOK_H
#define RENDEZ_ROLES_ARCHIVE_LOOK_H

#include "roles/archive/internal.h"

/* A set that is tried: verify.c restores it into an empty place, and what is there then goes through the
 * functions below. Their status is ST_OK, or why the set is not good is in look->own (ST_UNAVAILABLE: it could
 * not be tried). */
struct look {
    struct archive *archive;
    struct arena *arena;
    const char *at;            /* where it was restored to */
    const struct set_row *row;
    struct archive_found *found;
    struct instant now;
    int64_t opened_ms;         /* when keyd last gave the set's key: it opens what is in a set for a time after that */
    struct secret *made_up;    /* wraps keys of meetings that the exercise makes; NULL: none yet */
    struct problem own;        /* what is wrong with the set */
    struct problem away;       /* keyd could not be asked, or the work was stopped; ST_OK: neither */
    struct problem fault;      /* of the first row that does not open */
};
const char *restored(const struct look *look, const char *path);

/* keyd, between whose answers the work may be stopped. ST_UNAVAILABLE is noted in look->away. */
MUST_USE enum status look_ask(struct look *look, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                              struct secret **key, struct problem *why);

MUST_USE enum status try_identities(struct look *look);
MUST_USE enum status try_evidence(struct look *look);
MUST_USE enum status try_store(struct look *look);

#endif
