#ifndef RENDEZ_PLATFORM_STORE_TEST_HELP_H
#define RENDEZ_PLATFORM_STORE_TEST_HELP_H

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "platform/store/store.h"

/* A store in a folder of its own, removed at the end. */
struct test_folder {
    char path[64];
    char db[128];
};

static inline struct test_folder folder_create(void)
{
    struct test_folder folder = {.path = "/tmp/rendez-store-XXXXXX"};
    if (mkdtemp(folder.path) == NULL)
        abort();
    snprintf(folder.db, sizeof folder.db, "%s/rendez.db", folder.path);
    return folder;
}

static inline void folder_remove(const struct test_folder *folder)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal", ".half", ".before-2", ".before-3"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[160];
        snprintf(name, sizeof name, "%s%s", folder->db, endings[i]);
        unlink(name);
    }
    rmdir(folder->path);
}

/* What the schema tests need is any sealed value; what sealing does is tested elsewhere. */
static inline struct sealed any_sealed(const char *text)
{
    return (struct sealed){slice_from(text)};
}

static inline struct stored_organisation any_organisation(const char *id)
{
    return (struct stored_organisation){.id = slice_from(id),
                                        .state = LIT("active"),
                                        .created = {1},
                                        .key = any_sealed("key"),
                                        .record = any_sealed("record")};
}

static inline struct stored_person any_person(const char *id, const char *hash)
{
    return (struct stored_person){.id = slice_from(id),
                                  .organisation = LIT("o"),
                                  .role = LIT("client"),
                                  .state = LIT("active"),
                                  .created = {1},
                                  .address_hash = slice_from(hash),
                                  .record = any_sealed("record")};
}

static inline struct stored_meeting any_meeting(const char *id)
{
    return (struct stored_meeting){.id = slice_from(id),
                                   .organisation = LIT("o"),
                                   .state = LIT("gathering"),
                                   .created = {1},
                                   .key = any_sealed("key"),
                                   .record = any_sealed("record")};
}

#endif
