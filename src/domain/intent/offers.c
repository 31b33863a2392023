#include <string.h>

#include "domain/intent/offers.h"

/* Which of the offered slots an answer takes or refuses: by number ("le 1 ou le 3"), by
 * order ("the last one"), by day or time in the zone that the writer means. */

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
            preferred |= spoken_of(refs, hit, in_class(text, hit->tokens.first, CLASS_preference));
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

bool keeps_hour(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++)
        for (uint32_t t = text->cues.items[i].tokens.first;
             text->cues.items[i].cue == CUE_KEEP && t < text->cues.items[i].tokens.end; t++)
            if (in_class(text, t, CLASS_hours))
                return true;
    return false;
}

/* The hour on the clock that some offers share. */
bool shared_hour(const struct view *view, offer_set some, struct civil *hour)
{
    bool known = false;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall =
            civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
        if (!(some & UINT32_C(1) << i))
            continue;
        if (known && (wall.hour != hour->hour || wall.minute != hour->minute))
            return false;
        *hour = wall;
        known = true;
    }
    return known;
}

static offer_set offers_on_weekday(const struct view *view, struct civil_date day)
{
    offer_set set = 0;
    for (size_t i = 0; i < offer_count(view); i++) {
        struct civil wall =
            civil_from_instant(view->context->offers.items[i].span.start, view->offer_zone);
        if (civil_date_weekday(wall.date) == civil_date_weekday(day))
            set |= UINT32_C(1) << i;
    }
    return set;
}

/* "Not Tuesday. Same time on Wednesday?": the hour of the offer that is spoken of, or of all if
 * they have the same; "Thursday of the week after, same time": that of Thursday's. */
static void keep_hours(struct refs *refs, struct verdict *out)
{
    struct view *view = refs->view;
    offer_set base = 0;
    for (size_t i = 0; i < refs->count; i++)
        base |= refs->items[i].offers;
    base = base == 0 ? all_offers(view) : base;
    for (size_t i = 0; i < refs->count && keeps_hour(&view->text); i++) {
        const struct ref *ref = &refs->items[i];
        struct civil hour = {0};
        if (!ref->day || ref->spent || ref->offers != 0 || ref->polarity == NEGATIVE)
            continue;
        if (!shared_hour(view, base, &hour) &&
            !shared_hour(view, offers_on_weekday(view, ref->timex->start.date), &hour))
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

/* What is taken and refused, from step to step. */
struct choice {
    offer_set accepted, refused;
    offer_set over;       /* those that end before the writer leaves */
    enum polarity wanted; /* of what is taken: POSITIVE if it was said to suit */
    bool only;            /* and none else */
    bool any_but;         /* "any, though Monday is my day of rest" */
};

static void find_refs(struct refs *refs, struct choice *choice)
{
    refs_find(refs);
    refs_judge(refs);
    refs_drop(refs);
    choice->over = over_before_leaving(refs) & ~before_evening(refs->view);
    refs_join(refs);
}

/* "Something in the morning?" is a wish, when none suits or the organizer asks. */
static void drop_wished_parts(struct refs *refs, const struct verdict *out)
{
    if (!out->none && !refs->view->context->writer_is_organizer)
        return;
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].part && refs->items[i].clock)
            refs->items[i].offers = 0;
}

/* What is named where nothing was said to suit. */
static offer_set named(const struct refs *refs, offer_set neutral, bool none, bool any_but)
{
    if (untold(refs) != 0)
        return untold(refs);
    if (none)
        return 0; /* "Monday is my day off. Do you have anything else?" */
    bool aside = any_but || wants_elsewhere(refs); /* "away Monday, free the 14th at 3" */
    return aside ? 0 : neutral;
}

static void choose(const struct refs *refs, const struct verdict *out, struct choice *choice)
{
    const struct text *text = &refs->view->text;
    bool ignored = false;
    offer_set accepted = collect(refs, POSITIVE, &choice->only);
    offer_set neutral = collect(refs, NEUTRAL, &choice->only);
    choice->wanted = POSITIVE;
    for (size_t i = 0; i < refs->count && accepted != 0; i++)
        if (refs->items[i].polarity == NEUTRAL && refs->items[i].joined)
            accepted |= refs->items[i].offers;
    if (accepted == 0) {
        choice->wanted = NEUTRAL;
        choice->any_but = refs->all_but || (cue_first(text, CUE_ANY) != NULL && !out->none && !names_hour(refs) &&
                                            neutral != 0 && untold(refs) == 0);
        accepted = named(refs, neutral, out->none, choice->any_but);
    }
    choice->accepted = accepted;
    choice->refused = collect(refs, NEGATIVE, &ignored) & ~accepted;
    for (size_t i = 0; i < refs->count && accepted != 0; i++) /* "1 or 3; on 2 I have my students" */
        if (refs->items[i].polarity == NEUTRAL && refs->items[i].told && refs->items[i].timex == NULL)
            choice->refused |= refs->items[i].offers & ~accepted;
}

/* "Any of them", "both", and "any? No". */
static void read_any(const struct refs *refs, const struct choice *choice, struct verdict *out)
{
    const struct text *text = &refs->view->text;
    out->any = cue_first(text, CUE_ANY) != NULL || refs->all_but ||
               (cue_first(text, CUE_BOTH) != NULL && choice->accepted == 0 &&
                offer_count(refs->view) == 2);
    if (out->any && choice->accepted == 0 && refuses_all(text)) {
        out->any = false;
        out->none = true;
    }
}

/* Times that were not offered, and offers that are to move to such. */
static void read_other_times(struct refs *refs, struct choice *choice, struct verdict *out)
{
    const struct text *text = &refs->view->text;
    note_unmatched(refs, choice->wanted, out);
    keep_hours(refs, out);
    offer_set shifted = shift_offers(refs, out);
    choice->accepted &= ~shifted;
    choice->refused |= shifted;
    if (counts_weeks(text, text_all(text)))
        out->unmatched = out->named_time = true;
}

static void settle(const struct refs *refs, struct choice *choice, struct verdict *out)
{
    struct view *view = refs->view;
    if (choice->only && choice->accepted != 0)
        choice->refused = all_offers(view) & ~choice->accepted;
    bool all = out->any && choice->accepted == 0 && !out->none && !out->unmatched;
    if (all || choice->accepted != 0) /* else the wishes need not be read */
        keep_to_bounds(refs, all, choice->any_but, &choice->accepted, &choice->refused, out);
    choice->refused |= choice->accepted & ~choice->over;
    choice->accepted &= choice->over;
}

/* "The third, if my brother has no objection": an offer that is named but on what others do. */
static bool hangs_on_others(const struct refs *refs, offer_set accepted)
{
    const struct text *text = &refs->view->text;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        uint32_t last = hit->tokens.end - 1;
        if (hit->cue != CUE_CONDITION || !(in_class(text, last, CLASS_other_party) || text->tokens[last].capital))
            continue;
        for (size_t k = 0; k < refs->count; k++)
            if ((refs->items[k].offers & accepted) != 0 &&
                text->tokens[refs->items[k].tokens.first].sentence == hit->sentence)
                return true;
    }
    return false;
}

static void put_choice(const struct refs *refs, struct choice *choice, struct verdict *out)
{
    struct view *view = refs->view;
    offer_set best = best_of(refs, choice->accepted);
    if (is_only_guest(view))
        choice->accepted = best;
    if (out->none && choice->accepted == 0 && choice->refused == 0)
        choice->refused = all_offers(view);
    bool depends = is_conditional(&view->text) || hangs_on_others(refs, choice->accepted);
    out->conditional = depends && !condition_met(view, &choice->accepted);
    set_to_numbers(view, choice->accepted & best, &out->accepted); /* what suits best stands first */
    set_to_numbers(view, choice->accepted, &out->accepted);
    set_to_numbers(view, choice->refused, &out->refused);
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i].polarity != NEUTRAL || choice->wanted == NEUTRAL)
            span_note(view, refs->items[i].tokens);
}

/* A thumb up and no words. */
static bool says_by_sign(const struct view *view)
{
    static const char *const signs[] = {"\xF0\x9F\x91\x8D", "\xF0\x9F\x91\x8C", "\xE2\x9C\x85"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (slice_find(view->text.body, slice_from(signs[i]), 0) != SIZE_MAX)
            return view->text.timexes.count == 0 && !has_judgement(&view->text, NEGATIVE);
    return false;
}

void offers_read(struct view *view, struct verdict *out)
{
    struct refs *refs = ARENA_NEW(view->arena, struct refs);
    struct choice choice = {0};
    refs->view = view;
    find_refs(refs, &choice);
    out->none = cue_first(&view->text, CUE_NONE) != NULL;
    drop_wished_parts(refs, out);
    choose(refs, out, &choice);
    read_any(refs, &choice, out);
    read_other_times(refs, &choice, out);
    settle(refs, &choice, out);
    out->vague_accept = has_judgement(&view->text, POSITIVE) || says_by_sign(view);
    out->vague_refuse = has_judgement(&view->text, NEGATIVE);
    put_choice(refs, &choice, out);
}
