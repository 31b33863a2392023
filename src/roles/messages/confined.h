#ifndef RENDEZ_ROLES_MESSAGES_CONFINED_H
#define RENDEZ_ROLES_MESSAGES_CONFINED_H

#include "roles/config/config.h"
#include "roles/messages/roles.h"
#include "roles/messages/trial.h"

/* What every role answers of its own process, for role.c and the prober.
 *   "process"   facts only: pid, parent, user, device and inode of the program that runs, parent_device and parent_inode of
 *               the one that started it
 *   "confined"  tries what this role may not, as an intruder in it would: files, sockets, memory, channels of others.
 *               Only what is refused by an answer: what is killed for is in tests/roles/test_sandbox.c. Causes:
 *               "opens_file", "makes_socket", "listens", "has_channel"; fact `what`. */
struct program_id {
    uint64_t device, inode; /* 0: not known */
};
/* "DEVICE:INODE", as rendezd writes it. */
MUST_USE bool program_parse(struct slice text, struct program_id *out);

struct own_process {
    int64_t pid, parent, user;
    struct program_id program, started_by;
    int landlock;           /* sandbox_landlock_abi */
    uint64_t channels[ROLE_ID_COUNT_]; /* inode of the socket that was that peer's channel at the start; 0: none */
};
struct own_process own_process_see(struct program_id started_by); /* before the sandbox */
void own_process_tell(const struct own_process *own, struct trial *trial);

struct confined {
    enum role_id id;
    unsigned may; /* what the sandbox was entered with */
    const struct config *config;
    const struct own_process *own;
};
void confined_try(const struct confined *self, struct trial *trial);
/* Whether there is a channel to a role that this one does not talk with: *peer. */
bool confined_has_channel(const struct confined *self, enum role_id *peer);

#endif
