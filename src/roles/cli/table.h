#ifndef RENDEZ_ROLES_CLI_TABLE_H
#define RENDEZ_ROLES_CLI_TABLE_H

#include "roles/cli/cli.h"

/* Facts in rows, for people and for programs. */

enum cli_form {
    FORM_TEXT,     /* aligned; colours only on a terminal, and not with NO_COLOR */
    FORM_JSON,     /* a list of objects, members by the columns' names; empty cells are null */
    FORM_CSV,      /* RFC 4180, a head line, no cell is a formula */
    FORM_MARKDOWN,
};
enum cli_tone { TONE_PLAIN, TONE_GOOD, TONE_DOUBT, TONE_BAD };

struct cli_row {
    struct slice *cells;
    enum cli_tone tone; /* of the last column that is not empty */
};
struct cli_table {
    const char *const *names;
    size_t columns;
    struct cli_row *items;
    size_t count, capacity;
};

/* Adds a row of `table->columns` cells, copied. */
void cli_table_add(struct cli_table *table, struct arena *arena, enum cli_tone tone,
                   const struct slice *cells);
#define CLI_ROW(table, arena, tone, ...)                                                           \
    cli_table_add((table), (arena), (tone), (const struct slice[]){__VA_ARGS__})

void cli_table_write(const struct cli_table *table, enum cli_form form, bool colours,
                     struct buffer *out);
/* The same to stdout. */
void cli_table_print(const struct cli_table *table, enum cli_form form);

#endif
