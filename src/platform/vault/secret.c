/* Secrets live in pages of their own: anonymous, locked, out of core dumps, zero after a
 * fork. A page holds many, since each lock and advice is a system call. */
#include <assert.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "platform/vault/vault.h"

enum { PAGE_BYTES = 4096 };

struct secret {
    uint32_t len; /* 0: the place is free */
    uint32_t version;
    unsigned char bytes[SECRET_BYTES_MAX];
};
enum { SECRETS_PER_PAGE = PAGE_BYTES / sizeof(struct secret) };

struct page {
    struct page *next;
    struct secret *secrets; /* SECRETS_PER_PAGE of them */
};
static struct page *pages;

static void die(const char *what)
{
    perror(what);
    abort();
}

static struct page *add_page(void)
{
    struct page *page = malloc(sizeof *page);
    if (page == NULL)
        die("secret: memory");
    void *memory =
        mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        die("secret: memory");
    if (mlock(memory, PAGE_BYTES) != 0)
        die("secret: cannot lock memory for keys; raise RLIMIT_MEMLOCK");
    if (madvise(memory, PAGE_BYTES, MADV_DONTDUMP) != 0 ||
        madvise(memory, PAGE_BYTES, MADV_WIPEONFORK) != 0)
        die("secret: cannot keep keys out of dumps and forks");
    page->secrets = memory;
    page->next = pages;
    return pages = page;
}

static struct secret *find_free(struct page *page)
{
    for (size_t i = 0; i < SECRETS_PER_PAGE; i++)
        if (page->secrets[i].len == 0)
            return &page->secrets[i];
    return NULL;
}

static struct secret *take(size_t len)
{
    assert(len > 0 && len <= SECRET_BYTES_MAX);
    struct secret *secret = NULL;
    for (struct page *page = pages; page != NULL && secret == NULL; page = page->next)
        secret = find_free(page);
    if (secret == NULL)
        secret = find_free(add_page());
    secret->len = (uint32_t)len;
    secret->version = 1;
    return secret;
}

struct secret *secret_create(const unsigned char *bytes, size_t len)
{
    struct secret *secret = take(len);
    memcpy(secret->bytes, bytes, len);
    return secret;
}

struct secret *secret_random(size_t len)
{
    struct secret *secret = take(len);
    vault_random(secret->bytes, len);
    return secret;
}

void secret_destroy(struct secret **secret)
{
    if (*secret == NULL)
        return;
    OPENSSL_cleanse(*secret, sizeof **secret);
    *secret = NULL;
}

const unsigned char *secret_bytes(const struct secret *secret)
{
    return secret->bytes;
}

size_t secret_len(const struct secret *secret)
{
    return secret->len;
}

void secret_set_version(struct secret *secret, uint32_t version)
{
    assert(version > 0);
    secret->version = version;
}

uint32_t secret_version(const struct secret *secret)
{
    return secret->version;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    return a->len == b->len && CRYPTO_memcmp(a->bytes, b->bytes, a->len) == 0;
}

size_t secret_count(void)
{
    size_t count = 0;
    for (const struct page *page = pages; page != NULL; page = page->next)
        for (size_t i = 0; i < SECRETS_PER_PAGE; i++)
            count += page->secrets[i].len != 0;
    return count;
}
