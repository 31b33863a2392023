/* What a device of the supervision room may do that is not as it must be, or that nobody enrolled. */
#include "domain/access/posture.h"
#include "roles/authd/devices.h"
#include "roles/authd/probes.h"

/* A made-up device that may come in, of a made-up person. Where no network is set there is one in the trial. */
static enum status make_device(struct call *call)
{
    struct account person;
    struct certificate certificate;
    struct slice secret;
    AUTO_BUFFER hex = buffer_create(128);
    struct slice networks = call->authd->options.networks, first = slice_sub(networks, 0, slice_find(networks, LIT(" "), 0));
    TRY(made_up_member(call, "organizer", &person, &secret));
    TRY(trial_certificate(call, CERTIFICATE_DEVICE, person.id, &certificate));
    hex_encode(certificate.digest, &hex);
    call->credentials.certificate = arena_copy(call->arena, buffer_slice(&hex));
    call->credentials.address = slice_sub(first, 0, slice_find(first, LIT("/"), 0));
    return ST_OK;
}

static enum status report(struct call *call, enum posture_item item, enum posture_state state, struct instant at)
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
        TRY(report(call, item, trials[i].state, at));
        TRY(is_let_in(call, &in));
        if (in != (i == 0))
            return probe_fails(probe, trials[i].cause);
    }
    return ST_OK;
}

/* What those that are there have last said. */
static enum status judge_devices(struct probe *probe, const struct room_device_list *devices, enum posture_item item)
{
    size_t count = 0, bad = 0;
    for (size_t i = 0; i < devices->count; i++) {
        const struct room_device *device = &devices->items[i];
        if (device_kind_of(device->id) != DEVICE_WORKSTATION || device->at.us == 0)
            continue;
        count++;
        bad += posture_read(device->items, DEVICE_WORKSTATION).items[item] != POSTURE_HOLDS;
    }
    probe_fact(probe, "devices", "%zu", count);
    if (bad == 0)
        return probe_holds(probe);
    probe_fact(probe, "bad", "%zu", bad);
    return probe_fails(probe, "device_fails");
}

/* "workstations ITEM" */
static enum status try_workstations(struct call *call, struct probe *probe)
{
    struct room_device_list devices = {0};
    int item = 0;
    while (item < POSTURE_ITEM_COUNT_ && !slice_equal(slice_from(posture_item_names[item]), probe_argument(probe)))
        item++;
    if (item == POSTURE_ITEM_COUNT_)
        return problem_set(&call->why, ST_INVALID, "no such item");
    TRY(identity_list_devices(call->authd->identity, call->now, call->arena, &devices, &call->why));
    TRY(make_device(call));
    TRY(try_reports(call, probe, (enum posture_item)item));
    return judge_devices(probe, &devices, (enum posture_item)item);
}

/* Certificates that count elsewhere, and one that nobody knows. */
static enum status try_strangers(struct call *call, struct probe *probe)
{
    struct certificate person;
    AUTO_BUFFER hex = buffer_create(128);
    bool in;
    TRY(make_device(call));
    TRY(report(call, POSTURE_NETWORK, POSTURE_HOLDS, call->now));
    TRY(is_let_in(call, &in));
    if (!in)
        return probe_fails(probe, "good_refused");
    TRY(trial_certificate(call, CERTIFICATE_PERSON, call->who.account.id, &person));
    hex_encode(person.digest, &hex);
    struct slice strangers[] = {LIT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
                                arena_copy(call->arena, buffer_slice(&hex)), SLICE_NONE};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        call->credentials.certificate = strangers[i];
        if (strangers[i].len > 0) /* that it says what it likes changes nothing */
            TRY(report(call, POSTURE_NETWORK, POSTURE_HOLDS, call->now));
        TRY(is_let_in(call, &in));
        if (in)
            return probe_fails(probe, "stranger_let_in");
    }
    probe_fact(probe, "tried", "%zu", sizeof strangers / sizeof *strangers);
    return probe_holds(probe);
}

static enum status in_a_network(struct probe *probe, void *context, trial_fn *fn, struct problem *why)
{
    struct authd *authd = *(struct authd **)context;
    struct slice networks = authd->options.networks;
    if (networks.len == 0)
        authd->options.networks = LIT("198.51.100.0/24");
    enum status status = authd_try(authd, probe, fn, why);
    authd->options.networks = networks;
    return status;
}

static enum status workstations(struct probe *probe, void *context, struct problem *why)
{
    return in_a_network(probe, context, try_workstations, why);
}

static enum status strangers(struct probe *probe, void *context, struct problem *why)
{
    return in_a_network(probe, context, try_strangers, why);
}

void authd_device_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "workstations", workstations, authd);
    role_on_probe(role, "strangers", strangers, authd);
}
