/* Every sealed entry that there is, for who looks at them without a key. */
#include "platform/identity/organisations.h"
#include "platform/identity/tables.h"

static const struct entry_place items[] = {
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
static const struct entry_places places = {items, sizeof items / sizeof *items, "identity.key.wrapped"};

enum status identity_scan_page(struct identity *identity, struct entry_cursor *cursor, int64_t limit,
                               identity_entry_fn *each, void *context, struct problem *why)
{
    return keyfile_scan_page(&identity->keys, &identity->db, &places, cursor, limit, each, context, why);
}

enum status identity_scan_entries(struct identity *identity, identity_entry_fn *each, void *context,
                                  struct problem *why)
{
    return keyfile_scan_all(&identity->keys, &identity->db, &places, each, context, why);
}

enum status identity_read_file(struct identity *identity, size_t file, int64_t at, char *into, size_t room, size_t *got,
                               struct problem *why)
{
    return keyfile_read_file(&identity->keys, &identity->db, file, at, into, room, got, why);
}
