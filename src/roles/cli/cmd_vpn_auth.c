/* OpenVPN's hook auth-user-pass-verify: its environment says whose certificate it has verified, its
 * file what was given for a name and a password. authd decides; what goes wrong on the way is a no.
 *
 * OpenVPN waits for its hook, and all tunnels with it. So where it can wait otherwise (2.6 and later
 * name a file for the answer), a process of our own asks, and the hook says "later" at once. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "roles/cli/cli.h"
#include "roles/cli/vpn.h"

enum {
    FILE_BYTES_MAX = 8192,
    PATIENCE_MS = 10 * 1000, /* OpenVPN gives a client half a minute */
    EXIT_LATER = 2,          /* OPENVPN_PLUGIN_FUNC_DEFERRED */
};

static struct slice variable(const char *name)
{
    const char *value = getenv(name);
    return slice_from(value != NULL ? value : "");
}

/* A client that has opened its tunnel before gives OpenVPN's own token from then on; OpenVPN has
 * checked it and says so here. Everything but the code is looked at again. */
static bool is_resumed(void)
{
    return slice_equal(variable("session_state"), LIT("Authenticated"));
}

static enum status gather(const char *path, struct arena *arena, struct vpn_ask *out,
                          struct problem *why)
{
    struct slice file, from = variable("untrusted_ip");
    struct vpn_ask ask = {.kind = VPN_LOGIN, .name = variable("common_name"), .resumed = is_resumed()};
    TRY(file_read(path, FILE_BYTES_MAX, arena, &file, why));
    TRY(vpn_login_parse(file, ask.resumed, &ask.user, &ask.code, why));
    if (!vpn_is_name(ask.name) ||
        vpn_hex_parse(variable("tls_serial_hex_0"), VPN_SERIAL_DIGITS, arena, &ask.serial) != ST_OK ||
        vpn_hex_parse(variable("tls_digest_sha256_0"), VPN_DIGEST_DIGITS, arena, &ask.digest) != ST_OK)
        return problem_set(why, ST_INVALID, "OpenVPN names no certificate of ours: it must call this "
                           "as auth-user-pass-verify, with verify-client-cert require");
    ask.from = from.len > 0 ? from : variable("untrusted_ip6");
    if (ask.from.len == 0)
        ask.from = LIT("unknown");
    *out = ask;
    return ST_OK;
}

static bool is_admitted(const char *socket, const struct vpn_ask *ask)
{
    bool yes = false;
    struct problem why;
    enum status status = vpn_ask(socket, ask, deadline_in(PATIENCE_MS), &yes, &why);
    if (status != ST_OK)
        cli_fail(EXIT_NO, "%s", why.detail);
    return status == ST_OK && yes;
}

/* The file is OpenVPN's own; '1' lets the client in. */
static void answer_later(int control, const char *socket, const struct vpn_ask *ask)
{
    bool yes = is_admitted(socket, ask);
    (void)!fd_write_all(control, yes ? LIT("1") : LIT("0"), NULL);
}

static int decide(const char *socket, const struct vpn_ask *ask)
{
    const char *path = getenv("auth_control_file");
    if (path == NULL || *path == '\0')
        return is_admitted(socket, ask) ? EXIT_YES : EXIT_NO;
    AUTO_FD control = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (control < 0)
        return cli_fail(EXIT_NO, "OpenVPN's file for the answer cannot be written");
    pid_t child = fork();
    if (child < 0)
        return cli_fail(EXIT_NO, "no process can be made to ask authd");
    if (child > 0)
        return EXIT_LATER;
    setsid();
    answer_later(control, socket, ask);
    _exit(0);
}

/* Returns -1 to go on. */
static int read_arguments(int argc, char **argv, const char **socket, const char **path)
{
    int first;
    const struct cli_option options[] = {
        {"socket", NULL, socket, "PATH", "authd's socket (else " VPN_SOCKET_DEFAULT ")"}, {0}};
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (argc - first != 1)
        return cli_fail(EXIT_USAGE, "one file is needed: auth-user-pass-verify \"rendez vpn-auth\" via-file");
    *path = argv[first];
    return -1;
}

int cmd_vpn_auth(int argc, char **argv)
{
    const char *socket = VPN_SOCKET_DEFAULT, *path;
    int code = read_arguments(argc, argv, &socket, &path);
    /* To OpenVPN 0 is a yes and 2 means later; help and a wrong command line are neither. */
    if (code >= 0)
        return getenv("script_type") != NULL ? EXIT_NO : code;
    AUTO_ARENA arena = arena_create_wiped(64 * 1024);
    struct vpn_ask ask;
    struct problem why;
    if (gather(path, arena, &ask, &why) != ST_OK)
        return cli_fail(EXIT_NO, "%s", why.detail);
    return decide(socket, &ask);
}
