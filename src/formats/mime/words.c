/* Dates, names and addresses as mail programs write them in attribution lines. */
#include "formats/mime/internal.h"

#include <string.h>

/* Enough of each name to tell it from the others; French and English. */
static const struct {
    const char *prefix;
    uint8_t month;
} months[] = {
    {"jan", 1}, {"fev", 2}, {"feb", 2},  {"mars", 3}, {"mar", 3},  {"avr", 4}, {"apr", 4},
    {"mai", 5}, {"may", 5}, {"juin", 6}, {"jun", 6},  {"juil", 7}, {"jul", 7}, {"aou", 8},
    {"aug", 8}, {"sep", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12},
};
/* Words that begin like a month and are none. */
static const char *const not_months[] = {"mar.", "mardi", "marc", "marie", "marion", "martin",
                                         "mary", "mark",  "maya", "julie", "julien", "jane"};

static uint8_t month_of(struct slice word, char behind)
{
    for (size_t i = 0; i < sizeof not_months / sizeof *not_months; i++) {
        struct slice other = slice_from(not_months[i]);
        if (slice_equal(word, other))
            return 0;
        /* "mar. 6 oct." is a French Tuesday */
        if (behind == '.' && other.len == 4 && other.data[3] == '.' && word.len == 3 &&
            slice_starts(other, word))
            return 0;
    }
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (slice_starts(word, slice_from(months[i].prefix)))
            return months[i].month;
    return 0;
}

struct date_scan {
    struct slice text;
    size_t at;
    uint32_t day, month, year, hour, minute, second;
    bool has_time;
};

static uint32_t scan_number(struct date_scan *scan, size_t *digits)
{
    uint32_t value = 0;
    size_t from = scan->at;
    while (scan->at < scan->text.len && ascii_is_digit(scan->text.data[scan->at])) {
        if (scan->at - from < 8)
            value = value * 10 + (uint32_t)(scan->text.data[scan->at] - '0');
        scan->at++;
    }
    *digits = scan->at - from;
    return value;
}

static char scan_peek(const struct date_scan *scan, size_t ahead)
{
    return scan->at + ahead < scan->text.len ? scan->text.data[scan->at + ahead] : '\0';
}

static uint32_t full_year(uint32_t year, size_t digits)
{
    return digits == 2 ? 2000 + year : year;
}

/* first/second/third, as the day or the month comes first; a 12-hour clock behind it
 * is the mark of a writer who puts the month first. */
static void scan_numeric_date(struct date_scan *scan, uint32_t first, size_t first_digits,
                              char separator)
{
    size_t digits;
    scan->at++;
    uint32_t second = scan_number(scan, &digits);
    if (scan_peek(scan, 0) != separator || !ascii_is_digit(scan_peek(scan, 1)))
        return;
    scan->at++;
    uint32_t third = scan_number(scan, &digits);
    if (first_digits == 4) {
        scan->year = first, scan->month = second, scan->day = third;
        return;
    }
    bool clock_12 = text_has_word(scan->text, LIT("am")) || text_has_word(scan->text, LIT("pm"));
    bool month_first = second > 12 || (separator == '/' && clock_12 && first <= 12);
    scan->day = month_first ? second : first;
    scan->month = month_first ? first : second;
    scan->year = full_year(third, digits);
}

static void scan_time(struct date_scan *scan, uint32_t hour)
{
    size_t digits;
    scan->at++;
    scan->hour = hour;
    scan->minute = scan_number(scan, &digits);
    scan->second = 0;
    if (scan_peek(scan, 0) == ':' && ascii_is_digit(scan_peek(scan, 1))) {
        scan->at++;
        scan->second = scan_number(scan, &digits);
    }
    scan->has_time = true;
    size_t behind = scan->at;
    while (behind < scan->text.len && scan->text.data[behind] == ' ')
        behind++;
    struct slice rest = slice_sub(scan->text, behind, scan->text.len);
    if (slice_starts(rest, LIT("pm")) || slice_starts(rest, LIT("p.m")))
        scan->hour = hour % 12 + 12;
    else if (slice_starts(rest, LIT("am")) || slice_starts(rest, LIT("a.m")))
        scan->hour = hour % 12;
}

static void scan_digits(struct date_scan *scan)
{
    size_t digits;
    uint32_t value = scan_number(scan, &digits);
    char next = scan_peek(scan, 0);
    bool more = ascii_is_digit(scan_peek(scan, 1));
    if (more && (next == '/' || next == '-' || next == '.') && scan->year == 0 &&
        (digits <= 2 || digits == 4)) {
        size_t before = scan->at;
        scan_numeric_date(scan, value, digits, next);
        if (scan->year != 0)
            return;
        scan->at = before;
    }
    if (more && (next == ':' || next == 'h' || next == '.') && digits <= 2 && !scan->has_time) {
        scan_time(scan, value);
        return;
    }
    if (digits == 4 && value >= 1970 && value < 2200 && scan->year == 0)
        scan->year = value;
    else if (digits <= 2 && value >= 1 && value <= 31 && scan->day == 0)
        scan->day = value;
}

static void scan_letters(struct date_scan *scan)
{
    size_t from = scan->at;
    while (scan->at < scan->text.len && ascii_is_alpha(scan->text.data[scan->at]))
        scan->at++;
    uint8_t month = month_of(slice_sub(scan->text, from, scan->at), scan_peek(scan, 0));
    if (month != 0 && scan->month == 0)
        scan->month = month;
}

bool words_to_civil(struct slice folded, struct civil *out)
{
    struct date_scan scan = {.text = folded};
    while (scan.at < folded.len && !(scan.year != 0 && scan.day != 0 && scan.has_time)) {
        if (ascii_is_digit(folded.data[scan.at]))
            scan_digits(&scan);
        else if (ascii_is_alpha(folded.data[scan.at]))
            scan_letters(&scan);
        else
            scan.at++;
    }
    if (scan.year > 9999 || scan.month > 12 || scan.day > 31 || scan.hour > 23 ||
        scan.minute > 59 || scan.second > 59)
        return false;
    struct civil_date date = {(int32_t)scan.year, (uint8_t)scan.month, (uint8_t)scan.day};
    if (!civil_date_is_valid(date))
        return false;
    *out = (struct civil){date, (uint8_t)scan.hour, (uint8_t)scan.minute, (uint8_t)scan.second};
    return true;
}

static bool is_address_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || (c != '\0' && strchr("._%+-'=&#", c) != NULL);
}

/* The addr-spec around the `at`-th byte, an "@"; false when there is none. */
static bool address_around(struct slice words, size_t at, size_t *from, size_t *to)
{
    *from = at, *to = at + 1;
    while (*from > 0 && is_address_byte(words.data[*from - 1]))
        (*from)--;
    while (*to < words.len && (ascii_is_alpha(words.data[*to]) || ascii_is_digit(words.data[*to]) ||
                               words.data[*to] == '.' || words.data[*to] == '-'))
        (*to)++;
    while (*to > at + 1 && (words.data[*to - 1] == '.' || words.data[*to - 1] == '-'))
        (*to)--;
    return *from<at && * to> at + 1;
}

static struct slice name_trim(struct slice name)
{
    for (;;) {
        struct slice before = name;
        name = slice_trim(name);
        if (name.len > 0 && strchr("\"'<>([,;:*-", name.data[0]) != NULL)
            name = slice_sub(name, 1, name.len);
        if (name.len > 0 && strchr("\"'<([,;:*", name.data[name.len - 1]) != NULL)
            name = slice_sub(name, 0, name.len - 1);
        if (name.len == before.len)
            return name;
    }
}

static struct slice lower_domain(struct slice address, struct arena *arena)
{
    char *copy = arena_text(arena, address);
    size_t at = slice_find(address, LIT("@"), 0);
    for (size_t i = at == SIZE_MAX ? 0 : at; i < address.len; i++)
        copy[i] = ascii_lower(copy[i]);
    return (struct slice){copy, address.len};
}

struct mailbox words_to_mailbox(struct slice words, struct arena *arena)
{
    struct mailbox box = {.name = name_trim(words)};
    size_t from, to, at = slice_find(words, LIT("@"), 0);
    if (at == SIZE_MAX || !address_around(words, at, &from, &to))
        return box;
    box.address = lower_domain(slice_sub(words, from, to), arena);
    size_t cut = from;
    size_t mailto = slice_find_nocase(words, LIT("mailto:"), 0);
    if (mailto < cut)
        cut = mailto;
    box.name = name_trim(slice_sub(words, 0, cut));
    return box;
}
