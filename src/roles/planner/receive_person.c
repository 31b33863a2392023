/* What a person wrote: it is read in the context of the meeting that it is about, and moves that, or
 * asks for a new one, or for a person. */
#include "roles/planner/receive.h"

/* The reading of the mail in the context of a meeting (NULL: of none). */
static enum status read_in_context(struct unit *unit, struct delivery *d,
                                   const struct meeting *meeting, struct reading *out)
{
    struct meeting_env env;
    struct intent_context context;
    struct relevant relevant;
    struct meeting none = {.organisation = d->has_person ? d->person.organisation : SLICE_NONE};
    receive_relevant(unit, d, NULL, meeting, &relevant);
    TRY(build_env(unit, &relevant, meeting == NULL ? &none : meeting, &env));
    meeting_context(meeting, d->mail->from.address, &env, unit->arena, &context);
    meeting_context_mail(d->mail, &env, &context);
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
    struct meeting_input input = receive_input(unit, d, reading);
    receive_relevant(unit, d, reading, &hand->meeting, &relevant);
    TRY(move_meeting(unit, hand, &input, &relevant, &d->outcome));
    TRY(look_again(unit, d, hand, reading));
    return receive_keep(unit, d, hand);
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
    receive_relevant(unit, d, input->reading, NULL, &relevant);
    TRY(build_env(unit, &relevant, &hand.meeting, &env));
    TRY(meeting_create(input, request, &env, unit->arena, &hand.meeting, unit->why));
    hand.meeting.id = id;
    hand.meeting.organisation = organisation;
    TRY(move_meeting(unit, &hand, input, &relevant, &d->outcome));
    TRY(look_again(unit, d, &hand, input->reading));
    return receive_keep(unit, d, &hand);
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
        struct meeting_input input = receive_input(unit, d, &part);
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
    struct meeting_input input = receive_input(unit, d, reading);
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
    return hand == NULL ? ST_OK : receive_keep(unit, d, hand);
}

enum status receive_words(struct unit *unit, struct delivery *d)
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
