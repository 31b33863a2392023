#ifndef RENDEZ_FORMATS_MIME_INTERNAL_H
#define RENDEZ_FORMATS_MIME_INTERNAL_H

#include "formats/mime/mime.h"

/* ---- lines of a text ---------------------------------------------------------------- */

enum { OWNER_NEW = -1, OWNER_NOBODY = -2 };

struct text_line {
    struct slice text;   /* as written, right-trimmed, without the marks taken off so far */
    struct slice folded; /* the same for comparing: see text_fold */
    int32_t owner;       /* index of a quote, OWNER_NEW, or OWNER_NOBODY (attributions) */
};

struct text_lines {
    struct text_line *items;
    size_t count, capacity;
};

/* For comparing: lower case, Latin accents off, no-break spaces plain, apostrophes
 * straight, "*" of bold text off at both ends. Other scripts stay as they are. */
struct slice text_fold(struct slice text, struct arena *arena);
void text_split(struct slice text, struct arena *arena, struct text_lines *lines);
bool line_is_blank(const struct text_line *line);
/* One word of a table, or any of it, anywhere in `text` at word boundaries. */
bool text_has_word(struct slice text, struct slice word);
bool text_has_any_word(struct slice text, const char *const *words, size_t count);
/* Starts with one of the words, and a boundary behind it. */
bool text_starts_any(struct slice text, const char *const *words, size_t count);

#define TABLE(words) (words), sizeof(words) / sizeof *(words)

/* ---- who wrote what is quoted ------------------------------------------------------- */

enum attribution_kind {
    ATTRIBUTION_LINE,   /* "Le … a écrit :" */
    ATTRIBUTION_HEADER, /* "De : … Envoyé : …" with or without a rule above */
    ATTRIBUTION_RULE,   /* "-----Message d'origine-----" alone */
};

struct attribution {
    enum attribution_kind kind;
    struct mailbox from;
    bool has_date;
    struct civil date;
    struct slice subject;
    bool transferred;  /* says "forwarded message" */
    size_t line_count; /* lines that it takes */
    size_t lead;       /* bytes of its first line before it that are new text */
};

/* Whether an attribution starts at lines[at]; looks at lines before `to` only. */
bool attribution_at(const struct text_lines *lines, size_t at, size_t to, struct arena *arena,
                    struct attribution *out);

/* The first date with a year in `folded`, with its time; English and French words. */
bool words_to_civil(struct slice folded, struct civil *out);
/* Name and address in words: "Anne Le Breton <anne@x.example>", "x@y.example [mailto:…]". */
struct mailbox words_to_mailbox(struct slice words, struct arena *arena);

/* ---- replies ------------------------------------------------------------------------ */

struct reply {
    struct slice visible; /* by the part asked for */
    struct slice signature;
    struct mail_quote_list quotes;
    bool whole; /* nothing was taken off */
    bool limited;
};

/*   writer  who wrote the text: the name in it is a signature; may be NULL
 *   out     in `arena` */
void reply_read(struct slice text, const struct mailbox *writer, enum reply_part part,
                struct arena *arena, struct reply *out);

/* Sets owner to OWNER_NOBODY for the lines of `lines` (all OWNER_NEW) that are signature
 * or footer, and marks them in `cut` (same count). */
void signature_find(struct text_lines *lines, const struct mailbox *writer, enum reply_part part,
                    struct arena *arena, bool *cut);
/* A line by a program: "Envoyé de mon iPhone". */
bool line_names_device(struct slice folded);

/* ---- bytes -------------------------------------------------------------------------- */

/* To UTF-8 by a charset opened in mime_init; an unknown one is taken for UTF-8 if that
 * fits, else windows-1252. */
struct slice charset_decode(struct slice bytes, struct slice charset, struct arena *arena);
/* The name that iconv was opened with, or SLICE_NONE. */
struct slice charset_known(struct slice charset);
void charset_init(void);

/* Visible text of HTML: "> " marks for block quotes, rules as underscores, hidden text
 * left out. Sets *limited when it was cut at MIME_TEXT_MAX. */
struct slice html_to_text(struct slice html, struct arena *arena, bool *limited);

/* ---- headers ------------------------------------------------------------------------ */

struct header {
    struct slice name, value; /* value unfolded, not decoded */
};
struct header_list {
    struct header *items;
    size_t count, capacity;
};

/* Reads the fields before the first empty line; *body is what follows it. At most
 * HEADERS_MAX fields are kept (*limited otherwise). */
enum { HEADERS_MAX = 500, HEADER_BYTES_MAX = 64 * 1024 };
void headers_read(struct slice raw, struct arena *arena, struct header_list *out,
                  struct slice *body, bool *limited);
/* The n-th field of that name (from 0), or SLICE_NONE. */
struct slice header_get(const struct header_list *headers, const char *name, size_t n);
/* A parameter as in Content-Type: "charset", unquoted; RFC 2231 pieces joined, percent
 * signs left as they are. SLICE_NONE when absent. */
struct slice header_parameter(struct slice value, const char *name, struct arena *arena);
/* What stands before the parameters, lower case: "text/plain". */
struct slice header_word(struct slice value, struct arena *arena);
struct slice header_text(struct slice value, struct arena *arena); /* RFC 2047 decoded */
/* Encoded words to UTF-8 or, for GMime's reader of addresses, to words in UTF-8. */
struct slice words_decode(struct slice value, bool as_words, struct arena *arena);
/* Appends mailboxes of an address list. */
void header_mailboxes(struct slice value, struct arena *arena, struct mailbox_list *out,
                      bool *limited);
void header_ids(struct slice value, struct arena *arena, struct slice_list *out);
bool header_date(struct slice value, struct arena *arena, struct civil *out, int64_t *offset_s);

enum mail_nature nature_of(const struct header_list *headers, struct slice subject,
                           struct arena *arena);
enum mail_origin origin_of(const struct header_list *headers, struct slice authserv,
                           struct slice from_address, struct arena *arena);

#endif
