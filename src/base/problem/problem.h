#ifndef RENDEZ_BASE_PROBLEM_H
#define RENDEZ_BASE_PROBLEM_H

#include <stddef.h>

/* How a call ended. Callers branch on the status; `struct problem` is for people. */
enum status {
    ST_OK,
    ST_INVALID,     /* the input is wrong, and will stay wrong */
    ST_NOT_FOUND,
    ST_CONFLICT,    /* the state does not allow it; load again and look */
    ST_DENIED,
    ST_LIMIT,       /* larger, deeper or more numerous than we accept */
    ST_UNAVAILABLE, /* a peer, disk or service; may work later */
};

/* Why a call failed, in one line that says what to do. Never holds mail content
 * or personal data: it may be logged or shown to anybody.
 *   offset  byte position in the input, where a parser refused it; else 0 */
struct problem {
    enum status status;
    size_t offset;
    char detail[160];
};

#define MUST_USE __attribute__((warn_unused_result))

/* Returns from the calling function when `call` fails. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_ = (call);                                                                 \
        if (try_ != ST_OK)                                                                         \
            return try_;                                                                           \
    } while (0)

/* Fills *why (may be NULL) and returns `status`. A text too long is cut. */
enum status problem_set(struct problem *why, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with the offset of the bad byte. */
enum status problem_at(struct problem *why, enum status status, size_t offset, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/* "WHAT: strerror(errno)"; ENOENT gives ST_NOT_FOUND, EACCES and EPERM ST_DENIED,
 * the rest ST_UNAVAILABLE. */
enum status problem_errno(struct problem *why, const char *what);

/* "invalid", "not_found", … as the API and logs spell it. */
const char *status_name(enum status status);

#endif
