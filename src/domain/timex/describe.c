#include "domain/timex/internal.h"

/* A meaning in words, for people: what kind of thing it is, what was said, and the day it
 * comes to. The words are English; figures and days are as in ISO 8601. */

static const char *const weekdays[7] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
static const char *const months[13] = {"",     "january",   "february", "march",    "april",
                                       "may",  "june",      "july",     "august",   "september",
                                       "october", "november", "december"};
static const char *const units[] = {
    [UNIT_SECOND] = "second",       [UNIT_MINUTE] = "minute",         [UNIT_HOUR] = "hour",
    [UNIT_DAY] = "day",             [UNIT_WEEK] = "week",             [UNIT_MONTH] = "month",
    [UNIT_QUARTER] = "quarter",     [UNIT_YEAR] = "year",             [UNIT_FORTNIGHT] = "fortnight",
    [UNIT_WEEKEND] = "weekend",     [UNIT_WORKDAY] = "working day",   [UNIT_DECADE] = "decade",
    [UNIT_CENTURY] = "century",     [UNIT_NIGHT] = "night",           [UNIT_SEMESTER] = "half-year",
    [UNIT_TENMINUTES] = "10 minutes", [UNIT_HALFMONTH] = "half a month",
};
static const char *const parts[PART_COUNT_] = {
    [PART_MORNING] = "morning",     [PART_NOONISH] = "around noon", [PART_LUNCH] = "lunch",
    [PART_AFTERNOON] = "afternoon", [PART_EVENING] = "evening",     [PART_NIGHT] = "night",
    [PART_TONIGHT] = "tonight",     [PART_DAY] = "day",             [PART_DINNER] = "dinner",
    [PART_BREAKFAST] = "breakfast", [PART_WORK] = "working hours",  [PART_DAWN] = "dawn",
    [PART_DUSK] = "dusk",           [PART_BRUNCH] = "brunch",       [PART_LUNCHHOURS] = "lunch hours",
    [PART_FIRST] = "first thing",   [PART_AFTERWORK] = "after work", [PART_SUNSET] = "sunset",
    [PART_AFTERSCHOOL] = "after school",
};
static const char *const edges[] = {
    [EDGE_EARLY] = "early", [EDGE_MID] = "middle", [EDGE_LATE] = "late",
    [EDGE_END] = "end",     [EDGE_START] = "start", [EDGE_VERYEARLY] = "very early",
};

static struct slice name_in(const char *const *names, size_t count, int index)
{
    return index >= 0 && (size_t)index < count ? slice_from(names[index]) : SLICE_NONE;
}
#define NAME(table, index) name_in(table, sizeof(table) / sizeof *(table), index)

/* "2026-12-08", "2026-12-07/2026-12-13" (both days meant) */
static struct slice days_text(struct arena *arena, int32_t day0, int32_t day1)
{
    struct civil_date a = civil_date_from_days(day0), b = civil_date_from_days(day1 - 1);
    struct slice first = arena_format(arena, "%04d-%02d-%02d", a.year, a.month, a.day);
    if (day1 - day0 <= 1)
        return first;
    return arena_format(arena, "%.*s/%04d-%02d-%02d", SLICE_ARG(first), b.year, b.month, b.day);
}

/* "14:00", "00:30 (next day)" */
static struct slice clock_text(struct arena *arena, int32_t t)
{
    bool next = t > 86400;
    int32_t in_day = next ? t - 86400 : t;
    struct slice seconds = in_day % 60 != 0 ? arena_format(arena, ":%02d", in_day % 60) : LIT("");
    return arena_format(arena, "%02d:%02d%.*s%s", in_day / 3600, in_day % 3600 / 60,
                        SLICE_ARG(seconds), next ? " (next day)" : "");
}

static struct slice hours_text(struct arena *arena, const struct meaning *m)
{
    struct slice from = clock_text(arena, m->t0);
    if (m->t1 >= 0) {
        struct slice to = clock_text(arena, m->t1);
        return arena_format(arena, "%.*s-%.*s", SLICE_ARG(from), SLICE_ARG(to));
    }
    bool both = (m->flags & F_AMPM0) && !(m->flags & F_HAS24) && m->t0 < 43200;
    return both ? arena_format(arena, "%.*s am or pm", SLICE_ARG(from)) : from;
}

/* "3 weeks", "1 h 30 min", "2 months" */
static struct slice length_text(struct arena *arena, const struct meaning *m)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } sizes[] = {{604800, "w"}, {86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    struct slice out =
        m->months > 0 ? arena_format(arena, "%d months", m->months) : LIT("");
    int64_t left = m->seconds;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (left < sizes[i].seconds || (i == 0 && left % sizes[i].seconds != 0))
            continue;
        out = arena_format(arena, "%.*s%s%lld %s", SLICE_ARG(out), out.len > 0 ? " " : "",
                           (long long)(left / sizes[i].seconds), sizes[i].name);
        left %= sizes[i].seconds;
    }
    return out;
}

/* The fields that were said: "tuesday", "12 march 2027", "the 12". */
static struct slice fields_text(struct arena *arena, const struct meaning *m)
{
    struct slice out = m->wd >= 0 ? NAME(weekdays, m->wd) : LIT("");
    const char *space = out.len > 0 ? " " : "";
    if (m->dom > 0 && m->month > 0)
        out = arena_format(arena, "%.*s%s%d %s", SLICE_ARG(out), space, m->dom, months[m->month]);
    else if (m->dom > 0)
        out = arena_format(arena, "%.*s%sthe %d", SLICE_ARG(out), space, m->dom);
    else if (m->month > 0)
        out = arena_format(arena, "%.*s%s%s", SLICE_ARG(out), space, months[m->month]);
    if (m->year > 0)
        out = arena_format(arena, "%.*s%s%d", SLICE_ARG(out), out.len > 0 ? " " : "", m->year);
    return out;
}

/* Days and, when they were said, hours; the day it comes to apart. */
static struct meaning_words day_words(const struct reader *reader, struct meaning m,
                                      const char *kind)
{
    struct arena *arena = reader->arena;
    bool placed = m.day1 > m.day0, whole = m.t0 < 0;
    struct meaning_words out = {.kind = slice_from(kind), .value = fields_text(arena, &m)};
    if (placed && m.day1 - m.day0 == 1)
        out.value = NAME(weekdays, (int)(((m.day0 + 3) % 7 + 7) % 7));
    else if (placed)
        out.value = slice_from(timex_grain_names[m.grain]);
    if (date_resolve(reader, &m))
        out.resolved = days_text(arena, m.day0, m.day1);
    if (whole)
        return out;
    struct slice hours = hours_text(arena, &m);
    out.value = out.value.len > 0
                    ? arena_format(arena, "%.*s %.*s", SLICE_ARG(out.value), SLICE_ARG(hours))
                    : hours;
    if (out.resolved.len > 0)
        out.resolved = arena_format(arena, "%.*s %.*s", SLICE_ARG(out.resolved), SLICE_ARG(hours));
    return out;
}

static struct meaning_words open_words(const struct reader *reader, const struct meaning *m)
{
    const char *word = m->open == TIMEX_AFTER ? m->value >= 1 ? "from" : "after"
                       : m->value == 1        ? "until"
                       : m->value == 2        ? "by"
                                              : "before";
    bool dated = m->day1 > m->day0 || m->dom || m->month || m->year || m->wd >= 0;
    struct meaning_words what = day_words(reader, *m, "bound");
    if (!dated)
        what.resolved = SLICE_NONE;
    what.value = arena_format(reader->arena, "%s %.*s", word, SLICE_ARG(what.value));
    return what;
}

static struct slice part_text(const struct reader *reader, const struct meaning *m)
{
    int part = m->cat == CAT_pod ? m->value : m->part;
    struct slice name = NAME(parts, part);
    if (m->edge != EDGE_NONE)
        name = arena_format(reader->arena, "%.*s of the %.*s", SLICE_ARG(NAME(edges, m->edge)),
                            SLICE_ARG(name));
    return m->t0 < 0 ? name
                     : arena_format(reader->arena, "%.*s %.*s", SLICE_ARG(name),
                                    SLICE_ARG(hours_text(reader->arena, m)));
}

static struct slice number_text(struct arena *arena, const struct meaning *m)
{
    int64_t part = m->seconds % 1000 / 10;
    if (m->cat == CAT_num && part > 0)
        return arena_format(arena, "%d.%02d", m->value, (int)part);
    return arena_format(arena, "%d", m->value);
}

static struct slice day_word_text(struct arena *arena, int ahead)
{
    if (ahead == 0)
        return LIT("today");
    return ahead < 0 ? arena_format(arena, "%d days back", -ahead)
                     : arena_format(arena, "%d days ahead", ahead);
}

static struct meaning_words word_words(const struct reader *reader, const struct meaning *m)
{
    struct arena *arena = reader->arena;
    switch (m->cat) {
    case CAT_wd:
        return (struct meaning_words){LIT("weekday"), NAME(weekdays, m->value), SLICE_NONE};
    case CAT_month:
        return (struct meaning_words){LIT("month"), NAME(months, m->value), SLICE_NONE};
    case CAT_unit:
        return (struct meaning_words){LIT("unit"), NAME(units, m->value), SLICE_NONE};
    case CAT_pod:
        return (struct meaning_words){LIT("part"), part_text(reader, m), SLICE_NONE};
    case CAT_edge:
        return (struct meaning_words){LIT("edge"), NAME(edges, m->value), SLICE_NONE};
    case CAT_day:
        return (struct meaning_words){LIT("day"), day_word_text(arena, m->value), SLICE_NONE};
    case CAT_zone:
        return (struct meaning_words){LIT("zone"), slice_from(zone_of(m->value)), SLICE_NONE};
    case CAT_ampm:
        return (struct meaning_words){LIT("half"), m->value ? LIT("pm") : LIT("am"), SLICE_NONE};
    case CAT_ord:
        return (struct meaning_words){LIT("ordinal"), number_text(arena, m), SLICE_NONE};
    case CAT_num:
    case CAT_few:
        return (struct meaning_words){LIT("number"), number_text(arena, m), SLICE_NONE};
    case CAT_year:
        return (struct meaning_words){LIT("year"), arena_format(arena, "%d", m->year ? m->year
                                                                                     : m->value),
                                      SLICE_NONE};
    case CAT_holiday:
        return (struct meaning_words){LIT("holiday"), SLICE_NONE, SLICE_NONE};
    case CAT_season:
        return (struct meaning_words){LIT("season"), SLICE_NONE, SLICE_NONE};
    default:
        return (struct meaning_words){LIT("joint"), slice_from(category_name(m->cat)), SLICE_NONE};
    }
}

struct meaning_words describe(const struct reader *reader, const struct meaning *m)
{
    switch (m->cat) {
    case CAT_date:
    case CAT_tenday:
        return day_words(reader, *m, "date");
    case CAT_dates:
        return day_words(reader, *m, "days");
    case CAT_moment:
        return day_words(reader, *m, "moment");
    case CAT_clock:
        return (struct meaning_words){LIT("time"), hours_text(reader->arena, m), SLICE_NONE};
    case CAT_clocks:
        return (struct meaning_words){LIT("hours"), hours_text(reader->arena, m), SLICE_NONE};
    case CAT_part:
        return (struct meaning_words){LIT("part"), part_text(reader, m), SLICE_NONE};
    case CAT_dur:
        return (struct meaning_words){LIT("length"), length_text(reader->arena, m), SLICE_NONE};
    case CAT_set:
        return (struct meaning_words){LIT("repetition"), set_rrule(m, reader->arena), SLICE_NONE};
    case CAT_open:
        return open_words(reader, m);
    default:
        return word_words(reader, m);
    }
}
