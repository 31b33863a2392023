#ifndef RENDEZ_ROLES_MESSAGES_ENTRIES_H
#define RENDEZ_ROLES_MESSAGES_ENTRIES_H

#include "base/datetime/datetime.h"

/* What roles give logd for the log (doc/log.md). journal.h is the way to say it. */
struct log_line {
    struct instant at;
    struct slice kind; /* of base/eventlog/kinds.def */
    struct slice ids;  /* "meeting=m_… state=confirmed": ids, fixed words, numbers and digests */
};
struct log_line_list {
    struct log_line *items;
    size_t count, capacity;
};
enum { LOG_APPEND_MAX = 1000, LOG_SOURCE_BYTES_MAX = 40, LOG_IDS_BYTES_MAX = 2048 };

/* planner, authd, keyd, trust, archive → logd. */
struct log_append {
    struct slice source;         /* "store", "keyd.BOOT" */
    int64_t first;               /* number of the first, from 1; the others follow it */
    struct log_line_list lines;  /* none: how far have you come? */
    bool back;                   /* this source was restored from a copy: its next will be `first` */
};
/* The answer, whenever there is more: all of this source is on disk up to that number. */
struct log_kept {
    struct slice source;
    int64_t number;              /* 0: nothing yet */
};

#endif
