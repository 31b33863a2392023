#include "base/record/record.h"
#include "check.h"

enum colour { RED, GREEN, BLUE };
static const char *const colour_names[] = {"red", "green", "blue"};

struct leaf {
    struct slice text;
    struct civil at;
};
struct leaf_list {
    struct leaf *items;
    size_t count, capacity;
};
struct tree {
    bool flag;
    uint32_t number;
    int64_t large;
    enum colour colour;
    struct slice name, bytes;
    struct instant when;
    struct leaf one;
    struct leaf *other;
    struct leaf_list leaves;
    struct slice_list words;
};

static const struct record_field leaf_fields[] = {
    FIELD(leaf, text, 1, RECORD_TEXT),
    FIELD(leaf, at, 2, RECORD_CIVIL),
};
static RECORD_TYPE(leaf_record, leaf, leaf_fields);
static const struct record_field tree_fields[] = {
    FIELD(tree, flag, 1, RECORD_BOOL),
    FIELD(tree, number, 2, RECORD_U32),
    FIELD(tree, large, 3, RECORD_I64),
    FIELD_ENUM(tree, colour, 4, colour_names),
    FIELD(tree, name, 5, RECORD_TEXT),
    FIELD(tree, bytes, 6, RECORD_BYTES),
    FIELD(tree, when, 7, RECORD_INSTANT),
    FIELD_OF(tree, one, 8, RECORD_STRUCT, leaf_record),
    FIELD_OF(tree, other, 9, RECORD_POINTER, leaf_record),
    FIELD_OF(tree, leaves, 10, RECORD_LIST, leaf_record),
    FIELD(tree, words, 11, RECORD_TEXTS),
};
static RECORD_TYPE(tree_record, tree, tree_fields);
/* A later version that knows fewer fields. */
static const struct record_type trunk_record = {"tree", sizeof(struct tree), tree_fields + 1, 3};

static struct tree make_tree(struct arena *arena)
{
    struct tree tree = {
        .flag = true, .number = 7, .large = -5, .colour = BLUE, .name = LIT("né"),
        .bytes = {"\xFF\0", 2}, .when = {-1}, .one = {LIT("leaf"), {{2026, 3, 2}, 10, 12, 40}},
    };
    tree.other = ARENA_NEW(arena, struct leaf);
    tree.other->text = LIT("other");
    ARENA_PUSH(arena, &tree.leaves, ((struct leaf){.text = LIT("a")}));
    ARENA_PUSH(arena, &tree.leaves, ((struct leaf){.text = LIT("b")}));
    ARENA_PUSH(arena, &tree.words, LIT("word"));
    return tree;
}

static void gives_back_what_went_in(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct tree tree = make_tree(arena), back;
    AUTO_BUFFER bytes = buffer_create(4096);
    record_encode(&tree_record, &tree, &bytes);
    CHECK_OK(record_decode(&tree_record, buffer_slice(&bytes), arena, &back, NULL));
    CHECK(back.flag && back.number == 7 && back.large == -5 && back.colour == BLUE);
    CHECK_TEXT(back.name, "né");
    CHECK(slice_equal(back.bytes, tree.bytes) && back.when.us == -1);
    CHECK_TEXT(back.one.text, "leaf");
    CHECK(civil_compare(back.one.at, tree.one.at) == 0);
    CHECK_TEXT(back.other->text, "other");
    CHECK_NUMBER(back.leaves.count, 2);
    CHECK_TEXT(back.leaves.items[1].text, "b");
    CHECK_TEXT(back.words.items[0], "word");
}

static void skips_fields_of_a_later_version(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct tree tree = make_tree(arena), back;
    struct record_type old = trunk_record;
    AUTO_BUFFER bytes = buffer_create(4096);
    record_encode(&tree_record, &tree, &bytes);
    CHECK_OK(record_decode(&old, buffer_slice(&bytes), arena, &back, NULL));
    CHECK(back.number == 7 && back.colour == BLUE && back.name.len == 0);
}

/* Every truncation and every changed byte is refused or read, never worse (ASan looks). */
static void survives_damage(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct tree tree = make_tree(arena);
    AUTO_BUFFER bytes = buffer_create(4096);
    record_encode(&tree_record, &tree, &bytes);
    unsigned refused = 0;
    for (size_t len = 0; len < bytes.len; len++) {
        AUTO_ARENA scratch = arena_create(1 << 20);
        struct tree back;
        refused += record_decode(&tree_record, (struct slice){bytes.data, len}, scratch, &back,
                                 NULL) != ST_OK;
    }
    CHECK(refused > bytes.len / 2);
    for (size_t at = 0; at < bytes.len; at++)
        for (int value = 0; value < 256; value += 5) {
            AUTO_ARENA scratch = arena_create(1 << 20);
            struct tree back;
            char kept = bytes.data[at];
            bytes.data[at] = (char)value;
            (void)!record_decode(&tree_record, buffer_slice(&bytes), scratch, &back, NULL);
            bytes.data[at] = kept;
        }
    struct problem why;
    struct tree back;
    CHECK(record_decode(&tree_record, LIT("\x04\0\x03\x09\0\0\0"), arena, &back, &why) ==
          ST_INVALID);
    CHECK_TEXT(slice_from(why.detail), "record: unknown enumerator");
}

/* A short message that unfolds into much memory is refused, not fatal. */
static void stays_within_the_arena(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct tree tree = {.leaves = {ARENA_ARRAY(arena, 900, struct leaf), 900, 900}}, back;
    AUTO_BUFFER bytes = buffer_create(65536);
    record_encode(&tree_record, &tree, &bytes);
    AUTO_ARENA small = arena_create(4096);
    CHECK_NUMBER(record_decode(&tree_record, buffer_slice(&bytes), small, &back, NULL), ST_LIMIT);
}

int main(void)
{
    TEST(gives_back_what_went_in);
    TEST(skips_fields_of_a_later_version);
    TEST(survives_damage);
    TEST(stays_within_the_arena);
    return check_done();
}
