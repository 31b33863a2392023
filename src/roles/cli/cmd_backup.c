/* rendez backup: makes a set now, lists sets, tries whether each can be restored. Beside a running service
 * or without one. */
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "roles/archive/archive.h"
#include "roles/cli/admin.h"
#include "roles/cli/backup.h"
#include "roles/keyd/answer.h"

enum { LOCK_PATIENCE_MS = 5 * 60 * 1000, LOCK_LOOK_MS = 200 };

bool backup_draw(void *self, const struct archive_step *step)
{
    enum { WIDTH = 30 };
    static const char full[WIDTH + 1] = "##############################";
    const struct keyd_ports *ports = self;
    static int last = -1;
    int filled = step->total == 0 ? 0 : (int)(WIDTH * step->done / step->total);
    if (filled > WIDTH)
        filled = WIDTH;
    if (ports->draws && filled != last && step->total > 0)
        fprintf(stderr, "\r%s [%-*.*s] %" PRIu64 " of %" PRIu64 " MB ", step->doing, WIDTH, filled, full,
                step->done >> 20, step->total >> 20);
    last = filled;
    return true;
}

void backup_draw_end(const struct keyd_ports *ports)
{
    if (ports->draws)
        fputc('\n', stderr);
}

enum status backup_give_key(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                            struct secret **key, struct problem *why)
{
    const struct keyd_ports *ports = self;
    return keyd_give_key(ports->keyd, ask, arena, given, key, why);
}

/* The service may just be at it. */
enum status backup_open(const struct config *config, struct keyd_ports *self, struct archive **out,
                        struct problem *why)
{
    struct archive_ports ports = {self, backup_give_key, backup_draw};
    for (int waited = 0;; waited += LOCK_LOOK_MS) {
        enum status status = archive_open(config, &ports, out, why);
        if (status != ST_CONFLICT || waited >= LOCK_PATIENCE_MS)
            return status;
        (void)poll(NULL, 0, LOCK_LOOK_MS);
    }
}

static int begin(struct admin *admin, int argc, char **argv, struct keyd_ports *self, struct archive **out)
{
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, NULL, 0, "nothing more is");
    if (code >= 0)
        return code;
    *self = (struct keyd_ports){directory_keyd(admin->directory), !admin->as_json && isatty(STDERR_FILENO) == 1};
    ADMIN_TRY(admin, backup_open(directory_config(admin->directory), self, out, &admin->why));
    return -1;
}

static json_t *moment_json(struct instant at, struct arena *arena)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena));
}

/* The kind that the calendar wants now; one more of the day where it wants none. */
static enum status choose_kind(struct archive *archive, struct instant now, struct admin *admin, enum set_kind *kind)
{
    struct sets_rule rule = archive_rule(archive);
    struct backup_set_list sets;
    uint32_t missing;
    TRY(archive_sets(archive, admin->arena, &sets, &missing, &admin->why));
    if (!sets_due(&rule, &sets, now, kind) || *kind == SET_HOURLY)
        *kind = SET_DAILY;
    return ST_OK;
}

static int make(struct admin *admin, int argc, char **argv)
{
    AUTO_ARCHIVE archive = NULL;
    struct keyd_ports self;
    struct set_row made;
    enum set_kind kind;
    struct instant now = clock_now();
    int code = begin(admin, argc, argv, &self, &archive);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, choose_kind(archive, now, admin, &kind));
    enum status status = archive_make(archive, kind, now, admin->arena, &made, &admin->why);
    backup_draw_end(&self);
    ADMIN_TRY(admin, status);
    return admin_print(admin, json_pack("{s:o, s:I, s:f}", "set", json_from_text(made.name), "bytes",
                                        (json_int_t)made.bytes, "seconds", (double)made.took_us / 1e6));
}

static json_t *row_json(const struct set_row *row, const char *sets, struct arena *arena)
{
    const char *manifest = arena_format(arena, "%s/%.*s/" BACKUP_MANIFEST, sets, SLICE_ARG(row->name)).data;
    bool there = access(manifest, F_OK) == 0;
    const char *state = !row->whole ? "half" : !there ? "missing" : row->fault.len > 0 ? "broken"
                        : row->verified.us > 0 ? "verified" : "made";
    return json_pack("{s:o, s:s, s:o, s:I, s:f, s:o, s:o}", "set", json_from_text(row->name), "state", state, "made",
                     moment_json(row->made, arena), "bytes", (json_int_t)row->bytes, "seconds",
                     (double)row->took_us / 1e6, "verified", moment_json(row->verified, arena), "fault",
                     row->fault.len > 0 ? json_from_text(row->fault) : json_null());
}

static void print_rows(const json_t *rows)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
        printf("%-28.*s %-9.*s %8" PRIu64 " kB  %.*s\n", SLICE_ARG(json_text(row, "set")),
               SLICE_ARG(json_text(row, "state")), (uint64_t)json_number(row, "bytes", 0) >> 10,
               SLICE_ARG(json_text(row, "fault")));
}

static enum status load_rows(struct admin *admin, const char *dir, json_t *out)
{
    AUTO_SET_KEYS keys = NULL;
    struct config config;
    struct set_row_list rows;
    TRY(config_load(dir, admin->arena, &config, &admin->why));
    const char *path = arena_format(admin->arena, "%.*s/sets.keys", SLICE_ARG(config.folders.archive)).data;
    if (access(path, F_OK) != 0)
        return ST_OK; /* none yet */
    TRY(set_keys_open(path, &keys, &admin->why));
    TRY(set_keys_list(keys, admin->arena, &rows, &admin->why));
    for (size_t i = 0; i < rows.count; i++)
        json_array_append_new(out, row_json(&rows.items[i], arena_text(admin->arena, config.backup.folder), admin->arena));
    return ST_OK;
}

static int list(struct admin *admin, int argc, char **argv)
{
    AUTO_JSON rows = json_array();
    const struct cli_option options[] = {
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"json", &admin->as_json, NULL, NULL, "print facts as JSON"},
        {0}};
    int code = admin_options(argc, argv, options, NULL, 0, "nothing more is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, load_rows(admin, cli_dir_or_default(admin->dir), rows));
    if (admin->as_json)
        cli_print_json(rows);
    else
        print_rows(rows);
    return EXIT_YES;
}

static json_t *found_json(struct slice name, const struct archive_found *found)
{
    return json_pack("{s:o, s:b, s:o, s:I, s:I, s:f, s:f, s:b, s:i, s:i, s:i, s:i}", "set", json_from_text(name), "good",
                     found->fault.len == 0, "fault", found->fault.len > 0 ? json_from_text(found->fault) : json_null(),
                     "bytes", (json_int_t)found->bytes, "files", (json_int_t)found->files, "restore_seconds",
                     (double)found->restore_us / 1e6, "answer_seconds", (double)found->answer_us / 1e6, "answered",
                     found->answered, "people", (int)found->people, "meetings", (int)found->meetings, "messages",
                     (int)found->messages, "erased_since", (int)found->erased);
}

static void print_found(struct slice name, const struct archive_found *found)
{
    printf("%-28.*s %s: restored in %.2f s%s%.2f s; %u people, %u meetings, %u messages, %u erased since%s%.*s\n",
           SLICE_ARG(name), found->fault.len == 0 ? "good" : "BROKEN", (double)found->restore_us / 1e6,
           found->answered ? ", answers a mail after " : ", nobody to answer after ", (double)found->answer_us / 1e6,
           (unsigned)found->people, (unsigned)found->meetings, (unsigned)found->messages, (unsigned)found->erased,
           found->fault.len > 0 ? ": " : "", SLICE_ARG(found->fault));
}

static enum status verify_one(struct admin *admin, struct archive *archive, struct slice name, struct instant now,
                              struct set_verification *sum)
{
    struct archive_found found;
    TRY(archive_verify(archive, name, now, admin->arena, &found, &admin->why));
    *sum = (struct set_verification){now, sum->sets + 1, sum->faults + (found.fault.len > 0), found.bytes,
                                     found.restore_us, found.answer_us};
    if (admin->as_json) {
        AUTO_JSON out = found_json(name, &found);
        cli_print_json(out);
    } else {
        print_found(name, &found);
    }
    return ST_OK;
}

static enum status verify_all(struct admin *admin, struct archive *archive, struct keyd_ports *self,
                              struct set_verification *sum)
{
    struct backup_set_list sets;
    struct instant now = clock_now();
    uint32_t missing;
    TRY(archive_sets(archive, admin->arena, &sets, &missing, &admin->why));
    for (size_t i = 0; i < sets.count; i++) {
        TRY(verify_one(admin, archive, sets.items[i].name, now, sum));
        backup_draw_end(self);
    }
    sum->faults += missing;
    return sets.count > 0 ? set_keys_record(archive_keys(archive), sum, &admin->why) : ST_OK;
}

static int verify(struct admin *admin, int argc, char **argv)
{
    AUTO_ARCHIVE archive = NULL;
    struct keyd_ports self;
    struct set_verification sum = {.at = clock_now()};
    int code = begin(admin, argc, argv, &self, &archive);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, verify_all(admin, archive, &self, &sum));
    if (sum.sets == 0)
        return cli_fail(EXIT_NO, "there is no set");
    return sum.faults == 0 ? EXIT_YES : cli_fail(EXIT_NO, "%" PRIu64 " of the sets are broken or gone", sum.faults);
}

int cmd_backup(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"now", make}, {"list", list}, {"verify", verify}, {0}};
    if (argc > 1 && argv[1][0] != '-')
        return admin_run(argc, argv, verbs);
    struct admin admin = {.arena = arena_create_wiped(64 << 20)};
    int code = make(&admin, argc, argv);
    directory_destroy(&admin.directory);
    arena_destroy(&admin.arena);
    return code;
}
