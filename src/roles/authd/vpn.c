/* Whether somebody may open a tunnel, or keep it. */
#include "roles/authd/vpn.h"

#include "base/eventlog/eventlog.h"
#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"
#include "roles/authd/vpn_login.h"

static const char too_many[] = "too_many_tries", elsewhere[] = "elsewhere";
enum { PERIOD_US = VPN_TRIES_MINUTES * 60 * 1000000 };

static enum status say_no(struct vpn_login *login, const char *word)
{
    login->refusal = word;
    return problem_set(&login->why, ST_DENIED, "%s", word);
}

static struct instant period_of(struct instant now)
{
    return (struct instant){now.us / PERIOD_US * PERIOD_US};
}

/* Refusals are counted in a period. Whoever holds a certificate may lock its own account out, nobody
 * else's: for an account they are counted only with a certificate of it, for an address whatever is
 * shown from there. Of a gateway none are, or who has stolen its key would cut the room off. */
static const struct counted {
    const char *kind;
    uint32_t max;
} counted[] = {{"vpn", VPN_TRIES_MAX}, {"vpn-address", VPN_TRIES_OF_ADDRESS_MAX}};
enum { COUNTED = sizeof counted / sizeof *counted };

static struct slice subject_of(const struct vpn_login *login, size_t i)
{
    struct slice values[COUNTED] = {vpn_is_gateway(login) ? SLICE_NONE : login->certificate.account, login->ask->from};
    return hash_of(login->authd, counted[i].kind, values[i], login->arena);
}

static enum status check_tries(struct vpn_login *login)
{
    for (size_t i = 0; i < COUNTED; i++) {
        struct slice subject = subject_of(login, i);
        uint32_t count = 0;
        if (subject.len > 0)
            TRY(identity_count_attempts(login->authd->identity, subject, counted[i].kind,
                                        period_of(login->now), &count, &login->why));
        if (count >= counted[i].max)
            return say_no(login, too_many);
    }
    return ST_OK;
}

static enum status count_try(struct vpn_login *login)
{
    for (size_t i = 0; i < COUNTED; i++) {
        struct slice subject = subject_of(login, i);
        uint32_t count;
        if (subject.len > 0)
            TRY(identity_add_attempt(login->authd->identity, subject, counted[i].kind,
                                     period_of(login->now), &count, &login->why));
    }
    return ST_OK;
}

static enum status find_certificate(struct vpn_login *login)
{
    struct certificate found;
    struct slice digest;
    enum status status = identity_load_certificate(login->authd->identity, login->ask->serial,
                                                   login->arena, &found, &login->why);
    if (status == ST_NOT_FOUND)
        return ST_OK; /* check_certificate says so */
    TRY(status);
    TRY(hex_decode(login->ask->digest, login->arena, &digest));
    if (slice_equal(found.digest, digest))
        login->certificate = found;
    return ST_OK;
}

static enum status check_certificate(struct vpn_login *login)
{
    const struct certificate *certificate = &login->certificate;
    const struct vpn_ask *ask = login->ask;
    if (certificate->serial.len == 0)
        return say_no(login, "certificate_unknown");
    if (certificate->kind != CERTIFICATE_PERSON && !vpn_is_gateway(login))
        return say_no(login, "certificate_of_no_person");
    if (certificate->revoked.us != 0)
        return say_no(login, "certificate_revoked");
    if (certificate->ends.us <= login->now.us)
        return say_no(login, "certificate_ended");
    struct slice name = vpn_is_gateway(login) ? certificate->subject : certificate->account;
    if (!slice_equal(name, ask->name) || !slice_equal(ask->user, ask->name))
        return say_no(login, "other_name");
    return ST_OK;
}

static enum status check_account(struct vpn_login *login)
{
    struct identity *identity = login->authd->identity;
    TRY(identity_load_account(identity, login->certificate.account, login->arena, &login->account,
                              &login->why));
    TRY(identity_load_organisation(identity, login->account.organisation, login->arena,
                                   &login->organisation, &login->why));
    if (login->account.kind != ACCOUNT_PERSON || login->account.state != ACCOUNT_ACTIVE ||
        !slice_equal(login->organisation.state, LIT("active")))
        return say_no(login, "account_not_active");
    return ST_OK;
}

/* keyd says whose step the code is; each step counts once, by one change of a row. */
static enum status check_code_of(struct vpn_login *login, const struct factor *factor, bool *right)
{
    struct authd *authd = login->authd;
    struct code_ask ask = {.act = CODE_CHECK,
                           .factor = factor->id,
                           .sealed = factor->secret.bytes,
                           .code = login->ask->code,
                           .at = login->now,
                           .last_step = factor->last_step};
    struct code_given given = {0};
    TRY(name_code_key(authd, login->organisation.id, factor->secret, login->arena, &ask, &login->why));
    authd->work.codes++;
    TRY(authd->ports.code(authd->ports.self, &ask, login->arena, &given, &login->why));
    if (given.status == ST_DENIED)
        return ST_OK;
    if (given.status != ST_OK)
        return problem_set(&login->why, given.status, "keyd: %.*s", SLICE_ARG(given.problem));
    enum status status = identity_take_step(authd->identity, factor->id, (uint32_t)given.step,
                                            login->now, &login->why);
    *right = status == ST_OK;
    return status == ST_CONFLICT ? ST_OK : status;
}

static enum status check_code(struct vpn_login *login)
{
    struct identity *identity = login->authd->identity;
    struct factor_list factors;
    bool right = false;
    TRY(identity_list_factors(identity, login->account.id, login->arena, &factors, &login->why));
    for (size_t i = 0; i < factors.count && !right; i++)
        if (factors.items[i].kind == FACTOR_KIND_CODE && factors.items[i].state == FACTOR_ACTIVE)
            TRY(check_code_of(login, &factors.items[i], &right));
    return right ? ST_OK : say_no(login, "code");
}

static enum status note_login(struct vpn_login *login, bool yes)
{
    const struct certificate *certificate = &login->certificate;
    bool bounded = login->refusal == NULL || strcmp(login->refusal, too_many) != 0;
    if (certificate->serial.len == 0 || !bounded)
        return ST_OK; /* the log that lasts is filled by nobody's tries */
    struct slice ids = arena_format(login->arena, "account=%.*s certificate=%.*s%s%s%s",
                                    SLICE_ARG(certificate->account),
                                    SLICE_ARG(certificate->serial), yes ? "" : " cause=",
                                    yes ? "" : login->refusal,
                                    login->ask->resumed ? " resumed=yes" : "");
    return identity_append_log(login->authd->identity, login->now,
                               yes ? LIT("vpn.tunnel.opened") : LIT("vpn.tunnel.refused"), ids,
                               &login->why);
}

enum status vpn_admit(struct vpn_login *login)
{
    TRY(find_certificate(login));
    TRY(check_tries(login));
    TRY(check_certificate(login));
    if (vpn_is_elsewhere(login))
        return say_no(login, elsewhere);
    TRY(check_account(login));
    if (!login->ask->resumed && !vpn_is_gateway(login))
        TRY(check_code(login));
    TRY(identity_use_certificate(login->authd->identity, login->certificate.serial, login->now,
                                 &login->why));
    return identity_clear_attempts(login->authd->identity, subject_of(login, 0), counted[0].kind,
                                   &login->why);
}

/* A refusal is written down too, with the try that it counts; what fails otherwise leaves nothing. */
static enum status decide(struct vpn_login *login)
{
    struct identity *identity = login->authd->identity;
    TRY(identity_begin(identity, &login->why));
    enum status status = vpn_admit(login);
    enum status kept = login->refusal != NULL ? count_try(login) : status;
    if (kept == ST_OK)
        kept = note_login(login, status == ST_OK);
    if (kept == ST_OK)
        kept = identity_commit(identity, &login->why);
    identity_rollback(identity);
    if (login->refusal != NULL)
        return problem_set(&login->why, ST_DENIED, "%s", login->refusal);
    return status == ST_OK ? kept : status;
}

static bool answer_login(struct authd *authd, const struct vpn_ask *ask, struct instant now)
{
    AUTO_ARENA arena = arena_create_wiped(4 << 20);
    struct vpn_login login = {.authd = authd, .ask = ask, .now = now, .arena = arena};
    enum status status = decide(&login);
    if (status == ST_OK)
        event_log(EVENT_TUNNEL_OPENED, field_id(KEY_PERSON, login.account.id),
                  field_id(KEY_CERTIFICATE, login.certificate.serial));
    else
        event_log(EVENT_TUNNEL_REFUSED, field_status(status), field_problem(&login.why),
                  field_id(KEY_PERSON, login.certificate.account));
    if (login.refusal == elsewhere)
        event_log(EVENT_TUNNEL_ELSEWHERE, field_status(status), field_id(KEY_CERTIFICATE, login.certificate.serial));
    return status == ST_OK;
}

static bool may_stay(struct authd *authd, const struct vpn_tunnel *tunnel, struct instant now)
{
    bool stays = false;
    struct problem why;
    struct instant since = {(int64_t)tunnel->since_s * 1000000};
    enum status status = identity_may_stay(authd->identity, CERTIFICATE_PERSON, tunnel->name, since, now, &stays, &why);
    if (status == ST_OK && !stays && authd->options.rooms.len > 0)
        status = identity_may_stay(authd->identity, CERTIFICATE_DEVICE, tunnel->name, since, now, &stays, &why);
    if (status != ST_OK || !stays)
        event_log(EVENT_TUNNEL_ENDED, field_status(status), field_id(KEY_PERSON, tunnel->name));
    return status == ST_OK && stays;
}

void vpn_answer(struct authd *authd, const struct vpn_ask *ask, struct instant now,
                struct buffer *answers)
{
    if (ask->kind == VPN_LOGIN)
        buffer_add_text(answers, answer_login(authd, ask, now) ? "yes\n" : "no\n");
    for (size_t i = 0; ask->kind == VPN_ALIVE && i < ask->tunnels.count; i++)
        buffer_add_text(answers, may_stay(authd, &ask->tunnels.items[i], now) ? "yes\n" : "no\n");
}
