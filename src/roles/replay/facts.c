/* The facts of the scenario format, and the same for people. */
#include "roles/replay/internal.h"

static json_t *instant_fact(struct instant at, const struct zone *zone)
{
    AUTO_ARENA arena = arena_create(4096);
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone, arena));
}

static json_t *addresses_fact(const struct mailbox_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, json_from_text(list->items[i].address));
    return out;
}

static json_t *calendar_fact(const struct mail_order *order, const struct zone *zone)
{
    if (!order->has_event)
        return json_null();
    const struct ical_event *event = &order->event;
    json_t *attendees = json_array();
    for (size_t i = 0; i < event->attendees.count; i++)
        json_array_append_new(attendees, json_from_text(event->attendees.items[i].address));
    json_t *out = json_object();
    json_object_set_new(out, "method", json_from_text(order->method));
    json_object_set_new(out, "uid", json_from_text(event->uid));
    json_object_set_new(out, "sequence", json_integer(event->sequence));
    json_object_set_new(out, "start", instant_fact(ical_instant(&event->start), zone));
    json_object_set_new(out, "end", instant_fact(ical_instant(&event->end), zone));
    json_object_set_new(out, "rrule", json_from_text(event->rrule));
    json_object_set_new(out, "summary", json_from_text(event->summary));
    json_object_set_new(out, "location", json_from_text(event->location));
    json_object_set_new(out, "attendees", attendees);
    return out;
}

static json_t *mail_fact(const struct outgoing *mail)
{
    const struct zone *zone = zone_or_utc(mail->order.time_zone);
    json_t *proposals = json_array(), *out = json_object();
    for (size_t i = 0; i < mail->order.offers.count; i++) {
        struct interval span = mail->order.offers.items[i].span;
        json_t *slot = json_object();
        json_object_set_new(slot, "start", instant_fact(span.start, zone));
        json_object_set_new(slot, "end", instant_fact(span.end, zone));
        json_array_append_new(proposals, slot);
    }
    json_object_set_new(out, "from", json_from_text(mail->draft.from.address));
    json_object_set_new(out, "to", addresses_fact(&mail->draft.to));
    json_object_set_new(out, "cc", addresses_fact(&mail->draft.cc));
    json_object_set_new(out, "subject", json_from_text(mail->draft.subject));
    json_object_set_new(out, "language", json_string(language_names[mail->order.language]));
    json_object_set_new(out, "purpose", json_string(mail_purpose_names[mail->order.purpose]));
    json_object_set_new(out, "text", json_from_text(mail->draft.text));
    json_object_set_new(out, "proposals", proposals);
    json_object_set_new(out, "calendar", calendar_fact(&mail->order, zone));
    return out;
}

static const struct participant *organizer_of(const struct meeting *meeting)
{
    for (size_t i = 0; i < meeting->people.count; i++)
        if (meeting->people.items[i].role == ROLE_ORGANIZER)
            return &meeting->people.items[i];
    return NULL;
}

static json_t *participants_fact(const struct meeting *meeting)
{
    json_t *out = json_array();
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        if (p->status == PARTICIPANT_REMOVED)
            continue;
        json_t *person = json_object();
        json_object_set_new(person, "address", json_from_text(p->address));
        json_object_set_new(person, "role", json_string(participant_role_names[p->role]));
        json_object_set_new(person, "status", json_string(participant_status_names[p->status]));
        json_array_append_new(out, person);
    }
    return out;
}

/* Of a settled series; else empty. */
static json_t *rule_fact(const struct meeting *meeting, const struct zone *zone)
{
    AUTO_ARENA arena = arena_create(4096);
    if (meeting->state != MEETING_CONFIRMED)
        return json_string("");
    struct civil start = civil_from_instant(meeting->confirmed.start, zone);
    return json_from_text(series_rrule(&meeting->series, start, zone, arena));
}

static json_t *meeting_fact(const struct meeting *meeting)
{
    const struct participant *organizer = organizer_of(meeting);
    const struct zone *zone = organizer == NULL ? zone_utc() : zone_or_utc(organizer->time_zone);
    bool settled = meeting->state == MEETING_CONFIRMED;
    struct interval span = settled ? meeting->confirmed : (struct interval){{0}, {0}};
    json_t *out = json_object(), *place = json_object();
    json_object_set_new(place, "kind", json_string(place_kind_names[meeting->place.kind]));
    json_object_set_new(place, "text", json_from_text(meeting->place.text));
    json_object_set_new(out, "id", json_from_text(meeting->id));
    json_object_set_new(out, "status", json_string(meeting_state_names[meeting->state]));
    json_object_set_new(out, "subject", json_from_text(meeting->subject));
    json_object_set_new(out, "kind", json_string(meeting_kind_names[meeting->kind]));
    json_object_set_new(out, "duration_minutes", json_integer(meeting->duration_min));
    json_object_set_new(out, "start", instant_fact(span.start, zone));
    json_object_set_new(out, "end", instant_fact(span.end, zone));
    json_object_set_new(out, "rrule", rule_fact(meeting, zone));
    json_object_set_new(out, "organiser",
                        json_from_text(organizer == NULL ? SLICE_NONE : organizer->address));
    json_object_set_new(out, "participants", participants_fact(meeting));
    json_object_set_new(out, "place", place);
    return out;
}

static json_t *step_fact(const struct replay_step *step, size_t index)
{
    json_t *out = json_object(), *sent = json_array(), *tasks = json_array(), *meetings = json_array();
    for (size_t i = 0; i < step->sent_count; i++)
        json_array_append_new(sent, mail_fact(&step->sent[i]));
    for (size_t i = 0; i < step->tasks.count; i++) {
        json_t *task = json_object();
        json_object_set_new(task, "id", json_from_text(step->tasks.items[i].id));
        json_object_set_new(task, "reason", json_from_text(step->tasks.items[i].reason));
        json_array_append_new(tasks, task);
    }
    for (size_t i = 0; i < step->meetings.count; i++)
        json_array_append_new(meetings, meeting_fact(&step->meetings.items[i]));
    json_object_set_new(out, "index", json_integer((json_int_t)index + 1));
    json_object_set_new(out, "at", json_from_text(step->at));
    json_object_set_new(out, "outcome", json_string(meeting_outcome_names[step->outcome]));
    json_object_set_new(out, "sent", sent);
    json_object_set_new(out, "supervision", tasks);
    json_object_set_new(out, "meetings", meetings);
    return out;
}

json_t *replay_facts(const struct replay_result *result)
{
    json_t *out = json_object(), *steps = json_array();
    for (size_t i = 0; i < result->steps.count; i++)
        json_array_append_new(steps, step_fact(&result->steps.items[i], i));
    json_object_set_new(out, "scenario", json_from_text(result->name));
    json_object_set_new(out, "steps", steps);
    return out;
}

/* For people */

struct style {
    const char *title, *speaker, *mail, *state, *dim, *off;
};
static const struct style plain = {"", "", "", "", "", ""};
static const struct style coloured_style = {"\033[1m",  "\033[36m", "\033[33m",
                                            "\033[32m", "\033[2m",  "\033[0m"};

static void print_text(struct slice text, const char *margin, FILE *out)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        fprintf(out, "%s%.*s\n", margin, SLICE_ARG(line));
}

static void print_mail(const struct outgoing *mail, const struct style *style, FILE *out)
{
    const struct mailbox *to = &mail->order.to;
    fprintf(out, "  %s<- %s to %.*s <%.*s>%s\n", style->mail,
            mail_purpose_names[mail->order.purpose], SLICE_ARG(to->name), SLICE_ARG(to->address),
            style->off);
    fprintf(out, "     %s%.*s%s\n", style->dim, SLICE_ARG(mail->draft.subject), style->off);
    print_text(mail->draft.text, "     | ", out);
    if (mail->order.has_event)
        fprintf(out, "     %s[%.*s, sequence %u]%s\n", style->dim, SLICE_ARG(mail->order.method),
                mail->order.event.sequence, style->off);
}

static void print_meeting(const struct meeting *meeting, const struct style *style, FILE *out)
{
    AUTO_ARENA arena = arena_create(4096);
    const struct participant *organizer = organizer_of(meeting);
    const struct zone *zone = organizer == NULL ? zone_utc() : zone_or_utc(organizer->time_zone);
    fprintf(out, "  %s== %.*s: %s%s", style->state, SLICE_ARG(meeting->subject),
            meeting_state_names[meeting->state], style->off);
    if (meeting->state == MEETING_CONFIRMED) {
        struct slice start = instant_format(meeting->confirmed.start, zone, arena);
        struct civil wall = civil_from_instant(meeting->confirmed.start, zone);
        struct slice rule = series_rrule(&meeting->series, wall, zone, arena);
        fprintf(out, ", %.*s, %u min", SLICE_ARG(start), meeting->duration_min);
        if (rule.len > 0)
            fprintf(out, ", %.*s", SLICE_ARG(rule));
    }
    fprintf(out, "\n");
}

void replay_print(const struct replay_result *result, bool coloured, FILE *out)
{
    const struct style *style = coloured ? &coloured_style : &plain;
    fprintf(out, "%s%.*s%s: %.*s\n", style->title, SLICE_ARG(result->name), style->off,
            SLICE_ARG(result->title));
    for (size_t i = 0; i < result->steps.count; i++) {
        const struct replay_step *step = &result->steps.items[i];
        fprintf(out, "\n%s%zu. %.*s  %s %.*s%s  (%s)\n", style->speaker, i + 1, SLICE_ARG(step->at),
                step->kind == NULL ? "" : step->kind, SLICE_ARG(step->speaker), style->off,
                meeting_outcome_names[step->outcome]);
        print_text(step->said, "  > ", out);
        for (size_t j = 0; j < step->sent_count; j++)
            print_mail(&step->sent[j], style, out);
        for (size_t j = 0; j < step->tasks.count; j++)
            fprintf(out, "  %s!! for a supervisor: %.*s%s\n", style->mail,
                    SLICE_ARG(step->tasks.items[j].reason), style->off);
        for (size_t j = 0; j < step->meetings.count; j++)
            print_meeting(&step->meetings.items[j], style, out);
    }
}
