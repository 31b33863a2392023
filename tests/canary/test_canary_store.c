/* A thousand canaries through sealing and store: none may be found in what lies on disk,
 * while the database is open (with its WAL) and after it was closed. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "canary.h"
#include "check.h"
#include "platform/store/sealing.h"
#include "platform/store/store.h"

enum { CANARIES = 1000, SEED = 2026 };

struct text {
    struct slice text;
};
static const struct record_field text_fields[] = {FIELD(text, text, 1, RECORD_TEXT)};
static RECORD_TYPE(text_record, text, text_fields);

static char folder[] = "/tmp/rendez-canary-XXXXXX";
static struct secret *key, *lookup;

static char *path_of(const char *name, struct arena *arena)
{
    return arena_text(arena, arena_format(arena, "%s/%s", folder, name));
}

/* The search itself: what is planted in each form is found, at its place. */
static void the_search_finds_every_form(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    AUTO_CANARIES canaries = canaries_create(CANARIES, SEED);
    char *path = path_of("planted", arena);
    static const char *const forms[] = {"plain",    "reversed", "hexadecimal", "UTF-16LE",
                                        "UTF-16BE", "base64",   "base64",      "base64"};
    for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
        AUTO_BUFFER text = buffer_create(4096), plain = buffer_create(4096);
        struct slice bird = canary(canaries, 700 + form);
        buffer_add_text(&text, "something before it ");
        switch (form) {
        case 0:
            buffer_add(&text, bird);
            break;
        case 1:
            for (size_t i = bird.len; i > 0; i--)
                buffer_add_char(&text, bird.data[i - 1]);
            break;
        case 2:
            hex_encode(bird, &text);
            break;
        case 3:
        case 4:
            for (size_t i = 0; i < bird.len; i++) {
                buffer_add(&text, form == 4 ? (struct slice){"", 1} : SLICE_NONE);
                buffer_add_char(&text, bird.data[i]);
                buffer_add(&text, form == 3 ? (struct slice){"", 1} : SLICE_NONE);
            }
            break;
        default:
            buffer_add(&plain, (struct slice){"éà", form - 5});
            buffer_add(&plain, bird);
            buffer_add_text(&plain, "and behind");
            base64_encode(buffer_slice(&plain), &text);
        }
        buffer_add_text(&text, " and after it");
        CHECK_OK(file_write_durably(path, buffer_slice(&text), 0600, NULL));
        struct canary_search found;
        CHECK_OK(canaries_search(canaries, folder, arena, &found, NULL));
        check_row(forms[form]);
        CHECK_NUMBER(found.count, 1);
        CHECK(found.count == 1 && found.items[0].index == 700 + form);
        CHECK_TEXT(found.count == 1 ? slice_from(found.items[0].form) : SLICE_NONE, forms[form]);
    }
    unlink(path);
}

static struct sealed seal(enum sealed_column column, struct slice row, struct slice text,
                          struct arena *arena)
{
    struct text record = {text};
    struct sealed sealed = {0};
    struct seal_place place = sealing_place(column, LIT("o"), row);
    CHECK_OK(sealing_seal(key, &place, &text_record, &record, arena, &sealed, NULL));
    return sealed;
}

/* A message as long as real ones: the canary again and again. */
static struct slice long_text(struct slice bird, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(1 << 20);
    for (int i = 0; i < 200; i++)
        buffer_add_format(&text, "%.*s\r\n", SLICE_ARG(bird));
    return arena_copy(arena, buffer_slice(&text));
}

static enum status write_bird(struct store *store, struct slice bird, size_t number,
                              struct arena *arena)
{
    struct slice id = arena_format(arena, "id-%zu", number);
    struct slice hash = sealing_address_hash(lookup, bird, arena);
    struct slice hashes[] = {hash};
    struct slice_list people = {hashes, 1, 1};
    struct stored_person person = {.id = id,
                                   .organisation = LIT("o"),
                                   .role = LIT("client"),
                                   .state = LIT("active"),
                                   .address_hash = hash,
                                   .record = seal(SEALED_PERSON, id, bird, arena)};
    struct stored_meeting meeting = {.id = id,
                                     .organisation = LIT("o"),
                                     .state = LIT("gathering"),
                                     .key = {seal(WRAPPED_MEETING_KEY, id, bird, arena), 1},
                                     .record = seal(SEALED_MEETING, id, bird, arena)};
    struct stored_message message = {
        .id = id,
        .meeting = id,
        .message_id_hash = sealing_message_id_hash(lookup, bird, arena),
        .raw = seal(SEALED_MESSAGE_RAW, id, long_text(bird, arena), arena),
        .reading = seal(SEALED_MESSAGE_READING, id, bird, arena)};
    struct inbound inbound = {id, message.message_id_hash, hash, {1}};
    struct outbox_entry entry = {.id = id,
                                 .idempotency_key = id,
                                 .meeting = id,
                                 .draft = seal(SEALED_OUTBOX, id, bird, arena)};
    struct job job = {.id = id,
                      .idempotency_key = id,
                      .kind = LIT("calendar.put"),
                      .content = seal(SEALED_JOB, id, bird, arena)};
    struct stored_task task = {.task = {.id = id, .meeting = id, .version = 1},
                               .record = seal(SEALED_TASK, id, bird, arena)};
    struct sandbox_mail mail = {id, hash, {1}, seal(SEALED_SANDBOX_MAIL, id, bird, arena)};
    bool duplicate;
    TRY(store_save_person(store, &person, NULL));
    TRY(store_save_meeting(store, &meeting, NULL));
    TRY(store_set_participants(store, id, &people, NULL));
    TRY(store_add_message(store, &message, NULL));
    TRY(store_note_inbound(store, &inbound, &duplicate, NULL));
    TRY(store_add_outbox(store, &entry, NULL, NULL));
    TRY(store_add_job(store, &job, NULL, NULL));
    TRY(store_add_task(store, &task, NULL, NULL));
    return store_add_sandbox_mail(store, &mail, NULL);
}

static void nothing_is_found(const struct canaries *canaries, size_t bytes_min)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct canary_search found = {0};
    CHECK_OK(canaries_search(canaries, folder, arena, &found, NULL));
    CHECK(found.files > 0 && found.bytes > bytes_min);
    CHECK_NUMBER(found.count, 0);
    for (size_t i = 0; i < found.count && i < 5; i++)
        printf("# %.*s at %zu: %s\n", SLICE_ARG(found.items[i].file), found.items[i].offset,
               found.items[i].form);
}

static bool comes_back(struct store *store, const struct canaries *canaries, size_t number)
{
    AUTO_ARENA arena = arena_create_wiped(4 << 20);
    struct slice id = arena_format(arena, "id-%zu", number);
    struct seal_place place = sealing_place(SEALED_MEETING, LIT("o"), id);
    struct stored_meeting meeting;
    struct text opened;
    return store_load_meeting(store, id, arena, &meeting, NULL) == ST_OK &&
           sealing_open(key, &place, meeting.record, &text_record, arena, &opened, NULL) == ST_OK &&
           slice_equal(opened.text, canary(canaries, number));
}

static void a_thousand_canaries_leave_no_trace(void)
{
    AUTO_ARENA paths = arena_create(1 << 16);
    AUTO_CANARIES canaries = canaries_create(CANARIES, SEED);
    AUTO_STORE store = NULL;
    CHECK_OK(store_open(&sqlite_driver, path_of("rendez.db", paths), &store, NULL));
    struct stored_organisation organisation = {
        .id = LIT("o"),
        .state = LIT("active"),
        .key = {seal(WRAPPED_ORGANISATION_KEY, LIT("o"), canary(canaries, 0), paths), 1},
        .record = seal(SEALED_ORGANISATION, LIT("o"), canary(canaries, 0), paths)};
    CHECK_OK(store_save_organisation(store, &organisation, NULL));
    CHECK_OK(store_begin(store, NULL));
    for (size_t i = 0; i < CANARIES; i++) {
        AUTO_ARENA arena = arena_create(4 << 20);
        if (i % 100 == 99) { /* several transactions, so that the WAL is used again */
            CHECK_OK(store_commit(store, NULL));
            CHECK_OK(store_begin(store, NULL));
        }
        CHECK_OK(write_bird(store, canary(canaries, i), i, arena));
    }
    nothing_is_found(canaries, 1 << 20); /* in the middle of a transaction */
    CHECK_OK(store_commit(store, NULL));
    nothing_is_found(canaries, 5 << 20);
    size_t back = 0;
    for (size_t i = 0; i < CANARIES; i++)
        back += comes_back(store, canaries, i);
    CHECK_NUMBER(back, CANARIES);
    for (size_t i = 0; i < CANARIES; i += 2) {
        AUTO_ARENA arena = arena_create(4096);
        CHECK_OK(store_erase_meeting(store, arena_format(arena, "id-%zu", i), (struct instant){9},
                                     NULL));
    }
    nothing_is_found(canaries, 5 << 20);
    store_destroy(&store);
    nothing_is_found(canaries, 5 << 20);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 3;
    setenv("TMPDIR", folder, 1); /* temporary files would be found as well */
    setenv("SQLITE_TMPDIR", folder, 1);
    key = secret_random(VAULT_KEY_BYTES);
    lookup = secret_random(VAULT_KEY_BYTES);
    TEST(the_search_finds_every_form);
    TEST(a_thousand_canaries_leave_no_trace);
    AUTO_ARENA arena = arena_create(1 << 16);
    unlink(path_of("rendez.db", arena));
    unlink(path_of("rendez.keys", arena));
    unlink(path_of("rendez.keys-journal", arena));
    rmdir(folder);
    secret_destroy(&key);
    secret_destroy(&lookup);
    return check_done();
}
