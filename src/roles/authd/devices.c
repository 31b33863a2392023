/* Devices of the supervision room: which certificate counts, and how its device is. What the console asks is asked from
 * one of them, whoever sits there. */
#include "roles/authd/devices.h"

#include "base/eventlog/kinds.h"
#include "domain/access/posture.h"
#include "platform/identity/certificates.h"

enum { ITEMS_MAX = 32, DIGEST_HEX = 2 * DIGEST_BYTES };

static enum status refuse_device(struct call *call, const char *cause)
{
    call->stranger = cause;
    return refuse(call, ST_DENIED, "device", "only a device that is enrolled may come here");
}

/* Its owner is somebody who is active: a device is nobody else's. */
static enum status check_owner(struct call *call, struct slice id)
{
    struct account account;
    struct organisation *organisation;
    TRY(identity_load_account(call->authd->identity, id, call->arena, &account, &call->why));
    TRY(get_organisation(call->authd, account.organisation, &organisation, &call->why));
    return account.state == ACCOUNT_ACTIVE && organisation->active ? ST_OK : refuse_device(call, "owner");
}

/* What an authority that was revoked has signed counts no more. */
static enum status check_authority(struct call *call, struct slice id)
{
    struct authority_list all;
    TRY(identity_list_authorities(call->authd->identity, call->arena, &all, &call->why));
    for (size_t i = 0; i < all.count; i++)
        if (slice_equal(all.items[i].id, id) && all.items[i].revoked.us == 0)
            return ST_OK;
    return refuse_device(call, "authority");
}

static enum status check_certificate(struct call *call)
{
    struct certificate found;
    struct slice digest;
    struct slice hex = call->credentials.certificate;
    if (hex.len != DIGEST_HEX || hex_decode(hex, call->arena, &digest) != ST_OK)
        return refuse_device(call, "none");
    enum status status = identity_find_certificate(call->authd->identity, digest, call->arena, &found, &call->why);
    if (status == ST_NOT_FOUND)
        return refuse_device(call, "unknown");
    TRY(status);
    if (found.kind != CERTIFICATE_DEVICE)
        return refuse_device(call, "kind");
    if (found.revoked.us != 0 || found.ends.us <= call->now.us)
        return refuse_device(call, found.revoked.us != 0 ? "revoked" : "ended");
    TRY(check_authority(call, found.authority));
    TRY(check_owner(call, found.account));
    call->device = (struct device){hex, found.subject, found.serial, device_kind_of(found.subject)};
    return ST_OK;
}

static enum status load_report(struct call *call, struct device_report *report)
{
    enum status status = identity_load_report(call->authd->identity, call->device.certificate, call->arena, report,
                                              &call->why);
    if (status == ST_NOT_FOUND)
        *report = (struct device_report){.device = call->device.certificate};
    return status == ST_NOT_FOUND ? ST_OK : status;
}

bool device_is_heard(struct instant reported, struct instant now)
{
    int64_t age_us = now.us - reported.us;
    /* One of a time to come: the clock was set back, and it could count for ever. */
    return age_us >= 0 && age_us <= (int64_t)POSTURE_SECONDS * 1000000;
}

static enum status check_posture(struct call *call)
{
    struct device_report report;
    TRY(load_report(call, &report));
    struct posture posture = posture_read(report.items, call->device.kind);
    bool counts = device_is_heard(report.at, call->now);
    if (counts && posture_is_good(&posture))
        return ST_OK;
    return refuse(call, ST_DENIED, "posture", counts ? "this device is not as it must be"
                                                     : "this device has not said for a minute how it is");
}

enum status check_device(struct call *call, bool posture)
{
    call->stranger = NULL;
    TRY(check_certificate(call));
    if (posture && call->device.kind != DEVICE_WORKSTATION) {
        call->stranger = "no_workstation";
        return refuse(call, ST_DENIED, "device", "nobody works at this device");
    }
    if (!access_networks_hold(call->authd->options.networks, call->credentials.address))
        return refuse(call, ST_DENIED, "network", "only from the supervision network");
    return posture ? check_posture(call) : ST_OK;
}

enum status note_stranger(struct call *call)
{
    struct slice shown = call->credentials.certificate;
    struct slice digest;
    bool named = shown.len == DIGEST_HEX && hex_decode(shown, call->arena, &digest) == ST_OK;
    if (call->stranger == NULL || !seldom_may(&call->authd->strangers, shown, call->now.us / 1000))
        return ST_OK;
    return note(call, log_kind_name(LOG_DEVICE_REFUSED), "certificate=%.*s cause=%s", SLICE_ARG(named ? shown : LIT("-")),
                call->stranger);
}

static enum status read_items(struct call *call, struct posture *posture)
{
    const json_t *items = json_object_get(call->in, "items");
    size_t count = json_array_size(items);
    if (count == 0 || count > ITEMS_MAX)
        return problem_set(&call->why, ST_INVALID, "items: up to %d of them", ITEMS_MAX);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(items, i);
        if (!posture_set(posture, json_text(item, "item"), json_text(item, "state"), json_text(item, "cause")))
            return problem_set(&call->why, ST_INVALID, "items: one that is none of this kind of device, or its state or cause");
    }
    return ST_OK;
}

static enum status count_failing(struct call *call, size_t *count)
{
    struct room_device_list devices;
    TRY(identity_list_devices(call->authd->identity, call->now, call->arena, &devices, &call->why));
    *count = 0;
    for (size_t i = 0; i < devices.count; i++) {
        const struct room_device *device = &devices.items[i];
        const struct posture posture = posture_read(device->items, device_kind_of(device->id));
        *count += posture.kind == DEVICE_WORKSTATION && device_is_heard(device->at, call->now) && !posture_is_good(&posture);
    }
    return ST_OK;
}

/* Of a workstation an alert, each time that it is another than before and not good; over when none fails that says
 * anything. */
static enum status tell_change(struct call *call, const struct posture *before, const struct posture *now)
{
    size_t failing = 0;
    if (now->kind != DEVICE_WORKSTATION)
        return ST_OK;
    if (!posture_is_good(now))
        event_log(EVENT_DEVICE_FAILS, field_id(KEY_SUBJECT, call->device.id), field_id(KEY_CERTIFICATE, call->device.serial),
                  field_id(KEY_CAUSE, posture_cause(now)));
    if (!posture_is_good(now) || posture_is_good(before))
        return ST_OK;
    TRY(count_failing(call, &failing));
    if (failing == 0)
        event_log(EVENT_DEVICES_HOLD, field_id(KEY_SUBJECT, call->device.id));
    return ST_OK;
}

/* The log has its changes, not that nothing changed. */
static enum status note_change(struct call *call, struct slice before, struct slice now)
{
    const struct posture was = posture_read(before, call->device.kind), is = posture_read(now, call->device.kind);
    if (slice_equal(before, now))
        return ST_OK;
    TRY(tell_change(call, &was, &is));
    return note(call, "device.posture.changed", "device=%.*s certificate=%.*s %.*s", SLICE_ARG(call->device.id),
                SLICE_ARG(call->device.serial), SLICE_ARG(now));
}

enum status device_report_take(struct call *call)
{
    struct posture posture = {.kind = call->device.kind};
    struct device_report before;
    TRY(read_items(call, &posture));
    TRY(load_report(call, &before));
    struct device_report report = {call->device.certificate, call->now, posture_text(&posture, call->arena)};
    TRY(identity_save_report(call->authd->identity, &report, &call->why));
    TRY(note_change(call, before.items, report.items));
    struct instant until = {call->now.us + (int64_t)posture_late_s[posture.kind] * 1000000};
    call->out = json_pack("{s:b, s:o}", "good", posture_is_good(&posture), "until", instant_json(until, call->arena));
    return ST_OK;
}
