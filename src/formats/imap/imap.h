#ifndef RENDEZ_FORMATS_IMAP_H
#define RENDEZ_FORMATS_IMAP_H

#include "base/bytes/bytes.h"

/* The client's side of IMAP4rev1 (RFC 3501; UIDPLUS RFC 4315, MOVE RFC 6851), as far as one
 * mailbox is read: answers of a server into structs, names and commands into bytes. No
 * socket, no clock. A server is as much a stranger as a client is: every answer has limits. */

enum {
    IMAP_LINE_BYTES_MAX = 1 << 20, /* of one answer, without what its literals hold */
    IMAP_LITERALS_MAX = 64,        /* in one answer */
    IMAP_UIDS_MAX = 100000,        /* in one SEARCH answer */
    IMAP_NESTING_MAX = 16,
    IMAP_NAME_BYTES_MAX = 1000,    /* of a folder */
};

enum imap_kind {
    IMAP_OTHER,    /* well-formed as far as it was looked at, and of no interest */
    IMAP_TAGGED,   /* a command has ended: tag, result, code */
    IMAP_STATUS,   /* "* OK", "* BYE" …: result, code */
    IMAP_EXISTS,   /* number */
    IMAP_SEARCH,   /* numbers */
    IMAP_FETCH,    /* number, fetched */
    IMAP_CAPABILITY, /* text: the list */
    IMAP_CONTINUE, /* "+ …" */
};
enum imap_result { IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE, IMAP_PREAUTH };

struct imap_numbers {
    uint32_t *items;
    size_t count, capacity;
};

/* What a FETCH answer says of one message; what it does not say is false or empty. */
struct imap_fetched {
    bool has_uid, has_size, has_body;
    uint32_t uid;
    uint64_t size;     /* RFC822.SIZE */
    struct slice body; /* of BODY[…]: the bytes as they came */
};

struct imap_response {
    enum imap_kind kind;
    enum imap_result result;
    struct slice tag;
    struct slice code;        /* "UIDVALIDITY 17" of "[UIDVALIDITY 17]", or empty */
    uint32_t number;
    struct slice text;
    struct imap_numbers numbers;
    struct imap_fetched fetched;
};

/* Reading. The reader gathers bytes until an answer is whole, literals included. */
struct imap_reader;
struct imap_reader *imap_reader_create(size_t message_bytes_max); /* of all literals of an answer */
void imap_reader_destroy(struct imap_reader **reader);            /* accepts NULL; wipes */

/* Takes bytes up to the end of an answer; *used says how many. *whole: *answer is one answer
 * without its last CRLF, and lives until the next call.
 * ST_LIMIT    an answer or literal over the limits
 * ST_INVALID  not IMAP: a NUL outside a literal, a literal whose length is no number
 * After either, the connection is of no more use. */
MUST_USE enum status imap_read(struct imap_reader *reader, struct slice bytes, size_t *used,
                               bool *whole, struct slice *answer, struct problem *why);

/* One whole answer. Slices point into it; numbers are in the arena.
 * ST_INVALID, ST_LIMIT  as for imap_read */
MUST_USE enum status imap_parse(struct slice answer, struct arena *arena,
                                struct imap_response *out, struct problem *why);

/* The number of a code: imap_code_number(code, LIT("UIDVALIDITY"), &n). False: another code,
 * or no number from 1 to 2^32 - 1. */
bool imap_code_number(struct slice code, struct slice name, uint32_t *number);
/* Whether a list of words separated by spaces has this one, in any case. */
bool imap_has_word(struct slice words, struct slice word);

/* Writing. A folder's name as a quoted string in modified UTF-7 (RFC 3501 section 5.1.3).
 * ST_INVALID  not UTF-8, a control character, empty, or too long */
MUST_USE enum status imap_write_folder(struct slice name, struct buffer *out, struct problem *why);
/* "25-Nov-2026", as SEARCH wants it. */
void imap_write_date(int year, unsigned month, unsigned day, struct buffer *out);

#endif
