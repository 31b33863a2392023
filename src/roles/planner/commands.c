/* What browsers ask through the api. */
#include "roles/planner/commands.h"

#include "domain/wording/wording.h"
#include "roles/planner/own.h"
#include "roles/planner/privacy.h"
#include "roles/planner/sandbox.h"

/* The reader's own zone, else the organizer's: the one that the mail with the link spoke in. */
static const struct zone *reader_zone(const struct link_view *view)
{
    struct slice own = view->reader.time_zone;
    return zone_or_utc(own.len > 0 ? own : view->meeting.people.items[0].time_zone);
}

static enum status command_health(struct command_call *call)
{
    call->out = json_object();
    json_object_set_new(call->out, "status", json_string("ok"));
    return ST_OK;
}

/* Personal links */

static bool is_refused(const struct participant *reader, uint32_t number)
{
    for (size_t i = 0; i < reader->refused.count; i++)
        if (reader->refused.items[i].number == number)
            return true;
    return false;
}

static json_t *slot_json(struct unit *unit, struct interval span, const struct zone *zone)
{
    json_t *out = json_object();
    json_object_set_new(out, "start", json_from_text(instant_format(span.start, zone, unit->arena)));
    json_object_set_new(out, "end", json_from_text(instant_format(span.end, zone, unit->arena)));
    return out;
}

/* A slot of a series is its first occurrence; the reader sees what it stands for. */
static json_t *link_slot_json(struct unit *unit, const struct link_view *view, struct interval span)
{
    const struct meeting *meeting = &view->meeting;
    json_t *out = slot_json(unit, span, reader_zone(view));
    struct recurrence r = {
        .series = &meeting->series,
        .first = span,
        .zone = reader_zone(view),
        .home = zone_or_utc(meeting->people.items[0].time_zone),
        .language = view->reader.language == LANGUAGE_EN ? LANGUAGE_EN : LANGUAGE_FR,
        .arena = unit->arena,
    };
    if (series_is(r.series))
        json_object_set_new(out, "recurrence", json_from_text(wording_series(&r)));
    return out;
}

static void add_slots(struct unit *unit, const struct link_view *view, json_t *out)
{
    json_t *slots = json_array(), *chosen = json_array();
    const struct meeting *meeting = &view->meeting;
    bool refuses_all = true;
    for (size_t i = 0; meeting->state == MEETING_PROPOSING && i < meeting->offers.count; i++) {
        const struct offer *offer = &meeting->offers.items[i];
        if (offer->withdrawn || offer->span.start.us <= unit->now.us)
            continue;
        json_t *slot = link_slot_json(unit, view, offer->span);
        json_object_set_new(slot, "number", json_integer(offer->number));
        json_array_append_new(slots, slot);
        refuses_all = refuses_all && is_refused(&view->reader, offer->number);
    }
    for (size_t i = 0; i < view->reader.suits.count; i++)
        json_array_append_new(chosen, json_integer(view->reader.suits.items[i].number));
    bool none = json_array_size(slots) > 0 && refuses_all;
    json_object_set_new(out, "answer",
                        json_array_size(chosen) > 0 ? json_string("chosen")
                        : none                      ? json_string("none")
                                                    : json_null());
    json_object_set_new(out, "slots", slots);
    json_object_set_new(out, "chosen", chosen);
}

static const char *link_state(const struct meeting *meeting)
{
    switch (meeting->state) {
    case MEETING_PROPOSING:
        return "open";
    case MEETING_CONFIRMED:
        return "confirmed";
    case MEETING_GATHERING:
    case MEETING_SUPERVISION:
        return "waiting";
    default:
        return "closed";
    }
}

static json_t *link_json(struct unit *unit, const struct link_view *view)
{
    const struct meeting *meeting = &view->meeting;
    const struct participant *organizer = &meeting->people.items[0];
    const struct zone *zone = reader_zone(view);
    bool confirmed = meeting->state == MEETING_CONFIRMED;
    json_t *out = json_object();
    json_object_set_new(out, "language",
                        json_string(view->reader.language == LANGUAGE_EN ? "en" : "fr"));
    json_object_set_new(out, "time_zone", json_string(zone_name(zone)));
    json_object_set_new(out, "state", json_string(link_state(meeting)));
    json_object_set_new(out, "subject", json_from_text(meeting->subject));
    json_object_set_new(out, "organizer", json_from_text(organizer->name));
    json_object_set_new(out, "assistant",
                        json_from_text(unit->planner->options.assistant.name));
    json_object_set_new(out, "name", json_from_text(view->reader.name));
    json_object_set_new(out, "kind", json_string(meeting_kind_names[meeting->kind]));
    json_object_set_new(out, "duration_minutes", json_integer(meeting->duration_min));
    json_object_set_new(out, "place", json_from_text(meeting->place.text));
    json_object_set_new(out, "selected",
                        view->number == 0 ? json_null() : json_integer(view->number));
    add_slots(unit, view, out);
    json_object_set_new(out, "confirmed",
                        confirmed ? link_slot_json(unit, view, meeting->confirmed) : json_null());
    return out;
}

static enum status command_link_show(struct command_call *call)
{
    struct unit *unit = call->unit;
    struct link_view view;
    TRY(planner_link_show(unit->planner, json_text(call->in, "token"), unit->arena, &view,
                          unit->why));
    call->out = link_json(unit, &view);
    return ST_OK;
}

static enum status command_link_choose(struct command_call *call)
{
    struct unit *unit = call->unit;
    enum meeting_outcome outcome;
    int64_t number = json_number(call->in, "number", 0);
    if (number < 0 || number > UINT32_MAX)
        return problem_set(unit->why, ST_INVALID, "no such slot");
    TRY(planner_link_choose(unit->planner, json_text(call->in, "token"), (uint32_t)number,
                            slice_trim(json_text(call->in, "text")), unit->now, &outcome,
                            unit->why));
    unit->planner->change++;
    return command_link_show(call);
}

/* Who we are, what is held, no more mail */

static enum status command_privacy_show(struct command_call *call)
{
    return privacy_show(call->unit, json_text(call->in, "token"), &call->out);
}

static enum status command_privacy_do(struct command_call *call)
{
    call->unit->planner->change++;
    return privacy_do(call->unit, json_text(call->in, "token"), json_text(call->in, "act"),
                      &call->out);
}

/* Sandbox */

static enum status command_sandbox_view(struct command_call *call)
{
    struct planner *planner = call->unit->planner;
    json_t *view = NULL;
    if (!planner->options.sandbox)
        return problem_set(call->unit->why, ST_NOT_FOUND, "this installation is no sandbox");
    if (json_number(call->in, "since", -1) != (int64_t)planner->change)
        TRY(sandbox_view(call->unit, &view));
    call->out = json_object();
    json_object_set_new(call->out, "change", json_integer((json_int_t)planner->change));
    json_object_set_new(call->out, "view", view == NULL ? json_null() : view);
    return ST_OK;
}

/* One's own meetings */

static enum status command_meetings_list(struct command_call *call)
{
    return own_list(call->unit, call->caller, &call->out);
}

static enum status command_meetings_show(struct command_call *call)
{
    return own_show(call->unit, call->caller, json_text(call->in, "id"), &call->out);
}

static const struct command_row commands[] = {
    {"health", command_health, NULL},
    {"link.show", command_link_show, NULL},
    {"link.choose", command_link_choose, NULL},
    {"privacy.show", command_privacy_show, NULL},
    {"privacy.do", command_privacy_do, NULL},
    {"meetings.list", command_meetings_list, "meetings.read"},
    {"meetings.show", command_meetings_show, "meetings.read"},
    {"sandbox.view", command_sandbox_view, NULL},
};

static const struct command_row *find_in(const struct command_row *rows, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(name, slice_from(rows[i].name)))
            return &rows[i];
    return NULL;
}

static const struct command_row *find_command(struct slice name)
{
    const struct command_row *row = find_in(commands, sizeof commands / sizeof *commands, name);
    return row != NULL ? row : find_in(case_commands, case_command_count, name);
}

const char *planner_command_right(struct slice name)
{
    const struct command_row *row = find_command(name);
    return row == NULL ? NULL : row->right;
}

static enum status run_command(struct command_call *call, struct slice name)
{
    const struct command_row *row = find_command(name);
    if (row == NULL)
        return problem_set(call->unit->why, ST_NOT_FOUND, "no such command");
    if (row->right != NULL &&
        (call->caller == NULL || !slice_equal(call->caller->right, slice_from(row->right))))
        return problem_set(call->unit->why, ST_DENIED, "nobody who has the right for it asks");
    return row->run(call);
}

enum status planner_command(struct planner *planner, const struct planner_caller *caller,
                            struct slice name, struct slice json_in, struct instant now,
                            struct arena *arena, struct slice *json_out)
{
    struct problem why = {0};
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = &why};
    AUTO_JSON in = NULL;
    AUTO_JSON out = NULL;
    struct command_call call = {.unit = &unit, .caller = caller};
    enum status status = json_read(json_in, &in, &why);
    call.in = in;
    if (status == ST_OK) {
        status = run_command(&call, name);
        out = call.out;
    }
    if (status != ST_OK) {
        json_release(&out);
        out = json_object();
        json_object_set_new(out, "detail", json_from_text(slice_from(why.detail)));
        if (call.code != NULL)
            json_object_set_new(out, "code", json_string(call.code));
    }
    *json_out = json_write(out, arena);
    return status;
}
