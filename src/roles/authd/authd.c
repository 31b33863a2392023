/* Its beginning and end, and what it does without being asked. */
#include "roles/authd/authd.h"

#include <stdlib.h>

#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"

enum { AUTHD_BYTES_MAX = 64 << 20, PURGE_US = 60 * 1000000 };

enum status authd_create(struct identity *identity, const struct authd_ports *ports,
                         const struct authd_options *options, struct authd **out,
                         struct problem *why)
{
    AUTO_SECRET service = NULL;
    AUTO_SECRET lookup = NULL;
    TRY(ask_for_key(ports, &(struct key_ask){.purpose = KEY_FOR_IDENTITY}, &service, why));
    TRY(ask_for_key(ports, &(struct key_ask){.purpose = KEY_FOR_IDENTITY_LOOKUPS}, &lookup, why));
    struct authd *authd = must_calloc(1, sizeof *authd);
    *authd = (struct authd){.identity = identity, .ports = *ports, .options = *options};
    authd->arena = arena_create(AUTHD_BYTES_MAX);
    authd->options.public_url = arena_copy(authd->arena, options->public_url);
    authd->options.networks = arena_copy(authd->arena, options->networks);
    struct certificate_options *certificates = &authd->options.certificates;
    certificates->folder = arena_copy(authd->arena, certificates->folder);
    certificates->crl_url = arena_copy(authd->arena, certificates->crl_url);
    authd->service_key = service;
    authd->lookup_key = lookup;
    service = lookup = NULL;
    *out = authd;
    return ST_OK;
}

void authd_destroy(struct authd **authd)
{
    if (*authd == NULL)
        return;
    while ((*authd)->waiting != NULL) {
        struct call *call = (*authd)->waiting;
        struct arena *arena = call->arena;
        (*authd)->waiting = call->next;
        json_release(&call->in);
        json_release(&call->out);
        arena_destroy(&arena);
    }
    for (size_t i = 0; i < (*authd)->organisations.count; i++)
        secret_destroy(&(*authd)->organisations.items[i]->key);
    secret_destroy(&(*authd)->service_key);
    secret_destroy(&(*authd)->lookup_key);
    arena_destroy(&(*authd)->arena);
    free(*authd);
    *authd = NULL;
}

struct authd_work authd_work(const struct authd *authd)
{
    return authd->work;
}

/* Whether somebody else has written. */
static bool look_for_changes(struct authd *authd)
{
    uint32_t changes = authd->changes;
    struct problem why;
    if (identity_changes(authd->identity, &changes, &why) != ST_OK || changes == authd->changes)
        return false;
    if (refresh_organisations(authd, &why) == ST_OK)
        authd->changes = changes;
    return true;
}

static enum status purge(struct authd *authd, struct instant now, struct problem *why)
{
    const struct authd_options *options = &authd->options;
    struct identity_purge before = {
        .now = now,
        .idle = {now.us - (int64_t)options->session_idle_minutes * 60 * 1000000},
        .periods = {now.us - 2 * DAY_US},
        .familiar = {now.us - 365 * DAY_US},
    };
    return identity_purge(authd->identity, &before, why);
}

void authd_turn(struct authd *authd, struct instant now)
{
    struct problem why;
    certificates_turn(authd, look_for_changes(authd), now);
    if (now.us - authd->purged.us < PURGE_US)
        return;
    if (purge(authd, now, &why) == ST_OK)
        authd->purged = now;
}

void authd_peer(struct authd *authd, enum role_id peer, struct instant now)
{
    (void)authd, (void)peer, (void)now;
}

void authd_done(struct authd *authd, enum role_id peer, struct slice id, int64_t ended,
                struct instant now)
{
    (void)authd, (void)peer, (void)id, (void)ended, (void)now;
}
