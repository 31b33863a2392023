/* What people state, with the evidence for it, sealed. */
#include <string.h>

#include "platform/ledger/ledger.h"
#include "platform/sql/sql.h"
#include "roles/trust/internal.h"

enum { IDS_MAX = 900, NAME_MAX_BYTES = 200 };

struct slice trust_digest(struct slice bytes, struct arena *arena)
{
    unsigned char digest[32];
    AUTO_BUFFER text = buffer_create(2 * sizeof digest + 1);
    vault_sha256(bytes, digest);
    hex_encode((struct slice){(const char *)digest, sizeof digest}, &text);
    return arena_copy(arena, buffer_slice(&text));
}

enum status trust_seal(struct trust *trust, const struct seal_place *place, struct slice plain,
                       struct arena *arena, struct sealed *out, struct problem *why)
{
    AUTO_SECRET key = NULL;
    TRY(trust->ports.key(trust->ports.self, &key, why));
    return vault_seal(key, place, plain, arena, out, why);
}

enum status trust_open(struct trust *trust, const struct seal_place *place, struct sealed sealed,
                       struct arena *arena, struct slice *plain, struct problem *why)
{
    AUTO_SECRET key = NULL;
    TRY(trust->ports.key(trust->ports.self, &key, why));
    return vault_open(key, place, sealed, arena, plain, why);
}

/* The name alone, whatever folder it lay in. */
static struct slice file_name(struct slice name)
{
    size_t from = name.len;
    while (from > 0 && name.data[from - 1] != '/')
        from--;
    return slice_sub(name, from, from + NAME_MAX_BYTES);
}

static enum status log_statement(struct trust *trust, struct statement *row, const struct civil_date *day,
                                 struct problem *why)
{
    AUTO_BUFFER ids = buffer_create(IDS_MAX);
    bool record = slice_equal(row->kind, LIT("record"));
    buffer_add_format(&ids, "control=%.*s %s=%04d-%02u-%02u file=%.*s", SLICE_ARG(row->control),
                      record ? "done" : "until", (int)day->year, day->month, day->day, SLICE_ARG(row->digest));
    return evidence_append_log(trust->evidence, row->at, record ? LIT("control.test.recorded") : LIT("control.claim.attested"),
                               buffer_slice(&ids), &row->entry, why);
}

static enum status add(struct trust *trust, struct statement *row, const struct trust_statement *said,
                       struct problem *why)
{
    struct item *item = trust_item(trust, said->control);
    TRY(evidence_begin(trust->evidence, why));
    enum status status = log_statement(trust, row, &said->day, why);
    if (status == ST_OK)
        status = evidence_add_statement(trust->evidence, row, why);
    if (status == ST_OK)
        status = item_load(trust, item, why);
    if (status == ST_OK)
        status = item_tell(trust, item, row->at, why);
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    (void)!item_load(trust, item, NULL);
    return status;
}

static enum status state(struct trust *trust, const char *kind, const struct trust_statement *said,
                         struct instant moment, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped((size_t)16 << 20);
    bool record = strcmp(kind, "record") == 0;
    if (said->file.len == 0)
        return problem_set(why, ST_INVALID, "the evidence is an empty file");
    struct statement row = {
        .id = database_new_id("sta", arena),
        .control = slice_from(said->control->id),
        .kind = slice_from(kind),
        .at = now,
        .done = record ? moment : (struct instant){0},
        .until = record ? (struct instant){0} : moment,
        .digest = trust_digest(said->file, arena),
        .name = file_name(said->name),
    };
    if (row.name.len == 0)
        return problem_set(why, ST_INVALID, "the evidence has no name");
    struct seal_place place = evidence_statement_place(row.id);
    TRY(trust_seal(trust, &place, said->file, arena, &row.file, why));
    TRY(add(trust, &row, said, why));
    if (control_is_tried(said->control))
        trust_item(trust, said->control)->asked = true;
    return ST_OK;
}

enum status trust_record(struct trust *trust, const struct trust_statement *said, struct instant now,
                         struct problem *why)
{
    struct instant done = civil_to_instant(civil_at(said->day, 0, 0), zone_utc());
    if (done.us > now.us)
        return problem_set(why, ST_INVALID, "what is done later is not done yet");
    return state(trust, "record", said, done, now, why);
}

enum status trust_attest(struct trust *trust, const struct trust_statement *said, struct instant now,
                         struct problem *why)
{
    struct instant until = civil_to_instant(civil_at(civil_date_add(said->day, 1), 0, 0), zone_utc());
    if (control_is_tried(said->control) && said->control->kind != CONTROL_ATTESTED)
        return problem_set(why, ST_CONFLICT, "%s is tried by the service: nobody states it", said->control->id);
    if (until.us <= now.us)
        return problem_set(why, ST_INVALID, "that day is over");
    until.us--;
    return state(trust, "attest", said, until, now, why);
}

/* The log's key */

static enum status note_log_key(struct trust *trust, const struct log_key *row, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    uint32_t entry;
    TRY(evidence_save_log_key(trust->evidence, row, why));
    return evidence_append_log(trust->evidence, row->pinned, LIT("log.key.pinned"),
                               arena_format(arena, "key=%.*s", SLICE_ARG(trust_digest(row->key, arena))), &entry, why);
}

enum status trust_pin_log(struct trust *trust, struct slice key, struct instant now, struct problem *why)
{
    struct log_key row = {key, now};
    if (!ledger_is_log_key(key))
        return problem_set(why, ST_INVALID, "the log's key is NAME+ID+BASE64, as rendez log key says it");
    TRY(evidence_begin(trust->evidence, why));
    enum status status = note_log_key(trust, &row, why);
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    return status;
}
