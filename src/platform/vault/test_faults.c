/* The root key file on a failing disk: whole or not there. Argon2 takes its time, so only how
 * its file ends is tried; what it goes through is base/bytes/test_file_faults.c's. */
#include <stdio.h>
#include <sys/stat.h>

#include "faults/trial.h"
#include "platform/vault/vault.h"

struct place {
    char folder[64];
    char path[80];
};

static void make_folder(void *context)
{
    struct place *place = context;
    snprintf(place->folder, sizeof place->folder, "/tmp/rendez-faults-XXXXXX");
    if (mkdtemp(place->folder) == NULL)
        abort();
    snprintf(place->path, sizeof place->path, "%s/root.key", place->folder);
}

/* Nothing else was left there. */
static void remove_folder(void *context)
{
    struct place *place = context;
    unlink(place->path);
    CHECK(rmdir(place->folder) == 0);
}

static enum status make_root_key(void *context, struct problem *why)
{
    AUTO_SECRET root = NULL;
    return root_key_create(((struct place *)context)->path, LIT("a passphrase"), &root, why);
}

static void no_key(void *context)
{
    CHECK(access(((struct place *)context)->path, F_OK) != 0);
}

static void a_key(void *context)
{
    AUTO_SECRET root = NULL;
    struct stat about = {0};
    const char *path = ((struct place *)context)->path;
    CHECK_OK(root_key_open(path, LIT("a passphrase"), &root, NULL));
    CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600);
}

static void a_root_key_is_whole_or_not_there(void)
{
    static const struct fault faults[] = {
        {.name = "write: half, then no space", .call = FAULT_WRITE, .error = ENOSPC, .torn = true},
        {.name = "fsync: I/O error", .call = FAULT_FSYNC, .error = EIO},
        {.name = "link: I/O error", .call = FAULT_RENAME, .error = EIO},
    };
    static const struct fault_trial trial = {"root key", make_folder, make_root_key, no_key, a_key,
                                             remove_folder, 0};
    struct place place;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        CHECK(fault_try(&trial, &faults[i], &place) > 0);
}

static void make_sealed(void *context)
{
    make_folder(context);
    CHECK_OK(make_root_key(context, NULL));
}

/* A failure may come after the new file is in its place: then it is done when it is tried again. */
static enum status reseal(void *context, struct problem *why)
{
    AUTO_SECRET root = NULL;
    const char *path = ((struct place *)context)->path;
    if (root_key_open(path, LIT("another"), &root, NULL) == ST_OK)
        return ST_OK;
    return root_key_reseal(path, LIT("a passphrase"), LIT("another"), why);
}

/* Whatever failed, one of the two opens it. */
static void old_or_new(void *context)
{
    AUTO_SECRET root = NULL;
    const char *path = ((struct place *)context)->path;
    CHECK(root_key_open(path, LIT("a passphrase"), &root, NULL) == ST_OK ||
          root_key_open(path, LIT("another"), &root, NULL) == ST_OK);
}

static void new_only(void *context)
{
    AUTO_SECRET root = NULL;
    const char *path = ((struct place *)context)->path;
    CHECK_NUMBER(root_key_open(path, LIT("a passphrase"), &root, NULL), ST_DENIED);
    CHECK_OK(root_key_open(path, LIT("another"), &root, NULL));
}

static void a_root_key_under_another_passphrase_is_never_lost(void)
{
    static const struct fault faults[] = {
        {.name = "fsync: I/O error", .call = FAULT_FSYNC, .error = EIO},
        {.name = "rename: I/O error", .call = FAULT_RENAME, .error = EIO},
    };
    static const struct fault_trial trial = {"reseal", make_sealed, reseal, old_or_new, new_only,
                                             remove_folder, 0};
    struct place place;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        CHECK(fault_try(&trial, &faults[i], &place) > 0);
}

int main(void)
{
    TEST(a_root_key_is_whole_or_not_there);
    TEST(a_root_key_under_another_passphrase_is_never_lost);
    return check_done();
}
