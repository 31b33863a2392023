/* Records sealed into rows, and look-up hashes. */
#include "platform/store/sealing.h"
#include "test_help.h"

struct note {
    struct slice text;
    uint32_t number;
};
static const struct record_field note_fields[] = {
    FIELD(note, text, 1, RECORD_TEXT),
    FIELD(note, number, 2, RECORD_U32),
};
static RECORD_TYPE(note_record, note, note_fields);

static void a_record_opens_in_its_row_only(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    struct note note = {LIT("déjeuner avec Nora"), 7}, opened;
    struct sealed sealed;
    struct seal_place place = sealing_place(SEALED_TASK, LIT("o"), LIT("t1"));
    CHECK_OK(sealing_seal(key, &place, &note_record, &note, arena, &sealed, NULL));
    CHECK(!slice_contains(sealed.bytes, LIT("Nora")));
    CHECK_OK(sealing_open(key, &place, sealed, &note_record, arena, &opened, NULL));
    CHECK_TEXT(opened.text, "déjeuner avec Nora");
    CHECK_NUMBER(opened.number, 7);
    /* Every other column, the next row, another organisation. */
    for (enum sealed_column column = 0; column < SEALED_COLUMN_COUNT_; column++) {
        struct seal_place other = sealing_place(column, LIT("o"), LIT("t1"));
        CHECK_NUMBER(sealing_open(key, &other, sealed, &note_record, arena, &opened, NULL),
                     column == SEALED_TASK ? ST_OK : ST_DENIED);
    }
    struct seal_place row = sealing_place(SEALED_TASK, LIT("o"), LIT("t2"));
    struct seal_place owner = sealing_place(SEALED_TASK, LIT("p"), LIT("t1"));
    CHECK_NUMBER(sealing_open(key, &row, sealed, &note_record, arena, &opened, NULL), ST_DENIED);
    CHECK_NUMBER(sealing_open(key, &owner, sealed, &note_record, arena, &opened, NULL), ST_DENIED);
}

static void sealed_bytes_that_are_no_record_are_invalid(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    struct seal_place place = sealing_place(SEALED_TASK, LIT("o"), LIT("t1"));
    struct sealed sealed;
    struct note opened;
    CHECK_OK(vault_seal(key, &place, LIT("no record at all"), arena, &sealed, NULL));
    CHECK_NUMBER(sealing_open(key, &place, sealed, &note_record, arena, &opened, NULL), ST_INVALID);
}

static const struct {
    const char *a, *b;
    bool message_id, same;
} hashes[] = {
    {"Nora.Keller@Acme.example", "nora.keller@acme.example", false, true},
    {" nora@acme.example ", "nora@acme.example", false, true},
    {"nora@acme.example", "nora@acme.exampl", false, false},
    {"<1@host.example>", "1@host.example", true, true},
    {"<A@host.example>", "<a@host.example>", true, false}, /* RFC 5322: case counts */
    {"", "", true, true},
};

static void hashes_know_the_same_person_and_message(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET lookup = secret_random(VAULT_KEY_BYTES);
    AUTO_SECRET other = secret_random(VAULT_KEY_BYTES);
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        struct slice a = slice_from(hashes[i].a), b = slice_from(hashes[i].b);
        bool id = hashes[i].message_id;
        struct slice first =
            id ? sealing_message_id_hash(lookup, a, arena) : sealing_address_hash(lookup, a, arena);
        struct slice second =
            id ? sealing_message_id_hash(lookup, b, arena) : sealing_address_hash(lookup, b, arena);
        check_row(hashes[i].a);
        CHECK(slice_equal(first, second) == hashes[i].same);
        CHECK_NUMBER(first.len, a.len == 0 ? 0 : 32);
    }
    struct slice text = LIT("x@y.example");
    CHECK(!slice_equal(sealing_address_hash(lookup, text, arena),
                       sealing_message_id_hash(lookup, text, arena)));
    CHECK(!slice_equal(sealing_address_hash(lookup, text, arena),
                       sealing_address_hash(other, text, arena)));
}

int main(void)
{
    TEST(a_record_opens_in_its_row_only);
    TEST(sealed_bytes_that_are_no_record_are_invalid);
    TEST(hashes_know_the_same_person_and_message);
    return check_done();
}
