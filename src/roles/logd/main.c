/* logd's process: what roles say for the log is written to disk before they hear that it is; a
 * checkpoint is signed a few seconds after each entry, and every minute. It is the only one that
 * writes the log's folder, and reads nothing but what it wrote. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/eventlog/kinds.h"
#include "roles/logd/admit.h"
#include "roles/logd/ask.h"
#include "roles/logd/pace.h"
#include "roles/logd/publishers.h"
#include "roles/logd/release.h"
#include "roles/logd/watch.h"
#include "roles/logd/witnesses.h"
#include "roles/messages/key_port.h"
#include "roles/messages/mains.h"
#include "roles/messages/probe.h"

enum {
    ASK_MS = 2000,
    AGAIN_MS = 200,         /* another process still writes: that of the version before */
    REFUSED_MS = 5000,
    ANSWERS_MAX = 16,
    TAKEN_MAX = 8192,       /* more are written at once */
    MEMORY_BYTES_MAX = 1 << 30,
    KEY_ARENA_BYTES = 64 * 1024,
    DNS_PORT = 53,
    ASKED_BYTES_MAX = 64 << 20,
    CALLERS_TAKEN = 1 << 14, /* whoever runs the service, and auditors: 250 questions a second */
};

/* Who may say what is of which source: a role cannot speak for another. */
static const struct source_row {
    enum role_id role;
    const char *name;
    bool lasting; /* the source is just that; else "NAME.BOOT" */
} source_rows[] = {
    { ROLE_PLANNER, "store",    true },
    { ROLE_AUTHD,   "identity", true },
    { ROLE_TRUST,   "trust",    true },
    { ROLE_KEYD,    "keyd",     false },
    { ROLE_ARCHIVE, "archive",  false },
    { ROLE_CONSOLE, "console",  false },
};

/* Who waits to hear that a source is on disk. */
struct waiting {
    enum role_id role;
    char source[LOG_SOURCE_BYTES_MAX + 1];
};

struct logd {
    struct role *role;
    const char *folder;
    struct slice release; /* what serves from now on */
    struct secret *seed;
    struct watch *watch;  /* alerts and metrics: goes on without the book */
    struct logbook *book; /* NULL: not open (yet) */
    enum status refused;  /* why not, as it was told */
    unsigned keyless;     /* tries in which keyd did not give the seed */
    struct waiting answers[ANSWERS_MAX];
    size_t answer_count;
    struct loop_timer *open, *commit, *publish;
    struct witnesses *witnesses;
    struct caller_port *callers;
    struct log_looks looks;
    struct pace pace;
    struct publishers *publishers;
    bool stopping;
};

static void tell_refused(struct logd *logd, const struct problem *why)
{
    if (logd->refused != why->status)
        event_log(EVENT_LOG_REFUSED, field_status(why->status), field_problem(why));
    logd->refused = why->status;
}

/* Opening */

static enum status get_seed(struct logd *logd, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(KEY_ARENA_BYTES);
    struct key_ask ask = {.purpose = KEY_FOR_LOG};
    struct key_given given;
    return logd->seed != NULL ? ST_OK
                              : key_port_ask(logd->role, &ask, ASK_MS, arena, &given, &logd->seed, why);
}

/* Once for each release: what was said last lies beside the log. */
static enum status note_release(struct logd *logd, struct problem *why)
{
    AUTO_ARENA arena = arena_create(KEY_ARENA_BYTES);
    struct slice last = SLICE_NONE;
    const char *path = arena_format(arena, "%s/release", logd->folder).data;
    if (file_read(path, LOG_IDS_BYTES_MAX, arena, &last, NULL) == ST_OK && slice_equal(last, logd->release))
        return ST_OK;
    logbook_say(logd->book, slice_from(log_kind_name(LOG_RELEASE_BEGAN)), logd->release, clock_now());
    TRY(logbook_commit(logd->book, why));
    return file_write_durably(path, logd->release, 0600, why);
}

static enum status open_book(struct logd *logd, struct problem *why)
{
    AUTO_ARENA arena = arena_create(KEY_ARENA_BYTES);
    TRY(get_seed(logd, why));
    TRY(logbook_open(logd->folder, logbook_origin(role_config(logd->role)->public_url, arena),
                     logd->seed, &logd->book, why));
    enum status status = note_release(logd, why);
    if (status != ST_OK) {
        logbook_close(&logd->book);
        return status;
    }
    logd->refused = ST_OK;
    event_log(EVENT_LOG_OPENED,
              field_number(KEY_COUNT, (int64_t)ledger_size(logbook_ledger(logd->book))));
    return ST_OK;
}

/* Looks again when the next checkpoint is due. */
static void plan_publish(struct logd *logd)
{
    if (!logd->pace.publishing)
        loop_timer_set(logd->publish, logd->pace.due);
}

/* The next one, sooner while somebody at the desk waits for it. */
static void hurry(struct logd *logd)
{
    if (publishers_wait(logd->publishers))
        pace_hurry(&logd->pace, loop_moment(role_loop(logd->role))->clock);
    plan_publish(logd);
}

static void open_due(void *context, const struct moment *at)
{
    struct logd *logd = context;
    struct problem why;
    enum status status = open_book(logd, &why);
    if (status == ST_OK) {
        pace_open(&logd->pace, at->clock);
        plan_publish(logd);
        return;
    }
    /* keyd may just be starting: that is nobody's business until it lasts. */
    bool passing = logd->seed == NULL && logd->keyless++ == 0;
    if (status != ST_CONFLICT && !passing)
        tell_refused(logd, &why);
    loop_timer_after(logd->open, status == ST_CONFLICT ? AGAIN_MS : REFUSED_MS);
}

/* After a failure of the disk nothing is known but what is read from it again. */
static void close_book(struct logd *logd, const struct problem *why)
{
    tell_refused(logd, why);
    witnesses_stop(logd->witnesses);
    logd->pace.publishing = false;
    logbook_close(&logd->book);
    loop_timer_stop(logd->publish);
    loop_timer_after(logd->open, REFUSED_MS);
}

/* Entries */

static void answer_one(struct logd *logd, enum role_id role, struct slice source)
{
    struct problem why;
    struct log_kept kept = {source, logbook_kept(logd->book, source)};
    struct ipc_channel *channel = role_channel(logd->role, role);
    /* One that is gone, also just now, asks when it is back: nobody need hear of it. */
    if (ipc_is_open(channel) && ipc_send(channel, MESSAGE_LOG_KEPT, &kept, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

static void commit(struct logd *logd)
{
    struct problem why;
    bool some = logd->book != NULL && logbook_taken(logd->book) > 0;
    enum status status = logd->book == NULL ? ST_UNAVAILABLE : logbook_commit(logd->book, &why);
    for (size_t i = 0; i < logd->answer_count && status == ST_OK; i++)
        answer_one(logd, logd->answers[i].role, slice_from(logd->answers[i].source));
    logd->answer_count = 0;
    if (status == ST_OK && some) {
        pace_entries(&logd->pace, loop_moment(role_loop(logd->role))->clock);
        hurry(logd);
    }
    if (status == ST_UNAVAILABLE && logd->book != NULL)
        close_book(logd, &why); /* ST_LIMIT: it is said again */
}

static void commit_due(void *context, const struct moment *at)
{
    (void)at;
    commit(context);
}

static const struct source_row *find_row(struct logd *logd, const struct ipc_message *message,
                                         struct slice source)
{
    for (size_t i = 0; i < sizeof source_rows / sizeof *source_rows; i++) {
        const struct source_row *row = &source_rows[i];
        struct slice name = slice_from(row->name);
        bool named = row->lasting ? slice_equal(source, name)
                                  : slice_starts(source, name) && source.len > name.len + 1 &&
                                        source.data[name.len] == '.' && source.len <= LOG_SOURCE_BYTES_MAX;
        if (named && message->channel == role_channel(logd->role, row->role))
            return row;
    }
    return NULL;
}

static void want_answer(struct logd *logd, enum role_id role, struct slice source)
{
    for (size_t i = 0; i < logd->answer_count; i++)
        if (logd->answers[i].role == role && slice_equal(source, slice_from(logd->answers[i].source)))
            return;
    if (logd->answer_count == ANSWERS_MAX)
        commit(logd);
    struct waiting *answer = &logd->answers[logd->answer_count++];
    *answer = (struct waiting){.role = role};
    memcpy(answer->source, source.data, source.len);
}

/* Everything that comes in one turn of the loop is one write. */
static void receive_append(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct logd *logd = context;
    const struct log_append *append = message->object;
    const struct source_row *row = find_row(logd, message, append->source);
    if (row == NULL) {
        event_log(EVENT_LOG_LINE_REFUSED, field_text(KEY_CHANNEL, ipc_name(message->channel)));
        return;
    }
    if (logd->book == NULL)
        return; /* it is said again */
    if (append->back)
        event_log(EVENT_LOG_RESTORED, field_id(KEY_SOURCE, append->source));
    logbook_take(logd->book, append, row->lasting, at->now);
    want_answer(logd, row->role, append->source);
    if (logbook_taken(logd->book) >= TAKEN_MAX)
        commit(logd);
    else
        loop_timer_after(logd->commit, 0);
}

/* Checkpoints */

static void published(struct logd *logd)
{
    publishers_end(logd->publishers, ledger_published(logbook_ledger(logd->book)));
    hurry(logd);
    if (logd->stopping)
        role_stop(logd->role);
}

static void finish(void *context, struct slice lines, const struct moment *at)
{
    struct logd *logd = context;
    struct problem why;
    pace_end(&logd->pace, at->clock);
    enum status status = ledger_finish(logbook_ledger(logd->book), lines, &why);
    if (status == ST_OK && logd->pace.covers)
        status = logbook_save(logd->book, &why);
    if (status != ST_OK)
        close_book(logd, &why);
    else
        published(logd);
}

/* What comes while witnesses are asked is for the next one. */
static void publish(struct logd *logd, const struct moment *at)
{
    struct problem why;
    struct slice checkpoint;
    struct ledger *ledger = logbook_ledger(logd->book);
    publishers_begin(logd->publishers, logd->book);
    if (ledger_prepare(ledger, true, &checkpoint, &why) != ST_OK) {
        close_book(logd, &why);
        return;
    }
    pace_begin(&logd->pace, at->clock);
    if (witnesses_count(logd->witnesses) == 0)
        finish(logd, SLICE_NONE, at);
    else
        witnesses_ask(logd->witnesses, ledger, checkpoint, ledger_size(ledger), finish, logd);
}

static void publish_due(void *context, const struct moment *at)
{
    struct logd *logd = context;
    if (logd->book == NULL)
        return;
    if (pace_is_due(&logd->pace, at->clock))
        publish(logd, at);
    else
        plan_publish(logd);
}

static struct log_answerer answerer(struct logd *logd, struct arena *arena)
{
    const struct config *config = role_config(logd->role);
    return (struct log_answerer){logd->book, logbook_origin(config->public_url, arena), logd->seed, config->log.witnesses,
                                 &logd->looks};
}

/* "newest_entry KIND SOURCE": how many seconds ago a source whose name begins so wrote one. Fact "age_s"; fails with
 * "no_entry". */
static enum status probe_newest(struct probe *probe, void *context, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ASKED_BYTES_MAX);
    struct log_answerer from = answerer(context, arena);
    struct slice asked = probe_argument(probe);
    size_t space = slice_find(asked, LIT(" "), 0);
    struct slice source = space == SIZE_MAX ? SLICE_NONE : slice_sub(asked, space + 1, asked.len);
    struct instant at;
    enum status found = log_newest(&from, slice_sub(asked, 0, space), source, &at, why);
    if (found == ST_NOT_FOUND)
        return probe_fails(probe, "no_entry");
    TRY(found);
    probe_fact(probe, "age_s", "%lld", (long long)((probe_moment(probe)->now.us - at.us) / 1000000));
    return probe_holds(probe);
}

/* "others_entries": who asks for one organisation's entries gets none of another's. */
static enum status probe_others(struct probe *probe, void *context, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ASKED_BYTES_MAX);
    struct log_answerer from = answerer(context, arena);
    size_t named, wrong;
    TRY(log_try_others(&from, arena, &named, &wrong, why));
    probe_fact(probe, "named", "%zu", named);
    return wrong == 0 ? probe_holds(probe) : probe_fails(probe, "others_shown");
}

/* {"ask": "log.publish", …} at the desk. Roles hand over what is new within a second. */
static void publish_for(void *context, struct desk_caller *caller, const json_t *question, const struct moment *at)
{
    struct logd *logd = context;
    struct problem why;
    if (!slice_equal(json_text(question, "ask"), LIT("log.publish"))) {
        problem_set(&why, ST_NOT_FOUND, "no such question");
        desk_fail(caller, &why);
        return;
    }
    publishers_add(logd->publishers, caller, json_number(question, "store", 0), json_number(question, "identity", 0), at);
    if (logd->book != NULL)
        hurry(logd);
}

static enum status run_command(struct logd *logd, const struct ipc_message *message, const struct moment *at,
                               struct arena *arena, struct slice *out)
{
    struct command command = *(const struct command *)message->object;
    struct problem why = {0};
    enum status status;
    TRY(logd_admit(logd->role, logd->callers, message, at, arena, &command.json, out));
    if (slice_starts(command.name, LIT("log."))) {
        struct log_answerer from = answerer(logd, arena);
        status = log_command(&from, command.name, command.json, arena, out, &why);
    } else {
        status = watch_command(logd->watch, &command, at, arena, out, &why);
    }
    if (status != ST_OK)
        *out = log_detail(&why, arena);
    return status;
}

static void receive_command(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct logd *logd = context;
    AUTO_ARENA arena = arena_create(ASKED_BYTES_MAX);
    struct answer answer = {0};
    struct problem why;
    answer.status = run_command(logd, message, at, arena, &answer.json);
    if (ipc_answer(message, MESSAGE_ANSWER, &answer, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

/* What authd asserted of them before counts no more; nothing else here is anybody's. */
static void receive_person_ended(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct logd *logd = context;
    const struct person_ended *word = message->object;
    struct person_ended_done done = {.id = word->id};
    struct problem why;
    caller_port_end(logd->callers, word->person, word->session, word->at, at->now);
    if (ipc_send(message->channel, MESSAGE_PERSON_ENDED_DONE, &done, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

/* The process */

/* The last entries get their checkpoint, with witnesses if they answer: two seconds at most. */
static void stop(void *context)
{
    struct logd *logd = context;
    commit(logd);
    if (logd->stopping || logd->book == NULL || (!logd->pace.fresh && !logd->pace.publishing)) {
        role_stop(logd->role);
        return;
    }
    logd->stopping = true;
    if (!logd->pace.publishing)
        publish(logd, loop_moment(role_loop(logd->role)));
}

enum status logd_main(struct role *role, struct problem *why)
{
    static struct logd logd;
    logd.role = role;
    logd.folder = arena_text(role_arena(role), role_config(role)->folders.log);
    logd.open = loop_timer_create(role_loop(role), open_due, &logd);
    logd.commit = loop_timer_create(role_loop(role), commit_due, &logd);
    logd.publish = loop_timer_create(role_loop(role), publish_due, &logd);
    struct sandbox_rules rules = {
        .paths = {{logd.folder, SANDBOX_WRITE}},
        .memory_bytes_max = MEMORY_BYTES_MAX,
    };
    TRY(witnesses_create(role_loop(role), role_config(role)->log.witnesses, &logd.witnesses, why));
    bool hooks = role_config(role)->alerts.webhook.len > 0; /* whose port may be any */
    if (witnesses_count(logd.witnesses) == 0 && !hooks)
        rules.may_not = MAY_CONNECT;
    else if (!hooks)
        rules.connect_ports[witnesses_ports(logd.witnesses, rules.connect_ports, WITNESSES_MAX)] = DNS_PORT;
    role_handle(role, MESSAGE_LOG_APPEND, receive_append, &logd);
    role_handle(role, MESSAGE_COMMAND, receive_command, &logd);
    role_handle(role, MESSAGE_PERSON_ENDED, receive_person_ended, &logd);
    role_on_stop(role, stop, &logd);
    role_on_probe(role, "others_entries", probe_others, &logd);
    role_on_probe(role, "newest_entry", probe_newest, &logd);
    logd.release = release_ids(role_arena(role));
    umask(022); /* everybody may read the log */
    logd.publishers = publishers_create(role_loop(role));
    logd.callers = caller_port_create(role, KEY_FOR_WATCHERS, CALLERS_TAKEN);
    TRY(watch_create(role, publish_for, &logd, &logd.watch, why));
    TRY(role_enter(role, &rules, why));
    watch_begin(logd.watch);
    loop_timer_after(logd.open, 0);
    enum status status = role_run(role, why);
    publishers_destroy(&logd.publishers);
    watch_destroy(&logd.watch);
    witnesses_destroy(&logd.witnesses);
    caller_port_destroy(&logd.callers);
    logbook_close(&logd.book);
    secret_destroy(&logd.seed);
    return status;
}
