#ifndef RENDEZ_ROLES_KEYD_LEASES_H
#define RENDEZ_ROLES_KEYD_LEASES_H

#include "platform/assertion/assertion.h"
#include "platform/loop/loop.h"
#include "roles/keyd/rules.h"

/* Who holds the key of which meeting, for whom and what, and who may. No I/O, no clock, no key:
 * the role (main.c) hears assertions, opens keys and sends what is decided here.
 *
 * A lease of a person is decided by rules.c (role and purpose → a right), by domain/access (the
 * person, as authd has asserted them, and the right) and by what the planner says of the meeting.
 * What is not known is refused: before the planner has said which meetings are in progress, none
 * is. A lease ends by time, with its meeting, its person, their session, its holder, or when it is
 * given back; then its holder is told to wipe the key. */
struct leases;

enum {
    LEASES_MAX = 1024,
    LEASES_PER_PERSON_MAX = 16,
    LEASE_SECONDS = 15 * 60,
    LEASE_UNKNOWN_SECONDS = 30, /* how long leases outlive a planner that says nothing */
    ASSERTIONS_MAX = 4096,      /* remembered until they end, so that each counts once */
    ENDED_MAX = 4096,           /* people and sessions; until what was said of them before has ended */
};

/* The purpose of that name; KEY_FOR_NOTHING for none. */
enum key_purpose key_purpose_from_name(struct slice name);

enum lease_cause {
    LEASE_GIVEN_BACK, LEASE_TIME, LEASE_MEETING_OVER, LEASE_ASSIGNED_ANEW, LEASE_PERSON_ENDED,
    LEASE_SESSION_ENDED, LEASE_PAUSED, LEASE_HOLDER_GONE, LEASE_UNKNOWN, LEASE_UNLOGGED, LEASE_CAUSE_COUNT_,
};
extern const char *const lease_cause_names[LEASE_CAUSE_COUNT_];

struct lease_text {
    char data[ASSERTION_TEXT_MAX];
    uint8_t len;
};
struct lease {
    struct lease_text id, person, session, organisation, meeting; /* id empty: none */
    struct lease_text assigned; /* whom the request was assigned to when it began */
    enum role_id role;
    enum key_purpose purpose;
    struct monotonic end;
    struct instant until; /* the same, for its holder */
};
static inline struct slice lease_slice(const struct lease_text *text)
{
    return (struct slice){text->data, text->len};
}

/* Called for each that ends; the lease is gone when it returns. */
typedef void lease_ended_fn(void *context, const struct lease *lease, enum lease_cause cause);

struct leases *leases_create(lease_ended_fn *ended, void *context);
void leases_destroy(struct leases **leases); /* accepts NULL; nobody is told */

/* The planner is there anew: nothing is known until it has told all. Leases stay for
 * LEASE_UNKNOWN_SECONDS, so that a planner that is only started again disturbs nobody. */
void leases_forget(struct leases *leases, struct monotonic at);
/* What the planner tells. False: some of it found no place, and is refused. */
MUST_USE bool leases_hear(struct leases *leases, const struct meetings_told *told,
                          struct monotonic at);
bool leases_know(const struct leases *leases); /* the planner has told all */
size_t leases_meetings(const struct leases *leases); /* how many it has told */

/* What is asked for. The assertion has been verified. */
struct lease_wish {
    enum role_id role;
    enum key_purpose purpose;
    struct slice organisation, meeting;
    const struct assertion *by;
};
/* NULL: yes; else a fixed word that says why not, for the log. Takes the assertion, which counts no
 * more, whatever the answer. */
const char *leases_decide(struct leases *leases, const struct lease_wish *wish,
                          const struct moment *at);
/* After leases_decide said yes; NULL: there are too many. Of the same person, purpose and meeting
 * there is one lease: an earlier one goes without a word, its holder gets the new one. */
const struct lease *leases_begin(struct leases *leases, const struct lease_wish *wish,
                                 const struct moment *at);

/* How many ended. `session` empty: all of the person's; else that session's. From now on nothing
 * that was asserted of them before counts. */
unsigned leases_end_person(struct leases *leases, struct slice person, struct slice session,
                           const struct moment *at);
/* Until they ask again: for a person who is paused. */
unsigned leases_end_of(struct leases *leases, struct slice person, enum lease_cause cause);
unsigned leases_end_role(struct leases *leases, enum role_id role, enum lease_cause cause);
/* Its holder gives it back. False: it is none of that role's. */
bool leases_give_back(struct leases *leases, enum role_id role, struct slice id);
/* That one. False: it is over already. */
bool leases_end_one(struct leases *leases, enum role_id role, struct slice id, enum lease_cause cause);
/* NULL: it is over. */
const struct lease *leases_find(const struct leases *leases, struct slice id);

/* Ends what has reached its end. */
void leases_expire(struct leases *leases, struct monotonic at);
/* When to do that next; false: nothing will end by itself. */
bool leases_next(const struct leases *leases, struct monotonic *at);
size_t leases_count(const struct leases *leases);

#endif
