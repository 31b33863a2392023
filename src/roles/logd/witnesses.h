#ifndef RENDEZ_ROLES_LOGD_WITNESSES_H
#define RENDEZ_ROLES_LOGD_WITNESSES_H

#include "platform/ledger/ledger.h"
#include "platform/loop/loop.h"

/* The witnesses of log.witnesses, asked one checkpoint at a time and all at once (C2SP tlog-witness,
 * through libcurl in the loop). One that does not answer within two seconds leaves its line out. */
struct witnesses;

enum { WITNESSES_MAX = 7 };

/* Before the sandbox. setting: as witnesses_check has it. */
MUST_USE enum status witnesses_create(struct loop *loop, struct slice setting, struct witnesses **out,
                                      struct problem *why);
void witnesses_destroy(struct witnesses **witnesses); /* accepts NULL; `done` does not come */
size_t witnesses_count(const struct witnesses *witnesses);
/* Fills the ports that they are reached by, for the sandbox; at most `max`. */
size_t witnesses_ports(const struct witnesses *witnesses, uint16_t *ports, size_t max);

/* lines: those of the witnesses that signed, each checked. From the loop, once, never from inside. */
typedef void witnesses_done_fn(void *context, struct slice lines, const struct moment *at);
/* One at a time. Proofs come from the ledger, which stays as it is until `done`, but for appending. */
void witnesses_ask(struct witnesses *witnesses, struct ledger *ledger, struct slice checkpoint,
                   uint64_t size, witnesses_done_fn *done, void *context);

/* Asks no more of this checkpoint; `done` does not come. */
void witnesses_stop(struct witnesses *witnesses);

#endif
