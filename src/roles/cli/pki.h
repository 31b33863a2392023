#ifndef RENDEZ_ROLES_CLI_PKI_H
#define RENDEZ_ROLES_CLI_PKI_H

#include "roles/authd/certificates.h"
#include "roles/cli/registry.h"

/* What the files of `rendez pki` share. */

/* Opens the installation and its accounts. Returns -1 to go on, else the exit code. */
int pki_begin(struct admin *admin, int argc, char **argv, const struct cli_option *options,
              const char **operands, int operand_count, const char *what,
              struct registry **registry);

/* Where what was made goes to: a new file (mode 0600), or standard output. */
MUST_USE enum status pki_write(const char *path, struct slice bytes, struct problem *why);

/* The certificates that others need to check one of ours: its issuer's is behind it. */
struct slice pki_chain(const struct certificate_made *made, struct arena *arena);

/* OpenVPN's settings, of a server and of a client.
 *   identity  file with the server's certificate and key
 *   remote    host, or host and port */
MUST_USE enum status pki_openvpn_server(struct admin *admin, struct authd *authd,
                                        const char *identity, struct slice *text);
MUST_USE enum status pki_openvpn_client(struct admin *admin, struct authd *authd,
                                        const char *remote, const struct certificate_made *made,
                                        struct slice key_pem, struct slice *text);

int pki_export(struct admin *admin, int argc, char **argv);

#endif
