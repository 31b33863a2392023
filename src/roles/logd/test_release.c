/* What serves, as it lies beside us or where it is installed: this program is copied into made folders, and runs there. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "platform/vault/vault.h"
#include "roles/logd/release.h"

static char folder[] = "/tmp/rendez-release-XXXXXX";
enum { PROGRAM_MAX = 64 << 20, SAID_MAX = 8192 };

static void put(const char *path, struct slice bytes, unsigned mode)
{
    char whole[PATH_MAX];
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    CHECK_OK(file_write_durably(whole, bytes, mode, NULL));
}

static void make_folder(const char *path)
{
    char whole[PATH_MAX];
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    CHECK(mkdir(whole, 0700) == 0);
}

/* What the copy at `path` says of the programs around it. */
static struct slice said_at(const char *path, struct arena *arena)
{
    char *line = arena_alloc(arena, SAID_MAX);
    const char *command = arena_format(arena, "ASAN_OPTIONS=detect_leaks=0 %s/%s print", folder, path).data;
    FILE *pipe = popen(command, "r");
    CHECK(pipe != NULL && fgets(line, SAID_MAX, pipe) != NULL);
    CHECK(pipe != NULL && pclose(pipe) == 0);
    return slice_from(line);
}

static const char *row_of(const char *name, struct slice bytes, struct arena *arena)
{
    unsigned char digest[32];
    AUTO_BUFFER out = buffer_create(256);
    vault_sha256(bytes, digest);
    buffer_add_format(&out, " %s=", name);
    hex_encode((struct slice){(const char *)digest, sizeof digest}, &out);
    return arena_text(arena, buffer_slice(&out));
}

static void each_is_named_by_its_bytes(void)
{
    static const struct {
        const char *self, *rendezd; /* as a build leaves them; as they are installed */
    } layouts[] = {{"beside/rendez-logd", "beside/rendezd"}, {"usr/libexec/rendez/rendez-logd", "usr/sbin/rendezd"}};
    static const char *const folders[] = {"beside", "usr", "usr/sbin", "usr/libexec", "usr/libexec/rendez"};
    AUTO_ARENA arena = arena_create(4 * (size_t)PROGRAM_MAX);
    struct slice self;
    CHECK_OK(file_read("/proc/self/exe", PROGRAM_MAX, arena, &self, NULL));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        make_folder(folders[i]);
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        check_row(layouts[i].self);
        put(layouts[i].self, self, 0700);
        struct slice before = said_at(layouts[i].self, arena);
        CHECK(slice_starts(before, LIT("version=" RENDEZ_VERSION " rendezd=unreadable keyd=unreadable ")));
        CHECK(slice_contains(before, slice_from(row_of("logd", self, arena))));
        put(layouts[i].rendezd, LIT("the parent"), 0600);
        struct slice after = said_at(layouts[i].self, arena);
        CHECK(slice_contains(after, slice_from(row_of("rendezd", LIT("the parent"), arena))));
        put(layouts[i].rendezd, LIT("another"), 0600);
        CHECK(!slice_equal(said_at(layouts[i].self, arena), after));
    }
}

/* The one beside is the one that serves. */
static void beside_comes_first(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    put("usr/libexec/rendez/rendezd", LIT("the newer"), 0600);
    CHECK(slice_contains(said_at("usr/libexec/rendez/rendez-logd", arena),
                         slice_from(row_of("rendezd", LIT("the newer"), arena))));
}

static void remove_all(void)
{
    static const char *const paths[] = {
        "beside/rendez-logd", "beside/rendezd", "beside", "usr/libexec/rendez/rendez-logd", "usr/libexec/rendez/rendezd",
        "usr/libexec/rendez", "usr/libexec", "usr/sbin/rendezd", "usr/sbin", "usr", ""};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char whole[PATH_MAX];
        snprintf(whole, sizeof whole, "%s/%s", folder, paths[i]);
        CHECK(remove(whole) == 0);
    }
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct slice ids = release_ids(arena);
        printf("%.*s", SLICE_ARG(ids));
        return 0;
    }
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(each_is_named_by_its_bytes);
    TEST(beside_comes_first);
    remove_all();
    return check_done();
}
