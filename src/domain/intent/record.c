#include "domain/intent/intent.h"

/* Names and record tables of everything in intent.h. */

const char *const intent_names[INTENT_COUNT_] = {
    [INTENT_OTHER] = "other",         [INTENT_REQUEST] = "request",
    [INTENT_ACCEPT] = "accept",       [INTENT_DECLINE] = "decline",
    [INTENT_COUNTER] = "counter",     [INTENT_RESCHEDULE] = "reschedule",
    [INTENT_CANCEL] = "cancel",       [INTENT_LATE] = "late",
    [INTENT_CHANGE] = "change",       [INTENT_DELEGATE] = "delegate",
    [INTENT_INFORM] = "inform",       [INTENT_QUESTION] = "question",
    [INTENT_THANKS] = "thanks",       [INTENT_UNCLEAR] = "unclear",
    [INTENT_HOSTILE] = "hostile",
};

const char *const mention_role_names[8] = {
    [MENTION_ATTEND] = "attend",
    [MENTION_OPTIONAL] = "optional",
    [MENTION_ADD] = "add",
    [MENTION_ADD_OPTIONAL] = "add_optional",
    [MENTION_MAKE_OPTIONAL] = "make_optional",
    [MENTION_REMOVE] = "remove",
    [MENTION_DELEGATE] = "delegate",
    [MENTION_NAMED] = "named",
};

static const char *const state_names[] = {
    [THREAD_NEW] = "new",
    [THREAD_GATHERING] = "gathering",
    [THREAD_PROPOSING] = "proposing",
    [THREAD_CONFIRMED] = "confirmed",
    [THREAD_CLOSED] = "closed",
};

static const struct record_field mention_fields[] = {
    FIELD(mention, name, 1, RECORD_TEXT),
    FIELD(mention, address, 2, RECORD_TEXT),
    FIELD_ENUM(mention, role, 3, mention_role_names),
};
RECORD_TYPE(mention_record, mention, mention_fields);

static const struct record_field interval_fields[] = {
    FIELD(interval, start, 1, RECORD_INSTANT),
    FIELD(interval, end, 2, RECORD_INSTANT),
};
static RECORD_TYPE(interval_record, interval, interval_fields);

static const struct record_field said_times_fields[] = {
    FIELD(said_times, constrained, 1, RECORD_BOOL),
    FIELD_OF(said_times, allowed, 2, RECORD_LIST, interval_record),
    FIELD_OF(said_times, preferred, 3, RECORD_LIST, interval_record),
    FIELD_OF(said_times, excluded, 4, RECORD_LIST, interval_record),
    FIELD(said_times, hours_named, 5, RECORD_BOOL),
    FIELD_OF(said_times, starts, 6, RECORD_LIST, interval_record),
    FIELD_ENUM(said_times, doubt, 7, timex_doubt_names),
};
RECORD_TYPE(said_times_record, said_times, said_times_fields);

static const struct record_field meeting_request_fields[] = {
    FIELD_ENUM(meeting_request, kind, 1, meeting_kind_names),
    FIELD(meeting_request, duration_min, 2, RECORD_U32),
    FIELD(meeting_request, subject, 3, RECORD_TEXT),
    FIELD_OF(meeting_request, place, 4, RECORD_STRUCT, place_record),
    FIELD(meeting_request, phone, 5, RECORD_TEXT),
    FIELD_OF(meeting_request, people, 6, RECORD_LIST, mention_record),
    FIELD_OF(meeting_request, times, 7, RECORD_STRUCT, said_times_record),
    FIELD(meeting_request, agreed, 8, RECORD_BOOL),
    FIELD(meeting_request, recurring, 9, RECORD_BOOL),
    FIELD(meeting_request, place_theirs, 10, RECORD_BOOL),
    FIELD_OF(meeting_request, series, 11, RECORD_STRUCT, series_record),
    FIELD(meeting_request, recurs, 12, RECORD_TEXT),
    FIELD(meeting_request, signed_phone, 13, RECORD_TEXT),
    FIELD(meeting_request, replaced, 14, RECORD_BOOL),
};
RECORD_TYPE(meeting_request_record, meeting_request, meeting_request_fields);

static const struct record_field number_fields[] = {
    FIELD(number_item, number, 1, RECORD_U32),
};
static RECORD_TYPE(number_record, number_item, number_fields);

static const struct record_field span_fields[] = {
    FIELD(span_item, offset, 1, RECORD_U32),
    FIELD(span_item, length, 2, RECORD_U32),
};
static RECORD_TYPE(span_record, span_item, span_fields);

static const struct record_field said_cue_fields[] = {
    FIELD(said_cue, offset, 1, RECORD_U32),   FIELD(said_cue, length, 2, RECORD_U32),
    FIELD(said_cue, name, 3, RECORD_TEXT),    FIELD(said_cue, negated, 4, RECORD_BOOL),
    FIELD(said_cue, decisive, 5, RECORD_BOOL),
};
RECORD_TYPE(said_cue_record, said_cue, said_cue_fields);

static const struct record_field language_wish_fields[] = {
    FIELD(language_wish, address, 1, RECORD_TEXT),
    FIELD_ENUM(language_wish, language, 2, language_names),
};
static RECORD_TYPE(language_wish_record, language_wish, language_wish_fields);

static const struct record_field reading_fields[] = {
    FIELD_ENUM(reading, language, 1, language_names),
    FIELD_ENUM(reading, intent, 2, intent_names),
    FIELD(reading, confidence, 3, RECORD_U32),
    FIELD_OF(reading, accepted, 4, RECORD_LIST, number_record),
    FIELD_OF(reading, refused, 5, RECORD_LIST, number_record),
    FIELD(reading, any_offer, 6, RECORD_BOOL),
    FIELD(reading, conditional, 7, RECORD_BOOL),
    FIELD(reading, late_min, 8, RECORD_U32),
    FIELD(reading, asks_question, 9, RECORD_BOOL),
    FIELD(reading, question, 10, RECORD_TEXT),
    FIELD(reading, complaint, 11, RECORD_BOOL),
    FIELD(reading, suspicious, 12, RECORD_BOOL),
    FIELD_OF(reading, requests, 13, RECORD_LIST, meeting_request_record),
    FIELD_OF(reading, spans, 14, RECORD_LIST, span_record),
    FIELD_OF(reading, timexes, 15, RECORD_LIST, timex_record),
    FIELD_OF(reading, cues, 16, RECORD_LIST, said_cue_record),
    FIELD_OF(reading, ignored, 17, RECORD_LIST, timex_ignored_record),
    FIELD_OF(reading, write_in, 18, RECORD_LIST, language_wish_record),
    FIELD(reading, points_back, 19, RECORD_BOOL),
    FIELD(reading, one_of_series, 20, RECORD_BOOL),
    FIELD(reading, asks_person, 21, RECORD_BOOL),
};
RECORD_TYPE(reading_record, reading, reading_fields);

static const struct record_field offer_fields[] = {
    FIELD(offer_context, number, 1, RECORD_U32),
    FIELD_OF(offer_context, span, 2, RECORD_STRUCT, interval_record),
};
static RECORD_TYPE(offer_context_record, offer_context, offer_fields);

static const struct record_field person_fields[] = {
    FIELD(person_context, name, 1, RECORD_TEXT),
    FIELD(person_context, address, 2, RECORD_TEXT),
    FIELD(person_context, client, 3, RECORD_BOOL),
    FIELD(person_context, organizer, 4, RECORD_BOOL),
    FIELD(person_context, optional, 5, RECORD_BOOL),
};
static RECORD_TYPE(person_context_record, person_context, person_fields);

static const struct record_field context_fields[] = {
    FIELD_OF(intent_context, assistant, 1, RECORD_STRUCT, mailbox_record),
    FIELD(intent_context, received, 2, RECORD_INSTANT),
    FIELD(intent_context, writer_zone, 3, RECORD_TEXT),
    FIELD(intent_context, organizer_zone, 4, RECORD_TEXT),
    FIELD(intent_context, offer_zone, 5, RECORD_TEXT),
    FIELD(intent_context, writer_is_client, 6, RECORD_BOOL),
    FIELD(intent_context, writer_is_organizer, 7, RECORD_BOOL),
    FIELD_ENUM(intent_context, state, 8, state_names),
    FIELD_ENUM(intent_context, kind, 9, meeting_kind_names),
    FIELD(intent_context, duration_min, 10, RECORD_U32),
    FIELD_OF(intent_context, confirmed, 11, RECORD_STRUCT, interval_record),
    FIELD_OF(intent_context, offers, 12, RECORD_LIST, offer_context_record),
    FIELD_OF(intent_context, people, 13, RECORD_LIST, person_context_record),
    FIELD(intent_context, asked, 14, RECORD_TEXT),
    FIELD(intent_context, asked_about, 15, RECORD_TEXT),
    FIELD(intent_context, explain, 16, RECORD_BOOL),
    FIELD_OF(intent_context, series, 17, RECORD_STRUCT, series_record),
    FIELD(intent_context, reader_zone, 18, RECORD_TEXT),
};
RECORD_TYPE(intent_context_record, intent_context, context_fields);
