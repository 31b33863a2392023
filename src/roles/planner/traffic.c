/* What passes through: mail in, mail out, entries of calendars. */
#include <string.h>

#include "roles/planner/process.h"

enum {
    PENDING_MAX = 200,       /* mails that wait for another try */
    RETRY_MS = 1000,         /* the first wait of a mail that must be tried again; doubled */
    RETRY_LONGEST_MS = 60000,
    PENDING_LONGEST_MS = 24 * 3600 * 1000, /* then a person gets what could not be handled */
    WORK_BYTES_MAX = 512 << 20,
};

/* Outgoing work */

static struct flight *free_flight(struct planner_role *p)
{
    for (size_t i = 0; i < FLIGHT_MAX; i++)
        if (p->flights[i].arena == NULL)
            return &p->flights[i];
    return NULL;
}

static struct flight *find_flight(struct planner_role *p, struct slice id)
{
    for (size_t i = 0; i < FLIGHT_MAX; i++)
        if (p->flights[i].arena != NULL && slice_equal(p->flights[i].id, id))
            return &p->flights[i];
    return NULL;
}

static enum status send_flight(struct planner_role *p, struct flight *flight, struct problem *why)
{
    struct send_mail mail = {flight->id, flight->outgoing.draft};
    uint32_t call;
    return ipc_ask(role_channel(p->role, ROLE_MAILOUT), MESSAGE_SEND, &mail, &call, why);
}

/* Takes the next mail that is due; false: there is none, or none can be taken now. */
static bool launch(struct planner_role *p, struct flight *flight, const struct moment *at)
{
    struct problem why;
    struct slice id;
    struct outgoing outgoing;
    struct arena *arena = arena_create_wiped(WORK_BYTES_MAX);
    enum status status = planner_next_mail(p->planner, at->now, arena, &id, &outgoing, &why);
    if (status != ST_OK || find_flight(p, id) != NULL) { /* the latter: its lease has ended */
        arena_destroy(&arena);
        if (status != ST_OK && status != ST_NOT_FOUND)
            event_log(EVENT_MAIL_FAILED, field_problem(&why));
        return status == ST_OK;
    }
    *flight = (struct flight){.arena = arena, .id = id, .outgoing = outgoing};
    /* When mailout has just gone it hears of this flight when it is back. */
    return send_flight(p, flight, &why) == ST_OK;
}

static void pump_mail(struct planner_role *p, const struct moment *at)
{
    struct flight *flight;
    while (ipc_is_open(role_channel(p->role, ROLE_MAILOUT)) && (flight = free_flight(p)) != NULL)
        if (!launch(p, flight, at))
            return;
}

/* The next calendar job; false: there is none, or calsync has one. */
static bool pump_job(struct planner_role *p, const struct moment *at)
{
    struct calendar_job job;
    struct problem why;
    if (p->job.busy || !ipc_is_open(role_channel(p->role, ROLE_CALSYNC)))
        return false;
    struct arena *arena = arena_create_wiped(WORK_BYTES_MAX);
    enum status status = planner_next_job(p->planner, at->now, arena, &job, &why);
    if (status == ST_OK && !job.has_person)
        status = planner_job_done(p->planner, job.id, job.attempts, ST_OK, at->now, &why);
    else if (status == ST_OK) {
        struct calendar_write write = {
            .place = {job.person.id, job.person.calendar, job.person.calendar_user,
                      job.person.calendar_password, job.person.address, job.person.time_zone},
            .uid = job.event.uid,
            .remove = job.remove,
            .event = job.event,
            .stamp = at->now,
        };
        uint32_t call;
        p->job.busy = true;
        p->job.arena = arena;
        p->job.id = job.id;
        p->job.attempts = job.attempts;
        p->job.person = job.person.id;
        p->job.began_ms = at->clock.ms;
        if (ipc_ask(role_channel(p->role, ROLE_CALSYNC), MESSAGE_CALENDAR_WRITE, &write, &call,
                    &why) != ST_OK)
            event_log(EVENT_MESSAGE_UNSENT, field_problem(&why)); /* welcome() ends it */
        return false;
    }
    arena_destroy(&arena);
    if (status != ST_OK && status != ST_NOT_FOUND)
        event_log(EVENT_CALENDAR_FAILED, field_problem(&why));
    return status == ST_OK;
}

void traffic_pump(struct planner_role *p, const struct moment *at)
{
    pump_mail(p, at);
    while (pump_job(p, at))
        ;
}

/* Inbound mail */

static void tell_mailin(struct planner_role *p, struct slice id, bool waits)
{
    struct problem why;
    struct mail_done done = {id, waits};
    /* A mailin that is away hands the mail over again, and it is known then. */
    if (ipc_send(role_channel(p->role, ROLE_MAILIN), MESSAGE_MAIL_DONE, &done, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

/* A person has to look; the mail is not lost silently. */
static enum status give_to_a_person(struct planner_role *p, const struct parsed_mail *parsed,
                                    const char *reason, const struct moment *at)
{
    struct problem why;
    struct unreadable unreadable = {parsed->id, slice_from(reason), parsed->raw};
    return planner_report_unreadable(p->planner, &unreadable, at->now, &why);
}

static enum status handle_parsed(struct planner_role *p, const struct parsed_mail *parsed,
                                 const struct moment *at)
{
    struct problem why;
    enum meeting_outcome outcome;
    struct received_mail received = {
        .id = parsed->id,
        .raw = parsed->raw,
        .mail = &parsed->mail,
        .itip = parsed->itip,
    };
    enum status status = planner_receive(p->planner, &received, at->now, &outcome, &why);
    if (status == ST_UNAVAILABLE)
        return status;
    if (status != ST_OK)
        status = give_to_a_person(p, parsed, "failed", at);
    if (status != ST_OK)
        return ST_UNAVAILABLE;
    histogram_add(&p->answers, clock_now().us - parsed->envelope.received.us);
    tell_mailin(p, parsed->id, false);
    return ST_OK;
}

static void wait_longer(struct planner_role *p, struct pending *one, const struct moment *at)
{
    int64_t wait_ms = (int64_t)RETRY_MS << (one->tries < 10 ? one->tries : 10);
    one->tries++;
    one->due = monotonic_after(at->clock, wait_ms < RETRY_LONGEST_MS ? wait_ms : RETRY_LONGEST_MS);
    one->next = p->pending;
    p->pending = one;
    p->pending_count++;
}

static void plan_retry(struct planner_role *p)
{
    const struct pending *first = p->pending;
    for (const struct pending *one = p->pending; one != NULL; one = one->next)
        if (one->due.ms < first->due.ms)
            first = one;
    if (first != NULL)
        loop_timer_set(p->retry, first->due);
}

static bool is_pending(const struct planner_role *p, struct slice id)
{
    for (const struct pending *one = p->pending; one != NULL; one = one->next)
        if (slice_equal(one->mail.id, id))
            return true;
    return false;
}

static void keep_pending(struct planner_role *p, const struct parsed_mail *parsed,
                         const struct moment *at)
{
    if (p->pending_count == PENDING_MAX)
        return; /* it stays in the spool, and comes again when mailin or we restart */
    struct arena *arena = arena_create_wiped(WORK_BYTES_MAX);
    struct pending *one = ARENA_NEW(arena, struct pending);
    *one = (struct pending){.arena = arena, .since = at->clock};
    record_copy(message_kind(MESSAGE_PARSED_MAIL)->type, parsed, arena, &one->mail);
    wait_longer(p, one, at);
    plan_retry(p);
    tell_mailin(p, parsed->id, true);
}

/* Once more; ST_UNAVAILABLE: later. */
static enum status try_pending(struct planner_role *p, const struct pending *one, const struct moment *at)
{
    enum status status = handle_parsed(p, &one->mail, at);
    bool long_enough = at->clock.ms - one->since.ms >= PENDING_LONGEST_MS;
    if (status != ST_UNAVAILABLE || !long_enough || give_to_a_person(p, &one->mail, "waited", at) != ST_OK)
        return status;
    tell_mailin(p, one->mail.id, false);
    return ST_OK;
}

static void retry_pending(void *context, const struct moment *at)
{
    struct planner_role *p = context;
    struct pending *list = p->pending, *next;
    p->pending = NULL;
    p->pending_count = 0;
    for (; list != NULL; list = next) {
        next = list->next;
        if (list->due.ms > at->clock.ms) {
            list->next = p->pending;
            p->pending = list;
            p->pending_count++;
        } else if (try_pending(p, list, at) == ST_UNAVAILABLE) {
            wait_longer(p, list, at);
        } else {
            struct arena *arena = list->arena;
            arena_destroy(&arena);
        }
    }
    plan_retry(p);
    process_pump(p, at);
}

static void receive_parsed(void *context, const struct ipc_message *message,
                           const struct moment *at)
{
    struct planner_role *p = context;
    const struct parsed_mail *parsed = message->object;
    if (is_pending(p, parsed->id)) {
        tell_mailin(p, parsed->id, true); /* a new mailin does not know */
        return;
    }
    if (handle_parsed(p, parsed, at) == ST_UNAVAILABLE)
        keep_pending(p, parsed, at);
    process_pump(p, at);
}

static void receive_unreadable(void *context, const struct ipc_message *message,
                               const struct moment *at)
{
    struct planner_role *p = context;
    const struct unreadable_mail *mail = message->object;
    struct mail_done done = {mail->id};
    struct problem why;
    struct unreadable unreadable = {mail->id, mail->reason, mail->raw};
    if (planner_report_unreadable(p->planner, &unreadable, at->now, &why) != ST_OK ||
        ipc_send(role_channel(p->role, ROLE_MAILIN), MESSAGE_MAIL_DONE, &done, &why) != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_id(KEY_MESSAGE, mail->id), field_problem(&why));
}

/* Answers of mailout and calsync */

/* Writes down how a flight ended. Until the store has it the flight stays, so that the mail
 * is not sent again when its lease ends. */
static void land(struct planner_role *p, struct flight *flight, const struct moment *at)
{
    struct problem why = {0};
    enum status status = ST_OK;
    if (flight->sandbox && flight->result == ST_OK)
        status =
            planner_sandbox_deliver(p->planner, &flight->outgoing, flight->id, at->now, &why);
    if (status == ST_OK)
        status = planner_mail_done(p->planner, flight->id, flight->result, at->now, &why);
    if (status != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_id(KEY_OUTBOX, flight->id), field_problem(&why));
    if (status != ST_UNAVAILABLE)
        arena_destroy(&flight->arena);
}

static void receive_sent(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct planner_role *p = context;
    const struct sent_mail *sent = message->object;
    struct flight *flight = find_flight(p, sent->id);
    if (flight != NULL && !flight->answered) {
        flight->answered = true;
        flight->result = sent->status;
        flight->sandbox = sent->sandbox;
        land(p, flight, at);
    }
    process_pump(p, at);
}

static void finish_job(struct planner_role *p, enum status result, const struct moment *at)
{
    struct problem why;
    if (!p->job.busy)
        return;
    if (result == ST_OK)
        troubles_clear(&p->writing, p->job.person);
    else
        troubles_note(&p->writing, p->job.person, at->clock, at->clock.ms - p->job.began_ms);
    if (planner_job_done(p->planner, p->job.id, p->job.attempts, result, at->now, &why) != ST_OK)
        event_log(EVENT_CALENDAR_FAILED, field_problem(&why));
    arena_destroy(&p->job.arena);
    p->job.busy = false;
}

static void receive_written(void *context, const struct ipc_message *message,
                            const struct moment *at)
{
    const struct calendar_written *written = message->object;
    /* What somebody changed meanwhile is read again and tried again. */
    finish_job(context, written->status == ST_CONFLICT ? ST_UNAVAILABLE : written->status, at);
    process_pump(context, at);
}

/* The beginning and the end */

void traffic_welcome(struct planner_role *p, const bool back[ROLE_ID_COUNT_], const struct moment *at)
{
    struct problem why;
    struct mail_done nothing = {0};
    for (size_t i = 0; i < FLIGHT_MAX; i++) {
        struct flight *flight = &p->flights[i];
        if (flight->arena != NULL && flight->answered)
            land(p, flight, at);
        else if (flight->arena != NULL && back[ROLE_MAILOUT] && send_flight(p, flight, &why) != ST_OK)
            event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
    }
    if (back[ROLE_CALSYNC])
        finish_job(p, ST_UNAVAILABLE, at);
    if (back[ROLE_MAILIN] &&
        ipc_send(role_channel(p->role, ROLE_MAILIN), MESSAGE_MAIL_DONE, &nothing, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

bool traffic_waits(const struct planner_role *p)
{
    bool waits = false;
    for (size_t i = 0; i < FLIGHT_MAX; i++)
        waits = waits || (p->flights[i].arena != NULL && !p->flights[i].answered);
    return waits && ipc_is_open(role_channel(p->role, ROLE_MAILOUT));
}

void traffic_begin(struct planner_role *p)
{
    p->retry = loop_timer_create(role_loop(p->role), retry_pending, p);
    role_handle(p->role, MESSAGE_PARSED_MAIL, receive_parsed, p);
    role_handle(p->role, MESSAGE_UNREADABLE_MAIL, receive_unreadable, p);
    role_handle(p->role, MESSAGE_SENT, receive_sent, p);
    role_handle(p->role, MESSAGE_CALENDAR_WRITTEN, receive_written, p);
}

void traffic_end(struct planner_role *p)
{
    for (size_t i = 0; i < FLIGHT_MAX; i++)
        arena_destroy(&p->flights[i].arena);
    for (struct pending *next; p->pending != NULL; p->pending = next) {
        next = p->pending->next;
        struct arena *arena = p->pending->arena;
        arena_destroy(&arena);
    }
    arena_destroy(&p->job.arena);
    loop_timer_destroy(&p->retry);
}
