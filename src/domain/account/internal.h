#ifndef RENDEZ_DOMAIN_ACCOUNT_INTERNAL_H
#define RENDEZ_DOMAIN_ACCOUNT_INTERNAL_H

#include "domain/account/password.h"

/* Written by words.py when the program is built. An entry holds the upper bits of the FNV-1a hash
 * of a folded word and, in the lower 6, how many bits a guesser needs for it. Ascending. */
enum { WORD_COST_MASK = 63, WORD_BYTES_MIN = 3, WORD_BYTES_MAX = 24 };
extern const uint64_t password_words[];
extern const size_t password_word_count;
/* Eighths of a bit for a letter after two others: [before last][last][letter], 0 of the first two
 * being the beginning. */
extern const uint8_t password_letters[27 * 27 * 26];

/* Costs of guessing are in eighths of a bit. */
enum { BIT = 8, COST_NONE = 1 << 20 };

/* Without marks and capitals: NFKD, marks off, lower case. UTF-8 in, UTF-8 out. */
struct slice password_fold(struct slice text, struct arena *arena);
/* Bits of a word of the table, times BIT; COST_NONE if it is none. */
unsigned password_word_cost(struct slice folded);
/* What it costs to guess letters (a-z) and digits: the cheapest way to put them together from
 * words, keys beside each other, repetitions, and letters that follow as they do in words. What costs
 * `limit` or more is not told exactly. */
unsigned password_core_cost(struct slice core, unsigned limit, struct arena *arena);
/* The whole: a core and what people put around it. `folded` is `text` after password_fold. */
bool password_is_easy(struct slice text, struct slice folded);
/* Holds a word of the context. */
bool password_is_personal(struct slice folded, const struct slice *context, size_t context_count,
                          struct arena *arena);
/* Digits and signs that stand for letters, put back; how many in *changed. The only one that may be
 * two letters is "1": `one`. */
struct slice password_unleet(struct slice folded, char one, struct arena *arena, unsigned *changed);

#endif
