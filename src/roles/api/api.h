#ifndef RENDEZ_ROLES_API_H
#define RENDEZ_ROLES_API_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* The HTTP server of the role `api`, without its process: no socket is opened and no file
 * read after api_create. README.md has the commands, web/api/openapi.yaml the routes. */

enum {
    API_BODY_BYTES_MAX = 256 * 1024,
    API_HEADER_BYTES_MAX = 16 * 1024,
    API_STATIC_BYTES_MAX = 8 * 1024 * 1024,
    API_CONNECTIONS_MAX = 1000,
    API_CONNECTIONS_PER_ADDRESS_MAX = 64,
    API_SILENCE_S = 20,          /* a connection that says nothing is closed */
    API_ANSWER_MS = 10 * 1000,   /* the planner's time; then 503 */
};

/* Sends one question to whoever decides. The answer comes back by api_answer with the
 * same ticket, before `ask` returns or later. A failure here is answered to the client. */
typedef enum status api_ask_fn(void *context, uint64_t ticket, const char *command,
                               struct slice json, struct problem *why);

struct api_config {
    int listen_fd;              /* bound and listening; the server owns it from now on */
    bool sandbox;               /* serve the sandbox page and /api/v1/sandbox */
    const char *web_dir;        /* web/dist; NULL: no page styles, for tests */
    api_ask_fn *ask;
    void *ask_context;
    uint32_t per_address;       /* connections; 0: API_CONNECTIONS_PER_ADDRESS_MAX */
};

struct api;

/* Reads web_dir whole, loads all time zones and starts to listen. */
MUST_USE enum status api_create(const struct api_config *config, struct api **out,
                                struct problem *why);
void api_destroy(struct api **api); /* accepts NULL */

/* For the loop: call api_turn when api_fd is readable, after api_wait_ms at the latest
 * (-1: no need), and after api_answer. */
int api_fd(const struct api *api);
int api_wait_ms(struct api *api, int64_t now_ms);
void api_turn(struct api *api, int64_t now_ms);

/* An answer to a question; one that nobody waits for any more is dropped. `json` is
 * copied. With a status that is not ST_OK it is {"detail": text}. */
void api_answer(struct api *api, uint64_t ticket, enum status status, struct slice json);

/* How many requests wait for the planner. */
size_t api_waiting(const struct api *api);

#endif
