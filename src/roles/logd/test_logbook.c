/* Sources and what they said: each entry once and in order, whatever is said twice, lost or malformed. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "roles/logd/logbook.h"

static char folder[] = "/tmp/rendez-logbook-XXXXXX";
static struct secret *seed;
static struct arena *arena;
enum { NOW_US = 1000000 };

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind;
    return at->level == 0 ? 0 : remove(path);
}

static void clear(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct logbook *reopen(void)
{
    struct logbook *book = NULL;
    CHECK_OK(logbook_open(folder, LIT("a.example/log"), seed, &book, NULL));
    return book;
}

/* "FIRST-LAST" of a source. */
static void say(struct logbook *book, const char *source, int64_t first, int64_t last, bool lasting)
{
    struct log_append append = {.source = slice_from(source), .first = first};
    for (int64_t i = first; i <= last; i++)
        ARENA_PUSH(arena, &append.lines,
                   ((struct log_line){{100 + i}, LIT("meeting.state.moved"),
                                      arena_format(arena, "meeting=m_%d", (int)i)}));
    logbook_take(book, &append, lasting, (struct instant){NOW_US});
}

struct seen {
    struct buffer text;
    int64_t last_us;
};

static enum status see(void *context, uint64_t number, struct slice line, struct problem *why)
{
    struct seen *seen = context;
    struct logbook_entry entry;
    (void)number, (void)why;
    CHECK(logbook_read_entry(line, &entry));
    CHECK(entry.at.us >= seen->last_us);
    seen->last_us = entry.at.us;
    buffer_add_format(&seen->text, "%.*s ", SLICE_ARG(entry.source));
    return ST_OK;
}

/* The sources of all entries, in order. */
static struct slice all(struct logbook *book)
{
    struct seen seen = {.text = buffer_create(1 << 20)};
    CHECK_OK(ledger_each(logbook_ledger(book), 0, see, &seen, NULL));
    struct slice text = arena_copy(arena, buffer_slice(&seen.text));
    buffer_destroy(&seen.text);
    return text;
}

static void each_comes_once_and_in_order(void)
{
    clear();
    AUTO_LOGBOOK book = reopen();
    say(book, "store", 1, 3, true);
    say(book, "store", 2, 4, true); /* said again, with one more */
    say(book, "store", 6, 7, true); /* 5 is missing */
    say(book, "identity", 1, 1, true);
    CHECK_NUMBER(logbook_kept(book, LIT("store")), 0); /* not on disk */
    CHECK_OK(logbook_commit(book, NULL));
    CHECK_NUMBER(logbook_kept(book, LIT("store")), 4);
    CHECK_NUMBER(logbook_kept(book, LIT("identity")), 1);
    CHECK_NUMBER(logbook_kept(book, LIT("trust")), 0);
    say(book, "store", 5, 5, true);
    CHECK_OK(logbook_commit(book, NULL));
    CHECK_TEXT(all(book), "store/1 store/2 store/3 store/4 identity/1 store/5 ");
    /* Killed before or after the checkpoint, with the file of positions, without, or with nonsense. */
    static const char *const positions[] = {NULL, "", "x", "0\n", "99999\nstore 7\n", "2\nstore two\n"};
    for (size_t i = 0; i < 2 * sizeof positions / sizeof *positions; i++) {
        const char *text = positions[i / 2], *path = arena_format(arena, "%s/position", folder).data;
        check_row(text == NULL ? "none" : text);
        if (i % 2 == 1) {
            CHECK_OK(ledger_publish(logbook_ledger(book), true, NULL, NULL, NULL));
            CHECK_OK(logbook_save(book, NULL));
        }
        logbook_close(&book);
        if (i % 2 == 0 && text == NULL)
            unlink(path);
        else if (text != NULL)
            CHECK_OK(file_write_durably(path, slice_from(text), 0600, NULL));
        book = reopen();
        CHECK_NUMBER(logbook_kept(book, LIT("store")), 5 + (int64_t)i);
        say(book, "store", 4 + (int64_t)i, 6 + (int64_t)i, true);
        CHECK_OK(logbook_commit(book, NULL));
        CHECK_NUMBER(logbook_kept(book, LIT("store")), 6 + (int64_t)i);
        CHECK_NUMBER(logbook_kept(book, LIT("identity")), 1);
    }
    CHECK_NUMBER(ledger_size(logbook_ledger(book)), 6 + 12);
}

static void processes_come_and_go(void)
{
    clear();
    AUTO_LOGBOOK book = reopen();
    for (int start = 0; start < 200; start++) {
        const char *name = arena_format(arena, "keyd.b%06d", start).data;
        say(book, name, start % 2 == 0 ? 1 : 7, 9, false); /* some began before this log did */
        CHECK_OK(logbook_commit(book, NULL));
        CHECK_NUMBER(logbook_kept(book, slice_from(name)), 9);
        CHECK_NUMBER(logbook_kept(book, slice_from(arena_format(arena, "keyd.b%06d", start - 1).data)), start > 0 ? 9 : 0);
    }
    say(book, "store", 3, 4, true); /* a database does not begin in the middle */
    CHECK_OK(logbook_commit(book, NULL));
    CHECK_NUMBER(logbook_kept(book, LIT("store")), 0);
    CHECK_NUMBER(logbook_kept(book, LIT("keyd.b000000")), 0); /* long gone */
    CHECK_OK(logbook_save(book, NULL));
    logbook_close(&book);
    book = reopen();
    CHECK_NUMBER(logbook_kept(book, LIT("keyd.b000199")), 9);
}

/* A database that was restored from a copy says so, and goes on from there. */
static void a_restored_source_goes_on(void)
{
    clear();
    AUTO_LOGBOOK book = reopen();
    say(book, "store", 1, 5, true);
    struct log_append back = {.source = LIT("store"), .first = 3, .back = true};
    logbook_take(book, &back, true, (struct instant){NOW_US});
    say(book, "store", 3, 3, true);
    CHECK_OK(logbook_commit(book, NULL));
    CHECK_NUMBER(logbook_kept(book, LIT("store")), 3);
    CHECK_TEXT(all(book), "store/1 store/2 store/3 store/4 store/5 store/2 store/3 ");
    logbook_close(&book);
    book = reopen();
    CHECK_NUMBER(logbook_kept(book, LIT("store")), 3);
    back.first = 9; /* ahead: that is no way back */
    logbook_take(book, &back, true, (struct instant){NOW_US});
    back = (struct log_append){.source = LIT("keyd.x"), .first = 1, .back = true};
    logbook_take(book, &back, false, (struct instant){NOW_US}); /* nor of a process */
    CHECK_NUMBER(logbook_taken(book), 0);
}

/* What is no entry keeps its number, so that what follows is not held up. */
static void nonsense_is_refused(void)
{
    static const struct {
        const char *kind, *ids;
        bool good;
    } rows[] = {
        {"meeting.state.moved", "meeting=m_1 state=confirmed", true},
        {"organisation.added", "", true},
        {"moved", "", false},
        {"a.b.c.d", "", false},
        {"a..b", "", false},
        {".a.b", "", false},
        {"Meeting.state.moved", "", false},
        {"meeting state", "", false},
        {"meeting.state.moved", "two\nlines", false},
        {"meeting.state.moved", "a\x7f", false},
        {"meeting.state.moved", "bad=\xff", false},
        {"meeting.state.moved", "source=store/9", false},
        {"meeting.state.moved", "a=1 source=store/9", false},
    };
    clear();
    AUTO_LOGBOOK book = reopen();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct log_line line = {{5}, slice_from(rows[i].kind), slice_from(rows[i].ids)};
        struct log_append append = {.source = LIT("store"), .first = (int64_t)i + 1, .lines = {&line, 1, 1}};
        struct slice entry;
        struct logbook_entry read;
        check_row(rows[i].ids);
        logbook_take(book, &append, true, (struct instant){NOW_US});
        CHECK_OK(logbook_commit(book, NULL));
        CHECK_NUMBER(logbook_kept(book, LIT("store")), i + 1);
        CHECK_OK(ledger_read(logbook_ledger(book), i, arena, &entry, NULL));
        CHECK(logbook_read_entry(entry, &read));
        CHECK(slice_equal(read.kind, rows[i].good ? slice_from(rows[i].kind) : LIT("log.line.refused")));
        CHECK_TEXT(read.ids, rows[i].good ? rows[i].ids : "");
    }
}

static void entries_are_found_by_organisation(void)
{
    static const struct {
        const char *line;
        bool entry, names;
    } rows[] = {
        {"1 5 a.b.c organisation=acme meeting=m_1 source=store/1", true, true},
        {"1 5 a.b.c meeting=m_1 organisation=acme source=store/1", true, true},
        {"1 5 a.b.c meeting=m_1 organisation=acme2 source=store/1", true, false},
        {"1 5 a.b.c x.organisation=acme source=store/1", true, false},
        {"1 5 a.b.c source=store/1", true, false},
        {"1 5 a.b.c organisation=acme", false, false},
        {"1 x a.b.c source=store/1", false, false},
        {"2 5 a.b.c source=store/1", false, false},
        {"1 5", false, false},
        {"", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct logbook_entry entry = {.ids = SLICE_NONE};
        check_row(rows[i].line);
        CHECK(logbook_read_entry(slice_from(rows[i].line), &entry) == rows[i].entry);
        CHECK(logbook_names(&entry, LIT("organisation"), LIT("acme")) == rows[i].names);
    }
}

/* Times never go back, and none is ahead of the clock. */
static void times_are_in_order(void)
{
    clear();
    AUTO_LOGBOOK book = reopen();
    struct log_line lines[] = {{{500}, LIT("a.b.c"), SLICE_NONE}, {{300}, LIT("a.b.c"), SLICE_NONE},
                               {{9000}, LIT("a.b.c"), SLICE_NONE}};
    struct log_append append = {.source = LIT("store"), .first = 1, .lines = {lines, 3, 3}};
    logbook_take(book, &append, true, (struct instant){700});
    CHECK_OK(logbook_commit(book, NULL));
    static const int64_t wanted[] = {500, 500, 700};
    for (uint64_t i = 0; i < 3; i++) {
        struct slice entry;
        struct logbook_entry read;
        CHECK_OK(ledger_read(logbook_ledger(book), i, arena, &entry, NULL));
        CHECK(logbook_read_entry(entry, &read));
        CHECK_NUMBER(read.at.us, wanted[i]);
    }
}

static void one_process_writes(void)
{
    clear();
    AUTO_LOGBOOK book = reopen();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct logbook *second = NULL;
        _exit(logbook_open(folder, LIT("a.example/log"), seed, &second, NULL) == ST_CONFLICT ? 0 : 1);
    }
    int how;
    CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 3;
    arena = arena_create((size_t)256 << 20);
    seed = secret_random(32);
    TEST(each_comes_once_and_in_order);
    TEST(processes_come_and_go);
    TEST(a_restored_source_goes_on);
    TEST(nonsense_is_refused);
    TEST(entries_are_found_by_organisation);
    TEST(times_are_in_order);
    TEST(one_process_writes);
    clear();
    rmdir(folder);
    arena_destroy(&arena);
    secret_destroy(&seed);
    return check_done();
}
