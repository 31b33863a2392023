#ifndef RENDEZ_ROLES_ROLE_H
#define RENDEZ_ROLES_ROLE_H

#include "base/eventlog/eventlog.h"
#include "platform/loop/loop.h"
#include "platform/sandbox/sandbox.h"
#include "roles/config/config.h"
#include "roles/messages/confined.h"
#include "roles/messages/metrics.h"
#include "roles/messages/roles.h"

/* What every role's process has: its loop, its channels, its configuration, its way into the
 * sandbox. roles/mailout/main.c is the example; platform/ipc/README.md the recipe. */

struct role;

/* A role's own main, run by the program rendez-NAME. It opens what it needs, calls
 * role_enter, then role_run; what it returns is logged and becomes the exit code. */
typedef enum status role_main_fn(struct role *role, struct problem *why);

/* Only for roles/parent/role_main.c: takes the descriptors of ROLE_FD_…, runs `main`, returns the exit code. */
struct role_start {
    const char *folder;       /* of the installation; the paths of rendez.conf lead from there */
    struct program_id parent; /* which rendezd started it, as that one says */
    bool waiting;             /* role_is_waiting */
};
int role_process(enum role_id id, const struct role_start *begin, role_main_fn *main);

struct loop *role_loop(struct role *role);
const struct config *role_config(const struct role *role);
enum role_id role_id(const struct role *role);
/* For what lives as long as the process. */
struct arena *role_arena(struct role *role);
/* keyd: the passphrase's descriptor; mailin and mailout: their password's; logd: that of the
 * webhook's secret; api, console: that of certificate and key; or -1. */
int role_secret_fd(const struct role *role);
/* Reads and closes it, in one line without its end, at most 4,096 bytes. Use a wiped arena.
 * ST_NOT_FOUND  there is none */
MUST_USE enum status role_read_secret(const struct role *role, struct arena *arena,
                                      struct slice *secret, struct problem *why);

/* Before role_enter: called when the parent has read the role's secret anew. `fd` is the
 * parent's to close. */
typedef void role_secret_fn(void *context, int fd, const struct moment *at);
void role_on_secret(struct role *role, role_secret_fn *fn, void *context);

/* This process was started while that of the version before still serves. What only one of them
 * may do (take connections, go through the spool) begins with ROLE_WORD_GO_ON. */
bool role_is_waiting(const struct role *role);

/* Before role_enter: called for ROLE_WORD_HOLD, ROLE_WORD_GO_ON and ROLE_WORD_LIFT. */
typedef void role_word_fn(void *context, uint32_t word, const struct moment *at);
void role_on_word(struct role *role, role_word_fn *fn, void *context);
/* Tells the parent that no question is open, once after ROLE_WORD_HOLD. */
void role_say_held(const struct role *role);

/* Before role_enter: adds the role's own counts to what logd is told every five seconds; at most four such
 * functions. What it does takes every other caller's time: no file is read for it, no table scanned. */
typedef void role_measure_fn(void *context, struct metric_list *list, struct arena *arena);
void role_on_measure(struct role *role, role_measure_fn *fn, void *context);
/* MESSAGE_EVENT or MESSAGE_METRICS, to logd; in logd itself to its own handler, as if without channel.
 * ST_UNAVAILABLE, ST_LIMIT: as ipc_send; nothing is logged. */
MUST_USE enum status role_tell(struct role *role, enum message message, const void *object);
/* Of all channels together. */
struct ipc_counts role_counts(const struct role *role);

/* logd, before role_enter: called with what the parent tells (a struct event_told). What is then on disk
 * is confirmed by role_say_kept; until then the parent says it again to whoever comes after. */
typedef void role_told_fn(void *context, const struct event_told *told, const struct moment *at);
void role_on_told(struct role *role, role_told_fn *fn, void *context);
void role_say_kept(const struct role *role);

/* The channel to a peer of the channel table; the same object for ever, closed while the
 * peer is away. */
struct ipc_channel *role_channel(struct role *role, enum role_id peer);

/* Whether it came from that peer, or from an api or console of the version before in its place. */
bool role_said_by(const struct role *role, const struct ipc_message *message, enum role_id peer);

/* Before role_enter: who handles a kind of message (from whatever peer may send it; an
 * answer to ipc_ask is one too). A kind that arrives without handler is dropped. */
void role_handle(struct role *role, enum message message, ipc_receive_fn *fn, void *context);

/* Before role_enter, at most four times: called when a peer is there anew (also at the start): what
 * it had not answered must be said again. */
typedef void role_peer_fn(void *context, enum role_id peer, const struct moment *at);
void role_on_peer(struct role *role, role_peer_fn *fn, void *context);

/* Before role_enter: called instead of role_stop when the parent says stop, for a role that
 * first ends what it has begun; it calls role_stop then. The parent says it a second time after
 * six seconds (in an upgrade thirty), when it is to end at once, and kills it two seconds later. */
typedef void role_stop_fn(void *context);
void role_on_stop(struct role *role, role_stop_fn *fn, void *context);

/* Enters the sandbox with the privileges of the role's table row, without those in
 * rules->may_not, which these settings do not need; the caller's paths, ports and memory
 * limit (rules->may is ignored). */
MUST_USE enum status role_enter(struct role *role, const struct sandbox_rules *rules,
                                struct problem *why);

/* Tells the parent that the role serves; then the loop, until the parent says stop. */
MUST_USE enum status role_run(struct role *role, struct problem *why);
/* The same with a failure. */
void role_fail(struct role *role, const struct problem *why);
/* Ends the loop; role_run returns. */
void role_stop(struct role *role);

/* ipc_call to a peer, for roles that may block: when the peer is just being restarted it
 * waits for it, within the time given. The question is asked once. */
MUST_USE enum status role_call(struct role *role, enum role_id peer, enum message question,
                               const void *object, enum message answer_kind, int timeout_ms,
                               struct arena *arena, void *answer, struct problem *why);

#endif
