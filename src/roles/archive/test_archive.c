/* Backups of a small installation, with the planner's own code around it: made, broken, erased, rotated,
 * ended, cut off, restored. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/evidence/evidence.h"
#include "platform/identity/places.h"
#include "platform/identity/rotation.h"
#include "roles/archive/internal.h"
#include "roles/planner/inspect.h"
#include "roles/planner/test_house.h"

enum { FILE_BYTES_MAX = 64 << 20 };

/* An installation in a folder, its service stopped, with two organisations and some meetings. */
struct site {
    char folder[64];
    struct house *house;
    struct config *config; /* the archive keeps a pointer to it */
    struct archive *archive;
    struct arena *arena;
    struct instant now;
};

static const char *in_site(const struct site *site, const char *path)
{
    return arena_format(site->arena, "%s/%s", site->folder, path).data;
}

/* cp -a, of a folder or a file. */
static void copy_all(const char *from, const char *to)
{
    char command[600];
    snprintf(command, sizeof command, "cp -a '%s' '%s'", from, to);
    CHECK_NUMBER(system(command), 0);
}

static bool same_file(const char *a, const char *b)
{
    AUTO_ARENA arena = arena_create(FILE_BYTES_MAX * 2);
    struct slice one, other;
    return file_read(a, FILE_BYTES_MAX, arena, &one, NULL) == ST_OK &&
           file_read(b, FILE_BYTES_MAX, arena, &other, NULL) == ST_OK && slice_equal(one, other);
}

static enum status key_of_house(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                                struct secret **key, struct problem *why)
{
    struct house *house = self;
    keyd_answer_key(house->keyd, ROLE_ARCHIVE, ask, arena, given, key); /* as it answers the role */
    return given->status == ST_OK ? ST_OK : problem_set(why, given->status, "%.*s", SLICE_ARG(given->problem));
}

static void open_archive(struct site *site)
{
    struct archive_ports ports = {site->house, key_of_house, NULL};
    CHECK_OK(archive_open(site->config, &ports, &site->archive, NULL));
}

static void reopen_house(struct site *site, struct keyd *keyd)
{
    struct house *house = site->house;
    planner_destroy(&house->planner);
    if (keyd != NULL) {
        keyd_destroy(&house->keyd);
        house->keyd = keyd;
    }
    open_planner_of(house, false, (struct planner_limits){0});
}

static void write_settings(struct site *site)
{
    static const char settings[] = "mode = \"sandbox\";\n";
    CHECK_OK(file_write_durably(in_site(site, "rendez.conf"), slice_from(settings), 0644, NULL));
    CHECK_OK(config_parse(slice_from(settings), slice_from(site->folder), site->arena, site->config, NULL));
    CHECK_OK(file_write_durably(in_site(site, "root.key"), LIT("sealed by a passphrase"), 0600, NULL));
    CHECK_OK(file_write_durably(in_site(site, "rendez.passphrase"), LIT("never-in-a-set"), 0600, NULL));
}

static void write_files(struct site *site)
{
    static const char *const folders[] = {"calendars", "spool", "outgoing", "pki", "log", "log/tile", "identity", "trust"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        CHECK_OK(make_folder(in_site(site, folders[i]), NULL));
    CHECK_OK(file_write_durably(in_site(site, "calendars/ada.ics"), LIT("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), 0600, NULL));
    CHECK_OK(file_write_durably(in_site(site, "log/checkpoint"), LIT("log.example\n0\n"), 0644, NULL));
    CHECK_OK(file_write_durably(in_site(site, "log/tile/000"), LIT("hash"), 0644, NULL));
    CHECK_OK(file_write_durably(in_site(site, "spool/0123"), LIT("sealed mail"), 0600, NULL));
    CHECK_OK(file_write_durably(in_site(site, "spool/0123-a.keys"), LIT("wrapped key of mail"), 0600, NULL));
    CHECK_OK(file_write_durably(in_site(site, "outgoing/delivered"), SLICE_NONE, 0600, NULL));
}

/* Accounts and evidence, sealed as authd and trust do it. */

static struct sealed seal_at(struct site *site, const struct secret *key, const struct seal_place *place)
{
    struct sealed sealed = {0};
    CHECK_OK(vault_seal(key, place, LIT("of a person"), site->arena, &sealed, NULL));
    return sealed;
}

static void fill_identities(struct site *site, struct identity *identity)
{
    struct keyd *keyd = site->house->keyd;
    struct identity_organisation acme = {
        .id = LIT("acme"), .kind = LIT("client"), .state = LIT("active"), .created = site->house->now};
    struct account ada = {.id = LIT("a_ada"), .organisation = acme.id, .function = LIT("organizer"),
                          .state = ACCOUNT_ACTIVE, .created = site->house->now, .address_hash = LIT("hash-of-ada")};
    struct factor code = {.id = LIT("f_code"), .account = ada.id, .kind = FACTOR_KIND_CODE, .state = FACTOR_ACTIVE,
                          .created = site->house->now};
    struct seal_place account = identity_place(IDENTITY_ACCOUNT, acme.id, ada.id);
    struct seal_place factor = identity_place(IDENTITY_FACTOR, acme.id, code.id);
    struct seal_place secret = keyd_factor_place(acme.id, code.id);
    AUTO_SECRET own = NULL;
    AUTO_SECRET codes = NULL;
    CHECK_OK(keyd_new_organisation_key(keyd, acme.id, 1, site->arena, &acme.key, NULL));
    CHECK_OK(keyd_identity_key(keyd, acme.id, acme.key, &own, NULL));
    CHECK_OK(keyd_factor_key(keyd, acme.id, acme.key, 0, &codes, NULL));
    ada.details = seal_at(site, own, &account);
    code.details = seal_at(site, own, &factor);
    code.secret = seal_at(site, codes, &secret);
    CHECK_OK(identity_save_organisation(identity, &acme, NULL));
    CHECK_OK(identity_save_account(identity, &ada, NULL));
    CHECK_OK(identity_add_factor(identity, &code, NULL));
}

static void make_identities(struct site *site)
{
    struct identity *identity = NULL;
    CHECK_OK(identity_open(&sqlite_driver, in_site(site, "identity/identity.db"), &identity, NULL));
    CHECK_OK(identity_begin(identity, NULL));
    fill_identities(site, identity);
    CHECK_OK(identity_commit(identity, NULL));
    identity_destroy(&identity);
}

static void make_evidence(struct site *site)
{
    struct evidence *evidence = NULL;
    struct seal_place place = evidence_contact_place(LIT("service"));
    AUTO_SECRET key = NULL;
    CHECK_OK(keyd_trust_key(site->house->keyd, &key, NULL));
    struct contact contact = {.organisation = LIT("service"), .sealed = seal_at(site, key, &place)};
    CHECK_OK(evidence_open(&sqlite_driver, in_site(site, "trust/trust.db"), &evidence, NULL));
    CHECK_OK(evidence_save_contact(evidence, &contact, NULL));
    evidence_destroy(&evidence);
}

static struct site site_create(void)
{
    struct site site = {.arena = arena_create((size_t)512 << 20)};
    snprintf(site.folder, sizeof site.folder, "%s/rendez-archive-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(site.folder) == NULL)
        abort();
    site.config = ARENA_NEW(site.arena, struct config);
    write_settings(&site);
    write_files(&site);
    CHECK_OK(make_folder(in_site(&site, "store"), NULL));
    site.house = begin_in(in_site(&site, "store/rendez.db"), false, (struct planner_limits){0});
    make_identities(&site);
    make_evidence(&site);
    CHECK_OK(planner_add_organisation(site.house->planner, LIT("nova"), LIT("Nova"), NULL));
    ask_for_a_meeting(site.house, bob);
    ask_for_a_meeting(site.house, bob_and_eve);
    site.now = site.house->now;
    open_archive(&site);
    return site;
}

static void site_remove(struct site *site)
{
    archive_close(&site->archive);
    finish(site->house);
    CHECK_OK(remove_tree(site->folder, NULL));
    arena_destroy(&site->arena);
}

static struct set_row make_one(struct site *site)
{
    struct set_row made = {0};
    struct problem why = {0};
    site->now.us += 60 * MINUTE_US;
    CHECK_OK(archive_make(site->archive, SET_DAILY, site->now, site->arena, &made, &why));
    if (why.status != ST_OK)
        printf("# %s\n", why.detail);
    return made;
}

static struct archive_found verify(struct site *site, struct slice set)
{
    struct archive_found found = {0};
    struct problem why = {0};
    CHECK_OK(archive_verify(site->archive, set, site->now, site->arena, &found, &why));
    if (why.status != ST_OK)
        printf("# %s\n", why.detail);
    return found;
}

static enum status restore_to(struct site *site, const char *from, const char *keys, const char *to,
                              struct archive_restored *out)
{
    struct archive_restoring asked = {from, keys, to, NULL, {site->house, key_of_house, NULL}};
    return archive_restore(&asked, site->now, site->arena, out, NULL);
}

static bool any_file_holds(const struct site *site, const char *folder, struct slice bytes)
{
    struct slice_list files;
    CHECK_OK(list_files(folder, site->arena, &files, NULL));
    for (size_t i = 0; i < files.count; i++) {
        AUTO_ARENA arena = arena_create(FILE_BYTES_MAX * 2);
        struct slice content;
        CHECK_OK(file_read(arena_format(arena, "%s/%.*s", folder, SLICE_ARG(files.items[i])).data, FILE_BYTES_MAX, arena, &content, NULL));
        if (slice_contains(content, bytes))
            return true;
    }
    return false;
}

/* There and back: what belongs in a set is the same after a restore, and nothing else is in it. */
static void there_and_back(void)
{
    static const struct {
        const char *path;
        bool kept;
    } cases[] = {
        {"rendez.conf", true}, {"calendars/ada.ics", true}, {"log/checkpoint", true}, {"log/tile/000", true},
        {"spool/0123", true}, {"outgoing/delivered", true}, {"store/rendez.keys", true}, {"root.key", true},
        {"spool/0123-a.keys", true}, {"archive/sets.keys", true}, {"rendez.passphrase", false},
        {"store/rendez.db-wal", false}, {"backup", false}, {"backup-keys", false},
    };
    struct site site = site_create();
    struct set_row made = make_one(&site);
    CHECK(made.whole && made.bytes > 1000);
    struct archive_found found = verify(&site, made.name);
    CHECK_TEXT(found.fault, "");
    CHECK_NUMBER(found.entries, 4); /* account, factor, secret of a code; contact */
    CHECK(found.answered && found.meetings == 2 && found.people == 1 && found.organisations == 2 && found.erased == 0);
    struct archive_restored back;
    CHECK_OK(restore_to(&site, in_site(&site, "backup"), in_site(&site, "backup-keys"), in_site(&site, "new"), &back));
    CHECK(slice_equal(back.set, made.name) && back.made.us == site.now.us && back.files > 5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].path);
        const char *path = arena_format(site.arena, "new/%s", cases[i].path).data;
        CHECK(is_there(in_site(&site, path)) == cases[i].kept);
        if (cases[i].kept && strstr(cases[i].path, "archive/") == NULL && strstr(cases[i].path, "store/") == NULL)
            CHECK(same_file(in_site(&site, cases[i].path), in_site(&site, path)));
    }
    check_row("");
    CHECK(!any_file_holds(&site, in_site(&site, "new"), LIT("never-in-a-set")));
    CHECK(!any_file_holds(&site, in_site(&site, "backup-keys"), LIT("never-in-a-set")));
    /* Nothing is written over; one set by itself does as well. */
    CHECK_NUMBER(restore_to(&site, in_site(&site, "backup"), in_site(&site, "backup-keys"), in_site(&site, "new"), &back), ST_CONFLICT);
    CHECK_OK(restore_to(&site, arena_format(site.arena, "%s/backup/%.*s/", site.folder, SLICE_ARG(made.name)).data,
                        in_site(&site, "backup-keys"), in_site(&site, "new2"), &back));
    CHECK_NUMBER(restore_to(&site, in_site(&site, "calendars"), in_site(&site, "backup-keys"), in_site(&site, "new3"), &back), ST_NOT_FOUND);
    CHECK(!is_there(in_site(&site, "new3")) && !is_there(in_site(&site, "new3.part")));
    site_remove(&site);
}

/* No meeting goes on there: a client asks for one, and its key is one that keyd knows nothing of. */
static void a_client_asks(void)
{
    struct site site = site_create();
    struct stored_meeting_list rows = {0};
    CHECK_OK(store_list_meetings(site.house->store, LIT("o"), site.arena, &rows, NULL));
    CHECK_NUMBER(rows.count, 2);
    for (size_t i = 0; i < rows.count; i++)
        CHECK_OK(planner_erase_meeting(site.house->planner, rows.items[i].id, site.now, NULL));
    struct archive_found found = verify(&site, make_one(&site).name);
    CHECK_TEXT(found.fault, "");
    CHECK(found.answered && found.meetings == 0);
    site_remove(&site);
}

/* Another process finds the door closed. */
static void one_at_a_time(void)
{
    struct site site = site_create();
    struct archive *other = NULL;
    struct archive_ports ports = {site.house, key_of_house, NULL};
    CHECK_NUMBER(archive_open(site.config, &ports, &other, NULL), ST_CONFLICT);
    site_remove(&site);
}

static void flip(const char *path, off_t at)
{
    unsigned char byte;
    AUTO_FD fd = open(path, O_RDWR | O_CLOEXEC);
    CHECK(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte ^= 0x10;
    CHECK(pwrite(fd, &byte, 1, at) == 1);
}

/* One bit of each file of a set, at several places; a file that is gone, and one too many. */
static void what_is_broken_is_found(void)
{
    struct site site = site_create();
    struct set_row made = make_one(&site);
    const char *folder = arena_format(site.arena, "%s/backup/%.*s", site.folder, SLICE_ARG(made.name)).data;
    struct slice_list files;
    CHECK_OK(list_files(folder, site.arena, &files, NULL));
    CHECK(files.count >= 9);
    for (size_t i = 0; i < files.count; i++) {
        const char *path = arena_format(site.arena, "%s/%.*s", folder, SLICE_ARG(files.items[i])).data;
        off_t size = (off_t)file_bytes(path);
        const off_t places[] = {0, 3, size / 3, size / 2, size - 1};
        check_row(path);
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            flip(path, places[p]);
            CHECK(verify(&site, made.name).fault.len > 0);
            flip(path, places[p]);
        }
        CHECK(rename(path, in_site(&site, "away")) == 0);
        CHECK(verify(&site, made.name).fault.len > 0);
        CHECK(rename(in_site(&site, "away"), path) == 0);
    }
    check_row("");
    CHECK_TEXT(verify(&site, made.name).fault, "");
    CHECK_OK(file_write_durably(arena_format(site.arena, "%s/more", folder).data, LIT("x"), 0600, NULL));
    CHECK(verify(&site, made.name).fault.len > 0);
    struct set_row row;
    CHECK_OK(set_keys_load(archive_keys(site.archive), made.name, site.arena, &row, NULL));
    CHECK(row.fault.len > 0 && row.verified.us == site.now.us);
    site_remove(&site);
}

/* Sets that are each good, with each other's files or names. */
static void sets_are_not_mixed(void)
{
    struct site site = site_create();
    struct set_row first = make_one(&site), second = make_one(&site);
    const char *a = arena_format(site.arena, "%s/backup/%.*s/store", site.folder, SLICE_ARG(first.name)).data;
    const char *b = arena_format(site.arena, "%s/backup/%.*s/store", site.folder, SLICE_ARG(second.name)).data;
    CHECK(rename(a, in_site(&site, "x")) == 0 && rename(b, a) == 0 && rename(in_site(&site, "x"), b) == 0);
    CHECK(verify(&site, first.name).fault.len > 0);
    CHECK(verify(&site, second.name).fault.len > 0);
    site_remove(&site);
}

/* A row that says it is another's, or that somebody wrote by hand, in each database whose keys archive is not
 * given: form, digests and counts are as they should be. */
#define BYTES_16 "5A0B7C1D2E3F4152637485960718293A"
#define NO_ENTRY "X'0100000001" BYTES_16 "6B" BYTES_16 "7C" BYTES_16 "8D" BYTES_16 "'" /* the form of one */
static void entries_of_others_are_tried(void)
{
    static const struct {
        const char *database, *change, *table;
    } cases[] = {
        {"identity/identity.db", "create temp table was as select sealed from account;"
                                 "update account set sealed = (select sealed from factor);"
                                 "update factor set sealed = (select sealed from was)", "identity.account"},
        {"identity/identity.db", "update factor set sealed = " NO_ENTRY, "identity.factor"},
        {"identity/identity.db", "update factor set secret = " NO_ENTRY, "factor"},
        {"identity/identity.db", "update account set sealed = " NO_ENTRY, "identity.account"},
        {"trust/trust.db", "update contact set sealed = " NO_ENTRY, "contact"},
        {"trust/trust.db", "update contact set organisation = 'other'", "contact"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct site site = site_create();
        sqlite3 *db = NULL;
        check_row(cases[i].change);
        CHECK_NUMBER(sqlite3_open(in_site(&site, cases[i].database), &db), SQLITE_OK);
        CHECK_NUMBER(sqlite3_exec(db, cases[i].change, NULL, NULL, NULL), SQLITE_OK);
        CHECK_NUMBER(sqlite3_close(db), SQLITE_OK);
        struct set_row made = make_one(&site);
        struct archive_found found = verify(&site, made.name);
        CHECK(slice_contains(found.fault, arena_format(site.arena, "of %s does not open", cases[i].table)));
        site_remove(&site);
    }
}

static struct slice wrapped_key(struct site *site, enum stored_key_kind kind, struct slice id)
{
    struct stored_key key;
    CHECK_OK(store_load_key(site->house->store, kind, id, 0, site->arena, &key, NULL));
    return key.key.sealed.bytes;
}

/* What was erased opens in no set, with no copy that there is; what stayed does. */
static void erased_in_every_set(void)
{
    struct site site = site_create();
    struct meeting meeting = only_meeting(site.house);
    struct slice key = wrapped_key(&site, KEY_OF_MEETING, meeting.id);
    struct slice nova = wrapped_key(&site, KEY_OF_ORGANISATION, LIT("nova"));
    struct set_row first = make_one(&site), second = make_one(&site);
    CHECK(any_file_holds(&site, in_site(&site, "backup-keys"), key));
    CHECK_OK(planner_erase_meeting(site.house->planner, meeting.id, site.now, NULL));
    CHECK_OK(planner_erase_organisation(site.house->planner, LIT("nova"), site.now, NULL));
    CHECK(archive_keys_changed(site.archive));
    CHECK_OK(archive_copy_keys(site.archive, site.now, NULL));
    CHECK(!any_file_holds(&site, in_site(&site, "backup-keys"), key));
    CHECK(!any_file_holds(&site, in_site(&site, "backup-keys"), nova));
    const struct slice sets[] = {first.name, second.name};
    for (size_t i = 0; i < 2; i++) {
        struct archive_found found = verify(&site, sets[i]);
        CHECK_TEXT(found.fault, "");
        CHECK_NUMBER(found.erased, 2);
        struct archive_restored back;
        const char *to = in_site(&site, i == 0 ? "new" : "new2");
        struct archive_restoring asked = {in_site(&site, "backup"), in_site(&site, "backup-keys"), to,
                                          arena_text(site.arena, sets[i]), {site.house, key_of_house, NULL}};
        CHECK_OK(archive_restore(&asked, site.now, site.arena, &back, NULL));
        /* Nowhere in what the set holds, unpacked, is the key of it. */
        CHECK(!any_file_holds(&site, to, key) && !any_file_holds(&site, to, nova));
        AUTO_STORE store = NULL;
        struct stored_meeting row;
        struct stored_organisation organisation;
        CHECK_OK(store_open(&sqlite_driver, arena_format(site.arena, "%s/store/rendez.db", to).data, &store, NULL));
        CHECK_OK(store_load_meeting(store, meeting.id, site.arena, &row, NULL));
        CHECK(row.record.bytes.len > 0 && row.key.sealed.bytes.len == 0);
        CHECK_OK(store_load_organisation(store, LIT("nova"), site.arena, &organisation, NULL));
        CHECK(organisation.record.bytes.len > 0 && organisation.key.sealed.bytes.len == 0);
    }
    site_remove(&site);
}

static void let_upkeep_end(struct site *site)
{
    bool more = true;
    for (int step = 0; more && step < 200; step++)
        CHECK_OK(planner_upkeep(site->house->planner, site->now, &more, NULL));
    CHECK(!more);
}

/* What was rotated opens in the sets of before, as long as there are any. */
static void rotated_in_every_set(void)
{
    struct site site = site_create();
    struct set_row first = make_one(&site);
    struct slice before = wrapped_key(&site, KEY_OF_ORGANISATION, LIT("o"));
    CHECK_OK(planner_rotate(site.house->planner, UPKEEP_ORGANISATION, LIT("o"), site.now, NULL));
    CHECK_OK(planner_rotate(site.house->planner, UPKEEP_MEETINGS, LIT("o"), site.now, NULL));
    let_upkeep_end(&site);
    CHECK(!slice_equal(before, wrapped_key(&site, KEY_OF_ORGANISATION, LIT("o"))));
    CHECK_OK(archive_copy_keys(site.archive, site.now, NULL));
    struct set_row second = make_one(&site);
    struct archive_found found = verify(&site, first.name);
    CHECK_TEXT(found.fault, "");
    CHECK(found.erased == 0 && found.meetings == 2 && found.answered);
    CHECK_TEXT(verify(&site, second.name).fault, "");
    CHECK(any_file_holds(&site, in_site(&site, "backup-keys"), before));
    CHECK(!any_file_holds(&site, in_site(&site, "store"), before)); /* not where the service is */
    /* The last set of before goes, and the key with it. */
    CHECK_OK(archive_end(site.archive, first.name, site.now, NULL));
    CHECK(!any_file_holds(&site, in_site(&site, "backup-keys"), before));
    CHECK_TEXT(verify(&site, second.name).fault, "");
    /* One that was rotated and then erased is in no set. */
    CHECK_OK(planner_rotate(site.house->planner, UPKEEP_ORGANISATION, LIT("o"), site.now, NULL));
    let_upkeep_end(&site);
    make_one(&site);
    CHECK_OK(planner_erase_organisation(site.house->planner, LIT("o"), site.now, NULL));
    CHECK_OK(archive_copy_keys(site.archive, site.now, NULL));
    found = verify(&site, second.name);
    CHECK_TEXT(found.fault, "");
    CHECK(found.erased > 0 && !found.answered);
    site_remove(&site);
}

static struct root_keys two_roots(const struct secret *first, const struct secret *second)
{
    struct root_keys roots = {.count = second == NULL ? 1 : 2};
    const struct secret *const keys[] = {second == NULL ? first : second, first};
    for (size_t i = 0; i < roots.count; i++)
        roots.items[i] = (struct root_key){(uint32_t)(roots.count - i),
                                           secret_create(secret_bytes(keys[i]), secret_len(keys[i]))};
    roots.lasting[0] = second == NULL ? NULL : secret_derive(first, "rendez lookup", SLICE_NONE);
    return roots;
}

/* The root key is rotated: sets are wrapped anew, and it is known which of them hold what needs the older. */
static void root_rotated(void)
{
    AUTO_SECRET one = secret_random(VAULT_KEY_BYTES);
    AUTO_SECRET two = secret_random(VAULT_KEY_BYTES);
    struct root_keys roots = two_roots(one, NULL);
    house_keyd = keyd_create(&roots);
    struct site site = site_create();
    struct set_row first = make_one(&site), row;
    uint32_t older, version;
    struct instant until;
    CHECK_OK(archive_rewrap(site.archive, &older, &until, NULL));
    CHECK_NUMBER(older, 0);
    roots = two_roots(one, two);
    reopen_house(&site, keyd_create(&roots));
    CHECK_OK(planner_look_at_root(site.house->planner, site.now, NULL));
    let_upkeep_end(&site);
    CHECK_OK(archive_rewrap(site.archive, &older, &until, NULL));
    CHECK_NUMBER(older, 1);
    CHECK_NUMBER(until.us, sets_latest_end(&(struct sets_rule){.zone = zone_or_utc(site.config->assistant.time_zone)},
                                           &(struct backup_set){.made = first.made}).us);
    CHECK_OK(set_keys_load(archive_keys(site.archive), first.name, site.arena, &row, NULL));
    CHECK(sealed_key_version(row.wrapped, &version) == ST_OK && version == 2 && row.root == 1);
    CHECK_OK(archive_copy_keys(site.archive, site.now, NULL));
    CHECK_TEXT(verify(&site, first.name).fault, "");
    /* One that was made while not all was under the new one yet counts as well; later ones do not. */
    struct set_row between = make_one(&site);
    CHECK_NUMBER(between.root, 2);
    CHECK_OK(set_keys_root_done(archive_keys(site.archive), 2, site.now, NULL));
    struct set_row second = make_one(&site);
    CHECK_OK(set_keys_root_done(archive_keys(site.archive), 2, site.now, NULL)); /* said again: as before */
    CHECK_OK(archive_rewrap(site.archive, &older, &until, NULL));
    CHECK_NUMBER(older, 2);
    CHECK_TEXT(verify(&site, second.name).fault, "");
    CHECK_OK(archive_end(site.archive, first.name, site.now, NULL));
    CHECK_OK(archive_end(site.archive, between.name, site.now, NULL));
    CHECK_OK(archive_rewrap(site.archive, &older, &until, NULL));
    CHECK_NUMBER(older, 0); /* now the older root key may go */
    site_remove(&site);
}

/* A set has had its time: a copy of it that somebody hid opens with nothing that is left. */
static void ended_for_good(void)
{
    struct site site = site_create();
    struct set_row first = make_one(&site);
    struct slice_list ended;
    struct archive_found found;
    struct archive_restored back;
    struct slice key = first.wrapped.bytes;
    CHECK(any_file_holds(&site, in_site(&site, "backup-keys"), key));
    copy_all(in_site(&site, "backup"), in_site(&site, "hidden"));
    site.now.us += 31 * DAY_US;
    struct set_row second = make_one(&site);
    CHECK_OK(archive_expire(site.archive, site.now, site.arena, &ended, NULL));
    CHECK_NUMBER(ended.count, 1);
    CHECK(slice_equal(ended.items[0], first.name));
    copy_all(in_site(&site, "hidden/."), in_site(&site, "backup"));
    CHECK_NUMBER(archive_verify(site.archive, first.name, site.now, site.arena, &found, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(restore_to(&site, in_site(&site, "hidden"), in_site(&site, "backup-keys"), in_site(&site, "new"), &back), ST_NOT_FOUND);
    CHECK(!any_file_holds(&site, in_site(&site, "backup-keys"), key));
    CHECK(!any_file_holds(&site, in_site(&site, "archive"), key));
    /* The next look finds it and takes it away. */
    CHECK_OK(archive_expire(site.archive, site.now, site.arena, &ended, NULL));
    CHECK(!is_there(arena_format(site.arena, "%s/backup/%.*s", site.folder, SLICE_ARG(first.name)).data));
    (void)second;
    site_remove(&site);
}

/* Killed at a random moment, of a backup or a restore: the next one is whole, and nothing half done is left. */
static void killed_at_any_moment(void)
{
    enum { TIMES = 40 };
    struct site site = site_create();
    struct set_row made = make_one(&site);
    struct archive_restored back;
    unsigned cut = 0;
    for (int i = 0; i < TIMES; i++) {
        unsigned random;
        vault_random(&random, sizeof random);
        archive_close(&site.archive);
        site.now.us += 10 * MINUTE_US;
        pid_t child = fork();
        if (child == 0) {
            /* Secrets are zeros in a forked child: keys of its own, which nobody sees again. */
            struct problem why;
            (void)!keyd_create_for_replay(&site.house->keyd, NULL);
            struct archive_ports ports = {site.house, key_of_house, NULL};
            if (archive_open(site.config, &ports, &site.archive, &why) == ST_OK)
                (void)!archive_make(site.archive, SET_DAILY, site.now, site.arena, &made, &why);
            _exit(0);
        }
        int status;
        usleep(random % 60000);
        kill(child, SIGKILL);
        CHECK(waitpid(child, &status, 0) == child);
        cut += WIFSIGNALED(status);
        open_archive(&site);
    }
    CHECK(cut > TIMES / 10);
    struct set_row after = make_one(&site);
    CHECK_TEXT(verify(&site, after.name).fault, "");
    struct slice_list names;
    CHECK_OK(list_folder(in_site(&site, "backup"), site.arena, &names, NULL));
    for (size_t i = 0; i < names.count; i++)
        CHECK(!slice_ends(names.items[i], LIT(".part")));
    CHECK_OK(list_folder(in_site(&site, "archive/work"), site.arena, &names, NULL));
    CHECK_NUMBER(names.count, 0);
    struct set_row_list rows;
    CHECK_OK(set_keys_list(archive_keys(site.archive), site.arena, &rows, NULL));
    for (size_t i = 0; i < rows.count; i++)
        CHECK(rows.items[i].whole);
    CHECK_OK(restore_to(&site, in_site(&site, "backup"), in_site(&site, "backup-keys"), in_site(&site, "new"), &back));
    site_remove(&site);
}

/* kill -9 of a restore, at any moment: its place is whole or not there, what it left cannot be started, and the
 * next restore begins anew. */
static enum status key_as_it_is(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                                struct secret **key, struct problem *why)
{
    (void)ask, (void)arena, (void)why;
    *given = (struct key_given){0};
    *key = secret_create(self, VAULT_KEY_BYTES);
    return ST_OK;
}

static bool same_folders(const char *a, const char *b)
{
    char command[600];
    snprintf(command, sizeof command, "diff -r -q -x restored '%s' '%s' >/dev/null", a, b);
    return system(command) == 0;
}

static void restore_and_be_killed(struct site *site, unsigned char *key, unsigned after_us)
{
    int status;
    struct archive_restored back;
    struct archive_restoring asked = {in_site(site, "backup"), in_site(site, "backup-keys"), in_site(site, "new"), NULL,
                                      {key, key_as_it_is, NULL}};
    pid_t child = fork(); /* where secrets are zeros, hence the bytes */
    if (child == 0) {
        (void)!archive_restore(&asked, site->now, site->arena, &back, NULL);
        _exit(0);
    }
    usleep(after_us);
    kill(child, SIGKILL);
    CHECK(waitpid(child, &status, 0) == child);
}

static void restore_killed_at_any_moment(void)
{
    enum { TIMES = 60, LONGEST_US = 150 * 1000 };
    struct site site = site_create();
    struct set_row made = make_one(&site);
    struct archive_restored back;
    AUTO_SECRET key = NULL;
    unsigned char bytes[VAULT_KEY_BYTES];
    unsigned half = 0, whole = 0;
    CHECK_OK(keyd_open_set_key(site.house->keyd, made.name, made.wrapped, &key, NULL));
    memcpy(bytes, secret_bytes(key), sizeof bytes);
    CHECK_OK(restore_to(&site, in_site(&site, "backup"), in_site(&site, "backup-keys"), in_site(&site, "good"), &back));
    for (unsigned i = 0; i < TIMES; i++) {
        restore_and_be_killed(&site, bytes, (unsigned)(LONGEST_US * i / TIMES));
        bool there = is_there(in_site(&site, "new")), part = is_there(in_site(&site, "new.part"));
        bool startable = is_there(in_site(&site, "new.part/rendez.conf"));
        CHECK(!there || same_folders(in_site(&site, "good"), in_site(&site, "new")));
        CHECK(!startable || is_there(in_site(&site, "new.part/store/rendez.db")));
        CHECK(!(there && part));
        half += part && !startable;
        whole += there;
        CHECK_OK(remove_tree(in_site(&site, "new"), NULL));
    }
    CHECK(half > 0); /* some were cut off in the middle */
    CHECK_OK(restore_to(&site, in_site(&site, "backup"), in_site(&site, "backup-keys"), in_site(&site, "new"), &back));
    CHECK(same_folders(in_site(&site, "good"), in_site(&site, "new")) && !is_there(in_site(&site, "new.part")));
    printf("# %u of %d cut off in the middle, %u done\n", half, TIMES, whole);
    site_remove(&site);
}

/* What a restore leaves to say; nothing that somebody else wrote there is taken for it. */
static void restored_is_told_once(void)
{
    static const char *const others[] = {"", "2026-11-25T0300Z-daily", "2026-11-25T0300Z-daily 5", "x 5 5\n",
                                         "2026-11-25T0300Z-daily 5 -5\n", "2026-11-25T0300Z-daily five 5\n"};
    struct site site = site_create();
    struct set_row made = make_one(&site);
    struct archive_restored back, word;
    CHECK_NUMBER(archive_find_restored(site.archive, site.arena, &word, NULL), ST_NOT_FOUND);
    CHECK_OK(restore_to(&site, in_site(&site, "backup"), in_site(&site, "backup-keys"), in_site(&site, "new"), &back));
    copy_all(in_site(&site, "new/archive/restored"), in_site(&site, "archive/restored"));
    CHECK_OK(archive_find_restored(site.archive, site.arena, &word, NULL));
    CHECK(slice_equal(word.set, made.name) && word.bytes == back.bytes && word.took_us <= back.took_us);
    CHECK_OK(archive_forget_restored(site.archive, NULL));
    CHECK_NUMBER(archive_find_restored(site.archive, site.arena, &word, NULL), ST_NOT_FOUND);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        check_row(others[i]);
        CHECK_OK(file_write_durably(in_site(&site, "archive/restored"), slice_from(others[i]), 0600, NULL));
        CHECK_NUMBER(archive_find_restored(site.archive, site.arena, &word, NULL), ST_INVALID);
    }
    site_remove(&site);
}

/* A restore that is stopped, at every step in turn, leaves nothing; the last goes through. */
struct stopping {
    struct site *site;
    int left;
};

static enum status key_while_stopping(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                                      struct secret **key, struct problem *why)
{
    struct stopping *stopping = self;
    return key_of_house(stopping->site->house, ask, arena, given, key, why);
}

static bool stop_at_last(void *self, const struct archive_step *step)
{
    struct stopping *stopping = self;
    CHECK(step->done <= step->total || step->total == 0);
    return stopping->left-- > 0;
}

static void stopped_at_every_step(void)
{
    struct site site = site_create();
    struct set_row made = make_one(&site);
    struct archive_restored back;
    enum status status = ST_UNAVAILABLE;
    for (int steps = 0; status != ST_OK && steps < 200; steps++) {
        struct stopping stopping = {&site, steps};
        struct archive_restoring asked = {in_site(&site, "backup"), in_site(&site, "backup-keys"), in_site(&site, "new"),
                                          NULL, {&stopping, key_while_stopping, stop_at_last}};
        status = archive_restore(&asked, site.now, site.arena, &back, NULL);
        CHECK(status == ST_OK || (status == ST_UNAVAILABLE && !is_there(in_site(&site, "new")) && !is_there(in_site(&site, "new.part"))));
    }
    CHECK_OK(status);
    status = ST_UNAVAILABLE;
    for (int steps = 0; status != ST_OK && steps < 200; steps++) {
        struct stopping stopping = {&site, steps};
        archive_close(&site.archive);
        struct archive_ports ports = {&stopping, key_while_stopping, stop_at_last};
        CHECK_OK(archive_open(site.config, &ports, &site.archive, NULL));
        site.now.us += 2 * MINUTE_US;
        status = archive_make(site.archive, SET_DAILY, site.now, site.arena, &made, NULL);
        struct slice_list names;
        CHECK_OK(list_folder(in_site(&site, "backup"), site.arena, &names, NULL));
        CHECK_NUMBER(names.count, status == ST_OK ? 2 : 1);
    }
    CHECK_OK(status);
    site_remove(&site);
}

/* The disk takes no more, at any size: nothing half done stays, the sets of before are what they were, and
 * when there is room again the next is made. */
static void full_disk(void)
{
    struct site site = site_create();
    struct set_row made = make_one(&site);
    struct rlimit before, limit;
    unsigned failed = 0;
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t bytes = 0; bytes < 300000; bytes += bytes < 20000 ? 1500 : 25000) {
        site.now.us += 2 * MINUTE_US;
        limit = (struct rlimit){bytes, before.rlim_max};
        CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
        struct set_row other;
        enum status status = archive_make(site.archive, SET_DAILY, site.now, site.arena, &other, NULL);
        CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
        struct slice_list names;
        CHECK_OK(list_folder(in_site(&site, "backup"), site.arena, &names, NULL));
        failed += status != ST_OK;
        if (status != ST_OK)
            CHECK_NUMBER(names.count, 1);
        else
            CHECK_OK(archive_end(site.archive, other.name, site.now, NULL));
    }
    CHECK(failed > 5);
    CHECK_TEXT(verify(&site, made.name).fault, "");
    CHECK_TEXT(verify(&site, make_one(&site).name).fault, "");
    site_remove(&site);
}

int main(void)
{
    TEST(there_and_back);
    TEST(a_client_asks);
    TEST(one_at_a_time);
    TEST(what_is_broken_is_found);
    TEST(sets_are_not_mixed);
    TEST(entries_of_others_are_tried);
    TEST(erased_in_every_set);
    TEST(rotated_in_every_set);
    TEST(root_rotated);
    TEST(ended_for_good);
    TEST(killed_at_any_moment);
    TEST(restore_killed_at_any_moment);
    TEST(restored_is_told_once);
    TEST(stopped_at_every_step);
    TEST(full_disk);
    return check_done();
}
