/* The organizer's side: wishes, changes, moving, giving up. */
#include "domain/meeting/internal.h"

enum { WEEKS_UNNAMED_DAYS = 21 }; /* what is allowed over so long a time names no week */

void place_by_kind(struct turn *turn)
{
    static const enum place_kind usual[KIND_COUNT_] = {
        [KIND_CALL] = PLACE_PHONE,        [KIND_VIDEO] = PLACE_VIDEO,
        [KIND_LUNCH] = PLACE_IN_PERSON,   [KIND_BREAKFAST] = PLACE_IN_PERSON,
        [KIND_COFFEE] = PLACE_IN_PERSON,  [KIND_DRINKS] = PLACE_IN_PERSON,
        [KIND_DINNER] = PLACE_IN_PERSON,
    };
    struct meeting *meeting = turn->meeting;
    struct place *place = &meeting->place;
    const struct known_person *host = env_person(turn->env, organizer(meeting)->address);
    enum place_kind kind = usual[meeting->kind];
    if (place->kind != PLACE_UNKNOWN && kind != PLACE_UNKNOWN && place->kind != kind)
        *place = (struct place){0}; /* of another kind of meeting */
    if (place->kind == PLACE_UNKNOWN)
        place->kind = kind;
    if (place->text.len > 0 || host == NULL || (meeting->place_theirs && place->kind == PLACE_IN_PERSON))
        return;
    place->text = host->person.preferences.places[meeting->kind];
    if (place->text.len == 0 && place->kind == PLACE_IN_PERSON && meeting->kind != KIND_MEETING &&
        kind == PLACE_UNKNOWN)
        place->text = host->person.preferences.places[KIND_MEETING];
    if (place->text.len > 0 && place->kind == PLACE_UNKNOWN)
        place->kind = PLACE_IN_PERSON;
}

/* "Let's have the 24th at our office": of a settled meeting that was to be elsewhere. The reader leaves the
 * address to us; where we know none, the old one may as well be theirs. */
static bool moves_to_own_place(const struct turn *turn)
{
    const struct known_person *host = env_person(turn->env, organizer(turn->meeting)->address);
    const struct meeting_request *request = turn->request;
    return turn->who == 0 && host != NULL && turn->reading->intent == INTENT_CHANGE &&
           turn->meeting->confirmed.end.us != 0 && request->place.kind == PLACE_IN_PERSON &&
           request->place.text.len == 0 && !request->place_theirs &&
           host->person.preferences.places[KIND_MEETING].len > 0;
}

void take_place(struct turn *turn)
{
    const struct meeting_request *request = turn->request;
    struct place *place = &turn->meeting->place;
    if (request->place.kind != PLACE_UNKNOWN || request->place.text.len > 0) {
        if (request->place.text.len > 0 || request->place.kind != place->kind ||
            request->place_theirs != turn->meeting->place_theirs)
            *place = request->place;
        turn->meeting->place_theirs = request->place_theirs;
        const struct known_person *host = env_person(turn->env, organizer(turn->meeting)->address);
        if (moves_to_own_place(turn))
            place->text = host->person.preferences.places[KIND_MEETING];
    }
    if (request->phone.len > 0 && turn->meeting->kind == KIND_CALL)
        *place = (struct place){PLACE_PHONE, request->phone};
    place_by_kind(turn);
}

static uint32_t usual_duration(const struct turn *turn)
{
    const struct known_person *host = env_person(turn->env, organizer(turn->meeting)->address);
    uint32_t found = host == NULL ? 0 : host->person.preferences.durations_min[turn->meeting->kind];
    return found == 0 ? 60 : found;
}

/* What of a meeting changed; offers stay good when only the place did. */
enum { FACT_TIME = 1, FACT_PLACE = 2 };

static unsigned take_facts(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    const struct meeting_request *request = turn->request;
    struct place before = meeting->place;
    unsigned changed = 0;
    /* "le rendez-vous" may be any kind; only a place to go to makes it one of its own. */
    bool generic = request->kind == KIND_MEETING && request->place.kind != PLACE_IN_PERSON;
    if (request->kind != KIND_UNKNOWN && request->kind != meeting->kind && !generic) {
        meeting->kind = request->kind;
        meeting->kind_said = true;
        changed |= FACT_TIME;
        if (!meeting->duration_said && meeting->confirmed.end.us == 0)
            meeting->duration_min = usual_duration(turn);
    }
    if (request->duration_min > 0 && request->duration_min != meeting->duration_min) {
        meeting->duration_min = request->duration_min;
        meeting->duration_said = true;
        changed |= FACT_TIME;
    }
    take_place(turn);
    if (!slice_equal(before.text, meeting->place.text) || before.kind != meeting->place.kind)
        changed |= FACT_PLACE;
    return changed;
}

static size_t without_address(const struct meeting *meeting)
{
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (is_active(person) && person->address.len == 0)
            return i;
    }
    return NOBODY;
}

static void fill_address(struct turn *turn, size_t at, struct slice address)
{
    struct meeting *meeting = turn->meeting;
    struct participant *person = &meeting->people.items[at];
    size_t same = find_participant(meeting, address);
    if (same != NOBODY) { /* it was somebody who is there already */
        person->status = PARTICIPANT_REMOVED;
        return;
    }
    size_t added = add_participant(turn, person->name, address, person->role);
    meeting->people.items[at] = meeting->people.items[added]; /* keeps their place in the list */
    meeting->people.count--;
}

/* Addresses that the organizer gives for names that we asked about. */
static bool fill_addresses(struct turn *turn)
{
    bool filled = false;
    const struct mention_list *mentions = &turn->request->people;
    for (size_t i = 0; i < mentions->count; i++) {
        const struct mention *mention = &mentions->items[i];
        size_t at = without_address(turn->meeting);
        if (at == NOBODY)
            break;
        if (mention->address.len == 0 || mention->role == MENTION_REMOVE)
            continue;
        for (size_t j = at; mention->name.len > 0 && j < turn->meeting->people.count; j++) {
            const struct participant *person = &turn->meeting->people.items[j];
            if (is_active(person) && person->address.len == 0 &&
                name_means(person->name, mention->name, mention->address))
                at = j;
        }
        fill_address(turn, at, mention->address);
        filled = true;
    }
    return filled;
}

enum meeting_state ask_organizer(struct turn *turn, const char *asked, const char *phrase)
{
    struct meeting *meeting = turn->meeting;
    meeting->asked = slice_from(asked);
    meeting->asked_about = SLICE_NONE;
    meeting->asked_whom = organizer(meeting)->address;
    organizer(meeting)->asked_at = turn->env->now;
    order_mail(turn, 0, PURPOSE_CLARIFICATION, phrase);
    return MEETING_GATHERING;
}

static struct mail_order *last_order(struct turn *turn)
{
    return &turn->effects->items[turn->effects->count - 1].mail;
}

static enum meeting_state ask_address(struct turn *turn, size_t who)
{
    struct slice name = turn->meeting->people.items[who].name;
    ask_organizer(turn, "address", "ask.address");
    turn->meeting->asked_about = name;
    last_order(turn)->who = name;
    return MEETING_GATHERING;
}

/* Tells the organizer that a time cannot be, with others that can. */
static enum meeting_state ask_other_time(struct turn *turn, const char *phrase,
                                         struct interval slot, struct interval_list others)
{
    struct number_list numbers = {0};
    for (size_t i = 0; i < others.count; i++) {
        uint32_t number = offer_add(turn, others.items[i]);
        offer_by_number(turn->meeting, number)->withdrawn = true; /* only the organizer's yet */
        number_add(turn->arena, &numbers, number);
    }
    turn->meeting->asked = LIT("time");
    turn->meeting->asked_about = SLICE_NONE;
    turn->meeting->asked_whom = organizer(turn->meeting)->address;
    send_offers(turn, 0, PURPOSE_CLARIFICATION, phrase, &numbers);
    last_order(turn)->slot = slot;
    return MEETING_GATHERING;
}

static const char *first_phrase(const struct turn *turn, size_t count)
{
    if (turn->meeting->moved_from.end.us > 0)
        return count == 1 ? "proposal.move_one" : "proposal.move";
    return count == 1 ? "proposal.one" : "proposal.first";
}

static enum meeting_state pursue_exact(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct interval_list fit = {0};
    struct interval first = first_that_fits(turn, span_of_start(turn, meeting->times.starts.items[0]));
    enum slot_refusal reason = SLOT_FREE;
    size_t who = 0;
    for (size_t i = 0; i < meeting->times.starts.count; i++) {
        struct interval span = first_that_fits(turn, span_of_start(turn, meeting->times.starts.items[i]));
        size_t blocker = 0;
        enum slot_refusal found = check_span(turn, span, true, &blocker);
        if (found == SLOT_FREE && !meeting->agreed &&
            check_span(turn, span, false, NULL) == SLOT_HOLIDAY)
            found = SLOT_HOLIDAY; /* they may not have noticed */
        if (found == SLOT_FREE)
            ARENA_PUSH(turn->arena, &fit, span);
        else if (reason == SLOT_FREE)
            reason = found, who = blocker;
    }
    if (fit.count > 0 && (meeting->agreed || count_must_answer(meeting) == 0))
        return confirm(turn, fit.items[0]);
    if (fit.count > 0)
        return propose(turn, fit, first_phrase(turn, fit.count), true);
    const char *phrase = reason == SLOT_PAST      ? "ask.past"
                         : reason == SLOT_HOLIDAY ? "ask.holiday"
                         : who == 0               ? "busy.yours"
                                                  : "busy.other";
    return ask_other_time(turn, phrase, first, find_near(turn, first));
}

static enum meeting_state pursue_search(struct turn *turn)
{
    struct search search = search_wishes(turn);
    bool nobody = count_must_answer(turn->meeting) == 0;
    if (nobody)
        search.count = 1;
    struct interval_list slots = find_slots(turn, &search);
    if (slots.count == 0) {
        struct interval day = {turn->env->now, turn->env->now};
        if (search.allowed.count > 0)
            day = search.allowed.items[0];
        return ask_other_time(turn, "ask.no_slot", (struct interval){{0}, {0}},
                              find_near(turn, day));
    }
    if (nobody)
        return confirm(turn, slots.items[0]);
    return propose(turn, slots, first_phrase(turn, slots.count), true);
}

/* Does what the wishes ask for, as far as they go. */
enum meeting_state pursue(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    size_t missing = without_address(meeting);
    if (missing != NOBODY)
        return ask_address(turn, missing);
    if (count_guests(meeting) == 0)
        return ask_organizer(turn, "people", "ask.who");
    if (meeting->times.doubt == TIMEX_CONTRADICTION)
        return ask_organizer(turn, "time", "ask.date");
    if (meeting->times.doubt == TIMEX_DAY_OR_MONTH && meeting->times.starts.count > 0)
        return ask_organizer(turn, "time", "ask.day");
    if (meeting->times.starts.count > 0)
        return pursue_exact(turn);
    return pursue_search(turn);
}

static bool says_times(const struct said_times *times)
{
    return times->starts.count > 0 || times->constrained;
}

/* The organizer picks one of the times that we showed them alone. */
static bool picks_shown(struct turn *turn)
{
    const struct participant *host = organizer(turn->meeting);
    struct interval_list picked = {0};
    for (size_t i = 0; i < turn->reading->accepted.count; i++) {
        uint32_t at = turn->reading->accepted.items[i].number;
        if (at == 0 || at > host->shown.count)
            continue;
        struct offer *offer = offer_by_number(turn->meeting, host->shown.items[at - 1].number);
        if (offer != NULL)
            ARENA_PUSH(turn->arena, &picked, offer->span);
    }
    bool all = turn->reading->any_offer && slice_equal(turn->meeting->asked, LIT("time"));
    for (size_t i = 0; all && i < host->shown.count; i++) {
        struct offer *offer = offer_by_number(turn->meeting, host->shown.items[i].number);
        if (offer != NULL)
            ARENA_PUSH(turn->arena, &picked, offer->span);
    }
    if (picked.count == 0)
        return false;
    turn->meeting->times = (struct said_times){.constrained = true, .starts = picked};
    return true;
}

/* A guest's time outside the wishes, about which the organizer was asked. */
static struct offer *pending_offer(const struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    const struct participant *host = organizer(meeting);
    if (!slice_equal(meeting->asked, LIT("guest_time")) || host->shown.count == 0)
        return NULL;
    return offer_by_number(meeting, host->shown.items[0].number);
}

static bool says_yes(const struct turn *turn)
{
    return turn->reading->intent == INTENT_ACCEPT || turn->reading->intent == INTENT_THANKS;
}

static enum meeting_state answer_pending(struct turn *turn, struct offer *offer)
{
    struct meeting *meeting = turn->meeting;
    meeting->asked = SLICE_NONE;
    if (!says_yes(turn)) {
        struct interval_list slots = find_again(turn, false);
        return slots.count == 0 ? ask_organizer(turn, "time", "ask.no_slot")
                                : propose(turn, slots, "proposal.unfit", false);
    }
    offer->withdrawn = false;
    turn->forced = true;
    if (meeting->round == 0 && count_must_answer(meeting) == 0) /* a colleague spoke before us */
        return confirm(turn, offer->span);
    return settle(turn);
}

static void dismiss(struct turn *turn, const struct index_list *went)
{
    for (size_t i = 0; i < went->count; i++) {
        const struct participant *person = &turn->meeting->people.items[went->items[i]];
        if (person->asked_at.us > 0 || person->invited_sequence > 0)
            send_cancellation(turn, went->items[i], "cancellation.removed");
    }
}

static struct number_list live_numbers(struct turn *turn)
{
    struct number_list numbers = {0};
    for (size_t i = 0; i < turn->meeting->offers.count; i++) {
        struct offer *offer = &turn->meeting->offers.items[i];
        if (is_live(turn, offer) && check_span(turn, offer->span, true, NULL) != SLOT_FREE)
            offer->withdrawn = true;
        if (is_live(turn, offer))
            number_add(turn->arena, &numbers, offer->number);
    }
    return numbers;
}

/* People came or went while offers are out: those stay as far as they still can. */
static enum meeting_state go_on_with(struct turn *turn, const struct index_list *came)
{
    struct number_list live = live_numbers(turn);
    if (without_address(turn->meeting) != NOBODY || count_guests(turn->meeting) == 0 ||
        live.count == 0)
        return pursue(turn);
    for (size_t i = 0; i < came->count; i++)
        if (is_asked(&turn->meeting->people.items[came->items[i]]))
            send_offers(turn, came->items[i], PURPOSE_PROPOSAL, "proposal.first", &live);
    return settle(turn);
}

/* "Not on Monday", "mornings only" say no week: that of before still holds. */
static void keep_week(struct turn *turn, struct said_times *times)
{
    const struct said_times *old = &turn->meeting->times;
    if (!old->constrained || old->allowed.count == 0 || times->allowed.count == 0 ||
        times->starts.count > 0 || turn->request->series.days != 0)
        return;
    struct interval whole = {times->allowed.items[0].start,
                             times->allowed.items[times->allowed.count - 1].end};
    if (instant_since(whole.end, whole.start).us < WEEKS_UNNAMED_DAYS * DAY_US ||
        whole.start.us > old->allowed.items[0].start.us)
        return;
    struct interval_list both = intervals_intersect(turn->arena, old->allowed, times->allowed);
    if (both.count > 0)
        times->allowed = both;
}

/* "Wednesday the 11th, sorry", asked which of day and date is right: the hour still holds, and so
 * does what was agreed. */
static bool answers_which_day(struct turn *turn, struct said_times *times)
{
    const struct said_times *old = &turn->meeting->times;
    if (old->doubt != TIMEX_CONTRADICTION || old->starts.count != 1 || times->starts.count > 0 ||
        times->hours_named || times->allowed.count != 1)
        return false;
    struct interval day = times->allowed.items[0];
    if (instant_since(day.end, day.start).us > DAY_US)
        return false;
    const struct zone *zone = organizer_zone(turn);
    struct civil wall = civil_from_instant(old->starts.items[0].start, zone);
    wall.date = civil_from_instant(day.start, zone).date;
    struct instant start = civil_to_instant(wall, zone);
    times->starts = (struct interval_list){0};
    ARENA_PUSH(turn->arena, &times->starts, ((struct interval){start, start}));
    return true;
}

static void take_times(struct turn *turn)
{
    struct said_times times = turn->request->times;
    keep_week(turn, &times);
    bool agreed = answers_which_day(turn, &times) && turn->meeting->agreed;
    turn->meeting->times = times;
    turn->meeting->agreed = agreed || turn->request->agreed;
    take_series(turn);
    for (size_t i = 1; i < turn->meeting->people.count; i++)
        turn->meeting->people.items[i].times = (struct said_times){0};
}

/* "In English, please": who was asked already is asked again in that language. */
static bool ask_in_language(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct number_list live = {0};
    if (!turn->languages_changed)
        return false;
    live = live_numbers(turn);
    for (size_t i = 1; i < meeting->people.count && live.count > 0; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (meeting->state == MEETING_PROPOSING && is_asked(person) &&
            person->status == PARTICIPANT_WAITING &&
            language_wished(turn, person->address) != LANGUAGE_UNKNOWN)
            send_offers(turn, i, PURPOSE_PROPOSAL, "proposal.first", &live);
    }
    return true;
}

enum meeting_state organizer_wish(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    enum meeting_state state = meeting->state;
    if (turn->initial)
        return pursue(turn);
    struct offer *pending = pending_offer(turn);
    bool times = says_times(&turn->request->times);
    if (pending != NULL && !times)
        return answer_pending(turn, pending);
    struct index_list came = {0}, went = {0};
    bool filled = fill_addresses(turn);
    bool people = apply_mentions(turn, &turn->request->people, false, &came, &went);
    unsigned facts = take_facts(turn);
    dismiss(turn, &went);
    bool picked = picks_shown(turn);
    if (times && !picked)
        take_times(turn);
    bool insists = turn->reading->intent == INTENT_ACCEPT && !picked && !times &&
                   slice_equal(meeting->asked, LIT("time")) && meeting->times.starts.count > 0;
    turn->forced = insists;
    if (people && !times && !picked && (facts & FACT_TIME) == 0 && meeting->offers.count > 0 &&
        state == MEETING_PROPOSING)
        return go_on_with(turn, &came);
    if (!times && series_is(&turn->request->series)) {
        take_series(turn);
        return pursue(turn);
    }
    if (times || picked || insists || filled || people || (facts & FACT_TIME) != 0 ||
        (state != MEETING_PROPOSING && turn->reading->intent == INTENT_REQUEST))
        return pursue(turn);
    if (!ask_in_language(turn) && facts == 0)
        turn->outcome = OUTCOME_IGNORED;
    return state;
}

void begin_move(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    meeting->moved_from = meeting->confirmed;
    meeting->confirmed = (struct interval){{0}, {0}};
    meeting->agreed = false;
    withdraw_offers(turn);
    for (size_t i = 1; i < meeting->people.count; i++) {
        struct participant *person = &meeting->people.items[i];
        person->times = (struct said_times){0};
        if (person->status != PARTICIPANT_REMOVED) /* who could not come then may come now */
            person->status = PARTICIPANT_WAITING;
    }
}

/* There is nothing to move it to: the old time stands, with everybody who was there. */
void undo_move(struct turn *turn, const struct participant_list *before)
{
    struct meeting *meeting = turn->meeting;
    meeting->confirmed = meeting->moved_from;
    meeting->moved_from = (struct interval){{0}, {0}};
    for (size_t i = 1; i < meeting->people.count; i++) {
        struct participant *person = &meeting->people.items[i];
        if (i < before->count && slice_equal(before->items[i].address, person->address))
            person->status = before->items[i].status;
        if (is_active(person) && person->address.len > 0 && person->invited_sequence == 0)
            send_invitation(turn, i, "invitation.added");
    }
}

struct participant_list copy_people(const struct turn *turn)
{
    struct participant_list copy = {0};
    for (size_t i = 0; i < turn->meeting->people.count; i++)
        ARENA_PUSH(turn->arena, &copy, turn->meeting->people.items[i]);
    return copy;
}

static enum meeting_state finish_move(struct turn *turn, const struct participant_list *before)
{
    enum meeting_state state = pursue(turn);
    if (state == MEETING_GATHERING) {
        undo_move(turn, before);
        return MEETING_CONFIRMED;
    }
    if (state == MEETING_PROPOSING)
        release(turn);
    return state;
}

enum meeting_state organizer_move(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct index_list came = {0}, went = {0};
    apply_mentions(turn, &turn->request->people, true, &came, &went);
    dismiss(turn, &went);
    struct participant_list before = copy_people(turn);
    struct series series = meeting->series;
    begin_move(turn);
    take_series(turn);
    meeting->times = turn->request->times;
    meeting->agreed = turn->request->agreed;
    take_facts(turn);
    enum meeting_state state = finish_move(turn, &before);
    if (state == MEETING_CONFIRMED && !meeting->moved_from.end.us && turn->meeting->asked.len > 0)
        meeting->series = series; /* nothing came of it */
    return state;
}

static bool time_still_fits(struct turn *turn, struct interval span)
{
    struct interval next = occurrence_now(turn); /* of a series that has begun, not the first */
    struct interval rest = {next.end, instant_add(next.start, instant_since(span.end, span.start))};
    return rest.end.us <= rest.start.us || check_span(turn, rest, true, NULL) == SLOT_FREE;
}

static bool names_confirmed(const struct turn *turn)
{
    const struct interval_list *starts = &turn->request->times.starts;
    return starts->count == 1 && starts->items[0].start.us == occurrence_now(turn).start.us;
}

static void order_changed(struct turn *turn)
{
    struct mail_order *order = order_mail(turn, 0, PURPOSE_ACKNOWLEDGEMENT, "changed");
    order->slot = turn->meeting->confirmed;
    attach_own(turn, order);
}

/* Of a confirmed meeting; the time stays. */
enum meeting_state organizer_change(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct index_list came = {0}, went = {0};
    uint32_t duration = meeting->duration_min;
    bool filled = fill_addresses(turn);
    bool people = apply_mentions(turn, &turn->request->people, true, &came, &went) || filled;
    bool series = !says_times(&turn->request->times) && changes_series(turn);
    bool facts = take_facts(turn) != 0 || series;
    if (!people && !facts && says_times(&turn->request->times) && !names_confirmed(turn))
        return organizer_move(turn);
    if (!people && !facts) {
        turn->outcome = OUTCOME_IGNORED;
        return MEETING_CONFIRMED;
    }
    struct interval span = meeting->confirmed;
    if (meeting->duration_min != duration)
        span.end = instant_add(span.start, minutes(meeting->duration_min));
    if (!time_still_fits(turn, span)) {
        meeting->duration_min = duration;
        ask_other_time(turn, "busy.yours", span, find_near(turn, span));
        return MEETING_CONFIRMED;
    }
    meeting->confirmed = span;
    if (went.count > 0 || facts)
        meeting->sequence++;
    dismiss(turn, &went);
    if (facts)
        send_updates(turn, "update.facts", false);
    for (size_t i = 1; i < meeting->people.count; i++)
        if (is_active(&meeting->people.items[i]) &&
            meeting->people.items[i].invited_sequence == 0 &&
            meeting->people.items[i].address.len > 0)
            send_invitation(turn, i, "invitation.added");
    put_calendars(turn);
    size_t missing = without_address(meeting);
    if (missing != NOBODY)
        ask_address(turn, missing);
    else
        order_changed(turn);
    return MEETING_CONFIRMED;
}

/* Words of the organizer about a confirmed meeting that are neither a move nor a change
 * by themselves: an answer to a question of ours, or nothing new. */
enum meeting_state organizer_confirmed_wish(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct offer *pending = pending_offer(turn);
    if (pending != NULL && says_yes(turn)) {
        meeting->asked = SLICE_NONE;
        turn->forced = true;
        return confirm(turn, pending->span);
    }
    bool asks = turn->reading->intent == INTENT_COUNTER || turn->reading->intent == INTENT_REQUEST ||
                slice_equal(meeting->asked, LIT("time"));
    const struct said_times *times = &turn->request->times;
    if (asks && picks_shown(turn)) {
        struct participant_list before = copy_people(turn);
        struct said_times picked = meeting->times;
        begin_move(turn);
        meeting->times = picked;
        return finish_move(turn, &before);
    }
    if (asks && says_times(times) && !names_confirmed(turn))
        return organizer_move(turn);
    if (turn->request->people.count > 0 || turn->request->place.text.len > 0 ||
        turn->request->phone.len > 0)
        return organizer_change(turn);
    turn->outcome = OUTCOME_IGNORED;
    return MEETING_CONFIRMED;
}

/* A cancelled meeting that the organizer wants after all is a new event to everybody. */
enum meeting_state organizer_revive(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    bool wants = turn->reading->intent == INTENT_REQUEST ||
                 turn->reading->intent == INTENT_RESCHEDULE ||
                 turn->reading->intent == INTENT_COUNTER;
    if (!wants || (!says_times(&turn->request->times) && turn->request->people.count == 0)) {
        turn->outcome = OUTCOME_IGNORED;
        return meeting->state;
    }
    meeting->uid = SLICE_NONE;
    meeting->invited = false;
    meeting->sequence = 0;
    meeting->confirmed = meeting->moved_from = (struct interval){{0}, {0}};
    withdraw_offers(turn);
    for (size_t i = 1; i < meeting->people.count; i++) {
        struct participant *person = &meeting->people.items[i];
        person->invited_sequence = 0;
        person->invited_start = (struct instant){0};
        if (person->status != PARTICIPANT_REMOVED)
            person->status = PARTICIPANT_WAITING;
    }
    apply_mentions(turn, &turn->request->people, true, NULL, NULL);
    take_facts(turn);
    take_times(turn);
    return pursue(turn);
}

enum meeting_state cancel(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct interval slot = invited_span(meeting);
    if (meeting->invited)
        meeting->sequence++;
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (is_active(person) && (person->asked_at.us > 0 || person->invited_sequence > 0))
            send_cancellation(turn, i, meeting->invited ? "cancellation.meeting"
                                                        : "cancellation.search");
    }
    release(turn);
    if (turn->who == 0) {
        struct mail_order *order = order_mail(turn, 0, PURPOSE_ACKNOWLEDGEMENT, "cancelled");
        order->slot = slot;
        attach_own_cancel(turn, order, slot);
    }
    meeting->confirmed = meeting->moved_from = (struct interval){{0}, {0}};
    meeting->asked = SLICE_NONE;
    return MEETING_CANCELLED;
}

/* "Cancel my meeting with Ben", of whom there are two. The words are kept: the answer may be no more
 * than "the second". A question of ours that is open already stays so. */
enum meeting_state ask_which(struct turn *turn)
{
    enum { ORDER_BYTES_MAX = 600 };
    struct meeting *meeting = turn->meeting;
    struct slice words = turn->input->mail == NULL ? SLICE_NONE : turn->input->mail->new_text;
    if (meeting->asked.len == 0 && words.len > 0 && words.len <= ORDER_BYTES_MAX) {
        meeting->asked = LIT("which");
        meeting->asked_about = words;
        meeting->asked_whom = organizer(meeting)->address;
    }
    order_mail(turn, 0, PURPOSE_CLARIFICATION, "ask.which")->question = turn->input->which;
    return meeting->state;
}

static struct slice names_waiting(const struct turn *turn)
{
    struct slice text = SLICE_NONE;
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        if (must_answer(person) && person->status == PARTICIPANT_WAITING)
            text = text.len == 0 ? display_name(person)
                                 : arena_format(turn->arena, "%.*s, %.*s", SLICE_ARG(text),
                                                SLICE_ARG(display_name(person)));
    }
    return text;
}

/* A question of the organizer: what we know is where things stand. */
enum meeting_state tell_status(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    struct slice waiting = names_waiting(turn);
    if (meeting->state == MEETING_CONFIRMED)
        order_mail(turn, 0, PURPOSE_NOTICE, "status.confirmed")->slot = meeting->confirmed;
    else if (meeting->state == MEETING_PROPOSING && waiting.len > 0)
        order_mail(turn, 0, PURPOSE_NOTICE, "status.waiting")->who = waiting;
    else
        turn->outcome = OUTCOME_IGNORED;
    return meeting->state;
}
