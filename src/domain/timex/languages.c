#include "domain/timex/actions.h"
#include "domain/timex/cues.h"
#include "domain/timex/names.h"

/* What all languages share — rules over categories, signs that are words everywhere — and a
 * block for each language, whose content is its folder. A further language is a folder like
 * these, a block like theirs, its lines in timex_languages and language.c, its name in enum
 * language. */

#define RULE(name, pattern, action, argument, score) {name, pattern, act_##action, argument, score},
#define W(text, cat, value)                 {text, CAT_##cat, value, 0, 0},
#define WF(text, cat, value, value2, flags) {text, CAT_##cat, value, value2, flags},
#define CUE(cue, text)                      {text, CUE_##cue},
#define CLASS(class, words)                 {CLASS_##class, words},
#define PART(part, column, from, to)        {PART_##part, column, from, to},
#define HABIT(name)                         | 1u << HABIT_##name
#define COUNT(table)                        (sizeof(table) / sizeof *(table))

static const struct rule rules[] = {
#include "domain/timex/rules.def"
};
static const struct word words[] = {
#include "domain/timex/words.def"
};
const struct language_data language_all = {
    .lexicon = {words, COUNT(words)},
    .rules = {rules, COUNT(rules)},
};

static const struct word words_fr[] = {
#include "domain/timex/fr/words.def"
};
static const struct rule rules_fr[] = {
#include "domain/timex/fr/rules.def"
};
static const struct cue_word cues_fr[] = {
#include "domain/timex/fr/cues.def"
};
static const struct word_class classes_fr[] = {
#include "domain/timex/fr/classes.def"
};
static const struct part_hours parts_fr[] = {
#include "domain/timex/fr/parts.def"
    {0},
};
static const struct language_data language_fr = {
    .language = LANGUAGE_FR,
    .lexicon = {words_fr, COUNT(words_fr)},
    .rules = {rules_fr, COUNT(rules_fr)},
    .cues = cues_fr,
    .cue_count = COUNT(cues_fr),
    .classes = classes_fr,
    .class_count = COUNT(classes_fr),
    .parts = parts_fr,
    .part_count = COUNT(parts_fr) - 1,
    .habits = 0
#include "domain/timex/fr/habits.def"
    ,
};

static const struct word words_en[] = {
#include "domain/timex/en/words.def"
#include "domain/timex/en/holidays.def"
};
static const struct rule rules_en[] = {
#include "domain/timex/en/rules.def"
};
static const struct cue_word cues_en[] = {
#include "domain/timex/en/cues.def"
};
static const struct word_class classes_en[] = {
#include "domain/timex/en/classes.def"
};
static const struct part_hours parts_en[] = {
#include "domain/timex/en/parts.def"
    {0},
};
static const struct language_data language_en = {
    .language = LANGUAGE_EN,
    .lexicon = {words_en, COUNT(words_en)},
    .rules = {rules_en, COUNT(rules_en)},
    .cues = cues_en,
    .cue_count = COUNT(cues_en),
    .classes = classes_en,
    .class_count = COUNT(classes_en),
    .parts = parts_en,
    .part_count = COUNT(parts_en) - 1,
    .habits = 0
#include "domain/timex/en/habits.def"
    ,
};

const struct language_data *const timex_languages[LANGUAGES] = {&language_fr, &language_en};

WORD_CLASSES(timex_classes, CLASS_COUNT_);

void classes_prepare(void)
{
    if (timex_classes.rows > 0)
        return;
    for (size_t i = 0; i < LANGUAGES; i++)
        word_classes_add(&timex_classes, timex_languages[i]->classes,
                         timex_languages[i]->class_count);
}

unsigned every_language(void)
{
    unsigned all = 0;
    for (size_t i = 0; i < LANGUAGES; i++)
        all |= 1u << timex_languages[i]->language;
    return all;
}

uint32_t language_habits(enum language language)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (timex_languages[i]->language == language)
            return timex_languages[i]->habits;
    return 0;
}

const struct language_data *only_language(const struct reader *reader)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (reader->languages == 1u << timex_languages[i]->language)
            return timex_languages[i];
    return NULL;
}

void reader_languages(struct reader *reader, unsigned languages)
{
    reader->languages = languages;
    reader->habits = UINT32_MAX;
    reader->some_habits = 0;
    for (size_t i = 0; i < LANGUAGES; i++)
        if (languages & 1u << timex_languages[i]->language) {
            reader->habits &= timex_languages[i]->habits;
            reader->some_habits |= timex_languages[i]->habits;
        }
}
