#ifndef RENDEZ_ROLES_KEYD_ANSWER_H
#define RENDEZ_ROLES_KEYD_ANSWER_H

#include "roles/keyd/keyd.h"
#include "roles/messages/roles.h"

/* What the role answers to each question. The key of an answer lies in *key, locked, as
 * long as the caller keeps that (the slice in the answer points there); NULL without. A
 * refusal is an answer with its status. What each role may ask is a table of its own. */
void keyd_answer_key(struct keyd *keyd, enum role_id asker, const struct key_ask *ask,
                     struct arena *arena, struct key_given *out, struct secret **key);
/* The same for whoever has keyd in its own process: a refusal is the status. */
MUST_USE enum status keyd_give_key(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                                   struct key_given *out, struct secret **key, struct problem *why);
void keyd_answer_spool_new(struct keyd *keyd, const struct spool_key_new *ask, struct arena *arena,
                           struct spool_key *out, struct secret **key);
void keyd_answer_spool_open(struct keyd *keyd, const struct spool_key_open *ask,
                            struct spool_key *out, struct secret **key);

#endif
