/* One inbound message, from who wrote it to what is committed. */
#include "base/eventlog/eventlog.h"
#include "roles/planner/receive.h"

enum { QUOTES_KEPT = 5, QUOTE_BYTES_KEPT = 4000 };

/* What stood below: whoever looks at the message needs it. */
static void keep_quotes(struct unit *unit, const struct mail *mail, struct handled_message *handled)
{
    for (size_t i = 0; i < mail->quotes.count && i < QUOTES_KEPT; i++) {
        const struct mail_quote *quote = &mail->quotes.items[i];
        size_t len = quote->text.len < QUOTE_BYTES_KEPT ? quote->text.len : QUOTE_BYTES_KEPT;
        while (len > 0 && len < quote->text.len && ((unsigned char)quote->text.data[len] & 0xC0) == 0x80)
            len--;
        ARENA_PUSH(unit->arena, &handled->quotes,
                   ((struct handled_quote){quote->from.address, slice_sub(quote->text, 0, len)}));
    }
}

static bool opened_task(const struct unit *unit, const struct delivery *d, const struct meeting *meeting)
{
    const struct task *last = meeting->tasks.count > 0 ? &meeting->tasks.items[meeting->tasks.count - 1] : NULL;
    return last != NULL && last->opened.us == unit->now.us && slice_equal_nocase(last->from, d->mail->from.address);
}

/* Read once more for who has to decide what it means: the phrases that said so. */
static enum status keep_cues(struct unit *unit, struct delivery *d, struct handled_message *handled)
{
    struct planner_ports *ports = &unit->planner->ports;
    if (d->context == NULL || d->reading == NULL || d->context->explain)
        return ST_OK;
    struct intent_context context = *d->context;
    struct reading explained, *reading = ARENA_NEW(unit->arena, struct reading);
    context.explain = true;
    TRY(ports->understand(ports->self, d->mail, &context, unit->arena, &explained, unit->why));
    *reading = *d->reading;
    reading->cues = explained.cues;
    handled->reading = reading;
    return ST_OK;
}

enum status receive_keep(struct unit *unit, struct delivery *d, const struct meeting_hand *hand)
{
    bool doubtful = hand != NULL && opened_task(unit, d, &hand->meeting);
    d->doubtful = d->doubtful || doubtful;
    if (d->kept)
        return ST_OK;
    d->kept = true;
    unit->planner->change++;
    struct handled_message handled = {
        .outcome = d->outcome,
        .from = d->mail->from.address,
        .new_text = d->mail->new_text,
        .reading = d->reading,
        .attachments = d->mail->attachments,
    };
    if (hand != NULL && hand->meeting.tasks.count > 0) {
        handled.supervision = hand->meeting.tasks.items[hand->meeting.tasks.count - 1].reason;
        keep_quotes(unit, d->mail, &handled);
    }
    if (doubtful)
        TRY(keep_cues(unit, d, &handled));
    return keep_message(unit, d->received, hand, &handled);
}

struct meeting_input receive_input(struct unit *unit, struct delivery *d, const struct reading *reading)
{
    struct meeting_input input = {
        .kind = INPUT_MAIL,
        .from = d->mail->from,
        .message_id = d->mail->message_id,
        .subject = d->mail->subject,
        .mail = d->mail,
        .reading = reading,
        .which = d->which,
    };
    const struct mailbox_list *lists[] = {&d->mail->to, &d->mail->cc};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            if (!slice_equal_nocase(lists[l]->items[i].address,
                                    unit->planner->options.assistant.address))
                ARENA_PUSH(unit->arena, &input.recipients, lists[l]->items[i]);
    return input;
}

void receive_relevant(struct unit *unit, const struct delivery *d, const struct reading *reading,
                      const struct meeting *meeting, struct relevant *out)
{
    *out = (struct relevant){0};
    relevant_from_mail(unit, d->mail, out);
    if (reading != NULL)
        relevant_from_reading(unit, reading, out);
    if (meeting != NULL)
        relevant_from_meeting(unit, meeting, out);
}

/* What we wrote has come back, or wanders: answering would go on for ever. */
static bool is_loop(const struct unit *unit, const struct mail *mail)
{
    enum { HOPS_MAX = 50 };
    struct slice own = unit->planner->options.assistant.address;
    return slice_equal_nocase(mail->from.address, own) || slice_equal_nocase(mail->loop, own) ||
           mail->hops > HOPS_MAX;
}

static enum status note_received(struct unit *unit, const struct delivery *d, bool *duplicate)
{
    /* Whoever forges a sender must not use up the Message-ID of the true mail. */
    bool trusted = !unit->planner->options.origin_required || d->mail->origin == MAIL_ORIGIN_PASS;
    struct inbound inbound = {
        .spool_id = d->received->id,
        .message_id_hash = trusted ? message_hash(unit, d->mail->message_id) : SLICE_NONE,
        .recipient_hash = address_hash(unit, unit->planner->options.assistant.address),
        .at = unit->now,
    };
    return store_note_inbound(unit->planner->store, &inbound, duplicate, unit->why);
}

static enum status dispatch(struct unit *unit, struct delivery *d)
{
    enum mail_nature nature = d->mail->nature;
    if (nature == MAIL_BOUNCE)
        return receive_bounce(unit, d);
    if (nature == MAIL_COMPLAINT)
        return receive_complaint(unit, d);
    if (is_loop(unit, d->mail)) {
        event_log(EVENT_MAIL_LOOPED, field_id(KEY_MESSAGE, d->received->id));
        return ST_OK;
    }
    if (unit->planner->options.origin_required && d->mail->origin != MAIL_ORIGIN_PASS) {
        d->outcome = OUTCOME_REJECTED;
        return ST_OK;
    }
    enum status found = find_sender(unit, d->mail->from.address, &d->person);
    d->has_person = found == ST_OK;
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    if (d->received->itip != NULL && d->received->itip->events.count > 0)
        return receive_itip(unit, d);
    if (nature != MAIL_PERSONAL && nature != MAIL_LIST)
        return ST_OK;
    bool storm;
    TRY(is_storm(unit, d->mail, &storm));
    if (storm) {
        event_log(EVENT_MAIL_LOOPED, field_id(KEY_MESSAGE, d->received->id));
        return ST_OK;
    }
    return receive_words(unit, d);
}

/* That it was read, and how sure: what doubts are a share of. */
static enum status count_reading(struct unit *unit, const struct delivery *d)
{
    if (d->reading == NULL)
        return ST_OK;
    struct read_count one = {figures_day_of(unit->now), d->reading->language,
                             figures_level_of(d->reading->confidence), 1, d->doubtful};
    return store_count_reading(unit->planner->store, &one, unit->why);
}

static enum status handle(struct unit *unit, struct delivery *d)
{
    bool duplicate;
    d->outcome = OUTCOME_IGNORED;
    TRY(note_received(unit, d, &duplicate));
    if (duplicate)
        return ST_OK;
    TRY(dispatch(unit, d));
    TRY(count_reading(unit, d));
    /* Of strangers' mail nothing is kept; the sandbox shows what became of it. */
    return unit->planner->options.sandbox ? receive_keep(unit, d, NULL) : ST_OK;
}

static enum status receive_once(struct planner *planner, const struct received_mail *received,
                                struct instant now, enum meeting_outcome *outcome,
                                struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {planner, arena, now, why};
    struct delivery d = {.received = received, .mail = received->mail};
    TRY(store_begin(planner->store, why));
    enum status status = handle(&unit, &d);
    /* A move that the table refuses is an answer too: the mail is noted, nothing moves. */
    if (status == ST_CONFLICT && unit.refused && d.outcome == OUTCOME_IGNORED)
        status = ST_OK;
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    if (status != ST_OK)
        store_rollback(planner->store);
    else
        *outcome = d.outcome;
    return status;
}

enum status planner_receive(struct planner *planner, const struct received_mail *received,
                            struct instant now, enum meeting_outcome *outcome, struct problem *why)
{
    struct problem own;
    enum status status = ST_OK;
    if (why == NULL)
        why = &own;
    for (int i = 0; i < CONFLICT_TRIES; i++) {
        status = receive_once(planner, received, now, outcome, why);
        if (status != ST_CONFLICT)
            break;
    }
    if (status != ST_OK && status != ST_UNAVAILABLE)
        event_log(EVENT_MAIL_FAILED, field_id(KEY_MESSAGE, received->id), field_problem(why));
    else if (status == ST_OK)
        event_log(EVENT_MAIL_HANDLED, field_id(KEY_MESSAGE, received->id),
                  field_text(KEY_STATUS, meeting_outcome_names[*outcome]));
    return status;
}
