/* seed_person DIR PASSPHRASE-FILE|- ORGANISATION ADDRESS: an active account with a generator of codes. Prints
 * its id and the generator's secret (base 32). For suites. */
#include <stdio.h>
#include <string.h>

#include "platform/identity/places.h"
#include "roles/authd/internal.h"
#include "roles/cli/registry.h"
#include "roles/keyd/factors.h"

static enum status add_account(struct authd *authd, struct slice organisation, struct slice address,
                               struct account *account, struct arena *arena, struct problem *why)
{
    struct organisation *met;
    struct account_details details = {.name = address, .address = address, .language = LIT("fr")};
    TRY(authd_add_organisation(authd, organisation, LIT("client"), clock_now(), why));
    TRY(get_organisation(authd, organisation, &met, why));
    *account = (struct account){.id = database_new_id("p", arena), .organisation = organisation,
                                .function = LIT("organizer"), .state = ACCOUNT_ACTIVE, .created = clock_now(),
                                .address_hash = hash_address(authd, address, arena)};
    TRY(seal_row(authd, met, IDENTITY_ACCOUNT, account->id, &account_details_record, &details, arena,
                 &account->details, why));
    return identity_save_account(authd->identity, account, why);
}

static enum status add_code(struct authd *authd, struct keyd *keyd, const struct account *account,
                            struct arena *arena, struct slice *shown, struct problem *why)
{
    struct identity_organisation organisation;
    struct organisation *met;
    struct factor_details details = {.name = LIT("telephone")};
    struct factor factor = {.id = database_new_id("f", arena), .account = account->id, .kind = FACTOR_KIND_CODE,
                            .state = FACTOR_ACTIVE, .created = clock_now()};
    TRY(identity_load_organisation(authd->identity, account->organisation, arena, &organisation, why));
    TRY(get_organisation(authd, account->organisation, &met, why));
    TRY(seal_row(authd, met, IDENTITY_FACTOR, factor.id, &factor_details_record, &details, arena, &factor.details, why));
    struct factor_place place = {organisation.id, organisation.key, factor.id};
    TRY(factor_make(keyd, &place, arena, &factor.secret, shown, why));
    return identity_add_factor(authd->identity, &factor, why);
}

static enum status seed(struct admin *admin, struct slice organisation, struct slice address)
{
    AUTO_REGISTRY registry = NULL;
    struct account account;
    struct slice secret;
    TRY(registry_open(admin, &registry));
    struct authd *authd = registry_authd(registry);
    TRY(add_account(authd, organisation, address, &account, admin->arena, &admin->why));
    TRY(add_code(authd, directory_keyd(admin->directory), &account, admin->arena, &secret, &admin->why));
    printf("%.*s %.*s\n", SLICE_ARG(account.id), SLICE_ARG(secret));
    return ST_OK;
}

int main(int argc, char **argv)
{
    struct admin admin = {.arena = arena_create_wiped(16 << 20)};
    if (argc != 5)
        return 2;
    enum status status = directory_open(argv[1], strcmp(argv[2], "-") == 0 ? NULL : argv[2], &admin.directory, &admin.why);
    if (status == ST_OK)
        status = seed(&admin, slice_from(argv[3]), slice_from(argv[4]));
    if (status != ST_OK)
        fprintf(stderr, "seed_person: %s\n", admin.why.detail);
    directory_destroy(&admin.directory);
    arena_destroy(&admin.arena);
    return status == ST_OK ? 0 : 1;
}
