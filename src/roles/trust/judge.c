/* What is thought of a control, and how a change of that is told. */
#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "roles/trust/internal.h"

enum { ITEM_BYTES_MAX = 8 << 20, IDS_MAX = 900, PACE_GRACE_MS = 30 * 1000 };

/* Nothing is not a failure. */
static enum status unless_none(enum status status, bool *there, struct problem *why)
{
    *there = status == ST_OK;
    if (status == ST_NOT_FOUND) {
        if (why != NULL)
            *why = (struct problem){0};
        return ST_OK;
    }
    return status;
}

enum status item_load(struct trust *trust, struct item *item, struct problem *why)
{
    struct slice id = slice_from(item->control->id);
    bool told;
    arena_destroy(&item->arena);
    item->arena = arena_create_wiped(ITEM_BYTES_MAX);
    item->standing = (struct standing){0};
    TRY(unless_none(evidence_last(trust->evidence, id, item->arena, &item->finding, why),
                    &item->has_finding, why));
    TRY(unless_none(evidence_last_statement(trust->evidence, id, LIT("attest"), item->arena, &item->attested, why),
                    &item->has_attested, why));
    return unless_none(evidence_load_standing(trust->evidence, id, item->arena, &item->standing, why), &told,
                       why);
}

/* A pace makes evidence age so many times as fast, but for the time that trying all takes. */
static struct instant aged(const struct trust *trust, struct instant at, struct instant now)
{
    int64_t age = now.us - at.us, grace = PACE_GRACE_MS * INT64_C(1000);
    if (trust->options.pace == 1 || age <= grace)
        return at;
    int64_t rest = age - grace, most = INT64_MAX / 4;
    rest = rest > most / trust->options.pace ? most : rest * trust->options.pace;
    return (struct instant){now.us - rest < 0 ? 0 : now.us - rest};
}

/* Evidence that another check found, or of a release that is not this one, says nothing. */
static bool counts(const struct trust *trust, const struct item *item)
{
    if (!slice_equal(item->finding.digest, slice_from(item->control->digest)))
        return false;
    return item->control->cadence != CADENCE_RELEASE ||
           slice_equal(item->finding.version, slice_from(trust->options.version));
}

struct control_judgement item_judge(const struct trust *trust, const struct item *item, struct instant now)
{
    struct control_evidence last = {0};
    bool tried = control_is_tried(item->control), has = false;
    if (tried && item->has_finding && counts(trust, item)) {
        has = true;
        last.result = slice_equal(item->finding.result, LIT("holds")) ? RESULT_HOLDS : RESULT_FAILS;
        last.at = aged(trust, item->finding.at, now);
        last.cause = item->finding.cause;
    } else if (!tried && item->has_attested) {
        has = true;
        last.result = RESULT_ATTESTED;
        last.at = item->attested.at;
        last.until = item->attested.until;
    }
    return control_judge(item->control, tried || item->has_attested, has ? &last : NULL, trust->begun, now);
}

static enum status save(struct trust *trust, struct item *item, const struct standing *is,
                        const struct change *change, struct problem *why)
{
    struct change row = *change;
    AUTO_BUFFER ids = buffer_create(IDS_MAX);
    buffer_add_format(&ids, "control=%s was=%.*s becomes=%.*s", item->control->id, SLICE_ARG(row.was),
                      SLICE_ARG(row.becomes));
    if (row.cause.len > 0)
        buffer_add_format(&ids, " cause=%.*s", SLICE_ARG(row.cause));
    TRY(evidence_append_log(trust->evidence, row.at, LIT("control.state.changed"), buffer_slice(&ids),
                            &row.entry, why));
    TRY(evidence_add_change(trust->evidence, &row, why));
    return evidence_save_standing(trust->evidence, is, why);
}

static void tell_event(const struct item *item, enum control_state state, struct slice cause)
{
    /* Words of ours only reach alerts: one of the table, whatever the prober said. */
    const struct control_cause *known = control_cause_find(item->control, cause);
    if (state == STATE_FAILS)
        event_log(EVENT_CONTROL_FAILS, field_text(KEY_CONTROL, item->control->id),
                  field_text(KEY_CAUSE, known != NULL ? known->id : "other"));
    else if (slice_equal(item->standing.state, slice_from(control_state_names[STATE_FAILS])))
        event_log(EVENT_CONTROL_MENDED, field_text(KEY_CONTROL, item->control->id),
                  field_text(KEY_CONTROL_STATE, control_state_names[state]));
}

enum status item_tell(struct trust *trust, struct item *item, struct instant now, struct problem *why)
{
    struct control_judgement is = item_judge(trust, item, now);
    struct slice state = slice_from(control_state_names[is.state]), was = item->standing.state;
    if (slice_equal(was, state) && slice_equal(item->standing.cause, is.cause))
        return ST_OK;
    struct standing standing = {slice_from(item->control->id), state, now, is.cause};
    /* What was never tried, or never stated, has not become so. */
    bool first = was.len == 0 && (is.state == STATE_UNKNOWN || is.state == STATE_NOT_IMPLEMENTED);
    if (first)
        TRY(evidence_save_standing(trust->evidence, &standing, why));
    else {
        struct change change = {0, now, standing.control, was.len == 0 ? LIT("unknown") : was, state, is.cause, 0};
        TRY(save(trust, item, &standing, &change, why));
        tell_event(item, is.state, is.cause);
    }
    return item_load(trust, item, why);
}

void trust_view(struct trust *trust, const struct control *control, struct instant now, struct trust_view *out)
{
    const struct item *item = trust_item(trust, control);
    struct control_judgement is = item_judge(trust, item, now);
    *out = (struct trust_view){.control = control, .state = is.state, .cause = is.cause,
                               .has_finding = item->has_finding, .finding = item->finding};
    bool told = slice_equal(item->standing.state, slice_from(control_state_names[is.state]));
    out->since = is.state == STATE_NOT_IMPLEMENTED ? (struct instant){0}
                 : told                            ? item->standing.since
                                                   : now;
    if (control_is_tried(control) && item->has_finding)
        out->tried = item->finding.at;
    if (item->has_attested && !control_is_tried(control))
        out->until = item->attested.until;
}
