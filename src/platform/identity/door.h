#ifndef RENDEZ_PLATFORM_IDENTITY_DOOR_H
#define RENDEZ_PLATFORM_IDENTITY_DOOR_H

#include "formats/door/door.h"
#include "platform/identity/identity.h"

/* The door of the supervision room, as rows. doc/supervision.md, "Door". */

/* A person has one badge: this one in place of the one before; hash empty: none.
 * ST_CONFLICT: it is somebody else's. ST_NOT_FOUND: no such account. */
MUST_USE enum status identity_set_badge(struct identity *identity, struct slice account, struct slice hash,
                                        struct problem *why);
/* ST_NOT_FOUND: nobody's. */
MUST_USE enum status identity_find_badge(struct identity *identity, struct slice hash, struct arena *arena,
                                         struct slice *account, struct problem *why);

struct door_entry {
    struct slice account;
    struct instant at;
    enum door_method method;
};
/* *added: it was not there yet. */
MUST_USE enum status identity_add_entry(struct identity *identity, const struct door_entry *entry, bool *added,
                                        struct problem *why);
/* Whether they came in by that method between the two, both included. */
MUST_USE enum status identity_has_entry(struct identity *identity, struct slice account, enum door_method method,
                                        struct instant from, struct instant to, bool *has, struct problem *why);

struct door_import {
    struct instant imported, as_of; /* us 0: never */
    uint32_t taken, unknown, refused;
};
MUST_USE enum status identity_save_import(struct identity *identity, const struct door_import *import, struct problem *why);
/* The last one; all 0: none yet. */
MUST_USE enum status identity_load_import(struct identity *identity, struct arena *arena, struct door_import *out,
                                          struct problem *why);

/* *first: of that session it was not known yet. */
MUST_USE enum status identity_note_missed(struct identity *identity, struct slice session, struct slice account,
                                          struct instant at, bool *first, struct problem *why);
/* What is older. */
MUST_USE enum status identity_purge_door(struct identity *identity, struct instant before, struct problem *why);

#endif
