#include "roles/prober/reach.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

enum { BODY_BYTES_MAX = 1 << 20, HEADER_BYTES_MAX = 1 << 16 };

enum status reach_begin(struct problem *why)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? ST_OK
                                                             : problem_set(why, ST_UNAVAILABLE, "libcurl");
}

void reach_end(void)
{
    curl_global_cleanup();
}

/* HTTP */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct buffer *out = context;
    buffer_add(out, (struct slice){bytes, size * count});
    return out->full ? 0 : size * count;
}

static void set_up(CURL *curl, const struct reach *at, const struct reach_request *request,
                   struct curl_slist *headers, struct curl_slist *to)
{
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, to);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L); /* whose it is, is not the question */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)at->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body.len > 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body.len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
    }
}

static struct curl_slist *connect_to(const struct reach *at, struct arena *arena)
{
    bool six = strchr(at->address, ':') != NULL;
    return curl_slist_append(NULL, arena_format(arena, "::%s%s%s:%u", six ? "[" : "", at->address,
                                                six ? "]" : "", at->port).data);
}

static struct curl_slist *header_list(const char *const *headers)
{
    struct curl_slist *list = NULL;
    for (; headers != NULL && *headers != NULL; headers++)
        list = curl_slist_append(list, *headers);
    return list;
}

enum status reach_http(const struct reach *at, const struct reach_request *request, struct arena *arena,
                       struct check_response *out, struct problem *why)
{
    AUTO_BUFFER head = buffer_create(HEADER_BYTES_MAX);
    AUTO_BUFFER body = buffer_create(BODY_BYTES_MAX);
    struct curl_slist *headers = header_list(request->headers), *to = connect_to(at, arena);
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        return problem_set(why, ST_UNAVAILABLE, "libcurl");
    set_up(curl, at, request, headers, to);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &head);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->code);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_slist_free_all(to);
    if (code != CURLE_OK)
        return problem_set(why, ST_UNAVAILABLE, "%s", curl_easy_strerror(code));
    out->headers = arena_copy(arena, buffer_slice(&head));
    out->body = arena_copy(arena, buffer_slice(&body));
    return ST_OK;
}

struct slice check_header(const struct check_response *response, const char *name, size_t nth)
{
    struct slice rest = response->headers, line;
    while (slice_next_line(&rest, &line)) {
        size_t colon = slice_find(line, LIT(":"), 0);
        if (colon == SIZE_MAX || !slice_equal_nocase(slice_sub(line, 0, colon), slice_from(name)))
            continue;
        if (nth-- == 0)
            return slice_trim(slice_sub(line, colon + 1, SIZE_MAX));
    }
    return SLICE_NONE;
}

/* TLS */

static enum status connect_at(const struct reach *at, int *out, struct problem *why)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(at->port)};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(at->port)};
    bool is_six = inet_pton(AF_INET6, at->address, &six.sin6_addr) == 1;
    if (!is_six && inet_pton(AF_INET, at->address, &four.sin_addr) != 1)
        return problem_set(why, ST_INVALID, "not an address");
    AUTO_FD fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int left = at->timeout_ms / 2 + 1;
    const struct timeval patience = {left / 1000, left % 1000 * 1000};
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0)
        return problem_errno(why, "open a socket");
    if (connect(fd, is_six ? (const struct sockaddr *)&six : (const struct sockaddr *)&four,
                is_six ? sizeof six : sizeof four) < 0)
        return problem_set(why, ST_UNAVAILABLE, "nobody answers");
    *out = fd;
    fd = -1;
    return ST_OK;
}

static enum status offer_context(const struct check_offer *offer, SSL_CTX **out, struct problem *why)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL)
        return problem_set(why, ST_UNAVAILABLE, "OpenSSL");
    SSL_CTX_set_security_level(context, 0); /* what nobody may take any more can be offered still */
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
    bool good = SSL_CTX_set_min_proto_version(context, offer->version_min) == 1 &&
                SSL_CTX_set_max_proto_version(context, offer->version_max) == 1 &&
                SSL_CTX_set_cipher_list(context, offer->ciphers == NULL ? "ALL:COMPLEMENTOFALL" : offer->ciphers) == 1 &&
                (offer->suites == NULL || SSL_CTX_set_ciphersuites(context, offer->suites) == 1) &&
                (offer->signatures == NULL || SSL_CTX_set1_sigalgs_list(context, offer->signatures) == 1);
    *out = context;
    return good ? ST_OK : problem_set(why, ST_UNAVAILABLE, "OpenSSL here cannot offer that");
}

static struct slice der_of(const SSL *ssl, struct arena *arena)
{
    X509 *certificate = SSL_get1_peer_certificate(ssl);
    unsigned char *der = NULL;
    int len = certificate == NULL ? -1 : i2d_X509(certificate, &der);
    struct slice out = len < 0 ? SLICE_NONE : arena_copy(arena, (struct slice){(char *)der, (size_t)len});
    OPENSSL_free(der);
    X509_free(certificate);
    return out;
}

static void shake(SSL *ssl, int fd, const char *host, struct arena *arena, struct check_handshake *out)
{
    SSL_set_fd(ssl, fd);
    SSL_set_tlsext_host_name(ssl, host);
    out->accepted = SSL_connect(ssl) == 1;
    ERR_clear_error();
    if (!out->accepted)
        return;
    out->version = SSL_version(ssl);
    out->cipher = arena_copy(arena, slice_from(SSL_get_cipher_name(ssl)));
    out->certificate = der_of(ssl, arena);
}

enum status reach_tls(const struct reach *at, const struct check_offer *offer, struct arena *arena,
                      struct check_handshake *out, struct problem *why)
{
    AUTO_FD fd = -1;
    SSL_CTX *context = NULL;
    *out = (struct check_handshake){0};
    TRY(connect_at(at, &fd, why));
    enum status status = offer_context(offer, &context, why);
    SSL *ssl = status == ST_OK ? SSL_new(context) : NULL;
    if (status == ST_OK && ssl == NULL)
        status = problem_set(why, ST_UNAVAILABLE, "OpenSSL");
    if (status == ST_OK)
        shake(ssl, fd, at->host, arena, out);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return status;
}

/* A hello of our own making */

enum { RECORD_HANDSHAKE = 22, SERVER_HELLO = 2, HELLO_BYTES_MAX = 1024, HEADER_BYTES = 6, RANDOM_BYTES = 32 };

static void add_u16(struct buffer *out, size_t number)
{
    buffer_add_char(out, (char)(number >> 8));
    buffer_add_char(out, (char)number);
}

/* With its length before it. */
static void add_list(struct buffer *out, const uint16_t *numbers)
{
    size_t count = 0;
    while (count < HELLO_LIST_MAX && numbers[count] != 0)
        count++;
    add_u16(out, 2 * count);
    for (size_t i = 0; i < count; i++)
        add_u16(out, numbers[i]);
}

static void add_extension(struct buffer *out, size_t kind, const struct buffer *body)
{
    add_u16(out, kind);
    add_u16(out, body->len);
    buffer_add(out, buffer_slice(body));
}

static void add_numbers(struct buffer *out, size_t kind, const uint16_t *numbers)
{
    AUTO_BUFFER body = buffer_create(HELLO_BYTES_MAX);
    add_list(&body, numbers);
    add_extension(out, kind, &body);
}

static void add_extensions(struct buffer *out, const struct check_hello *hello, const char *host)
{
    static const uint16_t usual[HELLO_LIST_MAX] = {0x0804, 0x0403, 0x0401, 0x0503, 0x0501, 0x0603, 0x0601, 0x0201, 0x0203};
    static const uint16_t groups[HELLO_LIST_MAX] = {29, 23, 24, 25}; /* x25519, P-256, P-384, P-521 */
    AUTO_BUFFER all = buffer_create(HELLO_BYTES_MAX), name = buffer_create(HELLO_BYTES_MAX);
    add_u16(&name, strlen(host) + 3);
    buffer_add_char(&name, 0); /* host_name */
    add_u16(&name, strlen(host));
    buffer_add_text(&name, host);
    add_extension(&all, 0, &name);
    add_numbers(&all, 10, groups);
    if (hello->version >= 0x0303)
        add_numbers(&all, 13, hello->signatures[0] != 0 ? hello->signatures : usual);
    add_u16(out, all.len);
    buffer_add(out, buffer_slice(&all));
}

static void format_hello(const struct check_hello *hello, const char *host, struct buffer *out)
{
    AUTO_BUFFER body = buffer_create(HELLO_BYTES_MAX);
    add_u16(&body, hello->version);
    for (int i = 0; i < RANDOM_BYTES; i++)
        buffer_add_char(&body, (char)(i + 1)); /* nothing is kept secret by it */
    buffer_add_char(&body, 0); /* no session */
    add_list(&body, hello->ciphers);
    buffer_add_char(&body, 1); /* one way of compression: none */
    buffer_add_char(&body, 0);
    add_extensions(&body, hello, host);
    buffer_add_char(out, RECORD_HANDSHAKE);
    add_u16(out, hello->version < 0x0301 ? hello->version : 0x0301);
    add_u16(out, body.len + 4);
    buffer_add_char(out, 1); /* ClientHello */
    buffer_add_char(out, 0);
    add_u16(out, body.len);
    buffer_add(out, buffer_slice(&body));
}

enum status reach_hello(const struct reach *at, const struct check_hello *hello, bool *accepted,
                        struct problem *why)
{
    AUTO_BUFFER out = buffer_create(2 * HELLO_BYTES_MAX);
    AUTO_FD fd = -1;
    unsigned char head[HEADER_BYTES];
    size_t got = 0;
    TRY(connect_at(at, &fd, why));
    format_hello(hello, at->host, &out);
    TRY(buffer_check(&out, "hello", why));
    TRY(fd_write_all(fd, buffer_slice(&out), why));
    for (ssize_t count = 1; got < sizeof head && count > 0; got += (size_t)(count > 0 ? count : 0))
        count = recv(fd, head + got, sizeof head - got, 0);
    *accepted = got == sizeof head && head[0] == RECORD_HANDSHAKE && head[5] == SERVER_HELLO;
    return ST_OK;
}
