#ifndef RENDEZ_PLATFORM_KEYFILE_H
#define RENDEZ_PLATFORM_KEYFILE_H

#include "platform/sql/sql.h"
#include "platform/vault/scan.h"
#include "platform/vault/vault.h"

/* Wrapped keys in a file of their own, beside the database with what they seal: "rendez.keys" of
 * "rendez.db". What is taken away there ends every copy of what it sealed: there is no WAL, a
 * journal is cut to nothing and synced at each commit, what is deleted is zeros in the file. No
 * transaction spans both files, so a key is written before what it seals is committed, and
 * destroyed after what it sealed is: doc/storage.md, "The key file". While a key is rotated two
 * versions of it are there. */
struct keyfile {
    struct database db;
};

enum stored_key_kind { KEY_OF_ORGANISATION, KEY_OF_MEETING, STORED_KEY_KIND_COUNT_ };
extern const char *const stored_key_kind_names[STORED_KEY_KIND_COUNT_];
struct stored_key {
    uint32_t seq; /* set here; grows */
    enum stored_key_kind kind;
    struct slice id, organisation;
    uint32_t parent; /* which version of the key above wraps it; set here */
    struct wrapped_key key;
};
struct stored_key_list {
    struct stored_key *items;
    size_t count, capacity;
};

/* database: path of the database that it belongs to, or ":memory:". As database_open. */
MUST_USE enum status keyfile_open(const struct sql_driver *driver, const char *database,
                                  struct keyfile *out, struct problem *why);
void keyfile_close(struct keyfile *keys); /* accepts a zeroed one */

/* Adds it, or replaces how it is wrapped. */
MUST_USE enum status keyfile_put(struct keyfile *keys, const struct stored_key *key,
                                 struct problem *why);
/* Several, all or none. */
MUST_USE enum status keyfile_put_all(struct keyfile *keys, const struct stored_key_list *list,
                                     struct problem *why);
/* version 0: the newest. ST_NOT_FOUND: destroyed. */
MUST_USE enum status keyfile_load(struct keyfile *keys, enum stored_key_kind kind, struct slice id,
                                  uint32_t version, struct arena *arena, struct stored_key *out,
                                  struct problem *why);
/* The same; empty when it was destroyed. */
MUST_USE enum status keyfile_fill(struct keyfile *keys, enum stored_key_kind kind, struct slice id,
                                  uint32_t version, struct arena *arena, struct wrapped_key *out,
                                  struct problem *why);
/* Destroys the versions before `below`; inside a transaction of the database in which nothing needs
 * them. */
MUST_USE enum status keyfile_end_old(struct keyfile *keys, enum stored_key_kind kind, struct slice id,
                                     uint32_t below, struct problem *why);
/* Some meetings' keys of an organisation that is erased. */
MUST_USE enum status keyfile_end_some(struct keyfile *keys, struct slice organisation, uint32_t limit,
                                      size_t *ended, struct problem *why);

/* Of one organisation (kind organisation: of all, with parent_below) up to a number, or those that an
 * older version of the key above wraps. */
struct key_range {
    enum stored_key_kind kind;
    struct slice organisation;
    uint32_t up_to, parent_below; /* one of them is 0 */
    uint32_t after;               /* only numbers above; with up_to */
};
MUST_USE enum status keyfile_list(struct keyfile *keys, const struct key_range *range, uint32_t limit,
                                  struct arena *arena, struct stored_key_list *out,
                                  struct problem *why);
MUST_USE enum status keyfile_count(struct keyfile *keys, const struct key_range *range,
                                   uint32_t *count, struct problem *why);
MUST_USE enum status keyfile_last(struct keyfile *keys, uint32_t *seq, struct problem *why);
/* Organisations whose key is being rotated: an older version is there beside the newest. */
struct key_aged {
    struct slice id;
    uint32_t newest;
};
struct key_aged_list {
    struct key_aged *items;
    size_t count, capacity;
};
MUST_USE enum status keyfile_list_aged(struct keyfile *keys, struct arena *arena,
                                       struct key_aged_list *out, struct problem *why);

/* How many keys there are of each version, under each version of the key above. */
struct key_survey {
    enum stored_key_kind kind;
    uint32_t version, parent, count;
};
struct key_survey_list {
    struct key_survey *items;
    size_t count, capacity;
};
MUST_USE enum status keyfile_survey(struct keyfile *keys, struct arena *arena,
                                    struct key_survey_list *out, struct problem *why);
/* Every sealed entry of a database, then every wrapped key beside it, in steps. A statement gives the rows after $1,
 * at most $2 (a table without numbers: all, where $1 is 0): number, entry. */
struct entry_place {
    unsigned query;
    const char *place; /* "message.sealed_raw" */
};
struct entry_places {
    const struct entry_place *items;
    size_t count;
    const char *keys; /* the place of wrapped keys */
};
typedef void entry_fn(void *context, const char *place, int64_t row, struct sealed sealed);
MUST_USE enum status keyfile_scan_page(struct keyfile *keys, struct database *db, const struct entry_places *places,
                                       struct entry_cursor *cursor, int64_t limit, entry_fn *each, void *context,
                                       struct problem *why);
MUST_USE enum status keyfile_scan_all(struct keyfile *keys, struct database *db, const struct entry_places *places,
                                      entry_fn *each, void *context, struct problem *why);
/* The bytes of the database's own files, then of those of its keys: `file` of sql_file, SQL_FILE_COUNT_ farther on
 * for the latter. *got: how many there were from `at`, at most `room`. */
MUST_USE enum status keyfile_read_file(struct keyfile *keys, struct database *db, size_t file, int64_t at, char *into,
                                       size_t room, size_t *got, struct problem *why);
/* Of an entry the version in its header; what is no entry (tests have such) is of the first. */
uint32_t keyfile_version_of(struct sealed sealed);

/* What is to go: the database's own table key_end (kind, id), written in the transaction that takes
 * away what the keys sealed. The statements are of its schema. */
struct key_end_queries {
    unsigned note; /* $1 kind, $2 id */
    unsigned list; /* → kind, id; at most 1000 */
    unsigned done; /* $1 kind, $2 id */
};
MUST_USE enum status keyfile_note_end(struct database *db, const struct key_end_queries *queries,
                                      enum stored_key_kind kind, struct slice id,
                                      struct problem *why);
/* After that transaction, and at every start: none of them has a key any more when this is ST_OK. */
MUST_USE enum status keyfile_end_noted(struct keyfile *keys, struct database *db,
                                       const struct key_end_queries *queries, struct problem *why);

#endif
