#include <string.h>

#include "domain/intent/internal.h"

/* Lengths of meetings in words: "une petite demi-heure", "1 h 30", "an hour and a half".
 * They are read before the times, because "deux heures" is an hour of the day only
 * behind a word like "à". */

enum { LENGTH_MAX_MIN = 600, SPELLED_HOURS_MAX = 8, SHIFT_MAX_MIN = 720 };

/* Words that are numbers by themselves, and those that stand for halves and quarters of an hour. */
struct number {
    const char *word;
    uint32_t value;
};
struct fraction {
    uint32_t minutes;
    const char *words[5];
};
#define NUMBER(word, value)    {word, value},
#define FRACTION(minutes, ...) {minutes, {__VA_ARGS__}},
static const struct number numbers[] = {
#include "domain/intent/fr/numbers.def"
#include "domain/intent/en/numbers.def"
};
static const struct fraction fractions[] = {
#include "domain/intent/fr/fractions.def"
#include "domain/intent/en/fractions.def"
};

static uint32_t number_word(const struct text *text, uint32_t at)
{
    uint64_t value;
    if (at >= text->token_count)
        return 0;
    if (text->tokens[at].kind == TOKEN_NUMBER)
        return slice_to_u64(text->tokens[at].word, LENGTH_MAX_MIN, &value) ? (uint32_t)value : 0;
    for (size_t i = 0; in_class(text, at, CLASS_number) && i < sizeof numbers / sizeof *numbers; i++)
        if (word_is(text, at, numbers[i].word))
            return numbers[i].value;
    return 0;
}

/* "quarante-cinq", "forty five", "45"; how many tokens. */
static uint32_t number_at(const struct text *text, uint32_t at, uint32_t *value)
{
    *value = number_word(text, at);
    if (*value == 0)
        return 0;
    uint32_t ones = number_word(text, at + 1);
    if (*value >= 20 && *value % 10 == 0 && text->tokens[at].kind == TOKEN_WORD && ones > 0 &&
        ones < 10 && text->tokens[at + 1].kind == TOKEN_WORD && !in_class(text, at + 1, CLASS_article_one)) {
        *value += ones;
        return 2;
    }
    return 1;
}

/* "et demie", "et quart", "and a half", "30": what follows full hours. */
static uint32_t hour_tail(const struct text *text, uint32_t at, uint32_t *minutes)
{
    if (in_class(text, at, CLASS_and_part) && in_class(text, at + 1, CLASS_half_behind)) {
        *minutes += 30;
        return 2;
    }
    if (in_class(text, at, CLASS_and_part) && in_class(text, at + 1, CLASS_quarter)) {
        *minutes += 15;
        return 2;
    }
    if (in_class(text, at, CLASS_and_half) && in_class(text, at + 1, CLASS_a_half) && in_class(text, at + 2, CLASS_half)) {
        *minutes += 30;
        return 3;
    }
    uint32_t spelled = number_word(text, at);
    if (at < text->token_count && text->tokens[at].kind == TOKEN_WORD && spelled % 5 == 0 &&
        spelled >= 10 && spelled < 60 && !in_class(text, at + 1, CLASS_not_hour)) {
        *minutes += spelled; /* "une heure trente" */
        return 1;
    }
    uint64_t more;
    if (at < text->token_count && text->tokens[at].kind == TOKEN_NUMBER &&
        slice_to_u64(text->tokens[at].word, 59, &more) && text->tokens[at].length == 2) {
        *minutes += (uint32_t)more;
        return 1;
    }
    return 0;
}

/* "demi-heure", "half an hour", "quart d'heure", "trois quarts d'heure". */
static uint32_t fraction_at(const struct text *text, uint32_t at, uint32_t *minutes)
{
    if (!in_class(text, at, CLASS_fraction))
        return 0;
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions; i++) {
        uint32_t count = 0;
        while (count < 5 && fractions[i].words[count] != NULL &&
               word_is(text, at + count, fractions[i].words[count]))
            count++;
        if (count == 5 || fractions[i].words[count] == NULL) {
            *minutes = fractions[i].minutes;
            return count;
        }
    }
    return 0;
}

/* "1h30", "2h": a length up to four hours, unless a word for an hour of the day leads or
 * it begins a range ("de 2h à 4h"). */
static uint32_t compact_at(const struct text *text, uint32_t at, uint32_t *minutes)
{
    struct slice word = text->tokens[at].word;
    size_t h = slice_find(word, LIT("h"), 0);
    uint64_t hours, more = 0;
    bool range = in_class(text, at + 1, CLASS_range_to) && at + 2 < text->token_count &&
                 ascii_is_digit(text->body.data[text->tokens[at + 2].offset]);
    if (range || h == SIZE_MAX || !slice_to_u64(slice_sub(word, 0, h), 4, &hours) || hours == 0)
        return 0;
    h += slice_starts(slice_sub(word, h + 1, word.len), LIT("rs")) ? 2 :
         h + 1 < word.len && word.data[h + 1] == 'r'; /* "1hr15", "2hrs" */
    if (h + 1 < word.len && !slice_to_u64(slice_sub(word, h + 1, word.len), 59, &more))
        return 0;
    *minutes = (uint32_t)(hours * 60 + more);
    return 1;
}

/* "3/4 d'heure", "1/2 hour", "3/4 of an hour". */
static uint32_t slashed_at(const struct text *text, uint32_t at, uint32_t *minutes)
{
    uint64_t part, whole;
    if (at + 3 >= text->token_count || text->tokens[at].kind != TOKEN_NUMBER ||
        text->tokens[at + 1].kind != TOKEN_PUNCT || text->body.data[text->tokens[at + 1].offset] != '/' ||
        !slice_to_u64(text->tokens[at].word, 3, &part) || !slice_to_u64(text->tokens[at + 2].word, 4, &whole) ||
        part == 0 || part >= whole || whole == 3)
        return 0;
    uint32_t unit = at + 3;
    while (in_class(text, unit, CLASS_length_of))
        unit++;
    *minutes = (uint32_t)(60 * part / whole);
    return in_class(text, unit, CLASS_hour) ? unit + 1 - at : 0;
}

/* "1.5 hours", "1,5 h". */
static uint32_t decimal_at(const struct text *text, uint32_t at, uint32_t *minutes)
{
    uint64_t hours, tenths;
    if (at + 3 >= text->token_count || text->tokens[at].kind != TOKEN_NUMBER ||
        text->tokens[at + 2].kind != TOKEN_NUMBER || text->tokens[at + 2].length != 1 ||
        text->tokens[at + 2].offset != text->tokens[at].offset + text->tokens[at].length + 1 ||
        strchr(".,", text->body.data[text->tokens[at + 2].offset - 1]) == NULL ||
        !in_class(text, at + 3, CLASS_hour_long) ||
        !slice_to_u64(text->tokens[at].word, SPELLED_HOURS_MAX, &hours) ||
        !slice_to_u64(text->tokens[at + 2].word, 9, &tenths))
        return 0;
    *minutes = (uint32_t)(hours * 60 + tenths * 6);
    return 4;
}

static uint32_t length_at(const struct text *text, uint32_t at, uint32_t *minutes)
{
    uint32_t count = fraction_at(text, at, minutes), value;
    if (count == 0)
        count = decimal_at(text, at, minutes);
    if (count == 0)
        count = slashed_at(text, at, minutes);
    if (count > 0)
        return count;
    if (text->tokens[at].kind == TOKEN_WORD && ascii_is_digit(text->tokens[at].word.data[0]))
        return compact_at(text, at, minutes);
    uint32_t digits = number_at(text, at, &value);
    if (digits == 0)
        return 0;
    uint32_t unit = at + digits;
    if (digits == 1 && in_class(text, at, CLASS_tens) &&
        in_class(text, unit, CLASS_of_count))
        unit++, digits++;
    if (in_class(text, unit, CLASS_length_adjective))
        unit++, digits++; /* "une petite heure", "a good hour" */
    if (in_class(text, unit, CLASS_minutes)) {
        *minutes = value;
        return digits + 1;
    }
    if (in_class(text, unit, CLASS_and_half) && in_class(text, unit + 1, CLASS_a_half) && in_class(text, unit + 2, CLASS_half) &&
        in_class(text, unit + 3, CLASS_hour_word)) {
        *minutes = value * 60 + 30;
        return digits + 4;
    }
    if (!in_class(text, unit, CLASS_hour_word) || value > SPELLED_HOURS_MAX)
        return 0;
    *minutes = value * 60;
    return digits + 1 + hour_tail(text, unit + 1, minutes);
}

/* "a one-hour call": the hyphen makes one word of number and unit. */
static bool is_compound(const struct text *text, uint32_t at, uint32_t end)
{
    const struct token *unit = &text->tokens[end - 1];
    return end - at == 2 && in_class(text, end - 1, CLASS_length_unit) && unit->offset > 0 &&
           text->body.data[unit->offset - 1] == '-';
}

/* "Passe-nous à une heure", "on passe à une heure et demie": one o'clock would be "13h". */
static bool is_new_length(const struct text *text, uint32_t at)
{
    if (at < 2 || !in_class(text, at, CLASS_one_hour) || !in_class(text, at - 1, CLASS_passes_to))
        return false;
    return in_class(text, at - 2, CLASS_length_verb) || (at > 2 && in_class(text, at - 3, CLASS_length_verb));
}

/* "à deux heures", "dans 20 minutes": no length. */
static bool is_instant(const struct text *text, uint32_t at, uint32_t end)
{
    if (is_new_length(text, at))
        return false;
    if (is_compound(text, at, end))
        return false;
    bool shift = in_class(text, end, CLASS_plus) && in_class(text, end + 1, CLASS_plus_late);
    if (in_class(text, end, CLASS_no_length) && !shift)
        return true;
    if (in_class(text, end, CLASS_less) && (in_class(text, end + 1, CLASS_article_le) || number_word(text, end + 1) > 0))
        return true; /* "une heure moins le quart" */
    bool spelled = text->tokens[end - 1].kind == TOKEN_WORD &&
                   !ascii_is_digit(text->tokens[end - 1].word.data[0]);
    if (at > 0 && in_class(text, at - 1, CLASS_by) && spelled)
        return false; /* "bring it forward by half an hour" */
    if (in_class(text, end, CLASS_of_part) && in_class(text, end + 1, CLASS_of_part_behind))
        return true;
    if (at > 0 && in_class(text, at - 1, CLASS_article_part) && at > 1 && in_class(text, at - 2, CLASS_clock_lead))
        return true;
    if (in_class(text, at, CLASS_quarter_half) && at > 0 && in_class(text, at - 1, CLASS_a_half))
        return false; /* "a quarter of an hour" */
    bool led = at > 0 && in_class(text, at - 1, CLASS_clock_lead);
    bool small = at > 0 && in_class(text, at - 1, CLASS_at_length); /* "call d'une heure" */
    if (small && text->tokens[at - 1].kind == TOKEN_WORD && in_class(text, at - 1, CLASS_short_of))
        return at > 1 && in_class(text, at - 2, CLASS_since_here);
    return led;
}

void durations_find(const struct text *text, struct arena *arena, struct timex_list *out)
{
    for (uint32_t i = 0; i < text->token_count;) {
        uint32_t minutes = 0;
        uint32_t count = text->tokens[i].kind == TOKEN_PUNCT ? 0 : length_at(text, i, &minutes);
        if (count == 0 || minutes == 0 || minutes > LENGTH_MAX_MIN || is_instant(text, i, i + count)) {
            i++;
            continue;
        }
        struct slice said = text_of_span(text, (struct span){i, i + count});
        struct timex timex = {
            .text = said,
            .offset = text->tokens[i].offset,
            .length = (uint32_t)said.len,
            .kind = TIMEX_DURATION,
            .grain = GRAIN_MINUTE,
            .duration_s = (int64_t)minutes * 60,
        };
        ARENA_PUSH(arena, out, timex);
        i += count;
    }
}

/* How far something is to move. */

static bool moves_in(const struct text *text, uint32_t sentence)
{
    return cue_in_sentence(text, CUE_RESCHEDULE, sentence);
}

static bool says_move(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end; i++)
        if (in_class(text, i, CLASS_shift_verb))
            return true;
    return false;
}

static bool says_earlier(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end; i++)
        if (in_class(text, i, CLASS_sooner) ||
            (in_class(text, i, CLASS_plus) && in_class(text, i + 1, CLASS_early)))
            return true;
    return false;
}

/* "an hour later", "une heure plus tôt"; "by 30 minutes", "d'une heure" with a word of moving. */
static bool is_shift(const struct text *text, struct span length)
{
    bool behind = in_class(text, length.end, CLASS_shift_behind) ||
                  (in_class(text, length.end, CLASS_plus) && in_class(text, length.end + 1, CLASS_plus_late));
    if (length.first > 1 && in_class(text, length.first - 1, CLASS_article_any))
        length.first--; /* "d'une demi-heure" */
    uint32_t before = length.first - 1;
    if (in_class(text, length.end, CLASS_instead_length))
        return false; /* "make it an hour instead of half an hour" */
    if (behind && (length.first == 0 || !in_class(text, before, CLASS_less_than)))
        return true;
    return length.first > 0 && moves_in(text, text->tokens[length.first].sentence) &&
           in_class(text, before, CLASS_shift_by);
}

/* "a day later", "d'un jour", "by two days", "d'une semaine": how many tokens from the
 * number on, 0 if it is no such thing. */
uint32_t day_shift_at(const struct text *text, uint32_t at, int32_t *days)
{
    uint32_t value, unit = at + 1, end = at + 2;
    bool week = in_class(text, unit, CLASS_weeks);
    if (!week && !in_class(text, unit, CLASS_days))
        return 0;
    value = number_word(text, at);
    if (value == 0 || value > 30)
        return 0;
    bool by = at > 0 && in_class(text, at - 1, CLASS_by_days) && !in_class(text, end, CLASS_days_of);
    bool later = in_class(text, end, CLASS_later) || (in_class(text, end, CLASS_plus) && in_class(text, end + 1, CLASS_late_fr));
    bool earlier = in_class(text, end, CLASS_sooner_days) ||
                   (in_class(text, end, CLASS_plus) && in_class(text, end + 1, CLASS_early));
    if (week && !by)
        return 0; /* "a week later, same times": counted from elsewhere */
    if (by && !later && !earlier) {
        struct span part = text->sentences[text->tokens[at].sentence].tokens;
        earlier = says_earlier(text, part);
        later = !earlier && says_move(text, part);
    }
    if (!later && !earlier)
        return 0;
    *days = (int32_t)value * (week ? 7 : 1) * (earlier ? -1 : 1);
    return 2;
}

static int32_t day_shift(const struct text *text)
{
    int32_t days = 0;
    for (uint32_t i = 0; text->shifts_days && i < text->token_count; i++)
        if (!text->tokens[i].masked && day_shift_at(text, i, &days) > 0)
            return days * 24 * 60;
    return 0;
}

struct instant time_shift(struct instant start, int32_t far, const struct zone *zone)
{
    if (far % (24 * 60) != 0)
        return instant_add(start, minutes(far));
    struct civil wall = civil_from_instant(start, zone); /* the same hour of another day */
    wall.date = civil_date_add(wall.date, far / (24 * 60));
    return civil_to_instant(wall, zone);
}

/* "Prolonge d'une demi-heure", "half an hour longer": by how much the length is to change. */
static int32_t length_sign(const struct text *text, struct span length)
{
    uint32_t end = length.end + in_class(text, length.end, CLASS_of_part);
    if (length.first > 0 && in_class(text, length.first - 1, CLASS_extra))
        return 1;
    if (in_class(text, end, CLASS_longer_by) ||
        (end > length.end && in_class(text, end, CLASS_plus)))
        return 1;
    if (in_class(text, end, CLASS_shorter_by) || (end > length.end && in_class(text, end, CLASS_less)))
        return -1;
    if (length.first > 1 && in_class(text, length.first - 1, CLASS_article_any))
        length.first--;
    if (length.first == 0 || !in_class(text, length.first - 1, CLASS_by_days))
        return 0;
    struct span part = text->sentences[text->tokens[length.first].sentence].tokens;
    for (uint32_t i = part.first; i < length.first; i++)
        if (in_class(text, i, CLASS_longer) || in_class(text, i, CLASS_shorter))
            return in_class(text, i, CLASS_longer) ? 1 : -1;
    return 0;
}

int32_t length_change(const struct text *text)
{
    for (size_t i = 0; i < text->timexes.count; i++) {
        const struct timex *timex = &text->timexes.items[i];
        struct span length = text_timex_tokens(text, i);
        if (timex->kind != TIMEX_DURATION || length.first >= length.end ||
            text->tokens[length.first].masked)
            continue;
        int64_t far = timex->duration_s / 60;
        int32_t sign = far > 0 && far <= SHIFT_MAX_MIN ? length_sign(text, length) : 0;
        if (sign != 0)
            return sign * (int32_t)far;
    }
    return 0;
}

int32_t shift_read(const struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint16_t id = text->tokens[i].timex;
        if (id == 0 || text->tokens[i].masked || (i > 0 && text->tokens[i - 1].timex == id) ||
            text->timexes.items[id - 1].kind != TIMEX_DURATION)
            continue;
        struct span length = {i, i + 1};
        while (length.end < text->token_count && text->tokens[length.end].timex == id)
            length.end++;
        int64_t far = text->timexes.items[id - 1].duration_s / 60;
        if (far > 0 && far <= SHIFT_MAX_MIN && is_shift(text, length))
            return says_earlier(text, text->sentences[text->tokens[i].sentence].tokens)
                       ? -(int32_t)far : (int32_t)far;
    }
    return day_shift(text);
}
