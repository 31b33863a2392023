#ifndef RENDEZ_ROLES_DELIVERED_H
#define RENDEZ_ROLES_DELIVERED_H

#include "base/bytes/bytes.h"
#include "base/problem/problem.h"

/* What the MTA has taken: the last outbox ids, in memory and in a file of fixed size. A planner that
 * has not written that down and asks again, after whatever death of it or of mailout, gets the answer
 * and not a second mail. No content, no addresses. */
struct delivered;

enum { DELIVERED_MAX = 4096, DELIVERED_ID_BYTES = 64 };

/* Before the sandbox: afterwards only the open descriptor is used.
 *   path  of the file, made if it is not there; NULL: memory only */
MUST_USE enum status delivered_open(const char *path, struct delivered **out, struct problem *why);
/* Again, when another process has written there since. */
MUST_USE enum status delivered_read(struct delivered *delivered, struct problem *why);
void delivered_close(struct delivered **delivered); /* accepts NULL */

bool delivered_has(const struct delivered *delivered, struct slice id);
/* On disk when it returns ST_OK; in memory in any case. */
MUST_USE enum status delivered_note(struct delivered *delivered, struct slice id, struct problem *why);

#endif
