/* rendez understand: what a sentence says of time; whole corpora with --batch. */
#include <stdlib.h>

#include "domain/intent/intent.h"
#include "domain/timex/timex.h"
#include "roles/cli/cli.h"

enum { HORIZON_DAYS = 60 };

static enum language language_of(struct slice name)
{
    if (slice_equal(name, LIT("fr")))
        return LANGUAGE_FR;
    return slice_equal(name, LIT("en")) ? LANGUAGE_EN : LANGUAGE_UNKNOWN;
}

static json_t *json_civil(struct civil wall, struct arena *arena)
{
    return json_from_text(civil_format(wall, arena));
}

/* "PT1H30M", "P2W3D", "P14M" */
static struct slice duration_text(const struct timex *timex, struct arena *arena)
{
    int64_t s = timex->duration_s, months = timex->duration_months;
    struct slice date = months > 0 ? arena_format(arena, "%lldM", (long long)months) : LIT("");
    struct slice days = s >= 86400 ? arena_format(arena, "%lldD", (long long)(s / 86400)) : LIT("");
    s %= 86400;
    if (s == 0 && date.len + days.len > 0)
        return arena_format(arena, "P%.*s%.*s", SLICE_ARG(date), SLICE_ARG(days));
    struct slice h = s >= 3600 ? arena_format(arena, "%lldH", (long long)(s / 3600)) : LIT("");
    struct slice m = s % 3600 >= 60 ? arena_format(arena, "%lldM", (long long)(s % 3600 / 60))
                                    : LIT("");
    struct slice rest = s % 60 > 0 || s == 0 ? arena_format(arena, "%lldS", (long long)(s % 60))
                                             : LIT("");
    return arena_format(arena, "P%.*s%.*sT%.*s%.*s%.*s", SLICE_ARG(date), SLICE_ARG(days),
                        SLICE_ARG(h), SLICE_ARG(m), SLICE_ARG(rest));
}

/* A reading in the zone that was said, put into the writer's. */
static struct civil in_writers_zone(struct civil wall, const struct timex *timex,
                                    const struct zone *writer)
{
    const struct zone *said;
    if (timex->zone.len == 0 || writer == NULL || zone_load(timex->zone, &said, NULL) != ST_OK)
        return wall;
    return civil_from_instant(civil_to_instant(wall, said), writer);
}

static json_t *expect_of(const struct timex *timex, const struct zone *writer, int32_t offset_s,
                         struct arena *arena)
{
    json_t *out = json_object();
    bool shifted = writer == NULL && offset_s != INT32_MAX;
    struct timex moved = *timex;
    if (timex->has_clock && shifted) {
        moved.start = civil_add(in_writers_zone(timex->start, timex, zone_utc()),
                                (struct duration){timex->zone.len ? offset_s * INT64_C(1000000) : 0});
        moved.end = civil_add(in_writers_zone(timex->end, timex, zone_utc()),
                              (struct duration){timex->zone.len ? offset_s * INT64_C(1000000) : 0});
    } else if (timex->has_clock) {
        moved.start = in_writers_zone(timex->start, timex, writer);
        moved.end = in_writers_zone(timex->end, timex, writer);
    }
    json_object_set_new(out, "kind", json_string(timex_kind_names[timex->kind]));
    if (timex->kind == TIMEX_DURATION) {
        json_object_set_new(out, "duration", json_from_text(duration_text(timex, arena)));
        return out;
    }
    if (timex->kind == TIMEX_SET) {
        json_object_set_new(out, "rrule", json_from_text(timex->rrule));
        if (timex->exception)
            json_object_set_new(out, "exrule", json_from_text(timex->rrule));
        return out;
    }
    json_object_set_new(out, "grain", json_string(timex_grain_names[timex->grain]));
    if (timex->open != TIMEX_BEFORE)
        json_object_set_new(out, "start", json_civil(moved.start, arena));
    if (timex->kind == TIMEX_INTERVAL && timex->open != TIMEX_AFTER)
        json_object_set_new(out, "end", json_civil(moved.end, arena));
    if (timex->open != TIMEX_BOUNDED)
        json_object_set_new(out, "open",
                            json_string(timex->open == TIMEX_AFTER ? "after" : "before"));
    return out;
}

/* "+01:00", or an IANA name. */
static const struct zone *zone_of_row(const json_t *row, int32_t *offset_s)
{
    struct slice tz = json_text(row, "tz");
    const struct zone *zone = NULL;
    *offset_s = INT32_MAX;
    if (tz.len == 6 && (tz.data[0] == '+' || tz.data[0] == '-')) {
        int32_t h = (tz.data[1] - '0') * 10 + tz.data[2] - '0';
        int32_t m = (tz.data[4] - '0') * 10 + tz.data[5] - '0';
        *offset_s = (h * 3600 + m * 60) * (tz.data[0] == '-' ? -1 : 1);
        return NULL;
    }
    if (tz.len > 0 && zone_load(tz, &zone, NULL) == ST_OK)
        return zone;
    return NULL;
}

/* Numeric dates are read month first in American English. */
static bool month_first(enum language language, struct slice locale, struct slice tz)
{
    if (language != LANGUAGE_EN)
        return false;
    if (locale.len > 0)
        return slice_ends(locale, LIT("US"));
    return tz.len == 0 || !ascii_is_alpha(tz.data[0]) || slice_starts(tz, LIT("America/"));
}

struct batch {
    int wishes, intents;
};

static void set_intervals(json_t *answer, const char *name, struct civil_interval_list list,
                          struct arena *arena)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(array, json_pack("[oo]", json_civil(list.items[i].start, arena),
                                               json_civil(list.items[i].end, arena)));
    json_object_set_new(answer, name, array);
}

static struct timex_context context_of(const json_t *row, const struct zone *zone)
{
    struct timex_context context = {.language = language_of(json_text(row, "lang")), .zone = zone};
    if (civil_parse(json_text(row, "ref"), &context.ref, NULL) != ST_OK)
        context.ref = civil_at((struct civil_date){2026, 1, 1}, 9, 0);
    context.month_first =
        month_first(context.language, json_text(row, "locale"), json_text(row, "tz"));
    return context;
}

static void answer_times(const json_t *row, struct arena *arena)
{
    int32_t offset_s;
    const struct zone *zone = zone_of_row(row, &offset_s);
    struct timex_context context = context_of(row, zone);
    struct timex_list found = {0};
    if (timex_find(json_text(row, "text"), &context, arena, &found, NULL) != ST_OK)
        found.count = 0;
    AUTO_JSON answer = json_object();
    json_t *all = json_array(), *longest = NULL;
    size_t most = 0;
    for (size_t i = 0; i < found.count; i++) {
        json_t *one = expect_of(&found.items[i], zone, offset_s, arena);
        if (longest == NULL || found.items[i].length > most) {
            longest = one;
            most = found.items[i].length;
        }
        json_array_append_new(all, one);
    }
    json_object_set_new(answer, "id", json_from_text(json_text(row, "id")));
    if (longest != NULL)
        json_object_set(answer, "expect", longest);
    else
        json_object_set_new(answer, "expect", json_pack("{ss}", "kind", "none"));
    json_object_set_new(answer, "all", all);
    cli_print_json(answer);
}

static void answer_wishes(const json_t *row, struct arena *arena)
{
    int32_t offset_s;
    const struct zone *zone = zone_of_row(row, &offset_s);
    struct timex_context context = context_of(row, zone);
    struct wishes wishes = {0};
    uint32_t horizon = (uint32_t)json_number(row, "horizon_days", HORIZON_DAYS);
    bool request = slice_equal(json_text(row, "role"), LIT("request"));
    AUTO_JSON answer = json_object();
    json_object_set_new(answer, "id", json_from_text(json_text(row, "id")));
    struct problem why = {0};
    if (timex_wishes(json_text(row, "text"), &context, horizon, request, arena, &wishes, &why) != ST_OK)
        json_object_set_new(answer, "error", json_string(why.detail));
    set_intervals(answer, "allowed", wishes.allowed, arena);
    set_intervals(answer, "preferred", wishes.preferred, arena);
    json_object_set_new(answer, "doubt", wishes.doubt == TIMEX_CLEAR
                                             ? json_null()
                                             : json_string(timex_doubt_names[wishes.doubt]));
    cli_print_json(answer);
}

static void answer_intent(const json_t *row)
{
    AUTO_JSON answer = json_object();
    json_object_set_new(answer, "id", json_from_text(json_text(row, "id")));
    json_object_set_new(answer, "group",
                        json_string(intent_group(json_text(row, "text"),
                                                 language_of(json_text(row, "lang")))));
    cli_print_json(answer);
}

static void answer_row(const json_t *row, struct arena *arena, void *context)
{
    const struct batch *batch = context;
    if (batch->intents)
        answer_intent(row);
    else if (batch->wishes)
        answer_wishes(row, arena);
    else
        answer_times(row, arena);
}

struct sentence {
    struct slice text, language, at, zone;
    int json, explain;
};

static void print_timexes(const struct timex_list *found, struct arena *arena)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct timex *t = &found->items[i];
        struct slice start = civil_format(t->start, arena), end = civil_format(t->end, arena);
        printf("%.*s\n  %s", SLICE_ARG(t->text), timex_kind_names[t->kind]);
        if (t->kind == TIMEX_DURATION)
            printf(" %.*s", SLICE_ARG(duration_text(t, arena)));
        else if (t->kind == TIMEX_SET)
            printf(" %.*s", SLICE_ARG(t->rrule));
        else if (t->open != TIMEX_BOUNDED)
            printf(" %s %.*s", t->open == TIMEX_AFTER ? "after" : "before", SLICE_ARG(start));
        else
            printf(" %.*s to %.*s", SLICE_ARG(start), SLICE_ARG(end));
        if (t->zone.len > 0)
            printf(" in %.*s", SLICE_ARG(t->zone));
        if (t->doubt != TIMEX_CLEAR)
            printf("; doubt: %s", timex_doubt_names[t->doubt]);
        printf("\n");
        if (t->derivation.len > 0)
            printf("  %.*s\n", SLICE_ARG(t->derivation));
    }
}

static void print_windows(const char *name, struct civil_interval_list list, struct arena *arena)
{
    printf("%s:", name);
    for (size_t i = 0; i < list.count; i++)
        printf("%s %.*s to %.*s", i > 0 ? "," : "",
               SLICE_ARG(civil_format(list.items[i].start, arena)),
               SLICE_ARG(civil_format(list.items[i].end, arena)));
    printf("\n");
}

static enum status understand(const struct sentence *sentence, struct arena *arena,
                              struct problem *why)
{
    struct timex_context context = {.language = language_of(sentence->language)};
    const struct zone *zone;
    TRY(zone_load(sentence->zone, &zone, why));
    context.zone = zone;
    context.explain = sentence->explain != 0;
    context.ref = civil_from_instant(clock_now(), zone);
    if (sentence->at.len > 0)
        TRY(civil_parse(sentence->at, &context.ref, why));
    context.month_first = month_first(context.language, SLICE_NONE, sentence->zone);
    struct timex_list found;
    struct wishes wishes;
    TRY(timex_find(sentence->text, &context, arena, &found, why));
    TRY(timex_wishes(sentence->text, &context, HORIZON_DAYS, false, arena, &wishes, why));
    if (sentence->json) {
        AUTO_JSON out = json_object();
        json_t *list = json_array();
        for (size_t i = 0; i < found.count; i++)
            json_array_append_new(list, json_from_record(&timex_record, &found.items[i], zone));
        json_object_set_new(out, "timexes", list);
        json_object_set_new(out, "wishes", json_from_record(&wishes_record, &wishes, zone));
        cli_print_json(out);
        return ST_OK;
    }
    print_timexes(&found, arena);
    if (wishes.constrained) {
        print_windows("allowed", wishes.allowed, arena);
        print_windows("preferred", wishes.preferred, arena);
        if (wishes.doubt != TIMEX_CLEAR)
            printf("doubt: %s\n", timex_doubt_names[wishes.doubt]);
    }
    return ST_OK;
}

int cmd_understand(int argc, char **argv)
{
    struct batch kind = {0};
    int batch = 0, json = 0, explain = 0, first = 0;
    const char *lang = "", *at = "", *tz = "Europe/Paris";
    const struct cli_option options[] = {
        {"lang", NULL, &lang, "fr|en", "the language, else found out"},
        {"at", NULL, &at, "ISO", "the writer's local time, else now"},
        {"tz", NULL, &tz, "ZONE", "the writer's zone, else Europe/Paris"},
        {"json", &json, NULL, NULL, "one JSON object"},
        {"explain", &explain, NULL, NULL, "the rules that led to each reading"},
        {"batch", &batch, NULL, NULL, "JSON lines with text and ref on stdin"},
        {"wishes", &kind.wishes, NULL, NULL, "with --batch: what the whole text allows"},
        {"intents", &kind.intents, NULL, NULL, "with --batch: what each short sentence wants"},
        {0},
    };
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (batch)
        return cli_each_line(answer_row, &kind);
    if (first >= argc)
        return cli_fail(EXIT_USAGE, "give a text, or --batch");
    AUTO_ARENA arena = arena_create(64 << 20);
    struct problem why = {0};
    struct sentence sentence = {slice_from(argv[first]), slice_from(lang), slice_from(at),
                                slice_from(tz), json, explain};
    if (understand(&sentence, arena, &why) != ST_OK)
        return cli_fail_problem(&why);
    return EXIT_YES;
}
