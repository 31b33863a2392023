/* Silence and mail that does not arrive. The intervals are those of the scenario format. */
#include "domain/meeting/internal.h"

enum { FIRST_REMINDER_DAYS = 3, SECOND_REMINDER_DAYS = 4, GIVE_UP_DAYS = 15, REMINDERS_MAX = 2,
       HOLD_AGAIN_DAYS = 60 };
enum { OFFICE_OPENS = 9, OFFICE_CLOSES = 18 };

static bool is_working_day(const struct turn *turn, struct civil_date date)
{
    const struct known_person *host = env_person(turn->env, organizer(turn->meeting)->address);
    enum weekday day = civil_date_weekday(date);
    return day != SATURDAY && day != SUNDAY &&
           (host == NULL || host->person.holidays.len == 0 ||
            !calendar_is_holiday(host->person.holidays, date, NULL));
}

static struct civil_date next_working_day(const struct turn *turn, struct civil_date date)
{
    do
        date = civil_date_add(date, 1);
    while (!is_working_day(turn, date));
    return date;
}

/* The same time of day, moved into office hours. */
struct instant working_days_later(const struct turn *turn, struct instant from, int days)
{
    const struct zone *zone = organizer_zone(turn);
    struct civil at = civil_from_instant(from, zone);
    for (int i = 0; i < days; i++)
        at.date = next_working_day(turn, at.date);
    if (at.hour >= OFFICE_CLOSES)
        at = civil_at(next_working_day(turn, at.date), OFFICE_OPENS, 0);
    if (at.hour < OFFICE_OPENS)
        at = civil_at(at.date, OFFICE_OPENS, 0);
    return civil_to_instant(at, zone);
}

static bool may_be_reminded(const struct participant *person)
{
    return must_answer(person) && person->status == PARTICIPANT_WAITING &&
           person->asked_at.us > 0 && person->reminders < REMINDERS_MAX;
}

static struct instant reminder_due(const struct turn *turn, const struct participant *person)
{
    return working_days_later(turn, person->asked_at, person->reminders == 0
                                                          ? FIRST_REMINDER_DAYS
                                                          : SECOND_REMINDER_DAYS);
}

/* When the search is given up: all offers have passed, or nothing came of them. */
static struct instant give_up_due(const struct turn *turn)
{
    const struct meeting *meeting = turn->meeting;
    struct instant since = meeting->last_offer, last = {0};
    if (meeting->state == MEETING_GATHERING)
        since = organizer(meeting)->asked_at;
    if (since.us == 0)
        since = meeting->created;
    struct instant due = working_days_later(turn, since, GIVE_UP_DAYS);
    for (size_t i = 0; i < meeting->offers.count; i++)
        if (!meeting->offers.items[i].withdrawn &&
            meeting->offers.items[i].span.start.us > last.us)
            last = meeting->offers.items[i].span.start;
    bool offered = meeting->state == MEETING_PROPOSING && last.us > 0;
    return offered && last.us < due.us ? last : due;
}

/* A series with dates behind those that are held. */
static bool outlasts_holds(const struct turn *turn)
{
    const struct meeting *meeting = turn->meeting;
    struct instant held = instant_add(turn->env->now, minutes(SERIES_DAYS * 24 * 60));
    return is_series(turn) &&
           series_end(&meeting->series, meeting->confirmed, organizer_zone(turn)).us > held.us;
}

void set_due(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    meeting->due = (struct instant){0};
    if (meeting->state == MEETING_CONFIRMED && outlasts_holds(turn))
        meeting->due = instant_add(turn->env->now, minutes(HOLD_AGAIN_DAYS * 24 * 60));
    if (meeting->state != MEETING_PROPOSING && meeting->state != MEETING_GATHERING)
        return;
    struct instant due = give_up_due(turn);
    for (size_t i = 1; meeting->state == MEETING_PROPOSING && i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (!may_be_reminded(person))
            continue;
        struct instant at = reminder_due(turn, person);
        if (at.us < due.us)
            due = at;
    }
    /* A time that has passed while something else held the meeting: at once, but later. */
    if (due.us <= turn->env->now.us)
        due = instant_add(turn->env->now, minutes(1));
    meeting->due = due;
}

static void remind(struct turn *turn, size_t who)
{
    struct participant *person = &turn->meeting->people.items[who];
    struct number_list live = {0};
    for (size_t i = 0; i < person->shown.count; i++) {
        struct offer *offer = offer_by_number(turn->meeting, person->shown.items[i].number);
        if (offer != NULL && is_live(turn, offer))
            number_add(turn->arena, &live, offer->number);
    }
    person->reminders++;
    person->asked_at = turn->env->now;
    if (live.count > 0)
        send_offers(turn, who, PURPOSE_REMINDER,
                    person->reminders == 1 ? "reminder.first" : "reminder.second", &live);
}

/* The time that was to be moved is not coming back. */
static void withdraw_invitations(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    meeting->sequence++;
    for (size_t i = 1; i < meeting->people.count; i++)
        if (is_active(&meeting->people.items[i]) &&
            meeting->people.items[i].invited_sequence > 0)
            send_cancellation(turn, i, "cancellation.meeting");
}

static void forget_event(struct meeting *meeting)
{
    meeting->invited = false;
    meeting->uid = SLICE_NONE;
    meeting->sequence = 0;
}

static enum meeting_state give_up(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    if (meeting->invited)
        withdraw_invitations(turn);
    add_effect(turn, EFFECT_RELEASE);
    const char *phrase = meeting->moved_from.end.us > 0         ? "abandoned.move"
                         : meeting->state == MEETING_GATHERING ? "abandoned.question"
                                                               : "abandoned";
    if (!meeting->organizer_told_abandoned || meeting->invited) {
        struct mail_order *order = order_mail(turn, 0, PURPOSE_NOTICE, phrase);
        attach_own_cancel(turn, order, meeting->moved_from);
    }
    if (meeting->invited)
        forget_event(meeting);
    meeting->organizer_told_abandoned = true;
    meeting->moved_from = (struct interval){{0}, {0}};
    meeting->asked = SLICE_NONE;
    return MEETING_ABANDONED;
}

enum meeting_state on_timer(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    enum meeting_state state = meeting->state;
    struct instant now = turn->env->now;
    if (give_up_due(turn).us <= now.us)
        return give_up(turn);
    for (size_t i = 1; state == MEETING_PROPOSING && i < meeting->people.count; i++)
        if (may_be_reminded(&meeting->people.items[i]) &&
            reminder_due(turn, &meeting->people.items[i]).us <= now.us)
            remind(turn, i);
    return state;
}

/* Our mail to somebody did not arrive: their address is asked for again. */
enum meeting_state on_bounce(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct slice address = turn->writer;
    if (turn->who == NOBODY || turn->who == 0) {
        turn->outcome = OUTCOME_IGNORED;
        return meeting->state;
    }
    struct participant *person = &meeting->people.items[turn->who];
    struct slice name = display_name(person);
    if (slice_equal_nocase(person->delegate_address, address)) {
        person->delegate_address = person->delegate_name = SLICE_NONE;
    } else if (meeting->state != MEETING_CONFIRMED) {
        person->name = name;
        person->address = SLICE_NONE;
        person->asked_at = (struct instant){0};
    }
    meeting->asked = LIT("address");
    meeting->asked_about = name;
    meeting->asked_whom = organizer(meeting)->address;
    organizer(meeting)->asked_at = turn->env->now;
    struct mail_order *order = order_mail(turn, 0, PURPOSE_CLARIFICATION, 
                                            turn->input->no_such_address ? "ask.no_such_address"
                                                                         : "ask.bounced");
    order->who = name;
    order->detail = address;
    return meeting->state == MEETING_CONFIRMED ? MEETING_CONFIRMED : MEETING_GATHERING;
}
