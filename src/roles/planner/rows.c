/* Between records in the clear and sealed rows. */
#include <stdlib.h>

#include "platform/store/sealing.h"
#include "roles/planner/internal.h"

void meeting_hand_release(struct meeting_hand *hand)
{
    secret_destroy(&hand->key);
}

struct slice address_hash(const struct unit *unit, struct slice address)
{
    return sealing_address_hash(unit->planner->lookup_key, address, unit->arena);
}

struct slice message_hash(const struct unit *unit, struct slice message_id)
{
    return message_id.len == 0
               ? SLICE_NONE
               : sealing_message_id_hash(unit->planner->lookup_key, message_id, unit->arena);
}

enum status seal_in_meeting(struct unit *unit, const struct meeting_hand *hand,
                            enum sealed_column column, struct slice row,
                            const struct record_type *type, const void *object, struct sealed *out)
{
    struct seal_place place = sealing_place(column, hand->meeting.organisation, row);
    return sealing_seal(hand->key, &place, type, object, unit->arena, out, unit->why);
}

enum status open_meeting(struct unit *unit, const struct stored_meeting *row,
                         struct meeting_hand *out)
{
    struct organisation *organisation;
    struct seal_place place = sealing_place(SEALED_MEETING, row->organisation, row->id);
    AUTO_HAND hand = {.wrapped_key = row->key};
    TRY(get_organisation_of(unit, row->organisation, row->key.sealed, &organisation));
    struct key_ask ask = {.purpose = KEY_OPEN_MEETING,
                          .organisation = row->organisation,
                          .organisation_key = organisation->key.sealed.bytes,
                          .organisation_version = organisation->key.version,
                          .meeting = row->id,
                          .wrapped = row->key.sealed.bytes,
                          .version = row->key.version};
    TRY(ask_key(unit->planner, &ask, NULL, NULL, &hand.key, unit->why));
    TRY(sealing_open(hand.key, &place, row->record, &meeting_record, unit->arena, &hand.meeting,
                     unit->why));
    hand.meeting.id = row->id;
    hand.meeting.organisation = row->organisation;
    hand.meeting.version = row->version;
    *out = hand;
    hand.key = NULL; /* now the caller's */
    return ST_OK;
}

enum status load_meeting(struct unit *unit, struct slice id, struct meeting_hand *out)
{
    struct stored_meeting row;
    TRY(store_load_meeting(unit->planner->store, id, unit->arena, &row, unit->why));
    if (row.key.sealed.bytes.len == 0)
        return problem_set(unit->why, ST_NOT_FOUND, "this meeting was erased");
    return open_meeting(unit, &row, out);
}

enum status start_meeting(struct unit *unit, struct slice organisation, struct meeting_hand *out)
{
    struct organisation *owner;
    struct slice id = store_new_id("m", unit->arena);
    AUTO_HAND hand = {.is_new = true};
    TRY(planner_get_organisation(unit, organisation, &owner));
    struct key_ask ask = {.purpose = KEY_NEW_MEETING,
                          .organisation = organisation,
                          .organisation_key = owner->key.sealed.bytes,
                          .organisation_version = owner->key.version,
                          .meeting = id,
                          .version = 1};
    TRY(ask_key(unit->planner, &ask, unit->arena, &hand.wrapped_key, &hand.key, unit->why));
    hand.meeting.id = id;
    hand.meeting.organisation = organisation;
    *out = hand;
    hand.key = NULL;
    return ST_OK;
}

static enum status save_participants(struct unit *unit, const struct meeting *meeting)
{
    struct slice_list hashes = {0};
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        if (p->address.len > 0) /* somebody whose address we have yet to learn */
            ARENA_PUSH(unit->arena, &hashes, address_hash(unit, p->address));
        if (p->delegate_address.len > 0)
            ARENA_PUSH(unit->arena, &hashes, address_hash(unit, p->delegate_address));
    }
    return store_set_participants(unit->planner->store, meeting->id, &hashes, unit->why);
}

enum status save_meeting(struct unit *unit, struct meeting_hand *hand)
{
    struct meeting *meeting = &hand->meeting;
    struct stored_meeting row = {
        .id = meeting->id,
        .organisation = meeting->organisation,
        .state = slice_from(meeting_state_names[meeting->state]),
        .version = hand->is_new ? 0 : meeting->version,
        .due = meeting->due,
        .created = meeting->created,
        .key = hand->wrapped_key,
    };
    TRY(seal_in_meeting(unit, hand, SEALED_MEETING, meeting->id, &meeting_record, meeting, &row.record));
    note_touched(unit->planner, meeting->id);
    TRY(store_save_meeting(unit->planner->store, &row, unit->why));
    TRY(store_set_retention(unit->planner->store, meeting->id, retention_since(meeting, unit->now),
                            unit->why));
    meeting->version = row.version + 1;
    hand->is_new = false;
    return save_participants(unit, meeting);
}

static enum status open_person(struct unit *unit, const struct stored_person *row,
                               struct person *out)
{
    struct organisation *organisation;
    struct seal_place place = sealing_place(SEALED_PERSON, row->organisation, row->id);
    TRY(get_organisation_of(unit, row->organisation, row->record, &organisation));
    TRY(sealing_open(organisation->directory_key, &place, row->record, &person_record, unit->arena,
                     out, unit->why));
    out->id = row->id;
    out->organisation = row->organisation;
    return ST_OK;
}

enum status load_person(struct unit *unit, struct slice id, struct person *out)
{
    struct stored_person row;
    TRY(store_load_person(unit->planner->store, id, unit->arena, &row, unit->why));
    return open_person(unit, &row, out);
}

enum status load_people(struct unit *unit, struct slice organisation, struct person_list *out)
{
    struct stored_person_list rows;
    *out = (struct person_list){0};
    TRY(store_list_people(unit->planner->store, organisation, unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        struct person person;
        TRY(open_person(unit, &rows.items[i], &person));
        ARENA_PUSH(unit->arena, out, person);
    }
    return ST_OK;
}

enum status find_person(struct unit *unit, struct slice address, struct person *out)
{
    struct stored_person row;
    TRY(store_find_person(unit->planner->store, address_hash(unit, address), unit->arena, &row,
                          unit->why));
    return open_person(unit, &row, out);
}

enum status find_sender(struct unit *unit, struct slice address, struct person *out)
{
    struct person person;
    struct stored_organisation organisation;
    TRY(find_person(unit, address, &person));
    TRY(store_load_organisation(unit->planner->store, person.organisation, unit->arena, &organisation,
                                unit->why));
    if (!slice_equal(organisation.state, LIT("active")))
        return problem_set(unit->why, ST_NOT_FOUND, "nobody of an organisation that is active");
    *out = person;
    return ST_OK;
}

enum status planner_add_organisation(struct planner *planner, struct slice id, struct slice name,
                                     struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct stored_organisation row = {.id = id, .state = LIT("active"), .created = {1}};
    struct key_ask new = {.purpose = KEY_NEW_ORGANISATION, .organisation = id, .version = 1};
    TRY(ask_key(planner, &new, arena, &row.key, NULL, why));
    struct key_ask ask = {.purpose = KEY_FOR_DIRECTORY,
                          .organisation = id,
                          .organisation_key = row.key.sealed.bytes,
                          .organisation_version = row.key.version};
    AUTO_SECRET directory = NULL;
    TRY(ask_key(planner, &ask, NULL, NULL, &directory, why));
    struct seal_place place = sealing_place(SEALED_ORGANISATION, id, id);
    TRY(vault_seal(directory, &place, name, arena, &row.record, why));
    return store_save_organisation(planner->store, &row, why);
}

enum status planner_add_person(struct planner *planner, const struct person *person,
                               struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct unit unit = {planner, arena, {0}, why};
    struct organisation *organisation;
    TRY(planner_get_organisation(&unit, person->organisation, &organisation));
    struct stored_person row = {
        .id = person->id.len > 0 ? person->id : store_new_id("p", arena),
        .organisation = person->organisation,
        .role = person->client ? LIT("client") : LIT("guest"),
        .state = LIT("active"),
        .created = {1},
        .address_hash = address_hash(&unit, person->address),
    };
    struct seal_place place = sealing_place(SEALED_PERSON, person->organisation, row.id);
    TRY(sealing_seal(organisation->directory_key, &place, &person_record, person, arena,
                     &row.record, why));
    return store_save_person(planner->store, &row, why);
}
