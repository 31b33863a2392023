#ifndef RENDEZ_ROLES_MESSAGES_ROLE_PROBES_H
#define RENDEZ_ROLES_MESSAGES_ROLE_PROBES_H

#include "roles/messages/probe.h"

/* What the role itself answers (confined.h), for role.c and, of its own process, the prober. */
void role_tell_process(const struct role *role, struct trial *trial);
void role_try_confined(const struct role *role, struct trial *trial);
struct trial *probe_trial(struct probe *probe);

/* The list of a role's questions; for role.c alone. */
enum { ROLE_PROBES_MAX = 64 };
struct role_probe {
    const char *question;
    probe_fn *fn;
    void *context;
};
struct role_probes {
    struct role_probe items[ROLE_PROBES_MAX];
    size_t count;
};
void role_probes_add(struct role_probes *probes, const char *question, probe_fn *fn, void *context);
void role_probes_answer(const struct role_probes *probes, const struct ipc_message *message,
                        const struct moment *at);

#endif
