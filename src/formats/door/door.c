#include "formats/door/door.h"

#include "formats/json/json.h"

const char *const door_method_names[DOOR_METHOD_COUNT_] = {"biometric", "badge", "code", "other"};

enum member { MEMBER_TIME, MEMBER_PERSON, MEMBER_DIRECTION, MEMBER_METHOD, MEMBER_COUNT_ };
static const char *const member_names[MEMBER_COUNT_] = {"time", "person", "direction", "method"};

enum { CELLS_MAX = 64 };

struct header {
    size_t at[MEMBER_COUNT_]; /* which cell has it */
    char sign;                /* between cells */
};

/* Words */

static enum door_method word_method(struct slice word)
{
    static const struct {
        const char *word;
        enum door_method method;
    } rows[] = {
        {"biometric", DOOR_BIOMETRIC}, {"biometrics", DOOR_BIOMETRIC}, {"fingerprint", DOOR_BIOMETRIC}, {"finger", DOOR_BIOMETRIC},
        {"face", DOOR_BIOMETRIC},      {"iris", DOOR_BIOMETRIC},       {"palm", DOOR_BIOMETRIC},        {"vein", DOOR_BIOMETRIC},
        {"badge", DOOR_BADGE},         {"card", DOOR_BADGE},           {"code", DOOR_CODE},             {"pin", DOOR_CODE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal_nocase(word, slice_from(rows[i].word)))
            return rows[i].method;
    return DOOR_OTHER;
}

/* "badge+fingerprint": the strongest of them, which stands first in the enum. */
static enum door_method read_method(struct slice text)
{
    enum door_method best = DOOR_OTHER;
    while (text.len > 0) {
        size_t end = slice_find(text, LIT("+"), 0);
        enum door_method one = word_method(slice_trim(slice_sub(text, 0, end)));
        best = one < best ? one : best;
        text = end == SIZE_MAX ? SLICE_NONE : slice_sub(text, end + 1, text.len);
    }
    return best;
}

bool door_is_person(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.data[i]) && !ascii_is_digit(text.data[i]) && text.data[i] != '.' && text.data[i] != '-' &&
            text.data[i] != '_')
            return false;
    return text.len > 0 && text.len <= DOOR_PERSON_BYTES_MAX;
}

/* "2026-11-26T08:59:00+01:00", or "2026-11-26 08:59[:00]" of the zone. A day alone is no time. */
static bool read_time(struct slice text, const struct zone *zone, struct arena *arena, struct instant *at)
{
    struct civil wall;
    if (text.len < sizeof "2026-11-26T08:59" - 1)
        return false;
    if (instant_parse(text, at, NULL, NULL) == ST_OK)
        return true;
    char *copy = arena_text(arena, text);
    if (copy[10] == ' ')
        copy[10] = 'T';
    if (civil_parse(slice_from(copy), &wall, NULL) != ST_OK)
        return false;
    *at = civil_to_instant(wall, zone);
    return true;
}

static bool read_line(const struct slice said[MEMBER_COUNT_], const struct zone *zone, struct arena *arena,
                      struct door_line *out)
{
    struct slice direction = said[MEMBER_DIRECTION];
    out->out = slice_equal_nocase(direction, LIT("out"));
    if (!out->out && !slice_equal_nocase(direction, LIT("in")))
        return false;
    if (!door_is_person(said[MEMBER_PERSON]) || said[MEMBER_METHOD].len == 0)
        return false;
    out->person = said[MEMBER_PERSON];
    out->method = read_method(said[MEMBER_METHOD]);
    return read_time(said[MEMBER_TIME], zone, arena, &out->at);
}

/* Comma-separated values */

/* The text of a cell in quotes, and where it ends; false: no quote ends it, or something follows. */
static bool quoted_cell(struct slice line, size_t *at, char sign, struct arena *arena, struct slice *cell)
{
    AUTO_BUFFER out = buffer_create(DOOR_LINE_BYTES_MAX);
    for (size_t i = *at + 1; i < line.len; i++) {
        bool quote = line.data[i] == '"';
        if (quote && i + 1 < line.len && line.data[i + 1] == '"')
            i++; /* two of them are one */
        else if (quote) {
            *at = i + 1;
            *cell = arena_copy(arena, buffer_slice(&out));
            return *at == line.len || line.data[*at] == sign;
        }
        buffer_add(&out, slice_sub(line, i, i + 1));
    }
    return false;
}

/* How many cells there are; 0: it is no row. */
static size_t read_row(struct slice line, char sign, struct arena *arena, struct slice cells[CELLS_MAX])
{
    size_t count = 0;
    for (size_t at = 0; count < CELLS_MAX; at++) {
        if (at < line.len && line.data[at] == '"') {
            if (!quoted_cell(line, &at, sign, arena, &cells[count]))
                return 0;
        } else {
            size_t end = slice_find(line, (struct slice){&sign, 1}, at);
            cells[count] = slice_sub(line, at, end);
            at = end == SIZE_MAX ? line.len : end;
        }
        cells[count] = slice_trim(cells[count]);
        count++;
        if (at >= line.len)
            return count;
    }
    return 0;
}

static bool read_header(struct slice line, struct arena *arena, struct header *out)
{
    struct slice cells[CELLS_MAX];
    out->sign = slice_contains(line, LIT(";")) ? ';' : ',';
    size_t count = read_row(line, out->sign, arena, cells);
    for (int member = 0; member < MEMBER_COUNT_; member++) {
        size_t at = 0;
        while (at < count && !slice_equal_nocase(cells[at], slice_from(member_names[member])))
            at++;
        if (at == count)
            return false;
        out->at[member] = at;
    }
    return true;
}

static bool read_cells(struct slice line, const struct header *header, const struct zone *zone, struct arena *arena,
                       struct door_line *out)
{
    struct slice cells[CELLS_MAX], said[MEMBER_COUNT_];
    size_t count = read_row(line, header->sign, arena, cells);
    for (int member = 0; member < MEMBER_COUNT_; member++) {
        if (header->at[member] >= count)
            return false;
        said[member] = cells[header->at[member]];
    }
    return read_line(said, zone, arena, out);
}

/* JSON lines */

static bool read_object(struct slice line, const struct zone *zone, struct arena *arena, struct door_line *out)
{
    AUTO_JSON object = NULL;
    struct slice said[MEMBER_COUNT_];
    if (json_read(line, &object, NULL) != ST_OK || !json_is_object(object))
        return false;
    for (int member = 0; member < MEMBER_COUNT_; member++)
        said[member] = arena_copy(arena, json_text(object, member_names[member]));
    return read_line(said, zone, arena, out);
}

/* What follows a header, or, where it is NULL, objects. */
static enum status read_lines(struct slice rest, const struct header *header, size_t number, const struct zone *zone,
                              struct arena *arena, struct door_log *log, struct problem *why)
{
    struct slice line;
    for (; slice_next_line(&rest, &line); number++) {
        struct door_line read = {0};
        if (number > DOOR_LINES_MAX)
            return problem_set(why, ST_LIMIT, "a door log has at most %d lines", DOOR_LINES_MAX);
        line = slice_trim(line);
        if (line.len == 0)
            continue;
        bool good = line.len <= DOOR_LINE_BYTES_MAX && (header != NULL ? read_cells(line, header, zone, arena, &read)
                                                                       : read_object(line, zone, arena, &read));
        if (good)
            ARENA_PUSH(arena, log, read);
        else if (log->refused++ == 0)
            log->first_refused = number;
    }
    return ST_OK;
}

enum status door_read(struct slice text, const struct zone *zone, struct arena *arena, struct door_log *out,
                      struct problem *why)
{
    struct door_log log = {0};
    struct header header;
    struct slice line;
    if (text.len > DOOR_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "a door log has at most %d bytes", DOOR_BYTES_MAX);
    if (utf8_bad_at(text) != SIZE_MAX)
        return problem_set(why, ST_INVALID, "the door log is not UTF-8");
    if (slice_starts(text, LIT("\xef\xbb\xbf")))
        text = slice_sub(text, 3, text.len);
    if (slice_starts(slice_trim(text), LIT("{")))
        TRY(read_lines(text, NULL, 1, zone, arena, &log, why));
    else {
        struct slice rest = text;
        if (!slice_next_line(&rest, &line) || line.len > DOOR_LINE_BYTES_MAX || !read_header(slice_trim(line), arena, &header))
            return problem_set(why, ST_INVALID, "the first line of a door log names its columns: time, person, direction, method");
        TRY(read_lines(rest, &header, 2, zone, arena, &log, why));
    }
    *out = log;
    return ST_OK;
}
