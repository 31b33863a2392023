#include "domain/intent/offers.h"

/* Of what points at offers or at times: what belongs together, and what is not meant. */

static bool is_joined(const struct text *text, const struct ref *ref)
{
    struct span sentence = text->sentences[text->tokens[ref->tokens.first].sentence].tokens;
    return in_class(text, sentence.first, CLASS_opens_other);
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

int64_t weeks_to_offers(const struct view *view, const struct timex *timex, struct span tokens)
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

static bool has_word(const struct text *text, uint32_t clause, enum class class)
{
    struct span span = text->clauses[clause].tokens;
    for (uint32_t i = span.first; i < span.end; i++)
        if (in_class(text, i, class))
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
                                               !has_word(text, next, CLASS_have_hour) &&
                                               has_word(text, next, CLASS_wish_first)));
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

/* "Not Tuesday. Same time on Wednesday?": what is offered on that day at that hour, if anything is. */
static void keep_refused_hour(struct refs *refs)
{
    const struct view *view = refs->view;
    offer_set refused = 0;
    struct civil hour = {0};
    for (size_t i = 0; i < refs->count; i++)
        refused |= refs->items[i].polarity == NEGATIVE ? refs->items[i].offers : 0;
    if (refused == 0 || !keeps_hour(&view->text) || !shared_hour(view, refused, &hour))
        return;
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *day = &refs->items[i];
        for (size_t k = 0; k < offer_count(view) && day->day && day->polarity != NEGATIVE; k++) {
            struct civil wall =
                civil_from_instant(view->context->offers.items[k].span.start, view->offer_zone);
            if (wall.hour != hour.hour || wall.minute != hour.minute)
                day->offers &= ~(UINT32_C(1) << k);
        }
    }
}

/* Of the days that are named and not refused, the sole one; NULL if there are none or several. */
static struct ref *sole_day(struct refs *refs)
{
    struct ref *sole = NULL;
    for (size_t i = 0; i < refs->count; i++) {
        struct ref *ref = &refs->items[i];
        bool dated = ref->timex != NULL && !ref->clock && !ref->spent;
        if (!dated || ref->polarity == NEGATIVE)
            continue;
        if (sole != NULL || !ref->day)
            return NULL;
        sole = ref;
    }
    return sole;
}

/* "Monday it is. Morning or afternoon, I don't mind", "lundi me va. 9h ou 14h": hours of another
 * sentence are those of the day, if there is but one. */
static void join_sole_day(struct refs *refs)
{
    struct ref *day = sole_day(refs);
    for (size_t i = 0; i < refs->count && day != NULL && day->offers != 0; i++) {
        struct ref *clock = &refs->items[i];
        if (!clock->clock || clock->polarity == NEGATIVE)
            continue;
        if ((clock->offers & day->offers) != 0)
            clock->offers &= day->offers;
        else if (clock->offers == 0 && timex_is_start(clock->timex) && clock->timex->zone.len == 0)
            move_clock_to_day(refs, clock, day);
    }
}

/* "Either end of the day is fine", "whatever the hour": words that leave the choice name no time. */
static void drop_left_open(struct refs *refs)
{
    struct text *text = &refs->view->text;
    for (size_t i = 0; i < refs->count; i++)
        for (size_t k = 0; k < text->cues.count; k++) {
            const struct cue_hit *hit = &text->cues.items[k];
            struct ref *ref = &refs->items[i];
            if ((hit->cue != CUE_ANY && hit->cue != CUE_BOTH) || !ref->clock || !ref->part ||
                hit->tokens.first > ref->tokens.first || hit->tokens.end < ref->tokens.end)
                continue;
            ref->offers = 0;
            ref->spent = true;
            for (uint32_t t = ref->tokens.first; t < ref->tokens.end; t++)
                text->tokens[t].masked = true;
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
            so |= in_class(text, t, CLASS_so_equals);
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

bool counts_weeks(const struct text *text, struct span tokens)
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
        bool matter = in_class(text, first, CLASS_question_is) && in_class(text, first + 1, CLASS_question_it);
        matter |= in_class(text, first, CLASS_it_c) && in_class(text, first + 1, CLASS_is_est) &&
                  in_class(text, first + 2, CLASS_for_matter);
        bool noun = next != NULL && next->kind == TOKEN_WORD && next->timex == 0 &&
                    next->clause == text->tokens[ref->tokens.first].clause &&
                    !in_class(text, ref->tokens.end, CLASS_not_matter);
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
            if (in_class(text, t, CLASS_unless) || (in_class(text, t, CLASS_except_if) && in_class(text, t + 1, CLASS_if)) ||
                (in_class(text, t, CLASS_less) && in_class(text, t + 1, CLASS_than_before)))
                refs->items[i].offers = 0;
    }
}

void refs_drop(struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++)
        refs->items[i].joined = is_joined(&refs->view->text, &refs->items[i]);
    drop_coarse(refs);
    drop_retracted(refs);
    drop_questioned(refs);
    drop_left_open(refs);
}

void refs_join(struct refs *refs)
{
    join_second_clock(refs);
    join_day_and_clock(refs);
    join_sole_day(refs);
    keep_refused_hour(refs);
    drop_unless(refs);
}
