/* Whether the room's door, gateways and recorders are as they must be, and whether we would see it if they were not. */
#include "roles/authd/probes.h"
#include "roles/authd/room.h"

/* Devices */

/* In a trial: one of that kind, with a certificate of its own. */
static enum status made_up_device(struct call *call, enum device_kind kind, struct slice *certificate)
{
    AUTO_BUFFER hex = buffer_create(128);
    struct account person;
    struct certificate made;
    struct slice secret;
    TRY(made_up_member(call, "organizer", &person, &secret));
    TRY(trial_device(call, kind, person.id, &made));
    hex_encode(made.digest, &hex);
    *certificate = arena_copy(call->arena, buffer_slice(&hex));
    return ST_OK;
}

static enum status say(struct call *call, struct slice certificate, enum device_kind kind, enum posture_state state, int64_t age_s)
{
    struct posture posture = {.kind = kind};
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        posture.items[item] = state;
    struct device_report report = {certificate, {call->now.us - age_s * 1000000}, posture_text(&posture, call->arena)};
    return identity_save_report(call->authd->identity, &report, &call->why);
}

static enum status try_made_up(struct call *call, struct probe *probe, enum device_kind kind)
{
    const struct {
        enum posture_state state;
        int64_t age_s;
        const char *cause;
    } trials[] = {{POSTURE_HOLDS, 0, "good_refused"},
                  {POSTURE_FAILS, 0, "failing_unseen"},
                  {POSTURE_UNKNOWN, 0, "failing_unseen"},
                  {POSTURE_HOLDS, (int64_t)posture_late_s[kind] + 1, "late_unseen"}};
    struct slice certificate;
    struct room_verdict verdict;
    TRY(made_up_device(call, kind, &certificate)); /* a minute passes by it */
    TRY(room_judge(call->authd, kind, call->now, true, &verdict, &call->why));
    if (verdict.bad == 0)
        return probe_fails(probe, "late_unseen"); /* it has not said anything */
    size_t others = verdict.bad - 1;
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        TRY(say(call, certificate, kind, trials[i].state, trials[i].age_s));
        TRY(room_judge(call->authd, kind, call->now, true, &verdict, &call->why));
        if (verdict.bad != others + (i > 0))
            return probe_fails(probe, trials[i].cause);
    }
    return ST_OK;
}

/* "room_devices KIND": each that is enrolled was heard in time and holds; there is one. */
static enum status try_devices(struct call *call, struct probe *probe)
{
    enum device_kind kind;
    struct room_verdict real;
    if (!device_kind_from_name(probe_argument(probe), &kind))
        return problem_set(&call->why, ST_INVALID, "no such kind of device");
    TRY(room_judge(call->authd, kind, call->now, true, &real, &call->why));
    TRY(try_made_up(call, probe, kind));
    probe_fact(probe, "devices", "%zu", real.devices);
    probe_fact(probe, "bad", "%zu", real.bad);
    if (real.devices == 0)
        return probe_fails(probe, "none_enrolled");
    return real.cause != NULL ? probe_fails(probe, real.cause) : probe_holds(probe);
}

static enum status room_devices(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_devices, why);
}

/* Door */

static enum status is_missed(struct call *call, const struct session *session, bool *missed)
{
    bool entered = false;
    TRY(door_entered(call->authd, session, &entered, &call->why));
    *missed = !entered;
    return ST_OK;
}

/* Sessions of a made-up person, whom the door has seen in all sorts of ways. */
static enum status try_sessions(struct call *call, struct probe *probe)
{
    struct account person;
    TRY(made_up_person(call, "organizer", &person));
    const struct session session = {.id = LIT("n_trial"), .account = person.id, .begun = {call->now.us - MINUTE_US}};
    struct instant then = session.begun, yesterday = {then.us - DAY_US}, later = {then.us + 2 * DOOR_CLOCK_S * INT64_C(1000000)};
    const struct {
        const char *cause; /* if it counts; of the last one: if it does not */
        struct instant at;
        enum door_method method;
    } trials[] = {{"nothing_counts", {0}, DOOR_OTHER},   {"badge_counts", then, DOOR_BADGE}, {"code_counts", then, DOOR_CODE},
                  {"yesterday_counts", yesterday, DOOR_BIOMETRIC}, {"later_counts", later, DOOR_BIOMETRIC},
                  {"entry_missed", then, DOOR_BIOMETRIC}};
    enum { TRIALS = sizeof trials / sizeof *trials };
    for (size_t i = 0; i < TRIALS; i++) {
        bool added, missed = false;
        if (trials[i].at.us != 0)
            TRY(identity_add_entry(call->authd->identity, &(struct door_entry){person.id, trials[i].at, trials[i].method}, &added,
                                   &call->why));
        TRY(is_missed(call, &session, &missed));
        if (missed != (i < TRIALS - 1))
            return probe_fails(probe, trials[i].cause);
    }
    probe_fact(probe, "tried", "%d", (int)TRIALS);
    return ST_OK;
}

static enum status judge_log(struct call *call, struct probe *probe, const struct door_import *import, size_t missed)
{
    int64_t age_s = (call->now.us - import->as_of.us) / 1000000;
    if (import->imported.us == 0)
        return probe_fails(probe, "never_imported");
    probe_fact(probe, "log_hours", "%lld", (long long)(age_s / 3600));
    probe_fact(probe, "missed", "%zu", missed);
    if (age_s >= DOOR_LOG_HOURS * 3600)
        return probe_fails(probe, "log_missing");
    return missed > 0 ? probe_fails(probe, "session_without_entry") : probe_holds(probe);
}

static enum status try_door(struct call *call, struct probe *probe)
{
    struct door_import import;
    struct session_list missed;
    TRY(identity_load_import(call->authd->identity, call->arena, &import, &call->why));
    TRY(door_missed(call->authd, call->now, call->arena, &missed, &call->why));
    TRY(try_sessions(call, probe));
    return judge_log(call, probe, &import, missed.count);
}

static enum status door(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_door, why);
}

void authd_room_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "room_devices", room_devices, authd);
    role_on_probe(role, "door", door, authd);
}
