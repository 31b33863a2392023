#ifndef RENDEZ_ROLES_MESSAGES_SELDOM_H
#define RENDEZ_ROLES_MESSAGES_SELDOM_H

#include "base/bytes/bytes.h"

/* What strangers cause is told of each of them once a minute, and of so many of them: whoever knocks all day fills no log. */
enum { SELDOM_MAX = 32, SELDOM_TEXT_MAX = 64, SELDOM_MS = 60 * 1000 };
struct seldom {
    struct seldom_row {
        char text[SELDOM_TEXT_MAX];
        size_t len; /* 0: free */
        int64_t at_ms;
    } rows[SELDOM_MAX];
};

/* Whether it may be told of `what` (of which SELDOM_TEXT_MAX bytes count) now; then that is remembered. One row of a time to
 * come is over: the clock was set back. */
MUST_USE bool seldom_may(struct seldom *seldom, struct slice what, int64_t now_ms);

#endif
