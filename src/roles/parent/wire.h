#ifndef RENDEZ_ROLES_WIRE_H
#define RENDEZ_ROLES_WIRE_H

#include "roles/parent/inherit.h"

/* What the parents of two versions say to each other in an upgrade, over a SOCK_SEQPACKET pair
 * that the older one makes: upgrade.c and successor.c, the order of things is in doc/roles.md. */

/* Counts up when the two could misunderstand each other: these messages, and MESSAGE_COMMAND and
 * MESSAGE_ANSWER, in which an api of one version speaks with a planner and an authd of the next. */
enum { WIRE_REVISION = 3 };

enum wire_word {
    /* The successor: */
    WIRE_HELLO = 1,  /* a: WIRE_REVISION; text: its version */
    WIRE_STARTED,    /* a: a role's number, b: its process */
    WIRE_READY,      /* all of its roles serve but planner and authd */
    WIRE_SERVES,     /* these two too. With the channels of the older api to them */
    WIRE_FAILED,     /* text: why; it ends */
    WIRE_STATE,      /* text: the names of the descriptors that come with it: all that is needed to
                        be the parent of its roles */
    /* The older: */
    WIRE_STORE_FREE, /* its planner and authd have ended */
    WIRE_SPOOL_FREE, /* its mailin has ended */
    WIRE_ALONE,      /* all of its roles have ended */
    WIRE_TAKEN,      /* it has become the parent of the successor's roles */
    /* The successor, before WIRE_SERVES; an older version that does not know it has a console that is told 503: */
    WIRE_CONSOLE,    /* with the channels of the older console to planner, authd and keyd */
};

struct wire_message {
    uint32_t word, a, b;
    char text[INHERIT_NAMES_BYTES];
    int fds[INHERIT_MAX]; /* the receiver's to close */
    size_t fd_count;
};

/* Descriptors stay the caller's. A peer that is gone is noticed in another way. */
void wire_send(int wire, const struct wire_message *message);
/* ST_NOT_FOUND: nothing there now; ST_UNAVAILABLE: the peer is gone, or speaks otherwise. */
MUST_USE enum status wire_receive(int wire, struct wire_message *message);
void wire_close(struct wire_message *message); /* the descriptors that nobody took */

#endif
