/* The server on a loopback socket, asked byte by byte, with a planner that says what the
 * test wants. */
#include "roles/api/trust_page.h"
#include "roles/api/test_help.h"

#define FORM_HEAD "Host: t.example\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
#define JSON_HEAD "Host: t.example\r\nConnection: close\r\nContent-Type: application/json\r\n"
#define MAIL                                                                                       \
    "{\"from\":\"a@x.example\",\"to\":[\"b@x.example\"],\"cc\":[],\"subject\":\"s\",\"text\":\"t\","  \
    "\"in_reply_to\":\"\"}"
#define PRIVACY(stopped, confirm, done)                                                            \
    "{\"language\":\"fr\",\"assistant\":\"Camille\",\"contact\":\"camille@assist.example\","           \
    "\"organizer\":\"Alice & fils\",\"retention_months\":12,\"stopped\":" stopped ",\"confirm\":" confirm \
    ",\"expired\":false,\"done\":" done "}"
#define LINK_WITH(state, answer, chosen, confirmed)                                                \
    "{\"language\":\"fr\",\"time_zone\":\"Europe/Paris\",\"state\":\"" state "\","                  \
    "\"subject\":\"Contrat <b>Noroit</b>\",\"organizer\":\"Alice & fils\",\"assistant\":\"Camille\","     \
    "\"name\":\"Marc\",\"kind\":\"call\",\"duration_minutes\":45,\"place\":\"\",\"selected\":2,"       \
    "\"slots\":[{\"number\":1,\"start\":\"2026-12-01T13:30:00Z\",\"end\":\"2026-12-01T14:15:00Z\"},"    \
    "{\"number\":2,\"start\":\"2026-12-02T09:00:00+01:00\",\"end\":\"2026-12-02T09:45:00+01:00\"}],"   \
    "\"answer\":" answer ",\"chosen\":" chosen ",\"confirmed\":" confirmed "}"
#define LINK_OPEN LINK_WITH("open", "null", "[]", "null")

#define LOOKS(count, wrong, low, high, enough)                                                                     \
    "{\"now\":\"2026-11-26T06:00:00Z\",\"version\":\"1\",\"log\":{\"key\":\"t.example/log+1+A\"},\"second_looks\":{\"from\":"     \
    "\"2026-08-28\",\"until\":\"2026-11-25\",\"looks\":" count ",\"wrong\":" wrong ",\"low\":" low ",\"high\":" high   \
    ",\"wanted\":50,\"enough\":" enough ",\"entry\":77,\"at\":\"2026-11-26T00:10:00Z\"}}"

static const struct {
    const char *request;
    bool sandbox;
    enum status status;
    const char *json;     /* of the planner; NULL: it must not be asked */
    int http;
    const char *has;      /* in the whole response; NULL: nothing looked for */
    const char *has_not;
    const char *question; /* "command json" as asked */
} rows[] = {
    {"GET /healthz HTTP/1.1\r\n" END, false, ST_OK, "{\"status\":\"ok\"}", 200,
     "\r\n\r\n{\"status\":\"ok\"}", NULL, "health {}"},
    {"GET /healthz HTTP/1.1\r\n" END, false, ST_UNAVAILABLE, "{\"detail\":\"the store is locked\"}",
     503, "\"detail\":\"the store is locked\"", NULL, NULL},
    {"HEAD /healthz HTTP/1.1\r\n" END, false, ST_OK, "{\"status\":\"ok\"}", 200,
     "Content-Length: 15", "{\"status\"", NULL},
    {"GET /healthz HTTP/1.1\r\n" END, false, ST_OK, "[1]", 503, "could not be read", NULL, NULL},
    {"GET /healthz HTTP/1.1\r\n" END, false, ST_OK, "{\"a\":", 503, NULL, NULL, NULL},
    /* the sandbox */
    {"GET /api/v1/sandbox?since=17 HTTP/1.1\r\n" END, true, ST_OK, "{\"change\":17,\"view\":null}",
     200, "application/json", NULL, "sandbox.view {\"since\":17}"},
    {"GET /api/v1/sandbox HTTP/1.1\r\n" END, true, ST_OK, "{\"change\":1}", 200, "no-store", NULL,
     "sandbox.view {\"since\":null}"},
    {"GET /api/v1/sandbox?since=-1 HTTP/1.1\r\n" END, true, ST_OK, NULL, 400,
     "urn:rendez:problem:invalid", NULL, NULL},
    {"GET /api/v1/sandbox HTTP/1.1\r\n" END, false, ST_OK, NULL, 404, "application/problem+json",
     NULL, NULL},
    {"DELETE /api/v1/sandbox HTTP/1.1\r\n" END, true, ST_OK, NULL, 405, "Allow: GET, HEAD\r\n",
     NULL, NULL},
    {"TRACE / HTTP/1.1\r\n" END, true, ST_OK, NULL, 405, "Allow: GET, HEAD\r\n", "TRACE", NULL},
    {"GET /api/v1/sandbox/messages HTTP/1.1\r\n" END, true, ST_OK, NULL, 405, "Allow: POST\r\n",
     NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD "Content-Length: @\r\n\r\n" MAIL, true,
     ST_OK, "{\"id\":\"m1\"}", 202, "{\"id\":\"m1\"}", NULL, "sandbox.send " MAIL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD
     "Origin: http://t.example\r\nContent-Length: @\r\n\r\n" MAIL, true,
     ST_OK, "{\"id\":\"m1\"}", 202, NULL, NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD
     "Origin: http://evil.example\r\nContent-Length: @\r\n\r\n" MAIL, true,
     ST_OK, NULL, 403, "another site", NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\n" MAIL, true,
     ST_OK, NULL, 400, "application/json", NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD "Content-Length: @\r\n\r\n{\"from\":\"a@x\"}",
     true, ST_OK, NULL, 400, NULL, NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD "Content-Length: @\r\n\r\n{\"form\":\"a\"}",
     true, ST_OK, NULL, 400, "form", NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD "Content-Length: @\r\n\r\n{{{{{",
     true, ST_OK, NULL, 400, NULL, NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD "Content-Length: @\r\n\r\n"
     "{\"from\":\"a@x.example\",\"to\":[\"b@x.example\"],\"subject\":\"s\\r\\nBcc: c@x.example\",\"text\":\"t\",\"cc\":[]}",
     true, ST_OK, NULL, 400, "subject has a control character", NULL, NULL},
    {"POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD "Content-Length: 300000\r\n\r\n", true,
     ST_OK, NULL, 413, "urn:rendez:problem:limit", NULL, NULL},
    /* files */
    {"GET / HTTP/1.1\r\n" END, true, ST_OK, NULL, 200, "script-src 'self'", "unsafe", NULL},
    {"GET / HTTP/1.1\r\n" END, false, ST_OK, NULL, 404, NULL, "sandbox", NULL},
    {"GET /assets/main-1a2b.js HTTP/1.1\r\n" END, true, ST_OK, NULL, 200, "immutable", NULL, NULL},
    {"GET /assets/main-1a2b.js HTTP/1.1\r\n" END, true, ST_OK, NULL, 200,
     "Content-Type: text/javascript; charset=utf-8", NULL, NULL},
    {"GET /assets/nothing.js HTTP/1.1\r\n" END, true, ST_OK, NULL, 404, NULL, NULL, NULL},
    {"GET /assets/../index.html HTTP/1.1\r\n" END, true, ST_OK, NULL, 404, NULL, NULL, NULL},
    {"GET /.hidden HTTP/1.1\r\n" END, true, ST_OK, NULL, 404, NULL, "secret", NULL},
    {"GET /assets/%2e%2e%2f.hidden HTTP/1.1\r\n" END, true, ST_OK, NULL, 404, NULL, "secret", NULL},
    {"GET /guest.css HTTP/1.1\r\n" END, false, ST_OK, NULL, 200, "text/css; charset=utf-8", NULL, NULL},
    {"HEAD /guest.css HTTP/1.1\r\n" END, false, ST_OK, NULL, 200, "ETag: \"", "main{}", NULL},
    /* guests */
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200,
     "<span class=\"day\">mercredi 2 décembre</span> <span class=\"hours\">9h – 9h45</span>",
     "<script", "link.show {\"token\":\"tok-1\"}"},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200,
     "mardi 1er décembre</span> <span class=\"hours\">14h30 – 15h15", "style=", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200,
     "<h1>Contrat &lt;b&gt;Noroit&lt;/b&gt;</h1>", "<b>", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200,
     "class=\"slot selected\" type=\"submit\" name=\"choice\" value=\"2\"", "slot other\" type=\"submit\" name=\"choice\" value=\"2\"",
     NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200, "Alice &amp; fils",
     "Retour au bac", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, true, ST_OK, LINK_OPEN, 200, "Retour au bac à sable", NULL,
     NULL},
    {"GET /r/tok-1?gone=1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200,
     "Cet horaire vient d’être pris", NULL, NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_WITH("open", "\"chosen\"", "[1]", "null"),
     200, "<p class=\"settled\"><span class=\"day\">mardi 1er décembre</span>",
     "slot other\" type=\"submit\" name=\"choice\" value=\"1\"", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_WITH("open", "\"none\"", "[]", "null"), 200,
     "Camille cherche d’autres horaires", NULL, NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK,
     LINK_WITH("confirmed", "\"chosen\"", "[1]",
               "{\"start\":\"2026-12-01T13:30:00Z\",\"end\":\"2026-12-01T14:15:00Z\"}"),
     200, "Le rendez-vous est confirmé", "<button", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK,
     LINK_WITH("confirmed", "\"chosen\"", "[1]",
               "{\"start\":\"2026-12-01T13:30:00Z\",\"end\":\"2026-12-01T14:15:00Z\","
               "\"recurrence\":\"tous les mardis à 14h30, à partir du 1er décembre <i>\"}"),
     200,
     "<span class=\"day\">tous les mardis à 14h30, à partir du 1er décembre &lt;i&gt;</span> "
     "<span class=\"hours\">14h30 – 15h15",
     "<button", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_WITH("closed", "null", "[]", "null"), 200,
     "Ce rendez-vous est clos", "<button", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_WITH("waiting", "null", "[]", "null"), 200,
     "cherche d’autres horaires", "<button", NULL},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, "{\"state\":\"confirmed\"}", 503, "went wrong",
     NULL, NULL},
    {"GET /r/nope HTTP/1.1\r\nAccept-Language: fr-FR\r\n" END, false, ST_NOT_FOUND, "{}", 404,
     "Ce lien n’est plus valable", "nope", NULL},
    {"GET /r/nope HTTP/1.1\r\n" END, false, ST_NOT_FOUND, "{}", 404, "no longer valid", NULL, NULL},
    {"GET /r/a%3Cb HTTP/1.1\r\n" END, false, ST_OK, NULL, 404, NULL, "a<b", NULL},
    {"HEAD /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200, NULL, "<", "link.show {\"token\":\"tok-1\"}"},
    {"GET /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, LINK_OPEN, 200,
     "<a href=\"/r/tok-1/privacy\">Vos données et ces messages</a>", NULL, NULL},
    /* their data, and no more mail */
    {"GET /r/tok-1/privacy HTTP/1.1\r\n" END, false, ST_OK, PRIVACY("false", "null", "null"), 200,
     "name=\"act\" value=\"stop\">Ne m’écrivez plus</button>", "value=\"confirm\"",
     "privacy.show {\"token\":\"tok-1\"}"},
    {"HEAD /r/tok-1/privacy HTTP/1.1\r\n" END, false, ST_OK, PRIVACY("false", "null", "null"), 200,
     NULL, "<", "privacy.show {\"token\":\"tok-1\"}"},
    {"GET /r/tok-1/privacy HTTP/1.1\r\n" END, false, ST_OK, PRIVACY("false", "null", "null"), 200,
     "Alice &amp; fils", "<script", NULL},
    {"GET /r/tok-1/privacy HTTP/1.1\r\n" END, false, ST_OK, PRIVACY("false", "null", "null"), 200,
     "détruit 12 mois après", NULL, NULL},
    {"GET /r/tok-1/privacy HTTP/1.1\r\n" END, false, ST_OK, PRIVACY("true", "null", "null"), 200,
     "Plus aucun message", "value=\"stop\"", NULL},
    {"GET /r/tok-1/privacy HTTP/1.1\r\n" END, false, ST_OK, PRIVACY("false", "\"erase\"", "null"), 200,
     "value=\"confirm\">L’effacer</button>", NULL, NULL},
    {"GET /r/tok-1/stop HTTP/1.1\r\n" END, false, ST_OK, PRIVACY("false", "null", "null"), 200,
     "Ne m’écrivez plus", NULL, "privacy.show {\"token\":\"tok-1\"}"},
    {"POST /r/tok-1/stop HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nList-Unsubscribe=One-Click",
     false, ST_OK, PRIVACY("true", "null", "\"stop\""), 200, "C’est fait", NULL,
     "privacy.do {\"token\":\"tok-1\",\"act\":\"stop\"}"},
    {"POST /r/tok-1/stop HTTP/1.1\r\nHost: t.example\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\n"
     "Content-Length: @\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\n\n"
     "One-Click\r\n--b--\r\n",
     false, ST_OK, PRIVACY("true", "null", "\"stop\""), 200, NULL, NULL,
     "privacy.do {\"token\":\"tok-1\",\"act\":\"stop\"}"},
    {"POST /r/tok-1/stop HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nx=1", false, ST_OK,
     NULL, 400, NULL, NULL, NULL},
    {"POST /r/tok-1/privacy HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nact=erase", false,
     ST_OK, PRIVACY("false", "null", "\"mailed\""), 200, "Un message a été envoyé", NULL,
     "privacy.do {\"token\":\"tok-1\",\"act\":\"erase\"}"},
    {"POST /r/tok-1/privacy HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nact=confirm", false,
     ST_OK, PRIVACY("false", "null", "\"running\""), 200, "Rien n’a été effacé", NULL, NULL},
    {"POST /r/tok-1/privacy HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nact=drop", false, ST_OK,
     NULL, 400, NULL, NULL, NULL},
    {"GET /r/nope/privacy HTTP/1.1\r\n" END, false, ST_NOT_FOUND, "{}", 404, "no longer valid", NULL,
     NULL},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nchoice=2", false, ST_OK,
     LINK_OPEN, 303, "Location: /r/tok-1\r\n", NULL,
     "link.choose {\"token\":\"tok-1\",\"number\":2,\"text\":\"\"}"},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\ntext=jeudi+apr%C3%A8s-midi&choice=none",
     false, ST_OK, LINK_OPEN, 303, NULL, NULL,
     "link.choose {\"token\":\"tok-1\",\"number\":null,\"text\":\"jeudi après-midi\"}"},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nchoice=2", false, ST_CONFLICT,
     "{\"detail\":\"gone\"}", 303, "Location: /r/tok-1?gone=1\r\n", NULL, NULL},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nchoice=2", false, ST_NOT_FOUND,
     "{}", 404, "no longer valid", NULL, NULL},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nchoice=2", false,
     ST_UNAVAILABLE, "{}", 503, "Your answer was not taken", NULL, NULL},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\n", false, ST_OK, NULL, 400,
     "No time was chosen", NULL, NULL},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nchoice=0", false, ST_OK, NULL,
     400, NULL, NULL, NULL},
    {"POST /r/tok-1 HTTP/1.1\r\n" FORM_HEAD "Content-Length: @\r\n\r\nchoice=2x", false, ST_OK, NULL,
     400, NULL, NULL, NULL},
    {"PUT /r/tok-1 HTTP/1.1\r\n" END, false, ST_OK, NULL, 405, "Allow: GET, HEAD, POST", NULL, NULL},
    {"GET /nowhere HTTP/1.1\r\n" END, true, ST_OK, NULL, 404, "there is nothing at this path", NULL,
     NULL},
    /* the error rate of what is decided without anybody */
    {"GET /trust?lang=en HTTP/1.1\r\n" END, false, ST_OK, LOOKS("312", "9", "15", "54", "true"), 200,
     "<section id=\"second-looks\"", NULL, "trust.show {}"},
    {"GET /trust/status?lang=fr HTTP/1.1\r\n" END, false, ST_OK, LOOKS("312", "9", "15", "54", "true"), 200,
     "<section id=\"second-looks\"", NULL, "trust.status {}"},
    {"GET /trust/second-looks.json HTTP/1.1\r\n" END, false, ST_OK, LOOKS("312", "9", "15", "54", "true"), 200,
     "\"until\": \"2026-11-25\"", "t.example/log+", "trust.status {}"},
    /* whom it is for */
    {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", true, ST_OK, NULL, 421, "Connection: close", "sandbox", NULL},
    {"GET / HTTP/1.1\r\nHost: t.example.evil.example\r\n\r\n", true, ST_OK, NULL, 421, NULL, NULL, NULL},
    {"GET /healthz HTTP/1.1\r\nHost: T.Example.:8443\r\nConnection: close\r\n\r\n", false, ST_OK, "{}", 200, NULL, NULL, NULL},
    {"GET /healthz HTTP/1.1\r\nHost: spare.example\r\nConnection: close\r\n\r\n", false, ST_OK, "{}", 200, NULL, NULL, NULL},
    {"GET /healthz HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n", false, ST_OK, "{}", 200, NULL, NULL, NULL},
    {"GET /healthz HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n", false, ST_OK, "{}", 200, NULL, NULL, NULL},
    {"GET /healthz HTTP/1.1\r\nHost: t.example\r\nHost: t.example\r\n\r\n", false, ST_OK, NULL, 400, "one Host", NULL, NULL},
    {"GET /healthz HTTP/1.0\r\n\r\n", false, ST_OK, NULL, 421, NULL, NULL, NULL},
    {"GET /healthz HTTP/1.1\r\n\r\n", false, ST_OK, NULL, 400, NULL, NULL, NULL},
    /* how long it is */
    {"POST /r/t HTTP/1.1\r\n" FORM_HEAD "Content-Length: 8\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false,
     ST_OK, NULL, 400, NULL, NULL, NULL},
    {"POST /r/t HTTP/1.1\r\n" FORM_HEAD "Content-Length: 8\r\nContent-Length: 9\r\n\r\nchoice=2", false, ST_OK,
     NULL, 400, NULL, NULL, NULL},
    {"POST /r/t HTTP/1.1\r\n" FORM_HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", false, ST_OK, NULL,
     400, NULL, NULL, NULL},
    {"POST /r/t HTTP/1.1\r\n" FORM_HEAD "Content-Length: -1\r\n\r\nchoice=2", false, ST_OK, NULL, 400, NULL, NULL, NULL},
    {"POST /r/t HTTP/1.1\r\n" FORM_HEAD "Content-Length: 70000\r\n\r\n", false, ST_OK, NULL, 413, NULL, NULL, NULL},
};

static void check_exchange(struct server *server, size_t i, size_t step, struct buffer *got)
{
    struct canned *planner = &server->planner;
    planner->when = AT_ONCE;
    planner->status = rows[i].status;
    planner->json = rows[i].json != NULL ? rows[i].json : "{}";
    planner->asked = 0;
    AUTO_ARENA arena = arena_create(1 << 20);
    CHECK(exchange_in(server, with_length(rows[i].request, arena), step, got));
    CHECK_NUMBER(status_of(got), rows[i].http);
    CHECK_NUMBER(planner->asked, rows[i].json != NULL);
    if (rows[i].has != NULL)
        CHECK(slice_contains(buffer_slice(got), slice_from(rows[i].has)));
    if (rows[i].has_not != NULL)
        CHECK(!slice_contains(buffer_slice(got), slice_from(rows[i].has_not)));
    if (rows[i].question != NULL)
        CHECK_TEXT(arena_format(arena, "%s %.*s", planner->command,
                                SLICE_ARG(buffer_slice(&planner->question))),
                   rows[i].question);
}

static void answers_every_route(void)
{
    struct server servers[2];
    AUTO_BUFFER got = buffer_create(1 << 22);
    server_start(&servers[0], false);
    server_start(&servers[1], true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].request);
        check_exchange(&servers[rows[i].sandbox], i, 65536, &got);
    }
    server_stop(&servers[0]);
    server_stop(&servers[1]);
}

static void takes_bytes_one_at_a_time(void)
{
    struct server servers[2];
    AUTO_BUFFER got = buffer_create(1 << 22);
    server_start(&servers[0], false);
    server_start(&servers[1], true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].request);
        check_exchange(&servers[rows[i].sandbox], i, 1, &got);
    }
    server_stop(&servers[0]);
    server_stop(&servers[1]);
}

static void sends_security_headers(void)
{
    static const char *const paths[] = {"/healthz", "/", "/r/x", "/guest.css", "/nowhere",
                                        "/assets/main-1a2b.js"};
    static const char *const headers[] = {
        "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
        "frame-ancestors 'none'", "default-src 'none'", "base-uri 'none'",
        "Cross-Origin-Opener-Policy: same-origin\r\n",
    };
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, true);
    server.planner.json = LINK_OPEN;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        AUTO_ARENA arena = arena_create(4096);
        check_row(paths[i]);
        CHECK(exchange(&server, arena_format(arena, "GET %s HTTP/1.1\r\n" END, paths[i]).data, &got));
        for (size_t j = 0; j < sizeof headers / sizeof *headers; j++)
            CHECK(slice_contains(buffer_slice(&got), slice_from(headers[j])));
        CHECK(!slice_contains(buffer_slice(&got), LIT("Set-Cookie")));
        CHECK(!slice_contains(buffer_slice(&got), LIT("unsafe-inline")));
        CHECK(!slice_contains(buffer_slice(&got), LIT("Access-Control-")));
        CHECK(!slice_contains(buffer_slice(&got), LIT("\r\nServer:")));
    }
    server_stop(&server);
}

static void knows_its_files_again(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    AUTO_ARENA arena = arena_create(1 << 16);
    server_start(&server, true);
    CHECK(exchange(&server, "GET /guest.css HTTP/1.1\r\n" END, &got));
    size_t at = slice_find(buffer_slice(&got), LIT("ETag: "), 0);
    struct slice etag = arena_copy(arena, slice_sub(buffer_slice(&got), at + 6, at + 6 + 18));
    struct slice again = arena_format(
        arena, "GET /guest.css HTTP/1.1\r\nIf-None-Match: %.*s\r\n" END, SLICE_ARG(etag));
    CHECK(exchange(&server, again.data, &got));
    CHECK_NUMBER(status_of(&got), 304);
    CHECK(!slice_contains(buffer_slice(&got), LIT("main{}")));
    CHECK(exchange(&server, "GET /guest.css HTTP/1.1\r\nIf-None-Match: \"0\"\r\n" END, &got));
    CHECK_NUMBER(status_of(&got), 200);
    server_stop(&server);
}

/* Of the log's folder only what others verify, under names of that form. */
static void serves_the_log(void)
{
    static const char *const made[] = {"tile", "tile/entries", "tile/entries/x001", "tile/0", "tile/0/000.p", "tile/10"};
    static const char *const put[] = {"checkpoint", "position", "tile/entries/x001/234", "tile/0/000.p/7", "tile/10/000", "tile/0/note"};
    static const struct {
        const char *path;
        int status;
    } served[] = {
        {"checkpoint", 200}, {"tile/entries/x001/234", 200}, {"tile/0/000.p/7", 200},
        {"position", 404}, {"index.html", 404}, {"tile", 404}, {"tile/", 404}, {"", 404}, {"tile/0/000.p", 404},
        {"tile/0/001", 404}, {"tile/10/000", 404}, {"tile/0/note", 404}, {"tile/entries/x001", 404},
        {"tile/entries/x001/", 404}, {"tile/../position", 404}, {"tile/0/../../position", 404},
        {"%2e%2e/x", 404}, {"checkpoint/", 404}, {"tile/0/000.p/7/8", 404},
        {"tile/0/000.p/7777", 404}, {"tile/x/000", 404}, {"tile/0/x000", 404},
    };
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    AUTO_ARENA arena = arena_create(1 << 16);
    server_start(&server, false);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        CHECK(mkdir(arena_format(arena, "%s/%s", server.dir, made[i]).data, 0700) == 0);
    for (size_t i = 0; i < sizeof put / sizeof *put; i++)
        put_file(&server, put[i], put[i]);
    for (size_t i = 0; i < sizeof served / sizeof *served; i++) {
        bool tile = slice_starts(slice_from(served[i].path), LIT("tile"));
        check_row(served[i].path);
        CHECK(exchange(&server, arena_format(arena, "GET /log/%s HTTP/1.1\r\n" END, served[i].path).data, &got));
        CHECK_NUMBER(status_of(&got), served[i].status);
        if (served[i].status != 200)
            continue;
        CHECK(slice_ends(buffer_slice(&got), slice_from(served[i].path)));
        CHECK(slice_contains(buffer_slice(&got), tile ? LIT("immutable") : LIT("Cache-Control: no-cache\r\n")));
        size_t at = slice_find(buffer_slice(&got), LIT("ETag: "), 0), end = slice_find(buffer_slice(&got), LIT("\r\n"), at);
        struct slice etag = arena_copy(arena, slice_sub(buffer_slice(&got), at + 6, end));
        CHECK(exchange(&server, arena_format(arena, "GET /log/%s HTTP/1.1\r\nIf-None-Match: %.*s\r\n" END, served[i].path,
                                             SLICE_ARG(etag)).data, &got));
        CHECK_NUMBER(status_of(&got), 304);
    }
    for (size_t i = sizeof put / sizeof *put; i-- > 0;)
        CHECK(remove(arena_format(arena, "%s/%s", server.dir, put[i]).data) == 0);
    for (size_t i = sizeof made / sizeof *made; i-- > 0;)
        CHECK(remove(arena_format(arena, "%s/%s", server.dir, made[i]).data) == 0);
    server_stop(&server);
}

static void waits_for_the_planner(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, true);
    server.planner.when = LATER;
    AUTO_FD fd = client_connect(&server);
    struct slice left = LIT("GET /healthz HTTP/1.1\r\n" END);
    CHECK(!client_talk(&server, fd, &left, 1000, 20, &got));
    CHECK_NUMBER(web_waiting(server.api), 1);
    CHECK_NUMBER(web_wait_ms(server.api, server.now_ms + 4000), WEB_ANSWER_MS - 4000);
    web_answer(server.api, server.planner.ticket + 1, ST_OK, LIT("{}")); /* nobody's */
    CHECK(!client_talk(&server, fd, &left, 1000, 20, &got));
    web_answer(server.api, server.planner.ticket, ST_OK, LIT("{\"status\":\"late\"}"));
    CHECK(client_talk(&server, fd, &left, 1000, 200, &got));
    CHECK(slice_contains(buffer_slice(&got), LIT("late")));
    CHECK_NUMBER(web_waiting(server.api), 0);
    server_stop(&server);
}

/* Who turns only when the descriptor is readable or the wait is over must get answers
 * at once. */
static void says_when_to_turn(void)
{
    struct server server;
    server_start(&server, true);
    server.planner.json = "{}";
    AUTO_FD fd = client_connect(&server);
    struct slice request = LIT("GET /healthz HTTP/1.1\r\n" END);
    CHECK(send(fd, request.data, request.len, MSG_NOSIGNAL) == (ssize_t)request.len);
    char chunk[4096];
    ssize_t count = -1;
    int64_t start_ms = clock_monotonic_ms();
    while (count < 0 && clock_monotonic_ms() - start_ms < 5000) {
        int wait = web_wait_ms(server.api, clock_monotonic_ms());
        poll(&(struct pollfd){.fd = web_fd(server.api), .events = POLLIN}, 1, wait < 0 ? 5000 : wait);
        web_turn(server.api, clock_monotonic_ms());
        count = recv(fd, chunk, sizeof chunk, 0);
    }
    CHECK(count > 0);
    CHECK(clock_monotonic_ms() - start_ms < 3000); /* what it waits for otherwise is 5 s */
    server_stop(&server);
}

static void gives_up_on_a_silent_planner(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, true);
    server.planner.when = NEVER;
    AUTO_FD fd = client_connect(&server);
    struct slice left = LIT("GET /api/v1/sandbox HTTP/1.1\r\n" END);
    CHECK(!client_talk(&server, fd, &left, 1000, 20, &got));
    server.now_ms += WEB_ANSWER_MS - 1;
    CHECK(!client_talk(&server, fd, &left, 1000, 20, &got));
    server.now_ms += 1;
    CHECK(client_talk(&server, fd, &left, 1000, 200, &got));
    CHECK_NUMBER(status_of(&got), 503);
    web_answer(server.api, server.planner.ticket, ST_OK, LIT("{}")); /* too late: dropped */
    server.planner.when = BROKEN;
    CHECK(exchange(&server, "GET /healthz HTTP/1.1\r\n" END, &got));
    CHECK_NUMBER(status_of(&got), 503);
    CHECK(slice_contains(buffer_slice(&got), LIT("cannot be reached")));
    server_stop(&server);
}

/* A client that goes away, or a server that stops, while the planner thinks. */
static void survives_departures(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    server_start(&server, true);
    server.planner.when = LATER;
    int fd = client_connect(&server);
    struct slice left = LIT("GET /healthz HTTP/1.1\r\n" END);
    CHECK(!client_talk(&server, fd, &left, 1000, 20, &got));
    close(fd);
    web_turn(server.api, server.now_ms);
    web_answer(server.api, server.planner.ticket, ST_OK, LIT("{}"));
    for (int i = 0; i < 5; i++)
        web_turn(server.api, server.now_ms);
    AUTO_FD second = client_connect(&server);
    left = LIT("GET /healthz HTTP/1.1\r\n" END);
    CHECK(!client_talk(&server, second, &left, 1000, 20, &got));
    CHECK_NUMBER(web_waiting(server.api), 1);
    server_stop(&server);
}

static void limits_what_comes_in(void)
{
    struct server server;
    AUTO_BUFFER got = buffer_create(1 << 20);
    AUTO_BUFFER request = buffer_create(8 << 20);
    server_start(&server, true);
    buffer_add_text(&request, "GET /healthz HTTP/1.1\r\nHost: t.example\r\nX-Long: ");
    while (request.len < 2 * WEB_HEADER_BYTES_MAX + 100)
        buffer_add_char(&request, 'a');
    buffer_add_text(&request, "\r\n\r\n");
    CHECK(exchange_in(&server, buffer_slice(&request), 65536, &got));
    CHECK(status_of(&got) == 431 || status_of(&got) == 413);

    /* without a Content-Length, a body too long is read to its end and refused */
    buffer_clear(&request);
    buffer_add_text(&request, "POST /api/v1/sandbox/messages HTTP/1.1\r\n" JSON_HEAD
                              "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 70; i++) {
        buffer_add_text(&request, "1000\r\n");
        for (int j = 0; j < 4096; j++)
            buffer_add_char(&request, ' ');
        buffer_add_text(&request, "\r\n");
    }
    size_t endless = request.len;
    buffer_add_text(&request, "0\r\n\r\n");
    CHECK(exchange_in(&server, buffer_slice(&request), 65536, &got));
    CHECK_NUMBER(status_of(&got), 413);

    /* and an endless one is cut off */
    request.len = endless;
    for (int i = 0; i < 300; i++) {
        buffer_add_text(&request, "1000\r\n");
        for (int j = 0; j < 4096; j++)
            buffer_add_char(&request, ' ');
        buffer_add_text(&request, "\r\n");
    }
    exchange_in(&server, buffer_slice(&request), 65536, &got);
    CHECK_NUMBER(got.len, 0);
    server_stop(&server);
}

/* "{+path}" is "{path}" in the contract, which has no such patterns. */
static struct slice plain_pattern(const char *pattern, struct arena *arena)
{
    struct slice text = slice_from(pattern);
    size_t plus = slice_find(text, LIT("{+"), 0);
    if (plus == SIZE_MAX)
        return text;
    return arena_format(arena, "%.*s{%s", (int)plus, pattern, pattern + plus + 2);
}

/* What the contract says of one route. */
struct promised {
    struct slice path, method, needs, right;
};

/* "  /path:", "    get:", "      x-needs: session" and "      x-right: factors.own", in order. */
static bool next_promised(struct slice *rest, struct promised *promised)
{
    static const char *const methods[] = {"get", "post", "put", "patch", "delete"};
    static const char *const upper[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    struct slice line, ahead;
    while (slice_next_line(rest, &line) && !slice_starts(line, LIT("components:"))) {
        if (slice_starts(line, LIT("  /")))
            promised->path = slice_sub(line, 2, line.len - 1);
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
            if (slice_starts(line, LIT("    ")) && slice_ends(line, LIT(":")) &&
                slice_equal(slice_sub(line, 4, line.len - 1), slice_from(methods[i])))
                promised->method = slice_from(upper[i]);
        if (!slice_starts(line, LIT("      x-needs: ")))
            continue;
        promised->needs = slice_sub(line, 15, line.len);
        promised->right = SLICE_NONE;
        ahead = *rest;
        if (slice_next_line(&ahead, &line) && slice_starts(line, LIT("      x-right: ")))
            promised->right = slice_sub(line, 15, line.len);
        return true;
    }
    return false;
}

static void has_the_routes_of_the_contract(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct slice rest;
    struct promised promised = {0};
    size_t found = 0;
    CHECK_OK(file_read(OPENAPI_FILE, 1 << 20, arena, &rest, NULL));
    while (next_promised(&rest, &promised) && found < api_site.route_count) {
        const struct route *route = &api_site.routes[found++];
        check_row(arena_text(arena, promised.path));
        CHECK_TEXT(promised.path, plain_pattern(route->pattern, arena).data);
        CHECK_TEXT(promised.method, route->method);
        CHECK_TEXT(promised.needs, route_needs_names[route->needs]);
        CHECK_TEXT(promised.right, access_right_name(route->right));
    }
    CHECK_NUMBER(found, api_site.route_count);
    CHECK(!next_promised(&rest, &promised));
}

/* Deny by default: what needs somebody and names no right is one of two. */
static void has_a_right_for_every_route(void)
{
    for (size_t i = 0; i < api_site.route_count; i++) {
        const struct route *route = &api_site.routes[i];
        bool own = slice_equal(slice_from(route->pattern), LIT("/api/v1/me")) ||
                   slice_equal(slice_from(route->pattern), LIT("/api/v1/logout"));
        check_row(route->pattern);
        CHECK((route->needs >= NEEDS_SESSION && !own) == (route->right != RIGHT_NONE));
        CHECK((route->peer == WEB_NOBODY) == (route->ask == NULL));
        CHECK((route->peer == WEB_NOBODY) == (route->command == NULL));
        if (route->peer == WEB_NOBODY || (route->flags & (ROUTE_PAGE | ROUTE_FOREIGN)) != 0)
            continue;
        /* A GET changes nothing but on the way to a provider. */
        CHECK(slice_equal(slice_from(route->method), LIT("GET")) ||
              slice_equal(slice_from(route->method), LIT("POST")) ||
              slice_equal(slice_from(route->method), LIT("DELETE")));
    }
}

static void writes_times(void)
{
    static const struct {
        const char *start, *end, *zone, *day_fr, *hours_fr, *day_en, *hours_en;
    } cases[] = {
        {"2026-03-10T13:30:00Z", "2026-03-10T14:15:00Z", "Europe/Paris", "mardi 10 mars",
         "14h30 – 15h15", "Tuesday 10 March", "2:30pm – 3:15pm"},
        {"2026-08-01T10:00:00Z", "2026-08-01T11:05:00Z", "Europe/Paris", "samedi 1er août",
         "12h – 13h05", "Saturday 1 August", "12:00pm – 1:05pm"},
        {"2026-02-01T04:30:00Z", "2026-02-01T05:00:00Z", "America/New_York", "samedi 31 janvier",
         "23h30 – 0h", "Saturday 31 January", "11:30pm – 12:00am"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        const struct zone *zone;
        struct interval span;
        check_row(cases[i].start);
        CHECK_OK(zone_load(slice_from(cases[i].zone), &zone, NULL));
        CHECK_OK(instant_parse(slice_from(cases[i].start), &span.start, NULL, NULL));
        CHECK_OK(instant_parse(slice_from(cases[i].end), &span.end, NULL, NULL));
        CHECK_TEXT(when_day(span.start, zone, PAGE_FR, arena), cases[i].day_fr);
        CHECK_TEXT(when_hours(span, zone, PAGE_FR, arena), cases[i].hours_fr);
        CHECK_TEXT(when_day(span.start, zone, PAGE_EN, arena), cases[i].day_en);
        CHECK_TEXT(when_hours(span, zone, PAGE_EN, arena), cases[i].hours_en);
    }
    AUTO_ARENA arena = arena_create(1 << 16);
    CHECK_TEXT(when_length(45, PAGE_FR, arena), "45 minutes");
    CHECK_TEXT(when_length(60, PAGE_EN, arena), "1 h");
    CHECK_TEXT(when_length(95, PAGE_FR, arena), "1 h 35");
    CHECK_TEXT(when_length(65, PAGE_EN, arena), "1 h 05 min");
    CHECK_TEXT(when_city(LIT("America/Argentina/Buenos_Aires"), PAGE_FR, arena), "Buenos Aires");
    CHECK_TEXT(when_city(LIT("Europe/London"), PAGE_FR, arena), "Londres");
    CHECK_TEXT(when_city(LIT("Europe/London"), PAGE_EN, arena), "London");
    CHECK_TEXT(when_city(LIT("UTC"), PAGE_FR, arena), "UTC");
}

/* Every text in both languages, with the same places for names. */
static void has_every_text_twice(void)
{
    for (int text = 0; text < TEXT_COUNT_; text++) {
        const char *en = page_text(text, PAGE_EN), *fr = page_text(text, PAGE_FR);
        check_row(en);
        CHECK(en[0] != '\0' && fr[0] != '\0');
        CHECK((strstr(en, "{0}") != NULL) == (strstr(fr, "{0}") != NULL));
        CHECK((strstr(en, "{1}") != NULL) == (strstr(fr, "{1}") != NULL));
    }
}

/* A rate needs fifty looks and a log that says it; its interval is beside it, and how it is counted again. */
static void second_looks_are_published(void)
{
    static const struct { enum page_language language; const char *json, *has, *has_not; } cases[] = {
        {PAGE_EN, LOOKS("312", "9", "15", "54", "true"),
         "<strong>2.9\u00a0%</strong> 9 errors in 312 second looks (between 1.5\u00a0% and 5.4\u00a0%", "Too few"},
        {PAGE_FR, LOOKS("312", "9", "15", "54", "true"),
         "<strong>2,9\u00a0%</strong> 9 erreurs pour 312 secondes lectures (entre 1,5\u00a0% et 5,4\u00a0%", "Trop peu"},
        {PAGE_EN, LOOKS("312", "9", "15", "54", "true"), "From 2026-08-28 to 2026-11-25", NULL},
        {PAGE_EN, LOOKS("50", "0", "0", "71", "true"), "rendez-log-fetch 'https://t.example/log' log/\nrendez-verify --key 't.example/log+1+A' --looks log/", NULL},
        {PAGE_EN, LOOKS("49", "0", "0", "73", "false"), "Too few yet (49 of 50 second looks)", "<strong>"},
        {PAGE_FR, LOOKS("49", "0", "0", "73", "false"), "Trop peu encore (49 secondes lectures sur 50)", "<strong>"},
        {PAGE_EN, "{\"log\":{},\"second_looks\":null}", "Nothing was counted in these days", "--looks"},
        {PAGE_EN, "{\"second_looks\":null}", "<p class=\"notice\">The log cannot be asked", "--looks"},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUFFER out = buffer_create(1 << 16);
        AUTO_JSON answer = NULL;
        struct page page = {&out, arena, cases[i].language};
        CHECK_OK(json_read(slice_from(cases[i].json), &answer, NULL));
        put_looks(&page, LIT("https://t.example"), answer);
        check_row(cases[i].has);
        CHECK(slice_contains(buffer_slice(&out), slice_from(cases[i].has)));
        CHECK(cases[i].has_not == NULL || !slice_contains(buffer_slice(&out), slice_from(cases[i].has_not)));
    }
    check_row("");
}

int main(void)
{
    TEST(has_the_routes_of_the_contract);
    TEST(has_a_right_for_every_route);
    TEST(writes_times);
    TEST(has_every_text_twice);
    TEST(answers_every_route);
    TEST(takes_bytes_one_at_a_time);
    TEST(sends_security_headers);
    TEST(knows_its_files_again);
    TEST(serves_the_log);
    TEST(waits_for_the_planner);
    TEST(says_when_to_turn);
    TEST(gives_up_on_a_silent_planner);
    TEST(survives_departures);
    TEST(limits_what_comes_in);
    TEST(second_looks_are_published);
    return check_done();
}
