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

const struct phrase_table intent_phrases_en = {phrases, sizeof phrases / sizeof *phrases};
