/* Lists of revoked certificates: made, written to files, kept current. */
#include "base/eventlog/eventlog.h"
#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"

enum {
    FILE_MODE = 0644, /* certificates and lists are public */
    LISTS_BYTES_MAX = 4 * PKI_CRL_BYTES_MAX,
    LOOK_US = 60 * 1000000, /* without a reason to look earlier */
    REMIND_DAYS = 7,
    AUTHORITY_REMIND_DAYS = 90, /* longer than what it signs is good */
};
/* What has ended by itself stays in the lists for a day more (RFC 5280 section 3.3). */
static const int64_t stays_listed_us = DAY_US;

static enum pki_cause cause_of(struct slice word)
{
    for (int cause = 0; cause < PKI_CAUSE_COUNT_; cause++)
        if (slice_equal(word, slice_from(pki_cause_names[cause])))
            return (enum pki_cause)cause;
    return PKI_UNSPECIFIED;
}

static enum status list_anew(struct authd *authd, struct authority *authority, struct instant now,
                             struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 << 20);
    AUTO_SECRET key = NULL;
    struct certificate_list rows;
    struct pki_revoked_list revoked = {0};
    struct instant gone = {now.us - stays_listed_us};
    TRY(identity_list_revoked(authd->identity, authority->id, gone, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        ARENA_PUSH(arena, &revoked, ((struct pki_revoked){rows.items[i].serial, rows.items[i].revoked,
                                                          cause_of(rows.items[i].cause)}));
    TRY(open_authority_key(authd, authority, &key, why));
    struct pki_authority signer = {authority->certificate, key};
    authority->crl_number++;
    authority->crl_made = now;
    authority->crl_until = (struct instant){now.us + authd->options.certificates.crl_hours * HOUR_US};
    TRY(pki_crl(&signer, authority->crl_number, now, authority->crl_until,
                &revoked, arena, &authority->crl, why));
    return identity_save_crl(authd->identity, authority, why);
}

static bool signs_lists(const struct authority *authority, struct instant now)
{
    return authority->kind == AUTHORITY_ISSUING && authority->revoked.us == 0 &&
           authority->ends.us > now.us;
}

/* After a third of its time, so that two thirds are left for whatever keeps us from making one. Made
 * in the future: the clock was set back. */
static bool is_due(const struct authd *authd, const struct authority *authority, struct instant now)
{
    int64_t age = now.us - authority->crl_made.us;
    return authority->crl_number == 0 || age < 0 || age >= authd->options.certificates.crl_hours * HOUR_US / 3;
}

enum status certificates_list_anew(struct authd *authd, bool anew, struct instant now,
                                   struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct authority_list all;
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    for (size_t i = 0; i < all.count; i++) {
        struct authority *one = &all.items[i];
        if (!signs_lists(one, now) || (!anew && !is_due(authd, one, now)))
            continue;
        TRY(list_anew(authd, one, now, why));
        authd->lists_unpublished = true;
    }
    return ST_OK;
}

/* Files */

static enum status write_file(const struct authd *authd, const char *name, struct slice text,
                              struct arena *arena, struct problem *why)
{
    const char *path =
        arena_format(arena, "%.*s/%s", SLICE_ARG(authd->options.certificates.folder), name).data;
    struct slice there;
    if (file_read(path, LISTS_BYTES_MAX, arena, &there, NULL) == ST_OK && slice_equal(there, text))
        return ST_OK;
    return file_write_durably(path, text, FILE_MODE, why);
}

enum status certificates_publish(struct authd *authd, struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 << 20);
    AUTO_BUFFER lists = buffer_create(LISTS_BYTES_MAX);
    struct authority_list all;
    if (authd->options.certificates.folder.len == 0)
        return ST_OK;
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    const struct authority *root = find_root_authority(&all);
    if (root == NULL)
        return ST_OK;
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].crl.len > 0)
            buffer_add(&lists, pki_to_pem(PKI_PEM_CRL, all.items[i].crl, arena));
    TRY(buffer_check(&lists, "the lists of revoked certificates", why));
    TRY(write_file(authd, "root.pem", pki_to_pem(PKI_PEM_CERTIFICATE, root->certificate, arena),
                   arena, why));
    TRY(write_file(authd, "crl.pem", buffer_slice(&lists), arena, why));
    authd->lists_unpublished = false;
    return ST_OK;
}

enum status certificates_trust(struct authd *authd, struct arena *arena, struct pki_trust *out,
                               struct problem *why)
{
    struct authority_list all;
    struct pki_trust trust = {0};
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    const struct authority *root = find_root_authority(&all);
    if (root == NULL)
        return problem_set(why, ST_NOT_FOUND, "there is no authority yet: rendez pki init");
    trust.root = root->certificate;
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].kind == AUTHORITY_ISSUING)
            ARENA_PUSH(arena, &trust.issuing, all.items[i].certificate);
        if (all.items[i].crl.len > 0)
            ARENA_PUSH(arena, &trust.crls, all.items[i].crl);
    }
    *out = trust;
    return ST_OK;
}

enum status certificates_identify(struct authd *authd, struct slice certificate,
                                  struct instant now, struct arena *arena,
                                  struct certificate *peer, struct problem *why)
{
    struct pki_trust trust;
    struct pki_certificate read;
    struct certificate row;
    struct account account;
    TRY(certificates_trust(authd, arena, &trust, why));
    TRY(pki_identify(&trust, certificate, now, arena, &read, why));
    /* Its list may be some hours old; the row is of now. */
    enum status status = identity_load_certificate(authd->identity, read.serial, arena, &row, why);
    if (status == ST_NOT_FOUND || (status == ST_OK && !slice_equal(row.digest, read.digest)))
        return problem_set(why, ST_DENIED, "certificate: it is not one that we have issued");
    TRY(status);
    if (row.revoked.us != 0)
        return problem_set(why, ST_DENIED, "certificate: it is revoked");
    TRY(identity_load_account(authd->identity, row.account, arena, &account, why));
    if (account.state != ACCOUNT_ACTIVE)
        return problem_set(why, ST_DENIED, "certificate: its account is not active");
    *peer = row;
    return ST_OK;
}

/* By itself */

static enum status revoke_orphaned(struct authd *authd, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct certificate_list orphans;
    struct slice done = SLICE_NONE;
    TRY(identity_list_orphaned(authd->identity, now, arena, &orphans, why));
    for (size_t i = 0; i < orphans.count; i++) {
        if (slice_equal(orphans.items[i].account, done))
            continue;
        done = orphans.items[i].account;
        TRY(certificates_end_account(authd, done, now, NULL, why));
    }
    return ST_OK;
}

/* A mail to whoever has it or answers for it, in a transaction of its own. */
static enum status remind_of(struct call *call)
{
    const struct certificate *one = call->own;
    struct account account;
    TRY(identity_load_account(call->authd->identity, one->account, call->arena, &account, &call->why));
    TRY(identity_remind_certificate(call->authd->identity, one->serial, call->now, &call->why));
    TRY(note_certificate(call->authd, call->now, "certificate.reminded", one, SLICE_NONE, &call->why));
    return tell_notice(call, &account, "account.certificate_ends", certificate_kind_names[one->kind],
                       SLICE_NONE);
}

static enum status remind(struct authd *authd, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct certificate_list soon;
    struct instant by = {now.us + REMIND_DAYS * DAY_US};
    TRY(identity_list_expiring(authd->identity, now, by, arena, &soon, why));
    for (size_t i = 0; i < soon.count; i++) {
        TRY(run_alone(authd, remind_of, &soon.items[i], now, why));
        event_log(EVENT_CERTIFICATE_ENDS, field_id(KEY_CERTIFICATE, soon.items[i].serial),
                  field_id(KEY_PERSON, soon.items[i].account),
                  field_number(KEY_COUNT, (soon.items[i].ends.us - now.us) / DAY_US));
    }
    return ST_OK;
}

static enum status warn_of_authority(struct authd *authd, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct authority_list all;
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    for (size_t i = 0; i < all.count; i++) {
        int64_t days = (all.items[i].ends.us - now.us) / DAY_US;
        if (all.items[i].retired.us == 0 && days < AUTHORITY_REMIND_DAYS)
            event_log(EVENT_AUTHORITY_ENDS, field_id(KEY_AUTHORITY, all.items[i].id),
                      field_number(KEY_COUNT, days));
    }
    return ST_OK;
}

static enum status keep_current(struct authd *authd, struct instant now, struct problem *why)
{
    TRY(identity_begin(authd->identity, why));
    enum status status = revoke_orphaned(authd, now, why);
    if (status == ST_OK)
        status = certificates_list_anew(authd, false, now, why);
    if (status == ST_OK)
        status = identity_commit(authd->identity, why);
    identity_rollback(authd->identity);
    TRY(status);
    TRY(certificates_publish(authd, why));
    return remind(authd, now, why);
}

void certificates_turn(struct authd *authd, bool changed, struct instant now)
{
    struct problem why;
    bool due = now.us - authd->lists_looked.us >= LOOK_US || now.us < authd->lists_looked.us;
    if (!changed && !due && !authd->lists_unpublished)
        return;
    enum status status = keep_current(authd, now, &why);
    /* Once, not every second that it lasts. */
    if (status != ST_OK && (due || !authd->lists_unpublished))
        event_log(EVENT_CERTIFICATES_FAILED, field_status(status), field_problem(&why));
    authd->lists_unpublished = status != ST_OK;
    if (now.us / DAY_US != authd->lists_looked.us / DAY_US)
        (void)!warn_of_authority(authd, now, NULL);
    if (due || status == ST_OK)
        authd->lists_looked = now;
}

/* For whoever has the keys */

enum status certificates_begin(struct authd *authd, struct problem *why)
{
    return identity_begin(authd->identity, why);
}

enum status certificates_finish(struct authd *authd, enum status status, struct problem *why)
{
    if (status == ST_OK)
        status = identity_commit(authd->identity, why);
    identity_rollback(authd->identity);
    return status == ST_OK ? certificates_publish(authd, why) : status;
}

enum status certificates_find_account(struct authd *authd, struct slice who, struct arena *arena,
                                      struct slice *id, struct problem *why)
{
    struct account account;
    TRY(find_named_account(authd, who, arena, &account, why));
    *id = account.id;
    return ST_OK;
}

enum status certificates_list(struct authd *authd, struct slice account, struct arena *arena,
                              struct certificate_list *out, struct problem *why)
{
    return identity_list_certificates(authd->identity, account, arena, out, why);
}

enum status certificates_load(struct authd *authd, struct slice serial, struct arena *arena,
                              struct certificate *out, struct problem *why)
{
    return identity_load_certificate(authd->identity, serial, arena, out, why);
}

enum status certificates_authorities(struct authd *authd, struct arena *arena,
                                     struct authority_list *out, struct problem *why)
{
    return identity_list_authorities(authd->identity, arena, out, why);
}

struct slice certificates_tunnel_key(struct authd *authd, struct arena *arena)
{
    enum { PARTS = 8, DIGITS = 2 * VAULT_KEY_BYTES };
    struct buffer text = buffer_create(4096), hex = buffer_create(4096);
    for (char part = 0; part < PARTS; part++) {
        AUTO_SECRET key = secret_derive(authd->lookup_key, "openvpn", (struct slice){&part, 1});
        hex_encode((struct slice){(const char *)secret_bytes(key), secret_len(key)}, &hex);
    }
    buffer_add_text(&text, "-----BEGIN OpenVPN Static key V1-----\n");
    for (size_t at = 0; at < hex.len; at += DIGITS / 2)
        buffer_add_format(&text, "%.*s\n", DIGITS / 2, hex.data + at);
    buffer_add_text(&text, "-----END OpenVPN Static key V1-----\n");
    struct slice copy = arena_copy(arena, buffer_slice(&text));
    buffer_wipe(&hex);
    buffer_wipe(&text);
    return copy;
}
