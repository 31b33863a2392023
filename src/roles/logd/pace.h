#ifndef RENDEZ_ROLES_LOGD_PACE_H
#define RENDEZ_ROLES_LOGD_PACE_H

#include <stdbool.h>

#include "platform/loop/loop.h"

/* When checkpoints are made: two seconds after an entry, and a minute after the one before was begun in any case. No clock of its
 * own: who uses it says what time it is. */
enum { PACE_HURRY_MS = 100, PACE_SOON_MS = 2000, PACE_IDLE_MS = 60 * 1000 };

struct pace {
    bool fresh;      /* there are entries that the one before, or the one being made, does not cover */
    bool publishing; /* one is being made: witnesses are asked */
    bool covers;     /* that one covers fresh entries */
    struct monotonic begun; /* the last one */
    struct monotonic due;   /* the next one; not while one is made */
};

/* The log is open: the first one at once, of what is there. */
void pace_open(struct pace *pace, struct monotonic now);
/* Entries are on disk. */
void pace_entries(struct pace *pace, struct monotonic now);
bool pace_is_due(const struct pace *pace, struct monotonic now);
/* Somebody waits for the next one. */
void pace_hurry(struct pace *pace, struct monotonic now);
/* One is being made, of all that is there; and is made, or is given up. */
void pace_begin(struct pace *pace, struct monotonic now);
void pace_end(struct pace *pace, struct monotonic now);

#endif
