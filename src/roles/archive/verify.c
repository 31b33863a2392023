/* A set is restored into an empty place, and everything in it is tried. */
#include "roles/archive/internal.h"
#include "roles/archive/look.h"

enum { ARENA_BYTES_MAX = 1 << 28, OPEN_AGAIN_MS = 20 * 60 * 1000 };

const char *restored(const struct look *look, const char *path)
{
    return arena_format(look->arena, "%s/%s", look->at, path).data;
}

/* Keys of what is in a set are given for an hour after its own. */
static enum status open_set(struct look *look, struct secret **key, struct problem *why)
{
    look->opened_ms = clock_monotonic_ms();
    return ask_open_set(&look->archive->ports, look->row, key, why);
}

static enum status ask_keyd(struct look *look, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                            struct secret **key, struct problem *why)
{
    struct archive *archive = look->archive;
    struct archive_step step = {"look", 0, 0};
    AUTO_SECRET again = NULL;
    if (archive->ports.go_on != NULL && !archive->ports.go_on(archive->ports.self, &step))
        return progress_stopped(why);
    if (clock_monotonic_ms() - look->opened_ms > OPEN_AGAIN_MS)
        TRY(open_set(look, &again, why));
    return archive->ports.key(archive->ports.self, ask, arena, given, key, why);
}

enum status look_ask(struct look *look, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                     struct secret **key, struct problem *why)
{
    struct problem own = {0};
    enum status status = ask_keyd(look, ask, arena, given, key, &own);
    if (status == ST_OK)
        return ST_OK;
    if (status == ST_UNAVAILABLE)
        look->away = own;
    return problem_set(why, status, "%s", own.detail);
}

static enum status restore_it(struct look *look)
{
    struct archive *archive = look->archive;
    AUTO_SECRET key = NULL;
    struct manifest manifest;
    struct slice set = look->row->name;
    const char *folder = arena_format(look->arena, "%s/%.*s", archive->sets, SLICE_ARG(set)).data;
    int64_t began = clock_monotonic_ms();
    TRY(remove_tree(look->at, &look->own));
    TRY(make_folder(look->at, &look->own));
    TRY(open_set(look, &key, &look->own));
    TRY(read_set(folder, key, set, look->at, &archive->ports, "look", look->arena, &manifest, &look->found->files,
                 &look->own));
    TRY(restore_keys(archive->keys_copy, look->at, false, look->arena, &look->own));
    for (size_t i = 0; i < manifest.thing_count; i++)
        look->found->bytes += manifest.things[i].facts.size;
    look->found->restore_us = (uint64_t)(clock_monotonic_ms() - began) * 1000;
    return ST_OK;
}

static enum status try_set(struct look *look)
{
    TRY(restore_it(look));
    TRY(try_identities(look));
    TRY(try_evidence(look));
    return try_store(look);
}

/* keyd away, a full disk, a stop: nothing is known of the set then. A set that lacks files is at fault. */
static bool could_not_try(const struct problem *why)
{
    return why->status == ST_UNAVAILABLE;
}

enum status archive_verify(struct archive *archive, struct slice set, struct instant now, struct arena *arena,
                           struct archive_found *out, struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(ARENA_BYTES_MAX);
    struct set_row row;
    struct look look = {.archive = archive, .arena = scratch, .row = &row, .found = out, .now = now};
    struct problem ignored;
    *out = (struct archive_found){0};
    TRY(set_keys_load(archive->keys, set, scratch, &row, why));
    look.at = arena_format(scratch, "%s/look", archive->work).data;
    enum status status = try_set(&look);
    (void)!remove_tree(look.at, &ignored);
    if (status != ST_OK && could_not_try(&look.own))
        return problem_set(why, look.own.status, "%s", look.own.detail);
    if (status != ST_OK)
        out->fault = arena_copy(arena, slice_from(look.own.detail));
    return set_keys_note(archive->keys, row.name, now, out->fault, why);
}
