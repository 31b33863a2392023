#include "domain/intent/internal.h"

/* The languages that are read. A further one is a folder like theirs, and a line here. */

const struct intent_language *const intent_languages[INTENT_LANGUAGES] = {&intent_fr, &intent_en};

WORD_CLASSES(intent_classes, CLASS_COUNT_);

void intent_classes_prepare(void)
{
    if (intent_classes.rows > 0)
        return;
    for (size_t i = 0; i < INTENT_LANGUAGES; i++)
        word_classes_add(&intent_classes, intent_languages[i]->classes,
                         intent_languages[i]->class_count);
}
