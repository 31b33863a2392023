#include "domain/timex/timex.h"

/* Names and record table of timex.h. Apart from the reading, so that a role that only passes
 * messages on contains no reader of dates. */

const char *const timex_doubt_names[7] = {"",     "which_week",    "am_pm", "day_or_month",
                                          "past", "contradiction", "other"};
const char *const timex_kind_names[4] = {"instant", "interval", "duration", "set"};
const char *const timex_grain_names[9] = {"second", "minute", "hour",    "part", "day",
                                          "week",   "month",  "quarter", "year"};
static const char *const open_names[3] = {"", "after", "before"};

static const struct record_field timex_fields[] = {
    FIELD(timex, text, 1, RECORD_TEXT),
    FIELD(timex, offset, 2, RECORD_U32),
    FIELD(timex, length, 3, RECORD_U32),
    FIELD_ENUM(timex, kind, 4, timex_kind_names),
    FIELD_ENUM(timex, grain, 5, timex_grain_names),
    FIELD(timex, start, 6, RECORD_CIVIL),
    FIELD(timex, end, 7, RECORD_CIVIL),
    FIELD_ENUM(timex, open, 8, open_names),
    FIELD(timex, duration_s, 9, RECORD_I64),
    FIELD(timex, duration_months, 10, RECORD_I64),
    FIELD(timex, rrule, 11, RECORD_TEXT),
    FIELD(timex, has_clock, 12, RECORD_BOOL),
    FIELD(timex, clock_only, 13, RECORD_BOOL),
    FIELD(timex, zone, 14, RECORD_TEXT),
    FIELD_ENUM(timex, doubt, 15, timex_doubt_names),
    FIELD(timex, negated, 16, RECORD_BOOL),
    FIELD(timex, exception, 17, RECORD_BOOL),
    FIELD(timex, derivation, 18, RECORD_TEXT),
};
RECORD_TYPE(timex_record, timex, timex_fields);
