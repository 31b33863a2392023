/* Seals and opens values of the given sizes for a second each, with a meeting's key that keyd has handed
 * out, and encrypts as many bytes with OpenSSL's AES-256-GCM alone: one key, one context, no associated
 * data. Prints "size sealed opened raw", all in bytes a second of one core. usage: seal SIZE… */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "roles/keyd/keyd.h"

enum { SIZE_MAX_BYTES = 1 << 20, ROUND = 8 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void give_up(const struct problem *why)
{
    fprintf(stderr, "seal: %s\n", why->detail);
    exit(1);
}

/* One arena a round: a transaction seals about as many values. */
static void run_round(const struct secret *key, struct slice plain, const struct sealed *opened)
{
    struct seal_place place = {LIT("org_bench"), LIT("meeting"), LIT("record"), LIT("m_bench"), 1};
    struct problem why;
    AUTO_ARENA arena = arena_create_wiped((size_t)ROUND * (SIZE_MAX_BYTES + 4096));
    for (int i = 0; i < ROUND; i++) {
        struct sealed sealed;
        struct slice out;
        enum status status = opened == NULL ? vault_seal(key, &place, plain, arena, &sealed, &why)
                                            : vault_open(key, &place, *opened, arena, &out, &why);
        if (status != ST_OK)
            give_up(&why);
    }
}

static double bytes_per_s(const struct secret *key, struct slice plain, const struct sealed *opened)
{
    double start = now_s(), end = start;
    size_t rounds = 0;
    for (; end - start < 1; end = now_s(), rounds++)
        run_round(key, plain, opened);
    return (double)(rounds * ROUND) * (double)plain.len / (end - start);
}

/* As a role gets it: wrapped in the store, opened by keyd. */
static struct secret *meeting_key(void)
{
    struct problem why;
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    AUTO_SECRET made = NULL;
    struct secret *key = NULL;
    struct wrapped_key organisation, meeting;
    struct slice o = LIT("org_bench"), m = LIT("m_bench");
    if (keyd_create_for_replay(&keyd, &why) != ST_OK ||
        keyd_new_organisation_key(keyd, o, 1, arena, &organisation, &why) != ST_OK ||
        keyd_new_meeting_key(keyd, o, organisation, m, 1, arena, &meeting, &made, &why) != ST_OK ||
        keyd_open_meeting_key(keyd, o, organisation, m, meeting, &key, &why) != ST_OK)
        give_up(&why);
    return key;
}

static double raw_bytes_per_s(struct slice plain)
{
    static unsigned char out[SIZE_MAX_BYTES], tag[16];
    const unsigned char key[VAULT_KEY_BYTES] = {1}, iv[12] = {1};
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written;
    bool good = EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, iv);
    double start = now_s(), end = start;
    size_t rounds = 0;
    for (; good && end - start < 1; end = now_s(), rounds++)
        for (int i = 0; i < ROUND; i++)
            good = good && EVP_EncryptInit_ex(context, NULL, NULL, NULL, iv) &&
                   EVP_EncryptUpdate(context, out, &written, (const unsigned char *)plain.data, (int)plain.len) &&
                   EVP_EncryptFinal_ex(context, out, &written) &&
                   EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, sizeof tag, tag);
    EVP_CIPHER_CTX_free(context);
    return good ? (double)(rounds * ROUND) * (double)plain.len / (end - start) : 0;
}

static void measure(size_t size)
{
    struct seal_place place = {LIT("org_bench"), LIT("meeting"), LIT("record"), LIT("m_bench"), 1};
    struct problem why;
    struct sealed sealed;
    AUTO_ARENA arena = arena_create(4 * SIZE_MAX_BYTES);
    AUTO_SECRET key = meeting_key();
    char *bytes = arena_alloc(arena, size);
    vault_random(bytes, size);
    struct slice plain = {bytes, size};
    if (vault_seal(key, &place, plain, arena, &sealed, &why) != ST_OK)
        give_up(&why);
    double sealing = bytes_per_s(key, plain, NULL);
    double opening = bytes_per_s(key, plain, &sealed);
    printf("%zu %.0f %.0f %.0f\n", size, sealing, opening, raw_bytes_per_s(plain));
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size = strtoul(argv[i], NULL, 10);
        if (size == 0 || size > SIZE_MAX_BYTES) {
            fprintf(stderr, "seal: a size is 1 to %d bytes\n", SIZE_MAX_BYTES);
            return 2;
        }
        measure(size);
    }
    return 0;
}
