#include "check.h"
#include "formats/csv/csv.h"

static const struct {
    const char *first, *second, *want;
} rows[] = {
    {"a", "b", "a,b\r\n"},
    {"", "", ",\r\n"},
    {"a,b", "c", "\"a,b\",c\r\n"},
    {"say \"yes\"", "c", "\"say \"\"yes\"\"\",c\r\n"}, /* quoted for its quotes */
    {"two\nlines", "c", "\"two\nlines\",c\r\n"},
    {" at the edge", "and here ", "\" at the edge\",\"and here \"\r\n"},
    {"é", "日程", "é,日程\r\n"},
    {"-12", "12", "-12,12\r\n"},
    {"=1+1", "+1", "'=1+1,'+1\r\n"},
    {"-", "-1+2", "'-,'-1+2\r\n"},
    {"@SUM(A1)", "\tx", "'@SUM(A1),\"'\tx\"\r\n"},
    {"\r=1", "\n=1", "\"'\r=1\",\"'\n=1\"\r\n"},
    {"  =cmd|' /c calc'!A0", "x", "\"'  =cmd|' /c calc'!A0\",x\r\n"},
    {"=HYPERLINK(\"a\",\"b\")", "x", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\",x\r\n"},
    {"\uFF1D1", "a=b", "'\uFF1D1,a=b\r\n"},
    {"a\xFF", "b", "a\uFFFD,b\r\n"},
};

static void rows_as_others_read_them(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUFFER out = buffer_create(4096);
        struct slice cells[] = {slice_from(rows[i].first), slice_from(rows[i].second)};
        check_row(rows[i].first);
        csv_put_row(cells, 2, &out);
        CHECK_TEXT(buffer_slice(&out), rows[i].want);
    }
}

/* Every byte in first place: the cell never begins with what starts a formula. */
static void no_first_byte_starts_a_formula(void)
{
    for (int byte = 1; byte < 256; byte++) {
        AUTO_BUFFER out = buffer_create(4096);
        char text[] = {(char)byte, 'x', '(', ')'};
        csv_put_row(&(struct slice){text, sizeof text}, 1, &out);
        const char *first = out.data + (out.data[0] == '"');
        CHECK(memchr("=+-@\t\r\n", *first, 7) == NULL);
    }
}

int main(void)
{
    TEST(rows_as_others_read_them);
    TEST(no_first_byte_starts_a_formula);
    return check_done();
}
