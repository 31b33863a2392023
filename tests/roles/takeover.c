#include "takeover.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__

enum { BELOW_STACK = 65536, SYSCALL_BYTES = 2, SETTLE_MS = 3000 };

static bool is_asleep(pid_t pid)
{
    char path[32], text[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
        return true; /* gone: attaching will say so */
    const char *end = strrchr(text, ')');
    return end != NULL && end[1] == ' ' && end[2] == 'S';
}

/* A role that has just begun still works: one waits until it waits. */
static void settle(pid_t pid)
{
    for (int i = 0, asleep = 0; i < SETTLE_MS && asleep < 5; i++) {
        asleep = is_asleep(pid) ? asleep + 1 : 0;
        usleep(1000);
    }
}

static bool attach(pid_t pid)
{
    int how;
    settle(pid);
    return ptrace(PTRACE_ATTACH, pid, NULL, NULL) == 0 && waitpid(pid, &how, 0) == pid &&
           WIFSTOPPED(how);
}

bool takeover_is_possible(pid_t pid)
{
    if (!attach(pid))
        return false;
    ptrace(PTRACE_DETACH, pid, NULL, NULL);
    return true;
}

static bool write_data(pid_t pid, unsigned long to, struct slice data)
{
    for (size_t at = 0; at < data.len; at += sizeof(long)) {
        long word = 0;
        size_t rest = data.len - at;
        memcpy(&word, data.data + at, rest < sizeof word ? rest : sizeof word);
        if (ptrace(PTRACE_POKEDATA, pid, to + at, word) < 0)
            return false;
    }
    return true;
}

/* One step over the system call instruction; false: the process died, *result says how. Where something else had stopped it
 * as we came, the SIGSTOP of attaching stops it once more, before the instruction: that is no step. */
static bool step(pid_t pid, long *result)
{
    int how;
    struct user_regs_struct regs;
    do {
        if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) < 0 || waitpid(pid, &how, 0) != pid) {
            *result = TAKEOVER_DIED;
            return false;
        }
    } while (WIFSTOPPED(how) && WSTOPSIG(how) == SIGSTOP);
    if (WIFSIGNALED(how)) {
        *result = TAKEOVER_DIED - WTERMSIG(how);
        return false;
    }
    ptrace(PTRACE_GETREGS, pid, NULL, &regs);
    *result = (long)regs.rax;
    return true;
}

static bool is_call(pid_t pid, unsigned long at)
{
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, pid, at, NULL);
    return errno == 0 && (word & 0xFFFF) == 0x050F;
}

/* Where it waits in a call, the instruction is behind it; where it has not run since the last time, before it. Anywhere else it
 * is at work (or has just done a call, which must not be made again), and is let go on. */
static bool is_waiting(pid_t pid, struct user_regs_struct *regs, bool *in_call)
{
    enum { RESTART_FIRST = -516, RESTART_LAST = -512 }; /* the kernel's ERESTART… */
    if (ptrace(PTRACE_GETREGS, pid, NULL, regs) < 0)
        return false;
    long said = (long)regs->rax;
    *in_call = (long)regs->orig_rax >= 0;
    if (*in_call)
        return (said == -EINTR || (said >= RESTART_FIRST && said <= RESTART_LAST)) && is_call(pid, regs->rip - SYSCALL_BYTES);
    return is_call(pid, regs->rip);
}

static bool attach_waiting(pid_t pid, struct user_regs_struct *regs, bool *in_call)
{
    for (int tries = 0; tries < SETTLE_MS; tries++) {
        if (!attach(pid))
            return false;
        if (is_waiting(pid, regs, in_call))
            return true;
        ptrace(PTRACE_DETACH, pid, NULL, NULL);
        usleep(1000);
    }
    return false;
}

long takeover_call(pid_t pid, long number, const long args[6], struct slice data)
{
    struct user_regs_struct kept, regs;
    long result = TAKEOVER_DIED;
    bool waits;
    if (!attach_waiting(pid, &kept, &waits))
        return TAKEOVER_DIED;
    regs = kept;
    unsigned long place = (regs.rsp - BELOW_STACK) & ~15UL, value[6];
    for (int i = 0; i < 6; i++)
        value[i] = args[i] == TAKEOVER_DATA ? place : (unsigned long)args[i];
    if (waits)
        kept.rip -= SYSCALL_BYTES;
    regs.rip = kept.rip;
    regs.rax = (unsigned long)number;
    regs.orig_rax = ~0UL;
    regs.rdi = value[0], regs.rsi = value[1], regs.rdx = value[2];
    regs.r10 = value[3], regs.r8 = value[4], regs.r9 = value[5];
    if (!write_data(pid, place, data) || ptrace(PTRACE_SETREGS, pid, NULL, &regs) < 0 ||
        !step(pid, &result))
        return result;
    /* Back to its wait, as if a signal had come between. */
    if (waits)
        kept.rax = kept.orig_rax;
    kept.orig_rax = ~0UL;
    ptrace(PTRACE_SETREGS, pid, NULL, &kept);
    ptrace(PTRACE_DETACH, pid, NULL, NULL);
    return result;
}

#else

bool takeover_is_possible(pid_t pid)
{
    (void)pid;
    return false;
}

long takeover_call(pid_t pid, long number, const long args[6], struct slice data)
{
    (void)pid, (void)number, (void)args, (void)data;
    return TAKEOVER_DIED;
}

#endif
