#ifndef RENDEZ_TESTS_TAKEOVER_H
#define RENDEZ_TESTS_TAKEOVER_H

#include <sys/types.h>

#include "base/bytes/bytes.h"

/* What somebody who has taken over a process can do: any system call, from inside it. The
 * test attaches as root's debugger does and lets the process make the call, so that its
 * own seccomp filter, Landlock domain and user decide. x86-64 only. */

/* Stands for the address of `data` among the arguments. */
#define TAKEOVER_DATA (-0x7EDA7AL)

enum { TAKEOVER_DIED = -100000 }; /* minus the signal */

/* Whether this machine lets us try at all. */
bool takeover_is_possible(pid_t pid);

/* The call's result (a negative errno when refused), or TAKEOVER_DIED - signal when the
 * process did not survive; then it has been waited for. */
long takeover_call(pid_t pid, long number, const long args[6], struct slice data);

#endif
