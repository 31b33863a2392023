#include "roles/logd/pace.h"

void pace_open(struct pace *pace, struct monotonic now)
{
    *pace = (struct pace){.due = now};
}

/* What comes while one is made is for the next. */
void pace_entries(struct pace *pace, struct monotonic now)
{
    struct monotonic soon = monotonic_after(now, PACE_SOON_MS);
    bool first = !pace->fresh;
    pace->fresh = true;
    if (first && !pace->publishing && soon.ms < pace->due.ms)
        pace->due = soon;
}

void pace_hurry(struct pace *pace, struct monotonic now)
{
    struct monotonic soon = monotonic_after(now, PACE_HURRY_MS);
    if (!pace->publishing && soon.ms < pace->due.ms)
        pace->due = soon;
}

bool pace_is_due(const struct pace *pace, struct monotonic now)
{
    return !pace->publishing && now.ms >= pace->due.ms;
}

void pace_begin(struct pace *pace, struct monotonic now)
{
    pace->begun = now;
    pace->publishing = true;
    pace->covers = pace->fresh;
    pace->fresh = false;
}

void pace_end(struct pace *pace, struct monotonic now)
{
    pace->publishing = false;
    pace->due = pace->fresh ? monotonic_after(now, PACE_SOON_MS) : monotonic_after(pace->begun, PACE_IDLE_MS);
}
