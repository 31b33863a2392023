#ifndef RENDEZ_FORMATS_MIME_H
#define RENDEZ_FORMATS_MIME_H

#include "base/record/record.h"

/* Mail as people understand it, from and to the bytes of RFC 5322, 2045-2049, 2231,
 * 3464, 3834, 6047 and 8601. GMime stays behind this header. */

enum {
    MIME_BYTES_MAX = 30 * 1024 * 1024,
    MIME_PARTS_MAX = 200,
    MIME_NESTING_MAX = 20,
    MIME_TEXT_MAX = 256 * 1024, /* of a body; the rest is cut and `limited` set */
    MIME_MAILBOXES_MAX = 200,
    MIME_QUOTES_MAX = 50,
    MIME_ARENA_BYTES = 64 * 1024 * 1024, /* enough for whatever mime_parse reads */
};

struct mailbox {
    struct slice name;    /* decoded, may be empty */
    struct slice address; /* addr-spec, domain in lower case */
};
struct mailbox_list {
    struct mailbox *items;
    size_t count, capacity;
};

enum mail_nature {
    MAIL_PERSONAL,
    MAIL_AUTO_REPLIED,   /* out of office and the like: never answered (RFC 3834) */
    MAIL_AUTO_GENERATED, /* by a program: no answer; calendars send their REPLY so, too, and
                          * the object in `calendars` counts like any other */
    MAIL_BOUNCE,         /* a delivery status notification (RFC 3464) */
    MAIL_LIST,           /* came through a mailing list (RFC 2919) */
    MAIL_COMPLAINT,      /* a reader marked a mail of ours as unwanted (RFC 5965) */
};

/* What our own MTA says of the sender (RFC 8601). Headers of other hosts do not count. */
enum mail_origin {
    MAIL_ORIGIN_UNKNOWN, /* our MTA said nothing */
    MAIL_ORIGIN_PASS,    /* dmarc=pass, or SPF or DKIM aligned with From */
    MAIL_ORIGIN_FAIL,
};

/* Part of an earlier message, quoted or forwarded in this one; the newest first. */
struct mail_quote {
    struct mailbox from; /* as the attribution line says; empty when unknown */
    bool has_date;
    struct civil date;    /* local to whoever wrote the attribution line */
    struct slice subject; /* of a forwarded header block, else empty */
    struct slice text;    /* without marks, without its own quotes; signature kept */
    bool forwarded;       /* under a header block ("De : … Envoyé : …"), not "> " marks */
};
struct mail_quote_list {
    struct mail_quote *items;
    size_t count, capacity;
};

/* An attached or alternative text/calendar part, application/ics or *.ics, decoded to
 * UTF-8; LF lines. winmail.dat (TNEF) is not opened. */
struct mail_calendar {
    struct slice method; /* of the Content-Type, upper case; may be empty */
    struct slice text;
};
struct mail_calendar_list {
    struct mail_calendar *items;
    size_t count, capacity;
};

/* One recipient of a delivery status notification. */
struct mail_failure {
    struct slice address;
    bool permanent;      /* 5.x.x, or Action: failed */
    struct slice status; /* "5.1.1" */
};
struct mail_failure_list {
    struct mail_failure *items;
    size_t count, capacity;
};

struct mail {
    struct mailbox from, sender, reply_to; /* empty address where absent */
    struct mailbox_list to, cc;
    struct slice subject, message_id, in_reply_to; /* ids without angle brackets */
    struct slice_list references;
    bool has_date;
    struct civil date; /* as written, in the writer's offset */
    int64_t offset_s;  /* east of Greenwich */
    enum mail_nature nature;
    enum mail_origin origin;
    struct slice text;      /* the whole visible text, UTF-8, LF lines */
    struct slice new_text;  /* without quotes, signature and footers */
    struct slice signature; /* of the writer; may be empty */
    struct mail_quote_list quotes;
    struct mail_calendar_list calendars;
    struct mail_failure_list failures; /* MAIL_BOUNCE */
    struct slice original_id;          /* MAIL_BOUNCE, MAIL_COMPLAINT: Message-ID that came
                                          back, if told */
    bool forwarded;                    /* "TR:", "Fwd:" or a message/rfc822 part on top */
    bool limited;                      /* a limit was reached: to supervision */
    struct slice loop;                 /* X-Loop: an address that has sent this before */
    uint32_t hops;                     /* Received fields: a loop has many (RFC 5321 6.3) */
    uint32_t attachments;              /* parts that were not read, without those that a text shows inline */
};

extern const struct record_type mailbox_record, mail_record;

/* Opens the charsets that mail uses, before a sandbox that forbids files (iconv loads
 * its converters lazily). Call once per process, before the first mime_parse. */
void mime_init(void);

/* Reads a message. Bad bytes are read as well as can be, as every mail program does.
 *   raw        at most MIME_BYTES_MAX bytes
 *   authserv   our own MTA's name in Authentication-Results; empty: none is trusted
 *   out        everything in the arena, which needs MIME_ARENA_BYTES at most
 * ST_LIMIT   larger than MIME_BYTES_MAX
 * ST_INVALID no From that can be answered
 * Over the limits of parts and nesting it reads no further and sets `limited`. */
MUST_USE enum status mime_parse(struct slice raw, struct slice authserv, struct arena *arena,
                                struct mail *out, struct problem *why);

enum reply_part {
    REPLY_VISIBLE, /* neither quote nor signature: what is new */
    REPLY_WITHOUT_QUOTE,
    REPLY_WITHOUT_SIGNATURE,
};
/* What is new in the plain text of a reply (mime_parse does the same, knowing the
 * writer's name as well). Copied into the arena. */
struct slice mime_strip_reply(struct slice text, enum reply_part part, struct arena *arena);

/* What a reader of HTML (UTF-8) would see, with "> " before what is quoted; hidden text
 * is left out. Cut at MIME_TEXT_MAX. */
struct slice mime_html_text(struct slice html, struct arena *arena);

/* A message to send. */
struct mail_draft {
    struct mailbox from;
    struct mailbox_list to, cc;
    struct slice subject, message_id, in_reply_to; /* without angle brackets */
    struct slice_list references;
    struct instant date;
    int64_t offset_s;
    struct slice text, html;  /* html may be empty */
    struct slice calendar;    /* iCalendar text, or empty */
    struct slice method;      /* "REQUEST", "CANCEL" with `calendar` */
    bool automatic;           /* Auto-Submitted: auto-generated; else auto-replied */
    bool personal;            /* a person wrote it: no Auto-Submitted at all (sandbox) */
    struct slice unsubscribe; /* URL for List-Unsubscribe, or empty */
};
extern const struct record_type mail_draft_record;

/* The bytes to send, CRLF lines, 7 bit, boundaries made from message_id so that the
 * same draft gives the same bytes. multipart/alternative of text, html and (with
 * method) text/calendar, and the calendar again as attachment invite.ics: see
 * doc/imip.md.
 * ST_INVALID  control characters in a header, a bad address, no Message-ID, or a method
 *             other than the calendar's own
 * ST_LIMIT    larger than 16 MB */
MUST_USE enum status mime_format(const struct mail_draft *draft, struct arena *arena,
                                 struct slice *raw, struct problem *why);

#endif
