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
enum { PLACES = sizeof scanned / sizeof *scanned, PAGE = 10000 };

struct scan {
    identity_entry_fn *each;
    void *context;
    const char *place;
    struct entry_cursor *cursor;
    int64_t seen;
};

static enum status take(const struct sql_value *columns, void *context, struct problem *why)
{
    struct scan *scan = context;
    (void)why;
    scan->cursor->row = columns[0].number;
    scan->seen++;
    scan->each(scan->context, scan->place, columns[0].number, (struct sealed){columns[1].bytes});
    return ST_OK;
}

/* One table's next rows; the keys lie in a file of their own, and come last. */
static enum status read_page(struct identity *identity, unsigned place, int64_t after, int64_t limit,
                             struct scan *scan, struct problem *why)
{
    scan->place = place < PLACES ? scanned[place].place : "identity.key.wrapped";
    if (place == PLACES)
        return keyfile_scan(&identity->keys, after, limit, take, scan, why);
    return identity->db.driver->run(identity->db.sql, scanned[place].query, ARGS(arg_number(after), arg_number(limit)),
                                    take, scan, why);
}

enum status identity_scan_page(struct identity *identity, struct entry_cursor *cursor, int64_t limit,
                               identity_entry_fn *each, void *context, struct problem *why)
{
    struct scan scan = {each, context, NULL, cursor, 0};
    TRY(read_page(identity, cursor->place, cursor->row, limit, &scan, why));
    if (scan.seen < limit)
        *cursor = (struct entry_cursor){cursor->place + 1, 0, cursor->place == PLACES};
    return ST_OK;
}

enum status identity_scan_entries(struct identity *identity, identity_entry_fn *each, void *context,
                                  struct problem *why)
{
    for (struct entry_cursor cursor = {0}; !cursor.ended;)
        TRY(identity_scan_page(identity, &cursor, PAGE, each, context, why));
    return ST_OK;
}

enum status identity_read_file(struct identity *identity, size_t file, int64_t at, char *into, size_t room, size_t *got,
                               struct problem *why)
{
    struct database *database = file < SQL_FILE_COUNT_ ? &identity->db : &identity->keys.db;
    return database->driver->read_file(database->sql, (enum sql_file)(file % SQL_FILE_COUNT_), at, into, room, got, why);
}
