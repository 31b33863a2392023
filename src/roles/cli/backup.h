#ifndef RENDEZ_ROLES_CLI_BACKUP_H
#define RENDEZ_ROLES_CLI_BACKUP_H

#include "roles/archive/archive.h"
#include "roles/keyd/keyd.h"

/* Ports of the archive for the command line: keyd in this process, a bar on the terminal. */
struct keyd_ports {
    struct keyd *keyd;
    bool draws;
};
enum status backup_give_key(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                            struct secret **key, struct problem *why);
bool backup_draw(void *self, const struct archive_step *step);
void backup_draw_end(const struct keyd_ports *ports);

/* archive_open, after whoever works on the backups just now; some minutes at most. */
MUST_USE enum status backup_open(const struct config *config, struct keyd_ports *self, struct archive **out,
                                 struct problem *why);

#endif
