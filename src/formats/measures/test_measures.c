/* Reports of a probe: what is one, and what is refused. */
#include "check.h"
#include "formats/measures/measures.h"

#define HEAD "rendez-probe 1\n"
static const struct {
    const char *name, *text;
    enum status status;
    size_t count, offset;
} cases[] = {
    {"none", HEAD, ST_OK, 0, 0},
    {"two", HEAD "1795634400123 up 18\n1795634410125 down 5000\n", ST_OK, 2, 0},
    {"the last line may be cut off its end", HEAD "1795634400123 unknown 0", ST_OK, 1, 0},
    {"nothing", "", ST_INVALID, 0, 0},
    {"another version", "rendez-probe 2\n", ST_INVALID, 0, 0},
    {"another word", HEAD "1795634400123 fine 18\n", ST_INVALID, 0, 15},
    {"no time it took", HEAD "1795634400123 up\n", ST_INVALID, 0, 15},
    {"more words", HEAD "1795634400123 up 18 x\n", ST_INVALID, 0, 15},
    {"no time", HEAD "up 18\n", ST_INVALID, 0, 15},
    {"at zero", HEAD "0 up 18\n", ST_INVALID, 0, 15},
    {"a sign", HEAD "-5 up 18\n", ST_INVALID, 0, 15},
    {"a zero before", HEAD "0795634400123 up 18\n", ST_INVALID, 0, 15},
    {"too late", HEAD "999999999999999999 up 18\n", ST_INVALID, 0, 15},
    {"took too long", HEAD "1795634400123 up 600001\n", ST_INVALID, 0, 15},
    {"twice the same time", HEAD "1795634400123 up 18\n1795634400123 up 18\n", ST_INVALID, 0, 35},
    {"back in time", HEAD "1795634400123 up 18\n1795634400122 up 18\n", ST_INVALID, 0, 35},
    {"an empty line", HEAD "1795634400123 up 18\n\n", ST_INVALID, 0, 35},
};

static void reads(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct measure_list list = {0};
        struct problem why = {0};
        check_row(cases[i].name);
        CHECK_NUMBER(measures_parse(slice_from(cases[i].text), arena, &list, &why), cases[i].status);
        CHECK_NUMBER(list.count, cases[i].count);
        CHECK_NUMBER(why.offset, cases[i].offset);
    }
}

static void writes_what_it_reads(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER text = buffer_create(2 * MEASURES_BYTES_MAX), again = buffer_create(2 * MEASURES_BYTES_MAX);
    struct measure_list list = {0};
    measures_format_head(&text);
    for (int64_t i = 0; i < MEASURES_MAX; i++) {
        struct measure measure = {{(1795634400123 + i * 10000) * 1000}, (enum measure_seen)(i % MEASURE_SEEN_COUNT_),
                                  (uint32_t)(i * 600)};
        measure_format(&measure, &text);
    }
    CHECK_OK(measures_parse(buffer_slice(&text), arena, &list, NULL));
    CHECK_NUMBER(list.count, MEASURES_MAX);
    measures_format_head(&again);
    for (size_t i = 0; i < list.count; i++)
        measure_format(&list.items[i], &again);
    CHECK(slice_equal(buffer_slice(&text), buffer_slice(&again)));
    /* One more than there may be. */
    buffer_add_text(&text, "1895634400123 up 1\n");
    CHECK_NUMBER(measures_parse(buffer_slice(&text), arena, &list, NULL), ST_LIMIT);
    while (text.len <= MEASURES_BYTES_MAX)
        buffer_add_char(&text, '\n');
    CHECK_NUMBER(measures_parse(buffer_slice(&text), arena, &list, NULL), ST_LIMIT);
}

int main(void)
{
    TEST(reads);
    TEST(writes_what_it_reads);
    return check_done();
}
