/* "Please stop writing to me": plain words that end all mail to somebody. Read apart from
 * what a mail means for a meeting, since it counts whatever else is said, and only where the
 * words leave no other sense: what is wrongly taken for it silences an invitation. */
#include "domain/intent/fold.h"
#include "domain/intent/intent.h"

enum stop_part {
    STOP_ENDS,      /* ends all mail */
    STOP_ENDS_MAIL, /* the same, before a word for mail: not "ne plus recevoir de visites" */
    STOP_MAIL,      /* a word for mail */
    STOP_LIMIT,     /* behind it: not now, not there */
    STOP_ALONE,     /* enough as the whole of a mail */
};
/* Folded as fold_words does. Who wants an end of it is heard in any language. */
static const struct {
    enum stop_part part;
    const char *words;
} sayings[] = {
#define SAYS(part, words) {part, words},
#include "domain/intent/en/stop.def"
#include "domain/intent/fr/stop.def"
#undef SAYS
};
enum { SAYINGS = sizeof sayings / sizeof *sayings };

struct slice fold_words(struct slice text, struct arena *arena)
{
    static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuuyps"
                                 "aaaaaaaceeeeiiiidnooooo ouuuuypy";
    enum { TEXT_MAX = 4000 }; /* who wants an end of it says so early */
    AUTO_BUFFER out = buffer_create(2 * TEXT_MAX);
    buffer_add_char(&out, ' ');
    char last = ' ';
    for (size_t at = 0; at < text.len && at < TEXT_MAX;) {
        uint32_t c;
        if (!utf8_next(text, &at, &c)) {
            at++;
            continue;
        }
        char letter = c < 0x80 ? ascii_lower((char)c) : c >= 0xC0 && c < 0x100 ? latin1[c - 0xC0] : ' ';
        bool word = ascii_is_alpha(letter) || ascii_is_digit(letter);
        if (c == '.' || c == '!' || c == '?' || c == ';' || c == '\n' || c == ',' || c == ':') {
            if (last != ' ')
                buffer_add_char(&out, ' ');
            buffer_add_text(&out, ". ");
            last = ' ';
        } else if (word || last != ' ') {
            last = word ? letter : ' ';
            buffer_add_char(&out, last);
        }
    }
    buffer_add_char(&out, ' ');
    return arena_copy(arena, buffer_slice(&out));
}

static bool starts_with(struct slice text, enum stop_part part)
{
    for (size_t i = 0; i < SAYINGS; i++)
        if (sayings[i].part == part && slice_starts(text, slice_from(sayings[i].words)))
            return true;
    return false;
}

static bool is_alone(struct slice folded, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(64);
    if (folded.len > 60)
        return false;
    for (size_t i = 0; i < folded.len; i++)
        if (folded.data[i] != '.')
            buffer_add_char(&out, folded.data[i]);
    struct slice words = slice_trim(arena_copy(arena, buffer_slice(&out)));
    for (size_t i = 0; i < SAYINGS; i++)
        if (sayings[i].part == STOP_ALONE && slice_equal(words, slice_from(sayings[i].words)))
            return true;
    return false;
}

bool intent_stops_mail(struct slice new_text)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    if (slice_contains(new_text, LIT("@"))) /* "not here, but at …" */
        return false;
    struct slice folded = fold_words(new_text, arena);
    if (is_alone(folded, arena))
        return true;
    for (size_t i = 0; i < SAYINGS; i++) {
        bool of_mail = sayings[i].part == STOP_ENDS_MAIL;
        if (sayings[i].part != STOP_ENDS && !of_mail)
            continue;
        struct slice saying = arena_format(arena, " %s ", sayings[i].words);
        size_t found = slice_find(folded, saying, 0);
        if (found == SIZE_MAX)
            continue;
        struct slice behind = slice_sub(folded, found + saying.len, folded.len);
        if (!starts_with(behind, STOP_LIMIT) && (!of_mail || starts_with(behind, STOP_MAIL)))
            return true;
    }
    return false;
}
