#ifndef RENDEZ_ROLES_CLI_UNDERSTAND_H
#define RENDEZ_ROLES_CLI_UNDERSTAND_H

#include "domain/timex/timex.h"
#include "roles/cli/cli.h"

/* What `rendez understand` needs for a sentence and for a corpus. */

enum { HORIZON_DAYS = 60 };

enum language understand_language(struct slice name); /* "fr", "en" */
/* Numeric dates are read month first in American English. */
bool understand_month_first(enum language language, struct slice locale, struct slice tz);
/* "PT1H30M", "P2W3D", "P14M" */
struct slice understand_duration(const struct timex *timex, struct arena *arena);

/* understand_batch.c: lines of JSON from stdin to stdout; returns the exit code. */
struct understand_kind {
    int wishes, intents; /* neither: times */
};
int understand_batch(const struct understand_kind *kind);

#endif
