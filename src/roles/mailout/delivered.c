#include "roles/mailout/delivered.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A record of the file, in the machine's own byte order: it stays on this machine. */
struct record {
    uint64_t number; /* from 1, counted on; its place is number % DELIVERED_MAX. 0: none */
    uint64_t len;
    char id[DELIVERED_ID_BYTES];
};

struct delivered {
    struct record records[DELIVERED_MAX];
    uint64_t last;
    int fd; /* -1: memory only */
};

static bool write_at(int fd, size_t offset, const void *bytes, size_t len)
{
    return lseek(fd, (off_t)offset, SEEK_SET) == (off_t)offset &&
           write(fd, bytes, len) == (ssize_t)len;
}

/* Its size is taken at once, so that a full disk cannot come in between later. */
static enum status make_whole(struct delivered *delivered, struct problem *why)
{
    off_t size = lseek(delivered->fd, 0, SEEK_END);
    if (size < 0)
        return problem_errno(why, "the list of delivered mail");
    if ((size_t)size == sizeof delivered->records)
        return ST_OK;
    memset(delivered->records, 0, sizeof delivered->records);
    if (!write_at(delivered->fd, 0, delivered->records, sizeof delivered->records))
        return problem_set(why, errno == ENOSPC ? ST_LIMIT : ST_UNAVAILABLE,
                           "the list of delivered mail: %s", strerror(errno));
    return ST_OK;
}

/* One that a crash has left half written names nothing that anybody asks for. */
static void sort_out(struct delivered *delivered)
{
    for (size_t i = 0; i < DELIVERED_MAX; i++) {
        struct record *record = &delivered->records[i];
        if (record->len > DELIVERED_ID_BYTES || record->number % DELIVERED_MAX != i ||
            record->number > UINT64_MAX / 2)
            *record = (struct record){0};
        if (record->number > delivered->last)
            delivered->last = record->number;
    }
}

enum status delivered_read(struct delivered *delivered, struct problem *why)
{
    static const char path[] = "the list of delivered mail";
    if (delivered->fd < 0)
        return ST_OK;
    if (lseek(delivered->fd, 0, SEEK_SET) < 0)
        return problem_errno(why, path);
    char *to = (char *)delivered->records;
    size_t have = 0;
    for (ssize_t got; have < sizeof delivered->records; have += (size_t)got) {
        got = read(delivered->fd, to + have, sizeof delivered->records - have);
        if (got < 0)
            return problem_errno(why, path);
        if (got == 0)
            break;
    }
    TRY(make_whole(delivered, why));
    sort_out(delivered);
    return ST_OK;
}

static enum status read_file(struct delivered *delivered, const char *path, struct problem *why)
{
    /* O_DSYNC: a write is on disk when it returns; the sandbox needs to know no other call. */
    delivered->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_DSYNC, 0600);
    return delivered->fd < 0 ? problem_errno(why, path) : delivered_read(delivered, why);
}

enum status delivered_open(const char *path, struct delivered **out, struct problem *why)
{
    struct delivered *delivered = calloc(1, sizeof *delivered);
    if (delivered == NULL)
        abort();
    delivered->fd = -1;
    enum status status = path == NULL ? ST_OK : read_file(delivered, path, why);
    if (status == ST_OK)
        *out = delivered;
    else
        delivered_close(&delivered);
    return status;
}

void delivered_close(struct delivered **delivered)
{
    if (*delivered == NULL)
        return;
    fd_close(&(*delivered)->fd);
    free(*delivered);
    *delivered = NULL;
}

bool delivered_has(const struct delivered *delivered, struct slice id)
{
    for (size_t i = 0; i < DELIVERED_MAX && id.len > 0; i++)
        if (slice_equal(id, (struct slice){delivered->records[i].id, delivered->records[i].len}))
            return true;
    return false;
}

enum status delivered_note(struct delivered *delivered, struct slice id, struct problem *why)
{
    if (id.len == 0 || id.len > DELIVERED_ID_BYTES)
        return problem_set(why, ST_INVALID, "an id of %zu bytes", id.len);
    struct record record = {.number = ++delivered->last, .len = id.len};
    size_t at = record.number % DELIVERED_MAX;
    memcpy(record.id, id.data, id.len);
    delivered->records[at] = record;
    if (delivered->fd >= 0 && !write_at(delivered->fd, at * sizeof record, &record, sizeof record))
        return problem_errno(why, "the list of delivered mail");
    return ST_OK;
}
