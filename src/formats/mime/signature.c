/* Where the writer's signature and the footers of programs and companies begin. Only what
 * stands at the end can be one, and a line that says anything is never taken. */
#include "formats/mime/internal.h"

#include <string.h>

enum {
    SIGNATURE_LINES_MAX = 12, /* lines with text */
    SIGNATURE_LINE_MAX = 90,  /* bytes */
    CLOSING_MAX = 60,
    FOOTER_BYTES_MIN = 60,
};

static const char *const closings[] = {"cordialement",
                                       "bien cordialement",
                                       "tres cordialement",
                                       "cordialement votre",
                                       "cdlt",
                                       "cdt",
                                       "crdt",
                                       "bien a vous",
                                       "bien a toi",
                                       "bien amicalement",
                                       "amicalement",
                                       "amities",
                                       "bien sincerement",
                                       "sincerement",
                                       "respectueusement",
                                       "bien respectueusement",
                                       "salutations",
                                       "sinceres salutations",
                                       "meilleures salutations",
                                       "cordiales salutations",
                                       "salutations distinguees",
                                       "salutations cordiales",
                                       "avec mes salutations",
                                       "bonne journee",
                                       "belle journee",
                                       "bonne soiree",
                                       "belle soiree",
                                       "bonne fin de journee",
                                       "bon week-end",
                                       "bonne fin de semaine",
                                       "bon weekend",
                                       "a bientot",
                                       "a tres bientot",
                                       "a tres vite",
                                       "bises",
                                       "bisous",
                                       "bizz",
                                       "la bise",
                                       "fidelement",
                                       "votre bien devoue",
                                       "votre devoue",
                                       "devouement",
                                       "best regards",
                                       "kind regards",
                                       "kindest regards",
                                       "warm regards",
                                       "warmest regards",
                                       "regards",
                                       "with best regards",
                                       "with kind regards",
                                       "best wishes",
                                       "all the best",
                                       "best",
                                       "cheers",
                                       "sincerely",
                                       "sincerely yours",
                                       "yours sincerely",
                                       "yours truly",
                                       "yours faithfully",
                                       "yours",
                                       "respectfully",
                                       "cordially",
                                       "have a great day",
                                       "have a good day",
                                       "have a nice day",
                                       "talk soon",
                                       "speak soon",
                                       "take care",
                                       "br",
                                       "rgds",
                                       "med vanlig halsning",
                                       "vanliga halsningar",
                                       "mit freundlichen grussen",
                                       "freundliche grusse",
                                       "viele grusse",
                                       "beste grusse",
                                       "mfg",
                                       "lg",
                                       "cordiali saluti",
                                       "distinti saluti",
                                       "saluti",
                                       "saludos",
                                       "un saludo",
                                       "saludos cordiales",
                                       "atentamente",
                                       "atenciosamente",
                                       "cumprimentos",
                                       "abracos",
                                       "met vriendelijke groet",
                                       "vriendelijke groet",
                                       "groeten",
                                       "venlig hilsen",
                                       "med venlig hilsen",
                                       "hilsen",
                                       "mvh",
                                       "ystavallisin terveisin",
                                       "terveisin",
                                       "pozdrawiam",
                                       "s pozdravem"};
/* These say something as well: the line stays, the name below goes. */
static const char *const thanks[] = {"merci",
                                     "merci beaucoup",
                                     "merci bien",
                                     "merci d'avance",
                                     "merci par avance",
                                     "grand merci",
                                     "mille mercis",
                                     "un grand merci",
                                     "avec mes remerciements",
                                     "thanks",
                                     "thank you",
                                     "many thanks",
                                     "thanks a lot",
                                     "thanks so much",
                                     "thanks in advance",
                                     "thank you very much",
                                     "thx",
                                     "tks",
                                     "with thanks",
                                     "gracias",
                                     "grazie",
                                     "danke",
                                     "obrigado",
                                     "tack",
                                     "tak"};
/* Parts of the long French formulas. */
static const char *const formulas[] = {
    "salutations distinguees",  "sinceres salutations",    "salutations les meilleures",
    "meilleures salutations",   "prie d'agreer",           "prions d'agreer",
    "veuillez agreer",          "veuillez recevoir",       "prie de recevoir",
    "prie de croire",           "mes salutations",         "sentiments distingues",
    "sentiments les meilleurs", "consideration distinguee"};

static const char *const device_starts[] = {"envoye de mon",
                                            "envoye depuis",
                                            "envoye a partir de",
                                            "envoye avec",
                                            "envoye sans fil",
                                            "envoye via",
                                            "envoye du",
                                            "message envoye depuis",
                                            "sent from",
                                            "sent via",
                                            "sent wirelessly",
                                            "sent with",
                                            "sent using",
                                            "sent on the",
                                            "get outlook for",
                                            "obtenir outlook",
                                            "telecharger outlook",
                                            "provenance : courrier",
                                            "gesendet von",
                                            "gesendet mit",
                                            "gesendet aus",
                                            "von meinem",
                                            "diese nachricht wurde von",
                                            "enviado desde",
                                            "enviado do",
                                            "enviado de",
                                            "enviado con",
                                            "inviato da",
                                            "verzonden vanaf",
                                            "verstuurd vanaf",
                                            "skickat fran",
                                            "sendt fra",
                                            "lahetetty",
                                            "wyslane z",
                                            "отправлено с",
                                            "отправлено из",
                                            "fra min iphone",
                                            "von unterwegs"};

static const char *const letter_words[] = {
    "message", "messages", "mail",     "mails",     "e-mail",        "e-mails",
    "email",   "emails",   "courriel", "courriels", "communication", "transmission"};
static const char *const secrecy_words[] = {
    "confidentiel",       "confidentiels", "confidentielle",  "confidentielles",
    "confidentialite",    "confidential",  "confidentiality", "secret professionnel",
    "intended recipient", "intended only", "intended solely", "addressee",
    "addressee(s)",       "par erreur",    "in error",        "privileged",
    "destinataire",       "destinataires", "environment",     "l'environnement",
    "imprimer",           "printing",      "virus",           "viruses",
    "disclaimer"};
static const char *const company_footers[] = {"registered in england",
                                              "registered office",
                                              "registered in",
                                              "company number",
                                              "siege social",
                                              "capital social",
                                              "au capital de",
                                              "rcs",
                                              "think before you print",
                                              "confidentiality notice",
                                              "avis de confidentialite",
                                              "pensez a l'environnement",
                                              "please consider the environment",
                                              "n'imprimez ce",
                                              "garanti sans virus",
                                              "virus-free",
                                              "sans virus"};
static const char *const leave_words[] = {"unsubscribe",
                                          "desinscrire",
                                          "desabonner",
                                          "se desabonner",
                                          "mailing list",
                                          "google groups",
                                          "manage your subscription"};

static const char *const week_words[] = {
    "lundi",    "mardi",     "mercredi",    "jeudi",    "vendredi",  "samedi",   "dimanche",
    "monday",   "tuesday",   "wednesday",   "thursday", "friday",    "saturday", "sunday",
    "demain",   "tomorrow",  "aujourd'hui", "today",    "janvier",   "fevrier",  "mars",
    "avril",    "juin",      "juillet",     "aout",     "septembre", "octobre",  "novembre",
    "decembre", "january",   "february",    "march",    "april",     "june",     "july",
    "august",   "september", "october",     "november", "december"};
/* Short lines that people write, never a name or an office. */
static const char *const saying_words[] = {
    "oui",     "non",    "ok",    "okay",       "yes",       "no",   "parfait", "perfect", "super",
    "top",     "great",  "noted", "bien recu",  "je",        "j'ai", "j'y",     "tu",      "vous",
    "on",      "nous",   "i",     "i'm",        "i'll",      "you",  "we",      "peux",    "peut",
    "pouvez",  "can",    "could", "please",     "svp",       "stp",  "ca",      "c'est",   "that",
    "this",    "est",    "sera",  "is",         "are",       "will", "ps",      "p.s",     "nb",
    "accepte", "refuse", "dispo", "disponible", "available", "free", "merci",   "thanks",  "works",
    "bonjour", "hello",  "hi",    "salut"};

static struct slice trim_end(struct slice s, const char *bytes)
{
    s = slice_trim(s);
    while (s.len > 0 && strchr(bytes, s.data[s.len - 1]) != NULL && s.data[s.len - 1] != '\0')
        s.len--;
    return s;
}

static struct slice trim_stars(struct slice s)
{
    while (s.len > 0 && (s.data[0] == '*' || s.data[0] == ' ' || s.data[0] == '_'))
        s = slice_sub(s, 1, s.len);
    return trim_end(s, "*_ ");
}

static bool equals_any(struct slice s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(s, slice_from(words[i])))
            return true;
    return false;
}

static size_t count_words(struct slice s)
{
    size_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < s.len; i++) {
        bool letter = !ascii_is_space(s.data[i]);
        words += letter && !inside;
        inside = letter;
    }
    return words;
}

static size_t count_digits(struct slice s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++)
        digits += ascii_is_digit(s.data[i]);
    return digits;
}

static bool has_link(struct slice s)
{
    return slice_contains(s, LIT("http")) || slice_contains(s, LIT("www."));
}

static bool has_contact(struct slice folded)
{
    return count_digits(folded) >= 8 || slice_contains(folded, LIT("@")) || has_link(folded);
}

/* "14h", "14h30", "2pm", "9:30". */
static bool has_clock(struct slice s)
{
    for (size_t i = 1; i < s.len; i++) {
        if (!ascii_is_digit(s.data[i - 1]))
            continue;
        struct slice rest = slice_sub(s, i, s.len);
        if (rest.data[0] == 'h' && (rest.len == 1 || !ascii_is_alpha(rest.data[1])))
            return true;
        if (rest.data[0] == ':' && rest.len > 2 && ascii_is_digit(rest.data[1]) &&
            ascii_is_digit(rest.data[2]))
            return true;
        rest = slice_trim(rest);
        if (slice_starts(rest, LIT("am")) || slice_starts(rest, LIT("pm")))
            return rest.len == 2 || !ascii_is_alpha(rest.data[2]);
    }
    return false;
}

static bool has_separator(struct slice folded)
{
    return slice_contains(folded, LIT("|")) || slice_contains(folded, LIT("·")) ||
           slice_contains(folded, LIT(" - ")) || slice_contains(folded, LIT("•"));
}

/* A weekday or month, or a clock: somebody speaks of a time. */
static bool speaks_of_time(struct slice folded)
{
    if (has_clock(folded))
        return true;
    return text_has_any_word(folded, TABLE(week_words)) &&
           (!has_separator(folded) || count_digits(folded) > 0);
}

bool line_names_device(struct slice folded)
{
    struct slice s = trim_stars(folded);
    size_t link = slice_find(s, LIT("<"), 0);
    s = trim_end(slice_sub(s, 0, link), " .!");
    if (s.len > CLOSING_MAX + 30 || !text_starts_any(s, TABLE(device_starts)))
        return false;
    return !slice_contains(s, LIT(",")) && !slice_contains(s, LIT(". ")) && count_words(s) <= 14;
}

enum closing { CLOSING_NONE, CLOSING_COURTESY, CLOSING_THANKS };

/* "merciii" → "merci". */
static struct slice drop_drawl(struct slice s)
{
    while (s.len > 2 && s.data[s.len - 1] == s.data[s.len - 2] &&
           ascii_is_alpha(s.data[s.len - 1]) && s.data[s.len - 1] != 's')
        s.len--;
    return s;
}

static enum closing closing_word(struct slice s)
{
    s = trim_end(s, " ,.!:;-)");
    if (equals_any(s, TABLE(closings)))
        return CLOSING_COURTESY;
    return equals_any(drop_drawl(s), TABLE(thanks)) ? CLOSING_THANKS : CLOSING_NONE;
}

/* "Regards, Bob": behind the comma at most three words that say nothing. */
static bool is_bare_name(struct slice s)
{
    s = trim_end(s, " .,!");
    return s.len > 0 && count_words(s) <= 3 && count_digits(s) == 0 &&
           !text_has_any_word(s, TABLE(saying_words)) && !text_has_any_word(s, TABLE(week_words));
}

static enum closing closing_of(struct slice folded)
{
    struct slice s = trim_stars(folded);
    if (s.len == 0 || s.len > CLOSING_MAX * 3)
        return CLOSING_NONE;
    if (text_has_any_word(s, TABLE(formulas)))
        return CLOSING_COURTESY;
    if (s.len > CLOSING_MAX)
        return CLOSING_NONE;
    enum closing whole = closing_word(s);
    if (whole != CLOSING_NONE)
        return whole;
    size_t comma = slice_find(s, LIT(","), 0), slash = slice_find(s, LIT(" / "), 0);
    size_t both = slice_find(s, LIT(" et "), 0);
    if (slash != SIZE_MAX)
        return closing_word(slice_sub(s, 0, slash));
    if (comma != SIZE_MAX && is_bare_name(slice_sub(s, comma + 1, s.len)))
        return closing_word(slice_sub(s, 0, comma));
    if (both != SIZE_MAX && slice_starts(slice_sub(s, both + 4, s.len), LIT("bon")) &&
        text_has_any_word(s, (const char *const[]){"semaine", "journee", "week-end", "soiree"}, 4))
        return closing_word(slice_sub(s, 0, both));
    return CLOSING_NONE;
}

/* Could stand in a signature: name, office, company, address, numbers. */
static bool is_signature_like(const struct text_line *line)
{
    struct slice s = trim_stars(line->folded);
    if (s.len == 0)
        return true;
    size_t words = count_words(s);
    if (s.len > SIGNATURE_LINE_MAX || s.data[s.len - 1] == '?' || s.data[s.len - 1] == '!')
        return false;
    if (count_digits(s) >= 8 && words - 1 <= 14 && !text_has_any_word(s, TABLE(week_words)))
        return true;
    if (text_has_any_word(s, TABLE(saying_words)) || speaks_of_time(s))
        return false;
    if (has_contact(s) || has_separator(s))
        return words <= 14;
    return words <= 9 && (s.data[s.len - 1] != '.' || words <= 4);
}

/* ---- the writer's name ------------------------------------------------------------------ */

static bool next_token(struct slice s, size_t *at, struct slice *token)
{
    while (*at < s.len && !ascii_is_alpha(s.data[*at]) && (unsigned char)s.data[*at] < 0x80)
        (*at)++;
    size_t from = *at;
    while (*at < s.len && (ascii_is_alpha(s.data[*at]) || (unsigned char)s.data[*at] >= 0x80))
        (*at)++;
    *token = slice_sub(s, from, *at);
    return token->len > 0;
}

/* The token is a part of the name, the first letter of one, or the initials. */
static bool token_names(struct slice token, struct slice name)
{
    size_t at = 0, initials = 0;
    struct slice part;
    bool in_order = true;
    while (next_token(name, &at, &part)) {
        if (slice_equal(token, part) || (token.len == 1 && part.data[0] == token.data[0]))
            return true;
        in_order = in_order && initials < token.len && token.data[initials] == part.data[0];
        initials++;
    }
    return in_order && initials == token.len && initials >= 2;
}

/* "Nadège Fournier - Resp. achats" → "Nadège Fournier". */
static struct slice before_office(struct slice s)
{
    static const char *const breaks[] = {" | ", ",", " (", " - ", " / ", " · ", "<"};
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++)
        s = slice_sub(s, 0, slice_find(s, slice_from(breaks[i]), 0));
    return s;
}

static bool line_names(struct slice folded, struct slice name)
{
    static const char *const titles[] = {"dr", "pr",  "me", "maitre", "m", "mme", "mlle",
                                         "mr", "mrs", "ms", "prof",   "x", "xx",  "xxx"};
    struct slice token, s = before_office(trim_stars(folded));
    size_t at = 0, named = 0;
    if (name.len == 0 || count_words(s) > 5)
        return false;
    while (next_token(s, &at, &token)) {
        if (token_names(token, name))
            named++;
        else if (!equals_any(token, TABLE(titles)))
            return false;
    }
    return named > 0;
}

/* Two to four words, each with a capital or an initial: "John E. Doe, Ph.D." */
static bool looks_like_name(const struct text_line *line)
{
    struct slice s = before_office(trim_stars(line->text));
    size_t words = count_words(s), at = 0;
    if (words < 2 || words > 4 || count_digits(s) > 0)
        return false;
    while (at < s.len) {
        bool capital =
            (s.data[at] >= 'A' && s.data[at] <= 'Z') || (unsigned char)s.data[at] >= 0xC3;
        if (!capital)
            return false;
        while (at < s.len && !ascii_is_space(s.data[at]))
            at++;
        while (at < s.len && ascii_is_space(s.data[at]))
            at++;
    }
    return !text_has_any_word(line->folded, TABLE(saying_words));
}

/* ---- the search --------------------------------------------------------------------------- */

struct search {
    const struct text_lines *lines;
    struct slice writer; /* folded name */
    struct slice local;  /* folded, of the address: "kim.kay" names as well */
    enum reply_part part;
    bool *cut;
    size_t first, end; /* first line with text; behind the last that is not cut */
};

static const struct text_line *line(const struct search *search, size_t at)
{
    return &search->lines->items[at];
}

static void drop_blank_end(struct search *search)
{
    while (search->end > search->first && line_is_blank(line(search, search->end - 1)))
        search->end--;
}

static void cut_from(struct search *search, size_t from)
{
    for (size_t i = from; i < search->end; i++)
        search->cut[i] = true;
    search->end = from;
    drop_blank_end(search);
}

static size_t paragraph_start(const struct search *search)
{
    size_t at = search->end;
    while (at > search->first && !line_is_blank(line(search, at - 1)))
        at--;
    return at;
}

static bool all_signature_like(const struct search *search, size_t from)
{
    for (size_t i = from; i < search->end; i++)
        if (!is_signature_like(line(search, i)))
            return false;
    return true;
}

/* "-- " (RFC 3676 section 4.3), and the dashes or underscores that stand for it, above
 * `below` lines with text. */
static bool is_delimiter(const struct search *search, size_t at, size_t below)
{
    struct slice s = slice_trim(line(search, at)->folded);
    if (slice_equal(s, LIT("--")) || slice_equal(s, LIT("-")))
        return below > 0;
    bool dashes = s.len >= 3 && search->part != REPLY_WITHOUT_QUOTE;
    for (size_t i = 0; i < s.len; i++)
        dashes = dashes && strchr("-_=*", s.data[i]) != NULL && s.data[i] != '\0';
    return dashes && below > 0 && below <= 6 && all_signature_like(search, at + 1);
}

/* The topmost delimiter with no more lines below than a signature has. */
static void cut_delimited(struct search *search)
{
    size_t found = SIZE_MAX, below = 0;
    for (size_t i = search->end; i-- > search->first + 1 && below <= SIGNATURE_LINES_MAX;) {
        if (is_delimiter(search, i, below))
            found = i;
        below += !line_is_blank(line(search, i));
    }
    if (found != SIZE_MAX)
        cut_from(search, found);
}

static bool paragraph_is_footer(const struct search *search, size_t from)
{
    bool letter = false, secret = false, leave = false, company = false;
    size_t bytes = 0;
    for (size_t i = from; i < search->end; i++) {
        struct slice s = line(search, i)->folded;
        bytes += s.len;
        letter |= text_has_any_word(s, TABLE(letter_words));
        secret |= text_has_any_word(s, TABLE(secrecy_words));
        company |= text_has_any_word(s, TABLE(company_footers));
        leave |= text_has_any_word(s, TABLE(leave_words)) && has_contact(s);
    }
    return (letter && secret && bytes >= FOOTER_BYTES_MIN) || company || leave;
}

/* "____" and the name of a mailing list with its address. */
static size_t list_footer(const struct search *search)
{
    size_t from = search->end > 8 ? search->end - 8 : 0;
    for (size_t i = from > search->first ? from : search->first + 1; i < search->end; i++) {
        struct slice s = slice_trim(line(search, i)->folded);
        size_t underscores = 0;
        while (underscores < s.len && s.data[underscores] == '_')
            underscores++;
        if (underscores < 2 || underscores != s.len)
            continue;
        for (size_t j = i + 1; j < search->end; j++)
            if (text_has_any_word(line(search, j)->folded, TABLE(leave_words)))
                return i;
    }
    return SIZE_MAX;
}

static bool line_is_leave(struct slice folded)
{
    return text_has_any_word(folded, TABLE(leave_words)) && has_link(folded) && folded.len < 200;
}

/* What programs and companies put below every message; true when something went. */
static bool cut_footer(struct search *search)
{
    if (search->end <= search->first + 1)
        return false;
    struct slice last = line(search, search->end - 1)->folded;
    if (line_names_device(last) || line_is_leave(last)) {
        cut_from(search, search->end - 1);
        return true;
    }
    size_t list = list_footer(search);
    if (list != SIZE_MAX) {
        cut_from(search, list);
        return true;
    }
    if (search->part == REPLY_WITHOUT_QUOTE)
        return false;
    size_t paragraph = paragraph_start(search);
    if (paragraph > search->first && paragraph_is_footer(search, paragraph)) {
        cut_from(search, paragraph);
        return true;
    }
    /* below the name, without an empty line */
    if (text_has_any_word(last, TABLE(company_footers))) {
        cut_from(search, search->end - 1);
        return true;
    }
    return false;
}

static void cut_footers(struct search *search)
{
    enum { FOOTERS_MAX = 12 };
    for (int i = 0; i < FOOTERS_MAX && cut_footer(search); i++)
        ;
}

/* A formula of two lines begins with the first. */
static size_t formula_start(const struct search *search, size_t at)
{
    bool goes_on = at > search->first + 1 && !line_is_blank(line(search, at - 1)) &&
                   text_has_any_word(line(search, at)->folded, TABLE(formulas)) &&
                   text_has_any_word(line(search, at - 1)->folded, TABLE(formulas));
    return goes_on ? at - 1 : at;
}

static bool cut_closing(struct search *search)
{
    size_t seen = 0;
    for (size_t i = search->end; i-- > search->first && seen < SIGNATURE_LINES_MAX;) {
        if (line_is_blank(line(search, i)))
            continue;
        seen++;
        enum closing closing = closing_of(line(search, i)->folded);
        if (closing == CLOSING_NONE && !is_signature_like(line(search, i)))
            return false;
        if (closing == CLOSING_NONE)
            continue;
        bool keeps = closing == CLOSING_THANKS && search->part == REPLY_VISIBLE;
        size_t from = keeps ? i + 1 : formula_start(search, i);
        if (from <= search->first || from >= search->end)
            return false;
        cut_from(search, from);
        return true;
    }
    return false;
}

/* "-roman", "- Roman" */
static bool is_dashed_name(struct slice folded)
{
    struct slice s = slice_trim(folded);
    return s.len > 1 && s.data[0] == '-' && s.data[1] != '-' && s.data[1] != '>' &&
           count_words(s) <= 3 && is_bare_name(slice_sub(s, 1, s.len));
}

/* A block at the end that begins with a name: the writer's, or any with numbers or
 * addresses below it. */
static void cut_name_block(struct search *search)
{
    size_t seen = 0, from = SIZE_MAX;
    bool contact = false;
    for (size_t i = search->end; i-- > search->first + 1 && seen < SIGNATURE_LINES_MAX;) {
        const struct text_line *at = line(search, i);
        if (line_is_blank(at))
            continue;
        seen++;
        if (line_names(at->folded, search->writer) || line_names(at->folded, search->local) ||
            (search->part == REPLY_WITHOUT_SIGNATURE && seen == 1 && is_dashed_name(at->folded))) {
            from = i;
            continue;
        }
        if (!is_signature_like(at))
            break;
        contact |= has_contact(at->folded);
        bool below_text = line_is_blank(line(search, i - 1));
        bool enough = contact || search->part == REPLY_WITHOUT_SIGNATURE;
        if (enough && below_text && looks_like_name(at))
            from = i;
    }
    if (from != SIZE_MAX && from > search->first)
        cut_from(search, from);
}

void signature_find(struct text_lines *lines, const struct mailbox *writer, enum reply_part part,
                    struct arena *arena, bool *cut)
{
    struct search search = {.lines = lines, .part = part, .cut = cut, .end = lines->count};
    if (writer != NULL) {
        size_t domain = slice_find(writer->address, LIT("@"), 0);
        search.writer = text_fold(writer->name, arena);
        search.local = text_fold(slice_sub(writer->address, 0, domain), arena);
    }
    while (search.first < lines->count && line_is_blank(&lines->items[search.first]))
        search.first++;
    drop_blank_end(&search);
    cut_footers(&search);
    cut_delimited(&search);
    cut_footers(&search);
    if (part == REPLY_WITHOUT_QUOTE)
        return;
    if (!cut_closing(&search) || part == REPLY_VISIBLE)
        cut_name_block(&search);
}
