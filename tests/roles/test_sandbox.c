/* Roles that somebody has taken over: the real program, in its real sandbox, makes the
 * calls of an intruder. argv[1] is rendezd. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "check.h"
#include "platform/sandbox/sandbox.h"
#include "platform/vault/vault.h"
#include "roles/parent/prepare.h"
#include "takeover.h"

static const char *program;
static struct bench benches[ROLE_ID_COUNT_];
static const char config[] =
    "mode = \"mta\";\nmail = { host = \"127.0.0.1\"; port = 2599; tls = \"none\"; };\n";

enum { KILLED = TAKEOVER_DIED - SIGSYS };

/* Files of others in an installation; below the folder of the role's bench. */
static const char *const others[] = {"root.key", "rendez.conf", "store.db"};

/* keyd does not serve without a root key that it can open. */
static void make_root_key(struct bench *bench)
{
    AUTO_SECRET root = NULL;
    AUTO_ARENA arena = arena_create(1 << 20);
    struct config parsed;
    CHECK_OK(root_key_create(bench_path(bench, "root.key"), LIT("a passphrase"), &root, NULL));
    CHECK_OK(config_load(bench->folder, arena, &parsed, NULL));
    CHECK_OK(prepare_folders(&parsed, ROLE_KEYD, NULL));
    bench->secret = "a passphrase";
}

static bool start(enum role_id id)
{
    struct bench *bench = &benches[id];
    if (bench->pid != 0 && !bench_has_ended(bench))
        return true;
    if (bench->loop == NULL) {
        bench_create(bench, id, config);
        if (id == ROLE_KEYD)
            make_root_key(bench);
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            if (access(bench_path(bench, others[i]), F_OK) != 0)
                CHECK_OK(file_write_durably(bench_path(bench, others[i]), LIT("secret"), 0644, NULL));
    }
    return bench_start(bench, program);
}

#define D TAKEOVER_DATA
#define PARENT (-0x9A4E47L) /* stands for our process id */
#define TEXT(text) {text, sizeof(text)} /* with its NUL */
static const struct attempt {
    const char *name;
    enum role_id role;
    long number, args[6];
    struct slice data; /* a text that starts with "~" is below the installation's folder */
    long result;
} attempts[] = {
    {"nothing forbidden", ROLE_READER, SYS_getpid, {0}, {0}, 1},
    {"opens a file", ROLE_READER, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"opens by open", ROLE_READER, SYS_open, {D, O_RDONLY}, TEXT("/etc/hostname"), -EACCES},
    {"reads the root key", ROLE_READER, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"reads the store", ROLE_READER, SYS_openat, {AT_FDCWD, D, O_RDWR}, TEXT("~store.db"), -EACCES},
    {"opens its own memory", ROLE_READER, SYS_openat, {AT_FDCWD, D, O_RDWR}, TEXT("/proc/self/mem"), -EACCES},
    {"opens a device", ROLE_READER, SYS_openat, {AT_FDCWD, D, O_RDWR}, TEXT("/dev/mem"), -EACCES},
    {"opens by openat2", ROLE_READER, SYS_openat2, {AT_FDCWD, D, D, 24}, TEXT("/etc/passwd"), -EACCES},
    {"opens by a handle", ROLE_READER, SYS_open_by_handle_at, {AT_FDCWD, D, 0}, TEXT("x"), KILLED},
    {"looks at a file", ROLE_READER, SYS_stat, {D, D}, TEXT("/etc/passwd"), -EACCES},
    {"makes a file", ROLE_READER, SYS_creat, {D, 0600}, TEXT("/tmp/x"), KILLED},
    {"removes a file", ROLE_READER, SYS_unlink, {D}, TEXT("~root.key"), KILLED},
    {"makes a TCP socket", ROLE_READER, SYS_socket, {AF_INET, SOCK_STREAM}, {0}, -EACCES},
    {"makes a Unix socket", ROLE_READER, SYS_socket, {AF_UNIX, SOCK_STREAM}, {0}, -EACCES},
    {"makes a raw socket", ROLE_READER, SYS_socket, {AF_PACKET, SOCK_RAW}, {0}, -EACCES},
    {"connects", ROLE_READER, SYS_connect, {ROLE_FD_CHANNEL, D, 16}, TEXT("x"), KILLED},
    {"accepts", ROLE_READER, SYS_accept4, {ROLE_FD_CHANNEL, 0, 0, 0}, {0}, KILLED},
    {"passes descriptors", ROLE_READER, SYS_sendmsg, {ROLE_FD_CHANNEL, D, 0}, TEXT("x"), KILLED},
    {"forks", ROLE_READER, SYS_fork, {0}, {0}, KILLED},
    {"clones", ROLE_READER, SYS_clone, {SIGCHLD}, {0}, KILLED},
    {"makes a thread", ROLE_READER, SYS_clone, {CLONE_VM | CLONE_THREAD | CLONE_SIGHAND}, {0}, KILLED},
    {"executes", ROLE_READER, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"executes by descriptor", ROLE_READER, SYS_execveat, {AT_FDCWD, D, 0, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"traces another", ROLE_READER, SYS_ptrace, {PTRACE_ATTACH, PARENT, 0, 0}, {0}, KILLED},
    {"reads another's memory", ROLE_READER, SYS_process_vm_readv, {PARENT, D, 1, D, 1, 0}, TEXT("x"), KILLED},
    {"signals another", ROLE_READER, SYS_kill, {PARENT, SIGTERM}, {0}, KILLED},
    {"signals another's thread", ROLE_READER, SYS_tgkill, {PARENT, PARENT, SIGTERM}, {0}, KILLED},
    {"takes a descriptor of another", ROLE_READER, SYS_pidfd_open, {PARENT, 0}, {0}, KILLED},
    {"memory to execute", ROLE_READER, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}, {0}, KILLED},
    {"its stack to execute", ROLE_READER, SYS_mprotect, {D, 4096, PROT_READ | PROT_EXEC}, TEXT("x"), KILLED},
    {"a file of memory", ROLE_READER, SYS_memfd_create, {D, 0}, TEXT("x"), KILLED},
    {"becomes root", ROLE_READER, SYS_setuid, {0}, {0}, KILLED},
    {"a namespace", ROLE_READER, SYS_unshare, {CLONE_NEWUSER}, {0}, KILLED},
    {"mounts", ROLE_READER, SYS_mount, {D, D, D, 0, 0}, TEXT("none"), KILLED},
    {"io_uring", ROLE_READER, SYS_io_uring_setup, {8, D}, TEXT("x"), KILLED},
    {"bpf", ROLE_READER, SYS_bpf, {0, D, 8}, TEXT("x"), KILLED},
    {"kernel keys", ROLE_READER, SYS_keyctl, {0}, {0}, KILLED},
    {"the channel of keyd", ROLE_READER, SYS_write, {ROLE_FD_CHANNEL + ROLE_KEYD, D, 1}, TEXT("x"), -EBADF},

    {"mailin reads the root key", ROLE_MAILIN, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"mailin reads a file", ROLE_MAILIN, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"mailin makes a socket", ROLE_MAILIN, SYS_socket, {AF_INET, SOCK_STREAM}, {0}, -EACCES},
    {"mailin executes", ROLE_MAILIN, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"mailin forks", ROLE_MAILIN, SYS_fork, {0}, {0}, KILLED},
    {"mailin links out", ROLE_MAILIN, SYS_symlink, {D, D}, TEXT("~root.key"), KILLED},
    {"mailin renames out", ROLE_MAILIN, SYS_rename, {D, D}, TEXT("~root.key"), -EACCES},

    {"mailin with LMTP connects", ROLE_MAILIN, SYS_connect, {ROLE_FD_CHANNEL, D, 16}, TEXT("x"), KILLED},

    {"keyd opens its own root key again", ROLE_KEYD, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"keyd reads a file", ROLE_KEYD, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"keyd writes a file", ROLE_KEYD, SYS_openat, {AT_FDCWD, D, O_RDWR | O_CREAT}, TEXT("/tmp/x"), KILLED},
    {"keyd makes a socket", ROLE_KEYD, SYS_socket, {AF_INET, SOCK_STREAM}, {0}, -EACCES},
    {"keyd makes a Unix socket", ROLE_KEYD, SYS_socket, {AF_UNIX, SOCK_STREAM}, {0}, -EACCES},
    {"keyd loads code", ROLE_KEYD, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}, {0}, KILLED},
    {"keyd forks", ROLE_KEYD, SYS_fork, {0}, {0}, KILLED},
    {"keyd executes", ROLE_KEYD, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},

    {"mailout reads the root key", ROLE_MAILOUT, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"mailout reads a file", ROLE_MAILOUT, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"mailout writes a file", ROLE_MAILOUT, SYS_openat, {AT_FDCWD, D, O_RDWR}, TEXT("/etc/hosts"), KILLED},
    {"mailout forks", ROLE_MAILOUT, SYS_fork, {0}, {0}, KILLED},
    {"mailout executes", ROLE_MAILOUT, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"mailout makes a Unix socket", ROLE_MAILOUT, SYS_socket, {AF_UNIX, SOCK_STREAM}, {0}, -EACCES},
    {"mailout makes a raw socket", ROLE_MAILOUT, SYS_socket, {AF_PACKET, SOCK_RAW}, {0}, KILLED},

    /* It may read what it backs up, whoever owns it, and nothing else. */
    {"archive reads a file", ROLE_ARCHIVE, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"archive reads what it does not back up", ROLE_ARCHIVE, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~store.db"), -EACCES},
    {"archive writes the root key", ROLE_ARCHIVE, SYS_openat, {AT_FDCWD, D, O_RDWR}, TEXT("~root.key"), -EACCES},
    {"archive removes the root key", ROLE_ARCHIVE, SYS_unlink, {D}, TEXT("~root.key"), -EACCES},
    {"archive opens by a handle", ROLE_ARCHIVE, SYS_open_by_handle_at, {AT_FDCWD, D, 0}, TEXT("x"), KILLED},
    {"archive makes a socket", ROLE_ARCHIVE, SYS_socket, {AF_INET, SOCK_STREAM}, {0}, -EACCES},
    {"archive gives itself rights", ROLE_ARCHIVE, SYS_capset, {D, D}, TEXT("x"), KILLED},
    {"archive forks", ROLE_ARCHIVE, SYS_fork, {0}, {0}, KILLED},
    {"archive executes", ROLE_ARCHIVE, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},

    {"sso reads the root key", ROLE_SSO, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"sso reads the store", ROLE_SSO, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~store.db"), -EACCES},
    {"sso reads a file", ROLE_SSO, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"sso writes a file", ROLE_SSO, SYS_openat, {AT_FDCWD, D, O_RDWR | O_CREAT}, TEXT("/tmp/x"), KILLED},
    {"sso forks", ROLE_SSO, SYS_fork, {0}, {0}, KILLED},
    {"sso executes", ROLE_SSO, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"sso makes a Unix socket", ROLE_SSO, SYS_socket, {AF_UNIX, SOCK_STREAM}, {0}, -EACCES},
    {"sso makes a raw socket", ROLE_SSO, SYS_socket, {AF_PACKET, SOCK_RAW}, {0}, KILLED},
    {"sso listens", ROLE_SSO, SYS_listen, {ROLE_FD_CHANNEL, 1}, {0}, KILLED},
    {"prober reads the root key", ROLE_PROBER, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"prober reads the store", ROLE_PROBER, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~store.db"), -EACCES},
    {"prober reads a file", ROLE_PROBER, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"prober writes a file", ROLE_PROBER, SYS_openat, {AT_FDCWD, D, O_RDWR | O_CREAT}, TEXT("/tmp/x"), KILLED},
    {"prober forks", ROLE_PROBER, SYS_fork, {0}, {0}, KILLED},
    {"prober executes", ROLE_PROBER, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"prober makes a Unix socket", ROLE_PROBER, SYS_socket, {AF_UNIX, SOCK_STREAM}, {0}, -EACCES},
    {"prober listens", ROLE_PROBER, SYS_listen, {ROLE_FD_CHANNEL, 1}, {0}, KILLED},
    {"prober loads code", ROLE_PROBER, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}, {0}, KILLED},
    {"trust reads the root key", ROLE_TRUST, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"trust reads the store", ROLE_TRUST, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~store.db"), -EACCES},
    {"trust writes a file", ROLE_TRUST, SYS_openat, {AT_FDCWD, D, O_RDWR | O_CREAT, 0600}, TEXT("/tmp/x"), -EACCES},
    {"trust makes a socket", ROLE_TRUST, SYS_socket, {AF_INET, SOCK_STREAM}, {0}, -EACCES},
    {"trust forks", ROLE_TRUST, SYS_fork, {0}, {0}, KILLED},
    {"trust executes", ROLE_TRUST, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"logd reads the root key", ROLE_LOGD, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~root.key"), -EACCES},
    {"logd reads the store", ROLE_LOGD, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("~store.db"), -EACCES},
    {"logd reads a file", ROLE_LOGD, SYS_openat, {AT_FDCWD, D, O_RDONLY}, TEXT("/etc/passwd"), -EACCES},
    {"logd writes a file", ROLE_LOGD, SYS_openat, {AT_FDCWD, D, O_RDWR | O_CREAT, 0600}, TEXT("/tmp/x"), -EACCES},
    {"logd forks", ROLE_LOGD, SYS_fork, {0}, {0}, KILLED},
    {"logd executes", ROLE_LOGD, SYS_execve, {D, 0, 0}, TEXT("/bin/sh"), KILLED},
    {"logd makes a Unix socket", ROLE_LOGD, SYS_socket, {AF_UNIX, SOCK_STREAM}, {0}, -EACCES},
    {"logd loads code", ROLE_LOGD, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}, {0}, KILLED},
    {"sso loads code", ROLE_SSO, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}, {0}, KILLED},
};

static long make_attempt(const struct attempt *attempt)
{
    static char text[256];
    struct bench *bench = &benches[attempt->role];
    struct slice data = attempt->data;
    long args[6];
    for (int i = 0; i < 6; i++)
        args[i] = attempt->args[i] == PARENT ? getpid() : attempt->args[i];
    if (data.len > 0 && data.data[0] == '~') {
        int len = snprintf(text, sizeof text, "%s", bench_path(bench, data.data + 1));
        data = (struct slice){text, (size_t)len + 1};
    }
    return takeover_call(bench->pid, attempt->number, args, data);
}

static void intruders_are_refused(void)
{
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        const struct attempt *attempt = &attempts[i];
        check_row(attempt->name);
        CHECK(start(attempt->role));
        long result = make_attempt(attempt);
        if (attempt->result > 0)
            CHECK_NUMBER(result, benches[attempt->role].pid);
        else
            CHECK_NUMBER(result, attempt->result);
        if (result <= TAKEOVER_DIED)
            benches[attempt->role].pid = 0; /* waited for; the next one gets a new process */
    }
}

/* A socket is allowed to mailout; ports other than its MTA's are not. */
static void mailout_connects_to_its_mta_only(void)
{
    static const struct {
        uint16_t port;
        bool allowed;
    } ports[] = {{2599, true}, {25, false}, {443, false}, {5432, false}};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        CHECK(start(ROLE_MAILOUT));
        pid_t pid = benches[ROLE_MAILOUT].pid;
        long fd = takeover_call(pid, SYS_socket, (const long[6]){AF_INET, SOCK_STREAM}, SLICE_NONE);
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(ports[i].port)};
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        long result = takeover_call(pid, SYS_connect, (const long[6]){fd, D, sizeof to},
                                    (struct slice){(const char *)&to, sizeof to});
        CHECK(fd >= 0);
        /* Nobody listens there: refused by the peer, and not by the sandbox. */
        CHECK_NUMBER(result, ports[i].allowed ? -ECONNREFUSED : -EACCES);
    }
}

/* With a mailbox mailin connects to that server and has given up to accept. */
static void a_reader_of_a_mailbox_connects_there_only(void)
{
    static const struct {
        uint16_t port;
        long result;
    } ports[] = {{2598, -ECONNREFUSED}, {25, -EACCES}, {2599, -EACCES}};
    static const long by_accept[6] = {ROLE_FD_CHANNEL, 0, 0, 0};
    struct bench bench;
    bench_create(&bench, ROLE_MAILIN,
                 "mode = \"mailbox\";\nimap = { host = \"127.0.0.1\"; port = 2598; user = \"u\"; };\n");
    bench.secret = "word";
    CHECK(bench_start(&bench, program));
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        long fd = takeover_call(bench.pid, SYS_socket, (const long[6]){AF_INET, SOCK_STREAM}, SLICE_NONE);
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(ports[i].port)};
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(fd >= 0);
        CHECK_NUMBER(takeover_call(bench.pid, SYS_connect, (const long[6]){fd, D, sizeof to},
                                   (struct slice){(const char *)&to, sizeof to}), ports[i].result);
    }
    CHECK_NUMBER(takeover_call(bench.pid, SYS_openat, (const long[6]){AT_FDCWD, D, O_RDONLY},
                               (struct slice)TEXT("/etc/passwd")), -EACCES);
    CHECK_NUMBER(takeover_call(bench.pid, SYS_accept4, by_accept, SLICE_NONE), KILLED);
    bench.pid = 0; /* waited for */
    bench_destroy(&bench);
}

/* api opens files only where the log and challenges are, and only to read. */
static void an_api_reads_what_it_serves_only(void)
{
    static const struct {
        const char *name;
        long flags, with, without;
    } files[] = {
        {"challenges/tok", O_RDONLY, 1, -EACCES},   {"challenges/none", O_RDONLY, -ENOENT, -ENOENT},
        {"root.key", O_RDONLY, -EACCES, -EACCES},   {"rendez.conf", O_RDONLY, -EACCES, -EACCES},
        {"challenges/tok", O_RDWR, KILLED, KILLED}, {"challenges/new", O_WRONLY | O_CREAT, KILLED, KILLED},
        {"log/checkpoint", O_RDONLY, 1, 1},         {"log/checkpoint", O_RDWR, KILLED, KILLED},
    };
    static const char *const configs[] = {
        "public_url = \"https://meet.example\";\nhttp = { listen = \"127.0.0.1:2597\"; };\n",
        "public_url = \"https://meet.example\";\nhttp = { listen = \"127.0.0.1:2597\"; "
        "redirect = \"127.0.0.1:2596\"; challenges = \"challenges\"; };\n"};
    for (int with = 0; with < 2 && sandbox_landlock_abi() > 0; with++) {
        struct bench bench;
        bench_create(&bench, ROLE_API, configs[with]);
        CHECK(mkdir(bench_path(&bench, "challenges"), 0755) == 0);
        CHECK_OK(file_write_durably(bench_path(&bench, "challenges/tok"), LIT("x"), 0644, NULL));
        CHECK_OK(file_write_durably(bench_path(&bench, "root.key"), LIT("x"), 0644, NULL));
        CHECK(mkdir(bench_path(&bench, "log"), 0755) == 0);
        CHECK_OK(file_write_durably(bench_path(&bench, "log/checkpoint"), LIT("x"), 0644, NULL));
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            check_row(files[i].name);
            if (bench.pid == 0)
                CHECK(bench_start(&bench, program));
            struct slice path = slice_from(bench_path(&bench, files[i].name));
            path.len++; /* with its NUL */
            long wanted = with ? files[i].with : files[i].without;
            long got = takeover_call(bench.pid, SYS_openat, (const long[6]){AT_FDCWD, D, files[i].flags}, path);
            CHECK(wanted == 1 ? got >= 0 : got == wanted);
            if (got <= TAKEOVER_DIED)
                bench.pid = 0; /* waited for */
        }
        bench_destroy(&bench);
    }
}

/* What a reader says that it may not say closes its channel; who listens lives on. */
static const struct {
    const char *name;
    enum role_id peer;
    struct slice frame;
} lies[] = {
#define FRAME(text) {text, sizeof(text) - 1}
    {"asks for a key", ROLE_PLANNER, FRAME("\x07\0\0\0\x0A\0\0\0\0\0\x01\0\x03\x01\0\0\0")},
    {"sends mail", ROLE_PLANNER, FRAME("\0\0\0\0\x0C\0\0\0\0\0")},
    {"a command", ROLE_PLANNER, FRAME("\0\0\0\0\x12\0\0\0\0\0")},
    {"raw mail, backwards", ROLE_MAILIN, FRAME("\0\0\0\0\x04\0\0\0\0\0")},
    {"says that mail is done", ROLE_MAILIN, FRAME("\0\0\0\0\x07\0\0\0\0\0")},
    {"parsed mail that is none", ROLE_PLANNER, FRAME("\x05\0\0\0\x05\0\0\0\0\0\x01\0\x04\xFF\xFF")},
    {"more than there may be", ROLE_PLANNER, FRAME("\xFF\xFF\xFF\x7F\x05\0\0\0\0\0")},
};

static void lies_close_the_channel(void)
{
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct bench *bench = &benches[ROLE_READER];
        check_row(lies[i].name);
        bench_kill(bench, SIGKILL);
        CHECK(start(ROLE_READER));
        bench->inbox = (struct bench_inbox){0};
        long sent = takeover_call(bench->pid, SYS_write,
                                  (const long[6]){ROLE_FD_CHANNEL + (long)lies[i].peer, D,
                                                  (long)lies[i].frame.len},
                                  lies[i].frame);
        CHECK_NUMBER(sent, lies[i].frame.len);
        CHECK(bench_wait(bench, &bench->inbox.closed, 1, 2000));
        CHECK(bench->inbox.why.status == ST_INVALID || bench->inbox.why.status == ST_LIMIT);
        CHECK(!ipc_is_open(bench->peers[lies[i].peer]));
        for (int kind = 0; kind < 64; kind++) /* what every role tells logd is no lie */
            CHECK(bench->inbox.count[kind] == 0 || kind == MESSAGE_METRICS || kind == MESSAGE_EVENT);
    }
}

static bool status_has(pid_t pid, const char *line)
{
    char path[64];
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice text;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    return file_read(path, 65536, arena, &text, NULL) == ST_OK &&
           slice_find(text, slice_from(line), 0) != SIZE_MAX;
}

static unsigned count_fds(pid_t pid)
{
    char path[64];
    unsigned count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    if (folder != NULL)
        closedir(folder);
    return count;
}

static void processes_have_what_they_need_and_no_more(void)
{
    static const enum role_id ids[] = {ROLE_READER, ROLE_MAILIN, ROLE_MAILOUT, ROLE_KEYD, ROLE_ARCHIVE};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        check_row(role_rows[ids[i]].name);
        CHECK(start(ids[i]));
        pid_t pid = benches[ids[i]].pid;
        CHECK(status_has(pid, "\nNoNewPrivs:\t1\n"));
        CHECK(status_has(pid, "\nSeccomp:\t2\n"));
        /* CAP_DAC_READ_SEARCH, which Landlock holds to its folders; nothing where the kernel has none. */
        bool reads = ids[i] == ROLE_ARCHIVE && geteuid() == 0 && sandbox_landlock_abi() > 0;
        CHECK(status_has(pid, reads ? "\nCapEff:\t0000000000000004\n" : "\nCapEff:\t0000000000000000\n"));
        CHECK(geteuid() != 0 || !status_has(pid, "\nUid:\t0\t"));
        CHECK(geteuid() != 0 || status_has(pid, "\nGroups:\t \n"));
    }
    /* stdin, stdout, log, control, four channels, epoll, signals, its own memory as the kernel counts it */
    CHECK_NUMBER(count_fds(benches[ROLE_READER].pid), 11);
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "";
    CHECK(start(ROLE_READER));
    if (!takeover_is_possible(benches[ROLE_READER].pid)) {
        printf("# no way into a role's process from here (not root): nothing tried\n");
    } else {
        TEST(processes_have_what_they_need_and_no_more);
        TEST(intruders_are_refused);
        TEST(mailout_connects_to_its_mta_only);
        TEST(a_reader_of_a_mailbox_connects_there_only);
        TEST(an_api_reads_what_it_serves_only);
    TEST(lies_close_the_channel);
    }
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (benches[id].loop != NULL)
            bench_destroy(&benches[id]);
    test_done("the bench is cleared");
    return check_done();
}
