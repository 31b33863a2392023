#include "canned_server.h"
#include "platform/jose/oidc.h"
#include "roles/sso/relying.h"
#include "roles/sso/test_keys.h"

enum { ANSWERS_MAX = 8, ASKED_MAX = RELYING_QUESTIONS_MAX + 1 };

/* A provider whose answers come in the order in which they are wanted. */
static struct scene {
    struct arena *arena;
    struct loop *loop;
    struct relying *relying;
    int port, listener;
    struct slice issuer;
    const char *answers[ANSWERS_MAX];
    size_t answer_count;
    struct canned_server server;
    size_t done;
    struct sso_answer got[ASKED_MAX];
} scene;

static void set_up(void)
{
    scene = (struct scene){.arena = arena_create((size_t)16 << 20)};
    scene.listener = canned_listen(&scene.port);
    scene.issuer = arena_format(scene.arena, "http://127.0.0.1:%d", scene.port);
    CHECK_OK(loop_create(&scene.loop, NULL));
    CHECK_OK(relying_create(scene.loop, &scene.relying, NULL));
}

/* Ends it; what the provider was sent. */
static struct slice tear_down(void)
{
    struct slice seen = canned_stop(&scene.server, scene.arena);
    relying_destroy(&scene.relying);
    loop_destroy(&scene.loop);
    return seen;
}

static void will_answer(const char *status, struct slice body)
{
    scene.answers[scene.answer_count++] =
        arena_format(scene.arena, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nLocation: http://127.0.0.1:%d/there\r\n\r\n%.*s",
                     status, body.len, scene.port, SLICE_ARG(body)).data;
}

static void serve(void)
{
    scene.server = canned_serve_at(scene.listener, scene.port, scene.answers, scene.answer_count);
}

static struct slice document(const char *more)
{
    return arena_format(scene.arena,
        "{\"issuer\":\"%.*s\",\"authorization_endpoint\":\"%.*s/a\",\"token_endpoint\":\"%.*s/t\",\"jwks_uri\":\"%.*s/k\","
        "\"end_session_endpoint\":\"%.*s/o\",\"response_types_supported\":[\"code\"],"
        "\"id_token_signing_alg_values_supported\":[\"ES256\",\"HS256\"]%s}",
        SLICE_ARG(scene.issuer), SLICE_ARG(scene.issuer), SLICE_ARG(scene.issuer), SLICE_ARG(scene.issuer),
        SLICE_ARG(scene.issuer), more);
}

static struct slice sign(enum test_key key, const char *id, struct slice claims)
{
    int64_t now = clock_now().us / 1000000;
    struct slice payload = arena_format(scene.arena, "{\"iss\":\"%.*s\",\"aud\":\"rendez\",\"exp\":%lld,\"iat\":%lld,%.*s}",
                                        SLICE_ARG(scene.issuer), (long long)now + 60, (long long)now, SLICE_ARG(claims));
    return test_token(key, id, payload, scene.arena);
}

static struct slice tokens(enum test_key key, const char *id, struct slice claims)
{
    return arena_format(scene.arena, "{\"token_type\":\"Bearer\",\"access_token\":\"t\",\"id_token\":\"%.*s\"}",
                        SLICE_ARG(sign(key, id, claims)));
}
#define CLAIMS LIT("\"sub\":\"u-7\",\"nonce\":\"n-1\",\"sid\":\"s-1\",\"email\":\"lea@client.example\",\"email_verified\":true,\"acr\":\"2\"")

static struct sso_ask ask_of(enum sso_question question)
{
    return (struct sso_ask){
        .question = question,
        .provider = {.issuer = scene.issuer, .client = LIT("rendez"), .secret = LIT("s:cret &"), .loopback = true},
        .redirect = LIT("https://meet.example/login/sso/callback"), .code = LIT("c/1"),
        .verifier = LIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"), .nonce = LIT("n-1"),
    };
}

static void take_answer(void *context, const struct sso_answer *answer)
{
    size_t at = scene.done++;
    (void)context;
    record_copy(message_kind(MESSAGE_SSO_ANSWER)->type, answer, scene.arena, &scene.got[at]);
}

static void wait_for(size_t count)
{
    for (int i = 0; i < 400 && scene.done < count; i++)
        CHECK_OK(loop_turn(scene.loop, 10, NULL));
    CHECK_NUMBER(scene.done, count);
}

static const struct sso_answer *ask(const struct sso_ask *question)
{
    size_t before = scene.done;
    relying_ask(scene.relying, question, take_answer, NULL);
    wait_for(before + 1);
    return &scene.got[before];
}

static void keeps_documents(void)
{
    set_up();
    will_answer("200 OK", document(",\"authorization_response_iss_parameter_supported\":true"));
    serve();
    struct sso_ask question = ask_of(SSO_DISCOVER);
    for (int i = 0; i < 2; i++) {
        const struct sso_answer *answer = ask(&question);
        CHECK_OK(answer->status);
        CHECK(slice_ends(answer->authorization_endpoint, LIT("/a")) && slice_ends(answer->end_session_endpoint, LIT("/o")));
        CHECK(answer->issuer_parameter && answer->algs.count == 1);
        CHECK_TEXT(answer->algs.items[0], "ES256");
    }
    /* under other rules it is another provider, which this server is not */
    question.provider.authority = LIT("-----BEGIN CERTIFICATE-----\n");
    CHECK(ask(&question)->status != ST_OK);
    struct slice seen = tear_down();
    CHECK(slice_starts(seen, LIT("GET /.well-known/openid-configuration HTTP/1.1\r\n")));
    CHECK(!slice_contains(slice_sub(seen, 1, seen.len), LIT("GET ")));
    arena_destroy(&scene.arena);
}

static void asks_once_for_all_who_wait(void)
{
    set_up();
    will_answer("200 OK", document(""));
    serve();
    struct sso_ask question = ask_of(SSO_DISCOVER);
    for (size_t i = 0; i < ASKED_MAX; i++)
        relying_ask(scene.relying, &question, take_answer, NULL);
    CHECK_NUMBER(scene.done, 1); /* one too many */
    CHECK_NUMBER(scene.got[0].status, ST_UNAVAILABLE);
    wait_for(ASKED_MAX);
    for (size_t i = 1; i < ASKED_MAX; i++)
        CHECK_OK(scene.got[i].status);
    tear_down();
    arena_destroy(&scene.arena);
}

static void redeems_codes(void)
{
    set_up();
    will_answer("200 OK", document(""));
    will_answer("200 OK", tokens(FIRST_KEY, "k1", CLAIMS));
    will_answer("200 OK", test_key_set(FIRST_KEY, "k1", scene.arena));
    will_answer("200 OK", tokens(FIRST_KEY, "k1", CLAIMS)); /* keys are kept */
    will_answer("400 Bad Request", LIT("{\"error\":\"invalid_grant\"}"));
    will_answer("500 Oops", LIT("<html>"));
    serve();
    struct sso_ask question = ask_of(SSO_REDEEM);
    const struct sso_answer *answer = ask(&question);
    CHECK_OK(answer->status);
    CHECK_TEXT(answer->subject, "u-7");
    CHECK_TEXT(answer->session, "s-1");
    CHECK_TEXT(answer->email, "lea@client.example");
    CHECK_TEXT(answer->acr, "2");
    CHECK(answer->email_verified);
    question.nonce = LIT("n-2");
    answer = ask(&question);
    CHECK_NUMBER(answer->status, ST_DENIED);
    CHECK(answer->subject.len == 0 && answer->problem.len > 0);
    CHECK_NUMBER(ask(&question)->status, ST_DENIED);
    CHECK_NUMBER(ask(&question)->status, ST_UNAVAILABLE);
    struct slice seen = tear_down();
    CHECK(slice_contains(seen, LIT("POST /t HTTP/1.1\r\n")));
    CHECK(slice_contains(seen, LIT("\r\nAuthorization: Basic cmVuZGV6OnMlM0FjcmV0JTIwJTI2\r\n"))); /* rendez:s%3Acret%20%26 */
    CHECK(slice_contains(seen, LIT("grant_type=authorization_code&code=c%2F1&redirect_uri=https%3A%2F%2Fmeet.example%2Flogin%2Fsso%2Fcallback"
                                   "&code_verifier=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ")));
    CHECK(!slice_contains(seen, LIT("client_secret")));
    arena_destroy(&scene.arena);
}

static void shows_its_secret_as_the_provider_wants(void)
{
    set_up();
    will_answer("200 OK", document(",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]"));
    will_answer("401 No", LIT("{\"error\":\"invalid_client\"}"));
    serve();
    struct sso_ask question = ask_of(SSO_REDEEM);
    CHECK_NUMBER(ask(&question)->status, ST_DENIED);
    struct slice seen = tear_down();
    CHECK(slice_contains(seen, LIT("&client_id=rendez&client_secret=s%3Acret%20%26")));
    CHECK(!slice_contains(seen, LIT("Authorization")));
    arena_destroy(&scene.arena);
}

/* A key that comes is found at once; one that is nowhere is looked for once a minute; one that
 * went is refused. */
static void follows_new_keys(void)
{
    set_up();
    will_answer("200 OK", document(""));
    will_answer("200 OK", tokens(FIRST_KEY, "k1", CLAIMS));
    will_answer("200 OK", test_key_set(FIRST_KEY, "k1", scene.arena));
    will_answer("200 OK", tokens(SECOND_KEY, "k2", CLAIMS));
    will_answer("200 OK", test_key_set(SECOND_KEY, "k2", scene.arena));
    will_answer("200 OK", tokens(FIRST_KEY, "k1", CLAIMS));
    will_answer("200 OK", tokens(SECOND_KEY, "k2", CLAIMS));
    serve();
    struct sso_ask question = ask_of(SSO_REDEEM);
    CHECK_OK(ask(&question)->status);
    CHECK_OK(ask(&question)->status);
    CHECK_NUMBER(ask(&question)->status, ST_DENIED);
    CHECK_OK(ask(&question)->status);
    struct slice seen = tear_down();
    size_t count = 0;
    for (size_t at = 0; (at = slice_find(seen, LIT("GET /k HTTP"), at)) != SIZE_MAX; at++)
        count++;
    CHECK_NUMBER(count, 2);
    arena_destroy(&scene.arena);
}

static void checks_logout_tokens(void)
{
    set_up();
    struct slice claims = LIT("\"jti\":\"j-1\",\"sid\":\"s-1\",\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}");
    will_answer("200 OK", document(""));
    will_answer("200 OK", test_key_set(FIRST_KEY, "k1", scene.arena));
    will_answer("200 OK", test_key_set(FIRST_KEY, "k1", scene.arena));
    serve();
    struct sso_ask question = ask_of(SSO_LOGOUT);
    question.token = sign(FIRST_KEY, "k1", claims);
    const struct sso_answer *answer = ask(&question);
    CHECK_OK(answer->status);
    CHECK_TEXT(answer->session, "s-1");
    CHECK_TEXT(answer->token_id, "j-1");
    CHECK(answer->subject.len == 0 && answer->ends.us > clock_now().us);
    question.token = sign(SECOND_KEY, "k1", claims); /* not its key */
    CHECK_NUMBER(ask(&question)->status, ST_DENIED);
    question.token = sign(FIRST_KEY, "k1", CLAIMS); /* an ID token */
    CHECK_NUMBER(ask(&question)->status, ST_DENIED);
    question.token = sign(SECOND_KEY, "k2", claims); /* nowhere: asked for anew, once */
    CHECK_NUMBER(ask(&question)->status, ST_DENIED);
    CHECK_NUMBER(ask(&question)->status, ST_DENIED);
    question.token = LIT("x");
    CHECK_NUMBER(ask(&question)->status, ST_INVALID);
    tear_down();
    arena_destroy(&scene.arena);
}

static void checks_anew(void)
{
    set_up();
    will_answer("200 OK", document(",\"backchannel_logout_supported\":true"));
    will_answer("200 OK", document(",\"backchannel_logout_supported\":true"));
    will_answer("200 OK", test_key_set(FIRST_KEY, "k1", scene.arena));
    will_answer("404 Gone", SLICE_NONE);
    serve();
    struct sso_ask question = ask_of(SSO_DISCOVER);
    CHECK_OK(ask(&question)->status);
    question.question = SSO_CHECK;
    const struct sso_answer *answer = ask(&question);
    CHECK_OK(answer->status);
    CHECK(answer->keys == 1 && answer->backchannel);
    answer = ask(&question);
    CHECK_NUMBER(answer->status, ST_UNAVAILABLE);
    CHECK_TEXT(answer->problem, "the provider answered 404 for its document");
    tear_down();
    arena_destroy(&scene.arena);
}

static const struct {
    const char *status, *body; /* body NULL: a good document */
    enum status want;
} bad_documents[] = {
    {"302 Found", "", ST_UNAVAILABLE},          /* followed nowhere */
    {"404 Not Found", "{}", ST_UNAVAILABLE},
    {"201 Created", NULL, ST_UNAVAILABLE},
    {"200 OK", "{\"issuer\":\"https://id.other.example\"}", ST_DENIED},
    {"200 OK", "<html>", ST_INVALID},
    {"200 OK", "", ST_INVALID},
};

static void refuses_documents(void)
{
    for (size_t i = 0; i < sizeof bad_documents / sizeof *bad_documents; i++) {
        set_up();
        check_row(bad_documents[i].status);
        will_answer(bad_documents[i].status, bad_documents[i].body == NULL ? document("") : slice_from(bad_documents[i].body));
        serve();
        struct sso_ask question = ask_of(SSO_DISCOVER);
        CHECK_NUMBER(ask(&question)->status, bad_documents[i].want);
        /* who asks at once hears the same, and nobody is asked (the server is gone by now) */
        CHECK_NUMBER(ask(&question)->status, bad_documents[i].want);
        struct slice seen = tear_down();
        CHECK(!slice_contains(seen, LIT("/there")));
        arena_destroy(&scene.arena);
    }
    set_up();
    will_answer("200 OK", arena_format(scene.arena, "%*s", OIDC_DOCUMENT_BYTES_MAX + 1, ""));
    serve();
    struct sso_ask question = ask_of(SSO_DISCOVER);
    CHECK_NUMBER(ask(&question)->status, ST_LIMIT);
    tear_down();
    arena_destroy(&scene.arena);
}

static const struct {
    const char *issuer;
    bool loopback, private_network;
    enum status want;
} places[] = {
    {"http://127.0.0.1:1", false, true, ST_INVALID},
    {"https://127.0.0.1:1", false, true, ST_DENIED},
    {"https://[::1]:1", false, true, ST_DENIED},
    {"https://localhost:1", false, true, ST_DENIED},
    {"https://127.0.0.1:1", true, false, ST_UNAVAILABLE}, /* nobody there */
    {"https://10.0.0.1", false, false, ST_DENIED},
    {"https://192.168.1.1", true, false, ST_DENIED},
    {"https://[fd00::1]", false, false, ST_DENIED},
    {"https://[::ffff:10.0.0.1]", false, false, ST_DENIED},
    {"https://169.254.169.254", true, true, ST_DENIED},
    {"https://[fe80::1]", true, true, ST_DENIED},
    {"https://0.0.0.0", true, true, ST_DENIED},
    {"https://192.0.2.1", true, true, ST_DENIED},
    {"http://id.example", true, true, ST_INVALID},
    {"file:///etc/passwd", true, true, ST_INVALID},
    {"", true, true, ST_INVALID},
};

static void goes_only_where_it_may(void)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        set_up();
        close(scene.listener);
        struct sso_ask question = ask_of(SSO_DISCOVER);
        question.provider.issuer = slice_from(places[i].issuer);
        question.provider.loopback = places[i].loopback;
        question.provider.private_network = places[i].private_network;
        check_row(places[i].issuer);
        CHECK_NUMBER(ask(&question)->status, places[i].want);
        relying_destroy(&scene.relying);
        loop_destroy(&scene.loop);
        arena_destroy(&scene.arena);
    }
}

static void ends_while_asking(void)
{
    set_up();
    will_answer("200 OK", document(""));
    serve();
    struct sso_ask question = ask_of(SSO_DISCOVER);
    relying_ask(scene.relying, &question, take_answer, NULL);
    CHECK_OK(loop_turn(scene.loop, 0, NULL));
    tear_down();
    CHECK_NUMBER(scene.done, 0);
    arena_destroy(&scene.arena);
}

static void refuses_questions(void)
{
    set_up();
    close(scene.listener);
    struct sso_ask question = ask_of(SSO_NOTHING);
    CHECK_NUMBER(ask(&question)->status, ST_INVALID);
    question = ask_of(SSO_LOGOUT);
    question.token = arena_format(scene.arena, "%*s", 128 * 1024, "");
    CHECK_NUMBER(ask(&question)->status, ST_LIMIT);
    relying_destroy(&scene.relying);
    loop_destroy(&scene.loop);
    arena_destroy(&scene.arena);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    test_keys_make();
    TEST(keeps_documents);
    TEST(asks_once_for_all_who_wait);
    TEST(redeems_codes);
    TEST(shows_its_secret_as_the_provider_wants);
    TEST(follows_new_keys);
    TEST(checks_logout_tokens);
    TEST(checks_anew);
    TEST(refuses_documents);
    TEST(goes_only_where_it_may);
    TEST(ends_while_asking);
    TEST(refuses_questions);
    test_keys_destroy();
    return check_done();
}
