#include "roles/trust/pages.h"

#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "formats/json/json.h"
#include "roles/trust/internal.h"
#include "roles/trust/looks.h"
#include "roles/trust/show.h"

enum {
    LOG_EVERY_MS = 5000,
    LOG_PATIENCE_MS = 5000,
    TELL_EVERY_MS = 2000,
    FORGET_EVERY_MS = 3600 * 1000,
    PROOFS_MAX = 256,          /* that logd is asked for at a time */
    LETTERS_MAX = 20,          /* that mailout has at a time */
    LETTER_PATIENCE_MS = 90 * 1000,
    ARENA_BYTES = 32 << 20,
};

/* Somebody who waits for a proof. */
struct pending {
    uint32_t call;               /* of our question; 0: none */
    struct ipc_message question; /* of which only channel and call are still there */
    struct monotonic until;
};

struct pages {
    struct role *role;
    struct trust *trust;
    struct visitors_options visitors;
    struct mailbox from;
    struct slice domain;
    json_t *log;        /* as logd said it last; NULL: it has not, or is away */
    uint32_t log_call;  /* 0: not asked */
    struct monotonic log_due, log_until, tell_due, forget_due, letters_until;
    struct pending pending[PROOFS_MAX];
    size_t sending;     /* letters that mailout has */
};

static bool due(struct monotonic *when, const struct moment *at, int64_t every_ms)
{
    if (at->clock.ms < when->ms)
        return false;
    *when = monotonic_after(at->clock, every_ms);
    return true;
}

/* Answers */

static void answer(const struct ipc_message *question, enum status status, struct slice json,
                   const struct problem *why, struct arena *arena)
{
    struct answer said = {.status = status, .json = json};
    struct problem failed;
    if (status != ST_OK) {
        AUTO_JSON problem = json_object();
        json_object_set_new(problem, "detail", json_from_text(slice_from(why->detail)));
        said.json = json_write(problem, arena);
    }
    if (ipc_answer(question, MESSAGE_ANSWER, &said, &failed) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&failed));
}

/* Proofs: what trust's own log numbers, logd finds in the log of all. */

static struct pending *free_pending(struct pages *pages, const struct moment *at)
{
    for (size_t i = 0; i < PROOFS_MAX; i++)
        if (pages->pending[i].call == 0 || pages->pending[i].until.ms < at->clock.ms)
            return &pages->pending[i];
    return NULL;
}

static enum status ask_proof(struct pages *pages, const struct ipc_message *message, const json_t *asked,
                             const struct moment *at, struct problem *why)
{
    AUTO_JSON question = json_object();
    struct finding_list found;
    struct pending *pending = free_pending(pages, at);
    const struct control *control = control_find(json_text(asked, "control"));
    if (control == NULL)
        return problem_set(why, ST_NOT_FOUND, "no such control");
    if (pending == NULL)
        return problem_set(why, ST_UNAVAILABLE, "too many proofs are asked for");
    TRY(show_findings(pages->trust, control, json_number(asked, "entry", 0), at->now, message->arena, &found, why));
    json_t *numbers = json_array();
    for (size_t i = 0; i < found.count; i++)
        json_array_append_new(numbers, json_integer(found.items[i].entry));
    json_object_set_new(question, "source", json_string("trust"));
    json_object_set_new(question, "numbers", numbers);
    struct command command = {.name = LIT("log.proof"), .json = json_write(question, message->arena)};
    TRY(ipc_ask(role_channel(pages->role, ROLE_LOGD), MESSAGE_COMMAND, &command, &pending->call, why));
    pending->question = (struct ipc_message){.channel = message->channel, .call = message->call};
    pending->until = monotonic_after(at->clock, LOG_PATIENCE_MS);
    return ST_OK;
}

static void forget_log(struct pages *pages)
{
    json_release(&pages->log);
    if (pages->trust != NULL)
        trust_hear_looks(pages->trust, NULL);
}

static void ask_log(struct pages *pages, const struct moment *at)
{
    struct command command = {.name = LIT("log.show"), .json = LIT("{}")};
    struct problem why;
    if (pages->log_call != 0 && at->clock.ms < pages->log_until.ms)
        return;
    if (pages->log_call != 0)
        forget_log(pages); /* it is silent: what it said is old */
    pages->log_until = monotonic_after(at->clock, LOG_PATIENCE_MS);
    if (ipc_ask(role_channel(pages->role, ROLE_LOGD), MESSAGE_COMMAND, &command, &pages->log_call, &why) == ST_OK)
        return;
    pages->log_call = 0;
    forget_log(pages);
}

static void take_log(struct pages *pages, const struct answer *said)
{
    pages->log_call = 0;
    forget_log(pages);
    if (said->status == ST_OK && json_read(said->json, &pages->log, NULL) != ST_OK)
        pages->log = NULL;
    if (pages->trust != NULL)
        trust_hear_looks(pages->trust, pages->log);
}

/* What logd says: how the log stands, or a proof that somebody waits for. */
static void receive_answer(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct pages *pages = context;
    const struct answer *said = message->object;
    struct problem failed;
    (void)at;
    if (message->call == pages->log_call) {
        take_log(pages, said);
        return;
    }
    for (size_t i = 0; i < PROOFS_MAX; i++) {
        struct pending *pending = &pages->pending[i];
        if (pending->call == 0 || pending->call != message->call)
            continue;
        pending->call = 0;
        if (ipc_answer(&pending->question, MESSAGE_ANSWER, said, &failed) != ST_OK)
            event_log(EVENT_MESSAGE_UNSENT, field_problem(&failed));
        return;
    }
}

/* The API's questions */

static enum status show(struct pages *pages, const struct command *command, const json_t *asked,
                        const struct moment *at, struct arena *arena, struct slice *out, struct problem *why)
{
    AUTO_JSON object = NULL;
    if (visitors_know(command->name)) {
        object = json_object();
        TRY(visitors_command(pages->trust, &pages->visitors, command->name, asked, at->now, arena, object, why));
    } else {
        TRY(trust_command(pages->trust, command->name, asked, at->now, &object, why));
        if (pages->log != NULL && !slice_equal(command->name, LIT("trust.measured")))
            json_object_set(object, "log", pages->log);
    }
    *out = json_write(object, arena);
    return ST_OK;
}

static void receive_command(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct pages *pages = context;
    const struct command *command = message->object;
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES);
    AUTO_JSON asked = NULL;
    struct problem why = {0};
    struct slice json = SLICE_NONE;
    enum status status = json_read(command->json, &asked, &why);
    if (status == ST_OK && pages->trust == NULL)
        status = problem_set(&why, ST_UNAVAILABLE, "the register is not open yet");
    if (status == ST_OK && slice_equal(command->name, LIT("trust.proof"))) {
        status = ask_proof(pages, message, asked, at, &why);
        if (status == ST_OK)
            return; /* logd's answer is ours */
    } else if (status == ST_OK) {
        status = show(pages, command, asked, at, arena, &json, &why);
    }
    answer(message, status, json, &why, arena);
}

/* Letters */

static void receive_sent(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct pages *pages = context;
    const struct sent_mail *sent = message->object;
    struct problem why = {0};
    pages->sending -= pages->sending > 0;
    /* What the server refuses for good may be our settings, which somebody mends. */
    enum status result = sent->status == ST_OK || sent->status == ST_INVALID ? sent->status : ST_UNAVAILABLE;
    if (pages->trust != NULL && letters_sent(pages->trust, sent->id, result, at->now, &why) != ST_OK &&
        why.status != ST_NOT_FOUND)
        event_log(EVENT_MAIL_DEFERRED, field_id(KEY_OUTBOX, sent->id), field_problem(&why));
}

static enum status send_letters(struct pages *pages, const struct moment *at, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES);
    struct letter_due_list list = {0};
    struct ipc_channel *mailout = role_channel(pages->role, ROLE_MAILOUT);
    if (!ipc_is_open(mailout))
        return ST_OK;
    TRY(letters_due(pages->trust, at->now, LETTERS_MAX, arena, &list, why));
    for (size_t i = 0; i < list.count; i++) {
        struct send_mail mail = {list.items[i].id, list.items[i].draft};
        uint32_t call;
        mail.draft.from = pages->from;
        mail.draft.message_id = arena_format(arena, "%.*s@%.*s", SLICE_ARG(mail.id), SLICE_ARG(pages->domain));
        TRY(ipc_ask(mailout, MESSAGE_SEND, &mail, &call, why));
        pages->sending++;
    }
    pages->letters_until = monotonic_after(at->clock, LETTER_PATIENCE_MS);
    return ST_OK;
}

static void peer_back(void *context, enum role_id peer, const struct moment *at)
{
    struct pages *pages = context;
    (void)at;
    if (peer == ROLE_MAILOUT)
        pages->sending = 0; /* whoever comes anew has not heard of them */
    if (peer == ROLE_LOGD)
        pages->log_call = 0;
}

static void log_failure(enum status status, const struct problem *why)
{
    if (status != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_status(status), field_problem(why));
}

void pages_turn(struct pages *pages, const struct moment *at)
{
    struct problem why;
    if (due(&pages->log_due, at, LOG_EVERY_MS))
        ask_log(pages, at);
    if (due(&pages->tell_due, at, TELL_EVERY_MS)) {
        log_failure(visitors_tell(pages->trust, &pages->visitors, at->now, &why), &why);
        if (pages->sending == 0 || at->clock.ms > pages->letters_until.ms) {
            pages->sending = 0;
            log_failure(send_letters(pages, at, &why), &why);
        }
    }
    if (due(&pages->forget_due, at, FORGET_EVERY_MS))
        log_failure(visitors_forget(pages->trust, at->now, &why), &why);
}

const struct visitors_options *pages_visitors(const struct pages *pages)
{
    return &pages->visitors;
}

void pages_begin(struct pages *pages, struct trust *trust)
{
    pages->trust = trust;
}

struct pages *pages_create(struct role *role)
{
    struct pages *pages = must_calloc(1, sizeof *pages);
    const struct config *config = role_config(role);
    size_t at = slice_find(config->assistant.address, LIT("@"), 0);
    pages->role = role;
    pages->from = (struct mailbox){.name = config->assistant.name, .address = config->assistant.address};
    pages->domain = slice_sub(config->assistant.address, at + 1, config->assistant.address.len);
    pages->visitors = (struct visitors_options){.public_url = config->public_url,
                                                .contact = config->security.contact,
                                                .french = config->assistant.language == LANGUAGE_FR};
    role_handle(role, MESSAGE_COMMAND, receive_command, pages);
    role_handle(role, MESSAGE_ANSWER, receive_answer, pages);
    role_handle(role, MESSAGE_SENT, receive_sent, pages);
    role_on_peer(role, peer_back, pages);
    return pages;
}

void pages_destroy(struct pages **pages)
{
    if (*pages == NULL)
        return;
    json_release(&(*pages)->log);
    free(*pages);
    *pages = NULL;
}
