/* What stands in single files, where a whole made workstation would be too much. */
#include "check.h"
#include "workstation/internal.h"

/* deb-version(7), and dpkg's own order. */
static void versions_are_ordered_as_dpkg_does(void)
{
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"1.0", "1.0", 0},        {"1.0", "1.0-0", 0},       {"1.0-1", "1.0-2", -1},     {"1.9", "1.10", -1},
        {"1.0~rc1", "1.0", -1},   {"1.0~~", "1.0~", -1},     {"1:0.1", "9.9", 1},        {"0:1", "1", 0},
        {"1.0a", "1.0", 1},       {"1.0+b", "1.0a", 1},      {"1.0-1+deb12u1", "1.0-1", 1}, {"1.001", "1.1", 0},
        {"1.2-3", "1.2-3+b1", -1}, {"2.0-rc-1", "2.0-rc-2", -1}, {"1.0.", "1.0", 1},     {"a", "0", 1},
        {"7.6p2-4", "7.6-0", 1},  {"1.0-", "1.0", 0},        {"18446744073709551616", "18446744073709551615", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].a);
        CHECK_NUMBER(deb_compare(slice_from(rows[i].a), slice_from(rows[i].b)), rows[i].order);
        CHECK_NUMBER(deb_compare(slice_from(rows[i].b), slice_from(rows[i].a)), -rows[i].order);
    }
}

static void timespans(void)
{
    static const struct {
        const char *text;
        int64_t seconds; /* -1: none */
    } rows[] = {{"300", 300}, {"5min", 300}, {"5 min", 300}, {"4min 30s", 270}, {"1h 1min", 3660}, {"90 seconds", 90}, {"0", 0},
                {"", -1},     {"min", -1},   {"5 apples", -1}, {"-5", -1},      {"5min x", -1},    {"infinity", -1}, {"1.5min", -1},
                {"99999999999999999999", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t seconds = 0;
        check_row(rows[i].text);
        bool read = timespan_parse(slice_from(rows[i].text), &seconds);
        CHECK_NUMBER(read ? (int64_t)seconds : -1, rows[i].seconds);
    }
}

static void names_of_mounts_are_unescaped(void)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct mount_list mounts = {0};
    CHECK_OK(mounts_parse(LIT("36 35 98:0 /r /a\\040b\\134c rw shared:1 master:2 - ext4 /dev/sda1 rw\n37 35 0:9 / /x\\04 rw - tmpfs none rw\n"),
                          arena, &mounts));
    CHECK_NUMBER(mounts.count, 2);
    CHECK_TEXT(mounts.items[0].device, "98:0");
    CHECK_TEXT(mounts.items[0].point, "/a b\\c");
    CHECK_TEXT(mounts.items[0].source, "/dev/sda1");
    CHECK_TEXT(mounts.items[1].point, "/x\\04");
    static const char *const bad[] = {"36 35 98:0 /r\n", "36 35 98:0 / / rw - ext4\n", "36 35 98:0 / / rw ext4 /dev/sda1 rw\n", "\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_row(bad[i]);
        CHECK_NUMBER(mounts_parse(slice_from(bad[i]), arena, &mounts), ST_INVALID);
    }
    CHECK_NUMBER(swaps_parse(LIT("/dev/sda1 partition 1 0 -2\n"), arena, &mounts), ST_INVALID);
}

static void the_longest_route_is_taken(void)
{
    static const struct {
        const char *to, *interface; /* NULL: none */
    } rows[] = {{"10.8.0.1", "tun0"}, {"10.0.2.7", "eth0"}, {"192.0.2.1", "tun0"}, {"10.0.2.128", "eth1"}, {"fd00::7", "tun0"},
                {"2001:db8::1", NULL}, {"fe80::1", "eth0"}};
    AUTO_ARENA arena = arena_create(1 << 16);
    struct route_list routes = {0};
    CHECK_OK(routes_parse(LIT("Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
                              "eth0 00000000 0102000A 0003 0 0 100 00000000 0 0 0\n"
                              "tun0 00000000 0100080A 0003 0 0 50 00000000 0 0 0\n"
                              "lo 00000000 00000000 0201 0 0 0 00000000 0 0 0\n"   /* a reject is no way */
                              "gone0 0100080A 00000000 0000 0 0 0 FFFFFFFF 0 0 0\n" /* nor one that is down */
                              "eth0 0002000A 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
                              "eth1 8002000A 00000000 0001 0 0 0 80FFFFFF 0 0 0\n"), arena, &routes));
    CHECK_OK(routes6_parse(LIT("fe800000000000000000000000000000 40 00000000000000000000000000000000 00 "
                               "00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0\n"
                               "fd000000000000000000000000000000 08 00000000000000000000000000000000 00 "
                               "00000000000000000000000000000000 00000100 00000001 00000000 00000001 tun0\n"), arena, &routes));
    CHECK_NUMBER(routes.count, 6);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address address;
        check_row(rows[i].to);
        CHECK(address_parse(slice_from(rows[i].to), &address));
        const struct route *route = route_find(&routes, &address);
        CHECK_TEXT(route != NULL ? route->interface : SLICE_NONE, rows[i].interface != NULL ? rows[i].interface : "");
    }
    CHECK_NUMBER(routes_parse(LIT("Iface\neth0 0 0 0003 0 0 x 0 0\n"), arena, &routes), ST_INVALID);
    CHECK_NUMBER(routes6_parse(LIT("fe80 40\n"), arena, &routes), ST_INVALID);
}

static void sudo_rules(void)
{
    static const struct {
        const char *text, *cause;
    } rows[] = {
        {"", ""},
        {"Defaults:nora !authenticate\nUser_Alias A = nora\n# nora ALL=(ALL) ALL\n", ""},
        {"root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n%wheel ALL=(ALL) ALL\n", ""},
        {"Cmnd_Alias X = /bin/a, \\\nnora ALL=(ALL) ALL\n", ""}, /* of the alias */
        {"A ALL=(ALL) ALL\n", "sudo_rule"},
        {"# comment \\\nnora ALL=(ALL) ALL\n", "sudo_rule"}, /* comments do not go on */
        {"%#27 ALL=(ALL) ALL\n", "sudo_rule"},
        {"\"nora\" ALL=(ALL) ALL\n", "sudo_rule"},
        {"+net ALL=(ALL) ALL\n", "sudo_rule"},
        {"#include /etc/sudoers.d\n", ""},
        {"#includedir /etc/elsewhere\n", "sudo_include"},
        {"@include /etc/other\nnora ALL=ALL\n", "sudo_rule"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].text);
        CHECK_TEXT(slice_from(sudoers_judge(slice_from(rows[i].text)).cause), rows[i].cause);
    }
}

int main(void)
{
    TEST(versions_are_ordered_as_dpkg_does);
    TEST(timespans);
    TEST(names_of_mounts_are_unescaped);
    TEST(the_longest_route_is_taken);
    TEST(sudo_rules);
    return check_done();
}
