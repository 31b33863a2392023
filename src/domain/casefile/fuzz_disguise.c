/* Any names and any text: up to the first line end "name|address|phone", ';' between them, then the text. A lesson is bounded UTF-8; each
 * word with a capital is one that the lexicons know, or made up; and what somebody takes out of it is gone. */
#include <assert.h>
#include <stddef.h>

#include "domain/casefile/disguise.h"
#include "domain/casefile/fuzz_people.h"
#include "domain/casefile/internal.h"

enum { TAKEN_MAX = 3, NAME_LETTERS_MAX = 10 };

/* A made-up name, letters for letters or figures: or such beside another word, where no blank was between them. */
static bool is_made_up(struct slice folded)
{
    for (size_t from = 0; from < folded.len; from++) {
        if (ascii_is_digit(folded.data[from]) || slice_starts(slice_sub(folded, from, folded.len), LIT("xyz")))
            return true;
        for (size_t len = 4; len <= NAME_LETTERS_MAX && from + len <= folded.len; len++)
            if (disguise_has(slice_sub(folded, from, from + len)))
                return true;
    }
    return slice_equal(folded, LIT("xy"));
}

/* Nothing that could name somebody: each word with a capital is known, or ours. */
static void check_capitals(const struct vocabulary *vocabulary, struct slice lesson, struct arena *arena)
{
    struct text_word_list words;
    words_split(lesson, arena, &words);
    for (size_t i = 0; i < words.count; i++) {
        const struct text_word *word = &words.items[i];
        assert(!word->upper || vocabulary_has(vocabulary, word->folded) || is_made_up(word->folded));
    }
}

static void check_taken(const struct vocabulary *vocabulary, struct slice lesson, struct arena *arena)
{
    struct slice_list lacks, left;
    vocabulary_lacks(vocabulary, lesson, arena, &lacks);
    lacks.count = lacks.count < TAKEN_MAX ? lacks.count : TAKEN_MAX;
    struct slice shorter = disguise_words(lesson, &lacks, arena);
    assert(utf8_bad_at(shorter) == SIZE_MAX);
    vocabulary_lacks(vocabulary, shorter, arena, &left);
    for (size_t i = 0; i < left.count; i++)
        for (size_t k = 0; k < lacks.count; k++)
            assert(!slice_equal(left.items[i], lacks.items[k]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena *lasting;
    static struct vocabulary vocabulary;
    if (lasting == NULL) {
        lasting = arena_create(16 << 20);
        vocabulary_make(lasting, &vocabulary);
    }
    if (size > MASK_TEXT_MAX / 4)
        return 0;
    AUTO_ARENA arena = arena_create(256 << 20);
    struct slice text = {(const char *)data, size}, line = fuzz_take(&text, '\n');
    struct case_person_list people = {0};
    fuzz_people(line, arena, &people);
    struct slice lesson = disguise_text(mask_create(&people, &people, arena), &people, &vocabulary, text, arena);
    assert(lesson.len <= 4 * MASK_TEXT_MAX && utf8_bad_at(lesson) == SIZE_MAX);
    check_capitals(&vocabulary, lesson, arena);
    check_taken(&vocabulary, lesson, arena);
    return 0;
}
