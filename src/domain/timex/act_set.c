#include "domain/timex/actions.h"

struct slice set_rrule(const struct meaning *m, struct arena *arena)
{
    (void)m;
    return arena_format(arena, "FREQ=DAILY");
}
