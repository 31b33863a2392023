#ifndef RENDEZ_ROLES_MESSAGES_TRIAL_H
#define RENDEZ_ROLES_MESSAGES_TRIAL_H

#include <stdarg.h>

#include "base/bytes/bytes.h"

/* What a trial found: of a control by the prober (prober/check.h), or of a question by a role from
 * inside (probe.h). Causes are ids, facts names with numbers, digests and fixed words; neither ever
 * holds personal data. */
enum trial_result { TRIAL_UNTRIED, TRIAL_HOLDS, TRIAL_FAILS, TRIAL_RESULT_COUNT_ };
extern const char *const trial_result_names[TRIAL_RESULT_COUNT_];
enum { TRIAL_CAUSE_MAX = 60, TRIAL_FACTS_MAX = 4000 };

/* trust ↔ prober */
struct check_asked {
    struct slice control; /* "CHIF-05" */
};
struct check_found {
    struct slice control;
    enum trial_result result; /* UNTRIED: see problem */
    struct slice cause;       /* FAILS: an id of the control's words */
    struct slice facts;       /* "entries=12034 repeated=0" */
    struct slice digest;      /* of the check that found it */
    struct slice problem;
    int64_t took_ms;
};

/* prober ↔ every role */
struct probe_asked {
    struct slice question, argument;
};
struct probe_found {
    enum status status; /* not OK: it could not be tried; NOT_FOUND: the role knows no such question */
    enum trial_result result;
    struct slice cause, facts, problem;
};

/* A trial under way. */
struct trial {
    enum trial_result result;
    char cause[TRIAL_CAUSE_MAX + 1];
    struct buffer facts;
};
struct trial trial_create(void);
void trial_destroy(struct trial *trial);
/* The first failure stays: what holds afterwards does not mend it. */
void trial_holds(struct trial *trial);
void trial_fails(struct trial *trial, const char *cause);
/* name: [a-z0-9_]+; spaces of the value become _. One that is said again takes the place of none. */
void trial_fact(struct trial *trial, const char *name, struct slice value);
void trial_fact_format(struct trial *trial, const char *name, const char *format, va_list list)
    __attribute__((format(printf, 3, 0)));

#endif
