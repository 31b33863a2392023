/* The door of the supervision room: its log comes in, and who works there without having come in is told. */
#include "roles/authd/room.h"

enum { TO_COME_S = 300, SESSIONS_BYTES_MAX = 64 << 20 };

static const struct zone *zone_of(const struct authd *authd)
{
    return authd->options.zone != NULL ? authd->options.zone : zone_utc();
}

/* Import */

struct import_job {
    struct slice text;
    struct instant as_of;
    struct door_taken *out;
};

/* By an account's id, or by a badge. */
static enum status find_person(struct call *call, struct slice person, struct slice *account)
{
    struct account known;
    struct problem why;
    enum status status = identity_load_account(call->authd->identity, person, call->arena, &known, &why);
    if (status == ST_OK)
        *account = known.id;
    if (status != ST_NOT_FOUND)
        return status;
    return identity_find_badge(call->authd->identity, hash_of(call->authd, "badge", person, call->arena), call->arena, account,
                               &why);
}

static enum status take_line(struct call *call, const struct door_line *line, struct door_import *import)
{
    struct door_entry entry = {.at = line->at, .method = line->method};
    bool added = false;
    if (line->out || line->at.us < call->now.us - DOOR_KEEP_DAYS * DAY_US)
        return ST_OK;
    enum status status = find_person(call, line->person, &entry.account);
    if (status == ST_NOT_FOUND) {
        import->unknown++;
        return ST_OK;
    }
    TRY(status);
    TRY(identity_add_entry(call->authd->identity, &entry, &added, &call->why));
    import->taken += added;
    return ST_OK;
}

static enum status import_door(struct call *call)
{
    const struct import_job *job = call->own;
    struct door_log log;
    TRY(door_read(job->text, zone_of(call->authd), call->arena, &log, &call->why));
    struct door_taken taken = {{call->now, job->as_of, 0, 0, (uint32_t)log.refused}, log.first_refused};
    for (size_t i = 0; i < log.count; i++)
        if (log.items[i].at.us > call->now.us + (int64_t)TO_COME_S * 1000000)
            taken.import.refused++; /* or it would count on a day that is yet to come */
        else
            TRY(take_line(call, &log.items[i], &taken.import));
    TRY(identity_save_import(call->authd->identity, &taken.import, &call->why));
    *job->out = taken;
    return ST_OK;
}

enum status authd_import_door(struct authd *authd, struct slice text, struct instant as_of, struct instant now,
                              struct door_taken *out, struct problem *why)
{
    struct import_job job = {text, as_of, out};
    if (as_of.us > now.us + (int64_t)TO_COME_S * 1000000)
        return problem_set(why, ST_INVALID, "the door log is of a time to come: look at the clocks");
    return run_alone(authd, import_door, &job, now, why);
}

struct badge_job {
    struct slice account, number;
};

static enum status set_badge(struct call *call)
{
    const struct badge_job *job = call->own;
    struct slice hash = job->number.len == 0 ? SLICE_NONE : hash_of(call->authd, "badge", job->number, call->arena);
    TRY(identity_set_badge(call->authd->identity, job->account, hash, &call->why));
    return note(call, "supervision.badge.changed", "account=%.*s badge=%s", SLICE_ARG(job->account),
                job->number.len == 0 ? "none" : "another");
}

enum status authd_set_badge(struct authd *authd, struct slice account, struct slice number, struct instant now,
                            struct problem *why)
{
    struct badge_job job = {account, number};
    if (number.len > 0 && !door_is_person(number))
        return problem_set(why, ST_INVALID, "a badge's number has 1 to %d letters and figures", DOOR_PERSON_BYTES_MAX);
    return run_alone(authd, set_badge, &job, now, why);
}

/* Who has come in */

enum status door_entered(struct authd *authd, const struct session *session, bool *entered, struct problem *why)
{
    struct civil_date day = civil_from_instant(session->begun, zone_of(authd)).date;
    struct instant from = civil_to_instant(civil_at(day, 0, 0), zone_of(authd));
    struct instant to = {session->begun.us + (int64_t)DOOR_CLOCK_S * 1000000};
    return identity_has_entry(authd->identity, session->account, DOOR_BIOMETRIC, from, to, entered, why);
}

enum status door_check(struct call *call)
{
    bool entered = false;
    if (!call->authd->options.door_refuses || call->who.session.id.len == 0)
        return ST_OK;
    TRY(door_entered(call->authd, &call->who.session, &entered, &call->why));
    return entered ? ST_OK : refuse(call, ST_DENIED, "door", "the room's door has not seen you come in today");
}

struct missed_job {
    const struct session *session;
    bool first;
};

static enum status note_missed(struct call *call)
{
    struct missed_job *job = call->own;
    const struct session *session = job->session;
    TRY(identity_note_missed(call->authd->identity, session->id, session->account, call->now, &job->first, &call->why));
    if (!job->first)
        return ST_OK;
    return note(call, "supervision.door.missed", "account=%.*s session=%.*s", SLICE_ARG(session->account), SLICE_ARG(session->id));
}

static enum status tell_missed(struct authd *authd, const struct session *session, struct instant now, struct problem *why)
{
    struct missed_job job = {session, false};
    TRY(run_alone(authd, note_missed, &job, now, why));
    if (job.first)
        event_log(EVENT_DOOR_NO_ENTRY, field_id(KEY_PERSON, session->account));
    return ST_OK;
}

enum status door_missed(struct authd *authd, struct instant now, struct arena *arena, struct session_list *out,
                        struct problem *why)
{
    struct session_list all, missed = {0};
    TRY(identity_list_all_sessions(authd->identity, now, arena, &all, why));
    for (size_t i = 0; i < all.count; i++) {
        const struct session *session = &all.items[i];
        bool entered = false;
        if (session->device.len == 0 || session->begun.us > now.us - DOOR_WAIT_S * INT64_C(1000000) ||
            session_end_at(authd, session).us <= now.us)
            continue;
        TRY(door_entered(authd, session, &entered, why));
        if (!entered)
            ARENA_PUSH(arena, &missed, *session);
    }
    *out = missed;
    return ST_OK;
}

enum status door_look(struct authd *authd, struct instant now, size_t *missed, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(SESSIONS_BYTES_MAX);
    struct session_list list;
    TRY(door_missed(authd, now, arena, &list, why));
    for (size_t i = 0; i < list.count; i++)
        TRY(tell_missed(authd, &list.items[i], now, why));
    *missed = list.count;
    return ST_OK;
}
