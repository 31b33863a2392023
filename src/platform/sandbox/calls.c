#include "platform/sandbox/calls.h"

#include <seccomp.h>

#include "platform/sandbox/sandbox.h"

#define CALL(name) {SCMP_SYS(name), CHECK_NOTHING}
#define CALL_IF(name, check) {SCMP_SYS(name), check}

/* Computing, and descriptors that are open. */
static const struct allowed_call always[] = {
    CALL(read), CALL(write), CALL(readv), CALL(writev), CALL(close), CALL(lseek),
    CALL(recvfrom), CALL(recvmsg), CALL_IF(sendto, CHECK_NO_ADDRESS),
    CALL(poll), CALL(ppoll), CALL(epoll_wait), CALL(epoll_pwait), CALL(epoll_pwait2), CALL(epoll_ctl),
    CALL_IF(fcntl, CHECK_DESCRIPTOR_FLAGS),
    CALL(fstat), CALL_IF(newfstatat, CHECK_EMPTY_PATH),
    CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise),
    CALL_IF(mmap, CHECK_NO_EXEC), CALL_IF(mprotect, CHECK_NO_EXEC),
    CALL(mlock), CALL(mlock2), CALL(munlock), /* keys live in locked memory */
    CALL(futex), CALL(sched_yield), CALL(restart_syscall),
    CALL(clock_gettime), CALL(clock_getres), CALL(gettimeofday), CALL(time),
    CALL(clock_nanosleep), CALL(nanosleep),
    CALL(getrandom), CALL(getpid), CALL(gettid), CALL(sysinfo), CALL(uname),
    CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigpending), CALL(rt_sigreturn), CALL_IF(tgkill, CHECK_SELF),
    CALL(exit), CALL(exit_group), CALL(setitimer), /* a limit of its own time */
};

static const struct allowed_call accepting[] = {
    CALL(accept), CALL(accept4), CALL(getsockname), CALL(getpeername), CALL(setsockopt),
    CALL(getsockopt), CALL(shutdown), CALL(sendmsg), CALL(sendfile),
};

/* libcurl: sockets, a resolver thread, its wake-up pair. Files of the resolver and the
 * certificates are bounded by Landlock. */
static const struct allowed_call connecting[] = {
    CALL_IF(socket, CHECK_INET), CALL(connect), CALL(bind), CALL(getsockname), CALL(getpeername),
    CALL(setsockopt), CALL(getsockopt), CALL(shutdown), CALL(sendto), CALL(sendmsg), CALL(sendmmsg),
    CALL(socketpair), CALL(pipe2), CALL(eventfd2), CALL(ioctl),
    CALL_IF(clone, CHECK_THREAD), CALL(set_robust_list), CALL(rseq), CALL(sched_getaffinity),
    CALL_IF(openat, CHECK_READ_ONLY), CALL(newfstatat), CALL(statx), CALL(stat), CALL(access),
    CALL(readlink), CALL(getdents64), CALL(pread64), CALL(getuid), CALL(geteuid), CALL(getgid),
    CALL(getegid),
};

static const struct allowed_call files[] = {
    CALL(open), CALL(openat), CALL(newfstatat), CALL(statx), CALL(stat), CALL(lstat), CALL(access),
    CALL(faccessat), CALL(faccessat2), CALL(getdents64), CALL(pread64), CALL(pwrite64),
    CALL(fsync), CALL(fdatasync), CALL(sync_file_range), CALL(ftruncate), CALL(fallocate),
    CALL(rename), CALL(renameat), CALL(renameat2), CALL(unlink), CALL(unlinkat), CALL(mkdir),
    CALL(mkdirat), CALL(fchmod), CALL(umask), CALL(statfs), CALL(fstatfs),
    CALL(flock), CALL(syncfs),
};

static const struct allowed_call store[] = {
    CALL(fcntl), CALL(geteuid), CALL(getuid), CALL(getegid), CALL(getgid), CALL(fchown),
    CALL(chmod), CALL(rmdir), CALL(readlink), CALL(getcwd), CALL(utimensat), CALL(msync),
};

static const struct allowed_call keys[] = {
    CALL_IF(openat, CHECK_READ_ONLY), CALL(newfstatat), CALL(statx), CALL(geteuid), CALL(getuid),
};

static const struct allowed_call reading[] = {CALL_IF(openat, CHECK_READ_ONLY)};

static const struct allowed_call threads[] = {
    CALL_IF(clone, CHECK_THREAD), CALL(set_robust_list), CALL(rseq), CALL(sched_getaffinity),
    CALL(eventfd2),
};

/* Only in a build with sanitizers: what their run time does besides. Never shipped. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const struct allowed_call sanitizers[] = {
    CALL(sigaltstack), CALL(pipe2), CALL(prctl), CALL(getrlimit), CALL(prlimit64), CALL(getppid),
    CALL(set_robust_list), CALL(rseq), CALL(sched_getaffinity), CALL(getrusage),
};
#endif

#define TABLE(may, calls) {may, calls, sizeof calls / sizeof *calls}
const struct call_table call_tables[] = {
    TABLE(0, always),
    TABLE(MAY_ACCEPT, accepting),
    TABLE(MAY_CONNECT, connecting),
    TABLE(MAY_FILES | MAY_STORE, files),
    TABLE(MAY_STORE, store),
    TABLE(MAY_KEYS, keys),
    TABLE(MAY_READ, reading),
    TABLE(MAY_THREADS, threads),
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    TABLE(0, sanitizers),
#endif
};
const size_t call_table_count = sizeof call_tables / sizeof *call_tables;

/* Libraries try these and can do without. */
const int refused_calls[] = {
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(stat), SCMP_SYS(lstat),
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
    SCMP_SYS(ioctl), SCMP_SYS(socket), SCMP_SYS(prctl), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(clone3), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(prlimit64), SCMP_SYS(getrusage), SCMP_SYS(mlockall),
};
const size_t refused_call_count = sizeof refused_calls / sizeof *refused_calls;
