#include "domain/intent/known.h"

#include "domain/intent/internal.h"

void intent_each_known(known_text_fn *each, void *context)
{
    for (size_t l = 0; l < INTENT_LANGUAGES; l++) {
        const struct intent_language *language = intent_languages[l];
        for (size_t i = 0; i < language->phrases->count; i++)
            each(context, language->phrases->items[i].pattern);
        for (size_t i = 0; i < language->class_count; i++)
            each(context, language->classes[i].words);
    }
}
