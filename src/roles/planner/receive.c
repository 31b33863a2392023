/* One inbound message, from who wrote it to what is committed. */
#include "base/eventlog/eventlog.h"
#include "roles/planner/internal.h"

/* A mail in hand. */
struct delivery {
    const struct received_mail *received;
    const struct mail *mail;
    bool has_person;
    struct person person; /* the writer, if known */
    enum meeting_outcome outcome;
    bool kept;             /* its row is written */
    bool doubtful;         /* a person is to look at it */
    struct reading *reading;
    const struct intent_context *context; /* in which it was read so */
    struct slice which;    /* the meetings that it may mean, for the writer to say */
};

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

/* The message's row, with the first meeting that it moved. */
static enum status keep(struct unit *unit, struct delivery *d, const struct meeting_hand *hand)
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

static struct meeting_input make_input(struct unit *unit, struct delivery *d,
                                       const struct reading *reading)
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

static void relevant_to(struct unit *unit, const struct delivery *d, const struct reading *reading,
                        const struct meeting *meeting, struct relevant *out)
{
    *out = (struct relevant){0};
    relevant_from_mail(unit, d->mail, out);
    if (reading != NULL)
        relevant_from_reading(unit, reading, out);
    if (meeting != NULL)
        relevant_from_meeting(unit, meeting, out);
}

/* The reading of the mail in the context of a meeting (NULL: of none). */
static enum status read_in_context(struct unit *unit, struct delivery *d,
                                   const struct meeting *meeting, struct reading *out)
{
    struct meeting_env env;
    struct intent_context context;
    struct relevant relevant;
    struct meeting none = {.organisation = d->has_person ? d->person.organisation : SLICE_NONE};
    relevant_to(unit, d, NULL, meeting, &relevant);
    TRY(build_env(unit, &relevant, meeting == NULL ? &none : meeting, &env));
    meeting_context(meeting, d->mail->from.address, &env, unit->arena, &context);
    struct planner *planner = unit->planner;
    context.explain = planner->options.sandbox; /* the page shows why */
    TRY(planner->ports.understand(planner->ports.self, d->mail, &context, unit->arena, out,
                                  unit->why));
    if (d->mail->limited)
        out->confidence = 0; /* read in part only: a person looks */
    d->reading = ARENA_NEW(unit->arena, struct reading);
    *d->reading = *out;
    struct intent_context *kept = ARENA_NEW(unit->arena, struct intent_context);
    *kept = context;
    d->context = kept;
    return ST_OK;
}

static enum status look_again(struct unit *unit, const struct delivery *d, const struct meeting_hand *hand,
                              const struct reading *reading)
{
    return d->outcome == OUTCOME_ACCEPTED
               ? draw_sample(unit, hand, d->received->id, d->mail->from.address, reading)
               : ST_OK;
}

static enum status move_by_mail(struct unit *unit, struct delivery *d, struct meeting_hand *hand,
                                const struct reading *reading)
{
    struct relevant relevant;
    struct meeting_input input = make_input(unit, d, reading);
    relevant_to(unit, d, reading, &hand->meeting, &relevant);
    TRY(move_meeting(unit, hand, &input, &relevant, &d->outcome));
    TRY(look_again(unit, d, hand, reading));
    return keep(unit, d, hand);
}

static bool is_named(const struct meeting_request *request, struct slice address)
{
    for (size_t i = 0; i < request->people.count; i++)
        if (slice_equal_nocase(request->people.items[i].address, address))
            return true;
    return false;
}

/* Of several requests in one mail, each has its own people: whoever is in To or Cc and
 * named with one of them does not hear of the others. */
static void keep_own_recipients(struct meeting_input *input, const struct reading *reading,
                                size_t own)
{
    size_t kept = 0;
    for (size_t i = 0; i < input->recipients.count; i++) {
        struct mailbox box = input->recipients.items[i];
        bool mine = is_named(&reading->requests.items[own], box.address), theirs = false;
        for (size_t k = 0; k < reading->requests.count; k++)
            theirs |= k != own && is_named(&reading->requests.items[k], box.address);
        if (mine || !theirs)
            input->recipients.items[kept++] = box;
    }
    input->recipients.count = kept;
}

/* A meeting out of the client's mail; request NULL: one for a person to answer. */
static enum status create_meeting(struct unit *unit, struct delivery *d, struct meeting_input *input,
                                  const struct meeting_request *request)
{
    struct relevant relevant;
    struct meeting_env env;
    AUTO_HAND hand = {0};
    TRY(start_meeting(unit, d->person.organisation, &hand));
    struct slice id = hand.meeting.id, organisation = hand.meeting.organisation;
    relevant_to(unit, d, input->reading, NULL, &relevant);
    TRY(build_env(unit, &relevant, &hand.meeting, &env));
    TRY(meeting_create(input, request, &env, unit->arena, &hand.meeting, unit->why));
    hand.meeting.id = id;
    hand.meeting.organisation = organisation;
    TRY(move_meeting(unit, &hand, input, &relevant, &d->outcome));
    TRY(look_again(unit, d, &hand, input->reading));
    return keep(unit, d, &hand);
}

static enum status create_meetings(struct unit *unit, struct delivery *d, struct reading *reading)
{
    for (size_t i = 0; i < reading->requests.count; i++) {
        bool may;
        TRY(may_request(unit, d->mail, &d->person, &may));
        if (!may) {
            if (!d->kept)
                d->outcome = OUTCOME_REJECTED;
            return ST_OK;
        }
        /* Each meeting hears of its own request only. */
        struct reading part = *reading;
        part.requests = (struct meeting_request_list){&reading->requests.items[i], 1, 1};
        struct meeting_input input = make_input(unit, d, &part);
        if (reading->requests.count > 1)
            keep_own_recipients(&input, reading, i);
        TRY(create_meeting(unit, d, &input, part.requests.items));
    }
    return ST_OK;
}

static bool is_organizer(const struct meeting *meeting, struct slice address)
{
    return meeting->people.count > 0 &&
           slice_equal_nocase(meeting->people.items[0].address, address);
}

/* The organizer asks for another meeting in a thread whose own is settled or gone. */
static bool asks_anew(const struct unit *unit, const struct delivery *d,
                      const struct reading *reading, const struct meeting *meeting)
{
    return d->has_person && d->person.client && reading->intent == INTENT_REQUEST &&
           (is_over(meeting, unit->now) || meeting->state == MEETING_CONFIRMED || meeting->talk ||
            !is_organizer(meeting, d->mail->from.address));
}

static enum status answer_thread(struct unit *unit, struct delivery *d, struct meeting_hand *hand)
{
    struct reading reading;
    TRY(read_in_context(unit, d, &hand->meeting, &reading));
    if (asks_anew(unit, d, &reading, &hand->meeting))
        return create_meetings(unit, d, &reading);
    return move_by_mail(unit, d, hand, &reading);
}

/* An erased meeting is no candidate; one whose key is not to be had just now is, and the
 * mail waits for it instead of being taken for something else. */
static enum status open_candidates(struct unit *unit, const struct thread *thread,
                                   struct slice writer, struct meeting_hand *hands, size_t *count)
{
    for (size_t i = 0; i < thread->ids.count; i++) {
        enum status loaded = load_meeting(unit, thread->ids.items[i], &hands[*count]);
        if (loaded == ST_NOT_FOUND)
            continue;
        TRY(loaded);
        if (meeting_concerns(&hands[*count].meeting, writer))
            ++*count;
        else
            meeting_hand_release(&hands[*count]);
    }
    return ST_OK;
}

/* The latest one that is not over; else the latest. What was only a talk with a person is none. */
static struct meeting_hand *latest_open(const struct unit *unit, struct meeting_hand *hands,
                                        size_t count)
{
    struct meeting_hand *latest = NULL;
    for (size_t i = 0; i < count; i++) {
        if (hands[i].meeting.talk)
            continue;
        if (!is_over(&hands[i].meeting, unit->now))
            return &hands[i];
        latest = latest == NULL ? &hands[i] : latest;
    }
    return latest;
}

static struct meeting_hand *open_talk(const struct unit *unit, struct meeting_hand *hands, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (hands[i].meeting.talk && !is_over(&hands[i].meeting, unit->now))
            return &hands[i];
    return NULL;
}

static bool speaks_of_a_meeting(const struct reading *reading)
{
    return reading->intent != INTENT_OTHER && reading->intent != INTENT_THANKS &&
           reading->intent != INTENT_REQUEST;
}

/* Whether an open meeting of the writer's can be the one that a request speaks of: all who are
 * named take part in it. */
static bool may_mean(const struct unit *unit, const struct delivery *d,
                     const struct meeting_request *request, const struct meeting *meeting)
{
    if (is_over(meeting, unit->now) || meeting->talk || !is_organizer(meeting, d->mail->from.address))
        return false;
    for (size_t i = 0; i < request->people.count; i++)
        if (request->people.items[i].role != MENTION_NAMED &&
            !takes_part(meeting, &request->people.items[i], unit->arena))
            return false;
    const struct mailbox_list *lists[] = {&d->mail->to, &d->mail->cc};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            if (!slice_equal_nocase(lists[l]->items[i].address, unit->planner->options.assistant.address) &&
                !meeting_concerns(meeting, lists[l]->items[i].address))
                return false;
    return true;
}

/* "The call with Tom: better make it an hour." Read alone it asks for a meeting; it is about the
 * one open meeting that it can mean, if there it orders something. NULL: it asks for another. */
static enum status find_meant(struct unit *unit, struct delivery *d, const struct reading *alone,
                              struct meeting_hand *hands, size_t count, struct meeting_hand **out)
{
    struct meeting_hand *meant = NULL;
    struct reading reading, *kept = d->reading;
    *out = NULL;
    if (!alone->points_back || alone->requests.count != 1)
        return ST_OK;
    for (size_t i = 0; i < count; i++) {
        if (!may_mean(unit, d, alone->requests.items, &hands[i].meeting))
            continue;
        if (meant != NULL)
            return ST_OK; /* which one, nobody knows */
        meant = &hands[i];
    }
    if (meant == NULL)
        return ST_OK;
    TRY(read_in_context(unit, d, &meant->meeting, &reading));
    d->reading = kept;
    bool orders = reading.intent == INTENT_CHANGE || reading.intent == INTENT_RESCHEDULE ||
                  reading.intent == INTENT_CANCEL || reading.intent == INTENT_COUNTER ||
                  reading.intent == INTENT_ACCEPT || reading.intent == INTENT_LATE;
    if (orders && reading.confidence >= INTENT_SURE)
        *out = meant;
    return ST_OK;
}

static bool orders_something(const struct reading *reading)
{
    return reading->intent == INTENT_CANCEL || reading->intent == INTENT_DECLINE ||
           reading->intent == INTENT_RESCHEDULE || reading->intent == INTENT_CHANGE;
}

/* "Cancel my meeting with Ben", of whom there are two: which, the writer is asked. */
static enum status answer_or_ask(struct unit *unit, struct delivery *d, const struct reading *alone,
                                 struct meeting_hand *hands, size_t count, struct meeting_hand *fits)
{
    struct reading reading;
    struct slice which = which_meetings(unit, d->mail, alone, hands, count, fits);
    if (which.len == 0)
        return answer_thread(unit, d, fits);
    TRY(read_in_context(unit, d, &fits->meeting, &reading));
    if (!orders_something(&reading))
        return answer_thread(unit, d, fits);
    d->which = which;
    return move_by_mail(unit, d, fits, &reading);
}

/* The answer to that question: what was ordered, of the meeting that the answer names. */
static enum status answer_which(struct unit *unit, struct delivery *d, struct meeting_hand *asked)
{
    struct thread own;
    struct meeting_hand *hands = ARENA_ARRAY(unit->arena, CANDIDATES_MAX, struct meeting_hand), *fits;
    size_t count = 0;
    struct reading none = {0};
    TRY(find_own(unit, d->mail, &own));
    enum status status = open_candidates(unit, &own, d->mail->from.address, hands, &count);
    struct mail *both = ARENA_NEW(unit->arena, struct mail);
    *both = *d->mail;
    both->subject = SLICE_NONE;
    fits = choose_candidate(unit, both, &none, hands, count);
    if (fits == NULL || which_meetings(unit, both, &none, hands, count, fits).len > 0 ||
        slice_equal(fits->meeting.id, asked->meeting.id))
        fits = asked;
    both->new_text = arena_format(unit->arena, "%.*s\n\n%.*s", SLICE_ARG(asked->meeting.asked_about),
                                  SLICE_ARG(d->mail->new_text));
    asked->meeting.asked = asked->meeting.asked_about = SLICE_NONE;
    d->mail = both;
    if (status == ST_OK)
        status = answer_thread(unit, d, fits);
    for (size_t i = 0; i < count; i++)
        meeting_hand_release(&hands[i]);
    return status;
}

/* A person is to answer, whatever meetings there are. What a client writes to somebody else, with us in copy, is not
 * said to us. */
static bool wants_person(const struct unit *unit, const struct mail *mail, const struct reading *reading)
{
    bool to_us_alone = mail->to.count == 1 && mail->cc.count == 0;
    for (size_t i = 0; i < mail->cc.count; i++)
        if (slice_equal_nocase(mail->cc.items[i].address, unit->planner->options.assistant.address))
            return false;
    if (reading->intent == INTENT_REQUEST && !(to_us_alone && meeting_is_unasked(reading)))
        return false;
    return reading->asks_person || reading->complaint || reading->intent == INTENT_HOSTILE;
}

/* Of a meeting in progress, if there is one; else a request of its own, so that what is said there is shown to who has
 * its task, by the same rules as all else, and only until it is answered. */
static enum status talk_to_person(struct unit *unit, struct delivery *d, const struct reading *reading,
                                  struct meeting_hand *hands, size_t count)
{
    bool may;
    struct meeting_hand *fits = latest_open(unit, hands, count);
    if (fits == NULL || is_over(&fits->meeting, unit->now))
        fits = open_talk(unit, hands, count);
    if (fits != NULL) {
        struct reading in_context;
        TRY(read_in_context(unit, d, &fits->meeting, &in_context));
        return move_by_mail(unit, d, fits, &in_context);
    }
    TRY(may_request(unit, d->mail, &d->person, &may));
    if (!may) {
        d->outcome = OUTCOME_REJECTED;
        return ST_OK;
    }
    struct meeting_input input = make_input(unit, d, reading);
    return create_meeting(unit, d, &input, NULL);
}

/* A client writes outside of any thread: a new request, or about one of their meetings. */
static enum status client_writes(struct unit *unit, struct delivery *d, struct meeting_hand *hands,
                                 size_t count)
{
    struct reading reading;
    TRY(read_in_context(unit, d, NULL, &reading));
    struct meeting_hand *fits = choose_candidate(unit, d->mail, &reading, hands, count);
    bool same = fits != NULL && same_subject(d->mail->subject, fits->meeting.subject) &&
                !is_over(&fits->meeting, unit->now);
    bool for_person = wants_person(unit, d->mail, &reading);
    if (reading.intent == INTENT_REQUEST && !same && !for_person) {
        TRY(find_meant(unit, d, &reading, hands, count, &fits));
        return fits != NULL ? answer_thread(unit, d, fits) : create_meetings(unit, d, &reading);
    }
    if (for_person && (fits == NULL || reading.intent == INTENT_REQUEST))
        return talk_to_person(unit, d, &reading, hands, count);
    if (fits == NULL)
        fits = speaks_of_a_meeting(&reading) || reading.asks_person ? latest_open(unit, hands, count) : NULL;
    if (fits == NULL) {
        d->outcome = OUTCOME_IGNORED;
        return ST_OK;
    }
    return answer_or_ask(unit, d, &reading, hands, count, fits);
}

static enum status guest_writes(struct unit *unit, struct delivery *d, struct meeting_hand *hands,
                                size_t count)
{
    struct reading none = {0};
    struct meeting_hand *fits = choose_candidate(unit, d->mail, &none, hands, count);
    if (fits == NULL)
        fits = latest_open(unit, hands, count);
    if (fits == NULL) {
        d->outcome = OUTCOME_IGNORED; /* a stranger, or somebody with nothing here */
        return ST_OK;
    }
    return answer_thread(unit, d, fits);
}

static enum status about_candidates(struct unit *unit, struct delivery *d, bool by_reference,
                                    struct meeting_hand *hands, size_t count)
{
    if (by_reference && count == 1 && slice_equal(hands[0].meeting.asked, LIT("which")) &&
        is_organizer(&hands[0].meeting, d->mail->from.address))
        return answer_which(unit, d, &hands[0]);
    if (by_reference && count > 0)
        return answer_thread(unit, d, count == 1 ? &hands[0] : latest_open(unit, hands, count));
    if (d->has_person && d->person.client)
        return client_writes(unit, d, hands, count);
    return guest_writes(unit, d, hands, count);
}

/* "Ne m'écrivez plus": of anybody who has no account, whatever else they say. Of a stranger
 * it is noted, and nothing is sent. */
static enum status stops_mail(struct unit *unit, struct delivery *d, struct meeting_hand *hand)
{
    struct stop stop = {
        .address = d->mail->from.address,
        .cause = "words",
        .hand = hand,
        .confirm = true,
    };
    TRY(stop_mail(unit, &stop));
    d->outcome = hand == NULL ? OUTCOME_IGNORED : OUTCOME_ACCEPTED;
    return hand == NULL ? ST_OK : keep(unit, d, hand);
}

static enum status handle_mail(struct unit *unit, struct delivery *d)
{
    struct thread thread;
    struct meeting_hand *hands = ARENA_ARRAY(unit->arena, CANDIDATES_MAX, struct meeting_hand);
    size_t count = 0;
    TRY(find_thread(unit, d->mail, &thread));
    enum status status = open_candidates(unit, &thread, d->mail->from.address, hands, &count);
    bool client = d->has_person && d->person.client;
    if (status == ST_OK && !client && intent_stops_mail(d->mail->new_text))
        status = stops_mail(unit, d, latest_open(unit, hands, count));
    else if (status == ST_OK)
        status = about_candidates(unit, d, thread.by_reference, hands, count);
    for (size_t i = 0; i < count; i++)
        meeting_hand_release(&hands[i]);
    return status;
}

/* iTIP: only a REPLY or COUNTER by somebody whom the meeting concerns, for its UID. */

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

static enum status handle_itip(struct unit *unit, struct delivery *d)
{
    const struct ical_calendar *itip = d->received->itip;
    struct thread thread;
    struct relevant relevant;
    struct meeting_input input = make_input(unit, d, NULL);
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
        relevant_to(unit, d, NULL, &hand.meeting, &relevant);
        TRY(move_meeting(unit, &hand, &input, &relevant, &d->outcome));
        return keep(unit, d, &hand);
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

/* A delivery status notification: a mail of ours did not arrive. */
static enum status handle_bounce(struct unit *unit, struct delivery *d)
{
    d->outcome = OUTCOME_IGNORED;
    if (d->mail->failures.count == 0)
        return ST_OK;
    AUTO_HAND hand = {0};
    bool found;
    struct relevant relevant;
    struct meeting_input input = make_input(unit, d, NULL);
    input.kind = INPUT_BOUNCED;
    TRY(find_bounced(unit, d, &hand, &input.from, &found));
    if (!found)
        return ST_OK;
    /* 5.1.x: the address itself (RFC 3463), not a mailbox that is full */
    input.no_such_address = slice_starts(d->mail->failures.items[0].status, LIT("5.1."));
    if (!d->mail->failures.items[0].permanent || !meeting_concerns(&hand.meeting, input.from.address))
        return ST_OK;
    relevant_to(unit, d, NULL, &hand.meeting, &relevant);
    TRY(move_meeting(unit, &hand, &input, &relevant, &d->outcome));
    return keep(unit, d, &hand);
}

/* A reader told their provider that our mail is unwanted. Only with a Message-ID of ours: who
 * has that has seen the mail. No word to them; the organizer is told. */
static enum status handle_complaint(struct unit *unit, struct delivery *d)
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
    return keep(unit, d, &hand);
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
        return handle_bounce(unit, d);
    if (nature == MAIL_COMPLAINT)
        return handle_complaint(unit, d);
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
        return handle_itip(unit, d);
    if (nature != MAIL_PERSONAL && nature != MAIL_LIST)
        return ST_OK;
    bool storm;
    TRY(is_storm(unit, d->mail, &storm));
    if (storm) {
        event_log(EVENT_MAIL_LOOPED, field_id(KEY_MESSAGE, d->received->id));
        return ST_OK;
    }
    return handle_mail(unit, d);
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
    return unit->planner->options.sandbox ? keep(unit, d, NULL) : ST_OK;
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
