#include "platform/transfers/transfers.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>

struct transfer {
    struct transfer *next;
    CURL *easy;
    transfer_done_fn *done; /* NULL: it has ended */
    void *context;
};

struct socket_watch {
    struct transfers *transfers;
    struct loop_watch *watch;
    curl_socket_t fd;
};

struct transfers {
    struct loop *loop;
    struct loop_timer *timer;
    CURLM *multi;
    struct transfer *list;
};

static struct transfer *find(struct transfers *transfers, const CURL *easy)
{
    for (struct transfer *transfer = transfers->list; transfer != NULL; transfer = transfer->next)
        if (transfer->easy == easy)
            return transfer;
    return NULL;
}

static void collect(struct transfers *transfers)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(transfers->multi, &left)) != NULL;) {
        struct transfer *transfer = find(transfers, message->easy_handle);
        if (message->msg != CURLMSG_DONE || transfer == NULL || transfer->done == NULL)
            continue;
        transfer_done_fn *done = transfer->done;
        transfer->done = NULL;
        done(transfer->context, message->data.result);
    }
}

static void turn(struct transfers *transfers, curl_socket_t fd, int action)
{
    int running;
    curl_multi_socket_action(transfers->multi, fd, action, &running);
    collect(transfers);
}

static void socket_ready(void *context, unsigned ready, const struct moment *at)
{
    const struct socket_watch *watch = context;
    (void)at;
    int action = ((ready & LOOP_READ) != 0 ? CURL_CSELECT_IN : 0) |
                 ((ready & LOOP_WRITE) != 0 ? CURL_CSELECT_OUT : 0) |
                 ((ready & LOOP_CLOSED) != 0 ? CURL_CSELECT_ERR : 0);
    turn(watch->transfers, watch->fd, action);
}

/* libcurl says which of its sockets to watch. */
static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
    struct transfers *transfers = context;
    struct socket_watch *watch = known;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL)
            loop_unwatch(&watch->watch);
        free(watch);
        return 0;
    }
    unsigned events =
        (what & CURL_POLL_IN ? LOOP_READ : 0u) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0u);
    if (watch != NULL) {
        loop_watch_events(watch->watch, events);
        return 0;
    }
    watch = must_calloc(1, sizeof *watch);
    *watch = (struct socket_watch){transfers, NULL, fd};
    if (loop_watch(transfers->loop, fd, events, socket_ready, watch, &watch->watch, NULL) != ST_OK) {
        free(watch);
        return -1;
    }
    curl_multi_assign(transfers->multi, fd, watch);
    return 0;
}

static void timer_due(void *context, const struct moment *at)
{
    (void)at;
    turn(context, CURL_SOCKET_TIMEOUT, 0);
}

static int timer_changed(CURLM *multi, long timeout_ms, void *context)
{
    struct transfers *transfers = context;
    (void)multi;
    if (timeout_ms < 0)
        loop_timer_stop(transfers->timer);
    else
        loop_timer_set(transfers->timer,
                       monotonic_after((struct monotonic){clock_monotonic_ms()}, timeout_ms));
    return 0;
}

enum status transfers_create(struct loop *loop, unsigned connections_max, struct transfers **out,
                             struct problem *why)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return problem_set(why, ST_UNAVAILABLE, "libcurl does not start");
    struct transfers *transfers = must_calloc(1, sizeof *transfers);
    transfers->loop = loop;
    transfers->multi = curl_multi_init();
    assert(transfers->multi != NULL);
    transfers->timer = loop_timer_create(loop, timer_due, transfers);
    curl_multi_setopt(transfers->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    curl_multi_setopt(transfers->multi, CURLMOPT_SOCKETDATA, transfers);
    curl_multi_setopt(transfers->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
    curl_multi_setopt(transfers->multi, CURLMOPT_TIMERDATA, transfers);
    curl_multi_setopt(transfers->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)connections_max);
    *out = transfers;
    return ST_OK;
}

void transfers_destroy(struct transfers **out)
{
    struct transfers *transfers = *out;
    if (transfers == NULL)
        return;
    assert(transfers->list == NULL);
    curl_multi_cleanup(transfers->multi);
    loop_timer_destroy(&transfers->timer);
    free(transfers);
    curl_global_cleanup();
    *out = NULL;
}

enum status transfers_add(struct transfers *transfers, CURL *easy, transfer_done_fn *done,
                          void *context, struct problem *why)
{
    struct transfer *transfer = must_calloc(1, sizeof *transfer);
    *transfer = (struct transfer){transfers->list, easy, done, context};
    if (curl_multi_add_handle(transfers->multi, easy) != CURLM_OK) {
        free(transfer);
        return problem_set(why, ST_UNAVAILABLE, "libcurl takes no more transfers");
    }
    transfers->list = transfer;
    return ST_OK;
}

void transfers_remove(struct transfers *transfers, CURL *easy)
{
    for (struct transfer **at = &transfers->list; *at != NULL; at = &(*at)->next)
        if ((*at)->easy == easy) {
            struct transfer *transfer = *at;
            *at = transfer->next;
            free(transfer);
            curl_multi_remove_handle(transfers->multi, easy);
            return;
        }
}
