/* Names that are written small and that nobody knows: strange words that stand where a person stands. */
#include "domain/casefile/strangers.h"

#include <string.h>

enum { ROLE_WORDS_MAX = 3 /* of a name after a greeting or alone in its line */, LAST_LINES = 3 };

enum word_kind { WORD_KNOWN, WORD_STRANGE, WORD_PERSON };
struct finder {
    struct slice text;
    const struct text_word *words;
    enum word_kind *kinds;
    size_t count;
    bool changed;
};

/* Lists, folded. What a person does, of whom it is said: "dupont est d'accord", "kowalski prefers". */
static const char doings[] = " est sera serait etait ne n peut pourra pourrait prefere prefererait propose accepte confirme refuse veut "
                             "voudrait vient viendra arrive arrivera dit demande souhaite participe assiste decline annule dispo "
                             "disponible absent absente present presente ok partant partante d is was will would can could cannot "
                             "prefers proposes accepts confirms refuses wants says asks comes joins agrees declines has said asked "
                             "wrote suggests suggested available fine okay attends ";
/* Behind these stands a thing: "la choukette est ok". */
static const char determiners[] = " le la les l un une des du ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur "
                                  "leurs quel quelle chaque tout toute the a an this that these those my your his her our their each "
                                  "every any no ";
static const char beside[] = " avec chez appeler prevenir contacter rappeler inviter with ask tell invite ";
static const char and_words[] = " et and ";
static const char greetings[] = " bonjour bonsoir salut coucou hello hi hey dear cher chere hallo ";
static const char closings[] = " merci cordialement amicalement sincerement bises bisous thanks thx cheers regards sincerely yours best "
                               "amities salutations bientot vous toi you ";
static const char titles[] = " mr mme mlle monsieur madame mademoiselle ms mrs miss mister dr docteur doctor maitre ";
/* Days that were written strangely: "mercredredi est ok". */
static const char *const day_beginnings[] = {"lundi", "mardi", "mercr", "jeudi", "vendr", "samed", "diman", "demai", "monda",
                                             "tuesd", "wedne", "thurs", "friday", "satur", "sunda", "tomor"};

static bool is_in(struct slice folded, const char *list)
{
    size_t len = strlen(list);
    struct slice words = {list, len};
    for (size_t at = 0; (at = slice_find(words, folded, at)) != SIZE_MAX; at++)
        if (at > 0 && list[at - 1] == ' ' && at + folded.len < len && list[at + folded.len] == ' ')
            return folded.len > 0;
    return false;
}

static bool is_like_a_day(struct slice folded)
{
    for (size_t i = 0; i < sizeof day_beginnings / sizeof *day_beginnings; i++)
        if (slice_starts(folded, slice_from(day_beginnings[i])))
            return true;
    return false;
}

static struct slice folded_at(const struct finder *f, size_t i)
{
    return f->words[i].folded;
}

/* What stands between a word and the next one, or the end. */
static struct slice gap_behind(const struct finder *f, size_t i)
{
    return slice_sub(f->text, f->words[i].to, i + 1 < f->count ? f->words[i + 1].from : f->text.len);
}

static bool ends_line(const struct finder *f, size_t i)
{
    return i + 1 == f->count || slice_contains(gap_behind(f, i), LIT("\n"));
}

/* The next word belongs to this one: nothing but blanks, hyphens and apostrophes between. */
static bool joins_next(const struct finder *f, size_t i)
{
    struct slice gap = gap_behind(f, i);
    for (size_t at = 0; at < gap.len; at++)
        if (memchr(".,;:!?\n()[]\"/&+", gap.data[at], sizeof ".,;:!?\n()[]\"/&+" - 1) != NULL)
            return false;
    return i + 1 < f->count;
}

static void make_person(struct finder *f, size_t i)
{
    if (f->kinds[i] != WORD_STRANGE)
        return;
    f->kinds[i] = WORD_PERSON;
    f->changed = true;
}

static void make_persons(struct finder *f, size_t from, size_t until)
{
    for (size_t i = from; i < until; i++)
        make_person(f, i);
}

/* The end of the run of words from `i` on that no lexicon knows. */
static size_t run_end(const struct finder *f, size_t i)
{
    size_t end = i + 1;
    while (end < f->count && joins_next(f, end - 1) && f->kinds[end] != WORD_KNOWN)
        end++;
    return end;
}

static bool is_someones(const struct finder *f, size_t from, size_t end)
{
    bool before = from > 0 && joins_next(f, from - 1), behind = end < f->count && joins_next(f, end - 1);
    if (before && is_in(folded_at(f, from - 1), determiners))
        return false;
    if (before && (is_in(folded_at(f, from - 1), beside) || is_in(folded_at(f, from - 1), titles)))
        return true;
    return behind && is_in(folded_at(f, end), doings);
}

/* "Julie et dupont", "dupont & Julie" */
static bool is_with_somebody(const struct finder *f, size_t from, size_t end)
{
    bool and_before = from > 1 && is_in(folded_at(f, from - 1), and_words) && !ends_line(f, from - 1) && !ends_line(f, from - 2);
    bool and_behind = end + 1 < f->count && is_in(folded_at(f, end), and_words) && !ends_line(f, end - 1) && !ends_line(f, end);
    if ((and_before && f->kinds[from - 2] == WORD_PERSON) || (and_behind && f->kinds[end + 1] == WORD_PERSON))
        return true;
    bool sign_before = from > 0 && slice_equal(slice_trim(gap_behind(f, from - 1)), LIT("&"));
    bool sign_behind = end < f->count && slice_equal(slice_trim(gap_behind(f, end - 1)), LIT("&"));
    return (sign_before && f->kinds[from - 1] == WORD_PERSON) || (sign_behind && f->kinds[end] == WORD_PERSON);
}

static void look_around(struct finder *f)
{
    for (size_t i = 0; i < f->count;) {
        size_t end = f->kinds[i] == WORD_KNOWN ? i + 1 : run_end(f, i);
        if (f->kinds[i] != WORD_KNOWN && (is_someones(f, i, end) || is_with_somebody(f, i, end)))
            make_persons(f, i, end);
        i = end;
    }
}

static bool begins_line(const struct finder *f, size_t i)
{
    return i == 0 || ends_line(f, i - 1);
}

/* "Salut kowalski," */
static void look_at_greeting(struct finder *f, size_t i)
{
    if (!begins_line(f, i) || !is_in(folded_at(f, i), greetings))
        return;
    for (size_t k = i; k < i + ROLE_WORDS_MAX && joins_next(f, k); k++)
        make_person(f, k + 1);
}

/* The words [from, end) are all that stands up to the end of the line, and nothing else is known of them. */
static size_t nameless_line(const struct finder *f, size_t from)
{
    size_t end = from;
    while (end < f->count && end < from + ROLE_WORDS_MAX && f->kinds[end] != WORD_KNOWN) {
        if (ends_line(f, end))
            return end + 1;
        end++;
    }
    return from;
}

/* "merci, julie", "Bien à vous,\njulie dupont" */
static void look_at_closing(struct finder *f, size_t i)
{
    if (i + 1 < f->count && is_in(folded_at(f, i), closings))
        make_persons(f, i + 1, nameless_line(f, i + 1));
}

/* A name alone in one of the last lines, of more than one. */
static void look_at_last_lines(struct finder *f)
{
    size_t lines = 0;
    for (size_t i = f->count; i-- > 1 && lines < LAST_LINES;) {
        if (!begins_line(f, i))
            continue;
        lines++;
        make_persons(f, i, nameless_line(f, i));
    }
}

static bool overlaps(const struct mask_piece_list *pieces, const struct text_word *word, size_t *next)
{
    while (*next < pieces->count && pieces->items[*next].to <= word->from)
        ++*next;
    return *next < pieces->count && pieces->items[*next].from < word->to;
}

static bool has_figure(struct slice folded)
{
    for (size_t i = 0; i < folded.len; i++)
        if (ascii_is_digit(folded.data[i]))
            return true;
    return false;
}

static enum word_kind kind_of(const struct vocabulary *vocabulary, const struct text_word *word)
{
    if (vocabulary_has(vocabulary, word->folded) || has_figure(word->folded))
        return WORD_KNOWN;
    if (word->upper)
        return WORD_PERSON; /* it goes in any case */
    return is_like_a_day(word->folded) ? WORD_KNOWN : WORD_STRANGE;
}

void strangers_find(struct slice text, const struct text_word_list *words, const struct mask_piece_list *pieces,
                    const struct vocabulary *vocabulary, struct arena *arena, struct slice_list *out)
{
    struct finder f = {text, words->items, ARENA_ARRAY(arena, words->count + 1, enum word_kind), words->count, true};
    size_t next = 0;
    for (size_t i = 0; i < f.count; i++)
        f.kinds[i] = overlaps(pieces, &f.words[i], &next) ? WORD_PERSON : kind_of(vocabulary, &f.words[i]);
    enum word_kind *before = ARENA_ARRAY(arena, f.count + 1, enum word_kind);
    memcpy(before, f.kinds, f.count * sizeof *before);
    for (size_t i = 0; i < f.count; i++) {
        look_at_greeting(&f, i);
        look_at_closing(&f, i);
    }
    look_at_last_lines(&f);
    for (size_t round = 0; f.changed && round < words->count; round++) {
        f.changed = false;
        look_around(&f);
    }
    for (size_t i = 0; i < f.count; i++)
        if (before[i] == WORD_STRANGE && f.kinds[i] == WORD_PERSON)
            ARENA_PUSH(arena, out, f.words[i].folded);
}
