#include "check.h"
#include "formats/mime/mime.h"

static struct arena *arena; /* of the row being tried */

static void fresh(const char *row)
{
    arena_destroy(&arena);
    arena = arena_create(MIME_ARENA_BYTES);
    check_row(row);
}

#define BOX(name_, address_) ((struct mailbox){LIT(name_), LIT(address_)})

static struct mailbox to[] = {{{"Kim Kay", 7}, {"kim@kay.example", 15}},
                              {{"Roux, B\xC3\xA9" "a", 10}, {"bea@roux.example", 16}}};
static struct slice references[] = {{"a.1@kay.example", 15}, {"b.2@assist.example", 18}};

static struct mail_draft draft_of(const char *subject, const char *text)
{
    return (struct mail_draft){
        .from = BOX("Léa", "lea@assist.example"),
        .to = {to, 1, 1},
        .cc = {to + 1, 1, 1},
        .subject = slice_from(subject),
        .message_id = LIT("m-1@assist.example"),
        .in_reply_to = LIT("a.1@kay.example"),
        .references = {references, 2, 2},
        .date = {INT64_C(1777878720000000)}, /* 2026-05-04T07:12Z */
        .offset_s = 7200,
        .text = slice_from(text),
    };
}

static struct slice format(const struct mail_draft *draft)
{
    struct slice raw = SLICE_NONE;
    CHECK_OK(mime_format(draft, arena, &raw, NULL));
    return raw;
}

static struct mail read_back(struct slice raw)
{
    struct mail mail = {0};
    CHECK_OK(mime_parse(raw, SLICE_NONE, arena, &mail, NULL));
    return mail;
}

/* What every message of ours keeps to (RFC 5321 section 4.5.3.1.6, RFC 5322 section 2.1). */
static void check_bytes(struct slice raw)
{
    size_t used = 0, longest = 0;
    bool clean = true;
    for (size_t i = 0; i < raw.len; i++) {
        unsigned char c = (unsigned char)raw.data[i];
        clean = clean && c < 127 && (c >= 32 || c == '\r' || c == '\n');
        clean = clean && (c != '\n' || (i > 0 && raw.data[i - 1] == '\r'));
        clean = clean && (c != '\r' || (i + 1 < raw.len && raw.data[i + 1] == '\n'));
        used = c == '\n' ? 0 : used + 1;
        longest = used > longest ? used : longest;
    }
    CHECK(clean);
    CHECK(longest <= 79);
}

/* ---- round trip -------------------------------------------------------------------------------- */

static const struct {
    const char *name, *subject, *text;
} drafts[] = {
    {"plain", "point", "Bonjour,\n\nJeudi ?\n"},
    {"accents", "Réunion d'été : créneaux", "Déjeuner à 12h30 – « Chez Paul » €\n"},
    {"empty", "", ""},
    {"long subject", "a rather long subject that has to be folded because no line of a header may be longer than that",
     "x"},
    {"long accents", "été été été été été été été été été été été été été été été été été été été été été été été", "x"},
    {"long word", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "x"},
    {"spaces", "two  spaces", "trailing space \nand tab\t\n=equals=\n"},
    {"looks encoded", "=?utf-8?Q?x?=", "=?utf-8?Q?x?="},
    {"emoji", "🙂 cut between characters 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", "🙂"},
    {"dots and From", "x", ".\n..\nFrom here on\n--\n.dot\n"},
    {"long line", "x",
     "a line of plain text that goes on and on until it is longer than any line that a mail server would take, is it not\n"},
};

static void comes_back_as_it_went(void)
{
    for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++) {
        fresh(drafts[i].name);
        struct mail_draft draft = draft_of(drafts[i].subject, drafts[i].text);
        struct slice raw = format(&draft);
        struct mail mail = read_back(raw);
        check_bytes(raw);
        CHECK_TEXT(mail.subject, drafts[i].subject);
        CHECK(slice_equal(slice_trim(mail.text), slice_trim(slice_from(drafts[i].text))));
        CHECK_TEXT(mail.from.name, "Léa");
        CHECK_TEXT(mail.from.address, "lea@assist.example");
        CHECK_TEXT(mail.to.items[0].name, "Kim Kay");
        CHECK_TEXT(mail.cc.items[0].name, "Roux, Béa");
        CHECK_TEXT(mail.message_id, "m-1@assist.example");
        CHECK_TEXT(mail.in_reply_to, "a.1@kay.example");
        CHECK_NUMBER(mail.references.count, 2);
        CHECK_TEXT(civil_format(mail.date, arena), "2026-05-04T09:12:00");
        CHECK_NUMBER(mail.offset_s, 7200);
        CHECK(mail.nature == MAIL_AUTO_REPLIED);
        CHECK(slice_equal(raw, format(&draft)));
    }
}

/* ---- structure (doc/imip.md) --------------------------------------------------------------------- */

#define VCAL(method) "BEGIN:VCALENDAR\r\nMETHOD:" method "\r\nSUMMARY:été\r\nEND:VCALENDAR\r\n"

static const struct {
    const char *name, *html, *calendar, *method;
    const char *types[8];
} shapes[] = {
    {"text", "", "", "", {"text/plain", NULL}},
    {"text and html", "<p>x</p>", "", "", {"multipart/alternative", "text/plain", "text/html", NULL}},
    {"invitation", "<p>x</p>", VCAL("REQUEST"), "REQUEST",
     {"multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics", NULL}},
    {"invitation without html", "", VCAL("CANCEL"), "CANCEL",
     {"multipart/mixed", "multipart/alternative", "text/plain", "text/calendar", "application/ics", NULL}},
    {"calendar without method", "", VCAL("REQUEST"), "", {"multipart/mixed", "text/plain", "application/ics", NULL}},
};

static void has_the_structure_that_calendars_need(void)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        fresh(shapes[i].name);
        struct mail_draft draft = draft_of("x", "texte");
        draft.html = slice_from(shapes[i].html);
        draft.calendar = slice_from(shapes[i].calendar);
        draft.method = slice_from(shapes[i].method);
        struct slice raw = format(&draft);
        check_bytes(raw);
        size_t at = 0;
        for (size_t j = 0; shapes[i].types[j] != NULL; j++) {
            struct slice field = arena_format(arena, "Content-Type: %s", shapes[i].types[j]);
            at = slice_find(raw, field, at);
            CHECK(at != SIZE_MAX);
            at++;
        }
        CHECK(slice_find(raw, LIT("Content-Type:"), at) == SIZE_MAX);
        struct mail mail = read_back(raw);
        CHECK_TEXT(slice_trim(mail.text), "texte");
        CHECK_NUMBER(mail.calendars.count, draft.calendar.len > 0 ? 1 : 0);
        if (mail.calendars.count > 0) {
            CHECK_TEXT(mail.calendars.items[0].method, shapes[i].method);
            CHECK(slice_contains(mail.calendars.items[0].text, LIT("SUMMARY:été\n")));
        }
    }
}

static void writes_the_fields_of_a_program(void)
{
    fresh("automatic");
    struct mail_draft draft = draft_of("x", "y");
    draft.automatic = true;
    draft.unsubscribe = LIT("https://rendez.example/u/1");
    struct slice raw = format(&draft);
    CHECK(slice_contains(raw, LIT("\r\nAuto-Submitted: auto-generated\r\n")));
    CHECK(slice_contains(raw, LIT("\r\nList-Unsubscribe: <https://rendez.example/u/1>\r\n")));
    CHECK(slice_contains(raw, LIT("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")));
    CHECK_TEXT(read_back(raw).loop, "lea@assist.example");
    draft.unsubscribe = LIT("http://rendez.example/u/1"); /* one click needs TLS (RFC 8058) */
    CHECK(!slice_contains(format(&draft), LIT("List-Unsubscribe-Post")));
    CHECK(slice_contains(raw, LIT("Date: Mon, 4 May 2026 09:12:00 +0200\r\n")));
    draft.personal = true;
    CHECK(!slice_contains(format(&draft), LIT("Auto-Submitted")));
    draft.offset_s = -12600;
    CHECK(slice_contains(format(&draft), LIT("Date: Mon, 4 May 2026 03:42:00 -0330\r\n")));
    draft.message_id = LIT("m-2@assist.example");
    draft.html = LIT("<p>");
    struct slice other = format(&draft);
    draft.message_id = LIT("m-3@assist.example");
    size_t boundary = slice_find(other, LIT("boundary="), 0);
    CHECK(!slice_contains(format(&draft), slice_sub(other, boundary, boundary + 28)));
}

/* ---- refusals ------------------------------------------------------------------------------------- */

enum field { SUBJECT, FROM_NAME, FROM_ADDRESS, ID, REPLY_TO_ID, REFERENCE, METHOD, UNSUBSCRIBE };
static const struct {
    enum field field;
    const char *value;
} injections[] = {
    {SUBJECT, "x\r\nBcc: all@kay.example"},
    {SUBJECT, "x\ny"},
    {SUBJECT, "x\x01"},
    {SUBJECT, "x\xFF"},
    {FROM_NAME, "Léa\r\nBcc: all@kay.example"},
    {FROM_ADDRESS, "lea@assist.example>, <all@kay.example"},
    {FROM_ADDRESS, "lea@assist.example,all@kay.example"},
    {FROM_ADDRESS, "lea"},
    {FROM_ADDRESS, "lea@ass\xC3\xA9.example"},
    {FROM_ADDRESS, ""},
    {ID, ""},
    {ID, "a> <b"},
    {REPLY_TO_ID, "a\r\nX: y"},
    {REFERENCE, "a b"},
    {METHOD, "REQUEST; x=y"},
    {METHOD, "request"},
    {UNSUBSCRIBE, "https://x.example/>\r\nX: y"},
};

static void set_field(struct mail_draft *draft, enum field field, struct slice value)
{
    static struct slice reference;
    switch (field) {
    case SUBJECT: draft->subject = value; break;
    case FROM_NAME: draft->from.name = value; break;
    case FROM_ADDRESS: draft->from.address = value; break;
    case ID: draft->message_id = value; break;
    case REPLY_TO_ID: draft->in_reply_to = value; break;
    case REFERENCE:
        reference = value;
        draft->references = (struct slice_list){&reference, 1, 1};
        break;
    case METHOD: draft->method = value; break;
    case UNSUBSCRIBE: draft->unsubscribe = value; break;
    }
}

static void refuses_injections(void)
{
    for (size_t i = 0; i < sizeof injections / sizeof *injections; i++) {
        fresh(injections[i].value);
        struct mail_draft draft = draft_of("x", "y");
        struct slice raw = LIT("untouched");
        struct problem why;
        set_field(&draft, injections[i].field, slice_from(injections[i].value));
        CHECK(mime_format(&draft, arena, &raw, &why) == ST_INVALID);
        CHECK_TEXT(raw, "untouched");
    }
}

static void refuses_two_methods(void)
{
    struct mail_draft draft = draft_of("x", "y");
    struct slice raw;
    struct problem why;
    fresh("methods");
    draft.method = LIT("REQUEST");
    draft.calendar = LIT(VCAL("CANCEL"));
    CHECK(mime_format(&draft, arena, &raw, &why) == ST_INVALID);
    draft.calendar = LIT("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    CHECK(mime_format(&draft, arena, &raw, &why) == ST_INVALID);
}

static void quotes_names(void)
{
    static const char *const names[] = {"Kim", "Kay, Kim", "Kim \"K\" Kay", "a\\b", "Kim (K.)", "Béa", "=?x?Q?y?=",
                                        "<kim@evil.example>"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fresh(names[i]);
        struct mail_draft draft = draft_of("x", "y");
        draft.from.name = slice_from(names[i]);
        struct mail mail = read_back(format(&draft));
        CHECK_TEXT(mail.from.address, "lea@assist.example");
        if (!slice_contains(draft.from.name, LIT("=?")))
            CHECK_TEXT(mail.from.name, names[i]);
    }
}

static void drafts_go_through_records(void)
{
    fresh("record");
    struct mail_draft draft = draft_of("x", "y"), copy;
    AUTO_BUFFER bytes = buffer_create(1 << 20);
    record_encode(&mail_draft_record, &draft, &bytes);
    CHECK_OK(record_decode(&mail_draft_record, buffer_slice(&bytes), arena, &copy, NULL));
    CHECK(slice_equal(format(&draft), format(&copy)));
}

int main(void)
{
    TEST(comes_back_as_it_went);
    TEST(has_the_structure_that_calendars_need);
    TEST(writes_the_fields_of_a_program);
    TEST(refuses_injections);
    TEST(refuses_two_methods);
    TEST(quotes_names);
    TEST(drafts_go_through_records);
    arena_destroy(&arena);
    return check_done();
}
