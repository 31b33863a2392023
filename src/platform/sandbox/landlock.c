/* Landlock by its own system calls: Debian 12's header knows ABI 2, kernels know up to 7.
 * Numbers and bits after the kernel's Documentation/userspace-api/landlock.rst. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/sandbox/calls.h"
#include "platform/sandbox/sandbox.h"

enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, ASK_VERSION = 1 };
enum { RULE_PATH = 1, RULE_PORT = 2 };

enum {
    FS_EXECUTE = 1 << 0,
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_DIR = 1 << 4,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_DIR = 1 << 7,
    FS_MAKE_REG = 1 << 8,
    FS_ALL_ABI_1 = (1 << 13) - 1,
    FS_REFER = 1 << 13,     /* ABI 2 */
    FS_TRUNCATE = 1 << 14,  /* ABI 3 */
    FS_IOCTL_DEV = 1 << 15, /* ABI 5 */

    FS_OF_A_FILE = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
    FS_READ = FS_READ_FILE | FS_READ_DIR,
    FS_WRITE = FS_READ | FS_WRITE_FILE | FS_TRUNCATE | FS_MAKE_REG | FS_REMOVE_FILE | FS_MAKE_DIR |
               FS_REMOVE_DIR,
};
enum { NET_BIND_TCP = 1 << 0, NET_CONNECT_TCP = 1 << 1 };   /* ABI 4 */
enum { SCOPE_ABSTRACT_SOCKETS = 1 << 0, SCOPE_SIGNALS = 1 << 1 }; /* ABI 6 */

struct ruleset {
    uint64_t fs, net, scoped;
};
struct path_rule {
    uint64_t allowed;
    int32_t folder;
} __attribute__((packed));
struct port_rule {
    uint64_t allowed, port;
};

/* What the resolver and TLS of libcurl read. */
static const char *const connect_paths[] = {
    "/etc/resolv.conf", "/etc/hosts",   "/etc/host.conf",  "/etc/nsswitch.conf",
    "/etc/gai.conf",    "/etc/services", "/etc/ssl",       "/usr/lib/ssl",
    "/usr/share/ca-certificates", "/usr/local/share/ca-certificates", "/run/systemd/resolve",
};

int sandbox_landlock_abi(void)
{
    long abi = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
    return abi < 0 ? 0 : (int)abi;
}

static uint64_t fs_of_abi(int abi)
{
    return (uint64_t)FS_ALL_ABI_1 | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) |
           (abi >= 5 ? FS_IOCTL_DEV : 0);
}

static size_t ruleset_bytes(int abi)
{
    return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

static enum status allow_path(int ruleset, int abi, const char *path, uint64_t access,
                              struct problem *why)
{
    AUTO_FD fd = open(path, O_PATH | O_CLOEXEC);
    struct stat about;
    if (fd < 0 && errno == ENOENT)
        return ST_OK;
    if (fd < 0 || fstat(fd, &about) < 0)
        return problem_errno(why, path);
    access &= fs_of_abi(abi);
    if (!S_ISDIR(about.st_mode))
        access &= FS_OF_A_FILE;
    struct path_rule rule = {access, fd};
    if (syscall(ADD_RULE, ruleset, RULE_PATH, &rule, 0) < 0)
        return problem_errno(why, "landlock_add_rule");
    return ST_OK;
}

static enum status allow_paths(int ruleset, int abi, const struct sandbox_rules *rules,
                               struct problem *why)
{
    for (size_t i = 0; i < SANDBOX_PATHS_MAX && rules->paths[i].path != NULL; i++)
        TRY(allow_path(ruleset, abi, rules->paths[i].path,
                       rules->paths[i].access == SANDBOX_WRITE ? FS_WRITE : FS_READ, why));
    if ((rules->may & MAY_CONNECT) == 0)
        return ST_OK;
    for (size_t i = 0; i < sizeof connect_paths / sizeof *connect_paths; i++)
        TRY(allow_path(ruleset, abi, connect_paths[i], FS_READ, why));
    return ST_OK;
}

static enum status allow_ports(int ruleset, const struct sandbox_rules *rules, struct problem *why)
{
    for (size_t i = 0; i < SANDBOX_PORTS_MAX && rules->connect_ports[i] != 0; i++) {
        struct port_rule rule = {NET_CONNECT_TCP, rules->connect_ports[i]};
        if (syscall(ADD_RULE, ruleset, RULE_PORT, &rule, 0) < 0)
            return problem_errno(why, "landlock_add_rule");
    }
    return ST_OK;
}

enum status landlock_enter(const struct sandbox_rules *rules, struct problem *why)
{
    int abi = sandbox_landlock_abi();
    if (abi == 0)
        return ST_OK; /* seccomp still holds; the hardening test says what is missing */
    struct ruleset ruleset = {fs_of_abi(abi), NET_BIND_TCP | NET_CONNECT_TCP,
                              SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS};
    bool any_port = (rules->may & MAY_CONNECT) != 0 && rules->connect_ports[0] == 0;
    if (any_port)
        ruleset.net = NET_BIND_TCP;
    AUTO_FD fd = (int)syscall(CREATE_RULESET, &ruleset, ruleset_bytes(abi), 0);
    if (fd < 0)
        return problem_errno(why, "landlock_create_ruleset");
    TRY(allow_paths(fd, abi, rules, why));
    if (abi >= 4 && (rules->may & MAY_CONNECT) != 0)
        TRY(allow_ports(fd, rules, why));
    if (syscall(RESTRICT_SELF, fd, 0) < 0)
        return problem_errno(why, "landlock_restrict_self");
    return ST_OK;
}
