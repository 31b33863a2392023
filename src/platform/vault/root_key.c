/* The root key file, four lines:
 *   rendez-root-key 1
 *   argon2id PASSES MEMORY_KIB LANES
 *   salt HEX (16 bytes)
 *   sealed HEX (a sealed entry of 32 bytes under the passphrase's key)
 * and once it was rotated "rendez-root-key 2", these, and what the sealed key wraps:
 *   version N
 *   before M HEX (the root key of version M; while something still needs it)
 *   lasting HEX PURPOSE (what was derived from an earlier one, and stays)
 * The constants stand in the file so that they can grow with machines, and in the
 * associated data so that nobody can lower them. Argon2id: RFC 9106. */
#include <argon2.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/vault/internal.h"

enum {
    PASSES = 3,
    MEMORY_KIB = 64 * 1024,
    LANES = 1,
    SALT_BYTES = 16,
    FILE_BYTES_MAX = 4096,
    /* what a file may ask for */
    PASSES_MAX = 64,
    MEMORY_KIB_MAX = 4 * 1024 * 1024,
    LANES_MAX = 16,
};

static struct slice describe(const struct root_file *file, struct arena *arena)
{
    return arena_format(arena, "argon2id %u %u %u", (unsigned)file->passes,
                        (unsigned)file->memory_kib, (unsigned)file->lanes);
}

static struct seal_place place_of(const struct root_file *file, struct arena *arena)
{
    return (struct seal_place){
        .table = LIT("root"),
        .column = describe(file, arena),
        .row = file->salt,
        .key_version = 1,
    };
}

/* What the newest root key wraps in its own file. */
static struct seal_place inner_place(struct slice column, struct slice row)
{
    return (struct seal_place){.table = LIT("root"), .column = column, .row = row, .key_version = 1};
}

static enum status stretch(const struct root_file *file, struct slice passphrase,
                           struct secret **out, struct problem *why)
{
    unsigned char bytes[VAULT_KEY_BYTES];
    int result =
        argon2id_hash_raw(file->passes, file->memory_kib, file->lanes, passphrase.data,
                          passphrase.len, file->salt.data, file->salt.len, bytes, sizeof bytes);
    if (result != ARGON2_OK)
        return problem_set(why, ST_UNAVAILABLE, "argon2id: %s", argon2_error_message(result));
    *out = secret_create(bytes, sizeof bytes);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return ST_OK;
}

static enum status write_new(const char *path, struct slice text, struct problem *why)
{
    enum status status = file_create_durably(path, text, 0600, why);
    return status == ST_CONFLICT
               ? problem_set(why, ST_CONFLICT, "a root key file is there already; keep it")
               : status;
}

static void add_sealed(struct buffer *text, const char *name, struct sealed sealed)
{
    buffer_add_text(text, name);
    hex_encode(sealed.bytes, text);
}

static struct slice format_file(const struct root_file *file, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(FILE_BYTES_MAX);
    bool rotated = file->version > 1;
    buffer_add_text(&text, rotated ? "rendez-root-key 2\n" : "rendez-root-key 1\n");
    buffer_add(&text, describe(file, arena));
    buffer_add_text(&text, "\nsalt ");
    hex_encode(file->salt, &text);
    add_sealed(&text, "\nsealed ", file->key);
    if (rotated)
        buffer_add_format(&text, "\nversion %u", (unsigned)file->version);
    if (file->before_version > 0) {
        buffer_add_format(&text, "\nbefore %u ", (unsigned)file->before_version);
        hex_encode(file->before.bytes, &text);
    }
    for (size_t i = 0; root_lasting_purposes[i] != NULL; i++)
        if (file->lasting[i].bytes.len > 0) {
            add_sealed(&text, "\nlasting ", file->lasting[i]);
            buffer_add_format(&text, " %s", root_lasting_purposes[i]);
        }
    buffer_add_char(&text, '\n');
    return arena_copy(arena, buffer_slice(&text));
}

/* The sealed key of a file, under a passphrase and with a new salt. */
static enum status seal_root(const struct secret *root, struct slice passphrase,
                             struct arena *arena, struct root_file *file, struct problem *why)
{
    char *salt = arena_alloc(arena, SALT_BYTES);
    vault_random(salt, SALT_BYTES);
    file->passes = PASSES;
    file->memory_kib = MEMORY_KIB;
    file->lanes = LANES;
    file->salt = (struct slice){salt, SALT_BYTES};
    AUTO_SECRET wrapping = NULL;
    if (passphrase.len == 0)
        return problem_set(why, ST_INVALID, "the passphrase is empty");
    TRY(stretch(file, passphrase, &wrapping, why));
    struct seal_place place = place_of(file, arena);
    return key_wrap(wrapping, &place, root, arena, &file->key, why);
}

enum status root_key_create(const char *path, struct slice passphrase, struct secret **out,
                            struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_SECRET root = secret_random(VAULT_KEY_BYTES);
    struct root_file file = {.version = 1};
    TRY(seal_root(root, passphrase, arena, &file, why));
    TRY(write_new(path, format_file(&file, arena), why));
    *out = root;
    root = NULL;
    return ST_OK;
}

/* In place of the file that is there. */
static enum status write_again(const char *path, const struct root_file *file, struct arena *arena,
                               struct problem *why)
{
    struct stat about;
    if (stat(path, &about) < 0)
        return problem_errno(why, "root key file");
    TRY(file_write_durably(path, format_file(file, arena), 0600, why));
    /* Written by root, it stays the user's that keyd runs as. */
    if (geteuid() == 0 && chown(path, about.st_uid, about.st_gid) < 0)
        return problem_errno(why, "owner of the root key file");
    return ST_OK;
}

static bool take_word(struct slice *line, struct slice *word)
{
    size_t end = slice_find(*line, LIT(" "), 0);
    *word = slice_sub(*line, 0, end);
    *line = slice_sub(*line, end == SIZE_MAX ? line->len : end + 1, SIZE_MAX);
    return word->len > 0;
}

static bool take_u32(struct slice *line, uint64_t max, uint32_t *out)
{
    struct slice word;
    uint64_t value;
    if (!take_word(line, &word) || !slice_to_u64(word, max, &value) || value == 0)
        return false;
    *out = (uint32_t)value;
    return true;
}

static bool take_hex(struct slice *rest, struct slice name, struct arena *arena, struct slice *out)
{
    struct slice line;
    return slice_next_line(rest, &line) && slice_starts(line, name) &&
           hex_decode(slice_sub(line, name.len, SIZE_MAX), arena, out) == ST_OK;
}

/* "before M HEX" */
static bool take_before(struct slice line, struct arena *arena, struct root_file *file)
{
    return file->before_version == 0 && take_u32(&line, UINT32_MAX, &file->before_version) &&
           file->before_version < file->version &&
           hex_decode(line, arena, &file->before.bytes) == ST_OK;
}

/* "lasting HEX PURPOSE" */
static bool take_lasting(struct slice line, struct arena *arena, struct root_file *file)
{
    struct slice word;
    if (!take_word(&line, &word))
        return false;
    for (size_t i = 0; root_lasting_purposes[i] != NULL; i++)
        if (slice_equal(line, slice_from(root_lasting_purposes[i])))
            return file->lasting[i].bytes.len == 0 &&
                   hex_decode(word, arena, &file->lasting[i].bytes) == ST_OK &&
                   file->lasting[i].bytes.len > 0;
    return false; /* of a newer program: it would be lost at the next writing */
}

/* What follows in a file that was rotated. */
static bool take_rotated(struct slice rest, struct arena *arena, struct root_file *file)
{
    struct slice line, word;
    if (!slice_next_line(&rest, &line) || !take_word(&line, &word) ||
        !slice_equal(word, LIT("version")) || !take_u32(&line, UINT32_MAX, &file->version) || line.len > 0)
        return false;
    while (slice_next_line(&rest, &line)) {
        if (!take_word(&line, &word))
            return false;
        bool good = slice_equal(word, LIT("before"))    ? take_before(line, arena, file)
                    : slice_equal(word, LIT("lasting")) ? take_lasting(line, arena, file)
                                                        : false;
        if (!good)
            return false;
    }
    return file->version > 1;
}

enum status root_file_parse(struct slice text, struct arena *arena, struct root_file *out,
                            struct problem *why)
{
    struct slice line, word, rest = text;
    struct root_file file = {.version = 1};
    bool good = slice_next_line(&rest, &line), rotated = slice_equal(line, LIT("rendez-root-key 2"));
    good = good && (rotated || slice_equal(line, LIT("rendez-root-key 1"))) &&
                slice_next_line(&rest, &line) && take_word(&line, &word) &&
                slice_equal(word, LIT("argon2id")) && take_u32(&line, PASSES_MAX, &file.passes) &&
                take_u32(&line, MEMORY_KIB_MAX, &file.memory_kib) &&
                take_u32(&line, LANES_MAX, &file.lanes) && line.len == 0 &&
                take_hex(&rest, LIT("salt "), arena, &file.salt) && file.salt.len == SALT_BYTES &&
                take_hex(&rest, LIT("sealed "), arena, &file.key.bytes) &&
                (rotated ? take_rotated(rest, arena, &file) : rest.len == 0);
    if (!good)
        return problem_set(why, ST_INVALID, "this is no root key file of version 1 or 2");
    *out = file;
    return ST_OK;
}

static enum status read_private(const char *path, struct arena *arena, struct slice *text,
                                struct problem *why)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        return problem_errno(why, "open root key file");
    if ((info.st_mode & 077) != 0)
        return problem_set(why, ST_DENIED, "others can read the root key file: chmod 600 it");
    return fd_read_all(fd, FILE_BYTES_MAX, arena, text, why);
}

static enum status open_file(const char *path, struct slice passphrase, struct arena *arena,
                             struct root_file *file, struct secret **out, struct problem *why)
{
    struct slice text;
    TRY(read_private(path, arena, &text, why));
    TRY(root_file_parse(text, arena, file, why));
    AUTO_SECRET wrapping = NULL;
    TRY(stretch(file, passphrase, &wrapping, why));
    struct seal_place place = place_of(file, arena);
    if (key_unwrap(wrapping, &place, file->key, out, NULL) != ST_OK)
        return problem_set(why, ST_DENIED, "wrong passphrase, or the root key file was changed");
    return ST_OK;
}

enum status root_key_open(const char *path, struct slice passphrase, struct secret **out,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct root_file file;
    return open_file(path, passphrase, arena, &file, out, why);
}

enum status root_key_reseal(const char *path, struct slice passphrase, struct slice next,
                            struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_SECRET root = NULL;
    struct root_file file;
    TRY(open_file(path, passphrase, arena, &file, &root, why));
    TRY(seal_root(root, next, arena, &file, why));
    return write_again(path, &file, arena, why);
}

/* More than one root key */

const char *const root_lasting_purposes[LASTING_KEYS_MAX + 1] = {"rendez lookup", NULL};

void root_keys_destroy(struct root_keys *keys)
{
    for (size_t i = 0; i < ROOT_KEYS_MAX; i++)
        secret_destroy(&keys->items[i].key);
    for (size_t i = 0; i < LASTING_KEYS_MAX; i++)
        secret_destroy(&keys->lasting[i]);
    keys->count = 0;
}

static struct seal_place before_place(const struct root_file *file, struct arena *arena)
{
    return inner_place(LIT("before"), arena_format(arena, "%u", (unsigned)file->before_version));
}

/* What the newest wraps in its file. */
static enum status open_inner(const struct root_file *file, struct arena *arena,
                              struct root_keys *keys, struct problem *why)
{
    const struct secret *root = keys->items[0].key;
    if (file->before_version > 0) {
        struct seal_place place = before_place(file, arena);
        keys->items[1].version = file->before_version;
        TRY(key_unwrap(root, &place, file->before, &keys->items[1].key, why));
        keys->count = 2;
    }
    for (size_t i = 0; root_lasting_purposes[i] != NULL; i++) {
        struct seal_place place = inner_place(LIT("lasting"), slice_from(root_lasting_purposes[i]));
        if (file->lasting[i].bytes.len > 0)
            TRY(key_unwrap(root, &place, file->lasting[i], &keys->lasting[i], why));
    }
    return ST_OK;
}

static enum status open_all(const char *path, struct slice passphrase, struct arena *arena,
                            struct root_file *file, struct root_keys *keys, struct problem *why)
{
    TRY(open_file(path, passphrase, arena, file, &keys->items[0].key, why));
    keys->items[0].version = file->version;
    keys->count = 1;
    return open_inner(file, arena, keys, why);
}

enum status root_keys_open(const char *path, struct slice passphrase, struct root_keys *out,
                           struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_ROOT_KEYS keys = {0};
    struct root_file file;
    TRY(open_all(path, passphrase, arena, &file, &keys, why));
    *out = keys;
    keys = (struct root_keys){0};
    return ST_OK;
}

/* Derived from the oldest there is: before the first rotation that is what it always was. */
struct secret *root_keys_lasting(const struct root_keys *keys, const char *purpose)
{
    for (size_t i = 0; root_lasting_purposes[i] != NULL; i++)
        if (strcmp(root_lasting_purposes[i], purpose) == 0 && keys->lasting[i] != NULL)
            return secret_create(secret_bytes(keys->lasting[i]), secret_len(keys->lasting[i]));
    return secret_derive(keys->items[keys->count - 1].key, purpose, SLICE_NONE);
}

/* The same inside under another root key. */
static enum status hand_on(const struct root_keys *keys, const struct secret *next,
                           struct arena *arena, struct root_file *file, struct problem *why)
{
    for (size_t i = 0; root_lasting_purposes[i] != NULL; i++) {
        AUTO_SECRET lasting = root_keys_lasting(keys, root_lasting_purposes[i]);
        struct seal_place place = inner_place(LIT("lasting"), slice_from(root_lasting_purposes[i]));
        TRY(key_wrap(next, &place, lasting, arena, &file->lasting[i], why));
    }
    file->before_version = keys->items[0].version;
    struct seal_place place = before_place(file, arena);
    return key_wrap(next, &place, keys->items[0].key, arena, &file->before, why);
}

enum status root_keys_rotate(const char *path, struct slice passphrase, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_ROOT_KEYS keys = {0};
    struct root_file file;
    TRY(open_all(path, passphrase, arena, &file, &keys, why));
    if (keys.count > 1)
        return problem_set(why, ST_CONFLICT, "the root key of version %u is still in use",
                           (unsigned)keys.items[1].version);
    if (file.version == UINT32_MAX)
        return problem_set(why, ST_LIMIT, "no further version of the root key");
    AUTO_SECRET next = secret_random(VAULT_KEY_BYTES);
    TRY(hand_on(&keys, next, arena, &file, why));
    file.version++;
    TRY(seal_root(next, passphrase, arena, &file, why));
    return write_again(path, &file, arena, why);
}

enum status root_keys_forget(const char *path, struct slice passphrase, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_SECRET root = NULL;
    struct root_file file;
    TRY(open_file(path, passphrase, arena, &file, &root, why));
    if (file.before_version == 0)
        return ST_OK;
    file.before_version = 0;
    file.before = (struct sealed){SLICE_NONE};
    return write_again(path, &file, arena, why);
}
