#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/ledger/ledger.h"

enum { SEED_BYTES = 32, FILE_BYTES_MAX = 4 * SEED_BYTES, NAME_BYTES_MAX = 256 };

static enum status make_seed(const char *path, struct secret **seed, struct problem *why)
{
    AUTO_BUFFER hex = buffer_create(FILE_BYTES_MAX);
    struct secret *made = secret_random(SEED_BYTES);
    hex_encode((struct slice){(const char *)secret_bytes(made), SEED_BYTES}, &hex);
    enum status status = file_write_durably(path, buffer_slice(&hex), 0600, why);
    buffer_wipe(&hex);
    if (status == ST_OK)
        *seed = made;
    else
        secret_destroy(&made);
    return status;
}

enum status ledger_open_seed(const char *path, struct secret **seed, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(1 << 14);
    struct slice text, bytes;
    struct stat about;
    if (stat(path, &about) < 0)
        return errno == ENOENT ? make_seed(path, seed, why) : problem_errno(why, "the key");
    if ((about.st_mode & 0077) != 0)
        return problem_set(why, ST_DENIED, "others can read the key: chmod 600 it");
    TRY(file_read(path, FILE_BYTES_MAX, arena, &text, why));
    if (hex_decode(slice_trim(text), arena, &bytes) != ST_OK || bytes.len != SEED_BYTES)
        return problem_set(why, ST_INVALID, "the key is none");
    *seed = secret_create((const unsigned char *)bytes.data, bytes.len);
    return ST_OK;
}

static enum status check_name(struct slice name, const char *what, struct problem *why)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.data[i] <= ' ' || name.data[i] == '+' || (unsigned char)name.data[i] >= 0x7f)
            return problem_set(why, ST_INVALID, "a %s's name has no spaces and no +", what);
    return name.len > 0 && name.len < NAME_BYTES_MAX
               ? ST_OK
               : problem_set(why, ST_INVALID, "a %s's name is like %s.acme.example", what, what);
}

enum status ledger_signer_name(const char *given, const char *what, char **out, struct problem *why)
{
    char host[NAME_BYTES_MAX] = "localhost";
    AUTO_ARENA arena = arena_create(4 * NAME_BYTES_MAX);
    if (given == NULL && gethostname(host, sizeof host - 1) != 0)
        strcpy(host, "localhost");
    struct slice name = given != NULL ? slice_from(given) : arena_format(arena, "%s/%s", host, what);
    TRY(check_name(name, what, why));
    *out = must_calloc(1, name.len + 1);
    memcpy(*out, name.data, name.len);
    return ST_OK;
}
