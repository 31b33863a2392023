/* What each privilege allows, tried in a forked process that enters the real sandbox. */
#include "platform/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

#include "check.h"

static char folder[] = "/tmp/rendez-sandbox-XXXXXX", inside[64], outside[64];
static int listening = -1;
static uint16_t port;

/* What a process tries. 0: it worked, else an errno. */
typedef int attempt_fn(void);

static int as_errno(long result)
{
    return result < 0 ? errno : 0;
}
static int nothing(void)
{
    return 0;
}
static int allocate(void)
{
    char *memory = malloc(1 << 20);
    memory[5] = 1;
    free(memory);
    return 0;
}
static int open_hosts(void)
{
    return as_errno(open("/etc/hosts", O_RDONLY));
}
static int open_own_memory(void)
{
    return as_errno(open("/proc/self/mem", O_RDWR));
}
static int read_inside(void)
{
    return as_errno(open(inside, O_RDONLY));
}
static int write_inside(void)
{
    return as_errno(open(inside, O_RDWR | O_CREAT | O_TRUNC, 0600));
}
static int read_outside(void)
{
    return as_errno(open(outside, O_RDONLY));
}
static int rename_inside(void)
{
    char other[80];
    snprintf(other, sizeof other, "%s.new", inside);
    return as_errno(rename(inside, other)) | as_errno(rename(other, inside));
}
static int make_folder_link(void)
{
    return as_errno(symlink("/etc", "/tmp/rendez-link"));
}
static int make_socket(void)
{
    return as_errno(socket(AF_INET, SOCK_STREAM, 0));
}
static int connect_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return fd < 0 ? errno : as_errno(connect(fd, (struct sockaddr *)&to, sizeof to));
}
static int unix_socket(void)
{
    return as_errno(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int accept_one(void)
{
    int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK);
    return fd < 0 && errno == EAGAIN ? 0 : as_errno(fd);
}
static int bind_port(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? errno : as_errno(bind(fd, (struct sockaddr *)&any, sizeof any));
}
static int make_process(void)
{
    return as_errno(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}
static int make_process_3(void)
{
    return as_errno(syscall(SYS_clone3, NULL, 0));
}
static int execute(void)
{
    return as_errno(execl("/bin/true", "true", (char *)NULL));
}
static int trace_parent(void)
{
    return as_errno(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}
static int read_parent_memory(void)
{
    return as_errno(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}
static int signal_parent(void)
{
    return as_errno(kill(getppid(), 0));
}
static int executable_memory(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}
static int become_root(void)
{
    return as_errno(setuid(0));
}
static int load_filter(void)
{
    return as_errno(syscall(SYS_seccomp, 0, 0, NULL));
}
static int compatible_call(void)
{
#ifdef __x86_64__
    long result;
    /* getpid of the 32-bit table, which the filter must refuse by its architecture. */
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
    return result < 0 ? (int)-result : 0;
#else
    raise(SIGSYS);
    return 0;
#endif
}
static int end_by_assertion(void)
{
    abort();
}

enum { KILLED = -SIGSYS, ABORTED = -SIGABRT };

static const struct {
    const char *name;
    attempt_fn *attempt;
    unsigned may;
    int result; /* 0, an errno, or a signal as a negative number */
} attempts[] = {
    {"nothing", nothing, MAY_NOTHING, 0},
    {"memory", allocate, MAY_NOTHING, 0},
    {"abort", end_by_assertion, MAY_NOTHING, ABORTED},
    {"open", open_hosts, MAY_NOTHING, EACCES},
    {"own memory as a file", open_own_memory, MAY_NOTHING, EACCES},
    {"a file of another role", read_inside, MAY_NOTHING, EACCES},
    {"socket", make_socket, MAY_NOTHING, EACCES},
    {"connect", connect_port, MAY_NOTHING, EACCES},
    {"accept", accept_one, MAY_NOTHING, KILLED},
    {"fork", make_process, MAY_NOTHING, KILLED},
    {"clone3", make_process_3, MAY_NOTHING, ENOSYS},
    {"exec", execute, MAY_NOTHING, KILLED},
    {"ptrace", trace_parent, MAY_NOTHING, KILLED},
    {"process_vm_readv", read_parent_memory, MAY_NOTHING, KILLED},
    {"kill", signal_parent, MAY_NOTHING, KILLED},
    {"memory to execute", executable_memory, MAY_NOTHING, KILLED},
    {"setuid", become_root, MAY_NOTHING, KILLED},
    {"another filter", load_filter, MAY_NOTHING, KILLED},
    {"32-bit call", compatible_call, MAY_NOTHING, KILLED},
    {"symlink", make_folder_link, MAY_NOTHING, KILLED},

    {"accept: accept", accept_one, MAY_ACCEPT, 0},
    {"accept: socket", make_socket, MAY_ACCEPT, EACCES},
    {"accept: open", open_hosts, MAY_ACCEPT, EACCES},
    {"accept: exec", execute, MAY_ACCEPT, KILLED},

    {"connect: its port", connect_port, MAY_CONNECT, 0},
    {"connect: hosts file", open_hosts, MAY_CONNECT, 0},
    {"connect: another file", read_outside, MAY_CONNECT, EACCES},
    {"connect: bind a port", bind_port, MAY_CONNECT, EACCES},
    {"connect: unix socket", unix_socket, MAY_CONNECT, EACCES}, /* the resolver asks for nscd */
    {"connect: fork", make_process, MAY_CONNECT, KILLED},
    {"connect: exec", execute, MAY_CONNECT, KILLED},

    {"files: write", write_inside, MAY_FILES, 0},
    {"files: rename", rename_inside, MAY_FILES, 0},
    {"files: outside", read_outside, MAY_FILES, EACCES},
    {"files: hosts file", open_hosts, MAY_FILES, EACCES},
    {"files: own memory", open_own_memory, MAY_FILES, EACCES},
    {"files: connect", connect_port, MAY_FILES, EACCES},
    {"files: symlink", make_folder_link, MAY_FILES, KILLED},
    {"files: exec", execute, MAY_FILES, KILLED},

    {"store: write", write_inside, MAY_STORE, 0},
    {"store: outside", read_outside, MAY_STORE, EACCES},
    {"store: connect", connect_port, MAY_STORE, EACCES},

    {"keys: read", read_inside, MAY_KEYS, 0},
    {"keys: write", write_inside, MAY_KEYS, KILLED},
    {"keys: outside", read_outside, MAY_KEYS, EACCES},
    {"keys: connect", connect_port, MAY_KEYS, EACCES},
};

/* The attempt's result comes back through a pipe, since its process may die. */
static int try_attempt(attempt_fn *attempt, unsigned may, uint16_t connect_port_allowed)
{
    int ends[2];
    if (pipe(ends) < 0)
        return -1000;
    pid_t child = fork();
    if (child == 0) {
        struct sandbox_rules rules = {
            .may = may,
            .paths = {{inside, SANDBOX_WRITE}, {folder, SANDBOX_WRITE}},
            .connect_ports = {connect_port_allowed},
        };
        struct problem why;
        int result = -1001;
        if (sandbox_enter(&rules, &why) == ST_OK)
            result = attempt();
        else
            fprintf(stderr, "# %s\n", why.detail);
        _exit(write(ends[1], &result, sizeof result) == (ssize_t)sizeof result ? 0 : 1);
    }
    close(ends[1]);
    int result = -1002, how;
    bool told = read(ends[0], &result, sizeof result) == (ssize_t)sizeof result;
    close(ends[0]);
    waitpid(child, &how, 0);
    return told ? result : WIFSIGNALED(how) ? -WTERMSIG(how) : -1003;
}

static void every_privilege_is_what_it_says(void)
{
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        check_row(attempts[i].name);
        CHECK_NUMBER(try_attempt(attempts[i].attempt, attempts[i].may, port), attempts[i].result);
    }
}

static void other_ports_are_refused(void)
{
    if (sandbox_landlock_abi() < 4) {
        printf("# Landlock before ABI 4 knows no ports\n");
        return;
    }
    CHECK_NUMBER(try_attempt(connect_port, MAY_CONNECT, (uint16_t)(port == 1 ? 2 : 1)), EACCES);
    CHECK_NUMBER(try_attempt(connect_port, MAY_CONNECT, 0), 0);
}

/* Without a sandbox each attempt that the table refuses is possible here: the refusals
 * come from the sandbox and not from the machine. */
static void nothing_else_refuses(void)
{
    int fd = open(outside, O_RDONLY);
    CHECK(fd >= 0);
    close(fd);
    CHECK_NUMBER(connect_port(), 0);
    CHECK_NUMBER(executable_memory(), 0);
    CHECK_NUMBER(open_own_memory(), 0);
}

static void prepare(void)
{
    struct problem why;
    struct sockaddr_in any = {.sin_family = AF_INET};
    socklen_t len = sizeof any;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (mkdtemp(folder) == NULL || bind(listening, (struct sockaddr *)&any, sizeof any) < 0 ||
        listen(listening, 100) < 0 || getsockname(listening, (struct sockaddr *)&any, &len) < 0)
        abort();
    port = ntohs(any.sin_port);
    snprintf(inside, sizeof inside, "%s/inside", folder);
    snprintf(outside, sizeof outside, "%s-outside", folder);
    if (file_write_durably(inside, LIT("in"), 0600, &why) != ST_OK ||
        file_write_durably(outside, LIT("out"), 0600, &why) != ST_OK)
        abort();
}

int main(void)
{
    prepare();
    TEST(nothing_else_refuses);
    TEST(every_privilege_is_what_it_says);
    TEST(other_ports_are_refused);
    unlink(inside);
    unlink(outside);
    rmdir(folder);
    return check_done();
}
