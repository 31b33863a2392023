#include "roles/cli/key_rotate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/identity/organisations.h"
#include "roles/cli/backup.h"
#include "roles/cli/registry.h"
#include "roles/keyd/keyd.h"

enum { LOOK_MS = 200, SPOOL_HEAD_BYTES = 8 + 4, SPOOL_ID_CHARS = 32, SPOOL_PATIENCE_MS = 10 * 1000, STUCK_S = 60 };

struct rotation {
    struct admin *admin;
    struct planner *planner;
    struct registry *registry; /* NULL: there are no identities, or they are not open */
    struct slice organisation; /* whose identity key it is */
    uint32_t total; /* of what is being waited for */
    uint32_t left;
    struct instant moved; /* when `left` was last another one */
    bool drawn;
    int end_sets;           /* of backups that need the older root key */
    uint32_t older_sets;    /* which keep it */
    struct instant older_until;
};

static const char *dir_of(const struct rotation *rotation)
{
    return cli_dir_or_default(rotation->admin->dir);
}

static bool service_runs(const struct rotation *rotation)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct slice answer;
    return cli_ask(dir_of(rotation), CONFIG_ASK_VERSION, arena, &answer, NULL) == ST_OK;
}

/* "[#####     ] 120 of 240", on a terminal only. */
static void draw(struct rotation *rotation, uint32_t left)
{
    enum { WIDTH = 30 };
    static const char full[WIDTH + 1] = "##############################";
    if (left > rotation->total)
        rotation->total = left;
    if (isatty(STDERR_FILENO) != 1 || rotation->total == 0)
        return;
    uint32_t done = rotation->total - left;
    int filled = (int)((uint64_t)WIDTH * done / rotation->total);
    fprintf(stderr, "\r[%-*.*s] %u of %u ", WIDTH, filled, full, (unsigned)done, (unsigned)rotation->total);
    rotation->drawn = true;
}

static void end_drawing(struct rotation *rotation)
{
    if (rotation->drawn)
        fputc('\n', stderr);
    rotation->drawn = false;
}

static void pause_ms(unsigned ms)
{
    usleep(ms * 1000);
}

/* One step of what is waited for, where no service does it. */
typedef enum status step_fn(struct rotation *rotation);

static enum status planner_step(struct rotation *rotation)
{
    bool more;
    return planner_upkeep(rotation->planner, clock_now(), &more, &rotation->admin->why);
}

/* Lets the service go on, or goes on in its place. What it cannot do it says in its events. */
static enum status let_go_on(struct rotation *rotation, uint32_t left, step_fn *step)
{
    struct instant now = clock_now();
    if (rotation->left != left || rotation->moved.us == 0)
        rotation->moved = now;
    rotation->left = left;
    if (now.us - rotation->moved.us > (int64_t)STUCK_S * 1000000)
        return problem_set(&rotation->admin->why, ST_UNAVAILABLE,
                           "nothing has moved for %d s: see the service's event key.rotation.failed, and rendez check",
                           STUCK_S);
    if (!service_runs(rotation))
        return step(rotation);
    pause_ms(LOOK_MS);
    return ST_OK;
}

static enum status find_upkeep(const struct rotation *rotation, enum upkeep_kind kind, struct slice id,
                               struct upkeep *out)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct upkeep_list list;
    TRY(store_list_upkeep(directory_store(rotation->admin->directory), arena, &list, &rotation->admin->why));
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind == kind && slice_equal(list.items[i].id, id)) {
            *out = list.items[i];
            out->id = id;
            return ST_OK;
        }
    return ST_NOT_FOUND;
}

static enum status wait_for(struct rotation *rotation, enum upkeep_kind kind, struct slice id)
{
    struct upkeep upkeep;
    uint32_t left = 0;
    rotation->total = 0;
    rotation->moved.us = 0;
    for (;;) {
        enum status found = find_upkeep(rotation, kind, id, &upkeep);
        if (found == ST_NOT_FOUND)
            break;
        TRY(found);
        if (planner_upkeep_left(rotation->planner, &upkeep, &left, NULL) == ST_OK) {
            rotation->total = upkeep.total;
            draw(rotation, left);
        }
        TRY(let_go_on(rotation, left, planner_step));
    }
    if (rotation->total > 0)
        draw(rotation, 0);
    end_drawing(rotation);
    return ST_OK;
}

static enum status open_planner(struct rotation *rotation)
{
    struct admin *admin = rotation->admin;
    TRY(directory_open(dir_of(rotation), admin->passphrase_file, &admin->directory, &admin->why));
    return rights_open_planner(admin, &rotation->planner);
}

static void close_planner(struct rotation *rotation)
{
    planner_destroy(&rotation->planner);
    registry_destroy(&rotation->registry);
    directory_destroy(&rotation->admin->directory);
}

/* Until `count` finds nothing under the older key. */
static enum status wait_for_none(struct rotation *rotation,
                                 enum status (*count)(struct rotation *rotation, uint32_t *left),
                                 step_fn *step)
{
    uint32_t left;
    rotation->total = 0;
    rotation->moved.us = 0;
    for (;;) {
        TRY(count(rotation, &left));
        draw(rotation, left);
        if (left == 0)
            break;
        TRY(let_go_on(rotation, left, step));
    }
    end_drawing(rotation);
    return ST_OK;
}

static enum status identities_step(struct rotation *rotation)
{
    uint32_t left;
    return authd_rotate_some(registry_authd(rotation->registry), clock_now(), &left, &rotation->admin->why);
}

/* An organisation's identity key */

static enum status count_of_organisation(struct rotation *rotation, uint32_t *left)
{
    return authd_organisation_left(registry_authd(rotation->registry), rotation->organisation, left,
                                   &rotation->admin->why);
}

/* ST_NOT_FOUND: no identities know it. */
static enum status rotate_identity(struct rotation *rotation, struct slice id)
{
    struct problem *why = &rotation->admin->why;
    if (rotation->registry == NULL)
        TRY(registry_open_if_there(rotation->admin, &rotation->registry));
    if (rotation->registry == NULL)
        return problem_set(why, ST_NOT_FOUND, "there are no identities yet");
    TRY(authd_rotate_organisation(registry_authd(rotation->registry), id, clock_now(), why));
    rotation->organisation = id;
    return wait_for_none(rotation, count_of_organisation, identities_step);
}

/* Organisations and meetings */

static enum status rotate_one(struct rotation *rotation, enum upkeep_kind kind, struct slice id)
{
    TRY(planner_rotate(rotation->planner, kind, id, clock_now(), &rotation->admin->why));
    return wait_for(rotation, kind, id);
}

/* In the store and among identities; either may not know it. */
static enum status rotate_organisation(struct rotation *rotation, struct slice id)
{
    enum status kept = rotate_one(rotation, UPKEEP_ORGANISATION, id);
    struct problem why = rotation->admin->why;
    if (kept != ST_OK && kept != ST_NOT_FOUND)
        return kept;
    enum status known = rotate_identity(rotation, id);
    if (known != ST_NOT_FOUND || kept == ST_OK)
        return known == ST_NOT_FOUND ? ST_OK : known;
    rotation->admin->why = why;
    return kept;
}

static enum status rotate_identities(struct rotation *rotation)
{
    struct identity_organisation_list all;
    struct admin *admin = rotation->admin;
    TRY(registry_open_if_there(admin, &rotation->registry));
    if (rotation->registry == NULL)
        return ST_OK;
    TRY(identity_list_organisations(registry_identity(rotation->registry), admin->arena, &all, &admin->why));
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].erased.us == 0)
            TRY(rotate_identity(rotation, all.items[i].id));
    return ST_OK;
}

static enum status rotate_everything_below(struct rotation *rotation)
{
    struct organisation_entry_list all;
    struct admin *admin = rotation->admin;
    TRY(directory_list_organisations(admin->directory, admin->arena, &all, &admin->why));
    for (size_t i = 0; i < all.count; i++) {
        TRY(rotate_one(rotation, UPKEEP_ORGANISATION, all.items[i].id));
        TRY(rotate_one(rotation, UPKEEP_MEETINGS, all.items[i].id));
    }
    return rotate_identities(rotation);
}

/* The root key */

struct root_work {
    struct root_place place;
    struct slice passphrase;
    struct config config;
};

static enum status read_passphrase(struct rotation *rotation, struct root_work *work)
{
    struct admin *admin = rotation->admin;
    struct slice secret;
    TRY(config_load(dir_of(rotation), admin->arena, &work->config, &admin->why));
    work->place = root_place_of(&work->config, admin->arena);
    const char *file = admin->passphrase_file != NULL ? admin->passphrase_file : work->place.pin_file;
    TRY(passphrase_read(file, false, admin->arena, &secret, &admin->why));
    return root_passphrase(&work->place, secret, admin->arena, &work->passphrase, &admin->why);
}

/* The service that runs takes the keys of the file over, as it does with a new version. */
static enum status hand_over(struct rotation *rotation)
{
    struct slice answer;
    return service_runs(rotation) ? cli_ask(dir_of(rotation), CONFIG_ASK_UPGRADE, rotation->admin->arena,
                                            &answer, &rotation->admin->why)
                                  : ST_OK;
}

/* A waiting message's key, in a file beside it or (of earlier versions) at its head, says which root key
 * wraps it (src/roles/mailin/spool.c). */
static bool is_older(int folder, const char *name, uint32_t version)
{
    char head[SPOOL_HEAD_BYTES + VAULT_OVERHEAD];
    bool is_key = slice_ends(slice_from(name), LIT(".keys")), is_message = strlen(name) == SPOOL_ID_CHARS;
    uint32_t found;
    AUTO_FD fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t got = fd < 0 || !(is_key || is_message) ? -1 : read(fd, head, sizeof head);
    size_t at = is_key ? 0 : SPOOL_HEAD_BYTES;
    if (got < (ssize_t)(at + VAULT_OVERHEAD) || (is_message && (unsigned char)head[SPOOL_HEAD_BYTES - 4] < VAULT_OVERHEAD))
        return false; /* just handled, none of ours, or its key is beside it */
    return sealed_key_version((struct sealed){{head + at, VAULT_OVERHEAD}}, &found) == ST_OK && found < version;
}

static enum status count_older_mail(const struct root_work *work, uint32_t version, struct arena *arena,
                                    size_t *count, struct problem *why)
{
    DIR *folder = opendir(arena_text(arena, work->config.folders.spool));
    if (folder == NULL)
        return problem_errno(why, "look into the spool");
    *count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        *count += is_older(dirfd(folder), entry->d_name, version);
    closedir(folder);
    return ST_OK;
}

static enum status wait_for_mail(struct rotation *rotation, const struct root_work *work)
{
    uint32_t version = keyd_root_version(directory_keyd(rotation->admin->directory));
    size_t older = 0;
    for (int waited = 0;; waited += LOOK_MS) {
        TRY(count_older_mail(work, version, rotation->admin->arena, &older, &rotation->admin->why));
        if (older == 0)
            return ST_OK;
        if (waited >= SPOOL_PATIENCE_MS || !service_runs(rotation))
            return problem_set(&rotation->admin->why, ST_UNAVAILABLE,
                               "all is under the new root key but %zu messages that wait in the spool: give the "
                               "same command again when they are handled", older);
        pause_ms(LOOK_MS);
    }
}

static enum status count_in_store(struct rotation *rotation, uint32_t *left)
{
    struct upkeep root = {.kind = UPKEEP_ROOT};
    return planner_upkeep_left(rotation->planner, &root, left, &rotation->admin->why);
}

static enum status wait_for_store(struct rotation *rotation)
{
    TRY(planner_look_at_root(rotation->planner, clock_now(), &rotation->admin->why));
    return wait_for_none(rotation, count_in_store, planner_step);
}

static enum status count_in_identities(struct rotation *rotation, uint32_t *left)
{
    return authd_rotation_left(registry_authd(rotation->registry), left, &rotation->admin->why);
}

static enum status wait_for_identities(struct rotation *rotation)
{
    struct problem *why = &rotation->admin->why;
    enum status status = registry_open_if_there(rotation->admin, &rotation->registry);
    if (status == ST_OK && rotation->registry != NULL)
        status = wait_for_none(rotation, count_in_identities, identities_step);
    if (status == ST_OK)
        return ST_OK;
    struct problem cause = *why;
    return problem_set(why, status, "the old root key stays, identity.db may need it: %s", cause.detail);
}

/* Sets of backups: their keys are wrapped anew, and what is in those of before needs the older root key
 * (doc/storage.md, Backups). Either it stays as long as they do, or they end now. */
static enum status end_older_sets(struct rotation *rotation, struct archive *archive, uint32_t newest)
{
    struct set_row_list rows;
    struct instant done = {0};
    struct problem *why = &rotation->admin->why;
    TRY(set_keys_root_done_at(archive_keys(archive), newest, &done, why));
    TRY(set_keys_list(archive_keys(archive), rotation->admin->arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        if (rows.items[i].root < newest || rows.items[i].made.us <= done.us)
            TRY(archive_end(archive, rows.items[i].name, clock_now(), why));
    return ST_OK;
}

static enum status look_at_sets(struct rotation *rotation)
{
    AUTO_ARCHIVE archive = NULL;
    struct admin *admin = rotation->admin;
    const struct config *config = directory_config(admin->directory);
    struct keyd_ports self = {directory_keyd(admin->directory), false};
    const char *keys = arena_format(admin->arena, "%.*s/sets.keys", SLICE_ARG(config->folders.archive)).data;
    if (access(keys, F_OK) != 0)
        return ST_OK;
    uint32_t newest = keyd_root_version(self.keyd);
    TRY(backup_open(config, &self, &archive, &admin->why));
    TRY(set_keys_root_done(archive_keys(archive), newest, clock_now(), &admin->why));
    if (rotation->end_sets)
        TRY(end_older_sets(rotation, archive, newest));
    TRY(archive_rewrap(archive, &rotation->older_sets, &rotation->older_until, &admin->why));
    return archive_copy_keys(archive, clock_now(), &admin->why);
}

/* One that was begun before is ended first, and that is all. */
static enum status rotate_root(struct rotation *rotation)
{
    struct root_work work;
    struct admin *admin = rotation->admin;
    TRY(read_passphrase(rotation, &work));
    enum status begun = root_keys_rotate(work.place.root_key, work.passphrase, &admin->why);
    if (begun != ST_CONFLICT)
        TRY(begun);
    TRY(hand_over(rotation));
    TRY(open_planner(rotation));
    TRY(wait_for_store(rotation));
    TRY(wait_for_identities(rotation));
    TRY(wait_for_mail(rotation, &work));
    TRY(look_at_sets(rotation));
    close_planner(rotation);
    if (rotation->older_sets > 0)
        return ST_OK; /* said by the report */
    TRY(root_keys_forget(work.place.root_key, work.passphrase, &admin->why));
    return hand_over(rotation); /* so that keyd forgets it too */
}

/* The verbs */

static int report(struct rotation *rotation, enum status status, struct instant began, const char *level)
{
    end_drawing(rotation);
    close_planner(rotation);
    if (status != ST_OK)
        return admin_fail(rotation->admin);
    double seconds = (double)(clock_now().us - began.us) / 1e6;
    json_t *out = json_pack("{s:s, s:f}", "rotated", level, "seconds", seconds);
    if (rotation->older_sets > 0) {
        struct slice until = instant_format(rotation->older_until, zone_utc(), rotation->admin->arena);
        json_object_set_new(out, "older_root_key_kept_for_sets", json_integer(rotation->older_sets));
        json_object_set_new(out, "until", json_from_text(until));
    }
    return admin_print(rotation->admin, out);
}

static int options_of(struct admin *admin, int argc, char **argv, const char **id, int *end_sets)
{
    int ignored = 0;
    const struct cli_option options[] = {
        {"end-sets", end_sets == NULL ? &ignored : end_sets, NULL, NULL,
         "root: sets of backups that need the older root key end at once"},
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"passphrase-file", NULL, &admin->passphrase_file, "FILE", "passphrase of the root key (else as in rendez.conf)"},
        {"json", &admin->as_json, NULL, NULL, "print facts as JSON"},
        {0}};
    return admin_options(argc, argv, options, id, id != NULL, id != NULL ? "one id is" : "nothing more is");
}

static int rotate_level(struct admin *admin, int argc, char **argv, enum upkeep_kind kind)
{
    const char *id = NULL;
    int code = options_of(admin, argc, argv, &id, NULL);
    if (code >= 0)
        return code;
    struct rotation rotation = {.admin = admin};
    struct instant began = clock_now();
    enum status status = open_planner(&rotation);
    if (status == ST_OK)
        status = kind == UPKEEP_ORGANISATION ? rotate_organisation(&rotation, slice_from(id))
                                             : rotate_one(&rotation, kind, slice_from(id));
    return report(&rotation, status, began, upkeep_kind_names[kind]);
}

static int of_organisation(struct admin *admin, int argc, char **argv)
{
    return rotate_level(admin, argc, argv, UPKEEP_ORGANISATION);
}

static int of_meetings(struct admin *admin, int argc, char **argv)
{
    return rotate_level(admin, argc, argv, UPKEEP_MEETINGS);
}

static int of_meeting(struct admin *admin, int argc, char **argv)
{
    return rotate_level(admin, argc, argv, UPKEEP_MEETING);
}

static int of_root(struct admin *admin, int argc, char **argv)
{
    struct rotation rotation = {.admin = admin};
    int code = options_of(admin, argc, argv, NULL, &rotation.end_sets);
    if (code >= 0)
        return code;
    struct instant began = clock_now();
    return report(&rotation, rotate_root(&rotation), began, "root");
}

static int of_all(struct admin *admin, int argc, char **argv)
{
    struct rotation rotation = {.admin = admin};
    int code = options_of(admin, argc, argv, NULL, &rotation.end_sets);
    if (code >= 0)
        return code;
    struct instant began = clock_now();
    enum status status = rotate_root(&rotation);
    if (status == ST_OK)
        status = open_planner(&rotation);
    if (status == ST_OK)
        status = rotate_everything_below(&rotation);
    return report(&rotation, status, began, "all");
}

int key_rotate(struct admin *admin, int argc, char **argv)
{
    static const struct admin_verb levels[] = {{"root", of_root},         {"organisation", of_organisation},
                                               {"meetings", of_meetings}, {"meeting", of_meeting},
                                               {"all", of_all},           {0}};
    (void)admin; /* each level has its own */
    return admin_run(argc, argv, levels);
}

static enum status add_upkeep(struct rotation *rotation, json_t *out)
{
    struct admin *admin = rotation->admin;
    struct upkeep_list list;
    TRY(store_list_upkeep(directory_store(admin->directory), admin->arena, &list, &admin->why));
    for (size_t i = 0; i < list.count; i++) {
        uint32_t left = 0;
        if (planner_upkeep_left(rotation->planner, &list.items[i], &left, NULL) != ST_OK)
            continue;
        json_array_append_new(out, json_pack("{s:s, s:o, s:i, s:i}", "what", upkeep_kind_names[list.items[i].kind],
                                             "id", json_from_text(list.items[i].id), "total",
                                             (int)list.items[i].total, "left", (int)left));
    }
    return ST_OK;
}

static enum status add_versions(struct rotation *rotation, json_t *out)
{
    struct admin *admin = rotation->admin;
    struct key_survey_list survey;
    TRY(store_survey_keys(directory_store(admin->directory), admin->arena, &survey, &admin->why));
    for (size_t i = 0; i < survey.count; i++)
        json_array_append_new(out, json_pack("{s:s, s:i, s:i, s:i}", "key", stored_key_kind_names[survey.items[i].kind],
                                             "version", (int)survey.items[i].version, "wrapped_by",
                                             (int)survey.items[i].parent, "count", (int)survey.items[i].count));
    return ST_OK;
}

/* What authd does yet: of the root key's rotation, and of each organisation's. */
static enum status add_identity_upkeep(struct rotation *rotation, json_t *upkeep)
{
    struct admin *admin = rotation->admin;
    struct authd *authd = registry_authd(rotation->registry);
    struct key_aged_list aged;
    uint32_t left;
    TRY(authd_rotation_left(authd, &left, &admin->why));
    if (left > 0)
        json_array_append_new(upkeep, json_pack("{s:s, s:s, s:i, s:i}", "what", "identity", "id", "", "total",
                                                (int)left, "left", (int)left));
    TRY(identity_list_aged(registry_identity(rotation->registry), admin->arena, &aged, &admin->why));
    for (size_t i = 0; i < aged.count; i++) {
        TRY(authd_organisation_left(authd, aged.items[i].id, &left, &admin->why));
        json_array_append_new(upkeep, json_pack("{s:s, s:o, s:i, s:i}", "what", "identity", "id",
                                                json_from_text(aged.items[i].id), "total", (int)left, "left",
                                                (int)left));
    }
    return ST_OK;
}

static enum status add_identities(struct rotation *rotation, json_t *keys, json_t *upkeep)
{
    struct admin *admin = rotation->admin;
    struct key_survey_list survey;
    TRY(registry_open_if_there(admin, &rotation->registry));
    if (rotation->registry == NULL)
        return ST_OK;
    TRY(identity_survey_keys(registry_identity(rotation->registry), admin->arena, &survey, &admin->why));
    for (size_t i = 0; i < survey.count; i++)
        json_array_append_new(keys, json_pack("{s:s, s:i, s:i, s:i}", "key", "identity", "version",
                                              (int)survey.items[i].version, "wrapped_by",
                                              (int)survey.items[i].parent, "count", (int)survey.items[i].count));
    return add_identity_upkeep(rotation, upkeep);
}

static void print_versions(uint32_t root, const json_t *keys, const json_t *upkeep)
{
    size_t i;
    const json_t *one;
    printf("root key            version %u\n", (unsigned)root);
    json_array_foreach(keys, i, one)
        printf("%-12s keys   version %-4lld wrapped by version %-4lld %lld\n",
               json_string_value(json_object_get(one, "key")), (long long)json_number(one, "version", 0),
               (long long)json_number(one, "wrapped_by", 0), (long long)json_number(one, "count", 0));
    json_array_foreach(upkeep, i, one)
        printf("%s %s: %lld of %lld left\n", json_string_value(json_object_get(one, "what")),
               json_string_value(json_object_get(one, "id")), (long long)json_number(one, "left", 0),
               (long long)json_number(one, "total", 0));
}

int key_versions(struct admin *admin, int argc, char **argv)
{
    int code = options_of(admin, argc, argv, NULL, NULL);
    if (code >= 0)
        return code;
    struct rotation rotation = {.admin = admin};
    AUTO_JSON keys = json_array();
    AUTO_JSON upkeep = json_array();
    enum status status = open_planner(&rotation);
    if (status == ST_OK)
        status = add_versions(&rotation, keys);
    if (status == ST_OK)
        status = add_upkeep(&rotation, upkeep);
    if (status == ST_OK)
        status = add_identities(&rotation, keys, upkeep);
    uint32_t root = status == ST_OK ? keyd_root_version(directory_keyd(admin->directory)) : 0;
    close_planner(&rotation);
    if (status != ST_OK)
        return admin_fail(admin);
    if (admin->as_json)
        return admin_print(admin, json_pack("{s:i, s:O, s:O}", "root", (int)root, "keys", keys, "upkeep", upkeep));
    print_versions(root, keys, upkeep);
    return EXIT_YES;
}
