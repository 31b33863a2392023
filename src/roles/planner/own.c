/* What somebody who is signed in sees of their own meetings. */
#include "roles/planner/own.h"

#include "roles/planner/view.h"

enum { SHOWN_MAX = 50 }; /* each is opened with a key of its own */

static enum status load_caller(struct unit *unit, const struct planner_caller *caller,
                               struct person *out)
{
    enum status status = load_person(unit, caller->person, out);
    if (status == ST_NOT_FOUND || (status == ST_OK && !slice_equal(out->organisation, caller->organisation)))
        return problem_set(unit->why, ST_NOT_FOUND, "this person has no meetings here");
    return status;
}

/* Whoever was taken out again is nobody. */
static const struct participant *part_of(const struct meeting *meeting, const struct person *person)
{
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        if (p->status != PARTICIPANT_REMOVED && slice_equal_nocase(p->address, person->address))
            return p;
    }
    return NULL;
}

static json_t *seen_people(const struct meeting *meeting, const struct participant *self)
{
    json_t *out = json_array();
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        if (self->role == ROLE_ORGANIZER || p->role == ROLE_ORGANIZER || p == self)
            json_array_append_new(out, participant_json(p));
    }
    return out;
}

static json_t *offered(struct unit *unit, const struct meeting *meeting, const struct zone *zone)
{
    json_t *out = json_array();
    for (size_t i = 0; meeting->state == MEETING_PROPOSING && i < meeting->offers.count; i++) {
        const struct offer *offer = &meeting->offers.items[i];
        if (offer->withdrawn || offer->span.start.us <= unit->now.us)
            continue;
        json_t *slot = json_object();
        json_object_set_new(slot, "number", json_integer(offer->number));
        json_object_set_new(slot, "start", instant_json(unit, offer->span.start, zone));
        json_object_set_new(slot, "end", instant_json(unit, offer->span.end, zone));
        json_array_append_new(out, slot);
    }
    return out;
}

/* NULL: not theirs. */
static json_t *own_json(struct unit *unit, const struct meeting *meeting, const struct person *person)
{
    const struct participant *self = part_of(meeting, person);
    if (self == NULL || !slice_equal(meeting->organisation, person->organisation))
        return NULL;
    const struct zone *zone = zone_or_utc(person->time_zone);
    json_t *out = meeting_head_json(unit, meeting, zone, zone_or_utc(meeting->people.items[0].time_zone));
    json_object_set_new(out, "participants", seen_people(meeting, self));
    json_object_set_new(out, "time_zone", json_string(zone_name(zone)));
    json_object_set_new(out, "offers", offered(unit, meeting, zone));
    return out;
}

enum status own_list(struct unit *unit, const struct planner_caller *caller, json_t **out)
{
    struct person person;
    struct stored_meeting_list rows;
    AUTO_JSON list = json_array();
    TRY(load_caller(unit, caller, &person));
    TRY(store_find_meetings_by_participant(unit->planner->store, address_hash(unit, person.address),
                                           unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count && json_array_size(list) < SHOWN_MAX; i++) {
        AUTO_HAND hand = {0};
        if (rows.items[i].record.bytes.len == 0 ||
            !slice_equal(rows.items[i].organisation, person.organisation))
            continue;
        TRY(open_meeting(unit, &rows.items[i], &hand));
        json_t *meeting = own_json(unit, &hand.meeting, &person);
        if (meeting != NULL)
            json_array_append_new(list, meeting);
    }
    *out = json_object();
    json_object_set(*out, "meetings", list);
    return ST_OK;
}

enum status own_show(struct unit *unit, const struct planner_caller *caller, struct slice id,
                     json_t **out)
{
    struct person person;
    AUTO_HAND hand = {0};
    TRY(load_caller(unit, caller, &person));
    enum status status = load_meeting(unit, id, &hand);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    json_t *meeting = status == ST_OK ? own_json(unit, &hand.meeting, &person) : NULL;
    if (meeting == NULL)
        return problem_set(unit->why, ST_NOT_FOUND, "there is no such meeting of yours");
    *out = meeting;
    return ST_OK;
}
