/* Retention: what is over is destroyed when its time has come, by taking its key away. */
#include "base/eventlog/eventlog.h"
#include "roles/planner/internal.h"
#include "roles/planner/learning.h"

enum { FIGURES_MONTHS = 24 }; /* what became of tasks: nothing personal */
enum { WORK_DAYS = 14 }; /* bounces come back for days, and are about mail that was sent */

/* When the last there is of it ends; never, where a series has no end. */
static struct instant end_of(const struct meeting *meeting)
{
    const struct zone *zone =
        meeting->people.count > 0 ? zone_or_utc(meeting->people.items[0].time_zone) : zone_utc();
    return series_end(&meeting->series, meeting->confirmed, zone);
}

bool is_over(const struct meeting *meeting, struct instant now)
{
    return meeting->state == MEETING_CANCELLED || meeting->state == MEETING_ABANDONED ||
           (meeting->state == MEETING_CONFIRMED && end_of(meeting).us <= now.us);
}

struct instant retention_since(const struct meeting *meeting, struct instant changed)
{
    struct instant end = meeting->state == MEETING_CONFIRMED ? end_of(meeting) : changed;
    return end.us > changed.us ? end : changed;
}

static struct instant months_before(struct instant now, uint32_t months)
{
    struct civil at = civil_from_instant(now, zone_utc());
    at.date = civil_date_add_months(at.date, -(int32_t)months);
    return civil_to_instants(at, zone_utc()).first;
}

static enum status destroy(struct unit *unit, struct slice meeting, const char *cause)
{
    note_touched(unit->planner, meeting);
    TRY(store_erase_meeting(unit->planner->store, meeting, unit->now, unit->why));
    event_log(EVENT_MEETING_ERASED, field_id(KEY_MEETING, meeting), field_text(KEY_INPUT, cause));
    return store_append_log(unit->planner->store, unit->now, slice_from("meeting.content.erased"),
                            arena_format(unit->arena, "meeting=%.*s cause=%s", SLICE_ARG(meeting),
                                         cause),
                            unit->why);
}

enum status destroy_meeting(struct unit *unit, struct slice meeting, const char *cause)
{
    unit->planner->change++;
    return destroy(unit, meeting, cause);
}

/* The row only says when to look; what is sealed says whether it is so. A meeting whose key
 * is lost for good cannot be read, nor is there anything to keep it for. */
static enum status expire(struct unit *unit, const struct stored_meeting *row, struct instant limit)
{
    AUTO_HAND hand = {0};
    enum status opened = open_meeting(unit, row, &hand);
    if (opened == ST_UNAVAILABLE)
        return opened;
    if (opened == ST_OK && hand.meeting.state == MEETING_CONFIRMED &&
        end_of(&hand.meeting).us > limit.us)
        return store_set_retention(unit->planner->store, row->id, end_of(&hand.meeting), unit->why);
    return destroy_meeting(unit, row->id, "retention");
}

static enum status expire_alone(struct planner *planner, const struct stored_meeting *row,
                                struct instant limit, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(store_begin(planner->store, why));
    enum status status = expire(&unit, row, limit);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}

static enum status expire_meetings(struct planner *planner, struct instant limit, struct instant now,
                                   struct problem *why)
{
    for (;;) {
        AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
        struct stored_meeting_list rows;
        TRY(store_retained_since(planner->store, limit, arena, &rows, why));
        for (size_t i = 0; i < rows.count; i++)
            TRY(expire_alone(planner, &rows.items[i], limit, now, why));
        if (rows.count == 0)
            return ST_OK;
    }
}

enum status planner_tidy(struct planner *planner, struct instant now, struct problem *why)
{
    uint32_t months = planner->options.retention_months;
    struct purge before = {
        .work = {now.us - WORK_DAYS * DAY_US},
        .content = months_before(now, months),
        .figures = months_before(now, FIGURES_MONTHS),
    };
    if (months == 0) /* kept for ever: only what is done goes */
        before.content = (struct instant){INT64_MIN};
    TRY(store_purge(planner->store, &before, why));
    TRY(store_purge_drafts(planner->store, (struct instant){now.us - LESSON_DRAFT_MINUTES * MINUTE_US}, why));
    TRY(planner_count_looks(planner, now, why));
    return months == 0 ? ST_OK : expire_meetings(planner, before.content, now, why);
}
