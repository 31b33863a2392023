/* A call from its question to its answer. */
#include <string.h>

#include "platform/identity/grants.h"
#include "roles/authd/devices.h"
#include "roles/authd/internal.h"
#include "roles/authd/room.h"

enum status refuse(struct call *call, enum status status, const char *word, const char *detail)
{
    call->refusal = word;
    return problem_set(&call->why, status, "%s", detail);
}

static struct slice failure_json(struct call *call)
{
    AUTO_JSON out = json_object();
    json_object_set_new(out, "detail", json_from_text(slice_from(call->why.detail)));
    if (call->refusal != NULL)
        json_object_set_new(out, "code", json_string(call->refusal));
    if (call->rule != NULL)
        json_object_set_new(out, "rules", json_pack("[s]", call->rule));
    if (call->retry_after_s > 0)
        json_object_set_new(out, "retry_after_s", json_integer(call->retry_after_s));
    return json_write(out, call->arena);
}

static void unlist(struct call *call)
{
    for (struct call **at = &call->authd->waiting; *at != NULL; at = &(*at)->next)
        if (*at == call) {
            *at = call->next;
            return;
        }
}

static void release(struct call *call)
{
    struct arena *arena = call->arena;
    json_release(&call->in);
    json_release(&call->out);
    arena_destroy(&arena);
}

static void finish(struct call *call, enum status status)
{
    struct authd *authd = call->authd;
    struct answer *answer = &call->answer;
    answer->status = status;
    if (status == ST_OK && call->out == NULL)
        call->out = json_object();
    answer->json = status == ST_OK ? json_write(call->out, call->arena) : failure_json(call);
    authd->ports.answer(authd->ports.self, call->question, answer);
    release(call);
}

static void tell(struct call *call)
{
    for (size_t i = 0; i < call->told.count; i++)
        call->authd->ports.say(call->authd->ports.self, call->told.items[i].peer,
                               call->told.items[i].message, call->told.items[i].object);
    call->told.count = 0;
}

enum status call_write(struct call *call, call_fn *step)
{
    struct identity *identity = call->authd->identity;
    call->authd->work.transactions++;
    TRY(identity_begin(identity, &call->why));
    enum status status = step(call);
    enum status kept = ST_OK;
    struct problem why;
    if (status == ST_OK || call->keep)
        kept = identity_commit(identity, &why);
    if (kept != ST_OK)
        call->why = why;
    identity_rollback(identity);
    if (kept == ST_OK && (status == ST_OK || call->keep))
        tell(call);
    call->told.count = 0;
    return status != ST_OK ? status : kept;
}

/* The hash may be there before ports.hash returns; so what waits is listed first. */
static void begin_waiting(struct call *call)
{
    struct authd *authd = call->authd;
    call->next = authd->waiting;
    authd->waiting = call;
    authd->work.hashes += call->sso_call == 0;
    if (call->sso_call != 0)
        return;
    struct problem why;
    enum status status = authd->ports.hash(authd->ports.self, &call->hash, &why);
    if (status == ST_OK)
        return;
    unlist(call);
    call->retry_after_s = 2;
    call->refusal = "busy";
    call->why = why;
    finish(call, status);
}

static void run_step(struct call *call, call_fn *step)
{
    call->then = NULL;
    call->keep = false;
    enum status status = call->writes ? call_write(call, step) : step(call);
    if (status == ST_OK && call->then != NULL)
        begin_waiting(call);
    else
        finish(call, status);
}

enum status call_hash(struct call *call, struct slice password, struct slice encoded, call_fn *then)
{
    call->hash = (struct hash_job){.password = password, .encoded = encoded};
    call->sso_call = 0;
    call->then = then;
    return ST_OK;
}

enum status call_sso(struct call *call, const struct sso_ask *ask, call_fn *then)
{
    struct authd *authd = call->authd;
    TRY(authd->ports.sso(authd->ports.self, ask, &call->sso_call, &call->why));
    call->then = then;
    return ST_OK;
}

static enum status denied(struct call *call, enum access_denial denial)
{
    bool nobody = call->who.account.id.len == 0;
    const char *word = !nobody                             ? access_denial_name(denial)
                       : call->credentials.token.len > 0 ? "no_token"
                                                           : "no_session";
    if (call->misplaced)
        return refuse(call, ST_DENIED, "device", "this session is of another place: sign in here");
    return refuse(call, ST_DENIED, word, access_denial_sentence(denial));
}

enum status call_may(struct call *call, enum access_right right, const struct access_object *object)
{
    struct access_grant_list grants = {0};
    if (call->who.account.id.len > 0)
        TRY(caller_grants(call, &grants));
    struct access_ask ask = {.caller = call->who.caller,
                             .grants = &grants,
                             .right = right,
                             .now = call->now};
    if (object != NULL)
        ask.object = *object;
    struct access_answer answer = object == NULL ? access_has(&ask) : access_decide(&ask);
    if (answer.denial != DENIED_ALLOWED)
        return denied(call, answer.denial);
    return identity_note_use(call->authd->identity, call->who.account.id, right, call->now,
                             &call->why);
}

static struct credentials copy_credentials(const struct credentials *from, struct arena *arena)
{
    return (struct credentials){
        .session = arena_copy(arena, from->session),
        .token = arena_copy(arena, from->token),
        .flow = arena_copy(arena, from->flow),
        .address = arena_copy(arena, from->address),
        .agent = arena_copy(arena, from->agent),
        .device = arena_copy(arena, from->device),
        .certificate = arena_copy(arena, from->certificate),
    };
}

/* The right that the route names, and the one of the command: each refuses by itself, so that no
 * route opens a command by forgetting its right. */
static enum status check_rights(struct call *call, const struct command_row *row)
{
    enum access_right right = RIGHT_NONE;
    if (call->right.len > 0 && !access_right_from_name(call->right, &right))
        return refuse(call, ST_DENIED, "no_right", "a route needs a right that there is");
    if (right != RIGHT_NONE)
        TRY(call_may(call, right, NULL));
    if (row == NULL)
        return problem_set(&call->why, ST_NOT_FOUND, "no such command");
    if (row->right != RIGHT_NONE && row->right != right)
        TRY(call_may(call, row->right, NULL));
    return row->proved ? need_proof(call) : ST_OK;
}

static enum status prepare(struct call *call, const struct command *command,
                           const struct command_row **row)
{
    *row = find_command(call->from, command->name);
    call->quiet = *row != NULL && (*row)->quiet;
    if (call->from == ROLE_CONSOLE)
        TRY(check_device(call, *row == NULL || (*row)->posture));
    TRY(find_caller(call));
    TRY(check_rights(call, *row));
    if (call->from == ROLE_CONSOLE && (*row)->posture)
        TRY(door_check(call));
    TRY(json_read(command->json, &call->in, &call->why));
    if (!json_is_object(call->in))
        return problem_set(&call->why, ST_INVALID, "the question is no object");
    return ST_OK;
}

void authd_command(struct authd *authd, enum role_id from, const struct command *command,
                   struct instant now, void *question)
{
    struct arena *arena = arena_create_wiped(CALL_BYTES_MAX);
    struct call *call = ARENA_NEW(arena, struct call);
    const struct command_row *row;
    *call = (struct call){.authd = authd, .arena = arena, .question = question, .from = from, .now = now};
    call->credentials = copy_credentials(&command->credentials, arena);
    call->right = arena_copy(arena, command->right);
    call->planned = arena_copy(arena, command->planned);
    if (command->planned.len > 0)
        call->digest = digest_of(command->json, arena);
    enum status status = prepare(call, command, &row);
    struct problem why = call->why;
    if (call->stranger != NULL && call_write(call, note_stranger) != ST_OK)
        event_log(EVENT_LOG_WAITS, field_problem(&call->why));
    call->why = why;
    if (status != ST_OK) {
        finish(call, status);
        return;
    }
    call->writes = row->step == WRITES;
    run_step(call, row->run);
}

enum status run_alone(struct authd *authd, call_fn *step, void *own, struct instant now,
                      struct problem *why)
{
    struct arena *arena = arena_create_wiped(CALL_BYTES_MAX);
    struct call *call = ARENA_NEW(arena, struct call);
    *call = (struct call){.authd = authd, .arena = arena, .now = now, .root = true, .own = own};
    enum status status = call_write(call, step);
    if (status != ST_OK && why != NULL)
        *why = call->why;
    release(call);
    return status;
}

enum status authd_as_root(struct authd *authd, const char *name, struct slice json,
                          struct instant now, struct arena *arena, struct slice *out)
{
    struct arena *own = arena_create_wiped(CALL_BYTES_MAX);
    struct call *call = ARENA_NEW(own, struct call);
    const struct command_row *row = find_root_command(slice_from(name));
    *call = (struct call){.authd = authd, .arena = own, .now = now, .root = true};
    enum status status = row == NULL
                             ? problem_set(&call->why, ST_NOT_FOUND, "no such command")
                             : json_read(json, &call->in, &call->why);
    if (status == ST_OK)
        status = row->step == WRITES ? call_write(call, row->run) : row->run(call);
    if (status == ST_OK && call->out == NULL)
        call->out = json_object();
    *out = arena_copy(arena, status == ST_OK ? json_write(call->out, own) : failure_json(call));
    release(call);
    return status;
}

bool authd_waits(const struct authd *authd)
{
    return authd->waiting != NULL;
}

static void go_on(struct call *call, struct instant now)
{
    unlist(call);
    call->now = now;
    run_step(call, call->then);
}

void authd_hashed(struct authd *authd, struct hash_job *job, struct instant now)
{
    for (struct call *call = authd->waiting; call != NULL; call = call->next)
        if (&call->hash == job) {
            go_on(call, now);
            return;
        }
}

void authd_sso(struct authd *authd, uint32_t number, const struct sso_answer *answer,
               struct instant now)
{
    for (struct call *call = authd->waiting; call != NULL; call = call->next)
        if (call->sso_call == number) {
            call->sso = *answer; /* valid during this step */
            go_on(call, now);
            return;
        }
}

void sso_began_anew(struct authd *authd, struct instant now)
{
    static const struct sso_answer gone = {.status = ST_UNAVAILABLE};
    for (struct call *call = authd->waiting, *next; call != NULL; call = next) {
        next = call->next;
        if (call->sso_call == 0)
            continue;
        call->sso = gone;
        go_on(call, now);
    }
}
