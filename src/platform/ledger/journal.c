#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "platform/ledger/internal.h"

/* A record: length in 4 bytes, number of the entry in 8, the entry, and the first 8 bytes of the
 * SHA-256 of all that, so that a torn one is seen. */
enum { HEAD_BYTES = 12, SUM_BYTES = 8, JOURNAL_BYTES_MAX = 1 << 30 };

static void put_number(unsigned char *out, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (unsigned char)(number >> (8 * (bytes - 1 - i)));
}

static uint64_t get_number(const char *bytes, int count)
{
    uint64_t number = 0;
    for (int i = 0; i < count; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

/* Length of the whole record at the front; 0 when it is torn. */
static size_t record_len(struct slice rest)
{
    unsigned char sum[32];
    if (rest.len < HEAD_BYTES + SUM_BYTES)
        return 0;
    size_t len = (size_t)get_number(rest.data, 4);
    if (len > LEDGER_ENTRY_BYTES_MAX || rest.len < HEAD_BYTES + len + SUM_BYTES)
        return 0;
    vault_sha256(slice_sub(rest, 0, HEAD_BYTES + len), sum);
    return memcmp(rest.data + HEAD_BYTES + len, sum, SUM_BYTES) == 0 ? HEAD_BYTES + len + SUM_BYTES
                                                                     : 0;
}

static enum status read_records(int fd, ledger_entry_fn *each, void *context, struct problem *why)
{
    AUTO_ARENA arena = arena_create((size_t)2 * JOURNAL_BYTES_MAX);
    struct slice all;
    size_t at = 0;
    TRY(fd_read_all(fd, JOURNAL_BYTES_MAX, arena, &all, why));
    for (size_t len; (len = record_len(slice_sub(all, at, all.len))) > 0; at += len) {
        struct slice entry = slice_sub(all, at + HEAD_BYTES, at + len - SUM_BYTES);
        TRY(each(context, get_number(all.data + at + 4, 8), entry, why));
    }
    if (at < all.len && (ftruncate(fd, (off_t)at) < 0 || fdatasync(fd) < 0))
        return problem_errno(why, "log journal");
    return lseek(fd, (off_t)at, SEEK_SET) < 0 ? problem_errno(why, "log journal") : ST_OK;
}

enum status journal_open(const char *folder, struct journal *out, ledger_entry_fn *each,
                         void *context, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 * PATH_BYTES_MAX);
    AUTO_FD fd = -1, above = -1;
    const char *path = arena_format(arena, "%s/journal", folder).data;
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || above < 0 || fsync(above) < 0)
        return problem_errno(why, "log journal");
    TRY(read_records(fd, each, context, why));
    out->fd = fd;
    fd = -1;
    return ST_OK;
}

static void put_records(uint64_t first, const struct slice *entries, size_t count, struct buffer *bytes)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char head[HEAD_BYTES], sum[32];
        size_t from = bytes->len;
        put_number(head, entries[i].len, 4);
        put_number(head + 4, first + i, 8);
        buffer_add(bytes, (struct slice){(const char *)head, sizeof head});
        buffer_add(bytes, entries[i]);
        vault_sha256(slice_sub(buffer_slice(bytes), from, bytes->len), sum);
        buffer_add(bytes, (struct slice){(const char *)sum, SUM_BYTES});
    }
}

enum status journal_append(struct journal *journal, uint64_t first, const struct slice *entries,
                           size_t count, struct problem *why)
{
    AUTO_BUFFER bytes = buffer_create(JOURNAL_BYTES_MAX);
    put_records(first, entries, count, &bytes);
    TRY(buffer_check(&bytes, "log journal", why));
    TRY(fd_write_all(journal->fd, buffer_slice(&bytes), why));
    return fdatasync(journal->fd) < 0 ? problem_errno(why, "log journal") : ST_OK;
}

/* Not synced: what a checkpoint covers is passed over when it is read again. */
static enum status clear(struct journal *journal, struct problem *why)
{
    if (ftruncate(journal->fd, 0) < 0 || lseek(journal->fd, 0, SEEK_SET) < 0)
        return problem_errno(why, "log journal");
    return ST_OK;
}

enum status journal_restart(struct journal *journal, const char *folder, uint64_t first,
                            const struct slice *entries, size_t count, struct problem *why)
{
    if (count == 0)
        return clear(journal, why);
    AUTO_ARENA arena = arena_create(4 * PATH_BYTES_MAX);
    AUTO_BUFFER bytes = buffer_create(JOURNAL_BYTES_MAX);
    const char *path = arena_format(arena, "%s/journal", folder).data;
    put_records(first, entries, count, &bytes);
    TRY(buffer_check(&bytes, "log journal", why));
    TRY(file_write_durably(path, buffer_slice(&bytes), 0600, why));
    AUTO_FD fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
        return problem_errno(why, "log journal");
    fd_close(&journal->fd);
    journal->fd = fd;
    fd = -1;
    return ST_OK;
}
