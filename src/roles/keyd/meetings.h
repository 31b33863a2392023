#ifndef RENDEZ_ROLES_KEYD_MEETINGS_H
#define RENDEZ_ROLES_KEYD_MEETINGS_H

#include "base/bytes/bytes.h"

/* The meetings that are in progress, as the planner says: of each its organisation and who it is
 * assigned to. In memory only; MEETINGS_MAX at most, and what has no place is not known. */
struct meetings;
enum { MEETINGS_MAX = 200000, MEETING_TEXT_MAX = 64 };

struct meetings *meetings_create(void);
void meetings_destroy(struct meetings **meetings); /* accepts NULL */
void meetings_clear(struct meetings *meetings);

struct meeting_entry {
    struct slice id, organisation;
    struct slice assigned; /* person; empty: to nobody */
};
/* Adds or changes one. False: there is no place, or a text is empty (but `assigned`) or too long. */
MUST_USE bool meetings_put(struct meetings *meetings, const struct meeting_entry *entry);
void meetings_remove(struct meetings *meetings, struct slice id); /* or nothing, where it is not known */
/* Slices live until that meeting is changed. */
MUST_USE bool meetings_find(const struct meetings *meetings, struct slice id,
                            struct meeting_entry *out);
size_t meetings_count(const struct meetings *meetings);

#endif
