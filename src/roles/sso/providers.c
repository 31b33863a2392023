#include "roles/sso/providers.h"

#include <assert.h>
#include <stdlib.h>

#include "roles/sso/relying.h"

enum { DOCUMENT_ARENA_BYTES = 256 * 1024, CONNECTIONS_MAX = 128 };

struct part {
    struct fetch *fetch; /* under way */
    struct waiting *waiting;
    struct monotonic until;  /* kept so long; 0: there is none */
    struct monotonic failed_until;
    struct problem failure;
};

struct provider {
    struct provider *next;
    struct providers *providers;
    struct arena *arena;
    struct slice issuer;
    struct fetch_rules rules;
    unsigned holders;
    struct monotonic used, asked_again;
    struct arena *document_arena;
    struct oidc_document document;
    struct jose_keys *keys;
    struct part parts[PROVIDER_PART_COUNT_];
};

struct providers {
    struct loop *loop;
    struct transfers *transfers;
    struct provider *list;
    size_t count;
};

static struct monotonic now(const struct providers *providers)
{
    return loop_moment(providers->loop)->clock;
}

enum status providers_create(struct loop *loop, struct providers **out, struct problem *why)
{
    struct providers *providers = must_calloc(1, sizeof *providers);
    providers->loop = loop;
    enum status status = transfers_create(loop, CONNECTIONS_MAX, &providers->transfers, why);
    if (status != ST_OK) {
        free(providers);
        return status;
    }
    *out = providers;
    return ST_OK;
}

static void free_provider(struct provider *provider)
{
    for (unsigned i = 0; i < PROVIDER_PART_COUNT_; i++)
        fetch_cancel(&provider->parts[i].fetch);
    jose_keys_destroy(&provider->keys);
    arena_destroy(&provider->document_arena);
    struct arena *arena = provider->arena;
    arena_destroy(&arena);
}

void providers_destroy(struct providers **out)
{
    struct providers *providers = *out;
    if (providers == NULL)
        return;
    while (providers->list != NULL) {
        struct provider *first = providers->list;
        providers->list = first->next;
        free_provider(first);
    }
    transfers_destroy(&providers->transfers);
    free(providers);
    *out = NULL;
}

struct transfers *providers_transfers(const struct providers *providers)
{
    return providers->transfers;
}

/* Which are kept */

static bool is_idle(const struct provider *provider)
{
    return provider->holders == 0 && provider->parts[PROVIDER_DOCUMENT].fetch == NULL &&
           provider->parts[PROVIDER_KEYS].fetch == NULL;
}

/* The one that was not used for longest makes room. */
static void make_room(struct providers *providers)
{
    struct provider **oldest = NULL;
    for (struct provider **at = &providers->list; *at != NULL; at = &(*at)->next)
        if (is_idle(*at) && (oldest == NULL || (*at)->used.ms < (*oldest)->used.ms))
            oldest = at;
    assert(oldest != NULL); /* there are fewer questions than places, and each holds one */
    struct provider *gone = *oldest;
    *oldest = gone->next;
    providers->count--;
    free_provider(gone);
}

static struct provider *add_provider(struct providers *providers, const struct sso_provider *ask)
{
    struct arena *arena = arena_create(ask->issuer.len + ask->authority.len + 65536);
    struct provider *provider = ARENA_NEW(arena, struct provider);
    if (providers->count == RELYING_PROVIDERS_MAX)
        make_room(providers);
    *provider = (struct provider){
        .next = providers->list,
        .providers = providers,
        .arena = arena,
        .issuer = arena_copy(arena, ask->issuer),
        .rules = {"the provider", ask->loopback, ask->private_network, arena_copy(arena, ask->authority)},
    };
    providers->list = provider;
    providers->count++;
    return provider;
}

static bool is_of(const struct provider *provider, const struct sso_provider *ask)
{
    return slice_equal(provider->issuer, ask->issuer) &&
           slice_equal(provider->rules.authority, ask->authority) &&
           provider->rules.loopback == ask->loopback &&
           provider->rules.private_network == ask->private_network;
}

struct provider *provider_hold(struct providers *providers, const struct sso_provider *ask)
{
    struct provider *provider = providers->list;
    while (provider != NULL && !is_of(provider, ask))
        provider = provider->next;
    if (provider == NULL)
        provider = add_provider(providers, ask);
    provider->holders++;
    provider->used = now(providers);
    return provider;
}

void provider_release(struct provider *provider)
{
    provider->holders--;
}

const struct oidc_document *provider_document(const struct provider *provider)
{
    return &provider->document;
}

const struct jose_keys *provider_keys(const struct provider *provider)
{
    return provider->keys;
}

const struct fetch_rules *provider_rules(const struct provider *provider)
{
    return &provider->rules;
}

bool provider_asks_again(struct provider *provider)
{
    struct monotonic at = now(provider->providers);
    if (provider->parts[PROVIDER_KEYS].fetch != NULL)
        return true; /* for another already */
    if (provider->asked_again.ms != 0 &&
        at.ms < monotonic_after(provider->asked_again, RELYING_KEYS_AGAIN_MS).ms)
        return false;
    provider->asked_again = at;
    return true;
}

/* Fetching */

static enum status take_document(struct provider *provider, struct slice body, struct problem *why)
{
    struct arena *arena = arena_create(DOCUMENT_ARENA_BYTES);
    enum status status = oidc_document_parse(body, provider->issuer, provider->rules.loopback, arena,
                                             &provider->document, why);
    if (status == ST_OK) {
        struct arena *before = provider->document_arena;
        provider->document_arena = arena;
        arena = before;
    }
    arena_destroy(&arena);
    return status;
}

static enum status take_keys(struct provider *provider, struct slice body, struct problem *why)
{
    struct jose_keys *keys = NULL;
    TRY(jose_keys_parse(body, &keys, why));
    jose_keys_destroy(&provider->keys);
    provider->keys = keys;
    return ST_OK;
}

static const struct {
    const char *name;
    size_t bytes_max;
    enum status (*take)(struct provider *provider, struct slice body, struct problem *why);
} part_rows[PROVIDER_PART_COUNT_] = {
    [PROVIDER_DOCUMENT] = {"document", OIDC_DOCUMENT_BYTES_MAX, take_document},
    [PROVIDER_KEYS] = {"set of keys", JOSE_KEYS_BYTES_MAX, take_keys},
};

static void end_part(struct provider *provider, enum provider_part which, enum status status,
                     const struct problem *why)
{
    struct part *part = &provider->parts[which];
    struct monotonic at = now(provider->providers);
    struct waiting *waiting = part->waiting;
    part->fetch = NULL;
    part->waiting = NULL;
    if (status == ST_OK)
        part->until = monotonic_after(at, RELYING_KEPT_MS);
    else {
        part->failure = *why;
        part->failed_until = monotonic_after(at, RELYING_TRY_AGAIN_MS);
    }
    while (waiting != NULL) {
        struct waiting *first = waiting; /* who is ready may be gone, or wait for something else */
        waiting = first->next;
        first->ready(first->context, status, why);
    }
}

static void fetched(struct provider *provider, enum provider_part which, enum status status,
                    uint32_t code, struct slice body, const struct problem *fetch_why)
{
    struct problem why = *fetch_why;
    if (status == ST_OK && code != 200)
        status = problem_set(&why, ST_UNAVAILABLE, "the provider answered %u for its %s", (unsigned)code,
                             part_rows[which].name);
    if (status == ST_OK)
        status = part_rows[which].take(provider, body, &why);
    end_part(provider, which, status, &why);
}

static void document_fetched(void *context, enum status status, uint32_t code, struct slice body,
                             const struct problem *why)
{
    fetched(context, PROVIDER_DOCUMENT, status, code, body, why);
}

static void keys_fetched(void *context, enum status status, uint32_t code, struct slice body,
                         const struct problem *why)
{
    fetched(context, PROVIDER_KEYS, status, code, body, why);
}

static enum status begin_part(struct provider *provider, enum provider_part which,
                              struct problem *why)
{
    AUTO_ARENA arena = arena_create(16384);
    bool document = which == PROVIDER_DOCUMENT;
    struct fetch_request request = {
        .url = document ? oidc_document_url(provider->issuer, arena) : provider->document.jwks_uri,
        .body_bytes_max = part_rows[which].bytes_max,
    };
    if (!oidc_url_fits(request.url, provider->rules.loopback))
        return problem_set(why, ST_DENIED, "no https URL");
    return fetch_begin(provider->providers->transfers, &provider->rules, &request,
                       document ? document_fetched : keys_fetched, provider,
                       &provider->parts[which].fetch, why);
}

void provider_need(struct provider *provider, enum provider_part which, bool anew,
                   struct waiting *waiting)
{
    struct part *part = &provider->parts[which];
    struct monotonic at = now(provider->providers);
    struct problem why = {0};
    enum status status = ST_OK;
    assert(which == PROVIDER_DOCUMENT || provider->document.jwks_uri.len > 0);
    if (part->fetch == NULL) {
        if (!anew && at.ms < part->until.ms) {
            waiting->ready(waiting->context, ST_OK, &why);
            return;
        }
        if (!anew && at.ms < part->failed_until.ms)
            status = (why = part->failure).status;
        else
            status = begin_part(provider, which, &why);
    }
    if (status != ST_OK) {
        waiting->ready(waiting->context, status, &why);
        return;
    }
    waiting->next = part->waiting;
    part->waiting = waiting;
}
