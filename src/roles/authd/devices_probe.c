/* What a device of the supervision room may do that is not as it must be, or that nobody enrolled. */
#include "base/eventlog/kinds.h"
#include "domain/access/posture.h"
#include "roles/authd/devices.h"
#include "roles/authd/probes.h"

enum status trial_comes_from(struct call *call, enum certificate_kind kind, struct slice account)
{
    struct certificate certificate;
    AUTO_BUFFER hex = buffer_create(128);
    struct slice networks = call->authd->options.networks, first = slice_sub(networks, 0, slice_find(networks, LIT(" "), 0));
    TRY(trial_certificate(call, kind, account, &certificate));
    hex_encode(certificate.digest, &hex);
    call->credentials.certificate = arena_copy(call->arena, buffer_slice(&hex));
    call->credentials.address = slice_sub(first, 0, slice_find(first, LIT("/"), 0));
    return ST_OK;
}

/* A made-up device that may come in, of a made-up person. */
static enum status make_device(struct call *call)
{
    struct account person;
    struct slice secret;
    TRY(made_up_member(call, "organizer", &person, &secret));
    return trial_comes_from(call, CERTIFICATE_DEVICE, person.id);
}

enum status trial_reports(struct call *call, enum posture_item item, enum posture_state state, struct instant at)
{
    struct posture posture = {.kind = DEVICE_WORKSTATION};
    for (int i = 0; i < POSTURE_ITEM_COUNT_; i++)
        posture.items[i] = i == (int)item ? state : POSTURE_HOLDS;
    struct device_report said = {call->credentials.certificate, at, posture_text(&posture, call->arena)};
    return identity_save_report(call->authd->identity, &said, &call->why);
}

/* Whether the console's sessions are open to it. */
static enum status is_let_in(struct call *call, bool *in)
{
    enum status status = check_device(call, true);
    *in = status == ST_OK;
    return status == ST_DENIED ? ST_OK : status;
}

static enum status try_reports(struct call *call, struct probe *probe, enum posture_item item)
{
    const struct {
        enum posture_state state;
        int64_t age_s;
        const char *cause;
    } trials[] = {{POSTURE_HOLDS, 0, "good_refused"}, {POSTURE_FAILS, 0, "failing_let_in"}, {POSTURE_UNKNOWN, 0, "failing_let_in"},
                  {POSTURE_HOLDS, POSTURE_SECONDS + 1, "silent_let_in"}};
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        struct instant at = {call->now.us - trials[i].age_s * 1000000};
        bool in;
        TRY(trial_reports(call, item, trials[i].state, at));
        TRY(is_let_in(call, &in));
        if (in != (i == 0))
            return probe_fails(probe, trials[i].cause);
    }
    return ST_OK;
}

/* Whether somebody signed in there, and that has not ended. A session names the certificate, of which a device has had some. */
static enum status has_session(struct call *call, const struct session_list *sessions, struct slice device, bool *has)
{
    *has = false;
    for (size_t i = 0; i < sessions->count && !*has; i++) {
        const struct session *session = &sessions->items[i];
        struct certificate found;
        struct slice digest;
        if (session->device.len == 0 || session_end_at(call->authd, session).us <= call->now.us)
            continue;
        TRY(hex_decode(session->device, call->arena, &digest));
        enum status status = identity_find_certificate(call->authd->identity, digest, call->arena, &found, &call->why);
        if (status != ST_OK && status != ST_NOT_FOUND)
            return status;
        *has = status == ST_OK && slice_equal(found.subject, device);
    }
    return ST_OK;
}

/* One that has said nothing for as long as a report counts, and on which nobody is signed in, is off: it is let in only
 * when it says better. */
static enum status is_off(struct call *call, const struct session_list *sessions, const struct room_device *device, bool *off)
{
    bool used = false;
    if (!device_is_heard(device->at, call->now))
        TRY(has_session(call, sessions, device->id, &used));
    *off = !used && !device_is_heard(device->at, call->now);
    return ST_OK;
}

static void name_device(struct probe *probe, const struct room_device *device, enum posture_item item)
{
    struct posture posture = posture_read(device->items, DEVICE_WORKSTATION);
    struct slice why = posture.causes[item].len > 0 ? posture.causes[item] : slice_from(posture_state_names[posture.items[item]]);
    probe_fact(probe, "device", "%.*s", SLICE_ARG(device->id));
    probe_fact(probe, "why", "%.*s", SLICE_ARG(why));
}

/* What the workstations that are there say. */
static enum status judge_devices(struct call *call, struct probe *probe, const struct room_device_list *devices,
                                 enum posture_item item)
{
    struct session_list sessions;
    size_t count = 0, bad = 0, off = 0;
    TRY(identity_list_all_sessions(call->authd->identity, call->now, call->arena, &sessions, &call->why));
    for (size_t i = 0; i < devices->count; i++) {
        const struct room_device *device = &devices->items[i];
        bool silent;
        if (device_kind_of(device->id) != DEVICE_WORKSTATION)
            continue;
        TRY(is_off(call, &sessions, device, &silent));
        count++;
        off += silent;
        if (!silent && posture_read(device->items, DEVICE_WORKSTATION).items[item] != POSTURE_HOLDS && bad++ == 0)
            name_device(probe, device, item);
    }
    probe_fact(probe, "devices", "%zu", count);
    probe_fact(probe, "off", "%zu", off);
    if (bad == 0)
        return probe_holds(probe);
    probe_fact(probe, "bad", "%zu", bad);
    return probe_fails(probe, "device_fails");
}

/* "workstations ITEM" */
static enum status try_workstations(struct call *call, struct probe *probe)
{
    struct room_device_list devices = {0};
    struct instant asked = call->now;
    int item = 0;
    while (item < POSTURE_ITEM_COUNT_ && !slice_equal(slice_from(posture_item_names[item]), probe_argument(probe)))
        item++;
    if (item == POSTURE_ITEM_COUNT_ || posture_item_kinds[item] != DEVICE_WORKSTATION)
        return problem_set(&call->why, ST_INVALID, "no such item");
    TRY(identity_list_devices(call->authd->identity, call->now, call->arena, &devices, &call->why));
    TRY(make_device(call));
    TRY(try_reports(call, probe, (enum posture_item)item));
    call->now = asked; /* a made-up person takes a minute */
    return judge_devices(call, probe, &devices, (enum posture_item)item);
}

/* Whether the refusal is in the log: the newest entry there names what was shown. */
static enum status is_noted(struct call *call, bool *noted)
{
    struct log_entry last;
    struct slice shown = call->credentials.certificate;
    const struct seldom before = call->authd->strangers;
    call->authd->strangers = (struct seldom){.rows = {{.len = 0}}}; /* of a minute ago, whatever was refused just now */
    TRY(note_stranger(call));
    call->authd->strangers = before;
    TRY(identity_last_log(call->authd->identity, call->arena, &last, &call->why));
    *noted = slice_equal(last.kind, slice_from(log_kind_name(LOG_DEVICE_REFUSED))) &&
             slice_contains(last.ids, arena_format(call->arena, "certificate=%.*s ", SLICE_ARG(shown.len > 0 ? shown : LIT("-"))));
    return ST_OK;
}

/* Certificates that count elsewhere, and one that nobody knows. */
static enum status try_strangers(struct call *call, struct probe *probe)
{
    struct certificate person;
    AUTO_BUFFER hex = buffer_create(128);
    bool in;
    TRY(make_device(call));
    TRY(trial_reports(call, POSTURE_NETWORK, POSTURE_HOLDS, call->now));
    TRY(is_let_in(call, &in));
    if (!in)
        return probe_fails(probe, "good_refused");
    TRY(trial_certificate(call, CERTIFICATE_PERSON, call->who.account.id, &person));
    hex_encode(person.digest, &hex);
    struct slice strangers[] = {LIT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
                                arena_copy(call->arena, buffer_slice(&hex)), SLICE_NONE};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        bool noted;
        call->credentials.certificate = strangers[i];
        if (strangers[i].len > 0) /* that it says what it likes changes nothing */
            TRY(trial_reports(call, POSTURE_NETWORK, POSTURE_HOLDS, call->now));
        TRY(is_let_in(call, &in));
        if (in)
            return probe_fails(probe, "stranger_let_in");
        TRY(is_noted(call, &noted));
        if (!noted)
            return probe_fails(probe, "unlogged");
    }
    probe_fact(probe, "tried", "%zu", sizeof strangers / sizeof *strangers);
    return probe_holds(probe);
}

enum status trial_in_a_network(struct authd *authd, struct probe *probe, trial_fn *fn, struct problem *why)
{
    struct slice networks = authd->options.networks;
    if (networks.len == 0)
        authd->options.networks = LIT("198.51.100.0/24");
    enum status status = authd_try(authd, probe, fn, why);
    authd->options.networks = networks;
    return status;
}

static enum status workstations(struct probe *probe, void *context, struct problem *why)
{
    return trial_in_a_network(*(struct authd **)context, probe, try_workstations, why);
}

static enum status strangers(struct probe *probe, void *context, struct problem *why)
{
    return trial_in_a_network(*(struct authd **)context, probe, try_strangers, why);
}

void authd_device_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "workstations", workstations, authd);
    role_on_probe(role, "strangers", strangers, authd);
}
