#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "platform/vault/vault.h"
#include "roles/directory/directory.h"

static const char *const files[] = {"rendez.conf", "root.key",      "pass",
                                    "rendez.db",   "rendez.db-wal", "rendez.db-shm",
                                    "rendez.keys", "rendez.keys-journal"};
static char folder[] = "/tmp/rendez-directory-XXXXXX";

static char *path_of(const char *name, struct arena *arena)
{
    return arena_text(arena, arena_format(arena, "%s/%s", folder, name));
}

static void make_installation(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET root = NULL;
    struct slice text = LIT("keys = { passphrase_file = \"pass\"; };\n"
                            "folders = { store = \"rendez.db\"; };\n");
    CHECK_OK(file_write_durably(path_of("rendez.conf", arena), text, 0600, NULL));
    CHECK_OK(file_write_durably(path_of("pass", arena), LIT("a passphrase\n"), 0600, NULL));
    CHECK_OK(root_key_create(path_of("root.key", arena), LIT("a passphrase"), &root, NULL));
}

static struct directory *open_directory(void)
{
    struct directory *directory = NULL;
    struct problem why = {0};
    CHECK_OK(directory_open(folder, NULL, &directory, &why));
    if (directory == NULL) {
        printf("Bail out! %s\n", why.detail);
        exit(3);
    }
    return directory;
}

static struct person any_person(const char *address, struct arena *arena)
{
    struct person person = {.organisation = LIT("acme"),
                            .address = slice_from(address),
                            .name = LIT("Nora Keller"),
                            .time_zone = LIT("Europe/Zurich"),
                            .calendar_password = LIT("s3cret")};
    preferences_defaults(arena, &person.preferences);
    return person;
}

static void organisations_are_added_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_DIRECTORY directory = open_directory();
    struct organisation_entry found;
    static const struct {
        const char *id, *name;
        enum status status;
    } cases[] = {
        {"acme", "Acme & Fils", ST_OK},
        {"acme", "again", ST_CONFLICT},
        {"", "x", ST_INVALID},
        {"Acme", "x", ST_INVALID},
        {"-acme", "x", ST_INVALID},
        {"a b", "x", ST_INVALID},
        {"other", "two\nlines", ST_INVALID},
        {"other", "", ST_INVALID},
    };
    CHECK_NUMBER(directory_find_organisation(directory, SLICE_NONE, arena, &found, NULL),
                 ST_NOT_FOUND);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_NUMBER(directory_add_organisation(directory, slice_from(cases[i].id),
                                                slice_from(cases[i].name), (struct instant){5},
                                                NULL),
                     cases[i].status);
    CHECK_OK(directory_find_organisation(directory, SLICE_NONE, arena, &found, NULL));
    CHECK_TEXT(found.name, "Acme & Fils");
    CHECK_NUMBER(found.created.us, 5);
    CHECK_OK(
        directory_add_organisation(directory, LIT("two"), LIT("Two"), (struct instant){6}, NULL));
    CHECK_NUMBER(directory_find_organisation(directory, SLICE_NONE, arena, &found, NULL),
                 ST_INVALID);
    CHECK_OK(directory_find_organisation(directory, LIT("two"), arena, &found, NULL));
}

static void people_are_saved_and_found_after_a_restart(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct person found, nora = any_person("Nora@acme.example", arena);
    struct person other = any_person("nora@ACME.example", arena);
    {
        AUTO_DIRECTORY directory = open_directory();
        CHECK_OK(directory_save_person(directory, &nora, (struct instant){1}, arena, NULL));
        CHECK_NUMBER(directory_save_person(directory, &other, (struct instant){1}, arena, NULL),
                     ST_CONFLICT);
        CHECK_NUMBER(other.id.len, 0);
    }
    AUTO_DIRECTORY directory = open_directory();
    CHECK_OK(directory_find_person(directory, LIT("nora@acme.example"), arena, &found, NULL));
    CHECK_TEXT(found.id, arena_text(arena, nora.id));
    CHECK_TEXT(found.address, "Nora@acme.example");
    CHECK_TEXT(found.calendar_password, "s3cret");
    CHECK_NUMBER(found.preferences.working_hours[MONDAY].count, 2);
    found.name = LIT("Nora Keller-Blum");
    CHECK_OK(directory_save_person(directory, &found, (struct instant){2}, arena, NULL));
    CHECK_OK(directory_find_person(directory, nora.id, arena, &found, NULL));
    CHECK_TEXT(found.name, "Nora Keller-Blum");
    struct person_list people;
    CHECK_OK(directory_list_people(directory, LIT("acme"), arena, &people, NULL));
    CHECK_NUMBER(people.count, 1);
    CHECK_OK(directory_list_people(directory, LIT("two"), arena, &people, NULL));
    CHECK_NUMBER(people.count, 0);
    CHECK_OK(directory_remove_person(directory, nora.id, (struct instant){3}, NULL));
    CHECK_NUMBER(directory_remove_person(directory, nora.id, (struct instant){3}, NULL),
                 ST_NOT_FOUND);
}

static void nonsense_is_refused(void)
{
    static const struct {
        const char *address, *name, *zone, *holidays;
    } cases[] = {
        {"nora", "Nora", "UTC", ""},
        {"@acme.example", "Nora", "UTC", ""},
        {"nora@", "Nora", "UTC", ""},
        {"a@b@c.example", "Nora", "UTC", ""},
        {"nora @acme.example", "N", "UTC", ""},
        {"nora@acme.example", "", "UTC", ""},
        {"nora@acme.example", "N", "Mars", ""},
        {"nora@acme.example", "N", "UTC", "FRA"},
        {"nora@acme.example", "N\tx", "UTC", ""},
    };
    AUTO_DIRECTORY directory = open_directory();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct person person = any_person(cases[i].address, arena);
        person.name = slice_from(cases[i].name);
        person.time_zone = slice_from(cases[i].zone);
        person.holidays = slice_from(cases[i].holidays);
        check_row(cases[i].address);
        CHECK_NUMBER(directory_save_person(directory, &person, (struct instant){1}, arena, NULL),
                     ST_INVALID);
    }
}

static void the_wrong_passphrase_opens_nothing(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_DIRECTORY directory = NULL;
    CHECK_OK(file_write_durably(path_of("pass", arena), LIT("another one"), 0600, NULL));
    CHECK_NUMBER(directory_open(folder, NULL, &directory, NULL), ST_DENIED);
    CHECK(directory == NULL);
    CHECK_NUMBER(secret_count(), 0);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 3;
    make_installation();
    TEST(organisations_are_added_once);
    TEST(people_are_saved_and_found_after_a_restart);
    TEST(nonsense_is_refused);
    TEST(the_wrong_passphrase_opens_nothing);
    AUTO_ARENA arena = arena_create(1 << 16);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(path_of(files[i], arena));
    rmdir(folder);
    return check_done();
}
