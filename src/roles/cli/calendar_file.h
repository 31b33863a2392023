#ifndef RENDEZ_ROLES_CLI_CALENDAR_FILE_H
#define RENDEZ_ROLES_CLI_CALENDAR_FILE_H

#include "domain/calendar/calendar.h"
#include "roles/cli/cli.h"

/* What `rendez occurrences` and `rendez freebusy` are asked: one calendar file, and what of it. */

struct calendar_asked {
    const struct zone *zone;
    struct interval window;
    struct slice owner; /* address; may be empty */
    struct ical_calendar calendar;
    bool as_json;
};

/* Where the two differ. */
struct calendar_words {
    const char *json, *batch; /* the help of these options */
    cli_line_fn *each_line;   /* of --batch */
};

/* Reads options and file; what is read lives in `arena` and on the command line. -1: *out is there; else the
 * command is done, with that exit code. */
int calendar_file_begin(int argc, char **argv, const struct calendar_words *words, struct arena *arena,
                        struct calendar_asked *out);

#endif
