/* Passkeys: signing in with one, adding one. The ceremonies are in platform/webauthn. Nobody says
 * who they are before they are asked: the authenticator finds its passkey, and the passkey the
 * account. */
#include "roles/authd/passkeys.h"
#include "base/eventlog/eventlog.h"

enum {
    PASSKEY_NAME_BYTES_MAX = 100,
    PASSKEYS_MAX = 20,
    REGISTRATION_MINUTES = 10,
    ORIGINS_MAX = 16
};

/* The generator point of P-256. Who comes with a passkey that nobody has is compared with this, so
 * that it takes as long. */
#define NOBODYS_KEY                                                                                \
    "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"                                                     \
    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"                             \
    "\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96"                             \
    "\x22\x58\x20"                                                                                 \
    "\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16"                             \
    "\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5"

/* The site that passkeys are made for */

/* "https://meet.example:8443/x" gives the origin before the path, and the host in it. */
static struct slice origin_of(struct slice url, struct slice *host)
{
    size_t begin = slice_find(url, LIT("://"), 0);
    begin = begin == SIZE_MAX ? 0 : begin + 3;
    size_t end = slice_find(url, LIT("/"), begin);
    end = end == SIZE_MAX ? url.len : end;
    *host = slice_sub(url, begin, end);
    size_t port = slice_find(*host, LIT(":"), 0);
    *host = slice_sub(*host, 0, port == SIZE_MAX ? host->len : port);
    return slice_sub(url, 0, end);
}

/* A name of http.hosts is of the same site when it is ours or below (L3 section 5.1.2); browsers
 * refuse passkeys at others. */
static bool is_below(struct slice name, struct slice host)
{
    size_t port = slice_find(name, LIT(":"), 0);
    name = slice_sub(name, 0, port == SIZE_MAX ? name.len : port);
    return slice_equal(name, host) || (name.len > host.len && slice_ends(name, host) &&
                                       name.data[name.len - host.len - 1] == '.');
}

/* The console is one origin, and no page of ours is in it; passkeys are made on the pages. */
struct webauthn_site passkey_site(const struct authd *authd, enum role_id from, struct arena *arena)
{
    bool console = from == ROLE_CONSOLE;
    struct slice *origins = ARENA_ARRAY(arena, ORIGINS_MAX, struct slice), unused,
                 rest = console ? SLICE_NONE : authd->options.hosts;
    struct webauthn_site site = {
        .name = LIT("Rendez"), .origins = origins, .origin_count = 1, .needs_verification = true};
    origins[0] = origin_of(authd->options.public_url, &site.rp_id);
    if (console)
        origins[0] = origin_of(authd->options.console_url, &unused);
    while (rest.len > 0 && site.origin_count < ORIGINS_MAX) {
        size_t end = slice_find(rest, LIT(" "), 0);
        struct slice name = slice_sub(rest, 0, end == SIZE_MAX ? rest.len : end);
        rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(rest, end + 1, rest.len);
        if (name.len > 0 && is_below(name, site.rp_id))
            origins[site.origin_count++] = arena_format(arena, "https://%.*s", SLICE_ARG(name));
    }
    return site;
}

/* Signing in */

/* Whose passkey it is; the account's id is empty when nobody has it. */
struct holder {
    struct account account;
    struct factor factor;
    struct factor_details details;
    struct organisation *organisation;
};

static struct webauthn_credential credential_of(const struct holder *holder, struct slice id)
{
    if (holder->account.id.len == 0)
        return (struct webauthn_credential){
            .id = id, .key = LIT(NOBODYS_KEY), .user = LIT("nobody")};
    return (struct webauthn_credential){
        .id = holder->details.credential,
        .key = holder->details.public_key,
        .sign_count = holder->factor.sign_count,
        .backup_eligible = holder->details.backup_eligible,
        .backed_up = holder->details.backed_up,
        .user = holder->account.id,
    };
}

static enum status find_holder(struct call *call, struct slice id, struct holder *holder)
{
    struct authd *authd = call->authd;
    *holder = (struct holder){0};
    enum status found =
        identity_find_factor(authd->identity, hash_of(authd, "passkey", id, call->arena),
                             call->arena, &holder->factor, &call->why);
    if (found == ST_NOT_FOUND)
        return ST_OK;
    if (found != ST_OK || holder->factor.kind != FACTOR_KIND_PASSKEY ||
        holder->factor.state != FACTOR_ACTIVE)
        return found;
    struct account account;
    TRY(identity_load_account(authd->identity, holder->factor.account, call->arena, &account,
                              &call->why));
    if (account.state != ACCOUNT_ACTIVE)
        return ST_OK;
    TRY(get_organisation(authd, account.organisation, &holder->organisation, &call->why));
    TRY(open_row(authd, holder->organisation, IDENTITY_FACTOR, holder->factor.id,
                 holder->factor.details, &factor_details_record, call->arena, &holder->details,
                 &call->why));
    holder->account = account;
    return ST_OK;
}

/* Somebody may use a copy of the authenticator: nobody comes in, the person hears of it and the
 * operator too. */
static enum status raise_alarm(struct call *call, const struct holder *holder)
{
    event_log(EVENT_PASSKEY_COPIED, field_id(KEY_PERSON, holder->account.id));
    TRY(note(call, "factor.alarm.copied", "account=%.*s factor=%.*s", SLICE_ARG(holder->account.id),
             SLICE_ARG(holder->factor.id)));
    return tell_notice(call, &holder->account, "account.factor_copied", "passkey", SLICE_NONE);
}

static enum status passkey_failed(struct call *call, const struct holder *holder,
                                  const struct whence *place, enum status status)
{
    /* For the place that it comes from alone: a stranger's passkeys lock nobody out. */
    TRY(count_failure(call, SLICE_NONE, place));
    if (holder->account.id.len == 0)
        TRY(note(call, "login.try.failed", "account=none kind=passkey familiar=no"));
    else
        TRY(note(call, "login.try.failed", "account=%.*s kind=passkey familiar=%s",
                 SLICE_ARG(holder->account.id), place->familiar_device ? "device" : "no"));
    if (status == ST_CONFLICT)
        TRY(raise_alarm(call, holder));
    return refuse(call, ST_DENIED, "wrong", "this passkey opens nothing here");
}

/* What the ceremony told is kept: the count in its column, the rest sealed. */
static enum status keep_seen(struct call *call, struct holder *holder,
                             const struct webauthn_seen *seen)
{
    TRY(identity_take_count(call->authd->identity, holder->factor.id, seen->sign_count, call->now,
                            &call->why));
    if (holder->details.backed_up == seen->backed_up)
        return ST_OK;
    struct sealed details;
    holder->details.backed_up = seen->backed_up;
    TRY(seal_row(call->authd, holder->organisation, IDENTITY_FACTOR, holder->factor.id,
                 &factor_details_record, &holder->details, call->arena, &details, &call->why));
    return identity_reseal_factor(call->authd->identity, holder->factor.id, details, &call->why);
}

/* One answer to one challenge: whatever comes of it, the flow is over. */
static enum status take_challenge(struct call *call, enum flow_kind kind, struct flow *flow,
                                  struct flow_details *details)
{
    TRY(take_named_flow(call, kind, "start", flow, details));
    if (identity_end_flow(call->authd->identity, flow->id_hash, &call->why) != ST_OK)
        return refuse(call, ST_CONFLICT, "flow", "begin again");
    call->keep = true;
    return ST_OK;
}

enum status try_passkey(struct call *call, enum flow_kind kind, struct account *account)
{
    struct flow flow;
    struct flow_details details;
    struct webauthn_assertion sent;
    struct webauthn_seen seen;
    struct holder holder;
    struct whence place;
    TRY(take_challenge(call, kind, &flow, &details));
    if (webauthn_read_assertion(json_object_get(call->in, "credential"), call->arena, &sent,
                                &call->why) != ST_OK)
        return refuse(call, ST_INVALID, "credential", "a passkey's answer is needed");
    TRY(find_holder(call, sent.id, &holder));
    if (kind == FLOW_PROOF && !slice_equal(holder.account.id, call->who.account.id))
        holder = (struct holder){0}; /* somebody else's proves nothing here */
    TRY(find_whence(call, holder.account.id, &place));
    TRY(may_try(call, SLICE_NONE, &place));
    struct webauthn_site site = passkey_site(call->authd, call->from, call->arena);
    struct webauthn_credential credential = credential_of(&holder, sent.id);
    enum status status =
        webauthn_verify(&site, details.challenge, &credential, true, &sent, &seen, NULL);
    if (status == ST_OK && holder.account.id.len > 0)
        status = keep_seen(call, &holder, &seen); /* ST_CONFLICT: another login was faster */
    if (status == ST_UNAVAILABLE)
        return status;
    if (status != ST_OK || holder.account.id.len == 0)
        return passkey_failed(call, &holder, &place, status);
    *account = holder.account;
    return ST_OK;
}

enum status login_passkey(struct call *call)
{
    struct account account;
    TRY(try_passkey(call, FLOW_LOGIN, &account));
    return begin_session(call, &account, &(struct proof){.factor = "passkey"});
}

json_t *passkey_request(const struct call *call, struct slice challenge)
{
    struct webauthn_site site = passkey_site(call->authd, call->from, call->arena);
    return webauthn_request_options(&site, challenge);
}

/* Adding one */

/* Ids of the caller's passkeys: an authenticator holds one at most. There is room for another. */
static enum status list_passkeys(struct call *call, struct slice ids[PASSKEYS_MAX], size_t *count)
{
    struct factor_list list;
    struct factor_set set;
    TRY(factors_of(call, call->who.account.id, &list, &set));
    *count = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct factor_details details;
        if (list.items[i].kind != FACTOR_KIND_PASSKEY || list.items[i].state != FACTOR_ACTIVE)
            continue;
        TRY(open_row(call->authd, call->who.organisation, IDENTITY_FACTOR, list.items[i].id,
                     list.items[i].details, &factor_details_record, call->arena, &details,
                     &call->why));
        ids[(*count)++] = details.credential;
        if (*count == PASSKEYS_MAX)
            return refuse(call, ST_CONFLICT, "too_many", "remove a passkey before you add another");
    }
    return ST_OK;
}

enum status factor_passkey_start(struct call *call)
{
    unsigned char challenge[WEBAUTHN_CHALLENGE_BYTES];
    struct account_details person;
    struct slice have[PASSKEYS_MAX];
    size_t have_count;
    TRY(list_passkeys(call, have, &have_count));
    TRY(open_account(call->authd, &call->who.account, call->arena, &person, &call->why));
    vault_random(challenge, sizeof challenge);
    struct flow_details details = {.challenge = {(char *)challenge, sizeof challenge}};
    struct flow flow = {.kind = FLOW_PASSKEY,
                        .account = call->who.account.id,
                        .step = LIT("start"),
                        .begun = call->now,
                        .ends = {call->now.us + REGISTRATION_MINUTES * MINUTE_US}};
    struct slice text = new_token("", call->arena, &flow.id_hash);
    TRY(flow_seal(call, &flow, &details));
    TRY(identity_add_flow(call->authd->identity, &flow, &call->why));
    struct webauthn_site site = passkey_site(call->authd, call->from, call->arena);
    /* The account's id is random, and tells nobody anything. */
    struct webauthn_user user = {call->who.account.id, person.address, person.name};
    call->out =
        json_pack("{s:o, s:o}", "flow", json_from_text(text), "public_key",
                  webauthn_creation_options(&site, details.challenge, &user, have, have_count));
    return ST_OK;
}

static enum status store_passkey(struct call *call, const struct webauthn_credential *made,
                                 struct slice name)
{
    struct factor factor = {
        .id = database_new_id("f", call->arena),
        .kind = FACTOR_KIND_PASSKEY,
        .state = FACTOR_ACTIVE,
        .sign_count = made->sign_count,
        .credential_hash = hash_of(call->authd, "passkey", made->id, call->arena),
    };
    struct factor_details details = {
        .name = name,
        .credential = made->id,
        .public_key = made->key,
        .aaguid = {(const char *)made->aaguid, sizeof made->aaguid},
        .backup_eligible = made->backup_eligible,
        .backed_up = made->backed_up,
    };
    enum status added = add_factor(call, &factor, &details);
    if (added == ST_CONFLICT)
        return refuse(call, ST_CONFLICT, "known", "this passkey is there already");
    TRY(added);
    TRY(factor_added(call, "passkey"));
    call->out = json_pack("{s:o}", "id", json_from_text(factor.id));
    return ST_OK;
}

enum status factor_passkey_add(struct call *call)
{
    struct flow flow;
    struct flow_details details;
    struct webauthn_registration sent;
    struct webauthn_credential made;
    struct slice name = slice_trim(json_text(call->in, "name"));
    struct slice have[PASSKEYS_MAX];
    size_t have_count;
    if (name.len > PASSKEY_NAME_BYTES_MAX)
        return refuse(call, ST_INVALID, "name", "that name is too long");
    TRY(take_challenge(call, FLOW_PASSKEY, &flow, &details));
    if (!slice_equal(flow.account, call->who.account.id))
        return refuse(call, ST_CONFLICT, "flow", "begin again");
    TRY(list_passkeys(call, have, &have_count));
    if (webauthn_read_registration(json_object_get(call->in, "credential"), call->arena, &sent,
                                   &call->why) != ST_OK)
        return refuse(call, ST_INVALID, "credential", "a new passkey is needed");
    struct webauthn_site site = passkey_site(call->authd, call->from, call->arena);
    if (webauthn_register(&site, details.challenge, &sent, &made, &call->why) != ST_OK)
        return refuse(call, ST_INVALID, "credential", "this passkey cannot be used here");
    return store_passkey(call, &made, name);
}
