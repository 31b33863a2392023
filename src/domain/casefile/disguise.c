/* Made-up names for what a mask takes out, and for what else could be one. */
#include "domain/casefile/disguise.h"

#include "domain/casefile/internal.h"
#include "domain/casefile/strangers.h"
#include "domain/people/people.h"

enum { FIGURES_MIN = 5, DISGUISED_BYTES_MAX = 4 * MASK_TEXT_MAX, INITIALISM_MAX = 5 };

static const char *const given_names[] = {"Clara", "Hugo",  "Nadia", "Simon", "Judith", "Felix", "Irene", "Oscar",
                                          "Lena",  "Edgar", "Flora", "Arthur", "Salma", "Victor", "Agnes", "Ruben"};
static const char *const family_names[] = {"Vidal",  "Keller", "Marchand", "Osborne", "Lambert", "Prescott", "Renard",  "Holloway",
                                           "Garnier", "Whitby", "Delmas",   "Ashdown", "Morvan",  "Langley",  "Bertin", "Stanhope"};
enum { POOL = sizeof given_names / sizeof *given_names };
static const char fiction_figures[] = "0639980001"; /* numbers that are given to nobody: ARCEP's 06 39 98 */

struct disguise {
    const struct case_person_list *people;
    const struct vocabulary *vocabulary;
    struct arena *arena;
    struct text_word_list words; /* of the whole text */
    struct slice_list strange;   /* folded words that are replaced wherever they stand */
    struct buffer *out;
    size_t strangers;            /* pieces that are nobody's we know */
};

static const char *pick(const char *const *pool, size_t number)
{
    return pool[number % POOL];
}

bool disguise_has(struct slice folded)
{
    static const char *const others[] = {"societe", "lien", "example", "https", "nemo"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (slice_equal(folded, slice_from(others[i])))
            return true;
    for (size_t i = 0; i < POOL; i++)
        if (slice_equal_nocase(folded, slice_from(given_names[i])) || slice_equal_nocase(folded, slice_from(family_names[i])))
            return true;
    return false;
}

struct slice disguise_name(size_t person, struct arena *arena)
{
    return arena_format(arena, "%s %s", pick(given_names, person), pick(family_names, person));
}

struct slice disguise_address(size_t person, struct arena *arena)
{
    struct slice text = arena_format(arena, "%s.%s@societe-%zu.example", pick(given_names, person),
                                     pick(family_names, person), person + 1);
    char *lower = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        lower[i] = ascii_lower(text.data[i]);
    return (struct slice){lower, text.len};
}

/* A name that is in the text would tell nothing apart: the next one. */
static bool stands_in_text(const struct disguise *d, const char *name)
{
    struct text_word_list made;
    words_split(slice_from(name), d->arena, &made);
    for (size_t i = 0; i < d->words.count; i++)
        if (slice_equal(d->words.items[i].folded, made.items[0].folded))
            return true;
    return false;
}

static const char *choose(const struct disguise *d, const char *const *pool, size_t number)
{
    for (size_t i = 0; i < POOL; i++)
        if (!stands_in_text(d, pick(pool, number + i)))
            return pick(pool, number + i);
    return "Nemo"; /* of a text that has them all */
}

static bool is_all_upper(struct slice word)
{
    for (size_t i = 0; i < word.len; i++)
        if (ascii_lower(word.data[i]) == word.data[i] && ascii_is_alpha(word.data[i]))
            return false;
    return word.len > 1;
}

/* `name` in the case of the word that it stands for. */
static void put_like(struct disguise *d, struct slice word, bool upper, const char *name)
{
    for (size_t i = 0; name[i] != '\0'; i++) {
        char c = name[i];
        bool small = !upper, large = is_all_upper(word);
        if (large && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        else if (small)
            c = ascii_lower(c);
        buffer_add(d->out, (struct slice){&c, 1});
    }
}

static void put_figures(struct disguise *d, struct slice text)
{
    size_t at = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_is_digit(text.data[i]) ? fiction_figures[at++ % (sizeof fiction_figures - 1)] : text.data[i];
        buffer_add(d->out, (struct slice){&c, 1});
    }
}

/* A word with many figures: of its letters nothing stays, they may be a name's. */
static void put_code(struct disguise *d, struct slice word)
{
    size_t at = 0;
    for (size_t i = 0; i < word.len; i++) {
        bool figure = ascii_is_digit(word.data[i]);
        if (figure || ascii_is_alpha(word.data[i]))
            buffer_add_char(d->out, figure ? fiction_figures[at++ % (sizeof fiction_figures - 1)] : 'X');
    }
}

static size_t count_figures(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ascii_is_digit(text.data[i]);
    return count;
}

/* Names: word by word, so that "MARTIN, Anne-Laure" keeps its form. */

static bool is_given(const struct disguise *d, size_t person, struct slice folded)
{
    struct text_word_list words;
    if (person >= d->people->count)
        return false;
    words_split(name_first(d->people->items[person].name, d->arena), d->arena, &words);
    for (size_t i = 0; i < words.count; i++)
        if (slice_equal(words.items[i].folded, folded))
            return true;
    return false;
}

static void put_name(struct disguise *d, struct slice piece, size_t person)
{
    struct text_word_list words;
    size_t at = 0, families = 0;
    words_split(piece, d->arena, &words);
    for (size_t i = 0; i < words.count; i++) {
        const struct text_word *word = &words.items[i];
        struct slice said = slice_sub(piece, word->from, word->to);
        bool given = is_given(d, person, word->folded);
        buffer_add(d->out, slice_sub(piece, at, word->from));
        at = word->to;
        if (word_is_title(word->folded))
            buffer_add(d->out, said);
        else if (count_figures(said) > 0)
            put_code(d, said);
        else if (given)
            put_like(d, said, word->upper, choose(d, given_names, person));
        else
            put_like(d, said, word->upper, choose(d, family_names, person + 5 * families++));
    }
    buffer_add(d->out, slice_sub(piece, at, piece.len));
}

/* "Mme Kowalski75011" is no number. */
static bool has_letter(const struct disguise *d, struct slice piece)
{
    struct text_word_list words;
    words_split(piece, d->arena, &words);
    for (size_t i = 0; i < words.count; i++)
        if (count_figures(words.items[i].folded) < words.items[i].folded.len)
            return true;
    return false;
}

static void put_piece(struct disguise *d, struct slice piece, struct slice shown)
{
    uint64_t number = 0;
    bool known = slice_starts(shown, LIT("[P")) &&
                 slice_to_u64(slice_sub(shown, 2, shown.len - 1), MASK_PEOPLE_MAX, &number) && number > 0;
    size_t person = known ? (size_t)number - 1 : d->people->count + d->strangers++;
    if (slice_equal(shown, LIT("\uFFFD")))
        buffer_add(d->out, shown);
    else if (slice_contains(piece, LIT("@")))
        buffer_add(d->out, disguise_address(person, d->arena));
    else if (slice_contains(piece, LIT("/")) || slice_contains(piece, LIT(":")) || slice_starts_nocase(piece, LIT("www.")))
        buffer_add(d->out, LIT("https://lien.example/"));
    else if (count_figures(piece) >= FIGURES_MIN && !has_letter(d, piece))
        put_figures(d, piece);
    else if (!known && slice_contains(piece, LIT(".")))
        buffer_add(d->out, LIT("lien.example"));
    else
        put_name(d, piece, person);
}

/* What the mask leaves */

static size_t stranger(const struct disguise *d, struct slice folded)
{
    for (size_t i = 0; i < d->strange.count; i++)
        if (slice_equal(d->strange.items[i], folded))
            return i;
    return SIZE_MAX;
}

static void find_strangers(struct disguise *d, struct slice text, const struct mask_piece_list *pieces)
{
    strangers_find(text, &d->words, pieces, d->vocabulary, d->arena, &d->strange);
    for (size_t i = 0; i < d->words.count; i++) {
        const struct text_word *word = &d->words.items[i];
        if (word->upper && !vocabulary_has(d->vocabulary, word->folded) && stranger(d, word->folded) == SIZE_MAX)
            ARENA_PUSH(d->arena, &d->strange, word->folded);
    }
}

/* "RTE", "BNP": letters for letters. */
static void put_initialism(struct disguise *d, size_t len)
{
    static const char letters[] = "XYZWQ";
    buffer_add(d->out, (struct slice){letters, len});
}

/* What stands next to an address or a link without a blank is a word only here. */
static bool is_cut_name(const struct disguise *d, const struct text_word *word)
{
    return word->upper && d->vocabulary != NULL && !vocabulary_has(d->vocabulary, word->folded);
}

static void put_plain(struct disguise *d, struct slice text)
{
    struct text_word_list words;
    size_t at = 0;
    words_split(text, d->arena, &words);
    for (size_t i = 0; i < words.count; i++) {
        const struct text_word *word = &words.items[i];
        struct slice said = slice_sub(text, word->from, word->to);
        size_t number = stranger(d, word->folded);
        if (number == SIZE_MAX && is_cut_name(d, word)) {
            number = d->strange.count;
            ARENA_PUSH(d->arena, &d->strange, word->folded);
        }
        buffer_add(d->out, slice_sub(text, at, word->from));
        at = word->to;
        if (count_figures(said) >= FIGURES_MIN)
            put_code(d, said);
        else if (number == SIZE_MAX)
            buffer_add(d->out, said);
        else if (is_all_upper(said) && said.len <= INITIALISM_MAX)
            put_initialism(d, said.len);
        else
            put_like(d, said, word->upper, choose(d, family_names, d->people->count + 3 + number));
    }
    buffer_add(d->out, slice_sub(text, at, text.len));
}

struct slice disguise_text(const struct mask *mask, const struct case_person_list *people,
                           const struct vocabulary *vocabulary, struct slice text, struct arena *arena)
{
    struct masked masked;
    size_t at = 0;
    AUTO_BUFFER out = buffer_create(DISGUISED_BYTES_MAX);
    text = slice_sub(text, 0, MASK_TEXT_MAX / 4);
    struct disguise d = {.people = people, .vocabulary = vocabulary, .arena = arena, .out = &out};
    mask_text(mask, text, MASK_TEXT_MAX, arena, &masked);
    words_split(text, arena, &d.words);
    find_strangers(&d, text, &masked.pieces);
    for (size_t i = 0; i < masked.pieces.count; i++) {
        const struct mask_piece *piece = &masked.pieces.items[i];
        put_plain(&d, slice_sub(text, at, piece->from));
        put_piece(&d, slice_sub(text, piece->from, piece->to), slice_sub(masked.text, piece->at, piece->at + piece->len));
        at = piece->to;
    }
    put_plain(&d, slice_sub(text, at, text.len));
    struct slice made = arena_copy(arena, buffer_slice(&out));
    buffer_wipe(&out);
    return made;
}

struct slice disguise_words(struct slice text, const struct slice_list *words, struct arena *arena)
{
    static const struct case_person_list nobody;
    AUTO_BUFFER out = buffer_create(DISGUISED_BYTES_MAX);
    struct disguise d = {.people = &nobody, .arena = arena, .strange = *words, .out = &out};
    text = slice_sub(text, 0, MASK_TEXT_MAX);
    words_split(text, arena, &d.words);
    put_plain(&d, text);
    struct slice made = arena_copy(arena, buffer_slice(&out));
    buffer_wipe(&out);
    return made;
}
