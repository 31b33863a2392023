#ifndef RENDEZ_ROLES_PLANNER_PROCESS_H
#define RENDEZ_ROLES_PLANNER_PROCESS_H

#include "platform/store/store.h"
#include "roles/messages/caller_port.h"
#include "roles/messages/role.h"
#include "roles/planner/planner.h"
#include "roles/planner/trial.h"
#include "roles/planner/troubles.h"

/* The planner's process: what main.c and traffic.c share. */

enum {
    ASK_MS = 10000,  /* keyd, reader, mailin */
    FLIGHT_MAX = 32, /* mails at mailout at once */
};

/* A mail at mailout. */
struct flight {
    struct arena *arena; /* NULL: free */
    struct slice id;
    struct outgoing outgoing;
    bool answered;       /* mailout has said `result`; the store has yet to hear it */
    enum status result;
    bool sandbox;
};

/* A message that could not be handled just now. */
struct pending {
    struct pending *next;
    struct arena *arena;
    struct parsed_mail mail;
    unsigned tries;
    struct monotonic since, due;
};

struct planner_role {
    struct role *role;
    struct store *store;
    struct planner *planner;
    struct loop_timer *due, *retry, *welcome, *tidy, *upkeep, *leave, *look;
    struct caller_port *callers;
    bool tell_all; /* keyd does not know yet which meetings are in progress */
    bool stopping; /* begins nothing; mailout may still be answering */
    bool is_back[ROLE_ID_COUNT_]; /* peers whose predecessor may not have answered */
    struct flight flights[FLIGHT_MAX];
    struct pending *pending;
    size_t pending_count;
    struct troubles reading, writing; /* calendars */
    struct histogram answers; /* from a mail's arrival to its commit */
    struct planner_trial trial;      /* of "stored" (probes.c) */
    bool knows_clock;
    int64_t clock_ahead_us; /* of the monotonic one, at the last look */
    struct { /* the calendar job at calsync */
        bool busy;
        struct arena *arena;
        struct slice id;
        uint32_t attempts;
        struct slice person;
        int64_t began_ms;
    } job;
};

/* main.c: after anything that may have committed work. */
void process_pump(struct planner_role *p, const struct moment *at);

/* measure.c: for role_on_measure. */
void process_measure(void *context, struct metric_list *list, struct arena *arena);

/* traffic.c: mail that comes in and goes out, entries of calendars */
void traffic_begin(struct planner_role *p); /* before role_enter */
void traffic_end(struct planner_role *p);
/* Takes what is due, as far as others can take it. Never inside a unit of work. */
void traffic_pump(struct planner_role *p, const struct moment *at);
/* Says again what the predecessors of those that are back had not answered. */
void traffic_welcome(struct planner_role *p, const bool back[ROLE_ID_COUNT_], const struct moment *at);
/* Whether mailout has yet to say how a mail went. */
bool traffic_waits(const struct planner_role *p);

#endif
