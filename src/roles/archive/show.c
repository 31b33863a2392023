#include "roles/archive/show.h"

#include "roles/archive/internal.h"

static json_t *moment_json(struct instant at, struct arena *arena)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena));
}

static json_t *text_or_null(struct slice text)
{
    return text.len > 0 ? json_from_text(text) : json_null();
}

json_t *archive_row_json(const struct set_row *row, struct slice sets_folder, struct arena *arena)
{
    const char *manifest =
        arena_format(arena, "%.*s/%.*s/" BACKUP_MANIFEST, SLICE_ARG(sets_folder), SLICE_ARG(row->name)).data;
    const char *state = !row->whole ? "half" : !is_there(manifest) ? "missing" : row->fault.len > 0 ? "broken"
                        : row->verified.us > 0 ? "verified" : "made";
    return json_pack("{s:o, s:s, s:o, s:I, s:f, s:o, s:o}", "set", json_from_text(row->name), "state", state, "made",
                     moment_json(row->made, arena), "bytes", (json_int_t)row->bytes, "seconds",
                     (double)row->took_us / 1e6, "verified", moment_json(row->verified, arena), "fault",
                     text_or_null(row->fault));
}

json_t *archive_rows_json(const struct set_row_list *rows, struct slice sets_folder, struct arena *arena)
{
    json_t *out = json_array();
    for (size_t i = 0; i < rows->count; i++)
        json_array_append_new(out, archive_row_json(&rows->items[i], sets_folder, arena));
    return out;
}

json_t *archive_made_json(const struct set_row *made)
{
    return json_pack("{s:o, s:I, s:f}", "set", json_from_text(made->name), "bytes", (json_int_t)made->bytes, "seconds",
                     (double)made->took_us / 1e6);
}

json_t *archive_found_json(struct slice set, const struct archive_found *found)
{
    return json_pack("{s:o, s:b, s:o, s:I, s:I, s:f, s:f, s:b, s:i, s:i, s:i, s:i, s:i}", "set", json_from_text(set), "good",
                     found->fault.len == 0, "fault", text_or_null(found->fault), "bytes", (json_int_t)found->bytes, "files",
                     (json_int_t)found->files, "restore_seconds", (double)found->restore_us / 1e6, "answer_seconds",
                     (double)found->answer_us / 1e6, "answered", found->answered, "people", (int)found->people, "meetings",
                     (int)found->meetings, "messages", (int)found->messages, "entries", (int)found->entries, "erased_since",
                     (int)found->erased);
}
