#include "domain/timex/actions.h"

/* Numbers in words, and what passes through unchanged.
 * value2 of a number: 1 a word, 2 a multiplier ("hundred"), 3 composed, else its digits
 * counted (number signs keep 0 to 20, words never meet them: digits are flagged below). */

static bool in_words(const struct meaning *m)
{
    return m->flags & F_PARTWORD;
}

static void number(struct meaning *out, int32_t value, enum category cat)
{
    *out = meaning_none(cat);
    out->value = value;
    out->seconds = (int64_t)value * 1000;
    out->flags = F_PARTWORD;
}

/* "vingt et un", "twenty-one", "soixante-dix", "quatre-vingt-douze" */
bool act_num_tens(const struct reader *r, int cat, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    const struct meaning *tens = k[0], *ones = k[4] != NULL ? k[4] : k[2];
    const struct meaning *and = kid_of(k, BIT(CAT_and), 0);
    if (!in_words(tens) || !in_words(ones) || tens->value % 10 != 0 || tens->value < 20 ||
        tens->value > 90 || ones->value < 1 || tens->value2 == 3)
        return false;
    int most = tens->value == 60 || (tens->value == 80 && tens->value2 != 4) ? 19 : 9;
    if (ones->value > most || (and != NULL && ones->value % 10 != 1))
        return false;
    number(out, tens->value + ones->value, (enum category)cat);
    out->seconds += ones->seconds % 1000; /* "fifty-seven and a half" */
    out->value2 = 3;
    return true;
}

bool act_ord_tens(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    if (!in_words(k[0]) || k[0]->value < 20 || k[0]->value % 10 != 0 || k[0]->value > 90 ||
        k[2]->value < 1 || k[2]->value > 9 || k[2]->value2 == 1)
        return false;
    number(out, k[0]->value + k[2]->value, CAT_ord);
    return true;
}

/* "two hundred", "deux mille" */
bool act_num_times(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    if (!in_words(k[0]) || !in_words(k[1]) || k[1]->value2 != 2 || k[0]->value >= 100 ||
        k[0]->value < 1 || (k[1]->value != 100 && k[1]->value != 1000))
        return false;
    number(out, k[0]->value * k[1]->value, CAT_num);
    out->value2 = 2;
    return true;
}

/* "two thousand (and) fifteen", "mille quatre cent vingt" */
bool act_num_plus(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    if (!in_words(k[0]) || !in_words(k[2]) || k[0]->value2 != 2 || k[0]->value < 100)
        return false;
    int32_t room = k[0]->value % 1000 == 0 ? 1000 : 100;
    if (k[2]->value >= room || k[2]->value < 1)
        return false;
    number(out, k[0]->value + k[2]->value, CAT_num);
    return true;
}

/* "two and a half", "1 et demie": thousandths */
bool act_num_and_half(const struct reader *r, int arg, struct meaning *const *k,
                      struct meaning *out)
{
    (void)r;
    if (k[0]->value > 999)
        return false;
    *out = *k[0];
    out->seconds = (int64_t)k[0]->value * 1000 + arg;
    return true;
}

/* "nineteen eighty-six", "twenty fifteen", "two thousand sixteen" */
bool act_num_year(const struct reader *r, int arg, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    (void)arg;
    int32_t year = k[0]->value;
    if (!in_words(k[0]))
        return false;
    if (k[1] != NULL) {
        bool oh = k[1]->cat == CAT_word; /* "nineteen oh five" */
        const struct meaning *ones = oh ? k[2] : k[1];
        if ((oh && k[1]->value != WORD_OH) || !in_words(ones) || k[0]->value < 15 ||
            k[0]->value > 21 || ones->value < (oh ? 1 : 10) || ones->value > (oh ? 9 : 99))
            return false;
        year = year * 100 + ones->value;
    }
    if (year < 1500 || year > 2199)
        return false;
    *out = meaning_none(CAT_year);
    out->year = (int16_t)year;
    return true;
}

/* The meaning of the one part that is no connective, as category `cat`. */
bool act_pass(const struct reader *r, int cat, struct meaning *const *k, struct meaning *out)
{
    (void)r;
    const uint64_t meanings = BIT(CAT_date) | BIT(CAT_clock) | BIT(CAT_clocks) | BIT(CAT_part) |
                              BIT(CAT_dur) | BIT(CAT_set) | BIT(CAT_dates) | BIT(CAT_moment) |
                              BIT(CAT_open);
    for (int i = 0; i < PATTERN_MAX; i++)
        if (k[i] != NULL && (BIT(k[i]->cat) & meanings)) {
            *out = *k[i];
            if (cat != 0)
                out->cat = (uint8_t)cat;
            return true;
        }
    return false;
}
