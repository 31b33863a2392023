/* What archive tries of its own sets when the prober asks: through the calendar that makes and ends them, and what
 * the nights have found. */
#include "roles/archive/probes.h"

#include "roles/archive/internal.h"

enum { PROBE_BYTES_MAX = 32 << 20, PROMISED_HOURS = 24, QUARTER_DAYS = 92 };

/* What the work that is under way has open, or with the lock: while the command line works on the sets, nothing
 * can be said. *opened is the caller's. */
static enum status open_for(const struct archive_role_ports *self, struct archive **opened, struct archive **out,
                            struct problem *why)
{
    if (self->working == NULL)
        TRY(archive_open(self->config, &self->ports, opened, why));
    *out = self->working != NULL ? self->working : *opened;
    return ST_OK;
}

static void hours_fact(struct probe *probe, const char *name, int64_t us)
{
    probe_fact(probe, name, "%lld.%lld", (long long)(us / HOUR_US), (long long)(us % HOUR_US * 10 / HOUR_US));
}

/* CONT-04 */
static enum status probe_sets(struct probe *probe, void *context, struct problem *why)
{
    AUTO_ARCHIVE opened = NULL;
    struct archive *archive;
    AUTO_ARENA arena = arena_create(PROBE_BYTES_MAX);
    struct backup_set_list sets;
    uint32_t missing;
    TRY(open_for(context, &opened, &archive, why));
    TRY(archive_sets(archive, arena, &sets, &missing, why));
    struct sets_rule rule = archive_rule(archive);
    struct sets_gaps gaps = sets_find_gaps(&rule, &sets, probe_moment(probe)->now);
    probe_fact(probe, "sets", "%zu", sets.count);
    probe_fact(probe, "gone", "%u", (unsigned)missing);
    hours_fact(probe, "age", gaps.age.us);
    if (missing > 0)
        return probe_fails(probe, "set_gone");
    if (sets.count == 0)
        return probe_fails(probe, "no_set");
    probe_fact(probe, "newest", "%.*s", SLICE_ARG(sets.items[sets.count - 1].name));
    if (gaps.is_late)
        return probe_fails(probe, "late");
    if (gaps.days + gaps.weeks + gaps.months > 0)
        return probe_fails(probe, "gap");
    return probe_holds(probe);
}

static bool has_row(const struct set_row_list *rows, struct slice name)
{
    for (size_t i = 0; i < rows->count; i++)
        if (slice_equal(rows->items[i].name, name))
            return true;
    return false;
}

/* A key that the copy has and the live file has not was not destroyed. */
static enum status count_kept_keys(struct archive *archive, const struct set_row_list *live, struct arena *arena,
                                   uint32_t *kept, struct problem *why)
{
    AUTO_SET_KEYS copy = NULL;
    struct set_row_list rows;
    const char *path = arena_format(arena, "%s/archive/sets.keys", archive->keys_copy).data;
    *kept = 0;
    if (!is_there(path))
        return ST_OK;
    TRY(set_keys_open(path, &copy, why));
    TRY(set_keys_list(copy, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        *kept += !has_row(live, rows.items[i].name);
    return ST_OK;
}

/* CONT-05 */
static enum status probe_expired(struct probe *probe, void *context, struct problem *why)
{
    AUTO_ARCHIVE opened = NULL;
    struct archive *archive;
    AUTO_ARENA arena = arena_create(PROBE_BYTES_MAX);
    struct set_row_list rows;
    struct slice_list names;
    struct backup_set set;
    uint32_t too_old = 0, kept;
    TRY(open_for(context, &opened, &archive, why));
    struct sets_rule rule = archive_rule(archive);
    int64_t now = probe_moment(probe)->now.us - HOUR_US; /* the time to end it */
    TRY(set_keys_list(archive_keys(archive), arena, &rows, why));
    TRY(list_folder(archive->sets, arena, &names, why));
    TRY(count_kept_keys(archive, &rows, arena, &kept, why));
    for (size_t i = 0; i < rows.count; i++) {
        set = (struct backup_set){.made = rows.items[i].made};
        too_old += sets_latest_end(&rule, &set).us <= now;
    }
    for (size_t i = 0; i < names.count; i++) /* by its name, whatever its row says */
        too_old += set_name_parse(names.items[i], &set, NULL) == ST_OK && sets_latest_end(&rule, &set).us <= now;
    probe_fact(probe, "keys", "%zu", rows.count);
    probe_fact(probe, "too_old", "%u", (unsigned)too_old);
    probe_fact(probe, "kept", "%u", (unsigned)kept);
    if (too_old > 0)
        return probe_fails(probe, "too_old");
    return kept > 0 ? probe_fails(probe, "key_kept") : probe_holds(probe);
}

/* CONT-07: what a loss now would cost. */
static enum status probe_loss(struct probe *probe, void *context, struct problem *why)
{
    AUTO_ARCHIVE opened = NULL;
    struct archive *archive;
    AUTO_ARENA arena = arena_create(PROBE_BYTES_MAX);
    struct backup_set_list sets;
    uint32_t missing;
    int64_t now = probe_moment(probe)->now.us, newest = 0;
    TRY(open_for(context, &opened, &archive, why));
    TRY(archive_sets(archive, arena, &sets, &missing, why));
    for (size_t i = 0; i < sets.count; i++) {
        struct set_row row;
        TRY(set_keys_load(archive_keys(archive), sets.items[i].name, arena, &row, why));
        if (row.verified.us > 0 && row.fault.len == 0 && row.made.us > newest)
            newest = row.made.us;
    }
    struct instant copied = archive_keys_copied(archive);
    if (newest == 0)
        return probe_fails(probe, "none_verified");
    hours_fact(probe, "loss", now - newest);
    hours_fact(probe, "keys", archive_keys_changed(archive) ? now - copied.us : 0);
    if (now - newest > PROMISED_HOURS * HOUR_US)
        return probe_fails(probe, "too_much");
    if (copied.us == 0 || (archive_keys_changed(archive) && now - copied.us > HOUR_US))
        return probe_fails(probe, "keys_old");
    return probe_holds(probe);
}

static enum status last_record(const struct archive_role_ports *context, struct set_verification *out, bool *none,
                               struct problem *why)
{
    AUTO_ARCHIVE opened = NULL;
    struct archive *archive;
    TRY(open_for(context, &opened, &archive, why));
    enum status status = set_keys_last_record(archive_keys(archive), out, why);
    *none = status == ST_NOT_FOUND;
    return *none ? ST_OK : status;
}

/* CONT-08: how long it took at the last exercise. */
static enum status probe_time(struct probe *probe, void *context, struct problem *why)
{
    struct set_verification last;
    bool none;
    TRY(last_record(context, &last, &none, why));
    if (none)
        return probe_fails(probe, "never_tried");
    int64_t age = probe_moment(probe)->now.us - last.at.us;
    uint64_t us = last.took_us + last.answered_us;
    probe_fact(probe, "seconds", "%llu.%llu", (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000 / 100000));
    probe_fact(probe, "megabytes", "%llu", (unsigned long long)(last.bytes >> 20));
    hours_fact(probe, "age", age);
    if (last.faults > 0)
        return probe_fails(probe, "does_not_restore");
    if (age > (SETS_LATE_HOURS + PROMISED_HOURS) * HOUR_US)
        return probe_fails(probe, "not_tried");
    return us > (uint64_t)PROMISED_HOURS * HOUR_US ? probe_fails(probe, "too_slow") : probe_holds(probe);
}

/* AUD-04: all sets, at least every three months, nothing found. */
static enum status probe_quarter(struct probe *probe, void *context, struct problem *why)
{
    struct set_verification last;
    bool none;
    TRY(last_record(context, &last, &none, why));
    if (none)
        return probe_fails(probe, "never_tried");
    int64_t days = (probe_moment(probe)->now.us - last.at.us) / DAY_US;
    probe_fact(probe, "sets", "%llu", (unsigned long long)last.sets);
    probe_fact(probe, "faults", "%llu", (unsigned long long)last.faults);
    probe_fact(probe, "days", "%lld", (long long)days);
    if (last.faults > 0)
        return probe_fails(probe, "faults");
    return days > QUARTER_DAYS ? probe_fails(probe, "overdue") : probe_holds(probe);
}

/* "exercise", of an argument. */
static enum status probe_exercise(struct probe *probe, void *context, struct problem *why)
{
    static const struct {
        struct slice name;
        probe_fn *fn;
    } kinds[] = {{{"loss", 4}, probe_loss}, {{"time", 4}, probe_time}, {{"quarter", 7}, probe_quarter}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_equal(probe_argument(probe), kinds[i].name))
            return kinds[i].fn(probe, context, why);
    return problem_set(why, ST_INVALID, "no such exercise");
}

void archive_probes(struct role *role, struct archive_role_ports *self)
{
    role_on_probe(role, "sets", probe_sets, self);
    role_on_probe(role, "expired", probe_expired, self);
    role_on_probe(role, "exercise", probe_exercise, self);
}
