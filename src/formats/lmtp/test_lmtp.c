#include "formats/lmtp/lmtp.h"

#include <stdlib.h>

#include "check.h"

enum { MESSAGE_BYTES_MAX = 1 << 20 };

static bool takes(void *context, struct slice address)
{
    (void)context;
    return !slice_equal(address, LIT("nobody@assist.example"));
}

static void add_codes(const struct buffer *replies, struct buffer *out)
{
    struct slice rest = buffer_slice(replies), line;
    while (slice_next_line(&rest, &line))
        if (line.len > 3 && line.data[3] == ' ')
            buffer_add_format(out, "%.*s|", 3, line.data);
}

/* What a whole conversation is answered with: the codes, "|" between replies; a message
 * that came whole is written as {sender>recipients:content}. */
static void talk(struct slice bytes, size_t step, enum status verdict, struct buffer *out,
                 bool *closed)
{
    struct lmtp_options options = {LIT("mx.example"), MESSAGE_BYTES_MAX, takes, NULL};
    struct lmtp *lmtp = lmtp_create(&options);
    enum lmtp_event event = LMTP_MORE;
    for (size_t at = 0; at < bytes.len && event != LMTP_CLOSE;) {
        size_t used = 0;
        AUTO_BUFFER replies = buffer_create(LMTP_REPLIES_BYTES_MAX);
        event = lmtp_feed(lmtp, slice_sub(bytes, at, at + step), &used, &replies);
        at += used;
        add_codes(&replies, out);
        if (event == LMTP_MESSAGE) {
            buffer_clear(&replies);
            const struct lmtp_message *message = lmtp_message(lmtp);
            buffer_add_format(out, "{%.*s>", SLICE_ARG(message->sender));
            for (size_t i = 0; i < message->recipient_count; i++)
                buffer_add_format(out, "%s%.*s", i > 0 ? "," : "",
                                  SLICE_ARG(message->recipients[i]));
            buffer_add_format(out, ":%.*s}", SLICE_ARG(message->raw));
            lmtp_answer(lmtp, verdict, &replies);
            add_codes(&replies, out);
        }
    }
    *closed = event == LMTP_CLOSE;
    lmtp_destroy(&lmtp);
}

#define HELLO "LHLO mta.example\r\n"
#define TO_US HELLO "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@assist.example>\r\n"
#define TO_US_CODES "250|250|250|"
#define BYTES(text) {text, sizeof(text) - 1}
static const struct {
    const char *name;
    struct slice bytes;
    const char *codes;
    bool closed;
} cases[] = {
    {"the usual way", BYTES(TO_US "DATA\r\nS: x\r\n\r\nhi\r\n.\r\nQUIT\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:S: x\r\n\r\nhi\r\n}250|221|", true},
    {"two messages on a connection",
     BYTES(TO_US "DATA\r\na\r\n.\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<c@assist.example>\r\n"
                 "DATA\r\nb\r\n.\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:a\r\n}250|250|250|354|"
                 "{x@y.example>c@assist.example:b\r\n}250|", false},
    {"a reply for each recipient",
     BYTES(TO_US "RCPT TO:<d@assist.example>\r\nDATA\r\nx\r\n.\r\n"),
     TO_US_CODES "250|354|{a@b.example>c@assist.example,d@assist.example:x\r\n}250|250|", false},
    {"one of two is not here",
     BYTES(TO_US "RCPT TO:<nobody@assist.example>\r\nDATA\r\nx\r\n.\r\n"),
     TO_US_CODES "550|354|{a@b.example>c@assist.example:x\r\n}250|", false},
    {"none is here",
     BYTES(HELLO "MAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@assist.example>\r\nDATA\r\n"),
     "250|250|550|503|", false},
    {"a bounce", BYTES(HELLO "MAIL FROM:<>\r\nRCPT TO:<c@assist.example>\r\nDATA\r\n.\r\n"),
     "250|250|250|354|{>c@assist.example:}250|", false},

    {"dots", BYTES(TO_US "DATA\r\n..\r\n...a\r\n.b\r\n \r\n.\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:.\r\n..a\r\nb\r\n \r\n}250|", false},
    {"LF dot LF is content", BYTES(TO_US "DATA\r\na\n.\nQUIT\r\n.\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:a\n.\nQUIT\r\n}250|", false},
    {"CR LF dot LF is content", BYTES(TO_US "DATA\r\na\r\n.\nQUIT\r\n.\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:a\r\n\nQUIT\r\n}250|", false},
    {"CR dot CR is content", BYTES(TO_US "DATA\r\na\r.\rb\r\n.\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:a\r.\rb\r\n}250|", false},
    {"dot CR and no LF", BYTES(TO_US "DATA\r\n.\rx\r\n.\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:\rx\r\n}250|", false},
    {"dot CR CR LF", BYTES(TO_US "DATA\r\n.\r\r\n.\r\n"),
     TO_US_CODES "354|{a@b.example>c@assist.example:\r\r\n}250|", false},

    {"small letters", BYTES("lhlo x\r\nmail from:<a@b.example> size=12 body=8bitmime\r\n"
                            "rcpt to:<c@assist.example>\r\n"), "250|250|250|", false},
    {"a space after the colon", BYTES(HELLO "MAIL FROM: <a@b.example>\r\n"), "250|250|", false},
    {"no LHLO", BYTES("MAIL FROM:<a@b.example>\r\n"), "503|", false},
    {"LHLO without a name", BYTES("LHLO\r\n"), "501|", false},
    {"HELO", BYTES("HELO x\r\nEHLO x\r\n"), "500|500|", false},
    {"no MAIL", BYTES(HELLO "RCPT TO:<c@assist.example>\r\nDATA\r\n"), "250|503|503|", false},
    {"MAIL twice", BYTES(HELLO "MAIL FROM:<a@b.example>\r\nMAIL FROM:<a@b.example>\r\n"),
     "250|250|503|", false},
    {"RSET", BYTES(TO_US "RSET\r\nDATA\r\nMAIL FROM:<a@b.example>\r\n"),
     TO_US_CODES "250|503|250|", false},
    {"LHLO again forgets", BYTES(TO_US HELLO "DATA\r\n"), TO_US_CODES "250|503|", false},
    {"the small ones", BYTES("NOOP\r\nNOOP x\r\nVRFY a\r\nHELP\r\nEXPN a\r\nSTARTTLS\r\nQUIT\r\n"),
     "250|250|252|214|502|502|221|", true},
    {"unknown", BYTES("FOO\r\n\r\n"), "500|500|", false},
    {"DATA with an argument", BYTES(TO_US "DATA x\r\n"), TO_US_CODES "501|", false},

    {"LF alone ends no command", BYTES("NOOP\nNOOP\r\n"), "500|250|", false},
    {"a NUL", BYTES("NO\0OP\r\nNOOP\r\n"), "500|250|", false},
    {"a control character", BYTES(HELLO "MAIL FROM:<a\x01@b.example>\r\n"), "250|500|", false},
    {"a CR inside", BYTES("NOOP\rNOOP\r\n"), "500|", false},

    {"no brackets", BYTES(HELLO "MAIL FROM:a@b.example\r\n"), "250|501|", false},
    {"no domain", BYTES(HELLO "MAIL FROM:<a>\r\n"), "250|501|", false},
    {"no local part", BYTES(HELLO "MAIL FROM:<@b.example>\r\n"), "250|501|", false},
    {"an open bracket", BYTES(HELLO "MAIL FROM:<a@b.example\r\n"), "250|501|", false},
    {"a space inside", BYTES(HELLO "MAIL FROM:<a b@b.example>\r\n"), "250|501|", false},
    {"quoted", BYTES(HELLO "MAIL FROM:<\"a b>\\\"\"@b.example>\r\n"), "250|250|", false},
    {"quoted and open", BYTES(HELLO "MAIL FROM:<\"a b@b.example>\r\n"), "250|501|", false},
    {"a route", BYTES(HELLO "MAIL FROM:<@x.example,@y.example:a@b.example>\r\n"), "250|250|", false},
    {"an address literal", BYTES(HELLO "MAIL FROM:<a@[127.0.0.1]>\r\n"), "250|250|", false},
    {"two dots", BYTES(HELLO "MAIL FROM:<a@b..example>\r\n"), "250|501|", false},
    {"glued parameter", BYTES(HELLO "MAIL FROM:<a@b.example>SIZE=1\r\n"), "250|501|", false},
    {"no recipient", BYTES(HELLO "MAIL FROM:<a@b.example>\r\nRCPT TO:<>\r\n"), "250|250|501|", false},

    {"UTF-8 without SMTPUTF8", BYTES(HELLO "MAIL FROM:<rené@b.example>\r\n"), "250|553|", false},
    {"UTF-8 with it", BYTES(HELLO "MAIL FROM:<rené@b.example> SMTPUTF8\r\n"), "250|250|", false},
    {"no UTF-8", BYTES(HELLO "MAIL FROM:<ren\xE9@b.example> SMTPUTF8\r\n"), "250|501|", false},
    {"an unknown parameter", BYTES(HELLO "MAIL FROM:<a@b.example> AUTH=x\r\n"), "250|555|", false},
    {"a bad size", BYTES(HELLO "MAIL FROM:<a@b.example> SIZE=-1\r\n"), "250|555|", false},
    {"a bad body", BYTES(HELLO "MAIL FROM:<a@b.example> BODY=BINARYMIME\r\n"), "250|555|", false},
    {"the size that fits", BYTES(HELLO "MAIL FROM:<a@b.example> SIZE=1048576\r\n"), "250|250|", false},
    {"a byte too many", BYTES(HELLO "MAIL FROM:<a@b.example> SIZE=1048577\r\n"), "250|552|", false},
};

static void conversations(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].name);
        /* At once, byte by byte, and in threes: what came in which piece does not count. */
        static const size_t steps[] = {SIZE_MAX / 2, 1, 3};
        for (size_t step = 0; step < 3; step++) {
            AUTO_BUFFER out = buffer_create(1 << 16);
            bool closed;
            talk(cases[i].bytes, steps[step], ST_OK, &out, &closed);
            CHECK_TEXT(buffer_slice(&out), cases[i].codes);
            CHECK_NUMBER(closed, cases[i].closed);
        }
    }
}

static const struct {
    enum status status;
    const char *codes;
} verdicts[] = {
    {ST_OK, "250|"}, {ST_LIMIT, "452|"}, {ST_UNAVAILABLE, "451|"}, {ST_INVALID, "554|"},
};

static void verdicts_are_told(void)
{
    struct slice bytes = LIT(TO_US "DATA\r\nx\r\n.\r\n");
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        AUTO_BUFFER out = buffer_create(1 << 16);
        bool closed;
        check_row(verdicts[i].codes);
        talk(bytes, bytes.len, verdicts[i].status, &out, &closed);
        CHECK(slice_ends(buffer_slice(&out), slice_from(verdicts[i].codes)));
    }
}

static void add_content(struct buffer *bytes, size_t len)
{
    for (; len > 0; len -= 64)
        buffer_add_text(bytes, "................................"
                               "..............................\r\n");
}

/* lines of 64 bytes lose a dot each: 63 of content */
static void large_messages(void)
{
    static const struct {
        const char *name;
        size_t bytes;
        const char *codes;
        bool closed;
    } sizes[] = {
        {"just fits", 1 << 20, "250|", false},
        {"over the limit", (1 << 20) + (1 << 19), TO_US_CODES "354|552|", false},
        {"never ends", 4 << 20, TO_US_CODES "354|552|", true},
    };
    for (size_t i = 0; i < 3; i++) {
        AUTO_BUFFER bytes = buffer_create(8 << 20);
        AUTO_BUFFER out = buffer_create(4 << 20);
        bool closed;
        check_row(sizes[i].name);
        buffer_add_text(&bytes, TO_US "DATA\r\n");
        add_content(&bytes, sizes[i].bytes);
        buffer_add_text(&bytes, ".\r\n");
        talk(buffer_slice(&bytes), 70000, ST_OK, &out, &closed);
        CHECK(slice_ends(buffer_slice(&out), slice_from(sizes[i].codes)));
        CHECK_NUMBER(closed, sizes[i].closed);
    }
}

static void limits(void)
{
    AUTO_BUFFER line = buffer_create(1 << 20);
    AUTO_BUFFER out = buffer_create(1 << 20);
    bool closed;
    for (int i = 0; i < 3000; i++)
        buffer_add_text(&line, "x");
    buffer_add_text(&line, "\r\nNOOP\r\n");
    talk(buffer_slice(&line), 100, ST_OK, &out, &closed);
    CHECK_TEXT(buffer_slice(&out), "500|250|");

    buffer_clear(&line), buffer_clear(&out);
    for (int i = 0; i < 30; i++)
        buffer_add_text(&line, "FOO\r\n");
    talk(buffer_slice(&line), line.len, ST_OK, &out, &closed);
    CHECK(closed && slice_ends(buffer_slice(&out), LIT("500|421|")));

    buffer_clear(&line), buffer_clear(&out);
    buffer_add_text(&line, HELLO "MAIL FROM:<a@b.example>\r\n");
    for (int i = 0; i <= LMTP_RECIPIENTS_MAX; i++)
        buffer_add_format(&line, "RCPT TO:<c%d@assist.example>\r\n", i);
    talk(buffer_slice(&line), line.len, ST_OK, &out, &closed);
    CHECK(!closed && slice_ends(buffer_slice(&out), LIT("250|452|")));
}

int main(void)
{
    TEST(conversations);
    TEST(verdicts_are_told);
    TEST(large_messages);
    TEST(limits);
    return check_done();
}
