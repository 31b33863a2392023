/* What browsers ask through the api: name, function, what its steps do, the right it needs.
 * doc/identity.md has the routes. The right is one that the caller has of something; about what, the
 * function asks call_may. RIGHT_NONE: for anybody, signed in or not. PROVED: only of a session that has
 * shown a factor just now. */
#include "roles/authd/access.h"
#include "roles/authd/devices.h"
#include "roles/authd/passkeys.h"
#include "roles/authd/reviews.h"
#include "roles/authd/scim.h"
#include "roles/authd/sso.h"

#define PROVED true
static const struct command_row commands[] = {
    {"session.check", session_check, READS, RIGHT_NONE},
    {"sso.begin", sso_begin, WRITES, RIGHT_NONE},
    {"sso.callback", sso_callback, WRITES, RIGHT_NONE},
    {"sso.code", sso_code, WRITES, RIGHT_NONE},
    {"sso.backchannel", sso_backchannel, WRITES, RIGHT_NONE},
    {"me.show", me_show, READS, RIGHT_FACTORS_OWN},
    {"raise.list", raise_list, READS, RIGHT_RAISES_ASK},
    {"raise.ask", raise_ask, WRITES, RIGHT_RAISES_ASK},
    {"raise.approve", raise_approve, WRITES, RIGHT_RAISES_APPROVE},
    {"raise.end", raise_end, WRITES, RIGHT_RAISES_ASK},
    {"glass.ask", glass_ask, WRITES, RIGHT_GLASS_BREAK},
    {"glass.approve", glass_approve, WRITES, RIGHT_GLASS_BREAK},
    {"review.list", review_list, READS, RIGHT_REVIEWS_READ},
    {"review.show", review_show, READS, RIGHT_REVIEWS_READ},
    {"review.decide", review_decide_item, WRITES, RIGHT_REVIEWS_ANSWER},

    {"pki.show", pki_show, READS, RIGHT_NONE},

    {"login.start", login_start, WRITES, RIGHT_NONE},
    {"login.passkey", login_passkey, WRITES, RIGHT_NONE},
    {"login.password", login_password, WRITES, RIGHT_NONE},
    {"login.code", login_code, WRITES, RIGHT_NONE},
    {"login.recovery", login_recovery, WRITES, RIGHT_NONE},
    {"proof.start", proof_start, WRITES, RIGHT_ACCOUNT_OWN},
    {"proof.passkey", proof_passkey, WRITES, RIGHT_ACCOUNT_OWN},
    {"proof.password", proof_password, WRITES, RIGHT_ACCOUNT_OWN},
    {"proof.code", proof_code, WRITES, RIGHT_ACCOUNT_OWN},
    {"proof.recovery", proof_recovery, WRITES, RIGHT_ACCOUNT_OWN},
    {"logout", logout, WRITES, RIGHT_FACTORS_OWN},
    {"enrolment.start", enrolment_start, WRITES, RIGHT_NONE},
    {"account.lost", account_lost, WRITES, RIGHT_NONE},

    {"session.show", session_show, READS, RIGHT_ACCOUNT_OWN, .quiet = true},
    {"session.list", session_list, READS, RIGHT_ACCOUNT_OWN},
    {"session.end", session_end, WRITES, RIGHT_ACCOUNT_OWN},
    {"token.list", token_list, READS, RIGHT_TOKENS_OWN},
    {"token.make", token_make, WRITES, RIGHT_TOKENS_OWN, PROVED},
    {"token.end", token_end, WRITES, RIGHT_TOKENS_OWN},

    {"factor.list", factor_list, READS, RIGHT_FACTORS_OWN},
    {"factor.end", factor_end, WRITES, RIGHT_FACTORS_OWN, PROVED},
    {"factor.passkey.start", factor_passkey_start, WRITES, RIGHT_FACTORS_OWN, PROVED},
    {"factor.passkey.add", factor_passkey_add, WRITES, RIGHT_FACTORS_OWN, PROVED},
    {"factor.password", factor_password, WRITES, RIGHT_FACTORS_OWN, PROVED},
    {"factor.code.start", factor_code_start, WRITES, RIGHT_FACTORS_OWN, PROVED},
    {"factor.code.add", factor_code_add, WRITES, RIGHT_FACTORS_OWN, PROVED},
    {"factor.recovery", factor_recovery, WRITES, RIGHT_FACTORS_OWN, PROVED},

    {"account.list", account_list, READS, RIGHT_PEOPLE_READ},
    {"account.invite", account_invite, WRITES, RIGHT_RIGHTS_CHANGE},
    {"account.function", account_function, WRITES, RIGHT_RIGHTS_CHANGE},
    {"account.end", account_end, WRITES, RIGHT_PEOPLE_END},

    {"scim", scim_command, READS, RIGHT_PEOPLE_PROVISION}, /* its changes are transactions of their own */
};

/* `rendez account …`: run in its own process, on the same database. */
static const struct command_row root_commands[] = {
    {"account.add", root_account_add, WRITES, RIGHT_NONE},
    {"account.list", account_list, READS, RIGHT_NONE},
    {"account.show", root_account_show, READS, RIGHT_NONE},
    {"account.invite", account_invite, WRITES, RIGHT_NONE},
    {"account.function", account_function, WRITES, RIGHT_NONE},
    {"account.end", account_end, WRITES, RIGHT_NONE},
    {"account.sessions", root_account_sessions, WRITES, RIGHT_NONE},
    {"account.tokens", root_account_tokens, WRITES, RIGHT_NONE},
    {"token.make", root_token_make, WRITES, RIGHT_NONE},
    {"organisation.add", root_organisation_add, WRITES, RIGHT_NONE},
    {"organisation.list", root_organisation_list, READS, RIGHT_NONE},
    {"raise.list", root_raise_list, READS, RIGHT_NONE},
    {"raise.ask", root_raise_ask, WRITES, RIGHT_NONE},
    {"raise.approve", root_raise_approve, WRITES, RIGHT_NONE},
    {"raise.end", root_raise_end, WRITES, RIGHT_NONE},
    {"glass.ask", root_glass_ask, WRITES, RIGHT_NONE},
    {"review.start", root_review_start, WRITES, RIGHT_NONE},
    {"review.list", root_review_list, READS, RIGHT_NONE},
    {"review.show", root_review_show, READS, RIGHT_NONE},
    {"review.decide", root_review_decide, WRITES, RIGHT_NONE},
    {"review.run", root_review_run, WRITES, RIGHT_NONE},
    {"scim.groups", root_scim_groups, READS, RIGHT_NONE},
    {"scim.function", root_scim_function, WRITES, RIGHT_NONE},
};

/* All that the console may ask; it comes from a device, which is looked at before. */
#define POSTURE .posture = true
static const struct command_row console_commands[] = {
    {"login.start", login_start, WRITES, RIGHT_NONE, POSTURE},
    {"login.passkey", login_passkey, WRITES, RIGHT_NONE, POSTURE},
    {"session.check", session_check, READS, RIGHT_NONE, POSTURE},
    {"session.show", session_show, READS, RIGHT_ACCOUNT_OWN, .quiet = true},
    {"me.show", me_show, READS, RIGHT_FACTORS_OWN},
    {"logout", logout, WRITES, RIGHT_FACTORS_OWN},
    {"lease.assert", lease_assert, READS, RIGHT_REQUESTS_READ, POSTURE},
    {"account.names", account_names, READS, RIGHT_REQUESTS_ASSIGN, POSTURE},
    {"device.report", device_report_take, WRITES, RIGHT_NONE},
};

static const struct command_row *find(const struct command_row *rows, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(name, slice_from(rows[i].name)))
            return &rows[i];
    return NULL;
}

const struct command_row *find_command(enum role_id from, struct slice name)
{
    if (from == ROLE_CONSOLE)
        return find(console_commands, sizeof console_commands / sizeof *console_commands, name);
    return from == ROLE_API ? find(commands, sizeof commands / sizeof *commands, name) : NULL;
}

const struct command_row *find_root_command(struct slice name)
{
    return find(root_commands, sizeof root_commands / sizeof *root_commands, name);
}
