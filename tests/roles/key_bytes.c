/* key_bytes DIR PASSPHRASE-FILE: every key of an installation, for suites that look for them where none may
 * be. Lines of a kind, an id and the bytes in hexadecimal: "root", "organisation" and "meeting" as wrapped
 * (in the store, and "organisation" of identities too), "identity" and "directory" as derived of them. */
#include <stdio.h>

#include "platform/identity/identity.h"
#include "platform/store/sealing.h"
#include "platform/store/store.h"
#include "roles/directory/directory.h"
#include "roles/keyd/root.h"

enum { WORK_BYTES_MAX = 64 << 20 };

static void print(const char *kind, struct slice id, const struct secret *key)
{
    printf("%s %.*s ", kind, SLICE_ARG(id));
    for (size_t i = 0; i < secret_len(key); i++)
        printf("%02x", secret_bytes(key)[i]);
    putchar('\n');
}

static enum status unwrap(const struct secret *parent, enum sealed_column column, struct slice organisation,
                          struct slice id, const struct wrapped_key *wrapped, struct secret **out,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    struct seal_place place = sealing_key_place(column, organisation, id, wrapped->version, arena);
    return key_unwrap(parent, &place, wrapped->sealed, out, why);
}

static enum status print_meetings(struct store *store, const struct secret *parent, struct slice organisation,
                                  struct arena *arena, struct problem *why)
{
    struct key_range range = {.kind = KEY_OF_MEETING, .organisation = organisation, .up_to = UINT32_MAX};
    struct stored_key_list list;
    TRY(store_list_keys(store, &range, 1000, arena, &list, why));
    for (size_t i = 0; i < list.count; i++) {
        AUTO_SECRET key = NULL;
        TRY(unwrap(parent, WRAPPED_MEETING_KEY, organisation, list.items[i].id, &list.items[i].key, &key, why));
        print("meeting", list.items[i].id, key);
    }
    return ST_OK;
}

static enum status print_store(struct directory *directory, const struct secret *wraps, struct arena *arena,
                               struct problem *why)
{
    struct stored_organisation_list list;
    struct store *store = directory_store(directory);
    TRY(store_list_organisations(store, arena, &list, why));
    for (size_t i = 0; i < list.count; i++) {
        struct slice id = list.items[i].id;
        AUTO_SECRET key = NULL;
        TRY(unwrap(wraps, WRAPPED_ORGANISATION_KEY, id, id, &list.items[i].key, &key, why));
        AUTO_SECRET people = secret_derive(key, "rendez directory", SLICE_NONE);
        print("organisation", id, key);
        print("directory", id, people);
        TRY(print_meetings(store, key, id, arena, why));
    }
    return ST_OK;
}

static enum status print_identities(struct directory *directory, const struct secret *wraps, struct arena *arena,
                                    struct problem *why)
{
    AUTO_IDENTITY identity = NULL;
    struct identity_organisation_list list;
    const char *folder = arena_text(arena, directory_config(directory)->folders.identity);
    TRY(identity_open(&sqlite_driver, arena_format(arena, "%s/identity.db", folder).data, &identity, why));
    TRY(identity_list_organisations(identity, arena, &list, why));
    for (size_t i = 0; i < list.count; i++) {
        struct slice id = list.items[i].id;
        AUTO_SECRET key = NULL;
        if (list.items[i].key.sealed.bytes.len == 0)
            continue; /* erased */
        TRY(unwrap(wraps, WRAPPED_ORGANISATION_KEY, id, id, &list.items[i].key, &key, why));
        AUTO_SECRET accounts = secret_derive(key, "rendez identity", SLICE_NONE);
        print("organisation", id, key);
        print("identity", id, accounts);
    }
    return ST_OK;
}

static enum status run(const char *dir, const char *file, struct arena *arena, struct problem *why)
{
    AUTO_ROOT_KEYS roots = {0};
    struct directory *directory = NULL;
    struct slice passphrase;
    TRY(directory_open(dir, file, &directory, why));
    struct root_place place = root_place_of(directory_config(directory), arena);
    TRY(passphrase_read(file, false, arena, &passphrase, why));
    TRY(root_keys_open(place.root_key, passphrase, &roots, why));
    AUTO_SECRET wraps = secret_derive(roots.items[0].key, "rendez organisations", SLICE_NONE);
    print("root", LIT("-"), roots.items[0].key);
    enum status status = print_store(directory, wraps, arena, why);
    if (status == ST_OK)
        status = print_identities(directory, wraps, arena, why);
    directory_destroy(&directory);
    return status;
}

int main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_create_wiped(WORK_BYTES_MAX);
    struct problem why;
    if (argc != 3)
        return 2;
    if (run(argv[1], argv[2], arena, &why) == ST_OK)
        return 0;
    fprintf(stderr, "key_bytes: %s\n", why.detail);
    return 1;
}
