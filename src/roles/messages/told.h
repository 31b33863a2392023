#ifndef RENDEZ_ROLES_TOLD_H
#define RENDEZ_ROLES_TOLD_H

#include "base/eventlog/eventlog.h"

/* What every role tells logd: events that events.def marks, and counts. */

/* As many alike, since the last that was told. Never personal data: of an event's fields only the fixed
 * words come along. From a role its channel says who speaks; the parent says it of its children. */
struct event_told {
    struct slice event;      /* its name */
    struct slice role;       /* the parent only */
    struct slice build;      /* GNU build id of the program */
    struct instant at;       /* of the last one */
    uint32_t count;          /* at least 1 */
    struct slice_list words; /* "cause=SIGSEGV", in the order of the event's fields */
};

/* What makes two of them alike: the words, with a # for each run of digits, of addresses the innermost
 * TOLD_ADDRESSES. */
enum { TOLD_ADDRESSES = 4, TOLD_WORDS_MAX = 16, TOLD_WORD_BYTES_MAX = 400 };
struct slice told_signature(const struct slice_list *words, struct arena *arena);

/* The value of a word, or SLICE_NONE. */
struct slice told_word(const struct slice_list *words, enum event_key key);
/* The words of an event's fields; ids, names of people and numbers stay behind. */
struct slice_list told_words(const struct event_field *fields, size_t count, struct arena *arena);

/* One value of metrics.def. */
struct metric {
    struct slice name;
    struct slice label;   /* "status=2xx"; empty: the only one of its name */
    int64_t value;        /* in the unit of its row; of a histogram the sum, in microseconds */
    struct slice buckets; /* of a histogram: a count for each of its buckets, u64, little-endian */
};
struct metric_list {
    struct metric *items;
    size_t count, capacity;
};
enum { METRICS_MAX = 200 };
struct metrics_told {
    struct instant at;
    struct metric_list metrics;
};

#endif
