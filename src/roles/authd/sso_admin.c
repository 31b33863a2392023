/* Providers as `rendez sso` sets them up: what settings must be, how they are kept. */
#include "roles/authd/sso_admin.h"

#include "platform/jose/oidc.h"
#include "roles/authd/sso_internal.h"

enum { WORDS_MAX = 16, TEXT_BYTES_MAX = 200, PEM_BYTES_MAX = 32 * 1024, MAX_AGE_MAX = 31 * 86400 };

struct sso_provider sso_provider_of(struct slice issuer, const struct provider_details *details)
{
    return (struct sso_provider){
        .issuer = issuer,
        .client = details->client,
        .secret = details->secret,
        .authority = details->authority,
        .acr = details->acr,
        .amr = details->amr,
        .max_age_s = details->max_age_s,
        .loopback = details->loopback,
        .private_network = details->private_network,
    };
}

static bool is_line(struct slice text, size_t min)
{
    if (text.len < min || text.len > TEXT_BYTES_MAX || utf8_bad_at(text) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < ' ')
            return false;
    return true;
}

/* "client.example branch.example": letters, digits, hyphens, a dot inside. */
static bool are_domains(struct slice domains)
{
    size_t dots = 0, length = 0;
    for (size_t i = 0; i <= domains.len; i++) {
        char c = i < domains.len ? domains.data[i] : ' ';
        if (c == ' ') {
            if (length == 0 || dots == 0 || domains.data[i - 1] == '.')
                return false;
            dots = length = 0;
            continue;
        }
        if (!((c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '-' || (c == '.' && length > 0)))
            return false;
        dots += c == '.';
        length++;
    }
    return true;
}

static enum status check_words(const struct slice_list *words, const char *what,
                               struct problem *why)
{
    if (words->count > WORDS_MAX)
        return problem_set(why, ST_INVALID, "%s: at most %d", what, WORDS_MAX);
    for (size_t i = 0; i < words->count; i++)
        if (!is_line(words->items[i], 1) || slice_contains(words->items[i], LIT(" ")))
            return problem_set(why, ST_INVALID, "%s: words without spaces are needed", what);
    return ST_OK;
}

static enum status check_settings(const struct sso_settings *settings, struct problem *why)
{
    const struct provider_details *details = &settings->details;
    if (!oidc_url_fits(settings->issuer, details->loopback))
        return problem_set(why, ST_INVALID, "the issuer is an https URL");
    if (!is_line(details->client, 1) || !is_line(details->secret, 1))
        return problem_set(why, ST_INVALID, "client and secret: one line of text each");
    if (!is_line(details->name, 1))
        return problem_set(why, ST_INVALID, "name: one line of text for the sign-in page");
    if (settings->domains.len > 0 && !are_domains(settings->domains))
        return problem_set(why, ST_INVALID, "domains: like client.example, in small letters");
    if (details->authority.len > PEM_BYTES_MAX)
        return problem_set(why, ST_INVALID, "certificates: at most %d bytes", PEM_BYTES_MAX);
    if (details->max_age_s < 0 || details->max_age_s > MAX_AGE_MAX)
        return problem_set(why, ST_INVALID, "max age: seconds, at most 31 days");
    TRY(check_words(&details->acr, "acr", why));
    return check_words(&details->amr, "amr", why);
}

static enum status open_settings(struct authd *authd, const struct identity_provider *row,
                                 struct arena *arena, struct sso_settings *out, struct problem *why)
{
    struct organisation *organisation;
    *out = (struct sso_settings){.id = row->id, .organisation = row->organisation,
                                 .issuer = row->issuer, .domains = row->domains,
                                 .exclusive = row->exclusive != 0, .created = row->created};
    TRY(get_organisation(authd, row->organisation, &organisation, why));
    return open_row(authd, organisation, IDENTITY_PROVIDER, row->id, row->details,
                    &provider_details_record, arena, &out->details, why);
}

enum status authd_list_providers(struct authd *authd, struct slice organisation,
                                 struct arena *arena, struct sso_settings_list *out,
                                 struct problem *why)
{
    struct identity_provider_list rows;
    *out = (struct sso_settings_list){0};
    TRY(identity_list_providers(authd->identity, organisation, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct sso_settings settings;
        TRY(open_settings(authd, &rows.items[i], arena, &settings, why));
        ARENA_PUSH(arena, out, settings);
    }
    return ST_OK;
}

enum status authd_load_provider(struct authd *authd, struct slice id, struct arena *arena,
                                struct sso_settings *out, struct problem *why)
{
    struct identity_provider row;
    TRY(identity_load_provider(authd->identity, id, arena, &row, why));
    if (row.state != PROVIDER_ACTIVE)
        return problem_set(why, ST_NOT_FOUND, "that provider has ended");
    return open_settings(authd, &row, arena, out, why);
}

static enum status note_provider(struct authd *authd, struct instant now, const char *kind,
                                 const struct identity_provider *row, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    return identity_append_log(authd->identity, now, slice_from(kind),
                               arena_format(arena, "provider=%.*s organisation=%.*s", SLICE_ARG(row->id),
                                            SLICE_ARG(row->organisation)),
                               why);
}

static enum status add(struct authd *authd, struct sso_settings *settings, struct instant now,
                       struct arena *arena, struct problem *why)
{
    struct organisation *organisation;
    struct sso_settings_list others;
    TRY(get_organisation(authd, settings->organisation, &organisation, why));
    TRY(authd_list_providers(authd, settings->organisation, arena, &others, why));
    for (size_t i = 0; i < others.count; i++)
        if (slice_equal(others.items[i].issuer, settings->issuer) &&
            slice_equal(others.items[i].details.client, settings->details.client))
            return problem_set(why, ST_CONFLICT, "the organisation has that issuer and client already");
    struct identity_provider row = {
        .id = database_new_id("v", arena),
        .organisation = settings->organisation,
        .issuer = settings->issuer,
        .domains = settings->domains,
        .exclusive = settings->exclusive,
        .created = now,
    };
    TRY(seal_row(authd, organisation, IDENTITY_PROVIDER, row.id, &provider_details_record,
                 &settings->details, arena, &row.details, why));
    TRY(identity_save_provider(authd->identity, &row, why));
    TRY(note_provider(authd, now, "provider.added", &row, why));
    settings->id = row.id;
    return ST_OK;
}

struct ending {
    struct slice id;
    size_t sessions;
};

static enum status end(struct call *call)
{
    struct ending *own = call->own;
    struct identity_provider row;
    struct session_list list;
    TRY(identity_load_provider(call->authd->identity, own->id, call->arena, &row, &call->why));
    if (row.state != PROVIDER_ACTIVE)
        return problem_set(&call->why, ST_CONFLICT, "that provider has ended already");
    row.state = PROVIDER_ENDED;
    TRY(identity_save_provider(call->authd->identity, &row, &call->why));
    TRY(identity_list_begun_at(call->authd->identity, own->id, call->arena, &list, &call->why));
    for (size_t i = 0; i < list.count; i++)
        TRY(sso_end_session(call, &list.items[i]));
    own->sessions = list.count;
    return note_provider(call->authd, call->now, "provider.ended", &row, &call->why);
}

/* Ends the transaction: commits when all went well. */
static enum status finish(struct authd *authd, enum status status, struct problem *why)
{
    if (status == ST_OK)
        status = identity_commit(authd->identity, why);
    identity_rollback(authd->identity);
    return status;
}

enum status authd_add_provider(struct authd *authd, struct sso_settings *settings,
                               struct instant now, struct arena *arena, struct problem *why)
{
    TRY(check_settings(settings, why));
    TRY(identity_begin(authd->identity, why));
    return finish(authd, add(authd, settings, now, arena, why), why);
}

enum status authd_end_provider(struct authd *authd, struct slice id, struct instant now,
                               size_t *sessions, struct problem *why)
{
    struct ending own = {.id = id};
    TRY(run_alone(authd, end, &own, now, why));
    *sessions = own.sessions;
    return ST_OK;
}
