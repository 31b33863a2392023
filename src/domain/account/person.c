#include <string.h>

#include "domain/account/account.h"

enum { WORD_BYTES_MAX = 64, PARTS_MAX = 4 };

static const char *const generic[] = {
#define GENERIC(word) word,
#include "domain/account/generic.def"
#undef GENERIC
};

struct word {
    char text[WORD_BYTES_MAX];
    size_t len;
};

static bool is_generic(const struct word *word)
{
    for (size_t i = 0; i < sizeof generic / sizeof *generic; i++)
        if (strlen(generic[i]) == word->len && memcmp(generic[i], word->text, word->len) == 0)
            return true;
    return false;
}

/* À to ÿ without their accents; '.': no letter of these words. */
static char without_accent(uint32_t code_point)
{
    static const char latin[] = "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y";
    return code_point >= 0xC0 && code_point <= 0xFF ? latin[code_point - 0xC0] : '.';
}

static char fold(uint32_t code_point)
{
    if (code_point >= 'A' && code_point <= 'Z')
        return (char)(code_point - 'A' + 'a');
    if (code_point < 0x80)
        return (char)code_point;
    return without_accent(code_point);
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* The words of a text, and all of them joined, as the last one. A word too long is none of ours. */
struct words {
    struct word parts[PARTS_MAX + 1];
    size_t count;
    struct word joined;
    size_t letters; /* also those that have no place in a word */
};

static void add_letter(struct word *word, char c)
{
    if (word->len < WORD_BYTES_MAX)
        word->text[word->len++] = c;
}

static void split(struct slice text, struct words *words)
{
    uint32_t code_point;
    bool inside = false;
    *words = (struct words){0};
    for (size_t at = 0; at < text.len && utf8_next_wide(text, &at, &code_point);) {
        char c = fold(code_point);
        words->letters += is_letter(c) || (c == '.' && code_point > 0xFF);
        if (!is_letter(c)) {
            inside = false;
            continue;
        }
        if (!inside && words->count <= PARTS_MAX)
            words->count++;
        inside = true;
        if (words->count <= PARTS_MAX)
            add_letter(&words->parts[words->count - 1], c);
        add_letter(&words->joined, c);
    }
}

/* Of a function: the whole, or every part of it ("support-team", "service.client"); one part that
 * is somebody's name makes it a person's ("claire.support"). */
static bool is_function(const struct words *words)
{
    if (is_generic(&words->joined))
        return true;
    for (size_t i = 0; i < words->count; i++)
        if (words->count > PARTS_MAX || !is_generic(&words->parts[i]))
            return false;
    return words->count > 0;
}

/* "L'équipe", "The team": what stands before the noun does not make it a person. */
static struct slice without_article(struct slice name)
{
    static const char *const articles[] = {"l'", "l’", "le ", "la ", "les ", "the ", "our ", "notre "};
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
        if (slice_starts_nocase(name, slice_from(articles[i])))
            return slice_sub(name, strlen(articles[i]), name.len);
    return name;
}

static struct slice local_part(struct slice address)
{
    size_t end = slice_find(address, LIT("@"), 0), plus = slice_find(address, LIT("+"), 0);
    struct slice local = slice_sub(address, 0, end == SIZE_MAX ? address.len : end);
    return plus < local.len && plus > 0 ? slice_sub(local, 0, plus) : local;
}

enum status account_check_person(struct slice name, struct slice address, struct problem *why)
{
    struct words words;
    split(without_article(slice_trim(name)), &words);
    if (words.letters < 2)
        return problem_set(why, ST_INVALID, "an account needs the name of a person");
    if (is_function(&words))
        return problem_set(why, ST_INVALID, "that is the name of a function: an account belongs to one person, by name");
    split(local_part(slice_trim(address)), &words);
    if (words.count == 0 || !is_function(&words))
        return ST_OK;
    return problem_set(why, ST_INVALID, "that is an address of a function: an account needs a person's own address");
}
