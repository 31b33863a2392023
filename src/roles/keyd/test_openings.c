/* How much people open, across restarts, and a file that somebody has had in their hands. */
#include "roles/keyd/openings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

enum { PLACE = 128, FILE_BYTES = PLACE * (1 + RATE_PEOPLE_MAX), LIMIT = 10 };

static char folder[] = "/tmp/rendez-openings-XXXXXX", path[64];
static struct secret *key;
static uint32_t limit = LIMIT;

/* Seconds after a beginning, by the wall clock; the machine has been on for `up_s`. */
static struct moment when(int64_t seconds, int64_t up_s)
{
    return (struct moment){{(INT64_C(1800000000) + seconds) * 1000000}, {up_s * 1000}};
}

/* One process of keyd's, for as long as it lives. */
struct life {
    struct openings *openings;
    struct rates *rates;
    struct moment at;
    enum status loaded;
};

static bool keep(void *context, size_t place, const struct rate_opener *one)
{
    struct life *life = context;
    return openings_keep(life->openings, place, one, &life->at, NULL) == ST_OK;
}

static void begin(struct life *life, struct moment at)
{
    *life = (struct life){.at = at};
    life->rates = rates_create((struct rate_limits){.per_person = limit}, keep, life);
    CHECK_OK(openings_open(path, key, &life->openings, NULL));
    life->loaded = openings_load(life->openings, life->rates, &at, NULL);
    if (life->loaded != ST_OK)
        rates_close(life->rates);
}

static void end(struct life *life)
{
    openings_close(&life->openings);
    rates_destroy(&life->rates);
}

/* What the last of them was. */
static enum rate_verdict open_many(struct life *life, const char *who, unsigned count)
{
    enum rate_verdict verdict = RATE_FINE;
    uint32_t counted;
    while (count-- > 0)
        verdict = rates_count_person(life->rates, slice_from(who), life->at.clock, &counted);
    return verdict;
}

static void a_pause_and_an_hour_outlive_the_process(void)
{
    struct life life;
    struct stat about;
    begin(&life, when(0, 7200));
    CHECK_OK(life.loaded);
    CHECK(stat(path, &about) == 0 && about.st_size == FILE_BYTES && (about.st_mode & 0777) == 0600);
    CHECK_NUMBER(open_many(&life, "p_many", LIMIT + 1), RATE_OVER_LIMIT);
    CHECK_NUMBER(open_many(&life, "p_some", 7), RATE_FINE);
    end(&life);
    begin(&life, when(60, 7260));
    CHECK_OK(life.loaded);
    CHECK_NUMBER(rates_paused(life.rates), 1);
    CHECK_NUMBER(open_many(&life, "p_many", 1), RATE_PAUSED);
    CHECK_NUMBER(open_many(&life, "p_some", 3), RATE_FINE);
    end(&life);
    begin(&life, when(90, 7290));
    CHECK_NUMBER(open_many(&life, "p_some", 1), RATE_OVER_LIMIT);
    end(&life);
    begin(&life, when(86400, 7260 + 86400)); /* time alone ends no pause */
    CHECK_NUMBER(open_many(&life, "p_many", 1), RATE_PAUSED);
    CHECK_NUMBER(rates_lift(life.rates), 2);
    CHECK_OK(openings_keep_all(life.openings, life.rates, &life.at, NULL));
    end(&life);
    begin(&life, when(86410, 7270 + 86400));
    CHECK_NUMBER(rates_paused(life.rates), 0);
    CHECK_NUMBER(open_many(&life, "p_many", LIMIT), RATE_FINE);
    end(&life);
    unlink(path);
}

/* By the wall clock, whatever the machine's own did. */
static void hours_end_as_they_would_have(void)
{
    static const struct {
        const char *name;
        int64_t after_s, up_s; /* the first was at 0, after 7200 + 600 */
        bool over;
    } rows[] = {
        {"the same hour", 2900, 7800 + 2900, false},
        {"the next one", 3100, 7800 + 3100, true},
        {"the machine began anew", 300, 20, false},
        {"and in another hour", 3100, 20, true},
        {"the clock was set back", -86400, 7800 + 60, false},
        {"the next day", 86400, 7800 + 86400, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct life life;
        check_row(rows[i].name);
        begin(&life, when(0, 7800));
        CHECK_NUMBER(open_many(&life, "p_1", LIMIT), RATE_FINE);
        end(&life);
        begin(&life, when(rows[i].after_s, rows[i].up_s));
        CHECK_NUMBER(open_many(&life, "p_1", 1), rows[i].over ? RATE_FINE : RATE_OVER_LIMIT);
        end(&life);
        unlink(path);
    }
    check_row("");
}

/* What is usual for somebody is not forgotten either. */
static void what_is_usual_outlives_the_process(void)
{
    struct life life;
    limit = 0;
    for (int hour = 0; hour < RATE_HOURS_KNOWN; hour++) {
        begin(&life, when(3600 * hour, 3600 * (hour + 1)));
        CHECK_NUMBER(open_many(&life, "p_1", 2), RATE_FINE);
        end(&life);
    }
    begin(&life, when(3600 * 10, 3600 * 11));
    CHECK_NUMBER(open_many(&life, "p_1", RATE_UNUSUAL_LEAST), RATE_FINE);
    CHECK_NUMBER(open_many(&life, "p_1", 1), RATE_UNUSUAL);
    end(&life);
    unlink(path);
    limit = LIMIT;
}

static void overwrite(off_t offset, const void *bytes, size_t len)
{
    AUTO_FD fd = open(path, O_WRONLY | O_CLOEXEC);
    CHECK(fd >= 0 && pwrite(fd, bytes, len, offset) == (ssize_t)len);
}

static void unpause(void)
{
    overwrite(PLACE + 1, "\0", 1);
}
static void take_out(void)
{
    static const char zeros[PLACE];
    overwrite(PLACE, zeros, sizeof zeros);
}
static void put_another_there(void)
{
    char place[PLACE];
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0 && pread(fd, place, sizeof place, 5 * PLACE) == PLACE); /* one that is free */
    overwrite(PLACE, place, sizeof place);
}
static void cut(void)
{
    CHECK(truncate(path, FILE_BYTES / 2) == 0);
}
static void empty(void)
{
    CHECK(truncate(path, 0) == 0);
}
static void other_head(void)
{
    overwrite(0, "rendez openings 9\n", 18);
}

/* Then nobody knows who is paused: everybody is, until an operator says otherwise. */
static void what_was_changed_pauses_everybody(void)
{
    static const struct {
        const char *name;
        void (*change)(void);
    } rows[] = {{"a pause taken away", unpause}, {"a person taken out", take_out}, {"a free place in theirs", put_another_there},
                {"cut", cut}, {"empty", empty}, {"of another version", other_head}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct life life;
        check_row(rows[i].name);
        begin(&life, when(0, 100));
        CHECK_NUMBER(open_many(&life, "p_1", LIMIT + 1), RATE_OVER_LIMIT);
        end(&life);
        rows[i].change();
        begin(&life, when(1, 101));
        CHECK_NUMBER(life.loaded, ST_INVALID);
        CHECK_NUMBER(open_many(&life, "p_1", 1), RATE_PAUSED);
        CHECK_NUMBER(open_many(&life, "p_2", 1), RATE_PAUSED);
        rates_lift(life.rates);
        CHECK_OK(openings_keep_all(life.openings, life.rates, &life.at, NULL));
        CHECK_NUMBER(open_many(&life, "p_2", 1), RATE_FINE);
        end(&life);
        begin(&life, when(2, 102));
        CHECK_OK(life.loaded);
        end(&life);
        unlink(path);
    }
    check_row("");
}

/* Another key, another installation. */
static void it_is_of_one_keyd(void)
{
    struct life life;
    begin(&life, when(0, 100));
    end(&life);
    struct secret *mine = key;
    key = secret_random(32);
    begin(&life, when(0, 100));
    CHECK_NUMBER(life.loaded, ST_INVALID);
    end(&life);
    secret_destroy(&key);
    key = mine;
    unlink(path);
}

static void what_cannot_be_opened_is_said(void)
{
    struct openings *openings = NULL;
    struct moment at = when(0, 100);
    AUTO_RATES rates = rates_create((struct rate_limits){0}, NULL, NULL);
    CHECK(symlink("/dev/null", path) == 0);
    CHECK(openings_open(path, key, &openings, NULL) != ST_OK && openings == NULL);
    unlink(path);
    CHECK(openings_open("/nowhere/at/all", key, &openings, NULL) != ST_OK && openings == NULL);
    CHECK_NUMBER(openings_load(NULL, rates, &at, NULL), ST_UNAVAILABLE);
    CHECK_NUMBER(openings_keep(NULL, 0, rates_opener(rates, 0), &at, NULL), ST_UNAVAILABLE);
    CHECK_NUMBER(openings_keep_all(NULL, rates, &at, NULL), ST_UNAVAILABLE);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, sizeof path, "%s/openings", folder);
    key = secret_random(32);
    TEST(a_pause_and_an_hour_outlive_the_process);
    TEST(hours_end_as_they_would_have);
    TEST(what_is_usual_outlives_the_process);
    TEST(what_was_changed_pauses_everybody);
    TEST(it_is_of_one_keyd);
    TEST(what_cannot_be_opened_is_said);
    secret_destroy(&key);
    rmdir(folder);
    return check_done();
}
