#ifndef RENDEZ_ROLES_AUTHD_VPN_H
#define RENDEZ_ROLES_AUTHD_VPN_H

#include "formats/vpn/vpn.h"
#include "roles/authd/authd.h"

/* What OpenVPN asks by `rendez vpn-auth` and `rendez vpn-watch` (formats/vpn says how). */

enum { VPN_TRIES_MAX = 10, VPN_TRIES_OF_ADDRESS_MAX = 50, VPN_TRIES_MINUTES = 15 };

/* Appends a line for each answer that the question wants: "yes" or "no", and nothing else. Whatever
 * is wrong, with the question or with us, is a no; why stands in the log. */
void vpn_answer(struct authd *authd, const struct vpn_ask *ask, struct instant now,
                struct buffer *answers);

/* The listening socket that the parent opened. Before role_enter.
 *   folder  it lies there; whose group is the folder's may ask, besides root and our own user */
struct vpn_server;
MUST_USE enum status vpn_server_create(struct loop *loop, int fd, const char *folder,
                                       struct vpn_server **out, struct problem *why);
/* From now on it answers. */
MUST_USE enum status vpn_server_start(struct vpn_server *server, struct authd *authd,
                                      struct problem *why);
void vpn_server_destroy(struct vpn_server **server); /* accepts NULL */

#endif
