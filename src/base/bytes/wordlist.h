#ifndef RENDEZ_BASE_WORDLIST_H
#define RENDEZ_BASE_WORDLIST_H

#include "base/bytes/bytes.h"

/* Which of a list of words a word is. The lists are constants of the program: what is found out
 * of one is kept, by its address, as long as the process lives. Nearly every answer is no, and
 * comes from a few bits. */

/* FNV-1a, in parts if need be. */
#define WORD_HASH_START UINT32_C(2166136261)
static inline uint32_t word_hash_add(uint32_t hash, char c)
{
    return (hash ^ (unsigned char)c) * 16777619u;
}
static inline uint32_t word_hash(const char *text, size_t length)
{
    uint32_t hash = WORD_HASH_START;
    for (size_t i = 0; i < length; i++)
        hash = word_hash_add(hash, text[i]);
    return hash;
}

/* What is kept of a list; for the functions below. */
enum { WORDLISTS_MAX = 4096 }; /* power of two, of which three quarters are used */
struct wordlist {
    const void *key;       /* the address of the constant; NULL: free */
    uint64_t bits[8];      /* which hashes there may be */
    uint32_t first, count; /* words */
};
extern struct wordlist wordlists[WORDLISTS_MAX];

static inline size_t wordlist_slot(const void *key)
{
    return ((uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15)) >> 32 & (WORDLISTS_MAX - 1);
}
/* The list may hold the hash. */
static inline bool wordlist_maybe(const struct wordlist *list, uint32_t hash)
{
    return list->bits[hash >> 23 & 7] >> (hash >> 26) & 1;
}

/* From 1 on; 0 if it is none of them. `hash` is the word_hash of the word.
 *   list   "a b c"
 *   words  an array that is static and constant */
uint32_t wordlist_look_up(const char *list, struct slice word, uint32_t hash);
static inline uint32_t wordlist_place(const char *list, struct slice word, uint32_t hash)
{
    const struct wordlist *known = &wordlists[wordlist_slot(list)];
    if (known->key == list && !wordlist_maybe(known, hash))
        return 0;
    return wordlist_look_up(list, word, hash);
}
uint32_t wordlist_place_of(const char *const *words, size_t count, struct slice word,
                           uint32_t hash);

#endif
