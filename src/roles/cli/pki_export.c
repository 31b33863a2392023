/* What others need of our authorities: certificates, lists, OpenVPN's settings. doc/operations.md, "A VPN". */
#include <string.h>

#include "roles/cli/pki.h"
#include "roles/cli/vpn.h"

static enum status find_root(struct admin *admin, struct authd *authd, struct slice *pem)
{
    struct pki_trust trust;
    TRY(certificates_trust(authd, admin->arena, &trust, &admin->why));
    *pem = pki_to_pem(PKI_PEM_CERTIFICATE, trust.root, admin->arena);
    return ST_OK;
}

static void add_block(struct buffer *text, const char *name, struct slice content)
{
    buffer_add_format(text, "<%s>\n%.*s</%s>\n", name, SLICE_ARG(content), name);
}

/* What both ends are told alike. */
static void add_shared(struct buffer *text, struct slice root, struct slice tunnel_key)
{
    buffer_add_text(text, "dev tun\ntls-version-min 1.3\ndata-ciphers AES-256-GCM:CHACHA20-POLY1305\n");
    add_block(text, "ca", root);
    add_block(text, "tls-crypt", tunnel_key);
}

/* verb 2: at 3 OpenVPN writes a line for every look of rendez vpn-watch. */
static const char server_settings[] =
    "port 1194\n"
    "proto udp\n"
    "topology subnet\n"
    "server 10.8.0.0 255.255.255.0 nopool\n"
    "# The addresses below are for the gateways of rooms: each has one of its own (client-config-dir).\n"
    "ifconfig-pool 10.8.0.16 10.8.0.254 255.255.255.0\n"
    "keepalive 10 60\n"
    "dh none\n"
    "verb 2\n"
    "\n"
    "# Who may come in: a personal certificate that is on no list, and a code.\n"
    "verify-client-cert require\n"
    "remote-cert-tls client\n"
    "script-security 2\n";

enum status pki_openvpn_server(struct admin *admin, struct authd *authd, const char *identity,
                               struct slice *text)
{
    const struct config *config = directory_config(admin->directory);
    struct buffer out = buffer_create(64 * 1024);
    struct slice root;
    TRY(find_root(admin, authd, &root));
    buffer_add_text(&out, "# Written by rendez pki export; see rendez(1).\n");
    buffer_add_text(&out, server_settings);
    buffer_add_format(&out, "crl-verify \"%.*s/crl.pem\"\n", SLICE_ARG(config->folders.pki));
    buffer_add_format(&out,
                      "auth-user-pass-verify \"/usr/bin/rendez vpn-auth --socket %.*s/" CONFIG_VPN_SOCKET
                      "\" via-file\n", SLICE_ARG(config->folders.vpn));
    buffer_add_text(&out, "# A code opens the tunnel for 8 hours; all but the code is looked at again every hour.\n"
                          "auth-gen-token 28800 3600 external-auth\nreneg-sec 3600\n"
                          "# For rendez vpn-watch.\nmanagement /run/openvpn-server/rendez.sock unix\n\n");
    buffer_add_format(&out, "cert \"%s\"\nkey \"%s\"\n", identity, identity);
    add_shared(&out, root, certificates_tunnel_key(authd, admin->arena));
    *text = arena_copy(admin->arena, buffer_slice(&out));
    buffer_wipe(&out);
    return ST_OK;
}

enum status pki_openvpn_client(struct admin *admin, struct authd *authd, const char *remote,
                               const struct certificate_made *made, struct slice key_pem,
                               struct slice *text)
{
    struct slice where = slice_from(remote), root;
    size_t colon = slice_find(where, LIT(":"), 0);
    struct slice host = slice_sub(where, 0, colon);
    struct slice port = colon == SIZE_MAX ? LIT("1194") : slice_sub(where, colon + 1, SIZE_MAX);
    uint64_t number;
    if (!pki_is_host(host) || !slice_to_u64(port, 65535, &number) || number == 0)
        return problem_set(&admin->why, ST_INVALID, "--remote: a host name, or one with :PORT");
    TRY(find_root(admin, authd, &root));
    struct buffer out = buffer_create(64 * 1024);
    /* A room's gateway has no code; the form wants one. */
    bool device = made->certificate.kind == CERTIFICATE_DEVICE;
    buffer_add_format(&out, "%s\nclient\n"
                            "remote %.*s %u udp\nverify-x509-name %.*s name\nremote-cert-tls server\nnobind\n"
                            "auth-nocache\nauth-retry %s\n",
                      device ? "# Of a room's gateway: where it comes from counts in place of a code (supervision.rooms)."
                             : "# The user name is given below; OpenVPN asks for the code as password.",
                      SLICE_ARG(host), (unsigned)number, SLICE_ARG(host), device ? "nointeract" : "interact");
    struct slice user = device ? made->certificate.subject : made->certificate.account;
    add_block(&out, "auth-user-pass", arena_format(admin->arena, "%.*s\n%s", SLICE_ARG(user), device ? "000000\n" : ""));
    add_block(&out, "cert", pki_chain(made, admin->arena));
    if (key_pem.len > 0)
        add_block(&out, "key", key_pem);
    add_shared(&out, root, certificates_tunnel_key(authd, admin->arena));
    *text = arena_copy(admin->arena, buffer_slice(&out));
    buffer_wipe(&out);
    return ST_OK;
}

static enum status export_lists(struct admin *admin, struct authd *authd, struct slice *text)
{
    struct authority_list all;
    AUTO_BUFFER lists = buffer_create(4 * PKI_CRL_BYTES_MAX);
    TRY(certificates_authorities(authd, admin->arena, &all, &admin->why));
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].crl.len > 0)
            buffer_add(&lists, pki_to_pem(PKI_PEM_CRL, all.items[i].crl, admin->arena));
    *text = arena_copy(admin->arena, buffer_slice(&lists));
    return buffer_check(&lists, "the lists", &admin->why);
}

int pki_export(struct admin *admin, int argc, char **argv)
{
    int ca = 0, lists = 0, server = 0;
    const char *identity = "/etc/openvpn/server/rendez.pem", *out = NULL;
    const struct cli_option options[] = {
        {"ca", &ca, NULL, NULL, "the root's certificate"},
        {"crl", &lists, NULL, NULL, "the lists of revoked certificates, as they are"},
        {"openvpn-server", &server, NULL, NULL, "settings of an OpenVPN server"},
        {"identity", NULL, &identity, "FILE", "with the server's certificate and key"},
        {"out", NULL, &out, "FILE", "a new file (else standard output)"},
        {0},
    };
    AUTO_REGISTRY registry = NULL;
    struct slice text;
    int code = pki_begin(admin, argc, argv, options, NULL, 0, "nothing", &registry);
    if (code >= 0)
        return code;
    if (ca + lists + server != 1)
        return cli_fail(EXIT_USAGE, "one of --ca, --crl and --openvpn-server is needed");
    struct authd *authd = registry_authd(registry);
    if (ca)
        ADMIN_TRY(admin, find_root(admin, authd, &text));
    else if (lists)
        ADMIN_TRY(admin, export_lists(admin, authd, &text));
    else
        ADMIN_TRY(admin, pki_openvpn_server(admin, authd, identity, &text));
    ADMIN_TRY(admin, pki_write(out, text, &admin->why));
    return EXIT_YES;
}
