#include "domain/timex/known.h"

#include "domain/timex/internal.h"

static const char *const clues[] = {
#include "domain/timex/fr/clues.def"
#include "domain/timex/en/clues.def"
};

static void each_of(const struct language_data *data, known_text_fn *each, void *context)
{
    for (size_t i = 0; i < data->lexicon.count; i++)
        each(context, data->lexicon.words[i].text);
    for (size_t i = 0; i < data->cue_count; i++)
        each(context, data->cues[i].text);
    for (size_t i = 0; i < data->class_count; i++)
        each(context, data->classes[i].words);
}

void timex_each_known(known_text_fn *each, void *context)
{
    each_of(&language_all, each, context);
    for (size_t i = 0; i < LANGUAGES; i++)
        each_of(timex_languages[i], each, context);
    for (size_t i = 0; i < sizeof clues / sizeof *clues; i++)
        each(context, clues[i]);
}
