/* identity.db of a set. */
#include "platform/identity/identity.h"
#include "platform/identity/organisations.h"
#include "platform/vault/scan.h"
#include "roles/archive/look.h"

static void take_entry(void *context, const char *place, int64_t row, struct sealed sealed)
{
    entry_scan_add(context, place, row, sealed);
}

/* Every entry of identities is well formed, and none was copied: archive has none of their keys. */
static enum status try_entries(struct look *look, struct identity *identity)
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

enum status try_identities(struct look *look)
{
    struct identity *identity = NULL;
    const char *path = restored(look, "identity/identity.db");
    if (!is_there(path))
        return ST_OK;
    TRY(identity_open(&sqlite_driver, path, &identity, &look->own));
    enum status status = identity_verify_log(identity, &look->own);
    if (status == ST_OK)
        status = try_entries(look, identity);
    identity_destroy(&identity);
    return status;
}

