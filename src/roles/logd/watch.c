#include "roles/logd/watch.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "formats/json/json.h"
#include "roles/logd/alert_text.h"
#include "roles/logd/counts.h"
#include "roles/logd/tellers.h"
#include "roles/logd/watch_probes.h"
#include "roles/messages/desk.h"

enum {
    LOOK_MS = 1000,            /* at what is due */
    TEND_MS = 10 * 1000,       /* escalations and ends */
    OPEN_AGAIN_MS = 500,
    ALERTS_HOUR_MAX = 60,      /* more are told together */
    ENDED_SHOWN_DAYS = 7,
    KEPT_DAYS = 400,
    EXERCISE_MINUTES = 10,
    ARENA_BYTES_MAX = 64 << 20,
    HELD_BYTES_MAX = 1 << 20,
    BUILD_BYTES_MAX = 64,
    ROLE_BYTES_MAX = 32,
    ECHOES_MAX = 64,
    ECHO_BYTES_MAX = 64 * 1024,
    WRITTEN_MINUTE_MAX = 300, /* different ones of all roles; of more, nobody could read each */
};
static const int64_t second_us = 1000000;

/* A group that was heard in the last second: more of it are counted here, and written together. */
struct echo {
    struct arena *arena;
    struct alert alert; /* its count: those that are not written yet */
};

struct watch {
    struct role *role;
    struct monitor *monitor; /* NULL: not open yet */
    struct tellers *tellers;
    struct counts *counts;
    struct desk *desk; /* NULL: none was handed over */
    watch_log_fn *on_log;
    void *log_context;
    struct loop_timer *open, *look, *tend;
    bool failing; /* and that is told */
    struct arena *held_arena; /* what the parent has told and could not be written yet; NULL: nothing */
    struct event_told held;
    struct instant begun, forgotten;
    struct echo echoes[ECHOES_MAX];
    size_t echo_count;
    struct monotonic written_since; /* the minute in which so many were written one by one */
    unsigned written;
};

/* Made-up errors go the way of others, but nobody is told, and they do not stay. */
static struct slice exercise_kind(void)
{
    return slice_from(event_name(EVENT_EXERCISE));
}

static const struct config *config_of(const struct watch *watch)
{
    return role_config(watch->role);
}

static struct ways ways_of(const struct watch *watch, const struct alert *alert)
{
    return slice_equal(alert->kind, exercise_kind()) ? (struct ways){false, false} : tellers_ways(config_of(watch));
}

/* What cannot be written is said once. */
static bool fine(struct watch *watch, enum status status, const struct problem *why)
{
    bool said = watch->failing;
    watch->failing = status != ST_OK;
    if (status != ST_OK && !said)
        event_log(EVENT_WATCH_FAILED, field_status(status), field_problem(why));
    return status == ST_OK;
}

/* Hearing */

static struct slice as_lines(const struct slice_list *words, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(TOLD_WORDS_MAX * (TOLD_WORD_BYTES_MAX + 1));
    for (size_t i = 0; i < words->count; i++)
        buffer_add_format(&text, "%.*s\n", SLICE_ARG(words->items[i]));
    return arena_copy(arena, buffer_slice(&text));
}

static bool is_plain(struct slice text, size_t bytes_max)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return text.len <= bytes_max;
}

/* A role may say anything, and it goes into mails: what is no event of ours, or not as told_words makes them,
 * is not taken. */
static bool is_sound(const struct event_told *told)
{
    if (told->words.count > TOLD_WORDS_MAX || told->count == 0 || !is_plain(told->build, BUILD_BYTES_MAX) ||
        !is_plain(told->role, ROLE_BYTES_MAX))
        return false;
    for (size_t i = 0; i < told->words.count; i++)
        if (!is_plain(told->words.items[i], TOLD_WORD_BYTES_MAX))
            return false;
    return event_from_name(told->event) != EVENT_COUNT_;
}

static struct echo *find_echo(struct watch *watch, const struct alert *alert)
{
    for (size_t i = 0; i < watch->echo_count; i++) {
        const struct alert *known = &watch->echoes[i].alert;
        if (slice_equal(known->kind, alert->kind) && slice_equal(known->role, alert->role) &&
            slice_equal(known->build, alert->build) && slice_equal(known->signature, alert->signature))
            return &watch->echoes[i];
    }
    return NULL;
}

static void add_echo(struct watch *watch, const struct alert *alert)
{
    if (watch->echo_count == ECHOES_MAX)
        return;
    struct arena *arena = arena_create(ECHO_BYTES_MAX);
    struct alert kept = {
        .kind = arena_copy(arena, alert->kind), .role = arena_copy(arena, alert->role),
        .build = arena_copy(arena, alert->build), .signature = arena_copy(arena, alert->signature),
        .words = arena_copy(arena, alert->words),
    };
    watch->echoes[watch->echo_count++] = (struct echo){arena, kept};
}

static enum status write_alert(struct watch *watch, const struct alert *alert, struct problem *why)
{
    bool fresh;
    TRY(monitor_hear(watch->monitor, alert, ways_of(watch, alert), ALERTS_HOUR_MAX, &fresh, why));
    if (fresh)
        loop_timer_after(watch->look, 0);
    return ST_OK;
}

/* Each second: what came again meanwhile. */
static enum status write_echoes(struct watch *watch, struct problem *why)
{
    enum status status = ST_OK;
    for (size_t i = 0; i < watch->echo_count; i++) {
        if (watch->echoes[i].alert.count > 0 && status == ST_OK)
            status = write_alert(watch, &watch->echoes[i].alert, why);
        arena_destroy(&watch->echoes[i].arena);
    }
    watch->echo_count = 0;
    return status;
}

static bool may_write(struct watch *watch, const struct moment *at)
{
    if (at->clock.ms - watch->written_since.ms >= 60 * 1000) {
        watch->written_since = at->clock;
        watch->written = 0;
    }
    return ++watch->written <= WRITTEN_MINUTE_MAX;
}

static enum status hear_alert(struct watch *watch, const struct alert *alert, const struct moment *at,
                              struct problem *why)
{
    struct echo *echo = find_echo(watch, alert);
    if (echo != NULL) {
        echo->alert.count += alert->count;
        echo->alert.last = alert->last;
        return ST_OK;
    }
    if (!may_write(watch, at))
        return ST_OK;
    add_echo(watch, alert);
    return write_alert(watch, alert, why);
}

/* What came again before it is written first: an alert that is over must not begin anew by it. */
static enum status hear_end(struct watch *watch, enum event event, struct slice words, const struct moment *at,
                            struct problem *why)
{
    TRY(write_echoes(watch, why));
    return monitor_end_kind(watch->monitor, slice_from(event_name(event_ended(event))), words, at->now, why);
}

static enum status hear(struct watch *watch, const struct event_told *told, struct slice role,
                        const struct moment *at, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    enum event event = event_from_name(told->event);
    struct slice words = as_lines(&told->words, arena);
    if (event_mark(event) == EVENT_ENDS)
        return hear_end(watch, event, words, at, why);
    if (event_mark(event) != EVENT_TOLD)
        return ST_OK;
    struct alert alert = {
        .kind = told->event,
        .role = role,
        .build = told->build,
        .signature = told_signature(&told->words, arena),
        .words = words,
        .count = told->count,
        .last = at->now,
    };
    return hear_alert(watch, &alert, at, why);
}

/* From whom it came the channel says: "reader-logd"; without one it is our own. */
static struct slice speaker(const struct ipc_message *message)
{
    struct slice name = message->channel == NULL ? LIT("logd") : slice_from(ipc_name(message->channel));
    return slice_sub(name, 0, slice_find(name, LIT("-"), 0));
}

static void receive_event(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct watch *watch = context;
    const struct event_told *told = message->object;
    struct problem why;
    /* That our own database fails cannot be written there: it is in the log of events. */
    bool own_failure = message->channel == NULL && watch->failing;
    if (watch->monitor == NULL || own_failure || !is_sound(told))
        return;
    fine(watch, hear(watch, told, speaker(message), at, &why), &why);
}

static void write_held(struct watch *watch, const struct moment *at)
{
    struct problem why;
    if (watch->held_arena == NULL || watch->monitor == NULL)
        return;
    if (!fine(watch, hear(watch, &watch->held, watch->held.role, at, &why), &why))
        return; /* at the next look */
    arena_destroy(&watch->held_arena);
    role_say_kept(watch->role);
}

/* The parent says one at a time, and the next once this one is kept. */
static void take_told(void *context, const struct event_told *told, const struct moment *at)
{
    struct watch *watch = context;
    if (!is_sound(told)) {
        role_say_kept(watch->role);
        return;
    }
    arena_destroy(&watch->held_arena);
    watch->held_arena = arena_create(HELD_BYTES_MAX);
    record_copy(message_kind(MESSAGE_EVENT)->type, told, watch->held_arena, &watch->held);
    write_held(watch, at);
}

static void receive_metrics(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct watch *watch = context;
    counts_take(watch->counts, speaker(message), message->object, at->now);
}

/* Questions of the pages */

static struct slice id_of(struct slice json, struct arena *arena)
{
    AUTO_JSON object = NULL;
    struct problem why;
    return json_read(json, &object, &why) == ST_OK ? arena_copy(arena, json_text(object, "id")) : SLICE_NONE;
}

enum status watch_command(struct watch *watch, const struct command *command, const struct moment *at,
                          struct arena *arena, struct slice *json, struct problem *why)
{
    return watch_answer(watch, command->name, id_of(command->json, arena), at, arena, json, why);
}

/* {"ask": "alert.end", "id": …}: who runs the machine may. */
static void answer_desk(void *context, struct desk_caller *caller, struct slice question, const struct moment *at)
{
    struct watch *watch = context;
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    AUTO_JSON object = NULL;
    struct slice json;
    struct problem why;
    enum status status = json_read(question, &object, &why);
    if (status == ST_OK && slice_starts(json_text(object, "ask"), LIT("log."))) {
        watch->on_log(watch->log_context, caller, object, at);
        return;
    }
    if (status == ST_OK)
        status = watch_answer(watch, json_text(object, "ask"), json_text(object, "id"), at, arena, &json, &why);
    if (status != ST_OK) {
        desk_fail(caller, &why);
        return;
    }
    desk_say(caller, json);
    desk_end(caller);
}

/* Tending */

static void look_due(void *context, const struct moment *at)
{
    struct watch *watch = context;
    struct problem why;
    write_held(watch, at);
    if (watch->monitor != NULL && fine(watch, write_echoes(watch, &why), &why))
        fine(watch, tellers_look(watch->tellers, watch->monitor, at, &why), &why);
    loop_timer_after(watch->look, LOOK_MS);
}

static enum status tend(struct watch *watch, const struct moment *at, struct problem *why)
{
    const struct config *config = config_of(watch);
    int64_t now = at->now.us, day = 86400 * second_us;
    struct instant late = {now - config->alerts.escalate_minutes * 60 * second_us};
    struct instant quiet = {now - config->alerts.quiet_hours * 3600 * second_us};
    struct instant passed = {now - EXERCISE_MINUTES * 60 * second_us};
    size_t escalated;
    TRY(monitor_escalate(watch->monitor, late, exercise_kind(), tellers_ways(config), at->now, &escalated, why));
    TRY(monitor_end_quiet(watch->monitor, quiet, at->now, why));
    TRY(monitor_forget_kind(watch->monitor, exercise_kind(), passed, why));
    TRY(counts_tend(watch->counts, watch->monitor, at->now, why));
    if (now - watch->forgotten.us < day)
        return ST_OK;
    watch->forgotten = at->now;
    return monitor_forget(watch->monitor, (struct instant){now - KEPT_DAYS * day}, why);
}

static void tend_due(void *context, const struct moment *at)
{
    struct watch *watch = context;
    struct problem why;
    if (watch->monitor != NULL)
        fine(watch, tend(watch, at, &why), &why);
    loop_timer_after(watch->tend, TEND_MS);
}

/* Opening: of two versions in an upgrade the later one waits until the other has ended. */
static void open_due(void *context, const struct moment *at)
{
    struct watch *watch = context;
    AUTO_ARENA arena = arena_create(16 * 1024);
    struct problem why;
    struct slice folder = config_of(watch)->folders.log;
    const char *path = arena_format(arena, "%.*s/logd.db", SLICE_ARG(folder)).data;
    (void)at;
    mode_t before = umask(077);
    enum status status = monitor_open(&sqlite_driver, path, &watch->monitor, &why);
    umask(before);
    if (!fine(watch, status, &why)) {
        loop_timer_after(watch->open, OPEN_AGAIN_MS);
        return;
    }
    loop_timer_after(watch->look, 0);
    loop_timer_after(watch->tend, LOOK_MS);
}

enum status watch_create(struct role *role, watch_log_fn *on_log, void *context, struct watch **out,
                         struct problem *why)
{
    struct watch *watch = must_calloc(1, sizeof *watch);
    struct loop *loop = role_loop(role);
    watch->role = role;
    watch->on_log = on_log;
    watch->log_context = context;
    watch->open = loop_timer_create(loop, open_due, watch);
    watch->look = loop_timer_create(loop, look_due, watch);
    watch->tend = loop_timer_create(loop, tend_due, watch);
    watch->counts = counts_create(role);
    enum status status = tellers_create(role, &watch->tellers, why);
    if (status == ST_OK)
        status = desk_create(role, answer_desk, watch, &watch->desk, why);
    if (status != ST_OK) {
        watch_destroy(&watch);
        return status;
    }
    role_handle(role, MESSAGE_EVENT, receive_event, watch);
    role_handle(role, MESSAGE_METRICS, receive_metrics, watch);
    role_on_told(role, take_told, watch);
    watch_probes_add(role, watch);
    *out = watch;
    return ST_OK;
}

void watch_begin(struct watch *watch)
{
    watch->begun = loop_moment(role_loop(watch->role))->now;
    loop_timer_after(watch->open, 0);
}

void watch_destroy(struct watch **out)
{
    struct watch *watch = *out;
    if (watch == NULL)
        return;
    arena_destroy(&watch->held_arena);
    for (size_t i = 0; i < watch->echo_count; i++)
        arena_destroy(&watch->echoes[i].arena);
    desk_destroy(&watch->desk);
    tellers_destroy(&watch->tellers);
    counts_destroy(&watch->counts);
    monitor_destroy(&watch->monitor);
    loop_timer_destroy(&watch->open);
    loop_timer_destroy(&watch->look);
    loop_timer_destroy(&watch->tend);
    free(watch);
    *out = NULL;
}

/* Questions */

struct monitor *watch_monitor(const struct watch *watch)
{
    return watch->monitor;
}

const struct counts *watch_counts(const struct watch *watch)
{
    return watch->counts;
}

int64_t watch_age_ms(const struct watch *watch, struct instant now)
{
    return (now.us - watch->begun.us) / 1000;
}

bool watch_expects(const struct watch *watch, enum role_id role)
{
    return role_is_wanted(config_of(watch), role);
}

uint32_t watch_pace(const struct watch *watch)
{
    return config_of(watch)->trust.pace;
}

static enum status list(struct watch *watch, struct instant now, struct arena *arena, struct slice *json,
                        struct problem *why)
{
    struct alert_list alerts = {0};
    TRY(monitor_list(watch->monitor, (struct instant){now.us - ENDED_SHOWN_DAYS * 86400 * second_us}, exercise_kind(),
                     arena, &alerts, why));
    *json = alert_list_json(&alerts, arena);
    return ST_OK;
}

enum status watch_answer(struct watch *watch, struct slice ask, struct slice id, const struct moment *at,
                         struct arena *arena, struct slice *json, struct problem *why)
{
    *json = LIT("{\"status\":\"ok\"}");
    if (watch->monitor == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the database of alerts is not open");
    if (slice_equal(ask, LIT("alert.list")))
        return list(watch, at->now, arena, json, why);
    if (slice_equal(ask, LIT("alert.acknowledge")))
        return monitor_acknowledge(watch->monitor, id, at->now, why);
    if (slice_equal(ask, LIT("alert.end")))
        return monitor_end(watch->monitor, id, at->now, why);
    if (slice_equal(ask, LIT("metrics.text")))
        return counts_text(watch->counts, at->now, arena, json);
    if (slice_equal(ask, LIT("metrics.page")))
        return counts_page(watch->counts, watch->monitor, at->now, arena, json, why);
    return problem_set(why, ST_NOT_FOUND, "no such question");
}
