#ifndef RENDEZ_DOMAIN_CASEFILE_DISGUISE_H
#define RENDEZ_DOMAIN_CASEFILE_DISGUISE_H

#include "domain/casefile/mask.h"

/* A message as a lesson: everything personal replaced by made-up names, addresses and numbers of the same shape, so that it
 * reads as it did. Pure and bounded, as mask.h. */

/* The words that both languages' lexicons know: they name nobody. Sorted by `folded`. */
struct known_word {
    struct slice folded;
    bool begins; /* every word that begins so */
};
struct vocabulary {
    struct known_word *items;
    size_t count, capacity;
};
void vocabulary_make(struct arena *arena, struct vocabulary *out);
bool vocabulary_has(const struct vocabulary *vocabulary, struct slice folded);

/* What mask_text finds, and further each word with a capital that no lexicon knows, wherever else it stands, those that are
 * written small where a person stands (strangers.h), and figures in a row of five or more. What else no lexicon knows stays: it
 * is what a lesson is for, and somebody looks at it (vocabulary_strange). `people` are those of the mask. */
struct slice disguise_text(const struct mask *mask, const struct case_person_list *people,
                           const struct vocabulary *vocabulary, struct slice text, struct arena *arena);

/* The same words of a text that was disguised already, wherever they stand, each as one made-up name. */
struct slice disguise_words(struct slice text, const struct slice_list *words, struct arena *arena);

/* The made-up name of one of them (from 0), "Clara Vidal", and its address. */
struct slice disguise_name(size_t person, struct arena *arena);
struct slice disguise_address(size_t person, struct arena *arena);

/* Whether a word, folded, is of the made-up names. */
bool disguise_has(struct slice folded);

/* Where words of vocabulary_lacks stand, in order. */
struct strange_word {
    size_t at, len; /* in bytes */
    struct slice folded;
};
struct strange_word_list {
    struct strange_word *items;
    size_t count, capacity;
};
void vocabulary_strange(const struct vocabulary *vocabulary, struct slice text, struct arena *arena, struct strange_word_list *out);

/* Words of a text that no lexicon knows, folded, each once, without those that begin with a capital, have figures, or are made up. */
void vocabulary_lacks(const struct vocabulary *vocabulary, struct slice text, struct arena *arena, struct slice_list *out);

#endif
