/* seed_account DIR PASSPHRASE-FILE ORGANISATION ADDRESS: an active account. For suites. */
#include <stdio.h>
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

static enum status seed(char **argv, struct problem *why)
{
    AUTO_DIRECTORY directory = NULL;
    AUTO_IDENTITY identity = NULL;
    AUTO_AUTHD authd = NULL;
    AUTO_ARENA arena = arena_create(1 << 20);
    struct organisation *organisation;
    TRY(directory_open(argv[1], argv[2], &directory, why));
    struct authd_ports ports = {.self = directory_keyd(directory), .key = give_key};
    const char *folder = arena_text(arena, directory_config(directory)->folders.identity);
    mkdir(folder, 0700);
    TRY(identity_open(&sqlite_driver, arena_format(arena, "%s/identity.db", folder).data, &identity, why));
    TRY(authd_create(identity, &ports, &(struct authd_options){0}, &authd, why));
    struct slice id = slice_from(argv[3]), address = slice_from(argv[4]);
    TRY(authd_add_organisation(authd, id, LIT("client"), clock_now(), why));
    TRY(get_organisation(authd, id, &organisation, why));
    struct account account = {.id = database_new_id("p", arena), .organisation = id, .function = LIT("organizer"),
                              .state = ACCOUNT_ACTIVE, .created = clock_now(), .address_hash = hash_address(authd, address, arena)};
    struct account_details details = {.name = address, .address = address, .language = LIT("fr")};
    TRY(seal_row(authd, organisation, IDENTITY_ACCOUNT, account.id, &account_details_record, &details, arena, &account.details, why));
    return identity_save_account(identity, &account, why);
}

int main(int argc, char **argv)
{
    struct problem why = {0};
    if (argc == 5 && seed(argv, &why) == ST_OK)
        return 0;
    fprintf(stderr, "seed: %s\n", why.detail);
    return 1;
}
