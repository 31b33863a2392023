/* A message to send: the structure of doc/imip.md, the same bytes for the same draft. */
#include "formats/mime/internal.h"

#include <stdio.h>
#include <string.h>

enum {
    MESSAGE_BYTES_MAX = 16 * 1024 * 1024,
    LINE_MAX = 76,          /* RFC 2045 section 6.7, RFC 2047 section 2 */
    ENCODED_WORD_BYTES = 42 /* of UTF-8 in one encoded word: 56 characters of base64 */
};

static const char *const weekday_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* ---- header fields -------------------------------------------------------------------------- */

static bool has_controls(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.data[i] < ' ' || s.data[i] == 127)
            return true;
    return false;
}

static bool is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.data[i] >= 0x80)
            return false;
    return true;
}

/* Base64 encoded words (RFC 2047), each ending between characters. */
static void put_encoded_words(struct slice text, struct buffer *out)
{
    size_t at = 0;
    while (at < text.len) {
        size_t end = at + ENCODED_WORD_BYTES < text.len ? at + ENCODED_WORD_BYTES : text.len;
        while (end < text.len && end > at && ((unsigned char)text.data[end] & 0xC0) == 0x80)
            end--;
        if (at > 0)
            buffer_add_text(out, "\r\n ");
        buffer_add_text(out, "=?utf-8?B?");
        base64_encode(slice_sub(text, at, end), out);
        buffer_add_text(out, "?=");
        at = end;
    }
}

/* Whether a text could be taken for an encoded word. */
static bool needs_words(struct slice text)
{
    return !is_ascii(text) || slice_contains(text, LIT("=?"));
}

/* Plain text folded at spaces. `used` is the length of the line so far. */
static void put_folded(struct slice text, size_t used, struct buffer *out)
{
    size_t at = 0;
    while (at < text.len) {
        size_t end = at + 1;
        while (end < text.len && text.data[end] != ' ')
            end++;
        if (at > 0 && used + (end - at) > LINE_MAX) {
            buffer_add_text(out, "\r\n");
            used = 0;
        }
        buffer_add(out, slice_sub(text, at, end));
        used += end - at;
        at = end;
    }
}

/* A space inside a word would end the line where a space must stand: such texts, and
 * words longer than a line, go as encoded words. */
static bool has_long_word(struct slice text)
{
    size_t run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.data[i] == ' ' ? 0 : run + 1;
        if (run > LINE_MAX - 20)
            return true;
    }
    return slice_contains(text, LIT("  ")) || slice_ends(text, LIT(" ")) ||
           slice_starts(text, LIT(" "));
}

static void put_unstructured(const char *name, struct slice text, struct buffer *out)
{
    buffer_add_format(out, "%s: ", name);
    if (needs_words(text) || has_long_word(text))
        put_encoded_words(text, out);
    else
        put_folded(text, strlen(name) + 2, out);
    buffer_add_text(out, "\r\n");
}

static bool is_atom_text(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_alpha(s.data[i]) && !ascii_is_digit(s.data[i]) &&
            strchr(" !#$%&'*+-/=?^_`{|}~", s.data[i]) == NULL)
            return false;
    return true;
}

static void put_phrase(struct slice name, struct buffer *out)
{
    /* Many read encoded words inside quotes too, so what looks like one is encoded. */
    if (needs_words(name) || has_long_word(name)) {
        put_encoded_words(name, out);
        return;
    }
    if (is_atom_text(name)) {
        buffer_add(out, name);
        return;
    }
    buffer_add_char(out, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '"' || name.data[i] == '\\')
            buffer_add_char(out, '\\');
        buffer_add_char(out, name.data[i]);
    }
    buffer_add_char(out, '"');
}

static void put_mailbox(const struct mailbox *box, struct buffer *out)
{
    if (box->name.len > 0) {
        put_phrase(box->name, out);
        buffer_add_char(out, ' ');
    }
    buffer_add_format(out, "<%.*s>", SLICE_ARG(box->address));
}

/* One mailbox a line. */
static void put_mailboxes(const char *name, const struct mailbox_list *list, struct buffer *out)
{
    if (list->count == 0)
        return;
    buffer_add_format(out, "%s: ", name);
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_add_text(out, ",\r\n ");
        put_mailbox(&list->items[i], out);
    }
    buffer_add_text(out, "\r\n");
}

static void put_date(struct instant at, int64_t offset_s, struct buffer *out)
{
    struct civil local = civil_from_us(at.us + offset_s * 1000000);
    int64_t minutes_off = (offset_s < 0 ? -offset_s : offset_s) / 60;
    buffer_add_format(out, "Date: %s, %d %s %04d %02d:%02d:%02d %c%02d%02d\r\n",
                      weekday_names[civil_date_weekday(local.date)], local.date.day,
                      month_names[local.date.month - 1], (int)local.date.year, local.hour,
                      local.minute, local.second, offset_s < 0 ? '-' : '+',
                      (int)(minutes_off / 60 % 100), (int)(minutes_off % 60));
}

static void put_references(const struct mail_draft *draft, struct buffer *out)
{
    if (draft->in_reply_to.len > 0)
        buffer_add_format(out, "In-Reply-To: <%.*s>\r\n", SLICE_ARG(draft->in_reply_to));
    for (size_t i = 0; i < draft->references.count; i++)
        buffer_add_format(out, i == 0 ? "References: <%.*s>" : "\r\n <%.*s>",
                          SLICE_ARG(draft->references.items[i]));
    if (draft->references.count > 0)
        buffer_add_text(out, "\r\n");
}

/* ---- bodies ------------------------------------------------------------------------------------
 */

/* Lines end in CRLF whatever they ended in; one at the end. */
static struct slice crlf_lines(struct slice text, struct arena *arena)
{
    char *out = arena_alloc(arena, text.len * 2 + 2);
    size_t len = 0;
    struct slice line;
    while (slice_next_line(&text, &line)) {
        if (line.len > 0)
            memcpy(out + len, line.data, line.len);
        len += line.len;
        out[len++] = '\r';
        out[len++] = '\n';
    }
    return (struct slice){out, len};
}

/* Quoted-printable of CRLF lines (RFC 2045 section 6.7). A line that begins with a dot or
 * "From " is encoded there, since some servers change it. */
static void put_quoted(struct slice text, struct buffer *out)
{
    size_t used = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '\r' && i + 1 < text.len && text.data[i + 1] == '\n') {
            buffer_add_text(out, "\r\n");
            used = 0;
            i++;
            continue;
        }
        bool line_ends = i + 1 == text.len || text.data[i + 1] == '\r';
        bool plain = (c > 32 && c < 127 && c != '=') || (c == ' ' && !line_ends);
        if (used == 0 && (c == '.' || slice_starts(slice_sub(text, i, text.len), LIT("From "))))
            plain = false;
        size_t width = plain ? 1 : 3;
        if (used + width > LINE_MAX - 1) {
            buffer_add_text(out, "=\r\n");
            used = 0;
            plain = plain && c != '.';
            width = plain ? 1 : 3;
        }
        if (plain)
            buffer_add_char(out, (char)c);
        else
            buffer_add_format(out, "=%02X", c);
        used += width;
    }
}

static void put_base64(struct slice bytes, struct buffer *out)
{
    enum { LINE_BYTES = LINE_MAX / 4 * 3 };
    for (size_t at = 0; at < bytes.len; at += LINE_BYTES) {
        base64_encode(slice_sub(bytes, at, at + LINE_BYTES), out);
        buffer_add_text(out, "\r\n");
    }
}

static void put_text_part(const char *type, struct slice text, struct arena *arena,
                          struct buffer *out)
{
    buffer_add_format(out,
                      "Content-Type: %s; charset=utf-8\r\n"
                      "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                      type);
    put_quoted(crlf_lines(text, arena), out);
}

/* FNV-1a of the Message-ID: two drafts in one conversation never share a boundary. */
static uint64_t hash_of(struct slice s)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.data[i]) * 1099511628211u;
    return hash;
}

struct boundaries {
    char mixed[32], alternative[32];
};

/* "=_" occurs in no quoted-printable or base64 line (RFC 2045 section 6.7). */
static struct boundaries boundaries_of(struct slice message_id)
{
    struct boundaries made;
    unsigned long long hash = hash_of(message_id);
    snprintf(made.mixed, sizeof made.mixed, "=_m%016llx", hash);
    snprintf(made.alternative, sizeof made.alternative, "=_a%016llx", hash);
    return made;
}

static void put_alternatives(const struct mail_draft *draft, const char *boundary,
                             struct arena *arena, struct buffer *out)
{
    bool calendar = draft->calendar.len > 0 && draft->method.len > 0;
    if (draft->html.len == 0 && !calendar) {
        put_text_part("text/plain", draft->text, arena, out);
        return;
    }
    buffer_add_format(out,
                      "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n",
                      boundary, boundary);
    put_text_part("text/plain", draft->text, arena, out);
    if (draft->html.len > 0) {
        buffer_add_format(out, "\r\n--%s\r\n", boundary);
        put_text_part("text/html", draft->html, arena, out);
    }
    if (calendar) {
        buffer_add_format(out,
                          "\r\n--%s\r\nContent-Type: text/calendar; charset=utf-8; method=%.*s\r\n"
                          "Content-Transfer-Encoding: base64\r\n\r\n",
                          boundary, SLICE_ARG(draft->method));
        put_base64(crlf_lines(draft->calendar, arena), out);
    }
    buffer_add_format(out, "\r\n--%s--\r\n", boundary);
}

static void put_body(const struct mail_draft *draft, struct arena *arena, struct buffer *out)
{
    struct boundaries made = boundaries_of(draft->message_id);
    if (draft->calendar.len == 0) {
        put_alternatives(draft, made.alternative, arena, out);
        return;
    }
    buffer_add_format(out, "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n",
                      made.mixed, made.mixed);
    put_alternatives(draft, made.alternative, arena, out);
    buffer_add_format(out,
                      "\r\n--%s\r\nContent-Type: application/ics; name=\"invite.ics\"\r\n"
                      "Content-Disposition: attachment; filename=\"invite.ics\"\r\n"
                      "Content-Transfer-Encoding: base64\r\n\r\n",
                      made.mixed);
    put_base64(crlf_lines(draft->calendar, arena), out);
    buffer_add_format(out, "\r\n--%s--\r\n", made.mixed);
}

/* ---- the whole message --------------------------------------------------------------------------
 */

static enum status check_line(struct slice text, const char *what, struct problem *why)
{
    if (has_controls(text) || utf8_bad_at(text) != SIZE_MAX)
        return problem_set(why, ST_INVALID, "%s has control characters or is not UTF-8", what);
    return ST_OK;
}

/* Goes into the header as it is: no spaces, brackets or other scripts. */
static enum status check_token(struct slice text, const char *what, struct problem *why)
{
    TRY(check_line(text, what, why));
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == ' ' || text.data[i] == '<' || text.data[i] == '>' ||
            (unsigned char)text.data[i] >= 0x80)
            return problem_set(why, ST_INVALID, "%s has characters that mail does not allow", what);
    return text.len <= 900 ? ST_OK : problem_set(why, ST_INVALID, "%s is too long", what);
}

static enum status check_mailbox(const struct mailbox *box, const char *what, struct problem *why)
{
    TRY(check_line(box->name, what, why));
    TRY(check_token(box->address, what, why));
    size_t at = slice_find(box->address, LIT("@"), 0);
    bool good = at != SIZE_MAX && at > 0 && at + 1 < box->address.len &&
                !slice_contains(box->address, LIT(",")) && !slice_contains(box->address, LIT(";"));
    return good ? ST_OK : problem_set(why, ST_INVALID, "%s has a bad address", what);
}

static enum status check_mailboxes(const struct mailbox_list *list, const char *what,
                                   struct problem *why)
{
    if (list->count > MIME_MAILBOXES_MAX)
        return problem_set(why, ST_LIMIT, "%s has more than %d addresses", what,
                           MIME_MAILBOXES_MAX);
    for (size_t i = 0; i < list->count; i++)
        TRY(check_mailbox(&list->items[i], what, why));
    return ST_OK;
}

/* Outlook refuses a mail whose two methods differ. */
static enum status check_method(const struct mail_draft *draft, struct problem *why)
{
    struct slice line, method = draft->method, rest = draft->calendar;
    for (size_t i = 0; i < method.len; i++)
        if (method.data[i] < 'A' || method.data[i] > 'Z')
            return problem_set(why, ST_INVALID, "method of the calendar is no iTIP method");
    if (rest.len == 0 || method.len == 0)
        return ST_OK;
    while (slice_next_line(&rest, &line))
        if (slice_starts_nocase(line, LIT("METHOD:")))
            return slice_equal_nocase(slice_trim(slice_sub(line, 7, line.len)), method)
                       ? ST_OK
                       : problem_set(why, ST_INVALID, "the calendar has another method");
    return problem_set(why, ST_INVALID, "the calendar has no method");
}

static enum status check_draft(const struct mail_draft *draft, struct problem *why)
{
    TRY(check_mailbox(&draft->from, "From", why));
    TRY(check_mailboxes(&draft->to, "To", why));
    TRY(check_mailboxes(&draft->cc, "Cc", why));
    TRY(check_line(draft->subject, "Subject", why));
    TRY(check_token(draft->message_id, "Message-ID", why));
    TRY(check_token(draft->in_reply_to, "In-Reply-To", why));
    for (size_t i = 0; i < draft->references.count; i++)
        TRY(check_token(draft->references.items[i], "References", why));
    TRY(check_token(draft->unsubscribe, "List-Unsubscribe", why));
    TRY(check_method(draft, why));
    if (draft->message_id.len == 0)
        return problem_set(why, ST_INVALID, "Message-ID is missing");
    return ST_OK;
}

static void put_headers(const struct mail_draft *draft, struct buffer *out)
{
    put_date(draft->date, draft->offset_s, out);
    put_mailboxes("From", &(struct mailbox_list){(struct mailbox[]){draft->from}, 1, 1}, out);
    put_mailboxes("To", &draft->to, out);
    put_mailboxes("Cc", &draft->cc, out);
    put_unstructured("Subject", draft->subject, out);
    buffer_add_format(out, "Message-ID: <%.*s>\r\n", SLICE_ARG(draft->message_id));
    put_references(draft, out);
    if (!draft->personal) {
        buffer_add_format(out, "Auto-Submitted: %s\r\n",
                          draft->automatic ? "auto-generated" : "auto-replied");
        buffer_add_format(out, "X-Loop: <%.*s>\r\n", SLICE_ARG(draft->from.address));
        /* no receipts from Exchange; its absences and delivery reports are welcome */
        buffer_add_text(out, "X-Auto-Response-Suppress: DR, RN, NRN\r\n");
    }
    if (draft->unsubscribe.len > 0)
        buffer_add_format(out, "List-Unsubscribe: <%.*s>\r\n", SLICE_ARG(draft->unsubscribe));
    if (slice_starts(draft->unsubscribe, LIT("https://"))) /* RFC 8058 section 3.1 */
        buffer_add_text(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    buffer_add_text(out, "MIME-Version: 1.0\r\n");
}

enum status mime_format(const struct mail_draft *draft, struct arena *arena, struct slice *raw,
                        struct problem *why)
{
    TRY(check_draft(draft, why));
    AUTO_BUFFER out = buffer_create(MESSAGE_BYTES_MAX);
    put_headers(draft, &out);
    put_body(draft, arena, &out);
    TRY(buffer_check(&out, "message to send", why));
    *raw = arena_copy(arena, buffer_slice(&out));
    return ST_OK;
}
