/* trust: keeps evidence of the controls, has them tried by the prober, answers the pages and the
 * operator. */
#include "roles/messages/journal.h"
#include "roles/messages/key_port.h"
#include "roles/messages/mains.h"
#include "guards.h"
#include "roles/trust/pages.h"
#include "roles/trust/probes.h"
#include "roles/trust/questions.h"

enum {
    TURN_MS = 250,
    KEY_MS = 5000,
    MEMORY_BYTES_MAX = 1 << 30,
};

struct trust_role {
    struct role *role;
    struct evidence *evidence;
    struct trust *trust;
    struct questions *questions;
    struct desk *desk;
    struct pages *pages;
    struct loop_timer *turn;
};

static enum status ask_prober(void *self, struct slice control, uint32_t *call, struct problem *why)
{
    struct trust_role *t = self;
    struct check_asked asked = {control};
    return ipc_ask(role_channel(t->role, ROLE_PROBER), MESSAGE_CHECK, &asked, call, why);
}

static enum status ask_key(void *self, struct secret **key, struct problem *why)
{
    struct trust_role *t = self;
    AUTO_ARENA arena = arena_create(4096);
    struct key_ask ask = {.purpose = KEY_FOR_TRUST};
    struct key_given given;
    return key_port_ask(t->role, &ask, KEY_MS, arena, &given, key, why);
}

static void receive_checked(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct trust_role *t = context;
    struct problem why;
    if (evidence_beat(t->evidence, at->now, &why) != ST_OK)
        event_log(EVENT_EVIDENCE_FAILED, field_problem(&why));
    trust_checked(t->trust, message->call, message->object, at);
    trust_turn(t->trust, at);
}

static void peer_back(void *context, enum role_id peer, const struct moment *at)
{
    struct trust_role *t = context;
    if (peer == ROLE_PROBER && t->trust != NULL)
        trust_prober_back(t->trust, at);
}

static void turn(void *context, const struct moment *at)
{
    struct trust_role *t = context;
    trust_turn(t->trust, at);
    pages_turn(t->pages, at);
    loop_timer_after(t->turn, TURN_MS);
}

/* The log of its database, for logd. */
static enum status read_log(void *context, int64_t after, struct arena *arena, struct log_line_list *out,
                            struct problem *why)
{
    struct trust_role *t = context;
    struct log_entry_list entries;
    if (t->evidence == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the database is not open yet");
    TRY(evidence_list_log(t->evidence, (uint32_t)after, arena, &entries, why));
    for (size_t i = 0; i < entries.count; i++)
        ARENA_PUSH(arena, out, ((struct log_line){entries.items[i].at, entries.items[i].kind, entries.items[i].ids}));
    return ST_OK;
}

static enum status open_all(struct trust_role *t, const char *database, struct problem *why)
{
    struct trust_ports ports = {t, ask_prober, ask_key};
    struct trust_options options = {.version = RENDEZ_VERSION, .guards = RENDEZ_GUARDS, .pace = role_config(t->role)->trust.pace};
    TRY(evidence_open(&sqlite_driver, database, &t->evidence, why));
    TRY(trust_create(t->evidence, &ports, &options, loop_moment(role_loop(t->role)), &t->trust, why));
    t->questions = questions_create(t->trust);
    pages_begin(t->pages, t->trust);
    return desk_create(t->role, questions_answer, t->questions, &t->desk, why);
}

static void close_all(struct trust_role *t)
{
    desk_destroy(&t->desk);
    pages_destroy(&t->pages);
    questions_destroy(&t->questions);
    trust_destroy(&t->trust);
    evidence_destroy(&t->evidence);
    loop_timer_destroy(&t->turn);
}

enum status trust_main(struct role *role, struct problem *why)
{
    static struct trust_role t;
    const char *folder = arena_text(role_arena(role), role_config(role)->folders.trust);
    const char *database = arena_format(role_arena(role), "%s/trust.db", folder).data;
    struct sandbox_rules rules = {.paths = {{folder, SANDBOX_WRITE}}, .memory_bytes_max = MEMORY_BYTES_MAX};
    t.role = role;
    t.turn = loop_timer_create(role_loop(role), turn, &t);
    role_handle(role, MESSAGE_CHECKED, receive_checked, &t);
    t.pages = pages_create(role);
    role_on_peer(role, peer_back, &t);
    trust_probes(role, &t.trust);
    AUTO_JOURNAL journal = journal_hand_over(role, "trust", read_log, &t);
    TRY(role_enter(role, &rules, why));
    enum status status = open_all(&t, database, why);
    if (status == ST_OK) {
        loop_timer_after(t.turn, TURN_MS);
        status = role_run(role, why);
    }
    close_all(&t);
    return status;
}
