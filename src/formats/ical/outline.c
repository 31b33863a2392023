/* Finds the components of an iCalendar text without reading them, so that one damaged
 * component costs only itself. */
#include "formats/ical/internal.h"

bool content_line_next(struct slice *rest, struct buffer *line)
{
    buffer_clear(line);
    if (rest->len == 0)
        return false;
    for (;;) {
        size_t end = 0;
        while (end < rest->len && rest->data[end] != '\n' && rest->data[end] != '\r')
            end++;
        buffer_add(line, slice_sub(*rest, 0, end));
        if (end + 1 < rest->len && rest->data[end] == '\r' && rest->data[end + 1] == '\n')
            end++;
        *rest = slice_sub(*rest, end + 1, rest->len);
        if (rest->len == 0 || (rest->data[0] != ' ' && rest->data[0] != '\t'))
            return true;
        *rest = slice_sub(*rest, 1, rest->len); /* folded: the white space is not content */
    }
}

bool content_line_is(struct slice line, const char *name)
{
    struct slice wanted = slice_from(name);
    return slice_starts_nocase(line, wanted) && line.len > wanted.len &&
           (line.data[wanted.len] == ':' || line.data[wanted.len] == ';');
}

struct slice content_line_value(struct slice line)
{
    bool quoted = false;
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] == '"')
            quoted = !quoted;
        else if (line.data[i] == ':' && !quoted)
            return slice_trim(slice_sub(line, i + 1, line.len));
    }
    return SLICE_NONE;
}

struct reading {
    struct outline *out;
    struct arena *arena;
    struct slice text;
    struct slice open_name; /* of the component that is being passed; empty outside */
    size_t open_at;
    bool found;
};

static enum block_kind kind_of(struct slice name)
{
    static const struct {
        const char *name;
        enum block_kind kind;
    } kinds[] = {{"VEVENT", BLOCK_EVENT}, {"VTIMEZONE", BLOCK_ZONE}, {"VFREEBUSY", BLOCK_FREEBUSY}, {"VAVAILABILITY", BLOCK_AVAILABILITY}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_equal_nocase(name, slice_from(kinds[i].name)))
            return kinds[i].kind;
    return BLOCK_OTHER;
}

static void close_block(struct reading *reading, size_t at)
{
    if (reading->open_name.len == 0)
        return;
    struct block block = {kind_of(reading->open_name),
                          slice_sub(reading->text, reading->open_at, at)};
    reading->out->events += block.kind == BLOCK_EVENT;
    ARENA_PUSH(reading->arena, &reading->out->blocks, block);
    reading->open_name = SLICE_NONE;
}

static void read_begin(struct reading *reading, struct slice name, size_t at)
{
    bool calendar = slice_equal_nocase(name, LIT("VCALENDAR"));
    bool event = slice_equal_nocase(name, LIT("VEVENT"));
    reading->found |= calendar || event;
    reading->out->calendar_end = reading->text.len; /* until END:VCALENDAR comes again */
    /* A VEVENT never stands inside another component: the one before has lost its END. */
    if (calendar || event)
        close_block(reading, at);
    if (calendar || reading->open_name.len > 0)
        return;
    reading->open_name = name;
    reading->open_at = at;
}

static void read_property(struct outline *out, struct slice line)
{
    if (out->method.len == 0 && content_line_is(line, "METHOD"))
        out->method = content_line_value(line);
    if (out->prodid.len == 0 && content_line_is(line, "PRODID"))
        out->prodid = content_line_value(line);
}

static void read_line(struct reading *reading, struct slice line, size_t at, size_t after)
{
    struct slice name = slice_trim(line);
    if (slice_starts_nocase(name, LIT("BEGIN:"))) {
        read_begin(reading, slice_trim(slice_sub(name, 6, name.len)), at);
    } else if (slice_starts_nocase(name, LIT("END:"))) {
        name = slice_trim(slice_sub(name, 4, name.len));
        bool calendar = slice_equal_nocase(name, LIT("VCALENDAR"));
        if (calendar)
            reading->out->calendar_end = at;
        if (calendar || slice_equal_nocase(name, reading->open_name))
            close_block(reading, calendar ? at : after);
    } else if (reading->open_name.len == 0) {
        read_property(reading->out, name);
    }
}

enum status outline_read(struct slice text, struct arena *arena, struct outline *out,
                         struct problem *why)
{
    *out = (struct outline){.calendar_end = text.len};
    struct reading reading = {.out = out, .arena = arena, .text = text};
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.data[end] != '\n' && text.data[end] != '\r')
            end++;
        size_t after = end + 1;
        if (after < text.len && text.data[end] == '\r' && text.data[after] == '\n')
            after++;
        if (after > text.len)
            after = text.len;
        if (end > at && text.data[at] != ' ' && text.data[at] != '\t')
            read_line(&reading, slice_sub(text, at, end), at, after);
        at = after;
    }
    close_block(&reading, text.len);
    if (!reading.found)
        return problem_set(why, ST_INVALID, "no calendar in it: BEGIN:VCALENDAR is missing");
    if (out->events > ICAL_EVENTS_MAX)
        return problem_set(why, ST_LIMIT, "more than %d events in one calendar", ICAL_EVENTS_MAX);
    return ST_OK;
}
