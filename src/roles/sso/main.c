/* sso's process: what OpenID providers say, asked by authd. It holds no secret of its own; a
 * provider's come with each question and go with its answer. */
#include <stdlib.h>

#include "roles/messages/mains.h"
#include "roles/sso/probes.h"
#include "roles/sso/relying.h"

enum { MEMORY_BYTES_MAX = 512 << 20 };

/* Of a question only channel and call are kept. */
static void answer(void *context, const struct sso_answer *answer)
{
    struct ipc_message *kept = context;
    struct problem why = {0};
    if (answer->status != ST_OK)
        event_log(EVENT_PROVIDER_REFUSED, field_status(answer->status),
                  field_id(KEY_PROBLEM, answer->problem));
    /* An authd that is gone has nobody to tell any more. */
    if (ipc_answer(kept, MESSAGE_SSO_ANSWER, answer, &why) != ST_OK)
        event_log(EVENT_PROVIDER_REFUSED, field_problem(&why));
    free(kept);
}

static void receive_ask(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct ipc_message *kept = must_calloc(1, sizeof *kept);
    (void)at;
    *kept = (struct ipc_message){.channel = message->channel, .call = message->call};
    relying_ask(context, message->object, answer, kept);
}

enum status sso_main(struct role *role, struct problem *why)
{
    struct relying *relying = NULL;
    struct sandbox_rules rules = {.memory_bytes_max = MEMORY_BYTES_MAX};
    TRY(relying_create(role_loop(role), &relying, why));
    role_handle(role, MESSAGE_SSO_ASK, receive_ask, relying);
    sso_probes(role);
    enum status status = role_enter(role, &rules, why);
    if (status == ST_OK)
        status = role_run(role, why);
    relying_destroy(&relying);
    return status;
}
