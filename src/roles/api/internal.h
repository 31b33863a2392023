#ifndef RENDEZ_ROLES_API_INTERNAL_H
#define RENDEZ_ROLES_API_INTERNAL_H

#include <microhttpd.h>

#include "formats/http/http.h"
#include "formats/json/json.h"
#include "roles/api/api.h"
#include "roles/api/clients.h"

/* One file of web/dist, in memory. */
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
/* ST_LIMIT over API_STATIC_BYTES_MAX. Hidden files are left out. */
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
};

/* What the planner said. Handlers see ST_OK, and of a page's question ST_CONFLICT. */
struct answer {
    enum status status;
    struct slice json; /* as sent; when the status is not ST_OK only the detail */
    json_t *value;     /* the same, read; an object, or NULL */
};

struct request {
    struct api *api;
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
    uint64_t ticket;
    int64_t asked_ms;
    const char *command;  /* of a question that is held back; else NULL */
    struct slice question;
    struct answer answer;
    json_t *answer_value; /* owner of answer.value */
    struct request *next_waiting;
};

/* A request header by name; empty when absent. */
struct slice request_header(const struct request *request, const char *name);
struct slice request_query(const struct request *request, const char *name);

enum route_needs { NEEDS_NOTHING, NEEDS_SANDBOX };

/* `ask` turns a request into a question (command and object, new reference); NULL where
 * nobody has to be asked. `reply` turns the answer (NULL without a question) into a
 * response. What either returns as failure becomes a problem+json, or with `page` a page
 * for people. */
struct route {
    const char *method, *pattern;
    enum status (*ask)(struct request *, const char **command, json_t **question,
                       struct problem *why);
    enum status (*reply)(struct request *, const struct answer *, struct response *,
                         struct problem *why);
    enum route_needs needs;
    bool page;
};
extern const struct route api_routes[];
extern const size_t api_route_count;

/* Finds the route of a request (HEAD is looked up as GET). ST_NOT_FOUND; ST_CONFLICT when
 * the path exists with other methods, named in *allow. */
MUST_USE enum status route_find(const char *method, struct slice path, bool sandbox,
                                const struct route **out,
                                struct slice values[HTTP_PATH_VALUES_MAX], const char **allow);

/* Handlers: routes.c names them. */
typedef enum status ask_fn(struct request *, const char **, json_t **, struct problem *);
typedef enum status reply_fn(struct request *, const struct answer *, struct response *,
                             struct problem *);
ask_fn ask_health, ask_sandbox, ask_message, ask_link, ask_choice, ask_privacy, ask_act,
    ask_one_click;
reply_fn reply_json, reply_message, reply_file, reply_index, reply_link, reply_choice,
    reply_privacy;

/* Failures. */
unsigned http_status(enum status status);
void problem_respond(struct request *request, unsigned http, enum status status,
                     const char *detail, struct response *response);
/* A guest page that says what is wrong, in the language that the browser asks for. */
void page_problem(struct request *request, unsigned http, struct response *response);

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

const struct web_files *api_files(const struct api *api);
bool api_is_sandbox(const struct api *api);

#endif
