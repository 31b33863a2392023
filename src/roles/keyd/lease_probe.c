#include "roles/keyd/lease_probe.h"

#include <stdlib.h>

enum { LIVES_US = 1000000 }; /* each assertion is remembered for so long, and of many there are few places */

static const struct slice client = {"trial_client", 12};

/* Who asks for what. NULL: as the first one. */
static const struct {
    const char *cause, *meeting;
    const char *asserted; /* for which request */
    const char *function;
    bool outside, forged;
    bool yes;
} cases[] = {
    {"open_refused", "trial_open", NULL, NULL, false, false, true},
    {"closed_lent", "trial_closed", NULL, NULL, false, false, false},
    {"unknown_lent", "trial_unknown", NULL, NULL, false, false, false},
    {"others_lent", "trial_others", NULL, NULL, false, false, false},
    {"other_request_lent", "trial_others", "trial_open", NULL, false, false, false},
    {"organizer_lent", "trial_open", NULL, "organizer", false, false, false},
    {"outside_lent", "trial_open", NULL, NULL, true, false, false},
    {"forged_lent", "trial_open", NULL, NULL, false, true, false},
};
enum { CASES = sizeof cases / sizeof *cases };

static struct slice one_of(const char *text, const char *otherwise)
{
    return slice_from(text == NULL ? otherwise : text);
}

/* What the planner would say; false: there is no place. */
static bool tell(struct leases *leases, const struct moment *at)
{
    struct meeting_mark marks[] = {{LIT("trial_open"), client, LIT("trial_person")},
                                   {LIT("trial_closed"), client, LIT("trial_person")},
                                   {LIT("trial_others"), client, LIT("trial_somebody")}};
    struct slice over[] = {LIT("trial_closed")};
    const struct meetings_told begun = {.in_progress = {marks, 3, 3}}, closed = {.over = {over, 1, 1}};
    return leases_hear(leases, &begun, at->clock) && leases_hear(leases, &closed, at->clock);
}

/* What is over has always a place. */
static void take_back(struct leases *leases, const struct moment *at)
{
    struct slice over[] = {LIT("trial_open"), LIT("trial_others")};
    const struct meetings_told all = {.over = {over, 2, 2}};
    if (!leases_hear(leases, &all, at->clock))
        abort();
}

/* *refused NULL: it would be lent. */
static enum status decide(const struct lease_probe *self, size_t i, const struct moment *at, struct arena *arena,
                          const char **refused, struct problem *why)
{
    AUTO_SECRET other = secret_random(VAULT_KEY_BYTES);
    const struct assertion says = {
        .person = LIT("trial_person"), .organisation = LIT("trial_desk"), .kind = LIT("processor"),
        .function = one_of(cases[i].function, "supervisor"), .factor = LIT("passkey"), .session = LIT("trial_session"),
        .inside = !cases[i].outside, .purpose = slice_from(key_purpose_names[KEY_FOR_SUPERVISION]), .client = client,
        .meeting = one_of(cases[i].asserted, cases[i].meeting),
        .issued = at->now, .ends = {at->now.us + LIVES_US},
    };
    struct assertion heard;
    struct slice bytes;
    TRY(assertion_make(cases[i].forged ? other : self->key, &says, arena, &bytes, why));
    struct lease_wish wish = {ROLE_CONSOLE, KEY_FOR_SUPERVISION, client, slice_from(cases[i].meeting), NULL};
    if (assertion_verify(self->key, bytes, at->now, arena, &heard, NULL) == ST_OK)
        wish.by = &heard;
    *refused = leases_decide(self->leases, &wish, at);
    return ST_OK;
}

/* *refused: the word of the one that should have been lent, else NULL. */
static enum status try_all(const struct lease_probe *self, const struct moment *at, struct arena *arena,
                           const char **cause, const char **refused, struct problem *why)
{
    *cause = NULL;
    for (size_t i = 0; i < CASES && *cause == NULL; i++) {
        TRY(decide(self, i, at, arena, refused, why));
        if (*refused != NULL && slice_equal(slice_from(*refused), LIT("full"))) /* of others' assertions */
            return problem_set(why, ST_UNAVAILABLE, "no place for another assertion");
        if ((*refused == NULL) != cases[i].yes)
            *cause = cases[i].cause;
    }
    return ST_OK;
}

enum status lease_probe_try(const struct lease_probe *self, const struct moment *at, struct arena *arena,
                            const char **cause, const char **refused, struct problem *why)
{
    if (!leases_know(self->leases))
        return problem_set(why, ST_UNAVAILABLE, "the planner has not said yet which meetings are in progress");
    enum status status = tell(self->leases, at)
                             ? try_all(self, at, arena, cause, refused, why)
                             : problem_set(why, ST_UNAVAILABLE, "no place for another request");
    take_back(self->leases, at);
    return status;
}

static enum status closed_request(struct probe *probe, void *context, struct problem *why)
{
    const char *cause = NULL, *refused = NULL;
    TRY(lease_probe_try(context, probe_moment(probe), probe_arena(probe), &cause, &refused, why));
    if (cause != NULL) {
        probe_fact(probe, "refused", "%s", refused == NULL ? "no" : refused);
        return probe_fails(probe, cause);
    }
    probe_fact(probe, "tried", "%d", CASES);
    probe_fact(probe, "refused", "%d", CASES - 1);
    return probe_holds(probe);
}

void probe_leases(struct role *role, struct lease_probe *probe)
{
    role_on_probe(role, "closed_request", closed_request, probe);
}
