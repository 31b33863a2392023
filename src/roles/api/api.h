#ifndef RENDEZ_ROLES_API_H
#define RENDEZ_ROLES_API_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"
#include "roles/messages/metrics.h"

/* The HTTP server of the role `api`, without its process: no socket is opened and no file
 * read after api_create, but for ACME challenges. README.md has the commands, web/api/openapi.yaml the routes. */

enum {
    API_BODY_BYTES_MAX = 256 * 1024,
    API_HEADER_BYTES_MAX = 16 * 1024,
    API_STATIC_BYTES_MAX = 8 * 1024 * 1024,
    API_CONNECTIONS_MAX = 4000,  /* that may be configured */
    API_BODIES_BYTES_MAX = 64 * 1024 * 1024, /* of all requests together */
    API_CHALLENGE_BYTES_MAX = 4096,
    API_ANSWER_MS = 10 * 1000,   /* the peers' time; then 503 */
};

/* Whom a question goes to. */
enum api_peer { API_NOBODY, API_PLANNER, API_AUTHD, API_LOGD, API_TRUST };

/* As in roles/messages: what somebody brought along to say who asks. */
struct api_credentials {
    struct slice session, token, flow, device, address, agent;
};
struct api_question {
    enum api_peer peer;
    const char *command, *right;        /* right: "" where none is needed */
    struct slice json;
    struct slice person, assertion;     /* for all but authd: who asks, and authd's word for it */
    struct api_credentials credentials; /* for authd */
    const char *planned;                /* of session.check: the planner's command; or NULL */
};

/* Sends one question to whoever decides; its slices live until `ask` returns. The answer comes
 * back by api_answer with the same ticket, before `ask` returns or later. A failure here is
 * answered to the client. */
typedef enum status api_ask_fn(void *context, uint64_t ticket, const struct api_question *question,
                               struct problem *why);

/* What one client, and all of them, may take; how long each phase of a connection may last,
 * whatever comes meanwhile (clients.h). */
struct api_limits {
    uint32_t connections, per_address;
    int64_t header_ms, body_ms, answer_ms, idle_ms;
};

struct api_config {
    int listen_fd;              /* bound and listening; the server owns it from now on */
    bool waiting;               /* takes no connection before api_open */
    int redirect_fd;            /* the same, for plain HTTP that leads to public_url; -1: none */
    int challenge_fd;           /* folder of ACME challenges (O_PATH), owned too; -1: none */
    int log_fd;                 /* folder of the log (O_PATH), owned too; -1: it is not served */
    struct slice public_url;    /* its host is ours; https: with HSTS */
    struct slice hosts;         /* more names that are ours, with spaces between them */
    struct slice proxy;         /* addresses whose connections begin with PROXY, the same way */
    struct slice identity;      /* certificates and key (tls.h); empty: plain HTTP */
    struct api_limits limits;
    bool metrics_loopback;      /* GET /metrics needs no token of callers on this machine */
    struct {
        struct slice contact, expires, policy; /* as in the settings; may be empty */
    } security;                 /* for security.txt */
    bool sandbox;               /* serve the sandbox page and /api/v1/sandbox */
    const char *web_dir;        /* web/dist; NULL: no page styles, for tests */
    api_ask_fn *ask;
    void *ask_context;
};

struct api;

/* Reads web_dir whole, loads all time zones and starts to listen. */
MUST_USE enum status api_create(const struct api_config *config, struct api **out,
                                struct problem *why);
void api_destroy(struct api **api); /* accepts NULL */

/* Takes connections: after api_create with `waiting`. */
MUST_USE enum status api_open(struct api *api, struct problem *why);

/* Held, questions wait here instead of being asked; their time runs on. */
void api_hold(struct api *api, bool held);

/* Takes no connection any more; answers say that theirs is closed, and one that is new or
 * kept open has at most `idle_ms` to ask. Over when api_connections is 0. */
void api_leave(struct api *api, int64_t idle_ms);
size_t api_connections(const struct api *api);

/* For the loop: call api_turn when api_fd is readable, after api_wait_ms at the latest
 * (-1: no need), and after api_answer. */
int api_fd(const struct api *api);
int api_wait_ms(struct api *api, int64_t now_ms);
void api_turn(struct api *api, int64_t now_ms);

/* An answer to a question; one that nobody waits for any more is dropped. All is copied. With a
 * status that is not ST_OK `json` is {"detail": text}, and of authd a "code" (README.md). */
struct api_answer {
    enum status status;
    struct slice json;
    struct slice session, flow, device; /* new values of the cookies; empty: as they are */
    struct slice assertion;             /* of session.check */
};
void api_take(struct api *api, uint64_t ticket, const struct api_answer *answer);
/* The same, without cookies. */
void api_answer(struct api *api, uint64_t ticket, enum status status, struct slice json);

/* Somebody has left: what is open for them is refused. How many questions that were. */
size_t api_forget(struct api *api, struct slice person);

/* Another certificate and key, for connections that come from now on. ST_INVALID: they are no
 * pair, or cannot be read; the ones before stay. */
MUST_USE enum status api_identity(struct api *api, struct slice identity, struct problem *why);

/* What was answered so far: requests by class of status (index 2: 2xx), and how long the peers took. */
struct api_counts {
    int64_t answered[6];
    struct histogram time;
};
const struct api_counts *api_counts(const struct api *api);

/* How many requests wait for an answer. */
size_t api_waiting(const struct api *api);

#endif
