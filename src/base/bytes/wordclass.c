#include "base/bytes/wordclass.h"

#include <assert.h>
#include <string.h>

/* The slot of the word, or the free one where it belongs. */
static size_t slot_of(const struct word_classes *classes, const char *text, size_t len,
                      uint32_t hash)
{
    size_t at = (hash ^ hash >> 15) & (CLASSED_SLOTS - 1);
    for (; classes->slots[at] != 0; at = (at + 1) & (CLASSED_SLOTS - 1)) {
        const struct classed_word *word = &classes->words[classes->slots[at]];
        if (word->hash == hash && word->len == len && memcmp(word->text, text, len) == 0)
            break;
    }
    return at;
}

static void add_word(struct word_classes *classes, unsigned class, const char *text, size_t len)
{
    uint32_t hash = word_hash(text, len);
    size_t at = slot_of(classes, text, len, hash);
    if (classes->slots[at] == 0) {
        classes->rows += classes->rows == 0;
        assert(classes->rows < CLASSED_WORDS_MAX);
        classes->words[classes->rows] = (struct classed_word){text, hash, (uint32_t)len};
        classes->slots[at] = (uint16_t)classes->rows++;
    }
    assert(class < classes->limbs * 64);
    classes->bits[classes->slots[at] * classes->limbs + class / 64] |= UINT64_C(1) << class % 64;
}

void word_classes_add(struct word_classes *classes, const struct word_class *lists, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (const char *p = lists[i].words; *p != '\0'; p += strspn(p, " ")) {
            size_t len = strcspn(p, " ");
            add_word(classes, lists[i].class, p, len);
            p += len;
        }
}

uint16_t word_classes_row(const struct word_classes *classes, struct slice word, uint32_t hash)
{
    return classes->slots[slot_of(classes, word.data, word.len, hash)];
}
