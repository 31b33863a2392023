/* A message from its bytes. The structure is cut here rather than by GMime's parser, which
 * builds an object for every part and header before anybody can count them; GMime decodes
 * what is found. */
#include "formats/mime/internal.h"

#include <gmime/gmime.h>
#include <string.h>

enum {
    CALENDAR_BYTES_MAX = 8 * 1024 * 1024, /* of all calendars in one mail, as in ical.h */
    CALENDARS_MAX = 20,
    FAILURES_MAX = 200,
    ENCODED_TEXT_MAX = 3 * MIME_TEXT_MAX, /* quoted-printable of a text */
    ENCODED_TEXTS_MAX = 4 * 1024 * 1024,  /* of all texts in one mail */
    ENCODED_CALENDAR_MAX = CALENDAR_BYTES_MAX / 2 * 3,
    BOUNDARY_MAX = 200,
    SCANNED_BYTES_MAX = 5 * MIME_BYTES_MAX, /* for boundaries, all levels together */
};

struct walk {
    struct mail *mail;
    struct arena *arena; /* of the result */
    struct arena *work;
    size_t parts;
    size_t text_bytes, calendar_bytes; /* still encoded, read so far */
    size_t scanned;
    bool report; /* inside multipart/report, of delivery or feedback */
};

enum body_kind { BODY_NONE, BODY_HTML, BODY_PLAIN };
struct body {
    enum body_kind kind;
    struct slice text;
};

struct part {
    struct header_list headers;
    struct slice body, type, content_type, disposition;
};

static struct body read_part(struct walk *walk, struct slice raw, unsigned depth,
                             struct slice default_type);

void mime_init(void)
{
    static gsize done;
    if (!g_once_init_enter(&done))
        return;
    g_mime_init();
    charset_init();
    g_once_init_leave(&done, 1);
}

/* ---- one part ------------------------------------------------------------------------------ */

static GMimeContentEncoding encoding_of(const struct part *part, struct arena *work)
{
    struct slice name =
        header_word(header_get(&part->headers, "Content-Transfer-Encoding", 0), work);
    return name.len == 0 ? GMIME_CONTENT_ENCODING_DEFAULT
                         : g_mime_content_encoding_from_string(arena_text(work, name));
}

/* The bytes behind the transfer encoding; at most `encoded_max` encoded ones are read. */
static struct slice decoded(struct walk *walk, const struct part *part, size_t encoded_max)
{
    GMimeEncoding state;
    struct slice in = part->body;
    if (in.len > encoded_max) {
        walk->mail->limited = true;
        in.len = encoded_max;
    }
    GMimeContentEncoding encoding = encoding_of(part, walk->work);
    if (encoding == GMIME_CONTENT_ENCODING_UUENCODE || in.len == 0)
        return in;
    g_mime_encoding_init_decode(&state, encoding);
    char *out = arena_alloc(walk->work, g_mime_encoding_outlen(&state, in.len) + 8);
    return (struct slice){out, g_mime_encoding_step(&state, in.data, in.len, out)};
}

/* CRLF and CR become LF. */
static struct slice unix_lines(struct slice text, struct arena *arena)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != '\r')
            out[len++] = text.data[i];
        else if (i + 1 == text.len || text.data[i + 1] != '\n')
            out[len++] = '\n';
    }
    return (struct slice){out, len};
}

static size_t quote_marks(struct slice line)
{
    size_t depth = 0;
    while (depth < line.len && line.data[depth] == '>')
        depth++;
    return depth;
}

/* Lines that end in a space go on in the next one (RFC 3676). */
static struct slice unflow(struct slice text, bool delete_space, struct arena *arena)
{
    char *out = arena_alloc(arena, text.len * 2 + 1); /* marks may get a space each line */
    size_t len = 0, depth_before = 0;
    bool flows = false;
    struct slice line, rest = text;
    while (slice_next_line(&rest, &line)) {
        size_t depth = quote_marks(line);
        struct slice content = slice_sub(line, depth, line.len);
        if (slice_starts(content, LIT(" ")))
            content = slice_sub(content, 1, content.len);
        bool signature = slice_equal(content, LIT("-- "));
        if (flows && depth == depth_before && !signature) {
            len -= 1 + (delete_space ? 1 : 0);
        } else {
            memset(out + len, '>', depth);
            len += depth;
            if (depth > 0 && content.len > 0)
                out[len++] = ' ';
        }
        if (content.len > 0)
            memcpy(out + len, content.data, content.len);
        len += content.len;
        flows = !signature && slice_ends(content, LIT(" "));
        out[len++] = '\n';
        depth_before = depth;
    }
    return (struct slice){out, len};
}

static struct slice cut_text(struct walk *walk, struct slice text)
{
    if (text.len <= MIME_TEXT_MAX)
        return text;
    walk->mail->limited = true;
    size_t end = MIME_TEXT_MAX;
    while (end > 0 && ((unsigned char)text.data[end] & 0xC0) == 0x80)
        end--;
    return slice_sub(text, 0, end);
}

static struct slice part_text(struct walk *walk, const struct part *part, size_t encoded_max)
{
    struct slice bytes = decoded(walk, part, encoded_max);
    struct slice charset = header_parameter(part->content_type, "charset", walk->work);
    return unix_lines(charset_decode(bytes, charset, walk->work), walk->work);
}

static struct body read_text(struct walk *walk, const struct part *part)
{
    if (walk->text_bytes > ENCODED_TEXTS_MAX) {
        walk->mail->limited = true;
        return (struct body){0};
    }
    walk->text_bytes += part->body.len < ENCODED_TEXT_MAX ? part->body.len : ENCODED_TEXT_MAX;
    struct slice text = part_text(walk, part, ENCODED_TEXT_MAX);
    if (slice_equal(part->type, LIT("text/html"))) {
        struct slice seen = html_to_text(text, walk->work, &walk->mail->limited);
        return (struct body){BODY_HTML, cut_text(walk, seen)};
    }
    struct slice format = header_parameter(part->content_type, "format", walk->work);
    if (slice_equal_nocase(format, LIT("flowed"))) {
        struct slice delsp = header_parameter(part->content_type, "delsp", walk->work);
        text = unflow(text, slice_equal_nocase(delsp, LIT("yes")), walk->work);
    }
    return (struct body){BODY_PLAIN, cut_text(walk, text)};
}

static void read_calendar(struct walk *walk, const struct part *part)
{
    walk->calendar_bytes += part->body.len;
    if (walk->calendar_bytes > ENCODED_CALENDAR_MAX ||
        walk->mail->calendars.count >= CALENDARS_MAX) {
        walk->mail->limited = true;
        return;
    }
    struct slice text = part_text(walk, part, ENCODED_CALENDAR_MAX);
    if (slice_find_nocase(text, LIT("BEGIN:VCALENDAR"), 0) == SIZE_MAX)
        return;
    struct mail_calendar calendar = {.text = arena_copy(walk->arena, text)};
    char *method =
        arena_text(walk->arena, header_parameter(part->content_type, "method", walk->work));
    for (char *c = method; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    calendar.method = utf8_repair(slice_from(method), walk->arena);
    /* the attachment that repeats the alternative says nothing new */
    for (size_t i = 0; i < walk->mail->calendars.count; i++)
        if (slice_equal(slice_trim(walk->mail->calendars.items[i].text), slice_trim(calendar.text)))
            return;
    ARENA_PUSH(walk->arena, &walk->mail->calendars, calendar);
}

/* ---- delivery reports (RFC 3464) --------------------------------------------------------------
 */

static struct slice behind_semicolon(struct slice value)
{
    size_t semicolon = slice_find(value, LIT(";"), 0);
    return slice_trim(semicolon == SIZE_MAX ? value : slice_sub(value, semicolon + 1, value.len));
}

static void add_failure(struct walk *walk, const struct header_list *fields)
{
    struct slice final = behind_semicolon(header_get(fields, "Final-Recipient", 0));
    struct slice original = behind_semicolon(header_get(fields, "Original-Recipient", 0));
    struct slice action = header_word(header_get(fields, "Action", 0), walk->work);
    struct slice status = header_word(header_get(fields, "Status", 0), walk->work);
    struct slice address = original.len > 0 ? original : final;
    if (address.len == 0 || walk->mail->failures.count >= FAILURES_MAX ||
        slice_equal(action, LIT("delivered")) || slice_equal(action, LIT("relayed")) ||
        slice_equal(action, LIT("expanded")))
        return;
    size_t space = slice_find(status, LIT(" "), 0);
    struct mail_failure failure = {
        .address = words_to_mailbox(utf8_repair(address, walk->work), walk->arena).address,
        .permanent = slice_equal(action, LIT("failed")) || slice_starts(status, LIT("5")),
        .status = arena_copy(walk->arena, utf8_repair(slice_sub(status, 0, space), walk->work)),
    };
    ARENA_PUSH(walk->arena, &walk->mail->failures, failure);
}

static void read_delivery_status(struct walk *walk, const struct part *part)
{
    struct slice rest = unix_lines(decoded(walk, part, MIME_TEXT_MAX), walk->work);
    for (int groups = 0; rest.len > 0 && groups < FAILURES_MAX + 1; groups++) {
        struct header_list fields = {0};
        struct slice before = rest;
        headers_read(rest, walk->work, &fields, &rest, &walk->mail->limited);
        add_failure(walk, &fields);
        if (rest.len == before.len)
            break;
    }
}

static void read_original_headers(struct walk *walk, const struct part *part)
{
    struct header_list fields = {0};
    struct slice ignored;
    struct slice_list ids = {0};
    headers_read(decoded(walk, part, MIME_TEXT_MAX), walk->work, &fields, &ignored,
                 &walk->mail->limited);
    header_ids(header_get(&fields, "Message-ID", 0), walk->arena, &ids);
    if (ids.count > 0 && walk->mail->original_id.len == 0)
        walk->mail->original_id = ids.items[0];
}

/* ---- messages in messages
 * ------------------------------------------------------------------------ */

static void add_quote(struct walk *walk, const struct mail_quote *quote)
{
    if (walk->mail->quotes.count >= MIME_QUOTES_MAX)
        walk->mail->limited = true;
    else
        ARENA_PUSH(walk->arena, &walk->mail->quotes, *quote);
}

/* A forwarded message is a quote, and so is what it quotes. */
static void read_message(struct walk *walk, const struct part *part, unsigned depth)
{
    if (walk->report) {
        read_original_headers(walk, part);
        return;
    }
    struct header_list headers = {0};
    struct slice ignored;
    struct mailbox_list from = {0};
    struct mail_quote quote = {.forwarded = true};
    struct slice raw = decoded(walk, part, MIME_BYTES_MAX);
    headers_read(raw, walk->work, &headers, &ignored, &walk->mail->limited);
    header_mailboxes(header_get(&headers, "From", 0), walk->arena, &from, &walk->mail->limited);
    if (from.count > 0)
        quote.from = from.items[0];
    int64_t offset_s;
    quote.has_date =
        header_date(header_get(&headers, "Date", 0), walk->work, &quote.date, &offset_s);
    quote.subject = header_text(header_get(&headers, "Subject", 0), walk->arena);
    struct body body = read_part(walk, raw, depth + 1, LIT("text/plain"));
    struct reply inner;
    reply_read(body.text, NULL, REPLY_VISIBLE, walk->arena, &inner);
    quote.text = inner.signature.len == 0
                     ? inner.visible
                     : arena_format(walk->arena, "%.*s\n\n%.*s", SLICE_ARG(inner.visible),
                                    SLICE_ARG(inner.signature));
    walk->mail->forwarded = true;
    add_quote(walk, &quote);
    for (size_t i = 0; i < inner.quotes.count; i++)
        add_quote(walk, &inner.quotes.items[i]);
}

/* ---- multiparts ---------------------------------------------------------------------------------
 */

/* Whether the line at `at` is "--boundary" or "--boundary--", perhaps with white space
 * behind. `mark` is "--boundary". */
static bool boundary_at(struct slice text, size_t at, struct slice mark, size_t *behind, bool *last)
{
    if (text.len - at < mark.len || memcmp(text.data + at, mark.data, mark.len) != 0)
        return false;
    struct slice line = SLICE_NONE, rest = slice_sub(text, at + mark.len, text.len);
    slice_next_line(&rest, &line);
    *last = slice_starts(line, LIT("--"));
    *behind = text.len - rest.len;
    return slice_trim(slice_sub(line, *last ? 2 : 0, line.len)).len == 0;
}

static bool find_boundary(struct slice text, struct slice mark, size_t *from, size_t *behind,
                          bool *last)
{
    for (*from = 0; *from < text.len;) {
        if (boundary_at(text, *from, mark, behind, last))
            return true;
        const char *end = memchr(text.data + *from, '\n', text.len - *from);
        *from = end == NULL ? text.len : (size_t)(end - text.data) + 1;
    }
    return false;
}

/* The next part of a multipart; *rest starts behind a boundary line. Without another
 * boundary the rest is the part. */
static bool next_part(struct slice *rest, struct slice mark, struct slice *raw, bool *last)
{
    size_t from, behind;
    if (rest->len == 0)
        return false;
    *raw = *rest;
    if (!find_boundary(*rest, mark, &from, &behind, last)) {
        *last = true;
        return true;
    }
    raw->len = from; /* the line end before belongs to the boundary; text is trimmed anyway */
    *rest = slice_sub(*rest, behind, rest->len);
    return true;
}

static struct body join(struct walk *walk, struct body a, struct body b)
{
    if (slice_trim(b.text).len == 0)
        return a;
    if (slice_trim(a.text).len == 0)
        return b;
    struct slice both =
        arena_format(walk->work, "%.*s\n%.*s", SLICE_ARG(a.text), SLICE_ARG(b.text));
    return (struct body){a.kind > b.kind ? a.kind : b.kind, cut_text(walk, both)};
}

static struct body better(struct body a, struct body b)
{
    if (slice_trim(b.text).len == 0)
        return a;
    if (slice_trim(a.text).len == 0)
        return b;
    return b.kind > a.kind ? b : a;
}

static struct body read_multipart(struct walk *walk, const struct part *part, unsigned depth)
{
    struct body body = {0};
    struct slice boundary = header_parameter(part->content_type, "boundary", walk->work);
    bool alternative = slice_equal(part->type, LIT("multipart/alternative"));
    bool digest = slice_equal(part->type, LIT("multipart/digest"));
    bool last = false;
    struct slice rest = part->body, raw;
    if (boundary.len == 0 || boundary.len > BOUNDARY_MAX)
        return read_text(walk, part);
    walk->scanned += part->body.len;
    if (walk->scanned > SCANNED_BYTES_MAX) {
        walk->mail->limited = true;
        return body;
    }
    struct slice mark = arena_format(walk->work, "--%.*s", SLICE_ARG(boundary));
    if (!next_part(&rest, mark, &raw, &last))
        return body;
    while (!last && !(walk->mail->limited && walk->parts > MIME_PARTS_MAX) &&
           next_part(&rest, mark, &raw, &last)) {
        struct body one =
            read_part(walk, raw, depth + 1, digest ? LIT("message/rfc822") : LIT("text/plain"));
        body = alternative ? better(body, one) : join(walk, body, one);
    }
    return body;
}

static bool is_report(const struct part *part, struct slice type, struct arena *work)
{
    return slice_equal(part->type, LIT("multipart/report")) &&
           slice_equal_nocase(header_parameter(part->content_type, "report-type", work), type);
}

/* What the report is about decides: "not-spam" and the failures of RFC 6591 are no complaint. */
static void read_feedback(struct walk *walk, const struct part *part)
{
    static const char *const complaints[] = {"abuse", "opt-out", "opt-out-list"};
    struct header_list fields = {0};
    struct slice ignored;
    headers_read(decoded(walk, part, MIME_TEXT_MAX), walk->work, &fields, &ignored,
                 &walk->mail->limited);
    struct slice type = header_word(header_get(&fields, "Feedback-Type", 0), walk->work);
    for (size_t i = 0; i < sizeof complaints / sizeof *complaints; i++)
        if (slice_equal(type, slice_from(complaints[i])))
            walk->mail->nature = MAIL_COMPLAINT;
}

static bool is_attachment(const struct part *part)
{
    return slice_equal(part->disposition, LIT("attachment"));
}

static bool is_calendar(struct walk *walk, const struct part *part)
{
    if (slice_equal(part->type, LIT("text/calendar")) ||
        slice_equal(part->type, LIT("application/ics")))
        return true;
    struct slice disposition = header_get(&part->headers, "Content-Disposition", 0);
    struct slice name = header_parameter(disposition, "filename", walk->work);
    if (name.len == 0)
        name = header_parameter(part->content_type, "name", walk->work);
    return name.len > 4 && slice_equal_nocase(slice_sub(name, name.len - 4, name.len), LIT(".ics"));
}

static struct body read_content(struct walk *walk, const struct part *part, unsigned depth)
{
    struct body none = {0};
    if (is_calendar(walk, part)) {
        read_calendar(walk, part);
        return none;
    }
    if (slice_starts(part->type, LIT("multipart/"))) {
        if (depth <= 2 && is_report(part, LIT("delivery-status"), walk->work)) {
            walk->report = true;
            walk->mail->nature = MAIL_BOUNCE;
        } else if (depth <= 2 && is_report(part, LIT("feedback-report"), walk->work)) {
            walk->report = true;
            walk->mail->nature = MAIL_AUTO_GENERATED;
        }
        return read_multipart(walk, part, depth);
    }
    if (slice_equal(part->type, LIT("message/delivery-status"))) {
        if (walk->report)
            read_delivery_status(walk, part);
        return none;
    }
    if (slice_equal(part->type, LIT("message/feedback-report"))) {
        if (walk->report && walk->mail->nature != MAIL_BOUNCE)
            read_feedback(walk, part);
        return none;
    }
    if (slice_equal(part->type, LIT("message/rfc822")) ||
        slice_equal(part->type, LIT("message/global"))) {
        read_message(walk, part, depth);
        return none;
    }
    if (slice_equal(part->type, LIT("text/rfc822-headers")) && walk->report) {
        read_original_headers(walk, part);
        return none;
    }
    bool text = slice_equal(part->type, LIT("text/plain")) ||
                slice_equal(part->type, LIT("text/html")) ||
                (depth == 0 && slice_starts(part->type, LIT("text/")));
    if (text && !is_attachment(part))
        return read_text(walk, part);
    walk->mail->attachments += !slice_equal(part->disposition, LIT("inline"));
    return none;
}

static struct body read_part(struct walk *walk, struct slice raw, unsigned depth,
                             struct slice default_type)
{
    struct part part = {0};
    if (depth > MIME_NESTING_MAX || ++walk->parts > MIME_PARTS_MAX) {
        walk->mail->limited = true;
        return (struct body){0};
    }
    headers_read(raw, walk->work, &part.headers, &part.body, &walk->mail->limited);
    part.content_type = header_get(&part.headers, "Content-Type", 0);
    part.type = header_word(part.content_type, walk->work);
    if (!slice_contains(part.type, LIT("/"))) {
        bool named_text = slice_equal(part.type, LIT("text")); /* RFC 822 mailers */
        part.type = named_text || part.type.len == 0 ? default_type : LIT("text/plain");
    }
    part.disposition = header_word(header_get(&part.headers, "Content-Disposition", 0), walk->work);
    return read_content(walk, &part, depth);
}

/* ---- the whole message --------------------------------------------------------------------------
 */

static struct mailbox first_mailbox(struct walk *walk, const struct header_list *headers,
                                    const char *name)
{
    struct mailbox_list list = {0};
    bool ignored = false;
    struct slice value = header_get(headers, name, 0);
    header_mailboxes(value, walk->arena, &list, &ignored);
    if (list.count > 0)
        return list.items[0];
    /* "Kim Kay kim@kay.example", as some programs write */
    struct mailbox loose = words_to_mailbox(header_text(value, walk->arena), walk->arena);
    return loose.address.len > 0 ? loose : (struct mailbox){0};
}

static void read_ids(struct walk *walk, const struct header_list *headers)
{
    struct mail *mail = walk->mail;
    struct slice_list ids = {0}, replied = {0};
    header_ids(header_get(headers, "Message-ID", 0), walk->arena, &ids);
    header_ids(header_get(headers, "In-Reply-To", 0), walk->arena, &replied);
    header_ids(header_get(headers, "References", 0), walk->arena, &mail->references);
    mail->message_id = ids.count > 0 ? ids.items[0] : SLICE_NONE;
    mail->in_reply_to = replied.count > 0 ? replied.items[0] : SLICE_NONE;
}

static bool subject_forwards(struct slice subject, struct arena *work)
{
    static const char *const prefixes[] = {"tr",     "tr ",       "fwd",        "fw",
                                           "wg",     "i",         "rv",         "enc",
                                           "doorst", "transfert", "transfert ", "fwd "};
    struct slice folded = text_fold(subject, work);
    size_t colon = slice_find(slice_sub(folded, 0, 14), LIT(":"), 0);
    if (colon == SIZE_MAX)
        return false;
    struct slice prefix = slice_sub(folded, 0, colon);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (slice_equal(prefix, slice_from(prefixes[i])))
            return true;
    return false;
}

static void read_headers(struct walk *walk, const struct header_list *headers)
{
    struct mail *mail = walk->mail;
    mail->from = first_mailbox(walk, headers, "From");
    mail->sender = first_mailbox(walk, headers, "Sender");
    mail->reply_to = first_mailbox(walk, headers, "Reply-To");
    for (size_t i = 0; header_get(headers, "To", i).len > 0; i++)
        header_mailboxes(header_get(headers, "To", i), walk->arena, &mail->to, &mail->limited);
    for (size_t i = 0; header_get(headers, "Cc", i).len > 0; i++)
        header_mailboxes(header_get(headers, "Cc", i), walk->arena, &mail->cc, &mail->limited);
    mail->subject = header_text(header_get(headers, "Subject", 0), walk->arena);
    read_ids(walk, headers);
    mail->has_date =
        header_date(header_get(headers, "Date", 0), walk->work, &mail->date, &mail->offset_s);
    mail->nature = nature_of(headers, mail->subject, walk->work);
    mail->forwarded = subject_forwards(mail->subject, walk->work);
    mail->loop = first_mailbox(walk, headers, "X-Loop").address;
    for (size_t i = 0; i < headers->count; i++)
        mail->hops += slice_equal_nocase(headers->items[i].name, LIT("Received"));
}

/* Quotes of the text stand before those of attached messages, which are older. */
static void read_body(struct walk *walk, struct slice text)
{
    struct mail *mail = walk->mail;
    struct mail_quote_list attached = mail->quotes;
    struct reply reply;
    mail->text = arena_copy(walk->arena, slice_trim(text));
    reply_read(mail->text, &mail->from, REPLY_VISIBLE, walk->arena, &reply);
    mail->new_text = reply.visible;
    mail->signature = reply.signature;
    mail->quotes = reply.quotes;
    mail->limited |= reply.limited;
    for (size_t i = 0; i < attached.count; i++)
        add_quote(walk, &attached.items[i]);
}

enum status mime_parse(struct slice raw, struct slice authserv, struct arena *arena,
                       struct mail *out, struct problem *why)
{
    if (raw.len > MIME_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "message larger than %d MB", MIME_BYTES_MAX >> 20);
    mime_init();
    AUTO_ARENA work = arena_create_wiped((size_t)512 << 20);
    struct mail mail = {0};
    struct walk walk = {.mail = &mail, .arena = arena, .work = work};
    struct header_list headers = {0};
    struct slice ignored;
    headers_read(raw, work, &headers, &ignored, &mail.limited);
    read_headers(&walk, &headers);
    if (mail.from.address.len == 0)
        mail.from = mail.sender;
    if (mail.from.address.len == 0)
        return problem_set(why, ST_INVALID, "message has no From that can be answered");
    mail.origin = origin_of(&headers, authserv, mail.from.address, work);
    struct body body = read_part(&walk, raw, 0, LIT("text/plain"));
    read_body(&walk, body.text);
    *out = mail;
    return ST_OK;
}
