#include "roles/trust/show.h"

#include "platform/evidence/visitors.h"
#include "roles/trust/internal.h"
#include "roles/trust/looks.h"
#include "roles/trust/outages.h"

enum { CHANGES_SHOWN = 100, HISTORY_SHOWN = 50, SHOW_BYTES_MAX = 16 << 20, DAYS_SHOWN = 90, SILENCES_SHOWN = 50 };

static void set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static void set_text(json_t *object, const char *name, struct slice text)
{
    set(object, name, json_from_text(text));
}

/* null for none */
static void set_instant(json_t *object, const char *name, struct instant at, struct arena *arena)
{
    set(object, name, at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena)));
}

static json_t *both(const char *fr, const char *en)
{
    json_t *out = json_object();
    set(out, "fr", json_string(fr));
    set(out, "en", json_string(en));
    return out;
}

/* null without a cause */
static json_t *cause_words(const struct control *control, struct slice cause, struct slice facts,
                           struct arena *arena)
{
    if (cause.len == 0)
        return json_null();
    json_t *out = json_object();
    set_text(out, "id", cause);
    set_text(out, "fr", control_cause_say(control, cause, facts, true, arena));
    set_text(out, "en", control_cause_say(control, cause, facts, false, arena));
    struct slice mend = control_cause_mend(control, cause, facts, arena);
    set(out, "mend", mend.len == 0 ? json_null() : json_from_text(mend));
    return out;
}

static json_t *facts_object(struct slice facts, struct arena *arena)
{
    json_t *out = json_object();
    for (size_t at = 0; at < facts.len;) {
        size_t end = slice_find(facts, LIT(" "), at);
        struct slice fact = slice_sub(facts, at, end);
        size_t equals = slice_find(fact, LIT("="), 0);
        if (equals != SIZE_MAX)
            set_text(out, arena_text(arena, slice_sub(fact, 0, equals)), slice_sub(fact, equals + 1, SIZE_MAX));
        at = end == SIZE_MAX ? facts.len : end + 1;
    }
    return out;
}

json_t *show_row(struct trust *trust, const struct control *control, struct instant now)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct trust_view view;
    trust_view(trust, control, now, &view);
    json_t *row = json_object();
    set(row, "id", json_string(control->id));
    set(row, "section", json_integer(control->section));
    set(row, "kind", json_string(control_kind_names[control->kind]));
    set(row, "cadence", json_string(cadence_names[control->cadence]));
    set(row, "deadline_s", json_integer(control->deadline.us / 1000000));
    set(row, "owner", json_string(control->owner));
    set(row, "evidence", json_string(control->evidence));
    set(row, "claim", both(control->fr, control->en));
    set(row, "state", json_string(control_state_names[view.state]));
    set_instant(row, "since", view.since, arena);
    set_instant(row, "tried", view.tried, arena);
    set_instant(row, "until", view.until, arena);
    set(row, "cause", cause_words(control, view.state == STATE_FAILS ? view.cause : SLICE_NONE,
                                  view.finding.facts, arena));
    set(row, "entry", view.has_finding ? json_integer(view.finding.entry) : json_null());
    return row;
}

static json_t *counts(struct trust *trust, struct instant now)
{
    size_t found[STATE_COUNT_] = {0};
    json_t *out = json_object();
    for (size_t i = 0; i < control_count; i++) {
        struct trust_view view;
        trust_view(trust, &controls[i], now, &view);
        found[view.state]++;
    }
    for (int state = 0; state < STATE_COUNT_; state++)
        set(out, control_state_names[state], json_integer((json_int_t)found[state]));
    return out;
}

static json_t *sections(struct trust *trust, struct instant now)
{
    json_t *out = json_array();
    for (size_t s = 0; s < control_section_count; s++) {
        const struct control_section *section = &control_sections[s];
        json_t *object = json_object(), *rows = json_array();
        for (size_t i = 0; i < control_count; i++)
            if (controls[i].section == section->number)
                json_array_append_new(rows, show_row(trust, &controls[i], now));
        set(object, "number", json_integer(section->number));
        set(object, "prefix", json_string(section->prefix));
        set(object, "title", both(section->fr, section->en));
        set(object, "controls", rows);
        json_array_append_new(out, object);
    }
    return out;
}

/* only: NULL for all */
static enum status changes(struct trust *trust, const struct control *only, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(SHOW_BYTES_MAX);
    struct change_list list;
    TRY(evidence_list_changes(trust->evidence, only == NULL ? CHANGES_SHOWN : 10 * CHANGES_SHOWN, arena, &list, why));
    *out = json_array();
    for (size_t i = 0; i < list.count; i++) {
        const struct change *change = &list.items[i];
        const struct control *control = control_find(change->control);
        if (control == NULL || (only != NULL && only != control))
            continue;
        json_t *row = json_object();
        set(row, "id", json_integer(change->seq));
        set_instant(row, "at", change->at, arena);
        set_text(row, "control", change->control);
        set_text(row, "was", change->was);
        set_text(row, "becomes", change->becomes);
        set(row, "cause", cause_words(control, change->cause, SLICE_NONE, arena));
        set(row, "entry", json_integer(change->entry));
        json_array_append_new(*out, row);
    }
    return ST_OK;
}

enum status show_all(struct trust *trust, struct instant now, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    json_t *changed;
    TRY(changes(trust, NULL, &changed, why));
    json_t *object = json_object();
    set_instant(object, "now", now, arena);
    set(object, "version", json_string(trust->options.version));
    set(object, "pace", json_integer(trust->options.pace));
    set_instant(object, "since", trust->begun, arena);
    set(object, "counts", counts(trust, now));
    set(object, "second_looks", show_looks(trust, now));
    set(object, "sections", sections(trust, now));
    set(object, "changes", changed);
    *out = object;
    return ST_OK;
}

static json_t *finding_object(const struct control *control, const struct finding *finding, struct arena *arena)
{
    json_t *out = json_object();
    set_instant(out, "at", finding->at, arena);
    set_text(out, "result", finding->result);
    set(out, "cause", cause_words(control, finding->cause, finding->facts, arena));
    set(out, "facts", facts_object(finding->facts, arena));
    set_text(out, "facts_text", finding->facts); /* what the digest in the log is of */
    set_text(out, "facts_digest", trust_digest(finding->facts, arena));
    set_text(out, "check", finding->digest);
    set_text(out, "version", finding->version);
    set(out, "entry", json_integer(finding->entry));
    return out;
}

static json_t *statement_object(const struct statement *statement, struct arena *arena)
{
    json_t *out = json_object();
    set_text(out, "kind", statement->kind);
    set_instant(out, "at", statement->at, arena);
    set_instant(out, "done", statement->done, arena);
    set_instant(out, "until", statement->until, arena);
    set_text(out, "digest", statement->digest);
    set_text(out, "name", statement->name);
    set(out, "entry", json_integer(statement->entry));
    return out;
}

enum status show_control(struct trust *trust, const struct control *control, struct instant now,
                         json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(SHOW_BYTES_MAX);
    struct slice id = slice_from(control->id);
    struct finding_list history;
    struct statement_list stated;
    json_t *changed;
    TRY(evidence_list(trust->evidence, id, HISTORY_SHOWN, arena, &history, why));
    TRY(evidence_list_statements(trust->evidence, id, arena, &stated, why));
    TRY(changes(trust, control, &changed, why));
    json_t *object = show_row(trust, control, now), *findings = json_array(), *statements = json_array();
    for (size_t i = 0; i < history.count; i++)
        json_array_append_new(findings, finding_object(control, &history.items[i], arena));
    for (size_t i = 0; i < stated.count; i++)
        json_array_append_new(statements, statement_object(&stated.items[i], arena));
    set_instant(object, "now", now, arena);
    set(object, "history", findings);
    set(object, "statements", statements);
    set(object, "changes", changed);
    *out = object;
    return ST_OK;
}

/* A checkpoint comes within five seconds of an entry, and witnesses' lines two later; mostly. */
static const int64_t settled_us = 8 * INT64_C(1000000);

/* The newest that has most likely its checkpoint, or else the newest. */
static size_t first_shown(const struct finding_list *list, struct instant now)
{
    for (size_t i = 0; i < list->count; i++)
        if (now.us - list->items[i].at.us >= settled_us)
            return i;
    return 0;
}

enum status show_findings(struct trust *trust, const struct control *control, int64_t entry, struct instant now,
                          struct arena *arena, struct finding_list *out, struct problem *why)
{
    struct finding_list list = {0};
    struct finding one;
    struct slice id = slice_from(control->id);
    if (entry != 0) {
        TRY(evidence_find(trust->evidence, id, entry, arena, &one, why));
        ARENA_PUSH(arena, &list, one);
        *out = list;
        return ST_OK;
    }
    TRY(evidence_list(trust->evidence, id, HISTORY_SHOWN, arena, &list, why));
    if (list.count == 0)
        return problem_set(why, ST_NOT_FOUND, "there is no such evidence");
    size_t first = first_shown(&list, now);
    *out = (struct finding_list){list.items + first, list.count - first, list.count - first};
    return ST_OK;
}

enum status show_evidence(struct trust *trust, const struct control *control, int64_t entry,
                          struct instant now, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(SHOW_BYTES_MAX);
    struct finding_list found;
    TRY(show_findings(trust, control, entry, now, arena, &found, why));
    json_t *object = show_row(trust, control, now);
    set(object, "finding", finding_object(control, &found.items[0], arena));
    *out = object;
    return ST_OK;
}

enum status show_status(struct trust *trust, struct instant now, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct uptime_list days;
    struct silence_list silences;
    json_t *outside;
    TRY(evidence_list_uptime(trust->evidence, DAYS_SHOWN, arena, &days, why));
    TRY(evidence_list_silences(trust->evidence, SILENCES_SHOWN, arena, &silences, why));
    TRY(outages_show(trust, &outside, why));
    json_t *object = json_object(), *day_rows = json_array(), *silence_rows = json_array();
    for (size_t i = 0; i < days.count; i++)
        json_array_append_new(day_rows, json_pack("{s:I, s:I}", "day", (json_int_t)days.items[i].day, "minutes",
                                                  (json_int_t)days.items[i].minutes));
    for (size_t i = 0; i < silences.count; i++) {
        json_t *row = json_object();
        set_instant(row, "began", silences.items[i].began, arena);
        set_instant(row, "ended", silences.items[i].ended, arena);
        json_array_append_new(silence_rows, row);
    }
    set_instant(object, "now", now, arena);
    set_instant(object, "since", trust->begun, arena);
    set(object, "counts", counts(trust, now));
    set(object, "days", day_rows);
    set(object, "silences", silence_rows);
    set(object, "outside", outside);
    set(object, "second_looks", show_looks(trust, now));
    *out = object;
    return ST_OK;
}

enum status show_log_key(struct trust *trust, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(SHOW_BYTES_MAX);
    struct log_key said = {.key = SLICE_NONE};
    struct finding held = {.facts = SLICE_NONE};
    enum status status = evidence_load_log_key(trust->evidence, arena, &said, why);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    status = evidence_last_held(trust->evidence, LIT("TRA-05"), arena, &held, why);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    AUTO_JSON facts = facts_object(held.facts, arena);
    struct slice digest = json_text(facts, "key");
    *out = json_object();
    set(*out, "key", said.key.len == 0 ? json_null() : json_from_text(said.key));
    set_instant(*out, "pinned", said.pinned, arena);
    set(*out, "held", digest.len == 0 ? json_null() : json_from_text(digest));
    return ST_OK;
}

static enum status take_report(struct trust *trust, const json_t *asked, struct instant now, json_t **out,
                               struct problem *why)
{
    struct instant heard;
    TRY(outages_take(trust, json_text(asked, "report"), now, &heard, why));
    *out = json_object();
    set(*out, "heard", json_integer(heard.us / 1000));
    return ST_OK;
}

static enum status named(const json_t *asked, const struct control **out, struct problem *why)
{
    *out = control_find(json_text(asked, "control"));
    return *out != NULL ? ST_OK : problem_set(why, ST_NOT_FOUND, "no such control");
}

enum status trust_command(struct trust *trust, struct slice name, const json_t *asked, struct instant now,
                          json_t **out, struct problem *why)
{
    const struct control *control;
    if (slice_equal(name, LIT("trust.show")))
        return show_all(trust, now, out, why);
    if (slice_equal(name, LIT("trust.status")))
        return show_status(trust, now, out, why);
    if (slice_equal(name, LIT("trust.measured")))
        return take_report(trust, asked, now, out, why);
    bool evidence = slice_equal(name, LIT("trust.evidence"));
    if (!evidence && !slice_equal(name, LIT("trust.control")))
        return problem_set(why, ST_NOT_FOUND, "no such command");
    TRY(named(asked, &control, why));
    return evidence ? show_evidence(trust, control, json_number(asked, "entry", 0), now, out, why)
                    : show_control(trust, control, now, out, why);
}
