#include "domain/account/internal.h"

/* Words shorter than this say nothing of anybody; up to the next they must stand alone. */
enum {
    CONTEXT_BYTES_MIN = 3,
    ANYWHERE_BYTES_MIN = 5,
    CONTEXT_WORDS_MAX = 64,
    CONTEXT_BYTES_MAX = 512
};

static const char *const our_names[] = {"rendez"};
/* Of addresses and names of companies, whoever they are of. */
static const char *const nobodys[] = {"com", "org", "net", "www", "mail", "info",   "contact",
                                      "the", "and", "les", "des", "sarl", "example"};

static bool is_word_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || (unsigned char)c >= 0x80;
}

static bool is_nobodys(struct slice word)
{
    for (size_t i = 0; i < sizeof nobodys / sizeof *nobodys; i++)
        if (slice_equal(word, slice_from(nobodys[i])))
            return true;
    return false;
}

/* Short words count where nothing of a word stands beside them: "ann" in "ann-2031", not in
 * "banner". */
static bool stands_alone(struct slice text, size_t at, size_t len)
{
    return (at == 0 || !ascii_is_alpha(text.data[at - 1])) &&
           (at + len >= text.len || !ascii_is_alpha(text.data[at + len]));
}

static bool holds(struct slice text, struct slice word)
{
    for (size_t at = 0; (at = slice_find(text, word, at)) != SIZE_MAX; at++)
        if (word.len >= ANYWHERE_BYTES_MIN || stands_alone(text, at, word.len))
            return true;
    return false;
}

/* The texts that are looked through: as it is, and with letters for signs that stand for them. */
struct views {
    struct slice texts[3];
};

static bool holds_word_of(const struct views *views, struct slice texts)
{
    for (size_t from = 0, to; from < texts.len; from = to + 1) {
        for (to = from; to < texts.len && is_word_byte(texts.data[to]); to++)
            ;
        struct slice word = slice_sub(texts, from, to);
        if (word.len < CONTEXT_BYTES_MIN || is_nobodys(word))
            continue;
        for (size_t i = 0; i < 3; i++)
            if (holds(views->texts[i], word))
                return true;
    }
    return false;
}

bool password_is_personal(struct slice folded, const struct slice *context, size_t context_count,
                          struct arena *arena)
{
    unsigned changed;
    struct views views = {{folded, password_unleet(folded, 'i', arena, &changed),
                           password_unleet(folded, 'l', arena, &changed)}};
    for (size_t i = 0; i < sizeof our_names / sizeof *our_names; i++)
        if (holds_word_of(&views, slice_from(our_names[i])))
            return true;
    for (size_t i = 0; i < context_count && i < CONTEXT_WORDS_MAX; i++) {
        struct slice text = slice_sub(context[i], 0, CONTEXT_BYTES_MAX);
        if (utf8_bad_at(text) == SIZE_MAX && holds_word_of(&views, password_fold(text, arena)))
            return true;
    }
    return false;
}
