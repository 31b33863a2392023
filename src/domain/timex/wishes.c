#include "domain/timex/internal.h"

static const struct record_type interval_record;
static const struct record_field interval_fields[] = {
    FIELD(civil_interval, start, 1, RECORD_CIVIL),
    FIELD(civil_interval, end, 2, RECORD_CIVIL),
};
static RECORD_TYPE(interval_record, civil_interval, interval_fields);
static const struct record_field wishes_fields[] = {
    FIELD(wishes, constrained, 1, RECORD_BOOL),
    FIELD_OF(wishes, allowed, 2, RECORD_LIST, interval_record),
    FIELD_OF(wishes, preferred, 3, RECORD_LIST, interval_record),
    FIELD_OF(wishes, excluded, 4, RECORD_LIST, interval_record),
    FIELD(wishes, hours_named, 5, RECORD_BOOL),
    FIELD_ENUM(wishes, doubt, 6, timex_doubt_names),
};
RECORD_TYPE(wishes_record, wishes, wishes_fields);

enum status timex_wishes(struct slice body, const struct timex_context *context,
                         uint32_t horizon_days, bool request, struct arena *arena,
                         struct wishes *out, struct problem *why)
{
    (void)body; (void)context; (void)horizon_days; (void)request; (void)arena; (void)why;
    memset(out, 0, sizeof *out);
    return ST_OK;
}
