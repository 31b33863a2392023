#ifndef RENDEZ_ROLES_MESSAGES_DESK_H
#define RENDEZ_ROLES_MESSAGES_DESK_H

#include <sys/types.h>

#include "roles/messages/role.h"

/* The desk of a role: where the operator asks it, at run/NAME.sock. The parent opens the socket (mode
 * 0600) and hands it over; the kernel tells who asks, and only root, or who the role itself is, may.
 * A question is one line, a JSON object; its answer is one line or several, the last of which has a
 * member "status": "ok", or a status's name with "problem". Those before it tell how far it has come.
 * Roles that have one: role_has_desk. */
enum {
    DESK_QUESTION_MAX = 4 << 20, /* with a document in base64 */
    DESK_ANSWER_MAX = 32 << 20,
    DESK_CALLERS_MAX = 8,        /* a ninth waits in the socket */
    DESK_PATIENCE_MS = 10 * 1000 /* for the whole question */
};

struct desk;
struct desk_caller; /* who has asked one question */

/* `question` is the line, valid until this returns. The role answers at once or later; in the end it
 * calls desk_end once, whatever became of the caller. */
typedef void desk_fn(void *context, struct desk_caller *caller, struct slice question,
                     const struct moment *at);

/* Before role_enter; it opens with role_run's loop. ST_OK and *out NULL: no socket was handed over. */
MUST_USE enum status desk_create(struct role *role, desk_fn *fn, void *context, struct desk **out,
                                 struct problem *why);
void desk_destroy(struct desk **desk); /* accepts NULL */

/* A line of the answer, without its end. Nothing to one who has hung up. */
void desk_say(struct desk_caller *caller, struct slice line);
/* {"status": …, "problem": …} and the end. */
void desk_fail(struct desk_caller *caller, const struct problem *why);
void desk_end(struct desk_caller *caller);
/* Whether they have hung up: what is not finished then may be left. */
bool desk_has_left(const struct desk_caller *caller);

/* For tests: a desk at a listening socket that the caller owns; `owner` beside root may ask. */
MUST_USE enum status desk_open(struct loop *loop, int listening, uid_t owner, desk_fn *fn, void *context,
                               struct desk **out, struct problem *why);

/* The other side, for the command line. */
typedef void desk_line_fn(void *context, struct slice line);
/* Asks the role of that name of the service in `folders.run`; `each` (or NULL) gets every line but the last,
 * which is *answer, in the arena. The status is what that line says.
 *   patience_ms  without a line
 * ST_NOT_FOUND    no service runs there, or it has no such desk
 * ST_DENIED       only root and the service's own user may ask
 * ST_UNAVAILABLE  no line in time; it ended without an answer */
MUST_USE enum status desk_ask(const char *run_folder, const char *role, struct slice question,
                              int patience_ms, desk_line_fn *each, void *context, struct arena *arena,
                              struct slice *answer, struct problem *why);

#endif
