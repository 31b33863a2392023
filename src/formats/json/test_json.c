#include "formats/json/json.h"
#include "check.h"

enum shade { DARK, LIGHT };
static const char *const shade_names[] = {"dark", "light"};
struct dot {
    uint32_t x;
};
struct dot_list {
    struct dot *items;
    size_t count, capacity;
};
struct drawing {
    struct slice name;
    bool open;
    enum shade shade;
    struct instant at;
    struct dot_list dots;
    struct dot *first;
};
static const struct record_field dot_fields[] = {FIELD(dot, x, 1, RECORD_U32)};
static RECORD_TYPE(dot_record, dot, dot_fields);
static const struct record_field drawing_fields[] = {
    FIELD(drawing, name, 1, RECORD_TEXT),
    FIELD(drawing, open, 2, RECORD_BOOL),
    FIELD_ENUM(drawing, shade, 3, shade_names),
    FIELD(drawing, at, 4, RECORD_INSTANT),
    FIELD_OF(drawing, dots, 5, RECORD_LIST, dot_record),
    FIELD_OF(drawing, first, 6, RECORD_POINTER, dot_record),
};
static RECORD_TYPE(drawing_record, drawing, drawing_fields);

/* What browsers and files of the replay may hold, and how each is refused. */
struct parcel {
    int64_t weight;
    struct slice bytes;
    struct civil at;
    struct dot corner;
    struct slice_list labels;
};
static const struct record_field parcel_fields[] = {
    FIELD(parcel, weight, 1, RECORD_I64),
    FIELD(parcel, bytes, 2, RECORD_BYTES),
    FIELD(parcel, at, 3, RECORD_CIVIL),
    FIELD_OF(parcel, corner, 4, RECORD_STRUCT, dot_record),
    FIELD(parcel, labels, 5, RECORD_TEXTS),
};
static RECORD_TYPE(parcel_record, parcel, parcel_fields);

static void every_kind_goes_there_and_back(void)
{
    static const char text[] = "{\"weight\":-7000000000,\"bytes\":\"AAH_\",\"at\":\"2026-03-02T10:12:00\","
                               "\"corner\":{\"x\":4},\"labels\":[\"a\",\"\"]}";
    AUTO_ARENA arena = arena_create(1 << 16);
    AUTO_JSON value = NULL;
    struct parcel parcel = {0};
    CHECK_OK(json_read(slice_from(text), &value, NULL));
    CHECK_OK(json_to_record(value, &parcel_record, arena, &parcel, NULL));
    CHECK_NUMBER(parcel.weight, INT64_C(-7000000000));
    CHECK(slice_equal(parcel.bytes, (struct slice){"\0\1\xFF", 3}));
    CHECK(parcel.at.hour == 10 && parcel.at.date.day == 2 && parcel.corner.x == 4);
    CHECK_NUMBER(parcel.labels.count, 2);
    AUTO_JSON back = json_from_record(&parcel_record, &parcel, zone_utc());
    CHECK(json_equal(value, back));
}

static void every_kind_is_refused_by_name(void)
{
    static const char *const bad[][2] = {
        {"{\"weight\":\"7\"}", "weight"},  {"{\"weight\":1.5}", "weight"},
        {"{\"bytes\":\"a+b\"}", "bytes"},   {"{\"bytes\":7}", "bytes"},
        {"{\"at\":\"yesterday\"}", "at"},   {"{\"corner\":{\"x\":-1}}", "x"},
        {"{\"labels\":[7]}", "labels"},     {"{\"labels\":{}}", "labels"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        AUTO_JSON value = NULL;
        struct parcel parcel = {0};
        struct problem why = {0};
        check_row(bad[i][0]);
        CHECK_OK(json_read(slice_from(bad[i][0]), &value, NULL));
        CHECK_NUMBER(json_to_record(value, &parcel_record, arena, &parcel, &why), ST_INVALID);
        CHECK(slice_contains(slice_from(why.detail), slice_from(bad[i][1])));
    }
}

/* For both readers, and whatever is escaped. */
static void takes_the_last_of_a_name(void)
{
    static const struct {
        const char *text;
        int64_t a;
    } rows[] = {
        {"{\"a\":1,\"a\":2}", 2},
        {"{\"a\":1,\"b\":9,\"\\u0061\":3}", 3},
        {"{\"b\":{\"a\":1,\"a\":2},\"a\":4}", 4},
        {"{\"a\\u0000\":1,\"a\":5,\"c\\\\\\u0000\":\"\\u0000\"}", 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        AUTO_JSON tree = NULL;
        struct json_member member = {.name = LIT("a")};
        struct problem why;
        check_row(rows[i].text);
        CHECK_OK(json_read(slice_from(rows[i].text), &tree, &why));
        CHECK_NUMBER(json_number(tree, "a", -1), rows[i].a);
        CHECK_OK(json_members(slice_from(rows[i].text), &member, 1, arena, &why));
        CHECK_NUMBER(member.number, rows[i].a);
    }
}

static void refuses_what_is_malformed(void)
{
    static const char *const bad[] = {
        "",  "{",          "{\"a\":1,}", "[1,]",     "[01]",  "nul",
        "{}x", "[\"\xFF\"]", "[NaN]",      "[1e999]",           "['a']",    "[\"\\x\"]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_JSON value = NULL;
        check_row(bad[i]);
        CHECK(json_read(slice_from(bad[i]), &value, NULL) == ST_INVALID);
    }
    AUTO_BUFFER deep = buffer_create(1000);
    for (int i = 0; i < 65; i++)
        buffer_add_char(&deep, '[');
    AUTO_JSON value = NULL;
    CHECK(json_read(buffer_slice(&deep), &value, NULL) == ST_LIMIT);
}

static void goes_through_a_record(void)
{
    static const char text[] = "{\"name\":\"n\xC3\xA9\",\"open\":true,\"shade\":\"light\","
                               "\"at\":\"2026-03-02T09:12:40+00:00\",\"dots\":[{\"x\":1},{\"x\":2}],"
                               "\"first\":null}";
    AUTO_ARENA arena = arena_create(1 << 16);
    AUTO_JSON value = NULL;
    struct drawing drawing;
    CHECK_OK(json_read(slice_from(text), &value, NULL));
    CHECK_OK(json_to_record(value, &drawing_record, arena, &drawing, NULL));
    CHECK(drawing.open && drawing.shade == LIGHT && drawing.dots.count == 2 && !drawing.first);
    CHECK_NUMBER(drawing.dots.items[1].x, 2);
    AUTO_JSON back = json_from_record(&drawing_record, &drawing, zone_utc());
    CHECK_TEXT(json_write(back, arena), text);
}

static void names_the_member_that_is_wrong(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"{\"open\":1}", "open: true or false is needed"},
        {"{\"shade\":\"red\"}", "shade: one of its known words is needed"},
        {"{\"at\":\"yesterday\"}", "at: a date and time with offset is needed"},
        {"{\"dots\":[{\"x\":-1}]}", "x: a number from 0 to 4294967295 is needed"},
        {"{\"other\":1}", "JSON: unknown member; see the documentation"},
        {"[]", "JSON: an object is needed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        AUTO_JSON value = NULL;
        struct drawing drawing;
        struct problem why;
        check_row(cases[i].text);
        CHECK_OK(json_read(slice_from(cases[i].text), &value, NULL));
        CHECK(json_to_record(value, &drawing_record, arena, &drawing, &why) == ST_INVALID);
        CHECK_TEXT(slice_from(why.detail), cases[i].why);
    }
}

/* One line through both readers. */
static void members_are_those_of_the_tree(void)
{
    static const struct {
        const char *line, *text;
        int64_t number; /* -1: none */
    } cases[] = {
        {"{\"text\":\"a\",\"n\":3}", "a", 3},
        {" { \"n\" : 12 , \"text\" : \"jeudi \xC3\xA0 14h\" } ", "jeudi \xC3\xA0 14h", 12},
        {"{\"text\":\"a\\\"b\\\\c\\/\\n\\t\",\"n\":0}", "a\"b\\c/\n\t", 0},
        {"{\"text\":\"caf\\u00e9\",\"n\":7}", "caf\xC3\xA9", 7}, /* by jansson */
        {"{\"text\":null,\"n\":1.5}", "", -1},
        {"{\"text\":7,\"n\":\"3\"}", "", -1},
        {"{\"in\":{\"text\":\"no\",\"n\":5},\"list\":[{\"n\":1},{\"n\":1}]}", "", -1},
        {"{\"n\":-42,\"x\":[],\"y\":{},\"z\":[1,2.25,true,false,null]}", "", -42},
        {"{\"n\":1e2}", "", -1},
        {"{\"n\":1234567890123456789}", "", 1234567890123456789},
        {"[\"text\"]", "", -1},
        {"{}", "", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        struct json_member members[] = {{LIT("text")}, {LIT("n")}};
        check_row(cases[i].line);
        CHECK_OK(json_members(slice_from(cases[i].line), members, 2, arena, NULL));
        CHECK_TEXT(members[0].text, cases[i].text);
        CHECK(members[1].has_number == (cases[i].number != -1));
        CHECK_NUMBER(members[1].has_number ? members[1].number : -1, cases[i].number);
    }
}

static void members_of_what_is_malformed(void)
{
    static const char *const bad[] = {
        "",          "{",          "{\"a\":1,}",  "[1,]",      "[01]",
        "nul",       "{}x",        "[\"\xFF\"]",  "[NaN]",            "[1e999]",   "['a']",
        "[\"\\x\"]", "{\"a\" 1}",  "{a:1}",      "{\"a\":-}",        "{\"a\":1.}", "{\"a\":\"\t\"}",
        "[\"\\ud800\"]", "[99999999999999999999]", "{\"a\":\"b",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        AUTO_JSON tree = NULL;
        struct json_member members[] = {{LIT("a")}};
        struct problem one = {0}, other = {0};
        check_row(bad[i]);
        CHECK(json_members(slice_from(bad[i]), members, 1, arena, &one) == ST_INVALID);
        CHECK(json_read(slice_from(bad[i]), &tree, &other) == ST_INVALID);
        CHECK_TEXT(slice_from(one.detail), other.detail);
    }
}

static void puts_text_as_jansson_does(void)
{
    static const char every[] = "\x01\x07\b\t\n\v\f\r\x1F !\"/\\a\x7F\xC3\xA9\xE2\x80\xA8";
    AUTO_ARENA arena = arena_create(1 << 16);
    AUTO_BUFFER out = buffer_create(1000);
    const struct slice text = {every, sizeof every - 1};
    AUTO_JSON value = json_from_text(text);
    json_put_text(&out, text);
    CHECK(slice_equal(buffer_slice(&out), json_write(value, arena)));
    buffer_clear(&out);
    json_put_text(&out, SLICE_NONE);
    CHECK_TEXT(buffer_slice(&out), "\"\"");
}

static void refuses_a_name_twice_where_asked(void)
{
    static const struct {
        const char *text;
        bool fits;
    } cases[] = {
        {"{\"a\":1,\"b\":{\"a\":1}}", true},
        {"{\"a\":1,\"a\":1}", false},
        {"{\"a\":1,\"\\u0061\":1}", false},
        {"[{\"a\":{\"b\":1,\"b\":2}}]", false},
        {"{\"a\\u0000\":1}", true},
        {"{\"a\\u0000\":1,\"a\\u0000\":2}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_JSON value = NULL;
        AUTO_JSON last = NULL;
        check_row(cases[i].text);
        CHECK_NUMBER(json_read_unique(slice_from(cases[i].text), &value, NULL), cases[i].fits ? ST_OK : ST_INVALID);
        CHECK_OK(json_read(slice_from(cases[i].text), &last, NULL));
    }
}

int main(void)
{
    TEST(every_kind_goes_there_and_back);
    TEST(every_kind_is_refused_by_name);
    TEST(members_are_those_of_the_tree);
    TEST(members_of_what_is_malformed);
    TEST(puts_text_as_jansson_does);
    TEST(refuses_what_is_malformed);
    TEST(takes_the_last_of_a_name);
    TEST(refuses_a_name_twice_where_asked);
    TEST(goes_through_a_record);
    TEST(names_the_member_that_is_wrong);
    return check_done();
}
