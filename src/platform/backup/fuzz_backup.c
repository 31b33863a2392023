/* What a restore reads from a foreign disk: a manifest, a stream of blocks, a folder in it. The first byte
 * says which. Blocks are tried both as they come and as content that was sealed rightly, since only who has
 * the key gets behind the seal. */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/backup/backup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct slice set = {"2026-11-25T0300Z-daily", 22};

static const struct secret *fixed_key(void)
{
    static struct secret *key;
    static const unsigned char bytes[VAULT_KEY_BYTES] = {7};
    if (key == NULL)
        key = secret_create(bytes, sizeof bytes);
    return key;
}

static void try_manifest(struct slice text)
{
    AUTO_ARENA arena = arena_create(32 << 20);
    struct manifest manifest, again;
    if (manifest_parse(text, arena, &manifest, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < manifest.thing_count; i++)
        assert(backup_path_is_good(manifest.things[i].path));
    enum status status = manifest_parse(manifest_format(&manifest, arena), arena, &again, NULL);
    assert(status == ST_OK && again.thing_count == manifest.thing_count);
}

static void read_folder(int fd)
{
    enum { FILES_MAX = 1000 };
    AUTO_STREAM_READER reader = stream_reader_create(fd, fixed_key(), set, LIT("thing"), 1 << 20);
    AUTO_ARENA arena = arena_create(8 << 20);
    char bytes[4096];
    struct pack_head head;
    for (int files = 0; files < FILES_MAX; files++) {
        if (pack_read_head(reader, arena, &head, NULL) != ST_OK || head.path.len == 0)
            return;
        assert(backup_path_is_good(head.path));
        for (size_t got; head.size > 0; head.size -= got) {
            size_t want = head.size < sizeof bytes ? (size_t)head.size : sizeof bytes;
            if (stream_read(reader, bytes, want, &got, NULL) != ST_OK || got < want)
                return;
        }
    }
}

static int filled(struct slice bytes)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    assert(fd >= 0 && fd_write_all(fd, bytes, NULL) == ST_OK && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

static void try_blocks(struct slice bytes)
{
    AUTO_FD fd = filled(bytes);
    read_folder(fd);
}

static void try_content(struct slice bytes)
{
    AUTO_FD fd = memfd_create("fuzz", MFD_CLOEXEC);
    AUTO_STREAM_WRITER writer = stream_writer_create(fd, fixed_key(), set, LIT("thing"));
    struct stream_facts facts;
    enum status status = stream_write(writer, bytes, NULL);
    if (status == ST_OK)
        status = stream_finish(writer, &facts, NULL);
    assert(status == ST_OK && facts.size == bytes.len && lseek(fd, 0, SEEK_SET) == 0);
    read_folder(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data + 1, size - 1};
    if (size == 0)
        return 0;
    if (data[0] == 'm')
        try_manifest(text);
    else if (data[0] == 'b')
        try_blocks(text);
    else
        try_content(text);
    return 0;
}
