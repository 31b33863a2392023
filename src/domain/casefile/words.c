/* A text as words that can be compared: lower case, without accents, hyphens and what is not seen. */
#include "domain/casefile/internal.h"

#include <string.h>

/* Blocks of letters by their base letter, from Unicode's names; what is not here is compared as it is. */
static const struct letters {
    uint32_t first, last;
    const char *base; /* one letter for all, or one for each */
} blocks[] = {
    {0xC0, 0xC5, "a"},     {0xC7, 0xC7, "c"},     {0xC8, 0xCB, "e"},     {0xCC, 0xCF, "i"},     {0xD0, 0xD0, "d"},
    {0xD1, 0xD1, "n"},     {0xD2, 0xD6, "o"},     {0xD8, 0xD8, "o"},     {0xD9, 0xDC, "u"},     {0xDD, 0xDD, "y"},
    {0xE0, 0xE5, "a"},     {0xE7, 0xE7, "c"},     {0xE8, 0xEB, "e"},     {0xEC, 0xEF, "i"},     {0xF0, 0xF0, "d"},
    {0xF1, 0xF1, "n"},     {0xF2, 0xF6, "o"},     {0xF8, 0xF8, "o"},     {0xF9, 0xFC, "u"},     {0xFD, 0xFD, "y"},
    {0xFF, 0xFF, "y"},     {0x100, 0x105, "a"},   {0x106, 0x10D, "c"},   {0x10E, 0x111, "d"},   {0x112, 0x11B, "e"},
    {0x11C, 0x123, "g"},   {0x124, 0x127, "h"},   {0x128, 0x131, "i"},   {0x134, 0x135, "j"},   {0x136, 0x138, "k"},
    {0x139, 0x142, "l"},   {0x143, 0x14B, "n"},   {0x14C, 0x151, "o"},   {0x154, 0x159, "r"},   {0x15A, 0x161, "s"},
    {0x162, 0x167, "t"},   {0x168, 0x173, "u"},   {0x174, 0x175, "w"},   {0x176, 0x178, "y"},   {0x179, 0x17E, "z"},
    {0x1A0, 0x1A1, "o"},   {0x1AF, 0x1B0, "u"},   {0x1CD, 0x1CE, "a"},   {0x1CF, 0x1D0, "i"},   {0x1D1, 0x1D2, "o"},
    {0x1D3, 0x1DC, "u"},   {0x218, 0x219, "s"},   {0x21A, 0x21B, "t"},   {0x1EA0, 0x1EB7, "a"}, {0x1EB8, 0x1EC7, "e"},
    {0x1EC8, 0x1ECB, "i"}, {0x1ECC, 0x1EE3, "o"}, {0x1EE4, 0x1EF1, "u"}, {0x1EF2, 0x1EF9, "y"}, {0xC6, 0xC6, "ae"},
    {0xE6, 0xE6, "ae"},    {0x152, 0x153, "oe"},  {0xDF, 0xDF, "ss"},    {0x1E9E, 0x1E9E, "ss"}, {0xDE, 0xDE, "th"},
    {0xFE, 0xFE, "th"},    {0x132, 0x133, "ij"},
};

/* Marks over a letter, soft hyphens, joiners: in a word and nothing of it. */
static bool is_unseen(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36F) || c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F);
}

static bool is_sign(uint32_t c)
{
    return (c >= 0x80 && c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 ||
           (c >= 0x2000 && c < 0x2C00) || (c >= 0x3000 && c <= 0x3004) || (c >= 0x3007 && c < 0x3041) ||
           (c >= 0xFF00 && c < 0xFF66) || (c >= 0xFFF0 && c <= 0xFFFF) || (c >= 0x1F000 && c < 0x20000);
}

/* Of scripts that part no words: each letter is one. */
static bool stands_alone(uint32_t c)
{
    return (c >= 0x2E80 && c < 0xA000) || (c >= 0xAC00 && c < 0xD7B0) || (c >= 0xF900 && c < 0xFB00) ||
           (c >= 0x20000 && c < 0x40000);
}

static uint32_t lower_of(uint32_t c)
{
    if (c >= 0xFF21 && c <= 0xFF3A) /* full width */
        return c - 0xFF21 + 'a';
    if (c >= 0xFF41 && c <= 0xFF5A)
        return c - 0xFF41 + 'a';
    if (c >= 0xFF10 && c <= 0xFF19)
        return c - 0xFF10 + '0';
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    if ((c >= 0x410 && c <= 0x42F) || (c >= 0x391 && c <= 0x3A9))
        return c + 0x20;
    return c < 0x80 ? (uint32_t)(unsigned char)ascii_lower((char)c) : c;
}

/* Bytes written; 0: no letter and no digit. */
static size_t fold(uint32_t c, char out[4])
{
    c = lower_of(c);
    if (c < 0x80) {
        out[0] = (char)c;
        return ascii_is_alpha((char)c) || ascii_is_digit((char)c);
    }
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (c >= blocks[i].first && c <= blocks[i].last) {
            size_t len = strlen(blocks[i].base);
            memcpy(out, blocks[i].base, len);
            return len;
        }
    return is_sign(c) ? 0 : utf8_put(c, out);
}

static bool is_capital(uint32_t c)
{
    return lower_of(c) != c || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
           (c >= 0x100 && c <= 0x137 && c % 2 == 0) || (c >= 0x139 && c <= 0x148 && c % 2 == 1) ||
           (c >= 0x14A && c <= 0x177 && c % 2 == 0) || (c >= 0x179 && c <= 0x17D && c % 2 == 1) ||
           (c >= 0x1E00 && c <= 0x1EFF && c % 2 == 0);
}

struct splitter {
    struct text_word word;
    struct arena *arena;
    struct text_word_list *out;
    char *folded; /* room for all; each code point folds into no more bytes than it has, or into two */
    size_t used, begin;
    bool open;
};

static void end_word(struct splitter *s, size_t end)
{
    if (!s->open)
        return;
    s->open = false;
    s->word.to = end;
    s->word.folded = (struct slice){s->folded + s->begin, s->used - s->begin};
    ARENA_PUSH(s->arena, s->out, s->word);
}

static void add_letter(struct splitter *s, size_t from, uint32_t c, const char *letters, size_t len)
{
    if (!s->open) {
        s->open = true;
        s->begin = s->used;
        s->word = (struct text_word){.from = from, .upper = is_capital(c)};
    }
    memcpy(s->folded + s->used, letters, len);
    s->used += len;
}

void words_split(struct slice text, struct arena *arena, struct text_word_list *out)
{
    struct splitter s = {.arena = arena, .out = out, .folded = arena_alloc(arena, 2 * text.len + 4)};
    size_t at = 0;
    *out = (struct text_word_list){0};
    while (at < text.len) {
        size_t from = at, end = s.open ? at : 0;
        uint32_t c;
        char letters[4];
        if (!utf8_next(text, &at, &c)) {
            at++;
            end_word(&s, from);
            continue;
        }
        if (s.open && is_unseen(c))
            continue;
        size_t len = is_unseen(c) ? 0 : fold(c, letters);
        if (len == 0 || stands_alone(c))
            end_word(&s, end);
        if (len == 0)
            continue;
        add_letter(&s, from, c, letters, len);
        if (stands_alone(c))
            end_word(&s, at);
    }
    end_word(&s, text.len);
}

static bool is_in(struct slice folded, const char *words)
{
    if (folded.len == 0 || folded.len > 20 || memchr(folded.data, ' ', folded.len) != NULL)
        return false;
    char spaced[24] = " ";
    memcpy(spaced + 1, folded.data, folded.len);
    memcpy(spaced + 1 + folded.len, " ", 2);
    return strstr(words, spaced) != NULL;
}

bool word_is_title(struct slice folded)
{
    return is_in(folded, " m mr mme mlle mm monsieur madame mademoiselle messieurs mesdames ms mrs miss mister maitre me "
                         "dr pr prof professeur professeure professor docteur doctor sir cher chere dear ");
}

bool word_is_weak(struct slice folded)
{
    return folded.len <= 1 ||
           is_in(folded, " de du des d la le les l van von der den di da dos del della el al bin ben ibn abu mac the of an "
                         "et y ter ten zu zur und e do san st ste saint sainte jr sr ii iii ");
}

/* Both languages' words of time, and words that no text is without. */
bool word_is_common(struct slice folded)
{
    return is_in(folded, " lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday "
                         "saturday sunday janvier fevrier mars avril mai juin juillet aout septembre octobre novembre "
                         "decembre january february march april may june july august september october november december "
                         "matin midi soir noel paques ete hiver printemps automne summer winter spring autumn morning noon "
                         "evening today tomorrow demain hier semaine week jour day mois month an annee year heure hour "
                         "will can might must shall would should could have has had is are was were be been am do does did "
                         "not no so if as at by to in on it we he she you me my our your or and but for from with this that "
                         "est sont etre avoir ai as avons avez ont on il elle nous vous je tu se ce cet cette mon ton son "
                         "mes tes ses nos vos leur un une au aux en par pour sur sous dans avec sans qui que quoi ou si "
                         "pas ne ni plus aime don bien bon bonne oui non merci bonjour bonsoir salut hello hi thanks please ");
}

bool word_is_mailbox(struct slice folded)
{
    return is_in(folded, " contact info infos hello bonjour office team equipe sales ventes support admin mail email agenda "
                         "calendar rdv meeting reunion direction cabinet accueil reception service services commercial "
                         "secretariat assistant assistante rh hr compta comptabilite presse press jobs noreply webmaster ");
}
