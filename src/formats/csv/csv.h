#ifndef RENDEZ_FORMATS_CSV_H
#define RENDEZ_FORMATS_CSV_H

#include "base/bytes/bytes.h"

/* Tables as comma-separated values (RFC 4180): CRLF at the end of a row, quotes where they are
 * needed. What people open it with takes a cell that begins with one of = + - @, a tab or a line
 * break for a formula, which may run programs or send the sheet away: such a cell gets an
 * apostrophe in front, as OWASP's "CSV Injection" page advises. A whole number keeps its minus. */

/* Appends one row. Bad UTF-8 and NUL become U+FFFD. */
void csv_put_row(const struct slice *cells, size_t count, struct buffer *out);

#endif
