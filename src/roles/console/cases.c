#include "roles/console/cases.h"

#include <stdlib.h>
#include <string.h>

#include "base/eventlog/kinds.h"
#include "formats/json/json.h"
#include "roles/console/shown.h"
#include "roles/messages/held.h"
#include "roles/messages/journal.h"
#include "roles/messages/seldom.h"

enum { ARENA_BYTES_MAX = 16 << 20, LAST_WORDS_MS = 2000 };

struct cases {
    struct role *role;
    struct web_service *service;
    struct journal *journal;
    struct held *held;
    struct shown_list *shown;
    struct seldom strangers;
};

/* One request of a browser on its way. In an arena of its own, wiped. */
struct asking {
    struct cases *cases;
    struct arena *arena;
    struct web_credentials credentials;
    struct shown_by by;
    const char *command;
    struct slice purpose;       /* of an opening, as the person says it */
    bool shows;                 /* what is taken is to be shown with the same answer */
    struct slice taken;         /* the planner's words of what was taken, once it was; the rest of the way may come to nothing */
    enum case_part part;        /* what was given */
    struct lease_ask lease;     /* meeting, organisation, keys */
    struct sealed sealed;
    struct slice queue;         /* as the planner told it, by accounts' ids */
};

static struct asking *begin(struct cases *cases, const struct web_question *question)
{
    struct arena *arena = arena_create_wiped(ARENA_BYTES_MAX);
    struct asking *asking = ARENA_NEW(arena, struct asking);
    const struct web_credentials *given = &question->credentials;
    AUTO_JSON json = NULL;
    *asking = (struct asking){.cases = cases, .arena = arena, .command = question->command};
    asking->credentials = (struct web_credentials){.session = arena_copy(arena, given->session),
                                                   .address = arena_copy(arena, given->address),
                                                   .agent = arena_copy(arena, given->agent),
                                                   .certificate = arena_copy(arena, given->certificate)};
    asking->by.person = arena_copy(arena, question->person);
    asking->by.session = arena_copy(arena, given->session);
    if (json_read(question->json, &json, NULL) == ST_OK) {
        asking->by.task = arena_copy(arena, json_text(json, "task"));
        /* Of an opening alone, where the planner takes none that is no word of its own: this goes into the log. */
        if (strcmp(question->command, "case.part") == 0)
            asking->purpose = arena_copy(arena, json_text(json, "purpose"));
        asking->shows = strcmp(question->command, "case.take") == 0 && json_flag(json, "show", false);
    }
    return asking;
}

static void finish(struct asking *asking)
{
    struct arena *arena = asking->arena;
    arena_destroy(&arena);
}

static void answer(struct asking *asking, uint64_t ticket, enum status status, struct slice json)
{
    web_answer(web_service_server(asking->cases->service), ticket, status, json);
    finish(asking);
}

/* Whoever took a task has it, although it cannot be shown at the moment: they ask again, and hear why. */
static bool answer_taken(struct asking *asking, uint64_t ticket)
{
    if (asking->taken.len == 0)
        return false;
    answer(asking, ticket, ST_OK, asking->taken);
    return true;
}

/* detail, code: fixed words */
static void refuse(struct asking *asking, uint64_t ticket, enum status status, const char *code, const char *detail)
{
    if (answer_taken(asking, ticket))
        return;
    AUTO_JSON json = json_pack("{s:s, s:s}", "code", code, "detail", detail);
    answer(asking, ticket, status, json_write(json, asking->arena));
}

static void fail(struct asking *asking, uint64_t ticket, const struct problem *why)
{
    if (answer_taken(asking, ticket))
        return;
    AUTO_JSON json = json_pack("{s:s}", "detail", why->detail);
    answer(asking, ticket, why->status, json_write(json, asking->arena));
}

/* What is shown no longer */

/* The log hears who saw what for how long; keyd gets the key back, unless it has ended the lease itself. */
static void end_shown(void *context, const struct shown *shown, bool give_back)
{
    struct cases *cases = context;
    const struct moment *at = loop_moment(role_loop(cases->role));
    AUTO_ARENA arena = arena_create(8192);
    struct problem why;
    struct slice ids = arena_format(arena, "task=%s meeting=%s organisation=%s part=%s purpose=%s person=%s seconds=%lld",
                                    shown->task, shown->meeting, shown->organisation, case_parts[shown->part].name,
                                    shown->purpose, shown->person, (long long)shown_seconds(shown, at->clock));
    (void)journal_say(cases->journal, LOG_CASE_SHOWN, ids, at, NULL);
    struct lease_end word = {slice_from(shown->lease), LIT("given_back")};
    if (!give_back || word.lease.len == 0)
        return;
    (void)held_end(cases->held, word.lease);
    if (ipc_send(role_channel(cases->role, ROLE_KEYD), MESSAGE_LEASE_END, &word, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

void cases_stranger(void *context, struct slice certificate)
{
    struct cases *cases = context;
    const struct moment *at = loop_moment(role_loop(cases->role));
    AUTO_ARENA arena = arena_create(4096);
    if (!seldom_may(&cases->strangers, certificate, at->clock.ms))
        return;
    struct slice ids = certificate.len == 0 ? LIT("certificate=- cause=none")
                                            : arena_format(arena, "certificate=%.*s cause=unsigned", SLICE_ARG(certificate));
    (void)journal_say(cases->journal, LOG_DEVICE_REFUSED, ids, at, NULL);
}

/* keyd says so: its time, the meeting's end, the person's, or that they were paused. */
static void on_lease_end(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct cases *cases = context;
    const struct lease_end *word = message->object;
    (void)at;
    (void)held_end(cases->held, word->lease);
    shown_end_lease(cases->shown, word->lease);
}

/* Opening a part */

/* Both are objects: {"task", …, "case": {…}} of what was taken with what is shown of it. */
static void answer_part(struct asking *asking, uint64_t ticket, struct slice part)
{
    if (asking->taken.len > 0)
        part = arena_format(asking->arena, "%.*s,\"case\":%.*s}", (int)asking->taken.len - 1, asking->taken.data, SLICE_ARG(part));
    answer(asking, ticket, ST_OK, part);
}

static void open_part(struct asking *asking, uint64_t ticket, const struct secret *key, const struct moment *at)
{
    struct cases *cases = asking->cases;
    const struct lease_ask *lease = &asking->lease;
    struct seal_place place =
        vault_part_place(lease->organisation, lease->meeting, slice_from(case_parts[asking->part].name));
    struct problem why;
    struct slice plain;
    enum status status = vault_open(key, &place, asking->sealed, asking->arena, &plain, &why);
    if (status != ST_OK) {
        event_log(EVENT_CASE_UNOPENED, field_status(status), field_problem(&why),
                  field_id(KEY_MEETING, lease->meeting));
        refuse(asking, ticket, ST_UNAVAILABLE, "lease", "this part does not open");
        return;
    }
    struct slice purpose = asking->purpose.len > 0 ? asking->purpose : LIT("handle");
    if (shown_begin(cases->shown, &asking->by, lease, asking->part, purpose, at->clock))
        answer_part(asking, ticket, plain);
    else
        refuse(asking, ticket, ST_LIMIT, "busy", "too much is open in the room");
}

/* keyd's words for why not; those that a page can do something about are told. */
static const char *refusal_of(struct slice word)
{
    static const char *const told[] = {"over", "paused", "not_assigned", "network", "factor", "function", "ended"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (slice_equal(word, slice_from(told[i])))
            return told[i];
    return "lease";
}

static struct held_of held_of(const struct asking *asking)
{
    return (struct held_of){asking->by.person, asking->lease.meeting, asking->part};
}

static void got_lease(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct lease_given *given = object;
    const struct held_of of = held_of(asking);
    const struct secret *key = NULL;
    struct problem why;
    if (given == NULL || given->status == ST_UNAVAILABLE)
        refuse(asking, ticket, ST_UNAVAILABLE, "lease", "keys cannot be lent at the moment");
    else if (given->status != ST_OK)
        refuse(asking, ticket, ST_DENIED, refusal_of(given->problem), "no key is lent for this");
    else if (held_take(asking->cases->held, given, &of, at, &why) != ST_OK ||
             held_key(asking->cases->held, &of, at, &key, &why) != ST_OK)
        fail(asking, ticket, &why);
    else {
        asking->by.lease = given->lease;
        open_part(asking, ticket, key, at);
    }
}

/* What authd refuses is refused; the person hears why. */
static void pass_on(struct asking *asking, uint64_t ticket, const struct answer *said)
{
    if (answer_taken(asking, ticket))
        return;
    web_service_pass(asking->cases->service, ticket, said);
    finish(asking);
}

static void got_assertion(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    struct problem why;
    (void)at;
    if (said == NULL || said->status != ST_OK) {
        pass_on(asking, ticket, said);
        return;
    }
    asking->lease.assertion = arena_copy(asking->arena, said->assertion);
    if (web_service_call(asking->cases->service, ROLE_KEYD, MESSAGE_LEASE_ASK, &asking->lease, ticket, got_lease, asking,
                         &why) != ST_OK)
        fail(asking, ticket, &why);
}

/* One more question on the way of the same request. */
static void ask_further(struct asking *asking, uint64_t ticket, const struct web_question *question, web_answered_fn *heard)
{
    struct problem why;
    struct command command = web_command_of(question);
    enum role_id peer = question->peer == WEB_PLANNER ? ROLE_PLANNER : ROLE_AUTHD;
    if (web_service_call(asking->cases->service, peer, MESSAGE_COMMAND, &command, ticket, heard, asking, &why) != ST_OK)
        fail(asking, ticket, &why);
}

static void ask_assertion(struct asking *asking, uint64_t ticket)
{
    AUTO_JSON json = json_pack("{s:o, s:o, s:o}", "meeting", json_from_text(asking->lease.meeting), "client",
                               json_from_text(asking->lease.organisation), "purpose",
                               json_from_text(asking->lease.purpose));
    struct web_question question = {.peer = WEB_AUTHD, .command = "lease.assert", .right = "requests.read",
                                    .json = json_write(json, asking->arena), .credentials = asking->credentials};
    ask_further(asking, ticket, &question, got_assertion);
}

static enum status read_bytes(const json_t *json, const char *name, struct arena *arena, struct slice *out)
{
    return base64url_decode(json_text(json, name), arena, out);
}

/* What the planner gave: ids, wrapped keys, and the part. */
static enum status read_given(struct asking *asking, const json_t *json, struct problem *why)
{
    struct arena *arena = asking->arena;
    struct lease_ask *lease = &asking->lease;
    asking->part = case_part_from_name(json_text(json, "part"));
    if (asking->part == CASE_PART_COUNT_ ||
        read_bytes(json, "organisation_key", arena, &lease->organisation_key) != ST_OK ||
        read_bytes(json, "wrapped", arena, &lease->wrapped) != ST_OK ||
        read_bytes(json, "sealed", arena, &asking->sealed.bytes) != ST_OK)
        return problem_set(why, ST_UNAVAILABLE, "the planner gave a part that is none");
    lease->purpose = slice_from(key_purpose_names[case_parts[asking->part].purpose]);
    lease->organisation = arena_copy(arena, json_text(json, "organisation"));
    lease->meeting = arena_copy(arena, json_text(json, "meeting"));
    lease->organisation_version = (uint32_t)json_number(json, "organisation_version", 0);
    lease->version = (uint32_t)json_number(json, "version", 0);
    return ST_OK;
}

/* Of a task without a request there is nothing sealed. */
static void take_given(struct asking *asking, uint64_t ticket, const json_t *json, const struct moment *at)
{
    const struct secret *key = NULL;
    struct problem why;
    if (!json_is_string(json_object_get(json, "sealed"))) {
        const json_t *plain = json_object_get(json, "case");
        answer_part(asking, ticket, json_write(plain != NULL ? plain : json, asking->arena));
        return;
    }
    if (read_given(asking, json, &why) != ST_OK) {
        fail(asking, ticket, &why);
        return;
    }
    const struct held_of of = held_of(asking);
    if (shown_find(asking->cases->shown, &asking->by, asking->part) != NULL &&
        held_key(asking->cases->held, &of, at, &key, NULL) == ST_OK)
        open_part(asking, ticket, key, at);
    else
        ask_assertion(asking, ticket);
}

static void got_part(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    AUTO_JSON json = NULL;
    if (said != NULL && said->status == ST_OK && json_read(said->json, &json, NULL) == ST_OK) {
        take_given(asking, ticket, json, at);
        return;
    }
    /* It is somebody else's now, or over: nothing of it stays. */
    if (said != NULL && (said->status == ST_DENIED || said->status == ST_NOT_FOUND))
        shown_end_task(asking->cases->shown, &asking->by);
    pass_on(asking, ticket, said);
}

/* Taking one, and showing it with the same answer: the person waits for one way there and back, not for two */

static struct web_question question_of_taken(struct asking *asking)
{
    AUTO_JSON json = json_pack("{s:o}", "task", json_from_text(asking->by.task));
    return (struct web_question){.right = "requests.read", .json = json_write(json, asking->arena), .credentials = asking->credentials};
}

static void got_who(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    (void)at;
    if (said == NULL || said->status != ST_OK) {
        pass_on(asking, ticket, said);
        return;
    }
    struct web_question question = question_of_taken(asking);
    question.peer = WEB_PLANNER;
    question.command = "case.show";
    question.assertion = said->assertion;
    ask_further(asking, ticket, &question, got_part);
}

/* As the server does before it hands a question on (ask_who). */
static void show_taken(struct asking *asking, uint64_t ticket, const struct answer *said, const json_t *json)
{
    asking->taken = arena_copy(asking->arena, said->json);
    asking->by.task = arena_copy(asking->arena, json_text(json, "task"));
    struct web_question question = question_of_taken(asking);
    question.peer = WEB_AUTHD;
    question.command = "session.check";
    question.planned = "case.show";
    ask_further(asking, ticket, &question, got_who);
}

static void got_taken(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    AUTO_JSON json = NULL;
    (void)at;
    if (said != NULL && said->status == ST_OK && json_read(said->json, &json, NULL) == ST_OK && json_text(json, "task").len > 0)
        show_taken(asking, ticket, said, json);
    else
        pass_on(asking, ticket, said);
}

/* Everything else */

/* Commands after which the person has the task no more. */
static bool lets_go(const char *command)
{
    static const char *const names[] = {"case.decide", "case.propose",   "case.second", "case.opinion",
                                        "case.answer", "case.give_back", "case.hand_on"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(command, names[i]) == 0)
            return true;
    return false;
}

static void got_answer(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    (void)at;
    bool gone = said != NULL && (said->status == ST_DENIED || said->status == ST_NOT_FOUND);
    if (gone || (said != NULL && said->status == ST_OK && lets_go(asking->command)))
        shown_end_task(asking->cases->shown, &asking->by);
    pass_on(asking, ticket, said);
}

/* The queue of a lead: who has what, by name. Accounts are authd's, so it says them; of another house's it says nothing. */

static json_t *takers_of(const json_t *queue)
{
    json_t *out = json_array();
    size_t index;
    const json_t *task;
    json_array_foreach(json_object_get(queue, "open"), index, task)
    {
        json_t *taker = json_object_get(task, "taken_by");
        if (json_is_string(taker))
            json_array_append(out, taker);
    }
    return out;
}

static void put_names(json_t *queue, const json_t *names)
{
    size_t index;
    json_t *task;
    json_array_foreach(json_object_get(queue, "open"), index, task)
    {
        const char *taker = json_string_value(json_object_get(task, "taken_by"));
        if (taker == NULL)
            continue;
        struct slice name = json_text(names, taker);
        json_object_set_new(task, "taken_by", json_from_text(name.len > 0 ? name : LIT("\u2026")));
    }
}

static void got_names(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    AUTO_JSON json = NULL;
    AUTO_JSON queue = NULL;
    (void)at;
    if (said == NULL || said->status != ST_OK || json_read(said->json, &json, NULL) != ST_OK ||
        json_read(asking->queue, &queue, NULL) != ST_OK) {
        pass_on(asking, ticket, said);
        return;
    }
    put_names(queue, json_object_get(json, "names"));
    answer(asking, ticket, ST_OK, json_write(queue, asking->arena));
}

static void got_queue(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    struct problem why;
    AUTO_JSON queue = NULL;
    (void)at;
    if (said == NULL || said->status != ST_OK || json_read(said->json, &queue, NULL) != ST_OK) {
        pass_on(asking, ticket, said);
        return;
    }
    AUTO_JSON wish = json_object();
    json_object_set_new(wish, "accounts", takers_of(queue));
    if (json_array_size(json_object_get(wish, "accounts")) == 0) {
        pass_on(asking, ticket, said);
        return;
    }
    asking->queue = arena_copy(asking->arena, said->json);
    struct web_question question = {.peer = WEB_AUTHD, .command = "account.names", .right = "requests.assign",
                                    .json = json_write(wish, asking->arena), .credentials = asking->credentials};
    struct command command = web_command_of(&question);
    if (web_service_call(asking->cases->service, ROLE_AUTHD, MESSAGE_COMMAND, &command, ticket, got_names, asking,
                         &why) != ST_OK)
        fail(asking, ticket, &why);
}

/* Whoever is refused, by themselves or for their device, sees nothing any more. */
static void got_check(void *context, uint64_t ticket, const void *object, const struct moment *at)
{
    struct asking *asking = context;
    const struct answer *said = object;
    (void)at;
    bool out = strcmp(asking->command, "logout") == 0;
    if (said != NULL && (said->status == ST_DENIED || (out && said->status == ST_OK)))
        shown_end_session(asking->cases->shown, asking->by.session);
    pass_on(asking, ticket, said);
}

/* Who takes the answer to which command. */
static web_answered_fn *taker_of(const struct asking *asking, bool planner)
{
    static const struct {
        const char *command;
        web_answered_fn *take;
    } rows[] = {
        {"case.show", got_part}, {"case.part", got_part}, {"case.preview", got_part}, {"case.queue", got_queue},
    };
    if (!planner)
        return got_check;
    if (asking->shows)
        return got_taken;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(asking->command, rows[i].command) == 0)
            return rows[i].take;
    return got_answer;
}

/* {"part"}: that one is shown no longer; without it, nothing of the task is. Nobody else is asked. */
static enum status close_part(struct cases *cases, uint64_t ticket, const struct web_question *question)
{
    struct asking *asking = begin(cases, question);
    AUTO_JSON json = NULL;
    if (json_read(question->json, &json, NULL) == ST_OK && json_text(json, "part").len > 0)
        shown_end_part(cases->shown, &asking->by, case_part_from_name(json_text(json, "part")));
    else
        shown_end_task(cases->shown, &asking->by);
    answer(asking, ticket, ST_OK, LIT("{}"));
    return ST_OK;
}

enum status cases_ask(void *context, uint64_t ticket, const struct web_question *question, struct problem *why)
{
    struct cases *cases = context;
    bool planner = question->peer == WEB_PLANNER;
    if (planner && strcmp(question->command, "case.close") == 0)
        return close_part(cases, ticket, question);
    struct asking *asking = begin(cases, question);
    struct command command = web_command_of(question);
    enum status status = web_service_call(cases->service, planner ? ROLE_PLANNER : ROLE_AUTHD, MESSAGE_COMMAND, &command,
                                          ticket, taker_of(asking, planner), asking, why);
    if (status != ST_OK)
        finish(asking);
    return status;
}

struct cases *cases_create(struct role *role)
{
    struct cases *cases = must_calloc(1, sizeof *cases);
    cases->role = role;
    cases->journal = journal_create(role);
    cases->held = held_create();
    cases->shown = shown_create(end_shown, cases);
    role_handle(role, MESSAGE_LEASE_END, on_lease_end, cases);
    return cases;
}

void cases_serve(struct cases *cases, struct web_service *service)
{
    cases->service = service;
    web_service_hear(service, MESSAGE_LEASE);
}

void cases_end(struct cases *cases)
{
    shown_end_all(cases->shown);
    journal_settle(cases->journal, LAST_WORDS_MS);
}

void cases_destroy(struct cases **cases)
{
    if (*cases == NULL)
        return;
    shown_destroy(&(*cases)->shown);
    held_destroy(&(*cases)->held);
    journal_destroy(&(*cases)->journal);
    free(*cases);
    *cases = NULL;
}
