/* Every sealed entry that there is, for who looks at them without a key. */
#include "platform/identity/organisations.h"
#include "platform/identity/tables.h"

static const struct {
    enum query query;
    const char *place;
} scanned[] = {
    {QUERY_SCAN_ACCOUNT, "identity.account.sealed"},
    {QUERY_SCAN_FACTOR, "identity.factor.sealed"},
    {QUERY_SCAN_FACTOR_SECRET, "identity.factor.secret"},
    {QUERY_SCAN_SESSION, "identity.session.sealed"},
    {QUERY_SCAN_TOKEN, "identity.token.sealed"},
    {QUERY_SCAN_FLOW, "identity.flow.sealed"},
    {QUERY_SCAN_ACCESS_GRANT, "identity.access_grant.sealed"},
    {QUERY_SCAN_REVIEW_ITEM, "identity.review_item.sealed"},
    {QUERY_SCAN_AUTHORITY, "identity.authority.sealed"},
    {QUERY_SCAN_PROVIDER, "identity.provider.sealed"},
    {QUERY_SCAN_SCIM_GROUP, "identity.scim_group.sealed"},
    {QUERY_SCAN_ERRAND, "identity.errand.sealed"},
};

struct scan {
    identity_entry_fn *each;
    void *context;
    const char *place;
};

static enum status take(const struct sql_value *columns, void *context, struct problem *why)
{
    const struct scan *scan = context;
    (void)why;
    scan->each(scan->context, scan->place, columns[0].number, (struct sealed){columns[1].bytes});
    return ST_OK;
}

enum status identity_scan_entries(struct identity *identity, identity_entry_fn *each, void *context,
                                  struct problem *why)
{
    struct scan scan = {each, context, NULL};
    for (size_t i = 0; i < sizeof scanned / sizeof *scanned; i++) {
        scan.place = scanned[i].place;
        TRY(identity->db.driver->run(identity->db.sql, scanned[i].query, NULL, take, &scan, why));
    }
    scan.place = "identity.key.wrapped";
    return keyfile_scan(&identity->keys, take, &scan, why);
}
