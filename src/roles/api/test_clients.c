/* Connections: how many, how long, and of whom. */
#include <errno.h>

#include "roles/api/test_help.h"

static void limits_connections_of_an_address(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    int fds[8];
    server_start(&server, true);
    server.planner.when = AT_ONCE;
    server.planner.json = "{}";
    for (size_t i = 0; i < 8; i++) {
        fds[i] = client_connect(&server);
        web_turn(server.api, server.now_ms);
    }
    CHECK(exchange(&server, "GET /healthz HTTP/1.1\r\n" END, &got) || got.len == 0);
    CHECK_NUMBER(got.len, 0);
    for (size_t i = 0; i < 8; i++)
        close(fds[i]);
    for (int i = 0; i < 5; i++)
        web_turn(server.api, server.now_ms);
    CHECK(exchange(&server, "GET /healthz HTTP/1.1\r\n" END, &got));
    CHECK_NUMBER(status_of(&got), 200);
    server_stop(&server);
}

/* Each phase has a time, which bytes do not prolong. */
static void cuts_off_who_is_slow(void)
{
    static const struct {
        const char *name, *before; /* what is sent and answered before */
        const char *drip;          /* then one byte of it after another */
        int64_t ms;
        bool answered;
    } cases[] = {
        {"silent", "", "", 4000, false},
        {"headers", "", "GET /healthz HTTP/1.1\r\nHost: t.example\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaa", 4000, false},
        {"empty lines", "", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", 4000, false},
        {"body", "POST /r/t HTTP/1.1\r\nHost: t.example\r\nContent-Length: 500\r\n\r\n",
         "text=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 6000, false},
        {"chunks", "POST /r/t HTTP/1.1\r\nHost: t.example\r\nTransfer-Encoding: chunked\r\n\r\n",
         "1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n", 6000, false},
        {"kept open", "GET /guest.css HTTP/1.1\r\nHost: t.example\r\n\r\n", "", 5000, true},
        {"next headers", "GET /guest.css HTTP/1.1\r\nHost: t.example\r\n\r\n",
         "GET /healthz HTTP/1.1\r\nHost: t.example\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaa", 5000, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct server server;
        AUTO_BUFFER got = buffer_create(1 << 20);
        server_start(&server, true);
        check_row(cases[i].name);
        AUTO_FD fd = client_connect(&server);
        struct slice before = slice_from(cases[i].before), drip = slice_from(cases[i].drip);
        CHECK(!client_talk(&server, fd, &before, 1000, 20, &got));
        CHECK((got.len > 0) == cases[i].answered);
        int64_t start_ms = server.now_ms;
        bool closed = false;
        while (!closed && server.now_ms - start_ms < 20000) {
            struct slice byte = slice_sub(drip, 0, 1);
            drip = slice_sub(drip, 1, drip.len);
            server.now_ms += 200;
            closed = client_talk(&server, fd, &byte, 1, 3, &got);
        }
        CHECK_NUMBER(server.now_ms - start_ms, cases[i].ms);
        server_stop(&server);
    }
}

/* Whoever does not read: the answer is larger than the sockets hold. */
static void cuts_off_who_does_not_read(void)
{
    struct server server;
    server_start(&server, true);
    AUTO_BUFFER json = buffer_create(5 << 20);
    buffer_add_text(&json, "{\"x\":\"");
    while (json.len < 4000000)
        buffer_add_text(&json, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    buffer_add_text(&json, "\"}");
    server.planner.json = json.data;
    AUTO_FD fd = client_connect(&server);
    struct slice request = LIT("GET /api/v1/sandbox HTTP/1.1\r\nHost: t.example\r\n\r\n");
    CHECK(send(fd, request.data, request.len, MSG_NOSIGNAL) == (ssize_t)request.len);
    char chunk[1000];
    for (int i = 0; i < 40; i++, server.now_ms += 200) {
        web_turn(server.api, server.now_ms);
        CHECK(recv(fd, chunk, sizeof chunk, 0) > 0 || i == 0);
    }
    server.now_ms += 1200;
    for (int i = 0; i < 3; i++)
        web_turn(server.api, server.now_ms);
    size_t rest = 0;
    ssize_t count;
    while ((count = recv(fd, chunk, sizeof chunk, 0)) > 0)
        rest += (size_t)count;
    CHECK(count == 0 || errno == ECONNRESET); /* closed, before all of it was there */
    CHECK(rest < 4000000);
    server_stop(&server);
}

/* Twenty places, taken by several addresses: who asks nothing makes room, the longest there
 * first; who is busy does not. */
static void makes_room_for_who_asks(void)
{
    static const char *const addresses[] = {"127.0.0.2", "127.0.0.3", "127.0.0.4"};
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    int fds[20];
    server_start(&server, true);
    for (size_t i = 0; i < 20; i++) {
        fds[i] = client_connect_from(&server, addresses[i / 8]);
        server.now_ms += 10;
        web_turn(server.api, server.now_ms);
    }
    struct slice left = LIT("POST /r/t HTTP/1.1\r\nHost: t.example\r\nContent-Length: 9\r\n\r\n");
    CHECK(!client_talk(&server, fds[0], &left, 1000, 3, &got)); /* the oldest is busy now */
    server.planner.json = "{}";
    for (size_t i = 1; i < 4; i++) {
        CHECK(exchange(&server, "GET /healthz HTTP/1.1\r\n" END, &got));
        CHECK_NUMBER(status_of(&got), 200);
    }
    char byte;
    CHECK(recv(fds[0], &byte, 1, 0) < 0);
    CHECK(recv(fds[1], &byte, 1, 0) == 0); /* the first of the silent, and one is enough */
    CHECK(recv(fds[2], &byte, 1, 0) < 0);
    for (size_t i = 0; i < 20; i++)
        close(fds[i]);
    server_stop(&server);
}

static void believes_its_proxy_only(void)
{
#define HELLO(claim) claim "GET /healthz HTTP/1.1\r\n" END
    static const struct {
        const char *from, *request;
        int http; /* -1: closed without an answer */
    } cases[] = {
        {"127.0.0.1", HELLO("PROXY TCP4 192.0.2.7 127.0.0.1 4000 80\r\n"), 200},
        {"127.0.0.1", HELLO("PROXY TCP6 2001:db8::7 ::1 4000 80\r\n"), 200},
        {"127.0.0.1", HELLO("PROXY UNKNOWN\r\n"), 200},
        {"127.0.0.1", HELLO(""), -1},
        {"127.0.0.1", HELLO("PROXY TCP4 192.0.2.7\r\n"), -1},
        {"127.0.0.2", HELLO(""), 200},
        {"127.0.0.2", HELLO("PROXY TCP4 192.0.2.7 127.0.0.1 4000 80\r\n"), 400},
    };
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_begin(&server, true, true);
    server.planner.json = "{}";
    for (size_t step = 1; step <= 1000; step += 999)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            check_row(cases[i].request);
            AUTO_FD fd = client_connect_from(&server, cases[i].from);
            struct slice left = slice_from(cases[i].request);
            buffer_clear(&got);
            CHECK(client_talk(&server, fd, &left, step, 600, &got));
            CHECK_NUMBER(status_of(&got), cases[i].http);
        }
    /* limits are the client's: eight of one, and still one of another */
    int fds[9];
    for (size_t i = 0; i < 9; i++) {
        struct slice claim = LIT("PROXY TCP6 2001:db8::7 ::1 4000 80\r\n");
        fds[i] = client_connect_from(&server, "127.0.0.1");
        bool closed = client_talk(&server, fds[i], &claim, 1000, 5, &got);
        CHECK(closed == (i == 8));
    }
    AUTO_FD neighbour = client_connect_from(&server, "127.0.0.1"); /* of the same /64 */
    struct slice left = slice_from(HELLO("PROXY TCP6 2001:db8::8 ::1 4000 80\r\n"));
    buffer_clear(&got);
    CHECK(client_talk(&server, neighbour, &left, 1000, 20, &got));
    CHECK_NUMBER(got.len, 0);
    AUTO_FD other = client_connect_from(&server, "127.0.0.1");
    left = slice_from(HELLO("PROXY TCP6 2001:db8:1::8 ::1 4000 80\r\n"));
    CHECK(client_talk(&server, other, &left, 1000, 100, &got));
    CHECK_NUMBER(status_of(&got), 200);
    AUTO_FD silent = client_connect_from(&server, "127.0.0.1");
    left = LIT("PRO");
    CHECK(!client_talk(&server, silent, &left, 1000, 5, &got));
    server.now_ms += limits.header_ms;
    CHECK(client_talk(&server, silent, &left, 1000, 5, &got));
    for (size_t i = 0; i < 9; i++)
        close(fds[i]);
    server_stop(&server);
}

int main(void)
{
    TEST(limits_connections_of_an_address);
    TEST(cuts_off_who_is_slow);
    TEST(cuts_off_who_does_not_read);
    TEST(makes_room_for_who_asks);
    TEST(believes_its_proxy_only);
    return check_done();
}
