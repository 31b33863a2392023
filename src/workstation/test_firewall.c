/* Rulesets as nft prints them, and a recorder's footage. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "workstation/internal.h"

#define META "{\"metainfo\":{\"version\":\"1.0.6\"}},"
#define TABLE(handle) "{\"table\":{\"family\":\"inet\",\"name\":\"rendez_room\",\"handle\":" handle "}}"
#define CHAIN(name, handle, policy)                                                                                                     \
    "{\"chain\":{\"family\":\"inet\",\"table\":\"rendez_room\",\"name\":\"" name "\",\"handle\":" handle                                     \
    ",\"type\":\"filter\",\"hook\":\"" name "\",\"prio\":0,\"policy\":\"" policy "\"}}"
#define RULE(chain, handle, expr)                                                                                                       \
    "{\"rule\":{\"family\":\"inet\",\"table\":\"rendez_room\",\"chain\":\"" chain "\",\"handle\":" handle ",\"expr\":[" expr "]}}"
#define TO(port) "{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"tcp\",\"field\":\"dport\"}},\"right\":" port "}},{\"accept\":null}"
#define COUNTER(n) "{\"counter\":{\"packets\":" n ",\"bytes\":" n "}}"
#define RULESET(objects) "{\"nftables\":[" META objects "]}"
#define FORWARD TABLE("1") "," CHAIN("forward", "2", "drop") "," CHAIN("output", "3", "drop") "," RULE("forward", "4", TO("8443"))

static const char wanted[] = RULESET(FORWARD "," RULE("forward", "5", COUNTER("0")) "," RULE("output", "6", TO("8443")));

static const struct {
    const char *name, *live;
    const char *cause; /* NULL: it holds */
} cases[] = {
    {"the same", RULESET(FORWARD "," RULE("forward", "5", COUNTER("0")) "," RULE("output", "6", TO("8443"))), NULL},
    {"loaded again, and counted",
     RULESET(TABLE("7") "," CHAIN("forward", "12", "drop") "," CHAIN("output", "13", "drop") "," RULE("forward", "14", TO("8443")) ","
             RULE("forward", "15", COUNTER("17")) "," RULE("output", "16", TO("8443"))), NULL},
    {"chains in another order",
     RULESET(TABLE("1") "," CHAIN("output", "3", "drop") "," CHAIN("forward", "2", "drop") "," RULE("output", "6", TO("8443")) ","
             RULE("forward", "4", TO("8443")) "," RULE("forward", "5", COUNTER("0"))), NULL},
    {"a rule too many", RULESET(FORWARD "," RULE("forward", "5", COUNTER("0")) "," RULE("output", "6", TO("8443")) ","
                                RULE("forward", "9", "{\"accept\":null}")), "drift"},
    {"a rule too few", RULESET(FORWARD "," RULE("output", "6", TO("8443")) "," RULE("output", "7", "{\"drop\":null}")), "drift"},
    {"rules in another order",
     RULESET(TABLE("1") "," CHAIN("forward", "2", "drop") "," CHAIN("output", "3", "drop") "," RULE("forward", "5", COUNTER("0")) ","
             RULE("forward", "4", TO("8443")) "," RULE("output", "6", TO("8443"))), "drift"},
    {"another port", RULESET(FORWARD "," RULE("forward", "5", COUNTER("0")) "," RULE("output", "6", TO("443"))), "drift"},
    {"a rule in another chain", RULESET(FORWARD "," RULE("output", "5", COUNTER("0")) "," RULE("output", "6", TO("8443"))), "drift"},
    {"a policy",
     RULESET(TABLE("1") "," CHAIN("forward", "2", "accept") "," CHAIN("output", "3", "drop") "," RULE("forward", "4", TO("8443")) ","
             RULE("forward", "5", COUNTER("0")) "," RULE("output", "6", TO("8443"))), "drift"},
    {"a table of somebody else",
     RULESET(FORWARD "," RULE("forward", "5", COUNTER("0")) "," RULE("output", "6", TO("8443"))
             ",{\"table\":{\"family\":\"ip\",\"name\":\"nat\",\"handle\":9}}"), "drift"},
    {"one that does not count", RULESET(FORWARD "," RULE("forward", "5", TO("1")) "," RULE("output", "6", TO("8443"))), "drift"},
    {"nothing", RULESET(""), "unreadable"},
    {"no rules at all", "{\"nftables\":[{\"metainfo\":{}}]}", "absent"},
    {"a table of another family", "{\"nftables\":[{\"table\":{\"family\":\"ip\",\"name\":\"rendez_room\",\"handle\":1}}]}", "absent"},
    {"another table", "{\"nftables\":[{\"table\":{\"family\":\"inet\",\"name\":\"filter\",\"handle\":1}}]}", "absent"},
    {"no answer", "", "unreadable"},
    {"no ruleset", "{}", "unreadable"},
    {"no objects", "{\"nftables\":[1]}", "unreadable"},
    {"two in one", "{\"nftables\":[{\"table\":{},\"chain\":{}}]}", "unreadable"},
};

static void only_the_same_rules_hold(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        check_row(cases[i].name);
        struct finding found = firewall_judge(slice_from(wanted), slice_from(cases[i].live), arena);
        CHECK_TEXT(slice_from(found.cause), cases[i].cause == NULL ? "" : cases[i].cause);
        CHECK_NUMBER(found.state == POSTURE_HOLDS, cases[i].cause == NULL);
    }
    AUTO_ARENA arena = arena_create(1 << 20); /* with nothing to compare nothing holds */
    CHECK_TEXT(slice_from(firewall_judge(SLICE_NONE, slice_from(wanted), arena).cause), "unreadable");
    CHECK_TEXT(slice_from(firewall_judge(LIT("{\"nftables\":[]}"), LIT("{\"nftables\":[]}"), arena).cause), "unreadable");
}

/* Footage */

static struct instant at_minutes(int64_t minutes)
{
    return (struct instant){(1790000000 + minutes * 60) * INT64_C(1000000)};
}

static void write_file(const char *path, const char *text, int64_t minutes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const struct timespec times[2] = {{at_minutes(minutes).us / 1000000, 0}, {at_minutes(minutes).us / 1000000, 0}};
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && futimens(fd, times) == 0);
    close(fd);
}

#define JUDGE(folder, minutes, word) CHECK_TEXT(slice_from(footage_judge((folder), 5, at_minutes(minutes)).cause), word)

static void the_newest_file_tells(void)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    char *folder = arena_text(arena, LIT("/tmp/rendez-footage-XXXXXX"));
    CHECK(mkdtemp(folder) != NULL);
    const char *day = arena_format(arena, "%s/day", folder).data, *one = arena_format(arena, "%s/1.mp4", day).data;
    const char *two = arena_format(arena, "%s/2.mp4", folder).data, *link = arena_format(arena, "%s/3.mp4", folder).data;
    JUDGE(folder, 0, "no_footage");
    CHECK_NUMBER(mkdir(day, 0700), 0);
    write_file(one, "picture", 0);
    JUDGE(folder, 0, "");
    JUDGE(folder, 5, "");
    JUDGE(folder, 6, "no_footage");
    JUDGE(folder, -1, "");
    JUDGE(folder, -2, "no_footage"); /* of a time to come */
    write_file(two, "", 6); /* empty is no footage */
    JUDGE(folder, 6, "no_footage");
    CHECK_NUMBER(symlink("/proc/uptime", link), 0);
    JUDGE(folder, 6, "no_footage");
    write_file(two, "picture", 6);
    JUDGE(folder, 6, "");
    unlink(link), unlink(one), unlink(two), rmdir(day), rmdir(folder);
    JUDGE(folder, 6, "unreadable");
}

int main(void)
{
    TEST(only_the_same_rules_hold);
    TEST(the_newest_file_tells);
    return check_done();
}
