#include "canned_server.h"
#include "platform/net/net.h"

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"e1\"\r\nContent-Type: text/calendar\r\n\r\nhello"

static enum status fetch(const char *const *answers, size_t count, const char *path, struct arena *arena,
                         struct net_response *response, struct slice *seen)
{
    struct net *net = NULL;
    struct problem why = {0};
    struct canned_server server = canned_serve(answers, count);
    struct net_options options = {.connect_ms = 2000, .total_ms = 2000};
    CHECK_OK(net_create(&options, &net, NULL));
    struct net_request request = {
        .method = "PROPFIND",
        .url = arena_format(arena, "http://127.0.0.1:%d%s", server.port, path),
        .user = LIT("anne"),
        .password = LIT("secret"),
        .body = LIT("<a/>"),
        .content_type = "application/xml",
        .depth = 1,
        .if_match = LIT("\"e0\""),
        .body_bytes_max = 100,
    };
    enum status status = net_send(net, &request, arena, response, &why);
    net_destroy(&net);
    *seen = canned_stop(&server, arena);
    return status;
}

static void sends_a_request(void)
{
    static const char *const answers[] = {OK_ANSWER};
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct net_response response;
    struct slice seen;
    CHECK_OK(fetch(answers, 1, "/a%20b/", arena, &response, &seen));
    CHECK_NUMBER(response.code, 200);
    CHECK_TEXT(response.body, "hello");
    CHECK_TEXT(response.etag, "\"e1\"");
    CHECK_TEXT(response.content_type, "text/calendar");
    CHECK(slice_starts(seen, LIT("PROPFIND /a%20b/ HTTP/1.1\r\n")));
    CHECK(slice_contains(seen, LIT("\r\nDepth: 1\r\n")));
    CHECK(slice_contains(seen, LIT("\r\nIf-Match: \"e0\"\r\n")));
    CHECK(slice_contains(seen, LIT("\r\nAuthorization: Basic YW5uZTpzZWNyZXQ=\r\n")));
    CHECK(!slice_contains(seen, LIT("Expect:")));
}

static void follows_on_the_same_host_only(void)
{
    static const char *const same[] = {
        "HTTP/1.1 301 Moved\r\nLocation: /new/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", OK_ANSWER};
    static const char *const other_host[] = {
        "HTTP/1.1 302 Found\r\nLocation: http://localhost/\r\nContent-Length: 0\r\n\r\n", OK_ANSWER};
    static const char *const other_scheme[] = {
        "HTTP/1.1 307 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"};
    static const char *const loop[] = {
        "HTTP/1.1 308 x\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 308 x\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 308 x\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 308 x\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 308 x\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 308 x\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct net_response response = {0};
    struct slice seen;
    CHECK_OK(fetch(same, 2, "/", arena, &response, &seen));
    CHECK(slice_contains(seen, LIT("PROPFIND /new/ HTTP/1.1")));
    CHECK(slice_ends(response.url, LIT("/new/")));
    CHECK(fetch(other_host, 1, "/", arena, &response, &seen) == ST_DENIED);
    CHECK(fetch(other_scheme, 1, "/", arena, &response, &seen) != ST_OK);
    CHECK(fetch(loop, 6, "/", arena, &response, &seen) == ST_LIMIT);
}

static void bounds_the_answer(void)
{
    static const char *const large[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n"
        "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"};
    static const char *const silent[] = {""};
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct net_response response;
    struct slice seen;
    CHECK(fetch(large, 1, "/", arena, &response, &seen) == ST_LIMIT);
    CHECK(fetch(silent, 1, "/", arena, &response, &seen) == ST_UNAVAILABLE);
}

static void refuses_addresses(void)
{
    static const struct {
        const char *url;
        enum status status;
    } cases[] = {
        {"ftp://127.0.0.1/", ST_INVALID},
        {"file:///etc/passwd", ST_INVALID},
        {"", ST_INVALID},
        {"not a url", ST_INVALID},
        {"http://calendar.example/", ST_DENIED}, /* a password in the clear */
        {"http://127.0.0.1.example/", ST_DENIED},
        {"http://127.0.0.1:1/", ST_UNAVAILABLE},
        {"https://169.254.169.254/", ST_UNAVAILABLE},
        {"https://[fe80::1]/", ST_UNAVAILABLE},
        {"https://0.0.0.0/", ST_UNAVAILABLE},
    };
    struct net *net = NULL;
    struct net_options options = {.connect_ms = 2000, .total_ms = 2000};
    CHECK_OK(net_create(&options, &net, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct net_response response;
        check_row(cases[i].url);
        struct net_request request = {.method = "GET", .url = slice_from(cases[i].url), .user = LIT("a"),
                                      .depth = -1, .body_bytes_max = 10};
        CHECK_NUMBER(net_send(net, &request, arena, &response, NULL), cases[i].status);
    }
    net_destroy(&net);
}

static void resolves_hrefs(void)
{
    static const struct {
        const char *base, *reference, *url; /* NULL: refused */
    } cases[] = {
        {"https://dav.example/anne/", "/anne/work/", "https://dav.example/anne/work/"},
        {"https://dav.example/anne/", "work/", "https://dav.example/anne/work/"},
        {"https://dav.example/anne/", "https://dav.example:443/x", "https://dav.example:443/x"},
        {"https://dav.example/anne/", "https://other.example/x", NULL},
        {"https://dav.example/anne/", "//other.example/x", NULL},
        {"https://dav.example/anne/", "http://dav.example/x", NULL},
        {"https://dav.example:8443/", "/x%20y", "https://dav.example:8443/x%20y"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct slice url = SLICE_NONE;
        check_row(cases[i].reference);
        enum status status = net_resolve(slice_from(cases[i].base), slice_from(cases[i].reference), arena,
                                         &url, NULL);
        CHECK((status == ST_OK) == (cases[i].url != NULL));
        if (cases[i].url != NULL)
            CHECK_TEXT(url, cases[i].url);
    }
}

static void names_statuses(void)
{
    static const struct {
        uint32_t code;
        enum status status;
    } cases[] = {{200, ST_OK}, {207, ST_OK}, {401, ST_DENIED}, {404, ST_NOT_FOUND}, {412, ST_CONFLICT},
                 {507, ST_LIMIT}, {503, ST_UNAVAILABLE}, {429, ST_UNAVAILABLE}, {400, ST_INVALID}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_NUMBER(net_code_status(cases[i].code, "test", NULL), cases[i].status);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    TEST(sends_a_request);
    TEST(follows_on_the_same_host_only);
    TEST(bounds_the_answer);
    TEST(refuses_addresses);
    TEST(resolves_hrefs);
    TEST(names_statuses);
    return check_done();
}
