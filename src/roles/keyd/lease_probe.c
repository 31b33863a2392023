#include "roles/keyd/lease_probe.h"

#include <stdlib.h>

/* Each assertion is remembered for so long, and of many there are few places; one that is shown by the console lives for
 * as long as a check may take. */
enum { LIVES_US = 1000000, SHOWN_US = 20 * 1000000 };

static const struct slice client = LEASE_PROBE_CLIENT;

/* Who asks for what. NULL: as the first one. */
static const struct {
    const char *cause, *meeting;
    const char *asserted; /* for which request */
    const char *function;
    bool outside, forged;
    bool yes;
    enum key_purpose purpose; /* KEY_FOR_NOTHING: as the first one */
    bool is_said;             /* and the assertion is for that purpose */
} cases[] = {
    {"open_refused", "trial_open", NULL, NULL, false, false, .yes = true},
    {"closed_lent", LEASE_PROBE_CLOSED, NULL, NULL, false, false},
    {"unknown_lent", "trial_unknown", NULL, NULL, false, false},
    {"others_lent", "trial_others", NULL, NULL, false, false},
    {"other_request_lent", "trial_others", "trial_open", NULL, false, false},
    {"organizer_lent", "trial_open", NULL, "organizer", false, false},
    {"outside_lent", "trial_open", NULL, NULL, true, false},
    {"forged_lent", "trial_open", NULL, NULL, false, true},
    {"other_part_lent", "trial_open", NULL, NULL, false, false, .purpose = KEY_FOR_SUPERVISION_WORDS},
    {"meeting_key_lent", "trial_open", NULL, NULL, false, false, .purpose = KEY_OPEN_MEETING, .is_said = true},
};
enum { CASES = sizeof cases / sizeof *cases };

/* What the planner would say; false: there is no place. */
static bool tell(struct leases *leases, const struct moment *at)
{
    struct meeting_mark marks[] = {{LIT("trial_open"), client, LIT("trial_person")},
                                   {LIT(LEASE_PROBE_CLOSED), client, LIT("trial_person")},
                                   {LIT("trial_others"), client, LIT("trial_somebody")}};
    struct slice over[] = {LIT(LEASE_PROBE_CLOSED)};
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

/* As authd would say it of a made-up supervisor. */
static struct assertion says_of(const char *meeting, enum key_purpose purpose, const struct moment *at)
{
    return (struct assertion){
        .person = LIT("trial_person"), .organisation = LIT("trial_desk"), .kind = LIT("processor"),
        .function = LIT("supervisor"), .factor = LIT("passkey"), .session = LIT("trial_session"),
        .inside = true, .client = client, .purpose = slice_from(key_purpose_names[purpose]), .meeting = slice_from(meeting),
        .issued = at->now, .ends = {at->now.us + LIVES_US},
    };
}

enum status lease_probe_assert(const struct lease_probe *self, const struct moment *at, struct arena *arena, struct slice *out,
                               struct problem *why)
{
    struct assertion says = says_of(LEASE_PROBE_CLOSED, KEY_FOR_SUPERVISION, at);
    says.ends.us = at->now.us + SHOWN_US;
    return assertion_make(self->key, &says, arena, out, why);
}

/* *refused NULL: it would be lent. */
static enum status decide(const struct lease_probe *self, size_t i, const struct moment *at, struct arena *arena,
                          const char **refused, struct problem *why)
{
    AUTO_SECRET other = secret_random(VAULT_KEY_BYTES);
    enum key_purpose purpose = cases[i].purpose == KEY_FOR_NOTHING ? KEY_FOR_SUPERVISION : cases[i].purpose;
    struct assertion says = says_of(cases[i].asserted != NULL ? cases[i].asserted : cases[i].meeting,
                                    cases[i].is_said ? purpose : KEY_FOR_SUPERVISION, at);
    says.inside = !cases[i].outside;
    if (cases[i].function != NULL)
        says.function = slice_from(cases[i].function);
    struct assertion heard;
    struct slice bytes;
    TRY(assertion_make(cases[i].forged ? other : self->key, &says, arena, &bytes, why));
    struct lease_wish wish = {ROLE_CONSOLE, purpose, client, slice_from(cases[i].meeting), NULL};
    if (assertion_verify(self->key, bytes, at->now, arena, &heard, NULL) == ST_OK)
        wish.by = &heard;
    *refused = leases_decide(self->leases, &wish, at);
    return ST_OK;
}

/* What one part's key seals, another part's key does not open, nor the meeting's; with made-up keys. */
static enum status try_parts(struct arena *arena, const char **cause, struct problem *why)
{
    AUTO_SECRET meeting = secret_random(VAULT_KEY_BYTES);
    for (int part = 0; part < CASE_PART_COUNT_ && *cause == NULL; part++) {
        struct seal_place place = vault_part_place(client, LIT("trial_open"), slice_from(case_parts[part].name));
        AUTO_SECRET key = vault_part_key(meeting, slice_from(case_parts[part].name));
        struct sealed sealed;
        struct slice plain;
        TRY(vault_seal(key, &place, LIT("trial"), arena, &sealed, why));
        if (vault_open(meeting, &place, sealed, arena, &plain, NULL) == ST_OK)
            *cause = "part_opened";
        for (int other = 0; other < CASE_PART_COUNT_ && *cause == NULL; other++) {
            AUTO_SECRET others = vault_part_key(meeting, slice_from(case_parts[other].name));
            if ((vault_open(others, &place, sealed, arena, &plain, NULL) == ST_OK) != (other == part))
                *cause = "part_opened";
        }
    }
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
    return *cause == NULL ? try_parts(arena, cause, why) : ST_OK;
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

/* For somebody who asks by a channel of their own: an assertion that is in order, for a request that is closed and never
 * was another's than this trial's. */
static enum status closed_assertion(struct probe *probe, void *context, struct problem *why)
{
    struct slice bytes;
    AUTO_BUFFER text = buffer_create(2 * ASSERTION_BYTES_MAX);
    TRY(lease_probe_assert(context, probe_moment(probe), probe_arena(probe), &bytes, why));
    base64url_encode(bytes, &text);
    probe_fact(probe, "assertion", "%.*s", SLICE_ARG(buffer_slice(&text)));
    return probe_holds(probe);
}

void probe_leases(struct role *role, struct lease_probe *probe)
{
    role_on_probe(role, "closed_request", closed_request, probe);
    role_on_probe(role, "closed_assertion", closed_assertion, probe);
}
