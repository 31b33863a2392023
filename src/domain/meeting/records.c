/* Tables that carry meetings into sealed storage and effects to those who carry them
 * out. Tags are for ever: a new field takes the next free one. */
#include "domain/meeting/meeting.h"

const char *const meeting_state_names[] = {
    [MEETING_GATHERING] = "gathering", [MEETING_PROPOSING] = "proposing",
    [MEETING_CONFIRMED] = "confirmed", [MEETING_CANCELLED] = "cancelled",
    [MEETING_ABANDONED] = "abandoned", [MEETING_SUPERVISION] = "supervision",
};
const char *const participant_role_names[] = {
    [ROLE_ORGANIZER] = "organiser", [ROLE_REQUIRED] = "required", [ROLE_OPTIONAL] = "optional",
};
const char *const participant_status_names[] = {
    [PARTICIPANT_WAITING] = "needs-action", [PARTICIPANT_ANSWERED] = "answered",
    [PARTICIPANT_ACCEPTED] = "accepted",    [PARTICIPANT_DECLINED] = "declined",
    [PARTICIPANT_TENTATIVE] = "tentative",  [PARTICIPANT_REMOVED] = "removed",
};
const char *const mail_purpose_names[] = {
    [PURPOSE_PROPOSAL] = "proposal",         [PURPOSE_CLARIFICATION] = "clarification",
    [PURPOSE_INVITATION] = "invitation",     [PURPOSE_CONFIRMATION] = "confirmation",
    [PURPOSE_UPDATE] = "update",             [PURPOSE_REMINDER] = "reminder",
    [PURPOSE_CANCELLATION] = "cancellation", [PURPOSE_ACKNOWLEDGEMENT] = "acknowledgement",
    [PURPOSE_DECLINE] = "decline",           [PURPOSE_NOTICE] = "notice",
};
const char *const effect_kind_names[] = {
    [EFFECT_MAIL] = "mail",
    [EFFECT_HOLD] = "hold",
    [EFFECT_RELEASE] = "release",
    [EFFECT_CALENDAR_PUT] = "calendar_put",
    [EFFECT_CALENDAR_REMOVE] = "calendar_remove",
    [EFFECT_TASK_OPENED] = "task_opened",
    [EFFECT_TASK_CLOSED] = "task_closed",
};
const char *const meeting_outcome_names[] = {
    [OUTCOME_IGNORED] = "ignored", [OUTCOME_ACCEPTED] = "accepted", [OUTCOME_REJECTED] = "rejected",
};

static const struct record_field number_fields[] = {
    FIELD(number_item, number, 1, RECORD_U32),
};
static RECORD_TYPE(number_record, number_item, number_fields);

static const struct record_field interval_fields[] = {
    FIELD(interval, start, 1, RECORD_INSTANT),
    FIELD(interval, end, 2, RECORD_INSTANT),
};
static RECORD_TYPE(span_record, interval, interval_fields);

static const struct record_field offer_fields[] = {
    FIELD(offer, number, 1, RECORD_U32),
    FIELD_OF(offer, span, 2, RECORD_STRUCT, span_record),
    FIELD(offer, withdrawn, 3, RECORD_BOOL),
};
static RECORD_TYPE(offer_record, offer, offer_fields);

static const struct record_field participant_fields[] = {
    FIELD(participant, address, 1, RECORD_TEXT),
    FIELD(participant, name, 2, RECORD_TEXT),
    FIELD_ENUM(participant, role, 3, participant_role_names),
    FIELD_ENUM(participant, status, 4, participant_status_names),
    FIELD_ENUM(participant, language, 5, language_names),
    FIELD(participant, time_zone, 6, RECORD_TEXT),
    FIELD(participant, known, 7, RECORD_BOOL),
    FIELD(participant, informal, 8, RECORD_BOOL),
    FIELD(participant, delegate_address, 9, RECORD_TEXT),
    FIELD(participant, delegate_name, 10, RECORD_TEXT),
    FIELD_OF(participant, suits, 11, RECORD_LIST, number_record),
    FIELD_OF(participant, refused, 12, RECORD_LIST, number_record),
    FIELD_OF(participant, times, 13, RECORD_STRUCT, said_times_record),
    FIELD(participant, reminders, 14, RECORD_U32),
    FIELD(participant, asked_at, 15, RECORD_INSTANT),
    FIELD(participant, phone, 16, RECORD_TEXT),
    FIELD(participant, invited_sequence, 17, RECORD_U32),
    FIELD(participant, invited_start, 18, RECORD_INSTANT),
    FIELD(participant, last_sent_id, 19, RECORD_TEXT),
    FIELD_OF(participant, shown, 20, RECORD_LIST, number_record),
    FIELD(participant, stopped, 21, RECORD_BOOL),
};
static RECORD_TYPE(participant_record, participant, participant_fields);

const char *const task_note_kind_names[] = {
    [NOTE_NOTE] = "note", [NOTE_QUESTION] = "question", [NOTE_OPINION] = "opinion",
};
const char *const meeting_policy_names[] = {
    [POLICY_DOUBT] = "doubt", [POLICY_NEVER] = "never", [POLICY_ALWAYS] = "always",
};

static const struct record_field task_note_fields[] = {
    FIELD_ENUM(task_note, kind, 1, task_note_kind_names),
    FIELD(task_note, by, 2, RECORD_TEXT),
    FIELD(task_note, text, 3, RECORD_TEXT),
    FIELD(task_note, at, 4, RECORD_INSTANT),
};
static RECORD_TYPE(task_note_record, task_note, task_note_fields);

static const struct record_field task_fields[] = {
    FIELD(task, id, 1, RECORD_TEXT),
    FIELD(task, reason, 2, RECORD_TEXT),
    FIELD(task, opened, 3, RECORD_INSTANT),
    FIELD(task, from, 4, RECORD_TEXT),
    FIELD_OF(task, reading, 5, RECORD_STRUCT, reading_record),
    FIELD(task, draft, 6, RECORD_TEXT),
    FIELD_OF(task, notes, 7, RECORD_LIST, task_note_record),
    FIELD(task, proposed, 8, RECORD_TEXT),
};
RECORD_TYPE(task_record, task, task_fields);

static const struct record_field meeting_fields[] = {
    FIELD(meeting, id, 1, RECORD_TEXT),
    FIELD(meeting, organisation, 2, RECORD_TEXT),
    FIELD_ENUM(meeting, state, 3, meeting_state_names),
    FIELD_ENUM(meeting, resumes, 4, meeting_state_names),
    FIELD(meeting, version, 5, RECORD_U32),
    FIELD(meeting, subject, 6, RECORD_TEXT),
    FIELD_ENUM(meeting, kind, 7, meeting_kind_names),
    FIELD(meeting, duration_min, 8, RECORD_U32),
    FIELD(meeting, duration_said, 9, RECORD_BOOL),
    FIELD(meeting, kind_said, 10, RECORD_BOOL),
    FIELD_OF(meeting, people, 11, RECORD_LIST, participant_record),
    FIELD_OF(meeting, place, 12, RECORD_STRUCT, place_record),
    FIELD_OF(meeting, times, 13, RECORD_STRUCT, said_times_record),
    FIELD_OF(meeting, offers, 14, RECORD_LIST, offer_record),
    FIELD(meeting, round, 15, RECORD_U32),
    FIELD(meeting, language_thread, 16, RECORD_TEXT),
    FIELD_OF(meeting, confirmed, 17, RECORD_STRUCT, span_record),
    FIELD(meeting, uid, 18, RECORD_TEXT),
    FIELD(meeting, sequence, 19, RECORD_U32),
    FIELD(meeting, invited, 20, RECORD_BOOL),
    FIELD(meeting, asked, 21, RECORD_TEXT),
    FIELD(meeting, asked_about, 22, RECORD_TEXT),
    FIELD(meeting, asked_whom, 23, RECORD_TEXT),
    FIELD_OF(meeting, tasks, 24, RECORD_LIST, task_record),
    FIELD(meeting, created, 25, RECORD_INSTANT),
    FIELD(meeting, last_offer, 26, RECORD_INSTANT),
    FIELD(meeting, due, 27, RECORD_INSTANT),
    FIELD(meeting, message_ids, 28, RECORD_TEXTS),
    FIELD(meeting, organizer_told_abandoned, 29, RECORD_BOOL),
    FIELD(meeting, guest_subject, 30, RECORD_TEXT),
    FIELD(meeting, agreed, 31, RECORD_BOOL),
    FIELD_OF(meeting, moved_from, 32, RECORD_STRUCT, span_record),
    FIELD(meeting, place_theirs, 33, RECORD_BOOL),
    FIELD_OF(meeting, series, 34, RECORD_STRUCT, series_record),
    FIELD(meeting, link_secret, 35, RECORD_BYTES),
    FIELD(meeting, talk, 36, RECORD_BOOL),
};
RECORD_TYPE(meeting_record, meeting, meeting_fields);

static const struct record_field mail_order_fields[] = {
    FIELD_ENUM(mail_order, purpose, 1, mail_purpose_names),
    FIELD(mail_order, phrase, 2, RECORD_TEXT),
    FIELD_OF(mail_order, to, 3, RECORD_STRUCT, mailbox_record),
    FIELD_ENUM(mail_order, language, 4, language_names),
    FIELD(mail_order, time_zone, 5, RECORD_TEXT),
    FIELD(mail_order, informal, 6, RECORD_BOOL),
    FIELD(mail_order, recipient_name, 7, RECORD_TEXT),
    FIELD(mail_order, organizer_name, 8, RECORD_TEXT),
    FIELD(mail_order, organizer_address, 9, RECORD_TEXT),
    FIELD(mail_order, assistant_name, 10, RECORD_TEXT),
    FIELD(mail_order, subject, 11, RECORD_TEXT),
    FIELD(mail_order, reply_to_id, 12, RECORD_TEXT),
    FIELD(mail_order, references, 13, RECORD_TEXTS),
    FIELD_ENUM(mail_order, kind, 14, meeting_kind_names),
    FIELD(mail_order, duration_min, 15, RECORD_U32),
    FIELD_OF(mail_order, place, 16, RECORD_STRUCT, place_record),
    FIELD_OF(mail_order, offers, 17, RECORD_LIST, offer_record),
    FIELD_OF(mail_order, slot, 18, RECORD_STRUCT, span_record),
    FIELD_OF(mail_order, old_slot, 19, RECORD_STRUCT, span_record),
    FIELD(mail_order, who, 20, RECORD_TEXT),
    FIELD(mail_order, detail, 21, RECORD_TEXT),
    FIELD(mail_order, number, 22, RECORD_U32),
    FIELD(mail_order, names, 23, RECORD_TEXTS),
    FIELD(mail_order, has_event, 24, RECORD_BOOL),
    FIELD(mail_order, method, 25, RECORD_TEXT),
    FIELD_OF(mail_order, event, 26, RECORD_STRUCT, ical_event_record),
    FIELD(mail_order, verbatim, 27, RECORD_TEXT),
    FIELD(mail_order, zone_named, 28, RECORD_BOOL),
    FIELD(mail_order, question, 29, RECORD_TEXT),
    FIELD(mail_order, guest, 30, RECORD_BOOL),
    FIELD_OF(mail_order, series, 31, RECORD_STRUCT, series_record),
    FIELD(mail_order, series_zone, 32, RECORD_TEXT),
    FIELD_OF(mail_order, holidays, 33, RECORD_LIST, span_record),
    FIELD_OF(mail_order, clashes, 34, RECORD_LIST, span_record),
    FIELD(mail_order, link, 35, RECORD_TEXT),
};
RECORD_TYPE(mail_order_record, mail_order, mail_order_fields);

static const struct record_field effect_fields[] = {
    FIELD_ENUM(effect, kind, 1, effect_kind_names),
    FIELD_OF(effect, mail, 2, RECORD_STRUCT, mail_order_record),
    FIELD(effect, address, 3, RECORD_TEXT),
    FIELD_OF(effect, span, 4, RECORD_STRUCT, span_record),
    FIELD_OF(effect, event, 5, RECORD_STRUCT, ical_event_record),
};
RECORD_TYPE(effect_record, effect, effect_fields);
