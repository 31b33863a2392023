/* keyd: holds what opens everything, so it parses nothing but a few small questions, opens no file once
 * it serves (one of its own is open: openings.h) and has no network. Who may ask for what stands in rules.c. */
#include <unistd.h>

#include "roles/keyd/answer.h"
#include "roles/keyd/factors.h"
#include "roles/keyd/lend.h"
#include "roles/keyd/probes.h"
#include "roles/keyd/root.h"
#include "roles/keyd/rules.h"
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
                        struct secret **key)
{
    struct problem why;
    if (ipc_answer(question, (uint16_t)kind, answer, &why) != ST_OK)
        event_log(EVENT_KEY_REFUSED, field_status(why.status), field_problem(&why));
    secret_destroy(key);
}

struct keyd_role {
    struct role *role;
    struct keyd *keyd;
    struct lender *lender;
    int64_t openings[ROLE_ID_COUNT_];
};

/* Every decision, with ids only; but archive opens and tries all entries of all sets each night, and the meetings
 * are counted (lender_count). */
static void log_key(enum role_id asker, const struct key_ask *ask, enum status status)
{
    if (asker == ROLE_ARCHIVE && status == ST_OK && (ask->meeting.len > 0 || ask->row.len > 0))
        return;
    event_log(status == ST_OK ? EVENT_KEY_OPENED : EVENT_KEY_REFUSED, field_status(status),
              field_text(KEY_ROLE, role_rows[asker].name),
              field_text(KEY_PURPOSE, key_purpose_names[ask->purpose]),
              field_id(KEY_ORGANISATION, ask->organisation), field_id(KEY_MEETING, ask->meeting));
}

/* Whose channel it came by: of all roles that may ask for a key. */
static enum role_id asker_of(struct role *role, const struct ipc_message *message)
{
    static const enum role_id askers[] = {ROLE_PLANNER, ROLE_AUTHD, ROLE_LOGD, ROLE_TRUST, ROLE_ARCHIVE};
    for (size_t i = 0; i < sizeof askers / sizeof *askers; i++)
        if (message->channel == role_channel(role, askers[i]))
            return askers[i];
    return ROLE_RUN_COUNT_; /* which no rule knows */
}

/* NULL: nothing stands against it now. The entry that a set is opened comes before its key, and that before
 * the keys of what is in it. */
static const char *refused_now(struct keyd_role *self, enum role_id asker, const struct key_ask *ask,
                               const struct moment *at)
{
    const struct key_rule *rule = key_rule_find(asker, ask->purpose);
    if (rule != NULL && rule->after_a_set && !lender_tries_set(self->lender, at))
        return "no set of backups is being tried";
    if (rule != NULL && ask->purpose == KEY_OPEN_SET && !lender_open_set(self->lender, ask->set, at))
        return "the log cannot take it";
    return NULL;
}

static void answer_key(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct keyd_role *self = context;
    enum role_id asker = asker_of(self->role, message);
    const struct key_ask *ask = message->object;
    struct key_given answer = {.status = ST_DENIED};
    struct secret *key = NULL;
    const char *refused = refused_now(self, asker, ask, at);
    if (refused == NULL)
        keyd_answer_key(self->keyd, asker, ask, message->arena, &answer, &key);
    else
        answer.problem = slice_from(refused);
    if (answer.status != ST_OK)
        lender_refused(self->lender, asker);
    else if (ask->meeting.len > 0)
        lender_count(self->lender, asker, at);
    if (answer.status == ST_OK)
        self->openings[asker]++;
    log_key(asker, ask, answer.status);
    send_answer(message, MESSAGE_KEY, &answer, &key);
}

static void answer_code(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct code_given answer;
    struct problem why;
    (void)at;
    factor_answer(context, message->object, message->arena, &answer);
    if (ipc_answer(message, MESSAGE_CODE, &answer, &why) != ST_OK)
        event_log(EVENT_KEY_REFUSED, field_status(why.status), field_problem(&why));
}

/* A key that was given is told by the mail that it seals. */
static void log_spool(enum status status)
{
    if (status != ST_OK)
        event_log(EVENT_KEY_REFUSED, field_status(status), field_text(KEY_ROLE, role_rows[ROLE_MAILIN].name));
}

static void answer_spool_new(void *context, const struct ipc_message *message,
                             const struct moment *at)
{
    (void)at;
    struct spool_key answer;
    struct secret *key;
    keyd_answer_spool_new(context, message->object, message->arena, &answer, &key);
    log_spool(answer.status);
    send_answer(message, MESSAGE_SPOOL_KEY, &answer, &key);
}

static void answer_spool_open(void *context, const struct ipc_message *message,
                              const struct moment *at)
{
    (void)at;
    struct spool_key answer;
    struct secret *key;
    keyd_answer_spool_open(context, message->object, &answer, &key);
    log_spool(answer.status);
    send_answer(message, MESSAGE_SPOOL_KEY, &answer, &key);
}

static void measure(void *context, struct metric_list *list, struct arena *arena)
{
    const struct keyd_role *self = context;
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (self->openings[id] > 0)
            metric_add(list, arena, METRIC_KEY_OPENINGS, arena_format(arena, "for=%s", role_rows[id].name).data,
                       self->openings[id]);
}

static enum status serve(struct keyd_role *self, struct problem *why)
{
    struct role *role = self->role;
    struct sandbox_rules nothing = {0};
    role_handle(role, MESSAGE_KEY_ASK, answer_key, self);
    role_handle(role, MESSAGE_CODE_ASK, answer_code, self->keyd);
    role_handle(role, MESSAGE_SPOOL_KEY_NEW, answer_spool_new, self->keyd);
    role_handle(role, MESSAGE_SPOOL_KEY_OPEN, answer_spool_open, self->keyd);
    keyd_probes(role);
    role_on_measure(role, measure, self);
    TRY(role_enter(role, &nothing, why));
    return role_run(role, why);
}

enum status keyd_main(struct role *role, struct problem *why)
{
    AUTO_KEYD keyd = NULL;
    TRY(open_keys(role, &keyd, why));
    struct keyd_role self = {role, keyd, lender_create(role, keyd)};
    enum status status = serve(&self, why);
    lender_destroy(&self.lender);
    return status;
}
