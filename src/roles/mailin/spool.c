#include "roles/mailin/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file: "RZSPOOL1", u32 length of a tag (little-endian), the tag, the sealed message. The wrapped key
 * is in "ID-TAG.keys": it goes with the message, and no copy of the message opens without it. A message
 * that is written anew gets another tag, so the old key is there until the new message is. Files of
 * earlier versions have the wrapped key, which is longer, in place of the tag. */
#define MAGIC "RZSPOOL1"
#define KEY_ENDING ".keys"
enum { MAGIC_BYTES = 8, LENGTH_BYTES = 4, WRAPPED_BYTES_MAX = 4096, NAME_BYTES = 64, TAG_BYTES = 16 };
static const char id_key_name[] = "id.key";

struct spool {
    int folder;
    struct secret *id_key;
};

struct seal_place spool_place(struct slice id)
{
    return (struct seal_place){
        .table = LIT("spool"), .column = LIT("message"), .row = id, .key_version = 1};
}

static bool is_id(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_digit(name.data[i]) && (name.data[i] < 'a' || name.data[i] > 'f'))
            return false;
    return name.len == SPOOL_ID_BYTES;
}

static void name_of(struct slice id, const char *suffix, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%.*s%s", (int)(id.len < SPOOL_ID_BYTES ? id.len : SPOOL_ID_BYTES),
             id.data, suffix);
}

static enum status write_failed(struct problem *why)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return problem_set(why, ST_LIMIT, "no room in the spool");
    return problem_errno(why, "write to the spool");
}

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.data, bytes.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes = slice_sub(bytes, (size_t)put, bytes.len);
    }
    return true;
}

static bool write_parts(int fd, const struct slice *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!write_all(fd, parts[i]))
            return false;
    return true;
}

/* The parts one after the other, on disk, under `name`; or no such name. */
static enum status write_durably(int folder, const char *name, const char *beside,
                                 const struct slice *parts, size_t count, struct problem *why)
{
    AUTO_FD fd = openat(folder, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return write_failed(why);
    /* close() may be where a network disk says that it is full; the rename comes last. */
    bool renamed = write_parts(fd, parts, count) && fsync(fd) == 0 &&
                   renameat(folder, beside, folder, name) == 0;
    if (renamed && fsync(folder) == 0)
        return ST_OK;
    enum status status = write_failed(why);
    /* Whoever gave us this hears that we do not have it, so a restart must not find it. */
    unlinkat(folder, renamed ? name : beside, 0);
    return status;
}

static void key_name_of(struct slice id, struct slice tag, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%.*s-%.*s" KEY_ENDING, SPOOL_ID_BYTES, id.data, TAG_BYTES, tag.data);
}

/* On disk, under its own name; that the folder knows it is synced with the message. */
static enum status write_key(int folder, const char *name, struct slice wrapped_key, struct problem *why)
{
    AUTO_FD fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && write_all(fd, wrapped_key) && fsync(fd) == 0)
        return ST_OK;
    enum status status = write_failed(why);
    unlinkat(folder, name, 0);
    return status;
}

static enum status make_id_key(struct spool *spool, struct problem *why)
{
    spool->id_key = secret_random(VAULT_KEY_BYTES);
    struct slice key = {(const char *)secret_bytes(spool->id_key), VAULT_KEY_BYTES};
    return write_durably(spool->folder, id_key_name, "id.key.new", &key, 1, why);
}

/* Only where there is none a new one is made: with another key every id would be another, and
 * what an MTA sends twice would be two messages. */
static enum status read_id_key(struct spool *spool, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(4 * VAULT_KEY_BYTES);
    struct slice key;
    AUTO_FD fd = openat(spool->folder, id_key_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? make_id_key(spool, why) : problem_errno(why, "spool/id.key");
    TRY(fd_read_all(fd, VAULT_KEY_BYTES + 1, arena, &key, why));
    if (key.len != VAULT_KEY_BYTES)
        return problem_set(why, ST_INVALID, "spool/id.key is damaged: put it back from a backup, or "
                           "remove it while no mail waits");
    spool->id_key = secret_create((const unsigned char *)key.data, key.len);
    return ST_OK;
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}
#define AUTO_DIR __attribute__((cleanup(close_folder))) DIR *

static DIR *read_folder(const struct spool *spool)
{
    int fd = openat(spool->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL)
        fd_close(&fd);
    return folder;
}

/* The next file; *status says whether its absence is the end or a failure. */
static struct dirent *next_file(DIR *folder, enum status *status, struct problem *why)
{
    errno = 0;
    struct dirent *entry = readdir(folder);
    *status = entry == NULL && errno != 0 ? problem_errno(why, "read the spool") : ST_OK;
    return entry;
}

/* What stands before the message: a tag, or the wrapped key. */
static bool split(struct slice bytes, struct slice *head, struct slice *content)
{
    size_t fixed = MAGIC_BYTES + LENGTH_BYTES, len = 0;
    if (bytes.len < fixed || !slice_starts(bytes, LIT(MAGIC)))
        return false;
    for (int i = 0; i < LENGTH_BYTES; i++)
        len |= (size_t)(unsigned char)bytes.data[MAGIC_BYTES + i] << (8 * i);
    if (len > WRAPPED_BYTES_MAX || len > bytes.len - fixed)
        return false;
    *head = slice_sub(bytes, fixed, fixed + len);
    *content = slice_sub(bytes, fixed + len, bytes.len);
    return true;
}

/* As much as there is of the first `len` bytes; -1: nobody knows. */
static ssize_t read_head(int fd, char *out, size_t len)
{
    size_t got = 0;
    while (got < len) {
        ssize_t part = read(fd, out + got, len - got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return -1;
        if (part == 0)
            break;
        got += (size_t)part;
    }
    return (ssize_t)got;
}

/* The tag of a message under its name or set aside. Empty: there is no such message, or it has none.
 * ST_UNAVAILABLE: nobody knows. */
static enum status read_tag(const struct spool *spool, const char *name, char out[TAG_BYTES],
                            struct slice *tag)
{
    char bytes[MAGIC_BYTES + LENGTH_BYTES + TAG_BYTES];
    struct slice head, content;
    *tag = SLICE_NONE;
    AUTO_FD fd = openat(spool->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? ST_OK : ST_UNAVAILABLE;
    ssize_t got = read_head(fd, bytes, sizeof bytes);
    if (got < 0)
        return ST_UNAVAILABLE;
    if (got < (ssize_t)sizeof bytes || !split((struct slice){bytes, sizeof bytes}, &head, &content) ||
        head.len != TAG_BYTES)
        return ST_OK;
    memcpy(out, head.data, TAG_BYTES);
    *tag = (struct slice){out, TAG_BYTES};
    return ST_OK;
}

/* Whether a key file belongs to a message that is there, or may do so. */
static bool is_needed(const struct spool *spool, struct slice name)
{
    static const char *const endings[] = {"", ".bad"};
    struct slice id = slice_sub(name, 0, SPOOL_ID_BYTES), own = slice_sub(name, SPOOL_ID_BYTES + 1, SIZE_MAX);
    if (!is_id(id))
        return true; /* none of ours */
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char message[NAME_BYTES], bytes[TAG_BYTES];
        struct slice tag;
        name_of(id, endings[i], message);
        if (read_tag(spool, message, bytes, &tag) != ST_OK || (tag.len > 0 && slice_starts(own, tag)))
            return true;
    }
    return false;
}

static bool is_left_over(const struct spool *spool, struct slice name)
{
    return slice_ends(name, LIT(".new")) || (slice_ends(name, LIT(KEY_ENDING)) && !is_needed(spool, name));
}

static enum status remove_half_written(struct spool *spool, struct problem *why)
{
    enum status status;
    AUTO_DIR folder = read_folder(spool);
    if (folder == NULL)
        return problem_errno(why, "read the spool");
    for (struct dirent *entry; (entry = next_file(folder, &status, why)) != NULL;)
        if (is_left_over(spool, slice_from(entry->d_name)) &&
            unlinkat(spool->folder, entry->d_name, 0) < 0)
            return problem_errno(why, "remove a half-written file of the spool");
    return status;
}

enum status spool_open(const char *path, struct spool **out, struct problem *why)
{
    AUTO_FD folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return problem_errno(why, path);
    struct spool *spool = must_calloc(1, sizeof *spool);
    spool->folder = folder;
    folder = -1;
    enum status status = read_id_key(spool, why);
    if (status != ST_OK) {
        spool_close(&spool);
        return status;
    }
    *out = spool;
    return ST_OK;
}

void spool_close(struct spool **out)
{
    struct spool *spool = *out;
    if (spool == NULL)
        return;
    fd_close(&spool->folder);
    secret_destroy(&spool->id_key);
    free(spool);
    *out = NULL;
}

struct slice spool_id(const struct spool *spool, struct slice content, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(4096);
    hex_encode(vault_lookup_hash(spool->id_key, content, arena), &text);
    return arena_copy(arena, slice_sub(buffer_slice(&text), 0, SPOOL_ID_BYTES));
}

struct dated {
    struct slice id;
    int64_t written_ns;
};
static int by_date(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;
    if (x->written_ns != y->written_ns)
        return x->written_ns < y->written_ns ? -1 : 1;
    return slice_compare(x->id, y->id);
}

struct dated_list {
    struct dated *items;
    size_t count, capacity;
};

/* Every message counts: one that is passed over now would lie there until the next start. */
static enum status list_files(const struct spool *spool, struct arena *arena,
                              struct dated_list *found, struct problem *why)
{
    enum status status;
    AUTO_DIR folder = read_folder(spool);
    if (folder == NULL)
        return problem_errno(why, "read the spool");
    for (struct dirent *entry; (entry = next_file(folder, &status, why)) != NULL;) {
        struct slice name = slice_from(entry->d_name);
        struct stat about;
        if (!is_id(name))
            continue;
        if (fstatat(spool->folder, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) < 0)
            return problem_errno(why, "read the spool");
        if (found->count == SPOOL_ENTRIES_MAX)
            return problem_set(why, ST_LIMIT, "more than %d messages wait", SPOOL_ENTRIES_MAX);
        struct dated dated = {arena_copy(arena, name), about.st_mtim.tv_sec * INT64_C(1000000000) +
                                                           about.st_mtim.tv_nsec};
        ARENA_PUSH(arena, found, dated);
    }
    return status;
}

enum status spool_list(struct spool *spool, struct arena *arena, struct slice_list *ids,
                       struct problem *why)
{
    struct dated_list found = {0};
    TRY(remove_half_written(spool, why));
    TRY(list_files(spool, arena, &found, why));
    if (found.count > 0)
        qsort(found.items, found.count, sizeof *found.items, by_date);
    for (size_t i = 0; i < found.count; i++)
        ARENA_PUSH(arena, ids, found.items[i].id);
    return ST_OK;
}

static enum status put_both(struct spool *spool, struct slice id, struct slice wrapped_key,
                            struct sealed content, struct problem *why)
{
    char name[NAME_BYTES], beside[NAME_BYTES], key_name[NAME_BYTES], length[LENGTH_BYTES] = {TAG_BYTES};
    char bytes[TAG_BYTES];
    unsigned char random[TAG_BYTES / 2];
    struct slice before;
    AUTO_BUFFER tag = buffer_create(2 * TAG_BYTES);
    vault_random(random, sizeof random);
    hex_encode((struct slice){(const char *)random, sizeof random}, &tag);
    name_of(id, "", name);
    name_of(id, ".new", beside);
    key_name_of(id, buffer_slice(&tag), key_name);
    struct slice parts[] = {LIT(MAGIC), {length, LENGTH_BYTES}, buffer_slice(&tag), content.bytes};
    bool known = read_tag(spool, name, bytes, &before) == ST_OK && before.len > 0;
    TRY(write_key(spool->folder, key_name, wrapped_key, why));
    enum status status = write_durably(spool->folder, name, beside, parts, 4, why);
    if (status != ST_OK) {
        unlinkat(spool->folder, key_name, 0);
        return status;
    }
    if (known) { /* it came once more, and is what was written last */
        key_name_of(id, before, key_name);
        unlinkat(spool->folder, key_name, 0);
    }
    return ST_OK;
}

enum status spool_put(struct spool *spool, struct slice id, struct slice wrapped_key,
                      struct sealed content, struct problem *why)
{
    if (wrapped_key.len == 0 || wrapped_key.len > WRAPPED_BYTES_MAX || !is_id(id))
        return problem_set(why, ST_INVALID, "spool: no such id or key");
    return put_both(spool, id, wrapped_key, content, why);
}

static enum status read_key(const struct spool *spool, struct slice id, struct slice tag,
                            struct arena *arena, struct slice *wrapped_key, struct problem *why)
{
    char name[NAME_BYTES];
    key_name_of(id, tag, name);
    AUTO_FD fd = openat(spool->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? problem_set(why, ST_INVALID, "spool: the key of a message is gone")
                               : problem_errno(why, "open a key of the spool");
    return fd_read_all(fd, WRAPPED_BYTES_MAX, arena, wrapped_key, why);
}

enum status spool_get(const struct spool *spool, struct slice id, struct arena *arena,
                      struct slice *wrapped_key, struct sealed *content, struct problem *why)
{
    char name[NAME_BYTES];
    struct slice bytes, head;
    name_of(id, "", name);
    AUTO_FD fd = openat(spool->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return problem_errno(why, "open a message of the spool");
    TRY(fd_read_all(fd, SPOOL_FILE_BYTES_MAX, arena, &bytes, why));
    if (!split(bytes, &head, &content->bytes))
        return problem_set(why, ST_INVALID, "spool: not a message of ours");
    if (head.len == TAG_BYTES)
        return read_key(spool, id, head, arena, wrapped_key, why);
    *wrapped_key = head;
    return ST_OK;
}

/* The message first: a key that is left over opens nothing, and goes at the next start. */
enum status spool_remove(struct spool *spool, struct slice id, struct problem *why)
{
    char name[NAME_BYTES], key_name[NAME_BYTES], bytes[TAG_BYTES];
    struct slice tag;
    if (!is_id(id))
        return problem_set(why, ST_INVALID, "spool: no such id");
    name_of(id, "", name);
    if (read_tag(spool, name, bytes, &tag) != ST_OK)
        return problem_errno(why, "remove a message of the spool");
    if (unlinkat(spool->folder, name, 0) < 0 && errno != ENOENT)
        return problem_errno(why, "remove a message of the spool");
    if (tag.len == 0)
        return ST_OK;
    key_name_of(id, tag, key_name);
    if (unlinkat(spool->folder, key_name, 0) < 0 && errno != ENOENT)
        return problem_errno(why, "remove a key of the spool");
    return ST_OK;
}

enum status spool_set_aside(struct spool *spool, struct slice id, struct problem *why)
{
    char name[NAME_BYTES], aside[NAME_BYTES];
    name_of(id, "", name);
    name_of(id, ".bad", aside);
    if (renameat(spool->folder, name, spool->folder, aside) < 0)
        return problem_errno(why, "set a message of the spool aside");
    return ST_OK;
}
