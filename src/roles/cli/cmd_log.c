/* rendez log: what was logged, as one log that others verify (doc/log.md). logd writes it while the
 * service runs; without, this does. */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/store/store.h"
#include "roles/cli/registry.h"
#include "roles/cli/service_desk.h"
#include "roles/keyd/keyd.h"
#include "roles/logd/logbook.h"

enum { AT_ONCE = 1000, PATIENCE_MS = 30 * 1000, POSITION_BYTES_MAX = 16 * 1024 };

struct publishing {
    struct admin *admin;
    struct registry *registry;
    struct logbook *book;
    const char *folder;
};

static const char *own_folder(struct admin *admin)
{
    return arena_text(admin->arena, directory_config(admin->directory)->folders.log);
}

static struct slice origin_of(const struct admin *admin)
{
    return logbook_origin(directory_config(admin->directory)->public_url, admin->arena);
}

static enum status list_both(struct publishing *p, int64_t store_after, int64_t identity_after,
                             struct arena *arena, struct log_entry_list *store,
                             struct log_entry_list *identity)
{
    TRY(store_list_log(directory_store(p->admin->directory), (uint32_t)store_after, arena, store,
                       &p->admin->why));
    return identity_list_log(registry_identity(p->registry), (uint32_t)identity_after, arena, identity,
                             &p->admin->why);
}

static void take(struct publishing *p, const struct log_entry *entry, const char *source)
{
    struct log_line line = {entry->at, entry->kind, entry->ids};
    struct log_append append = {.source = slice_from(source), .first = entry->seq, .lines = {&line, 1, 1}};
    logbook_take(p->book, &append, true, clock_now());
}

/* Both logs by their dates, as far as both have been read. */
static enum status append_some(struct publishing *p, size_t *count)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    struct log_entry_list store, identity;
    size_t i = 0, k = 0;
    TRY(list_both(p, logbook_kept(p->book, LIT("store")), logbook_kept(p->book, LIT("identity")), arena,
                  &store, &identity));
    while ((i < store.count || store.count < AT_ONCE) && (k < identity.count || identity.count < AT_ONCE) &&
           i + k < store.count + identity.count) {
        bool first = k == identity.count ||
                     (i < store.count && store.items[i].at.us <= identity.items[k].at.us);
        if (first)
            take(p, &store.items[i++], "store");
        else
            take(p, &identity.items[k++], "identity");
    }
    *count = i + k;
    return logbook_commit(p->book, &p->admin->why);
}

static enum status publish_ourselves(struct publishing *p)
{
    size_t count = 0;
    do
        TRY(append_some(p, &count));
    while (count > 0);
    TRY(ledger_publish(logbook_ledger(p->book), true, NULL, NULL, &p->admin->why));
    return logbook_save(p->book, &p->admin->why);
}

/* How far logd has published a source, of its file `position`. */
static int64_t published(struct publishing *p, const char *source)
{
    AUTO_ARENA arena = arena_create(4 * POSITION_BYTES_MAX);
    struct slice text, line, head = arena_format(arena, "%s ", source);
    uint64_t number = 0;
    if (file_read(arena_format(arena, "%s/position", p->folder).data, POSITION_BYTES_MAX, arena, &text,
                  &p->admin->why) != ST_OK)
        return 0;
    while (slice_next_line(&text, &line))
        if (slice_starts(line, head) && slice_to_u64(slice_sub(line, head.len, line.len), INT64_MAX, &number))
            return (int64_t)number;
    return 0;
}

/* The last numbers of both logs. */
static enum status find_last(struct publishing *p, int64_t *store_last, int64_t *identity_last)
{
    *store_last = published(p, "store");
    *identity_last = published(p, "identity");
    for (;;) {
        AUTO_ARENA arena = arena_create((size_t)64 << 20);
        struct log_entry_list store, identity;
        TRY(list_both(p, *store_last, *identity_last, arena, &store, &identity));
        if (store.count + identity.count == 0)
            return ST_OK;
        if (store.count > 0)
            *store_last = store.items[store.count - 1].seq;
        if (identity.count > 0)
            *identity_last = identity.items[identity.count - 1].seq;
    }
}

/* The service writes it: what is logged by now is under a checkpoint when it answers. */
static enum status ask_logd(struct publishing *p)
{
    int64_t store, identity;
    TRY(find_last(p, &store, &identity));
    enum status status = service_ask(p->admin->dir, "logd",
                                     json_pack("{s:s, s:I, s:I}", "ask", "log.publish", "store", (json_int_t)store,
                                               "identity", (json_int_t)identity),
                                     PATIENCE_MS, NULL, NULL, NULL, &p->admin->why);
    return status != ST_NOT_FOUND ? status
                                  : problem_set(&p->admin->why, ST_CONFLICT, "another process publishes the log: wait for it");
}

static enum status open_published(struct admin *admin, const char *folder, struct secret **seed,
                                  struct ledger **out)
{
    TRY(keyd_log_seed(directory_keyd(admin->directory), seed, &admin->why));
    return ledger_open_published(folder, origin_of(admin), *seed, out, &admin->why);
}

static enum status run(struct publishing *p, const struct secret *seed)
{
    enum status status = logbook_open(p->folder, origin_of(p->admin), seed, &p->book, &p->admin->why);
    if (status == ST_CONFLICT)
        return ask_logd(p);
    TRY(status);
    status = publish_ourselves(p);
    logbook_close(&p->book);
    return status;
}

static int publish(struct admin *admin, int argc, char **argv)
{
    const char *to = NULL;
    AUTO_SECRET seed = NULL;
    AUTO_SECRET again = NULL;
    AUTO_LEDGER ledger = NULL;
    AUTO_REGISTRY registry = NULL;
    const struct cli_option options[] = {
        {"to", NULL, &to, "DIR", "where the log is kept (else log, in the installation)"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    struct publishing p = {.admin = admin, .folder = to != NULL ? to : own_folder(admin)};
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, keyd_log_seed(directory_keyd(admin->directory), &seed, &admin->why));
    (void)mkdir(p.folder, 0755);
    p.registry = registry;
    ADMIN_TRY(admin, run(&p, seed));
    ADMIN_TRY(admin, open_published(admin, p.folder, &again, &ledger));
    return admin_print(admin, json_pack("{s:s, s:I}", "log", p.folder, "entries",
                                        (json_int_t)ledger_published(ledger)));
}

static int key(struct admin *admin, int argc, char **argv)
{
    AUTO_SECRET seed = NULL;
    struct slice text;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, keyd_log_seed(directory_keyd(admin->directory), &seed, &admin->why));
    ADMIN_TRY(admin, ledger_public_key(origin_of(admin), seed, 1, admin->arena, &text, &admin->why));
    printf("%.*s\n", SLICE_ARG(text));
    return EXIT_YES;
}

/* "NUMBER ENTRY" for each, of one organisation or of all. */
static enum status print_entry(void *context, uint64_t number, struct slice line, struct problem *why)
{
    struct logbook_entry entry;
    const char *organisation = *(const char *const *)context;
    (void)why;
    if (organisation == NULL || (logbook_read_entry(line, &entry) &&
                                 logbook_names(&entry, LIT("organisation"), slice_from(organisation))))
        printf("%" PRIu64 " %.*s\n", number, SLICE_ARG(line));
    return ST_OK;
}

static int entries(struct admin *admin, int argc, char **argv)
{
    const char *organisation = NULL;
    AUTO_SECRET seed = NULL;
    AUTO_LEDGER ledger = NULL;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "only those that name this organisation"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, open_published(admin, own_folder(admin), &seed, &ledger));
    ADMIN_TRY(admin, ledger_each(ledger, 0, print_entry, &organisation, &admin->why));
    return EXIT_YES;
}

static int proof(struct admin *admin, int argc, char **argv)
{
    const char *words[1] = {NULL};
    uint64_t number;
    struct slice text;
    AUTO_SECRET seed = NULL;
    AUTO_LEDGER ledger = NULL;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, words, 1,
                           "the number of an entry");
    if (code >= 0)
        return code;
    if (!slice_to_u64(slice_from(words[0]), INT64_MAX, &number))
        ADMIN_TRY(admin, problem_set(&admin->why, ST_INVALID, "an entry is a number, from 0 on"));
    ADMIN_TRY(admin, open_published(admin, own_folder(admin), &seed, &ledger));
    ADMIN_TRY(admin, ledger_proof_file(ledger, number, admin->arena, &text, &admin->why));
    printf("%.*s", SLICE_ARG(text));
    return EXIT_YES;
}

int cmd_log(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {
        {"publish", publish}, {"key", key}, {"entries", entries}, {"proof", proof}, {0}};
    return admin_run(argc, argv, verbs);
}
