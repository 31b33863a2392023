#include <string.h>

#include "domain/intent/series.h"

/* A mail that asks for meetings: whether it does, how many, and each one's facts. */

enum { ITEMS_MAX = 8, QUOTE_KIND_SENTENCES = 40 };

static bool has_time(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end; i++)
        if (text->tokens[i].timex != 0 && !text->tokens[i].masked &&
            text->timexes.items[text->tokens[i].timex - 1].kind != TIMEX_DURATION)
            return true;
    return false;
}

static bool has_meeting_word(const struct text *text, uint32_t sentence)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->sentence == sentence && hit->cue >= CUE_KIND_CALL && hit->cue <= CUE_TALK)
            return true;
    }
    return false;
}

/* "Check the spelling of the menu for the dinner": the dinner is not what is asked for. A word for
 * a meeting before the order, or a request behind it, is. */
static bool is_only_named(const struct text *text, uint32_t sentence)
{
    const struct cue_hit *off = NULL;
    bool before = false, asked = false;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->sentence != sentence)
            continue;
        if (hit->cue == CUE_OFFTOPIC)
            off = off == NULL ? hit : off;
        before |= off == NULL && hit->cue >= CUE_KIND_CALL && hit->cue <= CUE_TALK;
        asked |= hit->cue == CUE_REQUEST || hit->cue == CUE_INVITE;
    }
    return off != NULL && !before && !asked;
}

static bool has_person(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end; i++)
        if (text->tokens[i].kind == TOKEN_MAIL ||
            (in_class(text, i, CLASS_with) && name_at(text, i + 1).end > i + 1))
            return true;
    return false;
}

/* "FYI, the minutes of Monday's meeting are attached." */
static bool is_enclosed(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end; i++)
        if (in_class(text, i, CLASS_attached) ||
            (in_class(text, i, CLASS_attached_ci) && in_class(text, i + 1, CLASS_attached_joint)))
            return true;
    return false;
}

/* "Setting something up with Max": a verb of our trade. */
static bool sets_up(const struct text *text, struct span part)
{
    for (uint32_t i = part.first; i < part.end; i++)
        if (in_class(text, i, CLASS_set_up))
            return true;
    return false;
}

/* "Tu peux me dire combien de rendez-vous j'ai eus ?" */
static bool asks_to_be_told(const struct text *text, uint32_t sentence)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_ASKING && hit->sentence == sentence &&
            hit->tokens.end - hit->tokens.first >= 3)
            return true;
    }
    return false;
}

/* An order: the first word of its sentence, or behind a comma or "please". */
static bool is_ordered(const struct text *text, const struct cue_hit *hit)
{
    uint32_t at = hit->tokens.first, first = text->sentences[hit->sentence].tokens.first;
    return at == first || text->tokens[at - 1].kind == TOKEN_PUNCT || in_class(text, at - 1, CLASS_please_order);
}

/* "Marc (marc@orme.example) à début mai": somebody, and when next to nothing stands between. */
static bool is_moved_person(const struct text *text, uint32_t at)
{
    uint32_t end = name_at(text, at).end;
    if (end == at)
        return false;
    while (end < text->token_count && (text->tokens[end].kind == TOKEN_MAIL || text->tokens[end].kind == TOKEN_PUNCT))
        end++;
    for (uint32_t i = end; i < end + 3 && i < text->token_count; i++)
        if (text->tokens[i].timex != 0)
            return true;
    return false;
}

/* "Repoussez mon point avec Marc à mai", "postpone Zoe to June": who moves a meeting that nobody here
 * knows asks for it then. */
static bool moves_unknown(const struct text *text, uint32_t s)
{
    struct span part = text->sentences[s].tokens;
    for (size_t i = cue_from(text, part.first); i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->tokens.first >= part.end)
            break;
        if (hit->cue != CUE_RESCHEDULE || hit->negated || !is_ordered(text, hit))
            continue;
        bool meeting = false;
        for (uint32_t at = hit->tokens.first + 1; at <= hit->tokens.first + 3 && at < part.end; at++)
            meeting |= in_class(text, at, CLASS_moved_meeting);
        if (meeting ? has_person(text, part) : is_moved_person(text, hit->tokens.first + 1))
            return true;
    }
    return false;
}

/* How much a sentence asks for a meeting, 0 to 4. */
static uint32_t sentence_score(const struct text *text, uint32_t s)
{
    struct span part = text->sentences[s].tokens;
    bool off = cue_in_sentence(text, CUE_OFFTOPIC, s);
    bool meeting = has_meeting_word(text, s), time = has_time(text, part);
    bool lasts = duration_read(text, part) > 0;
    bool told = (cue_in_sentence(text, CUE_PAST, s) || is_enclosed(text, part)) &&
                !text->sentences[s].question;
    if (off && (!meeting || is_only_named(text, s)))
        return 0;
    bool whom = (cue_in_sentence(text, CUE_WISH_TO_MEET, s) || sets_up(text, part)) &&
                has_person(text, part);
    if (cue_in_sentence(text, CUE_REQUEST, s))
        return meeting || time || lasts ? 3 : whom || cue_in_sentence(text, CUE_OFFER_PROMISE, s) ? 2 : 1;
    if (cue_in_sentence(text, CUE_OFFER_PROMISE, s))
        return 2;
    if (cue_in_sentence(text, CUE_AGREED, s) && time)
        return 2;
    if (cue_in_sentence(text, CUE_WISH_TO_MEET, s) && (meeting || time))
        return 2;
    if (cue_in_sentence(text, CUE_INVITE, s))
        return 2;
    if (!off && time && moves_unknown(text, s))
        return 2;
    return meeting && !off && (time || lasts) && !told && !asks_to_be_told(text, s) ? 2 : 0;
}

static bool has_time_ahead(const struct view *view)
{
    for (size_t i = 0; i < view->text.timexes.count; i++) {
        const struct timex *timex = &view->text.timexes.items[i];
        if (timex->kind != TIMEX_DURATION &&
            (timex->kind == TIMEX_SET || timex->open == TIMEX_AFTER || timex->clock_only ||
             civil_compare(timex->end, view->ref) > 0))
            return true;
    }
    return false;
}

/* "make it", "décale-le", "lui renvoyer": somebody or something that was named before. */
static bool is_known_object(const struct text *text, uint32_t at)
{
    if (at == 0)
        return false;
    if (in_class(text, at, CLASS_it_object))
        return in_class(text, at - 1, CLASS_keep_verb);
    return in_class(text, at, CLASS_pronoun_them);
}

bool request_points_back(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++)
        if (kind_is_known(text, &text->cues.items[i]))
            return true;
    for (uint32_t i = 0; i < text->token_count; i++)
        if (!text->tokens[i].masked && is_known_object(text, i))
            return true;
    return false;
}

/* "Camille, lunch with Owen." No verb, but it is said to the assistant. */
static bool orders_meeting(const struct view *view)
{
    const struct text *text = &view->text;
    for (uint32_t i = 0; i < 3 && i < text->token_count; i++) {
        struct span name = name_at(text, i);
        if (name.end == i || !name_means(text_of_span(text, name), view->context->assistant.name, SLICE_NONE))
            continue;
        for (size_t k = cue_from(text, name.end); k < text->cues.count; k++) {
            const struct cue_hit *hit = &text->cues.items[k];
            if (hit->tokens.first > name.end + 2)
                return false;
            if (hit->cue >= CUE_KIND_CALL && hit->cue <= CUE_SLOT && !hit->negated)
                return has_person(text, text->sentences[hit->sentence].tokens);
        }
    }
    return false;
}

static uint32_t score_of(const struct text *text)
{
    uint32_t sum = 0;
    for (uint32_t s = 0; s < text->sentence_count; s++)
        sum += sentence_score(text, s);
    return sum;
}

/* "Can you sort this please?" above a mail that asks for a meeting. */
static bool hands_over(struct view *view)
{
    return view->quoted != NULL && view->others.count == 0 && view->context->writer_is_client &&
           cue_first(&view->text, CUE_REQUEST) != NULL && score_of(view_quote(view)) >= 2;
}

bool request_wanted(struct view *view, uint32_t *score)
{
    const struct text *text = &view->text;
    uint32_t sum = 0;
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        uint32_t one = sentence_score(text, s);
        sum += one;
        if (one >= 2)
            span_note(view, text->sentences[s].tokens);
    }
    if (sum == 1 && view->others.count == 0 && view->mail->quotes.count == 0)
        sum = 0; /* an order, but of what? */
    if (sum < 2 && (orders_meeting(view) || hands_over(view)))
        sum = 2;
    if (sum == 1 && cue_first(text, CUE_OFFTOPIC) == NULL && duration_read(text, text_all(text)) > 0)
        sum = 2; /* "shall we put something in the diary? 45 min, I'd say" */
    if (sum < 2 && view->others.count == 0 && has_person(text, text_all(text)) &&
        (kind_read(text, text_all(text)) != KIND_UNKNOWN || duration_read(text, text_all(text)) > 0) &&
        has_time_ahead(view) && cue_first(text, CUE_PAST) == NULL &&
        cue_first(text, CUE_OFFTOPIC) == NULL)
        sum = 2; /* to the assistant alone: whom, what and when */
    *score = sum;
    return sum >= 2;
}

/* Several meetings in one mail. */

struct items {
    uint32_t starts[ITEMS_MAX];
    size_t count;
    bool enumerated;
};

static bool is_mark(const struct text *text, uint32_t at, const char *marks)
{
    return at < text->token_count && text->tokens[at].kind == TOKEN_PUNCT &&
           strchr(marks, text->body.data[text->tokens[at].offset]) != NULL;
}

static bool line_starts(const struct text *text, uint32_t at)
{
    return at == 0 || text->tokens[at - 1].kind == TOKEN_PUNCT;
}

static bool has_substance(const struct text *text, struct span part)
{
    return kind_read(text, part) != KIND_UNKNOWN || kind_read_weak(text, part) != KIND_UNKNOWN ||
           duration_read(text, part) > 0;
}

/* "1) … 2) …", "a) … b) …" and lists with dashes. */
static void find_enumeration(const struct text *text, struct items *items)
{
    uint64_t wanted = 1;
    for (uint32_t i = 0; i < text->token_count && items->count < ITEMS_MAX; i++) {
        uint64_t number;
        bool numbered = text->tokens[i].kind == TOKEN_NUMBER &&
                        slice_to_u64(text->tokens[i].word, 9, &number) && number == wanted &&
                        is_mark(text, i + 1, ").:/-") && line_starts(text, i);
        bool lettered = text->tokens[i].kind == TOKEN_WORD && text->tokens[i].word.len == 1 &&
                        text->tokens[i].word.data[0] == (char)('a' + wanted - 1) &&
                        is_mark(text, i + 1, ").") && line_starts(text, i);
        bool dashed = is_mark(text, i, "-*") && (i == 0 || is_mark(text, i - 1, "\n"));
        if (!numbered && !dashed && !lettered)
            continue;
        wanted++;
        items->starts[items->count++] = i;
    }
    items->enumerated = items->count > 1;
}

/* Sentences that each name a kind and a person, in a mail to the assistant alone. */
static void find_sentences(const struct text *text, struct items *items)
{
    for (uint32_t s = 0; s < text->sentence_count && items->count < ITEMS_MAX; s++) {
        struct span part = text->sentences[s].tokens;
        if (has_person(text, part) && has_substance(text, part) && !cue_in_sentence(text, CUE_PAST, s))
            items->starts[items->count++] = part.first;
    }
}

/* Behind "et un", "and also", ", puis": where another meeting may begin; 0 if there it does not. */
static uint32_t joined_at(const struct text *text, uint32_t i)
{
    bool word = in_class(text, i, CLASS_and_also);
    if (!word && !is_mark(text, i, ",;+&"))
        return 0;
    uint32_t at = i + 1;
    while (in_class(text, at, CLASS_also))
        at++;
    bool article = in_class(text, at, CLASS_article_any);
    at += article;
    size_t hit = cue_from(text, at);
    bool kind = hit < text->cues.count && text->cues.items[hit].tokens.first == at && at > i &&
                text->tokens[at].sentence == text->tokens[i].sentence;
    for (; kind && hit < text->cues.count && text->cues.items[hit].tokens.first == at; hit++)
        if (text->cues.items[hit].cue >= CUE_KIND_CALL && text->cues.items[hit].cue <= CUE_KIND_DINNER)
            return at;
    return word && article ? at : 0;
}

static bool is_whole(const struct text *text, struct span part)
{
    return has_person(text, part) && has_substance(text, part);
}

/* "un déjeuner avec Paul lundi et un appel avec Marie mardi". */
static void find_joined(const struct text *text, struct items *items)
{
    for (uint32_t s = 0; s < text->sentence_count && items->count == 0; s++) {
        struct span part = text->sentences[s].tokens;
        uint32_t from = part.first;
        for (uint32_t i = part.first + 1; i + 2 < part.end && items->count < ITEMS_MAX - 1; i++) {
            if (joined_at(text, i) == 0 || !is_whole(text, (struct span){from, i}) ||
                !is_whole(text, (struct span){i, part.end}))
                continue;
            if (items->count == 0)
                items->starts[items->count++] = part.first;
            items->starts[items->count++] = from = i;
        }
    }
}

static struct span item_part(const struct text *text, const struct items *items, size_t i)
{
    uint32_t start = items->starts[i];
    if (i + 1 < items->count)
        return (struct span){start, items->starts[i + 1]};
    uint32_t end = start;
    uint16_t paragraph = text->sentences[text->tokens[start].sentence].paragraph;
    while (end < text->token_count &&
           text->sentences[text->tokens[end].sentence].paragraph == paragraph)
        end++;
    return (struct span){start, end};
}

static bool items_hold(const struct text *text, const struct items *items)
{
    if (items->count < 2)
        return false;
    for (size_t i = 0; i < items->count; i++) {
        struct span part = item_part(text, items, i);
        if (!has_substance(text, part) && !has_person(text, part))
            return false;
    }
    return true;
}

/* The facts of one meeting. */

static enum meeting_kind kind_elsewhere(struct view *view)
{
    enum meeting_kind kind = KIND_UNKNOWN;
    const struct text *quote = view->quoted == NULL ? NULL : view_quote(view);
    if (quote != NULL && quote->sentence_count <= QUOTE_KIND_SENTENCES) {
        kind = kind_read(quote, text_all(quote));
        if (kind == KIND_UNKNOWN)
            kind = kind_read_weak(quote, text_all(quote));
    }
    if (kind != KIND_UNKNOWN)
        return kind;
    struct text subject;
    text_take_apart(view->mail->subject, view->out->language, view->arena, &subject);
    cues_find(&subject, view->arena);
    return kind_read(&subject, text_all(&subject));
}

static uint32_t start_token(const struct text *text, const struct view *view, struct instant start)
{
    for (uint32_t i = 0; i < text->token_count; i++)
        if (text->tokens[i].timex != 0 &&
            timex_interval(&text->timexes.items[text->tokens[i].timex - 1], view,
                           view->writer_zone).start.us == start.us)
            return i;
    return 0;
}

/* "Ask Dana whether Tuesday works", "vois si ça lui va". */
static bool is_asked_whether(const struct text *text, const struct cue_hit *hit)
{
    for (uint32_t i = text->clauses[hit->clause].tokens.first; i < hit->tokens.first; i++)
        if (in_class(text, i, CLASS_whether_if) ||
            (in_class(text, i, CLASS_whether_elided) && in_class(text, i + 1, CLASS_he_elided)))
            return true;
    return false;
}

/* "Deal.", "Parfait !": a sentence of its own. */
static bool is_all_said(const struct text *text, const struct cue_hit *hit)
{
    struct span all = text->sentences[hit->sentence].tokens;
    uint32_t words = 0;
    for (uint32_t i = all.first; i < all.end; i++)
        words += text->tokens[i].kind != TOKEN_PUNCT;
    return words == hit->tokens.end - hit->tokens.first && !text->sentences[hit->sentence].question;
}

/* Words of agreement in the sentence of the time or the one behind. Where the sentence
 * asks ("parfait, je vous propose jeudi 15h"), one word is not enough. */
static bool words_agree(const struct text *text, uint32_t sentence)
{
    bool asks = cue_in_sentence(text, CUE_REQUEST, sentence);
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue != CUE_AGREED || hit->negated || is_asked_whether(text, hit))
            continue;
        bool strong = hit->tokens.end - hit->tokens.first > 1;
        if (hit->sentence + 1u == sentence && !asks && is_all_said(text, hit))
            return true; /* "Deal. Coffee on Thursday at 10." */
        if (hit->sentence == sentence && (strong || !asks))
            return true;
        if (strong && hit->sentence == sentence + 1 &&
            !text->sentences[hit->sentence].question)
            return true;
    }
    return false;
}

static bool quote_names(struct view *view, struct instant start)
{
    if (view->quoted == NULL)
        return false;
    const struct timex_list *theirs = &view_quote(view)->timexes;
    for (size_t i = 0; i < theirs->count; i++) {
        const struct timex *timex = &theirs->items[i];
        if (timex_is_start(timex) &&
            timex_interval(timex, view, view->writer_zone).start.us == start.us)
            return true;
    }
    return false;
}

static bool is_agreed(struct view *view, struct meeting_request *request)
{
    const struct text *text = &view->text;
    if (!view->context->writer_is_client)
        return false;
    bool invites = cue_first(text, CUE_INVITE) != NULL;
    struct interval_list theirs = {0};
    if (request->times.starts.count == 0) { /* "Parfait ! Camille, envoie l'invitation" */
        bool agrees = cue_first(text, CUE_AGREED) != NULL || cue_first(text, CUE_ACCEPT) != NULL;
        if (!invites || !agrees || request->times.constrained || !times_of_quote(view, &theirs))
            return false;
        request->times.starts = theirs;
        return true;
    }
    if (request->times.starts.count != 1)
        return false;
    struct instant start = request->times.starts.items[0].start;
    uint32_t sentence = text->tokens[start_token(text, view, start)].sentence;
    if (quote_names(view, start) && (invites || words_agree(text, sentence)))
        return true;
    return !text->sentences[sentence].question && words_agree(text, sentence);
}

static void fill_times(struct view *view, struct span part, bool whole,
                       struct meeting_request *request)
{
    times_read(view, part, true, &request->times);
    bool theirs = cue_first(&view->text, CUE_THEIR_WINDOW) != NULL;
    if (!whole)
        return;
    if (view->context->writer_is_client)
        request->agreed = is_agreed(view, request);
    if (!request->agreed && (theirs || (!request->times.constrained && view->quoted != NULL)))
        times_merge_quote(view, &request->times);
}

/* What says how often it comes again is read first, and is no wish of a time then. */
static void fill_series_times(struct view *view, struct span part, bool whole,
                              struct meeting_request *request)
{
    struct series_said said;
    series_read(view, part, &said);
    request->recurring = said.asked;
    request->series = said.series;
    request->recurs = said.words;
    series_hide(view, &said, true);
    fill_times(view, part, whole, request);
    series_hide(view, &said, false);
    if (!series_is(&said.series))
        return;
    series_place(view, &said, request);
    uint32_t sentence = view->text.tokens[said.at].sentence;
    if (whole && view->context->writer_is_client && request->times.starts.count == 1)
        request->agreed = !view->text.sentences[sentence].question &&
                          words_agree(&view->text, sentence);
}

/* "Coffee on Thursday next week, and a call with Dana on the Friday": a weekday with an article, in the
 * part of another meeting, is of the week before it. */
static bool names_that_weekday(const struct text *text, struct span part)
{
    bool that = false;
    for (uint32_t i = part.first; i < part.end; i++) {
        uint16_t id = text->tokens[i].timex;
        if (id == 0 || text->timexes.items[id - 1].kind == TIMEX_DURATION || text->timexes.items[id - 1].clock_only)
            continue;
        bool article = in_class(text, i, CLASS_the) || in_class(text, i, CLASS_that_day_article);
        bool weekday = in_class(text, i, CLASS_weekday);
        if (!article && !weekday && !in_class(text, i, CLASS_time_filler))
            return false;
        that |= weekday && i > part.first && (in_class(text, i - 1, CLASS_the) ||
                                              in_class(text, i - 1, CLASS_that_day_article));
    }
    return that;
}

/* The times of a part, its weekday counted from the week of the meeting before. */
static void count_from_week(struct view *view, struct span part, const struct said_times *before,
                            struct said_times *times)
{
    if (before->allowed.count == 0 || !names_that_weekday(&view->text, part))
        return;
    const struct zone *zone = view->writer_zone;
    struct civil_date first = civil_from_instant(before->allowed.items[0].start, zone).date;
    int32_t weekday = (int32_t)civil_date_weekday(first);
    struct civil sunday = civil_at(civil_date_add(first, -weekday - 1), 0, 0), written = view->ref;
    int64_t span = before->allowed.items[before->allowed.count - 1].end.us - before->allowed.items[0].start.us;
    if (civil_compare(sunday, written) <= 0 || span > 7 * DAY_US)
        return;
    struct interval_list starts = times->starts;
    view->ref = sunday;
    times_read(view, part, true, times);
    view->ref = written;
    times->starts.count = 0;
    for (size_t i = 0; i < starts.count; i++) {
        struct civil wall = civil_from_instant(starts.items[i].start, zone);
        while (civil_compare(wall, sunday) < 0)
            wall = civil_add(wall, (struct duration){7 * DAY_US});
        struct instant start = civil_to_instant(wall, zone);
        ARENA_PUSH(view->arena, &times->starts, ((struct interval){start, start}));
    }
}

static void read_one(struct view *view, struct span part, bool whole)
{
    const struct text *text = &view->text;
    struct meeting_request request = {0};
    request.kind = kind_read(text, part);
    if (request.kind == KIND_UNKNOWN)
        request.kind = kind_read_weak(text, part);
    request.duration_min = duration_read(text, part);
    if (request.duration_min == 0 && whole && hands_over(view))
        request.duration_min = duration_read(view_quote(view), text_all(view_quote(view)));
    request.subject = subject_read(text, part);
    place_read(view, part, &request);
    if (request.kind == KIND_UNKNOWN && request.place.kind == PLACE_IN_PERSON)
        request.kind = KIND_MEETING;
    if (request.kind == KIND_UNKNOWN && whole) {
        request.kind = kind_elsewhere(view);
        if (request.place.kind == PLACE_UNKNOWN)
            place_read(view, part, &request);
    }
    people_read_request(view, part, &request.people);
    fill_series_times(view, part, whole, &request);
    if (view->out->requests.count > 0)
        count_from_week(view, part, &view->out->requests.items[view->out->requests.count - 1].times, &request.times);
    if (request.duration_min == 0 && request.times.starts.count == 1) {
        struct interval said = request.times.starts.items[0];
        request.duration_min = (uint32_t)((said.end.us - said.start.us) / MINUTE_US);
    }
    ARENA_PUSH(view->arena, &view->out->requests, request);
}

void request_read(struct view *view)
{
    struct items items = {0};
    find_enumeration(&view->text, &items);
    if (!items_hold(&view->text, &items) && view->others.count == 0) {
        items.count = 0;
        find_sentences(&view->text, &items);
        if (items.count < 2) {
            items.count = 0;
            find_joined(&view->text, &items);
        }
    }
    if (!items_hold(&view->text, &items)) {
        read_one(view, text_all(&view->text), true);
        return;
    }
    for (size_t i = 0; i < items.count; i++)
        read_one(view, item_part(&view->text, &items, i), false);
}
