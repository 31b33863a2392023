#include "base/bytes/wordclass.h"
#include "check.h"

static void finds_trims_and_compares(void)
{
    CHECK(slice_equal(slice_trim(LIT("  a b\t\n")), LIT("a b")));
    CHECK(slice_equal_nocase(LIT("Content-Type"), LIT("content-TYPE")));
    CHECK(!slice_equal_nocase(LIT("a"), LIT("ab")));
    CHECK_NUMBER(slice_find(LIT("abcabc"), LIT("ca"), 0), 2);
    CHECK(slice_find(LIT("abc"), LIT("x"), 0) == SIZE_MAX);
    CHECK(slice_find(LIT("abc"), LIT("a"), 4) == SIZE_MAX);
    CHECK_NUMBER(slice_find_nocase(LIT("xxABc"), LIT("abC"), 1), 2);
    CHECK(slice_starts(LIT("abc"), LIT("ab")) && slice_ends(LIT("abc"), LIT("bc")));
    CHECK(slice_compare(LIT("ab"), LIT("abc")) < 0 && slice_compare(LIT("b"), LIT("abc")) > 0);
    uint64_t value;
    CHECK(slice_to_u64(LIT("42"), 100, &value) && value == 42);
    CHECK(!slice_to_u64(LIT("101"), 100, &value));
    CHECK(!slice_to_u64(LIT("99999999999999999999"), UINT64_MAX, &value));
    CHECK(!slice_to_u64(LIT("4x"), 100, &value) && !slice_to_u64(LIT(""), 100, &value));
}

static void walks_lines(void)
{
    struct slice rest = LIT("one\r\ntwo\n\nlast"), line;
    CHECK(slice_next_line(&rest, &line));
    CHECK_TEXT(line, "one");
    CHECK(slice_next_line(&rest, &line));
    CHECK_TEXT(line, "two");
    CHECK(slice_next_line(&rest, &line) && line.len == 0);
    CHECK(slice_next_line(&rest, &line));
    CHECK_TEXT(line, "last");
    CHECK(!slice_next_line(&rest, &line));
}

static void reads_utf8_strictly(void)
{
    static const struct {
        const char *text;
        size_t bad_at;
    } cases[] = {
        {"é €\xF0\x9F\x98\x80", SIZE_MAX}, {"a\xC0\x80", 1},      {"\xED\xA0\x80", 0},
        {"\xF5\x80\x80\x80", 0},           {"ab\xE2\x82", 2},     {"\xF0\x8F\xBF\xBF", 0},
        {"\xF4\x90\x80\x80", 0},           {"caf\xE9 noir", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].text);
        CHECK(utf8_bad_at(slice_from(cases[i].text)) == cases[i].bad_at);
    }
    AUTO_ARENA arena = arena_create(4096);
    CHECK_TEXT(utf8_repair(LIT("caf\xE9 noir"), arena), "caf\xEF\xBF\xBD noir");
    CHECK_TEXT(utf8_repair((struct slice){"a\0b", 3}, arena), "a\xEF\xBF\xBD" "b");
}

static void buffers_keep_their_maximum(void)
{
    AUTO_BUFFER buffer = buffer_create(10);
    buffer_add_text(&buffer, "12345");
    buffer_add_format(&buffer, "%d", 678);
    CHECK_TEXT(buffer_slice(&buffer), "12345678");
    CHECK(buffer_check(&buffer, "it", NULL) == ST_OK);
    buffer_add_text(&buffer, "9abc");
    CHECK(buffer.full);
    CHECK_TEXT(buffer_slice(&buffer), "12345678");
    struct problem why;
    CHECK(buffer_check(&buffer, "the text", &why) == ST_LIMIT);
    CHECK_TEXT(slice_from(why.detail), "the text is longer than 10 bytes");
    buffer_clear(&buffer);
    buffer_add_text(&buffer, "abcdef");
    buffer_consume(&buffer, 2);
    CHECK_TEXT(buffer_slice(&buffer), "cdef");
}

static void encodes_bytes(void)
{
    static const struct {
        const char *plain, *base64, *url, *hex;
    } cases[] = {
        {"", "", "", ""},
        {"f", "Zg==", "Zg", "66"},
        {"fo", "Zm8=", "Zm8", "666f"},
        {"foo", "Zm9v", "Zm9v", "666f6f"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172"},
        {"\xFB\xFF", "+/8=", "-_8", "fbff"},
    };
    AUTO_ARENA arena = arena_create(1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].base64);
        struct slice plain = slice_from(cases[i].plain), back;
        AUTO_BUFFER base64 = buffer_create(100), url = buffer_create(100), hex = buffer_create(100);
        base64_encode(plain, &base64);
        base64url_encode(plain, &url);
        hex_encode(plain, &hex);
        CHECK_TEXT(buffer_slice(&base64), cases[i].base64);
        CHECK_TEXT(buffer_slice(&url), cases[i].url);
        CHECK_TEXT(buffer_slice(&hex), cases[i].hex);
        CHECK(base64url_decode(buffer_slice(&url), arena, &back) == ST_OK && slice_equal(back, plain));
        CHECK(hex_decode(buffer_slice(&hex), arena, &back) == ST_OK && slice_equal(back, plain));
    }
    struct slice out;
    CHECK(base64url_decode(LIT("Zg=="), arena, &out) == ST_INVALID);
    CHECK(base64url_decode(LIT("Zh"), arena, &out) == ST_INVALID); /* bits left over */
    CHECK(base64url_decode(LIT("A"), arena, &out) == ST_INVALID);
    CHECK(hex_decode(LIT("6g"), arena, &out) == ST_INVALID);
    CHECK(hex_decode(LIT("666"), arena, &out) == ST_INVALID);
}

static void arenas_zero_and_grow(void)
{
    AUTO_ARENA arena = arena_create_wiped(1 << 20);
    struct slice_list list = {0};
    for (int i = 0; i < 100; i++)
        ARENA_PUSH(arena, &list, arena_format(arena, "item %d", i));
    CHECK_NUMBER(list.count, 100);
    CHECK_TEXT(list.items[0], "item 0");
    CHECK_TEXT(list.items[99], "item 99");
    unsigned char *zeroed = arena_alloc(arena, 100000);
    unsigned sum = 0;
    for (int i = 0; i < 100000; i++)
        sum += zeroed[i];
    CHECK_NUMBER(sum, 0);
    CHECK((uintptr_t)arena_alloc(arena, 1) % 16 == 0);
}

static void arenas_are_used_again(void)
{
    AUTO_ARENA arena = arena_create_wiped(64 << 10);
    for (int round = 0; round < 100; round++) { /* the cap counts from the last clearing */
        char *small = arena_alloc(arena, 100), *large = arena_alloc(arena, 40 << 10);
        CHECK(small[0] == 0 && small[99] == 0 && large[0] == 0 && large[(40 << 10) - 1] == 0);
        memset(small, 'x', 100);
        memset(large, 'x', 40 << 10);
        CHECK(arena_used(arena) > (40 << 10));
        arena_clear(arena);
        CHECK_NUMBER(arena_used(arena), 0);
    }
    AUTO_ARENA unused = arena_create(1);
    arena_clear(unused);
    CHECK_NUMBER(arena_room(unused), 1);
}

static void finds_words_in_lists(void)
{
    static const char days[] = "lundi mardi mercredi jeudi mardi d";
    static const char none[] = "";
    static const char *const marks[] = {"jeudi", "a b", "mardi"};
    static const struct {
        const char *word;
        uint32_t in_days, in_marks;
    } cases[] = {
        {"lundi", 1, 0}, {"mardi", 2, 3}, {"jeudi", 4, 1}, {"d", 6, 0},  {"a b", 0, 2},
        {"lund", 0, 0},  {"lundis", 0, 0}, {"", 0, 0},     {"b", 0, 0}, {"lundi mardi", 0, 0},
    };
    for (int round = 0; round < 2; round++) /* the first asks a list that is not yet known */
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct slice word = slice_from(cases[i].word);
            uint32_t hash = word_hash(word.data, word.len);
            check_row(cases[i].word);
            CHECK_NUMBER(wordlist_place(days, word, hash), cases[i].in_days);
            CHECK_NUMBER(wordlist_place_of(marks, 3, word, hash), cases[i].in_marks);
            CHECK_NUMBER(wordlist_place(none, word, hash), 0);
        }
    static const char same[] = "lundi mardi"; /* the same word of two lists */
    CHECK_NUMBER(wordlist_place(same, LIT("mardi"), word_hash("mardi", 5)), 2);
}

enum { DAYS, NONE, MANY = 70, CLASS_COUNT };
WORD_CLASSES(classes, CLASS_COUNT);

static void knows_the_classes_of_words(void)
{
    static const struct word_class french[] = {{DAYS, "lundi mardi"}, {NONE, ""}, {MANY, "a mardi"}};
    static const struct word_class english[] = {{DAYS, "monday"}, {NONE, ""}, {MANY, "a of"}};
    static const struct {
        const char *word;
        bool day, many;
    } cases[] = {{"lundi", true, false}, {"mardi", true, true}, {"monday", true, false},
                 {"a", false, true},     {"of", false, true},   {"mond", false, false},
                 {"", false, false},     {"lundi mardi", false, false}};
    CHECK_NUMBER(word_classes_row(&classes, LIT("lundi"), word_hash("lundi", 5)), 0); /* empty */
    word_classes_add(&classes, french, 3);
    word_classes_add(&classes, english, 3);
    CHECK_NUMBER(classes.rows, 1 + 5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice word = slice_from(cases[i].word);
        uint16_t row = word_classes_row(&classes, word, word_hash(word.data, word.len));
        check_row(cases[i].word);
        CHECK((row != 0) == (cases[i].day || cases[i].many));
        CHECK(word_classes_has(&classes, row, DAYS) == cases[i].day);
        CHECK(word_classes_has(&classes, row, MANY) == cases[i].many);
        CHECK(!word_classes_has(&classes, row, NONE));
    }
}

int main(void)
{
    TEST(finds_trims_and_compares);
    TEST(walks_lines);
    TEST(reads_utf8_strictly);
    TEST(buffers_keep_their_maximum);
    TEST(encodes_bytes);
    TEST(arenas_zero_and_grow);
    TEST(arenas_are_used_again);
    TEST(finds_words_in_lists);
    TEST(knows_the_classes_of_words);
    return check_done();
}
