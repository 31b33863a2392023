#ifndef RENDEZ_ROLES_SPAWN_H
#define RENDEZ_ROLES_SPAWN_H

#include <sys/types.h>

#include "roles/messages/roles.h"

/* One process of a role: a fresh address space by exec, its own user, its channels on known
 * descriptors and nothing else. */
struct spawn {
    enum role_id id;
    int program;                      /* the role's (programs.h); it gets --role NAME --folder . --parent DEVICE:INODE */
    int control, config;              /* the role's end; rendez.conf, open */
    const char *folder;               /* of the installation; the role starts in it, so that it need
                                         not be let into the folders above */
    int secret;                       /* for ROLE_FD_SECRET, or -1 */
    int pages;                        /* api's, or -1 */
    int listen;                       /* api's or mailin's, or -1 */
    int redirect;                     /* api's, or -1 */
    int channels[ROLE_ID_COUNT_];     /* -1 where there is none */
    uid_t uid;                        /* and its group; 0: as we are */
    bool waiting;                     /* role_is_waiting */
};

/* The caller's descriptors stay open and its own. */
MUST_USE enum status spawn_role(const struct spawn *spawn, pid_t *pid, struct problem *why);

/* kill(2) of a role that runs as `uid`, also where we are root without CAP_KILL. */
void spawn_signal(pid_t pid, uid_t uid, int number);

#endif
