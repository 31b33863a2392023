#ifndef RENDEZ_BASE_DATETIME_H
#define RENDEZ_BASE_DATETIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes/bytes.h"

/* Four meanings, four structs, so that the compiler refuses the classic mistakes.
 * Years from 1 to 9999, proleptic Gregorian calendar, no leap seconds. */
struct instant {
    int64_t us; /* microseconds since 1970-01-01T00:00Z */
};
struct duration {
    int64_t us;
};
struct civil_date {
    int32_t year;
    uint8_t month, day; /* from 1 */
};
struct civil {
    struct civil_date date;
    uint8_t hour, minute, second;
};

/* Half-open: [start, end). */
struct interval {
    struct instant start, end;
};
struct interval_list {
    struct interval *items;
    size_t count, capacity;
};
struct civil_interval {
    struct civil start, end;
};
struct civil_interval_list {
    struct civil_interval *items;
    size_t count, capacity;
};

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

#define MINUTE_US INT64_C(60000000)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

static inline struct duration minutes(int64_t count)
{
    return (struct duration){count * MINUTE_US};
}
static inline struct instant instant_add(struct instant at, struct duration d)
{
    return (struct instant){at.us + d.us};
}
static inline struct duration instant_since(struct instant later, struct instant earlier)
{
    return (struct duration){later.us - earlier.us};
}
static inline bool interval_overlaps(struct interval a, struct interval b)
{
    return a.start.us < b.end.us && b.start.us < a.end.us;
}

/* Dates. Day numbers count from 1970-01-01. */
bool civil_date_is_valid(struct civil_date date);
int64_t civil_date_to_days(struct civil_date date);
struct civil_date civil_date_from_days(int64_t days);
struct civil_date civil_date_add(struct civil_date date, int64_t days);
/* The day of month is cut to the last one of the month that is reached. */
struct civil_date civil_date_add_months(struct civil_date date, int32_t months);
enum weekday civil_date_weekday(struct civil_date date);
int civil_date_compare(struct civil_date a, struct civil_date b);
int days_in_month(int32_t year, int month);
/* ISO 8601 week number; *year_out (may be NULL) is the year that the week belongs to. */
int civil_date_iso_week(struct civil_date date, int32_t *year_out);
struct civil_date civil_date_easter(int32_t year); /* Gregorian, Sunday */

/* Wall-clock readings. civil_to_us treats the reading as if it were UTC: for
 * ordering and differences within one zone. */
int64_t civil_to_us(struct civil wall);
struct civil civil_from_us(int64_t us);
struct civil civil_add(struct civil wall, struct duration d);
int civil_compare(struct civil a, struct civil b);
static inline struct civil civil_at(struct civil_date date, int hour, int minute)
{
    return (struct civil){date, (uint8_t)hour, (uint8_t)minute, 0};
}

/* A time zone of the system's tzdata (RFC 8536), read whole at zone_load. */
struct zone;

/* `name` is an IANA name ("Europe/Paris", "UTC"). The zone is kept for the life of
 * the process: load before entering a sandbox. ST_NOT_FOUND for an unknown name. */
MUST_USE enum status zone_load(struct slice name, const struct zone **out, struct problem *why);
/* What is in a file of tzdata, for zone_destroy. ST_INVALID when it is damaged. */
MUST_USE enum status zone_parse(struct slice name, struct slice file, struct zone **out,
                                struct problem *why);
void zone_destroy(struct zone **zone); /* accepts NULL; never one of zone_load */
/* Loads every zone of tzdata (about 600); call before a sandbox that forbids files. */
void zone_load_all(void);
const struct zone *zone_utc(void);
/* UTC for an empty or unknown name. */
const struct zone *zone_or_utc(struct slice name);
const char *zone_name(const struct zone *zone);
/* Seconds east of Greenwich in force at `at`; *abbreviation (may be NULL): "CEST". */
int32_t zone_offset_s(const struct zone *zone, struct instant at, const char **abbreviation);
/* The first change of offset after `at`; false when there is none. */
bool zone_next_transition(const struct zone *zone, struct instant at, struct instant *next);

/* A wall-clock reading names no instant, one or two (RFC 5545 section 3.3.5).
 * TWICE: first < second. SKIPPED: both are the reading taken with the offset before
 * the gap, as RFC 5545 wants. */
enum civil_fit { CIVIL_ONCE, CIVIL_TWICE, CIVIL_SKIPPED };
struct civil_fits {
    enum civil_fit fit;
    struct instant first, second;
};
struct civil_fits civil_to_instants(struct civil wall, const struct zone *zone);
static inline struct instant civil_to_instant(struct civil wall, const struct zone *zone)
{
    return civil_to_instants(wall, zone).first;
}
struct civil civil_from_instant(struct instant at, const struct zone *zone);

/* ISO 8601 as the scenarios and the API write it. */
/* "2026-03-02T10:12:40+01:00", offset required; "Z" is one. *offset_s may be NULL. */
MUST_USE enum status instant_parse(struct slice text, struct instant *out, int32_t *offset_s,
                                   struct problem *why);
/* "2026-03-02" or "2026-03-02T10:12[:40]"; a date alone is its midnight. */
MUST_USE enum status civil_parse(struct slice text, struct civil *out, struct problem *why);
MUST_USE enum status civil_date_parse(struct slice text, struct civil_date *out,
                                      struct problem *why);
struct slice instant_format(struct instant at, const struct zone *zone, struct arena *arena);
struct slice civil_format(struct civil wall, struct arena *arena); /* 2026-03-02T10:12:40 */

/* The clocks; only roles and platform call these. */
struct instant clock_now(void);
int64_t clock_monotonic_ms(void);
int64_t clock_cpu_us(void); /* processor time of this process */

#endif
