/* `rendez serve` runs rendezd in its place, so that one word starts everything. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/cli/cli.h"
#include "roles/directory/directory.h"

/* Where rendezd may be, as seen from the folder of this program: installed beside it or in
 * sbin, or in the build tree. */
static const char *const places[] = {"rendezd", "../sbin/rendezd", "../parent/rendezd"};

static enum status find_rendezd(struct arena *arena, const char **path, struct problem *why)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self);
    if (len <= 0 || (size_t)len >= sizeof self)
        return problem_errno(why, "/proc/self/exe");
    while (len > 0 && self[len - 1] != '/')
        len--;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct slice candidate = arena_format(arena, "%.*s%s", (int)len, self, places[i]);
        if (access(candidate.data, X_OK) == 0) {
            *path = candidate.data;
            return ST_OK;
        }
    }
    return problem_set(why, ST_NOT_FOUND, "rendezd is not beside rendez: install it again");
}

/* Roles that cannot start are started again and again, as in a service they must be. Whoever
 * starts it by hand reads why in one line: wrong passphrase, a full disk, a folder of others. */
static enum status try_keys_and_store(struct slice file, const char *passphrase_file,
                                      struct arena *arena, struct problem *why)
{
    AUTO_DIRECTORY directory = NULL;
    struct config config;
    TRY(config_load(file.data, arena, &config, why));
    if (passphrase_file == NULL && config.keys.passphrase_file.len == 0)
        return ST_OK; /* a credential, or none: the parent says so, and asks nobody */
    return directory_open(file.data, passphrase_file, &directory, why);
}

int cmd_serve(int argc, char **argv)
{
    const char *passphrase_file = NULL;
    int first;
    const struct cli_option options[] = {
        {"passphrase-file", NULL, &passphrase_file, "FILE", "passphrase of the root key"},
        {0},
    };
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (argc - first > 1)
        return cli_fail(EXIT_USAGE, "one installation is served; see --help");
    AUTO_ARENA arena = arena_create(4 << 20);
    const char *folder = argc - first == 1 ? argv[first] : ".", *rendezd;
    struct stat info;
    struct problem why;
    struct slice config = stat(folder, &info) == 0 && S_ISDIR(info.st_mode)
                              ? arena_format(arena, "%s/rendez.conf", folder)
                              : slice_from(folder);
    if (access(config.data, R_OK) != 0)
        return cli_fail(EXIT_ENVIRONMENT, "%s cannot be read; make an installation with rendez init",
                        config.data);
    if (try_keys_and_store(config, passphrase_file, arena, &why) != ST_OK)
        return cli_fail_problem(&why);
    if (find_rendezd(arena, &rendezd, &why) != ST_OK)
        return cli_fail_problem(&why);
    const char *with_file[] = {"rendezd", "--config", config.data, "--passphrase-file",
                               passphrase_file, NULL};
    if (passphrase_file == NULL)
        with_file[3] = NULL;
    execv(rendezd, (char *const *)(uintptr_t)with_file);
    return cli_fail(EXIT_ENVIRONMENT, "%s: %s", rendezd, strerror(errno));
}
