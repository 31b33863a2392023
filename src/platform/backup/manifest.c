#include <inttypes.h>

#include "platform/backup/backup.h"

/* Lines of words with one space between; a path is the rest of its line.
 *
 *     rendez backup 1
 *     set 2026-11-25T0300Z-daily
 *     version 0.5.0
 *     made 1795575600000000
 *     root 1
 *     thing store database 1048576 DIGEST 1050000 0 store/rendez.db
 *     rows meeting 12             of the thing before it
 *     end                          */

enum { ROWS_MAX = 1000, WORDS_OF_THING = 6 };

const char *const thing_kind_names[THING_KIND_COUNT_] = {"database", "file", "folder"};

static void add_thing(struct buffer *out, const struct thing *thing)
{
    buffer_add_format(out, "thing %.*s %s %" PRIu64 " ", SLICE_ARG(thing->name), thing_kind_names[thing->kind],
                      thing->facts.size);
    hex_encode((struct slice){(const char *)thing->facts.digest, sizeof thing->facts.digest}, out);
    buffer_add_format(out, " %" PRIu64 " %" PRIu64 " %.*s\n", thing->facts.stored, thing->files,
                      SLICE_ARG(thing->path));
    for (size_t i = 0; i < thing->tables.count; i++)
        buffer_add_format(out, "rows %.*s %" PRIu64 "\n", SLICE_ARG(thing->tables.items[i].table),
                          thing->tables.items[i].rows);
}

struct slice manifest_format(const struct manifest *manifest, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(BACKUP_MANIFEST_MAX);
    buffer_add_format(&out, "rendez backup 1\nset %.*s\nversion %.*s\nmade %" PRId64 "\nroot %" PRIu32 "\n",
                      SLICE_ARG(manifest->set), SLICE_ARG(manifest->version), manifest->made.us, manifest->root);
    for (size_t i = 0; i < manifest->thing_count; i++)
        add_thing(&out, &manifest->things[i]);
    buffer_add_text(&out, "end\n");
    return arena_copy(arena, buffer_slice(&out));
}

/* The line after "WORD ". */
static enum status take_line(struct slice *rest, struct slice word, struct slice *value, struct problem *why)
{
    struct slice line;
    if (!slice_next_line(rest, &line) || !slice_starts(line, word) || line.len <= word.len ||
        line.data[word.len] != ' ')
        return problem_set(why, ST_INVALID, "manifest: the line \"%.*s\" is lacking", SLICE_ARG(word));
    *value = slice_sub(line, word.len + 1, line.len);
    return ST_OK;
}

static enum status malformed(struct problem *why, const char *what)
{
    return problem_set(why, ST_INVALID, "manifest: %s is malformed", what);
}

/* Takes a word off the front; the rest is behind the space. */
static struct slice take_word(struct slice *rest)
{
    size_t space = slice_find(*rest, LIT(" "), 0);
    struct slice word = slice_sub(*rest, 0, space);
    *rest = space == SIZE_MAX ? SLICE_NONE : slice_sub(*rest, space + 1, rest->len);
    return word;
}

static bool is_thing_name(struct slice name)
{
    bool good = name.len > 0 && name.len <= BACKUP_NAME_MAX && name.data[0] != '.' &&
                !slice_equal(name, LIT(BACKUP_MANIFEST));
    for (size_t i = 0; good && i < name.len; i++)
        good = (name.data[i] >= 'a' && name.data[i] <= 'z') || ascii_is_digit(name.data[i]) ||
               name.data[i] == '-' || name.data[i] == '.';
    return good;
}

static bool take_kind(struct slice word, enum thing_kind *out)
{
    for (unsigned i = 0; i < THING_KIND_COUNT_; i++)
        if (slice_equal(word, slice_from(thing_kind_names[i]))) {
            *out = (enum thing_kind)i;
            return true;
        }
    return false;
}

static enum status parse_thing(struct slice line, struct arena *arena, struct thing *out, struct problem *why)
{
    struct slice words[WORDS_OF_THING], digest;
    for (size_t i = 0; i < WORDS_OF_THING; i++)
        words[i] = take_word(&line);
    struct thing thing = {.name = words[0], .path = line};
    if (!is_thing_name(thing.name) || !take_kind(words[1], &thing.kind) || !backup_path_is_good(thing.path) ||
        !slice_to_u64(words[2], INT64_MAX, &thing.facts.size) || words[3].len != 2 * sizeof thing.facts.digest ||
        hex_decode(words[3], arena, &digest) != ST_OK ||
        !slice_to_u64(words[4], INT64_MAX, &thing.facts.stored) ||
        !slice_to_u64(words[5], BACKUP_FILES_MAX, &thing.files))
        return malformed(why, "a thing");
    memcpy(thing.facts.digest, digest.data, sizeof thing.facts.digest);
    *out = thing;
    return ST_OK;
}

static enum status parse_rows(struct slice line, struct arena *arena, struct thing *thing, struct problem *why)
{
    struct table_rows rows = {.table = take_word(&line)};
    if (thing == NULL || thing->kind != THING_DATABASE || rows.table.len == 0 ||
        !slice_to_u64(line, INT64_MAX, &rows.rows))
        return malformed(why, "a count of rows");
    if (thing->tables.count == ROWS_MAX)
        return problem_set(why, ST_LIMIT, "manifest: too many tables");
    ARENA_PUSH(arena, &thing->tables, rows);
    return ST_OK;
}

/* Two of one name would be one file; of two in one place the second would take the first's. */
static enum status check_unique(const struct manifest *manifest, struct problem *why)
{
    for (size_t i = 0; i < manifest->thing_count; i++)
        for (size_t k = 0; k < i; k++)
            if (slice_equal(manifest->things[i].name, manifest->things[k].name) ||
                slice_equal(manifest->things[i].path, manifest->things[k].path))
                return problem_set(why, ST_INVALID, "manifest: something comes twice");
    return ST_OK;
}

static enum status parse_things(struct slice *rest, struct arena *arena, struct manifest *out, struct problem *why)
{
    struct slice line;
    out->things = ARENA_ARRAY(arena, BACKUP_THINGS_MAX, struct thing);
    while (slice_next_line(rest, &line)) {
        struct slice word = take_word(&line);
        struct thing *last = out->thing_count > 0 ? &out->things[out->thing_count - 1] : NULL;
        if (slice_equal(word, LIT("end")) && line.len == 0)
            return rest->len == 0 ? check_unique(out, why) : malformed(why, "its end");
        if (slice_equal(word, LIT("rows")))
            TRY(parse_rows(line, arena, last, why));
        else if (!slice_equal(word, LIT("thing")))
            return malformed(why, "a line");
        else if (out->thing_count == BACKUP_THINGS_MAX)
            return problem_set(why, ST_LIMIT, "manifest: too many things");
        else
            TRY(parse_thing(line, arena, &out->things[out->thing_count++], why));
    }
    return malformed(why, "its end");
}

enum status manifest_parse(struct slice text, struct arena *arena, struct manifest *out, struct problem *why)
{
    struct manifest manifest = {0};
    struct backup_set named;
    struct slice version = {0}, made = {0}, root = {0}; /* -O3 does not see that all are set */
    uint64_t number, root_number;
    if (text.len > BACKUP_MANIFEST_MAX)
        return problem_set(why, ST_LIMIT, "manifest: too long");
    struct slice rest = arena_copy(arena, text);
    TRY(take_line(&rest, LIT("rendez backup"), &version, why));
    if (!slice_equal(version, LIT("1")))
        return problem_set(why, ST_CONFLICT, "this backup was made by a newer version: update rendez");
    TRY(take_line(&rest, LIT("set"), &manifest.set, why));
    TRY(set_name_parse(manifest.set, &named, why));
    TRY(take_line(&rest, LIT("version"), &manifest.version, why));
    TRY(take_line(&rest, LIT("made"), &made, why));
    TRY(take_line(&rest, LIT("root"), &root, why));
    if (!slice_to_u64(made, INT64_MAX / 2, &number) || !slice_to_u64(root, UINT32_MAX, &root_number))
        return malformed(why, "its date or root key");
    manifest.made.us = (int64_t)number;
    manifest.root = (uint32_t)root_number;
    TRY(parse_things(&rest, arena, &manifest, why));
    *out = manifest;
    return ST_OK;
}

static struct seal_place manifest_place(struct slice set)
{
    return (struct seal_place){.table = LIT("backup"), .column = LIT(BACKUP_MANIFEST), .row = set};
}

enum status manifest_seal(const struct manifest *manifest, const struct secret *key, struct arena *arena,
                          struct sealed *out, struct problem *why)
{
    struct manifest again;
    struct seal_place place = manifest_place(manifest->set);
    struct slice text = manifest_format(manifest, arena);
    TRY(manifest_parse(text, arena, &again, why)); /* what could not be read is no backup */
    return vault_seal(key, &place, text, arena, out, why);
}

enum status manifest_open(struct sealed sealed, const struct secret *key, struct slice set, struct arena *arena,
                          struct manifest *out, struct problem *why)
{
    struct slice text;
    struct manifest manifest;
    struct seal_place place = manifest_place(set);
    if (vault_open(key, &place, sealed, arena, &text, NULL) != ST_OK)
        return problem_set(why, ST_DENIED, "the manifest does not open: it was changed, or its key is another's");
    TRY(manifest_parse(text, arena, &manifest, why));
    if (!slice_equal(manifest.set, set))
        return problem_set(why, ST_DENIED, "the manifest is of another set");
    *out = manifest;
    return ST_OK;
}
