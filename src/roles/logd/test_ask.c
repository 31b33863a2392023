/* What trust and the pages ask about the log: its state, proofs, and the entries of one organisation, page after page. */
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "formats/json/json.h"
#include "roles/logd/ask.h"

static char folder[] = "/tmp/rendez-ask-XXXXXX";
static struct secret *seed;
static struct arena *arena;
enum { NOW_US = 1000000000 };

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind;
    return at->level == 0 ? 0 : remove(path);
}

/* Entry i of source trust is of organisation o_(i % 3); those of o_9 come once in a thousand. */
static struct logbook *fill(int entries)
{
    struct logbook *book = NULL;
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    CHECK_OK(logbook_open(folder, LIT("a.example/log"), seed, &book, NULL));
    for (int first = 1; first <= entries; first += 2000) {
        struct log_append append = {.source = LIT("trust"), .first = first};
        AUTO_ARENA lines = arena_create((size_t)16 << 20);
        for (int i = first; i < first + 2000 && i <= entries; i++)
            ARENA_PUSH(lines, &append.lines,
                       ((struct log_line){{i}, LIT("meeting.state.moved"),
                                          arena_format(lines, "organisation=o_%d meeting=m_%d",
                                                       i % 1000 == 0 ? 9 : i % 3, i)}));
        logbook_take(book, &append, true, (struct instant){NOW_US});
        CHECK_OK(logbook_commit(book, NULL));
    }
    CHECK_OK(ledger_publish(logbook_ledger(book), false, NULL, NULL, NULL));
    return book;
}

static struct log_answerer answerer(struct logbook *book)
{
    return (struct log_answerer){.book = book, .origin = LIT("a.example/log"), .seed = seed};
}

/* The answer's object (a new reference), or NULL when it is refused as wanted. */
static json_t *ask(const struct log_answerer *from, const char *name, struct slice json, enum status wanted)
{
    struct slice answer = SLICE_NONE;
    json_t *out = NULL;
    struct problem why = {0};
    CHECK_NUMBER(log_command(from, slice_from(name), json, arena, &answer, &why), wanted);
    if (wanted == ST_OK)
        CHECK_OK(json_read(answer, &out, NULL));
    else
        CHECK(why.detail[0] != '\0' && answer.len == 0);
    return out;
}

static void what_is_refused(void)
{
    static const struct {
        const char *name, *json;
        enum status status;
    } rows[] = {
        {"log.show", "{", ST_INVALID},
        {"log.nothing", "{}", ST_NOT_FOUND},
        {"", "{}", ST_NOT_FOUND},
        {"log.proof", "{}", ST_INVALID},
        {"log.proof", "{\"source\":\"trust\",\"numbers\":[]}", ST_INVALID},
        {"log.proof", "{\"source\":\"trust\",\"numbers\":1}", ST_INVALID},
        {"log.proof", "{\"source\":\"trust\",\"numbers\":[0]}", ST_INVALID},
        {"log.proof", "{\"source\":\"trust\",\"numbers\":[-1]}", ST_INVALID},
        {"log.proof", "{\"source\":\"trust\",\"numbers\":[11]}", ST_NOT_FOUND},
        {"log.proof", "{\"source\":\"store\",\"numbers\":[1]}", ST_NOT_FOUND},
        {"log.proof", "{\"source\":\"trus\",\"numbers\":[1]}", ST_NOT_FOUND},
        {"log.proof", "{\"source\":\"\",\"numbers\":[1]}", ST_NOT_FOUND},
        {"log.entries", "{}", ST_INVALID},
        {"log.entries", "{\"organisation\":\"\"}", ST_INVALID},
        {"log.entries", "{\"organisation\":\"o_1\",\"before\":-1}", ST_INVALID},
        {"log.proofs", "{}", ST_INVALID},
        {"log.proofs", "{\"organisation\":\"o_1\",\"entry\":1}", ST_NOT_FOUND}, /* of o_2 */
        {"log.proofs", "{\"organisation\":\"o_1\",\"entry\":10}", ST_NOT_FOUND},
        {"log.proofs", "{\"organisation\":\"o_1\",\"entry\":9223372036854775807}", ST_NOT_FOUND},
        {"log.proofs", "{\"organisation\":\"\",\"entry\":1}", ST_INVALID},
    };
    AUTO_LOGBOOK book = fill(10);
    struct log_answerer from = answerer(book), closed = {.origin = LIT("a.example/log")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].json);
        CHECK(ask(&from, rows[i].name, slice_from(rows[i].json), rows[i].status) == NULL);
    }
    CHECK(ask(&closed, "log.show", LIT("{}"), ST_UNAVAILABLE) == NULL);
}

/* The newest of a kind by a source, of what is published. */
static void the_newest_of_a_kind(void)
{
    static const struct {
        const char *kind, *source;
        int64_t at_us; /* 0: none */
    } rows[] = {
        {"meeting.state.moved", "trust/", 20000}, {"meeting.state.moved", "tru", 20000}, {"meeting.state.moved", "", 20000},
        {"meeting.state.moved", "trust/7", 7999}, {"meeting.state.moved", "console.", 0},
        {"meeting.state", "trust/", 0}, {"", "trust/", 0},
    };
    AUTO_LOGBOOK book = fill(20000);
    struct log_answerer from = answerer(book), closed = {.origin = LIT("a.example/log")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instant at = {0};
        check_row(arena_format(arena, "%s %s", rows[i].kind, rows[i].source).data);
        CHECK_NUMBER(log_newest(&from, slice_from(rows[i].kind), slice_from(rows[i].source), &at, NULL),
                     rows[i].at_us == 0 ? ST_NOT_FOUND : ST_OK);
        CHECK_NUMBER(at.us, rows[i].at_us);
    }
    struct instant at;
    CHECK_NUMBER(log_newest(&closed, LIT("meeting.state.moved"), SLICE_NONE, &at, NULL), ST_UNAVAILABLE);
}

static void how_the_log_stands(void)
{
    AUTO_LOGBOOK book = fill(10);
    struct log_answerer from = answerer(book);
    from.witnesses = LIT("https://w1.example/ w1.example+0123abcd+AAAA https://w2.example/ w2.example+0123abcd+BBBB");
    AUTO_JSON shown = ask(&from, "log.show", LIT("{}"), ST_OK);
    struct ledger_head head;
    CHECK_TEXT(json_text(shown, "origin"), "a.example/log");
    CHECK_NUMBER(json_number(shown, "entries", 0), 10);
    CHECK_OK(ledger_open_checkpoint(json_text(shown, "checkpoint"), json_text(shown, "key"), arena, &head, NULL));
    CHECK_NUMBER(head.size, 10);
}

/* The newest figure is the one that is told, planner's only, and what is none is passed over. */
static void what_is_published_of_second_looks(void)
{
    static const struct { const char *source, *kind, *ids; int64_t looks, wrong, entry; } rows[] = {
        {"store", "meeting.state.moved", "organisation=o_1", -1, 0, 0},
        {"store", "supervision.looks.counted", "from=2026-08-28 until=2026-11-25 looks=312 wrong=9", 312, 9, 1},
        {"archive.b", "supervision.looks.counted", "from=2026-08-28 until=2026-11-25 looks=312 wrong=0", 312, 9, 1},
        {"store", "supervision.looks.counted", "from=2026-08-29 until=2026-11-26 looks=4 wrong=5", 312, 9, 1},
        {"store", "supervision.looks.counted", "from=2026-08-29 until=2026-13-26 looks=4 wrong=1", 312, 9, 1},
        {"store", "supervision.looks.counted", "from=2026-08-29 looks=4 wrong=1", 312, 9, 1},
        {"store", "supervision.look.compared", "task=t day=2026-11-26 agreed=no", 312, 9, 1},
        {"store", "supervision.looks.counted", "from=2026-08-29 until=2026-11-26 looks=313 wrong=10", 313, 10, 7},
    };
    AUTO_LOGBOOK book = fill(0);
    struct log_looks looks = {0};
    struct log_answerer from = answerer(book);
    int64_t numbers[2] = {1, 1};
    from.looks = &looks;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool store = rows[i].source[0] == 's';
        struct log_append append = {.source = slice_from(rows[i].source), .first = numbers[store]++};
        ARENA_PUSH(arena, &append.lines, ((struct log_line){{NOW_US}, slice_from(rows[i].kind), slice_from(rows[i].ids)}));
        logbook_take(book, &append, store, (struct instant){NOW_US});
        CHECK_OK(logbook_commit(book, NULL));
        CHECK_OK(ledger_publish(logbook_ledger(book), false, NULL, NULL, NULL));
        AUTO_JSON shown = ask(&from, "log.show", LIT("{}"), ST_OK);
        const json_t *told = json_object_get(shown, "second_looks");
        check_row(rows[i].ids);
        CHECK(json_is_null(told) == (rows[i].looks < 0));
        CHECK_NUMBER(json_number(told, "looks", -1), rows[i].looks);
        CHECK_NUMBER(json_number(told, "wrong", 0), rows[i].wrong);
        CHECK_NUMBER(json_number(told, "entry", 0), rows[i].entry);
    }
    AUTO_JSON again = NULL;
    looks = (struct log_looks){0}; /* a process that begins */
    again = ask(&from, "log.show", LIT("{}"), ST_OK);
    CHECK_TEXT(json_text(json_object_get(again, "second_looks"), "until"), "2026-11-26");
    CHECK_TEXT(json_text(json_object_get(again, "second_looks"), "from"), "2026-08-29");
    check_row("");
}

/* A log that takes several calls tells nothing before it was gone through. */
static void a_long_log_is_gone_through_in_parts(void)
{
    AUTO_LOGBOOK book = fill(70000);
    struct log_looks looks = {0};
    bool all = true;
    CHECK_OK(log_looks_follow(&looks, logbook_ledger(book), &all, NULL));
    CHECK(!all);
    CHECK_NUMBER(looks.next, 1 << 16);
    CHECK_OK(log_looks_follow(&looks, logbook_ledger(book), &all, NULL));
    CHECK(all);
    CHECK_NUMBER(looks.next, 70000);
}

/* Every entry of a source is found by its number, wherever it lies, and its proof carries it. */
static void each_is_found(void)
{
    AUTO_LOGBOOK book = fill(1500);
    struct log_answerer from = answerer(book);
    for (int number = 1; number <= 1500; number += number < 20 || number > 1480 ? 1 : 37) {
        AUTO_JSON found = ask(&from, "log.proof", arena_format(arena, "{\"source\":\"trust\",\"numbers\":[%d]}", number), ST_OK);
        AUTO_BUFFER extra = buffer_create(4096);
        struct slice proof = json_text(found, "proof"), line, entry;
        check_row(arena_format(arena, "%d", number).data);
        CHECK_NUMBER(json_number(found, "entry", -1), number - 1);
        CHECK(slice_next_line(&proof, &line) && slice_equal(line, LIT("c2sp.org/tlog-proof@v1")));
        CHECK(slice_next_line(&proof, &line) && slice_starts(line, LIT("extra ")));
        CHECK_OK(ledger_read(logbook_ledger(book), (uint64_t)number - 1, arena, &entry, NULL));
        base64_encode(entry, &extra);
        CHECK(slice_equal(slice_sub(line, 6, line.len), buffer_slice(&extra)));
        CHECK(slice_contains(entry, arena_format(arena, "source=trust/%d", number)) ||
              slice_contains(entry, arena_format(arena, "meeting=m_%d", number)));
    }
}

/* Page after page back to the beginning: each entry of the organisation once, in order, and none of another. */
static void check_pages(const struct log_answerer *from, const char *organisation, int64_t wanted)
{
    int64_t before = INT64_MAX, count = 0, last = INT64_MAX;
    int pages = 0;
    while (before > 0 && pages++ < 1000) {
        AUTO_JSON page = ask(from, "log.entries",
                             arena_format(arena, "{\"organisation\":\"%s\",\"before\":%lld}", organisation, (long long)before),
                             ST_OK);
        const json_t *rows = json_object_get(page, "entries");
        CHECK(json_array_size(rows) <= 200);
        for (size_t i = 0; i < json_array_size(rows); i++, count++) {
            int64_t number = json_number(json_array_get(rows, i), "entry", -1);
            CHECK(number < last && number < before);
            CHECK(slice_contains(json_text(json_array_get(rows, i), "ids"), arena_format(arena, "organisation=%s ", organisation)));
            last = number;
        }
        CHECK(json_text(json_object_get(page, "log"), "key").len > 0);
        before = json_number(page, "before", 0);
    }
    CHECK_NUMBER(count, wanted);
}

static void pages_go_back(void)
{
    AUTO_LOGBOOK book = fill(40000); /* more than one question looks through */
    struct log_answerer from = answerer(book);
    check_pages(&from, "o_9", 40);
    check_pages(&from, "o_1", 13320);
    check_pages(&from, "o_", 0);
    check_pages(&from, "1", 0);
}

static size_t proofs_in(struct slice text)
{
    size_t count = 0;
    for (struct slice line; slice_next_line(&text, &line);)
        count += slice_equal(line, LIT("c2sp.org/tlog-proof@v1"));
    return count;
}

static void proofs_are_of_the_page(void)
{
    AUTO_LOGBOOK book = fill(1000);
    struct log_answerer from = answerer(book);
    static const struct {
        const char *json;
        size_t proofs;
        int64_t before;
    } rows[] = {
        {"{\"organisation\":\"o_1\"}", 200, 399}, {"{\"organisation\":\"o_1\",\"before\":399}", 133, 0},
        {"{\"organisation\":\"o_9\"}", 1, 0},     {"{\"organisation\":\"o_9\",\"before\":999}", 0, 0},
        {"{\"organisation\":\"o_9\",\"entry\":999}", 1, 999},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].json);
        AUTO_JSON page = ask(&from, "log.proofs", slice_from(rows[i].json), ST_OK);
        CHECK_NUMBER(proofs_in(json_text(page, "proofs")), rows[i].proofs);
        CHECK_NUMBER(json_number(page, "before", 0), rows[i].before);
    }
}

/* What no checkpoint covers yet is not told. */
static void what_is_young_waits(void)
{
    AUTO_LOGBOOK book = fill(5);
    struct log_answerer from = answerer(book);
    struct log_append append = {.source = LIT("trust"), .first = 6};
    ARENA_PUSH(arena, &append.lines, ((struct log_line){{6}, LIT("meeting.state.moved"), LIT("organisation=o_9 meeting=m_6")}));
    logbook_take(book, &append, true, (struct instant){NOW_US});
    CHECK_OK(logbook_commit(book, NULL));
    CHECK(ask(&from, "log.proof", LIT("{\"source\":\"trust\",\"numbers\":[6]}"), ST_NOT_FOUND) == NULL);
    check_pages(&from, "o_9", 0);
    CHECK_OK(ledger_publish(logbook_ledger(book), false, NULL, NULL, NULL));
    AUTO_JSON found = ask(&from, "log.proof", LIT("{\"source\":\"trust\",\"numbers\":[6]}"), ST_OK);
    CHECK_NUMBER(json_number(found, "entry", -1), 5);
    check_pages(&from, "o_9", 1);
}

/* Of several, the newest that a checkpoint covers. */
static void the_newest_that_is_there_is_proven(void)
{
    static const struct {
        const char *numbers;
        int64_t entry; /* -1: none */
    } rows[] = {
        {"[300]", 299}, {"[300,299]", 299}, {"[301,300]", 299}, {"[301,299,2]", 298}, {"[900,800,700,600,500,2,1]", 1},
        {"[900,800,700,600,500]", -1}, {"[900,1]", 0}, {"[303,302,301,300,299,298,297]", 299}, {"[900,800,301,17,16,3]", 16},
    };
    AUTO_LOGBOOK book = fill(300);
    struct log_answerer from = answerer(book);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_JSON found = ask(&from, "log.proof", arena_format(arena, "{\"source\":\"trust\",\"numbers\":%s}", rows[i].numbers),
                              rows[i].entry < 0 ? ST_NOT_FOUND : ST_OK);
        check_row(rows[i].numbers);
        CHECK_NUMBER(json_number(found, "entry", -1), rows[i].entry);
    }
    check_row("");
}

int main(void)
{
    static const unsigned char bytes[32] = {5};
    if (mkdtemp(folder) == NULL)
        abort();
    seed = secret_create(bytes, sizeof bytes);
    arena = arena_create((size_t)1 << 30);
    TEST(what_is_refused);
    TEST(the_newest_of_a_kind);
    TEST(how_the_log_stands);
    TEST(what_is_published_of_second_looks);
    TEST(a_long_log_is_gone_through_in_parts);
    TEST(each_is_found);
    TEST(the_newest_that_is_there_is_proven);
    TEST(pages_go_back);
    TEST(proofs_are_of_the_page);
    TEST(what_is_young_waits);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    rmdir(folder);
    secret_destroy(&seed);
    arena_destroy(&arena);
    return check_done();
}
