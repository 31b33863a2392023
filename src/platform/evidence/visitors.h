#ifndef RENDEZ_PLATFORM_EVIDENCE_VISITORS_H
#define RENDEZ_PLATFORM_EVIDENCE_VISITORS_H

#include "platform/evidence/evidence.h"

/* Those tables of trust.db that people outside fill: messages to us, subscriptions, and the mail that
 * follows from both. */

struct ticket {
    struct slice id;             /* "tic_…" */
    struct instant at;
    struct instant acknowledged; /* 0: not yet */
    struct instant answered;     /* 0: nobody has */
    struct sealed sealed;        /* address, line end, text */
    uint32_t entry;
};
struct ticket_list {
    struct ticket *items;
    size_t count, capacity;
};
MUST_USE enum status evidence_add_ticket(struct evidence *evidence, const struct ticket *ticket,
                                         struct problem *why);
/* The newest first, 500 at most. */
MUST_USE enum status evidence_list_tickets(struct evidence *evidence, struct arena *arena,
                                           struct ticket_list *out, struct problem *why);
/* That of the unanswered ones which waits longest, without its text. ST_NOT_FOUND: none waits. */
MUST_USE enum status evidence_oldest_ticket(struct evidence *evidence, struct arena *arena,
                                            struct ticket *out, struct problem *why);
MUST_USE enum status evidence_count_tickets(struct evidence *evidence, struct instant after,
                                            uint32_t *out, struct problem *why);
MUST_USE enum status evidence_acknowledge_ticket(struct evidence *evidence, struct slice id,
                                                 struct instant at, struct problem *why);
/* ST_NOT_FOUND: none of that id waits. */
MUST_USE enum status evidence_answer_ticket(struct evidence *evidence, struct slice id,
                                            struct instant at, struct problem *why);
/* Those that were answered before are forgotten. */
MUST_USE enum status evidence_purge_tickets(struct evidence *evidence, struct instant before,
                                            struct problem *why);
struct seal_place evidence_ticket_place(struct slice id);

struct subscriber {
    struct slice id;       /* "sub_…", the secret of their links */
    struct instant at;
    struct slice language; /* "fr", "en" */
    struct instant confirmed; /* 0: not yet */
    uint32_t told;         /* seq of the last change that they were told */
    struct slice hash;     /* vault_lookup_hash of the address */
    struct sealed sealed;  /* address */
};
struct subscriber_list {
    struct subscriber *items;
    size_t count, capacity;
};
/* ST_CONFLICT: that address is there already. */
MUST_USE enum status evidence_add_subscriber(struct evidence *evidence, const struct subscriber *subscriber,
                                             struct problem *why);
MUST_USE enum status evidence_load_subscriber(struct evidence *evidence, struct slice id, struct arena *arena,
                                              struct subscriber *out, struct problem *why);
MUST_USE enum status evidence_find_subscriber(struct evidence *evidence, struct slice hash,
                                              struct arena *arena, struct subscriber *out,
                                              struct problem *why);
/* Confirmed ones who were not told of the change of that seq. */
MUST_USE enum status evidence_list_behind(struct evidence *evidence, uint32_t seq, uint32_t limit,
                                          struct arena *arena, struct subscriber_list *out,
                                          struct problem *why);
/* They hear of what changes from now on. */
MUST_USE enum status evidence_confirm_subscriber(struct evidence *evidence, struct slice id,
                                                 struct instant at, struct problem *why);
MUST_USE enum status evidence_tell_subscriber(struct evidence *evidence, struct slice id, uint32_t seq,
                                              struct problem *why);
MUST_USE enum status evidence_remove_subscriber(struct evidence *evidence, struct slice id,
                                                struct problem *why);
/* Those who have not confirmed. */
MUST_USE enum status evidence_purge_subscribers(struct evidence *evidence, struct instant before,
                                                struct problem *why);
MUST_USE enum status evidence_count_subscribers(struct evidence *evidence, struct instant after,
                                                uint32_t *out, struct problem *why);
struct seal_place evidence_subscriber_place(struct slice id);

struct letter {
    struct slice id;      /* "let_…": mailout sends each id once */
    struct instant at, due;
    uint32_t attempts;
    struct slice ticket;  /* that it acknowledges; or empty */
    struct sealed sealed; /* a letter's lines: roles/trust/letters.h */
};
struct letter_list {
    struct letter *items;
    size_t count, capacity;
};
MUST_USE enum status evidence_add_letter(struct evidence *evidence, const struct letter *letter,
                                         struct problem *why);
MUST_USE enum status evidence_due_letters(struct evidence *evidence, struct instant now, uint32_t limit,
                                          struct arena *arena, struct letter_list *out,
                                          struct problem *why);
MUST_USE enum status evidence_load_letter(struct evidence *evidence, struct slice id, struct arena *arena,
                                          struct letter *out, struct problem *why);
MUST_USE enum status evidence_try_letter_later(struct evidence *evidence, struct slice id, struct instant due,
                                               struct problem *why);
MUST_USE enum status evidence_remove_letter(struct evidence *evidence, struct slice id, struct problem *why);
struct seal_place evidence_letter_place(struct slice id);

/* Oldest first. */
MUST_USE enum status evidence_changes_after(struct evidence *evidence, uint32_t seq, uint32_t limit,
                                            struct arena *arena, struct change_list *out,
                                            struct problem *why);
MUST_USE enum status evidence_last_change(struct evidence *evidence, uint32_t *seq, struct problem *why);

/* How long the service has been at work: minutes in which something was tried. Called at each try; a silence
 * of more than ten minutes between two is written down. */
MUST_USE enum status evidence_beat(struct evidence *evidence, struct instant now, struct problem *why);
struct uptime {
    uint32_t day; /* since 1970 */
    uint32_t minutes;
};
struct uptime_list {
    struct uptime *items;
    size_t count, capacity;
};
struct silence {
    struct instant began, ended;
};
struct silence_list {
    struct silence *items;
    size_t count, capacity;
};
/* The newest first. */
MUST_USE enum status evidence_list_uptime(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                          struct uptime_list *out, struct problem *why);
MUST_USE enum status evidence_list_silences(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                            struct silence_list *out, struct problem *why);

/* Every sealed value with its place, for who tries whether all of them open. What `each` gets is borrowed until it
 * returns; it must not ask this database. */
typedef enum status evidence_entry_fn(void *context, const struct seal_place *place, struct sealed sealed,
                                      struct problem *why);
MUST_USE enum status evidence_each_entry(struct evidence *evidence, evidence_entry_fn *each, void *context,
                                         struct problem *why);

#endif
