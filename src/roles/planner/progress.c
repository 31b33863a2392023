/* Which meetings are in progress. Told after the commit, from what is stored: a unit of work that
 * came to nothing, or was tried twice, tells nothing wrong. */
#include "roles/planner/internal.h"

void note_touched(struct planner *planner, struct slice meeting)
{
    struct touched *touched = &planner->touched;
    for (size_t i = 0; i < touched->count; i++)
        if (slice_equal(meeting, (struct slice){touched->items[i].id, touched->items[i].len}))
            return;
    if (touched->count == TOUCHED_MAX || meeting.len > TOUCHED_ID_MAX || meeting.len == 0) {
        touched->more = true;
        return;
    }
    memcpy(touched->items[touched->count].id, meeting.data, meeting.len);
    touched->items[touched->count++].len = (uint8_t)meeting.len;
}

static enum status find_assigned(struct planner *planner, struct slice meeting, struct arena *arena,
                                 struct slice *person, struct problem *why)
{
    struct task_holder holder;
    enum status found = store_find_holder(planner->store, meeting, arena, &holder, why);
    if (found == ST_OK)
        *person = holder.person;
    return found == ST_NOT_FOUND ? ST_OK : found;
}

static enum status look_at(struct planner *planner, struct slice id, struct arena *arena,
                           struct meeting_progress_list *out, struct problem *why)
{
    struct stored_progress row = {0};
    enum status found = store_find_progress(planner->store, id, arena, &row, why);
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    struct meeting_progress one = {arena_copy(arena, id), row.organisation, found == ST_OK, SLICE_NONE};
    if (found == ST_OK)
        TRY(find_assigned(planner, one.id, arena, &one.assigned, why));
    ARENA_PUSH(arena, out, one);
    return ST_OK;
}

enum status planner_progress_changed(struct planner *planner, struct arena *arena,
                                     struct meeting_progress_list *out, bool *all,
                                     struct problem *why)
{
    struct touched *touched = &planner->touched;
    uint32_t changes;
    *out = (struct meeting_progress_list){0};
    TRY(store_changes(planner->store, &changes, why));
    for (size_t i = 0; i < touched->count; i++)
        TRY(look_at(planner, (struct slice){touched->items[i].id, touched->items[i].len}, arena, out,
                    why));
    *all = touched->more || changes != touched->changes;
    *touched = (struct touched){.changes = changes};
    return ST_OK;
}

enum status planner_progress_all(struct planner *planner, uint32_t *cursor, struct arena *arena,
                                 struct meeting_progress_list *out, struct problem *why)
{
    struct stored_progress_list rows;
    struct task_holder_list held;
    *out = (struct meeting_progress_list){0};
    TRY(store_list_progress(planner->store, *cursor, arena, &rows, why));
    TRY(store_list_holders(planner->store, arena, &held, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct meeting_progress one = {rows.items[i].id, rows.items[i].organisation, true, SLICE_NONE};
        for (size_t k = 0; k < held.count; k++)
            if (slice_equal(held.items[k].meeting, one.id))
                one.assigned = held.items[k].person;
        ARENA_PUSH(arena, out, one);
    }
    *cursor = rows.count == 0 ? 0 : rows.items[rows.count - 1].seq;
    return ST_OK;
}
