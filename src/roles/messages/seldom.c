#include "roles/messages/seldom.h"

#include <string.h>

static bool is_over(const struct seldom_row *row, int64_t now_ms)
{
    return row->len == 0 || now_ms < row->at_ms || now_ms - row->at_ms >= SELDOM_MS;
}

bool seldom_may(struct seldom *seldom, struct slice what, int64_t now_ms)
{
    struct seldom_row *place = NULL;
    what = what.len == 0 ? LIT("-") : slice_sub(what, 0, SELDOM_TEXT_MAX);
    for (size_t i = 0; i < SELDOM_MAX; i++) {
        struct seldom_row *row = &seldom->rows[i];
        if (is_over(row, now_ms))
            place = place == NULL ? row : place;
        else if (slice_equal(what, (struct slice){row->text, row->len}))
            return false;
    }
    if (place == NULL)
        return false;
    memcpy(place->text, what.data, what.len);
    place->len = what.len;
    place->at_ms = now_ms;
    return true;
}
