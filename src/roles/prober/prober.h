#ifndef RENDEZ_ROLES_PROBER_PROBER_H
#define RENDEZ_ROLES_PROBER_PROBER_H

#include "roles/prober/check.h"

/* A check under way; prober/main.c makes it, the files of this folder use it. */
struct check {
    struct role *role;
    struct trial trial;
    struct arena *arena;
    struct instant now;
    int64_t deadline_ms; /* of the monotonic clock */
    const char *proc;    /* "/proc", or a test's */
};

/* Every check there is, made from controls/ by the build. */
struct check_row {
    const char *control;
    enum status (*run)(struct check *c, struct problem *why);
};
extern const struct check_row check_rows[];
extern const size_t check_row_count;

/* Runs the check of a control; *found is in the arena. A control without one is not tried. */
void prober_run(struct role *role, struct slice control, struct instant now, struct arena *arena,
                struct check_found *found);

#endif
