#include "roles/parent/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "roles/parent/prepare.h"

enum {
    SAFE_FD = 100, /* above every descriptor that a role knows */
    /* Exit codes of a child that could not become the role. */
    EXIT_NO_DESCRIPTOR = 101,
    EXIT_NO_USER = 102,
    EXIT_NO_PROGRAM = 103,
    EXIT_NO_FOLDER = 104,
};

/* Where each descriptor goes. -1: that place stays empty. */
static void place_fds(const struct spawn *spawn, int places[ROLE_FD_END])
{
    places[0] = places[1] = places[2] = -1;
    places[ROLE_FD_CONTROL] = spawn->control;
    places[ROLE_FD_CONFIG] = spawn->config;
    places[ROLE_FD_SECRET] = spawn->secret;
    places[ROLE_FD_PAGES] = spawn->pages;
    places[ROLE_FD_LISTEN] = spawn->listen;
    places[ROLE_FD_REDIRECT] = spawn->redirect;
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        places[ROLE_FD_CHANNEL + id] = spawn->channels[id];
}

/* First all of them up, out of each other's way, then down to their places. */
static bool move_fds(const struct spawn *spawn)
{
    int places[ROLE_FD_END];
    place_fds(spawn, places);
    int program = fcntl(spawn->program, F_DUPFD_CLOEXEC, SAFE_FD);
    for (int i = 3; i < ROLE_FD_END; i++)
        if (places[i] >= 0 && (places[i] = fcntl(places[i], F_DUPFD_CLOEXEC, SAFE_FD)) < 0)
            return false;
    for (int i = 3; i < ROLE_FD_END; i++) {
        close(i);
        if (places[i] >= 0 && dup2(places[i], i) != i)
            return false;
    }
    /* stdin and stdout are nothing; stderr is the log. */
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (program < 0 || null < 0 || dup2(null, 0) != 0 || dup2(2, 1) != 1)
        return false;
    if (dup2(program, ROLE_FD_END) != ROLE_FD_END)
        return false;
    return close_range(ROLE_FD_END + 1, ~0U, 0) == 0;
}

static bool become(uid_t uid)
{
    if (uid == 0)
        return true;
    gid_t gid = prepare_group(uid);
    return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
           setresuid(uid, uid, uid) == 0;
}

/* archive reads what the others store, whoever owns it. Its sandbox holds it to their folders, and its sandbox's
 * calls make nothing of it but reading. */
static bool become_reader(uid_t uid)
{
    if (uid == 0)
        return true;
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = {{0}};
    caps[0].permitted = caps[0].effective = caps[0].inheritable = 1u << CAP_DAC_READ_SEARCH;
    if (prctl(PR_SET_KEEPCAPS, 1) < 0 || !become(uid))
        return false;
    /* Where root itself has it not, backups fail, and say so. */
    return syscall(SYS_capset, &head, caps) < 0 || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0) == 0;
}

static void restore_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
}

/* In the child: never returns. */
static void run_child(const struct spawn *spawn)
{
    static char option[] = "--role", folder_option[] = "--folder", folder[] = ".", parent_option[] = "--parent",
                waiting[] = "--waiting";
    char name[24], role[16], program[48];
    struct stat parent;
    snprintf(name, sizeof name, "rendez-%s", role_rows[spawn->id].name);
    snprintf(role, sizeof role, "%s", role_rows[spawn->id].name);
    /* What runs here is the parent's program still, and after the change of user the role may not look at it. */
    if (stat("/proc/self/exe", &parent) < 0)
        parent.st_ino = 0;
    snprintf(program, sizeof program, "%llu:%llu", (unsigned long long)parent.st_dev, (unsigned long long)parent.st_ino);
    char *const arguments[] = {name, option, role, folder_option, folder, parent_option, program,
                               spawn->waiting ? waiting : NULL, NULL};
    /* An environment of our own: nothing of the caller's reaches a role. The leak checker
     * of a sanitizer build needs ptrace, which the sandbox forbids. */
    static char locale[] = "LC_ALL=C.UTF-8", zone[] = "TZ=UTC", leaks[] = "ASAN_OPTIONS=detect_leaks=0";
    /* What a library frees (JSON, headers, calendars) is overwritten at once, as our own arenas are: glibc
     * does so with these, if it keeps no cache of chunks for the thread. */
    static char wiping[] = "GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";
    char *const environment[] = {locale, zone, leaks, wiping, NULL};
    restore_signals();
    umask(077);
    if (!move_fds(spawn))
        _exit(EXIT_NO_DESCRIPTOR);
    if (chdir(spawn->folder) < 0)
        _exit(EXIT_NO_FOLDER);
    if (!(spawn->id == ROLE_ARCHIVE ? become_reader(spawn->uid) : become(spawn->uid)))
        _exit(EXIT_NO_USER);
    fcntl(ROLE_FD_END, F_SETFD, FD_CLOEXEC);
    fexecve(ROLE_FD_END, arguments, environment);
    _exit(EXIT_NO_PROGRAM);
}

enum status spawn_role(const struct spawn *spawn, pid_t *pid, struct problem *why)
{
    pid_t child = fork();
    if (child < 0)
        return problem_errno(why, "fork");
    if (child == 0)
        run_child(spawn);
    *pid = child;
    return ST_OK;
}

/* Without CAP_KILL root may not signal what runs as another user; who becomes that user may,
 * and reaches nobody else's processes. */
void spawn_signal(pid_t pid, uid_t uid, int number)
{
    if (kill(pid, number) == 0 || errno != EPERM)
        return;
    pid_t helper = fork();
    if (helper == 0)
        _exit(become(uid) && kill(pid, number) == 0 ? 0 : EXIT_NO_USER);
    /* Until it is done nobody reaps `pid`, so that the number stays that process's. */
    while (helper > 0 && waitpid(helper, NULL, 0) < 0 && errno == EINTR)
        continue;
}
