/* rendez-verify on copies of a log, whole and attacked: test_verify PROGRAM. The log is made here in
 * the simplest way there is, all of it in memory. */
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "verify/verify.h"

#define ORIGIN "rendez.example/log"
enum { ENTRIES = 70000, ENTRY_BYTES = 128 };

static const char *program;
static char folder[] = "/tmp/rendez-verify-XXXXXX";

struct signer {
    EVP_PKEY *key;
    enum key_kind kind;
    const char *name;
    unsigned char id[4];
    char vkey[160];
};

struct maker {
    struct signer log, witness;
    uint64_t size;
    char (*entries)[ENTRY_BYTES];
    int64_t witnessed_s;
};

static struct signer make_signer(const char *name, enum key_kind kind)
{
    struct signer signer = {EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), kind, name, {0}, {0}};
    unsigned char typed[33] = {(unsigned char)kind}, text[128];
    char base64[64];
    size_t len = 32, name_len = strlen(name);
    CHECK(EVP_PKEY_get_raw_public_key(signer.key, typed + 1, &len) == 1);
    memcpy(text, name, name_len);
    text[name_len] = '\n';
    memcpy(text + name_len + 1, typed, sizeof typed);
    struct hash hash = hash_of(text, name_len + 1 + sizeof typed);
    memcpy(signer.id, hash.bytes, 4);
    base64_put(typed, sizeof typed, base64);
    snprintf(signer.vkey, sizeof signer.vkey, "%s+%02x%02x%02x%02x+%s", name, signer.id[0],
             signer.id[1], signer.id[2], signer.id[3], base64);
    return signer;
}

static void sign(const struct signer *signer, const char *text, size_t len, unsigned char out[64])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t signature = 64;
    CHECK(EVP_DigestSignInit(context, NULL, NULL, NULL, signer->key) == 1 &&
          EVP_DigestSign(context, out, &signature, (const unsigned char *)text, len) == 1);
    EVP_MD_CTX_free(context);
}

static void make_entries(struct maker *maker, uint64_t size)
{
    maker->size = size;
    for (uint64_t i = 0; i < size; i++)
        snprintf(maker->entries[i], ENTRY_BYTES,
                 "1 %lld key.lease.opened organisation=%s meeting=m_%llu",
                 1764100800000000LL + (long long)i * 1000000, i % 3 == 0 ? "acme" : "other",
                 (unsigned long long)i);
    maker->witnessed_s = 1764100800 + (int64_t)size + 5000; /* it was idle for a while */
}

/* Files. */

static void make_folders(char *path)
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        CHECK(mkdir(path, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
}

static void put(const char *name, const void *data, size_t len)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    make_folders(path);
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(data, 1, len, file) == len && fclose(file) == 0);
}

static void put_bundles(const struct maker *maker)
{
    for (uint64_t from = 0; from < maker->size; from += TILE_WIDTH) {
        char bytes[TILE_WIDTH * (2 + ENTRY_BYTES)], path[PATH_BYTES];
        unsigned width = maker->size - from < TILE_WIDTH ? (unsigned)(maker->size - from) : TILE_WIDTH;
        size_t at = 0;
        for (unsigned i = 0; i < width; i++) {
            size_t len = strlen(maker->entries[from + i]);
            bytes[at++] = (char)(len >> 8);
            bytes[at++] = (char)len;
            memcpy(bytes + at, maker->entries[from + i], len);
            at += len;
        }
        tile_path(-1, from / TILE_WIDTH, width, path);
        put(path, bytes, at);
    }
}

static struct hash put_tiles(const struct maker *maker)
{
    struct hash *level = malloc((size_t)(maker->size + 1) * sizeof *level);
    struct tree tree = {0};
    uint64_t count = maker->size;
    for (uint64_t i = 0; i < count; i++) {
        level[i] = hash_leaf(maker->entries[i], strlen(maker->entries[i]));
        tree_add(&tree, &level[i]);
    }
    for (int l = 0; count > 0; l++) {
        uint64_t above = 0;
        for (uint64_t from = 0; from < count; from += TILE_WIDTH) {
            unsigned width = count - from < TILE_WIDTH ? (unsigned)(count - from) : TILE_WIDTH;
            char path[PATH_BYTES];
            tile_path(l, from / TILE_WIDTH, width, path);
            put(path, &level[from], (size_t)width * HASH_BYTES);
            struct tree part = {0};
            for (unsigned i = 0; i < width; i++)
                tree_add(&part, &level[from + i]);
            if (width == TILE_WIDTH)
                level[above++] = tree_root(&part);
        }
        count = above;
    }
    free(level);
    return tree_root(&tree);
}

static void format_checkpoint(const struct maker *maker, const struct hash *root, char *out, size_t max)
{
    char root64[48], body[256], cosigned[320], text[128];
    unsigned char blob[4 + 8 + 64];
    base64_put(root->bytes, HASH_BYTES, root64);
    int len = snprintf(body, sizeof body, "%s\n%llu\n%s\n", ORIGIN, (unsigned long long)maker->size, root64);
    memcpy(blob, maker->log.id, 4);
    sign(&maker->log, body, (size_t)len, blob + 4);
    base64_put(blob, 68, text);
    int at = snprintf(out, max, "%s\n\xe2\x80\x94 %s %s\n", body, maker->log.name, text);
    len = snprintf(cosigned, sizeof cosigned, "cosignature/v1\ntime %lld\n%s", (long long)maker->witnessed_s, body);
    memcpy(blob, maker->witness.id, 4);
    for (int i = 0; i < 8; i++)
        blob[4 + i] = (unsigned char)((uint64_t)maker->witnessed_s >> (56 - 8 * i));
    sign(&maker->witness, cosigned, (size_t)len, blob + 12);
    base64_put(blob, sizeof blob, text);
    snprintf(out + at, max - (size_t)at, "\xe2\x80\x94 %s %s\n", maker->witness.name, text);
}

static void publish(const struct maker *maker)
{
    char text[1024];
    put_bundles(maker);
    struct hash root = put_tiles(maker);
    format_checkpoint(maker, &root, text, sizeof text);
    put("checkpoint", text, strlen(text));
}

/* Runs the program; what it said is in *said. */
static int run(const struct maker *maker, const char *more, char *said, size_t max)
{
    char command[1024];
    snprintf(command, sizeof command, "%s --key '%s' --witness '%s' %s 2>&1", program,
             maker->log.vkey, maker->witness.vkey, more);
    FILE *pipe = popen(command, "r");
    size_t len = pipe == NULL ? 0 : fread(said, 1, max - 1, pipe);
    said[len] = '\0';
    int how = pipe == NULL ? -1 : pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static int run_folder(const struct maker *maker, const char *more, char *said, size_t max)
{
    char words[512];
    snprintf(words, sizeof words, "%s %s", more, folder);
    return run(maker, words, said, max);
}

static void clear(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s/*", folder);
    CHECK(system(command) == 0);
}

/* Sizes around the ends of tiles and levels. */
static void whole_logs_hold(struct maker *maker)
{
    static const uint64_t sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 65535, 65536, 65537, ENTRIES};
    char said[2048];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        clear();
        make_entries(maker, sizes[i]);
        publish(maker);
        int code = run_folder(maker, "", said, sizeof said);
        check_row(said);
        CHECK_NUMBER(code, 0);
        CHECK(strstr(said, "proven") != NULL);
    }
}

static void remember(const struct maker *maker)
{
    char said[2048], words[128];
    snprintf(words, sizeof words, "--save %s/seen", folder);
    CHECK_NUMBER(run_folder(maker, words, said, sizeof said), 0);
}

static int run_since(const struct maker *maker, char *said, size_t max)
{
    char words[128];
    snprintf(words, sizeof words, "--since %s/seen", folder);
    return run_folder(maker, words, said, max);
}

/* Everything that may be done to a log by somebody who has its files, most of it by somebody
 * who has its key too. */

static void edit_file(const char *name, size_t at, const char *bytes, size_t len)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r+b");
    CHECK(file != NULL && fseek(file, (long)at, SEEK_SET) == 0 && fwrite(bytes, 1, len, file) == len);
    fclose(file);
}

static void edit_entry(struct maker *maker)
{
    (void)maker;
    edit_file("tile/entries/000", 60, "X", 1);
}

static void edit_entry_and_tile(struct maker *maker)
{
    memcpy(maker->entries[5] + 30, "X", 1);
    put_bundles(maker);
    struct hash leaf = hash_leaf(maker->entries[5], strlen(maker->entries[5]));
    edit_file("tile/0/000", 5 * HASH_BYTES, (const char *)leaf.bytes, HASH_BYTES);
}

static void rebuild_but_for_the_signature(struct maker *maker)
{
    memcpy(maker->entries[5] + 30, "X", 1);
    put_bundles(maker);
    (void)put_tiles(maker);
}

static void rebuild_with_stolen_key(struct maker *maker)
{
    memcpy(maker->entries[5] + 30, "X", 1);
    publish(maker);
}

static void delete_entry(struct maker *maker)
{
    memmove(maker->entries[5], maker->entries[6], (size_t)(maker->size - 6) * ENTRY_BYTES);
    maker->size--;
    publish(maker);
}

static void delete_entry_and_add_one(struct maker *maker)
{
    memmove(maker->entries[5], maker->entries[6], (size_t)(maker->size - 6) * ENTRY_BYTES);
    publish(maker);
}

static void swap_entries(struct maker *maker)
{
    char kept[ENTRY_BYTES];
    memcpy(kept, maker->entries[5], ENTRY_BYTES);
    memcpy(maker->entries[5], maker->entries[6], ENTRY_BYTES);
    memcpy(maker->entries[6], kept, ENTRY_BYTES);
    publish(maker);
}

static void insert_entry(struct maker *maker)
{
    memmove(maker->entries[6], maker->entries[5], (size_t)(maker->size - 5) * ENTRY_BYTES);
    maker->size++;
    publish(maker);
}

static void truncate_log(struct maker *maker)
{
    maker->size -= 10;
    publish(maker);
}

static void fork_log(struct maker *maker)
{
    memcpy(maker->entries[maker->size - 1] + 30, "X", 1);
    publish(maker);
}

static void add_back_dated(struct maker *maker)
{
    /* dated as the last one, long before the witness saw the log without it */
    memcpy(maker->entries[maker->size], maker->entries[maker->size - 1], ENTRY_BYTES);
    maker->size++;
    maker->witnessed_s += 5000;
    publish(maker);
}

static void add_from_the_future(struct maker *maker)
{
    snprintf(maker->entries[maker->size], ENTRY_BYTES, "1 %lld control.result.held control=DC-09",
             (maker->witnessed_s + 90000) * 1000000LL);
    maker->size++;
    publish(maker);
}

static void change_key(struct maker *maker)
{
    struct signer before = maker->log;
    maker->log = make_signer(ORIGIN, KEY_LOG);
    publish(maker);
    EVP_PKEY_free(maker->log.key);
    maker->log = before;
}

static void forge_witness(struct maker *maker)
{
    struct signer before = maker->witness;
    struct signer other = make_signer(before.name, KEY_WITNESS);
    memcpy(other.id, before.id, 4);
    maker->witness = other;
    publish(maker);
    EVP_PKEY_free(other.key);
    maker->witness = before;
}

static void leave_witness_out(struct maker *maker)
{
    struct signer before = maker->witness;
    maker->witness = make_signer("witness.example/other", KEY_WITNESS);
    publish(maker);
    EVP_PKEY_free(maker->witness.key);
    maker->witness = before;
}

static void change_size_after_signing(struct maker *maker)
{
    (void)maker;
    edit_file("checkpoint", sizeof ORIGIN, "9", 1);
}

static void take_tile_away(struct maker *maker)
{
    char path[256];
    (void)maker;
    snprintf(path, sizeof path, "%s/tile/0/001", folder);
    CHECK(unlink(path) == 0);
}

static void take_entries_away(struct maker *maker)
{
    char path[256];
    (void)maker;
    snprintf(path, sizeof path, "%s/tile/entries/001", folder);
    CHECK(unlink(path) == 0);
}

static void change_upper_tile(struct maker *maker)
{
    (void)maker;
    edit_file("tile/1/000.p/3", 40, "XXXX", 4);
}

static void cut_bundle(struct maker *maker)
{
    char path[256];
    (void)maker;
    snprintf(path, sizeof path, "%s/tile/entries/000", folder);
    CHECK(truncate(path, 4000) == 0);
}

static const struct {
    const char *name;
    void (*attack)(struct maker *maker);
    const char *found;
} attacks[] = {
    {"an entry edited", edit_entry, "entry 0 is not the one that was logged"},
    {"an entry and its hash edited", edit_entry_and_tile, "history was rewritten"},
    {"all rebuilt, the signature left", rebuild_but_for_the_signature, "history was rewritten"},
    {"all rebuilt with the stolen key", rebuild_with_stolen_key, "split view"},
    {"an entry deleted", delete_entry, "rolled back"},
    {"an entry deleted, another added", delete_entry_and_add_one, "split view"},
    {"two entries swapped", swap_entries, "split view"},
    {"an entry inserted", insert_entry, "history was rewritten"},
    {"the end cut off", truncate_log, "rolled back"},
    {"another log of the same size", fork_log, "split view"},
    {"an entry added with an old date", add_back_dated, "back-dated"},
    {"an entry from the future", add_from_the_future, "after the witnesses saw it"},
    {"another key", change_key, "not signed by the pinned key"},
    {"a forged cosignature", forge_witness, "cosignature of witness 1 is forged"},
    {"another witness", leave_witness_out, "0 of 1 witnesses"},
    {"a checkpoint changed", change_size_after_signing, "forged"},
    {"a tile taken away", take_tile_away, "tile/0/001"},
    {"entries taken away", take_entries_away, "tile/entries/001"},
    {"a tile above changed", change_upper_tile, "tile/1/000.p/3: hash 1"},
    {"a bundle cut", cut_bundle, "cut"},
};

static void attacks_are_found(struct maker *maker)
{
    char said[2048];
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        check_row(attacks[i].name);
        clear();
        make_entries(maker, 800);
        publish(maker);
        remember(maker);
        attacks[i].attack(maker);
        CHECK_NUMBER(run_since(maker, said, sizeof said), 1);
        CHECK(strstr(said, attacks[i].found) != NULL);
        if (strstr(said, attacks[i].found) == NULL)
            printf("# said: %s", said);
    }
}

/* Who has seen nothing before finds what does not hang together. */
static void newcomers_find_most(struct maker *maker)
{
    static const struct {
        void (*attack)(struct maker *maker);
        const char *found;
    } rows[] = {
        {edit_entry_and_tile, "tile/1/000.p/3: hash 0 is not the one of the tile below"},
        {rebuild_but_for_the_signature, "do not make the root"},
        {change_upper_tile, "tile/1/000.p/3: hash 1"},
    };
    char said[2048];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].found);
        clear();
        make_entries(maker, 800);
        publish(maker);
        rows[i].attack(maker);
        CHECK_NUMBER(run_folder(maker, "", said, sizeof said), 1);
        CHECK(strstr(said, rows[i].found) != NULL);
    }
}

/* A log that only grew is no attack. */
static void growth_holds(struct maker *maker)
{
    char said[2048];
    clear();
    make_entries(maker, 800);
    maker->witnessed_s -= 5000;
    publish(maker);
    remember(maker);
    make_entries(maker, 2000);
    publish(maker);
    CHECK_NUMBER(run_since(maker, said, sizeof said), 0);
    CHECK(strstr(said, "the 800 entries seen before are its beginning") != NULL);
}

static void organisations_see_theirs(struct maker *maker)
{
    static char said[1 << 16];
    size_t lines = 0;
    clear();
    make_entries(maker, 300);
    publish(maker);
    CHECK_NUMBER(run_folder(maker, "--organisation acme", said, sizeof said), 0);
    for (const char *at = said; (at = strstr(at, "organisation=acme")) != NULL; at++)
        lines++;
    CHECK_NUMBER(lines, 100);
    CHECK(strstr(said, "organisation=other") == NULL);
}

/* Second looks: seven entries of three days, and a figure of two of them. */
static void second_looks_are_counted_again(struct maker *maker)
{
    static const char *const looks[] = {
        "supervision.look.compared task=t1 day=2026-08-27 agreed=no source=store/1",
        "supervision.look.compared task=t2 organisation=acme day=2026-08-28 agreed=yes source=store/2",
        "supervision.look.compared task=t3 day=2026-08-28 agreed=no source=store/3",
        "supervision.look.compared task=t4 day=2026-11-25 agreed=yes source=store/4",
        "supervision.look.compared task=t5 day=2026-11-25 agreed=no source=console.x/5",
    };
    static const struct { const char *entry; int code; const char *said; } rows[] = {
        {"supervision.looks.counted from=2026-08-28 until=2026-11-25 looks=3 wrong=1 source=store/5", 0,
         "from 2026-08-28 to 2026-11-25 1 of 3 read otherwise"},
        {"supervision.looks.counted from=2026-08-27 until=2026-08-27 looks=1 wrong=1 source=store/5", 0, "1 of 1 read otherwise"},
        {"supervision.looks.counted from=2026-08-28 until=2026-11-25 looks=4 wrong=1 source=store/5", 1, "another number of second looks"},
        {"supervision.looks.counted from=2026-08-28 until=2026-11-25 looks=3 wrong=0 source=store/5", 1, "another number of errors"},
        {"supervision.looks.counted from=2026-08-28 until=2026-11-25 looks=3 source=store/5", 1, "without its days or numbers"},
        {"supervision.looks.counted from=28/08/2026 until=2026-11-25 looks=3 wrong=1 source=store/5", 1, "without its days or numbers"},
        {"supervision.looks.counted from=2026-08-28 until=2026-11-25 looks=9 wrong=9 source=console.x/5", 0, "no figure of second looks"},
        {"supervision.look.compared task=t6 day=2026-11-25 agreed=perhaps source=store/5", 1, "without a day or a result"},
    };
    static char said[1 << 16];
    size_t count = sizeof looks / sizeof *looks;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        clear();
        make_entries(maker, 5);
        for (size_t i = 0; i <= count; i++)
            snprintf(maker->entries[i], ENTRY_BYTES, "1 %lld %s", 1764100800000000LL + (long long)i * 1000000,
                     i < count ? looks[i] : rows[r].entry);
        maker->size = count + 1;
        publish(maker);
        check_row(rows[r].entry);
        CHECK_NUMBER(run_folder(maker, "--looks", said, sizeof said), rows[r].code);
        CHECK(strstr(said, rows[r].said) != NULL);
        CHECK_NUMBER(run_folder(maker, "", said, sizeof said), 0); /* whole it is */
    }
    check_row("");
}

/* A proof of one entry by itself: entry 2 of three. */
static void proofs_stand_alone(struct maker *maker)
{
    char said[2048], text[2048], checkpoint[1024], hash64[48], words[256];
    clear();
    make_entries(maker, 3);
    struct hash left = hash_leaf(maker->entries[0], strlen(maker->entries[0]));
    struct hash right = hash_leaf(maker->entries[1], strlen(maker->entries[1]));
    struct hash node = hash_node(&left, &right), root = put_tiles(maker);
    format_checkpoint(maker, &root, checkpoint, sizeof checkpoint);
    base64_put(node.bytes, HASH_BYTES, hash64);
    int len = snprintf(text, sizeof text, "c2sp.org/tlog-proof@v1\nindex 2\n%s\n\n%s", hash64, checkpoint);
    put("proof", text, (size_t)len);
    put("entry", maker->entries[2], strlen(maker->entries[2]));
    put("forged", maker->entries[1], strlen(maker->entries[1]));
    snprintf(words, sizeof words, "--proof %s/proof --entry %s/entry", folder, folder);
    CHECK_NUMBER(run(maker, words, said, sizeof said), 0);
    snprintf(words, sizeof words, "--proof %s/proof --entry %s/forged", folder, folder);
    CHECK_NUMBER(run(maker, words, said, sizeof said), 1);
    CHECK(strstr(said, "not in the log") != NULL);
    edit_file("proof", 24 + 6, "1", 1);
    snprintf(words, sizeof words, "--json --proof %s/proof --entry %s/entry", folder, folder);
    CHECK_NUMBER(run(maker, words, said, sizeof said), 1);
    CHECK(strstr(said, "\"holds\":false") != NULL);
}

/* Proofs that carry their entry: what was proven is said, and nothing that was not. */
static void proven_entries_are_said(struct maker *maker)
{
    static const struct {
        const char *entry, *said;
        int code;
    } rows[] = {
        {"1 1790000000000000 control.check.done control=AUT-07 result=holds",
         "entry       0 of 2026-09-21T14:13:20Z: control.check.done control=AUT-07 result=holds\n", 0},
        {"1 0 a.b", "entry       0 of 1970-01-01T00:00:00Z: a.b \n", 0},
        {"1 0 a.b c=\033[31m", "", 0}, /* it is in the log, and would steer the terminal */
        {"no entry of this log", "", 0},
    };
    char said[2048], text[4096], checkpoint[1024], extra[256], words[256];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hash leaf = hash_leaf(rows[i].entry, strlen(rows[i].entry));
        clear();
        make_entries(maker, 1);
        format_checkpoint(maker, &leaf, checkpoint, sizeof checkpoint);
        base64_put((const unsigned char *)rows[i].entry, strlen(rows[i].entry), extra);
        int len = snprintf(text, sizeof text, "c2sp.org/tlog-proof@v1\nextra %s\nindex 0\n\n%s", extra, checkpoint);
        put("proof", text, (size_t)len);
        snprintf(words, sizeof words, "--proof %s/proof", folder);
        check_row(rows[i].entry);
        CHECK_NUMBER(run(maker, words, said, sizeof said), rows[i].code);
        CHECK(rows[i].said[0] != '\0' ? strstr(said, rows[i].said) != NULL : strstr(said, "entry  ") == NULL);
        CHECK(strstr(said, "proven      the entry is in the log") != NULL);
        text[23 + 6] = text[23 + 6] == 'M' ? 'N' : 'M'; /* another entry */
        put("proof", text, (size_t)len);
        CHECK_NUMBER(run(maker, words, said, sizeof said), 1);
        CHECK(strstr(said, "entry  ") == NULL);
    }
}

static void files_are_found_or_refused(void)
{
    static const struct {
        int level;
        uint64_t index;
        unsigned width;
        const char *path;
    } tiles[] = {
        {0, 0, TILE_WIDTH, "tile/0/000"},
        {-1, 67, 1, "tile/entries/067.p/1"},
        {3, 999, 255, "tile/3/999.p/255"},
        {0, 1234, TILE_WIDTH, "tile/0/x001/234"},
        {-1, 1234067, TILE_WIDTH, "tile/entries/x001/x234/067"},
        {1, UINT64_MAX, 5, "tile/1/x018/x446/x744/x073/x709/x551/615.p/5"},
    };
    for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++) {
        char path[PATH_BYTES];
        tile_path(tiles[i].level, tiles[i].index, tiles[i].width, path);
        CHECK_TEXT(slice_from(path), tiles[i].path);
    }
    struct file file = {0};
    char name[5000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    CHECK(strcmp(file_load(NULL, name, &file), "path too long") == 0);
    CHECK(strcmp(file_load(folder, ".", &file), "not a file, or too large") == 0);
    CHECK(strcmp(file_load(folder, "nothing", &file), strerror(ENOENT)) == 0);
    CHECK(file.data == NULL);
}

static void words_are_checked(struct maker *maker)
{
    char said[2048];
    static const struct {
        const char *words;
        int code;
    } rows[] = {
        {"", 2},
        {"/nowhere", 1},
        {"--quorum 2 /nowhere", 2},
        {"--quorum x /nowhere", 2},
        {"--proof p /nowhere", 2},
        {"--looks --proof p", 2},
        {"--nothing /nowhere", 2},
        {"--witness nothing /nowhere", 2},
        {"one two", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].words);
        CHECK_NUMBER(run(maker, rows[i].words, said, sizeof said), rows[i].code);
        CHECK(strncmp(said, "rendez-verify: ", 15) == 0);
    }
}

int main(int argc, char **argv)
{
    static struct maker maker;
    program = argc > 1 ? argv[1] : "rendez-verify";
    if (mkdtemp(folder) == NULL)
        return 3;
    maker.log = make_signer(ORIGIN, KEY_LOG);
    maker.witness = make_signer("witness.example/w1", KEY_WITNESS);
    maker.entries = calloc(ENTRIES + 1, ENTRY_BYTES);
    whole_logs_hold(&maker);
    test_done("whole_logs_hold");
    attacks_are_found(&maker);
    test_done("attacks_are_found");
    newcomers_find_most(&maker);
    test_done("newcomers_find_most");
    growth_holds(&maker);
    test_done("growth_holds");
    organisations_see_theirs(&maker);
    test_done("organisations_see_theirs");
    second_looks_are_counted_again(&maker);
    test_done("second_looks_are_counted_again");
    proofs_stand_alone(&maker);
    test_done("proofs_stand_alone");
    proven_entries_are_said(&maker);
    test_done("proven_entries_are_said");
    files_are_found_or_refused();
    test_done("files_are_found_or_refused");
    words_are_checked(&maker);
    test_done("words_are_checked");
    clear();
    rmdir(folder);
    EVP_PKEY_free(maker.log.key);
    EVP_PKEY_free(maker.witness.key);
    free(maker.entries);
    return check_done();
}
