#ifndef RENDEZ_BASE_KINDS_H
#define RENDEZ_BASE_KINDS_H

#include "base/bytes/bytes.h"

/* Kinds of entries of the log that others verify; kinds.def says what each means. */
enum log_kind {
#define KIND(symbol, text, ids, sentence) LOG_##symbol,
#include "base/eventlog/kinds.def"
#undef KIND
    LOG_KIND_COUNT_
};
const char *log_kind_name(enum log_kind kind);

/* One line of printable UTF-8 of at most `bytes_max` bytes, with no word "source=…", which is the log's. */
bool log_ids_are_fine(struct slice ids, size_t bytes_max);
/* Two or three words of small letters and "_", with points between. */
bool log_kind_is_fine(struct slice kind);

#endif
