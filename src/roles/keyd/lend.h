#ifndef RENDEZ_ROLES_KEYD_LEND_H
#define RENDEZ_ROLES_KEYD_LEND_H

#include "roles/keyd/keyd.h"
#include "roles/keyd/leases.h"
#include "roles/keyd/rates.h"
#include "roles/messages/role.h"

/* The role's part that lends keys to people: it hears assertions, asks leases.h, counts, opens the
 * key, and tells holders when a lease is over. Everything decided is logged,
 * with ids only, and goes into the log that others verify: a key is given once its entry is on disk there. */
struct lender;

/* Before role_enter: it takes the messages, words and peers that concern it. Both outlive it. */
struct lender *lender_create(struct role *role, struct keyd *keyd);
void lender_destroy(struct lender **lender); /* accepts NULL */

/* One of the service's own openings: counted for the role. */
void lender_count(struct lender *lender, enum role_id role, const struct moment *at);
void lender_refused(struct lender *lender, enum role_id role);

/* A set of backups is opened, to try it: what its entries need may be asked for from now on, for
 * SET_TRIAL_MS (key_rule.after_a_set). False: the log has no room for it, or that is no name of a set. */
enum { SET_TRIAL_MS = 3600 * 1000 };
bool lender_open_set(struct lender *lender, struct slice set, const struct moment *at);
bool lender_tries_set(const struct lender *lender, const struct moment *at);

#endif
