/* "leaver": a made-up person holds a lease of a made-up meeting and leaves. The code that lends, on leases of its own:
 * those that there are see nothing of it. */
#include "roles/keyd/leases.h"
#include "roles/keyd/probes.h"

enum { MINUTE_S = 60 };

static void note_end(void *context, const struct lease *lease, enum lease_cause cause)
{
    unsigned *ended = context;
    (void)lease;
    *ended += cause == LEASE_PERSON_ENDED;
}

static struct assertion assert_one(const char *id, struct instant now)
{
    return (struct assertion){
        .id = slice_from(id), .person = LIT("p_trial"), .organisation = LIT("o_trial"), .kind = LIT("processor"),
        .function = LIT("supervisor"), .factor = LIT("passkey"), .session = LIT("u_trial"), .inside = true,
        .purpose = slice_from(key_purpose_names[KEY_FOR_SUPERVISION]), .client = LIT("o_client"),
        .meeting = LIT("m_trial"), .issued = now, .ends = {now.us + MINUTE_S * INT64_C(1000000)}};
}

static bool lend(struct leases *leases, const struct assertion *by, const struct moment *at)
{
    struct lease_wish wish = {ROLE_CONSOLE, KEY_FOR_SUPERVISION, by->client, by->meeting, by};
    return leases_decide(leases, &wish, at) == NULL && leases_begin(leases, &wish, at) != NULL;
}

static enum status try_leaver(struct leases *leases, const unsigned *ended, struct probe *probe)
{
    const struct moment *at = probe_moment(probe);
    struct meeting_mark mark = {LIT("m_trial"), LIT("o_client"), LIT("p_trial")};
    struct meetings_told told = {.whole = true, .complete = true, .in_progress = {&mark, 1, 1}};
    struct assertion first = assert_one("trial-1", at->now), second = assert_one("trial-2", at->now);
    if (!leases_hear(leases, &told, at->clock) || !lend(leases, &first, at))
        return probe_fails(probe, "good_refused");
    unsigned count = leases_end_person(leases, first.person, SLICE_NONE, at);
    probe_fact(probe, "ended", "%u", count);
    if (count != 1 || *ended != 1 || leases_count(leases) != 0)
        return probe_fails(probe, "lease_left");
    return lend(leases, &second, at) ? probe_fails(probe, "lent_again") : probe_holds(probe);
}

static enum status leaver(struct probe *probe, void *context, struct problem *why)
{
    unsigned ended = 0;
    struct leases *leases = leases_create(note_end, &ended);
    (void)context, (void)why;
    enum status status = try_leaver(leases, &ended, probe);
    leases_destroy(&leases);
    return status;
}

void keyd_probe_leaver(struct role *role)
{
    role_on_probe(role, "leaver", leaver, NULL);
}
