#ifndef RENDEZ_ROLES_TROUBLES_H
#define RENDEZ_ROLES_TROUBLES_H

#include "base/bytes/bytes.h"
#include "platform/loop/loop.h"

/* Calendars that just now cannot be read, or not be written. Whose it is hears of it when it lasts; and
 * one that takes long to fail is left alone for a while, since everybody waits for the planner. */
enum {
    TROUBLES_MAX = 64,              /* more are retried all the same, but not told */
    TROUBLES_TELL_MS = 5 * 60 * 1000,
    TROUBLES_FORGET_MS = 30 * 60 * 1000, /* nobody has asked for so long: begins anew */
    TROUBLES_SLOW_MS = 2000,
    TROUBLES_REST_FIRST_MS = 5000,  /* doubled */
    TROUBLES_REST_LONGEST_MS = 60 * 1000,
    TROUBLE_ID_BYTES = 48,
};

struct trouble {
    char person[TROUBLE_ID_BYTES];
    size_t len;
    struct monotonic since, last, rests_until;
    int64_t rest_ms;
    bool due; /* to be told */
    bool told;
};
struct troubles {
    struct trouble items[TROUBLES_MAX];
    size_t count;
};

/* It failed at `at`, after so many milliseconds. */
void troubles_note(struct troubles *troubles, struct slice person, struct monotonic at, int64_t took_ms);
/* It went well. */
void troubles_clear(struct troubles *troubles, struct slice person);
/* It took long to fail, and is not to be asked again yet. */
bool troubles_rests(const struct troubles *troubles, struct slice person, struct monotonic at);
/* Somebody who is to be told, or NULL; troubles_told when that is done. */
const struct trouble *troubles_due(const struct troubles *troubles);
void troubles_told(struct troubles *troubles, struct slice person);

#endif
