/* usb_storage_off: no storage on USB, and what is plugged in is not used by itself. */
#include "workstation/internal.h"

const char *const storage_modules[STORAGE_MODULES] = {"usb_storage", "uas"};

/* "-" and "_" are one in names of modules. */
static bool is_module(struct slice name, const char *module)
{
    size_t i = 0;
    for (; i < name.len && module[i] != '\0'; i++)
        if ((name.data[i] == '-' ? '_' : name.data[i]) != module[i])
            return false;
    return i == name.len && module[i] == '\0';
}

void modprobe_read(struct slice text, struct module_settings *settings)
{
    static const char *const nothing[] = {"/bin/false", "/usr/bin/false", "/bin/true", "/usr/bin/true", NULL};
    struct slice line, word;
    while (slice_next_line(&text, &line)) {
        if (!next_word(&line, &word) || !slice_equal(word, LIT("install")) || !next_word(&line, &word))
            continue;
        for (size_t i = 0; i < STORAGE_MODULES; i++)
            if (is_module(word, storage_modules[i]))
                *(is_one_of(slice_trim(line), nothing) ? &settings->off[i] : &settings->other[i]) = true;
    }
}

/* "kernel/drivers/usb/storage/uas.ko.xz: …" */
bool modules_have(struct slice text, const char *module)
{
    struct slice line;
    while (slice_next_line(&text, &line)) {
        line = slice_sub(line, 0, slice_find(line, LIT(":"), 0));
        for (size_t at; (at = slice_find(line, LIT("/"), 0)) != SIZE_MAX;)
            line = slice_sub(line, at + 1, line.len);
        size_t end = slice_find(line, LIT(".ko"), 0);
        if (end != SIZE_MAX && is_module(slice_sub(line, 0, end), module))
            return true;
    }
    return false;
}

bool modules_loaded(struct slice text, const char *module)
{
    struct slice line, word;
    while (slice_next_line(&text, &line))
        if (next_word(&line, &word) && is_module(word, module))
            return true;
    return false;
}

/* The kernel's Documentation/usb/authorization: 0 none, 1 all, 2 those that are built in; -1 all but wireless ones. */
struct finding port_judge(struct slice authorized_default)
{
    struct slice value = slice_trim(authorized_default);
    if (slice_equal(value, LIT("0")) || slice_equal(value, LIT("2")))
        return HOLDS;
    return fails("ports_open");
}

static struct finding check_ports(const struct station *station)
{
    static const char *const folder = "/sys/bus/usb/devices";
    struct slice_list names = {0};
    struct finding worst = HOLDS;
    enum status status = station_list(station, folder, &names);
    if (status == ST_NOT_FOUND) /* a machine without USB has other buses */
        return station_list(station, "/sys/bus", &names) == ST_OK ? HOLDS : unknown("ports_unreadable");
    if (status != ST_OK)
        return unknown("ports_unreadable");
    for (size_t i = 0; i < names.count; i++) {
        struct slice value;
        if (!slice_starts(names.items[i], LIT("usb")))
            continue;
        status = station_read(station, station_path(station, "%s/%.*s/authorized_default", folder, SLICE_ARG(names.items[i])), &value);
        worst = finding_worse(worst, status == ST_OK ? port_judge(value) : unknown("ports_unreadable"));
    }
    return worst;
}

static struct finding read_settings(const struct station *station, struct module_settings *settings)
{
    static const char *const folders[] = {"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
                                          "/usr/lib/modprobe.d", "/lib/modprobe.d", NULL};
    struct slice_list paths;
    struct slice text;
    if (station_drop_ins(station, folders, ".conf", &paths) != ST_OK)
        return unknown("modules_unreadable");
    for (size_t i = 0; i < paths.count; i++) {
        if (station_read(station, arena_text(station->arena, paths.items[i]), &text) != ST_OK)
            return unknown("modules_unreadable");
        modprobe_read(text, settings);
    }
    return HOLDS;
}

struct built {
    struct slice loaded, loadable, inside; /* /proc/modules, modules.dep, modules.builtin */
};

static enum status read_built(const struct station *station, struct built *built)
{
    struct slice release;
    TRY(station_read(station, "/proc/modules", &built->loaded));
    TRY(station_read(station, "/proc/sys/kernel/osrelease", &release));
    release = slice_trim(release);
    TRY(station_read(station, station_path(station, "/lib/modules/%.*s/modules.dep", SLICE_ARG(release)), &built->loadable));
    return station_read(station, station_path(station, "/lib/modules/%.*s/modules.builtin", SLICE_ARG(release)), &built->inside);
}

struct finding check_usb(const struct station *station)
{
    struct module_settings settings = {0};
    struct built built;
    struct finding worst = read_settings(station, &settings);
    bool read = worst.state == POSTURE_HOLDS;
    if (read_built(station, &built) != ST_OK)
        return finding_worse(unknown("modules_unreadable"), check_ports(station));
    for (size_t i = 0; i < STORAGE_MODULES; i++) {
        const char *module = storage_modules[i];
        if (modules_loaded(built.loaded, module))
            worst = finding_worse(worst, fails("storage_loaded"));
        if (modules_have(built.inside, module))
            worst = finding_worse(worst, fails("storage_built_in"));
        if (read && modules_have(built.loadable, module) && (!settings.off[i] || settings.other[i]))
            worst = finding_worse(worst, fails("storage_loadable"));
    }
    return finding_worse(worst, check_ports(station));
}
