/* Messages that were handled, as rows: the raw bytes and what was read in them. */
#include "roles/planner/internal.h"

static const struct record_field handled_quote_fields[] = {
    FIELD(handled_quote, from, 1, RECORD_TEXT),
    FIELD(handled_quote, text, 2, RECORD_TEXT),
};
static RECORD_TYPE(handled_quote_record, handled_quote, handled_quote_fields);
static const struct record_field handled_fields[] = {
    FIELD_ENUM(handled_message, outcome, 1, meeting_outcome_names),
    FIELD(handled_message, new_text, 2, RECORD_TEXT),
    FIELD_OF(handled_message, reading, 3, RECORD_POINTER, reading_record),
    FIELD(handled_message, supervision, 4, RECORD_TEXT),
    FIELD(handled_message, from, 5, RECORD_TEXT),
    FIELD_OF(handled_message, quotes, 6, RECORD_LIST, handled_quote_record),
    FIELD(handled_message, attachments, 7, RECORD_U32),
};
RECORD_TYPE(handled_message_record, handled_message, handled_fields);

enum status keep_message(struct unit *unit, const struct received_mail *received,
                         const struct meeting_hand *hand, const struct handled_message *handled)
{
    struct planner *planner = unit->planner;
    struct slice organisation = hand == NULL ? SLICE_NONE : hand->meeting.organisation;
    const struct secret *key = hand == NULL ? planner->service_key : hand->key;
    struct stored_message row = {
        .id = received->id,
        .meeting = hand == NULL ? SLICE_NONE : hand->meeting.id,
        .direction = MESSAGE_IN,
        .at = unit->now,
        .message_id_hash = message_hash(unit, received->mail->message_id),
    };
    struct seal_place raw = sealing_place(SEALED_MESSAGE_RAW, organisation, row.id);
    struct seal_place reading = sealing_place(SEALED_MESSAGE_READING, organisation, row.id);
    TRY(vault_seal(key, &raw, received->raw, unit->arena, &row.raw, unit->why));
    TRY(sealing_seal(key, &reading, &handled_message_record, handled, unit->arena, &row.reading,
                     unit->why));
    return store_add_message(planner->store, &row, unit->why);
}

enum status load_handled(struct unit *unit, struct slice id, struct slice *meeting,
                         struct handled_message *out)
{
    struct stored_message row;
    const struct secret *key;
    AUTO_HAND hand = {0};
    TRY(store_load_message(unit->planner->store, id, unit->arena, &row, unit->why));
    if (row.meeting.len > 0)
        TRY(load_meeting(unit, row.meeting, &hand));
    struct seal_place place =
        sealing_place(SEALED_MESSAGE_READING, hand.meeting.organisation, row.id);
    TRY(get_opening_key(unit, row.meeting.len > 0 ? &hand : NULL, row.reading, &key));
    *meeting = row.meeting;
    return sealing_open(key, &place, row.reading, &handled_message_record, unit->arena, out, unit->why);
}
