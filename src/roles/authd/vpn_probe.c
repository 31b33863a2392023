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
static enum status trial_issue(struct call *call, const struct certificate_order *order, struct certificate *out)
{
    AUTO_SECRET root = NULL;
    struct certificate_made made = {0};
    TRY(pki_key_create(&root, &call->why));
    enum status status = certificates_init(call->authd, root, call->now, &call->why);
    TRY(status == ST_CONFLICT ? ST_OK : status);
    TRY(certificates_issue(call->authd, order, call->now, call->arena, &made, &call->why));
    secret_destroy(&made.key);
    *out = made.certificate;
    return ST_OK;
}

enum status trial_certificate(struct call *call, enum certificate_kind kind, struct slice account, struct certificate *out)
{
    return trial_issue(call, &(struct certificate_order){.kind = kind, .account = account}, out);
}

enum status trial_device(struct call *call, enum device_kind kind, struct slice account, struct certificate *out)
{
    return trial_issue(call, &(struct certificate_order){.kind = CERTIFICATE_DEVICE, .account = account, .device_kind = kind}, out);
}

static enum status make_traveller(struct call *call, enum certificate_kind kind, struct traveller *out)
{
    TRY(made_up_member(call, "organizer", &out->account, &out->secret));
    return trial_certificate(call, kind, out->account.id, &out->certificate);
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
    TRY(make_traveller(call, CERTIFICATE_PERSON, &who));
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

/* The gateway of a room, from there and from elsewhere. Where no room is set there is a made-up one in the trial. */
static enum status try_gateway(struct call *call, struct probe *probe)
{
    static const struct place {
        const char *from, *cause; /* NULL: the room's own address */
    } places[] = {{NULL, "room_refused"}, {"203.0.113.9", "elsewhere_opens"}, {"2001:db8::9", "elsewhere_opens"}, {"unknown", "elsewhere_opens"}};
    struct traveller who;
    struct slice rooms = call->authd->options.rooms;
    AUTO_BUFFER digest = buffer_create(128);
    TRY(make_traveller(call, CERTIFICATE_DEVICE, &who));
    hex_encode(who.certificate.digest, &digest);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct slice room = slice_sub(rooms, 0, slice_find(rooms, LIT(" "), 0)), name = who.certificate.subject;
        struct vpn_ask ask = {.kind = VPN_LOGIN, .user = name, .name = name, .digest = buffer_slice(&digest),
                              .serial = who.certificate.serial, .code = LIT("000000"),
                              .from = places[i].from != NULL ? slice_from(places[i].from) : slice_sub(room, 0, slice_find(room, LIT("/"), 0))};
        struct vpn_login login = {.authd = call->authd, .ask = &ask, .now = call->now, .arena = call->arena};
        enum status status = vpn_admit(&login);
        if (status != ST_OK && login.refusal == NULL)
            return problem_set(&call->why, status, "%s", login.why.detail);
        if ((status == ST_OK) != (places[i].from == NULL))
            return probe_fails(probe, places[i].cause);
    }
    probe_fact(probe, "tried", "%zu", sizeof places / sizeof *places);
    return probe_holds(probe);
}

static enum status gateway(struct probe *probe, void *context, struct problem *why)
{
    struct authd *authd = *(struct authd **)context;
    struct slice rooms = authd->options.rooms;
    if (rooms.len == 0)
        authd->options.rooms = LIT("198.51.100.0/24");
    enum status status = authd_try(authd, probe, try_gateway, why);
    authd->options.rooms = rooms;
    return status;
}

static enum status tunnel(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_tunnels, why);
}

void authd_vpn_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "tunnel", tunnel, authd);
    role_on_probe(role, "gateway", gateway, authd);
}
