/* What programs send: calendars their answers, mail servers what did not arrive, providers complaints. */
#include "roles/planner/receive.h"

static bool read_answer(const struct ical_calendar *itip, struct slice writer,
                        struct meeting_input *input)
{
    const struct ical_event *event = &itip->events.items[0];
    bool found = false;
    for (size_t i = 0; i < event->attendees.count; i++)
        if (slice_equal_nocase(event->attendees.items[i].address, writer)) {
            input->partstat = event->attendees.items[i].partstat;
            found = true;
        }
    input->one_of_series = event->recurrence_id.kind != ICAL_NO_TIME;
    if (!slice_equal(itip->method, LIT("COUNTER")))
        return found;
    input->counter.start = ical_instant(&event->start);
    input->counter.end = ical_instant(&event->end);
    if (input->counter.end.us == 0 && event->duration_s > 0)
        input->counter.end.us = input->counter.start.us + event->duration_s * 1000000;
    return input->counter.start.us != 0 && input->counter.end.us > input->counter.start.us;
}

/* An answer to an invitation that a later one has replaced says nothing about that one
 * (RFC 5546 section 2.1.5). Programs that leave SEQUENCE out still name the time. */
static bool is_stale(const struct ical_calendar *itip, const struct meeting *meeting)
{
    const struct ical_event *event = &itip->events.items[0];
    return slice_equal(itip->method, LIT("REPLY")) && event->sequence < meeting->sequence &&
           ical_instant(&event->start).us != meeting->confirmed.start.us;
}

enum status receive_itip(struct unit *unit, struct delivery *d)
{
    const struct ical_calendar *itip = d->received->itip;
    struct thread thread;
    struct relevant relevant;
    struct meeting_input input = receive_input(unit, d, NULL);
    input.kind = INPUT_ITIP;
    d->outcome = OUTCOME_IGNORED;
    bool answer = slice_equal(itip->method, LIT("REPLY")) || slice_equal(itip->method, LIT("COUNTER"));
    if (!answer || itip->events.count != 1 || !read_answer(itip, d->mail->from.address, &input))
        return ST_OK;
    /* The UID decides, whatever the mail says it answers. */
    TRY(find_by_uid(unit, itip->events.items[0].uid, &thread));
    for (size_t i = 0; i < thread.ids.count; i++) {
        AUTO_HAND hand = {0};
        enum status loaded = load_meeting(unit, thread.ids.items[i], &hand);
        if (loaded == ST_NOT_FOUND)
            continue;
        TRY(loaded);
        if (!slice_equal(hand.meeting.uid, itip->events.items[0].uid))
            continue;
        if (is_stale(itip, &hand.meeting))
            return ST_OK;
        receive_relevant(unit, d, NULL, &hand.meeting, &relevant);
        TRY(move_meeting(unit, &hand, &input, &relevant, &d->outcome));
        return receive_keep(unit, d, &hand);
    }
    return ST_OK;
}

/* Not every server returns the headers of what it refused. Without a Message-ID of ours a
 * notification counts only for somebody to whom we wrote just now: who forges one has to
 * know that, and gains a question to the organizer. */
static bool wrote_lately(const struct unit *unit, const struct meeting *meeting, struct slice address)
{
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (slice_equal_nocase(person->address, address) && person->asked_at.us > 0 &&
            unit->now.us - person->asked_at.us <= 2 * DAY_US)
            return true;
    }
    return false;
}

/* The reader of the mail that came back. Only they have seen its Message-ID: a guest who
 * forges a notification can take nobody else out of the meeting. ST_NOT_FOUND: not ours. */
static enum status find_reader(struct unit *unit, const struct meeting_hand *hand,
                               struct slice message_id, struct mailbox *reader)
{
    struct outbox_list sent = {0};
    struct outgoing mail;
    struct slice hash = message_hash(unit, message_id);
    TRY(store_list_outbox(unit->planner->store, hand->meeting.id, unit->arena, &sent, unit->why));
    for (size_t i = 0; i < sent.count; i++) {
        if (!slice_equal(message_hash(unit, sent.items[i].message_id), hash))
            continue;
        TRY(open_mail(unit, hand, &sent.items[i], &mail));
        *reader = mail.order.to;
        return ST_OK;
    }
    return problem_set(unit->why, ST_NOT_FOUND, "no mail of ours came back");
}

/* By the Message-ID that the notification returns. */
static enum status find_bounced_mail(struct unit *unit, struct slice id, struct meeting_hand *hand,
                                     struct mailbox *reader)
{
    struct stored_meeting row;
    if (id.len == 0)
        return ST_NOT_FOUND;
    TRY(store_find_meeting_by_message_id(unit->planner->store, message_hash(unit, id), unit->arena,
                                         &row, unit->why));
    TRY(open_meeting(unit, &row, hand));
    return find_reader(unit, hand, id, reader);
}

static struct slice domain_of(struct slice address)
{
    size_t at = slice_find(address, LIT("@"), 0);
    return at == SIZE_MAX ? SLICE_NONE : slice_sub(address, at + 1, address.len);
}

/* "mx.guest.example" is a host of "guest.example"; "notguest.example" is none. */
static bool is_host_of(struct slice host, struct slice domain)
{
    if (domain.len == 0 || host.len < domain.len ||
        !slice_equal_nocase(slice_sub(host, host.len - domain.len, host.len), domain))
        return false;
    return host.len == domain.len || host.data[host.len - domain.len - 1] == '.';
}

/* Without our Message-ID anybody could have written the notification: it must verify, and
 * come from the failed address's own domain or from ours. */
static bool may_report(const struct unit *unit, const struct delivery *d)
{
    const struct planner_options *options = &unit->planner->options;
    struct slice from = domain_of(d->mail->from.address);
    if (options->origin_required && d->mail->origin != MAIL_ORIGIN_PASS)
        return false;
    return is_host_of(from, domain_of(d->mail->failures.items[0].address)) ||
           is_host_of(from, domain_of(options->assistant.address));
}

static enum status find_bounced(struct unit *unit, struct delivery *d, struct meeting_hand *hand,
                                struct mailbox *reader, bool *found)
{
    enum status status = find_bounced_mail(unit, d->mail->original_id, hand, reader);
    *found = status == ST_OK;
    if (status != ST_NOT_FOUND)
        return status;
    meeting_hand_release(hand);
    if (d->mail->original_id.len > 0 || !may_report(unit, d))
        return ST_OK;
    *found = true;
    *reader = (struct mailbox){SLICE_NONE, d->mail->failures.items[0].address};
    struct thread thread;
    struct mail unthreaded = {.from = {SLICE_NONE, d->mail->failures.items[0].address}};
    TRY(find_thread(unit, &unthreaded, &thread));
    for (size_t i = 0; i < thread.ids.count; i++) {
        enum status loaded = load_meeting(unit, thread.ids.items[i], hand);
        if (loaded == ST_NOT_FOUND)
            continue;
        TRY(loaded);
        if (wrote_lately(unit, &hand->meeting, unthreaded.from.address))
            return ST_OK;
        meeting_hand_release(hand);
    }
    *found = false;
    return ST_OK;
}

enum status receive_bounce(struct unit *unit, struct delivery *d)
{
    d->outcome = OUTCOME_IGNORED;
    if (d->mail->failures.count == 0)
        return ST_OK;
    AUTO_HAND hand = {0};
    bool found;
    struct relevant relevant;
    struct meeting_input input = receive_input(unit, d, NULL);
    input.kind = INPUT_BOUNCED;
    TRY(find_bounced(unit, d, &hand, &input.from, &found));
    if (!found)
        return ST_OK;
    /* 5.1.x: the address itself (RFC 3463), not a mailbox that is full */
    input.no_such_address = slice_starts(d->mail->failures.items[0].status, LIT("5.1."));
    if (!d->mail->failures.items[0].permanent || !meeting_concerns(&hand.meeting, input.from.address))
        return ST_OK;
    receive_relevant(unit, d, NULL, &hand.meeting, &relevant);
    TRY(move_meeting(unit, &hand, &input, &relevant, &d->outcome));
    return receive_keep(unit, d, &hand);
}

/* Only with a Message-ID of ours: who has that has seen the mail. No word to them; the organizer
 * is told. */
enum status receive_complaint(struct unit *unit, struct delivery *d)
{
    AUTO_HAND hand = {0};
    struct mailbox reader;
    d->outcome = OUTCOME_IGNORED;
    enum status found = find_bounced_mail(unit, d->mail->original_id, &hand, &reader);
    if (found == ST_NOT_FOUND)
        return ST_OK;
    TRY(found);
    struct stop stop = {.address = reader.address, .cause = "complaint", .hand = &hand};
    enum status stopped = stop_mail(unit, &stop);
    if (stopped == ST_DENIED) /* a client's provider does not speak for the client */
        return ST_OK;
    TRY(stopped);
    d->outcome = OUTCOME_ACCEPTED;
    return receive_keep(unit, d, &hand);
}
