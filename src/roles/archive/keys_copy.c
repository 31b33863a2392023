/* The one copy of what opens everything. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/archive/internal.h"

enum { ARENA_BYTES_MAX = 64 << 20 };

struct copying {
    struct archive *archive;
    struct arena *arena;
    struct instant now, needed_since;
    struct problem *why;
};

/* Rotated keys are needed by sets that were made before they ended: as long as the oldest is there. */
static enum status find_oldest(struct copying *c)
{
    struct set_row_list rows;
    TRY(set_keys_list(c->archive->keys, c->arena, &rows, c->why));
    c->needed_since = rows.count > 0 ? rows.items[0].made : c->now;
    return ST_OK;
}

static enum status copy_database(struct copying *c, const char *from, const char *to, bool keep_ended)
{
    uint32_t ended;
    const char *fresh = arena_format(c->arena, "%s.new", to).data;
    TRY(remove_tree(fresh, c->why));
    TRY(sql_copy(from, fresh, NULL, NULL, c->why));
    if (keep_ended)
        TRY(sql_keep_ended_keys(fresh, to, c->now, c->needed_since, &ended, c->why));
    return replace_and_wipe(fresh, to, c->why);
}

static enum status copy_file(struct copying *c, const char *from, const char *to)
{
    const char *fresh = arena_format(c->arena, "%s.new", to).data;
    TRY(copy_durably(from, fresh, c->arena, c->why));
    return replace_and_wipe(fresh, to, c->why);
}

static bool has_name(const struct slice_list *names, struct slice name)
{
    for (size_t i = 0; i < names->count; i++)
        if (slice_equal(names->items[i], name))
            return true;
    return false;
}

/* Keys of waiting mail: what was handled goes from the copy as well. */
static enum status mirror_folder(struct copying *c, const char *from, const char *to)
{
    struct slice_list names, before;
    struct problem gone;
    TRY(make_folder(to, c->why));
    TRY(list_folder(from, c->arena, &names, c->why));
    TRY(list_folder(to, c->arena, &before, c->why));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = arena_format(c->arena, "%s/%.*s", from, SLICE_ARG(names.items[i])).data;
        const char *copy = arena_format(c->arena, "%s/%.*s", to, SLICE_ARG(names.items[i])).data;
        if (!slice_ends(names.items[i], LIT(".keys")) || has_name(&before, names.items[i]))
            continue;
        if (copy_durably(path, copy, c->arena, &gone) != ST_OK && gone.status != ST_NOT_FOUND)
            return problem_set(c->why, gone.status, "%s", gone.detail);
    }
    for (size_t i = 0; i < before.count; i++)
        if (!has_name(&names, before.items[i]))
            TRY(remove_tree(arena_format(c->arena, "%s/%.*s", to, SLICE_ARG(before.items[i])).data, c->why));
    return ST_OK;
}

static enum status copy_one(struct copying *c, const struct key_source *source)
{
    const char *from = key_source_path(c->archive->config, source, c->arena);
    const char *to = arena_format(c->arena, "%s/%s", c->archive->keys_copy, source->usual).data;
    if (!is_there(from)) /* never made, or made to go: a token that is not used any more */
        return remove_tree(to, c->why);
    TRY(make_folders_for(c->archive->keys_copy, slice_from(source->usual), c->arena, c->why));
    switch (source->kind) {
    case KEYS_TABLE: return copy_database(c, from, to, true);
    case KEYS_DATABASE: return copy_database(c, from, to, false);
    case KEYS_FILE: return copy_file(c, from, to);
    case KEYS_FOLDER: return mirror_folder(c, from, to);
    }
    return ST_OK;
}

static const char *stamp_path(const struct archive *archive, struct arena *arena)
{
    return arena_format(arena, "%s/copied", archive->keys_copy).data;
}

enum status archive_copy_keys(struct archive *archive, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES_MAX);
    struct copying c = {.archive = archive, .arena = arena, .now = now, .why = why};
    TRY(find_oldest(&c));
    for (size_t i = 0; i < key_source_count; i++)
        TRY(copy_one(&c, &key_sources[i]));
    return file_write_durably(stamp_path(archive, arena), arena_format(arena, "%lld\n", (long long)now.us), 0600, why);
}

struct instant archive_keys_copied(struct archive *archive)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct slice text, line;
    struct problem ignored;
    uint64_t us = 0;
    if (file_read(stamp_path(archive, arena), 64, arena, &text, &ignored) != ST_OK || !slice_next_line(&text, &line) ||
        !slice_to_u64(line, INT64_MAX, &us))
        us = 0;
    return (struct instant){(int64_t)us};
}

bool archive_keys_changed(struct archive *archive)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    struct stat copied, about;
    if (stat(stamp_path(archive, arena), &copied) < 0)
        return true;
    for (size_t i = 0; i < key_source_count; i++)
        if (stat(key_source_path(archive->config, &key_sources[i], arena), &about) == 0 &&
            (about.st_mtim.tv_sec > copied.st_mtim.tv_sec ||
             (about.st_mtim.tv_sec == copied.st_mtim.tv_sec && about.st_mtim.tv_nsec > copied.st_mtim.tv_nsec)))
            return true;
    return false;
}

/* Back */

static enum status restore_folder(const char *from, const char *to, struct arena *arena, struct problem *why)
{
    struct slice_list names;
    TRY(list_folder(from, arena, &names, why));
    TRY(make_folder(to, why));
    for (size_t i = 0; i < names.count; i++)
        TRY(copy_durably(arena_format(arena, "%s/%.*s", from, SLICE_ARG(names.items[i])).data,
                         arena_format(arena, "%s/%.*s", to, SLICE_ARG(names.items[i])).data, arena, why));
    return ST_OK;
}

enum status restore_keys(const char *keys, const char *to, bool with_root, struct arena *arena, struct problem *why)
{
    for (size_t i = 0; i < key_source_count; i++) {
        const struct key_source *source = &key_sources[i];
        const char *from = arena_format(arena, "%s/%s", keys, source->usual).data;
        const char *place = arena_format(arena, "%s/%s", to, source->usual).data;
        /* Settings are the set's own. */
        if (!is_there(from) || strcmp(source->usual, "rendez.conf") == 0 || (source->kind == KEYS_FILE && !with_root))
            continue;
        TRY(make_folders_for(to, slice_from(source->usual), arena, why));
        if (source->kind == KEYS_FOLDER)
            TRY(restore_folder(from, place, arena, why));
        else if (source->kind == KEYS_FILE)
            TRY(copy_durably(from, place, arena, why));
        else
            TRY(sql_copy(from, place, NULL, NULL, why));
        if (source->kind == KEYS_TABLE)
            TRY(sql_forget_marks(place, why));
    }
    return ST_OK;
}
