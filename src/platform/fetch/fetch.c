#include "platform/fetch/fetch.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/net/address.h"

enum {
    CONNECT_MS = 3000,
    TOTAL_MS = 5000, /* a browser waits for two of them, at most 10 s */
    ARENA_BYTES_MAX = 512 * 1024,
};

struct fetch {
    struct arena *arena; /* wiped: secrets go through it */
    struct transfers *transfers;
    struct fetch_rules rules;
    CURL *easy;
    struct curl_slist *headers;
    struct buffer body;
    bool refused_address;
    fetch_done_fn *done;
    void *context;
};

static bool may_reach(struct fetch *fetch, const struct sockaddr *address)
{
    switch (address_range(address)) {
    case ADDRESS_PUBLIC:
        return true;
    case ADDRESS_LOOPBACK:
        return fetch->rules.loopback;
    case ADDRESS_PRIVATE:
        return fetch->rules.private_network;
    case ADDRESS_LINK_LOCAL:
    case ADDRESS_SPECIAL:
        break;
    }
    return false;
}

/* After the name is resolved, so that no answer of a name server leads elsewhere. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetch *fetch = context;
    if (purpose != CURLSOCKTYPE_IPCXN || !may_reach(fetch, &address->addr)) {
        fetch->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct fetch *fetch = context;
    buffer_add(&fetch->body, (struct slice){data, size * count});
    return fetch->body.full ? 0 : size * count;
}

static void free_fetch(struct fetch *fetch)
{
    if (fetch->easy != NULL) {
        transfers_remove(fetch->transfers, fetch->easy);
        curl_easy_cleanup(fetch->easy);
    }
    curl_slist_free_all(fetch->headers);
    buffer_wipe(&fetch->body);
    struct arena *arena = fetch->arena;
    arena_destroy(&arena);
}

static enum status failure(const struct fetch *fetch, CURLcode code, struct problem *why)
{
    switch (code) {
    case CURLE_OK:
        return ST_OK;
    case CURLE_WRITE_ERROR:
        return problem_set(why, ST_LIMIT, "%s's answer is too long", fetch->rules.who);
    case CURLE_PEER_FAILED_VERIFICATION:
        return problem_set(why, ST_DENIED, "%s's certificate is not trusted", fetch->rules.who);
    default:
        break;
    }
    if (fetch->refused_address)
        return problem_set(why, ST_DENIED, "%s's address is of a private network, which is not allowed",
                           fetch->rules.who);
    return problem_set(why, ST_UNAVAILABLE, "no answer from %s: %s", fetch->rules.who,
                       curl_easy_strerror(code));
}

static void finished(void *context, curl_result result)
{
    struct fetch *fetch = context;
    struct problem why = {0};
    long code = 0;
    curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &code);
    enum status status = failure(fetch, (CURLcode)result, &why);
    fetch->done(fetch->context, status, (uint32_t)code, buffer_slice(&fetch->body), &why);
    free_fetch(fetch);
}

static void set_rules(struct fetch *fetch)
{
    CURL *easy = fetch->easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, fetch->rules.loopback ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    /* A connection kept open was made under the rules of another question, maybe. */
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fetch);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Rendez/" RENDEZ_VERSION);
    if (fetch->rules.authority.len > 0) {
        struct curl_blob blob = {(void *)(uintptr_t)fetch->rules.authority.data,
                                 fetch->rules.authority.len, CURL_BLOB_COPY};
        curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

static void add_header(struct fetch *fetch, const char *name, struct slice value)
{
    if (value.len == 0)
        return;
    struct slice line = arena_format(fetch->arena, "%s%.*s", name, SLICE_ARG(value));
    fetch->headers = curl_slist_append(fetch->headers, arena_text(fetch->arena, line));
}

static void set_request(struct fetch *fetch, const struct fetch_request *request)
{
    CURL *easy = fetch->easy;
    curl_easy_setopt(easy, CURLOPT_URL, arena_text(fetch->arena, request->url));
    fetch->headers = curl_slist_append(NULL, "Accept: application/json");
    add_header(fetch, "Content-Type: ", request->type);
    add_header(fetch, "", request->header);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fetch->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
    struct slice post = request->form.len > 0 ? request->form : request->body;
    if (post.len > 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, arena_text(fetch->arena, post));
    }
    if (request->user.len > 0) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(easy, CURLOPT_USERNAME, arena_text(fetch->arena, request->user));
        curl_easy_setopt(easy, CURLOPT_PASSWORD, arena_text(fetch->arena, request->password));
    }
}

enum status fetch_begin(struct transfers *transfers, const struct fetch_rules *rules,
                        const struct fetch_request *request, fetch_done_fn *done, void *context,
                        struct fetch **out, struct problem *why)
{
    struct arena *arena = arena_create_wiped(ARENA_BYTES_MAX);
    struct fetch *fetch = ARENA_NEW(arena, struct fetch);
    *fetch = (struct fetch){.arena = arena, .transfers = transfers, .rules = *rules, .done = done, .context = context};
    fetch->rules.authority = arena_copy(arena, rules->authority);
    fetch->body = buffer_create(request->body_bytes_max);
    fetch->easy = curl_easy_init();
    enum status status = ST_OK;
    if (fetch->easy == NULL) {
        status = problem_set(why, ST_UNAVAILABLE, "libcurl takes no more transfers");
    } else {
        set_rules(fetch);
        set_request(fetch, request);
        status = transfers_add(transfers, fetch->easy, finished, fetch, why);
    }
    if (status != ST_OK) {
        free_fetch(fetch);
        return status;
    }
    *out = fetch;
    return ST_OK;
}

void fetch_cancel(struct fetch **fetch)
{
    if (*fetch != NULL)
        free_fetch(*fetch);
    *fetch = NULL;
}
