#include "domain/intent/internal.h"

/* What French writers say. Words are folded: no accents, apostrophes and hyphens are
 * spaces. The form of a pattern is told in internal.h. */

static const struct phrase phrases[] = {
#include "domain/intent/fr/idle.def"
#include "domain/intent/fr/suits.def"
#include "domain/intent/fr/suits_not.def"
#include "domain/intent/fr/asks.def"
#include "domain/intent/fr/doubt.def"
#include "domain/intent/fr/tone.def"
#include "domain/intent/fr/kinds.def"
#include "domain/intent/fr/places.def"
#include "domain/intent/fr/times.def"
};

static const struct phrase_table table = {phrases, sizeof phrases / sizeof *phrases};

#define CLASS(name, words) {CLASS_##name, words},
static const struct word_class classes[] = {
#include "domain/intent/fr/classes.def"
};

const struct intent_language intent_fr = {&table, classes, sizeof classes / sizeof *classes};
