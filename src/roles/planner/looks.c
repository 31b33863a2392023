/* Second looks, as others can count them: an entry of the log for each, and once a day what is published of ninety days.
 * Both are of the same days, so that who has the log finds the same number (rendez-verify --looks). */
#include "roles/planner/learning.h"

#include "roles/planner/internal.h"

enum { LOOKS_BYTES_MAX = 256 << 20, LOOKS_MAX = 1000000 };
static const char counted_kind[] = "supervision.looks.counted";

static struct slice day_text(uint32_t day, struct arena *arena)
{
    struct civil_date date = civil_date_from_days(day);
    return arena_format(arena, "%04d-%02u-%02u", (int)date.year, date.month, date.day);
}

enum status log_look(struct unit *unit, const struct supervised *look)
{
    struct slice day = day_text(figures_day_of(look->at), unit->arena);
    bool named = look->organisation.len > 0;
    return store_append_log(unit->planner->store, look->at, LIT("supervision.look.compared"),
                            arena_format(unit->arena, "task=%.*s%s%.*s day=%.*s agreed=%s", SLICE_ARG(look->task),
                                         named ? " organisation=" : "", SLICE_ARG(look->organisation), SLICE_ARG(day),
                                         look->agreed == AGREED ? "yes" : "no"),
                            unit->why);
}

/* Of the whole days before today, once on each. */
static enum status count_looks(struct unit *unit)
{
    struct store *store = unit->planner->store;
    struct supervised_list decisions;
    struct instant last = {0};
    uint32_t today = figures_day_of(unit->now), first = today - LOOKS_DAYS;
    enum status found = store_last_logged(store, slice_from(counted_kind), &last, unit->why);
    if (found == ST_OK && figures_day_of(last) >= today)
        return ST_OK;
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    TRY(store_list_supervised(store, (struct instant){first * DAY_US}, LOOKS_MAX, unit->arena, &decisions, unit->why));
    struct figures_error looks = figures_looks(&decisions, first, today - 1);
    if (looks.judged == 0)
        return ST_OK;
    struct slice from = day_text(first, unit->arena), until = day_text(today - 1, unit->arena);
    return store_append_log(store, unit->now, slice_from(counted_kind),
                            arena_format(unit->arena, "from=%.*s until=%.*s looks=%u wrong=%u", SLICE_ARG(from), SLICE_ARG(until),
                                         looks.judged, looks.wrong),
                            unit->why);
}

enum status planner_count_looks(struct planner *planner, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(LOOKS_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    if (figures_day_of(now) <= LOOKS_DAYS)
        return ST_OK;
    TRY(store_begin(planner->store, why));
    enum status status = count_looks(&unit);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}
