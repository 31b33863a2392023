#include "check.h"
#include "roles/keyd/leases.h"
#include "roles/keyd/meetings.h"

enum { SECOND_US = 1000000 };

/* What was told of the end of leases, in order. */
static struct {
    unsigned count;
    struct lease last;
    enum lease_cause cause;
} told;

static void note(void *context, const struct lease *lease, enum lease_cause cause)
{
    (void)context;
    told.count++;
    told.last = *lease;
    told.cause = cause;
}

static struct moment at(int64_t second)
{
    return (struct moment){{second * SECOND_US}, {second * 1000}};
}

/* An open list: m_1 of acme, assigned to p_1; m_2 of acme, to nobody; m_3 of bolt, to p_1. */
static struct leases *with_meetings(void)
{
    struct meeting_mark marks[] = {{LIT("m_1"), LIT("acme"), LIT("p_1")},
                                   {LIT("m_2"), LIT("acme"), SLICE_NONE},
                                   {LIT("m_3"), LIT("bolt"), LIT("p_1")}};
    struct meetings_told all = {.whole = true, .complete = true, .in_progress = {marks, 3, 3}};
    struct leases *leases = leases_create(note, NULL);
    told.count = 0;
    CHECK(leases_hear(leases, &all, at(0).clock));
    return leases;
}

static unsigned said_count;
static char said_ids[4096][16];

/* A supervisor who may, whatever a row changes. */
static struct assertion good(void)
{
    char *id = said_ids[said_count++ % 4096];
    snprintf(id, sizeof said_ids[0], "a%u", said_count);
    return (struct assertion){
        .id = slice_from(id),
        .person = LIT("p_1"),
        .organisation = LIT("desk"),
        .kind = LIT("processor"),
        .function = LIT("supervisor"),
        .factor = LIT("passkey"),
        .session = LIT("s_1"),
        .inside = true,
        .purpose = LIT("supervision"),
        .client = LIT("acme"),
        .meeting = LIT("m_1"),
        .issued = {0},
        .ends = {60 * (int64_t)SECOND_US},
    };
}

static struct lease_wish wish_of(const struct assertion *by)
{
    return (struct lease_wish){ROLE_CONSOLE, KEY_FOR_SUPERVISION, by->client, by->meeting, by};
}

static void the_table_and_the_right_decide(void)
{
    static const struct {
        const char *name, *person, *organisation, *kind, *function, *factor;
        bool outside;
        const char *client, *meeting, *refused;
    } cases[] = {
        {"assigned to them", NULL, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL},
        {"assigned to nobody", NULL, NULL, NULL, NULL, NULL, false, NULL, "m_2", "not_assigned"},
        {"assigned to another", "p_2", NULL, NULL, NULL, NULL, false, NULL, NULL, "not_assigned"},
        {"the lead: any", "p_2", NULL, NULL, "supervision_lead", NULL, false, NULL, "m_2", NULL},
        {"of another client, and theirs", NULL, NULL, NULL, NULL, NULL, false, "bolt", "m_3", NULL},
        {"another client's name", NULL, NULL, NULL, NULL, NULL, false, "bolt", "m_1", "organisation"},
        {"unknown", NULL, NULL, NULL, NULL, NULL, false, NULL, "m_9", "over"},
        {"over the Internet", NULL, NULL, NULL, NULL, NULL, true, NULL, NULL, "network"},
        {"a recovery code", NULL, NULL, NULL, NULL, "password+recovery", false, NULL, NULL, "factor"},
        {"with single sign-on", NULL, NULL, NULL, NULL, "sso", false, NULL, NULL, NULL},
        {"an organizer", NULL, "acme", "client", "organizer", NULL, false, NULL, NULL, "function"},
        {"an administrator", NULL, "acme", "client", "administrator", NULL, false, NULL, NULL, "function"},
        {"an auditor", NULL, "acme", "client", "auditor", NULL, false, NULL, NULL, "function"},
        {"an operator", NULL, NULL, "operator", "operator", NULL, false, NULL, NULL, "function"},
        {"a service account", NULL, NULL, NULL, "service", NULL, false, NULL, NULL, "function"},
        {"a supervisor of a client", NULL, "acme", "client", NULL, NULL, false, NULL, NULL, "function"},
        {"a function that is none", NULL, NULL, NULL, "root", NULL, false, NULL, NULL, "function"},
        {"a kind that is none", NULL, NULL, "friend", NULL, NULL, false, NULL, NULL, "function"},
        {"a factor that is none", NULL, NULL, NULL, NULL, "smile", false, NULL, NULL, "function"},
    };
    struct leases *leases = with_meetings();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct assertion by = good();
        struct moment now = at(10);
#define SET(member)                                                                                \
    if (cases[i].member != NULL)                                                                   \
    by.member = slice_from(cases[i].member)
        SET(person);
        SET(organisation);
        SET(kind);
        SET(function);
        SET(factor);
        SET(client);
        SET(meeting);
#undef SET
        by.inside = !cases[i].outside;
        struct lease_wish wish = wish_of(&by);
        check_row(cases[i].name);
        CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), cases[i].refused == NULL ? "" : cases[i].refused);
    }
    leases_destroy(&leases);
}

/* The assertion is right, and is shown for something else, or by somebody else. */
static void what_was_asserted_is_for_one_thing(void)
{
    static const struct {
        const char *name;
        enum role_id role;
        enum key_purpose purpose;
        const char *client, *meeting, *refused;
    } cases[] = {
        {"as said", ROLE_CONSOLE, KEY_FOR_SUPERVISION, "acme", "m_1", ""},
        {"another meeting", ROLE_CONSOLE, KEY_FOR_SUPERVISION, "acme", "m_2", "of_another"},
        {"another organisation", ROLE_CONSOLE, KEY_FOR_SUPERVISION, "bolt", "m_1", "of_another"},
        {"another purpose", ROLE_CONSOLE, KEY_OPEN_MEETING, "acme", "m_1", "purpose"},
        {"no purpose", ROLE_CONSOLE, KEY_FOR_NOTHING, "acme", "m_1", "purpose"},
        {"the planner's own", ROLE_PLANNER, KEY_OPEN_MEETING, "acme", "m_1", "purpose"},
        {"another part", ROLE_CONSOLE, KEY_FOR_SUPERVISION_PEOPLE, "acme", "m_1", "of_another"},
        {"another part", ROLE_CONSOLE, KEY_FOR_SUPERVISION_WORDS, "acme", "m_1", "of_another"},
        {"another part", ROLE_CONSOLE, KEY_FOR_SUPERVISION_DRAFT, "acme", "m_1", "of_another"},
        {"a new meeting's key", ROLE_CONSOLE, KEY_NEW_MEETING, "acme", "m_1", "purpose"},
        {"another role", ROLE_API, KEY_FOR_SUPERVISION, "acme", "m_1", "purpose"},
    };
    struct leases *leases = with_meetings();
    struct moment now = at(10);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct assertion by = good();
        struct lease_wish wish = {cases[i].role, cases[i].purpose, slice_from(cases[i].client),
                                  slice_from(cases[i].meeting), &by};
        check_row(cases[i].name);
        CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), cases[i].refused);
        CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "replayed"); /* refused or not */
    }
    struct lease_wish nobody = {ROLE_CONSOLE, KEY_FOR_SUPERVISION, LIT("acme"), LIT("m_1"), NULL};
    CHECK_TEXT(slice_from(leases_decide(leases, &nobody, &now)), "nobody");
    leases_destroy(&leases);
}

/* For every role and purpose: what no row names is refused; a person stands behind supervision only. */
static void the_rules_are_these(void)
{
    static const char *const rules[ROLE_ID_COUNT_] = {
        [ROLE_PLANNER] = " lookups service new_organisation directory new_meeting open_meeting "
                         "rewrap_organisation rewrap_meeting callers ",
        [ROLE_AUTHD] = " new_organisation rewrap_organisation identity identity_lookups assertions callers watchers ",
        [ROLE_LOGD] = " log watchers ",
        [ROLE_TRUST] = " trust ",
        [ROLE_ARCHIVE] = " new_set open_set rewrap_set lookups service directory open_meeting try_identity try_code "
                         "try_trust ",
        [ROLE_CONSOLE] = " supervision supervision_people supervision_words supervision_draft ",
    };
    for (int role = 0; role < ROLE_ID_COUNT_; role++)
        for (int purpose = 0; purpose < KEY_PURPOSE_COUNT_; purpose++) {
            AUTO_ARENA arena = arena_create(1 << 12);
            const struct key_rule *rule = key_rule_find((enum role_id)role, (enum key_purpose)purpose);
            struct slice word = arena_format(arena, " %s ", key_purpose_names[purpose]);
            check_row(key_purpose_names[purpose]);
            CHECK((rule != NULL) == slice_contains(slice_from(rules[role]), word));
            CHECK(rule == NULL || (rule->right != RIGHT_NONE) == (role == ROLE_CONSOLE));
            CHECK_NUMBER(key_purpose_from_name(slice_from(key_purpose_names[purpose])), purpose);
        }
    CHECK_NUMBER(key_purpose_from_name(LIT("any")), KEY_FOR_NOTHING);
}

/* Its name is asserted as a part's is: no name of another purpose makes a lease. */
static void a_lease_is_of_one_part_and_never_of_a_meeting(void)
{
    struct leases *leases = with_meetings();
    struct moment now = at(10);
    for (int purpose = 0; purpose < KEY_PURPOSE_COUNT_; purpose++) {
        struct assertion by = good();
        by.purpose = slice_from(key_purpose_names[purpose]);
        struct lease_wish wish = {ROLE_CONSOLE, (enum key_purpose)purpose, LIT("acme"), LIT("m_1"), &by};
        enum case_part part = case_part_of_purpose((enum key_purpose)purpose);
        check_row(key_purpose_names[purpose]);
        CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), part == CASE_PART_COUNT_ ? "purpose" : "");
        if (part == CASE_PART_COUNT_)
            continue;
        CHECK(leases_begin(leases, &wish, &now) != NULL);
        CHECK_NUMBER(case_part_from_name(slice_from(case_parts[part].name)), part);
    }
    CHECK_NUMBER(leases_count(leases), CASE_PART_COUNT_);
    CHECK_NUMBER(case_part_from_name(LIT("all")), CASE_PART_COUNT_);
    leases_destroy(&leases);
}

static struct slice begin(struct leases *leases, struct assertion by, int64_t second)
{
    struct moment now = at(second);
    struct lease_wish wish = wish_of(&by);
    by.ends.us = (second + 60) * SECOND_US;
    const char *refused = leases_decide(leases, &wish, &now);
    CHECK_TEXT(slice_from(refused), "");
    const struct lease *lease = refused == NULL ? leases_begin(leases, &wish, &now) : NULL;
    CHECK(lease != NULL);
    return lease == NULL ? SLICE_NONE : lease_slice(&lease->id);
}

static void a_lease_ends_with_its_meeting(void)
{
    struct leases *leases = with_meetings();
    struct slice over[] = {LIT("m_1")};
    struct meetings_told word = {.over = {over, 1, 1}};
    struct moment now = at(12);
    struct assertion by = good();
    struct lease_wish wish = wish_of(&by);
    struct slice id = begin(leases, good(), 10);
    CHECK(slice_starts(id, LIT("l_")) && id.len == 34);
    CHECK_NUMBER(leases_count(leases), 1);
    CHECK(leases_hear(leases, &word, now.clock));
    CHECK_NUMBER(told.count, 1);
    CHECK_TEXT(slice_from(lease_cause_names[told.cause]), "meeting_over");
    CHECK_TEXT(lease_slice(&told.last.meeting), "m_1");
    CHECK_NUMBER(leases_count(leases), 0);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "over");
    leases_destroy(&leases);
}

static void a_lease_ends_with_its_person_session_or_assignment(void)
{
    struct leases *leases = with_meetings();
    struct moment now = at(11), later = at(100);
    struct assertion other = good(), before = good(), again;
    other.session = LIT("s_2");
    begin(leases, good(), 10);
    begin(leases, other, 10);
    CHECK_NUMBER(leases_end_person(leases, LIT("p_2"), SLICE_NONE, &now), 0);
    CHECK_NUMBER(leases_end_person(leases, LIT("p_1"), LIT("s_2"), &now), 1);
    CHECK_NUMBER(told.cause, LEASE_SESSION_ENDED);
    CHECK_NUMBER(leases_end_person(leases, LIT("p_1"), SLICE_NONE, &now), 1);
    CHECK_NUMBER(told.cause, LEASE_PERSON_ENDED);
    /* What authd said before counts no more, what it says after that minute does. */
    struct lease_wish wish = wish_of(&before);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "ended");
    again = good();
    again.ends.us = 150 * (int64_t)SECOND_US;
    wish = wish_of(&again);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &later)), "");
    CHECK(leases_begin(leases, &wish, &later) != NULL);

    struct meeting_mark mark = {LIT("m_1"), LIT("acme"), LIT("p_1")};
    struct meetings_told word = {.in_progress = {&mark, 1, 1}};
    CHECK(leases_hear(leases, &word, later.clock));
    CHECK_NUMBER(leases_count(leases), 1); /* said again */
    mark.assigned = LIT("p_2");
    CHECK(leases_hear(leases, &word, later.clock));
    CHECK_NUMBER(leases_count(leases), 0);
    CHECK_NUMBER(told.cause, LEASE_ASSIGNED_ANEW);
    /* While the planner was away, too. */
    mark.assigned = LIT("p_1");
    CHECK(leases_hear(leases, &word, later.clock));
    again = good();
    again.ends.us = 150 * (int64_t)SECOND_US;
    wish = wish_of(&again);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &later)), "");
    CHECK(leases_begin(leases, &wish, &later) != NULL);
    mark.assigned = SLICE_NONE;
    word.whole = word.complete = true;
    CHECK(leases_hear(leases, &word, later.clock));
    CHECK_NUMBER(leases_count(leases), 0);
    CHECK_NUMBER(told.cause, LEASE_ASSIGNED_ANEW);
    leases_destroy(&leases);
}

static void a_lease_ends_by_time_or_when_given_back(void)
{
    struct leases *leases = with_meetings();
    struct monotonic next = {0};
    CHECK(!leases_next(leases, &next));
    struct slice id = begin(leases, good(), 10);
    CHECK(leases_next(leases, &next));
    CHECK_NUMBER(next.ms, (10 + LEASE_SECONDS) * 1000);
    leases_expire(leases, (struct monotonic){next.ms - 1});
    CHECK_NUMBER(leases_count(leases), 1);
    CHECK(!leases_give_back(leases, ROLE_API, id));
    CHECK(!leases_give_back(leases, ROLE_CONSOLE, LIT("l_0")));
    leases_expire(leases, next);
    CHECK_NUMBER(leases_count(leases), 0);
    CHECK_NUMBER(told.cause, LEASE_TIME);
    id = begin(leases, good(), 2000);
    CHECK(leases_give_back(leases, ROLE_CONSOLE, id));
    CHECK_NUMBER(told.cause, LEASE_GIVEN_BACK);
    begin(leases, good(), 2001);
    CHECK_NUMBER(leases_end_role(leases, ROLE_CONSOLE, LEASE_HOLDER_GONE), 1);
    leases_destroy(&leases);
}

/* Fail closed: before the planner has told all, and after it has gone for too long. */
static void nothing_is_known_before_the_planner_has_said_it(void)
{
    struct leases *leases = leases_create(note, NULL);
    struct meeting_mark mark = {LIT("m_1"), LIT("acme"), LIT("p_1")};
    struct meetings_told first = {.whole = true, .in_progress = {&mark, 1, 1}};
    struct meetings_told last = {.complete = true}, none = {.whole = true, .complete = true};
    struct moment now = at(10);
    struct assertion by[4] = {good(), good(), good(), good()};
    struct lease_wish wish = wish_of(&by[0]);
    struct monotonic next;
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "unknown");
    CHECK(leases_hear(leases, &first, now.clock) && !leases_know(leases));
    wish = wish_of(&by[1]);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "unknown");
    CHECK(leases_hear(leases, &last, now.clock) && leases_know(leases));
    begin(leases, good(), 10);
    /* The planner is started again, and tells the same: nobody is disturbed. */
    leases_forget(leases, at(20).clock);
    wish = wish_of(&by[2]);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "unknown");
    CHECK(leases_hear(leases, &first, at(21).clock) && leases_hear(leases, &last, at(21).clock));
    CHECK_NUMBER(leases_count(leases), 1);
    /* It is started again, and again, and says nothing. */
    leases_forget(leases, at(30).clock);
    leases_forget(leases, at(50).clock);
    CHECK(leases_next(leases, &next));
    CHECK_NUMBER(next.ms, (30 + LEASE_UNKNOWN_SECONDS) * 1000);
    leases_expire(leases, next);
    CHECK_NUMBER(leases_count(leases), 0);
    CHECK_NUMBER(told.cause, LEASE_UNKNOWN);
    /* And tells that it is over meanwhile. */
    CHECK(leases_hear(leases, &first, at(70).clock) && leases_hear(leases, &last, at(70).clock));
    by[3].ends.us = 120 * (int64_t)SECOND_US;
    begin(leases, by[3], 71);
    CHECK(leases_hear(leases, &none, at(72).clock));
    CHECK_NUMBER(leases_count(leases), 0);
    CHECK_NUMBER(told.cause, LEASE_MEETING_OVER);
    leases_destroy(&leases);
}

static void all_of_it_is_bounded(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct leases *leases = with_meetings();
    struct moment now = at(10);
    /* Of one person, meeting by meeting. */
    for (int i = 0; i < LEASES_PER_PERSON_MAX + 2; i++) {
        struct assertion by = good();
        struct meeting_mark mark = {arena_format(arena, "m_x%d", i), LIT("acme"), LIT("p_1")};
        struct meetings_told word = {.in_progress = {&mark, 1, 1}};
        CHECK(leases_hear(leases, &word, now.clock));
        by.meeting = mark.id;
        struct lease_wish wish = wish_of(&by);
        CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "");
        CHECK((leases_begin(leases, &wish, &now) != NULL) == (i < LEASES_PER_PERSON_MAX));
    }
    /* The same again takes the place of the one before. */
    struct assertion same = good();
    same.meeting = LIT("m_x0");
    struct lease_wish wish = wish_of(&same);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "");
    CHECK(leases_begin(leases, &wish, &now) != NULL);
    CHECK_NUMBER(leases_count(leases), LEASES_PER_PERSON_MAX);
    /* Assertions that are remembered: when there is no room, none counts; a minute later there is. */
    unsigned full = 0;
    for (int i = 0; i < ASSERTIONS_MAX + 10; i++) {
        struct assertion by = good();
        by.id = arena_format(arena, "b%d", i);
        wish = wish_of(&by);
        const char *refused = leases_decide(leases, &wish, &now);
        full += refused != NULL && strcmp(refused, "full") == 0;
    }
    CHECK(full >= 10);
    now = at(61);
    struct assertion later = good();
    later.ends.us = 90 * (int64_t)SECOND_US;
    wish = wish_of(&later);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "");
    /* People who left: the same. */
    for (int i = 0; i < ENDED_MAX; i++)
        leases_end_person(leases, arena_format(arena, "p_gone%d", i), SLICE_NONE, &now);
    later = good();
    later.ends.us = 90 * (int64_t)SECOND_US;
    wish = wish_of(&later);
    CHECK_TEXT(slice_from(leases_decide(leases, &wish, &now)), "full");
    leases_destroy(&leases);
}

/* Against a plain array, over many random changes. */
static void the_register_of_meetings_is_a_map(void)
{
    enum { IDS = 3000, STEPS = 60000 };
    static bool there[IDS];
    static int owner[IDS];
    AUTO_ARENA arena = arena_create(32 << 20);
    struct meetings *meetings = meetings_create();
    struct slice *ids = ARENA_ARRAY(arena, IDS, struct slice);
    uint64_t random = 7;
    size_t count = 0;
    for (int i = 0; i < IDS; i++)
        ids[i] = arena_format(arena, "m_%d", i);
    for (int step = 0; step < STEPS; step++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        int i = (int)(random >> 33 & 0x7FFFFFFF) % IDS, who = (int)(random >> 20 & 0xFFFF) % 10;
        struct meeting_entry entry;
        if (random >> 62 != 0) {
            AUTO_ARENA scratch = arena_create(4096);
            entry = (struct meeting_entry){ids[i], arena_format(scratch, "o%d", who), SLICE_NONE};
            CHECK(meetings_put(meetings, &entry));
            count += !there[i];
            there[i] = true;
            owner[i] = who;
        } else {
            meetings_remove(meetings, ids[i]);
            count -= there[i];
            there[i] = false;
        }
        CHECK(meetings_find(meetings, ids[i], &entry) == there[i]);
        CHECK(!there[i] || (entry.organisation.len == 2 && entry.organisation.data[1] == '0' + owner[i]));
    }
    CHECK_NUMBER(meetings_count(meetings), count);
    struct meeting_entry bad[] = {{SLICE_NONE, LIT("o"), SLICE_NONE}, {LIT("m"), SLICE_NONE, SLICE_NONE},
                                  {arena_format(arena, "%065d", 0), LIT("o"), SLICE_NONE}};
    for (size_t i = 0; i < 3; i++)
        CHECK(!meetings_put(meetings, &bad[i]));
    meetings_clear(meetings);
    CHECK_NUMBER(meetings_count(meetings), 0);
    meetings_destroy(&meetings);
}

int main(void)
{
    TEST(the_table_and_the_right_decide);
    TEST(what_was_asserted_is_for_one_thing);
    TEST(the_rules_are_these);
    TEST(a_lease_is_of_one_part_and_never_of_a_meeting);
    TEST(a_lease_ends_with_its_meeting);
    TEST(a_lease_ends_with_its_person_session_or_assignment);
    TEST(a_lease_ends_by_time_or_when_given_back);
    TEST(nothing_is_known_before_the_planner_has_said_it);
    TEST(all_of_it_is_bounded);
    TEST(the_register_of_meetings_is_a_map);
    return check_done();
}
