/* What guests answer while slots are offered, and when that settles the meeting. */
#include "domain/meeting/internal.h"

#include <stdlib.h>

static struct participant *writer_of(const struct turn *turn)
{
    return &turn->meeting->people.items[turn->who];
}

/* A number for a call; a place where none was settled. */
void take_phone(struct turn *turn)
{
    const struct meeting_request *request = turn->request;
    struct meeting *meeting = turn->meeting;
    struct slice phone = request->phone;
    if (phone.len == 0 && request->place.kind == PLACE_PHONE)
        phone = request->place.text;
    bool unknown = meeting->kind == KIND_CALL && meeting->place.text.len == 0;
    if (phone.len == 0 && unknown && turn->who != 0)
        phone = request->signed_phone;
    if (phone.len > 0) {
        writer_of(turn)->phone = phone;
        if (meeting->kind == KIND_CALL)
            meeting->place = (struct place){PLACE_PHONE, phone};
        return;
    }
    bool fits = request->place.kind == meeting->place.kind ||
                (request->place.kind == PLACE_IN_PERSON && meeting->place.kind == PLACE_UNKNOWN);
    if (request->place.text.len > 0 && meeting->place.text.len == 0 && fits)
        meeting->place = request->place;
}

void tell_question(struct turn *turn)
{
    if (turn->question_told || !turn->reading->asks_question || turn->reading->question.len == 0 ||
        turn->who == 0)
        return;
    struct mail_order *order = order_mail(turn, 0, PURPOSE_NOTICE, "question");
    order->who = sender_name(turn);
    order->question = turn->reading->question;
    turn->question_told = true;
}

static void take_suits(struct turn *turn, uint32_t number)
{
    struct participant *person = writer_of(turn);
    number_remove(&person->refused, number);
    number_add(turn->arena, &person->suits, number);
}

static void take_refusal(struct turn *turn, uint32_t number)
{
    struct participant *person = writer_of(turn);
    number_remove(&person->suits, number);
    number_add(turn->arena, &person->refused, number);
}

/* Numbers count as this reader saw them; 0 when there is no such offer. */
static uint32_t seen_number(const struct number_list *seen, uint32_t as_seen)
{
    return as_seen == 0 || as_seen > seen->count ? 0 : seen->items[as_seen - 1].number;
}

/* The offers that the answer names by number. True when it accepts any. */
static bool take_numbers(struct turn *turn)
{
    const struct reading *reading = turn->reading;
    struct participant *person = writer_of(turn);
    struct number_list seen = numbers_seen(turn->meeting, person, turn->env->now, turn->arena);
    bool accepted = false;
    for (size_t i = 0; i < reading->refused.count; i++) {
        uint32_t number = seen_number(&seen, reading->refused.items[i].number);
        if (number > 0)
            take_refusal(turn, number);
    }
    for (size_t i = 0; i < reading->accepted.count; i++) { /* in the order of preference */
        uint32_t number = seen_number(&seen, reading->accepted.items[i].number);
        if (number == 0)
            continue;
        if (!accepted) /* a new choice replaces an earlier one */
            person->suits.count = 0;
        take_suits(turn, number);
        accepted = true;
    }
    for (size_t i = 0; reading->any_offer && i < seen.count; i++)
        if (!number_in(&person->refused, seen.items[i].number)) {
            take_suits(turn, seen.items[i].number);
            accepted = true;
        }
    return accepted;
}

static bool take_known_starts(struct turn *turn)
{
    const struct interval_list *starts = &turn->request->times.starts;
    bool accepted = false;
    for (size_t i = 0; i < starts->count; i++) {
        struct offer *offer = offer_by_start(turn, starts->items[i].start);
        if (offer == NULL)
            continue;
        if (!accepted)
            writer_of(turn)->suits.count = 0;
        take_suits(turn, offer->number);
        accepted = true;
    }
    return accepted;
}

static void refuse_shown(struct turn *turn)
{
    struct participant *person = writer_of(turn);
    for (size_t i = 0; i < person->shown.count; i++)
        if (!number_in(&person->suits, person->shown.items[i].number))
            take_refusal(turn, person->shown.items[i].number);
}

static void take_windows(struct turn *turn)
{
    const struct said_times *times = &turn->request->times;
    if (times->constrained && times->starts.count == 0)
        writer_of(turn)->times = *times;
    else if (times->excluded.count > 0)
        writer_of(turn)->times = (struct said_times){.constrained = true,
                                                     .excluded = times->excluded};
}

/* Offers outside what somebody can do; numbers that they accept count more. */
static void refuse_outside(struct turn *turn)
{
    const struct said_times *times = &turn->request->times;
    for (size_t i = 0; times->constrained && i < turn->meeting->offers.count; i++) {
        const struct offer *offer = &turn->meeting->offers.items[i];
        bool outside = times->starts.count == 0 && times->allowed.count > 0 &&
                       !intervals_contain(times->allowed, offer->span);
        if (is_live(turn, offer) && (outside || intervals_overlap(times->excluded, offer->span)))
            take_refusal(turn, offer->number);
    }
}

static enum meeting_state stay(const struct turn *turn)
{
    return turn->meeting->state == MEETING_GATHERING && turn->meeting->round == 0
               ? MEETING_GATHERING
               : MEETING_PROPOSING;
}

/* The date in the mail contradicts itself, has gone by or may be read in two ways. */
static enum meeting_state ask_writer(struct turn *turn, const char *phrase)
{
    struct number_list numbers = {0};
    for (size_t i = 0; i < turn->meeting->offers.count; i++)
        if (is_live(turn, &turn->meeting->offers.items[i]))
            number_add(turn->arena, &numbers, turn->meeting->offers.items[i].number);
    if (numbers.count == 0) {
        struct interval_list slots = find_again(turn, true);
        for (size_t i = 0; i < slots.count; i++)
            number_add(turn->arena, &numbers, offer_add(turn, slots.items[i]));
    }
    send_offers(turn, turn->who, PURPOSE_CLARIFICATION, phrase, &numbers);
    turn->meeting->asked = LIT("time");
    turn->meeting->asked_about = SLICE_NONE;
    turn->meeting->asked_whom = turn->writer;
    return stay(turn);
}

static bool suits_all(const struct turn *turn, const struct offer *offer, bool answered_only)
{
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        if (!must_answer(person))
            continue;
        if (answered_only && person->status != PARTICIPANT_ANSWERED)
            continue;
        if (!number_in(&person->suits, offer->number))
            return false;
    }
    return true;
}

static bool refused_by_known(const struct turn *turn, const struct offer *offer)
{
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        if (person->known && is_active(person) && person->role == ROLE_REQUIRED &&
            number_in(&person->refused, offer->number))
            return true;
    }
    return false;
}

static size_t count_waiting(const struct meeting *meeting)
{
    size_t count = 0;
    for (size_t i = 1; i < meeting->people.count; i++)
        count += must_answer(&meeting->people.items[i]) &&
                 meeting->people.items[i].status == PARTICIPANT_WAITING;
    return count;
}

/* Offers that calendars no longer allow are withdrawn; true when one that the writer
 * chose is among them. */
static bool withdraw_taken(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    bool chosen = false;
    for (size_t i = 0; i < meeting->offers.count; i++) {
        struct offer *offer = &meeting->offers.items[i];
        if (!is_live(turn, offer))
            continue;
        if (check_span(turn, offer->span, true, NULL) == SLOT_FREE)
            continue;
        offer->withdrawn = true;
        chosen |= turn->who != NOBODY && number_in(&writer_of(turn)->suits, offer->number);
    }
    return chosen;
}

/* Numbers that suit stand in the order of preference: liked is what stands before an
 * earlier time. */
static bool likes(const struct turn *turn, const struct participant *person, const struct offer *offer)
{
    bool behind = false;
    for (size_t i = 0; i < person->suits.count; i++) {
        uint32_t number = person->suits.items[i].number;
        const struct offer *other = offer_by_number(turn->meeting, number);
        if (behind && other != NULL && is_live(turn, other) &&
            other->span.start.us < offer->span.start.us)
            return true;
        behind |= number == offer->number;
    }
    return false;
}

static size_t count_likes(const struct turn *turn, const struct offer *offer)
{
    size_t count = 0;
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        count += must_answer(person) && likes(turn, person, offer);
    }
    return count;
}

/* What most like best of what suits all; then the earliest. */
static struct offer *best_offer(struct turn *turn, bool answered_only)
{
    struct offer *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < turn->meeting->offers.count; i++) {
        struct offer *offer = &turn->meeting->offers.items[i];
        if (!is_live(turn, offer) || refused_by_known(turn, offer) ||
            !suits_all(turn, offer, answered_only))
            continue;
        size_t liked = count_likes(turn, offer);
        bool earlier = best == NULL || offer->span.start.us < best->span.start.us;
        if (best != NULL && liked < most)
            continue;
        if (liked > most || earlier)
            best = offer;
        most = liked;
    }
    return best;
}

static size_t supporters(const struct turn *turn, uint32_t number)
{
    size_t count = 0;
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        count += must_answer(person) && number_in(&person->suits, number);
    }
    return count;
}

/* Nobody's times meet: the organizer hears of it, and those who could not make the time
 * that most people can are asked about it once more. */
static enum meeting_state ask_dissenters(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct offer *best = NULL;
    for (size_t i = 0; i < meeting->offers.count; i++) {
        struct offer *offer = &meeting->offers.items[i];
        if (is_live(turn, offer) && supporters(turn, offer->number) > 0 &&
            (best == NULL || supporters(turn, offer->number) > supporters(turn, best->number)))
            best = offer;
    }
    meeting->round++;
    meeting->asked = LIT("time");
    meeting->asked_whom = organizer(meeting)->address;
    struct mail_order *notice = order_mail(turn, 0, PURPOSE_NOTICE, "no_common");
    if (best == NULL || meeting->round > ROUNDS_MAX)
        return MEETING_PROPOSING;
    notice->slot = best->span;
    struct number_list numbers = {0};
    number_add(turn->arena, &numbers, best->number);
    for (size_t i = 1; i < meeting->people.count; i++)
        if (must_answer(&meeting->people.items[i]) &&
            !number_in(&meeting->people.items[i].suits, best->number)) {
            meeting->people.items[i].status = PARTICIPANT_WAITING;
            send_offers(turn, i, PURPOSE_PROPOSAL, "proposal.others", &numbers);
        }
    return MEETING_PROPOSING;
}

static struct interval_list live_spans(struct turn *turn)
{
    struct interval_list spans = {0};
    for (size_t i = 0; i < turn->meeting->offers.count; i++)
        if (is_live(turn, &turn->meeting->offers.items[i]))
            ARENA_PUSH(turn->arena, &spans, turn->meeting->offers.items[i].span);
    return spans;
}

static int by_start(const void *a, const void *b)
{
    const struct interval *first = a, *second = b;
    return (first->start.us > second->start.us) - (first->start.us < second->start.us);
}

static void sort_spans(struct interval_list *spans)
{
    if (spans->count > 1)
        qsort(spans->items, spans->count, sizeof *spans->items, by_start);
}

static enum meeting_state search_again(struct turn *turn, const char *phrase)
{
    struct meeting *meeting = turn->meeting;
    size_t several = count_must_answer(meeting);
    if (meeting->round >= ROUNDS_MAX) {
        add_task(turn, "stuck");
        return MEETING_PROPOSING;
    }
    struct interval_list slots = find_again(turn, several <= 1 || count_waiting(meeting) > 0);
    if (slots.count > 0)
        return propose(turn, slots, phrase, false);
    if (several > 1)
        return ask_dissenters(turn);
    slots = live_spans(turn);
    if (slots.count > 0 && turn->request->times.starts.count > 0) {
        sort_spans(&slots);
        return propose(turn, slots, phrase, false);
    }
    ask_organizer(turn, "time", "no_common");
    if (turn->who != NOBODY && turn->who != 0)
        order_mail(turn, turn->who, PURPOSE_NOTICE, "noted.asking");
    return MEETING_PROPOSING;
}

/* The chosen time has gone meanwhile: what is left of the offers, filled up with others. */
static enum meeting_state offer_rest(struct turn *turn)
{
    struct interval_list slots = {0}, more = find_again(turn, false);
    writer_of(turn)->status = PARTICIPANT_WAITING;
    for (size_t i = 0; i < turn->meeting->offers.count; i++) {
        const struct offer *offer = &turn->meeting->offers.items[i];
        if (is_live(turn, offer) && !number_in(&writer_of(turn)->refused, offer->number))
            ARENA_PUSH(turn->arena, &slots, offer->span);
    }
    size_t wanted = search_wishes(turn).count;
    for (size_t i = 0; i < more.count && slots.count < wanted; i++)
        ARENA_PUSH(turn->arena, &slots, more.items[i]);
    if (slots.count == 0)
        return search_again(turn, "proposal.taken");
    sort_spans(&slots);
    return propose(turn, slots, "proposal.taken", false);
}

/* Looks at what everybody said: confirms, waits, or searches again. */
static enum meeting_state settle_with(struct turn *turn, const char *phrase)
{
    bool taken = withdraw_taken(turn);
    struct offer *best = best_offer(turn, false);
    if (best != NULL)
        return confirm(turn, best->span);
    if (taken) {
        return offer_rest(turn);
    }
    if (count_waiting(turn->meeting) > 0 && best_offer(turn, true) != NULL)
        return MEETING_PROPOSING;
    return search_again(turn, phrase);
}

enum meeting_state settle(struct turn *turn)
{
    if (turn->meeting->round == 0 && turn->meeting->state == MEETING_GATHERING)
        return MEETING_GATHERING; /* nothing was offered yet */
    return settle_with(turn, "proposal.again");
}

/* The time is right for the calendars but not what the organizer wished. */
static enum meeting_state ask_outside_wishes(struct turn *turn, struct interval span)
{
    struct number_list numbers = {0};
    uint32_t number = offer_add(turn, span);
    offer_by_number(turn->meeting, number)->withdrawn = true; /* until the organizer agrees */
    take_suits(turn, number);
    number_add(turn->arena, &numbers, number);
    turn->meeting->asked = LIT("guest_time");
    turn->meeting->asked_about = SLICE_NONE;
    turn->meeting->asked_whom = organizer(turn->meeting)->address;
    struct slice who = sender_name(turn);
    send_offers(turn, 0, PURPOSE_CLARIFICATION, "ask.guest_time", &numbers);
    turn->effects->items[turn->effects->count - 1].mail.who = who;
    return stay(turn);
}

/* A new time of one guest is put to the others. */
static enum meeting_state offer_to_others(struct turn *turn, uint32_t number)
{
    struct number_list numbers = {0};
    struct meeting *meeting = turn->meeting;
    number_add(turn->arena, &numbers, number);
    meeting->round++;
    meeting->last_offer = turn->env->now;
    for (size_t i = 1; i < meeting->people.count; i++)
        if (i != turn->who && is_asked(&meeting->people.items[i])) {
            meeting->people.items[i].status = PARTICIPANT_WAITING;
            send_offers(turn, i, PURPOSE_PROPOSAL, "proposal.others", &numbers);
        }
    return MEETING_PROPOSING;
}

static enum meeting_state take_new_start(struct turn *turn, struct interval span)
{
    size_t others = count_must_answer(turn->meeting) - must_answer(writer_of(turn));
    if (!in_wishes(turn, span))
        return ask_outside_wishes(turn, span);
    uint32_t number = offer_add(turn, span);
    take_suits(turn, number);
    if (others == 0 && must_answer(writer_of(turn)))
        return confirm(turn, span);
    return offer_to_others(turn, number);
}

static const char *unfit_phrase(enum slot_refusal reason)
{
    return reason == SLOT_HOLIDAY ? "proposal.holiday" : "proposal.unfit";
}

/* Times that were not offered: the first that suits is taken. */
static enum meeting_state answer_with_starts(struct turn *turn)
{
    const struct interval_list *starts = &turn->request->times.starts;
    enum slot_refusal reason = SLOT_FREE;
    for (size_t i = 0; i < starts->count; i++) {
        struct interval span = span_of_start(turn, starts->items[i]);
        enum slot_refusal found = check_span(turn, span, false, NULL);
        if (found == SLOT_FREE)
            return take_new_start(turn, span);
        if (reason == SLOT_FREE)
            reason = found;
    }
    if (reason == SLOT_PAST)
        return ask_writer(turn, "ask.past");
    refuse_shown(turn);
    writer_of(turn)->status = PARTICIPANT_ANSWERED;
    return search_again(turn, unfit_phrase(reason));
}

static const char *doubt_phrase(enum timex_doubt doubt)
{
    return doubt == TIMEX_CONTRADICTION ? "ask.date" : doubt == TIMEX_PAST ? "ask.past" : "ask.day";
}

static bool is_doubtful(const struct turn *turn)
{
    enum timex_doubt doubt = turn->request->times.doubt;
    return doubt == TIMEX_CONTRADICTION || doubt == TIMEX_DAY_OR_MONTH || doubt == TIMEX_PAST;
}

/* A colleague whose calendar we read is not waited for; only what they rule out counts. */
static enum meeting_state known_answer(struct turn *turn)
{
    refuse_outside(turn);
    take_numbers(turn);
    take_windows(turn);
    if (turn->reading->intent == INTENT_COUNTER && turn->request->times.starts.count > 0 &&
        !take_known_starts(turn))
        return answer_with_starts(turn);
    if (turn->reading->intent == INTENT_COUNTER && !turn->request->times.constrained)
        refuse_shown(turn);
    return best_offer(turn, true) == NULL ? settle(turn) : stay(turn);
}

enum meeting_state guest_answer(struct turn *turn)
{
    struct participant *person = writer_of(turn);
    take_phone(turn);
    if (person->known)
        return known_answer(turn);
    if (turn->reading->any_offer)
        refuse_outside(turn);
    bool accepted = take_numbers(turn) || take_known_starts(turn);
    if (!accepted && is_doubtful(turn))
        return ask_writer(turn, doubt_phrase(turn->request->times.doubt));
    if (accepted || turn->request->times.constrained || turn->request->times.starts.count > 0)
        person->times = (struct said_times){0}; /* a later change of mind counts */
    take_windows(turn);
    person->status = PARTICIPANT_ANSWERED;
    if (!accepted && turn->request->times.starts.count > 0)
        return answer_with_starts(turn);
    if (!accepted && turn->reading->intent == INTENT_ACCEPT && person->shown.count == 1) {
        take_suits(turn, person->shown.items[0].number);
        accepted = true;
    }
    if (!accepted && turn->reading->intent == INTENT_ACCEPT)
        return ask_writer(turn, "ask.which");
    if (!accepted && turn->reading->refused.count == 0)
        refuse_shown(turn);
    return settle(turn);
}

enum meeting_state guest_choice(struct turn *turn)
{
    struct participant *person = writer_of(turn);
    struct offer *offer = offer_by_number(turn->meeting, turn->input->choice);
    person->times = (struct said_times){0};
    if (turn->input->choice == 0) {
        person->suits.count = 0;
        refuse_shown(turn);
    } else if (offer == NULL || !number_in(&person->shown, offer->number)) {
        turn->outcome = OUTCOME_REJECTED;
        return stay(turn);
    } else {
        person->suits.count = 0;
        take_suits(turn, offer->number);
    }
    person->status = PARTICIPANT_ANSWERED;
    if (offer != NULL && offer->withdrawn)
        return offer_rest(turn);
    return settle(turn);
}

enum meeting_state guest_decline(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct participant *person = writer_of(turn);
    bool mattered = must_answer(person);
    person->status = PARTICIPANT_DECLINED;
    person->suits.count = 0;
    if (person->role == ROLE_OPTIONAL && count_guests(meeting) > 0)
        return stay(turn);
    bool last = count_guests(meeting) == 0 || (mattered && count_must_answer(meeting) == 0);
    struct interval slot = invited_span(meeting);
    enum meeting_state state = last ? cancel(turn) : MEETING_PROPOSING;
    struct mail_order *notice = order_mail(turn, 0, PURPOSE_NOTICE,
                                           last ? "declined.last" : "declined");
    notice->who = sender_name(turn);
    if (last)
        attach_own_cancel(turn, notice, slot);
    if (turn->reading->asks_question) {
        notice->question = turn->reading->question;
        turn->question_told = true;
    }
    if (last)
        return state;
    return mattered || person->known ? settle(turn) : stay(turn);
}

/* They want no mail from us: none goes to them after this, so the organizer has to know. */
enum meeting_state guest_stopped(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    bool confirmed = meeting->state == MEETING_CONFIRMED;
    struct participant *person = turn->who == NOBODY ? NULL : writer_of(turn);
    if (person == NULL || turn->who == 0 || (person->stopped && (confirmed || !is_active(person)))) {
        turn->outcome = OUTCOME_IGNORED;
        return meeting->state;
    }
    bool mattered = must_answer(person);
    person->stopped = true;
    if (!confirmed) {
        person->status = PARTICIPANT_DECLINED;
        person->suits.count = 0;
    }
    bool last = !confirmed && (count_guests(meeting) == 0 ||
                               (mattered && count_must_answer(meeting) == 0));
    struct mail_order *order =
        order_mail(turn, 0, last ? PURPOSE_CLARIFICATION : PURPOSE_NOTICE,
                   confirmed ? "stopped.confirmed" : last ? "stopped.last" : "stopped");
    order->who = sender_name(turn);
    order->detail = turn->writer;
    order->slot = meeting->confirmed;
    if (confirmed)
        return MEETING_CONFIRMED;
    if (!last)
        return mattered || person->known ? settle(turn) : stay(turn);
    withdraw_offers(turn);
    meeting->asked = LIT("people");
    meeting->asked_whom = organizer(meeting)->address;
    organizer(meeting)->asked_at = turn->env->now;
    return MEETING_GATHERING;
}

static struct mailbox delegate_of(const struct turn *turn)
{
    const struct mention_list *mentions = &turn->request->people;
    for (size_t i = 0; i < mentions->count; i++) {
        const struct mention *mention = &mentions->items[i];
        if (mention->role != MENTION_DELEGATE)
            continue;
        if (mention->address.len > 0)
            return (struct mailbox){mention->name, mention->address};
        for (size_t j = 0; j < turn->input->recipients.count; j++) {
            struct mailbox box = turn->input->recipients.items[j];
            if (name_means(mention->name, box.name, box.address))
                return box;
        }
    }
    return (struct mailbox){0};
}

/* Somebody comes in the writer's stead: they are asked, and the organizer is told. */
static enum meeting_state replace_writer(struct turn *turn, struct mailbox other, const struct number_list *live)
{
    struct slice name = sender_name(turn);
    writer_of(turn)->status = PARTICIPANT_REMOVED;
    writer_of(turn)->suits.count = 0;
    size_t added = add_participant(turn, other.name, other.address, writer_of(turn)->role);
    struct mail_order *order = order_mail(turn, 0, PURPOSE_NOTICE, "replaced");
    order->who = name;
    order->detail = other.name.len > 0 ? other.name : other.address;
    if (live->count > 0)
        send_offers(turn, added, PURPOSE_PROPOSAL, "proposal.first", live);
    return stay(turn);
}

enum meeting_state guest_delegate(struct turn *turn)
{
    struct participant *person = writer_of(turn);
    struct mailbox delegate = delegate_of(turn);
    if (delegate.address.len == 0 || find_participant(turn->meeting, delegate.address) != NOBODY)
        return open_task(turn);
    struct number_list live = {0};
    for (size_t i = 0; i < turn->meeting->offers.count; i++)
        if (is_live(turn, &turn->meeting->offers.items[i]))
            number_add(turn->arena, &live, turn->meeting->offers.items[i].number);
    if (turn->request->replaced)
        return replace_writer(turn, delegate, &live);
    person->delegate_address = delegate.address;
    person->delegate_name = delegate.name;
    person->last_sent_id = turn->input->message_id;
    if (live.count > 0)
        send_offers(turn, turn->who, PURPOSE_PROPOSAL, "proposal.delegate", &live);
    return stay(turn);
}

/* A guest would like other people, another place or another kind of meeting: that is the
 * organizer's to decide. */
void tell_guest_people(struct turn *turn)
{
    const struct meeting_request *request = turn->request;
    struct mail_order *order;
    for (size_t i = 0; i < request->people.count; i++) {
        const struct mention *mention = &request->people.items[i];
        if (find_participant(turn->meeting, mention->address) != NOBODY)
            continue;
        order = order_mail(turn, 0, PURPOSE_NOTICE, "guest_change.people");
        order->who = sender_name(turn);
        order->detail = mention->address.len > 0 && mention->name.len > 0
                            ? arena_format(turn->arena, "%.*s (%.*s)", SLICE_ARG(mention->name),
                                           SLICE_ARG(mention->address))
                        : mention->name.len > 0 ? mention->name : mention->address;
    }
}

void tell_guest_change(struct turn *turn)
{
    const struct meeting_request *request = turn->request;
    struct mail_order *order;
    if (turn->reading->intent != INTENT_CHANGE || turn->reading->asks_question)
        return;
    tell_guest_people(turn);
    if (request->place.text.len > 0 && request->place.kind != PLACE_PHONE) {
        order = order_mail(turn, 0, PURPOSE_NOTICE, "guest_change.place");
        order->who = sender_name(turn);
        order->detail = request->place.text;
    } else if (request->kind != KIND_UNKNOWN && request->kind != KIND_MEETING &&
               request->kind != turn->meeting->kind) {
        order = order_mail(turn, 0, PURPOSE_NOTICE, "guest_change.kind");
        order->who = sender_name(turn);
        order->kind = request->kind;
    }
}

enum meeting_state guest_inform(struct turn *turn)
{
    take_phone(turn);
    tell_guest_change(turn);
    if (turn->request->times.starts.count > 0 || turn->request->times.constrained ||
        turn->reading->accepted.count > 0)
        return guest_answer(turn);
    return stay(turn);
}

enum meeting_state guest_question(struct turn *turn)
{
    tell_question(turn);
    if (!turn->question_told)
        turn->outcome = OUTCOME_IGNORED;
    return turn->meeting->state;
}

/* After the search was given up an answer does not confirm by itself (scenario format):
 * it opens the search again. */
enum meeting_state guest_late_answer(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct participant *person = writer_of(turn);
    take_phone(turn);
    take_windows(turn);
    meeting->organizer_told_abandoned = false;
    struct interval_list slots = {0};
    for (size_t i = 0; i < turn->request->times.starts.count; i++) {
        struct interval span = span_of_start(turn, turn->request->times.starts.items[i]);
        if (check_span(turn, span, false, NULL) == SLOT_FREE)
            ARENA_PUSH(turn->arena, &slots, span);
    }
    if (slots.count == 0)
        slots = find_again(turn, true);
    if (slots.count == 0) { /* the wishes have passed: the coming weeks */
        struct search search = {.count = 3, .excluded = person->times.excluded};
        slots = find_slots(turn, &search);
    }
    struct mail_order *notice = order_mail(turn, 0, PURPOSE_NOTICE, "reopened");
    notice->who = sender_name(turn);
    if (slots.count == 0)
        return MEETING_GATHERING;
    return propose(turn, slots, "proposal.reopened", true);
}

/* iTIP COUNTER while slots are offered: a time like any other. */
enum meeting_state guest_counter(struct turn *turn)
{
    struct offer *offer = offer_by_start(turn, turn->input->counter.start);
    writer_of(turn)->status = PARTICIPANT_ANSWERED;
    if (offer != NULL) {
        take_suits(turn, offer->number);
        return settle(turn);
    }
    enum slot_refusal reason = check_span(turn, turn->input->counter, false, NULL);
    if (reason == SLOT_FREE)
        return take_new_start(turn, turn->input->counter);
    refuse_shown(turn);
    return search_again(turn, unfit_phrase(reason));
}
