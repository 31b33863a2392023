/* Reviews as people answer them: who sees what, what is carried out, who is asked and reminded. */
#include "roles/authd/reviews.h"
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
    town_add(town, "p_7", "o_z", "internal_auditor");
}

static enum status as_root(struct town *town, const char *command, const char *json)
{
    char *text = arena_text(town->arena, slice_from(json));
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    return authd_as_root(town->authd, command, slice_from(text), town->now, town->arena, &town->json);
}

/* The review of an organisation, as the word in {"id"}. */
static const char *begin(struct town *town, const char *organisation)
{
    CHECK_OK(as_root(town, "review.start",
                     arena_format(town->arena, "{'organisation':'%s'}", organisation).data));
    TOWN_GOT(town, "begun", "1");
    return town_got(town, "begun.0").data;
}

static const char *decision(struct town *town, const char *review, const char *item,
                            const char *rest)
{
    return arena_format(town->arena, "{'id':'%s','item':'%s',%s}", review, item, rest).data;
}

static void add_token(struct town *town, const char *id, const char *account)
{
    struct token token = {.token_hash = slice_from(id), .id = slice_from(id),
                          .account = slice_from(account), .scopes = LIT("meetings"),
                          .made = {BEGIN.us - 100 * DAY_US}, .ends = {BEGIN.us + 100 * DAY_US},
                          .details = {LIT("sealed")}};
    CHECK_OK(identity_add_token(town->identity, &token, NULL));
}

static void everybody_sees_their_part(void)
{
    struct town town = town_create();
    fill(&town);
    const char *review = begin(&town, "o_a");
    const char *it = arena_format(town.arena, "{'id':'%s'}", review).data;
    CHECK_NUMBER(as_root(&town, "review.start", "{'organisation':'o_a'}"), ST_CONFLICT);
    CHECK_OK(town_ask(&town, "p_1", "review.show", it));
    CHECK_TEXT(town_got(&town, "functions.0"), "organizer");
    TOWN_GOT(&town, "list", "3"); /* p_1, p_2, p_3 */
    TOWN_GOT(&town, "items", "3");
    TOWN_GOT(&town, "list.0.name", "Name of p_1");
    TOWN_GOT(&town, "list.0.reviewer", "p_2");
    TOWN_GOT(&town, "list.1.reviewer", "p_1");
    TOWN_GOT(&town, "list.0.doubt", "unused");
    CHECK_OK(town_ask(&town, "p_7", "review.list", "{}")); /* who audits sees all */
    TOWN_GOT(&town, "reviews", "1");
    CHECK_OK(town_ask(&town, "p_4", "review.list", "{}"));
    TOWN_GOT(&town, "reviews", "0");
    CHECK_NUMBER(town_ask(&town, "p_4", "review.show", it), ST_NOT_FOUND);
    CHECK_NUMBER(town_ask(&town, "p_3", "review.list", "{}"), ST_DENIED);
    CHECK_NUMBER(town_ask(&town, NULL, "review.show", it), ST_DENIED);
    town_close(&town);
}

/* Whoever decides on a raised right reads which. */
static void a_raised_right_is_named(void)
{
    struct town town = town_create();
    fill(&town);
    CHECK_OK(town_ask(&town, "p_1", "raise.ask", "{'right':'people.end','minutes':60,'reason':'for the test'}"));
    const char *review = begin(&town, "o_a");
    CHECK_OK(town_ask(&town, "p_2", "review.show", arena_format(town.arena, "{'id':'%s'}", review).data));
    TOWN_GOT(&town, "list.0.what", "");
    TOWN_GOT(&town, "list.3.kind", "grant");
    TOWN_GOT(&town, "list.3.what", "people.end");
    TOWN_GOT(&town, "list.3.reviewer", "p_2");
    town_close(&town);
}

static void decisions_are_carried_out(void)
{
    struct town town = town_create();
    struct account account;
    struct token_list tokens;
    fill(&town);
    add_token(&town, "t_1", "p_3");
    const char *review = begin(&town, "o_a");
    CHECK_OK(town_ask(&town, "p_1", "review.show", arena_format(town.arena, "{'id':'%s'}", review).data));
    TOWN_GOT(&town, "list.3.kind", "token");
    /* Item 1 is p_1's account, for p_2 to decide on; 2 the other way round. */
    CHECK_NUMBER(town_ask(&town, "p_1", "review.decide", decision(&town, review, "1", "'decision':'keep'")), ST_DENIED);
    CHECK_NUMBER(town_ask(&town, "p_2", "review.decide", decision(&town, review, "1", "'decision':'burn'")), ST_INVALID);
    CHECK_NUMBER(town_ask(&town, "p_2", "review.decide", decision(&town, review, "9", "'decision':'keep'")), ST_NOT_FOUND);
    CHECK_NUMBER(town_ask(&town, "p_4", "review.decide", decision(&town, review, "1", "'decision':'keep'")), ST_NOT_FOUND);
    CHECK_OK(town_ask(&town, "p_2", "review.decide", decision(&town, review, "1", "'decision':'keep','note':'still here'")));
    CHECK_NUMBER(town_ask(&town, "p_2", "review.decide", decision(&town, review, "1", "'decision':'remove'")), ST_CONFLICT);
    CHECK(!slice_contains(town_log(&town), LIT("still here")));

    TOWN_GOT(&town, "code", "");
    CHECK_OK(as_root(&town, "review.show", arena_format(town.arena, "{'id':'%s'}", review).data));
    TOWN_GOT(&town, "list.0.note", "still here");
    const char *third = town_got(&town, "list.2.reviewer").data, *token = town_got(&town, "list.3.reviewer").data;
    CHECK_NUMBER(town_ask(&town, third, "review.decide", decision(&town, review, "3", "'decision':'change','function':'administrator'")), ST_DENIED);
    CHECK_OK(town_ask(&town, third, "review.decide", decision(&town, review, "3", "'decision':'change','function':'auditor'")));
    CHECK_OK(identity_load_account(town.identity, LIT("p_3"), town.arena, &account, NULL));
    CHECK_TEXT(account.function, "auditor");

    CHECK_OK(town_ask(&town, token, "review.decide", decision(&town, review, "4", "'decision':'remove'")));
    CHECK_OK(identity_list_tokens(town.identity, LIT("p_3"), town.arena, &tokens, NULL));
    CHECK_NUMBER(tokens.count, 0);

    CHECK_OK(town_ask(&town, "p_1", "review.decide", decision(&town, review, "2", "'decision':'remove'")));
    CHECK_OK(identity_load_account(town.identity, LIT("p_2"), town.arena, &account, NULL));
    CHECK_NUMBER(account.state, ACCOUNT_ENDED);
    CHECK_NUMBER(town_ask(&town, "p_2", "me.show", "{}"), ST_DENIED); /* at once */
    CHECK_TEXT(town_log(&town), arena_format(town.arena, "access.review.closed review=%s", review).data);
    CHECK_OK(identity_verify_log(town.identity, NULL));
    town_close(&town);
}

/* One administrator: their own account is for an operator. */
static void nobody_answers_for_themself(void)
{
    struct town town = town_create();
    fill(&town);
    const char *review = begin(&town, "o_b");
    CHECK_OK(as_root(&town, "review.show", arena_format(town.arena, "{'id':'%s'}", review).data));
    TOWN_GOT(&town, "list.0.account", "p_4");
    const char *reviewer = town_got(&town, "list.0.reviewer").data;
    CHECK(strcmp(reviewer, "p_8") == 0 || strcmp(reviewer, "p_9") == 0);
    CHECK_OK(town_ask(&town, reviewer, "review.show", arena_format(town.arena, "{'id':'%s'}", review).data));
    TOWN_GOT(&town, "list", "1");
    CHECK_OK(town_ask(&town, reviewer, "review.decide", decision(&town, review, "1", "'decision':'keep'")));
    town_close(&town);
}

static void what_is_due_begins_and_reminds(void)
{
    struct town town = town_create();
    struct account account;
    fill(&town);
    CHECK_OK(as_root(&town, "review.run", "{}"));
    TOWN_GOT(&town, "begun", "0"); /* organisations that came today */
    town.now.us += 92 * DAY_US;
    CHECK_OK(as_root(&town, "review.run", "{}"));
    TOWN_GOT(&town, "begun", "3");
    CHECK_OK(as_root(&town, "review.run", "{}"));
    TOWN_GOT(&town, "begun", "0");
    TOWN_GOT(&town, "reminded", "0");
    town.now.us += 7 * DAY_US;
    CHECK_OK(as_root(&town, "review.run", "{}"));
    CHECK(!slice_equal(town_got(&town, "reminded"), LIT("0")));
    CHECK_OK(as_root(&town, "review.run", "{}"));
    TOWN_GOT(&town, "reminded", "0"); /* once */

    /* Who left reviews nothing more. */
    CHECK_OK(identity_load_account(town.identity, LIT("p_2"), town.arena, &account, NULL));
    account.state = ACCOUNT_ENDED;
    account.ended = town.now;
    CHECK_OK(identity_save_account(town.identity, &account, NULL));
    CHECK_OK(as_root(&town, "review.run", "{}"));
    CHECK(!slice_equal(town_got(&town, "assigned"), LIT("0")));
    CHECK_OK(as_root(&town, "review.list", "{}"));
    TOWN_GOT(&town, "reviews.0.overdue", "0");
    town.now.us += 85 * DAY_US; /* day 92 */
    CHECK_OK(as_root(&town, "review.list", "{}"));
    CHECK(!slice_equal(town_got(&town, "reviews.0.overdue"), LIT("0")));
    CHECK_OK(as_root(&town, "review.show", arena_format(town.arena, "{'id':'%.*s'}", SLICE_ARG(town_got(&town, "reviews.0.id"))).data));
    TOWN_GOT(&town, "list.0.doubt", "overdue");
    town_close(&town);
}

/* 300 accounts: all there, nobody for themself, by the count of the database. */
static void a_large_one_is_complete(void)
{
    struct town town = town_create();
    fill(&town);
    for (int i = 0; i < 60; i++) {
        const char *id = arena_format(town.arena, "p_x%d", i).data;
        town_add(&town, id, "o_a", i % 10 == 0 ? "administrator" : "organizer");
        for (int k = 0; k < 4; k++)
            add_token(&town, arena_format(town.arena, "t_%d_%d", i, k).data, id);
    }
    const char *review = begin(&town, "o_a");
    uint32_t count = 0;
    CHECK_OK(identity_review_count(town.identity, LIT("o_a"), town.now, &count, NULL));
    CHECK_NUMBER(count, 303);
    CHECK_OK(as_root(&town, "review.show", arena_format(town.arena, "{'id':'%s'}", review).data));
    AUTO_JSON root = NULL;
    CHECK_OK(json_read(town.json, &root, NULL));
    json_t *list = json_object_get(root, "list"), *item;
    size_t i, alone = 0;
    CHECK_NUMBER(json_array_size(list), 303);
    json_array_foreach(list, i, item)
        alone += slice_equal(json_text(item, "account"), json_text(item, "reviewer")) ||
                 json_text(item, "reviewer").len == 0;
    CHECK_NUMBER(alone, 0);
    town_close(&town);
}

int main(void)
{
    TEST(everybody_sees_their_part);
    TEST(a_raised_right_is_named);
    TEST(decisions_are_carried_out);
    TEST(nobody_answers_for_themself);
    TEST(what_is_due_begins_and_reminds);
    TEST(a_large_one_is_complete);
    return check_done();
}
