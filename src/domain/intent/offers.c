#include <string.h>

#include "domain/intent/offers.h"

/* Which of the offered slots an answer takes or refuses: by number ("le 1 ou le 3"), by
 * order ("the last one"), by day or time in the zone that the writer means. */

static bool is_joined(const struct text *text, const struct ref *ref)
{
    struct span sentence = text->sentences[text->tokens[ref->tokens.first].sentence].tokens;
    return word_in(text, sentence.first, "ou or sinon otherwise et and alternatively");
}

/* All offers are in one week: days to that week's day like this one, if it is still to come. */
static int64_t weeks_to_their_week(const struct view *view, struct civil_date day)
{
    int64_t week = 0, today = civil_date_to_days(view->ref.date);
    for (size_t i = 0; i < offer_count(view); i++) {
        struct instant start = view->context->offers.items[i].span.start;
        struct civil_date date = civil_from_instant(start, view->offer_zone).date;
        int64_t own = (civil_date_to_days(date) + 3) / 7; /* weeks begin on Monday */
        if (i > 0 && own != week)
            return 0;
        week = own;
    }
    int64_t days = civil_date_to_days(day), moved = days + 7 * (week - (days + 3) / 7);
    return offer_count(view) > 0 && moved > today && moved > days ? moved - days : 0;
}

/* A weekday without a date is that of the offers, even at another hour than offered. */
static int64_t weeks_to_offers(const struct view *view, const struct timex *timex, struct span tokens)
{
    static const int64_t weeks[] = {0, 7, 14, 21, -7};
    if (!is_bare_weekday(&view->text, tokens, timex) || is_week_ahead(view, tokens, timex))
        return 0;
    for (size_t w = 0; w < sizeof weeks / sizeof *weeks; w++)
        for (size_t i = 0; i < offer_count(view); i++) {
            struct civil wall =
                civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
            struct civil_date day = civil_date_add(timex->start.date, weeks[w]);
            if (civil_date_compare(wall.date, day) == 0)
                return weeks[w];
        }
    return weeks_to_their_week(view, timex->start.date);
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
    int64_t hours = is_night_by_chance(view, joined) ? -12 : 0;
    joined->start = civil_add(joined->start, (struct duration){days * DAY_US + hours * HOUR_US});
    joined->end = civil_add(joined->end, (struct duration){days * DAY_US + hours * HOUR_US});
    joined->clock_only = false;
    clock->timex = joined;
    clock->clock = false;
    clock->joined_day = true;
    clock->offers = offers_match_in_zone(view, joined, view->offer_zone, false);
    day->offers = clock->offers;
    day->spent = true;
}

static offer_set offers_of_days(const struct view *view, offer_set some)
{
    offer_set set = 0;
    for (size_t i = 0; i < offer_count(view); i++)
        for (size_t k = 0; k < offer_count(view); k++) {
            struct instant a = view->context->offers.items[i].span.start;
            struct instant b = view->context->offers.items[k].span.start;
            bool same = civil_date_compare(civil_from_instant(a, view->offer_zone).date,
                                           civil_from_instant(b, view->offer_zone).date) == 0;
            if (some & UINT32_C(1) << i && same)
                set |= UINT32_C(1) << k;
        }
    return set;
}

static bool has_word(const struct text *text, uint32_t clause, const char *words)
{
    struct span span = text->clauses[clause].tokens;
    for (uint32_t i = span.first; i < span.end; i++)
        if (word_in(text, i, words))
            return true;
    return false;
}

/* "Lundi matin ou après-midi", "Wednesday, morning or afternoon": parts of the day that is
 * named before. */
static void join_day_and_parts(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *day = &refs->items[i];
        offer_set parts = 0;
        bool found = false;
        for (size_t k = i + 1; k < refs->count && (day->day || (day->part && !day->clock)); k++) {
            struct ref *part = &refs->items[k];
            if (!part->clock || !part->part || text->tokens[day->tokens.first].sentence !=
                                                   text->tokens[part->tokens.first].sentence)
                break;
            part->offers &= offers_of_days(refs->view, day->offers);
            parts |= part->offers;
            found = true;
            part->clock = false;
        }
        uint32_t own = text->tokens[day->tokens.first].clause;
        uint32_t next = found ? text->tokens[refs->items[i + 1].tokens.first].clause : 0;
        bool close = found && (own == next || (text->clauses[next].contrast &&
                                               !has_word(text, next, "have aurais") &&
                                               has_word(text, next, "plutot instead rather preferably ideally "
                                                                    "idealement preference")));
        if (found && day->day && (parts != 0 || close))
            day->offers = parts; /* "Thursday would be better in the morning": maybe none */
    }
}

/* "After that, the mornings of the 28th and 29th": no mornings that were offered. */
static void drop_parts_of_other_days(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t i = 0; i < refs->count; i++)
        for (size_t k = 0; k < refs->count; k++) {
            const struct ref *other = &refs->items[k];
            if (refs->items[i].part && refs->items[i].clock && other->timex != NULL &&
                !other->part && !other->clock && other->offers == 0 &&
                text->tokens[other->tokens.first].sentence ==
                    text->tokens[refs->items[i].tokens.first].sentence)
                refs->items[i].offers = 0;
        }
}

/* "Thursday 14th at noon or failing that 3pm": the second hour is of the same day. */
static void join_hours_of_day(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t i = 1; i < refs->count; i++) {
        struct ref *clock = &refs->items[i], *full = &refs->items[i - 1];
        bool alone = clock->clock && !clock->part && timex_is_start(clock->timex);
        bool dated = full->timex != NULL && !full->clock && full->timex->has_clock &&
                     timex_is_start(full->timex);
        if (!alone || !dated || clock->polarity == NEGATIVE || full->polarity == NEGATIVE ||
            text->tokens[clock->tokens.first].clause != text->tokens[full->tokens.first].clause)
            continue;
        struct ref before = *full;
        move_clock_to_day(refs, clock, full);
        *full = before;
    }
}

/* "Jeudi, plutôt à 15h": a day and a time of one sentence belong together. */
static void join_day_and_clock(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    join_day_and_parts(refs);
    drop_parts_of_other_days(refs);
    join_hours_of_day(refs);
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

/* "11h en Martinique, donc 17h à Paris", "10am your time (so 2pm here)": one instant on two
 * clocks; that which names its zone counts. */
static void join_second_clock(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t n = 0; n < refs->count * refs->count; n++) {
        struct ref *first = &refs->items[n / refs->count], *second = &refs->items[n % refs->count];
        if (first >= second || first->timex == NULL || second->timex == NULL || !second->clock || first->clock ||
            !timex_is_start(first->timex) || !timex_is_start(second->timex) ||
            text->tokens[first->tokens.first].sentence != text->tokens[second->tokens.first].sentence)
            continue;
        bool so = false;
        for (uint32_t t = first->tokens.end; t < second->tokens.first; t++)
            so |= word_in(text, t, "so donc soit ie which equals");
        if (!so)
            continue;
        if (first->timex->zone.len == 0 && second->timex->zone.len > 0) {
            struct timex *joined = ARENA_NEW(refs->view->arena, struct timex);
            int64_t days = civil_date_to_days(first->timex->start.date) -
                           civil_date_to_days(second->timex->start.date);
            *joined = *second->timex;
            joined->start = civil_add(joined->start, (struct duration){days * DAY_US});
            joined->end = civil_add(joined->end, (struct duration){days * DAY_US});
            joined->clock_only = false;
            first->timex = joined;
            first->offers = offers_match_in_zone(refs->view, joined, refs->view->offer_zone, false);
        }
        second->offers = 0;
        second->spent = true;
        second->clock = false;
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

static void push_start(struct view *view, struct instant start, struct verdict *out)
{
    if (start.us <= view->context->received.us)
        return;
    ARENA_PUSH(view->arena, &out->starts, ((struct interval){start, start}));
    out->unmatched = out->named_time = out->moved = true;
}

static bool has_untold_time(const struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        if (ref->timex != NULL && !ref->told && !ref->spent && ref->offers == 0 && ref->polarity != NEGATIVE &&
            timex_is_start(ref->timex))
            return true;
    }
    return false;
}

/* "18h30 plutôt ?": on the days that were offered. */
static void push_on_offered_days(struct view *view, const struct timex *timex, struct verdict *out)
{
    const struct zone *zone = view->offer_zone;
    if (timex->zone.len > 0 && zone_load(timex->zone, &zone, NULL) != ST_OK)
        zone = view->writer_zone; /* "writer" */
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall = civil_from_instant(view->context->offers.items[i].span.start, zone);
        wall.hour = (uint8_t)(timex->start.hour - (is_night_by_chance(view, timex) ? 12 : 0));
        wall.minute = timex->start.minute;
        struct instant start = civil_to_instant(wall, zone);
        bool known = false;
        for (size_t k = 0; k < out->starts.count; k++)
            known |= out->starts.items[k].start.us == start.us;
        if (!known)
            push_start(view, start, out);
    }
}

static void note_unmatched(struct refs *refs, enum polarity wanted, struct verdict *out)
{
    struct view *view = refs->view;
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        if (ref->timex == NULL || ref->spent || (ref->coarse && out->any))
            continue; /* "you pick, I'm flexible next week" */
        if (ref->timex->doubt == TIMEX_CONTRADICTION)
            out->contradiction = true;
        if (ref->polarity != wanted && ref->polarity != POSITIVE)
            continue;
        out->named_time = true;
        if (ref->offers != 0 || ref->timex->doubt == TIMEX_CONTRADICTION)
            continue;
        out->unmatched = true;
        out->offered |= ref->polarity == POSITIVE || timex_is_start(ref->timex);
        if (!timex_is_start(ref->timex) || timex_is_window(ref->timex, view))
            continue;
        int64_t days = weeks_to_offers(view, ref->timex, ref->tokens);
        out->moved |= days != 0 || ref->joined_day;
        if (ref->told && has_untold_time(refs))
            continue; /* "17h45 serait mieux, je sors de réunion à 17h30" */
        if (ref->clock && !ref->joined_day) {
            push_on_offered_days(view, ref->timex, out);
            continue;
        }
        struct interval start = timex_shifted(ref->timex, view, view->offer_zone, days, 0);
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
            civil_to_us(ref->timex->end) - civil_to_us(ref->timex->start) >= 4 * DAY_US) {
            ref->coarse = ref->offers != 0;
            ref->offers = 0;
        }
    }
}

/* "I'm unavailable at all three times". */
static bool refuses_all(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++)
        if (text->cues.items[i].cue == CUE_ANY &&
            (cue_in_clause(text, CUE_REFUSE, text->cues.items[i].clause) ||
             cue_in_clause(text, CUE_BUSY, text->cues.items[i].clause)))
            return true;
    return false;
}

/* "Mardi 10h. Euh non pardon, mercredi 15h": what was taken before such words is not meant, if
 * another time follows. What was refused stays refused. */
static void drop_retracted(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t k = 0; k < text->cues.count; k++) {
        const struct cue_hit *hit = &text->cues.items[k];
        bool follows = false;
        if (hit->cue != CUE_RETRACT)
            continue;
        for (size_t i = 0; i < refs->count; i++)
            follows |= refs->items[i].tokens.first >= hit->tokens.end &&
                       refs->items[i].polarity != NEGATIVE;
        for (size_t i = 0; i < refs->count && follows; i++) {
            struct ref *ref = &refs->items[i];
            if (ref->tokens.first < hit->tokens.first && ref->polarity != NEGATIVE) {
                ref->offers = 0;
                ref->spent = true;
                for (uint32_t t = ref->tokens.first; t < ref->tokens.end; t++)
                    refs->view->text.tokens[t].masked = true; /* no wish either */
            }
        }
    }
}

/* "What's it about? Is it the Tuesday callout?": a question about the matter takes no Tuesday. */
static void drop_questioned(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *ref = &refs->items[i];
        const struct token *next = ref->tokens.end < text->token_count ? &text->tokens[ref->tokens.end] : NULL;
        uint32_t first = text->clauses[text->tokens[ref->tokens.first].clause].tokens.first;
        bool matter = word_in(text, first, "is was") && word_in(text, first + 1, "it this that");
        matter |= word_is(text, first, "c") && word_is(text, first + 1, "est") &&
                  word_in(text, first + 2, "pour a");
        bool noun = next != NULL && next->kind == TOKEN_WORD && next->timex == 0 &&
                    next->clause == text->tokens[ref->tokens.first].clause &&
                    !word_in(text, ref->tokens.end, "or ou that at is you works then slot one option still ok "
                                                    "good fine we a au qui que matin aprem midi soir");
        if (ref->day && matter && noun && ref->polarity == NEUTRAL) {
            ref->offers = 0;
            ref->spent = true;
        }
    }
}

/* "None of these works, unless one falls on a Friday": days behind it are wishes, no choice. */
static void drop_unless(struct refs *refs)
{
    const struct text *text = &refs->view->text;
    for (size_t i = 0; i < refs->count && cue_first(text, CUE_NONE) != NULL; i++) {
        uint32_t first = text->sentences[text->tokens[refs->items[i].tokens.first].sentence].tokens.first;
        for (uint32_t t = first; t < refs->items[i].tokens.first; t++)
            if (word_is(text, t, "unless") || (word_is(text, t, "sauf") && word_in(text, t + 1, "si s")) ||
                (word_is(text, t, "moins") && word_in(text, t + 1, "que qu")))
                refs->items[i].offers = 0;
    }
}

/* What a word of preference speaks of: in its clause what stands behind it, else the nearest
 * before it; a word in a clause of its own speaks of what stands before in the sentence. */
static offer_set spoken_of(const struct refs *refs, const struct cue_hit *hit, bool behind_first)
{
    const struct text *text = &refs->view->text;
    offer_set behind = 0, before = 0, earlier = 0;
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        const struct token *token = &text->tokens[ref->tokens.first];
        if (ref->offers == 0 || ref->polarity == NEGATIVE || token->sentence != hit->sentence)
            continue;
        if (token->clause == hit->clause && ref->tokens.first >= hit->tokens.end)
            behind |= ref->offers;
        else if (token->clause == hit->clause && ref->tokens.end <= hit->tokens.first)
            before = ref->offers;
        else if (token->clause < hit->clause)
            earlier = ref->offers;
    }
    if (behind_first ? behind != 0 : behind != 0 && before == 0)
        return behind;
    return before != 0 ? before : earlier;
}

/* There is one guest, who may choose; of several, each says all that suits. */
static bool is_only_guest(const struct view *view)
{
    size_t guests = 0;
    for (size_t i = 0; i < view->context->people.count; i++)
        guests += !view->context->people.items[i].organizer && !view->context->people.items[i].optional;
    return guests <= 1 && !view->context->writer_is_organizer;
}

/* "Mercredi à la rigueur, mais jeudi m'arrangerait davantage": of all that suits, what is
 * preferred, or what is not the last resort. */
static offer_set best_of(const struct refs *refs, offer_set accepted)
{
    const struct text *text = &refs->view->text;
    offer_set preferred = 0, last = 0;
    if ((accepted & (accepted - 1)) == 0)
        return accepted;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_PREFER && !hit->negated)
            preferred |= spoken_of(refs, hit, word_in(text, hit->tokens.first,
                                                      "plutot preferably idealement ideally preference "
                                                      "prefer aimerais aimerions prefererais rather"));
        if (hit->cue == CUE_FALLBACK)
            last |= spoken_of(refs, hit, true);
    }
    if ((accepted & ~last) != 0)
        accepted &= ~last;
    preferred &= ~last;
    return (accepted & preferred) != 0 ? accepted & preferred : accepted;
}

/* "Jeudi je déjeune avec ma mère, donc vendredi": what is named and no more. */
static offer_set untold(const struct refs *refs)
{
    offer_set set = 0;
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].polarity == NEUTRAL && !refs->items[i].told)
            set |= refs->items[i].offers;
    return set;
}

/* "An hour later?": every offer that is spoken of, so much later. */
static offer_set shift_offers(struct refs *refs, struct verdict *out)
{
    struct view *view = refs->view;
    int32_t far = shift_read(&view->text);
    offer_set base = 0;
    if (far == 0 || out->starts.count > 0)
        return 0;
    for (size_t i = 0; i < refs->count; i++)
        base |= refs->items[i].offers;
    base = base == 0 ? all_offers(view) : base;
    for (size_t i = 0; i < offer_count(view); i++)
        if (base & UINT32_C(1) << i)
            push_start(view, time_shift(view->context->offers.items[i].span.start, far,
                                        view->offer_zone), out);
    return base;
}

static bool keeps_hour(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++)
        for (uint32_t t = text->cues.items[i].tokens.first;
             text->cues.items[i].cue == CUE_KEEP && t < text->cues.items[i].tokens.end; t++)
            if (word_in(text, t, "heure heures horaire horaires time times hour"))
                return true;
    return false;
}

/* "Not Tuesday. Same time on Wednesday?": the hour of the offer that is spoken of, or of
 * all if they have the same. */
static void keep_hours(struct refs *refs, struct verdict *out)
{
    struct view *view = refs->view;
    offer_set base = 0;
    struct civil hour = {0};
    bool known = false;
    for (size_t i = 0; i < refs->count; i++)
        base |= refs->items[i].offers;
    base = base == 0 ? all_offers(view) : base;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall =
            civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
        if (!(base & UINT32_C(1) << i))
            continue;
        if (known && (wall.hour != hour.hour || wall.minute != hour.minute))
            return;
        hour = wall;
        known = true;
    }
    for (size_t i = 0; known && i < refs->count && keeps_hour(&view->text); i++) {
        const struct ref *ref = &refs->items[i];
        if (!ref->day || ref->spent || ref->offers != 0 || ref->polarity == NEGATIVE)
            continue;
        int64_t days = weeks_to_offers(view, ref->timex, ref->tokens);
        struct civil wall = {civil_date_add(ref->timex->start.date, (int32_t)days), hour.hour,
                             hour.minute, 0};
        push_start(view, civil_to_instant(wall, view->offer_zone), out);
    }
}

/* Offers that the text as a whole rules out ("market days for me, so not those"), and those
 * that it leaves; the words beside a day do not tell all. */
struct bounds {
    offer_set excluded, allowed;
    bool contradiction;
};

/* "Wednesday, but after lunch": of that day other hours are allowed. */
static bool has_other_hours(const struct view *view, const struct interval_list *allowed,
                            struct instant start)
{
    struct civil_date day = civil_from_instant(start, view->offer_zone).date;
    struct instant from = civil_to_instant(civil_at(day, 0, 0), view->offer_zone);
    struct instant to = civil_to_instant(civil_at(civil_date_add(day, 1), 0, 0), view->offer_zone);
    for (size_t i = 0; i < allowed->count; i++)
        if (allowed->items[i].start.us < to.us && allowed->items[i].end.us > from.us)
            return true;
    return false;
}

static struct bounds read_bounds(const struct refs *refs)
{
    struct view *view = refs->view;
    bool other_half = false;
    for (size_t i = 0; i < refs->count; i++)
        other_half |= refs->items[i].other_half || /* the hours were read in the morning */
                      (refs->items[i].spent && refs->items[i].timex != NULL && /* when one leaves */
                       refs->items[i].timex->clock_only && !refs->items[i].clock);

    struct bounds bounds = {.allowed = all_offers(view)};
    struct said_times times;
    if (view->text.timexes.count == 0 || offer_count(view) == 0)
        return bounds;
    times_allow_offers(view, &times);
    bounds.contradiction = times.doubt == TIMEX_CONTRADICTION;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct interval span = view->context->offers.items[i].span;
        bool out = false;
        for (size_t k = 0; k < times.excluded.count; k++)
            out |= times.excluded.items[k].start.us <= span.start.us &&
                   span.start.us < times.excluded.items[k].end.us;
        bounds.excluded |= out ? UINT32_C(1) << i : 0;
        if (!times.constrained || times_include(&times, span.start))
            continue;
        bounds.allowed &= ~(UINT32_C(1) << i);
        if (times.hours_named && !other_half && has_other_hours(view, &times.allowed, span.start))
            bounds.excluded |= UINT32_C(1) << i;
    }
    return bounds;
}

static bool names_hour(const struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].timex != NULL && refs->items[i].timex->has_clock)
            return true;
    return false;
}

/* A time that was not offered is what suits. */
static bool wants_elsewhere(const struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        if (ref->polarity == POSITIVE && ref->timex != NULL && ref->offers == 0 && !ref->spent &&
            !ref->clock && timex_is_start(ref->timex))
            return true;
    }
    return false;
}

/* Offers that are named by more than a weekday or an hour alone. */
static offer_set named_apart(const struct refs *refs)
{
    offer_set set = 0;
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].polarity != NEGATIVE && !refs->items[i].day && !refs->items[i].clock)
            set |= refs->items[i].offers;
    return set;
}

/* "I can't get there before 7" is no morning. */
static offer_set before_evening(const struct view *view)
{
    const struct text *text = &view->text;
    offer_set early = 0;
    for (size_t i = 0; i < text->timexes.count; i++) {
        const struct timex *timex = &text->timexes.items[i];
        struct span tokens = text_timex_tokens(text, i);
        bool bare = timex->clock_only && timex->open != TIMEX_BOUNDED && timex->zone.len == 0 &&
                    slice_find_nocase(timex->text, LIT("am"), 0) == SIZE_MAX &&
                    slice_find_nocase(timex->text, LIT("h"), 0) == SIZE_MAX;
        const struct civil *at = timex->open == TIMEX_BEFORE ? &timex->end : &timex->start;
        if (!bare || at->hour == 0 || at->hour >= 8 || tokens.first >= tokens.end)
            continue;
        uint32_t clause = text->tokens[tokens.first].clause;
        bool refused = cue_in_clause(text, CUE_REFUSE, clause) || cue_in_clause(text, CUE_BUSY, clause);
        if (refused != (timex->open == TIMEX_BEFORE))
            continue;
        for (size_t k = 0; k < offer_count(view); k++) {
            struct civil wall =
                civil_from_instant(view->context->offers.items[k].span.start, view->offer_zone);
            if (wall.hour < at->hour + 12)
                early |= UINT32_C(1) << k;
        }
    }
    return early;
}

/* What the wishes of the whole text leave of the offers taken (`all`: of all of them). */
static void keep_to_bounds(const struct refs *refs, bool all, bool any_but, offer_set *accepted,
                           offer_set *refused, struct verdict *out)
{
    const struct view *view = refs->view;
    struct bounds bounds = read_bounds(refs);
    if (all)
        *accepted = all_offers(view) & ~*refused & (any_but ? all_offers(view) : bounds.allowed);
    *refused |= *accepted & bounds.excluded;
    *accepted &= ~bounds.excluded;
    if (bounds.contradiction && *accepted != 0) { /* never by a part of what contradicts itself */
        offer_set liked = best_of(refs, *accepted); /* words of preference are no contradiction */
        *accepted = liked != *accepted ? liked : *accepted & named_apart(refs);
        out->contradiction = *accepted == 0;
    }
}

void offers_read(struct view *view, struct verdict *out)
{
    const struct text *text = &view->text;
    struct refs *refs = ARENA_NEW(view->arena, struct refs);
    refs->view = view;
    refs_find(refs);
    refs_judge(refs);
    for (size_t i = 0; i < refs->count; i++)
        refs->items[i].joined = is_joined(text, &refs->items[i]);
    drop_coarse(refs);
    drop_retracted(refs);
    drop_questioned(refs);
    offer_set over = over_before_leaving(refs) & ~before_evening(view);
    join_second_clock(refs);
    join_day_and_clock(refs);
    drop_unless(refs);

    out->none = cue_first(text, CUE_NONE) != NULL;
    bool wishes = out->none || view->context->writer_is_organizer;
    for (size_t i = 0; i < refs->count && wishes; i++)
        if (refs->items[i].part && refs->items[i].clock)
            refs->items[i].offers = 0; /* "something in the morning?" is a wish */
    bool only = false, ignored = false;
    offer_set accepted = collect(refs, POSITIVE, &only);
    offer_set neutral = collect(refs, NEUTRAL, &only);
    enum polarity wanted = POSITIVE;
    bool any_but = false; /* "any, though Monday is my day of rest" */
    for (size_t i = 0; i < refs->count && accepted != 0; i++)
        if (refs->items[i].polarity == NEUTRAL && refs->items[i].joined)
            accepted |= refs->items[i].offers;
    if (accepted == 0) {
        wanted = NEUTRAL;
        any_but = cue_first(text, CUE_ANY) != NULL && !out->none && !names_hour(refs) &&
                  neutral != 0 && untold(refs) == 0;
        bool aside = any_but || wants_elsewhere(refs); /* "away Monday, free the 14th at 3" */
        accepted = untold(refs) != 0 ? untold(refs) : aside ? 0 : neutral;
        if (out->none && untold(refs) == 0)
            accepted = 0; /* "Monday is my day off. Do you have anything else?" */
    }
    offer_set refused = collect(refs, NEGATIVE, &ignored) & ~accepted;
    out->any = cue_first(text, CUE_ANY) != NULL ||
               (cue_first(text, CUE_BOTH) != NULL && accepted == 0 && offer_count(view) == 2);
    if (out->any && accepted == 0 && refuses_all(text)) {
        out->any = false;
        out->none = true;
    }
    note_unmatched(refs, wanted, out);
    keep_hours(refs, out);
    offer_set shifted = shift_offers(refs, out);
    accepted &= ~shifted;
    refused |= shifted;

    if (counts_weeks(text, text_all(text)))
        out->unmatched = out->named_time = true;
    if (only && accepted != 0)
        refused = all_offers(view) & ~accepted;
    bool all = out->any && accepted == 0 && !out->none && !out->unmatched;
    if (all || accepted != 0) /* else the wishes need not be read */
        keep_to_bounds(refs, all, any_but, &accepted, &refused, out);
    refused |= accepted & ~over;
    accepted &= over;
    offer_set best = best_of(refs, accepted);
    if (is_only_guest(view))
        accepted = best;
    if (out->none && accepted == 0 && refused == 0)
        refused = all_offers(view);
    out->vague_accept = has_judgement(text, POSITIVE);
    out->vague_refuse = has_judgement(text, NEGATIVE);
    out->conditional = is_conditional(text) && !condition_met(view, &accepted);
    set_to_numbers(view, accepted & best, &out->accepted); /* what suits best stands first */
    set_to_numbers(view, accepted, &out->accepted);
    set_to_numbers(view, refused, &out->refused);
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].polarity != NEUTRAL || wanted == NEUTRAL)
            span_note(view, refs->items[i].tokens);
}
