/* Making a set, and ending it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/archive/internal.h"

enum { ARENA_BYTES_MAX = 1 << 29 };

/* One run. */
struct making {
    struct archive *archive;
    struct arena *arena;
    struct slice set;
    const char *part; /* the folder while it is half done */
    struct secret *key;
    struct manifest manifest;
    struct progress progress;
    struct problem *why;
};

static const char *of_part(struct making *m, struct slice name)
{
    return arena_format(m->arena, "%s/%.*s", m->part, SLICE_ARG(name)).data;
}

static int create_file(struct making *m, struct slice name)
{
    return open(of_part(m, name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static enum status write_file(struct making *m, struct stream_writer *writer, int fd, uint64_t size)
{
    AUTO_ARENA arena = arena_create(2 * CHUNK_BYTES);
    char *chunk = arena_alloc(arena, CHUNK_BYTES);
    while (size > 0) {
        size_t want = size < CHUNK_BYTES ? (size_t)size : CHUNK_BYTES;
        ssize_t got = read(fd, chunk, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_errno(m->why, "read what is to be kept");
        if (got == 0)
            return problem_set(m->why, ST_UNAVAILABLE, "a file became shorter while it was read");
        TRY(stream_write(writer, (struct slice){chunk, (size_t)got}, m->why));
        size -= (uint64_t)got;
        if (!progress_add(&m->progress, (uint64_t)got))
            return progress_stopped(m->why);
    }
    return ST_OK;
}

static enum status write_whole(struct making *m, struct stream_writer *writer, const char *path)
{
    struct stat about;
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &about) < 0)
        return problem_errno(m->why, path);
    return write_file(m, writer, fd, (uint64_t)about.st_size);
}

/* One that has just gone (mail that was handled) is left out. */
static enum status write_one_of_folder(struct making *m, struct stream_writer *writer, const char *folder,
                                       struct slice path, struct thing *thing)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct stat about;
    AUTO_FD fd = open(arena_format(arena, "%s/%.*s", folder, SLICE_ARG(path)).data,
                      O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return ST_OK;
    if (fd < 0 || fstat(fd, &about) < 0)
        return problem_errno(m->why, "read what is to be kept");
    struct pack_head head = {path, (uint64_t)about.st_size};
    TRY(pack_write_head(writer, &head, m->why));
    thing->files++;
    return write_file(m, writer, fd, head.size);
}

static struct slice last_part(struct slice path)
{
    size_t from = 0;
    for (size_t at = slice_find(path, LIT("/"), 0); at != SIZE_MAX; at = slice_find(path, LIT("/"), at + 1))
        from = at + 1;
    return slice_sub(path, from, path.len);
}

static enum status write_folder(struct making *m, struct stream_writer *writer, const char *path, struct thing *thing)
{
    struct slice_list files;
    TRY(list_files(path, m->arena, &files, m->why));
    for (size_t i = 0; i < files.count; i++)
        if (source_takes(last_part(files.items[i])) && backup_path_is_good(files.items[i]))
            TRY(write_one_of_folder(m, writer, path, files.items[i], thing));
    return pack_write_head(writer, &(struct pack_head){0}, m->why);
}

static enum status copy_database(struct making *m, const char *path, const char *copy, struct thing *thing)
{
    TRY(remove_tree(copy, m->why));
    TRY(sql_copy(path, copy, progress_at, &m->progress, m->why));
    m->progress.before += file_bytes(copy);
    return sql_count_rows(copy, m->arena, &thing->tables, m->why);
}

static enum status write_content(struct making *m, struct stream_writer *writer, const char *path, struct thing *thing)
{
    if (thing->kind == THING_FOLDER)
        return write_folder(m, writer, path, thing);
    if (thing->kind == THING_FILE)
        return write_whole(m, writer, path);
    /* It is whole and of one moment there, and still under its own seals. */
    const char *copy = arena_format(m->arena, "%s/copy.db", m->archive->work).data;
    enum status status = copy_database(m, path, copy, thing);
    if (status == ST_OK)
        status = write_whole(m, writer, copy);
    struct problem ignored;
    (void)!remove_tree(copy, &ignored);
    return status;
}

static enum status write_thing(struct making *m, const char *path, struct thing *thing)
{
    AUTO_FD fd = create_file(m, thing->name);
    if (fd < 0)
        return problem_errno(m->why, "write a set");
    AUTO_STREAM_WRITER writer = stream_writer_create(fd, m->key, m->set, thing->name);
    TRY(write_content(m, writer, path, thing));
    TRY(stream_finish(writer, &thing->facts, m->why));
    return fsync(fd) == 0 ? ST_OK : problem_errno(m->why, "write a set");
}

static enum status write_things(struct making *m)
{
    m->manifest.things = ARENA_ARRAY(m->arena, source_count, struct thing);
    for (size_t i = 0; i < source_count; i++) {
        const char *path = source_path(m->archive->config, &sources[i], m->arena);
        if (!is_there(path))
            continue;
        struct thing *thing = &m->manifest.things[m->manifest.thing_count++];
        *thing = (struct thing){
            .name = slice_from(sources[i].name), .kind = sources[i].kind, .path = slice_from(sources[i].usual)};
        TRY(write_thing(m, path, thing));
    }
    return ST_OK;
}

static enum status write_manifest(struct making *m)
{
    struct sealed sealed;
    TRY(manifest_seal(&m->manifest, m->key, m->arena, &sealed, m->why));
    TRY(file_write_durably(of_part(m, LIT(BACKUP_MANIFEST)), sealed.bytes, 0600, m->why));
    return sync_folder(m->part, m->why);
}

/* Databases are read twice: copied, then packed. */
static uint64_t bytes_to_do(struct making *m)
{
    uint64_t total = 0;
    struct problem ignored;
    for (size_t i = 0; i < source_count; i++) {
        const char *path = source_path(m->archive->config, &sources[i], m->arena);
        struct slice_list files = {0};
        total += (sources[i].kind == THING_DATABASE ? 2 : 1) * file_bytes(path);
        if (sources[i].kind == THING_FOLDER && list_files(path, m->arena, &files, &ignored) == ST_OK)
            for (size_t f = 0; f < files.count; f++)
                total += file_bytes(arena_format(m->arena, "%s/%.*s", path, SLICE_ARG(files.items[f])).data);
    }
    return total;
}

/* What runs that were cut off have left. */
static enum status clear_away(struct archive *archive, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct slice_list names;
    struct set_row_list rows;
    TRY(list_folder(archive->sets, arena, &names, why));
    for (size_t i = 0; i < names.count; i++)
        if (slice_ends(names.items[i], LIT(".part")))
            TRY(remove_tree(arena_format(arena, "%s/%.*s", archive->sets, SLICE_ARG(names.items[i])).data, why));
    TRY(list_folder(archive->work, arena, &names, why));
    for (size_t i = 0; i < names.count; i++)
        TRY(remove_tree(arena_format(arena, "%s/%.*s", archive->work, SLICE_ARG(names.items[i])).data, why));
    TRY(set_keys_list(archive->keys, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        if (!rows.items[i].whole)
            TRY(archive_end(archive, rows.items[i].name, now, why));
    return ST_OK;
}

static const char *set_folder(const struct archive *archive, struct slice set, struct arena *arena)
{
    return arena_format(arena, "%s/%.*s", archive->sets, SLICE_ARG(set)).data;
}

static uint64_t stored_bytes(const struct manifest *manifest)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < manifest->thing_count; i++)
        bytes += manifest->things[i].facts.stored;
    return bytes;
}

static enum status begin_set(struct making *m, struct instant now)
{
    struct archive *archive = m->archive;
    struct set_row row = {.name = m->set, .made = now};
    if (is_there(set_folder(archive, m->set, m->arena)))
        return problem_set(m->why, ST_CONFLICT, "there is a set of this minute already");
    TRY(ask_new_set(&archive->ports, m->set, m->arena, &row.wrapped, &m->key, &row.root, m->why));
    m->manifest = (struct manifest){.set = m->set, .version = LIT(RENDEZ_VERSION), .made = now, .root = row.root};
    TRY(set_keys_add(archive->keys, &row, m->why));
    return make_folder(m->part, m->why);
}

static enum status make_set(struct making *m, struct instant now)
{
    struct archive *archive = m->archive;
    int64_t began = clock_monotonic_ms();
    TRY(begin_set(m, now));
    m->progress = (struct progress){&archive->ports, {"copy", 0, bytes_to_do(m)}, 0};
    TRY(write_things(m));
    TRY(write_manifest(m));
    if (rename(m->part, set_folder(archive, m->set, m->arena)) < 0)
        return problem_errno(m->why, "name a set");
    TRY(sync_folder(archive->sets, m->why));
    TRY(set_keys_mark_whole(archive->keys, m->set, stored_bytes(&m->manifest),
                            (uint64_t)(clock_monotonic_ms() - began) * 1000, m->why));
    return archive_copy_keys(archive, now, m->why);
}

enum status archive_make(struct archive *archive, enum set_kind kind, struct instant now, struct arena *arena,
                         struct set_row *out, struct problem *why)
{
    AUTO_ARENA scratch = arena_create(ARENA_BYTES_MAX);
    AUTO_SECRET key = NULL;
    struct making m = {.archive = archive, .arena = scratch, .why = why};
    m.set = set_name_format(now, kind, scratch);
    m.part = arena_format(scratch, "%s/%.*s.part", archive->sets, SLICE_ARG(m.set)).data;
    TRY(clear_away(archive, now, why));
    if (set_keys_load(archive->keys, m.set, scratch, out, NULL) == ST_OK)
        return problem_set(why, ST_CONFLICT, "there is a set of this minute already");
    enum status status = make_set(&m, now);
    key = m.key;
    if (status != ST_OK) {
        struct problem ignored;
        if (!is_there(set_folder(archive, m.set, scratch)))
            (void)!set_keys_end(archive->keys, m.set, &ignored);
        (void)!remove_tree(m.part, &ignored);
        return status;
    }
    return set_keys_load(archive->keys, m.set, arena, out, why);
}

/* Ends */

enum status archive_end(struct archive *archive, struct slice set, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct slice name = arena_copy(arena, set);
    TRY(set_keys_end(archive->keys, name, why));
    TRY(archive_copy_keys(archive, now, why)); /* and the copy's */
    return remove_tree(set_folder(archive, name, arena), why);
}

static bool has_key(const struct set_row_list *rows, struct slice name)
{
    for (size_t i = 0; i < rows->count; i++)
        if (slice_equal(rows->items[i].name, name))
            return true;
    return false;
}

/* Folders whose key is destroyed: a run was cut off between the two. */
static enum status remove_dead(struct archive *archive, struct arena *arena, struct problem *why)
{
    struct slice_list names;
    struct set_row_list rows;
    struct backup_set set;
    TRY(set_keys_list(archive->keys, arena, &rows, why));
    TRY(list_folder(archive->sets, arena, &names, why));
    for (size_t i = 0; i < names.count; i++)
        if (set_name_parse(names.items[i], &set, NULL) == ST_OK && !has_key(&rows, names.items[i]))
            TRY(remove_tree(set_folder(archive, names.items[i], arena), why));
    return ST_OK;
}

enum status archive_expire(struct archive *archive, struct instant now, struct arena *arena, struct slice_list *ended,
                           struct problem *why)
{
    AUTO_ARENA scratch = arena_create(16 << 20);
    struct sets_rule rule = archive_rule(archive);
    struct set_row_list rows;
    struct backup_set_list sets = {0};
    *ended = (struct slice_list){0};
    TRY(set_keys_list(archive->keys, scratch, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct backup_set set;
        if (rows.items[i].whole && set_name_parse(rows.items[i].name, &set, NULL) == ST_OK) {
            set.made = rows.items[i].made;
            ARENA_PUSH(scratch, &sets, set);
        }
    }
    for (size_t i = 0; i < sets.count; i++)
        if (sets_is_over(&rule, &sets, &sets.items[i], now)) {
            TRY(archive_end(archive, sets.items[i].name, now, why));
            ARENA_PUSH(arena, ended, arena_copy(arena, sets.items[i].name));
        }
    return remove_dead(archive, scratch, why);
}
