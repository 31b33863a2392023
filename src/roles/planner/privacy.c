/* What is held about one person, and how it goes. */
#include "base/eventlog/eventlog.h"
#include "formats/json/json.h"
#include "roles/planner/internal.h"
#include "roles/planner/privacy.h"

static bool is_same(struct slice a, struct slice b)
{
    return a.len > 0 && slice_equal_nocase(a, b);
}

static bool is_of(const struct participant *p, struct slice address)
{
    return is_same(address, p->address) || is_same(address, p->delegate_address);
}

static void set_text(json_t *object, const char *name, struct slice text)
{
    if (text.len > 0)
        json_object_set_new(object, name, json_from_text(text));
}

static void set_time(struct unit *unit, json_t *object, const char *name, struct instant at)
{
    if (at.us != 0)
        set_text(object, name, instant_format(at, zone_utc(), unit->arena));
}

/* Export */

static json_t *part_json(struct unit *unit, const struct meeting *meeting,
                         const struct participant *p)
{
    json_t *out = json_object();
    set_text(out, "name", p->name);
    set_text(out, "address", p->address);
    set_text(out, "answers_for_them", p->delegate_address);
    set_text(out, "role", slice_from(participant_role_names[p->role]));
    set_text(out, "status", slice_from(participant_status_names[p->status]));
    set_text(out, "language", slice_from(language_names[p->language]));
    set_text(out, "time_zone", p->time_zone);
    set_text(out, "phone", p->phone);
    json_object_set_new(out, "wants_no_mail", json_boolean(p->stopped));
    json_t *suits = json_array();
    for (size_t i = 0; i < p->suits.count; i++)
        for (size_t k = 0; k < meeting->offers.count; k++)
            if (meeting->offers.items[k].number == p->suits.items[i].number)
                json_array_append_new(suits, json_from_text(instant_format(
                    meeting->offers.items[k].span.start, zone_utc(), unit->arena)));
    json_object_set_new(out, "times_that_suit", suits);
    return out;
}

static enum status add_received(struct unit *unit, const struct meeting_hand *hand,
                                const struct held_query *query, json_t *out)
{
    struct stored_message_list rows;
    TRY(store_list_messages(unit->planner->store, hand->meeting.id, unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        struct handled_message handled;
        struct slice raw, meeting;
        TRY(load_handled(unit, rows.items[i].id, &meeting, &handled));
        if (!is_same(query->address, handled.from))
            continue;
        json_t *one = json_object();
        set_time(unit, one, "received", rows.items[i].at);
        set_text(one, "text", handled.new_text);
        if (query->with_raw) {
            struct seal_place place = sealing_place(
                SEALED_MESSAGE_RAW, hand->meeting.organisation, rows.items[i].id);
            enum status opened =
                vault_open(hand->key, &place, rows.items[i].raw, unit->arena, &raw, unit->why);
            if (opened != ST_OK) {
                json_decref(one);
                return opened;
            }
            set_text(one, "raw", utf8_repair(raw, unit->arena));
        }
        json_array_append_new(out, one);
    }
    return ST_OK;
}

static enum status add_sent(struct unit *unit, const struct meeting_hand *hand,
                            const struct held_query *query, json_t *out)
{
    struct outbox_list rows;
    TRY(store_list_outbox(unit->planner->store, hand->meeting.id, unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        struct outgoing mail;
        TRY(open_mail(unit, hand, &rows.items[i], &mail));
        if (!is_same(query->address, mail.order.to.address))
            continue;
        json_t *one = json_object();
        set_time(unit, one, "written", mail.draft.date);
        set_text(one, "subject", mail.draft.subject);
        set_text(one, "text", mail.draft.text);
        json_array_append_new(out, one);
    }
    return ST_OK;
}

static enum status add_meeting(struct unit *unit, const struct meeting_hand *hand,
                               const struct held_query *query, json_t *out)
{
    const struct meeting *meeting = &hand->meeting;
    json_t *one = json_object(), *parts = json_array(), *received = json_array(),
           *sent = json_array();
    json_array_append_new(out, one);
    json_object_set_new(one, "you", parts);
    json_object_set_new(one, "mails_from_you", received);
    json_object_set_new(one, "mails_to_you", sent);
    set_text(one, "id", meeting->id);
    set_text(one, "state", slice_from(meeting_state_names[meeting->state]));
    set_text(one, "subject", meeting->guest_subject);
    set_text(one, "organizer", meeting->people.items[0].name);
    set_time(unit, one, "created", meeting->created);
    set_time(unit, one, "start", meeting->confirmed.start);
    set_time(unit, one, "end", meeting->confirmed.end);
    if (series_is(&meeting->series) && meeting->confirmed.end.us > 0) {
        const struct zone *zone = zone_or_utc(meeting->people.items[0].time_zone);
        struct civil start = civil_from_instant(meeting->confirmed.start, zone);
        set_text(one, "rrule", series_rrule(&meeting->series, start, zone, unit->arena));
    }
    set_text(one, "place", meeting->place.text);
    for (size_t i = 0; i < meeting->people.count; i++)
        if (is_of(&meeting->people.items[i], query->address))
            json_array_append_new(parts, part_json(unit, meeting, &meeting->people.items[i]));
    TRY(add_received(unit, hand, query, received));
    return add_sent(unit, hand, query, sent);
}

static enum status add_meetings(struct unit *unit, const struct held_query *query, json_t *out)
{
    struct stored_meeting_list rows;
    TRY(store_find_all_of_participant(unit->planner->store, address_hash(unit, query->address),
                                      unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        AUTO_HAND hand = {0};
        if (query->organisation.len > 0 &&
            !slice_equal(query->organisation, rows.items[i].organisation))
            continue;
        TRY(open_meeting(unit, &rows.items[i], &hand));
        TRY(add_meeting(unit, &hand, query, out));
    }
    return ST_OK;
}

static enum status add_account(struct unit *unit, const struct held_query *query, json_t *out)
{
    struct person person;
    enum status found = find_person(unit, query->address, &person);
    if (found == ST_NOT_FOUND)
        return ST_OK;
    TRY(found);
    if (person.calendar_password.len > 0)
        person.calendar_password = LIT("(kept, not shown)");
    json_object_set_new(out, "account", json_from_record(&person_record, &person, zone_utc()));
    return ST_OK;
}

enum status person_held(struct unit *unit, const struct held_query *query, json_t **out)
{
    bool stopped = false;
    AUTO_JSON object = json_object();
    json_t *meetings = json_array();
    json_object_set_new(object, "address", json_from_text(query->address));
    json_object_set_new(object, "meetings", meetings);
    TRY(is_suppressed(unit, query->address, query->organisation, &stopped));
    json_object_set_new(object, "wants_no_mail", json_boolean(stopped));
    TRY(add_account(unit, query, object));
    TRY(add_meetings(unit, query, meetings));
    *out = object;
    object = NULL;
    return ST_OK;
}

/* Erasure */

static bool names_them(struct slice text, const struct participant *p)
{
    struct slice rest = p->name;
    if (p->address.len > 0 && slice_find_nocase(text, p->address, 0) != SIZE_MAX)
        return true;
    while (rest.len > 0) {
        size_t space = slice_find(rest, LIT(" "), 0);
        struct slice word = slice_sub(rest, 0, space);
        if (word.len >= 3 && slice_find_nocase(text, word, 0) != SIZE_MAX)
            return true;
        rest = space == SIZE_MAX ? SLICE_NONE : slice_sub(rest, space + 1, rest.len);
    }
    return false;
}

static void scrub_texts(struct meeting *meeting, const struct participant *p)
{
    struct slice *const texts[] = {&meeting->subject, &meeting->guest_subject, &meeting->place.text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (names_them(*texts[i], p) || is_same(*texts[i], p->phone))
            *texts[i] = SLICE_NONE;
    for (size_t i = 0; i < meeting->people.count; i++) {
        struct participant *other = &meeting->people.items[i];
        if (is_same(other->delegate_address, p->address))
            other->delegate_address = other->delegate_name = SLICE_NONE;
        other->last_sent_id = SLICE_NONE;
    }
}

/* Who only answered for somebody goes as the one who answers; the participant stays. */
static void take_out(struct meeting *meeting, struct slice address)
{
    size_t kept = 0;
    for (size_t i = 0; i < meeting->people.count; i++) {
        struct participant p = meeting->people.items[i];
        struct participant gone = p;
        if (!is_of(&p, address)) {
            meeting->people.items[kept++] = p;
            continue;
        }
        if (!is_same(address, p.address)) {
            gone = (struct participant){.address = p.delegate_address, .name = p.delegate_name};
            meeting->people.items[kept++] = p;
        }
        scrub_texts(meeting, &gone);
        if (!is_same(address, p.address))
            meeting->people.items[kept - 1].delegate_address =
                meeting->people.items[kept - 1].delegate_name = SLICE_NONE;
    }
    meeting->people.count = kept;
    meeting->tasks.count = 0;
    meeting->message_ids.count = 0;
    meeting->asked = meeting->asked_about = meeting->asked_whom = SLICE_NONE;
}

static bool is_only_about(const struct meeting *meeting, struct slice address)
{
    for (size_t i = 1; i < meeting->people.count; i++)
        if (!is_same(address, meeting->people.items[i].address))
            return false;
    return true;
}

/* Mails of others quote and name them, so all mails of a meeting that is over go. */
static enum status erase_from(struct unit *unit, struct meeting_hand *hand, struct slice address,
                              struct erased *erased)
{
    struct meeting *meeting = &hand->meeting;
    if (is_same(address, meeting->people.items[0].address))
        return problem_set(unit->why, ST_CONFLICT,
                           "organises meetings here: \"rendez person remove\" first, and let "
                           "retention end their meetings");
    if (!is_over(meeting, unit->now))
        return problem_set(unit->why, ST_CONFLICT,
                           "meeting %.*s is still running: have it cancelled or wait for its "
                           "end, then erase again",
                           SLICE_ARG(meeting->id));
    if (is_only_about(meeting, address)) {
        erased->destroyed++;
        return destroy_meeting(unit, meeting->id, "person");
    }
    erased->rewritten++;
    take_out(meeting, address);
    TRY(store_clear_meeting(unit->planner->store, meeting->id, unit->why));
    return save_meeting(unit, hand);
}

static enum status erase_account(struct unit *unit, struct slice address)
{
    struct stored_person row;
    enum status found =
        store_find_person(unit->planner->store, address_hash(unit, address), unit->arena, &row, unit->why);
    if (found == ST_NOT_FOUND)
        return ST_OK;
    TRY(found);
    if (slice_equal(row.role, LIT("client")))
        return problem_set(unit->why, ST_CONFLICT,
                           "has an account here: \"rendez person remove\" first, then erase again");
    return store_remove_person(unit->planner->store, row.id, unit->why);
}

enum status person_erase(struct unit *unit, struct slice address, struct erased *erased)
{
    struct stored_meeting_list rows;
    *erased = (struct erased){0};
    TRY(erase_account(unit, address));
    TRY(store_find_all_of_participant(unit->planner->store, address_hash(unit, address), unit->arena,
                                      &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        AUTO_HAND hand = {0};
        TRY(open_meeting(unit, &rows.items[i], &hand));
        TRY(erase_from(unit, &hand, address, erased));
    }
    event_log(EVENT_PERSON_ERASED, field_number(KEY_COUNT, erased->destroyed + erased->rewritten));
    return store_append_log(unit->planner->store, unit->now, slice_from("person.data.erased"),
                            arena_format(unit->arena, "destroyed=%u rewritten=%u", erased->destroyed,
                                         erased->rewritten),
                            unit->why);
}

/* Of the operator's commands, each a transaction. */

enum status planner_export_person(struct planner *planner, struct slice address,
                                  struct arena *arena, json_t **out, struct problem *why)
{
    struct unit unit = {.planner = planner, .arena = arena, .why = why};
    struct held_query query = {.address = address, .with_raw = true};
    return person_held(&unit, &query, out);
}

enum status planner_erase_person(struct planner *planner, struct slice address, struct instant now,
                                 struct erased *erased, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(store_begin(planner->store, why));
    enum status status = person_erase(&unit, address, erased);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}

enum status planner_stop_person(struct planner *planner, struct slice address, bool allow,
                                struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(store_begin(planner->store, why));
    enum status status = allow ? store_lift_suppression(planner->store,
                                                        address_hash(&unit, address), why)
                               : note_stop(&unit, &(struct stop){.address = address,
                                                                 .cause = "operator"});
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}
