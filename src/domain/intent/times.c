#include <string.h>

#include "domain/intent/offers.h"

/* Times said in a text as instants: what of it is a wish, which zone it is in, and the
 * window that a guest gave in the quoted mail. */

enum { HORIZON_DAYS = 60, HORIZON_FAR_DAYS = 200 };

const struct zone *zone_said(const struct timex *timex, const struct view *view,
                                    const struct zone *fallback)
{
    const struct zone *zone = fallback;
    if (timex->zone.len == 0)
        return fallback;
    if (slice_equal(timex->zone, LIT("writer")))
        return view->writer_zone;
    if (slice_equal(timex->zone, LIT("reader")))
        return view->reader_zone;
    if (zone_load(timex->zone, &zone, NULL) != ST_OK)
        return fallback;
    return zone;
}

struct interval timex_interval(const struct timex *timex, const struct view *view,
                               const struct zone *fallback)
{
    const struct zone *zone = zone_said(timex, view, fallback);
    return (struct interval){civil_to_instant(timex->start, zone),
                             civil_to_instant(timex->end, zone)};
}

bool timex_is_start(const struct timex *timex)
{
    if (!timex->has_clock || timex->negated || timex->open != TIMEX_BOUNDED ||
        timex->grain > GRAIN_HOUR)
        return false;
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    return timex->kind == TIMEX_INSTANT ||
           (timex->kind == TIMEX_INTERVAL && length > 0 && length <= 3 * HOUR_US);
}

bool timex_is_window(const struct timex *timex, const struct view *view)
{
    int64_t length = (civil_to_us(timex->end) - civil_to_us(timex->start)) / MINUTE_US;
    return timex->kind == TIMEX_INTERVAL && view->context->duration_min > 0 &&
           view->context->state != THREAD_NEW && length >= 2 * (int64_t)view->context->duration_min;
}

/* Lists of intervals, sorted and apart. */

static void list_from_civil(const struct civil_interval_list *from, const struct zone *zone,
                            struct arena *arena, struct interval_list *out)
{
    for (size_t i = 0; i < from->count; i++) {
        struct interval item = {civil_to_instant(from->items[i].start, zone),
                                civil_to_instant(from->items[i].end, zone)};
        ARENA_PUSH(arena, out, item);
    }
}

static struct interval_list list_intersect(const struct interval_list *a,
                                           const struct interval_list *b, struct arena *arena)
{
    struct interval_list out = {0};
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        struct interval x = a->items[i], y = b->items[k];
        struct interval both = {{x.start.us > y.start.us ? x.start.us : y.start.us},
                                {x.end.us < y.end.us ? x.end.us : y.end.us}};
        if (both.start.us < both.end.us)
            ARENA_PUSH(arena, &out, both);
        if (x.end.us < y.end.us)
            i++;
        else
            k++;
    }
    return out;
}

bool times_include(const struct said_times *times, struct instant at)
{
    for (size_t i = 0; i < times->allowed.count; i++)
        if (times->allowed.items[i].start.us <= at.us && at.us < times->allowed.items[i].end.us)
            return true;
    return !times->constrained;
}

/* Whether nothing of an expression is left in the text of the wishes. */
static bool is_blanked(struct slice words, const struct timex *timex)
{
    for (size_t i = timex->offset; i < timex->offset + timex->length && i < words.len; i++)
        if (strchr(" .!?\n", words.data[i]) == NULL) /* "at 5.30pm." keeps its full stop */
            return false;
    return true;
}

static bool text_digit(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (ascii_is_digit(s.data[i]))
            return true;
    return false;
}

static struct interval_list coarse_ranges(const struct view *view, const struct text *text,
                                          struct slice words, const struct zone *zone, bool *clear)
{
    struct interval_list out = {0};
    *clear = true;
    for (size_t i = 0; i < text->timexes.count; i++) {
        const struct timex *timex = &text->timexes.items[i];
        if (timex->kind == TIMEX_DURATION || timex->kind == TIMEX_SET || timex->negated ||
            is_blanked(words, timex))
            continue;
        int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
        struct interval range = timex_interval(timex, view, zone);
        if (timex->open != TIMEX_BOUNDED)
            *clear = *clear && timex->clock_only;
        else if (length >= 4 * DAY_US && length <= 40 * DAY_US)
            ARENA_PUSH(view->arena, &out, range);
        else if (!timex->clock_only && text_digit(timex->text))
            *clear = false; /* a date of its own */
    }
    return out;
}

/* "One evening next week. Any evening but Friday suits": the week still holds. */
static void clip_to_ranges(const struct view *view, const struct text *text, struct slice words,
                           const struct zone *zone, struct said_times *out)
{
    bool clear;
    struct interval_list ranges = coarse_ranges(view, text, words, zone, &clear), clipped = {0};
    if (!clear || ranges.count == 0 || !out->constrained || out->allowed.count == 0)
        return;
    for (size_t i = 0; i < ranges.count; i++) { /* in order of the text: sort by insertion */
        for (size_t k = i; k > 0 && ranges.items[k - 1].start.us > ranges.items[k].start.us; k--) {
            struct interval swap = ranges.items[k];
            ranges.items[k] = ranges.items[k - 1];
            ranges.items[k - 1] = swap;
        }
    }
    size_t last = 0;
    for (size_t i = 1; i < ranges.count; i++) {
        if (ranges.items[i].start.us > ranges.items[last].end.us)
            ranges.items[++last] = ranges.items[i];
        else if (ranges.items[i].end.us > ranges.items[last].end.us)
            ranges.items[last].end = ranges.items[i].end;
    }
    ranges.count = last + 1;
    /* only what was left open: a week more may be "the week after" */
    if (out->allowed.items[out->allowed.count - 1].end.us < ranges.items[last].end.us + 15 * DAY_US)
        return;
    clipped = list_intersect(&out->allowed, &ranges, view->arena);
    if (clipped.count > 0)
        out->allowed = clipped;
}

static void start_add(struct view *view, struct said_times *out, struct interval start)
{
    for (size_t i = 0; i < out->starts.count; i++)
        if (out->starts.items[i].start.us == start.start.us)
            return;
    ARENA_PUSH(view->arena, &out->starts, start);
}

static bool is_refused(const struct text *text, uint32_t clause)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->clause == clause &&
            (hit->cue == CUE_REFUSE || hit->cue == CUE_BUSY ||
             (hit->cue == CUE_ACCEPT && hit->negated)))
            return true;
    }
    return false;
}

/* "12h plutôt que 12h30", "4 instead of 5": what it is not. */
static bool is_instead_of(const struct text *text, uint32_t at)
{
    while (at > 0 && in_class(text, at - 1, CLASS_verdict_article))
        at--;
    bool lieu = at > 0 && in_class(text, at - 1, CLASS_lieu) ;
    bool than = at > 1 && in_class(text, at - 1, CLASS_than_not) &&
                in_class(text, at - 2, CLASS_instead);
    if (at > 0 && in_class(text, at - 1, CLASS_than_before))
        for (uint32_t i = text->sentences[text->tokens[at].sentence].tokens.first; i < at; i++)
            if (in_class(text, i, CLASS_rather))
                return true; /* "plutôt 14h que 15h" */
    return lieu || than || (at > 1 && in_class(text, at - 1, CLASS_than_que) && in_class(text, at - 2, CLASS_better));
}

struct starts_read {
    struct said_times times; /* starts and doubt */
    bool on_settled_day;
    uint32_t looked_at; /* the last sentence of which is known, + 1 … */
    bool no_other_day;  /* … whether it names another day */
};

/* No other day than that of the settled meeting. */
static bool names_no_other_day(const struct view *view, const struct text *text, uint32_t sentence)
{
    struct span span = text->sentences[sentence].tokens;
    uint16_t last = 0;
    for (uint32_t i = span.first; i < span.end; i++) {
        const uint16_t id = text->tokens[i].timex;
        if (id == 0 || id == last)
            continue;
        last = id;
        const struct timex *other = &text->timexes.items[id - 1];
        if (other->kind == TIMEX_DURATION || other->clock_only)
            continue;
        struct civil settled = civil_from_instant(view->context->confirmed.start, view->writer_zone);
        bool same = other->open == TIMEX_BOUNDED && /* "later on Wednesday" too */
                    civil_date_compare(other->start.date, settled.date) == 0 &&
                    civil_to_us(other->end) - civil_to_us(other->start) <= DAY_US;
        if (!same)
            return false;
    }
    return true;
}

/* "à 9h" about a settled meeting is 9 o'clock of its day. */
static bool is_of_settled_day(const struct view *view, const struct text *text,
                              const struct timex *timex, uint32_t sentence,
                              struct starts_read *out)
{
    if (!timex->clock_only || view->context->state != THREAD_CONFIRMED ||
        view->context->confirmed.start.us == 0)
        return false;
    if (out->looked_at != sentence + 1) {
        out->looked_at = sentence + 1;
        out->no_other_day = names_no_other_day(view, text, sentence);
    }
    return out->no_other_day;
}

static void move_to_settled_day(const struct view *view, const struct zone *zone,
                                struct timex *timex)
{
    struct civil settled = civil_from_instant(view->context->confirmed.start, zone);
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    timex->start.date = settled.date;
    timex->end = civil_add(timex->start, (struct duration){length});
}

/* "Tuesday 9th at 11am or 4pm": an hour alone is that of the first day that the whole text
 * allows at it. */
static void place_clock(const struct interval_list *allowed, const struct zone *zone,
                        enum thread_state state, struct timex *said)
{
    bool alone = said->clock_only && state != THREAD_CONFIRMED; /* else the settled day */
    for (size_t i = 0; alone && said->zone.len == 0 && i < allowed->count; i++) {
        struct civil from = civil_from_instant(allowed->items[i].start, zone);
        if (from.hour != said->start.hour || from.minute != said->start.minute)
            continue;
        int64_t days = civil_date_to_days(from.date) - civil_date_to_days(said->start.date);
        said->start = civil_add(said->start, (struct duration){days * DAY_US});
        said->end = civil_add(said->end, (struct duration){days * DAY_US});
        return;
    }
}

static void read_starts(struct view *view, const struct text *text, struct span part,
                        struct slice wishes, const struct zone *zone, struct starts_read *out)
{
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        uint16_t id = text->tokens[i].timex;
        if (id == 0 || (i > part.first && text->tokens[i - 1].timex == id))
            continue;
        const struct timex *timex = &text->timexes.items[id - 1];
        if (is_blanked(wishes, timex))
            continue;
        if (timex->doubt == TIMEX_CONTRADICTION)
            out->times.doubt = TIMEX_CONTRADICTION;
        bool held = timex->doubt == TIMEX_CONTRADICTION && view->context->state != THREAD_NEW;
        if (!timex_is_start(timex) || timex_is_window(timex, view) || held ||
            is_refused(text, text->tokens[i].clause) || is_instead_of(text, i))
            continue;
        struct timex said = *timex;
        if (is_of_settled_day(view, text, timex, text->tokens[i].sentence, out)) {
            move_to_settled_day(view, zone, &said);
            out->on_settled_day = true;
        }
        place_clock(&out->times.allowed, zone, view->context->state, &said);
        struct interval start = timex_interval(&said, view, zone);
        if (timex->kind == TIMEX_INSTANT)
            start.end = start.start;
        bool outside = timex->clock_only && view->context->state == THREAD_NEW &&
                       out->times.allowed.count > 0 && !times_include(&out->times, start.start);
        if (outside) /* "next week; I leave at 7pm" */
            continue;
        if (start.start.us > view->context->received.us)
            start_add(view, &out->times, start);
    }
}

static uint32_t horizon(const struct text *text, struct civil ref)
{
    for (size_t i = 0; i < text->timexes.count; i++)
        if (text->timexes.items[i].kind != TIMEX_DURATION &&
            civil_to_us(text->timexes.items[i].start) > civil_to_us(ref) + 45 * DAY_US &&
            civil_to_us(text->timexes.items[i].start) < civil_to_us(ref) + 170 * DAY_US)
            return HORIZON_FAR_DAYS;
    return HORIZON_DAYS;
}

/* The wishes in the words, NULL if not read whole; what was read before is not read again. */
static const struct wishes *wishes_of(struct view *view, const struct wishes_read *wanted)
{
    for (size_t i = 0; i < view->wishes.count; i++) {
        const struct wishes_read *old = &view->wishes.items[i];
        if (old->request == wanted->request && old->horizon_days == wanted->horizon_days &&
            old->zone == wanted->zone && civil_compare(old->ref, wanted->ref) == 0 &&
            slice_equal(old->words, wanted->words))
            return &old->wishes;
    }
    struct timex_context context = {.ref = wanted->ref, .zone = wanted->zone, .reader = view->reader_zone};
    struct wishes_read read = *wanted;
    if (timex_wishes(read.words, &context, read.horizon_days, read.request, view->arena, &read.wishes,
                     NULL) != ST_OK)
        return NULL;
    ARENA_PUSH(view->arena, &view->wishes, read);
    return &view->wishes.items[view->wishes.count - 1].wishes;
}

static void read_wishes(struct view *view, const struct text *text, struct slice words,
                        struct civil ref, const struct zone *zone, bool request,
                        struct said_times *out)
{
    const struct wishes *wishes =
        wishes_of(view, &(struct wishes_read){.words = words, .ref = ref, .zone = zone,
                                              .horizon_days = horizon(text, ref), .request = request});
    if (wishes == NULL) {
        view->limited = true;
        return;
    }
    out->constrained = wishes->constrained;
    out->hours_named = wishes->hours_named;
    if (out->doubt == TIMEX_CLEAR)
        out->doubt = wishes->doubt;
    list_from_civil(&wishes->allowed, zone, view->arena, &out->allowed);
    list_from_civil(&wishes->preferred, zone, view->arena, &out->preferred);
    list_from_civil(&wishes->excluded, zone, view->arena, &out->excluded);
    if (request)
        clip_to_ranges(view, text, words, zone, out);
    out->preferred = list_intersect(&out->preferred, &out->allowed, view->arena);
}

/* Nearly everything is allowed. */
static bool is_wide(const struct said_times *times)
{
    int64_t open = 0;
    for (size_t i = 0; i < times->allowed.count; i++)
        open += times->allowed.items[i].end.us - times->allowed.items[i].start.us;
    return open > 30 * DAY_US;
}

/* In an answer "jeudi après 16h serait parfait" is what is possible. */
static void narrow_answer(struct said_times *out)
{
    if (out->preferred.count > 0 && is_wide(out))
        out->allowed = out->preferred;
}

static struct interval_list with_length(struct view *view, const struct interval_list *starts)
{
    struct interval_list out = {0};
    uint32_t length = view->context->duration_min > 0 ? view->context->duration_min : 60;
    for (size_t i = 0; i < starts->count; i++) {
        struct interval item = starts->items[i];
        if (item.end.us < instant_add(item.start, minutes(length)).us)
            item.end = instant_add(item.start, minutes(length));
        ARENA_PUSH(view->arena, &out, item);
    }
    return out;
}

/* Whether every day that is named is a weekday: those mean the ones that were offered. */
static bool names_bare_weekdays(const struct view *view)
{
    bool any = false;
    for (size_t i = 0; i < view->text.timexes.count; i++) {
        const struct timex *timex = &view->text.timexes.items[i];
        if (timex->kind == TIMEX_DURATION || timex->kind == TIMEX_SET || timex->clock_only)
            continue;
        struct span tokens = text_timex_tokens(&view->text, i);
        for (uint32_t k = tokens.first; k < tokens.end; k++)
            if (in_class(&view->text, k, CLASS_deictic))
                return false;
        if (!is_bare_weekday(&view->text, tokens, timex))
            return false;
        any = true;
    }
    return any;
}

/* When the writer's weekdays begin to count: "Thursday please" to offers of next week is that
 * week's; else when the mail was written. */
static struct civil offers_ref(const struct view *view)
{
    if (view->context->state != THREAD_PROPOSING || view->context->offers.count == 0 ||
        !names_bare_weekdays(view))
        return view->ref;
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < view->context->offers.count; i++) {
        struct instant start = view->context->offers.items[i].span.start;
        int64_t day = civil_date_to_days(civil_from_instant(start, view->offer_zone).date);
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    int64_t monday = first - ((first + 3) % 7 + 7) % 7;
    int64_t before = last < monday + 7 ? monday - 1 : first - 1;
    struct civil ref = civil_at(civil_date_from_days((int32_t)before), 12, 0);
    return civil_compare(ref, view->ref) > 0 ? ref : view->ref;
}

void times_allow_offers(struct view *view, struct said_times *out)
{
    *out = (struct said_times){0};
    struct slice words = wish_words(view, &view->text, text_all(&view->text), true);
    read_wishes(view, &view->text, words, offers_ref(view), view->offer_zone, false, out);
}

void times_read(struct view *view, struct span part, bool request, struct said_times *out)
{
    *out = (struct said_times){0};
    struct slice words = wish_words(view, &view->text, part, request);
    const struct zone *zone = request ? view->writer_zone : view->offer_zone;
    bool of_offers = !request || view->context->writer_is_organizer; /* "I can no longer do Thursday" */
    struct civil ref = of_offers ? offers_ref(view) : view->ref;
    read_wishes(view, &view->text, words, ref, zone, request, out);
    struct starts_read starts = {.times.allowed = out->allowed, .times.constrained = out->constrained};
    read_starts(view, &view->text, part, words, zone, &starts);
    out->starts = starts.times.starts;
    if (starts.times.doubt != TIMEX_CLEAR)
        out->doubt = starts.times.doubt;
    if (starts.on_settled_day ||
        (view->context->state == THREAD_CONFIRMED && out->starts.count > 0 && is_wide(out)))
        out->allowed = with_length(view, &out->starts);
    if (!request || view->context->state == THREAD_CONFIRMED)
        narrow_answer(out);
}

/* The quote: only sentences that speak of meeting or of being free. */

static bool quote_sentence_counts(const struct text *quote, uint32_t sentence)
{
    static const enum cue cues[] = {CUE_FREE, CUE_REQUEST, CUE_WISH_TO_MEET, CUE_PREFER, CUE_ACCEPT,
                                    CUE_SLOT, CUE_BUSY, CUE_REFUSE, CUE_ANY, CUE_BOTH, CUE_ONLY};
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
        if (cue_in_sentence(quote, cues[i], sentence))
            return !cue_in_sentence(quote, CUE_PAST, sentence) ||
                   cue_in_sentence(quote, CUE_REQUEST, sentence) ||
                   cue_in_sentence(quote, CUE_FREE, sentence);
    return false;
}

static void quote_mask(struct text *quote)
{
    for (uint32_t s = 0; s < quote->sentence_count; s++) {
        if (quote_sentence_counts(quote, s))
            continue;
        struct span span = quote->sentences[s].tokens;
        for (uint32_t i = span.first; i < span.end; i++)
            quote->tokens[i].masked = true;
    }
}

static struct civil quote_ref(const struct view *view)
{
    return view->quoted->has_date ? view->quoted->date : view->ref;
}

/* Reads the new text again as if it were written when the guest's window begins: "pas
 * vendredi", "plutôt mardi" are days of that window. */
static void read_within(struct view *view, const struct said_times *theirs, struct said_times *out)
{
    struct instant begin = theirs->allowed.items[0].start;
    struct civil ref = civil_from_instant(begin, view->writer_zone);
    if (civil_compare(ref, view->ref) < 0)
        return;
    struct slice words = wish_words(view, &view->text, text_all(&view->text), true);
    struct said_times again = {.starts = out->starts, .doubt = out->doubt};
    read_wishes(view, &view->text, words, ref, view->writer_zone, true, &again);
    *out = again;
}

void times_merge_quote(struct view *view, struct said_times *out)
{
    if (view->quoted == NULL)
        return;
    struct text *quote = view_quote(view);
    view->limited |= quote->limited;
    quote_mask(quote);
    struct said_times theirs = {0};
    struct slice words = wish_words(view, quote, text_all(quote), false);
    read_wishes(view, quote, words, quote_ref(view), view->writer_zone, true, &theirs);
    if (!theirs.constrained || theirs.allowed.count == 0)
        return;
    if (out->constrained) {
        read_within(view, &theirs, out);
        out->allowed = list_intersect(&theirs.allowed, &out->allowed, view->arena);
    } else {
        out->allowed = theirs.allowed;
    }
    out->constrained = true;
    out->hours_named |= theirs.hours_named;
    for (size_t i = 0; i < theirs.excluded.count; i++)
        ARENA_PUSH(view->arena, &out->excluded, theirs.excluded.items[i]);
    const struct interval_list *liked = out->preferred.count > 0 ? &out->preferred : &theirs.preferred;
    out->preferred = list_intersect(liked, &out->allowed, view->arena);
}

bool times_of_quote(struct view *view, struct interval_list *starts)
{
    if (view->quoted == NULL)
        return false;
    const struct text *quote = view_quote(view);
    view->limited |= quote->limited;
    struct starts_read theirs = {0};
    struct slice words = wish_words(view, quote, text_all(quote), false);
    read_starts(view, quote, text_all(quote), words, view->writer_zone, &theirs);
    *starts = theirs.times.starts;
    return theirs.times.starts.count == 1;
}
