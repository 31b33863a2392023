#include "formats/mime/mime.h"

static const char *const nature_names[] = {"personal", "auto_replied", "auto_generated", "bounce",
                                           "list",     "complaint"};
static const char *const origin_names[] = {"unknown", "pass", "fail"};

static const struct record_field mailbox_fields[] = {
    FIELD(mailbox, name, 1, RECORD_TEXT),
    FIELD(mailbox, address, 2, RECORD_TEXT),
};
RECORD_TYPE(mailbox_record, mailbox, mailbox_fields);

static const struct record_field quote_fields[] = {
    FIELD_OF(mail_quote, from, 1, RECORD_STRUCT, mailbox_record),
    FIELD(mail_quote, has_date, 2, RECORD_BOOL),
    FIELD(mail_quote, date, 3, RECORD_CIVIL),
    FIELD(mail_quote, subject, 4, RECORD_TEXT),
    FIELD(mail_quote, text, 5, RECORD_TEXT),
    FIELD(mail_quote, forwarded, 6, RECORD_BOOL),
};
static RECORD_TYPE(mail_quote_record, mail_quote, quote_fields);

static const struct record_field calendar_fields[] = {
    FIELD(mail_calendar, method, 1, RECORD_TEXT),
    FIELD(mail_calendar, text, 2, RECORD_TEXT),
};
static RECORD_TYPE(mail_calendar_record, mail_calendar, calendar_fields);

static const struct record_field failure_fields[] = {
    FIELD(mail_failure, address, 1, RECORD_TEXT),
    FIELD(mail_failure, permanent, 2, RECORD_BOOL),
    FIELD(mail_failure, status, 3, RECORD_TEXT),
};
static RECORD_TYPE(mail_failure_record, mail_failure, failure_fields);

static const struct record_field mail_fields[] = {
    FIELD_OF(mail, from, 1, RECORD_STRUCT, mailbox_record),
    FIELD_OF(mail, sender, 2, RECORD_STRUCT, mailbox_record),
    FIELD_OF(mail, reply_to, 3, RECORD_STRUCT, mailbox_record),
    FIELD_OF(mail, to, 4, RECORD_LIST, mailbox_record),
    FIELD_OF(mail, cc, 5, RECORD_LIST, mailbox_record),
    FIELD(mail, subject, 6, RECORD_TEXT),
    FIELD(mail, message_id, 7, RECORD_TEXT),
    FIELD(mail, in_reply_to, 8, RECORD_TEXT),
    FIELD(mail, references, 9, RECORD_TEXTS),
    FIELD(mail, has_date, 10, RECORD_BOOL),
    FIELD(mail, date, 11, RECORD_CIVIL),
    FIELD(mail, offset_s, 12, RECORD_I64),
    FIELD_ENUM(mail, nature, 13, nature_names),
    FIELD_ENUM(mail, origin, 14, origin_names),
    FIELD(mail, text, 15, RECORD_TEXT),
    FIELD(mail, new_text, 16, RECORD_TEXT),
    FIELD(mail, signature, 17, RECORD_TEXT),
    FIELD_OF(mail, quotes, 18, RECORD_LIST, mail_quote_record),
    FIELD_OF(mail, calendars, 19, RECORD_LIST, mail_calendar_record),
    FIELD_OF(mail, failures, 20, RECORD_LIST, mail_failure_record),
    FIELD(mail, original_id, 21, RECORD_TEXT),
    FIELD(mail, forwarded, 22, RECORD_BOOL),
    FIELD(mail, limited, 23, RECORD_BOOL),
    FIELD(mail, loop, 24, RECORD_TEXT),
    FIELD(mail, hops, 25, RECORD_U32),
    FIELD(mail, attachments, 26, RECORD_U32),
};
RECORD_TYPE(mail_record, mail, mail_fields);

static const struct record_field draft_fields[] = {
    FIELD_OF(mail_draft, from, 1, RECORD_STRUCT, mailbox_record),
    FIELD_OF(mail_draft, to, 2, RECORD_LIST, mailbox_record),
    FIELD_OF(mail_draft, cc, 3, RECORD_LIST, mailbox_record),
    FIELD(mail_draft, subject, 4, RECORD_TEXT),
    FIELD(mail_draft, message_id, 5, RECORD_TEXT),
    FIELD(mail_draft, in_reply_to, 6, RECORD_TEXT),
    FIELD(mail_draft, references, 7, RECORD_TEXTS),
    FIELD(mail_draft, date, 8, RECORD_INSTANT),
    FIELD(mail_draft, offset_s, 9, RECORD_I64),
    FIELD(mail_draft, text, 10, RECORD_TEXT),
    FIELD(mail_draft, html, 11, RECORD_TEXT),
    FIELD(mail_draft, calendar, 12, RECORD_TEXT),
    FIELD(mail_draft, method, 13, RECORD_TEXT),
    FIELD(mail_draft, automatic, 14, RECORD_BOOL),
    FIELD(mail_draft, unsubscribe, 15, RECORD_TEXT),
    FIELD(mail_draft, personal, 16, RECORD_BOOL),
};
RECORD_TYPE(mail_draft_record, mail_draft, draft_fields);
