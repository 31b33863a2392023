#include "roles/logd/tellers.h"

#include <stdlib.h>
#include <string.h>

#include "platform/fetch/fetch.h"
#include "roles/logd/alert_text.h"

enum {
    ID_BYTES_MAX = 48,
    SECRET_BYTES_MIN = 16,
    SECRET_BYTES_MAX = 4096,
    CALL_BYTES_MAX = 4096, /* of an answer: nobody reads it */
    MAIL_PATIENCE_MS = 90 * 1000,
    ARENA_BYTES_MAX = 4 << 20,
    CONNECTIONS_MAX = 2,
};
static const int64_t second_us = 1000000, give_up_us = 3 * 86400 * INT64_C(1000000);

/* One delivery that is under way. */
struct telling {
    struct tellers *tellers;
    char id[ID_BYTES_MAX]; /* empty: none */
    uint32_t attempts;
    struct instant created;
    struct monotonic since;
};

struct tellers {
    struct role *role;
    struct monitor *monitor; /* of the last look */
    struct transfers *transfers; /* NULL: no webhook */
    struct fetch *fetch;
    struct arena *secret_arena;
    struct slice secret;
    struct loop_timer *next; /* the next one, as soon as one has ended */
    struct telling mail, call;
};

struct ways tellers_ways(const struct config *config)
{
    return (struct ways){config->alerts.mail.len > 0, config->alerts.webhook.len > 0};
}

static const char *way_of(const struct telling *telling)
{
    return telling == &telling->tellers->mail ? "mail" : "webhook";
}

/* From ten seconds, doubling, to an hour. */
static struct instant next_try(const struct telling *telling, struct instant now)
{
    int64_t wait_s = 10;
    for (uint32_t i = 0; i < telling->attempts && wait_s < 3600; i++)
        wait_s *= 2;
    return (struct instant){now.us + (wait_s < 3600 ? wait_s : 3600) * second_us};
}

static void begin_telling(struct telling *telling, const struct delivery *delivery, const struct moment *at)
{
    telling->attempts = delivery->attempts;
    telling->created = delivery->created;
    telling->since = at->clock;
    size_t len = delivery->id.len < ID_BYTES_MAX - 1 ? delivery->id.len : ID_BYTES_MAX - 1;
    memcpy(telling->id, delivery->id.data, len);
    telling->id[len] = '\0';
}

/* How it went: OK, never (INVALID), or anything else: later. */
static void end_telling(struct telling *telling, enum status status, const struct problem *why)
{
    const struct instant now = loop_moment(role_loop(telling->tellers->role))->now;
    struct slice id = slice_from(telling->id);
    struct problem failure;
    bool never = status == ST_INVALID || now.us - telling->created.us > give_up_us;
    enum status kept =
        status == ST_OK ? monitor_delivered(telling->tellers->monitor, id, DELIVERY_DONE, &failure)
        : never ? monitor_delivered(telling->tellers->monitor, id, DELIVERY_DROPPED, &failure)
                : monitor_try_later(telling->tellers->monitor, id, next_try(telling, now), &failure);
    if (status == ST_OK)
        event_log(EVENT_ALERT_DELIVERED, field_id(KEY_ALERT, id), field_text(KEY_WAY, way_of(telling)));
    else
        event_log(EVENT_ALERT_DEFERRED, field_id(KEY_ALERT, id), field_text(KEY_WAY, way_of(telling)),
                  field_status(status), field_problem(why));
    telling->id[0] = '\0';
    if (kept == ST_OK)
        loop_timer_after(telling->tellers->next, 0);
    else
        event_log(EVENT_WATCH_FAILED, field_status(kept), field_problem(&failure));
}

/* Mail */

static void receive_sent(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct tellers *tellers = context;
    const struct sent_mail *sent = message->object;
    struct problem why;
    (void)at;
    if (tellers->mail.id[0] == '\0' || !slice_equal(sent->id, slice_from(tellers->mail.id)))
        return;
    problem_set(&why, sent->status, "%.*s", SLICE_ARG(sent->problem));
    /* What the server refuses for good may be our settings, which somebody mends. */
    end_telling(&tellers->mail, sent->status == ST_OK ? ST_OK : ST_UNAVAILABLE, &why);
}

static enum status send_mail(struct tellers *tellers, const struct alert *alert, const struct delivery *delivery,
                             const struct moment *at, struct arena *arena, struct problem *why)
{
    struct send_mail mail = {.id = delivery->id};
    uint32_t call;
    alert_mail(role_config(tellers->role), alert, delivery, at->now, arena, &mail.draft);
    return ipc_ask(role_channel(tellers->role, ROLE_MAILOUT), MESSAGE_SEND, &mail, &call, why);
}

/* Whoever comes after a mailout that is gone has not heard of it. */
static void on_peer(void *context, enum role_id peer, const struct moment *at)
{
    struct tellers *tellers = context;
    (void)at;
    if (peer == ROLE_MAILOUT)
        tellers->mail.id[0] = '\0';
}

/* Webhook */

static void called(void *context, enum status status, uint32_t code, struct slice body, const struct problem *why)
{
    struct tellers *tellers = context;
    struct problem refused;
    (void)body;
    tellers->fetch = NULL;
    if (status == ST_OK && (code < 200 || code > 299)) {
        status = problem_set(&refused, ST_UNAVAILABLE, "the webhook answered %u", code);
        why = &refused;
    }
    end_telling(&tellers->call, status, why);
}

static enum status call(struct tellers *tellers, const struct alert *alert, const struct delivery *delivery,
                        const struct moment *at, struct arena *arena, struct problem *why)
{
    const struct config *config = role_config(tellers->role);
    bool here = slice_starts(config->alerts.webhook, LIT("http://")); /* check_webhook: only to this machine */
    struct fetch_rules rules = {
        .who = "the webhook",
        .loopback = here || config->alerts.webhook_private,
        .private_network = config->alerts.webhook_private,
    };
    struct slice body = alert_call(config, alert, delivery, arena);
    struct fetch_request request = {
        .url = config->alerts.webhook,
        .body = body,
        .type = LIT("application/json"),
        .header = arena_format(arena, "Rendez-Signature: %.*s",
                               SLICE_ARG(alert_signature(tellers->secret, body, at->now, arena))),
        .body_bytes_max = CALL_BYTES_MAX,
    };
    return fetch_begin(tellers->transfers, &rules, &request, called, tellers, &tellers->fetch, why);
}

/* Both */

static enum status begin(struct tellers *tellers, const struct delivery *delivery, const struct moment *at,
                         struct arena *arena, struct problem *why)
{
    struct telling *telling = delivery->way == WAY_MAIL ? &tellers->mail : &tellers->call;
    struct alert alert;
    struct problem failure;
    struct ways ways = tellers_ways(role_config(tellers->role));
    if (telling->id[0] != '\0')
        return ST_OK;
    /* A mailout that is just being started again is there at the next look. */
    if (delivery->way == WAY_MAIL && !ipc_is_open(role_channel(tellers->role, ROLE_MAILOUT)))
        return ST_OK;
    if (!(delivery->way == WAY_MAIL ? ways.mail : ways.webhook)) /* the settings have changed since */
        return monitor_delivered(tellers->monitor, delivery->id, DELIVERY_DROPPED, why);
    TRY(monitor_load(tellers->monitor, delivery->alert, arena, &alert, why));
    begin_telling(telling, delivery, at);
    enum status status = delivery->way == WAY_MAIL ? send_mail(tellers, &alert, delivery, at, arena, &failure)
                                                   : call(tellers, &alert, delivery, at, arena, &failure);
    if (status != ST_OK)
        end_telling(telling, status, &failure);
    return ST_OK;
}

enum status tellers_look(struct tellers *tellers, struct monitor *monitor, const struct moment *at,
                         struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    struct delivery_list due = {0};
    struct problem silent;
    tellers->monitor = monitor;
    if (tellers->mail.id[0] != '\0' && at->clock.ms - tellers->mail.since.ms > MAIL_PATIENCE_MS) {
        problem_set(&silent, ST_UNAVAILABLE, "mailout does not answer");
        end_telling(&tellers->mail, ST_UNAVAILABLE, &silent);
    }
    TRY(monitor_due(monitor, at->now, arena, &due, why));
    for (size_t i = 0; i < due.count; i++)
        TRY(begin(tellers, &due.items[i], at, arena, why));
    return ST_OK;
}

static void next_due(void *context, const struct moment *at)
{
    struct tellers *tellers = context;
    struct problem why;
    if (tellers_look(tellers, tellers->monitor, at, &why) != ST_OK)
        event_log(EVENT_WATCH_FAILED, field_status(why.status), field_problem(&why));
}

static enum status read_secret(struct tellers *tellers, struct problem *why)
{
    tellers->secret_arena = arena_create_wiped(2 * SECRET_BYTES_MAX);
    TRY(role_read_secret(tellers->role, tellers->secret_arena, &tellers->secret, why));
    if (tellers->secret.len < SECRET_BYTES_MIN)
        return problem_set(why, ST_INVALID, "alerts.webhook_secret_file: at least %d characters", SECRET_BYTES_MIN);
    return ST_OK;
}

enum status tellers_create(struct role *role, struct tellers **out, struct problem *why)
{
    struct tellers *tellers = must_calloc(1, sizeof *tellers);
    enum status status = ST_OK;
    tellers->role = role;
    tellers->next = loop_timer_create(role_loop(role), next_due, tellers);
    tellers->mail.tellers = tellers->call.tellers = tellers;
    if (tellers_ways(role_config(role)).webhook) {
        status = read_secret(tellers, why);
        if (status == ST_OK)
            status = transfers_create(role_loop(role), CONNECTIONS_MAX, &tellers->transfers, why);
    }
    if (status != ST_OK) {
        tellers_destroy(&tellers);
        return status;
    }
    role_handle(role, MESSAGE_SENT, receive_sent, tellers);
    role_on_peer(role, on_peer, tellers);
    *out = tellers;
    return ST_OK;
}

void tellers_destroy(struct tellers **out)
{
    struct tellers *tellers = *out;
    if (tellers == NULL)
        return;
    loop_timer_destroy(&tellers->next);
    fetch_cancel(&tellers->fetch);
    transfers_destroy(&tellers->transfers);
    arena_destroy(&tellers->secret_arena);
    free(tellers);
    *out = NULL;
}
