#ifndef RENDEZ_PLATFORM_SANDBOX_CALLS_H
#define RENDEZ_PLATFORM_SANDBOX_CALLS_H

#include "base/bytes/bytes.h"

/* The system calls of each privilege, as tables (calls.c). */

/* What an argument must be for the call to be allowed. */
enum call_check {
    CHECK_NOTHING,
    CHECK_NO_EXEC,      /* argument 2 without PROT_EXEC */
    CHECK_NO_ADDRESS,   /* argument 4 is NULL: sendto on a connected socket only */
    CHECK_SELF,         /* argument 0 is this process: tgkill of abort() */
    CHECK_DESCRIPTOR_FLAGS, /* fcntl F_GETFD to F_SETFL, F_DUPFD_CLOEXEC */
    CHECK_EMPTY_PATH,   /* argument 3 has AT_EMPTY_PATH: fstat */
    CHECK_READ_ONLY,    /* argument 2 of openat is O_RDONLY */
    CHECK_INET,         /* argument 0 is AF_INET, AF_INET6 or AF_NETLINK */
    CHECK_THREAD,       /* argument 0 has CLONE_THREAD */
};

struct allowed_call {
    int number;
    enum call_check check;
};
struct call_table {
    unsigned may; /* allowed with any of these privileges; 0: always */
    const struct allowed_call *calls;
    size_t count;
};
extern const struct call_table call_tables[];
extern const size_t call_table_count;

/* Refused with EACCES (clone3: ENOSYS) instead of death, where no table allows them. */
extern const int refused_calls[];
extern const size_t refused_call_count;

/* landlock.c */
struct sandbox_rules;
MUST_USE enum status landlock_enter(const struct sandbox_rules *rules, struct problem *why);

#endif
