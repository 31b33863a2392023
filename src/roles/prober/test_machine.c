/* Who runs and who listens, read from a made tree of proc(5). */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/check.h" /* beside this file is another one of that name */
/* Two of a check's functions have names of the tests'; none is used here. */
#define check_number fact_number
#define check_text fact_text
#include "roles/prober/prober.h"
#undef check_number
#undef check_text

static char folder[] = "/tmp/rendez-machine-XXXXXX";
enum { ARENA_BYTES = 32 << 20 };

static const char *path_of(const char *path, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%s", folder, path);
    return out;
}

static void make_folder(const char *path)
{
    char whole[PATH_MAX];
    CHECK(mkdir(path_of(path, whole), 0700) == 0);
}

static void put(const char *path, const char *text)
{
    char whole[PATH_MAX];
    CHECK_OK(file_write_durably(path_of(path, whole), slice_from(text), 0600, NULL));
}

static void drop(const char *path)
{
    char whole[PATH_MAX];
    CHECK(remove(path_of(path, whole)) == 0);
}

static struct check check_in(struct arena *arena)
{
    return (struct check){.arena = arena, .deadline_ms = clock_monotonic_ms() + CHECK_LONGEST_MS, .proc = folder};
}

/* What a status file says, and what is seen of it. */
static const struct {
    const char *text;
    bool seen;
    uint64_t parent, user;
    const char *name;
} statuses[] = {
    {"Name:\trendezd\nState:\tS (sleeping)\nPPid:\t1\nUid:\t0\t0\t0\t0\n", true, 1, 0, "rendezd"},
    {"Name:\trendez-api\nState:\tR (running)\nPPid:\t70\nUid:\t7\t64102\t8\t9\n", true, 70, 64102, "rendez-api"}, /* effective */
    {"Uid:\t5\t6\t7\t8\nPPid:\t9\nName:\ta b\nState:\tD (disk sleep)\n", true, 9, 6, "a b"}, /* in any order */
    {"Name:\tgone\nState:\tZ (zombie)\nPPid:\t1\nUid:\t0\t0\t0\t0\n", false, 0, 0, NULL},
    {"Name:\tx\nState:\tS\nPPid:\t1\nUid:\t0\n", false, 0, 0, NULL}, /* no effective user */
    {"Name:\tx\nState:\tS\nPPid:\tone\nUid:\t0\t0\t0\t0\n", false, 0, 0, NULL},
    {"Name:\tx\nState:\tS\nUid:\t0\t0\t0\t0\n", false, 0, 0, NULL},
    {"", false, 0, 0, NULL},
};

static void who_runs(void)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        AUTO_ARENA arena = arena_create(ARENA_BYTES);
        struct check c = check_in(arena);
        struct check_running_list list = {0};
        check_row(statuses[i].text);
        put("70/status", statuses[i].text);
        CHECK_OK(check_running(&c, &list, NULL));
        CHECK_NUMBER(list.count, statuses[i].seen ? 1 : 0); /* neither "self" nor "70x" nor one without status */
        if (list.count != 1)
            continue;
        CHECK_NUMBER(list.items[0].pid, 70);
        CHECK_NUMBER(list.items[0].parent, statuses[i].parent);
        CHECK_NUMBER(list.items[0].user, statuses[i].user);
        CHECK_TEXT(list.items[0].name, statuses[i].name);
    }
}

static void what_takes_too_long_is_not_tried(void)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    struct check c = check_in(arena);
    struct check_running_list list = {0};
    put("70/status", statuses[0].text);
    c.deadline_ms = 0;
    CHECK_NUMBER(check_running(&c, &list, NULL), ST_UNAVAILABLE);
    c.proc = "/nowhere.example";
    CHECK(check_running(&c, &list, NULL) != ST_OK);
}

#define HEAD "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define REST " 00000000:00000000 00:00000000 00000000 "

static const struct {
    const char *text;
    unsigned port; /* 0: nobody listens */
    uint64_t user;
} ports[] = {
    {HEAD "   0: 0100007F:1F90 00000000:0000 0A" REST "64101        0 21 1\n", 8080, 64101},
    {HEAD "   0: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A" REST "0 0 21 1\n", 443, 0},
    {HEAD "   0: 0100007F:ffff 00000000:0000 0A" REST "1 0 21 1\n", 65535, 1},
    {HEAD "   0: 0100007F:1F90 0100007F:C350 01" REST "64101        0 21 1\n", 0, 0}, /* a connection */
    {HEAD "   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0\n", 0, 0},
    {HEAD "   0: 0100007F 00000000:0000 0A" REST "1 0 21 1\n", 0, 0},
    {HEAD "   0: 0100007F:1F901 00000000:0000 0A" REST "1 0 21 1\n", 0, 0},
    {HEAD, 0, 0},
    {"", 0, 0},
};

static void who_listens(void)
{
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        AUTO_ARENA arena = arena_create(ARENA_BYTES);
        struct check c = check_in(arena);
        struct check_port_list list = {0};
        check_row(ports[i].text);
        put("self/net/tcp", ports[i].text);
        CHECK_OK(check_ports(&c, &list, NULL)); /* a machine without IPv6 */
        CHECK_NUMBER(list.count, ports[i].port != 0 ? 1 : 0);
        if (list.count != 1)
            continue;
        CHECK_NUMBER(list.items[0].port, ports[i].port);
        CHECK_NUMBER(list.items[0].user, ports[i].user);
    }
}

static void both_families_count(void)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    struct check c = check_in(arena);
    struct check_port_list list = {0};
    put("self/net/tcp", ports[0].text);
    put("self/net/tcp6", ports[1].text);
    CHECK_OK(check_ports(&c, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    drop("self/net/tcp6");
    drop("self/net/tcp");
    CHECK_NUMBER(check_ports(&c, &list, NULL), ST_NOT_FOUND);
}

int main(void)
{
    static const char *const folders[] = {"70", "70x", "71", "self", "self/net"};
    if (mkdtemp(folder) == NULL)
        return 1;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        make_folder(folders[i]);
    put("70x/status", statuses[0].text); /* no number */
    TEST(who_runs);
    TEST(what_takes_too_long_is_not_tried);
    TEST(who_listens);
    TEST(both_families_count);
    drop("70/status");
    drop("70x/status");
    for (size_t i = sizeof folders / sizeof *folders; i-- > 0;)
        drop(folders[i]);
    CHECK(rmdir(folder) == 0);
    return check_done();
}
