/* Every string of the files named, as each text that strangers can fill: a mail's subject, text
 * and name, an event's summary, place, description and names, a page, JSON, a line of the log.
 * Each is given back as it was and nothing else changes. The suite `naughty` does the same with
 * some of them through the whole service. A file is a list in JSON, or a string a line. */
#include <fcntl.h>
#include <unistd.h>

#include "base/eventlog/eventlog.h"
#include "check.h"
#include "formats/http/http.h"
#include "formats/ical/ical.h"
#include "formats/json/json.h"
#include "formats/mime/mime.h"

enum { FILE_BYTES_MAX = 4 << 20, WORK_BYTES_MAX = 64 << 20, SUBJECT_MAX = 900 };

/* What a header keeps of a line: no space around, single spaces inside. */
static struct slice plain(struct slice text, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(FILE_BYTES_MAX);
    bool space = false;
    for (size_t i = 0; i < text.len; i++) {
        bool blank = text.data[i] == ' ' || text.data[i] == '\t';
        if (blank && !space && out.len > 0)
            buffer_add_char(&out, ' ');
        else if (!blank)
            buffer_add_char(&out, text.data[i]);
        space = blank;
    }
    if (out.len > 0 && out.data[out.len - 1] == ' ')
        out.len--;
    return arena_copy(arena, buffer_slice(&out));
}

static bool has_control(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    return false;
}

/* Number of header fields, up to the empty line. */
static size_t count_headers(struct slice raw)
{
    struct slice line;
    size_t count = 0;
    while (slice_next_line(&raw, &line) && line.len > 0)
        count += line.data[0] != ' ' && line.data[0] != '\t';
    return count;
}

static void in_a_mail(struct slice text, struct arena *arena)
{
    static size_t headers;
    struct mailbox to = {text, LIT("marc@ailleurs.example")};
    struct mail_draft draft = {
        .from = {LIT("Camille"), LIT("camille@assist.example")},
        .to = {&to, 1, 1},
        .subject = text,
        .message_id = LIT("m-1@assist.example"),
        .text = arena_format(arena, "Bonjour,\n\n%.*s\n\nCamille\n", SLICE_ARG(text)),
    };
    struct slice raw;
    struct mail mail;
    if (has_control(text)) {
        CHECK_NUMBER(mime_format(&draft, arena, &raw, NULL), ST_INVALID);
        return;
    }
    /* A byte order mark at the beginning says nothing. */
    if (text.len > SUBJECT_MAX || slice_starts(text, LIT("\xEF\xBB\xBF")))
        return;
    CHECK_OK(mime_format(&draft, arena, &raw, NULL));
    headers = headers == 0 ? count_headers(raw) : headers;
    CHECK_NUMBER(count_headers(raw), headers);
    CHECK_OK(mime_parse(raw, SLICE_NONE, arena, &mail, NULL));
    CHECK(slice_equal(plain(mail.subject, arena), plain(text, arena)));
    CHECK(slice_contains(plain(mail.text, arena), plain(text, arena)));
    CHECK_NUMBER(mail.to.count, 1);
    CHECK_TEXT(mail.to.items[0].address, "marc@ailleurs.example");
    CHECK(slice_equal(plain(mail.to.items[0].name, arena), plain(text, arena)));
}

static size_t count_lines(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == '\n' && (i + 1 == text.len || text.data[i + 1] != ' ');
    return count;
}

static void in_an_event(struct slice text, struct arena *arena)
{
    static size_t lines;
    text = slice_trim(text);
    struct ical_event event = {
        .uid = LIT("e-1@assist.example"),
        .start = {.kind = ICAL_UTC, .wall = civil_at((struct civil_date){2026, 3, 2}, 9, 0)},
        .end = {.kind = ICAL_UTC, .wall = civil_at((struct civil_date){2026, 3, 2}, 10, 0)},
        .summary = text,
        .location = text,
        .description = text,
        .organizer = LIT("camille@assist.example"),
        .organizer_name = text,
    };
    struct ical_calendar calendar = {.events = {&event, 1, 1}}, again;
    struct slice written;
    CHECK_OK(ical_format(&calendar, (struct instant){0}, arena, &written, NULL));
    lines = lines == 0 ? count_lines(written) : lines;
    CHECK(text.len == 0 || count_lines(written) == lines);
    CHECK_OK(ical_parse(written, arena, &again, NULL));
    CHECK_NUMBER(again.events.count, 1);
    CHECK(slice_equal(again.events.items[0].summary, text));
    CHECK(slice_equal(again.events.items[0].location, text));
    CHECK(slice_equal(again.events.items[0].description, text));
    CHECK_TEXT(again.events.items[0].organizer, "camille@assist.example");
}

/* As a browser reads the five entities that html_add writes. */
static struct slice unescape(struct slice html, struct arena *arena)
{
    static const struct {
        const char *entity, *text;
    } entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    AUTO_BUFFER out = buffer_create(FILE_BYTES_MAX);
    for (size_t at = 0; at < html.len;) {
        size_t i = 0, count = sizeof entities / sizeof *entities;
        while (i < count && !slice_starts(slice_sub(html, at, html.len), slice_from(entities[i].entity)))
            i++;
        if (i < count)
            buffer_add_text(&out, entities[i].text);
        else
            buffer_add_char(&out, html.data[at]);
        at += i < count ? strlen(entities[i].entity) : 1;
    }
    return arena_copy(arena, buffer_slice(&out));
}

static void in_a_page(struct slice text, struct arena *arena)
{
    AUTO_BUFFER html = buffer_create(FILE_BYTES_MAX);
    html_add(&html, text);
    for (size_t i = 0; i < html.len; i++)
        CHECK(strchr("<>\"'", html.data[i]) == NULL || html.data[i] == '\0');
    CHECK(slice_equal(unescape(buffer_slice(&html), arena), text));
}

static void in_json(struct slice text, struct arena *arena)
{
    AUTO_JSON value = json_from_text(text);
    AUTO_JSON back = NULL;
    CHECK_OK(json_read(json_write(value, arena), &back, NULL));
    CHECK(json_equal(value, back));
}

/* No field takes a stranger's words; a path or a server's answer may still hold them. */
static void in_the_log(struct slice text, struct arena *arena)
{
    AUTO_FD fd = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    struct problem why = {0};
    struct slice line;
    AUTO_JSON event = NULL;
    problem_set(&why, ST_INVALID, "%.*s", SLICE_ARG(text));
    event_log_open("test", fd);
    event_log(EVENT_ROLE_FAILED, field_problem(&why));
    event_log_open("test", -1);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    CHECK_OK(fd_read_all(fd, FILE_BYTES_MAX, arena, &line, NULL));
    CHECK(line.len > 0 && memchr(line.data, '\n', line.len) == line.data + line.len - 1);
    /* A text that was cut inside a character is no UTF-8. */
    if (utf8_bad_at(line) == SIZE_MAX)
        CHECK_OK(json_read(line, &event, NULL));
}

static void try_string(struct slice text)
{
    AUTO_ARENA arena = arena_create(WORK_BYTES_MAX);
    struct slice valid = utf8_repair(text, arena);
    check_row(arena_text(arena, valid));
    in_a_mail(valid, arena);
    if (!has_control(valid))
        in_an_event(valid, arena);
    in_a_page(valid, arena);
    if (memchr(valid.data, '\0', valid.len) == NULL)
        in_json(valid, arena);
    in_the_log(valid, arena);
    check_row("");
}

static void try_file(const char *path)
{
    AUTO_ARENA arena = arena_create(WORK_BYTES_MAX);
    AUTO_JSON list = NULL;
    struct slice bytes, line;
    unsigned count = 0;
    CHECK_OK(file_read(path, FILE_BYTES_MAX, arena, &bytes, NULL));
    if (json_read(bytes, &list, NULL) == ST_OK) {
        for (size_t i = 0; i < json_array_size(list); i++, count++)
            try_string((struct slice){json_string_value(json_array_get(list, i)),
                                      json_string_length(json_array_get(list, i))});
    } else {
        for (; slice_next_line(&bytes, &line); count++)
            try_string(line);
    }
    CHECK(count > 10);
    printf("# %u strings\n", count);
}

int main(int argc, char **argv)
{
    mime_init();
    ical_init();
    try_string(LIT("a harmless one")); /* what the others are compared with */
    for (int i = 1; i < argc; i++) {
        try_file(argv[i]);
        test_done(argv[i]);
    }
    return check_done();
}
