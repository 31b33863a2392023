/* Its beginning and end, and what it does without being asked. */
#include "roles/authd/authd.h"

#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"
#include "roles/authd/reviews.h"
#include "roles/authd/room.h"

enum { AUTHD_BYTES_MAX = 64 << 20, PURGE_US = 60 * 1000000, LEAVING_US = 5 * 1000000, BACKUP_DAYS = 14 };

/* argon2id of random bytes that nobody knows, with our parameters (hasher.c). */
static const char nobodys_hash[] =
    "$argon2id$v=19$m=65536,t=3,p=1$c29tZXJhbmRvbXNhbHQhIQ$"
    "Kf2W5yXn0mV0c6mJm0e3Yq6mD7l5t1r0Xw8b2q9cJ4k";

/* What the login of somebody who is not known is compared with. Where keyd has no codes yet, their
 * code is wrong all the same. */
static enum status make_nobody(struct authd *authd, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(1 << 20);
    struct factor_details details = {.hash = slice_from(nobodys_hash)};
    struct code_ask ask = {.act = CODE_MAKE, .factor = LIT("nobody")};
    struct code_given given = {0};
    TRY(seal_row(authd, NULL, IDENTITY_FACTOR, LIT("nobody"), &factor_details_record, &details,
                 authd->arena, &authd->nobody.password, why));
    if (authd->ports.code(authd->ports.self, &ask, arena, &given, why) == ST_OK && given.status == ST_OK)
        authd->nobody.code.bytes = arena_copy(authd->arena, given.sealed);
    return ST_OK;
}

enum status refresh_service_key(struct authd *authd, struct problem *why)
{
    AUTO_SECRET newest = NULL;
    TRY(ask_for_key(&authd->ports, &(struct key_ask){.purpose = KEY_FOR_IDENTITY}, &newest, why));
    if (secret_version(newest) == secret_version(authd->service_key))
        return ST_OK;
    secret_destroy(&authd->service_key);
    authd->service_key = newest;
    newest = NULL;
    authd->rotated = false;
    return make_nobody(authd, why);
}

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
    authd->options.hosts = arena_copy(authd->arena, options->hosts);
    authd->options.console_url = arena_copy(authd->arena, options->console_url);
    struct certificate_options *certificates = &authd->options.certificates;
    certificates->folder = arena_copy(authd->arena, certificates->folder);
    certificates->crl_url = arena_copy(authd->arena, certificates->crl_url);
    authd->callers.purpose = KEY_FOR_CALLERS;
    authd->watchers.purpose = KEY_FOR_WATCHERS;
    authd->leases.purpose = KEY_FOR_ASSERTIONS;
    authd->service_key = service;
    authd->lookup_key = lookup;
    service = lookup = NULL;
    enum status status = make_nobody(authd, why);
    if (status == ST_OK)
        *out = authd;
    else
        authd_destroy(&authd);
    return status;
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
    assertion_keys_forget(*authd);
    arena_destroy(&(*authd)->arena);
    free(*authd);
    *authd = NULL;
}

struct authd_work authd_work(const struct authd *authd)
{
    return authd->work;
}

/* Whether somebody else has written: the command line, which cannot say its errands itself. */
static bool look_for_changes(struct authd *authd, struct instant now)
{
    uint32_t changes = authd->changes;
    struct problem why;
    if (identity_changes(authd->identity, &changes, &why) != ST_OK || changes == authd->changes)
        return false;
    if (refresh_organisations(authd, &why) == ST_OK)
        authd->changes = changes;
    authd->rotated = false;
    for (size_t i = 0; i < ENDING_PEERS; i++)
        authd_peer(authd, ending_peers[i], now);
    return true;
}

/* A service account that was due too has ended with its owner. */
static enum status end_one_due(struct call *call)
{
    struct account *due = call->own, account;
    struct organisation *organisation;
    TRY(identity_load_account(call->authd->identity, due->id, call->arena, &account, &call->why));
    if (account.state == ACCOUNT_ENDED)
        return ST_OK;
    TRY(get_organisation(call->authd, account.organisation, &organisation, &call->why));
    return account_leaves(call, &account, organisation->active ? "date" : "organisation");
}

enum status authd_end_due(struct authd *authd, struct instant now, size_t *ended, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(CALL_BYTES_MAX);
    struct account_list due;
    TRY(identity_due_accounts(authd->identity, now, arena, &due, why));
    for (size_t i = 0; i < due.count; i++)
        TRY(run_alone(authd, end_one_due, &due.items[i], now, why));
    *ended = due.count;
    return ST_OK;
}

/* Many at once are not left for the next second, but others are served between. */
static bool end_what_is_due(struct authd *authd, struct instant now)
{
    size_t ended = 0;
    struct problem why;
    enum status status = authd_end_due(authd, now, &ended, &why);
    if (status != ST_OK)
        event_log(EVENT_ACCOUNT_FAILED, field_status(status), field_problem(&why));
    return status == ST_OK && ended > 0;
}

static enum status run_reviews_once(struct call *call)
{
    struct review_work done;
    return review_run(call, &done);
}

/* Once a day: reviews that are due begin, people are reminded; copies from before a migration, which
 * still have what was erased since, go after two weeks. */
static void run_daily(struct authd *authd, struct instant now)
{
    struct problem why;
    if (now.us - authd->reviewed.us < DAY_US)
        return;
    authd->reviewed = now;
    if (identity_forget_backups(authd->identity, (struct instant){now.us - BACKUP_DAYS * DAY_US}, &why) != ST_OK)
        event_log(EVENT_ACCOUNT_FAILED, field_status(why.status), field_problem(&why));
    if (run_alone(authd, run_reviews_once, NULL, now, &why) != ST_OK)
        event_log(EVENT_REVIEW_FAILED, field_problem(&why));
}

/* A peer that does not let go in time is an alert, once a minute. */
static void watch_leaving(struct authd *authd, struct instant now)
{
    if (now.us - authd->warned.us < PURGE_US)
        return;
    for (size_t i = 0; i < ENDING_PEERS; i++) {
        AUTO_ARENA arena = arena_create_wiped(CALL_BYTES_MAX);
        struct errand_list list;
        struct problem why;
        struct slice name = slice_from(role_rows[ending_peers[i]].name);
        if (identity_list_errands(authd->identity, name, arena, &list, &why) != ST_OK)
            return;
        for (size_t k = 0; k < list.count; k++)
            if (slice_equal(list.items[k].kind, LIT("ended")) &&
                now.us - list.items[k].created.us > LEAVING_US) {
                event_log(EVENT_LEAVING_LATE, field_text(KEY_ROLE, role_rows[ending_peers[i]].name),
                          field_id(KEY_PERSON, list.items[k].account));
                authd->warned = now;
                break;
            }
    }
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

static void purge_when_due(struct authd *authd, struct instant now)
{
    struct problem why;
    struct instant door = {now.us - DOOR_KEEP_DAYS * DAY_US};
    if (now.us - authd->purged.us >= PURGE_US && purge(authd, now, &why) == ST_OK &&
        identity_purge_door(authd->identity, door, &why) == ST_OK)
        authd->purged = now;
}

bool authd_turn(struct authd *authd, struct instant now)
{
    certificates_turn(authd, look_for_changes(authd, now), now);
    bool more = end_what_is_due(authd, now);
    watch_leaving(authd, now);
    run_daily(authd, now);
    purge_when_due(authd, now);
    room_turn(authd, now);
    return rotate_when_due(authd, now) || more;
}
