#ifndef RENDEZ_WORKSTATION_INTERNAL_H
#define RENDEZ_WORKSTATION_INTERNAL_H

#include <dirent.h>

#include "workstation/workstation.h"

static const struct finding HOLDS = {POSTURE_HOLDS, NULL};
static inline struct finding fails(const char *cause)
{
    return (struct finding){POSTURE_FAILS, cause};
}
static inline struct finding unknown(const char *cause)
{
    return (struct finding){POSTURE_UNKNOWN, cause};
}
void dir_close(DIR **dir); /* accepts NULL */
#define AUTO_DIR __attribute__((cleanup(dir_close))) DIR *
/* What fails, before what is unknown, before what holds; of two alike the first. */
struct finding finding_worse(struct finding a, struct finding b);

/* Files below the root; paths begin with "/". ST_NOT_FOUND is an answer, any other failure is "cannot be read". */
MUST_USE enum status station_read(const struct station *station, const char *path, struct slice *text);
/* Names without "." and "..", in order of bytes; ST_LIMIT over 4096 of them. */
MUST_USE enum status station_list(const struct station *station, const char *path, struct slice_list *names);
MUST_USE enum status station_changed(const struct station *station, const char *path, struct instant *at);
#define station_path(station, ...) (arena_format((station)->arena, __VA_ARGS__).data)
/* Files of a setting that lies in several folders (modprobe.d(5), systemd's drop-ins): in order of their names; of two of
 * one name that of the folder named first. Paths. */
MUST_USE enum status station_drop_ins(const struct station *station, const char *const *folders, const char *suffix,
                                      struct slice_list *paths);

/* Words and lines of files */
bool next_word(struct slice *rest, struct slice *word); /* white space between */
/* Fields of a line; how many there are, of which at most `max` are written. */
size_t split_fields(struct slice line, char sign, struct slice *fields, size_t max);
bool is_one_of(struct slice word, const char *const *words); /* the words' end: NULL */
/* A line of a keyfile, "[section]" passed over: false at the end. Without quotes or comments of its own line. */
struct setting {
    struct slice section, key, value;
};
bool next_setting(struct slice *rest, struct setting *setting); /* `setting` keeps the section from call to call */

/* Judges of texts; pure. */
struct finding accounts_judge(struct slice passwd, struct slice group);
/* Whether root can log in with a password. shadow: may be empty where there is none. */
struct finding root_judge(struct slice passwd, struct slice shadow);
struct finding sources_judge(struct slice nsswitch);
struct finding sudoers_judge(struct slice text);
struct finding polkit_judge(struct slice rules);

enum { STORAGE_MODULES = 2 };
extern const char *const storage_modules[STORAGE_MODULES]; /* usb_storage, uas */
struct module_settings {
    bool off[STORAGE_MODULES], other[STORAGE_MODULES]; /* install … /bin/false; install … something else */
};
void modprobe_read(struct slice text, struct module_settings *settings);
/* Of modules.dep, modules.builtin. */
bool modules_have(struct slice text, const char *module);
bool modules_loaded(struct slice text, const char *module); /* of /proc/modules */
struct finding port_judge(struct slice authorized_default);

struct lock_value {
    struct slice value;
    bool locked;
};
enum { LOCK_ENABLED, LOCK_DELAY, LOCK_IDLE, LOCK_DISABLED, LOCK_KEYS };
struct lock_settings {
    struct lock_value keys[LOCK_KEYS];
};
void dconf_read(struct slice text, struct lock_settings *settings); /* what is said later counts */
void dconf_locks_read(struct slice text, struct lock_settings *settings);
struct finding dconf_judge(const struct lock_settings *settings);
struct idle_settings {
    struct slice action, sec;
};
void logind_read(struct slice text, struct idle_settings *settings);
struct finding logind_judge(const struct idle_settings *settings);
/* systemd.time(7): "300", "5min", "4min 30s". False: none of these. */
bool timespan_parse(struct slice text, uint64_t *seconds);

struct mount {
    struct slice device; /* "254:0" */
    struct slice point, source, kind;
};
struct mount_list {
    struct mount *items;
    size_t count, capacity;
};
/* /proc/PID/mountinfo and /proc/swaps; ST_INVALID: a line that is none. */
MUST_USE enum status mounts_parse(struct slice text, struct arena *arena, struct mount_list *out);
MUST_USE enum status swaps_parse(struct slice text, struct arena *arena, struct mount_list *out); /* source and kind */

/* Versions of Debian packages (deb-version(7)): -1, 0, 1. */
int deb_compare(struct slice a, struct slice b);
struct package {
    struct slice name, version;
};
struct package_list {
    struct package *items;
    size_t count, capacity;
};
/* Paragraphs of dpkg's status (those that are installed) or of a list of packages (all). ST_LIMIT: too many. */
MUST_USE enum status packages_parse(struct slice text, struct arena *arena, struct package_list *out);

enum { ADDRESS_BYTES = 16 };
struct address {
    unsigned char bytes[ADDRESS_BYTES]; /* IPv4: mapped */
};
struct route {
    struct address to, via;
    unsigned bits;
    uint64_t metric;
    struct slice interface;
};
struct route_list {
    struct route *items;
    size_t count, capacity;
};
bool address_parse(struct slice text, struct address *out);
/* /proc/net/route, /proc/net/ipv6_route: those that are up and lead somewhere. Appended. */
MUST_USE enum status routes_parse(struct slice text, struct arena *arena, struct route_list *out);
MUST_USE enum status routes6_parse(struct slice text, struct arena *arena, struct route_list *out);
/* Interfaces that have an address of their own, of /proc/net/if_inet6. */
MUST_USE enum status addresses6_parse(struct slice text, struct arena *arena, struct slice_list *interfaces);
/* The one that a packet takes; NULL: none. */
const struct route *route_find(const struct route_list *routes, const struct address *to);
MUST_USE enum status resolvers_parse(struct slice text, struct arena *arena, struct slice_list *out);

/* Rulesets as `nft -j list ruleset` prints them: they are the same but for handles and counts. Causes: "drift", "absent" (no
 * table of ours), "unreadable". */
struct finding firewall_judge(struct slice wanted, struct slice live, struct arena *arena);

/* Of a folder, with what lies below it: its newest file is at most so old. Causes: "no_footage", "unreadable". */
struct finding footage_judge(const char *folder, unsigned minutes, struct instant now);

/* What asks nft. */
struct gateway {
    struct slice wanted; /* the ruleset as it must be */
    int ask, answer;     /* pipes to the process that asks */
    bool broken;         /* it did not answer in time, and is out of step */
};
#define GATEWAY_NONE ((struct gateway){.ask = -1, .answer = -1})
#define AUTO_GATEWAY __attribute__((cleanup(gateway_end))) struct gateway
/* What those rules (nft(8)) are once a kernel has them: tried in a network of its own. As root, or where users have namespaces. */
MUST_USE enum status gateway_wanted(struct slice rules, struct arena *arena, struct slice *out, struct problem *why);
/* Starts it; it ends with us. */
MUST_USE enum status gateway_begin(struct gateway *gateway, struct problem *why);
void gateway_end(struct gateway *gateway);
MUST_USE enum status gateway_look(struct gateway *gateway, struct arena *arena, struct finding *found, struct problem *why);

/* report.c */
struct net;
#define AUTO_NET __attribute__((cleanup(net_destroy))) struct net *
/* Before a sandbox. */
MUST_USE enum status report_connect(const struct station_report *report, struct net **out, struct problem *why);
MUST_USE enum status report_send(struct net *net, const struct station_report *report, struct slice body, struct problem *why);

/* The items. */
struct finding check_administrators(const struct station *station);
struct finding check_usb(const struct station *station);
struct finding check_screen(const struct station *station);
struct finding check_disk(const struct station *station);
struct finding check_updates(const struct station *station);
struct finding check_network(const struct station *station);

#endif
