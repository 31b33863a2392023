#include "roles/messages/trial.h"

#include <stdio.h>
#include <stdlib.h>

struct trial trial_create(void)
{
    return (struct trial){.facts = buffer_create(TRIAL_FACTS_MAX)};
}

void trial_destroy(struct trial *trial)
{
    buffer_destroy(&trial->facts);
}

void trial_holds(struct trial *trial)
{
    if (trial->result == TRIAL_UNTRIED)
        trial->result = TRIAL_HOLDS;
}

void trial_fails(struct trial *trial, const char *cause)
{
    if (trial->result == TRIAL_FAILS)
        return;
    trial->result = TRIAL_FAILS;
    snprintf(trial->cause, sizeof trial->cause, "%s", cause);
}

void trial_fact(struct trial *trial, const char *name, struct slice value)
{
    if (trial->facts.len + strlen(name) + value.len + 2 > TRIAL_FACTS_MAX)
        return; /* a fact that does not fit is left out whole */
    buffer_add_format(&trial->facts, "%s%s=", trial->facts.len > 0 ? " " : "", name);
    for (size_t i = 0; i < value.len; i++)
        buffer_add_char(&trial->facts, (unsigned char)value.data[i] <= ' ' ? '_' : value.data[i]);
}

void trial_fact_format(struct trial *trial, const char *name, const char *format, va_list list)
{
    char *text = NULL;
    if (vasprintf(&text, format, list) < 0)
        return;
    trial_fact(trial, name, slice_from(text));
    free(text);
}
