/* Listeners seen from outside: what is offered, what is taken, what nobody answers. */
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "canned_server.h"
#include "roles/prober/reach.h"

enum { PATIENCE_MS = 5000 };

/* A server of TLS 1.2 alone, in a process of its own, with a certificate of its own. */

static X509 *own_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_NAME_new();
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"meet.example", -1, -1, 0);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 5);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_set_subject_name(certificate, name);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    X509_NAME_free(name);
    return certificate;
}

static void serve_tls(int listener, SSL_CTX *context)
{
    for (;;) {
        int client = accept(listener, NULL, NULL);
        SSL *ssl = SSL_new(context);
        SSL_set_fd(ssl, client);
        (void)!SSL_accept(ssl);
        SSL_free(ssl);
        close(client);
    }
}

/* What the good one refuses. */
static void weaken(SSL_CTX *context)
{
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL");
}

static pid_t begin_tls(bool weak, int *port, struct slice *certificate, struct arena *arena)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *own = own_certificate(key);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int listener = canned_listen(port);
    unsigned char *der = NULL;
    int len = i2d_X509(own, &der);
    *certificate = arena_copy(arena, (struct slice){(char *)der, (size_t)len});
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES256-GCM-SHA384");
    if (weak)
        weaken(context);
    SSL_CTX_use_certificate(context, own);
    SSL_CTX_use_PrivateKey(context, key);
    pid_t child = fork();
    if (child == 0)
        serve_tls(listener, context);
    close(listener);
    SSL_CTX_free(context);
    X509_free(own);
    EVP_PKEY_free(key);
    OPENSSL_free(der);
    return child;
}

static void handshakes(void)
{
    static const struct {
        const char *name;
        struct check_offer offer;
        bool accepted;
    } rows[] = {
        {"TLS 1.2", {0x0303, 0x0303, NULL, NULL, NULL}, true},
        {"any version", {0x0301, 0x0304, NULL, NULL, NULL}, true},
        {"TLS 1.0", {0x0301, 0x0301, NULL, NULL, NULL}, false},
        {"TLS 1.1", {0x0302, 0x0302, NULL, NULL, NULL}, false},
        {"TLS 1.3", {0x0304, 0x0304, NULL, NULL, NULL}, false},
        {"CBC", {0x0303, 0x0303, "ECDHE-ECDSA-AES256-SHA", NULL, NULL}, false},
        {"static RSA", {0x0303, 0x0303, "AES256-GCM-SHA384", NULL, NULL}, false},
        {"SHA-1", {0x0303, 0x0303, NULL, NULL, "ECDSA+SHA1"}, false},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice certificate;
    int port;
    pid_t server = begin_tls(false, &port, &certificate, arena);
    struct reach at = {"127.0.0.1", (uint16_t)port, "meet.example", PATIENCE_MS};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct check_handshake shaken;
        check_row(rows[i].name);
        CHECK_OK(reach_tls(&at, &rows[i].offer, arena, &shaken, NULL));
        CHECK_NUMBER(shaken.accepted, rows[i].accepted);
        if (!rows[i].accepted)
            continue;
        CHECK_NUMBER(shaken.version, 0x0303);
        CHECK_TEXT(shaken.cipher, "ECDHE-ECDSA-AES256-GCM-SHA384");
        CHECK(slice_equal(shaken.certificate, certificate));
    }
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    struct check_handshake none;
    CHECK_NUMBER(reach_tls(&at, &rows[0].offer, arena, &none, NULL), ST_UNAVAILABLE);
    struct check_offer odd = {0x0303, 0x0303, "NO-SUCH-CIPHER", NULL, NULL};
    CHECK_NUMBER(reach_tls(&at, &odd, arena, &none, NULL), ST_UNAVAILABLE);
}

static void hellos(void)
{
    static const struct {
        const char *name;
        struct check_hello hello;
        bool good, weak; /* whether the one, the other server goes on with it */
    } rows[] = {
        {"what the good one has", {0x0303, {0xC02C}, {0}}, true, true},
        {"among others", {0x0303, {0x0005, 0xC009, 0xC02C}, {0}}, true, true},
        {"TLS 1.0", {0x0301, {0xC009, 0xC00A}, {0}}, false, true},
        {"TLS 1.1", {0x0302, {0xC009, 0xC00A}, {0}}, false, true},
        {"CBC", {0x0303, {0xC009, 0xC00A, 0xC023}, {0}}, false, true},
        {"NULL", {0x0303, {0xC006}, {0}}, false, true},
        {"SHA-1", {0x0303, {0xC009}, {0x0203}}, false, true},
        {"no suite that there is", {0x0303, {0xFEFE}, {0}}, false, false},
        {"no version that there is", {0x0200, {0xC02C}, {0}}, false, false},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    for (int weak = 0; weak < 2; weak++) {
        struct slice certificate;
        int port;
        pid_t server = begin_tls(weak, &port, &certificate, arena);
        struct reach at = {"127.0.0.1", (uint16_t)port, "meet.example", PATIENCE_MS};
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            bool accepted = false;
            check_row(rows[i].name);
            CHECK_OK(reach_hello(&at, &rows[i].hello, &accepted, NULL));
            CHECK_NUMBER(accepted, weak ? rows[i].weak : rows[i].good);
        }
        kill(server, SIGKILL);
        waitpid(server, NULL, 0);
    }
}

static void requests(void)
{
    static const char *const answers[] = {
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://meet.example/x\r\nSet-Cookie: a=1\r\nset-cookie: b=2; Secure\r\n"
        "Content-Length: 4\r\nConnection: close\r\n\r\nbody",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
    AUTO_ARENA arena = arena_create(8 << 20);
    struct canned_server server = canned_serve(answers, 2);
    struct reach at = {"127.0.0.1", (uint16_t)server.port, "meet.example", PATIENCE_MS};
    const char *const headers[] = {"X-Trial: yes", NULL};
    struct reach_request request = {"http://meet.example:1/x", "GET", headers, SLICE_NONE};
    struct check_response response = {0};
    CHECK_OK(reach_http(&at, &request, arena, &response, NULL));
    CHECK_NUMBER(response.code, 301); /* which is not followed */
    CHECK_TEXT(response.body, "body");
    CHECK_TEXT(check_header(&response, "location", 0), "https://meet.example/x");
    CHECK_TEXT(check_header(&response, "Set-Cookie", 0), "a=1");
    CHECK_TEXT(check_header(&response, "Set-Cookie", 1), "b=2; Secure");
    CHECK_TEXT(check_header(&response, "Set-Cookie", 2), "");
    request.method = "POST";
    request.body = LIT("some=body");
    CHECK_OK(reach_http(&at, &request, arena, &response, NULL));
    CHECK_NUMBER(response.code, 200);
    char seen[4096];
    ssize_t got = read(server.seen, seen, sizeof seen);
    struct slice text = {seen, got < 0 ? 0 : (size_t)got};
    CHECK(slice_starts(text, LIT("GET /x HTTP/1.1\r\n")) && slice_contains(text, LIT("Host: meet.example:1\r\n")));
    CHECK(slice_contains(text, LIT("X-Trial: yes\r\n")));
    waitpid(server.pid, NULL, 0);
    CHECK_NUMBER(reach_http(&at, &request, arena, &response, NULL), ST_UNAVAILABLE); /* nobody is there any more */
    close(server.seen);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    CHECK_OK(reach_begin(NULL));
    TEST(handshakes);
    TEST(hellos);
    TEST(requests);
    reach_end();
    return check_done();
}
