/* The clock of outages: what counts, what does not, and what nobody knows. */
#include "check.h"
#include "domain/control/sla.h"

/* Looks every ten seconds: u up, d down, a away (the probe's own network), - none at all, < a look dated before the one
 * in front of it, = the same look said again. "10u" is ten of them. */
static const struct {
    const char *name, *looks;
    int outages, claims;
    int down_s, up_s, unknown_s; /* of all that time */
    int longest_s;               /* of an outage, from its beginning to its end; -1: one goes on */
} cases[] = {
    {"nothing yet", "1u", 0, 0, 0, 0, 0, 0},
    {"always there", "60u", 0, 0, 0, 590, 0, 0},
    {"a look fails", "3u 1d 3u", 1, 0, 10, 50, 0, 10},
    {"9 min 50 s", "1u 59d 1u", 1, 0, 590, 10, 0, 590},
    {"10 min", "1u 60d 1u", 1, 1, 600, 10, 0, 600},
    {"10 min 10 s", "1u 61d 1u", 1, 1, 610, 10, 0, 610},
    {"one that goes on claims already", "1u 62d", 1, 1, 610, 10, 0, -1},
    {"one of a day claims once", "1u 8640d 1u", 1, 1, 86400, 10, 0, 86400},
    {"two short ones make no long one", "1u 40d 1u 40d 1u", 2, 0, 800, 20, 0, 400},
    {"two long ones", "1u 61d 1u 61d 1u", 2, 2, 1220, 20, 0, 610},
    {"down from the first look on", "61d 1u", 1, 1, 610, 0, 0, 610},
    /* the probe itself */
    {"the probe was away: not up", "3u 60- 3u", 0, 0, 0, 40, 610, 0},
    {"two looks are missing: still known", "3u 2- 3u", 0, 0, 0, 70, 0, 0},
    {"three are missing: unknown", "3u 3- 3u", 0, 0, 0, 40, 40, 0},
    {"away within an outage is no part of it that counts", "1u 30d 40- 28d 1u", 1, 0, 570, 10, 410, 980},
    {"but what was seen counts", "1u 32d 40- 31d 1u", 1, 1, 620, 10, 410, 1030},
    {"its own network away: unknown at once", "3u 30a 3u", 0, 0, 0, 50, 300, 0},
    {"an outage, then its own network away, then there", "1u 59d 10a 1u", 1, 0, 590, 10, 100, 690},
    {"away is not the end of an outage", "1u 40d 10a 40d 1u", 1, 1, 800, 10, 100, 900},
    /* time */
    {"the same looks twice", "1u 1= 59d 1= 1u 1= 1=", 1, 0, 590, 10, 0, 590},
    {"a clock set back adds nothing", "3u 5< 3u", 0, 0, 0, 50, 0, 0},
    {"nor does it end an outage, or begin one", "1u 59d 4< 1u", 1, 0, 590, 10, 0, 590},
};

struct sums {
    struct sla_clock clock;
    int outages, claims;
    int64_t time_us[SLA_SEEN_COUNT_], longest_us;
};

static void look(struct sums *sums, int64_t at_s, enum sla_seen seen)
{
    struct sla_step step = sla_look(&sums->clock, (struct instant){at_s * 1000000}, seen);
    if (!step.counted)
        return;
    sums->time_us[step.between] += step.to.us - step.from.us;
    sums->outages += step.began;
    sums->claims += step.claims;
    if (step.ended && step.to.us - step.begun.us > sums->longest_us)
        sums->longest_us = step.to.us - step.begun.us;
    if (step.ended)
        CHECK(step.down.us <= step.to.us - step.begun.us);
}

static void play(struct sums *sums, const char *looks)
{
    int64_t at_s = 1000000, back_s;
    for (const char *c = looks; *c != '\0'; c++) {
        int count = 0;
        for (; ascii_is_digit(*c); c++)
            count = count * 10 + (*c - '0');
        for (back_s = at_s - 100; count > 0; count--)
            switch (*c) {
            case 'u': look(sums, at_s += SLA_EVERY_S, SLA_UP); break;
            case 'd': look(sums, at_s += SLA_EVERY_S, SLA_DOWN); break;
            case 'a': look(sums, at_s += SLA_EVERY_S, SLA_UNKNOWN); break;
            case '-': at_s += SLA_EVERY_S; break;
            case '=': look(sums, at_s, SLA_DOWN); break;
            case '<': look(sums, back_s += SLA_EVERY_S, count % 2 == 0 ? SLA_UP : SLA_DOWN); break;
            default: break;
            }
    }
}

static void counts(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sums sums = {0};
        check_row(cases[i].name);
        play(&sums, cases[i].looks);
        CHECK_NUMBER(sums.outages, cases[i].outages);
        CHECK_NUMBER(sums.claims, cases[i].claims);
        CHECK_NUMBER(sums.time_us[SLA_DOWN] / 1000000, cases[i].down_s);
        CHECK_NUMBER(sums.time_us[SLA_UP] / 1000000, cases[i].up_s);
        CHECK_NUMBER(sums.time_us[SLA_UNKNOWN] / 1000000, cases[i].unknown_s);
        CHECK_NUMBER(sums.clock.begun.us != 0 ? -1 : sums.longest_us / 1000000, cases[i].longest_s);
    }
}

int main(void)
{
    TEST(counts);
    return check_done();
}
