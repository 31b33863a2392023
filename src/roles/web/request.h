#ifndef RENDEZ_ROLES_WEB_REQUEST_H
#define RENDEZ_ROLES_WEB_REQUEST_H

#include <microhttpd.h>

#include "domain/access/access.h"
#include "formats/http/http.h"
#include "formats/json/json.h"
#include "roles/web/web.h"
#include "roles/web/clients.h"

/* What the routes of a site (web_site, below) are written with: a request, its question, its response. */

/* One file of the built pages, in memory. */
struct web_file {
    struct slice path; /* as in the URL: "/assets/main-x.js" */
    struct slice bytes;
    const char *type;
    const char *cache;
    struct slice etag;
};
struct web_files {
    struct web_file *items;
    size_t count, capacity;
};
/* ST_LIMIT over WEB_STATIC_BYTES_MAX. Hidden files are left out. */
MUST_USE enum status web_files_load(const char *folder, struct arena *arena,
                                    struct web_files *out, struct problem *why);
const struct web_file *web_files_find(const struct web_files *files, struct slice path);

/* What goes back. `status` is the HTTP one. */
struct response {
    unsigned status;
    const char *type; /* Content-Type */
    struct slice body;       /* static, or in the request's arena */
    struct slice location;   /* 303 */
    struct slice etag;       /* quoted */
    const char *cache;       /* NULL: no-store */
    const char *allow;       /* 405 */
    const char *vary;        /* request headers that the answer depends on; NULL: none */
    const char *authenticate; /* 401, 403: WWW-Authenticate */
    int64_t retry_after_s;   /* 429; 0: not said */
    bool forget_site;        /* what the browser keeps of us goes */
};

/* A cookie to set, or to clear. */
struct cookie {
    bool set;
    struct slice value; /* empty: it goes */
};

/* What a peer said. Handlers see ST_OK, of a page's question ST_CONFLICT, and with ROUTE_LEADS all. */
struct answer {
    enum status status;
    struct slice json; /* as sent; when the status is not ST_OK only the detail */
    json_t *value;     /* the same, read; an object, or NULL */
    /* Of authd, when the status is not ST_OK. */
    struct slice code;
    const json_t *rules; /* what a password does not keep; or NULL */
    int64_t retry_after_s;
};

struct request {
    struct web *web;
    struct MHD_Connection *connection;
    struct arena *arena; /* wiped */
    struct buffer body;
    const struct route *route;
    const char *method;
    struct slice path, values[HTTP_PATH_VALUES_MAX];
    const char *allow; /* 405: the methods that the path has */
    enum request_stage { REQUEST_READING, REQUEST_WAITING, REQUEST_ANSWERED } stage;
    bool oversized;
    const char *refusal; /* what is wrong with its headers (guard.c); NULL: nothing */
    unsigned refusal_http;
    size_t received; /* bytes of the body so far */
    struct web_credentials credentials;
    struct cookie session, flow, device;
    uint64_t ticket;
    int64_t asked_ms;
    struct web_question question; /* asked, or held back */
    struct web_question planned;  /* follows once authd has said who asks; else of nobody */
    bool held;
    bool asked_anew; /* who asks: the planner did not take what authd had asserted */
    struct answer answer;
    json_t *answer_value; /* owner of answer.value */
    struct request *next_waiting;
};

/* A request header by name; empty when absent. */
struct slice request_header(const struct request *request, const char *name);
struct slice request_query(const struct request *request, const char *name);

enum route_needs {
    NEEDS_NOTHING,
    NEEDS_SANDBOX, /* it exists only there */
    NEEDS_SESSION, /* never a token. With RIGHT_NONE any session will do, that of an enrolment too */
    NEEDS_ACCESS,  /* a session, or a token of a scope that has the right */
    NEEDS_TOKEN,   /* a token alone */
    NEEDS_COUNT_,
};
extern const char *const route_needs_names[NEEDS_COUNT_];
enum {
    ROUTE_PAGE = 1,    /* failures are pages for people */
    ROUTE_FOREIGN = 2, /* other programs than our pages post here: what they say proves itself */
    ROUTE_LEADS = 4,   /* leads on to a page of ours, whatever the answer */
    ROUTE_QUIET = 8, /* a page asks by itself: it changes nothing, no cookie either */
    ROUTE_TRUST = 32,  /* a page of trust: failures look like it */
    ROUTE_SHARED = 64, /* the same for everybody: kept for a moment (shared.c) */
    ROUTE_LOOPBACK = 16, /* callers on this machine need not say who they are, where the settings say so */
};

/* `ask` turns a request into a question (a new reference); NULL where nobody has to be asked.
 * `reply` turns the answer (NULL without a question) into a response. What either returns as
 * failure becomes a problem+json or a page. Who may ask is settled before: `needs` and `right`
 * by what authd says. */
struct route {
    const char *method, *pattern;
    enum web_peer peer;
    const char *command;
    enum route_needs needs;
    enum access_right right;
    enum status (*ask)(struct request *, json_t **question, struct problem *why);
    enum status (*reply)(struct request *, const struct answer *, struct response *,
                         struct problem *why);
    unsigned flags;
};

/* What a role serves with it. */
struct web_site {
    const char *section;        /* of its settings: "http", "console" */
    const struct route *routes;
    size_t route_count;
    bool codes;                 /* the word of a planner's refusal is told too */
    /* What a route with ROUTE_PAGE, ROUTE_LEADS, ROUTE_SHARED needs; NULL where there is none. */
    void (*page_problem)(struct request *, unsigned http, struct response *); /* says what is wrong */
    enum status (*lead)(struct request *, const struct answer *, struct response *, struct problem *why);
    size_t (*language)(const struct request *); /* in which it is shown */
};

/* Finds the route of a request (HEAD is looked up as GET). ST_NOT_FOUND; ST_CONFLICT when
 * the path exists with other methods, named in *allow (in the arena). */
MUST_USE enum status route_find(const struct web_site *site, const char *method, struct slice path, bool sandbox,
                                struct arena *arena, const struct route **out,
                                struct slice values[HTTP_PATH_VALUES_MAX], const char **allow);

/* What a route's `ask` and `reply` are; a few that any site may name. */
typedef enum status ask_fn(struct request *, json_t **, struct problem *);
typedef enum status reply_fn(struct request *, const struct answer *, struct response *,
                             struct problem *);
ask_fn ask_nothing, ask_members;  /* {}; the body with what the path and query say  */
reply_fn reply_json, reply_file, reply_logout; /* the answer as it is; the file of that path; the cookie goes */
/* Adds the parts of the path by the names that the pattern has. */
void request_add_path(const struct request *request, json_t *question);
/* A certain file. */
MUST_USE enum status reply_page(struct request *request, struct slice path, struct response *response,
                                struct problem *why);

/* Failures. */
unsigned http_status(enum status status);
void problem_respond(struct request *request, unsigned http, enum status status,
                     const char *detail, struct response *response);
/* What a failed answer of authd is in HTTP. */
unsigned http_of_denial(const struct answer *answer);

/* credentials.c: what a request brings along to say who asks, and whose page it comes from. */
/* ST_DENIED: not what the route takes; request->answer.code says why. ST_INVALID: a cookie twice,
 * cookie and token at once. */
MUST_USE enum status credentials_read(struct request *request, struct problem *why);
/* ST_DENIED unless a page of ours sends it; ST_INVALID unless its type is `type`.
 *   sure  what says nothing of where it comes from is refused too */
MUST_USE enum status origin_check(const struct request *request, const char *type, bool sure,
                                  struct problem *why);
/* WWW-Authenticate for a failure; NULL: none. */
const char *credentials_wanted(const struct request *request, unsigned http);
/* A value of Set-Cookie. __Host-: of this host alone, over TLS alone (RFC 6265bis section 4.1.3). */
enum cookie_kind {
    COOKIE_SESSION, /* of whoever is signed in */
    COOKIE_FLOW,    /* while a provider has the browser */
    COOKIE_DEVICE,  /* a browser in which somebody has signed in before: proves nothing */
    COOKIE_COUNT_,
};
struct slice cookie_format(enum cookie_kind kind, const struct cookie *cookie, struct arena *arena);

/* guard.c: whom we answer, and which requests are not what they seem. */
struct names {
    struct slice *items;
    size_t count, capacity;
};
/* The hosts that are ours: of public_url, of `more`, where `listen_fd` listens, and this
 * machine's own names, which no page of another site has. */
MUST_USE enum status guard_names(struct slice public_url, struct slice more, int listen_fd,
                                 struct arena *arena, struct names *out, struct problem *why);
/* NULL when all is well, else why not, and the HTTP status for it. */
const char *guard_check(const struct names *names, struct MHD_Connection *connection,
                        unsigned *http);

/* redirect.c: what the plain listener says. */
struct redirect {
    const struct names *names;
    struct slice public_url;
    int challenge_fd; /* -1: none */
    const bool *leaving; /* answers say that the connection is closed */
};
/* An MHD_AccessHandlerCallback, MHD_OPTION_URI_LOG_CALLBACK and
 * MHD_OPTION_NOTIFY_COMPLETED; context: struct redirect. */
enum MHD_Result redirect_request(void *context, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *size, void **kept);
void *redirect_begin(void *context, const char *uri, struct MHD_Connection *connection);
void redirect_end(void *context, struct MHD_Connection *connection, void **kept,
                  enum MHD_RequestTerminationCode code);

/* shared.c: answers that are the same for everybody, for two seconds, so that a crowd costs little. */
struct shared;
struct shared *shared_create(void);
void shared_destroy(struct shared **shared); /* accepts NULL */
/* Of the same path, entry and language, if it is young; a 304 where the request knows it. */
bool shared_find(struct shared *shared, struct request *request, int64_t now_ms, struct response *out);
/* Gives a 200 its ETag, keeps it, and makes it a 304 where the request knows it. */
void shared_keep(struct shared *shared, struct request *request, int64_t now_ms, struct response *response);

const struct web_config *web_settings(const struct web *web);
int web_log_folder(const struct web *web); /* -1: it is not served */
const struct web_files *web_pages(const struct web *web);
bool web_is_sandbox(const struct web *web);
struct slice web_public_url(const struct web *web);

#endif
