#include "platform/imap/session.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

enum { READ_BYTES = 16384, OUT_BYTES_MAX = 1 << 20, ANSWER_ARENA_BYTES = 4 << 20 };

struct imap_session {
    struct loop *loop;
    struct transfers *transfers;
    struct imap_events events;
    CURL *easy;
    struct loop_watch *watch;
    struct loop_timer *silence;
    struct imap_reader *reader;
    struct buffer out;
    unsigned last_tag;
    bool open, waiting;
    bool not_now; /* the server says that a login may work later */
    bool *gone; /* set when the session is destroyed inside a call of ours */
};

/* The owner destroys us in there, now or later. */
static void fail(struct imap_session *session, enum status status, const char *what)
{
    struct problem why;
    problem_set(&why, status, "IMAP: %s", what);
    session->open = false;
    loop_unwatch(&session->watch);
    loop_timer_stop(session->silence);
    session->events.closed(session->events.context, TRANSFER_FAULT_OTHER, &why);
}

static bool flush(struct imap_session *session)
{
    while (session->out.len > 0) {
        size_t sent = 0;
        CURLcode code = curl_easy_send(session->easy, session->out.data, session->out.len, &sent);
        if (code == CURLE_AGAIN)
            break;
        if (code != CURLE_OK)
            return false;
        buffer_consume(&session->out, sent);
    }
    loop_watch_events(session->watch, LOOP_READ | (session->out.len > 0 ? LOOP_WRITE : 0u));
    return true;
}

/* False: the session is gone or has failed. */
static bool give_answer(struct imap_session *session, struct slice answer)
{
    AUTO_ARENA arena = arena_create(ANSWER_ARENA_BYTES);
    struct imap_response response;
    struct problem why;
    if (imap_parse(answer, arena, &response, &why) != ST_OK) {
        fail(session, why.status, "the server's answer is not understood");
        return false;
    }
    bool gone = false;
    session->gone = &gone;
    session->events.answered(session->events.context, &response);
    if (gone)
        return false;
    session->gone = NULL;
    return session->open;
}

static bool take(struct imap_session *session, struct slice bytes)
{
    while (bytes.len > 0) {
        size_t used;
        bool whole;
        struct slice answer;
        struct problem why;
        if (imap_read(session->reader, bytes, &used, &whole, &answer, &why) != ST_OK) {
            fail(session, why.status, "the server's answer is larger than we take, or none");
            return false;
        }
        bytes = slice_sub(bytes, used, bytes.len);
        if (whole && !give_answer(session, answer))
            return false;
    }
    return true;
}

/* Until nothing is left: TLS may hold bytes that the socket no longer shows. */
static void session_ready(void *context, unsigned ready, const struct moment *at)
{
    struct imap_session *session = context;
    char bytes[READ_BYTES];
    (void)at;
    if ((ready & LOOP_WRITE) != 0 && !flush(session)) {
        fail(session, ST_UNAVAILABLE, "the connection broke");
        return;
    }
    for (;;) {
        size_t got = 0;
        CURLcode code = curl_easy_recv(session->easy, bytes, sizeof bytes, &got);
        if (code == CURLE_AGAIN)
            return;
        if (code != CURLE_OK || got == 0) {
            fail(session, ST_UNAVAILABLE, "the server ended the connection");
            return;
        }
        if (session->waiting)
            loop_timer_after(session->silence, IMAP_SILENCE_MS);
        if (!take(session, (struct slice){bytes, got}))
            return;
    }
}

static void silent(void *context, const struct moment *at)
{
    (void)at;
    fail(context, ST_UNAVAILABLE, "the server does not answer");
}

static void connected(void *context, curl_result code)
{
    struct imap_session *session = context;
    struct problem why;
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (code != CURLE_OK) {
        enum transfer_fault fault = transfer_failure(code, "IMAP", &why);
        if (fault == TRANSFER_FAULT_LOGIN && session->not_now)
            fault = TRANSFER_FAULT_OTHER;
        session->events.closed(session->events.context, fault, &why);
        return;
    }
    curl_easy_getinfo(session->easy, CURLINFO_ACTIVESOCKET, &fd);
    if (fd == CURL_SOCKET_BAD || loop_watch(session->loop, fd, LOOP_READ, session_ready, session,
                                            &session->watch, NULL) != ST_OK) {
        fail(session, ST_UNAVAILABLE, "no connection");
        return;
    }
    session->open = true;
    session->events.opened(session->events.context);
}

static size_t drop_bytes(char *from, size_t size, size_t count, void *context)
{
    (void)from, (void)context;
    return size * count;
}

/* What the server says while libcurl logs in. RFC 5530 section 3. */
static size_t look_at_line(char *from, size_t size, size_t count, void *context)
{
    static const char *const passing[] = {"NO [UNAVAILABLE]", "NO [INUSE]", "NO [LIMIT]"};
    struct imap_session *session = context;
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        if (slice_find_nocase((struct slice){from, size * count}, slice_from(passing[i]), 0) != SIZE_MAX)
            session->not_now = true;
    return size * count;
}

enum status imap_session_create(struct loop *loop, struct transfers *transfers,
                                const struct transfer_server *server, size_t message_bytes_max,
                                const struct imap_events *events, struct imap_session **out,
                                struct problem *why)
{
    struct imap_session *session = must_calloc(1, sizeof *session);
    *session = (struct imap_session){.loop = loop, .transfers = transfers, .events = *events};
    session->easy = curl_easy_init();
    assert(session->easy != NULL);
    session->out = buffer_create(OUT_BYTES_MAX);
    session->reader = imap_reader_create(message_bytes_max);
    session->silence = loop_timer_create(loop, silent, session);
    enum status status = transfer_prepare(session->easy, "imap", "", server, why);
    curl_easy_setopt(session->easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(session->easy, CURLOPT_CONNECTTIMEOUT, (long)IMAP_CONNECT_S);
    curl_easy_setopt(session->easy, CURLOPT_TIMEOUT, 2L * IMAP_CONNECT_S);
    curl_easy_setopt(session->easy, CURLOPT_WRITEFUNCTION, drop_bytes);
    curl_easy_setopt(session->easy, CURLOPT_HEADERFUNCTION, look_at_line);
    curl_easy_setopt(session->easy, CURLOPT_HEADERDATA, session);
    if (status == ST_OK)
        status = transfers_add(transfers, session->easy, connected, session, why);
    if (status != ST_OK) {
        imap_session_destroy(&session);
        return status;
    }
    *out = session;
    return ST_OK;
}

void imap_session_destroy(struct imap_session **out)
{
    struct imap_session *session = *out;
    if (session == NULL)
        return;
    if (session->gone != NULL)
        *session->gone = true;
    loop_unwatch(&session->watch);
    loop_timer_destroy(&session->silence);
    transfers_remove(session->transfers, session->easy);
    curl_easy_cleanup(session->easy);
    imap_reader_destroy(&session->reader);
    buffer_destroy(&session->out);
    free(session);
    *out = NULL;
}

/* A connection that breaks here is found broken when it is read. */
unsigned imap_session_send(struct imap_session *session, struct slice command)
{
    buffer_add_format(&session->out, "A%u %.*s\r\n", ++session->last_tag, SLICE_ARG(command));
    assert(!session->out.full);
    if (session->open && !flush(session))
        loop_watch_events(session->watch, LOOP_READ);
    return session->last_tag;
}

bool imap_session_is_of(const struct imap_response *response, unsigned tag)
{
    char text[16];
    snprintf(text, sizeof text, "A%u", tag);
    return response->kind == IMAP_TAGGED && slice_equal_nocase(response->tag, slice_from(text));
}

void imap_session_wait(struct imap_session *session, bool waiting)
{
    session->waiting = waiting;
    if (waiting)
        loop_timer_after(session->silence, IMAP_SILENCE_MS);
    else
        loop_timer_stop(session->silence);
}
