#include "base/problem/problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum status __attribute__((format(printf, 4, 0)))
fill(struct problem *why, enum status status, size_t offset, const char *format, va_list args)
{
    if (why == NULL)
        return status;
    why->status = status;
    why->offset = offset;
    vsnprintf(why->detail, sizeof why->detail, format, args);
    return status;
}

enum status problem_set(struct problem *why, enum status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(why, status, 0, format, args);
    va_end(args);
    return status;
}

enum status problem_at(struct problem *why, enum status status, size_t offset, const char *format,
                       ...)
{
    va_list args;
    va_start(args, format);
    fill(why, status, offset, format, args);
    va_end(args);
    return status;
}

enum status problem_errno(struct problem *why, const char *what)
{
    int error = errno;
    enum status status = error == ENOENT                     ? ST_NOT_FOUND
                         : error == EACCES || error == EPERM ? ST_DENIED
                                                             : ST_UNAVAILABLE;
    return problem_set(why, status, "%s: %s", what, strerror(error));
}

const char *status_name(enum status status)
{
    static const char *const names[] = {
        [ST_OK] = "ok",             [ST_INVALID] = "invalid", [ST_NOT_FOUND] = "not_found",
        [ST_CONFLICT] = "conflict", [ST_DENIED] = "denied",   [ST_LIMIT] = "limit",
        [ST_UNAVAILABLE] = "unavailable",
    };
    return (size_t)status < sizeof names / sizeof *names ? names[status] : "unknown";
}
