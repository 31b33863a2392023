/* no_administrator: nobody but root can become root, and root cannot log in. */
#include "workstation/internal.h"

static const char *const administrators[] = {"sudo", "wheel", "admin", "adm", NULL};
enum { ADMINISTRATORS = 4 };
enum { PASSWD_NAME, PASSWD_PASSWORD, PASSWD_UID, PASSWD_GID, PASSWD_TEXT, PASSWD_HOME, PASSWD_SHELL, PASSWD_FIELDS };
enum { GROUP_NAME, GROUP_PASSWORD, GROUP_GID, GROUP_MEMBERS, GROUP_FIELDS };

struct group_ids {
    uint64_t items[ADMINISTRATORS];
    size_t count;
};

static struct finding groups_judge(struct slice text, struct group_ids *ids)
{
    struct finding worst = HOLDS;
    struct slice line, fields[GROUP_FIELDS];
    uint64_t id;
    while (slice_next_line(&text, &line)) {
        if (line.len == 0)
            continue;
        if (split_fields(line, ':', fields, GROUP_FIELDS) != GROUP_FIELDS || !slice_to_u64(fields[GROUP_GID], UINT32_MAX, &id))
            worst = finding_worse(worst, unknown("groups_malformed"));
        else if (is_one_of(fields[GROUP_NAME], administrators)) {
            if (slice_trim(fields[GROUP_MEMBERS]).len > 0)
                worst = finding_worse(worst, fails("administrator_group"));
            if (ids->count == ADMINISTRATORS)
                return finding_worse(worst, unknown("groups_malformed")); /* one of them twice */
            ids->items[ids->count++] = id;
        }
    }
    return worst;
}

static struct finding account_judge(const struct slice *fields, const struct group_ids *ids)
{
    uint64_t uid, gid;
    if (!slice_to_u64(fields[PASSWD_UID], UINT32_MAX, &uid) || !slice_to_u64(fields[PASSWD_GID], UINT32_MAX, &gid))
        return unknown("accounts_malformed");
    if (uid == 0 && !slice_equal(fields[PASSWD_NAME], LIT("root")))
        return fails("second_root");
    for (size_t i = 0; i < ids->count; i++)
        if (ids->items[i] == gid)
            return fails("administrator_group");
    return HOLDS;
}

struct finding accounts_judge(struct slice passwd, struct slice group)
{
    struct group_ids ids = {0};
    struct finding worst = groups_judge(group, &ids);
    struct slice line, fields[PASSWD_FIELDS];
    while (slice_next_line(&passwd, &line)) {
        if (line.len == 0)
            continue;
        bool whole = split_fields(line, ':', fields, PASSWD_FIELDS) == PASSWD_FIELDS;
        worst = finding_worse(worst, whole ? account_judge(fields, &ids) : unknown("accounts_malformed"));
    }
    return worst;
}

/* The fields of root's line. */
static bool find_root(struct slice text, struct slice *fields, size_t count)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        if (slice_starts(line, LIT("root:")) && split_fields(line, ':', fields, count) >= count)
            return true;
    return false;
}

struct finding root_judge(struct slice passwd, struct slice shadow)
{
    struct slice fields[PASSWD_FIELDS], secret[2];
    if (!find_root(passwd, fields, PASSWD_FIELDS))
        return unknown("root_unknown");
    if (slice_ends(fields[PASSWD_SHELL], LIT("/nologin")) || slice_ends(fields[PASSWD_SHELL], LIT("/false")))
        return HOLDS;
    struct slice password = fields[PASSWD_PASSWORD];
    if (slice_equal(password, LIT("x"))) {
        if (!find_root(shadow, secret, 2))
            return unknown("root_unknown");
        password = secret[1];
    }
    return slice_starts(password, LIT("!")) || slice_starts(password, LIT("*")) ? HOLDS : fails("root_password");
}

/* Accounts and rules from anywhere but files are not seen here. */
struct finding sources_judge(struct slice nsswitch)
{
    static const char *const databases[] = {"passwd:", "group:", "shadow:", "sudoers:", NULL};
    static const char *const files[] = {"files", "compat", "systemd", NULL}; /* systemd's are made up by services */
    struct slice line, word;
    while (slice_next_line(&nsswitch, &line)) {
        line = slice_sub(line, 0, slice_find(line, LIT("#"), 0));
        if (!next_word(&line, &word) || !is_one_of(word, databases))
            continue;
        while (next_word(&line, &word))
            if (word.data[0] != '[' && !is_one_of(word, files))
                return unknown("accounts_elsewhere");
    }
    return HOLDS;
}

/* Whom a rule of sudoers(5) is for: the groups that have no members, or root. */
static bool is_nobodys_rule(struct slice line)
{
    struct slice who, rest = line;
    if (!next_word(&rest, &who) || slice_find(line, LIT("="), 0) == SIZE_MAX || slice_starts(slice_trim(rest), LIT(",")))
        return false;
    if (who.data[0] == '%')
        return is_one_of(slice_sub(who, 1, who.len), administrators);
    return slice_equal(who, LIT("root"));
}

static bool is_include(struct slice line, struct slice *path)
{
    static const char *const words[] = {"#include", "@include", "#includedir", "@includedir", NULL};
    struct slice word;
    if (!next_word(&line, &word) || !is_one_of(word, words))
        return false;
    *path = slice_trim(line);
    return true;
}

struct finding sudoers_judge(struct slice text)
{
    static const char *const definitions[] = {"Defaults", "User_Alias", "Runas_Alias", "Host_Alias", "Cmnd_Alias",
                                              "Cmd_Alias", NULL};
    struct finding worst = HOLDS;
    struct slice line, path;
    for (bool goes_on = false, before; slice_next_line(&text, &line);) {
        before = goes_on;
        goes_on = slice_ends(line, LIT("\\"));
        line = slice_trim(line);
        bool definition = false;
        for (size_t i = 0; definitions[i] != NULL; i++)
            definition |= slice_starts(line, slice_from(definitions[i]));
        if (before || line.len == 0 || definition)
            continue;
        if (is_include(line, &path)) {
            if (!slice_equal(path, LIT("/etc/sudoers.d")))
                worst = finding_worse(worst, unknown("sudo_include"));
        } else if (line.data[0] == '#' && !(line.len > 1 && ascii_is_digit(line.data[1]))) { /* "#1000" is a user */
            goes_on = false;
        } else if (!is_nobodys_rule(line))
            worst = finding_worse(worst, fails("sudo_rule"));
    }
    return worst;
}

/* Rules are programs: what gives rights is one that says so, or names other administrators. */
struct finding polkit_judge(struct slice rules)
{
    if (slice_contains(rules, LIT("addRule")) || slice_contains(rules, LIT("Identity")))
        return fails("polkit_rule");
    for (size_t at = 0; (at = slice_find(rules, LIT("unix-"), at)) != SIZE_MAX;) {
        size_t sign = slice_find(rules, LIT(":"), at), end = sign == SIZE_MAX ? SIZE_MAX : sign + 1;
        while (end < rules.len && rules.data[end] != '"' && rules.data[end] != '\'')
            end++;
        struct slice kind = slice_sub(rules, at, sign), who = sign == SIZE_MAX ? SLICE_NONE : slice_sub(rules, sign + 1, end);
        bool root = slice_equal(kind, LIT("unix-user")) && (slice_equal(who, LIT("0")) || slice_equal(who, LIT("root")));
        if (!root && !(slice_equal(kind, LIT("unix-group")) && is_one_of(who, administrators)))
            return fails("polkit_rule");
        at += LIT("unix-").len;
    }
    return HOLDS;
}

/* The files */

typedef struct finding judge_fn(struct slice text);

static struct finding judge_file(const struct station *station, const char *path, judge_fn *judge, const char *unread)
{
    struct slice text;
    enum status status = station_read(station, path, &text);
    if (status == ST_NOT_FOUND)
        return HOLDS;
    return status == ST_OK ? judge(text) : unknown(unread);
}

static struct finding judge_folder(const struct station *station, const char *folder, const char *suffix, judge_fn *judge,
                                   const char *unread)
{
    struct slice_list names = {0};
    struct finding worst = HOLDS;
    enum status status = station_list(station, folder, &names);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return unknown(unread);
    for (size_t i = 0; i < names.count; i++) {
        struct slice name = names.items[i];
        /* Of sudoers.d those that sudo reads. */
        bool counts = suffix != NULL ? slice_ends(name, slice_from(suffix))
                                     : !slice_contains(name, LIT(".")) && !slice_ends(name, LIT("~"));
        if (counts)
            worst = finding_worse(worst, judge_file(station, station_path(station, "%s/%.*s", folder, SLICE_ARG(name)), judge, unread));
    }
    return worst;
}

static struct finding check_sudo(const struct station *station)
{
    struct finding worst = judge_file(station, "/etc/sudoers", sudoers_judge, "sudo_unreadable");
    return finding_worse(worst, judge_folder(station, "/etc/sudoers.d", NULL, sudoers_judge, "sudo_unreadable"));
}

/* localauthority has a folder for each kind of rules. */
static struct finding check_polkit(const struct station *station)
{
    static const char *const old = "/etc/polkit-1/localauthority";
    struct slice_list folders = {0};
    struct finding worst = judge_folder(station, "/etc/polkit-1/rules.d", ".rules", polkit_judge, "polkit_unreadable");
    enum status status = station_list(station, old, &folders);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return finding_worse(worst, unknown("polkit_unreadable"));
    for (size_t i = 0; i < folders.count; i++)
        worst = finding_worse(worst, judge_folder(station, station_path(station, "%s/%.*s", old, SLICE_ARG(folders.items[i])),
                                                  ".pkla", polkit_judge, "polkit_unreadable"));
    return worst;
}

static struct finding keys_judge(struct slice text)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        if (slice_trim(line).len > 0 && slice_trim(line).data[0] != '#')
            return fails("root_key");
    return HOLDS;
}

struct finding check_administrators(const struct station *station)
{
    struct slice passwd, group, shadow = SLICE_NONE;
    if (station_read(station, "/etc/passwd", &passwd) != ST_OK || station_read(station, "/etc/group", &group) != ST_OK)
        return unknown("accounts_unreadable");
    enum status status = station_read(station, "/etc/shadow", &shadow);
    struct finding worst = accounts_judge(passwd, group);
    worst = finding_worse(worst, status == ST_OK || status == ST_NOT_FOUND ? root_judge(passwd, shadow)
                                                                           : unknown("accounts_unreadable"));
    worst = finding_worse(worst, judge_file(station, "/root/.ssh/authorized_keys", keys_judge, "accounts_unreadable"));
    worst = finding_worse(worst, judge_file(station, "/etc/nsswitch.conf", sources_judge, "accounts_unreadable"));
    worst = finding_worse(worst, check_sudo(station));
    return finding_worse(worst, check_polkit(station));
}
