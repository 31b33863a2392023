#include "base/eventlog/eventlog.h"

#include <unistd.h>

static const struct {
    const char *name, *sentence;
    enum event_mark mark;
    enum event ended;
} events[] = {
#define EVENT(name, text, sentence) [EVENT_##name] = {text, sentence, EVENT_PLAIN, EVENT_COUNT_},
#define TOLD(name, text, sentence) [EVENT_##name] = {text, sentence, EVENT_TOLD, EVENT_COUNT_},
#define ENDS(name, text, sentence, other) [EVENT_##name] = {text, sentence, EVENT_ENDS, EVENT_##other},
#define KEY(name, text, sentence)
#include "base/eventlog/events.def"
#undef EVENT
#undef TOLD
#undef ENDS
#undef KEY
};
static const char *const key_names[] = {
#define EVENT(name, text, sentence)
#define TOLD(name, text, sentence)
#define ENDS(name, text, sentence, other)
#define KEY(name, text, sentence) [KEY_##name] = text,
#include "base/eventlog/events.def"
#undef EVENT
#undef TOLD
#undef ENDS
#undef KEY
};

enum { LINE_BYTES_MAX = 4096 };

static const char *log_role = "";
static int log_fd = -1;
static event_sink_fn *log_sink;
static void *log_sink_context;

void event_log_open(const char *role, int fd)
{
    log_role = role;
    log_fd = fd;
}

void event_log_sink(event_sink_fn *fn, void *context)
{
    log_sink = fn;
    log_sink_context = context;
}

const char *event_name(enum event event)
{
    return (size_t)event < EVENT_COUNT_ ? events[event].name : "unknown";
}

const char *event_key_name(enum event_key key)
{
    return key_names[key];
}

enum event event_from_name(struct slice name)
{
    for (int i = 0; i < EVENT_COUNT_; i++)
        if (slice_equal(name, slice_from(events[i].name)))
            return (enum event)i;
    return EVENT_COUNT_;
}

enum event_mark event_mark(enum event event)
{
    return events[event].mark;
}

enum event event_ended(enum event event)
{
    return events[event].ended;
}

const char *event_sentence(enum event event)
{
    return events[event].sentence;
}

struct event_field field_text(enum event_key key, const char *word)
{
    return (struct event_field){key, EVENT_FIELD_TEXT, slice_from(word), 0};
}

struct event_field field_id(enum event_key key, struct slice id)
{
    return (struct event_field){key, EVENT_FIELD_ID, id, 0};
}

struct event_field field_number(enum event_key key, int64_t number)
{
    return (struct event_field){key, EVENT_FIELD_NUMBER, SLICE_NONE, number};
}

struct event_field field_status(enum status status)
{
    return field_text(KEY_STATUS, status_name(status));
}

struct event_field field_problem(const struct problem *why)
{
    return field_text(KEY_PROBLEM, why == NULL ? "" : why->detail);
}

static void add_json_text(struct buffer *line, struct slice text)
{
    buffer_add_char(line, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\')
            buffer_add_format(line, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            buffer_add_format(line, "\\u%04x", c);
        else
            buffer_add_char(line, (char)c);
    }
    buffer_add_char(line, '"');
}

static void write_line(enum event event, const struct event_field *fields, size_t count)
{
    if (log_fd < 0)
        return;
    AUTO_ARENA arena = arena_create(LINE_BYTES_MAX);
    AUTO_BUFFER line = buffer_create(LINE_BYTES_MAX);
    struct slice at = instant_format(clock_now(), zone_utc(), arena);
    buffer_add_format(&line, "{\"at\":\"%.*s\",\"role\":\"%s\",\"event\":\"%s\"", SLICE_ARG(at),
                      log_role, event_name(event));
    for (size_t i = 0; i < count; i++) {
        buffer_add_format(&line, ",\"%s\":", key_names[fields[i].key]);
        if (fields[i].kind == EVENT_FIELD_NUMBER)
            buffer_add_format(&line, "%lld", (long long)fields[i].number);
        else
            add_json_text(&line, fields[i].text);
    }
    buffer_add_text(&line, "}\n");
    /* One write, so that lines of several roles do not mix; a full log disk must not
     * stop the service, so a failure is not reported. */
    if (!line.full && write(log_fd, line.data, line.len) < 0)
        return;
}

void event_log_fields(enum event event, const struct event_field *fields, size_t count)
{
    write_line(event, fields, count);
    if (log_sink != NULL && events[event].mark != EVENT_PLAIN)
        log_sink(log_sink_context, event, fields, count);
}
