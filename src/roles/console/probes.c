/* "closed_lease ASSERTION": the console asks keyd by its own channel, as for a person, for the key of a request that is closed.
 * The assertion is in order (keyd's probe "closed_assertion"); the keys that it shows are none, and are looked at after
 * the decision: "wrapped_key" is a yes. */
#include "roles/console/probes.h"

#include "roles/messages/closed_probe.h"
#include "roles/messages/probe.h"

enum { ANSWER_MS = 3000 };

static enum status judge(struct probe *probe, const struct lease_given *given, struct problem *why)
{
    probe_fact(probe, "console_refused", "%.*s", SLICE_ARG(given->problem));
    if (given->status == ST_OK || slice_equal(given->problem, LIT("wrapped_key")))
        return probe_fails(probe, "console_lent");
    if (given->status == ST_DENIED && slice_equal(given->problem, LIT("over")))
        return probe_holds(probe);
    return problem_set(why, ST_UNAVAILABLE, "keyd refused for another reason");
}

static enum status closed_lease(struct probe *probe, void *context, struct problem *why)
{
    struct lease_ask ask = {.purpose = slice_from(key_purpose_names[KEY_FOR_SUPERVISION]),
                            .organisation = LEASE_PROBE_CLIENT, .meeting = LIT(LEASE_PROBE_CLOSED)};
    struct lease_given given;
    TRY(base64url_decode(probe_argument(probe), probe_arena(probe), &ask.assertion));
    TRY(role_call(context, ROLE_KEYD, MESSAGE_LEASE_ASK, &ask, MESSAGE_LEASE, ANSWER_MS, probe_arena(probe), &given, why));
    return judge(probe, &given, why);
}

void console_probes(struct role *role)
{
    role_on_probe(role, "closed_lease", closed_lease, role);
}
