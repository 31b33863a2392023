/* From a set back to an installation. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/archive/internal.h"

#define RESTORED_WORD "restored" /* a file in the role's folder: set, bytes, microseconds */
enum { ARENA_BYTES_MAX = 1 << 28, WORD_BYTES_MAX = 128 };

struct reading {
    const char *folder, *to;
    const struct secret *key;
    struct slice set;
    struct arena *arena;
    struct progress progress;
    uint64_t files;
    struct problem *why;
};

/* As much of the stream as `size` says; SIZE: all. */
static enum status write_out(struct reading *r, struct stream_reader *reader, struct slice path, uint64_t size,
                             bool to_the_end)
{
    AUTO_ARENA arena = arena_create(2 * CHUNK_BYTES);
    char *chunk = arena_alloc(arena, CHUNK_BYTES);
    const char *place = arena_format(arena, "%s/%.*s", r->to, SLICE_ARG(path)).data;
    TRY(make_folders_for(r->to, path, arena, r->why));
    AUTO_FD fd = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return problem_errno(r->why, place);
    r->files++;
    for (size_t got = CHUNK_BYTES; to_the_end ? got == CHUNK_BYTES : size > 0; size -= got) {
        size_t want = to_the_end || size > CHUNK_BYTES ? CHUNK_BYTES : (size_t)size;
        TRY(stream_read(reader, chunk, want, &got, r->why));
        if (!to_the_end && got < want)
            return problem_set(r->why, ST_INVALID, "a folder's stream ends in the middle");
        TRY(fd_write_all(fd, (struct slice){chunk, got}, r->why));
        if (!progress_add(&r->progress, got))
            return progress_stopped(r->why);
    }
    return fsync(fd) == 0 ? ST_OK : problem_errno(r->why, place);
}

static enum status read_folder(struct reading *r, struct stream_reader *reader, const struct thing *thing)
{
    uint64_t files = 0;
    TRY(make_folders_for(r->to, thing->path, r->arena, r->why));
    TRY(make_folder(arena_format(r->arena, "%s/%.*s", r->to, SLICE_ARG(thing->path)).data, r->why));
    for (;; files++) {
        AUTO_ARENA arena = arena_create(64 * 1024);
        struct pack_head head;
        TRY(pack_read_head(reader, arena, &head, r->why));
        if (head.path.len == 0)
            break;
        if (files == thing->files)
            return problem_set(r->why, ST_INVALID, "%.*s: more files than its manifest says", SLICE_ARG(thing->name));
        struct slice path = arena_format(arena, "%.*s/%.*s", SLICE_ARG(thing->path), SLICE_ARG(head.path));
        TRY(write_out(r, reader, path, head.size, false));
    }
    char more;
    size_t got;
    TRY(stream_read(reader, &more, 1, &got, r->why));
    return got == 0 && files == thing->files
               ? ST_OK
               : problem_set(r->why, ST_INVALID, "%.*s: other files than its manifest says", SLICE_ARG(thing->name));
}

static enum status compare_facts(struct reading *r, const struct stream_reader *reader, const struct thing *thing)
{
    struct stream_facts facts;
    stream_facts(reader, &facts);
    if (facts.size == thing->facts.size && facts.stored == thing->facts.stored &&
        memcmp(facts.digest, thing->facts.digest, sizeof facts.digest) == 0)
        return ST_OK;
    return problem_set(r->why, ST_DENIED, "%.*s is not what its manifest says", SLICE_ARG(thing->name));
}

static enum status compare_rows(struct reading *r, const struct thing *thing)
{
    struct table_rows_list rows;
    TRY(sql_count_rows(arena_format(r->arena, "%s/%.*s", r->to, SLICE_ARG(thing->path)).data, r->arena, &rows, r->why));
    bool same = rows.count == thing->tables.count;
    for (size_t i = 0; same && i < rows.count; i++)
        same = slice_equal(rows.items[i].table, thing->tables.items[i].table) &&
               rows.items[i].rows == thing->tables.items[i].rows;
    return same ? ST_OK : problem_set(r->why, ST_DENIED, "%.*s has other rows than its manifest says", SLICE_ARG(thing->name));
}

static enum status read_thing(struct reading *r, const struct thing *thing)
{
    AUTO_FD fd = open(arena_format(r->arena, "%s/%.*s", r->folder, SLICE_ARG(thing->name)).data,
                      O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return problem_set(r->why, errno == ENOENT ? ST_DENIED : ST_UNAVAILABLE, "%.*s is not in the set",
                           SLICE_ARG(thing->name));
    AUTO_STREAM_READER reader = stream_reader_create(fd, r->key, r->set, thing->name, thing->facts.size);
    if (thing->kind == THING_FOLDER)
        TRY(read_folder(r, reader, thing));
    else
        TRY(write_out(r, reader, thing->path, 0, true));
    TRY(compare_facts(r, reader, thing));
    return thing->kind == THING_DATABASE ? compare_rows(r, thing) : ST_OK;
}

static bool is_of_set(const struct manifest *manifest, struct slice name)
{
    for (size_t i = 0; i < manifest->thing_count; i++)
        if (slice_equal(manifest->things[i].name, name))
            return true;
    return slice_equal(name, LIT(BACKUP_MANIFEST));
}

static enum status check_no_more(struct reading *r, const struct manifest *manifest)
{
    struct slice_list names;
    TRY(list_folder(r->folder, r->arena, &names, r->why));
    for (size_t i = 0; i < names.count; i++)
        if (!is_of_set(manifest, names.items[i]))
            return problem_set(r->why, ST_DENIED, "there is a file in the set that its manifest does not know");
    return ST_OK;
}

enum status read_set(const char *folder, const struct secret *key, struct slice set, const char *to,
                     const struct archive_ports *ports, const char *doing, struct arena *arena, struct manifest *out,
                     uint64_t *files, struct problem *why)
{
    struct reading r = {.folder = folder, .to = to, .key = key, .set = set, .arena = arena, .why = why};
    struct slice sealed;
    TRY(file_read(arena_format(arena, "%s/" BACKUP_MANIFEST, folder).data, BACKUP_MANIFEST_MAX + VAULT_OVERHEAD, arena,
                  &sealed, why));
    TRY(manifest_open((struct sealed){sealed}, key, set, arena, out, why));
    TRY(check_no_more(&r, out));
    r.progress = (struct progress){ports, {doing, 0, 0}, 0};
    for (size_t i = 0; i < out->thing_count; i++)
        r.progress.step.total += out->things[i].facts.size;
    /* The settings come last: without them nothing there can be started. */
    for (int last = 0; last < 2; last++)
        for (size_t i = 0; i < out->thing_count; i++)
            if (slice_equal(out->things[i].path, LIT("rendez.conf")) == last)
                TRY(read_thing(&r, &out->things[i]));
    *files = r.files;
    return ST_OK;
}

/* An empty machine */

struct restore {
    const struct archive_restoring *asked;
    struct arena *arena;
    const char *part, *folder; /* folder: of the set */
    struct set_row row;
    struct archive_restored *out;
    int64_t began; /* ms */
    struct problem *why;
};

/* From --from: a folder of sets, or one of them. */
static const char *folder_of(const struct restore *r, struct slice name)
{
    struct slice from = slice_from(r->asked->from);
    while (slice_ends(from, LIT("/")))
        from.len--;
    if (slice_ends(from, arena_format(r->arena, "/%.*s", SLICE_ARG(name))) || slice_equal(from, name))
        return arena_text(r->arena, from);
    return arena_format(r->arena, "%.*s/%.*s", SLICE_ARG(from), SLICE_ARG(name)).data;
}

/* The newest that has a key and is there, or the one that was asked for. */
static enum status choose_set(struct restore *r, struct set_keys *keys)
{
    struct set_row_list rows;
    TRY(set_keys_list(keys, r->arena, &rows, r->why));
    for (size_t i = rows.count; i-- > 0;) {
        const struct set_row *row = &rows.items[i];
        const char *folder = folder_of(r, row->name);
        bool asked = r->asked->set == NULL || slice_equal(row->name, slice_from(r->asked->set));
        if (!row->whole || !asked || !is_there(arena_format(r->arena, "%s/" BACKUP_MANIFEST, folder).data))
            continue;
        r->row = *row;
        r->folder = folder;
        return ST_OK;
    }
    return problem_set(r->why, ST_NOT_FOUND, "no set there has a key in the keys' folder: look at both, and at --set");
}

static enum status check_empty(struct restore *r)
{
    struct slice_list names;
    TRY(list_folder(r->asked->to, r->arena, &names, r->why));
    return names.count == 0 ? ST_OK
                            : problem_set(r->why, ST_CONFLICT, "%s is not empty: nothing is written over", r->asked->to);
}

/* For the service that will serve it (archive_take_restored). */
static enum status leave_word(struct restore *r)
{
    const char *path = arena_format(r->arena, "%s/archive/" RESTORED_WORD, r->part).data;
    struct slice word = arena_format(r->arena, "%.*s %llu %llu\n", SLICE_ARG(r->out->set),
                                     (unsigned long long)r->out->bytes, (unsigned long long)r->out->took_us);
    return file_write_durably(path, word, 0600, r->why);
}

/* All of it or nothing: beside the place, then under its name. */
static enum status fill(struct restore *r)
{
    AUTO_SET_KEYS keys = NULL;
    AUTO_SECRET key = NULL;
    struct manifest manifest;
    TRY(remove_tree(r->part, r->why));
    TRY(make_folder(r->part, r->why));
    TRY(restore_keys(r->asked->keys, r->part, true, r->arena, r->why));
    TRY(set_keys_open(arena_format(r->arena, "%s/archive/sets.keys", r->part).data, &keys, r->why));
    TRY(choose_set(r, keys));
    TRY(ask_open_set(&r->asked->ports, &r->row, &key, r->why));
    TRY(read_set(r->folder, key, r->row.name, r->part, &r->asked->ports, "restore", r->arena, &manifest, &r->out->files,
                 r->why));
    r->out->set = r->row.name;
    r->out->made = manifest.made;
    r->out->took_us = (uint64_t)(clock_monotonic_ms() - r->began) * 1000;
    for (size_t i = 0; i < manifest.thing_count; i++)
        r->out->bytes += manifest.things[i].facts.size;
    TRY(leave_word(r));
    if (chmod(arena_format(r->arena, "%s/rendez.conf", r->part).data, 0644) < 0 && errno != ENOENT)
        return problem_errno(r->why, "rendez.conf");
    return sync_folder(r->part, r->why);
}

static enum status put_in_place(struct restore *r)
{
    if (rmdir(r->asked->to) < 0 && errno != ENOENT)
        return problem_errno(r->why, r->asked->to);
    if (rename(r->part, r->asked->to) < 0)
        return problem_errno(r->why, r->asked->to);
    sync(); /* folders of all depths, once */
    return ST_OK;
}

enum status archive_restore(const struct archive_restoring *restoring, struct instant now, struct arena *arena,
                            struct archive_restored *out, struct problem *why)
{
    struct restore r = {.asked = restoring, .arena = arena, .out = out, .why = why};
    struct slice to = slice_from(restoring->to);
    (void)now;
    r.began = clock_monotonic_ms();
    while (to.len > 1 && slice_ends(to, LIT("/")))
        to.len--;
    r.part = arena_format(arena, "%.*s.part", SLICE_ARG(to)).data;
    *out = (struct archive_restored){0};
    TRY(check_empty(&r));
    enum status status = fill(&r);
    if (status == ST_OK)
        status = put_in_place(&r);
    struct problem ignored;
    if (status != ST_OK)
        (void)!remove_tree(r.part, &ignored);
    out->took_us = (uint64_t)(clock_monotonic_ms() - r.began) * 1000;
    return status;
}

/* In the service */

static bool next_word(struct slice *rest, struct slice *word)
{
    size_t end = slice_find(*rest, LIT(" "), 0);
    *word = slice_sub(*rest, 0, end);
    *rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(*rest, end + 1, SIZE_MAX);
    return word->len > 0;
}

static const char *word_path(const struct archive *archive, struct arena *arena)
{
    return arena_format(arena, "%s/" RESTORED_WORD, archive->own).data;
}

enum status archive_find_restored(struct archive *archive, struct arena *arena, struct archive_restored *out,
                                  struct problem *why)
{
    struct backup_set set;
    struct slice text, line, name, bytes, us;
    *out = (struct archive_restored){0};
    if (!is_there(word_path(archive, arena)))
        return problem_set(why, ST_NOT_FOUND, "nothing was restored");
    TRY(file_read(word_path(archive, arena), WORD_BYTES_MAX, arena, &text, why));
    if (!slice_next_line(&text, &line) || !next_word(&line, &name) || !next_word(&line, &bytes) || !next_word(&line, &us) ||
        set_name_parse(name, &set, NULL) != ST_OK || !slice_to_u64(bytes, INT64_MAX, &out->bytes) ||
        !slice_to_u64(us, INT64_MAX, &out->took_us))
        return problem_set(why, ST_INVALID, "archive/" RESTORED_WORD " is not what a restore leaves: remove it");
    out->set = name;
    return ST_OK;
}

enum status archive_forget_restored(struct archive *archive, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    TRY(remove_tree(word_path(archive, arena), why));
    return sync_folder(archive->own, why);
}
