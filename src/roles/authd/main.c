/* authd's process: questions from api, errands to planner, keyd and api, keys from keyd, and a
 * thread that hashes passwords. */
#include <stdlib.h>
#include <string.h>

#include "roles/authd/probes.h"
#include "roles/authd/vpn.h"
#include "roles/messages/journal.h"
#include "roles/messages/key_port.h"
#include "roles/messages/mains.h"

enum {
    ASK_MS = 10000,
    TURN_MS = 1000, /* what the command line writes is seen within it */
    ROTATION_PAUSE_MS = 50, /* others are answered meanwhile */
    MEMORY_BYTES_MAX = 512 << 20,
};

struct authd_role {
    struct role *role;
    struct identity *identity;
    struct authd *authd;
    struct hasher *hasher;
    struct loop_timer *turn;
    struct vpn_server *vpn;
};

/* Keys and codes, of keyd */

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    struct authd_role *a = self;
    return key_port_ask(a->role, ask, ASK_MS, arena, given, key, why);
}

static enum status code(void *self, const struct code_ask *ask, struct arena *arena,
                        struct code_given *out, struct problem *why)
{
    struct authd_role *a = self;
    return role_call(a->role, ROLE_KEYD, MESSAGE_CODE_ASK, ask, MESSAGE_CODE, ASK_MS, arena, out,
                     why);
}

static enum status hash(void *self, struct hash_job *job, struct problem *why)
{
    return hasher_ask(((struct authd_role *)self)->hasher, job, why);
}

static void hashed(void *context, struct hash_job *job, const struct moment *at)
{
    authd_hashed(((struct authd_role *)context)->authd, job, at->now);
}

static enum status ask_sso(void *self, const struct sso_ask *ask, uint32_t *call,
                           struct problem *why)
{
    struct authd_role *a = self;
    return ipc_ask(role_channel(a->role, ROLE_SSO), MESSAGE_SSO_ASK, ask, call, why);
}

static void receive_sso(void *context, const struct ipc_message *message, const struct moment *at)
{
    authd_sso(((struct authd_role *)context)->authd, message->call, message->object, at->now);
}

/* Questions, of api */

/* Of a question only channel and call are kept. */
static void answer(void *self, void *question, const struct answer *answer)
{
    struct ipc_message *kept = question;
    struct problem why;
    (void)self;
    if (ipc_answer(kept, MESSAGE_ANSWER, answer, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
    free(kept);
}

static void receive_command(void *context, const struct ipc_message *message,
                            const struct moment *at)
{
    struct authd_role *a = context;
    struct ipc_message *kept = must_calloc(1, sizeof *kept);
    bool console = role_said_by(a->role, message, ROLE_CONSOLE);
    *kept = (struct ipc_message){.channel = message->channel, .call = message->call};
    authd_command(a->authd, console ? ROLE_CONSOLE : ROLE_API, message->object, at->now, kept);
}

/* Errands */

static void say(void *self, enum role_id peer, enum message message, const void *object)
{
    struct authd_role *a = self;
    struct problem why; /* who is away hears it when it is back */
    (void)!ipc_send(role_channel(a->role, peer), (uint16_t)message, object, &why);
}

static void peer_back(void *context, enum role_id peer, const struct moment *at)
{
    struct authd_role *a = context;
    if (a->authd != NULL)
        authd_peer(a->authd, peer, at->now);
}

static void receive_saved(void *context, const struct ipc_message *message, const struct moment *at)
{
    const struct person_saved *saved = message->object;
    struct authd_role *a = context;
    if (saved->status != ST_UNAVAILABLE)
        authd_done(a->authd, ROLE_PLANNER, saved->id, 0, at->now);
}

static void receive_kept(void *context, const struct ipc_message *message, const struct moment *at)
{
    const struct notice_kept *kept = message->object;
    struct authd_role *a = context;
    if (kept->status != ST_UNAVAILABLE)
        authd_done(a->authd, ROLE_PLANNER, kept->id, 0, at->now);
}

static void receive_ended(void *context, const struct ipc_message *message, const struct moment *at)
{
    static const enum role_id peers[] = {ROLE_KEYD, ROLE_PLANNER, ROLE_API};
    const struct person_ended_done *done = message->object;
    struct authd_role *a = context;
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
        if (message->channel == role_channel(a->role, peers[i]))
            authd_done(a->authd, peers[i], done->id, done->ended, at->now);
}

static void turn(void *context, const struct moment *at)
{
    struct authd_role *a = context;
    bool more = authd_turn(a->authd, at->now);
    loop_timer_after(a->turn, more ? ROTATION_PAUSE_MS : TURN_MS);
}

/* The end and the beginning */

static void close_authd(struct authd_role *a)
{
    vpn_server_destroy(&a->vpn);
    hasher_destroy(&a->hasher);
    authd_destroy(&a->authd);
    identity_destroy(&a->identity);
    loop_timer_destroy(&a->turn);
}

static enum status open_authd(struct authd_role *a, const char *database, struct problem *why)
{
    struct authd_ports ports = {a, give_key, code, hash, ask_sso, answer, say};
    struct authd_options options = authd_options_from(role_config(a->role));
    TRY(identity_open(&sqlite_driver, database, &a->identity, why));
    TRY(hasher_create(role_loop(a->role), hashed, a, &a->hasher, why));
    return authd_create(a->identity, &ports, &options, &a->authd, why);
}

/* The log of its database, for logd. */
static enum status read_log(void *context, int64_t after, struct arena *arena, struct log_line_list *out,
                            struct problem *why)
{
    struct authd_role *a = context;
    struct log_entry_list entries;
    if (a->identity == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the database is not open yet");
    TRY(identity_list_log(a->identity, (uint32_t)after, arena, &entries, why));
    for (size_t i = 0; i < entries.count; i++)
        ARENA_PUSH(arena, out, ((struct log_line){entries.items[i].at, entries.items[i].kind, entries.items[i].ids}));
    return ST_OK;
}

enum status authd_main(struct role *role, struct problem *why)
{
    static struct authd_role a;
    const char *folder = arena_text(role_arena(role), role_config(role)->folders.identity);
    const char *database = arena_format(role_arena(role), "%s/identity.db", folder).data;
    struct sandbox_rules rules = {
        .paths = {{folder, SANDBOX_WRITE},
                  {arena_text(role_arena(role), role_config(role)->folders.pki), SANDBOX_WRITE}},
        .memory_bytes_max = MEMORY_BYTES_MAX,
    };
    a.role = role;
    (void)zone_or_utc(role_config(role)->assistant.time_zone); /* read while files may be */
    a.turn = loop_timer_create(role_loop(role), turn, &a);
    role_handle(role, MESSAGE_COMMAND, receive_command, &a);
    role_handle(role, MESSAGE_SSO_ANSWER, receive_sso, &a);
    role_handle(role, MESSAGE_PERSON_SAVED, receive_saved, &a);
    role_handle(role, MESSAGE_NOTICE_KEPT, receive_kept, &a);
    role_handle(role, MESSAGE_PERSON_ENDED_DONE, receive_ended, &a);
    role_on_peer(role, peer_back, &a);
    AUTO_JOURNAL journal = journal_hand_over(role, "identity", read_log, &a);
    AUTO_ENTRY_PROBE entries = authd_probes(role, &a.authd);
    AUTO_STORED_PROBE stored = authd_stored_probe(role, &a.authd);
    authd_rights_probe(role, &a.authd);
    TRY(vpn_server_create(role_loop(role), ROLE_FD_LISTEN,
                          arena_text(role_arena(role), role_config(role)->folders.vpn), &a.vpn, why));
    TRY(role_enter(role, &rules, why));
    enum status status = open_authd(&a, database, why);
    if (status == ST_OK)
        status = vpn_server_start(a.vpn, a.authd, why);
    if (status == ST_OK) {
        loop_timer_after(a.turn, TURN_MS);
        status = role_run(role, why);
    }
    close_authd(&a);
    return status;
}
