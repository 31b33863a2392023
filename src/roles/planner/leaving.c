/* Who left asks for no meetings any more. */
#include "base/eventlog/eventlog.h"
#include "roles/planner/internal.h"

static enum status save_as_guest(struct unit *unit, struct stored_person *row, struct person *person)
{
    struct organisation *organisation;
    struct seal_place place = sealing_place(SEALED_PERSON, row->organisation, row->id);
    person->client = person->has_calendar = false;
    person->calendar = person->calendar_user = person->calendar_password = SLICE_NONE;
    row->role = LIT("guest");
    TRY(planner_get_organisation(unit, row->organisation, &organisation));
    TRY(sealing_seal(organisation->directory_key, &place, &person_record, person, unit->arena,
                     &row->record, unit->why));
    return store_save_person(unit->planner->store, row, unit->why);
}

static enum status end_person(struct unit *unit, struct slice id, uint32_t *ended)
{
    struct stored_person row;
    struct person person;
    enum status found = store_load_person(unit->planner->store, id, unit->arena, &row, unit->why);
    *ended = 0;
    if (found == ST_NOT_FOUND)
        return ST_OK;
    TRY(found);
    TRY(load_person(unit, id, &person));
    if (!person.client)
        return ST_OK;
    TRY(save_as_guest(unit, &row, &person));
    *ended = 1;
    event_log(EVENT_PERSON_SAVED, field_id(KEY_PERSON, id));
    return store_append_log(unit->planner->store, unit->now, slice_from("person.requests.ended"),
                            arena_format(unit->arena, "person=%.*s", SLICE_ARG(id)), unit->why);
}

/* They are still here: in another function, or about to enrol anew. */
static bool stays(struct slice cause)
{
    return slice_equal(cause, LIT("function")) || slice_equal(cause, LIT("reset"));
}

enum status planner_person_ended(struct planner *planner, struct slice person, struct slice cause,
                                 struct instant now, uint32_t *ended, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    *ended = 0;
    TRY(store_begin(planner->store, why));
    enum status status = release_tasks(&unit, person);
    if (status == ST_OK && !stays(cause))
        status = end_person(&unit, person, ended);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}
