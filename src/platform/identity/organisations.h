#ifndef RENDEZ_PLATFORM_IDENTITY_ORGANISATIONS_H
#define RENDEZ_PLATFORM_IDENTITY_ORGANISATIONS_H

#include "platform/identity/identity.h"
#include "platform/keyfile/keyfile.h"
#include "platform/vault/scan.h"

/* Keys of organisations, in identity.keys beside the database, and the end of an organisation. */

/* version 0: the newest. ST_NOT_FOUND: no such version, or it was erased. */
MUST_USE enum status identity_load_key(struct identity *identity, struct slice organisation,
                                       uint32_t version, struct arena *arena,
                                       struct wrapped_key *out, struct problem *why);
/* The same; empty when there is none, with as many statements. */
MUST_USE enum status identity_fill_key(struct identity *identity, struct slice organisation,
                                       uint32_t version, struct arena *arena,
                                       struct wrapped_key *out, struct problem *why);
/* One version more, or another wrapping of it; inside a transaction, as all that changes keys. */
MUST_USE enum status identity_put_key(struct identity *identity, struct slice organisation,
                                      const struct wrapped_key *key, struct problem *why);
/* Destroys the versions before `below`; inside a transaction that has changed nothing, and in which
 * nothing is under them. */
MUST_USE enum status identity_end_old_keys(struct identity *identity, struct slice organisation,
                                           uint32_t below, struct problem *why);
/* Whose key is being rotated. */
MUST_USE enum status identity_list_aged(struct identity *identity, struct arena *arena,
                                        struct key_aged_list *out, struct problem *why);
MUST_USE enum status identity_survey_keys(struct identity *identity, struct arena *arena,
                                          struct key_survey_list *out, struct problem *why);

/* State "ended". Its accounts are due from now on (identity_due_accounts). Again: nothing changes.
 * ST_NOT_FOUND: no such organisation. */
MUST_USE enum status identity_end_organisation(struct identity *identity, struct slice id,
                                               struct instant at, struct problem *why);
/* The same, without anything that says something of a person, and without key: that goes with
 * identity_end_keys after the commit, which the next commit and the next start also do.
 * ST_CONFLICT: it was erased before. */
MUST_USE enum status identity_erase_organisation(struct identity *identity, struct slice id,
                                                 struct instant at, struct problem *why);
/* The end of an account of such a one, of which nothing can be sealed. ST_CONFLICT: it is none. */
MUST_USE enum status identity_end_erased_account(struct identity *identity, struct slice account,
                                                 struct instant at, struct problem *why);
/* What was erased has no key any more when this is ST_OK. */
MUST_USE enum status identity_end_keys(struct identity *identity, struct problem *why);

/* Every sealed entry, wrapped keys among them; place: "identity.account.sealed". */
typedef entry_fn identity_entry_fn;
MUST_USE enum status identity_scan_entries(struct identity *identity, identity_entry_fn *each,
                                           void *context, struct problem *why);
/* The same in steps: the next ones, at most `limit`. Begin with a zeroed cursor, until it has ended. Tables
 * without numbers come whole: what moves between two pages would be seen twice. */
MUST_USE enum status identity_scan_page(struct identity *identity, struct entry_cursor *cursor, int64_t limit,
                                        identity_entry_fn *each, void *context, struct problem *why);

/* identity_open: keys that a database of before version 2 holds itself go first into the key file,
 * then out of the database; stopped anywhere it is done again. */
MUST_USE enum status identity_move_keys(struct identity *identity, struct problem *why);

#endif
