/* "Please stop writing to me": plain words that end all mail to somebody. Read apart from
 * what a mail means for a meeting, since it counts whatever else is said, and only where the
 * words leave no other sense: what is wrongly taken for it silences an invitation. */
#include "domain/intent/intent.h"

/* Folded as fold_words does. */
static const struct {
    const char *words;
    bool of_mail; /* counts only before a word for mail: "ne plus recevoir de visites" */
} cues[] = {
    {"ne m ecrivez plus", false},      {"ne m ecris plus", false},
    {"ne plus m ecrire", false},       {"ne me contactez plus", false},
    {"ne me contacte plus", false},    {"ne plus me contacter", false},
    {"ne plus etre contacte", false},  {"ne plus etre contactee", false},
    {"arretez de m ecrire", false},    {"arrete de m ecrire", false},
    {"arretez de me contacter", false}, {"arretez de m envoyer", true},
    {"cessez de m ecrire", false},     {"cesse de m ecrire", false},
    {"cessez de me contacter", false}, {"cessez de m envoyer", true},
    {"ne m envoyez plus", true},       {"ne m envoie plus", true},
    {"ne plus m envoyer", true},       {"ne plus recevoir", true},
    {"ne souhaite plus recevoir", true}, {"ne veux plus recevoir", true},
    {"desabonnez moi", false},         {"desabonne moi", false},
    {"desinscrivez moi", false},       {"me desabonner", false},
    {"me desinscrire", false},         {"retirez moi de votre liste", false},
    {"retirez moi de vos listes", false}, {"supprimez moi de votre liste", false},
    {"stop writing to me", false},     {"stop writing me", false},
    {"stop contacting me", false},     {"stop emailing me", false},
    {"stop e mailing me", false},      {"stop mailing me", false},
    {"stop messaging me", false},      {"stop sending me", true},
    {"not write to me again", false},  {"t write to me again", false},
    {"not write to me any more", false}, {"t write to me any more", false},
    {"not write to me anymore", false}, {"t write to me anymore", false},
    {"not contact me again", false},   {"t contact me again", false},
    {"not contact me any more", false}, {"t contact me any more", false},
    {"not contact me anymore", false}, {"t contact me anymore", false},
    {"not email me again", false},     {"t email me again", false},
    {"never write to me again", false}, {"never contact me again", false},
    {"never email me again", false},   {"no longer wish to receive", true},
    {"not wish to receive any more", true}, {"not want to receive any more", true},
    {"t want to receive any more", true}, {"not want any more", true},
    {"t want any more", true},         {"unsubscribe me", false},
    {"please unsubscribe", false},     {"remove me from your list", false},
    {"remove me from your mailing list", false}, {"take me off your list", false},
};
static const char *const mail_words[] = {
    "message", "messages", "mail", "mails", "courriel", "courriels", "email", "emails", "e mail",
    "e mails", "de message", "de messages", "de mail", "de mails", "de courriel", "de courriels",
    "d email", "d emails", "d e mails", "des messages", "des mails", "des courriels", "vos messages", "vos mails", "vos courriels", "vos emails",
    "tes messages", "tes mails", "your messages", "your mails", "your emails", "of your emails",
    "these messages", "these emails", "any messages", "any emails", "ces messages", "ces mails",
};
/* A limit behind it: not now, not there. */
static const char *const limits[] = {
    "avant", "apres", "le ", "la ", "les ", "au ", "aux ", "pendant", "jusqu", "tant ", "si ",
    "demain", "aujourd hui", "ce ", "cette semaine", "a mon ", "a ma ", "sur mon ", "until",
    "before", "after", "on ", "during", "at ", "in the ", "if ", "unless", "this week", "today",
    "tomorrow", "tonight",
};
static const char *const alone[] = {
    "stop", "unsubscribe", "desabonnement", "desinscription", "desabonner", "se desabonner",
    "desinscrire", "stop please", "stop svp",
};

/* Small letters without accents, one space between words, a full stop for what ends a
 * clause; a space at both ends. */
static struct slice fold_words(struct slice text, struct arena *arena)
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

static bool starts_any(struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_starts(text, slice_from(words[i])))
            return true;
    return false;
}
#define STARTS_ANY(text, words) starts_any(text, words, sizeof(words) / sizeof *(words))

static bool is_alone(struct slice folded, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(64);
    if (folded.len > 60)
        return false;
    for (size_t i = 0; i < folded.len; i++)
        if (folded.data[i] != '.')
            buffer_add_char(&out, folded.data[i]);
    struct slice words = slice_trim(arena_copy(arena, buffer_slice(&out)));
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (slice_equal(words, slice_from(alone[i])))
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
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
        struct slice cue = arena_format(arena, " %s ", cues[i].words);
        size_t found = slice_find(folded, cue, 0);
        if (found == SIZE_MAX)
            continue;
        struct slice behind = slice_sub(folded, found + cue.len, folded.len);
        if (!STARTS_ANY(behind, limits) && (!cues[i].of_mail || STARTS_ANY(behind, mail_words)))
            return true;
    }
    return false;
}
