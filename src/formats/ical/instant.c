#include "formats/ical/ical.h"

struct instant ical_instant(const struct ical_time *time)
{
    if (time->kind == ICAL_NO_TIME || time->kind == ICAL_DATE)
        return (struct instant){0};
    return civil_to_instant(time->wall,
                            time->kind == ICAL_ZONED ? zone_or_utc(time->zone) : zone_utc());
}
