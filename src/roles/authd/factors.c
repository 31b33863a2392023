/* What somebody proves with: password, one-time codes, recovery codes; and what there is at all.
 * Passkeys are in passkeys.c. */
#include <string.h>

#include "domain/account/account.h"
#include "domain/account/password.h"
#include "roles/authd/access.h"

enum {
    NAME_BYTES_MAX = 100,
    RECOVERY_CODES = 10,
    RECOVERY_LETTERS = 16, /* 80 bits */
};

enum status factors_of(struct call *call, struct slice account, struct factor_list *list,
                       struct factor_set *set)
{
    *set = (struct factor_set){0};
    TRY(identity_list_factors(call->authd->identity, account, call->arena, list, &call->why));
    bool *const kinds[FACTOR_KIND_COUNT_] = {
        [FACTOR_KIND_PASSKEY] = &set->passkey,   [FACTOR_KIND_PASSWORD] = &set->password,
        [FACTOR_KIND_CODE] = &set->code,         [FACTOR_KIND_RECOVERY] = &set->recovery,
        [FACTOR_KIND_SSO] = &set->sso,
    };
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].state == FACTOR_ACTIVE)
            *kinds[list->items[i].kind] = true;
    return ST_OK;
}

const struct factor *find_active_factor(const struct factor_list *list, enum factor_kind kind)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind && list->items[i].state == FACTOR_ACTIVE)
            return &list->items[i];
    return NULL;
}

bool factors_suffice(const struct factor_set *set)
{
    return set->passkey || set->sso || (set->password && set->code);
}

enum status me_json(struct call *call, json_t **out)
{
    const struct account *account = &call->who.account;
    struct account_details details;
    struct factor_list list;
    struct factor_set set;
    json_t *rights;
    TRY(open_account(call->authd, account, call->arena, &details, &call->why));
    TRY(factors_of(call, account->id, &list, &set));
    TRY(rights_json(call, &rights));
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:b, s:b, s:o}", "person",
                     json_from_text(account->id), "organisation",
                     json_from_text(account->organisation), "function",
                     json_from_text(account->function), "name", json_from_text(details.name),
                     "address", json_from_text(details.address), "language",
                     json_from_text(details.language), "session",
                     session_kind_names[call->who.session.kind], "factor",
                     json_from_text(call->who.session.factor), "complete", factors_suffice(&set),
                     "recovery", set.recovery, "rights", rights);
    return ST_OK;
}

enum status me_show(struct call *call)
{
    return me_json(call, &call->out);
}

enum status factor_added(struct call *call, const char *kind)
{
    return factor_added_to(call, call->who.account.id, kind);
}

enum status factor_added_to(struct call *call, struct slice whose, const char *kind)
{
    struct account account;
    struct account_details details;
    struct organisation *organisation;
    struct factor_list list;
    struct factor_set set;
    TRY(load_account(call, whose, &account, &organisation, &details));
    TRY(factors_of(call, account.id, &list, &set));
    TRY(note(call, "factor.state.added", "account=%.*s kind=%s", SLICE_ARG(account.id), kind));
    TRY(tell_notice(call, &account, "account.factor_added", kind, SLICE_NONE));
    if (account.state != ACCOUNT_INVITED || !factors_suffice(&set))
        return ST_OK;
    account.state = ACCOUNT_ACTIVE;
    TRY(save_account(call, &account, organisation, &details));
    TRY(identity_end_flows(call->authd->identity, account.id, &call->why));
    return note(call, "account.state.activated", "account=%.*s", SLICE_ARG(account.id));
}

static enum status factor_json(struct call *call, const struct factor *factor, json_t **out)
{
    struct factor_details details;
    uint32_t left = 0;
    TRY(open_row(call->authd, call->who.organisation, IDENTITY_FACTOR, factor->id, factor->details,
                 &factor_details_record, call->arena, &details, &call->why));
    *out = json_pack("{s:o, s:s, s:o, s:o, s:o}", "id", json_from_text(factor->id), "kind",
                     factor_kind_names[factor->kind], "name", json_from_text(details.name),
                     "created", instant_json(factor->created, call->arena), "used",
                     instant_json(factor->used, call->arena));
    if (factor->kind != FACTOR_KIND_RECOVERY)
        return ST_OK;
    TRY(identity_recovery_left(call->authd->identity, factor->id, &left, &call->why));
    json_object_set_new(*out, "left", json_integer(left));
    return ST_OK;
}

enum status factor_list(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    TRY(factors_of(call, call->who.account.id, &list, &set));
    AUTO_JSON rows = json_array();
    for (size_t i = 0; i < list.count; i++) {
        json_t *row;
        if (list.items[i].state != FACTOR_ACTIVE)
            continue;
        TRY(factor_json(call, &list.items[i], &row));
        json_array_append_new(rows, row);
    }
    call->out = json_pack("{s:O, s:b}", "factors", rows, "complete", factors_suffice(&set));
    return ST_OK;
}

static enum status end_kind(struct call *call, const struct factor_list *list, enum factor_kind kind,
                            enum factor_state state)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind && list->items[i].state == state)
            TRY(identity_end_factor(call->authd->identity, list->items[i].id, call->now, &call->why));
    return ST_OK;
}

/* What is left must still open the account. */
enum status factor_end(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    struct slice id = json_text(call->in, "id");
    const struct factor *factor = NULL;
    TRY(factors_of(call, call->who.account.id, &list, &set));
    bool sufficed = factors_suffice(&set);
    for (size_t i = 0; i < list.count; i++)
        if (slice_equal(list.items[i].id, id) && list.items[i].state == FACTOR_ACTIVE)
            factor = &list.items[i];
    if (factor == NULL)
        return problem_set(&call->why, ST_NOT_FOUND, "no such factor");
    const char *kind = factor_kind_names[factor->kind];
    TRY(identity_end_factor(call->authd->identity, id, call->now, &call->why));
    TRY(factors_of(call, call->who.account.id, &list, &set));
    if (sufficed && !factors_suffice(&set))
        return refuse(call, ST_CONFLICT, "last_factor", "enrol another factor first: this one opens the account");
    TRY(note(call, "factor.state.ended", "account=%.*s kind=%s", SLICE_ARG(call->who.account.id), kind));
    return tell_notice(call, &call->who.account, "account.factor_ended", kind, SLICE_NONE);
}

enum status add_factor(struct call *call, struct factor *factor,
                       const struct factor_details *details)
{
    factor->account = call->who.account.id;
    factor->created = call->now;
    TRY(seal_row(call->authd, call->who.organisation, IDENTITY_FACTOR, factor->id,
                 &factor_details_record, details, call->arena, &factor->details, &call->why));
    return identity_add_factor(call->authd->identity, factor, &call->why);
}

/* Password */

static enum status password_made(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    struct factor factor = {.id = database_new_id("f", call->arena),
                            .kind = FACTOR_KIND_PASSWORD,
                            .state = FACTOR_ACTIVE};
    struct factor_details details = {.hash = slice_from(call->hash.made)};
    if (call->hash.status != ST_OK)
        return problem_set(&call->why, call->hash.status, "the password cannot be hashed now");
    TRY(factors_of(call, call->who.account.id, &list, &set));
    TRY(end_kind(call, &list, FACTOR_KIND_PASSWORD, FACTOR_ACTIVE));
    TRY(add_factor(call, &factor, &details));
    return factor_added(call, "password");
}

static enum status old_password_compared(struct call *call)
{
    struct whence place;
    TRY(find_whence(call, call->who.account.id, &place));
    if (call->hash.status != ST_OK)
        return problem_set(&call->why, call->hash.status, "the password cannot be compared now");
    if (!call->hash.matches) {
        TRY(count_failure(call, call->who.account.address_hash, &place));
        return refuse(call, ST_DENIED, "wrong", "that is not the password that you have");
    }
    struct slice next;
    TRY(password_normal(json_text(call->in, "new"), call->arena, &next, &call->why));
    return call_hash(call, next, SLICE_NONE, password_made);
}

enum status check_new_password(struct call *call, struct slice typed, struct slice *normal)
{
    struct account_details person;
    TRY(open_account(call->authd, &call->who.account, call->arena, &person, &call->why));
    const struct slice context[] = {person.name, person.address, call->who.account.organisation,
                                    call->authd->options.public_url, call->authd->options.hosts};
    enum password_fault fault =
        password_judge(typed, context, sizeof context / sizeof *context, call->arena);
    enum language language = slice_equal(person.language, LIT("fr")) ? LANGUAGE_FR : LANGUAGE_EN;
    if (fault == PASSWORD_GOOD)
        return password_normal(typed, call->arena, normal, &call->why);
    call->rule = password_fault_names[fault];
    return refuse(call, ST_INVALID, "password", password_sentence(fault, language).data);
}

/* Who has one must know it to have another, but for an enrolment. */
enum status factor_password(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    struct factor_details details;
    struct whence place;
    struct slice next = json_text(call->in, "new"), old = json_text(call->in, "old");
    TRY(check_new_password(call, next, &next));
    TRY(factors_of(call, call->who.account.id, &list, &set));
    const struct factor *before = find_active_factor(&list, FACTOR_KIND_PASSWORD);
    if (before == NULL || call->who.session.kind == SESSION_KIND_ENROLMENT)
        return call_hash(call, next, SLICE_NONE, password_made);
    TRY(find_whence(call, call->who.account.id, &place));
    TRY(may_try(call, call->who.account.address_hash, &place));
    TRY(open_row(call->authd, call->who.organisation, IDENTITY_FACTOR, before->id, before->details,
                 &factor_details_record, call->arena, &details, &call->why));
    if (password_normal(old, call->arena, &old, NULL) != ST_OK)
        old = SLICE_NONE;
    return call_hash(call, old, details.hash, old_password_compared);
}

/* One-time codes */

static void add_escaped(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (ascii_is_alpha((char)c) || ascii_is_digit((char)c) || (c != '\0' && strchr("-._~", c) != NULL))
            buffer_add_char(out, (char)c);
        else
            buffer_add_format(out, "%%%02X", (unsigned)c);
    }
}

/* otpauth://totp/Rendez:ADDRESS?secret=…&issuer=Rendez, as authenticators read it. */
static enum status code_uri(struct call *call, struct slice secret, struct slice *out)
{
    struct account_details details;
    AUTO_BUFFER uri = buffer_create(2048);
    TRY(open_account(call->authd, &call->who.account, call->arena, &details, &call->why));
    buffer_add_text(&uri, "otpauth://totp/Rendez:");
    add_escaped(&uri, details.address);
    buffer_add_format(&uri, "?secret=%.*s&issuer=Rendez&algorithm=SHA1&digits=6&period=30", SLICE_ARG(secret));
    TRY(buffer_check(&uri, "otpauth", &call->why));
    *out = arena_copy(call->arena, buffer_slice(&uri));
    return ST_OK;
}

enum status ask_code(struct call *call, const struct code_ask *ask, struct code_given *given)
{
    struct authd *authd = call->authd;
    authd->work.codes++;
    return authd->ports.code(authd->ports.self, ask, call->arena, given, &call->why);
}

enum status factor_code_start(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    struct identity_organisation organisation;
    struct code_given given;
    struct slice uri;
    struct factor factor = {.id = database_new_id("f", call->arena), .kind = FACTOR_KIND_CODE,
                            .state = FACTOR_PENDING};
    TRY(identity_load_organisation(call->authd->identity, call->who.account.organisation, call->arena,
                                   &organisation, &call->why));
    struct code_ask ask = {.act = CODE_MAKE,
                           .organisation = organisation.id,
                           .organisation_key = organisation.key.sealed.bytes,
                           .organisation_version = organisation.key.version,
                           .factor = factor.id};
    TRY(ask_code(call, &ask, &given));
    if (given.status != ST_OK)
        return problem_set(&call->why, given.status, "keyd: %.*s", SLICE_ARG(given.problem));
    factor.secret.bytes = given.sealed;
    TRY(factors_of(call, call->who.account.id, &list, &set));
    TRY(end_kind(call, &list, FACTOR_KIND_CODE, FACTOR_PENDING));
    TRY(add_factor(call, &factor, &(struct factor_details){0}));
    TRY(code_uri(call, given.secret, &uri));
    call->out = json_pack("{s:o, s:o}", "secret", json_from_text(given.secret), "uri",
                          json_from_text(uri));
    return ST_OK;
}

/* The first code proves that the authenticator has the secret; the one before it ends. */
enum status factor_code_add(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    struct code_given given;
    struct whence place;
    struct sealed details;
    const struct factor *pending = NULL;
    struct factor_details named = {.name = slice_trim(json_text(call->in, "name"))};
    if (named.name.len > NAME_BYTES_MAX)
        return refuse(call, ST_INVALID, "name", "that name is too long");
    TRY(factors_of(call, call->who.account.id, &list, &set));
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind == FACTOR_KIND_CODE && list.items[i].state == FACTOR_PENDING)
            pending = &list.items[i];
    if (pending == NULL)
        return refuse(call, ST_CONFLICT, "start", "ask for a secret first");
    TRY(find_whence(call, call->who.account.id, &place));
    TRY(may_try(call, call->who.account.address_hash, &place));
    struct code_ask ask = {.act = CODE_CHECK,
                           .factor = pending->id,
                           .sealed = pending->secret.bytes,
                           .code = json_text(call->in, "code"),
                           .at = call->now};
    TRY(name_code_key(call->authd, call->who.account.organisation, pending->secret, call->arena, &ask, &call->why));
    TRY(ask_code(call, &ask, &given));
    if (given.status == ST_DENIED) {
        TRY(count_failure(call, call->who.account.address_hash, &place));
        return refuse(call, ST_DENIED, "wrong", "that is not the code just now");
    }
    if (given.status != ST_OK)
        return problem_set(&call->why, given.status, "keyd: %.*s", SLICE_ARG(given.problem));
    TRY(end_kind(call, &list, FACTOR_KIND_CODE, FACTOR_ACTIVE));
    TRY(seal_row(call->authd, call->who.organisation, IDENTITY_FACTOR, pending->id,
                 &factor_details_record, &named, call->arena, &details, &call->why));
    TRY(identity_activate_factor(call->authd->identity, pending->id, call->now,
                                 (uint32_t)given.step, details, &call->why));
    return factor_added(call, "code");
}

/* Recovery codes */

struct slice recovery_hash(const struct call *call, struct slice code)
{
    char letters[RECOVERY_LETTERS];
    size_t len = 0;
    for (size_t i = 0; i < code.len; i++) {
        char c = ascii_lower(code.data[i]);
        if (c == '-' || c == ' ')
            continue;
        if (len == sizeof letters)
            return hash_of(call->authd, "recovery", LIT("none"), call->arena);
        letters[len++] = c;
    }
    return hash_of(call->authd, "recovery", (struct slice){letters, len}, call->arena);
}

static struct slice new_recovery_code(struct arena *arena)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char random[RECOVERY_LETTERS];
    char text[RECOVERY_LETTERS];
    vault_random(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        text[i] = digits[random[i] % 32];
    return arena_format(arena, "%.4s-%.4s-%.4s-%.4s", text, text + 4, text + 8, text + 12);
}

/* Ten new ones, shown once; those before are worth nothing. */
enum status factor_recovery(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    struct factor factor = {.id = database_new_id("f", call->arena), .kind = FACTOR_KIND_RECOVERY,
                            .state = FACTOR_ACTIVE};
    TRY(factors_of(call, call->who.account.id, &list, &set));
    TRY(end_kind(call, &list, FACTOR_KIND_RECOVERY, FACTOR_ACTIVE));
    TRY(add_factor(call, &factor, &(struct factor_details){0}));
    AUTO_JSON codes = json_array();
    for (int i = 0; i < RECOVERY_CODES; i++) {
        struct slice code = new_recovery_code(call->arena);
        TRY(identity_add_recovery(call->authd->identity, factor.id, recovery_hash(call, code), &call->why));
        json_array_append_new(codes, json_from_text(code));
    }
    TRY(factor_added(call, "recovery"));
    call->out = json_pack("{s:O}", "codes", codes);
    return ST_OK;
}
