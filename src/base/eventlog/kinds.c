#include "base/eventlog/kinds.h"

enum { KIND_BYTES_MAX = 60 };

static const char *const names[] = {
#define KIND(symbol, text, ids, sentence) [LOG_##symbol] = text,
#include "base/eventlog/kinds.def"
#undef KIND
};

const char *log_kind_name(enum log_kind kind)
{
    return names[kind];
}

bool log_ids_are_fine(struct slice ids, size_t bytes_max)
{
    if (ids.len > bytes_max || utf8_bad_at(ids) != SIZE_MAX || slice_contains(ids, LIT("source=")))
        return false;
    for (size_t i = 0; i < ids.len; i++)
        if ((unsigned char)ids.data[i] < 0x20 || ids.data[i] == 0x7f)
            return false;
    return true;
}

bool log_kind_is_fine(struct slice kind)
{
    bool word = false; /* a letter stands before */
    unsigned points = 0;
    if (kind.len > KIND_BYTES_MAX)
        return false;
    for (size_t i = 0; i < kind.len; i++) {
        char c = kind.data[i];
        if (c == '.' && word)
            points++;
        else if (c != '_' && (c < 'a' || c > 'z'))
            return false;
        word = c != '.';
    }
    return word && (points == 1 || points == 2);
}
