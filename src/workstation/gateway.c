/* A room's gateway: asks its kernel again and again which rules it has, and reports. Asking is a process of its own, which keeps
 * its capabilities and reads nothing but when to ask; who compares and connects has none, and is in the sandbox. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/net/net.h"
#include "platform/rounds/rounds.h"
#include "platform/sandbox/sandbox.h"
#include "workstation/internal.h"

enum { RULESET_BYTES_MAX = 4 << 20, ASK_MS = 8000, LOOK_S = 5, ROUND_ARENA_BYTES = 128 << 20, MEMORY_BYTES_MAX = 1 << 30 };

static const char nft[] = "/usr/sbin/nft";
enum act { ACT_LIST, ACT_LOAD };

/* Asking */

/* The program's exit code; 255: it did not run. */
static int run_nft(enum act act, int in, int out)
{
    static char *const nothing[] = {NULL};
    int code;
    pid_t child = fork();
    if (child == 0) {
        if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
            _exit(255);
        if (act == ACT_LIST)
            execle(nft, "nft", "-j", "list", "ruleset", (char *)NULL, nothing);
        else
            execle(nft, "nft", "-f", "-", (char *)NULL, nothing);
        _exit(255);
    }
    while (child > 0 && waitpid(child, &code, 0) < 0)
        if (errno != EINTR)
            return 255;
    return child > 0 && WIFEXITED(code) ? WEXITSTATUS(code) : 255;
}

/* The answer is in a file without a name. */
static enum status ask_nft(int file, int nothing, struct arena *arena, struct slice *said)
{
    if (ftruncate(file, 0) < 0 || lseek(file, 0, SEEK_SET) < 0 || run_nft(ACT_LIST, nothing, file) != 0 ||
        lseek(file, 0, SEEK_SET) < 0)
        return ST_UNAVAILABLE;
    return fd_read_all(file, RULESET_BYTES_MAX, arena, said, NULL);
}

/* Its length (0: no answer), and the answer, for each byte that comes. */
static void answer_all(int questions, int answers)
{
    int file = memfd_create("ruleset", MFD_CLOEXEC), nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    char word;
    while (read(questions, &word, 1) == 1) {
        AUTO_ARENA arena = arena_create(RULESET_BYTES_MAX + 4096);
        struct slice said = SLICE_NONE;
        if (ask_nft(file, nothing, arena, &said) != ST_OK)
            said = SLICE_NONE;
        uint32_t length = (uint32_t)said.len;
        if (fd_write_all(answers, (struct slice){(char *)&length, sizeof length}, NULL) != ST_OK ||
            fd_write_all(answers, said, NULL) != ST_OK)
            return;
    }
}

/* These and no others; what is inheritable may become ambient. */
static bool set_capabilities(uint32_t some)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{some, some, some}};
    return syscall(SYS_capset, &head, sets) == 0;
}

/* Who is not root makes namespaces in one of users, where they may change rules; so may what they start there. */
static bool leave_network(void)
{
    return unshare(CLONE_NEWNET) == 0 || (unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 && set_capabilities(1U << CAP_NET_ADMIN) &&
                                          prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0) == 0);
}

/* In a network of its own, which is empty: what the rules are when a kernel has them. */
static void answer_wanted(struct slice rules, int answers)
{
    int file = memfd_create("rules", MFD_CLOEXEC);
    if (!leave_network() || fd_write_all(file, rules, NULL) != ST_OK || lseek(file, 0, SEEK_SET) < 0)
        _exit(1);
    _exit(run_nft(ACT_LOAD, file, STDERR_FILENO) == 0 && run_nft(ACT_LIST, file, answers) == 0 ? 0 : 1);
}

static void begin_child(int other)
{
    /* Nothing asks once we are gone. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    close(other);
}

enum status gateway_wanted(struct slice rules, struct arena *arena, struct slice *out, struct problem *why)
{
    int ends[2], code = 0;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return problem_errno(why, "pipe");
    pid_t child = fork();
    if (child == 0) {
        begin_child(ends[0]);
        answer_wanted(rules, ends[1]);
    }
    close(ends[1]);
    AUTO_FD from = ends[0];
    enum status status = child < 0 ? problem_errno(why, "fork") : fd_read_all(from, RULESET_BYTES_MAX, arena, out, why);
    while (child > 0 && waitpid(child, &code, 0) < 0 && errno == EINTR)
        continue;
    if (status == ST_OK && (code != 0 || out->len == 0))
        return problem_set(why, ST_UNAVAILABLE,
                           "the rules cannot be tried in a network of their own: that needs nftables, and root or namespaces of users");
    return status;
}

enum status gateway_begin(struct gateway *gateway, struct problem *why)
{
    int questions[2], answers[2];
    if (pipe2(questions, O_CLOEXEC) < 0)
        return problem_errno(why, "pipe");
    if (pipe2(answers, O_CLOEXEC) < 0) {
        close(questions[0]);
        close(questions[1]);
        return problem_errno(why, "pipe");
    }
    pid_t child = fork();
    if (child == 0) {
        begin_child(questions[1]);
        close(answers[0]);
        answer_all(questions[0], answers[1]);
        _exit(0);
    }
    close(questions[0]);
    close(answers[1]);
    gateway->ask = questions[1];
    gateway->answer = answers[0];
    return child < 0 ? problem_errno(why, "fork") : ST_OK;
}

void gateway_end(struct gateway *gateway)
{
    fd_close(&gateway->ask);
    fd_close(&gateway->answer);
}

static enum status read_exactly(int fd, char *into, size_t len, int64_t until_ms)
{
    for (size_t got = 0; got < len;) {
        int64_t left = until_ms - clock_monotonic_ms();
        struct pollfd ready = {fd, POLLIN, 0};
        if (left <= 0 || poll(&ready, 1, (int)left) == 0)
            return ST_UNAVAILABLE;
        ssize_t n = read(fd, into + got, len - got);
        if (n == 0 || (n < 0 && errno != EINTR))
            return ST_UNAVAILABLE;
        got += n > 0 ? (size_t)n : 0;
    }
    return ST_OK;
}

static enum status broken(struct gateway *gateway, struct problem *why)
{
    gateway->broken = true;
    return problem_set(why, ST_UNAVAILABLE, "nft does not answer");
}

enum status gateway_look(struct gateway *gateway, struct arena *arena, struct finding *found, struct problem *why)
{
    int64_t until_ms = clock_monotonic_ms() + ASK_MS;
    uint32_t length = 0;
    struct slice live = SLICE_NONE;
    if (fd_write_all(gateway->ask, LIT("?"), NULL) != ST_OK ||
        read_exactly(gateway->answer, (char *)&length, sizeof length, until_ms) != ST_OK || length > RULESET_BYTES_MAX)
        return broken(gateway, why);
    if (length > 0) {
        char *bytes = arena_alloc(arena, length);
        if (read_exactly(gateway->answer, bytes, length, until_ms) != ST_OK)
            return broken(gateway, why);
        live = (struct slice){bytes, length};
    }
    *found = length == 0 ? unknown("unreadable") : firewall_judge(gateway->wanted, live, arena);
    return ST_OK;
}

enum status gateway_check(struct slice rules, struct arena *arena, struct finding *found, struct problem *why)
{
    AUTO_GATEWAY gateway = GATEWAY_NONE;
    TRY(gateway_wanted(rules, arena, &gateway.wanted, why));
    TRY(gateway_begin(&gateway, why));
    return gateway_look(&gateway, arena, found, why);
}

/* Reporting */

static enum status enter(const struct station_report *report, struct problem *why)
{
    const struct sandbox_rules rules = {.may = MAY_CONNECT | MAY_FILES,
                                        .paths = {{report->certificate, SANDBOX_READ}, {report->key, SANDBOX_READ},
                                                  {report->authority, SANDBOX_READ}, {"/etc", SANDBOX_READ}, {"/run", SANDBOX_READ},
                                                  {"/usr/lib", SANDBOX_READ}, {"/lib", SANDBOX_READ}},
                                        .memory_bytes_max = MEMORY_BYTES_MAX};
    /* Of root only the files that its own identity may read are left. */
    if (!set_capabilities(0))
        return problem_errno(why, "give up capabilities");
    return sandbox_enter(&rules, why);
}

/* What was said last, and when. */
struct said {
    struct finding finding;
    int64_t at_ms; /* monotonic; 0: never */
};

static bool is_due(const struct said *said, const struct finding *found, unsigned every_s)
{
    return said->at_ms == 0 || said->finding.state != found->state ||
           !slice_equal(slice_from(said->finding.cause), slice_from(found->cause)) ||
           clock_monotonic_ms() - said->at_ms >= (int64_t)every_s * 1000 - LOOK_S * 500;
}

/* A look, and a report when something changed or its time has come. */
static enum status look_and_say(struct gateway *gateway, struct net *net, const struct station_report *report,
                                struct said *said, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ROUND_ARENA_BYTES);
    struct finding found[POSTURE_ITEM_COUNT_] = {0};
    TRY(gateway_look(gateway, arena, &found[POSTURE_FIREWALL], why));
    if (!is_due(said, &found[POSTURE_FIREWALL], report->every_s))
        return ST_OK;
    TRY(report_send(net, report, station_json(DEVICE_GATEWAY, found, arena), why));
    *said = (struct said){found[POSTURE_FIREWALL], clock_monotonic_ms()};
    return ST_OK;
}

enum status gateway_report(struct slice rules, const struct station_report *report, bool once, struct problem *why)
{
    AUTO_ARENA arena = arena_create(2 * RULESET_BYTES_MAX);
    AUTO_GATEWAY gateway = GATEWAY_NONE;
    AUTO_NET net = NULL;
    struct said said = {0};
    TRY(gateway_wanted(rules, arena, &gateway.wanted, why));
    TRY(gateway_begin(&gateway, why));
    TRY(report_connect(report, &net, why));
    if (once)
        return look_and_say(&gateway, net, report, &said, why);
    struct rounds rounds = rounds_begin(LOOK_S);
    TRY(enter(report, why));
    for (bool wrong = false; rounds_go_on(&rounds);) {
        struct problem failed = {0};
        enum status status = look_and_say(&gateway, net, report, &said, &failed);
        if (gateway.broken) /* a late answer would be taken for the next: we are started again */
            return problem_set(why, status, "%s", failed.detail);
        rounds_tell("rendez-workstation", &wrong, status, "the report is not taken", &failed);
    }
    return ST_OK;
}
