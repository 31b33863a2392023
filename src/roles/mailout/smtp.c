#include "roles/mailout/smtp.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_S = 30,
    DELIVERY_S = 300,
    SLOW_S = 60, /* less than a byte a second for so long: given up */
    CONNECTIONS_MAX = 4,
    DELIVERY_BYTES_MAX = 64 << 20,
};

struct delivery {
    struct delivery *next;
    struct smtp *smtp;
    struct arena *arena;
    CURL *easy;
    struct curl_slist *recipients;
    struct slice rest; /* of the raw message */
    smtp_done_fn *done;
    void *context;
};

struct socket_watch {
    struct smtp *smtp;
    struct loop_watch *watch;
    curl_socket_t fd;
};

struct smtp {
    struct loop *loop;
    struct loop_timer *timer;
    CURLM *multi;
    struct smtp_options options;
    struct arena *arena;
    const char *url;
    struct delivery *deliveries;
};

/* Replies that say something about the installation and not about this mail: waiting (and
 * an operator) can cure them. RFC 5321 section 4.2.3, RFC 4954. */
static bool is_about_us(CURLcode code, long reply_code)
{
    return code == CURLE_USE_SSL_FAILED || code == CURLE_LOGIN_DENIED ||
           code == CURLE_PEER_FAILED_VERIFICATION || reply_code == 421 || reply_code == 530;
}

static struct smtp_result make_result(CURLcode code, long reply_code)
{
    struct smtp_result result = {.reply_code = reply_code};
    if (code == CURLE_OK)
        return result;
    bool never = reply_code >= 500 && reply_code < 600 && !is_about_us(code, reply_code);
    result.status = problem_set(&result.why, never ? ST_INVALID : ST_UNAVAILABLE, "SMTP: %s",
                                curl_easy_strerror(code));
    return result;
}

static void free_delivery(struct delivery *delivery)
{
    for (struct delivery **at = &delivery->smtp->deliveries; *at != NULL; at = &(*at)->next)
        if (*at == delivery) {
            *at = delivery->next;
            break;
        }
    if (delivery->easy != NULL) {
        curl_multi_remove_handle(delivery->smtp->multi, delivery->easy);
        curl_easy_cleanup(delivery->easy);
    }
    curl_slist_free_all(delivery->recipients);
    struct arena *arena = delivery->arena;
    arena_destroy(&arena);
}

static void finish_delivery(struct delivery *delivery, CURLcode code)
{
    long reply_code = 0;
    curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &reply_code);
    struct smtp_result result = make_result(code, reply_code);
    smtp_done_fn *done = delivery->done;
    void *context = delivery->context;
    free_delivery(delivery);
    done(context, &result);
}

static void collect(struct smtp *smtp)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(smtp->multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        char *delivery = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &delivery);
        finish_delivery((struct delivery *)(void *)delivery, code);
    }
}

static void turn(struct smtp *smtp, curl_socket_t fd, int action)
{
    int running;
    curl_multi_socket_action(smtp->multi, fd, action, &running);
    collect(smtp);
}

static void socket_ready(void *context, unsigned ready, const struct moment *at)
{
    struct socket_watch *watch = context;
    (void)at;
    int action = ((ready & LOOP_READ) != 0 ? CURL_CSELECT_IN : 0) |
                 ((ready & LOOP_WRITE) != 0 ? CURL_CSELECT_OUT : 0) |
                 ((ready & LOOP_CLOSED) != 0 ? CURL_CSELECT_ERR : 0);
    turn(watch->smtp, watch->fd, action);
}

/* libcurl says which of its sockets to watch. */
static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
    struct smtp *smtp = context;
    struct socket_watch *watch = known;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL)
            loop_unwatch(&watch->watch);
        free(watch);
        return 0;
    }
    unsigned events = (what & CURL_POLL_IN ? LOOP_READ : 0u) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0u);
    if (watch != NULL) {
        loop_watch_events(watch->watch, events);
        return 0;
    }
    watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        abort();
    *watch = (struct socket_watch){smtp, NULL, fd};
    if (loop_watch(smtp->loop, fd, events, socket_ready, watch, &watch->watch, NULL) != ST_OK) {
        free(watch);
        return -1;
    }
    curl_multi_assign(smtp->multi, fd, watch);
    return 0;
}

static void timer_due(void *context, const struct moment *at)
{
    (void)at;
    turn(context, CURL_SOCKET_TIMEOUT, 0);
}

static int timer_changed(CURLM *multi, long timeout_ms, void *context)
{
    struct smtp *smtp = context;
    (void)multi;
    if (timeout_ms < 0)
        loop_timer_stop(smtp->timer);
    else
        loop_timer_set(smtp->timer,
                       monotonic_after((struct monotonic){clock_monotonic_ms()}, timeout_ms));
    return 0;
}

enum status smtp_create(struct loop *loop, const struct smtp_options *options, struct smtp **out,
                        struct problem *why)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return problem_set(why, ST_UNAVAILABLE, "libcurl does not start");
    struct arena *arena = arena_create(65536);
    struct smtp *smtp = ARENA_NEW(arena, struct smtp);
    *smtp = (struct smtp){.loop = loop, .options = *options, .arena = arena};
    smtp->multi = curl_multi_init();
    assert(smtp->multi != NULL);
    smtp->timer = loop_timer_create(loop, timer_due, smtp);
    bool v6 = strchr(options->host, ':') != NULL;
    smtp->url = arena_format(arena, v6 ? "smtp://[%s]:%u/%s" : "smtp://%s:%u/%s", options->host,
                             options->port, options->hello).data;
    curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETDATA, smtp);
    curl_multi_setopt(smtp->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
    curl_multi_setopt(smtp->multi, CURLMOPT_TIMERDATA, smtp);
    curl_multi_setopt(smtp->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    *out = smtp;
    return ST_OK;
}

void smtp_destroy(struct smtp **out)
{
    struct smtp *smtp = *out;
    if (smtp == NULL)
        return;
    while (smtp->deliveries != NULL)
        free_delivery(smtp->deliveries);
    curl_multi_cleanup(smtp->multi);
    loop_timer_destroy(&smtp->timer);
    struct arena *arena = smtp->arena;
    arena_destroy(&arena);
    curl_global_cleanup();
    *out = NULL;
}

static size_t read_raw(char *to, size_t size, size_t count, void *context)
{
    struct delivery *delivery = context;
    size_t room = size * count;
    size_t bytes = delivery->rest.len < room ? delivery->rest.len : room;
    if (bytes > 0)
        memcpy(to, delivery->rest.data, bytes);
    delivery->rest = slice_sub(delivery->rest, bytes, delivery->rest.len);
    return bytes;
}

/* What the MTA says is not kept. */
static size_t drop_words(char *from, size_t size, size_t count, void *context)
{
    (void)from, (void)context;
    return size * count;
}

static void set_options(struct delivery *delivery, const char *from, size_t raw_len)
{
    const struct smtp *smtp = delivery->smtp;
    static const long tls[] = {CURLUSESSL_NONE, CURLUSESSL_TRY, CURLUSESSL_ALL};
    CURL *easy = delivery->easy;
    bool verify = smtp->options.tls == SMTP_TLS_REQUIRE;
    curl_easy_setopt(easy, CURLOPT_URL, smtp->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, tls[smtp->options.tls]);
    /* "try" protects against listeners only, as SMTP between strangers does (RFC 7435). */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)DELIVERY_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, delivery->recipients);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)raw_len);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_raw);
    curl_easy_setopt(easy, CURLOPT_READDATA, delivery);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_words);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)delivery);
}

/* An address goes into an SMTP command: nothing that could end or extend it. */
static bool is_address(struct slice address)
{
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.data[i] <= ' ' || address.data[i] == 0x7F ||
            address.data[i] == '<' || address.data[i] == '>')
            return false;
    return address.len > 0 && slice_contains(address, LIT("@"));
}

enum status smtp_send(struct smtp *smtp, struct slice from, const struct slice *to,
                      size_t to_count, struct slice raw, smtp_done_fn *done, void *context,
                      struct problem *why)
{
    bool good = is_address(from) && to_count > 0;
    for (size_t i = 0; i < to_count; i++)
        good = good && is_address(to[i]);
    if (!good || raw.len > DELIVERY_BYTES_MAX / 2)
        return problem_set(why, ST_INVALID, "a mail with a bad address, or too large");
    struct arena *arena = arena_create_wiped(DELIVERY_BYTES_MAX);
    struct delivery *delivery = ARENA_NEW(arena, struct delivery);
    *delivery = (struct delivery){.next = smtp->deliveries, .smtp = smtp, .arena = arena,
                                  .rest = arena_copy(arena, raw), .done = done, .context = context};
    smtp->deliveries = delivery;
    for (size_t i = 0; i < to_count; i++)
        delivery->recipients = curl_slist_append(
            delivery->recipients, arena_format(arena, "<%.*s>", SLICE_ARG(to[i])).data);
    delivery->easy = curl_easy_init();
    assert(delivery->easy != NULL && delivery->recipients != NULL);
    set_options(delivery, arena_format(arena, "<%.*s>", SLICE_ARG(from)).data, raw.len);
    if (curl_multi_add_handle(smtp->multi, delivery->easy) != CURLM_OK) {
        free_delivery(delivery);
        return problem_set(why, ST_UNAVAILABLE, "libcurl takes no more deliveries");
    }
    return ST_OK;
}
