#ifndef RENDEZ_ROLES_KEYD_H
#define RENDEZ_ROLES_KEYD_H

#include "platform/vault/vault.h"

/* The keeper of keys. Root and organisation keys never leave it: the wrapped key of an
 * organisation or meeting is handed in as stored, and the key of one meeting, or one
 * derived for a purpose, is handed out. The role (main.c) answers other roles by
 * messages; `rendez replay` and the command line use it in their own process.
 *
 *   root ─┬─ wraps each organisation's key ─┬─ wraps each meeting's key
 *         │                                 ├─ directory: its people
 *         │                                 ├─ identity: its accounts (authd's own key of it)
 *         │                                 └─ factors: secrets of its people's codes
 *         ├─ look-up hashes                   of the whole installation
 *         ├─ trust: the register of evidence
 *         ├─ openings: the marks in keyd's own file of who opens how much (openings.h)
 *         ├─ service: rows of no organisation (sandbox mail, answers to strangers)
 *         ├─ identity: authd's rows of no organisation, and its look-ups
 *         ├─ factors: secrets of codes of no organisation
 *         ├─ assertions: what authd says of people to keyd (platform/assertion)
 *         ├─ callers: what authd says of them to the planner
 *         ├─ watchers: what it says of them to logd
 *         ├─ wraps the key of each set of backups
 *         └─ wraps each spool entry's key
 *
 * Keys handed out are the caller's to destroy. ST_DENIED when a wrapped key is not the one
 * that belongs to this organisation, meeting or entry. */
struct keyd;
#define AUTO_KEYD __attribute__((cleanup(keyd_destroy))) struct keyd *

/* Takes the root keys over. */
struct keyd *keyd_create(struct root_keys *roots);
/* Opens DIR's root key file with the passphrase. */
MUST_USE enum status keyd_open(const char *root_key_path, struct slice passphrase,
                               struct keyd **out, struct problem *why);
/* With a new root key that is kept nowhere (seeded when vault_random is). */
MUST_USE enum status keyd_create_for_replay(struct keyd **out, struct problem *why);
void keyd_destroy(struct keyd **keyd); /* accepts NULL */

/* Versions of a key count from 1. A key that is handed out knows its own; what a wrapped one is
 * wrapped by says its header, and of the root key the newest wraps. */
uint32_t keyd_root_version(const struct keyd *keyd); /* the newest */

/* Seed of the Ed25519 key that signs the published log. It outlives rotations of the root key, as
 * the look-up key does: whoever verifies the log has pinned it. */
MUST_USE enum status keyd_log_seed(struct keyd *keyd, struct secret **seed, struct problem *why);
MUST_USE enum status keyd_lookup_key(struct keyd *keyd, struct secret **key, struct problem *why);
/* version: of the root key, 0 for the newest. */
MUST_USE enum status keyd_service_key(struct keyd *keyd, uint32_t version, struct secret **key,
                                      struct problem *why);

MUST_USE enum status keyd_new_organisation_key(struct keyd *keyd, struct slice organisation,
                                               uint32_t version, struct arena *arena,
                                               struct wrapped_key *wrapped, struct problem *why);
MUST_USE enum status keyd_directory_key(struct keyd *keyd, struct slice organisation,
                                        struct wrapped_key organisation_key, struct secret **key,
                                        struct problem *why);

/* For authd: what seals the accounts of an organisation; rows of none, by a version of the root
 * key as for keyd_service_key; what is looked up. */
MUST_USE enum status keyd_identity_key(struct keyd *keyd, struct slice organisation,
                                       struct wrapped_key organisation_key, struct secret **key,
                                       struct problem *why);
MUST_USE enum status keyd_identity_service_key(struct keyd *keyd, uint32_t version,
                                               struct secret **key, struct problem *why);
MUST_USE enum status keyd_identity_lookup_key(struct keyd *keyd, struct secret **key,
                                              struct problem *why);

/* For trust: what seals its register. It outlives rotations of the root key, as the look-up key does. */
MUST_USE enum status keyd_trust_key(struct keyd *keyd, struct secret **key, struct problem *why);
/* For keyd itself; it outlives them, too. */
MUST_USE enum status keyd_openings_key(struct keyd *keyd, struct secret **key, struct problem *why);

/* Seals secrets of one-time codes (factors.h): it is handed to no role. Without organisation by the
 * root key of that version, 0: the newest. */
MUST_USE enum status keyd_factor_key(struct keyd *keyd, struct slice organisation,
                                     struct wrapped_key organisation_key, uint32_t version,
                                     struct secret **key, struct problem *why);
struct seal_place keyd_factor_place(struct slice organisation, struct slice factor);
/* For authd, and for keyd itself. */
MUST_USE enum status keyd_assertion_key(struct keyd *keyd, struct secret **key,
                                        struct problem *why);
/* For authd and the planner; for authd and logd. */
MUST_USE enum status keyd_caller_key(struct keyd *keyd, struct secret **key, struct problem *why);
MUST_USE enum status keyd_watcher_key(struct keyd *keyd, struct secret **key, struct problem *why);

MUST_USE enum status keyd_new_meeting_key(struct keyd *keyd, struct slice organisation,
                                          struct wrapped_key organisation_key, struct slice meeting,
                                          uint32_t version, struct arena *arena,
                                          struct wrapped_key *wrapped, struct secret **key,
                                          struct problem *why);
MUST_USE enum status keyd_open_meeting_key(struct keyd *keyd, struct slice organisation,
                                           struct wrapped_key organisation_key,
                                           struct slice meeting, struct wrapped_key wrapped,
                                           struct secret **key, struct problem *why);

/* Rotation: the same key, wrapped anew by the newest root key, or by another version of the
 * organisation's. */
MUST_USE enum status keyd_rewrap_organisation_key(struct keyd *keyd, struct slice organisation,
                                                  struct wrapped_key wrapped, struct arena *arena,
                                                  struct wrapped_key *out, struct problem *why);
MUST_USE enum status keyd_rewrap_meeting_key(struct keyd *keyd, struct slice organisation,
                                             struct wrapped_key from, struct wrapped_key to,
                                             struct slice meeting, struct wrapped_key wrapped,
                                             struct arena *arena, struct wrapped_key *out,
                                             struct problem *why);

/* One key for each message in the spool: `entry` is its spool id. */
MUST_USE enum status keyd_new_spool_key(struct keyd *keyd, struct slice entry, struct arena *arena,
                                        struct sealed *wrapped, struct secret **key,
                                        struct problem *why);
MUST_USE enum status keyd_open_spool_key(struct keyd *keyd, struct slice entry,
                                         struct sealed wrapped, struct secret **key,
                                         struct problem *why);

/* One key for each set of backups (platform/backup): its name. */
MUST_USE enum status keyd_new_set_key(struct keyd *keyd, struct slice set, struct arena *arena,
                                      struct sealed *wrapped, struct secret **key,
                                      struct problem *why);
MUST_USE enum status keyd_open_set_key(struct keyd *keyd, struct slice set, struct sealed wrapped,
                                       struct secret **key, struct problem *why);
/* The same key, wrapped by the newest root key. */
MUST_USE enum status keyd_rewrap_set_key(struct keyd *keyd, struct slice set, struct sealed wrapped,
                                         struct arena *arena, struct sealed *out,
                                         struct problem *why);

#endif
