#ifndef RENDEZ_PLATFORM_SQL_ROWS_H
#define RENDEZ_PLATFORM_SQL_ROWS_H

#include "base/record/record.h"
#include "platform/sql/sql.h"
#include "platform/vault/vault.h"

/* Rows of a statement as structs: a table of fields, in the order of the statement's
 * columns (select) or parameters (insert). The macros check the C type, so that a private
 * column takes nothing but a struct sealed. */
enum column_kind {
    COLUMN_TEXT,    /* struct slice; empty is NULL */
    COLUMN_HASH,    /* struct slice; empty is NULL */
    COLUMN_SEALED,  /* struct sealed; empty is NULL */
    COLUMN_NUMBER,  /* uint32_t */
    COLUMN_INSTANT, /* struct instant */
    COLUMN_MOMENT,  /* struct instant; us 0 is NULL */
    COLUMN_WORD,    /* an enum stored as its name */
};
struct column {
    enum column_kind kind;
    size_t offset;
    const char *const *words; /* WORD */
    uint32_t word_count;
};

#define MEMBER_IS(c_type, member, wanted)                                                          \
    (0 * sizeof(_Generic(((struct c_type *)0)->member, wanted: (char)0)))
#define COLUMN_OF(kind_, c_type, member, wanted)                                                   \
    {.kind = (kind_), .offset = offsetof(struct c_type, member) + MEMBER_IS(c_type, member, wanted)}
#define TEXT(c_type, member) COLUMN_OF(COLUMN_TEXT, c_type, member, struct slice)
#define HASH(c_type, member) COLUMN_OF(COLUMN_HASH, c_type, member, struct slice)
#define SEALED(c_type, member) COLUMN_OF(COLUMN_SEALED, c_type, member, struct sealed)
#define NUMBER(c_type, member) COLUMN_OF(COLUMN_NUMBER, c_type, member, uint32_t)
#define INSTANT(c_type, member) COLUMN_OF(COLUMN_INSTANT, c_type, member, struct instant)
#define MOMENT(c_type, member) COLUMN_OF(COLUMN_MOMENT, c_type, member, struct instant)
#define WORD(c_type, member, words_)                                                               \
    {.kind = COLUMN_WORD, .offset = offsetof(struct c_type, member), .words = (words_),            \
     .word_count = sizeof(words_) / sizeof *(words_)}

struct row_type {
    const struct column *columns;
    size_t count, size;
};
#define ROW_TYPE(name, c_type, ...)                                                                \
    static const struct column name##_columns[] = {__VA_ARGS__};                                   \
    static const struct row_type name = {name##_columns,                                           \
                                         sizeof name##_columns / sizeof *name##_columns,           \
                                         sizeof(struct c_type)}

struct sql_value arg_text(struct slice text);
struct sql_value arg_hash(struct slice bytes);
struct sql_value arg_sealed(struct sealed sealed);
struct sql_value arg_number(int64_t number);
struct sql_value arg_moment(struct instant at); /* us 0 is NULL */
/* A version of a key as it stands in an entry, substr(…, 2, 4): what is older is less. */
struct version_bytes {
    char bytes[4];
};
struct version_bytes version_bytes(uint32_t version);
struct sql_value arg_version(const struct version_bytes *version); /* borrowed */
#define ARGS(...) ((const struct sql_value[]){__VA_ARGS__})

/* Parameters $1 … of `query` from the fields of *row. */
MUST_USE enum status rows_save(struct database *database, unsigned query, const struct row_type *type,
                               const void *row, struct problem *why);
/* The same, counting the rows that "returning 1" gives. */
MUST_USE enum status rows_save_counted(struct database *database, unsigned query,
                                       const struct row_type *type, const void *row, size_t *count,
                                       struct problem *why);
MUST_USE enum status rows_run(struct database *database, unsigned query, const struct sql_value *args,
                              struct problem *why);
MUST_USE enum status rows_run_counted(struct database *database, unsigned query,
                                      const struct sql_value *args, size_t *count,
                                      struct problem *why);
/* *list is a {items, count, capacity}; its items come from the arena. */
MUST_USE enum status rows_list(struct database *database, unsigned query, const struct sql_value *args,
                               const struct row_type *type, struct arena *arena,
                               struct record_list *list, struct problem *why);
/* The first row; ST_NOT_FOUND says "no WHAT of that id". */
MUST_USE enum status rows_load(struct database *database, unsigned query, const struct sql_value *args,
                               const struct row_type *type, struct arena *arena, void *row,
                               const char *what, struct problem *why);

/* For a typed list: fills *out only when all rows were read. */
#define ROWS_LIST(database, query, args, type, arena, out, why)                                       \
    do {                                                                                           \
        struct record_list list_ = {0};                                                            \
        TRY(rows_list((database), (query), (args), (type), (arena), &list_, (why)));                  \
        (out)->items = list_.items;                                                                \
        (out)->count = list_.count;                                                                \
        (out)->capacity = list_.capacity;                                                          \
    } while (0)

#endif
