#include "base/bytes/wordlist.h"

#include <assert.h>
#include <string.h>

enum {
    WORDS_MAX = 32768,
    SLOTS = 2 * WORDS_MAX, /* power of two */
};

struct wordlist wordlists[WORDLISTS_MAX];
static struct list_word {
    const char *text;
    uint32_t hash, len;
} list_words[WORDS_MAX];
static uint16_t slots[SLOTS]; /* the words of all lists, + 1, by list and hash */
static size_t list_count;
static uint32_t word_count;

/* The list of the constant; with no key if it is new. */
static struct wordlist *list_of(const void *key)
{
    size_t at = wordlist_slot(key);
    while (wordlists[at].key != NULL && wordlists[at].key != key)
        at = (at + 1) & (WORDLISTS_MAX - 1);
    return &wordlists[at];
}

/* Where the search for a word of the list begins; it goes on in the slots behind. */
static size_t slot_of(const struct wordlist *list, uint32_t hash)
{
    return (hash ^ hash >> 15 ^ list->first * UINT32_C(0x9E3779B1)) & (SLOTS - 1);
}

static void begin(struct wordlist *list, const void *key)
{
    assert(list_count < WORDLISTS_MAX / 4 * 3);
    list_count++;
    list->key = key;
    list->first = word_count;
}

static void add(struct wordlist *list, const char *text, size_t len)
{
    uint32_t hash = word_hash(text, len);
    assert(word_count < WORDS_MAX);
    list_words[word_count++] = (struct list_word){text, hash, (uint32_t)len};
    size_t at = slot_of(list, hash);
    while (slots[at] != 0)
        at = (at + 1) & (SLOTS - 1);
    slots[at] = (uint16_t)word_count;
    list->bits[hash >> 23 & 7] |= UINT64_C(1) << (hash >> 26);
    list->count++;
}

static uint32_t place_in(const struct wordlist *list, struct slice word, uint32_t hash)
{
    if (!wordlist_maybe(list, hash))
        return 0;
    for (size_t at = slot_of(list, hash); slots[at] != 0; at = (at + 1) & (SLOTS - 1)) {
        const uint32_t place = slots[at] - list->first; /* of another list: out of range */
        const struct list_word *listed = &list_words[slots[at] - 1];
        if (place - 1 < list->count && listed->hash == hash && listed->len == word.len &&
            memcmp(listed->text, word.data, word.len) == 0)
            return place;
    }
    return 0;
}

uint32_t wordlist_look_up(const char *list, struct slice word, uint32_t hash)
{
    struct wordlist *known = list_of(list);
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
    struct wordlist *known = list_of(words);
    if (known->key == NULL) {
        begin(known, words);
        for (size_t i = 0; i < count; i++)
            add(known, words[i], strlen(words[i]));
    }
    return place_in(known, word, hash);
}
