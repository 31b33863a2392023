#ifndef RENDEZ_DOMAIN_CASEFILE_STRANGERS_H
#define RENDEZ_DOMAIN_CASEFILE_STRANGERS_H

#include "domain/casefile/disguise.h"
#include "domain/casefile/internal.h"

/* Adds the words, folded, that are written small, that no lexicon knows, and that stand where a person does: before what one does
 * ("dupont est d'accord"), behind "avec", beside somebody known ("Julie et dupont"), in a greeting, behind a closing, alone in one of the last
 * lines. What is like a day ("mercredredi") is none. `words` are those of the text, `pieces` what a mask takes out of it. */
void strangers_find(struct slice text, const struct text_word_list *words, const struct mask_piece_list *pieces,
                    const struct vocabulary *vocabulary, struct arena *arena, struct slice_list *out);

#endif
