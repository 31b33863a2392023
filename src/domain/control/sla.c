#include "domain/control/sla.h"

const char *const sla_seen_names[SLA_SEEN_COUNT_] = {[SLA_UNKNOWN] = "unknown", [SLA_UP] = "up", [SLA_DOWN] = "down"};

static const int64_t second_us = 1000000;

/* What the time up to a look was: as the look before found it, unless that is too long ago. */
static enum sla_seen between(const struct sla_clock *clock, struct instant at)
{
    bool near = clock->last.us != 0 && at.us - clock->last.us <= SLA_GAP_S * second_us;
    return near ? clock->seen : SLA_UNKNOWN;
}

static void add_down(struct sla_clock *clock, struct sla_step *step)
{
    int64_t limit = SLA_CLAIM_S * second_us, before = clock->down.us;
    if (step->between == SLA_DOWN)
        clock->down.us += step->to.us - step->from.us;
    step->claims = before < limit && clock->down.us >= limit;
}

struct sla_step sla_look(struct sla_clock *clock, struct instant at, enum sla_seen seen)
{
    struct sla_step step = {.counted = at.us > clock->last.us};
    if (!step.counted)
        return step;
    step.from = clock->last.us == 0 ? at : clock->last;
    step.to = at;
    step.between = between(clock, at);
    if (clock->begun.us != 0)
        add_down(clock, &step);
    else if (seen == SLA_DOWN) {
        step.began = true;
        clock->begun = at;
        clock->down = (struct duration){0};
    }
    step.begun = clock->begun;
    step.down = clock->down;
    step.ended = clock->begun.us != 0 && seen == SLA_UP;
    if (step.ended)
        clock->begun = (struct instant){0};
    clock->last = at;
    clock->seen = seen;
    return step;
}
