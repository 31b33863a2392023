/* The supervision room: the log of its door comes in here, and what its devices last said is shown. No role reads that log: it
 * is a file of somebody else's system, and none of them needs to see it. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/authd/room.h"
#include "roles/cli/registry.h"
#include "roles/cli/supervise.h"

enum status supervise_badge(struct admin *admin, struct slice account, struct slice number)
{
    AUTO_REGISTRY registry = NULL;
    TRY(registry_open(admin, &registry));
    return authd_set_badge(registry_authd(registry), account, number, clock_now(), &admin->why);
}

/* The log, and of when it is: a file's last change, or now for standard input. */
static enum status read_log(struct admin *admin, const char *path, struct slice *text, struct instant *as_of)
{
    struct stat about;
    *as_of = clock_now();
    if (strcmp(path, "-") == 0)
        return fd_read_all(STDIN_FILENO, DOOR_BYTES_MAX, admin->arena, text, &admin->why);
    if (stat(path, &about) < 0)
        return problem_errno(&admin->why, path);
    as_of->us = (int64_t)about.st_mtim.tv_sec * 1000000 + about.st_mtim.tv_nsec / 1000;
    return file_read(path, DOOR_BYTES_MAX, admin->arena, text, &admin->why);
}

static json_t *time_or_null(struct instant at, struct arena *arena)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena));
}

static json_t *describe_import(const struct door_import *import, struct arena *arena)
{
    return json_pack("{s:o, s:o, s:I, s:I, s:I}", "imported", time_or_null(import->imported, arena), "as_of",
                     time_or_null(import->as_of, arena), "taken", (json_int_t)import->taken, "unknown",
                     (json_int_t)import->unknown, "refused", (json_int_t)import->refused);
}

static int import(struct admin *admin, struct registry *registry, const char *path)
{
    struct door_taken taken;
    struct slice text;
    struct instant as_of;
    ADMIN_TRY(admin, read_log(admin, path, &text, &as_of));
    ADMIN_TRY(admin, authd_import_door(registry_authd(registry), text, as_of, clock_now(), &taken, &admin->why));
    json_t *said = describe_import(&taken.import, admin->arena);
    if (taken.first_refused > 0)
        json_object_set_new(said, "first_refused", json_integer((json_int_t)taken.first_refused));
    return admin_print(admin, said);
}

/* Options may stand before it. */
static bool has_word(int argc, char **argv, const char *word)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

int supervise_door(struct admin *admin, int argc, char **argv)
{
    const char *words[2] = {NULL, NULL};
    bool imports = has_word(argc, argv, "import");
    AUTO_REGISTRY registry = NULL;
    struct door_import last;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, words, imports ? 2 : 0,
                           imports ? "import, and a file or \"-\" are" : "import FILE, or nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, &registry));
    if (imports && strcmp(words[0], "import") != 0)
        return cli_fail(EXIT_USAGE, "import FILE, or nothing: see --help");
    if (imports)
        return import(admin, registry, words[1]);
    ADMIN_TRY(admin, identity_load_import(registry_identity(registry), admin->arena, &last, &admin->why));
    return admin_print(admin, describe_import(&last, admin->arena));
}

static json_t *describe_device(const struct room_device *device, struct arena *arena)
{
    json_t *out = json_pack("{s:o, s:s, s:o, s:o}", "id", json_from_text(device->id), "kind",
                            device_kind_names[device_kind_of(device->id)], "owner", json_from_text(device->owner), "heard",
                            time_or_null(device->at, arena));
    json_object_set_new(out, "items", json_from_text(device->items));
    return out;
}

int supervise_devices(struct admin *admin, int argc, char **argv)
{
    AUTO_REGISTRY registry = NULL;
    struct room_device_list devices;
    struct instant now = clock_now();
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, identity_list_devices(registry_identity(registry), now, admin->arena, &devices, &admin->why));
    for (size_t i = 0; i < devices.count; i++) {
        const struct room_device *device = &devices.items[i];
        AUTO_JSON entry = describe_device(device, admin->arena);
        if (admin->as_json)
            cli_print_json(entry);
        else if (device->at.us == 0)
            printf("%-28.*s %-11s never heard\n", SLICE_ARG(device->id), device_kind_names[device_kind_of(device->id)]);
        else
            printf("%-28.*s %-11s %6lld s ago  %.*s\n", SLICE_ARG(device->id), device_kind_names[device_kind_of(device->id)],
                   (long long)((now.us - device->at.us) / 1000000), SLICE_ARG(device->items));
    }
    return EXIT_YES;
}
