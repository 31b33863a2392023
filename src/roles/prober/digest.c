#include "roles/prober/digest.h"

#include <openssl/evp.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024 };

static void end_digest(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

enum status file_digest(int fd, struct arena *arena, struct slice *out, struct problem *why)
{
    __attribute__((cleanup(end_digest))) EVP_MD_CTX *context = EVP_MD_CTX_new();
    AUTO_ARENA scratch = arena_create(2 * CHUNK);
    AUTO_BUFFER hex = buffer_create(2 * DIGEST_CHARS);
    char *chunk = arena_alloc(scratch, CHUNK);
    unsigned char digest[DIGEST_CHARS / 2];
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    ssize_t got = 0;
    while (good && (got = read(fd, chunk, CHUNK)) > 0)
        good = EVP_DigestUpdate(context, chunk, (size_t)got) == 1;
    if (got < 0)
        return problem_errno(why, "read a program");
    if (!good || EVP_DigestFinal_ex(context, digest, NULL) != 1)
        return problem_set(why, ST_UNAVAILABLE, "OpenSSL");
    hex_encode((struct slice){(char *)digest, sizeof digest}, &hex);
    *out = arena_copy(arena, buffer_slice(&hex));
    return ST_OK;
}
