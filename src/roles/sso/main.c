/* sso's process: what OpenID providers say, asked by authd. */
#include "roles/messages/mains.h"

static void receive_ask(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct sso_answer answer = {.status = ST_UNAVAILABLE, .problem = LIT("no provider can be asked")};
    struct problem why;
    (void)context, (void)at;
    if (ipc_answer(message, MESSAGE_SSO_ANSWER, &answer, &why) != ST_OK)
        event_log(EVENT_CHANNEL_CLOSED, field_problem(&why));
}

enum status sso_main(struct role *role, struct problem *why)
{
    struct sandbox_rules rules = {.memory_bytes_max = 256 << 20};
    role_handle(role, MESSAGE_SSO_ASK, receive_ask, NULL);
    TRY(role_enter(role, &rules, why));
    return role_run(role, why);
}
