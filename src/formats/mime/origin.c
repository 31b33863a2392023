/* What the headers say of the message itself: whether a person wrote it (RFC 3834, 2919)
 * and whether our own MTA believes the sender (RFC 8601). */
#include "formats/mime/internal.h"

/* Subjects of programs that answer for absent people and set no header. */
static const char *const absence_subjects[] = {
    "reponse automatique",  "absence du bureau",   "message d'absence",   "automatic reply",
    "auto reply",           "auto-reply",          "autoreply",           "auto response",
    "out of office",        "out of the office",   "abwesenheitsnotiz",   "automatische antwort",
    "respuesta automatica", "risposta automatica", "resposta automatica", "automatisch antwoord",
};
static const char *const absence_precedences[] = {"auto_reply", "auto-reply", "autoreply"};
static const char *const reply_headers[] = {"X-Autoreply", "X-Autorespond", "X-Auto-Reply",
                                            "X-Mail-Autoreply"};

static bool has_header(const struct header_list *headers, const char *name)
{
    return header_get(headers, name, 0).len > 0;
}

static bool is_absence(const struct header_list *headers, struct slice subject,
                       struct slice precedence, struct arena *arena)
{
    for (size_t i = 0; i < sizeof reply_headers / sizeof *reply_headers; i++)
        if (has_header(headers, reply_headers[i]))
            return true;
    for (size_t i = 0; i < sizeof absence_precedences / sizeof *absence_precedences; i++)
        if (slice_equal(precedence, slice_from(absence_precedences[i])))
            return true;
    return text_starts_any(slice_trim(text_fold(subject, arena)), TABLE(absence_subjects));
}

enum mail_nature nature_of(const struct header_list *headers, struct slice subject,
                           struct arena *arena)
{
    struct slice submitted = header_word(header_get(headers, "Auto-Submitted", 0), arena);
    struct slice precedence = header_word(header_get(headers, "Precedence", 0), arena);
    if (slice_starts(submitted, LIT("auto-replied")) ||
        is_absence(headers, subject, precedence, arena))
        return MAIL_AUTO_REPLIED;
    bool list = has_header(headers, "List-Id") || has_header(headers, "List-Post") ||
                slice_equal(precedence, LIT("list"));
    if (submitted.len > 0 && !slice_equal(submitted, LIT("no")))
        return MAIL_AUTO_GENERATED;
    /* "All" from Exchange marks what its own programs send; people's mail has none */
    struct slice suppress = header_word(header_get(headers, "X-Auto-Response-Suppress", 0), arena);
    if (slice_contains(suppress, LIT("all")) && !has_header(headers, "In-Reply-To") && !list)
        return MAIL_AUTO_GENERATED;
    if (slice_equal(header_word(header_get(headers, "Return-Path", 0), arena), LIT("<>")))
        return MAIL_AUTO_GENERATED;
    if (list)
        return MAIL_LIST;
    if (slice_equal(precedence, LIT("bulk")) || slice_equal(precedence, LIT("junk")))
        return MAIL_AUTO_GENERATED;
    return MAIL_PERSONAL;
}

/* ---- Authentication-Results --------------------------------------------------------------- */

static struct slice domain_of(struct slice address)
{
    size_t at = address.len;
    while (at > 0 && address.data[at - 1] != '@')
        at--;
    return slice_sub(address, at, address.len);
}

/* The same domain, or one below the other: relaxed alignment (RFC 7489 section 3.1). A
 * public suffix ("co.uk") alone aligns with nothing that an MTA would report. */
static bool is_aligned(struct slice domain, struct slice from)
{
    if (domain.len == 0 || from.len == 0 || !slice_contains(domain, LIT(".")))
        return false;
    if (slice_equal_nocase(domain, from))
        return true;
    struct slice longer = domain.len > from.len ? domain : from;
    struct slice shorter = domain.len > from.len ? from : domain;
    size_t behind = longer.len - shorter.len;
    return longer.len > shorter.len && longer.data[behind - 1] == '.' &&
           slice_equal_nocase(slice_sub(longer, behind, longer.len), shorter) &&
           slice_find(shorter, LIT("."), 0) != SIZE_MAX;
}

/* "dkim=pass header.d=a.example": word behind "name=", in one result. */
static struct slice result_value(struct slice result, struct slice name)
{
    size_t at = 0;
    while ((at = slice_find_nocase(result, name, at)) != SIZE_MAX) {
        bool starts = at == 0 || ascii_is_space(result.data[at - 1]);
        size_t from = at + name.len;
        at = from;
        while (from < result.len && ascii_is_space(result.data[from]))
            from++;
        if (!starts || from >= result.len || result.data[from] != '=')
            continue;
        from++;
        while (from < result.len && ascii_is_space(result.data[from]))
            from++;
        size_t to = from;
        while (to < result.len && !ascii_is_space(result.data[to]))
            to++;
        struct slice value = slice_sub(result, from, to);
        if (value.len >= 2 && value.data[0] == '"' && value.data[value.len - 1] == '"')
            value = slice_sub(value, 1, value.len - 1);
        return value;
    }
    return SLICE_NONE;
}

struct verdict {
    bool dmarc_pass, dmarc_fail, aligned_pass, fail;
};

/* DMARC is about the domain in From: a verdict that names another one is not about this
 * mail. Names that are written in two ways (RFC 5890) are not compared. */
static bool speaks_of(struct slice result, struct slice from)
{
    struct slice checked = domain_of(result_value(result, LIT("header.from")));
    for (size_t i = 0; i < from.len; i++)
        if ((unsigned char)from.data[i] >= 0x80)
            return true;
    return checked.len == 0 || slice_equal_nocase(checked, from);
}

static void read_result(struct slice result, struct slice from, struct verdict *verdict)
{
    struct slice dmarc = result_value(result, LIT("dmarc"));
    struct slice dkim = result_value(result, LIT("dkim")), spf = result_value(result, LIT("spf"));
    verdict->dmarc_pass |= slice_equal_nocase(dmarc, LIT("pass")) && speaks_of(result, from);
    verdict->dmarc_fail |= slice_equal_nocase(dmarc, LIT("fail"));
    if (dkim.len > 0) {
        struct slice domain = result_value(result, LIT("header.d"));
        if (domain.len == 0)
            domain = domain_of(result_value(result, LIT("header.i")));
        bool aligned = is_aligned(domain, from);
        verdict->aligned_pass |= slice_equal_nocase(dkim, LIT("pass")) && aligned;
        verdict->fail |= slice_equal_nocase(dkim, LIT("fail")) && aligned;
    }
    if (spf.len > 0) {
        struct slice domain = domain_of(result_value(result, LIT("smtp.mailfrom")));
        verdict->aligned_pass |= slice_equal_nocase(spf, LIT("pass")) && is_aligned(domain, from);
        verdict->fail |= slice_equal_nocase(spf, LIT("fail")) && is_aligned(domain, from);
    }
}

/* Comments out, then "authserv-id [version] *( ; result )". False for another server. */
static bool read_field(struct slice value, struct slice authserv, struct slice from,
                       struct verdict *verdict, struct arena *arena)
{
    AUTO_BUFFER flat = buffer_create(HEADER_BYTES_MAX);
    size_t depth = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '(')
            depth++;
        else if (value.data[i] == ')' && depth > 0)
            depth--;
        else if (depth == 0)
            buffer_add_char(&flat, value.data[i]);
    }
    struct slice rest = arena_copy(arena, buffer_slice(&flat));
    size_t end = slice_find(rest, LIT(";"), 0);
    struct slice name = slice_trim(slice_sub(rest, 0, end));
    size_t space = slice_find(name, LIT(" "), 0);
    if (!slice_equal_nocase(slice_sub(name, 0, space), authserv))
        return false;
    while (end != SIZE_MAX) {
        size_t next = slice_find(rest, LIT(";"), end + 1);
        read_result(slice_sub(rest, end + 1, next), from, verdict);
        end = next;
    }
    return true;
}

/* Our MTA writes on top; what stands below the first header that another host added to
 * its trace (Received) could be forged, so only those above the hop that received it
 * count. That MTA must take off fields with our name (RFC 8601 section 5). */
enum mail_origin origin_of(const struct header_list *headers, struct slice authserv,
                           struct slice from_address, struct arena *arena)
{
    struct verdict verdict = {0};
    struct slice from = domain_of(from_address);
    bool found = false;
    enum { RECEIVED_MAX = 3 }; /* our own hops: filter, delivery */
    size_t received = 0;
    for (size_t i = 0; i < headers->count && authserv.len > 0; i++) {
        if (slice_equal_nocase(headers->items[i].name, LIT("Received"))) {
            received++;
            if (found || received > RECEIVED_MAX)
                break;
        }
        if (slice_equal_nocase(headers->items[i].name, LIT("Authentication-Results")))
            found |= read_field(headers->items[i].value, authserv, from, &verdict, arena);
    }
    if (verdict.dmarc_fail)
        return MAIL_ORIGIN_FAIL;
    if (verdict.dmarc_pass || verdict.aligned_pass)
        return MAIL_ORIGIN_PASS;
    return verdict.fail ? MAIL_ORIGIN_FAIL : MAIL_ORIGIN_UNKNOWN;
}
