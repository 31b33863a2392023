/* How the machine and the people did: domain/supervision/figures.h from the store's rows, as JSON. */
#include "roles/planner/learning.h"

#include "roles/planner/commands.h"

enum { DECISIONS_MAX = 1000000, STATS_BYTES_MAX = 1 << 30 };

struct instant stats_since(struct instant now)
{
    return (struct instant){now.us - STATS_DAYS * DAY_US};
}

/* What is of no language counts with the service's first one, as in the queue. */
static enum language shown_language(enum language language)
{
    return language == LANGUAGE_UNKNOWN ? LANGUAGE_FR : language;
}

static void set_number(json_t *out, const char *name, uint32_t number)
{
    json_object_set_new(out, name, json_integer(number));
}

static json_t *days_json(const struct figures_day_list *days)
{
    json_t *out = json_array();
    for (size_t i = 0; i < days->count; i++) {
        const struct figures_day *day = &days->items[i];
        json_t *row = json_object();
        set_number(row, "day", day->day);
        set_number(row, "messages", day->messages);
        set_number(row, "doubts", day->doubts);
        set_number(row, "decided", day->decided);
        set_number(row, "judged", day->judged);
        set_number(row, "agreed", day->agreed);
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *levels_json(const struct figures *figures)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < FIGURE_LEVELS; i++) {
        json_t *row = json_object();
        set_number(row, "from", i * 1000 / FIGURE_LEVELS);
        set_number(row, "until", (i + 1) * 1000 / FIGURE_LEVELS);
        set_number(row, "samples", figures->levels[i].judged);
        set_number(row, "wrong", figures->levels[i].wrong);
        set_number(row, "low", figures->levels[i].low);
        set_number(row, "high", figures->levels[i].high);
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *group_json(const struct figures_group *group)
{
    json_t *out = json_object();
    set_number(out, "decided", group->decided);
    set_number(out, "judged", group->judged);
    set_number(out, "agreed", group->agreed);
    set_number(out, "waited_s", group->waited_s);
    set_number(out, "waited_p90_s", group->waited_p90_s);
    set_number(out, "held_s", group->held_s);
    set_number(out, "held_p90_s", group->held_p90_s);
    return out;
}

static json_t *groups_json(const struct figures_group_list *groups)
{
    json_t *out = json_array();
    for (size_t i = 0; i < groups->count; i++) {
        json_t *row = group_json(&groups->items[i]);
        json_object_set_new(row, "language", json_string(language_names[groups->items[i].language]));
        json_object_set_new(row, "reason", json_from_text(groups->items[i].reason));
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *figures_json(const struct figures *figures, uint32_t breached, struct instant since, struct arena *arena)
{
    json_t *out = json_object();
    json_object_set_new(out, "since", json_from_text(instant_format(since, zone_utc(), arena)));
    json_object_set_new(out, "days", days_json(&figures->days));
    json_object_set_new(out, "weeks", days_json(&figures->weeks));
    json_object_set_new(out, "confidence", levels_json(figures));
    json_object_set_new(out, "groups", groups_json(&figures->groups));
    json_object_set_new(out, "all", group_json(&figures->all));
    set_number(out, "breached", breached);
    set_number(out, "sampled", figures->sampled.judged);
    set_number(out, "sampled_wrong", figures->sampled.wrong);
    set_number(out, "sampled_low", figures->sampled.low);
    set_number(out, "sampled_high", figures->sampled.high);
    return out;
}

enum status planner_stats(struct planner *planner, struct instant since, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(STATS_BYTES_MAX);
    struct read_count_list reads;
    struct supervised_list decisions;
    struct figures figures;
    uint32_t breached = 0;
    TRY(store_list_read_counts(planner->store, figures_day_of(since), arena, &reads, why));
    TRY(store_list_supervised(planner->store, since, DECISIONS_MAX, arena, &decisions, why));
    TRY(store_count_breaches(planner->store, since, &breached, why));
    for (size_t i = 0; i < reads.count; i++)
        reads.items[i].language = shown_language(reads.items[i].language);
    for (size_t i = 0; i < decisions.count; i++)
        decisions.items[i].language = shown_language(decisions.items[i].language);
    figures_make(&reads, &decisions, arena, &figures);
    *out = figures_json(&figures, breached, since, arena);
    return ST_OK;
}

enum status command_supervision_stats(struct command_call *call)
{
    struct instant since = stats_since(call->unit->now);
    struct slice said = json_text(call->in, "since");
    if (said.len > 0 && instant_parse(said, &since, NULL, NULL) != ST_OK)
        return case_fail(call, ST_INVALID, "since", "since is an instant");
    return planner_stats(call->unit->planner, since, &call->out, call->unit->why);
}
