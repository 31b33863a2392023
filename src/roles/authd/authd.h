#ifndef RENDEZ_ROLES_AUTHD_H
#define RENDEZ_ROLES_AUTHD_H

#include "platform/identity/identity.h"
#include "roles/authd/hasher.h"
#include "roles/messages/roles.h"

/* Who somebody is: accounts, factors, sessions, tokens, rights (doc/identity.md). This is the
 * role's logic without its process, for tests and for whoever has the keys; main.c is the process.
 *
 * A question of a browser (struct command) becomes a call (internal.h), which may wait for a
 * password to be hashed or for the role sso, and then goes on; everybody else is answered
 * meanwhile. What it writes is one transaction a step. What other roles must hear (a notice, a
 * person, an end) is an errand: written with its cause, said again until it is answered. */
struct authd;
#define AUTO_AUTHD __attribute__((cleanup(authd_destroy))) struct authd *

/* What it needs of other roles. Those that answer at once may block, for keyd's some 100 µs. */
struct authd_ports {
    void *self;
    /* Any key that authd may have; as struct planner_ports has it. */
    enum status (*key)(void *self, const struct key_ask *ask, struct arena *arena,
                       struct key_given *given, struct secret **key, struct problem *why);
    enum status (*code)(void *self, const struct code_ask *ask, struct arena *arena,
                        struct code_given *out, struct problem *why);
    /* The job is answered by authd_hashed, from the loop, also from inside this call. ST_LIMIT:
     * too many wait already. */
    enum status (*hash)(void *self, struct hash_job *job, struct problem *why);
    /* `call` comes back in authd_sso. ST_UNAVAILABLE: the role is away. */
    enum status (*sso)(void *self, const struct sso_ask *ask, uint32_t *call, struct problem *why);
    /* Once for each command. */
    void (*answer)(void *self, void *question, const struct answer *answer);
    /* An errand; what is lost is said again. */
    void (*say)(void *self, enum role_id peer, enum message message, const void *object);
};

struct authd_options {
    struct slice public_url; /* without a slash at the end */
    uint32_t session_idle_minutes, session_hours, invitation_days;
    struct slice networks; /* of the supervision: access_networks_hold */
    struct slice rooms;    /* where tunnels of devices come from; empty: devices open none */
    struct certificate_options {
        struct slice folder;  /* of the lists that are published; empty: none are */
        struct slice crl_url; /* folder where others find them; empty: in public_url's /pki */
        uint32_t person_days, device_days, server_days, crl_hours;
    } certificates;
    struct slice hosts; /* http.hosts: other names of ours, spaces between */
    struct slice console_url; /* console.public_url; empty: there is no console */
    const struct zone *zone;  /* of the room: its days; NULL: UTC */
    bool door_refuses;        /* no session of whom the door has not seen (supervision.door) */
};

/* As the settings say; the slices are those of `config`. */
struct config;
struct authd_options authd_options_from(const struct config *config);

MUST_USE enum status authd_create(struct identity *identity, const struct authd_ports *ports,
                                  const struct authd_options *options, struct authd **out,
                                  struct problem *why);
void authd_destroy(struct authd **authd); /* accepts NULL; calls that wait get no answer */

/* An organisation of the directory, with an identity key of its own; nothing where it is known.
 * kind: as in struct identity_organisation. */
MUST_USE enum status authd_add_organisation(struct authd *authd, struct slice id,
                                            struct slice kind, struct instant now,
                                            struct problem *why);

/* One question; ports->answer is called with `question`, before this returns or later.
 *   from  who asks: what one role may is refused to others */
void authd_command(struct authd *authd, enum role_id from, const struct command *command,
                   struct instant now, void *question);
/* The same for whoever has the keys (the command line), at once: no session and no right is asked
 * for. `name` as in root_commands of commands.c; *out as an answer's json. Peers of another
 * process hear of errands within a second. */
enum status authd_as_root(struct authd *authd, const char *name, struct slice json,
                          struct instant now, struct arena *arena, struct slice *out);
/* Whether a question still waits for its answer. */
bool authd_waits(const struct authd *authd);
void authd_hashed(struct authd *authd, struct hash_job *job, struct instant now);
void authd_sso(struct authd *authd, uint32_t call, const struct sso_answer *answer,
               struct instant now);

/* A peer is there anew: it hears all errands for it again. */
void authd_peer(struct authd *authd, enum role_id peer, struct instant now);
/* A peer has done an errand (PERSON_SAVED, NOTICE_KEPT, PERSON_ENDED_DONE). */
void authd_done(struct authd *authd, enum role_id peer, struct slice id, int64_t ended,
                struct instant now);

/* About once a second: what the command line has written, accounts whose end has come, what is
 * over, a root key that was rotated. Whether there is more of that to do at once. */
bool authd_turn(struct authd *authd, struct instant now);

/* Rotation of the root key. How many rows and keys of organisations are under an older one than
 * keyd's newest. */
MUST_USE enum status authd_rotation_left(struct authd *authd, uint32_t *left, struct problem *why);
/* Some of them anew, and of what organisations' rotated keys seal, in one transaction; *left of both:
 * afterwards. It may be cut off and go on at any time, also in another process. ST_DENIED: a row does not
 * open, and nothing was done. */
MUST_USE enum status authd_rotate_some(struct authd *authd, struct instant now, uint32_t *left,
                                       struct problem *why);

/* Begins the rotation of an organisation's identity key, if none is under way; authd_rotate_some does it.
 * ST_NOT_FOUND: none of that id here, or it was erased. */
MUST_USE enum status authd_rotate_organisation(struct authd *authd, struct slice id, struct instant now,
                                               struct problem *why);
/* How much of it is left; 0: none is under way. */
MUST_USE enum status authd_organisation_left(struct authd *authd, struct slice id, uint32_t *left,
                                             struct problem *why);

/* The end of an organisation: nobody of it signs in from now on, and its accounts are due. ST_NOT_FOUND. */
MUST_USE enum status authd_end_organisation(struct authd *authd, struct slice id, struct instant now,
                                            struct problem *why);
/* The same, and its key is gone when this is ST_OK: no copy of identity.db opens what it sealed. Again is
 * once. */
MUST_USE enum status authd_erase_organisation(struct authd *authd, struct slice id, struct instant now,
                                              struct problem *why);
/* Accounts whose end has come, and those of organisations that have ended, a hundred at most. *ended: how
 * many that were. authd_turn does it by itself. */
MUST_USE enum status authd_end_due(struct authd *authd, struct instant now, size_t *ended,
                                   struct problem *why);

/* For tests: what was done, by count. */
struct authd_work {
    uint64_t hashes, codes, transactions;
};
struct authd_work authd_work(const struct authd *authd);

#endif
