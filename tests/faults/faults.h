#ifndef RENDEZ_TESTS_FAULTS_H
#define RENDEZ_TESTS_FAULTS_H

#include "base/problem/problem.h"
#include <stdbool.h>

/* Calls of the system that fail at the n-th time, for every n until the work passes.
 *
 * The programs here are linked with --wrap for each name of meson.build's `wrapped_calls`, so
 * that these calls of our own code come through faults.c; sqlite_faults.c does the same below
 * SQLite. Nothing of it is in what is installed. */

enum fault_call {
    FAULT_NONE,
    FAULT_OPEN,
    FAULT_READ,
    FAULT_WRITE,
    FAULT_FSYNC,
    FAULT_RENAME,  /* and link */
    FAULT_REMOVE,
    FAULT_LIST,    /* readdir */
    FAULT_STAT,
    FAULT_SEND,
    FAULT_RECEIVE,
    FAULT_WAIT,    /* poll, epoll_wait */
    FAULT_WATCH,   /* epoll_create, epoll_ctl */
    FAULT_ACCEPT,
    FAULT_MEMORY,  /* of our own code and OpenSSL: the process ends without it */
    FAULT_LIBRARY, /* memory of SQLite, which says so */
};

struct fault {
    const char *name;
    enum fault_call call;
    int error;    /* errno; 0: half of the bytes pass, which is no failure */
    bool lasting; /* every call from the n-th on; EINTR and EAGAIN end after a hundred */
    bool torn;    /* write: of the n-th call half passes, and the next one fails */
};

/* Shared with processes that were forked since. */
void fault_arm(const struct fault *fault, unsigned n);
unsigned fault_disarm(void); /* how many calls have failed */
/* In a forked process that shall be spared. */
void fault_leave(void);
/* A file of sizeof(struct fault_state) that another process arms through. Before any arming. */
bool fault_share(int fd);
/* Does this call fail? For wrappers; `fault_now` is what was armed. */
bool fault_hits(enum fault_call call);
const struct fault *fault_now(void);

#endif
