/* Where an earlier message begins in a text: the line or the block of headers that a
 * mail program writes above what it quotes. Words are folded (text_fold). */
#include "formats/mime/internal.h"

#include <string.h>

enum { ATTRIBUTION_LINES_MAX = 5, ATTRIBUTION_BYTES_MAX = 400, HEADER_LINES_MAX = 16 };

/* What programs put behind or before the writer's name. */
static const char *const wrote_words[] = {
    "a ecrit",    "ecrit",      "a envoye",    "wrote",     "writes",     "sent",
    "said",       "schrieb",    "geschrieben", "schreef",   "geschreven", "escribio",
    "escreveu",   "ha escrit",  "ha scritto",  "scritto",   "skrev",      "napisal",
    "napisala",   "napisal(a)", "napisal/a",   "kirjoitti", "scris",      "irta",
    "yazdi",      "написав",    "написала",    "написал",   "пишет",      "έγραψε",
    "da viet",    "写道",       "寫道",        "작성",      "のメール",   "a scris",
    "je napisao", "napsal",     "napsala",     "napsal(a)", "napsal/a",   "kirjutas",
    "rase",       "rakstija",   "va escriure", "написа",    "menulis",    "geskryf",
    "เขียนว่า",     "เขียน",       "كتب",         "כתב",       "כתב/ה",      "sunu yazdi",
    "escrigue"};

/* Those with the writer's name behind them. */
static const char *const before_name_words[] = {
    "schrieb", "schreef", "skrev", "geschreven door", "napsal", "napsala", "пользователь"};

/* How such lines begin. */
static const char *const begin_words[] = {
    "on",     "le",    "am",     "el",       "em",        "in data",  "il",     "il giorno",
    "op",     "den",   "pa",     "w dniu",   "dnia",      "dne",      "vao",    "a",
    "at",     "fra",   "in",     "mon",      "tue",       "wed",      "thu",    "fri",
    "sat",    "sun",   "monday", "tuesday",  "wednesday", "thursday", "friday", "saturday",
    "sunday", "lundi", "mardi",  "mercredi", "jeudi",     "vendredi", "samedi", "dimanche",
    "lun",    "mar",   "mer",    "jeu",      "ven",       "sam",      "dim",    "pe",
    "ma",     "ti",    "ke",     "to",       "la",        "su",       "在",     "date"};

static const char *const forwarded_words[] = {"forwarded message",
                                              "begin forwarded message",
                                              "message transfere",
                                              "message reexpedie",
                                              "debut du message transfere",
                                              "debut du message reexpedie",
                                              "weitergeleitete nachricht",
                                              "mensaje reenviado",
                                              "messaggio inoltrato",
                                              "mensagem encaminhada",
                                              "doorgestuurd bericht",
                                              "videresendt meddelelse",
                                              "vidarebefordrat meddelande",
                                              "пересылаемое сообщение",
                                              "anfang der weitergeleiteten nachricht",
                                              "inizio messaggio inoltrato",
                                              "inicio del mensaje reenviado",
                                              "begin doorgestuurd bericht"};
static const char *const original_words[] = {"original message",
                                             "message d'origine",
                                             "message original",
                                             "mail original",
                                             "mail d'origine",
                                             "e-mail d'origine",
                                             "courriel original",
                                             "courriel d'origine",
                                             "message initial",
                                             "original appointment",
                                             "rendez-vous d'origine",
                                             "reply message",
                                             "ursprungliche nachricht",
                                             "originalnachricht",
                                             "mensaje original",
                                             "messaggio originale",
                                             "mensagem original",
                                             "oorspronkelijk bericht",
                                             "oprindelig besked",
                                             "oprindelig meddelelse",
                                             "opprinnelig melding",
                                             "ursprungligt meddelande",
                                             "alkuperainen viesti",
                                             "wiadomosc oryginalna",
                                             "oryginalna wiadomosc",
                                             "puvodni zprava",
                                             "puvodni e-mail",
                                             "原始邮件",
                                             "原始郵件",
                                             "元のメッセージ",
                                             "oorspronkelijke bericht",
                                             "mensagem anterior",
                                             "исходное сообщение",
                                             "message precedent"};

enum label { LABEL_NONE, LABEL_FROM, LABEL_DATE, LABEL_TO, LABEL_SUBJECT, LABEL_OTHER };
/* Folded; as mail programs of many languages write them. */
static const char *const from_labels[] = {
    "de",        "from", "von",     "da",         "fra",    "fran",   "van",    "od",
    "lahettaja", "от",   "от кого", "expediteur", "sender", "发件人", "差出人", "kimden"};
static const char *const date_labels[] = {
    "date",       "sent",       "envoye",  "envoye le",  "date d'envoi", "gesendet",   "datum",
    "inviato",    "data",       "enviado", "enviado el", "enviada em",   "enviado em", "fecha",
    "skickat",    "sendt",      "dato",    "verzonden",  "wyslano",      "odeslano",   "lahetetty",
    "paivamaara", "отправлено", "дата",    "发送时间",   "日期",         "送信日時"};
static const char *const to_labels[] = {"a",
                                        "to",
                                        "an",
                                        "para",
                                        "til",
                                        "till",
                                        "aan",
                                        "do",
                                        "komu",
                                        "vastaanottaja",
                                        "кому",
                                        "destinataire",
                                        "destinataires",
                                        "pour",
                                        "收件人",
                                        "宛先"};
static const char *const subject_labels[] = {
    "objet", "subject",   "sujet", "betreff", "oggetto", "asunto", "assunto", "amne",
    "emne",  "onderwerp", "temat", "predmet", "aihe",    "тема",   "主题",    "件名"};
static const char *const other_labels[] = {
    "cc",         "cci",          "bcc",         "copie",          "copie a",  "kopie",
    "kopia",      "kopi",         "importance",  "priority",       "priorite", "reply-to",
    "repondre a", "organization", "attachments", "pieces jointes", "where",    "when",
    "newsgroups"};
static const struct {
    enum label label;
    const char *const *words;
    size_t count;
} labels[] = {
    {LABEL_FROM, TABLE(from_labels)},   {LABEL_DATE, TABLE(date_labels)},
    {LABEL_TO, TABLE(to_labels)},       {LABEL_SUBJECT, TABLE(subject_labels)},
    {LABEL_OTHER, TABLE(other_labels)},
};

static struct slice trim_stars(struct slice s)
{
    for (;;) {
        struct slice before = s;
        s = slice_trim(s);
        if (s.len > 0 && (s.data[0] == '*' || s.data[0] == '|'))
            s = slice_sub(s, 1, s.len);
        if (s.len > 0 && (s.data[s.len - 1] == '*' || s.data[s.len - 1] == '|'))
            s = slice_sub(s, 0, s.len - 1);
        if (s.len == before.len)
            return s;
    }
}

/* The value of a header in words is taken from the text as written: it starts behind
 * the first colon of either form. */
static struct slice value_behind_colon(struct slice text)
{
    size_t ascii = slice_find(text, LIT(":"), 0), wide = slice_find(text, LIT("："), 0);
    if (wide < ascii)
        return trim_stars(slice_sub(text, wide + 3, text.len));
    return ascii == SIZE_MAX ? SLICE_NONE : trim_stars(slice_sub(text, ascii + 1, text.len));
}

static enum label label_of(const struct text_line *line)
{
    struct slice folded = slice_sub(line->folded, 0, 40);
    size_t colon = slice_find(folded, LIT(":"), 0);
    if (colon == SIZE_MAX)
        return LABEL_NONE;
    struct slice word = trim_stars(slice_sub(folded, 0, colon));
    for (size_t i = 0; i < sizeof labels / sizeof *labels && word.len > 0; i++)
        for (size_t j = 0; j < labels[i].count; j++)
            if (word.data[0] == labels[i].words[j][0] &&
                slice_equal(word, slice_from(labels[i].words[j])))
                return labels[i].label;
    return LABEL_NONE;
}

struct header_block {
    unsigned seen; /* bits of enum label */
    bool has_address;
    size_t end; /* first line behind it */
};

static void block_take(struct header_block *block, enum label label, const struct text_line *line,
                       struct arena *arena, struct attribution *out)
{
    bool first = (block->seen & (1u << label)) == 0;
    block->seen |= 1u << label;
    struct slice value = value_behind_colon(line->text);
    if (label == LABEL_FROM || label == LABEL_TO)
        block->has_address |= slice_contains(value, LIT("@"));
    if (!first)
        return;
    if (label == LABEL_FROM)
        out->from = words_to_mailbox(value, arena);
    else if (label == LABEL_SUBJECT)
        out->subject = arena_copy(arena, value);
    else if (label == LABEL_DATE)
        out->has_date = words_to_civil(value_behind_colon(line->folded), &out->date);
}

/* A request may well say "Objet :" and "Date :"; a mail program also says from whom. */
static bool block_is_header(const struct header_block *block)
{
    bool from = block->seen & (1u << LABEL_FROM), to = block->seen & (1u << LABEL_TO);
    bool date = block->seen & (1u << LABEL_DATE), subject = block->seen & (1u << LABEL_SUBJECT);
    if (from && (date || subject))
        return true;
    return block->has_address && ((from && to) || (date && to));
}

/* Lines that continue a header ("bob@example.com]" after "From: Bob [mailto:"); they
 * count only when another header follows within three lines. */
static size_t next_label(const struct text_lines *lines, size_t at, size_t to)
{
    size_t blanks = 0;
    for (size_t i = at; i < to && i < at + 4; i++) {
        if (label_of(&lines->items[i]) != LABEL_NONE)
            return i;
        if (line_is_blank(&lines->items[i]) && ++blanks > 1)
            return SIZE_MAX;
        if (!line_is_blank(&lines->items[i]) && blanks > 0)
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

static void block_join_from(const struct text_lines *lines, size_t at, size_t next,
                            struct arena *arena, struct attribution *out)
{
    struct slice value = value_behind_colon(lines->items[at].text);
    for (size_t i = at + 1; i < next; i++)
        value = arena_format(arena, "%.*s %.*s", SLICE_ARG(value), SLICE_ARG(lines->items[i].text));
    out->from = words_to_mailbox(value, arena);
}

static bool header_block_at(const struct text_lines *lines, size_t at, size_t to,
                            struct arena *arena, struct attribution *out)
{
    struct header_block block = {0};
    enum label label = label_of(&lines->items[at]);
    if (label == LABEL_NONE || label == LABEL_OTHER)
        return false;
    size_t i = at;
    while (i < to && i < at + HEADER_LINES_MAX) {
        label = label_of(&lines->items[i]);
        block_take(&block, label, &lines->items[i], arena, out);
        size_t next = next_label(lines, i + 1, to);
        block.end = i + 1;
        if (next == SIZE_MAX)
            break;
        if (label == LABEL_FROM && next > i + 1 && out->from.address.len == 0)
            block_join_from(lines, i, next, arena, out);
        i = next;
    }
    /* The last header may be folded onto one more line ("Subject: Two" / "line subject"
     * is followed by others, an address list at the end by an empty line). */
    if (!block_is_header(&block))
        return false;
    out->kind = ATTRIBUTION_HEADER;
    out->line_count = block.end - at;
    return true;
}

/* ---- rules ---------------------------------------------------------------------------- */

static bool is_rule_byte(char c)
{
    return c == '-' || c == '_' || c == '=' || c == '*' || c == ' ' || c == '\t' || c == '~';
}

/* Only dashes or underscores. */
static bool line_is_rule(struct slice folded)
{
    size_t marks = 0;
    for (size_t i = 0; i < folded.len; i++) {
        if (!is_rule_byte(folded.data[i]))
            return false;
        marks += folded.data[i] != ' ' && folded.data[i] != '\t';
    }
    return marks >= 5;
}

/* "-----Message d'origine-----" → "message d'origine"; empty if not between dashes. */
static struct slice between_dashes(struct slice folded)
{
    struct slice s = slice_trim(folded);
    size_t left = 0, right = s.len;
    while (left < s.len && is_rule_byte(s.data[left]))
        left++;
    while (right > left && (is_rule_byte(s.data[right - 1]) || s.data[right - 1] == ':'))
        right--;
    return left >= 2 && s.len - right >= 2 ? slice_sub(s, left, right) : SLICE_NONE;
}

static bool is_one_of(struct slice s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count && s.len > 0; i++)
        if (words[i][0] == s.data[0] && slice_equal(s, slice_from(words[i])))
            return true;
    return false;
}

static size_t skip_blank(const struct text_lines *lines, size_t at, size_t to)
{
    while (at < to && line_is_blank(&lines->items[at]))
        at++;
    return at;
}

/* A header block below a rule belongs to it. */
static void rule_take_header(const struct text_lines *lines, size_t at, size_t to,
                             struct arena *arena, struct attribution *out)
{
    size_t next = skip_blank(lines, at + out->line_count, to);
    struct attribution header = {0};
    if (next >= to || !header_block_at(lines, next, to, arena, &header))
        return;
    bool transferred = out->transferred;
    *out = header;
    out->transferred = transferred;
    out->line_count = next + header.line_count - at;
}

static bool words_wrote(struct slice folded);
static bool has_short_date(struct slice s);

/* GroupWise: ">>> Kim Kay <kim@kay.example> 11/8/2026 2:23 PM >>>" */
static bool between_arrows(struct slice folded, struct arena *arena, struct attribution *out)
{
    struct slice s = slice_trim(folded);
    if (s.len < 16 || !slice_starts(s, LIT(">>>")) || !slice_ends(s, LIT(">>>")))
        return false;
    s = slice_trim(slice_sub(s, 3, s.len - 3));
    if (!has_short_date(s))
        return false;
    out->kind = ATTRIBUTION_RULE;
    out->line_count = 1;
    out->has_date = words_to_civil(s, &out->date);
    out->from = words_to_mailbox(s, arena);
    return true;
}

static bool rule_at(const struct text_lines *lines, size_t at, size_t to, struct arena *arena,
                    struct attribution *out)
{
    struct slice folded = trim_stars(lines->items[at].folded);
    struct slice words = between_dashes(folded);
    struct slice bare = folded;
    while (bare.len > 0 && (bare.data[bare.len - 1] == ':' || bare.data[bare.len - 1] == ' '))
        bare.len--;
    out->line_count = 1;
    out->transferred = is_one_of(words, TABLE(forwarded_words)) ||
                       (slice_ends(folded, LIT(":")) && is_one_of(bare, TABLE(forwarded_words)));
    if (out->transferred || is_one_of(words, TABLE(original_words))) {
        out->kind = ATTRIBUTION_RULE;
        rule_take_header(lines, at, to, arena, out);
        return true;
    }
    if (words.len > 0 && words_wrote(words)) { /* "---- John Smith wrote ----" */
        out->kind = ATTRIBUTION_RULE;
        out->has_date = words_to_civil(words, &out->date);
        return true;
    }
    /* any other title between dashes, and Orange's "Message du 04/05/26 09:12" */
    bool title = words.len > 0 && words.len < 40;
    if (!title && !line_is_rule(folded) && !slice_starts(folded, LIT("message du ")))
        return false;
    rule_take_header(lines, at, to, arena, out);
    return out->line_count > 1;
}

/* ---- lines ---------------------------------------------------------------------------- */

/* Without the colon, or the spaces, at the end. */
static struct slice trim_colon(struct slice folded)
{
    struct slice s = slice_trim(folded);
    while (s.len > 0 && (s.data[s.len - 1] == ':' || s.data[s.len - 1] == ' '))
        s.len--;
    return s;
}

/* Ends in a verb of writing. */
static bool words_wrote(struct slice folded)
{
    struct slice s = trim_colon(folded);
    for (size_t i = 0; i < sizeof wrote_words / sizeof *wrote_words; i++) {
        struct slice word = slice_from(wrote_words[i]);
        if (slice_ends(s, word) &&
            (s.len == word.len || !ascii_is_alpha(s.data[s.len - word.len - 1])))
            return true;
    }
    return false;
}

static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (ascii_is_digit(s.data[i]))
            return true;
    return false;
}

/* "14:30", "14.30", "14h30", "14h". */
static bool has_clock(struct slice s)
{
    for (size_t i = 1; i + 1 < s.len; i++)
        if (ascii_is_digit(s.data[i - 1]) &&
            (s.data[i] == 'h' ||
             ((s.data[i] == ':' || s.data[i] == '.') && ascii_is_digit(s.data[i + 1]))))
            return true;
    return false;
}

static bool is_digit_at(struct slice s, size_t i)
{
    return i < s.len && ascii_is_digit(s.data[i]);
}

static bool has_year(struct slice s)
{
    for (size_t i = 0; i + 4 <= s.len; i++) {
        bool century = (s.data[i] == '2' && s.data[i + 1] == '0') ||
                       (s.data[i] == '1' && s.data[i + 1] == '9');
        if (century && is_digit_at(s, i + 2) && is_digit_at(s, i + 3) && !is_digit_at(s, i + 4) &&
            (i == 0 || !is_digit_at(s, i - 1)))
            return true;
    }
    return false;
}

/* 19/03/14 and the like. */
static bool has_short_date(struct slice s)
{
    struct civil ignored;
    return slice_contains(s, LIT("/")) && words_to_civil(s, &ignored);
}

static bool has_address(struct slice s)
{
    size_t at = slice_find(s, LIT("@"), 0);
    return at != SIZE_MAX && at > 0 && at + 1 < s.len && !ascii_is_space(s.data[at - 1]) &&
           !ascii_is_space(s.data[at + 1]);
}

static bool is_marked(struct slice text)
{
    struct slice s = slice_trim(text);
    return s.len > 0 && s.data[0] == '>';
}

/* "> wrote:", the end of an attribution that was broken in its "<address>". */
static bool closes_address(struct slice folded)
{
    return is_marked(folded) && folded.len < 20 && words_wrote(folded);
}

static bool marked_follows(const struct text_lines *lines, size_t at, size_t to)
{
    at = skip_blank(lines, at, to);
    return at < to && is_marked(lines->items[at].folded) &&
           !closes_address(lines->items[at].folded);
}

/* Whether `folded` (lines joined by spaces) is a whole attribution. */
static bool words_attribute(struct slice folded, size_t line_count, bool marked)
{
    struct slice s = slice_trim(folded);
    bool addressed = has_address(s);
    bool colon = slice_ends(s, LIT(":"));
    if (!addressed && !colon)
        return false; /* as most lines */
    /* "ons. 4. juni 2014 kl. 10:32 skrev …": no list has every weekday of every language */
    bool begins = text_starts_any(s, TABLE(begin_words)) || has_digit(slice_sub(s, 0, 24));
    bool dated = has_year(s) || has_short_date(s) || (has_digit(s) && has_clock(s));
    /* "On 4 May 2026 at 10:00 the contract was sent" is none: it wants a colon, or a
     * writer's address */
    bool wrote = words_wrote(s) && (colon || addressed);
    bool named_last = colon && text_has_any_word(s, TABLE(before_name_words));
    bool told = colon && addressed && text_has_any_word(s, TABLE(wrote_words));
    if (wrote || named_last || told) {
        if (begins && dated)
            return true;
        if (addressed && line_count == 1 && s.len < 160)
            return marked || dated || slice_contains(s, LIT("<"));
        return begins && addressed && marked;
    }
    bool full = dated && has_year(s) && begins && addressed;
    /* no verb: "30.09.2017, 18.30, "John" <john@…>:" */
    struct slice last = trim_colon(s);
    bool closed = slice_ends(last, LIT(">")) || slice_ends(last, LIT("]"));
    return full && ((closed && colon && has_clock(s)) || (marked && slice_ends(s, LIT(">"))));
}

/* The word behind which the writer's name begins: the last with a digit, a clock or a
 * verb; names keep their own words. */
static bool is_before_name(struct slice word, struct arena *arena)
{
    static const char *const clock_words[] = {
        "am",      "pm",  "a.m.", "p.m.", "gmt", "utc",        "klo",   "kl.",     "skrev",
        "schreef", "uhr", "par",  "from", "von", "uzytkownik", "heeft", "schrieb", "gmt:"};
    struct slice folded = text_fold(word, arena);
    while (folded.len > 0 &&
           (folded.data[folded.len - 1] == ',' || folded.data[folded.len - 1] == ')'))
        folded.len--;
    if (slice_contains(folded, LIT("@")) || slice_starts(folded, LIT("<")))
        return false;
    return has_digit(folded) || is_one_of(folded, TABLE(clock_words));
}

static struct slice cut_verbs(struct slice name, struct arena *arena)
{
    static const char *const verbs[] = {" a écrit", " a ecrit",  " écrit",      " wrote",
                                        " sent",    " writes",   " a envoyé",   " schrieb",
                                        " skrev",   " escribió", " ha scritto", " escreveu"};
    (void)arena;
    while (name.len > 0 &&
           (name.data[name.len - 1] == ':' || ascii_is_space(name.data[name.len - 1])))
        name.len--;
    if (slice_ends(name, LIT("\xC2\xA0")))
        name.len -= 2;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (slice_ends(name, slice_from(verbs[i])))
            return slice_sub(name, 0, name.len - strlen(verbs[i]));
    return name;
}

static struct mailbox name_in_line(struct slice text, struct arena *arena)
{
    size_t name_from = 0, at = 0;
    while (at < text.len) {
        size_t from = at;
        while (at < text.len && !ascii_is_space(text.data[at]))
            at++;
        if (is_before_name(slice_sub(text, from, at), arena))
            name_from = at;
        if (slice_contains(slice_sub(text, from, at), LIT("<")))
            break; /* digits in an address are not a date */
        while (at < text.len && ascii_is_space(text.data[at]))
            at++;
    }
    struct slice words = cut_verbs(slice_sub(text, name_from, text.len), arena);
    /* "Le jeudi 5, Anne": what is left of the date ends with a comma */
    return words_to_mailbox(words, arena);
}

/* The lines as one, into `joined`. */
static struct slice join_lines(const struct text_lines *lines, size_t at, size_t count, bool folded,
                               struct buffer *joined)
{
    buffer_clear(joined);
    for (size_t i = at; i < at + count; i++) {
        const struct text_line *line = &lines->items[i];
        if (i > at)
            buffer_add_char(joined, ' ');
        buffer_add(joined, slice_trim(folded ? line->folded : line->text));
    }
    return buffer_slice(joined);
}

static void line_fill(struct slice text, size_t lead, size_t line_count, struct arena *arena,
                      struct attribution *out)
{
    struct slice words = slice_sub(text, lead, text.len);
    struct slice folded = text_fold(words, arena);
    /* the writer's address must not be read as part of the date */
    size_t angle = slice_find(folded, LIT("<"), 0);
    out->kind = ATTRIBUTION_LINE;
    out->has_date = words_to_civil(slice_sub(folded, 0, angle), &out->date);
    out->from = name_in_line(words, arena);
    out->from.name = arena_copy(arena, out->from.name);
    out->line_count = line_count;
    out->lead = lead;
}

/* "Merci ! Le 3 mars 2026 à 10:00, Anne a écrit :" on one line, marked text below. */
static size_t lead_of(struct slice text, struct arena *arena)
{
    static const char *const inner[] = {" on ", " le "};
    for (size_t i = 0; i < sizeof inner / sizeof *inner && text.len < ATTRIBUTION_BYTES_MAX; i++) {
        size_t found = slice_find_nocase(text, slice_from(inner[i]), 0);
        for (; found != SIZE_MAX;
             found = slice_find_nocase(text, slice_from(inner[i]), found + 1)) {
            struct slice tail = text_fold(slice_sub(text, found + 1, text.len), arena);
            if (has_year(tail) && has_clock(tail) && words_wrote(tail))
                return found;
        }
    }
    return SIZE_MAX;
}

static bool may_begin(struct slice folded)
{
    struct slice s = slice_trim(folded);
    return s.len > 0 && s.len < ATTRIBUTION_BYTES_MAX &&
           (has_digit(s) || has_address(s) || text_starts_any(s, TABLE(begin_words)));
}

/* "Thursday 8.30 is good." above an attribution is no part of it. */
static bool begins_later(const struct text_lines *lines, size_t at, size_t count, size_t to,
                         struct buffer *joined)
{
    bool marked = marked_follows(lines, at + count, to);
    for (size_t skip = 1; skip < count; skip++) {
        struct slice folded = join_lines(lines, at + skip, count - skip, true, joined);
        if (text_starts_any(slice_trim(folded), TABLE(begin_words)) &&
            words_attribute(folded, count - skip, marked))
            return true;
    }
    return false;
}

/* How many lines from `at` on are one attribution; 0 if none. */
static size_t lines_attribute(const struct text_lines *lines, size_t at, size_t to)
{
    AUTO_BUFFER joined = buffer_create(ATTRIBUTION_BYTES_MAX * 2);
    size_t bytes = 0;
    for (size_t count = 1; count <= ATTRIBUTION_LINES_MAX && at + count <= to; count++) {
        struct slice last = slice_trim(lines->items[at + count - 1].folded);
        bytes += last.len;
        if (bytes > ATTRIBUTION_BYTES_MAX || (is_marked(last) && !closes_address(last)))
            return 0;
        if (last.len == 0) { /* one client leaves an empty line before "<address> wrote:" */
            size_t next = at + count;
            if (next >= to || !slice_starts(slice_trim(lines->items[next].folded), LIT("<")))
                return 0;
            continue;
        }
        struct slice folded = join_lines(lines, at, count, true, &joined);
        if (words_attribute(folded, count, marked_follows(lines, at + count, to)))
            return begins_later(lines, at, count, to, &joined) ? 0 : count;
    }
    return 0;
}

static bool line_at(const struct text_lines *lines, size_t at, size_t to, struct arena *arena,
                    struct attribution *out)
{
    if (!may_begin(lines->items[at].folded))
        return false;
    struct slice folded = slice_trim(lines->items[at].folded);
    size_t lead = SIZE_MAX, count = 1;
    if (!text_starts_any(folded, TABLE(begin_words)) && marked_follows(lines, at + 1, to))
        lead = lead_of(lines->items[at].text, arena);
    if (lead == SIZE_MAX) {
        lead = 0;
        count = lines_attribute(lines, at, to);
        if (count == 0)
            return false;
    }
    AUTO_BUFFER joined = buffer_create(ATTRIBUTION_BYTES_MAX * 4);
    line_fill(join_lines(lines, at, count, false, &joined), lead, count, arena, out);
    return true;
}

bool attribution_at(const struct text_lines *lines, size_t at, size_t to, struct arena *arena,
                    struct attribution *out)
{
    struct attribution found = {0};
    if (line_is_blank(&lines->items[at]))
        return false;
    if (is_marked(lines->items[at].folded)) {
        if (!between_arrows(lines->items[at].folded, arena, &found))
            return false;
        *out = found;
        return true;
    }
    if (rule_at(lines, at, to, arena, &found)) {
        *out = found;
        return true;
    }
    found = (struct attribution){0};
    if (!header_block_at(lines, at, to, arena, &found)) {
        found = (struct attribution){0};
        if (!line_at(lines, at, to, arena, &found))
            return false;
    }
    *out = found;
    return true;
}
