/* Files of a workstation, whatever stands in them: each judge takes the same bytes. */
#include <stdlib.h>

#include "workstation/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_BYTES_MAX = 64 * 1024 };

static void expect(struct finding finding)
{
    if ((finding.state == POSTURE_HOLDS) != (finding.cause == NULL))
        abort();
}

static void try_accounts(struct slice text)
{
    expect(accounts_judge(text, text));
    expect(accounts_judge(text, SLICE_NONE));
    expect(root_judge(text, text));
    expect(sources_judge(text));
    expect(sudoers_judge(text));
    expect(polkit_judge(text));
}

static void try_settings(struct slice text)
{
    struct module_settings modules = {0};
    struct lock_settings lock = {0};
    struct idle_settings idle = {0};
    uint64_t seconds;
    modprobe_read(text, &modules);
    (void)(modules_have(text, "uas") || modules_loaded(text, "uas"));
    expect(port_judge(text));
    dconf_read(text, &lock);
    dconf_locks_read(text, &lock);
    expect(dconf_judge(&lock));
    logind_read(text, &idle);
    expect(logind_judge(&idle));
    (void)timespan_parse(text, &seconds);
}

static void try_tables(struct slice text, struct arena *arena)
{
    struct mount_list mounts = {0}, swaps = {0};
    struct package_list packages = {0};
    struct route_list routes = {0};
    struct slice_list words = {0};
    (void)!mounts_parse(text, arena, &mounts);
    (void)!swaps_parse(text, arena, &swaps);
    (void)!packages_parse(text, arena, &packages);
    for (size_t i = 1; i < packages.count; i++) {
        struct slice a = packages.items[i - 1].version, b = packages.items[i].version;
        if (deb_compare(a, a) != 0 || deb_compare(a, b) != -deb_compare(b, a))
            abort();
    }
    (void)!routes_parse(text, arena, &routes);
    (void)!routes6_parse(text, arena, &routes);
    for (size_t i = 0; i < routes.count; i++)
        if (route_find(&routes, &routes.items[i].to) == NULL)
            abort();
    (void)!addresses6_parse(text, arena, &words);
    (void)!resolvers_parse(text, arena, &words);
    for (size_t i = 0; i < words.count; i++) {
        struct address address;
        (void)address_parse(words.items[i], &address);
    }
}

/* What is the same is never drift. */
static void try_rules(struct slice text, struct arena *arena)
{
    struct finding same = firewall_judge(text, text, arena);
    expect(same);
    if (same.state == POSTURE_FAILS)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    if (size > FUZZ_BYTES_MAX)
        return 0;
    AUTO_ARENA arena = arena_create(64 << 20);
    try_accounts(text);
    try_settings(text);
    try_tables(text, arena);
    try_rules(text, arena);
    return 0;
}
