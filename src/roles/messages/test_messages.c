/* The tables of messages and channels hold what the design says. */
#include "check.h"
#include "platform/sandbox/sandbox.h"
#include "roles/messages/roles.h"

static const enum message all[] = {
#define MESSAGE(number, symbol, type, sentence) MESSAGE_##symbol,
#include "roles/messages/messages.def"
#undef MESSAGE
};
enum { ALL_COUNT = sizeof all / sizeof *all };

static void every_message_goes_both_ways(void)
{
    for (size_t i = 0; i < ALL_COUNT; i++) {
        const struct ipc_kind *kind = message_kind((uint16_t)all[i]);
        check_row(message_name(all[i]));
        CHECK(kind != NULL && kind->number == all[i]);
        AUTO_ARENA arena = arena_create(4 << 20);
        AUTO_BUFFER bytes = buffer_create(1 << 20);
        void *object = arena_alloc(arena, kind->type->size);
        record_encode(kind->type, object, &bytes);
        CHECK_OK(record_decode(kind->type, buffer_slice(&bytes), arena, object, NULL));
        /* Tags are unique in each struct. */
        for (size_t a = 0; a < kind->type->field_count; a++)
            for (size_t b = 0; b < a; b++)
                CHECK(kind->type->fields[a].tag != kind->type->fields[b].tag);
    }
    CHECK(message_kind(0) == NULL && message_kind(999) == NULL);
}

/* A mail with everything in it survives the way from the reader to the planner. */
static void a_parsed_mail_survives(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    AUTO_BUFFER bytes = buffer_create(1 << 20);
    struct ical_calendar itip = {.method = LIT("REPLY")};
    ARENA_PUSH(arena, &itip.events, ((struct ical_event){.uid = LIT("u@a.example"), .sequence = 3}));
    struct parsed_mail mail = {
        .id = LIT("m1"),
        .raw = LIT("From: a\r\n\r\nb"),
        .envelope = {.sender = LIT("a@a.example"), .received = {5}},
        .mail = {.from = {LIT("A"), LIT("a@a.example")}, .new_text = LIT("jeudi à 15h")},
        .itip = &itip,
    };
    ARENA_PUSH(arena, &mail.envelope.recipients, LIT("camille@assist.example"));
    struct parsed_mail back;
    const struct record_type *type = message_kind(MESSAGE_PARSED_MAIL)->type;
    record_encode(type, &mail, &bytes);
    CHECK_OK(record_decode(type, buffer_slice(&bytes), arena, &back, NULL));
    CHECK_TEXT(back.mail.new_text, "jeudi à 15h");
    CHECK_TEXT(back.envelope.recipients.items[0], "camille@assist.example");
    CHECK_TEXT(back.itip->events.items[0].uid, "u@a.example");
    CHECK_NUMBER(back.envelope.received.us, 5);
}

static void roles_are_found_by_name(void)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        CHECK_NUMBER(role_from_name(role_rows[id].name), id);
    CHECK_NUMBER(role_from_name("root"), ROLE_ID_COUNT_);
}

/* What the design forbids, whatever rows are added later. */
static const struct {
    enum role_id from, to;
    enum message message;
} forbidden[] = {
    {ROLE_READER, ROLE_KEYD, MESSAGE_KEY_ASK},
    {ROLE_READER, ROLE_MAILOUT, MESSAGE_SEND},
    {ROLE_API, ROLE_KEYD, MESSAGE_KEY_ASK},
    {ROLE_API, ROLE_MAILOUT, MESSAGE_SEND},
    {ROLE_MAILIN, ROLE_KEYD, MESSAGE_KEY_ASK},
    {ROLE_MAILOUT, ROLE_KEYD, MESSAGE_KEY_ASK},
    {ROLE_READER, ROLE_MAILIN, MESSAGE_MAIL_DONE},
    {ROLE_MAILIN, ROLE_PLANNER, MESSAGE_PARSED_MAIL},
    {ROLE_API, ROLE_KEYD, MESSAGE_CODE_ASK},
    {ROLE_PLANNER, ROLE_KEYD, MESSAGE_CODE_ASK},
    {ROLE_API, ROLE_SSO, MESSAGE_SSO_ASK},
    {ROLE_AUTHD, ROLE_MAILOUT, MESSAGE_SEND},
    {ROLE_AUTHD, ROLE_KEYD, MESSAGE_MEETING_STATE},
    {ROLE_SSO, ROLE_KEYD, MESSAGE_KEY_ASK},
    {ROLE_CONSOLE, ROLE_KEYD, MESSAGE_KEY_ASK},
    {ROLE_CONSOLE, ROLE_KEYD, MESSAGE_MEETING_STATE},
    {ROLE_CONSOLE, ROLE_KEYD, MESSAGE_PERSON_ENDED},
    {ROLE_API, ROLE_KEYD, MESSAGE_LEASE_ASK},
    {ROLE_PLANNER, ROLE_KEYD, MESSAGE_LEASE_ASK},
    {ROLE_SSO, ROLE_PLANNER, MESSAGE_PERSON},
    {ROLE_API, ROLE_LOGD, MESSAGE_LOG_APPEND},
    {ROLE_READER, ROLE_LOGD, MESSAGE_LOG_APPEND},
    {ROLE_MAILOUT, ROLE_LOGD, MESSAGE_LOG_APPEND},
};

static void the_channel_table_refuses(void)
{
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        struct ipc_kinds kinds = role_may_say(forbidden[i].from, forbidden[i].to);
        check_row(message_name(forbidden[i].message));
        for (size_t k = 0; k < kinds.count; k++)
            CHECK(kinds.items[k]->number != forbidden[i].message);
        CHECK(kinds.count == 0 || forbidden[i].from != ROLE_READER ||
              forbidden[i].to == ROLE_PLANNER ||
              forbidden[i].to == ROLE_LOGD);
    }
    CHECK_NUMBER(role_rows[ROLE_READER].may, MAY_NOTHING);
    CHECK((role_rows[ROLE_KEYD].may & (MAY_CONNECT | MAY_ACCEPT)) == 0);
    CHECK((role_rows[ROLE_PLANNER].may & (MAY_CONNECT | MAY_ACCEPT)) == 0);
    CHECK((role_rows[ROLE_AUTHD].may & MAY_CONNECT) == 0); /* it accepts: of OpenVPN, at a socket file */
    CHECK_NUMBER(role_rows[ROLE_SSO].may, MAY_CONNECT);
}

/* Every message has a sender and no message is said in two meanings between two roles. */
static void every_message_has_a_channel(void)
{
    for (size_t i = 0; i < ALL_COUNT; i++) {
        unsigned uses = 0;
        check_row(message_name(all[i]));
        for (int from = 0; from < ROLE_ID_COUNT_; from++)
            for (int to = 0; to < ROLE_ID_COUNT_; to++) {
                struct ipc_kinds kinds = role_may_say((enum role_id)from, (enum role_id)to);
                for (size_t k = 0; k < kinds.count; k++)
                    uses += kinds.items[k]->number == all[i];
            }
        CHECK(uses >= 1);
    }
    CHECK(role_talks(ROLE_READER, ROLE_MAILIN) && !role_talks(ROLE_READER, ROLE_KEYD));
}

int main(void)
{
    TEST(every_message_goes_both_ways);
    TEST(a_parsed_mail_survives);
    TEST(roles_are_found_by_name);
    TEST(the_channel_table_refuses);
    TEST(every_message_has_a_channel);
    return check_done();
}
