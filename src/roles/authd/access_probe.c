/* Trials of rights, by made-up people: administration without a raise, who leaves, who changes function. */
#include "platform/identity/grants.h"
#include "roles/authd/probes.h"

enum { TRIAL_MINUTES = 30, LET_GO_US = 5 * 1000000 };

/* "standing_rights" */

/* A session of every function, on the supervision network, with nothing raised. */
static void try_functions(struct call *call, struct probe *probe)
{
    size_t tried = 0;
    for (int function = FUNCTION_NONE + 1; function < FUNCTION_COUNT_; function++)
        for (int kind = 0; kind < ACCESS_KIND_COUNT_; kind++) {
            struct access_caller caller = {
                .person = LIT("p_trial"), .organisation = LIT("o_trial"), .kind = (enum access_kind)kind,
                .function = (enum access_function)function, .active = true, .factor = FACTOR_PASSKEY,
                .session = function == FUNCTION_SERVICE ? SESSION_TOKEN : SESSION_FULL, .scopes = UINT32_MAX,
                .inside = true};
            uint64_t rights = access_rights(&caller, NULL, call->now);
            for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_; right++) {
                bool admin = access_right_needs((enum access_right)right) & NEED_ADMIN;
                tried += admin;
                if (!admin || (rights >> right & 1) == 0)
                    continue;
                probe_fact(probe, "function", "%s", access_function_name((enum access_function)function));
                probe_fact(probe, "right", "%s", access_right_name((enum access_right)right));
                (void)!probe_fails(probe, "standing_administrator");
            }
        }
    probe_fact(probe, "tried", "%zu", tried);
}

/* What is wrong with a grant, or NULL. */
static const char *fault_of(const struct access_grant *grant)
{
    if (grant->reason.len == 0)
        return "no_reason";
    if (grant->approved_by.len == 0)
        return NULL; /* asked for only: gives nothing */
    if (slice_equal(grant->approved_by, grant->account))
        return "own_approval";
    int64_t longest = grant->cause == CAUSE_GLASS ? GLASS_LENGTH.us : RAISE_MAX.us;
    bool bounded = grant->until.us > grant->from.us && grant->until.us - grant->from.us <= longest;
    return bounded ? NULL : "no_end";
}

/* All grants that there are: each has a reason that can be read, a second person, an end. */
static enum status look_at_grants(struct call *call, struct probe *probe)
{
    struct stored_grant_list list;
    TRY(identity_list_grants(call->authd->identity, SLICE_NONE, (struct instant){0}, call->arena, &list,
                             &call->why));
    probe_fact(probe, "grants", "%zu", list.count);
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_grant *stored = &list.items[i];
        struct organisation *organisation;
        struct private_text reason;
        const char *fault = fault_of(&stored->grant);
        TRY(get_organisation(call->authd, stored->grant.organisation, &organisation, &call->why));
        enum status opened = open_row(call->authd, organisation, IDENTITY_GRANT, stored->grant.id,
                                      stored->reason, &private_text_record, call->arena, &reason, &call->why);
        if (opened == ST_UNAVAILABLE)
            return opened;
        if (fault == NULL && (opened != ST_OK || reason.text.len == 0))
            fault = "no_reason";
        if (fault == NULL)
            continue;
        probe_fact(probe, "grant", "%.*s", SLICE_ARG(stored->grant.id));
        return probe_fails(probe, fault);
    }
    return probe_holds(probe);
}

/* Somebody whose function administers, signed in, with nothing raised. */
static enum status try_administrator(struct call *call, struct probe *probe)
{
    struct account person;
    struct slice secret;
    TRY(made_up_member(call, "administrator", &person, &secret));
    TRY(begin_session(call, &person, &(struct proof){.factor = "password+code"}));
    TRY(trial_caller(call, call->answer.session));
    enum status status = call_may(call, RIGHT_PEOPLE_END, NULL);
    return status == ST_OK ? probe_fails(probe, "standing_administrator") : ST_OK;
}

static enum status try_standing(struct call *call, struct probe *probe)
{
    try_functions(call, probe);
    TRY(try_administrator(call, probe));
    return look_at_grants(call, probe);
}

/* A made-up person with all that somebody can have */

struct equipped {
    struct account account;
    struct slice session, token, grant;
};

/* A right that was raised: written as if a second person had approved it. */
static enum status add_grant(struct call *call, struct equipped *who, enum access_right right)
{
    struct stored_grant stored = {.grant = {
        .id = database_new_id("g", call->arena), .account = who->account.id,
        .organisation = who->account.organisation, .cause = CAUSE_RAISE, .right = right,
        .wanted = {TRIAL_MINUTES * MINUTE_US}, .asked = call->now, .from = call->now,
        .until = {call->now.us + TRIAL_MINUTES * MINUTE_US}}};
    struct organisation *organisation;
    TRY(get_organisation(call->authd, who->account.organisation, &organisation, &call->why));
    TRY(seal_row(call->authd, organisation, IDENTITY_GRANT, stored.grant.id, &private_text_record,
                 &(struct private_text){LIT("a made-up reason")}, call->arena, &stored.reason, &call->why));
    TRY(identity_add_grant(call->authd->identity, &stored, &call->why));
    struct account second = {.organisation = who->account.organisation, .kind = ACCOUNT_PERSON,
                             .function = LIT("administrator")};
    TRY(create_account(call, &second, &(struct account_details){.name = LIT("Second Person"),
                       .address = LIT("second@trial.example"), .language = LIT("en")}));
    stored.grant.approved_by = second.id;
    who->grant = stored.grant.id;
    return identity_approve_grant(call->authd->identity, &stored.grant, &call->why);
}

/* Their service account, with a token: it goes when its owner does. */
static enum status add_service(struct call *call, struct equipped *who)
{
    struct account service = {.organisation = who->account.organisation, .kind = ACCOUNT_SERVICE,
                              .owner = who->account.id, .function = LIT("service")};
    json_t *in = json_pack("{s:s, s:[s]}", "name", "trial", "scopes", access_scope_name(SCOPE_SCIM));
    TRY(create_account(call, &service, &(struct account_details){.name = LIT("Trial")}));
    TRY(take_caller(call, service.id));
    TRY(trial_ask(call, token_make, in));
    who->token = arena_copy(call->arena, json_text(call->out, "token"));
    return ST_OK;
}

static enum status equip(struct call *call, struct equipped *who)
{
    struct slice secret;
    TRY(made_up_member(call, "administrator", &who->account, &secret));
    TRY(begin_session(call, &who->account, &(struct proof){.factor = "password+code"}));
    who->session = arena_copy(call->arena, call->answer.session);
    TRY(add_service(call, who));
    return add_grant(call, who, RIGHT_PEOPLE_END);
}

/* Whether the credentials open that right now. */
static enum status opens(struct call *call, const struct equipped *who, bool token, enum access_right right,
                         bool *yes)
{
    memset(&call->who, 0, sizeof call->who);
    call->credentials.session = token ? SLICE_NONE : who->session;
    call->credentials.token = token ? who->token : SLICE_NONE;
    TRY(find_caller(call));
    enum status status = call_may(call, right, NULL);
    *yes = status == ST_OK;
    return *yes || status == ST_DENIED ? ST_OK : status;
}

static const struct opening {
    bool token;
    enum access_right right;
    const char *open;    /* cause: it still does, after they left */
    const char *changed; /* the same, after they have another function; NULL: it must */
} openings[] = {
    {false, RIGHT_ACCOUNT_OWN, "session_opens", NULL},
    {false, RIGHT_PEOPLE_READ, "session_opens", "old_right"},
    {false, RIGHT_PEOPLE_END, "raise_opens", "old_raise"},
    {true, RIGHT_PEOPLE_PROVISION, "token_opens", NULL},
};
enum { OPENINGS = sizeof openings / sizeof *openings };

/* All of it opens, or nothing is proven by its being refused. */
static enum status check_equipped(struct call *call, struct probe *probe, const struct equipped *who)
{
    for (size_t i = 0; i < OPENINGS; i++) {
        bool yes;
        TRY(opens(call, who, openings[i].token, openings[i].right, &yes));
        if (!yes)
            return probe_fails(probe, "good_refused");
    }
    return ST_OK;
}

bool trial_told_peers(const struct call *call)
{
    size_t told = 0;
    for (size_t i = 0; i < ENDING_PEERS; i++) {
        size_t k = 0;
        while (k < call->told.count &&
               (call->told.items[k].peer != ending_peers[i] || call->told.items[k].message != MESSAGE_PERSON_ENDED))
            k++;
        told += k < call->told.count;
    }
    return told == ENDING_PEERS;
}

/* Every peer that may hold something of them is told. */
static enum status check_told(struct call *call, struct probe *probe)
{
    return trial_told_peers(call) ? ST_OK : probe_fails(probe, "peer_not_told");
}

/* "leaver" */

/* Of those who left, peers have let go within five seconds. A peer that was just asked has that long. */
static enum status look_at_errands(struct call *call, struct probe *probe)
{
    size_t waiting = 0;
    for (size_t i = 0; i < ENDING_PEERS; i++) {
        struct errand_list list;
        struct slice peer = slice_from(role_rows[ending_peers[i]].name);
        TRY(identity_list_errands(call->authd->identity, peer, call->arena, &list, &call->why));
        for (size_t k = 0; k < list.count; k++) {
            if (!slice_equal(list.items[k].kind, LIT("ended")))
                continue;
            waiting++;
            if (call->now.us - list.items[k].created.us <= LET_GO_US)
                continue;
            probe_fact(probe, "peer", "%.*s", SLICE_ARG(peer));
            return probe_fails(probe, "peer_late");
        }
    }
    probe_fact(probe, "waiting", "%zu", waiting);
    return ST_OK;
}

static enum status try_leaver(struct call *call, struct probe *probe)
{
    struct equipped who;
    TRY(look_at_errands(call, probe));
    TRY(equip(call, &who));
    TRY(check_equipped(call, probe, &who));
    call->told.count = 0;
    TRY(identity_load_account(call->authd->identity, who.account.id, call->arena, &who.account, &call->why));
    TRY(account_leaves(call, &who.account, "left"));
    TRY(check_told(call, probe));
    for (size_t i = 0; i < OPENINGS; i++) {
        bool yes;
        TRY(opens(call, &who, openings[i].token, openings[i].right, &yes));
        if (yes)
            return probe_fails(probe, openings[i].open);
    }
    struct factor_list factors;
    TRY(identity_list_factors(call->authd->identity, who.account.id, call->arena, &factors, &call->why));
    return factors.count > 0 ? probe_fails(probe, "factor_left") : probe_holds(probe);
}

/* A token for what the present function may, and that function goes too. */
static enum status try_token_of_function(struct call *call, struct probe *probe, struct equipped *who)
{
    bool yes;
    json_t *in = json_pack("{s:s, s:[s]}", "name", "trial", "scopes", access_scope_name(SCOPE_MEETINGS));
    TRY(take_caller(call, who->account.id));
    TRY(trial_ask(call, token_make, in));
    who->token = arena_copy(call->arena, json_text(call->out, "token"));
    TRY(opens(call, who, true, RIGHT_MEETINGS_READ, &yes));
    if (!yes)
        return probe_fails(probe, "new_right_missing");
    TRY(set_function(call, &who->account, LIT("administrator")));
    TRY(opens(call, who, true, RIGHT_MEETINGS_READ, &yes));
    return yes ? probe_fails(probe, "old_token") : probe_holds(probe);
}

/* "function_changed": what the old one gave is gone in the same session, the rest stays. */
static enum status try_change(struct call *call, struct probe *probe)
{
    struct equipped who;
    TRY(equip(call, &who));
    TRY(check_equipped(call, probe, &who));
    call->told.count = 0;
    TRY(set_function(call, &who.account, LIT("organizer")));
    for (size_t i = 0; i < OPENINGS; i++) {
        bool yes;
        TRY(opens(call, &who, openings[i].token, openings[i].right, &yes));
        if (yes != (openings[i].changed == NULL))
            return probe_fails(probe, yes ? openings[i].changed : "kept_right_lost");
    }
    TRY(check_told(call, probe));
    return try_token_of_function(call, probe, &who);
}

static enum status standing_rights(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_standing, why);
}

static enum status leaver(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_leaver, why);
}

static enum status function_changed(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_change, why);
}

void authd_access_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "standing_rights", standing_rights, authd);
    role_on_probe(role, "leaver", leaver, authd);
    role_on_probe(role, "function_changed", function_changed, authd);
}
