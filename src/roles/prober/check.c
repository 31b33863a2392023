/* What a check has: its verdict, its facts, questions to roles. */
#include "roles/prober/check.h"

#include <stdarg.h>

#include "domain/control/control.h"
#include "roles/prober/prober.h"

/* Made from controls/ by scripts/embed-controls. */
#define CHECK(function, control) enum status function(struct check *c, struct problem *why);
#include "checks.def"
#undef CHECK
const struct check_row check_rows[] = {
#define CHECK(function, control) {control, function},
#include "checks.def"
#undef CHECK
    {NULL, NULL},
};
const size_t check_row_count = sizeof check_rows / sizeof *check_rows - 1;

enum status check_holds(struct check *c)
{
    trial_holds(&c->trial);
    return ST_OK;
}

enum status check_fails(struct check *c, const char *cause)
{
    trial_fails(&c->trial, cause);
    return ST_OK;
}

bool check_has_failed(const struct check *c)
{
    return c->trial.result == TRIAL_FAILS;
}

void check_fact(struct check *c, const char *name, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    trial_fact_format(&c->trial, name, format, list);
    va_end(list);
}

struct arena *check_arena(struct check *c)
{
    return c->arena;
}

const struct config *check_config(const struct check *c)
{
    return role_config(c->role);
}

struct instant check_now(const struct check *c)
{
    return c->now;
}

int check_left_ms(const struct check *c)
{
    int64_t left = c->deadline_ms - clock_monotonic_ms();
    return left > 0 ? (int)left : 0;
}

enum status probe_ask(struct check *c, enum role_id role, const char *question, struct slice argument,
                      struct probe_found *found, struct problem *why)
{
    struct probe_asked asked = {slice_from(question), argument};
    TRY(role_call(c->role, role, MESSAGE_PROBE, &asked, MESSAGE_PROBED, check_left_ms(c), c->arena, found, why));
    return found->status == ST_OK ? ST_OK
                                  : problem_set(why, found->status, "%s, %s: %.*s", role_rows[role].name,
                                                question, SLICE_ARG(found->problem));
}

/* "entries=3 bad=0" */
static void take_facts(struct check *c, struct slice facts, const char *prefix)
{
    for (size_t at = 0; at < facts.len;) {
        size_t end = slice_find(facts, LIT(" "), at);
        struct slice fact = slice_sub(facts, at, end);
        size_t equals = slice_find(fact, LIT("="), 0);
        const char *name = arena_format(c->arena, "%s%.*s", prefix, (int)(equals < fact.len ? equals : fact.len),
                                        fact.data).data;
        trial_fact(&c->trial, name, equals == SIZE_MAX ? SLICE_NONE : slice_sub(fact, equals + 1, SIZE_MAX));
        at = end == SIZE_MAX ? facts.len : end + 1;
    }
}

enum status check_by_probe(struct check *c, enum role_id role, const char *question, struct slice argument,
                           bool prefixed, struct problem *why)
{
    struct probe_found found;
    const char *prefix = prefixed ? arena_format(c->arena, "%s_", role_rows[role].name).data : "";
    TRY(probe_ask(c, role, question, argument, &found, why));
    take_facts(c, found.facts, prefix);
    if (found.result == TRIAL_FAILS)
        trial_fails(&c->trial, arena_text(c->arena, found.cause));
    else
        trial_holds(&c->trial);
    return ST_OK;
}

static const struct check_row *find_row(struct slice control)
{
    for (size_t i = 0; i < check_row_count; i++)
        if (slice_equal_nocase(control, slice_from(check_rows[i].control)))
            return &check_rows[i];
    return NULL;
}

void prober_run(struct role *role, struct slice control, struct instant now, struct arena *arena,
                struct check_found *found)
{
    const struct check_row *row = find_row(control);
    int64_t began = clock_monotonic_ms();
    struct check c = {role, trial_create(), arena, now, began + CHECK_LONGEST_MS, "/proc"};
    struct problem why = {0};
    enum status status = row == NULL ? problem_set(&why, ST_NOT_FOUND, "nothing tries this control")
                                     : row->run(&c, &why);
    if (status == ST_OK && c.trial.result == TRIAL_UNTRIED)
        problem_set(&why, ST_UNAVAILABLE, "the check found nothing out");
    const struct control *about = control_find(control);
    *found = (struct check_found){
        .control = control,
        .result = status == ST_OK || c.trial.result == TRIAL_FAILS ? c.trial.result : TRIAL_UNTRIED,
        .cause = arena_copy(arena, slice_from(c.trial.cause)),
        .facts = arena_copy(arena, buffer_slice(&c.trial.facts)),
        .digest = slice_from(about == NULL ? "" : about->digest),
        .problem = arena_copy(arena, slice_from(why.detail)),
        .took_ms = clock_monotonic_ms() - began,
    };
    trial_destroy(&c.trial);
}
