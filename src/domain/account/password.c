#include "domain/account/password.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "domain/account/internal.h"

const char *const password_fault_names[PASSWORD_COMMON + 1] = {
    [PASSWORD_GOOD] = "good",           [PASSWORD_NOT_TEXT] = "text",
    [PASSWORD_TOO_SHORT] = "length",    [PASSWORD_TOO_LONG] = "length",
    [PASSWORD_FEW_CLASSES] = "classes", [PASSWORD_PERSONAL] = "personal",
    [PASSWORD_COMMON] = "common",
};

static const char *const sentences[PASSWORD_COMMON + 1][LANGUAGE_COUNT_] = {
    [PASSWORD_NOT_TEXT] = {[LANGUAGE_FR] = "Ce mot de passe contient des caractères illisibles.",
                           [LANGUAGE_EN] = "This password holds characters that cannot be read."},
    [PASSWORD_TOO_SHORT] = {[LANGUAGE_FR] = "Choisissez au moins 8 caractères.",
                            [LANGUAGE_EN] = "Choose at least 8 characters."},
    [PASSWORD_TOO_LONG] = {[LANGUAGE_FR] = "Choisissez au plus 128 caractères.",
                           [LANGUAGE_EN] = "Choose at most 128 characters."},
    [PASSWORD_FEW_CLASSES] =
        {[LANGUAGE_FR] = "Mêlez au moins trois sortes de caractères parmi les majuscules, les "
                         "minuscules, les chiffres et les autres signes.",
         [LANGUAGE_EN] = "Mix at least three kinds of characters out of capitals, small letters, "
                         "digits and other signs."},
    [PASSWORD_PERSONAL] =
        {[LANGUAGE_FR] = "Choisissez un mot de passe sans votre nom, votre adresse, votre "
                         "organisation ni le nom de ce service.",
         [LANGUAGE_EN] = "Choose a password without your name, your address, your organisation or "
                         "the name of this service."},
    [PASSWORD_COMMON] =
        {[LANGUAGE_FR] = "Ce mot de passe, ou un autre qui lui ressemble, est parmi les premiers "
                         "que l'on essaie : prenez plutôt quatre mots sans lien.",
         [LANGUAGE_EN] = "This password, or one like it, is among the first that are tried: "
                         "rather take four words that have nothing to do with each other."},
};

struct slice password_sentence(enum password_fault fault, enum language language)
{
    const char *text = sentences[fault][language == LANGUAGE_FR ? LANGUAGE_FR : LANGUAGE_EN];
    return text == NULL ? LIT("") : slice_from(text);
}

/* By libunistring, whose own memory is wiped before it is given back. */
static bool normalise(uninorm_t form, struct slice text, struct arena *arena, struct slice *out)
{
    size_t len = 0;
    uint8_t *made =
        u8_normalize(form, (const uint8_t *)(text.len ? text.data : ""), text.len, NULL, &len);
    if (made == NULL)
        return false;
    *out = arena_copy(arena, (struct slice){(const char *)made, len});
    explicit_bzero(made, len);
    free(made);
    return true;
}

struct slice password_fold(struct slice text, struct arena *arena)
{
    struct slice plain = text;
    if (!normalise(UNINORM_NFKD, text, arena, &plain))
        return SLICE_NONE;
    char *folded = arena_alloc(arena, plain.len * 4 + 1);
    size_t len = 0, at = 0;
    uint32_t c;
    while (utf8_next(plain, &at, &c))
        if (!uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M))
            len += utf8_put(uc_tolower(c), folded + len);
    return (struct slice){folded, len};
}

static size_t count_characters(struct slice text)
{
    size_t count = 0, at = 0;
    uint32_t c;
    while (utf8_next(text, &at, &c))
        count++;
    return count;
}

enum status password_normal(struct slice typed, struct arena *arena, struct slice *out,
                            struct problem *why)
{
    struct slice normal;
    if (typed.len > PASSWORD_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "password: over %d bytes", PASSWORD_BYTES_MAX);
    if (utf8_bad_at(typed) != SIZE_MAX || !normalise(UNINORM_NFC, typed, arena, &normal))
        return problem_set(why, ST_INVALID, "password: no UTF-8");
    if (count_characters(normal) > PASSWORD_CHARACTERS_MAX)
        return problem_set(why, ST_LIMIT, "password: over %d characters", PASSWORD_CHARACTERS_MAX);
    *out = normal;
    return ST_OK;
}

static unsigned count_classes(struct slice text)
{
    unsigned seen = 0;
    size_t at = 0;
    uint32_t c;
    while (utf8_next(text, &at, &c)) {
        if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Lu | UC_CATEGORY_MASK_Lt))
            seen |= 1;
        else if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Ll))
            seen |= 2;
        else if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Nd))
            seen |= 4;
        else
            seen |= 8;
    }
    return (seen & 1) + (seen >> 1 & 1) + (seen >> 2 & 1) + (seen >> 3);
}

enum password_fault password_judge(struct slice typed, const struct slice *context,
                                   size_t context_count, struct arena *arena)
{
    struct slice text;
    enum status status = password_normal(typed, arena, &text, NULL);
    if (status != ST_OK)
        return status == ST_LIMIT ? PASSWORD_TOO_LONG : PASSWORD_NOT_TEXT;
    if (count_characters(text) < PASSWORD_CHARACTERS_MIN)
        return PASSWORD_TOO_SHORT;
    if (count_classes(text) < PASSWORD_CLASSES_MIN)
        return PASSWORD_FEW_CLASSES;
    struct slice folded = password_fold(text, arena);
    if (password_is_personal(folded, context, context_count, arena))
        return PASSWORD_PERSONAL;
    return password_is_easy(text, folded) ? PASSWORD_COMMON : PASSWORD_GOOD;
}
