/* mailout: delivers what the planner has committed, and only that. Retries are the
 * planner's: its outbox asks again, with the same Message-ID. In sandbox mode nothing
 * leaves the machine; the bytes go back for the reader's mailbox. */
#include <string.h>

#include "roles/mailout/delivered.h"
#include "roles/mailout/smtp.h"
#include "roles/messages/mains.h"

enum {
    MEMORY_BYTES_MAX = 512 << 20,
    ANSWER_BYTES_MAX = 1 << 20,
    DNS_PORT = 53,
    HOLD_FIRST_MS = 5 * 60 * 1000, /* after a refused login: many tries lock accounts */
    HOLD_LONGEST_MS = 60 * 60 * 1000,
};

struct mailout {
    struct role *role;
    struct smtp *smtp;
    struct sending *sendings;
    struct delivered *delivered;
    struct monotonic held_until; /* no try before: user, password or certificate are wrong */
    int64_t hold_ms;
    bool stopping; /* takes nothing new, ends what is at the MTA */
};

/* One mail at the MTA. */
struct sending {
    struct sending *next;
    struct mailout *mailout;
    struct arena *arena;
    struct slice id;
    struct ipc_message question; /* of which only channel and call are still there */
};

static void log_sent(const struct sent_mail *sent, const char *enhanced)
{
    event_log(sent->status == ST_OK ? EVENT_MAIL_SENT : EVENT_MAIL_DEFERRED,
              field_id(KEY_OUTBOX, sent->id), field_status(sent->status),
              field_number(KEY_COUNT, sent->reply_code), field_text(KEY_ENHANCED, enhanced));
}

/* Before anybody hears of it: whoever asks again, of us or of our successor, gets the answer. */
static void note_delivered(struct mailout *mailout, struct slice id)
{
    struct problem why;
    if (delivered_note(mailout->delivered, id, &why) != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_id(KEY_OUTBOX, id), field_problem(&why));
}

static void answer(const struct ipc_message *question, const struct sent_mail *sent,
                   const char *enhanced)
{
    struct problem why;
    log_sent(sent, enhanced);
    /* A planner that is gone asks again when it is back. */
    if (ipc_answer(question, MESSAGE_SENT, sent, &why) != ST_OK)
        event_log(EVENT_MAIL_DEFERRED, field_id(KEY_OUTBOX, sent->id), field_problem(&why));
}

static struct sending *find_sending(struct mailout *mailout, struct slice id)
{
    for (struct sending *sending = mailout->sendings; sending != NULL; sending = sending->next)
        if (slice_equal(sending->id, id))
            return sending;
    return NULL;
}

static void forget(struct sending *sending)
{
    for (struct sending **at = &sending->mailout->sendings; *at != NULL; at = &(*at)->next)
        if (*at == sending) {
            *at = sending->next;
            break;
        }
    struct arena *arena = sending->arena;
    arena_destroy(&arena);
}

/* A login that was refused is refused again: the operator is told, and mails wait. */
static void hold_or_go(struct mailout *mailout, const struct smtp_result *result)
{
    const struct moment *at = loop_moment(role_loop(mailout->role));
    if (!result->login_refused && !result->distrusted) {
        if (result->status == ST_OK)
            mailout->hold_ms = 0;
        return;
    }
    if (at->clock.ms < mailout->held_until.ms)
        return; /* one of several that were under way */
    mailout->hold_ms = mailout->hold_ms == 0 ? HOLD_FIRST_MS : mailout->hold_ms * 2;
    if (mailout->hold_ms > HOLD_LONGEST_MS)
        mailout->hold_ms = HOLD_LONGEST_MS;
    mailout->held_until = monotonic_after(at->clock, mailout->hold_ms);
    event_log(result->login_refused ? EVENT_LOGIN_REFUSED : EVENT_SERVER_DISTRUSTED,
              field_problem(&result->why), field_number(KEY_COUNT, result->reply_code));
}

static void delivered(void *context, const struct smtp_result *result)
{
    struct sending *sending = context;
    struct sent_mail sent = {
        .id = sending->id,
        .status = result->status,
        .reply_code = result->reply_code,
        .problem = slice_from(result->why.detail),
    };
    struct mailout *mailout = sending->mailout;
    if (sent.status == ST_OK)
        note_delivered(mailout, sending->id);
    answer(&sending->question, &sent, result->enhanced);
    hold_or_go(mailout, result);
    forget(sending);
    if (mailout->stopping && mailout->sendings == NULL)
        role_stop(mailout->role);
}

/* A mail that the MTA takes while we go would be sent again at the next start. */
static void stop(void *context)
{
    struct mailout *mailout = context;
    mailout->stopping = true;
    if (mailout->sendings == NULL)
        role_stop(mailout->role);
}

static enum status deliver(struct mailout *mailout, const struct ipc_message *message,
                           const struct send_mail *mail, struct slice raw, struct problem *why)
{
    const struct mail_draft *draft = &mail->draft;
    size_t count = draft->to.count + draft->cc.count;
    struct slice *to = ARENA_ARRAY(message->arena, count, struct slice);
    for (size_t i = 0; i < count; i++)
        to[i] = i < draft->to.count ? draft->to.items[i].address
                                    : draft->cc.items[i - draft->to.count].address;
    struct arena *arena = arena_create(ANSWER_BYTES_MAX);
    struct sending *sending = ARENA_NEW(arena, struct sending);
    *sending = (struct sending){mailout->sendings, mailout, arena, arena_copy(arena, mail->id),
                                {.channel = message->channel, .call = message->call}};
    mailout->sendings = sending;
    enum status status =
        smtp_send(mailout->smtp, draft->from.address, to, count, raw, delivered, sending, why);
    if (status != ST_OK)
        forget(sending);
    return status;
}

static void receive_send(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct mailout *mailout = context;
    const struct send_mail *mail = message->object;
    struct sent_mail sent = {.id = mail->id};
    struct problem why = {0};
    struct slice raw;
    struct sending *under_way = find_sending(mailout, mail->id);
    if (under_way != NULL) {
        under_way->question.call = message->call; /* asked again: one delivery, one answer */
        return;
    }
    if (mailout->stopping)
        return; /* the planner asks again after the next start */
    if (delivered_has(mailout->delivered, mail->id)) {
        answer(message, &sent, "");
        return;
    }
    bool sandbox = role_config(mailout->role)->mode == CONFIG_SANDBOX;
    sent.status = mime_format(&mail->draft, message->arena, &raw, &why);
    if (sent.status == ST_OK && !sandbox && at->clock.ms < mailout->held_until.ms)
        sent.status = problem_set(&why, ST_UNAVAILABLE, "mail waits: see the refused login");
    else if (sent.status == ST_OK && !sandbox) {
        sent.status = deliver(mailout, message, mail, raw, &why);
        if (sent.status == ST_OK)
            return;
    }
    sent.sandbox = sandbox;
    if (sandbox && sent.status == ST_OK)
        sent.raw = raw;
    sent.problem = slice_from(why.detail);
    answer(message, &sent, "");
}

/* Our predecessor has ended: what it has sent since we began counts too. */
static void on_word(void *context, uint32_t word, const struct moment *at)
{
    struct mailout *mailout = context;
    struct problem why;
    (void)at;
    if (word == ROLE_WORD_GO_ON && delivered_read(mailout->delivered, &why) != ST_OK)
        role_fail(mailout->role, &why);
}

/* The name we greet with: the assistant's domain. */
static const char *hello_name(const struct config *config, struct arena *arena)
{
    struct slice address = config->assistant.address;
    size_t at = slice_find(address, LIT("@"), 0);
    return at == SIZE_MAX ? "localhost" : arena_text(arena, slice_sub(address, at + 1, address.len));
}

/* Where mail goes, with the password when the settings name a user. */
static enum status read_server(const struct role *role, struct arena *arena,
                               struct transfer_server *server, struct problem *why)
{
    const struct config *config = role_config(role);
    struct slice password;
    *server = (struct transfer_server){
        .host = arena_text(arena, config->mail.host),
        .port = (uint16_t)config->mail.port,
        .tls = (enum transfer_tls)config->mail.tls,
    };
    if (config->mail.ca_file.len > 0)
        server->ca_file = arena_text(arena, config->mail.ca_file);
    if (config->mail.user.len == 0)
        return ST_OK;
    TRY(role_read_secret(role, arena, &password, why));
    server->user = arena_text(arena, config->mail.user);
    server->password = arena_text(arena, password);
    return ST_OK;
}

enum status mailout_main(struct role *role, struct problem *why)
{
    static struct mailout mailout;
    AUTO_ARENA arena = arena_create_wiped(65536);
    struct smtp_options options = {.hello = hello_name(role_config(role), arena)};
    TRY(read_server(role, arena, &options.server, why));
    struct sandbox_rules rules = {
        .paths = {{options.server.ca_file, SANDBOX_READ}},
        .connect_ports = {options.server.port, DNS_PORT},
        .memory_bytes_max = MEMORY_BYTES_MAX,
    };
    bool sends = role_config(role)->mode != CONFIG_SANDBOX;
    struct slice folder = role_config(role)->folders.outgoing;
    const char *list = arena_format(arena, "%.*s/delivered", SLICE_ARG(folder)).data;
    mailout.role = role;
    TRY(delivered_open(sends ? list : NULL, &mailout.delivered, why));
    TRY(smtp_create(role_loop(role), &options, &mailout.smtp, why));
    role_handle(role, MESSAGE_SEND, receive_send, &mailout);
    role_on_stop(role, stop, &mailout);
    role_on_word(role, on_word, &mailout);
    TRY(role_enter(role, &rules, why));
    enum status status = role_run(role, why);
    smtp_destroy(&mailout.smtp);
    while (mailout.sendings != NULL)
        forget(mailout.sendings);
    delivered_close(&mailout.delivered);
    return status;
}
