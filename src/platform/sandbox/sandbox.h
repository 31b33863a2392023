#ifndef RENDEZ_PLATFORM_SANDBOX_H
#define RENDEZ_PLATFORM_SANDBOX_H

#include "base/bytes/bytes.h"

/* What a process may still do after it has opened what it needs: seccomp (system calls),
 * Landlock (files, ports, signals), no new privileges, resource limits, no core dump, no
 * ptrace. It cannot be undone. */

/* Without any of these: computing, reading and writing descriptors that are open. */
enum {
    MAY_NOTHING = 0,
    MAY_ACCEPT = 1 << 0,  /* connections on listening sockets that are open */
    MAY_CONNECT = 1 << 1, /* TCP to the ports of the rules; name resolution; threads for it */
    MAY_FILES = 1 << 2,   /* files under the paths of the rules: create, write, fsync, rename */
    MAY_STORE = 1 << 3,   /* the same with locks and shared mappings, as SQLite wants */
    MAY_KEYS = 1 << 4,    /* read files of the rules; lock memory */
    MAY_READ = 1 << 5,    /* open files under the paths of the rules for reading, no more */
    MAY_THREADS = 1 << 6, /* threads of this process, and a descriptor to wake its loop */
};

enum sandbox_access { SANDBOX_READ, SANDBOX_WRITE };
/* A file, or a folder with all that is below it. One that does not exist is left out. */
struct sandbox_path {
    const char *path;
    enum sandbox_access access;
};
enum { SANDBOX_PATHS_MAX = 16, SANDBOX_PORTS_MAX = 8 };

struct sandbox_rules {
    unsigned may;
    unsigned may_not; /* for role_enter: what of the role's row is not needed this time */
    struct sandbox_path paths[SANDBOX_PATHS_MAX]; /* up to the first NULL */
    uint16_t connect_ports[SANDBOX_PORTS_MAX];    /* up to the first 0; none: any port */
    uint64_t memory_bytes_max;                    /* of the address space's data; 0: no limit */
};

/* Enters it. Every call that is not allowed ends the process (SIGSYS), but for a few that
 * libraries try and can do without: these fail with EACCES.
 * ST_UNAVAILABLE  the kernel lacks seccomp; Landlock is used as far as it goes (ABI 0-7) */
MUST_USE enum status sandbox_enter(const struct sandbox_rules *rules, struct problem *why);

/* Landlock ABI of this kernel; 0: none. */
int sandbox_landlock_abi(void);

#endif
