#ifndef RENDEZ_ROLES_PARENT_INTERNAL_H
#define RENDEZ_ROLES_PARENT_INTERNAL_H

#include <sys/types.h>

#include "platform/crash/crash.h"
#include "roles/parent/identity.h"
#include "roles/parent/parent.h"
#include "roles/parent/wire.h"

enum {
    PARENT_BYTES_MAX = 4 << 20,
    RESTART_FIRST_MS = 50,
    RESTART_LONGEST_MS = 30 * 1000,
    STEADY_MS = 60 * 1000, /* a role that ran this long starts its back-off anew */
    HURRY_MS = 6 * 1000,   /* then a role that does not stop is told again */
    KILL_MS = 2 * 1000,    /* then killed */
    SOON_MS = 300,
    REPORTS_MAX = 64,
    DELAYS_MAX = 4, /* then a role that cannot start since another one is away is told */
};

struct parent;
struct child {
    struct parent *parent;
    enum role_id id;
    pid_t pid; /* 0: not running */
    int control;
    struct loop_watch *control_watch;
    struct loop_timer *restart;
    struct monotonic started;
    unsigned failures;
    bool serves;  /* it has said so */
    bool retired; /* an upgrade ends it: it is not started again */
    int ends[ROLE_ID_COUNT_]; /* channels that wait for its start; -1: none */
    bool noted;               /* it has said where it falls */
    struct crash_note note;
    struct problem last_word; /* why it ends by itself, in its own words; empty: it said nothing */
};

/* What logd is to hear, encoded, the oldest first. */
struct reports {
    struct slice items[REPORTS_MAX];
    size_t count;
    bool said; /* the first: logd has not kept it yet */
    struct loop_timer *again;
    int64_t out_of_memory; /* how many processes had been ended for want of memory */
};

/* The side of the version that is running. */
struct upgrade {
    enum upgrade_stage {
        UPGRADE_NONE,
        UPGRADE_TRYING,    /* the successor starts its roles */
        UPGRADE_MAILOUT,   /* our mailout ends what is at the MTA */
        UPGRADE_HOLDING,   /* our api and console wait for the last answers of our planner and authd */
        UPGRADE_PLANNER,   /* our planner and authd end */
        UPGRADE_SWITCHING, /* the successor's open their databases */
        UPGRADE_LEAVING,   /* it serves; our other roles end what they have begun */
        UPGRADE_ADOPTING,  /* we wait to be told all that is needed to become it */
        UPGRADE_BACK,      /* it has failed: once its roles are gone, ours go on */
        UPGRADE_ANEW,      /* it has failed too late: once its and ours are gone, we start it afresh */
    } stage;
    pid_t pid;             /* of the successor; 0: none */
    int program;           /* the new rendezd, from which all of this is executed */
    int wire;
    struct loop_watch *watch;
    struct loop_timer *timer;
    pid_t roles[ROLE_ID_COUNT_]; /* the successor's; 0: gone */
    int client;            /* who asked and waits for the outcome; -1: nobody */
    bool doubtful;         /* the successor may have brought up the store: our planner may refuse it */
    bool hurried;
    unsigned held;         /* bits 1 << role_id: of those who ask, who asks nothing any more */
    struct problem why;    /* of its failure */
};

/* The side of the version that takes over. */
struct successor {
    int wire; /* -1: no successor, or no more */
    struct loop_watch *watch;
    bool store_free, in_charge, spool_free; /* one after the other */
    bool handed; /* another process is the parent of our roles now */
};

struct commands;
struct parent {
    const struct parent_options *options;
    const char *program; /* path of rendezd, from which an upgrade is taken */
    char **argv;         /* ours, beginning with that path */
    struct arena *arena;
    struct config config;
    int config_fd; /* memory: rendez.conf as it was when we started */
    const char *folder;
    struct loop *loop;
    struct loop_timer *impatience;
    bool hurried;
    int secrets[ROLE_ID_COUNT_]; /* passphrase, passwords; -1: none */
    int pages, listen, redirect; /* api's */
    int console, console_pages;  /* the console's */
    int lmtp;                    /* mailin's */
    int vpn;                     /* authd's */
    int desks[ROLE_ID_COUNT_];   /* role_has_desk; -1: none */
    int command;                 /* our own */
    struct commands *commands;
    struct identity identities[ROLE_ID_COUNT_]; /* api's and the console's */
    bool identity_failing[ROLE_ID_COUNT_];      /* and that is logged */
    struct loop_timer *identity_due;
    int programs[ROLE_ID_COUNT_];
    bool starting; /* no upgrade, and not all roles have served yet */
    bool stopping;
    struct problem failure; /* with which we end */
    struct inherited inherited;
    struct child children[ROLE_ID_COUNT_];
    struct upgrade upgrade;
    struct successor successor;
    struct reports reports;
};

/* children.c */
void child_start(struct child *child);
void child_restart_due(void *context, const struct moment *at);
void child_signal(const struct child *child, int number);
void child_say(const struct child *child, uint32_t word, int fd);
/* A new pair of sockets for each of its channels. */
MUST_USE enum status child_connect(struct child *child, struct problem *why);
MUST_USE enum status children_connect(struct parent *parent, struct problem *why);
void children_reap(struct parent *parent);
/* Watches the control channel of a role that is another's child no more. */
MUST_USE enum status child_watch(struct child *child, struct problem *why);
/* Whether it is to run, by the settings. */
bool child_is_wanted(const struct parent *parent, int id);
/* Whether a role has a database: of these there is one process at any time, of one version. */
bool child_writes(enum role_id id);
bool children_serve(const struct parent *parent);
bool children_but_writers_serve(const struct parent *parent);
bool writers_gone(const struct parent *parent);
bool writers_serve(const struct parent *parent);
bool children_gone(const struct parent *parent);

/* reports.c */
void reports_open(struct parent *parent);
void reports_close(struct parent *parent);
void reports_note_memory(struct parent *parent); /* how things are now */
void reports_kept(struct parent *parent);        /* logd has the one that was said */
void reports_logd_serves(struct parent *parent); /* a new one: the first is said (again) */
/* Logs how a child ended, and with that tells it: unless it only could not start since another role was away,
 * whose own end is told, and that does not last. */
void report_crash(struct child *child, int how);

/* parent.c */
/* All roles serve. */
void parent_ready(const struct parent *parent);
/* Ends the roles in order, then the loop. */
void parent_stop(struct parent *parent);
void parent_stop_next(struct parent *parent);
/* The same because of a failure that is no passing one. */
void parent_fail(struct parent *parent, const struct problem *why);

/* upgrade.c */
/* `client` (-1: nobody) is told the outcome in one line, and closed.
 * ST_CONFLICT  one is under way, or the service is just starting or stopping */
MUST_USE enum status upgrade_begin(struct parent *parent, int client, struct problem *why);
void upgrade_child_gone(struct parent *parent, const struct child *child);
void upgrade_held(struct parent *parent, enum role_id id);
/* True: it was the successor's, or one of its roles. */
bool upgrade_reap(struct parent *parent, pid_t pid, int how);
/* A role of ours has said why it does not start. True: the upgrade knows what to do. */
bool upgrade_child_failed(struct parent *parent, const struct child *child, enum status status);
void upgrade_child_served(struct parent *parent, const struct child *child);
void upgrade_stop(struct parent *parent, int number); /* the service ends: so does the successor */
/* At the end of parent_run: starts the new version afresh, in this process, where UPGRADE_ANEW says so. */
void upgrade_start_anew(struct parent *parent);
void upgrade_close(struct parent *parent);

/* successor.c */
/* The sockets of the roles' desks, by their names. */
void inherit_add_desks(struct inherited *list, struct arena *arena, const struct parent *parent);
/* Whether this process was executed to take over, and its older one still serves. */
bool successor_waits(const struct parent *parent);
bool successor_role_waits(const struct parent *parent, enum role_id id);
void successor_greet(struct parent *parent); /* first: a failure is told to the older one from here on */
MUST_USE enum status successor_open(struct parent *parent, struct problem *why);
void successor_started(struct parent *parent, const struct child *child);
void successor_served(struct parent *parent);
void successor_fail(struct parent *parent, const struct problem *why);
/* Becomes the parent of roles that run already, where the successor handed them over. True: so it is. */
MUST_USE enum status successor_adopt(struct parent *parent, bool *adopted, struct problem *why);

/* command.c: CONFIG_CONTROL_SOCKET, for root and our own user. */
MUST_USE enum status commands_open(struct parent *parent, struct problem *why);
void commands_close(struct parent *parent);
/* One line, "ok …", "failed …", or "restart …": there is no other way. Closes *client; accepts -1. */
void command_answer(int *client, const char *outcome, const char *text);

#endif
