/* The mailbox through one IMAP session: what the service does in its loop, one step at a time. */
#include <stdlib.h>

#include "roles/cli/doctor.h"

enum { MESSAGE_BYTES_MAX = 1 << 20, TURN_MS = 200, ASK_MS = 30 * 1000 };

struct doctor_mailbox {
    struct doctor *doctor;
    struct imap_session *session;
    struct transfer_server server;
    bool open, closed, ended;
    struct problem why;
    unsigned tag;
    struct arena *arena; /* of the question */
    struct imap_response *last;
};

static void opened(void *context)
{
    ((struct doctor_mailbox *)context)->open = true;
}

static void answered(void *context, const struct imap_response *response)
{
    struct doctor_mailbox *mailbox = context;
    struct imap_response *last = mailbox->last;
    if (last == NULL)
        return;
    if (response->kind == IMAP_SEARCH)
        for (size_t i = 0; i < response->numbers.count; i++)
            ARENA_PUSH(mailbox->arena, &last->numbers, response->numbers.items[i]);
    if (response->kind == IMAP_FETCH && response->fetched.has_body)
        last->fetched.body = arena_copy(mailbox->arena, response->fetched.body);
    if (imap_session_is_of(response, mailbox->tag)) {
        last->result = response->result;
        mailbox->ended = true;
    }
}

static void closed(void *context, enum transfer_fault fault, const struct problem *why)
{
    struct doctor_mailbox *mailbox = context;
    (void)fault;
    mailbox->closed = true;
    mailbox->why = *why;
}

/* Turns the loop until *what is true or the session has ended. */
static enum status turn_until(struct doctor_mailbox *mailbox, const bool *what, struct problem *why)
{
    int64_t end_ms = clock_monotonic_ms() + ASK_MS;
    while (!*what && !mailbox->closed) {
        TRY(loop_turn(mailbox->doctor->loop, TURN_MS, why));
        if (clock_monotonic_ms() > end_ms)
            return problem_set(why, ST_UNAVAILABLE, "IMAP: the server does not answer");
    }
    if (!mailbox->closed)
        return ST_OK;
    return problem_set(why, mailbox->why.status, "%s", mailbox->why.detail);
}

enum status doctor_mailbox_open(struct doctor *doctor, struct slice password,
                                struct doctor_mailbox **out, struct problem *why)
{
    const struct config *config = &doctor->config;
    struct doctor_mailbox *mailbox = must_calloc(1, sizeof *mailbox);
    mailbox->doctor = doctor;
    mailbox->server = (struct transfer_server){
        .host = arena_text(doctor->arena, config->imap.host),
        .port = (uint16_t)config->imap.port,
        .tls = config->imap.tls == CONFIG_IMAP_IMPLICIT ? TRANSFER_IMPLICIT : TRANSFER_STARTTLS,
        .ca_file = config->mail.ca_file.len > 0 ? arena_text(doctor->arena, config->mail.ca_file) : NULL,
        .user = arena_text(doctor->arena, config->imap.user),
        .password = arena_text(doctor->arena, password),
    };
    const struct imap_events events = {opened, answered, closed, mailbox};
    enum status status = imap_session_create(doctor->loop, doctor->transfers, &mailbox->server,
                                             MESSAGE_BYTES_MAX, &events, &mailbox->session, why);
    if (status == ST_OK)
        status = turn_until(mailbox, &mailbox->open, why);
    if (status != ST_OK) {
        doctor_mailbox_close(&mailbox);
        return status;
    }
    *out = mailbox;
    return ST_OK;
}

void doctor_mailbox_close(struct doctor_mailbox **mailbox)
{
    if (*mailbox == NULL)
        return;
    imap_session_destroy(&(*mailbox)->session);
    free(*mailbox);
    *mailbox = NULL;
}

enum status doctor_mailbox_ask(struct doctor_mailbox *mailbox, struct slice command,
                               struct arena *arena, struct imap_response *last, struct problem *why)
{
    *last = (struct imap_response){0};
    mailbox->arena = arena;
    mailbox->last = last;
    mailbox->ended = false;
    mailbox->tag = imap_session_send(mailbox->session, command);
    enum status status = turn_until(mailbox, &mailbox->ended, why);
    mailbox->last = NULL;
    return status;
}
