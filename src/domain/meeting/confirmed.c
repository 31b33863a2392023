/* Guests' words about a meeting that is settled. */
#include "domain/meeting/internal.h"

static struct participant *writer_of(const struct turn *turn)
{
    return &turn->meeting->people.items[turn->who];
}

static enum meeting_state nothing_new(struct turn *turn)
{
    turn->outcome = OUTCOME_IGNORED;
    return MEETING_CONFIRMED;
}

/* A number or place that was missing goes out to everybody. */
static bool take_place_news(struct turn *turn)
{
    struct place before = turn->meeting->place;
    take_phone(turn);
    return !slice_equal(before.text, turn->meeting->place.text);
}

static enum meeting_state update_place(struct turn *turn)
{
    send_updates(turn, "update.facts", true);
    put_calendars(turn);
    struct mail_order *order = order_mail(turn, 0, PURPOSE_NOTICE, "place_given");
    order->who = sender_name(turn);
    order->slot = turn->meeting->confirmed;
    attach_own(turn, order);
    return MEETING_CONFIRMED;
}

static enum meeting_state ask_about_move(struct turn *turn, struct interval span, bool possible)
{
    struct number_list numbers = {0};
    if (possible) {
        uint32_t number = offer_add(turn, span);
        offer_by_number(turn->meeting, number)->withdrawn = true;
        number_add(turn->arena, &numbers, number);
    }
    turn->meeting->asked = possible ? LIT("guest_time") : LIT("time");
    turn->meeting->asked_about = SLICE_NONE;
    turn->meeting->asked_whom = organizer(turn->meeting)->address;
    struct slice who = sender_name(turn);
    send_offers(turn, 0, PURPOSE_CLARIFICATION, possible ? "ask.guest_move" : "guest_cannot",
                &numbers);
    struct mail_order *order = &turn->effects->items[turn->effects->count - 1].mail;
    order->who = who;
    order->slot = turn->meeting->confirmed;
    return MEETING_CONFIRMED;
}

/* One guest's other time: taken when it suits and nobody else must be asked. */
static enum meeting_state try_move(struct turn *turn, struct interval span)
{
    bool only = must_answer(writer_of(turn)) && count_must_answer(turn->meeting) == 1;
    bool fits = check_span(turn, span, false, NULL) == SLOT_FREE;
    if (!fits || !only || !in_wishes(turn, span))
        return ask_about_move(turn, span, fits);
    withdraw_offers(turn);
    number_add(turn->arena, &writer_of(turn)->suits, offer_add(turn, span));
    return confirm(turn, span);
}

/* The only guest cannot come at the time: it is being moved. */
static enum meeting_state search_for_guest(struct turn *turn)
{
    struct participant_list before = copy_people(turn);
    begin_move(turn);
    if (turn->meeting->times.starts.count > 0)
        turn->meeting->times = (struct said_times){0};
    writer_of(turn)->times = turn->request->times;
    struct interval_list slots = find_again(turn, true);
    if (slots.count == 0) {
        undo_move(turn, &before);
        return ask_about_move(turn, turn->meeting->confirmed, false);
    }
    release(turn);
    struct mail_order *notice = order_mail(turn, 0, PURPOSE_NOTICE, "guest_moves");
    notice->who = sender_name(turn);
    notice->slot = turn->meeting->moved_from;
    return propose(turn, slots, "proposal.again", true);
}

static bool names_confirmed(const struct turn *turn)
{
    const struct interval_list *starts = &turn->request->times.starts;
    for (size_t i = 0; i < starts->count; i++)
        if (starts->items[i].start.us == occurrence_now(turn).start.us)
            return true;
    return false;
}

/* "Could we swap to the Thursday one instead?": an earlier offer that is pointed at, or NULL. */
static const struct offer *earlier_offer(const struct turn *turn)
{
    const struct number_list *accepted = &turn->reading->accepted;
    struct number_list seen = numbers_seen(turn->meeting, writer_of(turn), turn->env->now, turn->arena);
    if (accepted->count != 1 || accepted->items[0].number == 0 || accepted->items[0].number > seen.count)
        return NULL;
    const struct offer *offer = offer_by_number(turn->meeting, seen.items[accepted->items[0].number - 1].number);
    bool settled = offer == NULL || offer->span.start.us == turn->meeting->confirmed.start.us;
    return settled || offer->span.start.us <= turn->env->now.us ? NULL : offer;
}

static enum meeting_state asks_to_move(struct turn *turn)
{
    const struct said_times *times = &turn->request->times;
    const struct offer *earlier = times->starts.count == 0 ? earlier_offer(turn) : NULL;
    if (earlier != NULL && check_span(turn, earlier->span, false, NULL) == SLOT_FREE)
        return try_move(turn, earlier->span);
    for (size_t i = 1; i < times->starts.count; i++) { /* "Thursday at 11 or Friday at 11" */
        struct interval first = span_of_start(turn, times->starts.items[0]);
        struct interval span = span_of_start(turn, times->starts.items[i]);
        if (check_span(turn, first, false, NULL) != SLOT_FREE &&
            check_span(turn, span, false, NULL) == SLOT_FREE)
            return try_move(turn, span);
    }
    if (times->starts.count > 0)
        return try_move(turn, span_of_start(turn, times->starts.items[0]));
    bool only = must_answer(writer_of(turn)) && count_must_answer(turn->meeting) == 1;
    if (only && times->constrained)
        return search_for_guest(turn);
    return ask_about_move(turn, turn->meeting->confirmed, false);
}

/* Somebody who had declined was left out of updates meanwhile. */
static void invite_if_stale(struct turn *turn)
{
    if (writer_of(turn)->invited_start.us != turn->meeting->confirmed.start.us)
        send_invitation(turn, turn->who, "invitation");
}

enum meeting_state confirmed_answer(struct turn *turn)
{
    bool news = take_place_news(turn);
    enum intent intent = turn->reading->intent;
    bool moves = intent == INTENT_RESCHEDULE ||
                 (intent == INTENT_COUNTER && (turn->request->times.starts.count > 0 ||
                                               turn->request->times.constrained));
    if (moves && !names_confirmed(turn) && writer_of(turn)->role != ROLE_OPTIONAL)
        return asks_to_move(turn);
    if (intent == INTENT_ACCEPT) {
        writer_of(turn)->status = PARTICIPANT_ACCEPTED;
        invite_if_stale(turn);
    }
    return news ? update_place(turn) : MEETING_CONFIRMED;
}

static enum meeting_state cancelled_by_guest(struct turn *turn)
{
    struct interval slot = invited_span(turn->meeting);
    enum meeting_state state = cancel(turn);
    struct mail_order *order = order_mail(turn, 0, PURPOSE_NOTICE, "cancelled.by_guest");
    order->who = sender_name(turn);
    order->slot = slot;
    attach_own_cancel(turn, order, slot);
    return state;
}

enum meeting_state confirmed_decline(struct turn *turn)
{
    struct participant *person = writer_of(turn);
    if (person->status == PARTICIPANT_DECLINED)
        return nothing_new(turn);
    person->status = PARTICIPANT_DECLINED;
    put_calendars(turn);
    if (person->role == ROLE_OPTIONAL)
        return MEETING_CONFIRMED;
    bool last = count_guests(turn->meeting) == 0;
    if (last && turn->reading->intent == INTENT_CANCEL) { /* nobody is left to meet */
        person->status = PARTICIPANT_WAITING;
        return cancelled_by_guest(turn);
    }
    turn->meeting->asked = last ? LIT("time") : SLICE_NONE;
    turn->meeting->asked_whom = organizer(turn->meeting)->address;
    struct mail_order *order =
        order_mail(turn, 0, last ? PURPOSE_CLARIFICATION : PURPOSE_NOTICE,
                   last ? "declined.confirmed_last" : "declined.confirmed");
    order->who = sender_name(turn);
    order->slot = turn->meeting->confirmed;
    if (turn->reading->asks_question) {
        order->question = turn->reading->question;
        turn->question_told = true;
    }
    return MEETING_CONFIRMED;
}

enum meeting_state confirmed_own_partstat(struct turn *turn)
{
    turn->meeting->asked = LIT("time");
    turn->meeting->asked_whom = organizer(turn->meeting)->address;
    order_mail(turn, 0, PURPOSE_CLARIFICATION, "declined.yours")->slot = turn->meeting->confirmed;
    return MEETING_CONFIRMED;
}

/* The invitation goes to whoever keeps their diary as well. */
enum meeting_state confirmed_delegate(struct turn *turn)
{
    const struct mention_list *mentions = &turn->request->people;
    struct participant *person = writer_of(turn);
    for (size_t i = 0; i < mentions->count; i++)
        if (mentions->items[i].role == MENTION_DELEGATE && mentions->items[i].address.len > 0 &&
            find_participant(turn->meeting, mentions->items[i].address) == NOBODY) {
            person->delegate_address = mentions->items[i].address;
            person->delegate_name = mentions->items[i].name;
            send_invitation(turn, turn->who, "invitation");
            return MEETING_CONFIRMED;
        }
    return nothing_new(turn);
}

enum meeting_state confirmed_inform(struct turn *turn)
{
    size_t before = turn->effects->count;
    tell_guest_change(turn);
    if (!take_place_news(turn)) {
        if (turn->effects->count > before)
            return MEETING_CONFIRMED;
        tell_question(turn);
        if (!turn->question_told)
            return nothing_new(turn);
        return MEETING_CONFIRMED;
    }
    return update_place(turn);
}

enum meeting_state confirmed_partstat(struct turn *turn)
{
    struct participant *person = writer_of(turn);
    person->status = turn->input->partstat == PARTSTAT_TENTATIVE ? PARTICIPANT_TENTATIVE
                                                                 : PARTICIPANT_ACCEPTED;
    invite_if_stale(turn);
    put_calendars(turn);
    return MEETING_CONFIRMED;
}

/* "Parfait, merci" to an invitation is a yes. */
enum meeting_state confirmed_thanks(struct turn *turn)
{
    if (writer_of(turn)->status != PARTICIPANT_WAITING)
        return nothing_new(turn);
    writer_of(turn)->status = PARTICIPANT_ACCEPTED;
    return MEETING_CONFIRMED;
}

enum meeting_state confirmed_counter(struct turn *turn)
{
    if (turn->input->counter.start.us == turn->meeting->confirmed.start.us)
        return nothing_new(turn);
    return try_move(turn, turn->input->counter);
}

/* Nothing moves; those who would wait are told. A guest's delay concerns the organizer. */
enum meeting_state tell_late(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct slice who = sender_name(turn);
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (i == turn->who || !is_active(person) || person->address.len == 0 ||
            (turn->who != 0 && i != 0))
            continue;
        struct mail_order *order = order_mail(turn, i, PURPOSE_NOTICE,
                                              turn->reading->late_min > 0 ? "late" : "late.some");
        order->who = who;
        order->number = turn->reading->late_min;
        order->slot = occurrence_now(turn);
        order->series = (struct series){0}; /* late this once */
    }
    return MEETING_CONFIRMED;
}
