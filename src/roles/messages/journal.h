#ifndef RENDEZ_ROLES_MESSAGES_JOURNAL_H
#define RENDEZ_ROLES_MESSAGES_JOURNAL_H

#include "base/eventlog/kinds.h"
#include "roles/messages/role.h"

/* A role's way to logd. Two kinds of roles have one: who has nothing on disk says entries and hears
 * when they are (journal_create, journal_say); who writes a log of its own in the transaction that
 * causes an entry hands that over (journal_hand_over). In both what logd has not on disk is said again,
 * after a crash of either: each comes once, and in order. A role has one journal.
 *
 * It takes MESSAGE_LOG_KEPT and a role_on_peer of its own. */
struct journal;
#define AUTO_JOURNAL __attribute__((cleanup(journal_destroy))) struct journal *

enum { JOURNAL_WAITING_MAX = 1024 };

/* Before role_enter. The source is "ROLE.BOOT", of this start. */
struct journal *journal_create(struct role *role);
/* Before role_enter. `read` gives the entries after a number, oldest first, without a gap, at most
 * LOG_APPEND_MAX; it is asked once a second, and after journal_look.
 *   source  "store": the same for ever; logd takes it from this role only */
typedef enum status journal_read_fn(void *context, int64_t after, struct arena *arena,
                                    struct log_line_list *out, struct problem *why);
struct journal *journal_hand_over(struct role *role, const char *source, journal_read_fn *read,
                                  void *context);
void journal_destroy(struct journal **journal); /* accepts NULL */

/* Says one. Ids: "meeting=m_… cause=…". *number (may be NULL) compares with journal_kept.
 * False: JOURNAL_WAITING_MAX are waiting; once there is room, an entry tells how many were lost. */
bool journal_say(struct journal *journal, enum log_kind kind, struct slice ids,
                 const struct moment *at, int64_t *number);
/* All up to this one are on disk. */
int64_t journal_kept(const struct journal *journal);
/* None waits. */
bool journal_is_kept(const struct journal *journal);
/* For who is about to end: turns the role's loop until none waits, so many milliseconds at most. */
void journal_settle(struct journal *journal, int most_ms);
typedef void journal_kept_fn(void *context, int64_t number, const struct moment *at);
void journal_on_kept(struct journal *journal, journal_kept_fn *fn, void *context);

/* There is more to read, now: whoever does not want to wait for the next second. */
void journal_look(struct journal *journal);

#endif
