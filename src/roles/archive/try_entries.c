/* identity.db and trust.db of a set. Nobody hands archive the keys of accounts and evidence: it shows each entry to
 * keyd, which says whether it opens in its place, and nothing of what is inside. */
#include "platform/evidence/evidence.h"
#include "platform/evidence/visitors.h"
#include "platform/identity/identity.h"
#include "platform/identity/organisations.h"
#include "platform/identity/rotation.h"
#include "platform/vault/scan.h"
#include "roles/archive/look.h"

enum { ROWS_BYTES_MAX = 1024 << 20, ANY_VERSION = UINT32_MAX, ALL_ROWS = INT32_MAX, ASK_BYTES_MAX = 64 * 1024 };

/* key: of its organisation; NULL where it is of none. */
static enum status try_entry(struct look *look, enum key_purpose purpose, const struct wrapped_key *key,
                             const struct seal_place *place, struct sealed sealed)
{
    AUTO_ARENA arena = arena_create_wiped(ASK_BYTES_MAX);
    AUTO_SECRET none = NULL;
    struct key_given given;
    struct key_ask ask = {.purpose = purpose,
                          .organisation = place->organisation,
                          .table = place->table,
                          .column = place->column,
                          .row = place->row,
                          .wrapped = sealed.bytes};
    if (key != NULL) {
        ask.organisation_key = key->sealed.bytes;
        ask.organisation_version = key->version;
    }
    look->found->entries++;
    enum status status = look_ask(look, &ask, arena, &given, &none, &look->own);
    if (status == ST_OK || look->away.status != ST_OK)
        return status;
    return problem_set(&look->own, ST_DENIED, "%.*s of %.*s does not open", SLICE_ARG(place->column),
                       SLICE_ARG(place->table));
}

/* identity.db */

static enum status try_rooted(struct look *look, struct identity *identity)
{
    for (int kind = ROOTED_ORGANISATION + 1; kind < ROOTED_KIND_COUNT_; kind++) {
        AUTO_ARENA arena = arena_create(ROWS_BYTES_MAX);
        struct rooted_list rows;
        TRY(identity_list_rooted(identity, kind, ANY_VERSION, ALL_ROWS, arena, &rows, &look->own));
        for (size_t i = 0; i < rows.count; i++) {
            struct seal_place place = identity_rooted_place(kind, &rows.items[i], arena);
            TRY(try_entry(look, KEY_TRY_IDENTITY, NULL, &place, rows.items[i].sealed));
        }
    }
    return ST_OK;
}

/* While a key is rotated rows are under two versions of it. */
static enum status key_of_row(struct look *look, struct identity *identity, struct slice organisation,
                              const struct rooted_row *row, struct arena *arena, struct wrapped_key *key)
{
    uint32_t version;
    if (sealed_key_version(row->sealed, &version) != ST_OK)
        return problem_set(&look->own, ST_DENIED, "identity: an entry is none");
    return version == key->version ? ST_OK : identity_load_key(identity, organisation, version, arena, key, &look->own);
}

static enum status try_owned(struct look *look, struct identity *identity,
                             const struct identity_organisation *organisation, enum owned_kind kind)
{
    AUTO_ARENA arena = arena_create(ROWS_BYTES_MAX);
    struct wrapped_key key = organisation->key;
    struct rooted_list rows;
    TRY(identity_list_owned_rows(identity, kind, organisation->id, ANY_VERSION, ALL_ROWS, arena, &rows, &look->own));
    for (size_t i = 0; i < rows.count; i++) {
        const struct rooted_row *row = &rows.items[i];
        bool code = kind == OWNED_FACTOR_SECRET;
        struct seal_place place = code ? (struct seal_place){organisation->id, LIT("factor"), LIT("secret"), row->id, 0}
                                       : identity_owned_place(kind, organisation->id, row);
        TRY(key_of_row(look, identity, organisation->id, row, arena, &key));
        TRY(try_entry(look, code ? KEY_TRY_CODE : KEY_TRY_IDENTITY, &key, &place, row->sealed));
    }
    return ST_OK;
}

/* One whose key is gone was erased since. */
static enum status try_organisations(struct look *look, struct identity *identity)
{
    AUTO_ARENA arena = arena_create(ROWS_BYTES_MAX);
    struct identity_organisation_list organisations;
    TRY(identity_list_organisations(identity, arena, &organisations, &look->own));
    for (size_t i = 0; i < organisations.count; i++) {
        const struct identity_organisation *organisation = &organisations.items[i];
        bool erased = organisation->key.sealed.bytes.len == 0;
        look->found->erased += erased && organisation->erased.us == 0;
        for (int kind = 0; !erased && kind < OWNED_KIND_COUNT_; kind++)
            TRY(try_owned(look, identity, organisation, kind));
    }
    return ST_OK;
}

static void take_entry(void *context, const char *place, int64_t row, struct sealed sealed)
{
    entry_scan_add(context, place, row, sealed);
}

/* Every entry is well formed, and none was copied. */
static enum status look_at_form(struct look *look, struct identity *identity)
{
    AUTO_ENTRY_SCAN scan = entry_scan_create();
    struct entry_scanned found;
    TRY(identity_scan_entries(identity, take_entry, scan, &look->own));
    entry_scan_conclude(scan, &found);
    if (found.malformed + found.repeated_salts + found.repeated_ivs == 0)
        return ST_OK;
    return problem_set(&look->own, ST_DENIED, "identity: %zu entries are no entries, %zu come twice", found.malformed,
                       found.repeated_salts + found.repeated_ivs);
}

static enum status try_all_of(struct look *look, struct identity *identity)
{
    TRY(identity_verify_log(identity, &look->own));
    TRY(look_at_form(look, identity));
    TRY(try_rooted(look, identity));
    return try_organisations(look, identity);
}

enum status try_identities(struct look *look)
{
    struct identity *identity = NULL;
    const char *path = restored(look, "identity/identity.db");
    if (!is_there(path))
        return ST_OK;
    TRY(identity_open(&sqlite_driver, path, &identity, &look->own));
    enum status status = try_all_of(look, identity);
    identity_destroy(&identity);
    return status;
}

/* trust.db */

static enum status try_one(void *context, const struct seal_place *place, struct sealed sealed, struct problem *why)
{
    (void)why; /* it is in look->own */
    return try_entry(context, KEY_TRY_TRUST, NULL, place, sealed);
}

static enum status try_all_evidence(struct look *look, struct evidence *evidence)
{
    struct problem why = {0};
    TRY(evidence_verify_log(evidence, &look->own));
    enum status status = evidence_each_entry(evidence, try_one, look, &why);
    return status == ST_OK || why.status == ST_OK ? status : problem_set(&look->own, status, "trust: %s", why.detail);
}

enum status try_evidence(struct look *look)
{
    struct evidence *evidence = NULL;
    const char *path = restored(look, "trust/trust.db");
    if (!is_there(path))
        return ST_OK;
    TRY(evidence_open(&sqlite_driver, path, &evidence, &look->own));
    enum status status = try_all_evidence(look, evidence);
    evidence_destroy(&evidence);
    return status;
}
