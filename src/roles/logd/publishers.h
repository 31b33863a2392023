#ifndef RENDEZ_ROLES_LOGD_PUBLISHERS_H
#define RENDEZ_ROLES_LOGD_PUBLISHERS_H

#include "platform/loop/loop.h"
#include "roles/logd/logbook.h"
#include "roles/messages/desk.h"

/* Who waits at the desk until what was logged by now is under a checkpoint (rendez log publish):
 * {"ask": "log.publish", "store": N, "identity": N}, the last numbers of both logs. */
struct publishers;
#define AUTO_PUBLISHERS __attribute__((cleanup(publishers_destroy))) struct publishers *
struct publishers *publishers_create(struct loop *loop);
void publishers_destroy(struct publishers **publishers); /* accepts NULL; before the desk goes */

enum { PUBLISHERS_WAIT_MS = 20 * 1000 };
void publishers_add(struct publishers *publishers, struct desk_caller *caller, int64_t store, int64_t identity,
                    const struct moment *at);
bool publishers_wait(const struct publishers *publishers); /* somebody does */

/* A checkpoint is made: of whom it will hold what they wait for. */
void publishers_begin(struct publishers *publishers, struct logbook *book);
/* It is on disk, with so many entries: those hear {"status": "ok", "entries": N}. */
void publishers_end(struct publishers *publishers, uint64_t entries);

#endif
