/* A folder as one stream. */
#include "platform/backup/backup.h"

enum { PATH_LENGTH_BYTES = 2, SIZE_BYTES = 8 };

static bool part_is_good(struct slice part)
{
    return part.len > 0 && part.len <= 255 && !slice_equal(part, LIT(".")) && !slice_equal(part, LIT(".."));
}

bool backup_path_is_good(struct slice path)
{
    if (path.len == 0 || path.len > BACKUP_PATH_MAX)
        return false;
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.data[i] < ' ' || path.data[i] == 127)
            return false; /* NUL and line ends among them */
    for (size_t from = 0; from <= path.len;) {
        size_t to = slice_find(path, LIT("/"), from);
        if (!part_is_good(slice_sub(path, from, to)))
            return false;
        if (to == SIZE_MAX)
            break;
        from = to + 1;
    }
    return true;
}

static void put_number(char *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (char)(value >> (8 * (bytes - 1 - i)));
}

static uint64_t get_number(const unsigned char *in, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | in[i];
    return value;
}

enum status pack_write_head(struct stream_writer *writer, const struct pack_head *head, struct problem *why)
{
    char bytes[PATH_LENGTH_BYTES + SIZE_BYTES];
    put_number(bytes, head->path.len, PATH_LENGTH_BYTES);
    put_number(bytes + PATH_LENGTH_BYTES, head->size, SIZE_BYTES);
    if (head->path.len == 0)
        return stream_write(writer, (struct slice){bytes, PATH_LENGTH_BYTES}, why);
    if (!backup_path_is_good(head->path))
        return problem_set(why, ST_INVALID, "a file whose name no backup can hold");
    TRY(stream_write(writer, (struct slice){bytes, sizeof bytes}, why));
    return stream_write(writer, head->path, why);
}

static enum status read_all(struct stream_reader *reader, void *bytes, size_t len, struct problem *why)
{
    size_t got;
    TRY(stream_read(reader, bytes, len, &got, why));
    return got == len ? ST_OK : problem_set(why, ST_INVALID, "a folder's stream ends in the middle");
}

enum status pack_read_head(struct stream_reader *reader, struct arena *arena, struct pack_head *out,
                           struct problem *why)
{
    unsigned char bytes[SIZE_BYTES];
    TRY(read_all(reader, bytes, PATH_LENGTH_BYTES, why));
    size_t len = (size_t)get_number(bytes, PATH_LENGTH_BYTES);
    if (len == 0) {
        *out = (struct pack_head){0};
        return ST_OK;
    }
    if (len > BACKUP_PATH_MAX)
        return problem_set(why, ST_LIMIT, "a folder's stream: too long a path");
    TRY(read_all(reader, bytes, SIZE_BYTES, why));
    char *path = arena_alloc(arena, len);
    TRY(read_all(reader, path, len, why));
    *out = (struct pack_head){{path, len}, get_number(bytes, SIZE_BYTES)};
    return backup_path_is_good(out->path) ? ST_OK
                                          : problem_set(why, ST_INVALID, "a folder's stream: a path that leads elsewhere");
}
