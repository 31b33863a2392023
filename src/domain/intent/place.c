#include <stdlib.h>
#include <string.h>

#include "domain/intent/internal.h"

/* What kind of meeting, how long, where, on which number, about what. */

enum { DURATION_MIN_MIN = 5, DURATION_MAX_MIN = 600, PLACE_BYTES_MAX = 200, ADDRESS_LINES_MAX = 200 };

/* Kinds, the strongest first: a meal is a meal even if it is called a meeting. */
static const struct { enum cue cue; enum meeting_kind kind; } kinds[] = {
    {CUE_KIND_BREAKFAST, KIND_BREAKFAST}, {CUE_KIND_LUNCH, KIND_LUNCH},
    {CUE_KIND_DINNER, KIND_DINNER},       {CUE_KIND_DRINKS, KIND_DRINKS},
    {CUE_KIND_COFFEE, KIND_COFFEE},       {CUE_KIND_VIDEO, KIND_VIDEO},
    {CUE_KIND_CALL, KIND_CALL},           {CUE_KIND_MEETING, KIND_MEETING},
};
static const struct { enum cue cue; enum meeting_kind kind; } weak_kinds[] = {
    {CUE_WEAK_CALL, KIND_CALL},
    {CUE_WEAK_MEETING, KIND_MEETING},
};

static bool follows(const struct text *text, const struct cue_hit *hit, enum class class)
{
    for (uint32_t back = 1; back <= 2 && back <= hit->tokens.first; back++)
        if (in_class(text, hit->tokens.first - back, class))
            return true;
    return false;
}

/* "instead of a call", but not "the three of us meet by video". */
static bool follows_instead_of(const struct text *text, const struct cue_hit *hit)
{
    for (uint32_t back = 1; back <= 2 && back + 1 <= hit->tokens.first; back++)
        if (in_class(text, hit->tokens.first - back, CLASS_of) &&
            in_class(text, hit->tokens.first - back - 1, CLASS_in_place_of))
            return true;
    return false;
}

/* "Pour le séminaire de janvier, pourrait-on se téléphoner ?": what it is about, where the
 * sentence says how to meet. */
static bool is_topic(const struct text *text, const struct cue_hit *hit)
{
    uint32_t at = hit->tokens.first;
    bool about = at > 1 && in_class(text, at - 1, CLASS_article_topic) &&
                 in_class(text, at - 2, CLASS_about_topic);
    return hit->cue == CUE_KIND_MEETING && about &&
           (cue_in_sentence(text, CUE_WEAK_CALL, hit->sentence) ||
            cue_in_sentence(text, CUE_KIND_CALL, hit->sentence) ||
            cue_in_sentence(text, CUE_WEAK_MEETING, hit->sentence));
}

/* "au café Bellecour", "at the hotel Meridian": what is named is a house. */
static struct span venue_at(const struct text *text, uint32_t at)
{
    struct span span = {at, at + 1};
    if (at == 0 || !in_class(text, at, CLASS_venue) ||
        !in_class(text, at - 1, CLASS_venue_article) || span.end >= text->token_count ||
        !text->tokens[span.end].capital || text->tokens[span.end].timex != 0)
        return (struct span){0, 0};
    while (span.end < text->token_count && text->tokens[span.end].timex == 0 &&
           (text->tokens[span.end].capital || in_class(text, span.end, CLASS_of_venue)))
        span.end++;
    while (!text->tokens[span.end - 1].capital)
        span.end--;
    return span;
}

/* "plutôt qu'un appel", "après le déjeuner", "pas en visio", "merci pour la réunion". */
static bool kind_counts(const struct text *text, const struct cue_hit *hit)
{
    if (hit->negated && !cue_in_clause(text, CUE_REQUEST, hit->clause))
        return false;
    if (follows_instead_of(text, hit) || follows(text, hit, CLASS_not_kind) ||
        (follows(text, hit, CLASS_than_before) && !follows(text, hit, CLASS_than_person)))
        return false;
    if (is_topic(text, hit))
        return false;
    bool meal = hit->cue >= CUE_KIND_LUNCH && hit->cue <= CUE_KIND_DINNER;
    if (meal && text->tokens[hit->tokens.first].timex != 0 &&
        (follows(text, hit, CLASS_before_after) ||
         (hit->tokens.first > 0 && in_class(text, hit->tokens.first - 1, CLASS_of_street) &&
          !follows(text, hit, CLASS_for_kind))))
        return false;
    if (venue_at(text, hit->tokens.first).end > 0)
        return false;
    bool by = in_class(text, hit->tokens.first, CLASS_over_kind);
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *past = &text->cues.items[i];
        if (by && past->cue == CUE_PAST && past->sentence == hit->sentence &&
            past->tokens.end <= hit->tokens.first && past->tokens.end + 10 >= hit->tokens.first &&
            !cue_in_clause(text, CUE_REQUEST, hit->clause))
            return false; /* "j'ai eu Anaïs (adresse) au téléphone" */
        if (by && past->cue == CUE_AGREED && past->clause == hit->clause && !cue_in_clause(text, CUE_CHANGE, hit->clause) &&
            past->tokens.end <= hit->tokens.first && past->tokens.end + 4 >= hit->tokens.first)
            return false; /* "comme convenu ce matin au téléphone": how it was agreed */
        if (past->cue == CUE_PAST && past->clause == hit->clause &&
            past->tokens.first <= hit->tokens.first && past->tokens.end + 4 >= hit->tokens.end &&
            !cue_in_clause(text, CUE_REQUEST, hit->clause))
            return false;
    }
    return true;
}

enum meeting_kind kind_read(const struct text *text, struct span part)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < text->cues.count; i++) {
            const struct cue_hit *hit = &text->cues.items[i];
            if (hit->cue == kinds[k].cue && span_has(part, hit->tokens.first) &&
                kind_counts(text, hit))
                return kinds[k].kind;
        }
    return KIND_UNKNOWN;
}

/* "le déjeuner", "my last call": not "un déjeuner", "for the lunch hour". */
bool kind_is_known(const struct text *text, const struct cue_hit *hit)
{
    if (hit->cue < CUE_KIND_CALL || hit->cue > CUE_KIND_DINNER)
        return false;
    for (uint32_t back = 1; back <= 2 && back <= hit->tokens.first; back++) {
        uint32_t at = hit->tokens.first - back;
        if (text->tokens[at].sentence != hit->sentence || text->tokens[at].kind == TOKEN_PUNCT)
            return false;
        if (in_class(text, at, CLASS_possessive) && at > 0 && text->tokens[at - 1].timex != 0)
            return true; /* "Wednesday's video call" */
        if (in_class(text, at, CLASS_definite))
            return at == 0 || !in_class(text, at - 1, CLASS_over);
    }
    return false;
}

/* "Replace the video call with a phone call", "on troque la visio contre un appel": the kind that the
 * meeting had, where another is named without an article of that meeting. */
static bool is_given_up(const struct text *text, const struct cue_hit *had, enum meeting_kind known)
{
    if (!kind_is_known(text, had))
        return false;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < text->cues.count; i++) {
            const struct cue_hit *hit = &text->cues.items[i];
            if (hit->cue == kinds[k].cue && kinds[k].kind != known && hit->sentence == had->sentence &&
                hit->tokens.first >= had->tokens.end && kind_counts(text, hit) && !kind_is_known(text, hit))
                return true;
        }
    return false;
}

/* "The rollout call needs an hour" of a meeting on video: a name for it, and no other kind. */
enum meeting_kind kind_read_other(const struct text *text, enum meeting_kind known)
{
    bool apart = known == KIND_CALL || known == KIND_VIDEO || known == KIND_MEETING;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < text->cues.count; i++) {
            const struct cue_hit *hit = &text->cues.items[i];
            bool by = in_class(text, hit->tokens.first, CLASS_kind_by) ||
                      (hit->tokens.first > 0 && in_class(text, hit->tokens.first - 1, CLASS_kind_by));
            bool named = apart && !by && (hit->cue == CUE_KIND_CALL || hit->cue == CUE_KIND_VIDEO ||
                                          hit->cue == CUE_KIND_MEETING) && kind_is_known(text, hit);
            if (hit->cue == kinds[k].cue && kind_counts(text, hit) && !(named && kinds[k].kind != known) &&
                !(kinds[k].kind == known && is_given_up(text, hit, known)))
                return kinds[k].kind;
        }
    return KIND_UNKNOWN;
}

enum meeting_kind kind_read_weak(const struct text *text, struct span part)
{
    for (size_t k = 0; k < sizeof weak_kinds / sizeof *weak_kinds; k++)
        for (size_t i = 0; i < text->cues.count; i++) {
            const struct cue_hit *hit = &text->cues.items[i];
            if (hit->cue == weak_kinds[k].cue && span_has(part, hit->tokens.first) && !hit->negated)
                return weak_kinds[k].kind;
        }
    return KIND_UNKNOWN;
}

/* Duration. */

static bool in_hit(const struct text *text, enum cue cue, uint32_t token)
{
    if (!cue_in_sentence(text, cue, text->tokens[token].sentence))
        return false;
    for (size_t i = 0; i < text->cues.count && text->cues.items[i].tokens.first <= token; i++)
        if (text->cues.items[i].cue == cue && span_has(text->cues.items[i].tokens, token))
            return true;
    return false;
}

/* "plutôt une heure qu'une demi-heure", "an hour instead of 30 minutes": the second. */
static bool is_what_it_was(const struct text *text, uint32_t at)
{
    if (at > 0 && in_class(text, at - 1, CLASS_article_any))
        at--;
    return at > 0 && (in_class(text, at - 1, CLASS_than) ||
                      (at > 1 && in_class(text, at - 1, CLASS_of_place) && in_class(text, at - 2, CLASS_in_place_of)));
}

uint32_t duration_read_other(const struct text *text, struct span part, uint32_t known)
{
    uint32_t refused = 0, same = 0;
    int64_t shift = -1; /* not asked for yet */
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        uint16_t id = text->tokens[i].timex;
        if (id == 0 || text->tokens[i].masked || (i > part.first && text->tokens[i - 1].timex == id))
            continue;
        const struct timex *timex = &text->timexes.items[id - 1];
        int64_t length = timex->duration_s / 60;
        if (timex->kind != TIMEX_DURATION || timex->negated || timex->duration_months != 0 ||
            length < DURATION_MIN_MIN || length > DURATION_MAX_MIN)
            continue;
        shift = shift < 0 ? labs(shift_read(text)) : shift;
        if (is_what_it_was(text, i) || in_hit(text, CUE_NOT_DURATION, i) || in_hit(text, CUE_LATE, i) || length == shift)
            continue;
        if (length == known)
            same = known;
        else if (!cue_in_clause(text, CUE_REFUSE, text->tokens[i].clause))
            return (uint32_t)length;
        else
            refused = (uint32_t)length; /* "30 minutes, c'est trop juste : plutôt une heure" */
    }
    if (same != 0)
        return same;
    return cue_first(text, CUE_CHANGE) == NULL ? refused : 0;
}

uint32_t duration_read(const struct text *text, struct span part)
{
    return duration_read_other(text, part, 0);
}

/* Subject: "Sujet : contrat 2027." */

struct slice subject_read(const struct text *text, struct span part)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue != CUE_SUBJECT || !span_has(part, hit->tokens.first))
            continue;
        uint32_t from = hit->tokens.end, to = text->sentences[hit->sentence].tokens.end;
        bool colon = from < to && text->body.data[text->tokens[from].offset] == ':';
        bool verb = hit->tokens.end - hit->tokens.first > 1;
        if (!colon && !verb)
            continue;
        struct slice said = text_of_span(text, (struct span){from + colon, to});
        while (said.len > 0 && strchr(" \n.!?;", said.data[said.len - 1]) != NULL)
            said.len--;
        said = slice_trim(said);
        if (said.len >= 3 && said.len <= PLACE_BYTES_MAX)
            return said;
    }
    return SLICE_NONE;
}

/* Addresses. */

static bool is_mark(const struct text *text, uint32_t at, const char *marks)
{
    return at < text->token_count && text->tokens[at].kind == TOKEN_PUNCT &&
           (unsigned char)text->body.data[text->tokens[at].offset] < 0x80 &&
           strchr(marks, text->body.data[text->tokens[at].offset]) != NULL;
}

static bool is_dash(const struct text *text, uint32_t at)
{
    return at < text->token_count && text->tokens[at].kind == TOKEN_PUNCT &&
           (text->body.data[text->tokens[at].offset] == '-' ||
            (unsigned char)text->body.data[text->tokens[at].offset] == 0xE2);
}

static bool is_place_word(const struct text *text, uint32_t at)
{
    return in_class(text, at, CLASS_place_lead);
}

/* "At the Maddermarket Library, 9 Pottergate": a number behind the name of a house, before another name. */
static bool follows_venue(const struct text *text, uint32_t number)
{
    if (number < 3 || number + 1 >= text->token_count || !is_mark(text, number - 1, ",") ||
        text->tokens[number].timex != 0 || text->tokens[number + 1].timex != 0 ||
        text->tokens[number + 1].kind != TOKEN_WORD || !text->tokens[number + 1].capital)
        return false;
    uint32_t at = number - 1;
    while (at > 0 && text->tokens[at - 1].timex == 0 && text->tokens[at - 1].kind == TOKEN_WORD &&
           (text->tokens[at - 1].capital || in_class(text, at - 1, CLASS_of_place_name)))
        at--;
    return at + 1 < number && at > 0 && is_place_word(text, at - 1);
}

/* A number and a street word close by: "12 rue de Sèze", "30 Wharf Road". */
static bool street_at(const struct text *text, uint32_t number, uint32_t end)
{
    const struct token *token = &text->tokens[number];
    bool numbered = token->kind == TOKEN_NUMBER ||
                    (token->kind == TOKEN_WORD && ascii_is_digit(text->body.data[token->offset]));
    bool beside = number + 1 < end && in_hit(text, CUE_STREET, number + 1);
    if (!numbered || token->length > 5 || (token->timex != 0 && !beside))
        return false;
    for (uint32_t i = number + 1; i < end && i <= number + 6; i++) {
        if (text->tokens[i].kind == TOKEN_PUNCT && !is_mark(text, i, ","))
            break;
        if (in_hit(text, CUE_STREET, i) && !in_class(text, i - 1, CLASS_our))
            return true;
    }
    return follows_venue(text, number);
}

/* Widens a street number to the left over the name of the place: "at Roast & Rye, 30 …". */
static uint32_t place_begin(const struct text *text, uint32_t number, uint32_t first)
{
    uint32_t begin = number;
    for (uint32_t back = 0; begin > first && back < 8; back++) {
        uint32_t at = begin - 1;
        const struct token *token = &text->tokens[at];
        if (token->timex != 0 || token->kind == TOKEN_MAIL || token->kind == TOKEN_PHONE)
            break;
        if (is_place_word(text, at) && !(token->capital && at + 1 < number))
            break;
        bool joins = token->kind == TOKEN_PUNCT ? is_mark(text, at, ",&(\"") || is_dash(text, at)
                                                : token->capital || token->kind == TOKEN_NUMBER ||
                                                      in_class(text, at, CLASS_of_place_name);
        if (!joins)
            break;
        begin = at;
    }
    while (begin < number && text->tokens[begin].kind == TOKEN_PUNCT)
        begin++;
    return begin;
}

/* To the right: the rest of the address, parts after commas while they look like one. */
static uint32_t place_end(const struct text *text, uint32_t number, uint32_t end)
{
    uint32_t at = number + 1;
    for (; at < end && at < number + 24; at++) {
        if (text->tokens[at].timex != 0 && text->tokens[at].kind != TOKEN_NUMBER)
            break;
        if (is_mark(text, at, ".!?;:()\n") || is_dash(text, at))
            break;
        if (in_class(text, at, CLASS_and_also) && at + 1 < end && !text->tokens[at + 1].capital &&
            !in_class(text, at + 1, CLASS_of_place_name) && !in_hit(text, CUE_STREET, at + 1))
            break; /* "12 Mill Road and bring the samples" */
        if (!is_mark(text, at, ","))
            continue;
        uint32_t next = at + 1;
        bool part = next < end && (text->tokens[next].capital ||
                                   text->tokens[next].kind == TOKEN_NUMBER);
        if (!part)
            break;
    }
    return at;
}

static struct slice address_in(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        if (token->masked)
            continue;
        struct span sentence = text->sentences[token->sentence].tokens;
        if (!street_at(text, i, sentence.end))
            continue;
        struct span span = {place_begin(text, i, sentence.first), place_end(text, i, sentence.end)};
        struct slice said = slice_trim(text_of_span(text, span));
        while (said.len > 0 && strchr(",. ", said.data[said.len - 1]) != NULL)
            said.len--;
        if (said.len <= PLACE_BYTES_MAX)
            return said;
    }
    return SLICE_NONE;
}

/* "At our warehouse, Unit 3, Albion Dock, Bristol", "chez lui, 8 zone des Alouettes à Vif": an address
 * without a street, behind whose place it is. */

static bool is_site_name(const struct text *text, uint32_t at)
{
    return at < text->token_count && text->tokens[at].timex == 0 && text->tokens[at].capital;
}

static bool is_site_number(const struct text *text, uint32_t at)
{
    const struct token *token = at < text->token_count ? &text->tokens[at] : NULL;
    return token != NULL && token->timex == 0 && token->length <= 6 && token->kind != TOKEN_PUNCT &&
           ascii_is_digit(text->body.data[token->offset]);
}

static bool is_site_join(const struct text *text, uint32_t at)
{
    return in_class(text, at, CLASS_site_join) || in_class(text, at, CLASS_site_of);
}

/* "Unit 3", "ZA des Prés", "zone industrielle de Vif": what is part of a site, and which. */
static bool is_unit(const struct text *text, uint32_t at)
{
    if (!in_class(text, at, CLASS_site_unit))
        return false;
    at++;
    while (in_class(text, at, CLASS_site_sort))
        at++;
    if (is_site_number(text, at) || is_site_name(text, at))
        return true;
    bool sort = in_class(text, at - 1, CLASS_site_sort), of = in_class(text, at, CLASS_site_of);
    while (is_site_join(text, at))
        at++;
    return is_site_name(text, at) || (of && (sort || in_class(text, at, CLASS_site_sort)));
}

/* "8 zone des Alouettes", "Albion Dock, Bristol"; "Anna Dock will come" is none. */
static bool is_site(const struct text *text, uint32_t at, uint32_t end)
{
    bool numbered = is_site_number(text, at);
    uint32_t i = at + numbered;
    if (is_unit(text, i))
        return true;
    while (i < end && i <= at + 4 && is_site_name(text, i) && (i == at || !in_class(text, i, CLASS_site_noun)))
        i++;
    if (i == at + numbered || !in_class(text, i, CLASS_site_noun))
        return false;
    while (i < end && is_site_name(text, i))
        i++;
    return numbered || i >= end || text->tokens[i].kind == TOKEN_PUNCT || text->tokens[i].timex != 0;
}

/* Where a part of an address that no comma divides ends; its first word if other words are in it. */
static uint32_t site_part_end(const struct text *text, uint32_t first, uint32_t end, bool *whole)
{
    uint32_t at = first, kept = first;
    for (; at < end && text->tokens[at].timex == 0; at++) {
        bool named = is_site_name(text, at) || is_site_number(text, at) ||
                     in_class(text, at, CLASS_site_unit) || in_class(text, at, CLASS_site_sort) ||
                     in_class(text, at, CLASS_site_noun) ||
                     (at > first && in_class(text, at - 1, CLASS_site_of) && text->tokens[at].kind == TOKEN_WORD &&
                      !is_site_join(text, at));
        if (!named && !is_site_join(text, at) && !is_dash(text, at))
            break;
        kept = named ? at + 1 : kept;
    }
    *whole = at >= end || text->tokens[at].timex != 0 || is_mark(text, at, ",.;!?)\n");
    return kept;
}

static uint32_t site_end(const struct text *text, uint32_t first, uint32_t end)
{
    bool whole;
    uint32_t to = site_part_end(text, first, end, &whole);
    while (whole && is_mark(text, to, ",")) {
        uint32_t next = site_part_end(text, to + 1, end, &whole);
        if (!whole || next == to + 1)
            break;
        to = next;
    }
    return to;
}

/* "at the depot", "chez Karim": a place is named before the mark. */
static bool names_place_before(const struct text *text, uint32_t mark)
{
    for (uint32_t back = 1; back <= 5 && back <= mark; back++) {
        const struct token *token = &text->tokens[mark - back];
        if (token->kind == TOKEN_PUNCT || token->timex != 0)
            break; /* "à 14h chez moi" tells a zone too */
        if (in_class(text, mark - back, CLASS_at_place))
            return back > 1;
    }
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if ((hit->cue == CUE_PLACE_OURS || hit->cue == CUE_PLACE_YOURS) && hit->tokens.end == mark && !hit->negated)
            return true;
    }
    return false;
}

static struct slice address_behind(const struct text *text, struct span part)
{
    for (uint32_t i = part.first + 1; i + 1 < part.end && i + 1 < text->token_count; i++) {
        uint32_t end = text->sentences[text->tokens[i].sentence].tokens.end;
        if ((!is_mark(text, i, ",(:") && !is_dash(text, i)) || text->tokens[i + 1].masked ||
            !is_site(text, i + 1, end) || !names_place_before(text, i))
            continue;
        struct slice said = slice_trim(text_of_span(text, (struct span){i + 1, site_end(text, i + 1, end)}));
        if (said.len >= 3 && said.len <= PLACE_BYTES_MAX)
            return said;
    }
    return SLICE_NONE;
}

/* "au Café Central", "at The Ivy", "Lieu : salle B12". */
static struct slice named_place(const struct text *text, struct span part, bool answer)
{
    enum class leads = answer ? CLASS_at_place : CLASS_in_place; /* "je suis à Lyon" */
    for (uint32_t i = part.first; i + 1 < part.end && i + 1 < text->token_count; i++) {
        bool suggests = in_class(text, i, CLASS_about) && i > 0 && in_class(text, i - 1, CLASS_how_what) &&
                        in_class(text, i + 1, CLASS_the); /* "how about the Copper Kettle?" */
        bool being = i > 0 && in_class(text, i, CLASS_at_being) && /* "tu es à Paris la semaine prochaine" */
                     in_class(text, i - 1, CLASS_being_at);
        bool near = in_class(text, i, CLASS_near) || (in_class(text, i, CLASS_near_of) && in_class(text, i + 1, CLASS_of_near));
        bool lead = (near || suggests || in_class(text, i, leads)) && !text->tokens[i].masked && !being;
        uint32_t from = i + 1 + (near && in_class(text, i, CLASS_near_of));
        if (in_class(text, from, CLASS_article_place) && (suggests || !text->tokens[from].capital))
            from++;
        if (!lead || from >= text->token_count || !text->tokens[from].capital ||
            text->tokens[from].timex != 0)
            continue;
        uint32_t to = from;
        while (to < part.end && text->tokens[to].timex == 0 &&
               (text->tokens[to].capital ||
                (to > from && (is_mark(text, to, "&") || in_class(text, to, CLASS_of_place_long))) ))
            to++;
        while (to > from && !text->tokens[to - 1].capital)
            to--;
        struct slice said = text_of_span(text, (struct span){from, to});
        if (said.len >= 3 && said.len <= PLACE_BYTES_MAX && text->tokens[from].kind == TOKEN_WORD)
            return said;
    }
    return SLICE_NONE;
}

static struct slice labelled_place(const struct text *text, struct span part)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue != CUE_PLACE_LABEL || !span_has(part, hit->tokens.first) ||
            !is_mark(text, hit->tokens.end, ":"))
            continue;
        struct span rest = {hit->tokens.end + 1, text->sentences[hit->sentence].tokens.end};
        struct slice said = slice_trim(text_of_span(text, rest));
        while (said.len > 0 && strchr(".!\n ", said.data[said.len - 1]) != NULL)
            said.len--;
        if (said.len >= 3 && said.len <= PLACE_BYTES_MAX)
            return said;
    }
    return SLICE_NONE;
}

static bool has_digit(struct slice line)
{
    size_t i = 0;
    while (i < line.len && !ascii_is_digit(line.data[i]))
        i++;
    return i < line.len;
}

/* The line of a signature that holds a street address. */
static struct slice address_of_signature(struct slice signature, struct arena *arena)
{
    struct slice rest = signature, line, found = SLICE_NONE;
    for (int lines = 0; lines < ADDRESS_LINES_MAX && slice_next_line(&rest, &line);) {
        if (line.len > PLACE_BYTES_MAX * 2 || !has_digit(line))
            continue;
        lines++;
        struct text text;
        text_take_apart(line, LANGUAGE_UNKNOWN, arena, &text);
        cues_find(&text, arena);
        for (uint32_t i = 0; i < text.token_count; i++) {
            if (!street_at(&text, i, text.token_count))
                continue;
            struct slice said = address_in(&text, text_all(&text));
            if (said.len > found.len)
                found = said;
        }
    }
    return found;
}

/* Telephone numbers. */

/* The mobile number of a signature, else its first number. */
static struct slice phone_of_signature(const struct text *quote)
{
    struct slice first = SLICE_NONE;
    for (uint32_t i = 0; i < quote->token_count; i++) {
        if (quote->tokens[i].kind != TOKEN_PHONE)
            continue;
        struct slice number = quote->tokens[i].word;
        for (uint32_t back = 1; back <= 3 && back <= i; back++)
            if (in_class(quote, i - back, CLASS_telephone_short))
                return number;
        if (first.len == 0)
            first = number;
    }
    return first;
}

static struct slice phone_after(const struct text *text, struct span part)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue != CUE_CALL_ME || !span_has(part, hit->tokens.first))
            continue;
        for (uint32_t k = hit->tokens.first; k < hit->tokens.end; k++)
            if (text->tokens[k].kind == TOKEN_PHONE)
                return text->tokens[k].word;
    }
    return SLICE_NONE;
}

/* A number stands for a call when a word says so, when it is alone in what is said of
 * the meeting, or when we asked for it. */
static struct slice phone_in(struct view *view, const struct text *text, struct span part,
                             enum meeting_kind kind)
{
    struct slice said = phone_after(text, part);
    bool expected = kind == KIND_CALL || view->context->kind == KIND_CALL ||
                    slice_equal(view->context->asked, LIT("place"));
    if (said.len > 0 || !expected)
        return said;
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++)
        if (text->tokens[i].kind == TOKEN_PHONE && !text->tokens[i].masked)
            return text->tokens[i].word;
    return SLICE_NONE;
}

static struct slice url_in(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        if (token->kind != TOKEN_URL || token->masked)
            continue;
        if (slice_find_nocase(token->word, LIT("unsubscribe"), 0) == SIZE_MAX)
            return token->word;
    }
    return SLICE_NONE;
}

static bool cue_in(const struct text *text, enum cue cue, struct span part)
{
    for (size_t i = 0; i < text->cues.count; i++)
        if (text->cues.items[i].cue == cue && span_has(part, text->cues.items[i].tokens.first) &&
            !text->cues.items[i].negated)
            return true;
    return false;
}

static void place_physical(struct view *view, struct span part, struct meeting_request *out)
{
    const struct text *text = &view->text;
    bool ours = cue_in(text, CUE_PLACE_OURS, part), yours = cue_in(text, CUE_PLACE_YOURS, part);
    struct slice said = address_in(text, part);
    if (said.len == 0)
        said = address_behind(text, part);
    if (said.len == 0)
        said = labelled_place(text, part);
    for (uint32_t i = part.first; said.len == 0 && i < part.end; i++)
        said = text_of_span(text, venue_at(text, i));
    if (said.len > 0) {
        out->place = (struct place){PLACE_IN_PERSON, said};
    } else if (ours && view->context->writer_is_client) {
        out->place.kind = PLACE_IN_PERSON; /* the planner knows the organizer's own place */
    } else if (ours) {
        out->place = (struct place){PLACE_IN_PERSON,
                                    address_of_signature(view->mail->signature, view->arena)};
    } else if (yours && view->quoted != NULL) {
        out->place_theirs = view->context->writer_is_client;
        out->place = (struct place){PLACE_IN_PERSON,
                                    address_of_signature(view->quoted->text, view->arena)};
    } else if (yours) {
        out->place_theirs = view->context->writer_is_client;
        out->place.kind = PLACE_IN_PERSON;
    } else if (kind_is_in_person(out->kind, PLACE_UNKNOWN) ||
               (out->kind == KIND_UNKNOWN && view->context->state != THREAD_NEW &&
                kind_is_in_person(view->context->kind, PLACE_UNKNOWN)) ||
               slice_equal(view->context->asked, LIT("place"))) {
        said = named_place(text, part, view->context->state != THREAD_NEW);
        if (said.len > 0)
            out->place = (struct place){PLACE_IN_PERSON, said};
    }
}

/* "Ring me on my mobile", whose number stands in the signature. */
static bool offers_own_phone(const struct text *quote)
{
    for (uint32_t i = 1; i < quote->token_count; i++)
        if (in_class(quote, i, CLASS_telephone) &&
            in_class(quote, i - 1, CLASS_my_telephone))
            return true;
    return false;
}

/* The number below a guest's name, of a call: whether or not the lines were told apart. */
static struct slice phone_signed(struct view *view)
{
    struct text signature, *text = &view->text;
    struct slice found = SLICE_NONE;
    if (view->context->writer_is_organizer || view->context->kind != KIND_CALL ||
        view->context->state == THREAD_NEW)
        return SLICE_NONE;
    text_take_apart(view->mail->signature, view->out->language, view->arena, &signature);
    found = phone_of_signature(&signature);
    for (uint32_t i = 0; found.len == 0 && i < text->token_count; i++)
        if (text->tokens[i].kind == TOKEN_PHONE && text->tokens[i].masked)
            found = text->tokens[i].word;
    return found;
}

static void place_phone(struct view *view, struct span part, struct meeting_request *out)
{
    out->phone = phone_in(view, &view->text, part, out->kind);
    if (out->phone.len == 0 && view->quoted != NULL) {
        if (cue_in(&view->text, CUE_YOUR_PHONE, part))
            out->phone = phone_of_signature(view_quote(view));
        else if (out->kind == KIND_CALL && view->context->state == THREAD_NEW)
            out->phone = phone_after(view_quote(view), text_all(view_quote(view)));
        if (out->phone.len == 0 && out->kind == KIND_CALL && offers_own_phone(view_quote(view)))
            out->phone = phone_of_signature(view_quote(view));
    }
    if (out->phone.len == 0)
        out->signed_phone = phone_signed(view);
    if (out->phone.len > 0 && out->place.kind == PLACE_UNKNOWN && out->kind != KIND_VIDEO)
        out->place = (struct place){PLACE_PHONE, out->phone};
}

void place_read(struct view *view, struct span part, struct meeting_request *out)
{
    struct slice url = url_in(&view->text, part);
    if (url.len > 0)
        out->place = (struct place){PLACE_VIDEO, url};
    else if (out->kind != KIND_VIDEO && out->kind != KIND_CALL)
        place_physical(view, part, out);
    place_phone(view, part, out);
    if (out->place.kind == PLACE_VIDEO && out->kind == KIND_UNKNOWN)
        out->kind = KIND_VIDEO;
    if (out->place.kind == PLACE_PHONE && out->kind == KIND_UNKNOWN &&
        view->context->state == THREAD_NEW)
        out->kind = KIND_CALL;
}
