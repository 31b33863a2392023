#ifndef RENDEZ_ROLES_DIRECTORY_H
#define RENDEZ_ROLES_DIRECTORY_H

#include "domain/people/people.h"
#include "roles/config/config.h"

/* Organisations and people of an installation, opened with its keys: what the commands of
 * administration read and write, beside a running service or without one. Every change is
 * one transaction with its log entry. */
struct directory;
#define AUTO_DIRECTORY __attribute__((cleanup(directory_destroy))) struct directory *

/*   path             the installation's folder or its rendez.conf
 *   passphrase_file  or NULL: the one that the settings name, or else where
 *                    passphrase_read looks
 * Creates the database where there is none yet. */
MUST_USE enum status directory_open(const char *path, const char *passphrase_file,
                                    struct directory **out, struct problem *why);
void directory_destroy(struct directory **directory); /* accepts NULL */
const struct config *directory_config(const struct directory *directory);

struct organisation_entry {
    struct slice id, name, state;
    struct slice policy; /* "never", "doubt", "always": when a person decides (doc/supervision.md) */
    struct instant created;
};
struct organisation_entry_list {
    struct organisation_entry *items;
    size_t count, capacity;
};
/* id: small letters, digits and hyphens. ST_CONFLICT: there is one. */
MUST_USE enum status directory_add_organisation(struct directory *directory, struct slice id,
                                                struct slice name, struct instant now,
                                                struct problem *why);
/* Nobody of it is anybody for us any more; what there is stays until it is erased. ST_NOT_FOUND. */
MUST_USE enum status directory_end_organisation(struct directory *directory, struct slice id,
                                                struct instant now, struct problem *why);
/* ST_INVALID: another word. ST_NOT_FOUND. */
MUST_USE enum status directory_set_policy(struct directory *directory, struct slice id, struct slice policy,
                                          struct instant now, struct problem *why);
MUST_USE enum status directory_list_organisations(struct directory *directory, struct arena *arena,
                                                  struct organisation_entry_list *out,
                                                  struct problem *why);
/* By id; empty: the only one there is (ST_INVALID when there are more). */
MUST_USE enum status directory_find_organisation(struct directory *directory, struct slice id,
                                                 struct arena *arena,
                                                 struct organisation_entry *out,
                                                 struct problem *why);

/* Adds (with a new id, written to person->id, in the arena) or replaces one that has an
 * id. ST_CONFLICT: somebody else has the address. ST_INVALID: what is no address, time
 * zone or name. */
MUST_USE enum status directory_save_person(struct directory *directory, struct person *person,
                                           struct instant now, struct arena *arena,
                                           struct problem *why);
/* By id or address. */
MUST_USE enum status directory_find_person(struct directory *directory, struct slice who,
                                           struct arena *arena, struct person *out,
                                           struct problem *why);
/* organisation: empty for all. */
MUST_USE enum status directory_list_people(struct directory *directory, struct slice organisation,
                                           struct arena *arena, struct person_list *out,
                                           struct problem *why);
MUST_USE enum status directory_remove_person(struct directory *directory, struct slice id,
                                             struct instant now, struct problem *why);
/* Whether the service has handled a message of that Message-ID (without angle brackets) from
 * a sender that counts as verified. ST_NOT_FOUND: not (yet). */
MUST_USE enum status directory_has_received(struct directory *directory, struct slice message_id,
                                            struct problem *why);

/* What it holds open, for a planner beside it; both stay the directory's. */
struct store;
struct keyd;
struct store *directory_store(struct directory *directory);
struct keyd *directory_keyd(struct directory *directory);

#endif
