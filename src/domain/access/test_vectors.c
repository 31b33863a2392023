/* Authorization cases of the files named, one JSON object a line: role, action, state, over_vpn,
 * own_or_assigned, and "allow" or "deny". Their words are mapped here:
 *   client_user: organizer; client_auditor: auditor; auditor: internal auditor; support: operator;
 *   admin: an administrator while their raise of the right is active; anonymous: nobody
 *   pending, in_progress, awaiting_reply: in progress; all other states: over
 *   reading a request is the organizer's meetings.read and the supervision's requests.read; what an
 *   attachment says is part of the request; exporting one is no right of anybody */
#include "check.h"
#include "domain/access/access.h"
#include "formats/json/json.h"

enum { FILE_BYTES_MAX = 8 << 20 };
#define AT ((struct instant){INT64_C(1790000000000000)})

static const struct {
    const char *role;
    enum access_function function;
    enum access_kind kind;
    bool raised;
} roles[] = {
    {"anonymous", FUNCTION_NONE, ACCESS_CLIENT, false},
    {"client_user", FUNCTION_ORGANIZER, ACCESS_CLIENT, false},
    {"client_auditor", FUNCTION_AUDITOR, ACCESS_CLIENT, false},
    {"admin", FUNCTION_ADMINISTRATOR, ACCESS_CLIENT, true},
    {"supervisor", FUNCTION_SUPERVISOR, ACCESS_PROCESSOR, false},
    {"supervision_lead", FUNCTION_SUPERVISION_LEAD, ACCESS_PROCESSOR, false},
    {"support", FUNCTION_OPERATOR, ACCESS_OPERATOR, false},
    {"auditor", FUNCTION_INTERNAL_AUDITOR, ACCESS_OPERATOR, false},
};
static const struct {
    const char *action;
    enum access_right rights[2];
} actions[] = {
    {"read_request", {RIGHT_MEETINGS_READ, RIGHT_REQUESTS_READ}},
    {"read_attachment", {RIGHT_MEETINGS_READ, RIGHT_REQUESTS_READ}},
    {"edit_request", {RIGHT_REQUESTS_EDIT, RIGHT_NONE}},
    {"export_request", {RIGHT_NONE, RIGHT_NONE}},
    {"change_rights", {RIGHT_RIGHTS_CHANGE, RIGHT_NONE}},
    {"read_register", {RIGHT_REGISTERS_READ, RIGHT_NONE}},
    {"read_evidence", {RIGHT_EVIDENCE_READ, RIGHT_NONE}},
};
static const struct {
    const char *state;
    enum access_stage stage;
} states[] = {
    {"pending", STAGE_PROGRESS}, {"in_progress", STAGE_PROGRESS}, {"awaiting_reply", STAGE_PROGRESS},
    {"confirmed", STAGE_OVER}, {"cancelled", STAGE_OVER}, {"closed", STAGE_OVER},
};

/* Position of the row whose name is `value`; the count if there is none, which fails the case. */
#define ROW_OF(table, member, value, out)                                                          \
    do {                                                                                           \
        for ((out) = 0; (out) < sizeof(table) / sizeof *(table); (out)++)                          \
            if (slice_equal((value), slice_from((table)[out].member)))                             \
                break;                                                                             \
    } while (0)

static bool try_case(const json_t *value)
{
    size_t role, action, state;
    ROW_OF(roles, role, json_text(value, "role"), role);
    ROW_OF(actions, action, json_text(value, "action"), action);
    ROW_OF(states, state, json_text(value, "state"), state);
    if (role == sizeof roles / sizeof *roles || action == sizeof actions / sizeof *actions ||
        state == sizeof states / sizeof *states)
        return false;
    bool mine = json_flag(value, "own_or_assigned", false);
    struct access_ask ask = {
        .caller = {LIT("p_me"), LIT("o_mine"), roles[role].kind, roles[role].function, true,
                   SESSION_FULL, FACTOR_PASSKEY, 0, json_flag(value, "over_vpn", false)},
        .object = {LIT("o_mine"), mine ? LIT("p_me") : LIT("p_other"),
                   mine ? LIT("p_me") : LIT("p_other"), false, states[state].stage},
        .now = AT,
    };
    bool allowed = false;
    for (size_t i = 0; i < 2; i++) {
        struct access_grant raise = {
            .account = LIT("p_me"), .organisation = LIT("o_mine"), .right = actions[action].rights[i],
            .reason = LIT("as the case says"), .approved_by = LIT("p_other"), .wanted = RAISE_MAX,
            .asked = AT, .from = AT, .until = instant_add(AT, RAISE_MAX)};
        struct access_grant_list grants = {&raise, roles[role].raised ? 1 : 0, 1};
        ask.grants = &grants;
        ask.right = actions[action].rights[i];
        allowed |= access_allows(&ask);
    }
    return slice_equal(json_text(value, "expect"), allowed ? LIT("allow") : LIT("deny"));
}

static void try_file(const char *path)
{
    AUTO_ARENA arena = arena_create(FILE_BYTES_MAX * 2);
    struct slice text, line;
    CHECK_OK(file_read(path, FILE_BYTES_MAX, arena, &text, NULL));
    size_t cases = 0;
    while (slice_next_line(&text, &line)) {
        if (slice_trim(line).len == 0)
            continue;
        check_row(arena_text(arena, line));
        AUTO_JSON value = NULL;
        CHECK_OK(json_read(line, &value, NULL));
        CHECK(try_case(value));
        cases++;
    }
    check_row(path);
    CHECK(cases > 0);
    printf("# %zu cases\n", cases);
    test_done("authorization");
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        try_file(argv[i]);
    CHECK(argc > 1);
    return check_done();
}
