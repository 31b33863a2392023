/* rendez backup: makes a set now, lists sets, tries whether each can be restored: the service that runs does it, and
 * says how far it is; without one, we do. */
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "roles/archive/show.h"
#include "roles/cli/admin.h"
#include "roles/cli/backup.h"
#include "roles/cli/service_desk.h"
#include "roles/keyd/answer.h"

enum { LOCK_PATIENCE_MS = 5 * 60 * 1000, LOCK_LOOK_MS = 200,
       SERVICE_PATIENCE_MS = 15 * 60 * 1000 /* between two lines: SQLite looks through a whole database */ };

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

/* The service that runs */

struct hearing {
    struct keyd_ports bar; /* of which only whether it draws */
    bool as_json;
};

static void print_found(const json_t *found)
{
    bool answered = json_is_true(json_object_get(found, "answered"));
    struct slice fault = json_text(found, "fault");
    printf("%-28.*s %s: restored in %.2f s%s%.2f s; %d people, %d meetings, %d messages, %d entries of accounts and "
           "evidence, %d erased since%s%.*s\n",
           SLICE_ARG(json_text(found, "set")), json_is_true(json_object_get(found, "good")) ? "good" : "BROKEN",
           json_real_value(json_object_get(found, "restore_seconds")),
           answered ? ", answers a mail after " : ", nobody to answer after ",
           json_real_value(json_object_get(found, "answer_seconds")), (int)json_number(found, "people", 0),
           (int)json_number(found, "meetings", 0), (int)json_number(found, "messages", 0),
           (int)json_number(found, "entries", 0), (int)json_number(found, "erased_since", 0), fault.len > 0 ? ": " : "",
           SLICE_ARG(fault));
}

static void show_found(const json_t *found, bool as_json)
{
    if (as_json)
        cli_print_json(found);
    else
        print_found(found);
}

/* How far it is, or a set that was tried. */
static void hear(void *context, const json_t *line)
{
    struct hearing *hearing = context;
    struct slice doing = json_text(line, "doing");
    if (doing.len == 0) {
        backup_draw_end(&hearing->bar);
        show_found(line, hearing->as_json);
        return;
    }
    AUTO_ARENA arena = arena_create(4096);
    struct archive_step step = {arena_text(arena, doing), (uint64_t)json_number(line, "done", 0),
                                (uint64_t)json_number(line, "total", 0)};
    (void)backup_draw(&hearing->bar, &step);
}

/* False: no service runs there, and we do it ourselves. Else *answer is what it said (NULL: admin->why). */
static bool ask_service(struct admin *admin, const char *what, json_t **answer)
{
    struct hearing hearing = {{NULL, !admin->as_json && isatty(STDERR_FILENO) == 1}, admin->as_json};
    *answer = NULL;
    enum status status = service_ask(admin->dir, "archive", json_pack("{s:s}", "ask", what), SERVICE_PATIENCE_MS, hear,
                                     &hearing, answer, &admin->why);
    backup_draw_end(&hearing.bar);
    if (status == ST_OK)
        json_object_del(*answer, "status");
    return status != ST_NOT_FOUND;
}

static int read_options(struct admin *admin, int argc, char **argv)
{
    const struct cli_option options[] = {
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"passphrase-file", NULL, &admin->passphrase_file, "FILE", "passphrase of the root key, where no service runs"},
        {"json", &admin->as_json, NULL, NULL, "print facts as JSON"},
        {0}};
    return admin_options(argc, argv, options, NULL, 0, "nothing more is");
}

/* Without a service */

static enum status open_own(struct admin *admin, struct keyd_ports *self, struct archive **out)
{
    TRY(directory_open(cli_dir_or_default(admin->dir), admin->passphrase_file, &admin->directory, &admin->why));
    *self = (struct keyd_ports){directory_keyd(admin->directory), !admin->as_json && isatty(STDERR_FILENO) == 1};
    return backup_open(directory_config(admin->directory), self, out, &admin->why);
}

static enum status make_own(struct admin *admin, json_t **out)
{
    AUTO_ARCHIVE archive = NULL;
    struct keyd_ports self;
    struct set_row made;
    enum set_kind kind;
    struct instant now = clock_now();
    TRY(open_own(admin, &self, &archive));
    TRY(archive_kind_now(archive, now, admin->arena, &kind, &admin->why));
    enum status status = archive_make(archive, kind, now, admin->arena, &made, &admin->why);
    backup_draw_end(&self);
    TRY(status);
    *out = archive_made_json(&made);
    return ST_OK;
}

static int make(struct admin *admin, int argc, char **argv)
{
    json_t *made;
    int code = read_options(admin, argc, argv);
    if (code >= 0)
        return code;
    if (!ask_service(admin, "now", &made))
        ADMIN_TRY(admin, make_own(admin, &made));
    return made == NULL ? admin_fail(admin) : admin_print(admin, made);
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

static enum status load_rows(struct admin *admin, json_t **out)
{
    AUTO_SET_KEYS keys = NULL;
    struct config config;
    struct set_row_list rows = {0};
    TRY(config_load(cli_dir_or_default(admin->dir), admin->arena, &config, &admin->why));
    const char *path = arena_format(admin->arena, "%.*s/sets.keys", SLICE_ARG(config.folders.archive)).data;
    if (access(path, F_OK) == 0) { /* else none yet */
        TRY(set_keys_open(path, &keys, &admin->why));
        TRY(set_keys_list(keys, admin->arena, &rows, &admin->why));
    }
    *out = json_pack("{s:o}", "sets", archive_rows_json(&rows, config.backup.folder, admin->arena));
    return ST_OK;
}

static int list(struct admin *admin, int argc, char **argv)
{
    json_t *given = NULL;
    int code = read_options(admin, argc, argv);
    if (code >= 0)
        return code;
    if (!ask_service(admin, "list", &given))
        ADMIN_TRY(admin, load_rows(admin, &given));
    if (given == NULL)
        return admin_fail(admin);
    AUTO_JSON answer = given;
    const json_t *rows = json_object_get(answer, "sets");
    if (admin->as_json)
        cli_print_json(rows);
    else
        print_rows(rows);
    return EXIT_YES;
}

static enum status verify_one(struct admin *admin, struct archive *archive, struct slice name, struct instant now,
                              struct set_verification *sum)
{
    struct archive_found found;
    TRY(archive_verify(archive, name, now, admin->arena, &found, &admin->why));
    *sum = (struct set_verification){now, sum->sets + 1, sum->faults + (found.fault.len > 0), found.bytes,
                                     found.restore_us, found.answer_us};
    AUTO_JSON shown = archive_found_json(name, &found);
    show_found(shown, admin->as_json);
    return ST_OK;
}

static enum status verify_own(struct admin *admin, json_t **out)
{
    AUTO_ARCHIVE archive = NULL;
    struct keyd_ports self;
    struct backup_set_list sets;
    struct instant now = clock_now();
    struct set_verification sum = {.at = now};
    uint32_t missing;
    TRY(open_own(admin, &self, &archive));
    TRY(archive_sets(archive, admin->arena, &sets, &missing, &admin->why));
    for (size_t i = 0; i < sets.count; i++) {
        TRY(verify_one(admin, archive, sets.items[i].name, now, &sum));
        backup_draw_end(&self);
    }
    sum.faults += missing;
    if (sets.count > 0)
        TRY(set_keys_record(archive_keys(archive), &sum, &admin->why));
    *out = json_pack("{s:I, s:I}", "sets", (json_int_t)sum.sets, "faults", (json_int_t)sum.faults);
    return ST_OK;
}

static int verify(struct admin *admin, int argc, char **argv)
{
    json_t *given = NULL;
    int code = read_options(admin, argc, argv);
    if (code >= 0)
        return code;
    if (!ask_service(admin, "verify", &given))
        ADMIN_TRY(admin, verify_own(admin, &given));
    if (given == NULL)
        return admin_fail(admin);
    AUTO_JSON sum = given;
    uint64_t faults = (uint64_t)json_number(sum, "faults", 0);
    if (json_number(sum, "sets", 0) == 0)
        return cli_fail(EXIT_NO, "there is no set");
    return faults == 0 ? EXIT_YES : cli_fail(EXIT_NO, "%" PRIu64 " of the sets are broken or gone", faults);
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
