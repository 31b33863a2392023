#include "roles/messages/caller_port.h"

#include <stdlib.h>

#include "roles/messages/key_port.h"

enum {
    ASK_MS = 10 * 1000,
    KEY_MS = 1000, /* keyd is asked no oftener about what no key of ours has made */
    KEY_ARENA_BYTES = 64 * 1024,
};

struct caller_port {
    struct role *role;
    enum key_purpose purpose;
    struct callers *callers;
    bool key_old;               /* keyd has begun anew, and may have another */
    struct monotonic key_asked;
};

static void peer_back(void *context, enum role_id peer, const struct moment *at)
{
    struct caller_port *port = context;
    (void)at;
    port->key_old = port->key_old || peer == ROLE_KEYD;
}

struct caller_port *caller_port_create(struct role *role, enum key_purpose purpose, size_t taken_max)
{
    struct caller_port *port = must_calloc(1, sizeof *port);
    port->role = role;
    port->purpose = purpose;
    /* What is asserted from now on, no process before took. */
    port->callers = callers_create(loop_moment(role_loop(role)), taken_max);
    role_on_peer(role, peer_back, port);
    return port;
}

void caller_port_destroy(struct caller_port **port)
{
    if (*port != NULL)
        callers_destroy(&(*port)->callers);
    free(*port);
    *port = NULL;
}

/* Where it cannot be had, the one that we have counts on. */
static void take_key(struct caller_port *port, const struct moment *at)
{
    AUTO_ARENA arena = arena_create_wiped(KEY_ARENA_BYTES);
    struct key_ask ask = {.purpose = port->purpose};
    struct key_given given;
    struct secret *key = NULL;
    struct problem why = {0};
    port->key_asked = at->clock;
    enum status status = key_port_ask(port->role, &ask, ASK_MS, arena, &given, &key, &why);
    if (status != ST_OK || key == NULL) {
        event_log(EVENT_CALLER_KEY_FAILED, field_status(status), field_problem(&why));
        return;
    }
    port->key_old = false;
    callers_take_key(port->callers, key, at->now);
}

/* authd may hear of a new keyd before we do, and use its key: so what no key of ours has made is
 * looked at again with keyd's. */
static enum caller_verdict decide(struct caller_port *port, const struct command *command, const struct moment *at,
                                  struct arena *arena, struct caller_assertion *out)
{
    if (!callers_have_key(port->callers) || port->key_old)
        take_key(port, at);
    enum caller_verdict verdict = callers_decide(port->callers, command->assertion, command->name,
                                                 command->json, at, arena, out);
    if (verdict != CALLER_NOBODY || command->assertion.len == 0 || at->clock.ms - port->key_asked.ms < KEY_MS)
        return verdict;
    take_key(port, at);
    return callers_decide(port->callers, command->assertion, command->name, command->json, at, arena, out);
}

/* What api says by itself is not written down: only what authd has said through it. */
static void log_refused(enum caller_verdict verdict, const struct caller_assertion *said)
{
    bool by_authd = verdict >= CALLER_BEFORE;
    event_log(EVENT_CALLER_REFUSED, field_text(KEY_CAUSE, caller_verdict_names[verdict]),
              field_id(KEY_PERSON, by_authd ? said->person : LIT("-")),
              field_id(KEY_COMMAND, by_authd ? said->command : LIT("-")));
}

enum caller_verdict caller_port_take(struct caller_port *port, const struct command *command, const struct moment *at,
                                     struct arena *arena, struct caller_assertion *out)
{
    enum caller_verdict verdict = decide(port, command, at, arena, out);
    if (verdict != CALLER_TAKEN)
        log_refused(verdict, out);
    return verdict;
}

void caller_port_end(struct caller_port *port, struct slice person, struct slice session, struct instant ended,
                     struct instant now)
{
    callers_end(port->callers, person, session, ended, now);
}
