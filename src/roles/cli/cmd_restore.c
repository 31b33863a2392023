/* rendez restore: from a set and the copy of the keys to an installation, on an empty machine. */
#include <unistd.h>

#include "roles/cli/backup.h"
#include "roles/cli/cli.h"
#include "roles/keyd/root.h"

enum { ARENA_BYTES_MAX = 1 << 28 };

struct restore_options {
    const char *from, *keys, *to, *set, *passphrase_file;
    int as_json;
};

/* With root.key as its copy has it; what opens it (passphrase or token) the settings beside it say. */
static enum status open_keys(const struct restore_options *options, struct arena *arena, struct keyd **out,
                             struct problem *why)
{
    struct config config;
    struct slice secret, passphrase;
    TRY(config_load(options->keys, arena, &config, why));
    struct root_place place = root_place_of(&config, arena);
    place.root_key = arena_format(arena, "%s/root.key", options->keys).data;
    place.token_file = arena_format(arena, "%s/root.token", options->keys).data;
    TRY(passphrase_read(options->passphrase_file, false, arena, &secret, why));
    TRY(root_passphrase(&place, secret, arena, &passphrase, why));
    return keyd_open(place.root_key, passphrase, out, why);
}

/* Settings that lead out of the installation: what was there is in its usual place now. */
static void tell_places(const char *to, struct arena *arena)
{
    struct config config;
    struct problem ignored;
    if (config_load(to, arena, &config, &ignored) != ST_OK)
        return;
    const struct slice folders[] = {config.folders.store,    config.folders.identity, config.folders.spool,
                                    config.folders.outgoing, config.folders.calendars, config.folders.pki,
                                    config.folders.archive,  config.keys.root};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (!slice_starts(folders[i], config.folder))
            fprintf(stderr, "rendez restore: rendez.conf names %.*s: move it there from %s, or change the setting\n",
                    SLICE_ARG(folders[i]), to);
}

static void print_restored(const struct restore_options *options, const struct archive_restored *done,
                           struct arena *arena)
{
    double seconds = (double)done->took_us / 1e6;
    struct slice made = instant_format(done->made, zone_utc(), arena);
    if (options->as_json) {
        AUTO_JSON out = json_pack("{s:o, s:o, s:I, s:I, s:f, s:s}", "set", json_from_text(done->set), "made",
                                  json_from_text(made), "bytes", (json_int_t)done->bytes, "files",
                                  (json_int_t)done->files, "seconds", seconds, "to", options->to);
        cli_print_json(out);
        return;
    }
    printf("%.*s, of %.*s: %llu files, %.1f MB in %.1f s, in %s\n", SLICE_ARG(done->set), SLICE_ARG(made),
           (unsigned long long)done->files, (double)done->bytes / 1e6, seconds, options->to);
}

static enum status restore(const struct restore_options *options, struct arena *arena, struct problem *why)
{
    AUTO_KEYD keyd = NULL;
    struct archive_restored done;
    TRY(open_keys(options, arena, &keyd, why));
    struct keyd_ports self = {keyd, !options->as_json && isatty(STDERR_FILENO) == 1};
    struct archive_restoring asked = {options->from, options->keys, options->to, options->set,
                                      {&self, backup_give_key, backup_draw}};
    enum status status = archive_restore(&asked, clock_now(), arena, &done, why);
    backup_draw_end(&self);
    TRY(status);
    print_restored(options, &done, arena);
    tell_places(options->to, arena);
    return ST_OK;
}

int cmd_restore(int argc, char **argv)
{
    struct restore_options options = {0};
    int first;
    const struct cli_option table[] = {
        {"from", NULL, &options.from, "DIR", "the folder of sets, or one set (backup.folder)"},
        {"keys", NULL, &options.keys, "DIR", "the folder with the copy of the keys (backup.keys_folder)"},
        {"to", NULL, &options.to, "DIR", "where the installation is to be: not there, or empty"},
        {"set", NULL, &options.set, "NAME", "which set (else the newest)"},
        {"passphrase-file", NULL, &options.passphrase_file, "FILE", "passphrase of the root key, or the token's PIN"},
        {"json", &options.as_json, NULL, NULL, "print facts as JSON"},
        {0}};
    int code = cli_options(argc, argv, table, &first);
    if (code >= 0)
        return code;
    if (first < argc || options.from == NULL || options.keys == NULL || options.to == NULL)
        return cli_fail(EXIT_USAGE, "--from, --keys and --to are needed, nothing more; see --help");
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES_MAX);
    struct problem why;
    return restore(&options, arena, &why) == ST_OK ? EXIT_YES : cli_fail_problem(&why);
}
