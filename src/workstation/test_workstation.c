/* Made workstations: a good one holds all six, each change of one file makes its one item fail, with its cause. */
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "workstation/internal.h"

#define NOW_S INT64_C(1795651200)
#define DAY_S INT64_C(86400)

struct made_file {
    const char *path, *text;
    int64_t age_s;
};

static const struct made_file good[] = {
    {"/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nnora:x:1000:1000::/home/nora:/bin/bash\n"},
    {"/etc/group", "root:x:0:\nadm:x:4:\nsudo:x:27:\nnora:x:1000:\n"},
    {"/etc/shadow", "root:*:19000:0:99999:7:::\nnora:$y$made:19000:0:99999:7:::\n"},
    {"/etc/nsswitch.conf", "passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\nhosts: files dns\n"},
    {"/etc/sudoers", "Defaults env_reset\nDefaults mail_badpass, \\\n secure_path=\"/usr/bin\"\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n"},
    {"/etc/sudoers.d/README", "# nothing\n"},
    {"/etc/polkit-1/rules.d/50-default.rules", "polkit.addAdminRule(function(a, s) {\n    return [\"unix-group:sudo\", 'unix-user:0'];\n});\n"},
    {"/etc/modprobe.d/storage.conf", "install usb-storage /bin/false\ninstall uas /bin/false\n"},
    {"/proc/sys/kernel/osrelease", "6.1.0-made\n"},
    {"/proc/modules", "xhci_pci 20480 0 - Live 0x0\n"},
    {"/lib/modules/6.1.0-made/modules.dep", "kernel/drivers/usb/storage/usb-storage.ko: kernel/a/b.ko\nkernel/drivers/usb/storage/uas.ko: kernel/drivers/usb/storage/usb-storage.ko\n"},
    {"/lib/modules/6.1.0-made/modules.builtin", "kernel/fs/ext4/ext4.ko\n"},
    {"/sys/bus/usb/devices/usb1/authorized_default", "0\n"},
    {"/sys/bus/usb/devices/usb2/authorized_default", "2\n"},
    {"/sys/bus/usb/devices/1-0:1.0/authorized", "1\n"},
    {"/etc/dconf/profile/user", "user-db:user\nsystem-db:local\n"},
    {"/etc/dconf/db/local.d/00-lock", "[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 0\n\n[org/gnome/desktop/session]\nidle-delay=uint32 300\n\n[org/gnome/desktop/lockdown]\ndisable-lock-screen=false\n", 100},
    {"/etc/dconf/db/local.d/locks/lock", "/org/gnome/desktop/screensaver/lock-enabled\n/org/gnome/desktop/screensaver/lock-delay\n/org/gnome/desktop/session/idle-delay\n/org/gnome/desktop/lockdown/disable-lock-screen\n", 100},
    {"/etc/dconf/db/local", "GVariant", 50},
    {"/proc/1/mountinfo", "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/room-root rw\n23 22 0:5 / /proc rw - proc proc rw\n24 22 0:40 /home /home rw - btrfs /dev/mapper/data rw\n"},
    {"/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/dev/dm-2 partition 999420 0 -2\n/dev/zram0 partition 100 0 100\n"},
    /* LVM on LUKS, LUKS, plain dm-crypt. */
    {"/sys/dev/block/254:1/dm/uuid", "LVM-made\n"},
    {"/sys/dev/block/254:1/slaves/dm-0/dm/uuid", "CRYPT-LUKS2-made-disk\n"},
    {"/sys/class/block/dm-0/dm/name", "disk\n"},
    {"/sys/class/block/dm-3/dm/name", "data\n"},
    {"/sys/class/block/dm-3/dm/uuid", "CRYPT-LUKS2-made-data\n"},
    {"/sys/class/block/dm-2/dm/uuid", "CRYPT-PLAIN-swap\n"},
    {"/sys/class/block/zram0/backing_dev", "none\n"},
    {"/var/lib/apt/periodic/update-success-stamp", "", DAY_S},
    {"/var/lib/dpkg/status", "Package: libexample\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.2-3\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 0.1\n\n"},
    {"/var/lib/apt/lists/security.debian.example_dists_made-security_main_binary-amd64_Packages", "Package: gone\nVersion: 2.0\n\nPackage: libexample\nVersion: 1.2-3\n\nPackage: never\nVersion: 9\n"},
    {"/proc/net/route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
                        "tun0\t00000000\t0100080A\t0003\t0\t0\t50\t00000000\t0\t0\t0\n"
                        "tun0\t0000080A\t00000000\t0001\t0\t0\t50\t00FFFFFF\t0\t0\t0\n"
                        "eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
                        "eth0\t070200C0\t0102000A\t0007\t0\t0\t100\tFFFFFFFF\t0\t0\t0\n"},
    {"/proc/net/if_inet6", "00000000000000000000000000000001 01 80 10 80       lo\nfe80000000000000020000fffe000001 02 40 20 80     eth0\n"},
    {"/proc/net/ipv6_route", "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n"
                             "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n"},
    {"/sys/class/net/tun0/tun_flags", "0x1001\n"},
    {"/etc/resolv.conf", "# made\nnameserver 10.8.0.1\nsearch acme.example\n"},
};

/* One change of the good one. text NULL: the file is not there; UNREADABLE: it is a folder, so nobody can read it. */
#define UNREADABLE "\1"
static const struct change {
    struct made_file file;
    enum posture_item item;
    enum posture_state state;
    const char *cause;
} changes[] = {
#define FAILS(of, word, ...) {{__VA_ARGS__}, POSTURE_##of, POSTURE_FAILS, word},
#define UNKNOWN(of, word, ...) {{__VA_ARGS__}, POSTURE_##of, POSTURE_UNKNOWN, word},
#define STILL(of, ...) {{__VA_ARGS__}, POSTURE_##of, POSTURE_HOLDS, NULL},
    FAILS(NO_ADMINISTRATOR, "administrator_group", "/etc/group", "root:x:0:\nsudo:x:27:nora\n")
    FAILS(NO_ADMINISTRATOR, "administrator_group", "/etc/group", "root:x:0:\nwheel:x:1000:\n")
    FAILS(NO_ADMINISTRATOR, "administrator_group", "/etc/group", "adm:x:4:syslog,nora\nbroken\n")
    FAILS(NO_ADMINISTRATOR, "second_root", "/etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n")
    UNKNOWN(NO_ADMINISTRATOR, "accounts_malformed", "/etc/passwd", "root:x:0:0::/root:/bin/sh\n+::::::\n")
    UNKNOWN(NO_ADMINISTRATOR, "accounts_unreadable", "/etc/passwd", NULL)
    UNKNOWN(NO_ADMINISTRATOR, "accounts_unreadable", "/etc/group", UNREADABLE)
    UNKNOWN(NO_ADMINISTRATOR, "accounts_unreadable", "/etc/shadow", UNREADABLE)
    UNKNOWN(NO_ADMINISTRATOR, "root_unknown", "/etc/shadow", NULL)
    UNKNOWN(NO_ADMINISTRATOR, "accounts_elsewhere", "/etc/nsswitch.conf", "passwd: files sss\n")
    FAILS(NO_ADMINISTRATOR, "root_password", "/etc/shadow", "root:$y$made:19000::::::\n")
    FAILS(NO_ADMINISTRATOR, "root_password", "/etc/shadow", "root::19000::::::\n")
    STILL(NO_ADMINISTRATOR, "/etc/shadow", "root:!$y$made:19000::::::\n")
    FAILS(NO_ADMINISTRATOR, "root_key", "/root/.ssh/authorized_keys", "# a key\nssh-ed25519 AAAA nora\n")
    STILL(NO_ADMINISTRATOR, "/root/.ssh/authorized_keys", "# none\n\n")
    FAILS(NO_ADMINISTRATOR, "sudo_rule", "/etc/sudoers.d/nora", "nora ALL=(ALL) NOPASSWD: ALL\n")
    FAILS(NO_ADMINISTRATOR, "sudo_rule", "/etc/sudoers.d/uid", "#1000 ALL=(ALL) ALL\n")
    FAILS(NO_ADMINISTRATOR, "sudo_rule", "/etc/sudoers", "root, nora ALL=(ALL) ALL\n")
    FAILS(NO_ADMINISTRATOR, "sudo_rule", "/etc/sudoers", "root \\\n, nora ALL=(ALL) ALL\n")
    FAILS(NO_ADMINISTRATOR, "sudo_rule", "/etc/sudoers", "%users ALL=(ALL) ALL\n")
    STILL(NO_ADMINISTRATOR, "/etc/sudoers.d/nora.off", "nora ALL=(ALL) ALL\n")
    STILL(NO_ADMINISTRATOR, "/etc/sudoers", NULL)
    UNKNOWN(NO_ADMINISTRATOR, "sudo_include", "/etc/sudoers", "@include /etc/more\n")
    UNKNOWN(NO_ADMINISTRATOR, "sudo_unreadable", "/etc/sudoers", UNREADABLE)
    FAILS(NO_ADMINISTRATOR, "polkit_rule", "/etc/polkit-1/rules.d/10-nora.rules", "polkit.addRule(function(a, s) { return polkit.Result.YES; });\n")
    FAILS(NO_ADMINISTRATOR, "polkit_rule", "/etc/polkit-1/rules.d/50-default.rules", "polkit.addAdminRule(function(a, s) { return [\"unix-user:nora\"]; });\n")
    FAILS(NO_ADMINISTRATOR, "polkit_rule", "/etc/polkit-1/localauthority/50-local.d/nora.pkla", "[Nora]\nIdentity=unix-user:nora\nAction=*\nResultAny=yes\n")
    UNKNOWN(NO_ADMINISTRATOR, "polkit_unreadable", "/etc/polkit-1/rules.d/20.rules", UNREADABLE)

    FAILS(USB_STORAGE_OFF, "storage_loadable", "/etc/modprobe.d/storage.conf", "blacklist usb-storage\nblacklist uas\n")
    FAILS(USB_STORAGE_OFF, "storage_loadable", "/etc/modprobe.d/storage.conf", "install usb-storage /bin/false\n")
    FAILS(USB_STORAGE_OFF, "storage_loadable", "/etc/modprobe.d/more.conf", "install usb_storage /sbin/modprobe -i usb_storage\n")
    STILL(USB_STORAGE_OFF, "/usr/lib/modprobe.d/storage.conf", "install uas /sbin/modprobe -i uas\n") /* hidden by that of /etc */
    FAILS(USB_STORAGE_OFF, "storage_loaded", "/proc/modules", "usb_storage 81920 1 uas, Live 0x0\n")
    FAILS(USB_STORAGE_OFF, "storage_built_in", "/lib/modules/6.1.0-made/modules.builtin", "kernel/drivers/usb/storage/usb-storage.ko\n")
    FAILS(USB_STORAGE_OFF, "ports_open", "/sys/bus/usb/devices/usb2/authorized_default", "1\n")
    FAILS(USB_STORAGE_OFF, "ports_open", "/sys/bus/usb/devices/usb1/authorized_default", "-1\n")
    UNKNOWN(USB_STORAGE_OFF, "ports_unreadable", "/sys/bus/usb/devices/usb3/other", "")
    UNKNOWN(USB_STORAGE_OFF, "modules_unreadable", "/proc/modules", NULL)
    UNKNOWN(USB_STORAGE_OFF, "modules_unreadable", "/lib/modules/6.1.0-made/modules.dep", NULL)
    UNKNOWN(USB_STORAGE_OFF, "modules_unreadable", "/etc/modprobe.d/storage.conf", UNREADABLE)

    FAILS(SCREEN_LOCK, "lock_off", "/etc/dconf/profile/user", "user-db:user\n")
    FAILS(SCREEN_LOCK, "lock_off", "/etc/dconf/db/local.d/99", "[org/gnome/desktop/session]\nidle-delay=uint32 0\n", 100)
    FAILS(SCREEN_LOCK, "lock_off", "/etc/dconf/db/local.d/99", "[org/gnome/desktop/lockdown]\ndisable-lock-screen=true\n", 100)
    FAILS(SCREEN_LOCK, "lock_late", "/etc/dconf/db/local.d/99", "[org/gnome/desktop/screensaver]\nlock-delay=uint32 1\n", 100)
    FAILS(SCREEN_LOCK, "lock_open", "/etc/dconf/db/local.d/locks/lock", "/org/gnome/desktop/session/idle-delay\n", 100)
    FAILS(SCREEN_LOCK, "lock_not_compiled", "/etc/dconf/db/local.d/locks/lock", "", 10)
    FAILS(SCREEN_LOCK, "lock_not_compiled", "/etc/dconf/db/local", NULL)
    UNKNOWN(SCREEN_LOCK, "lock_unreadable", "/etc/dconf/profile/user", UNREADABLE)
    UNKNOWN(SCREEN_LOCK, "lock_unreadable", "/etc/dconf/db/local.d/10", UNREADABLE)

    FAILS(DISK_ENCRYPTED, "plain_root", "/sys/dev/block/254:1/slaves/dm-0/dm/uuid", "CRYPT-VERITY-made-disk\n")
    FAILS(DISK_ENCRYPTED, "plain_root", "/sys/dev/block/254:1/slaves/sdb1/partition", "1\n")
    FAILS(DISK_ENCRYPTED, "plain_home", "/sys/class/block/dm-3/dm/uuid", "LVM-made\n")
    FAILS(DISK_ENCRYPTED, "plain_swap", "/sys/class/block/dm-2/dm/uuid", "LVM-swap\n")
    FAILS(DISK_ENCRYPTED, "plain_swap", "/sys/class/block/zram0/backing_dev", "/dev/sda9\n")
    STILL(DISK_ENCRYPTED, "/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/swap\\040file file 1 0 -2\n")
    UNKNOWN(DISK_ENCRYPTED, "device_unknown", "/sys/class/block/dm-3/dm/name", "other\n")
    UNKNOWN(DISK_ENCRYPTED, "device_unknown", "/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/dev/sdx partition 1 0 -2\n")
    UNKNOWN(DISK_ENCRYPTED, "device_unknown", "/proc/1/mountinfo", "22 1 0:30 / / rw - overlay overlay rw\n")
    UNKNOWN(DISK_ENCRYPTED, "mounts_unreadable", "/proc/1/mountinfo", NULL)
    UNKNOWN(DISK_ENCRYPTED, "mounts_unreadable", "/proc/1/mountinfo", "22 1 254:1 / /\n")
    UNKNOWN(DISK_ENCRYPTED, "swaps_unreadable", "/proc/swaps", NULL)

    FAILS(UPDATES, "lists_old", "/var/lib/apt/periodic/update-success-stamp", "", 3 * DAY_S + 1)
    UNKNOWN(UPDATES, "lists_unknown", "/var/lib/apt/periodic/update-success-stamp", NULL)
    STILL(UPDATES, "/run/reboot-required", "", 2 * DAY_S - 1)
    FAILS(UPDATES, "reboot_overdue", "/run/reboot-required", "", 2 * DAY_S + 1)
    UNKNOWN(UPDATES, "waiting_unknown", "/var/lib/dpkg/status", "Package: libexample\nStatus: hold ok installed\nVersion: 1.2-2\n")
    UNKNOWN(UPDATES, "packages_unreadable", "/var/lib/dpkg/status", NULL)
    UNKNOWN(UPDATES, "packages_unreadable", "/var/lib/dpkg/status", "")
    FAILS(UPDATES, "no_security_list", "/var/lib/apt/lists/security.debian.example_dists_made-security_main_binary-amd64_Packages", NULL)

#define ROUTES(text) "/proc/net/route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n" text
#define BY_TUNNEL "tun0\t00000000\t0100080A\t0003\t0\t0\t50\t00000000\t0\t0\t0\n"
    FAILS(NETWORK, "default_route", ROUTES(BY_TUNNEL "eth0\t00000000\t0102000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"))
    FAILS(NETWORK, "default_route", ROUTES(BY_TUNNEL "eth0\t00000080\t0102000A\t0003\t0\t0\t100\t00000080\t0\t0\t0\n"))
    FAILS(NETWORK, "default_route", "/proc/net/ipv6_route", "20000000000000000000000000000000 03 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n")
    FAILS(NETWORK, "no_tunnel", ROUTES("eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"))
    FAILS(NETWORK, "other_interface", ROUTES(BY_TUNNEL "wlan0\t0003000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\neth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"))
    FAILS(NETWORK, "other_interface", "/proc/net/if_inet6", "fe80000000000000020000fffe000001 02 40 20 80     wlan0\n")
    FAILS(NETWORK, "resolver_outside", "/etc/resolv.conf", "nameserver 10.8.0.1\nnameserver 10.0.2.1\n")
    FAILS(NETWORK, "resolver_outside", "/etc/resolv.conf", "nameserver fd00::1\n")
    UNKNOWN(NETWORK, "resolver_unknown", "/etc/resolv.conf", "nameserver 127.0.0.1\n")
    UNKNOWN(NETWORK, "resolver_unknown", "/etc/resolv.conf", "nameserver 127.0.0.53\n")
    UNKNOWN(NETWORK, "resolver_unknown", "/etc/resolv.conf", NULL)
    UNKNOWN(NETWORK, "routes_unreadable", "/proc/net/route", NULL)
    UNKNOWN(NETWORK, "routes_unreadable", "/proc/net/route", "nothing of it\n")
    STILL(NETWORK, "/proc/net/ipv6_route", NULL)
};

static char folder[] = "/tmp/rendez-workstation.XXXXXX";

static int remove_one(const char *path, const struct stat *file, int kind, struct FTW *walk)
{
    (void)file, (void)kind, (void)walk;
    return remove(path);
}

static void remove_all(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && access(path, F_OK) == 0)
        abort();
}

static void make_folders(char *path)
{
    for (char *at = path + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        mkdir(path, 0700);
        *at = '/';
    }
}

static void make_file(const struct station *station, const struct made_file *file)
{
    char *path = arena_text(station->arena, arena_format(station->arena, "%s%s", station->root, file->path));
    int64_t at = NOW_S - file->age_s;
    const struct timespec times[2] = {{.tv_sec = at}, {.tv_sec = at}};
    if (file->text == NULL || strcmp(file->text, UNREADABLE) == 0)
        remove_all(path);
    if (file->text == NULL)
        return;
    make_folders(path);
    if (strcmp(file->text, UNREADABLE) == 0) {
        CHECK(mkdir(path, 0700) == 0);
        return;
    }
    FILE *out = fopen(path, "w");
    CHECK(out != NULL && fputs(file->text, out) >= 0 && fclose(out) == 0);
    CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
}

static struct station make_station(struct arena *arena)
{
    struct station station = {.root = arena_format(arena, "%s/root", folder).data, .now = {NOW_S * 1000000}, .arena = arena};
    remove_all(station.root);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        make_file(&station, &good[i]);
    return station;
}

static void expect_rest(const struct finding *found, int but)
{
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        if (item != but && posture_item_kinds[item] == DEVICE_WORKSTATION && found[item].state != POSTURE_HOLDS) {
            printf("# %s: %s\n", posture_item_names[item], found[item].cause);
            CHECK(found[item].state == POSTURE_HOLDS);
        }
}

static void a_good_one_holds_all_six(void)
{
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    struct finding found[POSTURE_ITEM_COUNT_];
    struct station station = make_station(arena);
    station_check(&station, found);
    expect_rest(found, -1);
    CHECK(station_is_good(found));
}

static void each_change_fails_its_item(void)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const struct change *change = &changes[i];
        AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
        struct finding found[POSTURE_ITEM_COUNT_];
        struct station station = make_station(arena);
        make_file(&station, &change->file);
        station_check(&station, found);
        check_row(arena_format(arena, "%s: %s", change->file.path, change->cause != NULL ? change->cause : "holds").data);
        CHECK_NUMBER(found[change->item].state, change->state);
        CHECK_TEXT(slice_from(found[change->item].cause), change->cause != NULL ? change->cause : "");
        CHECK(station_is_good(found) == (change->state == POSTURE_HOLDS));
        expect_rest(found, (int)change->item);
    }
}

static void logind_is_enough_as_well(void)
{
    static const struct {
        const char *main, *drop_in, *cause;
    } rows[] = {
        {"[Login]\nIdleAction=lock\nIdleActionSec=5min\n", NULL, ""},
        {"[Login]\nIdleAction=lock\nIdleActionSec=4min 61s\n", NULL, "lock_late"},
        {"[Login]\nIdleAction=lock\n", NULL, "lock_late"},
        {"[Login]\n#IdleAction=lock\n", NULL, "lock_off"},
        {"[Login]\nIdleAction=lock\nIdleActionSec=300\n", "[Login]\nIdleAction=ignore\n", "lock_off"},
        {"[Login]\n", "[Login]\nIdleAction=lock\nIdleActionSec=120\n", ""},
        {"[Other]\nIdleAction=lock\nIdleActionSec=120\n", NULL, "lock_off"},
        {NULL, UNREADABLE, "lock_unreadable"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
        struct station station = make_station(arena);
        make_file(&station, &(struct made_file){"/etc/dconf", NULL});
        make_file(&station, &(struct made_file){"/etc/systemd/logind.conf", rows[i].main});
        make_file(&station, &(struct made_file){"/etc/systemd/logind.conf.d/lock.conf", rows[i].drop_in});
        check_row(rows[i].main != NULL ? rows[i].main : "none");
        CHECK_TEXT(slice_from(check_screen(&station).cause), rows[i].cause);
    }
}

/* A security update may wait for seven days from when it was first seen; a newer one begins anew. */
static void an_update_waits_for_seven_days(void)
{
    static const struct {
        int64_t days;
        const char *offered, *cause;
    } rows[] = {{0, "1.2-4", ""}, {7, "1.2-4", ""}, {8, "1.2-4", "security_waiting"}, {8, "1.2-5", ""}, {15, "1.2-5", ""},
                {16, "1.2-5", "security_waiting"}, {17, "1.2-3", ""}, {30, "1.2-5", ""}};
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    struct station station = make_station(arena);
    station.folder = arena_format(arena, "%s/kept", folder).data;
    CHECK(mkdir(station.folder, 0700) == 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = arena_format(arena, "Package: libexample\nVersion: %s\n", rows[i].offered).data;
        station.now.us = (NOW_S + rows[i].days * DAY_S) * 1000000;
        make_file(&station, &(struct made_file){"/var/lib/apt/lists/a-security_Packages", text});
        make_file(&station, &(struct made_file){"/var/lib/apt/periodic/update-stamp", "", -rows[i].days * DAY_S});
        check_row(text);
        CHECK_TEXT(slice_from(check_updates(&station).cause), rows[i].cause);
    }
    make_file(&station, &(struct made_file){"/../kept/waiting", UNREADABLE});
    CHECK_TEXT(slice_from(check_updates(&station).cause), "waiting_unknown");
}

/* The room's gateway has the tunnel: all goes by it. */
static void the_gateway_may_have_the_tunnel(void)
{
    static const struct made_file routes = {ROUTES("eth0\t00000000\t0102000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                                                   "eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n")};
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    struct station station = make_station(arena);
    make_file(&station, &routes);
    CHECK_TEXT(slice_from(check_network(&station).cause), "default_route");
    station.gateway = LIT("10.0.2.9");
    CHECK_TEXT(slice_from(check_network(&station).cause), "default_route");
    station.gateway = LIT("10.0.2.1");
    CHECK_NUMBER(check_network(&station).state, POSTURE_HOLDS);
    make_file(&station, &(struct made_file){"/etc/resolv.conf", "nameserver 10.0.2.7\n"});
    CHECK_TEXT(slice_from(check_network(&station).cause), "resolver_outside");
    make_file(&station, &(struct made_file){"/etc/resolv.conf", "nameserver 10.0.2.1\n"});
    CHECK_NUMBER(check_network(&station).state, POSTURE_HOLDS);
}

static void a_report_says_each_item(void)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    const struct finding found[POSTURE_ITEM_COUNT_] = {HOLDS, fails("ports_open"), unknown("lock_unreadable"), HOLDS, HOLDS, HOLDS};
    CHECK_TEXT(station_json(DEVICE_WORKSTATION, found, arena),
               "{\"items\":[{\"item\":\"no_administrator\",\"state\":\"holds\",\"cause\":null},"
               "{\"item\":\"usb_storage_off\",\"state\":\"fails\",\"cause\":\"ports_open\"},"
               "{\"item\":\"screen_lock\",\"state\":\"unknown\",\"cause\":\"lock_unreadable\"},"
               "{\"item\":\"disk_encrypted\",\"state\":\"holds\",\"cause\":null},{\"item\":\"updates\",\"state\":\"holds\",\"cause\":null},"
               "{\"item\":\"network\",\"state\":\"holds\",\"cause\":null}],\"version\":\"" RENDEZ_VERSION "\"}");
    CHECK(slice_contains(station_text(found, arena), LIT("usb_storage_off    fails   ports_open\n")));
    CHECK(!station_is_good(found));
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(a_good_one_holds_all_six);
    TEST(each_change_fails_its_item);
    TEST(logind_is_enough_as_well);
    TEST(an_update_waits_for_seven_days);
    TEST(the_gateway_may_have_the_tunnel);
    TEST(a_report_says_each_item);
    remove_all(folder);
    return check_done();
}
