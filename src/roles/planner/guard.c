/* Who gets no mail from us any more, and how that becomes known: by a link, by plain words,
 * by a complaint. */
#include "base/eventlog/eventlog.h"
#include "roles/planner/internal.h"

enum status is_suppressed(struct unit *unit, struct slice address, struct slice organisation,
                          bool *suppressed)
{
    return store_is_suppressed(unit->planner->store, address_hash(unit, address), organisation,
                               suppressed, unit->why);
}

/* What answers a person's own act about mail or data goes to them all the same. */
bool is_last_word(const struct mail_order *order)
{
    return slice_equal(order->phrase, LIT("stop.done")) ||
           slice_starts(order->phrase, LIT("privacy."));
}

enum status may_write(struct unit *unit, struct slice organisation, const struct mail_order *order,
                      bool *may)
{
    bool suppressed = false;
    if (!is_last_word(order) && !slice_equal_nocase(order->to.address, order->organizer_address))
        TRY(is_suppressed(unit, order->to.address, organisation, &suppressed));
    *may = !suppressed;
    return ST_OK;
}

struct mail_order guest_order(struct unit *unit, const struct meeting *meeting,
                              const struct participant *reader, const char *phrase)
{
    const struct participant *host = &meeting->people.items[0];
    enum language language = reader->language != LANGUAGE_UNKNOWN ? reader->language : host->language;
    struct mail_order order = {
        .purpose = PURPOSE_ACKNOWLEDGEMENT,
        .phrase = slice_from(phrase),
        .to = {reader->name, reader->address},
        .language = language == LANGUAGE_UNKNOWN ? LANGUAGE_EN : language,
        .time_zone = reader->time_zone.len > 0 ? reader->time_zone : host->time_zone,
        .informal = reader->informal,
        .recipient_name = reader->name,
        .organizer_name = host->name.len > 0 ? host->name : host->address,
        .organizer_address = host->address,
        .assistant_name = unit->planner->options.assistant.name,
        .subject = meeting->guest_subject,
        .reply_to_id = reader->last_sent_id,
        .kind = meeting->kind,
        .duration_min = meeting->duration_min,
    };
    if (order.reply_to_id.len > 0)
        ARENA_PUSH(unit->arena, &order.references, order.reply_to_id);
    return order;
}

static enum status move_stopped(struct unit *unit, struct meeting_hand *hand, struct slice address)
{
    enum meeting_outcome outcome;
    struct relevant relevant = {0};
    struct meeting_input input = {.kind = INPUT_STOPPED, .from = {SLICE_NONE, address}};
    relevant_from_meeting(unit, &hand->meeting, &relevant);
    return move_meeting(unit, hand, &input, &relevant, &outcome);
}

/* Every meeting that they take part in hears of it, within the scope. */
static enum status tell_meetings(struct unit *unit, const struct stop *stop)
{
    struct stored_meeting_list rows;
    TRY(store_find_meetings_by_participant(unit->planner->store, address_hash(unit, stop->address),
                                           unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        bool in_hand = stop->hand != NULL && slice_equal(stop->hand->meeting.id, rows.items[i].id);
        bool in_scope = stop->organisation.len == 0 ||
                        slice_equal(stop->organisation, rows.items[i].organisation);
        if (in_hand || !in_scope || rows.items[i].key.sealed.bytes.len == 0)
            continue;
        AUTO_HAND hand = {0};
        TRY(open_meeting(unit, &rows.items[i], &hand));
        TRY(move_stopped(unit, &hand, stop->address));
    }
    return stop->hand == NULL ? ST_OK : move_stopped(unit, stop->hand, stop->address);
}

static const struct participant *reader_of(const struct meeting *meeting, struct slice address)
{
    for (size_t i = 1; i < meeting->people.count; i++)
        if (slice_equal_nocase(meeting->people.items[i].address, address) ||
            slice_equal_nocase(meeting->people.items[i].delegate_address, address))
            return &meeting->people.items[i];
    return NULL;
}

static enum status confirm_stop(struct unit *unit, const struct stop *stop)
{
    const struct participant *reader =
        stop->hand == NULL ? NULL : reader_of(&stop->hand->meeting, stop->address);
    if (reader == NULL)
        return ST_OK;
    struct mail_order order = guest_order(unit, &stop->hand->meeting, reader, "stop.done");
    order.to.address = stop->address;
    return keep_order(unit, stop->hand, &order);
}

enum status note_stop(struct unit *unit, const struct stop *stop)
{
    struct person person;
    enum status found = find_person(unit, stop->address, &person);
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    if (found == ST_OK && person.client)
        return problem_set(unit->why, ST_DENIED, "who has an account here gets their own mail");
    TRY(store_suppress(unit->planner->store, address_hash(unit, stop->address), stop->organisation,
                       stop->cause, unit->now, unit->why));
    event_log(EVENT_MAIL_STOPPED, field_text(KEY_INPUT, stop->cause));
    return store_append_log(unit->planner->store, unit->now, slice_from("mail.person.stopped"),
                            arena_format(unit->arena, "cause=%s", stop->cause), unit->why);
}

enum status stop_mail(struct unit *unit, const struct stop *stop)
{
    bool already;
    TRY(is_suppressed(unit, stop->address, stop->organisation, &already));
    TRY(note_stop(unit, stop));
    if (already)
        return ST_OK;
    if (stop->confirm)
        TRY(confirm_stop(unit, stop));
    return tell_meetings(unit, stop);
}
