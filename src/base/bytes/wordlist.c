#include "base/bytes/wordlist.h"

#include <assert.h>
#include <string.h>

enum {
    LISTS_MAX = 4096, /* power of two, of which three quarters are used */
    WORDS_MAX = 32768,
};
struct word_list {
    const void *key; /* the address of the constant */
    uint64_t bits[4]; /* which hashes there may be */
    uint32_t first, count; /* of list_words */
};
static struct list_word {
    const char *text;
    uint32_t hash, len;
} list_words[WORDS_MAX];
static struct word_list lists[LISTS_MAX];
static size_t list_count;
static uint32_t word_count;

/* The list of the constant; with no key if it is new. */
static struct word_list *list_of(const void *key)
{
    size_t at = ((uintptr_t)key * 0x9E3779B97F4A7C15u) >> 32 & (LISTS_MAX - 1);
    while (lists[at].key != NULL && lists[at].key != key)
        at = (at + 1) & (LISTS_MAX - 1);
    return &lists[at];
}

static void begin(struct word_list *list, const void *key)
{
    assert(list_count < LISTS_MAX / 4 * 3);
    list_count++;
    list->key = key;
    list->first = word_count;
}

static void add(struct word_list *list, const char *text, size_t len)
{
    uint32_t hash = word_hash(text, len);
    assert(word_count < WORDS_MAX);
    list_words[word_count++] = (struct list_word){text, hash, (uint32_t)len};
    list->bits[hash >> 24 & 3] |= UINT64_C(1) << (hash >> 26);
    list->count++;
}

static uint32_t place_in(const struct word_list *list, struct slice word, uint32_t hash)
{
    if (!(list->bits[hash >> 24 & 3] >> (hash >> 26) & 1))
        return 0;
    const struct list_word *words = &list_words[list->first];
    for (uint32_t i = 0; i < list->count; i++)
        if (words[i].hash == hash && words[i].len == word.len &&
            memcmp(words[i].text, word.data, word.len) == 0)
            return i + 1;
    return 0;
}

uint32_t wordlist_place(const char *list, struct slice word, uint32_t hash)
{
    struct word_list *known = list_of(list);
    if (known->key == NULL) {
        begin(known, list);
        for (const char *p = list; *p != '\0'; p += strspn(p, " ")) {
            size_t len = strcspn(p, " ");
            add(known, p, len);
            p += len;
        }
    }
    return place_in(known, word, hash);
}

uint32_t wordlist_place_of(const char *const *words, size_t count, struct slice word,
                           uint32_t hash)
{
    struct word_list *known = list_of(words);
    if (known->key == NULL) {
        begin(known, words);
        for (size_t i = 0; i < count; i++)
            add(known, words[i], strlen(words[i]));
    }
    return place_in(known, word, hash);
}
