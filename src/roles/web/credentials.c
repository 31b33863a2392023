/* What a request brings along to say who asks (two cookies or a token; whether it is anybody's
 * only authd knows), and whether a page of ours has sent it. */
#include "roles/web/request.h"

enum { SECRET_CHARS = 43 /* 32 bytes in base64url */, FLOW_CHARS_MAX = 128, AGENT_CHARS_MAX = 200 };

static const char token_prefix[] = "rdz_";

/* Strict ones never come along from another site; that of a flow must, when a provider leads back. */
static const struct {
    const char *name, *more;
} cookies[COOKIE_COUNT_] = {
    [COOKIE_SESSION] = {"__Host-session", "SameSite=Strict"},
    [COOKIE_FLOW] = {"__Host-flow", "SameSite=Lax"},
    [COOKIE_DEVICE] = {"__Host-device", "SameSite=Strict"},
};
static const char device_age[] = "; Max-Age=31536000"; /* the others end with the browser */

static bool is_base64url(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.data[i]) && !ascii_is_digit(text.data[i]) &&
            text.data[i] != '-' && text.data[i] != '_')
            return false;
    return text.len > 0;
}

static bool is_token(struct slice text)
{
    struct slice prefix = slice_from(token_prefix);
    return slice_starts(text, prefix) && text.len == prefix.len + SECRET_CHARS &&
           is_base64url(slice_sub(text, prefix.len, text.len));
}

/* The headers that decide here; each may come once. */
struct brought {
    unsigned cookies, authorizations;
    struct slice cookie, authorization;
};

static enum MHD_Result look(void *context, enum MHD_ValueKind kind, const char *name,
                            size_t name_len, const char *value, size_t value_len)
{
    struct brought *brought = context;
    struct slice key = {name, name_len}, text = {value, value_len};
    (void)kind;
    if (slice_equal_nocase(key, LIT("Cookie"))) {
        brought->cookies++;
        brought->cookie = text;
    } else if (slice_equal_nocase(key, LIT("Authorization"))) {
        brought->authorizations++;
        brought->authorization = text;
    }
    return MHD_YES;
}

/* Of the cookies that are there only ours count. One that cannot be ours is none, but noted, so
 * that it is cleared. */
static enum status take_cookie(struct slice header, enum cookie_kind kind, size_t chars_min,
                               size_t chars_max, struct cookie *clear, struct slice *out,
                               struct problem *why)
{
    struct slice value;
    enum status status = http_cookie(header, slice_from(cookies[kind].name), &value, why);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    if (status != ST_OK)
        return status;
    if (value.len >= chars_min && value.len <= chars_max && is_base64url(value))
        *out = value;
    else
        clear->set = true;
    return ST_OK;
}

/* RFC 6750 section 2.1. */
static enum status take_token(struct request *request, struct slice header, struct problem *why)
{
    struct slice scheme = LIT("Bearer ");
    struct slice token = slice_trim(slice_sub(header, scheme.len, header.len));
    if (!slice_starts_nocase(header, scheme) || !is_token(token)) {
        request->answer.code = LIT("no_token");
        return problem_set(why, ST_DENIED, "this is no token of ours");
    }
    request->credentials.token = token;
    return ST_OK;
}

/* Shown to the person in the list of their sessions; nothing is decided by it. */
static struct slice agent_of(const struct request *request)
{
    struct slice header = request_header(request, "User-Agent");
    size_t len = header.len < AGENT_CHARS_MAX ? header.len : AGENT_CHARS_MAX;
    char *text = arena_alloc(request->arena, len + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = header.data[i] >= ' ' && header.data[i] < 0x7f ? header.data[i] : '?';
    return (struct slice){text, len};
}

static enum status check_needed(struct request *request, struct problem *why)
{
    const struct web_credentials *given = &request->credentials;
    enum route_needs needs = request->route->needs;
    if (needs == NEEDS_SESSION && given->token.len > 0) {
        request->answer.code = LIT("session_only");
        return problem_set(why, ST_DENIED, "a token may not do this");
    }
    if (needs == NEEDS_SESSION || needs == NEEDS_ACCESS || needs == NEEDS_TOKEN) {
        bool known = given->token.len > 0 || (given->session.len > 0 && needs != NEEDS_TOKEN);
        request->answer.code = needs == NEEDS_TOKEN ? LIT("no_token") : LIT("no_session");
        if (!known)
            return problem_set(why, ST_DENIED, "nobody is signed in");
        request->answer.code = SLICE_NONE;
    }
    return ST_OK;
}

enum status credentials_read(struct request *request, struct problem *why)
{
    struct brought brought = {0};
    struct web_credentials *given = &request->credentials;
    struct slice header;
    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, look, &brought);
    if (brought.cookies > 1 || brought.authorizations > 1)
        return problem_set(why, ST_INVALID, "credentials come once");
    header = slice_trim(brought.cookie);
    TRY(take_cookie(header, COOKIE_SESSION, SECRET_CHARS, SECRET_CHARS, &request->session,
                    &given->session, why));
    TRY(take_cookie(header, COOKIE_FLOW, 1, FLOW_CHARS_MAX, &request->flow, &given->flow, why));
    TRY(take_cookie(header, COOKIE_DEVICE, SECRET_CHARS, SECRET_CHARS, &request->device,
                    &given->device, why));
    if (brought.authorizations > 0) {
        if (given->session.len > 0)
            return problem_set(why, ST_INVALID, "a request has a session or a token, not both");
        TRY(take_token(request, slice_trim(brought.authorization), why));
    }
    given->address = client_address(request->connection, request->arena);
    given->agent = agent_of(request);
    return check_needed(request, why);
}

/* The origin of public_url; or, for what reaches us under another of our names, the host that was
 * asked: guard.c has found it to be ours. */
static bool is_our_origin(const struct request *request, struct slice origin)
{
    struct slice ours = web_public_url(request->web);
    size_t scheme = slice_find(ours, LIT("://"), 0);
    size_t path = scheme == SIZE_MAX ? SIZE_MAX : slice_find(ours, LIT("/"), scheme + 3);
    ours = slice_sub(ours, 0, path);
    if (slice_equal_nocase(origin, ours))
        return true;
    struct slice host = request_header(request, "Host");
    struct slice ours_host = scheme == SIZE_MAX ? ours : slice_sub(ours, scheme + 3, ours.len);
    /* Our name without our scheme: a page that came over plain HTTP, by whoever is on the way. */
    if (slice_equal_nocase(host, ours_host) && slice_starts(ours, LIT("https://")))
        return false;
    scheme = slice_find(origin, LIT("://"), 0);
    return scheme != SIZE_MAX &&
           slice_equal_nocase(slice_sub(origin, scheme + 3, origin.len), host);
}

/* A page of another site can send a form or plain text without asking, but not JSON; and a browser
 * names there where a request comes from: Sec-Fetch-Site (Fetch Metadata), Origin (RFC 6454). */
enum status origin_check(const struct request *request, const char *type, bool sure,
                         struct problem *why)
{
    struct slice said = request_header(request, "Content-Type");
    said = slice_trim(slice_sub(said, 0, slice_find(said, LIT(";"), 0)));
    if (!slice_equal_nocase(said, slice_from(type)))
        return problem_set(why, ST_INVALID, "the body must be %s", type);
    struct slice site = request_header(request, "Sec-Fetch-Site");
    struct slice origin = request_header(request, "Origin");
    if ((site.len > 0 && !slice_equal(site, LIT("same-origin"))) ||
        (origin.len > 0 && !is_our_origin(request, origin)))
        return problem_set(why, ST_DENIED, "a page of another site may not do this");
    if (sure && site.len == 0 && origin.len == 0)
        return problem_set(why, ST_DENIED, "a request without Origin may not do this");
    return ST_OK;
}

/* RFC 9110 section 11.6.1, RFC 6750 section 3. No browser asks for a password on reading "Session". */
const char *credentials_wanted(const struct request *request, unsigned http)
{
    bool token = request->credentials.token.len > 0;
    if (http == MHD_HTTP_FORBIDDEN && token && slice_equal(request->answer.code, LIT("scope")))
        return "Bearer realm=\"rendez\", error=\"insufficient_scope\"";
    if (http != MHD_HTTP_UNAUTHORIZED)
        return NULL;
    if (token)
        return "Bearer realm=\"rendez\", error=\"invalid_token\"";
    return request->route->needs == NEEDS_SESSION ? "Session realm=\"rendez\"" : "Bearer realm=\"rendez\"";
}

struct slice cookie_format(enum cookie_kind kind, const struct cookie *cookie, struct arena *arena)
{
    const char *age = cookie->value.len == 0 ? "; Max-Age=0" : kind == COOKIE_DEVICE ? device_age : "";
    return arena_format(arena, "%s=%.*s; Path=/; Secure; HttpOnly; %s%s", cookies[kind].name,
                        SLICE_ARG(cookie->value), cookies[kind].more, age);
}
