/* Random bytes: the kernel's, or for a replay AES-256-CTR from a seed. */
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "platform/vault/internal.h"

enum source { SOURCE_UNUSED, SOURCE_KERNEL, SOURCE_SEEDED };
static enum source source;
static bool dry; /* vault_seals_without_random */
static EVP_CIPHER_CTX *stream;

static void die(const char *what)
{
    fprintf(stderr, "random: %s\n", what);
    abort();
}

static bool fill_from_kernel(unsigned char *out, size_t len)
{
    source = SOURCE_KERNEL;
    while (len > 0) {
        ssize_t got = dry ? 0 : getrandom(out, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        out += got;
        len -= (size_t)got;
    }
    return true;
}

static void fill_from_seed(unsigned char *out, size_t len)
{
    static const unsigned char zeros[256];
    while (len > 0) {
        int written, part = len < sizeof zeros ? (int)len : (int)sizeof zeros;
        if (EVP_EncryptUpdate(stream, out, &written, zeros, part) != 1)
            die("the seeded stream failed");
        out += written;
        len -= (size_t)written;
    }
}

bool random_fill(void *out, size_t len)
{
    if (source != SOURCE_SEEDED)
        return fill_from_kernel(out, len);
    fill_from_seed(out, len);
    return true;
}

void random_set_dry(bool is)
{
    dry = is;
}

void vault_random(void *out, size_t len)
{
    if (!random_fill(out, len))
        die("the kernel gives no random bytes");
}

void vault_random_seed(uint64_t seed)
{
    if (source == SOURCE_KERNEL)
        die("seeded after true random bytes were given out");
    unsigned char text[24] = "rendez replay   ", key[SHA256_DIGEST_LENGTH];
    static const unsigned char counter[AES_BLOCK_BYTES];
    for (int i = 0; i < 8; i++)
        text[16 + i] = (unsigned char)(seed >> (8 * i));
    SHA256(text, sizeof text, key);
    if (stream == NULL)
        stream = EVP_CIPHER_CTX_new();
    if (stream == NULL || EVP_EncryptInit_ex(stream, EVP_aes_256_ctr(), NULL, key, counter) != 1)
        die("the seeded stream failed");
    source = SOURCE_SEEDED;
}
