/* rendez understand: what a sentence says of time; whole corpora with --batch. */
#include <stdlib.h>
#include <unistd.h>

#include "roles/cli/explain.h"
#include "roles/cli/understand.h"

enum language understand_language(struct slice name)
{
    if (slice_equal(name, LIT("fr")))
        return LANGUAGE_FR;
    return slice_equal(name, LIT("en")) ? LANGUAGE_EN : LANGUAGE_UNKNOWN;
}

struct slice understand_duration(const struct timex *timex, struct arena *arena)
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

bool understand_month_first(enum language language, struct slice locale, struct slice tz)
{
    if (language != LANGUAGE_EN)
        return false;
    if (locale.len > 0)
        return slice_ends(locale, LIT("US"));
    return tz.len == 0 || !ascii_is_alpha(tz.data[0]) || slice_starts(tz, LIT("America/"));
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
            printf(" %.*s", SLICE_ARG(understand_duration(t, arena)));
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

/* The reading of the text as a new mail of a client, with its reasons. */
static enum status read_as_mail(const struct sentence *sentence,
                                const struct timex_context *context, struct arena *arena,
                                struct reading *out, struct problem *why)
{
    const struct zone *zone = context->zone;
    struct mail mail = {.new_text = sentence->text, .text = sentence->text, .has_date = true};
    mail.date = context->ref;
    mail.offset_s = zone_offset_s(zone, civil_to_instant(context->ref, zone), NULL);
    struct intent_context conversation = {
        .received = civil_to_instant(context->ref, zone),
        .writer_zone = sentence->zone,
        .organizer_zone = sentence->zone,
        .offer_zone = sentence->zone,
        .writer_is_client = true,
        .explain = true,
    };
    return intent_read(&mail, &conversation, arena, out, why);
}

static enum status explain(const struct sentence *sentence, const struct timex_context *context,
                           const struct timex_list *found, const struct wishes *wishes,
                           struct arena *arena, struct problem *why)
{
    struct reading reading;
    TRY(read_as_mail(sentence, context, arena, &reading, why));
    TRY(timex_find_ignored(sentence->text, context, arena, &reading.ignored, why));
    struct explained explained = {sentence->text, found, wishes, &reading, context->zone};
    if (sentence->json) {
        AUTO_JSON out = explain_json(&explained);
        cli_print_json(out);
    } else {
        explain_print(&explained, isatty(STDOUT_FILENO) == 1, arena);
    }
    return ST_OK;
}

static enum status understand(const struct sentence *sentence, struct arena *arena,
                              struct problem *why)
{
    struct timex_context context = {.language = understand_language(sentence->language)};
    const struct zone *zone;
    TRY(zone_load(sentence->zone, &zone, why));
    context.zone = zone;
    context.explain = sentence->explain != 0;
    context.scope = true;
    context.ref = civil_from_instant(clock_now(), zone);
    if (sentence->at.len > 0)
        TRY(civil_parse(sentence->at, &context.ref, why));
    context.month_first = understand_month_first(context.language, SLICE_NONE, sentence->zone);
    struct timex_list found;
    struct wishes wishes;
    TRY(timex_find(sentence->text, &context, arena, &found, why));
    TRY(timex_wishes(sentence->text, &context, HORIZON_DAYS, false, arena, &wishes, why));
    if (sentence->explain)
        return explain(sentence, &context, &found, &wishes, arena, why);
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
        if (wishes.preferred.count > 0)
            print_windows("preferred", wishes.preferred, arena);
        if (wishes.doubt != TIMEX_CLEAR)
            printf("doubt: %s\n", timex_doubt_names[wishes.doubt]);
    }
    return ST_OK;
}

int cmd_understand(int argc, char **argv)
{
    struct understand_kind kind = {0};
    int batch = 0, json = 0, explain = 0, first = 0;
    const char *lang = "", *at = "", *tz = "Europe/Paris";
    const struct cli_option options[] = {
        {"lang", NULL, &lang, "fr|en", "the language, else found out"},
        {"at", NULL, &at, "ISO", "the writer's local time, else now"},
        {"tz", NULL, &tz, "ZONE", "the writer's zone, else Europe/Paris"},
        {"json", &json, NULL, NULL, "one JSON object"},
        {"explain", &explain, NULL, NULL, "the words and rules behind each reading, and what lost"},
        {"batch", &batch, NULL, NULL, "JSON lines with text and ref on stdin"},
        {"wishes", &kind.wishes, NULL, NULL, "with --batch: what the whole text allows"},
        {"intents", &kind.intents, NULL, NULL, "with --batch: what each short sentence wants"},
        {0},
    };
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (batch)
        return understand_batch(&kind);
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
