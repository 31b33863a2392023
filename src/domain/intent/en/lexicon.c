#include "domain/intent/internal.h"

/* What English writers say. Words are folded: apostrophes and hyphens are spaces
 * ("don't" is "don t"). The form of a pattern is told in internal.h. */

static const struct phrase phrases[] = {
#include "domain/intent/en/idle.def"
#include "domain/intent/en/suits.def"
#include "domain/intent/en/suits_not.def"
#include "domain/intent/en/asks.def"
#include "domain/intent/en/doubt.def"
#include "domain/intent/en/tone.def"
#include "domain/intent/en/kinds.def"
#include "domain/intent/en/places.def"
#include "domain/intent/en/times.def"
};

static const struct phrase_table table = {phrases, sizeof phrases / sizeof *phrases};

#define CLASS(name, words) {CLASS_##name, words},
static const struct word_class classes[] = {
#include "domain/intent/en/classes.def"
};

const struct intent_language intent_en = {&table, classes, sizeof classes / sizeof *classes};
