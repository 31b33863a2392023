#include "roles/directory/directory.h"

#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "domain/meeting/meeting.h"
#include "platform/store/sealing.h"
#include "platform/store/store.h"
#include "roles/keyd/keyd.h"
#include "roles/keyd/root.h"

enum { CONFIG_ARENA_MAX = 1 << 20, NAME_BYTES_MAX = 200, ID_BYTES_MAX = 64 };

struct directory {
    struct arena *arena; /* of the settings */
    struct config config;
    struct keyd *keyd;
    struct store *store;
    struct secret *lookup;
};

static enum status open_keys(struct directory *directory, const char *passphrase_file,
                             struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(64 * 1024);
    struct slice secret, passphrase;
    struct root_place place = root_place_of(&directory->config, arena);
    if (passphrase_file == NULL)
        passphrase_file = place.pin_file;
    TRY(passphrase_read(passphrase_file, false, arena, &secret, why));
    TRY(root_passphrase(&place, secret, arena, &passphrase, why));
    TRY(keyd_open(place.root_key, passphrase, &directory->keyd, why));
    return keyd_lookup_key(directory->keyd, &directory->lookup, why);
}

enum status directory_open(const char *path, const char *passphrase_file, struct directory **out,
                           struct problem *why)
{
    AUTO_DIRECTORY directory = must_calloc(1, sizeof *directory);
    directory->arena = arena_create(CONFIG_ARENA_MAX);
    TRY(config_load(path, directory->arena, &directory->config, why));
    TRY(open_keys(directory, passphrase_file, why));
    char *database = arena_text(directory->arena, directory->config.folders.store);
    TRY(store_open(&sqlite_driver, database, &directory->store, why));
    *out = directory;
    directory = NULL;
    return ST_OK;
}

void directory_destroy(struct directory **directory)
{
    if (*directory == NULL)
        return;
    store_destroy(&(*directory)->store);
    secret_destroy(&(*directory)->lookup);
    keyd_destroy(&(*directory)->keyd);
    arena_destroy(&(*directory)->arena);
    free(*directory);
    *directory = NULL;
}

const struct config *directory_config(const struct directory *directory)
{
    return &directory->config;
}

struct store *directory_store(struct directory *directory)
{
    return directory->store;
}

struct keyd *directory_keyd(struct directory *directory)
{
    return directory->keyd;
}

/* Ends the transaction that store_begin opened: commits when all went well. */
static enum status finish(struct directory *directory, enum status status, struct problem *why)
{
    if (status == ST_OK)
        status = store_commit(directory->store, why);
    store_rollback(directory->store);
    return status;
}

static enum status note(struct directory *directory, struct instant now, enum event event,
                        const char *subject, struct slice id, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    return store_append_log(directory->store, now, slice_from(event_name(event)),
                            arena_format(arena, "%s=%.*s", subject, SLICE_ARG(id)), why);
}

static enum status check_name(struct slice name, const char *what, struct problem *why)
{
    if (name.len == 0 || name.len > NAME_BYTES_MAX || utf8_bad_at(name) != SIZE_MAX)
        return problem_set(why, ST_INVALID, "%s: one line of text is needed", what);
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.data[i] < ' ')
            return problem_set(why, ST_INVALID, "%s: one line of text is needed", what);
    return ST_OK;
}

static enum status check_id(struct slice id, struct problem *why)
{
    bool good = id.len > 0 && id.len <= ID_BYTES_MAX;
    for (size_t i = 0; good && i < id.len; i++)
        good = (id.data[i] >= 'a' && id.data[i] <= 'z') || ascii_is_digit(id.data[i]) ||
               (id.data[i] == '-' && i > 0);
    return good ? ST_OK
                : problem_set(why, ST_INVALID,
                              "an organisation's id is of small letters, digits and hyphens");
}

/* Of the version that opens `sealed`; empty: the newest, which what is written now is sealed with. */
static enum status directory_key(struct directory *directory, struct slice organisation,
                                 struct sealed sealed, struct secret **key, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct stored_key row;
    uint32_t version = 0;
    if (sealed.bytes.len > 0 && sealed_key_version(sealed, &version) != ST_OK)
        return problem_set(why, ST_DENIED, "this is no sealed value");
    TRY(store_load_key(directory->store, KEY_OF_ORGANISATION, organisation, version, arena, &row, why));
    return keyd_directory_key(directory->keyd, organisation, row.key, key, why);
}

static enum status add_organisation(struct directory *directory, struct slice id, struct slice name,
                                    struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = NULL;
    struct stored_organisation row = {.id = id, .state = LIT("active"), .created = now}, other;
    if (store_load_organisation(directory->store, id, arena, &other, NULL) == ST_OK)
        return problem_set(why, ST_CONFLICT, "there is an organisation of that id already");
    struct seal_place place = sealing_place(SEALED_ORGANISATION, id, id);
    TRY(keyd_new_organisation_key(directory->keyd, id, 1, arena, &row.key, why));
    TRY(keyd_directory_key(directory->keyd, id, row.key, &key, why));
    TRY(vault_seal(key, &place, name, arena, &row.record, why));
    TRY(store_save_organisation(directory->store, &row, why));
    return note(directory, now, EVENT_ORGANISATION_ADDED, "organisation", id, why);
}

enum status directory_add_organisation(struct directory *directory, struct slice id,
                                       struct slice name, struct instant now, struct problem *why)
{
    TRY(check_id(id, why));
    TRY(check_name(name, "organisation's name", why));
    TRY(store_begin(directory->store, why));
    return finish(directory, add_organisation(directory, id, name, now, why), why);
}

static enum status end_organisation(struct directory *directory, struct slice id, struct instant now,
                                    struct problem *why)
{
    TRY(store_end_organisation(directory->store, id, why));
    return note(directory, now, EVENT_ORGANISATION_ENDED, "organisation", id, why);
}

enum status directory_end_organisation(struct directory *directory, struct slice id, struct instant now,
                                       struct problem *why)
{
    TRY(store_begin(directory->store, why));
    return finish(directory, end_organisation(directory, id, now, why), why);
}

static enum status set_policy(struct directory *directory, struct slice id, struct slice policy,
                              struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    TRY(store_set_policy(directory->store, id, policy, why));
    return store_append_log(directory->store, now, slice_from("organisation.policy.set"),
                            arena_format(arena, "organisation=%.*s policy=%.*s", SLICE_ARG(id),
                                         SLICE_ARG(policy)),
                            why);
}

enum status directory_set_policy(struct directory *directory, struct slice id, struct slice policy,
                                 struct instant now, struct problem *why)
{
    bool known = false;
    for (int i = 0; i < POLICY_COUNT_; i++)
        known = known || slice_equal(policy, slice_from(meeting_policy_names[i]));
    if (!known)
        return problem_set(why, ST_INVALID, "policy: never, doubt or always is needed");
    TRY(store_begin(directory->store, why));
    return finish(directory, set_policy(directory, id, policy, now, why), why);
}

static enum status open_organisation(struct directory *directory,
                                     const struct stored_organisation *row, struct arena *arena,
                                     struct organisation_entry *out, struct problem *why)
{
    AUTO_SECRET key = NULL;
    struct seal_place place = sealing_place(SEALED_ORGANISATION, row->id, row->id);
    *out = (struct organisation_entry){.id = row->id, .state = row->state, .created = row->created};
    TRY(store_load_policy(directory->store, row->id, arena, &out->policy, why));
    TRY(directory_key(directory, row->id, row->record, &key, why));
    return vault_open(key, &place, row->record, arena, &out->name, why);
}

enum status directory_list_organisations(struct directory *directory, struct arena *arena,
                                         struct organisation_entry_list *out, struct problem *why)
{
    struct stored_organisation_list rows;
    struct organisation_entry_list list = {0};
    TRY(store_list_organisations(directory->store, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct organisation_entry entry;
        TRY(open_organisation(directory, &rows.items[i], arena, &entry, why));
        ARENA_PUSH(arena, &list, entry);
    }
    *out = list;
    return ST_OK;
}

enum status directory_find_organisation(struct directory *directory, struct slice id,
                                        struct arena *arena, struct organisation_entry *out,
                                        struct problem *why)
{
    struct organisation_entry_list all;
    TRY(directory_list_organisations(directory, arena, &all, why));
    if (id.len == 0 && all.count > 1)
        return problem_set(why, ST_INVALID, "several organisations: say which");
    for (size_t i = 0; i < all.count; i++)
        if (id.len == 0 || slice_equal(all.items[i].id, id)) {
            *out = all.items[i];
            return ST_OK;
        }
    return problem_set(why, ST_NOT_FOUND, "no such organisation");
}

static enum status check_person(const struct person *person, struct problem *why)
{
    const struct zone *zone;
    size_t at = slice_find(person->address, LIT("@"), 0);
    TRY(check_name(person->name, "name", why));
    TRY(check_name(person->address, "address", why));
    if (at == SIZE_MAX || at == 0 || at + 1 == person->address.len ||
        slice_contains(person->address, LIT(" ")) ||
        slice_find(person->address, LIT("@"), at + 1) != SIZE_MAX)
        return problem_set(why, ST_INVALID, "address: one like nora@acme.example is needed");
    if (zone_load(person->time_zone, &zone, NULL) != ST_OK)
        return problem_set(why, ST_INVALID, "time zone: one like Europe/Paris is needed");
    if (person->holidays.len != 0 && person->holidays.len != 2)
        return problem_set(why, ST_INVALID, "holidays: a country's two letters, like FR");
    return ST_OK;
}

static enum status check_active(struct directory *directory, struct slice id, struct arena *arena,
                                struct problem *why)
{
    struct stored_organisation row;
    TRY(store_load_organisation(directory->store, id, arena, &row, why));
    return slice_equal(row.state, LIT("active"))
               ? ST_OK
               : problem_set(why, ST_CONFLICT, "that organisation has ended");
}

static enum status save_person(struct directory *directory, const struct person *person,
                               struct instant now, struct arena *arena, struct problem *why)
{
    AUTO_SECRET key = NULL;
    TRY(check_active(directory, person->organisation, arena, why));
    struct seal_place place = sealing_place(SEALED_PERSON, person->organisation, person->id);
    struct stored_person row = {
        .id = person->id,
        .organisation = person->organisation,
        .role = person->client ? LIT("client") : LIT("guest"),
        .state = LIT("active"),
        .created = now,
        .address_hash = sealing_address_hash(directory->lookup, person->address, arena),
    };
    TRY(directory_key(directory, person->organisation, (struct sealed){SLICE_NONE}, &key, why));
    TRY(sealing_seal(key, &place, &person_record, person, arena, &row.record, why));
    enum status status = store_save_person(directory->store, &row, why);
    if (status == ST_CONFLICT)
        return problem_set(why, ST_CONFLICT, "there is somebody with that address already");
    TRY(status);
    return note(directory, now, EVENT_PERSON_SAVED, "person", person->id, why);
}

enum status directory_save_person(struct directory *directory, struct person *person,
                                  struct instant now, struct arena *arena, struct problem *why)
{
    struct person saved = *person;
    TRY(check_person(person, why));
    if (saved.id.len == 0)
        saved.id = store_new_id("p", arena);
    TRY(store_begin(directory->store, why));
    TRY(finish(directory, save_person(directory, &saved, now, arena, why), why));
    person->id = saved.id;
    return ST_OK;
}

static enum status open_person(struct directory *directory, const struct stored_person *row,
                               struct arena *arena, struct person *out, struct problem *why)
{
    AUTO_SECRET key = NULL;
    struct seal_place place = sealing_place(SEALED_PERSON, row->organisation, row->id);
    TRY(directory_key(directory, row->organisation, row->record, &key, why));
    TRY(sealing_open(key, &place, row->record, &person_record, arena, out, why));
    out->id = row->id;
    out->organisation = row->organisation;
    return ST_OK;
}

enum status directory_find_person(struct directory *directory, struct slice who,
                                  struct arena *arena, struct person *out, struct problem *why)
{
    struct stored_person row;
    if (slice_contains(who, LIT("@")))
        TRY(store_find_person(directory->store, sealing_address_hash(directory->lookup, who, arena),
                              arena, &row, why));
    else
        TRY(store_load_person(directory->store, who, arena, &row, why));
    return open_person(directory, &row, arena, out, why);
}

enum status directory_list_people(struct directory *directory, struct slice organisation,
                                  struct arena *arena, struct person_list *out, struct problem *why)
{
    struct stored_person_list rows;
    struct person_list list = {0};
    TRY(store_list_people(directory->store, organisation, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct person person;
        TRY(open_person(directory, &rows.items[i], arena, &person, why));
        ARENA_PUSH(arena, &list, person);
    }
    *out = list;
    return ST_OK;
}

static enum status remove_person(struct directory *directory, struct slice id, struct instant now,
                                 struct problem *why)
{
    TRY(store_remove_person(directory->store, id, why));
    return note(directory, now, EVENT_PERSON_REMOVED, "person", id, why);
}

enum status directory_remove_person(struct directory *directory, struct slice id,
                                    struct instant now, struct problem *why)
{
    TRY(store_begin(directory->store, why));
    return finish(directory, remove_person(directory, id, now, why), why);
}

enum status directory_has_received(struct directory *directory, struct slice message_id,
                                   struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    bool found;
    struct slice hash = sealing_message_id_hash(directory->lookup, message_id, arena);
    TRY(store_find_inbound(directory->store, hash, &found, why));
    return found ? ST_OK : problem_set(why, ST_NOT_FOUND, "no such message was handled");
}
