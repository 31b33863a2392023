/* disk_encrypted: what lies on disk can be read with its key only. */
#include "workstation/internal.h"

enum { MOUNTS_MAX = 4096, DEPTH_MAX = 8 };

/* proc(5) writes a space as "\040". */
static struct slice unescape(struct slice text, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        const char *at = text.data + i;
        bool octal = at[0] == '\\' && i + 3 < text.len;
        for (int k = 1; octal && k <= 3; k++)
            octal = at[k] >= '0' && at[k] <= '7';
        if (octal)
            i += 3;
        buffer_add_char(&out, octal ? (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0')) : at[0]);
    }
    return arena_copy(arena, buffer_slice(&out));
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" */
enum status mounts_parse(struct slice text, struct arena *arena, struct mount_list *out)
{
    struct slice line, word;
    while (slice_next_line(&text, &line)) {
        struct mount mount = {0};
        bool whole = true;
        for (int i = 0; i < 5; i++) {
            whole &= next_word(&line, &word);
            if (i == 2)
                mount.device = word;
        }
        mount.point = word;
        while ((whole = whole && next_word(&line, &word)) && !slice_equal(word, LIT("-")))
            ;
        if (!whole || !next_word(&line, &mount.kind) || !next_word(&line, &mount.source))
            return ST_INVALID;
        if (out->count == MOUNTS_MAX)
            return ST_LIMIT;
        mount.point = unescape(mount.point, arena);
        ARENA_PUSH(arena, out, mount);
    }
    return ST_OK;
}

/* "Filename Type Size Used Priority", and a line for each. */
enum status swaps_parse(struct slice text, struct arena *arena, struct mount_list *out)
{
    struct slice line;
    if (!slice_next_line(&text, &line) || !slice_starts(line, LIT("Filename")))
        return ST_INVALID;
    while (slice_next_line(&text, &line)) {
        struct mount swap = {0};
        if (!next_word(&line, &swap.source) || !next_word(&line, &swap.kind))
            return ST_INVALID;
        if (out->count == MOUNTS_MAX)
            return ST_LIMIT;
        swap.source = unescape(swap.source, arena);
        ARENA_PUSH(arena, out, swap);
    }
    return ST_OK;
}

/* cryptsetup's names of what it made; its verity and integrity devices are readable by anybody. */
static bool is_cipher(struct slice uuid)
{
    return slice_starts(uuid, LIT("CRYPT-LUKS1-")) || slice_starts(uuid, LIT("CRYPT-LUKS2-")) ||
           slice_starts(uuid, LIT("CRYPT-PLAIN-"));
}

/* A block device in /sys: itself, or all that it lies on (LVM, RAID). */
static struct finding judge_device(const struct station *station, const char *path, const char *plain, int depth)
{
    struct slice uuid;
    struct slice_list below = {0};
    if (station_read(station, station_path(station, "%s/dm/uuid", path), &uuid) == ST_OK && is_cipher(uuid))
        return HOLDS;
    enum status status = station_list(station, station_path(station, "%s/slaves", path), &below);
    if (depth == DEPTH_MAX || (status != ST_OK && status != ST_NOT_FOUND) ||
        (status == ST_NOT_FOUND && station_list(station, path, &below) != ST_OK))
        return unknown("device_unknown");
    if (status == ST_NOT_FOUND || below.count == 0)
        return fails(plain); /* a disk, or a partition */
    struct finding worst = HOLDS;
    for (size_t i = 0; i < below.count; i++)
        worst = finding_worse(worst, judge_device(station, station_path(station, "%s/slaves/%.*s", path, SLICE_ARG(below.items[i])),
                                                  plain, depth + 1));
    return worst;
}

/* Filesystems of several devices (btrfs) have a number that no device has; the name is left. */
static struct finding judge_source(const struct station *station, struct slice source, const char *plain)
{
    static const char *const blocks = "/sys/class/block";
    struct slice_list names;
    struct slice name;
    if (!slice_starts(source, LIT("/dev/")))
        return unknown("device_unknown");
    source = slice_sub(source, LIT("/dev/").len, source.len);
    if (!slice_starts(source, LIT("mapper/")))
        return judge_device(station, station_path(station, "%s/%.*s", blocks, SLICE_ARG(source)), plain, 0);
    source = slice_sub(source, LIT("mapper/").len, source.len);
    if (station_list(station, blocks, &names) != ST_OK)
        return unknown("device_unknown");
    for (size_t i = 0; i < names.count; i++) {
        const char *path = station_path(station, "%s/%.*s", blocks, SLICE_ARG(names.items[i]));
        if (station_read(station, station_path(station, "%s/dm/name", path), &name) == ST_OK && slice_equal(slice_trim(name), source))
            return judge_device(station, path, plain, 0);
    }
    return unknown("device_unknown");
}

static struct finding judge_mount(const struct station *station, const struct mount *mount, const char *plain)
{
    if (slice_starts(mount->device, LIT("0:")))
        return judge_source(station, mount->source, plain);
    return judge_device(station, station_path(station, "/sys/dev/block/%.*s", SLICE_ARG(mount->device)), plain, 0);
}

/* The one that a path lies on: the longest, of two alike the later, which covers the other. NULL: none */
static const struct mount *mount_of(const struct mount_list *mounts, struct slice path)
{
    const struct mount *best = NULL;
    for (size_t i = 0; i < mounts->count; i++) {
        struct slice point = mounts->items[i].point;
        bool holds = slice_equal(point, LIT("/")) || (slice_starts(path, point) && (path.len == point.len || path.data[point.len] == '/'));
        if (holds && (best == NULL || point.len >= best->point.len))
            best = &mounts->items[i];
    }
    return best;
}

static struct finding judge_path(const struct station *station, const struct mount_list *mounts, struct slice path, const char *plain)
{
    const struct mount *mount = mount_of(mounts, path);
    return mount != NULL ? judge_mount(station, mount, plain) : unknown("mounts_unreadable");
}

static struct finding judge_swap(const struct station *station, const struct mount_list *mounts, const struct mount *swap)
{
    struct slice backing, zram = LIT("/dev/zram");
    if (slice_equal(swap->kind, LIT("file")))
        return judge_path(station, mounts, swap->source, "plain_swap");
    if (!slice_starts(swap->source, zram))
        return judge_source(station, swap->source, "plain_swap");
    /* Memory, unless it is told to write elsewhere. */
    enum status status = station_read(station, station_path(station, "/sys/class/block/%.*s/backing_dev",
                                      SLICE_ARG(slice_sub(swap->source, LIT("/dev/").len, SIZE_MAX))), &backing);
    bool memory = status == ST_NOT_FOUND || (status == ST_OK && slice_equal(slice_trim(backing), LIT("none")));
    return memory ? HOLDS : fails("plain_swap");
}

struct finding check_disk(const struct station *station)
{
    struct mount_list mounts = {0}, swaps = {0};
    struct slice text;
    if (station_read(station, "/proc/1/mountinfo", &text) != ST_OK || mounts_parse(text, station->arena, &mounts) != ST_OK)
        return unknown("mounts_unreadable");
    if (station_read(station, "/proc/swaps", &text) != ST_OK || swaps_parse(text, station->arena, &swaps) != ST_OK)
        return unknown("swaps_unreadable");
    struct finding worst = judge_path(station, &mounts, LIT("/"), "plain_root");
    worst = finding_worse(worst, judge_path(station, &mounts, LIT("/home"), "plain_home"));
    for (size_t i = 0; i < mounts.count; i++)
        if (slice_starts(mounts.items[i].point, LIT("/home/")))
            worst = finding_worse(worst, judge_mount(station, &mounts.items[i], "plain_home"));
    for (size_t i = 0; i < swaps.count; i++)
        worst = finding_worse(worst, judge_swap(station, &mounts, &swaps.items[i]));
    return worst;
}
