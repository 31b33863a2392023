#include "check.h"
#include "formats/imap/imap.h"

/* Reads the first answer of `text` in steps of `step` bytes. */
static enum status read_first(const char *text, size_t len, size_t step, size_t literal_max,
                              struct arena *arena, struct slice *answer, size_t *used)
{
    struct imap_reader *reader = imap_reader_create(literal_max);
    bool whole = false;
    enum status status = ST_OK;
    *used = 0;
    *answer = SLICE_NONE;
    while (status == ST_OK && !whole && *used < len) {
        size_t count, left = len - *used;
        struct slice found = SLICE_NONE;
        status = imap_read(reader, (struct slice){text + *used, left < step ? left : step}, &count,
                           &whole, &found, NULL);
        *used += count;
        if (status == ST_OK && whole)
            *answer = arena_copy(arena, found);
    }
    imap_reader_destroy(&reader);
    return status;
}

static const struct {
    const char *text, *answer; /* NULL: not whole yet */
    enum status status;
} framing[] = {
    {"* OK ready\r\nA1 OK\r\n", "* OK ready", ST_OK},
    {"* OK bare LF\n", "* OK bare LF", ST_OK},
    {"* 1 FETCH (BODY[] {5}\r\na\r\nb\n)\r\n", "* 1 FETCH (BODY[] {5}\r\na\r\nb\n)", ST_OK},
    {"* 1 FETCH (BODY[] {0}\r\n)\r\n", "* 1 FETCH (BODY[] {0}\r\n)", ST_OK},
    {"* 1 FETCH (A {1}\r\nx B {2}\r\nyz)\r\n", "* 1 FETCH (A {1}\r\nx B {2}\r\nyz)", ST_OK},
    {"* 1 FETCH (BODY[] {5}\r\nA1 OK", NULL, ST_OK},        /* a mail is no answer */
    {"* OK people write {so}\r\n", "* OK people write {so}", ST_OK},
    {"* 1 FETCH (BODY[] {101}\r\n", NULL, ST_LIMIT},
    {"* 1 FETCH (BODY[] {99999999999}\r\n", NULL, ST_INVALID},
    {"* 1 FETCH (A {60}\r\n012345678901234567890123456789012345678901234567890123456789 B {60}\r\n",
     NULL, ST_LIMIT},
    {"", NULL, ST_OK},
};

static void finds_where_an_answer_ends(void)
{
    for (size_t i = 0; i < sizeof framing / sizeof *framing; i++)
        for (size_t step = 1; step < 40; step += 19) {
            AUTO_ARENA arena = arena_create(1 << 20);
            struct slice answer;
            size_t used;
            check_row(framing[i].text);
            enum status status = read_first(framing[i].text, strlen(framing[i].text), step, 100,
                                            arena, &answer, &used);
            CHECK_NUMBER(status, framing[i].status);
            CHECK(answer.data == NULL ? framing[i].answer == NULL : framing[i].answer != NULL);
            if (answer.data != NULL && framing[i].answer != NULL)
                CHECK_TEXT(answer, framing[i].answer);
        }
}

static void bounds_an_answer(void)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    struct slice answer;
    size_t used, len = IMAP_LINE_BYTES_MAX + 2;
    char *text = arena_alloc(arena, len);
    memset(text, 'x', len);
    CHECK_NUMBER(read_first(text, len, 4096, 100, arena, &answer, &used), ST_LIMIT);
    CHECK_NUMBER(read_first("* OK a\0b\r\n", 10, 1, 100, arena, &answer, &used), ST_INVALID);
    /* In a literal a NUL is a byte like any other. */
    CHECK_OK(read_first("* 1 FETCH (BODY[] {1}\r\n\0)\r\n", 27, 1, 100, arena, &answer, &used));
    CHECK_NUMBER(answer.len, 25);
}

static void takes_one_answer_after_the_other(void)
{
    static const char text[] = "* 3 EXISTS\r\n* 1 FETCH (BODY[] {2}\r\nhi)\r\nA2 OK done\r\n";
    static const char *const want[] = {"* 3 EXISTS", "* 1 FETCH (BODY[] {2}\r\nhi)", "A2 OK done"};
    struct imap_reader *reader = imap_reader_create(100);
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        struct slice answer = SLICE_NONE;
        bool whole;
        size_t used;
        CHECK_OK(imap_read(reader, (struct slice){text + at, sizeof text - 1 - at}, &used, &whole, &answer, NULL));
        CHECK(whole);
        CHECK_TEXT(answer, want[i]);
        at += used;
    }
    CHECK_NUMBER(at, sizeof text - 1);
    imap_reader_destroy(&reader);
}

/* What is read of it, in one line. */
static struct slice describe(const struct imap_response *r, struct arena *arena)
{
    static const char *const kinds[] = {"other", "tagged", "status", "exists",
                                        "search", "fetch", "capability", "continue"};
    AUTO_BUFFER out = buffer_create(4096);
    buffer_add_format(&out, "%s %d %u", kinds[r->kind], r->result, r->number);
    if (r->tag.len > 0)
        buffer_add_format(&out, " tag=%.*s", SLICE_ARG(r->tag));
    if (r->code.len > 0)
        buffer_add_format(&out, " code=%.*s", SLICE_ARG(r->code));
    for (size_t i = 0; i < r->numbers.count; i++)
        buffer_add_format(&out, " #%u", r->numbers.items[i]);
    if (r->fetched.has_uid)
        buffer_add_format(&out, " uid=%u", r->fetched.uid);
    if (r->fetched.has_size)
        buffer_add_format(&out, " size=%llu", (unsigned long long)r->fetched.size);
    if (r->fetched.has_body)
        buffer_add_format(&out, " body=%.*s", SLICE_ARG(r->fetched.body));
    return arena_copy(arena, buffer_slice(&out));
}

static const struct {
    const char *answer, *want; /* NULL: refused */
} answers[] = {
    {"* OK [CAPABILITY IMAP4rev1 MOVE] Dovecot ready.", "status 0 0 code=CAPABILITY IMAP4rev1 MOVE"},
    {"* ok [UIDVALIDITY 1772000000] UIDs valid", "status 0 0 code=UIDVALIDITY 1772000000"},
    {"* BYE Logging out", "status 3 0"},
    {"* PREAUTH hello", "status 4 0"},
    {"* NO", "status 1 0"},
    {"A12 OK [READ-WRITE] Select completed", "tagged 0 0 tag=A12 code=READ-WRITE"},
    {"A3 NO [TRYCREATE] No such folder", "tagged 1 0 tag=A3 code=TRYCREATE"},
    {"A4 BAD what", "tagged 2 0 tag=A4"},
    {"A5 BYE no", NULL},
    {"A5 MAYBE", NULL},
    {"+ idling", "continue 0 0"},
    {"+", "continue 0 0"},
    {"* 172 EXISTS", "exists 0 172"},
    {"* 5 RECENT", "other 0 5"},
    {"* 44 EXPUNGE", "other 0 44"},
    {"* FLAGS (\\Answered \\Seen)", "other 0 0"},
    {"* SEARCH 2 84 882", "search 0 0 #2 #84 #882"},
    {"* SEARCH", "search 0 0"},
    {"* SEARCH 2 5 (MODSEQ 917162500)", "search 0 0 #2 #5"},
    {"* SEARCH 2 x", NULL},
    {"* SEARCH 0", NULL},
    {"* SEARCH 4294967296", NULL},
    {"* CAPABILITY IMAP4rev1 UIDPLUS MOVE", "capability 0 0"},
    {"* 12 FETCH (UID 7 RFC822.SIZE 44827)", "fetch 0 12 uid=7 size=44827"},
    {"* 12 fetch (rfc822.size 44827 uid 7)", "fetch 0 12 uid=7 size=44827"},
    {"* 1 FETCH (FLAGS (\\Seen (deep)) UID 9 INTERNALDATE \"25-Nov-2026 10:00:00 +0100\")",
     "fetch 0 1 uid=9"},
    {"* 1 FETCH (UID 9 BODY[] {4}\r\na\r\nb)", "fetch 0 1 uid=9 body=a\r\nb"},
    {"* 1 FETCH (BODY[] {4}\r\na\r\nb UID 9)", "fetch 0 1 uid=9 body=a\r\nb"},
    {"* 1 FETCH (UID 9 BODY[]<0> {2}\r\n))", NULL},
    {"* 1 FETCH (UID 9 BODY[]<0> {2}\r\n)))", "fetch 0 1 uid=9 body=))"},
    {"* 1 FETCH (UID 9 BODY[HEADER.FIELDS (TO \"CC\")] {1}\r\nx)", "fetch 0 1 uid=9 body=x"},
    {"* 1 FETCH (UID 9 BODY[] NIL)", "fetch 0 1 uid=9 body="},
    {"* 1 FETCH (UID 9 BODY[] \"quoted \\\"text\\\"\")", "fetch 0 1 uid=9 body=quoted \\\"text\\\""},
    {"* 1 FETCH (UID 9 BODY[] {9}\r\nshort)", NULL},
    {"* 1 FETCH (UID 0)", NULL},
    {"* 1 FETCH (UID x)", NULL},
    {"* 1 FETCH (RFC822.SIZE -1)", NULL},
    {"* 1 FETCH (RFC822.SIZE 99999999999999999999)", NULL},
    {"* 1 FETCH (UID 9", NULL},
    {"* 1 FETCH UID 9", NULL},
    {"* 1 FETCH (X \"open)", NULL},
    {"* 1 FETCH (X \"open\\", NULL},
    {"* 1 FETCH ()", "fetch 0 1"},
    {"* 1 FETCH (X ((((((((((((((((((1)))))))))))))))))))", NULL},
    {"* 4294967295 EXISTS", "exists 0 4294967295"},
    {"* 4294967296 EXISTS", "other 0 0"},
    {"*", NULL},
    {"* ", NULL},
    {"", NULL},
    {" OK", NULL},
    {"HTTP/1.1 200", NULL},
};

static void reads_answers(void)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct imap_response response;
        check_row(answers[i].answer);
        enum status status = imap_parse(slice_from(answers[i].answer), arena, &response, NULL);
        CHECK((status == ST_OK) == (answers[i].want != NULL));
        if (status == ST_OK && answers[i].want != NULL)
            CHECK_TEXT(describe(&response, arena), answers[i].want);
    }
}

static void bounds_what_is_found(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    AUTO_BUFFER text = buffer_create(4 << 20);
    struct imap_response response;
    buffer_add_text(&text, "* SEARCH");
    for (unsigned i = 1; i <= IMAP_UIDS_MAX; i++)
        buffer_add_format(&text, " %u", i);
    CHECK_OK(imap_parse(buffer_slice(&text), arena, &response, NULL));
    CHECK_NUMBER(response.numbers.count, IMAP_UIDS_MAX);
    buffer_add_text(&text, " 7");
    CHECK_NUMBER(imap_parse(buffer_slice(&text), arena, &response, NULL), ST_LIMIT);
}

static void reads_codes(void)
{
    static const struct {
        const char *code, *name;
        long long number; /* 0: none */
    } cases[] = {
        {"UIDVALIDITY 17", "UIDVALIDITY", 17},    {"uidnext 4294967295", "UIDNEXT", 4294967295},
        {"UIDVALIDITY 0", "UIDVALIDITY", 0},      {"UIDVALIDITY", "UIDVALIDITY", 0},
        {"UIDVALIDITY17", "UIDVALIDITY", 0},      {"UIDVALIDITY x", "UIDVALIDITY", 0},
        {"UIDNEXT 4294967296", "UIDNEXT", 0},     {"READ-WRITE", "UIDNEXT", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t number = 0;
        check_row(cases[i].code);
        bool found = imap_code_number(slice_from(cases[i].code), slice_from(cases[i].name), &number);
        CHECK(found == (cases[i].number != 0));
        CHECK_NUMBER(number, cases[i].number);
    }
    CHECK(imap_has_word(LIT("IMAP4rev1 MOVE (x) UIDPLUS"), LIT("uidplus")));
    CHECK(!imap_has_word(LIT("IMAP4rev1 MOVED"), LIT("MOVE")));
    CHECK(!imap_has_word(LIT(""), LIT("")));
}

static void writes_names(void)
{
    static const struct {
        const char *name, *quoted; /* NULL: refused */
    } cases[] = {
        {"INBOX", "\"INBOX\""},
        {"Lus & triés", "\"Lus &- tri&AOk-s\""},
        {"Éléments envoyés", "\"&AMk-l&AOk-ments envoy&AOk-s\""},
        {"~peter/mail/台北/日本語", "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""}, /* RFC 3501 section 5.1.3 */
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"😀", "\"&2D3eAA-\""},
        {"ab&", "\"ab&-\""},
        {"é&", "\"&AOk-&-\""},
        {"", NULL},
        {"a\r\nb", NULL},
        {"a\x7f", NULL},
        {"\xff", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUFFER out = buffer_create(4096);
        check_row(cases[i].name);
        enum status status = imap_write_folder(slice_from(cases[i].name), &out, NULL);
        CHECK((status == ST_OK) == (cases[i].quoted != NULL));
        if (status == ST_OK && cases[i].quoted != NULL)
            CHECK_TEXT(buffer_slice(&out), cases[i].quoted);
    }
    AUTO_BUFFER date = buffer_create(64);
    imap_write_date(2026, 11, 5, &date);
    CHECK_TEXT(buffer_slice(&date), "5-Nov-2026");
}

int main(void)
{
    TEST(finds_where_an_answer_ends);
    TEST(bounds_an_answer);
    TEST(takes_one_answer_after_the_other);
    TEST(reads_answers);
    TEST(bounds_what_is_found);
    TEST(reads_codes);
    TEST(writes_names);
    return check_done();
}
