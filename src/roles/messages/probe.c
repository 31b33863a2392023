#include "roles/messages/probe.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "roles/messages/role_probes.h"

struct probe {
    struct trial trial;
    struct slice argument;
    struct arena *arena;
    const struct moment *at;
};

struct slice probe_argument(const struct probe *probe)
{
    return probe->argument;
}

struct arena *probe_arena(struct probe *probe)
{
    return probe->arena;
}

const struct moment *probe_moment(const struct probe *probe)
{
    return probe->at;
}

enum status probe_holds(struct probe *probe)
{
    trial_holds(&probe->trial);
    return ST_OK;
}

enum status probe_fails(struct probe *probe, const char *cause)
{
    trial_fails(&probe->trial, cause);
    return ST_OK;
}

void probe_fact(struct probe *probe, const char *name, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    trial_fact_format(&probe->trial, name, format, list);
    va_end(list);
}

struct trial *probe_trial(struct probe *probe)
{
    return &probe->trial;
}

void role_probes_add(struct role_probes *probes, const char *question, probe_fn *fn, void *context)
{
    assert(probes->count < ROLE_PROBES_MAX);
    probes->items[probes->count++] = (struct role_probe){question, fn, context};
}

static const struct role_probe *find(const struct role_probes *probes, struct slice question)
{
    for (size_t i = 0; i < probes->count; i++)
        if (slice_equal(question, slice_from(probes->items[i].question)))
            return &probes->items[i];
    return NULL;
}

void role_probes_answer(const struct role_probes *probes, const struct ipc_message *message,
                        const struct moment *at)
{
    const struct probe_asked *asked = message->object;
    const struct role_probe *own = find(probes, asked->question);
    struct probe probe = {trial_create(), asked->argument, message->arena, at};
    struct problem why = {0};
    struct probe_found found = {
        .status = own == NULL ? problem_set(&why, ST_NOT_FOUND, "no such question here")
                              : own->fn(&probe, own->context, &why),
    };
    if (probe.trial.result == TRIAL_FAILS)
        found.status = ST_OK; /* though the rest could not be tried */
    if (found.status == ST_OK && probe.trial.result == TRIAL_UNTRIED)
        found.status = problem_set(&why, ST_UNAVAILABLE, "the probe found nothing out");
    found.result = found.status == ST_OK ? probe.trial.result : TRIAL_UNTRIED;
    found.cause = slice_from(probe.trial.cause);
    found.facts = buffer_slice(&probe.trial.facts);
    found.problem = slice_from(why.detail);
    if (ipc_answer(message, MESSAGE_PROBED, &found, &why) != ST_OK)
        event_log(EVENT_CHANNEL_CLOSED, field_problem(&why)); /* the prober asks again */
    trial_destroy(&probe.trial);
}
