/* Input: a rule, or "RULE\nYYYYMMDD". Any rule ends, in order, inside its bounds. */
#include <assert.h>

#include "domain/calendar/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { STARTS_MAX = 1000 };
    AUTO_ARENA arena = arena_create((size_t)8 << 20);
    struct slice rule = {(const char *)data, size};
    struct civil start = civil_at((struct civil_date){2024, 2, 29}, 9, 30);
    struct civil until = civil_at((struct civil_date){2060, 1, 1}, 0, 0);
    for (int is_date = 0; is_date < 2; is_date++) {
        struct civil_interval_list starts = {0};
        if (calendar_recur(start, is_date, rule, zone_utc(), until, STARTS_MAX, arena, &starts,
                           NULL) != ST_OK)
            return 0;
        assert(starts.count >= 1 && starts.count <= STARTS_MAX);
        for (size_t i = 1; i < starts.count; i++)
            assert(civil_compare(starts.items[i - 1].start, starts.items[i].start) < 0 &&
                   civil_compare(starts.items[i].start, until) < 0);
    }
    return 0;
}
