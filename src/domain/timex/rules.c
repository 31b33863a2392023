#include "domain/timex/actions.h"
#include "domain/timex/names.h"

/* Rules that both languages share, for they are written over categories, and the signs that
 * are words everywhere. What is a habit of one language stands in its folder. */

#define RULE(name, pattern, action, argument, score) {name, pattern, act_##action, argument, score},

static const struct rule rules[] = {
#include "domain/timex/rules.def"
};

#define W(text, cat, value)                 {text, CAT_##cat, value, 0, 0},
#define WF(text, cat, value, value2, flags) {text, CAT_##cat, value, value2, flags},
static const struct word words[] = {
#include "domain/timex/words.def"
};
static const struct word words_fr[] = {
#include "domain/timex/fr/words.def"
};
static const struct word words_en[] = {
#include "domain/timex/en/words.def"
#include "domain/timex/en/holidays.def"
};
static const struct rule rules_fr[] = {
#include "domain/timex/fr/rules.def"
};
static const struct rule rules_en[] = {
#include "domain/timex/en/rules.def"
};

#define COUNT(table) (sizeof(table) / sizeof *(table))
const struct language_data language_all = {
    LANGUAGE_UNKNOWN, {words, COUNT(words)}, {rules, COUNT(rules)}};
const struct language_data language_fr = {
    LANGUAGE_FR, {words_fr, COUNT(words_fr)}, {rules_fr, COUNT(rules_fr)}};
const struct language_data language_en = {
    LANGUAGE_EN, {words_en, COUNT(words_en)}, {rules_en, COUNT(rules_en)}};
