#include "roles/api/when.h"

static const char *const weekdays[PAGE_LANGUAGE_COUNT][7] = {
    [PAGE_EN] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    [PAGE_FR] = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
};
static const char *const months[PAGE_LANGUAGE_COUNT][12] = {
    [PAGE_EN] = {"January", "February", "March", "April", "May", "June", "July", "August",
                 "September", "October", "November", "December"},
    [PAGE_FR] = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                 "septembre", "octobre", "novembre", "décembre"},
};

struct slice when_day(struct instant at, const struct zone *zone, enum page_language language,
                      struct arena *arena)
{
    struct civil_date date = civil_from_instant(at, zone).date;
    const char *first = language == PAGE_FR && date.day == 1 ? "er" : "";
    return arena_format(arena, "%s %d%s %s", weekdays[language][civil_date_weekday(date)], date.day,
                        first, months[language][date.month - 1]);
}

static struct slice hour(struct instant at, const struct zone *zone, enum page_language language,
                         struct arena *arena)
{
    struct civil wall = civil_from_instant(at, zone);
    if (language == PAGE_FR && wall.minute == 0)
        return arena_format(arena, "%dh", wall.hour);
    if (language == PAGE_FR)
        return arena_format(arena, "%dh%02d", wall.hour, wall.minute);
    int twelve = wall.hour % 12 == 0 ? 12 : wall.hour % 12;
    return arena_format(arena, "%d:%02d%s", twelve, wall.minute, wall.hour < 12 ? "am" : "pm");
}

struct slice when_hours(struct interval span, const struct zone *zone, enum page_language language,
                        struct arena *arena)
{
    struct slice start = hour(span.start, zone, language, arena);
    struct slice end = hour(span.end, zone, language, arena);
    return arena_format(arena, "%.*s – %.*s", SLICE_ARG(start), SLICE_ARG(end));
}

struct slice when_length(int64_t count, enum page_language language, struct arena *arena)
{
    long long hours = count / 60, rest = count % 60;
    if (hours == 0)
        return arena_format(arena, "%lld minutes", rest);
    if (rest == 0)
        return arena_format(arena, "%lld h", hours);
    return arena_format(arena, language == PAGE_FR ? "%lld h %02lld" : "%lld h %02lld min", hours,
                        rest);
}

/* Cities of zone names that French spells otherwise; the same as in web/src/i18n/time.ts. */
static const struct {
    const char *name, *french;
} cities[] = {
    {"London", "Londres"},       {"Brussels", "Bruxelles"}, {"Lisbon", "Lisbonne"},
    {"Warsaw", "Varsovie"},      {"Vienna", "Vienne"},
    {"Copenhagen", "Copenhague"}, {"Athens", "Athènes"},    {"Moscow", "Moscou"},
    {"Cairo", "Le Caire"},       {"Algiers", "Alger"},      {"Singapore", "Singapour"},
    {"Montreal", "Montréal"},
};

struct slice when_city(struct slice zone, enum page_language language, struct arena *arena)
{
    size_t from = 0;
    for (size_t slash; (slash = slice_find(zone, LIT("/"), from)) != SIZE_MAX;)
        from = slash + 1;
    char *city = arena_text(arena, slice_sub(zone, from, zone.len));
    for (char *c = city; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
    for (size_t i = 0; language == PAGE_FR && i < sizeof cities / sizeof *cities; i++)
        if (slice_equal(slice_from(city), slice_from(cities[i].name)))
            return slice_from(cities[i].french);
    return slice_from(city);
}
