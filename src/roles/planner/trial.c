#include "roles/planner/trial.h"

#include <stdio.h>

#include "roles/planner/internal.h"

enum { TRIAL_BYTES_MAX = 8 << 20 };

static enum status keep(struct unit *unit, struct slice id, struct slice text)
{
    const struct mail mail = {0};
    const struct received_mail received = {.id = id, .raw = text, .mail = &mail};
    const struct handled_message handled = {.new_text = text};
    return keep_message(unit, &received, NULL, &handled);
}

static enum status keep_both(struct unit *unit, const struct planner_trial *trial, struct slice text)
{
    for (int i = 0; i < 2; i++)
        TRY(keep(unit, slice_from(trial->ids[i]), text));
    return ST_OK;
}

static enum status check_both(struct unit *unit, const struct planner_trial *trial, struct slice text)
{
    for (int i = 0; i < 2; i++) {
        struct handled_message handled;
        struct slice meeting;
        enum status status = load_handled(unit, slice_from(trial->ids[i]), &meeting, &handled);
        if (status == ST_DENIED || (status == ST_OK && !slice_equal(handled.new_text, text)))
            return problem_set(unit->why, ST_INVALID, "what was stored does not come back");
        TRY(status);
    }
    return ST_OK;
}

/* The second one's values in the first one's row. */
static enum status open_elsewhere(struct unit *unit, const struct planner_trial *trial, bool *opens)
{
    struct store *store = unit->planner->store;
    struct slice first = slice_from(trial->ids[0]), meeting;
    struct stored_message other;
    struct handled_message handled;
    TRY(store_load_message(store, slice_from(trial->ids[1]), unit->arena, &other, unit->why));
    TRY(store_reseal(store, RESEALED_MESSAGE, first, other.raw, other.reading, unit->why));
    enum status status = load_handled(unit, first, &meeting, &handled);
    *opens = status == ST_OK;
    return status == ST_DENIED ? ST_OK : status;
}

enum status planner_trial_put(struct planner *planner, struct slice text, struct instant now,
                              struct planner_trial *trial, bool *opens_elsewhere, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(TRIAL_BYTES_MAX);
    struct unit unit = {planner, arena, now, why};
    for (int i = 0; i < 2; i++)
        snprintf(trial->ids[i], sizeof trial->ids[i], "%s", arena_text(arena, store_new_id("trial", arena)));
    TRY(store_begin(planner->store, why));
    enum status status = keep_both(&unit, trial, text);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    TRY(status);
    TRY(check_both(&unit, trial, text));
    TRY(store_begin(planner->store, why));
    status = open_elsewhere(&unit, trial, opens_elsewhere);
    store_rollback(planner->store);
    return status;
}

enum status planner_trial_end(struct planner *planner, struct planner_trial *trial, struct problem *why)
{
    for (int i = 0; i < 2; i++) {
        if (trial->ids[i][0] == '\0')
            continue;
        enum status status = store_remove_message(planner->store, slice_from(trial->ids[i]), why);
        if (status != ST_OK && status != ST_NOT_FOUND)
            return status;
        trial->ids[i][0] = '\0';
    }
    return ST_OK;
}
