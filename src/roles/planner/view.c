/* Everything that the sandbox page shows, as web/api/openapi.yaml has it. */
#include "domain/wording/wording.h"
#include "roles/planner/sandbox.h"
#include "roles/planner/view.h"

enum { WEEKS_SHOWN = 6, TIMES_SHOWN = 40, MESSAGES_EXPLAINED = 50 };

void set_text(json_t *object, const char *name, struct slice text)
{
    json_object_set_new(object, name, json_from_text(text));
}

static void set_text_or_null(json_t *object, const char *name, struct slice text)
{
    json_object_set_new(object, name, text.len == 0 ? json_null() : json_from_text(text));
}

json_t *instant_json(struct unit *unit, struct instant at, const struct zone *zone)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone, unit->arena));
}

static json_t *span_json(struct unit *unit, struct interval span, const struct zone *zone)
{
    json_t *out = json_array();
    json_array_append_new(out, instant_json(unit, span.start, zone));
    json_array_append_new(out, instant_json(unit, span.end, zone));
    return out;
}

static json_t *spans_json(struct unit *unit, const struct interval_list *list,
                          const struct zone *zone)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, span_json(unit, list->items[i], zone));
    return out;
}

static json_t *mailbox_json(const struct mailbox *box)
{
    json_t *out = json_object();
    set_text(out, "address", box->address);
    set_text(out, "name", box->name);
    return out;
}

static json_t *mailboxes_json(const struct mailbox_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, mailbox_json(&list->items[i]));
    return out;
}

static json_t *person_json(const struct person *person)
{
    json_t *out = json_object();
    set_text(out, "address", person->address);
    set_text(out, "name", person->name);
    json_object_set_new(out, "kind", json_string(person->has_calendar ? "colleague" : "guest"));
    json_object_set_new(out, "language",
                        json_string(person->language == LANGUAGE_EN ? "en" : "fr"));
    set_text(out, "time_zone", person->time_zone);
    return out;
}

/* Readings */

static json_t *numbers_json(const struct number_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, json_integer(list->items[i].number));
    return out;
}

static json_t *records_json(const struct record_type *type, const void *items, size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count && i < TIMES_SHOWN; i++)
        json_array_append_new(
            out, json_from_record(type, (const char *)items + i * type->size, zone_utc()));
    return out;
}

/* Why each was read so is told of the newest messages, for it is long. */
static json_t *times_json(const struct timex_list *times, bool explained)
{
    json_t *out = json_array();
    for (size_t i = 0; i < times->count && i < TIMES_SHOWN; i++) {
        struct timex one = times->items[i];
        if (!explained)
            one.explanation = NULL;
        json_array_append_new(out, json_from_record(&timex_record, &one, zone_utc()));
    }
    return out;
}

static json_t *mentions_json(const struct mention_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++) {
        json_t *mention = json_object();
        set_text(mention, "name", list->items[i].name);
        set_text(mention, "address", list->items[i].address);
        json_object_set_new(mention, "role", json_string(mention_role_names[list->items[i].role]));
        json_array_append_new(out, mention);
    }
    return out;
}

/* Exact starts are shown as windows of the meeting's length. */
static json_t *windows_json(struct unit *unit, const struct meeting_request *request,
                            const struct zone *zone)
{
    json_t *out = spans_json(unit, &request->times.allowed, zone);
    for (size_t i = 0; i < request->times.starts.count && request->times.allowed.count == 0; i++) {
        struct interval span = request->times.starts.items[i];
        if (span.end.us <= span.start.us)
            span.end = instant_add(span.start, minutes(request->duration_min == 0
                                                           ? 30
                                                           : request->duration_min));
        json_array_append_new(out, span_json(unit, span, zone));
    }
    return out;
}

static json_t *reading_json(struct unit *unit, const struct handled_message *handled,
                            const struct zone *zone, bool explained)
{
    static const struct meeting_request nothing;
    if (handled->reading == NULL)
        return json_null();
    const struct reading *reading = handled->reading;
    const struct meeting_request *request =
        reading->requests.count > 0 ? &reading->requests.items[0] : &nothing;
    struct slice place = request->place.text.len > 0 ? request->place.text : request->phone;
    json_t *out = json_object();
    json_object_set_new(out, "language", json_string(language_names[reading->language]));
    json_object_set_new(out, "intent", json_string(intent_names[reading->intent]));
    json_object_set_new(out, "confidence", json_integer(reading->confidence));
    json_object_set_new(out, "kind", json_string(meeting_kind_names[request->kind]));
    json_object_set_new(out, "duration_minutes", json_integer(request->duration_min));
    set_text(out, "recurs", request->recurring ? request->recurs : SLICE_NONE);
    set_text(out, "place", place);
    json_object_set_new(out, "doubt", json_string(timex_doubt_names[request->times.doubt]));
    json_object_set_new(out, "people", mentions_json(&request->people));
    json_object_set_new(out, "windows", windows_json(unit, request, zone));
    json_object_set_new(out, "preferred", spans_json(unit, &request->times.preferred, zone));
    json_object_set_new(out, "accepted", numbers_json(&reading->accepted));
    json_object_set_new(out, "times", times_json(&reading->timexes, explained));
    json_object_set_new(out, "cues", records_json(&said_cue_record, reading->cues.items,
                                                  reading->cues.count));
    json_object_set_new(out, "ignored", records_json(&timex_ignored_record, reading->ignored.items,
                                                     reading->ignored.count));
    set_text(out, "question", reading->question);
    set_text(out, "text", handled->new_text);
    set_text_or_null(out, "supervision", handled->supervision);
    return out;
}

json_t *recurrence_json(struct unit *unit, const struct series *series, struct interval first,
                        const struct zone *zone, const struct zone *home)
{
    struct recurrence r = {.series = series, .first = first, .zone = zone, .home = home,
                           .arena = unit->arena};
    if (!series_is(series) || first.end.us == 0)
        return json_null();
    json_t *out = json_object();
    for (r.language = LANGUAGE_FR; r.language < LANGUAGE_COUNT_; r.language++)
        set_text(out, language_names[r.language], wording_series(&r));
    return out;
}

/* Messages */

static json_t *offers_json(struct unit *unit, const struct sandbox_entry *entry,
                           const struct zone *zone)
{
    json_t *out = json_array();
    for (size_t i = 0; entry->order != NULL && i < entry->order->offers.count; i++) {
        const struct offer *offer = &entry->order->offers.items[i];
        json_t *json = json_object();
        json_object_set_new(json, "number", json_integer((json_int_t)i + 1));
        json_object_set_new(json, "start", instant_json(unit, offer->span.start, zone));
        json_object_set_new(json, "end", instant_json(unit, offer->span.end, zone));
        set_text(json, "link", i < entry->links.count ? entry->links.items[i] : SLICE_NONE);
        json_object_set_new(json, "recurrence",
                            recurrence_json(unit, &entry->order->series, offer->span, zone,
                                            zone_or_utc(entry->order->series_zone)));
        json_array_append_new(out, json);
    }
    return out;
}

static json_t *invitation_json(struct unit *unit, const struct sandbox_entry *entry,
                               const struct zone *zone)
{
    if (entry->order == NULL || !entry->order->has_event)
        return json_null();
    const struct ical_event *event = &entry->order->event;
    json_t *out = json_object();
    set_text(out, "method", entry->order->method);
    json_object_set_new(out, "start", instant_json(unit, ical_instant(&event->start), zone));
    json_object_set_new(out, "end", instant_json(unit, ical_instant(&event->end), zone));
    set_text(out, "summary", event->summary);
    set_text(out, "location", event->location);
    json_object_set_new(out, "recurrence",
                        recurrence_json(unit, &entry->order->series, entry->order->slot, zone,
                                        zone_or_utc(entry->order->series_zone)));
    return out;
}

static struct slice id_of_message(const struct sandbox_entry_list *list, struct slice message_id)
{
    for (size_t i = 0; message_id.len > 0 && i < list->count; i++)
        if (slice_equal(list->items[i].message_id, message_id))
            return list->items[i].id;
    return SLICE_NONE;
}

static const struct zone *zone_of(const struct person_list *people, struct slice address)
{
    for (size_t i = 0; i < people->count; i++)
        if (slice_equal_nocase(people->items[i].address, address))
            return zone_or_utc(people->items[i].time_zone);
    return zone_utc();
}

static json_t *message_json(struct unit *unit, const struct sandbox_entry *entry,
                            const struct sandbox_entry_list *all, const struct person_list *people)
{
    bool explained = (size_t)(entry - all->items) + MESSAGES_EXPLAINED >= all->count;
    struct handled_message handled = {0};
    struct slice meeting = entry->meeting;
    const struct zone *zone =
        zone_of(people, entry->order != NULL ? entry->order->to.address : entry->from.address);
    bool known = entry->order == NULL && load_handled(unit, entry->id, &meeting, &handled) == ST_OK;
    json_t *out = json_object();
    set_text(out, "id", entry->id);
    json_object_set_new(out, "at", instant_json(unit, entry->at, zone));
    json_object_set_new(out, "from", mailbox_json(&entry->from));
    json_object_set_new(out, "to", mailboxes_json(&entry->to));
    json_object_set_new(out, "cc", mailboxes_json(&entry->cc));
    set_text(out, "subject", entry->subject);
    set_text(out, "text", entry->text);
    set_text_or_null(out, "in_reply_to", id_of_message(all, entry->in_reply_to));
    json_object_set_new(out, "purpose",
                        entry->order == NULL ? json_null()
                                             : json_string(mail_purpose_names[entry->order->purpose]));
    set_text_or_null(out, "meeting", meeting);
    json_object_set_new(out, "offers", offers_json(unit, entry, zone));
    json_object_set_new(out, "calendar", invitation_json(unit, entry, zone));
    json_object_set_new(out, "outcome",
                        known && sandbox_reaches_assistant(unit->planner, entry)
                            ? json_string(meeting_outcome_names[handled.outcome])
                            : json_null());
    json_object_set_new(out, "reading", known ? reading_json(unit, &handled, zone, explained)
                                                   : json_null());
    return out;
}

/* Calendars */

static struct interval shown_window(struct unit *unit, const struct zone *zone)
{
    struct civil_date today = civil_from_instant(unit->now, zone).date;
    struct civil_date monday = civil_date_add(today, -(int64_t)civil_date_weekday(today) - 7);
    struct civil_date end = civil_date_add(monday, WEEKS_SHOWN * 7);
    return (struct interval){civil_to_instant(civil_at(monday, 0, 0), zone),
                             civil_to_instant(civil_at(end, 0, 0), zone)};
}

static void add_event(struct unit *unit, json_t *events, struct slice title, struct interval span,
                      bool busy, bool all_day, struct slice meeting, const struct zone *zone)
{
    json_t *out = json_object();
    set_text(out, "title", title);
    json_object_set_new(out, "start", instant_json(unit, span.start, zone));
    json_object_set_new(out, "end", instant_json(unit, span.end, zone));
    json_object_set_new(out, "busy", json_boolean(busy));
    json_object_set_new(out, "all_day", json_boolean(all_day));
    set_text_or_null(out, "meeting", meeting);
    json_array_append_new(events, out);
}

static struct slice meeting_by_uid(const struct meeting_list *meetings, struct slice uid)
{
    for (size_t i = 0; uid.len > 0 && i < meetings->count; i++)
        if (slice_equal(meetings->items[i].uid, uid))
            return meetings->items[i].id;
    return SLICE_NONE;
}

static enum status add_own_calendar(struct unit *unit, const struct person *person,
                                    const struct meeting_list *meetings, json_t *events)
{
    struct planner_ports *ports = &unit->planner->ports;
    const struct zone *zone = zone_or_utc(person->time_zone);
    struct occurrence_list list;
    TRY(ports->read_calendar(ports->self, person, shown_window(unit, zone), true, unit->arena, &list,
                             unit->why));
    for (size_t i = 0; i < list.count; i++) {
        const struct occurrence *o = &list.items[i];
        add_event(unit, events, o->summary, o->span, o->busy, o->all_day,
                  meeting_by_uid(meetings, o->uid), zone);
    }
    return ST_OK;
}

/* Of a guest: the last word on each invitation that reached them. */
static void add_invitations(struct unit *unit, const struct person *person,
                            const struct sandbox_entry_list *entries, json_t *events)
{
    const struct zone *zone = zone_or_utc(person->time_zone);
    for (size_t i = 0; i < entries->count; i++) {
        const struct sandbox_entry *entry = &entries->items[i];
        bool last = entry->order != NULL && entry->order->has_event &&
                    slice_equal_nocase(entry->order->to.address, person->address);
        for (size_t j = i + 1; last && j < entries->count; j++) {
            const struct sandbox_entry *later = &entries->items[j];
            if (later->order != NULL && later->order->has_event &&
                slice_equal_nocase(later->order->to.address, person->address) &&
                slice_equal(later->order->event.uid, entry->order->event.uid))
                last = false;
        }
        if (!last || !slice_equal(entry->order->method, LIT("REQUEST")))
            continue;
        const struct ical_event *event = &entry->order->event;
        struct interval first = {ical_instant(&event->start), ical_instant(&event->end)};
        struct interval_list spans =
            series_spans(&entry->order->series, first, zone_or_utc(entry->order->series_zone),
                         shown_window(unit, zone).end, SERIES_CHECKED_MAX, unit->arena);
        for (size_t j = 0; j < spans.count; j++)
            add_event(unit, events, event->summary, spans.items[j], true, false, entry->meeting,
                      zone);
    }
}

static json_t *calendar_json(struct unit *unit, const struct person *person,
                             const struct sandbox_entry_list *entries,
                             const struct meeting_list *meetings)
{
    json_t *out = json_object(), *events = json_array();
    set_text(out, "address", person->address);
    /* A calendar that cannot be read now is shown empty; the next view tries again. */
    if (!person->has_calendar)
        add_invitations(unit, person, entries, events);
    else if (add_own_calendar(unit, person, meetings, events) != ST_OK)
        json_array_clear(events);
    json_object_set_new(out, "events", events);
    return out;
}

/* Meetings */

json_t *participant_json(const struct participant *p)
{
    json_t *out = json_object();
    set_text(out, "address", p->address);
    set_text(out, "name", p->name);
    json_object_set_new(out, "role", json_string(participant_role_names[p->role]));
    json_object_set_new(out, "status", json_string(participant_status_names[p->status]));
    return out;
}

static json_t *participants_json(const struct meeting *meeting)
{
    json_t *out = json_array();
    for (size_t i = 0; i < meeting->people.count; i++)
        json_array_append_new(out, participant_json(&meeting->people.items[i]));
    return out;
}

json_t *meeting_head_json(struct unit *unit, const struct meeting *meeting, const struct zone *zone,
                          const struct zone *home)
{
    struct interval span = meeting->state == MEETING_CONFIRMED ? meeting->confirmed
                                                               : (struct interval){{0}, {0}};
    json_t *out = json_object();
    set_text(out, "id", meeting->id);
    json_object_set_new(out, "status", json_string(meeting_state_names[meeting->state]));
    set_text(out, "subject", meeting->subject);
    json_object_set_new(out, "kind", json_string(meeting_kind_names[meeting->kind]));
    json_object_set_new(out, "duration_minutes", json_integer(meeting->duration_min));
    json_object_set_new(out, "start", instant_json(unit, span.start, zone));
    json_object_set_new(out, "end", instant_json(unit, span.end, zone));
    json_object_set_new(out, "recurrence", recurrence_json(unit, &meeting->series, span, zone, home));
    set_text(out, "place", meeting->place.text);
    return out;
}

static json_t *meeting_json(struct unit *unit, const struct meeting *meeting)
{
    const struct zone *zone =
        meeting->people.count > 0 ? zone_or_utc(meeting->people.items[0].time_zone) : zone_utc();
    json_t *out = meeting_head_json(unit, meeting, zone, zone);
    json_object_set_new(out, "participants", participants_json(meeting));
    set_text_or_null(out, "supervision",
                     meeting->tasks.count > 0 ? meeting->tasks.items[0].reason : SLICE_NONE);
    return out;
}

/* The first organisation there is; a sandbox has one. */
static struct slice organisation_name(struct unit *unit)
{
    struct stored_organisation_list list;
    struct organisation *organisation;
    struct slice name;
    if (store_list_organisations(unit->planner->store, unit->arena, &list, unit->why) != ST_OK ||
        list.count == 0 || get_organisation_of(unit, list.items[0].id, list.items[0].record, &organisation) != ST_OK)
        return SLICE_NONE;
    struct seal_place place = sealing_place(SEALED_ORGANISATION, list.items[0].id, list.items[0].id);
    return vault_open(organisation->directory_key, &place, list.items[0].record, unit->arena, &name,
                      unit->why) == ST_OK
               ? name
               : SLICE_NONE;
}

enum status sandbox_view(struct unit *unit, json_t **out)
{
    struct person_list people;
    struct sandbox_entry_list entries;
    struct meeting_list meetings;
    TRY(sandbox_people(unit, &people));
    TRY(sandbox_load(unit, &entries));
    TRY(planner_all_meetings(unit->planner, unit->arena, &meetings, unit->why));
    json_t *view = json_object(), *persons = json_array(), *messages = json_array();
    json_t *calendars = json_array(), *shown = json_array();
    for (size_t i = 0; i < people.count; i++) {
        json_array_append_new(persons, person_json(&people.items[i]));
        json_array_append_new(calendars,
                              calendar_json(unit, &people.items[i], &entries, &meetings));
    }
    for (size_t i = 0; i < entries.count; i++)
        json_array_append_new(messages, message_json(unit, &entries.items[i], &entries, &people));
    for (size_t i = 0; i < meetings.count; i++)
        json_array_append_new(shown, meeting_json(unit, &meetings.items[i]));
    json_object_set_new(view, "now", instant_json(unit, unit->now, zone_utc()));
    set_text(view, "organisation", organisation_name(unit));
    json_object_set_new(view, "assistant", mailbox_json(&unit->planner->options.assistant));
    json_object_set_new(view, "people", persons);
    json_object_set_new(view, "messages", messages);
    json_object_set_new(view, "calendars", calendars);
    json_object_set_new(view, "meetings", shown);
    *out = view;
    return ST_OK;
}
