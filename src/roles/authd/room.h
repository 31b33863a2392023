#ifndef RENDEZ_ROLES_AUTHD_ROOM_H
#define RENDEZ_ROLES_AUTHD_ROOM_H

#include "platform/identity/certificates.h"
#include "platform/identity/door.h"
#include "roles/authd/internal.h"

/* The supervision room: who came in by its door, and what its gateways and recorders say. doc/supervision.md. */

enum {
    DOOR_CLOCK_S = 600,  /* an entry may seem to be so much later than the session: clocks differ */
    DOOR_WAIT_S = 30,    /* so long an entry has to be imported */
    DOOR_KEEP_DAYS = 90,
    DOOR_LOG_HOURS = 24, /* a log that is older is missing */
};

/* What came of an import. */
struct door_taken {
    struct door_import import;
    size_t first_refused; /* number of the first line that was; 0: none */
};
/* The log of the door system, as it was at `as_of`; in a transaction of its own. For whoever has the keys.
 * As door_read; ST_INVALID: of a time to come, too. */
MUST_USE enum status authd_import_door(struct authd *authd, struct slice text, struct instant as_of, struct instant now,
                                       struct door_taken *out, struct problem *why);
/* number empty: none any more. ST_NOT_FOUND, ST_CONFLICT as identity_set_badge; ST_INVALID: no badge's number. */
MUST_USE enum status authd_set_badge(struct authd *authd, struct slice account, struct slice number, struct instant now,
                                     struct problem *why);

/* Whether whoever began that session had come in by a biometric method on that day, as far as we know. */
MUST_USE enum status door_entered(struct authd *authd, const struct session *session, bool *entered, struct problem *why);
/* Of a question of the console: refuses with "door" where settings want it and there is no entry. */
MUST_USE enum status door_check(struct call *call);

/* Devices of a kind, as they last said. */
struct room_verdict {
    size_t devices, bad;
    const char *cause; /* of the first that is bad: "late", a word of ours that it said, or "other"; NULL: none is */
};
/*   all  also those that have not said anything yet */
MUST_USE enum status room_judge(struct authd *authd, enum device_kind kind, struct instant now, bool all,
                                struct room_verdict *out, struct problem *why);
/* Sessions of the console that are DOOR_WAIT_S old, and of whom no entry is there. */
MUST_USE enum status door_missed(struct authd *authd, struct instant now, struct arena *arena, struct session_list *out,
                                 struct problem *why);
/* The same; each is noted once, in the log and as an alert. *missed: how many there are now. */
MUST_USE enum status door_look(struct authd *authd, struct instant now, size_t *missed, struct problem *why);

/* About once a second: alerts, and their ends. */
void room_turn(struct authd *authd, struct instant now);

#endif
