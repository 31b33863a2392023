/* Inclusion, consistency, roots and checkpoints: test_vectors MERKLE-FOLDER LOG-FOLDER. Says so
 * when they are not there. */
#include "check.h"
#include "formats/json/json.h"
#include "verify/verify.h"

enum { FILE_BYTES_MAX_HERE = 16 << 20 };

static const char *folders[2];
static struct arena *arena;

static struct text text_of(const json_t *value)
{
    return (struct text){json_string_value(value), json_string_length(value)};
}

static bool read_hash(const json_t *value, struct hash *out)
{
    return json_is_string(value) &&
           base64_get(text_of(value), out->bytes, HASH_BYTES) == HASH_BYTES;
}

static bool read_proof(const json_t *list, struct hash *out, size_t *count)
{
    *count = json_array_size(list);
    if (*count > PROOF_MAX)
        return false;
    for (size_t i = 0; i < *count; i++)
        if (!read_hash(json_array_get(list, i), &out[i]))
            return false;
    return true;
}

static bool inclusion(const json_t *row)
{
    struct hash proof[PROOF_MAX], leaf, root;
    size_t count;
    int64_t index = json_number(row, "leafIdx", -1), size = json_number(row, "treeSize", -1);
    return index >= 0 && size >= 0 && read_hash(json_object_get(row, "leafHash"), &leaf) &&
           read_hash(json_object_get(row, "root"), &root) &&
           read_proof(json_object_get(row, "proof"), proof, &count) &&
           inclusion_holds((uint64_t)index, (uint64_t)size, &leaf, proof, count, &root);
}

/* Roots of equal sizes are any text in these cases. */
static bool consistency(const json_t *row)
{
    struct hash proof[PROOF_MAX], root1, root2;
    size_t count;
    int64_t size1 = json_number(row, "size1", -1), size2 = json_number(row, "size2", -1);
    const json_t *text1 = json_object_get(row, "root1"), *text2 = json_object_get(row, "root2");
    if (size1 > 0 && size1 == size2)
        return json_array_size(json_object_get(row, "proof")) == 0 &&
               text_is(text_of(text1), text_of(text2));
    return size1 >= 0 && size2 >= 0 && read_hash(text1, &root1) && read_hash(text2, &root2) &&
           read_proof(json_object_get(row, "proof"), proof, &count) &&
           consistency_holds((uint64_t)size1, (uint64_t)size2, proof, count, &root1, &root2);
}

static bool checkpoint(const json_t *row)
{
    struct checkpoint read;
    struct key key;
    uint64_t time;
    const json_t *witness = json_object_get(row, "witness_vkey");
    if (key_read(text_of(json_object_get(row, "log_vkey")), &key) != NULL ||
        checkpoint_read(text_of(json_object_get(row, "note")), &read) != NULL ||
        !text_is(read.origin, key.name) || note_check(&read.note, &key, &time) != NOTE_SIGNED)
        return false;
    return !json_is_string(witness) ||
           (key_read(text_of(witness), &key) == NULL && key.kind == KEY_WITNESS &&
            note_check(&read.note, &key, &time) == NOTE_SIGNED);
}

static bool root(const json_t *row)
{
    struct tree tree = {0};
    struct hash want, got;
    const char *rule = json_string_value(json_object_get(row, "leaf_rule"));
    const char *from = strchr(rule, '"') + 1, *to = strchr(from, '"');
    int64_t size = json_number(row, "size", -1);
    for (int64_t i = 0; i < size; i++) {
        char leaf[64];
        int len = snprintf(leaf, sizeof leaf, "%.*s%lld", (int)(to - from), from, (long long)i);
        struct hash hash = hash_leaf(leaf, (size_t)len);
        tree_add(&tree, &hash);
    }
    got = tree_root(&tree);
    return read_hash(json_object_get(row, "root"), &want) && hash_equal(&want, &got);
}

static void run_file(const char *folder, const char *name, bool (*holds)(const json_t *row))
{
    struct slice text, line;
    size_t rows = 0, good = 0;
    CHECK_OK(file_read(arena_format(arena, "%s/%s", folder, name).data, FILE_BYTES_MAX_HERE, arena,
                       &text, NULL));
    while (slice_next_line(&text, &line)) {
        AUTO_JSON row = NULL;
        if (line.len == 0)
            continue;
        /* A number over 63 bits is refused by the reader already. */
        enum status status = json_read(line, &row, NULL);
        if (status != ST_OK && slice_contains(line, LIT("18446744073709551615"))) {
            CHECK(slice_contains(line, LIT("\"wantErr\": true")));
            rows++;
            continue;
        }
        CHECK_OK(status);
        struct slice expect = json_text(row, "expect");
        bool want = expect.len > 0 ? slice_equal(expect, LIT("accept"))
                                   : !json_flag(row, "wantErr", false);
        check_row(arena_copy(arena, line).data);
        CHECK(holds(row) == want);
        rows++;
        good += want;
    }
    CHECK(rows > 0);
    printf("# %s: %zu cases, %zu of them hold\n", name, rows, good);
    check_row("");
}

static void published_cases(void)
{
    run_file(folders[0], "inclusion.jsonl", inclusion);
    run_file(folders[0], "consistency.jsonl", consistency);
}

static void own_cases(void)
{
    run_file(folders[1], "inclusion.jsonl", inclusion);
    run_file(folders[1], "consistency.jsonl", consistency);
    run_file(folders[1], "checkpoints.jsonl", checkpoint);
    run_file(folders[1], "roots.jsonl", root);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        printf("1..0 # SKIP the vectors of Merkle trees are not beside the repository\n");
        return 0;
    }
    arena = arena_create((size_t)256 << 20);
    folders[0] = argv[1];
    folders[1] = argv[2];
    TEST(published_cases);
    TEST(own_cases);
    arena_destroy(&arena);
    return check_done();
}
