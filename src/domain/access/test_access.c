#include "check.h"
#include "domain/access/access.h"

#define AT ((struct instant){INT64_C(1790000000000000)})

static struct access_caller caller_of(enum access_function function, enum access_kind kind)
{
    return (struct access_caller){
        .person = LIT("p_me"),
        .organisation = LIT("o_mine"),
        .kind = kind,
        .function = function,
        .active = true,
        .session = SESSION_FULL,
        .factor = FACTOR_PASSKEY,
        .inside = true,
    };
}

static struct access_grant raise_of(enum access_right right)
{
    return (struct access_grant){
        .id = LIT("g_1"),
        .account = LIT("p_me"),
        .organisation = LIT("o_mine"),
        .cause = CAUSE_RAISE,
        .right = right,
        .reason = LIT("somebody new begins"),
        .approved_by = LIT("p_other"),
        .wanted = RAISE_MAX,
        .asked = {AT.us - HOUR_US},
        .from = {AT.us - HOUR_US},
        .until = {AT.us + HOUR_US},
    };
}

enum whose { MINE, ASSIGNED, COLLEAGUES, FOREIGN, ORPHANED };
static struct access_object object_of(enum whose whose, enum access_stage stage)
{
    struct access_object object = {.stage = stage};
    object.organisation = whose <= COLLEAGUES && whose != ASSIGNED ? LIT("o_mine") : LIT("o_other");
    object.owner = whose == MINE ? LIT("p_me") : LIT("p_other");
    object.assigned = whose == ASSIGNED ? LIT("p_me") : SLICE_NONE;
    object.orphaned = whose == ORPHANED;
    return object;
}

#define CLIENT ACCESS_CLIENT
#define PROCESSOR ACCESS_PROCESSOR
#define HOUSE ACCESS_OPERATOR

/* What a function may do without any grant; on its own, a colleague's, another organisation's. */
static const struct {
    enum access_function function;
    enum access_kind kind;
    enum access_right right;
    enum whose whose;
    enum access_stage stage;
    enum access_denial denial;
} standing[] = {
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_MEETINGS_READ, MINE, STAGE_OVER, DENIED_ALLOWED},
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_MEETINGS_READ, COLLEAGUES, STAGE_OVER, DENIED_NOT_OWN},
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_MEETINGS_READ, FOREIGN, STAGE_OVER, DENIED_ORGANISATION},
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_REQUESTS_READ, MINE, STAGE_PROGRESS, DENIED_FUNCTION},
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_EVIDENCE_READ, MINE, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_RAISES_ASK, MINE, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_ADMINISTRATOR, CLIENT, RIGHT_MEETINGS_READ, MINE, STAGE_OVER, DENIED_FUNCTION},
    {FUNCTION_ADMINISTRATOR, CLIENT, RIGHT_PEOPLE_READ, COLLEAGUES, STAGE_NONE, DENIED_ALLOWED},
    {FUNCTION_ADMINISTRATOR, CLIENT, RIGHT_PEOPLE_READ, FOREIGN, STAGE_NONE, DENIED_ORGANISATION},
    {FUNCTION_ADMINISTRATOR, CLIENT, RIGHT_PEOPLE_END, COLLEAGUES, STAGE_NONE, DENIED_NOT_RAISED},
    {FUNCTION_ADMINISTRATOR, CLIENT, RIGHT_RIGHTS_CHANGE, COLLEAGUES, STAGE_NONE, DENIED_NOT_RAISED},
    {FUNCTION_ADMINISTRATOR, CLIENT, RIGHT_KEYS_ROTATE, COLLEAGUES, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_ADMINISTRATOR, HOUSE, RIGHT_PEOPLE_READ, COLLEAGUES, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_AUDITOR, CLIENT, RIGHT_EVIDENCE_READ, FOREIGN, STAGE_NONE, DENIED_ALLOWED},
    {FUNCTION_AUDITOR, CLIENT, RIGHT_REGISTERS_READ, COLLEAGUES, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_AUDITOR, PROCESSOR, RIGHT_EVIDENCE_READ, FOREIGN, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_SUPERVISOR, PROCESSOR, RIGHT_REQUESTS_READ, ASSIGNED, STAGE_PROGRESS, DENIED_ALLOWED},
    {FUNCTION_SUPERVISOR, PROCESSOR, RIGHT_REQUESTS_EDIT, ASSIGNED, STAGE_PROGRESS, DENIED_ALLOWED},
    {FUNCTION_SUPERVISOR, PROCESSOR, RIGHT_REQUESTS_READ, ASSIGNED, STAGE_OVER, DENIED_OVER},
    {FUNCTION_SUPERVISOR, PROCESSOR, RIGHT_REQUESTS_READ, ASSIGNED, STAGE_NONE, DENIED_OVER},
    {FUNCTION_SUPERVISOR, PROCESSOR, RIGHT_REQUESTS_READ, FOREIGN, STAGE_PROGRESS, DENIED_NOT_ASSIGNED},
    {FUNCTION_SUPERVISOR, PROCESSOR, RIGHT_REQUESTS_ASSIGN, ASSIGNED, STAGE_PROGRESS, DENIED_FUNCTION},
    {FUNCTION_SUPERVISOR, CLIENT, RIGHT_REQUESTS_READ, ASSIGNED, STAGE_PROGRESS, DENIED_FUNCTION},
    {FUNCTION_SUPERVISION_LEAD, HOUSE, RIGHT_REQUESTS_READ, FOREIGN, STAGE_PROGRESS, DENIED_ALLOWED},
    {FUNCTION_SUPERVISION_LEAD, HOUSE, RIGHT_REQUESTS_READ, FOREIGN, STAGE_OVER, DENIED_OVER},
    {FUNCTION_OPERATOR, HOUSE, RIGHT_REQUESTS_READ, ASSIGNED, STAGE_PROGRESS, DENIED_FUNCTION},
    {FUNCTION_OPERATOR, HOUSE, RIGHT_PEOPLE_END, FOREIGN, STAGE_NONE, DENIED_NOT_RAISED},
    {FUNCTION_OPERATOR, HOUSE, RIGHT_RAISES_APPROVE, COLLEAGUES, STAGE_NONE, DENIED_ALLOWED},
    {FUNCTION_OPERATOR, HOUSE, RIGHT_RAISES_APPROVE, FOREIGN, STAGE_NONE, DENIED_ORGANISATION},
    {FUNCTION_OPERATOR, HOUSE, RIGHT_RAISES_APPROVE, ORPHANED, STAGE_NONE, DENIED_ALLOWED},
    {FUNCTION_OPERATOR, CLIENT, RIGHT_SERVICE_WATCH, FOREIGN, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_INTERNAL_AUDITOR, HOUSE, RIGHT_REGISTERS_READ, FOREIGN, STAGE_NONE, DENIED_ALLOWED},
    {FUNCTION_INTERNAL_AUDITOR, HOUSE, RIGHT_RIGHTS_CHANGE, COLLEAGUES, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_NONE, CLIENT, RIGHT_ACCOUNT_OWN, MINE, STAGE_NONE, DENIED_ANONYMOUS},
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_NONE, MINE, STAGE_NONE, DENIED_NO_RIGHT},
    {FUNCTION_ORGANIZER, CLIENT, RIGHT_COUNT_, MINE, STAGE_NONE, DENIED_NO_RIGHT},
    {FUNCTION_ATTENDEE, CLIENT, RIGHT_MEETINGS_ANSWER, MINE, STAGE_NONE, DENIED_FUNCTION},
    {FUNCTION_SERVICE, CLIENT, RIGHT_PEOPLE_PROVISION, COLLEAGUES, STAGE_NONE, DENIED_FUNCTION},
};

static void what_functions_hold(void)
{
    for (size_t i = 0; i < sizeof standing / sizeof *standing; i++) {
        check_row(access_function_name(standing[i].function));
        struct access_ask ask = {
            .caller = caller_of(standing[i].function, standing[i].kind),
            .right = standing[i].right,
            .object = object_of(standing[i].whose, standing[i].stage),
            .now = AT,
        };
        struct access_answer answer = access_decide(&ask);
        CHECK_TEXT(slice_from(access_denial_name(answer.denial)),
                   access_denial_name(standing[i].denial));
        CHECK((answer.row != NULL) == (answer.denial == DENIED_ALLOWED));
    }
}

/* One thing about the caller changed, and what it costs. */
static void how_one_came_in(void)
{
    struct access_ask ask = {.caller = caller_of(FUNCTION_SUPERVISOR, PROCESSOR),
                             .right = RIGHT_REQUESTS_READ,
                             .object = object_of(ASSIGNED, STAGE_PROGRESS),
                             .now = AT};
    CHECK(access_allows(&ask));
    ask.caller.inside = false;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_NETWORK);
    ask.caller.inside = true;
    ask.caller.factor = FACTOR_RECOVERY;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_FACTOR);
    ask.right = RIGHT_ACCOUNT_OWN;
    ask.object = object_of(MINE, STAGE_NONE);
    ask.caller.factor = FACTOR_NONE; /* one factor, or none that we know: nothing at all */
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_FACTOR);
    CHECK_NUMBER(access_has(&ask).denial, DENIED_FACTOR);
    CHECK(access_rights(&ask.caller, NULL, AT) == 0);
    ask.caller.factor = FACTOR_CODE;
    CHECK(access_allows(&ask));
    ask.right = RIGHT_REQUESTS_READ;
    ask.object = object_of(ASSIGNED, STAGE_PROGRESS);
    ask.caller.active = false;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ENDED);
    ask.caller.active = true;
    ask.caller.session = SESSION_ANONYMOUS;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ANONYMOUS);
    ask.caller.session = SESSION_ENROLMENT;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ENROLMENT);
    ask.right = RIGHT_FACTORS_OWN;
    ask.object = object_of(MINE, STAGE_NONE);
    CHECK(access_allows(&ask));
    ask.caller.person = SLICE_NONE;
    ask.object.owner = SLICE_NONE;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ANONYMOUS);
}

static void what_is_unknown_is_nobodys(void)
{
    struct access_ask ask = {.caller = caller_of(FUNCTION_ADMINISTRATOR, CLIENT),
                             .right = RIGHT_PEOPLE_READ,
                             .now = AT};
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ORGANISATION);
    ask.caller.organisation = SLICE_NONE;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ORGANISATION);
}

static void tokens_have_their_scopes(void)
{
    struct access_ask ask = {.caller = caller_of(FUNCTION_ORGANIZER, CLIENT),
                             .right = RIGHT_MEETINGS_READ,
                             .object = object_of(MINE, STAGE_NONE),
                             .now = AT};
    ask.caller.session = SESSION_TOKEN;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_SCOPE);
    ask.caller.scopes = 1u << SCOPE_EVIDENCE;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_SCOPE);
    ask.caller.scopes = 1u << SCOPE_MEETINGS;
    CHECK(access_allows(&ask));
    ask.caller.function = FUNCTION_ADMINISTRATOR; /* changed since the token was made */
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_FUNCTION);
    ask.caller.function = FUNCTION_ORGANIZER;
    ask.right = RIGHT_TOKENS_OWN; /* a token makes no tokens */
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_SCOPE);

    ask.caller = caller_of(FUNCTION_SERVICE, CLIENT);
    ask.caller.session = SESSION_TOKEN;
    ask.caller.scopes = 1u << SCOPE_SCIM;
    ask.right = RIGHT_PEOPLE_PROVISION;
    CHECK(access_allows(&ask));
    ask.object = object_of(FOREIGN, STAGE_NONE);
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ORGANISATION);
}

static void guests_have_their_link(void)
{
    struct access_ask ask = {.caller = caller_of(FUNCTION_ATTENDEE, CLIENT),
                             .right = RIGHT_MEETINGS_ANSWER,
                             .object = object_of(MINE, STAGE_PROGRESS),
                             .now = AT};
    ask.caller.session = SESSION_LINK;
    CHECK(access_allows(&ask));
    ask.object = object_of(COLLEAGUES, STAGE_PROGRESS);
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_NOT_OWN);
    ask.right = RIGHT_MEETINGS_READ;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_FUNCTION);
    ask.caller.function = FUNCTION_ORGANIZER; /* a link signs nobody in */
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_FUNCTION);
}

/* A raise, bent in one place: what it is still good for. */
static void a_raise_gives_its_right_only(void)
{
    struct access_grant grant = raise_of(RIGHT_PEOPLE_END);
    struct access_grant_list grants = {&grant, 1, 1};
    struct access_ask ask = {.caller = caller_of(FUNCTION_ADMINISTRATOR, CLIENT),
                             .grants = &grants,
                             .right = RIGHT_PEOPLE_END,
                             .object = object_of(COLLEAGUES, STAGE_NONE),
                             .now = AT};
    CHECK(access_allows(&ask));
    CHECK(access_decide(&ask).grant == &grant);
    ask.right = RIGHT_PROVIDERS_MANAGE;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_NOT_RAISED);
    ask.right = RIGHT_PEOPLE_END;
    ask.object = object_of(FOREIGN, STAGE_NONE);
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ORGANISATION);
    ask.object = object_of(COLLEAGUES, STAGE_NONE);

    ask.now = grant.until;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_NOT_RAISED);
    ask.now = (struct instant){grant.until.us - 1};
    CHECK(access_allows(&ask));
    ask.now = (struct instant){grant.from.us - 1};
    CHECK(!access_allows(&ask));
    ask.now = AT;

    struct access_caller me = ask.caller;
    ask.caller.person = LIT("p_third");
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_NOT_RAISED);
    ask.caller = me;
    ask.caller.organisation = LIT("o_other"); /* moved there: a raise stays behind */
    ask.object = object_of(FOREIGN, STAGE_NONE);
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_NOT_RAISED);
    ask.object = object_of(COLLEAGUES, STAGE_NONE);
    ask.caller = me;
    ask.caller.function = FUNCTION_ORGANIZER; /* changed: a raise of the old one gives nothing */
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_FUNCTION);
}

/* A row that could not have come about gives nothing. */
static void what_is_no_raise_gives_nothing(void)
{
    struct access_grant grant = raise_of(RIGHT_PEOPLE_END);
    struct access_grant_list grants = {&grant, 1, 1};
    struct access_ask ask = {.caller = caller_of(FUNCTION_ADMINISTRATOR, CLIENT),
                             .grants = &grants,
                             .right = RIGHT_PEOPLE_END,
                             .object = object_of(COLLEAGUES, STAGE_NONE),
                             .now = AT};
    CHECK(access_allows(&ask));
    grant.approved_by = grant.account;
    CHECK(!access_allows(&ask));
    grant.approved_by = SLICE_NONE;
    CHECK(!access_allows(&ask));
    grant = raise_of(RIGHT_PEOPLE_END);
    grant.ended = AT;
    CHECK(!access_allows(&ask));
    grant = raise_of(RIGHT_PEOPLE_END);
    grant.cause = CAUSE_GLASS;
    CHECK(!access_allows(&ask));
    grant = raise_of(RIGHT_PEOPLE_END);
    grant.reason = SLICE_NONE;
    CHECK(!access_allows(&ask));
    grant = raise_of(RIGHT_PEOPLE_END);
    grant.from = (struct instant){AT.us - 8 * HOUR_US}; /* a row that says more than a raise may */
    grant.asked = grant.from;
    CHECK(!access_allows(&ask));
}

static void what_is_listed_for_a_page(void)
{
    struct access_caller me = caller_of(FUNCTION_ADMINISTRATOR, CLIENT);
    struct access_grant grant = raise_of(RIGHT_PEOPLE_END);
    struct access_grant_list grants = {&grant, 1, 1};
    uint64_t before = access_rights(&me, NULL, AT), raised = access_rights(&me, &grants, AT);
    CHECK_NUMBER(raised & ~before, UINT64_C(1) << RIGHT_PEOPLE_END);
    CHECK_NUMBER(before >> RIGHT_PEOPLE_READ & 1, 1);
    CHECK_NUMBER(access_rights(&me, &grants, grant.until), before);
    struct access_ask ask = {.caller = me, .grants = &grants, .right = RIGHT_PEOPLE_END, .now = AT};
    CHECK_NUMBER(access_has(&ask).denial, DENIED_ALLOWED);
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ORGANISATION); /* of nothing that is known */
    ask.grants = NULL;
    CHECK_NUMBER(access_has(&ask).denial, DENIED_NOT_RAISED);
    me.active = false;
    CHECK_NUMBER(access_rights(&me, &grants, AT), 0);
}

static void raising_takes_two(void)
{
    struct access_caller asker = caller_of(FUNCTION_ADMINISTRATOR, CLIENT), second = asker;
    second.person = LIT("p_other");
    struct access_grant grant = {.id = LIT("g_1")};
    struct slice why = LIT("a colleague leaves today");
    CHECK_NUMBER(access_raise_ask(&asker, RIGHT_KEYS_ROTATE, SLICE_NONE, why, minutes(60), AT, &grant, NULL), ST_DENIED);
    CHECK_NUMBER(access_raise_ask(&asker, RIGHT_PEOPLE_READ, SLICE_NONE, why, minutes(60), AT, &grant, NULL), ST_DENIED);
    CHECK_NUMBER(access_raise_ask(&asker, RIGHT_PEOPLE_END, LIT("o_other"), why, minutes(60), AT, &grant, NULL), ST_DENIED);
    CHECK_NUMBER(access_raise_ask(&asker, RIGHT_PEOPLE_END, SLICE_NONE, LIT("   so    "), minutes(60), AT, &grant, NULL), ST_INVALID);
    CHECK_NUMBER(access_raise_ask(&asker, RIGHT_PEOPLE_END, SLICE_NONE, LIT("because \xFF of it"), minutes(60), AT, &grant, NULL), ST_INVALID);
    CHECK_NUMBER(access_raise_ask(&asker, RIGHT_PEOPLE_END, SLICE_NONE, why, minutes(481), AT, &grant, NULL), ST_INVALID);
    CHECK_NUMBER(access_raise_ask(&asker, RIGHT_PEOPLE_END, SLICE_NONE, why, minutes(0), AT, &grant, NULL), ST_INVALID);
    CHECK_OK(access_raise_ask(&asker, RIGHT_PEOPLE_END, SLICE_NONE, why, minutes(480), AT, &grant, NULL));
    CHECK_TEXT(grant.id, "g_1");
    CHECK_TEXT(grant.target, "o_mine");
    CHECK_NUMBER(access_grant_state(&grant, AT), GRANT_ASKED);

    CHECK_NUMBER(access_grant_approve(&grant, &asker, 1, AT, NULL), ST_DENIED);
    CHECK_NUMBER(access_grant_approve(&grant, &asker, 0, AT, NULL), ST_DENIED);
    struct access_caller stranger = second;
    stranger.organisation = LIT("o_other");
    CHECK_NUMBER(access_grant_approve(&grant, &stranger, 1, AT, NULL), ST_DENIED);
    second.function = FUNCTION_ORGANIZER;
    CHECK_NUMBER(access_grant_approve(&grant, &second, 1, AT, NULL), ST_DENIED);
    second.function = FUNCTION_ADMINISTRATOR;
    second.session = SESSION_TOKEN;
    CHECK_NUMBER(access_grant_approve(&grant, &second, 1, AT, NULL), ST_DENIED);
    second.session = SESSION_FULL;
    CHECK_NUMBER(access_grant_approve(&grant, &second, 1, instant_add(AT, RAISE_WAITS), NULL), ST_CONFLICT);
    CHECK_OK(access_grant_approve(&grant, &second, 1, AT, NULL));
    CHECK_NUMBER(grant.until.us - grant.from.us, 8 * HOUR_US);
    CHECK_NUMBER(access_grant_approve(&grant, &second, 1, AT, NULL), ST_CONFLICT);
    CHECK_NUMBER(access_grant_state(&grant, instant_add(AT, RAISE_MAX)), GRANT_OVER);

    CHECK_NUMBER(access_grant_end(&grant, &stranger, 1, AT, NULL), ST_DENIED);
    CHECK_OK(access_grant_end(&grant, &asker, 1, AT, NULL));
    CHECK_NUMBER(access_grant_state(&grant, AT), GRANT_OVER);
    CHECK_NUMBER(access_grant_end(&grant, &second, 1, AT, NULL), ST_CONFLICT);
}

/* An organisation with one person for it: the operator is the second. */
static void the_only_administrator(void)
{
    struct access_caller asker = caller_of(FUNCTION_ADMINISTRATOR, CLIENT);
    struct access_caller operator = caller_of(FUNCTION_OPERATOR, HOUSE);
    operator.person = LIT("p_operator");
    operator.organisation = LIT("o_house");
    struct access_grant grant = {.id = LIT("g_1")};
    CHECK_OK(access_raise_ask(&asker, RIGHT_RIGHTS_CHANGE, SLICE_NONE, LIT("somebody new begins"), minutes(30), AT, &grant, NULL));
    CHECK_NUMBER(access_grant_approve(&grant, &operator, 1, AT, NULL), ST_DENIED);
    CHECK_OK(access_grant_approve(&grant, &operator, 0, AT, NULL));
    CHECK_TEXT(grant.approved_by, "p_operator");
}

static void breaking_glass_takes_two_operators(void)
{
    struct access_caller one = caller_of(FUNCTION_OPERATOR, HOUSE), two = one;
    two.person = LIT("p_other");
    struct access_grant grant = {.id = LIT("g_1")};
    struct slice why = LIT("nobody can sign in at o_other");
    struct access_caller outsider = caller_of(FUNCTION_ADMINISTRATOR, CLIENT);
    CHECK_NUMBER(access_glass_ask(&outsider, LIT("o_mine"), why, AT, &grant, NULL), ST_DENIED);
    CHECK_NUMBER(access_glass_ask(&one, SLICE_NONE, why, AT, &grant, NULL), ST_INVALID);
    CHECK_NUMBER(access_glass_ask(&one, LIT("o_other"), SLICE_NONE, AT, &grant, NULL), ST_INVALID);
    CHECK_OK(access_glass_ask(&one, LIT("o_other"), why, AT, &grant, NULL));
    CHECK_NUMBER(access_grant_approve(&grant, &one, 0, AT, NULL), ST_DENIED);
    outsider.person = LIT("p_other");
    CHECK_NUMBER(access_grant_approve(&grant, &outsider, 0, AT, NULL), ST_DENIED);
    CHECK_OK(access_grant_approve(&grant, &two, 0, AT, NULL));
    CHECK_NUMBER(grant.until.us - grant.from.us, HOUR_US);

    struct access_grant_list grants = {&grant, 1, 1};
    struct access_ask ask = {.caller = one, .grants = &grants, .right = RIGHT_PEOPLE_END,
                             .object = object_of(FOREIGN, STAGE_NONE), .now = AT};
    CHECK(access_allows(&ask));
    ask.object.organisation = LIT("o_third");
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_ORGANISATION);
    ask.object.organisation = LIT("o_other");
    ask.right = RIGHT_REQUESTS_READ; /* no glass opens a meeting */
    ask.object.stage = STAGE_PROGRESS;
    CHECK_NUMBER(access_decide(&ask).denial, DENIED_FUNCTION);
    ask.right = RIGHT_PEOPLE_END;
    ask.caller = two; /* for the one who asked */
    CHECK(!access_allows(&ask));
    ask.caller = one;
    ask.now = instant_add(AT, GLASS_LENGTH);
    CHECK(!access_allows(&ask));
}

static const struct {
    const char *networks, *address;
    bool inside;
} networks[] = {
    {"10.8.0.0/16", "10.8.3.4", true},
    {"10.8.0.0/16", "10.9.0.1", false},
    {"10.8.0.0/16", "::ffff:10.8.3.4", true},
    {"10.8.4.0/22", "10.8.7.255", true},
    {"10.8.4.0/22", "10.8.8.0", false},
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1", "192.0.2.2", false},
    {"fd00::/8 10.8.0.0/16", "fd12::1", true},
    {"fd00::/8 10.8.0.0/16", "10.8.0.1", true},
    {"fd00::/8", "fe80::1", false},
    {"::1", "::1", true},
    {"0.0.0.0/0", "203.0.113.9", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"", "127.0.0.1", false},
    {"127.0.0.0/8", "", false},
    {"127.0.0.0/8", "localhost", false},
    {"127.0.0.0/8", "127.0.0.1, 10.0.0.1", false},
};
static const char *const no_networks[] = {
    "10.8.0.0/33", "10.8.0.1/16", "10.8/16", "fd00::/129", "fd00::1/8", "vpn", "10.8.0.0/", "/8",
    "10.8.0.0/-1", "10.8.0.0/16,10.9.0.0/16", "10.8.0.0/16 x",
};

static void the_supervision_network(void)
{
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        check_row(networks[i].address);
        CHECK_OK(access_networks_check(slice_from(networks[i].networks), NULL));
        CHECK_NUMBER(access_networks_hold(slice_from(networks[i].networks),
                                          slice_from(networks[i].address)), networks[i].inside);
    }
    for (size_t i = 0; i < sizeof no_networks / sizeof *no_networks; i++) {
        check_row(no_networks[i]);
        CHECK_NUMBER(access_networks_check(slice_from(no_networks[i]), NULL), ST_INVALID);
        CHECK(!access_networks_hold(slice_from(no_networks[i]), LIT("10.9.0.1")));
    }
}

/* What holds of the tables, whatever is added to them. */
static void the_tables_are_sound(void)
{
    bool used[RIGHT_COUNT_] = {false}, has[FUNCTION_COUNT_] = {false};
    for (size_t i = 0; i < access_row_count; i++) {
        const struct access_row *row = &access_rows[i];
        check_row(access_right_name(row->right));
        bool admin = access_right_needs(row->right) & NEED_ADMIN;
        CHECK(!admin || row->hold != HOLD_STANDING);
        CHECK(row->hold != HOLD_RAISED || admin);
        CHECK(row->hold != HOLD_GLASS || row->function == FUNCTION_OPERATOR);
        for (size_t j = 0; j < i; j++)
            CHECK(memcmp(row, &access_rows[j], sizeof *row) != 0);
        used[row->right] = has[row->function] = true;
    }
    for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_; right++) {
        check_row(access_right_name(right));
        enum access_right found = RIGHT_NONE;
        CHECK(used[right]);
        CHECK(access_right_from_name(slice_from(access_right_name(right)), &found));
        CHECK_NUMBER(found, right);
        CHECK(*access_right_sentence(right, true) && *access_right_sentence(right, false));
    }
    for (int function = FUNCTION_NONE + 1; function < FUNCTION_COUNT_; function++) {
        check_row(access_function_name(function));
        enum access_function found = FUNCTION_NONE;
        CHECK(has[function]);
        CHECK(access_function_from_name(slice_from(access_function_name(function)), &found));
        CHECK_NUMBER(found, function);
        CHECK(*access_function_sentence(function, true) && *access_function_sentence(function, false));
    }
    for (int scope = 0; scope < SCOPE_COUNT_; scope++)
        CHECK(!(access_right_needs(access_scope_right(scope)) & NEED_ADMIN));
    CHECK(access_function_has(FUNCTION_OPERATOR, RIGHT_KEYS_ROTATE));
    CHECK(!access_function_has(FUNCTION_AUDITOR, RIGHT_KEYS_ROTATE));
    CHECK(access_function_administers(FUNCTION_ADMINISTRATOR));
    CHECK(!access_function_administers(FUNCTION_SUPERVISION_LEAD));
    enum access_function none;
    CHECK(!access_function_from_name(LIT(""), &none));
    CHECK(!access_function_from_name(LIT("root"), &none));
}

int main(void)
{
    TEST(what_functions_hold);
    TEST(how_one_came_in);
    TEST(what_is_unknown_is_nobodys);
    TEST(tokens_have_their_scopes);
    TEST(guests_have_their_link);
    TEST(a_raise_gives_its_right_only);
    TEST(what_is_no_raise_gives_nothing);
    TEST(what_is_listed_for_a_page);
    TEST(raising_takes_two);
    TEST(the_only_administrator);
    TEST(breaking_glass_takes_two_operators);
    TEST(the_supervision_network);
    TEST(the_tables_are_sound);
    return check_done();
}
