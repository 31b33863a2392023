#ifndef RENDEZ_ROLES_PROBER_CHECK_H
#define RENDEZ_ROLES_PROBER_CHECK_H

#include "roles/messages/role.h"
#include "roles/prober/manifest.h"
#include "roles/prober/reach.h"

/* For controls/ID/check.c: all that a check has. controls/README.md says how one is written.
 *
 * A check *tries the forbidden thing* and says what came of it: check_holds or check_fails, once. What
 * it returns otherwise means that it could not try; the control stays what it was until its evidence is
 * too old. It runs alone in a process that keeps nothing; what it takes longer than CHECK_LONGEST_MS
 * counts as not tried, and the process is ended. */
enum { CHECK_LONGEST_MS = 20 * 1000 };
struct check;

/* What every check.c defines; the build gives each another name. */
enum status control_check(struct check *c, struct problem *why);

/* What it found. Both return ST_OK, so that a check ends with `return check_holds(c);`. */
MUST_USE enum status check_holds(struct check *c);
/* cause: an id of the folder's `words`. The first failure stays, whatever is said later. */
MUST_USE enum status check_fails(struct check *c, const char *cause);
/* Names ([a-z0-9_]+), numbers, digests, fixed words: shown to everybody, so never personal data. */
void check_fact(struct check *c, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool check_has_failed(const struct check *c);

/* What it may use. */
struct arena *check_arena(struct check *c); /* wiped; of this check */
const struct config *check_config(const struct check *c);
struct instant check_now(const struct check *c);
int check_left_ms(const struct check *c); /* of CHECK_LONGEST_MS; 0: it must end */

/* A question to a role, answered from inside (messages/probe.h). *found is in the arena.
 * ST_NOT_FOUND    the role knows no such question
 * ST_UNAVAILABLE  it is away, or could not try */
MUST_USE enum status probe_ask(struct check *c, enum role_id role, const char *question,
                               struct slice argument, struct probe_found *found, struct problem *why);
/* The same, and what the role found is what the check found, with its facts; each begins with the
 * name of the role ("planner_entries=…") when `prefixed`. May be called for several roles: the first
 * failure stays. */
MUST_USE enum status check_by_probe(struct check *c, enum role_id role, const char *question,
                                    struct slice argument, bool prefixed, struct problem *why);

/* Whether these settings want that role at all. */
bool check_role_runs(const struct check *c, enum role_id role);
/* Every role's process that is to run, this one's too, as each says of itself: *count of them. ST_UNAVAILABLE: one does
 * not answer. */
struct check_process {
    enum role_id role;
    uint64_t pid, parent, user;
    struct program_id program, started_by; /* its own, and rendezd's */
};
MUST_USE enum status check_processes(struct check *c, struct check_process out[ROLE_RUN_COUNT_], size_t *count,
                                     struct problem *why);
/* As probe_ask, of this process, too. */
MUST_USE enum status check_confined(struct check *c, enum role_id role, struct probe_found *found, struct problem *why);
/* The number of a fact; 0: there is none. */
uint64_t check_number(struct slice facts, const char *name);
/* The text of a fact; empty: there is none. */
struct slice check_text(struct slice facts, const char *name);

/* All processes of this machine that this one may see (not those that have ended), and the TCP ports on which anybody
 * listens. */
struct check_running {
    uint64_t pid, parent, user; /* user: effective */
    struct slice name;          /* of the program, 15 bytes at most */
};
struct check_running_list {
    struct check_running *items;
    size_t count, capacity;
};
struct check_port {
    uint16_t port;
    uint64_t user; /* who opened it */
};
struct check_port_list {
    struct check_port *items;
    size_t count, capacity;
};
enum { CHECK_RUNNING_MAX = 100000 };
MUST_USE enum status check_running(struct check *c, struct check_running_list *out, struct problem *why);
MUST_USE enum status check_ports(struct check *c, struct check_port_list *out, struct problem *why);

/* The release that our programs are of (release.manifest, scripts/release), and the files as they lie there.
 * ST_NOT_FOUND  no manifest: a build that is no release; no such program
 * ST_DENIED     another file lies there than when this process began
 * ST_INVALID    it is none */
struct check_file {
    uint64_t device, inode;
    struct slice digest;
};
MUST_USE enum status check_manifest(struct check *c, struct check_release *out, struct problem *why);
MUST_USE enum status check_program_file(struct check *c, struct slice name, struct check_file *out, struct problem *why);

/* Our own listeners, as the settings name them. */
struct check_listener {
    const char *name;    /* "http", "redirect" */
    const char *address; /* "127.0.0.1", "::1": where it is reached from here */
    uint16_t port;
    bool tls;
};
enum { CHECK_LISTENERS_MAX = 4 };
size_t check_listeners(struct check *c, struct check_listener out[CHECK_LISTENERS_MAX]);
/* The supervision console's; not among those, since it answers the room's network alone: from elsewhere it ends each
 * handshake. False: there is none. */
bool check_console(struct check *c, struct check_listener *out);

/* One HTTP request to a listener, under the host name of public_url (the console's: of console.public_url); its certificate is taken as it is.
 * Redirects are not followed. */
struct check_request {
    const struct check_listener *listener;
    const char *method;         /* NULL: GET */
    const char *path;           /* "/api/v1/me" */
    const char *const *headers; /* "Name: value", NULL at the end; or NULL */
    struct slice body;
};
/* ST_UNAVAILABLE: no answer. */
MUST_USE enum status check_http(struct check *c, const struct check_request *request,
                                struct check_response *out, struct problem *why);

/* ST_UNAVAILABLE: nobody answers at that port, or our own library cannot offer this. */
MUST_USE enum status check_hello(struct check *c, const struct check_listener *listener, const struct check_hello *hello,
                                 bool *accepted, struct problem *why);
MUST_USE enum status check_tls(struct check *c, const struct check_listener *listener,
                               const struct check_offer *offer, struct check_handshake *out,
                               struct problem *why);

#endif
