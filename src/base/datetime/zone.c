/* TZif files of the system's tzdata (RFC 8536): version 2 data with its POSIX footer. */
#include "base/datetime/datetime.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char tzdata_folder[] = "/usr/share/zoneinfo";

enum { ZONE_BYTES_MAX = 256 * 1024, ZONES_MAX = 1024, NAME_MAX_BYTES = 64 };

struct local_type {
    int32_t offset_s;
    char abbreviation[12];
};

/* One end of summer time in a POSIX TZ string; only the "Mm.w.d" form and Julian
 * days occur in tzdata. */
struct rule {
    enum { RULE_MONTH, RULE_JULIAN, RULE_DAY } kind;
    int month, week, day; /* day: 0 = Sunday for RULE_MONTH, day of year otherwise */
    int32_t time_s;
};

struct zone {
    char name[NAME_MAX_BYTES];
    size_t transition_count, type_count;
    int64_t *transitions_s;
    uint8_t *transition_types;
    struct local_type *types;
    bool has_footer, has_summer;
    struct local_type standard, summer;
    struct rule summer_start, summer_end;
};

static struct zone *loaded[ZONES_MAX];
static size_t loaded_count;
static bool all_loaded; /* then an unknown name is refused without looking for a file */

/* POSIX TZ footer */

static bool footer_name(const char **at, char *out, size_t size)
{
    const char *start = *at;
    size_t len;
    if (*start == '<') {
        const char *end = strchr(++start, '>');
        if (end == NULL)
            return false;
        len = (size_t)(end - start);
        *at = end + 1;
    } else {
        for (len = 0; ascii_is_alpha(start[len]); len++)
            ;
        *at = start + len;
    }
    if (len < 1 || len >= size)
        return false;
    memcpy(out, start, len);
    out[len] = '\0';
    return true;
}

static bool footer_number(const char **at, int *value)
{
    int sum = 0, digits = 0;
    for (; ascii_is_digit(**at) && digits < 4; ++*at, digits++)
        sum = sum * 10 + (**at - '0');
    *value = sum;
    return digits > 0;
}

/* [+-]h[h][:mm[:ss]] in seconds. */
static bool footer_time(const char **at, int32_t *seconds)
{
    int sign = 1, part;
    if (**at == '+' || **at == '-')
        sign = *(*at)++ == '-' ? -1 : 1;
    if (!footer_number(at, &part))
        return false;
    int32_t sum = part * 3600;
    for (int scale = 60; scale >= 1 && **at == ':'; scale /= 60) {
        ++*at;
        if (!footer_number(at, &part))
            return false;
        sum += part * scale;
    }
    *seconds = sign * sum;
    return true;
}

static bool footer_rule(const char **at, struct rule *rule)
{
    *rule = (struct rule){.time_s = 7200};
    if (**at == 'M') {
        ++*at;
        rule->kind = RULE_MONTH;
        if (!footer_number(at, &rule->month) || *(*at)++ != '.' || !footer_number(at, &rule->week) ||
            *(*at)++ != '.' || !footer_number(at, &rule->day) || rule->month < 1 ||
            rule->month > 12 || rule->week < 1 || rule->week > 5 || rule->day > 6)
            return false;
    } else {
        rule->kind = RULE_DAY;
        if (**at == 'J') {
            ++*at;
            rule->kind = RULE_JULIAN;
        }
        if (!footer_number(at, &rule->day) || rule->day > 366)
            return false;
    }
    if (**at != '/')
        return true;
    ++*at;
    return footer_time(at, &rule->time_s);
}

static bool read_footer(struct zone *zone, const char *text)
{
    int32_t offset;
    if (!footer_name(&text, zone->standard.abbreviation, sizeof zone->standard.abbreviation) ||
        !footer_time(&text, &offset))
        return false;
    zone->standard.offset_s = -offset;
    zone->has_footer = true;
    if (*text == '\0')
        return true;
    if (!footer_name(&text, zone->summer.abbreviation, sizeof zone->summer.abbreviation))
        return false;
    zone->summer.offset_s = zone->standard.offset_s + 3600;
    if (*text != ',' && *text != '\0') {
        if (!footer_time(&text, &offset))
            return false;
        zone->summer.offset_s = -offset;
    }
    if (*text++ != ',' || !footer_rule(&text, &zone->summer_start) || *text++ != ',' ||
        !footer_rule(&text, &zone->summer_end) || *text != '\0')
        return false;
    zone->has_summer = true;
    return true;
}

/* Local seconds since the epoch at which `rule` takes effect in `year`. */
static int64_t rule_local_s(const struct rule *rule, int32_t year)
{
    int64_t days;
    if (rule->kind == RULE_MONTH) {
        struct civil_date first = {year, (uint8_t)rule->month, 1};
        int weekday = ((int)civil_date_weekday(first) + 1) % 7; /* Sunday is 0 here */
        int day = 1 + (rule->day - weekday + 7) % 7 + (rule->week - 1) * 7;
        while (day > days_in_month(year, rule->month))
            day -= 7;
        first.day = (uint8_t)day;
        days = civil_date_to_days(first);
    } else {
        int day = rule->day;
        if (rule->kind == RULE_JULIAN) /* 1 to 365, 29 February never counted */
            day = day - 1 + (day > 59 && days_in_month(year, 2) == 29);
        days = civil_date_to_days((struct civil_date){year, 1, 1}) + day;
    }
    return days * 86400 + rule->time_s;
}

static const struct local_type *footer_type(const struct zone *zone, int64_t at_s)
{
    if (!zone->has_summer)
        return &zone->standard;
    int32_t year = civil_from_us((at_s + zone->standard.offset_s) * 1000000).date.year;
    int64_t start = rule_local_s(&zone->summer_start, year) - zone->standard.offset_s;
    int64_t end = rule_local_s(&zone->summer_end, year) - zone->summer.offset_s;
    bool summer = start < end ? at_s >= start && at_s < end : at_s >= start || at_s < end;
    return summer ? &zone->summer : &zone->standard;
}

/* TZif */

static int64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t value = bytes == 4 && p[0] >= 128 ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return (int64_t)value;
}

struct header {
    size_t ut_indicators, standard_indicators, leaps, times, types, chars;
};

static bool read_header(struct slice file, size_t at, struct header *header)
{
    if (file.len < at + 44 || memcmp(file.data + at, "TZif", 4) != 0)
        return false;
    const unsigned char *p = (const unsigned char *)file.data + at + 20;
    size_t *fields[] = {&header->ut_indicators, &header->standard_indicators, &header->leaps,
                        &header->times,         &header->types,               &header->chars};
    for (int i = 0; i < 6; i++) {
        int64_t value = big_endian(p + 4 * i, 4);
        if (value < 0 || value > 10000)
            return false;
        *fields[i] = (size_t)value;
    }
    return header->types > 0;
}

static size_t body_bytes(const struct header *h, size_t time_bytes)
{
    return h->times * (time_bytes + 1) + h->types * 6 + h->chars + h->leaps * (time_bytes + 4) +
           h->standard_indicators + h->ut_indicators;
}

static void copy_abbreviation(struct local_type *type, const char *chars, size_t count, size_t from)
{
    size_t len = 0;
    while (from + len < count && chars[from + len] != '\0' && len < sizeof type->abbreviation - 1)
        len++;
    memcpy(type->abbreviation, chars + from, len);
    type->abbreviation[len] = '\0';
}

static bool read_body(struct zone *zone, struct slice file, size_t at, const struct header *h)
{
    const unsigned char *times = (const unsigned char *)file.data + at;
    const unsigned char *kinds = times + h->times * 8, *types = kinds + h->times;
    const char *chars = (const char *)types + h->types * 6;
    zone->transition_count = h->times;
    zone->type_count = h->types;
    zone->transitions_s = must_calloc(h->times, sizeof *zone->transitions_s);
    zone->transition_types = must_calloc(h->times, 1);
    zone->types = must_calloc(h->types, sizeof *zone->types);
    for (size_t i = 0; i < h->times; i++) {
        zone->transitions_s[i] = big_endian(times + i * 8, 8);
        zone->transition_types[i] = kinds[i];
        if (kinds[i] >= h->types)
            return false;
    }
    for (size_t i = 0; i < h->types; i++) {
        zone->types[i].offset_s = (int32_t)big_endian(types + i * 6, 4);
        if (types[i * 6 + 5] >= h->chars)
            return false;
        copy_abbreviation(&zone->types[i], chars, h->chars, types[i * 6 + 5]);
    }
    size_t footer = at + body_bytes(h, 8);
    if (footer >= file.len || file.data[footer] != '\n')
        return true;
    char text[128] = "";
    struct slice rest = slice_sub(file, footer + 1, file.len), line;
    if (!slice_next_line(&rest, &line) || line.len == 0 || line.len >= sizeof text)
        return true;
    memcpy(text, line.data, line.len);
    return read_footer(zone, text);
}

static bool read_zone(struct zone *zone, struct slice file)
{
    struct header first, second;
    if (!read_header(file, 0, &first))
        return false;
    size_t at = 44 + body_bytes(&first, 4);
    if (!read_header(file, at, &second) || file.len < at + 44 + body_bytes(&second, 8))
        return false;
    return read_body(zone, file, at + 44, &second);
}

void zone_destroy(struct zone **out)
{
    struct zone *zone = *out;
    if (zone == NULL)
        return;
    free(zone->transitions_s);
    free(zone->transition_types);
    free(zone->types);
    free(zone);
    *out = NULL;
}

static bool is_zone_name(struct slice name)
{
    if (name.len == 0 || name.len >= NAME_MAX_BYTES || name.data[0] == '/')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '/' && c != '_' && c != '-' && c != '+')
            return false;
    }
    return true;
}

enum status zone_parse(struct slice name, struct slice file, struct zone **out, struct problem *why)
{
    if (!is_zone_name(name))
        return problem_set(why, ST_INVALID, "no name of a time zone");
    struct zone *zone = must_calloc(1, sizeof *zone);
    memcpy(zone->name, name.data, name.len);
    if (!read_zone(zone, file)) {
        zone_destroy(&zone);
        return problem_set(why, ST_INVALID, "the system's tzdata is damaged: reinstall tzdata");
    }
    *out = zone;
    return ST_OK;
}

enum status zone_load(struct slice name, const struct zone **out, struct problem *why)
{
    for (size_t i = 0; i < loaded_count; i++)
        if (slice_equal(slice_from(loaded[i]->name), name)) {
            *out = loaded[i];
            return ST_OK;
        }
    if (all_loaded || !is_zone_name(name) || loaded_count == ZONES_MAX)
        return problem_set(why, ST_NOT_FOUND, "no such time zone; use an IANA name as Europe/Paris");
    char path[sizeof tzdata_folder + 1 + NAME_MAX_BYTES];
    snprintf(path, sizeof path, "%s/%.*s", tzdata_folder, SLICE_ARG(name));
    AUTO_ARENA arena = arena_create(ZONE_BYTES_MAX * 2);
    struct slice file;
    if (file_read(path, ZONE_BYTES_MAX, arena, &file, NULL) != ST_OK)
        return problem_set(why, ST_NOT_FOUND, "no such time zone; use an IANA name as Europe/Paris");
    struct zone *zone;
    TRY(zone_parse(name, file, &zone, why));
    loaded[loaded_count++] = zone;
    *out = zone;
    return ST_OK;
}

static void load_folder(const char *folder, int depth)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[512];
        struct stat info;
        if (entry->d_name[0] < 'A' || entry->d_name[0] > 'Z')
            continue; /* zones start with a capital; "posix", "right" and tables do not */
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (len < 0 || (size_t)len >= sizeof path || stat(path, &info) < 0)
            continue;
        const struct zone *zone;
        if (S_ISDIR(info.st_mode) && depth < 3)
            load_folder(path, depth + 1);
        else if (zone_load(slice_from(path + sizeof tzdata_folder), &zone, NULL) != ST_OK)
            continue;
    }
    closedir(dir);
}

void zone_load_all(void)
{
    load_folder(tzdata_folder, 0);
    all_loaded = loaded_count > 0;
}

const struct zone *zone_utc(void)
{
    static struct local_type type = {0, "UTC"};
    static const struct zone utc = {.name = "UTC", .type_count = 1, .types = &type};
    return &utc;
}

const struct zone *zone_or_utc(struct slice name)
{
    const struct zone *zone;
    return name.len > 0 && zone_load(name, &zone, NULL) == ST_OK ? zone : zone_utc();
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

/* Number of transitions at or before `at_s`. Who asks mostly asks on, of the same months. */
static size_t transitions_until(const struct zone *zone, int64_t at_s)
{
    static _Thread_local struct { const struct zone *zone; size_t passed; } last;
    if (last.zone == zone && (last.passed == 0 || zone->transitions_s[last.passed - 1] <= at_s) &&
        (last.passed == zone->transition_count || at_s < zone->transitions_s[last.passed]))
        return last.passed;
    size_t low = 0, high = zone->transition_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->transitions_s[middle] <= at_s)
            low = middle + 1;
        else
            high = middle;
    }
    last.zone = zone;
    last.passed = low;
    return low;
}

static const struct local_type *type_at(const struct zone *zone, int64_t at_s)
{
    size_t passed = transitions_until(zone, at_s);
    if (passed == zone->transition_count && zone->has_footer)
        return footer_type(zone, at_s);
    return &zone->types[passed == 0 ? 0 : zone->transition_types[passed - 1]];
}

static int64_t instant_seconds(struct instant at)
{
    return at.us / 1000000 - (at.us % 1000000 < 0);
}

int32_t zone_offset_s(const struct zone *zone, struct instant at, const char **abbreviation)
{
    const struct local_type *type = type_at(zone, instant_seconds(at));
    if (abbreviation != NULL)
        *abbreviation = type->abbreviation;
    return type->offset_s;
}

bool zone_next_transition(const struct zone *zone, struct instant at, struct instant *next)
{
    int64_t at_s = instant_seconds(at);
    size_t passed = transitions_until(zone, at_s);
    if (passed < zone->transition_count) {
        next->us = zone->transitions_s[passed] * 1000000;
        return true;
    }
    if (!zone->has_summer)
        return false;
    int32_t year = civil_from_us(at.us).date.year;
    int64_t best = INT64_MAX;
    for (int32_t y = year - 1; y <= year + 1; y++) {
        int64_t start = rule_local_s(&zone->summer_start, y) - zone->standard.offset_s;
        int64_t end = rule_local_s(&zone->summer_end, y) - zone->summer.offset_s;
        if (start > at_s && start < best)
            best = start;
        if (end > at_s && end < best)
            best = end;
    }
    next->us = best * 1000000;
    return best != INT64_MAX;
}

struct civil_fits civil_to_instants(struct civil wall, const struct zone *zone)
{
    int64_t local_s = civil_to_us(wall) / 1000000;
    /* The offsets in force a day before and after are the only ones that can apply. */
    int32_t before = type_at(zone, local_s - 86400)->offset_s;
    int32_t after = type_at(zone, local_s + 86400)->offset_s;
    int64_t early = local_s - before, late = local_s - after;
    struct instant first = {early * 1000000}, second = {late * 1000000};
    if (before == after)
        return (struct civil_fits){CIVIL_ONCE, first, first};
    bool early_fits = type_at(zone, early)->offset_s == before;
    bool late_fits = type_at(zone, late)->offset_s == after;
    if (early_fits && !late_fits)
        return (struct civil_fits){CIVIL_ONCE, first, first};
    if (late_fits && !early_fits)
        return (struct civil_fits){CIVIL_ONCE, second, second};
    if (early_fits && late_fits)
        return early < late ? (struct civil_fits){CIVIL_TWICE, first, second}
                            : (struct civil_fits){CIVIL_TWICE, second, first};
    return (struct civil_fits){CIVIL_SKIPPED, first, first};
}

struct civil civil_from_instant(struct instant at, const struct zone *zone)
{
    return civil_from_us(at.us + (int64_t)zone_offset_s(zone, at, NULL) * 1000000);
}
