#include "domain/timex/timex.h"

/* Names and record table of timex.h. Apart from the reading, so that a role that only passes
 * messages on contains no reader of dates. */

const char *const timex_doubt_names[7] = {"",     "which_week",    "am_pm", "day_or_month",
                                          "past", "contradiction", "other"};
const char *const timex_kind_names[4] = {"instant", "interval", "duration", "set"};
const char *const timex_grain_names[9] = {"second", "minute", "hour",    "part", "day",
                                          "week",   "month",  "quarter", "year"};
static const char *const open_names[3] = {"", "after", "before"};

const char *const timex_loss_names[4] = {"shorter", "rank", "covered", "doubt"};
const char *const timex_stance_names[7] = {"none",     "allowed",  "preferred", "avoided",
                                           "fallback", "excluded", "ignored"};
const char *const timex_cause_names[15] = {
    "",           "negation",    "exception",  "absence",   "return", "preference", "reluctance",
    "alternative", "correction", "condition", "ending", "reason",     "aside",
    "greeting",   "past",
};
const char *const timex_mistake_names[7] = {"telephone", "price",    "reference", "address",
                                            "link",      "greeting", "impossible"};

static const struct record_field step_fields[] = {
    FIELD(timex_step, depth, 1, RECORD_U32),      FIELD(timex_step, rule, 2, RECORD_TEXT),
    FIELD(timex_step, offset, 3, RECORD_U32),     FIELD(timex_step, length, 4, RECORD_U32),
    FIELD(timex_step, kind, 5, RECORD_TEXT),      FIELD(timex_step, value, 6, RECORD_TEXT),
    FIELD(timex_step, resolved, 7, RECORD_TEXT),
};
static RECORD_TYPE(step_record, timex_step, step_fields);

static const struct record_field rival_fields[] = {
    FIELD(timex_rival, offset, 1, RECORD_U32),
    FIELD(timex_rival, length, 2, RECORD_U32),
    FIELD(timex_rival, rule, 3, RECORD_TEXT),
    FIELD(timex_rival, kind, 4, RECORD_TEXT),
    FIELD(timex_rival, value, 5, RECORD_TEXT),
    FIELD(timex_rival, resolved, 6, RECORD_TEXT),
    FIELD_ENUM(timex_rival, loss, 7, timex_loss_names),
    FIELD_ENUM(timex_rival, doubt, 8, timex_doubt_names),
};
static RECORD_TYPE(rival_record, timex_rival, rival_fields);

static const struct record_field explanation_fields[] = {
    FIELD_ENUM(timex_explanation, stance, 1, timex_stance_names),
    FIELD_ENUM(timex_explanation, cause, 2, timex_cause_names),
    FIELD(timex_explanation, cue_offset, 3, RECORD_U32),
    FIELD(timex_explanation, cue_length, 4, RECORD_U32),
    FIELD_OF(timex_explanation, steps, 5, RECORD_LIST, step_record),
    FIELD_OF(timex_explanation, rivals, 6, RECORD_LIST, rival_record),
    FIELD(timex_explanation, rivals_left, 7, RECORD_U32),
    FIELD(timex_explanation, placed, 8, RECORD_TEXT),
};
static RECORD_TYPE(explanation_record, timex_explanation, explanation_fields);

static const struct record_field ignored_fields[] = {
    FIELD(timex_ignored, offset, 1, RECORD_U32),
    FIELD(timex_ignored, length, 2, RECORD_U32),
    FIELD_ENUM(timex_ignored, mistake, 3, timex_mistake_names),
};
RECORD_TYPE(timex_ignored_record, timex_ignored, ignored_fields);

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
    FIELD_OF(timex, explanation, 19, RECORD_POINTER, explanation_record), /* 18: gone */
};
RECORD_TYPE(timex_record, timex, timex_fields);
