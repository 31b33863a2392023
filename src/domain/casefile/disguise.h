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

/* What mask_text finds, and further each word with a capital that no lexicon knows, wherever else it stands, and figures
 * in a row of five or more. What is written small and no lexicon knows stays: it is what a lesson is for. `people` are those
 * of the mask. */
struct slice disguise_text(const struct mask *mask, const struct case_person_list *people,
                           const struct vocabulary *vocabulary, struct slice text, struct arena *arena);

/* The made-up name of one of them (from 0), "Clara Vidal", and its address. */
struct slice disguise_name(size_t person, struct arena *arena);
struct slice disguise_address(size_t person, struct arena *arena);

/* Whether a word, folded, is of the made-up names. */
bool disguise_has(struct slice folded);

/* Words of a text that no lexicon knows, folded, each once, without those that begin with a capital, have figures, or are made up. */
void vocabulary_lacks(const struct vocabulary *vocabulary, struct slice text, struct arena *arena, struct slice_list *out);

#endif
