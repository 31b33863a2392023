#ifndef RENDEZ_ROLES_MESSAGES_PROBE_H
#define RENDEZ_ROLES_MESSAGES_PROBE_H

#include "roles/messages/role.h"

/* Questions of the prober that a role answers from inside: its own code, in its own sandbox, on its
 * real data, changing nothing. A probe goes through the code that serves, never through a copy of its
 * rule. controls/README.md */

struct probe;
/* Says probe_holds or probe_fails; ST_OK without either, and any failure, mean that it could not be
 * tried. A step of a longer trial may take 5 s; while it lasts the role serves nobody. */
typedef enum status probe_fn(struct probe *probe, void *context, struct problem *why);

/* Before role_enter. A question is asked by its name, which is a literal. */
void role_on_probe(struct role *role, const char *question, probe_fn *fn, void *context);

struct slice probe_argument(const struct probe *probe);
struct arena *probe_arena(struct probe *probe); /* wiped; of this question */
const struct moment *probe_moment(const struct probe *probe);

MUST_USE enum status probe_holds(struct probe *probe); /* ST_OK */
/* cause: an id of the control's words. Then facts, as for probe_fact; the first failure stays. ST_OK */
MUST_USE enum status probe_fails(struct probe *probe, const char *cause);
/* Names, numbers, digests, fixed words of ours: never personal data. */
void probe_fact(struct probe *probe, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
