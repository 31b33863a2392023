#include "roles/logd/ask.h"

#include <inttypes.h>

#include "formats/json/json.h"
#include "roles/config/config.h"

enum {
    LOOK_BACK = 16 * 1024, /* entries that one question reads through */
    SHOWN_MAX = 200,
    PROOFS_MAX = 200,
    TILE_BYTES_MAX = 4 << 20,
    PROOFS_BYTES_MAX = 3 << 20,
};

static bool is_of(struct slice entry_source, struct slice source, uint64_t *number)
{
    return entry_source.len > source.len + 1 && slice_starts(entry_source, source) &&
           entry_source.data[source.len] == '/' &&
           slice_to_u64(slice_sub(entry_source, source.len + 1, entry_source.len), INT64_MAX, number);
}

/* The first entry of a source from a place on. */
struct seek {
    struct slice source;
    uint64_t end;
    uint64_t at, number; /* found */
    bool found;
};

static enum status seek_entry(void *context, uint64_t at, struct slice line, struct problem *why)
{
    struct seek *seek = context;
    struct logbook_entry entry;
    if (at >= seek->end)
        return problem_set(why, ST_NOT_FOUND, "none in that part");
    if (!logbook_read_entry(line, &entry) || !is_of(entry.source, seek->source, &seek->number))
        return ST_OK;
    seek->at = at;
    seek->found = true;
    return problem_set(why, ST_NOT_FOUND, "found");
}

static enum status seek_from(struct ledger *ledger, struct seek *seek, uint64_t from, struct problem *why)
{
    seek->found = false;
    enum status status = ledger_each(ledger, from, seek_entry, seek, why);
    return status == ST_NOT_FOUND ? ST_OK : status;
}

enum status log_find(struct ledger *ledger, struct slice source, uint64_t number, uint64_t *out,
                     struct problem *why)
{
    uint64_t low = 0, high = ledger_published(ledger);
    struct seek seek = {.source = source};
    while (low < high) {
        /* What is asked for is mostly young: first near the end, then by halves. */
        uint64_t middle = high == ledger_published(ledger) && high - low > LEDGER_WIDTH ? high - LEDGER_WIDTH
                                                                                         : low + (high - low) / 2;
        seek.end = high;
        TRY(seek_from(ledger, &seek, middle, why));
        if (seek.found && seek.number == number) {
            *out = seek.at;
            return ST_OK;
        }
        if (seek.found && seek.number < number)
            low = seek.at + 1;
        else
            high = middle;
    }
    return problem_set(why, ST_NOT_FOUND, "under no checkpoint yet: a few seconds");
}

/* Answers */

static struct slice date_text(struct civil_date date, struct arena *arena)
{
    return arena_format(arena, "%04d-%02u-%02u", (int)date.year, date.month, date.day);
}

static enum status looks_json(const struct log_answerer *from, struct arena *arena, json_t **out, struct problem *why)
{
    const struct log_looks *looks = from->looks;
    bool all = false;
    *out = json_null();
    if (looks == NULL)
        return ST_OK;
    TRY(log_looks_follow(from->looks, logbook_ledger(from->book), &all, why));
    if (!all || looks->at.us == 0)
        return ST_OK;
    *out = json_object();
    json_object_set_new(*out, "entry", json_integer((json_int_t)looks->entry));
    json_object_set_new(*out, "at", json_from_text(instant_format(looks->at, zone_utc(), arena)));
    json_object_set_new(*out, "from", json_from_text(date_text(looks->from, arena)));
    json_object_set_new(*out, "until", json_from_text(date_text(looks->until, arena)));
    json_object_set_new(*out, "looks", json_integer(looks->looks));
    json_object_set_new(*out, "wrong", json_integer(looks->wrong));
    return ST_OK;
}

static enum status show(const struct log_answerer *from, struct arena *arena, json_t *out, struct problem *why)
{
    struct ledger *ledger = logbook_ledger(from->book);
    struct slice key, checkpoint, rest = from->witnesses, url, witness;
    json_t *witnesses = json_array();
    json_object_set_new(out, "witnesses", witnesses);
    while (config_next_witness(&rest, &url, &witness))
        json_array_append_new(witnesses, json_from_text(witness));
    TRY(ledger_public_key(from->origin, from->seed, 1, arena, &key, why));
    TRY(ledger_checkpoint(ledger, arena, &checkpoint, why));
    json_object_set_new(out, "origin", json_from_text(from->origin));
    json_object_set_new(out, "key", json_from_text(key));
    json_object_set_new(out, "entries", json_integer((json_int_t)ledger_published(ledger)));
    json_object_set_new(out, "checkpoint", json_from_text(checkpoint));
    json_t *looks;
    TRY(looks_json(from, arena, &looks, why));
    json_object_set_new(out, "second_looks", looks);
    return ST_OK;
}

/* The proof with its entry as extra data: "extra BASE64" behind the first line. */
static enum status put_proof(struct ledger *ledger, uint64_t number, struct buffer *out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(TILE_BYTES_MAX);
    struct slice entry, proof;
    TRY(ledger_read(ledger, number, arena, &entry, why));
    TRY(ledger_proof_file(ledger, number, arena, &proof, why));
    size_t line = slice_find(proof, LIT("\n"), 0) + 1;
    buffer_add(out, slice_sub(proof, 0, line));
    buffer_add_text(out, "extra ");
    base64_encode(entry, out);
    buffer_add_char(out, '\n');
    buffer_add(out, slice_sub(proof, line, proof.len));
    return buffer_check(out, "proofs", why);
}

/* The first of a source's numbers, the newest first, that is there; what is older than one that is, is there too: the first is
 * tried, then by halves. */
static enum status find_first(struct ledger *ledger, struct slice source, const json_t *numbers, uint64_t *at,
                              struct problem *why)
{
    size_t low = 0, high = json_array_size(numbers), middle = 0;
    enum status found = problem_set(why, ST_INVALID, "numbers: which entries?");
    while (low < high) {
        json_int_t number = json_integer_value(json_array_get(numbers, middle));
        if (number < 1)
            return problem_set(why, ST_INVALID, "numbers: which entries?");
        enum status status = log_find(ledger, source, (uint64_t)number, at, why);
        if (status != ST_OK && status != ST_NOT_FOUND)
            return status;
        found = status == ST_OK || found == ST_OK ? ST_OK : status;
        if (status == ST_OK)
            high = middle;
        else
            low = middle + 1;
        middle = low + (high - low) / 2;
    }
    return found;
}

static enum status prove(const struct log_answerer *from, const json_t *asked, struct arena *arena, json_t *out,
                         struct problem *why)
{
    struct ledger *ledger = logbook_ledger(from->book);
    AUTO_BUFFER text = buffer_create(PROOFS_BYTES_MAX);
    uint64_t at = 0;
    TRY(find_first(ledger, json_text(asked, "source"), json_object_get(asked, "numbers"), &at, why));
    TRY(put_proof(ledger, at, &text, why));
    json_object_set_new(out, "entry", json_integer((json_int_t)at));
    json_object_set_new(out, "proof", json_from_text(arena_copy(arena, buffer_slice(&text))));
    return ST_OK;
}

/* Entries of one organisation in a part of the log, oldest first. */
struct found_entry {
    uint64_t number;
    struct slice line;
};
struct found_list {
    struct found_entry *items;
    size_t count, capacity;
};
struct part {
    struct slice organisation;
    uint64_t end;
    struct arena *arena;
    struct found_list found;
};

static enum status collect(void *context, uint64_t number, struct slice line, struct problem *why)
{
    struct part *part = context;
    struct logbook_entry entry;
    if (number >= part->end)
        return problem_set(why, ST_NOT_FOUND, "the end of the part");
    if (logbook_read_entry(line, &entry) && logbook_names(&entry, LIT("organisation"), part->organisation)) {
        struct found_entry row = {number, arena_copy(part->arena, line)};
        ARENA_PUSH(part->arena, &part->found, row);
    }
    return ST_OK;
}

/* Goes back through one part, or to the one entry that is asked for. *before: where the next question goes on;
 * 0: nowhere. */
static enum status look_back(const struct log_answerer *from, const json_t *asked, struct part *part,
                             uint64_t *before, struct problem *why)
{
    struct ledger *ledger = logbook_ledger(from->book);
    uint64_t published = ledger_published(ledger);
    int64_t one = json_number(asked, "entry", -1);
    int64_t wanted = one >= 0 && one < INT64_MAX ? one + 1 : json_number(asked, "before", INT64_MAX);
    part->organisation = json_text(asked, "organisation");
    if (part->organisation.len == 0 || wanted < 0)
        return problem_set(why, ST_INVALID, "organisation: whose entries?");
    part->end = (uint64_t)wanted < published ? (uint64_t)wanted : published;
    *before = part->end > LOOK_BACK ? part->end - LOOK_BACK : 0;
    if (one >= 0)
        *before = (uint64_t)one < part->end ? (uint64_t)one : part->end;
    enum status status = ledger_each(ledger, *before, collect, part, why);
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static json_t *entry_object(const struct found_entry *row, struct arena *arena)
{
    struct logbook_entry entry;
    json_t *out = json_object();
    if (!logbook_read_entry(row->line, &entry))
        return out;
    json_object_set_new(out, "entry", json_integer((json_int_t)row->number));
    json_object_set_new(out, "at", json_from_text(instant_format(entry.at, zone_utc(), arena)));
    json_object_set_new(out, "kind", json_from_text(entry.kind));
    json_object_set_new(out, "ids", json_from_text(entry.ids));
    return out;
}

/* Of what was found the newest; the rest comes with the next question. */
static size_t first_shown(const struct part *part, size_t max, uint64_t *before)
{
    if (part->found.count <= max)
        return 0;
    *before = part->found.items[part->found.count - max].number;
    return part->found.count - max;
}

static void set_before(json_t *out, uint64_t before)
{
    json_object_set_new(out, "before", before == 0 ? json_null() : json_integer((json_int_t)before));
}

static enum status entries(const struct log_answerer *from, const json_t *asked, struct arena *arena, json_t *out,
                           struct problem *why)
{
    struct part part = {.arena = arena};
    uint64_t before;
    json_t *list = json_array();
    json_object_set_new(out, "entries", list);
    TRY(look_back(from, asked, &part, &before, why));
    size_t first = first_shown(&part, SHOWN_MAX, &before);
    for (size_t i = part.found.count; i > first; i--)
        json_array_append_new(list, entry_object(&part.found.items[i - 1], arena));
    set_before(out, before);
    json_t *log = json_object();
    json_object_set_new(out, "log", log);
    json_object_set_new(out, "published",
                        json_integer((json_int_t)ledger_published(logbook_ledger(from->book))));
    return show(from, arena, log, why);
}

static enum status proofs(const struct log_answerer *from, const json_t *asked, struct arena *arena, json_t *out,
                          struct problem *why)
{
    struct part part = {.arena = arena};
    uint64_t before;
    AUTO_BUFFER text = buffer_create(PROOFS_BYTES_MAX);
    TRY(look_back(from, asked, &part, &before, why));
    if (part.found.count == 0 && json_number(asked, "entry", -1) >= 0)
        return problem_set(why, ST_NOT_FOUND, "no entry of that number is the organisation's");
    for (size_t i = first_shown(&part, PROOFS_MAX, &before); i < part.found.count; i++)
        TRY(put_proof(logbook_ledger(from->book), part.found.items[i].number, &text, why));
    json_object_set_new(out, "proofs", json_from_text(arena_copy(arena, buffer_slice(&text))));
    set_before(out, before);
    return ST_OK;
}

enum status log_command(const struct log_answerer *from, struct slice name, struct slice json,
                        struct arena *arena, struct slice *answer, struct problem *why)
{
    AUTO_JSON asked = NULL;
    AUTO_JSON out = json_object();
    TRY(json_read(json, &asked, why));
    if (from->book == NULL || from->seed == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the log is not open");
    if (slice_equal(name, LIT("log.show")))
        TRY(show(from, arena, out, why));
    else if (slice_equal(name, LIT("log.proof")))
        TRY(prove(from, asked, arena, out, why));
    else if (slice_equal(name, LIT("log.entries")))
        TRY(entries(from, asked, arena, out, why));
    else if (slice_equal(name, LIT("log.proofs")))
        TRY(proofs(from, asked, arena, out, why));
    else
        return problem_set(why, ST_NOT_FOUND, "no such command");
    *answer = json_write(out, arena);
    return ST_OK;
}

/* Trying it */

/* The last organisation that is named in the newest entries. */
struct last_named {
    struct arena *arena;
    struct slice organisation;
};

static enum status note_organisation(void *context, uint64_t number, struct slice line, struct problem *why)
{
    struct last_named *last = context;
    struct slice mark = LIT(" organisation=");
    size_t at = slice_find(line, mark, 0);
    (void)number, (void)why;
    if (at == SIZE_MAX)
        return ST_OK;
    struct slice rest = slice_sub(line, at + mark.len, line.len);
    last->organisation = arena_copy(last->arena, slice_sub(rest, 0, slice_find(rest, LIT(" "), 0)));
    return ST_OK;
}

/* What comes to a question for that organisation's entries, and how many of them do not name it. */
static enum status count_entries(const struct log_answerer *from, struct slice organisation, struct arena *arena,
                                 size_t *count, size_t *foreign, struct problem *why)
{
    AUTO_JSON asked = json_object();
    AUTO_JSON answered = NULL;
    struct slice json;
    json_object_set_new(asked, "organisation", json_from_text(organisation));
    TRY(log_command(from, LIT("log.entries"), json_write(asked, arena), arena, &json, why));
    TRY(json_read(json, &answered, why));
    const json_t *rows = json_object_get(answered, "entries");
    struct slice wanted = arena_format(arena, " organisation=%.*s ", SLICE_ARG(organisation));
    *count = json_array_size(rows);
    for (size_t i = 0; i < *count; i++) {
        struct slice ids = json_text(json_array_get(rows, i), "ids");
        *foreign += !slice_contains(arena_format(arena, " %.*s ", SLICE_ARG(ids)), wanted);
    }
    return ST_OK;
}

enum status log_try_others(const struct log_answerer *from, struct arena *arena, size_t *named, size_t *wrong,
                           struct problem *why)
{
    struct last_named last = {.arena = arena};
    size_t nobodys;
    *named = *wrong = 0;
    TRY(count_entries(from, LIT("nobody.example"), arena, &nobodys, wrong, why));
    struct ledger *ledger = logbook_ledger(from->book);
    uint64_t published = ledger_published(ledger);
    TRY(ledger_each(ledger, published > LOOK_BACK ? published - LOOK_BACK : 0, note_organisation, &last, why));
    if (last.organisation.len == 0)
        return ST_OK;
    TRY(count_entries(from, last.organisation, arena, named, wrong, why));
    if (last.organisation.len < 2)
        return ST_OK;
    return count_entries(from, slice_sub(last.organisation, 0, last.organisation.len - 1), arena, &nobodys, wrong, why);
}

struct newest {
    struct slice kind, source;
    struct instant at; /* us 0: none */
};

static enum status take_newer(void *context, uint64_t number, struct slice line, struct problem *why)
{
    struct newest *newest = context;
    struct logbook_entry entry;
    (void)number, (void)why;
    if (logbook_read_entry(line, &entry) && slice_equal(entry.kind, newest->kind) && slice_starts(entry.source, newest->source))
        newest->at = entry.at;
    return ST_OK;
}

enum status log_newest(const struct log_answerer *from, struct slice kind, struct slice source, struct instant *at,
                       struct problem *why)
{
    struct newest newest = {.kind = kind, .source = source};
    if (from->book == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the log is not open");
    struct ledger *ledger = logbook_ledger(from->book);
    uint64_t published = ledger_published(ledger);
    TRY(ledger_each(ledger, published > LOOK_BACK ? published - LOOK_BACK : 0, take_newer, &newest, why));
    if (newest.at.us == 0)
        return problem_set(why, ST_NOT_FOUND, "there is no such entry");
    *at = newest.at;
    return ST_OK;
}

struct slice log_detail(const struct problem *why, struct arena *arena)
{
    AUTO_JSON out = json_object();
    json_object_set_new(out, "detail", json_string(why->detail));
    return json_write(out, arena);
}
