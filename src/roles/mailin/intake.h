#ifndef RENDEZ_ROLES_INTAKE_H
#define RENDEZ_ROLES_INTAKE_H

#include "roles/mailin/spool.h"
#include "roles/messages/role.h"

/* What happens to a message once it is whole: it is sealed with a key of its own from keyd
 * and put on disk (then, and only then, it is ours); handed to the reader; removed when
 * the planner has committed what it leads to. When a peer comes back or nothing has moved
 * for a while, it is handed over again: its id makes that harmless. */
struct intake;

enum {
    INTAKE_WINDOW = 4,            /* messages with the reader and planner at a time */
    INTAKE_KEY_MS = 20 * 1000,    /* keyd's time; then "try again later" */
    INTAKE_AGAIN_MS = 60 * 1000,  /* a message that nobody has finished is sent again */
    INTAKE_PAUSE_MS = 2 * 1000,   /* after a failure of the disk or of keyd */
    READER_DEATHS_MAX = 3,        /* a message that the reader does not survive */
    PLANNER_DEATHS_MAX = 10,
};

/* Before role_enter: registers the handlers. */
MUST_USE enum status intake_create(struct role *role, struct spool *spool, struct intake **out,
                                   struct problem *why);
void intake_destroy(struct intake **intake);
/* Takes up what waits in the spool; once no other process writes there. */
MUST_USE enum status intake_open(struct intake *intake, struct problem *why);
/* Hands nothing over any more; what comes is still sealed and put on disk. */
void intake_leave(struct intake *intake);

/* Takes a message; with a reason in `unreadable` ("too_large": raw is only its head) it goes
 * to a person instead of the reader. `done` is called once, from the loop or from inside: ST_OK when it is
 * sealed and on disk; ST_LIMIT: the disk is full; ST_UNAVAILABLE: try again later.
 * intake_cancel: `done` will not be called (the message may still come in). */
typedef void intake_done_fn(void *context, struct slice id, enum status status);
struct intake_offer;
struct intake_offer *intake_offer(struct intake *intake, const struct envelope *envelope,
                                  struct slice raw, struct slice unreadable, intake_done_fn *done,
                                  void *context);
void intake_cancel(struct intake_offer *offer); /* accepts NULL */

/* From role_on_peer: says again what the peer's predecessor had not answered. */
void intake_peer(struct intake *intake, enum role_id peer);

/* Messages that are ours and not yet handled. */
size_t intake_waiting(const struct intake *intake);

#endif
