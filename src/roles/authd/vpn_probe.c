/* "tunnel": a made-up person's certificate, and others in its place, by the decision that OpenVPN's hook asks for. */
#include "platform/pki/pki.h"
#include "roles/authd/certificates.h"
#include "roles/authd/probes.h"
#include "roles/authd/trial_code.h"
#include "roles/authd/vpn_login.h"

enum { STEP_US = 30 * 1000000 };

struct traveller {
    struct account account;
    struct slice secret; /* of their codes */
    struct certificate certificate;
};

/* Where there is no authority yet there is one in this transaction. */
static enum status make_traveller(struct call *call, struct traveller *out)
{
    AUTO_SECRET root = NULL;
    struct certificate_made made = {0};
    TRY(made_up_member(call, "organizer", &out->account, &out->secret));
    TRY(pki_key_create(&root, &call->why));
    enum status status = certificates_init(call->authd, root, call->now, &call->why);
    TRY(status == ST_CONFLICT ? ST_OK : status);
    struct certificate_order order = {.kind = CERTIFICATE_PERSON, .account = out->account.id};
    TRY(certificates_issue(call->authd, &order, call->now, call->arena, &made, &call->why));
    secret_destroy(&made.key);
    out->certificate = made.certificate;
    return ST_OK;
}

enum moment_of { BEFORE, AFTER_REVOKED, AFTER_LEFT };
static const struct tunnel_trial {
    const char *cause;
    const char *serial, *name; /* NULL: theirs */
    bool no_code, wrong_code, same_code, expired, good;
    enum moment_of when;
} trials[] = {
    {"unknown_opens", .serial = "00000000000000000000000000000000"},
    {"of_another_opens", .name = "p_other"},
    {"expired_opens", .expired = true},
    {"without_code_opens", .no_code = true},
    {"wrong_code_opens", .wrong_code = true},
    {"good_refused", .good = true},
    {"code_twice_opens", .same_code = true},
    {"revoked_opens", .when = AFTER_REVOKED},
    {"leaver_opens", .when = AFTER_LEFT},
};
enum { TRIALS = sizeof trials / sizeof *trials };

static enum status try_tunnel(struct call *call, const struct traveller *who, const struct tunnel_trial *trial,
                              bool *opened)
{
    AUTO_BUFFER digest = buffer_create(128);
    struct instant now = trial->expired ? who->certificate.ends : call->now;
    struct slice name = trial->name != NULL ? slice_from(trial->name) : who->account.id;
    struct slice right = trial_code(who->secret, now.us / STEP_US, call->arena);
    hex_encode(who->certificate.digest, &digest);
    struct vpn_ask ask = {
        .kind = VPN_LOGIN, .user = name, .name = name, .digest = buffer_slice(&digest),
        .serial = trial->serial != NULL ? slice_from(trial->serial) : who->certificate.serial,
        .code = trial->no_code ? SLICE_NONE : trial->wrong_code ? slice_sub(right, 0, right.len - 1) : right,
        .from = LIT("192.0.2.7")};
    struct vpn_login login = {.authd = call->authd, .ask = &ask, .now = now, .arena = call->arena};
    enum status status = vpn_admit(&login);
    *opened = status == ST_OK;
    if (status == ST_OK || login.refusal != NULL)
        return ST_OK;
    call->why = login.why;
    return status;
}

/* What every other listener of ours asks, with the list of what was revoked. */
static enum status check_list(struct call *call, struct probe *probe, const struct traveller *who, bool counts)
{
    struct certificate peer;
    enum status status = certificates_identify(call->authd, who->certificate.bytes, call->now, call->arena, &peer,
                                               &call->why);
    if (status != ST_OK && status != ST_DENIED)
        return status;
    if ((status == ST_OK) == counts)
        return ST_OK;
    return probe_fails(probe, counts ? "good_refused" : "not_listed");
}

static enum status change(struct call *call, struct probe *probe, struct traveller *who, enum moment_of when)
{
    if (when == AFTER_REVOKED) {
        TRY(check_list(call, probe, who, true));
        TRY(certificates_revoke(call->authd, who->certificate.serial, PKI_KEY_COMPROMISE, call->now, &call->why));
        TRY(check_list(call, probe, who, false));
    }
    if (when == AFTER_LEFT)
        TRY(account_leaves(call, &who->account, "left"));
    return ST_OK;
}

static enum status try_tunnels(struct call *call, struct probe *probe)
{
    struct traveller who;
    TRY(make_traveller(call, &who));
    for (size_t i = 0; i < TRIALS; i++) {
        bool opened;
        if (trials[i].when != BEFORE)
            call->now.us += 2 * STEP_US; /* another code */
        TRY(change(call, probe, &who, trials[i].when));
        TRY(try_tunnel(call, &who, &trials[i], &opened));
        if (opened != trials[i].good)
            return probe_fails(probe, trials[i].cause);
    }
    probe_fact(probe, "tried", "%d", TRIALS);
    return probe_holds(probe);
}

static enum status tunnel(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_tunnels, why);
}

void authd_vpn_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "tunnel", tunnel, authd);
}
