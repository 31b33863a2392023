/* screen_lock: the screen locks itself within five minutes, and its user cannot change that. */
#include "workstation/internal.h"

enum { LOCK_SECONDS_MAX = 300, SECONDS_MAX = 366 * 86400, DATABASES_MAX = 16 };

static const struct lock_key {
    const char *section, *key;
} lock_keys[LOCK_KEYS] = {
    [LOCK_ENABLED] = {"org/gnome/desktop/screensaver", "lock-enabled"},
    [LOCK_DELAY] = {"org/gnome/desktop/screensaver", "lock-delay"},
    [LOCK_IDLE] = {"org/gnome/desktop/session", "idle-delay"},
    /* Who may turn it on has no lock screen. */
    [LOCK_DISABLED] = {"org/gnome/desktop/lockdown", "disable-lock-screen"},
};

void dconf_read(struct slice text, struct lock_settings *settings)
{
    struct setting setting = {0};
    while (next_setting(&text, &setting))
        for (size_t i = 0; i < LOCK_KEYS; i++)
            if (slice_equal(setting.section, slice_from(lock_keys[i].section)) &&
                slice_equal(setting.key, slice_from(lock_keys[i].key)))
                settings->keys[i].value = setting.value;
}

/* "/org/gnome/desktop/session/idle-delay" */
static bool names_key(struct slice line, const struct lock_key *key)
{
    struct slice section = slice_from(key->section), name = slice_from(key->key);
    return line.len == section.len + name.len + 2 && line.data[0] == '/' && slice_starts(slice_sub(line, 1, line.len), section) &&
           line.data[section.len + 1] == '/' && slice_ends(line, name);
}

void dconf_locks_read(struct slice text, struct lock_settings *settings)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        for (size_t i = 0; i < LOCK_KEYS; i++)
            settings->keys[i].locked |= names_key(slice_trim(line), &lock_keys[i]);
}

/* A GVariant: "uint32 300", "300". */
static bool seconds_of(struct slice value, uint64_t *seconds)
{
    if (slice_starts(value, LIT("uint32 ")))
        value = slice_trim(slice_sub(value, LIT("uint32 ").len, value.len));
    return slice_to_u64(value, SECONDS_MAX, seconds);
}

struct finding dconf_judge(const struct lock_settings *settings)
{
    const struct lock_value *keys = settings->keys;
    uint64_t idle, delay;
    if (!slice_equal(keys[LOCK_ENABLED].value, LIT("true")) || !slice_equal(keys[LOCK_DISABLED].value, LIT("false")) ||
        !seconds_of(keys[LOCK_IDLE].value, &idle) || !seconds_of(keys[LOCK_DELAY].value, &delay) || idle == 0)
        return fails("lock_off");
    if (idle + delay > LOCK_SECONDS_MAX)
        return fails("lock_late");
    for (size_t i = 0; i < LOCK_KEYS; i++)
        if (!keys[i].locked)
            return fails("lock_open");
    return HOLDS;
}

void logind_read(struct slice text, struct idle_settings *settings)
{
    struct setting setting = {0};
    while (next_setting(&text, &setting)) {
        if (!slice_equal(setting.section, LIT("Login")))
            continue;
        if (slice_equal(setting.key, LIT("IdleAction")))
            settings->action = setting.value;
        else if (slice_equal(setting.key, LIT("IdleActionSec")))
            settings->sec = setting.value;
    }
}

static bool unit_seconds(struct slice unit, uint64_t *seconds)
{
    static const struct {
        const char *names[6];
        uint32_t seconds;
    } units[] = {{{"s", "sec", "second", "seconds", "", NULL}, 1},
                 {{"min", "m", "minute", "minutes", NULL}, 60},
                 {{"h", "hr", "hour", "hours", NULL}, 3600}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (is_one_of(unit, units[i].names)) {
            *seconds = units[i].seconds;
            return true;
        }
    return false;
}

bool timespan_parse(struct slice text, uint64_t *seconds)
{
    uint64_t sum = 0, number, unit;
    for (text = slice_trim(text); text.len > 0; text = slice_trim(text)) {
        size_t digits = 0, letters;
        while (digits < text.len && ascii_is_digit(text.data[digits]))
            digits++;
        struct slice rest = slice_trim(slice_sub(text, digits, text.len));
        for (letters = 0; letters < rest.len && ascii_is_alpha(rest.data[letters]);)
            letters++;
        if (!slice_to_u64(slice_sub(text, 0, digits), SECONDS_MAX, &number) || !unit_seconds(slice_sub(rest, 0, letters), &unit))
            return false;
        sum += number * unit;
        if (sum > SECONDS_MAX)
            return false;
        *seconds = sum;
        text = slice_sub(rest, letters, rest.len);
        if (text.len == 0)
            return true;
    }
    return false;
}

struct finding logind_judge(const struct idle_settings *settings)
{
    uint64_t seconds;
    if (!slice_equal(settings->action, LIT("lock")))
        return fails("lock_off");
    if (!timespan_parse(settings->sec, &seconds) || seconds == 0 || seconds > LOCK_SECONDS_MAX)
        return fails("lock_late"); /* 30 minutes, if nothing is said */
    return HOLDS;
}

/* The files */

/* One system database of dconf: keyfiles and locks, and what dconf made of them, which is what counts. */
static struct finding read_database(const struct station *station, struct slice name, struct lock_settings *settings)
{
    const char *made = station_path(station, "/etc/dconf/db/%.*s", SLICE_ARG(name));
    struct slice_list names, locks = {0};
    struct instant made_at, file_at;
    struct slice text;
    enum status status = station_list(station, station_path(station, "%s.d/locks", made), &locks);
    if ((status != ST_OK && status != ST_NOT_FOUND) || station_list(station, station_path(station, "%s.d", made), &names) != ST_OK)
        return unknown("lock_unreadable");
    if (station_changed(station, made, &made_at) != ST_OK)
        return fails("lock_not_compiled");
    for (size_t i = 0; i < names.count + locks.count; i++) {
        bool lock = i >= names.count;
        struct slice file = lock ? locks.items[i - names.count] : names.items[i];
        const char *path = station_path(station, "%s.d/%s%.*s", made, lock ? "locks/" : "", SLICE_ARG(file));
        if (!lock && slice_equal(file, LIT("locks")))
            continue;
        if (station_read(station, path, &text) != ST_OK || station_changed(station, path, &file_at) != ST_OK)
            return unknown("lock_unreadable");
        if (file_at.us > made_at.us)
            return fails("lock_not_compiled");
        (lock ? dconf_locks_read : dconf_read)(text, settings);
    }
    return HOLDS;
}

/* dconf(7): of the databases in the profile the first that knows a key counts, so they are read from the last on. */
static struct finding check_gnome(const struct station *station)
{
    struct slice text, line, databases[DATABASES_MAX];
    struct lock_settings settings = {0};
    struct finding worst = HOLDS;
    size_t count = 0;
    enum status status = station_read(station, "/etc/dconf/profile/user", &text);
    if (status != ST_OK)
        return status == ST_NOT_FOUND ? fails("lock_off") : unknown("lock_unreadable");
    while (slice_next_line(&text, &line))
        if (slice_starts(slice_trim(line), LIT("system-db:")) && count < DATABASES_MAX)
            databases[count++] = slice_sub(slice_trim(line), LIT("system-db:").len, SIZE_MAX);
    while (count-- > 0)
        worst = finding_worse(worst, read_database(station, databases[count], &settings));
    return worst.state == POSTURE_HOLDS ? dconf_judge(&settings) : worst;
}

static struct finding check_logind(const struct station *station)
{
    static const char *const folders[] = {"/etc/systemd/logind.conf.d", "/run/systemd/logind.conf.d",
                                          "/usr/local/lib/systemd/logind.conf.d", "/usr/lib/systemd/logind.conf.d", NULL};
    struct idle_settings settings = {0};
    struct slice_list paths;
    struct slice text;
    enum status status = station_read(station, "/etc/systemd/logind.conf", &text);
    if ((status != ST_OK && status != ST_NOT_FOUND) || station_drop_ins(station, folders, ".conf", &paths) != ST_OK)
        return unknown("lock_unreadable");
    if (status == ST_OK)
        logind_read(text, &settings);
    for (size_t i = 0; i < paths.count; i++) {
        if (station_read(station, arena_text(station->arena, paths.items[i]), &text) != ST_OK)
            return unknown("lock_unreadable");
        logind_read(text, &settings);
    }
    return logind_judge(&settings);
}

/* One of the two is enough; of two that do not hold, the one that somebody has begun with. */
struct finding check_screen(const struct station *station)
{
    struct finding gnome = check_gnome(station), logind = check_logind(station);
    if (gnome.state == POSTURE_HOLDS || logind.state == POSTURE_HOLDS)
        return HOLDS;
    return strcmp(gnome.cause, "lock_off") == 0 ? logind : gnome;
}
