#ifndef RENDEZ_BASE_WORDCLASS_H
#define RENDEZ_BASE_WORDCLASS_H

#include "base/bytes/wordlist.h"

/* Classes of words. Each language gives the words of each class as data; a module puts them into
 * one table when it first reads, and asks once for every word of a text: its row, a set of bits
 * with one for each class. What follows costs a load and a shift, however many classes there are
 * and however long they are. */

enum {
    WORD_CLASSES_MAX = 512,  /* classes of a module */
    CLASSED_WORDS_MAX = 8192, /* different words of them */
    CLASSED_SLOTS = 16384,    /* power of two */
};
/* What a language says of one class: words, folded, joined by one space; "" if it has none. */
struct word_class {
    uint16_t class;
    const char *words;
};
struct word_classes {
    size_t limbs; /* of 64 classes, in a row */
    uint64_t *bits; /* of CLASSED_WORDS_MAX rows; row 0: a word of no class */
    size_t rows;    /* with row 0; 0 before the first word */
    uint16_t slots[CLASSED_SLOTS]; /* rows by hash */
    struct classed_word {
        const char *text;
        uint32_t hash, len;
    } words[CLASSED_WORDS_MAX];
};
/* A table of the program: classes from 0 to count - 1. */
#define WORD_CLASSES(name, count)                                                       \
    enum { name##_limbs = ((count) + 63) / 64 };                                        \
    static uint64_t name##_bits[CLASSED_WORDS_MAX * name##_limbs];                      \
    struct word_classes name = {.limbs = name##_limbs, .bits = name##_bits}

void word_classes_add(struct word_classes *classes, const struct word_class *lists, size_t count);
/* `hash` is the word_hash of the word. */
uint16_t word_classes_row(const struct word_classes *classes, struct slice word, uint32_t hash);

static inline bool word_classes_has(const struct word_classes *classes, uint16_t row, unsigned class)
{
    return row != 0 && classes->bits[row * classes->limbs + class / 64] >> class % 64 & 1;
}

#endif
