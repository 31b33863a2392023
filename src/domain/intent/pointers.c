#include <string.h>

#include "domain/intent/offers.h"

/* What in an answer points at offers: times in the zone that the writer means, ordinals
 * and numbers. */

size_t offer_count(const struct view *view)
{
    size_t count = view->context->offers.count;
    return count < OFFERS_MAX ? count : OFFERS_MAX;
}

offer_set all_offers(const struct view *view)
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

/* A weekday without a date: the writer means the one that was offered. */
bool is_bare_weekday(const struct text *text, struct span tokens, const struct timex *timex)
{
    bool weekday = false;
    for (uint32_t i = tokens.first; i < tokens.end; i++) {
        uint64_t number;
        struct slice word = text->tokens[i].word;
        if (week_after_at(text, i))
            return false; /* "la semaine suivante, jeudi midi" */
        if (in_class(text, i, CLASS_following) || in_class(text, i, CLASS_week_after_following))
            return false; /* "the following Wednesday" is not the one that was offered */
        if (i > tokens.first && (in_class(text, i, CLASS_week_unit) ||
                                 (in_class(text, i, CLASS_week_from) && in_class(text, i - 1, CLASS_in_week))))
            return false; /* "Thursday week", "jeudi en huit" */
        weekday |= in_class(text, i, CLASS_weekday);
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

/* "Lundi prochain" written on a Monday is not that very day, though it was offered. */
bool is_week_ahead(const struct view *view, struct span tokens, const struct timex *timex)
{
    int64_t ahead = civil_date_to_days(timex->start.date) - civil_date_to_days(view->ref.date);
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (in_class(&view->text, i, CLASS_next))
            return ahead == 7;
    return false;
}

struct interval timex_shifted(const struct timex *timex, const struct view *view,
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

/* "at 10" that was ten in the evening only because ten in the morning was past when it was
 * written: of another day it is the morning. */
bool is_night_by_chance(const struct view *view, const struct timex *timex)
{
    for (size_t i = 0; i < offer_count(view); i++)
        if (civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone).hour >= 18)
            return false; /* a dinner */
    return timex->start.hour >= 20 && slice_find(timex->text, LIT("2"), 0) == SIZE_MAX &&
           slice_find_nocase(timex->text, LIT("pm"), 0) == SIZE_MAX &&
           slice_find_nocase(timex->text, LIT("p."), 0) == SIZE_MAX &&
           slice_find_nocase(timex->text, LIT("night"), 0) == SIZE_MAX &&
           slice_find_nocase(timex->text, LIT("soir"), 0) == SIZE_MAX;
}

/* "Thursday afternoon", "jeudi midi", "l'après-midi": a part of a day. */
static bool is_part_of_day(const struct timex *timex)
{
    bool noon = timex->kind == TIMEX_INSTANT && timex->start.hour == 12 &&
                timex->start.minute == 0 && timex->text.len > 0 &&
                (slice_find_nocase(timex->text, LIT("midi"), 0) != SIZE_MAX ||
                 slice_find_nocase(timex->text, LIT("lunch"), 0) != SIZE_MAX);
    return timex->has_clock && timex->open == TIMEX_BOUNDED &&
           (noon || (timex->kind == TIMEX_INTERVAL && timex->grain == GRAIN_PART));
}

/* As wide as people mean it: nobody who writes "afternoon" refuses half past four. */
static struct day_span part_span(const struct timex *timex)
{
    uint32_t start = timex->start.hour * 60u + timex->start.minute;
    uint32_t end = timex->end.hour * 60u + timex->end.minute;
    if (start == 12 * 60 && end <= start)
        return (struct day_span){start, 14 * 60 + 30}; /* "midi" */
    if (end <= start)
        end = 24 * 60;
    if (end > 15 * 60 && end <= 18 * 60)
        end = 18 * 60 + 30;
    bool evening = slice_find_nocase(timex->text, LIT("even"), 0) != SIZE_MAX ||
                   slice_find_nocase(timex->text, LIT("soir"), 0) != SIZE_MAX;
    bool late_part = start > 12 * 60 && start < 18 * 60 && !evening; /* "fin d'après-midi" */
    return (struct day_span){start < 9 * 60 ? 0 : start - (late_part ? 60 : 0), end};
}

static offer_set offers_in_part(const struct view *view, const struct timex *timex,
                                const struct zone *zone, bool weekday)
{
    struct day_span part = part_span(timex);
    offer_set set = 0;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall = civil_from_instant(view->context->offers.items[i].span.start, zone);
        int64_t days = civil_date_to_days(wall.date) - civil_date_to_days(timex->start.date);
        uint32_t at = wall.hour * 60u + wall.minute;
        bool day = timex->clock_only || days == 0 || (weekday && days % 7 == 0 && days <= 21);
        if (day && part.start_min <= at && at < part.end_min)
            set |= UINT32_C(1) << i;
    }
    return set;
}

offer_set offers_match_in_zone(const struct view *view, const struct timex *timex,
                               const struct zone *zone, bool weekday)
{
    bool exact = timex_is_start(timex) || (timex->has_clock && timex->kind == TIMEX_INSTANT);
    bool vague_half = timex->doubt == TIMEX_AM_PM || is_night_by_chance(view, timex) ||
                      (exact && timex->start.hour < 8);
    if (is_part_of_day(timex))
        return offers_in_part(view, timex, zone, weekday);
    if (exact && timex->clock_only) {
        offer_set set = offers_at_clock(view, timex, zone, 0);
        return set == 0 && vague_half ? offers_at_clock(view, timex, zone, 12) : set;
    }
    for (int64_t hours = 0; hours <= (vague_half ? 12 : 0); hours += 12) {
        static const int64_t weeks[] = {0, 7, 14, 21, -7};
        for (size_t i = 0; i < (weekday ? 5u : 1u); i++) {
            offer_set set = offers_in(view, timex_shifted(timex, view, zone, weeks[i], hours), exact);
            if (set != 0)
                return set;
        }
    }
    return 0;
}

/* "This week instead of next, Thursday or Friday": a week is named that holds the day and no offer. */
static bool names_other_week(const struct view *view, const struct timex *timex)
{
    for (size_t i = 0; i < view->text.timexes.count; i++) {
        const struct timex *week = &view->text.timexes.items[i];
        int64_t days = (civil_to_us(week->end) - civil_to_us(week->start)) / DAY_US;
        bool whole = week->kind != TIMEX_DURATION && week->open == TIMEX_BOUNDED && !week->negated &&
                     !week->has_clock && days >= 5 && days <= 7;
        if (whole && civil_compare(week->start, timex->start) <= 0 && civil_compare(timex->start, week->end) < 0 &&
            offers_in(view, timex_interval(week, view, view->offer_zone), false) == 0)
            return true;
    }
    return false;
}

static offer_set match_timex(const struct view *view, const struct timex *timex, struct span tokens)
{
    const struct zone *zones[] = {view->offer_zone, view->writer_zone, view->organizer_zone};
    bool weekday = is_bare_weekday(&view->text, tokens, timex) && !is_week_ahead(view, tokens, timex) &&
                   !names_other_week(view, timex);
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
        offer_set set = offers_match_in_zone(view, &plain, zone, weekday);
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

/* "Our contract was renewed in July and we are happy with it": what is past stands nearer than
 * what suits. */
static bool tells_past(const struct text *text, struct span tokens)
{
    enum { NEAR = 4 };
    const struct cue_hit *past = NULL;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->clause != text->tokens[tokens.first].clause || hit->tokens.end > tokens.first)
            continue;
        if (hit->cue == CUE_PAST && hit->tokens.end + NEAR > tokens.first)
            past = hit;
        else if (hit->cue == CUE_ACCEPT || hit->cue == CUE_FREE || hit->cue == CUE_PREFER)
            past = NULL;
    }
    return past != NULL;
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
    answers = answers && !tells_past(text, tokens);
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
static bool is_place_in_list(const struct text *text, struct span tokens)
{
    uint32_t last = tokens.end - 1;
    for (uint32_t i = tokens.first; i < last; i++)
        if (!in_class(text, i, CLASS_article_ordinal))
            return false; /* a month, a weekday or an hour goes with it */
    return in_class(text, last, CLASS_ordinal_spelled) ||
           (in_class(text, last, CLASS_ordinal_digits) && in_class(text, tokens.end, CLASS_slot_noun));
}

/* "I'll come back" of "I'll come back to you". */
static bool near_hold(const struct text *text, const struct cue_hit *hit)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hold = &text->cues.items[i];
        if (hold->cue == CUE_HOLD && hit->tokens.first < hold->tokens.end &&
            hold->tokens.first <= hit->tokens.end)
            return true;
    }
    return false;
}

/* "I'll get back to you on Monday" takes no Monday. */
static bool is_when_answered(const struct text *text, const struct timex *timex, struct span tokens)
{
    uint32_t clause = text->tokens[tokens.first].clause;
    bool vague = !timex_is_start(timex);
    bool suits = false; /* said of something else than coming back */
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        suits |= (hit->cue == CUE_ACCEPT || hit->cue == CUE_FREE) && hit->clause == clause &&
                 !near_hold(text, hit);
    }
    return vague && cue_in_clause(text, CUE_HOLD, clause) && !suits;
}

/* "Thursday at 8.15" to dinners: in the half of the day that was offered. */
static const struct timex *by_half_of_offers(const struct view *view, const struct timex *timex)
{
    bool early = timex->has_clock && timex->kind == TIMEX_INSTANT && timex->grain <= GRAIN_HOUR &&
                 timex->start.hour >= 5 && timex->start.hour < 12 && timex->zone.len == 0 &&
                 timex->text.len > 0 && slice_find_nocase(timex->text, LIT("am"), 0) == SIZE_MAX &&
                 slice_find_nocase(timex->text, LIT("mat"), 0) == SIZE_MAX &&
                 slice_find_nocase(timex->text, LIT("morn"), 0) == SIZE_MAX;
    for (size_t i = 0; early && i < offer_count(view); i++)
        early = civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone).hour >= 17;
    if (!early || offer_count(view) == 0)
        return timex;
    struct timex *late = ARENA_NEW(view->arena, struct timex);
    *late = *timex;
    late->start = civil_add(late->start, (struct duration){12 * HOUR_US});
    late->end = civil_add(late->end, (struct duration){12 * HOUR_US});
    return late;
}

/* "The Wednesdays", "mondays": the offers on such a day. */
static offer_set offers_of_set(const struct view *view, const struct timex *timex)
{
    static const char days[] = "MOTUWETHFRSASU";
    offer_set set = 0;
    size_t by = slice_find(timex->rrule, LIT("BYDAY="), 0);
    if (timex->kind != TIMEX_SET || by == SIZE_MAX || timex->has_clock)
        return 0;
    struct slice list = slice_sub(timex->rrule, by + 6, timex->rrule.len);
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall =
            civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
        int day = civil_date_weekday(wall.date);
        if (slice_find(list, (struct slice){days + 2 * day, 2}, 0) != SIZE_MAX)
            set |= UINT32_C(1) << i;
    }
    return set;
}

/* "Weds 11 BST": to an offer of that day at eleven no eleventh of the month. */
static offer_set offers_at_bare_hour(const struct view *view, const struct timex *timex,
                                     struct span tokens)
{
    const struct text *text = &view->text;
    uint64_t hour;
    offer_set set = 0;
    if (timex->has_clock || timex->grain != GRAIN_DAY || tokens.end - tokens.first != 2 ||
        !in_class(text, tokens.first, CLASS_weekday) || text->tokens[tokens.first + 1].kind != TOKEN_NUMBER ||
        !slice_to_u64(text->tokens[tokens.first + 1].word, 23, &hour))
        return 0;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall =
            civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
        if (civil_date_weekday(wall.date) == civil_date_weekday(timex->start.date) &&
            (wall.hour == hour || wall.hour == hour + 12) && wall.minute == 0)
            set |= UINT32_C(1) << i;
    }
    return set;
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
        const struct timex *timex = by_half_of_offers(view, &text->timexes.items[id - 1]);
        offer_set offers = timex->doubt == TIMEX_CONTRADICTION || timex->open != TIMEX_BOUNDED
                               ? 0 : match_timex(view, timex, tokens);
        if (offers == 0)
            offers = offers_at_bare_hour(view, timex, tokens);
        offer_set each = offers_of_set(view, timex);
        if (each != 0 && !text->tokens[tokens.first].masked)
            ref_add(refs, tokens, each);
        if (is_aside(view, timex, tokens) && offers == 0)
            continue;
        if (timex->kind == TIMEX_DURATION || timex->kind == TIMEX_SET ||
            text->tokens[tokens.first].masked || in_cue(text, CUE_WELL_WISHES, tokens) ||
            is_when_answered(text, timex, tokens))
            continue;
        struct ref *ref = ref_add(refs, tokens, offers);
        ref->timex = timex;
        ref->other_half = timex != &text->timexes.items[id - 1];
        ref->clock = timex->clock_only;
        ref->part = is_part_of_day(timex);
        ref->day = !timex->has_clock && timex->grain <= GRAIN_DAY;
    }
}

/* Numbers and ordinals. */

enum { PLACE_MIDDLE = 100 };
static const struct { enum class class; int place; } ordinals[] = {
    {CLASS_ordinal_1, 1}, {CLASS_ordinal_2, 2}, {CLASS_ordinal_3, 3},
    {CLASS_ordinal_4, 4}, {CLASS_ordinal_5, 5}, {CLASS_ordinal_6, 6},
    {CLASS_ordinal_last, -1}, {CLASS_ordinal_last_but_one, -2}, {CLASS_ordinal_middle, PLACE_MIDDLE},
};

static int ordinal_place(const struct text *text, uint32_t at)
{
    for (size_t i = 0; i < sizeof ordinals / sizeof *ordinals; i++)
        if (in_class(text, at, ordinals[i].class) &&
            (!in_class(text, at, CLASS_before_last) || in_class(text, at + 1, CLASS_last)))
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

static bool is_free_ordinal(const struct view *view, uint32_t at)
{
    const struct text *text = &view->text;
    const struct token *token = &text->tokens[at];
    if (token->masked)
        return false;
    if (token->timex != 0) { /* "the 2nd" may be a day of the month that was offered */
        const struct timex *timex = &text->timexes.items[token->timex - 1];
        bool bare = (timex->length <= token->length + 5 ||
                     is_place_in_list(text, text_timex_tokens(text, token->timex - 1u))) &&
                    !timex->has_clock;
        bool alone = (at == 0 || text->tokens[at - 1].timex != token->timex ||
                      in_class(text, at - 1, CLASS_article_ordinal)) &&
                     (at + 1 >= text->token_count || text->tokens[at + 1].timex != token->timex);
        bool place = is_place_in_list(text, (struct span){at, at + 1});
        if (!bare || !alone || (!place && match_timex(view, timex, (struct span){at, at + 1}) != 0))
            return false;
    }
    if (in_class(text, at + 1, CLASS_other_noun))
        return false;
    bool led = at > 0 && in_class(text, at - 1, CLASS_ordinal_lead);
    bool followed = in_class(text, at + 1, CLASS_offer_noun);
    struct span clause = text->clauses[token->clause].tokens;
    return led || followed || clause.end - clause.first <= 4;
}

static bool marks_item(const struct text *text, uint32_t at)
{
    return at + 2 < text->token_count && text->tokens[at].kind == TOKEN_NUMBER &&
           text->tokens[at + 1].kind == TOKEN_PUNCT &&
           strchr("):=", text->body.data[text->tokens[at + 1].offset]) != NULL &&
           text->tokens[at + 2].kind == TOKEN_WORD;
}

/* "1) ok 2) non": one of several numbers with a mark and a word behind. */
static bool is_item(const struct text *text, uint32_t at)
{
    if (!marks_item(text, at))
        return false;
    for (uint32_t i = 0; i < text->token_count; i++)
        if (i != at && marks_item(text, i))
            return true;
    return false;
}

/* "3 place Bellecour" */
static bool is_before_street(const struct text *text, uint32_t at)
{
    return in_class(text, at + 1, CLASS_street) &&
           at + 2 < text->token_count &&
           (text->tokens[at + 2].capital || in_class(text, at + 2, CLASS_of_street_name));
}

/* "Le 1 ou le 3", though it may be days of the month. */
static bool is_list_of_numbers(const struct text *text, uint16_t id)
{
    struct span span = text_timex_tokens(text, id - 1u);
    for (uint32_t i = span.first; i < span.end; i++)
        if (text->tokens[i].kind == TOKEN_WORD && !in_class(text, i, CLASS_list_filler))
            return false;
    return true;
}

/* "It's 1 or 3": beside a number that points at an offer. */
static bool is_in_list(const struct view *view, uint32_t at)
{
    const struct text *text = &view->text;
    uint64_t other;
    return in_class(text, at + 1, CLASS_or_and) && at + 2 < text->token_count &&
           text->tokens[at + 2].kind == TOKEN_NUMBER && !in_class(text, at + 3, CLASS_number_unit) &&
           slice_to_u64(text->tokens[at + 2].word, 24, &other) && other > 0 &&
           other <= offer_count(view);
}

static bool is_free_number(const struct view *view, uint32_t at)
{
    const struct text *text = &view->text;
    const struct token *token = &text->tokens[at];
    if (token->kind != TOKEN_NUMBER || token->masked || token->length > 2 ||
        in_class(text, at + 1, CLASS_number_unit) || is_before_street(text, at))
        return false;
    if (token->timex != 0) { /* "le 3" that was taken for the third of the month */
        const struct timex *timex = &text->timexes.items[token->timex - 1];
        if (timex->has_clock || timex->kind == TIMEX_DURATION ||
            (timex->length > token->length + 8 && !is_list_of_numbers(text, token->timex)))
            return false;
        struct span tokens = {at, at + 1};
        if (match_timex(view, timex, tokens) != 0)
            return false;
    }
    bool all = at > 0 && in_class(text, at - 1, CLASS_all_before) &&
               token->length == 1 && token->word.data[0] == (char)('0' + offer_count(view) % 10);
    if (all)
        return false; /* "les 3 me vont": how many there are */
    if (at > 0 && in_class(text, at - 1, CLASS_number_lead))
        return true;
    if (is_in_list(view, at))
        return true;
    if (is_item(text, at))
        return true;
    bool marked = at > 0 && text->tokens[at - 1].kind == TOKEN_PUNCT &&
                  strchr("#,&/", text->body.data[text->tokens[at - 1].offset]) != NULL;
    struct span clause = text->clauses[token->clause].tokens;
    return marked || clause.first == at ||
           (at > 0 && text->tokens[at - 1].kind == TOKEN_PUNCT && clause.end - clause.first <= 4);
}

/* "option one", "créneau deux": the word's number, or 0. */
static uint64_t spelled_number(const struct text *text, uint32_t at)
{
    static const enum class numbers[] = {CLASS_number_1, CLASS_number_2, CLASS_number_3,
                                         CLASS_number_4, CLASS_number_5, CLASS_number_6};
    const struct token *token = &text->tokens[at];
    struct span clause = text->clauses[token->clause].tokens;
    bool short_clause = clause.end - clause.first <= 3 && in_class(text, at - 1, CLASS_the);
    if (at == 0 || token->masked || !(in_class(text, at - 1, CLASS_number_noun) || short_clause))
        return 0;
    if (token->length == 1 && token->capital && token->word.data[0] <= 'f') /* "option B", "la B" */
        return (uint64_t)(token->word.data[0] - 'a') + 1;
    if (short_clause)
        return 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (in_class(text, at, numbers[i]))
            return i + 1;
    return 0;
}

/* "Monday is out, but the other two are fine", "le reste me va": what was not spoken of. */
static bool find_others(struct refs *refs, uint32_t at)
{
    const struct text *text = &refs->view->text;
    if (!in_class(text, at, CLASS_others))
        return false;
    bool led = at > 0 && in_class(text, at - 1, CLASS_all_of_them);
    bool noun = text->tokens[at].kind == TOKEN_WORD && at + 1 < text->token_count &&
                text->tokens[at + 1].kind == TOKEN_WORD &&
                !in_class(text, at + 1, CLASS_all_behind);
    bool rest = at > 0 && in_class(text, at - 1, CLASS_article_rest) && in_class(text, at, CLASS_rest);
    if (!rest && (!led || noun || !in_class(text, at, CLASS_others_behind)))
        return false;
    offer_set said = 0;
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].tokens.end <= at)
            said |= refs->items[i].offers;
    if (said == 0)
        return false;
    uint32_t end = at + 1 + in_class(text, at + 1, CLASS_count_behind);
    ref_add(refs, (struct span){at - 1, end}, all_offers(refs->view) & ~said)->others = true;
    return true;
}

/* "les deux premiers", "the first two", "the last two". */
static bool find_pair(struct refs *refs, uint32_t at)
{
    const struct text *text = &refs->view->text;
    if (!in_class(text, at, CLASS_ordinal_plural))
        return false;
    bool two_before = at > 0 && in_class(text, at - 1, CLASS_two);
    bool two_behind = in_class(text, at + 1, CLASS_two);
    if (!two_before && !two_behind)
        return false;
    bool last = in_class(text, at, CLASS_last_plural);
    offer_set set = offer_at_place(refs->view, last ? -1 : 1) |
                    offer_at_place(refs->view, last ? -2 : 2);
    ref_add(refs, (struct span){at - two_before, at + 1 + two_behind}, set);
    return true;
}

/* "The earliest please", "whichever is latest": a word for a slot by itself; not "at the latest", "the
 * soonest I can do is Friday". */
static bool stands_for_slot(const struct text *text, uint32_t at)
{
    uint32_t lead = at;
    while (lead > 0 && lead + 3 > at && in_class(text, lead - 1, CLASS_slot_lead))
        lead--;
    bool bound = lead > 0 && in_class(text, lead - 1, CLASS_no_slot_lead);
    return lead < at && !bound && !in_class(text, at + 1, CLASS_me_word) && !in_class(text, at + 1, CLASS_no_slot_behind) &&
           text->tokens[at].timex == 0;
}

/* "the later one on Wednesday", "le plus tôt des deux": the end of what is spoken of. */
static bool find_extreme(struct refs *refs, uint32_t at)
{
    const struct text *text = &refs->view->text;
    bool noun = in_class(text, at + 1, CLASS_slot);
    bool early = (in_class(text, at, CLASS_earliest) && noun) ||
                 (in_class(text, at, CLASS_plus) && in_class(text, at + 1, CLASS_early));
    bool late = (in_class(text, at, CLASS_latest) && noun) ||
                (in_class(text, at, CLASS_plus) && in_class(text, at + 1, CLASS_late_fr));
    bool led = at > 0 && in_class(text, at - 1, CLASS_article_extreme);
    late |= in_class(text, at, CLASS_latest) && in_class(text, at + 1, CLASS_article_extreme) &&
            in_class(text, at + 2, CLASS_better); /* "the later the better" */
    if (stands_for_slot(text, at)) {
        early |= in_class(text, at, CLASS_soonest);
        late |= in_class(text, at, CLASS_last_of_all);
        led |= early || late;
    }
    for (uint32_t i = at + 1; i < at + 7 && in_class(text, at - 1, CLASS_as); i++)
        led |= in_class(text, i, CLASS_as) && in_class(text, i + 1, CLASS_as_possible); /* "as late as possible" */
    early |= led && in_class(text, at - 1, CLASS_as) && in_class(text, at, CLASS_as_early);
    late |= led && in_class(text, at - 1, CLASS_as) && in_class(text, at, CLASS_as_late);
    if ((!early && !late) || !led || text->tokens[at].masked)
        return false;
    offer_set among = 0;
    bool refused = at > 1 && in_class(text, at - 2, CLASS_not_extreme);
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *ref = &refs->items[i];
        if (text->tokens[ref->tokens.first].sentence != text->tokens[at].sentence)
            continue;
        among |= ref->offers;
        ref->offers = refused ? ref->offers : 0;
        ref->spent = !refused;
    }
    if (among == 0)
        among = all_offers(refs->view);
    uint32_t pick = early ? (uint32_t)__builtin_ctz(among) : 31u - (uint32_t)__builtin_clz(among);
    ref_add(refs, (struct span){at - 1, at + 2}, UINT32_C(1) << pick);
    return true;
}

/* "Wed 3", "11 on Weds": the hour of a day that is named beside it. */
static bool find_hour_of_day(struct refs *refs, uint32_t at, uint64_t number)
{
    const struct view *view = refs->view;
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *day = &refs->items[i];
        bool beside = day->tokens.end == at || at + 1 == day->tokens.first;
        if (!day->day || !beside)
            continue;
        offer_set set = 0;
        for (size_t k = 0; k < offer_count(view); k++) {
            struct civil wall =
                civil_from_instant(view->context->offers.items[k].span.start, view->offer_zone);
            bool hour = wall.hour == number || wall.hour == number + 12;
            if (day->offers & UINT32_C(1) << k && hour && wall.minute == 0)
                set |= UINT32_C(1) << k;
        }
        if (set == 0)
            return false;
        day->offers = set;
        return true;
    }
    return false;
}

/* "11 or 3": a number that can only be an hour makes its neighbour one. The offers at the hour. */
static offer_set offers_of_hours(const struct view *view, uint32_t at, uint64_t number)
{
    const struct text *text = &view->text;
    bool hours = false;
    for (int side = -1; side <= 1; side += 2) {
        uint32_t joint = at + (uint32_t)side, other = joint + (uint32_t)side;
        uint64_t beside;
        hours |= joint < text->token_count && other < text->token_count &&
                 in_class(text, joint, CLASS_or_and) && text->tokens[other].kind == TOKEN_NUMBER &&
                 slice_to_u64(text->tokens[other].word, 24, &beside) &&
                 (beside > offer_count(view) || number > offer_count(view));
    }
    offer_set set = 0;
    for (size_t i = 0; hours && i < offer_count(view); i++) {
        struct civil wall =
            civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
        if ((wall.hour == number || wall.hour == number + 12) && wall.minute == 0)
            set |= UINT32_C(1) << i;
    }
    return set;
}

/* A bare number: an hour, else the place of an offer. */
static void find_number(struct refs *refs, uint32_t at, uint64_t number)
{
    struct view *view = refs->view;
    bool free = view->text.tokens[at].timex == 0;
    if (free && find_hour_of_day(refs, at, number))
        return;
    offer_set hours = free ? offers_of_hours(view, at, number) : 0;
    offer_set set = hours != 0 ? hours : offer_numbered(view, number);
    if (set != 0 && (hours != 0 || is_free_number(view, at)))
        ref_add(refs, (struct span){at, at + 1}, set);
}

static void find_ordinals(struct refs *refs)
{
    struct view *view = refs->view;
    const struct text *text = &view->text;
    if (offer_count(view) == 0)
        return;
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint64_t number = 0;
        if (find_pair(refs, i) || find_others(refs, i) || find_extreme(refs, i))
            continue;
        number = spelled_number(text, i);
        if (number != 0) {
            ref_add(refs, (struct span){i, i + 1}, offer_numbered(view, number));
            continue;
        }
        int place = ordinal_place(text, i);
        if (place != 0 && is_free_ordinal(view, i)) {
            ref_add(refs, (struct span){i, i + 1}, offer_at_place(view, place));
        } else if (text->tokens[i].kind == TOKEN_NUMBER &&
                   slice_to_u64(text->tokens[i].word, 24, &number)) {
            find_number(refs, i, number);
        }
    }
}

void refs_find(struct refs *refs)
{
    find_times(refs);
    find_ordinals(refs);
}
