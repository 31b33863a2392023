/* Who asks, and from where: cookies, tokens, 401 and 403, other sites, headers, what authd is asked. */
#include "roles/api/test_help.h"

#define SESSION "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
#define TOKEN "rdz_0123456789-_cdefghijklmnopqrstuvwxyzABCDEFG"
#define HEAD " HTTP/1.1\r\nHost: t.example\r\nConnection: close\r\n"
#define COOKIE "Cookie: __Host-session=" SESSION "\r\n"
#define BEARER "Authorization: Bearer " TOKEN "\r\n"
#define JSON "Content-Type: application/json\r\n"
#define OURS "Sec-Fetch-Site: same-origin\r\nOrigin: http://t.example\r\n"
#define GOES "\r\n"
#define WITH(body) "Content-Length: @\r\n\r\n" body
#define WHO "{\"person\":\"p_1\",\"organisation\":\"o_1\",\"function\":\"organizer\"}"

static const struct {
    const char *request;
    enum status status;   /* of the answer */
    const char *json;     /* of the last who is asked; NULL: nobody may be */
    int http;
    const char *has;      /* in the whole response; NULL: nothing looked for */
    const char *has_not;
    const char *question; /* "command json" */
    const char *brought;  /* "right session token flow device" as authd heard them */
} rows[] = {
    /* a session */
    {"GET /api/v1/me" HEAD COOKIE GOES, ST_OK, "{\"name\":\"Ann\"}", 200, "{\"name\":\"Ann\"}", "Set-Cookie",
     "me.show {}", " " SESSION "   "},
    {"GET /api/v1/me" HEAD COOKIE GOES, ST_OK, "{}", 200, "Cache-Control: no-store\r\n", "WWW-", NULL, NULL},
    {"HEAD /api/v1/me" HEAD COOKIE GOES, ST_OK, "{\"name\":\"Ann\"}", 200, NULL, "Ann", "me.show {}", NULL},
    {"GET /api/v1/session" HEAD COOKIE GOES, ST_OK, "{}", 200, NULL, "Set-Cookie", "session.show {}", NULL},
    {"GET /api/v1/session" HEAD COOKIE GOES, ST_DENIED, "{\"detail\":\"x\",\"code\":\"no_session\"}", 401, "no_session",
     "Set-Cookie", NULL, NULL},
    {"GET /api/v1/sessions" HEAD COOKIE GOES, ST_OK, "{}", 200, NULL, NULL, "session.list {}",
     "account.own " SESSION "   "},
    {"GET /api/v1/me" HEAD GOES, ST_OK, NULL, 401, "WWW-Authenticate: Session realm=\"rendez\"\r\n", "Set-Cookie",
     NULL, NULL},
    {"GET /api/v1/me" HEAD GOES, ST_OK, NULL, 401, "\"code\":\"no_session\"", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD GOES, ST_OK, NULL, 401, "application/problem+json", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD "Cookie: theme=dark; __Host-session=" SESSION "; lang=fr\r\n" GOES, ST_OK, "{}", 200,
     NULL, NULL, NULL, " " SESSION "   "},
    {"GET /api/v1/me" HEAD "Cookie: __Host-session=" SESSION "; __Host-flow=f1\r\n" GOES, ST_OK, "{}", 200, NULL,
     NULL, NULL, " " SESSION "  f1 "},
    {"POST /api/v1/login/start" HEAD "Cookie: __Host-device=" SESSION "\r\n" JSON OURS WITH("{}"), ST_OK, "{}", 200, NULL,
     "Set-Cookie", NULL, "    " SESSION},
    /* what is no session */
    {"GET /api/v1/me" HEAD "Cookie: __Host-session=short\r\n" GOES, ST_OK, NULL, 401,
     "Set-Cookie: __Host-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0\r\n", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD "Cookie: __Host-session=" SESSION "x\r\n" GOES, ST_OK, NULL, 401, NULL, NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD "Cookie: __host-session=" SESSION "\r\n" GOES, ST_OK, NULL, 401, NULL, NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD "Cookie: session=" SESSION "\r\n" GOES, ST_OK, NULL, 401, NULL, NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD "Cookie: __Host-session=" SESSION "; __Host-session=" SESSION "\r\n" GOES, ST_OK, NULL,
     400, "twice", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD COOKIE COOKIE GOES, ST_OK, NULL, 400, "credentials come once", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD "Cookie: __Host-session=\"" SESSION "\"\r\n" GOES, ST_OK, NULL, 400, NULL, NULL, NULL, NULL},
    /* what authd says of it */
    {"GET /api/v1/me" HEAD COOKIE GOES, ST_DENIED, "{\"detail\":\"it is over\",\"code\":\"no_session\"}", 401,
     "Set-Cookie: __Host-session=; ", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD COOKIE GOES, ST_DENIED, "{\"detail\":\"x\",\"code\":\"ended\"}", 401, "WWW-Authenticate", NULL,
     NULL, NULL},
    {"GET /api/v1/people" HEAD COOKIE GOES, ST_DENIED, "{\"detail\":\"x\",\"code\":\"function\"}", 403,
     "\"code\":\"function\"", "Set-Cookie", "account.list {}", "people.read " SESSION "   "},
    {"GET /api/v1/people" HEAD COOKIE GOES, ST_DENIED, "{\"detail\":\"x\"}", 403, "\"detail\":\"x\"", "WWW-", NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON OURS WITH("{}"), ST_DENIED, "{\"detail\":\"x\",\"code\":\"proof\"}", 403,
     "\"type\":\"urn:rendez:problem:proof\"", "Set-Cookie", NULL, NULL},
    {"POST /api/v1/proof/code" HEAD COOKIE JSON OURS WITH("{\"flow\":\"f\",\"code\":\"1\"}"), ST_OK, "{}", 200, NULL, NULL,
     "proof.code {\"flow\":\"f\",\"code\":\"1\"}", "account.own " SESSION "   "},
    {"POST /api/v1/proof/start" HEAD BEARER JSON WITH("{}"), ST_OK, NULL, 403, "\"code\":\"session_only\"", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD COOKIE GOES, ST_LIMIT, "{\"detail\":\"x\",\"retry_after_s\":90}", 429,
     "Retry-After: 90\r\n", NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD COOKIE GOES, ST_UNAVAILABLE, "{\"detail\":\"x\"}", 503, NULL, "Set-Cookie", NULL, NULL},
    /* from where something is changed */
    {"POST /api/v1/tokens" HEAD COOKIE JSON OURS WITH("{\"name\":\"n\"}"), ST_OK, "{\"id\":\"t\"}", 200, NULL, NULL,
     "token.make {\"name\":\"n\"}", "tokens.own " SESSION "   "},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Origin: http://t.example\r\n" WITH("{}"), ST_OK, "{}", 200, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Sec-Fetch-Site: same-origin\r\n" WITH("{}"), ST_OK, "{}", 200, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE "Content-Type: application/json; charset=utf-8\r\n" OURS WITH("{}"), ST_OK,
     "{}", 200, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON WITH("{}"), ST_OK, NULL, 403, "without Origin", NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Origin: http://evil.example\r\n" WITH("{}"), ST_OK, NULL, 403, "another site",
     NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Origin: null\r\n" WITH("{}"), ST_OK, NULL, 403, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Origin: http://t.example.evil.example\r\n" WITH("{}"), ST_OK, NULL, 403, NULL,
     NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Origin: http://t.example:81\r\n" WITH("{}"), ST_OK, NULL, 403, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Sec-Fetch-Site: same-site\r\n" WITH("{}"), ST_OK, NULL, 403, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Sec-Fetch-Site: none\r\n" WITH("{}"), ST_OK, NULL, 403, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON "Sec-Fetch-Site: cross-site\r\nOrigin: http://t.example\r\n" WITH("{}"), ST_OK,
     NULL, 403, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE "Content-Type: text/plain\r\n" OURS WITH("{}"), ST_OK, NULL, 400,
     "application/json", NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE "Content-Type: application/jsonp\r\n" OURS WITH("{}"), ST_OK, NULL, 400, NULL,
     NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE "Content-Type: application/x-www-form-urlencoded\r\n" OURS WITH("a=1"), ST_OK, NULL, 400,
     NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON OURS WITH("[1]"), ST_OK, NULL, 400, "must be an object", NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD COOKIE JSON OURS WITH("{\"a\":1,\"a\":2}"), ST_OK, NULL, 400, NULL, NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD JSON OURS WITH("{}"), ST_OK, NULL, 401, NULL, NULL, NULL, NULL},
    {"DELETE /api/v1/tokens/t_1" HEAD COOKIE JSON OURS GOES, ST_OK, "{}", 200, NULL, NULL, "token.end {\"id\":\"t_1\"}", NULL},
    {"DELETE /api/v1/tokens/t_1" HEAD COOKIE GOES, ST_OK, NULL, 400, NULL, NULL, NULL, NULL},
    {"DELETE /api/v1/sessions" HEAD COOKIE JSON OURS GOES, ST_OK, "{}", 200, NULL, NULL, "session.end {}", NULL},
    {"PUT /api/v1/tokens" HEAD COOKIE JSON OURS WITH("{}"), ST_OK, NULL, 405, "Allow: GET, HEAD, POST\r\n", NULL, NULL, NULL},
    {"GET /api/v1/logout" HEAD COOKIE GOES, ST_OK, NULL, 405, "Allow: POST\r\n", NULL, NULL, NULL},
    /* a member of the body cannot stand for one of the path */
    {"POST /api/v1/people/p_2/end" HEAD COOKIE JSON OURS WITH("{\"id\":\"p_9\"}"), ST_OK, "{}", 200, NULL, NULL,
     "account.end {\"id\":\"p_2\"}", "people.end " SESSION "   "},
    /* tokens */
    {"GET /api/v1/me" HEAD BEARER GOES, ST_OK, NULL, 403, "\"code\":\"session_only\"", NULL, NULL, NULL},
    {"POST /api/v1/tokens" HEAD BEARER JSON WITH("{}"), ST_OK, NULL, 403, NULL, NULL, NULL, NULL},
    {"GET /api/v1/me" HEAD COOKIE BEARER GOES, ST_OK, NULL, 400, "not both", NULL, NULL, NULL},
    {"GET /api/v1/meetings" HEAD GOES, ST_OK, NULL, 401, "WWW-Authenticate: Bearer realm=\"rendez\"\r\n", NULL, NULL, NULL},
    {"GET /api/v1/meetings" HEAD "Authorization: Bearer rdz_x\r\n" GOES, ST_OK, NULL, 401, "\"code\":\"no_token\"", NULL,
     NULL, NULL},
    {"GET /api/v1/meetings" HEAD "Authorization: Basic YTpi\r\n" GOES, ST_OK, NULL, 401, NULL, NULL, NULL, NULL},
    {"GET /api/v1/meetings" HEAD BEARER BEARER GOES, ST_OK, NULL, 400, NULL, NULL, NULL, NULL},
    {"GET /scim/v2/Users/u1" HEAD COOKIE GOES, ST_OK, NULL, 401, "urn:ietf:params:scim:api:messages:2.0:Error", NULL, NULL, NULL},
    {"GET /scim/v2/Users/u1" HEAD GOES, ST_OK, NULL, 401, "Content-Type: application/scim+json\r\n", NULL, NULL, NULL},
    {"GET /scim/v2/Users?filter=a%20eq%20%22b%22&count=2" HEAD BEARER GOES, ST_OK,
     "{\"status\":200,\"headers\":{\"ETag\":\"W/1\"},\"body\":\"{}\"}", 200, "ETag: W/1\r\n", NULL,
     "scim {\"method\":\"GET\",\"path\":\"Users\",\"if_match\":\"\",\"body\":\"\",\"query\":{\"filter\":\"a eq \\\"b\\\"\",\"count\":\"2\"}}",
     "people.provision  " TOKEN "  "},
    {"POST /scim/v2/Users" HEAD BEARER "Content-Type: application/scim+json\r\n" WITH("{}"), ST_OK,
     "{\"status\":201,\"headers\":{\"Location\":\"http://t.example/scim/v2/Users/u1\",\"X-Other\":\"1\"},\"body\":\"{}\"}", 201,
     "Location: http://t.example/scim/v2/Users/u1\r\n", "X-Other", NULL, NULL},
    {"PATCH /scim/v2/Users/u1" HEAD BEARER "Content-Type: application/json\r\n" WITH("{}"), ST_OK,
     "{\"status\":204,\"headers\":{},\"body\":\"\"}", 204, NULL, "application/", NULL, NULL},
    {"PUT /scim/v2/Users/u1" HEAD BEARER "Content-Type: text/plain\r\n" WITH("{}"), ST_OK, NULL, 400, NULL, NULL, NULL, NULL},
    {"DELETE /scim/v2/Users/u1" HEAD BEARER GOES, ST_OK, "{\"status\":99}", 503, NULL, NULL, NULL, NULL},
    {"GET /scim/v2/Users?a=1&a=2" HEAD BEARER GOES, ST_OK, NULL, 400, "twice", NULL, NULL, NULL},
    {"GET /scim/v2/Users" HEAD BEARER GOES, ST_OK,
     "{\"status\":200,\"headers\":{\"Location\":\"x\\r\\nSet-Cookie: a=b\"},\"body\":\"{}\"}", 200, NULL, "Set-Cookie", NULL, NULL},
    {"GET /scim/v2/Users" HEAD BEARER GOES, ST_DENIED, "{\"detail\":\"x\",\"code\":\"no_token\"}", 401,
     "error=\"invalid_token\"", NULL, NULL, NULL},
    {"GET /scim/v2/Users" HEAD BEARER GOES, ST_DENIED, "{\"detail\":\"x\",\"code\":\"scope\"}", 403,
     "error=\"insufficient_scope\"", NULL, NULL, NULL},
    /* signing in needs no session; another site cannot do it for somebody */
    {"POST /api/v1/login/start" HEAD JSON OURS WITH("{}"), ST_OK, "{\"flow\":\"f\"}", 200, "{\"flow\":\"f\"}", NULL,
     "login.start {}", "    "},
    {"POST /api/v1/login/start" HEAD COOKIE JSON OURS WITH("{}"), ST_OK, "{}", 200, NULL, NULL, NULL, " " SESSION "   "},
    {"POST /api/v1/login/start" HEAD JSON "Origin: http://evil.example\r\n" WITH("{}"), ST_OK, NULL, 403, NULL, NULL, NULL, NULL},
    {"POST /api/v1/login/start" HEAD JSON WITH("{}"), ST_OK, NULL, 403, NULL, NULL, NULL, NULL},
    {"POST /api/v1/login/code" HEAD JSON OURS WITH("{}"), ST_DENIED, "{\"detail\":\"x\",\"code\":\"wrong\"}", 403,
     "\"code\":\"wrong\"", "Set-Cookie", NULL, NULL},
    {"POST /api/v1/login/code" HEAD JSON OURS WITH("{}"), ST_LIMIT, "{\"detail\":\"x\"}", 429, NULL, "Retry-After", NULL, NULL},
    {"POST /api/v1/factors/password" HEAD COOKIE JSON OURS WITH("{}"), ST_INVALID,
     "{\"detail\":\"x\",\"code\":\"password\",\"rules\":[\"length\"]}", 400, "\"rules\":[\"length\"]", NULL, NULL, NULL},
    /* single sign-on */
    {"GET /login/sso/idp-1" HEAD GOES, ST_OK, "{\"location\":\"https://idp.example/a?b=c\"}", 303,
     "Location: https://idp.example/a?b=c\r\n", NULL, "sso.begin {\"provider\":\"idp-1\"}", NULL},
    {"GET /login/sso/idp-1" HEAD GOES, ST_OK, "{\"location\":\"javascript:1\"}", 303, "Location: /account#sso-failed\r\n",
     "javascript", NULL, NULL},
    {"GET /login/sso/idp-1" HEAD GOES, ST_NOT_FOUND, "{}", 303, "Location: /account#sso-failed\r\n", NULL, NULL, NULL},
    {"GET /login/sso/callback?code=c&state=s" HEAD "Cookie: __Host-flow=f1\r\n" GOES, ST_OK, "{}", 303,
     "Location: /account\r\n", NULL, "sso.callback {\"query\":{\"code\":\"c\",\"state\":\"s\"}}", "   f1 "},
    {"GET /login/sso/callback?code=c&state=s" HEAD "Cookie: __Host-flow=f1\r\n" GOES, ST_DENIED, "{\"detail\":\"x\"}", 303,
     "Set-Cookie: __Host-flow=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0\r\n", NULL, NULL, NULL},
    {"GET /login/sso/callback?code=c&state=s" HEAD "Cookie: __Host-flow=f1\r\n" GOES, ST_OK, "{\"next\":\"code\"}", 303,
     "Location: /account#sso-code\r\n", "__Host-flow=;", NULL, NULL},
    {"POST /api/v1/login/sso/code" HEAD "Cookie: __Host-flow=f2\r\n" JSON OURS WITH("{\"code\":\"123456\"}"), ST_OK, "{}", 200,
     NULL, NULL, "sso.code {\"code\":\"123456\"}", "   f2 "},
    {"GET /login/sso/callback?code=c&code=d" HEAD GOES, ST_OK, NULL, 303, "Location: /account#sso-failed\r\n", NULL, NULL, NULL},
    {"POST /login/sso/backchannel" HEAD "Content-Type: application/x-www-form-urlencoded\r\n" WITH("logout_token=a.b.c"), ST_OK,
     "{}", 200, NULL, NULL, "sso.backchannel {\"logout_token\":\"a.b.c\"}", NULL},
    {"POST /login/sso/backchannel" HEAD "Content-Type: application/x-www-form-urlencoded\r\n" WITH("x=1"), ST_OK, NULL, 400,
     NULL, NULL, NULL, NULL},
    /* leaving */
    {"POST /api/v1/logout" HEAD COOKIE JSON OURS WITH("{}"), ST_OK, "{}", 200, "Set-Cookie: __Host-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0\r\n",
     NULL, "logout {}", " " SESSION "   "},
    {"POST /api/v1/logout" HEAD COOKIE JSON OURS WITH("{}"), ST_OK, "{}", 200, "Clear-Site-Data: \"cache\", \"storage\"\r\n", NULL, NULL, NULL},
    {"POST /api/v1/logout" HEAD COOKIE JSON OURS WITH("{}"), ST_UNAVAILABLE, "{}", 503, NULL, "Clear-Site-Data", NULL, NULL},
    /* the pages */
    {"GET /account" HEAD GOES, ST_OK, NULL, 200, "account</p>", NULL, NULL, NULL},
    {"GET /account/enrol" HEAD GOES, ST_OK, NULL, 200, "script-src 'self'", "unsafe", NULL, NULL},
    {"GET /account/reviews/v_1" HEAD GOES, ST_OK, NULL, 200, "frame-ancestors 'none'", NULL, NULL, NULL},
    {"GET /account/a/b/c" HEAD GOES, ST_OK, NULL, 404, NULL, "account</p>", NULL, NULL},
    {"GET /assets/main-1a2b.js" HEAD GOES, ST_OK, NULL, 200, NULL, NULL, NULL, NULL},
    /* lists of revoked certificates and who signs them, for anybody */
    {"GET /pki/ca_1.crl" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200,
     "Content-Type: application/pkix-crl\r\n", "Set-Cookie", "pki.show {\"name\":\"ca_1\",\"kind\":\"crl\",\"known\":\"\"}",
     "    "},
    {"GET /pki/ca_1.crl" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200, "\r\n\r\nlist", NULL, NULL, NULL},
    {"GET /pki/ca_1.crl" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200, "ETag: \"v-1\"\r\n", NULL, NULL, NULL},
    {"GET /pki/ca_1.crl" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200, "Cache-Control: no-cache\r\n", NULL,
     NULL, NULL},
    {"GET /pki/root.cer" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200,
     "Content-Type: application/pkix-cert\r\n", NULL, "pki.show {\"name\":\"root\",\"kind\":\"cer\",\"known\":\"\"}", NULL},
    {"GET /pki/root.cer" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200,
     "Cache-Control: public, max-age=86400\r\n", NULL, NULL, NULL},
    {"HEAD /pki/ca_1.crl" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200, "Content-Length: 4\r\n",
     "\r\n\r\nlist", NULL, NULL},
    {"GET /pki/ca_1.crl" HEAD "If-None-Match: \"v-1\", W/\"v-0\"\r\n" GOES, ST_OK, "{\"version\":\"v-1\"}", 304,
     "ETag: \"v-1\"\r\n", NULL,
     "pki.show {\"name\":\"ca_1\",\"kind\":\"crl\",\"known\":\"\\\"v-1\\\", W/\\\"v-0\\\"\"}", NULL},
    {"GET /pki/ca_1.crl" HEAD "If-None-Match: \"\xc3\xa9\"\r\n" GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"bGlzdA\"}", 200, NULL,
     NULL, "pki.show {\"name\":\"ca_1\",\"kind\":\"crl\",\"known\":\"\"}", NULL},
    {"GET /pki/ca_1.crl" HEAD GOES, ST_NOT_FOUND, "{\"detail\":\"there is none\"}", 404, "application/problem+json", NULL, NULL, NULL},
    {"GET /pki/ca_1.crl" HEAD GOES, ST_OK, "{\"version\":\"v-1\",\"bytes\":\"=\"}", 503, "could not be read", NULL, NULL, NULL},
    {"GET /pki/ca_1.crl" HEAD GOES, ST_OK, "{\"version\":\"a\\r\\nX: b\",\"bytes\":\"bGlzdA\"}", 503, NULL, "X: b", NULL, NULL},
    {"GET /pki/ca_1.pem" HEAD GOES, ST_OK, NULL, 404, NULL, NULL, NULL, NULL},
    {"GET /pki/.crl" HEAD GOES, ST_OK, NULL, 404, NULL, NULL, NULL, NULL},
    {"GET /pki/ca.1.crl" HEAD GOES, ST_OK, NULL, 404, NULL, NULL, NULL, NULL},
    {"GET /pki/..%2Fidentity.crl" HEAD GOES, ST_OK, NULL, 404, NULL, NULL, NULL, NULL},
    {"GET /pki/" HEAD GOES, ST_OK, NULL, 404, NULL, NULL, NULL, NULL},
    {"POST /pki/ca_1.crl" HEAD "Content-Length: 0\r\n" GOES, ST_OK, NULL, 405, "Allow: GET, HEAD\r\n", NULL, NULL, NULL},
};

static void talk(struct server *server, const char *request, struct buffer *got)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    server->planner.asked = 0;
    server->planner.command[0] = '\0';
    CHECK(exchange(server, with_length(request, arena).data, got));
}

static void answers_every_row(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, false);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        struct canned *authd = &server.planner;
        check_row(rows[i].request);
        authd->status = rows[i].status;
        authd->json = rows[i].json != NULL ? rows[i].json : "{}";
        talk(&server, rows[i].request, &got);
        CHECK_NUMBER(status_of(&got), rows[i].http);
        CHECK_NUMBER(authd->asked, rows[i].json != NULL);
        CHECK(authd->asked == 0 || authd->peer == WEB_AUTHD);
        if (rows[i].has != NULL)
            CHECK(slice_contains(buffer_slice(&got), slice_from(rows[i].has)));
        if (rows[i].has_not != NULL)
            CHECK(!slice_contains(buffer_slice(&got), slice_from(rows[i].has_not)));
        if (rows[i].question != NULL)
            CHECK_TEXT(arena_format(arena, "%s %.*s", authd->command,
                                    SLICE_ARG(buffer_slice(&authd->question))), rows[i].question);
        if (rows[i].brought != NULL)
            CHECK_TEXT(arena_format(arena, "%s %s", authd->right, authd->brought), rows[i].brought);
    }
    server_stop(&server);
}

/* Every route that needs somebody, without anybody: refused before anybody is asked. And every route
 * that changes something, with a session, from another site. */
static void refuses_strangers_everywhere(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, true);
    server.planner.json = "{}";
    for (size_t i = 0; i < api_site.route_count; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        const struct route *route = &api_site.routes[i];
        struct slice pattern = slice_from(route->pattern);
        size_t brace = slice_find(pattern, LIT("{"), 0), end = slice_find(pattern, LIT("}"), 0);
        struct slice path = brace == SIZE_MAX ? pattern
            : arena_format(arena, "%.*sx%s", (int)brace, pattern.data, pattern.data + end + 1);
        if (route->needs < NEEDS_SESSION)
            continue;
        check_row(arena_format(arena, "%s %s", route->method, route->pattern).data);
        talk(&server, arena_format(arena, "%s %.*s" HEAD JSON OURS "Content-Length: 0\r\n\r\n", route->method,
                                   SLICE_ARG(path)).data, &got);
        CHECK_NUMBER(status_of(&got), 401);
        CHECK_NUMBER(server.planner.asked, 0);
        CHECK(slice_contains(buffer_slice(&got), LIT("WWW-Authenticate: ")));
        if (slice_equal(slice_from(route->method), LIT("GET")) || route->needs == NEEDS_TOKEN)
            continue;
        talk(&server, arena_format(arena, "%s %.*s" HEAD COOKIE JSON "Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n",
                                   route->method, SLICE_ARG(path)).data, &got);
        CHECK_NUMBER(status_of(&got), 403);
        CHECK_NUMBER(server.planner.asked, 0);
    }
    server_stop(&server);
}

static void sets_cookies_that_authd_gives(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, false);
    server.planner.json = "{\"me\":{}}";
    server.planner.session = SESSION;
    talk(&server, "POST /api/v1/login/code" HEAD JSON OURS WITH("{}"), &got);
    CHECK(slice_contains(buffer_slice(&got), LIT("Set-Cookie: __Host-session=" SESSION
                                                 "; Path=/; Secure; HttpOnly; SameSite=Strict\r\n")));
    CHECK(!slice_contains(buffer_slice(&got), LIT("__Host-flow")));
    server.planner.device = SESSION;
    talk(&server, "POST /api/v1/login/code" HEAD JSON OURS WITH("{}"), &got);
    CHECK(slice_contains(buffer_slice(&got), LIT("Set-Cookie: __Host-device=" SESSION
                                                 "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000\r\n")));
    server.planner.flow = "f2";
    server.planner.session = server.planner.device = NULL;
    server.planner.json = "{\"location\":\"https://idp.example/\"}";
    talk(&server, "GET /login/sso/idp" HEAD GOES, &got);
    CHECK(slice_contains(buffer_slice(&got), LIT("Set-Cookie: __Host-flow=f2; Path=/; Secure; HttpOnly; SameSite=Lax\r\n")));
    /* the planner has none to give, nor has a refusal */
    server.planner.session = SESSION;
    talk(&server, "GET /healthz" HEAD GOES, &got);
    CHECK(!slice_contains(buffer_slice(&got), LIT("Set-Cookie")));
    server.planner.status = ST_DENIED;
    talk(&server, "POST /api/v1/login/code" HEAD JSON OURS WITH("{}"), &got);
    CHECK(!slice_contains(buffer_slice(&got), LIT(SESSION)));
    server_stop(&server);
}

/* Over HTTPS only that scheme is ours, for the name that we are known by. */
static void takes_its_own_scheme_only(void)
{
    static const struct {
        const char *host, *origin;
        int http;
    } cases[] = {
        {"meet.example", "https://meet.example", 200},    {"meet.example", "http://meet.example", 403},
        {"meet.example", "https://meet.example:444", 403}, {"localhost:8080", "http://localhost:8080", 200},
        {"localhost:8080", "http://localhost:8081", 403},  {"spare.example", "https://spare.example", 200},
    };
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_open(&server, false, false, "https://meet.example/");
    server.planner.json = "{}";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        check_row(cases[i].origin);
        talk(&server, arena_format(arena, "POST /api/v1/login/start HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n"
                                   "Connection: close\r\n" JSON "Content-Length: 2\r\n\r\n{}",
                                   cases[i].host, cases[i].origin).data, &got);
        CHECK_NUMBER(status_of(&got), cases[i].http);
    }
    server_stop(&server);
}

/* The planner is asked once authd has said who it is, and hears nothing of how that is known. */
static void asks_for_somebody(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, false);
    server.planner.json = "{\"meetings\":[]}";
    server.planner.who = WHO;
    server.planner.word = "of authd";
    for (int token = 0; token < 2; token++) {
        talk(&server, token ? "GET /api/v1/meetings" HEAD BEARER GOES : "GET /api/v1/meetings" HEAD COOKIE GOES, &got);
        CHECK_NUMBER(status_of(&got), 200);
        CHECK_NUMBER(server.planner.asked, 2);
        CHECK_TEXT(slice_from(server.planner.checked), "session.check");
        CHECK_TEXT(slice_from(server.planner.right), "meetings.read");
        CHECK_TEXT(slice_from(server.planner.command), "meetings.list");
        CHECK_TEXT(slice_from(server.planner.planned), "meetings.list");
        CHECK_TEXT(slice_from(server.planner.checked_json), "{}"); /* as the planner gets it, to the letter */
        CHECK_TEXT(buffer_slice(&server.planner.question), "{}");
        CHECK_TEXT(slice_from(server.planner.person), "p_1");
        CHECK_TEXT(slice_from(server.planner.assertion), "of authd");
        CHECK_NUMBER(server.planner.peer, WEB_PLANNER);
    }
    server.planner.who = "{}"; /* nobody: not asked on */
    talk(&server, "GET /api/v1/meetings" HEAD COOKIE GOES, &got);
    CHECK_NUMBER(status_of(&got), 503);
    CHECK_NUMBER(server.planner.asked, 1);
    server.planner.who = WHO;
    server.planner.word = NULL; /* somebody, without authd's word: the same */
    talk(&server, "GET /api/v1/meetings" HEAD COOKIE GOES, &got);
    CHECK_NUMBER(status_of(&got), 503);
    CHECK_NUMBER(server.planner.asked, 1);
    server.planner.who = NULL;
    server.planner.status = ST_DENIED;
    server.planner.json = "{\"detail\":\"x\",\"code\":\"function\"}";
    talk(&server, "GET /api/v1/meetings" HEAD COOKIE GOES, &got);
    CHECK_NUMBER(status_of(&got), 403);
    CHECK_NUMBER(server.planner.asked, 1);
    server_stop(&server);
}

/* What authd asserted before the planner began anew does not count: it is asked once more, once. */
static void asks_once_more(void)
{
    static const struct {
        unsigned refuses, http, asked;
    } cases[] = {{0, 200, 2}, {1, 200, 4}, {2, 403, 4}, {9, 403, 4}};
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, false);
    server.planner.json = "{\"id\":\"m_1\"}";
    server.planner.who = WHO;
    server.planner.word = "of authd";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        server.planner.refuses = cases[i].refuses;
        talk(&server, "GET /api/v1/meetings/m_1" HEAD COOKIE GOES, &got);
        CHECK_NUMBER(status_of(&got), cases[i].http);
        CHECK_NUMBER(server.planner.asked, cases[i].asked);
        CHECK_TEXT(slice_from(server.planner.planned), "meetings.show");
        CHECK_TEXT(slice_from(server.planner.checked_json), "{\"id\":\"m_1\"}");
        CHECK_TEXT(buffer_slice(&server.planner.question), "{\"id\":\"m_1\"}");
        CHECK_TEXT(slice_from(server.planner.right), "meetings.read");
    }
    server_stop(&server);
}

/* Held between the two questions, as in an upgrade; and a person who leaves while the planner thinks. */
static void waits_and_forgets(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, false);
    server.planner.when = LATER;
    AUTO_FD fd = client_connect(&server);
    struct slice left = LIT("GET /api/v1/meetings" HEAD COOKIE GOES);
    CHECK(!client_talk(&server, fd, &left, 1000, 20, &got));
    CHECK_TEXT(slice_from(server.planner.checked), "session.check");
    web_hold(server.api, true);
    web_take(server.api, server.planner.ticket,
             &(struct web_answer){.json = LIT(WHO), .assertion = LIT("of authd")});
    CHECK_NUMBER(server.planner.asked, 1);
    CHECK_NUMBER(web_forget(server.api, LIT("p_2")), 0);
    CHECK_NUMBER(web_forget(server.api, SLICE_NONE), 0);
    web_hold(server.api, false);
    CHECK_NUMBER(server.planner.asked, 2);
    CHECK_TEXT(slice_from(server.planner.person), "p_1");
    CHECK_NUMBER(web_forget(server.api, LIT("p_1")), 1);
    CHECK_NUMBER(web_waiting(server.api), 0);
    web_answer(server.api, server.planner.ticket, ST_OK, LIT("{\"meetings\":[\"secret\"]}")); /* too late */
    CHECK(client_talk(&server, fd, &left, 1000, 200, &got));
    CHECK_NUMBER(status_of(&got), 401);
    CHECK(slice_contains(buffer_slice(&got), LIT("\"code\":\"ended\"")));
    CHECK(!slice_contains(buffer_slice(&got), LIT("secret")));
    server_stop(&server);
}

int main(void)
{
    TEST(answers_every_row);
    TEST(refuses_strangers_everywhere);
    TEST(sets_cookies_that_authd_gives);
    TEST(takes_its_own_scheme_only);
    TEST(asks_for_somebody);
    TEST(asks_once_more);
    TEST(waits_and_forgets);
    return check_done();
}
