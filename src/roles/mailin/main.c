/* mailin: takes mail from our MTA by LMTP, or from a mailbox by IMAP. To it a message is
 * opaque bytes, which it answers for only once they are sealed and on disk. */
#include <malloc.h>
#include <stdlib.h>

#include "roles/mailin/fetch.h"
#include "roles/mailin/server.h"
#include "roles/messages/mains.h"

enum { MEMORY_BYTES_MAX = 3u << 30 >> 1, DNS_PORT = 53 };

struct mailin {
    struct role *role;
    struct spool *spool;
    struct intake *intake;
    struct server *server; /* LMTP: not in mode mailbox */
    struct fetch *fetch;   /* IMAP: in mode mailbox only */
    bool open, leaving;
};

/* A message of the sandbox page, for which the planner waits. */
struct submission {
    struct ipc_message question; /* of which only channel and call are still there */
};

static void answer_submission(const struct ipc_message *question, struct slice id,
                              enum status status, const char *problem)
{
    struct submitted submitted = {id, status, slice_from(problem)};
    struct problem why;
    if (ipc_answer(question, MESSAGE_SUBMITTED, &submitted, &why) != ST_OK)
        event_log(EVENT_MAIL_REFUSED, field_id(KEY_MESSAGE, id), field_problem(&why));
}

static void submission_sealed(void *context, struct slice id, enum status status)
{
    struct submission *submission = context;
    answer_submission(&submission->question, id, status,
                      status == ST_OK ? "" : "the message could not be kept; try again later");
    free(submission);
}

static void receive_submit(void *context, const struct ipc_message *message,
                           const struct moment *at)
{
    struct mailin *mailin = context;
    const struct submit *submit = message->object;
    if (role_config(mailin->role)->mode != CONFIG_SANDBOX) {
        answer_submission(message, SLICE_NONE, ST_DENIED, "only in sandbox mode");
        return;
    }
    if (submit->raw.len > MIME_BYTES_MAX) {
        answer_submission(message, SLICE_NONE, ST_LIMIT, "larger than 30 MB");
        return;
    }
    struct submission *submission = must_calloc(1, sizeof *submission);
    submission->question.channel = message->channel;
    submission->question.call = message->call;
    struct envelope envelope = submit->envelope;
    envelope.received = at->now;
    (void)intake_offer(mailin->intake, &envelope, submit->raw, SLICE_NONE, submission_sealed,
                       submission);
}

static void peer_is_back(void *context, enum role_id peer, const struct moment *at)
{
    (void)at;
    intake_peer(((struct mailin *)context)->intake, peer);
}

static enum status open_mailin(struct mailin *mailin, const char *folder, struct problem *why)
{
    TRY(spool_open(folder, &mailin->spool, why));
    TRY(intake_create(mailin->role, mailin->spool, &mailin->intake, why));
    if (role_config(mailin->role)->mode == CONFIG_MAILBOX)
        return fetch_create(mailin->role, mailin->spool, mailin->intake, folder, &mailin->fetch, why);
    return server_create(mailin->role, mailin->intake, ROLE_FD_LISTEN, &mailin->server, why);
}

/* From now on this is the one process that takes mail and works off the spool. */
static enum status begin(struct mailin *mailin, struct problem *why)
{
    mailin->open = true;
    TRY(intake_open(mailin->intake, why));
    return mailin->fetch != NULL ? fetch_open(mailin->fetch, why) : server_open(mailin->server, why);
}

static void on_word(void *context, uint32_t word, const struct moment *at)
{
    struct mailin *mailin = context;
    struct problem why;
    (void)at;
    if (word == ROLE_WORD_GO_ON && !mailin->open && begin(mailin, &why) != ST_OK)
        role_fail(mailin->role, &why);
}

/* Messages that are coming are taken, then we end. A mailbox keeps what was not taken. */
static void on_stop(void *context)
{
    struct mailin *mailin = context;
    if (mailin->leaving || mailin->server == NULL) {
        role_stop(mailin->role);
        return;
    }
    mailin->leaving = true;
    intake_leave(mailin->intake);
    server_leave(mailin->server);
}

static void measure(void *context, struct metric_list *list, struct arena *arena)
{
    const struct mailin *mailin = context;
    metric_add(list, arena, METRIC_MAILIN_QUEUE, "", (int64_t)intake_waiting(mailin->intake));
}

enum status mailin_main(struct role *role, struct problem *why)
{
    static struct mailin mailin;
    const char *folder = arena_text(role_arena(role), role_config(role)->folders.spool);
    struct sandbox_rules rules = {
        .may_not = MAY_CONNECT,
        .paths = {{folder, SANDBOX_WRITE}},
        .memory_bytes_max = MEMORY_BYTES_MAX,
    };
    /* Messages of megabytes go back to the system when they are done, and grow without
     * being copied; glibc would raise its threshold after the first. */
    mallopt(M_MMAP_THRESHOLD, SERVER_USUAL_BYTES * 4);
    mailin.role = role;
    TRY(open_mailin(&mailin, folder, why));
    if (mailin.fetch != NULL) {
        const struct transfer_server *server = fetch_server(mailin.fetch);
        rules.may_not = MAY_ACCEPT;
        rules.connect_ports[0] = server->port;
        rules.connect_ports[1] = DNS_PORT;
        rules.paths[1] = (struct sandbox_path){server->ca_file, SANDBOX_READ};
    }
    role_handle(role, MESSAGE_SUBMIT, receive_submit, &mailin);
    role_on_peer(role, peer_is_back, &mailin);
    role_on_word(role, on_word, &mailin);
    role_on_stop(role, on_stop, &mailin);
    role_on_measure(role, measure, &mailin);
    TRY(role_enter(role, &rules, why));
    if (!role_is_waiting(role))
        TRY(begin(&mailin, why));
    enum status status = role_run(role, why);
    fetch_destroy(&mailin.fetch);
    server_destroy(&mailin.server);
    intake_destroy(&mailin.intake);
    spool_close(&mailin.spool);
    return status;
}
