/* updates: what mends holes comes in time. */
#include <stdlib.h>

#include "workstation/internal.h"

enum { LISTS_DAYS = 3, WAITING_DAYS = 7, REBOOT_DAYS = 2, SEEN_BYTES_MAX = 4 << 20 };

static bool is_older(const struct station *station, struct instant at, int days)
{
    return station->now.us - at.us > days * DAY_US;
}

/* Lists keep the dates of their server; apt's timers mark when they were fetched. */
static struct finding check_lists(const struct station *station)
{
    static const char *const marks[] = {"/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/periodic/update-stamp"};
    struct instant newest = {INT64_MIN}, at;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (station_changed(station, marks[i], &at) == ST_OK && at.us > newest.us)
            newest = at;
    if (newest.us == INT64_MIN)
        return unknown("lists_unknown");
    return is_older(station, newest, LISTS_DAYS) ? fails("lists_old") : HOLDS;
}

static struct finding check_reboot(const struct station *station)
{
    struct instant at;
    enum status status = station_changed(station, "/run/reboot-required", &at);
    if (status != ST_OK)
        return status == ST_NOT_FOUND ? HOLDS : unknown("reboot_unknown");
    return is_older(station, at, REBOOT_DAYS) ? fails("reboot_overdue") : HOLDS;
}

static int by_name(const void *a, const void *b)
{
    return slice_compare(((const struct package *)a)->name, ((const struct package *)b)->name);
}

static enum status load_packages(const struct station *station, struct package_list *installed, struct package_list *offered)
{
    static const char *const folder = "/var/lib/apt/lists";
    struct slice_list names;
    struct slice text;
    TRY(station_read(station, "/var/lib/dpkg/status", &text));
    TRY(packages_parse(text, station->arena, installed));
    TRY(station_list(station, folder, &names));
    for (size_t i = 0; i < names.count; i++) {
        if (!slice_contains(names.items[i], LIT("security")) || !slice_ends(names.items[i], LIT("_Packages")))
            continue;
        TRY(station_read(station, station_path(station, "%s/%.*s", folder, SLICE_ARG(names.items[i])), &text));
        TRY(packages_parse(text, station->arena, offered));
    }
    if (installed->count > 0)
        qsort(installed->items, installed->count, sizeof *installed->items, by_name);
    return ST_OK;
}

/* Any of that name, of whatever architecture, that is older than what is offered. */
static bool is_waiting(const struct package_list *installed, const struct package *offered)
{
    size_t low = 0, high = installed->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(installed->items[middle].name, offered->name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < installed->count && slice_equal(installed->items[low].name, offered->name); low++)
        if (deb_compare(installed->items[low].version, offered->version) < 0)
            return true;
    return false;
}

/* "NAME VERSION SECONDS" in a line: since when it has been waiting, as far as we have seen. */
static bool seen_since(struct slice seen, const struct package *package, uint64_t *seconds)
{
    struct slice line, name, version;
    while (slice_next_line(&seen, &line))
        if (next_word(&line, &name) && slice_equal(name, package->name) && next_word(&line, &version) &&
            slice_equal(version, package->version) && slice_to_u64(slice_trim(line), INT64_MAX / 1000000, seconds))
            return true;
    return false;
}

/* How long each has been waiting; what is seen for the first time is written down. */
static struct finding judge_waiting(const struct station *station, const struct package_list *waiting)
{
    AUTO_BUFFER now = buffer_create(SEEN_BYTES_MAX);
    struct finding worst = HOLDS;
    struct slice seen = SLICE_NONE;
    if (station->folder == NULL)
        return waiting->count > 0 ? unknown("waiting_unknown") : HOLDS;
    const char *path = arena_format(station->arena, "%s/waiting", station->folder).data;
    enum status status = file_read(path, SEEN_BYTES_MAX, station->arena, &seen, NULL);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return unknown("waiting_unknown");
    for (size_t i = 0; i < waiting->count; i++) {
        const struct package *package = &waiting->items[i];
        uint64_t since = (uint64_t)(station->now.us / 1000000);
        (void)!seen_since(seen, package, &since);
        if (is_older(station, (struct instant){(int64_t)since * 1000000}, WAITING_DAYS))
            worst = fails("security_waiting");
        buffer_add_format(&now, "%.*s %.*s %llu\n", SLICE_ARG(package->name), SLICE_ARG(package->version), (unsigned long long)since);
    }
    bool same = slice_equal(seen, buffer_slice(&now));
    if (now.full || (!same && file_write_durably(path, buffer_slice(&now), 0600, NULL) != ST_OK))
        return finding_worse(worst, unknown("waiting_unknown"));
    return worst;
}

static struct finding check_waiting(const struct station *station)
{
    struct package_list installed = {0}, offered = {0}, waiting = {0};
    if (load_packages(station, &installed, &offered) != ST_OK || installed.count == 0)
        return unknown("packages_unreadable");
    if (offered.count == 0)
        return fails("no_security_list");
    for (size_t i = 0; i < offered.count; i++)
        if (is_waiting(&installed, &offered.items[i]))
            ARENA_PUSH(station->arena, &waiting, offered.items[i]);
    return judge_waiting(station, &waiting);
}

struct finding check_updates(const struct station *station)
{
    struct finding worst = finding_worse(check_lists(station), check_waiting(station));
    return finding_worse(worst, check_reboot(station));
}
