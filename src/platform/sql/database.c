/* Opening and bringing up, transactions, ids. */
#include <assert.h>

#include "platform/sql/sql.h"
#include "platform/vault/vault.h"

static enum status bring_up(const struct database *database, struct problem *why)
{
    const struct sql_driver *driver = database->driver;
    const struct sql_schema *schema = database->schema;
    uint32_t version = 0;
    TRY(driver->version(database->sql, &version, why));
    if (version > schema->migration_count)
        return problem_set(why, ST_CONFLICT,
                           "the database is of version %u, this program knows %zu: update rendez, or put a backup back",
                           (unsigned)version, schema->migration_count);
    if (version > 0 && version < schema->migration_count)
        TRY(driver->back_up(database->sql, version, why));
    for (; version < schema->migration_count; version++)
        TRY(driver->migrate(database->sql, schema->migrations[version].version,
                            schema->migrations[version].script, why));
    return driver->prepare(database->sql, why);
}

enum status database_open(const struct sql_driver *driver, const struct sql_schema *schema,
                          const char *where, struct database *out, struct problem *why)
{
    struct database database = {.driver = driver, .schema = schema};
    TRY(driver->open(where, schema, &database.sql, why));
    enum status status = bring_up(&database, why);
    if (status != ST_OK) {
        driver->close(database.sql);
        return status;
    }
    *out = database;
    return ST_OK;
}

void database_close(struct database *database)
{
    if (database->sql == NULL)
        return;
    database_rollback(database);
    database->driver->close(database->sql);
    database->sql = NULL;
}

/* Commits wait for the disk again. Where that fails it is tried anew before the next one. */
static enum status heavy(struct database *database, struct problem *why)
{
    if (!database->light)
        return ST_OK;
    TRY(database->driver->wait_for_disk(database->sql, true, why));
    database->light = false;
    return ST_OK;
}

static enum status begin(struct database *database, struct problem *why)
{
    assert(!database->in_transaction);
    TRY(database->driver->begin(database->sql, why));
    database->in_transaction = true;
    return ST_OK;
}

enum status database_begin(struct database *database, struct problem *why)
{
    TRY(heavy(database, why));
    return begin(database, why);
}

enum status database_begin_light(struct database *database, struct problem *why)
{
    TRY(database->driver->wait_for_disk(database->sql, false, why));
    database->light = true;
    enum status status = begin(database, why);
    if (status != ST_OK)
        (void)!heavy(database, NULL);
    return status;
}

enum status database_commit(struct database *database, struct problem *why)
{
    assert(database->in_transaction);
    enum status status = database->driver->commit(database->sql, why);
    if (status != ST_OK)
        database->driver->rollback(database->sql);
    database->in_transaction = false;
    enum status after = heavy(database, why);
    return status != ST_OK ? status : after;
}

void database_rollback(struct database *database)
{
    if (database->in_transaction)
        database->driver->rollback(database->sql);
    database->in_transaction = false;
    (void)!heavy(database, NULL);
}

struct slice database_new_id(const char *prefix, struct arena *arena)
{
    /* Crockford's base 32: no i, l, o, u. 26 digits hold 130 bits. */
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char random[26];
    char text[sizeof random];
    vault_random(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        text[i] = digits[random[i] % 32];
    return arena_format(arena, "%s_%.26s", prefix, text);
}
