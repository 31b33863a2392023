#include "domain/timex/wish.h"

/* Statements about days that hold no word of refusal: that a day is taken ("Tuesdays are market
 * days for me", "mardi j'ai le conseil"), whose week is spoken of ("my week is packed"), and
 * what one zone's hours are in another ("my mornings are your late afternoons"). */

enum { WORDS_AHEAD = 4 };

static bool word_of(const struct token *t, const char *const *words, size_t count)
{
    const struct slice word = {t->folded, t->folded_len};
    return t->kind == TOKEN_WORD && wordlist_place_of(words, count, word, t->hash) != 0;
}
/* Of a static table. */
#define WORD_OF(t, words) word_of(t, words, sizeof(words) / sizeof *(words))

/* The token, or one that is no word behind the end. */
static const struct token *token_at(const struct wish_reader *w, size_t at)
{
    static const struct token none = {.kind = TOKEN_LINE};
    return at < w->reader->tokens.count ? &w->reader->tokens.items[at] : &none;
}

static const char *const be[] = {"is", "s", "are", "re", "est", "sont", "being", "etant"};
static const char *const owners[] = {"always", "usually", "also",    "both", "all",  "my",   "our",
                                     "her",    "his",     "their",   "the",  "a",    "an",   "mon",
                                     "mes",    "notre",   "nos",     "son",  "ses",  "leur", "leurs",
                                     "un",     "des",     "le",      "les",  "mine", "deja", "already",
                                     "aussi",  "toujours", "only",   "seul",  "seule"};
static const char *const days_en[] = {"day", "days"};
static const char *const days_fr[] = {"jour", "jours", "journee", "journees"};
/* "Friday is a good day", "my free days", "office days": no word of being taken. */
static const char *const welcome[] = {
    "good",   "best",   "great",  "fine",      "better",   "other",     "first",
    "second", "last",   "next",   "same",      "free",     "easy",      "easiest",
    "quiet",  "ideal",  "perfect", "possible", "usual",    "preferred", "favourite", "favorite",
    "nice",   "lovely", "working", "work",     "half",     "office",   "available", "clear",
    "light",  "longer", "normal", "suitable",  "likely",   "right",    "wrong",     "new",
    "this",   "that",   "these",  "those",     "any",      "every",    "each",      "two",
    "three",  "four",   "of",     "in",        "for",      "what",     "which",     "quietest"};
/* "mes jours de présence" */
static const char *const presence[] = {"presence", "disponibilite", "disponibilites", "dispo",
                                       "dispos",   "liberte",       "bureau",         "libre"};
static const char *const of_fr[] = {"de", "d", "du", "des", "a", "au", "avec", "sans", "portes"};
static const char *const full_fr[] = {"pris", "prise", "charge", "charges", "chargee", "chargees",
                                      "plein", "pleins", "pleine", "pleines", "complet", "complets"};

/* "… market days": the token behind it, 0 if it is nothing of the kind. */
static size_t taken_day_en(const struct wish_reader *w, size_t at)
{
    for (size_t i = at; i < at + 3; i++) {
        const struct token *t = token_at(w, i);
        if (WORD_OF(t, days_en))
            return i > at ? i + 1 : 0;
        if (t->kind != TOKEN_WORD || WORD_OF(t, welcome))
            return 0;
    }
    return 0;
}

/* "… jours de marché", "… journée chargée" */
static size_t taken_day_fr(const struct wish_reader *w, size_t at)
{
    if (!WORD_OF(token_at(w, at), days_fr))
        return 0;
    const struct token *after = token_at(w, at + 1);
    if (WORD_OF(after, full_fr))
        return at + 2;
    bool of = WORD_OF(after, of_fr) && token_at(w, at + 2)->kind == TOKEN_WORD;
    return of && !WORD_OF(token_at(w, at + 2), presence) ? at + 3 : 0;
}

bool taken_day_at(const struct wish_reader *w, size_t token, size_t *end)
{
    static const char *const it[] = {"c", "ce"};
    token += WORD_OF(token_at(w, token), it);
    if (!WORD_OF(token_at(w, token), be))
        return false;
    size_t at = token + 1;
    while (at < token + WORDS_AHEAD && WORD_OF(token_at(w, at), owners))
        at++;
    size_t found = taken_day_en(w, at);
    found = found > 0 ? found : taken_day_fr(w, at);
    if (found > 0)
        *end = found;
    return found > 0;
}

/* "My market days are …", "mes jours de marché sont …": what follows is taken. */
bool taken_days_are_at(const struct wish_reader *w, size_t token, size_t *end)
{
    static const char *const mine[] = {"my", "our", "mon", "mes", "nos", "notre"};
    if (!WORD_OF(token_at(w, token), mine))
        return false;
    size_t at = taken_day_en(w, token + 1);
    at = at > 0 ? at : taken_day_fr(w, token + 1);
    if (at == 0 || !WORD_OF(token_at(w, at), be))
        return false;
    *end = at + 1;
    return true;
}

/* "I'm teaching", "I have my students", "j'ai le conseil": what the writer does then. */
static const char *const me[] = {"i", "we", "he", "she", "they", "je", "j", "on", "nous", "il",
                                 "elle", "ils", "elles"};
static const char *const am[] = {"m", "am", "re", "are", "ll", "will", "be", "s", "is", "suis",
                                 "sommes", "serai", "serons", "est", "sera", "sont"};
static const char *const doing[] = {"with",     "teaching", "visiting", "giving",  "hosting",
                                    "running",  "chairing", "stuck",    "driving", "lecturing",
                                    "invigilating", "auditing", "avec", "chez", "on"};
static const char *const have[] = {"have", "ve", "got", "ai", "avons", "a", "aurai", "aurons", "has"};
static const char *const some[] = {"a",   "an",  "my",  "our",  "the", "un",  "une", "des",
                                   "le",  "la",  "les", "l",    "mon", "ma",  "mes", "notre",
                                   "nos", "du",  "her", "his",  "two", "three", "deux", "trois",
                                   "deja", "already"};
static const char *const bare_fr[] = {"conseil", "cours",    "reunion", "comite",   "formation",
                                      "rdv",     "audience", "dentiste", "seminaire", "rendez"};
/* "I have a gap", "j'ai un créneau": free then; or no matter of a day at all. */
static const char *const room[] = {
    "time",  "gap",    "slot",    "window",     "hole",     "moment", "free",   "preference",
    "few",   "bit",    "clear",   "hour",       "hours",    "opening", "openings", "availability",
    "idea",  "feeling", "question", "slots",    "gaps",     "couple", "choice", "option",
    "options", "date", "dates",   "space",      "room",     "half",   "lot",    "whole",
    "temps", "place",  "creneau", "creneaux",   "trou",     "trous",  "dispo",  "dispos",
    "disponibilite", "disponibilites", "heure", "heures",   "fenetre", "possibilite", "petit",
    "petite", "choix", "idee",    "plaisir",    "honneur",  "impression", "chance", "projet",
    "client", "cliente", "favour", "favor",     "request",  "demi",   "bonne",  "slight", "strong",
    "light", "quiet",  "you",     "vous",       "toi",      "matinee", "apres", "afternoon",
    "morning", "journee", "day",  "evening",    "soiree",   "matin"};

/* "J'ai rendez-vous avec Rémy", "a call with Ann": that may be the meeting itself. */
static bool with_name(const struct wish_reader *w, size_t at)
{
    static const char *const with[] = {"avec", "with"};
    for (size_t i = at; i < at + 6; i++) {
        const struct token *t = token_at(w, i);
        if (t->kind != TOKEN_WORD && !(t->kind == TOKEN_SIGN && t->value == '-'))
            return false;
        if (WORD_OF(t, with))
            return token_at(w, i + 1)->capital;
    }
    return false;
}

static bool has_engagement(const struct wish_reader *w, size_t at)
{
    if (with_name(w, at))
        return false;
    if (WORD_OF(token_at(w, at), bare_fr))
        return true;
    if (!WORD_OF(token_at(w, at), some))
        return false;
    for (size_t i = at + 1; i < at + 4; i++) {
        const struct token *t = token_at(w, i);
        if (t->kind != TOKEN_WORD)
            return i > at + 1;
        if (WORD_OF(t, room))
            return false;
    }
    return true;
}

/* Whether the text speaks of a meeting over a wire: who is elsewhere then cannot. */
static bool meets_by_wire(const struct wish_reader *w)
{
    static const char *const wires[] = {"call",    "phone",  "video",     "zoom",       "teams",
                                        "online",  "visio",  "telephone", "telephoner", "appel",
                                        "appeler", "webex",  "skype",     "visioconference",
                                        "ring",    "appelle", "videoconference"};
    for (size_t i = 0; i < w->reader->tokens.count; i++)
        if (WORD_OF(token_at(w, i), wires))
            return true;
    return false;
}

/* "I'm in Lisbon until Thursday, so Friday": a reason against these days. */
static bool so_follows(const struct wish_reader *w, size_t at)
{
    static const char *const so[] = {"so", "donc", "coup", "hence"};
    for (size_t i = at; i < at + 16; i++) {
        const struct token *t = token_at(w, i);
        if (t->kind == TOKEN_LINE || (t->kind == TOKEN_SIGN && t->value != ',' && t->value != '-'))
            return false;
        if (WORD_OF(t, so))
            return true;
    }
    return false;
}

static bool is_time_word(const struct wish_reader *w, const struct token *t)
{
    static const enum category times[] = {CAT_month, CAT_wd, CAT_season, CAT_holiday, CAT_pod, CAT_unit};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (lexicon_is(w->reader, t, times[i]))
            return true;
    return false;
}

/* "in Leeds", "à Lyon" */
static bool is_elsewhere(const struct wish_reader *w, size_t at)
{
    static const char *const in[] = {"in", "at", "a", "en", "sur"};
    const struct token *place = token_at(w, at + 1);
    return WORD_OF(token_at(w, at), in) && place->kind == TOKEN_WORD && place->capital &&
           !is_time_word(w, place) && (meets_by_wire(w) || so_follows(w, at));
}

bool engaged_at(const struct wish_reader *w, size_t token, size_t *end)
{
    if (!WORD_OF(token_at(w, token), me))
        return false;
    size_t at = token + 1;
    while (at < token + 3 && WORD_OF(token_at(w, at), am))
        at++;
    if (at > token + 1 && is_elsewhere(w, at)) {
        *end = at + 1;
        return true;
    }
    if (at > token + 1 && WORD_OF(token_at(w, at), doing)) {
        static const char *const others[] = {"you", "vous", "toi"};
        bool you = WORD_OF(token_at(w, at + 1), others);
        *end = at + 1;
        return !you;
    }
    at = token + 1;
    while (at < token + 3 && WORD_OF(token_at(w, at), have))
        at++;
    if (at == token + 1 || !has_engagement(w, at))
        return false;
    *end = at + 1;
    return true;
}

/* "Friday we're moving offices", "je garde mes petits-enfants mercredi": a subject, something that
 * is said of it, and no word by which people welcome a time, ask for it or plan it. */
static const char *const subjects[] = {
        "i",   "we",  "he",   "she", "they", "it",  "there", "is",  "are", "s",   "re",  "m",
        "am",  "has", "have", "ve",  "je",   "j",   "nous",  "on",  "il",  "elle", "ils", "elles",
        "c",   "est", "sont", "ont", "ai",   "y",   "ll",  "suis", "who", "qui", "ca"};
static const char *const small[] = {
        "the", "le", "la", "les", "l", "un", "une", "du", "de", "des", "d", "au", "en", "on", "in",
        "at",  "to", "of", "and", "et", "que", "qu", "that", "my", "our", "mon", "ma", "mes", "this",
        "those", "pour", "for", "or", "ou", "got", "se", "nous", "vous", "only", "also", "aussi", "with", "avec", "me", "moi"};
static const char *const asked[] = {
        "good",   "best",    "better", "great",  "ideal",   "perfect", "suit",   "suits",  "work",
        "works",  "fine",    "ok",     "okay",   "can",     "could",   "would",  "d",      "let",
        "lets",   "shall",   "how",    "what",   "why",     "free",    "available", "open", "say",
        "maybe",  "perhaps", "possible", "please", "find",  "book",    "meet",   "see",    "talk",
        "speak",  "call",    "catch",  "aim",    "aiming",  "try",     "go",     "going",  "pick",
        "choose", "prefer",  "like",   "love",   "happy",   "around",  "here",   "town",   "office",
        "time",   "gap",     "slot",   "think",  "thinking", "thought", "hoping", "hope",  "vote",
        "suggest", "propose", "said",  "mean",   "meant",   "plan",    "planned", "planning", "want",
        "wants",  "wanted",  "take",   "fancy",  "reckon",  "guess",   "lean",   "leaning", "opt",
        "fix",    "set",     "pencil", "pencilled", "schedule", "make", "need",  "needs",  "must",
        "should", "ask",     "asked",  "asks",   "likes",   "prefers", "usual",  "usually", "date",
        "target", "favourite", "favorite", "choice", "first", "second", "looking", "look", "looks",
        "left",   "keep",    "kept",   "hold",   "offer",   "offers",  "send",   "list",   "tell",
        "may",    "might",   "will",   "be",     "being",   "was",     "were",   "had",    "easier",
        "easy",   "quiet",   "quieter", "quietest", "clear", "light",  "suitable", "convenient",
        "welcome", "invite", "invited", "join",  "come",    "comes",   "coming", "back",   "return",
        "arrive", "arrives", "arriving", "land", "due",     "by",      "before", "after",  "until",
        "from",   "both",    "either", "know",   "let's",   "lunch",   "dinner", "coffee", "meeting",
        "bien",   "mieux",   "parfait", "peux",  "peut",    "pouvons", "pourrait", "pourrions",
        "pourrais", "va",    "vont",   "irait",  "iraient", "convient", "conviendrait", "arrange",
        "arrangerait", "libre", "dispo", "disponible", "voir", "voit", "voyons", "appel", "appeler",
        "appelle", "prendre", "prenons", "trouver", "trouve", "caler", "cale", "calons", "fixer",
        "fixe",   "proposer", "propose", "disons", "dirais", "dis",    "plutot", "peut",   "merci",
        "svp",    "vise",    "option", "creneau", "creneaux", "choix", "passe",  "passent",
        "jouable", "faisable", "tente", "vaut",  "reste",   "restent", "ouvert", "presence", "bureau",
        "pense",  "pensais", "pensions", "penche", "pars",  "part",    "partons", "mets",  "mettons",
        "note",   "notez",   "bloque", "retiens", "suggere", "verrais", "voyais", "imagine", "souhaite",
        "souhaiterais", "voudrais", "veux", "aimerais", "aime", "compte", "prevois", "opte", "choisis",
        "faut",   "doit",    "soit",   "serait", "seraient", "sera",   "etait",  "rappelle", "rappeler",
        "reparle", "parle",  "parler", "discute", "discuter", "ici",   "jour",   "date",   "rendez",
        "rdv",    "reunion", "dejeuner", "diner", "cafe",   "visio",   "video",  "envoie", "envoyez",
        "dites",  "revient", "reviens", "rentre", "arrive", "arrivera", "possibilite", "demande",
        "demandait", "heure", "heures", "hour",  "hours",   "minutes", "prefere", "prefererais",
        "freest", "one",     "room",   "salle",  "viens",  "vient",  "venons", "retrouve", "retrouvons",
        "fait",   "faisons", "vide",   "vides",  "empty",  "libres", "tombe",  "tombent", "rejoins",
        "encore", "still",   "avance", "joindre", "joignable", "reach", "reachable", "invite"};

/* Looked up for every word of a text: by its hash, the first list that has it. */
enum { STATEMENT_SLOTS = 2048 };
static struct {
    uint32_t hash;
    uint8_t kind; /* 1 + enum statement_word, 0: free */
} statement_words[STATEMENT_SLOTS];

static size_t statement_slot(uint32_t hash)
{
    size_t slot = hash % STATEMENT_SLOTS;
    while (statement_words[slot].kind != 0 && statement_words[slot].hash != hash)
        slot = (slot + 1) % STATEMENT_SLOTS;
    return slot;
}

static void put_statement_words(const char *const *words, size_t count, enum statement_word kind)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t hash = word_hash(words[i], strlen(words[i]));
        size_t slot = statement_slot(hash);
        if (statement_words[slot].kind == 0) {
            statement_words[slot].hash = hash;
            statement_words[slot].kind = (uint8_t)(1 + kind);
        }
    }
}

void statement_words_prepare(void)
{
    static bool done;
    if (done)
        return;
    put_statement_words(subjects, sizeof subjects / sizeof *subjects, STATEMENT_SUBJECT);
    put_statement_words(small, sizeof small / sizeof *small, STATEMENT_NOTHING);
    put_statement_words(asked, sizeof asked / sizeof *asked, STATEMENT_WELCOME);
    done = true;
}

enum statement_word statement_word(const struct token *t)
{
    if (t->kind != TOKEN_WORD)
        return STATEMENT_NOTHING;
    size_t slot = statement_slot(t->hash);
    return statement_words[slot].kind == 0
               ? STATEMENT_OTHER
               : (enum statement_word)(statement_words[slot].kind - 1);
}

/* "my week", "ma semaine": no week of its own, but the one that is spoken of. */
bool is_own_week(const struct wish_reader *w, const struct mention *mention)
{
    static const char *const mine[] = {"my", "our", "his", "her", "their", "ma", "notre", "sa", "leur"};
    static const char *const weeks[] = {"week", "semaine"};
    size_t last = mention->token_end - 1;
    return last > 0 && WORD_OF(token_at(w, last), weeks) && WORD_OF(token_at(w, last - 1), mine);
}

/* Between two parts of the day: "are your", "c'est", "here are … there". */
bool is_equation(const struct wish_reader *w, const struct note *a, const struct note *b)
{
    static const char *const joint[] = {
        "are",  "is",   "s",    "your", "my",   "our",  "their", "the",  "vos",  "votre", "tes",
        "ton",  "ta",   "ma",   "mon",  "mes",  "nos",  "notre", "la",   "le",   "les",   "l",
        "here", "there", "ici", "chez", "vous", "moi",  "nous",  "toi",  "c",    "est",   "sont",
        "for",  "me",   "us",   "you",  "already", "deja", "of", "in",   "ce",   "time",  "his",
        "her",  "eux",  "elle", "lui",  "them", "him",  "ses",   "leurs", "leur", "only", "about"};
    static const char *const apart[] = {"your", "vos", "votre", "tes", "ton", "ta", "there", "chez",
                                        "you", "their", "his", "her", "leurs", "leur", "ses", "me"};
    bool is = false, other = b->token_start > 0 && WORD_OF(token_at(w, b->token_start - 1), apart);
    other |= a->token_start > 0 && WORD_OF(token_at(w, a->token_start - 1), apart);
    if (b->token_start <= a->token_end || b->token_start - a->token_end > 6)
        return false;
    for (size_t i = a->token_end; i < b->token_start; i++) {
        const struct token *t = token_at(w, i);
        bool comma = t->kind == TOKEN_SIGN && t->value == ',';
        if (!comma && !WORD_OF(t, joint))
            return false;
        is |= WORD_OF(t, be);
        other |= WORD_OF(t, apart);
    }
    for (size_t i = a->token_start; i < b->token_end; i++) /* the rules take "your" in */
        other |= WORD_OF(token_at(w, i), apart);
    for (size_t i = b->token_end; i < b->token_end + 2; i++)
        other |= WORD_OF(token_at(w, i), apart);
    static const char *const in[] = {"in", "at", "a", "en", "sur"};
    other |= WORD_OF(token_at(w, b->token_end), in) && token_at(w, b->token_end + 1)->capital;
    return is && other;
}

/* "It's 9am there when it's 3pm here", "il est 9h chez eux": what the clock shows somewhere. */
bool is_clock_elsewhere(const struct wish_reader *w, const struct note *n)
{
    static const char *const is[] = {"s", "is", "est", "be", "sera"};
    static const char *const it[] = {"it", "il", "c", "which", "will"};
    static const char *const where[] = {"there", "here", "chez", "ici", "la", "over", "for", "in"};
    size_t at = n->token_start;
    return at > 1 && WORD_OF(token_at(w, at - 1), is) && WORD_OF(token_at(w, at - 2), it) &&
           WORD_OF(token_at(w, n->token_end), where);
}

/* Whether a verdict may speak of what the sentence before named: "Next week? Impossible.", "That
 * won't work"; not "my train is full". */
bool verdict_alone(const struct wish_reader *w, size_t first, size_t token)
{
    static const char *const mine[] = {"my", "our", "ma", "mes", "mon", "notre", "nos", "his", "her",
                                       "their", "sa", "son", "ses", "leur", "leurs"};
    for (size_t i = first; i < token; i++)
        if (WORD_OF(token_at(w, i), mine))
            return false;
    return true;
}

/* "pour le séminaire de janvier", "about the spring training": what it is about, not where the
 * writer is. `token`: of the noun. */
bool is_topic_noun(const struct wish_reader *w, size_t token)
{
    static const char *const about[] = {"pour", "sur", "concernant", "preparer", "about", "for",
                                        "regarding", "prepare", "discuss", "discuter", "parler",
                                        "parle", "parlons", "parlions", "reparler", "reparlons", "discutons", "evoquer", "evoquons",
                                        "aborder", "abordons", "organisons", "preparons", "plan", "organiser", "organise", "propos", "sujet",
                                        "before", "avant", "after", "apres"};
    static const char *const articles[] = {"le",  "la", "les", "l",  "notre", "votre", "the", "our",
                                           "your", "du", "de", "ton", "son",  "nos",   "vos", "next",
                                           "prochain", "prochaine"};
    static const char *const away[] = {"m", "am", "suis", "sera", "serai", "absent", "absente", "away",
                                       "est", "is", "out", "pars", "re", "off", "leaving", "s"};
    size_t at = token;
    while (at > 0 && WORD_OF(token_at(w, at - 1), articles) && token - at < 3)
        at--;
    if (at == token || at == 0 || !WORD_OF(token_at(w, at - 1), about))
        return false;
    for (size_t i = at - 1; i > 0 && token_at(w, i - 1)->kind == TOKEN_WORD; i--)
        if (WORD_OF(token_at(w, i - 1), away))
            return false;
    return true;
}

static bool is_live(const struct note *n)
{
    return !n->dropped && !n->excluded && !n->engaged && !n->own_week;
}

/* A week that was asked for is not ruled out by how full it is; without one, "my week" is this
 * one. */
static void settle_own_week(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    for (size_t i = 0; i < index; i++)
        if (is_live(&w->notes.items[i]) && w->notes.items[i].kind != NOTE_TIME)
            n->dropped = true;
    if (!n->excluded)
        n->dropped = true;
}

static bool same_days(const struct note *a, const struct note *b)
{
    if (a->bare && b->bare)
        return a->wd == b->wd;
    return !b->frame && a->spans.count > 0 && b->spans.count > 0 &&
           a->spans.items[0].a == b->spans.items[0].a;
}

/* Where other times are spoken of, what the writer does is in the way; where there are none, it
 * may be the very occasion ("I'm at the fair on Tuesday, could we meet there?"). */
static void settle_engaged(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    bool others = w->all || (w->any_day && !n->told);
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *other = &w->notes.items[i];
        if (i == index || other->dropped || other->engaged)
            continue;
        others |= !n->told || (is_live(other) && other->frame && other->kind == NOTE_DAYS);
        if (is_live(other) && same_days(n, other))
            return;
    }
    if (!others || n->dropped || n->excluded || n->wished || n->avoided)
        return;
    if (n->told && !n->each && !n->generic)
        w->writer_decides = true; /* likely, not sure */
    if (n->kind == NOTE_TIME && n->exact)
        n->dropped = true;
    else
        n->excluded = n->absent = true;
}

/* "La semaine prochaine, jeudi excepté": read as the Thursday of next week; of it the rest is
 * asked for. */
static void ask_for_week(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    bool in_week = n->excluded && !n->dropped && n->kind == NOTE_DAYS && n->meaning != NULL &&
                   (n->meaning->flags & F_NTH) && n->meaning->day1 - n->meaning->day0 == 1;
    bool comma = false;
    for (uint32_t i = n->token_start; in_week && i < n->token_end; i++)
        comma |= token_at(w, i)->kind == TOKEN_SIGN && token_at(w, i)->value == ',';
    for (size_t i = 0; comma && i < w->notes.count; i++)
        comma = !is_live(&w->notes.items[i]) || w->notes.items[i].kind == NOTE_TIME;
    if (!comma || w->notes.count >= NOTES_MAX)
        return;
    int64_t monday = ((int64_t)n->meaning->day0 - ((n->meaning->day0 + 3) % 7 + 7) % 7) * 86400;
    struct note week = {.kind = NOTE_DAYS, .wd = -1, .frame = true, .sentence = n->sentence,
                        .clause = n->clause, .token_start = n->token_start,
                        .token_end = n->token_start};
    week.spans = spans_one(monday, monday + 5 * 86400, w->arena);
    ARENA_PUSH(w->arena, &w->notes, week);
}

void settle_taken(struct wish_reader *w)
{
    for (size_t i = 0; i < w->notes.count; i++)
        ask_for_week(w, i);
    for (size_t i = 0; i < w->notes.count; i++)
        if (w->notes.items[i].own_week)
            settle_own_week(w, i);
    for (size_t i = 0; i < w->notes.count; i++)
        if (w->notes.items[i].engaged)
            settle_engaged(w, i);
}
