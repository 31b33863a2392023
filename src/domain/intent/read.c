#include <string.h>

#include "domain/intent/internal.h"

/* What a message does, from its cues, its times and the state of the conversation. Each
 * state of a conversation has its own list of acts, tried in order; the first that holds
 * is the reading. How sure it is: confidence.c. */

enum {
    SURE_UNCLEAR = 300, /* of what is not clear to anybody, whatever the evidence */
    LENGTH_MIN = 5,     /* minutes; nobody shortens a meeting to less */
    NAMED_WITHIN = 60,  /* words in which it is said who chose */
};

void span_note(struct view *view, struct span tokens)
{
    const struct text *text = &view->text;
    if (tokens.first >= tokens.end || view->out->spans.count >= TIMEX_MAX)
        return;
    const struct token *last = &text->tokens[tokens.end - 1];
    uint32_t offset = text->tokens[tokens.first].offset;
    struct span_item item = {offset, last->offset + last->length - offset};
    for (size_t i = 0; i < view->out->spans.count; i++)
        if (view->out->spans.items[i].offset == item.offset)
            return;
    ARENA_PUSH(view->arena, &view->out->spans, item);
}

static bool same(struct slice a, struct slice b)
{
    return a.len > 0 && slice_equal_nocase(a, b);
}

/* Small questions about the text. */

static bool has(const struct view *view, enum cue cue)
{
    return cue_first(&view->text, cue) != NULL;
}

static const struct cue_hit *said(const struct view *view, enum cue cue)
{
    for (size_t i = 0; i < view->text.cues.count; i++)
        if (view->text.cues.items[i].cue == cue && !view->text.cues.items[i].negated)
            return &view->text.cues.items[i];
    return NULL;
}

static void decide(struct view *view, enum intent intent, enum rule_strength strength)
{
    view->out->intent = intent;
    view->strength = strength;
}

static void note_cue(struct view *view, enum cue cue)
{
    for (size_t i = 0; i < view->text.cues.count; i++)
        if (view->text.cues.items[i].cue == cue)
            span_note(view, view->text.cues.items[i].tokens);
}

static size_t hedges(const struct view *view)
{
    return cue_count(&view->text, CUE_HEDGE);
}

/* Facts that may come with any act: place, number, kind, duration. */
static struct meeting_request *facts(struct view *view)
{
    if (view->out->requests.count > 0)
        return &view->out->requests.items[0];
    struct meeting_request request = {0};
    struct span all = text_all(&view->text);
    request.kind = kind_read(&view->text, all);
    request.duration_min = duration_read(&view->text, all);
    int64_t length = (int64_t)view->context->duration_min + length_change(&view->text);
    if (length != view->context->duration_min && view->context->duration_min > 0 && length >= LENGTH_MIN)
        request.duration_min = (uint32_t)length;
    request.subject = subject_read(&view->text, all);
    place_read(view, all, &request);
    ARENA_PUSH(view->arena, &view->out->requests, request);
    return &view->out->requests.items[0];
}

/* "C'est bien à 10h ?" of a meeting at ten asks; "à 11h ?" would move it. */
static bool names_other_hour(const struct view *view, const struct timex *timex)
{
    if (!timex->has_clock)
        return false;
    struct civil settled = civil_from_instant(view->context->confirmed.start, view->writer_zone);
    return view->context->confirmed.start.us == 0 || settled.hour != timex->start.hour ||
           settled.minute != timex->start.minute;
}

/* "Avez-vous un plan d'accès ?" in a conversation asks for no meeting. */
static bool asks_for_thing(const struct view *view, uint32_t s)
{
    const struct text *text = &view->text;
    struct span span = text->sentences[s].tokens;
    if (view->context->state == THREAD_NEW || cue_in_sentence(text, CUE_SLOT, s))
        return false;
    for (uint32_t i = span.first; i < span.end; i++)
        if (text->tokens[i].timex != 0 || text->tokens[i].kind == TOKEN_MAIL)
            return false;
    return true;
}

static bool is_question(const struct view *view, uint32_t s)
{
    const struct text *text = &view->text;
    static const enum cue acts[] = {CUE_INVITE, CUE_REQUEST, CUE_RESCHEDULE, CUE_CANCEL,
                                    CUE_NONE,   CUE_HEDGE,   CUE_LATE,       CUE_ADD,
                                    CUE_REMOVE, CUE_CHANGE,  CUE_DELEGATE};
    if (!text->sentences[s].question || !cue_in_sentence(text, CUE_ASKING, s))
        return false;
    bool over = view->context->state == THREAD_CLOSED; /* "pourquoi est-ce annulé ?" */
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (cue_in_sentence(text, acts[i], s) && !(over && acts[i] == CUE_CANCEL) &&
            !(acts[i] == CUE_REQUEST && asks_for_thing(view, s)))
            return false;
    struct span span = text->sentences[s].tokens;
    for (uint32_t i = span.first; i < span.end; i++)
        if (text->tokens[i].masked || (text->tokens[i].timex != 0 && names_other_hour(
                view, &text->timexes.items[text->tokens[i].timex - 1])))
            return false;
    return true;
}

static void read_question(struct view *view)
{
    const struct text *text = &view->text;
    for (uint32_t s = 0; s < text->sentence_count && !view->out->asks_question; s++) {
        if (!is_question(view, s))
            continue;
        view->out->asks_question = true;
        view->out->question = slice_trim(text_of_span(text, text->sentences[s].tokens));
    }
}

/* Minutes of delay: the duration beside the word. */
static uint32_t late_minutes(const struct view *view)
{
    const struct text *text = &view->text;
    const struct cue_hit *hit = cue_first(text, CUE_LATE);
    if (hit == NULL)
        return 0;
    struct span part = text->sentences[hit->sentence].tokens;
    uint64_t bare = 0; /* "with you in 5" */
    if (slice_to_u64(text->tokens[hit->tokens.end - 1].word, 60, &bare) &&
        !word_in(text, hit->tokens.end, "min mn minutes mins minute") &&
        text->tokens[hit->tokens.end - 1].timex == 0)
        return (uint32_t)bare;
    for (uint32_t i = part.first; i < part.end; i++) {
        const struct token *token = &text->tokens[i];
        uint64_t number;
        if (token->timex != 0) {
            const struct timex *timex = &text->timexes.items[token->timex - 1];
            if (timex->kind == TIMEX_DURATION && timex->duration_s > 0 &&
                timex->duration_s <= 4 * 3600)
                return (uint32_t)(timex->duration_s / 60);
        }
        bool minutes = word_in(text, i + 1, "min mn minutes mins minute mns");
        if (minutes && slice_to_u64(token->word, 240, &number))
            return (uint32_t)number;
    }
    return 0;
}

/* "there at 10:15" for a meeting at 10; "Wednesday at 10:15" is another time. */
static uint32_t late_until(const struct view *view, bool late_said)
{
    for (size_t i = 0; i < view->text.timexes.count; i++) {
        const struct timex *timex = &view->text.timexes.items[i];
        if (!timex->has_clock || timex->kind == TIMEX_DURATION || (!late_said && !timex->clock_only))
            continue;
        struct civil start = civil_from_instant(view->context->confirmed.start, view->writer_zone);
        int64_t late = (timex->start.hour - start.hour) * 60 + timex->start.minute - start.minute;
        if (late > 0 && late <= 180)
            return (uint32_t)late;
    }
    return 0;
}

/* Acts. Each returns true when it is the reading. */

static bool act_hostile(struct view *view)
{
    size_t threats = cue_count(&view->text, CUE_THREAT);
    size_t complaints = cue_count(&view->text, CUE_COMPLAINT);
    view->out->complaint = threats + complaints > 0;
    if (threats + complaints < 2)
        return false;
    note_cue(view, CUE_THREAT);
    note_cue(view, CUE_COMPLAINT);
    decide(view, INTENT_HOSTILE, RULE_GOOD);
    return true;
}

static bool act_inform_address(struct view *view)
{
    if (!slice_equal(view->context->asked, LIT("address")))
        return false;
    struct mention_list people = {0};
    people_read_informed(view, &people);
    if (people.count == 0)
        return false;
    facts(view)->people = people;
    decide(view, INTENT_INFORM, RULE_GOOD);
    return true;
}

/* "Scrap that, Tuesday's no good; I can only make the Wednesday": what was said before. */
static bool takes_back_words(const struct text *text, const struct cue_hit *hit)
{
    bool that = word_in(text, hit->tokens.end - 1, "that this ca cela");
    bool goes_on = hit->tokens.end + 1 < text->token_count;
    return that && goes_on && text->tokens[hit->tokens.end].kind == TOKEN_PUNCT &&
           text->timexes.count > 0;
}

/* "Retire ce créneau", "drop that date": one of those that are offered. */
static bool cancels_offer(const struct view *view, const struct cue_hit *hit)
{
    return view->context->state == THREAD_PROPOSING &&
           word_in(&view->text, hit->tokens.end - 1, "creneau date horaire option proposition slot");
}

/* "Annule mardi et repropose-lui des dates", "cancel it and offer him something in May". */
static bool cancels_to_move(const struct view *view, const struct cue_hit *hit)
{
    for (size_t i = 0; i < view->text.cues.count; i++) {
        const struct cue_hit *other = &view->text.cues.items[i];
        if (other->negated)
            continue;
        if ((other->cue == CUE_RESCHEDULE && other->sentence >= hit->sentence) ||
            (other->cue == CUE_NONE && other->tokens.first >= hit->tokens.end))
            return true;
    }
    return false;
}

/* "Scrap the call, let's do it over lunch": the meeting stays, of another kind. */
static bool cancels_kind(struct view *view, const struct cue_hit *hit)
{
    const struct text *text = &view->text;
    struct span rest = {hit->tokens.end, text->token_count};
    enum meeting_kind kind = kind_read(text, rest);
    bool instead = false;
    if (!view->context->writer_is_organizer || kind == KIND_UNKNOWN || kind == view->context->kind)
        return false;
    for (size_t i = cue_from(text, rest.first); i < text->cues.count; i++)
        instead |= text->cues.items[i].cue == CUE_CHANGE && !text->cues.items[i].negated;
    for (uint32_t i = rest.first; i < rest.end; i++) {
        bool meal = text->tokens[i].timex != 0 && word_in(text, i, "lunch dinner breakfast dejeuner diner over a");
        if (text->tokens[i].kind == TOKEN_MAIL || (text->tokens[i].timex != 0 && !meal))
            return false; /* another meeting, or another time as well */
        instead |= word_in(text, i, "plutot instead rather");
    }
    if (!instead)
        return false;
    facts(view)->kind = kind;
    note_cue(view, CUE_CHANGE);
    decide(view, INTENT_CHANGE, RULE_GOOD);
    return true;
}

/* "Je suis obligé d'annuler demain. Vendredi à la même heure ?": behind the words that cancel
 * another time is asked for. The words from there on; empty if there are none. */
static struct span asked_instead(const struct view *view, const struct cue_hit *hit)
{
    const struct text *text = &view->text;
    struct span rest = {text->clauses[hit->clause].tokens.end, text->token_count};
    bool time = false, asks = false;
    for (uint32_t i = rest.first; i < rest.end; i++) {
        const struct token *token = &text->tokens[i];
        if (token->masked)
            continue;
        time |= token->timex != 0 && text->timexes.items[token->timex - 1].kind != TIMEX_DURATION;
        asks |= text->sentences[token->sentence].question || word_in(text, i, "instead plutot");
    }
    for (size_t i = 0; i < text->cues.count; i++)
        asks |= text->cues.items[i].tokens.first >= rest.first &&
                (text->cues.items[i].cue == CUE_REQUEST || text->cues.items[i].cue == CUE_KEEP);
    return time && asks && !view->context->writer_is_organizer ? rest : (struct span){0, 0};
}

/* The words that say where a meeting moves to. */
static struct span words_of_move(const struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_CANCEL);
    struct span rest = hit == NULL ? (struct span){0, 0} : asked_instead(view, hit);
    return rest.end > rest.first ? rest : text_all(&view->text);
}

static bool act_cancel(struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_CANCEL);
    if (hit == NULL || cue_in_clause(&view->text, CUE_CONDITION, hit->clause) ||
        takes_back_words(&view->text, hit) || cancels_offer(view, hit) || cancels_to_move(view, hit))
        return false;
    if (cancels_kind(view, hit))
        return true;
    if (asked_instead(view, hit).end > 0)
        return false;
    note_cue(view, CUE_CANCEL);
    bool guest = !view->context->writer_is_organizer && view->context->state != THREAD_CONFIRMED;
    decide(view, guest ? INTENT_DECLINE : INTENT_CANCEL, hedges(view) > 1 ? RULE_LOW : RULE_GOOD);
    return true;
}

static bool act_late(struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_LATE);
    uint32_t until = late_until(view, hit != NULL);
    bool arrives = cue_first(&view->text, CUE_AGREED) != NULL && !has(view, CUE_RESCHEDULE) &&
                   until > 0 && until <= 60; /* "je serai là vers 12h50" */
    if ((hit == NULL && !arrives) || (hit != NULL &&
        cue_in_sentence(&view->text, CUE_CANCEL, hit->sentence)))
        return false;
    view->out->late_min = late_minutes(view);
    if (view->out->late_min == 0 && said(view, CUE_DECLINE) != NULL)
        return false; /* "je ne pourrai pas être des vôtres, commencez sans moi" */
    if (view->out->late_min == 0)
        view->out->late_min = until;
    note_cue(view, CUE_LATE);
    decide(view, INTENT_LATE, hit != NULL || view->out->late_min > 0 ? RULE_GOOD : RULE_FAIR);
    return true;
}


/* "mercredi à la même heure": the day that is named with the hour that was settled. */
static void keep_hour(struct view *view, struct said_times *times)
{
    const struct cue_hit *hit = cue_first(&view->text, CUE_KEEP);
    bool hour = false;
    for (uint32_t i = hit == NULL ? 0 : hit->tokens.first; hit != NULL && i < hit->tokens.end; i++)
        hour |= word_in(&view->text, i, "heure horaire time hour slot creneau");
    if (!hour || times->starts.count > 0 || times->allowed.count != 1 ||
        times->allowed.items[0].end.us - times->allowed.items[0].start.us > DAY_US ||
        view->context->confirmed.start.us == 0)
        return;
    struct civil old = civil_from_instant(view->context->confirmed.start, view->writer_zone);
    struct civil day = civil_from_instant(times->allowed.items[0].start, view->writer_zone);
    struct civil wall = {day.date, old.hour, old.minute, 0};
    struct instant start = civil_to_instant(wall, view->writer_zone);
    ARENA_PUSH(view->arena, &times->starts, ((struct interval){start, start}));
}

/* "On avance d'une heure", "push it back by 30 minutes": so far from the settled time. */
static void shift_settled(struct view *view, struct said_times *times)
{
    int32_t far = shift_read(&view->text);
    if (times->starts.count > 0 || far == 0 || view->context->confirmed.start.us == 0)
        return;
    struct instant start = time_shift(view->context->confirmed.start, far, view->writer_zone);
    ARENA_PUSH(view->arena, &times->starts, ((struct interval){start, start}));
    struct interval span = {start, instant_add(start, minutes(view->context->duration_min))};
    times->allowed = times->preferred = (struct interval_list){0};
    ARENA_PUSH(view->arena, &times->allowed, span);
    times->constrained = times->hours_named = true;
}

/* "Vendredi après-midi, vous pourriez ?": a time in a question that refuses nothing. */
static bool asks_for_time(const struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        if (token->timex == 0 || token->masked || !text->sentences[token->sentence].question)
            continue;
        if (text->timexes.items[token->timex - 1].kind != TIMEX_DURATION &&
            !cue_in_clause(text, CUE_REFUSE, token->clause) &&
            !cue_in_clause(text, CUE_BUSY, token->clause))
            return true;
    }
    return false;
}

/* "17h serait possible ? Sinon on garde 15h": where it is now is not where it goes. */
static void drop_settled_start(const struct view *view, struct said_times *times)
{
    size_t kept = 0;
    if (times->starts.count < 2)
        return;
    for (size_t i = 0; i < times->starts.count; i++)
        if (times->starts.items[i].start.us != view->context->confirmed.start.us)
            times->starts.items[kept++] = times->starts.items[i];
    times->starts.count = kept;
}

/* Not "booked", by itself. */
static bool says_busy(const struct text *text)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        struct span clause = text->clauses[hit->clause].tokens;
        if (hit->cue == CUE_BUSY && clause.end - clause.first > hit->tokens.end - hit->tokens.first + 1)
            return true;
    }
    return false;
}

/* "Jeudi 26 à 14h30, c'est top": of a day and an hour little more is said than that it suits. NULL if not. */
static const struct timex *agreed_time(const struct view *view)
{
    const struct text *text = &view->text;
    const struct timex *named = NULL;
    uint32_t at = 0, unread = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        const struct timex *timex = token->timex == 0 ? NULL : &text->timexes.items[token->timex - 1];
        if (timex == NULL || token->masked || timex == named || timex->kind == TIMEX_DURATION)
            continue;
        if (named != NULL || !timex->has_clock || timex->clock_only)
            return NULL;
        named = timex;
        at = i;
    }
    bool settles = said(view, CUE_ACCEPT) != NULL || said(view, CUE_AGREED) != NULL || has(view, CUE_THANKS);
    if (named == NULL || !settles || hedges(view) > 0 || has(view, CUE_CONDITION) || says_busy(text) ||
        has(view, CUE_PAST) || has(view, CUE_DEADLINE))
        return NULL;
    struct span clause = text->clauses[text->tokens[at].clause].tokens;
    for (uint32_t i = clause.first; i < clause.end; i++) {
        bool read = text->tokens[i].kind != TOKEN_WORD || text->tokens[i].timex != 0 ||
                    word_in(text, i, "so ok alors du coup donc then le la the on at a va pour we i je it is");
        for (size_t k = cue_from(text, clause.first); k < text->cues.count && !read; k++)
            read = span_has(text->cues.items[k].tokens, i);
        unread += !read;
    }
    return unread <= 1 ? named : NULL;
}

/* "The Thursday one", "celui de jeudi", "le deuxième créneau": one of those that were offered. */
static bool points_at_offer(const struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++)
        if (!text->tokens[i].masked && word_in(text, i, "one celui option slot creneau proposition"))
            return true;
    return false;
}

/* Of the offers that are spoken of, the one that is not settled. */
static void take_offer_instead(struct view *view)
{
    struct verdict verdict = {0};
    struct number_list others = {0};
    offers_read(view, &verdict);
    for (size_t i = 0; i < view->context->offers.count; i++) {
        const struct offer_context *offer = &view->context->offers.items[i];
        if (numbers_have(&verdict.accepted, offer->number) &&
            offer->span.start.us != view->context->confirmed.start.us)
            numbers_add(view->arena, &others, offer->number);
    }
    if (others.count == 1)
        view->out->accepted = others;
}

static bool act_reschedule(struct view *view)
{
    const struct cue_hit *hit = said(view, CUE_RESCHEDULE);
    bool cannot = (has(view, CUE_REFUSE) || has(view, CUE_BUSY)) && !has(view, CUE_DECLINE);
    struct said_times times;
    times_read(view, words_of_move(view), true, &times);
    keep_hour(view, &times);
    const struct timex *suits_at = has(view, CUE_KEEP) ? NULL : agreed_time(view);
    if (suits_at != NULL && times.starts.count == 0 && said(view, CUE_ACCEPT) != NULL) { /* "it's reserved": for this meeting */
        struct instant start = civil_to_instant(suits_at->start, view->writer_zone);
        ARENA_PUSH(view->arena, &times.starts, ((struct interval){start, start}));
        times.excluded.count = 0;
    }
    bool agreed = suits_at != NULL && times.starts.count == 1;
    bool shifted = shift_read(&view->text) != 0 && !has(view, CUE_LATE);
    if (shifted)
        shift_settled(view, &times);
    drop_settled_start(view, &times);
    bool elsewhere = times.starts.count > 0 &&
                     !(times.starts.count == 1 &&
                       times.starts.items[0].start.us == view->context->confirmed.start.us);
    bool seeks = has(view, CUE_REQUEST) && has(view, CUE_SLOT);
    bool moves = cannot && (times.starts.count > 0 || has(view, CUE_FREE) || has(view, CUE_NONE) ||
                            seeks || asks_for_time(&view->text));
    bool named = elsewhere && (has(view, CUE_REQUEST) || has(view, CUE_FREE) ||
                               has(view, CUE_CORRECTION) || has(view, CUE_PREFER)) &&
                 (!has(view, CUE_KEEP) || times.starts.count == 1);
    bool suits = cannot && (has(view, CUE_ACCEPT) || has(view, CUE_ANY));
    bool wished = (has(view, CUE_PREFER) || suits) && times.constrained &&
                  !times_include(&times, view->context->confirmed.start);
    bool asked = elsewhere && asks_for_time(&view->text) && !has(view, CUE_LATE);
    shifted |= said(view, CUE_CANCEL) != NULL && has(view, CUE_NONE); /* "and offer him others" */
    if (hit == NULL && !moves && !named && !wished && !shifted && !asked)
    agreed = agreed && elsewhere;
    if (hit == NULL && !moves && !named && !wished && !shifted && !asked && !agreed)
        return false;
    if (has(view, CUE_KEEP) && times.starts.count == 0 && hit == NULL)
        return false;
    facts(view)->times = times;
    if (times.starts.count == 0 && points_at_offer(&view->text)) {
        take_offer_instead(view);
    }
    if (!has(view, CUE_CHANGE))
        facts(view)->duration_min = 0; /* "d'une heure" is how far it moves */
    note_cue(view, CUE_RESCHEDULE);
    bool open = moves && times.constrained && asks_for_time(&view->text); /* "can't now. Any time Tuesday?" */
    bool sure = hit != NULL || shifted || agreed || open || (wished && view->context->writer_is_organizer) || ((named || moves || asked) && times.starts.count == 1);
    decide(view, INTENT_RESCHEDULE, sure ? RULE_GOOD : RULE_FAIR);
    return true;
}

/* A time that is not the settled one, without a word of moving: hardly a certain wish. */
static bool act_other_time(struct view *view)
{
    struct said_times times;
    times_read(view, text_all(&view->text), true, &times);
    if (times.starts.count == 0 || has(view, CUE_KEEP))
        return false;
    for (size_t i = 0; i < times.starts.count; i++)
        if (times.starts.items[i].start.us == view->context->confirmed.start.us)
            return false;
    facts(view)->times = times;
    decide(view, INTENT_RESCHEDULE, RULE_LOW);
    return true;
}

static bool has_change_of_people(const struct mention_list *people)
{
    return people->count > 0;
}

static bool act_change_people(struct view *view)
{
    struct mention_list people = {0};
    people_read_change(view, &people);
    if (!has_change_of_people(&people))
        return false;
    facts(view)->people = people;
    note_cue(view, CUE_ADD);
    note_cue(view, CUE_REMOVE);
    note_cue(view, CUE_WITHOUT);
    note_cue(view, CUE_OPTIONAL);
    decide(view, INTENT_CHANGE, RULE_GOOD);
    return true;
}

/* "Make Ben's call 45 minutes instead of 30", "passe le point à 45 minutes": a length and
 * no time. */
static bool changes_length(const struct view *view)
{
    static const char verbs[] = "make set change cut shorten extend stretch passe passer passez passons mets "
                                "mettre mettez allonge allonger prolonge prolonger rallonge rallonger "
                                "raccourcis raccourcir keep limit limite limiter plutot rather instead "
                                "finalement say need needs allow give disons mettons compte comptez "
                                "faut faudra faudrait suffit suffira suffiront plenty enough ample "
                                "extra additional ecourtons max maximum please stp svp full tops only "
                                "juste seulement book";
    const struct text *text = &view->text;
    bool verb = false, length = false;
    if (shift_read(text) != 0)
        return false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        verb |= !token->masked && word_in(text, i, verbs);
        if (token->timex == 0 || token->masked)
            continue;
        if (text->timexes.items[token->timex - 1].kind != TIMEX_DURATION)
            return false;
        length = true;
    }
    return verb && length;
}

static bool act_change_facts(struct view *view)
{
    const struct meeting_request *request = facts(view);
    bool fact = request->place.kind != PLACE_UNKNOWN || request->duration_min > 0 ||
                (request->kind != KIND_UNKNOWN && request->kind != view->context->kind);
    bool change = said(view, CUE_CHANGE) != NULL || has(view, CUE_KEEP) ||
                  (request->duration_min > 0 && changes_length(view));
    if (!change || !fact)
        return false;
    note_cue(view, CUE_CHANGE);
    decide(view, INTENT_CHANGE, RULE_GOOD);
    return true;
}

static bool act_inform_fact(struct view *view)
{
    const struct meeting_request *request = facts(view);
    if (request->phone.len == 0 && request->place.text.len == 0)
        return false;
    decide(view, INTENT_INFORM, RULE_GOOD);
    return true;
}

static bool act_decline(struct view *view)
{
    if (said(view, CUE_DECLINE) == NULL && !has(view, CUE_DECLINE))
        return false;
    note_cue(view, CUE_DECLINE);
    decide(view, INTENT_DECLINE, hedges(view) > 0 ? RULE_LOW : RULE_GOOD);
    return true;
}

static bool act_delegate(struct view *view)
{
    struct mention_list people = {0};
    if (said(view, CUE_DELEGATE) == NULL)
        return false;
    people_read_delegate(view, &people);
    if (people.count == 0)
        return false;
    facts(view)->people = people;
    note_cue(view, CUE_DELEGATE);
    decide(view, INTENT_DELEGATE, people.items[0].address.len > 0 ? RULE_GOOD : RULE_FAIR);
    return true;
}

static bool act_unclear(struct view *view)
{
    if (hedges(view) < 2)
        return false;
    note_cue(view, CUE_HEDGE);
    decide(view, INTENT_UNCLEAR, RULE_LOW);
    return true;
}

static bool act_thanks(struct view *view)
{
    if (!has(view, CUE_THANKS) && !has(view, CUE_HOLD) && !has(view, CUE_ACCEPT) && !has(view, CUE_IDLE))
        return false;
    decide(view, INTENT_THANKS, has(view, CUE_REFUSE) || has(view, CUE_NONE) ? RULE_LOW : RULE_GOOD);
    return true;
}

static bool act_question(struct view *view)
{
    if (!view->out->asks_question)
        return false;
    decide(view, INTENT_QUESTION, RULE_GOOD);
    return true;
}

/* An answer to offers. */

static enum rule_strength accept_strength(const struct verdict *verdict)
{
    return verdict->none ? RULE_FAIR : RULE_GOOD;
}

/* "Tom rang, he's taking Wednesday at 11", "c'est réglé avec elle pour mardi": what an organizer
 * says of the guest's choice is no choice of their own. */
static bool guest_chose(struct view *view)
{
    static const char chose[] = "takes taking took chose chosen picked picks confirmed confirms agreed agrees accepted "
                                "accepts settled sorted works prend choisit choisi confirme confirmer confirmee accepte "
                                "retient valide regle cale convenu ok yes oui accord happy";
    const struct text *text = &view->text;
    bool them = false, choice = false;
    if (!view->context->writer_is_organizer || view->out->asks_question)
        return false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        them |= word_in(text, i, "he she they il elle him her them lui");
        choice |= word_in(text, i, chose);
    }
    for (uint32_t i = 0; choice && !them && i < text->token_count && i < NAMED_WITHIN; i++)
        them = people_address_at(view, i).len > 0;
    return them && choice;
}

/* The offer that the guest has taken, as a time that is agreed. */
static void take_agreed(struct view *view, uint32_t number)
{
    struct meeting_request *request = facts(view);
    for (size_t i = 0; i < view->context->offers.count; i++) {
        const struct offer_context *offer = &view->context->offers.items[i];
        if (offer->number != number)
            continue;
        request->times = (struct said_times){.constrained = true, .hours_named = true};
        ARENA_PUSH(view->arena, &request->times.starts, offer->span);
        ARENA_PUSH(view->arena, &request->times.allowed, offer->span);
        request->agreed = true;
    }
}

static bool act_accept(struct view *view, const struct verdict *verdict)
{
    if (verdict->accepted.count == 0)
        return false;
    if (act_unclear(view))
        return true;
    if (verdict->accepted.count == 1 && guest_chose(view))
        take_agreed(view, verdict->accepted.items[0].number);
    decide(view, INTENT_ACCEPT, accept_strength(verdict));
    return true;
}

/* Agreement without saying to what. */
static bool act_accept_vague(struct view *view, const struct verdict *verdict)
{
    if (!verdict->vague_accept || verdict->vague_refuse || verdict->named_time ||
        has(view, CUE_HOLD)) /* "super, je te confirme ce soir" */
        return false;
    if (view->context->offers.count == 1) {
        numbers_add(view->arena, &view->out->accepted, view->context->offers.items[0].number);
        decide(view, INTENT_ACCEPT, hedges(view) > 0 ? RULE_LOW : RULE_GOOD);
        return true;
    }
    if (view->context->offers.count == 0 ||
        (view->context->writer_is_organizer && view->context->asked.len == 0))
        return false; /* an organizer who has all that is offered to others says thanks */
    decide(view, INTENT_ACCEPT, hedges(view) > 0 ? RULE_LOW : RULE_FAIR); /* which, is asked */
    return true;
}

/* The starts of the verdict are in the week of the offers, where the words alone may
 * mean this week. */
static void take_moved(struct view *view, const struct verdict *verdict, struct said_times *times)
{
    uint32_t length = view->context->duration_min > 0 ? view->context->duration_min : 60;
    times->allowed = times->preferred = (struct interval_list){0};
    for (size_t i = 0; i < verdict->starts.count; i++) {
        struct interval start = verdict->starts.items[i];
        if (start.end.us < instant_add(start.start, minutes(length)).us)
            start.end = instant_add(start.start, minutes(length));
        ARENA_PUSH(view->arena, &times->allowed, start);
    }
}

/* "Le 25 à 10h ou le 26 à 15h (préférence pour le 26)": what suits best stands first. */
static struct interval_list preferred_first(struct view *view, const struct interval_list *starts,
                                            const struct interval_list *preferred)
{
    struct interval_list out = {0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < starts->count; i++) {
            bool liked = false;
            for (size_t k = 0; k < preferred->count; k++)
                liked |= preferred->items[k].start.us <= starts->items[i].start.us &&
                         starts->items[i].start.us < preferred->items[k].end.us;
            if (liked == (pass == 0))
                ARENA_PUSH(view->arena, &out, starts->items[i]);
        }
    return out;
}

static bool act_counter(struct view *view, const struct verdict *verdict, bool request)
{
    struct meeting_request *request_out = facts(view);
    times_read(view, text_all(&view->text), request, &request_out->times);
    struct said_times *times = &request_out->times;
    struct interval_list preferred = times->preferred;
    if (verdict->starts.count > 0 && !verdict->contradiction) {
        times->starts = verdict->starts; /* they know what is refused */
        if (verdict->moved || times->allowed.count == 0)
            take_moved(view, verdict, times);
        if (times->doubt == TIMEX_CONTRADICTION)
            times->doubt = TIMEX_CLEAR;
    }
    times->starts = preferred_first(view, &times->starts, &preferred);
    if (verdict->contradiction) {
        times->doubt = TIMEX_CONTRADICTION;
        times->starts.count = times->allowed.count = 0;
    }
    bool speaks = verdict->none || verdict->refused.count > 0 || verdict->unmatched ||
                  verdict->contradiction || verdict->vague_refuse ||
                  (times->constrained && (verdict->named_time || times->starts.count > 0 ||
                                          has(view, CUE_ONLY) ||
                                          slice_equal(view->context->asked, LIT("time"))));
    bool only_tone = !verdict->none && verdict->refused.count == 0 && !verdict->unmatched &&
                     !verdict->contradiction && times->starts.count == 0;
    if (!speaks || (only_tone && view->out->asks_question))
        return false;
    if (act_unclear(view))
        return true;
    note_cue(view, CUE_NONE);
    note_cue(view, CUE_REFUSE);
    bool said = (times->constrained || verdict->none) && !verdict->contradiction;
    bool guess = verdict->conditional && !times->constrained;
    decide(view, INTENT_COUNTER, guess ? RULE_LOW : said ? RULE_GOOD : RULE_FAIR);
    return true;
}

/* A guest who would rather ring, or receive: no time is said. */
static bool act_other_kind(struct view *view)
{
    const struct meeting_request *request = facts(view);
    bool wishes = has(view, CUE_PREFER) || has(view, CUE_REQUEST) || said(view, CUE_CHANGE) != NULL;
    bool other = (request->kind != KIND_UNKNOWN && request->kind != view->context->kind) ||
                 request->place.kind != PLACE_UNKNOWN;
    if (!wishes || !other)
        return false;
    decide(view, INTENT_CHANGE, RULE_FAIR);
    return true;
}

/* "Let's make it a video call instead, same time": nothing is said of another time. */
static bool act_change_in_place(struct view *view)
{
    struct said_times times;
    times_read(view, text_all(&view->text), true, &times);
    const struct cue_hit *cancels = said(view, CUE_CANCEL);
    if (cancels != NULL && asked_instead(view, cancels).end > 0)
        return false; /* "… off. Is Hugo around on Wednesday at the same time?" */
    bool elsewhere = has(view, CUE_CHANGE) && facts(view)->place.text.len > 0;
    bool moves = said(view, CUE_RESCHEDULE) != NULL && times.constrained && !elsewhere;
    bool stays = (has(view, CUE_KEEP) && !moves) ||
                 (!times.constrained && times.starts.count == 0);
    return (stays || changes_length(view)) && act_change_facts(view);
}

/* The states. */

static void read_new(struct view *view)
{
    uint32_t score = 0;
    if (act_hostile(view))
        return;
    if (request_wanted(view, &score)) {
        request_read(view);
        enum rule_strength sure = score >= 3 ? RULE_GOOD : RULE_FAIR;
        decide(view, INTENT_REQUEST, hedges(view) > 2 ? RULE_LOW : sure);
        return;
    }
    view->out->spans.count = 0;
    bool order = has(view, CUE_OFFTOPIC) || has(view, CUE_REQUEST);
    if (!order && (act_question(view) || act_thanks(view)))
        return;
    decide(view, INTENT_OTHER, score > 0 && !has(view, CUE_OFFTOPIC) ? RULE_LOW : RULE_GOOD);
}

/* Another meeting asked for in an old thread: with somebody who is not in it. */
static bool act_new_request(struct view *view)
{
    uint32_t score = 0;
    bool again = has(view, CUE_RESCHEDULE) && view->context->state != THREAD_CLOSED;
    if (has(view, CUE_ADD) || again || said(view, CUE_CANCEL) != NULL ||
        !has(view, CUE_REQUEST) || !request_wanted(view, &score) || score < 3)
        return false;
    struct mention_list people = {0};
    people_read_request(view, text_all(&view->text), &people);
    bool fresh = view->context->state == THREAD_CLOSED && view->context->writer_is_client;
    for (size_t i = 0; i < people.count; i++) {
        bool known = people.items[i].address.len == 0;
        for (size_t k = 0; k < view->context->people.count; k++)
            known |= same(people.items[i].address, view->context->people.items[k].address);
        fresh |= !known;
    }
    if (!fresh)
        return false;
    request_read(view);
    decide(view, INTENT_REQUEST, RULE_GOOD);
    return true;
}

static void read_confirmed(struct view *view)
{
    if (act_hostile(view) || act_inform_address(view) || act_new_request(view))
        return;
    if (act_unclear(view) || act_cancel(view) || act_late(view) ||
        act_change_people(view) || act_change_in_place(view))
        return;
    if (act_decline(view) && said(view, CUE_RESCHEDULE) == NULL)
        return;
    if (act_reschedule(view) || act_other_time(view) || act_change_facts(view) || act_delegate(view) ||
        act_inform_fact(view) || act_question(view))
        return;
    if (has(view, CUE_REFUSE) || has(view, CUE_BUSY)) {
        decide(view, INTENT_DECLINE, RULE_FAIR);
        return;
    }
    if (hedges(view) == 0 && act_thanks(view))
        return;
    decide(view, hedges(view) > 0 ? INTENT_UNCLEAR : INTENT_OTHER, RULE_LOW);
}

/* "30 minutes ce sera trop juste : compte plutôt une heure": no time but lengths. */
static bool says_only_facts(const struct view *view)
{
    for (size_t i = 0; i < view->text.timexes.count; i++)
        if (view->text.timexes.items[i].kind != TIMEX_DURATION)
            return false;
    return said(view, CUE_CHANGE) != NULL || changes_length(view);
}

static void read_answer(struct view *view)
{
    struct verdict verdict = {0};
    bool organizer = view->context->writer_is_organizer;
    if (act_hostile(view) || act_inform_address(view) || (organizer && act_new_request(view)))
        return;
    offers_read(view, &verdict);
    view->out->accepted = verdict.accepted;
    view->out->refused = verdict.refused;
    view->out->any_offer =
        verdict.any && verdict.accepted.count > 0 &&
        verdict.accepted.count == view->context->offers.count; /* "mercredi ou jeudi, peu importe" */
    view->out->conditional = verdict.conditional;
    if (act_cancel(view) || (organizer && act_change_people(view)))
        return;
    if (act_accept(view, &verdict)) {
        if (view->out->intent == INTENT_ACCEPT && said(view, CUE_ADD) != NULL)
            people_read_change(view, &facts(view)->people);
        facts(view);
        return;
    }
    if (act_delegate(view) || (organizer && says_only_facts(view) && act_change_facts(view)))
        return;
    if (!verdict.offered && act_decline(view)) {
        if (organizer)
            view->out->intent = INTENT_CANCEL;
        return;
    }
    if (act_counter(view, &verdict, organizer) ||
        (!organizer && !verdict.named_time && !has(view, CUE_HOLD) && act_other_kind(view)) ||
        act_accept_vague(view, &verdict))
        return;
    if (act_change_facts(view) || act_change_people(view) || act_inform_fact(view) ||
        (!organizer && act_other_kind(view)) || act_unclear(view) || act_question(view) || act_thanks(view))
        return;
    decide(view, hedges(view) > 0 ? INTENT_UNCLEAR : INTENT_OTHER, RULE_LOW);
}

static void read_closed(struct view *view)
{
    struct verdict verdict = {0};
    if (act_hostile(view) || act_new_request(view))
        return;
    offers_read(view, &verdict);
    if (verdict.accepted.count > 0 && !verdict.any) {
        view->out->accepted = verdict.accepted;
        decide(view, INTENT_ACCEPT, accept_strength(&verdict));
        return;
    }
    if (act_thanks(view) && verdict.starts.count == 0)
        return;
    if (act_counter(view, &verdict, view->context->writer_is_client) || act_question(view))
        return;
    decide(view, INTENT_OTHER, RULE_FAIR);
}

static void (*const readers[])(struct view *) = {
    [THREAD_NEW] = read_new,
    [THREAD_GATHERING] = read_answer,
    [THREAD_PROPOSING] = read_answer,
    [THREAD_CONFIRMED] = read_confirmed,
    [THREAD_CLOSED] = read_closed,
};

static bool is_automatic(const struct mail *mail)
{
    return mail->nature == MAIL_AUTO_REPLIED || mail->nature == MAIL_AUTO_GENERATED ||
           mail->nature == MAIL_BOUNCE;
}

/* A reading that is unclear goes to a person, however clear that is. */
static uint32_t confidence_of(const struct view *view, const struct evidence *evidence)
{
    return view->out->intent == INTENT_UNCLEAR ? SURE_UNCLEAR : evidence_weigh(evidence);
}

enum status intent_read_evidence(const struct mail *mail, const struct intent_context *context,
                                 struct arena *arena, struct reading *out,
                                 struct evidence *evidence, struct problem *why)
{
    if (mail->new_text.len > TIMEX_BODY_MAX)
        return problem_set(why, ST_LIMIT, "the text has more than %d bytes", TIMEX_BODY_MAX);
    struct reading reading = {.language = timex_language(mail->new_text)};
    struct view *view = ARENA_NEW(arena, struct view);
    view_make(view, mail, context, arena, &reading);
    if (is_automatic(mail)) {
        decide(view, INTENT_OTHER, RULE_GOOD);
    } else {
        view_mask_orders(view);
        read_question(view);
        if (context->writer_is_client)
            languages_read(view, &reading.write_in);
        reading.points_back = request_points_back(&view->text);
        readers[context->state](view);
    }
    evidence_collect(view, view->strength, evidence);
    reading.confidence = is_automatic(mail) ? 1000 : confidence_of(view, evidence);
    if (view->limited && !is_automatic(mail) && reading.confidence > INTENT_IN_PART)
        reading.confidence = INTENT_IN_PART;
    if (context->explain)
        explain_reading(view);
    *out = reading;
    return ST_OK;
}

enum status intent_read(const struct mail *mail, const struct intent_context *context,
                        struct arena *arena, struct reading *out, struct problem *why)
{
    struct evidence evidence;
    return intent_read_evidence(mail, context, arena, out, &evidence, why);
}
