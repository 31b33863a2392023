#include "platform/net/net.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "platform/net/address.h"

enum {
    REDIRECTS_MAX = 5,
    URL_BYTES_MAX = 2048,
    HEADER_BYTES_MAX = 1024,
    CONNECT_MS = 10000,
    TOTAL_MS = 60000,
};

struct net {
    CURL *curl;
    char *ca_file, *certificate_file, *key_file;
    uint32_t connect_ms, total_ms;
};

#define AUTO_URL __attribute__((cleanup(url_cleanup))) CURLU *

static void url_cleanup(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void headers_free(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

/* False: out of memory. */
static bool keep_name(const char *name, char **out)
{
    *out = name != NULL ? strdup(name) : NULL;
    return name == NULL || *out != NULL;
}

enum status net_create(const struct net_options *options, struct net **out, struct problem *why)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return problem_set(why, ST_UNAVAILABLE, "libcurl cannot be set up");
    struct net *net = calloc(1, sizeof *net);
    if (net == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    net->curl = curl_easy_init();
    bool kept = keep_name(options->ca_file, &net->ca_file);
    kept &= keep_name(options->certificate_file, &net->certificate_file);
    kept &= keep_name(options->key_file, &net->key_file);
    net->connect_ms = options->connect_ms != 0 ? options->connect_ms : CONNECT_MS;
    net->total_ms = options->total_ms != 0 ? options->total_ms : TOTAL_MS;
    if (net->curl == NULL || !kept) {
        net_destroy(&net);
        return problem_set(why, ST_UNAVAILABLE, "libcurl cannot be set up");
    }
    *out = net;
    return ST_OK;
}

void net_destroy(struct net **net)
{
    if (*net == NULL)
        return;
    curl_easy_cleanup((*net)->curl);
    free((*net)->ca_file);
    free((*net)->certificate_file);
    free((*net)->key_file);
    free(*net);
    *net = NULL;
}

/* Addresses */

/* What comes before the path decides who is spoken to. */
struct origin {
    char scheme[8], host[256], port[8];
};

static bool copy_part(CURLU *url, CURLUPart part, unsigned flags, char *out, size_t size)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return false;
    size_t len = strlen(text);
    bool fits = len < size;
    if (fits)
        memcpy(out, text, len + 1);
    curl_free(text);
    return fits;
}

static bool origin_of(CURLU *url, struct origin *origin)
{
    return copy_part(url, CURLUPART_SCHEME, 0, origin->scheme, sizeof origin->scheme) &&
           copy_part(url, CURLUPART_HOST, 0, origin->host, sizeof origin->host) &&
           copy_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, origin->port, sizeof origin->port) &&
           (strcasecmp(origin->scheme, "https") == 0 || strcasecmp(origin->scheme, "http") == 0);
}

static bool same_origin(const struct origin *a, const struct origin *b)
{
    return strcasecmp(a->scheme, b->scheme) == 0 && strcasecmp(a->host, b->host) == 0 &&
           strcmp(a->port, b->port) == 0;
}

static bool is_loopback(const struct origin *origin)
{
    struct in_addr address; /* "127.0.0.1.example" is a name like any other */
    return strcasecmp(origin->host, "localhost") == 0 || strcmp(origin->host, "[::1]") == 0 ||
           (inet_pton(AF_INET, origin->host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

static enum status url_parse(struct slice text, CURLU *url, struct origin *origin,
                             struct problem *why)
{
    char buffer[URL_BYTES_MAX + 1];
    if (text.len > URL_BYTES_MAX || memchr(text.data, '\0', text.len) != NULL)
        return problem_set(why, ST_INVALID, "a URL of more than %d bytes", URL_BYTES_MAX);
    memcpy(buffer, text.data, text.len);
    buffer[text.len] = '\0';
    if (curl_url_set(url, CURLUPART_URL, buffer, 0) != CURLUE_OK || !origin_of(url, origin))
        return problem_set(why, ST_INVALID, "an http or https URL is needed");
    return ST_OK;
}

enum status net_resolve(struct slice base, struct slice reference, struct arena *arena,
                        struct slice *url, struct problem *why)
{
    AUTO_URL parsed = curl_url();
    struct origin from, to;
    if (parsed == NULL || base.len == 0 || reference.len == 0)
        return problem_set(why, ST_INVALID, "an empty URL");
    TRY(url_parse(base, parsed, &from, why));
    TRY(url_parse(reference, parsed, &to, why)); /* relative to what is there */
    if (!same_origin(&from, &to))
        return problem_set(why, ST_DENIED, "the calendar server points to another host");
    char *text = NULL;
    if (curl_url_get(parsed, CURLUPART_URL, &text, 0) != CURLUE_OK)
        return problem_set(why, ST_INVALID, "a URL cannot be read");
    *url = arena_copy(arena, slice_from(text));
    curl_free(text);
    return ST_OK;
}

/* Calendar servers may be in any network, but are no link-local addresses: clouds keep
 * credentials there. */
static bool is_forbidden_address(const struct sockaddr *address)
{
    enum address_range range = address_range(address);
    return range == ADDRESS_LINK_LOCAL || range == ADDRESS_SPECIAL;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)context;
    if (purpose != CURLSOCKTYPE_IPCXN || is_forbidden_address(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* One exchange */

struct exchange {
    struct buffer body;
    char etag[HEADER_BYTES_MAX];
};

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    buffer_add(&exchange->body, (struct slice){data, size * count});
    return exchange->body.full ? 0 : size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    struct slice line = {data, size * count};
    if (slice_starts_nocase(line, LIT("etag:"))) {
        struct slice value = slice_trim(slice_sub(line, 5, line.len));
        if (value.len < sizeof exchange->etag) {
            memcpy(exchange->etag, value.data, value.len);
            exchange->etag[value.len] = '\0';
        }
    }
    return size * count;
}

static bool add_header(struct curl_slist **list, const char *text)
{
    struct curl_slist *longer = curl_slist_append(*list, text);
    if (longer != NULL)
        *list = longer;
    return longer != NULL;
}

static bool has_line_break(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] == '\r' || s.data[i] == '\n' || s.data[i] == '\0')
            return true;
    return false;
}

static enum status make_headers(const struct net_request *request, struct arena *arena,
                                struct curl_slist **headers, struct problem *why)
{
    bool good = add_header(headers, "Expect:");
    if (has_line_break(request->if_match))
        return problem_set(why, ST_INVALID, "an etag with a line break");
    if (request->content_type != NULL)
        good &= add_header(headers,
                           arena_format(arena, "Content-Type: %s", request->content_type).data);
    if (request->depth >= 0)
        good &= add_header(headers, arena_format(arena, "Depth: %d", request->depth).data);
    if (request->if_match.len > 0)
        good &= add_header(
            headers, arena_format(arena, "If-Match: %.*s", SLICE_ARG(request->if_match)).data);
    if (request->if_none_match_any)
        good &= add_header(headers, "If-None-Match: *");
    return good ? ST_OK : problem_set(why, ST_UNAVAILABLE, "out of memory");
}

static void set_rules(const struct net *net, CURL *curl)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)net->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)net->total_ms);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, NULL);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Rendez/" RENDEZ_VERSION);
    if (net->ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, net->ca_file);
    if (net->certificate_file != NULL)
        curl_easy_setopt(curl, CURLOPT_SSLCERT, net->certificate_file);
    if (net->key_file != NULL)
        curl_easy_setopt(curl, CURLOPT_SSLKEY, net->key_file);
}

static void set_body(CURL *curl, struct slice body)
{
    if (body.len == 0)
        return;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data);
}

static void set_login(CURL *curl, const struct net_request *request, struct arena *arena)
{
    if (request->user.len == 0)
        return;
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, arena_text(arena, request->user));
    curl_easy_setopt(curl, CURLOPT_PASSWORD, arena_text(arena, request->password));
}

static enum status failure(CURLcode code, const struct exchange *exchange, struct problem *why)
{
    switch (code) {
    case CURLE_OK:
        return ST_OK;
    case CURLE_WRITE_ERROR:
        if (exchange->body.full)
            return problem_set(why, ST_LIMIT, "the server's answer is too long");
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return problem_set(why, ST_DENIED, "the server's certificate is not trusted");
    case CURLE_SSL_CERTPROBLEM:
        return problem_set(why, ST_INVALID, "our certificate and key cannot be used");
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return problem_set(why, ST_INVALID, "an http or https URL is needed");
    default:
        break;
    }
    return problem_set(why, ST_UNAVAILABLE, "no answer from the server: %s",
                       curl_easy_strerror(code));
}

static enum status perform(struct net *net, CURLU *url, const struct net_request *request,
                           struct arena *arena, struct exchange *exchange, struct problem *why)
{
    CURL *curl = net->curl;
    __attribute__((cleanup(headers_free))) struct curl_slist *headers = NULL;
    TRY(make_headers(request, arena, &headers, why));
    curl_easy_reset(curl); /* keeps connections */
    set_rules(net, curl);
    set_login(curl, request, arena);
    set_body(curl, request->body);
    curl_easy_setopt(curl, CURLOPT_CURLU, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
    CURLcode code = curl_easy_perform(curl);
    /* Nothing of this exchange, and no password, stays in the handle. */
    curl_easy_setopt(curl, CURLOPT_CURLU, NULL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(curl, CURLOPT_USERNAME, NULL);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, NULL);
    return failure(code, exchange, why);
}

static void fill_response(CURL *curl, CURLU *url, const struct exchange *exchange,
                          struct arena *arena, struct net_response *response)
{
    long code = 0;
    const char *type = NULL;
    char *where = NULL;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    *response = (struct net_response){
        .code = (uint32_t)code,
        .body = arena_copy(arena, buffer_slice(&exchange->body)),
        .etag = arena_copy(arena, slice_from(exchange->etag)),
        .content_type = arena_copy(arena, slice_from(type)),
    };
    if (curl_url_get(url, CURLUPART_URL, &where, 0) == CURLUE_OK)
        response->url = arena_copy(arena, slice_from(where));
    curl_free(where);
}

static bool is_redirect(uint32_t code)
{
    return code == 301 || code == 302 || code == 307 || code == 308;
}

/* Moves `url` on to where the last answer pointed. */
static enum status follow(CURL *curl, CURLU *url, const struct origin *origin, struct problem *why)
{
    const char *target = NULL;
    struct origin next;
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &target);
    if (target == NULL)
        return problem_set(why, ST_INVALID, "a redirect to nowhere");
    TRY(url_parse(slice_from(target), url, &next, why));
    if (!same_origin(origin, &next))
        return problem_set(why, ST_DENIED, "the server redirects to another host");
    return ST_OK;
}

enum status net_send(struct net *net, const struct net_request *request, struct arena *arena,
                     struct net_response *response, struct problem *why)
{
    AUTO_URL url = curl_url();
    struct origin origin;
    if (url == NULL || request->url.len == 0)
        return problem_set(why, ST_INVALID, "an http or https URL is needed");
    TRY(url_parse(request->url, url, &origin, why));
    if (request->user.len > 0 && strcasecmp(origin.scheme, "https") != 0 && !is_loopback(&origin))
        return problem_set(why, ST_DENIED, "a password needs https");
    for (int hops = 0; hops <= REDIRECTS_MAX; hops++) {
        struct exchange exchange = {.body = buffer_create(request->body_bytes_max)};
        enum status status = perform(net, url, request, arena, &exchange, why);
        if (status == ST_OK)
            fill_response(net->curl, url, &exchange, arena, response);
        buffer_destroy(&exchange.body);
        if (status != ST_OK || !is_redirect(response->code))
            return status;
        TRY(follow(net->curl, url, &origin, why));
    }
    return problem_set(why, ST_LIMIT, "more than %d redirects", REDIRECTS_MAX);
}

enum status net_code_status(uint32_t code, const char *what, struct problem *why)
{
    enum status status = ST_INVALID;
    if (code >= 200 && code < 300)
        return ST_OK;
    if (code == 401 || code == 403)
        status = ST_DENIED;
    else if (code == 404 || code == 410)
        status = ST_NOT_FOUND;
    else if (code == 409 || code == 412)
        status = ST_CONFLICT;
    else if (code == 413 || code == 507)
        status = ST_LIMIT;
    else if (code >= 500 || code == 429)
        status = ST_UNAVAILABLE;
    return problem_set(why, status, "%s: the server answered %u", what, code);
}
