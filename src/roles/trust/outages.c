#include "roles/trust/outages.h"

#include "base/eventlog/eventlog.h"
#include "domain/control/sla.h"
#include "platform/evidence/outages.h"
#include "platform/ledger/ledger.h"
#include "platform/sql/sql.h"
#include "roles/trust/internal.h"

enum {
    ARENA_BYTES = 4 << 20,
    DAYS_SHOWN = 90,
    OUTAGES_SHOWN = 200,
    DAYS_AT_ONCE = 8, /* of what was measured; then they are written down */
};
static const int64_t day_us = 24 * 3600 * INT64_C(1000000);
static const int64_t ahead_us = 60 * INT64_C(1000000); /* so much the two clocks may differ */

static enum sla_seen seen_of(enum measure_seen seen)
{
    return seen == MEASURE_UP ? SLA_UP : seen == MEASURE_DOWN ? SLA_DOWN : SLA_UNKNOWN;
}

static enum status commit_if(struct trust *trust, enum status status, struct problem *why)
{
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    return status;
}

/* Which probe */

/* Nobody looks any more: what goes on is over for all that is known. */
static enum status remove_probe(struct trust *trust, const struct outside_probe *probe, struct problem *why)
{
    struct outage outage = {probe->begun, probe->last, probe->down_ms};
    if (probe->begun.us != 0)
        TRY(evidence_save_outage(trust->evidence, &outage, why));
    return evidence_remove_probe(trust->evidence, why);
}

/* The next probe goes on where the one before was. */
static enum status note_pin(struct trust *trust, struct slice key, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct outside_probe probe = {.pinned = now};
    uint32_t entry;
    enum status status = evidence_load_probe(trust->evidence, arena, &probe, why);
    if (status != ST_OK && (status != ST_NOT_FOUND || key.len == 0))
        return status;
    bool removed = key.len == 0;
    struct slice digest = trust_digest(removed ? probe.key : key, arena);
    if (!removed)
        probe.key = key;
    TRY(removed ? remove_probe(trust, &probe, why) : evidence_save_probe(trust->evidence, &probe, why));
    return evidence_append_log(trust->evidence, now, removed ? LIT("outage.probe.removed") : LIT("outage.probe.pinned"),
                               arena_format(arena, "key=%.*s", SLICE_ARG(digest)), &entry, why);
}

enum status outages_pin(struct trust *trust, struct slice key, struct instant now, struct problem *why)
{
    if (key.len > 0 && !ledger_is_log_key(key))
        return problem_set(why, ST_INVALID, "the probe's key is NAME+ID+BASE64, as it says it itself");
    TRY(evidence_begin(trust->evidence, why));
    return commit_if(trust, note_pin(trust, key, now, why), why);
}

/* Looks become days, outages, claims */

struct counting {
    struct trust *trust;
    struct slice evidence;
    struct instant now;
    struct measured_day days[DAYS_AT_ONCE];
    size_t count;
};

static enum status write_days(struct counting *counting, struct problem *why)
{
    for (size_t i = 0; i < counting->count; i++)
        TRY(evidence_add_measured(counting->trust->evidence, &counting->days[i], why));
    counting->count = 0;
    return ST_OK;
}

/* A part of one day. */
static enum status add_part(struct counting *counting, int64_t from_us, int64_t to_us, enum sla_seen seen,
                            struct problem *why)
{
    uint32_t day = (uint32_t)(from_us / day_us), ms = (uint32_t)((to_us - from_us) / 1000);
    if (counting->count == 0 || counting->days[counting->count - 1].day != day) {
        if (counting->count == DAYS_AT_ONCE)
            TRY(write_days(counting, why));
        counting->days[counting->count++] = (struct measured_day){.day = day};
    }
    struct measured_day *row = &counting->days[counting->count - 1];
    row->up_ms += seen == SLA_UP ? ms : 0;
    row->down_ms += seen == SLA_DOWN ? ms : 0;
    return ST_OK;
}

static enum status add_time(struct counting *counting, const struct sla_step *step, struct problem *why)
{
    for (int64_t from = step->from.us; from < step->to.us && step->between != SLA_UNKNOWN;) {
        int64_t midnight = (from / day_us + 1) * day_us, to = midnight < step->to.us ? midnight : step->to.us;
        TRY(add_part(counting, from, to, step->between, why));
        from = to;
    }
    return ST_OK;
}

static enum status open_claim(struct counting *counting, const struct outage *outage, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct claim claim = {.id = database_new_id("clm", arena), .outage = outage->begun, .opened = counting->now,
                          .evidence = counting->evidence};
    struct slice ids = arena_format(arena, "claim=%.*s begun=%lld evidence=%.*s", SLICE_ARG(claim.id),
                                    (long long)outage->begun.us, SLICE_ARG(trust_digest(claim.evidence, arena)));
    TRY(evidence_append_log(counting->trust->evidence, counting->now, LIT("outage.claim.opened"), ids, &claim.entry, why));
    return evidence_add_claim(counting->trust->evidence, &claim, why);
}

static enum status log_end(struct counting *counting, const struct outage *outage, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4096);
    uint32_t entry;
    return evidence_append_log(counting->trust->evidence, counting->now, LIT("outage.state.ended"),
                               arena_format(arena, "begun=%lld ended=%lld down_s=%u", (long long)outage->begun.us,
                                            (long long)outage->ended.us, outage->down_ms / 1000),
                               &entry, why);
}

static enum status count_look(struct counting *counting, struct sla_clock *clock, const struct measure *look,
                              uint32_t *claims, struct problem *why)
{
    struct sla_step step = sla_look(clock, look->at, seen_of(look->seen));
    TRY(add_time(counting, &step, why));
    if (!step.counted || step.begun.us == 0)
        return ST_OK;
    struct outage outage = {step.begun, step.ended ? step.to : (struct instant){0}, (uint32_t)(step.down.us / 1000)};
    if (step.began || step.ended || step.claims)
        TRY(evidence_save_outage(counting->trust->evidence, &outage, why));
    if (step.claims)
        TRY(open_claim(counting, &outage, why));
    *claims += step.claims;
    return step.ended ? log_end(counting, &outage, why) : ST_OK;
}

static enum status count_all(struct counting *counting, struct sla_clock *clock, const struct measure_list *looks,
                             uint32_t *claims, struct problem *why)
{
    for (size_t i = 0; i < looks->count; i++)
        TRY(count_look(counting, clock, &looks->items[i], claims, why));
    TRY(write_days(counting, why));
    /* How long it is by now, while it goes on. */
    struct outage open = {clock->begun, {0}, (uint32_t)(clock->down.us / 1000)};
    return clock->begun.us == 0 ? ST_OK : evidence_save_outage(counting->trust->evidence, &open, why);
}

enum status outages_count(struct trust *trust, struct sla_clock *clock, const struct measure_list *looks,
                          struct slice evidence, struct instant now, struct problem *why)
{
    struct counting counting = {.trust = trust, .evidence = evidence, .now = now};
    uint32_t claims = 0;
    return count_all(&counting, clock, looks, &claims, why);
}

/* Reports */

static struct sla_clock clock_of(const struct outside_probe *probe)
{
    return (struct sla_clock){probe->last, (enum sla_seen)(probe->seen < SLA_SEEN_COUNT_ ? probe->seen : SLA_UNKNOWN),
                              probe->begun, {probe->down_ms * INT64_C(1000)}};
}

static enum status take(struct trust *trust, struct outside_probe *probe, const struct measure_list *looks,
                        struct slice report, struct instant now, uint32_t *claims, struct problem *why)
{
    struct sla_clock clock = clock_of(probe);
    struct counting counting = {.trust = trust, .evidence = report, .now = now};
    TRY(count_all(&counting, &clock, looks, claims, why));
    probe->heard = now;
    probe->last = clock.last;
    probe->seen = clock.seen;
    probe->begun = clock.begun;
    probe->down_ms = (uint32_t)(clock.down.us / 1000);
    return evidence_save_probe(trust->evidence, probe, why);
}

enum status outages_take(struct trust *trust, struct slice report, struct instant now, struct instant *heard,
                         struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    struct outside_probe probe;
    struct measure_list looks;
    struct slice body;
    uint32_t claims = 0;
    TRY(evidence_load_probe(trust->evidence, arena, &probe, why));
    TRY(ledger_open_note(report, probe.key, arena, &body, why));
    TRY(measures_parse(body, arena, &looks, why));
    if (looks.count > 0 && looks.items[looks.count - 1].at.us - now.us > ahead_us)
        return problem_set(why, ST_INVALID, "a look is dated ahead: the probe's clock, or ours, is wrong");
    TRY(evidence_begin(trust->evidence, why));
    TRY(commit_if(trust, take(trust, &probe, &looks, report, now, &claims, why), why));
    if (claims > 0)
        event_log(EVENT_OUTAGE_CLAIMED, field_number(KEY_COUNT, claims));
    *heard = probe.last;
    return ST_OK;
}

/* Claims */

enum status outages_sent(struct trust *trust, struct slice id, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4096);
    uint32_t entry;
    TRY(evidence_begin(trust->evidence, why));
    enum status status = evidence_claim_sent(trust->evidence, id, now, why);
    if (status == ST_OK)
        status = evidence_append_log(trust->evidence, now, LIT("outage.claim.sent"),
                                     arena_format(arena, "claim=%.*s", SLICE_ARG(id)), &entry, why);
    return commit_if(trust, status, why);
}

/* Showing */

/* null for none */
static void set_instant(json_t *object, const char *name, struct instant at)
{
    AUTO_ARENA arena = arena_create(4096);
    json_object_set_new(object, name,
                        at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena)));
}

static json_t *claim_object(const struct claim *claim)
{
    json_t *out = json_object();
    json_object_set_new(out, "id", json_from_text(claim->id));
    set_instant(out, "outage", claim->outage);
    set_instant(out, "opened", claim->opened);
    set_instant(out, "sent", claim->sent);
    json_object_set_new(out, "entry", json_integer(claim->entry));
    return out;
}

static json_t *outage_object(const struct outage *outage, const struct claim_list *claims)
{
    json_t *out = json_object();
    set_instant(out, "begun", outage->begun);
    set_instant(out, "ended", outage->ended);
    json_object_set_new(out, "down_s", json_integer(outage->down_ms / 1000));
    json_object_set_new(out, "claim", json_null());
    for (size_t i = 0; i < claims->count; i++)
        if (claims->items[i].outage.us == outage->begun.us)
            json_object_set_new(out, "claim", claim_object(&claims->items[i]));
    return out;
}

static enum status show_probe(struct trust *trust, struct arena *arena, json_t *out, struct problem *why)
{
    struct outside_probe probe;
    enum status status = evidence_load_probe(trust->evidence, arena, &probe, why);
    json_object_set_new(out, "probe", json_null());
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    json_t *object = json_object();
    json_object_set_new(object, "key", json_from_text(probe.key));
    set_instant(object, "pinned", probe.pinned);
    set_instant(object, "heard", probe.heard);
    set_instant(object, "last", probe.last);
    json_object_set_new(object, "seen", json_string(sla_seen_names[clock_of(&probe).seen]));
    json_object_set_new(out, "probe", object);
    return ST_OK;
}

static enum status show_days(struct trust *trust, struct arena *arena, json_t *out, struct problem *why)
{
    struct measured_list days;
    TRY(evidence_list_measured(trust->evidence, DAYS_SHOWN, arena, &days, why));
    json_t *rows = json_array();
    for (size_t i = 0; i < days.count; i++) {
        const struct measured_day *day = &days.items[i];
        json_array_append_new(rows, json_pack("{s:I, s:I, s:I}", "day", (json_int_t)day->day, "up_s",
                                              (json_int_t)(day->up_ms / 1000), "down_s",
                                              (json_int_t)(day->down_ms / 1000)));
    }
    json_object_set_new(out, "days", rows);
    return ST_OK;
}

enum status outages_show(struct trust *trust, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    AUTO_JSON object = json_object();
    struct outage_list outages;
    struct claim_list claims;
    TRY(show_probe(trust, arena, object, why));
    TRY(show_days(trust, arena, object, why));
    TRY(evidence_list_outages(trust->evidence, OUTAGES_SHOWN, arena, &outages, why));
    TRY(evidence_list_claims(trust->evidence, OUTAGES_SHOWN, arena, &claims, why));
    json_t *rows = json_array();
    for (size_t i = 0; i < outages.count; i++)
        json_array_append_new(rows, outage_object(&outages.items[i], &claims));
    json_object_set_new(object, "outages", rows);
    *out = json_incref(object);
    return ST_OK;
}

enum status outages_show_claim(struct trust *trust, struct slice id, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    struct claim claim;
    TRY(evidence_load_claim(trust->evidence, id, arena, &claim, why));
    *out = claim_object(&claim);
    json_object_set_new(*out, "evidence", json_from_text(claim.evidence));
    return ST_OK;
}
