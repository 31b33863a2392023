#include "platform/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/sandbox/calls.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true /* shadow memory takes terabytes of address space */
#else
#define SANITIZED false
#endif

static void destroy_filter(scmp_filter_ctx *filter)
{
    if (*filter != NULL)
        seccomp_release(*filter);
}
#define AUTO_FILTER __attribute__((cleanup(destroy_filter))) scmp_filter_ctx

static int allow_masked(scmp_filter_ctx filter, int number, unsigned argument, uint64_t mask,
                        uint64_t value)
{
    struct scmp_arg_cmp compare = {argument, SCMP_CMP_MASKED_EQ, mask, value};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &compare);
}

static int allow_value(scmp_filter_ctx filter, int number, unsigned argument, uint64_t value)
{
    struct scmp_arg_cmp compare = {argument, SCMP_CMP_EQ, value, 0};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &compare);
}

static int allow_values(scmp_filter_ctx filter, int number, unsigned argument, const int *values,
                        size_t count)
{
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result = allow_value(filter, number, argument, (uint64_t)values[i]);
    return result;
}

/* 0, or a negative errno of libseccomp. */
static int allow_call(scmp_filter_ctx filter, const struct allowed_call *call)
{
    static const int descriptor_flags[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC};
    static const int families[] = {AF_INET, AF_INET6, AF_NETLINK};
    switch (call->check) {
    case CHECK_NOTHING:
        return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number, 0, NULL);
    case CHECK_NO_EXEC:
        return allow_masked(filter, call->number, 2, PROT_EXEC, 0);
    case CHECK_NO_ADDRESS:
        return allow_value(filter, call->number, 4, 0);
    case CHECK_SELF:
        return allow_value(filter, call->number, 0, (uint64_t)getpid());
    case CHECK_DESCRIPTOR_FLAGS:
        return allow_values(filter, call->number, 1, descriptor_flags, 5);
    case CHECK_EMPTY_PATH:
        return allow_masked(filter, call->number, 3, AT_EMPTY_PATH, AT_EMPTY_PATH);
    case CHECK_READ_ONLY:
        return allow_masked(filter, call->number, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY);
    case CHECK_INET:
        return allow_values(filter, call->number, 0, families, 3);
    case CHECK_THREAD:
        return allow_masked(filter, call->number, 0, CLONE_THREAD, CLONE_THREAD);
    }
    return -EINVAL;
}

static bool table_counts(const struct call_table *table, unsigned may)
{
    return table->may == 0 || (table->may & may) != 0;
}

static bool allows_whole(unsigned may, int number)
{
    for (size_t i = 0; i < call_table_count; i++) {
        if (!table_counts(&call_tables[i], may))
            continue;
        for (size_t j = 0; j < call_tables[i].count; j++)
            if (call_tables[i].calls[j].number == number &&
                call_tables[i].calls[j].check == CHECK_NOTHING)
                return true;
    }
    return false;
}

static bool allows_some(unsigned may, int number)
{
    for (size_t i = 0; i < call_table_count; i++)
        if (table_counts(&call_tables[i], may))
            for (size_t j = 0; j < call_tables[i].count; j++)
                if (call_tables[i].calls[j].number == number)
                    return true;
    return false;
}

/* The refusal of a call whose good arguments are allowed: libseccomp wants its own,
 * disjoint condition, so only calls with one masked argument can have one. */
static int refuse_call(scmp_filter_ctx filter, unsigned may, int number)
{
    uint32_t action = SCMP_ACT_ERRNO(number == SCMP_SYS(clone3) ? ENOSYS : EACCES);
    if (allows_whole(may, number))
        return 0;
    if (!allows_some(may, number))
        return seccomp_rule_add_array(filter, action, number, 0, NULL);
    if (number == SCMP_SYS(socket)) { /* the resolver looks for nscd before it asks the DNS */
        struct scmp_arg_cmp local = {0, SCMP_CMP_EQ, AF_UNIX, 0};
        return seccomp_rule_add_array(filter, action, number, 1, &local);
    }
    if (number == SCMP_SYS(newfstatat)) {
        struct scmp_arg_cmp named = {3, SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0};
        return seccomp_rule_add_array(filter, action, number, 1, &named);
    }
    return 0;
}

static int build_filter(scmp_filter_ctx filter, unsigned may)
{
    int result = 0;
    for (size_t i = 0; i < call_table_count && result == 0; i++) {
        const struct call_table *table = &call_tables[i];
        if (!table_counts(table, may))
            continue;
        for (size_t j = 0; j < table->count && result == 0; j++)
            if (table->calls[j].check == CHECK_NOTHING || !allows_whole(may, table->calls[j].number))
                result = allow_call(filter, &table->calls[j]);
    }
    for (size_t i = 0; i < refused_call_count && result == 0; i++)
        result = refuse_call(filter, may, refused_calls[i]);
    return result;
}

static enum status enter_seccomp(unsigned may, struct problem *why)
{
    AUTO_FILTER filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL)
        return problem_set(why, ST_UNAVAILABLE, "seccomp is not available");
    int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (result == 0)
        result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (result == 0)
        result = build_filter(filter, may);
    if (result == 0)
        result = seccomp_load(filter);
    if (result == 0)
        return ST_OK;
    errno = -result;
    return problem_errno(why, "seccomp");
}

static enum status limit(int resource, uint64_t most, struct problem *why)
{
    struct rlimit value = {most, most};
    return setrlimit((__rlimit_resource_t)resource, &value) == 0
               ? ST_OK
               : problem_errno(why, "setrlimit");
}

enum status sandbox_enter(const struct sandbox_rules *rules, struct problem *why)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return problem_errno(why, "prctl");
    TRY(limit(RLIMIT_CORE, 0, why));
    if ((rules->may & (MAY_CONNECT | MAY_THREADS)) == 0)
        TRY(limit(RLIMIT_NPROC, 0, why));
    if (rules->memory_bytes_max != 0 && !SANITIZED)
        TRY(limit(RLIMIT_DATA, rules->memory_bytes_max, why));
    TRY(landlock_enter(rules, why));
    return enter_seccomp(rules->may, why);
}
