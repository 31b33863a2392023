/* Days, hours, zones and lengths as people write them. */
#include "domain/wording/internal.h"

#include <string.h>

static const char *const fr_days[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                      "vendredi", "samedi", "dimanche"};
static const char *const fr_months[] = {"janvier", "février", "mars",      "avril",
                                        "mai",     "juin",    "juillet",   "août",
                                        "septembre", "octobre", "novembre", "décembre"};
static const char *const en_days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                      "Friday", "Saturday", "Sunday"};
static const char *const en_months[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

/* Cities that French spells its own way. */
static const char *const fr_cities[][2] = {
    {"London", "Londres"},   {"Brussels", "Bruxelles"},   {"Geneva", "Genève"},
    {"Vienna", "Vienne"},    {"Lisbon", "Lisbonne"},      {"Singapore", "Singapour"},
    {"Moscow", "Moscou"},    {"Athens", "Athènes"},       {"Copenhagen", "Copenhague"},
    {"Warsaw", "Varsovie"},  {"Cairo", "Le Caire"},       {"Algiers", "Alger"},
    {"Luxembourg", "Luxembourg"}, {"Montreal", "Montréal"}, {"Sao_Paulo", "São Paulo"},
    {"Seoul", "Séoul"},      {"Beirut", "Beyrouth"},      {"Bucharest", "Bucarest"},
};

static struct slice city_of(const struct zone *zone, enum language language, struct arena *arena)
{
    const char *name = zone_name(zone), *slash = strrchr(name, '/');
    const char *city = slash == NULL ? name : slash + 1;
    for (size_t i = 0; language == LANGUAGE_FR && i < sizeof fr_cities / sizeof *fr_cities; i++)
        if (strcmp(fr_cities[i][0], city) == 0)
            return slice_from(fr_cities[i][1]);
    char *copy = arena_text(arena, slice_from(city));
    for (char *c = copy; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
    return slice_from(copy);
}

struct slice wording_zone(const struct zone *zone, enum language language, struct arena *arena)
{
    if (zone == zone_utc() || strcmp(zone_name(zone), "UTC") == 0)
        return LIT("UTC");
    struct slice city = city_of(zone, language, arena);
    if (language != LANGUAGE_FR)
        return arena_format(arena, "%.*s time", SLICE_ARG(city));
    bool vowel = city.len > 0 && strchr("AEIOUYH", city.data[0]) != NULL;
    return arena_format(arena, "heure %s%.*s", vowel ? "d'" : "de ", SLICE_ARG(city));
}

static struct slice english_clock(struct civil at, struct arena *arena)
{
    int hour = at.hour % 12 == 0 ? 12 : at.hour % 12;
    const char *half = at.hour < 12 ? "am" : "pm";
    if (at.minute == 0)
        return arena_format(arena, "%d%s", hour, half);
    return arena_format(arena, "%d:%02d%s", hour, at.minute, half);
}

struct slice wording_clock(struct civil at, enum language language, struct arena *arena)
{
    if (language != LANGUAGE_FR)
        return english_clock(at, arena);
    return at.minute == 0 ? arena_format(arena, "%dh", at.hour)
                          : arena_format(arena, "%dh%02d", at.hour, at.minute);
}

static struct slice french_time(struct civil at, struct arena *arena)
{
    struct slice day = at.date.day == 1
                           ? LIT("1er")
                           : arena_format(arena, "%d", at.date.day);
    struct slice clock = wording_clock(at, LANGUAGE_FR, arena);
    return arena_format(arena, "%s %.*s %s à %.*s", fr_days[civil_date_weekday(at.date)],
                        SLICE_ARG(day), fr_months[at.date.month - 1], SLICE_ARG(clock));
}

/* Month first for readers in the United States. */
static bool month_first(const struct zone *zone)
{
    static const char *const zones[] = {
        "America/New_York", "America/Chicago", "America/Denver",    "America/Los_Angeles",
        "America/Phoenix",  "America/Detroit", "America/Anchorage", "Pacific/Honolulu",
    };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i], zone_name(zone)) == 0)
            return true;
    return false;
}

static struct slice english_time(struct civil at, const struct zone *zone, struct arena *arena)
{
    const char *day = en_days[civil_date_weekday(at.date)], *month = en_months[at.date.month - 1];
    struct slice clock = english_clock(at, arena);
    if (month_first(zone))
        return arena_format(arena, "%s, %s %d at %.*s", day, month, at.date.day, SLICE_ARG(clock));
    return arena_format(arena, "%s %d %s at %.*s", day, at.date.day, month, SLICE_ARG(clock));
}

const char *wording_weekday(struct civil_date date, enum language language)
{
    enum weekday day = civil_date_weekday(date);
    return language == LANGUAGE_FR ? fr_days[day] : en_days[day];
}

struct slice wording_date(struct civil_date date, const struct zone *zone, enum language language,
                          struct arena *arena)
{
    const char *fr = fr_months[date.month - 1], *en = en_months[date.month - 1];
    if (language == LANGUAGE_FR)
        return arena_format(arena, "%d%s %s", date.day, date.day == 1 ? "er" : "", fr);
    return month_first(zone) ? arena_format(arena, "%s %d", en, date.day)
                             : arena_format(arena, "%d %s", date.day, en);
}

struct slice wording_time(struct interval span, const struct zone *zone, enum language language,
                          bool with_zone, struct arena *arena)
{
    struct civil at = civil_from_instant(span.start, zone);
    struct slice text = language == LANGUAGE_FR ? french_time(at, arena)
                                                : english_time(at, zone, arena);
    if (!with_zone)
        return text;
    return arena_format(arena, "%.*s (%.*s)", SLICE_ARG(text),
                        SLICE_ARG(wording_zone(zone, language, arena)));
}

struct slice wording_length(uint32_t count, enum language language, struct arena *arena)
{
    uint32_t hours = count / 60, rest = count % 60;
    bool french = language == LANGUAGE_FR;
    const char *unit = french ? (hours == 1 ? "heure" : "heures") : (hours == 1 ? "hour" : "hours");
    if (hours == 0)
        return arena_format(arena, "%u %s", rest, rest == 1 ? "minute" : "minutes");
    if (rest == 0)
        return arena_format(arena, "%u %s", hours, unit);
    return french ? arena_format(arena, "%u h %02u", hours, rest)
                  : arena_format(arena, "%u h %u min", hours, rest);
}

static const struct {
    const char *french, *english;
    bool has_length;
} kind_words[KIND_COUNT_] = {
    [KIND_UNKNOWN] = {"un rendez-vous", "meeting", true},
    [KIND_CALL] = {"un appel", "call", true},
    [KIND_VIDEO] = {"une visioconférence", "video call", true},
    [KIND_MEETING] = {"un rendez-vous", "meeting", true},
    [KIND_LUNCH] = {"un déjeuner", "lunch", false},
    [KIND_BREAKFAST] = {"un petit-déjeuner", "breakfast", false},
    [KIND_COFFEE] = {"un café", "a coffee", false},
    [KIND_DRINKS] = {"un verre", "drinks", false},
    [KIND_DINNER] = {"un dîner", "dinner", false},
};

struct slice wording_meeting(enum meeting_kind kind, uint32_t count, enum language language,
                             struct arena *arena)
{
    if (language == LANGUAGE_FR && !kind_words[kind].has_length)
        return slice_from(kind_words[kind].french);
    if (language == LANGUAGE_FR && count == 60)
        return arena_format(arena, "%s d'une heure", kind_words[kind].french);
    if (language == LANGUAGE_FR)
        return arena_format(arena, "%s de %.*s", kind_words[kind].french,
                            SLICE_ARG(wording_length(count, language, arena)));
    if (!kind_words[kind].has_length)
        return slice_from(kind_words[kind].english);
    if (count < 60 || count % 60 != 0) {
        const char *article = count == 8 || count == 11 || count == 18 || count / 10 == 8 ? "an" : "a";
        return arena_format(arena, "%s %u-minute %s", article, count, kind_words[kind].english);
    }
    return count == 60 ? arena_format(arena, "a one-hour %s", kind_words[kind].english)
                       : arena_format(arena, "a %u-hour %s", count / 60, kind_words[kind].english);
}
