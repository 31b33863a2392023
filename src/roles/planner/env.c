#include "domain/calendar/calendar.h"
#include "roles/planner/internal.h"

static void add_address(struct unit *unit, struct slice address, struct relevant *out)
{
    if (address.len > 0)
        ARENA_PUSH(unit->arena, &out->addresses, address);
}

void relevant_from_meeting(struct unit *unit, const struct meeting *meeting, struct relevant *out)
{
    out->series |= series_is(&meeting->series);
    for (size_t i = 0; i < meeting->people.count; i++) {
        add_address(unit, meeting->people.items[i].address, out);
        add_address(unit, meeting->people.items[i].delegate_address, out);
    }
}

void relevant_from_mail(struct unit *unit, const struct mail *mail, struct relevant *out)
{
    add_address(unit, mail->from.address, out);
    for (size_t i = 0; i < mail->to.count; i++)
        add_address(unit, mail->to.items[i].address, out);
    for (size_t i = 0; i < mail->cc.count; i++)
        add_address(unit, mail->cc.items[i].address, out);
}

void relevant_from_reading(struct unit *unit, const struct reading *reading, struct relevant *out)
{
    for (size_t i = 0; i < reading->requests.count; i++) {
        const struct mention_list *people = &reading->requests.items[i].people;
        out->series |= series_is(&reading->requests.items[i].series);
        for (size_t j = 0; j < people->count; j++) {
            add_address(unit, people->items[j].address, out);
            if (people->items[j].address.len == 0)
                ARENA_PUSH(unit->arena, &out->names, people->items[j].name);
        }
    }
}

static bool is_relevant(const struct relevant *relevant, const struct person *person)
{
    for (size_t i = 0; i < relevant->addresses.count; i++)
        if (slice_equal_nocase(relevant->addresses.items[i], person->address))
            return true;
    for (size_t i = 0; i < relevant->names.count; i++)
        if (name_means(relevant->names.items[i], person->name, person->address))
            return true;
    return false;
}

/* Busy times of the person's calendar; the meeting's own event does not stand in its way. */
static enum status read_busy(struct unit *unit, const struct person *person,
                             struct interval window, struct slice except_uid,
                             struct interval_list *busy)
{
    struct planner_ports *ports = &unit->planner->ports;
    struct occurrence_list events;
    /* A large calendar unfolds here and leaves only its busy times behind. */
    AUTO_ARENA scratch = arena_create_wiped(CALENDAR_BYTES_MAX);
    TRY(ports->read_calendar(ports->self, person, window, false, scratch, &events, unit->why));
    for (size_t i = 0; i < events.count; i++) {
        const struct occurrence *event = &events.items[i];
        bool own = except_uid.len > 0 && slice_equal(event->uid, except_uid);
        if (event->busy && !own)
            ARENA_PUSH(unit->arena, busy, event->span);
    }
    intervals_normalise(busy);
    return ST_OK;
}

/* Calendar and what the assistant has settled for the person elsewhere. */
static enum status read_time(struct unit *unit, struct known_person *known, const struct relevant *relevant,
                             struct slice except_meeting, struct slice except_uid)
{
    int64_t days = relevant->series ? SERIES_HORIZON_DAYS : HORIZON_DAYS;
    struct interval window = {{unit->now.us - DAY_US}, {unit->now.us + days * DAY_US}};
    struct interval_list calendar = {0}, settled = {0};
    struct hold_list holds;
    if (known->person.has_calendar && !relevant->without_calendars)
        TRY(read_busy(unit, &known->person, window, except_uid, &calendar));
    TRY(store_list_holds(unit->planner->store, known->person.id, window, unit->arena, &holds,
                         unit->why));
    for (size_t i = 0; i < holds.count; i++)
        if (!slice_equal(holds.items[i].meeting, except_meeting))
            ARENA_PUSH(unit->arena, &settled, holds.items[i].span);
    intervals_normalise(&settled);
    known->busy = intervals_union(unit->arena, calendar, settled);
    return ST_OK;
}

static enum status load_policy(struct unit *unit, struct slice organisation, enum meeting_policy *out)
{
    struct slice word;
    *out = POLICY_DOUBT;
    TRY(store_load_policy(unit->planner->store, organisation, unit->arena, &word, unit->why));
    for (int i = 0; i < POLICY_COUNT_; i++)
        if (slice_equal(word, slice_from(meeting_policy_names[i])))
            *out = (enum meeting_policy)i;
    return ST_OK;
}

enum status build_env(struct unit *unit, const struct relevant *relevant,
                      const struct meeting *meeting, struct meeting_env *out)
{
    struct person_list people;
    enum meeting_policy policy;
    TRY(load_policy(unit, meeting->organisation, &policy));
    if (relevant->people != NULL)
        people = *relevant->people;
    else
        TRY(load_people(unit, meeting->organisation, &people));
    struct known_person *known = ARENA_ARRAY(unit->arena, people.count, struct known_person);
    size_t count = 0;
    for (size_t i = 0; i < people.count; i++) {
        if (!is_relevant(relevant, &people.items[i]))
            continue;
        struct known_person *one = &known[count++];
        one->person = people.items[i];
        one->zone = zone_or_utc(one->person.time_zone);
        TRY(read_time(unit, one, relevant, meeting->id, meeting->uid));
    }
    *out = (struct meeting_env){
        .now = unit->now,
        .assistant = unit->planner->options.assistant,
        .people = known,
        .people_count = count,
        .random = &unit->planner->random,
        .link_base = unit->planner->options.link_base,
        .policy = policy,
    };
    return ST_OK;
}
