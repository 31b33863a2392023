#include "roles/cli/calendar_file.h"

enum { DEFAULT_DAYS = 31 };

static enum status read_window(const char *from, const char *to, struct calendar_asked *out,
                               struct problem *why)
{
    struct civil start, end;
    if (from == NULL)
        start = civil_at(civil_from_instant(clock_now(), out->zone).date, 0, 0);
    else
        TRY(civil_parse(slice_from(from), &start, why));
    end = civil_add(start, (struct duration){DEFAULT_DAYS * DAY_US});
    if (to != NULL)
        TRY(civil_parse(slice_from(to), &end, why));
    out->window.start = civil_to_instant(start, out->zone);
    out->window.end = civil_to_instant(end, out->zone);
    return ST_OK;
}

static enum status read_calendar(const char *path, struct arena *arena, struct ical_calendar *out,
                                 struct problem *why)
{
    struct slice text;
    TRY(file_read(path, ICAL_BYTES_MAX, arena, &text, why));
    return ical_parse(text, arena, out, why);
}

int calendar_file_begin(int argc, char **argv, const struct calendar_words *words, struct arena *arena,
                        struct calendar_asked *out)
{
    int as_json = 0, batch = 0, first;
    const char *from = NULL, *to = NULL, *zone = "UTC", *owner = "";
    const struct cli_option options[] = {
        {"json", &as_json, NULL, NULL, words->json},
        {"batch", &batch, NULL, NULL, words->batch},
        {"from", NULL, &from, "DATE", "first day or time (today)"},
        {"to", NULL, &to, "DATE", "end, exclusive (31 days later)"},
        {"zone", NULL, &zone, "ZONE", "of floating and all-day events (UTC)"},
        {"owner", NULL, &owner, "ADDRESS", "whose refusals make events free"},
        {0},
    };
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    ical_init();
    if (batch)
        return cli_each_line(words->each_line, NULL);
    if (argc - first != 1)
        return cli_fail(EXIT_USAGE, "one calendar file is needed; see --help");
    struct problem why = {0};
    *out = (struct calendar_asked){.owner = slice_from(owner), .as_json = as_json != 0};
    if (zone_load(slice_from(zone), &out->zone, &why) != ST_OK ||
        read_window(from, to, out, &why) != ST_OK)
        return cli_fail(EXIT_USAGE, "%s", why.detail);
    return read_calendar(argv[first], arena, &out->calendar, &why) == ST_OK ? -1 : cli_fail_problem(&why);
}
