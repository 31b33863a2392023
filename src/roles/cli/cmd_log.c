/* rendez log: the logs of the store and of identities as one that others verify (doc/log.md). */
#include <inttypes.h>
#include <sys/stat.h>

#include "platform/ledger/ledger.h"
#include "platform/store/store.h"
#include "roles/cli/registry.h"
#include "roles/keyd/keyd.h"

enum { AT_ONCE = 1000, POSITION_BYTES_MAX = 200 };

/* How far each log has been taken over, and at which size of the ledger that was so. */
struct position {
    uint64_t store, identity, size;
};

struct publishing {
    struct admin *admin;
    struct registry *registry;
    struct ledger *ledger;
    const char *folder;
    struct position position;
    int64_t last_us; /* of the newest entry: times never go back */
};

static const char *position_path(const struct publishing *p)
{
    return arena_format(p->admin->arena, "%s/position", p->folder).data;
}

static enum status read_position(struct publishing *p)
{
    struct slice text, line;
    uint64_t *const numbers[] = {&p->position.store, &p->position.identity, &p->position.size};
    enum status status =
        file_read(position_path(p), POSITION_BYTES_MAX, p->admin->arena, &text, &p->admin->why);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    for (size_t i = 0; i < 3; i++)
        if (!slice_next_line(&text, &line) || !slice_to_u64(line, INT64_MAX, numbers[i]))
            return problem_set(&p->admin->why, ST_INVALID, "log: the file position is malformed");
    return ST_OK;
}

static enum status write_position(struct publishing *p)
{
    p->position.size = ledger_size(p->ledger);
    struct slice text = arena_format(p->admin->arena, "%" PRIu64 "\n%" PRIu64 "\n%" PRIu64 "\n",
                                     p->position.store, p->position.identity, p->position.size);
    return file_write_durably(position_path(p), text, 0600, &p->admin->why);
}

/* The number behind "source=store/", at the end of an entry; 0 when it is of the other log. */
static uint64_t source_number(struct slice entry, struct slice head)
{
    uint64_t number = 0;
    size_t at = slice_find(entry, head, 0);
    return at != SIZE_MAX && slice_to_u64(slice_sub(entry, at + head.len, entry.len), INT64_MAX, &number)
               ? number
               : 0;
}

static int64_t time_of(struct slice entry)
{
    uint64_t us = 0;
    size_t end = slice_find(entry, LIT(" "), 2);
    return slice_to_u64(slice_sub(entry, 2, end), INT64_MAX, &us) ? (int64_t)us : 0;
}

/* What was published after the position was written, by a run that was cut off. */
static enum status catch_up(struct publishing *p)
{
    uint64_t size = ledger_published(p->ledger);
    for (uint64_t n = size > 0 && p->position.size >= size ? size - 1 : p->position.size; n < size; n++) {
        AUTO_ARENA arena = arena_create((size_t)4 << 20);
        struct slice entry;
        TRY(ledger_read(p->ledger, n, arena, &entry, &p->admin->why));
        uint64_t store = source_number(entry, LIT("source=store/"));
        uint64_t identity = source_number(entry, LIT("source=identity/"));
        if (store > p->position.store)
            p->position.store = store;
        if (identity > p->position.identity)
            p->position.identity = identity;
        p->last_us = time_of(entry);
    }
    return ST_OK;
}

static void take(struct publishing *p, const struct log_entry *entry, const char *source,
                 struct arena *arena, struct slice_list *out)
{
    if (entry->at.us > p->last_us)
        p->last_us = entry->at.us;
    ARENA_PUSH(arena, out,
               arena_format(arena, "1 %" PRId64 " %.*s %.*s%ssource=%s/%u", p->last_us,
                            SLICE_ARG(entry->kind), SLICE_ARG(entry->ids),
                            entry->ids.len > 0 ? " " : "", source, (unsigned)entry->seq));
}

/* Both logs by their dates, as far as both have been read. */
static enum status append_some(struct publishing *p, size_t *count)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    struct log_entry_list store, identity;
    struct slice_list entries = {0};
    size_t i = 0, k = 0;
    TRY(store_list_log(directory_store(p->admin->directory), (uint32_t)p->position.store, arena, &store,
                       &p->admin->why));
    TRY(identity_list_log(registry_identity(p->registry), (uint32_t)p->position.identity, arena,
                          &identity, &p->admin->why));
    while ((i < store.count || store.count < AT_ONCE) && (k < identity.count || identity.count < AT_ONCE) &&
           i + k < store.count + identity.count) {
        bool first = k == identity.count ||
                     (i < store.count && store.items[i].at.us <= identity.items[k].at.us);
        if (first)
            take(p, &store.items[i++], "store", arena, &entries);
        else
            take(p, &identity.items[k++], "identity", arena, &entries);
    }
    *count = entries.count;
    TRY(ledger_append(p->ledger, entries.items, entries.count, NULL, &p->admin->why));
    p->position.store = i > 0 ? store.items[i - 1].seq : p->position.store;
    p->position.identity = k > 0 ? identity.items[k - 1].seq : p->position.identity;
    return ST_OK;
}

/* "rendez.acme.example/log": the public address without its scheme. */
static struct slice origin_of(const struct admin *admin)
{
    struct slice url = directory_config(admin->directory)->public_url;
    size_t at = slice_find(url, LIT("://"), 0);
    return arena_format(admin->arena, "%.*s/log", SLICE_ARG(slice_sub(url, at == SIZE_MAX ? 0 : at + 3, url.len)));
}

static enum status run(struct publishing *p, const struct secret *seed)
{
    size_t count = 0;
    TRY(ledger_open(p->folder, origin_of(p->admin), seed, &p->ledger, &p->admin->why));
    /* What a run that was cut off left in the journal is published first, so that it is read. */
    TRY(ledger_publish(p->ledger, false, NULL, NULL, &p->admin->why));
    TRY(read_position(p));
    TRY(catch_up(p));
    do
        TRY(append_some(p, &count));
    while (count > 0);
    TRY(ledger_publish(p->ledger, true, NULL, NULL, &p->admin->why));
    return write_position(p);
}

static int publish(struct admin *admin, int argc, char **argv)
{
    const char *to = NULL;
    AUTO_SECRET seed = NULL;
    AUTO_REGISTRY registry = NULL;
    const struct cli_option options[] = {
        {"to", NULL, &to, "DIR", "where the log is kept (else log, in the installation)"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    const char *own = arena_format(admin->arena, "%.*s/log",
                                   SLICE_ARG(directory_config(admin->directory)->folder)).data;
    struct publishing p = {.admin = admin, .folder = to != NULL ? to : own};
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, keyd_log_seed(directory_keyd(admin->directory), &seed, &admin->why));
    (void)mkdir(p.folder, 0755);
    p.registry = registry;
    enum status status = run(&p, seed);
    uint64_t size = p.ledger == NULL ? 0 : ledger_published(p.ledger);
    ledger_destroy(&p.ledger);
    if (status != ST_OK)
        return admin_fail(admin);
    return admin_print(admin, json_pack("{s:s, s:I}", "log", p.folder, "entries", (json_int_t)size));
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

int cmd_log(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"publish", publish}, {"key", key}, {0}};
    return admin_run(argc, argv, verbs);
}
