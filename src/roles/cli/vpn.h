#ifndef RENDEZ_ROLES_CLI_VPN_H
#define RENDEZ_ROLES_CLI_VPN_H

#include "formats/vpn/vpn.h"

/* What `rendez vpn-auth` and `rendez vpn-watch` share: sockets in the file system, with a time limit. */

/* Where authd listens in an installation of the Debian package. */
#define VPN_SOCKET_DEFAULT "/var/lib/rendez/vpn/auth.sock"

/* When to give up, on the monotonic clock. */
struct deadline {
    int64_t ms;
};
struct deadline deadline_in(int64_t ms);

/* ST_UNAVAILABLE  nobody listens there, or not in time;  ST_DENIED  not for this user */
MUST_USE enum status vpn_connect(const char *path, int *fd, struct problem *why);
MUST_USE enum status vpn_write(int fd, struct slice bytes, struct deadline until, struct problem *why);
/* Appends what has come, one byte at least. ST_UNAVAILABLE: the other end closed, or no byte in time. */
MUST_USE enum status vpn_read(int fd, struct buffer *in, struct deadline until, struct problem *why);

/* Asks authd and gets as many answers as the question has tunnels, or one.
 *   yes  untouched on failure */
MUST_USE enum status vpn_ask(const char *socket, const struct vpn_ask *ask, struct deadline until,
                             bool *yes, struct problem *why);

#endif
