/* Raises and break-glass as people ask for them. */
#include "roles/authd/test_people.h"

static void fill(struct town *town)
{
    town_open(town);
    town_add(town, "p_1", "o_a", "administrator");
    town_add(town, "p_2", "o_a", "administrator");
    town_add(town, "p_3", "o_a", "organizer");
    town_add(town, "p_4", "o_b", "administrator");
    town_add(town, "p_8", "o_z", "operator");
    town_add(town, "p_9", "o_z", "operator");
}

static bool has_right(struct town *town, const char *person, const char *right)
{
    CHECK_OK(town_ask(town, person, "me.show", "{}"));
    return slice_contains(town->json, slice_from(arena_format(town->arena, "\"%s\"", right).data));
}

/* {"id": that of the last answer} */
static const char *id_of(struct town *town)
{
    return arena_format(town->arena, "{\"id\":\"%.*s\"}", SLICE_ARG(town_got(town, "id"))).data;
}

static void a_raise_takes_two_and_ends(void)
{
    struct town town = town_create();
    fill(&town);
    CHECK(!has_right(&town, "p_1", "people.end"));
    CHECK_NUMBER(town_ask(&town, "p_3", "raise.ask", "{'right':'people.end','reason':'I am curious','minutes':9}"), ST_DENIED);
    TOWN_GOT(&town, "code", "function");
    CHECK_NUMBER(town_ask(&town, NULL, "raise.list", "{}"), ST_DENIED);
    TOWN_GOT(&town, "code", "no_session");
    CHECK_NUMBER(town_ask(&town, "p_1", "raise.ask", "{'right':'people.fly','reason':'somebody leaves','minutes':9}"), ST_INVALID);
    CHECK_NUMBER(town_ask(&town, "p_1", "raise.ask", "{'right':'people.end','reason':'somebody leaves','minutes':481}"), ST_INVALID);
    CHECK_NUMBER(town_ask(&town, "p_1", "raise.ask", "{'right':'people.end','reason':'somebody leaves','minutes':9e18}"), ST_INVALID);
    CHECK_NUMBER(town_ask(&town, "p_1", "raise.ask", "{'right':'keys.rotate','reason':'somebody leaves','minutes':9}"), ST_DENIED);

    CHECK_OK(town_ask(&town, "p_1", "raise.ask", "{'right':'people.end','reason':'somebody leaves','minutes':60}"));
    const char *it = id_of(&town);
    CHECK(slice_starts(town_log(&town), LIT("access.raise.asked grant=g_")));
    CHECK(!slice_contains(town_log(&town), LIT("leaves")));
    CHECK_NUMBER(town_ask(&town, "p_1", "raise.approve", it), ST_DENIED);
    CHECK_NUMBER(town_ask(&town, "p_4", "raise.approve", it), ST_DENIED);
    CHECK_NUMBER(town_ask(&town, "p_8", "raise.approve", it), ST_DENIED); /* there is somebody of their own */
    CHECK_NUMBER(town_ask(&town, "p_2", "glass.approve", it), ST_DENIED);
    CHECK(!has_right(&town, "p_1", "people.end"));

    CHECK_OK(town_ask(&town, "p_2", "raise.list", "{}"));
    TOWN_GOT(&town, "raises", "1");
    TOWN_GOT(&town, "raises.0.reason", "somebody leaves");
    TOWN_GOT(&town, "raises.0.name", "Name of p_1");
    TOWN_GOT(&town, "raises.0.state", "asked");
    TOWN_GOT(&town, "raises.0.may_approve", "true");
    TOWN_GOT(&town, "rights.0.sentence", "end an account");
    CHECK_OK(town_ask(&town, "p_4", "raise.list", "{}"));
    TOWN_GOT(&town, "raises", "0");

    CHECK_OK(town_ask(&town, "p_2", "raise.approve", it));
    CHECK_NUMBER(town_ask(&town, "p_2", "raise.approve", it), ST_CONFLICT);
    CHECK(slice_contains(town_log(&town), LIT(" by=p_2 target=o_a")));
    CHECK(has_right(&town, "p_1", "people.end"));
    CHECK(!has_right(&town, "p_2", "people.end"));
    town.now.us += HOUR_US;
    CHECK(!has_right(&town, "p_1", "people.end")); /* by itself */

    CHECK_OK(town_ask(&town, "p_1", "raise.ask", "{'right':'people.end','reason':'and another','minutes':60}"));
    it = id_of(&town);
    CHECK_OK(town_ask(&town, "p_2", "raise.approve", it));
    CHECK_NUMBER(town_ask(&town, "p_4", "raise.end", it), ST_DENIED);
    CHECK_OK(town_ask(&town, "p_2", "raise.end", it));
    CHECK(!has_right(&town, "p_1", "people.end"));
    CHECK_OK(identity_verify_log(town.identity, NULL));
    town_close(&town);
}

static void an_only_administrator_asks_the_operator(void)
{
    struct town town = town_create();
    fill(&town);
    CHECK_OK(town_ask(&town, "p_4", "raise.ask", "{'right':'rights.change','reason':'a colleague begins','minutes':60}"));
    const char *it = id_of(&town);
    CHECK_NUMBER(town_ask(&town, "p_1", "raise.approve", it), ST_DENIED);
    CHECK_OK(town_ask(&town, "p_8", "raise.list", "{}"));
    TOWN_GOT(&town, "raises.0.reason", "a colleague begins");
    CHECK_OK(town_ask(&town, "p_8", "raise.approve", it));
    CHECK(slice_contains(town_log(&town), LIT("alone=yes")));
    CHECK(has_right(&town, "p_4", "rights.change"));
    town.address = LIT("203.0.113.7"); /* not over the supervision network */
    CHECK(!has_right(&town, "p_4", "rights.change"));
    town_close(&town);
}

static void the_glass_takes_two_operators(void)
{
    struct town town = town_create();
    fill(&town);
    CHECK_NUMBER(town_ask(&town, "p_1", "glass.ask", "{'organisation':'o_b','reason':'it is on fire'}"), ST_DENIED);
    CHECK_NUMBER(town_ask(&town, "p_8", "glass.ask", "{'organisation':'o_x','reason':'it is on fire'}"), ST_NOT_FOUND);
    CHECK_NUMBER(town_ask(&town, "p_8", "glass.ask", "{'organisation':'o_b'}"), ST_INVALID);
    CHECK_OK(town_ask(&town, "p_8", "glass.ask", "{'organisation':'o_b','reason':'it is on fire'}"));
    const char *it = id_of(&town);
    CHECK_NUMBER(town_ask(&town, "p_8", "glass.approve", it), ST_DENIED);
    CHECK_NUMBER(town_ask(&town, "p_9", "raise.approve", it), ST_NOT_FOUND);
    CHECK_OK(town_ask(&town, "p_9", "glass.approve", it));
    CHECK(slice_starts(town_log(&town), LIT("access.glass.broken ")));
    CHECK(has_right(&town, "p_8", "people.end"));
    CHECK(!has_right(&town, "p_9", "people.end"));
    town.now.us += HOUR_US;
    CHECK(!has_right(&town, "p_8", "people.end"));
    town_close(&town);
}

/* Nothing is kept in a session: what the database says counts at the next question. */
static void a_change_of_function_counts_at_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct town town = town_create();
    struct account account;
    fill(&town);
    CHECK_OK(town_ask(&town, "p_1", "raise.ask", "{'right':'people.end','reason':'somebody leaves','minutes':60}"));
    CHECK_OK(town_ask(&town, "p_2", "raise.approve", id_of(&town)));
    CHECK(has_right(&town, "p_1", "people.end") && has_right(&town, "p_1", "factors.own"));
    CHECK_OK(identity_load_account(town.identity, LIT("p_1"), arena, &account, NULL));
    account.function = LIT("organizer");
    CHECK_OK(identity_save_account(town.identity, &account, NULL));
    CHECK(!has_right(&town, "p_1", "people.end"));
    CHECK(!has_right(&town, "p_1", "people.read"));
    CHECK(has_right(&town, "p_1", "meetings.read") && has_right(&town, "p_1", "factors.own"));
    account.version++;
    account.state = ACCOUNT_ENDED;
    account.ended = town.now;
    CHECK_OK(identity_save_account(town.identity, &account, NULL));
    CHECK_NUMBER(town_ask(&town, "p_1", "me.show", "{}"), ST_DENIED);
    TOWN_GOT(&town, "code", "ended");
    town_close(&town);
}

static enum status check_session(struct town *town, const char *person, const char *right)
{
    struct command question = {.name = LIT("session.check"), .json = LIT("{}"), .planned = LIT("meetings.list"),
                               .right = slice_from(right),
                               .credentials = {.address = town->address}};
    if (person != NULL)
        question.credentials.session = town_session(town, person);
    authd_command(town->authd, ROLE_API, &question, town->now, town);
    return town->status;
}

static void a_route_asks_for_its_right(void)
{
    struct town town = town_create();
    struct right_use uses;
    fill(&town);
    CHECK_OK(check_session(&town, "p_3", "meetings.read"));
    TOWN_GOT(&town, "person", "p_3");
    TOWN_GOT(&town, "function", "organizer");
    CHECK_OK(identity_list_uses(town.identity, LIT("p_3"), &uses, NULL));
    CHECK_NUMBER(uses.last[RIGHT_MEETINGS_READ].us, BEGIN.us);
    CHECK_NUMBER(check_session(&town, "p_1", "meetings.read"), ST_DENIED);
    CHECK_NUMBER(check_session(&town, "p_3", "meetings.write"), ST_DENIED);
    CHECK_NUMBER(check_session(&town, "p_3", ""), ST_DENIED); /* a route that forgot its right */
    CHECK_NUMBER(check_session(&town, NULL, "meetings.read"), ST_DENIED);
    TOWN_GOT(&town, "code", "no_session");
    town_close(&town);
}

int main(void)
{
    TEST(a_raise_takes_two_and_ends);
    TEST(an_only_administrator_asks_the_operator);
    TEST(the_glass_takes_two_operators);
    TEST(a_change_of_function_counts_at_once);
    TEST(a_route_asks_for_its_right);
    return check_done();
}
