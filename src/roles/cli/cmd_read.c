/* rendez read: what a message says. */
#include <string.h>
#include <unistd.h>

#include "domain/intent/intent.h"
#include "formats/ical/ical.h"
#include "formats/mime/mime.h"
#include "roles/cli/cli.h"

enum { READING_BYTES_MAX = 256 << 20 };

static const struct {
    const char *kind;
    enum reply_part part;
    bool html;
} kinds[] = {
    {"reply", REPLY_VISIBLE, false},
    {"quotation", REPLY_WITHOUT_QUOTE, false},
    {"quotation-html", REPLY_WITHOUT_QUOTE, true},
    {"signature", REPLY_WITHOUT_SIGNATURE, false},
};

/* One line of a corpus: {"id", "raw", "kind"} to {"id", "text"}. */
static void read_line(const json_t *object, struct arena *arena, void *context)
{
    (void)context;
    struct slice raw = json_text(object, "raw"), kind = json_text(object, "kind");
    enum reply_part part = REPLY_VISIBLE;
    bool html = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!slice_equal(kind, slice_from(kinds[i].kind)))
            continue;
        part = kinds[i].part;
        html = kinds[i].html;
    }
    if (html)
        raw = mime_html_text(raw, arena);
    AUTO_JSON line = json_object();
    json_object_set_new(line, "id", json_from_text(json_text(object, "id")));
    json_object_set_new(line, "text", json_from_text(mime_strip_reply(raw, part, arena)));
    cli_print_json(line);
}

/* ---- for people --------------------------------------------------------------------------- */

static void print_mailbox(const char *label, const struct mailbox *box)
{
    if (box->address.len + box->name.len == 0)
        return;
    printf("%s", label);
    if (box->name.len > 0)
        printf("%.*s ", SLICE_ARG(box->name));
    printf("<%.*s>\n", SLICE_ARG(box->address));
}

static void print_mailboxes(const char *label, const struct mailbox_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        print_mailbox(label, &list->items[i]);
}

/* Every line with a margin. */
static void print_text(const char *title, struct slice text)
{
    struct slice line;
    if (text.len == 0)
        return;
    printf("\n%s\n", title);
    while (slice_next_line(&text, &line))
        printf("  %.*s\n", SLICE_ARG(line));
}

static void print_quote(const struct mail_quote *quote, struct arena *arena)
{
    struct slice title =
        arena_format(arena, "%s%.*s%s%.*s",
                     quote->forwarded ? "Forwarded: " : "Quoted: ", SLICE_ARG(quote->from.name),
                     quote->from.name.len ? " " : "", SLICE_ARG(quote->from.address));
    if (quote->has_date)
        title = arena_format(arena, "%.*s, %.*s", SLICE_ARG(title),
                             SLICE_ARG(civil_format(quote->date, arena)));
    print_text(arena_text(arena, title), quote->text);
}

static const char *nature_text(enum mail_nature nature)
{
    static const char *const texts[] = {
        [MAIL_PERSONAL] = "written by a person",     [MAIL_AUTO_REPLIED] = "an automatic reply",
        [MAIL_AUTO_GENERATED] = "sent by a program", [MAIL_BOUNCE] = "a delivery report",
        [MAIL_LIST] = "through a mailing list",
        [MAIL_COMPLAINT] = "a complaint about mail of ours",
    };
    return texts[nature];
}

static const char *origin_text(enum mail_origin origin)
{
    static const char *const texts[] = {
        [MAIL_ORIGIN_UNKNOWN] = "not checked",
        [MAIL_ORIGIN_PASS] = "verified",
        [MAIL_ORIGIN_FAIL] = "does not verify",
    };
    return texts[origin];
}

static void print_calendars(const struct mail *mail)
{
    for (size_t i = 0; i < mail->calendars.count; i++) {
        struct slice method = mail->calendars.items[i].method;
        printf("Calendar: %.*s, %zu bytes\n", SLICE_ARG(method.len > 0 ? method : LIT("no method")),
               mail->calendars.items[i].text.len);
    }
    for (size_t i = 0; i < mail->failures.count; i++)
        printf("Not delivered: %.*s %.*s%s\n", SLICE_ARG(mail->failures.items[i].address),
               SLICE_ARG(mail->failures.items[i].status),
               mail->failures.items[i].permanent ? ", for good" : "");
}

static void print_mail(const struct mail *mail, struct arena *arena)
{
    print_mailbox("From:    ", &mail->from);
    print_mailbox("Answer:  ", &mail->reply_to);
    print_mailboxes("To:      ", &mail->to);
    print_mailboxes("Cc:      ", &mail->cc);
    printf("Subject: %.*s\n", SLICE_ARG(mail->subject));
    if (mail->has_date)
        printf("Date:    %.*s\n", SLICE_ARG(civil_format(mail->date, arena)));
    printf("Nature:  %s%s\n", nature_text(mail->nature),
           mail->limited ? "; too large to be read whole" : "");
    printf("Sender:  %s\n", origin_text(mail->origin));
    print_calendars(mail);
    print_text("New text:", mail->new_text);
    print_text("Signature:", mail->signature);
    for (size_t i = 0; i < mail->quotes.count; i++)
        print_quote(&mail->quotes.items[i], arena);
}

/* ---- the command -------------------------------------------------------------------------- */

static enum status read_input(const char *path, struct arena *arena, struct slice *raw,
                              struct problem *why)
{
    if (strcmp(path, "-") == 0)
        return fd_read_all(STDIN_FILENO, MIME_BYTES_MAX, arena, raw, why);
    return file_read(path, MIME_BYTES_MAX, arena, raw, why);
}

/* The reading of a message by itself, outside of any conversation. */
struct read_context {
    struct slice assistant, zone;
};

static enum status understand(const struct mail *mail, const struct read_context *read,
                              struct arena *arena, struct reading *reading, struct problem *why)
{
    struct intent_context context = {
        .assistant = {SLICE_NONE, read->assistant},
        .writer_zone = read->zone,
        .organizer_zone = read->zone,
        .offer_zone = read->zone,
        .writer_is_client = true,
        .received = {civil_to_us(mail->date) - mail->offset_s * INT64_C(1000000)},
    };
    return intent_read(mail, &context, arena, reading, why);
}

/* Attached iCalendar objects, those that can be read. */
static json_t *itip_json(const struct mail *mail, struct arena *arena)
{
    json_t *out = json_array();
    for (size_t i = 0; i < mail->calendars.count; i++) {
        struct ical_calendar calendar;
        if (ical_parse(mail->calendars.items[i].text, arena, &calendar, NULL) == ST_OK)
            json_array_append_new(out, json_from_record(&ical_calendar_record, &calendar, zone_utc()));
    }
    return out;
}

static json_t *times_json(const struct timex_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, json_from_record(&timex_record, &list->items[i], zone_utc()));
    return out;
}

static void print_json(const struct mail *mail, const struct reading *reading,
                       const struct zone *zone, struct arena *arena)
{
    AUTO_JSON facts = json_object();
    json_object_set_new(facts, "mail", json_from_record(&mail_record, mail, zone_utc()));
    json_object_set_new(facts, "automatic", json_boolean(mail->nature != MAIL_PERSONAL));
    json_object_set_new(facts, "verified", json_boolean(mail->origin == MAIL_ORIGIN_PASS));
    json_object_set_new(facts, "language", json_string(language_names[reading->language]));
    json_object_set_new(facts, "intent", json_string(intent_names[reading->intent]));
    json_object_set_new(facts, "times", times_json(&reading->timexes));
    json_object_set_new(facts, "reading", json_from_record(&reading_record, reading, zone));
    json_object_set_new(facts, "itip", itip_json(mail, arena));
    cli_print_json(facts);
}

static void print_reading(const struct reading *reading)
{
    printf("\nRead as: %s (%u of 1000), %s\n", intent_names[reading->intent], reading->confidence,
           reading->language == LANGUAGE_UNKNOWN ? "language unknown"
                                                 : language_names[reading->language]);
    for (size_t i = 0; i < reading->requests.count; i++) {
        const struct meeting_request *request = &reading->requests.items[i];
        if (request->kind != KIND_UNKNOWN || request->duration_min > 0)
            printf("  %s, %u minutes\n", meeting_kind_names[request->kind], request->duration_min);
        for (size_t j = 0; j < request->people.count; j++)
            printf("  %s: %.*s %.*s\n", mention_role_names[request->people.items[j].role],
                   SLICE_ARG(request->people.items[j].name),
                   SLICE_ARG(request->people.items[j].address));
    }
    for (size_t i = 0; i < reading->timexes.count; i++)
        printf("  time: \"%.*s\"\n", SLICE_ARG(reading->timexes.items[i].text));
}

/* The message at `path`, parsed, read and printed. */
static int read_one(const char *path, const char *authserv, const struct read_context *read,
                    bool json)
{
    AUTO_ARENA arena =
        arena_create_wiped((size_t)MIME_BYTES_MAX * 3 + MIME_ARENA_BYTES + READING_BYTES_MAX);
    struct slice raw;
    struct mail mail;
    struct reading reading;
    const struct zone *zone;
    struct problem why = {0};
    if (zone_load(read->zone, &zone, &why) != ST_OK)
        return cli_fail(EXIT_USAGE, "%s", why.detail);
    if (read_input(path, arena, &raw, &why) != ST_OK ||
        mime_parse(raw, slice_from(authserv), arena, &mail, &why) != ST_OK ||
        understand(&mail, read, arena, &reading, &why) != ST_OK)
        return cli_fail_problem(&why);
    if (json) {
        print_json(&mail, &reading, zone, arena);
    } else {
        print_mail(&mail, arena);
        print_reading(&reading);
    }
    return EXIT_YES;
}

int cmd_read(int argc, char **argv)
{
    int json = 0, batch = 0, first;
    const char *authserv = NULL, *assistant = "", *zone = "UTC";
    const struct cli_option options[] = {
        {.name = "json", .flag = &json, .help = "print facts as one JSON object"},
        {.name = "authserv",
         .value = &authserv,
         .argument = "NAME",
         .help = "believe Authentication-Results of this server"},
        {.name = "assistant",
         .value = &assistant,
         .argument = "ADDRESS",
         .help = "address of the assistant, who is nobody's guest"},
        {.name = "tz", .value = &zone, .argument = "ZONE", .help = "time zone of the writer"},
        {.name = "batch",
         .flag = &batch,
         .help = "read {\"id\",\"raw\",\"kind\"} lines, write {\"id\",\"text\"} lines"},
        {0},
    };
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    mime_init();
    if (batch)
        return cli_each_line(read_line, NULL);
    if (first + 1 != argc)
        return cli_fail(EXIT_USAGE, "name one message file, or - for standard input");
    ical_init();
    struct read_context read = {slice_from(assistant), slice_from(zone)};
    return read_one(argv[first], authserv, &read, json != 0);
}
