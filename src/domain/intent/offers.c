#include <string.h>

#include "domain/intent/internal.h"

/* Which of the offered slots an answer takes or refuses: by number ("le 1 ou le 3"), by
 * order ("the last one"), by day or time in the zone that the writer means. */

enum { OFFERS_MAX = 32, REFS_MAX = 120 };
typedef uint32_t offer_set; /* bit i: offer i of the context */

enum polarity { NEUTRAL, POSITIVE, NEGATIVE };

/* Something in the text that points at offers, or at a time that is none of them. */
struct ref {
    struct span tokens;
    offer_set offers;
    enum polarity polarity;
    const struct timex *timex; /* or NULL */
    bool clock, day;           /* a time alone, a day alone */
    bool spent;                /* a day whose time stands elsewhere in the sentence */
    bool joined_day;           /* a time moved to that day */
    bool joined;               /* "ou vendredi": goes with what stands before */
};
struct refs {
    struct ref items[REFS_MAX];
    size_t count;
    struct view *view;
};

static size_t offer_count(const struct view *view)
{
    size_t count = view->context->offers.count;
    return count < OFFERS_MAX ? count : OFFERS_MAX;
}

static offer_set all_offers(const struct view *view)
{
    size_t count = offer_count(view);
    return count == OFFERS_MAX ? UINT32_MAX : (UINT32_C(1) << count) - 1;
}

static struct ref *ref_add(struct refs *refs, struct span tokens, offer_set offers)
{
    static struct ref overflow;
    if (refs->count >= REFS_MAX)
        return &overflow;
    struct ref *ref = &refs->items[refs->count++];
    *ref = (struct ref){.tokens = tokens, .offers = offers};
    return ref;
}

/* Times. */

static const char weekdays[] =
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs "
    "fri sat sun";

/* A weekday without a date: the writer means the one that was offered. */
static bool is_bare_weekday(const struct text *text, struct span tokens, const struct timex *timex)
{
    bool weekday = false;
    for (uint32_t i = tokens.first; i < tokens.end; i++) {
        uint64_t number;
        struct slice word = text->tokens[i].word;
        weekday |= word_in(text, i, weekdays);
        size_t digits = 0;
        while (digits < word.len && ascii_is_digit(word.data[digits]))
            digits++;
        if (slice_to_u64(slice_sub(word, 0, digits), 31, &number) &&
            number == timex->start.date.day && timex->start.hour != number &&
            timex->start.minute != number && timex->start.hour % 12 != number)
            return false;
    }
    return weekday;
}

static struct interval shifted(const struct timex *timex, const struct view *view,
                               const struct zone *zone, int64_t days, int64_t hours)
{
    struct timex moved = *timex;
    struct duration by = {days * DAY_US + hours * HOUR_US};
    moved.start = civil_add(moved.start, by);
    moved.end = civil_add(moved.end, by);
    return timex_interval(&moved, view, zone);
}

static offer_set offers_in(const struct view *view, struct interval when, bool exact)
{
    offer_set set = 0;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct instant start = view->context->offers.items[i].span.start;
        bool hit = exact ? start.us == when.start.us
                         : when.start.us <= start.us && start.us < when.end.us;
        if (hit)
            set |= UINT32_C(1) << i;
    }
    return set;
}

/* Offers at this time of day, whatever the day. */
static offer_set offers_at_clock(const struct view *view, const struct timex *timex,
                                 const struct zone *zone, int hours)
{
    offer_set set = 0;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall = civil_from_instant(view->context->offers.items[i].span.start, zone);
        if (wall.hour == (timex->start.hour + hours) % 24 && wall.minute == timex->start.minute)
            set |= UINT32_C(1) << i;
    }
    return set;
}

static offer_set match_in_zone(const struct view *view, const struct timex *timex,
                               const struct zone *zone, bool weekday)
{
    bool exact = timex_is_start(timex) || (timex->has_clock && timex->kind == TIMEX_INSTANT);
    bool vague_half = timex->doubt == TIMEX_AM_PM || (exact && timex->start.hour < 8);
    if (exact && timex->clock_only) {
        offer_set set = offers_at_clock(view, timex, zone, 0);
        return set == 0 && vague_half ? offers_at_clock(view, timex, zone, 12) : set;
    }
    for (int64_t hours = 0; hours <= (vague_half ? 12 : 0); hours += 12) {
        static const int64_t weeks[] = {0, 7, 14, 21, -7};
        for (size_t i = 0; i < (weekday ? 5u : 1u); i++) {
            offer_set set = offers_in(view, shifted(timex, view, zone, weeks[i], hours), exact);
            if (set != 0)
                return set;
        }
    }
    return 0;
}

static offer_set match_timex(const struct view *view, const struct timex *timex, struct span tokens)
{
    const struct zone *zones[] = {view->offer_zone, view->writer_zone, view->organizer_zone};
    bool weekday = is_bare_weekday(&view->text, tokens, timex);
    size_t tries = timex->zone.len > 0 || !timex->has_clock ? 1 : 3;
    for (size_t i = 0; i < tries; i++) {
        /* a zone that is said is known to the expression itself */
        struct timex plain = *timex;
        const struct zone *zone = zones[i];
        if (timex->clock_only && timex->zone.len > 0 && !slice_equal(timex->zone, LIT("writer")) &&
            zone_load(timex->zone, &zone, NULL) != ST_OK)
            zone = zones[i];
        if (timex->clock_only && slice_equal(timex->zone, LIT("writer")))
            zone = view->writer_zone;
        offer_set set = match_in_zone(view, &plain, zone, weekday);
        if (set != 0)
            return set;
    }
    return 0;
}

static bool in_cue(const struct text *text, enum cue cue, struct span tokens)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == cue && hit->tokens.first < tokens.end && tokens.first < hit->tokens.end)
            return true;
    }
    return false;
}

/* Times that are no answer: good wishes, what is past, minutes of delay. */
static bool is_aside(const struct view *view, const struct timex *timex, struct span tokens)
{
    const struct text *text = &view->text;
    uint32_t clause = text->tokens[tokens.first].clause;
    if (timex->kind == TIMEX_DURATION || timex->kind == TIMEX_SET ||
        text->tokens[tokens.first].masked || in_cue(text, CUE_WELL_WISHES, tokens) ||
        in_cue(text, CUE_LATE, tokens) || in_cue(text, CUE_URGENT, tokens))
        return true;
    bool answers = cue_in_clause(text, CUE_ACCEPT, clause) || cue_in_clause(text, CUE_FREE, clause) ||
                   cue_in_clause(text, CUE_PREFER, clause);
    if (!answers && (cue_in_clause(text, CUE_PAST, clause) || cue_in_clause(text, CUE_DEADLINE, clause)))
        return true;
    bool long_time = timex->open == TIMEX_BOUNDED &&
                     civil_to_us(timex->end) - civil_to_us(timex->start) > 40 * DAY_US;
    if (timex->grain >= GRAIN_QUARTER || long_time)
        return true; /* "the next two years" */
    return timex->open == TIMEX_BOUNDED && timex->end.date.year > 1 &&
           timex_interval(timex, view, view->offer_zone).end.us <= view->context->received.us &&
           !timex->clock_only;
}

/* "le premier", "the first one", "le 1er créneau" on its own: the place in the list and no
 * day, even when the first of a month is offered. */
static const char spelled_ordinals[] = "premier premiere first deuxieme second seconde troisieme third "
                                       "quatrieme fourth cinquieme fifth sixieme sixth";
static const char digit_ordinals[] = "1er 1ere 1re 1st 2e 2eme 2nd 2nde 3e 3eme 3rd 4e 4eme 4th 5e 5eme "
                                     "5th 6e 6eme 6th";
static const char slot_nouns[] = "one ones option options slot slots choice proposal suggestion creneau "
                                 "creneaux proposition horaire choix";

static bool is_place_in_list(const struct text *text, struct span tokens)
{
    uint32_t last = tokens.end - 1;
    for (uint32_t i = tokens.first; i < last; i++)
        if (!word_in(text, i, "the le la les"))
            return false; /* a month, a weekday or an hour goes with it */
    return word_in(text, last, spelled_ordinals) ||
           (word_in(text, last, digit_ordinals) && word_in(text, tokens.end, slot_nouns));
}

/* "I'll get back to you on Monday" takes no Monday. */
static bool is_when_answered(const struct text *text, const struct timex *timex, struct span tokens)
{
    uint32_t clause = text->tokens[tokens.first].clause;
    return !timex->has_clock && cue_in_clause(text, CUE_HOLD, clause) &&
           !cue_in_clause(text, CUE_ACCEPT, clause) && !cue_in_clause(text, CUE_FREE, clause);
}

static void find_times(struct refs *refs)
{
    struct view *view = refs->view;
    struct text *text = &view->text;
    for (uint32_t i = 0; i < text->token_count;) {
        uint16_t id = text->tokens[i].timex;
        struct span tokens = {i, i + 1};
        while (id != 0 && tokens.end < text->token_count && text->tokens[tokens.end].timex == id)
            tokens.end++;
        i = tokens.end;
        if (id == 0 || (offer_count(view) > 0 && is_place_in_list(text, tokens)))
            continue;
        const struct timex *timex = &text->timexes.items[id - 1];
        offer_set offers = timex->doubt == TIMEX_CONTRADICTION || timex->open != TIMEX_BOUNDED
                               ? 0 : match_timex(view, timex, tokens);
        if (is_aside(view, timex, tokens) && offers == 0)
            continue;
        if (timex->kind == TIMEX_DURATION || timex->kind == TIMEX_SET ||
            text->tokens[tokens.first].masked || in_cue(text, CUE_WELL_WISHES, tokens) ||
            is_when_answered(text, timex, tokens))
            continue;
        struct ref *ref = ref_add(refs, tokens, offers);
        ref->timex = timex;
        ref->clock = timex->clock_only;
        ref->day = !timex->has_clock && timex->grain <= GRAIN_DAY;
    }
}

/* Numbers and ordinals. */

enum { PLACE_MIDDLE = 100 };
static const struct { const char *words; int place; } ordinals[] = {
    {"premier premiere 1er 1ere 1re first 1st prem", 1},
    {"deuxieme second seconde 2e 2eme 2nd 2nde", 2},
    {"troisieme third 3e 3eme 3rd", 3},
    {"quatrieme fourth 4e 4eme 4th", 4},
    {"cinquieme fifth 5e 5eme 5th", 5},
    {"sixieme sixth 6e 6eme 6th", 6},
    {"dernier derniere last latter", -1},
    {"avant penultimate", -2},
    {"middle milieu", PLACE_MIDDLE},
};
static const char plural_ordinals[] = "premiers premieres first derniers dernieres last";

static int ordinal_place(const struct text *text, uint32_t at)
{
    for (size_t i = 0; i < sizeof ordinals / sizeof *ordinals; i++)
        if (word_in(text, at, ordinals[i].words))
            return ordinals[i].place;
    return 0;
}

static offer_set offer_at_place(const struct view *view, int place)
{
    int count = (int)offer_count(view);
    if (place == PLACE_MIDDLE)
        return count % 2 == 1 ? UINT32_C(1) << (count / 2) : 0;
    int index = place > 0 ? place - 1 : count + place;
    return index >= 0 && index < count ? UINT32_C(1) << index : 0;
}

static offer_set offer_numbered(const struct view *view, uint64_t number)
{
    for (size_t i = 0; i < offer_count(view); i++)
        if (view->context->offers.items[i].number == number)
            return UINT32_C(1) << i;
    return 0;
}

static const char determiners[] = "the le la les l du au aux your votre ma mon option options creneau "
                                  "creneaux slot slots choix choice proposition numero number no n pour "
                                  "for prefer prends que that ton vos with sur on a ce";
static const char offer_nouns[] = "one ones option options slot slots choice proposal suggestion creneau "
                                  "creneaux proposition date dates horaire choix time please works work "
                                  "is suits me serait est convient va of des or ou et and if si pour for";
static const char other_nouns[] = "round thing half week semaine jour fois quarter trimestre draft "
                                  "version point person contact year minute moment meeting rendez part "
                                  "partie mois month name nom temps lieu floor etage step etape thought "
                                  "month night weekend mai thoughts place hand";

static bool is_free_ordinal(const struct view *view, uint32_t at)
{
    const struct text *text = &view->text;
    const struct token *token = &text->tokens[at];
    if (token->masked)
        return false;
    if (token->timex != 0) { /* "the 2nd" may be a day of the month that was offered */
        const struct timex *timex = &text->timexes.items[token->timex - 1];
        bool bare = timex->length <= token->length + 5 && !timex->has_clock;
        bool alone = (at == 0 || text->tokens[at - 1].timex != token->timex ||
                      word_in(text, at - 1, "le the la les")) &&
                     (at + 1 >= text->token_count || text->tokens[at + 1].timex != token->timex);
        bool place = is_place_in_list(text, (struct span){at, at + 1});
        if (!bare || !alone || (!place && match_timex(view, timex, (struct span){at, at + 1}) != 0))
            return false;
    }
    if (word_in(text, at + 1, other_nouns))
        return false;
    bool led = at > 0 && word_in(text, at - 1, determiners);
    bool followed = word_in(text, at + 1, offer_nouns);
    struct span clause = text->clauses[token->clause].tokens;
    return led || followed || clause.end - clause.first <= 4;
}

static const char units[] = "h heure heures min mn minutes minute pm am personnes people mois jours "
                            "days weeks semaines hours hour ans years k euros eur pages fois persons "
                            "participants of to of";
static const char number_leads[] = "le la les option options creneau creneaux slot slots numero number "
                                   "no n choix choice proposition propositions date dates et and ou or "
                                   "pour for the nr num";

static bool is_free_number(const struct view *view, uint32_t at)
{
    const struct text *text = &view->text;
    const struct token *token = &text->tokens[at];
    if (token->kind != TOKEN_NUMBER || token->masked || token->length > 2 ||
        word_in(text, at + 1, units))
        return false;
    if (token->timex != 0) { /* "le 3" that was taken for the third of the month */
        const struct timex *timex = &text->timexes.items[token->timex - 1];
        if (timex->has_clock || timex->length > token->length + 8 || timex->kind == TIMEX_DURATION)
            return false;
        struct span tokens = {at, at + 1};
        if (match_timex(view, timex, tokens) != 0)
            return false;
    }
    if (at > 0 && word_in(text, at - 1, number_leads))
        return true;
    bool marked = at > 0 && text->tokens[at - 1].kind == TOKEN_PUNCT &&
                  strchr("#,&/", text->body.data[text->tokens[at - 1].offset]) != NULL;
    struct span clause = text->clauses[token->clause].tokens;
    return marked || clause.first == at ||
           (at > 0 && text->tokens[at - 1].kind == TOKEN_PUNCT && clause.end - clause.first <= 4);
}

static const char number_nouns[] = "option options slot slots number choice proposal creneau creneaux "
                                   "numero choix proposition";

/* "option one", "créneau deux": the word's number, or 0. */
static uint64_t spelled_number(const struct text *text, uint32_t at)
{
    static const char *const words[] = {"one un une", "two deux", "three trois",
                                        "four quatre", "five cinq", "six"};
    if (at == 0 || text->tokens[at].masked || !word_in(text, at - 1, number_nouns))
        return 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_in(text, at, words[i]))
            return i + 1;
    return 0;
}

/* "Monday is out, but the other two are fine": what was not spoken of yet. */
static bool find_others(struct refs *refs, uint32_t at)
{
    const struct text *text = &refs->view->text;
    bool led = at > 0 && word_in(text, at - 1, "the les deux two 2");
    bool noun = text->tokens[at].kind == TOKEN_WORD && at + 1 < text->token_count &&
                text->tokens[at + 1].kind == TOKEN_WORD &&
                !word_in(text, at + 1, "two three ones one me nous sont vont conviennent iraient are "
                                       "work works do would is fine ok creneaux slots options dates times");
    if (!led || noun || !word_in(text, at, "other others autres"))
        return false;
    offer_set said = 0;
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].tokens.end <= at)
            said |= refs->items[i].offers;
    if (said == 0)
        return false;
    uint32_t end = at + 1 + word_in(text, at + 1, "two three ones one");
    ref_add(refs, (struct span){at - 1, end}, all_offers(refs->view) & ~said);
    return true;
}

/* "les deux premiers", "the first two", "the last two". */
static bool find_pair(struct refs *refs, uint32_t at)
{
    const struct text *text = &refs->view->text;
    bool two_before = at > 0 && word_in(text, at - 1, "deux two 2");
    bool two_behind = word_in(text, at + 1, "two deux 2");
    if (!word_in(text, at, plural_ordinals) || (!two_before && !two_behind))
        return false;
    bool last = word_in(text, at, "derniers dernieres last");
    offer_set set = offer_at_place(refs->view, last ? -1 : 1) |
                    offer_at_place(refs->view, last ? -2 : 2);
    ref_add(refs, (struct span){at - two_before, at + 1 + two_behind}, set);
    return true;
}

static void find_ordinals(struct refs *refs)
{
    struct view *view = refs->view;
    const struct text *text = &view->text;
    if (offer_count(view) == 0)
        return;
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint64_t number = 0;
        if (find_pair(refs, i) || find_others(refs, i))
            continue;
        number = spelled_number(text, i);
        if (number != 0) {
            ref_add(refs, (struct span){i, i + 1}, offer_numbered(view, number));
            continue;
        }
        int place = ordinal_place(text, i);
        if (place != 0 && is_free_ordinal(view, i)) {
            ref_add(refs, (struct span){i, i + 1}, offer_at_place(view, place));
        } else if (is_free_number(view, i) && slice_to_u64(text->tokens[i].word, 99, &number)) {
            offer_set set = offer_numbered(view, number);
            if (set != 0)
                ref_add(refs, (struct span){i, i + 1}, set);
        }
    }
}

/* Judgement. */

static enum polarity polarity_of(const struct cue_hit *hit)
{
    switch (hit->cue) {
    case CUE_ACCEPT: case CUE_FREE: case CUE_PREFER: case CUE_ANY: case CUE_BOTH: case CUE_ONLY:
    case CUE_AGREED:
        return hit->negated && hit->cue != CUE_ONLY && hit->cue != CUE_ANY ? NEGATIVE : POSITIVE;
    case CUE_REFUSE: case CUE_BUSY: case CUE_NONE:
        return NEGATIVE;
    default:
        return NEUTRAL;
    }
}

static uint32_t distance(struct span a, struct span b)
{
    if (a.end <= b.first)
        return b.first - a.end;
    return b.end <= a.first ? a.first - b.end : 0;
}

/* The nearest judgement in a clause. "mardi je suis pris mercredi ça va" has no comma:
 * what stands behind a time is its judgement rather than what stands before. */
static enum polarity judge_clause(const struct text *text, uint32_t clause, struct span near)
{
    enum polarity best = NEUTRAL;
    uint32_t best_distance = UINT32_MAX;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        enum polarity polarity = polarity_of(hit);
        if (hit->clause != clause || polarity == NEUTRAL)
            continue;
        uint32_t d = 2 * distance(hit->tokens, near) + (hit->tokens.end <= near.first ? 1 : 0);
        if (d < best_distance || (d == best_distance && polarity == NEGATIVE)) {
            best_distance = d;
            best = polarity;
        }
    }
    return best;
}

static bool is_negated(const struct text *text, const struct ref *ref)
{
    if (ref->timex != NULL && ref->timex->negated)
        return true;
    uint32_t from = text->clauses[text->tokens[ref->tokens.first].clause].tokens.first;
    for (uint32_t back = 1; back <= 3 && ref->tokens.first >= from + back; back++) {
        uint32_t at = ref->tokens.first - back;
        if (text->tokens[at].idle)
            return false;
        if (word_in(text, at, "pas not sauf except hormis excepte bar excluding hors ni nor than "
                              "of lieu") ||
            (word_in(text, at, "qu que") && at > 0 && word_in(text, at - 1, "plutot")))
            return !word_in(text, at, "of") || (at > 0 && word_in(text, at - 1, "instead"));
        if (!word_in(text, at, "le la les the on for a au l du that"))
            return false;
    }
    return false;
}

static enum polarity judge(const struct text *text, const struct ref *ref)
{
    uint32_t clause = text->tokens[ref->tokens.first].clause;
    if (is_negated(text, ref))
        return NEGATIVE;
    enum polarity found = judge_clause(text, clause, ref->tokens);
    uint16_t sentence = text->clauses[clause].sentence;
    for (uint32_t c = clause + 1; found == NEUTRAL && c < text->clause_count &&
                                  text->clauses[c].sentence == sentence &&
                                  !text->clauses[c].contrast; c++)
        found = judge_clause(text, c, ref->tokens);
    for (uint32_t c = clause; found == NEUTRAL && c-- > 0 && text->clauses[c].sentence == sentence &&
                              !text->clauses[c + 1].contrast;)
        found = judge_clause(text, c, ref->tokens);
    return found;
}

static bool is_joined(const struct text *text, const struct ref *ref)
{
    struct span sentence = text->sentences[text->tokens[ref->tokens.first].sentence].tokens;
    return word_in(text, sentence.first, "ou or sinon otherwise et and alternatively");
}

/* A weekday without a date is that of the offers, even at another hour than offered. */
static int64_t weeks_to_offers(const struct view *view, const struct timex *timex, struct span tokens)
{
    static const int64_t weeks[] = {0, 7, 14, 21, -7};
    if (!is_bare_weekday(&view->text, tokens, timex))
        return 0;
    for (size_t w = 0; w < sizeof weeks / sizeof *weeks; w++)
        for (size_t i = 0; i < offer_count(view); i++) {
            struct civil wall =
                civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
            struct civil_date day = civil_date_add(timex->start.date, weeks[w]);
            if (civil_date_compare(wall.date, day) == 0)
                return weeks[w];
        }
    return 0;
}

/* A time of day of the sentence that is no offer's, moved to the day that is named. */
static void move_clock_to_day(struct refs *refs, struct ref *clock, struct ref *day)
{
    struct view *view = refs->view;
    struct timex *joined = ARENA_NEW(view->arena, struct timex);
    *joined = *clock->timex;
    int64_t days = civil_date_to_days(day->timex->start.date) -
                   civil_date_to_days(joined->start.date);
    if (is_bare_weekday(&view->text, day->tokens, day->timex))
        days += weeks_to_offers(view, day->timex, day->tokens);
    joined->start = civil_add(joined->start, (struct duration){days * DAY_US});
    joined->end = civil_add(joined->end, (struct duration){days * DAY_US});
    joined->clock_only = false;
    clock->timex = joined;
    clock->clock = false;
    clock->joined_day = true;
    clock->offers = match_in_zone(view, joined, view->offer_zone, false);
    day->offers = clock->offers;
    day->spent = true;
}

/* "Jeudi, plutôt à 15h": a day and a time of one sentence belong together. */
static void join_day_and_clock(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *clock = &refs->items[i];
        for (size_t k = 0; clock->clock && k < refs->count; k++) {
            struct ref *day = &refs->items[k];
            if (!day->day || text->tokens[day->tokens.first].sentence !=
                                 text->tokens[clock->tokens.first].sentence ||
                day->polarity == NEGATIVE || clock->polarity == NEGATIVE)
                continue;
            offer_set both = day->offers & clock->offers;
            if (both != 0)
                day->offers = clock->offers = both;
            else if (timex_is_start(clock->timex))
                move_clock_to_day(refs, clock, day);
        }
    }
}

static bool in_only_clause(const struct text *text, const struct ref *ref)
{
    return cue_in_clause(text, CUE_ONLY, text->tokens[ref->tokens.first].clause);
}

static offer_set collect(const struct refs *refs, enum polarity polarity, bool *only)
{
    const struct text *text = &refs->view->text;
    offer_set set = 0;
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        if (ref->polarity != polarity)
            continue;
        set |= ref->offers;
        *only |= ref->offers != 0 && in_only_clause(text, ref);
    }
    return set;
}

static void note_unmatched(struct refs *refs, enum polarity wanted, struct verdict *out)
{
    struct view *view = refs->view;
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        if (ref->timex == NULL || ref->spent)
            continue;
        if (ref->timex->doubt == TIMEX_CONTRADICTION)
            out->contradiction = true;
        if (ref->polarity != wanted && ref->polarity != POSITIVE)
            continue;
        out->named_time = true;
        if (ref->offers != 0 || ref->timex->doubt == TIMEX_CONTRADICTION)
            continue;
        out->unmatched = true;
        out->offered |= ref->polarity == POSITIVE || timex_is_start(ref->timex);
        if (!timex_is_start(ref->timex))
            continue;
        int64_t days = weeks_to_offers(view, ref->timex, ref->tokens);
        out->moved |= days != 0 || ref->joined_day;
        struct interval start = shifted(ref->timex, view, view->offer_zone, days, 0);
        if (ref->timex->kind == TIMEX_INSTANT)
            start.end = start.start;
        if (start.start.us > view->context->received.us)
            ARENA_PUSH(view->arena, &out->starts, start);
    }
}

void numbers_add(struct arena *arena, struct number_list *list, uint32_t number)
{
    if (!numbers_have(list, number))
        ARENA_PUSH(arena, list, ((struct number_item){number}));
}

bool numbers_have(const struct number_list *list, uint32_t number)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].number == number)
            return true;
    return false;
}

static void set_to_numbers(struct view *view, offer_set set, struct number_list *out)
{
    for (size_t i = 0; i < offer_count(view); i++)
        if (set & UINT32_C(1) << i)
            numbers_add(view->arena, out, view->context->offers.items[i].number);
}

/* A judgement without a time or number: "ça me va", "impossible". */
static bool has_judgement(const struct text *text, enum polarity polarity)
{
    for (size_t i = 0; i < text->cues.count; i++)
        if (polarity_of(&text->cues.items[i]) == polarity && text->cues.items[i].cue != CUE_PREFER &&
            text->cues.items[i].cue != CUE_ONLY && text->cues.items[i].cue != CUE_FREE)
            return true;
    return false;
}

static bool is_conditional(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_CONDITION && (cue_in_sentence(text, CUE_ACCEPT, hit->sentence) ||
                                          cue_in_sentence(text, CUE_FREE, hit->sentence)))
            return true;
    }
    return false;
}

static const char ending_words[] = "finit finisse finissons finissez finir finira termine terminons "
                                   "terminez terminer terminera fini libre libere part parte done "
                                   "finish finished finishes end ends over wrap out away";

/* The hour of "si on finit avant 15h", "if we are done by 3pm"; NULL for other conditions. */
static const struct timex *condition_end(const struct text *text, const struct cue_hit *hit)
{
    struct span rest = {hit->tokens.end, text->sentences[hit->sentence].tokens.end};
    bool ending = false;
    for (uint32_t i = rest.first; i < rest.end && i < rest.first + 10; i++) {
        ending |= word_in(text, i, ending_words);
        const struct timex *timex = text->tokens[i].timex == 0
                                        ? NULL : &text->timexes.items[text->tokens[i].timex - 1];
        if (ending && timex != NULL && timex->has_clock && timex->kind != TIMEX_DURATION)
            return timex;
    }
    return NULL;
}

/* Minutes of the day of an end that bounds; "by 3" is the afternoon. */
static int end_minutes(const struct timex *timex)
{
    const struct civil *at = timex->open == TIMEX_BEFORE ? &timex->end : &timex->start;
    int hour = at->hour == 0 ? 24 : at->hour < 8 ? at->hour + 12 : at->hour;
    return hour * 60 + at->minute;
}

/* A condition that the offers themselves answer: those that end in time are accepted.
 * False when none does, or the condition is another. */
static bool condition_met(const struct view *view, offer_set *accepted)
{
    const struct text *text = &view->text;
    offer_set fits = *accepted;
    for (size_t k = 0; k < text->cues.count; k++) {
        const struct cue_hit *hit = &text->cues.items[k];
        if (hit->cue != CUE_CONDITION)
            continue;
        const struct timex *limit = condition_end(text, hit);
        if (limit == NULL)
            return false;
        for (size_t i = 0; i < offer_count(view); i++) {
            struct civil end =
                civil_from_instant(view->context->offers.items[i].span.end, view->offer_zone);
            if (end.hour * 60 + end.minute > end_minutes(limit))
                fits &= ~(UINT32_C(1) << i);
        }
    }
    if (fits == 0)
        return false;
    *accepted = fits;
    return true;
}

static bool counts_weeks(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (week_after_at(text, i))
            return true;
    return false;
}

/* "can we do it next week?": a week takes no offer, though it may refuse those in it. */
static void drop_coarse(struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *ref = &refs->items[i];
        if (ref->timex != NULL && !ref->timex->has_clock && ref->polarity != NEGATIVE &&
            counts_weeks(&refs->view->text, ref->tokens))
            ref->offers = 0;
        if (ref->timex != NULL && !ref->timex->has_clock && ref->polarity != NEGATIVE &&
            civil_to_us(ref->timex->end) - civil_to_us(ref->timex->start) >= 4 * DAY_US)
            ref->offers = 0;
    }
}

void offers_read(struct view *view, struct verdict *out)
{
    const struct text *text = &view->text;
    struct refs *refs = ARENA_NEW(view->arena, struct refs);
    refs->view = view;
    find_times(refs);
    find_ordinals(refs);
    for (size_t i = 0; i < refs->count; i++) {
        refs->items[i].polarity = judge(text, &refs->items[i]);
        refs->items[i].joined = is_joined(text, &refs->items[i]);
    }
    drop_coarse(refs);
    join_day_and_clock(refs);

    bool only = false, ignored = false;
    offer_set accepted = collect(refs, POSITIVE, &only);
    offer_set neutral = collect(refs, NEUTRAL, &only);
    enum polarity wanted = POSITIVE;
    for (size_t i = 0; i < refs->count && accepted != 0; i++)
        if (refs->items[i].polarity == NEUTRAL && refs->items[i].joined)
            accepted |= refs->items[i].offers;
    if (accepted == 0) {
        wanted = NEUTRAL;
        accepted = neutral;
    }
    offer_set refused = collect(refs, NEGATIVE, &ignored) & ~accepted;
    note_unmatched(refs, wanted, out);

    out->none = cue_first(text, CUE_NONE) != NULL;
    out->any = cue_first(text, CUE_ANY) != NULL ||
               (cue_first(text, CUE_BOTH) != NULL && accepted == 0 && offer_count(view) == 2);
    if (only && accepted != 0)
        refused = all_offers(view) & ~accepted;
    if (out->any && accepted == 0 && !out->none && !out->unmatched)
        accepted = all_offers(view) & ~refused;
    if (out->none && accepted == 0 && refused == 0)
        refused = all_offers(view);
    out->vague_accept = has_judgement(text, POSITIVE);
    out->vague_refuse = has_judgement(text, NEGATIVE);
    out->conditional = is_conditional(text) && !condition_met(view, &accepted);
    set_to_numbers(view, accepted, &out->accepted);
    set_to_numbers(view, refused, &out->refused);
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].polarity != NEUTRAL || wanted == NEUTRAL)
            span_note(view, refs->items[i].tokens);
}
