/* Authorities and the certificates that they sign. */
#include "roles/authd/certificates.h"

#include "roles/authd/internal.h"

enum {
    KEY_HEX = 2 * VAULT_KEY_BYTES,
};
/* Clocks of others may be slow; an authority begins before what it signs. */
static const int64_t leaf_lead_us = 5 * MINUTE_US, authority_lead_us = HOUR_US;

static struct instant seconds_before(struct instant now, int64_t us)
{
    return (struct instant){(now.us - us) / 1000000 * 1000000};
}

static struct instant days_after(struct instant now, uint32_t days)
{
    return (struct instant){now.us / 1000000 * 1000000 + days * DAY_US};
}

enum status note_certificate(struct authd *authd, struct instant now, const char *kind,
                             const struct certificate *certificate, struct slice cause,
                             struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    struct slice ids = arena_format(
        arena, "certificate=%.*s kind=%s subject=%.*s account=%.*s%s%.*s",
        SLICE_ARG(certificate->serial), certificate_kind_names[certificate->kind],
        SLICE_ARG(certificate->subject), SLICE_ARG(certificate->account),
        cause.len > 0 ? " cause=" : "", SLICE_ARG(cause));
    return identity_append_log(authd->identity, now, slice_from(kind), ids, why);
}

static enum status note_authority(struct authd *authd, struct instant now, const char *kind,
                                  struct slice id, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    return identity_append_log(authd->identity, now, slice_from(kind),
                               arena_format(arena, "authority=%.*s", SLICE_ARG(id)), why);
}

/* Authorities */

static enum status seal_key(struct authd *authd, struct slice id, const struct secret *key,
                            struct arena *arena, struct sealed *out, struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(16 * 1024);
    struct buffer hex = buffer_create(KEY_HEX);
    hex_encode((struct slice){(const char *)secret_bytes(key), secret_len(key)}, &hex);
    struct private_text text = {arena_copy(scratch, buffer_slice(&hex))};
    buffer_wipe(&hex);
    return seal_row(authd, NULL, IDENTITY_AUTHORITY, id, &private_text_record, &text, arena, out,
                    why);
}

enum status open_authority_key(struct authd *authd, const struct authority *authority,
                            struct secret **out, struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(16 * 1024);
    struct private_text text;
    struct slice bytes;
    TRY(open_row(authd, NULL, IDENTITY_AUTHORITY, authority->id, authority->key,
                 &private_text_record, scratch, &text, why));
    if (text.text.len != KEY_HEX || hex_decode(text.text, scratch, &bytes) != ST_OK)
        return problem_set(why, ST_INVALID, "the authority's key is none");
    *out = secret_create((const unsigned char *)bytes.data, bytes.len);
    return ST_OK;
}

struct authority *find_root_authority(const struct authority_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == AUTHORITY_ROOT)
            return &list->items[i];
    return NULL;
}

/* The one that signs certificates. */
static const struct authority *find_signing(const struct authority_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == AUTHORITY_ISSUING && list->items[i].retired.us == 0)
            return &list->items[i];
    return NULL;
}

static enum status make_root(struct authd *authd, const struct secret *key, struct instant now,
                             struct arena *arena, struct authority *out, struct problem *why)
{
    struct pki_authority self = {.key = key};
    struct pki_order order = {.kind = PKI_ROOT,
                              .subject = LIT("Rendez root authority"),
                              .from = seconds_before(now, authority_lead_us),
                              .until = days_after(now, ROOT_DAYS)};
    TRY(pki_key_public(key, arena, &order.public_key, why));
    *out = (struct authority){.id = database_new_id("ca", arena), .kind = AUTHORITY_ROOT,
                              .created = now, .ends = order.until};
    TRY(pki_issue(&order, &self, arena, &out->certificate, why));
    TRY(identity_add_authority(authd->identity, out, why));
    return note_authority(authd, now, "authority.root.made", out->id, why);
}

static enum status make_issuing(struct authd *authd, const struct pki_authority *root,
                                const struct authority *above, struct instant now,
                                struct arena *arena, struct problem *why)
{
    AUTO_SECRET key = NULL;
    struct authority made = {.id = database_new_id("ca", arena), .kind = AUTHORITY_ISSUING, .created = now};
    struct pki_order order = {.kind = PKI_ISSUING,
                              .subject = arena_format(arena, "Rendez issuing authority %.*s",
                                                      SLICE_ARG(slice_sub(made.id, 3, 11))),
                              .crl_url = certificates_crl_url(authd, above, arena),
                              .from = seconds_before(now, authority_lead_us),
                              .until = days_after(now, ISSUING_DAYS)};
    if (order.until.us > above->ends.us)
        order.until = above->ends;
    if (order.from.us < above->created.us - authority_lead_us)
        order.from = seconds_before(above->created, authority_lead_us);
    TRY(pki_key_create(&key, why));
    TRY(pki_key_public(key, arena, &order.public_key, why));
    TRY(pki_issue(&order, root, arena, &made.certificate, why));
    made.ends = order.until;
    TRY(seal_key(authd, made.id, key, arena, &made.key, why));
    TRY(identity_add_authority(authd->identity, &made, why));
    return note_authority(authd, now, "authority.issuing.made", made.id, why);
}

/* Of the authorities below; good as long as the next issuing one, whose making brings another. */
static enum status make_root_list(struct authd *authd, const struct pki_authority *root,
                                  struct authority *above, struct instant now, struct arena *arena,
                                  struct problem *why)
{
    struct authority_list all;
    struct pki_revoked_list revoked = {0};
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    for (size_t i = 0; i < all.count; i++) {
        struct pki_certificate read;
        if (all.items[i].revoked.us == 0)
            continue;
        TRY(pki_read(all.items[i].certificate, arena, &read, why));
        ARENA_PUSH(arena, &revoked, ((struct pki_revoked){read.serial, all.items[i].revoked,
                                                          PKI_KEY_COMPROMISE}));
    }
    above->crl_number++;
    above->crl_made = now;
    above->crl_until = days_after(now, ISSUING_DAYS);
    TRY(pki_crl(root, above->crl_number, seconds_before(now, 0), above->crl_until, &revoked, arena,
                &above->crl, why));
    return identity_save_crl(authd->identity, above, why);
}

enum status certificates_init(struct authd *authd, const struct secret *root_key,
                              struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct authority_list all;
    struct authority root;
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    if (find_root_authority(&all) != NULL)
        return problem_set(why, ST_CONFLICT, "there is a root authority already");
    TRY(make_root(authd, root_key, now, arena, &root, why));
    struct pki_authority signer = {root.certificate, root_key};
    TRY(make_issuing(authd, &signer, &root, now, arena, why));
    TRY(make_root_list(authd, &signer, &root, now, arena, why));
    return certificates_list_anew(authd, true, now, why);
}

static bool is_key_of(const struct secret *key, struct slice certificate, struct arena *arena)
{
    struct slice public_key;
    struct pki_certificate read;
    unsigned char digest[PKI_DIGEST_BYTES];
    if (pki_key_public(key, arena, &public_key, NULL) != ST_OK ||
        pki_read(certificate, arena, &read, NULL) != ST_OK)
        return false;
    vault_sha256(public_key, digest);
    return slice_equal(read.key_digest, (struct slice){(char *)digest, sizeof digest});
}

enum status certificates_renew_authority(struct authd *authd, const struct secret *root_key,
                                         bool compromised, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct authority_list all;
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    struct authority *root = find_root_authority(&all);
    const struct authority *signing = find_signing(&all);
    if (root == NULL)
        return problem_set(why, ST_NOT_FOUND, "there is no authority yet: rendez pki init");
    if (!is_key_of(root_key, root->certificate, arena))
        return problem_set(why, ST_DENIED, "this is not the key of our root authority");
    struct pki_authority signer = {root->certificate, root_key};
    if (signing != NULL) {
        TRY(identity_retire_authority(authd->identity, signing->id, now, compromised, why));
        TRY(note_authority(authd, now,
                           compromised ? "authority.issuing.revoked" : "authority.issuing.retired",
                           signing->id, why));
    }
    TRY(make_issuing(authd, &signer, root, now, arena, why));
    TRY(make_root_list(authd, &signer, root, now, arena, why));
    return certificates_list_anew(authd, true, now, why);
}

/* Issuing */

static const enum pki_kind pki_kinds[CERTIFICATE_KIND_COUNT_] = {
    [CERTIFICATE_PERSON] = PKI_PERSON,
    [CERTIFICATE_DEVICE] = PKI_DEVICE,
    [CERTIFICATE_SERVER] = PKI_SERVER,
};

static enum status check_account(struct authd *authd, struct slice id, struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 * 1024);
    struct account account;
    TRY(identity_load_account(authd->identity, id, arena, &account, why));
    if (account.kind != ACCOUNT_PERSON)
        return problem_set(why, ST_CONFLICT, "certificates belong to people: give the owner's account");
    if (account.state != ACCOUNT_ACTIVE)
        return problem_set(why, ST_CONFLICT, "the account is not active");
    return ST_OK;
}

static enum status find_subject(const struct certificate_order *order, struct arena *arena,
                                struct slice *subject, struct problem *why)
{
    if (order->kind == CERTIFICATE_SERVER && order->names.count == 0)
        return problem_set(why, ST_INVALID, "a server needs a name");
    if (order->kind == CERTIFICATE_PERSON)
        *subject = order->account;
    else if (order->kind == CERTIFICATE_DEVICE)
        *subject = order->device.len > 0 ? order->device : database_new_id(device_kind_prefixes[order->device_kind], arena);
    else
        *subject = order->names.items[0];
    return ST_OK;
}

static uint32_t days_of(const struct authd *authd, const struct certificate_order *order)
{
    const uint32_t usual[CERTIFICATE_KIND_COUNT_] = {
        [CERTIFICATE_PERSON] = authd->options.certificates.person_days,
        [CERTIFICATE_DEVICE] = authd->options.certificates.device_days,
        [CERTIFICATE_SERVER] = authd->options.certificates.server_days,
    };
    return order->days > 0 ? order->days : usual[order->kind];
}

/* A key is one subject's, and once it was known to others nobody's. */
static enum status check_key(struct authd *authd, struct slice public_key, struct slice subject,
                             struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct certificate_list same;
    TRY(identity_list_certificates_of_key(authd->identity, digest_of(public_key, arena), arena,
                                          &same, why));
    for (size_t i = 0; i < same.count; i++) {
        if (!slice_equal(same.items[i].subject, subject))
            return problem_set(why, ST_CONFLICT, "that key is certified for another subject already");
        if (slice_equal(same.items[i].cause, slice_from(pki_cause_names[PKI_KEY_COMPROMISE])))
            return problem_set(why, ST_CONFLICT, "that key was revoked as known to others: make a new one");
    }
    return ST_OK;
}

static enum status take_key(const struct certificate_order *order, struct arena *arena,
                            struct slice *public_key, struct secret **key, struct problem *why)
{
    if (order->request.len > 0)
        return pki_request_read(order->request, arena, public_key, why);
    TRY(pki_key_create(key, why));
    return pki_key_public(*key, arena, public_key, why);
}

static enum status sign(struct authd *authd, struct pki_order *order, struct arena *arena,
                        struct certificate *row, struct slice *issuer, struct problem *why)
{
    AUTO_SECRET key = NULL;
    struct authority_list all;
    struct pki_certificate read;
    TRY(identity_list_authorities(authd->identity, arena, &all, why));
    const struct authority *signing = find_signing(&all);
    if (signing == NULL)
        return problem_set(why, ST_NOT_FOUND, "there is no authority yet: rendez pki init");
    TRY(open_authority_key(authd, signing, &key, why));
    struct pki_authority signer = {signing->certificate, key};
    order->crl_url = certificates_crl_url(authd, signing, arena);
    TRY(pki_issue(order, &signer, arena, &row->bytes, why));
    TRY(pki_read(row->bytes, arena, &read, why));
    row->authority = signing->id;
    row->serial = read.serial;
    row->digest = read.digest;
    row->key_digest = read.key_digest;
    *issuer = signing->certificate;
    return ST_OK;
}

static enum status issue(struct authd *authd, const struct certificate_order *order,
                         struct instant now, struct arena *arena, struct certificate_made *made,
                         struct problem *why)
{
    struct certificate *row = &made->certificate;
    struct pki_order form = {.kind = pki_kinds[order->kind], .names = order->names};
    uint32_t days = days_of(authd, order);
    if (days == 0 || days > CERTIFICATE_DAYS_MAX)
        return problem_set(why, ST_INVALID, "a certificate is good for 1 to %d days",
                           CERTIFICATE_DAYS_MAX);
    TRY(check_account(authd, order->account, why));
    TRY(find_subject(order, arena, &form.subject, why));
    TRY(take_key(order, arena, &form.public_key, &made->key, why));
    TRY(check_key(authd, form.public_key, form.subject, why));
    form.from = seconds_before(now, leaf_lead_us);
    form.until = days_after(now, days);
    *row = (struct certificate){.kind = order->kind, .subject = form.subject,
                                .account = order->account, .issued = now, .ends = form.until};
    TRY(sign(authd, &form, arena, row, &made->issuer, why));
    TRY(identity_add_certificate(authd->identity, row, why));
    return note_certificate(authd, now, "certificate.issued", row, SLICE_NONE, why);
}

enum status certificates_issue(struct authd *authd, const struct certificate_order *order,
                               struct instant now, struct arena *arena,
                               struct certificate_made *out, struct problem *why)
{
    struct certificate_made made = {0};
    enum status status = issue(authd, order, now, arena, &made, why);
    if (status == ST_OK)
        *out = made;
    else
        secret_destroy(&made.key);
    return status;
}

enum status certificates_renew(struct authd *authd, struct slice serial, struct slice request,
                               uint32_t days, struct instant now, struct arena *arena,
                               struct certificate_made *out, struct problem *why)
{
    struct certificate old;
    struct pki_certificate read;
    TRY(identity_load_certificate(authd->identity, serial, arena, &old, why));
    if (old.revoked.us != 0)
        return problem_set(why, ST_CONFLICT, "that certificate is revoked: issue a new one");
    TRY(pki_read(old.bytes, arena, &read, why));
    struct certificate_order order = {.kind = old.kind, .account = old.account, .names = read.names,
                                      .request = request, .days = days};
    if (old.kind == CERTIFICATE_DEVICE)
        order.device = old.subject;
    return certificates_issue(authd, &order, now, arena, out, why);
}

/* Revoking */

static enum status revoke(struct authd *authd, const struct certificate *certificate,
                          enum pki_cause cause, struct instant now, struct problem *why)
{
    struct slice word = slice_from(pki_cause_names[cause]);
    TRY(identity_revoke_certificate(authd->identity, certificate->serial, now, word, why));
    authd->lists_unpublished = true;
    return note_certificate(authd, now, "certificate.revoked", certificate, word, why);
}

enum status certificates_revoke(struct authd *authd, struct slice serial, enum pki_cause cause,
                                struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 * 1024);
    struct certificate certificate;
    TRY(identity_load_certificate(authd->identity, serial, arena, &certificate, why));
    TRY(revoke(authd, &certificate, cause, now, why));
    return certificates_list_anew(authd, true, now, why);
}

static enum status revoke_all(struct authd *authd, const struct certificate_list *list,
                              struct instant now, size_t *count, struct problem *why)
{
    *count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct certificate *one = &list->items[i];
        if (one->revoked.us != 0 || one->ends.us <= now.us)
            continue;
        TRY(revoke(authd, one, PKI_CESSATION, now, why));
        ++*count;
    }
    return *count > 0 ? certificates_list_anew(authd, true, now, why) : ST_OK;
}

enum status certificates_end_account(struct authd *authd, struct slice account, struct instant now,
                                     size_t *count, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct certificate_list list;
    size_t ended;
    TRY(identity_list_certificates(authd->identity, account, arena, &list, why));
    TRY(revoke_all(authd, &list, now, count != NULL ? count : &ended, why));
    return ST_OK;
}
