/* The form of a set: whatever is written comes back, and nothing else does. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "platform/backup/set_keys.h"

static const struct slice set = {"2026-11-25T0300Z-daily", 22};
static struct secret *key;

static int memory(void)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

static struct stream_facts write_stream(int fd, struct slice content, size_t at_once)
{
    AUTO_STREAM_WRITER writer = stream_writer_create(fd, key, set, LIT("store"));
    struct stream_facts facts = {0};
    for (size_t at = 0; at < content.len; at += at_once)
        CHECK_OK(stream_write(writer, slice_sub(content, at, at + at_once), NULL));
    CHECK_OK(stream_finish(writer, &facts, NULL));
    CHECK_NUMBER(facts.size, content.len);
    CHECK(lseek(fd, 0, SEEK_CUR) == (off_t)facts.stored && lseek(fd, 0, SEEK_SET) == 0);
    return facts;
}

/* Reads all, in pieces; the status of the first that failed. */
static enum status read_stream(int fd, struct slice of_set, struct slice thing, uint64_t size_max, size_t at_once,
                               struct buffer *out, struct stream_facts *facts)
{
    AUTO_STREAM_READER reader = stream_reader_create(fd, key, of_set, thing, size_max);
    char *bytes = malloc(at_once);
    enum status status = ST_OK;
    size_t got = at_once;
    while (status == ST_OK && got == at_once) {
        status = stream_read(reader, bytes, at_once, &got, NULL);
        if (status == ST_OK)
            buffer_add(out, (struct slice){bytes, got});
    }
    free(bytes);
    if (status == ST_OK)
        stream_facts(reader, facts);
    return status;
}

static struct slice content_of(size_t len, bool random, struct arena *arena)
{
    char *bytes = arena_alloc(arena, len == 0 ? 1 : len);
    if (random && len > 0)
        vault_random(bytes, len);
    return (struct slice){bytes, len};
}

static void streams_come_back(void)
{
    static const size_t lengths[] = {0, 1, 100, BACKUP_BLOCK_BYTES - 1, BACKUP_BLOCK_BYTES,
                                     BACKUP_BLOCK_BYTES + 1, 3 * BACKUP_BLOCK_BYTES + 12345};
    for (size_t i = 0; i < 2 * sizeof lengths / sizeof *lengths; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        AUTO_BUFFER back = buffer_create(16 << 20);
        AUTO_FD fd = memory();
        struct slice content = content_of(lengths[i / 2], i % 2 == 0, arena);
        struct stream_facts wrote = write_stream(fd, content, 100000), read = {0};
        CHECK_OK(read_stream(fd, set, LIT("store"), content.len, 70001, &back, &read));
        CHECK(slice_equal(buffer_slice(&back), content));
        CHECK(memcmp(&wrote, &read, sizeof wrote) == 0);
        if (i % 2 == 1 && content.len > 1000)
            CHECK(wrote.stored < content.len / 100); /* zeros shrink */
    }
}

static int altered(struct slice whole, size_t at, unsigned bit, struct arena *arena)
{
    struct slice copy = arena_copy(arena, whole);
    char *bytes = arena_text(arena, copy);
    bytes[at] = (char)(bytes[at] ^ (1u << bit));
    int fd = memory();
    CHECK_OK(fd_write_all(fd, (struct slice){bytes, copy.len}, NULL));
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

/* Each bit of a small one, and in steps of a large one. */
static void every_flipped_bit_is_found(void)
{
    static const struct {
        size_t len, step;
    } cases[] = {{200, 1}, {2 * BACKUP_BLOCK_BYTES + 999, 60013}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        AUTO_FD fd = memory();
        struct slice whole;
        write_stream(fd, content_of(cases[c].len, true, arena), 1 << 20);
        CHECK_OK(fd_read_all(fd, 8 << 20, arena, &whole, NULL));
        unsigned missed = 0, tried = 0;
        for (size_t bit = 0; bit < 8 * whole.len; bit += cases[c].step) {
            AUTO_ARENA scratch = arena_create(16 << 20);
            AUTO_BUFFER back = buffer_create(16 << 20);
            AUTO_FD changed = altered(whole, bit / 8, bit % 8, scratch);
            struct stream_facts facts;
            missed += read_stream(changed, set, LIT("store"), cases[c].len, 65536, &back, &facts) == ST_OK;
            tried++;
        }
        CHECK(tried > 250);
        CHECK_NUMBER(missed, 0);
    }
}

/* Blocks that are each good: left out, doubled, in another order, of another set or thing, cut off, more. */
static void blocks_have_their_place(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    AUTO_FD fd = memory();
    struct slice whole, block[3];
    write_stream(fd, content_of(2 * BACKUP_BLOCK_BYTES + 999, true, arena), 1 << 20);
    CHECK_OK(fd_read_all(fd, 8 << 20, arena, &whole, NULL));
    size_t first = 4 + BACKUP_BLOCK_BYTES + VAULT_OVERHEAD;
    block[0] = slice_sub(whole, 0, first);
    block[1] = slice_sub(whole, first, 2 * first);
    block[2] = slice_sub(whole, 2 * first, whole.len);
    static const struct {
        const char *order, *set, *thing;
        enum status status;
    } cases[] = {
        {"012", "2026-11-25T0300Z-daily", "store", ST_OK},      {"12", "2026-11-25T0300Z-daily", "store", ST_DENIED},
        {"02", "2026-11-25T0300Z-daily", "store", ST_DENIED},   {"01", "2026-11-25T0300Z-daily", "store", ST_DENIED},
        {"0112", "2026-11-25T0300Z-daily", "store", ST_DENIED}, {"102", "2026-11-25T0300Z-daily", "store", ST_DENIED},
        {"0122", "2026-11-25T0300Z-daily", "store", ST_DENIED}, {"2", "2026-11-25T0300Z-daily", "store", ST_DENIED},
        {"", "2026-11-25T0300Z-daily", "store", ST_DENIED},     {"012", "2026-11-24T0300Z-daily", "store", ST_DENIED},
        {"012", "2026-11-25T0300Z-daily", "identity", ST_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FD mixed = memory();
        AUTO_BUFFER back = buffer_create(16 << 20);
        struct stream_facts facts;
        check_row(cases[i].order);
        for (const char *at = cases[i].order; *at != '\0'; at++)
            CHECK_OK(fd_write_all(mixed, block[*at - '0'], NULL));
        CHECK(lseek(mixed, 0, SEEK_SET) == 0);
        CHECK_NUMBER(read_stream(mixed, slice_from(cases[i].set), slice_from(cases[i].thing), 8 << 20, 65536, &back, &facts), cases[i].status);
    }
}

/* Sealed rightly, and much larger than the manifest says. */
static void no_more_than_announced(void)
{
    AUTO_ARENA arena = arena_create(32 << 20);
    AUTO_BUFFER back = buffer_create(32 << 20);
    AUTO_FD fd = memory();
    struct stream_facts facts;
    write_stream(fd, content_of(20 << 20, false, arena), 1 << 20);
    CHECK_NUMBER(read_stream(fd, set, LIT("store"), 1000, 65536, &back, &facts), ST_LIMIT);
}

static void folders(void)
{
    static const struct {
        const char *path;
        bool good;
    } cases[] = {
        {"a", true}, {"a/b/c.ics", true}, {"tile/0/x001/067", true}, {"..a/b..", true}, {"é t", true},
        {"", false}, {"/", false}, {"/etc/passwd", false}, {"..", false}, {"a/../b", false}, {"a/..", false},
        {"a//b", false}, {"a/", false}, {"./a", false}, {"a/./b", false}, {"a\nb", false}, {"a\x7f", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        AUTO_FD fd = memory();
        AUTO_STREAM_WRITER writer = stream_writer_create(fd, key, set, LIT("log"));
        struct pack_head head = {slice_from(cases[i].path), 3}, back;
        struct stream_facts facts;
        char text[4];
        size_t got;
        check_row(cases[i].path);
        CHECK(backup_path_is_good(head.path) == cases[i].good);
        if (head.path.len == 0)
            continue;
        CHECK_NUMBER(pack_write_head(writer, &head, NULL), cases[i].good ? ST_OK : ST_INVALID);
        if (!cases[i].good)
            continue;
        CHECK_OK(stream_write(writer, LIT("abc"), NULL));
        CHECK_OK(pack_write_head(writer, &(struct pack_head){0}, NULL));
        CHECK_OK(stream_finish(writer, &facts, NULL));
        CHECK(lseek(fd, 0, SEEK_SET) == 0);
        AUTO_STREAM_READER reader = stream_reader_create(fd, key, set, LIT("log"), facts.size);
        CHECK_OK(pack_read_head(reader, arena, &back, NULL));
        CHECK_TEXT(back.path, cases[i].path);
        CHECK_NUMBER(back.size, 3);
        CHECK_OK(stream_read(reader, text, 3, &got, NULL));
        CHECK_TEXT(((struct slice){text, got}), "abc");
        CHECK_OK(pack_read_head(reader, arena, &back, NULL));
        CHECK_NUMBER(back.path.len, 0);
        CHECK_OK(stream_read(reader, text, 1, &got, NULL));
        CHECK_NUMBER(got, 0);
    }
}

#define HEAD "rendez backup 1\nset 2026-11-25T0300Z-daily\nversion 0.1.0\nmade 1795575600000000\nroot 2\n"
#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
static const char good_manifest[] =
    HEAD "thing store database 4096 " DIGEST " 4200 0 store/rendez.db\nrows meeting 12\nrows person 3\n"
         "thing log folder 100 " DIGEST " 90 7 log\nthing rendez.conf file 10 " DIGEST " 80 0 rendez.conf\nend\n";

static void manifests(void)
{
    static const struct {
        const char *name, *text;
        enum status status;
    } cases[] = {
        {"whole", good_manifest, ST_OK},
        {"nothing in it", HEAD "end\n", ST_OK},
        {"empty", "", ST_INVALID},
        {"cut off", HEAD "thing log folder 100 " DIGEST " 90 7 log\n", ST_INVALID},
        {"more after the end", HEAD "end\nrows x 1\n", ST_INVALID},
        {"newer", "rendez backup 2\n", ST_CONFLICT},
        {"another name", "rendez backup 1\nset daily\nversion 1\nmade 1\nroot 1\nend\n", ST_INVALID},
        {"date", "rendez backup 1\nset 2026-11-25T0300Z-daily\nversion 1\nmade x\nroot 1\nend\n", ST_INVALID},
        {"leads up", HEAD "thing a file 1 " DIGEST " 1 0 ../x\nend\n", ST_INVALID},
        {"leads away", HEAD "thing a file 1 " DIGEST " 1 0 /etc/x\nend\n", ST_INVALID},
        {"no path", HEAD "thing a file 1 " DIGEST " 1 0\nend\n", ST_INVALID},
        {"name with a slash", HEAD "thing a/b file 1 " DIGEST " 1 0 x\nend\n", ST_INVALID},
        {"name of the manifest", HEAD "thing manifest file 1 " DIGEST " 1 0 x\nend\n", ST_INVALID},
        {"kind", HEAD "thing a link 1 " DIGEST " 1 0 x\nend\n", ST_INVALID},
        {"digest", HEAD "thing a file 1 0011 1 0 x\nend\n", ST_INVALID},
        {"size", HEAD "thing a file -1 " DIGEST " 1 0 x\nend\n", ST_INVALID},
        {"too many files", HEAD "thing a folder 1 " DIGEST " 1 2000001 x\nend\n", ST_INVALID},
        {"one name twice", HEAD "thing a file 1 " DIGEST " 1 0 x\nthing a file 1 " DIGEST " 1 0 y\nend\n", ST_INVALID},
        {"one place twice", HEAD "thing a file 1 " DIGEST " 1 0 x\nthing b file 1 " DIGEST " 1 0 x\nend\n", ST_INVALID},
        {"rows of nothing", HEAD "rows a 1\nend\n", ST_INVALID},
        {"rows of a file", HEAD "thing a file 1 " DIGEST " 1 0 x\nrows a 1\nend\n", ST_INVALID},
        {"an unknown line", HEAD "link a b\nend\n", ST_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct manifest manifest;
        check_row(cases[i].name);
        CHECK_NUMBER(manifest_parse(slice_from(cases[i].text), arena, &manifest, NULL), cases[i].status);
        if (cases[i].status == ST_OK)
            CHECK_TEXT(manifest_format(&manifest, arena), cases[i].text);
    }
}

static void manifests_are_sealed(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET other = secret_random(VAULT_KEY_BYTES);
    struct manifest manifest, back;
    struct sealed sealed;
    CHECK_OK(manifest_parse(slice_from(good_manifest), arena, &manifest, NULL));
    CHECK_OK(manifest_seal(&manifest, key, arena, &sealed, NULL));
    CHECK_OK(manifest_open(sealed, key, set, arena, &back, NULL));
    CHECK_NUMBER(back.thing_count, 3);
    CHECK_NUMBER(back.things[0].tables.count, 2);
    CHECK_NUMBER(manifest_open(sealed, other, set, arena, &back, NULL), ST_DENIED);
    CHECK_NUMBER(manifest_open(sealed, key, LIT("2026-11-24T0300Z-daily"), arena, &back, NULL), ST_DENIED);
    for (size_t bit = 0; bit < 8 * sealed.bytes.len; bit += 7) {
        AUTO_ARENA scratch = arena_create(1 << 20);
        char *bytes = arena_text(scratch, sealed.bytes);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        CHECK_NUMBER(manifest_open((struct sealed){{bytes, sealed.bytes.len}}, key, set, scratch, &back, NULL), ST_DENIED);
    }
}

static void keys_of_sets(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    char path[] = "/tmp/rendez-sets-XXXXXX";
    struct set_row_list list;
    struct set_row row = {.name = set, .made = {5}, .root = 3, .wrapped = {LIT("wrapped-wrapped-wrapped")}}, back;
    struct set_verification record = {.at = {900 * DAY_US}, .sets = 4, .bytes = 10}, last;
    AUTO_SET_KEYS keys = NULL;
    int fd = mkstemp(path);
    fd_close(&fd);
    CHECK_OK(set_keys_open(path, &keys, NULL));
    CHECK_NUMBER(set_keys_last_record(keys, &last, NULL), ST_NOT_FOUND);
    CHECK_OK(set_keys_add(keys, &row, NULL));
    CHECK_NUMBER(set_keys_add(keys, &row, NULL), ST_CONFLICT);
    CHECK_OK(set_keys_mark_whole(keys, set, 100, 7, NULL));
    CHECK_OK(set_keys_note(keys, set, (struct instant){50}, SLICE_NONE, NULL));
    CHECK_OK(set_keys_note(keys, set, (struct instant){60}, LIT("store: block 3 does not open"), NULL));
    CHECK_OK(set_keys_load(keys, set, arena, &back, NULL));
    CHECK(back.whole == 1 && back.bytes == 100 && back.took_us == 7 && back.root == 3 && back.made.us == 5);
    CHECK_NUMBER(back.verified.us, 50); /* it was good then, and is not now */
    CHECK_TEXT(back.fault, "store: block 3 does not open");
    CHECK_OK(set_keys_rewrap(keys, set, (struct sealed){LIT("another-wrapping")}, NULL));
    CHECK_OK(set_keys_end(keys, set, NULL));
    CHECK_NUMBER(set_keys_load(keys, set, arena, &back, NULL), ST_NOT_FOUND);
    CHECK_OK(set_keys_list(keys, arena, &list, NULL));
    CHECK_NUMBER(list.count, 0);
    CHECK_OK(set_keys_record(keys, &record, NULL));
    CHECK_OK(set_keys_last_record(keys, &last, NULL));
    CHECK_NUMBER(last.sets, 4);
    struct slice bytes; /* destroyed: not even in a free page */
    CHECK_OK(file_read(path, 1 << 20, arena, &bytes, NULL));
    CHECK(!slice_contains(bytes, LIT("wrapped-wrapped-wrapped")) && !slice_contains(bytes, LIT("another-wrapping")));
    set_keys_close(&keys);
    (void)unlink(path);
    (void)unlink(arena_format(arena, "%s-journal", path).data);
}

int main(void)
{
    key = secret_random(VAULT_KEY_BYTES);
    TEST(streams_come_back);
    TEST(every_flipped_bit_is_found);
    TEST(blocks_have_their_place);
    TEST(no_more_than_announced);
    TEST(folders);
    TEST(manifests);
    TEST(manifests_are_sealed);
    TEST(keys_of_sets);
    secret_destroy(&key);
    return check_done();
}
