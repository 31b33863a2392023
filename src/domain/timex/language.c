#include "domain/timex/internal.h"

/* Which language, by the small words that only one of the two has. */

static const char *const french[] = {
    "le",      "la",           "les",       "des",     "du",       "de",       "et",    "est",
    "je",      "vous",         "nous",      "tu",      "il",       "elle",     "un",    "une",
    "pour",    "avec",         "que",       "qui",     "pas",      "sur",      "dans",  "ce",
    "cette",   "mais",         "ou",        "bonjour", "merci",    "oui",      "non",   "peux",
    "suis",    "plutot",       "semaine",   "lundi",   "mardi",    "mercredi", "jeudi", "vendredi",
    "samedi",  "dimanche",     "demain",    "matin",   "aprem",    "midi",     "soir",  "heure",
    "heures",  "prochain",     "prochaine", "au",      "aux",      "avant",    "apres", "entre",
    "rdv",     "dispo",        "ne",        "se",      "sa",       "mon",      "ton",   "votre",
    "notre",   "cordialement", "salut",     "janvier", "fevrier",  "avril",    "mai",   "juin",
    "juillet", "aout",         "septembre", "octobre", "novembre", "decembre", "jour",  "jours",
    "mois",    "chaque",       "tous",      "jusqu",   "sauf",     "ca",       "moi",   "vers",
    "aujourd", "hier",         "creneau",   "reunion", "bien",     "peut",     "ni",    "rien",
};
static const char *const english[] = {
    "the",       "and",       "is",       "are",      "you",       "we",       "he",
    "she",       "it",        "of",       "to",       "for",       "with",     "that",
    "this",      "not",       "but",      "or",       "hello",     "hi",       "thanks",
    "thank",     "yes",       "no",       "can",      "could",     "would",    "am",
    "i",         "my",        "your",     "our",      "at",        "in",       "from",
    "on",        "week",      "monday",   "tuesday",  "wednesday", "thursday", "friday",
    "saturday",  "sunday",    "tomorrow", "morning",  "afternoon", "evening",  "noon",
    "next",      "meeting",   "call",     "please",   "regards",   "best",     "january",
    "february",  "march",     "april",    "may",      "june",      "july",     "august",
    "september", "october",   "november", "december", "day",       "days",     "month",
    "every",     "until",     "except",   "before",   "after",     "between",  "works",
    "any",       "free",      "have",     "will",     "be",        "let",      "me",
    "today",     "yesterday", "hour",     "hours",    "do",        "does",     "all",
    "by",        "good",
};

enum { TABLE = 1024 };
struct clue {
    const char *word;
    uint32_t hash;
    uint8_t length;
    int8_t french, english;
};
static struct clue clues[TABLE];
static bool prepared;

static struct clue *slot_of(const char *word, size_t length, bool insert)
{
    uint32_t hash = word_hash(word, length), at = hash % TABLE;
    for (; clues[at].word != NULL; at = (at + 1) % TABLE)
        if (clues[at].hash == hash && clues[at].length == length &&
            memcmp(clues[at].word, word, length) == 0)
            return &clues[at];
    if (insert)
        clues[at] = (struct clue){.word = word, .hash = hash, .length = (uint8_t)length};
    return insert ? &clues[at] : NULL;
}

static void prepare(void)
{
    if (prepared)
        return;
    for (size_t i = 0; i < sizeof french / sizeof *french; i++)
        slot_of(french[i], strlen(french[i]), true)->french = 1;
    for (size_t i = 0; i < sizeof english / sizeof *english; i++)
        slot_of(english[i], strlen(english[i]), true)->english = 1;
    prepared = true;
}

enum language timex_language(struct slice text)
{
    enum { WORD_MAX = 24, BYTES_MAX = 8192 };
    prepare();
    char word[WORD_MAX];
    size_t length = 0, fr = 0, en = 0;
    bool last = false;
    for (size_t at = 0; at < text.len && at < BYTES_MAX && !last;) {
        uint32_t cp = ' ';
        char letters[4];
        if (!utf8_next(text, &at, &cp))
            at++;
        size_t count = fold_code_point(cp, letters);
        last = at >= text.len;
        if (cp >= 0xC0 && cp < 0x180)
            fr += 1;
        for (size_t i = 0; i < count && length < WORD_MAX; i++)
            word[length++] = letters[i];
        if ((count == 0 || last) && length > 0) {
            const struct clue *clue = slot_of(word, length, false);
            fr += clue != NULL && clue->french ? 2 : 0;
            en += clue != NULL && clue->english ? 2 : 0;
            length = 0;
        }
    }
    if (fr > en && fr >= 2 && fr > 2 * en)
        return LANGUAGE_FR;
    if (en > fr && en >= 2 && en > 2 * fr)
        return LANGUAGE_EN;
    return LANGUAGE_UNKNOWN;
}
