#ifndef RENDEZ_ROLES_TRUST_TRUST_H
#define RENDEZ_ROLES_TRUST_TRUST_H

#include "domain/control/control.h"
#include "platform/evidence/evidence.h"
#include "platform/loop/loop.h"
#include "roles/messages/messages.h"

/* The engine of the controls: when each is tried, what is thought of what was found, what is told of it.
 * It asks the prober for one at a time, the most overdue first. main.c is the role; README.md says what
 * it answers. */
struct trust;

struct trust_ports {
    void *self;
    /* Asks the prober to try it; *call finds the answer again. ST_UNAVAILABLE: it is away. */
    enum status (*check)(void *self, struct slice control, uint32_t *call, struct problem *why);
    /* What seals the register (KEY_FOR_TRUST); the caller destroys it. */
    enum status (*key)(void *self, struct secret **key, struct problem *why);
};
struct trust_options {
    const char *version; /* of the service */
    uint32_t pace;       /* cadences and deadlines run so many times as fast */
    const char *guards;  /* digest of all that guards (guards.txt), RELEASE_GUARDS_DIGITS; NULL: not told */
};

/* The evidence stays the caller's. A version that has not served before is a release: it is logged, and
 * all is tried anew. */
MUST_USE enum status trust_create(struct evidence *evidence, const struct trust_ports *ports,
                                  const struct trust_options *options, const struct moment *at,
                                  struct trust **out, struct problem *why);
void trust_destroy(struct trust **trust); /* accepts NULL */

/* Asks for what is due, tells what is stale by now. Several times a second. */
void trust_turn(struct trust *trust, const struct moment *at);
/* The prober's answer; one to an earlier question is dropped. */
void trust_checked(struct trust *trust, uint32_t call, const struct check_found *found,
                   const struct moment *at);
/* The prober is there anew: what it was asked, it will not answer. */
void trust_prober_back(struct trust *trust, const struct moment *at);

/* As soon as possible, before all that is due. ST_NOT_FOUND: nothing tries it. */
MUST_USE enum status trust_try(struct trust *trust, const struct control *control, struct problem *why);
/* Called when one was tried; `problem` is empty, or says why it could not be. */
typedef void trust_tried_fn(void *context, const struct control *control, struct slice problem,
                            const struct moment *at);
void trust_on_tried(struct trust *trust, trust_tried_fn *fn, void *context);

/* What is thought of a control now. */
struct trust_view {
    const struct control *control;
    enum control_state state;
    struct instant since;    /* of the state; 0: always */
    struct slice cause;      /* FAILS: an id of its words, or "ended" of a statement */
    struct instant tried;    /* 0: never */
    struct instant until;    /* ATTESTED: its last moment */
    bool has_finding;
    struct finding finding;  /* the newest, borrowed until the next call of trust_… */
};
void trust_view(struct trust *trust, const struct control *control, struct instant now,
                struct trust_view *out);
/* The first release since which all that guards is as it is now. ST_NOT_FOUND: not told. */
MUST_USE enum status trust_guarded_release(struct trust *trust, struct arena *arena, struct release *out,
                                           struct problem *why);
uint32_t trust_pace(const struct trust *trust);
struct evidence *trust_evidence(struct trust *trust);

/* The register: what people state. `file` is the evidence itself, kept sealed.
 * record: what is due by the calendar was done on that day (not later than today).
 * attest: somebody states it until that day's end; only of what nothing tries.
 * ST_INVALID  a day that cannot be, an empty file */
struct trust_statement {
    const struct control *control;
    struct civil_date day;
    struct slice name, file;
};
MUST_USE enum status trust_record(struct trust *trust, const struct trust_statement *statement,
                                  struct instant now, struct problem *why);
MUST_USE enum status trust_attest(struct trust *trust, const struct trust_statement *statement,
                                  struct instant now, struct problem *why);
/* The log has this key from now on, and begins anew with it: for TRA-05, when it was changed on purpose.
 * ST_INVALID  it is no key of a log */
MUST_USE enum status trust_pin_log(struct trust *trust, struct slice key, struct instant now, struct problem *why);
/* Seals with the register's key. place: evidence_…_place */
MUST_USE enum status trust_seal(struct trust *trust, const struct seal_place *place, struct slice plain,
                                struct arena *arena, struct sealed *out, struct problem *why);
MUST_USE enum status trust_open(struct trust *trust, const struct seal_place *place, struct sealed sealed,
                                struct arena *arena, struct slice *plain, struct problem *why);
/* SHA-256 in hex. */
struct slice trust_digest(struct slice bytes, struct arena *arena);

#endif
