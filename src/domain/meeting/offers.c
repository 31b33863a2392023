/* Slots: which would do, which are offered, to whom they were shown. */
#include "domain/meeting/internal.h"

/* Calendars are read so far ahead; later than that nothing is known to be free. */
enum { CALENDAR_DAYS = 118 };

bool number_in(const struct number_list *list, uint32_t number)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].number == number)
            return true;
    return false;
}

void number_add(struct arena *arena, struct number_list *list, uint32_t number)
{
    if (!number_in(list, number))
        ARENA_PUSH(arena, list, (struct number_item){number});
}

void number_remove(struct number_list *list, uint32_t number)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].number != number)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

struct offer *offer_by_number(struct meeting *meeting, uint32_t number)
{
    for (size_t i = 0; i < meeting->offers.count; i++)
        if (meeting->offers.items[i].number == number)
            return &meeting->offers.items[i];
    return NULL;
}

bool is_live(const struct turn *turn, const struct offer *offer)
{
    return !offer->withdrawn && offer->span.start.us > turn->env->now.us;
}

struct number_list numbers_seen(const struct meeting *meeting, const struct participant *person,
                                struct instant now, struct arena *arena)
{
    struct number_list live = {0};
    if (person->shown.count > 0)
        return person->shown;
    for (size_t i = 0; i < meeting->offers.count; i++) {
        const struct offer *offer = &meeting->offers.items[i];
        if (!offer->withdrawn && offer->span.start.us > now.us)
            number_add(arena, &live, offer->number);
    }
    return live;
}

struct offer *offer_by_start(const struct turn *turn, struct instant start)
{
    struct meeting *meeting = turn->meeting;
    for (size_t i = meeting->offers.count; i-- > 0;)
        if (meeting->offers.items[i].span.start.us == start.us &&
            !meeting->offers.items[i].withdrawn)
            return &meeting->offers.items[i];
    return NULL;
}

uint32_t offer_add(struct turn *turn, struct interval span)
{
    struct meeting *meeting = turn->meeting;
    struct offer *same = offer_by_start(turn, span.start);
    if (same != NULL && same->span.end.us == span.end.us)
        return same->number;
    if (meeting->offers.count >= OFFERS_MAX) { /* the oldest can no longer be meant */
        for (size_t i = 1; i < meeting->offers.count; i++)
            meeting->offers.items[i - 1] = meeting->offers.items[i];
        meeting->offers.count--;
    }
    uint32_t number = 1;
    for (size_t i = 0; i < meeting->offers.count; i++)
        if (meeting->offers.items[i].number >= number)
            number = meeting->offers.items[i].number + 1;
    ARENA_PUSH(turn->arena, &meeting->offers, ((struct offer){number, span, false}));
    return number;
}

void withdraw_offers(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    for (size_t i = 0; i < meeting->offers.count; i++)
        meeting->offers.items[i].withdrawn = true;
    for (size_t i = 0; i < meeting->people.count; i++) {
        struct participant *person = &meeting->people.items[i];
        person->suits.count = person->refused.count = person->shown.count = 0;
        if (person->status == PARTICIPANT_ANSWERED)
            person->status = PARTICIPANT_WAITING;
    }
}

struct interval span_of_start(const struct turn *turn, struct interval said)
{
    if (said.end.us - said.start.us >= 5 * MINUTE_US)
        return said;
    return (struct interval){
        said.start, instant_add(said.start, minutes(turn->meeting->duration_min))};
}

static struct interval civil_day(const struct turn *turn, struct instant at)
{
    const struct zone *zone = organizer_zone(turn);
    struct civil_date date = civil_from_instant(at, zone).date;
    return (struct interval){
        civil_to_instant(civil_at(date, 0, 0), zone),
        civil_to_instant(civil_at(civil_date_add(date, 1), 0, 0), zone)};
}

/* A day on which we offer something ourselves is a day that may be. */
static bool is_offered_day(const struct turn *turn, struct interval span)
{
    struct interval day = civil_day(turn, span.start);
    for (size_t i = 0; i < turn->meeting->offers.count; i++)
        if (!turn->meeting->offers.items[i].withdrawn &&
            interval_overlaps(day, turn->meeting->offers.items[i].span))
            return true;
    return false;
}

/* Wishes that are one exact time bind nobody once that time is gone. */
/* At hours that were wished of some day. */
static bool at_wished_hours(const struct turn *turn, struct interval span)
{
    const struct said_times *times = &turn->meeting->times;
    const struct zone *zone = organizer_zone(turn);
    int64_t day = civil_date_to_days(civil_from_instant(span.start, zone).date);
    for (size_t i = 0; i < times->allowed.count; i++) {
        struct civil from = civil_from_instant(times->allowed.items[i].start, zone);
        struct civil to = civil_from_instant(times->allowed.items[i].end, zone);
        int32_t shift = (int32_t)(day - civil_date_to_days(from.date));
        from.date = civil_date_add(from.date, shift);
        to.date = civil_date_add(to.date, shift);
        if (civil_to_instant(from, zone).us <= span.start.us && span.end.us <= civil_to_instant(to, zone).us)
            return true;
    }
    return false;
}

bool in_wishes(const struct turn *turn, struct interval span)
{
    const struct said_times *times = &turn->meeting->times;
    if (intervals_overlap(times->excluded, span))
        return false;
    if (!times->constrained || times->starts.count > 0 || times->allowed.count == 0)
        return true;
    return intervals_contain(times->allowed, span) ||
           (is_offered_day(turn, span) && (!times->hours_named || at_wished_hours(turn, span)));
}

static void add_person(const struct turn *turn, struct slot_query *query, const struct participant *who)
{
    const struct known_person *known = env_person(turn->env, who->address);
    if (known == NULL)
        return;
    query->people[query->people_count++] = (struct slot_person){
        .person = &known->person,
        .zone = known->zone,
        .busy = known->busy,
        .asks_hours = true,
    };
}

/* Everybody known whose time counts, the organizer first; optional people do not. */
static struct slot_query start_query(struct turn *turn)
{
    const struct meeting *meeting = turn->meeting;
    struct slot_query query = {
        .kind = meeting->kind,
        .in_person = kind_is_in_person(meeting->kind, meeting->place.kind),
        .duration_min = meeting->duration_min,
        .now = turn->env->now,
    };
    query.people = ARENA_ARRAY(turn->arena, meeting->people.count, struct slot_person);
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (is_active(person) && person->role != ROLE_OPTIONAL)
            add_person(turn, &query, person);
    }
    return query;
}

static enum slot_refusal check_single(struct turn *turn, struct interval span, bool agreed,
                                      size_t *who)
{
    struct slot_query query = start_query(turn);
    if (span.start.us <= turn->env->now.us)
        return SLOT_PAST;
    if (query.people_count == 0 || turn->forced)
        return SLOT_FREE;
    query.until = instant_add(span.end, minutes(24 * 60));
    query.hours_named = agreed;
    if (agreed) { /* nobody's notice, hours or travel time stands against an agreement */
        for (size_t i = 0; i < query.people_count; i++)
            if (intervals_overlap(query.people[i].busy, span)) {
                if (who != NULL)
                    *who = i;
                return SLOT_BUSY;
            }
        return SLOT_FREE;
    }
    query.duration_min = (uint32_t)((span.end.us - span.start.us) / MINUTE_US);
    for (size_t i = 1; i < query.people_count && turn->who != 0; i++) /* an hour that guests name */
        if (slice_equal_nocase(query.people[i].person->address, turn->writer)) /* suits themselves */
            query.people[i].asks_hours = false;
    return slot_check(&query, span, who);
}

enum slot_refusal check_span(struct turn *turn, struct interval span, bool agreed, size_t *who)
{
    enum slot_refusal found = check_single(turn, span, agreed, who);
    return found == SLOT_FREE && !suits_series(turn, span, who) ? SLOT_BUSY : found;
}

struct interval_list find_single(struct turn *turn, const struct search *search)
{
    struct interval_list none = {0}, slots = {0};
    if (search->bounded && search->allowed.count == 0)
        return none;
    struct slot_query query = start_query(turn);
    if (query.people_count == 0)
        return none;
    query.count = search->count;
    query.allowed = search->allowed;
    query.preferred = search->preferred;
    query.excluded = search->excluded;
    query.hours_named = search->hours_named;
    query.until = instant_add(turn->env->now, minutes(28 * 24 * 60));
    if (search->allowed.count > 0)
        query.until = search->allowed.items[search->allowed.count - 1].end;
    struct instant far = instant_add(turn->env->now, minutes(CALENDAR_DAYS * 24 * 60));
    if (query.until.us > far.us)
        query.until = far;
    if (slots_find(&query, turn->arena, &slots, NULL) != ST_OK)
        return none;
    return slots;
}

struct interval_list find_slots(struct turn *turn, const struct search *search)
{
    return is_series(turn) ? find_series(turn, search) : find_single(turn, search);
}

static uint32_t offers_wanted(const struct turn *turn)
{
    const struct known_person *host = env_person(turn->env, organizer(turn->meeting)->address);
    uint32_t count = host == NULL ? 3 : host->person.preferences.proposals;
    return count == 0 ? 3 : count > 10 ? 10 : count;
}

struct search search_wishes(struct turn *turn)
{
    const struct said_times *times = &turn->meeting->times;
    struct search search = {
        .preferred = times->preferred,
        .excluded = times->excluded,
        .hours_named = times->hours_named,
        .count = offers_wanted(turn),
    };
    if (times->constrained && times->allowed.count > 0 && times->starts.count == 0) {
        search.allowed = times->allowed;
        search.bounded = true;
    }
    if (turn->meeting->moved_from.end.us > 0) { /* that time is the one to get away from */
        struct interval_list old = {0};
        ARENA_PUSH(turn->arena, &old, turn->meeting->moved_from);
        if (is_series(turn))
            old = occurrences(turn, turn->meeting->moved_from);
        search.excluded = intervals_union(turn->arena, search.excluded, old);
    }
    return search;
}

/* What every guest said of their own times, narrowed together.
 *   closely  what they would like best, where they said so
 * False when nobody said anything (closely: nobody prefers anything). */
static bool narrow_by_guests(struct turn *turn, struct search *search, bool closely)
{
    bool said = false;
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        const struct said_times *times = &person->times;
        if (!is_active(person) || person->role == ROLE_OPTIONAL || !times->constrained)
            continue;
        search->excluded = intervals_union(turn->arena, search->excluded, times->excluded);
        bool likes = closely && times->preferred.count > 0;
        struct interval_list windows = likes ? times->preferred : times->allowed;
        if (windows.count == 0)
            continue;
        search->allowed = search->bounded
                              ? intervals_intersect(turn->arena, search->allowed, windows)
                              : windows;
        search->bounded = search->any_day = true;
        if (times->preferred.count > 0)
            search->preferred = times->preferred;
        said = said || likes || !closely;
    }
    return said;
}

/* Slots that were offered; with `days`, the whole days of those that a guest refused. */
static struct interval_list offered(struct turn *turn, bool days)
{
    struct interval_list out = {0};
    struct meeting *meeting = turn->meeting;
    for (size_t i = 0; i < meeting->offers.count; i++) {
        const struct offer *offer = &meeting->offers.items[i];
        ARENA_PUSH(turn->arena, &out, offer->span);
        for (size_t j = 1; days && j < meeting->people.count; j++)
            if (must_answer(&meeting->people.items[j]) &&
                number_in(&meeting->people.items[j].refused, offer->number))
                ARENA_PUSH(turn->arena, &out, civil_day(turn, offer->span.start));
    }
    intervals_normalise(&out);
    return with_later_weeks(turn, out);
}

/* The wishes with a week more at the end. */
static void widen_by_week(struct turn *turn, struct search *search)
{
    if (!search->bounded)
        return;
    struct interval_list later = {0};
    const struct zone *zone = organizer_zone(turn);
    for (size_t i = 0; i < search->allowed.count; i++) {
        struct civil start = civil_from_instant(search->allowed.items[i].start, zone);
        struct civil end = civil_from_instant(search->allowed.items[i].end, zone);
        start.date = civil_date_add(start.date, 7);
        end.date = civil_date_add(end.date, 7);
        ARENA_PUSH(turn->arena, &later,
                   ((struct interval){civil_to_instant(start, zone), civil_to_instant(end, zone)}));
    }
    search->allowed = intervals_union(turn->arena, search->allowed, later);
}

static struct interval_list find_excluding(struct turn *turn, struct search search,
                                           struct interval_list excluded)
{
    search.excluded = intervals_union(turn->arena, search.excluded, excluded);
    return find_slots(turn, &search);
}

/* New slots rather than those that were offered already. */
static struct interval_list find_new(struct turn *turn, const struct search *search)
{
    struct interval_list slots = find_excluding(turn, *search, offered(turn, false));
    return slots.count > 0 ? slots : find_slots(turn, search);
}

/* Within the wishes and the guests' windows; wider: in those windows alone, as far as
 * calendars and hours go. */
static struct interval_list find_for_guests(struct turn *turn, bool widen, bool closely)
{
    struct interval_list slots = {0};
    struct search search = search_wishes(turn);
    if (!narrow_by_guests(turn, &search, closely))
        return slots;
    slots = find_new(turn, &search);
    if (slots.count > 0 || !widen)
        return slots;
    search = search_wishes(turn);
    search.bounded = search.hours_named = false;
    search.allowed.count = search.preferred.count = 0;
    narrow_by_guests(turn, &search, closely);
    return find_new(turn, &search);
}

static bool said_windows(const struct meeting *meeting)
{
    for (size_t i = 1; i < meeting->people.count; i++)
        if (is_active(&meeting->people.items[i]) && meeting->people.items[i].times.constrained &&
            meeting->people.items[i].times.allowed.count > 0)
            return true;
    return false;
}

/* Times that a guest ruled out are offered to nobody, whatever else gives way. */
static void exclude_by_guests(const struct turn *turn, struct search *search)
{
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        if (is_active(person) && person->role != ROLE_OPTIONAL)
            search->excluded =
                intervals_union(turn->arena, search->excluded, person->times.excluded);
    }
}

struct interval_list find_again(struct turn *turn, bool widen)
{
    struct search wishes = search_wishes(turn);
    exclude_by_guests(turn, &wishes);
    struct interval_list slots = find_for_guests(turn, widen, true);
    if (slots.count == 0)
        slots = find_for_guests(turn, widen, false);
    if (slots.count > 0 || (!widen && said_windows(turn->meeting)))
        return slots;
    slots = find_excluding(turn, wishes, offered(turn, true));
    if (slots.count == 0 && widen) {
        struct search wider = wishes;
        widen_by_week(turn, &wider);
        slots = find_excluding(turn, wider, offered(turn, true));
    }
    if (slots.count == 0)
        slots = find_excluding(turn, wishes, offered(turn, false));
    return slots;
}

/* Other times around one that cannot be: that day, then the week after it. */
struct interval_list find_near(struct turn *turn, struct interval span)
{
    struct search search = {.bounded = true, .any_day = true, .count = offers_wanted(turn)};
    struct interval day = civil_day(turn, span.start);
    ARENA_PUSH(turn->arena, &search.allowed, day);
    ARENA_PUSH(turn->arena, &search.excluded, span);
    struct interval_list slots = find_slots(turn, &search);
    if (slots.count >= 2)
        return slots;
    search.allowed.items[0].end = instant_add(day.end, minutes(7 * 24 * 60));
    return find_slots(turn, &search);
}

void send_offers(struct turn *turn, size_t to, enum mail_purpose purpose, const char *phrase,
                 const struct number_list *numbers)
{
    struct participant *person = &turn->meeting->people.items[to];
    struct number_list shown = {0};
    struct mail_order *order = order_mail(turn, to, purpose, phrase);
    for (size_t i = 0; i < numbers->count; i++) {
        struct offer *offer = offer_by_number(turn->meeting, numbers->items[i].number);
        if (offer == NULL)
            continue;
        ARENA_PUSH(turn->arena, &order->offers, *offer);
        number_add(turn->arena, &shown, offer->number);
    }
    if (order->offers.count == 1 && to == 0)
        order->clashes = clashes(turn, order->offers.items[0].span);
    if (order->offers.count == 1)
        order->holidays = holidays_met(turn, order->offers.items[0].span);
    person->shown = shown;
    person->asked_at = turn->env->now;
    if (purpose != PURPOSE_REMINDER)
        person->reminders = 0;
}

/* Who wrote is answered; everybody else just gets other times. */
static const char *phrase_for(const struct turn *turn, size_t to, const char *phrase)
{
    bool reply = !slice_equal(slice_from(phrase), LIT("proposal.first")) &&
                 !slice_equal(slice_from(phrase), LIT("proposal.one")) &&
                 !slice_starts(slice_from(phrase), LIT("proposal.move"));
    bool later = turn->meeting->round > 1 && turn->meeting->moved_from.end.us == 0;
    if (!reply)
        return later ? "proposal.renewed" : phrase;
    return to != turn->who ? "proposal.new_round" : phrase;
}

enum meeting_state propose(struct turn *turn, struct interval_list slots, const char *phrase,
                           bool fresh)
{
    struct meeting *meeting = turn->meeting;
    struct number_list numbers = {0};
    if (fresh)
        withdraw_offers(turn);
    for (size_t i = 0; i < slots.count; i++)
        number_add(turn->arena, &numbers, offer_add(turn, slots.items[i]));
    meeting->round++;
    meeting->last_offer = turn->env->now;
    meeting->asked = meeting->asked_about = meeting->asked_whom = SLICE_NONE;
    for (size_t i = 1; i < meeting->people.count; i++) {
        struct participant *person = &meeting->people.items[i];
        if (!is_asked(person))
            continue;
        person->status = PARTICIPANT_WAITING;
        send_offers(turn, i, PURPOSE_PROPOSAL, phrase_for(turn, i, phrase), &numbers);
    }
    return MEETING_PROPOSING;
}
