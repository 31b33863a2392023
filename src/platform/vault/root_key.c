/* The root key file, four lines:
 *   rendez-root-key 1
 *   argon2id PASSES MEMORY_KIB LANES
 *   salt HEX (16 bytes)
 *   sealed HEX (a sealed entry of 32 bytes under the passphrase's key)
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

static struct slice format_file(const struct root_file *file, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(FILE_BYTES_MAX);
    buffer_add_text(&text, "rendez-root-key 1\n");
    buffer_add(&text, describe(file, arena));
    buffer_add_text(&text, "\nsalt ");
    hex_encode(file->salt, &text);
    buffer_add_text(&text, "\nsealed ");
    hex_encode(file->key.bytes, &text);
    buffer_add_char(&text, '\n');
    return arena_copy(arena, buffer_slice(&text));
}

/* The text of a file that holds the root key under a passphrase, with a new salt. */
static enum status seal_file(const struct secret *root, struct slice passphrase,
                             struct arena *arena, struct slice *text, struct problem *why)
{
    char salt[SALT_BYTES];
    vault_random(salt, sizeof salt);
    struct root_file file = {PASSES, MEMORY_KIB, LANES, {salt, sizeof salt}, {SLICE_NONE}};
    AUTO_SECRET wrapping = NULL;
    if (passphrase.len == 0)
        return problem_set(why, ST_INVALID, "the passphrase is empty");
    TRY(stretch(&file, passphrase, &wrapping, why));
    struct seal_place place = place_of(&file, arena);
    TRY(key_wrap(wrapping, &place, root, arena, &file.key, why));
    *text = format_file(&file, arena);
    return ST_OK;
}

enum status root_key_create(const char *path, struct slice passphrase, struct secret **out,
                            struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_SECRET root = secret_random(VAULT_KEY_BYTES);
    struct slice text;
    TRY(seal_file(root, passphrase, arena, &text, why));
    TRY(write_new(path, text, why));
    *out = root;
    root = NULL;
    return ST_OK;
}

enum status root_key_reseal(const char *path, struct slice passphrase, struct slice next,
                            struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_SECRET root = NULL;
    struct slice text;
    struct stat about;
    TRY(root_key_open(path, passphrase, &root, why));
    TRY(seal_file(root, next, arena, &text, why));
    if (stat(path, &about) < 0)
        return problem_errno(why, "root key file");
    TRY(file_write_durably(path, text, 0600, why));
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

enum status root_file_parse(struct slice text, struct arena *arena, struct root_file *out,
                            struct problem *why)
{
    struct slice line, word, rest = text;
    struct root_file file = {0};
    bool good = slice_next_line(&rest, &line) && slice_equal(line, LIT("rendez-root-key 1")) &&
                slice_next_line(&rest, &line) && take_word(&line, &word) &&
                slice_equal(word, LIT("argon2id")) && take_u32(&line, PASSES_MAX, &file.passes) &&
                take_u32(&line, MEMORY_KIB_MAX, &file.memory_kib) &&
                take_u32(&line, LANES_MAX, &file.lanes) && line.len == 0 &&
                take_hex(&rest, LIT("salt "), arena, &file.salt) && file.salt.len == SALT_BYTES &&
                take_hex(&rest, LIT("sealed "), arena, &file.key.bytes) && rest.len == 0;
    if (!good)
        return problem_set(why, ST_INVALID, "this is no root key file of version 1");
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

enum status root_key_open(const char *path, struct slice passphrase, struct secret **out,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct slice text;
    struct root_file file;
    TRY(read_private(path, arena, &text, why));
    TRY(root_file_parse(text, arena, &file, why));
    AUTO_SECRET wrapping = NULL;
    TRY(stretch(&file, passphrase, &wrapping, why));
    struct seal_place place = place_of(&file, arena);
    if (key_unwrap(wrapping, &place, file.key, out, NULL) != ST_OK)
        return problem_set(why, ST_DENIED, "wrong passphrase, or the root key file was changed");
    return ST_OK;
}
