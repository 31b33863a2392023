#ifndef RENDEZ_DOMAIN_INTENT_FOLD_H
#define RENDEZ_DOMAIN_INTENT_FOLD_H

#include "base/bytes/bytes.h"

/* Plain words that count wherever they stand (stop.c, person_wish.c): the first 4,000 bytes in small letters
 * without accents, one space between words, a full stop for what ends a clause; a space at both ends. */
struct slice fold_words(struct slice text, struct arena *arena);

#endif
