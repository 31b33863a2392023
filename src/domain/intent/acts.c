#include "domain/intent/acts.h"
#include "domain/intent/series.h"

/* Acts of any state of a conversation. */

enum { LENGTH_MIN = 5 }; /* minutes; nobody shortens a meeting to less */

/* Facts that may come with any act: place, number, kind, duration. */
struct meeting_request *act_facts(struct view *view)
{
    if (view->out->requests.count > 0)
        return &view->out->requests.items[0];
    struct meeting_request request = {0};
    struct span all = text_all(&view->text);
    request.kind = view->context->state == THREAD_NEW ? kind_read(&view->text, all)
                                                      : kind_read_other(&view->text, view->context->kind);
    request.duration_min = duration_read_other(&view->text, all, view->context->duration_min);
    int64_t length = (int64_t)view->context->duration_min + length_change(&view->text);
    if (length != view->context->duration_min && view->context->duration_min > 0 && length >= LENGTH_MIN)
        request.duration_min = (uint32_t)length;
    request.subject = subject_read(&view->text, all);
    place_read(view, all, &request);
    series_read_again(view, &request);
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

void act_note_question(struct view *view)
{
    const struct text *text = &view->text;
    for (uint32_t s = 0; s < text->sentence_count && !view->out->asks_question; s++) {
        if (!is_question(view, s))
            continue;
        view->out->asks_question = true;
        view->out->question = slice_trim(text_of_span(text, text->sentences[s].tokens));
    }
}

bool act_hostile(struct view *view)
{
    size_t threats = cue_count(&view->text, CUE_THREAT);
    size_t complaints = cue_count(&view->text, CUE_COMPLAINT);
    view->out->complaint = threats + complaints > 0;
    bool agrees = has(view, CUE_ACCEPT) || has(view, CUE_FREE); /* "my lawyer will contact you" */
    if (threats + complaints < (threats > 0 && !agrees ? 1 : 2))
        return false;
    note_cue(view, CUE_THREAT);
    note_cue(view, CUE_COMPLAINT);
    decide(view, INTENT_HOSTILE, RULE_GOOD);
    return true;
}

bool act_inform_address(struct view *view)
{
    if (!slice_equal(view->context->asked, LIT("address")))
        return false;
    struct mention_list people = {0};
    people_read_informed(view, &people);
    if (people.count == 0)
        return false;
    act_facts(view)->people = people;
    decide(view, INTENT_INFORM, RULE_GOOD);
    return true;
}

bool act_inform_fact(struct view *view)
{
    const struct meeting_request *request = act_facts(view);
    if (request->phone.len == 0 && request->place.text.len == 0)
        return false;
    decide(view, INTENT_INFORM, RULE_GOOD);
    return true;
}

bool act_decline(struct view *view)
{
    if (said(view, CUE_DECLINE) == NULL && !has(view, CUE_DECLINE))
        return false;
    note_cue(view, CUE_DECLINE);
    decide(view, INTENT_DECLINE, hedges(view) > 0 ? RULE_LOW : RULE_GOOD);
    return true;
}

/* "Estelle me représentera", and she is among those who meet: the writer stays away. */
static bool leaves_it_to_guest(const struct view *view, const struct cue_hit *hit,
                               const struct mention *mention)
{
    bool said_instead = false, guest = false;
    for (uint32_t i = hit->tokens.first; i < hit->tokens.end; i++)
        said_instead |= in_class(&view->text, i, CLASS_in_its_stead);
    for (size_t i = 0; i < view->context->people.count; i++)
        guest |= mention->address.len > 0 &&
                 slice_equal_nocase(view->context->people.items[i].address, mention->address) &&
                 !slice_equal_nocase(mention->address, view->mail->from.address);
    return said_instead && guest && !view->context->writer_is_organizer;
}

/* "I'd like my colleague Ben to join": who comes too answers for nobody. */
static bool brings_along(const struct text *text, const struct cue_hit *hit)
{
    struct span sentence = text->sentences[hit->sentence].tokens;
    for (uint32_t i = hit->tokens.first; i < sentence.end; i++)
        if (word_in(text, i, "join joins joining along joindra joigne rejoindra accompagnera"))
            return true;
    return false;
}

/* "Marion me remplace", "please see Priya instead of me", "in my place": somebody else comes, and no
 * assistant answers for the writer. */
static bool comes_instead(const struct text *text, uint32_t sentence)
{
    struct span part = text->sentences[sentence].tokens;
    bool instead = false;
    for (uint32_t i = part.first; i < part.end; i++) {
        bool before = i > part.first && in_class(text, i - 1, CLASS_me_object);
        instead |= (in_class(text, i, CLASS_replaces) && before) || (in_class(text, i, CLASS_my_place) && before);
        instead |= in_class(text, i, CLASS_instead_of) && in_class(text, i + 1, CLASS_of) &&
                   in_class(text, i + 2, CLASS_me_object);
        instead |= in_class(text, i, CLASS_replaces) && in_class(text, i + 1, CLASS_me_object);
        if (in_class(text, i, CLASS_keeps_diary))
            return false;
    }
    return instead;
}

bool act_delegate(struct view *view)
{
    struct mention_list people = {0};
    const struct cue_hit *hit = said(view, CUE_DELEGATE);
    if (hit == NULL)
        return false;
    people_read_delegate(view, &people);
    if (people.count == 0)
        return false;
    if (brings_along(&view->text, hit))
        return false;
    if (leaves_it_to_guest(view, hit, &people.items[0])) {
        note_cue(view, CUE_DELEGATE);
        decide(view, INTENT_DECLINE, RULE_GOOD);
        return true;
    }
    act_facts(view)->people = people;
    act_facts(view)->replaced = comes_instead(&view->text, hit->sentence) ||
                                (hit->sentence > 0 && comes_instead(&view->text, hit->sentence - 1u));
    note_cue(view, CUE_DELEGATE);
    decide(view, INTENT_DELEGATE, people.items[0].address.len > 0 ? RULE_GOOD : RULE_FAIR);
    return true;
}

bool act_unclear(struct view *view)
{
    size_t conditions = cue_count(&view->text, CUE_CONDITION);
    if (hedges(view) + (conditions > 1 ? conditions - 1 : 0) < 2)
        return false;
    note_cue(view, CUE_HEDGE);
    decide(view, INTENT_UNCLEAR, RULE_LOW);
    return true;
}

/* Whether a sentence is about meeting, or when. */
static bool is_of_meeting(const struct text *text, uint32_t s)
{
    static const enum cue cues[] = {CUE_REQUEST, CUE_RESCHEDULE, CUE_CANCEL, CUE_FREE,    CUE_PREFER, CUE_ACCEPT,
                                    CUE_REFUSE,  CUE_BUSY,       CUE_ADD,    CUE_DECLINE, CUE_KIND_MEETING,
                                    CUE_SLOT,    CUE_KIND_LUNCH, CUE_KIND_VIDEO};
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
        if (cue_in_sentence(text, cues[i], s))
            return true;
    return false;
}

/* "Relis-moi la plaquette, il me la faut ce soir": an order of another kind, and nothing else. */
bool act_off_topic(struct view *view)
{
    const struct text *text = &view->text;
    if (said(view, CUE_OFFTOPIC) == NULL)
        return false;
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        bool thing = cue_in_sentence(text, CUE_OFFTOPIC, s);
        if (thing ? cue_in_sentence(text, CUE_RESCHEDULE, s) || cue_in_sentence(text, CUE_CANCEL, s) ||
                          cue_in_sentence(text, CUE_KIND_MEETING, s) || cue_in_sentence(text, CUE_SLOT, s)
                  : is_of_meeting(text, s))
            return false;
    }
    note_cue(view, CUE_OFFTOPIC);
    decide(view, INTENT_OTHER, RULE_GOOD);
    return true;
}

bool act_thanks(struct view *view)
{
    if (!has(view, CUE_THANKS) && !has(view, CUE_HOLD) && !has(view, CUE_ACCEPT) && !has(view, CUE_IDLE) &&
        !has(view, CUE_ANY))
        return false;
    decide(view, INTENT_THANKS, has(view, CUE_REFUSE) || has(view, CUE_NONE) ? RULE_LOW : RULE_GOOD);
    return true;
}

bool act_question(struct view *view)
{
    if (!view->out->asks_question)
        return false;
    decide(view, INTENT_QUESTION, RULE_GOOD);
    return true;
}

static bool same(struct slice a, struct slice b)
{
    return a.len > 0 && slice_equal_nocase(a, b);
}

/* Another meeting asked for in an old thread: with somebody who is not in it. */
bool act_new_request(struct view *view)
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

bool act_series(struct view *view, enum intent intent)
{
    struct meeting_request *request = act_facts(view);
    if (!series_asked_anew(view, request))
        return false;
    decide(view, intent, RULE_GOOD);
    return true;
}
