#include <string.h>

#include "domain/intent/intent.h"
#include "platform/store/store.h"
#include "roles/keyd/answer.h"
#include "roles/planner/decision.h"
#include "roles/planner/planner.h"
#include "roles/replay/internal.h"

enum { WAKES_MAX = 10000, SEED = 20260302 };

static const char link_base[] = "https://link.example/r/";

/* One play: the planner, the virtual clock and all mail sent so far. */
struct play {
    struct scenario scenario;
    struct store *store;
    struct keyd *keyd;
    struct planner *planner;
    struct arena *arena;
    struct instant now;
    struct {
        struct outgoing *items;
        size_t count, capacity;
    } sent;
    uint32_t composed; /* messages written by correspondents, for their ids */
    struct problem *why;
};

/* Ports: what other roles do in the service */

static enum status port_understand(void *self, const struct mail *mail,
                                   const struct intent_context *context, struct arena *arena,
                                   struct reading *reading, struct problem *why)
{
    (void)self;
    return intent_read(mail, context, arena, reading, why);
}

static enum status port_calendar(void *self, const struct person *person, struct interval window,
                                 bool titles, struct arena *arena, struct occurrence_list *out,
                                 struct problem *why)
{
    struct play *play = self;
    (void)titles;
    return scenario_events(&play->scenario, person, window, arena, out, why);
}

static enum status port_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    struct play *play = self;
    return keyd_give_key(play->keyd, ask, arena, given, key, why);
}

/* Calendars of a scenario are files that only its steps change: what the assistant has
 * settled counts through its holds. */
static enum status finish_jobs(struct play *play)
{
    for (;;) {
        AUTO_ARENA arena = arena_create((size_t)64 << 20);
        struct calendar_job job;
        enum status status = planner_next_job(play->planner, play->now, arena, &job, play->why);
        if (status == ST_NOT_FOUND)
            return ST_OK;
        TRY(status);
        TRY(planner_job_done(play->planner, job.id, job.attempts, ST_OK, play->now, play->why));
    }
}

/* Takes what the planner wants sent, as mailout would. */
static enum status collect(struct play *play)
{
    for (;;) {
        struct slice id;
        struct outgoing mail;
        enum status status =
            planner_next_mail(play->planner, play->now, play->arena, &id, &mail, play->why);
        if (status == ST_NOT_FOUND)
            return finish_jobs(play);
        TRY(status);
        ARENA_PUSH(play->arena, &play->sent, mail);
        TRY(planner_mail_done(play->planner, id, ST_OK, play->now, play->why));
    }
}

/* Lets time pass up to `at`, waking meetings when they are due. */
static enum status pass_time(struct play *play, struct instant at)
{
    struct instant due;
    for (int wakes = 0; planner_next_due(play->planner, &due) && due.us <= at.us; wakes++) {
        if (wakes == WAKES_MAX)
            return problem_set(play->why, ST_LIMIT, "scenario: a meeting is due for ever");
        if (due.us > play->now.us)
            play->now = due;
        TRY(planner_wake(play->planner, play->now, play->why));
        TRY(collect(play));
    }
    play->now = at;
    return ST_OK;
}

static const struct outgoing *last_sent_to(const struct play *play, struct slice address,
                                           bool (*wanted)(const struct outgoing *))
{
    for (size_t i = play->sent.count; i-- > 0;) {
        const struct outgoing *mail = &play->sent.items[i];
        if (slice_equal_nocase(mail->order.to.address, address) && wanted(mail))
            return mail;
    }
    return NULL;
}

static bool any_mail(const struct outgoing *mail)
{
    (void)mail;
    return true;
}

static bool is_invitation(const struct outgoing *mail)
{
    return mail->order.has_event && slice_equal(mail->order.method, LIT("REQUEST"));
}

static bool is_offer(const struct outgoing *mail)
{
    return mail->order.offers.count > 0;
}

static const struct zone *zone_of(const struct play *play, struct slice address)
{
    const struct person *person = scenario_person(&play->scenario, address);
    if (person == NULL)
        for (size_t i = 0; i < play->scenario.people.count && person == NULL; i++)
            if (play->scenario.people.items[i].client)
                person = &play->scenario.people.items[i];
    return person == NULL ? zone_utc() : zone_or_utc(person->time_zone);
}

static struct mailbox mailbox_of(const struct play *play, struct slice address)
{
    const struct person *person = scenario_person(&play->scenario, address);
    if (person != NULL)
        return (struct mailbox){person->name, address};
    const struct outgoing *mail = last_sent_to(play, address, any_mail);
    return (struct mailbox){mail == NULL ? SLICE_NONE : mail->order.to.name, address};
}

/* Delivery: parse as the reader does, then hand to the planner. */

static void find_itip(const struct mail *mail, struct arena *arena, struct ical_calendar **out)
{
    *out = NULL;
    for (size_t i = 0; i < mail->calendars.count && *out == NULL; i++) {
        struct ical_calendar *calendar = ARENA_NEW(arena, struct ical_calendar);
        if (ical_parse(mail->calendars.items[i].text, arena, calendar, NULL) == ST_OK &&
            calendar->method.len > 0)
            *out = calendar;
    }
}

static enum status deliver(struct play *play, struct slice raw, bool authenticated,
                           enum meeting_outcome *outcome)
{
    AUTO_ARENA arena = arena_create((size_t)256 << 20);
    struct mail mail;
    struct ical_calendar *itip;
    enum status parsed = mime_parse(raw, SLICE_NONE, arena, &mail, play->why);
    if (parsed == ST_INVALID || parsed == ST_LIMIT) {
        *outcome = OUTCOME_REJECTED;
        return ST_OK;
    }
    TRY(parsed);
    mail.origin = authenticated ? MAIL_ORIGIN_PASS : MAIL_ORIGIN_FAIL;
    find_itip(&mail, arena, &itip);
    struct received_mail received = {
        .id = arena_format(arena, "in-%u", ++play->composed),
        .raw = raw,
        .mail = &mail,
        .itip = itip,
    };
    enum status handled = planner_receive(play->planner, &received, play->now, outcome, play->why);
    if (handled == ST_UNAVAILABLE)
        return handled;
    if (handled != ST_OK)
        *outcome = OUTCOME_REJECTED;
    return ST_OK;
}

static struct composed start_message(struct play *play, struct slice from)
{
    struct mailbox box = mailbox_from_text(from, play->arena);
    if (box.name.len == 0)
        box = mailbox_of(play, box.address);
    size_t at = slice_find(box.address, LIT("@"), 0);
    struct slice host = at == SIZE_MAX ? LIT("mail.example") : slice_sub(box.address, at + 1, SIZE_MAX);
    return (struct composed){
        .from = box,
        .message_id = arena_format(play->arena, "m%u.%lld@%.*s", play->composed + 1,
                                   (long long)(play->now.us / 1000000), SLICE_ARG(host)),
        .at = play->now,
        .zone = zone_of(play, box.address),
    };
}

static void add_mailboxes(struct play *play, const json_t *list, struct mailbox_list *out)
{
    size_t index;
    const json_t *item;
    json_array_foreach(list, index, item)
    {
        struct slice text = {json_string_value(item), json_string_length(item)};
        ARENA_PUSH(play->arena, out, mailbox_from_text(text, play->arena));
    }
}

/* Steps, one function each */

struct step {
    const json_t *value; /* of the step's key */
    struct replay_step *facts;
};

static enum status step_receive(struct play *play, struct step *step)
{
    struct slice file = json_text(step->value, "file"), raw;
    if (json_is_string(step->value))
        file = (struct slice){json_string_value(step->value), json_string_length(step->value)};
    TRY(scenario_file(&play->scenario, file, play->arena, &raw, play->why));
    step->facts->speaker = file;
    return deliver(play, raw, json_flag(step->value, "authenticated", true), &step->facts->outcome);
}

static enum status step_message(struct play *play, struct step *step)
{
    struct composed message = start_message(play, json_text(step->value, "from"));
    add_mailboxes(play, json_object_get(step->value, "to"), &message.to);
    add_mailboxes(play, json_object_get(step->value, "cc"), &message.cc);
    message.subject = json_text(step->value, "subject");
    message.text = json_text(step->value, "text");
    step->facts->speaker = message.from.address;
    step->facts->said = message.text;
    return deliver(play, compose_raw(&message, play->arena), true, &step->facts->outcome);
}

static struct slice reply_subject(struct slice subject, struct arena *arena)
{
    return slice_starts_nocase(subject, LIT("re:")) ? subject
                                                    : arena_format(arena, "Re: %.*s", SLICE_ARG(subject));
}

static void address_reply(struct play *play, struct composed *message,
                          const struct outgoing *original, bool all)
{
    message->subject = reply_subject(original->draft.subject, play->arena);
    message->in_reply_to = original->draft.message_id;
    for (size_t i = 0; i < original->draft.references.count; i++)
        ARENA_PUSH(play->arena, &message->references, original->draft.references.items[i]);
    ARENA_PUSH(play->arena, &message->references, original->draft.message_id);
    for (size_t i = 0; all && i < original->draft.cc.count; i++)
        if (!slice_equal_nocase(original->draft.cc.items[i].address, message->from.address))
            ARENA_PUSH(play->arena, &message->cc, original->draft.cc.items[i]);
}

static enum status step_reply(struct play *play, struct step *step)
{
    struct composed message = start_message(play, json_text(step->value, "from"));
    const struct outgoing *original = last_sent_to(play, message.from.address, any_mail);
    struct slice text = json_text(step->value, "text");
    step->facts->speaker = message.from.address;
    step->facts->said = text;
    ARENA_PUSH(play->arena, &message.to, play->scenario.assistant);
    message.subject = LIT("Re:");
    if (original != NULL)
        address_reply(play, &message, original, json_flag(step->value, "all", false));
    add_mailboxes(play, json_object_get(step->value, "cc"), &message.cc);
    message.text = compose_quote(text, json_text(step->value, "quote"), original, message.zone,
                                 play->arena);
    return deliver(play, compose_raw(&message, play->arena), true, &step->facts->outcome);
}

/* The link in the mail, followed as the guest's browser would. */
static enum status step_choose(struct play *play, struct step *step)
{
    struct slice from = json_text(step->value, "from");
    uint32_t number = (uint32_t)json_number(step->value, "proposal", 0);
    const struct outgoing *mail = last_sent_to(play, from, is_offer);
    step->facts->speaker = from;
    step->facts->outcome = OUTCOME_REJECTED;
    if (mail == NULL || number < 1 || number > mail->order.offers.count ||
        number > mail->links.count)
        return ST_OK;
    struct slice link = mail->links.items[number - 1];
    struct slice token = slice_sub(link, strlen(link_base), link.len);
    AUTO_ARENA arena = arena_create((size_t)16 << 20);
    struct link_view view;
    if (planner_link_show(play->planner, token, arena, &view, play->why) != ST_OK)
        return ST_OK;
    enum status chosen = planner_link_choose(play->planner, token, view.number, SLICE_NONE, play->now,
                                             &step->facts->outcome, play->why);
    return chosen == ST_UNAVAILABLE ? chosen : ST_OK;
}

static enum ical_partstat partstat_from(struct slice text)
{
    return slice_equal(text, LIT("ACCEPTED"))    ? PARTSTAT_ACCEPTED
           : slice_equal(text, LIT("DECLINED"))  ? PARTSTAT_DECLINED
           : slice_equal(text, LIT("TENTATIVE")) ? PARTSTAT_TENTATIVE
                                                 : PARTSTAT_NEEDS_ACTION;
}

static enum status counter_times(struct play *play, const json_t *counter, struct ical_event *event)
{
    struct instant start, end;
    TRY(instant_parse(json_text(counter, "start"), &start, NULL, play->why));
    TRY(instant_parse(json_text(counter, "end"), &end, NULL, play->why));
    event->start = (struct ical_time){ICAL_UTC, civil_from_us(start.us), SLICE_NONE};
    event->end = (struct ical_time){ICAL_UTC, civil_from_us(end.us), SLICE_NONE};
    event->duration_s = 0;
    return ST_OK;
}

/* What a calendar program answers to an invitation (RFC 5546 sections 3.2.3, 3.2.7). */
static enum status step_respond(struct play *play, struct step *step)
{
    struct composed message = start_message(play, json_text(step->value, "from"));
    const struct outgoing *original = last_sent_to(play, message.from.address, is_invitation);
    const json_t *counter = json_object_get(step->value, "counter");
    step->facts->speaker = message.from.address;
    step->facts->outcome = OUTCOME_IGNORED;
    if (original == NULL)
        return ST_OK;
    struct ical_event event = original->order.event;
    struct ical_attendee self = {
        .address = message.from.address,
        .name = message.from.name,
        .partstat = counter != NULL ? PARTSTAT_TENTATIVE
                                    : partstat_from(json_text(step->value, "partstat")),
    };
    event.attendees = (struct ical_attendee_list){0};
    ARENA_PUSH(play->arena, &event.attendees, self);
    if (counter != NULL)
        TRY(counter_times(play, counter, &event));
    struct ical_calendar calendar = {
        .method = counter != NULL ? LIT("COUNTER") : LIT("REPLY"),
        .events = {&event, 1, 1},
    };
    TRY(ical_format(&calendar, play->now, play->arena, &message.calendar, play->why));
    message.method = calendar.method;
    message.text = LIT("\n");
    ARENA_PUSH(play->arena, &message.to, play->scenario.assistant);
    address_reply(play, &message, original, false);
    return deliver(play, compose_raw(&message, play->arena), true, &step->facts->outcome);
}

static enum status step_calendar(struct play *play, struct step *step)
{
    step->facts->outcome = OUTCOME_ACCEPTED;
    step->facts->speaker = json_text(step->value, "address");
    return scenario_set_calendar(&play->scenario, step->facts->speaker,
                                 json_text(step->value, "file"), play->arena, play->why);
}

static enum status step_wait(struct play *play, struct step *step)
{
    (void)play;
    step->facts->outcome = OUTCOME_ACCEPTED;
    return ST_OK;
}

static enum status step_supervise(struct play *play, struct step *step)
{
    static const struct decision_context context;
    struct supervisor_decision decision;
    enum decision_act act;
    TRY(decision_read(json_object_get(step->value, "decision"), &context, play->arena, &decision, &act, play->why));
    enum status status = planner_supervise(play->planner, &decision, play->now,
                                           &step->facts->outcome, play->why);
    if (status == ST_NOT_FOUND)
        step->facts->outcome = OUTCOME_IGNORED;
    return status == ST_NOT_FOUND || status == ST_CONFLICT ? ST_OK : status;
}

static const struct {
    const char *name;
    enum status (*run)(struct play *, struct step *);
} step_kinds[] = {
    {"receive", step_receive},   {"message", step_message},     {"reply", step_reply},
    {"choose", step_choose},     {"respond", step_respond},     {"calendar", step_calendar},
    {"supervise", step_supervise}, {"wait", step_wait},
};

static enum status play_step(struct play *play, const json_t *json, struct replay_step *facts)
{
    struct instant at;
    size_t before = play->sent.count;
    facts->at = json_text(json, "at");
    TRY(instant_parse(facts->at, &at, NULL, play->why));
    if (at.us < play->now.us)
        return problem_set(play->why, ST_INVALID, "scenario.json: \"at\" goes back");
    TRY(pass_time(play, at));
    enum status status = problem_set(play->why, ST_INVALID, "scenario.json: a step of no known kind");
    for (size_t i = 0; i < sizeof step_kinds / sizeof *step_kinds; i++) {
        struct step step = {json_object_get(json, step_kinds[i].name), facts};
        if (step.value == NULL)
            continue;
        facts->kind = step_kinds[i].name;
        status = step_kinds[i].run(play, &step);
        break;
    }
    TRY(status);
    TRY(collect(play));
    facts->sent_count = play->sent.count - before;
    facts->sent = ARENA_ARRAY(play->arena, facts->sent_count + 1, struct outgoing);
    for (size_t i = 0; i < facts->sent_count; i++)
        facts->sent[i] = play->sent.items[before + i];
    TRY(planner_all_meetings(play->planner, play->arena, &facts->meetings, play->why));
    return planner_open_tasks(play->planner, play->arena, &facts->tasks, play->why);
}

static enum status open_play(struct play *play)
{
    struct slice organisation = LIT("org-1");
    TRY(keyd_create_for_replay(&play->keyd, play->why));
    TRY(store_open(&sqlite_driver, ":memory:", &play->store, play->why));
    struct planner_ports ports = {
        .self = play,
        .understand = port_understand,
        .read_calendar = port_calendar,
        .key = port_key,
    };
    struct planner_options options = {
        .assistant = play->scenario.assistant,
        .link_base = slice_from(link_base),
        .origin_required = true,
        .seed = SEED,
    };
    TRY(planner_create(play->store, &ports, &options, &play->planner, play->why));
    TRY(planner_add_organisation(play->planner, organisation, play->scenario.assistant.name,
                                 play->why));
    /* Of our own scenarios: when a person decides ("never", "doubt", "always"). */
    struct slice policy = json_text(play->scenario.root, "policy");
    if (policy.len > 0)
        TRY(store_set_policy(play->store, organisation, policy, play->why));
    for (size_t i = 0; i < play->scenario.people.count; i++) {
        struct person person = play->scenario.people.items[i];
        person.organisation = organisation;
        TRY(planner_add_person(play->planner, &person, play->why));
    }
    return ST_OK;
}

static void close_play(struct play *play)
{
    planner_destroy(&play->planner);
    store_destroy(&play->store);
    keyd_destroy(&play->keyd);
}

static struct slice folder_name(const char *folder, struct arena *arena)
{
    struct slice path = slice_from(folder);
    while (path.len > 1 && path.data[path.len - 1] == '/')
        path.len--;
    size_t start = path.len;
    while (start > 0 && path.data[start - 1] != '/')
        start--;
    return arena_copy(arena, slice_sub(path, start, path.len));
}

enum status replay_run(const char *folder, struct arena *arena, struct replay_result *out,
                       struct problem *why)
{
    /* What has no source of ids of its own draws from this one. */
    vault_random_seed(SEED);
    struct play *play = ARENA_NEW(arena, struct play);
    play->arena = arena;
    play->why = why;
    *out = (struct replay_result){.name = folder_name(folder, arena)};
    enum status status = scenario_load(folder, arena, &play->scenario, why);
    if (status == ST_OK)
        status = open_play(play);
    size_t index;
    const json_t *step;
    json_array_foreach(json_object_get(play->scenario.root, "steps"), index, step)
    {
        struct replay_step facts = {0};
        if (status == ST_OK)
            status = play_step(play, step, &facts);
        ARENA_PUSH(arena, &out->steps, facts);
    }
    close_play(play);
    out->title = arena_copy(arena, json_text(play->scenario.root, "title"));
    out->scenario = play->scenario.root; /* texts of steps borrow from it */
    return status;
}

void replay_release(struct replay_result *result)
{
    json_release(&result->scenario);
}
