#ifndef RENDEZ_ROLES_INHERIT_H
#define RENDEZ_ROLES_INHERIT_H

#include "roles/messages/role.h"

/* Descriptors that a process gets by name from whoever executes it, as sd_listen_fds(3) has it:
 * from 3 on, with LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES in the environment. So one way serves
 * systemd's socket units, the version before, and the version after. */

enum { INHERIT_MAX = 64, INHERIT_NAME_BYTES = 24, INHERIT_NAMES_BYTES = INHERIT_MAX * INHERIT_NAME_BYTES };

struct inherited {
    size_t count;
    struct {
        char name[INHERIT_NAME_BYTES];
        int fd; /* -1: taken */
    } items[INHERIT_MAX];
};

/* What the environment speaks of, which is cleared of it. They are closed on exec from now on. */
void inherit_read(struct inherited *inherited);
/* -1: none of that name, or taken already. It is the caller's. */
int inherit_take(struct inherited *inherited, const char *name);
/* The place of it, for one who may leave it there; NULL: there never was one. */
int *inherit_find(struct inherited *inherited, const char *name);
void inherit_close(struct inherited *inherited); /* what nobody took */

/* Adds one to a list for inherit_exec; -1 is left out. It stays the caller's. */
void inherit_add(struct inherited *list, const char *name, int fd);
/* "a:b:c", as LISTEN_FDNAMES has them. */
struct slice inherit_names(const struct inherited *list, struct arena *arena);

/* Becomes another program, with these descriptors and no others. Returns only when it cannot. */
void inherit_exec(int program, char *const *argv, const struct inherited *list);

#endif
