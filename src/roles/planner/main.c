/* The planner's process: messages in, one unit of work each, messages out. It may block:
 * on the store, and on keyd, reader and calsync while it asks them. Mail and calendars: traffic.c. */
#include <string.h>

#include "formats/json/json.h"
#include "roles/messages/journal.h"
#include "roles/messages/key_port.h"
#include "roles/messages/mains.h"
#include "roles/planner/probes.h"

enum {
    CALENDAR_MS = 30000,
    SOON_MS = 20,            /* what is due now and can be done */
    BLOCKED_MS = 1000,       /* what is due but waits for another role */
    FAILED_MS = 5000,        /* a meeting that could not be woken */
    TIDY_MS = 3600 * 1000,   /* from one look at what is past its retention to the next */
    TIDY_FIRST_MS = 60 * 1000,
    LOOK_MS = 1000,          /* whether another process, the command line's, has written */
    UPKEEP_IDLE_MS = 1000,   /* from one look at whether there is any to the next */
    UPKEEP_PAUSE_MS = 2,     /* between two steps: whoever asks meanwhile is answered */
    UPKEEP_FAILED_MS = 10 * 1000,
    LEAVE_MS = 20,           /* between two looks at whether mailout has said its last word */
    PROGRESS_BYTES_MAX = 4 << 20,
    MEMORY_BYTES_MAX = 2000 << 20,
};

/* Ports: questions to other roles */

static enum status understand(void *self, const struct mail *mail,
                              const struct intent_context *context, struct arena *arena,
                              struct reading *reading, struct problem *why)
{
    struct planner_role *p = self;
    struct understand question = {*mail, *context};
    struct understood answer;
    /* What is parsed already need not travel twice. */
    question.mail.calendars = (struct mail_calendar_list){0};
    TRY(role_call(p->role, ROLE_READER, MESSAGE_UNDERSTAND, &question, MESSAGE_UNDERSTOOD, ASK_MS,
                  arena, &answer, why));
    if (answer.status != ST_OK)
        return problem_set(why, answer.status, "the text is too long to be read");
    *reading = answer.reading;
    return ST_OK;
}

static enum status read_calendar(void *self, const struct person *person, struct interval window,
                                 bool titles, struct arena *arena, struct occurrence_list *out,
                                 struct problem *why)
{
    struct planner_role *p = self;
    struct calendar_events answer;
    const struct zone *zone;
    struct monotonic began = {clock_monotonic_ms()};
    struct calendar_read question = {
        .place =
            {
                .person = person->id,
                .where = person->calendar,
                .user = person->calendar_user,
                .password = person->calendar_password,
                .address = person->address,
                .zone = person->time_zone,
            },
        .start = window.start,
        .end = window.end,
    };
    (void)titles;
    TRY(zone_load(person->time_zone, &zone, why));
    if (troubles_rests(&p->reading, person->id, began))
        return problem_set(why, ST_UNAVAILABLE, "a calendar did not answer just now");
    enum status asked = role_call(p->role, ROLE_CALSYNC, MESSAGE_CALENDAR_READ, &question,
                                  MESSAGE_CALENDAR_EVENTS, CALENDAR_MS, arena, &answer, why);
    struct monotonic now = {clock_monotonic_ms()};
    bool failed = asked == ST_OK && answer.status != ST_OK;
    if (failed || now.ms - began.ms >= CALENDAR_MS)
        troubles_note(&p->reading, person->id, now, now.ms - began.ms);
    TRY(asked);
    if (failed) {
        event_log(EVENT_CALENDAR_FAILED, field_id(KEY_PERSON, person->id),
                  field_status(answer.status), field_id(KEY_PROBLEM, answer.problem));
        /* Whatever is wrong: what needs this calendar waits, and nothing is guessed. */
        return problem_set(why, ST_UNAVAILABLE, "a calendar cannot be read");
    }
    troubles_clear(&p->reading, person->id);
    return calendar_occurrences(&answer.calendar, person->address, zone, window, arena, out, why);
}

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    struct planner_role *p = self;
    return key_port_ask(p->role, ask, ASK_MS, arena, given, key, why);
}

/* late_ms: how soon to look again at what is due already. */
static void plan_next(struct planner_role *p, int64_t late_ms, const struct moment *at)
{
    struct instant due;
    if (!planner_next_due(p->planner, &due))
        return;
    int64_t ms = due.us <= at->now.us ? late_ms : (due.us - at->now.us) / 1000 + 1;
    loop_timer_after(p->due, ms > 3600000 ? 3600000 : ms);
}

/* Who is told of a calendar; what fails is tried at the next turn. */
static void tell_troubles(struct planner_role *p, struct troubles *troubles, bool writing,
                          const struct moment *at)
{
    struct problem why;
    for (const struct trouble *one; (one = troubles_due(troubles)) != NULL;) {
        struct slice person = {one->person, one->len};
        if (planner_tell_calendar(p->planner, person, writing, at->now, &why) != ST_OK) {
            event_log(EVENT_CALENDAR_FAILED, field_id(KEY_PERSON, person), field_problem(&why));
            return;
        }
        troubles_told(troubles, person);
    }
}

/* Due times are of the wall clock. Set forward it makes work early, which harms nobody; set back
 * by an hour it would leave it for an hour. */
static void watch_clock(struct planner_role *p, const struct moment *at)
{
    struct problem why;
    int64_t ahead_us = at->now.us - at->clock.ms * 1000, back_us = p->clock_ahead_us - ahead_us;
    if (p->knows_clock && back_us > PLANNER_CLOCK_STEP_US &&
        planner_clock_set_back(p->planner, (struct duration){back_us}, at->now, &why) != ST_OK) {
        event_log(EVENT_MEETING_FAILED, field_problem(&why));
        return; /* seen again at the next turn */
    }
    p->knows_clock = true;
    p->clock_ahead_us = ahead_us;
}

/* Which meetings are in progress: keyd lends their keys to people only while they are. */

static void add_mark(struct arena *arena, const struct meeting_progress *one, struct meetings_told *told)
{
    struct meeting_mark mark = {one->id, one->organisation, one->assigned};
    if (one->in_progress)
        ARENA_PUSH(arena, &told->in_progress, mark);
    else
        ARENA_PUSH(arena, &told->over, one->id);
}

static enum status tell_marks(struct planner_role *p, const struct meeting_progress_list *list,
                              struct meetings_told *told, struct arena *arena, struct problem *why)
{
    for (size_t i = 0; i < list->count; i++)
        add_mark(arena, &list->items[i], told);
    return ipc_send(role_channel(p->role, ROLE_KEYD), MESSAGE_MEETING_STATE, told, why);
}

/* A part at a time; the last one, which may be empty, says that it was all. */
static enum status tell_all(struct planner_role *p, struct problem *why)
{
    uint32_t cursor = 0;
    bool first = true;
    do {
        AUTO_ARENA arena = arena_create(PROGRESS_BYTES_MAX);
        struct meeting_progress_list list;
        TRY(planner_progress_all(p->planner, &cursor, arena, &list, why));
        struct meetings_told told = {.whole = first, .complete = cursor == 0};
        TRY(tell_marks(p, &list, &told, arena, why));
        first = false;
    } while (cursor != 0);
    return ST_OK;
}

static enum status tell_progress(struct planner_role *p, struct problem *why)
{
    AUTO_ARENA arena = arena_create(PROGRESS_BYTES_MAX);
    struct meeting_progress_list changed;
    struct meetings_told told = {0};
    bool all;
    TRY(planner_progress_changed(p->planner, arena, &changed, &all, why));
    p->tell_all = p->tell_all || all;
    if (!p->tell_all)
        return changed.count == 0 ? ST_OK : tell_marks(p, &changed, &told, arena, why);
    TRY(tell_all(p, why));
    p->tell_all = false;
    return ST_OK;
}

/* What could not be told is told with all the rest, at the next turn. */
static void tell_keyd(struct planner_role *p)
{
    struct problem why;
    if (!ipc_is_open(role_channel(p->role, ROLE_KEYD)) || tell_progress(p, &why) == ST_OK)
        return;
    p->tell_all = true;
    event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

static void look(void *context, const struct moment *at)
{
    struct planner_role *p = context;
    (void)at;
    if (!p->stopping)
        tell_keyd(p);
    loop_timer_after(p->look, LOOK_MS);
}

/* Says again what the predecessor of a peer had not answered. */
static void welcome_peers(struct planner_role *p, const struct moment *at)
{
    bool back[ROLE_ID_COUNT_];
    memcpy(back, p->is_back, sizeof back);
    memset(p->is_back, 0, sizeof p->is_back); /* one more may come while we wait for another */
    p->tell_all = p->tell_all || back[ROLE_KEYD];
    traffic_welcome(p, back, at);
}

/* Never inside a unit of work: what is taken here must be committed. */
static void do_work(struct planner_role *p, const struct moment *at)
{
    if (p->stopping)
        return;
    watch_clock(p, at);
    welcome_peers(p, at);
    tell_keyd(p);
    tell_troubles(p, &p->reading, false, at);
    tell_troubles(p, &p->writing, true, at);
    traffic_pump(p, at);
}

void process_pump(struct planner_role *p, const struct moment *at)
{
    do_work(p, at);
    plan_next(p, SOON_MS, at);
}

static void wake(void *context, const struct moment *at)
{
    struct planner_role *p = context;
    enum status woken = planner_wake(p->planner, at->now, NULL);
    do_work(p, at);
    plan_next(p, woken == ST_OK ? BLOCKED_MS : FAILED_MS, at);
}

/* What is past its retention goes; what cannot go now goes an hour later. */
static void tidy(void *context, const struct moment *at)
{
    struct planner_role *p = context;
    struct problem why;
    if (planner_tidy(p->planner, at->now, &why) != ST_OK)
        event_log(EVENT_MEETING_FAILED, field_problem(&why));
    loop_timer_after(p->tidy, TIDY_MS);
}

static void upkeep(void *context, const struct moment *at)
{
    struct planner_role *p = context;
    struct problem why;
    bool more = false;
    if (p->stopping)
        return;
    if (role_is_wanted(role_config(p->role), ROLE_CONSOLE))
        planner_expect_corrections(p->planner);
    if (planner_upkeep(p->planner, at->now, &more, &why) != ST_OK) {
        event_log(EVENT_KEY_ROTATION_FAILED, field_problem(&why));
        loop_timer_after(p->upkeep, UPKEEP_FAILED_MS);
        return;
    }
    loop_timer_after(p->upkeep, more ? UPKEEP_PAUSE_MS : UPKEEP_IDLE_MS);
}

static void welcome(void *context, const struct moment *at)
{
    process_pump(context, at);
}

/* A peer may be there anew in the middle of a unit of work that waits for it. Nothing may be
 * taken or sent then: the transaction is open, and may come to nothing. */
static void peer_back(void *context, enum role_id peer, const struct moment *at)
{
    struct planner_role *p = context;
    (void)at;
    p->is_back[peer] = true;
    loop_timer_after(p->welcome, 0);
}

/* The end */

/* A mail that mailout is just handing over is either written down as sent, or sent again at the next
 * start. Stopped by the parent, mailout has ended before us; when the parent is gone it ends
 * beside us. */
static void leave(void *context, const struct moment *at)
{
    struct planner_role *p = context;
    (void)at;
    if (traffic_waits(p))
        loop_timer_after(p->leave, LEAVE_MS);
    else
        role_stop(p->role);
}

static void stop(void *context)
{
    struct planner_role *p = context;
    p->stopping = true;
    loop_timer_after(p->leave, 0);
}

/* Commands of the api */

static enum status sandbox_send(struct planner_role *p, struct slice json, const struct moment *at,
                                struct arena *arena, struct slice *id, struct problem *why)
{
    struct sandbox_mail_draft draft;
    struct submitted submitted = {.id = SLICE_NONE};
    TRY(planner_sandbox_compose(p->planner, json, at->now, arena, &draft, why));
    if (draft.for_assistant) {
        struct submit submit = {.raw = draft.raw, .envelope = {.received = at->now}};
        ARENA_PUSH(arena, &submit.envelope.recipients,
                   role_config(p->role)->assistant.address);
        TRY(role_call(p->role, ROLE_MAILIN, MESSAGE_SUBMIT, &submit, MESSAGE_SUBMITTED, ASK_MS,
                      arena, &submitted, why));
        if (submitted.status != ST_OK)
            return problem_set(why, submitted.status, "%.*s", SLICE_ARG(submitted.problem));
    } else {
        submitted.id = store_new_id("in", arena);
    }
    *id = submitted.id;
    return planner_sandbox_keep(p->planner, &draft, submitted.id, at->now, why);
}

static enum status run_sandbox_send(struct planner_role *p, const struct command *command,
                                    const struct moment *at, struct arena *arena,
                                    struct slice *json)
{
    struct problem why = {0};
    struct slice id;
    AUTO_JSON out = json_object();
    enum status status = role_config(p->role)->mode != CONFIG_SANDBOX
                             ? problem_set(&why, ST_NOT_FOUND, "this installation is no sandbox")
                             : sandbox_send(p, command->json, at, arena, &id, &why);
    json_object_set_new(out, status == ST_OK ? "id" : "detail",
                        json_from_text(status == ST_OK ? id : slice_from(why.detail)));
    *json = json_write(out, arena);
    return status;
}

static enum status run_command(struct planner_role *p, const struct command *command,
                               const struct moment *at, struct arena *arena, struct slice *json)
{
    struct caller_assertion said;
    if (slice_equal(command->name, LIT("sandbox.send")))
        return run_sandbox_send(p, command, at, arena, json);
    if (command->assertion.len == 0 && planner_command_right(command->name) == NULL)
        return planner_command(p->planner, NULL, command->name, command->json, at->now, arena, json);
    if (caller_port_take(p->callers, command, at, arena, &said) != CALLER_TAKEN) {
        *json = CALLER_REFUSED;
        return ST_DENIED;
    }
    struct planner_caller caller = {said.person, said.organisation, said.right, said.function};
    return planner_command(p->planner, &caller, command->name, command->json, at->now, arena, json);
}

static void receive_command(void *context, const struct ipc_message *message,
                            const struct moment *at)
{
    struct planner_role *p = context;
    struct answer answer = {0};
    struct problem why;
    answer.status = run_command(p, message->object, at, message->arena, &answer.json);
    if (!p->stopping)
        tell_keyd(p); /* first: who was given a task asks keyd for its key next */
    if (ipc_answer(message, MESSAGE_ANSWER, &answer, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
    process_pump(p, at);
}

/* Said again until it is answered: what cannot be done now is not answered. */
static void receive_person_ended(void *context, const struct ipc_message *message,
                                 const struct moment *at)
{
    struct planner_role *p = context;
    const struct person_ended *word = message->object;
    struct problem why;
    uint32_t ended = 0;
    enum status status = ST_OK;
    caller_port_end(p->callers, word->person, word->session, word->at, at->now);
    if (word->session.len == 0) /* one session of theirs is none of ours */
        status = planner_person_ended(p->planner, word->person, word->cause, at->now, &ended, &why);
    struct person_ended_done done = {word->id, ended};
    if (status == ST_OK)
        status = ipc_send(message->channel, MESSAGE_PERSON_ENDED_DONE, &done, &why);
    if (status != ST_OK)
        event_log(EVENT_MEETING_FAILED, field_id(KEY_PERSON, word->person), field_problem(&why));
    process_pump(p, at);
}

static void receive_person(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct planner_role *p = context;
    const struct person_told *told = message->object;
    struct problem why = {0};
    struct person_saved saved = {.id = told->id};
    saved.status = planner_person_told(p->planner, told, at->now, &why);
    saved.problem = slice_from(why.detail);
    if (saved.status != ST_OK)
        event_log(EVENT_PERSON_REFUSED, field_id(KEY_PERSON, told->person), field_status(saved.status),
                  field_problem(&why));
    if (ipc_send(message->channel, MESSAGE_PERSON_SAVED, &saved, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why)); /* it is said again */
    process_pump(p, at);
}

static void receive_notice(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct planner_role *p = context;
    const struct notice *notice = message->object;
    struct problem why;
    struct notice_kept kept = {.id = notice->id};
    kept.status = planner_notice(p->planner, notice, at->now, &why);
    if (kept.status != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_status(kept.status), field_problem(&why));
    if (ipc_send(message->channel, MESSAGE_NOTICE_KEPT, &kept, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why)); /* it is said again */
    process_pump(p, at);
}

static enum status open_planner(struct planner_role *p, struct problem *why)
{
    const struct config *config = role_config(p->role);
    struct planner_ports ports = {
        .self = p,
        .understand = understand,
        .read_calendar = read_calendar,
        .key = give_key,
    };
    struct planner_options options = {
        .assistant = {config->assistant.name, config->assistant.address},
        .link_base = arena_format(role_arena(p->role), "%.*s/r/", SLICE_ARG(config->public_url)),
        .retention_months = config->retention.months,
        .origin_required = config->mode != CONFIG_SANDBOX && config->mail.require_verified,
        .sandbox = config->mode == CONFIG_SANDBOX,
    };
    TRY(supervision_minutes_parse(config->supervision.minutes, &options.supervision, why));
    TRY(supervision_four_eyes_parse(config->supervision.four_eyes, &options.supervision, why));
    options.supervision.sample_permille = config->supervision.sample_permille;
    if (config->mode != CONFIG_SANDBOX) /* there nothing leaves, and people play */
        options.limits = (struct planner_limits){
            config->limits.requests_per_sender, config->limits.requests_per_organisation,
            config->limits.mails_per_organisation, config->limits.mails_per_guest};
    TRY(planner_create(p->store, &ports, &options, &p->planner, why));
    return planner_resume(p->planner, clock_now(), why);
}

static void close_planner(struct planner_role *p)
{
    traffic_end(p);
    caller_port_destroy(&p->callers);
    planner_destroy(&p->planner);
    store_destroy(&p->store);
    loop_timer_destroy(&p->due);
    loop_timer_destroy(&p->welcome);
    loop_timer_destroy(&p->tidy);
    loop_timer_destroy(&p->upkeep);
    loop_timer_destroy(&p->look);
    loop_timer_destroy(&p->leave);
}

/* The store's log, for logd. */
static enum status read_log(void *context, int64_t after, struct arena *arena, struct log_line_list *out,
                            struct problem *why)
{
    struct planner_role *p = context;
    struct log_entry_list entries;
    if (p->store == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the store is not open yet");
    TRY(store_list_log(p->store, (uint32_t)after, arena, &entries, why));
    for (size_t i = 0; i < entries.count; i++)
        ARENA_PUSH(arena, out, ((struct log_line){entries.items[i].at, entries.items[i].kind, entries.items[i].ids}));
    return ST_OK;
}

enum status planner_main(struct role *role, struct problem *why)
{
    static struct planner_role p;
    const struct config *config = role_config(role);
    const char *store_path = arena_text(role_arena(role), config->folders.store);
    char *folder = arena_text(role_arena(role), config->folders.store);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
    struct sandbox_rules rules = {
        .paths = {{folder, SANDBOX_WRITE}},
        .memory_bytes_max = MEMORY_BYTES_MAX,
    };
    p.role = role;
    p.callers = caller_port_create(role, KEY_FOR_CALLERS, CALLERS_TAKEN_MAX);
    zone_load_all();
    ical_init();
    p.due = loop_timer_create(role_loop(role), wake, &p);
    p.welcome = loop_timer_create(role_loop(role), welcome, &p);
    p.tidy = loop_timer_create(role_loop(role), tidy, &p);
    p.upkeep = loop_timer_create(role_loop(role), upkeep, &p);
    p.look = loop_timer_create(role_loop(role), look, &p);
    p.leave = loop_timer_create(role_loop(role), leave, &p);
    traffic_begin(&p);
    role_handle(role, MESSAGE_COMMAND, receive_command, &p);
    role_handle(role, MESSAGE_PERSON_ENDED, receive_person_ended, &p);
    role_handle(role, MESSAGE_PERSON, receive_person, &p);
    role_handle(role, MESSAGE_NOTICE, receive_notice, &p);
    role_on_peer(role, peer_back, &p);
    role_on_stop(role, stop, &p);
    role_on_measure(role, process_measure, &p);
    AUTO_JOURNAL journal = journal_hand_over(role, "store", read_log, &p);
    AUTO_ENTRY_PROBE entries = planner_probes(&p);
    AUTO_STORED_PROBE stored = planner_stored_probe(&p);
    TRY(role_enter(role, &rules, why));
    enum status status = store_open(&sqlite_driver, store_path, &p.store, why);
    if (status == ST_OK)
        status = open_planner(&p, why);
    if (status == ST_OK) {
        loop_timer_after(p.tidy, TIDY_FIRST_MS);
        loop_timer_after(p.upkeep, UPKEEP_IDLE_MS);
        loop_timer_after(p.look, LOOK_MS);
        process_pump(&p, loop_moment(role_loop(role)));
        status = role_run(role, why);
    }
    close_planner(&p);
    return status;
}
