/* What requests wait for: a question to a peer, who asks before it, and the answer that resumes the
 * request. */
#include "roles/web/internal.h"

enum { ANSWER_BYTES_MAX = 4 * 1024 * 1024 };

static struct request *take_waiting(struct web *web, uint64_t ticket)
{
    for (struct request **at = &web->waiting; *at != NULL; at = &(*at)->next_waiting) {
        struct request *request = *at;
        if (request->ticket != ticket)
            continue;
        *at = request->next_waiting;
        web->waiting_count--;
        return request;
    }
    return NULL;
}

static void answer_failed(struct request *request, enum status status, const char *detail)
{
    request->answer = (struct answer){.status = status};
    request->answer.json = arena_copy(request->arena, slice_from(detail));
}

static void resume(struct request *request)
{
    request->web->resumed = true;
    MHD_resume_connection(request->connection);
}

static void send_question(struct request *request)
{
    struct web *web = request->web;
    struct problem why = {0};
    uint64_t ticket = request->ticket;
    if (web->config.ask(web->config.ask_context, ticket, &request->question, &why) == ST_OK)
        return;
    request = take_waiting(web, ticket);
    if (request == NULL)
        return;
    answer_failed(request, ST_UNAVAILABLE, "whoever decides this cannot be reached");
    resume(request);
}

void question_ask(struct request *request, const struct web_question *question)
{
    struct web *web = request->web;
    request->question = *question;
    request->ticket = ++web->last_ticket;
    request->next_waiting = web->waiting;
    web->waiting = request;
    web->waiting_count++;
    request->held = web->held;
    if (!web->held)
        send_question(request);
}

void question_ask_who(struct request *request, const struct web_question *planned)
{
    struct web_question question = {
        .peer = WEB_AUTHD,
        .command = "session.check",
        .right = planned->right,
        .json = planned->json,
        .planned = planned->command,
        .credentials = request->credentials,
    };
    request->planned = *planned;
    question_ask(request, &question);
}

/* Who asks is known: what they wanted follows. */
static bool go_on(struct request *request, const struct web_answer *answer, const json_t *who)
{
    struct web_question next = request->planned;
    next.person = arena_copy(request->arena, json_text(who, "person"));
    next.assertion = arena_copy(request->arena, answer->assertion);
    if (next.person.len == 0 || next.assertion.len == 0)
        return false;
    request->planned = (struct web_question){.peer = WEB_NOBODY};
    question_ask(request, &next);
    return true;
}

/* The planner or logd has begun anew since authd spoke, or keyd has: authd says it once more. */
static bool ask_anew(struct request *request, const json_t *value)
{
    struct web_question question = request->question;
    if ((question.peer != WEB_PLANNER && question.peer != WEB_LOGD) || request->asked_anew ||
        !slice_equal(json_text(value, "code"), LIT("assertion")))
        return false;
    request->asked_anew = true;
    question_ask_who(request, &question);
    return true;
}

static void take_failure(struct request *request, enum status status, json_t *value)
{
    answer_failed(request, status, arena_text(request->arena, json_text(value, "detail")));
    if (request->question.peer != WEB_AUTHD && !request->web->config.site->codes)
        return;
    request->answer.code = arena_copy(request->arena, json_text(value, "code"));
    request->answer.retry_after_s = json_number(value, "retry_after_s", 0);
    request->answer.rules = json_object_get(value, "rules");
    request->answer_value = json_incref(value);
}

static void take_cookie(struct request *request, struct slice value, struct cookie *cookie)
{
    if (value.len > 0)
        *cookie = (struct cookie){true, arena_copy(request->arena, value)};
}

static void take_cookies(struct request *request, const struct web_answer *answer)
{
    if (request->question.peer != WEB_AUTHD)
        return;
    take_cookie(request, answer->session, &request->session);
    take_cookie(request, answer->flow, &request->flow);
    take_cookie(request, answer->device, &request->device);
}

void web_take(struct web *web, uint64_t ticket, const struct web_answer *answer)
{
    struct request *request = take_waiting(web, ticket);
    AUTO_JSON value = NULL;
    if (request == NULL)
        return;
    if (answer->json.len > ANSWER_BYTES_MAX || json_read(answer->json, &value, NULL) != ST_OK ||
        !json_is_object(value)) {
        answer_failed(request, ST_UNAVAILABLE, "the answer could not be read");
    } else if (answer->status != ST_OK) {
        if (ask_anew(request, value))
            return;
        take_failure(request, answer->status, value);
    } else if (request->planned.peer != WEB_NOBODY) {
        if (go_on(request, answer, value))
            return;
        answer_failed(request, ST_UNAVAILABLE, "the answer names nobody");
    } else {
        take_cookies(request, answer);
        request->answer_value = json_incref(value);
        request->answer = (struct answer){.json = arena_copy(request->arena, answer->json),
                                          .value = value};
    }
    resume(request);
}

void web_answer(struct web *web, uint64_t ticket, enum status status, struct slice json)
{
    web_take(web, ticket, &(struct web_answer){.status = status, .json = json});
}

void web_hold(struct web *web, bool held)
{
    struct request *next;
    web->held = held;
    for (struct request *r = web->waiting; r != NULL && !held; r = next) {
        next = r->next_waiting;
        bool late = r->held;
        r->held = false;
        if (late)
            send_question(r);
    }
}

size_t web_forget(struct web *web, struct slice person)
{
    size_t count = 0;
    struct request *next;
    for (struct request *r = web->waiting; r != NULL; r = next) {
        next = r->next_waiting;
        if (person.len == 0 || !slice_equal(r->question.person, person))
            continue;
        count++;
        (void)take_waiting(web, r->ticket);
        answer_failed(r, ST_DENIED, "the account has ended");
        r->answer.code = LIT("ended");
        resume(r);
    }
    return count;
}

void questions_expire(struct web *web)
{
    struct request *next;
    for (struct request *r = web->waiting; r != NULL; r = next) {
        next = r->next_waiting;
        if (web->now_ms - r->asked_ms >= WEB_ANSWER_MS)
            web_answer(web, r->ticket, ST_UNAVAILABLE,
                       LIT("{\"detail\":\"whoever decides this does not answer\"}"));
    }
}

int64_t questions_wait_ms(const struct web *web, int64_t now_ms)
{
    int64_t wait = -1;
    for (const struct request *r = web->waiting; r != NULL; r = r->next_waiting) {
        int64_t left = r->asked_ms + WEB_ANSWER_MS - now_ms;
        left = left > 0 ? left : 0;
        wait = wait < 0 || left < wait ? left : wait;
    }
    return wait;
}
