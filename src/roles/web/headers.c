/* What every response carries along: policies for browsers, cookies, where it leads. */
#include <assert.h>

#include "roles/web/internal.h"

#define POLICY_COMMON "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/* The sandbox page has a script; a guest page never. */
static const char policy_app[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
                                 "img-src 'self'; connect-src 'self'; " POLICY_COMMON;
static const char policy_page[] = "default-src 'none'; style-src 'self'; img-src 'self'; " POLICY_COMMON;

static void add_header(struct MHD_Response *mhd, const char *name, const char *value)
{
    enum MHD_Result added = MHD_add_response_header(mhd, name, value);
    assert(added == MHD_YES);
    (void)added;
}

static const struct {
    const char *name, *value;
} security_headers[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
    {"X-Robots-Tag", "noindex, nofollow"},
};
/* Two years (Mozilla's guideline). It counts over TLS only, ours or a proxy's. */
static const char strict_transport[] = "max-age=63072000";

static void add_cookies(struct request *request, struct MHD_Response *mhd)
{
    const struct cookie *const cookies[COOKIE_COUNT_] = {
        [COOKIE_SESSION] = &request->session,
        [COOKIE_FLOW] = &request->flow,
        [COOKIE_DEVICE] = &request->device,
    };
    for (int kind = 0; kind < COOKIE_COUNT_; kind++)
        if (cookies[kind]->set)
            add_header(mhd, "Set-Cookie",
                       cookie_format((enum cookie_kind)kind, cookies[kind], request->arena).data);
}

/* Those of a failure and of what is about accounts. */
static void add_account_headers(struct request *request, const struct response *response,
                                struct MHD_Response *mhd)
{
    add_cookies(request, mhd);
    if (response->authenticate != NULL)
        add_header(mhd, "WWW-Authenticate", response->authenticate);
    if (response->retry_after_s > 0)
        add_header(mhd, "Retry-After",
                   arena_format(request->arena, "%lld", (long long)response->retry_after_s).data);
    /* Cookies are cleared by name: the word would take those of neighbouring hosts too. */
    if (response->forget_site)
        add_header(mhd, "Clear-Site-Data", "\"cache\", \"storage\"");
}

void headers_add(struct request *request, const struct response *response, struct MHD_Response *mhd)
{
    for (size_t i = 0; i < sizeof security_headers / sizeof *security_headers; i++)
        add_header(mhd, security_headers[i].name, security_headers[i].value);
    bool page = request->route == NULL || (request->route->flags & ROUTE_PAGE) != 0;
    add_account_headers(request, response, mhd);
    add_header(mhd, "Content-Security-Policy", page ? policy_page : policy_app);
    add_header(mhd, "Cache-Control", response->cache != NULL ? response->cache : "no-store");
    if (request->web->secure)
        add_header(mhd, "Strict-Transport-Security", strict_transport);
    /* Whoever was misunderstood once would be misunderstood again. */
    if (request->refusal != NULL || request->web->leaving)
        add_header(mhd, "Connection", "close");
    if (response->type != NULL)
        add_header(mhd, "Content-Type", response->type);
    if (response->etag.len > 0)
        add_header(mhd, "ETag", arena_text(request->arena, response->etag));
    if (response->location.len > 0)
        add_header(mhd, "Location", arena_text(request->arena, response->location));
    if (response->allow != NULL)
        add_header(mhd, "Allow", response->allow);
    if (response->vary != NULL)
        add_header(mhd, "Vary", response->vary);
}
