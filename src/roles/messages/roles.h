#ifndef RENDEZ_ROLES_ROLES_H
#define RENDEZ_ROLES_ROLES_H

#include "roles/messages/messages.h"

/* The security design in two tables (roles.c): what each role may touch, and who may say
 * what to whom. */

enum role_id {
    ROLE_KEYD,
    ROLE_READER,
    ROLE_CALSYNC,
    ROLE_MAILOUT,
    ROLE_PLANNER,
    ROLE_MAILIN,
    ROLE_API,
    ROLE_AUTHD,
    ROLE_SSO,
    ROLE_LOGD,
    ROLE_TRUST,
    ROLE_PROBER,
    ROLE_ARCHIVE,
    ROLE_CONSOLE,    /* only where the settings have one: role_is_wanted */
    ROLE_RUN_COUNT_, /* those before have a program, which the parent starts */
    ROLE_ID_COUNT_ = ROLE_RUN_COUNT_, /* also: the parent */
};

struct role_row {
    const char *name;
    unsigned may; /* platform/sandbox */
};
extern const struct role_row role_rows[ROLE_ID_COUNT_];

/* ROLE_ID_COUNT_ for a name that is none. */
enum role_id role_from_name(const char *name);

/* The kinds that `from` may send to `to`; count 0: there is no such channel. */
struct ipc_kinds role_may_say(enum role_id from, enum role_id to);
/* Whether the two have a channel, in either direction. */
bool role_talks(enum role_id a, enum role_id b);
/* Whether these settings want it to run. */
struct config;
bool role_is_wanted(const struct config *config, enum role_id id);
/* Whether it answers the operator at run/NAME.sock (desk.h). */
bool role_has_desk(enum role_id id);

/* Descriptors of a role's process. 2 is the log. */
enum {
    ROLE_FD_CONTROL = 3,  /* SOCK_SEQPACKET to the parent */
    ROLE_FD_CONFIG = 4,   /* rendez.conf, open for reading */
    /* keyd: the passphrase; mailin, mailout: their password; logd: the webhook's secret;
     * api: certificate and key; console: the same and the authorities; else closed */
    ROLE_FD_SECRET = 5,
    ROLE_FD_PAGES = 6,    /* api, console: the folder of their built pages; else closed */
    /* api: http.listen; console: console.listen; mailin: lmtp.listen; authd: OpenVPN's questions; who has a desk (role_has_desk):
     * its socket; else closed */
    ROLE_FD_LISTEN = 7,
    ROLE_FD_REDIRECT = 8, /* api only: http.redirect, where it is set; else closed */
    ROLE_FD_CHANNEL = 9,  /* + role_id of the peer */
    ROLE_FD_END = ROLE_FD_CHANNEL + ROLE_ID_COUNT_,
};

/* What the parent says on the control channel. A word below ROLE_ID_COUNT_ comes with a descriptor,
 * the channel to the peer of that number. */
enum {
    ROLE_WORD_SECRET = ROLE_ID_COUNT_, /* with what is on ROLE_FD_SECRET, anew */
    /* An upgrade (doc/roles.md). */
    ROLE_WORD_HOLD,   /* api, console: no more questions; say when none is open */
    ROLE_WORD_GO_ON,  /* the same: questions again; who started waiting begins to serve */
    ROLE_WORD_LIFT,   /* keyd: nobody is paused any more; an operator says so */
    ROLE_WORD_BEFORE, /* with one more channel: to the api of the version before */
    ROLE_WORD_TOLD,   /* logd: with a struct event_told, in memory; it says ROLE_SAYS_KEPT then */
    ROLE_WORD_BEFORE_CONSOLE, /* with one more channel: to the console of the version before */
};

/* What a role says there, in the first byte. */
enum {
    ROLE_SAYS_SERVES = 'r',
    ROLE_SAYS_HELD = 'h',
    ROLE_SAYS_FAILED = 'f', /* why it ends: its status, in one byte, and the problem's text */
    ROLE_SAYS_CRASHED = 'c', /* a struct crash_note (platform/crash) */
    ROLE_SAYS_KEPT = 'k',    /* logd: what came with ROLE_WORD_TOLD is on disk */
};

#endif
