/* Invitations: one UID for the meeting's life, SEQUENCE as RFC 5546 section 2.1.4 wants. */
#include "domain/meeting/internal.h"

static struct ical_time event_time(const struct turn *turn, struct instant at)
{
    const struct zone *zone = organizer_zone(turn);
    struct ical_time time = {.wall = civil_from_instant(at, zone)};
    time.zone = slice_from(zone_name(zone));
    time.kind = zone == zone_utc() || slice_equal(time.zone, LIT("UTC")) ? ICAL_UTC : ICAL_ZONED;
    if (time.kind == ICAL_UTC)
        time.zone = SLICE_NONE;
    return time;
}

static enum ical_partstat partstat_of(const struct participant *person)
{
    switch (person->status) {
    case PARTICIPANT_ACCEPTED:
        return PARTSTAT_ACCEPTED;
    case PARTICIPANT_TENTATIVE:
        return PARTSTAT_TENTATIVE;
    case PARTICIPANT_DECLINED:
        return PARTSTAT_DECLINED;
    case PARTICIPANT_WAITING:
    case PARTICIPANT_ANSWERED:
    case PARTICIPANT_REMOVED:
        break;
    }
    return PARTSTAT_NEEDS_ACTION;
}

static void add_attendee(struct turn *turn, struct ical_event *event,
                         const struct participant *person)
{
    struct ical_attendee attendee = {
        .address = person->address,
        .name = person->name,
        .partstat = person->role == ROLE_ORGANIZER ? PARTSTAT_ACCEPTED : partstat_of(person),
        .optional = person->role == ROLE_OPTIONAL,
    };
    attendee.rsvp = attendee.partstat == PARTSTAT_NEEDS_ACTION;
    ARENA_PUSH(turn->arena, &event->attendees, attendee);
}

/* ORGANIZER is the assistant's address under the organizer's name: answers of calendar
 * programs go there, and a server that schedules by itself (RFC 6638) leaves it to us. */
static struct ical_event event_of(struct turn *turn, struct interval span)
{
    const struct meeting *meeting = turn->meeting;
    struct ical_event event = {
        .uid = meeting->uid,
        .sequence = meeting->sequence,
        .start = event_time(turn, span.start),
        .end = event_time(turn, span.end),
        .summary = meeting->guest_subject,
        .location = meeting->place.text,
        .organizer = turn->env->assistant.address,
        .organizer_name = display_name(organizer(meeting)),
    };
    event.rrule = series_rrule(&meeting->series, civil_from_instant(span.start, organizer_zone(turn)),
                               organizer_zone(turn), turn->arena);
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (person->status != PARTICIPANT_REMOVED && person->address.len > 0)
            add_attendee(turn, &event, person);
    }
    return event;
}

static void attach(struct turn *turn, struct mail_order *order, struct interval span, bool cancels)
{
    order->has_event = true;
    order->method = cancels ? LIT("CANCEL") : LIT("REQUEST");
    order->event = event_of(turn, span);
    order->event.cancelled = cancels;
    order->slot = span;
    if (is_series(turn) && !cancels)
        order->holidays = holidays_met(turn, span);
}

/* The organizer's own copy, whether or not we also write to their calendar: the UID is the
 * same, so a program that has both shows one event. */
void attach_own(struct turn *turn, struct mail_order *order)
{
    attach(turn, order, turn->meeting->confirmed, false);
    if (is_series(turn))
        order->clashes = clashes(turn, turn->meeting->confirmed);
}

/* After the SEQUENCE was raised; nothing to take back when no invitation had gone out. */
void attach_own_cancel(struct turn *turn, struct mail_order *order, struct interval span)
{
    if (turn->meeting->invited && span.end.us > 0)
        attach(turn, order, span, true);
}

/* The person and whoever answers for them. */
static struct mail_order *order_both(struct turn *turn, size_t to, enum mail_purpose purpose,
                                     const char *phrase, struct interval span, bool cancels,
                                     bool with_event)
{
    const struct participant *person = &turn->meeting->people.items[to];
    struct mailbox own = {person->name, person->address};
    struct mailbox delegate = {person->delegate_name, person->delegate_address};
    struct mail_order *order;
    if (delegate.address.len > 0) {
        order = order_mail_to(turn, delegate, to, purpose, phrase);
        order->detail = own.name.len > 0 ? own.name : own.address;
        order->slot = span;
        if (with_event)
            attach(turn, order, span, cancels);
    }
    order = order_mail_to(turn, own, to, purpose, phrase);
    order->slot = span;
    if (with_event)
        attach(turn, order, span, cancels);
    return order;
}

void send_invitation(struct turn *turn, size_t to, const char *phrase)
{
    struct participant *person = &turn->meeting->people.items[to];
    bool first = person->invited_sequence == 0;
    struct interval old = {person->invited_start, person->invited_start};
    struct mail_order *order =
        order_both(turn, to, first ? PURPOSE_INVITATION : PURPOSE_UPDATE, phrase,
                   turn->meeting->confirmed, false, true);
    order->old_slot = old;
    person->invited_sequence = turn->meeting->sequence + 1;
    person->invited_start = turn->meeting->confirmed.start;
}

/* What is in people's calendars: the time settled, or the one being moved away from. */
struct interval invited_span(const struct meeting *meeting)
{
    return meeting->confirmed.end.us > 0 ? meeting->confirmed : meeting->moved_from;
}

void send_cancellation(struct turn *turn, size_t to, const char *phrase)
{
    struct participant *person = &turn->meeting->people.items[to];
    struct interval span = invited_span(turn->meeting);
    order_both(turn, to, PURPOSE_CANCELLATION, phrase, span, true,
               person->invited_sequence > 0 && span.end.us > 0);
    person->invited_sequence = 0;
    person->invited_start = (struct instant){0};
}

void put_calendars(struct turn *turn)
{
    const struct meeting *meeting = turn->meeting;
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (!person->known || !is_active(person))
            continue;
        struct ical_event event = event_of(turn, meeting->confirmed);
        struct effect *effect = add_effect(turn, EFFECT_CALENDAR_PUT);
        effect->address = person->address;
        effect->span = meeting->confirmed;
        effect->event = event;
    }
}

/* Of a series, every occurrence that the calendar has room for: holds never overlap. */
static void hold_for(struct turn *turn, const struct participant *person, bool settled_now)
{
    const struct known_person *known = env_person(turn->env, person->address);
    struct interval_list spans = occurrences(turn, turn->meeting->confirmed);
    for (size_t i = 0; i < spans.count; i++) {
        bool chosen = i == 0 && settled_now;
        if (!chosen && known != NULL && intervals_overlap(known->busy, spans.items[i]))
            continue;
        struct effect *effect = add_effect(turn, EFFECT_HOLD);
        effect->address = person->address;
        effect->span = spans.items[i];
    }
}

static void hold(struct turn *turn, bool settled_now)
{
    const struct meeting *meeting = turn->meeting;
    for (size_t i = 0; i < meeting->people.count && !turn->forced; i++) {
        const struct participant *person = &meeting->people.items[i];
        if ((!person->known && i > 0) || !is_active(person) || person->role == ROLE_OPTIONAL)
            continue;
        hold_for(turn, person, settled_now);
    }
}

/* A series outlasts what could be held when it was settled. */
enum meeting_state hold_on(struct turn *turn)
{
    if (!is_series(turn))
        turn->outcome = OUTCOME_IGNORED;
    else
        hold(turn, false);
    return MEETING_CONFIRMED;
}

void release(struct turn *turn)
{
    const struct meeting *meeting = turn->meeting;
    add_effect(turn, EFFECT_RELEASE);
    if (!meeting->invited)
        return;
    struct interval span = invited_span(meeting);
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (!person->known)
            continue;
        struct ical_event event = event_of(turn, span);
        struct effect *effect = add_effect(turn, EFFECT_CALENDAR_REMOVE);
        effect->address = person->address;
        effect->event = event;
    }
}

static void mark_accepted(struct turn *turn, struct interval span)
{
    struct meeting *meeting = turn->meeting;
    const struct offer *offer = offer_by_start(turn, span.start);
    for (size_t i = 1; i < meeting->people.count; i++) {
        struct participant *person = &meeting->people.items[i];
        if (!is_active(person))
            continue;
        bool chose = offer != NULL && number_in(&person->suits, offer->number);
        bool agreed = meeting->agreed && must_answer(person);
        person->status = chose || agreed ? PARTICIPANT_ACCEPTED : PARTICIPANT_WAITING;
    }
}

static void tell_organizer(struct turn *turn, bool moved)
{
    const struct meeting *meeting = turn->meeting;
    struct mail_order *order = order_mail(turn, 0, PURPOSE_CONFIRMATION,
                                          moved ? "confirmed.moved" : "confirmed");
    order->slot = meeting->confirmed;
    order->old_slot = meeting->moved_from;
    attach_own(turn, order);
    if (turn->reading->asks_question && turn->who != 0 && turn->who != NOBODY) {
        order->question = turn->reading->question;
        order->who = sender_name(turn);
        turn->question_told = true;
    }
}

void send_updates(struct turn *turn, const char *phrase, bool new_sequence)
{
    struct meeting *meeting = turn->meeting;
    if (new_sequence)
        meeting->sequence++;
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (!is_active(person) || person->address.len == 0)
            continue;
        send_invitation(turn, i, person->invited_sequence == 0 ? "invitation" : phrase);
    }
}

enum meeting_state confirm(struct turn *turn, struct interval span)
{
    struct meeting *meeting = turn->meeting;
    bool again = meeting->invited;
    if (meeting->confirmed.end.us > 0)
        meeting->moved_from = meeting->confirmed;
    fix_series(turn, span);
    meeting->confirmed = span;
    meeting->duration_min = (uint32_t)((span.end.us - span.start.us) / MINUTE_US);
    if (meeting->uid.len == 0)
        meeting->uid = arena_format(turn->arena, "%.*s@rendez", SLICE_ARG(new_id(turn, "")));
    mark_accepted(turn, span);
    send_updates(turn, "update.time", again);
    meeting->invited = true;
    hold(turn, true);
    put_calendars(turn);
    tell_organizer(turn, again);
    meeting->moved_from = (struct interval){{0}, {0}};
    meeting->agreed = false;
    meeting->asked = meeting->asked_about = meeting->asked_whom = SLICE_NONE;
    return MEETING_CONFIRMED;
}
