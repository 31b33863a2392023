/* What trust tries of its clock of outages when the prober asks (DC-09). */
#include "domain/control/sla.h"
#include "platform/evidence/outages.h"
#include "roles/trust/internal.h"
#include "roles/trust/outages.h"
#include "roles/trust/probes.h"

enum {
    ARENA_BYTES = 4 << 20,
    SILENT_S = 60,
    SILENT_LEAST_S = 6, /* an exercise goes faster, but a probe looks every second or so all the same */
};
/* A year in which nothing was measured: the trial is rolled back, but must not meet what is there. */
static const struct instant trial_begun = {INT64_C(31536000) * 1000000};

/* Looks of an outage of so many seconds. */
static struct measure_list trial_looks(int seconds, struct arena *arena)
{
    struct measure_list looks = {0};
    for (int at = 0; at <= seconds; at += SLA_EVERY_S) {
        struct measure look = {{trial_begun.us + at * INT64_C(1000000)}, at < seconds ? MEASURE_DOWN : MEASURE_UP, 0};
        ARENA_PUSH(arena, &looks, look);
    }
    return looks;
}

/* Whether an outage of so many seconds makes a claim, through the code that counts real ones, in a transaction that is
 * rolled back. */
static enum status try_outage(struct trust *trust, int seconds, struct instant now, struct arena *arena, bool *claims,
                              struct problem *why)
{
    struct sla_clock clock = {0};
    struct measure_list looks = trial_looks(seconds, arena);
    uint32_t before, after = 0, outages_before, outages_after = 0;
    TRY(evidence_count_claims(trust->evidence, &before, why));
    TRY(evidence_count_outages(trust->evidence, &outages_before, why));
    TRY(evidence_begin(trust->evidence, why));
    enum status status = outages_count(trust, &clock, &looks, LIT("trial"), now, why);
    if (status == ST_OK)
        status = evidence_count_claims(trust->evidence, &after, why);
    if (status == ST_OK)
        status = evidence_count_outages(trust->evidence, &outages_after, why);
    evidence_rollback(trust->evidence);
    *claims = after == before + 1;
    return status == ST_OK && outages_after != outages_before + 1
               ? problem_set(why, ST_UNAVAILABLE, "a made-up outage was not written down")
               : status;
}

static int64_t silent_s(const struct trust *trust)
{
    int64_t most = SILENT_S / trust->options.pace;
    return most < SILENT_LEAST_S ? SILENT_LEAST_S : most;
}

/* Both ages must be small: when it spoke last, and how old what it said then was by its own clock. */
static enum status look_at_probe(struct probe *probe, struct trust *trust, struct arena *arena, struct problem *why)
{
    struct outside_probe outside;
    struct instant now = probe_moment(probe)->now;
    enum status status = evidence_load_probe(trust->evidence, arena, &outside, why);
    if (status == ST_NOT_FOUND)
        return probe_fails(probe, "no_probe");
    TRY(status);
    int64_t age_s = (now.us - (outside.last.us < outside.heard.us ? outside.last.us : outside.heard.us)) / 1000000;
    if (outside.last.us == 0)
        age_s = (now.us - outside.pinned.us) / 1000000;
    probe_fact(probe, "seen", "%s", sla_seen_names[outside.seen < SLA_SEEN_COUNT_ ? outside.seen : SLA_UNKNOWN]);
    probe_fact(probe, "age_s", "%lld", (long long)age_s);
    return age_s > silent_s(trust) ? probe_fails(probe, "probe_silent") : probe_holds(probe);
}

static enum status look_at_claims(struct probe *probe, struct trust *trust, struct arena *arena, struct problem *why)
{
    struct outage unclaimed;
    uint32_t outages, claims;
    TRY(evidence_count_outages(trust->evidence, &outages, why));
    TRY(evidence_count_claims(trust->evidence, &claims, why));
    probe_fact(probe, "outages", "%u", outages);
    probe_fact(probe, "claims", "%u", claims);
    enum status status = evidence_unclaimed_outage(trust->evidence, SLA_CLAIM_S * 1000, arena, &unclaimed, why);
    if (status == ST_NOT_FOUND)
        return probe_holds(probe);
    TRY(status);
    probe_fact(probe, "begun", "%.*s", SLICE_ARG(instant_format(unclaimed.begun, zone_utc(), arena)));
    return probe_fails(probe, "no_claim");
}

/* "outages": ten minutes less ten seconds are no claim, ten more are one; the probe is there; every outage has its claim. */
static enum status probe_outages(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    struct instant now = probe_moment(probe)->now;
    bool shorter, longer;
    TRY(try_outage(trust, SLA_CLAIM_S - SLA_EVERY_S, now, arena, &shorter, why));
    TRY(try_outage(trust, SLA_CLAIM_S + SLA_EVERY_S, now, arena, &longer, why));
    probe_fact(probe, "outage_590s", "%s", shorter ? "claim" : "no_claim");
    probe_fact(probe, "outage_610s", "%s", longer ? "claim" : "no_claim");
    if (shorter || !longer)
        return probe_fails(probe, "counts_wrong");
    TRY(look_at_claims(probe, trust, arena, why));
    return look_at_probe(probe, trust, arena, why);
}

void trust_outages_probe(struct role *role, struct trust **trust)
{
    role_on_probe(role, "outages", probe_outages, trust);
}
