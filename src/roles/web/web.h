#ifndef RENDEZ_ROLES_WEB_H
#define RENDEZ_ROLES_WEB_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"
#include "roles/messages/metrics.h"

/* The HTTP server of the roles api and console, without its process: no socket is opened and no file
 * read after web_create, but for ACME challenges. What is served, a site says (request.h): roles/api/routes.def,
 * roles/console/routes.def. roles/api/README.md says how questions go to peers. */

enum {
    WEB_BODY_BYTES_MAX = 256 * 1024,
    WEB_HEADER_BYTES_MAX = 16 * 1024,
    WEB_STATIC_BYTES_MAX = 8 * 1024 * 1024,
    WEB_CONNECTIONS_MAX = 4000,  /* that may be configured */
    WEB_BODIES_BYTES_MAX = 64 * 1024 * 1024, /* of all requests together */
    WEB_CHALLENGE_BYTES_MAX = 4096,
    WEB_ANSWER_MS = 10 * 1000,   /* the peers' time; then 503 */
};

/* Whom a question goes to. */
enum web_peer { WEB_NOBODY, WEB_PLANNER, WEB_AUTHD, WEB_LOGD, WEB_TRUST };

/* As in roles/messages: what somebody brought along to say who asks. */
struct web_credentials {
    struct slice session, token, flow, device, address, agent, certificate;
};
struct web_question {
    enum web_peer peer;
    const char *command, *right;        /* right: "" where none is needed */
    struct slice json;
    struct slice person, assertion;     /* for all but authd: who asks, and authd's word for it */
    struct web_credentials credentials; /* for authd alone */
    const char *planned;                /* of session.check: the planner's command; or NULL */
};

/* Sends one question to whoever decides; its slices live until `ask` returns. The answer comes
 * back by web_answer with the same ticket, before `ask` returns or later. A failure here is
 * answered to the client. */
typedef enum status web_ask_fn(void *context, uint64_t ticket, const struct web_question *question,
                               struct problem *why);

/* What one client, and all of them, may take; how long each phase of a connection may last,
 * whatever comes meanwhile (clients.h). */
struct web_limits {
    uint32_t connections, per_address;
    int64_t header_ms, body_ms, answer_ms, idle_ms;
};

struct web_site;
struct web_config {
    const struct web_site *site;
    int listen_fd;              /* bound and listening; the server owns it from now on */
    bool waiting;               /* takes no connection before web_open */
    int redirect_fd;            /* the same, for plain HTTP that leads to public_url; -1: none */
    int challenge_fd;           /* folder of ACME challenges (O_PATH), owned too; -1: none */
    int log_fd;                 /* folder of the log (O_PATH), owned too; -1: it is not served */
    struct slice public_url;    /* its host is ours; https: with HSTS */
    struct slice hosts;         /* more names that are ours, with spaces between them */
    struct slice proxy;         /* addresses whose connections begin with PROXY, the same way */
    struct slice identity;      /* certificates and key (tls.h); empty: plain HTTP */
    bool devices;               /* who connects shows a certificate that counts, from `networks`, or is refused */
    struct slice networks;      /* access_networks_check; with `devices` */
    void (*elsewhere)(void *context); /* one that counts was shown from elsewhere; `ask_context` */
    /* A request was refused for a certificate that does not count: its SHA-256 in hexadecimal, empty: none; the same context. */
    void (*stranger)(void *context, struct slice certificate);
    struct web_limits limits;
    bool metrics_loopback;      /* GET /metrics needs no token of callers on this machine */
    struct {
        struct slice contact, expires, policy; /* as in the settings; may be empty */
    } security;                 /* for security.txt */
    bool sandbox;               /* routes of the sandbox are there */
    const char *web_dir;        /* the built pages; NULL: none, for tests */
    web_ask_fn *ask;
    void *ask_context;
};

struct web;

/* Reads web_dir whole, loads all time zones and starts to listen. */
MUST_USE enum status web_create(const struct web_config *config, struct web **out,
                                struct problem *why);
void web_destroy(struct web **web); /* accepts NULL */

/* Takes connections: after web_create with `waiting`. */
MUST_USE enum status web_open(struct web *web, struct problem *why);

/* Held, questions wait here instead of being asked; their time runs on. */
void web_hold(struct web *web, bool held);

/* Takes no connection any more; answers say that theirs is closed, and one that is new or
 * kept open has at most `idle_ms` to ask. Over when web_connections is 0. */
void web_leave(struct web *web, int64_t idle_ms);
size_t web_connections(const struct web *web);

/* For the loop: call web_turn when web_fd is readable, after web_wait_ms at the latest
 * (-1: no need), and after web_answer. */
int web_fd(const struct web *web);
int web_wait_ms(struct web *web, int64_t now_ms);
void web_turn(struct web *web, int64_t now_ms);

/* An answer to a question; one that nobody waits for any more is dropped. All is copied. With a
 * status that is not ST_OK `json` is {"detail": text}, and of authd a "code" (README.md). */
struct web_answer {
    enum status status;
    struct slice json;
    struct slice session, flow, device; /* new values of the cookies; empty: as they are */
    struct slice assertion;             /* of session.check */
};
void web_take(struct web *web, uint64_t ticket, const struct web_answer *answer);
/* The same, without cookies. */
void web_answer(struct web *web, uint64_t ticket, enum status status, struct slice json);

/* Somebody has left: what is open for them is refused. How many questions that were. */
size_t web_forget(struct web *web, struct slice person);

/* Another certificate and key, for connections that come from now on. ST_INVALID: they are no
 * pair, or cannot be read; the ones before stay. */
MUST_USE enum status web_identity(struct web *web, struct slice identity, struct problem *why);

/* What was answered so far: requests by class of status (index 2: 2xx), and how long the peers took. */
struct web_counts {
    int64_t answered[6];
    struct histogram time;
};
const struct web_counts *web_counts(const struct web *web);

/* How many requests wait for an answer. */
size_t web_waiting(const struct web *web);

#endif
