/* What the room says of itself, looked at every few seconds: an alert when it is not as it must be, and its end. */
#include "roles/authd/room.h"

enum { LOOK_US = 5 * 1000000 };
#define AGAIN_US HOUR_US

/* Words of ours: what a device says reaches an alert and a page as one of these, or as "other". */
static const char *known_cause(struct slice cause)
{
    static const char *const known[] = {"drift", "absent", "unreadable", "recorder_away", "no_footage"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_equal(cause, slice_from(known[i])))
            return known[i];
    return "other";
}

static const char *cause_of(const struct room_device *device, enum device_kind kind, struct instant now)
{
    struct posture posture = posture_read(device->items, kind);
    int64_t age_us = now.us - device->at.us;
    /* One of a time to come: the clock was set back. */
    if (age_us < 0 || age_us > (int64_t)posture_late_s[kind] * 1000000)
        return "late";
    return posture_is_good(&posture) ? NULL : known_cause(posture_cause(&posture));
}

enum status room_judge(struct authd *authd, enum device_kind kind, struct instant now, bool all, struct room_verdict *out,
                       struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct room_device_list devices;
    struct room_verdict verdict = {0};
    TRY(identity_list_devices(authd->identity, now, arena, &devices, why));
    for (size_t i = 0; i < devices.count; i++) {
        const struct room_device *device = &devices.items[i];
        if (device_kind_of(device->id) != kind || (device->at.us == 0 && !all))
            continue;
        const char *cause = cause_of(device, kind, now);
        verdict.devices++;
        verdict.bad += cause != NULL;
        if (verdict.cause == NULL)
            verdict.cause = cause;
    }
    *out = verdict;
    return ST_OK;
}

/* Alerts */

static void tell_devices(struct authd *authd, enum room_part part, enum device_kind kind, struct instant now)
{
    static const enum event bad[] = {[ROOM_GATEWAYS] = EVENT_GATEWAY_FAILED, [ROOM_RECORDERS] = EVENT_CAMERA_SILENT};
    static const enum event well[] = {[ROOM_GATEWAYS] = EVENT_GATEWAY_MENDED, [ROOM_RECORDERS] = EVENT_CAMERA_HEARD};
    struct room_part_state *is = &authd->room.parts[part];
    struct room_verdict verdict;
    struct problem why;
    if (room_judge(authd, kind, now, false, &verdict, &why) != ST_OK) {
        event_log(EVENT_ROOM_FAILED, field_problem(&why));
        return;
    }
    /* Nobody was heard while we were not there. */
    if (verdict.cause != NULL && now.us - authd->room.begun.us < (int64_t)posture_late_s[kind] * 1000000 &&
        slice_equal(slice_from(verdict.cause), LIT("late")))
        return;
    if (verdict.cause != NULL && (is->state != ROOM_BAD || now.us - is->told.us >= AGAIN_US)) {
        event_log(bad[part], field_text(KEY_CAUSE, verdict.cause));
        is->told = now;
    } else if (verdict.cause == NULL && verdict.devices > 0 && is->state != ROOM_WELL)
        event_log(well[part], field_number(KEY_COUNT, (int64_t)verdict.devices));
    is->state = verdict.cause != NULL ? ROOM_BAD : verdict.devices > 0 ? ROOM_WELL : ROOM_UNSEEN;
}

static enum status look_at_door(struct authd *authd, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct room_part_state *is = &authd->room.parts[ROOM_DOOR];
    struct door_import import;
    size_t missed;
    TRY(identity_load_import(authd->identity, arena, &import, why));
    if (import.imported.us == 0) /* a room without a door log: its control says so */
        return ST_OK;
    TRY(door_look(authd, now, &missed, why));
    if (missed > 0 && is->state == ROOM_BAD && now.us - is->told.us >= AGAIN_US)
        event_log(EVENT_DOOR_NO_ENTRY, field_number(KEY_COUNT, (int64_t)missed));
    if (missed > 0 && (is->state != ROOM_BAD || now.us - is->told.us >= AGAIN_US))
        is->told = now;
    if (missed == 0 && is->state != ROOM_WELL)
        event_log(EVENT_DOOR_ENTERED, field_number(KEY_COUNT, 0));
    is->state = missed > 0 ? ROOM_BAD : ROOM_WELL;
    return ST_OK;
}

void room_turn(struct authd *authd, struct instant now)
{
    struct problem why;
    int64_t since = now.us - authd->room.looked.us;
    if (since >= 0 && since < LOOK_US)
        return;
    authd->room.looked = now;
    if (authd->room.begun.us == 0)
        authd->room.begun = now;
    tell_devices(authd, ROOM_GATEWAYS, DEVICE_GATEWAY, now);
    tell_devices(authd, ROOM_RECORDERS, DEVICE_RECORDER, now);
    if (look_at_door(authd, now, &why) != ST_OK)
        event_log(EVENT_ROOM_FAILED, field_problem(&why));
}
