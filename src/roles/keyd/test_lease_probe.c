/* The trial of leases leaves nothing behind, and is no trial where nothing is known. */
#include "check.h"
#include "roles/keyd/lease_probe.h"

static unsigned ended;

static void note(void *context, const struct lease *lease, enum lease_cause cause)
{
    (void)context, (void)lease, (void)cause;
    ended++;
}

static struct moment at(int64_t second)
{
    return (struct moment){{second * 1000000}, {second * 1000}};
}

static struct meetings_told told(struct meeting_mark *marks, size_t count)
{
    return (struct meetings_told){.whole = true, .complete = true, .in_progress = {marks, count, count}};
}

static enum status run_trial(struct leases *leases, int64_t second, const char **cause)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    const struct lease_probe probe = {leases, key};
    const struct moment now = at(second);
    const char *refused;
    *cause = NULL;
    return lease_probe_try(&probe, &now, arena, cause, &refused, NULL);
}

static void nothing_known_is_nothing_tried(void)
{
    struct leases *leases = leases_create(note, NULL);
    const char *cause;
    CHECK_NUMBER(run_trial(leases, 1, &cause), ST_UNAVAILABLE);
    CHECK(cause == NULL);
    CHECK_NUMBER(leases_meetings(leases), 0);
    leases_destroy(&leases);
}

static void it_holds_again_and_again_and_leaves_nothing(void)
{
    struct meeting_mark marks[] = {{LIT("m_1"), LIT("acme"), LIT("p_1")}};
    struct leases *leases = leases_create(note, NULL);
    struct meetings_told all = told(marks, 1);
    const char *cause;
    CHECK(leases_hear(leases, &all, at(0).clock));
    for (int64_t second = 1; second < 2000; second++) {
        CHECK_OK(run_trial(leases, second, &cause));
        CHECK(cause == NULL);
    }
    CHECK_NUMBER(leases_meetings(leases), 1);
    CHECK_NUMBER(leases_count(leases), 0);
    CHECK_NUMBER(ended, 0);
    leases_destroy(&leases);
}

/* Within a second there is place for so many assertions: then it says that it could not try, not that it holds. */
static void without_a_place_it_is_not_tried(void)
{
    struct meetings_told all = told(NULL, 0);
    struct leases *leases = leases_create(note, NULL);
    enum status status = ST_OK;
    const char *cause;
    CHECK(leases_hear(leases, &all, at(0).clock));
    for (int i = 0; i < ASSERTIONS_MAX && status == ST_OK; i++)
        status = run_trial(leases, 1, &cause);
    CHECK_NUMBER(status, ST_UNAVAILABLE);
    CHECK_OK(run_trial(leases, 3, &cause));
    CHECK(cause == NULL);
    leases_destroy(&leases);
}

/* What the console shows for the closed one is in order, and refused because it is closed. */
static void the_consoles_own_is_refused_for_being_closed(void)
{
    struct leases *leases = leases_create(note, NULL);
    struct meetings_told all = told(NULL, 0);
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    const struct lease_probe probe = {leases, key};
    const struct moment now = at(7);
    struct assertion heard;
    struct slice bytes;
    CHECK(leases_hear(leases, &all, at(0).clock));
    CHECK_OK(lease_probe_assert(&probe, &now, arena, &bytes, NULL));
    CHECK_OK(assertion_verify(key, bytes, now.now, arena, &heard, NULL));
    const struct lease_wish wish = {ROLE_CONSOLE, KEY_FOR_SUPERVISION, LEASE_PROBE_CLIENT, LIT(LEASE_PROBE_CLOSED), &heard};
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "over");
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "replayed");
    leases_destroy(&leases);
}

int main(void)
{
    TEST(nothing_known_is_nothing_tried);
    TEST(it_holds_again_and_again_and_leaves_nothing);
    TEST(without_a_place_it_is_not_tried);
    TEST(the_consoles_own_is_refused_for_being_closed);
    return check_done();
}
