#ifndef RENDEZ_ROLES_CLI_DOCTOR_CLOCK_H
#define RENDEZ_ROLES_CLI_DOCTOR_CLOCK_H

#include <stdbool.h>

/* Whether a time service (chrony, timesyncd, ntpd …) keeps the clock, as the kernel knows it
 * from adjtimex(2). A file of its own: that call's header takes the name `struct timex`. */
bool doctor_clock_is_kept(long *error_us);

#endif
