#include "roles/cli/registry.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "roles/keyd/answer.h"
#include "roles/keyd/factors.h"

struct registry {
    struct identity *identity;
    struct authd *authd;
};

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    return keyd_give_key(self, ask, arena, given, key, why);
}

static enum status give_code(void *self, const struct code_ask *ask, struct arena *arena,
                             struct code_given *out, struct problem *why)
{
    (void)why;
    factor_answer(self, ask, arena, out);
    return ST_OK;
}

/* What needs other roles has none here. */

static enum status no_hash(void *self, struct hash_job *job, struct problem *why)
{
    (void)self, (void)job;
    return problem_set(why, ST_UNAVAILABLE, "no passwords are checked here");
}

static enum status no_sso(void *self, const struct sso_ask *ask, uint32_t *call, struct problem *why)
{
    (void)self, (void)ask, (void)call;
    return problem_set(why, ST_UNAVAILABLE, "nobody signs in here");
}

static void no_answer(void *self, void *question, const struct answer *answer)
{
    (void)self, (void)question, (void)answer;
}

/* Errands wait in the database: the running authd says them. */
static void say_nothing(void *self, enum role_id peer, enum message message, const void *object)
{
    (void)self, (void)peer, (void)message, (void)object;
}

static enum status open_registry(struct admin *admin, struct registry *registry)
{
    const struct config *config = directory_config(admin->directory);
    const char *folder = arena_text(admin->arena, config->folders.identity);
    struct authd_ports ports = {directory_keyd(admin->directory), give_key, give_code, no_hash, no_sso,
                                no_answer, say_nothing};
    struct authd_options options = authd_options_from(config);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) /* before the service has run once */
        return problem_errno(&admin->why, "folder of identities");
    if (mkdir(arena_text(admin->arena, config->folders.pki), 0755) != 0 && errno != EEXIST)
        return problem_errno(&admin->why, "folder of certificates");
    TRY(identity_open(&sqlite_driver, arena_format(admin->arena, "%s/identity.db", folder).data,
                      &registry->identity, &admin->why));
    return authd_create(registry->identity, &ports, &options, &registry->authd, &admin->why);
}

enum status registry_open(struct admin *admin, struct registry **out)
{
    AUTO_REGISTRY registry = must_calloc(1, sizeof *registry);
    TRY(open_registry(admin, registry));
    *out = registry;
    registry = NULL;
    return ST_OK;
}

void registry_destroy(struct registry **registry)
{
    if (*registry == NULL)
        return;
    authd_destroy(&(*registry)->authd);
    identity_destroy(&(*registry)->identity);
    free(*registry);
    *registry = NULL;
}

struct authd *registry_authd(struct registry *registry)
{
    return registry->authd;
}

struct identity *registry_identity(struct registry *registry)
{
    return registry->identity;
}

enum status registry_ask(struct admin *admin, struct registry *registry, const char *command,
                         json_t *in, json_t **out)
{
    struct slice answer;
    AUTO_JSON question = in;
    AUTO_JSON said = NULL;
    enum status status = authd_as_root(registry->authd, command, json_write(question, admin->arena),
                                       clock_now(), admin->arena, &answer);
    TRY(json_read(answer, &said, &admin->why));
    if (status != ST_OK)
        return problem_set(&admin->why, status, "%.*s", SLICE_ARG(json_text(said, "detail")));
    *out = said;
    said = NULL;
    return ST_OK;
}

enum status registry_organisation(struct admin *admin, struct registry *registry, struct slice id,
                                  struct slice *out)
{
    struct organisation_entry entry;
    TRY(directory_find_organisation(admin->directory, id, admin->arena, &entry, &admin->why));
    *out = entry.id;
    return authd_add_organisation(registry->authd, entry.id, LIT("client"), clock_now(), &admin->why);
}

enum status registry_open_if_there(struct admin *admin, struct registry **out)
{
    struct slice folder = directory_config(admin->directory)->folders.identity;
    const char *path = arena_format(admin->arena, "%.*s/identity.db", SLICE_ARG(folder)).data;
    struct stat found;
    *out = NULL;
    if (stat(path, &found) == 0)
        return registry_open(admin, out);
    return errno == ENOENT ? ST_OK : problem_errno(&admin->why, "look for identity.db");
}

enum status registry_end_organisation(struct admin *admin, struct slice id, bool erase)
{
    AUTO_REGISTRY registry = NULL;
    struct instant now = clock_now();
    struct problem *why = &admin->why;
    TRY(registry_open_if_there(admin, &registry));
    if (registry == NULL)
        return problem_set(why, ST_NOT_FOUND, "there are no identities yet");
    TRY(erase ? authd_erase_organisation(registry->authd, id, now, why)
              : authd_end_organisation(registry->authd, id, now, why));
    for (size_t ended = 1; ended > 0;)
        TRY(authd_end_due(registry->authd, now, &ended, why));
    return ST_OK;
}
