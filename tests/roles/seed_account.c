/* seed_account DIR PASSPHRASE-FILE ORGANISATION ADDRESS: an active account, of an organizer.
 * seed_account DIR - ORGANISATION ADDRESS PERSON: one that is invited, of that person of the
 * directory; prints the link. For suites. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "platform/identity/places.h"
#include "roles/authd/internal.h"
#include "roles/directory/directory.h"
#include "roles/keyd/answer.h"

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    return keyd_give_key(self, ask, arena, given, key, why);
}

static enum status no_code(void *self, const struct code_ask *ask, struct arena *arena,
                           struct code_given *out, struct problem *why)
{
    (void)self, (void)ask, (void)arena, (void)out;
    return problem_set(why, ST_UNAVAILABLE, "nobody signs in here");
}

/* The service says it when it begins. */
static void say_nothing(void *self, enum role_id peer, enum message message, const void *object)
{
    (void)self, (void)peer, (void)message, (void)object;
}

static enum status add_active(struct authd *authd, struct slice id, struct slice address,
                              struct identity *identity, struct arena *arena, struct problem *why)
{
    struct organisation *organisation;
    TRY(get_organisation(authd, id, &organisation, why));
    struct account account = {.id = database_new_id("p", arena), .organisation = id, .function = LIT("organizer"),
                              .state = ACCOUNT_ACTIVE, .created = clock_now(), .address_hash = hash_address(authd, address, arena)};
    struct account_details details = {.name = address, .address = address, .language = LIT("fr")};
    TRY(seal_row(authd, organisation, IDENTITY_ACCOUNT, account.id, &account_details_record, &details, arena, &account.details, why));
    return identity_save_account(identity, &account, why);
}

static enum status invite(struct authd *authd, const char *const *words, struct arena *arena,
                          struct problem *why)
{
    AUTO_JSON in = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "organisation", words[0], "address", words[1], "person",
                             words[2], "function", "organizer", "name", "Alice Moreau", "language", "en");
    AUTO_JSON out = NULL;
    struct slice text;
    if (authd_as_root(authd, "account.add", json_write(in, arena), clock_now(), arena, &text) != ST_OK)
        return problem_set(why, ST_INVALID, "%.*s", SLICE_ARG(text));
    TRY(json_read(text, &out, why));
    printf("%s\n", json_string_value(json_object_get(out, "link")));
    return ST_OK;
}

static enum status seed(int argc, char **argv, struct problem *why)
{
    AUTO_DIRECTORY directory = NULL;
    AUTO_IDENTITY identity = NULL;
    AUTO_AUTHD authd = NULL;
    AUTO_ARENA arena = arena_create(1 << 20);
    TRY(directory_open(argv[1], strcmp(argv[2], "-") == 0 ? NULL : argv[2], &directory, why));
    const struct config *config = directory_config(directory);
    struct authd_ports ports = {.self = directory_keyd(directory),
                                .key = give_key, .code = no_code, .say = say_nothing};
    struct authd_options options = {.public_url = config->public_url,
                                    .invitation_days = config->identity.invitation_days};
    const char *folder = arena_text(arena, config->folders.identity);
    mkdir(folder, 0700);
    TRY(identity_open(&sqlite_driver, arena_format(arena, "%s/identity.db", folder).data, &identity, why));
    TRY(authd_create(identity, &ports, &options, &authd, why));
    TRY(authd_add_organisation(authd, slice_from(argv[3]), LIT("client"), clock_now(), why));
    if (argc == 6)
        return invite(authd, (const char *const *)&argv[3], arena, why);
    return add_active(authd, slice_from(argv[3]), slice_from(argv[4]), identity, arena, why);
}

int main(int argc, char **argv)
{
    struct problem why = {0};
    if ((argc == 5 || argc == 6) && seed(argc, argv, &why) == ST_OK)
        return 0;
    fprintf(stderr, "seed: %s\n", why.detail);
    return 1;
}
