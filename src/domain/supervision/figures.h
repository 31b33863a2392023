#ifndef RENDEZ_DOMAIN_FIGURES_H
#define RENDEZ_DOMAIN_FIGURES_H

#include "domain/people/people.h"

/* How the machine and the people did, from what is counted of readings and kept of decisions. Nothing personal but who
 * decided. No I/O, no clock. */

enum { FIGURE_LEVELS = 10 }; /* of confidence: 0 to 99 of 1000, 100 to 199, …, 900 to 1000 */

/* What became of a task. */
enum task_agreement { AGREED_NOT, AGREED, AGREED_NONE /* it was no sample */ };
struct supervised {
    struct slice task, organisation;  /* the latter may be empty */
    struct instant at;
    enum language language;
    struct slice reason;
    uint32_t confidence; /* of 1000 */
    struct slice decision; /* of decision_act_names; "seen" */
    struct slice changed;  /* which of intent kind duration windows accepted people place, a space between */
    uint32_t waited_s, held_s;
    struct slice person;   /* empty: nobody of a console */
    uint32_t sample;       /* 1: a second look */
    uint32_t agreed;       /* enum task_agreement */
};
struct supervised_list {
    struct supervised *items;
    size_t count, capacity;
};

/* Messages that were read on one day, and for how many of them a person was wanted. */
struct read_count {
    uint32_t day; /* since 1970-01-01, UTC */
    enum language language;
    uint32_t level; /* of confidence, below FIGURE_LEVELS */
    uint32_t total, doubts;
};
struct read_count_list {
    struct read_count *items;
    size_t count, capacity;
};
uint32_t figures_day_of(struct instant at);
uint32_t figures_level_of(uint32_t confidence);

/* A decision judges a reading when it approves or corrects it, or is a second look; it agrees when nothing of the
 * reading was changed. A share of errors has its interval: Wilson's, of 95 %. */
struct figures_error {
    uint32_t judged, wrong;
    uint32_t low, high; /* of 1000; 0 and 1000 where nothing was judged */
};
struct figures_error figures_error_of(uint32_t judged, uint32_t wrong);

/* Second looks of those days, the last one with them: what is published. */
enum { LOOKS_DAYS = 90, LOOKS_WANTED = 50 /* fewer say nothing yet */ };
struct figures_error figures_looks(const struct supervised_list *decisions, uint32_t first_day, uint32_t last_day);

struct figures_day {
    uint32_t day; /* of a week: its Monday */
    uint32_t messages, doubts; /* read, and became a task */
    uint32_t decided, judged, agreed;
};
struct figures_day_list {
    struct figures_day *items;
    size_t count, capacity;
};
/* Decisions of one language and reason. */
struct figures_group {
    enum language language;
    struct slice reason;
    uint32_t decided, judged, agreed;
    uint32_t waited_s, waited_p90_s, held_s, held_p90_s; /* without an ending: the median */
};
struct figures_group_list {
    struct figures_group *items;
    size_t count, capacity;
};
struct figures {
    struct figures_day_list days;   /* those on which something happened, in order */
    struct figures_day_list weeks;
    struct figures_group_list groups; /* by reason, then language */
    struct figures_group all;
    struct figures_error levels[FIGURE_LEVELS];
    struct figures_error sampled;   /* second looks */
};

/* Both lists in any order; `out` in the arena. */
void figures_make(const struct read_count_list *reads, const struct supervised_list *decisions, struct arena *arena,
                  struct figures *out);

#endif
