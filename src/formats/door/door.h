#ifndef RENDEZ_FORMATS_DOOR_H
#define RENDEZ_FORMATS_DOOR_H

#include "base/datetime/datetime.h"

/* The log of the door of a supervision room, as door systems export it: comma-separated values (RFC 4180; semicolons too)
 * with a header, or JSON lines. doc/supervision.md, "Door", says what stands in it. */

enum door_method { DOOR_BIOMETRIC, DOOR_BADGE, DOOR_CODE, DOOR_OTHER, DOOR_METHOD_COUNT_ };
extern const char *const door_method_names[DOOR_METHOD_COUNT_]; /* biometric, badge, code, other */

struct door_line {
    struct instant at;
    struct slice person; /* an account's id or a badge's number: 1 to 64 letters, figures, ".", "-", "_"; borrowed */
    bool out;            /* they left */
    enum door_method method;
};
struct door_log {
    struct door_line *items; /* in the order of the log */
    size_t count, capacity;
    size_t refused, first_refused; /* lines that say nothing that can be read; the number of the first, from 1 */
};
enum { DOOR_BYTES_MAX = 4 << 20, DOOR_LINES_MAX = 20000, DOOR_LINE_BYTES_MAX = 1000, DOOR_PERSON_BYTES_MAX = 64 };

/* Whether that may be whose line it is. */
bool door_is_person(struct slice text);

/* zone  of times without one
 * ST_INVALID  not UTF-8, or no header with the four columns
 * ST_LIMIT    too long, or too many lines */
MUST_USE enum status door_read(struct slice text, const struct zone *zone, struct arena *arena, struct door_log *out,
                               struct problem *why);

#endif
