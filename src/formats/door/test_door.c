#include "check.h"
#include "formats/door/door.h"

#define HEADER "time,person,direction,method\n"

static const struct {
    const char *name, *text;
    const char *at, *person; /* of the first line that was read; NULL: none was */
    bool out;
    enum door_method method;
    size_t count, refused, first_refused;
} cases[] = {
    {"one line", HEADER "2026-11-26T08:59:00+01:00,4711,in,fingerprint\n", "2026-11-26T07:59:00+00:00", "4711", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"the zone's time", HEADER "2026-07-01 08:59:30,4711,in,face", "2026-07-01T06:59:30+00:00", "4711", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"without seconds", HEADER "2026-07-01T08:59,4711,in,face", "2026-07-01T06:59:00+00:00", "4711", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"out", HEADER "2026-07-01T08:59:00Z,p_1,OUT,badge", "2026-07-01T08:59:00+00:00", "p_1", true, DOOR_BADGE, 1, 0, 0},
    {"two factors", HEADER "2026-07-01T08:59:00Z,p_1,in,Card + Iris", "2026-07-01T08:59:00+00:00", "p_1", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"two others", HEADER "2026-07-01T08:59:00Z,p_1,in,code+badge", "2026-07-01T08:59:00+00:00", "p_1", false, DOOR_BADGE, 1, 0, 0},
    {"a code", HEADER "2026-07-01T08:59:00Z,p_1,in,PIN", "2026-07-01T08:59:00+00:00", "p_1", false, DOOR_CODE, 1, 0, 0},
    {"no such method", HEADER "2026-07-01T08:59:00Z,p_1,in,biometric-free", "2026-07-01T08:59:00+00:00", "p_1", false, DOOR_OTHER, 1, 0, 0},
    {"other columns, another order", "name;Method;Person;door;Time;Direction\r\nDoe, Jo;palm;7;\"a \"\"b\"\"\";2026-07-01T08:59:00Z;in\r\n",
     "2026-07-01T08:59:00+00:00", "7", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"quotes", "\xef\xbb\xbf\"time\",\"person\",\"direction\",\"method\"\n\"2026-07-01T08:59:00Z\",\"7\",\"in\",\"vein\"\n",
     "2026-07-01T08:59:00+00:00", "7", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"objects", "\n{\"time\":\"2026-07-01T08:59:00Z\",\"person\":\"7\",\"direction\":\"in\",\"method\":\"iris\",\"name\":\"Jo\"}\n",
     "2026-07-01T08:59:00+00:00", "7", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"objects, one torn", "{\"time\":\"2026-07-01T08:59:00Z\",\"person\":\"7\",\"direction\":\"in\",\"method\":\"iris\"}\n\n{\"time\":\"2026",
     "2026-07-01T08:59:00+00:00", "7", false, DOOR_BIOMETRIC, 1, 1, 3},
    {"nobody came", HEADER, NULL, NULL, false, 0, 0, 0, 0},
    {"empty lines", HEADER "\n  \n2026-07-01T08:59:00Z,7,in,iris\n", "2026-07-01T08:59:00+00:00", "7", false, DOOR_BIOMETRIC, 1, 0, 0},
    {"a day is no time", HEADER "2026-07-01,7,in,iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"a day with blanks", HEADER "\"2026-07-01       \",7,in,iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"no such day", HEADER "2026-02-30 08:00,7,in,iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"no direction", HEADER "2026-07-01T08:59:00Z,7,,iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"no method", HEADER "2026-07-01T08:59:00Z,7,in,\n", NULL, NULL, false, 0, 0, 1, 2},
    {"a name for a number", HEADER "2026-07-01T08:59:00Z,Jo Doe,in,iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"nobody", HEADER "2026-07-01T08:59:00Z,,in,iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"a number that is too long", HEADER "2026-07-01T08:59:00Z,12345678901234567890123456789012345678901234567890123456789012345,in,iris\n",
     NULL, NULL, false, 0, 0, 1, 2},
    {"too few cells", HEADER "2026-07-01T08:59:00Z,7,in\n2026-07-01T08:59:00Z,7,in,iris", "2026-07-01T08:59:00+00:00", "7", false,
     DOOR_BIOMETRIC, 1, 1, 2},
    {"a quote that does not end", HEADER "2026-07-01T08:59:00Z,7,in,\"iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"something behind a quote", HEADER "2026-07-01T08:59:00Z,\"7\"8,in,iris\n", NULL, NULL, false, 0, 0, 1, 2},
    {"an object among cells", HEADER "{}\n", NULL, NULL, false, 0, 0, 1, 2},
    {"no object", "{}\n[]\n7\n", NULL, NULL, false, 0, 0, 3, 1},
};

static void what_stands_in_it_is_read(void)
{
    const struct zone *paris;
    CHECK_OK(zone_load(LIT("Europe/Paris"), &paris, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct door_log log;
        struct problem why = {0};
        check_row(cases[i].name);
        CHECK_OK(door_read(slice_from(cases[i].text), paris, arena, &log, &why));
        CHECK_NUMBER(log.count, cases[i].count);
        CHECK_NUMBER(log.refused, cases[i].refused);
        CHECK_NUMBER(log.first_refused, cases[i].first_refused);
        if (cases[i].at == NULL || log.count == 0)
            continue;
        CHECK_TEXT(instant_format(log.items[0].at, zone_utc(), arena), cases[i].at);
        CHECK_TEXT(log.items[0].person, cases[i].person);
        CHECK_NUMBER(log.items[0].out, cases[i].out);
        CHECK_NUMBER(log.items[0].method, cases[i].method);
    }
}

static void what_is_no_log_is_refused(void)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"nothing", ""}, {"no header", "2026-07-01T08:59:00Z,7,in,iris\n"}, {"a column less", "time,person,direction\n"},
        {"not UTF-8", HEADER "\xff\n"}, {"a header in an open quote", "\"time,person,direction,method\n"},
    };
    AUTO_ARENA arena = arena_create(16 << 20);
    struct door_log log = {.refused = 77};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].name);
        CHECK_NUMBER(door_read(slice_from(rows[i].text), zone_utc(), arena, &log, NULL), ST_INVALID);
        CHECK_NUMBER(log.refused, 77);
    }
}

static void it_has_limits(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    AUTO_BUFFER text = buffer_create(8 << 20);
    struct door_log log;
    buffer_add_text(&text, HEADER);
    for (int i = 1; i < DOOR_LINES_MAX; i++)
        buffer_add_text(&text, "2026-07-01T08:59:00Z,7,in,iris\n");
    CHECK_OK(door_read(buffer_slice(&text), zone_utc(), arena, &log, NULL));
    CHECK_NUMBER(log.count, DOOR_LINES_MAX - 1);
    buffer_add_text(&text, "2026-07-01T08:59:00Z,7,in,iris\n");
    CHECK_NUMBER(door_read(buffer_slice(&text), zone_utc(), arena, &log, NULL), ST_LIMIT);
    AUTO_BUFFER wide = buffer_create(8 << 20);
    buffer_add_text(&wide, HEADER "2026-07-01T08:59:00Z,7,in,iris");
    while (wide.len <= DOOR_LINE_BYTES_MAX + sizeof HEADER)
        buffer_add_text(&wide, ",x");
    CHECK_OK(door_read(buffer_slice(&wide), zone_utc(), arena, &log, NULL));
    CHECK_NUMBER(log.refused, 1);
    while (wide.len <= DOOR_BYTES_MAX)
        buffer_add_text(&wide, "\n");
    CHECK_NUMBER(door_read(buffer_slice(&wide), zone_utc(), arena, &log, NULL), ST_LIMIT);
}

int main(void)
{
    TEST(what_stands_in_it_is_read);
    TEST(what_is_no_log_is_refused);
    TEST(it_has_limits);
    return check_done();
}
