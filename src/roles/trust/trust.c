#include "roles/trust/trust.h"

#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "roles/trust/internal.h"

enum {
    ANSWER_MS = 25 * 1000,   /* the prober ends a check itself before that */
    AGAIN_MS = 15 * 1000,    /* what could not be tried is tried again */
    SHORTEST_MS = 1000,      /* from one try to the next, whatever the pace */
    OFTENEST_MS = 30 * 1000, /* without one */
    UNKNOWN_MS = 60 * 1000,  /* so long it must last before it is told as a change */
    PURGE_MS = 3600 * 1000,
    KEEP_DAYS = 35,          /* of findings; changes and the log stay */
    IDS_MAX = 900,
};

struct item *trust_item(struct trust *trust, const struct control *control)
{
    return &trust->items[control - controls];
}

uint32_t trust_pace(const struct trust *trust)
{
    return trust->options.pace;
}

struct evidence *trust_evidence(struct trust *trust)
{
    return trust->evidence;
}

/* When to try */

static int64_t cadence_ms(enum cadence cadence)
{
    static const int64_t seconds[CADENCE_COUNT_] = {
        [CADENCE_LIVE] = 60,        [CADENCE_HOURLY] = 3600,    [CADENCE_DAILY] = 86400,
        [CADENCE_WEEKLY] = 604800,  [CADENCE_MONTHLY] = 2419200, [CADENCE_QUARTERLY] = 7776000,
        [CADENCE_YEARLY] = 31536000, [CADENCE_RELEASE] = 31536000,
    };
    return seconds[cadence] * 1000;
}

/* Often enough for the cadence, and for a breach to be seen within the deadline: at least once a day, at most twice a
 * minute. A deadline that is shorter still is kept by other means than trying: each minute is enough for it. */
int64_t item_interval(const struct trust *trust, const struct item *item)
{
    int64_t ms = cadence_ms(item->control->cadence), deadline = item->control->deadline.us / 1000;
    if (deadline < ms)
        ms = deadline >= OFTENEST_MS ? deadline : cadence_ms(CADENCE_LIVE);
    if (ms > cadence_ms(CADENCE_DAILY))
        ms = cadence_ms(CADENCE_DAILY);
    ms /= trust->options.pace;
    return ms > SHORTEST_MS ? ms : SHORTEST_MS;
}

static void plan_first(struct trust *trust, struct item *item, bool release, const struct moment *at)
{
    int64_t interval = item_interval(trust, item), age = (at->now.us - item->finding.at.us) / 1000;
    bool counts = item->has_finding && !release && age >= 0 && age < interval &&
                  slice_equal(item->finding.digest, slice_from(item->control->digest));
    item->due = monotonic_after(at->clock, counts ? interval - age : 0);
}

static struct item *next_due(struct trust *trust, const struct moment *at)
{
    struct item *best = NULL;
    for (size_t i = 0; i < control_count; i++) {
        struct item *item = &trust->items[i];
        if (!control_is_tried(item->control) || (item->due.ms > at->clock.ms && !item->asked))
            continue;
        if (best == NULL || (item->asked && !best->asked) ||
            (item->asked == best->asked && item->due.ms < best->due.ms))
            best = item;
    }
    return best;
}

/* What came of it */

static void tell_tried(struct trust *trust, const struct item *item, struct slice problem,
                       const struct moment *at)
{
    if (trust->tried != NULL)
        trust->tried(trust->tried_context, item->control, problem, at);
}

/* The state stays what it was, until its evidence is too old. */
static void not_tried(struct trust *trust, struct slice problem, const struct moment *at)
{
    struct item *item = trust->trying;
    int64_t again = item_interval(trust, item);
    trust->trying = NULL;
    item->asked = false;
    item->due = monotonic_after(at->clock, again < AGAIN_MS ? again : AGAIN_MS);
    event_log(EVENT_CONTROL_UNTRIED, field_text(KEY_CONTROL, item->control->id), field_id(KEY_PROBLEM, problem));
    tell_tried(trust, item, problem, at);
}

static enum status note(struct trust *trust, struct item *item, const struct check_found *found,
                        struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(65536);
    AUTO_BUFFER ids = buffer_create(IDS_MAX);
    bool fails = found->result == TRIAL_FAILS;
    struct finding finding = {
        .control = slice_from(item->control->id),
        .at = now,
        .result = fails ? LIT("fails") : LIT("holds"),
        .cause = fails ? found->cause : SLICE_NONE,
        .facts = found->facts,
        .digest = found->digest,
        .version = slice_from(trust->options.version),
    };
    struct slice facts = trust_digest(found->facts, arena);
    buffer_add_format(&ids, "control=%s result=%.*s facts=%.*s check=%.*s", item->control->id,
                      SLICE_ARG(finding.result), SLICE_ARG(facts), SLICE_ARG(found->digest));
    TRY(evidence_append_log(trust->evidence, now, LIT("control.check.done"), buffer_slice(&ids),
                            &finding.entry, why));
    TRY(evidence_add(trust->evidence, &finding, why));
    TRY(item_load(trust, item, why));
    return item_tell(trust, item, now, why);
}

static enum status note_whole(struct trust *trust, struct item *item, const struct check_found *found,
                              struct instant now, struct problem *why)
{
    TRY(evidence_begin(trust->evidence, why));
    enum status status = note(trust, item, found, now, why);
    if (status == ST_OK)
        status = evidence_commit(trust->evidence, why);
    if (status == ST_OK)
        return ST_OK;
    evidence_rollback(trust->evidence);
    (void)!item_load(trust, item, NULL);
    return status;
}

void trust_checked(struct trust *trust, uint32_t call, const struct check_found *found,
                   const struct moment *at)
{
    struct item *item = trust->trying;
    struct problem why = {0};
    if (item == NULL || call != trust->call || !slice_equal(found->control, slice_from(item->control->id)))
        return;
    if (found->result == TRIAL_UNTRIED) {
        not_tried(trust, found->problem, at);
        return;
    }
    if (note_whole(trust, item, found, at->now, &why) != ST_OK) {
        event_log(EVENT_EVIDENCE_FAILED, field_status(why.status), field_problem(&why));
        not_tried(trust, slice_from(why.detail), at);
        return;
    }
    trust->trying = NULL;
    item->asked = false;
    item->due = monotonic_after(at->clock, item_interval(trust, item));
    tell_tried(trust, item, SLICE_NONE, at);
}

void trust_prober_back(struct trust *trust, const struct moment *at)
{
    trust->prober_away = false;
    if (trust->trying != NULL)
        not_tried(trust, LIT("the prober was ended while it tried"), at);
}

static void ask_next(struct trust *trust, const struct moment *at)
{
    struct item *item = next_due(trust, at);
    struct problem why = {0};
    if (item == NULL)
        return;
    trust->trying = item;
    trust->patience = monotonic_after(at->clock, ANSWER_MS);
    if (trust->ports.check(trust->ports.self, slice_from(item->control->id), &trust->call, &why) != ST_OK)
        not_tried(trust, slice_from(why.detail), at);
}

/* What becomes unknown, or ends, by time alone. */
static enum status tell_aged(struct trust *trust, struct item *item, const struct moment *at, struct problem *why)
{
    struct control_judgement is = item_judge(trust, item, at->now);
    if (is.state != STATE_UNKNOWN)
        item->unknown_since.ms = 0;
    else if (item->unknown_since.ms == 0)
        item->unknown_since = at->clock;
    if (slice_equal(item->standing.state, slice_from(control_state_names[is.state])) ||
        (is.state == STATE_UNKNOWN && at->clock.ms - item->unknown_since.ms < UNKNOWN_MS))
        return ST_OK;
    TRY(evidence_begin(trust->evidence, why));
    enum status status = item_tell(trust, item, at->now, why);
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    return status;
}

static void purge(struct trust *trust, const struct moment *at)
{
    struct problem why;
    if (trust->purged.ms != 0 && at->clock.ms - trust->purged.ms < PURGE_MS)
        return;
    trust->purged = at->clock;
    struct instant before = {at->now.us - KEEP_DAYS * DAY_US};
    if (evidence_purge(trust->evidence, before, &why) != ST_OK)
        event_log(EVENT_EVIDENCE_FAILED, field_status(why.status), field_problem(&why));
}

void trust_turn(struct trust *trust, const struct moment *at)
{
    struct problem why;
    if (trust->trying != NULL && at->clock.ms > trust->patience.ms)
        not_tried(trust, LIT("the prober does not answer"), at);
    if (trust->trying == NULL)
        ask_next(trust, at);
    for (size_t i = 0; i < control_count; i++)
        if (tell_aged(trust, &trust->items[i], at, &why) != ST_OK) {
            event_log(EVENT_EVIDENCE_FAILED, field_status(why.status), field_problem(&why));
            return;
        }
    purge(trust, at);
}

enum status trust_try(struct trust *trust, const struct control *control, struct problem *why)
{
    if (!control_is_tried(control))
        return problem_set(why, ST_NOT_FOUND, "nothing tries %s", control->id);
    trust_item(trust, control)->asked = true;
    return ST_OK;
}

void trust_on_tried(struct trust *trust, trust_tried_fn *fn, void *context)
{
    trust->tried = fn;
    trust->tried_context = context;
}

/* The beginning */

/* "1.2.0+0123456789abcdef": the same version with other guards is another release. */
static struct slice release_name(const struct trust *trust, struct arena *arena)
{
    const char *guards = trust->options.guards;
    return arena_format(arena, "%s%s%s", trust->options.version, guards != NULL ? "+" : "", guards != NULL ? guards : "");
}

enum status trust_guarded_release(struct trust *trust, struct arena *arena, struct release *out, struct problem *why)
{
    if (trust->options.guards == NULL)
        return problem_set(why, ST_NOT_FOUND, "nobody has said what guards");
    return evidence_guarded_release(trust->evidence, slice_from(trust->options.guards), arena, out, why);
}

static enum status note_release(struct trust *trust, struct instant now, bool *is_release, struct problem *why)
{
    AUTO_ARENA arena = arena_create(65536);
    struct release last, first;
    enum status status = evidence_last_release(trust->evidence, arena, &last, why);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    struct slice version = release_name(trust, arena);
    *is_release = status == ST_NOT_FOUND || !slice_equal(last.version, version);
    if (*is_release) {
        struct release release = {0, version, now};
        TRY(evidence_add_release(trust->evidence, &release, why));
    }
    TRY(evidence_first_release(trust->evidence, arena, &first, why));
    trust->begun = first.began;
    return ST_OK;
}

static enum status load_all(struct trust *trust, const struct moment *at, struct problem *why)
{
    bool release;
    TRY(note_release(trust, at->now, &release, why));
    for (size_t i = 0; i < control_count; i++) {
        struct item *item = &trust->items[i];
        item->control = &controls[i];
        TRY(item_load(trust, item, why));
        plan_first(trust, item, release, at);
    }
    return ST_OK;
}

enum status trust_create(struct evidence *evidence, const struct trust_ports *ports,
                         const struct trust_options *options, const struct moment *at, struct trust **out,
                         struct problem *why)
{
    struct trust *trust = must_calloc(1, sizeof *trust);
    *trust = (struct trust){.evidence = evidence, .ports = *ports, .options = *options,
                            .items = must_calloc(control_count, sizeof *trust->items)};
    enum status status = load_all(trust, at, why);
    if (status == ST_OK)
        *out = trust;
    else
        trust_destroy(&trust);
    return status;
}

void trust_destroy(struct trust **trust)
{
    if (*trust == NULL)
        return;
    for (size_t i = 0; i < control_count; i++)
        arena_destroy(&(*trust)->items[i].arena);
    free((*trust)->items);
    json_release(&(*trust)->looks);
    free(*trust);
    *trust = NULL;
}
