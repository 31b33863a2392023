#include "roles/archive/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/archive/internal.h"

enum { ARENA_BYTES_MAX = 1 << 20 };

static enum status take_lock(struct archive *archive, struct problem *why)
{
    const char *path = arena_format(archive->arena, "%s/lock", archive->own).data;
    archive->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (archive->lock < 0)
        return problem_errno(why, path);
    if (flock(archive->lock, LOCK_EX | LOCK_NB) == 0)
        return ST_OK;
    return errno == EWOULDBLOCK ? problem_set(why, ST_CONFLICT, "another process works on the backups: wait for it")
                                : problem_errno(why, path);
}

static enum status open_all(struct archive *archive, struct problem *why)
{
    struct arena *arena = archive->arena;
    archive->own = arena_text(arena, archive->config->folders.archive);
    archive->sets = arena_text(arena, archive->config->backup.folder);
    archive->keys_copy = arena_text(arena, archive->config->backup.keys_folder);
    archive->work = arena_format(arena, "%s/work", archive->own).data;
    const char *const folders[] = {archive->own, archive->sets, archive->keys_copy, archive->work};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        TRY(make_folder(folders[i], why));
    TRY(take_lock(archive, why));
    return set_keys_open(arena_format(arena, "%s/sets.keys", archive->own).data, &archive->keys, why);
}

enum status archive_open(const struct config *config, const struct archive_ports *ports, struct archive **out,
                         struct problem *why)
{
    AUTO_ARCHIVE archive = must_calloc(1, sizeof *archive);
    archive->config = config;
    archive->ports = *ports;
    archive->lock = -1;
    archive->arena = arena_create(ARENA_BYTES_MAX);
    TRY(open_all(archive, why));
    *out = archive;
    archive = NULL;
    return ST_OK;
}

/* What root has made in a folder of the role is the role's. */
static void give_back(const char *folder)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 30);
    struct stat about;
    struct slice_list files;
    struct problem why;
    if (stat(folder, &about) < 0 || about.st_uid == 0 || list_files(folder, arena, &files, &why) != ST_OK)
        return;
    for (size_t i = 0; i < files.count; i++) {
        const char *path = arena_format(arena, "%s/%.*s", folder, SLICE_ARG(files.items[i])).data;
        for (char *slash = strrchr(path, '/'); slash > path + strlen(folder); slash = strrchr(path, '/')) {
            (void)!lchown(path, about.st_uid, about.st_gid);
            *slash = '\0';
        }
        (void)!lchown(path, about.st_uid, about.st_gid);
    }
}

void archive_close(struct archive **out)
{
    struct archive *archive = *out;
    if (archive == NULL)
        return;
    set_keys_close(&archive->keys);
    if (archive->lock >= 0 && geteuid() == 0) {
        give_back(archive->own);
        give_back(archive->sets);
        give_back(archive->keys_copy);
    }
    fd_close(&archive->lock);
    arena_destroy(&archive->arena);
    free(archive);
    *out = NULL;
}

struct set_keys *archive_keys(struct archive *archive)
{
    return archive->keys;
}

struct sets_rule archive_rule(const struct archive *archive)
{
    return (struct sets_rule){zone_or_utc(archive->config->assistant.time_zone), archive->config->backup.hour,
                              archive->config->backup.hourly};
}

enum status archive_sets(struct archive *archive, struct arena *arena, struct backup_set_list *out, uint32_t *missing,
                         struct problem *why)
{
    struct set_row_list rows;
    struct backup_set_list list = {0};
    *missing = 0;
    TRY(set_keys_list(archive->keys, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct backup_set set;
        const struct set_row *row = &rows.items[i];
        if (!row->whole || set_name_parse(row->name, &set, NULL) != ST_OK)
            continue;
        const char *path = arena_format(arena, "%s/%.*s/" BACKUP_MANIFEST, archive->sets, SLICE_ARG(row->name)).data;
        set.made = row->made;
        if (is_there(path))
            ARENA_PUSH(arena, &list, set);
        else
            ++*missing;
    }
    *out = list;
    return ST_OK;
}

enum status archive_kind_now(struct archive *archive, struct instant now, struct arena *arena, enum set_kind *kind,
                             struct problem *why)
{
    struct sets_rule rule = archive_rule(archive);
    struct backup_set_list sets;
    uint32_t missing;
    TRY(archive_sets(archive, arena, &sets, &missing, why));
    if (!sets_due(&rule, &sets, now, kind) || *kind == SET_HOURLY)
        *kind = SET_DAILY;
    return ST_OK;
}

/* Keys */

static enum status ask(const struct archive_ports *ports, const struct key_ask *question, struct arena *arena,
                       struct key_given *given, struct secret **key, struct problem *why)
{
    return ports->key(ports->self, question, arena, given, key, why);
}

enum status ask_new_set(const struct archive_ports *ports, struct slice set, struct arena *arena,
                        struct sealed *wrapped, struct secret **key, uint32_t *root, struct problem *why)
{
    struct key_ask question = {.purpose = KEY_NEW_SET, .set = set};
    struct key_given given;
    TRY(ask(ports, &question, arena, &given, key, why));
    wrapped->bytes = arena_copy(arena, given.wrapped);
    return sealed_key_version(*wrapped, root) == ST_OK ? ST_OK : problem_set(why, ST_INVALID, "keyd: no key of a set");
}

enum status ask_open_set(const struct archive_ports *ports, const struct set_row *row, struct secret **key,
                         struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(1 << 20);
    struct key_ask question = {.purpose = KEY_OPEN_SET, .set = row->name, .wrapped = row->wrapped.bytes};
    struct key_given given;
    return ask(ports, &question, arena, &given, key, why);
}

static enum status rewrap_one(struct archive *archive, const struct set_row *row, uint32_t *newest,
                              struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET none = NULL;
    struct key_ask question = {.purpose = KEY_REWRAP_SET, .set = row->name, .wrapped = row->wrapped.bytes};
    struct key_given given;
    uint32_t version = 0;
    if (sealed_key_version(row->wrapped, &version) == ST_OK && version == *newest)
        return ST_OK; /* as one before it, which was just wrapped anew */
    TRY(ask(&archive->ports, &question, arena, &given, &none, why));
    struct sealed wrapped = {given.wrapped};
    if (sealed_key_version(wrapped, newest) != ST_OK)
        return problem_set(why, ST_INVALID, "keyd: no key of a set");
    return *newest == version ? ST_OK : set_keys_rewrap(archive->keys, row->name, wrapped, why);
}

enum status archive_rewrap(struct archive *archive, uint32_t *older, struct instant *until, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct set_row_list rows;
    struct sets_rule rule = archive_rule(archive);
    uint32_t newest = 0;
    struct instant done = {0};
    *older = 0;
    *until = (struct instant){0};
    TRY(set_keys_list(archive->keys, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        TRY(rewrap_one(archive, &rows.items[i], &newest, why));
    TRY(set_keys_root_done_at(archive->keys, newest, &done, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct backup_set set = {.made = rows.items[i].made};
        struct instant end = sets_latest_end(&rule, &set);
        if (rows.items[i].root >= newest && rows.items[i].made.us > done.us)
            continue;
        ++*older;
        if (end.us > until->us)
            *until = end;
    }
    return ST_OK;
}
