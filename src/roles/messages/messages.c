#include "roles/messages/messages.h"

static const char *const statuses[] = {"ok",     "invalid", "not_found",  "conflict",
                                       "denied", "limit",   "unavailable"};
const char *const key_purpose_names[KEY_PURPOSE_COUNT_] = {
    "nothing", "lookups", "service", "new_organisation", "directory", "new_meeting", "open_meeting",
    "rewrap_organisation", "rewrap_meeting", "identity", "identity_lookups",
    "assertions", "supervision", "log", "callers", "trust",
    "new_set", "open_set", "rewrap_set",
    "supervision_people", "supervision_words", "supervision_draft",
    "try_identity", "try_code", "try_trust",
    "watchers",
};
const char *const trial_result_names[TRIAL_RESULT_COUNT_] = {"untried", "holds", "fails"};
const char *const code_act_names[CODE_ACT_COUNT_] = {"nothing", "make", "check", "rewrap"};

static const struct record_field envelope_fields[] = {
    FIELD(envelope, sender, 1, RECORD_TEXT),
    FIELD(envelope, recipients, 2, RECORD_TEXTS),
    FIELD(envelope, received, 3, RECORD_INSTANT),
};
RECORD_TYPE(envelope_record, envelope, envelope_fields);

static const struct record_field spool_key_new_fields[] = {
    FIELD(spool_key_new, id, 1, RECORD_TEXT),
};
static const struct record_field spool_key_open_fields[] = {
    FIELD(spool_key_open, id, 1, RECORD_TEXT),
    FIELD(spool_key_open, wrapped, 2, RECORD_BYTES),
};
static const struct record_field spool_key_fields[] = {
    FIELD(spool_key, id, 1, RECORD_TEXT),
    FIELD_ENUM(spool_key, status, 2, statuses),
    FIELD(spool_key, key, 3, RECORD_BYTES),
    FIELD(spool_key, wrapped, 4, RECORD_BYTES),
};

static const struct record_field raw_mail_fields[] = {
    FIELD(raw_mail, id, 1, RECORD_TEXT),
    FIELD_OF(raw_mail, envelope, 2, RECORD_STRUCT, envelope_record),
    FIELD(raw_mail, raw, 3, RECORD_BYTES),
};
static const struct record_field parsed_mail_fields[] = {
    FIELD(parsed_mail, id, 1, RECORD_TEXT),
    FIELD_OF(parsed_mail, envelope, 2, RECORD_STRUCT, envelope_record),
    FIELD(parsed_mail, raw, 3, RECORD_BYTES),
    FIELD_OF(parsed_mail, mail, 4, RECORD_STRUCT, mail_record),
    FIELD_OF(parsed_mail, itip, 5, RECORD_POINTER, ical_calendar_record),
};
static const struct record_field unreadable_mail_fields[] = {
    FIELD(unreadable_mail, id, 1, RECORD_TEXT),
    FIELD(unreadable_mail, reason, 2, RECORD_TEXT),
    FIELD_OF(unreadable_mail, envelope, 3, RECORD_STRUCT, envelope_record),
    FIELD(unreadable_mail, raw, 4, RECORD_BYTES),
};
static const struct record_field spooled_mail_fields[] = {
    FIELD_OF(spooled_mail, envelope, 1, RECORD_STRUCT, envelope_record),
    FIELD(spooled_mail, raw, 2, RECORD_BYTES),
    FIELD(spooled_mail, unreadable, 3, RECORD_TEXT),
};
RECORD_TYPE(spooled_mail_record, spooled_mail, spooled_mail_fields);
static const struct record_field mail_done_fields[] = {
    FIELD(mail_done, id, 1, RECORD_TEXT),
    FIELD(mail_done, waits, 2, RECORD_BOOL),
};

static const struct record_field understand_fields[] = {
    FIELD_OF(understand, mail, 1, RECORD_STRUCT, mail_record),
    FIELD_OF(understand, context, 2, RECORD_STRUCT, intent_context_record),
};
static const struct record_field understood_fields[] = {
    FIELD_ENUM(understood, status, 1, statuses),
    FIELD_OF(understood, reading, 2, RECORD_STRUCT, reading_record),
};

static const struct record_field key_ask_fields[] = {
    FIELD_ENUM(key_ask, purpose, 1, key_purpose_names),
    FIELD(key_ask, organisation, 2, RECORD_TEXT),
    FIELD(key_ask, organisation_key, 3, RECORD_BYTES),
    FIELD(key_ask, meeting, 4, RECORD_TEXT),
    FIELD(key_ask, wrapped, 5, RECORD_BYTES),
    FIELD(key_ask, organisation_version, 6, RECORD_U32),
    FIELD(key_ask, version, 7, RECORD_U32),
    FIELD(key_ask, next_key, 8, RECORD_BYTES),
    FIELD(key_ask, next_version, 9, RECORD_U32),
    FIELD(key_ask, set, 10, RECORD_TEXT),
    FIELD(key_ask, table, 11, RECORD_TEXT),
    FIELD(key_ask, column, 12, RECORD_TEXT),
    FIELD(key_ask, row, 13, RECORD_TEXT),
};
static const struct record_field key_given_fields[] = {
    FIELD_ENUM(key_given, status, 1, statuses),
    FIELD(key_given, key, 2, RECORD_BYTES),
    FIELD(key_given, wrapped, 3, RECORD_BYTES),
    FIELD(key_given, problem, 4, RECORD_TEXT),
    FIELD(key_given, version, 5, RECORD_U32),
};

static const struct record_field code_ask_fields[] = {
    FIELD_ENUM(code_ask, act, 1, code_act_names),
    FIELD(code_ask, organisation, 2, RECORD_TEXT),
    FIELD(code_ask, organisation_key, 3, RECORD_BYTES),
    FIELD(code_ask, factor, 4, RECORD_TEXT),
    FIELD(code_ask, sealed, 5, RECORD_BYTES),
    FIELD(code_ask, code, 6, RECORD_TEXT),
    FIELD(code_ask, at, 7, RECORD_INSTANT),
    FIELD(code_ask, last_step, 8, RECORD_I64),
    FIELD(code_ask, organisation_version, 9, RECORD_U32),
    FIELD(code_ask, next_key, 10, RECORD_BYTES),
    FIELD(code_ask, next_version, 11, RECORD_U32),
};
static const struct record_field code_given_fields[] = {
    FIELD_ENUM(code_given, status, 1, statuses),
    FIELD(code_given, sealed, 2, RECORD_BYTES),
    FIELD(code_given, secret, 3, RECORD_TEXT),
    FIELD(code_given, step, 4, RECORD_I64),
    FIELD(code_given, problem, 5, RECORD_TEXT),
};

static const struct record_field meeting_mark_fields[] = {
    FIELD(meeting_mark, id, 1, RECORD_TEXT),
    FIELD(meeting_mark, organisation, 2, RECORD_TEXT),
    FIELD(meeting_mark, assigned, 3, RECORD_TEXT),
};
static RECORD_TYPE(meeting_mark_record, meeting_mark, meeting_mark_fields);
static const struct record_field meetings_told_fields[] = {
    FIELD(meetings_told, whole, 1, RECORD_BOOL),
    FIELD(meetings_told, complete, 2, RECORD_BOOL),
    FIELD_OF(meetings_told, in_progress, 3, RECORD_LIST, meeting_mark_record),
    FIELD(meetings_told, over, 4, RECORD_TEXTS),
};
static const struct record_field lease_ask_fields[] = {
    FIELD(lease_ask, purpose, 1, RECORD_TEXT),
    FIELD(lease_ask, organisation, 2, RECORD_TEXT),
    FIELD(lease_ask, organisation_key, 3, RECORD_BYTES),
    FIELD(lease_ask, meeting, 4, RECORD_TEXT),
    FIELD(lease_ask, wrapped, 5, RECORD_BYTES),
    FIELD(lease_ask, assertion, 6, RECORD_BYTES),
    FIELD(lease_ask, organisation_version, 7, RECORD_U32),
    FIELD(lease_ask, version, 8, RECORD_U32),
};
static const struct record_field lease_given_fields[] = {
    FIELD_ENUM(lease_given, status, 1, statuses),
    FIELD(lease_given, lease, 2, RECORD_TEXT),
    FIELD(lease_given, ends, 3, RECORD_INSTANT),
    FIELD(lease_given, key, 4, RECORD_BYTES),
    FIELD(lease_given, problem, 5, RECORD_TEXT),
    FIELD(lease_given, version, 6, RECORD_U32),
};
static const struct record_field lease_end_fields[] = {
    FIELD(lease_end, lease, 1, RECORD_TEXT),
    FIELD(lease_end, cause, 2, RECORD_TEXT),
};

static const struct record_field person_ended_fields[] = {
    FIELD(person_ended, id, 1, RECORD_TEXT),
    FIELD(person_ended, person, 2, RECORD_TEXT),
    FIELD(person_ended, organisation, 3, RECORD_TEXT),
    FIELD(person_ended, session, 4, RECORD_TEXT),
    FIELD(person_ended, cause, 5, RECORD_TEXT),
    FIELD(person_ended, at, 6, RECORD_INSTANT),
};
static const struct record_field person_ended_done_fields[] = {
    FIELD(person_ended_done, id, 1, RECORD_TEXT),
    FIELD(person_ended_done, ended, 2, RECORD_I64),
};

static const struct record_field person_told_fields[] = {
    FIELD(person_told, id, 1, RECORD_TEXT),
    FIELD(person_told, person, 2, RECORD_TEXT),
    FIELD(person_told, organisation, 3, RECORD_TEXT),
    FIELD(person_told, name, 4, RECORD_TEXT),
    FIELD(person_told, address, 5, RECORD_TEXT),
    FIELD(person_told, language, 6, RECORD_TEXT),
    FIELD(person_told, asks, 7, RECORD_BOOL),
};
static const struct record_field person_saved_fields[] = {
    FIELD(person_saved, id, 1, RECORD_TEXT),
    FIELD_ENUM(person_saved, status, 2, statuses),
    FIELD(person_saved, problem, 3, RECORD_TEXT),
};
static const struct record_field notice_fields[] = {
    FIELD(notice, id, 1, RECORD_TEXT),
    FIELD(notice, organisation, 2, RECORD_TEXT),
    FIELD(notice, person, 3, RECORD_TEXT),
    FIELD(notice, name, 4, RECORD_TEXT),
    FIELD(notice, address, 5, RECORD_TEXT),
    FIELD(notice, language, 6, RECORD_TEXT),
    FIELD(notice, phrase, 7, RECORD_TEXT),
    FIELD(notice, from, 8, RECORD_TEXT),
    FIELD(notice, word, 9, RECORD_TEXT),
    FIELD(notice, link, 10, RECORD_TEXT),
    FIELD(notice, at, 11, RECORD_INSTANT),
};
static const struct record_field notice_kept_fields[] = {
    FIELD(notice_kept, id, 1, RECORD_TEXT),
    FIELD_ENUM(notice_kept, status, 2, statuses),
};

static const struct record_field log_line_fields[] = {
    FIELD(log_line, at, 1, RECORD_INSTANT),
    FIELD(log_line, kind, 2, RECORD_TEXT),
    FIELD(log_line, ids, 3, RECORD_TEXT),
};
static RECORD_TYPE(log_line_record, log_line, log_line_fields);
static const struct record_field log_append_fields[] = {
    FIELD(log_append, source, 1, RECORD_TEXT),
    FIELD(log_append, first, 2, RECORD_I64),
    FIELD_OF(log_append, lines, 3, RECORD_LIST, log_line_record),
    FIELD(log_append, back, 4, RECORD_BOOL),
};
static const struct record_field log_kept_fields[] = {
    FIELD(log_kept, source, 1, RECORD_TEXT),
    FIELD(log_kept, number, 2, RECORD_I64),
};

static const struct record_field event_told_fields[] = {
    FIELD(event_told, event, 1, RECORD_TEXT),
    FIELD(event_told, role, 2, RECORD_TEXT),
    FIELD(event_told, build, 3, RECORD_TEXT),
    FIELD(event_told, at, 4, RECORD_INSTANT),
    FIELD(event_told, count, 5, RECORD_U32),
    FIELD(event_told, words, 6, RECORD_TEXTS),
};
static const struct record_field metric_fields[] = {
    FIELD(metric, name, 1, RECORD_TEXT),
    FIELD(metric, label, 2, RECORD_TEXT),
    FIELD(metric, value, 3, RECORD_I64),
    FIELD(metric, buckets, 4, RECORD_BYTES),
};
static RECORD_TYPE(metric_record, metric, metric_fields);
static const struct record_field metrics_told_fields[] = {
    FIELD(metrics_told, at, 1, RECORD_INSTANT),
    FIELD_OF(metrics_told, metrics, 2, RECORD_LIST, metric_record),
};

static const struct record_field send_mail_fields[] = {
    FIELD(send_mail, id, 1, RECORD_TEXT),
    FIELD_OF(send_mail, draft, 2, RECORD_STRUCT, mail_draft_record),
};
static const struct record_field sent_mail_fields[] = {
    FIELD(sent_mail, id, 1, RECORD_TEXT),
    FIELD_ENUM(sent_mail, status, 2, statuses),
    FIELD(sent_mail, sandbox, 3, RECORD_BOOL),
    FIELD(sent_mail, raw, 4, RECORD_BYTES),
    FIELD(sent_mail, reply_code, 5, RECORD_I64),
    FIELD(sent_mail, problem, 6, RECORD_TEXT),
};

static const struct record_field calendar_place_fields[] = {
    FIELD(calendar_place, person, 1, RECORD_TEXT),
    FIELD(calendar_place, where, 2, RECORD_TEXT),
    FIELD(calendar_place, user, 3, RECORD_TEXT),
    FIELD(calendar_place, password, 4, RECORD_TEXT),
    FIELD(calendar_place, address, 5, RECORD_TEXT),
    FIELD(calendar_place, zone, 6, RECORD_TEXT),
};
RECORD_TYPE(calendar_place_record, calendar_place, calendar_place_fields);
static const struct record_field calendar_read_fields[] = {
    FIELD_OF(calendar_read, place, 1, RECORD_STRUCT, calendar_place_record),
    FIELD(calendar_read, start, 2, RECORD_INSTANT),
    FIELD(calendar_read, end, 3, RECORD_INSTANT),
};
static const struct record_field calendar_events_fields[] = {
    FIELD_ENUM(calendar_events, status, 1, statuses),
    FIELD_OF(calendar_events, calendar, 2, RECORD_STRUCT, ical_calendar_record),
    FIELD(calendar_events, problem, 3, RECORD_TEXT),
};
static const struct record_field calendar_write_fields[] = {
    FIELD_OF(calendar_write, place, 1, RECORD_STRUCT, calendar_place_record),
    FIELD(calendar_write, uid, 2, RECORD_TEXT),
    FIELD(calendar_write, remove, 3, RECORD_BOOL),
    FIELD_OF(calendar_write, event, 4, RECORD_STRUCT, ical_event_record),
    FIELD(calendar_write, stamp, 5, RECORD_INSTANT),
};
static const struct record_field calendar_written_fields[] = {
    FIELD_ENUM(calendar_written, status, 1, statuses),
    FIELD(calendar_written, problem, 2, RECORD_TEXT),
};

static const struct record_field credentials_fields[] = {
    FIELD(credentials, session, 1, RECORD_TEXT),
    FIELD(credentials, token, 2, RECORD_TEXT),
    FIELD(credentials, flow, 3, RECORD_TEXT),
    FIELD(credentials, address, 4, RECORD_TEXT),
    FIELD(credentials, agent, 5, RECORD_TEXT),
    FIELD(credentials, device, 6, RECORD_TEXT),
    FIELD(credentials, certificate, 7, RECORD_TEXT),
};
static RECORD_TYPE(credentials_record, credentials, credentials_fields);
static const struct record_field command_fields[] = {
    FIELD(command, name, 1, RECORD_TEXT),
    FIELD(command, json, 2, RECORD_TEXT),
    FIELD_OF(command, credentials, 4, RECORD_STRUCT, credentials_record), /* 3 was the caller */
    FIELD(command, right, 5, RECORD_TEXT),
    FIELD(command, planned, 6, RECORD_TEXT),
    FIELD(command, assertion, 7, RECORD_BYTES),
};
static const struct record_field answer_fields[] = {
    FIELD_ENUM(answer, status, 1, statuses),
    FIELD(answer, json, 2, RECORD_TEXT),
    FIELD(answer, session, 3, RECORD_TEXT),
    FIELD(answer, flow, 4, RECORD_TEXT),
    FIELD(answer, device, 5, RECORD_TEXT),
    FIELD(answer, assertion, 6, RECORD_BYTES),
};

static const struct record_field sso_provider_fields[] = {
    FIELD(sso_provider, issuer, 1, RECORD_TEXT),
    FIELD(sso_provider, client, 2, RECORD_TEXT),
    FIELD(sso_provider, secret, 3, RECORD_TEXT),
    FIELD(sso_provider, authority, 4, RECORD_TEXT),
    FIELD(sso_provider, acr, 5, RECORD_TEXTS),
    FIELD(sso_provider, amr, 6, RECORD_TEXTS),
    FIELD(sso_provider, max_age_s, 7, RECORD_I64),
    FIELD(sso_provider, loopback, 8, RECORD_BOOL),
    FIELD(sso_provider, private_network, 9, RECORD_BOOL),
};
RECORD_TYPE(sso_provider_record, sso_provider, sso_provider_fields);
static const char *const sso_questions[] = {"nothing", "discover", "check", "redeem", "logout"};
static const struct record_field sso_ask_fields[] = {
    FIELD_ENUM(sso_ask, question, 1, sso_questions),
    FIELD_OF(sso_ask, provider, 2, RECORD_STRUCT, sso_provider_record),
    FIELD(sso_ask, redirect, 3, RECORD_TEXT),
    FIELD(sso_ask, code, 4, RECORD_TEXT),
    FIELD(sso_ask, verifier, 5, RECORD_TEXT),
    FIELD(sso_ask, nonce, 6, RECORD_TEXT),
    FIELD(sso_ask, token, 7, RECORD_TEXT),
};
RECORD_TYPE(sso_ask_record, sso_ask, sso_ask_fields);
static const struct record_field sso_answer_fields[] = {
    FIELD_ENUM(sso_answer, status, 1, statuses),
    FIELD(sso_answer, problem, 2, RECORD_TEXT),
    FIELD(sso_answer, authorization_endpoint, 3, RECORD_TEXT),
    FIELD(sso_answer, end_session_endpoint, 4, RECORD_TEXT),
    FIELD(sso_answer, algs, 5, RECORD_TEXTS),
    FIELD(sso_answer, keys, 6, RECORD_U32),
    FIELD(sso_answer, issuer_parameter, 7, RECORD_BOOL),
    FIELD(sso_answer, backchannel, 8, RECORD_BOOL),
    FIELD(sso_answer, subject, 9, RECORD_TEXT),
    FIELD(sso_answer, session, 10, RECORD_TEXT),
    FIELD(sso_answer, email, 11, RECORD_TEXT),
    FIELD(sso_answer, email_verified, 12, RECORD_BOOL),
    FIELD(sso_answer, email_unverified, 13, RECORD_BOOL),
    FIELD(sso_answer, acr, 14, RECORD_TEXT),
    FIELD(sso_answer, amr, 15, RECORD_TEXTS),
    FIELD(sso_answer, token_id, 16, RECORD_TEXT),
    FIELD(sso_answer, ends, 17, RECORD_INSTANT),
};

static const struct record_field submit_fields[] = {
    FIELD_OF(submit, envelope, 1, RECORD_STRUCT, envelope_record),
    FIELD(submit, raw, 2, RECORD_BYTES),
};
static const struct record_field submitted_fields[] = {
    FIELD(submitted, id, 1, RECORD_TEXT),
    FIELD_ENUM(submitted, status, 2, statuses),
    FIELD(submitted, problem, 3, RECORD_TEXT),
};

static const struct record_field check_asked_fields[] = {
    FIELD(check_asked, control, 1, RECORD_TEXT),
};
static const struct record_field check_found_fields[] = {
    FIELD(check_found, control, 1, RECORD_TEXT),
    FIELD_ENUM(check_found, result, 2, trial_result_names),
    FIELD(check_found, cause, 3, RECORD_TEXT),
    FIELD(check_found, facts, 4, RECORD_TEXT),
    FIELD(check_found, digest, 5, RECORD_TEXT),
    FIELD(check_found, problem, 6, RECORD_TEXT),
    FIELD(check_found, took_ms, 7, RECORD_I64),
};
static const struct record_field probe_asked_fields[] = {
    FIELD(probe_asked, question, 1, RECORD_TEXT),
    FIELD(probe_asked, argument, 2, RECORD_TEXT),
};
static const struct record_field probe_found_fields[] = {
    FIELD_ENUM(probe_found, status, 1, statuses),
    FIELD_ENUM(probe_found, result, 2, trial_result_names),
    FIELD(probe_found, cause, 3, RECORD_TEXT),
    FIELD(probe_found, facts, 4, RECORD_TEXT),
    FIELD(probe_found, problem, 5, RECORD_TEXT),
};

#define MESSAGE(number, symbol, type, sentence)                                                    \
    static RECORD_TYPE(type##_message, type, type##_fields);
#include "roles/messages/messages.def"
#undef MESSAGE

static const struct ipc_kind kinds[] = {
#define MESSAGE(number_, symbol, type_, sentence) {number_, #symbol, &type_##_message},
#include "roles/messages/messages.def"
#undef MESSAGE
};

const struct ipc_kind *message_kind(uint16_t number)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].number == number)
            return &kinds[i];
    return NULL;
}

const char *message_name(enum message message)
{
    const struct ipc_kind *kind = message_kind((uint16_t)message);
    return kind == NULL ? "none" : kind->name;
}
