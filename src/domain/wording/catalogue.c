#include "domain/wording/internal.h"

const struct phrase phrases[] = {
#define PHRASE(key, vous, tu, english) {key, vous, tu, english},
#include "domain/wording/phrases.def"
#undef PHRASE
};
const size_t phrase_count = sizeof phrases / sizeof *phrases;

const struct phrase *phrase_find(struct slice key)
{
    for (size_t i = 0; i < phrase_count; i++)
        if (slice_equal(key, slice_from(phrases[i].key)))
            return &phrases[i];
    return NULL;
}
