/* A set is restored into an empty place, and everything in it is tried. */
#include <unistd.h>

#include "domain/intent/intent.h"
#include "platform/identity/identity.h"
#include "platform/identity/organisations.h"
#include "platform/store/store.h"
#include "platform/vault/scan.h"
#include "roles/archive/internal.h"
#include "roles/planner/inspect.h"
#include "roles/planner/planner.h"

enum { ARENA_BYTES_MAX = 1 << 28, FAULT_MAX = 160 };

struct look {
    struct archive *archive;
    struct arena *arena;
    const char *at; /* where it was restored to */
    struct archive_found *found;
    struct instant now;
    struct problem own; /* what is wrong with the set */
    struct problem fault; /* of the first row that does not open */
};

static const char *restored(const struct look *look, const char *path)
{
    return arena_format(look->arena, "%s/%s", look->at, path).data;
}

/* Ports of a planner that nothing outside hears of. */

static enum status no_reading(void *self, const struct mail *mail, const struct intent_context *context,
                              struct arena *arena, struct reading *reading, struct problem *why)
{
    (void)self;
    return intent_read(mail, context, arena, reading, why);
}

static enum status no_calendar(void *self, const struct person *person, struct interval window, bool titles,
                               struct arena *arena, struct occurrence_list *out, struct problem *why)
{
    (void)self, (void)person, (void)window, (void)titles, (void)arena, (void)why;
    *out = (struct occurrence_list){0};
    return ST_OK;
}

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                            struct secret **key, struct problem *why)
{
    struct archive *archive = self;
    struct archive_step step = {"look", 0, 0};
    if (archive->ports.go_on != NULL && !archive->ports.go_on(archive->ports.self, &step))
        return progress_stopped(why);
    return archive->ports.key(archive->ports.self, ask, arena, given, key, why);
}

static enum status open_planner(struct look *look, struct store *store, struct planner **out)
{
    const struct config *config = look->archive->config;
    struct planner_ports ports = {look->archive, no_reading, no_calendar, give_key};
    struct planner_options options = {.assistant = {config->assistant.name, config->assistant.address}};
    return planner_create(store, &ports, &options, out, &look->own);
}

static void note_fault(void *context, const char *what, struct slice id, const char *why)
{
    struct look *look = context;
    if (look->fault.status == ST_OK)
        (void)!problem_set(&look->fault, ST_INVALID, "%s %.*s: %.60s", what, SLICE_ARG(id), why);
}

/* What has no key was erased since: the key files are those of now. */
static enum status try_rows(struct look *look, struct planner *planner)
{
    struct planner_checked checked;
    struct archive_found *found = look->found;
    TRY(planner_check(planner, note_fault, look, &checked, &look->own));
    found->organisations = checked.organisations;
    found->people = checked.people;
    found->meetings = checked.meetings;
    found->messages = checked.messages;
    found->erased = checked.keyless;
    if (checked.faults <= checked.keyless)
        return ST_OK;
    return problem_set(&look->own, ST_DENIED, "store: %u entries do not open or do not fit; the first, %.90s",
                       (unsigned)(checked.faults - checked.keyless), look->fault.detail);
}

static enum status try_planner(struct look *look, struct store *store)
{
    struct planner *planner = NULL;
    TRY(open_planner(look, store, &planner));
    enum status status = try_rows(look, planner);
    int64_t began = clock_monotonic_ms();
    if (status == ST_OK)
        status = answer_a_mail(planner, look->now, &look->found->answered, &look->own);
    look->found->answer_us = (uint64_t)(clock_monotonic_ms() - began) * 1000;
    planner_destroy(&planner);
    return status;
}

static enum status try_store(struct look *look)
{
    AUTO_STORE store = NULL;
    const char *path = restored(look, "store/rendez.db");
    if (!is_there(path))
        return ST_OK; /* before the service has run once there is none */
    TRY(store_open(&sqlite_driver, path, &store, &look->own));
    TRY(store_check_file(store, &look->own));
    TRY(store_verify_log(store, &look->own));
    return try_planner(look, store);
}

static void take_entry(void *context, const char *place, int64_t row, struct sealed sealed)
{
    entry_scan_add(context, place, row, sealed);
}

/* Every entry of identities is well formed, and none was copied: archive has none of their keys. */
static enum status try_entries(struct look *look, struct identity *identity)
{
    AUTO_ENTRY_SCAN scan = entry_scan_create();
    struct entry_scanned found;
    TRY(identity_scan_entries(identity, take_entry, scan, &look->own));
    entry_scan_conclude(scan, &found);
    if (found.malformed + found.repeated_salts + found.repeated_ivs == 0)
        return ST_OK;
    return problem_set(&look->own, ST_DENIED, "identity: %zu entries are no entries, %zu come twice", found.malformed,
                       found.repeated_salts + found.repeated_ivs);
}

static enum status try_identities(struct look *look)
{
    struct identity *identity = NULL;
    const char *path = restored(look, "identity/identity.db");
    if (!is_there(path))
        return ST_OK;
    TRY(identity_open(&sqlite_driver, path, &identity, &look->own));
    enum status status = identity_verify_log(identity, &look->own);
    if (status == ST_OK)
        status = try_entries(look, identity);
    identity_destroy(&identity);
    return status;
}

static enum status restore_it(struct look *look, const struct set_row *row)
{
    struct archive *archive = look->archive;
    AUTO_SECRET key = NULL;
    struct manifest manifest;
    const char *folder = arena_format(look->arena, "%s/%.*s", archive->sets, SLICE_ARG(row->name)).data;
    int64_t began = clock_monotonic_ms();
    TRY(remove_tree(look->at, &look->own));
    TRY(make_folder(look->at, &look->own));
    TRY(ask_open_set(&archive->ports, row, &key, &look->own));
    TRY(read_set(folder, key, row->name, look->at, &archive->ports, "look", look->arena, &manifest, &look->found->files,
                 &look->own));
    TRY(restore_keys(archive->keys_copy, look->at, false, look->arena, &look->own));
    for (size_t i = 0; i < manifest.thing_count; i++)
        look->found->bytes += manifest.things[i].facts.size;
    look->found->restore_us = (uint64_t)(clock_monotonic_ms() - began) * 1000;
    return ST_OK;
}

static enum status try_set(struct look *look, const struct set_row *row)
{
    TRY(restore_it(look, row));
    TRY(try_identities(look));
    return try_store(look);
}

/* keyd away, a full disk, a stop: nothing is known of the set then. A set that lacks files is at fault. */
static bool could_not_try(const struct problem *why)
{
    return why->status == ST_UNAVAILABLE;
}

enum status archive_verify(struct archive *archive, struct slice set, struct instant now, struct arena *arena,
                           struct archive_found *out, struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(ARENA_BYTES_MAX);
    struct set_row row;
    struct look look = {.archive = archive, .arena = scratch, .found = out, .now = now};
    struct problem ignored;
    *out = (struct archive_found){0};
    TRY(set_keys_load(archive->keys, set, scratch, &row, why));
    look.at = arena_format(scratch, "%s/look", archive->work).data;
    enum status status = try_set(&look, &row);
    (void)!remove_tree(look.at, &ignored);
    if (status != ST_OK && could_not_try(&look.own))
        return problem_set(why, look.own.status, "%s", look.own.detail);
    if (status != ST_OK)
        out->fault = arena_copy(arena, slice_from(look.own.detail));
    return set_keys_note(archive->keys, row.name, now, out->fault, why);
}
