/* keyd: holds what opens everything, so it parses nothing but three small questions, has no
 * file, no network, and only three who may ask: mailin for the spool, authd for what accounts
 * are sealed with, the planner for the rest. */
#include <unistd.h>

#include "roles/keyd/answer.h"
#include "roles/keyd/root.h"
#include "roles/messages/mains.h"

/* With a token its module is loaded here and out again before the sandbox. */
static enum status open_keys(struct role *role, struct keyd **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(64 * 1024);
    struct slice secret, passphrase;
    struct root_place place = root_place_of(role_config(role), arena);
    int fd = role_secret_fd(role);
    if (fd >= 0 && lseek(fd, 0, SEEK_SET) < 0)
        return problem_errno(why, "passphrase");
    TRY(fd >= 0 ? passphrase_from_fd(fd, arena, &secret, why)
                : passphrase_read(NULL, false, arena, &secret, why));
    fd_close(&fd);
    TRY(root_passphrase(&place, secret, arena, &passphrase, why));
    return keyd_open(place.root_key, passphrase, out, why);
}

/* Answers and forgets the key. */
static void send_answer(const struct ipc_message *question, enum message kind, const void *answer,
                        enum status status, struct secret **key)
{
    struct problem why;
    if (status != ST_OK)
        event_log(EVENT_KEY_REFUSED, field_status(status));
    if (ipc_answer(question, (uint16_t)kind, answer, &why) != ST_OK)
        event_log(EVENT_KEY_REFUSED, field_status(why.status), field_problem(&why));
    secret_destroy(key);
}

struct keyd_role {
    struct role *role;
    struct keyd *keyd;
};

static void answer_key(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct keyd_role *self = context;
    bool by_authd = message->channel == role_channel(self->role, ROLE_AUTHD);
    (void)at;
    const struct key_ask *ask = message->object;
    struct key_given answer;
    struct secret *key;
    keyd_answer_key(self->keyd, by_authd ? ROLE_AUTHD : ROLE_PLANNER, ask, message->arena, &answer, &key);
    if (answer.status == ST_OK && ask->meeting.len > 0)
        event_log(EVENT_KEY_OPENED, field_id(KEY_ORGANISATION, ask->organisation),
                  field_id(KEY_MEETING, ask->meeting));
    send_answer(message, MESSAGE_KEY, &answer, answer.status, &key);
}

static void answer_spool_new(void *context, const struct ipc_message *message,
                             const struct moment *at)
{
    (void)at;
    struct spool_key answer;
    struct secret *key;
    keyd_answer_spool_new(context, message->object, message->arena, &answer, &key);
    send_answer(message, MESSAGE_SPOOL_KEY, &answer, answer.status, &key);
}

static void answer_spool_open(void *context, const struct ipc_message *message,
                              const struct moment *at)
{
    (void)at;
    struct spool_key answer;
    struct secret *key;
    keyd_answer_spool_open(context, message->object, &answer, &key);
    send_answer(message, MESSAGE_SPOOL_KEY, &answer, answer.status, &key);
}

enum status keyd_main(struct role *role, struct problem *why)
{
    AUTO_KEYD keyd = NULL;
    TRY(open_keys(role, &keyd, why));
    struct keyd_role self = {role, keyd};
    role_handle(role, MESSAGE_KEY_ASK, answer_key, &self);
    role_handle(role, MESSAGE_SPOOL_KEY_NEW, answer_spool_new, keyd);
    role_handle(role, MESSAGE_SPOOL_KEY_OPEN, answer_spool_open, keyd);
    struct sandbox_rules nothing = {0};
    TRY(role_enter(role, &nothing, why));
    return role_run(role, why);
}
