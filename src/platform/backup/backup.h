#ifndef RENDEZ_PLATFORM_BACKUP_H
#define RENDEZ_PLATFORM_BACKUP_H

#include "domain/sets/sets.h"
#include "platform/sql/copy.h"
#include "platform/vault/vault.h"

/* A backup set: a folder with a file for each *thing* that was copied (a database, a file, a folder) and a
 * manifest. Each thing is one stream: zstd, cut into blocks of at most 1 MB, each sealed with the set's own
 * key. What a block belongs to (set, thing, number, whether it is the last) is in its associated data, so
 * none can be left out, moved, doubled or taken from another set.
 *
 *   file     sealed block, sealed block, …; before each its length, four bytes, big endian
 *   folder   a stream of files: two bytes length of the path, eight bytes size, path, content; two zero
 *            bytes at the end
 *   manifest a sealed entry by itself
 *
 * doc/storage.md, section Backups */

enum {
    BACKUP_BLOCK_BYTES = 1 << 20,
    BACKUP_NAME_MAX = 32,    /* of a thing */
    BACKUP_PATH_MAX = 1000,  /* in the installation */
    BACKUP_THINGS_MAX = 32,
    BACKUP_FILES_MAX = 2000000, /* of a folder */
    BACKUP_MANIFEST_MAX = 1 << 20,
};
#define BACKUP_MANIFEST "manifest"

/* What a thing is after it was written, or must be when it is read. */
struct stream_facts {
    uint64_t size;   /* of the content */
    uint64_t stored; /* in the set */
    unsigned char digest[32]; /* SHA-256 of the content */
};

/* Writing. The descriptor stays the caller's. */
struct stream_writer;
#define AUTO_STREAM_WRITER __attribute__((cleanup(stream_writer_destroy))) struct stream_writer *
struct stream_writer *stream_writer_create(int fd, const struct secret *key, struct slice set, struct slice thing);
void stream_writer_destroy(struct stream_writer **writer); /* accepts NULL */
MUST_USE enum status stream_write(struct stream_writer *writer, struct slice bytes, struct problem *why);
MUST_USE enum status stream_finish(struct stream_writer *writer, struct stream_facts *out, struct problem *why);

/* Reading. `size_max`: more than that is ST_LIMIT.
 * ST_DENIED   a byte of it is not what was written, or something is lacking
 * ST_INVALID  it was never written so */
struct stream_reader;
#define AUTO_STREAM_READER __attribute__((cleanup(stream_reader_destroy))) struct stream_reader *
struct stream_reader *stream_reader_create(int fd, const struct secret *key, struct slice set, struct slice thing,
                                           uint64_t size_max);
void stream_reader_destroy(struct stream_reader **reader); /* accepts NULL */
/* Up to `len` bytes; fewer only at the end, which has been seen to be the end then. */
MUST_USE enum status stream_read(struct stream_reader *reader, void *bytes, size_t len, size_t *got,
                                 struct problem *why);
/* After the end. */
void stream_facts(const struct stream_reader *reader, struct stream_facts *out);

/* A head of a folder's stream. */
struct pack_head {
    struct slice path; /* empty: the end */
    uint64_t size;
};
MUST_USE enum status pack_write_head(struct stream_writer *writer, const struct pack_head *head, struct problem *why);
MUST_USE enum status pack_read_head(struct stream_reader *reader, struct arena *arena, struct pack_head *out,
                                    struct problem *why);
/* Whether a path leads to a place below the folder that it is taken from: relative, no "..", no empty part. */
bool backup_path_is_good(struct slice path);

/* What a set holds. */
enum thing_kind { THING_DATABASE, THING_FILE, THING_FOLDER, THING_KIND_COUNT_ };
extern const char *const thing_kind_names[THING_KIND_COUNT_];
struct thing {
    struct slice name; /* of its file in the set: small letters, digits, - and . */
    enum thing_kind kind;
    struct slice path; /* from the installation's folder */
    struct stream_facts facts;
    uint64_t files;                /* FOLDER */
    struct table_rows_list tables; /* DATABASE */
};
struct manifest {
    struct slice set, version; /* of rendez */
    struct instant made;
    uint32_t root; /* the newest root key then */
    struct thing *things;
    size_t thing_count;
};
struct slice manifest_format(const struct manifest *manifest, struct arena *arena);
/* ST_INVALID  malformed, a name or path that leads elsewhere, one that comes twice;  ST_LIMIT */
MUST_USE enum status manifest_parse(struct slice text, struct arena *arena, struct manifest *out, struct problem *why);
/* Seals and opens it; the set's name is part of the place. */
MUST_USE enum status manifest_seal(const struct manifest *manifest, const struct secret *key, struct arena *arena,
                                   struct sealed *out, struct problem *why);
MUST_USE enum status manifest_open(struct sealed sealed, const struct secret *key, struct slice set,
                                   struct arena *arena, struct manifest *out, struct problem *why);

#endif
