/* What correspondents' mail programs would send: a scenario names only the words. */
#include "roles/replay/internal.h"

enum { RAW_BYTES_MAX = 4 * 1024 * 1024 };

static const char *const days_fr[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                      "vendredi", "samedi", "dimanche"};
static const char *const days_en[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                      "Friday", "Saturday", "Sunday"};
static const char *const months_fr[] = {"janvier", "février", "mars",      "avril",   "mai",      "juin",
                                        "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
static const char *const months_en[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
static const char *const short_fr[] = {"janv.", "févr.", "mars",  "avr.", "mai",  "juin",
                                       "juil.", "août",  "sept.", "oct.", "nov.", "déc."};

static bool is_ascii(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

/* RFC 2047 where needed; in one word, since the longest here is short. */
static void add_header_text(struct buffer *raw, struct slice text)
{
    if (is_ascii(text)) {
        buffer_add(raw, text);
        return;
    }
    buffer_add_text(raw, "=?utf-8?B?");
    base64_encode(text, raw);
    buffer_add_text(raw, "?=");
}

static void add_mailbox(struct buffer *raw, struct mailbox box)
{
    if (box.name.len == 0) {
        buffer_add(raw, box.address);
        return;
    }
    if (is_ascii(box.name))
        buffer_add_format(raw, "\"%.*s\"", SLICE_ARG(box.name));
    else
        add_header_text(raw, box.name);
    buffer_add_format(raw, " <%.*s>", SLICE_ARG(box.address));
}

static void add_mailboxes(struct buffer *raw, const char *header, const struct mailbox_list *list)
{
    if (list->count == 0)
        return;
    buffer_add_format(raw, "%s: ", header);
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_add_text(raw, ",\r\n ");
        add_mailbox(raw, list->items[i]);
    }
    buffer_add_text(raw, "\r\n");
}

static void add_date(struct buffer *raw, struct instant at, const struct zone *zone)
{
    struct civil wall = civil_from_instant(at, zone);
    int32_t offset = zone_offset_s(zone, at, NULL), minutes_east = (offset < 0 ? -offset : offset) / 60;
    buffer_add_format(raw, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d %c%02d%02d\r\n",
                      days_en[civil_date_weekday(wall.date)], wall.date.day,
                      months_en[wall.date.month - 1], wall.date.year, wall.hour, wall.minute,
                      wall.second, offset < 0 ? '-' : '+', minutes_east / 60, minutes_east % 60);
}

static void add_lines(struct buffer *raw, struct slice text)
{
    struct slice line;
    while (slice_next_line(&text, &line)) {
        buffer_add(raw, line);
        buffer_add_text(raw, "\r\n");
    }
}

static void add_body(struct buffer *raw, const struct composed *m)
{
    static const char plain[] = "Content-Type: text/plain; charset=utf-8\r\n"
                                "Content-Transfer-Encoding: 8bit\r\n\r\n";
    if (m->calendar.len == 0) {
        buffer_add_text(raw, plain);
        add_lines(raw, m->text);
        return;
    }
    buffer_add_text(raw, "Content-Type: multipart/alternative; boundary=answer\r\n\r\n--answer\r\n");
    buffer_add_text(raw, plain);
    add_lines(raw, m->text);
    buffer_add_format(raw,
                      "--answer\r\nContent-Type: text/calendar; charset=utf-8; method=%.*s\r\n"
                      "Content-Transfer-Encoding: 8bit\r\n\r\n",
                      SLICE_ARG(m->method));
    buffer_add(raw, m->calendar);
    buffer_add_text(raw, "\r\n--answer--\r\n");
}

struct slice compose_raw(const struct composed *m, struct arena *arena)
{
    AUTO_BUFFER raw = buffer_create(RAW_BYTES_MAX);
    buffer_add_text(&raw, "From: ");
    add_mailbox(&raw, m->from);
    buffer_add_text(&raw, "\r\n");
    add_mailboxes(&raw, "To", &m->to);
    add_mailboxes(&raw, "Cc", &m->cc);
    buffer_add_text(&raw, "Subject: ");
    add_header_text(&raw, m->subject);
    buffer_add_text(&raw, "\r\n");
    add_date(&raw, m->at, m->zone);
    buffer_add_format(&raw, "Message-ID: <%.*s>\r\nMIME-Version: 1.0\r\n", SLICE_ARG(m->message_id));
    if (m->in_reply_to.len > 0)
        buffer_add_format(&raw, "In-Reply-To: <%.*s>\r\n", SLICE_ARG(m->in_reply_to));
    for (size_t i = 0; i < m->references.count; i++)
        buffer_add_format(&raw, "%s<%.*s>\r\n", i == 0 ? "References: " : " ",
                          SLICE_ARG(m->references.items[i]));
    add_body(&raw, m);
    return arena_copy(arena, buffer_slice(&raw));
}

/* Quoting styles */

static void add_prefixed(struct buffer *out, struct slice text, const char *prefix)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        buffer_add_format(out, "%s%s%.*s\n", prefix, line.len == 0 ? "" : " ", SLICE_ARG(line));
}

static void add_attribution(struct buffer *out, const struct outgoing *original, struct civil wall,
                            bool french, bool apple)
{
    const struct mailbox *from = &original->draft.from;
    int month = wall.date.month - 1, hour12 = wall.hour % 12 == 0 ? 12 : wall.hour % 12;
    const char *day = (french ? days_fr : days_en)[civil_date_weekday(wall.date)];
    if (french && apple)
        buffer_add_format(out, "Le %d %s %d à %02d:%02d, ", wall.date.day, short_fr[month],
                          wall.date.year, wall.hour, wall.minute);
    else if (french)
        buffer_add_format(out, "Le %.3s. %d %s %d à %02d:%02d, ", day, wall.date.day, short_fr[month],
                          wall.date.year, wall.hour, wall.minute);
    else if (apple)
        buffer_add_format(out, "On %d %.3s %d, at %02d:%02d, ", wall.date.day, months_en[month],
                          wall.date.year, wall.hour, wall.minute);
    else
        buffer_add_format(out, "On %.3s, %.3s %d, %d at %d:%02d %s ", day, months_en[month],
                          wall.date.day, wall.date.year, hour12, wall.minute,
                          wall.hour < 12 ? "AM" : "PM");
    buffer_add_format(out, "%.*s <%.*s> %s\n", SLICE_ARG(from->name), SLICE_ARG(from->address),
                      french ? "a écrit :" : "wrote:");
}

static void add_header_block(struct buffer *out, const struct outgoing *original, struct civil wall,
                             bool french)
{
    const struct mail_draft *draft = &original->draft;
    const struct mailbox none = {SLICE_NONE, SLICE_NONE};
    const struct mailbox *to = draft->to.count > 0 ? &draft->to.items[0] : &none;
    buffer_add_text(out, "________________________________\n");
    buffer_add_format(out, french ? "De : %.*s <%.*s>\n" : "From: %.*s <%.*s>\n",
                      SLICE_ARG(draft->from.name), SLICE_ARG(draft->from.address));
    const char *day = (french ? days_fr : days_en)[civil_date_weekday(wall.date)];
    if (french)
        buffer_add_format(out, "Envoyé : %s %d %s %d %02d:%02d\n", day, wall.date.day,
                          months_fr[wall.date.month - 1], wall.date.year, wall.hour, wall.minute);
    else
        buffer_add_format(out, "Sent: %s, %s %d, %d %d:%02d %s\n", day,
                          months_en[wall.date.month - 1], wall.date.day, wall.date.year,
                          wall.hour % 12 == 0 ? 12 : wall.hour % 12, wall.minute,
                          wall.hour < 12 ? "AM" : "PM");
    buffer_add_format(out, french ? "À : %.*s <%.*s>\nObjet : %.*s\n\n"
                                  : "To: %.*s <%.*s>\nSubject: %.*s\n\n",
                      SLICE_ARG(to->name), SLICE_ARG(to->address), SLICE_ARG(draft->subject));
}

struct slice compose_quote(struct slice text, struct slice style, const struct outgoing *original,
                           const struct zone *zone, struct arena *arena)
{
    if (original == NULL || style.len == 0 || slice_equal(style, LIT("none")))
        return text;
    AUTO_BUFFER out = buffer_create(RAW_BYTES_MAX / 2);
    struct civil wall = civil_from_instant(original->draft.date, zone);
    bool french = slice_ends(style, LIT("-fr"));
    if (slice_equal(style, LIT("inline"))) {
        add_attribution(&out, original, wall, false, false);
        add_prefixed(&out, original->draft.text, ">");
        buffer_add_text(&out, "\n");
        buffer_add(&out, text);
        return arena_copy(arena, buffer_slice(&out));
    }
    buffer_add(&out, text);
    buffer_add_text(&out, "\n");
    if (slice_starts(style, LIT("outlook"))) {
        add_header_block(&out, original, wall, french);
        buffer_add(&out, original->draft.text);
    } else {
        add_attribution(&out, original, wall, french, slice_starts(style, LIT("apple")));
        buffer_add_text(&out, "\n");
        add_prefixed(&out, original->draft.text, ">");
    }
    return arena_copy(arena, buffer_slice(&out));
}
