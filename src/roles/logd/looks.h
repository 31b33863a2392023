#ifndef RENDEZ_ROLES_LOGD_LOOKS_H
#define RENDEZ_ROLES_LOGD_LOOKS_H

#include "roles/logd/logbook.h"

/* The newest figure of second looks that stands in the log (supervision.looks.counted): what is published is what can be
 * verified. Found by going through what is under a checkpoint, a part at each call. All zero: nothing was looked at yet. */
struct log_looks {
    uint64_t next; /* entries before it were looked at */
    bool begun;
    uint64_t entry; /* its number, where there is one */
    struct instant at; /* 0: there is none */
    struct civil_date from, until;
    uint32_t looks, wrong;
};

/* Goes on. *all: up to the newest checkpoint. What cannot be read is looked at again. */
MUST_USE enum status log_looks_follow(struct log_looks *looks, struct ledger *ledger, bool *all, struct problem *why);

#endif
